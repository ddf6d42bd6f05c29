//! Turns a column of values into exact quantiles, by counting and selecting, not by sorting.
//!
//! ```
//! use keiretsu_maths::{lanes::Lanes, select::quantiles};
//!
//! let mut values = [4.0, 1.0, 3.0, 2.0];
//! let mut out = [0.0; 2];
//! quantiles(Lanes::best(), &mut values, &[0.5, 1.0], &mut out);
//! assert_eq!(out, [2.5, 4.0]);
//! ```
//!
//! Method: one pass counts the values in 1,024 equal cells of a sample's range, which tells the cells that
//! hold the wanted ranks; a second pass gathers the few values of those cells, and each cell is treated
//! the same way until few are left. The passes have no branch but one for `CHUNK` values, and a second
//! quantile costs next to nothing.
//! Invariants: the result is the same as by sorting, whatever the sample was; the values are permuted,
//! never changed; nothing is allocated.
//! Absent: NaN, which no order has a place for, and infinite values (asserted in debug builds).

use crate::lanes::{Kernel, Lanes};
use crate::spans::{Cells, Count, GROUP, Span, Spans};

/// Values looked at together for whether any is to be gathered.
const CHUNK: usize = 16;
/// The same in the registers of the widest vectors.
const WIDTH: usize = 8;
/// Number of values up to which they are simply sorted.
const SORTED_MAX: usize = 96;
/// Values looked at to guess a column's range.
const SAMPLE: usize = 128;
/// A span with more than this fraction (1 / `CROWD`) of the values may be crowded on one of them.
const CROWD: usize = 8;
/// Ranks found together.
const RANKS: usize = 2 * GROUP;
/// Narrowings after which a general selection takes over; each divides the range by 1,024.
const LEVELS_MAX: usize = 6;
/// Fills `out` with the quantiles `qs` of `values`: linear between the order statistics next to position
/// `(N - 1) q`, counted from 0. `qs` in [0, 1] in any order. The values are permuted.
pub fn quantiles(lanes: Lanes, values: &mut [f64], qs: &[f64], out: &mut [f64]) {
    assert_eq!(qs.len(), out.len(), "one result a quantile");
    assert!(!values.is_empty(), "a quantile of nothing");
    debug_assert!(values.iter().all(|value| value.is_finite()), "a value is NaN or infinite");
    for (qs, out) in qs.chunks(GROUP).zip(out.chunks_mut(GROUP)) {
        quantile_group(lanes, values, qs, out);
    }
}

fn quantile_group(lanes: Lanes, values: &mut [f64], qs: &[f64], out: &mut [f64]) {
    let last = values.len() - 1;
    let mut wanted = [0; RANKS];
    for (pair, q) in wanted.chunks_exact_mut(2).zip(qs) {
        assert!((0.0..=1.0).contains(q), "{q} is not between 0 and 1");
        let rank = (last as f64 * q) as usize;
        pair.copy_from_slice(&[rank, (rank + 1).min(last)]);
    }
    let mut sorted = wanted;
    let sorted = &mut sorted[..2 * qs.len()];
    sorted.sort_unstable();
    let mut ranks = [0; RANKS];
    let ranks = &mut ranks[..sorted.len()];
    ranks.copy_from_slice(sorted);
    let mut found = [0.0; RANKS];
    order_statistics(lanes, values, ranks, &mut found[..sorted.len()], 0);
    for ((pair, q), out) in wanted.chunks_exact(2).zip(qs).zip(out) {
        let at = |rank| found[sorted.partition_point(|other| *other < rank)];
        let (a, b) = (at(pair[0]), at(pair[1]));
        let position = last as f64 * q;
        *out = a + (position - position.floor()) * (b - a);
    }
}

/// Fills `out` with the values at `ranks` (ascending) of the sorted values. Uses `ranks` as work space.
fn order_statistics(lanes: Lanes, values: &mut [f64], ranks: &mut [usize], out: &mut [f64], level: usize) {
    if values.len() <= SORTED_MAX {
        values.sort_unstable_by(f64::total_cmp);
        for (rank, out) in ranks.iter().zip(out) {
            *out = values[*rank];
        }
        return;
    }
    let (mut low, mut high) = if level == 0 { sample_range(values) } else { (0.0, 0.0) };
    if high <= low {
        (low, high) = lanes.run(Range { values });
    }
    if high <= low {
        return out.fill(low);
    }
    let cells = if level < LEVELS_MAX { Cells::new(low, high) } else { None };
    let Some(cells) = cells else { return select_each(values, ranks, out) };
    let mut spans = lanes.run(Count { values, cells, ranks });
    settle(lanes, &mut spans, values, low, ranks, out);
    let gathered = gather(lanes, &spans, values, low);
    let counted = spans.used().iter().map(|span| span.values).sum::<usize>();
    assert_eq!(gathered, counted, "a value is NaN or infinite");
    let (mut values, mut ranks, mut out) = (&mut values[..gathered], ranks, out);
    for span in spans.used() {
        let (ranks_here, ranks_others) = ranks.split_at_mut(span.ranks);
        let (out_here, out_others) = out.split_at_mut(span.ranks);
        (ranks, out) = (ranks_others, out_others);
        if 0 < span.values {
            partition(values, low, span.last);
            let (here, others) = values.split_at_mut(span.values);
            order_statistics(lanes, here, ranks_here, out_here, level + 1);
            values = others;
        }
    }
}

/// For values that counting cannot split: each rank by the standard library's selection.
fn select_each(values: &mut [f64], ranks: &[usize], out: &mut [f64]) {
    for (rank, out) in ranks.iter().zip(out) {
        *out = *values.select_nth_unstable_by(*rank, f64::total_cmp).1;
    }
}

/// About `SAMPLE` of the values, evenly spread.
fn sample(values: &[f64]) -> impl Iterator<Item = &f64> {
    values.iter().step_by(values.len() / SAMPLE + 1)
}

/// The smallest and largest of the sample.
fn sample_range(values: &[f64]) -> (f64, f64) {
    let (mut low, mut high) = (values[0], values[0]);
    for value in sample(values) {
        low = if *value < low { *value } else { low };
        high = if high < *value { *value } else { high };
    }
    (low, high)
}

/// Finds the ranks of crowded spans without gathering, where they all fall on one frequent value:
/// a floor that often binds, a tranche that seldom fires.
fn settle(lanes: Lanes, spans: &mut Spans, values: &[f64], low: f64, ranks: &[usize], out: &mut [f64]) {
    let mut next = 0;
    for span in &mut spans.spans[..spans.count] {
        let here = next..next + span.ranks;
        next = here.end;
        if span.values <= values.len() / CROWD {
            continue;
        }
        let inside = |value: &&f64| span.first <= **value - low && **value - low <= span.last;
        let Some(pivot) = sample(values).find(inside) else { continue };
        let [less, equal] = lanes.run(CompareCount { values, pivot: *pivot });
        let (first, last) = (span.below + ranks[here.start], span.below + ranks[here.end - 1]);
        if less <= first && last < less + equal {
            out[here].fill(*pivot);
            (span.first, span.last, span.values) = (f64::INFINITY, f64::NEG_INFINITY, 0);
        }
    }
}

/// Brings the values of the spans to the front and tells how many they are.
fn gather(lanes: Lanes, spans: &Spans, values: &mut [f64], low: f64) -> usize {
    let [a, b, c, d, e] = spans.spans;
    match spans.count {
        1 => lanes.run(Gather { values, low, spans: [a] }),
        2 => lanes.run(Gather { values, low, spans: [a, b] }),
        3 => lanes.run(Gather { values, low, spans: [a, b, c] }),
        4 => lanes.run(Gather { values, low, spans: [a, b, c, d] }),
        _ => lanes.run(Gather { values, low, spans: [a, b, c, d, e] }),
    }
}

/// Brings the values of the spans to the front and tells how many they are.
struct Gather<'a, const N: usize> {
    values: &'a mut [f64],
    low: f64,
    spans: [Span; N],
}

impl<const N: usize> Kernel for Gather<'_, N> {
    type Output = usize;

    #[inline(always)]
    fn run(self) -> usize {
        let Gather { values, low, spans } = self;
        let mut gathered = 0;
        let mut start = 0;
        while start < values.len() {
            let end = (start + CHUNK).min(values.len());
            let mut depth = [if end < start + CHUNK { 0.0 } else { -1.0 }; WIDTH];
            if let Some(chunk) = values[start..].first_chunk::<CHUNK>() {
                for part in chunk.as_chunks::<WIDTH>().0 {
                    for i in 0..WIDTH {
                        let here = depth_of(part[i] - low, &spans);
                        depth[i] = if depth[i] < here { here } else { depth[i] };
                    }
                }
            }
            let mut deepest = depth[0];
            for depth in depth {
                deepest = if deepest < depth { depth } else { deepest };
            }
            if 0.0 <= deepest {
                for i in start..end {
                    gathered = bring(values, i, gathered, 0.0 <= depth_of(values[i] - low, &spans));
                }
            }
            start = end;
        }
        gathered
    }
}

/// How far inside a span a height lies; below 0 outside of all. Written with sums, not comparisons: those
/// become narrow masks, which the compiler packs and unpacks at great cost.
#[inline(always)]
fn depth_of<const N: usize>(height: f64, spans: &[Span; N]) -> f64 {
    let mut deepest = -1.0;
    for span in spans {
        let (above, below) = (height - span.first, span.last - height);
        let depth = if above < below { above } else { below };
        deepest = if deepest < depth { depth } else { deepest };
    }
    deepest
}

/// Swaps value `i` with value `front` if wanted, without a branch, and tells the new front.
#[inline(always)]
fn bring(values: &mut [f64], i: usize, front: usize, wanted: bool) -> usize {
    let (a, b) = (values[front], values[i]);
    values[front] = if wanted { b } else { a };
    values[i] = if wanted { a } else { b };
    front + usize::from(wanted)
}

/// Brings the values up to `last` to the front.
fn partition(values: &mut [f64], low: f64, last: f64) {
    let mut front = 0;
    for i in 0..values.len() {
        front = bring(values, i, front, values[i] - low <= last);
    }
}

/// How many values are below the pivot, and how many equal to it.
struct CompareCount<'a> {
    values: &'a [f64],
    pivot: f64,
}

impl Kernel for CompareCount<'_> {
    type Output = [usize; 2];

    #[inline(always)]
    fn run(self) -> [usize; 2] {
        let (mut less, mut up_to) = (0u64, 0u64);
        for value in self.values {
            less += u64::from(*value < self.pivot);
            up_to += u64::from(*value <= self.pivot);
        }
        [less as usize, (up_to - less) as usize]
    }
}

/// The smallest and largest value.
struct Range<'a> {
    values: &'a [f64],
}

impl Kernel for Range<'_> {
    type Output = (f64, f64);

    #[inline(always)]
    fn run(self) -> (f64, f64) {
        let (mut low, mut high) = ([f64::INFINITY; CHUNK], [f64::NEG_INFINITY; CHUNK]);
        let (chunks, rest) = self.values.as_chunks::<CHUNK>();
        for chunk in chunks {
            for i in 0..CHUNK {
                low[i] = if chunk[i] < low[i] { chunk[i] } else { low[i] };
                high[i] = if high[i] < chunk[i] { chunk[i] } else { high[i] };
            }
        }
        let (mut all_low, mut all_high) = (low[0], high[0]);
        for value in low.iter().chain(rest) {
            all_low = if *value < all_low { *value } else { all_low };
        }
        for value in high.iter().chain(rest) {
            all_high = if all_high < *value { *value } else { all_high };
        }
        (all_low, all_high)
    }
}
