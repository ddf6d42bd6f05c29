//! A total minimum of which nothing says over which time it falls: in totals and in no year, and possible in
//! every month from the start on. It is that of the last version; what earlier ones bill has its own times.

use keiretsu_program::Reg;
use keiretsu_values::{Reading, Value};

use super::deal::Deal;
use super::plan::Plan;
use crate::commitments::nothing;
use crate::lowering::Lowering;
use crate::undated::may_fall;

impl Plan<'_> {
    /// What nothing dates of the minimum, beyond what is prepaid, in the books.
    pub fn undated(&self, lowering: &Lowering<'_>) -> [Value; 3] {
        let Some((deal, stated)) = self.open() else { return nothing() };
        let whole = lowering.entered_readings(stated, deal.standing);
        let prepaid = self.prepaid(lowering).map_or_else(nothing, |prepaid| prepaid.amounts.clone());
        let zero = Value::exact(0.0);
        Reading::ALL.map(|reading| {
            if prepaid[reading].is_zero() {
                whole[reading].clone()
            } else {
                whole[reading].minus(&prepaid[reading]).max(&zero)
            }
        })
    }

    /// Whether nothing says until when its minimum per time runs.
    pub fn is_endless(&self) -> bool {
        self.deals.last().is_some_and(Deal::is_endless)
    }

    /// What may be billed of it in any month.
    pub fn billed_some_time(&self, lowering: &mut Lowering<'_>) -> Option<Reg> {
        let (deal, stated) = self.open().filter(|(deal, _)| may_fall(deal.standing))?;
        let whole = lowering.entered_readings(stated, deal.standing);
        let first = deal.held.first;
        Some(lowering.some_time(whole, first))
    }

    /// What a failure may leave of it: all, as read.
    pub fn left_some_time(&self, lowering: &mut Lowering<'_>) -> Option<Reg> {
        let (deal, _) = self.open().filter(|(deal, _)| may_fall(deal.standing))?;
        let first = deal.held.first;
        let whole = deal.stated_reg(lowering)?;
        Some(lowering.perhaps_still(whole, first))
    }

    fn open(&self) -> Option<(&Deal<'_>, &keiretsu_model::record::Stated)> {
        let last = self.deals.last()?;
        Some((last, last.undated?))
    }
}
