//! How the rent of a lease grows: by its escalator in each year of the lease, as the words of each reading
//! have it. An escalator holds for the years of the lease that begin while it is in force.
//!
//! Where every escalator is one plain number, growth is a number; else it is a value and a register of each
//! year, so that an open escalator leaves the rent of later years open.

use keiretsu_maths::power::whole_power;
use keiretsu_model::record::Record;
use keiretsu_program::{Op, Reg};
use keiretsu_values::{Reading, Value};

use super::terms::{Run, term_months};
use crate::calendar::TermMonths;
use crate::in_time::Rise;
use crate::lowering::Lowering;
use crate::terms::Terms;

/// What a year's rent grows by where its words are one number, else what is expected of them.
fn expected(record: &Record) -> f64 {
    1.0 + record.figure("escalator").and_then(|stated| stated.expected().amount()).unwrap_or(0.0)
}

/// Whether the words of an escalator say one number and nothing else.
fn is_plain(record: &Record) -> bool {
    record.figure("escalator").is_none_or(|stated| {
        let readings = [stated.firm(), stated.expected(), stated.headline()];
        let exact = |value: &Value| value.amount().is_some() && value.set().is_point() && !value.is_vague();
        readings.iter().all(exact) && readings[Reading::Firm] == readings[1] && readings[1] == readings[2]
    })
}

/// The years of a number of months: the age at which each begins, and its months.
pub(super) fn years(months: i64) -> impl Iterator<Item = (i64, i64)> {
    (0..months).step_by(12).map(move |age| (age, (months - age).min(12)))
}

impl<'a> Run<'a> {
    /// Whether growth is a number in every year.
    pub fn grows_plainly(&self) -> bool {
        self.versions.iter().all(|version| is_plain(version.record))
    }

    /// What the rent has grown by at an age in months of a lease that began in a month, as expected.
    pub fn growth(&self, begun: i64, age: i64) -> f64 {
        let in_force = |t: i64| expected(self.version_at(Some(t)).record);
        (1..=age / 12).map(|year| in_force(begun + 12 * year)).product()
    }

    pub fn escalator_changes(&self) -> bool {
        let mut all = self.versions.iter().map(|version| expected(version.record).to_bits());
        let first = all.next();
        all.any(|other| Some(other) != first)
    }

    /// What the rent has grown by at an age, escalator by escalator.
    pub fn rises(&self, begun: i64, age: i64) -> Vec<Rise<'a>> {
        let versions = (1..=age / 12).map(|year| self.version_at(Some(begun + 12 * year)));
        versions.filter_map(|version| rise(&version)).collect()
    }

    /// How many first years' rent the whole term of a version brings, as expected.
    pub fn years_of_rent(&self, version: &Terms<'_>) -> f64 {
        let grows = expected(version.record);
        let growth = |age: i64| match self.first {
            Some(first) => self.growth(first, age),
            None => whole_power(grows, (age / 12) as i32),
        };
        years(term_months(version.record, self.horizon))
            .map(|(age, months)| growth(age) * months as f64 / 12.0)
            .sum()
    }

    /// The same as each reading has it.
    pub fn years_in_words(&self, version: &Terms<'a>) -> [Value; 3] {
        let standing = self.standing();
        let mut sum = [0.0; 3].map(Value::exact);
        for (age, months) in years(term_months(version.record, self.horizon)) {
            let mut growth = [1.0; 3].map(Value::exact);
            for rise in self.rises_of(version, age) {
                let by = rise.readings(standing);
                growth = Reading::ALL.map(|reading| growth[reading].scaled(&by[reading]));
            }
            let share = months as f64 / 12.0;
            sum = Reading::ALL.map(|reading| sum[reading].plus(&growth[reading].times(share)));
        }
        sum
    }

    /// The same as a register.
    pub fn years_reg(&self, lowering: &mut Lowering<'_>, version: &Terms<'a>) -> Reg {
        if self.grows_plainly() {
            return lowering.program.number(self.years_of_rent(version));
        }
        let mut sum = lowering.program.number(0.0);
        for (age, months) in years(term_months(version.record, self.horizon)) {
            let grown = self.product(lowering, &self.rises_of(version, age));
            let part = lowering.times(grown, months as f64 / 12.0);
            sum = lowering.program.add(sum, part);
        }
        sum
    }

    /// What the rent has grown by at an age, as a register, of a lease that began in a month; where that is
    /// not known, of one that is of that age this month.
    pub fn grown(&self, lowering: &mut Lowering<'_>, begun: Option<i64>, age: i64) -> Reg {
        match begun {
            Some(begun) if self.grows_plainly() => lowering.program.number(self.growth(begun, age)),
            Some(begun) => self.product(lowering, &self.rises(begun, age)),
            None if self.grows_plainly() => {
                lowering.program.curve_of(|t| self.growth(i64::from(t) - age, age))
            }
            None => {
                let mut grown = lowering.program.number(1.0);
                for year in 1..=age / 12 {
                    let by = self.in_force_at(lowering, 12 * year - age);
                    grown = lowering.program.mul(grown, by);
                }
                grown
            }
        }
    }

    /// What a year's rent grows by in the month that is `later` months after each.
    fn in_force_at(&self, lowering: &mut Lowering<'_>, later: i64) -> Reg {
        let standing = self.standing();
        let mut blended: Option<Reg> = None;
        for version in &self.versions {
            let by = match rise(version) {
                Some(rise) => rise.reg(lowering, standing),
                None => lowering.program.number(1.0),
            };
            blended = Some(match blended {
                Some(before) if before != by => {
                    let TermMonths { first, last } = version.window;
                    let when = lowering.active(TermMonths { first: first - later, last: last - later });
                    lowering.program.op(Op::Choose { when, then: by, otherwise: before })
                }
                _ => by,
            });
        }
        blended.unwrap_or_else(|| lowering.program.number(1.0))
    }

    fn product(&self, lowering: &mut Lowering<'_>, rises: &[Rise<'_>]) -> Reg {
        let standing = self.standing();
        let one = lowering.program.number(1.0);
        rises.iter().fold(one, |grown, rise| {
            let by = rise.reg(lowering, standing);
            lowering.program.mul(grown, by)
        })
    }

    /// By what the rent of a version has grown at an age: by its own escalator where no date says when the
    /// lease begins.
    pub(super) fn rises_of(&self, version: &Terms<'a>, age: i64) -> Vec<Rise<'a>> {
        match self.first {
            Some(first) => self.rises(first, age),
            None => (1..=age / 12).filter_map(|_| rise(version)).collect(),
        }
    }
}

fn rise<'a>(version: &Terms<'a>) -> Option<Rise<'a>> {
    let stated = version.record.figure("escalator")?;
    let basis = version.record.entry("escalator").map(|entry| entry.basis.clone()).unwrap_or_default();
    Some(Rise { path: version.path("escalator"), stated, basis })
}
