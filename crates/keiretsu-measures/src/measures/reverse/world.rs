//! A shock to whether and when the event happens in it: one run of the expected reading.

use keiretsu_maths::exp::exp;
use keiretsu_program::{Change, EventId, FactorId, Overlay, Probe, Program, Quantity, Reading, Span, Target};

use crate::{Runs, Stopped, Watch};

/// Chances from here on count as holding, as they do for markets in the expected reading.
const HOLDS: f64 = 0.5;

/// Something that differs from the base over a stretch of months.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Shock {
    /// Its first month.
    pub from: u32,
    /// Its last month, by which the event happens.
    pub until: u32,
    /// Factors, and the logarithm of what they are multiplied by.
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
    /// What is run.
    pub program: &'a Program,
    runs: &'a dyn Runs,
    probe: Probe,
}

impl<'a> World<'a> {
    pub(super) fn new(program: &'a Program, runs: &'a dyn Runs, event: &Watch) -> Self {
        Self { program, runs, probe: Probe { quantity: event.quantity, span: Span::Month } }
    }

    /// The first month in which the event holds.
    pub(super) fn month(&self, overlays: &[Overlay]) -> Result<Option<u32>, Stopped> {
        let seen = self.runs.reading(Reading::Expected, overlays, &[self.probe])?;
        let months = seen.series.first().map_or(&[][..], |series| &series.mean);
        Ok(months.iter().position(|truth| HOLDS <= *truth).map(|at| at as u32 + 1))
    }

    /// Whether the event holds in some month of the shock.
    pub(super) fn happens(&self, shock: &Shock) -> Result<bool, Stopped> {
        Ok(self.month(&shock.overlays())?.is_some_and(|month| month <= shock.until))
    }

    /// Whether the event is known at all, in some month.
    pub(super) fn is_known(&self) -> Result<bool, Stopped> {
        let seen = self.runs.reading(Reading::Expected, &[], &[self.probe])?;
        Ok(seen.series.first().is_some_and(|series| series.mean.iter().any(|truth| !truth.is_nan())))
    }

    /// A factor's central path, month by month.
    pub(super) fn levels(&self, factor: FactorId) -> Result<Vec<f64>, Stopped> {
        let probe = Probe { quantity: Quantity::Factor(factor), span: Span::Month };
        let seen = self.runs.reading(Reading::Expected, &[], &[probe])?;
        Ok(seen.series.first().map_or_else(Vec::new, |series| series.mean.clone()))
    }
}
