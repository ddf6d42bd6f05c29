//! A share of a named base, such as revenue, paid month by month until a cap, a date or a condition.
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! title    = "A lab shares its revenue"
//! as_of    = 2025-12-31
//! horizon  = "2 years"
//!
//! [parties]
//! lab   = { name = "Lab" }
//! cloud = { name = "Cloud" }
//!
//! [factors.lab_revenue]
//! start   = "$12B/yr"
//! because = "an example"
//!
//! [contracts.lab-share]
//! type    = "revenue_share"
//! payer   = "lab"
//! payee   = "cloud"
//! rate    = "20%"
//! base    = "lab_revenue"
//! cap     = "up to $3B"
//! from    = "2026-01"
//! because = "an example"
//! ```
//!
//! ```console
//! $ keiretsu measure model cash --party cloud --by year --reading headline
//! Cash received and paid
//! in $bn, as of 2025-12-31
//!
//! party  reading   time  revenue  costs  service  capex  equity  other  net  cash at end
//! ──────────────────────────────────────────────────────────────────────────────────────
//! Cloud  headline  2026        -      -        -      -       -    2.4  2.4      unknown
//! Cloud  headline  2027        -      -        -      -       -    0.6  0.6      unknown
//!
//! Received is positive, paid negative. Other: raised, fees, interest, shares of revenue.
//! Factors follow their central paths in all readings.
//!
//! left out:
//!   Cloud (cash at end): cash at as-of is not stated
//! ```
//!
//! The amount depends on the base, so the commitment has no amount of its own but its cap. What was paid
//! before as-of towards the cap is `paid_so_far`. `ends_when` is latched: once it holds, nothing more is
//! owed.
//!
//! Invariant: payments never exceed the cap.
//! Absent: minimum payments (write them as a supply contract).

use keiretsu_model::{Contract, ContractSpec, Diagnostic, Model, Standing, Term, TermKind};
use keiretsu_program::{Feed, Op, Reg, Slot, Tag};
use keiretsu_values::{Dimension, Value};

use crate::ContractType;
use crate::commitments::Promise;
use crate::lowering::{Lowering, Terms};
use crate::ramps::TermMonths;

/// See the module.
pub struct RevenueShare;

static SPEC: ContractSpec = ContractSpec {
    keyword: "revenue_share",
    obligor: "payer",
    obligee: Some("payee"),
    terms: &[
        Term::new("rate", TermKind::Figure(&[Dimension::NUMBER]), "the share that is paid").required(),
        Term::new("base", TermKind::Formula(&[Dimension::MONEY_RATE]), "of what: revenue, gross profit")
            .required(),
        Term::new("cap", TermKind::Figure(&[Dimension::MONEY]), "the most that is ever paid"),
        Term::new(
            "paid_so_far",
            TermKind::Figure(&[Dimension::MONEY]),
            "what was paid towards the cap by as-of",
        ),
        Term::new("from", TermKind::Date, "when it starts"),
        Term::new("until", TermKind::Date, "when it ends"),
        Term::new("ends_when", TermKind::Condition, "the condition that ends it"),
    ],
    rank: 2,
    summary: "a share of revenue or profit, with a cap and an end",
};

impl ContractType for RevenueShare {
    fn spec(&self) -> &'static ContractSpec {
        &SPEC
    }

    fn check(&self, _: &Model, contract: &Contract, found: &mut Vec<Diagnostic>) {
        let record = contract.record();
        if let Some(rate) = record.figure("rate")
            && rate.headline().amount().is_some_and(|rate| !(0.0..=1.0).contains(&rate))
        {
            let message = format!("the rate of `{}` is no share", contract.name);
            found.push(Diagnostic::new("E0307", rate.span, message).hint("a rate is between 0% and 100%"));
        }
    }

    fn lower(&self, lowering: &mut Lowering<'_>, terms: &Terms<'_>) {
        let standing = terms.standing(Standing::Binding);
        let cap = terms.record.figure("cap");
        let cap = cap.map(keiretsu_model::record::Stated::headline);
        let shared = Value::undisclosed("a share of what is earned");
        let shared = cap.as_ref().map_or(shared.clone(), |cap| shared.min(cap));
        let most = cap.and_then(|cap| cap.amount()).map_or(shared.clone(), Value::at_most);
        // Nothing is left to share of one that ended before as-of.
        let over = terms.record.when("until").is_some_and(|until| lowering.calendar.due(&until) < 1);
        let amounts = if over { [0.0; 3].map(Value::exact) } else { [shared.clone(), shared, most] };
        lowering.promise(
            terms,
            Promise {
                tranche: None,
                to: terms.obligee(),
                tag: Tag::RevenueShare,
                standing,
                dues: vec![],
                undated: amounts,
                span: terms.record.span_of("rate"),
            },
        );
        if matches!(standing, Standing::Lapsed | Standing::Terminated) {
            return;
        }
        let Some(share) = earned(lowering, terms, standing) else { return };
        let owed = capped(lowering, terms, share);
        lowering.flow(terms, None, owed, terms.obligee(), Tag::RevenueShare);
    }
}

/// The share of a month before any cap.
fn earned(lowering: &mut Lowering<'_>, terms: &Terms<'_>, standing: Standing) -> Option<Reg> {
    let calendar = lowering.calendar;
    let record = terms.record;
    let base = lowering.formula_term(terms, "base")?;
    let rate = lowering.term(terms, "rate")?;
    let yearly = lowering.program.mul(base, rate);
    let monthly = lowering.monthly(yearly);
    let first = record.when("from").map_or(1, |when| calendar.from(&when)).max(terms.window.first);
    let last = record.when("until").map_or(i64::from(calendar.months), |when| calendar.due(&when));
    let held = lowering.active(TermMonths { first, last: last.min(terms.window.last) });
    let mut share = lowering.program.mul(monthly, held);
    if let Some(condition) = record.formula("ends_when") {
        let ended = lowering.has_held(condition, u32::MAX);
        let open = lowering.program.op(Op::Not(ended));
        share = lowering.program.mul(share, open);
    }
    if matches!(standing, Standing::Announced | Standing::Conditional) {
        let counts = Slot { firm: 0.0, expected: f64::NAN, ..Slot::constant(1.0) };
        let counts = lowering.program.slot(counts);
        let counts = lowering.program.read(counts);
        share = lowering.program.mul(share, counts);
    }
    Some(share)
}

/// The share of a month, as far as the cap leaves room.
fn capped(lowering: &mut Lowering<'_>, terms: &Terms<'_>, share: Reg) -> Reg {
    // A cap is a term, not an amount that may or may not be taken: it holds in every reading.
    let Some(cap) = terms.record.figure("cap").and_then(|cap| cap.headline().amount()) else { return share };
    let before = match terms.record.figure("paid_so_far") {
        Some(paid) => paid.expected().amount().unwrap_or(f64::NAN),
        None => 0.0,
    };
    let paid = lowering.program.account(0.0);
    let so_far = lowering.program.op(Op::Account(paid));
    let cap = lowering.program.number(cap - before);
    let room = lowering.program.sub(cap, so_far);
    let zero = lowering.program.number(0.0);
    let room = lowering.program.max(room, zero);
    let owed = lowering.program.min(share, room);
    lowering.program.feed(paid, Feed::Value(owed));
    owed
}

#[cfg(test)]
mod tests {
    use crate::testing::{check, refuses};

    const SHARE: &str = "[contracts.c]\ntype = \"revenue_share\"\npayer = \"a\"\npayee = \"b\"\n\
                         from = \"2026-01\"\n";

    #[test]
    fn a_cap_is_never_passed() {
        let text = format!("{SHARE}rate = \"10%\"\nbase = \"$120M/yr\"\ncap = \"$2.5M\"");
        check(
            &text,
            "expected",
            "2026-01  a -> b  $1.0M  revenue share\n2026-02  a -> b  $1.0M  revenue share\n\
             2026-03  a -> b  $0.5M  revenue share",
        );
        check(&format!("{text}\npaid_so_far = \"$2M\""), "expected", "2026-01  a -> b  $0.5M  revenue share");
    }

    #[test]
    fn an_undisclosed_past_leaves_the_room_under_the_cap_unknown() {
        let text = format!("{SHARE}rate = \"10%\"\nbase = \"$120M/yr\"\ncap = \"$2.5M\"");
        check(&format!("{text}\npaid_so_far = \"undisclosed\""), "expected", "");
    }

    #[test]
    fn a_condition_ends_it_for_good() {
        // level doubles in a year from $1M; $1.1M is passed in the second month.
        let text = format!("{SHARE}rate = \"10%\"\nbase = \"$120M/yr\"\nends_when = \"level >= $1.1M\"");
        check(&text, "expected", "2026-01  a -> b  $1.0M  revenue share");
    }

    #[test]
    fn a_rate_is_a_share() {
        refuses(&format!("{SHARE}rate = \"110%\"\nbase = \"$1M/yr\""), "E0307");
        refuses(&format!("{SHARE}rate = \"10%\"\nbase = \"$1M\""), "E0502");
    }
}
