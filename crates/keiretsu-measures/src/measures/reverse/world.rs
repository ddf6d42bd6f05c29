//! A shock to whether and when the event happens in it: a world of the expected reading.
//!
//! Searches wait for worlds together, so that many are run side by side.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;

use keiretsu_maths::exp::exp;
use keiretsu_methods::design_point::{Along, Mildest};
use keiretsu_program::{Change, EventId, FactorId, Overlay, Probe, Program, Quantity, Reading, Span, Target};

use super::search::Answer;
use crate::{Runs, RunsError, WatchedQuantity};

/// Chances from here on count as holding, as they do for markets in the expected reading.
const HOLDS: f64 = 0.5;

/// Something that differs from the base over a stretch of months.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Shock {
    /// Its first month.
    pub from: u32,
    /// Its last month, by which the event happens.
    pub until: u32,
    /// Factors, and the logarithm of their multiplier.
    pub factors: Vec<(FactorId, f64)>,
    /// Events, and whether they stand.
    pub events: Vec<(EventId, bool)>,
}

impl Shock {
    /// As a run knows it.
    pub(super) fn overlays(&self) -> Vec<Overlay> {
        let (from, until) = (self.from, self.until);
        let overlay = |target, change| Overlay { target, change, from, until };
        let factors = self.factors.iter().map(|(id, x)| overlay(Target::Factor(*id), Change::Scale(exp(*x))));
        let truth = |stands: bool| Change::Set(f64::from(u8::from(stands)));
        let events = self.events.iter().map(|(id, stands)| overlay(Target::Event(*id), truth(*stands)));
        factors.chain(events).collect()
    }
}

/// The world in which shocks are tried.
pub(super) struct World<'a> {
    /// The program.
    pub program: &'a Program,
    runs: &'a dyn Runs,
    probe: Probe,
    /// Whether the event happens in the worlds that have been run.
    known: RefCell<BTreeMap<Key, bool>>,
    /// Worlds waiting to be run.
    asked: RefCell<Vec<Shock>>,
}

impl<'a> World<'a> {
    pub(super) fn new(program: &'a Program, runs: &'a dyn Runs, event: &WatchedQuantity) -> Self {
        let probe = Probe { quantity: event.quantity, span: Span::Month };
        Self { program, runs, probe, known: RefCell::default(), asked: RefCell::default() }
    }

    /// The first month in which the event holds.
    pub(super) fn month(&self, overlays: &[Overlay]) -> Result<Option<u32>, RunsError> {
        Ok(first_held(&self.alone(overlays, self.probe)?))
    }

    /// Whether the event is known at all, in some month.
    pub(super) fn is_known(&self) -> Result<bool, RunsError> {
        Ok(self.alone(&[], self.probe)?.iter().any(|truth| !truth.is_nan()))
    }

    /// A factor's central path, month by month.
    pub(super) fn levels(&self, factor: FactorId) -> Result<Vec<f64>, RunsError> {
        self.alone(&[], Probe { quantity: Quantity::Factor(factor), span: Span::Month })
    }

    /// A probe in one world, month by month.
    fn alone(&self, overlays: &[Overlay], probe: Probe) -> Result<Vec<f64>, RunsError> {
        let mut months = vec![];
        let mut see = |seen: &[Vec<f64>]| months.clone_from(&seen[0]);
        self.runs.worlds(Reading::Expected, &[overlays.to_vec()], &[probe], self.program.months, &mut see)?;
        Ok(months)
    }

    /// Whether the event holds in some month of the shock.
    ///
    /// # Errors
    /// [`Halt::Waits`] if the world is not known yet; it is then run with the others.
    pub(super) fn happens(&self, shock: &Shock) -> Result<bool, Halt> {
        let known = self.known.borrow().get(&key(shock)).copied();
        known.ok_or_else(|| {
            self.asked.borrow_mut().push(shock.clone());
            Halt::Waits
        })
    }

    /// Whether the world of a shock has been run.
    pub(super) fn knows(&self, shock: &Shock) -> bool {
        self.known.borrow().contains_key(&key(shock))
    }

    /// Announces a shock, so that it is run with the others.
    pub(super) fn soon(&self, shock: Shock) {
        if !self.knows(&shock) {
            self.asked.borrow_mut().push(shock);
        }
    }

    /// Independent searches, all at once: each continues until it waits for a world, then the worlds of all
    /// are run side by side, and each waiting search begins again. A search is a function of its worlds, so
    /// only the time changes.
    pub(super) fn all<T>(
        &self,
        count: usize,
        part: Range<u32>,
        search: impl Fn(usize, &mut Journal) -> Result<T, Halt>,
    ) -> Result<Vec<T>, RunsError> {
        let mut journals: Vec<Journal> = (0..count).map(|_| Journal::default()).collect();
        let mut found: Vec<Option<T>> = (0..count).map(|_| None).collect();
        loop {
            for at in 0..count {
                if found[at].is_none() {
                    journals[at].read = 0;
                    match search(at, &mut journals[at]) {
                        Ok(done) => found[at] = Some(done),
                        Err(Halt::Waits) => {}
                    }
                }
            }
            let done = found.iter().filter(|found| found.is_some()).count();
            if done == count {
                return Ok(found.into_iter().flatten().collect());
            }
            let share = (part.end - part.start) * done as u32 / count as u32;
            self.runs.tell(part.start + share, WHOLE)?;
            self.run_asked()?;
        }
    }

    /// Runs the waiting worlds, those with the same changed targets side by side.
    fn run_asked(&self) -> Result<(), RunsError> {
        let mut asked: Vec<(Key, Shock)> =
            self.asked.take().into_iter().map(|shock| (key(&shock), shock)).collect();
        assert!(!asked.is_empty(), "who waits has asked for something");
        asked.sort_by(|a, b| a.0.cmp(&b.0));
        asked.dedup_by(|a, b| a.0 == b.0);
        let worlds: Vec<Vec<Overlay>> = asked.iter().map(|(_, shock)| shock.overlays()).collect();
        let last = asked.iter().map(|(_, shock)| shock.until).max().unwrap_or(0);
        let mut known = self.known.borrow_mut();
        let mut asked = asked.into_iter();
        self.runs.worlds(Reading::Expected, &worlds, &[self.probe], last, &mut |seen| {
            if let Some((key, shock)) = asked.next() {
                known.insert(key, first_held(&seen[0]).is_some_and(|month| month <= shock.until));
            }
        })
    }
}

/// All of the work.
pub(super) const WHOLE: u32 = 1000;

/// A shock as a key of a map: its changes first.
type Key = Vec<u64>;

fn key(shock: &Shock) -> Key {
    let events = shock.events.iter().map(|(event, stands)| u64::from(event.0) << 1 | u64::from(*stands));
    let factors = shock.factors.iter().map(|(factor, _)| u64::from(factor.0));
    let lengths = [shock.events.len() as u64, shock.factors.len() as u64];
    let months = [u64::from(shock.from), u64::from(shock.until)];
    let sizes = shock.factors.iter().map(|(_, x)| x.to_bits());
    lengths.into_iter().chain(events).chain(factors).chain(months).chain(sizes).collect()
}

/// The first month in which the event holds.
fn first_held(months: &[f64]) -> Option<u32> {
    months.iter().position(|truth| HOLDS <= *truth).map(|at| at as u32 + 1)
}

/// Why a search does not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Halt {
    /// It waits for a world that has not been run.
    Waits,
}

/// The steps of a search that are done, so that it does not do them again when it begins again, and how far
/// the one is that it stands in.
#[derive(Default)]
pub(super) struct Journal {
    done: Vec<Option<Answer>>,
    /// How many of them have been read since the search began again.
    read: usize,
    under_way: Option<UnderWay>,
}

/// A step that has begun.
pub(super) enum UnderWay {
    Along(Along),
    Mildest(Mildest),
}

impl Journal {
    /// The result of a step, from memory if it was done before.
    pub(super) fn step(
        &mut self,
        step: impl FnOnce(&mut Option<UnderWay>) -> Result<Option<Answer>, Halt>,
    ) -> Result<Option<Answer>, Halt> {
        if self.read == self.done.len() {
            let found = step(&mut self.under_way)?;
            self.under_way = None;
            self.done.push(found);
        }
        self.read += 1;
        Ok(self.done[self.read - 1].clone())
    }
}
