//! What to know when reading cash: which lines are forecasts, and which parties raise all that they can.

use std::collections::BTreeSet;

use keiretsu_contracts::side::{Commitment, FlowLabel};
use keiretsu_model::{ContractRef, Standing};
use keiretsu_program::{FlowId, PartyId, Probe, Quantity, Reading, Reg, Span, Tag};
use keiretsu_values::Table;

use super::{id, parties};
use crate::{Query, Seen, Subject};

/// Probes of a party's raised money and its limit, by month.
fn watched(subject: &Subject<'_>, party: PartyId) -> Option<[Probe; 2]> {
    let most: Reg = subject.program.parties[party.at()].funding?.most?;
    let monthly = |quantity| Probe { quantity, span: Span::Month };
    Some([monthly(Quantity::Raised(party)), monthly(Quantity::Register(most))])
}

/// The probes.
pub(super) fn needs(subject: &Subject<'_>, party: PartyId) -> Vec<Probe> {
    watched(subject, party).into_iter().flatten().collect()
}

/// The notes of a table.
pub(super) fn add(subject: &Subject<'_>, seen: &Seen<'_>, query: &Query, table: &mut Table) {
    if subject.program.flows.iter().any(|flow| matches!(flow.tag, Tag::Revenue | Tag::Costs)) {
        table.note("Revenue and costs are forecasts: firm counts what is owed, and is no downside.");
    }
    let called = called(subject, seen, query);
    if !called.is_empty() {
        table.note(format!(
            "Firm pays what the run calls of {}; firm commitments count nothing of it.",
            called.into_iter().collect::<Vec<_>>().join(", ")
        ));
    }
    undated(subject, query, table);
    for party in parties(subject, query) {
        all_raised(subject, seen, query, id(party), table);
    }
}

/// Contracts absent from firm commitments and paid in the firm run: backstops, guarantees and residual values
/// are called by events of the run.
fn called(subject: &Subject<'_>, seen: &Seen<'_>, query: &Query) -> BTreeSet<String> {
    if !query.readings().contains(&Reading::Firm) {
        return BTreeSet::new();
    }
    let contingent =
        |one: &&Commitment| one.standing == Standing::Conditional && one.amount(Reading::Firm).is_zero();
    let covers = subject.side.covers.iter().zip(&subject.program.covers);
    let covers: Vec<(ContractRef, FlowId)> =
        covers.map(|(contract, cover)| (*contract, cover.call)).collect();
    let paid = |one: &&Commitment| {
        let mine = covers.iter().filter(|(contract, _)| *contract == one.contract).map(|(_, flow)| *flow);
        one.flow.into_iter().chain(mine).any(|flow| {
            let payments = seen.series(Reading::Firm, super::paid(flow, super::span(query)));
            payments.mean.iter().any(|amount| 0.0 < *amount)
        })
    };
    let all = subject
        .side
        .commitments
        .iter()
        .filter(contingent)
        .filter(|one| is_requested(subject, query, one))
        .filter(paid);
    all.map(|one| subject.name(one)).collect()
}

/// Whether the run has a flow that carries a commitment.
fn is_run(subject: &Subject<'_>, one: &Commitment) -> bool {
    let name = subject.name(one);
    let carries =
        |flow: &FlowLabel| flow.name == name || one.tranche.is_none() && flow.contract == Some(one.contract);
    one.flow.is_some() || subject.side.flows.iter().any(carries)
}

fn is_requested(subject: &Subject<'_>, query: &Query, one: &Commitment) -> bool {
    [one.from, one.to].into_iter().any(|party| query.wants(subject.model.group(party)))
}

/// Names commitments without a date, which are in no month.
fn undated(subject: &Subject<'_>, query: &Query, table: &mut Table) {
    let waits =
        |standing| matches!(standing, Standing::Conditional | Standing::Lapsed | Standing::Terminated);
    let cash = subject.side.commitments.iter().filter(|one| one.is_cash() && !waits(one.standing));
    for one in cash.filter(|one| !is_run(subject, one) && is_requested(subject, query, one)) {
        if one.undated.iter().any(|part| !part.is_zero()) {
            table.leave_out(format!("{}: nothing dates it", subject.name(one)));
        }
    }
}

/// Notes the first month in which a party raises all that it can; beyond that it is short.
fn all_raised(subject: &Subject<'_>, seen: &Seen<'_>, query: &Query, party: PartyId, table: &mut Table) {
    let Some([raised, most]) = watched(subject, party) else { return };
    for reading in query.readings() {
        let months = seen.series(reading, raised).mean.iter().zip(&seen.series(reading, most).mean);
        let all = |(raised, most): (&f64, &f64)| 0.0 < *raised && most - raised <= most.abs() * 1e-12;
        let Some(at) = months.into_iter().position(all) else { continue };
        let title = subject.title(keiretsu_model::PartyRef(party.0));
        let month = subject.program.month(at as u32 + 1);
        table.note(format!(
            "{title} raises in {month} all that it can in a month ({}): `most` of its funding, or its value \
             before the money.",
            reading.name()
        ));
        return;
    }
}
