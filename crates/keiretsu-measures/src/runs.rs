//! How a measure that adapts runs the model again: other worlds, single paths.

use keiretsu_program::{ExposureSpec, Observations, Overlay, Probe, Reading};

/// What a simulation keeps for a measure that needs more than the usual quantiles.
#[derive(Clone, Copy, Debug, Default)]
pub struct Keeps<'a> {
    /// What is watched.
    pub probes: &'a [Probe],
    /// What probes of exposures add up.
    pub exposures: &'a [ExposureSpec],
    /// The quantiles kept of each probe.
    pub quantiles: &'a [f64],
    /// The tails kept of each probe.
    pub tails: &'a [f64],
}

/// Why a measure has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// Whoever watched the work stopped it.
    Interrupted,
    /// It cannot be done as asked: why, and what to do instead.
    Refused(String, String),
}

/// Runs of the model in question, made while a measure works. The facade has the engine; a measure has this.
///
/// Everything runs in the scenarios of the question, with the overlays given here on top, and with the same
/// random numbers, so that a difference between two worlds is never noise.
pub trait Runs {
    /// A reading as read, in each of several worlds up to a month: `see` is told of each world, in their
    /// order, the numbers of each probe, in their order. NaN where something unknown is in one, and beyond
    /// the month. Many worlds at once cost little more than a few.
    ///
    /// # Errors
    /// [`Stopped`].
    fn worlds(
        &self,
        reading: Reading,
        worlds: &[Vec<Overlay>],
        probes: &[Probe],
        last: u32,
        see: &mut dyn FnMut(&[Vec<f64>]),
    ) -> Result<(), Stopped>;

    /// One reading with what is possible of each number beside it, for [`crate::value_at`]; several times the
    /// work.
    ///
    /// # Errors
    /// [`Stopped`].
    fn possible(
        &self,
        reading: Reading,
        overlays: &[Overlay],
        probes: &[Probe],
    ) -> Result<Observations, Stopped>;

    /// The seed and the number of paths, if the question asks for a simulation.
    fn simulation(&self) -> Option<(u64, u64)>;

    /// The simulation of the question; none if it asks for none.
    ///
    /// # Errors
    /// [`Stopped`].
    fn simulated(&self, overlays: &[Overlay], probes: &[Probe]) -> Result<Option<Observations>, Stopped>;

    /// The simulation of the question with quantiles, tails and exposures of one's own; none if it asks for
    /// none.
    ///
    /// # Errors
    /// [`Stopped`].
    fn simulated_keeping(&self, keeps: &Keeps<'_>) -> Result<Option<Observations>, Stopped>;

    /// One path of the question's seed (1 without a simulation), or with `None` the expected reading: for
    /// each probe its numbers, month by month from `t = 1`.
    ///
    /// # Errors
    /// [`Stopped`].
    fn path(
        &self,
        path: Option<u64>,
        overlays: &[Overlay],
        probes: &[Probe],
    ) -> Result<Vec<Vec<f64>>, Stopped>;
}
