//! Turns ranges of exposures and buffers into the possible range of `DebtRank` of 2012.
//!
//! ```
//! use keiretsu_methods::debtrank::between::{Ends, ExposureRange, spread};
//! let amount = Ends { low: 5.0, high: f64::INFINITY };
//! let exposures = [ExposureRange { creditor: 0, debtor: 1, amount }];
//! let ten = Some(Ends { low: 10.0, high: 10.0 });
//! assert_eq!(spread(&exposures, &[ten, ten], 1).losses[0], Ends { low: 5.0, high: 10.0 });
//! ```
//!
//! With the same exposures above nothing, distress grows with exposures and shrinks with buffers. An exposure
//! that may be nothing also decides *when* a party takes its one turn, and who takes it sooner passes on
//! less: the ends are therefore not two runs of the algorithm. A turn lies between the distance over
//! exposures that may be and the distance over exposures that surely are; at the low end a party passes on
//! what must have reached it before the first of the two, at the high end what may have reached it before
//! the second.
//!
//! Invariant: each end bounds the loss for all members of the ranges; where no exposure may be nothing, both
//! are reached. Absent: rounding outward.

use std::collections::VecDeque;

/// From one amount to another, the second perhaps infinite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ends {
    /// The least, not negative.
    pub low: f64,
    /// The most.
    pub high: f64,
}

/// The loss of a creditor if a debtor pays nothing, one range for each pair.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExposureRange {
    /// The creditor.
    pub creditor: usize,
    /// The debtor.
    pub debtor: usize,
    /// Money.
    pub amount: Ends,
}

/// The consequences of full distress of one party, at both ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Between {
    /// By party, money.
    pub losses: Vec<Ends>,
    /// Distress passed on by each party at its turn.
    pub passed: Vec<Ends>,
    /// By party, the lost share of its buffer.
    pub distress: Vec<Ends>,
}

/// Turns, losses and distress if `struck` loses all. A party without a buffer passes nothing on.
pub fn spread(exposures: &[ExposureRange], buffers: &[Option<Ends>], struck: usize) -> Between {
    let first = distances(exposures, buffers, struck, |amount| 0.0 < amount.high);
    let last = distances(exposures, buffers, struck, |amount| 0.0 < amount.low);
    let mut passed = vec![Ends { low: 0.0, high: 0.0 }; buffers.len()];
    passed[struck] = Ends { low: 1.0, high: 1.0 };
    // No party has a turn later than after all others.
    for _ in 0..buffers.len() {
        let before = passed.clone();
        let mut sums = vec![Ends { low: 0.0, high: 0.0 }; buffers.len()];
        for one in exposures.iter().filter(|one| one.creditor != struck) {
            let (share, from) = (ratio(one.amount, buffers[one.creditor]), passed[one.debtor]);
            if comes_before(last[one.debtor], first[one.creditor]) {
                sums[one.creditor].low += share.low * from.low;
            }
            if comes_before(first[one.debtor], last[one.creditor]) {
                sums[one.creditor].high += share.high * from.high;
            }
        }
        for (at, sum) in sums.into_iter().enumerate().filter(|(at, _)| *at != struck) {
            passed[at] = Ends {
                low: if last[at].is_some() { sum.low.min(1.0) } else { 0.0 },
                high: if first[at].is_some() { sum.high.min(1.0) } else { 0.0 },
            };
        }
        if passed == before {
            break;
        }
    }
    let losses = losses(exposures, buffers, &passed);
    let distress = distress(exposures, buffers, &passed);
    Between { losses, passed, distress }
}

/// Total loss of each party, in money, no more than its buffer.
fn losses(exposures: &[ExposureRange], buffers: &[Option<Ends>], passed: &[Ends]) -> Vec<Ends> {
    let mut losses = vec![Ends { low: 0.0, high: 0.0 }; buffers.len()];
    for one in exposures {
        let most = buffers[one.creditor].unwrap_or(UNBOUNDED);
        let (loss, from) = (&mut losses[one.creditor], passed[one.debtor]);
        loss.low += part(one.amount.low.min(most.low), from.low);
        loss.high += part(one.amount.high.min(most.high), from.high);
    }
    for (loss, buffer) in losses.iter_mut().zip(buffers) {
        let most = buffer.unwrap_or(UNBOUNDED);
        *loss = Ends { low: loss.low.min(most.low), high: loss.high.min(most.high) };
    }
    losses
}

fn distress(exposures: &[ExposureRange], buffers: &[Option<Ends>], passed: &[Ends]) -> Vec<Ends> {
    let mut distress = vec![Ends { low: 0.0, high: 0.0 }; buffers.len()];
    for one in exposures {
        let (share, from) = (ratio(one.amount, buffers[one.creditor]), passed[one.debtor]);
        let sum = &mut distress[one.creditor];
        sum.low = (sum.low + share.low * from.low).min(1.0);
        sum.high = (sum.high + share.high * from.high).min(1.0);
    }
    distress
}

/// Steps from the struck party to each, over exposures that count; none where none of them leads there.
fn distances(
    exposures: &[ExposureRange],
    buffers: &[Option<Ends>],
    struck: usize,
    counts: impl Fn(Ends) -> bool,
) -> Vec<Option<usize>> {
    let mut creditors = vec![Vec::new(); buffers.len()];
    for one in exposures.iter().filter(|one| counts(one.amount) && buffers[one.creditor].is_some()) {
        creditors[one.debtor].push(one.creditor);
    }
    let mut found = vec![None; buffers.len()];
    found[struck] = Some(0);
    let mut next = VecDeque::from([struck]);
    while let Some(debtor) = next.pop_front() {
        for creditor in &creditors[debtor] {
            if found[*creditor].is_none() {
                found[*creditor] = found[debtor].map(|steps: usize| steps + 1);
                next.push_back(*creditor);
            }
        }
    }
    found
}

/// Whether a turn comes before another; one that never comes is after all.
fn comes_before(one: Option<usize>, other: Option<usize>) -> bool {
    one.is_some_and(|one| other.is_none_or(|other| one < other))
}

/// An exposure over the buffer that it hits, at most 1.
fn ratio(amount: Ends, buffer: Option<Ends>) -> Ends {
    let Some(buffer) = buffer else { return Ends { low: 0.0, high: 0.0 } };
    let over = |amount: f64, buffer: f64| {
        if amount <= 0.0 {
            0.0
        } else if buffer <= amount {
            1.0
        } else {
            amount / buffer
        }
    };
    Ends { low: over(amount.low, buffer.high), high: over(amount.high, buffer.low) }
}

/// A product in which zero times infinity is zero.
fn part(amount: f64, share: f64) -> f64 {
    if share <= 0.0 { 0.0 } else { amount * share }
}

const UNBOUNDED: Ends = Ends { low: f64::INFINITY, high: f64::INFINITY };

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::debtrank::{CreditExposure, Leverage};

    fn range(creditor: usize, debtor: usize, low: f64, high: f64) -> ExposureRange {
        ExposureRange { creditor, debtor, amount: Ends { low, high } }
    }

    #[test]
    fn an_exposure_that_may_be_nothing_may_take_a_turn_early() {
        // By hand: 1 owes 2 100 of 100 and 2 owes 3 100 of 100, 3 owes 0 50 of 100. Without the exposure of 3
        // to 1, 3 passes on all: 50. With one of 1, 3 takes its turn in step 1 with 1% and passes on 0.5; so
        // the low end is nothing, although all that may come on top is an exposure.
        let hundred = Some(Ends { low: 100.0, high: 100.0 });
        let exposures = [
            range(2, 1, 100.0, 100.0),
            range(3, 2, 100.0, 100.0),
            range(0, 3, 50.0, 50.0),
            range(3, 1, 0.0, 100.0),
        ];
        let found = spread(&exposures, &[hundred; 4], 1);
        assert_eq!(found.losses[0], Ends { low: 0.0, high: 50.0 });
        assert_eq!(found.losses[3], Ends { low: 100.0, high: 100.0 });
    }

    #[test]
    fn a_buffer_is_read_the_other_way() {
        // By hand: 10 of 20 to 40 is a half to a quarter, of 100 that is 50 to 25; its own loss is 10.
        let buffer = |low, high| Some(Ends { low, high });
        let exposures = [range(1, 0, 10.0, 10.0), range(2, 1, 100.0, 100.0)];
        let found = spread(&exposures, &[buffer(1.0, 1.0), buffer(20.0, 40.0), buffer(200.0, 200.0)], 0);
        assert_eq!(found.losses[1], Ends { low: 10.0, high: 10.0 });
        assert_eq!(found.losses[2], Ends { low: 25.0, high: 50.0 });
    }

    #[test]
    fn a_circle_settles() {
        let hundred = Some(Ends { low: 100.0, high: 100.0 });
        let exposures = [range(1, 0, 50.0, 50.0), range(2, 1, 50.0, 50.0), range(1, 2, 100.0, 100.0)];
        let found = spread(&exposures, &[hundred; 3], 0);
        // By hand: 1 has 50 and passes on a half; 2 has 25 and passes on a quarter: 1 has 50 + 25.
        assert_eq!(found.losses[1], Ends { low: 75.0, high: 75.0 });
        assert_eq!(found.losses[2], Ends { low: 25.0, high: 25.0 });
    }

    /// The share of the way from the low to the high end.
    fn member(ends: Ends, share: f64) -> f64 {
        ends.low + share * (ends.high - ends.low)
    }

    proptest! {
        /// Members of the ranges, run by the algorithm itself, stay between the ends.
        #[test]
        fn members_stay_between_the_ends(
            web in proptest::collection::vec((0..5_usize, 0..5_usize, 0..4_u8, 0.0..60.0, 0.0..60.0), 1..12),
            buffers in proptest::collection::vec((5.0..50.0, 0.0..50.0), 5),
            draws in proptest::collection::vec(proptest::collection::vec(0.0..1.0, 17), 20),
        ) {
            let mut exposures: Vec<ExposureRange> = Vec::new();
            for (creditor, debtor, kind, low, wide) in web {
                let known = exposures.iter().any(|one| (one.creditor, one.debtor) == (creditor, debtor));
                if creditor != debtor && !known {
                    // Exact, a range, perhaps nothing at all.
                    let (low, high) = match kind {
                        0 => (low, low),
                        1 => (low, low + wide),
                        _ => (0.0, wide),
                    };
                    exposures.push(range(creditor, debtor, low, high));
                }
            }
            let buffers: Vec<Ends> =
                buffers.into_iter().map(|(low, wide)| Ends { low, high: low + wide }).collect();
            let known: Vec<Option<Ends>> = buffers.iter().copied().map(Some).collect();
            let found = spread(&exposures, &known, 0);
            for draw in draws {
                let draw: Vec<f64> = draw;
                // The ends of a range decide most, so half of the draws are rounded to them.
                let share = |at: usize| if draw[16] < 0.5 { draw[at].round() } else { draw[at] };
                let drawn = |(at, one): (usize, &ExposureRange)| member(one.amount, share(at % 11));
                let amounts: Vec<f64> = exposures.iter().enumerate().map(drawn).collect();
                let capital: Vec<f64> =
                    buffers.iter().enumerate().map(|(at, ends)| member(*ends, share(11 + at))).collect();
                let sure: Vec<CreditExposure> = exposures
                    .iter()
                    .zip(&amounts)
                    .map(|(one, amount)| CreditExposure {
                        creditor: one.creditor as u32,
                        debtor: one.debtor as u32,
                        amount: *amount,
                    })
                    .collect();
                let stated: Vec<Option<f64>> = capital.iter().copied().map(Some).collect();
                let web = Leverage::new(&sure, &stated).expect("amounts");
                let distress = web.distress(&[1.0, 0.0, 0.0, 0.0, 0.0], &[1.0; 5]).expect("a spread");
                for (at, ends) in found.distress.iter().enumerate().skip(1) {
                    let is = distress.distress[at];
                    let inside = ends.low - 1e-9 <= is && is <= ends.high + 1e-9;
                    prop_assert!(inside, "party {at}: {is} is not in {ends:?}");
                }
            }
        }
    }
}
