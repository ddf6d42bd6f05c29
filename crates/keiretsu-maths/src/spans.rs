//! Turns counts of a column's values by cell into the few cells that hold wanted ranks.
//!
//! ```text
//! values  2 9 4 4 7, cells [0, 5) [5, 10], wanted rank 3 of the sorted values (counted from 0)
//! counts  3 2 -> the span is cell [5, 10], and rank 3 is rank 0 inside it
//! ```
//!
//! Invariant: a value is counted in a cell exactly if its height above the range's start lies between the
//! cell's ends, both computed with the same rounding.
//! Absent: what is done with the spans; that is [`select`](crate::select)'s.

use crate::lanes::Kernel;

/// Cells a range is cut into. Measured at 10,000 values: 512 is slower, 2048 no faster.
pub(crate) const CELLS: usize = 1024;
/// Quantiles found together; each wants two neighbouring ranks, which fall into one span.
pub(crate) const GROUP: usize = 5;
/// Copies of the counts, so that equal neighbours do not wait for each other.
const COPIES: usize = 2;
/// Values placed together, before they are counted one by one: long enough for the compiler to see a
/// loop and not to unroll it, which it then vectorises badly.
const PLACED: usize = 64;
/// Cells looked at together while looking for a rank.
const STRETCH: usize = 16;
/// 2^52: adding it rounds a smaller positive number to an integer and leaves that in the low bits.
const TWO_52: f64 = 4_503_599_627_370_496.0;

/// Equal cells of a range; values outside belong to the first or last.
#[derive(Clone, Copy)]
pub(crate) struct Cells {
    low: f64,
    high: f64,
    scale: f64,
}

impl Cells {
    /// Cells from `low` to `high`; none where their width is no ordinary number.
    pub(crate) fn new(low: f64, high: f64) -> Option<Cells> {
        let scale = (CELLS - 1) as f64 / (high - low);
        (scale.is_finite() && 0.0 < scale).then_some(Cells { low, high, scale })
    }

    /// A word with the number of the value's cell in its lowest bits; never falls as the value rises.
    #[inline(always)]
    fn word(self, value: f64) -> u64 {
        let value = if self.low < value { value } else { self.low };
        let value = if value < self.high { value } else { self.high };
        self.word_above(value - self.low)
    }

    /// The same of a value's height above `low`, which must be in the range.
    #[inline(always)]
    fn word_above(self, height: f64) -> u64 {
        (height * self.scale + TWO_52).to_bits()
    }

    /// The smallest height that belongs to a cell or to one above it.
    fn start(self, number: usize) -> f64 {
        if number == 0 {
            return f64::NEG_INFINITY;
        }
        let word = TWO_52.to_bits() + number as u64;
        let mut height = (number as f64 - 0.5) / self.scale;
        while word <= self.word_above(height) {
            height = height.next_down();
        }
        while self.word_above(height) < word {
            height = height.next_up();
        }
        height
    }

    /// The largest height that belongs to a cell or to one below it.
    fn end(self, number: usize) -> f64 {
        if number + 1 == CELLS { f64::INFINITY } else { self.start(number + 1).next_down() }
    }
}

/// Neighbouring cells that hold wanted ranks, and their values.
#[derive(Clone, Copy)]
pub(crate) struct Span {
    /// The smallest height above the range's start that belongs to it.
    pub(crate) first: f64,
    /// The largest such height.
    pub(crate) last: f64,
    /// How many values are below it.
    pub(crate) below: usize,
    /// How many values it has.
    pub(crate) values: usize,
    /// How many of the wanted ranks it has.
    pub(crate) ranks: usize,
}

impl Span {
    const EMPTY: Span = Span { first: 0.0, last: 0.0, below: 0, values: 0, ranks: 0 };
}

/// The spans of all wanted ranks, ascending.
pub(crate) struct Spans {
    pub(crate) spans: [Span; GROUP],
    pub(crate) count: usize,
}

impl Spans {
    /// Those there are.
    pub(crate) fn used(&self) -> &[Span] {
        &self.spans[..self.count]
    }
}

/// Counts values by cell, finds the cells of the ranks, and counts each rank from its span's start.
pub(crate) struct Count<'a> {
    pub(crate) values: &'a [f64],
    pub(crate) cells: Cells,
    pub(crate) ranks: &'a mut [usize],
}

impl Kernel for Count<'_> {
    type Output = Spans;

    #[inline(always)]
    fn run(self) -> Spans {
        let mut counts = [[0; CELLS]; COPIES];
        let (chunks, rest) = self.values.as_chunks::<PLACED>();
        let mut numbers = [0; PLACED];
        for chunk in chunks {
            for (number, value) in numbers.iter_mut().zip(chunk) {
                *number = self.cells.word(*value);
            }
            for next in numbers.as_chunks::<COPIES>().0 {
                for (copy, number) in counts.iter_mut().zip(next) {
                    copy[*number as usize % CELLS] += 1;
                }
            }
        }
        for value in rest {
            counts[0][self.cells.word(*value) as usize % CELLS] += 1;
        }
        let [mut totals, others @ ..] = counts;
        for other in &others {
            for (total, count) in totals.iter_mut().zip(other) {
                *total += count;
            }
        }
        find_spans(&totals, self.cells, self.ranks)
    }
}

/// The spans of the ranks, and each rank counted from its span's start.
#[inline(always)]
fn find_spans(counts: &[u32; CELLS], cells: Cells, ranks: &mut [usize]) -> Spans {
    let mut found = Spans { spans: [Span::EMPTY; GROUP], count: 0 };
    let (mut start, mut end) = (0, 0);
    let mut below = 0;
    let mut next = 0;
    for (stretch, counts) in counts.as_chunks::<STRETCH>().0.iter().enumerate() {
        let all = counts.iter().sum::<u32>() as usize;
        if ranks.get(next).is_none_or(|rank| below + all <= *rank) {
            below += all;
            continue;
        }
        for (i, here) in counts.iter().enumerate() {
            let here = *here as usize;
            if ranks.get(next).is_some_and(|rank| *rank < below + here) {
                let number = stretch * STRETCH + i;
                // A neighbouring rank is in the next cell that has anything, so it widens the span.
                if found.count == 0 || end < below {
                    start = below;
                    found.count += 1;
                    found.spans[found.count - 1].first = cells.start(number);
                    found.spans[found.count - 1].below = below;
                }
                end = below + here;
                let span = &mut found.spans[found.count - 1];
                span.last = cells.end(number);
                span.values = end - start;
                while next < ranks.len() && ranks[next] < end {
                    ranks[next] -= start;
                    span.ranks += 1;
                    next += 1;
                }
            }
            below += here;
        }
    }
    found
}
