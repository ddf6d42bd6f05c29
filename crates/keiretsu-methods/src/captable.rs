//! Turns terms of convertibles, rounds, preferences and protections into shares and money.
//!
//! ```
//! use keiretsu_methods::captable::weighted_average_price;
//! assert!((weighted_average_price(1.0, 7e6, 1e6, 2e6).unwrap() - 8.0 / 9.0).abs() < 1e-15);
//! ```
//!
//! Post-money SAFE: Y Combinator, "Post-Money Safe User Guide" (2018). Priced round: NVCA model documents.
//! Weighted average anti-dilution: NVCA certificate of incorporation, article IV.B.4. [`round`] solves a
//! priced round, [`waterfall`] shares an exit.
//!
//! Shares are real numbers, except with [`rounding`], since forms differ in their roundings (the YC guide
//! rounds the price to four decimals first). Absent: vesting.

pub mod round;
pub mod rounding;
pub mod waterfall;

use keiretsu_maths::exp::exp;
use keiretsu_maths::ln::ln_1p;

/// Why a cap table cannot be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CapTableError {
    /// An amount is negative, infinite or not a number; a price, cap or count that divides is zero; or a
    /// fraction lies outside 0..1.
    NotAnAmount,
    /// The caps alone give the holders of SAFEs the whole company.
    CapsTakeAll,
    /// Convertibles and pool take the whole pre-money value, so that no price is left for the round.
    NoPrice,
    /// A price of so few decimals is zero.
    PriceOfNothing,
    /// Preferences are paid and there is no share that takes the rest.
    NobodyTakesTheRest,
}

/// How interest on a note accrues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interest {
    /// On the principal only.
    Simple,
    /// Yearly, on interest too.
    Compounding,
}

/// The converting amount of a note: principal and interest accrued over `years` at `rate` a year.
///
/// # Errors
/// [`CapTableError::NotAnAmount`].
pub fn note_amount(principal: f64, rate: f64, years: f64, interest: Interest) -> Result<f64, CapTableError> {
    amounts(&[principal, rate, years])?;
    let growth = match interest {
        Interest::Simple => 1.0 + rate * years,
        Interest::Compounding => exp(years * ln_1p(rate)),
    };
    amounts(&[principal * growth])?;
    Ok(principal * growth)
}

/// Conversion price after an issue below it: CP1 (A + B) / (A + C), A `outstanding` shares before (broad
/// based: fully diluted), B the shares that the consideration would have bought at CP1, C the shares issued.
/// Not above CP1.
///
/// # Errors
/// [`CapTableError::NotAnAmount`].
pub fn weighted_average_price(
    price: f64,
    outstanding: f64,
    consideration: f64,
    issued: f64,
) -> Result<f64, CapTableError> {
    amounts(&[price, outstanding, consideration, issued])?;
    let after = price * (outstanding + consideration / price) / (outstanding + issued);
    amounts(&[after])?;
    Ok(after.min(price))
}

/// Conversion price after an issue at a lower price, with full protection: the lower price.
///
/// # Errors
/// [`CapTableError::NotAnAmount`].
pub fn full_ratchet_price(price: f64, issue_price: f64) -> Result<f64, CapTableError> {
    amounts(&[price, issue_price])?;
    Ok(price.min(issue_price))
}

/// Common shares that preferred shares convert into: shares x original price ÷ conversion price.
///
/// # Errors
/// [`CapTableError::NotAnAmount`].
pub fn as_converted(shares: f64, price_original: f64, price_conversion: f64) -> Result<f64, CapTableError> {
    amounts(&[shares, price_original, price_conversion])?;
    let converted = shares * price_original / price_conversion;
    amounts(&[converted])?;
    Ok(converted)
}

/// Shares that warrants add by the treasury stock method: those exercised less those that the strike would
/// buy back at the price of a share (ASC 260-10-45-23). None if the price is not above the strike.
///
/// # Errors
/// [`CapTableError::NotAnAmount`].
pub fn treasury_shares(shares: f64, strike: f64, price: f64) -> Result<f64, CapTableError> {
    amounts(&[shares, strike, price])?;
    Ok(if strike < price { shares * (1.0 - strike / price) } else { 0.0 })
}

fn amounts(numbers: &[f64]) -> Result<(), CapTableError> {
    if numbers.iter().all(|x| x.is_finite() && 0.0 <= *x) { Ok(()) } else { Err(CapTableError::NotAnAmount) }
}

fn fractions(numbers: &[f64]) -> Result<(), CapTableError> {
    if numbers.iter().all(|x| (0.0..1.0).contains(x)) { Ok(()) } else { Err(CapTableError::NotAnAmount) }
}
