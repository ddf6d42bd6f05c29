//! Why a run cannot start, or did not end. Plain facts; the faces put them into words.

use keiretsu_program::{FactorId, SlotId};

/// A reason not to run.
#[derive(Clone, Debug, PartialEq)]
pub enum RunError {
    /// The program breaks its own rules; `keiretsu_program::verify` says which.
    NotVerified {
        /// How many faults it finds.
        faults: usize,
    },
    /// The run names something that the program does not have (a probe, an overlay, a group).
    UnknownTarget,
    /// No paths, or more than [`crate::PATHS_MAX`].
    PathCount {
        /// What was asked for.
        count: u64,
    },
    /// A range that is empty, or not a part of the paths of the run.
    Range {
        /// Its first path.
        first: u64,
        /// The path after its last.
        end: u64,
    },
    /// A quantile or tail that is not between 0 and 1.
    Level {
        /// What was asked for.
        level: f64,
    },
    /// The run would need more memory than [`crate::MEMORY_BYTES_MAX`].
    TooLarge {
        /// An estimate of what it would need.
        bytes: u64,
    },
    /// The correlations of the factors contradict each other.
    Correlation {
        /// The nearest matrix that does not, row by row.
        nearest: Vec<f64>,
    },
    /// The degrees of freedom of the copula are not above 2.
    Freedom {
        /// What was asked for.
        freedom: f64,
    },
    /// A parameter of a factor's process is unknown, or outside the range of its process.
    Parameter {
        /// Its owner.
        factor: FactorId,
        /// Which parameter.
        slot: SlotId,
        /// What it is.
        value: f64,
    },
    /// Paths were needed and a reading was asked for.
    NotPaths,
    /// Whoever watched it stopped it.
    Interrupted,
}
