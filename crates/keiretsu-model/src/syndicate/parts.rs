//! The part of a contract that is between some of its parties: its terms, with their share of all amounts.

use std::sync::Arc;

use keiretsu_values::Dimension;

use super::seats::{Seat, wholes};
use crate::ContractRef;
use crate::contract::{Contract, ContractPart};
use crate::record::{Content, Entry, Record, Stated};
use crate::share::{PartyShare, RoleShare, StatedShare};
use crate::spec::Sharing;

/// A contract for each pair of parties.
pub(super) fn parts(
    whole: ContractRef,
    contract: &Contract,
    sides: &[Vec<Seat>],
    as_amounts: bool,
) -> Vec<Contract> {
    let mut parts = Vec::new();
    for owes in &sides[0] {
        match sides.get(1) {
            None => parts.push(part(whole, contract, &[owes], &[sides[0].len()], as_amounts)),
            Some(owed) => {
                let of_pair = owed.iter().filter(|seat| seat.party != owes.party);
                let sizes = [sides[0].len(), owed.len()];
                parts.extend(of_pair.map(|seat| part(whole, contract, &[owes, seat], &sizes, as_amounts)));
            }
        }
    }
    parts
}

/// The part of a contract that is between these parties.
fn part(
    whole: ContractRef,
    contract: &Contract,
    seats: &[&Seat],
    sizes: &[usize],
    as_amounts: bool,
) -> Contract {
    let mut part = contract.clone();
    let names = seats.iter().zip(sizes).filter(|(_, size)| **size > 1).map(|(seat, _)| seat.name.as_str());
    part.name = [contract.name.as_str()].into_iter().chain(names).collect::<Vec<_>>().join("/");
    part.obligor = seats[0].party;
    part.obligee = seats.get(1).and_then(|seat| seat.party);
    let mut shares = Vec::new();
    let roles: Vec<&str> = contract.spec.roles().map(|role| role.name).collect();
    for (at, version) in part.versions.iter_mut().enumerate() {
        let nothing = |owes: bool| RoleShare { stated: vec![none()], own: Some(0), owes, left_to: None };
        let several = seats.iter().enumerate().filter(|(side, _)| sizes[*side] > 1);
        let of = several.map(|(side, seat)| seat.shares[at].clone().unwrap_or_else(|| nothing(side == 0)));
        let share = Arc::new(PartyShare { roles: of.collect() });
        let amount = seats.iter().find_map(|seat| seat.amounts[at].as_ref());
        let amount = amount.filter(|amount| {
            as_amounts
                && share.roles.len() == 1
                && wholes(&version.record, amount.figure.dimension).len() == 1
        });
        give(&mut version.record, &share, amount);
        for (entry, seat) in roles.iter().zip(seats) {
            let entry = version.record.entries.iter_mut().find(|known| known.name == *entry);
            if let (Some(entry), Some(party)) = (entry, seat.party) {
                entry.content = Content::Party(party);
            }
        }
        shares.push(share);
    }
    part.part = Some(ContractPart { whole, name: contract.name.clone(), shares });
    part
}

/// The share of who has nothing.
fn none() -> StatedShare {
    let values = [0, 1, 2].map(|_| keiretsu_values::Value::exact(0.0));
    let stated = crate::statements::plain(0.0, crate::Span::default());
    StatedShare {
        path: String::new(),
        stated,
        basis: crate::record::Basis::default(),
        values,
        unread_as: 0.0,
    }
}

/// Gives a table the share of a party in all that is an amount; `amount` is what it has of the whole.
fn give(record: &mut Record, share: &Arc<PartyShare>, amount: Option<&Stated>) {
    for entry in &mut record.entries {
        give_entry(entry, share, amount);
    }
}

fn give_entry(entry: &mut Entry, share: &Arc<PartyShare>, amount: Option<&Stated>) {
    let (adds, sharing) = (entry.adds, entry.sharing);
    let mine = match sharing {
        Sharing::Parts => Arc::clone(share),
        Sharing::Owed => Arc::new(share.of_side(false)),
        Sharing::Whole => return,
    };
    match &mut entry.content {
        Content::Figure(stated) if adds || is_amount(stated.figure.dimension) || stated.is_open() => {
            match amount.filter(|amount| adds && amount.figure.dimension == stated.figure.dimension) {
                Some(amount) => **stated = of_whole(amount, stated),
                None => stated.share = Some(mine),
            }
        }
        Content::Formula(formula, yields)
            if !yields.is_empty() && yields.iter().all(|dimension| is_amount(*dimension)) =>
        {
            **formula = formula.as_ref().clone().of(&mine);
        }
        Content::Table(record) => give(record, share, amount),
        Content::Tables(tables) => tables.iter_mut().for_each(|(_, _, record)| give(record, share, amount)),
        _ => {}
    }
}

/// An amount that a party has, in the place of that of the whole: for the same time, at the same price.
fn of_whole(amount: &Stated, whole: &Stated) -> Stated {
    let mut stated = Stated { on: whole.on, ..amount.clone() };
    (stated.figure.over, stated.figure.at) = (whole.figure.over, whole.figure.at);
    stated
}

/// Whether twice as much of everything is twice as much of it.
fn is_amount(dimension: Dimension) -> bool {
    [
        Dimension::MONEY,
        Dimension::MONEY_RATE,
        Dimension::POWER,
        Dimension::SHARES,
        Dimension::CHIPS,
        Dimension::ENERGY,
        Dimension::TOKENS,
    ]
    .contains(&dimension)
}
