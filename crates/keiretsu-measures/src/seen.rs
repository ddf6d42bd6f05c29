//! What the runs saw, by probe.

use std::collections::BTreeMap;

use keiretsu_program::{Observations, Probe, Reading, Series};

/// The runs of a query: the three readings, and paths if they were asked for.
#[derive(Clone, Debug)]
pub struct Seen<'a> {
    places: BTreeMap<Probe, usize>,
    readings: [&'a Observations; 3],
    simulated: Option<&'a Observations>,
    scenarios: Vec<(String, Seen<'a>)>,
    beyond: Option<&'a Beyond>,
}

/// What conditional commitments bring month by month up to the last day on which their conditions can be met,
/// where that lies beyond the horizon.
#[derive(Clone, Debug, Default)]
pub struct Beyond {
    /// By the name of the flow: in the three readings from `t = 1`, none where it is not known.
    pub flows: BTreeMap<String, [Option<Vec<f64>>; 3]>,
}

impl<'a> Seen<'a> {
    /// What was watched, and the runs whose series stand in that order: firm, expected, headline, and the
    /// simulation if there was one.
    pub fn new(
        probes: &[Probe],
        readings: [&'a Observations; 3],
        simulated: Option<&'a Observations>,
    ) -> Self {
        let places = probes.iter().enumerate().map(|(at, probe)| (*probe, at)).collect();
        Self { places, readings, simulated, scenarios: vec![], beyond: None }
    }

    /// With the same probes in other states of the world, each under the name of its scenario.
    #[must_use]
    pub fn with_scenarios(mut self, scenarios: Vec<(String, Seen<'a>)>) -> Self {
        self.scenarios = scenarios;
        self
    }

    /// With what lies beyond the horizon.
    #[must_use]
    pub fn with_beyond(mut self, beyond: Option<&'a Beyond>) -> Self {
        self.beyond = beyond;
        self
    }

    /// What a flow brings month by month in a reading, also beyond the horizon, if that was looked at: then
    /// none where it is not known.
    pub fn beyond(&self, reading: Reading, flow: &str) -> Option<Option<&'a [f64]>> {
        let all = self.beyond?.flows.get(flow)?;
        Some(all[reading as usize].as_deref())
    }

    /// What the runs of scenarios saw, in the order in which they were asked for.
    pub fn scenarios(&self) -> &[(String, Seen<'a>)] {
        &self.scenarios
    }

    /// The series of a probe in a reading, one entry for each piece of its span.
    ///
    /// # Panics
    /// If the probe was not asked for: a measure's own mistake.
    pub fn series(&self, reading: Reading, probe: Probe) -> &'a Series {
        &self.readings[reading as usize].series[self.place(probe)]
    }

    /// The simulated series of a probe, if there was a simulation.
    pub fn simulated(&self, probe: Probe) -> Option<&'a Series> {
        Some(&self.simulated?.series[self.place(probe)])
    }

    /// Whether there was a simulation.
    pub fn is_simulated(&self) -> bool {
        self.simulated.is_some()
    }

    /// The run of a reading.
    pub fn run(&self, reading: Reading) -> &'a Observations {
        self.readings[reading as usize]
    }

    fn place(&self, probe: Probe) -> usize {
        match self.places.get(&probe) {
            Some(place) => *place,
            None => panic!("{probe:?} is read but was not asked for"),
        }
    }
}
