//! A run that was made, beside programs that differ from its own in a few places: only numbers that may
//! differ are run again.
//!
//! Invariant: each probe sees the bits of a run of its own. Absent: own money, which rests on everything.

use std::collections::BTreeMap;

use keiretsu_program::{Mode, Observations, Probe, Program, Quantity, RunSpec, Span};

use super::graph::{KINDS, Vertex};
use super::prints::{Print, Printing, Tokens, has_token};
use crate::RunError;
use crate::watch::Watch;

/// What a run of a reading saw, by what each of its numbers is made of.
#[derive(Clone, Debug)]
pub struct Known {
    frame: Frame,
    slots: Vec<Print>,
    /// What each node with a token is, apart from what it is made of, and with that.
    alone: Vec<Print>,
    whole: Vec<Print>,
    /// Where the nodes of each kind begin.
    first: [usize; KINDS],
    places: BTreeMap<Print, usize>,
    seen: Observations,
}

/// What both runs must have in common.
#[derive(Clone, Debug, PartialEq)]
struct Frame {
    origin: keiretsu_program::Month,
    months: u32,
    purses: Vec<u32>,
    mode: Mode,
}

impl Frame {
    fn of(program: &Program, spec: &RunSpec) -> Self {
        let purses = program.parties.iter().map(|party| party.purse.0).collect();
        Self { origin: program.origin, months: program.months, purses, mode: spec.mode }
    }
}

/// Tokens that no other program has.
const FRESH: u64 = 1 << 63;

impl Known {
    /// What a run of a reading saw.
    ///
    /// # Panics
    /// If the run is one of paths.
    pub fn new(program: &Program, spec: &RunSpec, seen: Observations) -> Self {
        let printing = Printing::new(program, spec);
        let tokens = printing.own_tokens();
        let all = printing.prints(&tokens);
        let nodes = || printing.graph.nodes().enumerate();
        let alone = nodes().map(|(_, node)| alone(&printing, node)).collect();
        let whole =
            nodes().map(
                |(index, node)| {
                    if has_token(node) { printing.whole(node, &tokens, &all) } else { all[index] }
                },
            );
        let whole = whole.collect();
        let keys = spec.probes.iter().map(|probe| key(&printing, &all, spec, probe)).enumerate();
        Self {
            frame: Frame::of(program, spec),
            slots: printing.slots(),
            alone,
            whole,
            first: printing.graph.first,
            places: keys.filter_map(|(at, key)| Some((key?, at))).collect(),
            seen,
        }
    }

    /// Runs a reading of a program, as of little of it as differs from what is known.
    ///
    /// # Errors
    /// As [`crate::run_watched`].
    pub fn run(&self, program: &Program, spec: &RunSpec, watch: Watch<'_>) -> Result<Observations, RunError> {
        crate::check::check(program, spec, &crate::plan::overlays::Overlays::new(spec, &[]))?;
        if self.frame != Frame::of(program, spec) {
            return crate::run_watched_part(program, spec, watch);
        }
        let printing = Printing::new(program, spec);
        let all = self.prints(&printing);
        let keys = spec.probes.iter().map(|probe| key(&printing, &all, spec, probe));
        let found: Vec<Option<usize>> = keys.map(|key| self.places.get(&key?).copied()).collect();
        let open = spec.probes.iter().zip(&found).filter(|(_, found)| found.is_none());
        let probes: Vec<Probe> = open.map(|(probe, _)| *probe).collect();
        let mut again = if probes.is_empty() {
            Observations::default()
        } else {
            crate::run_watched_part(program, &RunSpec { probes, ..spec.clone() }, watch)?
        };
        let mut new = std::mem::take(&mut again.series).into_iter();
        let series = found.into_iter().map(|place| match place {
            Some(at) => self.seen.series[at].clone(),
            None => new.next().expect("it was run"),
        });
        again.series = series.collect();
        Ok(again)
    }

    /// Fingerprints of a program in the tokens of the known one.
    fn prints(&self, printing: &Printing<'_>) -> Vec<Print> {
        let graph = &printing.graph;
        let slots = aligned(&self.slots, &printing.slots());
        let fresh = |at: usize| FRESH | at as u64;
        let mut tokens = Tokens {
            slots: slots
                .iter()
                .enumerate()
                .map(|(at, known)| known.map_or(fresh(at), |at| at as u64))
                .collect(),
            nodes: (0..graph.count).map(fresh).collect(),
        };
        let nodes: Vec<Vertex> = graph.nodes().collect();
        let mut known = vec![None; graph.count];
        for kind in 0..graph.first.len() {
            let (mine, theirs) =
                (range(&graph.first, graph.count, kind), range(&self.first, self.alone.len(), kind));
            if mine.is_empty() || !has_token(nodes[mine.start]) {
                continue;
            }
            let alone: Vec<Print> = mine.clone().map(|index| printing.alone(nodes[index])).collect();
            for (index, found) in mine.zip(aligned(&self.alone[theirs.clone()], &alone)) {
                known[index] = found.map(|at| theirs.start + at);
                tokens.nodes[index] = known[index].map_or(fresh(index), |at| at as u64);
            }
        }
        loop {
            let all = printing.prints(&tokens);
            let mut settled = true;
            for (index, node) in nodes.iter().enumerate() {
                let Some(at) = known[index] else { continue };
                if printing.whole(*node, &tokens, &all) != self.whole[at] {
                    known[index] = None;
                    tokens.nodes[index] = fresh(index);
                    settled = false;
                }
            }
            if settled {
                return all;
            }
        }
    }
}

fn range(first: &[usize; KINDS], count: usize, kind: usize) -> std::ops::Range<usize> {
    first[kind]..first.get(kind + 1).copied().unwrap_or(count)
}

fn alone(printing: &Printing<'_>, node: Vertex) -> Print {
    if has_token(node) { printing.alone(node) } else { Print::of(0) }
}

/// A watched quantity by what it is made of.
fn key(printing: &Printing<'_>, all: &[Print], spec: &RunSpec, probe: &Probe) -> Option<Print> {
    let kind = match probe.quantity {
        Quantity::Due(_) => 1,
        Quantity::Payment(_) => 2,
        Quantity::Net(_) => 3,
        Quantity::Cash(_) => 4,
        Quantity::Raised(_) => 5,
        Quantity::Defaulted(_) => 6,
        Quantity::Shortfall(_) => 7,
        Quantity::Factor(_) => 8,
        Quantity::Register(_) => 9,
        Quantity::Value(_) => 10,
        Quantity::Holding(_) => 11,
        Quantity::Stake(_) => 12,
        Quantity::CreditsUsed(_) => 13,
        Quantity::CreditsExpired(_) => 14,
        Quantity::CreditsLeft(_) => 15,
        Quantity::Drawn(_) => 16,
        Quantity::OwnReceipts { .. } | Quantity::Exposure(_) | Quantity::ExposureAtDefault(_) => return None,
    };
    let span = match probe.span {
        Span::Month => 1,
        Span::Year => 2,
        Span::Whole => 3,
        Span::Quarter => 4,
    };
    let nodes = printing.graph.watched(probe.quantity, spec)?.into_iter();
    Some(nodes.fold(Print::of(kind).and(span), |print, node| print.with(all[printing.graph.index(node)])))
}

/// How far ahead a counterpart is looked for, and how many that follow must be the same.
const AHEAD: usize = 400;
const RUN: usize = 3;

/// For each thing of a list its counterpart in another one, in the order of both: the same thing, by place
/// where the lists are as long, else by what comes after it.
fn aligned(known: &[Print], list: &[Print]) -> Vec<Option<usize>> {
    let mut found = vec![None; list.len()];
    let (mut a, mut b) = (0, 0);
    let same = |a: usize, b: usize| {
        let more = (known.len() - a).min(list.len() - b).min(RUN);
        (0..more).all(|on| known[a + on] == list[b + on])
    };
    while a < known.len() && b < list.len() {
        if known[a] == list[b] {
            found[b] = Some(a);
        } else if known.len() - a != list.len() - b {
            let gone = (1..AHEAD).find(|on| a + on < known.len() && same(a + on, b));
            let new = (1..AHEAD).find(|on| b + on < list.len() && same(a, b + on));
            match (gone, new) {
                (Some(gone), new) if new.is_none_or(|new| gone <= new) => {
                    a += gone;
                    continue;
                }
                (_, Some(new)) => {
                    b += new;
                    continue;
                }
                _ => {}
            }
        }
        a += 1;
        b += 1;
    }
    found
}
