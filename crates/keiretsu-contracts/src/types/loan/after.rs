//! What of a loan would have fallen due after its borrower has failed: interest on what was outstanding, and
//! the principal as its schedule has it. Nothing is accelerated.
//!
//! It is the loan once more, from what the claim stands for at the failure: what collateral has brought is
//! off the principal, and what has accrued is due with the next interest.
//! Absent: covenants, prepayment and margin calls, which speak of a borrower that stands.

use keiretsu_program::{Feed, Op, Reg};

use super::debt::Debt;
use crate::claims::Falls;
use crate::lowering::Lowering;

impl Debt<'_> {
    /// What falls due after the failure of a claim, of which a part is accrued interest.
    pub fn falls_after(&self, lowering: &mut Lowering<'_>, claim: Reg, accrued: Reg) -> Falls {
        let borrower = self.terms.obligee();
        let accrued = lowering.program.min(accrued, claim);
        let principal = lowering.program.sub(claim, accrued);
        let [owed, open] = [principal, accrued].map(|of| lowering.at_failure(borrower, of));
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
        Falls { whole: due, net: due }
    }
}
