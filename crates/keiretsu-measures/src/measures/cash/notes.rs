//! What to know when reading cash: which lines are forecasts, and which parties raise all that they can.

use keiretsu_program::{PartyId, Probe, Quantity, Reg, Span, Tag};
use keiretsu_values::Table;

use super::{id, parties};
use crate::{Query, Seen, Subject};

/// What a party raises and the most that it can, by month.
fn watched(subject: &Subject<'_>, party: PartyId) -> Option<[Probe; 2]> {
    let most: Reg = subject.program.parties[party.at()].funding?.most?;
    let monthly = |quantity| Probe { quantity, span: Span::Month };
    Some([monthly(Quantity::Raised(party)), monthly(Quantity::Register(most))])
}

/// What must be watched.
pub(super) fn needs(subject: &Subject<'_>, party: PartyId) -> Vec<Probe> {
    watched(subject, party).into_iter().flatten().collect()
}

/// The notes of a table.
pub(super) fn add(subject: &Subject<'_>, seen: &Seen<'_>, query: &Query, table: &mut Table) {
    if subject.program.flows.iter().any(|flow| matches!(flow.tag, Tag::Revenue | Tag::Costs)) {
        table.note("Revenue and costs are forecasts: firm counts what is owed, and is no downside.");
    }
    for party in parties(subject, query) {
        all_raised(subject, seen, query, id(party), table);
    }
}

/// Notes the first month in which a party raises all that it can: what it lacks beyond that it is short of.
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
