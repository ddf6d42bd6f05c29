//! Amounts that nothing dates: in totals as they are said, in no year, and in the run possible in every
//! month. And amounts per time of which nothing says until when they run: as read they run as long as we
//! look, and in no reading are they sure to.
//!
//! Invariant: nothing of them is ever read as falling due, and no month in which they may is read as free of
//! them.

use keiretsu_model::Standing;
use keiretsu_program::{Distribution, FlowId, Op, Reg};
use keiretsu_values::{Reading, Set, Value};

use crate::calendar::TermMonths;
use crate::lowering::Lowering;
use crate::side::Due;
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

    /// What a failure leaves of dues of which nothing says until when they run: as read until we look no
    /// further, and any part or multiple of it.
    pub(crate) fn left_until_unknown(&mut self, left: Reg) -> Reg {
        let share = self.program.slot(steady(&Value::partly(1.0, Set::NOT_NEGATIVE, NO_END)));
        let share = self.program.read(share);
        self.program.mul(left, share)
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

/// Why an amount per time is open at both ends.
const NO_END: &str = "no end is given";

/// Dues per time of which nothing says until when they run, and what is undated beside them: each due to come
/// is as read the most that it can be, and there may be more of them than we look at.
pub(crate) fn until_unknown(dues: Vec<Due>, undated: &[Value; 3]) -> (Vec<Due>, [Value; 3]) {
    let to_come = |due: &Due, reading: Reading| !due.past && !due.amounts[reading].is_zero();
    let more = Value::partly(0.0, Set::NOT_NEGATIVE, NO_END);
    let beyond = Reading::ALL.map(|reading| {
        let falls = dues.iter().any(|due| to_come(due, reading));
        if falls { undated[reading].plus(&more) } else { undated[reading].clone() }
    });
    let may = Value::new(1.0, Set::SHARE);
    let perhaps = |due: Due| {
        let amounts = if due.past { due.amounts } else { due.amounts.map(|amount| amount.scaled(&may)) };
        Due { amounts, ..due }
    };
    (dues.into_iter().map(perhaps).collect(), beyond)
}

/// Whether an amount without a date binds, so that it may fall due.
pub(crate) fn may_fall(standing: Standing) -> bool {
    matches!(standing, Standing::Paid | Standing::Binding)
}

#[cfg(test)]
mod tests;
