//! Columns of words of a platform's log to a log that can be tested: columns found, numbers read, rows
//! gathered by situation.
//!
//! Invariant: an error names the row (counted from 1 below the names) and the column. Absent: the meaning of
//! the numbers (`measure neutrality`).

use std::collections::BTreeMap;

use keiretsu_measures::measures::neutrality::{Feature, Log, Role};
use keiretsu_model::suggest;
use keiretsu_views::grid::{Grid, Words};

/// Where the columns of a log are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    /// Columns under other names: the role, and the name in the file.
    pub columns: Vec<(String, String)>,
    /// Columns that are taken along.
    pub features: Vec<String>,
}

/// The columns of a log, by name.
pub const COLUMNS: [&str; 11] = [
    "situation",
    "model",
    "chosen",
    "tenant",
    "affiliated",
    "price",
    "quality",
    "default",
    "throttled",
    "position",
    "available",
];

/// Features by name and role, in the order in which they are listed.
const FEATURES: [(&str, Role); 5] = [
    ("price", Role::Price),
    ("quality", Role::Quality),
    ("default", Role::Shown),
    ("throttled", Role::Shown),
    ("position", Role::Position),
];

/// The error in a log, and the remedy.
pub type LogError = (String, String);

/// Reads a log.
///
/// # Errors
/// The first thing that is wrong.
pub fn log(grid: &Grid, mapping: &Mapping) -> Result<Log, LogError> {
    let file = File { grid, mapping };
    file.check()?;
    let (situation, model) = (file.needed("situation")?, file.needed("model")?);
    let chosen = flags("chosen", file.needed("chosen")?)?;
    let tenant = file.needed("tenant")?;
    named("situation", situation)?;
    named("model", model)?;
    named("tenant", tenant)?;
    let available = file.column("available").map(|words| flags("available", words)).transpose()?;
    let affiliated = file.column("affiliated").map(|words| flags("affiliated", words)).transpose()?;
    let features = file.features()?;
    let blocks = blocks(situation, grid.rows);
    let mut log =
        Log { models: model.list.clone(), affiliated: affiliated.as_ref().map(|_| vec![]), ..Log::default() };
    log.features = features.iter().map(|feature| Feature { values: vec![], ..feature.clone() }).collect();
    log.starts.push(0);
    for rows in &blocks {
        let name = situation.word(rows[0]);
        let one = one_chosen(name, rows, &chosen)?;
        if available.as_ref().is_some_and(|available| !available[one]) {
            let what =
                format!("in situation `{name}` a model is chosen that was not available (row {})", one + 1);
            return Err((what, "correct `available`, or leave the situation out".to_owned()));
        }
        if rows.iter().any(|row| tenant.at[*row] != tenant.at[rows[0]]) {
            let what = format!("situation `{name}` is of several tenants");
            return Err((what, "number situations so that each is one tenant's".to_owned()));
        }
        let open = |row: &&usize| available.as_ref().is_none_or(|available| available[**row]);
        let rows: Vec<usize> = rows.iter().filter(open).copied().collect();
        if rows.len() < 2 {
            log.alone += 1;
            continue;
        }
        for row in rows {
            if row == one {
                log.chosen.push(log.model.len());
            }
            log.model.push(model.at[row] as usize);
            if let (Some(list), Some(affiliated)) = (&mut log.affiliated, &affiliated) {
                list.push(affiliated[row]);
            }
            for (kept, feature) in log.features.iter_mut().zip(&features) {
                kept.values.push(feature.values[row]);
            }
        }
        log.starts.push(log.model.len());
        log.tenants.push(tenant.at[one]);
    }
    if log.chosen.is_empty() {
        let what = "no situation of the log has two available models".to_owned();
        return Err((
            what,
            "give a row for each model that was shown, not only for the chosen one".to_owned(),
        ));
    }
    Ok(log)
}

/// The rows of each situation, situations in the order in which they come.
fn blocks(situation: &Words, rows: usize) -> Vec<Vec<usize>> {
    let mut blocks = vec![vec![]; situation.list.len()];
    for row in 0..rows {
        blocks[situation.at[row] as usize].push(row);
    }
    blocks
}

fn one_chosen(name: &str, rows: &[usize], chosen: &[bool]) -> Result<usize, LogError> {
    let mut picked = rows.iter().copied().filter(|row| chosen[*row]);
    match (picked.next(), picked.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => Err((
            format!("in situation `{name}` nothing is chosen (row {})", rows[0] + 1),
            "leave out situations without a choice, or give the choice of none a row of its own".to_owned(),
        )),
        (Some(_), Some(second)) => Err((
            format!("in situation `{name}` two models are chosen (row {})", second + 1),
            "a situation has one choice; number repeated choices apart".to_owned(),
        )),
    }
}

struct File<'a> {
    grid: &'a Grid,
    mapping: &'a Mapping,
}

impl<'a> File<'a> {
    fn check(&self) -> Result<(), LogError> {
        for (what, name) in &self.mapping.columns {
            if !COLUMNS.contains(&what.as_str()) {
                return Err((format!("a log has no `{what}`"), suggest::advice(what, COLUMNS)));
            }
            self.named(name)?;
        }
        Ok(())
    }

    /// A column by its own name in the file.
    fn named(&self, name: &str) -> Result<&'a Words, LogError> {
        self.grid.column(name).ok_or_else(|| {
            let known = self.grid.columns.iter().map(|column| column.name.as_str());
            (format!("the log has no column `{name}`"), suggest::advice(name, known))
        })
    }

    fn column(&self, what: &str) -> Option<&'a Words> {
        let mapped = self.mapping.columns.iter().find(|(known, _)| known == what);
        self.grid.column(mapped.map_or(what, |(_, name)| name))
    }

    fn needed(&self, what: &str) -> Result<&'a Words, LogError> {
        self.column(what).ok_or_else(|| {
            let known: Vec<&str> = self.grid.columns.iter().map(|column| column.name.as_str()).collect();
            let what_is = format!("the log has no column `{what}`");
            let hint = format!("say which it is: --column {what}=NAME, of {}", known.join(", "));
            (what_is, hint)
        })
    }

    fn features(&self) -> Result<Vec<Feature>, LogError> {
        let usual = FEATURES.iter().filter_map(|(name, role)| Some((*name, self.column(name)?, *role)));
        let mut features = Vec::new();
        for (name, words, role) in usual {
            let values = match role {
                Role::Shown => flags(name, words)?.iter().map(|flag| f64::from(u8::from(*flag))).collect(),
                _ => numbers(words)?,
            };
            features.push(Feature { name: name.to_owned(), role, values });
        }
        for name in &self.mapping.features {
            let values = numbers(self.named(name)?)?;
            features.push(Feature { name: name.clone(), role: Role::Other, values });
        }
        Ok(features)
    }
}

fn numbers(words: &Words) -> Result<Vec<f64>, LogError> {
    let read = |word: &String| word.parse::<f64>().ok().filter(|number| number.is_finite());
    let numbers: Vec<Option<f64>> = words.list.iter().map(read).collect();
    let hint = "a number such as 1.25 is needed in every row; leave rows without one out";
    each(words, |at| numbers[at], hint)
}

/// An error for an empty name: an unknown is not another party, model or situation.
fn named(what: &str, words: &Words) -> Result<(), LogError> {
    let filled = |at: usize| (!words.list[at].trim().is_empty()).then_some(());
    each(words, filled, &format!("a name is needed in every row; leave rows without a {what} out"))
        .map(|_| ())
}

fn flags(what: &str, words: &Words) -> Result<Vec<bool>, LogError> {
    let flags: BTreeMap<&str, bool> =
        [("1", true), ("0", false), ("true", true), ("false", false), ("yes", true), ("no", false)].into();
    let read = |word: &String| flags.get(word.to_lowercase().as_str()).copied();
    let read: Vec<Option<bool>> = words.list.iter().map(read).collect();
    each(words, |at| read[at], &format!("`{what}` is 1 or 0 (or true, false, yes, no) in every row"))
}

fn each<T>(words: &Words, read: impl Fn(usize) -> Option<T>, hint: &str) -> Result<Vec<T>, LogError> {
    let row = |(row, at): (usize, &u32)| {
        let word = words.word(row);
        let what = || format!("row {}, column `{}`: \"{word}\" cannot be read", row + 1, words.name);
        read(*at as usize).ok_or_else(|| (what(), hint.to_owned()))
    };
    words.at.iter().enumerate().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Log, LogError> {
        log(&Grid::of_csv(text.as_bytes()).expect("a grid"), &Mapping::default())
    }

    #[test]
    fn rows_are_gathered_by_situation_and_what_was_not_available_is_left_out() {
        let log = read(
            "situation,tenant,model,chosen,price,available\n\
             1,t,a,1,2,1\n2,u,a,0,2,1\n1,t,b,0,3,1\n2,u,b,1,3,yes\n2,u,c,0,1,no\n3,u,a,1,1,1\n3,u,b,0,1,0\n",
        )
        .expect("a log");
        assert_eq!((log.starts, log.chosen, log.alone), (vec![0, 2, 4], vec![0, 3], 1));
        assert_eq!(log.features[0].values, [2.0, 3.0, 2.0, 3.0]);
        assert_eq!(log.tenants, [0, 1]);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_row() {
        let head = "situation,tenant,model,chosen,price\n";
        for (rows, wrong) in [
            ("1,t,a,0,1\n1,t,b,0,1\n", "in situation `1` nothing is chosen (row 1)"),
            ("1,t,a,1,1\n1,t,b,1,1\n", "in situation `1` two models are chosen (row 2)"),
            ("1,t,a,1,1\n1,t,b,0,cheap\n", "row 2, column `price`: \"cheap\""),
            ("1,t,a,1,1\n1,t,b,0,\n", "row 2, column `price`: \"\""),
            ("1,t,a,1,inf\n1,t,b,0,1\n", "row 1, column `price`"),
            ("1,t,a,maybe,1\n1,t,b,0,1\n", "row 1, column `chosen`: \"maybe\""),
            ("1,t,a,1,1\n1,u,b,0,1\n", "situation `1` is of several tenants"),
            ("1,,a,1,1\n1,,b,0,1\n", "row 1, column `tenant`: \"\""),
            ("1,t,a,1,1\n1,t,b,0,1\n,t,a,1,1\n", "row 3, column `situation`: \"\""),
            ("1,t,a,1,1\n1,t,,0,1\n", "row 2, column `model`: \"\""),
            ("1,t,a,1,1\n", "no situation of the log has two available models"),
            ("", "no situation of the log has two available models"),
        ] {
            let (what, _) = read(&format!("{head}{rows}")).expect_err(rows);
            assert!(what.starts_with(wrong), "{rows}: {what}");
        }
        let (what, hint) = read("situation,model,chosen\n1,a,1\n").expect_err("no tenant");
        assert!(
            what.contains("no column `tenant`") && hint.contains("--column tenant=NAME"),
            "{what} {hint}"
        );
    }
}
