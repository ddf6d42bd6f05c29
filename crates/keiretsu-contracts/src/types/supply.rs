//! Take-or-pay supply: each month the buyer owes the metered charge, and at least the minimum over time.
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! title    = "A lab buys compute"
//! as_of    = 2025-12-31
//! horizon  = "3 years"
//!
//! [parties]
//! lab   = { name = "Lab" }
//! cloud = { name = "Cloud" }
//!
//! [contracts.compute]
//! type    = "supply"
//! buyer   = "lab"
//! seller  = "cloud"
//! from    = "2026-01"
//! minimum = "$360M over 3 years"
//! usage   = "$5M/month"
//! because = "an example"
//! ```
//!
//! ```console
//! $ keiretsu measure model cash --party lab --by year --reading expected
//! Cash received and paid
//! as of 2025-12-31
//!
//! The most that goes out in one period, net: Lab in 2026, -$120M (expected).
//! Its cash cannot be told.
//!
//! party  reading   time  service  capex  equity  other     net  cash at end
//! ─────────────────────────────────────────────────────────────────────────
//! Lab    expected  2026   -$120M     $0      $0     $0  -$120M      unknown
//! Lab    expected  2027   -$120M     $0      $0     $0  -$120M      unknown
//! Lab    expected  2028   -$120M     $0      $0     $0  -$120M      unknown
//!
//! Received is positive, paid negative. Other: raised, fees, interest, shares of revenue.
//! Revenue and costs that the text does not state are in no number: net and cash are without them.
//! Factors follow their central paths in all readings.
//!
//! left out:
//!   Lab (cash at end): cash at as-of is not stated
//! ```
//!
//! A minimum of `X over N years` is cumulative: usage burns it down, and the shortfall against the cumulative
//! ramp is billed at each contract year's end. A minimum `per month` is owed each month; `per quarter` and
//! `per year` are settled at the end of each such period, without carry-forward unless `carry = true`. From
//! the buyer's side the minimum is an unconditional purchase obligation (ASC 440-10-50); from the seller's
//! side what is not yet billed is part of its remaining performance obligation (ASC 606-10-50-13). Both
//! measures read the same terms. In the firm reading no usage above the minimum is counted.
//!
//! What the text does not say is undisclosed. A total minimum without `until` or "over N years" is in
//! totals and in no year, and what is billed in each month from the start on is unknown. A minimum per time
//! without an end runs, as read, to the horizon, and a contract without `from` starts after as-of: both are
//! listed as assumptions. It may end in any month to come, or run on beyond the horizon, so that no total of
//! it and no claim over it has a bound.
//!
//! `usage` is an amount per time, or a power when `price` says what a unit of it costs. `capacity` says what
//! power the seller makes available, how it comes in, and what it costs to build; conditions can read it.
//!
//! `prepayment`, an amount or a share of a total minimum, is paid at `prepaid` (the start, unless stated) and
//! counts before cash against what is then billed (a contract liability of the seller, ASC 606-10-45-2); what
//! is left of it when the seller defaults is lost.
//!
//! Invariant: over the whole term, at least the minimum is billed.
//! Absent: make-up rights after the term; what a default leaves is valued, not billed.

mod bill;
mod claim;
mod deal;
mod exposure;
mod past;
mod plan;
mod prepaid;
mod undated;
mod used;

use keiretsu_model::record::Stated;
use keiretsu_model::{Contract, ContractSpec, Diagnostic, Model, Range, Term, TermKind, date};
use keiretsu_program::Reg;
use keiretsu_values::{Dimension, Value};

use self::deal::Deal;
use self::plan::Plan;
use crate::lowering::{ContractType, Lowering, Readable};
use crate::terms::{Terms, versions};

pub struct Supply;

/// Money for a unit of power over a time: `$12B/GW/yr`.
const POWER_PRICE: Dimension = Dimension { money: 1, power: -1, time: -1, chips: 0, shares: 0, tokens: 0 };

static CAPACITY: &[Term] = &[
    Term::new("power", TermKind::Figure(&[Dimension::POWER]), "how much power").adding().undisclosed(),
    Term::new("of", TermKind::Text, "what it is made of"),
    Term::new("ramp", TermKind::Ramp, "how it comes in; default all at once"),
    Term::new(
        "build_cost",
        TermKind::Figure(&[Dimension::MONEY_PER_POWER]),
        "what a unit of it costs to build",
    ),
    Term::new("redeployable", TermKind::Figure(&[Dimension::NUMBER]), "the share that others could use")
        .within(Range::Share),
];

static SPEC: ContractSpec = ContractSpec {
    keyword: "supply",
    obligor: Term::role("buyer", "who buys"),
    obligee: Some(Term::role("seller", "who sells")),
    terms: &[
        Term::new("from", TermKind::Date, "when it starts").undisclosed(),
        Term::new("until", TermKind::Date, "when it ends").undisclosed_unless(&["over"]),
        Term::new(
            "minimum",
            TermKind::Figure(&[Dimension::MONEY, Dimension::MONEY_RATE]),
            "owed whether or not it is used: a total `over` a time, or an amount per time",
        )
        .spanning()
        .adding()
        .kept()
        .undisclosed_unless(&["usage", "capacity"]),
        Term::new("carry", TermKind::Flag, "whether a minimum per time may be made up later"),
        Term::new("ramp", TermKind::Ramp, "how a total minimum spreads over its term"),
        Term::new(
            "usage",
            TermKind::Formula(&[Dimension::MONEY_RATE, Dimension::POWER]),
            "what would be bought anyway, as money per time, or as power with a `price`",
        ),
        Term::new("price", TermKind::Formula(&[POWER_PRICE]), "what a unit of power costs over a time"),
        Term::new("capacity", TermKind::Table(CAPACITY), "the power that the seller makes available"),
        Term::new(
            "prepayment",
            TermKind::Figure(&[Dimension::MONEY, Dimension::NUMBER]),
            "paid ahead: an amount, or a share of a total minimum",
        )
        .within(Range::Share)
        .kept(),
        Term::new("prepaid", TermKind::Date, "when the prepayment is paid; default at the start"),
        Term::new("margin", TermKind::Figure(&[Dimension::NUMBER]), "the seller's margin")
            .within(Range::AtMostWhole),
        Term::new(
            "switching_cost",
            TermKind::Figure(&[Dimension::MONEY]),
            "what moving elsewhere costs the buyer once: leaving with data, building anew",
        ),
        Term::new(
            "resale",
            TermKind::Figure(&[Dimension::NUMBER]),
            "the share of what is left that the seller can sell to others; default what is redeployable",
        )
        .within(Range::Share),
    ],
    rank: 2,
    leaves_claim: true,
    summary: "take-or-pay: a minimum with a ramp, usage, capacity",
};

impl ContractType for Supply {
    fn spec(&self) -> &'static ContractSpec {
        &SPEC
    }

    fn check(&self, _: &Model, contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
        let record = contract.record();
        let minimum = record.figure("minimum");
        if !["minimum", "usage", "capacity", "prepayment"].iter().any(|term| record.has(term)) {
            let message = format!(
                "`{}` has no minimum, no usage, no capacity and no prepayment, so it says nothing",
                contract.name
            );
            diagnostics.push(Diagnostic::new("W0701", contract.span, message).hint("give one of them"));
        }
        check_term(minimum, diagnostics);
        if let Some(minimum) = minimum
            && minimum.figure.dimension == Dimension::MONEY_RATE
            && let Some(entry) = record.entry("ramp")
        {
            diagnostics.push(
                Diagnostic::new("E0708", entry.span, "a ramp spreads a total, and this minimum is per time")
                    .also(minimum.span, "per time")
                    .hint("write the minimum as \"... over 10 years\", or drop the ramp"),
            );
        }
        if let Some(paid) = record.figure("prepayment")
            && paid.figure.dimension == Dimension::NUMBER
            && minimum.is_some_and(|minimum| minimum.figure.dimension == Dimension::MONEY_RATE)
        {
            diagnostics.push(
                Diagnostic::new("E0708", paid.span, "a share is prepaid of a total minimum")
                    .hint("write the prepayment as an amount, or the minimum as \"... over 5 years\""),
            );
        }
    }

    fn lower(&self, lowering: &mut Lowering<'_>, terms: &Terms<'_>) {
        // All versions share one schedule, so they are lowered as one.
        if !terms.current {
            return;
        }
        let versions = versions(terms.id, terms.contract, &lowering.calendar);
        let plan = Plan::new(lowering, &versions);
        plan.promise(lowering);
        if let Some(now) = plan.now() {
            now.capacity_line(lowering);
        }
        if plan.is_over() {
            return;
        }
        let last = Terms { record: terms.contract.record(), ..*terms };
        lowering.assume_start(&last);
        let minimum = last.record.figure("minimum");
        if minimum.is_none_or(|stated| stated.figure.over.is_none() && !is_total(stated)) {
            lowering.assume_end(&last, &["until"]);
        }
        plan.past(lowering);
        let Some(bill) = plan.bill(lowering) else { return };
        let unused = plan.prepay(lowering, &bill);
        plan.claims(lowering, &bill, unused);
    }

    fn expose(&self, lowering: &mut Lowering<'_>, versions: &[Terms<'_>]) {
        let plan = Plan::new(lowering, versions);
        if !plan.is_over() {
            plan.expose(lowering);
        }
    }

    fn fell_due(&self, lowering: &mut Lowering<'_>, versions: &[Terms<'_>], since: i64) -> Option<Reg> {
        let plan = Plan::new(lowering, versions);
        let (asked, own) = (lowering.books, lowering.books_of(plan.now()?.terms.id));
        let since = |lowering: &mut Lowering<'_>| plan.begun_since(lowering, since, asked).since;
        (!plan.is_over()).then(|| lowering.in_books(own, since))
    }

    fn read(&self, lowering: &mut Lowering<'_>, terms: &Terms<'_>, what: Readable) -> Option<Reg> {
        let supply = Deal::new(lowering, terms);
        match what {
            Readable::Capacity => supply.power(lowering),
            Readable::Minimum => {
                let per_year = supply.minimum_over(lowering, 0, 0)?;
                let twelve = lowering.program.number(12.0);
                Some(lowering.program.mul(per_year, twelve))
            }
            Readable::MinimumNext(months) => supply.minimum_over(lowering, 1, i64::from(months)),
            Readable::LeftUntil(last) => {
                let versions = versions(terms.id, terms.contract, &lowering.calendar);
                if terms.current { Plan::new(lowering, &versions).left_until(lowering, last) } else { None }
            }
        }
    }

    fn power_then(&self, lowering: &Lowering<'_>, terms: &Terms<'_>, t: i64) -> Option<Value> {
        Deal::new(lowering, terms).power_then(lowering, t)
    }
}

/// Whether a minimum is one sum, however long the contract runs.
fn is_total(stated: &Stated) -> bool {
    stated.figure.dimension == Dimension::MONEY
}

fn check_term(minimum: Option<&Stated>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(minimum) = minimum else { return };
    if let Some(over) = minimum.figure.over
        && date::whole_months(over).is_none()
    {
        let message = "the time of the minimum is no whole number of months";
        diagnostics.push(Diagnostic::new("E0404", minimum.span, message).hint("write \"over 10 years\""));
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{check, refuses};

    const COMPUTE: &str =
        "[contracts.c]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\nfrom = \"2026-01\"\n";

    #[test]
    fn an_idle_buyer_owes_the_minimum() {
        let text = format!("{COMPUTE}until = \"2026-02\"\nusage = \"$0/month\"\nminimum = \"$5M/month\"");
        check(&text, "firm", "2026-01  a -> b  $5.0M  service\n2026-02  a -> b  $5.0M  service");
    }

    #[test]
    fn usage_above_a_monthly_minimum_is_billed_but_not_firm() {
        let text = format!("{COMPUTE}until = \"2026-01\"\nusage = \"$7M/month\"\nminimum = \"$5M/month\"");
        check(&text, "expected", "2026-01  a -> b  $7.0M  service");
        check(&text, "firm", "2026-01  a -> b  $5.0M  service");
    }

    #[test]
    fn usage_burns_a_total_down_and_the_rest_is_billed_at_the_end_of_the_contract_year() {
        let months: Vec<String> = (1..=11).map(|m| format!("2026-{m:02}  a -> b  $5.0M  service")).collect();
        let text = format!("{COMPUTE}usage = \"$5M/month\"\nminimum = \"$100M over 1 year\"");
        // 12 x 5 = 60 of 100 are used; December brings 5 and the 40 that are short.
        check(&text, "expected", &format!("{}\n2026-12  a -> b  $45.0M  service", months.join("\n")));
    }

    #[test]
    fn without_usage_each_contract_year_ends_with_its_share() {
        let text =
            format!("{COMPUTE}minimum = \"$300M over 2 years\"\nramp = {{ 2026 = \"40%\", 2027 = \"60%\" }}");
        check(&text, "firm", "2026-12  a -> b  $120.0M  service\n2027-12  a -> b  $180.0M  service");
    }

    #[test]
    fn usage_ahead_of_the_ramp_counts_for_later_years_of_a_total_but_not_of_a_yearly_minimum() {
        // $20M a month in 2026 only, against $120M a year.
        let usage = "usage = \"if 2027-01 then $0/yr else $240M/yr\"";
        let total = format!("{COMPUTE}{usage}\nminimum = \"$240M over 2 years\"");
        let months: Vec<String> = (1..=12).map(|m| format!("2026-{m:02}  a -> b  $20.0M  service")).collect();
        check(&total, "expected", &months.join("\n"));
        let yearly = format!("{COMPUTE}until = \"2027-12\"\n{usage}\nminimum = \"$120M/yr\"");
        check(&yearly, "expected", &format!("{}\n2027-12  a -> b  $120.0M  service", months.join("\n")));
        let carried = format!("{yearly}\ncarry = true");
        check(&carried, "expected", &months.join("\n"));
    }

    #[test]
    fn in_the_firm_reading_a_total_is_never_exceeded() {
        let text = format!("{COMPUTE}usage = \"$60M/month\"\nminimum = \"$100M over 1 year\"");
        check(&text, "firm", "2026-01  a -> b  $60.0M  service\n2026-02  a -> b  $40.0M  service");
    }

    #[test]
    fn an_amendment_holds_from_its_month() {
        let text = format!(
            "{COMPUTE}until = \"2026-03\"\nminimum = \"$5M/month\"\n\
             amendments = [{{ on = 2026-02-10, set = {{ minimum = \"$8M/month\" }} }}]"
        );
        check(
            &text,
            "firm",
            "2026-01  a -> b  $5.0M  service\n2026-02  a -> b  $8.0M  service\n\
             2026-03  a -> b  $8.0M  service",
        );
    }

    #[test]
    fn a_slice_is_billed_inside_its_whole() {
        let part = "[contracts.part]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\npart_of = \"c\"\n\
                    from = \"2026-01\"\nuntil = \"2026-01\"\nminimum = \"$2M\"\n";
        let text = format!("{part}{COMPUTE}until = \"2026-01\"\nminimum = \"$5M/month\"");
        check(&text, "firm", "2026-01  a -> b  $5.0M  service");
    }

    #[test]
    fn power_times_price_is_usage() {
        let text = format!("{COMPUTE}until = \"2026-01\"\nusage = \"2 GW\"\nprice = \"$6M/GW/yr\"");
        check(&text, "expected", "2026-01  a -> b  $1.0M  service");
        check(&text, "firm", "");
    }

    #[test]
    fn terms_that_do_not_fit_are_refused() {
        refuses(&format!("{COMPUTE}minimum = \"$5M/yr\"\nramp = \"flat\""), "E0708");
        refuses(&format!("{COMPUTE}until = 2025\nminimum = \"$5M/yr\""), "E0402");
        refuses(COMPUTE, "W0701");
    }
}
