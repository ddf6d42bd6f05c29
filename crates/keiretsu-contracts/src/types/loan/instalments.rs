//! What an instalment repays: an equal part of the principal, or what a level payment leaves beside interest;
//! in numbers where the rate is one, and as registers of the run.
//!
//! Invariant: payments of an annuity at one rate are level, the first too where it follows the draw by less
//! than a period, as in ACTUS (ANN).

use keiretsu_program::{Op, Reg};

use super::debt::Debt;
use super::rhythm::{Repayment, Rhythm};
use super::schedule::Schedule;
use crate::lowering::Lowering;

impl Rhythm {
    /// The instalment of a month in which one falls due, of what is outstanding, at the rate of the month;
    /// `None` where a rate that is no number decides. `unborne`: the years of its period that bore no
    /// interest.
    ///
    /// With r the rate of a period and n instalments left, an annuity repays one part in
    /// `s = 1 + (1 + r) + ... + (1 + r)^(n - 1)`. Where interest is lower by u, the payment stays that of all
    /// others if the principal is higher by `u (1 - (1 + r)^(n - 1) / s)`.
    pub fn instalment_of(&self, owed: f64, t: i64, rate: Option<f64>, unborne: f64) -> Option<f64> {
        if self.repayment == Repayment::Linear {
            return Some(owed / self.left(t) as f64);
        }
        let period = rate? * self.every as f64 / 12.0;
        let (sum, growth) = (1..self.left(t)).fold((1.0, 1.0), |(sum, growth), _| {
            let growth = growth * (1.0 + period);
            (sum + growth, growth)
        });
        let late = owed * rate? * unborne;
        Some(if 0.0 < late { owed / sum + late * (1.0 - growth / sum) } else { owed / sum })
    }
}

impl Schedule<'_> {
    /// The years of the period of an instalment in which what it repays had not been drawn yet; 0 where no
    /// draw on a date falls into the period, or where interest is added and paid with no instalment.
    pub fn unborne(&self, t: i64) -> f64 {
        let rhythm = self.at(t);
        let drawn = self.drawn.iter().filter(|(at, _)| *at < t);
        let (all, late) = drawn.fold((0.0, 0.0), |(all, late), (at, share)| {
            (all + share, late + share * (rhythm.every - (t - at)).max(0) as f64 / 12.0)
        });
        if 0.0 < late && rhythm.instalment(t) && !rhythm.added { late / all } else { 0.0 }
    }

    /// The share of what is outstanding that an instalment pays in a month; `None` where a rate that is no
    /// number decides.
    pub fn instalment_share(&self, t: i64) -> Option<f64> {
        let rhythm = self.at(t);
        if rhythm.instalment(t) {
            rhythm.instalment_of(1.0, t, self.rate(t), self.unborne(t))
        } else {
            Some(0.0)
        }
    }
}

impl Debt<'_> {
    /// What is outstanding, over the instalments left (linear), or over the sum of their growth (annuity):
    /// so every instalment takes missed payments, prepayments and a changed rate into account.
    pub fn instalments(&self, lowering: &mut Lowering<'_>) -> Reg {
        let schedule = self.schedule;
        let mut sum = lowering.program.number(0.0);
        for kind in [Repayment::Annuity, Repayment::Linear] {
            if schedule.rhythms().all(|rhythm| rhythm.repayment != kind) {
                continue;
            }
            let due = if kind == Repayment::Annuity {
                self.level(lowering)
            } else {
                let left = |t: u32| schedule.at(i64::from(t)).left(i64::from(t)) as f64;
                let left = lowering.program.curve_of(left);
                lowering.program.op(Op::Div(self.owed, left))
            };
            let falls = |t: i64| schedule.at(t).repayment == kind && schedule.at(t).instalment(t);
            let falls = lowering.program.curve_of(|t| f64::from(u8::from(falls(i64::from(t)))));
            let due = lowering.if_holds(falls, due);
            sum = lowering.program.add(sum, due);
        }
        sum
    }

    /// The principal of a level payment, as the schedule has it.
    fn level(&self, lowering: &mut Lowering<'_>) -> Reg {
        let schedule = self.schedule;
        let [sum, power, step] = self.growth(lowering);
        let due = lowering.program.op(Op::Div(self.owed, sum));
        if (1..=lowering.calendar.months).all(|t| schedule.unborne(i64::from(t)) <= 0.0) {
            return due;
        }
        let unborne = lowering.program.curve_of(|t| schedule.unborne(i64::from(t)));
        let yearly = lowering.program.mul(self.owed, self.rate);
        let late = lowering.program.mul(yearly, unborne);
        let last = lowering.program.op(Op::Div(power, step));
        let part = lowering.program.op(Op::Div(last, sum));
        let part = lowering.program.mul(late, part);
        let more = lowering.program.sub(late, part);
        lowering.program.add(due, more)
    }

    /// With n the instalments left and r the rate of a period: `1 + (1 + r) + ... + (1 + r)^(n - 1)`, `(1 +
    /// r)^n` and `1 + r`; bit by bit from the highest of n: doubling n multiplies the sum by `1 + (1 + r)^n`,
    /// one more adds a power.
    fn growth(&self, lowering: &mut Lowering<'_>) -> [Reg; 3] {
        let schedule = self.schedule;
        let left = |t: u32| schedule.at(i64::from(t)).left(i64::from(t));
        let most = (0..=lowering.calendar.months).map(left).max().unwrap_or(1).max(1) as u64;
        let bits = u64::BITS - most.leading_zeros();
        let one = lowering.program.number(1.0);
        let period = lowering.program.curve_of(|t| schedule.at(i64::from(t)).every as f64 / 12.0);
        let period = lowering.program.mul(self.rate, period);
        let step = lowering.program.add(one, period);
        let (mut sum, mut power) = (lowering.program.number(0.0), one);
        for bit in (0..bits).rev() {
            let odd = lowering.program.curve_of(|t| (left(t) >> bit & 1) as f64);
            let grown = lowering.program.add(one, power);
            sum = lowering.program.mul(sum, grown);
            power = lowering.program.mul(power, power);
            let more = lowering.program.mul(odd, power);
            sum = lowering.program.add(sum, more);
            let stepped = lowering.program.mul(power, step);
            power = lowering.program.op(Op::Choose { when: odd, then: stepped, otherwise: power });
        }
        [sum, power, step]
    }
}
