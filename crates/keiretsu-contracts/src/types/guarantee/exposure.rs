//! What a guarantor would pay if those that it covers failed: what they could still owe, as far as covered.
//!
//! By hand: `min(limit - drawn, share * max(0, owed - cushion))`, where what is owed is what falls due this
//! month and the minimum that falls later, while the guarantee is in force. Where the guarantor steps in it
//! owes what falls later in full, beside the limit, less what others bring.
//!
//! Absent: the part of a cushion that is used up before anything has been called; and a limit that several
//! parties share counts for each of them.

use keiretsu_model::side::Layer;
use keiretsu_model::{ContractRef, PartyRef, Standing};
use keiretsu_program::{Cover, Feed, Op, Reg};

use crate::Readable;
use crate::lowering::{Lowering, Terms};

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
    let drawn = lowering.program.account(0.0);
    lowering.program.feed(drawn, Feed::Payment(cover.call));
    let drawn = lowering.program.op(Op::Account(drawn));
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

/// Whose payments are covered, each once.
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

fn payer(lowering: &Lowering<'_>, flow: keiretsu_program::FlowId) -> PartyRef {
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
    let last = super::months(lowering, terms).last;
    for contract in contracts {
        let (later, missing) = later(lowering, cover, contract, debtor, last);
        owed.later = lowering.program.add(owed.later, later);
        owed.missing = owed.missing.or(missing);
    }
    owed
}

/// The minimum that falls after this month, else the claim on default, and what that leaves out.
fn later(
    lowering: &mut Lowering<'_>,
    cover: &Cover,
    contract: ContractRef,
    debtor: PartyRef,
    last: i64,
) -> (Reg, Option<String>) {
    let model = lowering.model;
    let known = model.contract(contract);
    let owes = known.and_then(|known| known.obligor).map(|obligor| model.group(obligor)) == Some(debtor);
    let fixed = if owes { lowering.read_off(contract, Readable::MinimumUntil(last)) } else { None };
    if let Some(fixed) = fixed {
        return (lowering.positive(fixed), None);
    }
    let name = lowering.contract_name(contract);
    let of = |claim: &&keiretsu_program::ClaimId| {
        let owner = model.group(PartyRef(lowering.program.program().claims[claim.at()].debtor.0));
        lowering.side.claims[claim.at()] == contract && owner == debtor
    };
    let claims: Vec<_> = cover.claims.iter().filter(of).copied().collect();
    let amounts: Vec<Reg> =
        claims.iter().map(|claim| lowering.program.program().claims[claim.at()].amount).collect();
    if let Some(claim) = amounts.into_iter().reduce(|sum, amount| lowering.program.add(sum, amount)) {
        (lowering.or_more(claim), Some(format!("of {name} only the claim on default is known")))
    } else {
        let nothing = lowering.program.number(0.0);
        (lowering.or_more(nothing), Some(format!("what falls due later on {name} is not known")))
    }
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
    let in_force = super::in_force(lowering, terms, held, terms.standing(Standing::Conditional));
    let cost = lowering.program.mul(later, in_force);
    let Some(value) = lowering.term(terms, "step_in_value") else { return cost };
    let kept = lowering.not(value);
    lowering.program.mul(cost, kept)
}
