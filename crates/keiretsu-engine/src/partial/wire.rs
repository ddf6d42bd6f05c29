//! Partial results as bytes.
//!
//! Invariants: as of programs (`keiretsu_program::from_bytes`). What is read can be merged and finished
//! without a panic; forged figures stay forged figures.

use std::ops::Range;

use keiretsu_maths::exact::Exact;
use keiretsu_maths::sum::Sums;
use keiretsu_program::{Paths, Sent, Wire, WireError};

use super::row::has_quantiles;
use super::{Asked, Head, Kept, Partial, Row, Seen, Shape, Stretch};
use crate::share::is_exact;
use crate::sketch::Sketch;

impl Sent for Partial {
    const MAGIC: &'static [u8; 8] = b"KEIRPART";
    const NAME: &'static str = "partial result";
    const VERSION: u32 = 1;

    fn check(&self) -> Result<(), WireError> {
        let Shape { whole, asked, pieces } = &self.head.shape;
        let whole_end = whole.first.saturating_add(whole.count);
        let counts = 0 < whole.count && whole.count <= crate::PATHS_MAX;
        holds(counts && whole_end <= keiretsu_maths::stream::PATHS_MAX, "no such paths")?;
        let inside = |range: &Range<u64>| whole.first <= range.start && range.end <= whole_end;
        let ordered = self.ranges.windows(2).all(|pair| pair[0].end < pair[1].start);
        let ranges = self.ranges.iter().all(|range| inside(range) && !range.is_empty());
        holds(ordered && ranges && !self.ranges.is_empty(), "ranges of paths")?;
        let mut levels = asked.quantiles.iter().chain(&asked.tails);
        holds(levels.all(|level| (0.0..=1.0).contains(level)), "quantiles not between 0 and 1")?;
        let rows: u64 = pieces.iter().map(|pieces| u64::from(*pieces)).sum();
        holds(rows == self.seen.rows.len() as u64, "pieces of probes")?;
        self.seen.rows.iter().try_for_each(|row| row.check(self.seen.failed, *whole))
    }
}

fn holds(condition: bool, what: &'static str) -> Result<(), WireError> {
    if condition { Ok(()) } else { Err(WireError::Contradiction(what)) }
}

impl Row {
    fn check(&self, failed: u64, whole: Paths) -> Result<(), WireError> {
        let count = self.sums.count();
        holds(count.saturating_add(failed) <= whole.count, "more values than paths")?;
        let known = has_quantiles(&self.sums);
        match &self.kept {
            Kept::Values(stretches) => {
                holds(is_exact(whole), "values of too many paths")?;
                holds(stretches.is_sorted_by_key(|stretch| stretch.first), "paths out of order")?;
                let values = || stretches.iter().flat_map(|stretch| &stretch.values);
                holds(values().count() as u64 == count, "a count of values")?;
                holds(!known || values().all(|value| value.is_finite()), "an unknown value")
            }
            Kept::Sketch(sketch) => {
                holds(!is_exact(whole), "no values of so few paths")?;
                let fits = sketch.count() == count || !known && sketch.count() <= count;
                holds(fits, "a count of values")
            }
        }
    }
}

impl Wire for Partial {
    fn put(&self, out: &mut Vec<u8>) {
        let Self { head, ranges, seen } = self;
        head.put(out);
        ranges.put(out);
        seen.put(out);
    }

    fn take(input: &mut &[u8]) -> Result<Self, WireError> {
        Ok(Self { head: Wire::take(input)?, ranges: Wire::take(input)?, seen: Wire::take(input)? })
    }
}

impl Wire for Head {
    fn put(&self, out: &mut Vec<u8>) {
        let Self {
            version,
            program,
            spec,
            shape: Shape { whole, asked: Asked { quantiles, tails }, pieces },
        } = self;
        version.put(out);
        program.put(out);
        spec.put(out);
        whole.put(out);
        quantiles.put(out);
        tails.put(out);
        pieces.put(out);
    }

    fn take(input: &mut &[u8]) -> Result<Self, WireError> {
        let (version, program, spec) = (Wire::take(input)?, Wire::take(input)?, Wire::take(input)?);
        let whole = Wire::take(input)?;
        let asked = Asked { quantiles: Wire::take(input)?, tails: Wire::take(input)? };
        Ok(Self { version, program, spec, shape: Shape { whole, asked, pieces: Wire::take(input)? } })
    }
}

impl Wire for Seen {
    fn put(&self, out: &mut Vec<u8>) {
        let Self { failed, left_out, unread, rows } = self;
        failed.put(out);
        left_out.put(out);
        unread.put(out);
        rows.put(out);
    }

    fn take(input: &mut &[u8]) -> Result<Self, WireError> {
        let (failed, left_out) = (Wire::take(input)?, Wire::take(input)?);
        Ok(Self { failed, left_out, unread: Wire::take(input)?, rows: Wire::take(input)? })
    }
}

impl Wire for Row {
    fn put(&self, out: &mut Vec<u8>) {
        let (count, sum, squares) = self.sums.to_parts();
        count.put(out);
        put_exact(sum, out);
        put_exact(squares, out);
        match &self.kept {
            Kept::Values(stretches) => {
                out.push(0);
                stretches.put(out);
            }
            Kept::Sketch(sketch) => {
                out.push(1);
                sketch.put(out);
            }
        }
    }

    fn take(input: &mut &[u8]) -> Result<Self, WireError> {
        let (count, sum, squares) = (u64::take(input)?, take_exact(input)?, take_exact(input)?);
        let sums =
            Sums::from_parts(count, sum, squares).ok_or(WireError::Contradiction("a sum of values"))?;
        let kept = match u8::take(input)? {
            0 => Kept::Values(Wire::take(input)?),
            1 => Kept::Sketch(Sketch::take(input)?),
            found => return Err(WireError::Variant { of: "Kept", found }),
        };
        Ok(Self { sums, kept })
    }
}

impl Wire for Stretch {
    fn put(&self, out: &mut Vec<u8>) {
        self.first.put(out);
        self.values.put(out);
    }

    fn take(input: &mut &[u8]) -> Result<Self, WireError> {
        Ok(Self { first: Wire::take(input)?, values: Wire::take(input)? })
    }
}

fn put_exact(sum: &Exact, out: &mut Vec<u8>) {
    let (low, words, beyond) = sum.to_parts();
    (low as u16).put(out);
    words.to_vec().put(out);
    beyond.put(out);
}

fn take_exact(input: &mut &[u8]) -> Result<Exact, WireError> {
    let (low, words, beyond) = (u16::take(input)?, Vec::<u64>::take(input)?, f64::take(input)?);
    Exact::from_parts(usize::from(low), &words, beyond).ok_or(WireError::Contradiction("a sum"))
}
