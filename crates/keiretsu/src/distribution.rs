//! The distribution of each party over the paths of a simulation: its net cash by year, its cash, its
//! failure.
//!
//! Absent: anything but the means, errors and quantiles that the engine keeps.

use keiretsu_measures::{Subject, over_paths};
use keiretsu_model::PartyRef;
use keiretsu_program::{PartyId, Probe, Quantity, Series, Span};
use keiretsu_values::{Cell, ColumnSpec, Table, TableSpec, Value};

use crate::AskError;
use crate::request::Request;
use crate::runner::{Run, Runner, stands_on};

/// Something that is watched of a party.
type Watched = fn(PartyId) -> Quantity;

/// Cash over all paths.
pub(crate) const CASH: TableSpec = TableSpec::new(
    "distribution",
    "cash",
    "Cash over all paths",
    &[
        &[
            ColumnSpec::party("party", "the party whose cash it is"),
            ColumnSpec::text("what", "the net of a year, or the cash at its end"),
            ColumnSpec::period("time", "the calendar year"),
        ],
        &over_paths::MONEY,
    ],
)
.of_each("party")
.at_a_glance("time", "mean");

/// Chances of failure.
pub(crate) const FAILURES: TableSpec = TableSpec::new(
    "failures",
    "failures",
    "Chance to have failed by the end of the year",
    &[&[
        ColumnSpec::party("party", "the party that may fail"),
        ColumnSpec::period("time", "the calendar year"),
        ColumnSpec::share("chance", "the share of paths on which it has failed by the end of the year"),
        ColumnSpec::share("standard_error", "standard error of the chance"),
    ]],
)
.of_each("party")
.at_a_glance("time", "chance");

/// Amounts that are watched of a party, by year.
const AMOUNTS: [(Watched, &str); 2] = [(Quantity::Net, "net"), (Quantity::Cash, "cash at end")];

impl Runner<'_> {
    /// Means, standard errors and quantiles of cash by party and year, and the chance of each to have failed.
    ///
    /// # Errors
    /// If the model cannot be run as requested.
    pub fn distribution(&self, request: &Request) -> Result<Vec<Table>, AskError> {
        let subject = self.subject();
        let parties: Vec<PartyId> = subject
            .groups()
            .into_iter()
            .filter(|group| request.query.wants(*group))
            .map(|group| PartyId(group.0))
            .collect();
        let run = self.run(probes(&parties), probes(&parties), &[], request)?;
        let mut tables = vec![cash(&subject, &parties, &run)];
        tables.extend(failures(&subject, &parties, &run));
        for table in &mut tables {
            table.window.simulation = run.simulation;
            self.repaired.iter().for_each(|repaired| table.note(*repaired));
            if !request.scenarios.is_empty() {
                table.note(format!("in the scenario {}", request.scenarios.join(" and ")));
            }
        }
        Ok(tables)
    }
}

fn by_year(quantity: Quantity) -> Probe {
    Probe { quantity, span: Span::Year }
}

fn probes(parties: &[PartyId]) -> Vec<Probe> {
    let of = |party: &PartyId| {
        let amounts = AMOUNTS.map(|(quantity, _)| by_year(quantity(*party)));
        amounts.into_iter().chain([by_year(Quantity::Defaulted(*party))]).collect::<Vec<_>>()
    };
    parties.iter().flat_map(of).collect()
}

fn series(run: &Run, probe: Probe) -> Option<&Series> {
    let place = run.probes.iter().position(|known| *known == probe)?;
    run.simulated.as_ref()?.series.get(place)
}

fn title(subject: &Subject<'_>, party: PartyId) -> String {
    subject.title(PartyRef(party.0))
}

/// One row a party, quantity and year.
fn cash(subject: &Subject<'_>, parties: &[PartyId], run: &Run) -> Table {
    let mut table = subject.table(&CASH);
    for party in parties {
        for (quantity, what) in AMOUNTS {
            let Some(series) = series(run, by_year(quantity(*party))) else { continue };
            let title = title(subject, *party);
            let of_cash = matches!(quantity(*party), Quantity::Cash(_));
            if of_cash && !subject.model.party(PartyRef(party.0)).record.has("cash") {
                table.leave_out(format!("{title}, {what}: cash at as-of is not stated"));
                continue;
            }
            // Cash that is unknown in every year is said once, in what is left out.
            if series.mean.iter().all(|mean| mean.is_nan()) {
                table.leave_out(format!("{title}, {what}: rests on what is not known"));
                continue;
            }
            for (at, year) in years(subject).into_iter().enumerate() {
                let mut row = vec![subject.party(PartyRef(party.0)), Cell::text(what), year];
                let lists = [&series.mean, &series.standard_error].into_iter().chain(&series.quantiles);
                row.extend(lists.map(|list| number(list, at)));
                table.push(row);
            }
        }
    }
    notes(subject, run, &mut table);
    table
}

/// The chance of each party that can fail to have failed by the end of each year; no table where none can.
fn failures(subject: &Subject<'_>, parties: &[PartyId], run: &Run) -> Option<Table> {
    let mut table = subject.table(&FAILURES);
    for party in parties {
        let Some(series) = series(run, by_year(Quantity::Defaulted(*party))) else { continue };
        if series.mean.iter().all(|mean| mean.abs() <= 0.0) {
            continue;
        }
        for (at, year) in years(subject).into_iter().enumerate() {
            table.push(vec![
                subject.party(PartyRef(party.0)),
                year,
                number(&series.mean, at),
                number(&series.standard_error, at),
            ]);
        }
    }
    table.note("a party fails only where `funding` lets it; those that failed on no path are not listed");
    (!table.rows.is_empty()).then_some(table)
}

/// The calendar years of the run.
fn years(subject: &Subject<'_>) -> Vec<Cell> {
    let pieces = Span::Year.pieces(subject.program);
    pieces.iter().map(|(first, last)| subject.period(Span::Year, *first, last - first + 1)).collect()
}

fn number(list: &[f64], at: usize) -> Cell {
    let amount = list.get(at).copied().unwrap_or(f64::NAN);
    let value = if amount.is_nan() { Value::unknown("unknown on some path") } else { Value::exact(amount) };
    Cell::Value(value)
}

fn notes(subject: &Subject<'_>, run: &Run, table: &mut Table) {
    let Some(simulated) = &run.simulated else { return };
    stands_on(table, simulated);
    for flow in &simulated.left_out {
        let name = subject.side.flows.get(flow.at()).map_or("a flow", |flow| flow.name.as_str());
        table.leave_out(format!("{name}: an amount that is not known"));
    }
    for unread in &simulated.unread {
        table.leave_out(keiretsu_measures::unread::words(subject, unread));
    }
}
