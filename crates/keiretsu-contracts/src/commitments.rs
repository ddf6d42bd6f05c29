//! Commitments as worded: what both sides of a contract owe and are owed, before anything is simulated.

use std::collections::BTreeMap;

use jiff::civil::Date;
use keiretsu_model::record::Stated;
use keiretsu_model::side::{Commitment, Due};
use keiretsu_model::{PartyRef, Span, Standing, When};
use keiretsu_program::{Reg, Tag};
use keiretsu_values::Value;

use crate::calendar::{Calendar, last_of, month};
use crate::lowering::{Lowering, Terms};
use crate::ramps::TermMonths;

/// A commitment to be filled in by its contract type.
#[derive(Clone, Debug)]
pub struct Promise<'a> {
    /// The tranche, if it is one of several.
    pub tranche: Option<&'a str>,
    /// Who is owed.
    pub to: PartyRef,
    /// What it is for.
    pub tag: Tag,
    /// Where it stands.
    pub standing: Standing,
    /// What falls due when, from the start of the contract.
    pub dues: Vec<Due>,
    /// What nothing dates, in the three readings.
    pub undated: [Value; 3],
    /// Where it stands in the text.
    pub span: Span,
}

/// Nothing, in the three readings.
pub fn nothing() -> [Value; 3] {
    [0.0; 3].map(Value::exact)
}

/// What falls due when of an amount, all of it undated where nothing dates it.
pub fn dated_or_not(
    dated: Option<&Dated>,
    calendar: &Calendar,
    amounts: [Value; 3],
) -> (Vec<Due>, [Value; 3]) {
    match dated {
        Some(dated) => (dated.dues(calendar, &amounts), nothing()),
        None => (vec![], amounts),
    }
}

impl Lowering<'_> {
    /// The share of a dated amount that falls due in each month of the run.
    pub fn share_due(&mut self, dated: &Dated) -> Reg {
        let calendar = self.calendar;
        self.program.curve_of(|t| dated.in_month(&calendar, i64::from(t)))
    }

    /// Notes a commitment of the version that is in force at as-of.
    pub fn promise(&mut self, terms: &Terms<'_>, promise: Promise<'_>) {
        if !terms.current {
            return;
        }
        self.side.commitments.push(Commitment {
            contract: terms.id,
            tranche: promise.tranche.map(str::to_owned),
            from: terms.obligor(),
            to: promise.to,
            tag: promise.tag.name(),
            standing: promise.standing,
            dues: promise.dues,
            undated: promise.undated,
            flow: None,
            share: [1.0; 3],
            over: None,
            slice: false,
            trigger: None,
            lapse: None,
            span: promise.span,
        });
    }

    /// Notes the flow that will date a commitment once the model is run.
    pub fn dated_by(&mut self, terms: &Terms<'_>, flow: keiretsu_program::FlowId) {
        if let Some(last) = self.side.commitments.last_mut().filter(|_| terms.current) {
            last.flow = Some(flow.0);
        }
    }

    /// Notes what has to happen before a commitment is due, in the words of a term, and by when.
    pub fn triggered_by(&mut self, terms: &Terms<'_>, words: &str, before: Option<When>) {
        if let Some(last) = self.side.commitments.last_mut().filter(|_| terms.current) {
            last.trigger = Some(words.trim().trim_matches('"').to_owned());
            last.lapse = before.map(|when| when.last);
        }
    }

    /// The three readings of a figure that stands as it does, in model currency.
    pub fn readings(&self, stated: &Stated, standing: Standing) -> [Value; 3] {
        let rate = self.model.worth(stated.figure.currency.unwrap_or(self.model.currency));
        Self::worded(stated, standing).map(|value| value.scaled(&rate))
    }

    /// The same in the currency of its words.
    pub(crate) fn worded(stated: &Stated, standing: Standing) -> [Value; 3] {
        let headline = stated.headline();
        match standing {
            Standing::Paid | Standing::Binding => [stated.firm(), stated.expected(), headline],
            Standing::Conditional => [Value::exact(0.0), stated.taken(), headline],
            Standing::Announced => [Value::exact(0.0), Self::announced(stated), headline],
            Standing::Lapsed | Standing::Terminated => [0.0; 3].map(Value::exact),
        }
    }

    /// What is expected of something announced: nothing decides it but an analyst.
    fn announced(stated: &Stated) -> Value {
        match stated.expect {
            Some(expect) => expect.expected(),
            None => Value::undisclosed("announced, and no `expect` says what to make of it"),
        }
    }
}

/// When shares of an amount fall due, in the order of days.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dated {
    shares: Vec<(Date, f64)>,
}

impl Dated {
    /// Evenly over the months of a stated time; one day, month or year falls due on its last day.
    pub fn over(when: &When) -> Self {
        if when.single {
            return Self { shares: vec![(when.last, 1.0)] };
        }
        let (first, last) = (month(when.first), month(when.last));
        let count = last.since(first) + 1;
        let day = |at: i32| last_of(first.plus(at)).min(when.last);
        Self { shares: (0..count).map(|at| (day(at), 1.0 / f64::from(count))).collect() }
    }

    /// The last day of each month of a term that has a share.
    pub fn by_month(term: TermMonths, calendar: &Calendar, share: impl Fn(i64) -> f64) -> Self {
        let all = (term.first..=term.last).map(|t| (last_of(calendar.month(t)), share(t)));
        Self { shares: all.filter(|(_, share)| share.abs() > 0.0).collect() }
    }

    /// Whether nothing of it is after as-of.
    pub fn is_past(&self, calendar: &Calendar) -> bool {
        !self.shares.is_empty() && self.shares.iter().all(|(on, _)| *on <= calendar.as_of)
    }

    /// What fell due by as-of.
    pub fn past<'a>(&'a self, calendar: &Calendar) -> impl Iterator<Item = (Date, f64)> + 'a {
        let as_of = calendar.as_of;
        self.shares.iter().copied().filter(move |(on, _)| *on <= as_of)
    }

    /// The share that falls due in month `t` of the run.
    pub fn in_month(&self, calendar: &Calendar, t: i64) -> f64 {
        let due = self.shares.iter().filter(|(on, _)| calendar.as_of < *on && calendar.t(month(*on)) == t);
        due.map(|(_, share)| share).sum()
    }

    /// The share that falls due after month `t` of the run.
    pub fn after(&self, calendar: &Calendar, t: i64) -> f64 {
        let later = |on: Date| calendar.as_of < on && t < calendar.t(month(on));
        self.shares.iter().filter(|(on, _)| later(*on)).map(|(_, share)| share).sum()
    }

    /// The dues of an amount in its three readings.
    pub fn dues(&self, calendar: &Calendar, amounts: &[Value; 3]) -> Vec<Due> {
        let of = |(on, share): &(Date, f64)| Due {
            on: *on,
            past: *on <= calendar.as_of,
            amounts: amounts.each_ref().map(|amount| amount.times(*share)),
        };
        self.shares.iter().map(of).collect()
    }
}

/// Dues of several parts, in the order of days; those of one day are one.
pub fn merged(parts: impl IntoIterator<Item = Vec<Due>>) -> Vec<Due> {
    let mut by_day: BTreeMap<Date, Due> = BTreeMap::new();
    for due in parts.into_iter().flatten() {
        match by_day.get_mut(&due.on) {
            None => {
                by_day.insert(due.on, due);
            }
            Some(had) => had.amounts = [0, 1, 2].map(|at| had.amounts[at].plus(&due.amounts[at])),
        }
    }
    by_day.into_values().collect()
}
