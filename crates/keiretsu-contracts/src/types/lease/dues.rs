//! The rent of the first term of a lease as it falls due, where a date says when it begins.

use keiretsu_model::Standing;
use keiretsu_values::{Dimension, Value};

use super::growth::years;
use super::terms::{Run, term_months};
use crate::calendar::TermMonths;
use crate::dated::Dated;
use crate::in_time::{Dues, Falls, Held, in_their_time};
use crate::terms::Terms;

impl<'a> Run<'a> {
    /// Amounts with what of each falls due.
    pub fn dues(&self, standing: Standing) -> Option<Dues<'a>> {
        let term = self.term().filter(|_| !self.is_undated())?;
        let falls: Vec<(TermMonths, Falls)> =
            self.versions.iter().map(|version| (version.window, self.falls(version, term))).collect();
        let (dated, _) = in_their_time(&falls, &self.calendar);
        let mut all = Vec::new();
        for (version, dated) in self.versions.iter().zip(dated) {
            let Some(stated) = version.record.figure("rent") else { continue };
            let basis = version.record.entry("rent").map(|entry| entry.basis.clone()).unwrap_or_default();
            let path = version.path("rent");
            let whole =
                Held { path, stated, basis, standing, dated, times: Value::exact(1.0), rises: vec![] };
            if self.grows_plainly() || is_total(version) {
                all.push(whole);
                continue;
            }
            for (age, months) in years(self.months) {
                let first = term.first + age;
                let year = TermMonths { first, last: first + months - 1 };
                let dated = whole.dated.held(&self.calendar, year, 1.0);
                if !dated.is_empty() {
                    all.push(Held { dated, rises: self.rises(term.first, age), ..whole.clone() });
                }
            }
        }
        Some(Dues(all))
    }

    fn falls(&self, version: &Terms<'_>, term: TermMonths) -> Falls {
        let growth = |t: i64| self.growth(term.first, t - term.first) / 12.0;
        if !is_total(version) {
            let plain = self.grows_plainly();
            let share = |t: i64| if plain { growth(t) } else { 1.0 / 12.0 };
            return Falls::Parts(Dated::by_month(term, &self.calendar, share));
        }
        let months = term_months(version.record, self.horizon);
        let own = TermMonths { last: term.first + months - 1, ..term };
        let whole = self.years_of_rent(version);
        Falls::Whole(Dated::by_month(own, &self.calendar, |t| growth(t) / whole))
    }
}

/// Whether the rent of a version is a total over its term.
pub(super) fn is_total(version: &Terms<'_>) -> bool {
    version.record.figure("rent").is_some_and(|rent| rent.figure.dimension == Dimension::MONEY)
}
