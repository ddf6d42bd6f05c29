//! Conditions that stay met: the chance that one has held by each month, in the expected reading exactly.
//!
//! A condition on several events, or on one that can pass, has no chance that follows from those of its
//! parts: `e and e` is `e`, and `good and not bad` holds if good comes before bad. So the joint states of
//! its events are followed month by month: `q(s)` is the chance that the events stand at `s` and the
//! condition has not held yet. Each month the states move by the hazards of the events, and those in which
//! the condition holds are taken out; what has been taken out is the chance of first passage (Grimmett and
//! Stirzaker, *Probability and Random Processes*, 6.3). Conditions on factors are as their central paths
//! have them.
//!
//! Invariant: with one event that happens once and is named once, it is the chance of the event.
//! Absent: events under a lag, and more than [`EVENTS`] of them: these count with the chance of each month.

mod ever;

use keiretsu_maths::power::power;
use keiretsu_model::formula::{Formula, Node};
use keiretsu_model::record::Record;
use keiretsu_model::{EventRef, Standing};
use keiretsu_program::{AccountId, Distribution, EventId, Feed, Occurrence, Op, Reg, Slot};

use crate::decided::first_held;
use crate::lowering::Lowering;
use crate::terms::Terms;

/// The most events that are followed in joint states.
const EVENTS: usize = 5;
/// By so much the chance of an event may differ from that of its text before it counts as changed.
const SAME: f64 = 1e-9;

/// An event as a chain of two states with monthly chances.
#[derive(Clone, Copy, Debug)]
struct Chain {
    event: EventRef,
    /// Whether it stands at as-of.
    stands: bool,
    /// The chance to come to stand in a month.
    comes: f64,
    /// The chance to end in a month.
    ends: f64,
}

impl Lowering<'_> {
    /// Whether a condition has held by each month, and up to month `lapse`.
    pub fn has_held(&mut self, condition: &Formula, lapse: u32) -> Reg {
        let when = self.formula(condition);
        let latch = self.program.op(Op::Latch { when, lapse });
        let Some(chains) = self.chains(condition) else { return latch };
        let chance = self.first_passage(condition, &chains, lapse);
        let changed = self.changed(&chains);
        let chance = self.program.op(Op::Choose { when: changed, then: latch, otherwise: chance });
        let weighs = Slot { expected: 1.0, sampled: Distribution::Point(0.0), ..Slot::constant(0.0) };
        let weighs = self.program.slot(weighs);
        let weighs = self.program.read(weighs);
        self.program.op(Op::Choose { when: weighs, then: chance, otherwise: latch })
    }

    /// A condition of a record that stays met, and can be met up to its `before`.
    pub(crate) fn latched(&mut self, record: &Record, term: &str) -> Option<Reg> {
        let condition = record.formula(term)?;
        let lapse = match record.when("before").map(|before| self.calendar.due(&before)) {
            // A lapse beyond the run never comes.
            Some(due) if due <= i64::from(self.calendar.months) => due.max(0) as u32,
            _ => u32::MAX,
        };
        Some(self.has_held(condition, lapse))
    }

    /// Whether a condition has held; in the firm reading only where dates decide it, or a source says that
    /// the contract binds.
    pub(crate) fn firmly_held(&mut self, terms: &Terms<'_>, condition: &Formula, lapse: u32) -> Reg {
        let held = self.has_held(condition, lapse);
        let binds = matches!(terms.contract.standing, Some(Standing::Paid | Standing::Binding));
        if binds || first_held(condition, &self.calendar).is_some() {
            return held;
        }
        let counts = self.beyond_firm();
        self.if_holds(counts, held)
    }

    /// The events of a condition with a chance that does not follow from theirs; `None` where it does, or
    /// where the chance of one is not known.
    fn chains(&self, condition: &Formula) -> Option<Vec<Chain>> {
        let mut named: Vec<EventRef> = Vec::new();
        let mut turned = false;
        events(condition, false, &mut |event, negated| {
            named.push(event);
            turned |= negated;
        });
        let mut distinct = named.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let chains: Vec<Chain> = distinct.iter().map(|event| self.chain(*event)).collect::<Option<_>>()?;
        let passes = chains.iter().any(|chain| chain.stands || 0.0 < chain.ends);
        let simple = named.len() <= 1 && !turned && !passes;
        (!simple && distinct.len() <= EVENTS).then_some(chains)
    }

    fn chain(&self, event: EventRef) -> Option<Chain> {
        let program = self.program.program();
        let chance = |slot: keiretsu_program::SlotId| {
            let chance = program.slots[slot.at()].expected;
            (0.0..=1.0).contains(&chance).then_some(chance)
        };
        let monthly = |chance: f64, months: f64| 1.0 - power(1.0 - chance, 1.0 / months);
        let chain = match program.events[event.at()].occurrence {
            Occurrence::Once { chance: slot, by } => {
                let comes = monthly(chance(slot)?, f64::from(by));
                Chain { event, stands: false, comes, ends: 0.0 }
            }
            Occurrence::TwoState { now, shuts, reopens } => {
                let (ends, comes) = (monthly(chance(shuts)?, 12.0), monthly(chance(reopens)?, 12.0));
                Chain { event, stands: now, comes, ends }
            }
            Occurrence::Settled { .. } | Occurrence::Unknown => return None,
        };
        Some(chain)
    }

    /// The chance that the condition has held by each month.
    fn first_passage(&mut self, condition: &Formula, chains: &[Chain], lapse: u32) -> Reg {
        let states = 1usize << chains.len();
        let open = self.program.curve_of(|t| f64::from(u8::from(t <= lapse)));
        let start = |state: usize| f64::from(u8::from(chains_stand(chains, state)));
        let kept: Vec<AccountId> = (0..states).map(|state| self.program.account(start(state))).collect();
        let before: Vec<Reg> = kept.iter().map(|account| self.program.op(Op::Account(*account))).collect();
        let mut passes = self.program.number(0.0);
        for state in 0..states {
            let mut arrives = self.program.number(0.0);
            for (from, before) in before.iter().enumerate() {
                let moves = self.program.number(transition(chains, from, state));
                let part = self.program.mul(*before, moves);
                arrives = self.program.add(arrives, part);
            }
            let holds = self.formula(&given(condition, chains, state));
            let holds = self.program.op(Op::And(holds, open));
            let first = self.program.op(Op::And(arrives, holds));
            let stays = self.not(holds);
            let left = self.program.op(Op::And(arrives, stays));
            let change = self.program.sub(left, before[state]);
            self.program.feed(kept[state], Feed::Value(change));
            passes = self.program.add(passes, first);
        }
        // A sum of first passages, which stands still where nothing passes; nothing has held at as-of.
        let begun = self.program.curve_of(|t| f64::from(u8::from(0 < t)));
        let passes = self.program.op(Op::And(passes, begun));
        let held = self.program.account(0.0);
        self.program.feed(held, Feed::Value(passes));
        let held = self.program.op(Op::Account(held));
        self.program.add(held, passes)
    }

    /// 1 from the month on in which a scenario has changed the chance of one of the events.
    fn changed(&mut self, chains: &[Chain]) -> Reg {
        let mut changed = self.program.number(0.0);
        for chain in chains {
            let mut chances = vec![f64::from(u8::from(chain.stands))];
            for t in 0..self.calendar.months as usize {
                let stands: f64 = chances[t];
                chances.push(stands * (1.0 - chain.ends) + (1.0 - stands) * chain.comes);
            }
            let said = self.program.curve_of(|t| chances[t as usize]);
            let stands = self.program.op(Op::Event(EventId(chain.event.0)));
            let [above, below] = [(stands, said), (said, stands)].map(|(a, b)| self.program.sub(a, b));
            let differs = self.program.max(above, below);
            let same = self.program.number(SAME);
            let differs = self.program.op(Op::MoreThan(differs, same));
            changed = self.program.op(Op::Or(changed, differs));
        }
        self.program.op(Op::Latch { when: changed, lapse: u32::MAX })
    }
}

/// Whether a joint state is that of as-of; bit `k` says whether the chain at position `k` stands.
fn chains_stand(chains: &[Chain], state: usize) -> bool {
    chains.iter().enumerate().all(|(at, chain)| chain.stands == stands(state, at))
}

fn stands(state: usize, at: usize) -> bool {
    (state >> at) & 1 == 1
}

/// The chance to go from one joint state to another in a month: events are independent of each other.
fn transition(chains: &[Chain], from: usize, to: usize) -> f64 {
    let of = |(at, chain): (usize, &Chain)| match (stands(from, at), stands(to, at)) {
        (false, true) => chain.comes,
        (false, false) => 1.0 - chain.comes,
        (true, false) => chain.ends,
        (true, true) => 1.0 - chain.ends,
    };
    chains.iter().enumerate().map(of).product()
}

/// Calls `visit` on every event of a formula but those under a lag, with whether it stands where its
/// happening may end what holds.
fn events(formula: &Formula, negated: bool, visit: &mut impl FnMut(EventRef, bool)) {
    match &formula.node {
        Node::Event(event) => visit(*event, negated),
        Node::Not(of) | Node::Negative(of) => events(of, true, visit),
        Node::Binary(_, a, b) => [a, b].into_iter().for_each(|part| events(part, negated, visit)),
        Node::Extreme(_, list) => list.iter().for_each(|part| events(part, negated, visit)),
        Node::If(three) => three.iter().for_each(|part| events(part, true, visit)),
        _ => {}
    }
}

/// The formula where the events stand as in a joint state.
fn given(formula: &Formula, chains: &[Chain], state: usize) -> Formula {
    let of = |part: &Formula| given(part, chains, state);
    let boxed = |part: &Formula| Box::new(of(part));
    let node = match &formula.node {
        Node::Event(event) => match chains.iter().position(|chain| chain.event == *event) {
            Some(at) => Node::Truth(stands(state, at)),
            None => formula.node.clone(),
        },
        Node::Not(part) => Node::Not(boxed(part)),
        Node::Negative(part) => Node::Negative(boxed(part)),
        Node::Binary(operator, a, b) => Node::Binary(*operator, boxed(a), boxed(b)),
        Node::Extreme(extreme, list) => Node::Extreme(*extreme, list.iter().map(of).collect()),
        Node::If(three) => Node::If(Box::new(three.each_ref().map(of))),
        other => other.clone(),
    };
    Formula { node, ..formula.clone() }
}

#[cfg(test)]
mod tests {
    use keiretsu_maths::power::power;

    use crate::testing::check;

    const EVENTS: &str = "[events.good]\nchance = \"50% by 2026-12\"\n\
        [events.bad]\nchance = \"30% by 2026-12\"\n\
        [events.window]\nnow = \"shut\"\nshuts = \"90%/yr\"\nreopens = \"50%/yr\"\n\
        [contracts.e]\ntype = \"equity\"\ninvestor = \"a\"\nissuer = \"b\"\n";

    /// The sum of what is expected of $1000M by the lapse in 2027-12.
    fn expected(when: &str, tenths_of_millions: f64) {
        let text =
            format!("{EVENTS}tranches.t = {{ amount = \"$1000M\", when = \"{when}\", before = 2027-12-31 }}");
        let sum: f64 = crate::testing::dues(&text, "expected").iter().sum();
        assert!((sum / 1e6 - tenths_of_millions).abs() < 1e-3, "{when}: {sum}");
    }

    #[test]
    fn an_event_named_twice_is_one_event() {
        // 1 - 0.5^2 over two years.
        expected("good", 750.0);
        expected("good and good", 750.0);
        expected("good or good", 750.0);
    }

    #[test]
    fn a_condition_that_can_pass_counts_if_it_has_held_once() {
        // By hand: month by month, good comes (hazard 1 - 0.5^(1/12)) while bad (0.7^(t/12)) has not.
        let sum: f64 = (1..=24)
            .map(|t| {
                (power(0.5, f64::from(t - 1) / 12.0) - power(0.5, f64::from(t) / 12.0))
                    * power(0.7, f64::from(t) / 12.0)
            })
            .sum();
        expected("good and not bad", 1000.0 * sum);
        // A window that reopens with 50% a year has been open within two years with 1 - 0.5^2.
        expected("window", 750.0);
        // Independent events: 1 - 0.25 x 0.49 that one has come; both by then 0.75 x 0.51.
        expected("good or bad", 1000.0 * (1.0 - 0.25 * 0.49));
        expected("good and bad", 1000.0 * 0.75 * 0.51);
    }

    #[test]
    fn factors_keep_their_central_paths() {
        // level is above $1.5M from 2026-08 on, so by 2027-12 it is the event alone.
        expected("good and level >= $1.5M", 750.0);
        let text = format!(
            "{EVENTS}tranches.t = {{ amount = \"$16M\", when = \"level >= $3M and good and good\", \
             before = 2026-12-31 }}"
        );
        check(&text, "expected", "");
    }
}
