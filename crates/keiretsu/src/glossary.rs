//! A word of answers to its meaning: the glossary, and the columns of tables that are headed by it.
//!
//! ```
//! let table = keiretsu::glossary::explained("pfe").unwrap();
//! assert_eq!(table.rows[0][0].label().as_deref(), Some("potential future exposure (PFE)"));
//! ```

use keiretsu_measures::measures::compare;
use keiretsu_values::{Cell, ColumnSpec, Currency, Table, TableSpec, suggest};

use crate::schema::specs;

/// The terms of the trade and of the product, a sentence each.
const GLOSSARY: &str = include_str!("../../../docs/GLOSSARY.md");

/// The meanings of a word.
pub(crate) const WORDS: TableSpec = TableSpec::new(
    "help",
    "words",
    "What the word means",
    &[&[
        ColumnSpec::text("word", "the word as the glossary has it, or as it heads a column"),
        ColumnSpec::text("means", "its meaning"),
        ColumnSpec::text("from", "the standard or paper that it comes from, or the table that it heads"),
    ]],
)
.of_each("meaning");

/// The meanings of a word: in the glossary, and as a heading of tables.
///
/// # Errors
/// Where it is no such word: the nearest ones, as a hint.
pub fn explained(word: &str) -> Result<Table, (String, String)> {
    let wanted = folded(word);
    let mut table = Table::declared(&WORDS, Currency::USD);
    let mut known: Vec<String> = Vec::new();
    for [term, means, from] in terms() {
        let names = names(term);
        if names.contains(&wanted) {
            let from = if from == "-" { Cell::Empty } else { Cell::text(from) };
            table.push(vec![Cell::text(term), Cell::text(means), from]);
        }
        known.extend(names);
    }
    for (spec, column) in
        specs().into_iter().flat_map(|spec| spec.columns().map(move |column| (spec, column)))
    {
        let title = column.column(Currency::USD).title;
        if [folded(&title), folded(column.key)].contains(&wanted) {
            table.push(vec![
                Cell::text(&title),
                Cell::text(meaning(spec, column)),
                Cell::text(format!("a column of {}: {}", spec.measure, spec.title)),
            ]);
        }
        known.push(folded(&title));
    }
    for (row, means) in compare::rows() {
        if folded(row) == wanted {
            let from = Cell::text("a row of compare");
            table.push(vec![Cell::text(row), Cell::text(means), from]);
        }
        known.push(folded(row));
    }
    if table.rows.is_empty() {
        let hint = nearest(&wanted, known);
        return Err((format!("`{word}` is no command, no word of the glossary and no heading"), hint));
    }
    Ok(table)
}

/// How many near words are named.
const NEAR: usize = 5;

/// The nearest words to one that is none. Headings of digits and signs are no words, and to a single letter
/// all words are as near.
fn nearest(wanted: &str, mut known: Vec<String>) -> String {
    if wanted.chars().nth(1).is_none() {
        return "write a word of a table or of the glossary, such as `coverage`".to_owned();
    }
    known.retain(|name| 1 < name.chars().filter(|sign| sign.is_alphabetic()).count());
    known.sort();
    known.dedup();
    // Words that have it among theirs are nearer than any slip.
    let has_it = |name: &&String| format!(" {name} ").contains(&format!(" {wanted} "));
    let mut near: Vec<&str> = known.iter().filter(has_it).map(String::as_str).collect();
    near.extend(suggest::closest(wanted, known.iter().map(String::as_str), NEAR));
    near.truncate(NEAR);
    format!("the nearest: {}", near.join(", "))
}

/// The meaning of a column, and how its numbers are made, in the headings of its table.
fn meaning(spec: &TableSpec, column: &ColumnSpec) -> String {
    let mut made = column.formula.text().to_owned();
    for other in spec.columns() {
        let title = other.column(Currency::USD).title;
        made = made.replace(&format!("{{{}}}", other.key), &title);
    }
    if made.is_empty() { column.meaning.to_owned() } else { format!("{}: {made}", column.meaning) }
}

/// The terms of the glossary: each with its meaning, and the standard or paper that it comes from, or `-`.
pub fn terms() -> impl Iterator<Item = [&'static str; 3]> {
    let cells = |line: &'static str| {
        let mut cells = line.strip_prefix("| ")?.strip_suffix(" |")?.splitn(3, " | ");
        Some([cells.next()?, cells.next()?, cells.next()?])
    };
    GLOSSARY.lines().filter_map(cells).filter(|[term, ..]| *term != "term")
}

/// The names of a term: `exposure at default (EAD)` has two of its own, `identified, unidentified` two more.
fn names(term: &str) -> Vec<String> {
    let (plain, inside) = match term.split_once('(') {
        Some((plain, rest)) => (plain, rest.trim_end_matches(')')),
        None => (term, ""),
    };
    let mut names: Vec<String> = plain.split(',').chain([plain, inside, term]).map(folded).collect();
    names.retain(|name| !name.is_empty());
    names.dedup();
    names
}

/// In lower case, with single spaces for everything but letters and digits, and without the end of a plural.
fn folded(word: &str) -> String {
    let letters = word.to_lowercase().replace(|letter: char| !letter.is_alphanumeric(), " ");
    let folded = letters.split_whitespace().collect::<Vec<_>>().join(" ");
    let plural = folded.strip_suffix('s').filter(|stem| stem.len() > 3 && !stem.ends_with('s'));
    plural.map_or(folded.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_tables_are_explained_whatever_their_case() {
        for word in ["MOIC", "pfe", "hhi", "own money", "Coverage", "readings", "weighed by its chance"] {
            let table = explained(word).unwrap_or_else(|(what, hint)| panic!("{what}: {hint}"));
            assert!(!table.rows.is_empty(), "{word}");
        }
    }

    #[test]
    fn near_misses_are_offered() {
        let (what, hint) = explained("moik").expect_err("no word");
        assert!(what.contains("`moik`") && hint.contains("moic"), "{what}: {hint}");
        // To a letter that is no heading, every word is as near.
        let (_, hint) = explained("\u{e9}").expect_err("no word");
        assert!(hint.contains("such as `coverage`"), "{hint}");
    }

    #[test]
    fn every_heading_of_a_table_has_a_meaning() {
        for spec in specs() {
            for column in spec.columns() {
                let title = column.column(Currency::USD).title;
                assert!(explained(&title).is_ok(), "{}: {title}", spec.measure);
            }
        }
    }
}
