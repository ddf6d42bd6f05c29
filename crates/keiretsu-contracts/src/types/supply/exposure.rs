//! What a seller loses if the buyer fails: the larger of its claim and the capacity that nobody else takes.

use keiretsu_model::Standing;
use keiretsu_model::side::Layer;
use keiretsu_program::Reg;

use super::deal::Deal;
use crate::lowering::Lowering;

impl Deal<'_> {
    /// Notes the larger of the two for the whole contract; `versions` are all of it, each in its months.
    pub(super) fn expose(&self, lowering: &mut Lowering<'_>, versions: &[Deal<'_>]) {
        let claim = lowering.claimed(self.terms.id);
        // Nothing is built for a plan.
        let (stranded, missing) = if self.standing == Standing::Binding {
            Self::stranded(lowering, versions)
        } else {
            (None, None)
        };
        let larger = match (claim, stranded) {
            (Some(claim), Some(stranded)) => lowering.program.max(claim, stranded),
            (Some(only), None) | (None, Some(only)) => only,
            (None, None) => return,
        };
        let pair = [self.terms.obligee(), self.terms.obligor()];
        lowering.exposed(self.terms, Layer::Contract, pair, larger, missing);
    }

    /// Power available times its cost to build times the share that nobody else could use, and what is not
    /// stated of it.
    fn stranded(lowering: &mut Lowering<'_>, versions: &[Deal<'_>]) -> (Option<Reg>, Option<String>) {
        let (mut sum, mut missing) = (None, None);
        for deal in versions {
            match deal.stranded_of(lowering) {
                Ok(Some(part)) => {
                    sum = Some(sum.map_or(part, |sum| lowering.program.add(sum, part)));
                }
                Ok(None) => {}
                Err(what) => missing = Some(format!("{what} of its capacity is not stated")),
            }
        }
        (sum, missing)
    }

    fn stranded_of(&self, lowering: &mut Lowering<'_>) -> Result<Option<Reg>, &'static str> {
        let Some(record) = self.record.table("capacity") else { return Ok(None) };
        let mut figure = |term: &str| {
            let (entry, stated) = (record.entry(term)?, record.figure(term)?);
            let known = stated.expected().amount().is_some();
            known.then(|| lowering.figure(self.terms.path(&format!("capacity.{term}")), stated, &entry.basis))
        };
        let cost = figure("build_cost").ok_or("the build cost")?;
        let others = figure("redeployable").ok_or("the redeployable share")?;
        let Some(power) = self.power(lowering) else { return Ok(None) };
        let one = lowering.program.number(1.0);
        let kept = lowering.program.sub(one, others);
        let built = lowering.program.mul(power, cost);
        Ok(Some(lowering.program.mul(built, kept)))
    }
}
