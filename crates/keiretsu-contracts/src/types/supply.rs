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
//! ```
//!
//! A minimum of `X over N years` is cumulative: usage burns it down, and the shortfall against the cumulative
//! ramp is billed at each contract year's end. A minimum `per month` is owed each month; `per quarter` and
//! `per year` are settled at the end of each such period, without carry-forward unless `carry = true`. From
//! the buyer's side the minimum is an unconditional purchase obligation (ASC 440-10-50); from the seller's side
//! what is not yet billed is part of its remaining performance obligation (ASC 606-10-50-13). Both measures
//! read the same terms. In the firm reading no usage above the minimum is counted.
//!
//! `usage` is an amount per time, or a power when `price` says what a unit of it costs. `capacity` says what
//! power the seller makes available, how it comes in, and what it costs to build; conditions can read it.
//!
//! Invariant: over the whole term, at least the minimum is billed.
//! Absent: make-up rights after the term; prepayment; what a default leaves is valued, not billed.

use keiretsu_model::record::{Ramp, Record, Stated};
use keiretsu_model::side::Capacity;
use keiretsu_model::{Contract, ContractSpec, Diagnostic, Model, Standing, Term, TermKind, date};
use keiretsu_program::{Claim, Feed, Op, PartyId, Reg, Slot, Tag};
use keiretsu_values::{Dimension, Value};

use crate::calendar::Calendar;
use crate::commitments::Promise;
use crate::lowering::{Lowering, Terms, plain_slot};
use crate::ramps::{self, TermMonths};
use crate::{ContractType, Readable};

/// See the module.
pub struct Supply;

/// Money for a unit of power over a time: `$12B/GW/yr`.
const POWER_PRICE: Dimension = Dimension { money: 1, power: -1, time: -1, chips: 0, shares: 0, tokens: 0 };

static CAPACITY: &[Term] = &[
    Term::new("power", TermKind::Figure(&[Dimension::POWER]), "how much power").required(),
    Term::new("of", TermKind::Text, "what it is made of"),
    Term::new("ramp", TermKind::Ramp, "how it comes in; default all at once"),
    Term::new(
        "build_cost",
        TermKind::Figure(&[Dimension::MONEY_PER_POWER]),
        "what a unit of it costs to build",
    ),
    Term::new("redeployable", TermKind::Figure(&[Dimension::NUMBER]), "the share that others could use"),
];

static SPEC: ContractSpec = ContractSpec {
    keyword: "supply",
    obligor: "buyer",
    obligee: Some("seller"),
    terms: &[
        Term::new("from", TermKind::Date, "when it starts"),
        Term::new("until", TermKind::Date, "when it ends"),
        Term::new(
            "minimum",
            TermKind::Figure(&[Dimension::MONEY, Dimension::MONEY_RATE]),
            "owed whether or not it is used: a total `over` a time, or an amount per time",
        ),
        Term::new("carry", TermKind::Flag, "whether a minimum per time may be made up later"),
        Term::new("ramp", TermKind::Ramp, "how a total minimum spreads over its term"),
        Term::new(
            "usage",
            TermKind::Formula(&[Dimension::MONEY_RATE, Dimension::POWER]),
            "what would be bought anyway, as money per time, or as power with a `price`",
        ),
        Term::new("price", TermKind::Formula(&[POWER_PRICE]), "what a unit of power costs over a time"),
        Term::new("capacity", TermKind::Table(CAPACITY), "the power that the seller makes available"),
        Term::new("margin", TermKind::Figure(&[Dimension::NUMBER]), "the seller's margin"),
        Term::new(
            "resale",
            TermKind::Figure(&[Dimension::NUMBER]),
            "the share of what is left that the seller can sell to others; default what is redeployable",
        ),
    ],
    rank: 2,
    summary: "take-or-pay: a minimum with a ramp, usage, capacity",
};

impl ContractType for Supply {
    fn spec(&self) -> &'static ContractSpec {
        &SPEC
    }

    fn check(&self, model: &Model, contract: &Contract, found: &mut Vec<Diagnostic>) {
        let record = contract.record();
        let minimum = record.figure("minimum");
        if minimum.is_none() && !record.has("usage") && !record.has("capacity") {
            let message =
                format!("`{}` has no minimum, no usage and no capacity, so it says nothing", contract.name);
            found.push(Diagnostic::new("W0701", contract.span, message).hint("give one of them"));
        }
        check_term(record, minimum, found);
        if let Some(minimum) = minimum
            && minimum.figure.dimension == Dimension::MONEY_RATE
            && let Some(entry) = record.entry("ramp")
        {
            found.push(
                Diagnostic::new("E0708", entry.span, "a ramp spreads a total, and this minimum is per time")
                    .also(minimum.span, "per time")
                    .hint("write the minimum as \"... over 10 years\", or drop the ramp"),
            );
        }
        let power =
            record.formula("usage").and_then(|usage| model.dimension_of(usage)) == Some(Dimension::POWER);
        if power && !record.has("price") {
            let span = record.span_of("usage");
            found.push(
                Diagnostic::new("E0708", span, "a usage in power needs a `price`")
                    .hint("price = \"compute_price\", or write the usage as money per time"),
            );
        }
    }

    fn lower(&self, lowering: &mut Lowering<'_>, terms: &Terms<'_>) {
        let supply = Deal::new(lowering, terms);
        supply.promise(lowering);
        supply.capacity_line(lowering);
        if matches!(supply.standing, Standing::Lapsed | Standing::Terminated) {
            return;
        }
        supply.bill(lowering);
        supply.claim(lowering);
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
        }
    }
}

fn check_term(record: &Record, minimum: Option<&Stated>, found: &mut Vec<Diagnostic>) {
    if let (Some(from), Some(until)) = (record.when("from"), record.when("until"))
        && until.last < from.first
    {
        found.push(
            Diagnostic::new("E0402", record.span_of("until"), "it ends before it starts")
                .also(record.span_of("from"), "the start")
                .hint("give a later `until`"),
        );
    }
    let Some(minimum) = minimum else { return };
    if let Some(over) = minimum.figure.over {
        if date::whole_months(over).is_none() {
            let message = "the time of the minimum is no whole number of months";
            found.push(Diagnostic::new("E0404", minimum.span, message).hint("write \"over 10 years\""));
        }
    } else if minimum.figure.dimension == Dimension::MONEY && !record.has("until") {
        found.push(
            Diagnostic::new("E0708", minimum.span, "a total minimum needs the time over which it falls")
                .hint("write \"... over 10 years\", or give `until`"),
        );
    }
}

/// A supply contract with its months worked out.
struct Deal<'a> {
    terms: &'a Terms<'a>,
    record: &'a Record,
    /// The months of the whole contract.
    term: TermMonths,
    /// The months of it in which this version holds.
    held: TermMonths,
    standing: Standing,
    calendar: Calendar,
}

impl<'a> Deal<'a> {
    fn new(lowering: &Lowering<'_>, terms: &'a Terms<'a>) -> Self {
        let calendar = lowering.calendar;
        let record = terms.record;
        let first = record.when("from").map_or(1, |when| calendar.from(&when));
        let over =
            record.figure("minimum").and_then(|minimum| minimum.figure.over).and_then(date::whole_months);
        let last = match (record.when("until"), over) {
            (_, Some(months)) => first + i64::from(months) - 1,
            (Some(until), None) => calendar.due(&until),
            // Without an end it runs as long as we look.
            (None, None) => i64::from(calendar.months),
        };
        let term = TermMonths { first, last: last.max(first) };
        let held =
            TermMonths { first: term.first.max(terms.window.first), last: term.last.min(terms.window.last) };
        let ended = record.when("until").is_some_and(|until| calendar.is_past(&until));
        let derived = if ended { Standing::Terminated } else { Standing::Binding };
        Self { terms, record, term, held, standing: terms.standing(derived), calendar }
    }

    fn minimum(&self) -> Option<&'a Stated> {
        self.record.figure("minimum")
    }

    fn is_total(&self) -> bool {
        self.minimum().is_some_and(|minimum| minimum.figure.dimension == Dimension::MONEY)
    }

    fn ramp(&self) -> Ramp {
        self.record.ramp("ramp").cloned().unwrap_or(Ramp::Flat)
    }

    /// The share of a total minimum, or the years of a minimum per time, that have fallen by month `t`.
    fn fallen(&self, t: i64) -> f64 {
        let t = t.min(self.held.last);
        let before = self.held.first - 1;
        if t < before {
            return 0.0;
        }
        if self.is_total() {
            let ramp = self.ramp();
            let at = |t| ramps::cumulative(&ramp, self.term, &self.calendar, t);
            at(t) - at(before)
        } else {
            (t - before) as f64 / 12.0
        }
    }

    /// Months after which what is short is billed: a contract year, or the period of a minimum per time.
    fn period(&self) -> i64 {
        match self.minimum() {
            Some(minimum) if !self.is_total() => i64::from(period_months(&minimum.figure.words)),
            _ => 12,
        }
    }

    /// Whether a period ends with month `t`.
    fn settles(&self, t: i64) -> bool {
        let done = t - self.term.first + 1;
        let within = self.held.first <= t && t <= self.held.last;
        within && (done % self.period() == 0 || t == self.term.last || t == self.held.last)
    }

    /// The last month of the period that holds month `t`.
    fn period_end(&self, t: i64) -> i64 {
        let done = (t - self.term.first).max(0) / self.period() + 1;
        (self.term.first + done * self.period() - 1).min(self.term.last).min(self.held.last)
    }

    fn minimum_reg(&self, lowering: &mut Lowering<'_>) -> Option<Reg> {
        let stated = self.minimum()?;
        let basis = self.record.entry("minimum").map(|entry| entry.basis.clone()).unwrap_or_default();
        let mut slot = plain_slot(stated, lowering.model.about);
        if matches!(self.standing, Standing::Announced | Standing::Conditional) {
            let [firm, expected, headline] =
                lowering.readings(stated, self.standing).map(|value| value.amount().unwrap_or(f64::NAN));
            slot = Slot { firm, expected, headline, ..slot };
        }
        Some(lowering.figure_as(self.terms.path("minimum"), stated, &basis, slot))
    }

    /// What is owed each month: usage, and the shortfall against the minimum where a period ends.
    fn bill(&self, lowering: &mut Lowering<'_>) {
        let usage = self.usage(lowering);
        let minimum = self.minimum_reg(lowering);
        let owed = match (usage, minimum) {
            (None, None) => return,
            (Some(usage), None) => Self::beyond_firm(lowering, usage, None),
            (usage, Some(minimum)) if self.period() == 1 => self.monthly_bill(lowering, usage, minimum),
            (usage, Some(minimum)) => self.settled_bill(lowering, usage, minimum),
        };
        lowering.flow(self.terms, None, owed, self.terms.obligee(), Tag::Service);
    }

    /// Usage in money a month, in the months in which this version holds.
    fn usage(&self, lowering: &mut Lowering<'_>) -> Option<Reg> {
        let formula = self.record.formula("usage")?;
        let mut usage = lowering.formula_term(self.terms, "usage")?;
        if lowering.model.dimension_of(formula) == Some(Dimension::POWER) {
            let price = lowering.formula_term(self.terms, "price")?;
            usage = lowering.program.mul(usage, price);
        }
        let zero = lowering.program.number(0.0);
        let usage = lowering.program.max(usage, zero);
        let monthly = lowering.monthly(usage);
        let held = lowering.active(self.held);
        Some(lowering.program.mul(monthly, held))
    }

    /// Usage as it counts: all of it, but in the firm reading none beyond `room`.
    fn beyond_firm(lowering: &mut Lowering<'_>, usage: Reg, room: Option<Reg>) -> Reg {
        let counts = lowering.program.slot(Slot { firm: 0.0, ..Slot::constant(1.0) });
        let counts = lowering.program.read(counts);
        let within = match room {
            Some(room) => lowering.program.min(usage, room),
            None => lowering.program.number(0.0),
        };
        lowering.program.op(Op::Choose { when: counts, then: usage, otherwise: within })
    }

    /// A minimum per month: the greater of usage and minimum.
    fn monthly_bill(&self, lowering: &mut Lowering<'_>, usage: Option<Reg>, minimum: Reg) -> Reg {
        let monthly = lowering.monthly(minimum);
        let held = lowering.active(self.held);
        let minimum = lowering.program.mul(monthly, held);
        let Some(usage) = usage else { return minimum };
        let counted = Self::beyond_firm(lowering, usage, Some(minimum));
        lowering.program.max(counted, minimum)
    }

    /// A minimum that is settled at the end of each period.
    fn settled_bill(&self, lowering: &mut Lowering<'_>, usage: Option<Reg>, minimum: Reg) -> Reg {
        let billed = lowering.program.account(0.0);
        let so_far = lowering.program.op(Op::Account(billed));
        let carried = self.carried(lowering, so_far);
        let in_period = lowering.program.sub(so_far, carried);
        let cumulates = self.is_total() || self.record.flag("carry");
        let base = |end: i64| if cumulates { 0.0 } else { self.fallen(self.period_end(end - self.period())) };
        // Against the end of the running period, so that usage within it is never beyond the minimum.
        let ahead = lowering.program.curve_of(|t| {
            let end = self.period_end(i64::from(t));
            self.fallen(end) - base(end)
        });
        let required = lowering.program.mul(minimum, ahead);
        let open = lowering.program.sub(required, in_period);
        let zero = lowering.program.number(0.0);
        let room = lowering.program.max(open, zero);
        let counted = match usage {
            Some(usage) => Self::beyond_firm(lowering, usage, Some(room)),
            None => zero,
        };
        let short = lowering.program.sub(room, counted);
        let short = lowering.program.max(short, zero);
        let settles = lowering.program.curve_of(|t| f64::from(u8::from(self.settles(i64::from(t)))));
        let shortfall = lowering.program.mul(short, settles);
        let owed = lowering.program.add(counted, shortfall);
        lowering.program.feed(billed, Feed::Value(owed));
        owed
    }

    /// What had been billed when the running period began; nothing where shortfalls cumulate.
    fn carried(&self, lowering: &mut Lowering<'_>, so_far: Reg) -> Reg {
        if self.is_total() || self.record.flag("carry") {
            return lowering.program.number(0.0);
        }
        // Remember the running sum in the first month of each period and hold it until the next.
        let starts = |t: i64| self.held.first <= t && (t == self.held.first || self.settles(t - 1));
        let held = lowering.program.account(0.0);
        let before = lowering.program.op(Op::Account(held));
        let change = lowering.program.sub(so_far, before);
        let begins = lowering.program.curve_of(|t| f64::from(u8::from(starts(i64::from(t)))));
        let step = lowering.program.mul(change, begins);
        lowering.program.feed(held, Feed::Value(step));
        lowering.program.add(before, step)
    }

    /// What of the minimum falls in the months `t + from ..= t + to`, money.
    fn minimum_over(&self, lowering: &mut Lowering<'_>, from: i64, to: i64) -> Option<Reg> {
        let minimum = self.minimum_reg(lowering)?;
        let share = lowering.program.curve_of(|t| {
            let t = i64::from(t);
            self.fallen(t + to) - self.fallen(t + from - 1)
        });
        Some(lowering.program.mul(minimum, share))
    }

    /// Power available, by month.
    fn power(&self, lowering: &mut Lowering<'_>) -> Option<Reg> {
        let record = self.record.table("capacity")?;
        let stated = record.figure("power")?;
        let basis = record.entry("power").map(|entry| entry.basis.clone()).unwrap_or_default();
        let power = lowering.figure(self.terms.path("capacity.power"), stated, &basis);
        let ramp = record.ramp("ramp").cloned().unwrap_or(Ramp::Flat);
        let (held, term, calendar) = (self.held, self.term, self.calendar);
        let share = lowering.program.curve_of(|t| {
            let t = i64::from(t);
            let holds = held.first <= t && t <= held.last;
            if holds { ramps::available(&ramp, term, &calendar, t) } else { 0.0 }
        });
        Some(lowering.program.mul(power, share))
    }

    fn promise(&self, lowering: &mut Lowering<'_>) {
        let Some(minimum) = self.minimum() else { return };
        let ramp = self.ramp();
        let months = self.term.count() as f64;
        let mut amounts = lowering.readings(minimum, self.standing);
        if !self.is_total() {
            amounts = amounts.map(|value| value.times(months / 12.0));
            if !self.record.has("until") {
                lowering.assume(format!("{} runs to the horizon: no end is given", self.terms.contract.name));
            }
        }
        let past = ramps::cumulative(&ramp, self.term, &self.calendar, 0);
        let current = self.terms.current;
        lowering.promise(
            self.terms,
            Promise {
                tranche: None,
                to: self.terms.obligee(),
                tag: Tag::Service,
                standing: self.standing,
                amounts,
                years: ramps::by_calendar_year(&ramp, self.term, &self.calendar),
                past,
                unconfirmed: past > 0.0,
                span: minimum.span,
            },
        );
        if let Some(last) = lowering.side.commitments.last_mut().filter(|_| current) {
            last.over = Some(months / 12.0);
        }
    }

    fn capacity_line(&self, lowering: &mut Lowering<'_>) {
        if !self.terms.current {
            return;
        }
        let Some(record) = self.record.table("capacity") else { return };
        let Some(power) = record.figure("power") else { return };
        let ramp = record.ramp("ramp").cloned().unwrap_or(Ramp::Flat);
        let all = |stated: &Stated| [stated.firm(), stated.expected(), stated.headline()];
        let (first, last) =
            (self.calendar.month(self.term.first).year(), self.calendar.month(self.term.last).year());
        let years = (first..=last)
            .map(|year| {
                let december = self.calendar.t(keiretsu_program::Month::new(year, 12)).min(self.term.last);
                (year, ramps::available(&ramp, self.term, &self.calendar, december))
            })
            .collect();
        lowering.side.capacities.push(Capacity {
            contract: self.terms.id,
            seller: self.terms.obligee(),
            buyer: self.terms.obligor(),
            power: if self.standing == Standing::Announced {
                let headline = power.headline();
                [Value::exact(0.0), power.expected(), headline]
            } else {
                all(power)
            },
            of: record.text("of").map(str::to_owned),
            years,
            build_cost: record.figure("build_cost").map(all),
            redeployable: record.figure("redeployable").map(all),
        });
    }

    /// What the seller may claim when the buyer defaults: the minimum still to fall, less what it can resell.
    fn claim(&self, lowering: &mut Lowering<'_>) {
        let Some(minimum) = self.minimum_reg(lowering) else { return };
        let rate = lowering.model.discount.as_ref().and_then(|(stated, _)| stated.expected().amount());
        let left = lowering.program.curve_of(|t| self.still_to_fall(i64::from(t), rate.unwrap_or(0.0)));
        let whole = lowering.program.mul(minimum, left);
        let resale =
            self.record.figure("resale").or_else(|| self.record.table("capacity")?.figure("redeployable"));
        let amount = match resale {
            Some(stated) => {
                let kept = 1.0 - stated.expected().amount().unwrap_or(0.0);
                let kept = lowering.program.number(kept.clamp(0.0, 1.0));
                lowering.program.mul(whole, kept)
            }
            None => whole,
        };
        let rank = self.record.count("rank").map_or(SPEC.rank, |rank| rank.clamp(1, 255) as u8);
        let model = lowering.model;
        lowering.program.claim(Claim {
            debtor: PartyId(model.group(self.terms.obligor()).0),
            creditor: PartyId(self.terms.obligee().0),
            amount,
            rank,
        });
    }

    /// The share of the minimum that falls after month `t`, each month discounted to `t` at a yearly rate.
    fn still_to_fall(&self, t: i64, rate: f64) -> f64 {
        let first = (t + 1).max(self.held.first);
        let last = self.held.last.min(i64::from(self.calendar.months).max(self.term.last));
        (first..=last)
            .map(|s| (self.fallen(s) - self.fallen(s - 1)) * (1.0 + rate).powf(-((s - t) as f64) / 12.0))
            .sum()
    }
}

/// The period of a minimum per time, as its words have it: a month, a quarter, or else a year.
fn period_months(words: &str) -> u32 {
    let unit = words.rsplit(['/', ' ']).next().unwrap_or_default();
    match unit {
        "month" => 1,
        "quarter" => 3,
        _ => 12,
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
            "2026-01  a -> b  $5.0M  service\n2026-02  a -> b  $8.0M  service\n2026-03  a -> b  $8.0M  service",
        );
    }

    #[test]
    fn power_times_price_is_usage() {
        let text = format!("{COMPUTE}until = \"2026-01\"\nusage = \"2 GW\"\nprice = \"$6M/GW/yr\"");
        check(&text, "expected", "2026-01  a -> b  $1.0M  service");
        check(&text, "firm", "");
    }

    #[test]
    fn terms_that_do_not_fit_are_refused() {
        refuses(&format!("{COMPUTE}minimum = \"$5M\""), "E0708");
        refuses(&format!("{COMPUTE}minimum = \"$5M/yr\"\nramp = \"flat\""), "E0708");
        refuses(&format!("{COMPUTE}usage = \"2 GW\""), "E0708");
        refuses(&format!("{COMPUTE}until = 2025\nminimum = \"$5M/yr\""), "E0402");
        refuses(COMPUTE, "W0701");
    }
}
