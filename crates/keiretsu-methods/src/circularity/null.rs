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

/// Payments among parties and outside, which is the last.
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
        Self { n, paid }
    }

    fn web(&self) -> FlowWeb {
        let n = self.n - 1;
        let flows = (0..n).flat_map(|i| self.paid[i * self.n..][..n].iter().copied()).collect();
        let inflows = self.paid[n * self.n..][..n].to_vec();
        let outflows = (0..n).map(|i| self.paid[i * self.n + n]).collect();
        FlowWeb { n, flows, inflows, outflows }
    }

    fn shuffle(&mut self, random: &mut SplitMix, moves: usize) {
        if self.n < 3 {
            return;
        }
        for _ in 0..moves {
            let [i, j, k, l] =
                [(); 4].map(|()| ((random.uniform() * self.n as f64) as usize).min(self.n - 1));
            if random.uniform() < 0.5 {
                self.shift(random, [(i, j), (k, l)], [(i, l), (k, j)]);
            } else {
                self.shift(random, [(i, j), (j, k), (k, i)], [(i, k), (k, j), (j, i)]);
            }
        }
    }

    /// Moves an amount, uniform over all that keep payments at zero or above, from the cells of one list to
    /// those of the other.
    fn shift<const K: usize>(
        &mut self,
        random: &mut SplitMix,
        up: [(usize, usize); K],
        down: [(usize, usize); K],
    ) {
        let at = |(from, to): (usize, usize)| from * self.n + to;
        let own = |cells: &[(usize, usize); K]| cells.iter().any(|(from, to)| from == to);
        let (up_at, down_at) = (up.map(at), down.map(at));
        if own(&up) || own(&down) || up_at.iter().any(|cell| down_at.contains(cell)) {
            return;
        }
        let least =
            |cells: &[usize; K]| cells.iter().fold(f64::INFINITY, |least, at| least.min(self.paid[*at]));
        let (most_down, most_up) = (least(&up_at), least(&down_at));
        let amount = random.uniform() * (most_down + most_up) - most_down;
        for at in up_at {
            self.paid[at] = (self.paid[at] + amount).max(0.0);
        }
        for at in down_at {
            self.paid[at] = (self.paid[at] - amount).max(0.0);
        }
    }
}
