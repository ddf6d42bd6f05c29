//! What would be lost if a party failed this month, path by path, and what is lost where it does.

use keiretsu_program::Quantity;

use crate::rows::Place;
use crate::work::Work;

impl Work<'_> {
    /// Exposures just before the defaults of the month: nothing to a party that has failed before.
    pub fn expose(&mut self, t: u32) {
        let plan = self.plan;
        for (exposure, rows) in plan.spec.exposures.iter().zip(&plan.layout.exposures) {
            for lane in 0..self.rows.width() {
                let amount = |part: &Quantity| self.part_of(*part, lane, t);
                let sum: f64 = exposure.parts.iter().map(amount).sum();
                let net = sum - exposure.less.iter().map(amount).sum::<f64>();
                // Unknown stays unknown.
                let lost = if net <= 0.0 || self.is_gone(exposure.debtor.at(), lane) { 0.0 } else { net };
                *self.rows.cell(rows[0], lane) = lost;
            }
        }
    }

    /// The same on paths on which the party failed this month, else nothing.
    pub fn expose_defaulted(&mut self) {
        let plan = self.plan;
        for (exposure, rows) in plan.spec.exposures.iter().zip(&plan.layout.exposures) {
            for lane in 0..self.rows.width() {
                let gone = self.is_gone(exposure.debtor.at(), lane);
                *self.rows.cell(rows[1], lane) = if gone { self.rows.get(rows[0], lane) } else { 0.0 };
            }
        }
    }

    fn part_of(&self, part: Quantity, lane: usize, t: u32) -> f64 {
        let plan = self.plan;
        match part {
            Quantity::Due(flow) => {
                plan.layout.due[flow.at()].map_or(0.0, |row| self.arg(Place::Row(row), t).at(lane))
            }
            Quantity::Register(reg) => self.arg(plan.register(reg), t).at(lane),
            Quantity::Holding(holding) => self.holding_of(holding.at(), lane, t),
            _ => unreachable!("checked before the run"),
        }
    }
}
