//! What a supply contract bills each month: usage, and the shortfall against the minimum where a period ends.

use keiretsu_program::{Feed, Op, Reg, Slot, Tag};

use super::plan::Plan;
use crate::lowering::Lowering;

/// What is owed each month, and for claims what of the running period has been billed after it.
pub(super) struct Bill {
    /// What is owed this month.
    pub owed: Reg,
    /// What counts against the running period, this month included; `None` without usage.
    pub in_period: Option<Reg>,
    /// What the running period requires; `None` without usage.
    pub required: Option<Reg>,
}

impl Plan<'_> {
    /// What is owed each month: usage, and the shortfall against the minimum where a period ends.
    pub fn bill(&self, lowering: &mut Lowering<'_>) -> Option<Bill> {
        let now = self.now()?;
        let usage = self.usage(lowering).map(|usage| self.while_it_buys(lowering, usage));
        let minimum = self.due_without_use(lowering);
        let some_time = self.billed_some_time(lowering);
        let (owed, settled) = match (usage, minimum) {
            (None, None) => (some_time?, None),
            (Some(usage), None) => {
                let nothing = lowering.program.number(0.0);
                (beyond_firm(lowering, usage, nothing), None)
            }
            (None, Some(minimum)) => (minimum, None),
            (Some(usage), Some(minimum)) if self.is_monthly() => {
                let nothing = lowering.program.number(0.0);
                let counted = beyond_firm(lowering, usage, nothing);
                (lowering.program.max(counted, minimum), None)
            }
            (Some(usage), Some(_)) => self.settled_bill(lowering, usage)?,
        };
        let owed = match some_time.filter(|some_time| *some_time != owed) {
            Some(some_time) => lowering.program.add(owed, some_time),
            None => owed,
        };
        let flow = lowering.flow(now.terms, None, owed, now.terms.obligee(), Tag::Service);
        if some_time.is_some() {
            lowering.nothing_dates(flow);
        }
        let (in_period, required) = settled.unzip();
        Some(Bill { owed, in_period, required })
    }

    /// Usage of a buyer that stands: one that has failed buys nothing more, which matters where a guarantee
    /// is called for what would have fallen due.
    fn while_it_buys(&self, lowering: &mut Lowering<'_>, usage: Reg) -> Reg {
        let Some(now) = self.now().filter(|now| lowering.is_covered(now.terms.id)) else { return usage };
        let failed = lowering.failed(now.terms.obligor());
        let stands = lowering.not(failed);
        lowering.if_holds(stands, usage)
    }

    /// Usage in money a month, over all versions.
    fn usage(&self, lowering: &mut Lowering<'_>) -> Option<Reg> {
        let parts: Vec<Reg> = self.deals.iter().filter_map(|deal| deal.usage(lowering)).collect();
        parts.into_iter().reduce(|sum, part| lowering.program.add(sum, part))
    }

    /// A minimum that is settled at the end of each period: what is owed, and with it what counts and what is
    /// required in the running period.
    fn settled_bill(&self, lowering: &mut Lowering<'_>, usage: Reg) -> Option<(Reg, Option<(Reg, Reg)>)> {
        let begun = self.begun(lowering);
        let counted_before = lowering.program.account(0.0);
        let so_far = lowering.program.op(Op::Account(counted_before));
        let so_far = lowering.program.add(so_far, begun.in_period);
        let before = self.since_base(lowering, so_far);
        let required = self.required(lowering, begun.required)?;
        let open = lowering.program.sub(required, before);
        let room = lowering.positive(open);
        let usage = lowering.positive(usage);
        let within = lowering.program.min(usage, room);
        let counted = beyond_firm(lowering, usage, within);
        let short = lowering.program.sub(room, counted);
        let short = lowering.positive(short);
        let settles = lowering.program.curve_of(|t| {
            let t = i64::from(t);
            f64::from(u8::from(self.settles_for(t) == Some(t)))
        });
        let shortfall = lowering.program.mul(short, settles);
        let owed = lowering.program.add(counted, shortfall);
        lowering.program.feed(counted_before, Feed::Value(owed));
        let in_period = lowering.program.add(before, owed);
        Some((owed, Some((in_period, required))))
    }

    /// What is required by the end of the running period: what earlier periods required where use cumulates,
    /// each at the minimum of its own time, and the running one's share.
    fn required(&self, lowering: &mut Lowering<'_>, begun: Reg) -> Option<Reg> {
        let running = self.weighed(lowering, |plan, deal, t| {
            plan.settles_for(t).map_or(0.0, |settles| plan.falls_due(deal, settles))
        })?;
        let due = self.due_without_use(lowering)?;
        let fell = lowering.program.account(0.0);
        lowering.program.feed(fell, Feed::Value(due));
        let fell = lowering.program.op(Op::Account(fell));
        let fell = lowering.program.add(fell, begun);
        let earlier = self.since_base(lowering, fell);
        Some(lowering.program.add(earlier, running))
    }

    /// A running sum less what it was when the running base was laid.
    fn since_base(&self, lowering: &mut Lowering<'_>, sum: Reg) -> Reg {
        let starts = |t: i64| self.base(t) == t - 1;
        let months = i64::from(lowering.calendar.months);
        if !(1..=months).any(starts) {
            return sum;
        }
        // Remembers the sum in the first month of each base and holds it until the next.
        let held = lowering.program.account(0.0);
        let before = lowering.program.op(Op::Account(held));
        let change = lowering.program.sub(sum, before);
        let begins = lowering.program.curve_of(|t| f64::from(u8::from(starts(i64::from(t)))));
        let step = lowering.program.mul(change, begins);
        lowering.program.feed(held, Feed::Value(step));
        let base = lowering.program.add(before, step);
        lowering.program.sub(sum, base)
    }
}

/// Usage as it counts: all of it, but in the firm reading only what `within` says.
pub(super) fn beyond_firm(lowering: &mut Lowering<'_>, usage: Reg, within: Reg) -> Reg {
    let counts = lowering.program.slot(Slot { firm: 0.0, ..Slot::constant(1.0) });
    let counts = lowering.program.read(counts);
    lowering.program.op(Op::Choose { when: counts, then: usage, otherwise: within })
}
