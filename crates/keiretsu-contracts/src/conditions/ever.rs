//! The chance that a condition ever holds, where nothing says by when it must: first passage over all time,
//! so that what is expected does not hang on how far one looks.
//!
//! By hand: what has any chance each year happens at last with 1; a window that shuts and reopens has been
//! open at last with 1; `good and not bad` holds with the chance that good comes first.
//!
//! Month by month up to the last date of the condition, from then on by the joint chain of its events with
//! the states in which it holds made absorbing (Grimmett and Stirzaker, 6.5).

use keiretsu_model::Chance;
use keiretsu_model::formula::Formula;
use keiretsu_model::record::Record;

use super::{Chain, EVENTS, chains_stand, events, given, transition};
use crate::decided::{changes, decided};
use crate::lowering::Lowering;
use crate::terms::Terms;

/// So many doublings of a month are forever: a chance of 1 in a billion a month has long been met.
const DOUBLINGS: u32 = 64;

impl Lowering<'_> {
    /// Notes the chance that the condition of a commitment ever holds, where it has no last day, and events
    /// and dates and nothing else decide it.
    pub fn ever_met(&mut self, terms: &Terms<'_>, record: &Record, term: &str) {
        let ends = record.has("before") || terms.record.has("terminated_when");
        let Some(condition) = record.formula(term).filter(|_| !ends && terms.current) else { return };
        let ever = self.ever(condition);
        if let Some(last) = self.side.commitments.last_mut() {
            last.ever = ever;
        }
    }

    /// By the horizon, and over all time.
    fn ever(&self, condition: &Formula) -> Option<[f64; 2]> {
        let mut named = Vec::new();
        events(condition, false, &mut |event, _| named.push(event));
        named.sort_unstable();
        named.dedup();
        if named.is_empty() || EVENTS < named.len() {
            return None;
        }
        let mut chains: Vec<Chain> = named.iter().map(|event| self.chain(*event)).collect::<Option<_>>()?;
        let (states, calendar) = (1usize << chains.len(), self.calendar);
        let of_states: Vec<Formula> = (0..states).map(|state| given(condition, &chains, state)).collect();
        let holds = |t: i64| -> Option<Vec<bool>> {
            of_states.iter().map(|formula| decided(formula, &calendar, t)).collect()
        };
        let mut dates = Vec::new();
        changes(condition, 0, &calendar, &mut dates);
        let undated =
            |chain: &Chain| matches!(self.model.events[chain.event.at()].chance, Chance::By(_, None));
        let horizon = i64::from(calendar.months);
        let last = dates.into_iter().max().unwrap_or(0).max(horizon);
        let mut at: Vec<f64> =
            (0..states).map(|state| f64::from(u8::from(chains_stand(&chains, state)))).collect();
        let (mut held, mut by_horizon) = (0.0, 0.0);
        for t in 1..=last {
            let before = at.clone();
            let holds = holds(t)?;
            for (state, at) in at.iter_mut().enumerate() {
                let arrives: f64 =
                    (0..states).map(|from| before[from] * transition(&chains, from, state)).sum();
                held += if holds[state] { arrives } else { 0.0 };
                *at = if holds[state] { 0.0 } else { arrives };
            }
            if t == horizon {
                by_horizon = held;
                // A chance without a day is that of the horizon; nothing is said of what comes after it.
                for chain in &mut chains {
                    chain.comes = if undated(chain) { 0.0 } else { chain.comes };
                }
            }
        }
        let after = absorbed(&chains, &holds(last + 1)?);
        let ever: f64 = held + at.iter().zip(after).map(|(at, after)| at * after).sum::<f64>();
        Some([by_horizon, ever.min(1.0)])
    }
}

/// The chance to come at last to a state that holds, from each state that does not.
fn absorbed(chains: &[Chain], holds: &[bool]) -> Vec<f64> {
    let states = holds.len();
    let mut moves: Vec<Vec<f64>> = (0..states)
        .map(|from| {
            let moves = |to: usize| {
                if holds[from] { f64::from(u8::from(from == to)) } else { transition(chains, from, to) }
            };
            (0..states).map(moves).collect()
        })
        .collect();
    for _ in 0..DOUBLINGS {
        moves = moves
            .iter()
            .map(|row| {
                let twice: Vec<f64> =
                    (0..states).map(|to| (0..states).map(|by| row[by] * moves[by][to]).sum()).collect();
                // So that rounding does not double with the months.
                let sum: f64 = twice.iter().sum();
                twice.iter().map(|chance| chance / sum).collect()
            })
            .collect();
    }
    let met =
        |row: &Vec<f64>| row.iter().zip(holds).filter(|(_, holds)| **holds).map(|(chance, _)| chance).sum();
    moves.iter().map(met).collect()
}
