//! Commitments weighed: what waits for a condition counts in the expected reading by the chance that it has
//! held, up to its last day, also beyond the horizon.

use jiff::civil::Date;
use keiretsu_contracts::side::Commitment;
use keiretsu_model::Standing;
use keiretsu_program::{Month, Reading};
use keiretsu_values::{Set, Value};

use super::due;
use crate::{PeriodLength, Seen, Subject, cancels, shares};

/// Less than half a cent in a month is rounding of the run.
const HALF_A_CENT: f64 = 0.005;

/// Chances that differ by less are the same.
const SAME: f64 = 1e-9;

/// Amounts, with conditional ones weighed in the expected reading by the chance that the run gives them.
pub(crate) struct Weighed<'a> {
    pub seen: &'a Seen<'a>,
    pub subject: &'a Subject<'a>,
}

impl Weighed<'_> {
    /// The amount of a commitment in a reading.
    pub fn amount(&self, commitment: &Commitment, reading: Reading) -> Value {
        self.weighed(commitment, reading, commitment.amount(reading))
    }

    /// The part of a commitment still to fall due in a reading.
    pub fn left(&self, commitment: &Commitment, reading: Reading) -> Value {
        self.weighed(commitment, reading, commitment.left(reading))
    }

    /// What of it counts in totals.
    pub fn in_totals(&self, commitment: &Commitment, reading: Reading) -> Value {
        self.weighed(commitment, reading, commitment.in_totals(reading))
    }

    /// What is left of it by what is said of cancelling it: what falls away, what nothing is said of, what
    /// stands.
    pub fn parts(&self, commitment: &Commitment, reading: Reading) -> [Value; 3] {
        if !waits(commitment, reading) {
            return cancels::parts_in_totals(commitment, reading);
        }
        let left = self.left(commitment, reading);
        let worded = commitment.left(Reading::Headline);
        let shares = cancels::parts_in_totals(commitment, Reading::Headline).map(|part| {
            // Of all that may be due, as much as of what is weighed.
            if part.is_zero() {
                part
            } else if part == worded {
                Value::exact(1.0)
            } else {
                part.divide(&worded).within(Set::SHARE)
            }
        });
        shares.map(|share| left.scaled(&share))
    }

    fn weighed(&self, commitment: &Commitment, reading: Reading, amount: Value) -> Value {
        if !waits(commitment, reading) {
            return amount;
        }
        if let Some(chance) = self.ever(commitment, reading, &amount) {
            return amount.times(chance);
        }
        let falls = self.falls(commitment, reading);
        let sum = shares::sum(&falls);
        // What falls due in one month falls due in no other.
        let most = commitment.amount(Reading::Headline).set().high.max(amount.set().high);
        let set = sum.set().within(Set::between(0.0, most));
        match (sum.amount(), amount.reason()) {
            (Some(_), _) => sum.within(set),
            (None, Some(why)) => Value::unread(why, set),
            (None, None) => Value::unread("the chance of its condition is not known", set),
        }
    }

    /// The chance that a condition without a last day ever holds: as stated, or where a scenario has changed
    /// the chance by the horizon, that chance and the stated one of the rest.
    fn ever(&self, commitment: &Commitment, reading: Reading, amount: &Value) -> Option<f64> {
        let [by_horizon, ever] = commitment.ever?;
        let series = self.seen.series(reading, due(commitment.flow?));
        let falls: f64 = series.mean.iter().sum::<f64>() * commitment.share[reading];
        let held = falls / amount.amount().filter(|amount| 0.0 < *amount)?;
        if held.is_nan() || (held - by_horizon).abs() < SAME || commitment.over.is_some() {
            return Some(ever);
        }
        let later = if by_horizon < 1.0 { (ever - by_horizon) / (1.0 - by_horizon) } else { 0.0 };
        Some(if held < SAME { 0.0 } else { (held + (1.0 - held) * later).min(1.0) })
    }

    /// The run's dues of a commitment without dates, month by month.
    fn falls(&self, commitment: &Commitment, reading: Reading) -> Vec<Value> {
        let Some(flow) = commitment.flow else { return vec![] };
        let name = &self.subject.side.flows[flow.at()].name;
        let months: Vec<Value> = self.seen.beyond(reading, name).unwrap_or_else(|| {
            let count = self.seen.series(reading, due(flow)).mean.len();
            (0..count).map(|month| self.seen.value(reading, due(flow), month)).collect()
        });
        months.iter().map(|falls| falls.times(commitment.share[reading])).collect()
    }

    /// The amounts of a commitment by calendar period in a reading, and the undated part.
    pub(super) fn periods(
        &self,
        commitment: &Commitment,
        reading: Reading,
        by: PeriodLength,
    ) -> (Vec<(String, Value)>, Value) {
        if !commitment.dues.is_empty() && !waits(commitment, reading) {
            let label = |day: Date| by.label(day.year().into(), day.month() as u8);
            return (commitment.by_period(reading, label), commitment.undated(reading));
        }
        let amount = self.amount(commitment, reading);
        let falls = self.falls(commitment, reading);
        let years = self.by_period(&falls, by);
        match amount.amount().filter(|whole| 0.0 < whole.abs()) {
            Some(whole) => parts(&amount, whole, years),
            None if commitment.amount(reading).reason().is_some() => {
                Self::undisclosed(commitment, reading, (&amount, &falls), years)
            }
            None => (vec![], amount),
        }
    }

    /// What falls due in each calendar period in which something may.
    fn by_period(&self, falls: &[Value], by: PeriodLength) -> Vec<(String, Value)> {
        let mut years: Vec<(String, Value)> = Vec::new();
        for (at, falls) in falls.iter().enumerate().filter(|(_, falls)| may_fall(falls)) {
            let month: Month = self.subject.program.month(at as u32 + 1);
            let label = by.label(month.year(), month.of_year() as u8);
            match years.last_mut() {
                Some((known, sum)) if *known == label => *sum = sum.plus(falls),
                _ => years.push((label, falls.clone())),
            }
        }
        years
    }

    /// What nobody discloses is unknown in the years in which the run lets it fall due. What falls due in one
    /// month leaves nothing undated; what may in several, or beyond the last, does.
    fn undisclosed(
        commitment: &Commitment,
        reading: Reading,
        (amount, falls): (&Value, &[Value]),
        years: Vec<(String, Value)>,
    ) -> (Vec<(String, Value)>, Value) {
        let months = falls.iter().filter(|falls| may_fall(falls)).count();
        let waits = reading == Reading::Expected && commitment.ever.is_some();
        let undated = if months == 1 && commitment.over.is_none() && !waits {
            Value::exact(0.0)
        } else {
            amount.clone()
        };
        let named = |sum: Value| match (sum.reason(), amount.reason()) {
            (Some(_), Some(why)) => Value::unread(why, sum.set()),
            _ => sum,
        };
        (years.into_iter().map(|(year, sum)| (year, named(sum))).collect(), undated)
    }
}

/// Whether the run decides what is expected of it.
fn waits(commitment: &Commitment, reading: Reading) -> bool {
    let open = matches!(commitment.standing, Standing::Conditional | Standing::Announced);
    commitment.flow.is_some() && open && reading == Reading::Expected
}

/// Whether an amount is more than rounding, or may be.
fn may_fall(falls: &Value) -> bool {
    HALF_A_CENT < falls.amount().unwrap_or(falls.set().high)
}

/// The parts of an amount that a run dates, and the rest.
fn parts(amount: &Value, whole: f64, years: Vec<(String, Value)>) -> (Vec<(String, Value)>, Value) {
    let known = |(year, sum): (String, Value)| Some((year, sum.amount()?));
    let years: Vec<(String, f64)> = years.into_iter().filter_map(known).collect();
    let dated: f64 = years.iter().map(|(_, sum)| sum).sum();
    // What the run dated to the last dollar leaves nothing but rounding.
    let left = if (whole - dated).abs() < 0.5 { 0.0 } else { whole - dated };
    let part = |sum: f64| amount.times(sum / whole);
    (years.into_iter().map(|(year, sum)| (year, part(sum))).collect(), part(left))
}
