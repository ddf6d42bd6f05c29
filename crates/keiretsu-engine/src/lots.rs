//! Own money by lots: first in first out, or last in first out. One path at a time, one lot a month.
//!
//! What a party receives in a month is one lot with one mixture. FIFO spends the lots of earlier months
//! first, the oldest before; LIFO spends this month's lot first, then the newest. What is spent of this
//! month's lot carries that lot's mixture, so the mixtures of all parties solve one linear system, as pro
//! rata. A party's lots never sum to more than its cash (nothing where cash is not stated). Lots at as-of
//! carry the pro rata fraction of past flows.

use keiretsu_methods::own_money::{Convention, Lot, take};
use keiretsu_program::OwnMoney;

use crate::past::{self, System, solve};
use crate::payments::Payments;
use crate::plan::Plan;
use crate::state::State;

/// The lots of a path: by group, then by purse, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Lots {
    queues: Vec<Vec<Lot>>,
}

/// Lots at as-of, for each path that has some.
pub fn open(state: &State<'_>, lots: &mut [Lots]) {
    if lots.is_empty() {
        return;
    }
    let plan = state.plan;
    let groups = &plan.spec.own_money;
    let past: Vec<past::Left> = groups.iter().map(|group| past::fractions(plan.program, group)).collect();
    for (lane, lots) in lots.iter_mut().enumerate() {
        let mut queues = vec![];
        for past in &past {
            for purse in 0..plan.purses.len() {
                let amount = state.cash_known(purse, lane);
                let lot = Lot { amount, fraction: past.opening(purse, amount) };
                queues.push(if amount > 0.0 { vec![lot] } else { vec![] });
            }
        }
        *lots = Lots { queues };
    }
}

/// What each party received of a group's money this month, path by path.
pub fn spend(
    state: &mut State<'_>,
    lots: &mut [Lots],
    payments: &Payments,
    group: usize,
    is_member: &[bool],
) {
    let plan = state.plan;
    let n = plan.purses.len();
    for (lane, lots) in lots.iter_mut().enumerate() {
        let paid = payments.matrix(n, lane);
        let queues = &mut lots.queues[group * n..(group + 1) * n];
        let spent: Vec<Spent> = (0..n).map(|at| Spent::new(&mut queues[at], &paid, n, at, plan)).collect();
        let fractions = solve(&system(&spent, &paid, n, is_member));
        for at in 1..n {
            let own: f64 = (0..n).map(|from| paid[from * n + at] * fractions[from]).sum();
            *state.rows.cell(plan.layout.groups[group].receipts[at], lane) = own;
            let received = spent[at].received;
            let left = received - spent[at].of_month;
            if left > 0.0 {
                queues[at].push(Lot { amount: left, fraction: own / received });
            }
            trim(&mut queues[at], state.cash_known(at, lane), convention(plan));
        }
    }
}

/// Whether a run follows lots.
pub fn follows_lots(plan: &Plan) -> bool {
    !plan.spec.own_money.is_empty() && plan.spec.convention != OwnMoney::ProRata
}

fn convention(plan: &Plan) -> Convention {
    match plan.spec.convention {
        OwnMoney::ProRata => Convention::ProRata,
        OwnMoney::Fifo => Convention::First,
        OwnMoney::Lifo => Convention::Last,
    }
}

/// How a party's payments of a month were covered.
struct Spent {
    /// All it received.
    received: f64,
    /// All it paid.
    paid: f64,
    /// From this month's lot.
    of_month: f64,
    /// Of the group's money in earlier lots.
    tagged: f64,
}

impl Spent {
    fn new(queue: &mut Vec<Lot>, paid: &[f64], n: usize, at: usize, plan: &Plan) -> Self {
        let received: f64 = (0..n).map(|from| paid[from * n + at]).sum();
        let all: f64 = (0..n).map(|to| paid[at * n + to]).sum();
        let old: f64 = queue.iter().map(|lot| lot.amount).sum();
        let convention = convention(plan);
        let of_month = convention.of_month(all, old, received);
        let tagged = take(queue, (all - of_month).min(old), convention);
        Self { received, paid: all, of_month, tagged }
    }
}

/// Lots are cash: what is more than that has been spent where cash was below zero.
fn trim(queue: &mut Vec<Lot>, cash: f64, convention: Convention) {
    let sum: f64 = queue.iter().map(|lot| lot.amount).sum();
    take(queue, sum - cash, convention);
}

/// `paid f = tagged + (of_month / received) sum of what it receives times the payer's f`.
fn system<'a>(spent: &[Spent], paid: &[f64], n: usize, is_member: &'a [bool]) -> System<'a> {
    let mut system =
        System { slack: vec![0.0; n], right: vec![0.0; n], weights: vec![0.0; n * n], is_member };
    for (at, spent) in spent.iter().enumerate() {
        let share = if spent.received > 0.0 { spent.of_month / spent.received } else { 0.0 };
        system.slack[at] = (spent.paid - spent.of_month).max(0.0);
        system.right[at] = spent.tagged;
        (0..n).for_each(|from| system.add(from, at, paid[from * n + at] * share));
    }
    system
}
