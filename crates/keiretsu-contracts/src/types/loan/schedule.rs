//! The months of a loan: when it is drawn, when it pays, how many instalments are left, and what a past one
//! has left outstanding.

use keiretsu_model::formula::Node;
use keiretsu_model::record::Record;
use keiretsu_model::{When, date};

use crate::calendar::{Calendar, month};
use crate::commitments::Dated;
use crate::ramps::TermMonths;

/// How the principal comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repayment {
    Bullet,
    Annuity,
    Linear,
    Revolving,
}

/// The months of a loan, as month indices; they may lie before or beyond the run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Schedule {
    pub repayment: Repayment,
    pub drawn: Option<When>,
    /// The month from which everything outstanding is due.
    pub maturity: Option<i64>,
    /// Months between payments.
    pub every: i64,
    /// The first month in which principal may be due.
    pub first_principal: i64,
    /// A month of payment, from which the others are counted.
    anchor: i64,
}

impl Schedule {
    pub fn new(record: &Record, calendar: &Calendar) -> Self {
        let repayment = match record.text("repayment") {
            Some("annuity") => Repayment::Annuity,
            Some("linear") => Repayment::Linear,
            Some("revolving") => Repayment::Revolving,
            _ => Repayment::Bullet,
        };
        let every = match record.text("frequency") {
            Some("yearly") => 12,
            Some("half-yearly") => 6,
            Some("quarterly") => 3,
            _ => 1,
        };
        let drawn = record.when("drawn");
        let maturity = record.when("maturity").map(|when| calendar.due(&when));
        let grace = record.duration("grace").and_then(date::whole_months).map_or(0, i64::from);
        let last_draw = drawn.map(|when| calendar.due(&when));
        // Without any date, payments fall at the ends of calendar years and their parts.
        let year_end = 12 - i64::from(calendar.month(0).of_year());
        Self {
            repayment,
            drawn,
            maturity,
            every,
            first_principal: last_draw.map_or(i64::MIN / 2, |last| last + 1 + grace),
            anchor: maturity.or(last_draw).unwrap_or(year_end),
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

    /// Whether an instalment of principal falls due in a month.
    pub fn instalment(&self, t: i64) -> bool {
        matches!(self.repayment, Repayment::Annuity | Repayment::Linear)
            && self.first_principal <= t
            && self.pays(t)
    }

    /// The share of the amount that is drawn in each month; what is past counts as drawn before the run.
    pub fn draws(&self, calendar: &Calendar, t: i64) -> f64 {
        let Some(drawn) = self.drawn.filter(|drawn| !calendar.is_past(drawn)) else { return 0.0 };
        let (first, last) = (calendar.from(&drawn).max(1), calendar.due(&drawn));
        let first = if drawn.single { last } else { first };
        if first <= t && t <= last { 1.0 / (last - first + 1).max(1) as f64 } else { 0.0 }
    }

    /// The share of the principal that is repaid by the end of each month from `from` to `to`, at a yearly
    /// rate; a bullet needs none.
    pub fn repaid(&self, rate: f64, from: i64, to: i64) -> Vec<f64> {
        let mut outstanding: f64 = 1.0;
        let period = rate * self.every as f64 / 12.0;
        (from..=to)
            .map(|t| {
                if self.matured(t) {
                    outstanding = 0.0;
                } else if self.instalment(t) {
                    let left = self.left(t);
                    outstanding -= outstanding / sum_of_growth(period, left, self.repayment);
                }
                1.0 - outstanding
            })
            .collect()
    }
}

/// What an instalment is a share of: 1 + (1 + r) + ... for an annuity, the count for a linear loan.
fn sum_of_growth(period: f64, left: i64, repayment: Repayment) -> f64 {
    if repayment == Repayment::Linear {
        return left as f64;
    }
    (0..left).fold((0.0, 1.0), |(sum, growth), _| (sum + growth, growth * (1.0 + period))).0
}

/// The rate of a record where it is one number, with its spread.
pub(super) fn fixed_rate(record: &Record) -> Option<f64> {
    let spread = match record.figure("spread") {
        Some(spread) => spread.expected().amount()?,
        None => 0.0,
    };
    match &record.formula("rate")?.node {
        Node::Amount(quantity) => Some(quantity.amount + spread),
        _ => None,
    }
}

/// The share that is still outstanding at as-of of what was drawn before; `None` if the rate does not say.
pub(super) fn outstanding_share(schedule: &Schedule, record: &Record, calendar: &Calendar) -> Option<f64> {
    let drawn = schedule.drawn.filter(|drawn| calendar.is_past(drawn))?;
    let rate = match schedule.repayment {
        Repayment::Annuity => fixed_rate(record)?,
        _ => 0.0,
    };
    let first = calendar.t(month(drawn.last)) + 1;
    Some(1.0 - schedule.repaid(rate, first, 0).last().copied().unwrap_or(0.0))
}

/// When the shares of what is outstanding fall due from as-of on; `None` where the rate decides.
pub(super) fn principal(schedule: &Schedule, record: &Record, calendar: &Calendar) -> Option<Dated> {
    let rate = match schedule.repayment {
        Repayment::Annuity => fixed_rate(record)?,
        _ => 0.0,
    };
    let last = schedule.maturity?;
    let first = schedule.drawn.map_or(1, |when| calendar.due(&when) + 1).max(1);
    let last = last.max(first);
    let repaid = schedule.repaid(rate, first, last);
    let by = |t: i64| if t < first { 0.0 } else { repaid[(t - first) as usize] };
    Some(Dated::by_month(TermMonths { first, last }, calendar, |t| by(t) - by(t - 1)))
}
