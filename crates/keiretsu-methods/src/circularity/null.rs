//! Turns a web of flows into webs that could have been: other flows, the same totals of each party.
//!
//! ```
//! use keiretsu_methods::circularity::{Flow, FlowWeb, null::p_values};
//! let ring = |amount| (0..4).map(move |k| Flow { payer: k, payee: (k + 1) % 4, amount });
//! let flows: Vec<Flow> = ring(8.0).collect();
//! let web = FlowWeb::new(&flows, &[2.0; 4], &[2.0; 4]).unwrap();
//! // A ring is not reciprocal at all: every other web with its totals is at least as much so.
//! assert_eq!(p_values(&web, 1, 99, &|web| vec![web.reciprocity()]), [1.0]);
//! ```
//!
//! What a party pays and receives in total may force some circularity: whoever pays and receives nearly all
//! there is must pay itself back. The null model draws uniformly from all webs with the same total receipts
//! and payments of each party and of outside, no party paying itself, by random moves over two payers and two
//! payees, or around three parties, each uniform over its whole range. Draws start from one web that lies
//! as many moves before the observed one as they lie after it, so that a p-value is exact however slowly the
//! moves mix (Besag and Clifford 1989, Biometrika 76); it is `(1 + at least as great) / (1 + draws)`
//! (Phipson and Smyth 2010, Statistical Applications in Genetics and Molecular Biology 9).
//!
//! A draw depends on the order of parties: for draws independent of the order of a text, callers give the
//! parties by name, and leave out those without dealings ([`FlowWeb::of_parties`]).
//!
//! Absent: keeping the pairs of payers and payees; keeping dates.

use keiretsu_maths::splitmix::SplitMix;

use super::FlowWeb;

/// For each figure that `of` gives: the chance of one at least as great if only totals mattered.
///
/// Deterministic in `seed`. Cost: `draws` webs of 10 n² moves, and as many calls of `of`.
pub fn p_values(web: &FlowWeb, seed: u64, draws: u32, of: &dyn Fn(&FlowWeb) -> Vec<f64>) -> Vec<f64> {
    let observed = of(web);
    let mut random = SplitMix(seed);
    let mut hub = Cells::of(web);
    let moves = 10 * hub.n * hub.n;
    hub.shuffle(&mut random, moves);
    let mut counts = vec![1_u32; observed.len()];
    for _ in 0..draws {
        let mut cells = hub.clone();
        cells.shuffle(&mut random, moves);
        let drawn = of(&cells.web());
        for ((count, drawn), observed) in counts.iter_mut().zip(&drawn).zip(&observed) {
            // Equal but for rounding is at least as great.
            *count += u32::from(observed - 1e-9 * (1.0 + observed.abs()) <= *drawn);
        }
    }
    counts.into_iter().map(|count| f64::from(count) / f64::from(draws + 1)).collect()
}

/// Standard error of a chance from a number of draws: that of a share of them.
pub fn standard_error(p: f64, draws: u32) -> f64 {
    (p * (1.0 - p) / f64::from(draws)).max(0.0).sqrt()
}

/// Payments among parties and outside, which is the last; then two cells that are never empty, which stand
/// for the third cells of moves that have two.
#[derive(Clone)]
struct Cells {
    n: usize,
    paid: Vec<f64>,
}

impl Cells {
    fn of(web: &FlowWeb) -> Self {
        let n = web.n + 1;
        let mut paid = vec![0.0; n * n];
        for i in 0..web.n {
            for j in (0..web.n).filter(|j| *j != i) {
                paid[i * n + j] = web.flow(i, j);
            }
            paid[i * n + web.n] = web.outflows[i];
            paid[web.n * n + i] = web.inflows[i];
        }
        paid.extend([f64::INFINITY; 2]);
        Self { n, paid }
    }

    fn web(&self) -> FlowWeb {
        let n = self.n - 1;
        let flows = (0..n).flat_map(|i| self.paid[i * self.n..][..n].iter().copied()).collect();
        let inflows = self.paid[n * self.n..][..n].to_vec();
        let outflows = (0..n).map(|i| self.paid[i * self.n + n]).collect();
        FlowWeb { n, flows, inflows, outflows }
    }

    #[expect(clippy::needless_bitwise_bool, reason = "a branch here is guessed wrong half of the time")]
    fn shuffle(&mut self, random: &mut SplitMix, moves: usize) {
        let n = self.n;
        if n < 3 {
            return;
        }
        for _ in 0..moves {
            let [i, j, k, l] = [(); 4].map(|()| ((random.uniform() * n as f64) as usize).min(n - 1));
            let square = random.uniform() < 0.5;
            // Nobody pays himself, and no payment goes up and down.
            let apart = (i != j) & (j != k) & (i != k);
            let fits = apart & (!square | ((l != i) & (l != j) & (l != k)));
            if !fits {
                continue;
            }
            // Around two payers and two payees, or three parties; chosen without a branch, which would be
            // guessed wrong half of the time.
            let of = |square_cell: usize, round_cell: usize| if square { square_cell } else { round_cell };
            let up = [i * n + j, of(k * n + l, j * n + k), of(n * n, k * n + i)];
            let down = [of(i * n + l, i * n + k), k * n + j, of(n * n + 1, j * n + i)];
            self.shift(random, up, down);
        }
    }

    /// Moves an amount, uniform over all that keep payments at zero or above, from the cells of one list to
    /// those of the other.
    fn shift(&mut self, random: &mut SplitMix, up: [usize; 3], down: [usize; 3]) {
        let least = |cells: [usize; 3]| self.paid[cells[0]].min(self.paid[cells[1]]).min(self.paid[cells[2]]);
        let (most_down, most_up) = (least(up), least(down));
        let amount = random.uniform() * (most_down + most_up) - most_down;
        for at in up {
            self.paid[at] = (self.paid[at] + amount).max(0.0);
        }
        for at in down {
            self.paid[at] = (self.paid[at] - amount).max(0.0);
        }
    }
}
