//! The rhythm of one version of a loan: when it pays, how its principal comes back, and at which rate.

use keiretsu_model::date;
use keiretsu_model::formula::Node;
use keiretsu_model::record::{Record, Stated};

use crate::lowering::Lowering;
use crate::then::value_then;

/// How the principal comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repayment {
    Bullet,
    Annuity,
    Linear,
    Revolving,
}

/// The rhythm of one version, as month indices; they may lie before or beyond the run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rhythm {
    pub repayment: Repayment,
    /// Whether interest is added to the principal.
    pub added: bool,
    /// The month from which everything outstanding is due.
    pub maturity: Option<i64>,
    /// Months between payments.
    pub every: i64,
    /// The first month in which principal may be due.
    first_principal: i64,
    /// A month of payment, from which the others are counted.
    anchor: i64,
    /// The yearly rate with its spread, where it is a number.
    pub rate: Option<f64>,
    /// The month in which its condition holds, where that is decided.
    pub met: Option<i64>,
}

impl Rhythm {
    pub fn new(record: &Record, lowering: &Lowering<'_>) -> Self {
        let calendar = &lowering.calendar;
        let repayment = match record.text("repayment") {
            Some("annuity") => Repayment::Annuity,
            Some("linear") => Repayment::Linear,
            Some("revolving") => Repayment::Revolving,
            // Only what revolves stands at its use.
            None if record.has("usage") || record.has("keeps") => Repayment::Revolving,
            _ => Repayment::Bullet,
        };
        let every = match record.text("frequency") {
            Some("yearly") => 12,
            Some("half-yearly") => 6,
            Some("quarterly") => 3,
            _ => 1,
        };
        let maturity = record.when("maturity").map(|when| calendar.due(&when));
        let grace = record.duration("grace").and_then(date::whole_months).map_or(0, i64::from);
        let met = lowering.dated(record, "when");
        let last_draw = record.when("drawn").map(|drawn| calendar.due(&drawn)).or(met);
        // Without any date, payments fall at the ends of calendar years and their parts.
        let year_end = 12 - i64::from(calendar.month(0).of_year());
        Self {
            repayment,
            added: record.text("interest") == Some("added"),
            maturity,
            every,
            first_principal: last_draw.map_or(i64::MIN / 2, |last| last + 1 + grace),
            anchor: maturity.or(last_draw).unwrap_or(year_end),
            rate: fixed_rate(record),
            met,
        }
    }

    /// Whether interest, and principal where it is paid in parts, fall due in a month.
    pub fn pays(&self, t: i64) -> bool {
        self.matured(t) || (t - self.anchor).rem_euclid(self.every) == 0
    }

    pub fn matured(&self, t: i64) -> bool {
        self.maturity.is_some_and(|maturity| maturity <= t)
    }

    /// How many instalments are left in a month of payment, this one included; at least 1.
    pub fn left(&self, t: i64) -> i64 {
        self.maturity.map_or(1, |maturity| (maturity - t).div_euclid(self.every) + 1).max(1)
    }

    /// Whether an instalment of principal falls due in a month; none is known without a last one.
    pub fn instalment(&self, t: i64) -> bool {
        matches!(self.repayment, Repayment::Annuity | Repayment::Linear)
            && self.maturity.is_some()
            && self.first_principal <= t
            && self.pays(t)
    }
}

/// The rate of a record where it is one number, with its spread.
pub(super) fn fixed_rate(record: &Record) -> Option<f64> {
    let spread = match record.figure("spread") {
        Some(spread) => one_number(spread)?,
        None => 0.0,
    };
    match &record.formula("rate")?.node {
        Node::Amount(quantity) => Some(quantity.amount + spread),
        Node::Worded(stated) => Some(one_number(stated)? + spread),
        _ => None,
    }
}

/// The rate of a record in a past month where it is a formula that came to one number then, with its spread.
pub(super) fn rate_then(record: &Record, lowering: &Lowering<'_>, t: i64) -> Option<f64> {
    let spread = match record.figure("spread") {
        Some(spread) => one_number(spread)?,
        None => 0.0,
    };
    let rate = value_then(record.formula("rate")?, lowering, t)?;
    rate.amount().filter(|_| rate.set().is_point()).map(|rate| rate + spread)
}

/// What words take for one number in every reading: an amount, or about one.
fn one_number(stated: &Stated) -> Option<f64> {
    let [firm, expected, headline] = [stated.firm(), stated.expected(), stated.headline()];
    let closed = firm.set().low.is_finite() && firm.set().high.is_finite();
    (closed && firm == expected && expected == headline).then(|| firm.amount())?
}
