//! A CSV or Parquet file to columns of words: the contents of a foreign log, before interpretation.
//!
//! ```
//! use keiretsu_views::grid::Grid;
//! let grid = Grid::of_csv("# a comment\nmodel;price\na;1.5\nb;2\n".as_bytes()).unwrap();
//! assert_eq!(grid.column("price").unwrap().word(1), "2");
//! ```
//!
//! Each distinct word of a column is kept once. CSV has a line of names, then one line a row ([`rows`]).
//! Parquet files are flat: no lists, no groups; a null is an empty word.
//! Absent: types. Numbers are words until somebody reads them.

mod parquet;
pub mod rows;

use std::collections::BTreeMap;

use rows::{CsvFault, Rows, is_twice};

/// The columns of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grid {
    /// In the order of the file.
    pub columns: Vec<Words>,
    /// How many rows there are.
    pub rows: usize,
    /// The comment right above the names, if there is one.
    pub comment: Option<String>,
}

/// A column: for each row one of its distinct words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// The name.
    pub name: String,
    /// Its distinct words, in the order in which they come.
    pub list: Vec<String>,
    /// For each row the position of its word.
    pub at: Vec<u32>,
}

impl Words {
    /// The word of a row.
    pub fn word(&self, row: usize) -> &str {
        self.at.get(row).and_then(|at| self.list.get(*at as usize)).map_or("", String::as_str)
    }
}

impl Grid {
    /// A column by its name; capitals and spaces around do not matter.
    pub fn column(&self, name: &str) -> Option<&Words> {
        self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name.trim()))
    }

    /// Reads a CSV file, by the rules of [`rows`].
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn of_csv(bytes: &[u8]) -> Result<Self, CsvFault> {
        let rows = Rows::open(bytes, None)?;
        let mut builder = Builder::new(rows.names.iter().map(String::as_str))?;
        let mut below = rows.below();
        while let Some(row) = below.next_row() {
            builder.push(row?.cells());
        }
        Ok(Grid { comment: rows.comment, ..builder.grid() })
    }

    /// Reads a Parquet file.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn of_parquet(bytes: Vec<u8>) -> Result<Self, CsvFault> {
        parquet::grid(bytes)
    }
}

/// Gathers rows into columns.
struct Builder {
    columns: Vec<Words>,
    places: Vec<BTreeMap<String, u32>>,
    rows: usize,
}

impl Builder {
    fn new<'a>(names: impl Iterator<Item = &'a str>) -> Result<Self, CsvFault> {
        let mut columns: Vec<Words> = Vec::new();
        for name in names {
            let is_same = |known: &Words| !name.is_empty() && known.name.eq_ignore_ascii_case(name);
            if columns.iter().any(is_same) {
                return Err(is_twice(None, name));
            }
            columns.push(Words { name: name.to_owned(), ..Words::default() });
        }
        let places = vec![BTreeMap::new(); columns.len()];
        Ok(Self { columns, places, rows: 0 })
    }

    fn push<'a>(&mut self, words: impl Iterator<Item = &'a str>) {
        for ((column, places), word) in self.columns.iter_mut().zip(&mut self.places).zip(words) {
            let next = column.list.len() as u32;
            let at = if let Some(at) = places.get(word) {
                *at
            } else {
                places.insert(word.to_owned(), next);
                column.list.push(word.to_owned());
                next
            };
            column.at.push(at);
        }
        self.rows += 1;
    }

    fn grid(self) -> Grid {
        Grid { columns: self.columns, rows: self.rows, comment: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_cannot_be_read_says_where() {
        for (text, wrong) in [
            ("a,b\n1\n", "line 2: this row has 1 cells"),
            ("a,a\n1,2\n", "the column `a` is there twice"),
            ("a;b;c\n1;2\n", "line 2: this row has 2 cells"),
            ("", "there is nothing in it"),
        ] {
            let found = Grid::of_csv(text.as_bytes()).expect_err(text).to_string();
            assert!(found.contains(wrong), "{text}: {found}");
        }
        assert!(Grid::of_parquet(b"PAR1 but no more PAR1".to_vec()).is_err());
    }

    #[test]
    fn a_table_written_as_parquet_reads_back_as_words() {
        use keiretsu_values::{Cell, Column, Table, Unit, Value};
        let columns = vec![Column::text("model"), Column::number("price", Unit::Number { digits: 2 })];
        let mut table = Table::new("log", "", columns);
        table.push(vec![Cell::text("a"), Cell::exact(0.1)]);
        table.push(vec![Cell::text("b"), Cell::Value(Value::unknown("not said"))]);
        let format = crate::by_name("parquet").expect("a format");
        let grid = Grid::of_parquet(format.write(&[table], &crate::Style::default())).expect("a grid");
        let price = grid.column("Price").expect("a column");
        assert_eq!((grid.rows, price.word(0), price.word(1)), (2, "0.1", ""));
        assert_eq!(grid.column("model").map(|column| column.word(1)), Some("b"));
    }
}
