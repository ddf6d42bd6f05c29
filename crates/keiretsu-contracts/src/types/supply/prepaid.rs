//! What a buyer pays ahead: cash now, and service credits of the same amount that its bills use first.

use jiff::civil::Date;
use keiretsu_model::{Standing, When};
use keiretsu_program::{Credits, Feed, Op, PartyId, Reg, Tag};
use keiretsu_values::{Dimension, Reading, Set, Value};

use super::bill::Bill;
use super::deal::Deal;
use super::plan::Plan;
use crate::calendar::month;
use crate::dated::Dated;
use crate::lowering::Lowering;
use crate::side::{Due, Prepayment};
use crate::slots::plain_slot;

/// A prepayment as worded.
pub(super) struct Prepaid<'p, 'a> {
    deal: &'p Deal<'a>,
    /// The day on which it is paid.
    on: Date,
    /// In the books.
    pub amounts: [Value; 3],
}

impl<'a> Plan<'a> {
    /// The prepayment of the first version that has one: it is paid once.
    pub fn prepaid(&self, lowering: &Lowering<'_>) -> Option<Prepaid<'_, 'a>> {
        let deal = self.deals.iter().find(|deal| deal.record.has("prepayment"))?;
        if matches!(deal.standing, Standing::Announced) {
            return None;
        }
        let stated = deal.record.figure("prepayment")?;
        let mut amounts = lowering.entered_readings(stated, deal.standing);
        if stated.figure.dimension == Dimension::NUMBER {
            let whole = lowering.entered_readings(deal.minimum.or(deal.undated)?, deal.standing);
            amounts = Reading::ALL.map(|reading| amounts[reading].scaled(&whole[reading]));
        }
        // Without a day of its own it is paid on the first day: of the contract, or of the amendment.
        let start = deal.calendar.month(deal.held.first);
        let start = Date::new(start.year() as i16, start.of_year() as i8, 1).unwrap_or(Date::MAX);
        let from = deal.record.when("from").map_or(start, |from| from.first);
        let on = deal.record.when("prepaid").map_or(from.max(start), |when| when.last);
        Some(Prepaid { deal, on, amounts })
    }

    /// The prepayment and the credits that it buys; gives what of it is not yet used after each month.
    pub fn prepay(&self, lowering: &mut Lowering<'_>, bill: &Bill) -> Option<Reg> {
        let prepaid = self.prepaid(lowering)?;
        let (deal, calendar) = (prepaid.deal, lowering.calendar);
        let amount = prepaid.register(lowering)?;
        let dated = Dated::over(&When::day(prepaid.on));
        let month = calendar.t(month(prepaid.on));
        let (seller, buyer) = (deal.terms.obligee(), deal.terms.obligor());
        let grant = if dated.is_past(&calendar) {
            let books = lowering.books;
            let used = self.begun_since(lowering, month, books).since;
            let left = lowering.program.sub(amount, used);
            let left = lowering.positive(left);
            let now = lowering.only_in(1)?;
            lowering.program.mul(left, now)
        } else {
            let share = lowering.share_due(&dated);
            let due = lowering.program.mul(amount, share);
            lowering.flow(deal.terms, Some("prepayment"), due, seller, Tag::Service);
            due
        };
        let (grantor, recipient) = (PartyId(seller.0), PartyId(buyer.0));
        let pool = Credits { grantor, recipient, grant, expiry: u32::MAX, flows: vec![], grows: None };
        lowering.credits_for_bills(pool, deal.terms.id);
        let unused = unused(lowering, grant, bill, month);
        let posted = lowering.posted(unused);
        for line in lowering.side.prepayments.iter_mut().filter(|line| line.contract == deal.terms.id) {
            line.unused = Some(posted);
        }
        Some(unused)
    }
}

/// What has been granted and not yet used after each month, where bills from a month on use it.
fn unused(lowering: &mut Lowering<'_>, grant: Reg, bill: &Bill, from: i64) -> Reg {
    let counts = lowering.program.curve_of(|t| f64::from(u8::from(from <= i64::from(t))));
    let billed = lowering.program.mul(bill.owed, counts);
    let change = lowering.program.sub(grant, billed);
    let sum = lowering.program.account(0.0);
    let before = lowering.program.op(Op::Account(sum));
    let after = lowering.program.add(before, change);
    // A bill beyond what is left uses no more than that.
    let left = lowering.positive(after);
    let change = lowering.program.sub(left, before);
    lowering.program.feed(sum, Feed::Value(change));
    left
}

impl Prepaid<'_, '_> {
    /// Its amount, as a register.
    fn register(&self, lowering: &mut Lowering<'_>) -> Option<Reg> {
        let record = self.deal.record;
        let stated = record.figure("prepayment")?;
        let basis = record.entry("prepayment").map(|entry| entry.basis.clone()).unwrap_or_default();
        let slot = plain_slot(stated, lowering.model.about);
        let amount = lowering.figure_as(self.deal.terms.path("prepayment"), stated, &basis, slot);
        if stated.figure.dimension == Dimension::MONEY {
            return Some(amount);
        }
        let minimum = self.deal.stated_reg(lowering)?;
        Some(lowering.program.mul(amount, minimum))
    }

    /// As tables of money put in have it.
    pub fn line(&self, lowering: &Lowering<'_>) -> Prepayment {
        let past = self.on <= self.deal.calendar.as_of;
        let due = Due { on: self.on, past, amounts: lowering.posted_on(&self.amounts, self.on) };
        let terms = self.deal.terms;
        let (from, to) = (terms.obligor(), terms.obligee());
        Prepayment { contract: terms.id, from, to, due, unused: None }
    }

    /// Bills without what the prepayment covers of them from its day on, all in the books.
    pub fn taken_off(&self, bills: Vec<Due>) -> Vec<Due> {
        let paid_in = self.on.first_of_month();
        let mut left = self.amounts.clone();
        let mut rest = bills;
        for due in rest.iter_mut().filter(|due| paid_in <= due.on) {
            for (amount, left) in due.amounts.iter_mut().zip(&mut left) {
                let used = amount.min(left);
                *left = left.minus(&used).within(Set::NOT_NEGATIVE);
                *amount = amount.minus(&used).within(Set::NOT_NEGATIVE);
            }
        }
        rest
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
    fn what_is_paid_ahead_says_something_without_a_minimum() {
        // At least what is paid ahead is owed, and how much more nobody says.
        let text = format!("{COMPUTE}prepayment = \"$25M\"");
        assert!(crate::testing::codes(&text).is_empty());
        let owed = crate::testing::promised(&text)[0].amount(keiretsu_values::Reading::Firm);
        assert_eq!((owed.amount(), owed.set().low, owed.set().high), (Some(25e6), 25e6, f64::INFINITY));
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
