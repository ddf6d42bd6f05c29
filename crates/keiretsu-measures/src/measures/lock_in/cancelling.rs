//! What leaving costs a buyer that cancels what it may.

use keiretsu_model::PartyRef;
use keiretsu_values::{Cell, ColumnSpec, Reading, Set, Total, Value};

use super::Leaving;
use crate::capital::is_trade;
use crate::{Subject, cancels};

pub(super) const COLUMNS: [ColumnSpec; 2] = [
    ColumnSpec::money("cancellable", "what of the contracted payments the buyer need not pay if it cancels")
        .titled("buyer can cancel")
        .by("what falls due after the notice, less the fee, where the buyer may cancel")
        .when_filled(),
    ColumnSpec::money("leaving_cancelled", "what leaving costs a buyer that cancels what it can")
        .titled("cost if it does")
        .by("{leaving} - {cancellable}")
        .when_filled(),
];

/// The cells of a buyer and a seller.
pub(super) fn cells(
    subject: &Subject<'_>,
    (buyer, seller): (PartyRef, PartyRef),
    at: Reading,
    whole: &Leaving,
) -> [Cell; 2] {
    let (mut falls, mut stands) = (Total::default(), Total::default());
    for commitment in subject.still_due_each(buyer, seller, at, is_trade) {
        let name = subject.name(commitment);
        let [cancellable, unsaid, bound] = cancels::parts_in_totals(commitment, at);
        let by = &commitment.cancelling.by;
        if by.iter().any(|party| subject.model.group(*party) == buyer) {
            falls.add(&name, &cancellable);
            stands.add(&name, &unsaid.plus(&bound));
        } else if by.is_empty() && !cancellable.is_zero() {
            let set = Set::between(0.0, cancellable.set().high);
            let may = Value::unread("who can cancel is not disclosed", set);
            falls.add(&name, &may);
            let left = commitment.left_in_totals(at);
            stands.add(&name, &left.minus(&may).within(Set::NOT_NEGATIVE));
        } else {
            stands.add(&name, &commitment.left_in_totals(at));
        }
    }
    let cost = stands.value().plus(&whole.moving.value()).plus(&whole.credits.value());
    [Cell::Value(falls.value()), Cell::Value(cost)]
}

/// Whether some contract of a buyer and a seller says whether it can be cancelled.
pub(super) fn is_said(subject: &Subject<'_>, (buyer, seller): (PartyRef, PartyRef)) -> bool {
    subject.contracted_cancels(buyer, seller, Reading::Headline).said()
}
