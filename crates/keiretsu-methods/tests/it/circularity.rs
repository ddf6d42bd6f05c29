//! Circularity against reference cases, and its properties.

use crate::common::{cases, number, numbers, rows};
use keiretsu_methods::circularity::dated::{OUTSIDE, Payment, opening_least, returned};
use keiretsu_methods::circularity::{CircularityError, Flow, FlowWeb, Returned};
use proptest::prelude::*;
use serde_json::Value;

fn flows(matrix: &[Vec<f64>]) -> Vec<Flow> {
    let mut flows = Vec::new();
    for (payer, row) in matrix.iter().enumerate() {
        for (payee, amount) in row.iter().enumerate() {
            flows.push(Flow { payer: payer as u32, payee: payee as u32, amount: *amount });
        }
    }
    flows
}

fn web(case: &Value) -> FlowWeb {
    FlowWeb::new(&flows(&rows(&case["flow"])), &numbers(&case["input"]), &numbers(&case["output"]))
        .expect("a web")
}

fn back(web: &FlowWeb, a: usize, to: Option<usize>) -> Result<Returned, CircularityError> {
    web.sender(a)?.returned_by(&web.reach()?, to)
}

fn near(got: f64, want: f64, tolerance: f64, what: &str) {
    assert!((got - want).abs() <= tolerance * (1.0 + want.abs()), "{what}: {got} {want}");
}

#[test]
fn food_webs_cycle_as_published() {
    let all = cases("finn_cycling");
    for case in all["cases"].as_array().expect("cases") {
        let id = case["id"].as_str().expect("an id");
        let (web, expected) = (web(case), &case["expected"]);
        let n = numbers(&case["input"]).len();
        numbers(&expected["T"]).iter().enumerate().for_each(|(k, t)| near(web.receipts(k), *t, 1e-12, id));
        let index = web.finn_cycling_index().expect("an index");
        near(index, number(&expected["FCI"]), 1e-7, id);
        near(index, number(&expected["FCI_full_precision"]), 1e-12, id);
        let visits = web.visits().expect("visits");
        for (k, want) in numbers(&expected["N_diag"]).iter().enumerate() {
            near(visits[k * n + k], *want, 1e-9, id);
        }
        check_inverse(&visits, case, id);
        for bounds in
            case["derived_bounds_by_us"].as_array().expect("bounds").iter().filter(|b| b.is_object())
        {
            check_bounds(&web, bounds, id);
        }
    }
}

/// Residual: N (I - G) = I.
fn check_inverse(visits: &[f64], case: &Value, id: &str) {
    let (matrix, t) = (rows(&case["flow"]), numbers(&case["expected"]["T"]));
    let n = t.len();
    for i in 0..n {
        for j in 0..n {
            let product: f64 = (0..n).map(|k| visits[i * n + k] * matrix[k][j] / t[k]).sum();
            let unit = if i == j { 1.0 } else { 0.0 };
            near(visits[i * n + j] - product, unit, 1e-12, id);
        }
    }
}

fn check_bounds(web: &FlowWeb, bounds: &Value, id: &str) {
    let node = bounds["node"].as_u64().expect("a node") as usize;
    if bounds.get("status").is_some() {
        assert_eq!(back(web, node, None), Err(CircularityError::Unbalanced), "{id} {node}");
        assert!(back(&web.balanced(), node, None).is_ok(), "{id} {node}: balanced");
        return;
    }
    let found = back(web, node, None).expect("bounds");
    let what = format!("{id}, node {node}");
    near(found.sent, number(&bounds["out_to_network"]), 1e-12, &what);
    near(found.lower, number(&bounds["lower"]), 1e-9, &what);
    near(found.pro_rata, number(&bounds["pro_rata"]), 1e-9, &what);
    near(found.upper, number(&bounds["upper"]), 1e-9, &what);
}

#[test]
fn absorbing_chain_agrees() {
    let all = cases("finn_cycling");
    let case = &all["absorbing_chain"][0];
    let chain = rows(&case["P_transient"]);
    let n = chain.len();
    // One unit of throughput each: shares are probabilities.
    let inflows: Vec<f64> = (0..n).map(|j| 1.0 - chain.iter().map(|row| row[j]).sum::<f64>()).collect();
    let outflows: Vec<f64> = rows(&case["R_absorb"]).iter().map(|row| row.iter().sum()).collect();
    let web = FlowWeb::new(&flows(&chain), &inflows, &outflows).expect("a web");
    let visits = web.visits().expect("visits");
    let want = rows(&case["expected"]["N"]).concat();
    visits.iter().zip(&want).for_each(|(a, b)| near(*a, *b, 1e-14, "N"));
    for (row, t) in visits.chunks(n).zip(numbers(&case["expected"]["t"])) {
        near(row.iter().sum(), t, 1e-14, "t");
    }
}

fn pay(payer: u32, payee: u32, amount: f64) -> Payment {
    Payment { payer, payee, amount }
}

#[test]
fn taint_is_diluted_between_the_bounds() {
    let all = cases("finn_cycling");
    for case in
        all["taint"].as_array().expect("cases").iter().filter(|case| case.get("withdraw_first").is_some())
    {
        let mut payments: Vec<Payment> = Vec::new();
        for deposit in case["deposits"].as_array().expect("deposits") {
            let payer = if deposit["tainted"] == true { 0 } else { OUTSIDE };
            payments.push(pay(payer, 1, number(&deposit["amount"])));
        }
        payments.push(pay(1, 0, number(&case["withdraw_first"])));
        let found = returned(&[0.0, 0.0], &payments, 0, None).expect("taint");
        let want = |key: &str| number(&case["expected_tainted_in_first_withdrawal"][key]);
        near(found.pro_rata, want("haircut"), 1e-15, "haircut");
        near(found.lower, want("tainted_last"), 1e-15, "tainted last");
        near(found.upper, want("fifo"), 1e-15, "tainted first");
    }
}

#[test]
fn money_that_came_back_before_it_left_does_not_count() {
    let early = [pay(OUTSIDE, 1, 5.0), pay(1, 0, 5.0), pay(0, 1, 5.0)];
    let found = returned(&[0.0; 2], &early, 0, None).expect("returns");
    assert_eq!(found, Returned { sent: 5.0, lower: 0.0, pro_rata: 0.0, upper: 0.0 });
    let late = [pay(0, 1, 5.0), pay(1, 0, 5.0)];
    let found = returned(&[0.0; 2], &late, 0, None).expect("returns");
    assert_eq!((found.lower, found.upper), (5.0, 5.0), "all of it must come back");
}

#[test]
fn money_is_not_kept_where_nothing_is_left() {
    // 1 pays all it has to 2 before the outside's money comes, which alone can return.
    let payments = [pay(0, 1, 10.0), pay(1, 2, 10.0), pay(OUTSIDE, 1, 10.0), pay(1, 0, 10.0)];
    let found = returned(&[0.0; 3], &payments, 0, None).expect("returns");
    assert_eq!((found.upper, found.pro_rata), (0.0, 0.0));
}

#[test]
fn only_the_named_partner_is_traced() {
    let payments = [pay(0, 1, 4.0), pay(0, 2, 6.0), pay(1, 0, 4.0), pay(2, 0, 6.0)];
    let found = returned(&[0.0; 3], &payments, 0, Some(2)).expect("returns");
    assert_eq!((found.sent, found.lower, found.upper), (6.0, 6.0, 6.0));
    let web = FlowWeb::new(
        &[Flow { payer: 0, payee: 1, amount: 4.0 }, Flow { payer: 1, payee: 0, amount: 4.0 }],
        &[1.0, 1.0],
        &[1.0, 1.0],
    )
    .expect("a web");
    let found = back(&web, 0, Some(1)).expect("returns");
    assert_eq!((found.sent, found.lower, found.upper), (4.0, 3.0, 4.0));
    assert!((found.pro_rata - 3.2).abs() < 1e-15, "4 of 5 at party 1 go back: {}", found.pro_rata);
}

#[test]
fn reciprocity_and_netting_of_a_triangle() {
    let flow = |payer, payee, amount| Flow { payer, payee, amount };
    let web = FlowWeb::new(
        &[flow(0, 1, 5.0), flow(1, 2, 3.0), flow(2, 0, 4.0), flow(1, 0, 1.0), flow(2, 2, 9.0)],
        &[0.0; 3],
        &[0.0; 3],
    )
    .expect("a web");
    near(web.reciprocity(), 2.0 / 13.0, 1e-15, "reciprocity");
    near(web.netted(), 11.0, 1e-15, "3 around the triangle and 1 to and fro");
}

#[test]
fn senseless_flows_are_refused() {
    let flow = |payer, payee, amount| [Flow { payer, payee, amount }];
    let new = |flows: &[Flow]| FlowWeb::new(flows, &[0.0; 2], &[0.0; 2]);
    assert_eq!(new(&flow(0, 2, 1.0)).err(), Some(CircularityError::NoSuchParty));
    assert_eq!(new(&flow(0, 1, f64::NAN)).err(), Some(CircularityError::NotAnAmount));
    assert_eq!(FlowWeb::new(&[], &[0.0], &[]).err(), Some(CircularityError::Lengths));
    let own = FlowWeb::new(&flow(0, 0, 1.0), &[1.0, 0.0], &[1.0, 0.0]).expect("a web");
    assert_eq!(back(&own, 0, None).err(), Some(CircularityError::SelfFlow));
    assert!(back(&own.without_self_flows(), 0, None).is_ok(), "without it there are bounds");
    assert_eq!(back(&own, 7, None).err(), Some(CircularityError::NoSuchParty));
    let ring = [Flow { payer: 0, payee: 1, amount: 1.0 }, Flow { payer: 1, payee: 0, amount: 1.0 }];
    assert_eq!(new(&ring).expect("a web").visits().err(), Some(CircularityError::NoOrigin));
    assert_eq!(returned(&[0.0; 2], &[pay(1, 0, 1.0)], 0, None).err(), Some(CircularityError::Overdrawn));
    assert_eq!(returned(&[0.0; 2], &[pay(1, 1, 1.0)], 0, None).err(), Some(CircularityError::SelfFlow));
    assert_eq!(returned(&[0.0; 2], &[pay(3, 1, 1.0)], 0, None).err(), Some(CircularityError::NoSuchParty));
    assert_eq!(returned(&[0.0; 2], &[pay(0, 1, -1.0)], 0, None).err(), Some(CircularityError::NotAnAmount));
}

fn webs() -> impl Strategy<Value = FlowWeb> {
    let amount = || prop_oneof![3 => Just(0.0), 2 => 0.0..10.0_f64];
    (prop::collection::vec(amount(), 36), prop::collection::vec(0.0..5.0_f64, 12)).prop_map(
        |(amounts, outer)| {
            let matrix: Vec<Vec<f64>> = amounts
                .chunks(6)
                .enumerate()
                .map(|(i, row)| row.iter().enumerate().map(|(j, x)| if i == j { 0.0 } else { *x }).collect())
                .collect();
            FlowWeb::new(&flows(&matrix), &outer[..6], &outer[6..]).expect("a web").balanced()
        },
    )
}

fn payments() -> impl Strategy<Value = Vec<Payment>> {
    let payment = (0..6_u32, 0..6_u32, prop_oneof![Just(1.0), 0.0..10.0_f64]);
    prop::collection::vec(payment, 1..40).prop_map(|payments| {
        let party = |index: u32| if index == 5 { OUTSIDE } else { index };
        let apart = payments.into_iter().filter(|(payer, payee, _)| payer != payee);
        apart.map(|(payer, payee, amount)| pay(party(payer), party(payee), amount)).collect()
    })
}

proptest! {
    #[test]
    fn pro_rata_lies_between_the_bounds(web in webs()) {
        for a in 0..6 {
            let found = back(&web, a, None).expect("returns");
            let own = web.visits().expect("visits")[a * 6 + a];
            let pro_rata = web.receipts(a) * (own - 1.0) / own;
            let difference = (found.pro_rata - pro_rata).abs();
            prop_assert!(difference <= 1e-9 * (1.0 + pro_rata), "{:?} {}", found, pro_rata);
            prop_assert!(0.0 <= found.lower && found.lower <= found.upper && found.upper <= found.sent);
            let parts: f64 = (0..6).filter(|b| *b != a)
                .map(|b| back(&web, a, Some(b)).expect("returns").pro_rata).sum();
            prop_assert!((parts - pro_rata).abs() <= 1e-9 * (1.0 + pro_rata), "adds up over partners");
        }
    }

    #[test]
    fn netting_keeps_net_payments_and_is_within_the_flows(web in webs()) {
        let total: f64 = (0..6).map(|k| web.receipts(k)).sum();
        prop_assert!(0.0 <= web.netted() && web.netted() <= total);
        prop_assert!((0.0..=1.0).contains(&web.reciprocity()));
        let index = web.finn_cycling_index().expect("an index");
        prop_assert!((0.0..1.0).contains(&index));
    }

    #[test]
    fn pro_rata_by_date_lies_between_the_bounds(
        payments in payments(),
        to in prop_oneof![Just(None), Just(Some(1_u32))],
    ) {
        let mut opening = opening_least(5, &payments).expect("openings");
        opening[2] += 1.0;
        let found = returned(&opening, &payments, 0, to).expect("returns");
        prop_assert!(0.0 <= found.lower && found.upper <= found.sent + 1e-9);
        prop_assert!(found.lower <= found.pro_rata && found.pro_rata <= found.upper, "{:?}", found);
    }

    #[test]
    fn flows_that_only_go_forward_never_return(amounts in prop::collection::vec(0.0..9.0_f64, 36)) {
        let forward: Vec<Flow> = (0..36).filter(|k| k / 6 < k % 6)
            .map(|k| Flow { payer: k / 6, payee: k % 6, amount: amounts[k as usize] }).collect();
        let web = FlowWeb::new(&forward, &[0.0; 6], &[0.0; 6]).expect("a web").balanced();
        prop_assert!(web.finn_cycling_index().expect("an index") <= 1e-15);
        prop_assert!(web.netted() <= 1e-12);
        for a in 0..6 {
            prop_assert!(back(&web, a, None).expect("returns").upper <= 1e-12);
        }
    }
}
