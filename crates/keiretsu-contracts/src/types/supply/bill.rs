//! What a supply contract bills each month: usage, and the shortfall against the minimum where a period ends.

use keiretsu_program::{Feed, Op, Reg, Slot, Tag};
use keiretsu_values::Dimension;

use super::deal::Deal;
use crate::lowering::Lowering;

impl Deal<'_> {
    /// What is owed each month: usage, and the shortfall against the minimum where a period ends.
    pub(super) fn bill(&self, lowering: &mut Lowering<'_>) {
        let usage = self.usage(lowering);
        let minimum = self.minimum_reg(lowering);
        let owed = match (usage, minimum) {
            (None, None) => return,
            (Some(usage), None) => {
                let nothing = lowering.program.number(0.0);
                Self::beyond_firm(lowering, usage, nothing)
            }
            (usage, Some(minimum)) if self.period() == 1 => self.monthly_bill(lowering, usage, minimum),
            (usage, Some(minimum)) => self.settled_bill(lowering, usage, minimum),
        };
        lowering.flow(self.terms, None, owed, self.terms.obligee(), Tag::Service);
    }

    /// Usage in money a month, in the months in which this version holds. It may be below zero where a
    /// formula is; what is due never is.
    fn usage(&self, lowering: &mut Lowering<'_>) -> Option<Reg> {
        let formula = self.record.formula("usage")?;
        let mut usage = lowering.formula_term(self.terms, "usage")?;
        if lowering.model.dimension_of(formula) == Some(Dimension::POWER) {
            let price = lowering.formula_term(self.terms, "price")?;
            usage = lowering.program.mul(usage, price);
        }
        let monthly = self.a_month(lowering);
        Some(lowering.program.mul(usage, monthly))
    }

    /// A twelfth in the months in which this version holds, else nothing.
    fn a_month(&self, lowering: &mut Lowering<'_>) -> Reg {
        let held = lowering.active(self.held);
        lowering.monthly(held)
    }

    /// Usage as it counts: all of it, but in the firm reading only what `within` says.
    fn beyond_firm(lowering: &mut Lowering<'_>, usage: Reg, within: Reg) -> Reg {
        let counts = lowering.program.slot(Slot { firm: 0.0, ..Slot::constant(1.0) });
        let counts = lowering.program.read(counts);
        lowering.program.op(Op::Choose { when: counts, then: usage, otherwise: within })
    }

    /// A minimum per month: the greater of usage and minimum; in the firm reading the minimum.
    fn monthly_bill(&self, lowering: &mut Lowering<'_>, usage: Option<Reg>, minimum: Reg) -> Reg {
        let monthly = self.a_month(lowering);
        let minimum = lowering.program.mul(minimum, monthly);
        let Some(usage) = usage else { return minimum };
        let nothing = lowering.program.number(0.0);
        let counted = Self::beyond_firm(lowering, usage, nothing);
        lowering.program.max(counted, minimum)
    }

    /// A minimum that is settled at the end of each period.
    fn settled_bill(&self, lowering: &mut Lowering<'_>, usage: Option<Reg>, minimum: Reg) -> Reg {
        let billed = lowering.program.account(0.0);
        let so_far = lowering.program.op(Op::Account(billed));
        let carried = self.carried(lowering, so_far);
        let in_period = lowering.program.sub(so_far, carried);
        let cumulates = self.is_total() || self.record.flag("carry");
        let base = |end: i64| if cumulates { 0.0 } else { self.fallen(self.period_end(end - self.period())) };
        // Against the end of the running period, so that usage within it is never beyond the minimum.
        let ahead = lowering.program.curve_of(|t| {
            let end = self.period_end(i64::from(t));
            self.fallen(end) - base(end)
        });
        let required = lowering.program.mul(minimum, ahead);
        let open = lowering.program.sub(required, in_period);
        let zero = lowering.program.number(0.0);
        let room = lowering.program.max(open, zero);
        let counted = match usage {
            Some(usage) => {
                let usage = lowering.program.max(usage, zero);
                let within = lowering.program.min(usage, room);
                Self::beyond_firm(lowering, usage, within)
            }
            None => zero,
        };
        let short = lowering.program.sub(room, counted);
        let short = lowering.program.max(short, zero);
        let settles = lowering.program.curve_of(|t| f64::from(u8::from(self.settles(i64::from(t)))));
        let shortfall = lowering.program.mul(short, settles);
        let owed = lowering.program.add(counted, shortfall);
        lowering.program.feed(billed, Feed::Value(owed));
        owed
    }

    /// What had been billed when the running period began; nothing where shortfalls cumulate.
    fn carried(&self, lowering: &mut Lowering<'_>, so_far: Reg) -> Reg {
        if self.is_total() || self.record.flag("carry") {
            return lowering.program.number(0.0);
        }
        // Remember the running sum in the first month of each period and hold it until the next.
        let starts = |t: i64| self.held.first <= t && (t == self.held.first || self.settles(t - 1));
        let held = lowering.program.account(0.0);
        let before = lowering.program.op(Op::Account(held));
        let change = lowering.program.sub(so_far, before);
        let begins = lowering.program.curve_of(|t| f64::from(u8::from(starts(i64::from(t)))));
        let step = lowering.program.mul(change, begins);
        lowering.program.feed(held, Feed::Value(step));
        lowering.program.add(before, step)
    }
}
