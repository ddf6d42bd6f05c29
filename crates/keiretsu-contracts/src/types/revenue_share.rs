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
//! as of 2025-12-31
//!
//! The most that comes in in one period, net: Cloud in 2026, $2.4B (headline).
//! Its cash cannot be told.
//!
//! party  reading   time  service  capex  equity  other    net  cash at end
//! ────────────────────────────────────────────────────────────────────────
//! Cloud  headline  2026       $0     $0      $0  $2.4B  $2.4B      unknown
//! Cloud  headline  2027       $0     $0      $0  $600M  $600M      unknown
//!
//! Received is positive, paid negative. Other: raised, fees, interest, shares of revenue.
//! Revenue and costs that the text does not state are in no number: net and cash are without them.
//! Factors follow their central paths in all readings.
//!
//! left out:
//!   Cloud (cash at end): cash at as-of is not stated
//! ```
//!
//! The amount depends on the base, so the commitment has no amount of its own but its cap. What was paid
//! before as-of towards the cap is `paid_so_far`, else what base and rate of as-of make of the months since
//! the start, which is listed as an assumption. Amended terms hold from their month, and the cap counts over
//! all versions. `ends_when` is latched: once it holds, nothing more is owed.
//!
//! A `rate` or `base` of which the text says nothing is undisclosed, and leaves what is shared unknown, up
//! to the cap. Without an end it runs to the horizon, which is listed as an assumption.
//!
//! Invariant: payments never exceed the cap.
//! Absent: minimum payments (write them as a supply contract).

use keiretsu_model::{Contract, ContractSpec, Diagnostic, Model, Range, Standing, Term, TermKind};
use keiretsu_program::{Distribution, Feed, Op, Reg, Tag};
use keiretsu_values::{Dimension, Reading, Value};

use crate::calendar::{TermMonths, last_of};
use crate::commitments::{Promise, nothing, worded};
use crate::lowering::{ContractType, Lowering};
use crate::side::Due;
use crate::slots::{steady, undecided};
use crate::terms::{Terms, versions};
use crate::then::entered_then;

pub struct RevenueShare;

static SPEC: ContractSpec = ContractSpec {
    keyword: "revenue_share",
    obligor: Term::role("payer", "who pays the share"),
    obligee: Some(Term::role("payee", "who receives the share")),
    terms: &[
        Term::new("rate", TermKind::Figure(&[Dimension::NUMBER]), "the share that is paid")
            .within(Range::Share)
            .undisclosed(),
        Term::new("base", TermKind::Formula(&[Dimension::MONEY_RATE]), "of what: revenue, gross profit")
            .undisclosed(),
        Term::new("cap", TermKind::Figure(&[Dimension::MONEY]), "the most that is ever paid").adding().kept(),
        Term::new(
            "paid_so_far",
            TermKind::Figure(&[Dimension::MONEY]),
            "what was paid towards the cap by as-of",
        ),
        Term::new("from", TermKind::Date, "when it starts").undisclosed(),
        Term::new("until", TermKind::Date, "when it ends").undisclosed_unless(&["ends_when"]),
        Term::new("ends_when", TermKind::Condition, "the condition that ends it"),
    ],
    rank: 2,
    leaves_claim: false,
    summary: "a share of revenue or profit, with a cap and an end",
};

impl ContractType for RevenueShare {
    fn spec(&self) -> &'static ContractSpec {
        &SPEC
    }

    fn check(&self, _: &Model, _: &Contract, _: &mut Vec<Diagnostic>) {}

    fn lower(&self, lowering: &mut Lowering<'_>, terms: &Terms<'_>) {
        // The cap counts over all versions, so they are lowered as one.
        if !terms.current {
            return;
        }
        let standing = terms.standing(Standing::Binding);
        let versions = versions(terms.id, terms.contract, &lowering.calendar);
        promise(lowering, terms, &versions, standing);
        if is_over(standing) {
            return;
        }
        lowering.assume_start(terms);
        lowering.assume_end(terms, &["until", "ends_when"]);
        let Some(share) = earned(lowering, &versions, standing) else { return };
        let owed = capped(lowering, terms, &versions, share);
        lowering.flow(terms, None, owed, terms.obligee(), Tag::RevenueShare);
    }

    fn fell_due(&self, lowering: &mut Lowering<'_>, versions: &[Terms<'_>], since: i64) -> Option<Reg> {
        shared_before(lowering, versions, since)
    }
}

/// The commitment: what fell due by as-of, and what numbers and dates say of what is to come. What else is
/// shared is not known in advance, but no more than the cap leaves.
fn promise(lowering: &mut Lowering<'_>, terms: &Terms<'_>, versions: &[Terms<'_>], standing: Standing) {
    let mut shared = shared(lowering, terms, versions, standing);
    shared.dues = lowering.posted_dues(shared.dues);
    let binds = matches!(standing, Standing::Paid | Standing::Binding);
    if binds {
        let pair = [terms.obligor(), terms.obligee()];
        lowering.past_dues(terms, None, pair, &shared.dues, Tag::RevenueShare);
        if shared.dues.iter().any(|due| due.past) {
            let name = &terms.contract.name;
            lowering.assume(format!("{name}: shared before as-of with base and rate as their terms say"));
        }
    }
    paid_so_far(lowering, terms, standing);
    let undated = if shared.open { what_is_left(shared.room, binds) } else { nothing() };
    let undated = lowering.posted_on(&undated, lowering.model.as_of);
    let promise = Promise {
        tranche: None,
        to: terms.obligee(),
        tag: Tag::RevenueShare,
        standing,
        dues: shared.dues,
        undated,
        span: terms.record.span_of("rate"),
    };
    lowering.promise(terms, promise);
}

/// Notes what the text says was paid by as-of, on days that are not stated.
fn paid_so_far(lowering: &mut Lowering<'_>, terms: &Terms<'_>, standing: Standing) {
    let Some(stated) = terms.record.figure("paid_so_far").filter(|_| !is_over(standing)) else { return };
    let on = lowering.model.as_of;
    let amounts = lowering.entered_readings(stated, Standing::Paid);
    let paid = Promise {
        tranche: None,
        to: terms.obligee(),
        tag: Tag::RevenueShare,
        standing: Standing::Paid,
        dues: vec![Due { on, past: true, amounts: lowering.posted_on(&amounts, on) }],
        undated: nothing(),
        span: stated.span,
    };
    lowering.promise(terms, paid);
}

fn is_over(standing: Standing) -> bool {
    matches!(standing, Standing::Lapsed | Standing::Terminated)
}

/// What nobody can say of a share, in the three readings: no more than a cap leaves, and nothing in the firm
/// one of what does not bind.
fn what_is_left(room: Option<Value>, binds: bool) -> [Value; 3] {
    let shared = Value::undisclosed("a share of what is earned");
    let within = room.as_ref().map_or(shared.clone(), |room| shared.min(room));
    let most = room.and_then(|room| room.amount()).map_or(within.clone(), Value::at_most);
    [if binds { within.clone() } else { Value::exact(0.0) }, within, most]
}

/// What is shared when, in the books.
struct Shared {
    dues: Vec<Due>,
    /// Whether more is shared than is dated.
    open: bool,
    /// What the cap leaves of what is not dated, if there is one.
    room: Option<Value>,
}

/// What is shared month by month, as far as base and rate are known, up to the cap.
fn shared(lowering: &Lowering<'_>, terms: &Terms<'_>, versions: &[Terms<'_>], standing: Standing) -> Shared {
    let calendar = lowering.calendar;
    let stated = terms.record.figure("paid_so_far");
    let mut so_far = stated.map_or_else(nothing, |stated| lowering.entered_readings(stated, Standing::Paid));
    let mut all = Shared { dues: vec![], open: false, room: None };
    for version in versions {
        let cap = cap(lowering, version);
        let held = months(lowering, version);
        let ends = version.record.has("until") && !version.record.has("ends_when");
        for t in held.first..=held.last {
            if t <= 0 && stated.is_some() {
                continue;
            }
            let known = if t <= 0 || ends { month_of(lowering, version, standing, t) } else { None };
            let Some(mut amounts) = known else {
                all.open = true;
                break;
            };
            if let Some(cap) = &cap {
                amounts = Reading::ALL.map(|reading| amounts[reading].min(&left_of(cap, &so_far[reading])));
            }
            so_far = Reading::ALL.map(|reading| so_far[reading].plus(&amounts[reading]));
            let on = last_of(calendar.month(t));
            if amounts.iter().any(|amount| !amount.is_zero()) {
                all.dues.push(Due { on, past: on <= calendar.as_of, amounts });
            }
        }
    }
    all.room = cap(lowering, terms).map(|cap| left_of(&cap, &so_far[2]));
    all
}

/// What something leaves of a cap.
fn left_of(cap: &Value, so_far: &Value) -> Value {
    let left = cap.minus(so_far);
    if left.amount().is_some() { left.max(&Value::exact(0.0)) } else { cap.clone() }
}

/// What is shared in a month, where base and rate say so.
fn month_of(lowering: &Lowering<'_>, version: &Terms<'_>, standing: Standing, t: i64) -> Option<[Value; 3]> {
    let base = entered_then(version.record.formula("base")?, lowering, t)?;
    let rates = worded(version.record.figure("rate")?, standing);
    Some(rates.map(|rate| base.scaled(&rate).times(1.0 / 12.0).max(&Value::exact(0.0))))
}

/// The cap, in the books: a term that holds in every reading.
fn cap(lowering: &Lowering<'_>, terms: &Terms<'_>) -> Option<Value> {
    let stated = terms.record.figure("cap")?;
    let rate = lowering.exchange(stated.figure.currency, lowering.model.as_of);
    Some(stated.part_of(stated.limit()).scaled(&rate))
}

/// The months in which a version shares: from its start to its end, as long as we look where none is given.
fn months(lowering: &Lowering<'_>, version: &Terms<'_>) -> TermMonths {
    let calendar = lowering.calendar;
    let record = version.record;
    let term = match (record.when("from"), record.when("until")) {
        (Some(from), Some(until)) => calendar.term(&from, &until),
        (from, until) => TermMonths {
            first: from.map_or(1, |from| calendar.from(&from)),
            last: until.map_or(i64::from(calendar.months), |until| calendar.due(&until)),
        },
    };
    TermMonths { first: term.first.max(version.window.first), last: term.last.min(version.window.last) }
}

/// What a version shares in a month, whether or not it holds.
fn a_month(lowering: &mut Lowering<'_>, version: &Terms<'_>) -> Option<Reg> {
    let base = lowering.formula_term(version, "base")?;
    let rate = lowering.term(version, "rate")?;
    let yearly = lowering.program.mul(base, rate);
    Some(lowering.monthly(yearly))
}

/// The share of a month before any cap.
fn earned(lowering: &mut Lowering<'_>, versions: &[Terms<'_>], standing: Standing) -> Option<Reg> {
    let mut sum: Option<Reg> = None;
    for version in versions {
        let monthly = a_month(lowering, version)?;
        let held = lowering.active(months(lowering, version));
        let mut share = lowering.program.mul(monthly, held);
        if let Some(condition) = version.record.formula("ends_when") {
            let ended = lowering.has_held(condition, u32::MAX);
            let open = lowering.program.op(Op::Not(ended));
            share = lowering.program.mul(share, open);
        }
        sum = Some(sum.map_or(share, |sum| lowering.program.add(sum, share)));
    }
    let share = sum?;
    if !matches!(standing, Standing::Announced | Standing::Conditional) {
        return Some(share);
    }
    let counts = lowering.program.slot(undecided(Distribution::Point(1.0)));
    let counts = lowering.program.read(counts);
    Some(lowering.program.mul(share, counts))
}

/// What was shared from a month up to as-of: the base and the rate as they stand at as-of.
fn shared_before(lowering: &mut Lowering<'_>, versions: &[Terms<'_>], since: i64) -> Option<Reg> {
    let mut sum: Option<Reg> = None;
    for version in versions {
        let held = months(lowering, version);
        let past: Vec<i64> = (held.first.max(since)..=held.last.min(0)).collect();
        if past.is_empty() {
            continue;
        }
        let month = |lowering: &mut Lowering<'_>| a_month(lowering, version);
        let part = lowering.sum_before(&past, version.record, &["base"], month)?;
        sum = Some(sum.map_or(part, |sum| lowering.program.add(sum, part)));
    }
    sum
}

/// The share of a month, as far as the cap leaves room. A cap is a term, not an amount that may or may not be
/// taken: it holds in every reading.
fn capped(lowering: &mut Lowering<'_>, terms: &Terms<'_>, versions: &[Terms<'_>], share: Reg) -> Reg {
    let Some(cap) = lowering.limit_in_force(terms, "cap") else { return share };
    let paid = lowering.program.account(0.0);
    let so_far = lowering.program.op(Op::Account(paid));
    let mut room = lowering.program.sub(cap, so_far);
    if let Some(before) = used_before(lowering, terms, versions, cap) {
        room = lowering.program.sub(room, before);
    }
    let room = lowering.positive(room);
    let owed = lowering.program.min(share, room);
    lowering.program.feed(paid, Feed::Value(owed));
    owed
}

/// What of the cap was used before as-of.
fn used_before(
    lowering: &mut Lowering<'_>,
    terms: &Terms<'_>,
    versions: &[Terms<'_>],
    cap: Reg,
) -> Option<Reg> {
    if let Some(stated) = terms.record.figure("paid_so_far") {
        let basis = terms.record.entry("paid_so_far").map(|entry| entry.basis.clone()).unwrap_or_default();
        return Some(lowering.figure_as(
            terms.path("paid_so_far"),
            stated,
            &basis,
            steady(&stated.expected()),
        ));
    }
    let shared = shared_before(lowering, versions, i64::MIN / 2)?;
    let name = &terms.contract.name;
    lowering.assume(format!("{name}: paid towards the cap before as-of with base and rate as of then"));
    let cap = lowering.at_start(cap);
    Some(lowering.program.min(shared, cap))
}

#[cfg(test)]
mod tests;
