//! The null model of circularity: totals stay, p-values are even where nothing is special.

use keiretsu_methods::circularity::null::p_values;
use keiretsu_methods::circularity::{Flow, FlowWeb};
use std::cell::RefCell;

fn flow(payer: u32, payee: u32, amount: f64) -> Flow {
    Flow { payer, payee, amount }
}

fn web() -> FlowWeb {
    let flows = [flow(0, 1, 9.0), flow(1, 0, 9.0), flow(2, 3, 7.0), flow(3, 2, 7.0), flow(0, 2, 1.0)];
    FlowWeb::new(&flows, &[3.0, 2.0, 1.0, 2.0], &[0.0; 4]).expect("a web").balanced()
}

#[test]
fn draws_keep_the_totals_of_every_party() {
    let web = web();
    let drawn = RefCell::new(vec![]);
    p_values(&web, 3, 20, &|web| {
        drawn.borrow_mut().push(web.clone());
        vec![]
    });
    let drawn = drawn.into_inner();
    assert_eq!(drawn.len(), 21);
    for other in &drawn {
        for party in 0..4 {
            assert!((other.receipts(party) - web.receipts(party)).abs() < 1e-9);
            assert!((other.uses(party) - web.uses(party)).abs() < 1e-9);
        }
    }
    assert!(drawn[1..].iter().any(|other| (other.reciprocity() - web.reciprocity()).abs() > 0.1));
}

#[test]
fn pairs_that_pay_each_other_are_more_reciprocal_than_their_totals_force() {
    let figures = |web: &FlowWeb| vec![web.reciprocity(), web.finn_cycling_index().unwrap_or(0.0)];
    let found = p_values(&web(), 1, 499, &figures);
    assert!(found[0] < 0.05, "{found:?}");
    assert_eq!(found, p_values(&web(), 1, 499, &figures), "the same seed, the same draws");
}

#[test]
fn a_web_whose_totals_leave_no_choice_is_nothing_special() {
    let web = FlowWeb::new(&[], &[5.0], &[5.0]).expect("a web");
    assert_eq!(p_values(&web, 1, 49, &|web| vec![web.receipts(0)]), [1.0]);
}

#[test]
fn three_parties_are_drawn_evenly() {
    // With totals of one each, a web of three is a share x clockwise and 1 - x the other way; x is uniform.
    let ring = [flow(0, 1, 1.0), flow(1, 2, 1.0), flow(2, 0, 1.0)];
    let web = FlowWeb::new(&ring, &[0.0; 3], &[0.0; 3]).expect("a web");
    let shares = RefCell::new(vec![]);
    p_values(&web, 7, 4_000, &|web| {
        // Of a share x and its reverse, reciprocity is 2 min(x, 1 - x).
        shares.borrow_mut().push(web.reciprocity());
        vec![]
    });
    let shares = shares.into_inner();
    let mean = shares[1..].iter().sum::<f64>() / 4_000.0;
    assert!((mean - 0.5).abs() < 0.03, "{mean}");
}
