//! What an investor has promised without a condition and not yet paid.

use keiretsu_model::side::Layer;
use keiretsu_model::{Standing, When};

use super::Part;
use crate::calendar::Calendar;
use crate::lowering::{Lowering, Terms};

/// Notes it for each tranche of the version in force.
pub(crate) fn expose(lowering: &mut Lowering<'_>, versions: &[Terms<'_>]) {
    let Some(terms) = versions.iter().find(|terms| terms.current) else { return };
    for (name, _, record) in terms.record.tables("tranches") {
        Part { name, record }.expose(lowering, terms);
    }
}

impl Part<'_> {
    /// What is promised without a condition and not yet paid: the investor is as good as in it.
    fn expose(&self, lowering: &mut Lowering<'_>, terms: &Terms<'_>) {
        let Some(amount) = self.record.figure("amount") else { return };
        let (standing, _) = self.standing(lowering, terms);
        let (when, calendar) = (self.date(standing), lowering.calendar);
        if standing != Standing::Binding || when.is_some_and(|when| calendar.is_past(&when)) {
            return;
        }
        let basis = self.record.entry("amount").map(|entry| entry.basis.clone()).unwrap_or_default();
        let slot = self.slot(lowering, standing);
        let path = terms.path(&format!("tranches.{}.amount", self.name));
        let amount = lowering.figure_as(path, amount, &basis, slot);
        let left = lowering.program.curve_of(|t| 1.0 - paid_by(when, &calendar, i64::from(t)));
        let left = lowering.program.mul(amount, left);
        let pair = [terms.obligor(), terms.obligee()];
        lowering.exposed(terms, Layer::Undelivered, pair, left, None);
    }
}

/// The share of a dated tranche that has fallen due by the end of month `t`; nothing where it has no date.
fn paid_by(when: Option<When>, calendar: &Calendar, t: i64) -> f64 {
    let Some(when) = when else { return 0.0 };
    let last = calendar.due(&when);
    let first = if when.single { last } else { calendar.from(&when).max(1) };
    ((t - first + 1) as f64 / (last - first + 1).max(1) as f64).clamp(0.0, 1.0)
}
