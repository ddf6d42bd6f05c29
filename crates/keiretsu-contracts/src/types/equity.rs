//! Capital for units of an issuer, in tranches: paid, due on a date, or due when a condition first holds.
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! title    = "A cloud puts money into a lab"
//! as_of    = 2026-04-21
//! horizon  = "5 years"
//!
//! [sources.release]
//! title = "Press release"
//! tier  = "company"
//!
//! [parties]
//! cloud = { name = "Cloud" }
//! lab   = { name = "Lab" }
//!
//! [factors.lab_revenue]
//! start  = "$30B/yr"
//! growth = "50%"
//!
//! [contracts.round]
//! type     = "equity"
//! investor = "cloud"
//! issuer   = "lab"
//! source   = "release"
//!
//! [contracts.round.tranches]
//! earlier    = { amount = "$8B", paid = "2023-09 to 2024-11" }
//! at-signing = { amount = "$5B", on = 2026-04-20 }
//! later      = { amount = "up to $20B", when = "lab_revenue >= $60B/yr", before = 2030-12-31 }
//! ```
//!
//! ```console
//! $ keiretsu measure model commitments
//! Commitments between parties
//! as of 2026-04-21
//!
//! Cloud has committed $13B to Lab (firm), the only pair; at the headline ≤$33B.
//! Most that is not firm: Cloud to Lab, ≤$20B on conditions and $0 announced.
//!
//! payer  payee  reading             paid  binding  conditional  announced  total
//! ──────────────────────────────────────────────────────────────────────────────
//! Cloud  Lab    firm                 $8B      $5B           $0         $0   $13B
//! Cloud  Lab    expected, headline   $8B      $5B        ≤$20B         $0  ≤$33B
//!
//! Capital, purchases and building; service credits are listed by contract only.
//!
//! Commitments by contract
//! as of 2026-04-21
//!
//! contract          payer  payee  for     standing                           firm  expected  headline
//! ───────────────────────────────────────────────────────────────────────────────────────────────────
//! round.later       Cloud  Lab    equity  conditional                          $0     ≤$20B     ≤$20B
//! round.earlier     Cloud  Lab    equity  paid                                $8B       $8B       $8B
//! round.at-signing  Cloud  Lab    equity  binding, due, payment unconfirmed   $5B       $5B       $5B
//! not shown: due (--wide)
//!
//! assumptions:
//!   round.tranches.later.when = lab_revenue >= $60B/yr
//! ```
//!
//! `paid` means that a source says money moved. A date without `paid` is binding; once it has passed, it is
//! shown as due with payment unconfirmed. A tranche with `when` is worth nothing in the firm reading, its cap
//! in the headline reading, and in the expected reading its chance times what is taken: `expect` in the
//! amount says how much that is, otherwise all of it. The condition is latched: once met it stays met, and it
//! can be met only until `before`. In accounting terms an unpaid binding tranche is a loan-commitment-like
//! off-balance obligation of the investor (compare ASC 440-10-50 for unconditional purchase obligations).
//!
//! A tranche of which the text says neither a date nor a condition binds at a time that is undisclosed: it
//! is in totals and in no year. `before` alone is the lapse of a condition that is undisclosed.
//!
//! Units are issued at `price`, the value of the issuer before the money, by default the issuer's `value`;
//! other stakes are diluted. Where the investor already holds a part that is not stated, the whole stake
//! stays unknown rather than counting only the new units.
//!
//! `quoted_total` keeps the sum that a source quotes: the tranches are checked against it, it is never
//! counted.
//!
//! Invariant: a tranche is paid at most once, and never after it lapsed.
//! Absent: preferences and anti-dilution (a matter of the cap table, not of the flow).

use keiretsu_model::figure::Said;
use keiretsu_model::record::{Record, Stated};
use keiretsu_model::{Contract, ContractSpec, Diagnostic, Model, Sharing, Term, TermKind};
use keiretsu_program::{Issue, Tag};
use keiretsu_values::{Dimension, Total, Value};

use crate::lowering::{ContractType, Lowering};
use crate::side::{HoldingLabel, Quote};
use crate::terms::{Terms, versions};
use crate::tranches::{self, Tranche};

pub struct Equity;

static TRANCHE: &[Term] = &[
    tranches::AMOUNT,
    tranches::PAID,
    tranches::ON,
    tranches::WHEN,
    tranches::BEFORE,
    Term::new("met", TermKind::Date, "when a source says that the condition was met"),
    Term::new(
        "price",
        TermKind::Formula(&[Dimension::MONEY, Dimension::MONEY_RATE]),
        "value of the issuer before the money; default its `value`",
    )
    .shared(Sharing::Whole),
    tranches::STANDING,
];

static SPEC: ContractSpec = ContractSpec {
    keyword: "equity",
    obligor: Term::role("investor", "who puts money in"),
    obligee: Some(Term::role("issuer", "who issues the units")),
    terms: &[
        Term::new("tranches", TermKind::Tables(TRANCHE), "its instalments by name").undisclosed(),
        Term::new(
            "quoted_total",
            TermKind::Figure(&[Dimension::MONEY]),
            "the sum of all tranches as a source quotes it; checked, never counted",
        )
        .spanning(),
    ],
    rank: 3,
    leaves_claim: false,
    summary: "capital for units, in tranches: paid, dated or conditional",
};

impl ContractType for Equity {
    fn spec(&self) -> &'static ContractSpec {
        &SPEC
    }

    fn check(&self, model: &Model, contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
        if let Some(quoted) = contract.record().figure("quoted_total")
            && !agreement(model, contract.record(), quoted).0
        {
            let message = format!("the tranches of `{}` do not sum to the quoted total", contract.name);
            diagnostics.push(
                Diagnostic::new("W0702", quoted.span, message)
                    .label(format!("the source says {}", quoted.figure.words))
                    .hint("look for a tranche that is missing, counted twice, or quoted at another cap"),
            );
        }
        tranches::check(contract, diagnostics);
    }

    fn lower(&self, lowering: &mut Lowering<'_>, terms: &Terms<'_>) {
        if let (Some(quoted), true) = (terms.record.figure("quoted_total"), terms.current) {
            let (agrees, sum) = agreement(lowering.model, terms.record, quoted);
            let words = quoted.figure.words.clone();
            lowering.side.quotes.push(Quote { contract: terms.id, words, sum, agrees });
        }
        // All versions make one schedule, so they are lowered as one.
        if !terms.current {
            return;
        }
        let versions = versions(terms.id, terms.contract, &lowering.calendar);
        let holds_already = terms.record.tables("tranches").iter().any(|(_, _, tranche)| tranche.has("paid"));
        for name in tranches::names(&versions) {
            let tranche = Tranche::new(name, &versions);
            let Some(flow) = tranche.lower(lowering, terms, Tag::Equity) else { continue };
            lowering.program.flow_mut(flow).issue = issue(lowering, terms, &tranche, holds_already);
        }
    }

    fn expose(&self, lowering: &mut Lowering<'_>, versions: &[Terms<'_>]) {
        tranches::expose(lowering, versions);
    }
}

/// Whether the headline sum of the tranches is what a source quotes, and that sum.
fn agreement(model: &Model, record: &Record, quoted: &Stated) -> (bool, Value) {
    let mut sum = Total::default();
    for (name, _, tranche) in record.tables("tranches") {
        if let Some(amount) = tranche.figure("amount") {
            let whole = Stated { share: None, ..amount.clone() };
            sum.add(name, &model.readings(&whole)[2]);
        }
    }
    let value = sum.value();
    if value.amount().is_none() || !sum.left_out.is_empty() {
        return (true, value);
    }
    let own = quoted.figure.currency.unwrap_or(model.currency);
    let Some(total) = value.divide(&model.worth(own)).amount() else { return (true, value) };
    // Half a per cent: a quote is rounded to the digits that are printed.
    let close = |x: f64, tolerance: f64| (total - x).abs() <= tolerance * x.abs();
    let agrees = match quoted.figure.said {
        Said::Exact(x) => close(x, 0.005),
        Said::About(x) => close(x, model.about),
        Said::UpTo { most, about } => total <= most * (1.0 + if about { model.about } else { 0.005 }),
        Said::AtLeast { least, about } => total >= least * (1.0 - if about { model.about } else { 0.005 }),
        Said::Range { low, high, .. } => (low * 0.995..=high * 1.005).contains(&total),
        Said::Undisclosed => true,
    };
    (agrees, value)
}

/// The units that the money of a tranche buys, where the issuer has a value.
fn issue(
    lowering: &mut Lowering<'_>,
    terms: &Terms<'_>,
    tranche: &Tranche<'_>,
    holds_already: bool,
) -> Option<Issue> {
    let model = lowering.model;
    let now = tranche.now()?;
    let value = |record: &Record| {
        record.formula("price").or_else(|| model.party(terms.obligee()).record.formula("value")).cloned()
    };
    value(now.record)?;
    let label = HoldingLabel { name: terms.contract.name.clone(), holding: None, contract: Some(terms.id) };
    let holding = lowering.holding_of(terms.obligor(), terms.obligee(), label, holds_already)?;
    let pre_money = lowering.in_force(terms, |lowering, version| {
        let record = version.record.tables("tranches").iter().find(|(name, ..)| name == tranche.name)?;
        Some(lowering.formula(&value(&record.2)?))
    })?;
    Some(Issue { holding, pre_money, in_kind: None })
}

#[cfg(test)]
mod tests {
    use crate::testing::{check, refuses};

    const ROUND: &str = "[contracts.round]\ntype = \"equity\"\ninvestor = \"a\"\nissuer = \"b\"\n";

    #[test]
    fn a_dated_tranche_is_due_on_its_date_in_every_reading() {
        let text = format!("{ROUND}tranches.first = {{ amount = \"$5M\", on = 2026-03-15 }}");
        for reading in ["firm", "expected", "headline"] {
            check(&text, reading, "2026-03  a -> b  $5.0M  equity");
        }
    }

    #[test]
    fn what_is_superseded_counts_nowhere_whatever_its_tranches_say() {
        let text = format!(
            "{ROUND}tranches.all = {{ amount = \"$9M\", on = 2026-03-15, standing = \"announced\" }}\n\
             [contracts.new]\ntype = \"equity\"\ninvestor = \"a\"\nissuer = \"b\"\nsupersedes = \"round\"\n\
             tranches.first = {{ amount = \"$5M\", on = 2026-03-15 }}"
        );
        check(&text, "headline", "2026-03  a -> b  $5.0M  equity");
    }

    #[test]
    fn an_unmet_condition_draws_nothing_firm_and_its_cap_in_the_headline_at_its_lapse() {
        let text = format!(
            "{ROUND}tranches.later = {{ amount = \"up to $20M\", when = \"level >= $2M\", \
             before = 2026-06-30 }}"
        );
        check(&text, "firm", "");
        check(&text, "expected", "");
        check(&text, "headline", "2026-06  a -> b  $20.0M  equity");
    }

    #[test]
    fn a_condition_that_holds_on_the_central_path_dates_its_tranche() {
        // level starts at $1M and grows 100% a year: $1.5M is passed in the eighth month (2^(8/12) = 1.587).
        let text =
            format!("{ROUND}tranches.later = {{ amount = \"up to $20M\", when = \"level >= $1.5M\" }}");
        check(&text, "firm", "");
        check(&text, "headline", "2026-08  a -> b  $20.0M  equity");
        check(&text, "expected", "2026-08  a -> b  $20.0M  equity");
    }

    #[test]
    fn a_stated_chance_weighs_its_tranche_in_the_expected_reading() {
        let text = format!(
            "{ROUND}tranches.later = {{ amount = \"$10M\", when = \"likely\", before = 2026-02-28 }}"
        );
        // 75% by month 2 is a monthly hazard of a half: 50% in January, 25% in February.
        check(&text, "expected", "2026-01  a -> b  $5.0M  equity\n2026-02  a -> b  $2.5M  equity");
    }

    #[test]
    fn a_span_spreads_evenly() {
        let text = format!("{ROUND}tranches.t = {{ amount = \"$9M\", on = \"2026-01 to 2026-03\" }}");
        check(
            &text,
            "firm",
            "2026-01  a -> b  $3.0M  equity\n2026-02  a -> b  $3.0M  equity\n2026-03  a -> b  $3.0M  equity",
        );
    }

    #[test]
    fn a_quoted_total_is_checked_against_the_tranches() {
        let tranches = "tranches.a = { amount = \"$8M\", on = \"2026-03\" }\n\
                        tranches.b = { amount = \"up to $20M\", when = \"likely\" }";
        check(
            &format!("{ROUND}{tranches}\nquoted_total = \"roughly $29M\""),
            "firm",
            "2026-03  a -> b  $8.0M  equity",
        );
        refuses(&format!("{ROUND}{tranches}\nquoted_total = \"roughly $33M\""), "W0702");
    }

    #[test]
    fn what_does_not_fit_together_is_refused() {
        refuses(
            &format!("{ROUND}tranches.t = {{ amount = \"$9M\", paid = 2025, when = \"likely\" }}"),
            "E0707",
        );
        refuses(&format!("{ROUND}tranches.t = {{ amount = \"$9M\", on = 2027, before = 2028 }}"), "E0707");
        refuses(&format!("{ROUND}tranches.t = {{ amount = \"5 GW\", on = 2027 }}"), "E0302");
    }
}
