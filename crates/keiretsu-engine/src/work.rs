//! One block of paths, one month at a time, in the order of the page of record (docs/MONTH.md).
//!
//! Invariants, asserted in debug builds every month: payments sum to zero over parties (outside is one),
//! `0 <= paid <= due`, credits granted = used + expired + left, own-money fractions stay in `[0, 1]`.

use keiretsu_maths::moves::PathColumn;
use keiretsu_program::Feed;

use crate::charges::Charge;
use crate::clearing::Clearing;
use crate::own::Own;
use crate::plan::Plan;
use crate::plan::probes::ProbePlace;
use crate::plan::tape::Code;
use crate::rows::{Arg, Place};
use crate::state::State;
use crate::{cover, credits, estate, exposures, funding, moves, registers, stakes, steps};

/// Memory for one block at a time, used again for the next.
pub struct Work<'p> {
    /// The numbers of the block.
    pub state: State<'p>,
    /// Normals of the factors.
    columns: Vec<PathColumn>,
    /// Charges of a month.
    charges: Vec<Charge>,
    clearing: Clearing,
    /// Own money of groups.
    pub own: Own,
}

impl<'p> Work<'p> {
    /// Memory for blocks of a run.
    pub fn new(plan: &'p Plan<'p>) -> Self {
        Self {
            state: State::new(plan),
            columns: moves::columns(plan),
            charges: Vec::with_capacity(plan.tape.charges.len()),
            clearing: Clearing::default(),
            own: Own::new(plan),
        }
    }

    /// The as-of state of a block: factors and registers once, everything at its opening.
    pub fn start(&mut self, first_path: u64) {
        let state = &mut self.state;
        state.clear(first_path);
        moves::draw_slots(state);
        open_accounts(state);
        open_cash(state);
        stakes::open(state);
        self.own.open(state);
        moves::start_factors(state);
        moves::start_events(state);
        registers::run_tape(state, &mut self.charges, 0);
        registers::remember(state, 0);
        stakes::open_values(state);
    }

    /// Month `t`, from 1.
    pub fn month(&mut self, t: u32) {
        let Self { state, columns, charges, clearing, own } = self;
        state.begin_month();
        moves::move_factors(state, columns, t);
        moves::move_events(state, t);
        registers::run_tape(state, charges, t);
        registers::remember(state, t);
        credits::use_all(state, t);
        cover::grow(state, t);
        funding::settle(state, clearing, t);
        stakes::issue(state, t);
        move_cash(state);
        exposures::expose(state, t);
        estate::default(state, clearing, &mut own.payments, t);
        exposures::expose_defaulted(state);
        feed(state, t);
        own.month(state);
        stakes::value(state, t);
        state.find_failed();
        watch(state, t);
        if cfg!(debug_assertions) {
            state.check_month();
        }
    }

    /// The numbers of a probe at the end of month `t`.
    pub fn watched(&self, probe: usize, t: u32) -> Arg<'_> {
        let watch = &self.state.plan.watches[probe];
        let place = watch.sum.map_or_else(|| found(&self.state, watch.source), Place::Row);
        self.state.arg(place, t)
    }
}

fn open_accounts(state: &mut State<'_>) {
    let plan = state.plan;
    for (account, row) in plan.program.accounts.iter().zip(&plan.layout.accounts) {
        if let Some(row) = *row {
            state.rows.row_mut(row).fill(account.opening);
        }
    }
}

fn open_cash(state: &mut State<'_>) {
    let plan = state.plan;
    for (party, rows) in plan.program.parties.iter().zip(&plan.layout.purses) {
        if let (Some(row), Some(slot)) = (rows.cash, party.cash) {
            state.set(row, plan.slots[slot.at()], 0);
        }
    }
}

/// Net cash of the month before estates, and what it makes of cash.
fn move_cash(state: &mut State<'_>) {
    let plan = state.plan;
    for (purse, rows) in plan.layout.purses.iter().enumerate() {
        if let (Some(cash), Some(before)) = (rows.cash, rows.cash_before) {
            state.set(before, Place::Row(cash), 0);
        }
        let Some(net) = rows.net else { continue };
        let (a, b) = (Arg::Many(state.posts.received(purse)), Arg::Many(state.posts.paid(purse)));
        state.lanes.run(steps::Apply { code: Code::Sub, out: state.rows.row_mut(net), a, b });
        if let Some(cash) = rows.cash {
            state.add(cash, Place::Row(net), 0);
        }
    }
    if state.short {
        empty_short(state);
    }
}

/// Who is short has nothing left, not even rounding.
fn empty_short(state: &mut State<'_>) {
    for funded in &state.plan.funded {
        let (cash, others) = state.rows.split(funded.rows.cash);
        let short = others.row(funded.rows.shortfall);
        cash.iter_mut().zip(short).filter(|(_, short)| **short > 0.0).for_each(|(cash, _)| *cash = 0.0);
    }
}

/// Accounts grow by values of registers and by payments.
fn feed(state: &mut State<'_>, t: u32) {
    let plan = state.plan;
    for (account, row) in plan.program.accounts.iter().zip(&plan.layout.accounts) {
        let Some(row) = *row else { continue };
        for feed in &account.feeds {
            match *feed {
                Feed::Value(reg) => state.add(row, plan.register(reg), t),
                Feed::Payment(flow) => {
                    state.add(row, Place::Row(state.paid(flow.at())), t);
                    if let Some(settled) = plan.layout.flows[flow.at()].settled {
                        state.add(row, Place::Row(settled), t);
                    }
                }
            }
        }
    }
}

/// Probes of more than a month add up, or take the last month.
fn watch(state: &mut State<'_>, t: u32) {
    for watch in &state.plan.watches {
        let Some(sum) = watch.sum else { continue };
        let place = found(state, watch.source);
        if watch.begins(t) || !watch.adds {
            state.set(sum, place, t);
        } else {
            state.add(sum, place, t);
        }
    }
}

fn found(state: &State<'_>, source: ProbePlace) -> Place {
    match source {
        ProbePlace::At(place) => place,
        ProbePlace::Payment(flow) => Place::Row(state.paid(flow.at())),
    }
}

#[cfg(test)]
mod tests {
    use keiretsu_maths::lanes::Lanes;
    use keiretsu_maths::moves::BLOCK;
    use keiretsu_program::{Paths, RunSpec};

    use super::*;
    use crate::rich;

    /// Every probe of a few months, as bits, computed by one instruction set.
    fn bits(plan: &Plan, lanes: Lanes) -> Vec<u64> {
        let mut work = Work::new(plan);
        work.state.lanes = lanes;
        work.start(512);
        let mut bits = vec![];
        for t in 1..=rich::MONTHS {
            work.month(t);
            for probe in 0..plan.watches.len() {
                let seen = work.watched(probe, t);
                bits.extend((0..BLOCK).map(|lane| seen.at(lane).to_bits()));
            }
        }
        bits
    }

    #[test]
    fn instruction_sets_give_the_same_bits() {
        let program = rich::program();
        let paths = Paths { seed: 5, first: 0, count: 1, exact_limit: 1 };
        let spec = RunSpec::paths(paths, rich::probes(&program));
        let spec = RunSpec { own_money: vec![vec![keiretsu_program::PartyId(4)]], ..spec };
        let plan = Plan::new(&program, &spec, BLOCK).expect("the program is sound");
        let baseline = bits(&plan, Lanes::Baseline);
        for lanes in Lanes::ALL.into_iter().filter(|lanes| lanes.available()) {
            assert!(bits(&plan, lanes) == baseline, "{lanes:?} differs from the baseline");
        }
    }
}
