//! What an investor has promised without a condition and not yet paid.

use keiretsu_model::Standing;
use keiretsu_model::side::Layer;

use super::Part;
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
        let standing = self.standing(lowering, terms);
        let (dated, calendar) = (self.dated(standing), lowering.calendar);
        if standing != Standing::Binding || dated.as_ref().is_some_and(|dated| dated.is_past(&calendar)) {
            return;
        }
        let basis = self.record.entry("amount").map(|entry| entry.basis.clone()).unwrap_or_default();
        let slot = self.slot(lowering, standing);
        let path = terms.path(&format!("tranches.{}.amount", self.name));
        let amount = lowering.figure_as(path, amount, &basis, slot);
        let left = lowering
            .program
            .curve_of(|t| dated.as_ref().map_or(1.0, |dated| dated.after(&calendar, i64::from(t))));
        let left = lowering.program.mul(amount, left);
        let pair = [terms.obligor(), terms.obligee()];
        lowering.exposed(terms, Layer::Undelivered, pair, left, None);
    }
}
