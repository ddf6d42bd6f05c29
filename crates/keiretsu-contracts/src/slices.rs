//! Slices: contracts that are part of another one. Only the whole moves money; the slice's party has its part
//! of what is put in, owed and put at risk, and the whole's named party has the rest. A slice takes first
//! what of the whole has its own standing and days, and the rest by share.
//!
//! Invariant: over all parties a whole counts once, in each month.
//! Absent: slices of slices; days that the whole does not have.

mod allotted;
mod exposed;

use keiretsu_model::{Contract, ContractRef};
use keiretsu_program::FlowId;
use keiretsu_values::{Reading, Set, Value};

use self::allotted::Taken;
use crate::calendar::month;
use crate::lowering::Lowering;
use crate::side::{Commitment, Purpose};

/// What of a whole a slice is.
pub(crate) struct Sliced {
    whole: ContractRef,
    slice: ContractRef,
    /// What it takes of what is owed in each direction: by the whole's obligor, and to it.
    taken: Vec<(Part, [Value; 3])>,
    /// What the whole comes to, as its slices see it.
    all: Vec<Part>,
}

/// A part of a whole as it stands in time.
#[derive(Clone)]
struct Part {
    /// Its kind and direction.
    kind: Kind,
    /// The month in which it falls due; none where nothing dates it.
    t: Option<i64>,
    amounts: [f64; 3],
}

/// What a commitment is for, and whether the contract's obligor owes it.
type Kind = (Purpose, bool);

impl Lowering<'_> {
    /// The contract of which this one is a slice, if that was known.
    pub fn whole_of(&self, contract: &Contract) -> Option<ContractRef> {
        let wholes = contract.record().contracts("part_of").iter();
        wholes.copied().find(|whole| self.model.contract(*whole).is_some())
    }

    /// Whether a contract is a slice of one that was known.
    pub fn in_whole(&self, contract: &Contract) -> bool {
        self.whole_of(contract).is_some()
    }

    /// Takes the money out of what slices owe, once all flows are known.
    pub(crate) fn still_slices(&mut self) {
        let nothing = self.program.number(0.0);
        for at in 0..self.side.flows.len() {
            let contract = self.side.flows[at].contract.and_then(|id| self.model.contract(id));
            if contract.is_some_and(|contract| self.in_whole(contract)) {
                self.program.flow_mut(FlowId(at as u32)).amount = nothing;
            }
        }
    }

    /// Marks commitments that are part of others, and gives each party its own: by slice what it takes of the
    /// whole.
    pub(crate) fn slice_commitments(&mut self) -> Vec<Sliced> {
        let mut all = std::mem::take(&mut self.side.commitments);
        let wholes: Vec<Option<ContractRef>> =
            all.iter().map(|one| self.whole_of(self.model.contract(one.contract)?)).collect();
        let taken = self.taken(&all, &wholes);
        let sliced = self.sliced(&all, &wholes, &taken);
        let mut parties = all.clone();
        for (at, one) in parties.iter_mut().enumerate() {
            if wholes[at].is_none() {
                leave_rest(one, taken.iter().filter(|taken| taken.piece.of == at));
            }
        }
        for (at, one) in all.iter_mut().enumerate().filter(|(at, _)| wholes[*at].is_some()) {
            one.slice = true;
            let own = taken.iter().filter(|taken| taken.slice == at);
            let dates =
                own.filter(|taken| parties[taken.piece.of].flow.is_some() && taken.piece.due.is_none());
            let dates: Vec<&Taken> = dates.collect();
            if let Some(first) = dates.first().filter(|_| one.flow.is_some()) {
                one.flow = parties[first.piece.of].flow;
                one.share = Reading::ALL.map(|reading| first.share[reading].amount().unwrap_or(0.0));
            } else {
                one.flow = None;
                let mine = sliced.iter().find(|sliced| sliced.slice == one.contract);
                one.share = Reading::ALL.map(|reading| mine.map_or(0.0, |mine| mine.to_come(reading, 0)));
            }
            (parties[at].slice, parties[at].flow, parties[at].share) = (false, one.flow, one.share);
        }
        self.side.commitments = all;
        self.side.by_party = parties;
        sliced
    }

    /// What a commitment is for, and who owes it.
    fn kind_of(&self, one: &Commitment) -> Kind {
        let obligor = self.model.contract(one.contract).and_then(|contract| contract.obligor);
        (one.purpose, obligor == Some(one.from))
    }

    /// What slices take of their wholes.
    fn taken(&self, all: &[Commitment], wholes: &[Option<ContractRef>]) -> Vec<Taken> {
        let mut known: Vec<(ContractRef, Kind)> = Vec::new();
        let mut taken = Vec::new();
        for (at, whole) in wholes.iter().enumerate().filter_map(|(at, whole)| Some((at, (*whole)?))) {
            let key = (whole, self.kind_of(&all[at]));
            if known.contains(&key) {
                continue;
            }
            known.push(key);
            let mine = |other: &usize| self.kind_of(&all[*other]) == key.1;
            let of_whole = |other: &usize| wholes[*other].is_none() && all[*other].contract == whole;
            let every = (0..all.len()).filter(mine);
            let (whole_of, slices): (Vec<usize>, Vec<usize>) = (
                every.clone().filter(of_whole).collect(),
                every.filter(|other| wholes[*other] == Some(whole)).collect(),
            );
            taken.extend(allotted::allot(all, &whole_of, &slices));
        }
        taken
    }

    /// What each slice is of its whole, over time.
    fn sliced(&self, all: &[Commitment], wholes: &[Option<ContractRef>], taken: &[Taken]) -> Vec<Sliced> {
        let calendar = self.calendar;
        let part = |piece: &allotted::Piece| Part {
            kind: self.kind_of(&all[piece.of]),
            t: piece.on.map(|on| if on <= calendar.as_of { 0 } else { calendar.t(month(on)).max(1) }),
            amounts: piece.amounts.each_ref().map(|amount| amount.amount().unwrap_or(0.0)),
        };
        let mut sliced: Vec<Sliced> = Vec::new();
        for (one, whole) in all.iter().zip(wholes) {
            let known = sliced.iter().any(|sliced| sliced.slice == one.contract);
            let Some(whole) = whole.filter(|_| !known) else { continue };
            let mine = (0..all.len()).filter(|at| all[*at].contract == whole && wholes[*at].is_none());
            let parts = mine.flat_map(|at| allotted::pieces(all, at)).map(|piece| part(&piece)).collect();
            let own = taken.iter().filter(|taken| taken.contract == one.contract);
            let own = own.map(|taken| (part(&taken.piece), taken.share.clone())).collect();
            sliced.push(Sliced { whole, slice: one.contract, taken: own, all: parts });
        }
        sliced
    }
}

/// Leaves a commitment of a whole what its slices do not take of it.
fn leave_rest<'a>(one: &mut Commitment, taken: impl Iterator<Item = &'a Taken>) {
    let taken: Vec<&Taken> = taken.collect();
    if taken.is_empty() {
        return;
    }
    one.total = None;
    let rest = |due: Option<usize>| {
        let mine: Vec<&&Taken> = taken.iter().filter(|taken| taken.piece.due == due).collect();
        Reading::ALL.map(|reading| {
            let all = mine.iter().fold(Value::exact(0.0), |sum, taken| sum.plus(&taken.share[reading]));
            Value::exact(1.0).minus(&all).within(Set::SHARE)
        })
    };
    for (at, due) in one.dues.iter_mut().enumerate() {
        let rest = rest(Some(at));
        due.amounts = Reading::ALL.map(|reading| due.amounts[reading].scaled(&rest[reading]));
    }
    let rest = rest(None);
    one.undated = Reading::ALL.map(|reading| one.undated[reading].scaled(&rest[reading]));
    one.share = rest.each_ref().map(|rest| rest.amount().unwrap_or(0.0));
}

#[cfg(test)]
mod tests;
