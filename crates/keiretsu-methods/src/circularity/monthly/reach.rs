//! Which parties, in which months, lie on a way by which money can come back.

use super::{MonthlyWeb, OUTSIDE, is_traced};

/// For each month, for each party: whether money sent can be there in that month and can still come back.
pub(super) fn needed(web: &MonthlyWeb, a: u32, to: Option<u32>) -> Vec<Vec<bool>> {
    let mut reached = forward(web, a, to);
    for (reached, returns) in reached.iter_mut().zip(backward(web, a)) {
        reached.iter_mut().zip(returns).for_each(|(reached, returns)| *reached &= returns);
    }
    reached
}

/// Where money that `a` sends can be.
fn forward(web: &MonthlyWeb, a: u32, to: Option<u32>) -> Vec<Vec<bool>> {
    let mut months = Vec::with_capacity(web.months.len());
    let mut there = vec![false; web.parties];
    for month in &web.months {
        for payment in month.payments.iter().filter(|payment| is_traced(payment, a, to)) {
            there[payment.payee as usize] = true;
        }
        spread(
            &mut there,
            month
                .payments
                .iter()
                .filter(|x| x.payer != OUTSIDE && x.payee != OUTSIDE)
                .map(|payment| (payment.payer as usize, payment.payee as usize)),
            a as usize,
        );
        months.push(there.clone());
        there.iter_mut().zip(&month.room).for_each(|(there, room)| *there &= 0.0 < *room);
    }
    months
}

/// From where money can come to `a`.
fn backward(web: &MonthlyWeb, a: u32) -> Vec<Vec<bool>> {
    let mut months = Vec::with_capacity(web.months.len());
    let mut returns = vec![false; web.parties];
    for month in web.months.iter().rev() {
        returns.iter_mut().zip(&month.room).for_each(|(returns, room)| *returns &= 0.0 < *room);
        for payment in month.payments.iter().filter(|x| x.payee == a && x.payer != OUTSIDE) {
            returns[payment.payer as usize] = true;
        }
        spread(
            &mut returns,
            month
                .payments
                .iter()
                .filter(|x| x.payer != OUTSIDE && x.payee != OUTSIDE)
                .map(|payment| (payment.payee as usize, payment.payer as usize)),
            a as usize,
        );
        months.push(returns.clone());
    }
    months.reverse();
    months
}

/// Marks nodes reachable over these arcs without passing `a`.
fn spread(marked: &mut [bool], arcs: impl Iterator<Item = (usize, usize)>, a: usize) {
    let arcs: Vec<(usize, usize)> = arcs.filter(|(from, to)| *from != a && *to != a).collect();
    marked[a] = false;
    loop {
        let mut grew = false;
        for (from, to) in &arcs {
            if marked[*from] && !marked[*to] {
                marked[*to] = true;
                grew = true;
            }
        }
        if !grew {
            return;
        }
    }
}
