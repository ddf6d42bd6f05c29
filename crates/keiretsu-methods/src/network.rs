//! Turns balance sheets and claims into equities that agree with each other: network valuation (NEVA).
//!
//! ```
//! use keiretsu_methods::debtrank::CreditExposure;
//! use keiretsu_methods::network::{BalanceSheet, OutsideDebt, Valuation, value_network};
//! let sheet = |assets| BalanceSheet { assets, debts: 8.0, valuation: Valuation::Furfine { recovery: 0.5 } };
//! let claim = [CreditExposure { creditor: 0, debtor: 1, amount: 2.0 }];
//! let valued = value_network(&[sheet(9.0), sheet(9.0)], &claim, OutsideDebt::Senior, |_| ()).unwrap();
//! assert_eq!(valued.equity, [2.0, -1.0]);
//! ```
//!
//! Barucca, Bardoscia, Caccioli, D'Errico, Visentin, Caldarelli and Battiston (2020, Mathematical Finance
//! 30), eq. 3: `E_i = A_i - L_i + sum_j A_ij V_j(E_j) - sum_j L_ji`, where `V_j` in [0, 1] values a claim on
//! j and does not fall as `E_j` rises. Iterating from book values falls to the greatest solution (theorem 1).
//!
//! Valuations: Eisenberg and Noe (2001); Furfine (2003); linear `DebtRank` (2015); before maturity, by the
//! law of outside assets as a geometric Brownian motion without drift over one unit of time (section 4
//! there): Merton (1974), default at maturity, and Black and Cox (1976), default at first passage.
//!
//! Equities are signed: below zero, an equity is the missing amount. Absent: maturities, interest.

use keiretsu_maths::ln::ln;
use keiretsu_maths::normal::normal_cdf;

use crate::debtrank::CreditExposure;

/// How a claim on a party is valued, given that party's equity E and debts p.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Valuation {
    /// 1 if 0 <= E, else (E + p) / p, at least 0.
    EisenbergNoe,
    /// 1 if 0 <= E, else a fixed recovery.
    Furfine {
        /// Paid share in default, in 0..=1.
        recovery: f64,
    },
    /// E / E(0), at least 0 and at most 1.
    LinearDebtRank {
        /// Equity before the shock, above 0.
        equity_before: f64,
    },
    /// Merton's default at maturity; in default, `recovery` times the payment of Eisenberg and Noe.
    Merton {
        /// Standard deviation of the logarithm of outside assets over the unit of time, above 0.
        sigma: f64,
        /// In 0..=1.
        recovery: f64,
    },
    /// Merton's default at maturity with a fixed recovery.
    MertonFurfine {
        /// As in `Merton`.
        sigma: f64,
        /// Paid share in default, in 0..=1.
        recovery: f64,
    },
    /// Black and Cox's default at the first passage of equity through zero, with a fixed recovery.
    BlackCox {
        /// As in `Merton`.
        sigma: f64,
        /// Paid share in default, in 0..=1.
        recovery: f64,
    },
}

/// Rank of outside creditors. There is no default value, since it decides which debts are paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutsideDebt {
    /// Equal to debts within the network: p counts both.
    Equal,
    /// Before them: p counts debts within the network only.
    Senior,
}

/// A party's balance sheet without its claims and debts within the network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BalanceSheet {
    /// Outside assets, after the shock.
    pub assets: f64,
    /// Outside debts.
    pub debts: f64,
    /// How claims on this party are valued.
    pub valuation: Valuation,
}

/// Why a network cannot be valued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValuationError {
    /// An index names no party.
    NoSuchParty,
    /// An amount is negative, infinite or not a number, or a fraction lies outside 0..=1.
    NotAnAmount,
    /// Sigma, equity before the shock, or the outside assets of a party valued before maturity are not
    /// positive.
    NotPositive,
    /// A party has a claim on itself.
    SelfExposure,
}

/// Equities that agree with each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Valued {
    /// Signed equity by party.
    pub equity: Vec<f64>,
    /// Signed equity by party after one round, when losses have reached direct creditors only.
    pub equity_first: Vec<f64>,
    /// Value of one unit of claim on each party.
    pub unit_value: Vec<f64>,
    /// Rounds of revaluation.
    pub rounds: u32,
    /// Largest change of an equity in the last round, in money.
    pub residual: f64,
}

/// Limit of rounds; the values reached by then are returned with their residual.
const ROUNDS_MAX: u32 = 100_000;
/// A change by this share of the largest amount is rounding.
const CHANGE_MIN: f64 = 1e-16;

/// Greatest equities of parties with these balance sheets and claims on each other; `watch` is shown the
/// equities of each round, book values first.
///
/// # Errors
/// [`ValuationError`].
pub fn value_network(
    sheets: &[BalanceSheet],
    claims: &[CreditExposure],
    outside: OutsideDebt,
    mut watch: impl FnMut(&[f64]),
) -> Result<Valued, ValuationError> {
    check(sheets, claims)?;
    let mut within = vec![0.0; sheets.len()];
    for claim in claims {
        within[claim.debtor as usize] += claim.amount;
    }
    let with_outside = |(sheet, debts): (&BalanceSheet, &f64)| match outside {
        OutsideDebt::Equal => debts + sheet.debts,
        OutsideDebt::Senior => *debts,
    };
    let sharing: Vec<f64> = sheets.iter().zip(&within).map(with_outside).collect();
    let scale = sheets.iter().fold(0.0_f64, |max, sheet| max.max(sheet.assets).max(sheet.debts));
    let mut unit_value = vec![1.0; sheets.len()];
    let mut equity = equities(sheets, claims, &within, &unit_value);
    let (mut equity_first, mut rounds, mut residual) = (equity.clone(), 0, f64::INFINITY);
    watch(&equity);
    while CHANGE_MIN * scale < residual && rounds < ROUNDS_MAX {
        for (party, value) in unit_value.iter_mut().enumerate() {
            // From book values downwards: rounding must not let a value rise.
            *value = sheets[party].value(equity[party], sharing[party]).min(*value);
        }
        let next = equities(sheets, claims, &within, &unit_value);
        residual = next.iter().zip(&equity).fold(0.0_f64, |max, (a, b)| max.max((a - b).abs()));
        equity = next;
        watch(&equity);
        rounds += 1;
        if rounds == 1 {
            equity_first.clone_from(&equity);
        }
    }
    Ok(Valued { equity, equity_first, unit_value, rounds, residual })
}

fn equities(
    sheets: &[BalanceSheet],
    claims: &[CreditExposure],
    within: &[f64],
    unit_value: &[f64],
) -> Vec<f64> {
    let mut equity: Vec<f64> =
        sheets.iter().zip(within).map(|(sheet, within)| sheet.assets - sheet.debts - within).collect();
    for claim in claims {
        equity[claim.creditor as usize] += claim.amount * unit_value[claim.debtor as usize];
    }
    equity
}

impl BalanceSheet {
    /// Value of one unit of claim on the party, which has `debts` that share equally.
    fn value(&self, equity: f64, debts: f64) -> f64 {
        let at_maturity = |recovery: f64| if 0.0 <= equity { 1.0 } else { recovery };
        let value = match self.valuation {
            Valuation::EisenbergNoe => at_maturity((1.0 + equity / debts).max(0.0)),
            Valuation::Furfine { recovery } => at_maturity(recovery),
            Valuation::LinearDebtRank { equity_before } => equity.max(0.0) / equity_before,
            Valuation::Merton { sigma, recovery } => {
                let barrier = self.assets - equity;
                1.0 - below(barrier / self.assets, sigma)
                    + recovery * recovered(barrier / self.assets, debts / self.assets, sigma)
            }
            Valuation::MertonFurfine { sigma, recovery } => {
                1.0 - (1.0 - recovery) * below(1.0 - equity / self.assets, sigma)
            }
            Valuation::BlackCox { sigma, recovery } => {
                1.0 - (1.0 - recovery) * touched(1.0 - equity / self.assets, sigma)
            }
        };
        value.clamp(0.0, 1.0)
    }

    fn check(&self) -> Result<(), ValuationError> {
        let amount = |x: f64| x.is_finite() && 0.0 <= x;
        let positive = |x: f64| x.is_finite() && f64::MIN_POSITIVE <= x;
        let (recovery, positives) = match self.valuation {
            Valuation::EisenbergNoe => (0.0, [1.0, 1.0]),
            Valuation::Furfine { recovery } => (recovery, [1.0, 1.0]),
            Valuation::LinearDebtRank { equity_before } => (0.0, [equity_before, 1.0]),
            Valuation::Merton { sigma, recovery }
            | Valuation::MertonFurfine { sigma, recovery }
            | Valuation::BlackCox { sigma, recovery } => (recovery, [sigma, self.assets]),
        };
        if !amount(self.assets) || !amount(self.debts) || !(0.0..=1.0).contains(&recovery) {
            return Err(ValuationError::NotAnAmount);
        }
        if positives.into_iter().all(positive) { Ok(()) } else { Err(ValuationError::NotPositive) }
    }
}

/// P(X < k) for X = e^(sigma Z - sigma²/2), of mean 1.
fn below(k: f64, sigma: f64) -> f64 {
    if k < f64::MIN_POSITIVE { 0.0 } else { normal_cdf(ln(k) / sigma + 0.5 * sigma) }
}

/// E[X; X < k] for the same X.
fn mean_below(k: f64, sigma: f64) -> f64 {
    if k < f64::MIN_POSITIVE { 0.0 } else { normal_cdf(ln(k) / sigma - 0.5 * sigma) }
}

/// E[(1 - (k - X) / p)^+; X < k]: payment on a unit of claim in default, times the chance of default.
fn recovered(k: f64, p: f64, sigma: f64) -> f64 {
    if p < f64::MIN_POSITIVE {
        return 0.0;
    }
    let floor = k - p;
    let mean = mean_below(k, sigma) - mean_below(floor, sigma);
    let chance = below(k, sigma) - below(floor, sigma);
    ((mean - floor * chance) / p).max(0.0)
}

/// P(X falls to k at some time up to 1) for X a geometric Brownian motion from 1 without drift (Black and Cox
/// 1976).
fn touched(k: f64, sigma: f64) -> f64 {
    if 1.0 <= k {
        return 1.0;
    }
    if k < f64::MIN_POSITIVE { 0.0 } else { (below(k, sigma) + mean_below(k, sigma) / k).min(1.0) }
}

fn check(sheets: &[BalanceSheet], claims: &[CreditExposure]) -> Result<(), ValuationError> {
    sheets.iter().try_for_each(BalanceSheet::check)?;
    for claim in claims {
        if sheets.len() <= claim.creditor.max(claim.debtor) as usize {
            return Err(ValuationError::NoSuchParty);
        }
        if claim.creditor == claim.debtor {
            return Err(ValuationError::SelfExposure);
        }
        if !claim.amount.is_finite() || claim.amount < 0.0 {
            return Err(ValuationError::NotAnAmount);
        }
    }
    Ok(())
}
