//! Which part of a whole a slice is: it has its own standing and days, so it takes first what of the whole
//! has the same, and the rest by share.
//!
//! By hand: of 30 that were paid and 20 that are due, a slice of 30 that were paid takes the 30 and none of
//! the 20. One of 40 that were paid takes the 30 and 10 of the 20. One of 10 that is announced, as nothing of
//! the whole is, takes 6 of the 30 and 4 of the 20.

use jiff::civil::Date;
use keiretsu_model::{ContractRef, Standing};
use keiretsu_values::{Reading, Set, Value};

use crate::side::Commitment;

/// A part of a commitment: what falls due on a day, or what nothing dates.
#[derive(Clone)]
pub(super) struct Piece {
    /// Which commitment.
    pub of: usize,
    /// Which due of it; none for what is undated.
    pub due: Option<usize>,
    pub standing: Standing,
    pub on: Option<Date>,
    pub amounts: [Value; 3],
}

/// What a slice takes of a piece of its whole, as a share of the piece in each reading.
pub(super) struct Taken {
    /// The commitment of the slice.
    pub slice: usize,
    /// The contract of the slice.
    pub contract: ContractRef,
    /// The piece of the whole.
    pub piece: Piece,
    pub share: [Value; 3],
}

/// The parts of a commitment.
pub(super) fn pieces(all: &[Commitment], of: usize) -> Vec<Piece> {
    let one = &all[of];
    let dated = one.dues.iter().enumerate().map(|(at, due)| Piece {
        of,
        due: Some(at),
        standing: one.standing,
        on: Some(due.on),
        amounts: due.amounts.clone(),
    });
    let undated = Piece {
        of,
        due: None,
        standing: one.standing,
        on: None,
        amounts: Reading::ALL.map(|reading| one.undated(reading)),
    };
    dated.chain(std::iter::once(undated)).collect()
}

/// What slices take of the commitments of their whole, all of one kind.
pub(super) fn allot(all: &[Commitment], whole: &[usize], slices: &[usize]) -> Vec<Taken> {
    let of = |list: &[usize]| list.iter().flat_map(|at| pieces(all, *at)).collect::<Vec<_>>();
    let (whole, parts) = (of(whole), of(slices));
    // As read, and at both ends of what the words of the slices leave possible.
    let ends: [fn(&Value) -> f64; 3] =
        [|value| value.amount().unwrap_or(0.0), |value| value.set().low.max(0.0), |value| value.set().high];
    let shares = Reading::ALL.map(|reading| {
        ends.map(|end| {
            let wanted: Vec<f64> = parts.iter().map(|part| end(&part.amounts[reading])).collect();
            shares(&whole, &parts, &wanted, reading)
        })
    });
    let mut found = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        for (of, piece) in whole.iter().enumerate() {
            let share = Reading::ALL.map(|reading| {
                // Of what a reading has nothing, as much as of the most that it can be.
                let reading = if size(piece, reading) > 0.0 { reading } else { Reading::Headline };
                share_of(piece, part, reading, shares[reading].each_ref().map(|shares| shares[at][of]))
            });
            if share.iter().any(|share| !share.is_zero()) {
                let contract = all[part.of].contract;
                found.push(Taken { slice: part.of, contract, piece: piece.clone(), share });
            }
        }
    }
    found
}

/// How much there is of a piece, as read.
fn size(piece: &Piece, reading: Reading) -> f64 {
    piece.amounts[reading].amount().unwrap_or(0.0).max(0.0)
}

/// A share with what the words of a slice leave possible. Parts of a whole that is not exact itself are
/// shares of what is read of both.
fn share_of(piece: &Piece, part: &Piece, reading: Reading, [read, low, high]: [f64; 3]) -> Value {
    let (whole, own) = (&piece.amounts[reading], &part.amounts[reading]);
    if !whole.set().is_point() || own.set().is_point() {
        return Value::exact(read);
    }
    let set = Set::between(low.min(read), high.max(read));
    match own.amount() {
        Some(_) => Value::new(read, set),
        None => Value::unread("the slice is undisclosed", set),
    }
}

/// How a part of a slice finds what it takes of its whole, the nearest first.
const NEAREST: [fn(&Piece, &Piece) -> bool; 4] = [
    |whole, part| whole.standing == part.standing && whole.on == part.on,
    |whole, part| whole.on.is_some() && whole.on == part.on,
    |whole, part| whole.standing == part.standing,
    |_, _| true,
];

/// The share that each part takes of each piece. All parts take what is nearest before any takes the next.
fn shares(whole: &[Piece], parts: &[Piece], wanted: &[f64], reading: Reading) -> Vec<Vec<f64>> {
    let mut left: Vec<f64> = whole.iter().map(|piece| size(piece, reading)).collect();
    let mut wanted = wanted.to_vec();
    let mut taken = vec![vec![0.0; whole.len()]; parts.len()];
    for fits in NEAREST {
        for (at, part) in parts.iter().enumerate() {
            let mine: Vec<usize> = (0..whole.len()).filter(|of| fits(&whole[*of], part)).collect();
            let there: f64 = mine.iter().map(|of| left[*of]).sum();
            let takes = wanted[at].min(there);
            if takes <= 0.0 {
                continue;
            }
            wanted[at] -= takes;
            for of in mine {
                let part = takes * (left[of] / there);
                taken[at][of] += part;
                left[of] = (left[of] - part).max(0.0);
            }
        }
    }
    for shares in &mut taken {
        for (share, piece) in shares.iter_mut().zip(whole) {
            let size = size(piece, reading);
            *share = if size > 0.0 { (*share / size).min(1.0) } else { 0.0 };
        }
    }
    taken
}
