//! A made-up log of a platform that sells many models, with an effect of affiliation that is known:
//! synthetic, no platform's data.
//!
//! ```
//! use keiretsu_testkit::platform_log::{SYNTHETIC, Synthetic};
//! let log = Synthetic { situations: 20, ..Synthetic::default() }.csv();
//! assert!(log.starts_with(&format!("# {SYNTHETIC}")));
//! ```
//!
//! Tenants come with several situations each; of eight models, half of them affiliated, two to five are
//! shown. Affiliated ones stand there by default more often. Each model has a utility of its price, its
//! quality, whether it is affiliated and whether it stands there by default, plus a Gumbel draw; the best
//! is chosen, which is exactly the conditional logit. Where asked, models have merits that the log does not
//! show, tenants tastes for affiliation of their own, and one tenant makes a large part of the choices.

use std::fmt::Write;

use crate::webs::random::Random;

/// What every synthetic log says of itself.
pub const SYNTHETIC: &str = "synthetic: made by keiretsu-testkit, no platform's data";

/// What a log is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Synthetic {
    /// Key of the random numbers.
    pub seed: u64,
    /// How many situations.
    pub situations: u32,
    /// How many tenants.
    pub tenants: u32,
    /// The weight of affiliation.
    pub affiliated: f64,
    /// The weight of a unit of price.
    pub price: f64,
    /// The weight of a unit of quality.
    pub quality: f64,
    /// The weight of standing there by default.
    pub default: f64,
    /// Affiliated and other models.
    pub models: [u32; 2],
    /// Standard deviation of what models have beside all that is shown, in utility.
    pub merits: f64,
    /// Standard deviation of the tastes of tenants for affiliation.
    pub tastes: f64,
    /// The part of all situations that are the first tenant's, if not an equal one.
    pub largest: f64,
}

impl Default for Synthetic {
    fn default() -> Self {
        Self {
            seed: 1,
            situations: 600,
            tenants: 60,
            affiliated: 0.5,
            price: -0.25,
            quality: 0.8,
            default: 1.0,
            models: [4, 4],
            merits: 0.0,
            tastes: 0.0,
            largest: 0.0,
        }
    }
}

/// A model that was shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shown {
    /// The situation, from 0.
    pub situation: u32,
    /// Who chose, from 0.
    pub tenant: u32,
    /// The model, from 0.
    pub model: u32,
    /// Whether the platform owns a piece of its maker.
    pub affiliated: bool,
    /// Its price.
    pub price: f64,
    /// Its quality.
    pub quality: f64,
    /// Whether it stood there by default.
    pub default: bool,
    /// Whether it was chosen.
    pub chosen: bool,
}

/// What the log does not show.
struct Unseen {
    merits: Vec<f64>,
    tastes: Vec<f64>,
}

impl Synthetic {
    /// The rows of the log.
    pub fn rows(&self) -> Vec<Shown> {
        let mut random = Random::new(self.seed);
        let unseen = self.unseen();
        (0..self.situations).flat_map(|situation| self.situation(&mut random, &unseen, situation)).collect()
    }

    /// From a stream of its own, so that a log without anything unseen stays as it is.
    fn unseen(&self) -> Unseen {
        let mut random = Random::new(!self.seed);
        let mut draws =
            |count: u32, deviation: f64| (0..count).map(|_| deviation * normal(&mut random)).collect();
        let merits = draws(self.models[0] + self.models[1], self.merits);
        Unseen { merits, tastes: draws(self.tenants, self.tastes) }
    }

    /// Models alternate between affiliated and other while both last.
    fn affiliated(&self, model: u32) -> bool {
        let both = 2 * self.models[0].min(self.models[1]);
        if model < both { model.is_multiple_of(2) } else { self.models[1] < self.models[0] }
    }

    fn tenant(&self, situation: u32) -> u32 {
        let of_first = (self.largest * f64::from(self.situations)) as u32;
        if situation < of_first { 0 } else { situation % self.tenants.max(1) }
    }

    fn situation(&self, random: &mut Random, unseen: &Unseen, situation: u32) -> Vec<Shown> {
        let tenant = self.tenant(situation);
        let models = self.models[0] + self.models[1];
        let count = random.count(2, 5.min(models));
        let first = random.count(0, models - 1);
        let step = random.pick(&[1, 3, 5]);
        let favoured = random.chance(0.7);
        // A step that does not meet all models would show one twice.
        let step = if models.is_multiple_of(step) { 1 } else { step };
        let mut rows: Vec<Shown> = (0..count)
            .map(|place| {
                let model = (first + place * step) % models;
                let price = 2.0 + random.between(0.0, 8.0);
                Shown {
                    situation,
                    tenant,
                    model,
                    affiliated: self.affiliated(model),
                    price,
                    quality: random.between(-1.0, 1.0),
                    default: false,
                    chosen: false,
                }
            })
            .collect();
        if let Some(default) = rows.iter().position(|row| row.affiliated == favoured) {
            rows[default].default = true;
        }
        let mut best = (f64::NEG_INFINITY, 0);
        for (at, row) in rows.iter().enumerate() {
            let taste = if row.affiliated { unseen.tastes[tenant as usize] } else { 0.0 };
            let utility = self.utility(row) + unseen.merits[row.model as usize] + taste + gumbel(random);
            if utility > best.0 {
                best = (utility, at);
            }
        }
        rows[best.1].chosen = true;
        rows
    }

    fn utility(&self, row: &Shown) -> f64 {
        let one = |flag: bool| f64::from(u8::from(flag));
        self.affiliated * one(row.affiliated)
            + self.price * row.price
            + self.quality * row.quality
            + self.default * one(row.default)
    }

    /// The log as a CSV file, marked as synthetic.
    pub fn csv(&self) -> String {
        let mut text = format!(
            "# {SYNTHETIC}; the weight of affiliation is {}, of price {}, of quality {}, of a default {}\n",
            self.affiliated, self.price, self.quality, self.default
        );
        text += "situation,tenant,model,affiliated,price,quality,default,chosen\n";
        for row in self.rows() {
            let one = u8::from;
            let _ = writeln!(
                text,
                "{},t{},m{},{},{:.4},{:.4},{},{}",
                row.situation,
                row.tenant,
                row.model,
                one(row.affiliated),
                row.price,
                row.quality,
                one(row.default),
                one(row.chosen)
            );
        }
        text
    }
}

/// A standard normal number (Box and Muller 1958).
fn normal(random: &mut Random) -> f64 {
    let (radius, angle) = (random.unit().max(1e-300), random.unit());
    (-2.0 * radius.ln()).sqrt() * (std::f64::consts::TAU * angle).cos()
}

/// Minus the logarithm of minus the logarithm of a uniform number.
fn gumbel(random: &mut Random) -> f64 {
    let uniform = random.unit().clamp(1e-300, 1.0 - 1e-16);
    -(-uniform.ln()).ln()
}
