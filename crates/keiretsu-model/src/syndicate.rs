//! Contracts with several parties in a role to a contract for each of them, which is what is run.
//!
//! The contract of the text stays, as that to which names and statements belong; it is not run itself. A part
//! has the terms of the whole and the share of its party in every amount, so that each party is owed, exposed
//! and paid what is its own. What no named party has is the part of others, who are a party of that contract
//! alone. What names the contract of the text elsewhere means all its parts.
//!
//! Invariants: the parts are made of the contract of the text whenever that changes, and of nothing else;
//! their shares sum to the whole.
//! Absent: who has which claim on whom among the parties; joint liability: each owes its own share.

use std::sync::Arc;

use keiretsu_values::Dimension;

use crate::contract::{Contract, ContractPart};
use crate::figure::Said;
use crate::members::{Member, OTHERS, Portion};
use crate::party::others;
use crate::record::{Content, Entry, Record, Stated};
use crate::share::{RoleShare, Share, StatedShare, values};
use crate::spec::{Sharing, Term};
use crate::{ContractRef, Diagnostic, Model, PartyRef, ScenarioChange, Target};

/// Terms that name the contracts on which something else rests.
const NAMES: [&str; 5] = ["covers", "usable_on", "of", "converts_with", "part_of"];

/// A party in a role, with its share in each version of the contract.
struct Seat {
    party: Option<PartyRef>,
    name: String,
    shares: Vec<Option<RoleShare>>,
    /// What it has of the whole, where that is stated as an amount.
    amounts: Vec<Option<Stated>>,
}

/// What the shares of parties say that does not fit their contract.
pub(crate) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    for contract in model.contracts.iter().flatten() {
        let roles: Vec<&Term> = contract.spec.roles().collect();
        for role in &roles {
            for version in &contract.versions {
                let members = version.record.members(role.name).unwrap_or_default();
                amounts_fit(&version.record, members, diagnostics);
            }
        }
        if let [owes, owed] = roles.as_slice() {
            on_both_sides(contract, [owes.name, owed.name], diagnostics);
        }
    }
}

/// An amount is one of the kind that the whole is, in its currency, and all of them are not more than it.
fn amounts_fit(record: &Record, members: &[Member], diagnostics: &mut Vec<Diagnostic>) {
    let mut sum = 0.0;
    for stated in members.iter().filter_map(Member::stated) {
        if stated.is_open() || stated.figure.dimension == Dimension::NUMBER {
            sum += if stated.is_open() { 0.0 } else { crate::members::least(stated.figure.said) };
            continue;
        }
        let wholes = wholes(record, stated.figure.dimension);
        let Some(whole) = wholes.first() else {
            let message = format!("the contract has no whole of which {} is a part", stated.figure.words);
            diagnostics.push(
                Diagnostic::new("E0302", stated.span, message)
                    .hint("write a share such as \"40%\", or an amount of what the contract is about"),
            );
            return;
        };
        if wholes.iter().any(|whole| whole.figure.currency != stated.figure.currency) {
            let message = format!(
                "{} is in another currency than {}, of which it is a part",
                stated.figure.words, whole.figure.words
            );
            diagnostics.push(
                Diagnostic::new("E0302", stated.span, message)
                    .also(whole.span, "the whole")
                    .hint("write both in one currency, or the part as a share of the whole"),
            );
            return;
        }
        sum += ratio(stated.figure.said, &wholes).map_or(0.0, crate::members::least);
    }
    let first = members.iter().find_map(Member::stated);
    if let Some(first) = first.filter(|_| sum > 1.0 + 1e-6) {
        let message = format!("the parts of these parties are together {:.1}% of the whole", 100.0 * sum);
        diagnostics.push(Diagnostic::new("E0703", first.span, message).hint("they are at most the whole"));
    }
}

/// Nobody owes itself.
fn on_both_sides(contract: &Contract, [owes, owed]: [&str; 2], diagnostics: &mut Vec<Diagnostic>) {
    for version in &contract.versions {
        let record = &version.record;
        if record.members(owes).is_none() && record.members(owed).is_none() {
            continue;
        }
        let named = parties(record, owed);
        for (party, span, name) in parties(record, owes) {
            let Some((_, other, _)) = named.iter().find(|(known, ..)| *known == party) else { continue };
            let message = format!("`{}` has `{name}` both as {owes} and as {owed}", contract.name);
            diagnostics.push(
                Diagnostic::new("E0704", *other, message)
                    .also(span, "the same party here")
                    .hint("name two parties, or segments of one"),
            );
        }
    }
}

/// The named parties of a role.
fn parties(record: &Record, role: &str) -> Vec<(PartyRef, crate::Span, String)> {
    match (record.party(role), record.members(role)) {
        (Some(party), _) => {
            let text = record.entry(role).map_or_else(String::new, |entry| entry.text.clone());
            vec![(party, record.span_of(role), text)]
        }
        (None, Some(members)) => {
            let named = members.iter();
            named.filter_map(|member| Some((member.party?, member.span, member.name.clone()))).collect()
        }
        (None, None) => vec![],
    }
}

/// Makes the parts of all contracts that have several parties in a role, in the place of those that were made
/// before.
pub(crate) fn expand(model: &mut Model) {
    fold(model);
    // Who is covered has of a guarantee what it has of what is covered, so that comes first.
    let stated = model.contracts.len();
    let is_cover = |model: &Model, at: usize| {
        let contract = model.contracts[at].as_ref();
        contract.is_some_and(|contract| !contract.record().contracts("covers").is_empty())
    };
    let (covers, first): (Vec<usize>, Vec<usize>) = (0..stated).partition(|at| is_cover(model, *at));
    for at in first.into_iter().chain(covers) {
        let id = ContractRef(at as u32);
        let Some(contract) = model.contracts[at].clone().filter(has_several) else { continue };
        let Some(sides) = sides(model, id, &contract) else { continue };
        // What a scenario sets is the whole.
        let is_set = |change: &ScenarioChange| matches!(&change.target, Target::Term(of, _) if *of == id);
        let as_amounts = !model.scenarios.iter().flat_map(|scenario| &scenario.changes).any(is_set);
        let parts = parts(id, &contract, &sides, as_amounts);
        let first = model.contracts.len() as u32;
        let names = (first..first + parts.len() as u32).map(ContractRef).collect();
        model.contracts.extend(parts.into_iter().map(Some));
        if let Some(contract) = &mut model.contracts[at] {
            contract.parts = names;
            contract.obligor = sides[0].last().and_then(|seat| seat.party);
            contract.obligee = sides.get(1).and_then(|seats| seats.last()?.party);
        }
    }
    rename(model);
}

/// Takes the parts that were made before out again.
fn fold(model: &mut Model) {
    let whole: Vec<ContractRef> =
        (0..model.contracts.len()).map(|at| model.stated(ContractRef(at as u32))).collect();
    let stated = whole.iter().enumerate().take_while(|(at, whole)| whole.at() == *at).count();
    if stated < model.contracts.len() {
        model.contracts.truncate(stated);
        map_names(model, &mut |_, named| {
            let mut folded: Vec<ContractRef> = named.iter().map(|part| whole[part.at()]).collect();
            folded.dedup();
            folded
        });
    }
    model.parties.retain(|party| party.others_in.is_none());
    model.contracts.iter_mut().flatten().for_each(|contract| contract.parts.clear());
}

/// Whether a role of a contract has several parties in any of its versions.
fn has_several(contract: &Contract) -> bool {
    let mut roles = contract.spec.roles();
    roles.any(|role| contract.versions.iter().any(|version| version.record.members(role.name).is_some()))
}

/// The parties of each role; none where one could not be read.
fn sides(model: &mut Model, id: ContractRef, contract: &Contract) -> Option<Vec<Vec<Seat>>> {
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
            let own = members.iter().find(|member| member.party == seat.party && member.party.is_some());
            let named = members.iter().filter(|member| member.party.is_some());
            let rest = named.clone().any(|member| member.portion == Portion::Rest);
            let is_rest = match own {
                Some(own) => own.portion == Portion::Rest,
                None => seat.party.is_none() && !rest,
            };
            let position = stated.iter().position(|share| share.path.ends_with(&format!(".{}", seat.name)));
            seat.shares.push(match (is_rest, position) {
                (true, _) => Some(RoleShare { stated: stated.clone(), own: None, owes }),
                (false, Some(at)) => Some(RoleShare { stated: stated.clone(), own: Some(at), owes }),
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

/// The only party of a role, who has all of it.
fn alone(record: &Record, role: &str, party: PartyRef) -> Member {
    let name = record.entry(role).map_or_else(String::new, |entry| entry.text.clone());
    Member { party: Some(party), name, span: record.span_of(role), portion: Portion::Rest }
}

/// What is said of the shares of named parties.
fn stated(contract: &Contract, record: &Record, role: &str, members: &[Member]) -> Vec<StatedShare> {
    let named: Vec<(&Member, &Stated)> = members
        .iter()
        .filter(|member| member.party.is_some())
        .filter_map(|m| Some((m, m.stated()?)))
        .collect();
    let said: Vec<(Said, Option<Said>)> = named.iter().map(|(_, stated)| as_share(record, stated)).collect();
    let names: Vec<&str> = named.iter().map(|(member, _)| member.name.as_str()).collect();
    let basis = record.entry(role).map(|entry| entry.basis.clone()).unwrap_or_default();
    let all = named.iter().zip(values(&said, &names));
    all.map(|((member, stated), values)| StatedShare {
        path: format!("{}.{role}.{}", contract.stated_name(), member.name),
        stated: (*stated).clone(),
        basis: basis.clone(),
        values,
    })
    .collect()
}

/// Whether the shares of named parties leave something to others.
fn leaves(stated: &[StatedShare], members: &[Member]) -> bool {
    if members.iter().any(|member| member.party.is_some() && member.portion == Portion::Rest) {
        return false;
    }
    let rest = RoleShare { stated: stated.to_vec(), own: None, owes: true };
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
fn wholes(record: &Record, dimension: Dimension) -> Vec<&Stated> {
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
fn ratio(part: Said, wholes: &[&Stated]) -> Option<Said> {
    let said = |stated: &&Stated| stated.expect.unwrap_or(stated.figure.said).headline().amount();
    let whole: f64 = wholes.iter().map(said).sum::<Option<f64>>().filter(|whole| *whole > 0.0)?;
    Some(crate::edit::scaled(part, 1.0 / whole))
}

/// A contract for each pair of parties.
fn parts(whole: ContractRef, contract: &Contract, sides: &[Vec<Seat>], as_amounts: bool) -> Vec<Contract> {
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
        let nothing = |owes: bool| RoleShare { stated: vec![none()], own: Some(0), owes };
        let several = seats.iter().enumerate().filter(|(side, _)| sizes[*side] > 1);
        let of = several.map(|(side, seat)| seat.shares[at].clone().unwrap_or_else(|| nothing(side == 0)));
        let share = Arc::new(Share { roles: of.collect() });
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
    StatedShare { path: String::new(), stated, basis: crate::record::Basis::default(), values }
}

/// Gives a table the share of a party in all that is an amount; `amount` is what it has of the whole.
fn give(record: &mut Record, share: &Arc<Share>, amount: Option<&Stated>) {
    for entry in &mut record.entries {
        give_entry(entry, share, amount);
    }
}

fn give_entry(entry: &mut Entry, share: &Arc<Share>, amount: Option<&Stated>) {
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
        Content::Formula(formula, yields) => {
            if !yields.is_empty() && yields.iter().all(|dimension| is_amount(*dimension)) {
                **formula = formula.as_ref().clone().of(&mine);
            }
        }
        Content::Table(record) => give(record, share, amount),
        Content::Tables(tables) => tables.iter_mut().for_each(|(_, _, record)| give(record, share, amount)),
        _ => {}
    }
}

/// An amount that a party has, in the place of that of the whole: for the same time, at the same price.
fn of_whole(amount: &Stated, whole: &Stated) -> Stated {
    let mut stated = Stated { on: whole.on, ..amount.clone() };
    (stated.figure.over, stated.figure.at) = (whole.figure.over, whole.figure.at.clone());
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

/// Lets what names a contract of the text name its parts: all of them, or those of the parties that both
/// have.
fn rename(model: &mut Model) {
    let parts: Vec<Vec<ContractRef>> =
        (0..model.contracts.len()).map(|at| model.parts(ContractRef(at as u32))).collect();
    let sides: Vec<[Option<PartyRef>; 2]> = model
        .contracts
        .iter()
        .map(|contract| contract.as_ref().map_or([None; 2], |known| [known.obligor, known.obligee]))
        .collect();
    let others: Vec<bool> = model.parties.iter().map(|party| party.others_in.is_some()).collect();
    map_names(model, &mut |[term, at], named| {
        let mut renamed = Vec::new();
        for whole in named {
            let parts = &parts[whole.at()];
            match (NAMES[term], parts.as_slice()) {
                (_, [_]) => renamed.extend(parts),
                ("part_of", _) => renamed.extend(nearest(sides[at], parts, &sides, &others)),
                ("covers" | "usable_on", _) => renamed.extend(covered(sides[at][1], parts, &sides, &others)),
                _ => renamed.extend(parts),
            }
        }
        renamed
    });
}

/// The part of which another contract is a slice: that of the same parties, else that of others.
fn nearest(
    own: [Option<PartyRef>; 2],
    parts: &[ContractRef],
    sides: &[[Option<PartyRef>; 2]],
    others: &[bool],
) -> Option<ContractRef> {
    let fits = |part: &ContractRef| {
        let sides = sides[part.at()];
        own.iter().filter(|party| sides.contains(party)).count()
    };
    let is_rest = |part: &&ContractRef| sides[part.at()].iter().flatten().any(|party| others[party.at()]);
    let best = parts.iter().map(fits).max()?;
    let best: Vec<ContractRef> = parts.iter().filter(|part| fits(part) == best).copied().collect();
    if best.len() == 1 { best.first().copied() } else { best.iter().find(is_rest).or(best.last()).copied() }
}

/// The parts that a party of another contract has, its own; those of all others for others.
fn covered(
    beneficiary: Option<PartyRef>,
    parts: &[ContractRef],
    sides: &[[Option<PartyRef>; 2]],
    others: &[bool],
) -> Vec<ContractRef> {
    let is_others = |party: Option<PartyRef>| party.is_some_and(|party| others[party.at()]);
    let fits = |part: &&ContractRef| {
        sides[part.at()]
            .iter()
            .any(|party| *party == beneficiary || is_others(*party) && is_others(beneficiary))
    };
    let own: Vec<ContractRef> = parts.iter().filter(fits).copied().collect();
    // Of whom none is owed anything there is a message that names the contract.
    if own.is_empty() { parts.to_vec() } else { own }
}

/// Changes what contracts name, in all their versions; given are the term and the contract, by position.
fn map_names(model: &mut Model, map: &mut impl FnMut([usize; 2], &[ContractRef]) -> Vec<ContractRef>) {
    for (at, contract) in model.contracts.iter_mut().enumerate() {
        for version in contract.iter_mut().flat_map(|contract| &mut contract.versions) {
            for (term, name) in NAMES.iter().enumerate() {
                let entry = version.record.entries.iter_mut().find(|entry| entry.name == *name);
                if let Some(Content::Contracts(named)) = entry.map(|entry| &mut entry.content) {
                    *named = map([term, at], named);
                }
            }
        }
    }
}
