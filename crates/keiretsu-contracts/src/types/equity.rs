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
//! in $bn, as of 2026-04-21
//!
//! payer  payee  reading   paid  binding  conditional  announced  total
//! ────────────────────────────────────────────────────────────────────
//! Cloud  Lab    firm       8.0      5.0          -            -   13.0
//! Cloud  Lab    expected   8.0      5.0        ~20.0          -  ~33.0
//! Cloud  Lab    headline   8.0      5.0        ≤20.0          -  ≤33.0
//!
//! Capital, purchases and building; service credits are listed by contract only.
//!
//!
//! Commitments by contract
//! in $bn, as of 2026-04-21
//!
//! contract          payer  payee  for     standing          due               firm  expected  headline
//! ────────────────────────────────────────────────────────────────────────────────────────────────────
//! round.earlier     Cloud  Lab    equity  paid              2023 to 2024       8.0       8.0       8.0
//! round.at-signing  Cloud  Lab    equity  binding, due,     2026               5.0       5.0       5.0
//!                                           payment
//!                                           unconfirmed
//! round.later       Cloud  Lab    equity  conditional       when its           -       ~20.0     ≤20.0
//!                                                             condition
//!                                                             holds
//! ```
//!
//! `paid` means that a source says money moved. A date without `paid` is binding; once it has passed, it is
//! shown as due with payment unconfirmed. A tranche with `when` is worth nothing in the firm reading, its cap
//! in the headline reading, and in the expected reading its chance times what is taken: `expect` in the
//! amount says how much that is, otherwise all of it. The condition is latched: once met it stays met, and it
//! can be met only until `before`. In accounting terms an unpaid binding tranche is a loan-commitment-like
//! off-balance obligation of the investor (compare ASC 440-10-50 for unconditional purchase obligations).
//!
//! Units are issued at `price`, the value of the issuer before the money, by default the issuer's `value`;
//! other stakes are diluted. Where the investor already holds a part that nobody states, the whole stake
//! stays unknown rather than counting only the new units.
//!
//! `quoted_total` keeps the sum that a source quotes: the tranches are checked against it, it is never
//! counted.
//!
//! Invariant: a tranche is paid at most once, and never after it lapsed.
//! Absent: preferences and anti-dilution (a matter of the cap table, not of the flow).

use keiretsu_model::figure::Said;
use keiretsu_model::record::{Record, Stated};
use keiretsu_model::side::{HoldingLabel, Quote};
use keiretsu_model::{Contract, ContractSpec, Diagnostic, Model, Standing, Term, TermKind, When};
use keiretsu_program::{Distribution, Issue, Op, Slot, Tag};
use keiretsu_values::{Dimension, Total, Value};

use crate::ContractType;
use crate::commitments::{Promise, years_of};
use crate::lowering::{Lowering, Terms, plain_slot, sampled};

/// See the module.
pub struct Equity;

static TRANCHE: &[Term] = &[
    Term::new("amount", TermKind::Figure(&[Dimension::MONEY]), "how much").required(),
    Term::new("paid", TermKind::Period, "when a source says it was paid"),
    Term::new("on", TermKind::Period, "when it is due; a span is spread evenly over its months"),
    Term::new("when", TermKind::Condition, "the condition that makes it due"),
    Term::new("before", TermKind::Date, "the last day on which the condition can be met"),
    Term::new("met", TermKind::Date, "when a source says that the condition was met"),
    Term::new(
        "price",
        TermKind::Formula(&[Dimension::MONEY, Dimension::MONEY_RATE]),
        "value of the issuer before the money; default its `value`",
    ),
    Term::new(
        "standing",
        TermKind::Choice(&["paid", "binding", "conditional", "announced", "lapsed", "terminated"]),
        "where it stands; derived where the terms say it",
    ),
    Term::new("text", TermKind::Text, "what it is, in words"),
    Term::new("source", TermKind::Sources, "the documents it rests on"),
    Term::new("quote", TermKind::Text, "the words of the source"),
    Term::new("page", TermKind::Text, "where in the source"),
    Term::new("because", TermKind::Text, "why we assume it"),
    Term::new("assumed", TermKind::Texts, "terms that are ours and not the source's"),
];

static SPEC: ContractSpec = ContractSpec {
    keyword: "equity",
    obligor: "investor",
    obligee: Some("issuer"),
    terms: &[
        Term::new("tranches", TermKind::Tables(TRANCHE), "its instalments by name").required(),
        Term::new(
            "quoted_total",
            TermKind::Figure(&[Dimension::MONEY]),
            "the sum of all tranches as a source quotes it; checked, never counted",
        ),
    ],
    rank: 3,
    summary: "capital for units, in tranches: paid, dated or conditional",
};

impl ContractType for Equity {
    fn spec(&self) -> &'static ContractSpec {
        &SPEC
    }

    fn check(&self, model: &Model, contract: &Contract, found: &mut Vec<Diagnostic>) {
        if let Some(quoted) = contract.record().figure("quoted_total")
            && !agreement(model, contract.record(), quoted).0
        {
            let message = format!("the tranches of `{}` do not sum to the quoted total", contract.name);
            found.push(
                Diagnostic::new("W0702", quoted.span, message)
                    .label(format!("the source says {}", quoted.figure.words))
                    .hint("look for a tranche that is missing, counted twice, or quoted at another cap"),
            );
        }
        for (name, span, tranche) in contract.record().tables("tranches") {
            let full = format!("{}.{name}", contract.name);
            let dated = ["paid", "on", "when", "met", "standing"].iter().any(|term| tranche.has(term));
            if !dated && contract.standing.is_none() {
                found.push(
                    Diagnostic::new(
                        "E0707",
                        *span,
                        format!("nothing says where the tranche `{full}` stands"),
                    )
                    .hint("give `paid`, `on`, `when`, or a `standing` such as \"announced\""),
                );
            }
            if tranche.has("paid") && tranche.has("when") {
                let message = format!("`{full}` is both paid and conditional");
                found.push(
                    Diagnostic::new("E0707", tranche.span_of("when"), message)
                        .also(tranche.span_of("paid"), "paid here")
                        .hint("what was paid has no open condition; split the tranche if a part is open"),
                );
            }
            if tranche.has("before") && !tranche.has("when") {
                let message = format!("`before` of `{full}` ends a condition that is not there");
                let hint = "add `when`, or write the due date as `on`";
                found.push(Diagnostic::new("E0707", tranche.span_of("before"), message).hint(hint));
            }
        }
    }

    fn lower(&self, lowering: &mut Lowering<'_>, terms: &Terms<'_>) {
        if let (Some(quoted), true) = (terms.record.figure("quoted_total"), terms.current) {
            let (agrees, sum) = agreement(lowering.model, terms.record, quoted);
            let words = quoted.figure.words.clone();
            lowering.side.quotes.push(Quote { contract: terms.id, words, sum, agrees });
        }
        let holds_already = terms.record.tables("tranches").iter().any(|(_, _, tranche)| tranche.has("paid"));
        for (name, _, tranche) in terms.record.tables("tranches") {
            let part = Part { name, record: tranche, holds_already };
            part.lower(lowering, terms);
        }
    }
}

/// Whether the headline sum of the tranches is what a source quotes, and that sum.
fn agreement(model: &Model, record: &Record, quoted: &Stated) -> (bool, Value) {
    let mut sum = Total::default();
    for (name, _, tranche) in record.tables("tranches") {
        if let Some(amount) = tranche.figure("amount") {
            sum.add(name, &amount.headline());
        }
    }
    let value = sum.value();
    let Some(total) = value.amount().filter(|_| sum.left_out.is_empty()) else { return (true, value) };
    // Half a per cent: a quote is rounded to the digits that are printed.
    let close = |x: f64, tolerance: f64| (total - x).abs() <= tolerance * x.abs();
    let agrees = match quoted.figure.said {
        Said::Exact(x) => close(x, 0.005),
        Said::About(x) => close(x, model.about),
        Said::UpTo(x) => total <= x * 1.005,
        Said::AtLeast(x) => total >= x * 0.995,
        Said::Range { low, high, .. } => (low * 0.995..=high * 1.005).contains(&total),
        Said::Undisclosed => true,
    };
    (agrees, value)
}

/// One tranche on its way to the program.
struct Part<'a> {
    name: &'a str,
    record: &'a Record,
    /// Whether the investor had put money in before.
    holds_already: bool,
}

impl Part<'_> {
    fn lower(&self, lowering: &mut Lowering<'_>, terms: &Terms<'_>) {
        let Some(amount) = self.record.figure("amount") else { return };
        let (standing, unconfirmed) = self.standing(lowering, terms);
        let when = self.date(standing);
        let calendar = lowering.calendar;
        let past = when.filter(|when| calendar.is_past(when));
        lowering.promise(
            terms,
            Promise {
                tranche: Some(self.name),
                to: terms.obligee(),
                tag: Tag::Equity,
                standing,
                amounts: lowering.readings(amount, standing),
                years: when.map_or(vec![], |when| years_of(&when)),
                past: if past.is_some() { 1.0 } else { 0.0 },
                unconfirmed,
                span: amount.span,
            },
        );
        if matches!(standing, Standing::Lapsed | Standing::Terminated) {
            return;
        }
        if let Some(when) = past {
            let firm = lowering.readings(amount, standing)[0].amount().unwrap_or(f64::NAN);
            lowering.past(terms, Some(self.name), &when, firm, Tag::Equity);
            return;
        }
        let (Some(share), slot) =
            (self.share(lowering, terms, standing, when), self.slot(lowering, standing))
        else {
            return;
        };
        let basis = self.record.entry("amount").map(|entry| entry.basis.clone()).unwrap_or_default();
        let path = terms.path(&format!("tranches.{}.amount", self.name));
        let amount = lowering.figure_as(path, amount, &basis, slot);
        let due = lowering.program.mul(amount, share);
        let flow = lowering.flow(terms, Some(self.name), due, terms.obligee(), Tag::Equity);
        lowering.dated_by(terms, flow);
        lowering.program.flow_mut(flow).issue = self.issue(lowering, terms);
    }

    /// Where it stands, and whether it fell due without confirmation.
    fn standing(&self, lowering: &Lowering<'_>, terms: &Terms<'_>) -> (Standing, bool) {
        let stated = self.record.text("standing").and_then(Standing::parse);
        let past = |when: When| lowering.calendar.is_past(&when);
        let derived = match (self.record.when("paid"), self.record.when("on"), self.record.when("before")) {
            // Seen from an earlier day, what was paid since is still owed.
            (Some(paid), ..) => {
                if past(paid) {
                    Standing::Paid
                } else {
                    Standing::Binding
                }
            }
            _ if self.record.has("met") => Standing::Binding,
            (_, _, Some(before)) if self.record.has("when") && past(before) => Standing::Lapsed,
            _ if self.record.has("when") => Standing::Conditional,
            (_, Some(_), _) => Standing::Binding,
            _ => Standing::Announced,
        };
        let standing = terms.standing_of(stated, derived);
        let due = self.date(standing).is_some_and(past);
        (standing, standing == Standing::Binding && due)
    }

    /// When it is due, if the terms say so without a condition.
    fn date(&self, standing: Standing) -> Option<When> {
        let met = self.record.when("met");
        let dated = self.record.when("paid").or_else(|| self.record.when("on")).or(met);
        dated.filter(|_| standing != Standing::Conditional)
    }

    /// The share of the amount that is due in each month.
    fn share(
        &self,
        lowering: &mut Lowering<'_>,
        terms: &Terms<'_>,
        standing: Standing,
        when: Option<When>,
    ) -> Option<keiretsu_program::Reg> {
        let calendar = lowering.calendar;
        let window = terms.window;
        if let Some(when) = when {
            let (first, last) = (calendar.from(&when).max(1), calendar.due(&when));
            let single = if when.single { last } else { first };
            let share = 1.0 / (last - single + 1).max(1) as f64;
            return Some(lowering.program.curve_of(|t| {
                let t = i64::from(t);
                let due = single <= t && t <= last && window.first <= t && t <= window.last;
                if due { share } else { 0.0 }
            }));
        }
        if standing != Standing::Conditional {
            return None;
        }
        let condition = lowering.formula(self.record.formula("when")?);
        let lapse = match self.record.when("before") {
            // A lapse beyond the run never comes.
            Some(before) if calendar.due(&before) <= i64::from(calendar.months) => {
                calendar.due(&before) as u32
            }
            _ => u32::MAX,
        };
        let latch = lowering.program.op(Op::Latch { when: condition, lapse });
        let rise = lowering.program.op(Op::Rise(latch));
        let holds = lowering.active(window);
        Some(lowering.program.mul(rise, holds))
    }

    /// The three readings and the draw of the amount, as its standing has it.
    fn slot(&self, lowering: &Lowering<'_>, standing: Standing) -> Slot {
        let Some(stated) = self.record.figure("amount") else { return Slot::constant(f64::NAN) };
        let number = |value: &Value| value.amount().unwrap_or(f64::NAN);
        let plain = plain_slot(stated, lowering.model.about);
        match standing {
            Standing::Conditional => {
                let taken = number(&Lowering::taken(stated));
                let sampled = match stated.expect {
                    Some(_) => sampled(stated, lowering.model.about),
                    None => Distribution::Point(taken),
                };
                Slot { firm: 0.0, expected: taken, headline: plain.headline, sampled }
            }
            Standing::Announced => {
                let expected = stated.expect.map_or(f64::NAN, |expect| number(&expect.expected()));
                let sampled = match stated.expect {
                    Some(_) => sampled(stated, lowering.model.about),
                    None => Distribution::Point(f64::NAN),
                };
                Slot { firm: 0.0, expected, headline: plain.headline, sampled }
            }
            _ => plain,
        }
    }

    /// The units that the money buys, where the issuer has a value.
    fn issue(&self, lowering: &mut Lowering<'_>, terms: &Terms<'_>) -> Option<Issue> {
        let model = lowering.model;
        let price = self.record.formula("price");
        let value = price.or_else(|| model.party(terms.obligee()).record.formula("value"))?;
        let label =
            HoldingLabel { name: terms.contract.name.clone(), holding: None, contract: Some(terms.id) };
        let holding = lowering.holding_of(terms.obligor(), terms.obligee(), label, self.holds_already)?;
        let pre_money = lowering.formula(value);
        Some(Issue { holding, pre_money })
    }
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
        refuses(&format!("{ROUND}tranches.t = {{ amount = \"$9M\" }}"), "E0707");
        refuses(
            &format!("{ROUND}tranches.t = {{ amount = \"$9M\", paid = 2025, when = \"likely\" }}"),
            "E0707",
        );
        refuses(&format!("{ROUND}tranches.t = {{ amount = \"$9M\", on = 2027, before = 2028 }}"), "E0707");
        refuses(&format!("{ROUND}tranches.t = {{ amount = \"5 GW\", on = 2027 }}"), "E0302");
        refuses(ROUND, "E0202");
    }
}
