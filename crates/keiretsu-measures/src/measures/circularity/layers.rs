//! Service credits: a layer of its own, never netted with cash.

use keiretsu_model::PartyRef;
use keiretsu_program::{Credits, CreditsId, Probe, Quantity, Reading, Span};
use keiretsu_values::{Cell, Column, Table, Unit, Value};

use super::NAME;
use crate::{Query, Seen, Subject, shares};

/// What must be watched.
pub(super) fn needs(subject: &Subject<'_>) -> Vec<Probe> {
    let pools = (0..subject.program.credits.len() as u32).map(CreditsId);
    let of_pool =
        |pool| [Quantity::CreditsUsed(pool), Quantity::CreditsExpired(pool), Quantity::CreditsLeft(pool)];
    pools.flat_map(of_pool).map(|quantity| Probe { quantity, span: Span::Whole }).collect()
}

/// A row for each pool and reading; none where no service credits are granted.
pub(super) fn table(subject: &Subject<'_>, query: &Query, seen: &Seen<'_>) -> Option<Table> {
    let columns = vec![
        Column::text("grantor"),
        Column::text("recipient"),
        Column::text("reading"),
        subject.money("granted"),
        subject.money("back").titled("used at the grantor"),
        subject.money("elsewhere").titled("used elsewhere"),
        subject.money("expired"),
        subject.money("left").titled("left at the end"),
        Column::number("back_share", Unit::Share).titled("back, of what was granted"),
    ];
    let mut table = subject.table(NAME, "Service credits that come back to their grantor", columns);
    let model = subject.model;
    let group = |party: keiretsu_program::PartyId| model.group(PartyRef(party.0));
    for (at, pool) in subject.program.credits.iter().enumerate() {
        let (grantor, recipient) = (group(pool.grantor), group(pool.recipient));
        if grantor == recipient || !query.wants(grantor) && !query.wants(recipient) {
            continue;
        }
        for reading in query.readings() {
            let mut row = vec![Cell::text(subject.title(grantor)), Cell::text(subject.title(recipient))];
            row.push(Cell::text(reading.name()));
            row.extend(amounts(subject, seen, reading, at, pool).map(Cell::Value));
            table.push(row);
        }
    }
    table.note("Credits never become cash: they come back in kind or not at all.");
    (!table.rows.is_empty()).then_some(table)
}

fn amounts(
    subject: &Subject<'_>,
    seen: &Seen<'_>,
    reading: Reading,
    at: usize,
    pool: &Credits,
) -> [Value; 6] {
    let read = |quantity: fn(CreditsId) -> Quantity| {
        let quantity = quantity(CreditsId(at as u32));
        seen.value(reading, Probe { quantity, span: Span::Whole }, 0)
    };
    let [used, expired, left] =
        [read(Quantity::CreditsUsed), read(Quantity::CreditsExpired), read(Quantity::CreditsLeft)];
    let granted = used.plus(&expired).plus(&left);
    let group = |party: keiretsu_program::PartyId| subject.model.group(PartyRef(party.0));
    let own =
        pool.flows.iter().filter(|flow| group(subject.program.flows[flow.at()].to) == group(pool.grantor));
    let (back, elsewhere) = match (own.count(), pool.flows.len()) {
        (own, all) if own == all => (used, Value::exact(0.0)),
        (0, _) => (Value::exact(0.0), used),
        _ => {
            let part = Value::unread("good for several sellers", used.set());
            (part.clone(), part)
        }
    };
    let others = elsewhere.plus(&expired).plus(&left);
    let share = shares::share(&back, &others);
    [granted, back, elsewhere, expired, left, share]
}
