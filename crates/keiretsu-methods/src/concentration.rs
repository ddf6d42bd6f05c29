//! Turns amounts by counterparty into measures of concentration.
//!
//! ```
//! use keiretsu_methods::concentration::concentration;
//! assert!((concentration(&[30.0, 30.0, 20.0, 20.0]).unwrap().hhi - 2600.0).abs() < 1e-9);
//! ```
//!
//! Herfindahl-Hirschman index (Herfindahl 1950; US Merger Guidelines 2023, section 2.1), Hill numbers of
//! order 1 and 2 (Hill 1973, Ecology 54), concentration ratio `CR_k`.
//!
//! Amounts are non-negative, in any unit; shares are amount ÷ sum. Absent: consolidation of groups, which
//! must come first, and thresholds, which are policy.

use keiretsu_maths::exp::exp;
use keiretsu_maths::ln::ln;

/// Why amounts have no concentration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConcentrationError {
    /// There is no amount above zero.
    Empty,
    /// An amount is negative, infinite or not a number.
    NotAnAmount,
}

/// Measures of concentration of a list of amounts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Concentration {
    /// Herfindahl-Hirschman index, in percent points squared: above 0, at most 10,000.
    pub hhi: f64,
    /// 1 ÷ sum of squared shares (Hill number of order 2): how many equal shares give this HHI.
    pub number_effective: f64,
    /// e^entropy (Hill number of order 1): how many equal shares give this entropy.
    pub number_effective_entropy: f64,
    /// Largest share, a fraction.
    pub share_max: f64,
}

/// Measures of the shares of `amounts`.
///
/// # Errors
/// [`ConcentrationError::Empty`], [`ConcentrationError::NotAnAmount`].
pub fn concentration(amounts: &[f64]) -> Result<Concentration, ConcentrationError> {
    let shares = shares(amounts)?;
    let squares: f64 = shares.iter().map(|share| share * share).sum();
    // 0 ln 0 = 0.
    let entropy: f64 = shares.iter().filter(|s| f64::MIN_POSITIVE <= **s).map(|s| -s * ln(*s)).sum();
    Ok(Concentration {
        hhi: 10_000.0 * squares,
        number_effective: 1.0 / squares,
        number_effective_entropy: exp(entropy),
        share_max: shares.iter().copied().fold(0.0, f64::max),
    })
}

/// `CR_k`: the part of the total held by the `k` largest amounts, a fraction.
///
/// # Errors
/// As [`concentration`].
pub fn concentration_ratio(amounts: &[f64], k: usize) -> Result<f64, ConcentrationError> {
    let mut shares = shares(amounts)?;
    shares.sort_by(|a, b| b.total_cmp(a));
    Ok(shares.iter().take(k).sum::<f64>().min(1.0))
}

fn shares(amounts: &[f64]) -> Result<Vec<f64>, ConcentrationError> {
    if amounts.iter().any(|amount| !amount.is_finite() || *amount < 0.0) {
        return Err(ConcentrationError::NotAnAmount);
    }
    let largest = amounts.iter().copied().fold(0.0, f64::max);
    if largest < f64::MIN_POSITIVE {
        return Err(ConcentrationError::Empty);
    }
    // Divide by the largest first, so that the sum cannot overflow.
    let total: f64 = amounts.iter().map(|amount| amount / largest).sum();
    Ok(amounts.iter().map(|amount| amount / largest / total).collect())
}
