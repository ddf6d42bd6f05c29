//! Slices: contracts that are part of another one. Only the whole moves money; the slice's party has its part
//! of what is put in, owed and put at risk, and the whole's named party has the rest.
//!
//! Invariant: over all parties a whole counts once.
//! Absent: days of a slice's own in the run; it falls due with the whole, by its share.

use keiretsu_model::side::{Commitment, Exposure};
use keiretsu_model::{Contract, ContractRef, PartyRef};
use keiretsu_program::{Distribution, FlowId};
use keiretsu_values::{Set, Value};

use crate::lowering::Lowering;
use crate::slots::slot_of;

/// A whole, a slice of it and the share that the slice is.
pub(crate) type Sliced = (ContractRef, ContractRef, [Value; 3]);

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

    /// Marks commitments that are part of others, and gives each party its own: by slice the share of the
    /// whole.
    pub(crate) fn slice_commitments(&mut self) -> Vec<Sliced> {
        let mut all = std::mem::take(&mut self.side.commitments);
        let wholes: Vec<Option<ContractRef>> =
            all.iter().map(|one| self.whole_of(self.model.contract(one.contract)?)).collect();
        let shares: Vec<[Value; 3]> = (0..all.len()).map(|at| own_share(&all, &wholes, at)).collect();
        let mut parties = all.clone();
        for (at, one) in parties.iter_mut().enumerate() {
            one.share = shares[at].each_ref().map(|share| share.amount().unwrap_or(0.0));
            match wholes[at] {
                Some(whole) => one.flow = dated_like(&all, whole, one),
                None => scale(one, &shares[at]),
            }
        }
        for (at, one) in all.iter_mut().enumerate().filter(|(at, _)| wholes[*at].is_some()) {
            (one.slice, one.flow, one.share) = (true, parties[at].flow, parties[at].share);
        }
        let mut sliced: Vec<Sliced> = Vec::new();
        for ((one, whole), share) in all.iter().zip(wholes).zip(shares) {
            let known = sliced.iter().any(|(_, slice, _)| *slice == one.contract);
            if let Some(whole) = whole.filter(|_| !known) {
                sliced.push((whole, one.contract, share));
            }
        }
        self.side.commitments = all;
        self.side.by_party = parties;
        sliced
    }

    /// Gives each party of a whole its share of what the whole puts at risk.
    pub(crate) fn slice_exposures(&mut self, shares: &[Sliced]) {
        for (whole, slice, share) in shares {
            for at in 0..self.side.exposures.len() {
                if self.side.exposures[at].contract == *whole {
                    self.slice_exposure(at, *slice, share);
                }
            }
        }
    }

    /// Moves a share of an exposure from the whole's party to the slice's.
    fn slice_exposure(&mut self, at: usize, slice: ContractRef, share: &[Value; 3]) {
        let exposure = self.side.exposures[at].clone();
        let (Some(whole), Some(part)) = (self.model.contract(exposure.contract), self.model.contract(slice))
        else {
            return;
        };
        let own = |party: PartyRef| {
            let sides = [(whole.obligor, part.obligor), (whole.obligee, part.obligee)];
            let found = sides.into_iter().find(|(known, _)| *known == Some(party));
            found.and_then(|(_, own)| own).unwrap_or(party)
        };
        let sampled = Distribution::Point(share[1].amount().unwrap_or(f64::NAN));
        let slot = self.program.slot(slot_of(share.clone(), sampled));
        let share = self.program.read(slot);
        let amount = keiretsu_program::Reg(exposure.register);
        let part_of_it = self.program.mul(amount, share);
        let rest = self.program.sub(amount, part_of_it);
        self.side.exposures[at].register = rest.0;
        self.side.exposures.push(Exposure {
            contract: slice,
            creditor: own(exposure.creditor),
            debtor: own(exposure.debtor),
            register: part_of_it.0,
            ..exposure
        });
    }
}

/// The share of a whole that is a commitment's own, in each reading: of a slice its part, of a whole what its
/// slices leave. Parts of a whole that is not exact itself are shares of what is read of both.
fn own_share(all: &[Commitment], wholes: &[Option<ContractRef>], at: usize) -> [Value; 3] {
    let one = &all[at];
    let whole = wholes[at].unwrap_or(one.contract);
    let sum = |reading: usize, counts: &dyn Fn(usize) -> bool| {
        let parts = (0..all.len()).filter(|other| counts(*other) && all[*other].tag == one.tag);
        parts.fold(Value::exact(0.0), |sum, other| sum.plus(&all[other].amount(reading)))
    };
    [0, 1, 2].map(|reading| {
        let all_of_it = sum(reading, &|other| wholes[other].is_none() && all[other].contract == whole);
        let sliced = match wholes[at] {
            Some(_) => sum(reading, &|other| all[other].contract == one.contract),
            None => sum(reading, &|other| wholes[other] == Some(whole)),
        };
        let mut share = sliced.divide(&all_of_it).within(Set::SHARE);
        if !all_of_it.set().is_point() {
            share = Value::exact(share.amount().unwrap_or(0.0));
        }
        if wholes[at].is_some() { share } else { Value::exact(1.0).minus(&share) }
    })
}

/// The flow of the whole that dates a slice, where the slice has no days of its own.
fn dated_like(all: &[Commitment], whole: ContractRef, slice: &Commitment) -> Option<u32> {
    slice.flow?;
    all.iter().find(|one| one.contract == whole && one.tag == slice.tag).and_then(|one| one.flow)
}

fn scale(one: &mut Commitment, share: &[Value; 3]) {
    let scaled = |amounts: &mut [Value; 3]| {
        for (amount, share) in amounts.iter_mut().zip(share) {
            *amount = amount.scaled(share);
        }
    };
    one.dues.iter_mut().for_each(|due| scaled(&mut due.amounts));
    scaled(&mut one.undated);
}
