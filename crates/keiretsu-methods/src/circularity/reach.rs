//! Turns shares of payments into the chance that money ever reaches each party, where money may run in rings
//! without end.
//!
//! For each target only the parties from which it can be reached count: of these, money leaves for the target
//! or for good sooner or later, so that their system has one solution (absorbing chains, Kemeny and Snell
//! 1960, theorem 3.3.7).

use super::{CircularityError, FlowWeb};
use crate::dense::Factors;

/// Parties beyond which n⁴ operations are not tried: 300⁴/3 is 2.7 seconds.
const PARTIES_MAX: usize = 300;

/// Row-major chances of a unit at i to come to j after it has left i.
pub(super) fn of(web: &FlowWeb) -> Result<Vec<f64>, CircularityError> {
    let n = web.n;
    if PARTIES_MAX < n {
        return Err(CircularityError::NoOrigin);
    }
    let receipts: Vec<f64> = (0..n).map(|party| web.receipts(party)).collect();
    let share = |i: usize, j: usize| if 0.0 < receipts[i] { web.flow(i, j) / receipts[i] } else { 0.0 };
    let mut reach = vec![0.0; n * n];
    for target in 0..n {
        let chances = to_target(n, target, &share).ok_or(CircularityError::Unbalanced)?;
        for (party, chance) in chances.into_iter().enumerate() {
            reach[party * n + target] = chance;
        }
    }
    Ok(reach)
}

fn to_target(n: usize, target: usize, share: &impl Fn(usize, usize) -> f64) -> Option<Vec<f64>> {
    let members = reaching(n, target, share);
    let m = members.len();
    let mut between = vec![0.0; m * m];
    for (row, i) in members.iter().enumerate() {
        for (column, j) in members.iter().enumerate() {
            between[row * m + column] = share(*i, *j);
        }
    }
    let at_once: Vec<f64> = members.iter().map(|i| share(*i, target)).collect();
    let solved = Factors::of_identity_minus(&between, m)?.solve(&at_once);
    let mut chances = vec![0.0; n];
    for (i, chance) in members.iter().zip(solved) {
        // Parties that pay more than they receive have chances without meaning.
        if !(-1e-9..=1.0 + 1e-9).contains(&chance) {
            return None;
        }
        chances[*i] = chance.clamp(0.0, 1.0);
    }
    let back: f64 = members.iter().map(|k| share(target, *k) * chances[*k]).sum();
    chances[target] = (share(target, target) + back).min(1.0);
    Some(chances)
}

/// Parties other than the target from which payments lead to it.
fn reaching(n: usize, target: usize, share: &impl Fn(usize, usize) -> f64) -> Vec<usize> {
    let mut seen = vec![false; n];
    seen[target] = true;
    let mut open = vec![target];
    while let Some(at) = open.pop() {
        for i in (0..n).filter(|i| 0.0 < share(*i, at)) {
            if !seen[i] {
                seen[i] = true;
                open.push(i);
            }
        }
    }
    (0..n).filter(|i| seen[*i] && *i != target).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Flow, FlowWeb};

    fn web(flows: &[(u32, u32, f64)], inflows: &[f64], outflows: &[f64]) -> FlowWeb {
        let flows: Vec<Flow> = flows
            .iter()
            .map(|(payer, payee, amount)| Flow { payer: *payer, payee: *payee, amount: *amount })
            .collect();
        FlowWeb::new(&flows, inflows, outflows).expect("a web")
    }

    fn near(got: &[f64], want: &[f64]) {
        assert!(
            got.len() == want.len() && got.iter().zip(want).all(|(a, b)| (a - b).abs() < 1e-12),
            "{got:?}"
        );
    }

    #[test]
    fn all_of_a_closed_ring_comes_back() {
        let ring = web(&[(0, 1, 4.0), (1, 0, 4.0)], &[0.0; 2], &[0.0; 2]);
        near(&ring.reach().expect("chances"), &[1.0; 4]);
    }

    #[test]
    fn both_ways_agree_where_both_exist() {
        let flows = [(0, 1, 4.0), (1, 0, 3.0), (1, 1, 2.0), (1, 2, 1.0), (2, 0, 0.5)];
        let web = web(&flows, &[1.0, 0.5, 0.0], &[0.5, 0.5, 0.5]);
        near(&web.reach().expect("chances"), &super::of(&web).expect("chances"));
    }

    #[test]
    fn a_ring_that_money_enters_and_never_leaves_gives_nothing_back() {
        // 0 pays 1, and 1 and 2 pay each other for ever.
        let trap = web(&[(0, 1, 1.0), (1, 2, 5.0), (2, 1, 5.0)], &[1.0, 0.0, 0.0], &[0.0; 3]);
        let reach = super::of(&trap).expect("chances");
        assert!(reach[3].abs() < 1e-12, "from 1 to 0");
        assert!((reach[1] - 1.0).abs() < 1e-12, "from 0 to 1");
    }
}
