//! A guarantee: what a party does not pay on another contract, the guarantor pays.
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! title    = "A guaranteed lease"
//! as_of    = 2025-12-31
//! horizon  = "2 years"
//!
//! [parties]
//! search = { name = "Search", cash = "$50B" }
//! miner  = { name = "Miner" }
//!
//! [parties.tenant]
//! name    = "Tenant"
//! cash    = "$150M"
//! funding = { keep = "1 month of burn", raise = "1 month of burn", else = "default" }
//!
//! [contracts.lease]
//! type    = "supply"
//! buyer   = "tenant"
//! seller  = "miner"
//! from    = "2026-01"
//! until   = "2027-12"
//! minimum = "$50M/month"
//! because = "an example"
//!
//! [contracts.backing]
//! type        = "guarantee"
//! guarantor   = "search"
//! beneficiary = "miner"
//! covers      = "lease"
//! from        = "2026-01"
//! limit       = "up to $800M"
//! cushion     = "$20M"
//! fee         = "$12M/yr"
//! because     = "an example"
//! ```
//!
//! ```console
//! $ keiretsu measure model cash --party search --by year --reading expected
//! Cash received and paid
//! as of 2025-12-31
//!
//! Lowest cash: Search, $49.2B at the end of 2027 (expected).
//! The most that goes out in one period, net: Search in 2026, -$418M (expected).
//!
//! party   reading   time  service  capex  equity   other     net  cash at end
//! ───────────────────────────────────────────────────────────────────────────
//! Search  expected  2026       $0     $0      $0  -$418M  -$418M       $49.6B
//! Search  expected  2027       $0     $0      $0  -$358M  -$358M       $49.2B
//!
//! Received is positive, paid negative. Other: raised, fees, interest, shares of revenue.
//! Revenue and costs that the text does not state are in no number: net and cash are without them.
//! Other holds what guarantors pay, too.
//! Factors follow their central paths in all readings.
//! ```
//!
//! ```console
//! $ keiretsu measure model commitments --reading expected
//! Commitments between parties
//! as of 2025-12-31
//!
//! Tenant has committed $1.2B to Miner (expected), the only pair.
//!
//! payer   payee  reading   paid  binding  conditional  announced  total
//! ─────────────────────────────────────────────────────────────────────
//! Tenant  Miner  expected    $0    $1.2B           $0         $0  $1.2B
//!
//! Capital, purchases and building; service credits are listed by contract only.
//! So are guarantees and backstops, which may never be called.
//!
//! Commitments by contract
//! as of 2025-12-31
//!
//! contract  payer   payee  for        standing     due                        firm  expected  headline
//! ────────────────────────────────────────────────────────────────────────────────────────────────────
//! lease     Tenant  Miner  service    binding      2026 to 2027              $1.2B     $1.2B     $1.2B
//! backing   Search  Miner  guarantee  conditional  when its condition holds     $0     $800M    ≤$800M
//!
//! assumptions:
//!   lease.from = 2026-01
//!   lease.until = 2027-12
//!   lease.minimum = $50M/month
//!   backing.from = 2026-01
//!   backing.limit = up to $800M
//!   backing.cushion = $20M
//!   backing.fee = $12M/yr
//! ```
//!
//! The tenant pays for three months and fails in the fourth. The miner bears the first $20M; the guarantor
//! pays the rest as it would have fallen due, until $800M are drawn.
//!
//! `covers` names contracts under which somebody owes the beneficiary. What is missing on them each month is
//! called: `share` of it (all, unless stated), after the `cushion` that the beneficiary loses first, until
//! the `limit` is drawn; both count over the whole life. The guarantee runs from `from` to `until`, and where
//! `when` says so only once that condition has held (by `before`, if there is one). A call is due in the same
//! month, with the rank of the guarantee. After a default of the payer the calls go on as what bound it would
//! have fallen due: minimums and not use above them, rents of the term and not of renewals, less what the
//! beneficiary sells to others, interest and principal of a loan. That is what its claim on the estate stands
//! for; all of the claim is called at once only where the text says `accelerated = true`. What the claim
//! brings comes before further calls, and who has paid takes its place there (`docs/MONTH.md`, "Covers").
//! What an estate pays on a loan keeps its worth at the loan's own rate, so it covers later dues that bear
//! that rate: of a claim at the present value of what was to come, paid in full, nothing is called.
//!
//! `fee` is owed while the guarantee is in force, by the beneficiary unless `fee_payer` says who. With
//! `step_in` a guarantor whose promise is in force at the payer's default takes the contract over for its
//! rest: it owes what falls due, in full and beside the limit, what it gets for it brings `step_in_value`
//! of that from others, and it stands in the beneficiary's place against the estate.
//!
//! Without `covers` a guarantee stands alone, up to its `limit`: it is in `obligations`, and in `exposure`
//! to its `debtor`, by whose failure it would be called; where no `debtor` is named, `exposure` says so. It
//! calls nothing unless it says `when`, such as "defaulted(lab)"; then all of it is due once that has held.
//! One of a value says what is `guaranteed` and what it is of is worth (`value`): what that is less is due
//! `on` a day, or once `when` has held, up to the `limit`, which is a cap on the payment and not on the
//! value; no failure calls it, so that it is no exposure. A limit of which the text says nothing is
//! undisclosed. `before` alone is the lapse of a condition that is undisclosed.
//!
//! What may be called is contingent (ASC 460, IFRS 9 B2.5): it stands in the tables by contract, and in no
//! total of purchases. The firm reading counts nothing of it before somebody fails; a limit is a term, so it
//! holds in every reading, whatever its words.
//!
//! Invariant: no more than the limit is ever drawn, and no more than what is missing, so that the beneficiary
//! never gains by a failure.
//! Absent: calls for contracts whose parties leave each other no claim; counter-guarantees (a guarantee of a
//! guarantee); guarantees of collection.

mod alone;
mod checks;
mod exposure;
mod limits;

use keiretsu_model::record::Record;
use keiretsu_model::{Contract, ContractSpec, Diagnostic, Model, Range, Sharing, Standing, Term, TermKind};
use keiretsu_program::{Distribution, PartyId, Reg, Tag};
use keiretsu_values::{Dimension, Value};

use self::limits::{cap, cushion};
use crate::calendar::TermMonths;
use crate::commitments::Promise;
use crate::covers::PromisePart;
use crate::lowering::{ContractType, Lowering};
use crate::slots::undecided;
use crate::terms::Terms;

pub struct Guarantee;

static SPEC: ContractSpec = ContractSpec {
    keyword: "guarantee",
    obligor: Term::role("guarantor", "who pays what another does not"),
    obligee: Some(Term::role("beneficiary", "who is paid")),
    terms: &[
        Term::new(
            "covers",
            TermKind::Contracts,
            "the contracts whose payments to the beneficiary are covered; without, it stands alone",
        ),
        Term::new(
            "debtor",
            TermKind::Party,
            "without `covers`: the party whose payments to the beneficiary are guaranteed",
        ),
        Term::new("from", TermKind::Date, "when it starts"),
        Term::new("until", TermKind::Date, "when it ends"),
        Term::new("when", TermKind::Condition, "it starts once this has held").undisclosed_with(&["before"]),
        Term::new("before", TermKind::Date, "the last month in which `when` can be met"),
        Term::new(
            "share",
            TermKind::Figure(&[Dimension::NUMBER]),
            "the share of what is missing; default all",
        )
        .within(Range::Share),
        Term::new("limit", TermKind::Figure(&[Dimension::MONEY]), "the most that is paid in all")
            .adding()
            .kept()
            .undisclosed_unless(&["covers", "guaranteed"]),
        Term::new(
            "guaranteed",
            TermKind::Figure(&[Dimension::MONEY]),
            "without `covers`: what something is worth at least; what it is worth less is paid, up to the \
             limit",
        )
        .adding(),
        Term::new("value", TermKind::Formula(&[Dimension::MONEY]), "what it is worth; unknown without"),
        Term::new("on", TermKind::Date, "the day on which what it is worth less is due"),
        Term::new(
            "cushion",
            TermKind::Figure(&[Dimension::MONEY]),
            "what the beneficiary loses first in all",
        )
        .shared(Sharing::Owed)
        .kept(),
        Term::new("fee", TermKind::Formula(&[Dimension::MONEY_RATE]), "what it costs while in force")
            .undisclosed_with(&["fee_payer"]),
        Term::new("fee_payer", TermKind::Party, "who pays the fee; default the beneficiary"),
        Term::new("accelerated", TermKind::Flag, "whether all that a default leaves is called at once"),
        Term::new(
            "step_in",
            TermKind::Flag,
            "whether the guarantor takes the contract over when its payer defaults",
        ),
        Term::new(
            "step_in_value",
            TermKind::Figure(&[Dimension::NUMBER]),
            "what a contract that is taken over brings from others, as a share of what it costs",
        )
        .within(Range::Share),
    ],
    rank: 2,
    leaves_claim: true,
    summary: "pays what another does not: limit, cushion, fee, step-in",
};

impl ContractType for Guarantee {
    fn spec(&self) -> &'static ContractSpec {
        &SPEC
    }

    fn check(&self, model: &Model, contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
        checks::covered(model, contract, diagnostics);
        checks::debtor(model, contract, diagnostics);
        let record = contract.record();
        if let Some(payer) = record.party("fee_payer")
            && Some(payer) == contract.obligor
        {
            let message = format!("the guarantor of `{}` pays the fee to itself", contract.name);
            diagnostics.push(
                Diagnostic::new("E0704", record.span_of("fee_payer"), message)
                    .also(record.span_of("guarantor"), "the guarantor")
                    .hint("name who pays for the guarantee"),
            );
        }
        checks::idle_terms(contract, diagnostics);
    }

    fn expose(&self, lowering: &mut Lowering<'_>, versions: &[Terms<'_>]) {
        if versions.last().is_some_and(|terms| lowering.side.covers.contains(&terms.id)) {
            exposure::expose(lowering, versions);
        } else {
            alone::expose(lowering, versions);
        }
    }

    fn lower(&self, lowering: &mut Lowering<'_>, terms: &Terms<'_>) {
        let standing = terms.standing(Standing::Conditional);
        let ended = matches!(standing, Standing::Lapsed | Standing::Terminated);
        if stands_alone(terms.record) {
            return alone::lower(lowering, terms, standing, ended);
        }
        let call = if ended { None } else { Some(lowering.call_flow(terms)) };
        // What is expected is what the run calls.
        promise(lowering, terms, standing, [Value::exact(0.0), Value::exact(0.0)]);
        let covered = terms.record.contracts("covers").iter().map(|covered| lowering.contract_name(*covered));
        let covered = covered.collect::<Vec<_>>().join(", ");
        lowering.triggered_by(terms, &format!("a shortfall on {covered}"), None);
        if let Some(call) = call {
            lowering.dated_by(terms, call);
        }
        if ended {
            return;
        }
        let held = months(lowering, terms);
        let met = condition(lowering, terms);
        let in_force = in_force(lowering, held, standing, met);
        fee(lowering, terms, in_force);
        let share = lowering.term(terms, "share");
        let limit = cap(lowering, terms, "limit");
        let share = share.map_or(in_force, |share| lowering.program.mul(in_force, share));
        if terms.record.flag("step_in") {
            let value = lowering.term(terms, "step_in_value");
            lowering.step_into(terms, in_force, value);
        }
        if terms.record.flag("accelerated") {
            lowering.accelerate(terms);
        }
        let cushion = cushion(lowering, terms);
        lowering.promise_cover(terms, PromisePart { held, share, limit, cushion });
    }
}

/// Whether it names no contract that it covers.
fn stands_alone(record: &Record) -> bool {
    record.contracts("covers").is_empty()
}

fn promise(lowering: &mut Lowering<'_>, terms: &Terms<'_>, standing: Standing, [firm, expected]: [Value; 2]) {
    let limit = terms.record.figure("limit");
    let rate = |stated: &keiretsu_model::record::Stated| {
        lowering.model.worth(stated.figure.currency.unwrap_or(lowering.model.currency))
    };
    let guaranteed = terms.record.figure("guaranteed");
    let guaranteed = guaranteed.map(|stated| stated.part_of(stated.limit()).scaled(&rate(stated)));
    let limit = limit.map(|stated| stated.part_of(stated.headline()).scaled(&rate(stated)));
    let most = match (limit, guaranteed) {
        _ if months(lowering, terms).last < 1 => Value::exact(0.0),
        (Some(limit), Some(guaranteed)) => guaranteed.min(&limit),
        (one, other) => one.or(other).unwrap_or_else(|| Value::undisclosed("no limit is stated")),
    };
    let span = ["limit", "guaranteed", "covers"].into_iter().find(|term| terms.record.has(term));
    let span = span.map_or(terms.contract.span, |term| terms.record.span_of(term));
    lowering.promise(
        terms,
        Promise {
            tranche: None,
            to: terms.obligee(),
            tag: Tag::Guarantee,
            standing,
            dues: vec![],
            undated: [firm, expected, most],
            span,
        },
    );
}

/// The months in which a version of the contract can be called on.
fn months(lowering: &Lowering<'_>, terms: &Terms<'_>) -> TermMonths {
    let calendar = lowering.calendar;
    let first = terms.record.when("from").map_or(1, |when| calendar.from(&when));
    let last = terms.record.when("until").map_or(i64::from(calendar.months), |when| calendar.due(&when));
    TermMonths { first: first.max(terms.window.first), last: last.min(terms.window.last) }
}

/// Whether the condition on which it starts has held, if it has one.
fn condition(lowering: &mut Lowering<'_>, terms: &Terms<'_>) -> Option<Reg> {
    let condition = terms.record.formula("when")?;
    let before = terms.record.when("before");
    let lapse = before.map_or(u32::MAX, |when| lowering.calendar.due(&when).max(0) as u32);
    Some(lowering.firmly_held(terms, condition, lapse))
}

/// 1 while it is in force, else 0; a chance in the expected reading.
fn in_force(lowering: &mut Lowering<'_>, held: TermMonths, standing: Standing, met: Option<Reg>) -> Reg {
    let mut in_force = lowering.active(held);
    if let Some(met) = met {
        in_force = lowering.program.mul(in_force, met);
    }
    if standing == Standing::Announced {
        let counts = lowering.program.slot(undecided(Distribution::Point(1.0)));
        let counts = lowering.program.read(counts);
        in_force = lowering.program.mul(in_force, counts);
    }
    in_force
}

fn fee(lowering: &mut Lowering<'_>, terms: &Terms<'_>, in_force: Reg) {
    let Some(yearly) = lowering.formula_term(terms, "fee") else { return };
    let monthly = lowering.monthly(yearly);
    let due = lowering.program.mul(monthly, in_force);
    let payer = terms.record.party("fee_payer").unwrap_or(terms.obligee());
    let flow = lowering.flow(terms, Some("fee"), due, terms.obligor(), Tag::Fee);
    lowering.program.flow_mut(flow).from = PartyId(payer.0);
}

#[cfg(test)]
mod tests;
