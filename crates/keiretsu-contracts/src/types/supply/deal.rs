//! One version of a supply contract with its months worked out: its minimum, how it falls, its power.

use keiretsu_model::figure::Said;
use keiretsu_model::record::{Ramp, Record, Stated};
use keiretsu_model::{Standing, date};
use keiretsu_program::Reg;
use keiretsu_values::{Dimension, Set, Value};

use crate::calendar::{Calendar, TermMonths};
use crate::lowering::Lowering;
use crate::ramps::Spread;
use crate::side::Capacity;
use crate::terms::Terms;

/// A version of a supply contract with its months worked out.
pub(super) struct Deal<'a> {
    pub(super) terms: &'a Terms<'a>,
    pub(super) record: &'a Record,
    /// The months of the whole contract.
    pub(super) term: TermMonths,
    /// The months of it in which this version holds.
    pub(super) held: TermMonths,
    pub(super) standing: Standing,
    pub(super) calendar: Calendar,
    pub(super) minimum: Option<&'a Stated>,
    /// A total minimum of which nothing says over which time it falls.
    pub(super) undated: Option<&'a Stated>,
    /// How what is short is settled, where there is a minimum.
    pub(super) rule: Option<Rule>,
    /// How a total minimum spreads over the term.
    spread: Spread,
}

/// When what is short of a minimum is billed, and against what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    /// Months after which it is billed: a contract year, or the period of a minimum per time.
    pub period: i64,
    /// Whether use ahead of the minimum counts in later periods.
    pub cumulates: bool,
    is_total: bool,
}

impl<'a> Deal<'a> {
    pub(super) fn new(lowering: &Lowering<'_>, terms: &'a Terms<'a>) -> Self {
        let calendar = lowering.calendar;
        let record = terms.record;
        let stated = record.figure("minimum");
        let total = stated.is_some_and(|stated| stated.figure.dimension == Dimension::MONEY);
        let ends = record.has("until") || stated.is_some_and(|stated| stated.figure.over.is_some());
        let (minimum, undated) = if total && !ends { (None, stated) } else { (stated, None) };
        let over = minimum.and_then(|minimum| minimum.figure.over).and_then(date::whole_months);
        let first = record.when("from").map_or(1, |when| calendar.from(&when));
        let term = match (over, record.when("until"), record.when("from")) {
            (Some(months), ..) => TermMonths { first, last: first + i64::from(months) - 1 },
            (None, Some(until), Some(from)) => calendar.term(&from, &until),
            (None, Some(until), None) => TermMonths { first, last: calendar.due(&until) },
            // Without an end it runs as long as we look.
            (None, None, _) => TermMonths { first, last: i64::from(calendar.months) },
        };
        let term = TermMonths { last: term.last.max(term.first), ..term };
        let held =
            TermMonths { first: term.first.max(terms.window.first), last: term.last.min(terms.window.last) };
        let standing = terms.standing(Standing::Binding);
        let spread = Spread::new(record.ramp("ramp").cloned().unwrap_or(Ramp::Flat), term, &calendar);
        let rule = minimum.map(|minimum| Rule::of(minimum, record));
        Self { terms, record, term, held, standing, calendar, minimum, undated, rule, spread }
    }

    /// Whether it has a minimum per time and nothing says until when.
    pub(super) fn is_endless(&self) -> bool {
        let per_time = self.minimum.is_some_and(|stated| stated.figure.is_endless_rate());
        per_time && !self.record.has("until")
    }

    /// The share of a total minimum, or the years of a minimum per time, that falls after month `from` and
    /// up to month `to` while this version holds.
    pub(super) fn falls(&self, from: i64, to: i64) -> f64 {
        let within = |t: i64| t.clamp(self.held.first - 1, self.held.last);
        let (from, to) = (within(from), within(to));
        match self.rule {
            None => 0.0,
            Some(rule) if rule.is_total => self.spread.cumulative(to) - self.spread.cumulative(from),
            // Whole months, so that no rounding of years is left.
            Some(_) => (to - from) as f64 / 12.0,
        }
    }

    /// The minimum in model currency, as its standing has it in each reading; of one that falls at stated
    /// times.
    pub(super) fn minimum_reg(&self, lowering: &mut Lowering<'_>) -> Option<Reg> {
        self.minimum?;
        self.stated_reg(lowering)
    }

    /// The same, whenever it falls.
    pub(super) fn stated_reg(&self, lowering: &mut Lowering<'_>) -> Option<Reg> {
        let stated = self.minimum.or(self.undated)?;
        let basis = self.record.entry("minimum").map(|entry| entry.basis.clone()).unwrap_or_default();
        Some(lowering.amount_as(self.terms.path("minimum"), stated, &basis, self.standing))
    }

    /// What of the minimum falls in the months `t + from ..= t + to`, money: as the ramp has it, whenever it
    /// is billed.
    pub(super) fn minimum_over(&self, lowering: &mut Lowering<'_>, from: i64, to: i64) -> Option<Reg> {
        let minimum = self.minimum_reg(lowering)?;
        let share = lowering.program.curve_of(|t| {
            let t = i64::from(t);
            self.falls(t + from - 1, t + to)
        });
        Some(lowering.program.mul(minimum, share))
    }

    /// Usage in money a month, in the months in which this version holds. It may be below zero where a
    /// formula is; what is due never is.
    pub(super) fn usage(&self, lowering: &mut Lowering<'_>) -> Option<Reg> {
        let usage = self.usage_a_month(lowering)?;
        let held = lowering.active(self.held);
        Some(lowering.program.mul(usage, held))
    }

    /// Usage in money a month, whether or not this version holds.
    pub(super) fn usage_a_month(&self, lowering: &mut Lowering<'_>) -> Option<Reg> {
        let formula = self.record.formula("usage")?;
        let mut usage = lowering.formula_term(self.terms, "usage")?;
        if lowering.model.dimension_of(formula) == Some(Dimension::POWER) {
            let price = match lowering.formula_term(self.terms, "price") {
                Some(price) => price,
                None => lowering.unread("no price is given", Set::NOT_NEGATIVE),
            };
            usage = lowering.program.mul(usage, price);
        }
        Some(lowering.monthly(usage))
    }

    /// Power available, by month.
    pub(super) fn power(&self, lowering: &mut Lowering<'_>) -> Option<Reg> {
        let record = self.record.table("capacity")?;
        let stated = record.figure("power")?;
        let basis = record.entry("power").map(|entry| entry.basis.clone()).unwrap_or_default();
        let power = lowering.figure(self.terms.path("capacity.power"), stated, &basis);
        let (held, spread) = (self.held, self.coming_in(record));
        let share = lowering.program.curve_of(|t| {
            let t = i64::from(t);
            if held.holds(t) { spread.available(t) } else { 0.0 }
        });
        Some(lowering.program.mul(power, share))
    }

    /// Power that was available in a past month, as expected.
    pub(super) fn power_then(&self, lowering: &Lowering<'_>, t: i64) -> Option<Value> {
        let record = self.record.table("capacity")?;
        let [_, power, _] = lowering.model.readings(record.figure("power")?);
        let share = if self.held.holds(t) { self.coming_in(record).available(t) } else { 0.0 };
        Some(power.times(share))
    }

    /// How the power of a `capacity` table comes in.
    fn coming_in(&self, capacity: &Record) -> Spread {
        let ramp = capacity.ramp("ramp").cloned().unwrap_or(Ramp::Flat);
        Spread::new(ramp, self.term, &self.calendar)
    }

    /// The share of what is left that the seller does not sell to others.
    pub(super) fn kept(&self) -> f64 {
        let resale =
            self.record.figure("resale").or_else(|| self.record.table("capacity")?.figure("redeployable"));
        let sold = resale.and_then(|stated| stated.expected().amount()).unwrap_or(0.0);
        (1.0 - sold).clamp(0.0, 1.0)
    }

    pub(super) fn capacity_line(&self, lowering: &mut Lowering<'_>) {
        if lowering.in_whole(self.terms.contract) {
            return;
        }
        let Some(record) = self.record.table("capacity") else { return };
        let Some(power) = record.figure("power") else { return };
        let spread = self.coming_in(record);
        let model = lowering.model;
        let all = |stated: &Stated| model.readings(stated);
        let (first, last) =
            (self.calendar.month(self.term.first).year(), self.calendar.month(self.term.last).year());
        let years = (first..=last)
            .map(|year| (year, spread.available(self.calendar.t(keiretsu_program::Month::new(year, 12)))))
            .collect();
        lowering.side.capacities.push(Capacity {
            contract: self.terms.id,
            seller: self.terms.obligee(),
            buyer: self.terms.obligor(),
            power: if matches!(self.standing, Standing::Announced | Standing::Conditional) {
                let headline = power.headline();
                power.parts([Value::exact(0.0), power.expected(), headline])
            } else {
                all(power)
            },
            of: record.text("of").map(str::to_owned),
            years,
            build_cost: record.figure("build_cost").map(all),
            redeployable: record.figure("redeployable").map(all),
        });
    }
}

impl Rule {
    fn of(minimum: &Stated, record: &Record) -> Self {
        let is_total = minimum.figure.dimension == Dimension::MONEY;
        // How often an undisclosed minimum is settled is not known, so any month may bring some of it.
        if minimum.figure.said == Said::Undisclosed {
            return Self { period: 1, cumulates: false, is_total };
        }
        let period = if is_total { 12 } else { i64::from(period_months(&minimum.figure.words)) };
        Self { period, cumulates: is_total || record.flag("carry"), is_total }
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
