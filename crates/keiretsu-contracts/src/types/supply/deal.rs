//! A supply contract with its months worked out: its minimum, its power, what it commits to, what a default
//! leaves.

use keiretsu_model::record::{Ramp, Record, Stated};
use keiretsu_model::side::Capacity;
use keiretsu_model::{Standing, date};
use keiretsu_program::{Claim, Op, PartyId, Reg, Slot, Tag};
use keiretsu_values::{Dimension, Value};

use crate::calendar::Calendar;
use crate::commitments::{Dated, Promise, dated_or_not};
use crate::lowering::{Lowering, Terms, plain_slot};
use crate::ramps::{Spread, TermMonths};

/// A supply contract with its months worked out.
pub(super) struct Deal<'a> {
    pub(super) terms: &'a Terms<'a>,
    pub(super) record: &'a Record,
    /// The months of the whole contract.
    pub(super) term: TermMonths,
    /// The months of it in which this version holds.
    pub(super) held: TermMonths,
    pub standing: Standing,
    pub(super) calendar: Calendar,
    minimum: Option<&'a Stated>,
    /// How a total minimum spreads over the term.
    spread: Spread,
    /// The share of it that had fallen before this version held.
    fallen_before: f64,
    /// Months after which what is short is billed: a contract year, or the period of a minimum per time.
    period: i64,
}

impl<'a> Deal<'a> {
    pub(super) fn new(lowering: &Lowering<'_>, terms: &'a Terms<'a>) -> Self {
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
        let minimum = record.figure("minimum");
        let ramp = record.ramp("ramp").cloned().unwrap_or(Ramp::Flat);
        let spread = Spread::new(ramp, term, &calendar);
        let fallen_before = spread.cumulative(held.first - 1);
        let period = match minimum.filter(|minimum| minimum.figure.dimension != Dimension::MONEY) {
            Some(rate) => i64::from(period_months(&rate.figure.words)),
            None => 12,
        };
        let standing = terms.standing(derived);
        Self { terms, record, term, held, standing, calendar, minimum, spread, fallen_before, period }
    }

    pub(super) fn minimum(&self) -> Option<&'a Stated> {
        self.minimum
    }

    pub(super) fn is_total(&self) -> bool {
        self.minimum().is_some_and(|minimum| minimum.figure.dimension == Dimension::MONEY)
    }

    /// The share of a total minimum, or the years of a minimum per time, that have fallen by month `t` while
    /// this version holds.
    pub(super) fn fallen(&self, t: i64) -> f64 {
        let t = t.min(self.held.last);
        let before = self.held.first - 1;
        if t < before {
            return 0.0;
        }
        if self.is_total() {
            self.spread.cumulative(t) - self.fallen_before
        } else {
            (t - before) as f64 / 12.0
        }
    }

    pub(super) fn period(&self) -> i64 {
        self.period
    }

    /// Whether a period ends with month `t`.
    pub(super) fn settles(&self, t: i64) -> bool {
        let done = t - self.term.first + 1;
        let within = self.held.first <= t && t <= self.held.last;
        within && (done % self.period() == 0 || t == self.term.last || t == self.held.last)
    }

    /// The last month of the period that holds month `t`.
    pub(super) fn period_end(&self, t: i64) -> i64 {
        let done = (t - self.term.first).max(0) / self.period() + 1;
        (self.term.first + done * self.period() - 1).min(self.term.last).min(self.held.last)
    }

    pub(super) fn minimum_reg(&self, lowering: &mut Lowering<'_>) -> Option<Reg> {
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

    /// What of the minimum falls in the months `t + from ..= t + to`, money.
    pub(super) fn minimum_over(&self, lowering: &mut Lowering<'_>, from: i64, to: i64) -> Option<Reg> {
        let minimum = self.minimum_reg(lowering)?;
        let share = lowering.program.curve_of(|t| {
            let t = i64::from(t);
            self.fallen(t + to) - self.fallen(t + from - 1)
        });
        Some(lowering.program.mul(minimum, share))
    }

    /// What of the minimum falls after this month and up to month `last`, money.
    pub(super) fn minimum_until(&self, lowering: &mut Lowering<'_>, last: i64) -> Option<Reg> {
        let minimum = self.minimum_reg(lowering)?;
        let share = lowering.program.curve_of(|t| (self.fallen(last) - self.fallen(i64::from(t))).max(0.0));
        Some(lowering.program.mul(minimum, share))
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
            if held.first <= t && t <= held.last { spread.available(t) } else { 0.0 }
        });
        Some(lowering.program.mul(power, share))
    }

    /// How the power of a `capacity` table comes in.
    fn coming_in(&self, capacity: &Record) -> Spread {
        let ramp = capacity.ramp("ramp").cloned().unwrap_or(Ramp::Flat);
        Spread::new(ramp, self.term, &self.calendar)
    }

    pub(super) fn promise(&self, lowering: &mut Lowering<'_>) {
        let Some(minimum) = self.minimum() else { return };
        let months = self.term.count() as f64;
        let mut amounts = lowering.readings(minimum, self.standing);
        if !self.is_total() {
            amounts = amounts.map(|value| value.times(months / 12.0));
            if !self.record.has("until") {
                lowering.assume(format!("{} runs to the horizon: no end is given", self.terms.contract.name));
            }
        }
        let current = self.terms.current;
        let dated = Dated::by_month(self.term, &self.calendar, |t| {
            self.spread.cumulative(t) - self.spread.cumulative(t - 1)
        });
        let (dues, undated) = dated_or_not(Some(&dated), &self.calendar, amounts);
        lowering.promise(
            self.terms,
            Promise {
                tranche: None,
                to: self.terms.obligee(),
                tag: Tag::Service,
                standing: self.standing,
                dues,
                undated,
                span: minimum.span,
            },
        );
        if let Some(last) = lowering.side.commitments.last_mut().filter(|_| current) {
            last.over = Some(months / 12.0);
        }
    }

    pub(super) fn capacity_line(&self, lowering: &mut Lowering<'_>) {
        if !self.terms.current || lowering.in_whole(self.terms.contract) {
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
            .map(|year| {
                let december = self.calendar.t(keiretsu_program::Month::new(year, 12)).min(self.term.last);
                (year, spread.available(december))
            })
            .collect();
        lowering.side.capacities.push(Capacity {
            contract: self.terms.id,
            seller: self.terms.obligee(),
            buyer: self.terms.obligor(),
            power: if matches!(self.standing, Standing::Announced | Standing::Conditional) {
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
    pub(super) fn claim(&self, lowering: &mut Lowering<'_>) {
        let Some(minimum) = self.minimum_reg(lowering) else { return };
        let rate = lowering.model.discount.as_ref().and_then(|(stated, _)| stated.expected().amount());
        let left = lowering.program.curve(self.still_to_fall(rate.unwrap_or(0.0)));
        let left = lowering.program.op(Op::Curve(left));
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
        let rank =
            self.record.count("rank").map_or(self.terms.contract.spec.rank, |rank| rank.clamp(1, 255) as u8);
        let model = lowering.model;
        let debtor = PartyId(model.group(self.terms.obligor()).0);
        let creditor = PartyId(self.terms.obligee().0);
        lowering.claim(self.terms, Claim { debtor, creditor, amount, rank });
    }

    /// For each month of the run, the share of the minimum that falls after it, discounted to it at a yearly
    /// rate.
    fn still_to_fall(&self, rate: f64) -> Vec<f64> {
        let months = i64::from(self.calendar.months);
        let a_month = (1.0 + rate).powf(-1.0 / 12.0);
        let mut left = vec![0.0; self.calendar.months as usize + 1];
        let mut after = 0.0;
        for t in (0..self.held.last.max(months)).rev() {
            after = (self.fallen(t + 1) - self.fallen(t) + after) * a_month;
            if let Some(left) = left.get_mut(t as usize) {
                *left = after;
            }
        }
        left
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
