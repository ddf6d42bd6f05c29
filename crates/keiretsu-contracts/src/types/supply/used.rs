//! Dues in the months of use: what was used before as-of was billed then, and burned down what the end of its
//! period would bill. Numbers, dates and stated paths decide it; where they do not, the bills stand whole.
//!
//! By hand: of 120 a year, 10 a month are used. Seen from the end of August, 80 fell due in eight months, and
//! December bills the 40 that are left.
//!
//! Invariant: dues move and their sum stays, in every reading.

use std::collections::BTreeMap;

use keiretsu_values::{Dimension, Reading, Set, Value};

use super::deal::Deal;
use super::plan::Plan;
use crate::calendar::{last_of, month};
use crate::commitments::nothing;
use crate::dated::merged;
use crate::lowering::Lowering;
use crate::side::Due;
use crate::then::{entered_then, value_then};

impl Plan<'_> {
    /// Bills, in the books, as past use has moved them.
    pub fn as_used(&self, lowering: &Lowering<'_>, bills: Vec<Due>) -> Vec<Due> {
        let Some(used) = self.used_by_month(lowering) else { return bills };
        let mut left = bills;
        let mut moved = Vec::new();
        for (t, used) in used {
            let on = last_of(lowering.calendar.month(t));
            let amounts = self.burned(lowering, t, &used, &mut left);
            moved.push(Due { on, past: on <= lowering.calendar.as_of, amounts });
        }
        let mut dues = merged([moved, left]);
        dues.retain(|due| due.amounts.iter().any(|amount| !amount.is_zero()));
        dues
    }

    /// What the use of a month takes off bills to come, in the three readings. The firm one counts no use
    /// above what its own period requires.
    fn burned(&self, lowering: &Lowering<'_>, t: i64, used: &Value, left: &mut [Due]) -> [Value; 3] {
        let calendar = lowering.calendar;
        let (base, settles) = (self.base(t), self.settles_for(t));
        let mut burned = nothing();
        let mut rest = [used.clone(), used.clone(), used.clone()];
        for bill in left {
            let billed_in = calendar.t(month(bill.on));
            if billed_in < t || self.base(billed_in) != base {
                continue;
            }
            for reading in Reading::ALL {
                let own = settles == Some(billed_in);
                let amount = &mut bill.amounts[reading];
                if (reading == Reading::Firm && !own) || amount.amount().is_none() {
                    continue;
                }
                let part = rest[reading].min(amount);
                *amount = amount.minus(&part).within(Set::NOT_NEGATIVE);
                rest[reading] = rest[reading].minus(&part).within(Set::NOT_NEGATIVE);
                burned[reading] = burned[reading].plus(&part);
            }
        }
        burned
    }

    /// What was used in each past month under a minimum, in the books; `None` where some of it is not known.
    fn used_by_month(&self, lowering: &Lowering<'_>) -> Option<Vec<(i64, Value)>> {
        if self.is_monthly() {
            return None;
        }
        let mut all: BTreeMap<i64, Value> = BTreeMap::new();
        for deal in self.deals.iter().filter(|deal| deal.minimum.is_some() && deal.record.has("usage")) {
            for t in deal.held.first..=deal.held.last.min(0) {
                all.insert(t, deal.used_then(lowering, t)?);
            }
        }
        Some(all.into_iter().collect())
    }
}

impl Deal<'_> {
    /// What was used in a past month, in the books, where numbers, dates and stated paths decide it.
    fn used_then(&self, lowering: &Lowering<'_>, t: i64) -> Option<Value> {
        let usage = self.record.formula("usage")?;
        let yearly = if lowering.model.dimension_of(usage) == Some(Dimension::POWER) {
            let price = entered_then(self.record.formula("price")?, lowering, t)?;
            value_then(usage, lowering, t)?.scaled(&price)
        } else {
            entered_then(usage, lowering, t)?
        };
        yearly.amount()?;
        Some(yearly.times(1.0 / 12.0).max(&Value::exact(0.0)))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{committed, same};

    fn supply(terms: &str) -> String {
        format!(
            "[contracts.c]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\nfrom = \"2025-05\"\n{terms}"
        )
    }

    #[test]
    fn what_was_used_is_past_and_off_the_bill_to_come() {
        // By hand: eight months of 10 were used of 240 in two years.
        let text = supply("until = \"2027-04\"\nminimum = \"$120M per year\"\nusage = \"$10M/month\"");
        for reading in ["firm", "expected", "headline"] {
            same(&committed(&text, reading), &[80.0, 160.0]);
        }
        // By hand: 30 prepaid; eight months of 10 use it up and bring 50 more.
        let prepaid = format!("{text}\nprepayment = \"$30M\"");
        same(&committed(&prepaid, "firm"), &[80.0, 160.0]);
        // By hand: a power of 0.5 GW at 240 a GW and year are 10 a month as well.
        let power = supply(
            "until = \"2027-04\"\nminimum = \"$120M per year\"\nusage = \"0.5 GW\"\nprice = \"$240M/GW/yr\"",
        );
        same(&committed(&power, "firm"), &[80.0, 160.0]);
    }

    #[test]
    fn use_ahead_burns_a_total_down_and_no_yearly_minimum() {
        // By hand: 8 x 20 = 160 were used of 240 in two years. A total of 240 has 80 left, or in the firm
        // reading, which counts no use above the 120 of the first year, 120; a yearly minimum too.
        let total = supply("minimum = \"$240M over 2 years\"\nusage = \"$20M/month\"");
        same(&committed(&total, "expected"), &[160.0, 80.0]);
        same(&committed(&total, "firm"), &[120.0, 120.0]);
        let yearly = supply("until = \"2027-04\"\nminimum = \"$120M/yr\"\nusage = \"$20M/month\"");
        same(&committed(&yearly, "expected"), &[120.0, 120.0]);
    }

    #[test]
    fn a_period_that_is_over_has_its_shortfall_at_its_end() {
        // By hand: quarters of 12 that end in July, October and January; 2 a month used: 24 fell due, and of
        // January's 12 two months of 2. Of 96 that leaves 68.
        let text = supply("until = \"2027-04\"\nminimum = \"$12M/quarter\"\nusage = \"$2M/month\"");
        same(&committed(&text, "firm"), &[28.0, 68.0]);
    }

    #[test]
    fn use_that_nothing_states_leaves_the_bills_whole() {
        let text = supply("until = \"2027-04\"\nminimum = \"$120M per year\"\nusage = \"cash(a) / 1 year\"");
        same(&committed(&text, "firm"), &[0.0, 240.0]);
    }
}
