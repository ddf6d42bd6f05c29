//! A question on a party and its counterparties: the parts of a total, their shares, and its rows.

use keiretsu_model::PartyRef;
use keiretsu_program::Reading;
use keiretsu_values::{Cell, Set, Table, Total, Value};

use crate::cancels::Cancels;
use crate::{Subject, shares};

/// A total and its parts.
pub(super) struct Question {
    pub of: &'static str,
    pub parts: Vec<(PartyRef, Total)>,
    /// The part from outside, or the reported total beyond the parts.
    pub rest: Option<Value>,
    /// The total as reported.
    pub reported: Option<Value>,
}

pub(super) fn rows(
    subject: &Subject<'_>,
    party: PartyRef,
    reading: Reading,
    question: &Question,
    table: &mut Table,
) -> bool {
    if question.parts.is_empty() {
        return false;
    }
    name_left_out(question, table);
    let total = question.whole();
    let head = [subject.party(party), Cell::text(question.of), Cell::text(reading.name())];
    let mut push = |counterparty: Cell, amount: Value, share: Value, index: [Cell; 2], last: [Cell; 3]| {
        let mut row = head.to_vec();
        row.extend([counterparty, Cell::Value(amount), Cell::Value(share)]);
        row.extend(index);
        row.extend(last);
        table.push(row);
    };
    let none = [Cell::Empty, Cell::Empty];
    let mut cancels: Option<Cancels> = None;
    let mut all = Value::exact(1.0);
    for (at, (other, part)) in question.parts.iter().enumerate() {
        let share = shares::share(&part.value(), &question.beside(at));
        if share.amount().is_none() && total.open_because().is_some() {
            all = Value::unread(UNREAD, Set::SHARE);
        }
        let own = can_be_cancelled(subject, question.of, [party, *other], reading);
        let cells = own.as_ref().map_or(NOT_SAID, Cancels::cells);
        push(subject.party(*other), part.value(), share, none.clone(), cells);
        if let Some(own) = own {
            cancels.get_or_insert_default().append(own);
        }
    }
    let rest = question.rest();
    if let Some((what, rest)) = &rest {
        let share = shares::share(rest, &question.named());
        push(Cell::text(*what), rest.clone(), share, none, NOT_SAID);
    }
    let [hhi, effective] = question.index();
    let says = cancels.as_ref().is_some_and(Cancels::said);
    let cells = cancels.as_ref().map_or(NOT_SAID, Cancels::cells);
    push(Cell::text("total"), total, all, [Cell::Value(hhi), Cell::Value(effective)], cells);
    if rest.and_then(|(_, rest)| rest.amount()).is_some_and(|rest| rest < -0.5) {
        let name = subject.title(party);
        table.leave_out(format!("{name}, {}: the reported total is smaller than its parts", question.of));
    }
    says
}

/// No cells of what can be cancelled.
const NOT_SAID: [Cell; 3] = [Cell::Empty, Cell::Empty, Cell::Empty];

/// What of the part of a counterparty can be cancelled, where the question is on contracts.
fn can_be_cancelled(
    subject: &Subject<'_>,
    of: &str,
    [party, other]: [PartyRef; 2],
    reading: Reading,
) -> Option<Cancels> {
    match of {
        "backlog" => Some(subject.contracted_cancels(other, party, reading)),
        "supply" => Some(subject.supplied_cancels(party, other, reading)),
        _ => None,
    }
}

/// Names the unknown amounts.
fn name_left_out(question: &Question, table: &mut Table) {
    for what in question.parts.iter().flat_map(|(_, part)| &part.left_out) {
        table.leave_out(what.clone());
    }
}

/// Why there is no share.
const UNREAD: &str = "an amount is undisclosed";

impl Question {
    /// The others of contracts are no counterparties: nobody knows how many they are, as of those outside.
    pub fn without_others(self, subject: &Subject<'_>) -> Self {
        let (parts, others): (Vec<_>, Vec<_>) =
            self.parts.into_iter().partition(|(party, _)| subject.is_named(*party));
        let others: Vec<Value> = others.iter().map(|(_, part)| part.value()).collect();
        let rest = if others.is_empty() {
            self.rest
        } else {
            Some(self.rest.unwrap_or(Value::exact(0.0)).plus(&shares::sum(&others)))
        };
        Self { parts, rest, ..self }
    }

    /// The part that the web explains.
    fn named(&self) -> Value {
        let parts: Vec<Value> = self.parts.iter().map(|(_, part)| part.value()).collect();
        shares::sum(&parts)
    }

    /// The total as reported, else all parts and the part from outside.
    fn whole(&self) -> Value {
        let outside = self.rest.clone().unwrap_or(Value::exact(0.0));
        self.reported.clone().unwrap_or_else(|| self.named().plus(&outside))
    }

    /// The rest of the whole beyond the parts, and its name.
    fn rest(&self) -> Option<(&'static str, Value)> {
        match (&self.reported, &self.rest) {
            (Some(reported), _) => Some(("not explained by the web", reported.beyond(&self.named()))),
            (None, Some(rest)) if !rest.is_zero() => Some(("outside", rest.clone())),
            _ => None,
        }
    }

    /// The rest of the whole next to one part, from 0 up.
    fn beside(&self, at: usize) -> Value {
        if let Some(reported) = &self.reported {
            return left_of(reported, &self.parts[at].1.value());
        }
        let others = self.parts.iter().enumerate().filter(|(other, _)| *other != at);
        let rest = self.rest.iter().cloned();
        others
            .map(|(_, (_, part))| part.value())
            .chain(rest)
            .fold(Value::exact(0.0), |sum, part| sum.plus(&part))
    }

    /// HHI and effective number. With nearly everything outside, the number is unknown.
    fn index(&self) -> [Value; 2] {
        let parts: Vec<Value> = self.parts.iter().map(|(_, part)| part.value()).collect();
        let outside = match self.rest() {
            Some((_, rest)) => rest.max(&Value::exact(0.0)),
            None => Value::exact(0.0),
        };
        let squares = shares::profile(&parts, &outside).squares;
        let shown = shares::share(&self.named(), &outside).amount().is_none_or(|share| share > 0.1);
        let effective = if shown && !squares.is_zero() {
            Value::exact(1.0).divide(&squares)
        } else {
            Value::unread("nearly all lies outside", Set { low: 1.0, high: f64::INFINITY })
        };
        [squares.times(1e4), effective]
    }
}

/// The rest of a whole without a part.
fn left_of(whole: &Value, part: &Value) -> Value {
    let left = whole.minus(part);
    if left.amount().is_some_and(|left| left < 0.0) { left } else { left.within(Set::NOT_NEGATIVE) }
}
