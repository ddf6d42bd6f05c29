//! A user's own numbers, as JSON or CSV, to the answer of one published method: what `keiretsu calc` runs.
//!
//! ```
//! use keiretsu_calc::{Request, InputFile};
//! let bytes = br#"{"shares": {"a": 3, "b": 1}}"#.to_vec();
//! let file = InputFile { name: "shares.json".into(), bytes };
//! let method = keiretsu_calc::by_name("concentration").unwrap();
//! let answer = (method.run)(&Request::of(file)).unwrap();
//! assert!(String::from_utf8(answer.json()).unwrap().contains(r#""hhi": 6250"#));
//! ```
//!
//! A method is one file with a [`Method`] and one line in [`METHODS`]; command line, help and manual read
//! what it declares. Formats are those of the manual, `docs/book/calc`.
//!
//! Invariants: all faults of all files are found before anything is computed, each with its place in the
//! user's words; a number that is missing is never zero; numbers are printed to 15 digits.
//! Absent: models; files and terminals (the faces); finance, which is in `keiretsu-methods`.

pub mod answer;
mod captable;
mod choice;
mod circularity;
mod clear;
mod concentration;
mod crossholdings;
mod days;
mod debtrank;
mod expression;
pub mod faults;
mod irr;
pub mod limits;
mod loan;
mod names;
mod network;
mod record;
mod rows;
mod source;
mod tree;
mod web;

use std::collections::BTreeMap;

pub use answer::MethodAnswer;
pub use faults::{CalcError, DataFault};
pub use source::InputFile;

use faults::Faults;

/// A method that can be run on a user's own data.
#[derive(Debug)]
pub struct Method {
    /// Its name on the command line.
    pub name: &'static str,
    /// One line for people.
    pub summary: &'static str,
    /// Help: the method, its input, its output.
    pub help: &'static str,
    /// Commands to try.
    pub example: &'static str,
    /// The options besides the file.
    pub options: &'static [Opt],
    /// The answer.
    pub run: fn(&Request) -> Result<Box<dyn MethodAnswer>, CalcError>,
}

/// An option besides the file, `--name VALUE`.
#[derive(Clone, Copy, Debug)]
pub struct Opt {
    /// Its name, without the dashes.
    pub name: &'static str,
    /// The name of its value in the help; empty for a flag.
    pub value: &'static str,
    /// One line for people.
    pub help: &'static str,
    /// Whether the value names a file, which is read.
    pub is_file: bool,
}

impl Opt {
    /// An option with words as its value.
    pub const fn new(name: &'static str, value: &'static str, help: &'static str) -> Self {
        Self { name, value, help, is_file: false }
    }

    /// An option with the name of a file as its value.
    pub const fn file(name: &'static str, help: &'static str) -> Self {
        Self { name, value: "FILE.csv", help, is_file: true }
    }

    /// An option without a value.
    pub const fn flag(name: &'static str, help: &'static str) -> Self {
        Self { name, value: "", help, is_file: false }
    }
}

/// The input of a method.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The file, or standard input.
    pub file: Option<InputFile>,
    /// Files given by options, by the option's name.
    pub files: BTreeMap<&'static str, InputFile>,
    /// Words given by options, by the option's name; a flag that is set has an empty one.
    pub words: BTreeMap<&'static str, String>,
}

impl Request {
    /// One file and no options.
    pub fn of(file: InputFile) -> Self {
        Self { file: Some(file), ..Self::default() }
    }

    fn word(&self, name: &str) -> Option<&str> {
        self.words.get(name).map(String::as_str)
    }

    /// The file; a fault if there is none.
    fn main(&self, faults: &Faults) -> Option<&InputFile> {
        if self.file.is_none() {
            faults.push("", "no file is named", "name a file, or `-` for standard input");
        }
        self.file.as_ref()
    }
}

/// All methods, in the order in which help lists them.
pub static METHODS: &[&Method] = &[
    &clear::METHOD,
    &network::METHOD,
    &crossholdings::METHOD,
    &debtrank::METHOD,
    &circularity::METHOD,
    &irr::METHOD,
    &loan::METHOD,
    &captable::METHOD,
    &choice::METHOD,
    &concentration::METHOD,
];

/// A method by its name.
pub fn by_name(name: &str) -> Option<&'static Method> {
    METHODS.iter().copied().find(|method| method.name == name)
}
