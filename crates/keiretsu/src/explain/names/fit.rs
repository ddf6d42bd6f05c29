//! Which numbers of a table an address may mean, and which of them it does.

use std::collections::BTreeSet;

use keiretsu_program::Reading;
use keiretsu_values::{Cell, Column, ColumnKind, Table};

use super::Number;
use super::row::{Address, Namer, slug};
use crate::AskError;

/// A number that an address may mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fit {
    pub row: usize,
    pub column: usize,
    /// Whether the words of a claim had to be guessed.
    pub loose: u8,
    /// Whether the address names the row's reading.
    pub reading: bool,
    /// How many keys of the row the address leaves out.
    pub open: usize,
}

/// The numbers of a table that fit; `column` is named apart where the address is headed by it.
pub fn fits(namer: &Namer<'_>, table: &Table, address: &Address, column: Option<&str>) -> Vec<Fit> {
    let is_number = |row: usize, column: usize| table.rows[row][column].value().is_some();
    let versions = versions(table);
    let arguments = whole_titles(namer, table, &versions, &address.arguments);
    let arguments: Vec<String> = arguments.into_iter().map(|word| one_of(&versions, word)).collect();
    let arguments: Vec<&str> =
        arguments.iter().map(String::as_str).filter(|word| !word.starts_with('#')).collect();
    // The name of the table may stand first.
    let arguments = match arguments.split_first() {
        Some((first, rest)) if *first == namer.table && !rest.is_empty() => rest,
        _ => &arguments[..],
    };
    let mut found = Vec::new();
    for (words, columns) in ways(namer, table, arguments, column) {
        for row in 0..table.rows.len() {
            let Some((loose, reading)) = row_fits(namer, table, row, words) else { continue };
            let open = namer.rows[row].iter().filter(|key| !key.name.is_empty()).count() - words.len();
            let numbers = columns.iter().filter(|column| is_number(row, **column));
            found.extend(numbers.map(|column| Fit { row, column: *column, loose, reading, open }));
        }
        if !found.is_empty() {
            break;
        }
    }
    found
}

/// The words, where those of a title with commas in it are one again: `pro rata, dated` is one column.
fn whole_titles(namer: &Namer<'_>, table: &Table, versions: &[Vec<String>], words: &[String]) -> Vec<String> {
    let keys = table.rows.iter().flat_map(|row| &row[..namer.keys]).filter_map(Cell::label);
    let titles = table.columns.iter().map(|column| column.title.clone()).chain(keys);
    let mut titles: BTreeSet<String> =
        titles.filter(|title| title.contains(',')).map(|title| slug(&title)).collect();
    titles.extend(versions.iter().flat_map(|all| joined(all)).map(|names| names.join("-")));
    let mut whole = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let ends = (at + 2..=words.len()).rev().find(|end| titles.contains(&words[at..*end].join("-")));
        let end = ends.unwrap_or(at + 1);
        whole.push(words[at..end].join("-"));
        at = end;
    }
    whole
}

/// What each column has by which rows are versions of one thing.
fn versions(table: &Table) -> Vec<Vec<String>> {
    let is_version = |column: &&Column| {
        column.kind == ColumnKind::Reading || table.screen.versions.contains(&column.key.as_str())
    };
    let columns = table.columns.iter().filter(is_version).filter_map(|column| table.column(&column.key));
    let distinct = |at: usize| {
        let mut names: Vec<String> = Vec::new();
        for name in table.rows.iter().filter_map(|row| row[at].key()) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    };
    columns.map(distinct).collect()
}

/// Two or more versions that people may see as one row, each list in the order of the table.
fn joined(all: &[String]) -> Vec<Vec<&str>> {
    let mut lists: Vec<Vec<&str>> = vec![vec![]];
    for name in all {
        let more: Vec<Vec<&str>> =
            lists.iter().map(|list| list.iter().copied().chain([name.as_str()]).collect()).collect();
        lists.extend(more);
    }
    lists.retain(|list| list.len() > 1);
    lists
}

/// A version that stands for several that people see as one row: expected, else firm, where they are among
/// them.
fn one_of(versions: &[Vec<String>], word: String) -> String {
    for all in versions {
        let of_word =
            |names: &Vec<&str>| names.join("-") == word || word == ALL_READINGS && names.len() == all.len();
        let Some(names) = joined(all).into_iter().find(of_word) else { continue };
        let usual = [Reading::Expected, Reading::Firm].map(Reading::name);
        let usual = usual.into_iter().find(|reading| names.contains(reading));
        return usual.unwrap_or(names[0]).to_owned();
    }
    word
}

/// The words of a row that says the same in every reading.
const ALL_READINGS: &str = "all-readings";

/// The ways to read the words: which are keys, and which columns are meant.
fn ways<'w>(
    namer: &Namer<'_>,
    table: &Table,
    words: &'w [&'w str],
    column: Option<&str>,
) -> Vec<(&'w [&'w str], Vec<usize>)> {
    let named = |word: &str| named(namer, table, word);
    if let Some(column) = column {
        return vec![(words, named(&column.replace('_', "-")))];
    }
    let mut ways = Vec::new();
    if let Some((last, rest)) = words.split_last() {
        ways.push((rest, named(last)));
    }
    ways.push((words, usual(namer, table)));
    ways
}

/// The columns that a word names best; of several with one heading those that people see first.
fn named(namer: &Namer<'_>, table: &Table, word: &str) -> Vec<usize> {
    let means = |at| Some((namer.means_column(table, at, word)?, table.columns[at].weight, at));
    let columns: Vec<_> = (namer.keys..table.columns.len()).filter_map(means).collect();
    let best = columns.iter().map(|(how, weight, _)| (*how, *weight)).min();
    columns.iter().filter(|(how, weight, _)| Some((*how, *weight)) == best).map(|(.., at)| *at).collect()
}

/// The column that is meant where none is named: the one with the measure's name, a total, or the only one.
fn usual(namer: &Namer<'_>, table: &Table) -> Vec<usize> {
    let has_numbers = |at: &usize| table.rows.iter().any(|row| row[*at].value().is_some());
    let numbers: Vec<usize> = (namer.keys..table.columns.len()).filter(has_numbers).collect();
    let keyed = |key: &str| numbers.iter().copied().find(|at| table.columns[*at].key == key);
    match keyed(&table.measure).or_else(|| keyed("total")) {
        Some(column) => vec![column],
        None if numbers.len() == 1 => numbers,
        None => vec![],
    }
}

/// Whether each word means a key of a row, in their order; how loosely, and whether one is its reading.
fn row_fits(namer: &Namer<'_>, table: &Table, row: usize, words: &[&str]) -> Option<(u8, bool)> {
    let keys = &namer.rows[row];
    let (mut at, mut loose, mut reading) = (0, 0, false);
    for word in words {
        let (place, how) =
            (at..keys.len()).find_map(|place| Some((place, keys[place].is_meant_by(word)?)))?;
        loose += how;
        reading |= table.columns[place].key == "reading";
        at = place + 1;
    }
    Some((loose, reading))
}

/// The best match: exact before loose, the requested reading (else expected) before others, a row named by
/// all its keys before others, the claim in use before other claims.
pub fn narrowed(
    found: Vec<(Fit, Number)>,
    address: &Address,
    reading: Option<Reading>,
) -> Result<Number, AskError> {
    // A whole name means itself, whatever else it would fit.
    let is_whole = |(_, number): &(Fit, Number)| {
        Address::parse(&number.name).is_ok_and(|name| name.is_written_as(address))
    };
    let mut found = found;
    if let Some(whole) = found.iter().position(is_whole) {
        return Ok(found.swap_remove(whole).1);
    }
    let least = found.iter().map(|(fit, _)| fit.loose).min().unwrap_or(0);
    let mut found: Vec<(Fit, Number)> = found.into_iter().filter(|(fit, _)| fit.loose == least).collect();
    let reading = reading.unwrap_or(Reading::Expected).name();
    if found.len() > 1 {
        let other =
            |(fit, number): &(Fit, Number)| !fit.reading && of_reading(number, reading) == Some(false);
        if !found.iter().all(other) {
            found.retain(|each| !other(each));
        }
    }
    // Of two tables, the one in which nothing of the row is left out.
    if found.iter().any(|(fit, _)| fit.open == 0) {
        found.retain(|(fit, _)| fit.open == 0);
    }
    let others: Vec<String> = found.iter().map(|(_, number)| number.name.clone()).collect();
    if let Some(wanted) = address.arguments.iter().find_map(|word| word.strip_prefix('#')) {
        let place = wanted.parse::<usize>().ok().and_then(|place| place.checked_sub(1));
        let place = place.filter(|place| *place < found.len());
        return place.map(|place| found.swap_remove(place).1).ok_or_else(|| {
            let what = format!("`{address}` fits {} numbers", found.len());
            AskError::invalid(what, format!("`#{wanted}` is none of them"))
        });
    }
    // The first of several claims about one thing is the one that counts.
    let claims = least > 0 && found.iter().all(|(fit, _)| fit.column == found[0].0.column);
    if found.len() > 1 && !claims {
        return Err(several(address, &found));
    }
    let mut number = found.swap_remove(0).1;
    number.passed_over = others.into_iter().filter(|name| *name != number.name).collect();
    Ok(number)
}

fn of_reading(number: &Number, reading: &str) -> Option<bool> {
    let at = number.table.columns.iter().position(|column| column.key == "reading")?;
    Some(number.keys.get(at)? == reading)
}

/// The name of a number, with the title of its column where that is another word.
fn with_title(number: &Number) -> String {
    let column = &number.table.columns[number.column];
    let same = slug(&column.title) == slug(&column.key);
    if same { number.name.clone() } else { format!("{} for `{}`", number.name, column.title) }
}

fn several(address: &Address, found: &[(Fit, Number)]) -> AskError {
    const SHOWN: usize = 6;
    let names: Vec<String> = found.iter().take(SHOWN).map(|(_, number)| with_title(number)).collect();
    let more = if found.len() > SHOWN { " ..." } else { "" };
    let what = format!("`{address}` fits {} numbers", found.len());
    AskError::invalid(what, format!("write which: {}{more}", names.join(", ")))
}
