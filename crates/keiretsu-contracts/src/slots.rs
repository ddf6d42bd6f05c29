//! Words of a figure to a parameter slot: its readings, what is possible in each, and how it is drawn.

use jiff::civil::Date;
use keiretsu_maths::ln::ln;
use keiretsu_model::figure;
use keiretsu_model::record::Stated;
use keiretsu_program::{Distribution, Possible, Slot};
use keiretsu_values::{Set, Value};

use crate::lowering::Lowering;

/// The slot of a figure whose readings are those of its words.
pub(crate) fn plain_slot(stated: &Stated, about: f64) -> Slot {
    slot_of([stated.firm(), stated.expected(), stated.headline()], sampled(stated, about))
}

impl Lowering<'_> {
    /// The slot of a figure whose readings are those of its words, in the currency of the tables on a day.
    pub(crate) fn slot_on(&self, stated: &Stated, day: Date) -> Slot {
        let own = Some(self.model.currency);
        let mut all = [stated.figure.currency, stated.expected_in()].into_iter();
        if all.all(|currency| currency.is_none() || currency == own) {
            return plain_slot(stated, self.model.about);
        }
        let rate = stated.expected_in().map_or(Value::exact(1.0), |other| self.model.worth_on(other, day));
        let sampled = times(sampled(stated, self.model.about), rate.amount().unwrap_or(f64::NAN));
        slot_of(self.model.readings_on(stated, day), sampled)
    }
}

/// A distribution of what is drawn times a positive number.
fn times(drawn: Distribution, by: f64) -> Distribution {
    match drawn {
        Distribution::Point(x) => Distribution::Point(x * by),
        Distribution::Lognormal { mu, sigma } => Distribution::Lognormal { mu: mu + ln(by), sigma },
        Distribution::Uniform { low, high } => Distribution::Uniform { low: low * by, high: high * by },
    }
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
    match stated.expect.unwrap_or(stated.figure.said).sampled(about) {
        figure::Sampling::Point(x) => Distribution::Point(x),
        figure::Sampling::Lognormal { mu, sigma } => Distribution::Lognormal { mu, sigma },
        figure::Sampling::Uniform { low, high } => Distribution::Uniform { low, high },
    }
}
