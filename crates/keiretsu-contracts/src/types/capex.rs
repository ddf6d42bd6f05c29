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
//! maker = { name = "Chip maker" }
//!
//! [contracts.build]
//! type      = "capex"
//! spender   = "cloud"
//! amount    = "about $24B"
//! from      = "2026-01"
//! until     = "2026-12"
//! suppliers = { maker = "60%" }
//! because   = "an example"
//! ```
//!
//! ```console
//! $ keiretsu measure model commitments
//! Commitments between parties
//! as of 2025-12-31
//!
//! Cloud has committed ~$14.4B to Chip maker (firm), the largest of 2 pairs.
//!
//! payer  payee       reading       paid  binding  conditional  announced    total
//! ───────────────────────────────────────────────────────────────────────────────
//! Cloud  Chip maker  all readings    $0  ~$14.4B           $0         $0  ~$14.4B
//! Cloud  outside     all readings    $0   ~$9.6B           $0         $0   ~$9.6B
//! total              all readings    $0    ~$24B           $0         $0    ~$24B
//!
//! Capital, purchases and building; service credits are listed by contract only.
//!
//! Commitments by contract
//! as of 2025-12-31
//!
//! contract  payer  payee       for    standing  due      firm  expected  headline
//! ───────────────────────────────────────────────────────────────────────────────
//! build     Cloud  Chip maker  capex  binding   2026  ~$14.4B   ~$14.4B   ~$14.4B
//! build     Cloud  outside     capex  binding   2026   ~$9.6B    ~$9.6B    ~$9.6B
//!
//! assumptions:
//!   build.amount = about $24B
//!   build.from = 2026-01
//!   build.until = 2026-12
//!   build.suppliers = { maker = "60%" }
//! ```
//!
//! What the shares of `suppliers` leave goes to outside. `for` says what is built: the spender's own use, or
//! capacity sold to others. A plan without a signature is `standing = "announced"`: it is in no firm
//! total.
//!
//! A total without an end is undated: nothing is spread over a time that is not stated, and the spending of
//! each month from the start on is unknown. An amount per time without an end runs, as read, to the horizon,
//! without a bound of its total, and what
//! has no start begins after as-of: both are listed as assumptions. An amended amount holds for what is still
//! to come: of 24 over two years, amended to 48 after 9 months, 9 have fallen due and 48 x 15/24 = 30 follow.
//!
//! Invariant: the suppliers' shares and what goes outside sum to the amount.
//! Absent: depreciation and residual value.

use keiretsu_model::record::Ramp;
use keiretsu_model::{Contract, ContractSpec, Diagnostic, Model, PartyRef, Standing, Term, TermKind, date};
use keiretsu_program::{Reg, Tag};
use keiretsu_values::{Dimension, Value};

use crate::calendar::TermMonths;
use crate::commitments::{Promise, nothing};
use crate::dated::Dated;
use crate::in_time::{Dues, Falls, Held, in_their_time};
use crate::lowering::{ContractType, Lowering};
use crate::ramps::Spread;
use crate::terms::{Terms, versions};
use crate::undated::until_unknown;

pub struct Capex;

static SPEC: ContractSpec = ContractSpec {
    keyword: "capex",
    obligor: Term::role("spender", "who spends"),
    obligee: None,
    terms: &[
        Term::new(
            "amount",
            TermKind::Figure(&[Dimension::MONEY, Dimension::MONEY_RATE]),
            "how much: a total, or an amount per time",
        )
        .spanning()
        .adding()
        .undisclosed(),
        Term::new("from", TermKind::Date, "when it starts").undisclosed(),
        Term::new("until", TermKind::Date, "when it ends").undisclosed_unless(&["over"]),
        Term::new("ramp", TermKind::Ramp, "how a total spreads over its time; default evenly"),
        Term::new(
            "suppliers",
            TermKind::Shares,
            "shares of the parties that are paid; the rest goes outside",
        ),
        Term::new("for", TermKind::Choice(&["own use", "customers"]), "for whom it is built"),
    ],
    rank: 2,
    leaves_claim: false,
    summary: "a building programme, split over suppliers",
};

impl ContractType for Capex {
    fn spec(&self) -> &'static ContractSpec {
        &SPEC
    }

    fn check(&self, model: &Model, contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
        let record = contract.record();
        let Some(amount) = record.figure("amount") else { return };
        if let Some((party, _)) =
            record.shares("suppliers").iter().find(|(to, _)| Some(*to) == contract.obligor)
        {
            let message = format!("`{}` is paid by itself", model.party(*party).name);
            diagnostics.push(
                Diagnostic::new("E0704", record.span_of("suppliers"), message)
                    .hint("leave it out: what nobody is named for goes outside"),
            );
        }
        if amount.figure.dimension == Dimension::MONEY_RATE && record.has("ramp") {
            diagnostics.push(
                Diagnostic::new(
                    "E0708",
                    record.span_of("ramp"),
                    "a ramp spreads a total, and this amount is per time",
                )
                .also(amount.span, "per time")
                .hint("write the amount as a total, or drop the ramp"),
            );
        }
    }

    fn lower(&self, lowering: &mut Lowering<'_>, terms: &Terms<'_>) {
        // All versions make one schedule, so they are lowered as one.
        if !terms.current {
            return;
        }
        let versions = versions(terms.id, terms.contract, &lowering.calendar);
        let standing = terms.standing(Standing::Binding);
        let (dated, open) = spent(lowering, &versions);
        for to in payees(&versions) {
            let dues = dues_to(&versions, &dated, standing, to);
            promise(lowering, terms, &dues, standing, to, open);
            if matches!(standing, Standing::Lapsed | Standing::Terminated) {
                continue;
            }
            dues.past(lowering, terms, None, to, Tag::Capex);
            let undated = dues.0.last().filter(|_| open > 0.0);
            let some_time = undated.map(|last| some_time(lowering, terms, last, open));
            let dated = dated.iter().any(|dated| !dated.is_empty()).then(|| dues.reg(lowering));
            let due = match (dated, some_time) {
                (Some(dated), Some(some_time)) => lowering.program.add(dated, some_time),
                (dated, some_time) => match dated.or(some_time) {
                    Some(due) => due,
                    None => continue,
                },
            };
            let flow = lowering.flow(terms, None, due, to, Tag::Capex);
            if some_time.is_some() {
                lowering.nothing_dates(flow);
            }
        }
    }

    fn fell_due(&self, lowering: &mut Lowering<'_>, versions: &[Terms<'_>], since: i64) -> Option<Reg> {
        let now = versions.iter().find(|version| version.current)?;
        let standing = now.standing(Standing::Binding);
        let (dated, _) = spent(lowering, versions);
        let mut sum = lowering.program.number(0.0);
        for to in payees(versions) {
            let part = dues_to(versions, &dated, standing, to).fell_due(lowering, since);
            sum = lowering.program.add(sum, part);
        }
        Some(sum)
    }
}

/// What each version lets fall due, and the share that nothing dates.
fn spent(lowering: &mut Lowering<'_>, versions: &[Terms<'_>]) -> (Vec<Dated>, f64) {
    let falls: Vec<(TermMonths, Falls)> =
        versions.iter().map(|version| (version.window, falls(lowering, version))).collect();
    in_their_time(&falls, &lowering.calendar)
}

/// When the amount of a version falls due. A total without an end is undated: nothing says over which time it
/// is spent. An amount per time without one runs as long as we look.
fn falls(lowering: &mut Lowering<'_>, version: &Terms<'_>) -> Falls {
    let (record, calendar) = (version.record, lowering.calendar);
    let Some(amount) = record.figure("amount") else { return Falls::Undated };
    let over = amount.figure.over.and_then(date::whole_months).map(i64::from);
    let total = amount.figure.dimension == Dimension::MONEY;
    let from = record.when("from");
    let first = from.map_or(1, |from| calendar.from(&from));
    let term = match (from, record.when("until"), over) {
        (Some(from), Some(until), _) => calendar.term(&from, &until),
        (None, Some(until), _) => TermMonths { first, last: calendar.due(&until).max(first) },
        (_, None, Some(months)) => TermMonths { first, last: first + months - 1 },
        (None, None, None) => return Falls::Undated,
        (Some(_), None, None) if total => return Falls::Undated,
        (Some(_), None, None) => {
            lowering.assume(format!("{} runs to the horizon: no end is given", version.contract.name));
            TermMonths { first, last: i64::from(calendar.months).max(first) }
        }
    };
    if from.is_none() {
        lowering.assume(format!("{} starts after as-of: no start is given", version.contract.name));
    }
    if !total {
        return Falls::Parts(Dated::by_month(term, &calendar, |_| 1.0 / 12.0));
    }
    let spread = Spread::new(record.ramp("ramp").cloned().unwrap_or(Ramp::Flat), term, &calendar);
    Falls::Whole(Dated::by_month(term, &calendar, |t| spread.cumulative(t) - spread.cumulative(t - 1)))
}

/// A share of an amount that nothing dates: it may fall in any month from the start on, whole or in part.
fn some_time(lowering: &mut Lowering<'_>, terms: &Terms<'_>, held: &Held<'_>, share: f64) -> Reg {
    let first = terms.record.when("from").map_or(1, |from| lowering.calendar.from(&from));
    let amounts = held.readings(lowering).map(|value| value.times(share));
    lowering.some_time(amounts, first)
}

/// Who is paid by some version, in the order of the text.
fn payees(versions: &[Terms<'_>]) -> Vec<PartyRef> {
    let mut all = Vec::new();
    for (party, _) in versions.iter().flat_map(suppliers) {
        if !all.contains(&party) {
            all.push(party);
        }
    }
    all
}

/// What one of them is paid, version by version.
fn dues_to<'a>(versions: &[Terms<'a>], dated: &[Dated], standing: Standing, to: PartyRef) -> Dues<'a> {
    let parts = versions.iter().zip(dated).filter_map(|(version, dated)| {
        let stated = version.record.figure("amount")?;
        let basis = version.record.entry("amount").map(|entry| entry.basis.clone()).unwrap_or_default();
        let times = suppliers(version).into_iter().find(|(party, _)| *party == to)?.1;
        let (path, dated) = (version.path("amount"), dated.clone());
        Some(Held { path, stated, basis, standing, dated, times, rises: vec![] })
    });
    Dues(parts.collect())
}

/// Who is paid which share; a share without a name goes outside.
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

/// Notes what is committed to one of them; the last version says what of it nothing dates.
fn promise(
    lowering: &mut Lowering<'_>,
    terms: &Terms<'_>,
    dues: &Dues<'_>,
    standing: Standing,
    to: PartyRef,
    open: f64,
) {
    let undated = match dues.0.last() {
        Some(last) if open > 0.0 => last.readings(lowering).map(|value| value.times(open)),
        _ => nothing(),
    };
    let record = terms.record;
    let per_time = record.figure("amount").is_some_and(|amount| amount.figure.is_endless_rate());
    let dues = dues.dues(lowering);
    let (dues, undated) =
        if per_time && !record.has("until") { until_unknown(dues, &undated) } else { (dues, undated) };
    let promise = Promise {
        tranche: None,
        to,
        tag: Tag::Capex,
        standing,
        dues,
        undated,
        span: terms.record.span_of("amount"),
    };
    lowering.promise(terms, promise);
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
    fn an_amended_amount_holds_for_what_is_still_to_come() {
        // 1 a month for two months, then a third of 6 a month: what is left of the amended total.
        let text = format!(
            "{BUILD}amount = \"$3M\"\nfrom = \"2026-01\"\nuntil = \"2026-03\"\n\
             amendments = [{{ on = 2026-03-05, set = {{ amount = \"$6M\" }} }}]"
        );
        let one = ["2026-01", "2026-02"].map(|month| format!("{month}  a -> outside  $1.0M  capex"));
        check(&text, "firm", &format!("{}\n2026-03  a -> outside  $2.0M  capex", one.join("\n")));
    }

    #[test]
    fn a_total_without_an_end_is_undated() {
        check(&format!("{BUILD}amount = \"$50M\"\nfrom = \"2026-01\""), "firm", "");
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
        refuses(&format!("{BUILD}amount = \"$2M\"\nfrom = 2026\nsuppliers = {{ a = \"10%\" }}"), "E0704");
        refuses(&format!("{BUILD}amount = \"$2M over 100000 years\"\nfrom = 2026"), "E0301");
        let moved = "amendments = [{ on = 2026-05-01, set = { spender = \"b\" } }]";
        refuses(&format!("{BUILD}amount = \"$2M\"\nfrom = 2026\n{moved}"), "E0708");
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
