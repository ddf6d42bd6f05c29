//! A reading that has been run to what each of its numbers may be: sets beside the numbers that were read.
//!
//! Figures such as "more than $36M" and "undisclosed", events of unknown chance, quotients without a value:
//! all that a reading takes as one number, or leaves out, is a set here and is carried month by month through
//! registers, dues, clearing, cash and stakes, in the order of `docs/MONTH.md`.
//!
//! Invariants: what is read is in its set, and so is what the run would have read had an open figure been any
//! member of its set. What nothing open touches is exactly what was read.
//! Absent: precision where an open amount decides who is short. Whoever might be short pays anything from
//! nothing to what is due, and who might fail may have failed ever after.

mod clearing;
mod cover;
mod dues;
mod numbers;
mod products;
mod range;
mod registers;
mod series;
mod shares;
mod units;

use std::rc::Rc;

use keiretsu_program::{
    Change, Mode, Observations, PartyId, Possible, Program, Reading, RunSpec, Series, Slot, SlotId, Target,
};
use keiretsu_values::Set;

use self::clearing::Cleared;
use self::numbers::Numbers;
use self::range::OpenRange;
use self::series::Pieces;
use self::shares::{Shares, Symbols};
use self::units::Units;
use crate::RunError;
use crate::plan::Plan;
use crate::plan::overlays::Overlays;
use crate::watch::Watch;
use crate::work::Work;

/// A number that is open; none where it is what the run has.
type Cell = Option<Rc<OpenRange>>;

/// Runs a reading and says of each of its series what the numbers may be.
pub fn run(program: &Program, spec: &RunSpec, watch: Watch<'_>) -> Result<Observations, RunError> {
    let Mode::Reading(reading) = spec.mode else { unreachable!("paths say what is possible themselves") };
    let slots_open = program.slots.iter().any(|slot| !slot.possible(reading).is_only());
    if !slots_open {
        // Perhaps nothing is open at all.
        let plan = Plan::new(program, spec, 1)?;
        let seen = crate::reading::observe(&plan, spec.probes.len(), watch, &mut |_| {})?;
        if !is_open(&seen) {
            return Ok(seen);
        }
    }
    let watching = numbers::watching_all(program, spec);
    let plan = Plan::new(program, &watching, 1)?;
    let mut numbers = Numbers::new(&plan);
    let mut keep = |work: &Work<'_>| numbers.keep(work);
    let mut seen = crate::reading::observe(&plan, spec.probes.len(), watch, &mut keep)?;
    let mut pass = Pass::new(program, spec, reading, numbers);
    let mut pieces = Pieces::new(program, spec);
    pass.registers(0);
    pass.open_units();
    for t in 1..=program.months {
        pass.registers(t);
        pass.post(t);
        pieces.month(&pass, t, &seen.series);
    }
    pieces.finish(&mut seen.series);
    Ok(seen)
}

/// Whether anything that a reading saw is not just what was read, though no slot is open.
fn is_open(seen: &Observations) -> bool {
    let dark = |series: &Series| series.mean.iter().any(|mean| !mean.is_finite());
    !seen.left_out.is_empty() || !seen.unread.is_empty() || seen.series.iter().any(dark)
}

/// What is known at the end of a month.
struct Pass<'a> {
    program: &'a Program,
    spec: &'a RunSpec,
    reading: Reading,
    numbers: Numbers<'a>,
    symbols: Symbols,
    overlays: Overlays,
    /// Registers that nothing open touches, as far as the month in work.
    quiet: Vec<bool>,
    /// Registers that are the same in every month.
    steady: Vec<bool>,
    /// Registers that an overlay changes.
    overlaid: Vec<bool>,
    /// Growth of each factor since as-of, by month.
    growth: Vec<Vec<f64>>,
    /// The flows that each purse pays or receives, those within it left out.
    flows: Vec<Vec<usize>>,
    /// Whether a flow is one on which calls fall due, or one that credits settle.
    is_call: Vec<bool>,
    is_credited: Vec<bool>,
    /// Open slots.
    slots: Vec<Option<OpenRange>>,
    /// Registers by month, those of the month in work apart.
    history: Vec<Vec<Cell>>,
    month: Vec<Cell>,
    /// Running sums at the end of last month, and what they are around.
    account: Vec<Cell>,
    account_base: Vec<f64>,
    /// Credits left in each pool.
    left: Vec<OpenRange>,
    /// Pools of which something could not be read.
    dark_pools: Vec<bool>,
    /// Cash of each purse at the end of last month.
    cash: Vec<Cell>,
    /// Purses that may have defaulted where the run says otherwise, or the other way round.
    may_fail: Vec<bool>,
    /// Paid on the calls of each cover so far.
    drawn: Vec<Cell>,
    /// Purses with cash that rests on an unknown amount.
    in_the_dark: Vec<bool>,
    /// The most that each purse has paid net in each month.
    outflow: Vec<Vec<f64>>,
    /// Whether any payment has been open.
    traced: bool,
    units: Units,
    cleared: Cleared,
}

impl<'a> Pass<'a> {
    fn new(program: &'a Program, spec: &'a RunSpec, reading: Reading, numbers: Numbers<'a>) -> Self {
        let all = program.slots.iter().enumerate();
        let (symbols, slots): (Vec<Set>, Vec<Option<OpenRange>>) =
            all.map(|(at, slot)| open_slot(at as u32, slot, spec, reading)).unzip();
        let reads = slots.iter().map(|slot| slot.as_ref().map_or(0.0, |range| range.base)).collect();
        let parties = program.parties.len();
        let mut is_call = vec![false; program.flows.len()];
        program.covers.iter().for_each(|cover| is_call[cover.call.at()] = true);
        let mut is_credited = vec![false; program.flows.len()];
        let pools = program.credits.iter().flat_map(|pool| &pool.flows);
        pools.for_each(|flow| is_credited[flow.at()] = true);
        let mut pass = Self {
            program,
            spec,
            reading,
            numbers,
            symbols: Symbols(symbols, shares(program, spec, reading), reads),
            overlays: Overlays::new(spec, &[]),
            quiet: vec![],
            steady: vec![],
            overlaid: vec![],
            growth: program
                .factors
                .iter()
                .map(|factor| growth(&program.curves[factor.growth.at()]))
                .collect(),
            flows: flows_by_purse(program),
            is_call,
            is_credited,
            slots,
            history: vec![],
            month: vec![],
            account: vec![None; program.accounts.len()],
            account_base: program.accounts.iter().map(|account| account.opening).collect(),
            left: vec![OpenRange::point(0.0); program.credits.len()],
            dark_pools: vec![false; program.credits.len()],
            cash: vec![None; parties],
            may_fail: vec![false; parties],
            drawn: vec![None; program.covers.len()],
            in_the_dark: vec![false; parties],
            outflow: vec![],
            traced: false,
            units: Units::default(),
            cleared: Cleared::default(),
        };
        for (at, party) in program.parties.iter().enumerate() {
            let Some(cash) = party.cash.and_then(|slot| pass.slots[slot.at()].clone()) else { continue };
            pass.in_the_dark[at] =
                program.slots[party.cash.map_or(0, keiretsu_program::SlotId::at)].read(reading).is_nan();
            pass.cash[at] = Some(Rc::new(cash));
        }
        pass.find_quiet();
        pass
    }

    fn purse(&self, party: PartyId) -> usize {
        self.program.parties[party.at()].purse.at()
    }

    fn set(&self, range: &OpenRange) -> Set {
        range.set(&self.symbols)
    }
}

/// The slots that are shares of one whole, with what the shares as read leave of it.
fn shares(program: &Program, spec: &RunSpec, reading: Reading) -> Vec<Shares> {
    let wholes = program.wholes.iter().enumerate().map(|(at, whole)| {
        let share = |slot: &SlotId| {
            let (away, open) = open_slot(slot.0, &program.slots[slot.at()], spec, reading);
            let read = open.map_or_else(|| program.slots[slot.at()].read(reading), |range| range.base);
            (slot.0, read, away)
        };
        Shares::new(format!("{at} {}", reading.name()), whole.iter().map(share).collect())
    });
    wholes.collect()
}

/// Growth since as-of, by month.
fn growth(curve: &[f64]) -> Vec<f64> {
    let mut product = 1.0;
    let after = curve.iter().skip(1).map(|growth| {
        product *= growth;
        product
    });
    [1.0].into_iter().chain(after).collect()
}

fn flows_by_purse(program: &Program) -> Vec<Vec<usize>> {
    let mut flows = vec![vec![]; program.parties.len()];
    for (at, flow) in program.flows.iter().enumerate() {
        let [from, to] = [flow.from, flow.to].map(|party| program.parties[party.at()].purse.at());
        if from != to {
            flows[from].push(at);
            flows[to].push(at);
        }
    }
    flows
}

/// How far a slot may be from what is read of it in a run, and the slot if it is open.
fn open_slot(at: u32, slot: &Slot, spec: &RunSpec, reading: Reading) -> (Set, Option<OpenRange>) {
    let Possible { mut set, mut vague } = slot.possible(reading);
    let mut read = slot.read(reading);
    let target = Target::Slot(SlotId(at));
    for overlay in spec.overlays.iter().filter(|overlay| overlay.target == target) {
        read = crate::logic::changed(overlay.change, read);
        match overlay.change {
            Change::Set(_) => (set, vague) = (Possible::only(read).set, false),
            Change::Scale(by) => set = set.times(Set::point(by)),
            Change::Shift(by) => set = set.plus(Set::point(by)),
        }
    }
    let base = if read.is_finite() { read } else { 0.0 };
    let away = set.or(Set::point(base)).plus(Set::point(-base));
    let open = !read.is_finite() || !set.is_point() || vague;
    let range = if away.is_point() {
        OpenRange { vague, ..OpenRange::point(base) }
    } else {
        OpenRange::slot(at, base, vague)
    };
    (away, open.then_some(range))
}
