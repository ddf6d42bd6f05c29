//! Commitments one by one: standing, dates, the three readings, and what is said of cancelling.

use keiretsu_contracts::side::{Cancellable, Commitment};
use keiretsu_model::Standing;
use keiretsu_program::Reading;
use keiretsu_values::{Cell, Table};

use super::tables::CONTRACTS;
use super::{UNDATED, Weighed};
use crate::{Query, Subject, cancels};

/// One row for each commitment.
pub(super) fn contracts(
    subject: &Subject<'_>,
    query: &Query,
    weighed: &Weighed<'_>,
    wanted: &[&Commitment],
) -> Table {
    let mut table = subject.table(&CONTRACTS);
    for commitment in wanted {
        let mut row = vec![
            Cell::named(&subject.name(commitment)),
            subject.party(commitment.from),
            subject.party(commitment.to),
            Cell::text(commitment.purpose.name()),
            Cell::text(standing(commitment)),
            Cell::text(when(commitment)),
        ];
        row.extend(Reading::ALL.map(|reading| {
            if query.wants_column(reading.name()) {
                Cell::Value(weighed.amount(commitment, reading))
            } else {
                Cell::Empty
            }
        }));
        row.extend(cancelling(commitment));
        table.push(row);
        if commitment.branch {
            table.note(format!(
                "{} is one of two branches that exclude each other: totals count the larger, expected both.",
                subject.name(commitment)
            ));
        }
        if commitment.alternative.is_some() {
            table.note(format!(
                "{} is one of several alternatives: totals count the smallest in the firm reading, the \
                 largest in the headline.",
                subject.name(commitment)
            ));
        }
        if commitment.slice {
            table.note(format!(
                "{} is part of another commitment and counts only inside it.",
                subject.name(commitment)
            ));
        }
    }
    let says = |one: &&Commitment| one.cancelling.said != Cancellable::Nothing;
    cancels::shown_where(wanted.iter().any(says), &mut table);
    assumptions(subject, wanted, &mut table);
    table
}

/// What is said of cancelling it, and what of its firm amount stands all the same.
fn cancelling(commitment: &Commitment) -> [Cell; 2] {
    let words = if commitment.cancelling.said == Cancellable::Nothing {
        "not said"
    } else {
        &commitment.cancelling.words
    };
    let stands = match commitment.cancelling.said {
        Cancellable::Can => commitment.fallen(Reading::Firm).plus(&commitment.bound_to(Reading::Firm)),
        Cancellable::Never => commitment.amount(Reading::Firm),
        _ => return [Cell::text(words), Cell::Empty],
    };
    [Cell::text(words), Cell::Value(stands)]
}

pub(super) fn standing(commitment: &Commitment) -> String {
    let word = commitment.standing.word();
    if commitment.is_unconfirmed() { format!("{word}, due, payment unconfirmed") } else { word.to_owned() }
}

/// When it falls due, in words.
fn when(commitment: &Commitment) -> String {
    let years = [commitment.dues.first(), commitment.dues.last()].map(|due| due.map(|due| due.on.year()));
    match years {
        [Some(first), Some(last)] if first == last => first.to_string(),
        [Some(first), Some(last)] => format!("{first} to {last}"),
        _ if commitment.standing == Standing::Conditional => "when its condition holds".to_owned(),
        _ => UNDATED.to_owned(),
    }
}

/// Assumptions behind the amounts.
fn assumptions(subject: &Subject<'_>, wanted: &[&Commitment], table: &mut Table) {
    let names: Vec<&str> = wanted
        .iter()
        .filter_map(|commitment| subject.model.contract(commitment.contract))
        .map(|contract| contract.name.as_str())
        .collect();
    for assumption in subject.model.assumptions() {
        let owner = assumption.what.split(['.', ':']).next().unwrap_or_default();
        if names.contains(&owner) {
            let words =
                if assumption.words.is_empty() { String::new() } else { format!(" = {}", assumption.words) };
            table.assumptions.push(format!("{}{words}", assumption.what));
        }
    }
    table.assumptions.extend(subject.side.assumptions.iter().cloned());
}
