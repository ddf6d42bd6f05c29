//! Options to renew as a commitment: the rent of all of them. Where a residual value is guaranteed they are
//! one of two branches, since whoever renews does not pay the shortfall of that day.
//!
//! By hand: $12M a year for two years that grows by 10% a year, renewed once for two years at half the rent:
//! 12 x (1.21 + 1.331) / 2 = 15.246.

use keiretsu_model::{Standing, When};
use keiretsu_program::{FlowId, Tag};
use keiretsu_values::{Dimension, Reading, Value};

use super::terms::Run;
use crate::calendar::{TermMonths, last_of};
use crate::commitments::Promise;
use crate::dated::Dated;
use crate::lowering::Lowering;
use crate::side::Due;
use crate::terms::Terms;

/// The tranche under which it stands.
const NAME: &str = "renewal";

impl Run<'_> {
    /// Notes what renewing costs: conditional, since nobody has to, and what is expected is what the run makes
    /// due.
    pub fn promise_renewal(&self, lowering: &mut Lowering<'_>, standing: Standing, flow: Option<FlowId>) {
        let Some((dues, undated)) = self.rent_of_renewals(lowering, standing) else { return };
        let conditional = match standing {
            Standing::Binding => Standing::Conditional,
            other => other,
        };
        let record = self.terms.record;
        let promise = Promise {
            tranche: Some(NAME),
            to: self.terms.obligee(),
            tag: Tag::Rent,
            standing: conditional,
            dues,
            undated: [Value::exact(0.0), Value::exact(0.0), undated],
            span: record.span_of(NAME),
        };
        lowering.promise(&self.terms, promise);
        if let Some(promised) = lowering.side.commitments.last_mut() {
            promised.option_of = Some(vec![self.terms.obligor()]);
        }
        self.mark_branch(lowering);
        let Some(flow) = flow else { return };
        let when = record.table(NAME).and_then(|table| table.entry("when"));
        let words = when.map_or("the lessee renews", |entry| entry.text.as_str());
        let last = self.first.map(|first| first + self.ages().map_or(0, |(_, last)| last) - 1);
        let last = last.map(|last| When::day(last_of(lowering.calendar.month(last))));
        lowering.triggered_by(&self.terms, words, last);
        lowering.dated_by(&self.terms, flow);
    }

    /// Marks what has just been promised as one of two branches, where the lease has both.
    pub fn mark_branch(&self, lowering: &mut Lowering<'_>) {
        let both = self.terms.record.has(NAME) && self.terms.record.has("residual");
        if let Some(last) = lowering.side.commitments.last_mut().filter(|_| both) {
            last.branch = true;
        }
    }

    /// The ages in months at which the first option begins and the last one ends.
    fn ages(&self) -> Option<(i64, i64)> {
        let mut age = self.months;
        let mut option = 0;
        while let Some(months) = self.renewal_months(self.at(age - 1), option) {
            (age, option) = (age + months, option + 1);
        }
        (0 < option).then_some((self.months, age))
    }

    /// The version that is in force at an age.
    fn at(&self, age: i64) -> Terms<'_> {
        self.version_at(self.first.map(|first| first + age))
    }

    /// The most that is due for options that are still open, or in use: what of them is still to come, by
    /// month where it is known when the lease begins.
    fn rent_of_renewals(&self, lowering: &Lowering<'_>, standing: Standing) -> Option<(Vec<Due>, Value)> {
        let (first, last) = self.ages()?;
        // Seen from a day within them, what is past of them is nobody's choice any more.
        let now = self.first.map_or(first, |begun| first.max(1 - begun));
        if last <= now || self.left_before().is_some() {
            return None;
        }
        let (mut dues, mut undated) = (Vec::new(), Value::exact(0.0));
        let mut age = now;
        while age < last {
            let next = ((age / 12 + 1) * 12).min(last);
            let rent = self.yearly_rent(lowering, standing, age)?.times((next - age) as f64 / 12.0);
            match self.first {
                Some(begun) => {
                    let term = TermMonths { first: begun + age, last: begun + next - 1 };
                    let share = 1.0 / term.count() as f64;
                    let dated = Dated::by_month(term, &lowering.calendar, |_| share);
                    let amounts = [Value::exact(0.0), Value::exact(0.0), rent];
                    dues.extend(dated.dues(&lowering.calendar, &amounts));
                }
                None => undated = undated.plus(&rent),
            }
            age = next;
        }
        Some((dues, undated))
    }

    /// The rent of a year of the lease that is renewed, in the headline reading.
    fn yearly_rent(&self, lowering: &Lowering<'_>, standing: Standing, age: i64) -> Option<Value> {
        let version = self.at(age);
        let rent = version.record.figure("rent")?;
        let headline = |all: [Value; 3]| all[Reading::Headline].clone();
        let day = self.first.map(|first| last_of(lowering.calendar.month(first + age)));
        let mut due = headline(lowering.readings_on(rent, standing, day.unwrap_or(lowering.model.as_of)));
        if rent.figure.dimension == Dimension::MONEY {
            due = due.divide(&headline(self.years_in_words(&version)));
        }
        for rise in self.rises_of(&version, age) {
            due = due.scaled(&headline(rise.readings(standing)));
        }
        if let Some(share) = version.record.table(NAME).and_then(|table| table.figure("rent_share")) {
            due = due.scaled(&share.headline());
        }
        Some(due)
    }
}
