//! Words of a figure to a parameter slot: its readings, what is possible in each, and how it is drawn.

use keiretsu_model::record::Stated;
use keiretsu_program::{Distribution, Possible, Slot};
use keiretsu_values::{Set, Value};

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
