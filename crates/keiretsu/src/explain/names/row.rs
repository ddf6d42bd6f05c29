//! Rows and columns to names: slugs, the keys that tell rows apart, and how a name is written.

use std::collections::BTreeSet;
use std::fmt;

use keiretsu_values::{Cell, EndPair, TOTAL, Table};

use crate::AskError;

/// A name as written: `head(arguments)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// A measure, or a column.
    pub head: String,
    /// Keys of the row, and perhaps the column, in lower case with `-` between words.
    pub arguments: Vec<String>,
}

impl Address {
    /// Whether it may mean the total of a table.
    pub fn is_of_total(&self) -> bool {
        self.arguments.iter().any(|word| word == TOTAL)
    }

    /// Reads a name.
    ///
    /// # Errors
    /// If it is not written like one.
    pub fn parse(text: &str) -> Result<Self, AskError> {
        let wrong = || {
            let hint = "write 'measure(row, column)', such as 'coverage(amazon, anthropic, firm)'; `keiretsu \
                        explain MODEL --list` lists all";
            AskError::invalid(format!("`{text}` does not name a number"), hint.to_owned())
        };
        let (head, rest) = text.trim().split_once('(').ok_or_else(wrong)?;
        let inside = rest.strip_suffix(')').ok_or_else(wrong)?;
        let head = slug(head).replace('-', "_");
        if head.is_empty() {
            return Err(wrong());
        }
        let arguments = inside.split(',').map(argument).filter(|word| !word.is_empty()).collect();
        Ok(Self { head, arguments })
    }
}

impl Address {
    /// Whether two names are the same letters, wherever their commas stand.
    pub fn is_written_as(&self, other: &Self) -> bool {
        self.head == other.head && self.arguments.join("-") == other.arguments.join("-")
    }
}

/// `#2` is the second of several rows of one name.
fn argument(text: &str) -> String {
    match text.trim().strip_prefix('#') {
        Some(number) => format!("#{}", number.trim()),
        None => slug(text),
    }
}

impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}({})", self.head, self.arguments.join(", "))
    }
}

/// Lower case, with `-` for everything but letters and digits.
pub fn slug(text: &str) -> String {
    let mut slug = String::new();
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter {
            letter if letter.is_alphanumeric() => slug.push(letter),
            _ if slug.ends_with('-') || slug.is_empty() => {}
            _ => slug.push('-'),
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// The keys of a row: the names of things, and words.
pub fn keys_of(table: &Table, row: usize) -> Vec<String> {
    table.rows[row][..table.keys()].iter().map(|cell| cell.key().unwrap_or_default()).collect()
}

/// A key of a row as names have it.
pub struct Key {
    /// By the name of the thing.
    pub name: String,
    /// By its title.
    title: String,
}

/// Names the numbers of a table.
pub struct Namer<'a> {
    measure: &'a str,
    /// How many leading columns are keys.
    pub keys: usize,
    /// The keys of each row.
    pub rows: Vec<Vec<Key>>,
    /// Which keys are needed to tell rows apart.
    needed: Vec<bool>,
    columns: Vec<String>,
    /// The key that runs across for people, and the column that they see below it.
    across: Option<(usize, usize)>,
    /// The name of the table.
    pub table: String,
    /// Names that another table of the measure has too.
    doubled: BTreeSet<String>,
}

impl<'a> Namer<'a> {
    /// Of one table of a measure.
    pub fn new(measure: &'a str, table: &Table) -> Self {
        let keys = table.keys();
        let is_plain = |key: &str| key.chars().all(|letter| letter == '_' || letter.is_ascii_alphanumeric());
        let column = |key: &String| if is_plain(key) { key.clone() } else { slug(key) };
        let columns = table.columns.iter().map(|each| column(&each.key)).collect();
        let words = |row: &Vec<Cell>| row[..keys].iter().map(Key::of).collect();
        let rows = table.rows.iter().map(words).collect();
        let across =
            table.pivot.and_then(|pivot| Some((table.column(pivot.across)?, table.column(pivot.cell)?)));
        let mut namer = Self {
            measure,
            keys,
            rows,
            needed: vec![true; keys],
            columns,
            across,
            table: slug(table.name),
            doubled: BTreeSet::new(),
        };
        namer.spare();
        namer
    }

    /// Of all tables of a measure, which have no name in common.
    pub fn all(measure: &'a str, tables: &[Table]) -> Vec<Self> {
        let mut namers: Vec<Self> = tables.iter().map(|table| Self::new(measure, table)).collect();
        let (mut seen, mut doubled) = (BTreeSet::new(), BTreeSet::new());
        for (namer, table) in namers.iter().zip(tables) {
            let names: BTreeSet<String> =
                namer.names(table).map(|(row, column)| namer.name(row, column)).collect();
            for name in names {
                if seen.contains(&name) {
                    doubled.insert(name);
                } else {
                    seen.insert(name);
                }
            }
        }
        for namer in &mut namers {
            namer.doubled.clone_from(&doubled);
        }
        namers
    }

    /// The places of a table's numbers.
    pub fn names(&self, table: &Table) -> impl Iterator<Item = (usize, usize)> {
        let columns = self.keys..table.columns.len();
        let all = (0..table.rows.len()).flat_map(move |row| columns.clone().map(move |column| (row, column)));
        all.filter(|(row, column)| table.rows[*row][*column].value().is_some())
    }

    /// Leaves out, from the last on, every key that is not needed; never the first, nor one that is a column
    /// for people.
    fn spare(&mut self) {
        let distinct = |needed: &[bool], rows: &[Vec<Key>]| {
            let short = |row: &Vec<Key>| -> Vec<String> {
                row.iter()
                    .zip(needed)
                    .filter(|(_, needed)| **needed)
                    .map(|(key, _)| key.name.clone())
                    .collect()
            };
            rows.iter().map(short).collect::<BTreeSet<_>>().len()
        };
        let all = distinct(&self.needed, &self.rows);
        let is_column = |key: &usize| self.across.is_some_and(|(across, _)| across == *key);
        for key in (1..self.keys).rev().filter(|key| !is_column(key)) {
            self.needed[key] = false;
            if distinct(&self.needed, &self.rows) < all {
                self.needed[key] = true;
            }
        }
    }

    /// How well a word names a column: 0 by its whole name or heading, 1 by the range that people see in its
    /// place, 2 by the first words of its heading.
    pub fn means_column(&self, table: &Table, at: usize, word: &str) -> Option<u8> {
        let column = &table.columns[at];
        let title = slug(&column.title);
        if slug(&self.columns[at]) == word || title == word {
            return Some(0);
        }
        let is_end = |range: &EndPair| range.low == column.key || range.high == column.key;
        if table
            .screen
            .interval
            .as_ref()
            .filter(|range| is_end(range))
            .is_some_and(|range| slug(range.title) == word)
        {
            return Some(1);
        }
        title.strip_prefix(word).filter(|rest| rest.starts_with('-')).map(|_| 2)
    }

    /// The whole name of a number.
    pub fn name(&self, row: usize, column: usize) -> String {
        let keys = &self.rows[row];
        let needed = keys.iter().zip(&self.needed).filter(|(key, needed)| **needed && !key.name.is_empty());
        let mut words: Vec<String> = needed.map(|(key, _)| key.name.clone()).collect();
        if self.across.is_none_or(|(_, cell)| cell != column) {
            words.push(self.columns[column].clone());
        }
        let same = |other: &&Vec<Key>| other.iter().map(|key| &key.name).eq(keys.iter().map(|key| &key.name));
        let same = self.rows[..row].iter().filter(same).count();
        if same > 0 {
            words.push(format!("#{}", same + 1));
        }
        let name = format!("{}({})", self.measure, words.join(", "));
        if self.doubled.contains(&name) {
            return format!("{}({}, {})", self.measure, self.table, words.join(", "));
        }
        name
    }
}

impl Key {
    fn of(cell: &Cell) -> Self {
        let name = slug(&cell.key().unwrap_or_default());
        Self { name, title: slug(&cell.label().unwrap_or_default()) }
    }

    /// Whether a word of an address means this key: 0 exactly, 1 but for the words of a claim.
    pub fn is_meant_by(&self, word: &str) -> Option<u8> {
        if self.title == word {
            return Some(0);
        }
        match self.name.strip_prefix(word) {
            Some("") => Some(0),
            Some(rest) if rest.starts_with("-at-") => Some(1),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_whatever_its_spaces_and_capitals() {
        let address = Address::parse(" Coverage( Amazon,anthropic , put in )").expect("a name");
        assert_eq!(address.to_string(), "coverage(amazon, anthropic, put-in)");
        for wrong in ["", "coverage", "coverage(amazon", "(amazon)", "coverage amazon)"] {
            assert!(Address::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_slug_has_letters_digits_and_single_strokes() {
        assert_eq!(slug("at \"over $200B\""), "at-over-200b");
        assert_eq!(slug("  Start-ups, of it  "), "start-ups-of-it");
        assert_eq!(slug("2028-03"), "2028-03");
    }
}
