//! A world to the mildest shocks that make the event happen, one for each way in which it can.
//!
//! For no event forced, and for each event forced to either state, the search goes over a grid of stretches
//! of months: each factor alone, then all that matter together from the direction of the single ones, then
//! without those that the joint shock does not need. Everything is deterministic.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use keiretsu_maths::ln::ln;
use keiretsu_maths::power::whole_power;
use keiretsu_methods::design_point::{Along, Mildest, Search};
use keiretsu_program::{EventId, FactorId};

use super::law::{self, Law};
use super::oracle::{Setting, ShockOracle, far, length, parts};
use super::world::{Halt, Journal, Shock, UnderWay, World};
use crate::RunsError;

/// Stretches begin and end at multiples of this share of the time that there is.
const PIECES: u32 = 8;
/// Limit of factors up to which all signs are tried together where no factor does it alone.
const SIGNS_MAX: usize = 5;
/// A shock with fewer factors is preferred if it is not further away than this.
const SIMPLER: f64 = 1.02;

/// An answer: a shock and its plausibility.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Answer {
    /// The shock.
    pub shock: Shock,
    /// Each factor's shock in standard deviations from its own middle.
    pub deviations: Vec<f64>,
    /// Distance of the factors' shocks from the middle.
    pub distance: f64,
    /// The chance of the events.
    pub chance: f64,
}

impl Answer {
    /// Twice the negative logarithm of how likely it is, next to the middle.
    pub(super) fn cost(&self) -> f64 {
        whole_power(self.distance, 2) - 2.0 * ln(self.chance)
    }

    /// Whether it needs all that another needs.
    fn needs_all_of(&self, other: &Self) -> bool {
        let same = |a: &(FactorId, f64), b: &(FactorId, f64)| a.0 == b.0 && (a.1 < 0.0) == (b.1 < 0.0);
        let factors = &self.shock.factors;
        other.shock.factors.iter().all(|wanted| factors.iter().any(|has| same(has, wanted)))
            && other.shock.events.iter().all(|wanted| self.shock.events.contains(wanted))
    }
}

/// A search that is under way.
pub(super) struct Hunt<'a> {
    pub world: &'a World<'a>,
    /// The factors that move.
    pub factors: Vec<FactorId>,
    /// The last month by which the event shall happen.
    pub by: u32,
    pub search: Search,
    laws: RefCell<BTreeMap<Stretch, Option<Rc<Law>>>>,
}

/// Factors and the months over which they are shocked.
type Stretch = (Vec<FactorId>, u32, u32);

impl<'a> Hunt<'a> {
    pub(super) fn new(world: &'a World<'a>, factors: Vec<FactorId>, by: u32, search: Search) -> Self {
        Self { world, factors, by, search, laws: RefCell::default() }
    }

    /// The answers, the likeliest first, each needing something that no likelier one gives.
    pub(super) fn answers(&self) -> Result<Vec<Answer>, RunsError> {
        let mut found = self.first()?;
        found.sort_by(|a, b| a.cost().total_cmp(&b.cost()));
        let mut kept: Vec<Answer> = Vec::new();
        for answer in found {
            if !kept.iter().any(|likelier| answer.needs_all_of(likelier)) {
                kept.push(answer);
            }
        }
        let moved = self.world.all(kept.len(), 900..950, |at, journal| self.moved(&kept[at], journal))?;
        let mut kept: Vec<Answer> = Vec::new();
        for answer in moved {
            if !kept.iter().any(|likelier| answer.needs_all_of(likelier)) {
                kept.push(answer);
            }
        }
        kept.sort_by(|a, b| a.cost().total_cmp(&b.cost()));
        Ok(kept)
    }

    /// The same shock over a stretch that begins or ends a little earlier or later, where that is likelier.
    fn moved(&self, answer: &Answer, journal: &mut Journal) -> Result<Answer, Halt> {
        let mut best = answer.clone();
        let mut step = self.by.div_ceil(PIECES) / 2;
        while 0 < step && !best.shock.factors.is_empty() {
            let (from, until) = (best.shock.from, best.shock.until);
            let beside = [
                (from.saturating_sub(step), until),
                (from + step, until),
                (from, until.saturating_sub(step)),
                (from, until + step),
            ];
            let fits = |(from, until): &(u32, u32)| 1 <= *from && from <= until && *until <= self.by;
            let setting = |(from, until)| Setting { from, until, ..best.setting() };
            let settings: Vec<Setting> = beside.into_iter().filter(fits).map(setting).collect();
            let factors: Vec<FactorId> = best.shock.factors.iter().map(|(factor, _)| *factor).collect();
            match self.swept(&settings, &factors, &best.direction(self), Some(&best), journal)? {
                // Only what is worth a step, so that this ends.
                Some(found) if found.cost() < best.cost() * (1.0 - 1e-3) => best = found,
                _ => step /= 2,
            }
        }
        Ok(best)
    }

    /// The stretches, the longest first.
    fn settings(&self, events: &[(EventId, bool)]) -> Vec<Setting> {
        let step = self.by.div_ceil(PIECES).max(1);
        let firsts = (1..=self.by).step_by(step as usize);
        let lasts: Vec<u32> = (0..PIECES).filter_map(|k| self.by.checked_sub(k * step)).collect();
        let pairs = firsts.flat_map(|from| lasts.iter().map(move |until| (from, *until)));
        let stretches = pairs.filter(|(from, until)| from <= until);
        stretches.map(|(from, until)| Setting { from, until, events: events.to_vec() }).collect()
    }

    /// The answers with no event forced, and with each event forced to either state: each factor alone in
    /// either direction, then all together.
    fn first(&self) -> Result<Vec<Answer>, RunsError> {
        let events = (0..self.world.program.events.len()).map(|at| EventId(at as u32));
        let forced = events.flat_map(|event| [false, true].map(|stands| vec![(event, stands)]));
        let lists: Vec<Vec<Setting>> =
            [vec![]].into_iter().chain(forced).map(|events| self.possible_settings(&events)).collect();
        let alone =
            self.world.all(lists.len(), 0..20, |at, journal| self.events_alone(&lists[at], journal))?;
        // Where events are enough, no factor has to move.
        let open: Vec<&[Setting]> = lists
            .iter()
            .zip(&alone)
            .filter(|(_, alone)| alone.is_none())
            .map(|(list, _)| &list[..])
            .collect();
        let ways = self.factors.iter().flat_map(|factor| [-1.0, 1.0].map(|sign| (*factor, sign)));
        let ways: Vec<(FactorId, f64)> = ways.collect();
        let single = self.world.all(open.len() * ways.len(), 20..300, |at, journal| {
            let (factor, sign) = ways[at % ways.len()];
            self.swept(open[at / ways.len()], &[factor], &[sign], None, journal)
        })?;
        let single: Vec<Vec<Answer>> = if ways.is_empty() {
            vec![vec![]; open.len()]
        } else {
            single.chunks(ways.len()).map(|found| found.iter().flatten().cloned().collect()).collect()
        };
        let together = |at: usize, journal: &mut Journal| self.together(open[at], &single[at], journal);
        let together = self.world.all(open.len(), 300..900, together)?;
        let mut of_open = single.into_iter().zip(together);
        let mut found = Vec::new();
        for alone in alone {
            if let Some(alone) = alone {
                found.push(alone);
            } else {
                let (single, together) = of_open.next().unwrap_or_default();
                found.extend(single.into_iter().chain(together));
            }
        }
        Ok(found)
    }

    /// The stretches in which events can be forced.
    fn possible_settings(&self, events: &[(EventId, bool)]) -> Vec<Setting> {
        self.settings(events).into_iter().filter(|setting| self.chance(setting).is_some()).collect()
    }

    /// The events without any shock, where that is enough, in the stretch in which they are likeliest.
    fn events_alone(&self, settings: &[Setting], journal: &mut Journal) -> Result<Option<Answer>, Halt> {
        let forced: Vec<&Setting> = settings.iter().filter(|setting| !setting.events.is_empty()).collect();
        let mut best: Option<Answer> = None;
        for setting in &forced {
            let found = journal.step(|_| {
                let Some(answer) = self.answer(setting, &[], &[]) else { return Ok(None) };
                let likelier = best.as_ref().is_none_or(|best| answer.cost() < best.cost());
                Ok(if likelier && self.world.happens(&answer.shock)? { Some(answer) } else { None })
            })?;
            best = found.or(best);
        }
        Ok(best)
    }

    /// All factors together: from the single shocks, or from all signs where there are none.
    fn together(
        &self,
        settings: &[Setting],
        single: &[Answer],
        journal: &mut Journal,
    ) -> Result<Option<Answer>, Halt> {
        let starts = if single.is_empty() { self.signs() } else { vec![self.pulls(single)] };
        if self.factors.len() < 2 {
            return Ok(None);
        }
        let mut best: Option<Answer> = None;
        for direction in starts {
            let found = self.swept(settings, &self.factors, &direction, best.as_ref(), journal)?;
            best = found.or(best);
        }
        best.map_or(Ok(None), |found| self.refined(settings, found, journal).map(Some))
    }

    /// Each factor's part in a joint shock: the nearer its own shock, the larger. A factor without effect
    /// alone starts with none; its joint effect enters as the joint shock is turned.
    fn pulls(&self, single: &[Answer]) -> Vec<f64> {
        let pull = |factor: &FactorId| {
            let of = single.iter().filter(|answer| answer.shock.factors[0].0 == *factor);
            let near = of.min_by(|a, b| a.distance.total_cmp(&b.distance));
            near.map_or(0.0, |answer| answer.deviations[0].signum() / answer.distance.max(0.1))
        };
        self.factors.iter().map(pull).collect()
    }

    /// All combinations of directions, for the factors that one can try so.
    fn signs(&self) -> Vec<Vec<f64>> {
        let count = self.factors.len();
        if !(2..=SIGNS_MAX).contains(&count) {
            return if count < 2 { vec![] } else { vec![vec![-1.0; count], vec![1.0; count]] };
        }
        let sign = |at: u32, k: usize| if at >> k & 1 == 1 { 1.0 } else { -1.0 };
        (0..1_u32 << count).map(|at| (0..count).map(|k| sign(at, k)).collect()).collect()
    }

    /// The best stretch for a direction of shocks given in standard deviations, if it beats `best`.
    fn swept(
        &self,
        settings: &[Setting],
        factors: &[FactorId],
        direction: &[f64],
        best: Option<&Answer>,
        journal: &mut Journal,
    ) -> Result<Option<Answer>, Halt> {
        let mut limit = best.map_or(whole_power(self.search.reach, 2), Answer::cost);
        let mut found = None;
        for (at, setting) in settings.iter().enumerate() {
            let nearer = journal.step(|under_way| {
                let Some((mut asked, near)) = self.near(setting, factors, limit) else { return Ok(None) };
                if under_way.is_none() {
                    let far = |asked: &ShockOracle<'_>, near: &Search| asked.shock(&far(direction, near));
                    if !self.world.knows(&far(&asked, &near)) {
                        // As long as none of them is nearer, the limit stays as it is.
                        let others = settings[at..].iter();
                        let others = others.filter_map(|other| self.near(other, factors, limit));
                        others.for_each(|(asked, near)| self.world.soon(far(&asked, &near)));
                    }
                    if !self.world.happens(&far(&asked, &near))? {
                        return Ok(None);
                    }
                    *under_way = Some(UnderWay::Along(Along::new(direction, &near)));
                }
                let Some(UnderWay::Along(along)) = under_way else { return Ok(None) };
                let Some(point) = along.go(&mut asked)? else { return Ok(None) };
                let answer = self.answer(setting, factors, &asked.law.shocks(&point.point));
                Ok(answer.filter(|answer| answer.cost() < limit))
            })?;
            if let Some(answer) = nearer {
                limit = answer.cost();
                found = Some(answer);
            }
        }
        Ok(found)
    }

    /// The question in a setting, with the distance left to the factors after that of the events.
    fn near<'h>(
        &'h self,
        setting: &'h Setting,
        factors: &'h [FactorId],
        limit: f64,
    ) -> Option<(ShockOracle<'h>, Search)> {
        let left = limit + 2.0 * ln(self.chance(setting)?);
        let law = self.law(setting, factors).filter(|_| 0.0 < left)?;
        let near = Search { reach: left.sqrt().min(self.search.reach), ..self.search };
        Some((ShockOracle { world: self.world, setting, factors, law }, near))
    }

    /// A joint shock turned towards the mildest one, moved to its best stretch, without unneeded factors.
    fn refined(&self, settings: &[Setting], mut best: Answer, journal: &mut Journal) -> Result<Answer, Halt> {
        best = self.turned(best, journal)?;
        let factors: Vec<FactorId> = best.shock.factors.iter().map(|(factor, _)| *factor).collect();
        let direction = best.direction(self);
        if let Some(moved) = self.swept(settings, &factors, &direction, Some(&best), journal)? {
            best = self.turned(moved, journal)?;
        }
        while 1 < best.shock.factors.len() {
            let Some(simpler) = self.simpler(&best, journal)? else { break };
            best = simpler;
        }
        Ok(best)
    }

    /// The mildest point from a shock's own direction, in its stretch.
    fn turned(&self, best: Answer, journal: &mut Journal) -> Result<Answer, Halt> {
        let setting = best.setting();
        let (factors, _) = parts(&best.shock.factors);
        let found = journal.step(|under_way| {
            let answer =
                self.mildest(&setting, &factors, || best.direction(self), &self.search, under_way)?;
            Ok(answer.filter(|answer| answer.distance < best.distance))
        })?;
        Ok(found.unwrap_or(best))
    }

    /// The mildest answer from a direction in a setting.
    fn mildest(
        &self,
        setting: &Setting,
        factors: &[FactorId],
        direction: impl FnOnce() -> Vec<f64>,
        search: &Search,
        under_way: &mut Option<UnderWay>,
    ) -> Result<Option<Answer>, Halt> {
        let Some(law) = self.law(setting, factors) else { return Ok(None) };
        let mut asked = ShockOracle { world: self.world, setting, factors, law };
        let start = || UnderWay::Mildest(Mildest::new(&direction(), search));
        let UnderWay::Mildest(mildest) = under_way.get_or_insert_with(start) else { return Ok(None) };
        let found = mildest.go(&mut asked)?;
        Ok(found.and_then(|found| self.answer(setting, factors, &asked.law.shocks(&found.point))))
    }

    /// The same without one factor, if that is hardly further away.
    fn simpler(&self, best: &Answer, journal: &mut Journal) -> Result<Option<Answer>, Halt> {
        let mut order: Vec<usize> = (0..best.shock.factors.len()).collect();
        order.sort_by(|a, b| best.deviations[*a].abs().total_cmp(&best.deviations[*b].abs()));
        let setting = best.setting();
        let further = Search { reach: best.distance * SIMPLER, ..self.search };
        for left_out in order {
            let mut factors = best.shock.factors.clone();
            factors.remove(left_out);
            let (ids, shocks) = parts(&factors);
            let found = journal.step(|under_way| {
                let Some(start) = self.answer(&setting, &ids, &shocks) else { return Ok(None) };
                self.mildest(&setting, &ids, || start.direction(self), &further, under_way)
            })?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// An answer from shocks, with its distance.
    fn answer(&self, setting: &Setting, factors: &[FactorId], shocks: &[f64]) -> Option<Answer> {
        let law = self.law(setting, factors)?;
        let distance = length(&law.point(shocks));
        let alone = |(factor, x): (&FactorId, &f64)| Some(self.law(setting, &[*factor])?.point(&[*x])[0]);
        let deviations = factors.iter().zip(shocks).map(alone).collect::<Option<Vec<f64>>>()?;
        let shock = Shock {
            from: setting.from,
            until: setting.until,
            factors: factors.iter().copied().zip(shocks.iter().copied()).collect(),
            events: setting.events.clone(),
        };
        Some(Answer { shock, deviations, distance, chance: self.chance(setting)? })
    }

    /// The same answer with other shocks, as they are after rounding.
    pub(super) fn again(&self, answer: &Answer, shocks: &[f64]) -> Option<Answer> {
        let factors: Vec<FactorId> = answer.shock.factors.iter().map(|(factor, _)| *factor).collect();
        self.answer(&answer.setting(), &factors, shocks)
    }

    fn law(&self, setting: &Setting, factors: &[FactorId]) -> Option<Rc<Law>> {
        let stretch = (factors.to_vec(), setting.from, setting.until);
        let new = || Law::new(self.world.program, factors, setting.from, setting.until).map(Rc::new);
        self.laws.borrow_mut().entry(stretch).or_insert_with(new).clone()
    }

    /// The chance of the events of a setting.
    fn chance(&self, setting: &Setting) -> Option<f64> {
        let chance = |(event, stands): &(EventId, bool)| {
            law::chance(self.world.program, *event, *stands, setting.from, setting.until)
        };
        setting.events.iter().map(chance).try_fold(1.0, |all, chance| Some(all * chance?))
    }
}

impl Answer {
    fn setting(&self) -> Setting {
        Setting { from: self.shock.from, until: self.shock.until, events: self.shock.events.clone() }
    }

    /// Its point of independent normals; from the middle, where it has no direction, that of its shocks.
    fn direction(&self, hunt: &Hunt<'_>) -> Vec<f64> {
        let (ids, shocks): (Vec<FactorId>, Vec<f64>) = self.shock.factors.iter().copied().unzip();
        let point = hunt.law(&self.setting(), &ids).map_or_else(|| shocks.clone(), |law| law.point(&shocks));
        if 0.0 < length(&point) { point } else { shocks }
    }
}
