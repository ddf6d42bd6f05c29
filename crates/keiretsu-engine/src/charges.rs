//! Metered charges, computed and posted: `max((a x) (b y) scale, floor)`, never negative.
//!
//! Many charges read the same few rows and add to the same few. They are done for `STRIP` paths at a time,
//! so that all these numbers stay in the first-level cache, in the order in which they are posted.
//! Invariant: the same bits as one charge after the other over all paths.
#![expect(clippy::inline_always, reason = "the bodies of loops are compiled for each instruction set")]

use keiretsu_maths::lanes::Kernel;

use crate::logic;

/// Paths of one turn: forty rows of them fit the first-level cache.
const STRIP: usize = 64;
/// The same in registers.
const WIDTH: usize = 8;

/// A charge in a month, and where its rows are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Charge {
    /// `a`
    pub a: f64,
    /// The row of `x`.
    pub x: usize,
    /// `b`
    pub b: f64,
    /// The row of `y`, where there is one.
    pub y: Option<usize>,
    /// The minimum.
    pub floor: f64,
    /// What the product is taken times.
    pub scale: f64,
    /// What the payer pays and what the payee receives, among the rows of postings.
    pub post: [usize; 2],
}

impl Charge {
    #[inline(always)]
    fn of_one(&self, x: f64) -> f64 {
        self.at_least((self.a * x) * self.scale)
    }

    #[inline(always)]
    fn of_two(&self, x: f64, y: f64) -> f64 {
        self.at_least((self.a * x) * (self.b * y) * self.scale)
    }

    #[inline(always)]
    fn at_least(&self, metered: f64) -> f64 {
        logic::due(if metered > self.floor { metered } else { self.floor })
    }
}

/// Charges, one after the other.
pub struct PostCharges<'a> {
    /// The charges.
    pub charges: &'a [Charge],
    /// All rows of the block, after each other.
    pub rows: &'a [f64],
    /// All rows of postings, after each other.
    pub posts: &'a mut [f64],
    /// Paths in a row: a multiple of `STRIP`.
    pub width: usize,
}

impl Kernel for PostCharges<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let strips = self.width / STRIP;
        let rows = self.rows.as_chunks::<STRIP>().0;
        let posts = self.posts.as_chunks_mut::<STRIP>().0;
        for strip in 0..strips {
            for charge in self.charges {
                let place = charge.post.map(|row| row * strips + strip);
                let [out, into] = posts.get_disjoint_mut(place).expect("nobody pays himself");
                let x = &rows[charge.x * strips + strip];
                match charge.y {
                    None => post(out, into, x, x, |x, _| charge.of_one(x)),
                    Some(y) => post(out, into, x, &rows[y * strips + strip], |x, y| charge.of_two(x, y)),
                }
            }
        }
    }
}

#[inline(always)]
fn post(
    out: &mut [f64; STRIP],
    into: &mut [f64; STRIP],
    x: &[f64; STRIP],
    y: &[f64; STRIP],
    due: impl Fn(f64, f64) -> f64,
) {
    let (outs, intos) = (out.as_chunks_mut::<WIDTH>().0, into.as_chunks_mut::<WIDTH>().0);
    let (xs, ys) = (x.as_chunks::<WIDTH>().0, y.as_chunks::<WIDTH>().0);
    for (((out, into), x), y) in outs.iter_mut().zip(intos).zip(xs).zip(ys) {
        let dues: [f64; WIDTH] = std::array::from_fn(|i| due(x[i], y[i]));
        (0..WIDTH).for_each(|i| out[i] += dues[i]);
        (0..WIDTH).for_each(|i| into[i] += dues[i]);
    }
}

/// A charge to a row.
pub struct ChargeRow<'a> {
    /// Where it goes.
    pub out: &'a mut [f64],
    /// The charge; its rows are these.
    pub charge: Charge,
    /// `x`
    pub x: &'a [f64],
    /// `y`, where there is one.
    pub y: Option<&'a [f64]>,
}

impl Kernel for ChargeRow<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let ChargeRow { out, charge, x, y } = self;
        match y {
            None => out.iter_mut().zip(x).for_each(|(out, x)| *out = charge.of_one(*x)),
            Some(y) => {
                for ((out, x), y) in out.iter_mut().zip(x).zip(y) {
                    *out = charge.of_two(*x, *y);
                }
            }
        }
    }
}
