//! What the runs saw, by probe.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use keiretsu_program::{FlowId, Observations, Probe, Reading, Series, SharedReach};
use keiretsu_values::Value;

/// Why a number of a run cannot be read.
const UNREAD: &str = "something undisclosed or undecided is in it";

/// The runs of a query: the three readings, and paths if requested.
#[derive(Clone, Debug)]
pub struct Seen<'a> {
    places: BTreeMap<Probe, usize>,
    readings: [Option<&'a Observations>; 3],
    simulated: Option<Simulated<'a>>,
    scenarios: Vec<(String, Seen<'a>)>,
    beyond: Option<&'a Beyond>,
}

/// What was watched on paths, what was seen there, and their seed and number.
#[derive(Clone, Debug)]
struct Simulated<'a> {
    places: BTreeMap<Probe, usize>,
    seen: &'a Observations,
    simulation: (u64, u64),
}

/// Dues of conditional commitments month by month up to the last day on which their conditions can be met,
/// where that is beyond the horizon.
#[derive(Debug, Default)]
pub struct Beyond {
    /// The place of each flow by its name.
    pub places: BTreeMap<String, usize>,
    /// Firm, expected and headline from `t = 1`, where they were run.
    pub readings: [Option<Arc<Observations>>; 3],
    /// Whether anything of it has been read.
    pub is_read: AtomicBool,
}

impl<'a> Seen<'a> {
    /// Observations of runs, with series in the order of the probes: firm, expected and headline where they
    /// were run, and the simulation with its seed and number of paths.
    pub fn new(
        probes: &[Probe],
        readings: [Option<&'a Observations>; 3],
        simulated: Option<(&[Probe], &'a Observations, (u64, u64))>,
    ) -> Self {
        let by_place = |probes: &[Probe]| probes.iter().enumerate().map(|(at, probe)| (*probe, at)).collect();
        let places = by_place(probes);
        let simulated = simulated.map(|(probes, seen, simulation)| Simulated {
            places: by_place(probes),
            seen,
            simulation,
        });
        Self { places, readings, simulated, scenarios: vec![], beyond: None }
    }

    /// With the same probes in other states of the world, each under the name of its scenario.
    #[must_use]
    pub fn with_scenarios(mut self, scenarios: Vec<(String, Seen<'a>)>) -> Self {
        self.scenarios = scenarios;
        self
    }

    /// Adds the dues beyond the horizon.
    #[must_use]
    pub fn with_beyond(mut self, beyond: Option<&'a Beyond>) -> Self {
        self.beyond = beyond;
        self
    }

    /// Dues of a flow month by month in a reading, beyond the horizon too if that was computed.
    pub fn beyond(&self, reading: Reading, flow: &str) -> Option<Vec<Value>> {
        let beyond = self.beyond?;
        beyond.is_read.store(true, Ordering::Relaxed);
        let place = *beyond.places.get(flow)?;
        let series = beyond.readings[reading].as_ref()?.read(place);
        Some((0..series.mean.len()).map(|month| value_at(series, month)).collect())
    }

    /// The runs of scenarios, in the order of the query.
    pub fn scenarios(&self) -> &[(String, Seen<'a>)] {
        &self.scenarios
    }

    /// The series of a probe in a reading, one entry for each piece of its span.
    ///
    /// # Panics
    /// If the probe is not among the needs of the measure: a fault of the measure.
    pub fn series(&self, reading: Reading, probe: Probe) -> &'a Series {
        self.run(reading).read(place(&self.places, probe))
    }

    /// The number of a period in a reading, with its possible range.
    pub fn value(&self, reading: Reading, probe: Probe, piece: usize) -> Value {
        value_at(self.series(reading, probe), piece)
    }

    /// The sum of the first periods in a reading, with its possible range.
    pub fn sum(&self, reading: Reading, probe: Probe, pieces: usize) -> Value {
        let count = self.series(reading, probe).mean.len().min(pieces);
        (0..count).fold(Value::exact(0.0), |sum, piece| sum.plus(&self.value(reading, probe, piece)))
    }

    /// The simulated series of a probe, if there was a simulation.
    pub fn simulated(&self, probe: Probe) -> Option<&'a Series> {
        let simulated = self.simulated.as_ref()?;
        Some(&simulated.seen.series[place(&simulated.places, probe)])
    }

    /// Whether the due amount of a flow was unknown on some path.
    pub fn is_unknown_on_paths(&self, flow: FlowId) -> bool {
        self.simulated.as_ref().is_some_and(|simulated| simulated.seen.left_out.contains(&flow))
    }

    /// The seed and the number of paths of the simulation, for tables that read it.
    pub fn simulation(&self) -> Option<(u64, u64)> {
        Some(self.simulated.as_ref()?.simulation)
    }

    /// Whether there was a simulation.
    pub fn is_simulated(&self) -> bool {
        self.simulated.is_some()
    }

    /// The run of a reading.
    ///
    /// # Panics
    /// If the reading is not among those of the measure: a fault of the measure.
    pub fn run(&self, reading: Reading) -> &'a Observations {
        match self.readings[reading] {
            Some(run) => run,
            None => panic!("the {} reading is read but was not asked for", reading.name()),
        }
    }
}

fn place(places: &BTreeMap<Probe, usize>, probe: Probe) -> usize {
    match places.get(&probe) {
        Some(place) => *place,
        None => panic!("{probe:?} is read but was not asked for"),
    }
}

/// A number that is linear in shares, from what it is beside them.
fn in_shares(shared: &SharedReach, plain: Value) -> Value {
    shared.parts.iter().fold(plain, |sum, (whole, factors)| {
        let parts = factors.iter().enumerate().filter(|(_, factor)| !factor.is_zero());
        parts.fold(sum, |sum, (at, factor)| sum.plus(&whole.share(at).scaled(factor)))
    })
}

/// The number of a period in a series of a reading, with its possible range.
pub fn value_at(series: &Series, piece: usize) -> Value {
    let read = series.mean.get(piece).copied().unwrap_or(f64::NAN);
    let Some(reach) = series.possible.get(piece) else {
        return if read.is_finite() { Value::exact(read) } else { Value::unknown(UNREAD) };
    };
    let (set, known) = (reach.possible.set, if read.is_finite() { read } else { 0.0 });
    let of =
        |known, set| if reach.unread { Value::partly(known, set, UNREAD) } else { Value::new(known, set) };
    let value = match &reach.shared {
        Some(shared) => in_shares(shared, of(shared.plain.0, shared.plain.1)).within(set),
        None => of(known, set),
    };
    if reach.possible.vague { value.vaguely() } else { value }
}
