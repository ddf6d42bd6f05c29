//! What overlays change, by target: in all worlds of a run, or in one of several that are run side by side.

use keiretsu_program::{Change, Overlay, RunSpec, Target};

/// A change, and the world in which it holds; none: in all.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Held {
    /// The change and its months.
    pub overlay: Overlay,
    /// Its world.
    pub world: Option<usize>,
}

impl Held {
    /// Whether it holds in a month.
    pub fn holds(&self, t: u32) -> bool {
        (self.overlay.from..=self.overlay.until).contains(&t)
    }
}

/// The overlays of a run, by target; those of a target in the order in which they are applied.
#[derive(Clone, Debug)]
pub struct Overlays {
    all: Vec<Held>,
}

impl Overlays {
    /// Those of a run, and on top of them those of each world. A run without worlds is one world.
    pub fn new(spec: &RunSpec, worlds: &[Vec<Overlay>]) -> Self {
        let common = spec.overlays.iter().map(|overlay| Held { overlay: *overlay, world: None });
        let own = worlds.iter().enumerate().flat_map(|(world, overlays)| {
            overlays.iter().map(move |overlay| Held { overlay: *overlay, world: Some(world) })
        });
        let mut all: Vec<Held> = common.chain(own).collect();
        all.sort_by_key(|held| held.overlay.target);
        Self { all }
    }

    /// The overlays of a target, in the order in which they are applied.
    pub fn of(&self, target: Target) -> &[Held] {
        let first = self.all.partition_point(|held| held.overlay.target < target);
        let after = self.all.partition_point(|held| held.overlay.target <= target);
        &self.all[first..after]
    }

    /// All of them.
    pub fn all(&self) -> &[Held] {
        &self.all
    }

    /// Whether anything changes a target.
    pub fn changes(&self, target: Target) -> bool {
        !self.of(target).is_empty()
    }

    /// Whether worlds differ in what changes a target.
    pub fn differ(&self, target: Target) -> bool {
        self.of(target).iter().any(|held| held.world.is_some())
    }

    /// Whether a target is ever made unknown.
    pub fn darken(&self, target: Target) -> bool {
        self.of(target).iter().any(|held| match held.overlay.change {
            Change::Set(by) | Change::Scale(by) | Change::Shift(by) => by.is_nan(),
        })
    }
}
