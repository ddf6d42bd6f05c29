//! Stakes that were paid for on a stated day, as payments of the past: a holding with `cost` and `paid`.
//!
//! Only a paid tranche of the same pair may be the same purchase; then the tranche is the payment and the
//! holding is none.

use keiretsu_model::{Holding, PartyRef};
use keiretsu_program::{Month, PartyId, PastFlow, Reading, Tag};
use keiretsu_values::Value;

use crate::Subject;

/// Past payments of contracts, then those of stakes, each with its possible range.
pub(super) fn past(subject: &Subject<'_>, reading: Reading) -> Vec<(PastFlow, Value)> {
    let amounts = subject.side.past_amounts.iter().cloned();
    let by_contract = subject.program.past.iter().copied().zip(amounts);
    let bought = subject.model.holdings.iter().filter(|holding| is_dated(subject, holding));
    by_contract.chain(bought.filter_map(|holding| payment(subject, holding, reading))).collect()
}

/// Whether the purchase of a holding is a past payment of its own.
pub(super) fn is_dated(subject: &Subject<'_>, holding: &Holding) -> bool {
    let model = subject.model;
    let past = holding.record.when("paid").is_some_and(|when| when.last <= model.as_of);
    let (owner, issuer) = (model.group(holding.owner), model.group(holding.issuer));
    past && holding.record.has("cost") && !subject.is_one_purchase(owner, issuer)
}

fn payment(subject: &Subject<'_>, holding: &Holding, reading: Reading) -> Option<(PastFlow, Value)> {
    let day = holding.record.when("paid")?.last;
    let cost = subject.model.readings(holding.record.figure("cost")?)[reading].clone();
    let party = |party: PartyRef| PartyId(party.0);
    let flow = PastFlow {
        month: Month::new(day.year().into(), day.month().into()),
        amount: cost.amount().unwrap_or(f64::NAN),
        from: party(holding.owner),
        to: party(holding.issuer),
        tag: Tag::Equity,
    };
    Some((flow, cost))
}
