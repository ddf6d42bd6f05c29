//! The terms of a lease over all its versions: when it begins, how long it runs, where it stands.

use keiretsu_model::record::Record;
use keiretsu_model::{Standing, date};
use keiretsu_values::Value;

use crate::calendar::{Calendar, TermMonths};
use crate::lowering::Lowering;
use crate::terms::{Terms, versions};

/// A lease with the months of its first term worked out over all versions.
pub(super) struct Run<'a> {
    /// The last version, with the place of the one in force at as-of.
    pub terms: Terms<'a>,
    pub versions: Vec<Terms<'a>>,
    /// The month in which it begins, where a date says so.
    pub first: Option<i64>,
    /// Months of the first term.
    pub months: i64,
    /// Months from its start to the horizon.
    pub horizon: i64,
    pub(super) calendar: Calendar,
}

/// Months of the first term, as a record has them: its term, or the time over which a total falls. None is
/// given where as many months are left as we look.
pub(super) fn term_months(record: &Record, horizon: i64) -> i64 {
    stated_months(record).unwrap_or(horizon).max(1)
}

/// The same, where the text says it.
pub(super) fn stated_months(record: &Record) -> Option<i64> {
    let over = || record.figure("rent")?.figure.over;
    record.duration("term").or_else(over).and_then(date::whole_months).map(i64::from)
}

impl<'a> Run<'a> {
    pub fn new(lowering: &Lowering<'_>, terms: &Terms<'a>) -> Self {
        let calendar = lowering.calendar;
        let versions = versions(terms.id, terms.contract, &calendar);
        let last = Terms { record: terms.contract.record(), ..*terms };
        let first = begins(&versions, lowering);
        let horizon = i64::from(calendar.months) - first.unwrap_or(1) + 1;
        let months =
            first.map_or(term_months(last.record, horizon), |first| months(&versions, first, horizon));
        Self { terms: last, versions, first, months, horizon, calendar }
    }

    /// The version in force in a month, else the last one.
    pub fn version_at(&self, t: Option<i64>) -> Terms<'a> {
        version_of(&self.versions, t).unwrap_or(self.terms)
    }

    /// The first and the last month of the first term, where a date says so.
    pub fn term(&self) -> Option<TermMonths> {
        self.first.map(|first| TermMonths { first, last: first + self.months - 1 })
    }

    /// For how long an option renews the lease; `None` where there is no such option.
    pub fn renewal_months(&self, version: Terms<'_>, option: i64) -> Option<i64> {
        let renewal = version.record.table("renewal")?;
        let options = renewal.count("options").unwrap_or(1).min(50) as i64;
        let length = renewal.duration("term").and_then(date::whole_months).map_or(self.months, i64::from);
        (option < options).then_some(length.max(1))
    }

    /// Power in a past month, as expected; `None` where an option decides whether it goes on.
    pub fn power_then(&self, lowering: &Lowering<'_>, t: i64) -> Option<Value> {
        let (term, version) = (self.term()?, self.version_at(Some(t)));
        let [_, power, _] = lowering.model.readings(version.record.figure("capacity")?);
        if term.last < t && version.record.has("renewal") {
            return None;
        }
        Some(power.times(f64::from(u8::from(term.holds(t)))))
    }

    /// Where it stands: with a date it is binding, on a condition conditional.
    pub fn standing(&self) -> Standing {
        let record = self.terms.record;
        let past = |term: &str| record.when(term).is_some_and(|when| self.calendar.is_past(&when));
        let derived = match (self.first, record.has("begins_when")) {
            (None, true) if past("before") => Standing::Lapsed,
            (_, true) => Standing::Conditional,
            // What has no condition binds, be its day disclosed or not.
            (_, false) => Standing::Binding,
        };
        match self.terms.standing(derived) {
            // That its start was paid says nothing of the rent that is still to fall due.
            Standing::Paid => Standing::Binding,
            standing => standing,
        }
    }
}

/// A term of one version, for use where a lease has several.
fn version_of<'a>(versions: &[Terms<'a>], t: Option<i64>) -> Option<Terms<'a>> {
    match t {
        Some(t) => versions.iter().find(|version| version.window.holds(t)).copied(),
        None => versions.last().copied(),
    }
}

/// The month in which a lease begins on a date: as the version says that is then in force.
fn begins(versions: &[Terms<'_>], lowering: &Lowering<'_>) -> Option<i64> {
    versions.iter().find_map(|version| {
        let from = match version.record.when("from") {
            Some(from) => lowering.calendar.from(&from),
            None => lowering.dated(version.record, "begins_when")?,
        };
        (from <= version.window.last).then_some(from.max(version.window.first))
    })
}

/// How many months the first term has: as the version says that is in force when it would end.
fn months(versions: &[Terms<'_>], first: i64, horizon: i64) -> i64 {
    let mut last: Option<i64> = None;
    for version in versions.iter().filter(|version| first <= version.window.last) {
        let ends = first + term_months(version.record, horizon) - 1;
        match last {
            None => last = Some(ends),
            Some(so_far) if version.window.first <= so_far => last = Some(ends.max(version.window.first - 1)),
            Some(_) => {}
        }
    }
    last.map_or(1, |last| last - first + 1)
}
