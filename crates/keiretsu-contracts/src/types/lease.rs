//! A lease: rent over a term from the day the asset is ready, options to renew, a guaranteed residual value.
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! title    = "A campus is let for four years, and again"
//! as_of    = 2025-12-31
//! horizon  = "12 years"
//!
//! [parties]
//! tenant = { name = "Tenant" }
//! owner  = { name = "Owner" }
//!
//! [factors.site_value]
//! start   = "$28B"
//! growth  = "-8%"
//! because = "an example"
//!
//! [contracts.campus]
//! type      = "lease"
//! lessee    = "tenant"
//! lessor    = "owner"
//! rent      = "$2.4B/yr"
//! escalator = "2%"
//! from      = 2029
//! term      = "4 years"
//! because   = "an example"
//!
//! [contracts.campus.renewal]
//! options = 4
//! term    = "4 years"
//! when    = "site_value >= $15B"
//!
//! [contracts.campus.residual]
//! guaranteed = "$20B"
//! value      = "site_value"
//! ```
//!
//! ```console
//! $ keiretsu measure model cash --party tenant --by year --reading expected
//! Cash received and paid
//! in $bn, as of 2025-12-31
//!
//! party   reading   time  revenue  costs  service  capex  equity  other    net  cash at end
//! ─────────────────────────────────────────────────────────────────────────────────────────
//! Tenant  expected  2026        -      -        -      -       -   -      -         unknown
//! Tenant  expected  2027        -      -        -      -       -   -      -         unknown
//! Tenant  expected  2028        -      -        -      -       -   -      -         unknown
//! Tenant  expected  2029        -      -        -      -       -  -2.4   -2.4       unknown
//! Tenant  expected  2030        -      -        -      -       -  -2.45  -2.45      unknown
//! Tenant  expected  2031        -      -        -      -       -  -2.5   -2.5       unknown
//! Tenant  expected  2032        -      -        -      -       -  -2.55  -2.55      unknown
//! Tenant  expected  2033        -      -        -      -       -  -2.6   -2.6       unknown
//! Tenant  expected  2034        -      -        -      -       -  -2.65  -2.65      unknown
//! Tenant  expected  2035        -      -        -      -       -  -2.7   -2.7       unknown
//! Tenant  expected  2036        -      -        -      -       -  -2.76  -2.76      unknown
//! Tenant  expected  2037        -      -        -      -       -  -8.89  -8.89      unknown
//!
//! Received is positive, paid negative. Other: raised, fees, interest, shares of revenue.
//! Factors follow their central paths in all readings.
//!
//! left out:
//!   Tenant (cash at end): cash at as-of is not stated
//! ```
//!
//! `rent` is an amount per time, or a total over the term; it grows by `escalator` each year of the lease. It
//! falls due from the month of `from`, or from the month in which `begins_when` first holds, such as
//! `capacity(build) >= 1 GW`; until then the lease has not begun, and is a commitment that the lessee's books
//! do not show (ASC 842-20-50-3b, IFRS 16.59). On a condition it counts in the firm reading only once a
//! source says that it is binding.
//!
//! At the end of its term the lessee renews if `renewal.when` holds that month, for another term and up to
//! `options` times, at `rent_share` of the rent as it has grown; nobody has to renew, so the firm reading
//! never does. Where it is not renewed, the lessee pays what the asset is worth less than
//! `residual.guaranteed`: the two branches exclude each other, and neither is a liability on day one.
//! `capacity` is the power that comes with it, which conditions can read.
//!
//! Invariant: rent never falls due before the lease has begun or after it was left.
//! Absent: incentives, purchase options, subleases; a claim after default counts the first term only.

mod months;

use keiretsu_model::record::Stated;
use keiretsu_model::side::Capacity;
use keiretsu_model::{Contract, ContractSpec, Diagnostic, Model, Standing, Term, TermKind, date};
use keiretsu_program::{Claim, Op, PartyId, Reg, Tag};
use keiretsu_values::{Dimension, Value};

use self::months::{Months, escalator, term_months, years_of_rent};
use crate::commitments::{Dated, Promise, dated_or_not};
use crate::lowering::{Lowering, Terms};
use crate::ramps::TermMonths;
use crate::{ContractType, Readable};

/// See the module.
pub struct Lease;

const SHARE: TermKind = TermKind::Figure(&[Dimension::NUMBER]);

static RENEWAL: &[Term] = &[
    Term::new("options", TermKind::Count, "how often it can be renewed; default once"),
    Term::new("term", TermKind::Duration, "for how long; default the first term"),
    Term::new("when", TermKind::Condition, "the condition on which it is renewed"),
    Term::new("rent_share", SHARE, "the share of the rent, as it has grown, that is then paid"),
];

static RESIDUAL: &[Term] = &[
    Term::new("guaranteed", TermKind::Figure(&[Dimension::MONEY]), "what the asset is worth at least")
        .required(),
    Term::new("value", TermKind::Formula(&[Dimension::MONEY]), "what the asset is worth").required(),
];

static SPEC: ContractSpec = ContractSpec {
    keyword: "lease",
    obligor: "lessee",
    obligee: Some("lessor"),
    terms: &[
        Term::new(
            "rent",
            TermKind::Figure(&[Dimension::MONEY_RATE, Dimension::MONEY]),
            "an amount per time, or a total over the term",
        )
        .required(),
        Term::new("term", TermKind::Duration, "how long it runs").required(),
        Term::new("from", TermKind::Date, "when it begins"),
        Term::new("begins_when", TermKind::Condition, "the condition on which it begins"),
        Term::new("before", TermKind::Date, "the last day on which the condition can be met"),
        Term::new("escalator", SHARE, "how the rent grows each year"),
        Term::new("renewal", TermKind::Table(RENEWAL), "the options to renew"),
        Term::new("residual", TermKind::Table(RESIDUAL), "the value guaranteed when it is left"),
        Term::new("capacity", TermKind::Figure(&[Dimension::POWER]), "the power that comes with it"),
        Term::new(
            "relet",
            SHARE,
            "the share of what is left that the lessor gets from others after a default",
        ),
    ],
    rank: 2,
    summary: "rent over a term, from when the asset is ready; renewal, residual value",
};

impl ContractType for Lease {
    fn spec(&self) -> &'static ContractSpec {
        &SPEC
    }

    fn check(&self, _: &Model, contract: &Contract, found: &mut Vec<Diagnostic>) {
        let record = contract.record();
        let mut wrong = |code, span, message: &str, hint: &str| {
            found.push(Diagnostic::new(code, span, message).hint(hint));
        };
        match (record.has("from"), record.has("begins_when")) {
            (true, true) => wrong(
                "E0707",
                record.span_of("begins_when"),
                "it begins on a date and on a condition",
                "keep one of the two",
            ),
            (false, false) if contract.standing.is_none() => wrong(
                "E0707",
                contract.span,
                "nothing says when this lease begins",
                "give `from`, `begins_when`, or a `standing` such as \"announced\"",
            ),
            _ => {}
        }
        if record.has("before") && !record.has("begins_when") {
            let span = record.span_of("before");
            wrong("E0707", span, "`before` ends a condition that is not there", "add `begins_when`");
        }
        let length = |term: Option<f64>| term.is_some_and(|years| date::whole_months(years).is_none());
        let renewal = record.table("renewal");
        if length(record.duration("term")) {
            let span = record.span_of("term");
            wrong("E0404", span, "the term is no whole number of months", "write \"15 years\"");
        }
        if let Some(renewal) = renewal.filter(|renewal| length(renewal.duration("term"))) {
            let span = renewal.span_of("term");
            wrong("E0404", span, "the term is no whole number of months", "write \"4 years\"");
        }
    }

    fn lower(&self, lowering: &mut Lowering<'_>, terms: &Terms<'_>) {
        // A lease goes on through its amendments, so all versions are lowered as one.
        if !terms.current {
            return;
        }
        let terms = Terms { record: terms.contract.record(), ..*terms };
        let standing = standing(lowering, &terms);
        promises(lowering, &terms, standing);
        capacity_line(lowering, &terms, standing);
        if matches!(standing, Standing::Lapsed | Standing::Terminated) {
            return;
        }
        let Some(months) = Months::new(lowering, &terms) else { return };
        let Some((due, left)) = months.rent(lowering, standing) else { return };
        lowering.flow(&terms, None, due, terms.obligee(), Tag::Rent);
        shortfall(lowering, &terms, left);
        claim(lowering, &months, standing);
    }

    fn read(&self, lowering: &mut Lowering<'_>, terms: &Terms<'_>, what: Readable) -> Option<Reg> {
        if what != Readable::Capacity || !terms.current {
            return None;
        }
        let terms = Terms { record: terms.contract.record(), ..*terms };
        let power = lowering.term(&terms, "capacity")?;
        let runs = Months::new(lowering, &terms)?.runs(lowering);
        Some(lowering.program.mul(power, runs))
    }
}

/// Where it stands: with a date it is binding, on a condition conditional, after its term over.
fn standing(lowering: &Lowering<'_>, terms: &Terms<'_>) -> Standing {
    let (record, calendar) = (terms.record, lowering.calendar);
    let past = |term: &str| record.when(term).is_some_and(|when| calendar.is_past(&when));
    let over = record.when("from").is_some_and(|from| calendar.from(&from) + term_months(terms) <= 1);
    terms.standing(match (record.has("begins_when"), record.has("from")) {
        (true, _) if past("before") => Standing::Lapsed,
        (true, _) => Standing::Conditional,
        (false, true) if over && !record.has("renewal") => Standing::Terminated,
        (false, true) => Standing::Binding,
        (false, false) => Standing::Announced,
    })
}

/// The rent of the first term, and the residual value that is guaranteed. Renewals are options, which commit
/// nobody.
fn promises(lowering: &mut Lowering<'_>, terms: &Terms<'_>, standing: Standing) {
    let Some(rent) = terms.record.figure("rent") else { return };
    let (term, growth) = (term_months(terms), escalator(terms));
    let years = if rent.figure.dimension == Dimension::MONEY { 1.0 } else { years_of_rent(growth, term) };
    let amounts = lowering.readings(rent, standing).map(|value| value.times(years));
    let dated = dated(lowering, terms, term, growth);
    let (dues, undated) = dated_or_not(dated.as_ref(), &lowering.calendar, amounts);
    let to = terms.obligee();
    let whole = Promise { tranche: None, to, tag: Tag::Rent, standing, dues, undated, span: rent.span };
    lowering.promise(terms, whole);
    if let Some(last) = lowering.side.commitments.last_mut().filter(|_| terms.current) {
        last.over = Some(term as f64 / 12.0);
    }
    if let Some(guaranteed) = terms.record.table("residual").and_then(|table| table.figure("guaranteed")) {
        residual_promise(lowering, terms, standing, guaranteed);
    }
}

fn residual_promise(lowering: &mut Lowering<'_>, terms: &Terms<'_>, standing: Standing, most: &Stated) {
    let [_, _, headline] = lowering.readings(most, Standing::Conditional);
    let conditional = match standing {
        Standing::Binding | Standing::Paid => Standing::Conditional,
        other => other,
    };
    let depends = Value::unknown("what the asset is worth decides, if it is not renewed");
    lowering.promise(
        terms,
        Promise {
            tranche: Some("residual"),
            to: terms.obligee(),
            tag: Tag::Rent,
            standing: conditional,
            dues: vec![],
            undated: [Value::exact(0.0), depends, headline],
            span: most.span,
        },
    );
}

/// When the shares of the rent fall due, where the start is known.
fn dated(lowering: &Lowering<'_>, terms: &Terms<'_>, term: i64, growth: f64) -> Option<Dated> {
    let calendar = lowering.calendar;
    let first = calendar.from(&terms.record.when("from")?);
    let whole = years_of_rent(growth, term);
    let share = |t: i64| growth.powi(((t - first) / 12) as i32) / 12.0 / whole;
    Some(Dated::by_month(TermMonths { first, last: first + term - 1 }, &calendar, share))
}

/// What the lessee pays when it leaves and the asset is worth less than it guaranteed.
fn shortfall(lowering: &mut Lowering<'_>, terms: &Terms<'_>, left: Reg) {
    let Some(guaranteed) = lowering.term_of(terms, "residual", "guaranteed") else { return };
    let Some(value) = terms.record.table("residual").and_then(|table| table.formula("value")) else { return };
    let value = lowering.formula(value);
    let value = lowering.changeable(terms.path("residual.value"), value);
    let short = lowering.program.sub(guaranteed, value);
    let short = lowering.positive(short);
    let due = lowering.if_holds(left, short);
    lowering.flow(terms, Some("residual"), due, terms.obligee(), Tag::Rent);
}

/// What the lessor claims when the lessee defaults: the rent of the first term still to come, less what
/// others would pay. Where the start is known it is discounted.
fn claim(lowering: &mut Lowering<'_>, months: &Months<'_>, standing: Standing) {
    let terms = months.terms;
    let rate = lowering.model.discount.as_ref().and_then(|(stated, _)| stated.expected().amount());
    let Some(rent) = months::yearly(lowering, terms, standing, months.term) else { return };
    let left = match months.still_to_fall(lowering.calendar.months, rate.unwrap_or(0.0)) {
        Some(left) => {
            let curve = lowering.program.curve(left);
            lowering.program.op(Op::Curve(curve))
        }
        None => months.left_of_first(lowering),
    };
    let mut amount = lowering.program.mul(rent, left);
    if let Some(relet) = lowering.term(terms, "relet") {
        let kept = lowering.not(relet);
        amount = lowering.program.mul(amount, kept);
    }
    let debtor = PartyId(lowering.model.group(terms.obligor()).0);
    let creditor = PartyId(terms.obligee().0);
    let rank = Lowering::rank_or(terms, terms.contract.spec.rank);
    lowering.claim(terms, Claim { debtor, creditor, amount, rank, lapses: true });
}

/// The power that comes with it, for tables of capacity.
fn capacity_line(lowering: &mut Lowering<'_>, terms: &Terms<'_>, standing: Standing) {
    let Some(power) = terms.record.figure("capacity") else { return };
    let calendar = lowering.calendar;
    let years = terms.record.when("from").map_or(vec![], |from| {
        let first = calendar.from(&from);
        let last = calendar.month(first + term_months(terms) - 1).year();
        (calendar.month(first).year()..=last).map(|year| (year, 1.0)).collect()
    });
    lowering.side.capacities.push(Capacity {
        contract: terms.id,
        seller: terms.obligee(),
        buyer: terms.obligor(),
        power: lowering.readings(power, standing),
        of: None,
        years,
        build_cost: None,
        redeployable: None,
    });
}

#[cfg(test)]
mod tests;
