//! A CSV or Parquet file to columns of words: what a log of somebody else's holds, before anybody says what
//! it means.
//!
//! ```
//! use keiretsu_views::grid::Grid;
//! let grid = Grid::of_csv("# a comment\nmodel;price\na;1.5\nb;2\n".as_bytes()).unwrap();
//! assert_eq!(grid.column("price").unwrap().word(1), "2");
//! ```
//!
//! Each distinct word of a column is kept once. CSV has a line of names, then one line a row; commas,
//! semicolons, tabs or bars between cells, whichever the first line has most of; lines that start with `#`
//! are comments. Parquet files are flat: no lists, no groups; a null is an empty word.
//! Absent: types. Numbers are words until somebody reads them.

mod parquet;

use std::collections::BTreeMap;

/// The columns of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grid {
    /// In the order of the file.
    pub columns: Vec<Words>,
    /// How many rows there are.
    pub rows: usize,
    /// What the comment right above the names says, if there is one.
    pub comment: Option<String>,
}

/// A column: for each row one of its distinct words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Its name.
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

    /// Reads a CSV file.
    ///
    /// # Errors
    /// What is wrong, with its line.
    pub fn of_csv(bytes: &[u8]) -> Result<Self, String> {
        let text = text_of(bytes)?;
        let is_comment = |line: &&str| line.starts_with('#');
        let comment = text.lines().take_while(is_comment).last().map(|line| line[1..].trim().to_owned());
        let header = text.lines().find(|line| !is_comment(line)).unwrap_or("");
        let mut reader = ::csv::ReaderBuilder::new();
        let mut reader = reader
            .delimiter(separator_of(header))
            .comment(Some(b'#'))
            .trim(::csv::Trim::All)
            .from_reader(text.as_bytes());
        let names = reader.headers().map_err(|error| csv_words(&error))?.clone();
        let mut builder = Builder::new(names.iter())?;
        for record in reader.records() {
            builder.push(record.map_err(|error| csv_words(&error))?.iter());
        }
        Ok(Grid { comment, ..builder.grid() })
    }

    /// Reads a Parquet file.
    ///
    /// # Errors
    /// What is wrong.
    pub fn of_parquet(bytes: Vec<u8>) -> Result<Self, String> {
        parquet::grid(bytes)
    }
}

/// The text of a file, without the byte order mark that some programs put in front.
///
/// # Errors
/// What it is instead; save it as UTF-8.
pub fn text_of(bytes: &[u8]) -> Result<&str, String> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err("this is UTF-16 text".to_owned());
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].split(|byte| *byte == b'\n').count();
        format!("line {line} is not UTF-8 text")
    })
}

/// What separates cells: whichever of the usual signs the line has most of, outside of quotes.
pub fn separator_of(line: &str) -> u8 {
    let outside: String = line.split('"').step_by(2).collect();
    let count = |sign: &u8| outside.bytes().filter(|byte| byte == sign).count();
    // The last of equals wins, which is the comma.
    [b'|', b'\t', b';', b','].into_iter().max_by_key(count).unwrap_or(b',')
}

fn csv_words(error: &::csv::Error) -> String {
    match error.kind() {
        ::csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
            let line = pos.as_ref().map_or(0, ::csv::Position::line);
            format!("line {line} has {len} cells, and the first line names {expected_len}")
        }
        _ => error.to_string(),
    }
}

/// Gathers rows into columns.
struct Builder {
    columns: Vec<Words>,
    places: Vec<BTreeMap<String, u32>>,
    rows: usize,
}

impl Builder {
    fn new<'a>(names: impl Iterator<Item = &'a str>) -> Result<Self, String> {
        let mut columns: Vec<Words> = Vec::new();
        for name in names {
            if columns.iter().any(|known| known.name.eq_ignore_ascii_case(name)) {
                return Err(format!("two columns are named `{name}`"));
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
            ("a,b\n1\n", "line 2 has 1 cells"),
            ("a,a\n1,2\n", "two columns are named `a`"),
            ("a;b;c\n1;2\n", "line 2 has 2 cells"),
        ] {
            let found = Grid::of_csv(text.as_bytes()).expect_err(text);
            assert!(found.contains(wrong), "{text}: {found}");
        }
        assert!(Grid::of_csv(&[0xff, 0xfe]).is_err());
        assert!(Grid::of_parquet(b"PAR1 but no more PAR1".to_vec()).is_err());
        assert_eq!(Grid::of_csv(b"").map(|grid| grid.rows), Ok(0));
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
