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
//! as of 2025-12-31
//!
//! The most that goes out in one period, net: Lab in 2026, -$95M (firm).
//! Its cash cannot be told.
//!
//! party  reading  time  service  capex  equity  other    net  cash at end
//! ───────────────────────────────────────────────────────────────────────
//! Lab    firm     2026    -$95M     $0      $0     $0  -$95M      unknown
//!
//! Received is positive, paid negative. Other: raised, fees, interest, shares of revenue.
//! Revenue and costs that the text does not state are in no number: net and cash are without them.
//! Factors follow their central paths in all readings.
//!
//! left out:
//!   Lab (cash at end): cash at as-of is not stated
//! ```
//!
//! Of what was granted before as-of there is `left` what the text says, else what the bills that fell due
//! since then on those contracts have not used, which is listed as an assumption. By hand: 24M granted a year
//! ago for 1M a month leave 12M.
//!
//! Credits settle what falls due on the contracts named in `usable_on` before cash does; what is left at the
//! end of the month of `expires` is lost. An amount that is not disclosed stays unknown and is left out,
//! never taken for zero. In the seller's books such credits are consideration payable to a customer (ASC
//! 606-10-32-25).
//!
//! Invariant: granted = used + expired + left.
//! Absent: credits that can be sold or paid out.

use keiretsu_model::{Contract, ContractSpec, Diagnostic, Model, Standing, Term, TermKind};
use keiretsu_program::{Credits, PartyId, Reg};
use keiretsu_values::{Dimension, Value};

use crate::calendar::{Calendar, TermMonths, month};
use crate::dated::Dated;
use crate::in_time::{Dues, Falls, Held, in_their_time};
use crate::lowering::{ContractType, Lowering};
use crate::side::{Cancelling, Commitment, Purpose};
use crate::terms::{Terms, versions};

pub struct ServiceCredits;

static SPEC: ContractSpec = ContractSpec {
    keyword: "credits",
    obligor: Term::role("grantor", "who grants"),
    obligee: Some(Term::role("recipient", "who may use what is granted")),
    terms: &[
        Term::new("amount", TermKind::Figure(&[Dimension::MONEY]), "how much service, in money")
            .adding()
            .undisclosed()
            .kept(),
        Term::new("on", TermKind::Period, "when it is granted; a span is spread evenly over its months")
            .undisclosed(),
        Term::new("expires", TermKind::Date, "the last month of use"),
        Term::new(
            "left",
            TermKind::Figure(&[Dimension::MONEY]),
            "what is left at as-of of what was granted; default what fell due since has not used",
        ),
        Term::new("usable_on", TermKind::Contracts, "the contracts it is good for"),
    ],
    rank: 2,
    leaves_claim: false,
    summary: "service credits usable on named contracts; never cash",
};

impl ContractType for ServiceCredits {
    fn spec(&self) -> &'static ContractSpec {
        &SPEC
    }

    fn check(&self, model: &Model, contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
        let record = contract.record();
        for used_on in record.contracts("usable_on") {
            let Some(other) = model.contract(*used_on) else { continue };
            let payer = other.obligor.map(|party| model.group(party));
            let recipient = contract.obligee.map(|party| model.group(party));
            if payer != recipient {
                let message = format!("`{}` is not a contract that the recipient pays", other.name);
                diagnostics.push(
                    Diagnostic::new("E0709", record.span_of("usable_on"), message)
                        .also(other.span, "this contract")
                        .hint("name contracts whose payer receives the credits"),
                );
            }
        }
    }

    fn lower(&self, lowering: &mut Lowering<'_>, terms: &Terms<'_>) {
        // All versions make one schedule of grants, so they are lowered as one.
        if !terms.current {
            return;
        }
        let (record, calendar) = (terms.record, lowering.calendar);
        let Some(amount) = record.figure("amount") else { return };
        let versions = versions(terms.id, terms.contract, &calendar);
        let granted = versions.iter().any(|version| version.record.has("on"));
        let standing = terms.standing(if granted { Standing::Binding } else { Standing::Announced });
        let (grants, open) = grants(&versions, standing, &calendar);
        let undated = lowering.readings(amount, standing).map(|value| value.times(open));
        let commitment = Commitment {
            contract: terms.id,
            tranche: None,
            from: terms.obligor(),
            to: terms.obligee(),
            purpose: Purpose::Credits,
            standing,
            dues: grants.dues(lowering),
            undated,
            flow: None,
            share: [1.0; 3],
            over: None,
            total: None,
            slice: false,
            cancelling: Cancelling::default(),
            branch: false,
            counted: None,
            alternative: None,
            option_of: None,
            trigger: None,
            lapse: None,
            ever: None,
            span: amount.span,
        };
        lowering.side.commitments.push(commitment);
        if !granted || matches!(standing, Standing::Lapsed | Standing::Terminated) {
            return;
        }
        let mut grant = grants.reg(lowering);
        if let (Some(left), Some(now)) = (left(lowering, terms, &grants), lowering.only_in(1)) {
            // What was granted before the run and not used is there from its first month.
            let first = lowering.if_holds(now, left);
            grant = lowering.program.add(grant, first);
        }
        let expiry = record.when("expires").map_or(u32::MAX, |when| calendar.due(&when).max(0) as u32);
        let pool = Credits {
            grantor: PartyId(terms.obligor().0),
            recipient: PartyId(terms.obligee().0),
            grant,
            expiry,
            flows: vec![],
            grows: None,
        };
        lowering.credits(pool, record.contracts("usable_on").to_vec());
    }
}

/// What is granted when, and the share that nothing dates.
fn grants<'a>(versions: &[Terms<'a>], standing: Standing, calendar: &Calendar) -> (Dues<'a>, f64) {
    let falls: Vec<(TermMonths, Falls)> = versions
        .iter()
        .map(|version| {
            let dated = version.record.when("on").map(|when| Falls::Whole(Dated::over(&when)));
            (version.window, dated.unwrap_or(Falls::Undated))
        })
        .collect();
    let (dated, open) = in_their_time(&falls, calendar);
    let held = versions.iter().zip(dated).filter_map(|(version, dated)| {
        let stated = version.record.figure("amount")?;
        let basis = version.record.entry("amount").map(|entry| entry.basis.clone()).unwrap_or_default();
        Some(Held {
            path: version.path("amount"),
            stated,
            basis,
            standing,
            dated,
            times: Value::exact(1.0),
            rises: vec![],
        })
    });
    (Dues(held.collect()), open)
}

/// What of the grants before as-of is left: as stated, else what the bills since then have not used.
///
/// A pool that is filled by grants and emptied by bills, never below zero, holds the greatest surplus of
/// grants over bills that any month has begun (Lindley 1952); only months with a grant can begin the
/// greatest.
fn left(lowering: &mut Lowering<'_>, terms: &Terms<'_>, grants: &Dues<'_>) -> Option<Reg> {
    let calendar = lowering.calendar;
    if terms.record.when("expires").is_some_and(|when| calendar.is_past(&when)) {
        return None;
    }
    if let Some(left) = lowering.term(terms, "left") {
        return Some(left);
    }
    let past = grants.0.iter().flat_map(|held| held.dated.past(&calendar));
    let mut months: Vec<i64> = past.map(|(on, _)| calendar.t(month(on))).collect();
    months.sort_unstable();
    months.dedup();
    let mut most: Option<Reg> = None;
    for since in months {
        let granted = grants.fell_due(lowering, since);
        let used = bills_since(lowering, terms, since);
        let surplus = lowering.program.sub(granted, used);
        let surplus = lowering.positive(surplus);
        most = Some(most.map_or(surplus, |most| lowering.program.max(most, surplus)));
    }
    if most.is_some() {
        let name = &terms.contract.name;
        lowering.assume(format!("{name}: used before as-of on what fell due since the grant"));
    }
    most
}

/// What fell due before as-of on the contracts that the credits are good for.
fn bills_since(lowering: &mut Lowering<'_>, terms: &Terms<'_>, since: i64) -> Reg {
    let (model, calendar) = (lowering.model, lowering.calendar);
    let mut sum = lowering.program.number(0.0);
    for id in terms.record.contracts("usable_on") {
        let Some(contract) = model.contract(*id) else { continue };
        let Some(kind) = lowering.type_of(contract) else { continue };
        if let Some(due) = kind.fell_due(lowering, &versions(*id, contract, &calendar), since) {
            sum = lowering.program.add(sum, due);
        }
    }
    sum
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
    fn what_fell_due_before_as_of_has_used_them() {
        // Granted 5 in October; October to December used 3: 2 of the rent from January on are settled.
        let text = "[contracts.l]\ntype = \"lease\"\nlessee = \"a\"\nlessor = \"b\"\nrent = \"$12M/yr\"\n\
             term = \"1 year\"\nfrom = \"2025-06\"\n[contracts.c]\ntype = \"credits\"\ngrantor = \"b\"\n\
             recipient = \"a\"\nusable_on = \"l\"\namount = \"$5M\"\non = \"2025-10\"\n";
        let rent = |months: &[&str]| {
            let lines = months.iter().map(|month| format!("{month}  a -> b  $1.0M  rent"));
            lines.collect::<Vec<_>>().join("\n")
        };
        check(text, "firm", &rent(&["2026-03", "2026-04", "2026-05"]));
        check(&format!("{text}left = \"$4M\""), "firm", &rent(&["2026-05"]));
        check(
            &format!("{text}expires = \"2025-12\""),
            "firm",
            &rent(&["2026-01", "2026-02", "2026-03", "2026-04", "2026-05"]),
        );
        // A span that began before: 1 a month from November to February. November and December used theirs.
        let span = text.replace("2025-10", "2025-11 to 2026-02").replace("$5M", "$4M");
        check(&span, "firm", &rent(&["2026-03", "2026-04", "2026-05"]));
    }

    #[test]
    fn credits_are_for_contracts_that_the_recipient_pays() {
        let text = BOTH.replace("grantor = \"b\"\nrecipient = \"a\"", "grantor = \"a\"\nrecipient = \"b\"");
        refuses(&format!("{text}amount = \"$14M\"\non = \"2026-02\""), "E0709");
        refuses(&format!("{BOTH}amount = \"$14M\"\non = \"2026-02\"\nexpires = \"2026-01\""), "E0402");
    }
}
