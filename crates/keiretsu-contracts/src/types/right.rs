//! A right without cash: exclusivity, first refusal, a board seat, information, a veto, a licence, model
//! access.
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! title    = "Who may see what"
//! as_of    = 2026-04-21
//!
//! [parties]
//! lab   = { name = "Lab" }
//! cloud = { name = "Cloud" }
//!
//! [contracts.access]
//! type    = "right"
//! holder  = "cloud"
//! grantor = "lab"
//! kinds   = ["model access", "information"]
//! until   = 2032
//! because = "an example"
//! ```
//!
//! ```console
//! $ keiretsu measure model visibility
//! Rights, and money at risk without a right to see
//! as of 2026-04-21
//!
//! No firm money is at risk unseen.
//!
//!                                                                      at
//!                                                                   risk,  at risk,  unseen,   unseen,
//! holder  against  rights                                     sees   firm  headline     firm  headline
//! ────────────────────────────────────────────────────────────────────────────────────────────────────
//! Cloud   Lab      model access until 2032, information       yes      $0        $0       $0        $0
//!                    until 2032
//!
//! A right to see is a board seat, an observer's seat or an information right.
//! ```
//!
//! Rights move no money. They decide who can see, decide, use or block: the `visibility` measure sets them
//! beside the money at risk.
//!
//! Invariant: none of its kinds is empty.
//! Absent: the value of a right.

use keiretsu_model::{Contract, ContractSpec, Diagnostic, Model, Standing, Term, TermKind, suggest};

use crate::lowering::{ContractType, Lowering};
use crate::side::Right;
use crate::terms::Terms;

pub struct RightGranted;

/// What a right may be, in the order in which tables print them.
const KINDS: [&str; 10] = [
    "board",
    "observer",
    "information",
    "veto",
    "exclusivity",
    "first refusal",
    "ip licence",
    "model access",
    "credits",
    "other",
];

static SPEC: ContractSpec = ContractSpec {
    keyword: "right",
    obligor: Term::role("grantor", "who grants"),
    obligee: Some(Term::role("holder", "who has the right")),
    terms: &[
        Term::new("kinds", TermKind::Texts, "what it is: board, information, veto, model access")
            .undisclosed(),
        Term::new("from", TermKind::Date, "when it starts"),
        Term::new("until", TermKind::Date, "when it ends"),
        Term::new("scope", TermKind::Text, "to what it applies"),
    ],
    rank: 1,
    leaves_claim: false,
    summary: "a right to see, decide, use or block; no cash",
};

impl ContractType for RightGranted {
    fn spec(&self) -> &'static ContractSpec {
        &SPEC
    }

    fn check(&self, _: &Model, contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
        for (kind, span) in contract.record().texts("kinds") {
            if !KINDS.contains(&kind.as_str()) {
                diagnostics.push(
                    Diagnostic::new("E0204", *span, format!("`{kind}` is no kind of right"))
                        .hint(suggest::advice(kind, KINDS)),
                );
            }
        }
    }

    fn lower(&self, lowering: &mut Lowering<'_>, terms: &Terms<'_>) {
        let until = terms.record.when("until");
        let over = until.is_some_and(|until| lowering.calendar.is_past(&until));
        let standing = terms.standing(if over { Standing::Terminated } else { Standing::Binding });
        if !terms.current || matches!(standing, Standing::Lapsed | Standing::Terminated) {
            return;
        }
        let kinds = terms.record.texts("kinds").iter().map(|(kind, _)| kind.as_str());
        let unsaid = (!terms.record.has("kinds")).then_some("undisclosed");
        for kind in kinds.chain(unsaid) {
            lowering.side.rights.push(Right {
                contract: terms.id,
                holder: terms.obligee(),
                grantor: terms.obligor(),
                kind: kind.to_owned(),
                from: terms.record.when("from"),
                until,
                scope: terms.record.text("scope").map(str::to_owned),
                basis: terms.record.entry("kinds").map(|entry| entry.basis.clone()).unwrap_or_default(),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{check, refuses};

    const RIGHT: &str = "[contracts.r]\ntype = \"right\"\nholder = \"a\"\ngrantor = \"b\"\n";

    #[test]
    fn a_right_moves_no_money() {
        check(&format!("{RIGHT}kinds = [\"board\"]"), "headline", "");
    }

    #[test]
    fn a_kind_is_one_of_the_known() {
        refuses(&format!("{RIGHT}kinds = [\"borad\"]"), "E0204");
    }
}
