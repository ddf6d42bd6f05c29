//! Exposures over all paths: expected, high, beyond, and where the other party fails.

use keiretsu_methods::exposure::{profile, wrong_way_factor};
use keiretsu_program::{ExposureSpec, Observations, PartyId, Probe, Quantity, Reading, Series, Span};
use keiretsu_values::{Cell, ColumnSpec, Set, Table, TableSpec, Value};

use super::pairs::{Pair, Part};
use super::{NAME, PAIR};
use crate::{PeriodLength, Query, Runs, RunsError, Seen, SimulationOutputs, Subject};

pub(super) const OVER_PATHS: TableSpec = TableSpec::new(
    NAME,
    "over_paths",
    "Exposure over all paths",
    &[
        &PAIR,
        &[
            ColumnSpec::period("at", "the month at the end of which it stands").titled("end of"),
            ColumnSpec::money("expected_exposure", "mean exposure over all paths (EE)")
                .by("sum over paths / their number"),
            ColumnSpec::money("standard_error", "standard error of the expected exposure")
                .by("standard deviation over paths / square root of their number"),
            ColumnSpec::money("effective_expected_exposure", "greatest expected exposure so far"),
            ColumnSpec::money("potential_future_exposure_95", "95% quantile of exposure").titled("PFE 95%"),
            ColumnSpec::money("potential_future_exposure_99", "99% quantile of exposure").titled("PFE 99%"),
            ColumnSpec::money("expected_shortfall_95", "mean of the worst 5% of exposures")
                .titled("expected shortfall 95%"),
            ColumnSpec::money("expected_shortfall_99", "mean of the worst 1% of exposures")
                .titled("expected shortfall 99%"),
        ],
    ],
)
.filled_by("`holdings`, and contracts by which one group owes another")
.of_each("pair")
.at_a_glance("at", "expected_exposure");

pub(super) const AT_DEFAULT: TableSpec = TableSpec::new(
    NAME,
    "at_default",
    "Exposure when the other party fails",
    &[
        &PAIR,
        &[
            ColumnSpec::money("expected_positive_exposure", "mean of EE over time")
                .titled("EPE")
                .by("sum of the expected exposure of all months / their number"),
            ColumnSpec::money("effective_expected_positive_exposure", "mean of effective EE over time")
                .minor()
                .titled("effective EPE")
                .by("sum of the effective expected exposure of all months / their number"),
            ColumnSpec::share("chance_of_default", "share of all paths on which the other party fails"),
            ColumnSpec::money("exposure_at_default", "mean exposure just before the failure")
                .by("sum over paths with a failure / their number"),
            ColumnSpec::money("standard_error", "standard error of the exposure at default").minor(),
            ColumnSpec::money("exposure_otherwise", "mean exposure at the same dates where the party stands")
                .titled("exposure at the same dates")
                .by("expected exposure of each month where the party stands, by its chance to fail then"),
            ColumnSpec::multiple("wrong_way_factor", "how much more is exposed where the other party fails")
                .is("{exposure_at_default} / {exposure_otherwise}"),
        ],
    ],
)
.filled_by("`holdings`, and contracts by which one group owes another")
.of_each("pair")
.by_size("exposure_at_default");

/// The quantiles of potential future exposure, and the tails beyond them.
const LEVELS: [f64; 2] = [0.95, 0.99];

/// The tables, where the question asks for a simulation.
pub(super) fn tables(
    subject: &Subject<'_>,
    query: &Query,
    seen: &Seen<'_>,
    runs: &dyn Runs,
    pairs: &[Pair],
) -> Result<Vec<Table>, RunsError> {
    if runs.simulation().is_none() {
        return Ok(vec![]);
    }
    let mut left_out = Vec::new();
    let pairs: Vec<&Pair> = pairs.iter().filter(|pair| is_known(pair, seen, &mut left_out)).collect();
    let exposures: Vec<ExposureSpec> = pairs.iter().map(|pair| known(pair, seen, &mut left_out)).collect();
    let probes: Vec<Probe> =
        (0..pairs.len()).flat_map(|at| probes(at as u32, exposures[at].debtor)).collect();
    let keeps =
        SimulationOutputs { probes: &probes, exposures: &exposures, quantiles: &LEVELS, tails: &LEVELS };
    let Some(run) = runs.simulated_keeping(&keeps)? else { return Ok(vec![]) };
    let open: Vec<Value> = pairs.iter().map(|pair| direction(subject, pair, seen)).collect();
    let mut tables =
        vec![by_time(subject, query, &pairs, &run, &open), summary(subject, &pairs, &run, &open)];
    for table in &mut tables {
        table.window.simulation = runs.simulation();
        for what in &left_out {
            table.leave_out(what);
        }
    }
    Ok(tables)
}

/// Which ends of an exposure the words leave open in some month.
fn direction(subject: &Subject<'_>, pair: &Pair, seen: &Seen<'_>) -> Value {
    let months = 1..=subject.program.months;
    months.fold(Value::exact(0.0), |sum, t| sum.plus(&pair.total(seen, Reading::Expected, t).1))
}

/// How many probes a pair has.
const PROBES: usize = 4;

fn probes(at: u32, debtor: PartyId) -> [Probe; PROBES] {
    let probe = |quantity, span| Probe { quantity, span };
    [
        probe(Quantity::Exposure(at), Span::Month),
        probe(Quantity::ExposureAtDefault(at), Span::Whole),
        probe(Quantity::Defaulted(debtor), Span::Month),
        probe(Quantity::Defaulted(debtor), Span::Whole),
    ]
}

/// Whether anything is known of a pair; it is named where nothing is.
fn is_known(pair: &Pair, seen: &Seen<'_>, left_out: &mut Vec<String>) -> bool {
    let ever = |part: &Part| seen.series(Reading::Expected, part.probe()).mean.iter().any(|x| *x > 0.0);
    let any = pair.parts.iter().any(ever);
    if !any {
        let unknown =
            pair.parts.iter().filter(|part| part.value(seen, Reading::Expected, 1).amount().is_none());
        left_out.extend(unknown.map(|part| format!("{}: all of its pair is unknown", part.name)));
    }
    any
}

/// The known parts of a pair in every month of the expected reading; the rest is named.
fn known(pair: &Pair, seen: &Seen<'_>, left_out: &mut Vec<String>) -> ExposureSpec {
    let is_known = |part: &&Part| {
        !seen.series(Reading::Expected, part.probe()).mean.iter().any(|amount| amount.is_nan())
    };
    for part in pair.parts.iter().filter(|part| !is_known(part)) {
        left_out.push(format!(
            "{}: {}",
            part.name,
            part.value(seen, Reading::Expected, 1).reason().unwrap_or("unknown in some month")
        ));
    }
    let of = |against: bool| {
        let parts = pair.parts.iter().filter(is_known).filter(|part| part.kind.is_against() == against);
        parts.map(|part| part.quantity).collect()
    };
    ExposureSpec { parts: of(false), less: of(true), debtor: PartyId(pair.debtor.0) }
}

fn series(run: &Observations, pair: usize, which: usize) -> &Series {
    &run.series[pair * PROBES + which]
}

/// One row for each pair and piece of time: at the end of each calendar period.
fn by_time(
    subject: &Subject<'_>,
    query: &Query,
    pairs: &[&Pair],
    run: &Observations,
    open: &[Value],
) -> Table {
    let mut table = subject.table(&OVER_PATHS);
    let by = query.by.unwrap_or(PeriodLength::Year);
    let last = subject.program.months;
    let ends = |t: &u32| *t == last || by.ends_with(subject.program.month(*t).of_year());
    for (at, pair) in pairs.iter().enumerate() {
        let seen = series(run, at, 0);
        let effective = profile(&seen.mean).effective;
        for t in (1..=last).filter(ends) {
            let place = t as usize - 1;
            let lists = [&seen.mean, &seen.standard_error, &effective];
            let numbers = lists.into_iter().chain(&seen.quantiles).chain(&seen.tails);
            let mut row = names(subject, pair);
            row.push(subject.period(Span::Month, t, 1));
            row.extend(numbers.map(|list| Cell::Value(number(list[place], &open[at]))));
            table.push(row);
        }
    }
    table
        .note("Just before the failures of the month; nothing on paths on which the other party has failed.");
    table
}

/// One row for each pair, over the whole run.
fn summary(subject: &Subject<'_>, pairs: &[&Pair], run: &Observations, open: &[Value]) -> Table {
    let mut table = subject.table(&AT_DEFAULT);
    for (at, pair) in pairs.iter().enumerate() {
        let profile = profile(&series(run, at, 0).mean);
        let mut row = names(subject, pair);
        row.push(Cell::Value(number(profile.expected_positive, &open[at])));
        row.push(Cell::Value(number(profile.effective_positive, &open[at])));
        row.extend(failing(subject, pair, run, at, &open[at]));
        table.push(row);
    }
    table.note(
        "EPE is the mean over all months. The wrong-way factor divides the exposure at default by the \
         exposure at the same dates on all paths on which the other party still stands.",
    );
    table
}

/// Chance, exposure at default with its standard error, exposure at the same dates, and their ratio.
fn failing(subject: &Subject<'_>, pair: &Pair, run: &Observations, at: usize, open: &Value) -> Vec<Cell> {
    let (lost, defaulted) = (series(run, at, 1), series(run, at, 2));
    let chance = series(run, at, 3).mean[0];
    if chance <= 0.0 {
        let why = if subject.can_fail(pair.debtor) {
            "it fails on no path"
        } else {
            "it has no `funding` that lets it fail"
        };
        let unknown = || Cell::Value(Value::unknown(why));
        return vec![Cell::exact(0.0), unknown(), unknown(), unknown(), unknown()];
    }
    let same = same_dates(&series(run, at, 0).mean, &defaulted.mean);
    let factor = wrong_way_factor(lost.mean[0], chance, same);
    vec![
        Cell::exact(chance),
        Cell::Value(number(lost.mean[0] / chance, open)),
        Cell::Value(number(lost.standard_error[0] / chance, open)),
        Cell::Value(number(same, open)),
        Cell::Value(match factor {
            Some(factor) if open.set().is_point() => Value::exact(factor),
            Some(factor) => Value::new(factor, Set::NOT_NEGATIVE),
            None => Value::unknown("nothing is exposed then"),
        }),
    ]
}

/// Exposure on all paths on which the other party stands, weighted by when it fails.
fn same_dates(exposure: &[f64], defaulted: &[f64]) -> f64 {
    let (mut sum, mut chance, mut before) = (0.0, 0.0, 0.0);
    for (exposure, by_now) in exposure.iter().zip(defaulted) {
        let fails = by_now - before;
        if fails > 0.0 && before < 1.0 {
            sum += fails * exposure / (1.0 - before);
            chance += fails;
        }
        before = *by_now;
    }
    sum / chance
}

fn names(subject: &Subject<'_>, pair: &Pair) -> Vec<Cell> {
    vec![subject.party(pair.creditor), subject.party(pair.debtor)]
}

/// A number of all paths, open on the ends on which its parts are.
fn number(amount: f64, open: &Value) -> Value {
    crate::over_paths::value(amount, open)
}

#[cfg(test)]
mod tests {
    use super::{LEVELS, OVER_PATHS, same_dates};

    #[test]
    fn there_are_columns_for_each_level() {
        let keys: Vec<&str> = OVER_PATHS.columns().map(|column| column.key).collect();
        let of = |what: &'static str| LEVELS.map(|level| format!("{what}_{}", (level * 100.0).round()));
        let levels = [of("potential_future_exposure"), of("expected_shortfall")].concat();
        assert_eq!(keys[keys.len() - levels.len()..], levels);
    }

    #[test]
    fn exposure_at_the_same_dates_is_of_those_that_stand() {
        // A quarter fails in the first month, half of all in the second: of the three quarters that still
        // stand then, exposure is 6 / 0.75 = 8. (0.25 x 4 + 0.5 x 8) / 0.75 = 20 / 3.
        assert!((same_dates(&[4.0, 6.0], &[0.25, 0.75]) - 20.0 / 3.0).abs() < 1e-12);
        assert!(same_dates(&[4.0], &[0.0]).is_nan());
    }
}
