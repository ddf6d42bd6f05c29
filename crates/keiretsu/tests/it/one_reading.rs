//! A question for one reading runs that reading alone, and gets the rows that a question for all gives it; so
//! does a question for one measure.

use keiretsu::{PathsRequest, Question, Session};
use keiretsu_measures::{MEASURES, Measure, Query};
use keiretsu_program::Reading;
use keiretsu_values::{Cell, Table};

use crate::asked::{ask, example, key, question};

/// The rows of a table in a reading; all of them where it does not tell readings apart.
fn rows(table: &Table, reading: Reading) -> Vec<&Vec<Cell>> {
    let column = table.column("reading");
    let is_of = |row: &&Vec<Cell>| column.is_none_or(|at| key(&row[at]) == reading.name());
    table.rows.iter().filter(is_of).collect()
}

#[test]
fn one_reading_is_that_part_of_all() {
    let session = example("three-clouds");
    let (_, subject) = session.lowered().expect("the example can be run");
    // A measure that watches nothing reads no run.
    let watches = |measure: &&&dyn Measure| !measure.needs(&subject, &Query::default()).is_empty();
    for measure in MEASURES.iter().filter(watches) {
        for paths in [None, Some(PathsRequest { seed: 1, count: 20 })] {
            let of = |reading: Option<Reading>| {
                let reading = reading.map(|reading| reading.name().to_owned());
                ask(&session, &Question { reading, paths, ..question(measure.name()) })
            };
            // A measure that needs more than a model says so, whatever the reading.
            let Ok(all) = of(None) else { continue };
            let all = all.tables();
            for reading in Reading::ALL {
                for table in of(Some(reading)).expect("an answer").tables() {
                    let same = |other: &&Table| other.title == table.title && other.columns == table.columns;
                    let whole = all.iter().find(same);
                    let name = format!("{} in {reading:?}: {}", measure.name(), table.title);
                    // What is of one reading by nature has no rows of another to be held against.
                    let whole = whole.filter(|table| table.column("reading").is_some());
                    let Some(whole) = whole else { continue };
                    assert_eq!(rows(&table, reading), rows(whole, reading), "{name}");
                }
            }
        }
    }
}

/// A tranche with a chance, of which the last day lies beyond the horizon.
const BEYOND: &str = "keiretsu = 1\nas_of = 2025-12-31\nhorizon = \"1 year\"\n\
    [parties]\na = { cash = \"$100M\" }\nb = {}\n\
    [events.permit]\nchance = \"60% by 2027-12\"\nbecause = \"an example\"\n\
    [contracts.e]\ntype = \"equity\"\ninvestor = \"a\"\nissuer = \"b\"\nbecause = \"an example\"\n\
    tranches.t = { amount = \"$20M\", when = \"permit\", before = 2027-12-31 }\n";

#[test]
fn a_measure_says_alone_what_it_says_among_all() {
    let mut differ = vec![];
    for session in [Session::of_text(BEYOND), example("first")] {
        for part in ask(&session, &question("all")).expect("an answer").parts {
            // What needs more than a model says so.
            let Ok(alone) = ask(&session, &question(&part.name)) else { continue };
            let alone = alone.parts.into_iter().flat_map(|part| part.tables);
            for (alone, among) in alone.zip(&part.tables) {
                if alone.rows != among.rows {
                    differ.push(format!("{}: {}", part.name, among.title));
                }
            }
        }
    }
    assert!(differ.is_empty(), "{differ:#?}");
}
