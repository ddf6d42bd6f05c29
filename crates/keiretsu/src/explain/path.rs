//! One path month by month: payments of the number's contracts, cash of its parties, levels of its factors.

use std::collections::BTreeSet;

use keiretsu_measures::{Runs, RunsError};
use keiretsu_model::{Model, PartyRef};
use keiretsu_program::{FactorId, FlowId, HoldingId, PartyId, Probe, Quantity, Span};
use keiretsu_values::{Cell, ColumnSpec, Dimension, Table, TableSpec, Unit, Value};

use super::Replay;
use super::tables::Sheet;
use crate::AskError;
use crate::measure_runs::MeasureRuns;
use crate::request::{Request, Simulation};

/// One path, month by month.
pub const PATH: TableSpec = TableSpec::new(
    "explain_path",
    "path",
    "One path, month by month",
    &[&[
        ColumnSpec::date("month", "the month"),
        ColumnSpec::text("what", "a payment, cash, a value or a factor that the number rests on"),
        ColumnSpec::unit(),
        ColumnSpec::measured("amount", "its amount: paid in the month, else at its end"),
    ]],
)
.of_each("month")
.across("what", "amount");

/// A quantity of the replay.
struct Watched {
    quantity: Quantity,
    what: String,
    unit: Unit,
}

/// The replay of a path of a seed, or of the expected reading.
pub fn table(sheet: &Sheet<'_>, request: &Request, replay: Replay) -> Result<Table, AskError> {
    let seed = request.simulation.map_or(1, |simulation| simulation.seed);
    let watched = watched(sheet);
    let probes: Vec<Probe> =
        watched.iter().map(|watched| Probe { quantity: watched.quantity, span: Span::Month }).collect();
    let simulation = request.simulation.unwrap_or(Simulation { paths: 1, seed });
    let request = Request { simulation: Some(simulation), ..request.clone() };
    let runs = MeasureRuns::new(sheet.runner, &request);
    let (path, title) = match replay {
        Replay::Expected => (None, "The expected reading, month by month".to_owned()),
        Replay::Path(path) => (Some(path), format!("Path {path} of seed {seed}, month by month")),
    };
    let series = runs.path(path, &[], &probes).map_err(|stopped| match stopped {
        RunsError::Interrupted => AskError::Interrupted,
        RunsError::Refused(what, hint) => AskError::invalid(what, hint),
    })?;
    let moves = |series: &Vec<f64>| series.iter().any(|amount| amount.abs() > 0.0);
    let shown: Vec<(Watched, Vec<f64>)> =
        watched.into_iter().zip(series).filter(|(_, series)| moves(series)).collect();
    Ok(filled(sheet, &title, &shown))
}

fn filled(sheet: &Sheet<'_>, title: &str, shown: &[(Watched, Vec<f64>)]) -> Table {
    let program = &sheet.runner.lowered.program;
    let mut table = sheet.table(&PATH);
    title.clone_into(&mut table.title);
    for t in 1..=program.months {
        for (watched, series) in shown {
            let amount = series.get(t as usize - 1).copied().unwrap_or(f64::NAN);
            let value = if amount.is_nan() { Value::unknown("not known here") } else { Value::exact(amount) };
            let (month, what) = (program.month(t).to_string(), Cell::text(&watched.what));
            table.push(vec![Cell::text(month), what, Cell::Unit(watched.unit), Cell::Value(value)]);
        }
    }
    table.note("paid in the month; cash, values and factors at its end");
    table.note("what is zero or unknown throughout is left away");
    table
}

/// Quantities that the number rests on and a run can show: payments, then cash and values, then factors.
fn watched(sheet: &Sheet<'_>) -> Vec<Watched> {
    let Sheet { runner, .. } = sheet;
    let (model, side) = (runner.model, &runner.lowered.side);
    let named = named(sheet);
    let money = Unit::Money(model.currency);
    let watch = |quantity, what: String, unit| Watched { quantity, what, unit };
    let mut all = Vec::new();
    for (at, label) in side.flows.iter().enumerate() {
        let contract = label.contract.and_then(|contract| model.contract(contract));
        if contract.is_some_and(|contract| named.contains(&contract.name)) {
            all.push(watch(Quantity::Payment(FlowId(at as u32)), format!("paid on {}", label.name), money));
        }
    }
    for party in parties(sheet, &named) {
        let (id, name) = (PartyId(party.0), &model.party(party).name);
        all.push(watch(Quantity::Cash(id), format!("cash of {name}"), money));
        all.push(watch(Quantity::Value(id), format!("value of {name}"), money));
    }
    for (at, label) in side.holdings.iter().enumerate().filter(|(_, label)| named.contains(&label.name)) {
        all.push(watch(Quantity::Holding(HoldingId(at as u32)), format!("value of {}", label.name), money));
    }
    for (at, factor) in model.factors.iter().enumerate().filter(|(_, factor)| named.contains(&factor.name)) {
        let unit = unit(model, factor.dimension.unwrap_or(Dimension::NUMBER));
        all.push(watch(Quantity::Factor(FactorId(at as u32)), factor.name.clone(), unit));
    }
    all
}

/// The owners of statements that the number rests on: contracts, holdings, parties, factors.
fn named(sheet: &Sheet<'_>) -> BTreeSet<String> {
    let owner = |path: &str| path.split('.').next().unwrap_or("").to_owned();
    let stated = sheet.rests.iter().map(|rest| owner(&rest.statement.path));
    stated.chain(sheet.weights.iter().map(|weight| weight.name.clone())).collect()
}

/// The whole parties that the number's row or its statements name.
fn parties(sheet: &Sheet<'_>, named: &BTreeSet<String>) -> Vec<PartyRef> {
    let model = sheet.runner.model;
    let meant = |party: &PartyRef| {
        let party = model.party(*party);
        named.contains(&party.name) || sheet.number.keys.contains(&party.name)
    };
    sheet.runner.subject().groups().into_iter().filter(meant).collect()
}

fn unit(model: &Model, dimension: Dimension) -> Unit {
    match dimension {
        Dimension::MONEY => Unit::Money(model.currency),
        Dimension::MONEY_RATE => Unit::MoneyPerYear(model.currency),
        // A price of power for a year is read like a price of power; its name says which it is.
        Dimension { money: 1, power: -1, chips: 0, shares: 0, tokens: 0, .. } => {
            Unit::MoneyPerPower(model.currency)
        }
        Dimension::POWER => Unit::Power,
        _ => Unit::Number { digits: 4 },
    }
}
