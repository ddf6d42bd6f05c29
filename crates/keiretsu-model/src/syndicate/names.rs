//! What names a contract of the text names its parts, and back.

use crate::record::Content;
use crate::{ContractRef, Model, PartyRef};

/// Terms that name the contracts on which something else rests.
const NAMES: [&str; 5] = ["covers", "usable_on", "of", "converts_with", "part_of"];

/// Lets what names a contract of the text name its parts: all of them, or those of the parties that both
/// have.
pub(super) fn rename(model: &mut Model) {
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
pub(super) fn map_names(
    model: &mut Model,
    map: &mut impl FnMut([usize; 2], &[ContractRef]) -> Vec<ContractRef>,
) {
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
