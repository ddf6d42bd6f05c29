//! What a run saw: one series for each probe, in the order of the probes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use keiretsu_values::{Set, Value, Whole};

use crate::{ClaimId, CoverId, CreditsId, FlowId, PartyId, Possible};

/// The series of one probe, one entry for each piece of its span.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// The value in a reading, the mean over paths in a simulation. NaN: unknown.
    pub mean: Vec<f64>,
    /// Standard error of the mean; empty in a reading.
    pub standard_error: Vec<f64>,
    /// For each of the quantiles that were asked for, one entry for each piece; empty in a reading.
    pub quantiles: Vec<Vec<f64>>,
    /// For each of the tails that were asked for, the mean beyond that quantile; empty in a reading.
    pub tails: Vec<Vec<f64>>,
    /// What each piece may be, where a reading was asked for it; empty where all are what is read.
    pub possible: Vec<Reach>,
}

/// What a number of a reading may be.
#[derive(Clone, Debug, PartialEq)]
pub struct Reach {
    /// All that it may be.
    pub possible: Possible,
    /// Whether a part of it could not be read, and adds nothing to what is read.
    pub unread: bool,
    /// What of it is in shares of wholes, so that a sum over their parties knows that they are; none where
    /// nothing is.
    pub shared: Option<Arc<SharedReach>>,
}

/// A number that is linear in shares of wholes.
#[derive(Clone, Debug, PartialEq)]
pub struct SharedReach {
    /// What is read of it beside the shares, and what that may be.
    pub plain: (f64, Set),
    /// Of each whole what each share is multiplied by.
    pub parts: Vec<(Arc<Whole>, Vec<Value>)>,
}

/// Something other than a flow whose amount was unknown when it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unread {
    /// The grant of a pool of credits.
    Grant(CreditsId),
    /// What the estate of a party brings beside cash.
    Recovery(PartyId),
    /// A claim on an estate.
    Claim(ClaimId),
    /// The share, limit or cushion of a cover, or what would have fallen due on a flow that it covers.
    Cover(CoverId),
}

/// The result of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observations {
    /// One for each probe.
    pub series: Vec<Series>,
    /// Flows of which some month's amount was unknown and therefore left out of cash.
    pub left_out: Vec<FlowId>,
    /// What else was unknown in some month and therefore counted as nothing.
    pub unread: Vec<Unread>,
    /// Paths given up because something overflowed; they are in no figure.
    pub failed: u64,
    /// Worst relative error of the quantiles: 0 where they are exact.
    pub quantile_error: f64,
    /// Which series have been read, where that is noted.
    pub reads: ReadNotes,
}

/// Notes of which series are read, common to all copies of a run; none where nothing is noted. They are no
/// part of what was seen: runs that saw the same are equal.
#[derive(Clone, Debug, Default)]
pub struct ReadNotes(Option<Arc<[AtomicBool]>>);

impl PartialEq for ReadNotes {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl ReadNotes {
    /// Notes of the reads of `count` series.
    pub fn noted(count: usize) -> Self {
        Self(Some((0..count).map(|_| AtomicBool::new(false)).collect()))
    }

    /// The places of the series that have been read.
    pub fn places(&self) -> impl Iterator<Item = usize> {
        let all = self.0.iter().flat_map(|notes| notes.iter().enumerate());
        all.filter(|(_, is_read)| is_read.load(Ordering::Relaxed)).map(|(place, _)| place)
    }
}

impl Observations {
    /// The series of the probe at a place, as read.
    pub fn read(&self, place: usize) -> &Series {
        if let Some(notes) = &self.reads.0 {
            notes[place].store(true, Ordering::Relaxed);
        }
        &self.series[place]
    }

    /// The quantiles that a simulation keeps where nobody asks for others.
    pub const QUANTILES: [f64; 5] = [0.05, 0.25, 0.50, 0.75, 0.95];
}
