//! Factors and events: what moves by itself.
//!
//! The central path of a factor is `start * product of growth(1..=t)` (for a path: its levels). Every process
//! has that central path as its mean, so the readings and the simulation agree where they must.

use crate::{CurveId, Reg, SlotId};

/// An uncertain quantity with its central path and its process.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Factor {
    /// Its level at as-of (`t = 0`).
    pub start: SlotId,
    /// Growth multiplier of each month, `curve[0] = 1`: `(1 + g)^(1/12)` for a yearly growth `g`.
    pub growth: CurveId,
    /// How it moves around the central path.
    pub process: Process,
}

/// A stochastic process, stepped by its exact monthly transition (`dt = 1/12` year, `e` a standard normal).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Process {
    /// On its central path, always.
    Central,
    /// Geometric Brownian motion: `X(t) = X(t-1) g(t) exp(-s^2 dt/2 + s sqrt(dt) e)`.
    Geometric {
        /// `s`, per square root of a year.
        volatility: SlotId,
    },
    /// Exponential Ornstein-Uhlenbeck around the central path `m(t)`: with `k = ln 2 / half_life`,
    /// `z(t) = z(t-1) exp(-k dt) + s sqrt((1 - exp(-2 k dt)) / (2 k)) e`, `z(0) = 0`,
    /// `X(t) = m(t) exp(z(t) - v(t)/2)`, `v(t) = s^2 (1 - exp(-2 k t dt)) / (2 k)`.
    MeanReverting {
        /// `s`, per square root of a year.
        volatility: SlotId,
        /// Years in which half of a deviation has gone.
        half_life: SlotId,
    },
    /// Merton (1976): the geometric step times `exp(-rate * mean * dt)` and, for each of `Poisson(rate * dt)`
    /// jumps, times `(1 + mean) exp(-d^2/2 + d e')`.
    Jump {
        /// `s` of the geometric part.
        volatility: SlotId,
        /// The jumps.
        jump: Jump,
    },
    /// A formula of other registers; its start and growth are not read.
    Formula(Reg),
}

/// Log-normal jumps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Jump {
    /// Expected jumps a year.
    pub rate: SlotId,
    /// Mean relative size: -0.2 is a fall by a fifth. Above -1.
    pub mean: SlotId,
    /// `d`, the standard deviation of the logarithm of a jump.
    pub spread: SlotId,
}

/// A correlation of the normals of two factors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Correlation {
    /// The lesser factor id.
    pub a: crate::FactorId,
    /// The greater factor id.
    pub b: crate::FactorId,
    /// Between -1 and 1.
    pub rho: f64,
}

/// Something that happens or not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// How it comes about.
    pub occurrence: Occurrence,
}

/// How an event comes about. Chances become constant monthly hazards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Occurrence {
    /// Happens once and stays: with `chance` by the end of month `by`, so a monthly hazard of
    /// `1 - (1 - chance)^(1/by)`, also after `by`. Chance by month `t`: `1 - (1 - chance)^(t/by)`.
    Once {
        /// A probability.
        chance: SlotId,
        /// Month index, at least 1.
        by: u32,
    },
    /// Stands or not: `shuts` and `reopens` are yearly chances, monthly `1 - (1 - chance)^(1/12)`.
    TwoState {
        /// Whether it stands at as-of.
        now: bool,
        /// Yearly chance to end while it stands.
        shuts: SlotId,
        /// Yearly chance to stand again.
        reopens: SlotId,
    },
    /// Known to stand from month `t` on (0: already at as-of; `u32::MAX`: known never to).
    Settled {
        /// Month index.
        at: u32,
    },
    /// Nothing is known about its chance.
    Unknown,
}
