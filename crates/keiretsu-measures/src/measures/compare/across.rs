//! What other measures say of one party and those it holds a part of: their own numbers, looked up and never
//! made again.

use keiretsu_model::PartyRef;
use keiretsu_program::{Probe, Reading};
use keiretsu_values::{Cell, Table, Total, Unit, Value};

use crate::measures::{circularity, exposure, lock_in, value_capture};
use crate::{Measure, Query, Seen, Subject};

/// The measures that are looked up.
static MEASURES: [&dyn Measure; 4] =
    [&circularity::Circularity, &exposure::Exposure, &lock_in::LockIn, &value_capture::ValueCapture];

/// What they must see.
pub(super) fn needs(subject: &Subject<'_>, parties: &[PartyRef]) -> Vec<Probe> {
    MEASURES.iter().flat_map(|measure| measure.needs(subject, &expected(parties))).collect()
}

/// What must be seen of exposures alone.
pub(super) fn exposed(subject: &Subject<'_>, parties: &[PartyRef]) -> Vec<Probe> {
    exposure::Exposure.needs(subject, &expected(parties))
}

/// The parties compared, in the expected reading: what the run brings beyond what is firm counts here. Of
/// circularity only what each party gets back is read, not the web as a whole.
fn expected(parties: &[PartyRef]) -> Query {
    let table = Some(circularity::PARTIES_TITLE.to_owned());
    Query { parties: parties.to_vec(), reading: Some(Reading::Expected), table, ..Query::default() }
}

/// What they watch on paths alone.
pub(super) fn needs_of_paths(subject: &Subject<'_>, parties: &[PartyRef]) -> Vec<Probe> {
    MEASURES.iter().flat_map(|measure| measure.needs_of_paths(subject, &expected(parties))).collect()
}

/// Their tables, by name.
pub(super) struct Across {
    circularity: Vec<Table>,
    exposure: Vec<Table>,
    lock_in: Vec<Table>,
    value: Vec<Table>,
}

impl Across {
    pub(super) fn of(subject: &Subject<'_>, parties: &[PartyRef], seen: &Seen<'_>) -> Self {
        let [circularity, exposure, lock_in, value] =
            MEASURES.map(|measure| measure.tables(subject, &expected(parties), seen));
        Self { circularity, exposure, lock_in, value }
    }

    /// The same where only exposures are looked up: the others are not made.
    pub(super) fn exposures(subject: &Subject<'_>, parties: &[PartyRef], seen: &Seen<'_>) -> Self {
        let exposure = exposure::Exposure.tables(subject, &expected(parties), seen);
        Self { circularity: vec![], exposure, lock_in: vec![], value: vec![] }
    }

    /// Of all that a party sends, the share that comes back: a column of circularity.
    pub(super) fn comes_back(&self, party: &str, column: &str) -> Cell {
        let all = self.circularity.iter().find(|table| table.column("static").is_some());
        let rows = rows(all, &[("party", party)]);
        rows.first().map_or(Cell::Empty, |row| row.cell(column, Unit::Share))
    }

    /// How much of what partners are contracted to buy, or of what it sells, runs between them.
    pub(super) fn dependence(&self, party: &str, partners: &[String], column: &str) -> Cell {
        let held = self.lock_in.iter().find(|table| table.column("asymmetry").is_some());
        let share = |partner: &String| {
            let rows = rows(held, &[("seller", party), ("buyer", partner)]);
            rows.first().map(|row| (partner.clone(), row.value(column)))
        };
        let shares: Vec<(String, Value)> = partners.iter().filter_map(share).collect();
        match shares.as_slice() {
            [] => Cell::Empty,
            [(_, share)] => Cell::Measured(share.clone(), Unit::Share),
            several => {
                let words = several.iter().map(|(name, share)| match share.amount() {
                    Some(share) => format!("{name} {:.0}%", share * 100.0),
                    None => format!("{name} unknown"),
                });
                Cell::Text(words.collect::<Vec<_>>().join(", "))
            }
        }
    }

    /// What it would cost the partners to leave, in all.
    pub(super) fn leaving(&self, party: &str, partners: &[String]) -> Total {
        let leave = self.lock_in.iter().find(|table| table.column("leaving").is_some());
        sum(leave, ["seller", "buyer"], party, partners, "leaving")
    }

    /// What the party has built for them and could not use for others.
    pub(super) fn stranded(&self, party: &str, partners: &[String]) -> Total {
        let built = self.lock_in.iter().find(|table| table.column("stranded").is_some());
        sum(built, ["seller", "buyer"], party, partners, "stranded")
    }

    /// What the party would lose at most if the partners failed: the peak over the run.
    pub(super) fn exposed(&self, party: &str, partners: &[String]) -> Total {
        sum(self.exposure.first(), ["creditor", "debtor"], party, partners, "peak")
    }

    /// The parts of value, in the order in which they are told of.
    pub(super) fn parts(&self) -> Vec<String> {
        let mut parts = Vec::new();
        for row in rows(self.value.first(), &[]) {
            let part = row.words("part");
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        parts
    }

    /// A part of the value that a party captures, nominal.
    pub(super) fn captured(&self, party: &str, part: &str) -> Option<Value> {
        let rows = rows(self.value.first(), &[("party", party), ("part", part)]);
        rows.first().map(|row| row.value("nominal"))
    }
}

/// A row of a table, read by the keys of its columns.
struct Row<'a> {
    table: &'a Table,
    cells: &'a [Cell],
}

impl Row<'_> {
    fn get(&self, column: &str) -> Option<&Cell> {
        self.table.column(column).map(|at| &self.cells[at])
    }

    fn words(&self, column: &str) -> String {
        match self.get(column) {
            Some(Cell::Text(words)) => words.clone(),
            _ => String::new(),
        }
    }

    fn value(&self, column: &str) -> Value {
        let value = self.get(column).and_then(Cell::value).cloned();
        value.unwrap_or_else(|| Value::unknown("the measure has no number"))
    }

    fn cell(&self, column: &str, unit: Unit) -> Cell {
        match self.get(column) {
            Some(Cell::Empty) | None => Cell::Empty,
            Some(_) => Cell::Measured(self.value(column), unit),
        }
    }
}

/// The rows of a table in which these columns have these words.
fn rows<'a>(table: Option<&'a Table>, wanted: &[(&str, &str)]) -> Vec<Row<'a>> {
    let Some(table) = table else { return vec![] };
    let all = table.rows.iter().map(|cells| Row { table, cells });
    all.filter(|row| wanted.iter().all(|(column, words)| row.words(column) == *words)).collect()
}

/// The sum of a column over the partners of a party; a cell that does not apply adds nothing.
fn sum(table: Option<&Table>, [one, other]: [&str; 2], party: &str, partners: &[String], of: &str) -> Total {
    let mut total = Total::default();
    for partner in partners {
        for row in rows(table, &[(one, party), (other, partner)]) {
            if matches!(row.get(of), Some(cell) if *cell != Cell::Empty) {
                total.add(&format!("{party} and {partner}"), &row.value(of));
            }
        }
    }
    total
}

/// The names of parties, as the tables have them.
pub(super) fn titles(subject: &Subject<'_>, parties: &[PartyRef]) -> Vec<String> {
    parties.iter().map(|party| subject.title(*party)).collect()
}
