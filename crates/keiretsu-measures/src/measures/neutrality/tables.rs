//! What the test found, as tables: the effect, all weights, plain shares.

use keiretsu_methods::choice::{Estimate, standard_errors};
use keiretsu_values::{Cell, Column, Table, Unit, Value};

use super::NAME;
use super::log::{Log, Role};
use super::test::Specification;
use crate::Subject;

const PLAIN: Unit = Unit::Number { digits: 3 };

/// Below so many clusters their errors are known to be too small (Cameron, Gelbach and Miller 2008).
const FEW_CLUSTERS: usize = 40;

pub(super) fn all(
    subject: &Subject<'_>,
    log: &Log,
    affiliated: &[bool],
    found: &[Specification],
) -> Vec<Table> {
    vec![
        effect(subject, log, found),
        weights(subject, found),
        shares(subject, log, affiliated),
        models(subject, log, affiliated),
    ]
}

/// How each model was taken, so that a name that is not the platform's is seen.
fn models(subject: &Subject<'_>, log: &Log, affiliated: &[bool]) -> Table {
    let count = Unit::Number { digits: 0 };
    let columns = vec![
        Column::text("model"),
        Column::text("affiliated"),
        Column::number("shown", count).titled("could be chosen"),
        Column::number("chosen", count),
    ];
    let mut table = subject.table("neutrality_models", "Models of the log", columns);
    for (at, name) in log.models.iter().enumerate() {
        let rows: Vec<usize> = (0..log.model.len()).filter(|row| log.model[*row] == at).collect();
        let own = rows.iter().filter(|row| affiliated[**row]).count();
        let chosen = log.chosen.iter().filter(|row| log.model[**row] == at).count();
        let word = if own == 0 {
            "no"
        } else if own == rows.len() {
            "yes"
        } else {
            "at times"
        };
        table.push(vec![
            Cell::text(name),
            Cell::text(word),
            Cell::exact(rows.len() as f64),
            Cell::exact(chosen as f64),
        ]);
    }
    table
}

fn effect(subject: &Subject<'_>, log: &Log, found: &[Specification]) -> Table {
    let columns = vec![
        Column::text("beside"),
        Column::text("what"),
        Column::text("value"),
        Column::text("low").titled("95% from"),
        Column::text("high").titled("to"),
    ];
    let mut table = subject.table(NAME, "What affiliation is worth to a model on the platform", columns);
    for specification in found {
        let effect = &specification.effect;
        let mut row = |what: &str, unit: Unit, [value, low, high]: [f64; 3]| {
            let cell = |x: f64| Cell::Measured(Value::exact(x), unit);
            let cells =
                [Cell::text(&specification.beside), Cell::text(what), cell(value), cell(low), cell(high)];
            table.push(cells.to_vec());
        };
        let ends = |estimate: &Estimate| [estimate.value, estimate.low, estimate.high];
        row("weight", PLAIN, ends(&effect.weight));
        row("odds ratio", Unit::Multiple, effect.odds_ratio);
        if let Some(price) = &effect.price {
            row("price advantage that it is worth", PLAIN, ends(price));
        }
        if let Some(quality) = &effect.quality {
            row("quality that would do the same", PLAIN, ends(quality));
        }
        let alone = |what: &str, value: f64, unit: Unit| {
            let value = Cell::Measured(Value::exact(value), unit);
            vec![Cell::text(&specification.beside), Cell::text(what), value, Cell::Empty, Cell::Empty]
        };
        table.push(alone("chance of so much without any", effect.weight.p(), Unit::Share));
        table.push(alone("unseen odds that would explain it", effect.unseen_odds[0], Unit::Multiple));
        table.push(alone(
            "unseen odds that would bring it into doubt",
            effect.unseen_odds[1],
            Unit::Multiple,
        ));
    }
    notes(log, &mut table);
    table
}

fn notes(log: &Log, table: &mut Table) {
    let clusters = log.tenant_count();
    table.note(format!(
        "{} situations of {clusters} tenants, {} models; errors robust to clusters by tenant (CR1)",
        log.chosen.len(),
        log.models.len()
    ));
    if clusters < FEW_CLUSTERS {
        table
            .note(format!("with {clusters} tenants the intervals are too narrow; {FEW_CLUSTERS} are enough"));
    }
    if log.alone > 0 {
        table.note(format!("{} situations with one available model say nothing and are left out", log.alone));
    }
    table.note(
        "price and quality are in the units of the log; unseen: what an affiliated model has beside them",
    );
}

fn weights(subject: &Subject<'_>, found: &[Specification]) -> Table {
    let columns = vec![
        Column::text("beside"),
        Column::text("column"),
        Column::number("weight", PLAIN),
        Column::number("standard_error", PLAIN).titled("standard error if the model is right"),
        Column::number("robust_error", PLAIN).titled("robust standard error"),
        Column::number("z", Unit::Number { digits: 2 }),
    ];
    let mut table = subject.table("neutrality_weights", "Weights of all columns", columns);
    for specification in found {
        let k = specification.names.len();
        let plain = standard_errors(&specification.fit.covariance, k);
        let robust = standard_errors(&specification.robust, k);
        for (at, name) in specification.names.iter().enumerate() {
            let weight = specification.fit.weights[at];
            let z =
                if robust[at] > 0.0 { Value::exact(weight / robust[at]) } else { Value::unknown("no error") };
            table.push(vec![
                Cell::text(&specification.beside),
                Cell::text(name),
                Cell::exact(weight),
                Cell::exact(plain[at]),
                Cell::exact(robust[at]),
                Cell::Value(z),
            ]);
        }
    }
    table
}

/// How often models of each kind were chosen, and shown in each way: plain shares of the rows.
fn shares(subject: &Subject<'_>, log: &Log, affiliated: &[bool]) -> Table {
    let columns = vec![
        Column::text("what"),
        Column::number("affiliated", Unit::Share),
        Column::number("other", Unit::Share),
        Column::number("gap", Unit::Share).titled("difference"),
    ];
    let mut table = subject.table(
        "neutrality_shares",
        "Of the times that a model could be chosen, how often it was",
        columns,
    );
    let mut chosen = vec![0.0; log.model.len()];
    log.chosen.iter().for_each(|row| chosen[*row] = 1.0);
    let ways = log.features.iter().filter(|feature| feature.role == Role::Shown);
    let ways = ways.map(|feature| (feature.name.as_str(), &feature.values));
    for (what, values) in std::iter::once(("chosen", &chosen)).chain(ways) {
        let share = |of: bool| {
            let rows = values.iter().zip(affiliated).filter(|(_, affiliated)| **affiliated == of);
            let (sum, count) = rows.fold((0.0, 0.0), |(sum, count), (value, _)| (sum + value, count + 1.0));
            Value::exact(sum).divide(&Value::exact(count))
        };
        let (own, other) = (share(true), share(false));
        let gap = own.minus(&other);
        table.push(vec![Cell::text(what), Cell::Value(own), Cell::Value(other), Cell::Value(gap)]);
    }
    table.note("plain shares: price and quality are not taken into account");
    table
}
