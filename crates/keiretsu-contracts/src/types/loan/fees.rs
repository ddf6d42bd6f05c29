//! Fees of a loan: on what is drawn, on what could still be drawn, and on what is prepaid.

use keiretsu_program::{Op, Reg, Tag};

use super::debt::Debt;
use crate::lowering::Lowering;

impl Debt<'_> {
    /// A fee on what is drawn, on what could still be drawn, and on what is prepaid.
    pub(super) fn fees(&self, lowering: &mut Lowering<'_>, ends: Reg, draw: Reg, rank: u8) {
        let mut parts = Vec::new();
        if let Some(rate) = lowering.term_in_force(self.terms, "upfront_fee") {
            parts.push(lowering.program.mul(draw, rate));
        }
        if let Some(rate) = lowering.term_in_force(self.terms, "undrawn_fee") {
            let undrawn = self.undrawn(lowering);
            let yearly = lowering.program.mul(undrawn, rate);
            let monthly = lowering.monthly(yearly);
            let open = lowering.not(ends);
            parts.push(lowering.if_holds(open, monthly));
        }
        if let (Some(rate), Some(prepaid)) = (
            lowering.term_in_force(self.terms, "prepayment_fee"),
            lowering.latched(self.record, "prepaid_when"),
        ) {
            let first = lowering.program.op(Op::Rise(prepaid));
            let on = lowering.if_holds(first, self.owed);
            parts.push(lowering.program.mul(on, rate));
        }
        let Some(sum) = parts.into_iter().reduce(|a, b| lowering.program.add(a, b)) else { return };
        lowering.flow_back(self.terms, "fee", sum, rank, Tag::Fee);
    }

    /// What the lender still stands ready to lend.
    fn undrawn(&self, lowering: &mut Lowering<'_>) -> Reg {
        let calendar = lowering.calendar;
        let draws = self.schedule.draws(self.standing);
        let past: f64 =
            draws.0.iter().flat_map(|held| held.dated.past(&calendar)).map(|(_, share)| share).sum();
        let before = lowering.times(self.amount, past);
        let so_far = lowering.paid_on(self.drawn);
        let drawn = lowering.program.add(before, so_far);
        let used = self.where_revolving(lowering, self.owed, drawn);
        let undrawn = lowering.program.sub(self.amount, used);
        lowering.positive(undrawn)
    }
}
