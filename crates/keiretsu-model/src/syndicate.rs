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

mod names;
mod parts;
mod seats;

use keiretsu_values::Dimension;

use self::names::{map_names, rename};
use self::parts::parts;
use self::seats::{ratio, sides, wholes};
use crate::contract::Contract;
use crate::members::Member;
use crate::record::Record;
use crate::spec::Term;
use crate::{ContractRef, Diagnostic, Model, PartyRef, ScenarioChange, Target};

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

/// No party owes itself.
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
