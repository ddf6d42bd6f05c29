//! Runs the steps of the tape over the rows of a block.
#![expect(clippy::inline_always, reason = "the bodies of loops are compiled for each instruction set")]

use keiretsu_maths::lanes::{Kernel, Lanes};
use keiretsu_program::Change;

use crate::logic;
use crate::plan::table::{Unmet, latch};
use crate::plan::tape::Code;
use crate::rows::Arg;

/// `out = f(a, b)`, path by path.
#[inline(always)]
pub fn zip(out: &mut [f64], a: Arg, b: Arg, f: impl Fn(f64, f64) -> f64) {
    match (a, b) {
        (Arg::Many(a), Arg::Many(b)) => {
            for ((out, a), b) in out.iter_mut().zip(a).zip(b) {
                *out = f(*a, *b);
            }
        }
        (Arg::Many(a), Arg::One(b)) => {
            for (out, a) in out.iter_mut().zip(a) {
                *out = f(*a, b);
            }
        }
        (Arg::One(a), Arg::Many(b)) => {
            for (out, b) in out.iter_mut().zip(b) {
                *out = f(a, *b);
            }
        }
        (Arg::One(a), Arg::One(b)) => out.fill(f(a, b)),
    }
}

/// One or two rows to one.
pub struct Apply<'a> {
    /// What to do.
    pub code: Code,
    /// Where the result goes.
    pub out: &'a mut [f64],
    /// The first operand.
    pub a: Arg<'a>,
    /// The second operand.
    pub b: Arg<'a>,
}

impl Kernel for Apply<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Apply { code, out, a, b } = self;
        match code {
            Code::Copy => zip(out, a, Arg::One(0.0), |a, _| a),
            Code::Add => zip(out, a, b, |a, b| a + b),
            Code::Sub => zip(out, a, b, |a, b| a - b),
            Code::Mul => zip(out, a, b, |a, b| a * b),
            Code::Div => zip(out, a, b, logic::quotient),
            Code::Min => zip(out, a, b, logic::lesser),
            Code::Max => zip(out, a, b, logic::greater),
            Code::MinKnown => zip(out, a, b, |a, b| if a < b { a } else { b }),
            Code::MaxKnown => zip(out, a, b, |a, b| if a > b { a } else { b }),
            Code::AtLeast => zip(out, a, b, logic::at_least),
            Code::MoreThan => zip(out, a, b, logic::more_than),
            Code::And => zip(out, a, b, logic::and),
            Code::Or => zip(out, a, b, logic::or),
        }
    }
}

/// `then` where `when`, else `otherwise`.
pub struct ChooseRows<'a> {
    /// Where the result goes.
    pub out: &'a mut [f64],
    /// A truth.
    pub when: Arg<'a>,
    /// Where it holds.
    pub then: Arg<'a>,
    /// Where it does not.
    pub otherwise: Arg<'a>,
}

impl Kernel for ChooseRows<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let ChooseRows { out, when, then, otherwise } = self;
        match (when, then, otherwise) {
            (Arg::Many(when), Arg::One(then), Arg::One(otherwise)) => {
                zip(out, Arg::Many(when), Arg::One(0.0), |when, _| logic::choose(when, then, otherwise));
            }
            (Arg::Many(when), Arg::Many(then), Arg::One(otherwise)) => {
                zip(out, Arg::Many(when), Arg::Many(then), |when, then| logic::choose(when, then, otherwise));
            }
            (Arg::Many(when), Arg::One(then), Arg::Many(otherwise)) => {
                let f = |when, otherwise| logic::choose(when, then, otherwise);
                zip(out, Arg::Many(when), Arg::Many(otherwise), f);
            }
            (Arg::One(when), then, otherwise) => {
                zip(out, then, otherwise, |then, otherwise| logic::choose(when, then, otherwise));
            }
            (Arg::Many(when), Arg::Many(then), Arg::Many(otherwise)) => {
                for (((out, when), then), otherwise) in out.iter_mut().zip(when).zip(then).zip(otherwise) {
                    *out = logic::choose(*when, *then, *otherwise);
                }
            }
        }
    }
}

/// A latch, in place.
pub struct LatchRow<'a> {
    /// What it held last month, then holds this month.
    pub held: &'a mut [f64],
    /// The condition.
    pub when: Arg<'a>,
    /// This month.
    pub t: usize,
    /// The last month in which it can be met.
    pub lapse: u32,
    /// What it makes of the unknown.
    pub unmet: Unmet,
}

impl Kernel for LatchRow<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let LatchRow { held, when, t, lapse, unmet } = self;
        match when {
            Arg::One(when) => held.iter_mut().for_each(|held| *held = latch(*held, when, t, lapse, unmet)),
            Arg::Many(when) => {
                for (held, when) in held.iter_mut().zip(when) {
                    *held = latch(*held, *when, t, lapse, unmet);
                }
            }
        }
    }
}

/// What an overlay makes of a row.
pub fn overlay(lanes: Lanes, row: &mut [f64], change: Change) {
    lanes.run(OverlayRow { row, change });
}

struct OverlayRow<'a> {
    row: &'a mut [f64],
    change: Change,
}

impl Kernel for OverlayRow<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for value in self.row {
            *value = logic::changed(self.change, *value);
        }
    }
}

/// What is due: not negative, nothing where it is unknown.
pub struct DueRow<'a> {
    /// Where it goes.
    pub out: &'a mut [f64],
    /// The amount.
    pub amount: Arg<'a>,
}

impl Kernel for DueRow<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        zip(self.out, self.amount, Arg::One(0.0), |amount, _| logic::due(amount));
    }
}

/// Nothing where a truth holds.
pub struct EndRow<'a> {
    /// What is due.
    pub out: &'a mut [f64],
    /// Where it has ended.
    pub ended: &'a [f64],
}

impl Kernel for EndRow<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (out, ended) in self.out.iter_mut().zip(self.ended) {
            *out = if *ended > 0.5 { 0.0 } else { *out };
        }
    }
}

/// Adds a row to what one pays and to what another receives.
pub struct Post<'a> {
    /// What the payer pays.
    pub out: &'a mut [f64],
    /// What the payee receives.
    pub into: &'a mut [f64],
    /// The payment.
    pub amount: Arg<'a>,
}

impl Kernel for Post<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Post { out, into, amount } = self;
        match amount {
            Arg::One(amount) => {
                for (out, into) in out.iter_mut().zip(into) {
                    *out += amount;
                    *into += amount;
                }
            }
            Arg::Many(amount) => {
                for ((out, into), amount) in out.iter_mut().zip(into).zip(amount) {
                    *out += amount;
                    *into += amount;
                }
            }
        }
    }
}

/// Adds a row to another.
pub struct AddTo<'a> {
    /// Grows.
    pub out: &'a mut [f64],
    /// By this.
    pub by: Arg<'a>,
}

impl Kernel for AddTo<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        match self.by {
            Arg::One(by) => self.out.iter_mut().for_each(|out| *out += by),
            Arg::Many(by) => {
                for (out, by) in self.out.iter_mut().zip(by) {
                    *out += by;
                }
            }
        }
    }
}

/// What is due, posted at once.
pub struct DuePost<'a> {
    /// What the payer pays.
    pub out: &'a mut [f64],
    /// What the payee receives.
    pub into: &'a mut [f64],
    /// The amount.
    pub amount: &'a [f64],
}

impl Kernel for DuePost<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for ((out, into), amount) in self.out.iter_mut().zip(self.into).zip(self.amount) {
            let due = logic::due(*amount);
            *out += due;
            *into += due;
        }
    }
}

/// Whether a row is above a limit anywhere.
pub struct AnyAbove<'a> {
    /// The row.
    pub row: &'a [f64],
    /// The limit.
    pub limit: f64,
}

impl Kernel for AnyAbove<'_> {
    type Output = bool;

    #[inline(always)]
    fn run(self) -> bool {
        self.row.iter().fold(false, |any, value| any | (*value > self.limit))
    }
}
