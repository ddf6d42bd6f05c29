//! Runs a method as the command line would, without one.

#[path = "../../../keiretsu-testkit/src/cases.rs"]
pub mod files;

use keiretsu_calc::{CalcError, InputFile, Request, by_name};
use keiretsu_values::Table;
use serde_json::{Value, json};

/// An answer as JSON and as tables, or the refusal.
pub struct Done(Result<(Value, Vec<Table>), CalcError>);

/// The answer of a method to a file with options as a command line has them.
pub fn run(method: &str, name: &str, text: &str, options: &[&str]) -> Done {
    let method = by_name(method).unwrap_or_else(|| panic!("no method {method}"));
    let mut request = Request::of(InputFile { name: name.to_owned(), bytes: text.into() });
    let mut options = options.iter();
    while let Some(word) = options.next() {
        let name = word.trim_start_matches("--");
        let option = method.options.iter().find(|option| option.name == name).expect("an option");
        let value = if option.value.is_empty() { "" } else { options.next().expect("a value") };
        request.words.insert(option.name, value.to_owned());
    }
    let json = |bytes: &[u8]| serde_json::from_slice(bytes).expect("answers are JSON");
    Done((method.run)(&request).map(|answer| (json(&answer.json()), answer.tables())))
}

impl Done {
    /// The answer.
    pub fn well(self) -> Value {
        self.0.unwrap_or_else(|refusal| panic!("{refusal:?}")).0
    }

    /// The answer as people see it.
    pub fn for_people(self) -> String {
        let tables = self.0.unwrap_or_else(|refusal| panic!("{refusal:?}")).1;
        let format = keiretsu_views::by_name("table").expect("a format");
        String::from_utf8(format.write(&tables, &keiretsu_views::Style::default())).expect("text")
    }

    /// Asserts that the data was refused with these words.
    pub fn is_unreadable(&self, all: &[&str]) {
        let Err(CalcError::InvalidData(faults, _)) = &self.0 else { panic!("the data was read") };
        let text: String = faults
            .iter()
            .map(|fault| format!("{}: {}\n{}\n", fault.place, fault.message, fault.hint))
            .collect();
        for said in all {
            assert!(text.contains(said), "no `{said}` in:\n{text}");
        }
    }

    /// Asserts that the method has no answer, and why.
    pub fn has_no_answer(&self, said: &str) {
        let Err(CalcError::NoAnswer(why, _)) = &self.0 else { panic!("there is an answer, or no data") };
        assert!(why.contains(said), "no `{said}` in: {why}");
    }
}

/// A file of the reference cases.
pub fn file(name: &str) -> Value {
    serde_json::from_str(&files::read(name)).expect("reference cases are JSON")
}

/// The answer to a JSON file.
pub fn calc(method: &str, input: &Value) -> Value {
    run(method, "in.json", &input.to_string(), &[]).well()
}

pub fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A number, or a fraction in a string.
pub fn number(value: &Value) -> f64 {
    if let Some(text) = value.as_str() {
        let parts: Vec<f64> = text.split('/').map(|part| part.parse().expect("a number")).collect();
        return parts[0] / parts.get(1).unwrap_or(&1.0);
    }
    value.as_f64().unwrap_or_else(|| panic!("a number, not {value}"))
}

pub fn numbers(value: &Value) -> Vec<f64> {
    list(value).iter().map(number).collect()
}

pub fn field(rows: &Value, key: &str) -> Vec<f64> {
    list(rows).iter().map(|row| number(&row[key])).collect()
}

pub fn near(got: &[f64], want: &[f64], tolerance: f64, what: &str) {
    assert_eq!(got.len(), want.len(), "{what}");
    for (got, want) in got.iter().zip(want) {
        assert!((got - want).abs() <= tolerance * want.abs().max(1.0), "{what}: {got} {want}");
    }
}

/// Entries of a matrix above zero, as `{from, to, amount}` under other names.
pub fn entries(matrix: &Value, names: [&str; 3], more: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    for (i, row) in list(matrix).iter().enumerate() {
        for (j, amount) in numbers(row).into_iter().enumerate().filter(|(_, amount)| 0.0 < *amount) {
            let mut entry = more.as_object().cloned().unwrap_or_default();
            entry.insert(names[0].into(), json!(i.to_string()));
            entry.insert(names[1].into(), json!(j.to_string()));
            entry.insert(names[2].into(), json!(amount));
            all.push(Value::Object(entry));
        }
    }
    all
}
