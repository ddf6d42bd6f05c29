//! Concentration measures against reference cases, and their properties.

use crate::common::{cases, numbers};
use keiretsu_methods::concentration::{ConcentrationError, concentration, concentration_ratio};
use proptest::prelude::*;

#[test]
fn reference_cases_agree() {
    let all = cases("concentration");
    for case in all["hhi"].as_array().expect("cases") {
        let shares = numbers(&case["shares_pct"]);
        let found = concentration(&shares).expect("shares");
        let want = case["hhi"].as_f64().expect("an index");
        assert!((found.hhi - want).abs() <= 1e-9, "{} {want}", found.hhi);
        if let Some(want) = case.get("effective_number").and_then(serde_json::Value::as_f64) {
            assert!((found.number_effective - want).abs() <= 1e-12, "{} {want}", found.number_effective);
        }
    }
}

#[test]
fn equal_shares_count_themselves() {
    let found = concentration(&[7.0; 5]).expect("shares");
    assert!((found.number_effective - 5.0).abs() <= 1e-12, "order 2");
    assert!((found.number_effective_entropy - 5.0).abs() <= 1e-12, "order 1");
    assert!((found.share_max - 0.2).abs() <= 1e-15, "largest share");
}

#[test]
fn ratio_takes_the_largest() {
    let ratio = concentration_ratio(&[10.0, 40.0, 20.0, 30.0], 2).expect("shares");
    assert!((ratio - 0.7).abs() <= 1e-15, "{ratio}");
    assert!((concentration_ratio(&[1.0], 9).expect("shares") - 1.0).abs() <= 1e-15, "k beyond the list");
}

#[test]
fn senseless_amounts_are_refused() {
    assert_eq!(concentration(&[]), Err(ConcentrationError::Empty));
    assert_eq!(concentration(&[0.0]), Err(ConcentrationError::Empty));
    assert_eq!(concentration(&[1.0, -1.0]), Err(ConcentrationError::NotAnAmount));
    assert_eq!(concentration(&[f64::NAN]), Err(ConcentrationError::NotAnAmount));
}

proptest! {
    #[test]
    fn merging_adds_twice_the_product(amounts in prop::collection::vec(0.001..1e9_f64, 2..30)) {
        let before = concentration(&amounts).expect("shares");
        let total: f64 = amounts.iter().sum();
        let delta = 20_000.0 * amounts[0] / total * amounts[1] / total;
        let mut merged = amounts[1..].to_vec();
        merged[0] += amounts[0];
        let after = concentration(&merged).expect("shares");
        prop_assert!((before.hhi + delta - after.hhi).abs() <= 1e-8);
        prop_assert!(before.number_effective <= before.number_effective_entropy * (1.0 + 1e-12));
        prop_assert!(before.number_effective_entropy <= amounts.len() as f64 * (1.0 + 1e-12));
        prop_assert!(before.hhi <= 10_000.0 * (1.0 + 1e-12));
    }
}
