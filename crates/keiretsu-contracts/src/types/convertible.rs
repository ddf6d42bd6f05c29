//! A convertible: money lent that becomes units at a later round, or is paid back: a note, or a SAFE.
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! title    = "A cloud holds a note of a lab"
//! as_of    = 2025-12-31
//! horizon  = "3 years"
//!
//! [parties]
//! cloud = { name = "Cloud" }
//! lab   = { name = "Lab", value = "lab_value" }
//! fund  = { name = "Fund" }
//!
//! [factors.lab_value]
//! start   = "$350B"
//! because = "an example"
//!
//! [contracts.notes]
//! type     = "convertible"
//! holder   = "cloud"
//! issuer   = "lab"
//! rate     = "4%"
//! cap      = "$250B"
//! discount = "20%"
//! maturity = 2028
//! converts_with = "next-round"
//! because  = "an example"
//!
//! [contracts.notes.tranches]
//! first  = { amount = "$4B", paid = "2025-01" }
//! second = { amount = "$1B", on = "2026-02" }
//!
//! [contracts.next-round]
//! type     = "equity"
//! investor = "fund"
//! issuer   = "lab"
//! tranches = { first = { amount = "$30B", on = "2026-09", price = "$350B" } }
//! because  = "an example"
//! ```
//!
//! ```console
//! $ keiretsu measure model returns --paths 64 --reading expected
//! Returns on stakes, before tax, nominal
//! as of 2025-12-31
//!
//! For 2 of 2 values of stakes no multiple can be told: mark, cost or stake is unknown.
//!
//!                                               paid
//! holding     owner  issuer  reading     stake    in  realised    value  of     MOIC      DPI     XIRR
//! ────────────────────────────────────────────────────────────────────────────────────────────────────
//! notes       Cloud  Lab     expected  unknown   $4B   unknown  unknown      unknown  unknown  unknown
//! next-round  Fund   Lab     expected  unknown    $0   unknown  unknown      unknown  unknown  unknown
//! not shown: 6 lines on what is left out (--all); which is, paid in since, at cost, RVPI, TVPI, roots
//!   of XIRR, implied value of issuer (--wide)
//!
//! Multiples, rates and the implied value take the stake and the money of the day of the mark.
//! Where no distributions are stated, MOIC counts the mark alone.
//!
//! Stakes and the rounds of the run
//! as of 2025-12-31
//!
//! holding     reading   step                    change  stake
//! ───────────────────────────────────────────────────────────
//! next-round  expected  at as-of                           0%
//! next-round  expected  notes.conversion            0%     0%
//! next-round  expected  next-round.first         7.89%  7.89%
//! next-round  expected  at the end of the run           7.89%
//! notes       expected  at as-of                           0%
//! notes       expected  notes.conversion         2.12%  2.12%
//! notes       expected  next-round.first       -0.167%  1.95%
//! notes       expected  at the end of the run           1.95%
//!
//! Value of stakes at the end, over all paths
//! as of 2025-12-31, 64 paths, seed 1
//!
//! holding     what     mean  standard error      5%     25%     50%     75%     95%
//! ─────────────────────────────────────────────────────────────────────────────────
//! next-round  value  $27.6B        <$0.0001  $27.6B  $27.6B  $27.6B  $27.6B  $27.6B
//! notes       value  $6.82B              $0  $6.82B  $6.82B  $6.82B  $6.82B  $6.82B
//! not shown: 2 lines on what is left out (--all)
//!
//! Where no distributions are stated, MOIC counts the value alone; RVPI always does.
//! ```
//!
//! Its `tranches` are those of an equity contract, and count as capital. From the month after each draw its
//! principal bears simple interest of `rate` a year, a twelfth a month, until its maturity; interest is not
//! paid but converts with the principal. A SAFE is the same without `rate` and `maturity`.
//!
//! It converts once: when money of the contract in `converts_with` first falls due, at that round's price;
//! or when `converts_when` first holds, up to `before`; or at its maturity if `at_maturity = "converts"`.
//! What is drawn in that month converts with the rest. The price is `price`, by default that of the round
//! which is paid in that month, else the issuer's `value`: nobody knows the price of a round that is still
//! to come. What converted, or fell due at its maturity, before as-of does so no more. With P the value
//! before the round's money, on everything that converts, the holder gets principal and interest A as units
//! at the better of `(1 -
//! discount) P` and the `cap`: before the round's money it has the greater of `A / ((1 - discount) P)` and `A
//! / cap` with a post-money cap (the form of the post-money SAFE), or `A / (cap + A)` with a pre-money one.
//! The round's money then dilutes it like everybody. Otherwise principal and interest are due at the
//! maturity, and in a default they are a claim, unless there is no maturity.
//!
//! Without `rate`, `cap` or `discount` it has none, which is listed as an assumption. Where nothing says
//! that it converts or when it is paid back, it is owed and may be paid back in any month: what it brings
//! is unknown.
//!
//! Invariant: what has converted is not paid back, and what was paid back does not convert.
//! Absent: several notes that convert in one month share the round one after another, in the order of the
//! text, each diluting those before; interest in cash (write a loan); a value of the note before it converts.

mod note;

use keiretsu_model::{Contract, ContractSpec, Diagnostic, Model, Range, Sharing, Standing, Term, TermKind};
use keiretsu_program::Reg;
use keiretsu_values::Dimension;

use self::note::Note;
use crate::lowering::{ContractType, Lowering, Readable};
use crate::terms::{Terms, versions};
use crate::tranches;

pub struct Convertible;

const SHARE: TermKind = TermKind::Figure(&[Dimension::NUMBER]);

static TRANCHE: &[Term] =
    &[tranches::AMOUNT, tranches::PAID, tranches::ON, tranches::WHEN, tranches::BEFORE, tranches::STANDING];

static SPEC: ContractSpec = ContractSpec {
    keyword: "convertible",
    obligor: Term::role("holder", "who has the note"),
    obligee: Some(Term::role("issuer", "who issues it")),
    terms: &[
        Term::new("tranches", TermKind::Tables(TRANCHE), "its draws by name").undisclosed().kept(),
        Term::new(
            "rate",
            SHARE,
            "simple interest a year, which converts or is paid back with it; default none",
        )
        .within(Range::Change),
        Term::new(
            "cap",
            TermKind::Figure(&[Dimension::MONEY]),
            "the highest value at which it converts; default none",
        )
        .within(Range::Positive)
        .undisclosed_with(&["cap_basis"])
        .shared(Sharing::Whole),
        Term::new(
            "cap_basis",
            TermKind::Choice(&["post-money", "pre-money"]),
            "whether the cap counts what converts; default post-money",
        ),
        Term::new("discount", SHARE, "what is taken off the price of the round; default none")
            .within(Range::PartOnly),
        Term::new(
            "price",
            TermKind::Formula(&[Dimension::MONEY, Dimension::MONEY_RATE]),
            "value of the issuer before the round's money; default the round's, else its `value`",
        )
        .shared(Sharing::Whole),
        Term::new("converts_with", TermKind::Contract, "the round with which it converts"),
        Term::new("converts_when", TermKind::Condition, "the condition on which it converts")
            .undisclosed_with(&["before"]),
        Term::new("before", TermKind::Date, "the last day on which the condition can be met"),
        Term::new("maturity", TermKind::Date, "when it is paid back if it has not converted")
            .undisclosed_unless(&["converts_with", "converts_when"]),
        Term::new(
            "at_maturity",
            TermKind::Choice(&["repaid", "converts"]),
            "what happens at maturity; default repaid",
        ),
    ],
    rank: 2,
    leaves_claim: true,
    summary: "notes and SAFEs: draws, interest, cap and discount, conversion at a round or maturity",
};

impl ContractType for Convertible {
    fn spec(&self) -> &'static ContractSpec {
        &SPEC
    }

    fn check(&self, model: &Model, contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
        tranches::check(contract, diagnostics);
        conversion(model, contract, diagnostics);
    }

    fn expose(&self, lowering: &mut Lowering<'_>, versions: &[Terms<'_>]) {
        tranches::expose(lowering, versions);
    }

    fn read(&self, lowering: &mut Lowering<'_>, terms: &Terms<'_>, what: Readable) -> Option<Reg> {
        let Readable::LeftUntil(last) = what else { return None };
        let matures = terms.contract.record().when("maturity").filter(|_| terms.current)?;
        // All of it falls at maturity, with its interest.
        (last < lowering.calendar.due(&matures)).then(|| lowering.program.number(0.0))
    }

    fn lower(&self, lowering: &mut Lowering<'_>, terms: &Terms<'_>) {
        // All versions share what has been drawn, so they are lowered as one.
        if !terms.current {
            return;
        }
        let terms = Terms { record: terms.contract.record(), ..*terms };
        let note = Note::new(lowering, &terms);
        assume_none(lowering, &terms);
        let id = terms.id;
        if matches!(terms.standing(Standing::Binding), Standing::Lapsed | Standing::Terminated) {
            return;
        }
        // The round may stand further down: its flows are known once all contracts are.
        lowering.later(id, move |lowering| {
            let Some(contract) = lowering.model.contract(id) else { return };
            let calendar = lowering.calendar;
            let current = versions(id, contract, &calendar).into_iter().find(|version| version.current);
            if let Some(terms) = current {
                note.lower(lowering, &Terms { record: contract.record(), ..terms });
            }
        });
    }
}

/// Notes that what is not said to lower the price or to grow is taken not to.
fn assume_none(lowering: &mut Lowering<'_>, terms: &Terms<'_>) {
    for (term, what) in [("rate", "interest"), ("cap", "cap"), ("discount", "discount")] {
        if !terms.record.has(term) {
            lowering.assume(format!("{} has no {what}: none is stated", terms.contract.name));
        }
    }
}

fn conversion(model: &Model, contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
    let record = contract.record();
    let mut wrong = |code, term: &str, message: &str, hint: &str| {
        diagnostics.push(Diagnostic::new(code, record.span_of(term), message).hint(hint));
    };
    let ways = ["converts_with", "converts_when"].into_iter().filter(|term| record.has(term)).count();
    if ways == 2 {
        wrong("E0708", "converts_when", "it converts with a round and on a condition", "keep one of the two");
    }
    let round = record.contracts("converts_with").first().and_then(|round| model.contract(*round));
    if round.is_some_and(|round| round.obligee != contract.obligee || !round.record().has("tranches")) {
        wrong(
            "E0708",
            "converts_with",
            "that is no round of the same issuer",
            "name an equity contract of it",
        );
    }
}

#[cfg(test)]
mod tests;
