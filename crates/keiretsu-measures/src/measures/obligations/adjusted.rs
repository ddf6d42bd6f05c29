//! Adjusted debt: debt, leases, what leases can still ask for, and guarantees, party by party.

use keiretsu_model::PartyRef;
use keiretsu_program::{Probe, Reading};
use keiretsu_values::{Cell, Table, Total, Value};

use super::addends::{Addend, Asked, Kind, OTHER_ALTERNATIVE, now};
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
    let name = |party: &PartyRef| subject.model.party(*party).name.as_str();
    let groups = subject.groups().into_iter().filter(|party| query.wants(*party));
    let groups = groups.filter(|party| query.wants_row("party", name(party)));
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
        for addend in addends {
            parts.push(part(&asked, *party, addend));
        }
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

/// The sums of a party.
struct Sums {
    reported: Option<Value>,
    modelled: Value,
    debt: Value,
    leases: Value,
    not_begun: Value,
    /// Renewal, residual value and the larger of them; none where it guarantees no value.
    branches: Option<[Value; 3]>,
    covers: Value,
    adjusted: Value,
    left_out: Vec<String>,
}

impl Sums {
    fn of(subject: &Subject<'_>, party: PartyRef, addends: &[Addend]) -> Self {
        let amount: fn(&Addend) -> &Value = |addend| &addend.amount;
        let counts = |one: &&Addend| one.not_counted != Some(OTHER_ALTERNATIVE);
        let addends: Vec<Addend> = addends.iter().filter(counts).cloned().collect();
        let addends = &addends[..];
        let of = |wanted: &[Kind]| sum(addends.iter().filter(|one| wanted.contains(&one.kind)), amount);
        let reported = of(&[Kind::Reported]);
        let modelled = of(&[Kind::Loan]);
        let debt = match (reported.is_empty(), modelled.is_empty()) {
            (false, _) => reported.value(),
            (true, false) => modelled.value(),
            (true, true) => Value::undisclosed("no debt is reported, and no loan is modelled"),
        };
        let debt = debt.named(&subject.title(party));
        let [leases, not_begun] = [Kind::Lease, Kind::NotBegun].map(|kind| of(&[kind]));
        let covers = of(&[Kind::Guarantee, Kind::Backstop]);
        let (residuals, larger) = (of(&[Kind::Residual]), branches(addends, amount));
        let renewals = sum(addends.iter().filter(|one| avoids(one, addends)), amount);
        let mut all = Total::default();
        all.add("", &debt);
        let mut left_out = Vec::new();
        for part in [&leases, &not_begun, &larger, &covers] {
            left_out.extend(part.left_out.iter().cloned());
            all.append(part.clone());
        }
        Self {
            reported: (!reported.is_empty()).then(|| reported.value()),
            modelled: modelled.value(),
            debt,
            leases: leases.value(),
            not_begun: not_begun.value(),
            branches: (!residuals.is_empty()).then(|| [renewals.value(), residuals.value(), larger.value()]),
            covers: covers.value(),
            adjusted: all.value(),
            left_out,
        }
    }

    fn to_reported(&self) -> Option<Value> {
        let debt = self.reported.as_ref().filter(|debt| !debt.is_zero())?;
        Some(self.adjusted.divide(debt))
    }

    fn not_begun_share(&self) -> Option<Value> {
        let begun = self.debt.plus(&self.leases);
        (!self.not_begun.is_zero() && !begun.is_zero()).then(|| self.not_begun.divide(&begun))
    }
}

/// Whether a renewal avoids a guaranteed residual value.
fn avoids(one: &Addend, addends: &[Addend]) -> bool {
    let residual = |other: &Addend| other.kind == Kind::Residual && other.of == one.of;
    one.kind == Kind::Renewal && addends.iter().any(residual)
}

/// The adjusted debt of a party in a reading; none where it has no addend.
pub(super) fn of(subject: &Subject<'_>, seen: &Seen<'_>, party: PartyRef, reading: Reading) -> Option<Value> {
    let addends = Asked { subject, seen, reading }.addends(party);
    (!addends.is_empty()).then(|| Sums::of(subject, party, &addends).adjusted)
}

fn row(asked: &Asked<'_>, party: PartyRef, addends: &[Addend], table: &mut Table) -> Vec<Cell> {
    let sums = Sums::of(asked.subject, party, addends);
    sums.left_out.iter().for_each(|what| table.leave_out(what));
    let number = |value: Option<Value>| value.map_or(Cell::Empty, Cell::Value);
    let discounts = asked.subject.model.discount.is_some();
    let (to_reported, share) = (sums.to_reported(), sums.not_begun_share());
    let discounted = discounts.then(|| discounted(&sums.debt, addends));
    let head = [asked.subject.party(party), Cell::text(asked.reading.name()), number(sums.reported)];
    let plain = [sums.modelled, sums.debt, sums.leases, sums.not_begun].map(Cell::Value);
    let branches = match sums.branches {
        Some(branches) => branches.map(Cell::Value),
        None => [Cell::Empty, Cell::Empty, Cell::Empty],
    };
    let rest = [Cell::Value(sums.covers), Cell::Value(sums.adjusted)];
    let ratios = [to_reported, share, discounted].map(number);
    head.into_iter().chain(plain).chain(branches).chain(rest).chain(ratios).collect()
}

/// Debt, and the present value of the other addends; what has no date leaves the sum open.
fn discounted(debt: &Value, addends: &[Addend]) -> Value {
    let of: fn(&Addend) -> &Value = |addend| &addend.discounted;
    let plain = [Kind::Lease, Kind::NotBegun, Kind::Guarantee, Kind::Backstop];
    let counted = addends.iter().filter(|one| plain.contains(&one.kind));
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
    let borrows = |party: PartyRef| {
        parties.iter().any(|(other, all)| {
            *other == party && all.iter().any(|one| matches!(one.kind, Kind::Loan | Kind::Reported))
        })
    };
    for (party, addends) in parties {
        for addend in addends.iter().filter(|one| matches!(one.kind, Kind::Lease | Kind::NotBegun)) {
            let mut contracts = subject.model.known_contracts().map(|(_, contract)| contract);
            let contract = contracts.find(|contract| contract.name == addend.of);
            let lessor = contract.and_then(|contract| contract.obligee);
            if let Some(lessor) = lessor.map(|lessor| subject.model.group(lessor)).filter(|one| borrows(*one))
            {
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
