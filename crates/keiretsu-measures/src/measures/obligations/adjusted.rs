//! Adjusted debt: debt, leases, what leases can still ask for, and guarantees, party by party.

use keiretsu_model::PartyRef;
use keiretsu_program::{Probe, Reading};
use keiretsu_values::{Cell, Table, Total, Value};

use super::addends::{Addend, Asked, Kind, now};
use super::tables::{ADJUSTED, PARTS};
use crate::{Query, Seen, Subject};

/// The reading in which adjusted debt is shown.
pub(super) fn reading(query: &Query) -> Reading {
    query.reading.unwrap_or(Reading::Headline)
}

/// The probes of what is outstanding.
pub(super) fn needs(subject: &Subject<'_>) -> impl Iterator<Item = Probe> {
    subject.side.debts.iter().map(|debt| now(debt.now))
}

/// The table of sums and that of addends; none where no party has any.
pub(super) fn tables(subject: &Subject<'_>, query: &Query, seen: &Seen<'_>) -> Vec<Table> {
    let asked = Asked { subject, seen, reading: reading(query) };
    let groups = subject.groups().into_iter().filter(|party| query.wants(*party));
    let parties: Vec<(PartyRef, Vec<Addend>)> = groups
        .map(|party| (party, asked.addends(party)))
        .filter(|(_, addends)| !addends.is_empty())
        .collect();
    if parties.is_empty() {
        return vec![];
    }
    let mut sums = subject.table(&ADJUSTED);
    let mut parts = subject.table(&PARTS);
    for (party, addends) in &parties {
        let row = row(&asked, *party, addends, &mut sums);
        sums.push(row);
        addends.iter().for_each(|addend| parts.push(part(&asked, *party, addend)));
    }
    notes(subject, &parties, &mut sums);
    vec![sums, parts]
}

fn part(asked: &Asked<'_>, party: PartyRef, addend: &Addend) -> Vec<Cell> {
    let discounts = asked.subject.model.discount.is_some();
    vec![
        asked.subject.party(party),
        Cell::text(asked.reading.name()),
        Cell::text(addend.kind.word()),
        Cell::text(&addend.of),
        Cell::Value(addend.amount.clone()),
        if discounts { Cell::Value(addend.discounted.clone()) } else { Cell::Empty },
        Cell::text(addend.not_counted.unwrap_or("yes")),
    ]
}

/// The sum of some addends.
fn sum<'a>(addends: impl Iterator<Item = &'a Addend>, of: fn(&Addend) -> &Value) -> Total {
    let mut total = Total::default();
    addends.for_each(|addend| total.add(&addend.of, of(addend)));
    total
}

/// The larger of the two branches of each lease.
fn branches(addends: &[Addend], of: fn(&Addend) -> &Value) -> Total {
    let mut total = Total::default();
    for residual in addends.iter().filter(|addend| addend.kind == Kind::Residual) {
        let other = addends.iter().find(|one| one.kind == Kind::Renewal && one.of == residual.of);
        let larger = other.map_or(of(residual).clone(), |renewal| of(residual).max(of(renewal)));
        total.add(&residual.of, &larger);
    }
    total
}

fn row(asked: &Asked<'_>, party: PartyRef, addends: &[Addend], table: &mut Table) -> Vec<Cell> {
    let kinds = |wanted: &'static [Kind]| addends.iter().filter(move |one| wanted.contains(&one.kind));
    let amount: fn(&Addend) -> &Value = |addend| &addend.amount;
    let reported = kinds(&[Kind::Reported]).next().map(|addend| addend.amount.clone());
    let modelled = sum(kinds(&[Kind::Loan]), amount);
    let debt = match (&reported, modelled.is_empty()) {
        (Some(reported), _) => reported.clone(),
        (None, false) => modelled.value(),
        (None, true) => Value::undisclosed("no debt is reported, and no loan is modelled"),
    };
    let debt = debt.named(&asked.subject.title(party));
    let counted = |kinds: &'static [Kind]| {
        addends.iter().filter(move |one| kinds.contains(&one.kind) && one.not_counted.is_none())
    };
    let leases = sum(kinds(&[Kind::Lease]), amount);
    let not_begun = sum(kinds(&[Kind::NotBegun]), amount);
    let covers = sum(counted(&[Kind::Guarantee, Kind::Backstop]), amount);
    let has_residual = kinds(&[Kind::Residual]).next().is_some();
    let of_residual = |one: &&Addend| {
        one.kind == Kind::Renewal
            && addends.iter().any(|other| other.kind == Kind::Residual && other.of == one.of)
    };
    let renewals = sum(addends.iter().filter(of_residual), amount);
    let residuals = sum(kinds(&[Kind::Residual]), amount);
    let larger = branches(addends, amount);
    let mut all = Total::default();
    all.add("", &debt);
    for part in [&leases, &not_begun, &larger, &covers] {
        part.left_out.iter().for_each(|what| table.leave_out(what));
        all.append(part.clone());
    }
    let adjusted = all.value();
    let where_known = |value: Value, there: bool| if there { Cell::Value(value) } else { Cell::Empty };
    let to_reported = reported.as_ref().filter(|debt| !debt.is_zero()).map(|debt| adjusted.divide(debt));
    let on_books = debt.plus(&leases.value());
    let share = (!not_begun.is_empty() && !on_books.is_zero()).then(|| not_begun.value().divide(&on_books));
    let number = |value: Option<Value>| value.map_or(Cell::Empty, Cell::Value);
    vec![
        asked.subject.party(party),
        Cell::text(asked.reading.name()),
        number(reported),
        Cell::Value(modelled.value()),
        Cell::Value(debt.clone()),
        Cell::Value(leases.value()),
        Cell::Value(not_begun.value()),
        where_known(renewals.value(), has_residual),
        where_known(residuals.value(), has_residual),
        where_known(larger.value(), has_residual),
        Cell::Value(covers.value()),
        Cell::Value(adjusted),
        number(to_reported),
        number(share),
        where_known(discounted(&debt, addends), asked.subject.model.discount.is_some()),
    ]
}

/// Debt, and the present value of the other addends; what has no date leaves the sum open.
fn discounted(debt: &Value, addends: &[Addend]) -> Value {
    let of: fn(&Addend) -> &Value = |addend| &addend.discounted;
    let plain = [Kind::Lease, Kind::NotBegun, Kind::Guarantee, Kind::Backstop];
    let counted = addends.iter().filter(|one| plain.contains(&one.kind) && one.not_counted.is_none());
    let mut all = sum(counted, of);
    all.add("", debt);
    all.append(branches(addends, of));
    all.value()
}

/// One building stands in the debt of its owner and in the leases of its tenant; the two are never added.
fn notes(subject: &Subject<'_>, parties: &[(PartyRef, Vec<Addend>)], table: &mut Table) {
    table.note(
        "Never added over parties: what a tenant owes for a building is what pays the debt of its owner.",
    );
    let borrows = |party: PartyRef| parties.iter().any(|(other, all)| {
        *other == party && all.iter().any(|one| matches!(one.kind, Kind::Loan | Kind::Reported))
    });
    for (party, addends) in parties {
        for addend in addends.iter().filter(|one| matches!(one.kind, Kind::Lease | Kind::NotBegun)) {
            let mut contracts = subject.model.known_contracts().map(|(_, contract)| contract);
            let contract = contracts.find(|contract| contract.name == addend.of);
            let lessor = contract.and_then(|contract| contract.obligee);
            if let Some(lessor) = lessor.map(|lessor| subject.model.group(lessor)).filter(|one| borrows(*one)) {
                table.note(format!(
                    "Both sides of {} are in the web: the leases of {} and the debt of {}.",
                    addend.of,
                    subject.title(*party),
                    subject.title(lessor)
                ));
            }
        }
    }
}
