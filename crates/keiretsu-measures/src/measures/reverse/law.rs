//! A stretch of months to the law of the shocks that hold over it.
//!
//! The shock of a factor is the mean, over the months of the stretch, of the logarithm of its level over its
//! central path. With the processes of the program this is normal (exactly, but for jumps), and its mean and
//! covariance are sums over the monthly steps. So a shock that must be held against a pull back to the centre
//! is as rare as it is, and one that comes later has had more time to build up.

use keiretsu_maths::exp::exp;
use keiretsu_maths::ln::ln;
use keiretsu_maths::power::{power, whole_power};
use keiretsu_methods::design_point;
use keiretsu_program::{EventId, FactorId, Occurrence, Process, Program, SlotId};

/// Months of a year.
const YEAR: f64 = 12.0;

/// The law of the shocks of some factors.
#[derive(Clone, Debug)]
pub(in crate::measures) struct Law {
    /// Their means: below zero, since the central path is a mean and the middle of a skewed law lies below.
    pub middle: Vec<f64>,
    /// The lower triangle of their covariance.
    lower: Vec<f64>,
}

/// How a factor moves in a month.
#[derive(Clone, Copy, Debug)]
struct Steps {
    /// Standard deviation of the diffusive step.
    deviation: f64,
    /// Share of a deviation that is left after a month.
    kept: f64,
    /// Variance of the jumps of a month.
    jumps: f64,
    /// Mean of the logarithm of a month's step, where deviations are kept.
    drift: f64,
}

/// Whether a factor moves at random.
pub(in crate::measures) fn moves(program: &Program, factor: FactorId) -> bool {
    let steps = steps(program, factor);
    steps.deviation.is_finite() && steps.jumps.is_finite() && 0.0 < steps.deviation + steps.jumps
}

fn steps(program: &Program, factor: FactorId) -> Steps {
    let read = |slot: SlotId| program.slots[slot.at()].expected;
    let still = Steps { deviation: 0.0, kept: 1.0, jumps: 0.0, drift: 0.0 };
    let walk = |volatility: f64| Steps {
        deviation: volatility / YEAR.sqrt(),
        drift: -volatility * volatility / 2.0 / YEAR,
        ..still
    };
    match program.factors[factor.at()].process {
        Process::Central | Process::Formula(_) => still,
        Process::Geometric { volatility } => walk(read(volatility)),
        Process::MeanReverting { volatility, half_life } => {
            let pull = std::f64::consts::LN_2 / read(half_life);
            let kept = exp(-pull / YEAR);
            let variance = whole_power(read(volatility), 2) * (1.0 - kept * kept) / (2.0 * pull);
            Steps { deviation: variance.sqrt(), kept, ..still }
        }
        Process::Jump { volatility, jump } => {
            let (rate, mean, spread) = (read(jump.rate) / YEAR, read(jump.mean), read(jump.spread));
            let size = ln(1.0 + mean) - spread * spread / 2.0;
            let walk = walk(read(volatility));
            Steps {
                jumps: rate * (size * size + spread * spread),
                drift: walk.drift + rate * (size - mean),
                ..walk
            }
        }
    }
}

impl Law {
    /// The law of factors over the months `from..=until`; `None` where their correlations allow none.
    pub(in crate::measures) fn new(
        program: &Program,
        factors: &[FactorId],
        from: u32,
        until: u32,
    ) -> Option<Self> {
        let steps: Vec<Steps> = factors.iter().map(|factor| steps(program, *factor)).collect();
        let weights: Vec<Vec<f64>> = steps.iter().map(|steps| weights(steps.kept, from, until)).collect();
        let dot = |i: usize, j: usize| weights[i].iter().zip(&weights[j]).map(|(a, b)| a * b).sum::<f64>();
        let covariance = |i: usize, j: usize| {
            let rho = if i == j { 1.0 } else { correlation(program, factors[i], factors[j]) };
            let own = if i == j { steps[i].jumps } else { 0.0 };
            (rho * steps[i].deviation * steps[j].deviation + own) * dot(i, j)
        };
        let count = factors.len();
        let all = (0..count).flat_map(|i| (0..count).map(move |j| (i, j)));
        let matrix: Vec<f64> = all.map(|(i, j)| covariance(i, j)).collect();
        let lower = design_point::root(&matrix, count)?;
        let middle = steps.iter().map(|steps| middle(*steps, from, until)).collect();
        Some(Self { middle, lower })
    }

    /// The correlation of two factors' means over a whole run.
    pub(in crate::measures) fn correlation(program: &Program, a: FactorId, b: FactorId, months: u32) -> f64 {
        // With unit rows, the second row of the triangle begins with it.
        Self::new(program, &[a, b], 1, months).map_or(0.0, |law| {
            law.lower[2] / (law.lower[2] * law.lower[2] + law.lower[3] * law.lower[3]).sqrt()
        })
    }

    /// The shocks at a point of independent standard normals.
    pub(in crate::measures) fn shocks(&self, z: &[f64]) -> Vec<f64> {
        let shaped = design_point::shaped(&self.lower, z);
        shaped.iter().zip(&self.middle).map(|(x, middle)| x + middle).collect()
    }

    /// The point of independent standard normals at some shocks.
    pub(super) fn point(&self, shocks: &[f64]) -> Vec<f64> {
        let count = shocks.len();
        let mut z: Vec<f64> = Vec::with_capacity(count);
        for i in 0..count {
            let row = &self.lower[i * count..];
            let known: f64 = z.iter().zip(row).map(|(z, l)| z * l).sum();
            z.push((shocks[i] - self.middle[i] - known) / row[i]);
        }
        z
    }
}

/// The weight of the step of each month `1..=until` in the mean over `from..=until`.
fn weights(kept: f64, from: u32, until: u32) -> Vec<f64> {
    let months = f64::from(until - from + 1);
    let left = |r: u32| (from.max(r)..=until).map(|t| whole_power(kept, (t - r) as i32)).sum::<f64>();
    (1..=until).map(|r| left(r) / months).collect()
}

/// The mean of the logarithm over the stretch: `-v(t)/2` of each month for a pulled one, drift for a walk.
fn middle(steps: Steps, from: u32, until: u32) -> f64 {
    let at = |t: u32| {
        if steps.kept < 1.0 {
            let square = steps.kept * steps.kept;
            let variance =
                steps.deviation * steps.deviation * (1.0 - whole_power(square, t as i32)) / (1.0 - square);
            -variance / 2.0
        } else {
            steps.drift * f64::from(t)
        }
    };
    (from..=until).map(at).sum::<f64>() / f64::from(until - from + 1)
}

fn correlation(program: &Program, a: FactorId, b: FactorId) -> f64 {
    let (a, b) = (a.min(b), a.max(b));
    let found = program.correlations.iter().find(|correlation| (correlation.a, correlation.b) == (a, b));
    found.map_or(0.0, |correlation| correlation.rho)
}

/// The chance that an event is in a state in month `from` and stays in it through `until`; `None` where it
/// cannot, or nothing is known.
pub(super) fn chance(program: &Program, event: EventId, stands: bool, from: u32, until: u32) -> Option<f64> {
    let read = |slot: SlotId| program.slots[slot.at()].expected;
    let chance = match program.events[event.at()].occurrence {
        Occurrence::Settled { .. } | Occurrence::Unknown => return None,
        Occurrence::Once { chance, by } => {
            let not_yet = |t: u32| power(1.0 - read(chance), f64::from(t) / f64::from(by));
            if stands { 1.0 - not_yet(from) } else { not_yet(until) }
        }
        Occurrence::TwoState { now, shuts, reopens } => {
            let monthly = |slot: SlotId| 1.0 - power(1.0 - read(slot), 1.0 / YEAR);
            let (shuts, reopens) = (monthly(shuts), monthly(reopens));
            let open = (1..=from)
                .fold(f64::from(u8::from(now)), |open, _| open * (1.0 - shuts) + (1.0 - open) * reopens);
            let (is, leaves) = if stands { (open, shuts) } else { (1.0 - open, reopens) };
            is * whole_power(1.0 - leaves, (until - from) as i32)
        }
    };
    (0.0 < chance && chance.is_finite()).then_some(chance)
}

#[cfg(test)]
mod tests {
    use keiretsu_program::{Builder, Event, Factor, Month, Slot};

    use super::*;

    fn program(process: impl Fn(&mut Builder) -> Process) -> Program {
        let mut builder = Builder::new(Month::new(2025, 12), 24);
        let start = builder.constant(100.0);
        let growth = builder.curve(vec![1.0; 25]);
        for _ in 0..2 {
            let process = process(&mut builder);
            builder.factor(Factor { start, growth, process });
        }
        builder.correlate(FactorId(0), FactorId(1), 0.5);
        builder.finish()
    }

    #[test]
    fn a_walk_has_the_variance_of_its_time() {
        let program = program(|builder| Process::Geometric { volatility: builder.slot(Slot::constant(0.2)) });
        // In month 12 alone: 0.2² x one year, and the middle half of that below.
        let law = Law::new(&program, &[FactorId(0)], 12, 12).expect("a law");
        assert!((law.middle[0] + 0.02).abs() < 1e-12, "{law:?}");
        assert!((law.point(&[-0.02 - 0.2])[0] + 1.0).abs() < 1e-12, "one standard deviation below");
        // The mean of a walk over its first n steps: s² dt (n + 1)(2n + 1) / 6n.
        let law = Law::new(&program, &[FactorId(0)], 1, 24).expect("a law");
        let variance: f64 = 0.04 / 12.0 * 25.0 * 49.0 / (6.0 * 24.0);
        assert!((law.shocks(&[1.0])[0] - law.middle[0] - variance.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn correlated_shocks_are_likely_together() {
        let program = program(|builder| Process::Geometric { volatility: builder.slot(Slot::constant(0.2)) });
        let law = Law::new(&program, &[FactorId(0), FactorId(1)], 12, 12).expect("a law");
        let distance =
            |a: f64, b: f64| law.point(&[a - 0.02, b - 0.02]).iter().map(|z| z * z).sum::<f64>().sqrt();
        // z' R⁻¹ z with rho = 0.5 and z = (1, 1): 2 / 1.5; with (1, -1): 2 / 0.5.
        assert!((whole_power(distance(0.2, 0.2), 2) - 4.0 / 3.0).abs() < 1e-12);
        assert!((whole_power(distance(0.2, -0.2), 2) - 4.0).abs() < 1e-12);
    }

    #[test]
    fn what_is_pulled_back_is_rare_when_held() {
        let program = program(|builder| Process::MeanReverting {
            volatility: builder.slot(Slot::constant(0.2)),
            half_life: builder.slot(Slot::constant(0.25)),
        });
        let spread = |until| {
            let law = Law::new(&program, &[FactorId(0)], 12, until).expect("a law");
            law.shocks(&[1.0])[0] - law.middle[0]
        };
        // At once: s² / 2k for k = ln 2 / 0.25 (all but 1e-2 of it is there after a year).
        let at_once = (0.04_f64 / (2.0 * std::f64::consts::LN_2 / 0.25)).sqrt();
        assert!((spread(12) / at_once - 1.0).abs() < 1e-2);
        assert!(spread(24) < 0.8 * spread(12));
    }

    #[test]
    fn chances_of_events() {
        let mut builder = Builder::new(Month::new(2025, 12), 24);
        let half = builder.constant(0.5);
        builder.event(Event { occurrence: Occurrence::Once { chance: half, by: 12 } });
        builder.event(Event { occurrence: Occurrence::TwoState { now: true, shuts: half, reopens: half } });
        let program = builder.finish();
        let of = |event, stands, from, until| chance(&program, EventId(event), stands, from, until);
        assert!((of(0, true, 12, 24).expect("known") - 0.5).abs() < 1e-12);
        assert!((of(0, false, 1, 24).expect("known") - 0.25).abs() < 1e-12);
        // Shut in the first month, and still a year later.
        let first = 1.0 - power(0.5, 1.0 / 12.0);
        assert!((of(1, false, 1, 13).expect("known") - first * 0.5).abs() < 1e-12);
    }
}
