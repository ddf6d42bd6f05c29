//! Factors, correlations and events of the model to those of the program, position by position.

use keiretsu_maths::power::power;
use keiretsu_model::record::{Basis, Record, Stated, YearKey};
use keiretsu_model::{Chance, FactorRef, Process as Moves};
use keiretsu_program::{
    Copula, CurveId, Event, Factor, FactorId, Jump, Occurrence, Op, Process, Reg, Slot, SlotId,
};
use keiretsu_values::{Currency, Value};

use crate::calendar::last_of;
use crate::lowering::Lowering;
use crate::slots::plain_slot;

impl Lowering<'_> {
    /// All factors and events; those with a formula get it when they are first read, or here at the latest.
    pub(crate) fn factors(&mut self) {
        let model = self.model;
        for _ in &model.factors {
            let start = self.program.constant(0.0);
            let growth = self.growth(&[]);
            self.program.factor(Factor { start, growth, process: Process::Central });
        }
        for event in &model.events {
            let occurrence = self.occurrence(&event.name, &event.chance);
            self.program.event(Event { occurrence });
        }
        for at in 0..model.factors.len() {
            self.ensure_factor(at);
        }
        for correlation in &model.correlations {
            let rho = correlation.figure.expected().amount().unwrap_or(0.0);
            self.program.correlate(FactorId(correlation.a.0), FactorId(correlation.b.0), rho);
        }
        if let Some(freedom) = model.copula_freedom {
            self.program.copula(Copula::StudentT { freedom });
        }
    }

    /// Gives a factor its process, once.
    pub(crate) fn ensure_factor(&mut self, at: usize) {
        if std::mem::replace(&mut self.factors_done[at], true) {
            return;
        }
        let model = self.model;
        let factor = &model.factors[at];
        let record = &factor.record;
        let path = record.by_year("path");
        let process = match &factor.process {
            Moves::Formula(formula) => Process::Formula(self.formula(formula)),
            Moves::Constant | Moves::Path if !path.is_empty() => {
                Process::Formula(self.path(&factor.name, path))
            }
            Moves::Constant | Moves::Path => Process::Central,
            Moves::Geometric => {
                Process::Geometric { volatility: self.yearly(&factor.name, record, "volatility") }
            }
            Moves::MeanReverting => Process::MeanReverting {
                volatility: self.yearly(&factor.name, record, "volatility"),
                half_life: self.program.constant(record.duration("half_life").unwrap_or(1.0)),
            },
            Moves::Jump => self.jump(&factor.name, record),
        };
        let grows = !matches!(factor.process, Moves::Constant | Moves::Formula(_));
        let growth = match (grows, path.is_empty()) {
            (true, true) => self.growth(record.by_year("growth")),
            (true, false) => self.path_growth(path),
            (false, _) => self.growth(&[]),
        };
        if self.is_formula(currency(record)) {
            self.assume(format!("{} is in another currency, at its rate of as-of", factor.name));
        }
        let growth = self.follows(growth, currency(record));
        let start = self.start(&factor.name, record);
        *self.program.factor_mut(FactorId(at as u32)) = Factor { start, growth, process };
    }

    /// The level of a factor this month.
    pub(crate) fn factor_now(&mut self, factor: FactorRef) -> Reg {
        self.ensure_factor(factor.at());
        self.program.op(Op::Factor(FactorId(factor.0)))
    }

    /// The level of a factor in a past month: as its path states it, else that of as-of.
    pub(crate) fn factor_then(&mut self, factor: FactorRef, t: i64) -> Reg {
        let model = self.model;
        let known = &model.factors[factor.at()];
        let points = self.points(known.record.by_year("path"));
        match &known.process {
            Moves::Formula(formula) if self.past_formula(factor).is_some() => self.formula(formula.as_ref()),
            Moves::Formula(_) => self.now(|lowering| lowering.factor_now(factor)),
            _ if points.is_empty() => self.now(|lowering| lowering.factor_now(factor)),
            Moves::Constant | Moves::Path => self.path_at(&known.name, &points, t),
            // Where it is volatile, only its central path is known of the past.
            _ => {
                let own = currency(&known.record).unwrap_or(model.currency);
                let worth = model.worth_on(own, last_of(self.calendar.month(t))).amount().unwrap_or(f64::NAN);
                self.program.number(level(&points, t as f64) * worth)
            }
        }
    }

    /// The level of a factor by as-of, as its path states it, else as it stands then.
    pub(crate) fn level_then(&self, factor: FactorRef, t: i64) -> Option<Value> {
        let model = self.model;
        let record = &model.factors[factor.at()].record;
        let points = self.points(record.by_year("path"));
        let places: Vec<f64> = points.iter().map(|(at, _)| *at).collect();
        if points.is_empty() {
            let start = record.figure("start")?;
            return Some(model.readings_on(start, model.as_of)[1].clone());
        }
        let day = last_of(self.calendar.month(t));
        let own = |stated: &Stated| model.readings_on(stated, day)[1].clone();
        let parts = points.iter().enumerate();
        let weighed = parts.map(|(at, (_, stated))| own(stated).times(weight(&places, at, t as f64)));
        Some(weighed.fold(Value::exact(0.0), |sum, part| sum.plus(&part)))
    }

    /// The month from which the path of a factor says anything; none without one.
    pub(crate) fn path_begins(&self, factor: FactorRef) -> Option<i64> {
        let record = &self.model.factors[factor.at()].record;
        self.points(record.by_year("path")).first().map(|(at, _)| at.floor() as i64)
    }

    /// A path in one month, where every figure stays a parameter.
    fn path_at(&mut self, name: &str, points: &[(f64, &Stated)], t: i64) -> Reg {
        let places: Vec<f64> = points.iter().map(|(at, _)| *at).collect();
        let mut sum = self.program.number(0.0);
        for (at, (_, stated)) in points.iter().enumerate() {
            let weight = weight(&places, at, t as f64);
            if weight > 0.0 {
                let figure = self.figure(format!("{name}.path.{at}"), stated, &Basis::default());
                let part = self.times(figure, weight);
                sum = self.program.add(sum, part);
            }
        }
        sum
    }

    fn start(&mut self, name: &str, record: &Record) -> SlotId {
        let Some(stated) = record.figure("start") else {
            let points = self.points(record.by_year("path"));
            let start = if points.is_empty() { 0.0 } else { level(&points, 0.0) };
            let worth = self.model.worth(currency(record).unwrap_or(self.model.currency));
            return self.program.constant(start * worth.amount().unwrap_or(f64::NAN));
        };
        let basis = record.entry("start").map(|entry| entry.basis.clone()).unwrap_or_default();
        // What is said about the level at as-of is no condition: a cap is expected at its mean, not at
        // nothing.
        let mut slot = self.slot_on(stated, self.model.as_of);
        if stated.guesses() {
            slot.firm = slot.expected;
        }
        self.slot(format!("{name}.start"), stated, &basis, slot)
    }

    /// A yearly rate or share as a slot.
    fn yearly(&mut self, name: &str, record: &Record, term: &str) -> SlotId {
        let Some(stated) = record.figure(term) else { return self.program.constant(0.0) };
        let basis = record.entry(term).map(|entry| entry.basis.clone()).unwrap_or_default();
        let slot = plain_slot(stated, self.model.about);
        self.slot(format!("{name}.{term}"), stated, &basis, slot)
    }

    fn jump(&mut self, name: &str, record: &Record) -> Process {
        let volatility = self.yearly(name, record, "volatility");
        let empty = Record::default();
        let terms = record.table("jump").unwrap_or(&empty);
        let inside = format!("{name}.jump");
        Process::Jump {
            volatility,
            jump: Jump {
                rate: self.yearly(&inside, terms, "rate"),
                mean: self.yearly(&inside, terms, "mean"),
                spread: self.yearly(&inside, terms, "spread"),
            },
        }
    }

    /// Monthly growth multipliers: `(1 + g)^(1/12)` in each month of the year of `g`.
    fn growth(&mut self, years: &[(YearKey, Stated)]) -> CurveId {
        let calendar = self.calendar;
        let values = (0..=calendar.months)
            .map(|t| if t == 0 { 1.0 } else { power(1.0 + growth_in(years, &calendar, t), 1.0 / 12.0) })
            .collect();
        self.program.curve(values)
    }

    /// The growth that follows a path of levels.
    fn path_growth(&mut self, path: &[(YearKey, Stated)]) -> CurveId {
        let points = self.points(path);
        let values =
            (0..=self.calendar.months)
                .map(|t| {
                    if t == 0 { 1.0 } else { level(&points, f64::from(t)) / level(&points, f64::from(t - 1)) }
                })
                .map(|growth| if growth.is_finite() { growth } else { 1.0 })
                .collect();
        self.program.curve(values)
    }

    /// The growth of what is stated in a currency, in that of the tables. A rate that follows factors stays
    /// where it is at as-of.
    fn follows(&mut self, growth: CurveId, currency: Option<Currency>) -> CurveId {
        let Some(currency) = currency.filter(|currency| self.moves(Some(*currency))) else { return growth };
        let (calendar, model) = (self.calendar, self.model);
        let worth = |t: usize| {
            let day = if t == 0 { calendar.as_of } else { last_of(calendar.month(t as i64)) };
            model.worth_on(currency, day).amount().unwrap_or(f64::NAN)
        };
        let own = self.program.program().curves[growth.at()].clone();
        let steps =
            |(t, growth): (usize, f64)| if t == 0 { growth } else { growth * worth(t) / worth(t - 1) };
        self.program.curve(own.into_iter().enumerate().map(steps).collect())
    }

    /// The figures of a path at their month indices: a year stands for its middle, `later` for a year after
    /// the last one.
    fn points<'s>(&self, path: &'s [(YearKey, Stated)]) -> Vec<(f64, &'s Stated)> {
        let mut points: Vec<(f64, &Stated)> = Vec::new();
        for (key, stated) in path {
            let place = match key {
                YearKey::At(when) => middle(self.calendar.from(when), self.calendar.due(when)),
                // Keys are sorted, and `later` is the last.
                YearKey::Later => points.last().map_or(0.0, |(at, _)| at + 12.0),
            };
            points.push((place, stated));
        }
        points
    }

    /// A path as a sum of its figures, each weighed by a curve, so that every figure stays a parameter.
    fn path(&mut self, name: &str, path: &[(YearKey, Stated)]) -> Reg {
        let points = self.points(path);
        let places: Vec<f64> = points.iter().map(|(at, _)| *at).collect();
        let mut sum: Option<Reg> = None;
        for (at, (_, stated)) in points.iter().enumerate() {
            let figure = self.figure(format!("{name}.path.{at}"), stated, &Basis::default());
            let weight = self.program.curve_of(|t| weight(&places, at, f64::from(t)));
            let part = self.program.mul(figure, weight);
            sum = Some(sum.map_or(part, |sum| self.program.add(sum, part)));
        }
        sum.unwrap_or_else(|| self.program.number(f64::NAN))
    }

    fn occurrence(&mut self, name: &str, chance: &Chance) -> Occurrence {
        match chance {
            Chance::Unknown => Occurrence::Unknown,
            Chance::Happened(when) => Occurrence::Settled { at: self.calendar.due(when).max(0) as u32 },
            Chance::By(stated, by) => {
                let by = by.map_or(i64::from(self.calendar.months), |when| self.calendar.due(&when));
                let chance = self.chance(format!("{name}.chance"), stated);
                Occurrence::Once { chance, by: by.max(1) as u32 }
            }
            Chance::PerYear(stated) => {
                Occurrence::Once { chance: self.chance(format!("{name}.hazard"), stated), by: 12 }
            }
            Chance::TwoState { now, shuts, reopens } => Occurrence::TwoState {
                now: *now,
                shuts: self.chance(format!("{name}.shuts"), shuts),
                reopens: self.chance(format!("{name}.reopens"), reopens),
            },
        }
    }

    fn chance(&mut self, path: String, stated: &Stated) -> SlotId {
        let plain = plain_slot(stated, self.model.about);
        // A chance is a number of its own, not an amount of which nothing is certain.
        let expected = plain.possible[1];
        let slot = Slot { firm: plain.expected, headline: plain.expected, possible: [expected; 3], ..plain };
        self.slot(path, stated, &Basis::default(), slot)
    }
}

/// The currency in which the levels of a factor are stated.
fn currency(record: &Record) -> Option<Currency> {
    let path = record.by_year("path").first().map(|(_, stated)| stated);
    record.figure("start").or(path)?.figure.currency
}

/// The yearly growth that holds in a month: of its year or month, else `later` after the last listed one.
fn growth_in(years: &[(YearKey, Stated)], calendar: &crate::calendar::Calendar, t: u32) -> f64 {
    let now = i64::from(t);
    let mut growth = 0.0;
    let mut last_listed = i64::MIN;
    for (key, stated) in years {
        let amount = stated.expected().amount().unwrap_or(0.0);
        match key {
            YearKey::At(when) => {
                last_listed = last_listed.max(calendar.due(when));
                if (calendar.from(when)..=calendar.due(when)).contains(&now) {
                    growth = amount;
                }
            }
            YearKey::Later if now > last_listed => growth = amount,
            YearKey::Later => {}
        }
    }
    growth
}

fn middle(first: i64, last: i64) -> f64 {
    f64::midpoint(first as f64, last as f64)
}

/// The weight of point `at` in the level at `t`: straight lines between points, flat outside.
fn weight(places: &[f64], at: usize, t: f64) -> f64 {
    let here = places[at];
    let before = at.checked_sub(1).map(|at| places[at]);
    let after = places.get(at + 1).copied();
    match (before, after) {
        (_, Some(after)) if t >= here => ((after - t) / (after - here)).max(0.0),
        (None, _) if t <= here => 1.0,
        (_, None) if t >= here => 1.0,
        (Some(before), _) => ((t - before) / (here - before)).max(0.0),
        (None, _) => 0.0,
    }
}

/// The level of a path in a month, as its figures are expected.
fn level(points: &[(f64, &Stated)], t: f64) -> f64 {
    let places: Vec<f64> = points.iter().map(|(at, _)| *at).collect();
    let amount = |stated: &Stated| stated.expected().amount().unwrap_or(f64::NAN);
    let parts = points.iter().enumerate();
    parts.map(|(at, (_, stated))| weight(&places, at, t) * amount(stated)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::net;

    #[test]
    fn a_path_runs_straight_between_its_points_and_flat_outside() {
        let places = [6.5, 18.5];
        for (t, share) in [(0.0, 0.0), (6.5, 0.0), (12.5, 0.5), (18.5, 1.0), (40.0, 1.0)] {
            assert!((weight(&places, 1, t) - share).abs() < 1e-12, "at {t}");
            assert!((weight(&places, 0, t) - (1.0 - share)).abs() < 1e-12, "at {t}");
        }
    }

    #[test]
    fn a_volatile_factor_has_the_levels_of_its_path_on_its_central_path() {
        let supply = |terms: &str| {
            format!(
                "[factors.f]\npath = {{ 2020 = '$6M/yr', 2026 = '$12M/yr', later = '$24M/yr' }}\n{terms}\n\
                 [contracts.c]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\nusage = \"f\"\n\
                 from = \"2026-01\"\nuntil = \"2028-12\"\n"
            )
        };
        let volatile = supply("volatility = \"20%\"");
        // From July 2020 to July 2026 the level rises from 6 to 12, by half in each 36 months; 24 a year from
        // July 2027 on, so 2 a month at the end.
        for month in [1, 6, 12, 18, 36] {
            let (plain, volatile) =
                (net(&supply(""), "headline", "b", month), net(&volatile, "headline", "b", month));
            assert!((plain - volatile).abs() < 1.0, "month {month}: {plain} and {volatile}");
        }
        assert!((net(&volatile, "headline", "b", 36) - 2e6).abs() < 1.0);
    }
}
