//! How a measure that adapts runs the model again: other worlds, single paths.

use keiretsu_program::{ExposureSpec, Observations, Overlay, Probe, Reading};

/// Outputs of a simulation for a measure that needs more than the usual quantiles.
#[derive(Clone, Copy, Debug, Default)]
pub struct SimulationOutputs<'a> {
    /// The probes.
    pub probes: &'a [Probe],
    /// The sums that probes of exposures read.
    pub exposures: &'a [ExposureSpec],
    /// The quantiles kept of each probe.
    pub quantiles: &'a [f64],
    /// The tails kept of each probe.
    pub tails: &'a [f64],
}

/// Reason why a measure has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunsError {
    /// The control interrupted the work.
    Interrupted,
    /// The run cannot be made as requested: the reason, and the remedy.
    Refused(String, String),
}

/// Runs of the model in question, made while a measure works. The facade has the engine; a measure has this.
///
/// Everything runs in the scenarios of the question, with the overlays given here on top, and with the same
/// random numbers, so that a difference between two worlds is never noise.
pub trait Runs {
    /// A reading as read, in each of several worlds up to a month. `see` receives for each world, in their
    /// order, the numbers of each probe, in their order; NaN where an unknown enters, and beyond the month.
    /// Many worlds at once cost little more than a few.
    ///
    /// # Errors
    /// [`RunsError`].
    fn worlds(
        &self,
        reading: Reading,
        worlds: &[Vec<Overlay>],
        probes: &[Probe],
        last: u32,
        see: &mut dyn FnMut(&[Vec<f64>]),
    ) -> Result<(), RunsError>;

    /// One reading with the possible range of each number, for [`crate::value_at`]; several times the work.
    /// Nothing needs to be there after month `last`.
    ///
    /// # Errors
    /// [`RunsError`].
    fn possible(
        &self,
        reading: Reading,
        overlays: &[Overlay],
        probes: &[Probe],
        last: u32,
    ) -> Result<Observations, RunsError>;

    /// Says how far a measure is with many runs, and of how much; until the next word the runs say no more.
    ///
    /// # Errors
    /// [`RunsError::Interrupted`] if whoever watches stops it.
    fn tell(&self, done: u32, total: u32) -> Result<(), RunsError>;

    /// The seed and the number of paths, if the question asks for a simulation.
    fn simulation(&self) -> Option<(u64, u64)>;

    /// The simulation of the question; none if it asks for none.
    ///
    /// # Errors
    /// [`RunsError`].
    fn simulated(&self, overlays: &[Overlay], probes: &[Probe]) -> Result<Option<Observations>, RunsError>;

    /// The simulation of the question with quantiles, tails and exposures of one's own; none if it asks for
    /// none.
    ///
    /// # Errors
    /// [`RunsError`].
    fn simulated_keeping(&self, keeps: &SimulationOutputs<'_>) -> Result<Option<Observations>, RunsError>;

    /// One path of the question's seed (1 without a simulation), or with `None` the expected reading: for
    /// each probe its numbers, month by month from `t = 1`.
    ///
    /// # Errors
    /// [`RunsError`].
    fn path(
        &self,
        path: Option<u64>,
        overlays: &[Overlay],
        probes: &[Probe],
    ) -> Result<Vec<Vec<f64>>, RunsError>;
}
