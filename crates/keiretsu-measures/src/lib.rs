//! Observations to tables: one file per measure, one registry line each.
//!
//! A measure says which probes it needs, the facade runs the readings (and paths, if they are asked for) with
//! those probes, and the measure turns what was seen, and what the text says, into tables.
//!
//! ```
//! let names: Vec<&str> = keiretsu_measures::MEASURES.iter().map(|measure| measure.name()).collect();
//! assert!(names.contains(&"commitments"));
//! ```
//!
//! Invariants: unknown stays unknown and is named in `left_out`; every table says which reading its numbers
//! are in. Absent: the engine itself, rendering, currency signs.

mod cancels;
mod capital;
mod event_month;
pub mod measures;
pub mod over_paths;
pub mod page;
mod present_value;
mod query;
mod role;
mod runs;
mod seen;
mod shares;
mod subject;
mod telling;
pub mod unread;

pub use measures::MEASURES;
pub use query::{PeriodLength, Query, SoughtNumber, WatchedQuantity};
pub use role::role;
pub use runs::{Runs, RunsError, SimulationOutputs};
pub use seen::{Beyond, Seen, value_at};
pub use subject::Subject;

use keiretsu_program::{Probe, Reading};
use keiretsu_values::{Finding, Table, TableSpec};

/// A measure: its definition, its probes and its tables.
pub trait Measure: Sync {
    /// Its name on the command line.
    fn name(&self) -> &'static str;

    /// One line for people.
    fn summary(&self) -> &'static str;

    /// Its tables as declared, in the order in which it makes them. A table may be absent from an answer
    /// where it would have no rows.
    fn schema(&self) -> &'static [&'static TableSpec];

    /// The probes for each reading that it reads, and for the paths if there are any. A probe may be named
    /// twice. A measure without probes rests on the text alone: nothing is run for it.
    fn needs(&self, subject: &Subject<'_>, query: &Query) -> Vec<Probe>;

    /// Further probes where paths are run.
    fn needs_of_paths(&self, _: &Subject<'_>, _: &Query) -> Vec<Probe> {
        vec![]
    }

    /// What it reads of the paths; unless said otherwise, all that it needs. Nothing else is kept of them,
    /// which is most of the work where a measure needs much of the readings.
    fn reads_of_paths(&self, subject: &Subject<'_>, query: &Query) -> Vec<Probe> {
        let needs = self.needs(subject, query).into_iter();
        needs.chain(self.needs_of_paths(subject, query)).collect()
    }

    /// The readings that it reads; by default those of the question, and the expected one where it weighs.
    /// Where paths are run, the expected reading always is, since it stands next to their mean.
    fn readings(&self, query: &Query) -> Vec<Reading> {
        let mut readings = query.readings();
        readings.extend(self.looks_beyond(query).then_some(Reading::Expected));
        readings
    }

    /// Whether every scenario is run in addition to the base.
    fn wants_scenarios(&self) -> bool {
        false
    }

    /// Whether it weighs conditional commitments by the chance of their conditions by their last day, which
    /// may lie beyond the horizon.
    fn looks_beyond(&self, _: &Query) -> bool {
        false
    }

    /// The probes for runs of scenarios, if it wants them; by default those of the base.
    fn needs_of_scenarios(&self, subject: &Subject<'_>, query: &Query) -> Vec<Probe> {
        self.needs(subject, query)
    }

    /// The tables. Unknown is a value; there is no failure. A table that reads a simulation sets
    /// `table.window.simulation`.
    fn tables(&self, subject: &Subject<'_>, query: &Query, seen: &Seen<'_>) -> Vec<Table>;

    /// What its tables say first: one to three sentences made from numbers in them, the worst or the largest
    /// first. Where the tables are empty or unknown, a sentence that says so.
    fn findings(&self, tables: &[Table]) -> Vec<Finding>;

    /// Whether it is of scenarios alone: a model without any has no answer.
    fn is_of_scenarios(&self) -> bool {
        false
    }

    /// Whether it is of a formula or condition that the question has to name.
    fn is_of_watched(&self) -> bool {
        false
    }

    /// Whether its numbers can be explained. Those of a measure that is itself an explanation of another
    /// number cannot: it changes the model hundreds of times to make one.
    fn is_explained(&self) -> bool {
        true
    }

    /// The tables of a measure that adapts and runs the model again. Other measures return none here.
    ///
    /// # Errors
    /// [`RunsError`].
    fn adapts(
        &self,
        _subject: &Subject<'_>,
        _query: &Query,
        _seen: &Seen<'_>,
        _runs: &dyn Runs,
    ) -> Result<Vec<Table>, RunsError> {
        Ok(vec![])
    }
}

/// A measure by its name.
pub fn by_name(name: &str) -> Option<&'static dyn Measure> {
    MEASURES.iter().copied().find(|measure| measure.name() == name)
}
