//! Registers that contract types are made of: months of a term, truths as switches, what is positive.

use std::rc::Rc;

use keiretsu_program::{Op, Reg, Slot};

use crate::calendar::TermMonths;
use crate::lowering::Lowering;

impl Lowering<'_> {
    /// The value of a register at as-of: a lag longer than the run reaches it in every month.
    pub fn at_start(&mut self, of: Reg) -> Reg {
        let months = self.calendar.months.max(1);
        self.program.op(Op::Lag { of, months })
    }

    /// The yearly rate at which claims are discounted; zero where the model gives none.
    pub fn yearly_rate(&self) -> f64 {
        self.worths.rate()
    }

    /// What money in a month that `when` gives for each is worth at the end of that month.
    pub fn discount_curve(&mut self, when: impl Fn(i64) -> i64) -> Reg {
        let worths = Rc::clone(&self.worths);
        self.program.curve_of(|t| worths.at(i64::from(t), when(i64::from(t))))
    }

    /// 1 in the months of a term, else 0.
    pub fn active(&mut self, term: TermMonths) -> Reg {
        self.program.curve_of(|t| f64::from(term.first <= i64::from(t) && i64::from(t) <= term.last))
    }

    /// 1 in one month, else 0; `None` if it is not run.
    pub fn only_in(&mut self, month: i64) -> Option<Reg> {
        (1..=i64::from(self.calendar.months))
            .contains(&month)
            .then(|| self.active(TermMonths { first: month, last: month }))
    }

    /// 1 in the expected and headline readings and on paths, 0 in the firm one.
    pub(crate) fn beyond_firm(&mut self) -> Reg {
        let counts = self.program.slot(Slot { firm: 0.0, ..Slot::constant(1.0) });
        self.program.read(counts)
    }

    /// What is positive of a register.
    pub(crate) fn positive(&mut self, reg: Reg) -> Reg {
        let zero = self.program.number(0.0);
        self.program.max(reg, zero)
    }

    /// `1 - truth`.
    pub(crate) fn not(&mut self, truth: Reg) -> Reg {
        self.program.op(Op::Not(truth))
    }

    /// A truth times an amount; nothing where the truth is 0, even if the amount is unknown.
    pub(crate) fn if_holds(&mut self, truth: Reg, amount: Reg) -> Reg {
        let zero = self.program.number(0.0);
        self.program.op(Op::Choose { when: truth, then: amount, otherwise: zero })
    }

    /// A register times a number.
    pub(crate) fn times(&mut self, reg: Reg, by: f64) -> Reg {
        if by.to_bits() == 1.0_f64.to_bits() {
            return reg;
        }
        let by = self.program.number(by);
        self.program.mul(reg, by)
    }
}
