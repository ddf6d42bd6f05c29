//! Who has which share of a role, in each version of a contract.

use keiretsu_values::Dimension;

use crate::contract::Contract;
use crate::figure::Said;
use crate::members::{Member, OTHERS, Portion};
use crate::party::others;
use crate::record::{Content, Record, Stated};
use crate::share::{RoleShare, StatedShare, values};
use crate::{ContractRef, Model, PartyRef};

/// A party in a role, with its share in each version of the contract.
pub(super) struct Seat {
    pub party: Option<PartyRef>,
    pub name: String,
    pub shares: Vec<Option<RoleShare>>,
    /// What it has of the whole, where that is stated as an amount.
    pub amounts: Vec<Option<Stated>>,
}

/// The parties of each role; none where one could not be read.
pub(super) fn sides(model: &mut Model, id: ContractRef, contract: &Contract) -> Option<Vec<Vec<Seat>>> {
    let roles: Vec<&str> = contract.spec.roles().map(|role| role.name).collect();
    let mut sides = Vec::new();
    for (at, role) in roles.iter().enumerate() {
        let mut seats = seats(contract, role, at == 0)?;
        if at == 1 {
            as_covered(model, contract, role, &mut seats);
        }
        for seat in seats.iter_mut().filter(|seat| seat.party.is_none()) {
            let of = if at == 0 { String::new() } else { format!(" ({role})") };
            model.parties.push(others(id, format!("others in {}{of}", contract.name), contract.span));
            seat.party = Some(PartyRef(model.parties.len() as u32 - 1));
        }
        sides.push(seats);
    }
    Some(sides)
}

/// Lets those whom a guarantee is in favour of, where nothing says who has how much of it, have what they
/// have of the contract that it covers.
fn as_covered(model: &Model, contract: &Contract, role: &str, seats: &mut Vec<Seat>) {
    let record = contract.record();
    let silent = record.members(role).is_some_and(|members| !members.iter().any(Member::says_how_much));
    let [covered] = record.contracts("covers") else { return };
    let parts = model.parts(*covered);
    let parts: Vec<&Contract> = parts.iter().filter_map(|part| model.contract(*part)).collect();
    let is_others = |party: PartyRef| model.party(party).others_in == Some(*covered);
    for seat in seats.iter_mut() {
        let fits = |party: &PartyRef| match seat.party {
            Some(own) => *party == own,
            None => is_others(*party),
        };
        for (at, side) in [|one: &Contract| one.obligor, |one: &Contract| one.obligee].iter().enumerate() {
            let Some(part) = parts.iter().find(|part| side(part).is_some_and(|party| fits(&party))) else {
                continue;
            };
            seat.party = side(part);
            let share = part.part.as_ref().and_then(|part| part.shares.last());
            let own = share.and_then(|share| share.roles.iter().find(|role| role.owes == (at == 0)));
            if let Some(own) = own.filter(|_| silent) {
                let own = RoleShare { owes: false, ..own.clone() };
                seat.shares.iter_mut().for_each(|share| *share = Some(own.clone()));
            }
            break;
        }
    }
    // Of whom nothing is left under the contract, nothing is covered.
    let is_part = parts.iter().any(|part| part.part.is_some());
    seats.retain(|seat| seat.party.is_some() || !(silent && is_part));
}

/// The parties of a role in all versions, in the order in which they are first named, others last.
fn seats(contract: &Contract, role: &str, owes: bool) -> Option<Vec<Seat>> {
    let mut seats: Vec<Seat> = Vec::new();
    let mut left = false;
    let mut said: Vec<(Vec<StatedShare>, Vec<Member>)> = Vec::new();
    for version in &contract.versions {
        let record = &version.record;
        let members = match (record.members(role), record.party(role)) {
            (Some(members), _) => members.to_vec(),
            (None, Some(party)) => vec![alone(record, role, party)],
            (None, None) => return None,
        };
        for member in members.iter().filter(|member| member.party.is_some()) {
            if !seats.iter().any(|seat| seat.party == member.party) {
                let (party, name) = (member.party, member.name.clone());
                seats.push(Seat { party, name, shares: vec![], amounts: vec![] });
            }
        }
        let stated = stated(contract, record, role, &members);
        left |= leaves(&stated, &members);
        said.push((stated, members));
    }
    if left {
        seats.push(Seat { party: None, name: OTHERS.to_owned(), shares: vec![], amounts: vec![] });
    }
    for seat in &mut seats {
        for (stated, members) in &said {
            let last = last_of_all(members);
            let left_to = last.map(|last| last.name.clone());
            let own = members.iter().find(|member| member.party == seat.party && member.party.is_some());
            let named = members.iter().filter(|member| member.party.is_some());
            let rest = last.is_some() || named.clone().any(|member| member.portion == Portion::Rest);
            let is_rest = match own {
                Some(own) => own.portion == Portion::Rest || last == Some(own),
                None => seat.party.is_none() && !rest,
            };
            let position = stated.iter().position(|share| share.path.ends_with(&format!(".{}", seat.name)));
            seat.shares.push(match (is_rest, position) {
                (true, _) => Some(RoleShare { stated: stated.clone(), own: None, owes, left_to }),
                (false, Some(at)) => Some(RoleShare { stated: stated.clone(), own: Some(at), owes, left_to }),
                // In this version it has nothing.
                (false, None) => None,
            });
            let amount = own.and_then(Member::stated);
            let amount = amount.filter(|stated| stated.figure.dimension != Dimension::NUMBER);
            seat.amounts.push(amount.filter(|stated| !stated.is_open()).cloned());
        }
    }
    Some(seats)
}

/// The last of several parties that have the whole together, in shares that are not said: it has what the
/// others leave.
fn last_of_all(members: &[Member]) -> Option<&Member> {
    members.last().filter(|_| 1 < members.len() && members.iter().all(|member| member.listed))
}

/// The only party of a role, who has all of it.
fn alone(record: &Record, role: &str, party: PartyRef) -> Member {
    let name = record.entry(role).map_or_else(String::new, |entry| entry.text.clone());
    Member { party: Some(party), name, span: record.span_of(role), portion: Portion::Rest, listed: false }
}

/// What is said of the shares of named parties.
fn stated(contract: &Contract, record: &Record, role: &str, members: &[Member]) -> Vec<StatedShare> {
    let last = last_of_all(members);
    let named: Vec<(&Member, &Stated)> = members
        .iter()
        .filter(|member| member.party.is_some() && last != Some(*member))
        .filter_map(|m| Some((m, m.stated()?)))
        .collect();
    let said: Vec<(Said, Option<Said>)> = named.iter().map(|(_, stated)| as_share(record, stated)).collect();
    let names: Vec<&str> = named.iter().map(|(member, _)| member.name.as_str()).collect();
    let basis = record.entry(role).map(|entry| entry.basis.clone()).unwrap_or_default();
    let all = named.iter().zip(values(&said, &names));
    // Of parties that have the whole together a run takes equal parts; else others have what is not said.
    let unread_as = if last.is_some() { 1.0 / members.len() as f64 } else { 0.0 };
    all.map(|((member, stated), values)| StatedShare {
        path: format!("{}.{role}.{}", contract.stated_name(), member.name),
        stated: (*stated).clone(),
        basis: basis.clone(),
        values,
        unread_as,
    })
    .collect()
}

/// Whether the shares of named parties leave something to others.
fn leaves(stated: &[StatedShare], members: &[Member]) -> bool {
    let is_rest = |member: &Member| member.party.is_some() && member.portion == Portion::Rest;
    if last_of_all(members).is_some() || members.iter().any(is_rest) {
        return false;
    }
    let rest = RoleShare { stated: stated.to_vec(), own: None, owes: true, left_to: None };
    // Numbers such as 10% are no sums of powers of two.
    rest.values().iter().any(|rest| rest.amount().is_none_or(|rest| rest > 1e-9) || rest.set().high > 1e-9)
}

/// What is said of a share, as a part of the whole.
fn as_share(record: &Record, stated: &Stated) -> (Said, Option<Said>) {
    if stated.figure.dimension == Dimension::NUMBER {
        return (stated.figure.said, stated.expect);
    }
    let wholes = wholes(record, stated.figure.dimension);
    let of = |said: Said| ratio(said, &wholes).unwrap_or(Said::Undisclosed);
    (of(stated.figure.said), stated.expect.map(of))
}

/// The terms that say how much the whole is, measured in something.
pub(super) fn wholes(record: &Record, dimension: Dimension) -> Vec<&Stated> {
    let mut wholes = Vec::new();
    record.walk("", &mut |_, entry| {
        if let Content::Figure(stated) = &entry.content
            && entry.adds
            && stated.figure.dimension == dimension
        {
            wholes.push(&**stated);
        }
    });
    wholes
}

/// A part of a whole as a share of it; none where the whole is not known.
pub(super) fn ratio(part: Said, wholes: &[&Stated]) -> Option<Said> {
    let said = |stated: &&Stated| stated.expect.unwrap_or(stated.figure.said).headline().amount();
    let whole: f64 = wholes.iter().map(said).sum::<Option<f64>>().filter(|whole| *whole > 0.0)?;
    Some(crate::edit::scaled(part, 1.0 / whole))
}
