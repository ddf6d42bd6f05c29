//! Present values: dated money at the yearly rate of the model, month end, actual/365.

use jiff::civil::{Date, date};
use keiretsu_contracts::side::Commitment;
use keiretsu_maths::power::power;
use keiretsu_methods::day_count::DayCount;
use keiretsu_program::{Month, Reading};
use keiretsu_values::Value;

use crate::Subject;

/// The yearly rate of a model, if it gives one.
pub(crate) struct Discounting<'a> {
    subject: &'a Subject<'a>,
    rate: Result<f64, &'static str>,
}

impl<'a> Discounting<'a> {
    /// The discount rates of the model.
    pub fn of(subject: &'a Subject<'a>) -> Self {
        let rate = match subject.model.discount.as_ref().map(|(stated, _)| stated.expected().amount()) {
            Some(Some(rate)) if -1.0 < rate => Ok(rate),
            Some(_) => Err("the discount rate is undisclosed"),
            None => Err("the model gives no `discount` rate"),
        };
        Self { subject, rate }
    }

    /// The note of a table with present values.
    pub fn words(&self) -> String {
        match self.rate {
            Ok(rate) => {
                let rate = (rate * 1e4).round() / 100.0;
                format!("present values at {rate}% a year, month end, actual/365")
            }
            Err(why) => format!("no present values: {why}"),
        }
    }

    /// The discount factor from the end of one month to the end of another; 1 without a rate.
    pub fn between(&self, day: Month, later: Month) -> f64 {
        match self.rate {
            Ok(rate) => self.factor(rate, later) / self.factor(rate, day),
            Err(_) => 1.0,
        }
    }

    /// The discount factor from the end of a month to as-of.
    fn factor(&self, rate: f64, month: Month) -> f64 {
        self.on(rate, last_of(month).unwrap_or(self.subject.model.as_of))
    }

    /// The discount factor from a day to as-of.
    fn on(&self, rate: f64, day: Date) -> f64 {
        let years = DayCount::Actual365.years(self.subject.model.as_of, day);
        power(1.0 + rate, -years.max(0.0))
    }

    /// Of money by month of the run, from `t = 1`.
    pub fn of_months(&self, months: &[Value]) -> Value {
        let rate = match self.rate {
            Ok(rate) => rate,
            Err(why) => return Value::unknown(why),
        };
        let program = self.subject.program;
        months.iter().enumerate().fold(Value::exact(0.0), |sum, (at, amount)| {
            sum.plus(&amount.times(self.factor(rate, program.month(at as u32 + 1))))
        })
    }

    /// The present value of the dues of a commitment still to come.
    pub fn of_commitment(&self, commitment: &Commitment, reading: Reading) -> Value {
        let rate = match self.rate {
            Ok(rate) => rate,
            Err(why) => return Value::unknown(why),
        };
        if commitment.left(reading).is_zero() {
            return Value::exact(0.0);
        }
        if !commitment.undated(reading).is_zero() {
            return Value::unknown("it has no date");
        }
        let left = commitment.dues.iter().filter(|due| !due.past);
        left.fold(Value::exact(0.0), |sum, due| {
            sum.plus(&due.amounts[reading].times(self.on(rate, end_of(due.on))))
        })
    }
}

/// Money counts at the end of its month.
fn end_of(day: Date) -> Date {
    day.last_of_month()
}

/// The last day of a month.
fn last_of(month: Month) -> Option<Date> {
    let (year, of_year) = (i16::try_from(month.year()).ok()?, i8::try_from(month.of_year()).ok()?);
    Some(date(year, of_year, 1).last_of_month())
}
