//! What a buyer pays ahead: cash now, and service credits of the same amount that its bills use first.

use keiretsu_model::Standing;
use keiretsu_program::{Credits, PartyId, Reg, Tag};
use keiretsu_values::Dimension;

use super::deal::Deal;
use crate::commitments::Dated;
use crate::lowering::{Lowering, plain_slot};

impl Deal<'_> {
    /// The prepayment and the credits it buys; only as signed, since it is paid once.
    pub(super) fn prepay(&self, lowering: &mut Lowering<'_>) {
        if self.terms.window.first > 0 || matches!(self.standing, Standing::Announced) {
            return;
        }
        let Some(amount) = self.prepayment(lowering) else { return };
        let calendar = self.calendar;
        let when = self.record.when("prepaid").or_else(|| self.record.when("from"));
        let past = when.filter(|when| calendar.is_past(when));
        // What was paid ahead before as-of is there in the first month.
        let month = when.map_or(1, |when| calendar.due(&when)).max(1);
        let Some(now) = lowering.only_in(month) else { return };
        let due = lowering.program.mul(amount, now);
        let seller = self.terms.obligee();
        match past {
            Some(when) => {
                let name = self.terms.contract.name.as_str();
                lowering.assume(format!("{name}: all that was prepaid is still unused at as-of"));
                let firm = self.prepaid_by_words();
                lowering.past(self.terms, Some("prepayment"), &Dated::over(&when), firm, Tag::Service);
            }
            None => {
                lowering.flow(self.terms, Some("prepayment"), due, seller, Tag::Service);
            }
        }
        let pool = Credits {
            grantor: PartyId(seller.0),
            recipient: PartyId(self.terms.obligor().0),
            grant: due,
            expiry: u32::MAX,
            flows: vec![],
        };
        lowering.credits_for_bills(pool, self.terms.id);
    }

    fn prepayment(&self, lowering: &mut Lowering<'_>) -> Option<Reg> {
        let stated = self.record.figure("prepayment")?;
        let basis = self.record.entry("prepayment").map(|entry| entry.basis.clone()).unwrap_or_default();
        let slot = plain_slot(stated, lowering.model.about);
        let amount = lowering.figure_as(self.terms.path("prepayment"), stated, &basis, slot);
        if stated.figure.dimension == Dimension::MONEY {
            return Some(amount);
        }
        let minimum = self.minimum_reg(lowering)?;
        Some(lowering.program.mul(amount, minimum))
    }

    /// The firm amount, for what was paid before the run.
    fn prepaid_by_words(&self) -> f64 {
        let firm = |term: &str| self.record.figure(term).and_then(|stated| stated.firm().amount());
        let share = self.record.figure("prepayment").is_some_and(|s| s.figure.dimension == Dimension::NUMBER);
        let whole = if share { firm("minimum") } else { Some(1.0) };
        firm("prepayment").zip(whole).map_or(f64::NAN, |(part, whole)| part * whole)
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{check, refuses};

    const COMPUTE: &str = "[contracts.c]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\n\
        from = \"2026-01\"\nuntil = \"2026-04\"\n";

    #[test]
    fn what_is_prepaid_is_used_first() {
        let text = format!("{COMPUTE}minimum = \"$10M/month\"\nprepayment = \"$25M\"");
        let bills = "2026-03  a -> b  $5.0M  service\n2026-04  a -> b  $10.0M  service";
        check(&text, "firm", &format!("2026-01  a -> b  $25.0M  service\n{bills}"));
        check(&format!("{text}\nprepaid = \"2025-11\""), "firm", bills);
    }

    #[test]
    fn a_share_of_a_total_minimum() {
        let text =
            COMPUTE.replace("until = \"2026-04\"\n", "minimum = \"$100M over 1 year\"\nprepayment = \"20%\"");
        check(&text, "firm", "2026-01  a -> b  $20.0M  service\n2026-12  a -> b  $80.0M  service");
        refuses(&format!("{COMPUTE}minimum = \"$10M/month\"\nprepayment = \"20%\""), "E0708");
    }

    #[test]
    fn what_is_paid_ahead_counts_for_conditions_once() {
        // 25 ahead, of which 10 a month are used: 20 by the end of February.
        let text = format!(
            "{COMPUTE}minimum = \"$10M/month\"\nprepayment = \"$25M\"\n\
             [contracts.d]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\nfrom = \"2026-01\"\n\
             until = \"2026-04\"\nusage = \"if paid(c) >= $20M then $12M/yr else $0/yr\""
        );
        check(
            &text,
            "expected",
            "2026-01  a -> b  $25.0M  service\n2026-03  a -> b  $5.0M  service\n\
             2026-03  a -> b  $1.0M  service\n2026-04  a -> b  $10.0M  service\n\
             2026-04  a -> b  $1.0M  service",
        );
    }
}
