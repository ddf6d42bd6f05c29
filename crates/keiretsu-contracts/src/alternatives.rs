//! Alternatives: of several contracts one is owed, and which one is open. Both are shown; firm counts the
//! smaller, which is owed whatever is chosen, the headline the larger, and nothing counts their sum.
//!
//! By hand: either 5 is lent or 4 of rent is paid. Firm has the lease and no loan, the headline the loan and
//! no lease; what is expected of each is between nothing and its own, and of both at most 5.
//!
//! Invariant: in each reading of the run one of them stands and the others move nothing; words and run count
//! the same one. Absent: the chance of each.

use std::sync::Arc;

use keiretsu_model::{Alternative, ContractRef, PartyRef, Standing};
use keiretsu_program::{Distribution, Reg, SlotId};
use keiretsu_values::{Reading, Set, Value, Whole};

use crate::cancelling::widened;
use crate::lowering::Lowering;
use crate::side::{Commitment, ContractAlternative};
use crate::slots::slot_of;

const OPEN: &str = "which of the alternatives it is is open";

impl Lowering<'_> {
    /// Decides for each alternative what counts in which reading.
    pub(crate) fn alternatives(&mut self) {
        for alternative in &self.model.alternatives {
            let known = alternative.of.iter().filter(|of| self.model.contract(**of).is_some());
            let of: Vec<Vec<ContractRef>> = known.map(|of| self.model.parts(*of)).collect();
            if of.len() < 2 {
                continue;
            }
            let sizes: Vec<[Value; 3]> = of.iter().map(|parts| self.size(parts)).collect();
            let chosen = alternative.chosen.and_then(|chosen| {
                let parts = self.model.parts(chosen);
                of.iter().position(|known| *known == parts)
            });
            let counts = Reading::ALL.map(|reading| chosen.unwrap_or_else(|| counted(&sizes, reading)));
            let words = self.in_words(alternative);
            self.side.alternatives.push(ContractAlternative { of, sizes, counts, chosen, words });
        }
    }

    /// What a contract comes to, by what its obligor owes of it whatever is renewed or enlarged.
    fn size(&self, parts: &[ContractRef]) -> [Value; 3] {
        let obligor = |id: ContractRef| self.model.contract(id).and_then(|contract| contract.obligor);
        let mine = |one: &&Commitment| {
            parts.contains(&one.contract)
                && Some(one.from) == obligor(one.contract)
                && one.option_of.is_none()
        };
        Reading::ALL.map(|reading| {
            let all = self.side.commitments.iter().filter(mine);
            all.fold(Value::exact(0.0), |sum, one| sum.plus(&one.amount(reading)))
        })
    }

    fn in_words(&self, alternative: &Alternative) -> String {
        let by = alternative.record.party("by").map(|party: PartyRef| self.model.party(party).title.clone());
        let who = by.map_or("it is decided".to_owned(), |by| format!("{by} chooses it"));
        match alternative.record.when("until") {
            Some(until) => format!("{who} by {}", until.text()),
            None => who,
        }
    }

    /// Whether a contract is the one of its alternatives that is owed; `None` for one without any.
    pub(crate) fn is_chosen(&mut self, id: ContractRef) -> Option<Reg> {
        let (at, place) = self.side.alternatives.iter().enumerate().find_map(|(at, one)| {
            let place = one.of.iter().position(|parts| parts.contains(&id))?;
            Some((at, place))
        })?;
        let (chosen, counts) = (self.side.alternatives[at].chosen, self.side.alternatives[at].counts);
        let count = self.side.alternatives[at].of.len();
        if let Some(chosen) = chosen {
            return Some(self.program.number(f64::from(u8::from(place == chosen))));
        }
        if self.pending.choices.len() <= at {
            self.pending.choices.resize(at + 1, vec![]);
        }
        if self.pending.choices[at].is_empty() {
            // The last is what the others leave, so that they are one in every reading.
            let slots = (0..count - 1).map(|place| self.program.slot(choice(place, counts, count)));
            self.pending.choices[at] = slots.collect();
        }
        let slots: Vec<SlotId> = self.pending.choices[at].clone();
        if let Some(slot) = slots.get(place) {
            return Some(self.program.read(*slot));
        }
        let mut left = self.program.number(1.0);
        for slot in &slots {
            let other = self.program.read(*slot);
            left = self.program.sub(left, other);
        }
        self.program.whole(slots);
        Some(left)
    }
}

/// The parameter of one choice: the one that counts, and anything between where nothing is expected.
fn choice(place: usize, counts: [usize; 3], count: usize) -> keiretsu_program::Slot {
    let truth = |reading: Reading| Value::exact(f64::from(u8::from(counts[reading] == place)));
    let even = 1.0 / count as f64;
    let open = Value::new(even, Set::SHARE);
    slot_of([truth(Reading::Firm), open, truth(Reading::Headline)], Distribution::Point(even))
}

/// The one that counts: the smallest in the firm reading, the largest in the others, as read.
fn counted(sizes: &[[Value; 3]], reading: Reading) -> usize {
    let read = |at: &usize| sizes[*at][reading].amount().unwrap_or(0.0);
    let better = |at: usize, best: usize| match reading {
        Reading::Firm => read(&at) < read(&best),
        Reading::Expected | Reading::Headline => read(&best) < read(&at),
    };
    (1..sizes.len()).fold(0, |best, at| if better(at, best) { at } else { best })
}

/// Lets of each alternative what its reading chooses count in totals.
pub(crate) fn count_one(alternatives: &[ContractAlternative], all: &mut [Commitment]) {
    for (name, alternative) in alternatives.iter().enumerate() {
        let shares = vec![Value::unread(OPEN, Set::SHARE); alternative.of.len()];
        let whole = Arc::new(Whole::new(format!("alternative {name}"), shares));
        let mut widened = [false; 3];
        for one in all.iter_mut().filter(|one| !one.is_over()) {
            let Some(place) = alternative.of.iter().position(|parts| parts.contains(&one.contract)) else {
                continue;
            };
            if let Some(chosen) = alternative.chosen {
                if chosen != place {
                    one.standing = Standing::Lapsed;
                }
                continue;
            }
            one.alternative = Some(name);
            if one.trigger.is_none() {
                one.trigger = Some(alternative.words.clone());
            }
            let share = whole.share(place);
            let opened = one.dues.iter_mut().map(|due| &mut due.amounts).chain([&mut one.undated]);
            for amounts in opened.chain(&mut one.total) {
                amounts[Reading::Expected] = amounts[Reading::Expected].scaled(&share);
            }
            one.counted = Some(Reading::ALL.map(|reading| {
                let own = one.in_totals(reading);
                match reading {
                    Reading::Expected => one.amount(reading),
                    _ if alternative.counts[reading] != place => Value::exact(0.0),
                    // What is read decides which one it is, and the sets of all what it can be.
                    _ if std::mem::replace(&mut widened[reading], true) => own,
                    _ => alternative.as_open(&own, reading),
                }
            }));
        }
    }
}

impl ContractAlternative {
    /// The part that counts, as open as the choice leaves it.
    fn as_open(&self, own: &Value, reading: Reading) -> Value {
        let pick: fn(Set, Set) -> Set = match reading {
            Reading::Firm => |a, b| Set { low: a.low.min(b.low), high: a.high.min(b.high) },
            Reading::Expected | Reading::Headline => {
                |a, b| Set { low: a.low.max(b.low), high: a.high.max(b.high) }
            }
        };
        let all = self.sizes.iter().map(|sizes| sizes[reading].set());
        let size = self.sizes[self.counts[reading]][reading].set();
        let all = all.reduce(pick).unwrap_or(size);
        // Of a contract with several rows the first one takes what the choice leaves open.
        let moved = |own: f64, end: f64, from: f64| if from.is_finite() { own + end - from } else { end };
        let set = own.set();
        let [low, high] =
            [(set.low, all.low, size.low), (set.high, all.high, size.high)].map(|(a, b, c)| moved(a, b, c));
        let moved = Set { low, high };
        if all == size { own.clone() } else { widened(own, moved).within(moved) }
    }
}

#[cfg(test)]
mod tests;
