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
//! is chosen, which is exactly the conditional logit. Absent: tastes that differ between tenants. They
//! would make the true weights another question.

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
    /// The model, from 0; even ones are affiliated.
    pub model: u32,
    /// Its price.
    pub price: f64,
    /// Its quality.
    pub quality: f64,
    /// Whether it stood there by default.
    pub default: bool,
    /// Whether it was chosen.
    pub chosen: bool,
}

impl Shown {
    /// Whether the platform owns a piece of its maker.
    pub fn affiliated(&self) -> bool {
        self.model.is_multiple_of(2)
    }
}

const MODELS: u32 = 8;

impl Synthetic {
    /// The rows of the log.
    pub fn rows(&self) -> Vec<Shown> {
        let mut random = Random::new(self.seed);
        (0..self.situations).flat_map(|situation| self.situation(&mut random, situation)).collect()
    }

    fn situation(&self, random: &mut Random, situation: u32) -> Vec<Shown> {
        let tenant = situation % self.tenants.max(1);
        let count = random.count(2, 5);
        let first = random.count(0, MODELS - 1);
        let step = random.pick(&[1, 3, 5]);
        let favoured = random.chance(0.7);
        let mut rows: Vec<Shown> = (0..count)
            .map(|place| {
                let model = (first + place * step) % MODELS;
                let price = 2.0 + random.between(0.0, 8.0);
                Shown {
                    situation,
                    tenant,
                    model,
                    price,
                    quality: random.between(-1.0, 1.0),
                    default: false,
                    chosen: false,
                }
            })
            .collect();
        if let Some(default) = rows.iter().position(|row| row.affiliated() == favoured) {
            rows[default].default = true;
        }
        let mut best = (f64::NEG_INFINITY, 0);
        for (at, row) in rows.iter().enumerate() {
            let utility = self.utility(row) + gumbel(random);
            if utility > best.0 {
                best = (utility, at);
            }
        }
        rows[best.1].chosen = true;
        rows
    }

    fn utility(&self, row: &Shown) -> f64 {
        let one = |flag: bool| f64::from(u8::from(flag));
        self.affiliated * one(row.affiliated())
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
                one(row.affiliated()),
                row.price,
                row.quality,
                one(row.default),
                one(row.chosen)
            );
        }
        text
    }
}

/// Minus the logarithm of minus the logarithm of a uniform number.
fn gumbel(random: &mut Random) -> f64 {
    let uniform = random.unit().clamp(1e-300, 1.0 - 1e-16);
    -(-uniform.ln()).ln()
}
