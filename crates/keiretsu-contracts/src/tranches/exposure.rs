//! What an investor has promised without a condition and not yet paid. If the investor fails it lapses, which
//! the issuer loses; if the issuer fails it lapses too, unless it survives that.

use keiretsu_model::Standing;
use keiretsu_program::Reg;

use super::{Tranche, names};
use crate::lowering::Lowering;
use crate::side::Layer;
use crate::terms::Terms;

/// Notes it for each tranche.
pub(crate) fn expose(lowering: &mut Lowering<'_>, versions: &[Terms<'_>]) {
    for name in names(versions) {
        Tranche::new(name, versions).expose(lowering);
    }
}

impl Tranche<'_> {
    /// What is promised without a condition and not yet paid.
    fn expose(&self, lowering: &mut Lowering<'_>) {
        let Some(now) = self.now() else { return };
        if now.standing(lowering) != Standing::Binding {
            return;
        }
        let calendar = lowering.calendar;
        let (dues, open) = self.dues(lowering);
        let mut left: Option<Reg> = None;
        for held in dues.0.iter().filter(|held| 0.0 < held.dated.after(&calendar, 0) || 0.0 < open) {
            let after = held.dated.worth_after(&calendar, 0.0);
            let share = lowering.program.curve_of(|t| open + after[t as usize]);
            let amount = held.amount(lowering);
            let part = lowering.program.mul(amount, share);
            left = Some(left.map_or(part, |left| lowering.program.add(left, part)));
        }
        let Some(left) = left else { return };
        let [investor, issuer] = [now.version.obligor(), now.version.obligee()];
        lowering.exposed(&now.version, Layer::Undelivered, [issuer, investor], left, None);
        if now.version.record.flag("survives") {
            lowering.exposed(&now.version, Layer::Undelivered, [investor, issuer], left, None);
        }
    }
}
