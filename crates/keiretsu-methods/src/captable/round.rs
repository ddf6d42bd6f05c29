//! Turns the terms of a priced round and of its convertibles into a price and share counts.
//!
//! ```
//! use keiretsu_methods::captable::round::{Cap, Convertible, Pool, RoundTerms, close};
//! let safe = Convertible { amount: 1e6, discount: 0.0, cap: Cap::PostMoney(1e7) };
//! let terms = RoundTerms {
//!     capitalization: 9e6,
//!     unallocated: 0.0,
//!     pre_money: 2.2e7,
//!     new_money: 5e6,
//!     pool: Pool::Increase(1e6),
//! };
//! assert!((close(&terms, &[safe]).unwrap().price - 2.0).abs() < 1e-12);
//! ```
//!
//! With x = 1 / price, each convertible takes max(a x, b B, c) shares: a at the (discounted) price, b B at a
//! post-money cap, B being the company capitalization *including* everything that converts, and c at a
//! pre-money cap. The price makes the count before new money worth the pre-money value: B(x) + pool
//! increase(x) = pre-money x. B and the increase are convex and piecewise linear in x, so Newton's method
//! from x = 0 climbs to the least root, the highest price, in finitely many steps.

use super::{CapTableError, amounts, fractions};

/// Something that converts into shares in the round.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Convertible {
    /// Purchase amount, or principal and interest.
    pub amount: f64,
    /// Fraction off the round's price, in 0..1.
    pub discount: f64,
    /// The valuation cap, if any.
    pub cap: Cap,
}

/// The share count that a valuation cap is divided by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cap {
    /// No cap.
    None,
    /// By the company capitalization including all that converts (post-money SAFE), not the new pool.
    PostMoney(f64),
    /// By the company capitalization before anything converts (older SAFEs, notes).
    PreMoney(f64),
}

/// The option pool after the round.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pool {
    /// A number of new shares.
    Increase(f64),
    /// Enough more that unallocated shares are this fraction of the fully diluted count after the round.
    TargetUnallocated(f64),
}

/// A company before the round, and the round's terms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RoundTerms {
    /// All shares, options granted and promised, and the existing pool.
    pub capitalization: f64,
    /// Of these, unallocated shares in the pool.
    pub unallocated: f64,
    /// Agreed value before new money, above 0.
    pub pre_money: f64,
    /// Paid by the new investors.
    pub new_money: f64,
    /// The option pool after the round.
    pub pool: Pool,
}

/// The round as closed.
#[derive(Clone, Debug, PartialEq)]
pub struct Closed {
    /// Price of a share.
    pub price: f64,
    /// The price a share of each convertible; none for one without shares.
    pub conversion_prices: Vec<Option<f64>>,
    /// Shares into which each convertible converts.
    pub converted: Vec<f64>,
    /// Count that post-money caps are divided by.
    pub company_capitalization: f64,
    /// Shares added to the pool.
    pub pool_increase: f64,
    /// Shares issued for new money.
    pub new_shares: f64,
    /// All shares after the round.
    pub fully_diluted: f64,
}

/// Shares of each convertible as max(a x, b B, c).
struct Claim {
    at_price: f64,
    of_capitalization: f64,
    fixed: f64,
}

/// Price and counts of the round.
///
/// # Errors
/// [`CapTableError`] but for `NobodyTakesTheRest`.
pub fn close(terms: &RoundTerms, convertibles: &[Convertible]) -> Result<Closed, CapTableError> {
    let claims = claims(terms, convertibles)?;
    let mut x = 0.0;
    // Each step passes at least one corner: every claim has two, the pool one.
    for _ in 0..2 * claims.len() + 4 {
        let (count, slope) = capitalization(&claims, terms, x);
        let (increase, increase_slope) = pool_increase(terms, x);
        let missing = count + increase - terms.pre_money * x;
        let closing = terms.pre_money - slope - increase_slope;
        if missing <= 4.0 * f64::EPSILON * (count + increase) {
            break;
        }
        if closing <= 0.0 {
            return Err(CapTableError::NoPrice);
        }
        x += missing / closing;
    }
    let (company_capitalization, _) = capitalization(&claims, terms, x);
    let (pool_increase, _) = pool_increase(terms, x);
    let new_shares = terms.new_money * x;
    let converted: Vec<f64> = claims.iter().map(|claim| claim.shares(x, company_capitalization)).collect();
    let paid = convertibles.iter().zip(&converted);
    let closed = Closed {
        price: 1.0 / x,
        conversion_prices: paid.map(|(one, shares)| (0.0 < *shares).then(|| one.amount / shares)).collect(),
        converted,
        company_capitalization,
        pool_increase,
        new_shares,
        fully_diluted: company_capitalization + pool_increase + new_shares,
    };
    if closed.price.is_finite() && closed.fully_diluted.is_finite() {
        Ok(closed)
    } else {
        Err(CapTableError::NoPrice)
    }
}

/// Shares of convertibles that convert at their caps, without a round: counts and the company
/// capitalization, which includes them. `None` for a convertible without a cap, which waits for a round.
///
/// # Errors
/// [`CapTableError::NotAnAmount`], [`CapTableError::CapsTakeAll`].
pub fn at_caps(
    capitalization: f64,
    convertibles: &[Convertible],
) -> Result<(Vec<Option<f64>>, f64), CapTableError> {
    let pool = Pool::Increase(0.0);
    let terms = RoundTerms { capitalization, unallocated: 0.0, pre_money: 1.0, new_money: 0.0, pool };
    let claims = claims(&terms, convertibles)?;
    let (mut fixed, mut share) = (capitalization, 0.0);
    for claim in &claims {
        fixed += claim.fixed;
        share += claim.of_capitalization;
    }
    let total = fixed / (1.0 - share);
    let shares = |(claim, convertible): (&Claim, &Convertible)| {
        (convertible.cap != Cap::None).then(|| claim.fixed.max(claim.of_capitalization * total))
    };
    Ok((claims.iter().zip(convertibles).map(shares).collect(), total))
}

impl Claim {
    fn shares(&self, x: f64, capitalization: f64) -> f64 {
        (self.at_price * x).max(self.of_capitalization * capitalization).max(self.fixed)
    }
}

fn claims(terms: &RoundTerms, convertibles: &[Convertible]) -> Result<Vec<Claim>, CapTableError> {
    amounts(&[terms.capitalization, terms.unallocated, terms.pre_money, terms.new_money])?;
    if terms.pre_money < f64::MIN_POSITIVE || terms.capitalization < terms.unallocated {
        return Err(CapTableError::NotAnAmount);
    }
    match terms.pool {
        Pool::Increase(shares) => amounts(&[shares])?,
        Pool::TargetUnallocated(fraction) => fractions(&[fraction])?,
    }
    let claim = |convertible: &Convertible| {
        amounts(&[convertible.amount])?;
        fractions(&[convertible.discount])?;
        let (post, pre) = match convertible.cap {
            Cap::None => (0.0, 0.0),
            Cap::PostMoney(cap) => (convertible.amount / cap, 0.0),
            Cap::PreMoney(cap) => (0.0, convertible.amount * terms.capitalization / cap),
        };
        amounts(&[post, pre])?;
        let at_price = convertible.amount / (1.0 - convertible.discount);
        Ok(Claim { at_price, of_capitalization: post, fixed: pre })
    };
    convertibles.iter().map(claim).collect::<Result<Vec<Claim>, CapTableError>>().and_then(|claims| {
        let capped: f64 = claims.iter().map(|claim| claim.of_capitalization).sum();
        if 1.0 <= capped { Err(CapTableError::CapsTakeAll) } else { Ok(claims) }
    })
}

/// B = F + sum of max(a x, b B, c), and its slope in x: from below, letting caps bind until none more does.
fn capitalization(claims: &[Claim], terms: &RoundTerms, x: f64) -> (f64, f64) {
    let mut count = terms.capitalization;
    let mut slope = 0.0;
    for _ in 0..=claims.len() {
        let (mut fixed, mut share) = (terms.capitalization, 0.0);
        slope = 0.0;
        for claim in claims {
            let others = (claim.at_price * x).max(claim.fixed);
            if others < claim.of_capitalization * count {
                share += claim.of_capitalization;
            } else {
                fixed += others;
                // At a corner the steeper side: x only grows from here.
                slope += if claim.fixed <= claim.at_price * x { claim.at_price } else { 0.0 };
            }
        }
        count = fixed / (1.0 - share);
        slope /= 1.0 - share;
    }
    (count, slope)
}

/// Shares added to the pool and their slope in x.
fn pool_increase(terms: &RoundTerms, x: f64) -> (f64, f64) {
    match terms.pool {
        Pool::Increase(shares) => (shares, 0.0),
        Pool::TargetUnallocated(fraction) => {
            let slope = fraction * (terms.pre_money + terms.new_money);
            let needed = slope * x - terms.unallocated;
            if needed < 0.0 { (0.0, 0.0) } else { (needed, slope) }
        }
    }
}
