//! A deposit: an amount left with another party from one date, and given back on another.
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! title    = "A deposit on capacity"
//! as_of    = 2025-12-31
//! horizon  = "2 years"
//!
//! [parties]
//! lab   = { name = "Lab" }
//! cloud = { name = "Cloud" }
//!
//! [contracts.deposit]
//! type    = "deposit"
//! payer   = "lab"
//! payee   = "cloud"
//! amount  = "$50M"
//! on      = "2026-02"
//! back    = "2027-06"
//! because = "an example"
//! ```
//!
//! ```console
//! $ keiretsu measure model cash --party lab --by year --reading firm
//! ```
//!
//! Invariant: what is given back is what was left.
//! Absent: interest; a deposit that is kept when its payer leaves.

use keiretsu_model::{Contract, ContractSpec, Diagnostic, Model, Standing, Term, TermKind};
use keiretsu_program::{PartyId, Tag};
use keiretsu_values::Dimension;

use crate::commitments::{Promise, nothing};
use crate::dated::Dated;
use crate::lowering::{ContractType, Lowering};
use crate::terms::Terms;

pub struct Deposit;

static SPEC: ContractSpec = ContractSpec {
    keyword: "deposit",
    obligor: Term::role("payer", "who leaves the amount"),
    obligee: Some(Term::role("payee", "who holds it")),
    terms: &[
        Term::new("amount", TermKind::Figure(&[Dimension::MONEY]), "how much").required(),
        Term::new("on", TermKind::Date, "when it is paid").required(),
        Term::new("back", TermKind::Date, "when it is given back").required(),
    ],
    rank: 2,
    leaves_claim: true,
    summary: "an amount left with another party, and given back",
};

impl ContractType for Deposit {
    fn spec(&self) -> &'static ContractSpec {
        &SPEC
    }

    fn check(&self, _: &Model, contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
        let record = contract.record();
        if let (Some(on), Some(back)) = (record.when("on"), record.when("back"))
            && back.last < on.first
        {
            let message = "it is given back before it is paid";
            let hint = "give a later `back`";
            diagnostics.push(Diagnostic::new("E0402", record.span_of("back"), message).hint(hint));
        }
    }

    fn lower(&self, lowering: &mut Lowering<'_>, terms: &Terms<'_>) {
        let record = terms.record;
        let (Some(amount), Some(on), Some(back)) =
            (record.figure("amount"), record.when("on"), record.when("back"))
        else {
            return;
        };
        let standing = terms.standing(Standing::Binding);
        // One schedule: commitments and the run read the same dues.
        let [paid, back] = [on, back].map(|when| Dated::over(&when));
        lowering.promise(
            terms,
            Promise {
                tranche: None,
                to: terms.obligee(),
                tag: Tag::Principal,
                standing,
                dues: paid.dues(&lowering.calendar, &lowering.readings(amount, standing)),
                undated: nothing(),
                span: amount.span,
            },
        );
        if matches!(standing, Standing::Lapsed | Standing::Terminated) {
            return;
        }
        let Some(amount) = lowering.term(terms, "amount") else { return };
        let [paid, back] = [paid, back].map(|dated| lowering.share_due(&dated));
        let due = lowering.program.mul(amount, paid);
        lowering.flow(terms, None, due, terms.obligee(), Tag::Principal);
        let due = lowering.program.mul(amount, back);
        // It runs the other way: the payee owes it.
        let (from, to) = (PartyId(terms.obligee().0), PartyId(terms.obligor().0));
        lowering.party_flow(due, from, to, Tag::Principal, terms.path("back"));
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{check, refuses};

    const DEPOSIT: &str =
        "[contracts.d]\ntype = \"deposit\"\npayer = \"a\"\npayee = \"b\"\namount = \"$5M\"\n";

    #[test]
    fn what_is_left_comes_back() {
        let text = format!("{DEPOSIT}on = \"2026-02\"\nback = \"2027-06\"");
        check(&text, "firm", "2026-02  a -> b  $5.0M  principal\n2027-06  b -> a  $5.0M  principal");
    }

    #[test]
    fn it_cannot_come_back_before_it_is_paid() {
        refuses(&format!("{DEPOSIT}on = 2027\nback = 2026"), "E0402");
    }
}
