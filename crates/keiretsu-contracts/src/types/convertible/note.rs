//! A convertible as registers: what it comes to with interest, when it converts, what is paid back.

use keiretsu_model::side::HoldingLabel;
use keiretsu_program::{AccountId, Claim, Feed, FlowId, Issue, Op, PartyId, Reg, Tag};

use crate::lowering::{Lowering, Terms};
use crate::tranches::Part;

/// A convertible as registers.
pub(super) struct Note {
    /// Principal and interest by the end of this month, whether or not it has converted.
    gross: Reg,
    repaid: AccountId,
    draws: Vec<FlowId>,
}

impl Note {
    /// The draws, and what they come to with interest.
    pub fn new(lowering: &mut Lowering<'_>, terms: &Terms<'_>) -> Self {
        let calendar = lowering.calendar;
        let mut draws = Vec::new();
        let [drawn, interest, repaid] = [0; 3].map(|_| lowering.program.account(0.0));
        let mut opening = lowering.program.number(0.0);
        let mut accrued = opening;
        let rate = match lowering.term(terms, "rate") {
            Some(rate) => lowering.monthly(rate),
            None => lowering.program.number(0.0),
        };
        for (name, _, record) in terms.record.tables("tranches") {
            let part = Part { name, record };
            if let Some(flow) = part.lower(lowering, terms, Tag::Equity) {
                lowering.program.feed(drawn, Feed::Payment(flow));
                draws.push(flow);
            } else if let Some(when) = record.when("paid").or_else(|| record.when("on"))
                && calendar.is_past(&when)
                && let Some(stated) = record.figure("amount")
            {
                let basis = record.entry("amount").map(|entry| entry.basis.clone()).unwrap_or_default();
                let path = terms.path(&format!("tranches.{name}.amount"));
                let amount = lowering.figure(path, stated, &basis);
                opening = lowering.program.add(opening, amount);
                let months = lowering.program.number(-calendar.due(&when) as f64);
                let so_far = lowering.program.mul(amount, months);
                accrued = lowering.program.add(accrued, so_far);
            }
        }
        let accrued = lowering.program.mul(accrued, rate);
        let [drawn, earned] = [drawn, interest].map(|sum| lowering.program.op(Op::Account(sum)));
        let principal = lowering.program.add(opening, drawn);
        let last = terms.record.when("maturity").map_or(i64::MAX, |when| calendar.due(&when));
        let bears = lowering.program.curve_of(|t| f64::from(u8::from(i64::from(t) <= last)));
        let month = lowering.program.mul(principal, rate);
        let month = lowering.program.mul(month, bears);
        lowering.program.feed(interest, Feed::Value(month));
        let gross =
            [accrued, earned, month].into_iter().fold(principal, |sum, part| lowering.program.add(sum, part));
        Self { gross, repaid, draws }
    }

    /// Conversion, repayment and what a default leaves.
    pub fn lower(&self, lowering: &mut Lowering<'_>, terms: &Terms<'_>) {
        let calendar = lowering.calendar;
        let maturity = terms.record.when("maturity").map_or(i64::MAX, |when| calendar.due(&when));
        let matured = lowering.program.curve_of(|t| f64::from(u8::from(maturity <= i64::from(t))));
        let round = terms.record.contracts("converts_with").first();
        let rounds = round.map_or(vec![], |round| lowering.flows_of(*round));
        let mut trigger = trigger(lowering, terms, &rounds);
        if terms.record.text("at_maturity") == Some("converts") {
            trigger = lowering.program.op(Op::Or(trigger, matured));
        }
        let failed = lowering.program.op(Op::Defaulted(PartyId(lowering.model.group(terms.obligee()).0)));
        let sound = lowering.not(failed);
        let paid_back = lowering.program.op(Op::Account(self.repaid));
        let nothing = lowering.program.number(0.0);
        let repaid = lowering.program.op(Op::MoreThan(paid_back, nothing));
        let unpaid = lowering.not(repaid);
        let when =
            [sound, unpaid].into_iter().fold(trigger, |all, part| lowering.program.op(Op::And(all, part)));
        let converted = lowering.program.op(Op::Latch { when, lapse: u32::MAX });
        self.stop_draws(lowering, converted);
        self.convert(lowering, terms, converted, &rounds);
        let open = lowering.not(converted);
        let owed = lowering.if_holds(open, self.gross);
        let owed = lowering.program.sub(owed, paid_back);
        let owed = lowering.positive(owed);
        let due = lowering.if_holds(matured, owed);
        let rank = Lowering::rank_or(terms, terms.contract.spec.rank);
        let flow = lowering.flow_back(terms, "repayment", due, rank, Tag::Principal);
        lowering.program.feed(self.repaid, Feed::Payment(flow));
        if terms.record.has("maturity") {
            let amount = lowering.program.sub(owed, due);
            let debtor = PartyId(lowering.model.group(terms.obligee()).0);
            let creditor = PartyId(terms.obligor().0);
            lowering.claim(terms, Claim { debtor, creditor, amount, rank, lapses: false });
        }
    }

    /// What has converted is not drawn any more.
    fn stop_draws(&self, lowering: &mut Lowering<'_>, converted: Reg) {
        let before = lowering.program.op(Op::Lag { of: converted, months: 1 });
        let open = lowering.not(before);
        for flow in &self.draws {
            let due = lowering.program.program().flows[flow.at()].amount;
            let due = lowering.if_holds(open, due);
            lowering.program.flow_mut(*flow).amount = due;
        }
    }

    /// The units: as if principal and interest were paid in at the value that makes the share.
    fn convert(&self, lowering: &mut Lowering<'_>, terms: &Terms<'_>, converted: Reg, rounds: &[FlowId]) {
        let Some(pre_money) = self.pre_money(lowering, terms, rounds) else { return };
        let label =
            HoldingLabel { name: terms.contract.name.clone(), holding: None, contract: Some(terms.id) };
        let Some(holding) = lowering.holding_of(terms.obligor(), terms.obligee(), label, false) else {
            return;
        };
        let rise = lowering.program.op(Op::Rise(converted));
        let given = lowering.if_holds(rise, self.gross);
        let nothing = lowering.program.number(0.0);
        let flow = lowering.flow(terms, Some("conversion"), nothing, terms.obligee(), Tag::Equity);
        lowering.program.flow_mut(flow).issue = Some(Issue { holding, pre_money, in_kind: Some(given) });
    }

    /// The value before conversion at which principal and interest A make the share f: A / f - A. At a price
    /// P with a discount it is (1 - d) P - A, at a post-money cap the cap less A, at a pre-money cap the cap.
    fn pre_money(&self, lowering: &mut Lowering<'_>, terms: &Terms<'_>, rounds: &[FlowId]) -> Option<Reg> {
        let of_round = rounds.iter().find_map(|flow| lowering.program.program().flows[flow.at()].issue);
        let price = match (terms.record.has("price"), of_round) {
            (true, _) => lowering.formula_term(terms, "price")?,
            (false, Some(issue)) => issue.pre_money,
            (false, None) => {
                let value = lowering.model.party(terms.obligee()).record.formula("value")?;
                lowering.formula(value)
            }
        };
        let price = match lowering.term(terms, "discount") {
            Some(discount) => {
                let left = lowering.not(discount);
                lowering.program.mul(price, left)
            }
            None => price,
        };
        let at_price = lowering.program.sub(price, self.gross);
        let Some(cap) = lowering.term(terms, "cap") else { return Some(at_price) };
        let at_cap = match terms.record.text("cap_basis") {
            Some("pre-money") => cap,
            _ => lowering.program.sub(cap, self.gross),
        };
        Some(lowering.program.min(at_price, at_cap))
    }
}

/// Whether it converts this month: the round is paid for, or the condition holds.
fn trigger(lowering: &mut Lowering<'_>, terms: &Terms<'_>, rounds: &[FlowId]) -> Reg {
    let zero = lowering.program.number(0.0);
    if let Some(met) = lowering.latched(terms.record, "converts_when") {
        return met;
    }
    let mut sum = zero;
    for flow in rounds {
        let due = lowering.program.program().flows[flow.at()].amount;
        sum = lowering.program.add(sum, due);
    }
    lowering.program.op(Op::MoreThan(sum, zero))
}
