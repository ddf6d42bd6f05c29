//! A building programme: an amount spent over time on suppliers, some of them perhaps outside the web.
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! title    = "A cloud builds"
//! as_of    = 2025-12-31
//! horizon  = "2 years"
//!
//! [parties]
//! cloud = { name = "Cloud" }
//! chips = { name = "Chip maker" }
//!
//! [contracts.build]
//! type      = "capex"
//! spender   = "cloud"
//! amount    = "about $24B"
//! from      = "2026-01"
//! until     = "2026-12"
//! suppliers = { chips = "60%" }
//! because   = "an example"
//! ```
//!
//! ```console
//! $ keiretsu measure model commitments
//! error[E0206]: `chips` is a word of the formula language
//!  --> model/keiretsu.toml:9:1
//!   |
//! 9 | chips = { name = "Chip maker" }
//!   | ^^^^^
//!   |
//!   = help: call the party something else
//!
//! error: the model cannot be run: 1 error, 0 warnings
//! ? 1
//! ```
//!
//! What the shares of `suppliers` leave goes to outside. `for` says what is built: the spender's own use, or
//! capacity sold to others. A plan that nobody has signed is `standing = "announced"`: it is in no firm
//! total.
//!
//! Invariant: the suppliers' shares and what goes outside sum to the amount.
//! Absent: depreciation and residual value.

use keiretsu_model::record::{Ramp, Stated};
use keiretsu_model::{Contract, ContractSpec, Diagnostic, Model, PartyRef, Standing, Term, TermKind, date};
use keiretsu_program::{Slot, Tag};
use keiretsu_values::{Dimension, Value};

use crate::ContractType;
use crate::calendar::Calendar;
use crate::commitments::{Dated, Promise, dated_or_not};
use crate::lowering::{Lowering, Terms, plain_slot};
use crate::ramps::{Spread, TermMonths};

/// See the module.
pub struct Capex;

static SPEC: ContractSpec = ContractSpec {
    keyword: "capex",
    obligor: "spender",
    obligee: None,
    terms: &[
        Term::new(
            "amount",
            TermKind::Figure(&[Dimension::MONEY, Dimension::MONEY_RATE]),
            "how much: a total, or an amount per time",
        )
        .required(),
        Term::new("from", TermKind::Date, "when it starts"),
        Term::new("until", TermKind::Date, "when it ends"),
        Term::new("ramp", TermKind::Ramp, "how a total spreads over its time; default evenly"),
        Term::new(
            "suppliers",
            TermKind::Shares,
            "shares of the parties that are paid; the rest goes outside",
        ),
        Term::new("for", TermKind::Choice(&["own use", "customers"]), "for whom it is built"),
    ],
    rank: 2,
    summary: "a building programme, split over suppliers",
};

impl ContractType for Capex {
    fn spec(&self) -> &'static ContractSpec {
        &SPEC
    }

    fn check(&self, _: &Model, contract: &Contract, found: &mut Vec<Diagnostic>) {
        let record = contract.record();
        if let (Some(from), Some(until)) = (record.when("from"), record.when("until"))
            && until.last < from.first
        {
            let span = record.span_of("until");
            found.push(
                Diagnostic::new("E0402", span, "it ends before it starts")
                    .also(record.span_of("from"), "the start")
                    .hint("give a later `until`"),
            );
        }
        let Some(amount) = record.figure("amount") else { return };
        let total = amount.figure.dimension == Dimension::MONEY;
        if !total && record.has("ramp") {
            found.push(
                Diagnostic::new(
                    "E0708",
                    record.span_of("ramp"),
                    "a ramp spreads a total, and this amount is per time",
                )
                .also(amount.span, "per time")
                .hint("write the amount as a total, or drop the ramp"),
            );
        }
        let dated = record.has("from") || amount.figure.over.is_some();
        if !dated && contract.standing.is_none() {
            let message = format!("nothing says when `{}` is spent", contract.name);
            found.push(
                Diagnostic::new("E0707", amount.span, message)
                    .hint("give `from` and `until`, or a `standing` such as \"announced\""),
            );
        }
    }

    fn lower(&self, lowering: &mut Lowering<'_>, terms: &Terms<'_>) {
        let Some(amount) = terms.record.figure("amount") else { return };
        let standing = terms.standing(Standing::Binding);
        let term = months(lowering, terms, amount);
        for (to, share) in suppliers(terms) {
            promise(lowering, terms, amount, standing, term, to, &share);
            let (Some(term), false) = (term, matches!(standing, Standing::Lapsed | Standing::Terminated))
            else {
                continue;
            };
            flow(lowering, terms, amount, standing, term, to, &share);
        }
    }
}

/// The months of the programme, if it is dated.
fn months(lowering: &Lowering<'_>, terms: &Terms<'_>, amount: &Stated) -> Option<TermMonths> {
    let calendar = lowering.calendar;
    let record = terms.record;
    let over = amount.figure.over.and_then(date::whole_months);
    let first = match record.when("from") {
        Some(from) => calendar.from(&from),
        None if over.is_some() => 1,
        None => return None,
    };
    let last = match (record.when("until"), over) {
        (Some(until), _) => calendar.due(&until),
        (None, Some(months)) => first + i64::from(months) - 1,
        // A start without an end is a year of its own where it is a total, else as long as we look.
        (None, None) if amount.figure.dimension == Dimension::MONEY => first + 11,
        (None, None) => i64::from(calendar.months),
    };
    Some(TermMonths { first, last: last.max(first) })
}

/// Who is paid which share; what nobody is named for goes outside.
fn suppliers(terms: &Terms<'_>) -> Vec<(PartyRef, Value)> {
    let mut list: Vec<(PartyRef, Value)> =
        terms.record.shares("suppliers").iter().map(|(party, share)| (*party, share.expected())).collect();
    let known: f64 = list.iter().filter_map(|(_, share)| share.amount()).sum();
    let rest = 1.0 - known;
    if list.iter().any(|(party, _)| *party == PartyRef::OUTSIDE) {
        return list;
    }
    if list.iter().any(|(_, share)| share.amount().is_none()) {
        list.push((PartyRef::OUTSIDE, Value::unknown("the share of a supplier is undisclosed")));
    } else if rest > 1e-9 {
        // Shares written in per cent sum to one but for rounding.
        list.push((PartyRef::OUTSIDE, Value::exact(rest)));
    }
    list
}

fn total(amount: &Stated, term: Option<TermMonths>) -> f64 {
    match (amount.figure.dimension == Dimension::MONEY, term) {
        (false, Some(term)) => term.count() as f64 / 12.0,
        _ => 1.0,
    }
}

fn spread(terms: &Terms<'_>, term: TermMonths, calendar: &Calendar) -> Spread {
    Spread::new(terms.record.ramp("ramp").cloned().unwrap_or(Ramp::Flat), term, calendar)
}

fn promise(
    lowering: &mut Lowering<'_>,
    terms: &Terms<'_>,
    amount: &Stated,
    standing: Standing,
    term: Option<TermMonths>,
    to: PartyRef,
    share: &Value,
) {
    let calendar = lowering.calendar;
    let whole = total(amount, term);
    let amounts = lowering.readings(amount, standing).map(|value| value.times(whole).scaled(share));
    let dated = term.map(|term| {
        let spread = spread(terms, term, &calendar);
        Dated::by_month(term, &calendar, |t| spread.cumulative(t) - spread.cumulative(t - 1))
    });
    let (dues, undated) = dated_or_not(dated.as_ref(), &calendar, amounts);
    lowering.promise(
        terms,
        Promise { tranche: None, to, tag: Tag::Capex, standing, dues, undated, span: amount.span },
    );
}

fn flow(
    lowering: &mut Lowering<'_>,
    terms: &Terms<'_>,
    amount: &Stated,
    standing: Standing,
    term: TermMonths,
    to: PartyRef,
    share: &Value,
) {
    let calendar = lowering.calendar;
    let basis = terms.record.entry("amount").map(|entry| entry.basis.clone()).unwrap_or_default();
    let mut slot = plain_slot(amount, lowering.model.about);
    if matches!(standing, Standing::Announced | Standing::Conditional) {
        let [firm, expected, headline] =
            lowering.readings(amount, standing).map(|value| value.amount().unwrap_or(f64::NAN));
        slot = Slot { firm, expected, headline, ..slot };
    }
    let whole = lowering.figure_as(terms.path("amount"), amount, &basis, slot);
    let spread = spread(terms, term, &calendar);
    let years = total(amount, Some(term));
    let window = terms.window;
    let curve = lowering.program.curve_of(|t| {
        let t = i64::from(t);
        let holds = window.first <= t && t <= window.last;
        if holds { (spread.cumulative(t) - spread.cumulative(t - 1)) * years } else { 0.0 }
    });
    let due = lowering.program.mul(whole, curve);
    let share = lowering.program.number(share.amount().unwrap_or(f64::NAN));
    let due = lowering.program.mul(due, share);
    lowering.flow(terms, None, due, to, Tag::Capex);
}

#[cfg(test)]
mod tests {
    use crate::testing::{check, refuses};

    const BUILD: &str = "[contracts.c]\ntype = \"capex\"\nspender = \"a\"\n";

    #[test]
    fn shares_are_paid_and_the_rest_goes_outside() {
        let text = format!(
            "{BUILD}amount = \"$20M\"\nfrom = \"2026-01\"\nuntil = \"2026-02\"\nsuppliers = {{ b = \"60%\" }}"
        );
        check(
            &text,
            "firm",
            "2026-01  a -> b  $6.0M  capex\n2026-01  a -> outside  $4.0M  capex\n\
             2026-02  a -> b  $6.0M  capex\n2026-02  a -> outside  $4.0M  capex",
        );
    }

    #[test]
    fn what_an_undisclosed_share_leaves_is_not_known_either() {
        let text = format!(
            "{BUILD}amount = \"$2M\"\nfrom = \"2026-01\"\nuntil = \"2026-01\"\n\
             suppliers = {{ b = \"undisclosed\" }}"
        );
        check(&text, "headline", "");
    }

    #[test]
    fn a_rate_runs_for_its_time() {
        let text = format!("{BUILD}amount = \"$12M/yr\"\nfrom = \"2026-01\"\nuntil = \"2026-02\"");
        check(&text, "firm", "2026-01  a -> outside  $1.0M  capex\n2026-02  a -> outside  $1.0M  capex");
    }

    #[test]
    fn an_announced_plan_is_not_firm() {
        let text = format!(
            "{BUILD}amount = \"$2M\"\nfrom = \"2026-01\"\nuntil = \"2026-01\"\nstanding = \"announced\""
        );
        check(&text, "firm", "");
        check(&text, "headline", "2026-01  a -> outside  $2.0M  capex");
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        refuses(&format!("{BUILD}amount = \"$2M\""), "E0707");
        refuses(&format!("{BUILD}amount = \"$2M/yr\"\nfrom = 2026\nramp = \"flat\""), "E0708");
        refuses(&format!("{BUILD}amount = \"$2M\"\nfrom = 2027\nuntil = 2026"), "E0402");
        refuses(
            &format!(
                "{BUILD}amount = \"$2M\"\nfrom = 2026\nsuppliers = {{ b = \"70%\", outside = \"40%\" }}"
            ),
            "E0703",
        );
    }
}
