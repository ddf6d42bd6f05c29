//! A loan: drawn on a date or a condition, interest on what is outstanding, repaid at once or in parts.
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! title    = "A fund lends to a chip lessor"
//! as_of    = 2025-12-31
//! horizon  = "4 years"
//!
//! [parties]
//! fund   = { name = "Fund" }
//! lessor = { name = "Lessor" }
//!
//! [contracts.facility]
//! type      = "loan"
//! lender    = "fund"
//! borrower  = "lessor"
//! amount    = "$3.5B"
//! drawn     = "2026-03"
//! rate      = "9%"
//! repayment = "annuity"
//! frequency = "quarterly"
//! maturity  = "2029-03"
//! because   = "an example"
//! ```
//!
//! ```console
//! $ keiretsu measure model cash --party lessor --by year --reading firm
//! Cash received and paid
//! in $bn, as of 2025-12-31
//!
//! party   reading  time  revenue  costs  service  capex  equity   other     net  cash at end
//! ──────────────────────────────────────────────────────────────────────────────────────────
//! Lessor  firm     2026        -      -        -      -       -   2.49    2.49       unknown
//! Lessor  firm     2027        -      -        -      -       -  -1.34   -1.34       unknown
//! Lessor  firm     2028        -      -        -      -       -  -1.34   -1.34       unknown
//! Lessor  firm     2029        -      -        -      -       -  -0.336  -0.336      unknown
//!
//! Received is positive, paid negative. Other: raised, fees, interest, shares of revenue.
//! Factors follow their central paths in all readings.
//!
//! left out:
//!   Lessor (cash at end): cash at as-of is not stated
//! ```
//!
//! `repayment` is `bullet` (all at maturity), `annuity` (level payments), `linear` (equal parts of principal)
//! or `revolving` (up to `amount`, as `usage` says or as keeps the borrower's cash at `keeps`). They are the
//! contract types PAM, ANN, LAM and, up to its limit, UMP of ACTUS; `keiretsu calc loan` has these with every
//! day count and calendar. Here time goes by months: what is drawn in a month bears interest from the next,
//! a twelfth of the yearly `rate` (a number or a formula, and a `spread`) a month, due with the payments that
//! `frequency` counts back from the maturity. `interest = "added"` adds it to the principal. Each instalment
//! is what is outstanding over what is left of the schedule, so that a changed rate, a missed payment and a
//! prepayment are all repaid by the maturity. An amendment of `rate` or `spread` holds from its month; other
//! amended terms hold throughout.
//!
//! A covenant is a condition that the borrower must keep: once it fails while something is outstanding, all
//! of it is due, and nothing more is drawn. `prepaid_when` makes all of it due too, with `prepayment_fee`.
//! `collateral` has a worth, as a formula or as a holding of the model; above `call_at` times that worth the
//! borrower repays down to `restore_to`. A loan with collateral has rank 1, one without rank 2, unless `rank`
//! says otherwise. After a default the lender sells the collateral for what it is then worth, up to what it
//! is owed; what that leaves, and all of a loan without collateral, is a claim of rank 2.
//!
//! The commitment of the lender is what it has to lend, that of the borrower what it has to pay back;
//! interest depends on rates, so it is in `cash` and in no commitment. `paid(loan)` is what has been drawn.
//!
//! Invariant: outstanding = drawn + added interest - repaid, never below zero.
//! Absent: the holding stays in the books of a borrower that has failed, though the lender has sold it; the
//! months in which a past loan was repaid.

mod collateral;
mod debt;
mod fits;
mod schedule;

use keiretsu_model::{Contract, ContractSpec, Diagnostic, Model, Standing, Term, TermKind};
use keiretsu_program::Tag;
use keiretsu_values::Dimension;

use self::debt::Debt;
use self::schedule::Schedule;
use crate::ContractType;
use crate::commitments::{Dated, Promise, dated_or_not};
use crate::lowering::{Lowering, Terms};

/// See the module.
pub struct Loan;

const MONEY: TermKind = TermKind::Figure(&[Dimension::MONEY]);
const SHARE: TermKind = TermKind::Figure(&[Dimension::NUMBER]);

static COVENANT: &[Term] = &[
    Term::new("requires", TermKind::Condition, "what the borrower must keep").required(),
    Term::new("text", TermKind::Text, "what it is, in words"),
];

static COLLATERAL: &[Term] = &[
    Term::new("holding", TermKind::Text, "the holding that secures it"),
    Term::new("value", TermKind::Formula(&[Dimension::MONEY]), "what secures it is worth"),
    Term::new("call_at", SHARE, "the loan to value above which the lender calls"),
    Term::new("restore_to", SHARE, "the loan to value that a call restores; default `call_at`"),
];

static SPEC: ContractSpec = ContractSpec {
    keyword: "loan",
    obligor: "lender",
    obligee: Some("borrower"),
    terms: &[
        Term::new("amount", MONEY, "how much is lent, or the limit").required(),
        Term::new("rate", TermKind::Formula(&[Dimension::NUMBER]), "interest a year").required(),
        Term::new("spread", SHARE, "what is added to the rate"),
        Term::new("drawn", TermKind::Period, "when it is drawn; a span is spread evenly over its months"),
        Term::new("when", TermKind::Condition, "the condition on which it is drawn"),
        Term::new("before", TermKind::Date, "the last day on which the condition can be met"),
        Term::new("outstanding", MONEY, "what is outstanding at as-of; default as the schedule has it"),
        Term::new(
            "repayment",
            TermKind::Choice(&["bullet", "annuity", "linear", "revolving"]),
            "how the principal comes back; default at maturity",
        ),
        Term::new("maturity", TermKind::Date, "when all that is outstanding is due"),
        Term::new(
            "frequency",
            TermKind::Choice(&["monthly", "quarterly", "half-yearly", "yearly"]),
            "how often it pays; default monthly",
        ),
        Term::new("grace", TermKind::Duration, "how long after the draw no principal is due"),
        Term::new("interest", TermKind::Choice(&["paid", "added"]), "added: to the principal"),
        Term::new("usage", TermKind::Formula(&[Dimension::MONEY]), "what a revolving loan stands at"),
        Term::new("keeps", MONEY, "the cash to which a revolving loan fills the borrower up"),
        Term::new("covenants", TermKind::Tables(COVENANT), "conditions that the borrower must keep, by name"),
        Term::new("collateral", TermKind::Table(COLLATERAL), "what secures it"),
        Term::new("prepaid_when", TermKind::Condition, "the condition on which it is prepaid"),
        Term::new("prepayment_fee", SHARE, "the share of what is prepaid that is paid for it"),
        Term::new("upfront_fee", SHARE, "the share of each draw that is paid for it"),
        Term::new("undrawn_fee", SHARE, "the yearly fee on what could still be drawn"),
    ],
    rank: 2,
    summary: "money lent: bullet, annuity, linear, revolving; collateral and covenants",
};

impl ContractType for Loan {
    fn spec(&self) -> &'static ContractSpec {
        &SPEC
    }

    fn check(&self, model: &Model, contract: &Contract, found: &mut Vec<Diagnostic>) {
        let record = contract.record();
        fits::when_drawn(contract, found);
        fits::repayment(model, record, found);
        if let Some(collateral) = record.table("collateral") {
            fits::secured(model, collateral, found);
        }
    }

    fn lower(&self, lowering: &mut Lowering<'_>, terms: &Terms<'_>) {
        // All versions share what is outstanding, so they are lowered as one.
        if !terms.current {
            return;
        }
        let terms = Terms { record: terms.contract.record(), ..*terms };
        let standing = standing(lowering, &terms);
        promises(lowering, &terms, standing);
        if matches!(standing, Standing::Lapsed | Standing::Terminated) {
            return;
        }
        if let (Some(drawn), Some(amount)) = (terms.record.when("drawn"), terms.record.figure("amount"))
            && lowering.calendar.is_past(&drawn)
        {
            let lent = lowering.readings(amount, standing)[0].amount().unwrap_or(f64::NAN);
            lowering.past(&terms, None, &Dated::over(&drawn), lent, Tag::Principal);
        }
        if let Some(debt) = Debt::new(lowering, &terms, standing) {
            debt.lower(lowering);
        }
    }
}

/// Where it stands: drawn or to be drawn on a date, or on a condition.
fn standing(lowering: &Lowering<'_>, terms: &Terms<'_>) -> Standing {
    let record = terms.record;
    let past = |term: &str| record.when(term).is_some_and(|when| lowering.calendar.is_past(&when));
    terms.standing(match record.has("when") {
        true if past("before") => Standing::Lapsed,
        true => Standing::Conditional,
        false => Standing::Binding,
    })
}

/// What the lender has to lend, and what the borrower has to pay back of it.
fn promises(lowering: &mut Lowering<'_>, terms: &Terms<'_>, standing: Standing) {
    let record = terms.record;
    let Some(amount) = record.figure("amount") else { return };
    let schedule = Schedule::new(record, &lowering.calendar);
    let calendar = lowering.calendar;
    let drawn = schedule.drawn.map(|drawn| Dated::over(&drawn));
    let past = drawn.as_ref().is_some_and(|drawn| drawn.is_past(&calendar));
    let part = |tranche, (dues, undated), standing| Promise {
        tranche,
        to: terms.obligee(),
        tag: Tag::Principal,
        standing,
        dues,
        undated,
        span: amount.span,
    };
    let amounts = lowering.readings(amount, standing);
    // What the text calls drawn has moved.
    let lends = if past && standing == Standing::Binding { Standing::Paid } else { standing };
    lowering.promise(terms, part(None, dated_or_not(drawn.as_ref(), &calendar, amounts.clone()), lends));
    let back = match record.figure("outstanding") {
        Some(outstanding) => lowering.readings(outstanding, standing),
        None if past => {
            let share = schedule::outstanding_share(&schedule, record, &calendar);
            amounts.map(|value| match share {
                Some(share) => value.times(share),
                None => keiretsu_values::Value::undisclosed("the rate does not say what is outstanding"),
            })
        }
        // Of a line, only what is drawn comes back, and nobody has to draw.
        None if schedule.drawn.is_none() && !record.has("when") => return,
        None => amounts,
    };
    let dated = schedule::principal(&schedule, record, &calendar);
    lowering.promise_back(
        terms,
        part(Some("principal"), dated_or_not(dated.as_ref(), &calendar, back), standing),
    );
}

#[cfg(test)]
mod tests;
