//! A question as the library works on it: names resolved, in the states of the world that it is about.

use keiretsu_measures::Query;
use keiretsu_program::Paths;

use crate::Question;

/// Number of paths up to which quantiles are exact; beyond it they come from a sketch with a stated error.
const EXACT_LIMIT: u64 = 100_000;

/// A simulation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Simulation {
    /// How many paths.
    pub paths: u64,
    /// Key of the random numbers.
    pub seed: u64,
}

/// The query for measures, and the scenarios of the question.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    /// Which parties, reading, cut of time.
    pub query: Query,
    /// The simulation, if one is wanted.
    pub simulation: Option<Simulation>,
    /// The scenarios in which everything is run, later ones on top.
    pub scenarios: Vec<String>,
    /// The scenarios that are set against it, one by one, where a measure does so; none: all of the model.
    pub against: Vec<String>,
    /// Numbers or topics, depending on the question.
    pub of: Vec<String>,
    /// A path shown month by month.
    pub path: Option<String>,
}

impl Request {
    /// The request of a question with its resolved query.
    pub fn new(question: &Question, query: Query) -> Self {
        let simulation = question.paths.map(|paths| Simulation { paths: paths.count, seed: paths.seed });
        let Question { scenarios, against, of, path, .. } = question.clone();
        Self { query, simulation, scenarios, against, of, path }
    }

    /// The same with another query.
    pub fn with(&self, query: Query) -> Self {
        Self { query, ..self.clone() }
    }

    /// The paths to run, if a simulation is wanted.
    pub fn paths(&self) -> Option<Paths> {
        let Simulation { paths, seed } = self.simulation?;
        Some(Paths { seed, first: 0, count: paths, exact_limit: EXACT_LIMIT })
    }
}
