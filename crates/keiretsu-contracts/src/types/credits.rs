//! Service credits: money's worth of service that is granted, used before cash, expires, and is never cash.
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! title    = "Credits for a start-up"
//! as_of    = 2025-12-31
//! horizon  = "1 year"
//!
//! [parties]
//! lab   = { name = "Lab" }
//! cloud = { name = "Cloud" }
//!
//! [contracts.compute]
//! type    = "supply"
//! buyer   = "lab"
//! seller  = "cloud"
//! minimum = "$10M/month"
//! because = "an example"
//!
//! [contracts.grant]
//! type      = "credits"
//! grantor   = "cloud"
//! recipient = "lab"
//! amount    = "$25M"
//! on        = "2026-02"
//! expires   = "2026-12"
//! usable_on = "compute"
//! because   = "an example"
//! ```
//!
//! ```console
//! $ keiretsu measure model cash --party lab --reading firm --by year
//! Cash received and paid
//! in $M, as of 2025-12-31
//!
//! party  reading  time  revenue  costs  service  capex  equity  other    net  cash at end
//! ───────────────────────────────────────────────────────────────────────────────────────
//! Lab    firm     2026        -      -    -95.0      -       -      -  -95.0      unknown
//!
//! Received is positive, paid negative. Other: raised, fees, interest, shares of revenue.
//! Factors follow their central paths in all readings.
//!
//! left out:
//!   Lab (cash at end): cash at as-of is not stated
//! ```
//!
//! Credits settle what falls due on the contracts named in `usable_on` before cash does; what is left at the
//! end of the month of `expires` is lost. An amount that is not disclosed stays unknown and is left out,
//! never taken for zero. In the seller's books such credits are consideration payable to a customer (ASC
//! 606-10-32-25).
//!
//! Invariant: granted = used + expired + left.
//! Absent: credits that can be sold or paid out.

use keiretsu_model::{Contract, ContractSpec, Diagnostic, Model, Standing, Term, TermKind};
use keiretsu_program::{Credits, PartyId, Slot};
use keiretsu_values::Dimension;

use crate::ContractType;
use crate::commitments::{Dated, dated_or_not};
use crate::lowering::{Lowering, Terms, plain_slot};

/// See the module.
pub struct ServiceCredits;

static SPEC: ContractSpec = ContractSpec {
    keyword: "credits",
    obligor: "grantor",
    obligee: Some("recipient"),
    terms: &[
        Term::new("amount", TermKind::Figure(&[Dimension::MONEY]), "how much service, in money").required(),
        Term::new("on", TermKind::Period, "when it is granted; a span is spread evenly over its months"),
        Term::new("expires", TermKind::Date, "the last month of use"),
        Term::new("usable_on", TermKind::Contracts, "the contracts it is good for"),
    ],
    rank: 2,
    summary: "service credits usable on named contracts; never cash",
};

impl ContractType for ServiceCredits {
    fn spec(&self) -> &'static ContractSpec {
        &SPEC
    }

    fn check(&self, model: &Model, contract: &Contract, found: &mut Vec<Diagnostic>) {
        let record = contract.record();
        for used_on in record.contracts("usable_on") {
            let Some(other) = model.contract(*used_on) else { continue };
            let payer = other.obligor.map(|party| model.group(party));
            let recipient = contract.obligee.map(|party| model.group(party));
            if payer != recipient {
                let message = format!("`{}` is not a contract that the recipient pays", other.name);
                found.push(
                    Diagnostic::new("E0709", record.span_of("usable_on"), message)
                        .also(other.span, "this contract")
                        .hint("name contracts whose payer receives the credits"),
                );
            }
        }
        if let (Some(on), Some(expires)) = (record.when("on"), record.when("expires"))
            && expires.last < on.first
        {
            let span = record.span_of("expires");
            found.push(
                Diagnostic::new("E0402", span, "the credits expire before they are granted")
                    .also(record.span_of("on"), "granted here"),
            );
        }
    }

    fn lower(&self, lowering: &mut Lowering<'_>, terms: &Terms<'_>) {
        let record = terms.record;
        let Some(amount) = record.figure("amount") else { return };
        let calendar = lowering.calendar;
        let when = record.when("on");
        let derived = if when.is_some() { Standing::Binding } else { Standing::Announced };
        let standing = terms.standing(derived);
        if terms.current {
            let dated = when.map(|when| Dated::over(&when));
            let amounts = lowering.readings(amount, standing);
            let (dues, undated) = dated_or_not(dated.as_ref(), &calendar, amounts);
            lowering.side.commitments.push(keiretsu_model::side::Commitment {
                contract: terms.id,
                tranche: None,
                from: terms.obligor(),
                to: terms.obligee(),
                // Credits are a layer of their own: no tag of cash.
                tag: "credits",
                standing,
                dues,
                undated,
                flow: None,
                share: [1.0; 3],
                over: None,
                slice: false,
                trigger: None,
                lapse: None,
                span: amount.span,
            });
        }
        let (Some(when), false) = (when, matches!(standing, Standing::Lapsed | Standing::Terminated)) else {
            return;
        };
        let basis = record.entry("amount").map(|entry| entry.basis.clone()).unwrap_or_default();
        let mut slot = plain_slot(amount, lowering.model.about);
        if standing != Standing::Paid && standing != Standing::Binding {
            let [firm, expected, headline] =
                lowering.readings(amount, standing).map(|value| value.amount().unwrap_or(f64::NAN));
            slot = Slot { firm, expected, headline, ..slot };
        }
        let amount = lowering.figure_as(terms.path("amount"), amount, &basis, slot);
        // What was granted before the run and not used is there from its first month.
        let last = calendar.due(&when).max(1);
        let first = if when.single { last } else { calendar.from(&when).max(1) };
        let share = 1.0 / (last - first + 1) as f64;
        let curve = lowering.program.curve_of(|t| {
            let t = i64::from(t);
            if first <= t && t <= last { share } else { 0.0 }
        });
        let grant = lowering.program.mul(amount, curve);
        let expiry = record.when("expires").map_or(u32::MAX, |when| calendar.due(&when).max(0) as u32);
        let usable_on = record.contracts("usable_on").to_vec();
        let pool = Credits {
            grantor: PartyId(terms.obligor().0),
            recipient: PartyId(terms.obligee().0),
            grant,
            expiry,
            flows: vec![],
        };
        lowering.credits(pool, usable_on);
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{check, refuses};

    const BOTH: &str = "[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\n\
        from = \"2026-01\"\nuntil = \"2026-04\"\nminimum = \"$10M/month\"\n\
        [contracts.c]\ntype = \"credits\"\ngrantor = \"b\"\nrecipient = \"a\"\nusable_on = \"s\"\n";

    #[test]
    fn credits_settle_before_cash_and_expire() {
        let text = format!("{BOTH}amount = \"$14M\"\non = \"2026-02\"");
        check(
            &text,
            "firm",
            "2026-01  a -> b  $10.0M  service\n2026-03  a -> b  $6.0M  service\n\
             2026-04  a -> b  $10.0M  service",
        );
        check(
            &format!("{text}\nexpires = \"2026-02\""),
            "firm",
            "2026-01  a -> b  $10.0M  service\n2026-03  a -> b  $10.0M  service\n\
             2026-04  a -> b  $10.0M  service",
        );
    }

    #[test]
    fn credits_are_for_contracts_that_the_recipient_pays() {
        let text = BOTH.replace("grantor = \"b\"\nrecipient = \"a\"", "grantor = \"a\"\nrecipient = \"b\"");
        refuses(&format!("{text}amount = \"$14M\"\non = \"2026-02\""), "E0709");
        refuses(&format!("{BOTH}amount = \"$14M\"\non = \"2026-02\"\nexpires = \"2026-01\""), "E0402");
    }
}
