//! A world to the mildest shocks that make the event happen, one for each way in which it can.
//!
//! For no event forced, and for each event forced to either state, the search goes over a grid of stretches
//! of months: each factor alone, then all that matter together from the direction of the single ones, then
//! without those that the joint shock does not need. Everything is deterministic.

use keiretsu_maths::ln::ln;
use keiretsu_maths::power::whole_power;
use keiretsu_methods::design_point::{self, DesignPoint, Search};
use keiretsu_program::{EventId, FactorId};

use super::law::{self, Law};
use super::world::{Shock, World};
use crate::Stopped;

/// Stretches begin and end at multiples of this share of the time that there is.
const PIECES: u32 = 8;
/// With so many factors all signs are tried together where no factor does it alone.
const SIGNS_MAX: usize = 5;
/// A shock with fewer factors is preferred if it is not further away than this.
const SIMPLER: f64 = 1.02;

/// An answer: a shock, and how far-fetched it is.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Answer {
    /// What differs.
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
}

/// A stretch of months with events forced.
#[derive(Clone, Debug)]
struct Setting {
    from: u32,
    until: u32,
    events: Vec<(EventId, bool)>,
}

impl Hunt<'_> {
    /// The answers, the likeliest first, each needing something that no likelier one gives.
    pub(super) fn answers(&self) -> Result<Vec<Answer>, Stopped> {
        let mut found = self.with_events(&[])?;
        for at in 0..self.world.program.events.len() {
            for stands in [false, true] {
                found.extend(self.with_events(&[(EventId(at as u32), stands)])?);
            }
        }
        found.sort_by(|a, b| a.cost().total_cmp(&b.cost()));
        let mut kept: Vec<Answer> = Vec::new();
        for answer in found {
            if !kept.iter().any(|likelier| answer.needs_all_of(likelier)) {
                kept.push(self.moved(answer)?);
            }
        }
        kept.sort_by(|a, b| a.cost().total_cmp(&b.cost()));
        Ok(kept)
    }

    /// The same shock over a stretch that begins or ends a little earlier or later, where that is likelier.
    fn moved(&self, mut best: Answer) -> Result<Answer, Stopped> {
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
            match self.swept(&settings, &factors, &best.direction(self), Some(&best))? {
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

    fn with_events(&self, events: &[(EventId, bool)]) -> Result<Vec<Answer>, Stopped> {
        let chance = |setting: &Setting| self.chance(setting).is_some();
        let settings: Vec<Setting> = self.settings(events).into_iter().filter(chance).collect();
        if let [_, ..] = events
            && let Some(alone) = self.events_alone(&settings)?
        {
            return Ok(vec![alone]);
        }
        let mut found = Vec::new();
        for factor in &self.factors {
            for sign in [-1.0, 1.0] {
                found.extend(self.swept(&settings, &[*factor], &[sign], None)?);
            }
        }
        found.extend(self.together(&settings, &found)?);
        Ok(found)
    }

    /// The events without any shock, where that is enough, in the stretch in which they are likeliest.
    fn events_alone(&self, settings: &[Setting]) -> Result<Option<Answer>, Stopped> {
        let mut best: Option<Answer> = None;
        for setting in settings {
            let Some(answer) = self.answer(setting, &[], &[]) else { continue };
            let likelier = best.as_ref().is_none_or(|best| answer.cost() < best.cost());
            if likelier && self.world.happens(&answer.shock)? {
                best = Some(answer);
            }
        }
        Ok(best)
    }

    /// All factors together: from the single shocks, or from all signs where there are none.
    fn together(&self, settings: &[Setting], single: &[Answer]) -> Result<Option<Answer>, Stopped> {
        let starts = if single.is_empty() { self.signs() } else { vec![self.pulls(single)] };
        if self.factors.len() < 2 {
            return Ok(None);
        }
        let mut best: Option<Answer> = None;
        for direction in starts {
            if let Some(found) = self.swept(settings, &self.factors, &direction, best.as_ref())? {
                best = Some(found);
            }
        }
        best.map_or(Ok(None), |found| self.refined(settings, found).map(Some))
    }

    /// Each factor's part in a joint shock: the nearer its own shock, the more of it. One that does nothing
    /// alone has none; what it adds to others is felt while the joint shock is turned.
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
    ) -> Result<Option<Answer>, Stopped> {
        let mut limit = best.map_or(whole_power(self.search.reach, 2), Answer::cost);
        let mut found = None;
        for setting in settings {
            let Some(chance) = self.chance(setting) else { continue };
            // What the events cost already, the factors can no longer add.
            let left = limit + 2.0 * ln(chance);
            let Some(law) = self.law(setting, factors).filter(|_| 0.0 < left) else { continue };
            let near = Search { reach: left.sqrt().min(self.search.reach), ..self.search };
            let mut happens = |z: &[f64]| self.world.happens(&shock(setting, factors, &law, z));
            let unit: Vec<f64> = direction.iter().map(|x| x * near.reach / length(direction)).collect();
            if !happens(&unit)? {
                continue;
            }
            let Some(point) = design_point::along(direction, &near, &mut happens)? else { continue };
            let Some(answer) = self.answer(setting, factors, &law.shocks(&point.point)) else { continue };
            if answer.cost() < limit {
                limit = answer.cost();
                found = Some(answer);
            }
        }
        Ok(found)
    }

    /// A joint shock turned towards the mildest one, moved to its best stretch, and freed of what it does not
    /// need.
    fn refined(&self, settings: &[Setting], mut best: Answer) -> Result<Answer, Stopped> {
        best = self.turned(best)?;
        let factors: Vec<FactorId> = best.shock.factors.iter().map(|(factor, _)| *factor).collect();
        let direction = best.direction(self);
        if let Some(moved) = self.swept(settings, &factors, &direction, Some(&best))? {
            best = self.turned(moved)?;
        }
        while 1 < best.shock.factors.len() {
            let Some(simpler) = self.simpler(&best)? else { break };
            best = simpler;
        }
        Ok(best)
    }

    /// The mildest point from a shock's own direction, in its stretch.
    fn turned(&self, best: Answer) -> Result<Answer, Stopped> {
        let setting = best.setting();
        let factors: Vec<FactorId> = best.shock.factors.iter().map(|(factor, _)| *factor).collect();
        let Some(law) = self.law(&setting, &factors) else { return Ok(best) };
        let direction = best.direction(self);
        let mut happens = |z: &[f64]| self.world.happens(&shock(&setting, &factors, &law, z));
        let found = design_point::mildest(&direction, &self.search, &mut happens)?;
        let answer = |point: DesignPoint| self.answer(&setting, &factors, &law.shocks(&point.point));
        Ok(found.and_then(answer).filter(|answer| answer.distance < best.distance).unwrap_or(best))
    }

    /// The same without one factor, if that is hardly further away.
    fn simpler(&self, best: &Answer) -> Result<Option<Answer>, Stopped> {
        let order = {
            let mut order: Vec<usize> = (0..best.shock.factors.len()).collect();
            order.sort_by(|a, b| best.deviations[*a].abs().total_cmp(&best.deviations[*b].abs()));
            order
        };
        for left_out in order {
            let rest = |at: &usize| *at != left_out;
            let kept: Vec<usize> = (0..best.shock.factors.len()).filter(rest).collect();
            let factors: Vec<(FactorId, f64)> = kept.iter().map(|at| best.shock.factors[*at]).collect();
            let (ids, shocks): (Vec<FactorId>, Vec<f64>) = factors.into_iter().unzip();
            let Some(start) = self.answer(&best.setting(), &ids, &shocks) else { continue };
            let further = Search { reach: best.distance * SIMPLER, ..self.search };
            let Some(law) = self.law(&best.setting(), &ids) else { continue };
            let mut happens = |z: &[f64]| self.world.happens(&shock(&best.setting(), &ids, &law, z));
            let found = design_point::mildest(&start.direction(self), &further, &mut happens)?;
            if let Some(found) = found {
                return Ok(self.answer(&best.setting(), &ids, &law.shocks(&found.point)));
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

    fn law(&self, setting: &Setting, factors: &[FactorId]) -> Option<Law> {
        Law::new(self.world.program, factors, setting.from, setting.until)
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

fn shock(setting: &Setting, factors: &[FactorId], law: &Law, z: &[f64]) -> Shock {
    Shock {
        from: setting.from,
        until: setting.until,
        factors: factors.iter().copied().zip(law.shocks(z)).collect(),
        events: setting.events.clone(),
    }
}

fn length(x: &[f64]) -> f64 {
    x.iter().map(|x| x * x).sum::<f64>().sqrt()
}
