//! Turns a fund's flows, value and an index into multiples and public-market equivalents.
//!
//! ```
//! use keiretsu_methods::returns::{multiples, pme_kaplan_schoar};
//! assert!((multiples(&[-20.0, 15.0, 0.0], 20.0).unwrap().tvpi - 1.75).abs() < 1e-15);
//! assert!(1.0 < pme_kaplan_schoar(&[-20.0, 15.0, 0.0], 20.0, &[100.0, 115.0, 130.0]).unwrap());
//! ```
//!
//! Multiples: TVPI (= MOIC) = DPI + RVPI, all over paid-in capital (GIPS glossary). KS-PME: Kaplan and Schoar
//! (2005, J. Finance 60), eq. 1. Direct alpha: Gredil, Griffiths and Stucke (2014). PME+: Rouvinez (2003).
//!
//! Flows: negative = paid in, positive = distributed. Absent: fees, recallable distributions.

use crate::irr::{Irr, IrrError, irr, irr_at};

/// Multiples of paid-in capital.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Multiples {
    /// Contributions, as a positive amount.
    pub paid_in: f64,
    /// Distributions ÷ paid-in.
    pub dpi: f64,
    /// Value not yet realised ÷ paid-in.
    pub rvpi: f64,
    /// Total value ÷ paid-in: DPI + RVPI.
    pub tvpi: f64,
    /// Multiple on invested capital, the same as TVPI here.
    pub moic: f64,
}

/// Multiples of flows (negative = paid in) with a remaining value `nav`.
///
/// # Errors
/// [`IrrError::NotFinite`]; [`IrrError::NothingPaidIn`].
pub fn multiples(flows: &[f64], nav: f64) -> Result<Multiples, IrrError> {
    let ones = vec![1.0; flows.len()];
    let (paid_in, distributed) = totals(flows, nav, &ones)?;
    let (dpi, rvpi) = (distributed / paid_in, nav / paid_in);
    let tvpi = dpi + rvpi;
    Ok(Multiples { paid_in, dpi, rvpi, tvpi, moic: tvpi })
}

/// Kaplan-Schoar public-market equivalent: value of distributions and `nav` over value of contributions, both
/// carried to the last date by the index. Above 1, the fund beat the index.
///
/// # Errors
/// [`IrrError::Lengths`], [`IrrError::NotFinite`], [`IrrError::NothingPaidIn`].
pub fn pme_kaplan_schoar(flows: &[f64], nav: f64, index: &[f64]) -> Result<f64, IrrError> {
    let (paid_in, distributed) = totals(flows, nav, &growth(flows, index)?)?;
    Ok((distributed + nav) / paid_in)
}

/// Direct alpha of flows at equal intervals: all rates, per period, of the flows carried to the last date by
/// the index, `nav` added at the end. The rate is compounded per period; its logarithm is the other
/// convention.
///
/// # Errors
/// As [`pme_kaplan_schoar`], and those of [`irr`].
pub fn direct_alpha(flows: &[f64], nav: f64, index: &[f64]) -> Result<Irr, IrrError> {
    irr(&carried(flows, nav, &growth(flows, index)?))
}

/// Direct alpha of flows at `years`; the last flow's time is that of `nav`.
///
/// # Errors
/// As [`direct_alpha`].
pub fn direct_alpha_at(years: &[f64], flows: &[f64], nav: f64, index: &[f64]) -> Result<Irr, IrrError> {
    irr_at(years, &carried(flows, nav, &growth(flows, index)?))
}

/// PME+ of flows at equal intervals: all rates of the flows after distributions are scaled so that an
/// investment in the index would end with the same `nav`.
///
/// # Errors
/// As [`direct_alpha`]; [`IrrError::NothingPaidIn`] also if nothing was distributed, since nothing can scale.
pub fn pme_plus(flows: &[f64], nav: f64, index: &[f64]) -> Result<Irr, IrrError> {
    irr(&plus(flows, nav, index)?)
}

/// PME+ of flows at `years`; the last flow's time is that of `nav`.
///
/// # Errors
/// As [`pme_plus`].
pub fn pme_plus_at(years: &[f64], flows: &[f64], nav: f64, index: &[f64]) -> Result<Irr, IrrError> {
    irr_at(years, &plus(flows, nav, index)?)
}

/// Flows with distributions scaled so that the index would end with the same value.
fn plus(flows: &[f64], nav: f64, index: &[f64]) -> Result<Vec<f64>, IrrError> {
    let (paid_in, distributed) = totals(flows, nav, &growth(flows, index)?)?;
    if distributed <= 0.0 {
        return Err(IrrError::NothingPaidIn);
    }
    let factor = (paid_in - nav) / distributed;
    let scaled: Vec<f64> = flows.iter().map(|flow| if 0.0 < *flow { flow * factor } else { *flow }).collect();
    Ok(carried(&scaled, nav, &vec![1.0; flows.len()]))
}

/// Index at the last date over index at each date.
fn growth(flows: &[f64], index: &[f64]) -> Result<Vec<f64>, IrrError> {
    let Some(last) = index.last() else { return Err(IrrError::Empty) };
    if index.len() != flows.len() {
        return Err(IrrError::Lengths);
    }
    if index.iter().any(|level| !level.is_finite()) {
        return Err(IrrError::NotFinite);
    }
    if index.iter().any(|level| *level <= 0.0) {
        return Err(IrrError::NothingPaidIn);
    }
    Ok(index.iter().map(|level| last / level).collect())
}

/// Contributions and distributions, each times its growth; both positive.
fn totals(flows: &[f64], nav: f64, growth: &[f64]) -> Result<(f64, f64), IrrError> {
    let mut paid_in = 0.0;
    let mut distributed = 0.0;
    for (flow, growth) in flows.iter().zip(growth) {
        if *flow < 0.0 {
            paid_in -= flow * growth;
        } else {
            distributed += flow * growth;
        }
    }
    if !(paid_in.is_finite() && distributed.is_finite() && nav.is_finite()) {
        return Err(IrrError::NotFinite);
    }
    let ratio = (distributed + nav) / paid_in;
    if paid_in <= 0.0 || !ratio.is_finite() {
        Err(IrrError::NothingPaidIn)
    } else {
        Ok((paid_in, distributed))
    }
}

fn carried(flows: &[f64], nav: f64, growth: &[f64]) -> Vec<f64> {
    let mut out: Vec<f64> = flows.iter().zip(growth).map(|(flow, growth)| flow * growth).collect();
    if let Some(last) = out.last_mut() {
        *last += nav;
    }
    out
}
