//! Turns what a command printed into the first thing that a check finds wrong with it.
//!
//! ```
//! use keiretsu_testkit::found::check::Check;
//! use keiretsu_testkit::literate::command::Outcome;
//! let check: Check = serde_json::from_str(
//!     r#"{"run": ["measure", "MODEL", "cash"], "row": {"time": "2026"}, "column": "service", "value": 18}"#,
//! )?;
//! let stdout = r#"{"rows": [{"time": "2026", "service": 0.0}]}"#.into();
//! let outcome = Outcome { stdout, stderr: String::new(), status: 0 };
//! assert_eq!(check.holds(&outcome), Err("service is 0.0, not 18".into()));
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! `cases/README.md` lists the words of a check.
//!
//! Invariants: a word that is not of the list is an error, so that nothing is left unchecked by a slip; a
//! panic or a signal is never right.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::literate::command::Outcome;

/// Exit status of a panic.
const PANIC: i32 = 101;

/// One command, and all that must hold of its answer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// The words of the command.
    pub run: Vec<String>,
    /// Seconds that it may take.
    #[serde(default = "timeout")]
    pub timeout: u64,
    status: Option<i32>,
    says: Option<String>,
    #[serde(default)]
    says_not: Vec<String>,
    path: Option<Vec<Step>>,
    #[serde(default)]
    table: Step,
    #[serde(default)]
    row: Map<String, Value>,
    count: Option<Want>,
    column: Option<String>,
    #[serde(default)]
    sum: bool,
    value: Option<Want>,
    #[serde(default = "tolerance")]
    tolerance: f64,
    #[serde(default = "tolerance")]
    absolute: f64,
    #[serde(default)]
    or_unknown: bool,
    bound: Option<String>,
    #[serde(default)]
    bound_not: Vec<String>,
}

/// A key of an object or a place in a list.
#[derive(Deserialize)]
#[serde(untagged)]
enum Step {
    Place(usize),
    Key(String),
}

/// The right value.
#[derive(Deserialize)]
#[serde(untagged)]
enum Want {
    Number(f64),
    Word(String),
    Range(Range),
}

/// Ends that belong to the range.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Range {
    at_least: Option<f64>,
    at_most: Option<f64>,
}

fn timeout() -> u64 {
    60
}

fn tolerance() -> f64 {
    1e-6
}

impl Default for Step {
    fn default() -> Step {
        Step::Place(0)
    }
}

impl Check {
    /// Whether cells are read, which needs JSON.
    pub fn reads_tables(&self) -> bool {
        self.column.is_some() || self.count.is_some()
    }

    /// The first thing that is wrong.
    pub fn holds(&self, outcome: &Outcome) -> Result<(), String> {
        if outcome.status == PANIC || outcome.status < 0 {
            return Err(format!("died with {}: {}", outcome.status, start(&outcome.stderr)));
        }
        if let Some(status) = self.status.filter(|status| *status != outcome.status) {
            return Err(format!("exit {}, not {status}", outcome.status));
        }
        self.hears(outcome)?;
        if let Some(path) = &self.path {
            return self.holds_at(path, &json(&outcome.stdout)?);
        }
        if !self.reads_tables() {
            return Ok(());
        }
        if outcome.status != 0 {
            return Err(format!("exit {}: {}", outcome.status, start(&outcome.stderr)));
        }
        self.holds_in(&json(&outcome.stdout)?)
    }

    /// Words that must, or must not, be in the output, in any case of letters.
    fn hears(&self, outcome: &Outcome) -> Result<(), String> {
        let said = format!("{}{}", outcome.stdout, outcome.stderr).to_lowercase();
        if let Some(words) = self.says.as_ref().filter(|words| !said.contains(&words.to_lowercase())) {
            return Err(format!("does not say {words:?}"));
        }
        match self.says_not.iter().find(|words| said.contains(&words.to_lowercase())) {
            Some(words) => Err(format!("says {words:?}")),
            None => Ok(()),
        }
    }

    /// The value at the end of a path.
    fn holds_at(&self, path: &[Step], answer: &Value) -> Result<(), String> {
        let (last, way) = path.split_last().ok_or("an empty path")?;
        let holder = way.iter().try_fold(answer, |at, step| step.of(at));
        let got = holder.ok_or("no such path")?;
        self.is_right("the value", last.of(got).unwrap_or(&Value::Null))
    }

    /// A cell, a sum of cells, or a number of rows.
    fn holds_in(&self, answer: &Value) -> Result<(), String> {
        let table = self.table_of(answer).ok_or("no such table")?;
        let rows = table["rows"].as_array().ok_or("a table without rows")?;
        let is_asked = |row: &&Value| self.row.iter().all(|(key, word)| word_of(&row[key]) == word_of(word));
        let rows: Vec<&Value> = rows.iter().filter(is_asked).collect();
        if let Some(count) = &self.count {
            let got = Value::from(rows.len());
            return self.compare(count, "the number of rows", &got);
        }
        let column = self.column.as_deref().ok_or("no column")?;
        if self.sum {
            return self.is_right(column, &sum(rows.iter().map(|row| &row[column]))?);
        }
        let [row] = rows[..] else { return Err(format!("{} rows match", rows.len())) };
        self.is_right(column, &row[column])?;
        self.is_bound(column, row)
    }

    fn table_of<'a>(&self, answer: &'a Value) -> Option<&'a Value> {
        let all = answer.as_array().map_or(std::slice::from_ref(answer), Vec::as_slice);
        match &self.table {
            Step::Place(at) => all.get(*at),
            Step::Key(title) => {
                all.iter().find(|table| table["title"].as_str().is_some_and(|all| all.starts_with(title)))
            }
        }
    }

    fn is_right(&self, name: &str, got: &Value) -> Result<(), String> {
        self.compare(self.value.as_ref().ok_or("no value to compare with")?, name, got)
    }

    fn compare(&self, want: &Want, name: &str, got: &Value) -> Result<(), String> {
        let is_unknown = got.is_null() || got == "unknown";
        let number = || got.as_f64().ok_or_else(|| format!("{name} is {got}, no number"));
        match want {
            Want::Word(word) if word == "unknown" => right(is_unknown, name, got, word),
            _ if got.is_null() && self.or_unknown => Ok(()),
            Want::Word(word) => right(!got.is_null() && word_of(got) == *word, name, got, word),
            Want::Number(want) => right(self.is_near(number()?, *want), name, got, &want.to_string()),
            Want::Range(range) => {
                let low = range.at_least.unwrap_or(f64::NEG_INFINITY);
                let high = range.at_most.unwrap_or(f64::INFINITY);
                let number = number()?;
                right(low <= number && number <= high, name, got, &format!("in [{low}, {high}]"))
            }
        }
    }

    fn is_near(&self, got: f64, want: f64) -> bool {
        let room = if want.abs() <= 0.0 { self.absolute } else { self.tolerance * want.abs() };
        (got - want).abs() <= room
    }

    /// The bound mark beside a cell.
    fn is_bound(&self, column: &str, row: &Value) -> Result<(), String> {
        let (got, mark) = (&row[column], &row[&format!("{column}_bound")]);
        let may_differ = got.is_null() && self.or_unknown;
        let wanted = self.bound.as_deref().filter(|bound| !may_differ && mark != *bound);
        if let Some(bound) = wanted {
            return Err(format!("{column} is {got}, bound {mark}, not {bound:?}"));
        }
        if self.bound_not.iter().any(|wrong| mark == wrong.as_str()) {
            return Err(format!("{column} is {got}, bound {mark}"));
        }
        Ok(())
    }
}

impl Step {
    fn of<'a>(&self, value: &'a Value) -> Option<&'a Value> {
        match self {
            Step::Place(at) => value.get(at),
            Step::Key(key) => value.get(key),
        }
    }
}

fn right(is_right: bool, name: &str, got: &Value, want: &str) -> Result<(), String> {
    if is_right { Ok(()) } else { Err(format!("{name} is {got}, not {want}")) }
}

/// The sum; null where one of the cells is.
fn sum<'a>(cells: impl Iterator<Item = &'a Value>) -> Result<Value, String> {
    let mut sum = 0.0;
    for cell in cells {
        if cell.is_null() {
            return Ok(Value::Null);
        }
        sum += cell.as_f64().ok_or_else(|| format!("{cell} is no number"))?;
    }
    Ok(sum.into())
}

/// A cell as a word, so that `2027` and `"2027"` are one.
fn word_of(cell: &Value) -> String {
    cell.as_str().map_or_else(|| cell.to_string(), str::to_string)
}

fn json(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| format!("prints no JSON: {error}"))
}

/// The first line of an output.
fn start(text: &str) -> &str {
    text.trim_start().lines().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CASH: &str = r#"[{"title": "Cash of a", "rows": [
        {"time": "2026", "cash": 10.0, "cash_bound": "="},
        {"time": 2027, "cash": null, "cash_bound": null},
        {"time": "2028", "cash": 0.0, "cash_bound": "≥"}]},
        {"title": "Notes", "rows": []}]"#;

    fn answer(stdout: &str, status: i32) -> Outcome {
        Outcome { stdout: stdout.into(), stderr: "Fault: none\n".into(), status }
    }

    fn check(words: &str, outcome: &Outcome, expected: &str) {
        let check: Check = serde_json::from_str(&format!(r#"{{"run": [], {words}}}"#)).unwrap();
        assert_eq!(check.holds(outcome).err().unwrap_or_default(), expected, "{words}");
    }

    fn check_cash(words: &str, expected: &str) {
        check(&format!(r#""column": "cash", {words}"#), &answer(CASH, 0), expected);
    }

    #[test]
    fn a_panic_is_never_right() {
        check(r#""status": 101"#, &answer("", 101), "died with 101: Fault: none");
        check(r#""status": -1"#, &answer("", -1), "died with -1: Fault: none");
    }

    #[test]
    fn status_and_words_are_compared() {
        check(r#""status": 2, "says": "FAULT", "says_not": ["x"]"#, &answer("", 2), "");
        check(r#""status": 1"#, &answer("", 2), "exit 2, not 1");
        check(r#""says": "other""#, &answer("", 0), r#"does not say "other""#);
        check(r#""says_not": ["x", "None"]"#, &answer("", 0), r#"says "None""#);
    }

    #[test]
    fn a_cell_has_a_value_within_the_tolerance() {
        check_cash(r#""row": {"time": "2026"}, "value": 10.000001"#, "");
        check_cash(r#""row": {"time": 2026}, "value": 11"#, "cash is 10.0, not 11");
        check_cash(r#""row": {"time": "2026"}, "value": 11, "tolerance": 0.1"#, "");
        check_cash(r#""row": {"time": "2028"}, "value": 0"#, "");
        check_cash(r#""row": {"time": "2026"}, "value": 0, "absolute": 9.5"#, "cash is 10.0, not 0");
        check_cash(r#""row": {"time": "2026"}, "value": {"at_least": 10}"#, "");
        let trouble = "cash is 10.0, not in [-inf, 9]";
        check_cash(r#""row": {"time": "2026"}, "value": {"at_most": 9}"#, trouble);
    }

    #[test]
    fn unknown_is_a_value_of_its_own() {
        check_cash(r#""row": {"time": "2027"}, "value": "unknown""#, "");
        check_cash(r#""row": {"time": "2028"}, "value": "unknown""#, "cash is 0.0, not unknown");
        check_cash(r#""row": {"time": "2027"}, "value": 0"#, "cash is null, no number");
        check_cash(r#""row": {"time": "2027"}, "value": 0, "bound": "=", "or_unknown": true"#, "");
    }

    #[test]
    fn bounds_are_compared() {
        check_cash(r#""row": {"time": "2028"}, "value": 0, "bound": "≥", "bound_not": ["="]"#, "");
        let trouble = r#"cash is 0.0, bound "≥", not "=""#;
        check_cash(r#""row": {"time": "2028"}, "value": 0, "bound": "=""#, trouble);
        let trouble = r#"cash is 0.0, bound "≥""#;
        check_cash(r#""row": {"time": "2028"}, "value": 0, "bound_not": ["≥"]"#, trouble);
    }

    #[test]
    fn rows_are_counted_and_summed() {
        check_cash(r#""value": 1"#, "3 rows match");
        check_cash(r#""row": {"time": "2029"}, "value": 1"#, "0 rows match");
        check_cash(r#""sum": true, "value": "unknown""#, "");
        check_cash(r#""sum": true, "row": {"time": "2026"}, "value": 10"#, "");
        check(r#""count": 3"#, &answer(CASH, 0), "");
        check(
            r#""table": "Notes", "count": {"at_least": 1}"#,
            &answer(CASH, 0),
            "the number of rows is 0, not in [1, inf]",
        );
        check(r#""table": 2, "count": 0"#, &answer(CASH, 0), "no such table");
        check(r#""count": 3"#, &answer(CASH, 1), "exit 1: Fault: none");
    }

    #[test]
    fn a_path_leads_into_the_answer() {
        let roots = answer(r#"{"roots": [0.5], "verdict": "unique"}"#, 0);
        check(r#""path": ["roots", 0], "value": 0.5"#, &roots, "");
        check(r#""path": ["verdict"], "value": "several""#, &roots, r#"the value is "unique", not several"#);
        check(r#""path": ["roots", 1], "value": "unknown""#, &roots, "");
        check(r#""path": ["root", 1], "value": "unknown""#, &roots, "no such path");
    }

    #[test]
    fn a_word_that_checks_nothing_is_refused() {
        let slip = serde_json::from_str::<Check>(r#"{"run": [], "say": "x"}"#);
        assert!(slip.is_err());
    }
}
