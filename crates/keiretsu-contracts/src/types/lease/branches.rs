//! What a lease would come to if it were renewed as often as it can be: the other way out than what its
//! lessee guarantees when it is left.
//!
//! Invariant: nobody has to renew, so nothing of it is firm; it stands beside the guaranteed residual value,
//! and the headline reading counts the larger of the two, in words and in a run.

use keiretsu_model::{Standing, When};
use keiretsu_program::Tag;
use keiretsu_values::{Reading, Value};

use super::dues::is_total;
use super::growth::years;
use super::terms::Run;
use crate::calendar::{TermMonths, first_of};
use crate::commitments::nothing;
use crate::dated::Dated;
use crate::in_time::{Dues, Held};
use crate::lowering::Lowering;
use crate::side::{Cancelling, Commitment, Due, Lease, Purpose};

/// The tranche under which renewals stand.
pub(super) const NAME: &str = "renewal";

impl<'a> Run<'a> {
    /// Notes when the lease begins, and what its renewals would come to.
    pub fn note(&self, lowering: &mut Lowering<'_>, standing: Standing) {
        if lowering.in_whole(self.terms.contract) {
            return;
        }
        let stated = self.terms.record.when("from").map(|from: When| from.first);
        let begins = stated.or_else(|| Some(first_of(lowering.calendar.month(self.first?))));
        let renewals = self.renewals(lowering, standing);
        lowering.side.leases.push(Lease { contract: self.terms.id, begins, renewals });
    }

    pub(super) fn renewals(&self, lowering: &Lowering<'_>, standing: Standing) -> Option<Commitment> {
        let first = self.first.unwrap_or(1);
        let last = self.last_renewed(first)?;
        let months = TermMonths { first: first + self.months, last };
        // Nobody has to renew.
        let standing = if standing == Standing::Binding { Standing::Conditional } else { standing };
        let dues = self.rent_of(first, months, standing)?.dues(lowering);
        // Without a date the run decides when it begins, and so when its renewals do.
        let (dues, undated) = match self.first {
            Some(_) => (dues, nothing()),
            None => (vec![], Reading::ALL.map(|reading| sum(&dues, reading))),
        };
        Some(Commitment {
            contract: self.terms.id,
            tranche: Some(NAME.to_owned()),
            from: self.terms.obligor(),
            to: self.terms.obligee(),
            purpose: Purpose::Flow(Tag::Rent),
            standing,
            dues,
            undated,
            total: None,
            flow: None,
            share: [1.0; 3],
            over: None,
            slice: false,
            cancelling: Cancelling::default(),
            branch: false,
            counted: None,
            alternative: None,
            option_of: None,
            trigger: None,
            lapse: None,
            ever: None,
            span: self.terms.record.span_of(NAME),
        })
    }

    /// The last month of the last option; `None` without options, or where the lease was left.
    pub(super) fn last_renewed(&self, first: i64) -> Option<i64> {
        if self.left_before().is_some() {
            return None;
        }
        let ends = first + self.months - 1;
        let mut last = ends;
        let mut option = 0;
        while let Some(months) = self.renewal_months(self.version_at(Some(last)), option) {
            (last, option) = (last + months, option + 1);
        }
        (ends < last).then_some(last)
    }

    /// The rent of months after the first term, as it has grown with the years of the lease.
    fn rent_of(&self, first: i64, months: TermMonths, standing: Standing) -> Option<Dues<'a>> {
        let version = self.terms;
        let stated = version.record.figure("rent")?;
        let basis = version.record.entry("rent").map(|entry| entry.basis.clone()).unwrap_or_default();
        let share = version.record.table(NAME).and_then(|table| table.figure("rent_share"));
        let mut times = share.map_or(Value::exact(1.0), keiretsu_model::record::Stated::headline);
        if is_total(&version) {
            times = times.times(1.0 / self.years_of_rent(&version));
        }
        let path = version.path("rent");
        let dated = Dated::default();
        let whole = Held { path, stated, basis, standing, dated, times, rises: vec![] };
        let plain = self.grows_plainly();
        let mut all = Vec::new();
        for (age, count) in years(months.last - first + 1) {
            let year = TermMonths { first: (first + age).max(months.first), last: first + age + count - 1 };
            let grown = if plain { self.growth(first, age) } else { 1.0 };
            let dated = Dated::by_month(year, &self.calendar, |_| grown / 12.0);
            let rises = if plain { vec![] } else { self.rises(first, age) };
            all.push(Held { dated, rises, ..whole.clone() });
        }
        all.retain(|held| !held.dated.is_empty());
        Some(Dues(all))
    }
}

fn sum(dues: &[Due], reading: Reading) -> Value {
    dues.iter().fold(Value::exact(0.0), |sum, due| sum.plus(&due.amounts[reading]))
}
