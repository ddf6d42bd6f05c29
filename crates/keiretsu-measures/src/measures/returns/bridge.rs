//! How a stake came from its cost to its value, what was paid above what it was worth, how much is in cash.

use keiretsu_model::Holding;
use keiretsu_values::{Cell, ColumnSpec, Reading, Table, TableSpec, Value};

use super::stake::{Mark, Stake, stakes};
use super::{HOLDING, NAME};
use crate::{Query, Subject, shares};

pub(super) const BRIDGE: TableSpec = TableSpec::new(
    NAME,
    "bridge",
    "From cost to value",
    &[&[
        HOLDING,
        ColumnSpec::reading(),
        ColumnSpec::money("cost", "what had been paid in by the day of the mark").by("what was paid in"),
        ColumnSpec::money("growth", "what the growth of the issuer's value brought at the stake bought")
            .titled("growth at the stake bought")
            .is("({value} / {stake_now} - {cost} / {bought}) * {bought}"),
        ColumnSpec::money("dilution", "what later rounds took, at the value of today; negative")
            .is("({stake_now} - {bought}) * {value} / {stake_now}"),
        ColumnSpec::money("value", "the worth of the stake on the day of its mark")
            .by("the mark as stated, else the stake x the value of the issuer"),
        ColumnSpec::share("bought", "the stake on the day of the purchase")
            .minor()
            .titled("stake bought")
            .by("as stated"),
        ColumnSpec::share("stake_now", "the stake on the day of the mark")
            .titled("stake on the day of the mark")
            .by("the stake as stated"),
        ColumnSpec::share("diluted", "the part of the stake bought that later rounds took")
            .titled("diluted by")
            .is("1 - {stake_now} / {bought}"),
        ColumnSpec::money("fair_value", "the worth of the units on the day of the purchase")
            .minor()
            .titled("fair value received")
            .by("as stated"),
        ColumnSpec::money("premium", "what was paid beyond that worth")
            .minor()
            .titled("premium paid")
            .is("{cost} - {fair_value}"),
        ColumnSpec::share("part_realised", "the part of distributions and value that is in cash")
            .minor()
            .by("cash distributions / (cash distributions + {value})"),
    ]],
)
.filled_by("`holdings` with a `cost` and a `value`")
.of_each("stake")
.by_size("value");

/// One row for each mark and reading of the holdings that say more than cost and mark; none where no does.
pub(super) fn table(subject: &Subject<'_>, query: &Query) -> Option<Table> {
    let mut table = subject.table(&BRIDGE);
    for (owner, issuer) in subject.stakes() {
        if !query.wants(owner) && !query.wants(issuer) {
            continue;
        }
        for stake in stakes(subject, owner, issuer) {
            let holding = subject.model.holdings.iter().find(|holding| holding.name == stake.name);
            let says = |holding: &&Holding| {
                ["bought", "fair_value", "realised"].iter().any(|term| holding.record.has(term))
            };
            let Some(holding) = holding.filter(says) else { continue };
            for mark in &stake.values() {
                for reading in query.readings() {
                    let mut row = vec![Cell::named(&stake.named(mark)), Cell::text(reading.name())];
                    row.extend(bridge(subject, holding, &stake, mark, reading));
                    table.push(row);
                }
            }
        }
    }
    table.note(
        "Cost + growth of the issuer's value at the stake bought - what dilution took, at today's value = \
         mark.",
    );
    (!table.rows.is_empty()).then_some(table)
}

/// From the issuer's value at the purchase (cost / stake bought) to that of the mark (mark / stake now).
fn bridge(subject: &Subject<'_>, holding: &Holding, stake: &Stake, mark: &Mark, at: Reading) -> Vec<Cell> {
    let figure = |term: &str, why: &str| match holding.record.figure(term) {
        Some(stated) => subject.model.readings(stated)[at].clone(),
        None => Value::unknown(why),
    };
    let bought = figure("bought", "the stake bought is not stated");
    let fair_value = figure("fair_value", "its worth when bought is not stated");
    let (cost, value, now) = (&mark.cost[at], &mark.value[at], &mark.share[at]);
    let (then_worth, now_worth) = (cost.divide(&bought), value.divide(now));
    let realised = &stake.realised(at);
    [
        cost.clone(),
        now_worth.beyond(&then_worth).scaled(&bought),
        now_worth.scaled(&bought.beyond(now)).times(-1.0),
        value.clone(),
        bought.clone(),
        now.clone(),
        Value::exact(1.0).beyond(&now.divide(&bought)),
        fair_value.clone(),
        cost.beyond(&fair_value),
        shares::share(realised, value),
    ]
    .map(Cell::Value)
    .into()
}
