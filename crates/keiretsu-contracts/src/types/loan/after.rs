//! What the failure of its borrower leaves of a loan, and what would have fallen due of that: interest on
//! what was outstanding, and the principal as its schedule has it. Nothing is accelerated.
//!
//! What falls is the loan once more, from what the claim stands for at the failure: what collateral has
//! brought is off the principal, and what has accrued is due with the next interest. Absent: covenants,
//! prepayment and margin calls, which speak of a borrower that stands.

use keiretsu_program::{EstateClaim, Feed, Op, PartyId, Reg, Tag};

use super::debt::Debt;
use super::schedule::Schedule;
use crate::lowering::Lowering;
use crate::pending::ClaimFalls;
use crate::side::{FlowLabel, Layer};
use crate::terms::{Terms, versions};

impl Debt<'_> {
    /// What the lender claims when the borrower defaults: what is outstanding beyond what is due this
    /// month, with what is drawn in it; gives what secures it.
    pub fn claim(
        &self,
        lowering: &mut Lowering<'_>,
        [draw, principal]: [Reg; 2],
        [interest, accrued]: [Reg; 2],
        rank: u8,
    ) -> Option<Reg> {
        let nothing = lowering.program.number(0.0);
        // All of what may come back in any month still may.
        let principal = if self.schedule.comes_back_some_time() { nothing } else { principal };
        let rest = lowering.program.sub(self.owed, principal);
        let rest = lowering.program.add(rest, draw);
        let rest = match self.added_of_month(lowering) {
            Some(added) => lowering.program.add(rest, added),
            None => rest,
        };
        let amount = lowering.program.add(rest, accrued);
        let mut amount = lowering.positive(amount);
        let debtor = PartyId(lowering.model.group(self.terms.obligee()).0);
        let creditor = PartyId(self.terms.obligor().0);
        let mut of_rank = rank;
        let secured = super::collateral::worth(lowering, self.terms);
        if let Some(worth) = secured {
            let sold = lowering.program.min(amount, worth);
            self.realise(lowering, sold);
            // What is due this month is secured as well.
            let due = lowering.program.add(principal, interest);
            let all = lowering.program.add(amount, due);
            let off = lowering.program.min(all, worth);
            let pair = [self.terms.obligor(), self.terms.obligee()];
            lowering.exposed(self.terms, Layer::Contract, pair, amount, None);
            lowering.exposed(self.terms, Layer::Collateral, pair, off, None);
            let short = lowering.program.sub(amount, worth);
            amount = lowering.positive(short);
            // Beyond its collateral a secured lender is a creditor like others.
            of_rank = Lowering::rank_or(self.terms, self.terms.contract.spec.rank);
        }
        let claim = lowering
            .claim(self.terms, EstateClaim { debtor, creditor, amount, rank: of_rank, lapses: false });
        if lowering.is_covered(self.terms.id) {
            let accrued = lowering.program.min(accrued, amount);
            let principal = lowering.program.sub(amount, accrued);
            lowering.pending.lent.insert(self.terms.id, [principal, accrued]);
            let falls = self.falls_after(lowering, [principal, accrued]);
            lowering.falls(claim, falls);
        }
        secured
    }

    /// In the month after a default the lender sells the collateral to outside, up to what it is owed.
    fn realise(&self, lowering: &mut Lowering<'_>, sold: Reg) {
        let debtor = PartyId(lowering.model.group(self.terms.obligee()).0);
        let failed = lowering.program.op(Op::Defaulted(debtor));
        let now = lowering.program.op(Op::Rise(failed));
        let sold = lowering.program.op(Op::Lag { of: sold, months: 1 });
        let brings = lowering.if_holds(now, sold);
        let brings = lowering.posted(brings);
        let lender = PartyId(self.terms.obligor().0);
        let flow = lowering.program.flow(brings, PartyId::OUTSIDE, lender, Tag::Estate);
        lowering.program.flow_mut(flow).survives = true;
        let label =
            FlowLabel { contract: Some(self.terms.id), name: self.terms.name("collateral"), on: None };
        lowering.side.flows.push(label);
    }

    /// What money of each month is worth to the loan: it grows by its interest, added to the principal or
    /// paid month of payment by month of payment.
    fn worth(&self, lowering: &mut Lowering<'_>, failed: Reg) -> Reg {
        let schedule = self.schedule;
        let worth = lowering.program.account(1.0);
        let accrued = lowering.program.account(0.0);
        let [before, so_far] = [worth, accrued].map(|sum| lowering.program.op(Op::Account(sum)));
        let month = lowering.monthly(self.rate);
        // Before the failure nothing of this is read, known or not.
        let month = lowering.if_holds(failed, month);
        let so_far = lowering.program.add(so_far, month);
        let one = lowering.program.number(1.0);
        let grown = lowering.program.add(one, so_far);
        let now = lowering.program.op(Op::Div(before, grown));
        let settles = lowering.program.curve_of(|t| {
            let t = i64::from(t);
            f64::from(u8::from(schedule.at(t).added || schedule.at(t).pays(t)))
        });
        let fall = lowering.program.sub(now, before);
        let fall = lowering.if_holds(settles, fall);
        lowering.program.feed(worth, Feed::Value(fall));
        let left = lowering.not(settles);
        let left = lowering.if_holds(left, so_far);
        let was = lowering.program.op(Op::Account(accrued));
        let change = lowering.program.sub(left, was);
        lowering.program.feed(accrued, Feed::Value(change));
        now
    }

    /// What falls due after the failure of a claim of principal and accrued interest.
    fn falls_after(&self, lowering: &mut Lowering<'_>, claim: [Reg; 2]) -> ClaimFalls {
        let borrower = self.terms.obligee();
        let [owed, open] = claim.map(|of| lowering.at_failure(borrower, of));
        let [left, unpaid] = [0; 2].map(|_| lowering.program.account(0.0));
        let [was_left, was_unpaid] = [left, unpaid].map(|sum| lowering.program.op(Op::Account(sum)));
        let owed = lowering.program.add(was_left, owed);
        let open = lowering.program.add(was_unpaid, open);
        let nothing = lowering.program.number(0.0);
        let loan = self.standing_at(owed, nothing);
        // Before the failure nothing of this is read, known or not.
        let failed = lowering.failed(borrower);
        let interest = loan.interest_of_month(lowering);
        let interest = lowering.if_holds(failed, interest);
        let paid = self.mask(lowering, |rhythm| !rhythm.added);
        let paid = lowering.if_holds(paid, interest);
        let open = lowering.program.add(open, paid);
        let added = loan.added_of_month(lowering).unwrap_or(nothing);
        let added = lowering.if_holds(failed, added);
        let all = lowering.program.add(owed, added);
        let schedule = self.schedule;
        let pays = |t: u32| f64::from(u8::from(schedule.at(i64::from(t)).pays(i64::from(t))));
        let pays = lowering.program.curve_of(pays);
        let ends = |t: u32| f64::from(u8::from(schedule.at(i64::from(t)).matured(i64::from(t))));
        let ends = lowering.program.curve_of(ends);
        let instalments = loan.instalments(lowering);
        let instalments = lowering.if_holds(failed, instalments);
        let principal = lowering.program.op(Op::Choose { when: ends, then: all, otherwise: instalments });
        let principal = lowering.program.min(principal, all);
        let interest = lowering.if_holds(pays, open);
        for (account, before, sum, due) in
            [(left, was_left, all, principal), (unpaid, was_unpaid, open, interest)]
        {
            let rest = lowering.program.sub(sum, due);
            let change = lowering.program.sub(rest, before);
            lowering.program.feed(account, Feed::Value(change));
        }
        let due = lowering.program.add(principal, interest);
        let worth = self.worth(lowering, failed);
        ClaimFalls { whole: due, net: due, worth: Some(worth) }
    }
}

/// What a failure would leave of a covered loan, as far as it falls after this month and up to another one:
/// interest and principal as its schedule has them. `None` where a rate that is no number decides.
pub(super) fn left_until(lowering: &mut Lowering<'_>, terms: &Terms<'_>, last: i64) -> Option<Reg> {
    let claim = *lowering.pending.lent.get(&terms.id)?;
    let calendar = lowering.calendar;
    let schedule = Schedule::new(versions(terms.id, terms.contract, &calendar), lowering);
    let months = 0..=i64::from(calendar.months);
    let falls = months.map(|t| schedule.falls_between(t, last)).collect::<Option<Vec<f64>>>()?;
    let some = lowering.program.curve_of(|t| f64::from(u8::from(0.0 < falls[t as usize])));
    let falls = lowering.program.curve_of(|t| falls[t as usize]);
    let pays = lowering.program.curve_of(|t| f64::from(u8::from(schedule.pays_between(i64::from(t), last))));
    let principal = lowering.program.mul(claim[0], falls);
    // Where nothing falls, nothing is open either.
    let [principal, accrued] =
        [(some, principal), (pays, claim[1])].map(|(holds, of)| lowering.if_holds(holds, of));
    let left = lowering.program.add(principal, accrued);
    let books = lowering.books_of(terms.id);
    Some(lowering.in_books(books, |lowering| lowering.posted(left)))
}
