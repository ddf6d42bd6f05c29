//! A question for one reading runs that reading alone, and gets the rows that a question for all gives it.

use std::path::Path;

use keiretsu::{Dates, Project, Question, Simulation};
use keiretsu_measures::{MEASURES, Measure, Query};
use keiretsu_program::Reading;
use keiretsu_values::{Cell, Table};

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/three-clouds");

/// The rows of a table in a reading; all of them where it does not tell readings apart.
fn rows(table: &Table, reading: Reading) -> Vec<&Vec<Cell>> {
    let column = table.column("reading");
    let word = Cell::text(reading.name());
    table.rows.iter().filter(|row| column.is_none_or(|at| row[at] == word)).collect()
}

#[test]
fn one_reading_is_that_part_of_all() {
    let project = Project::open(Path::new(EXAMPLE), Dates::default()).expect("the example opens");
    let runner = project.runner().expect("the example can be run");
    let simulations = [None, Some(Simulation { paths: 20, seed: 1, threads: 1 })];
    // A measure that watches nothing reads no run.
    let watches = |measure: &&&dyn Measure| !measure.needs(&runner.subject(), &Query::default()).is_empty();
    for measure in MEASURES.iter().filter(watches) {
        for simulation in simulations {
            let of = |reading| {
                let query = Query { reading, ..Query::default() };
                let question = Question { query: &query, simulation, scenarios: &[], against: &[] };
                runner.measures(&[*measure], &question)
            };
            // A measure that needs more than a model says so, whatever the reading.
            let Ok(all) = of(None) else { continue };
            for reading in Reading::ALL {
                let one = of(Some(reading)).expect("an answer").concat();
                for table in &one {
                    let same = |other: &&Table| other.title == table.title && other.columns == table.columns;
                    let whole = all[0].iter().find(same);
                    let name = format!("{} in {reading:?}: {}", measure.name(), table.title);
                    // What is of one reading by nature has no rows of another to be held against.
                    let whole = whole.filter(|table| table.column("reading").is_some());
                    let Some(whole) = whole else { continue };
                    assert_eq!(rows(table, reading), rows(whole, reading), "{name}");
                }
            }
        }
    }
}
