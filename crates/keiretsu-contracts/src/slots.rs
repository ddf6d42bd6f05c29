//! Words of a figure to a parameter slot: its readings, what is possible in each, and how it is drawn.

use keiretsu_model::record::Stated;
use keiretsu_program::{Distribution, Possible, Slot};
use keiretsu_values::{Reading, Set, Value};

/// A limit that nothing reaches.
pub(crate) const NO_LIMIT: f64 = 1e30;

/// The slot of a figure with the readings of its words.
pub(crate) fn plain_slot(stated: &Stated, about: f64) -> Slot {
    slot_of([stated.firm(), stated.expected(), stated.headline()], sampled(stated, about))
}

/// A slot of three readings: what is read of each, and what is possible.
pub(crate) fn slot_of(readings: [Value; 3], sampled: Distribution) -> Slot {
    let possible = readings.each_ref().map(|value| {
        let open = value.amount().is_none() || !value.set().is_point() || value.is_vague();
        open.then(|| Possible { set: value.set(), vague: value.is_vague() })
    });
    let [firm, expected, headline] = readings.map(|value| value.amount().unwrap_or(f64::NAN));
    Slot { firm, expected, headline, sampled, possible }
}

/// A slot that is the same in every reading and on every path.
pub(crate) fn steady(value: &Value) -> Slot {
    let sampled = Distribution::Point(value.amount().unwrap_or(f64::NAN));
    slot_of([0; 3].map(|_| value.clone()), sampled)
}

/// A slot of a truth that the firm reading denies, the headline reading affirms and nothing else decides.
pub(crate) fn undecided(sampled: Distribution) -> Slot {
    let anything = Value::unread("nobody says whether it counts", Set::SHARE);
    slot_of([Value::exact(0.0), anything, Value::exact(1.0)], sampled)
}

/// How a figure is drawn: as the analyst expects it, else as its words say.
pub(crate) fn sampled(stated: &Stated, about: f64) -> Distribution {
    stated.expect.unwrap_or(stated.figure.said).sampled(about)
}

/// All numbers of a parameter, as bits: unknown is equal to unknown.
pub(crate) type Bits = [u64; 15];

/// The numbers of a parameter.
pub(crate) fn bits(slot: &Slot) -> Bits {
    let bits = |number: f64| if number.is_nan() { f64::NAN.to_bits() } else { number.to_bits() };
    let (kind, a, b) = match slot.sampled {
        Distribution::Point(value) => (0, value, 0.0),
        Distribution::Lognormal { mu, sigma } => (1, mu, sigma),
        Distribution::Uniform { low, high } => (2, low, high),
    };
    let possible = |reading: Reading| match slot.possible[reading] {
        None => [0; 3],
        Some(possible) => [1 + u64::from(possible.vague), bits(possible.set.low), bits(possible.set.high)],
    };
    let [[d, e, f], [g, h, i], [j, k, l]] = Reading::ALL.map(possible);
    let [firm, expected, headline] = [slot.firm, slot.expected, slot.headline].map(bits);
    [firm, expected, headline, kind, bits(a), bits(b), d, e, f, g, h, i, j, k, l]
}
