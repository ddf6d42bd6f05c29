//! Turns exposures, buffers and a shock into the distress that spreads.
//!
//! ```
//! use keiretsu_methods::debtrank::{CreditExposure, Leverage};
//! let exposures = [CreditExposure { creditor: 0, debtor: 1, amount: 5.0 }];
//! let leverage = Leverage::new(&exposures, &[Some(10.0), Some(10.0)]).unwrap();
//! assert_eq!(leverage.distress(&[0.0, 1.0], &[1.0, 1.0]).unwrap().distress, [0.5, 1.0]);
//! ```
//!
//! `DebtRank` of 2012: Battiston, Puliga, Kaushik, Tasca and Caldarelli (Scientific Reports 2:541), eqs. 1 to
//! 3; an exposure counts for no more than the buffer that it hits, and a party passes on once what it had
//! lost when its turn came. Linear (differential) `DebtRank`: Bardoscia, Battiston, Caccioli
//! and Caldarelli (2015, Public Library of Science ONE 10), eq. 5: h(t+1) = min(1, h(t) + Lambda (h(t) -
//! h(t-1))), here in its summed form h = min(1, h(0) + Lambda h).
//!
//! Direction: an exposure is an asset of the creditor; distress runs from debtor to creditor. A party without
//! a known buffer has no share of it to lose: nothing but the first shock distresses it, and it neither
//! passes on nor takes a turn. In 2012 a buffer of nothing is the limit of a small one: an impact of 1.
//!
//! Invariants: 0 <= h <= 1, and h does not fall from step to step.
//! Absent: exposure to oneself (refused); in the linear variant, buffers that are unknown or zero (refused,
//! since the impact would be infinite).

pub mod between;

/// The loss of a creditor if a debtor pays nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CreditExposure {
    /// The creditor.
    pub creditor: u32,
    /// The debtor.
    pub debtor: u32,
    /// Money, not negative.
    pub amount: f64,
}

/// Why distress cannot be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DebtRankError {
    /// An index names no party.
    NoSuchParty,
    /// Lengths do not match.
    Lengths,
    /// An amount is negative, infinite or not a number, or a distress above 1.
    NotAnAmount,
    /// A buffer is negative, or in the linear variant zero or unknown.
    NoBuffer,
    /// A party is exposed to itself.
    SelfExposure,
    /// Weights sum to zero.
    NoWeight,
}

/// Exposures divided by buffers: the leverage matrix, by debtor.
#[derive(Clone, Debug)]
pub struct Leverage {
    /// Creditors of party i: `starts[i]..starts[i + 1]`.
    starts: Vec<u32>,
    creditors: Vec<u32>,
    /// Exposure over the creditor's buffer: 0 where it is unknown, 1 where it is zero.
    ratios: Vec<f64>,
    buffers: Vec<Option<f64>>,
}

/// Distress and its amount.
#[derive(Clone, Debug, PartialEq)]
pub struct Distress {
    /// Lost share of each buffer, in 0..=1.
    pub distress: Vec<f64>,
    /// Distress passed on by each at its turn; 0 for those without a turn.
    pub passed: Vec<f64>,
    /// The step in which a buffer was lost to the end: 0 if the shock took it, none if some of it is left.
    pub lost_in: Vec<Option<u32>>,
    /// `DebtRank`: weighted distress at the end less that at the start, a fraction.
    pub debtrank: f64,
    /// Steps, or sweeps.
    pub rounds: u32,
}

/// Result of linear `DebtRank`.
#[derive(Clone, Debug, PartialEq)]
pub struct LinearDistress {
    /// Lost share of each buffer, in 0..=1.
    pub distress: Vec<f64>,
    /// Buffers less all losses, in money; negative where losses exceed the buffer.
    pub equity: Vec<f64>,
    /// Sweeps.
    pub rounds: u32,
    /// Largest change of a distress in the last sweep.
    pub residual: f64,
}

/// Limit of sweeps of linear `DebtRank`; the state reached by then is returned with its residual.
const SWEEPS_MAX: u32 = 100_000;
/// A change of distress below this is rounding.
const CHANGE_MIN: f64 = 1e-16;
/// A rest of a buffer below this is rounding: shares that add up to all of it are all of it.
const LEFT_MIN: f64 = 1e-12;

impl Leverage {
    /// From exposures and the buffer (capital) of each party, in the same money; none where it is unknown.
    ///
    /// # Errors
    /// [`DebtRankError`].
    pub fn new(exposures: &[CreditExposure], buffers: &[Option<f64>]) -> Result<Leverage, DebtRankError> {
        let n = buffers.len();
        check(exposures, buffers)?;
        let mut starts = vec![0_u32; n + 1];
        for exposure in exposures {
            starts[exposure.debtor as usize + 1] += 1;
        }
        for party in 0..n {
            starts[party + 1] += starts[party];
        }
        let mut next = starts.clone();
        let mut creditors = vec![0; exposures.len()];
        let mut ratios = vec![0.0; exposures.len()];
        for exposure in exposures {
            let at = next[exposure.debtor as usize] as usize;
            next[exposure.debtor as usize] += 1;
            creditors[at] = exposure.creditor;
            ratios[at] = ratio(exposure.amount, buffers[exposure.creditor as usize]);
        }
        Ok(Leverage { starts, creditors, ratios, buffers: buffers.to_vec() })
    }

    /// Distress from `initial` on, each party passing its own on once. `weights`: economic value of each
    /// party, any scale.
    ///
    /// # Errors
    /// [`DebtRankError::Lengths`], [`DebtRankError::NotAnAmount`], [`DebtRankError::NoWeight`].
    pub fn distress(&self, initial: &[f64], weights: &[f64]) -> Result<Distress, DebtRankError> {
        let n = self.buffers.len();
        if initial.len() != n || weights.len() != n {
            return Err(DebtRankError::Lengths);
        }
        if !initial.iter().all(|h| (0.0..=1.0).contains(h)) || !amounts(weights) {
            return Err(DebtRankError::NotAnAmount);
        }
        let total: f64 = weights.iter().sum();
        if !(f64::MIN_POSITIVE <= total && total.is_finite()) {
            return Err(DebtRankError::NoWeight);
        }
        let mut spread = Spreading {
            h: initial.to_vec(),
            passed: vec![0.0; n],
            lost_in: initial.iter().map(|h| is_all(*h).then_some(0)).collect(),
            had_turn: vec![false; n],
        };
        let mut active: Vec<usize> = (0..n).filter(|i| 0.0 < initial[*i]).collect();
        let mut rounds = 0;
        while !active.is_empty() {
            rounds += 1;
            active = self.pass_on(&active, &mut spread, rounds);
        }
        let Spreading { h, passed, lost_in, .. } = spread;
        let gain: f64 = h.iter().zip(initial).zip(weights).map(|((h, h0), v)| (h - h0) * v).sum();
        Ok(Distress { distress: h, passed, lost_in, debtrank: gain / total, rounds })
    }

    /// One step: distress of `active` reaches their creditors, from values before the step. Returns the newly
    /// active.
    fn pass_on(&self, active: &[usize], spread: &mut Spreading, round: u32) -> Vec<usize> {
        for debtor in active {
            spread.passed[*debtor] = spread.h[*debtor];
            spread.had_turn[*debtor] = true;
        }
        let mut reached = vec![false; spread.h.len()];
        for debtor in active {
            let mut impact: Vec<(usize, f64)> = self.of(*debtor).collect();
            impact.sort_by_key(|(creditor, _)| *creditor);
            // Parallel exposures of one pair are one impact, capped as a whole.
            for same in impact.chunk_by(|a, b| a.0 == b.0) {
                let ratio: f64 = same.iter().map(|(_, ratio)| ratio).sum();
                let creditor = same[0].0;
                reached[creditor] |= 0.0 < ratio;
                let h = spread.h[creditor] + ratio.min(1.0) * spread.passed[*debtor];
                spread.h[creditor] = if is_all(h) { 1.0 } else { h };
            }
        }
        for (lost_in, h) in spread.lost_in.iter_mut().zip(&spread.h) {
            if lost_in.is_none() && is_all(*h) {
                *lost_in = Some(round);
            }
        }
        (0..reached.len()).filter(|j| reached[*j] && !spread.had_turn[*j]).collect()
    }

    /// Linear `DebtRank` of losses in money, one for each party, taken from its buffer first.
    ///
    /// # Errors
    /// [`DebtRankError::Lengths`], [`DebtRankError::NotAnAmount`], [`DebtRankError::NoBuffer`].
    pub fn distress_linear(&self, losses: &[f64]) -> Result<LinearDistress, DebtRankError> {
        if losses.len() != self.buffers.len() {
            return Err(DebtRankError::Lengths);
        }
        if !amounts(losses) {
            return Err(DebtRankError::NotAnAmount);
        }
        let known: Option<Vec<f64>> = self.buffers.iter().map(|buffer| buffer.filter(|b| 0.0 < *b)).collect();
        let Some(buffers) = known else { return Err(DebtRankError::NoBuffer) };
        let initial: Vec<f64> = losses.iter().zip(&buffers).map(|(loss, buffer)| loss / buffer).collect();
        let mut h: Vec<f64> = initial.iter().map(|h| h.min(1.0)).collect();
        let (mut rounds, mut residual, mut raw) = (0, f64::INFINITY, initial.clone());
        while CHANGE_MIN < residual && rounds < SWEEPS_MAX {
            rounds += 1;
            residual = 0.0;
            raw.copy_from_slice(&initial);
            for (debtor, distress) in h.iter().enumerate().filter(|(_, distress)| 0.0 < **distress) {
                self.of(debtor).for_each(|(creditor, ratio)| raw[creditor] += ratio * distress);
            }
            for (h, raw) in h.iter_mut().zip(&raw) {
                residual = residual.max(raw.min(1.0) - *h);
                // Rounding must not let distress fall.
                *h = h.max(raw.min(1.0));
            }
        }
        let equity = raw.iter().zip(&buffers).map(|(raw, buffer)| buffer * (1.0 - raw)).collect();
        Ok(LinearDistress { distress: h, equity, rounds, residual })
    }

    /// Creditors of a party, with exposure over buffer.
    fn of(&self, debtor: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let range = self.starts[debtor] as usize..self.starts[debtor + 1] as usize;
        let creditors = self.creditors[range.clone()].iter().map(|creditor| *creditor as usize);
        creditors.zip(self.ratios[range].iter().copied())
    }
}

/// Where a spread of the 2012 kind stands.
struct Spreading {
    h: Vec<f64>,
    passed: Vec<f64>,
    lost_in: Vec<Option<u32>>,
    had_turn: Vec<bool>,
}

fn is_all(share: f64) -> bool {
    1.0 - LEFT_MIN <= share
}

/// An exposure over the buffer that it hits.
fn ratio(amount: f64, buffer: Option<f64>) -> f64 {
    match buffer {
        Some(buffer) if 0.0 < buffer => amount / buffer,
        Some(_) if 0.0 < amount => 1.0,
        _ => 0.0,
    }
}

fn amounts(numbers: &[f64]) -> bool {
    numbers.iter().all(|x| x.is_finite() && 0.0 <= *x)
}

fn check(exposures: &[CreditExposure], buffers: &[Option<f64>]) -> Result<(), DebtRankError> {
    if buffers.iter().flatten().any(|buffer| !buffer.is_finite()) {
        return Err(DebtRankError::NotAnAmount);
    }
    if buffers.iter().flatten().any(|buffer| *buffer < 0.0) {
        return Err(DebtRankError::NoBuffer);
    }
    for exposure in exposures {
        if buffers.len() <= exposure.creditor.max(exposure.debtor) as usize {
            return Err(DebtRankError::NoSuchParty);
        }
        if exposure.creditor == exposure.debtor {
            return Err(DebtRankError::SelfExposure);
        }
        let ratio = ratio(exposure.amount, buffers[exposure.creditor as usize]);
        if !amounts(&[exposure.amount, ratio]) {
            return Err(DebtRankError::NotAnAmount);
        }
    }
    Ok(())
}
