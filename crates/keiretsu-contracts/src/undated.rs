//! Amounts that nothing dates: in totals as they are said, in no year, and in the run possible in every
//! month.
//!
//! Invariant: nothing of them is ever read as falling due, and no month in which they may is read as free of
//! them.

use keiretsu_model::Standing;
use keiretsu_program::{Distribution, FlowId, Op, Reg};
use keiretsu_values::{Set, Value};

use crate::calendar::TermMonths;
use crate::lowering::Lowering;
use crate::slots::{slot_of, steady};
use crate::terms::Terms;

impl Lowering<'_> {
    /// An amount that may fall due in any month from a first one on, whole or in part.
    pub(crate) fn some_time(&mut self, amounts: [Value; 3], first: i64) -> Reg {
        let any = |value: Value| {
            if value.is_zero() {
                value
            } else {
                Value::unread("nothing dates it", Set::between(0.0, value.set().high))
            }
        };
        let slot = slot_of(amounts.map(any), Distribution::Point(f64::NAN));
        let slot = self.program.slot(slot);
        let amount = self.program.read(slot);
        let since = self.active(TermMonths { first, last: i64::MAX });
        self.if_holds(since, amount)
    }

    /// Notes that nothing dates what a flow carries.
    pub(crate) fn nothing_dates(&mut self, flow: FlowId) {
        self.side.undated.push(flow);
    }

    /// What an amount may be in any month, of one that falls due at a time that nothing says.
    pub(crate) fn any_part(&mut self, amount: Reg) -> Reg {
        let part = self.program.slot(steady(&Value::unread("nothing dates it", Set::SHARE)));
        let part = self.program.read(part);
        self.program.mul(amount, part)
    }

    /// What stands of an amount of which nothing says when it falls due: all of it as read, which is the most
    /// that can, from a month on.
    pub(crate) fn perhaps_still(&mut self, amount: Reg, first: i64) -> Reg {
        let all = Value::new(1.0, Set::SHARE);
        let share = self.program.slot(steady(&all));
        let share = self.program.read(share);
        let perhaps = self.program.mul(amount, share);
        let when = self.active(TermMonths { first, last: i64::MAX });
        self.program.op(Op::Choose { when, then: perhaps, otherwise: amount })
    }

    /// Notes that a contract without a start begins after as-of.
    pub(crate) fn assume_start(&mut self, terms: &Terms<'_>) {
        if !["from", "when"].iter().any(|term| terms.record.has(term)) {
            self.assume(format!("{} starts after as-of: no start is given", terms.contract.name));
        }
    }

    /// Notes that a contract without any of these ends runs as long as we look.
    pub(crate) fn assume_end(&mut self, terms: &Terms<'_>, ends: &[&str]) {
        if !ends.iter().any(|term| terms.record.has(term)) {
            self.assume(format!("{} runs to the horizon: no end is given", terms.contract.name));
        }
    }

    /// A register of an amount of which nothing is known but what it can be.
    pub(crate) fn unread(&mut self, reason: &'static str, set: Set) -> Reg {
        let slot = self.program.slot(steady(&Value::unread(reason, set)));
        self.program.read(slot)
    }
}

/// Whether an amount without a date binds, so that it may fall due.
pub(crate) fn may_fall(standing: Standing) -> bool {
    matches!(standing, Standing::Paid | Standing::Binding)
}

#[cfg(test)]
mod tests;
