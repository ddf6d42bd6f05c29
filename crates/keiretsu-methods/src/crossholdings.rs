//! Turns cross-holdings, asset prices and failure thresholds into values and waves of failure.
//!
//! ```
//! use keiretsu_methods::crossholdings::Dependency;
//! // Each holds half of the other: a third of the other's assets ends with its owners.
//! let dependency = Dependency::new(&[0.0, 0.5, 0.5, 0.0], 2).unwrap();
//! let values = dependency.market_values(&[0.0, 1.0]).unwrap();
//! assert!((values[0] - 1.0 / 3.0).abs() < 1e-15);
//! ```
//!
//! Elliott, Golub and Jackson (2014, American Economic Review 104): book values V = (I - C)^-1 D p (eq. 3),
//! market values v = A D p with A = C^ (I - C)^-1 (eq. 4), and with failure v = A (D p - b(v)) (eq. 5), where
//! b is the failure cost of each organisation below its threshold. The waves follow their algorithm (section
//! II.D), which finds the best case, the equilibrium with the fewest failures.
//!
//! Invariants: columns of A sum to 1, so that market values sum to asset values less failure costs, while
//! book values count cross-holdings twice. No intermediate matrix is rounded: the order of failures depends
//! on it.
//!
//! Absent: the worst case, and the search for the shock that hurts most (hard).

use crate::dense::Factors;

/// Why holdings have no values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoldingsError {
    /// Rows and columns, or lengths, do not match.
    Lengths,
    /// A share is negative or not a number, or another number is infinite or not a number.
    NotANumber,
    /// An organisation holds a share of itself.
    SelfHolding,
    /// Others hold an organisation completely, so that it has no owner outside.
    FullyHeld,
}

/// Dependence of each organisation's value on each one's assets.
#[derive(Clone, Debug)]
pub struct Dependency {
    n: usize,
    factors: Factors,
    own: Vec<f64>,
}

/// Values and failures in the best case.
#[derive(Clone, Debug, PartialEq)]
pub struct Cascade {
    /// Organisations that fail, wave by wave, each in order of index; the first wave fails without any
    /// contagion.
    pub waves: Vec<Vec<usize>>,
    /// Market value of each organisation at the end.
    pub values: Vec<f64>,
    /// Book value of each organisation at the end; cross-holdings count twice.
    pub books: Vec<f64>,
}

impl Dependency {
    /// From shares C, row-major n x n: `shares[i * n + j]` is the share of j held by i, in 0..1.
    ///
    /// # Errors
    /// [`HoldingsError`]; columns must sum to less than 1.
    pub fn new(shares: &[f64], n: usize) -> Result<Dependency, HoldingsError> {
        if n.checked_mul(n) != Some(shares.len()) {
            return Err(HoldingsError::Lengths);
        }
        if shares.iter().any(|share| !share.is_finite() || *share < 0.0) {
            return Err(HoldingsError::NotANumber);
        }
        if (0..n).any(|i| 0.0 < shares[i * n + i]) {
            return Err(HoldingsError::SelfHolding);
        }
        let held = |j: usize| -> f64 { (0..n).map(|i| shares[i * n + j]).sum() };
        let own: Vec<f64> = (0..n).map(|j| 1.0 - held(j)).collect();
        if own.iter().any(|own| *own <= 0.0) {
            return Err(HoldingsError::FullyHeld);
        }
        let factors = Factors::of_identity_minus(shares, n).ok_or(HoldingsError::FullyHeld)?;
        Ok(Dependency { n, factors, own })
    }

    /// Book values of organisations that own assets worth `assets`: cross-holdings are counted twice.
    ///
    /// # Errors
    /// [`HoldingsError::Lengths`], [`HoldingsError::NotANumber`].
    pub fn book_values(&self, assets: &[f64]) -> Result<Vec<f64>, HoldingsError> {
        self.check(assets)?;
        Ok(self.factors.solve(assets))
    }

    /// Market values of organisations that own assets worth `assets`, none failing.
    ///
    /// # Errors
    /// As [`Dependency::book_values`].
    pub fn market_values(&self, assets: &[f64]) -> Result<Vec<f64>, HoldingsError> {
        let book = self.book_values(assets)?;
        Ok(book.iter().zip(&self.own).map(|(book, own)| book * own).collect())
    }

    /// Failures: an organisation strictly below its threshold loses its failure cost, once, from its assets.
    ///
    /// Cost: n² operations a wave.
    ///
    /// # Errors
    /// As [`Dependency::book_values`]; costs must not be negative.
    pub fn cascade(
        &self,
        assets: &[f64],
        thresholds: &[f64],
        failure_costs: &[f64],
    ) -> Result<Cascade, HoldingsError> {
        self.check(thresholds)?;
        self.check(failure_costs)?;
        if failure_costs.iter().any(|cost| *cost < 0.0) {
            return Err(HoldingsError::NotANumber);
        }
        let mut left = assets.to_vec();
        let mut failed = vec![false; self.n];
        let mut waves = Vec::new();
        loop {
            let books = self.book_values(&left)?;
            let values: Vec<f64> = books.iter().zip(&self.own).map(|(book, own)| book * own).collect();
            let wave: Vec<usize> =
                (0..self.n).filter(|i| !failed[*i] && values[*i] < thresholds[*i]).collect();
            if wave.is_empty() {
                return Ok(Cascade { waves, values, books });
            }
            for i in &wave {
                failed[*i] = true;
                left[*i] -= failure_costs[*i];
            }
            waves.push(wave);
        }
    }

    fn check(&self, numbers: &[f64]) -> Result<(), HoldingsError> {
        if numbers.len() != self.n {
            return Err(HoldingsError::Lengths);
        }
        if numbers.iter().any(|x| !x.is_finite()) { Err(HoldingsError::NotANumber) } else { Ok(()) }
    }
}
