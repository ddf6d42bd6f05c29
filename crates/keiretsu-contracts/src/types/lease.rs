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
//! as of 2025-12-31
//!
//! The most that goes out in one period, net: Tenant in 2036, -$11.6B (expected).
//! Its cash cannot be told.
//!
//! party   reading   time  service  capex  equity    other      net  cash at end
//! ─────────────────────────────────────────────────────────────────────────────
//! Tenant  expected  2026       $0     $0      $0       $0       $0      unknown
//! Tenant  expected  2027       $0     $0      $0       $0       $0      unknown
//! Tenant  expected  2028       $0     $0      $0       $0       $0      unknown
//! Tenant  expected  2029       $0     $0      $0   -$2.4B   -$2.4B      unknown
//! Tenant  expected  2030       $0     $0      $0  -$2.45B  -$2.45B      unknown
//! Tenant  expected  2031       $0     $0      $0   -$2.5B   -$2.5B      unknown
//! Tenant  expected  2032       $0     $0      $0  -$2.55B  -$2.55B      unknown
//! Tenant  expected  2033       $0     $0      $0   -$2.6B   -$2.6B      unknown
//! Tenant  expected  2034       $0     $0      $0  -$2.65B  -$2.65B      unknown
//! Tenant  expected  2035       $0     $0      $0   -$2.7B   -$2.7B      unknown
//! Tenant  expected  2036       $0     $0      $0  -$11.6B  -$11.6B      unknown
//! Tenant  expected  2037       $0     $0      $0       $0       $0      unknown
//!
//! Received is positive, paid negative. Other: raised, fees, interest, shares of revenue.
//! Revenue and costs that the text does not state are in no number: net and cash are without them.
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
//! By hand: the site is worth 28 x 0.92^(83/12) = 15.7 at the end of November 2032, so that the lease is
//! renewed in December; four years later it is worth 11.3, and the lease is left. The rent of 2036 is 2.4 x
//! 1.02^7 = 2.76, and at its end the site is worth 11.19, which is 8.81 less than guaranteed.
//!
//! In the last month of its term the lessee renews if `renewal.when` held at the end of the month before,
//! for another term and up to `options` times, at `rent_share` of the rent as it has grown with the years of
//! the lease. Nobody has to renew, so the firm reading never does, and one that has failed does not. An
//! option that nothing decides is open: its rent is unknown. Where the lease is not renewed, the lessee pays
//! in that month what the asset is worth less than `residual.guaranteed`, up to `residual.cap`, or pays it
//! on `residual.on`. "Up to" before what is guaranteed is a limit, which holds in every reading. Rent of
//! renewals and shortfall are conditional commitments, and beside each other two branches of which a total,
//! and the headline reading of a run, take the larger: all renewals and nothing short after the last, or
//! none. Were the lessee to fail, it would be claimed as the asset is worth then. Conditions can read
//! `capacity`, the power that comes with it.
//!
//! The rent of the first term is one schedule from the first month on, whatever as-of is. An amended `rent`
//! or `escalator` holds from its month (an escalator for the years of the lease that begin from then on; a
//! rent stays one of the first year), an amended total for what is still to come, and an amended `term` if
//! the lease still runs. `standing = "paid"` says that the start was paid, never the rent to come.
//!
//! What the text does not say is undisclosed. An amount per time without a `term` runs, as read, to the
//! horizon, a listed assumption, and no total of it has a bound; a total without a `term` or a time of its
//! own ("$5B over 10 years") is in totals and in no year, and so is all rent where neither `from` nor
//! `begins_when` says when it begins. Renewals and residuals may have a source of their own, and each of
//! their figures too.
//!
//! Invariant: rent never falls due before the lease has begun or after it was left.
//! A claim after default counts the rent still to fall of the term that runs, a renewed one too, and no
//! option that has not been used.
//! Absent: incentives, purchase options, subleases; whether an option was used before as-of, where no date
//! says it.

mod branches;
mod dues;
mod growth;
mod months;
mod renewal;
mod residual;
mod terms;
mod undated;

use keiretsu_model::{
    Contract, ContractSpec, Diagnostic, Model, Range, Standing, Term, TermKind, When, date,
};
use keiretsu_program::{EstateClaim, FlowId, PartyId, Reg, Tag};
use keiretsu_values::{Dimension, Value};

use self::months::Months;
use self::terms::Run;
use crate::calendar::last_of;
use crate::commitments::Promise;
use crate::in_time::Dues;
use crate::lowering::{ContractType, Lowering, Readable};
use crate::pending::ClaimFalls;
use crate::side::Capacity;
use crate::terms::Terms;

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
        .undisclosed(),
    Term::new("value", TermKind::Formula(&[Dimension::MONEY]), "what the asset is worth").undisclosed(),
    Term::new("cap", TermKind::Figure(&[Dimension::MONEY]), "the most that is paid"),
    Term::new("on", TermKind::Date, "when it is due; default the last month of the lease"),
];

static SPEC: ContractSpec = ContractSpec {
    keyword: "lease",
    obligor: Term::role("lessee", "who rents"),
    obligee: Some(Term::role("lessor", "who owns and lets")),
    terms: &[
        Term::new(
            "rent",
            TermKind::Figure(&[Dimension::MONEY_RATE, Dimension::MONEY]),
            "an amount per time, or a total over the term",
        )
        .spanning()
        .adding()
        .undisclosed()
        .kept(),
        Term::new("term", TermKind::Duration, "how long it runs").undisclosed_unless(&["over"]),
        Term::new("from", TermKind::Date, "when it begins").undisclosed_unless(&["begins_when", "before"]),
        Term::new("begins_when", TermKind::Condition, "the condition on which it begins")
            .undisclosed_with(&["before"]),
        Term::new("before", TermKind::Date, "the last day on which the condition can be met"),
        Term::new("escalator", SHARE, "how the rent grows each year").within(Range::Change),
        Term::new("renewal", TermKind::Table(RENEWAL), "the options to renew"),
        Term::new("residual", TermKind::Table(RESIDUAL), "the value guaranteed when it is left"),
        Term::new("capacity", TermKind::Figure(&[Dimension::POWER]), "the power that comes with it").adding(),
        Term::new(
            "relet",
            SHARE,
            "the share of what is left that the lessor gets from others after a default",
        )
        .within(Range::Share),
    ],
    rank: 2,
    leaves_claim: true,
    summary: "rent over a term, from when the asset is ready; renewal, residual value",
};

impl ContractType for Lease {
    fn spec(&self) -> &'static ContractSpec {
        &SPEC
    }

    fn check(&self, _: &Model, contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
        let record = contract.record();
        let mut wrong = |code, span, message: &str, hint: &str| {
            diagnostics.push(Diagnostic::new(code, span, message).hint(hint));
        };
        if record.has("from") && record.has("begins_when") {
            let term = if record.has("before") { "before" } else { "begins_when" };
            let span = record.span_of(term);
            wrong("E0707", span, "it begins on a date and on a condition", "keep one of the two");
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
        let run = Run::new(lowering, terms);
        let standing = run.standing();
        let dues = run.dues(standing);
        promise(lowering, &run, standing, dues.as_ref());
        run.note(lowering, standing);
        capacity_line(lowering, &run, standing);
        let over = matches!(standing, Standing::Lapsed | Standing::Terminated);
        let months = if over || run.is_undated() { None } else { Months::new(lowering, &run) };
        let Some(months) = months else {
            run.promise_renewal(lowering, standing, None);
            run.promise_residual(lowering, standing, None);
            if !over {
                run.lower_undated(lowering, standing);
            }
            return;
        };
        run.assume_end(lowering);
        let Some(ends) = months.renewals(lowering, standing) else { return };
        let first = match &dues {
            Some(dues) => {
                dues.past(lowering, &run.terms, None, run.terms.obligee(), Tag::Rent);
                dues.reg(lowering)
            }
            None => months.rent_of_first(lowering, standing).unwrap_or(ends.left),
        };
        let flow = lowering.flow(&run.terms, None, first, run.terms.obligee(), Tag::Rent);
        let mut due = first;
        if dues.is_none() {
            waits(lowering, &run, flow);
        }
        if let Some(more) = ends.rent {
            let flow = lowering.flow(&run.terms, Some("renewal"), more, run.terms.obligee(), Tag::Rent);
            due = lowering.program.add(first, more);
            run.promise_renewal(lowering, standing, Some(flow));
        }
        let residual = run.residual(lowering, standing, &ends);
        let Some(rent) = still_to_fall(lowering, &months, standing, dues.as_ref()) else { return };
        let rent = if run.is_endless() { lowering.left_until_unknown(rent) } else { rent };
        let rent = ends.still_to_fall.map_or(rent, |more| lowering.program.add(rent, more));
        claim(lowering, &run, [rent, due], residual);
    }

    fn fell_due(&self, lowering: &mut Lowering<'_>, versions: &[Terms<'_>], since: i64) -> Option<Reg> {
        let now = versions.iter().find(|version| version.current)?;
        let run = Run::new(lowering, now);
        let dues = run.dues(run.standing())?;
        Some(dues.fell_due(lowering, since))
    }

    fn read(&self, lowering: &mut Lowering<'_>, terms: &Terms<'_>, what: Readable) -> Option<Reg> {
        if !terms.current {
            return None;
        }
        let run = Run::new(lowering, terms);
        if let Readable::LeftUntil(last) = what {
            return run.left_until(lowering, last);
        }
        if what != Readable::Capacity {
            return None;
        }
        let power = lowering.term_in_force(&run.terms, "capacity")?;
        let runs = Months::new(lowering, &run)?.runs(lowering);
        Some(lowering.program.mul(power, runs))
    }

    fn power_then(&self, lowering: &Lowering<'_>, terms: &Terms<'_>, t: i64) -> Option<Value> {
        // Where it begins on a condition its run decides.
        let dated = terms.contract.versions.iter().all(|version| version.record.has("from"));
        if terms.current && dated { Run::new(lowering, terms).power_then(lowering, t) } else { None }
    }
}

/// The rent of the first term.
fn promise(lowering: &mut Lowering<'_>, run: &Run<'_>, standing: Standing, dues: Option<&Dues<'_>>) {
    let terms = &run.terms;
    let Some(rent) = terms.record.figure("rent") else { return };
    let (dues, undated) = if let Some(dues) = dues {
        run.until_unknown(dues.dues(lowering))
    } else {
        (vec![], run.whole(lowering.readings(rent, standing)))
    };
    let to = terms.obligee();
    let whole = Promise { tranche: None, to, tag: Tag::Rent, standing, dues, undated, span: rent.span };
    lowering.promise(terms, whole);
    if let Some(last) = lowering.side.commitments.last_mut() {
        last.over = run.is_ended().then_some(run.months as f64 / 12.0);
    }
}

/// Lets the run date the rent of a lease that waits for its beginning, up to the last month of its term.
fn waits(lowering: &mut Lowering<'_>, run: &Run<'_>, flow: FlowId) {
    let (record, calendar) = (run.terms.record, lowering.calendar);
    let words = record.entry("begins_when").map_or("", |entry| entry.text.as_str());
    let last = record.when("before").map(|before| {
        let ends = calendar.due(&before) + run.months - 1;
        When::day(last_of(calendar.month(ends)))
    });
    lowering.triggered_by(&run.terms, words, last);
    if run.versions.len() == 1 {
        lowering.ever_met(&run.terms, record, "begins_when");
    }
    lowering.dated_by(&run.terms, flow);
}

/// The rent of the first term that is still to fall after each month.
fn still_to_fall(
    lowering: &mut Lowering<'_>,
    months: &Months<'_>,
    standing: Standing,
    dues: Option<&Dues<'_>>,
) -> Option<Reg> {
    if let Some(dues) = dues {
        return Some(dues.still_to_fall(lowering));
    }
    let rent = months.yearly(lowering, standing)?;
    let left = months.left_of_first(lowering);
    Some(lowering.program.mul(rent, left))
}

/// What the lessor claims when the lessee defaults: the rent that is still to come of terms that have been
/// decided on, less what others would pay, and what the asset is then worth less than guaranteed. Nothing is
/// renewed by a lessee that has failed, so that its rent goes on falling as the claim has it.
fn claim(lowering: &mut Lowering<'_>, run: &Run<'_>, [rent, due]: [Reg; 2], residual: Option<(Reg, Reg)>) {
    let terms = &run.terms;
    let (mut amount, mut whole, mut net) = (rent, due, due);
    if let Some(relet) = lowering.term_in_force(terms, "relet") {
        let kept = lowering.not(relet);
        amount = lowering.program.mul(amount, kept);
        // As it was at the failure.
        let kept = lowering.since_failure(terms.obligor(), kept);
        net = lowering.program.mul(net, kept);
    }
    if let Some((left, falls)) = residual {
        amount = lowering.program.add(amount, left);
        [whole, net] = [whole, net].map(|rent| lowering.program.add(rent, falls));
    }
    let debtor = PartyId(lowering.model.group(terms.obligor()).0);
    let creditor = PartyId(terms.obligee().0);
    let rank = Lowering::rank_or(terms, terms.contract.spec.rank);
    let claim = lowering.claim(terms, EstateClaim { debtor, creditor, amount, rank, lapses: true });
    lowering.falls(claim, ClaimFalls { whole, net, worth: None });
}

impl Run<'_> {
    /// What of the rent falls after each month and up to a month, less what others would pay; `None` where a
    /// residual value comes to it.
    fn left_until(&self, lowering: &mut Lowering<'_>, last: i64) -> Option<Reg> {
        if self.terms.record.has("residual") {
            return None;
        }
        let rent = self.dues(self.standing())?.until(lowering, last);
        Some(match lowering.term_in_force(&self.terms, "relet") {
            Some(relet) => {
                let kept = lowering.not(relet);
                lowering.program.mul(rent, kept)
            }
            None => rent,
        })
    }
}

/// The power that comes with it, for tables of capacity.
fn capacity_line(lowering: &mut Lowering<'_>, run: &Run<'_>, standing: Standing) {
    let terms = &run.terms;
    let Some(power) = terms.record.figure("capacity") else { return };
    let calendar = lowering.calendar;
    let years = run.term().map_or(vec![], |term| {
        let [first, last] = [term.first, term.last].map(|t| calendar.month(t).year());
        (first..=last).map(|year| (year, 1.0)).collect()
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
