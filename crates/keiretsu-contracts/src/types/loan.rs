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
//! as of 2025-12-31
//!
//! The most that goes out in one period, net: Lessor in 2027, -$1.34B (firm).
//! Its cash cannot be told.
//!
//! party   reading  time  service  capex  equity    other      net  cash at end
//! ────────────────────────────────────────────────────────────────────────────
//! Lessor  firm     2026       $0     $0      $0   $2.49B   $2.49B      unknown
//! Lessor  firm     2027       $0     $0      $0  -$1.34B  -$1.34B      unknown
//! Lessor  firm     2028       $0     $0      $0  -$1.34B  -$1.34B      unknown
//! Lessor  firm     2029       $0     $0      $0   -$336M   -$336M      unknown
//!
//! Received is positive, paid negative. Other: raised, fees, interest, shares of revenue.
//! Revenue and costs that the text does not state are in no number: net and cash are without them.
//! Factors follow their central paths in all readings.
//!
//! left out:
//!   Lessor (cash at end): cash at as-of is not stated
//! ```
//!
//! `repayment` is `bullet` (all at maturity), `annuity` (level payments), `linear` (equal parts of principal)
//! or `revolving` (up to `amount`, as `usage` says or as keeps the borrower's cash at `keeps`). They are the
//! contract types PAM, ANN, LAM and, up to its limit, UMP of ACTUS; `keiretsu calc loan` has these with every
//! day count and calendar. Here time goes by months: what is drawn in a month bears interest from the next, a
//! twelfth of the yearly `rate` (a number, words such as "6.5% to 7%", or a formula such as "sofr + 2.5%"
//! over the factor `sofr`; and a `spread`) a month, due with the payments that `frequency` counts back from
//! the maturity. `interest = "added"` adds it to the principal. Each instalment is what is outstanding over
//! what is left of the schedule, so that a changed rate, a missed payment and a prepayment are all repaid
//! by the maturity. Level payments are level from the first one, also where it follows the draw by less
//! than a period. Every amended term holds from its month: an `amount` for what is still to be drawn, a
//! `maturity`, `repayment` or `frequency` for what is then outstanding.
//!
//! What is outstanding at as-of, with added interest and what has accrued since the last payment, is what the
//! run from the draw at the stated terms leaves, unless `outstanding` says it; that is a listed assumption.
//! What is `drawn` of a revolving loan is drawn on its day, nothing before it, and comes back down to its
//! `usage` from the next month on.
//! By hand: 20M at 6% a year, added, drawn in March and due 18 months later, is 20 x 1.005^18 = 21.88M seen
//! from any day. A revolving loan never stands above its amount, in no reading. `standing = "paid"` says that
//! the draw was paid, never what comes back.
//!
//! A covenant is a condition that the borrower must keep: once it fails while something is outstanding, all
//! of it is due, and nothing more is drawn. `prepaid_when` makes all of it due too, with `prepayment_fee`.
//! `collateral` has a worth, as a formula or as a holding of the model; above `call_at` times that worth the
//! borrower repays down to `restore_to`. A loan with collateral has rank 1, one without rank 2, unless `rank`
//! says otherwise. After a default the lender sells the collateral for what it is then worth, up to what it
//! is owed; what that leaves, and all of a loan without collateral, is a claim of rank 2.
//!
//! What the text does not say is undisclosed. Without a `rate` its interest is unknown, at least nothing, and
//! what is owed is at least the principal. Without a `maturity` the principal comes back in no year that is
//! known: it is in totals, and each month's repayment is unknown. Without `drawn`, `when` or `outstanding` it
//! is lent in no year that is known either, and the lender has all of it at risk; with `standing = "paid"` it
//! was lent before as-of. Instalments without a maturity are unknown, and so is what a line without `usage`
//! and `keeps` stands at. `usage` or `keeps` alone make it revolving.
//!
//! The commitment of the lender is what it has to lend, that of the borrower what it has to pay back, with
//! interest that is added; interest that is paid is in `cash` and in no commitment. Of a revolving loan the
//! lender has also to lend what its amount leaves above what stands: of a line of 10 of which 4 are
//! `outstanding`, 4 were lent and 6 can be drawn. Of another loan what is not outstanding was paid back or
//! not drawn, which `drawn` decides; without it that is unknown. `paid(loan)` is what has been drawn.
//!
//! Invariant: outstanding = drawn + added interest - repaid, never below zero.
//! Absent: the holding stays in the books of a borrower that has failed, though the lender has sold it.

mod after;
mod collateral;
mod debt;
mod fees;
mod fits;
mod instalments;
mod lends;
mod opening;
mod owed;
mod revolving;
mod rhythm;
mod schedule;

use keiretsu_model::{
    Contract, ContractSpec, DEFAULT_TERMS, Diagnostic, Model, Range, Sharing, Standing, Term, TermKind,
};
use keiretsu_program::{Reg, Tag};
use keiretsu_values::{Dimension, Reading, Value};

use self::debt::Debt;
use self::rhythm::Repayment;
use self::schedule::Schedule;
use crate::commitments::{Promise, nothing};
use crate::dated::{Dated, merged};
use crate::in_time::Held;
use crate::lowering::{ContractType, Lowering, Readable};
use crate::terms::{Terms, versions};
use crate::undated::may_fall;

pub struct Loan;

const MONEY: TermKind = TermKind::Figure(&[Dimension::MONEY]);
const SHARE: TermKind = TermKind::Figure(&[Dimension::NUMBER]);

static COVENANT: &[Term] =
    &[Term::new("requires", TermKind::Condition, "what the borrower must keep").undisclosed()];

static COLLATERAL: &[Term] = &[
    Term::new("holding", TermKind::Text, "the holding that secures it"),
    Term::new("value", TermKind::Formula(&[Dimension::MONEY]), "what secures it is worth")
        .undisclosed_unless(&["holding"]),
    Term::new("call_at", SHARE, "the loan to value above which the lender calls")
        .undisclosed_with(&["restore_to"]),
    Term::new("restore_to", SHARE, "the loan to value that a call restores; default `call_at`"),
];

static SPEC: ContractSpec = ContractSpec {
    keyword: "loan",
    obligor: Term::role("lender", "who lends"),
    obligee: Some(Term::role("borrower", "who borrows")),
    terms: &[
        Term::new("amount", MONEY, "how much is lent, or the limit").adding().undisclosed().kept(),
        Term::new("rate", TermKind::Formula(&[Dimension::NUMBER]), "interest a year")
            .within(Range::Change)
            .undisclosed(),
        Term::new("spread", SHARE, "what is added to the rate").within(Range::Change),
        Term::new("drawn", TermKind::Period, "when it is drawn; a span is spread evenly over its months")
            .undisclosed_unless(&["when", "before", "outstanding", "usage", "keeps"]),
        Term::new("when", TermKind::Condition, "the condition on which it is drawn")
            .undisclosed_with(&["before"]),
        Term::new("before", TermKind::Date, "the last day on which the condition can be met"),
        Term::new("outstanding", MONEY, "what is outstanding at as-of; default as the schedule has it"),
        Term::new(
            "repayment",
            TermKind::Choice(&["bullet", "annuity", "linear", "revolving"]),
            "how the principal comes back; default at maturity",
        ),
        Term::new("maturity", TermKind::Date, "when all that is outstanding is due").undisclosed(),
        Term::new(
            "frequency",
            TermKind::Choice(&["monthly", "quarterly", "half-yearly", "yearly"]),
            "how often it pays; default monthly",
        ),
        Term::new("grace", TermKind::Duration, "how long after the draw no principal is due"),
        Term::new("interest", TermKind::Choice(&["paid", "added"]), "added: to the principal"),
        Term::new("usage", TermKind::Formula(&[Dimension::MONEY]), "what a revolving loan stands at"),
        Term::new("keeps", MONEY, "the cash to which a revolving loan fills the borrower up")
            .shared(Sharing::Whole),
        Term::new("covenants", TermKind::Tables(COVENANT), "conditions that the borrower must keep, by name"),
        Term::new("collateral", TermKind::Table(COLLATERAL), "what secures it"),
        Term::new("prepaid_when", TermKind::Condition, "the condition on which it is prepaid"),
        Term::new("prepayment_fee", SHARE, "the share of what is prepaid that is paid for it"),
        Term::new("upfront_fee", SHARE, "the share of each draw that is paid for it").within(Range::Share),
        Term::new("undrawn_fee", SHARE, "the yearly fee on what could still be drawn"),
        Term::new(
            "default",
            TermKind::Table(DEFAULT_TERMS),
            "the chance that its borrower fails and what is then got back, where they are its own",
        ),
    ],
    rank: 2,
    leaves_claim: true,
    summary: "money lent: bullet, annuity, linear, revolving; collateral and covenants",
};

impl ContractType for Loan {
    fn spec(&self) -> &'static ContractSpec {
        &SPEC
    }

    fn check(&self, model: &Model, contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
        let record = contract.record();
        fits::when_drawn(contract, diagnostics);
        fits::repayment(record, diagnostics);
        if let Some(collateral) = record.table("collateral") {
            fits::secured(model, collateral, diagnostics);
        }
    }

    fn lower(&self, lowering: &mut Lowering<'_>, terms: &Terms<'_>) {
        // All versions share what is outstanding, so they are lowered as one.
        if !terms.current {
            return;
        }
        let schedule = Schedule::new(versions(terms.id, terms.contract, &lowering.calendar), lowering);
        let terms = Terms { record: terms.contract.record(), ..*terms };
        let standing = standing(lowering, &terms);
        // That its draw was paid says nothing of what is still to fall due.
        let owed = if standing == Standing::Paid { Standing::Binding } else { standing };
        lowering.assume_met(&terms.contract.name, terms.record, "when");
        lends::lends(lowering, &terms, &schedule, standing);
        pays_back(lowering, &terms, &schedule, owed);
        if matches!(standing, Standing::Lapsed | Standing::Terminated) {
            return;
        }
        if owed == Standing::Binding {
            lends::lent(lowering, &terms, &schedule);
        }
        if let Some(debt) = Debt::new(lowering, &terms, &schedule, owed) {
            debt.lower(lowering);
        }
    }

    fn read(&self, lowering: &mut Lowering<'_>, terms: &Terms<'_>, what: Readable) -> Option<Reg> {
        match what {
            Readable::LeftUntil(last) if terms.current => after::left_until(lowering, terms, last),
            _ => None,
        }
    }
}

/// Where it stands: drawn or to be drawn on a date, or on a condition.
fn standing(lowering: &Lowering<'_>, terms: &Terms<'_>) -> Standing {
    let record = terms.record;
    let past = |term: &str| record.when(term).is_some_and(|when| lowering.calendar.is_past(&when));
    terms.standing(match record.has("when") {
        true if past("before") && lowering.dated(record, "when").is_none() => Standing::Lapsed,
        true => Standing::Conditional,
        false => Standing::Binding,
    })
}

/// What the borrower has to pay back, with the interest that is added to it.
fn pays_back(lowering: &mut Lowering<'_>, terms: &Terms<'_>, schedule: &Schedule<'_>, standing: Standing) {
    let record = terms.record;
    let Some(amount) = record.figure("amount") else { return };
    let draws = schedule.draws(standing);
    let dated = draws.0.iter().any(|held| !held.dated.is_empty());
    let waits = record.has("when");
    let some_time = schedule.is_drawn_some_time() && may_fall(standing);
    if !dated && !waits && !record.has("outstanding") && !some_time {
        // Of a line, only what is drawn comes back, and a draw is a right.
        return;
    }
    let stated = record.figure("outstanding");
    if schedule.revolves() && (dated || !waits) {
        let opening = stated.map(|stated| lowering.entered_readings(stated, standing));
        if let Some(back) = revolving::paid_back(lowering, schedule, &draws, opening.as_ref()) {
            comes_back(lowering, terms, standing, back);
            return;
        }
    }
    let (mut parts, mut undated) = (Vec::new(), nothing());
    // Amounts of the books: each due is worth what it is on its day.
    let mut add = |amounts: [Value; 3], back: Option<Dated>, lowering: &Lowering<'_>| {
        if let Some(back) = back {
            parts.push(lowering.posted_dues(back.dues(&lowering.calendar, &amounts)));
        } else {
            let amounts = lowering.posted_on(&amounts, lowering.model.as_of);
            undated = Reading::ALL.map(|reading| undated[reading].plus(&amounts[reading]));
        }
    };
    let calendar = lowering.calendar;
    if let Some(stated) = stated {
        let back = schedule.paid_back(&Dated::default(), 1.0).map(|[principal, _]| principal);
        add(lowering.entered_readings(stated, standing), back, lowering);
    } else if !dated {
        let back = schedule.at_maturity();
        add(lowering.entered_readings(amount, standing), back, lowering);
    }
    let used = Value::undisclosed("its use decides what it stands at");
    for held in draws.0.iter().filter(|held| !held.dated.is_empty()) {
        let draw = if stated.is_some() { held.dated.future(&calendar) } else { held.dated.clone() };
        let whole = draw.sum();
        if whole <= 0.0 {
            continue;
        }
        let amounts = held.entered_readings(lowering).map(|value| value.times(whole));
        if schedule.at(1).repayment == Repayment::Revolving && draw.is_past(&calendar) {
            add(amounts.map(|amount| amount.min(&used)), schedule.at_maturity(), lowering);
            continue;
        }
        let back = schedule.paid_back(&draw, 0.0).map(|[principal, interest]| {
            past_payments(lowering, terms, held, [&principal, &interest]);
            principal.times(1.0 / whole)
        });
        // An instalment at a rate that is only about so is only about so.
        let vague = schedule.is_vague() && back.is_some();
        let amounts = if vague { amounts.map(Value::vaguely) } else { amounts };
        add(amounts, back, lowering);
    }
    let promise = Promise {
        tranche: Some("principal"),
        to: terms.obligee(),
        tag: Tag::Principal,
        standing,
        dues: merged(parts),
        undated,
        span: amount.span,
    };
    lowering.promise_back(terms, promise);
}

/// Notes what comes back of a revolving loan, and what of it was paid by as-of.
fn comes_back(lowering: &mut Lowering<'_>, terms: &Terms<'_>, standing: Standing, back: revolving::Back) {
    if standing == Standing::Binding {
        let pair = [terms.obligee(), terms.obligor()];
        lowering.past_dues(terms, Some("principal"), pair, &back.principal, Tag::Principal);
        lowering.past_dues(terms, Some("interest"), pair, &back.interest, Tag::Interest);
    }
    let promise = Promise {
        tranche: Some("principal"),
        to: terms.obligee(),
        tag: Tag::Principal,
        standing,
        dues: back.principal,
        undated: back.undated,
        span: terms.record.span_of("amount"),
    };
    lowering.promise_back(terms, promise);
}

/// Notes what was paid back before as-of, and the interest.
fn past_payments(lowering: &mut Lowering<'_>, terms: &Terms<'_>, held: &Held<'_>, paid: [&Dated; 2]) {
    if held.standing != Standing::Binding {
        return;
    }
    let calendar = lowering.calendar;
    let amounts = held.entered_readings(lowering);
    let pair = [terms.obligee(), terms.obligor()];
    let names = [("principal", Tag::Principal), ("interest", Tag::Interest)];
    for (dated, (name, tag)) in paid.into_iter().zip(names) {
        let dues = lowering.posted_dues(dated.dues(&calendar, &amounts));
        lowering.past_dues(terms, Some(name), pair, &dues, tag);
    }
}

#[cfg(test)]
mod tests;
