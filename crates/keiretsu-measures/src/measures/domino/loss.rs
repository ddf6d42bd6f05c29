//! What one party loses by a failure, layer by layer.

use keiretsu_values::{Set, Value};

/// What one group loses, by layer, in money. Layers add up to the loss.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Loss {
    /// What fell due and was not paid.
    pub dues: Value,
    /// Claims for what contracts would still have brought.
    pub contracts: Value,
    /// Value of holdings before the failure.
    pub holdings: Value,
    /// What estates paid back.
    pub recovered: Value,
    /// What guarantors paid, less what was paid as one.
    pub covered: Value,
    /// Whether it may be better off by the failure: by less lost than without it, or by more of an estate
    /// than what it held was worth.
    pub may_gain: bool,
}

impl Default for Loss {
    fn default() -> Self {
        let nothing = || Value::exact(0.0);
        Self {
            dues: nothing(),
            contracts: nothing(),
            holdings: nothing(),
            recovered: nothing(),
            covered: nothing(),
            may_gain: false,
        }
    }
}

impl Loss {
    /// In all.
    pub fn sum(&self) -> Value {
        let lost = self.dues.plus(&self.contracts).plus(&self.holdings);
        let sum = lost.minus(&self.recovered).minus(&self.covered);
        // Layers are not free of each other: nobody gets back more than it has lost.
        let is_gain = self.may_gain || sum.amount().is_some_and(|sum| sum < 0.0);
        if is_gain { sum } else { sum.within(Set::NOT_NEGATIVE) }
    }

    /// Whether nothing is lost or gained in any layer.
    pub fn is_nothing(&self) -> bool {
        let layers = [&self.dues, &self.contracts, &self.holdings, &self.recovered, &self.covered];
        layers.into_iter().map(Value::set).all(|set| -0.5 < set.low && set.high < 0.5)
    }

    /// Interest that a guarantor pays for the time until it pays is no gain by the failure.
    pub fn without_gain(&mut self) {
        let lost = self.dues.plus(&self.contracts).minus(&self.recovered).max(&Value::exact(0.0));
        let open = lost.open_because().is_some();
        let Some(covered) = self.covered.amount().filter(|covered| 0.0 < *covered) else { return };
        if open {
            // The loss may be less than what is paid, which is then what is read, and the most.
            let set = self.covered.set().min(lost.set()).or(Set::point(covered));
            let capped = match self.covered.open_because() {
                Some(why) => Value::partly(covered, set, why),
                None => Value::new(covered, set),
            };
            self.covered = if self.covered.is_vague() { capped.vaguely() } else { capped };
        } else if lost.set().low < covered {
            self.covered = self.covered.min(&lost);
        }
    }
}
