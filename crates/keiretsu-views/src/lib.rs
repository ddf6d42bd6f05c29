//! Tables to bytes: one file per format, and one registry of them.
//!
//! ```
//! use keiretsu_values::{Cell, Column, Table};
//! use keiretsu_views::{Style, by_name};
//! let mut table = Table::new("visibility", "Who may see what", vec![Column::text("party")]);
//! table.push(vec![Cell::text("openai")]);
//! let text = by_name("table").unwrap().write(&[table], &Style::default());
//! assert_eq!(String::from_utf8(text).unwrap(), "Who may see what\n\nparty\n──────\nopenai\n");
//! ```
//!
//! Invariants: an unknown amount is never blank and never 0; a number is never cut; one table gives the
//! same bytes everywhere.
//! Absent: arithmetic beyond rounding for display, files and terminals (the faces), finance.

pub mod amount;
pub mod chart;
mod csv;
pub mod finding;
mod gaps;
pub mod grid;
pub mod html;
mod json;
mod layout;
mod machine;
mod markdown;
pub mod page;
mod parquet;
mod people;
pub mod schema;
mod screen;
mod sheet;
mod text;
mod visible;
mod wrap;

pub use json::compact;
use keiretsu_values::Table;
pub use machine::{amount as known_amount, decimal, unit_name};
pub use people::between;
pub use visible::{is_hidden, visible};
pub use wrap::wrap;

/// One way of writing tables. A new one is one file and one line in [`formats`].
pub trait Format: Sync {
    /// Its name after `--format`.
    fn name(&self) -> &'static str;
    /// The file extensions of its files, without the dot, the usual one first. Where two formats have one,
    /// the extension means the first of them.
    fn extensions(&self) -> &'static [&'static str];
    /// Whether a file of this format holds one table. Then several tables are several files ([`parts`]).
    fn one_table(&self) -> bool {
        false
    }
    /// Whether it is no text: then it is not for a screen, and tables cannot follow each other.
    fn is_binary(&self) -> bool {
        false
    }
    /// The tables in this format, whole.
    ///
    /// # Panics
    /// If the format is binary and these are none or several: a face's own mistake, never a user's.
    fn write(&self, tables: &[Table], style: &Style) -> Vec<u8>;
}

/// Capabilities of the reader's screen. Formats for machines ignore it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Columns of the terminal.
    pub width: usize,
    /// Lines of one screen, where the answer is to fit one; none: every row and list.
    pub lines: Option<usize>,
    /// Rows that are wanted of each table, where not as many as have room.
    pub top: Option<usize>,
    /// Whether every column is wanted, however long the lines are.
    pub wide: bool,
    /// Whether escape codes for colour may be written.
    pub colour: bool,
}

impl Default for Style {
    /// A plain page of 100 columns, with every row.
    fn default() -> Self {
        Self { width: 100, lines: None, top: None, wide: false, colour: false }
    }
}

/// Every format, in the order in which help lists them.
pub fn formats() -> &'static [&'static dyn Format] {
    &[&text::Text, &json::Json, &csv::Csv, &csv::Raw, &markdown::Markdown, &html::Html, &parquet::Parquet]
}

/// The format of this name.
pub fn by_name(name: &str) -> Option<&'static dyn Format> {
    formats().iter().copied().find(|format| format.name() == name)
}

/// The format that a file of this extension is written in; capitals and a leading dot do not matter.
pub fn by_extension(extension: &str) -> Option<&'static dyn Format> {
    let extension = extension.trim_start_matches('.').to_lowercase();
    formats().iter().copied().find(|format| format.extensions().contains(&extension.as_str()))
}

/// Sorts the rows of a table by a column of numbers, by its key or its heading, for people; whether it has
/// one.
pub fn sort(table: &mut Table, column: &str) -> bool {
    let is_meant = |key: &str, title: &str| [key, title].iter().any(|name| name.eq_ignore_ascii_case(column));
    let mut numbers = table.columns.iter().filter(|column| column.kind.is_numbers());
    let key = numbers.find(|one| is_meant(&one.key, &one.title)).map(|column| column.key.clone());
    let is_there = key.is_some();
    table.sorted_by = key.or(table.sorted_by.take());
    is_there
}

/// The headings of the columns by which a table can be sorted.
pub fn sortable(table: &Table) -> impl Iterator<Item = &str> {
    table.columns.iter().filter(|column| column.kind.is_numbers()).map(|column| column.title.as_str())
}

/// The files that hold tables under a name, with their bytes: one file, or one for each table where the
/// format holds no more (`cash.parquet`, `cash-2.parquet`).
pub fn files(format: &dyn Format, name: &str, tables: &[Table]) -> Vec<(String, Vec<u8>)> {
    let extension = format.extensions()[0];
    let named = |(number, bytes): (usize, Vec<u8>)| {
        let number = if number == 1 { String::new() } else { format!("-{number}") };
        (format!("{name}{number}.{extension}"), bytes)
    };
    parts(format, tables).map(named).collect()
}

/// The bytes of each file that holds the tables, counted from 1.
pub fn parts<'a>(
    format: &'a dyn Format,
    tables: &'a [Table],
) -> impl Iterator<Item = (usize, Vec<u8>)> + use<'a> {
    let size = if format.one_table() { 1 } else { tables.len().max(1) };
    let parts = tables.chunks(size).enumerate();
    parts.map(|(at, part)| (at + 1, format.write(part, &Style::default())))
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod registry {
    use super::*;

    #[test]
    fn a_format_is_found_by_its_name_and_by_each_of_its_extensions() {
        for format in formats() {
            assert_eq!(by_name(format.name()).map(Format::name), Some(format.name()));
            for extension in format.extensions() {
                assert_eq!(by_extension(extension).map(Format::extensions), Some(format.extensions()));
            }
        }
        assert_eq!(by_extension(".CSV").map(Format::name), Some("csv"));
        assert!(by_name("pdf").is_none());
    }
}
