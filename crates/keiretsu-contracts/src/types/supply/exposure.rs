//! What a seller loses if the buyer fails: the larger of its claim and the capacity without another buyer.

use keiretsu_model::Standing;
use keiretsu_program::Reg;

use super::deal::Deal;
use super::plan::Plan;
use crate::lowering::Lowering;
use crate::side::Layer;

impl Plan<'_> {
    /// Notes the larger of the two for the whole contract, and what the buyer has prepaid and not yet used.
    pub fn expose(&self, lowering: &mut Lowering<'_>) {
        let Some(now) = self.now() else { return };
        let (buyer, seller) = (now.terms.obligor(), now.terms.obligee());
        let claim = lowering.claimed(now.terms.id);
        // Nothing is built for a plan.
        let (stranded, missing) =
            if now.standing == Standing::Binding { self.stranded(lowering) } else { (None, None) };
        let larger = match (claim, stranded) {
            (Some(claim), Some(stranded)) => Some(lowering.program.max(claim, stranded)),
            (only, None) | (None, only) => only,
        };
        if let Some(larger) = larger {
            let larger = if missing.is_some() { lowering.or_more(larger) } else { larger };
            lowering.exposed(now.terms, Layer::Contract, [seller, buyer], larger, missing);
        }
        if let Some(unused) = lowering.prepaid_unused(now.terms.id) {
            lowering.exposed(now.terms, Layer::Contract, [buyer, seller], unused, None);
        }
    }

    /// Power available times its cost to build times the share that no other buyer could use, and what is not
    /// stated of it.
    fn stranded(&self, lowering: &mut Lowering<'_>) -> (Option<Reg>, Option<String>) {
        let (mut sum, mut missing) = (None, None);
        for deal in &self.deals {
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
}

impl Deal<'_> {
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
