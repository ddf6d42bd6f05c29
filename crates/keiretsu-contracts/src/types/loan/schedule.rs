//! The months of a loan over all its versions: when it is drawn, when it pays, how many instalments are left,
//! and what its run from the start makes of a draw.

use std::collections::BTreeMap;

use keiretsu_model::Standing;
use keiretsu_model::record::{Record, Stated};
use keiretsu_values::Value;

use super::rhythm::{Repayment, Rhythm, rate_then};
use crate::calendar::{Calendar, TermMonths, last_of, month};
use crate::dated::Dated;
use crate::in_time::{Dues, Falls, Held, in_their_time};
use crate::lowering::Lowering;
use crate::terms::Terms;

/// A loan with all its versions.
pub(super) struct Schedule<'a> {
    versions: Vec<(Terms<'a>, Rhythm)>,
    calendar: Calendar,
    /// The months of draws on dates, with their shares.
    pub drawn: Vec<(i64, f64)>,
    /// Rates that are formulas, in the months from the first draw to as-of, where they were numbers.
    past_rates: BTreeMap<i64, f64>,
}

/// What a month of the run from the start brings.
#[derive(Clone, Copy, Debug)]
struct Step {
    t: i64,
    principal: f64,
    /// Interest that is paid; unknown where the rate is no number.
    interest: f64,
}

/// What the run from the start has come to at as-of, per unit that was lent.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stood {
    pub owed: f64,
    /// Interest accrued since the last payment; unknown where a rate is no number.
    pub accrued: f64,
    /// Principal times years over which it has accrued.
    pub years: f64,
}

impl<'a> Schedule<'a> {
    pub fn new(versions: Vec<Terms<'a>>, lowering: &Lowering<'_>) -> Self {
        let rhythm = |terms: Terms<'a>| (terms, Rhythm::new(terms.record, lowering));
        let versions = versions.into_iter().map(rhythm).collect();
        let mut schedule =
            Self { versions, calendar: lowering.calendar, drawn: vec![], past_rates: BTreeMap::new() };
        let draws = schedule.draws(Standing::Binding).0;
        schedule.drawn = schedule.by_month(draws.iter().flat_map(|held| held.dated.shares()));
        let first = schedule.drawn.iter().map(|(t, _)| *t).min().unwrap_or(1);
        let moving = (first..=0).filter(|t| schedule.at(*t).rate.is_none());
        let rates = moving.filter_map(|t| Some((t, rate_then(schedule.version(t).record, lowering, t)?)));
        schedule.past_rates = rates.collect();
        schedule
    }

    /// The months of interest since the last payment that what was drawn by as-of has borne at the most.
    pub fn accrued_months(&self) -> i64 {
        let rhythm = self.at(0);
        let since = (0..rhythm.every).find(|back| rhythm.pays(-back)).unwrap_or(0);
        let first = self.drawn.iter().map(|(at, _)| *at).filter(|at| *at <= 0).min();
        if rhythm.added { 0 } else { first.map_or(since, |first| since.min(-first)) }
    }

    /// The rhythm in force in a month.
    pub fn at(&self, t: i64) -> &Rhythm {
        let at = self.versions.iter().position(|(terms, _)| terms.window.holds(t));
        // Windows cover all months.
        &self.versions[at.unwrap_or(self.versions.len() - 1)].1
    }

    /// The yearly rate of a month, where it is a number: of the past also what a formula said then.
    pub fn rate(&self, t: i64) -> Option<f64> {
        self.at(t).rate.or_else(|| self.past_rates.get(&t).copied())
    }

    pub fn rhythms(&self) -> impl Iterator<Item = &Rhythm> {
        self.versions.iter().map(|(_, rhythm)| rhythm)
    }

    /// What is drawn on dates: the amount of each version with the shares that fall while it holds.
    pub fn draws(&self, standing: Standing) -> Dues<'a> {
        let falls: Vec<(TermMonths, Falls)> = self
            .versions
            .iter()
            .map(|(terms, rhythm)| {
                let dated = drawn_on(terms.record, rhythm, &self.calendar);
                (terms.window, dated.map_or(Falls::Undated, Falls::Whole))
            })
            .collect();
        let (dated, _) = in_their_time(&falls, &self.calendar);
        let held = self.versions.iter().zip(dated).filter_map(|((terms, _), dated)| {
            let stated = terms.record.figure("amount")?;
            let basis = terms.record.entry("amount").map(|entry| entry.basis.clone()).unwrap_or_default();
            Some(Held {
                path: terms.path("amount"),
                stated,
                basis,
                standing,
                dated,
                times: Value::exact(1.0),
                rises: vec![],
            })
        });
        Dues(held.collect())
    }

    /// The version in force in a month.
    pub fn version(&self, t: i64) -> &Terms<'a> {
        let at = self.versions.iter().position(|(terms, _)| terms.window.holds(t));
        // Windows cover all months.
        &self.versions[at.unwrap_or(self.versions.len() - 1)].0
    }

    /// Whether nothing says when it is drawn, though it is drawn at once.
    pub fn is_drawn_some_time(&self) -> bool {
        let dated = |record: &Record| ["drawn", "when", "outstanding"].iter().any(|term| record.has(term));
        !self.revolves() && !self.versions.iter().any(|(terms, _)| dated(terms.record))
    }

    /// Whether some version leaves its rate undisclosed.
    pub fn is_rate_open(&self) -> bool {
        let open = |record: &Record| {
            let rate = record.formula("rate").and_then(|rate| rate.worded());
            [rate, record.figure("spread")].into_iter().flatten().any(Stated::is_open)
        };
        self.versions.iter().any(|(terms, _)| open(terms.record))
    }

    /// Whether nothing says when it comes back.
    pub fn comes_back_some_time(&self) -> bool {
        !self.revolves() && self.last_maturity().is_none()
    }

    /// Whether its instalments rest on a rate that is only about what it says.
    pub fn is_vague(&self) -> bool {
        let about = |record: &Record| {
            let rate = record.formula("rate").and_then(|rate| rate.worded());
            [rate, record.figure("spread")].into_iter().flatten().any(|stated| stated.headline().is_vague())
        };
        let rests = |rhythm: &Rhythm| rhythm.added || rhythm.repayment == Repayment::Annuity;
        self.versions.iter().any(|(terms, rhythm)| rests(rhythm) && about(terms.record))
    }

    /// Whether any version revolves.
    pub fn revolves(&self) -> bool {
        self.rhythms().any(|rhythm| rhythm.repayment == Repayment::Revolving)
    }

    /// The month of the first draw on a date.
    pub fn first_draw(&self, draws: &Dues<'_>) -> Option<i64> {
        let days = draws.0.iter().flat_map(|held| held.dated.shares());
        days.map(|(on, _)| self.calendar.t(month(on))).min()
    }

    /// The month after which nothing of it changes: its maturity, else the month after its last draw and its
    /// last amendment.
    pub fn last_change(&self, draws: &Dues<'_>) -> i64 {
        if let Some(last) = self.last_maturity() {
            return last;
        }
        let days = draws.0.iter().flat_map(|held| held.dated.shares());
        let last_draw = days.map(|(on, _)| self.calendar.t(month(on))).max();
        let last_window = self.versions.iter().map(|(terms, _)| terms.window.first).max();
        last_draw.max(last_window).unwrap_or(0).max(0) + 1
    }

    /// Whether some of it was drawn by as-of.
    pub fn is_begun(&self) -> bool {
        let calendar = &self.calendar;
        self.draws(Standing::Binding).0.iter().any(|held| held.dated.past(calendar).next().is_some())
    }

    /// The last month of maturity of any version.
    pub fn last_maturity(&self) -> Option<i64> {
        self.rhythms().map(|rhythm| rhythm.maturity).collect::<Option<Vec<_>>>()?.into_iter().max()
    }

    /// All of it in the month of maturity, where nothing is paid back before.
    pub fn at_maturity(&self) -> Option<Dated> {
        let rhythm = self.rhythms().last()?;
        let at_once = matches!(rhythm.repayment, Repayment::Bullet | Repayment::Revolving);
        let maturity = rhythm.maturity.filter(|_| at_once)?;
        Some(Dated::on(last_of(self.calendar.month(maturity)), 1.0))
    }

    /// What of a draw is outstanding at as-of; `None` where a rate that is no number decides.
    pub fn outstanding(&self, drawn: &Dated) -> Option<Stood> {
        let mut now = Stood::default();
        let draws = self.by_month(drawn.past(&self.calendar));
        let Some(first) = draws.first().map(|(t, _)| *t) else { return Some(now) };
        if self.last_maturity().is_some_and(|last| last <= 0) {
            // Whatever its instalments were, they have paid it back.
            return Some(now);
        }
        for t in first..=0 {
            self.step(t, drawn_in(&draws, t), &mut now)?;
        }
        // Drawn in the month of as-of and before it: it bears interest from the next month on, so that the
        // first month of the run is one too many.
        let late: f64 = draws.iter().filter(|(t, _)| 0 < *t).map(|(_, share)| share).sum();
        now.owed += late;
        now.years -= late / 12.0;
        now.accrued -= late * self.at(1).rate.unwrap_or(f64::NAN) / 12.0;
        Some(now)
    }

    /// The months since the last payment, with the share of a draw that bore interest in each.
    pub fn bearing(&self, drawn: &Dated) -> Vec<(i64, f64)> {
        let draws = self.by_month(drawn.past(&self.calendar));
        let (mut now, mut bearing) = (Stood::default(), Vec::new());
        let Some(first) = draws.first().map(|(t, _)| *t) else { return bearing };
        for t in first..=0 {
            bearing.push((t, now.owed));
            if self.step(t, drawn_in(&draws, t), &mut now).is_none() {
                return vec![(0, f64::NAN)];
            }
            if self.at(t).pays(t) || self.at(t).matured(t) || self.at(t).added {
                bearing.clear();
            }
        }
        let late: f64 = draws.iter().filter(|(t, _)| 0 < *t).map(|(_, share)| share).sum();
        bearing.push((1, -late));
        bearing
    }

    /// When what is drawn is paid back, and its interest paid, from the start; `None` where a rate that is no
    /// number decides, or nothing says when.
    pub fn paid_back(&self, drawn: &Dated, opening: f64) -> Option<[Dated; 2]> {
        let draws = self.by_month(drawn.shares());
        let first = draws.first().map(|(t, _)| *t).filter(|_| opening <= 0.0).unwrap_or(1);
        let last = self.rhythms().filter_map(|rhythm| rhythm.maturity).max()?;
        let mut now = Stood { owed: opening, ..Stood::default() };
        let mut steps = Vec::new();
        for t in first..=last.max(first + 1) {
            steps.push(self.step(t, drawn_in(&draws, t), &mut now)?);
        }
        // An earlier maturity than that of a version no longer in force may leave nothing to pay back.
        let day = |t: i64| last_of(self.calendar.month(t));
        let principal =
            steps.iter().filter(|step| step.principal > 0.0).map(|step| (day(step.t), step.principal));
        let interest =
            steps.iter().filter(|step| step.interest > 0.0).map(|step| (day(step.t), step.interest));
        (now.owed.abs() < 1e-9).then(|| [Dated::of(principal.collect()), Dated::of(interest.collect())])
    }

    /// What falls due after a month and up to another one of a unit that is outstanding at the end of the
    /// first; `None` where a rate that is no number decides.
    pub fn falls_between(&self, t: i64, last: i64) -> Option<f64> {
        let mut now = Stood { owed: 1.0, ..Stood::default() };
        let mut sum = 0.0;
        for month in t + 1..=last {
            let step = self.step(month, 0.0, &mut now)?;
            sum += step.principal + step.interest;
            if now.owed <= 0.0 {
                break;
            }
        }
        Some(sum)
    }

    /// Whether interest falls due after a month and up to another one.
    pub fn pays_between(&self, t: i64, last: i64) -> bool {
        (t + 1..=last).any(|month| self.at(month).pays(month))
    }

    fn by_month(&self, shares: impl Iterator<Item = (jiff::civil::Date, f64)>) -> Vec<(i64, f64)> {
        shares.map(|(on, share)| (self.calendar.t(month(on)), share)).collect()
    }

    /// One month of the run at stated terms.
    fn step(&self, t: i64, draw: f64, now: &mut Stood) -> Option<Step> {
        let rhythm = self.at(t);
        let month = now.owed * self.rate(t).unwrap_or(f64::NAN) / 12.0;
        let month = if now.owed.abs() > 0.0 { month } else { 0.0 };
        let ends = rhythm.matured(t);
        let all = if rhythm.added { now.owed + month } else { now.owed };
        if all.is_nan() {
            return None;
        }
        let principal = match ends {
            true => all,
            false if rhythm.instalment(t) && now.owed > 0.0 => {
                rhythm.instalment_of(now.owed, t, self.rate(t), self.unborne(t))?.min(all)
            }
            false => 0.0,
        };
        let mut interest = 0.0;
        if !rhythm.added {
            now.accrued += month;
            now.years += now.owed / 12.0;
        }
        if rhythm.pays(t) || ends {
            interest = now.accrued;
            (now.accrued, now.years) = (0.0, 0.0);
        }
        now.owed = all - principal + if ends { 0.0 } else { draw };
        Some(Step { t, principal, interest })
    }
}

/// When a record has it drawn, if dates say so: its own, or those of its condition.
fn drawn_on(record: &Record, rhythm: &Rhythm, calendar: &Calendar) -> Option<Dated> {
    if record.has("when") {
        return Some(Dated::on(last_of(calendar.month(rhythm.met?)), 1.0));
    }
    record.when("drawn").map(|when| Dated::over(&when))
}

fn drawn_in(draws: &[(i64, f64)], t: i64) -> f64 {
    draws.iter().filter(|(at, _)| *at == t).map(|(_, share)| share).sum()
}
