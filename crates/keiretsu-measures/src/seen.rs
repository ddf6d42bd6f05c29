//! What the runs saw, by probe.

use keiretsu_program::{Observations, Probe, Reading, Series};

/// The runs of a query: the three readings, and paths if they were asked for.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// What was watched, each probe once; the series of every run stand in this order.
    pub probes: &'a [Probe],
    /// Firm, expected, headline.
    pub readings: [&'a Observations; 3],
    /// The simulation, if there was one.
    pub simulated: Option<&'a Observations>,
}

impl<'a> Seen<'a> {
    /// The series of a probe in a reading, one entry for each piece of its span.
    ///
    /// # Panics
    /// If the probe was not asked for: a measure's own mistake.
    pub fn series(&self, reading: Reading, probe: Probe) -> &'a Series {
        &self.readings[reading as usize].series[self.position(probe)]
    }

    /// The simulated series of a probe, if there was a simulation.
    pub fn simulated(&self, probe: Probe) -> Option<&'a Series> {
        Some(&self.simulated?.series[self.position(probe)])
    }

    /// The run of a reading.
    pub fn run(&self, reading: Reading) -> &'a Observations {
        self.readings[reading as usize]
    }

    fn position(&self, probe: Probe) -> usize {
        let found = self.probes.iter().position(|known| *known == probe);
        found.unwrap_or_else(|| panic!("{probe:?} is read but was not asked for"))
    }
}
