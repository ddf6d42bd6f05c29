//! A backstop: the buyer takes the capacity that the seller cannot sell to others, up to a cap.
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! title    = "A vendor takes what stays unsold"
//! as_of    = 2025-12-31
//! horizon  = "2 years"
//!
//! [parties]
//! vendor = { name = "Vendor" }
//! cloud  = { name = "Cloud" }
//!
//! [factors.demand]
//! start   = "2 GW"
//! growth  = "-50%"
//! because = "an example"
//!
//! [contracts.unsold]
//! type    = "backstop"
//! buyer   = "vendor"
//! seller  = "cloud"
//! offered = "2 GW"
//! sold    = "demand"
//! price   = "$6B/GW/yr"
//! cap     = "up to $7B"
//! from    = "2026-01"
//! until   = "2027-12"
//! because = "an example"
//! ```
//!
//! ```console
//! $ keiretsu measure model cash --party cloud --by year --reading expected
//! Cash received and paid
//! as of 2025-12-31
//!
//! The most that comes in in one period, net: Cloud in 2026, $3.59B (expected).
//! Its cash cannot be told.
//!
//! party  reading   time  service  capex  equity  other     net  cash at end
//! ─────────────────────────────────────────────────────────────────────────
//! Cloud  expected  2026   $3.59B     $0      $0     $0  $3.59B      unknown
//! Cloud  expected  2027   $3.41B     $0      $0     $0  $3.41B      unknown
//!
//! Received is positive, paid negative. Other: raised, fees, interest, shares of revenue.
//! Revenue and costs that the text does not state are in no number: net and cash are without them.
//! Factors follow their central paths in all readings.
//!
//! left out:
//!   Cloud (cash at end): cash at as-of is not stated
//! ```
//!
//! What is unsold in a month is what is `offered` less what is `sold`, not below zero; `price` times that,
//! up to `power` of it and until `cap` has been billed in all, is owed. `of` names supply contracts through
//! which the seller sells: then `offered` is their capacity unless it is stated, and `sold` is the capacity
//! of those whose buyers have not defaulted, so that a default of a customer is what the backstop is for.
//!
//! What may be bought is contingent: it stands in the tables by contract, and in no total of purchases. A cap
//! is a term and holds in every reading, whatever its words. It counts from the start of the contract over
//! all amendments: what is `left` at as-of is what the text says, else the cap less what was billed since the
//! start with what is unsold and its price as they stand at as-of, which is listed as an assumption.
//!
//! What the text does not say is undisclosed: what is unsold or its price leaves each month's bill unknown,
//! up to the cap.
//!
//! Invariant: no more than the cap is ever billed.
//! Absent: a floor under the price at which others buy (write it as the price); a choice of the seller.

mod past;

use keiretsu_model::{Contract, ContractSpec, Diagnostic, Model, Standing, Term, TermKind};
use keiretsu_program::{Distribution, Feed, FlowId, Op, PartyId, Reg, Tag};
use keiretsu_values::{Dimension, Value};

use self::past::{most, used_before};
use crate::calendar::TermMonths;
use crate::lowering::{ContractType, Lowering, Readable};
use crate::side::{Cancelling, Commitment, Purpose};
use crate::slots::undecided;
use crate::terms::{Terms, versions};

pub struct Backstop;

/// Money for a unit of power over a time: `$12B/GW/yr`.
const POWER_PRICE: Dimension = Dimension { money: 1, power: -1, time: -1, chips: 0, shares: 0, tokens: 0 };

static SPEC: ContractSpec = ContractSpec {
    keyword: "backstop",
    obligor: Term::role("buyer", "who buys"),
    obligee: Some(Term::role("seller", "who sells")),
    terms: &[
        Term::new("of", TermKind::Contracts, "the supply contracts through which the seller sells"),
        Term::new("offered", TermKind::Formula(&[Dimension::POWER]), "what the seller has to sell")
            .undisclosed_unless(&["of"]),
        Term::new("sold", TermKind::Formula(&[Dimension::POWER]), "what others take of it")
            .undisclosed_unless(&["of"]),
        Term::new("price", TermKind::Formula(&[POWER_PRICE]), "what a unit of power costs over a time")
            .undisclosed(),
        Term::new("power", TermKind::Figure(&[Dimension::POWER]), "the most that is bought at a time")
            .adding(),
        Term::new("cap", TermKind::Figure(&[Dimension::MONEY]), "the most that is billed in all")
            .adding()
            .kept(),
        Term::new(
            "left",
            TermKind::Figure(&[Dimension::MONEY]),
            "what is left of the cap at as-of; default what its terms have not billed since its start",
        )
        .kept(),
        Term::new("from", TermKind::Date, "when it starts").undisclosed_unless(&["when"]),
        Term::new("until", TermKind::Date, "when it ends").undisclosed(),
        Term::new("when", TermKind::Condition, "it starts once this has held"),
    ],
    rank: 2,
    leaves_claim: false,
    summary: "buys capacity that stays unsold, up to a cap",
};

impl ContractType for Backstop {
    fn spec(&self) -> &'static ContractSpec {
        &SPEC
    }

    fn check(&self, model: &Model, contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
        let record = contract.record();
        let of = record.contracts("of");
        let seller = contract.obligee.map(|party| model.group(party));
        for named in of {
            let Some(other) = model.contract(*named) else { continue };
            let sells = other.obligee.map(|party| model.group(party)) == seller;
            if !sells || !other.record().has("capacity") {
                let message = format!("`{}` is no capacity that the seller sells", other.name);
                diagnostics.push(
                    Diagnostic::new("E0723", record.span_of("of"), message)
                        .also(other.span, "this contract")
                        .hint("name supply contracts of the seller that have a `capacity`"),
                );
            }
        }
    }

    fn lower(&self, lowering: &mut Lowering<'_>, terms: &Terms<'_>) {
        // The cap counts over all versions, so they are lowered as one.
        if !terms.current {
            return;
        }
        let standing = terms.standing(Standing::Conditional);
        let ended = matches!(standing, Standing::Lapsed | Standing::Terminated);
        let versions = versions(terms.id, terms.contract, &lowering.calendar);
        lowering.assume_start(terms);
        lowering.assume_end(terms, &["until"]);
        let flow = if ended { None } else { bill(lowering, terms, &versions, standing) };
        promise(lowering, &versions, terms, standing, flow);
    }
}

fn promise(
    lowering: &mut Lowering<'_>,
    versions: &[Terms<'_>],
    terms: &Terms<'_>,
    standing: Standing,
    flow: Option<FlowId>,
) {
    let cap = terms.record.figure("left").or_else(|| terms.record.figure("cap"));
    let most = most(lowering, versions, terms);
    lowering.side.commitments.push(Commitment {
        contract: terms.id,
        tranche: None,
        from: terms.obligor(),
        to: terms.obligee(),
        purpose: Purpose::Backstop,
        standing,
        dues: vec![],
        // What is expected is what the run bills.
        undated: [Value::exact(0.0), Value::exact(0.0), most],
        flow,
        share: [1.0; 3],
        trigger: Some("unsold capacity".to_owned()),
        lapse: None,
        ever: None,
        over: None,
        total: None,
        slice: false,
        cancelling: Cancelling::default(),
        branch: false,
        counted: None,
        alternative: None,
        option_of: None,
        span: terms.record.span_of(if cap.is_some() { "cap" } else { "price" }),
    });
}

/// What is owed each month.
fn bill(
    lowering: &mut Lowering<'_>,
    terms: &Terms<'_>,
    versions: &[Terms<'_>],
    standing: Standing,
) -> Option<FlowId> {
    let mut sum: Option<Reg> = None;
    for version in versions {
        let monthly = a_month(lowering, version)?;
        let in_force = in_force(lowering, version, standing);
        let bill = lowering.program.mul(monthly, in_force);
        sum = Some(sum.map_or(bill, |sum| lowering.program.add(sum, bill)));
    }
    let owed = capped(lowering, terms, versions, sum?);
    Some(lowering.flow(terms, None, owed, terms.obligee(), Tag::Service))
}

/// What a month costs while it is in force.
fn a_month(lowering: &mut Lowering<'_>, version: &Terms<'_>) -> Option<Reg> {
    let unsold = unsold(lowering, version)?;
    let price = lowering.formula_term(version, "price")?;
    let yearly = lowering.program.mul(unsold, price);
    Some(lowering.monthly(yearly))
}

/// Power without another buyer this month, as far as the backstop reaches.
fn unsold(lowering: &mut Lowering<'_>, terms: &Terms<'_>) -> Option<Reg> {
    let offered = match lowering.formula_term(terms, "offered") {
        Some(offered) => offered,
        None => power_of(lowering, terms, false)?,
    };
    let sold = match lowering.formula_term(terms, "sold") {
        Some(sold) => sold,
        None => power_of(lowering, terms, true)?,
    };
    let left = lowering.program.sub(offered, sold);
    let zero = lowering.program.number(0.0);
    let left = lowering.program.max(left, zero);
    let Some(stated) = terms.record.figure("power") else { return Some(left) };
    let basis = terms.record.entry("power").map(|entry| entry.basis.clone()).unwrap_or_default();
    let most = lowering.limit(terms.path("power"), stated, &basis);
    Some(lowering.program.min(left, most))
}

/// The power of the supply contracts that it is of; `standing`: of those with a buyer that has not defaulted.
fn power_of(lowering: &mut Lowering<'_>, terms: &Terms<'_>, standing: bool) -> Option<Reg> {
    let mut sum = None;
    for contract in terms.record.contracts("of") {
        let mut power = lowering.readable(*contract, Readable::Capacity);
        let model = lowering.model;
        let buyer = model.contract(*contract).and_then(|contract| contract.obligor);
        if let (true, Some(buyer)) = (standing, buyer) {
            let gone = lowering.program.op(Op::Defaulted(PartyId(model.group(buyer).0)));
            let stands = lowering.program.op(Op::Not(gone));
            power = lowering.program.mul(power, stands);
        }
        sum = Some(sum.map_or(power, |sum| lowering.program.add(sum, power)));
    }
    sum.map(|sum| lowering.own_share(terms, sum))
}

/// The months of a version.
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

/// 1 while it is in force, else 0; a chance in the expected reading.
fn in_force(lowering: &mut Lowering<'_>, version: &Terms<'_>, standing: Standing) -> Reg {
    let mut in_force = lowering.active(months(lowering, version));
    if let Some(condition) = version.record.formula("when") {
        let met = lowering.firmly_held(version, condition, u32::MAX);
        in_force = lowering.program.mul(in_force, met);
    }
    if standing == Standing::Announced {
        let counts = lowering.program.slot(undecided(Distribution::Point(1.0)));
        let counts = lowering.program.read(counts);
        in_force = lowering.program.mul(in_force, counts);
    }
    in_force
}

/// A bill, as far as the cap leaves room; the cap counts over all versions of the contract and from its
/// start.
fn capped(lowering: &mut Lowering<'_>, terms: &Terms<'_>, versions: &[Terms<'_>], bill: Reg) -> Reg {
    let Some(cap) = lowering.limit_in_force(terms, "cap") else { return bill };
    let billed = lowering.program.account(0.0);
    let so_far = lowering.program.op(Op::Account(billed));
    let mut room = lowering.program.sub(cap, so_far);
    if let Some(before) = used_before(lowering, terms, versions, cap) {
        room = lowering.program.sub(room, before);
    }
    let room = lowering.positive(room);
    let owed = lowering.program.min(bill, room);
    lowering.program.feed(billed, Feed::Value(owed));
    owed
}

#[cfg(test)]
mod tests {
    use crate::testing::{check, committed, refuses, same};

    const UNSOLD: &str = "[contracts.u]\ntype = \"backstop\"\nbuyer = \"a\"\nseller = \"b\"\n\
        from = \"2026-01\"\nprice = \"$12M/GW/yr\"\n";

    #[test]
    fn what_stays_unsold_is_bought() {
        let text = format!(
            "{UNSOLD}until = \"2026-03\"\noffered = \"3 GW\"\nsold = \"if 2026-03 then 4 GW else 1 GW\""
        );
        check(&text, "expected", "2026-01  a -> b  $2.0M  service\n2026-02  a -> b  $2.0M  service");
        check(
            &format!("{text}\npower = \"up to 1.5 GW\""),
            "firm",
            "2026-01  a -> b  $1.5M  service\n2026-02  a -> b  $1.5M  service",
        );
    }

    #[test]
    fn a_cap_ends_it_over_all_versions() {
        let text = format!("{UNSOLD}offered = \"3 GW\"\nsold = \"1 GW\"\ncap = \"up to $5M\"");
        let two = "2026-01  a -> b  $2.0M  service\n2026-02  a -> b  $2.0M  service";
        check(&text, "firm", &format!("{two}\n2026-03  a -> b  $1.0M  service"));
        let more = format!("{text}\namendments = [{{ on = 2026-02-01, set = {{ cap = \"$7M\" }} }}]");
        let three = format!("{two}\n2026-03  a -> b  $2.0M  service");
        check(&more, "firm", &format!("{three}\n2026-04  a -> b  $1.0M  service"));
    }

    #[test]
    fn what_was_billed_before_as_of_has_used_the_cap() {
        // Two months of 2 before as-of leave 1 of 5.
        let text = format!("{UNSOLD}offered = \"3 GW\"\nsold = \"1 GW\"\ncap = \"up to $5M\"")
            .replace("2026-01", "2025-11");
        check(&text, "firm", "2026-01  a -> b  $1.0M  service");
        let stated = format!("{text}\nleft = \"$3M\"");
        check(&stated, "firm", "2026-01  a -> b  $2.0M  service\n2026-02  a -> b  $1.0M  service");
    }

    #[test]
    fn a_default_of_a_customer_frees_what_it_had() {
        let text = format!(
            "{UNSOLD}until = \"2026-04\"\nof = \"s\"\n[parties.tenant]\ncash = \"$15M\"\n\
             funding = {{ keep = \"1 month of burn\", raise = \"1 month of burn\", else = \"default\" }}\n\
             [contracts.s]\ntype = \"supply\"\nbuyer = \"tenant\"\nseller = \"b\"\nfrom = \"2026-01\"\n\
             until = \"2026-12\"\nminimum = \"$10M/month\"\ncapacity = {{ power = \"2 GW\" }}"
        );
        let paid = "2026-01  tenant -> b  $10.0M  service\n2026-02  tenant -> b  $10.0M  service";
        let bought = "2026-03  a -> b  $2.0M  service\n2026-04  a -> b  $2.0M  service";
        check(&text, "expected", &format!("{paid}\n{bought}"));
    }

    #[test]
    fn it_says_what_stays_unsold() {
        let other =
            "[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\nminimum = \"$1M/month\"";
        refuses(&format!("{UNSOLD}of = \"s\"\n{other}"), "E0723");
        let text = format!("{UNSOLD}offered = \"3 GW\"\nsold = \"1 GW\"\nuntil = 2025");
        refuses(&text, "E0402");
    }

    #[test]
    fn what_was_billed_before_as_of_can_not_be_due_again() {
        // By hand: 2 GW at 1 a GW and month from September to December are 8 of 20.
        let text = format!("{UNSOLD}offered = \"3 GW\"\nsold = \"1 GW\"\ncap = \"up to $20M\"")
            .replace("2026-01", "2025-09");
        same(&committed(&text, "headline"), &[0.0, 12.0]);
        same(&committed(&format!("{text}\nleft = \"$5M\""), "headline"), &[0.0, 5.0]);
    }
}
