//! The open slots of a run, and which of them are shares of one whole.

use std::sync::Arc;

use keiretsu_values::{Set, Value, Whole};

/// By how much each open slot may be away from what is read of it, which of them are shares of one whole, and
/// what is read of each.
#[derive(Clone, Debug, Default)]
pub struct Symbols(pub Vec<Set>, pub Vec<Shares>, pub Vec<f64>);

impl Symbols {
    /// Whether a slot is a share of a whole.
    pub(super) fn is_share(&self, symbol: u32) -> bool {
        self.1.iter().any(|whole| whole.symbols.contains(&symbol))
    }
}

/// Slots that are shares of one whole.
#[derive(Clone, Debug)]
pub struct Shares {
    /// The slots.
    pub symbols: Vec<u32>,
    /// By how much they may be more than what is read of them, all together.
    pub left: f64,
    /// What each of them may be, and what they leave.
    pub whole: Arc<Whole>,
}

impl Shares {
    /// Slots that are shares of one whole, by what is read of each and how far it may be from that.
    pub fn new(name: String, slots: Vec<(u32, f64, Set)>) -> Self {
        let left = (1.0 - slots.iter().map(|(_, read, _)| read).sum::<f64>()).max(0.0);
        let shares = slots.iter().map(|(_, read, away)| {
            Value::new(read.clamp(0.0, 1.0), away.plus(Set::point(*read)).within(Set::SHARE))
        });
        let stated: Vec<Value> = shares.collect();
        let sum = stated.iter().fold(Value::exact(0.0), |sum, share| sum.plus(share));
        let rest = Value::exact(1.0).minus(&sum).within(Set::SHARE);
        let whole = Arc::new(Whole::new(name, stated.into_iter().chain([rest]).collect()));
        Self { symbols: slots.into_iter().map(|(slot, ..)| slot).collect(), left, whole }
    }

    /// The factor of each of them in a sum, and none of what they leave; `None` where none is in it.
    pub(super) fn factors(&self, terms: &[(u32, f64)]) -> Option<Vec<f64>> {
        let factor =
            |symbol: &u32| terms.iter().find(|(known, _)| known == symbol).map_or(0.0, |(_, factor)| *factor);
        let factors: Vec<f64> = self.symbols.iter().map(factor).chain([0.0]).collect();
        factors.iter().any(|factor| 0.0 < factor.abs()).then_some(factors)
    }

    /// What is read of each.
    pub(super) fn read(&self) -> Vec<f64> {
        (0..self.symbols.len()).map(|at| self.whole.read(at)).collect()
    }

    /// How far a sum of them may be from what is read of it, from the factor of each.
    pub(super) fn away(&self, factor: impl Fn(u32) -> f64, of: &[Set]) -> Set {
        let most = |sign: f64| {
            let mut all: Vec<(f64, Set)> =
                self.symbols.iter().map(|symbol| (sign * factor(*symbol), of[*symbol as usize])).collect();
            // Who adds most has what is left first; the others have the least that they can have.
            all.sort_by(|a, b| b.0.total_cmp(&a.0));
            let mut left = self.left - all.iter().map(|(_, set)| set.low).sum::<f64>();
            let mut sum = 0.0;
            for (by, set) in all {
                let more = if by > 0.0 { (set.high - set.low).min(left).max(0.0) } else { 0.0 };
                left -= more;
                sum += by * (set.low + more);
            }
            sum
        };
        Set { low: -most(-1.0), high: most(1.0) }
    }
}
