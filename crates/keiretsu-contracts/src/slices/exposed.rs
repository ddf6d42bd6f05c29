//! What of a whole's exposures, and of what it makes due, is a slice's.
//!
//! What is still to come is shared as what is still to fall due is. Of money lent, what has been lent by then
//! decides, since that is what is owed. What falls due in a month is shared as the dues of that month are.

use keiretsu_model::PartyRef;
use keiretsu_program::{Distribution, FlowId, Reg, Slot, Tag};
use keiretsu_values::{Reading, Value};

use super::{Kind, Part, Sliced};
use crate::lowering::Lowering;
use crate::side::{Exposure, FlowShare, Purpose};
use crate::slots::slot_of;

/// What a lender pays out.
fn lent() -> Kind {
    (Purpose::Flow(Tag::Principal), true)
}

impl Sliced {
    /// The share of what is at risk after a month.
    pub fn to_come(&self, reading: Reading, t: i64) -> f64 {
        if self.all.iter().any(|part| part.kind == lent()) {
            let so_far = |part: &Part| part.kind == lent() && part.t.is_some_and(|due| due <= t);
            if let Some(share) = self.share_of(reading, so_far) {
                return share;
            }
            return self.share_of(reading, |part| part.kind == lent()).unwrap_or(0.0);
        }
        let later = |part: &Part| part.t.is_none_or(|due| t < due);
        self.share_of(reading, later).or_else(|| self.share_of(reading, |_| true)).unwrap_or(0.0)
    }

    /// The share of what falls due in each month of one kind, in the three readings.
    fn by_month(&self, kind: Kind, months: u32) -> Vec<[f64; 3]> {
        // By month, what is undated first.
        let mut by_month = vec![(vec![], vec![]); months as usize + 1];
        let place = |part: &Part| match part.t {
            _ if part.kind != kind => None,
            None => Some(0),
            Some(t) => usize::try_from(t).ok().filter(|t| (1..=months as usize).contains(t)),
        };
        for part in &self.all {
            if let Some(at) = place(part) {
                by_month[at].0.push(part);
            }
        }
        for taken in &self.taken {
            if let Some(at) = place(&taken.0) {
                by_month[at].1.push(taken);
            }
        }
        let share = |at: usize, reading: Reading| {
            let (all, taken) = &by_month[at];
            share(&all.iter().copied(), &taken.iter().copied(), reading)
        };
        let of = |t: u32, reading: Reading| {
            let share = share(t as usize, reading).or_else(|| share(0, reading));
            share.unwrap_or_else(|| self.to_come(reading, i64::from(t) - 1))
        };
        (1..=months).map(|t| Reading::ALL.map(|reading| of(t, reading))).collect()
    }

    /// The share of some parts of the whole, where there are any.
    fn share_of(&self, reading: Reading, counts: impl Fn(&Part) -> bool) -> Option<f64> {
        let all = self.all.iter().filter(|part| counts(part));
        share(&all, &self.taken.iter().filter(|(part, _)| counts(part)), reading)
    }

    /// The share of all of it where the words of the slice leave it open.
    fn open(&self) -> Option<[Value; 3]> {
        let is_open = |(_, share): &(Part, [Value; 3])| share.iter().any(|share| !share.set().is_point());
        if !self.taken.iter().any(is_open) {
            return None;
        }
        Some(Reading::ALL.map(|reading| {
            let all: f64 = self.all.iter().map(|part| part.amounts[reading]).sum();
            let weigh = |part: &Part| if all > 0.0 { part.amounts[reading] / all } else { 0.0 };
            let parts = self.taken.iter().map(|(part, share)| share[reading].times(weigh(part)));
            parts.fold(Value::exact(0.0), |sum, part| sum.plus(&part))
        }))
    }
}

/// The share that is taken of some parts, where there are any.
fn share<'a>(
    all: &(impl Iterator<Item = &'a Part> + Clone),
    taken: &(impl Iterator<Item = &'a (Part, [Value; 3])> + Clone),
    reading: Reading,
) -> Option<f64> {
    // Of what a reading has nothing, as much as of the most that it can be.
    [reading, Reading::Headline].into_iter().find_map(|reading| {
        let all: f64 = all.clone().map(|part| part.amounts[reading]).sum();
        let mine = taken.clone();
        let mine = mine.map(|(part, share)| part.amounts[reading] * share[reading].amount().unwrap_or(0.0));
        (all > 0.0).then(|| (mine.sum::<f64>() / all).clamp(0.0, 1.0))
    })
}

impl Lowering<'_> {
    /// Gives each party of a whole its share of what the whole puts at risk and makes due.
    pub(crate) fn slice_exposures(&mut self, slices: &[Sliced]) {
        for sliced in slices {
            let exposures = 0..self.side.exposures.len();
            let mine: Vec<usize> =
                exposures.filter(|at| self.side.exposures[*at].contract == sliced.whole).collect();
            if !mine.is_empty() {
                let share = self.share_to_come(sliced);
                for at in mine {
                    self.slice_exposure(at, sliced, share);
                }
            }
            self.slice_flows(sliced);
        }
    }

    /// The share of what is still to come, month by month.
    fn share_to_come(&mut self, sliced: &Sliced) -> Reg {
        if let Some(share) = sliced.open() {
            let sampled = Distribution::Point(share[Reading::Expected].amount().unwrap_or(f64::NAN));
            let slot = self.program.slot(slot_of(share, sampled));
            return self.program.read(slot);
        }
        let [firm, expected, headline] =
            Reading::ALL.map(|reading| self.program.curve_of(|t| sliced.to_come(reading, i64::from(t))));
        if firm == expected && expected == headline {
            return expected;
        }
        let reads =
            |firm: f64, expected: f64, headline: f64| Slot { firm, headline, ..Slot::constant(expected) };
        let mut sum = self.program.number(0.0);
        for (curve, slot) in
            [(firm, reads(1.0, 0.0, 0.0)), (expected, reads(0.0, 1.0, 0.0)), (headline, reads(0.0, 0.0, 1.0))]
        {
            let slot = self.program.slot(slot);
            let counts = self.program.read(slot);
            let part = self.program.mul(curve, counts);
            sum = self.program.add(sum, part);
        }
        sum
    }

    /// Moves a share of an exposure from the whole's party to the slice's.
    fn slice_exposure(&mut self, at: usize, sliced: &Sliced, share: Reg) {
        let exposure = self.side.exposures[at].clone();
        let amount = exposure.register;
        let part_of_it = self.program.mul(amount, share);
        let rest = self.program.sub(amount, part_of_it);
        self.side.exposures[at].register = rest;
        self.side.exposures.push(Exposure {
            contract: sliced.slice,
            creditor: self.own_party(sliced, exposure.creditor),
            debtor: self.own_party(sliced, exposure.debtor),
            register: part_of_it,
            ..exposure
        });
    }

    /// The party of a slice in the place of one of its whole.
    fn own_party(&self, sliced: &Sliced, party: PartyRef) -> PartyRef {
        let [whole, part] = [sliced.whole, sliced.slice].map(|id| self.model.contract(id));
        let (Some(whole), Some(part)) = (whole, part) else { return party };
        let sides = [(whole.obligor, part.obligor), (whole.obligee, part.obligee)];
        let found = sides.into_iter().find(|(known, _)| *known == Some(party));
        found.and_then(|(_, own)| own).unwrap_or(party)
    }

    /// Notes which share of what a whole makes due is a slice's.
    fn slice_flows(&mut self, sliced: &Sliced) {
        let obligor = self.model.contract(sliced.whole).and_then(|contract| contract.obligor);
        for at in 0..self.side.flows.len() {
            if self.side.flows[at].contract != Some(sliced.whole) {
                continue;
            }
            let flow = self.program.program().flows[at];
            let [from, to] = [flow.from, flow.to].map(|party| PartyRef(party.0));
            let kind = (Purpose::Flow(flow.tag), obligor == Some(from));
            let shares = sliced.by_month(kind, self.calendar.months);
            self.side.flow_shares.push(FlowShare {
                flow: FlowId(at as u32),
                contract: sliced.slice,
                from: self.own_party(sliced, from),
                to: self.own_party(sliced, to),
                shares,
            });
        }
    }
}
