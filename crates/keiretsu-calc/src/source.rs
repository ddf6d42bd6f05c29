//! Bytes of a file to text, and whether it is JSON or rows of a table.

use std::borrow::Cow;

use keiretsu_views::grid::rows::text_of;

use crate::faults::Faults;

/// A file, or standard input, with the name that the user knows it by.
#[derive(Clone, Debug, Default)]
pub struct InputFile {
    /// `edges.csv`, or `standard input`.
    pub name: String,
    /// The contents.
    pub bytes: Vec<u8>,
}

impl InputFile {
    /// Its text, without the mark that some programs put in front.
    pub fn text(&self, faults: &Faults) -> Option<&str> {
        let refuse = |what: &str, hint: &str| {
            faults.push(&self.name, what, hint);
            None
        };
        match text_of(&self.bytes) {
            Ok(text) if text.trim().is_empty() => refuse("there is nothing in it", "`--help` shows a format"),
            Ok(text) => Some(text),
            Err(fault) => refuse(&fault.message, &fault.hint),
        }
    }

    /// Whether it is JSON: by its name, else by how it begins.
    pub fn is_json(&self) -> bool {
        let name = self.name.to_lowercase();
        let ends = |extensions: &[&str]| extensions.iter().any(|extension| name.ends_with(extension));
        let bytes = self.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&self.bytes);
        let begins = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
        let braced = begins.is_some_and(|byte| [b'{', b'['].contains(byte));
        ends(&[".json"]) || braced && !ends(&[".csv", ".tsv"])
    }

    /// How places in it are called: its name, where a message could mean several files.
    pub fn line(&self, line: u64) -> Cow<'static, str> {
        format!("{} line {line}", self.name).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_known_by_name_or_by_its_brace() {
        let is_json = |name: &str, text: &str| {
            InputFile { name: name.into(), bytes: text.as_bytes().to_vec() }.is_json()
        };
        assert!(is_json("a.JSON", "x") && is_json("-", "\u{feff} {") && is_json("a.txt", "[1]"));
        assert!(!is_json("a.csv", "{") && !is_json("-", "date,amount"));
    }
}
