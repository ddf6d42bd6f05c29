//! Terms in their time: an amendment holds from its month, and all versions of a contract make one schedule
//! of dues.
//!
//! The schedule is made from the start of the contract, whatever as-of is. Commitments, flows of the run and
//! payments of the past read the same one, so they cannot differ.

use keiretsu_model::record::{Basis, Stated};
use keiretsu_model::{PartyRef, Standing};
use keiretsu_program::{Op, Reg, Tag};
use keiretsu_values::{Currency, Set, Value};

use crate::calendar::{Calendar, TermMonths, last_of};
use crate::dated::{Dated, merged};
use crate::lowering::Lowering;
use crate::side::Due;
use crate::slots::{plain_slot, steady};
use crate::terms::{Terms, versions};

/// How the amount of one version falls due, from the start of the contract.
#[derive(Clone, Debug)]
pub(crate) enum Falls {
    /// In shares of a whole.
    Whole(Dated),
    /// In parts of its own, as an amount per time does.
    Parts(Dated),
    /// Nothing dates it.
    Undated,
}

/// The dues of versions, each in its months, and the share of the last one that nothing dates.
///
/// What of a whole is still to come when a version begins to hold is spread as that version's dates have what
/// they leave; it falls due at once where they leave nothing. So an amendment that changes nothing moves
/// nothing, and one that changes dates neither loses nor adds a share.
pub(crate) fn in_their_time(versions: &[(TermMonths, Falls)], calendar: &Calendar) -> (Vec<Dated>, f64) {
    let mut left = 1.0;
    let mut all = Vec::new();
    for (window, falls) in versions {
        all.push(match falls {
            Falls::Undated => Dated::default(),
            Falls::Parts(dated) => dated.held(calendar, *window, 1.0),
            Falls::Whole(dated) if dated.sum() <= SHARE_ROUNDING || left <= SHARE_ROUNDING => {
                Dated::default()
            }
            Falls::Whole(dated) => {
                let to_come = dated.since(calendar, window.first);
                let mine = if to_come > SHARE_ROUNDING {
                    dated.held(calendar, *window, left / to_come)
                } else {
                    Dated::on(last_of(calendar.month(window.first)), left)
                };
                left = (left - mine.sum()).max(0.0);
                mine
            }
        });
    }
    let open = matches!(versions.last(), Some((_, Falls::Undated)));
    (all, if open { left } else { 0.0 })
}

/// Below this a share is rounding of sums of shares.
const SHARE_ROUNDING: f64 = 1e-9;

/// An amount that one version states, and what of it falls due while that version holds.
#[derive(Clone)]
pub(crate) struct Held<'a> {
    pub path: String,
    pub stated: &'a Stated,
    pub basis: Basis,
    pub standing: Standing,
    pub dated: Dated,
    /// What it is multiplied by, such as the share of a supplier.
    pub times: Value,
    /// By what it has grown since it was stated, one after the other.
    pub rises: Vec<Rise<'a>>,
}

/// By what an amount grows in a year: the share that comes to it.
#[derive(Clone)]
pub(crate) struct Rise<'a> {
    pub path: String,
    pub stated: &'a Stated,
    pub basis: Basis,
}

impl Rise<'_> {
    /// What an amount is multiplied by, in the three readings. The firm one counts nothing of what does not
    /// bind, so that nothing of it is unknown either.
    pub fn readings(&self, standing: Standing) -> [Value; 3] {
        let binds = matches!(standing, Standing::Paid | Standing::Binding);
        let firm = if binds { self.stated.firm() } else { Value::exact(0.0) };
        [firm, self.stated.expected(), self.stated.headline()].map(|by| match by.amount() {
            Some(_) => Value::exact(1.0).plus(&by),
            None => Value::unread("by what it grows is undisclosed", Set::NOT_NEGATIVE),
        })
    }

    /// The same as a register.
    pub fn reg(&self, lowering: &mut Lowering<'_>, standing: Standing) -> Reg {
        let mut slot = plain_slot(self.stated, lowering.model.about);
        if !matches!(standing, Standing::Paid | Standing::Binding) {
            slot.firm = 0.0;
            slot.possible[0] = None;
        }
        let by = lowering.figure_as(self.path.clone(), self.stated, &self.basis, slot);
        let one = lowering.program.number(1.0);
        let grown = lowering.program.add(one, by);
        lowering.positive(grown)
    }
}

impl Held<'_> {
    /// Its three readings, in the books.
    pub fn entered_readings(&self, lowering: &Lowering<'_>) -> [Value; 3] {
        let mut readings = lowering.entered_readings(self.stated, self.standing);
        self.multiply(&mut readings);
        readings
    }

    /// The currencies that decide what it is in the books; none where it is in theirs.
    fn exchanged(&self, lowering: &Lowering<'_>) -> Vec<Currency> {
        let own = [self.stated.figure.currency, self.stated.expected_in()];
        let books = Some(lowering.books.unwrap_or(lowering.model.currency));
        if own.iter().all(|own| own.is_none() || *own == books) {
            return vec![];
        }
        own.into_iter().chain([books]).flatten().collect()
    }

    /// Its three readings.
    pub fn readings(&self, lowering: &Lowering<'_>) -> [Value; 3] {
        let mut readings = lowering.readings(self.stated, self.standing);
        self.multiply(&mut readings);
        readings
    }

    fn multiply(&self, readings: &mut [Value; 3]) {
        for value in readings.iter_mut() {
            *value = value.scaled(&self.times);
        }
        for rise in &self.rises {
            for (value, by) in readings.iter_mut().zip(rise.readings(self.standing)) {
                *value = value.scaled(&by);
            }
        }
    }

    /// What of it falls due when, at the rates of exchange of the days.
    pub fn dues(&self, lowering: &Lowering<'_>) -> Vec<Due> {
        let mut dues = lowering.dues_of(self.stated, self.standing, &self.dated);
        for due in &mut dues {
            self.multiply(&mut due.amounts);
        }
        dues
    }

    /// The whole amount, in the books.
    pub fn amount(&self, lowering: &mut Lowering<'_>) -> Reg {
        let amount = lowering.amount_as(self.path.clone(), self.stated, &self.basis, self.standing);
        let amount = match self.times.amount() {
            Some(times) if self.times.set().is_point() && !self.times.is_vague() => {
                lowering.times(amount, times)
            }
            _ => {
                let times = lowering.program.slot(steady(&self.times));
                let times = lowering.program.read(times);
                lowering.program.mul(amount, times)
            }
        };
        self.rises.iter().fold(amount, |grown, rise| {
            let by = rise.reg(lowering, self.standing);
            lowering.program.mul(grown, by)
        })
    }
}

/// Amounts of all versions with what of each falls due when.
pub(crate) struct Dues<'a>(pub Vec<Held<'a>>);

impl Dues<'_> {
    /// As a commitment has them.
    pub fn dues(&self, lowering: &Lowering<'_>) -> Vec<Due> {
        merged(self.0.iter().map(|held| held.dues(lowering)))
    }

    /// What falls due in each month of the run.
    pub fn reg(&self, lowering: &mut Lowering<'_>) -> Reg {
        let mut sum: Option<Reg> = None;
        for held in &self.0 {
            let amount = held.amount(lowering);
            let share = lowering.share_due(&lowering.at_days(held.stated.expected_in(), &held.dated));
            let mut part = lowering.program.mul(amount, share);
            if held.readings(lowering).iter().any(|value| value.amount().is_none()) {
                // What is not known of it is so in its months only.
                let falls = held.dated.by_months(&lowering.calendar);
                let mine = |t: u32| f64::from(u8::from(falls[t as usize].abs() > 0.0));
                let mine = lowering.program.curve_of(mine);
                part = lowering.if_holds(mine, part);
            }
            sum = Some(sum.map_or(part, |sum| lowering.program.add(sum, part)));
        }
        sum.unwrap_or_else(|| lowering.program.number(0.0))
    }

    /// What falls due after each month of the run, as worth at its end at the rate of the model.
    pub fn still_to_fall(&self, lowering: &mut Lowering<'_>) -> Reg {
        let rate = lowering.yearly_rate();
        let calendar = lowering.calendar;
        let mut sum = lowering.program.number(0.0);
        for held in &self.0 {
            let curve = lowering.program.curve(held.dated.worth_after(&calendar, rate));
            let share = lowering.program.op(Op::Curve(curve));
            let amount = held.amount(lowering);
            let part = lowering.program.mul(amount, share);
            sum = lowering.program.add(sum, part);
        }
        sum
    }

    /// What falls due after each month of the run and up to a month, nominal.
    pub fn until(&self, lowering: &mut Lowering<'_>, last: i64) -> Reg {
        let calendar = lowering.calendar;
        let mut sum = lowering.program.number(0.0);
        for held in &self.0 {
            let later = held.dated.after(&calendar, last);
            let after = held.dated.worth_after(&calendar, 0.0);
            let share = lowering.program.curve_of(|t| (after[t as usize] - later).max(0.0));
            let amount = held.amount(lowering);
            let part = lowering.program.mul(amount, share);
            sum = lowering.program.add(sum, part);
        }
        sum
    }

    /// What fell due from a month up to as-of, at the amounts of as-of and the rates of exchange of then.
    pub fn fell_due(&self, lowering: &mut Lowering<'_>, since: i64) -> Reg {
        let calendar = lowering.calendar;
        let mut sum = lowering.program.number(0.0);
        for held in &self.0 {
            // What fell due in the month of as-of belongs to the first month of the run.
            let months = TermMonths { first: since, last: 1 };
            for months in lowering.stretches(&held.exchanged(lowering), months) {
                let before = held.dated.past_since(&calendar, months.first);
                let share = before - held.dated.past_since(&calendar, months.last + 1);
                if share.abs() > 0.0 {
                    let amount = lowering.then(months.last, |lowering| held.amount(lowering));
                    let amount = lowering.at_start(amount);
                    let part = lowering.times(amount, share);
                    sum = lowering.program.add(sum, part);
                }
            }
        }
        sum
    }

    /// Notes what was paid before as-of.
    pub fn past(
        &self,
        lowering: &mut Lowering<'_>,
        terms: &Terms<'_>,
        tranche: Option<&str>,
        to: PartyRef,
        tag: Tag,
    ) {
        for held in &self.0 {
            if matches!(held.standing, Standing::Paid | Standing::Binding) {
                let dues = held.dues(lowering);
                lowering.past_dues(terms, tranche, [terms.obligor(), to], &dues, tag);
            }
        }
    }
}

impl Lowering<'_> {
    /// A register that each version of a contract makes, in the months in which it holds; a version that
    /// makes none counts with zero.
    pub(crate) fn in_force(
        &mut self,
        terms: &Terms<'_>,
        make: impl Fn(&mut Self, &Terms<'_>) -> Option<Reg>,
    ) -> Option<Reg> {
        let calendar = self.calendar;
        let all: Vec<(TermMonths, Option<Reg>)> = versions(terms.id, terms.contract, &calendar)
            .iter()
            .map(|version| (version.window, make(self, version)))
            .collect();
        if all.iter().all(|(_, reg)| reg.is_none()) {
            return None;
        }
        let mut blended: Option<Reg> = None;
        for (window, reg) in all {
            let reg = reg.unwrap_or_else(|| self.program.number(0.0));
            blended = Some(match blended {
                Some(before) if before != reg => {
                    let when = self.active(window);
                    self.program.op(Op::Choose { when, then: reg, otherwise: before })
                }
                _ => reg,
            });
        }
        blended
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::Date;
    use keiretsu_model::date::when;

    fn months(first: i64, last: i64, share: f64) -> Dated {
        Dated::by_month(TermMonths { first, last }, &calendar(), |_| share)
    }

    fn calendar() -> Calendar {
        Calendar::new(Date::constant(2025, 12, 31), 36)
    }

    const SIGNED: TermMonths = TermMonths { first: i64::MIN / 2, last: 6 };
    const AMENDED: TermMonths = TermMonths { first: 7, last: i64::MAX / 2 };

    fn in_months(versions: &[(TermMonths, Falls)]) -> Vec<(i64, f64)> {
        let (all, _) = in_their_time(versions, &calendar());
        (-24..40)
            .map(|t| (t, all.iter().map(|dated| dated.of_month(&calendar(), t)).sum()))
            .filter(|(_, share): &(i64, f64)| share.abs() > 1e-12)
            .collect()
    }

    #[test]
    fn an_amendment_that_changes_nothing_moves_nothing() {
        let whole = || Falls::Whole(months(1, 12, 1.0 / 12.0));
        let shares = in_months(&[(SIGNED, whole()), (AMENDED, whole())]);
        assert_eq!(shares.len(), 12);
        assert!(shares.iter().all(|(_, share)| (share - 1.0 / 12.0).abs() < 1e-12), "{shares:?}");
    }

    #[test]
    fn a_longer_span_spreads_what_is_left() {
        // Half has fallen by June; the other half falls over the 18 months that the new dates leave.
        let (before, after) = (months(1, 12, 1.0 / 12.0), months(1, 24, 1.0 / 24.0));
        let shares = in_months(&[(SIGNED, Falls::Whole(before)), (AMENDED, Falls::Whole(after))]);
        assert!((shares.iter().map(|(_, share)| share).sum::<f64>() - 1.0).abs() < 1e-12);
        assert_eq!(shares.last().map(|(t, _)| *t), Some(24));
        assert!((shares[6].1 - 0.5 / 18.0).abs() < 1e-12);
    }

    #[test]
    fn a_day_before_the_amendment_is_due_with_it() {
        let december = Dated::over(&when("2026-12").expect("a month"));
        let march = Dated::over(&when("2026-03").expect("a month"));
        let shares = in_months(&[(SIGNED, Falls::Whole(december)), (AMENDED, Falls::Whole(march))]);
        assert_eq!(shares, [(7, 1.0)]);
    }
}
