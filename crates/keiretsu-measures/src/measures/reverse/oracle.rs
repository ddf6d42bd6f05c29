//! A point of independent normals to the question whether its shocks make the event happen.

use std::rc::Rc;

use keiretsu_methods::design_point::{Oracle, Search};
use keiretsu_program::{EventId, FactorId};

use super::law::Law;
use super::world::{Halt, Shock, World};

/// A stretch of months with events forced.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    pub from: u32,
    pub until: u32,
    pub events: Vec<(EventId, bool)>,
}

/// The question whether shocks at a point of independent normals make the event happen.
pub(super) struct ShockOracle<'a> {
    pub world: &'a World<'a>,
    pub setting: &'a Setting,
    pub factors: &'a [FactorId],
    pub law: Rc<Law>,
}

impl ShockOracle<'_> {
    pub fn shock(&self, z: &[f64]) -> Shock {
        Shock {
            from: self.setting.from,
            until: self.setting.until,
            factors: self.factors.iter().copied().zip(self.law.shocks(z)).collect(),
            events: self.setting.events.clone(),
        }
    }
}

impl Oracle<Halt> for ShockOracle<'_> {
    fn happens(&mut self, z: &[f64]) -> Result<bool, Halt> {
        self.world.happens(&self.shock(z))
    }

    fn soon(&mut self, z: &dyn Fn() -> Vec<f64>) {
        self.world.soon(self.shock(&z()));
    }
}

/// As far in a direction as is looked.
pub(super) fn far(direction: &[f64], near: &Search) -> Vec<f64> {
    direction.iter().map(|x| x * near.reach / length(direction)).collect()
}

/// Factors and their shocks apart.
pub(super) fn parts(factors: &[(FactorId, f64)]) -> (Vec<FactorId>, Vec<f64>) {
    factors.iter().copied().unzip()
}

pub(super) fn length(x: &[f64]) -> f64 {
    x.iter().map(|x| x * x).sum::<f64>().sqrt()
}
