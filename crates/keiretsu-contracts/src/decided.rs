//! Conditions that dates decide, without a run.

use keiretsu_model::formula::{Formula, Node, Operator};

use crate::calendar::Calendar;

/// Whether a condition holds in a month before the run, as far as dates and nothing else decide it.
pub(crate) fn decided(formula: &Formula, calendar: &Calendar, t: i64) -> Option<bool> {
    decided_by(formula, calendar, t, &|_, _| None)
}

/// The same where `other` says what else decides it.
pub(crate) fn decided_by(
    formula: &Formula,
    calendar: &Calendar,
    t: i64,
    other: &dyn Fn(&Formula, i64) -> Option<bool>,
) -> Option<bool> {
    let of = |part: &Formula| decided_by(part, calendar, t, other);
    match &formula.node {
        Node::Truth(truth) => Some(*truth),
        Node::Date(when) => Some(calendar.from(when) <= t),
        Node::Not(part) => of(part).map(|holds| !holds),
        Node::Binary(Operator::And, a, b) => match (of(a), of(b)) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        },
        Node::Binary(Operator::Or, a, b) => match (of(a), of(b)) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        },
        Node::Lag(part, months) => decided_by(part, calendar, t - i64::from(*months), other),
        _ => other(formula, t),
    }
}

/// The month in which a condition first holds, whatever its lapse, where dates and nothing else decide it.
pub(crate) fn first_held(formula: &Formula, calendar: &Calendar) -> Option<i64> {
    let mut months = Vec::new();
    changes(formula, 0, calendar, &mut months);
    months.sort_unstable();
    let before = months.first()? - 1;
    // What has always held began on no date.
    if decided(formula, calendar, before)? {
        return None;
    }
    for t in months {
        if decided(formula, calendar, t)? {
            return Some(t);
        }
    }
    None
}

/// The months in which a condition of dates may change.
pub(crate) fn changes(formula: &Formula, later: i64, calendar: &Calendar, months: &mut Vec<i64>) {
    match &formula.node {
        Node::Date(when) => months.push(calendar.from(when) + later),
        Node::Not(part) => changes(part, later, calendar, months),
        Node::Lag(part, lag) => changes(part, later + i64::from(*lag), calendar, months),
        Node::Binary(_, a, b) => {
            changes(a, later, calendar, months);
            changes(b, later, calendar, months);
        }
        _ => {}
    }
}
