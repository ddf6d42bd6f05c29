//! Own money at as-of: what the payments before the first month leave with each party.

use keiretsu_methods::own_money;
use keiretsu_program::{PartyId, PastFlow, Program};

/// What past flows leave with each purse.
pub struct Left {
    fractions: Vec<f64>,
    /// Cash that past flows explain, counted from zero.
    cash: Vec<f64>,
    is_member: Vec<bool>,
}

impl Left {
    /// The fraction of a purse's cash at as-of that has come from the group. Cash beyond what past flows
    /// explain has not.
    pub fn opening(&self, purse: usize, cash: f64) -> f64 {
        let explained = self.cash[purse].max(0.0);
        let share = if self.is_member[purse] || cash <= explained { 1.0 } else { explained / cash };
        self.fractions[purse] * share
    }
}

/// The fraction of each purse's cash that has come from a group, after all past flows. Cash counts from zero.
pub fn fractions(program: &Program, group: &[PartyId]) -> Left {
    let count = program.parties.len();
    let purse = |party: PartyId| program.parties[party.at()].purse.at();
    let mut is_member = vec![false; count];
    for party in group {
        is_member[purse(*party)] = true;
    }
    let past: Vec<&PastFlow> =
        program.past.iter().filter(|flow| flow.amount > 0.0 && flow.month <= program.origin).collect();
    let first = past.iter().map(|flow| flow.month.0).min().unwrap_or(program.origin.0 + 1);
    let mut cash = vec![0.0; count];
    let mut fractions: Vec<f64> = is_member.iter().map(|member| f64::from(*member)).collect();
    for number in first..=program.origin.0 {
        let mut paid = vec![0.0; count * count];
        for flow in past.iter().filter(|flow| flow.month.0 == number) {
            let (from, to) = (purse(flow.from), purse(flow.to));
            if from != to {
                paid[from * count + to] += flow.amount;
            }
        }
        fractions = month(&cash, &fractions, &paid, &is_member);
        for from in 0..count {
            for to in 0..count {
                cash[from] -= paid[from * count + to];
                cash[to] += paid[from * count + to];
            }
        }
    }
    Left { fractions, cash, is_member }
}

/// The fractions of one month (docs/MONTH.md, step 10). `paid[j * n + i]`: from j to i.
fn month(cash: &[f64], before: &[f64], paid: &[f64], is_member: &[bool]) -> Vec<f64> {
    let n = cash.len();
    let mut slack: Vec<f64> = cash.iter().map(|cash| cash.max(0.0)).collect();
    let right = slack.iter().zip(before).map(|(cash, fraction)| cash * fraction).collect();
    for (at, slack) in slack.iter_mut().enumerate() {
        let received: f64 = (0..n).map(|from| paid[from * n + at]).sum();
        let spent: f64 = (0..n).map(|to| paid[at * n + to]).sum();
        *slack += (spent - *slack - received).max(0.0);
    }
    let mut system = System { slack, right, weights: vec![0.0; n * n], is_member };
    for from in 0..n {
        (0..n).for_each(|to| system.add(from, to, paid[from * n + to]));
    }
    solve(&system)
}

/// `(slack_i + sum of weights of i) f_i = right_i + sum over j of weight_ij f_j`: money from known places is
/// in `slack`, as far as it is the group's also in `right`.
pub struct System<'a> {
    /// Money of a known mixture.
    pub slack: Vec<f64>,
    /// What of it is the group's.
    pub right: Vec<f64>,
    /// Money that carries the fraction of another party: `weights[i * n + j]` from j.
    pub weights: Vec<f64>,
    /// Who belongs to the group.
    pub is_member: &'a [bool],
}

impl System<'_> {
    /// A payment.
    pub fn add(&mut self, from: usize, to: usize, amount: f64) {
        if self.is_known(from) {
            self.slack[to] += amount;
            self.right[to] += if self.is_member[from] { amount } else { 0.0 };
        } else {
            self.weights[to * self.slack.len() + from] += amount;
        }
    }

    /// Members carry 1, outside carries 0.
    fn is_known(&self, at: usize) -> bool {
        at == 0 || self.is_member[at]
    }
}

/// The fraction of each; the smallest solution.
pub fn solve(system: &System) -> Vec<f64> {
    let n = system.slack.len();
    // Who neither pays nor is paid by anyone unknown stands alone: most do, in most months.
    let mut is_linked = vec![false; n];
    for at in (0..n * n).filter(|at| system.weights[*at] > 0.0) {
        is_linked[at / n] = true;
        is_linked[at % n] = true;
    }
    let unknown = || (0..n).filter(|at| !system.is_known(*at));
    let mut fractions: Vec<f64> = system.is_member.iter().map(|member| f64::from(*member)).collect();
    fractions[0] = 0.0;
    for at in unknown().filter(|at| !is_linked[*at]) {
        let whole = system.slack[at];
        fractions[at] = system.right[at] * if whole > 0.0 { 1.0 / whole } else { 0.0 };
    }
    let open: Vec<usize> = unknown().filter(|at| is_linked[*at]).collect();
    let of_open = |list: &[f64]| open.iter().map(|at| list[*at]).collect::<Vec<f64>>();
    let pairs = open.iter().flat_map(|i| open.iter().map(move |j| (*i, *j)));
    let weights: Vec<f64> =
        pairs.map(|(i, j)| if i == j { 0.0 } else { system.weights[i * n + j] }).collect();
    let found = own_money::fractions(&of_open(&system.slack), &of_open(&system.right), &weights);
    open.iter().zip(found).for_each(|(at, fraction)| fractions[*at] = fraction);
    fractions
}

#[cfg(test)]
mod tests {
    use super::month;

    #[test]
    fn money_that_only_circulates_carries_nothing() {
        // Parties 1 and 2 pay each other, without cash; party 3 is the group and makes no payment.
        let mut paid = vec![0.0; 16];
        paid[4 + 2] = 5.0;
        paid[2 * 4 + 1] = 5.0;
        let fractions = month(&[0.0; 4], &[0.0; 4], &paid, &[false, false, false, true]);
        assert_eq!(fractions, vec![0.0, 0.0, 0.0, 1.0]);
    }

    #[test]
    fn a_chain_hands_the_group_s_money_on() {
        // Group 3 pays 4 to party 1, who has 4 of other money, and pays 2 to party 2.
        let mut paid = vec![0.0; 16];
        paid[3 * 4 + 1] = 4.0;
        paid[4 + 2] = 2.0;
        let fractions = month(&[0.0, 4.0, 0.0, 0.0], &[0.0; 4], &paid, &[false, false, false, true]);
        assert_eq!(fractions, vec![0.0, 0.5, 0.5, 1.0]);
    }
}
