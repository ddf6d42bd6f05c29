//! What a default leaves of a supply contract: the minimum that is still to be billed, which holds what has
//! accrued since the last bill, less what others buy and less what was prepaid and not yet used.

use keiretsu_model::PartyRef;
use keiretsu_program::{Claim, PartyId, Reg};

use super::bill::Bill;
use super::plan::Plan;
use crate::lowering::Lowering;

impl Plan<'_> {
    /// The claim of the seller if the buyer fails, and of the buyer if the seller does.
    pub fn claims(&self, lowering: &mut Lowering<'_>, bill: &Bill, unused: Option<Reg>) {
        let Some(now) = self.now() else { return };
        let (buyer, seller) = (now.terms.obligor(), now.terms.obligee());
        if let Some(left) = self.still_to_bill(lowering, bill) {
            let kept = lowering.program.number(now.kept());
            let mut amount = lowering.program.mul(left, kept);
            if let Some(unused) = unused {
                let beyond = lowering.program.sub(amount, unused);
                amount = lowering.positive(beyond);
            }
            self.claim_of(lowering, seller, buyer, amount);
        }
        if let Some(unused) = unused {
            self.claim_of(lowering, buyer, seller, unused);
        }
    }

    fn claim_of(&self, lowering: &mut Lowering<'_>, creditor: PartyRef, debtor: PartyRef, amount: Reg) {
        let Some(now) = self.now() else { return };
        let rank = Lowering::rank_or(now.terms, now.terms.contract.spec.rank);
        let debtor = PartyId(lowering.model.group(debtor).0);
        lowering.claim(now.terms, Claim { debtor, creditor: PartyId(creditor.0), amount, rank });
    }

    /// What of the minimum is billed after each month, as worth at its end.
    fn still_to_bill(&self, lowering: &mut Lowering<'_>, bill: &Bill) -> Option<Reg> {
        let (Some(in_period), Some(required)) = (bill.in_period, bill.required) else {
            return self.billed_after(lowering);
        };
        let calendar = lowering.calendar;
        let open = lowering.program.sub(required, in_period);
        let open = lowering.positive(open);
        let worth = lowering.discount_curve(|t| self.settles_for(t).map_or(t, |settles| settles.max(t)));
        let running = lowering.program.mul(open, worth);
        // Use ahead of the running period counts for those that follow it on the same base.
        let ahead = lowering.program.sub(in_period, required);
        let mut ahead = lowering.positive(ahead);
        let mut sum = running;
        let last = self.term().last.max(i64::from(calendar.months));
        for settles in self.settles_after(0).filter(|settles| *settles <= last) {
            let waits = |t: i64| self.settles_for(t).is_some_and(|running| running < settles);
            let shares = |goes_on: bool| {
                move |plan: &Self, deal: &super::deal::Deal<'_>, t: i64| {
                    let same = plan.base(settles) == plan.base(t.max(plan.term().first));
                    if waits(t) && same == goes_on { plan.falls_due(deal, settles) } else { 0.0 }
                }
            };
            let worth = lowering.discount_curve(|t| settles.max(t));
            if let Some(due) = self.weighed(lowering, shares(true)) {
                let rest = lowering.program.sub(due, ahead);
                let rest = lowering.positive(rest);
                let left = lowering.program.sub(ahead, due);
                ahead = lowering.positive(left);
                let rest = lowering.program.mul(rest, worth);
                sum = lowering.program.add(sum, rest);
            }
            if let Some(due) = self.weighed(lowering, shares(false)) {
                let due = lowering.program.mul(due, worth);
                sum = lowering.program.add(sum, due);
            }
        }
        Some(sum)
    }

    /// What falls due without use after each month, as worth at its end.
    fn billed_after(&self, lowering: &mut Lowering<'_>) -> Option<Reg> {
        let rate = lowering.yearly_rate();
        let calendar = lowering.calendar;
        self.weighed(lowering, |plan, deal, t| {
            plan.settles_after(t)
                .map(|settles| plan.falls_due(deal, settles) * calendar.worth(rate, t, settles))
                .sum()
        })
    }

    /// What falls due without use after each month and up to month `last`, money.
    pub fn due_until(&self, lowering: &mut Lowering<'_>, last: i64) -> Option<Reg> {
        self.weighed(lowering, |plan, deal, t| {
            plan.settles_after(t).filter(|settles| *settles <= last).map(|at| plan.falls_due(deal, at)).sum()
        })
    }
}
