//! How high the lowest cover of a borrower can be while nothing says when some of its loans mature.
//!
//! A loan that is repaid at once stands in all periods, and its interest is due in each of them, or it has
//! fallen due in one, with all of its principal. Each leaves the lowest cover no higher than that period's.
//! Absent: loans that come back in instalments, and those of which the rate or the amount is open as well.

use std::collections::BTreeMap;
use std::ops::Range;

use keiretsu_contracts::side::OpenLoan;
use keiretsu_model::ContractRef;
use keiretsu_model::formula::Node;
use keiretsu_model::record::Stated;
use keiretsu_program::Reading;

use super::Asked;
use super::borrowers::Borrower;
use super::lines::{Line, Lines, Placed};
use super::summary::is_owed;
use crate::Subject;

/// The most that the lowest cover can be; none where there is no such loan, or where nothing bounds it.
pub(super) fn most(
    asked: &Asked<'_>,
    (borrower, placed): (&Borrower<'_>, &[Placed]),
    (lines, served): (&Lines, &[Line]),
    reading: Reading,
    periods: Range<usize>,
) -> Option<f64> {
    let undated = borrower.debts.iter().filter(|debt| debt.maturity.is_none());
    let principal =
        |debt: &&OpenLoan| Some((debt.contract, principal(asked.subject, borrower, debt, reading)?));
    let principals: BTreeMap<ContractRef, f64> = undated.map(principal).collect::<Option<_>>()?;
    if principals.is_empty() {
        return None;
    }
    let mine = || placed.iter().filter(|one| one.party == borrower.party && served.contains(&one.line));
    let of_undated = |one: &Placed| one.contract.is_some_and(|of| principals.contains_key(&of));
    let value = |one: &Placed, at| asked.seen.value(reading, one.probe(asked.span), at);
    let (mut stands, mut falls) = (f64::INFINITY, f64::NEG_INFINITY);
    for at in periods {
        let brought = lines.value(Line::Contracted, at).set().high;
        let others: f64 = mine().filter(|one| !of_undated(one)).map(|one| value(one, at).set().low).sum();
        let interest = mine().filter(|one| of_undated(one) && one.line == Line::Interest);
        let interest: f64 = interest.filter_map(|one| value(one, at).amount()).sum();
        if 0.0 < others + interest {
            stands = stands.min(brought / (others + interest));
        }
        falls = principals.values().fold(falls, |most, principal| most.max(brought / (others + principal)));
    }
    Some(stands.max(falls)).filter(|most| most.is_finite())
}

/// What comes back at once of a loan of which only the day is open.
fn principal(
    subject: &Subject<'_>,
    borrower: &Borrower<'_>,
    debt: &OpenLoan,
    reading: Reading,
) -> Option<f64> {
    let record = subject.model.contract(debt.contract)?.record();
    let bullet = record.text("repayment").is_none_or(|word| word == "bullet");
    let exact = |stated: &Stated| subject.model.readings(stated)[reading].set().is_point();
    let rate = record.formula("rate").is_some_and(|rate| match &rate.node {
        Node::Amount(_) => true,
        node => matches!(node, Node::Worded(stated) if exact(stated)),
    });
    if !bullet || !rate || !record.figure("spread").is_none_or(exact) {
        return None;
    }
    let owed = subject.standing_by_party().filter(|one| one.contract == debt.contract);
    let parts = owed.filter(|one| is_owed(subject, one, borrower));
    let set = parts.map(|one| one.undated(reading)).reduce(|sum, next| sum.plus(&next))?.set();
    (set.is_point() && 0.0 < set.low).then_some(set.low)
}
