//! What the test found, as tables: the effect, all weights, plain shares.

use keiretsu_maths::exp::exp;
use keiretsu_methods::choice::{FEW, Inference, Unknown, standard_errors};
use keiretsu_values::{Cell, ColumnSpec, Table, TableSpec, Unit, Value};

use super::NAME;
use super::log::{Log, Role};
use super::test::Specification;
use crate::Subject;

const PLAIN: Unit = Unit::Number { digits: 3 };
const COUNT: Unit = Unit::Number { digits: 0 };

const BESIDE: ColumnSpec =
    ColumnSpec::text("beside", "the columns of the log that the fit takes into account");

pub(super) const EFFECT: TableSpec = TableSpec::new(
    NAME,
    "effect",
    "What affiliation is worth to a model on the platform",
    &[&[
        BESIDE,
        ColumnSpec::text("what", "the way in which the effect is told"),
        ColumnSpec::unit(),
        ColumnSpec::measured("value", "the effect of affiliation as estimated"),
        ColumnSpec::measured("low", "the lower end of its 95% interval").titled("95% from"),
        ColumnSpec::measured("high", "the upper end of its 95% interval").titled("to"),
    ]],
)
.filled_by("choices in the log of a platform");

pub(super) const WEIGHTS: TableSpec = TableSpec::new(
    "neutrality_weights",
    "weights",
    "Weights of all columns",
    &[&[
        BESIDE,
        ColumnSpec::text("column", "the column of the log that has the weight"),
        ColumnSpec::number("weight", PLAIN, "its weight in the utility of a model"),
        ColumnSpec::number("standard_error", PLAIN, "standard error of the weight if the logit is right")
            .titled("standard error if the model is right"),
        ColumnSpec::number("robust_error", PLAIN, "standard error by tenants and models")
            .titled("two-way standard error"),
        ColumnSpec::number("z", Unit::Number { digits: 2 }, "the weight in two-way standard errors")
            .is("{weight} / {robust_error}"),
    ]],
)
.filled_by("choices in the log of a platform");

pub(super) const SHARES: TableSpec = TableSpec::new(
    "neutrality_shares",
    "shares",
    "Of the times that a model could be chosen, how often it was",
    &[&[
        ColumnSpec::text("what", "chosen, or a way of being shown"),
        ColumnSpec::share("affiliated", "how often it was so with affiliated models"),
        ColumnSpec::share("other", "how often it was so with the others"),
        ColumnSpec::share("gap", "how much more often it was so with affiliated models")
            .titled("difference")
            .is("{affiliated} - {other}"),
    ]],
)
.filled_by("choices in the log of a platform");

pub(super) const MODELS: TableSpec = TableSpec::new(
    "neutrality_models",
    "models",
    "Models of the log",
    &[&[
        ColumnSpec::text("model", "the model, as the platform names it"),
        ColumnSpec::text("affiliated", "yes, no, or at times"),
        ColumnSpec::number("shown", COUNT, "how many times it could be chosen").titled("could be chosen"),
        ColumnSpec::number("chosen", COUNT, "how many times it was chosen"),
    ]],
)
.filled_by("choices in the log of a platform");

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
    let mut table = subject.table(&MODELS);
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
    let mut table = subject.table(&EFFECT);
    for specification in found {
        let effect = &specification.effect;
        let reason = specification.inference.unknown.map_or("", reason);
        let head =
            |what: &str, unit| vec![Cell::text(&specification.beside), Cell::text(what), Cell::Unit(unit)];
        let known =
            |number: Option<f64>| Cell::Value(number.map_or_else(|| Value::unknown(reason), Value::exact));
        let mut row = |what: &str, unit: Unit, value: f64, interval: Option<[f64; 2]>| {
            let [low, high] = interval.map_or([None; 2], |ends| ends.map(Some));
            let mut cells = head(what, unit);
            cells.extend([Some(value), low, high].map(known));
            table.push(cells);
        };
        row("weight", PLAIN, effect.weight.value, effect.weight.interval);
        row("odds ratio", Unit::Multiple, effect.odds_ratio, effect.odds_interval);
        if let Some(price) = &effect.price {
            row("price advantage that it is worth", PLAIN, price.value, price.interval);
        }
        if let Some(quality) = &effect.quality {
            row("quality that would do the same", PLAIN, quality.value, quality.interval);
        }
        let alone = |what: &str, value: Option<f64>, unit: Unit| {
            let mut cells = head(what, unit);
            cells.extend([known(value), Cell::Empty, Cell::Empty]);
            cells
        };
        table.push(alone("chance of so much without any", specification.inference.p, Unit::Share));
        table.push(alone("unseen odds that would explain it", Some(exp(effect.unseen)), Unit::Multiple));
        table.push(alone(
            "unseen odds that would bring it into doubt",
            effect.unseen_to_doubt.map(exp),
            Unit::Multiple,
        ));
    }
    notes(log, found, &mut table);
    table
}

fn reason(unknown: Unknown) -> &'static str {
    match unknown {
        Unknown::FewTenants => "too few tenants say how much tenants vary",
        Unknown::FewModels => "too few models say how much models vary in merits of their own",
    }
}

fn notes(log: &Log, found: &[Specification], table: &mut Table) {
    table.note(format!(
        "{} situations of {} tenants, {} models; errors are two-way, by tenant and by model",
        log.chosen.len(),
        log.tenant_count(),
        log.models.len()
    ));
    for specification in found.iter().filter(|specification| specification.inference.unknown.is_none()) {
        let (beside, degrees) = (&specification.beside, specification.inference.degrees);
        table.note(format!("beside {beside}: intervals of t with {degrees:.1} degrees of freedom"));
    }
    if let Some(first) = found.first() {
        of_tenants(&first.inference, table);
        of_models(&first.inference, found, table);
    }
    if log.alone > 0 {
        table.note(format!("{} situations with one available model say nothing and are left out", log.alone));
    }
    if !log.features.iter().any(|feature| feature.role == Role::Position) {
        table.note(
            "the log has no `position`: that affiliated models stand in better places is not told from \
             affiliation",
        );
    }
    table.note(
        "price and quality are in the units of the log; unseen: what an affiliated model has beside them",
    );
}

fn of_tenants(inference: &Inference, table: &mut Table) {
    let (number, effective) = (inference.tenants.number, inference.tenants.effective);
    if FEW as f64 <= effective * (1.0 + 1e-12) {
        return;
    }
    let then = match inference.unknown {
        Some(_) => "there are none",
        None => "these are of t",
    };
    table.note(format!(
        "{number} tenants count as {effective:.1} of like size: intervals of the normal distribution \
         would be too narrow, and {then}"
    ));
}

fn of_models(inference: &Inference, found: &[Specification], table: &mut Table) {
    let Some([affiliated, other]) = inference.sides else { return };
    let sides = format!("{} affiliated and {} other models", affiliated.number, other.number);
    if found.iter().any(|one| one.inference.unknown == Some(Unknown::FewModels)) {
        table.note(format!(
            "with {sides} their own merits, what they have beside the columns, cannot be told from \
             affiliation: no interval"
        ));
    } else if inference.reassigned && inference.unknown.is_none() {
        table.note(format!(
            "with {sides} the interval also holds every weight that their own merits would explain: those \
             that reassigning affiliation among them does not reject at 5%"
        ));
    }
}

fn weights(subject: &Subject<'_>, found: &[Specification]) -> Table {
    let mut table = subject.table(&WEIGHTS);
    for specification in found {
        let k = specification.names.len();
        let plain = standard_errors(&specification.fit.covariance, k);
        let robust = standard_errors(&specification.inference.covariance, k);
        let unknown = specification.inference.unknown.map(reason);
        for (at, name) in specification.names.iter().enumerate() {
            let weight = specification.fit.weights[at];
            let known = |number: f64| unknown.map_or_else(|| Value::exact(number), Value::unknown);
            let z = if robust[at] > 0.0 { known(weight / robust[at]) } else { Value::unknown("no error") };
            table.push(vec![
                Cell::text(&specification.beside),
                Cell::text(name),
                Cell::exact(weight),
                Cell::exact(plain[at]),
                Cell::Value(known(robust[at])),
                Cell::Value(z),
            ]);
        }
    }
    table
}

/// How often models of each kind were chosen, and shown in each way: plain shares of the rows.
fn shares(subject: &Subject<'_>, log: &Log, affiliated: &[bool]) -> Table {
    let mut table = subject.table(&SHARES);
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
        let gap = own.beyond(&other);
        table.push(vec![Cell::text(what), Cell::Value(own), Cell::Value(other), Cell::Value(gap)]);
    }
    table.note("plain shares: price and quality are not taken into account");
    table
}
