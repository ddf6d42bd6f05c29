//! A supply contract as a whole: its versions, and the one schedule by which its minimum falls due.
//!
//! What is short of the minimum is settled at the end of each period, counted from the start of the contract
//! whatever as-of is; an amendment changes what falls from its month on, and the rhythm only if its period is
//! another one. Commitments, claims and bills read this schedule.

use keiretsu_model::Standing;
use keiretsu_model::record::Stated;
use keiretsu_program::{Reg, Tag};
use keiretsu_values::Value;

use super::deal::Deal;
use crate::calendar::TermMonths;
use crate::commitments::{Promise, nothing};
use crate::dated::{Dated, merged};
use crate::lowering::Lowering;
use crate::side::Due;
use crate::terms::Terms;
use crate::undated::until_unknown;

/// A supply contract with all its versions.
pub(super) struct Plan<'a> {
    /// The versions that hold in some month of the contract, in order.
    pub deals: Vec<Deal<'a>>,
    /// The months in which what is short is billed, in order.
    settles: Vec<i64>,
}

impl<'a> Plan<'a> {
    pub fn new(lowering: &Lowering<'_>, versions: &'a [Terms<'a>]) -> Self {
        let all = versions.iter().map(|terms| Deal::new(lowering, terms));
        let deals: Vec<Deal<'a>> = all.filter(|deal| deal.held.first <= deal.held.last).collect();
        let mut settles: Vec<i64> =
            deals.iter().enumerate().flat_map(|(at, _)| settles(&deals, at)).collect();
        settles.sort_unstable();
        settles.dedup();
        Self { deals, settles }
    }

    /// The version in force at as-of, else the one that is next in force.
    pub fn now(&self) -> Option<&Deal<'a>> {
        self.deals.iter().find(|deal| deal.terms.current).or_else(|| self.deals.first())
    }

    /// All months of the contract.
    pub fn term(&self) -> TermMonths {
        let first = self.deals.first().map_or(1, |deal| deal.held.first);
        TermMonths { first, last: self.deals.last().map_or(first, |deal| deal.held.last) }
    }

    /// Whether every minimum is billed month by month, with nothing to make up.
    pub fn is_monthly(&self) -> bool {
        let rules = self.deals.iter().filter_map(|deal| deal.rule);
        rules.into_iter().all(|rule| rule.period == 1 && !rule.cumulates)
    }

    /// The months up to `t` in which what is short is billed, in order.
    pub fn settled_by(&self, t: i64) -> &[i64] {
        &self.settles[..self.settles.partition_point(|settles| *settles <= t)]
    }

    /// The month that bills, at its end, the shortfall of month `t`; none while nothing is required.
    pub fn settles_for(&self, t: i64) -> Option<i64> {
        if self.deals.iter().any(|deal| deal.held.holds(t) && deal.rule.is_none()) {
            return None;
        }
        self.settles_after(t - 1).first().copied()
    }

    /// The months after `t` in which something is billed that falls due without use.
    pub fn settles_after(&self, t: i64) -> &[i64] {
        &self.settles[self.settled_by(t).len()..]
    }

    /// The last month before the one from which use in month `t` counts against the minimum.
    pub fn base(&self, t: i64) -> i64 {
        let Some(at) = self.deals.iter().position(|deal| deal.held.holds(t)) else { return t - 1 };
        let rule = self.deals[at].rule;
        let first = (0..=at).rev().take_while(|before| self.deals[*before].rule == rule).last().unwrap_or(at);
        let start = self.deals[first].held.first - 1;
        match rule {
            Some(rule) if rule.cumulates => start,
            Some(_) => self.settled_by(t - 1).last().map_or(start, |settled| (*settled).max(start)),
            None => t - 1,
        }
    }

    /// The share, or the years, of a version's minimum that fall due in month `t` without use.
    pub fn falls_due(&self, deal: &Deal<'_>, t: i64) -> f64 {
        if self.settles.binary_search(&t).is_err() {
            return 0.0;
        }
        let before = self.settled_by(t - 1).last().copied().unwrap_or(i64::MIN / 4);
        deal.falls(before, t)
    }

    /// The same as dates.
    pub fn dated(&self, deal: &Deal<'_>) -> Dated {
        // A version's last share falls due with the period in which it ends.
        let last = self.settles_for(deal.held.last).unwrap_or(deal.held.last);
        let months = TermMonths { first: deal.held.first, last };
        Dated::by_month(months, &deal.calendar, |t| self.falls_due(deal, t))
    }

    /// What falls due without use, by month of the run: each version's minimum times its share.
    pub fn due_without_use(&self, lowering: &mut Lowering<'_>) -> Option<Reg> {
        self.weighed(lowering, Self::falls_due)
    }

    /// The sum over versions of the minimum times a number for each month of the run.
    pub fn weighed(
        &self,
        lowering: &mut Lowering<'_>,
        weight: impl Fn(&Self, &Deal<'_>, i64) -> f64,
    ) -> Option<Reg> {
        let mut sum: Option<Reg> = None;
        for deal in &self.deals {
            let Some(minimum) = deal.minimum_reg(lowering) else { continue };
            let curve = lowering.program.curve_of(|t| weight(self, deal, i64::from(t)));
            let part = lowering.program.mul(minimum, curve);
            sum = Some(sum.map_or(part, |sum| lowering.program.add(sum, part)));
        }
        sum
    }

    /// What is billed without further use, from the start of the contract, less what was prepaid.
    fn bills(&self, lowering: &Lowering<'_>) -> Vec<Due> {
        let of = |dues: &dyn Fn(&Deal<'_>, &Stated) -> Vec<Due>| {
            merged(self.deals.iter().filter_map(|deal| Some(dues(deal, deal.minimum?))))
        };
        let prepaid = self.prepaid(lowering);
        if prepaid.is_none() && !self.deals.iter().any(|deal| deal.record.has("usage")) {
            return of(&|deal, stated| lowering.dues_of(stated, deal.standing, &self.dated(deal)));
        }
        let bills = of(&|deal, stated| lowering.entered_dues(stated, deal.standing, &self.dated(deal)));
        let bills = self.as_used(lowering, bills);
        lowering.posted_dues(prepaid.map_or(bills.clone(), |prepaid| prepaid.taken_off(bills)))
    }

    /// What falls due without use: the prepayment on its day, and the bills that it leaves.
    pub fn dues(&self, lowering: &Lowering<'_>) -> Vec<Due> {
        let ahead = self.prepaid(lowering).map(|prepaid| vec![prepaid.line(lowering).due]);
        merged(ahead.into_iter().chain([self.bills(lowering)]))
    }

    /// Notes what was paid before as-of.
    pub fn past(&self, lowering: &mut Lowering<'_>) {
        let Some(now) = self.now().filter(|now| !lowering.in_whole(now.terms.contract)) else { return };
        if !matches!(now.standing, Standing::Paid | Standing::Binding) {
            return;
        }
        let sides = [now.terms.obligor(), now.terms.obligee()];
        if let Some(prepaid) = self.prepaid(lowering) {
            let due = [prepaid.line(lowering).due];
            lowering.past_dues(now.terms, Some("prepayment"), sides, &due, Tag::Service);
        }
        let bills = self.bills(lowering);
        lowering.past_dues(now.terms, None, sides, &bills, Tag::Service);
    }

    /// Notes what the buyer commits to.
    pub fn promise(&self, lowering: &mut Lowering<'_>) {
        let Some(now) = self.now() else { return };
        // The contract commits as a whole, whichever of its versions holds first.
        let terms = Terms { current: true, ..*now.terms };
        let first = self.deals.iter().find_map(|deal| deal.minimum.or(deal.undated));
        let Some(minimum) = first else { return };
        let undated = lowering.posted_on(&self.undated(lowering), lowering.model.as_of);
        let dues = self.dues(lowering);
        let (dues, undated) = if self.is_endless() { until_unknown(dues, &undated) } else { (dues, undated) };
        let ends = undated.iter().all(Value::is_zero);
        let promise = Promise {
            tranche: None,
            to: now.terms.obligee(),
            tag: Tag::Service,
            standing: now.standing,
            dues,
            undated,
            span: minimum.span,
        };
        let paid_ahead = self.prepaid(lowering).map(|prepaid| prepaid.line(lowering));
        if !self.is_over() && !lowering.in_whole(now.terms.contract) {
            lowering.side.prepayments.extend(paid_ahead);
        }
        let over = self.term().count() as f64 / 12.0;
        let total = self.total(lowering);
        lowering.promise(&terms, promise);
        if let Some(last) = lowering.side.commitments.last_mut() {
            (last.over, last.total) = (Some(over).filter(|_| ends), total);
        }
    }

    /// What all bills come to before use moves them, where no rate of exchange makes their days matter.
    fn total(&self, lowering: &Lowering<'_>) -> Option<[Value; 3]> {
        let moved = self.deals.iter().any(|deal| deal.record.has("usage"));
        let undated = self.deals.iter().any(|deal| deal.undated.is_some());
        if !moved || undated || lowering.books.is_some() || self.prepaid(lowering).is_some() {
            return None;
        }
        let bills = self
            .deals
            .iter()
            .filter_map(|deal| Some(lowering.dues_of(deal.minimum?, deal.standing, &self.dated(deal))));
        let sum = |[a, b, c]: [Value; 3], due: Due| {
            let [x, y, z] = &due.amounts;
            [a.plus(x), b.plus(y), c.plus(z)]
        };
        Some(bills.flatten().fold(nothing(), sum))
    }

    /// Whether the contract is over, or never came about.
    pub fn is_over(&self) -> bool {
        self.now().is_none_or(|now| matches!(now.standing, Standing::Lapsed | Standing::Terminated))
    }
}

/// The months in which one version bills what is short.
fn settles(deals: &[Deal<'_>], at: usize) -> Vec<i64> {
    let deal = &deals[at];
    let Some(rule) = deal.rule else { return vec![] };
    let goes_on = deals.get(at + 1).is_some_and(|next| next.rule == Some(rule));
    let ends = |t: i64| {
        let months = t - deal.term.first + 1;
        months % rule.period == 0 || t == deal.term.last || (t == deal.held.last && !goes_on)
    };
    (deal.held.first..=deal.held.last).filter(|t| ends(*t)).collect()
}
