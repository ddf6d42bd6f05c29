//! What a default leaves of a supply contract: the minimum that is still to be billed, which holds what has
//! accrued since the last bill, less what others buy and less what was prepaid and not yet used.
//!
//! What was prepaid and not yet used when the seller fails is lost to the buyer: it is no part of the
//! program, since no estate pays for it.

use keiretsu_program::{EstateClaim, Feed, Op, PartyId, Reg};

use super::bill::Bill;
use super::plan::Plan;
use crate::lowering::Lowering;
use crate::pending::ClaimFalls;

impl Plan<'_> {
    /// The claim of the seller if the buyer fails, and how it would have fallen due.
    pub fn claims(&self, lowering: &mut Lowering<'_>, bill: &Bill, unused: Option<Reg>) {
        let Some(now) = self.now() else { return };
        let parts = [self.still_to_bill(lowering, bill), self.left_some_time(lowering)];
        let parts = parts.into_iter().flatten();
        let Some(left) = parts.reduce(|a, b| lowering.program.add(a, b)) else { return };
        let left = if self.is_endless() { lowering.left_until_unknown(left) } else { left };
        let kept = lowering.program.number(now.kept());
        let mut amount = lowering.program.mul(left, kept);
        if let Some(unused) = unused {
            let beyond = lowering.program.sub(amount, unused);
            amount = lowering.positive(beyond);
        }
        let rank = Lowering::rank_or(now.terms, now.terms.contract.spec.rank);
        let debtor = PartyId(lowering.model.group(now.terms.obligor()).0);
        let creditor = PartyId(now.terms.obligee().0);
        let claim = lowering.claim(now.terms, EstateClaim { debtor, creditor, amount, rank, lapses: true });
        if !lowering.is_covered(now.terms.id) {
            return;
        }
        // Once the buyer has failed, what is billed is the minimum alone.
        let net = lowering.program.mul(bill.owed, kept);
        let [whole, net] = [bill.owed, net].map(|falls| match unused {
            Some(unused) => self.beyond_prepaid(lowering, falls, unused),
            None => falls,
        });
        lowering.falls(claim, ClaimFalls { whole, net, worth: None });
    }

    /// What falls due after the buyer's failure beyond what it has prepaid. The seller keeps that, so that it
    /// is worth more from month to month.
    fn beyond_prepaid(&self, lowering: &mut Lowering<'_>, falls: Reg, unused: Reg) -> Reg {
        let Some(now) = self.now() else { return falls };
        let (rate, calendar, buyer) = (lowering.yearly_rate(), lowering.calendar, now.terms.obligor());
        let begins = lowering.at_failure(buyer, unused);
        let account = lowering.program.account(0.0);
        let before = lowering.program.op(Op::Account(account));
        let left = lowering.program.add(before, begins);
        let grows = lowering.program.curve_of(|t| calendar.worth(rate, i64::from(t), i64::from(t) - 1));
        let left = lowering.program.mul(left, grows);
        let used = lowering.program.min(falls, left);
        let failed = lowering.failed(buyer);
        let used = lowering.if_holds(failed, used);
        let rest = lowering.program.sub(left, used);
        let change = lowering.program.sub(rest, before);
        lowering.program.feed(account, Feed::Value(change));
        lowering.program.sub(falls, used)
    }

    /// What of the minimum is billed after each month, as worth at its end.
    fn still_to_bill(&self, lowering: &mut Lowering<'_>, bill: &Bill) -> Option<Reg> {
        let (Some(in_period), Some(required)) = (bill.in_period, bill.required) else {
            return self.billed_after(lowering);
        };
        let open = lowering.program.sub(required, in_period);
        let open = lowering.positive(open);
        let worth = lowering.discount_curve(|t| self.settles_for(t).map_or(t, |settles| settles.max(t)));
        let running = lowering.program.mul(open, worth);
        let mut sum = running;
        // Use ahead of the running period counts for those that follow it on the same base.
        if self.deals.iter().filter_map(|deal| deal.rule).any(|rule| rule.cumulates) {
            let ahead = lowering.program.sub(in_period, required);
            let ahead = lowering.positive(ahead);
            let rest = self.beyond_ahead(lowering, ahead);
            sum = lowering.program.add(sum, rest);
        }
        if let Some(later) = self.after_running(lowering, false) {
            sum = lowering.program.add(sum, later);
        }
        Some(sum)
    }

    /// What of the periods that follow on the base of the running one is beyond what has been used ahead.
    fn beyond_ahead(&self, lowering: &mut Lowering<'_>, mut ahead: Reg) -> Reg {
        let mut sum = lowering.program.number(0.0);
        if lowering.yearly_rate().abs() <= 0.0 {
            // At no discount all of them are one.
            let Some(due) = self.after_running(lowering, true) else { return sum };
            let rest = lowering.program.sub(due, ahead);
            return lowering.positive(rest);
        }
        for settles in self.settles_after(0) {
            let settles = *settles;
            let worth = lowering.discount_curve(|t| settles.max(t));
            let due = self.weighed(lowering, |plan, deal, t| {
                let waits = plan.settles_for(t).is_some_and(|running| running < settles);
                let same = plan.base(settles) == plan.base(t.max(plan.term().first));
                if waits && same { plan.falls_due(deal, settles) } else { 0.0 }
            });
            let Some(due) = due else { continue };
            let rest = lowering.program.sub(due, ahead);
            let rest = lowering.positive(rest);
            let left = lowering.program.sub(ahead, due);
            ahead = lowering.positive(left);
            let rest = lowering.program.mul(rest, worth);
            sum = lowering.program.add(sum, rest);
        }
        sum
    }

    /// What falls due without use after the running period, as worth at the end of each month: on the base of
    /// that period, or on later ones. Sums from the end, so that a long contract costs no more than its
    /// months.
    fn after_running(&self, lowering: &mut Lowering<'_>, same: bool) -> Option<Reg> {
        let (rate, calendar) = (lowering.yearly_rate(), lowering.calendar);
        let all = self.settles_after(i64::MIN);
        let bases: Vec<i64> = all.iter().map(|settles| self.base(*settles)).collect();
        let first = self.term().first;
        let mut sum: Option<Reg> = None;
        for deal in &self.deals {
            let Some(minimum) = deal.minimum_reg(lowering) else { continue };
            let mut from_end = vec![0.0; all.len() + 1];
            for (at, settles) in all.iter().enumerate().rev() {
                let due = self.falls_due(deal, *settles) * calendar.worth(rate, 0, *settles);
                from_end[at] = from_end[at + 1] + due;
            }
            let curve = lowering.program.curve_of(|t| {
                let t = i64::from(t);
                let Some(running) = self.settles_for(t) else { return 0.0 };
                let next = self.settled_by(running).len();
                let base = self.base(t.max(first));
                let on_base = next + bases[next..].partition_point(|own| *own <= base);
                let (from, to) = if same { (next, on_base) } else { (on_base, all.len()) };
                (from_end[from] - from_end[to]) * calendar.worth(rate, t, 0)
            });
            let part = lowering.program.mul(minimum, curve);
            sum = Some(sum.map_or(part, |sum| lowering.program.add(sum, part)));
        }
        sum
    }

    /// What falls due without use after each month, as worth at its end.
    fn billed_after(&self, lowering: &mut Lowering<'_>) -> Option<Reg> {
        let (rate, calendar) = (lowering.yearly_rate(), lowering.calendar);
        let mut sum: Option<Reg> = None;
        for deal in &self.deals {
            let Some(minimum) = deal.minimum_reg(lowering) else { continue };
            let curve = lowering.program.curve(self.dated(deal).worth_after(&calendar, rate));
            let curve = lowering.program.op(Op::Curve(curve));
            let part = lowering.program.mul(minimum, curve);
            sum = Some(sum.map_or(part, |sum| lowering.program.add(sum, part)));
        }
        sum
    }

    /// The same up to month `last`, less what others buy.
    pub fn left_until(&self, lowering: &mut Lowering<'_>, last: i64) -> Option<Reg> {
        let (rate, calendar, kept) = (lowering.yearly_rate(), lowering.calendar, self.now()?.kept());
        self.weighed(lowering, |plan, deal, t| {
            let settles = plan.settles_after(t).iter().filter(|settles| **settles <= last);
            kept * settles.map(|at| plan.falls_due(deal, *at) * calendar.worth(rate, t, *at)).sum::<f64>()
        })
    }
}
