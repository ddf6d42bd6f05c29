//! Some paths of a run, in a form that can be sent, merged with the others, and turned into what the run saw.
//!
//! ```
//! use keiretsu_engine::{Partial, run, run_partial};
//! use keiretsu_program::{
//!     Builder, Month, Paths, Probe, Quantity, RunSpec, Span, Tag, from_bytes, to_bytes,
//! };
//! let mut program = Builder::new(Month::new(2025, 12), 12);
//! let (buyer, seller) = (program.party(), program.party());
//! let owed = program.number(5e6);
//! program.flow(owed, buyer, seller, Tag::Service);
//! let program = program.finish();
//! let probe = Probe { quantity: Quantity::Net(seller), span: Span::Whole };
//! let paths = Paths { seed: 1, first: 0, count: 1000, exact_limit: 100 };
//! let spec = RunSpec::paths(paths, vec![probe]);
//!
//! let part = |range| to_bytes(&run_partial(&program, &spec, range, 1, &|_, _| true).unwrap());
//! let [late, early] = [300..1000, 0..300].map(|range| from_bytes::<Partial>(&part(range)).unwrap());
//! let mut all = late;
//! all.merge(early).unwrap();
//! assert_eq!(all.finish().unwrap(), run(&program, &spec, 1).unwrap());
//! ```
//!
//! Invariants: partial results of ranges that tile the paths of a run, merged in any order, give the bits of
//! the run. What is merged is of one version, program and run, and every path is in it at most once.
//! Absent: paths of one run beside those of another, and quantiles of a range alone.

mod row;
mod wire;

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

use keiretsu_program::{FlowId, Observations, Paths, RunSpec, Unread, fingerprint};

use crate::plan::Plan;
use crate::share::is_exact;
use crate::sketch::RELATIVE_ERROR;

pub use row::{Kept, Row, Stretch, empty, of_values, write};

/// What a range of paths of a run has seen, and then what several have.
#[derive(Clone, Debug)]
pub struct Partial {
    head: Head,
    /// Ascending, neither overlapping nor touching each other.
    ranges: Vec<Range<u64>>,
    seen: Seen,
}

/// What must be the same for results to be merged.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    version: String,
    program: u128,
    spec: u128,
    shape: Shape,
}

/// What a run asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// All paths of the run.
    pub whole: Paths,
    /// The quantiles and tails.
    pub asked: Asked,
    /// How many pieces each probe has.
    pub pieces: Vec<u32>,
}

/// The figures that are asked for beside mean and standard error.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// See [`RunSpec::quantiles`].
    pub quantiles: Vec<f64>,
    /// See [`RunSpec::tails`].
    pub tails: Vec<f64>,
}

/// What some paths have seen, whatever they are.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Paths that were given up.
    pub failed: u64,
    /// See [`Observations::left_out`].
    pub left_out: Vec<FlowId>,
    /// See [`Observations::unread`].
    pub unread: Vec<Unread>,
    /// One for each piece of each probe.
    pub rows: Vec<Row>,
}

/// Why a partial result is not merged with another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MergeError {
    /// It was made by this version, not by the version of the other.
    Version(String),
    /// It is of another program.
    Program,
    /// It is of another run of the program.
    Spec,
    /// All of a range of it is in the other already, as after a second attempt.
    Doubled(Range<u64>),
    /// These paths are in both.
    Overlap(Range<u64>),
}

/// The first paths of a run that nothing was seen of yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing(pub Range<u64>);

impl fmt::Display for MergeError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version(found) => write!(out, "a partial result of version {found}"),
            Self::Program => write!(out, "a partial result of another program"),
            Self::Spec => write!(out, "a partial result of another run of the program"),
            Self::Doubled(range) => write!(out, "paths {} to {} twice", range.start, range.end),
            Self::Overlap(range) => write!(out, "paths {} to {} in two ranges", range.start, range.end),
        }
    }
}

impl std::error::Error for MergeError {}

impl fmt::Display for Missing {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "paths {} to {} are missing", self.0.start, self.0.end)
    }
}

impl std::error::Error for Missing {}

impl Partial {
    pub(crate) fn new(plan: &Plan, whole: Paths, range: Range<u64>, seen: Seen) -> Self {
        let head = Head {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            program: fingerprint(plan.program),
            spec: fingerprint(plan.spec),
            shape: Shape::new(plan, whole),
        };
        Self { head, ranges: vec![range], seen }
    }

    /// The paths that it has seen: ascending ranges with holes between them.
    pub fn ranges(&self) -> &[Range<u64>] {
        &self.ranges
    }

    /// All paths of the run.
    pub fn whole(&self) -> Paths {
        self.head.shape.whole
    }

    /// The fingerprint of the program.
    pub fn program(&self) -> u128 {
        self.head.program
    }

    /// The fingerprint of the run.
    pub fn spec(&self) -> u128 {
        self.head.spec
    }

    /// The version of the engine that made it.
    pub fn version(&self) -> &str {
        &self.head.version
    }

    /// Adds what other paths have seen.
    ///
    /// # Errors
    /// [`MergeError`]; then this is as it was.
    pub fn merge(&mut self, other: Self) -> Result<(), MergeError> {
        self.head.admits(&other.head)?;
        for range in &other.ranges {
            self.is_without(range)?;
        }
        self.ranges = joined(&self.ranges, &other.ranges);
        self.seen.merge(other.seen);
        Ok(())
    }

    /// What the run saw: the same bits as in one piece.
    ///
    /// # Errors
    /// [`Missing`], while there are paths that nothing was merged of.
    pub fn finish(&self) -> Result<Observations, Missing> {
        let Paths { first, count, .. } = self.whole();
        let (mut next, end) = (first, first + count);
        if let Some(range) = self.ranges.first().filter(|range| range.start == first) {
            next = range.end;
        }
        if next < end {
            let later = self.ranges.iter().find(|range| next < range.start);
            return Err(Missing(next..later.map_or(end, |range| range.start)));
        }
        Ok(self.seen.observe(&self.head.shape))
    }

    /// What its paths alone saw: no result of the run while paths are missing.
    pub fn so_far(&self) -> Observations {
        self.seen.observe(&self.head.shape)
    }

    fn is_without(&self, range: &Range<u64>) -> Result<(), MergeError> {
        for mine in &self.ranges {
            let both = mine.start.max(range.start)..mine.end.min(range.end);
            if both == *range {
                return Err(MergeError::Doubled(both));
            }
            if !both.is_empty() {
                return Err(MergeError::Overlap(both));
            }
        }
        Ok(())
    }
}

impl Head {
    fn admits(&self, other: &Self) -> Result<(), MergeError> {
        if self.version != other.version {
            return Err(MergeError::Version(other.version.clone()));
        }
        if self.program != other.program {
            return Err(MergeError::Program);
        }
        if self.spec == other.spec && self.shape == other.shape { Ok(()) } else { Err(MergeError::Spec) }
    }
}

impl Shape {
    /// What a run asks for.
    pub fn new(plan: &Plan, whole: Paths) -> Self {
        let pieces = plan.watches.iter().map(|watch| watch.pieces.len() as u32).collect();
        Self { whole, asked: Asked::of(plan.spec), pieces }
    }
}

impl Asked {
    /// What a run asks for.
    pub fn of(spec: &RunSpec) -> Self {
        Self { quantiles: spec.quantiles.clone(), tails: spec.tails.clone() }
    }
}

impl Seen {
    fn merge(&mut self, other: Self) {
        self.failed += other.failed;
        self.left_out = both(&self.left_out, &other.left_out);
        self.unread = both(&self.unread, &other.unread);
        for (mine, other) in self.rows.iter_mut().zip(other.rows) {
            mine.merge(other);
        }
    }

    /// What the paths have seen.
    pub fn observe(&self, shape: &Shape) -> Observations {
        let mut rows = self.rows.iter();
        let series = shape.pieces.iter().map(|pieces| {
            let mut series = empty(*pieces as usize, &shape.asked);
            for (piece, row) in rows.by_ref().take(*pieces as usize).enumerate() {
                write(row.figures(&shape.asked), &mut series, piece);
            }
            series
        });
        Observations {
            series: series.collect(),
            left_out: self.left_out.clone(),
            unread: self.unread.clone(),
            failed: self.failed,
            quantile_error: if is_exact(shape.whole) { 0.0 } else { RELATIVE_ERROR },
            ..Observations::default()
        }
    }
}

/// All of two ascending lists, once each.
fn both<T: Copy + Ord>(a: &[T], b: &[T]) -> Vec<T> {
    a.iter().chain(b).copied().collect::<BTreeSet<T>>().into_iter().collect()
}

/// All of two lists of ranges; those that touch each other become one.
fn joined(a: &[Range<u64>], b: &[Range<u64>]) -> Vec<Range<u64>> {
    let mut all: Vec<Range<u64>> = a.iter().chain(b).cloned().collect();
    all.sort_unstable_by_key(|range| range.start);
    all.dedup_by(|next, range| {
        let touches = range.end == next.start;
        if touches {
            range.end = next.end;
        }
        touches
    });
    all
}
