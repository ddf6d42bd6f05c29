//! Own money at as-of: what the payments before the first month leave with each party.

use keiretsu_program::{PartyId, PastFlow, Program};

/// The fraction of each purse's cash that has come from a group, after all past flows. Cash counts from zero.
pub fn fractions(program: &Program, group: &[PartyId]) -> Vec<f64> {
    let count = program.parties.len();
    let purse = |party: PartyId| program.parties[party.at()].purse.at();
    let mut is_member = vec![false; count];
    group.iter().for_each(|party| is_member[purse(*party)] = true);
    let mut past: Vec<&PastFlow> = program.past.iter().filter(|flow| flow.amount > 0.0).collect();
    past.sort_by_key(|flow| flow.month);
    let mut cash = vec![0.0; count];
    let mut fractions: Vec<f64> = is_member.iter().map(|member| f64::from(*member)).collect();
    for month in past.chunk_by(|a, b| a.month == b.month) {
        let mut paid = vec![0.0; count * count];
        for flow in month {
            let (from, to) = (purse(flow.from), purse(flow.to));
            if from != to {
                paid[from * count + to] += flow.amount;
            }
        }
        fractions = solve(&cash, &fractions, &paid, &is_member);
        for from in 0..count {
            for to in 0..count {
                cash[from] -= paid[from * count + to];
                cash[to] += paid[from * count + to];
            }
        }
    }
    fractions
}

/// The fractions of one month: the smallest solution of the system of docs/MONTH.md, step 10, by
/// elimination without subtraction. `paid[j * n + i]`: from j to i.
fn solve(cash: &[f64], before: &[f64], paid: &[f64], is_member: &[bool]) -> Vec<f64> {
    let n = cash.len();
    let is_known = |at: usize| at == 0 || is_member[at];
    let mut weights = vec![0.0; n * n];
    let (mut slack, mut right) = (vec![0.0; n], vec![0.0; n]);
    for i in 0..n {
        slack[i] = cash[i].max(0.0);
        right[i] = slack[i] * before[i];
        for j in 0..n {
            let amount = paid[j * n + i];
            if is_known(j) {
                slack[i] += amount;
                right[i] += if is_member[j] { amount } else { 0.0 };
            } else {
                weights[i * n + j] = amount;
            }
        }
    }
    let open: Vec<usize> = (0..n).filter(|at| !is_known(*at)).collect();
    let mut inverse = vec![0.0; n];
    for (position, &k) in open.iter().enumerate() {
        let later = &open[position + 1..];
        let pivot = slack[k] + later.iter().map(|j| weights[k * n + j]).sum::<f64>();
        inverse[k] = if pivot > 0.0 { 1.0 / pivot } else { 0.0 };
        for &i in later {
            let weight = weights[i * n + k];
            slack[i] += if pivot > 0.0 { weight * inverse[k] * slack[k] } else { weight };
            right[i] += weight * inverse[k] * right[k];
            for &j in later.iter().filter(|j| **j != i) {
                weights[i * n + j] += weight * inverse[k] * weights[k * n + j];
            }
        }
    }
    let mut fractions: Vec<f64> = is_member.iter().map(|member| f64::from(*member)).collect();
    for (position, &k) in open.iter().enumerate().rev() {
        let later = open[position + 1..].iter().map(|j| weights[k * n + j] * fractions[*j]).sum::<f64>();
        fractions[k] = (right[k] + later) * inverse[k];
    }
    fractions
}

#[cfg(test)]
mod tests {
    use super::solve;

    #[test]
    fn money_that_only_circulates_carries_nothing() {
        // Parties 1 and 2 pay each other, without cash; party 3 is the group and pays nobody.
        let mut paid = vec![0.0; 16];
        paid[4 + 2] = 5.0;
        paid[2 * 4 + 1] = 5.0;
        let fractions = solve(&[0.0; 4], &[0.0; 4], &paid, &[false, false, false, true]);
        assert_eq!(fractions, vec![0.0, 0.0, 0.0, 1.0]);
    }

    #[test]
    fn a_chain_hands_the_group_s_money_on() {
        // Group 3 pays 4 to party 1, who has 4 of other money, and pays 2 to party 2.
        let mut paid = vec![0.0; 16];
        paid[3 * 4 + 1] = 4.0;
        paid[4 + 2] = 2.0;
        let fractions = solve(&[0.0, 4.0, 0.0, 0.0], &[0.0; 4], &paid, &[false, false, false, true]);
        assert_eq!(fractions, vec![0.0, 0.5, 0.5, 1.0]);
    }
}
