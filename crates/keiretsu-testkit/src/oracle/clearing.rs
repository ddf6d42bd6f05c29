//! The greatest clearing vector by its definition (Eisenberg and Noe 2001; ranks as in Elsinger 2009).
//!
//! Everybody starts by paying everything; in each round who lacks money pays what he has, by rank, pro rata
//! within a rank. The rounds fall towards the greatest solution. After some of them, who is short and at
//! which rank is read off, and the linear system of those who are short is solved; if another round confirms
//! it, that is the solution, else more rounds follow.

/// A debt of the month.
#[derive(Clone, Copy, Debug)]
pub(super) struct Debt {
    pub from: usize,
    pub to: usize,
    pub amount: f64,
    pub rank: u8,
}

/// What is paid on each debt, and whether a round confirms it. `cash` is what a party may spend beside its
/// receipts; none: it pays everything.
pub(super) fn clear(debts: &[Debt], cash: &[Option<f64>]) -> (Vec<f64>, bool) {
    let scale = debts.iter().map(|debt| debt.amount).fold(0.0, f64::max);
    let mut paid: Vec<f64> = debts.iter().map(|debt| debt.amount).collect();
    if round(debts, cash, &paid) == paid {
        return (paid, true); // Nobody is short.
    }
    for rounds in [4, 16, 64, 256, 1024, 4096, 16384] {
        for _ in 0..rounds {
            paid = round(debts, cash, &paid);
        }
        let solved = exact(debts, cash, &paid);
        if distance(&solved, &round(debts, cash, &solved)) <= 1e-12 * scale {
            return (solved, true);
        }
    }
    (paid, false)
}

/// What everybody pays if everybody receives `paid`.
fn round(debts: &[Debt], cash: &[Option<f64>], paid: &[f64]) -> Vec<f64> {
    let mut next: Vec<f64> = debts.iter().map(|debt| debt.amount).collect();
    for party in 0..cash.len() {
        let Some(mut money) = has(party, debts, cash, paid) else { continue };
        for rank in ranks(debts, party) {
            let owed = owed(debts, party, rank);
            let share = if money < owed { money / owed } else { 1.0 };
            for (payment, debt) in next.iter_mut().zip(debts) {
                if debt.from == party && debt.rank == rank {
                    *payment = share * debt.amount;
                }
            }
            money = (money - owed).max(0.0);
        }
    }
    next
}

/// The payments that solve the system in which everybody falls short at the rank where he now does.
fn exact(debts: &[Debt], cash: &[Option<f64>], paid: &[f64]) -> Vec<f64> {
    let marginal: Vec<Option<u8>> = (0..cash.len()).map(|p| short_at(p, debts, cash, paid)).collect();
    // Unknowns: the share that each party pays at its marginal rank (1 where it is not short).
    let mut matrix = vec![vec![0.0; cash.len()]; cash.len()];
    let mut right = vec![1.0; cash.len()];
    for (party, row) in matrix.iter_mut().enumerate() {
        let (Some(rank), Some(own)) = (marginal[party], cash[party]) else {
            row[party] = 1.0;
            continue;
        };
        // owed at the rank * share = cash + receipts - what goes to better ranks
        let better: f64 = ranks(debts, party).filter(|&r| r < rank).map(|r| owed(debts, party, r)).sum();
        row[party] += owed(debts, party, rank);
        right[party] = own - better;
        for debt in debts.iter().filter(|debt| debt.to == party && debt.from != party) {
            match marginal[debt.from] {
                Some(rank) if debt.rank == rank => row[debt.from] -= debt.amount,
                Some(rank) if debt.rank > rank => {}
                _ => right[party] += debt.amount,
            }
        }
    }
    let Some(share) = solve(matrix, right) else { return paid.to_vec() };
    let pays = |debt: &Debt| match marginal[debt.from] {
        Some(rank) if debt.rank == rank => share[debt.from] * debt.amount,
        Some(rank) if debt.rank > rank => 0.0,
        _ => debt.amount,
    };
    debts.iter().map(pays).collect()
}

/// The first rank that a party cannot pay in full; none if it pays everything.
fn short_at(party: usize, debts: &[Debt], cash: &[Option<f64>], paid: &[f64]) -> Option<u8> {
    let mut money = has(party, debts, cash, paid)?;
    for rank in ranks(debts, party) {
        money -= owed(debts, party, rank);
        if money < 0.0 {
            return Some(rank);
        }
    }
    None
}

/// Cash and receipts; none for a party that cannot be short.
fn has(party: usize, debts: &[Debt], cash: &[Option<f64>], paid: &[f64]) -> Option<f64> {
    let receipts = debts.iter().zip(paid).filter(|(debt, _)| debt.to == party && debt.from != party);
    Some(cash[party]? + receipts.map(|(_, paid)| paid).sum::<f64>())
}

fn owed(debts: &[Debt], party: usize, rank: u8) -> f64 {
    debts.iter().filter(|debt| debt.from == party && debt.rank == rank).map(|debt| debt.amount).sum()
}

/// The ranks at which a party owes, best first.
fn ranks(debts: &[Debt], party: usize) -> impl Iterator<Item = u8> {
    let mut ranks: Vec<u8> = debts.iter().filter(|debt| debt.from == party).map(|debt| debt.rank).collect();
    ranks.sort_unstable();
    ranks.dedup();
    ranks.into_iter()
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

/// Gaussian elimination with partial pivots; none if the matrix is singular.
pub(super) fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Option<Vec<f64>> {
    let size = right.len();
    for column in 0..size {
        let pivot =
            (column..size).max_by(|&a, &b| matrix[a][column].abs().total_cmp(&matrix[b][column].abs()))?;
        if matrix[pivot][column].abs() <= 0.0 {
            return None;
        }
        matrix.swap(column, pivot);
        right.swap(column, pivot);
        let (above, below) = matrix.split_at_mut(column + 1);
        for (row, at) in below.iter_mut().zip(column + 1..) {
            let times = row[column] / above[column][column];
            row.iter_mut().zip(&above[column]).for_each(|(entry, pivot)| *entry -= times * pivot);
            right[at] -= times * right[column];
        }
    }
    for column in (0..size).rev() {
        let known: f64 = (column + 1..size).map(|at| matrix[column][at] * right[at]).sum();
        right[column] = (right[column] - known) / matrix[column][column];
    }
    Some(right)
}
