//! Whose a loss is: the party's that a contract names, but for the parts that slices of it give to others.

use keiretsu_model::{ContractRef, PartyRef};
use keiretsu_program::Reading;

use crate::Subject;

/// A part of a contract that belongs to other parties.
struct Slice {
    whole: ContractRef,
    /// On each side, the party of the whole and the party of the slice.
    sides: [(usize, usize); 2],
    share: f64,
}

/// The slices of a model.
pub(super) struct Parts(Vec<Slice>);

impl Parts {
    /// As a reading has them.
    pub fn new(subject: &Subject<'_>, reading: Reading) -> Self {
        let model = subject.model;
        let group = |party: Option<PartyRef>| model.group(party.unwrap_or(PartyRef::OUTSIDE)).at();
        let mut seen: Vec<ContractRef> = vec![];
        let mut slices = vec![];
        for one in subject.standing_by_party() {
            let Some(contract) = model.contract(one.contract).filter(|_| !seen.contains(&one.contract))
            else {
                continue;
            };
            let wholes = contract.record().contracts("part_of").iter();
            let whole = wholes.copied().find_map(|whole| Some((whole, model.contract(whole)?)));
            if let Some((id, whole)) = whole {
                seen.push(one.contract);
                let sides = [(whole.obligor, contract.obligor), (whole.obligee, contract.obligee)];
                let sides = sides.map(|(named, own)| (group(named), group(own.or(named))));
                slices.push(Slice { whole: id, sides, share: one.share[reading] });
            }
        }
        Self(slices)
    }

    /// Holders of slices of a contract, with their shares.
    pub fn of(&self, contract: Option<ContractRef>, party: usize) -> Vec<(usize, f64)> {
        let mut parts = vec![];
        let mut left = 1.0;
        for slice in self.0.iter().filter(|slice| Some(slice.whole) == contract) {
            if let Some((_, own)) = slice.sides.iter().find(|(named, own)| *named == party && own != named) {
                parts.push((*own, slice.share));
                left -= slice.share;
            }
        }
        parts.push((party, left));
        parts
    }
}
