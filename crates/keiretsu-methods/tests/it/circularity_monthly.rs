//! Circularity by month: cases by hand, agreement with single dated payments, and properties.

use crate::common::{cases, number};
use keiretsu_methods::circularity::dated;
use keiretsu_methods::circularity::monthly::{Convention, MonthFlows, MonthlyWeb, OUTSIDE, Payment};
use proptest::prelude::*;

const CONVENTIONS: [Convention; 3] = [Convention::ProRata, Convention::First, Convention::Last];

fn pay(payer: u32, payee: u32, amount: f64) -> Payment {
    Payment { payer, payee, amount }
}

/// Months from opening cash and payments, cash counted on and never below zero.
fn months(opening: &[f64], payments: &[Vec<Payment>]) -> Vec<MonthFlows> {
    let mut cash = opening.to_vec();
    let mut list = vec![MonthFlows { kept: cash.clone(), ..MonthFlows::default() }];
    for payments in payments {
        for payment in payments {
            cash.iter_mut().enumerate().for_each(|(party, cash)| {
                *cash += if payment.payee as usize == party { payment.amount } else { 0.0 };
                *cash -= if payment.payer as usize == party { payment.amount } else { 0.0 };
            });
        }
        let kept = cash.iter().map(|cash| cash.max(0.0)).collect();
        list.push(MonthFlows { payments: payments.clone(), kept, open: vec![] });
    }
    list
}

fn back(web: &MonthlyWeb, a: u32, to: Option<u32>) -> [f64; 3] {
    CONVENTIONS.map(|convention| web.returned(a, to, convention).expect("returns").iter().sum())
}

fn same(got: &[f64], want: &[f64]) {
    let near = got.iter().zip(want).all(|(got, want)| (got - want).abs() < 1e-12);
    assert!(got.len() == want.len() && near, "{got:?} is not {want:?}");
}

#[test]
fn a_ring_brings_all_of_it_back_in_the_same_month_or_later() {
    let now = MonthlyWeb::new(3, &months(&[0.0; 3], &[vec![pay(0, 1, 4.0), pay(1, 2, 4.0), pay(2, 0, 4.0)]]));
    let later = [vec![pay(0, 1, 4.0)], vec![pay(1, 2, 4.0)], vec![], vec![pay(2, 0, 4.0)]];
    for web in [now, MonthlyWeb::new(3, &months(&[0.0; 3], &later))] {
        let web = web.expect("a web");
        let bounds = web.bounds(0, None).expect("bounds");
        same(&[bounds.sent, bounds.lower, bounds.upper], &[4.0; 3]);
        same(&back(&web, 0, Some(1)), &[4.0; 3]);
        assert_eq!(web.between(0, None).expect("parties"), [1, 2]);
    }
}

#[test]
fn money_does_not_come_back_before_it_left() {
    let first = [vec![pay(1, 0, 4.0)], vec![pay(0, 1, 4.0)]];
    let web = MonthlyWeb::new(2, &months(&[0.0, 4.0], &first)).expect("a web");
    let bounds = web.bounds(0, None).expect("bounds");
    same(&[bounds.sent, bounds.lower, bounds.upper], &[4.0, 0.0, 0.0]);
    same(&back(&web, 0, None), &[0.0; 3]);
    assert!(web.between(0, None).expect("parties").is_empty());
}

#[test]
fn conventions_order_the_same_payments_differently() {
    // 1 has 30, receives 10 from 0, then pays 20 to 0 in each of two months.
    let paid = [vec![pay(0, 1, 10.0)], vec![pay(1, 0, 20.0)], vec![pay(1, 0, 20.0)]];
    let web = MonthlyWeb::new(2, &months(&[0.0, 30.0], &paid)).expect("a web");
    let by = |convention| web.returned(0, None, convention).expect("returns");
    same(&by(Convention::ProRata), &[0.0, 0.0, 5.0, 5.0]);
    same(&by(Convention::First), &[0.0, 0.0, 0.0, 10.0]);
    same(&by(Convention::Last), &[0.0, 0.0, 10.0, 0.0]);
}

#[test]
fn what_nobody_knows_may_have_left() {
    // 8 sent long ago; 1 has 20 now, of which at most 8 is 0's, and perhaps nothing; then it pays 20.
    let past = MonthFlows { payments: vec![pay(0, 1, 8.0)], kept: vec![0.0, 8.0], open: vec![1] };
    let now = MonthFlows { kept: vec![0.0, 20.0], ..MonthFlows::default() };
    let paid = MonthFlows { payments: vec![pay(1, 0, 20.0)], kept: vec![0.0; 2], open: vec![] };
    let web = MonthlyWeb::new(2, &[past, now, paid]).expect("a web");
    let bounds = web.bounds(0, None).expect("bounds");
    same(&[bounds.sent, bounds.lower, bounds.upper], &[8.0, 0.0, 8.0]);
    same(&web.returned(0, None, Convention::ProRata).expect("returns"), &[0.0, 0.0, 8.0]);
}

#[test]
fn what_is_paid_beyond_what_is_there_came_from_elsewhere() {
    let month = vec![pay(0, 1, 10.0), pay(1, 0, 100.0)];
    let web = MonthlyWeb::new(2, &months(&[0.0, 0.0], &[month])).expect("a web");
    let bounds = web.bounds(0, None).expect("bounds");
    same(&[bounds.sent, bounds.lower, bounds.upper], &[10.0; 3]);
    same(&back(&web, 0, None), &[10.0; 3]);
}

#[test]
fn what_was_spent_is_not_there_when_other_money_comes() {
    // 1 has 1 of its own and 1 of 0's, pays one of the mixture back and one on; then 1 comes from 2, 6 from
    // 0.
    let paid = [
        vec![pay(0, 1, 1.0)],
        vec![pay(1, 0, 1.0)],
        vec![pay(1, 3, 1.0)],
        vec![pay(2, 1, 1.0)],
        vec![pay(0, 1, 6.0)],
        vec![pay(1, 0, 1.0)],
    ];
    let web = MonthlyWeb::new(4, &months(&[0.0, 1.0, 1.0, 0.0], &paid)).expect("a web");
    let [pro_rata, ..] = back(&web, 0, None);
    same(&[pro_rata], &[0.5 + 6.0 / 7.0]);
}

/// Published conventions of one account, a deposit in each month (`taint` of the reference cases).
#[test]
fn taint_follows_each_convention() {
    let all = cases("finn_cycling");
    for case in
        all["taint"].as_array().expect("cases").iter().filter(|case| case.get("withdraw_first").is_some())
    {
        let mut paid: Vec<Vec<Payment>> = Vec::new();
        for deposit in case["deposits"].as_array().expect("deposits") {
            let payer = if deposit["tainted"] == true { 0 } else { OUTSIDE };
            paid.push(vec![pay(payer, 1, number(&deposit["amount"]))]);
        }
        paid.push(vec![pay(1, 0, number(&case["withdraw_first"]))]);
        let web = MonthlyWeb::new(2, &months(&[0.0; 2], &paid)).expect("a web");
        let want = |key: &str| number(&case["expected_tainted_in_first_withdrawal"][key]);
        same(&back(&web, 0, None), &["haircut", "fifo", "lifo"].map(want));
    }
}

fn payments(parties: u32) -> impl Strategy<Value = Vec<Payment>> {
    let party = 0..parties + 1;
    let one = (party.clone(), party, 0..20_u32);
    proptest::collection::vec(one, 0..8).prop_map(move |all| {
        let index = |party: u32| if party == parties { OUTSIDE } else { party };
        let payments = all.into_iter().map(|(from, to, x)| pay(index(from), index(to), f64::from(x)));
        payments.filter(|payment| payment.payer != payment.payee).collect()
    })
}

proptest! {
    #[test]
    fn conventions_lie_within_the_bounds(
        opening in proptest::collection::vec(0..30_u32, 5),
        paid in proptest::collection::vec(payments(5), 1..9),
        to in proptest::option::of(1..5_u32),
    ) {
        let opening: Vec<f64> = opening.into_iter().map(f64::from).collect();
        let web = MonthlyWeb::new(5, &months(&opening, &paid)).expect("a web");
        let bounds = web.bounds(0, to).expect("bounds");
        let slack = 1e-9 * (1.0 + bounds.sent);
        prop_assert!(0.0 <= bounds.lower && bounds.lower <= bounds.upper && bounds.upper <= bounds.sent);
        for (convention, back) in CONVENTIONS.iter().zip(back(&web, 0, to)) {
            prop_assert!(
                bounds.lower - slack <= back && back <= bounds.upper + slack,
                "{convention:?} {back} {bounds:?}"
            );
        }
    }

    #[test]
    fn one_payment_a_month_is_a_dated_payment(
        opening in proptest::collection::vec(0..30_u32, 4),
        paid in proptest::collection::vec(payments(4), 1..12),
    ) {
        let mut opening: Vec<f64> = opening.into_iter().map(f64::from).collect();
        let flat: Vec<Payment> = paid.concat();
        let least = dated::opening_least(4, &flat).expect("balances");
        opening.iter_mut().zip(least).for_each(|(opening, least)| *opening = opening.max(least));
        let single: Vec<Vec<Payment>> = flat.iter().map(|payment| vec![*payment]).collect();
        let web = MonthlyWeb::new(4, &months(&opening, &single)).expect("a web");
        let want = dated::returned(&opening, &flat, 0, None).expect("returns");
        let bounds = web.bounds(0, None).expect("bounds");
        // A month is one lot, a dated payment hands on the payer's lots: first in and last in differ.
        let [pro_rata, ..] = back(&web, 0, None);
        for (got, want) in [
            (bounds.sent, want.sent),
            (bounds.lower, want.lower),
            (bounds.upper, want.upper),
            (pro_rata, want.pro_rata),
        ] {
            prop_assert!((got - want).abs() < 1e-9 * (1.0 + want), "{got} {want}");
        }
    }
}
