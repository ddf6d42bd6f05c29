//! Checks of what is uncertain: slots, curves, factors, correlations, events.

use std::collections::BTreeSet;

use super::{Check, at_least_0, is_share};
use crate::{Distribution, Factor, Occurrence, Process, Slot, SlotId};

impl Check<'_> {
    pub(super) fn slots(&mut self) {
        for (index, slot) in self.program.slots.iter().enumerate() {
            self.at("slot", index);
            let readings = [slot.firm, slot.expected, slot.headline];
            self.hold(!readings.iter().any(|x| x.is_infinite()), "a reading is infinite");
            match slot.sampled {
                Distribution::Point(value) => self.hold(!value.is_infinite(), "its point is infinite"),
                Distribution::Lognormal { mu, sigma } => {
                    let sane = mu.is_finite() && 0.0 <= sigma && sigma.is_finite();
                    self.hold(sane, "a log-normal has a finite mean and a finite deviation of at least 0");
                }
                Distribution::Uniform { low, high } => {
                    let sane = low.is_finite() && high.is_finite() && low <= high;
                    self.hold(sane, "a uniform has two finite ends, the lower one first");
                }
            }
        }
    }

    pub(super) fn curves(&mut self) {
        for (index, curve) in self.program.curves.iter().enumerate() {
            self.at("curve", index);
            let (found, wanted) = (curve.len(), u64::from(self.program.months) + 1);
            if found as u64 != wanted {
                self.refuse(format!("has {found} entries, not {wanted}"));
            }
            self.hold(curve.iter().all(|x| x.is_finite()), "an entry is not finite");
        }
    }

    pub(super) fn factors(&mut self) {
        for (index, factor) in self.program.factors.iter().enumerate() {
            self.at("factor", index);
            self.one_factor(factor);
        }
    }

    fn one_factor(&mut self, factor: &Factor) {
        self.slot(factor.start);
        let curves = self.program.curves.len();
        let has_curve = self.range('c', factor.growth.0, curves, "curves");
        match factor.process {
            Process::Central => {}
            Process::Geometric { volatility } => self.numbers(volatility, at_least_0, "volatility"),
            Process::MeanReverting { volatility, half_life } => {
                self.numbers(volatility, at_least_0, "volatility");
                self.numbers(half_life, |x| 0.0 < x, "half-life");
            }
            Process::Jump { volatility, jump } => {
                self.numbers(volatility, at_least_0, "volatility");
                self.numbers(jump.rate, at_least_0, "rate of jumps");
                self.numbers(jump.mean, |x| -1.0 < x, "mean of jumps");
                self.numbers(jump.spread, at_least_0, "spread of jumps");
            }
            Process::Formula(reg) => {
                self.reg(reg);
                return; // Its growth is not read.
            }
        }
        if has_curve {
            let growth = &self.program.curves[factor.growth.at()];
            let opens = growth.first().is_some_and(|x| x.to_bits() == 1f64.to_bits());
            self.hold(opens, "the growth of t = 0 is 1");
            self.hold(!growth.iter().any(|&x| x < 0.0), "a growth multiplier is negative");
        }
    }

    /// That every number a slot is sure to take, in a reading or on a path, passes; unknown always does.
    pub(super) fn numbers(&mut self, id: SlotId, passes: fn(f64) -> bool, name: &str) {
        if self.slot(id) && !sure_values(&self.program.slots[id.at()]).all(|x| x.is_nan() || passes(x)) {
            self.refuse(format!("the {name} of {id} is out of range", id = format_args!("s{}", id.0)));
        }
    }

    pub(super) fn correlations(&mut self) {
        let mut seen = BTreeSet::new();
        for (index, pair) in self.program.correlations.iter().enumerate() {
            self.at("correlation", index);
            let factors = self.program.factors.len();
            self.range('f', pair.a.0, factors, "factors");
            self.range('f', pair.b.0, factors, "factors");
            self.hold(pair.a < pair.b, "the lesser factor comes first");
            self.hold((-1.0..=1.0).contains(&pair.rho), "a correlation is -1 to 1");
            self.hold(seen.insert((pair.a, pair.b)), "the pair is stated twice");
        }
    }

    pub(super) fn events(&mut self) {
        for (index, event) in self.program.events.iter().enumerate() {
            self.at("event", index);
            match event.occurrence {
                Occurrence::Once { chance, by } => {
                    self.numbers(chance, is_share, "chance");
                    self.hold(1 <= by, "its month is at least 1");
                }
                Occurrence::TwoState { now: _, shuts, reopens } => {
                    self.numbers(shuts, is_share, "chance to shut");
                    self.numbers(reopens, is_share, "chance to reopen");
                }
                Occurrence::Settled { at: _ } | Occurrence::Unknown => {}
            }
        }
    }
}

/// Its readings, and the ends of its distribution where it has any.
fn sure_values(slot: &Slot) -> impl Iterator<Item = f64> {
    let (low, high) = match slot.sampled {
        Distribution::Point(value) => (value, value),
        Distribution::Uniform { low, high } => (low, high),
        Distribution::Lognormal { .. } => (f64::NAN, f64::NAN),
    };
    [slot.firm, slot.expected, slot.headline, low, high].into_iter()
}
