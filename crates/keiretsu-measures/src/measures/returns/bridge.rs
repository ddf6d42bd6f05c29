//! How a stake came from its cost to its value, what was paid above what it was worth, how much is in cash.

use keiretsu_model::Holding;
use keiretsu_values::{Cell, Column, Reading, Table, Unit, Value};

use super::NAME;
use super::stake::{Mark, Stake, stakes};
use crate::{Query, Subject, shares};

/// One row for each mark and reading of the holdings that say more than cost and mark; none where no does.
pub(super) fn table(subject: &Subject<'_>, query: &Query) -> Option<Table> {
    let columns = vec![
        Column::text("holding"),
        Column::text("reading"),
        subject.money("cost"),
        subject.money("growth").titled("growth at the stake bought"),
        subject.money("dilution"),
        subject.money("value"),
        Column::number("bought", Unit::Share).titled("stake bought"),
        Column::number("stake_now", Unit::Share).titled("stake on the day of the mark"),
        Column::number("diluted", Unit::Share).titled("diluted by"),
        subject.money("fair_value").titled("fair value received"),
        subject.money("premium").titled("premium paid"),
        Column::number("part_realised", Unit::Share),
    ];
    let mut table = subject.table(NAME, "From cost to value", columns);
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
                    let mut row = vec![Cell::text(stake.named(mark)), Cell::text(reading.name())];
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
