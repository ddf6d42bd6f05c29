//! What a guarantor would pay if those that it covers failed: what they could still owe, as far as covered.
//!
//! By hand: `min(limit - drawn, share * max(0, owed - cushion))`, where what is owed is what falls due this
//! month and the claim that a failure would leave, as far as it falls while the guarantee is in force. Where
//! the guarantor steps in it owes what falls later beside the limit, less what others bring.
//!
//! Absent: the part of a cushion that is used up before anything has been called; and a limit that several
//! parties share counts for each of them.

use keiretsu_model::{ContractRef, PartyRef, Standing};
use keiretsu_program::{Cover, Feed, FlowId, Op, Reg};

use crate::lowering::{Lowering, Readable};
use crate::side::Layer;
use crate::terms::Terms;

/// What of the covered contracts one party owes.
struct Owed {
    now: Reg,
    later: Reg,
    /// What of it is not known.
    missing: Option<String>,
}

/// Notes what the guarantor would pay for each party that it covers.
pub(super) fn expose(lowering: &mut Lowering<'_>, versions: &[Terms<'_>]) {
    let Some(terms) = versions.last() else { return };
    let Some(at) = lowering.side.covers.iter().position(|cover| *cover == terms.id) else { return };
    let cover = lowering.program.program().covers[at].clone();
    let drawn = drawn(lowering, terms, cover.call);
    for debtor in debtors(lowering, &cover) {
        let owed = owed(lowering, terms, &cover, debtor);
        let amount = if terms.record.flag("step_in") {
            let called = called(lowering, &cover, drawn, owed.now);
            let taken = taken_over(lowering, terms, owed.later);
            lowering.program.add(called, taken)
        } else {
            let whole = lowering.program.add(owed.now, owed.later);
            called(lowering, &cover, drawn, whole)
        };
        lowering.exposed(terms, Layer::Guarantee, [terms.obligor(), debtor], amount, owed.missing);
    }
}

/// What has been drawn of the limit, which is one of the books.
pub(super) fn drawn(lowering: &mut Lowering<'_>, terms: &Terms<'_>, call: FlowId) -> Reg {
    let drawn = lowering.program.account(0.0);
    lowering.program.feed(drawn, Feed::Payment(call));
    lowering.in_books(lowering.books_of(terms.id), |lowering| {
        let drawn = lowering.paid_on(drawn);
        lowering.posted(drawn)
    })
}

/// The parties with covered payments, each once.
fn debtors(lowering: &Lowering<'_>, cover: &Cover) -> Vec<PartyRef> {
    let mut list = Vec::new();
    for flow in &cover.flows {
        let debtor = payer(lowering, *flow);
        if !list.contains(&debtor) {
            list.push(debtor);
        }
    }
    list
}

fn payer(lowering: &Lowering<'_>, flow: FlowId) -> PartyRef {
    lowering.model.group(PartyRef(lowering.program.program().flows[flow.at()].from.0))
}

/// What a party owes on the covered contracts this month, and later while the guarantee lasts.
fn owed(lowering: &mut Lowering<'_>, terms: &Terms<'_>, cover: &Cover, debtor: PartyRef) -> Owed {
    let nothing = lowering.program.number(0.0);
    let mut owed = Owed { now: nothing, later: nothing, missing: None };
    let mut contracts: Vec<ContractRef> = Vec::new();
    for flow in &cover.flows {
        if payer(lowering, *flow) != debtor {
            continue;
        }
        let due = lowering.program.program().flows[flow.at()].amount;
        let due = lowering.positive(due);
        owed.now = lowering.program.add(owed.now, due);
        contracts.extend(lowering.side.flows[flow.at()].contract);
    }
    contracts.dedup();
    // What is called at once is called while it lasts.
    let ends = terms.record.has("until") && !terms.record.flag("accelerated");
    let last = ends.then(|| super::months(lowering, terms).last);
    for contract in contracts {
        let (later, missing) = later(lowering, cover, contract, debtor, last);
        owed.later = lowering.program.add(owed.later, later);
        owed.missing = owed.missing.or(missing);
    }
    owed
}

/// What a failure would leave of a contract, as far as it falls while the guarantee lasts, and what that
/// leaves out.
fn later(
    lowering: &mut Lowering<'_>,
    cover: &Cover,
    contract: ContractRef,
    debtor: PartyRef,
    last: Option<i64>,
) -> (Reg, Option<String>) {
    let model = lowering.model;
    let mut sum: Option<Reg> = None;
    for one in &cover.claims {
        let claim = lowering.program.program().claims[one.claim.at()];
        let owner = model.group(PartyRef(claim.debtor.0));
        if lowering.side.claims[one.claim.at()] == contract && owner == debtor {
            let amount = lowering.while_delivered(&claim);
            sum = Some(sum.map_or(amount, |sum| lowering.program.add(sum, amount)));
        }
    }
    let Some(claim) = sum else {
        let goes_on = model.contract(contract).is_some_and(|known| known.record().flag("survives"));
        let name = lowering.contract_name(contract);
        let nothing = lowering.program.number(0.0);
        if !goes_on {
            return (nothing, None);
        }
        return (lowering.or_more(nothing), Some(format!("what falls due later on {name} is not known")));
    };
    let until = last.and_then(|last| lowering.read_off(contract, Readable::LeftUntil(last)));
    let later = until.map_or(claim, |until| lowering.program.min(claim, until));
    (later, None)
}

/// What is called of what is missing: after the cushion, the share, up to what is left of the limit.
fn called(lowering: &mut Lowering<'_>, cover: &Cover, drawn: Reg, missing: Reg) -> Reg {
    let mut rest = missing;
    if let Some(cushion) = cover.cushion {
        // Nothing is called before the cushion is used up.
        let zero = lowering.program.number(0.0);
        let begun = lowering.program.op(Op::MoreThan(drawn, zero));
        let left = lowering.program.op(Op::Choose { when: begun, then: zero, otherwise: cushion });
        let above = lowering.program.sub(rest, left);
        rest = lowering.positive(above);
    }
    let called = lowering.program.mul(rest, cover.share);
    let Some(limit) = cover.limit else { return called };
    let room = lowering.program.sub(limit, drawn);
    let room = lowering.positive(room);
    lowering.program.min(called, room)
}

/// What a guarantor that steps in owes later, less what it gets for that.
fn taken_over(lowering: &mut Lowering<'_>, terms: &Terms<'_>, later: Reg) -> Reg {
    let held = super::months(lowering, terms);
    let met = super::condition(lowering, terms);
    let in_force = super::in_force(lowering, held, terms.standing(Standing::Conditional), met);
    let cost = lowering.program.mul(later, in_force);
    let Some(value) = lowering.term(terms, "step_in_value") else { return cost };
    let kept = lowering.not(value);
    lowering.program.mul(cost, kept)
}
