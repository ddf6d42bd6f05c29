//! Service credits: a layer of its own, never netted with cash.

use keiretsu_model::PartyRef;
use keiretsu_program::{Credits, CreditsId, Probe, Quantity, Reading, Span};
use keiretsu_values::{Cell, ColumnSpec, Table, TableSpec, Value};

use super::NAME;
use crate::{Query, Seen, Subject, shares};

pub(super) const CREDITS: TableSpec = TableSpec::new(
    NAME,
    "credits",
    "Service credits that come back to their grantor",
    &[&[
        ColumnSpec::party("grantor", "the party that grants service credits"),
        ColumnSpec::party("recipient", "the party that may use them"),
        ColumnSpec::reading(),
        ColumnSpec::money("granted", "credits granted in all")
            .by("{back} + {elsewhere} + {expired} + {left}, each part once"),
        ColumnSpec::money("back", "credits used with their grantor").titled("used at the grantor"),
        ColumnSpec::money("elsewhere", "credits used with others").titled("used elsewhere"),
        ColumnSpec::money("expired", "credits that expired in the run"),
        ColumnSpec::money("left", "credits that are left at the end of the run").titled("left at the end"),
        ColumnSpec::share("back_share", "the part of all credits granted that comes back")
            .titled("back, of what was granted")
            .is("{back} / {granted}"),
    ]],
)
.filled_by("contracts of type `credits`");

/// The probes.
pub(super) fn needs(subject: &Subject<'_>) -> Vec<Probe> {
    let pools = (0..subject.program.credits.len() as u32).map(CreditsId);
    let of_pool =
        |pool| [Quantity::CreditsUsed(pool), Quantity::CreditsExpired(pool), Quantity::CreditsLeft(pool)];
    pools.flat_map(of_pool).map(|quantity| Probe { quantity, span: Span::Whole }).collect()
}

/// A row for each pool and reading; none where no service credits are granted.
pub(super) fn table(subject: &Subject<'_>, query: &Query, seen: &Seen<'_>) -> Option<Table> {
    let mut table = subject.table(&CREDITS);
    let model = subject.model;
    let group = |party: keiretsu_program::PartyId| model.group(PartyRef(party.0));
    for (at, pool) in subject.program.credits.iter().enumerate() {
        let (grantor, recipient) = (group(pool.grantor), group(pool.recipient));
        // What is prepaid is used up like credits, and was paid for in cash.
        let contract = subject.side.credits.get(at).and_then(|id| subject.model.contract(*id));
        if contract.is_none_or(|contract| contract.spec.keyword != "credits") {
            continue;
        }
        if grantor == recipient || !query.wants(grantor) && !query.wants(recipient) {
            continue;
        }
        for reading in query.readings() {
            let mut row = vec![subject.party(grantor), subject.party(recipient), Cell::text(reading.name())];
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
