//! Cross-holdings, distress and network valuation against reference cases, and their properties.

use crate::common::{cases, numbers, rows};
use keiretsu_methods::crossholdings::{Dependency, HoldingsError};
use keiretsu_methods::debtrank::{CreditExposure, DebtRankError, Distress, Leverage};
use proptest::prelude::*;
use serde_json::Value;

/// C of the six countries: claims transposed, each column's sum the cross-held fraction.
fn egj_shares(all: &Value) -> (Vec<f64>, usize) {
    let claims = rows(&all["claims"]);
    let fraction = all["crossheld_fraction"].as_f64().expect("a fraction");
    let n = claims.len();
    let mut shares = vec![0.0; n * n];
    for (j, row) in claims.iter().enumerate() {
        let total: f64 = row.iter().sum();
        for (i, claim) in row.iter().enumerate() {
            shares[i * n + j] = fraction * claim / total;
        }
    }
    (shares, n)
}

/// A of eq. 4, row-major: what one unit of each organisation's assets is worth to each.
fn matrix(dependency: &Dependency, n: usize) -> Vec<f64> {
    let unit = |j: usize| (0..n).map(|i| f64::from(u8::from(i == j))).collect::<Vec<f64>>();
    let columns: Vec<Vec<f64>> =
        (0..n).map(|j| dependency.market_values(&unit(j)).expect("values")).collect();
    (0..n * n).map(|at| columns[at % n][at / n]).collect()
}

#[test]
fn six_countries_depend_and_fail_as_published() {
    let all = cases("egj");
    let (shares, n) = egj_shares(&all);
    let dependency = Dependency::new(&shares, n).expect("holdings");
    let matrix = matrix(&dependency, n);
    for (row, want) in matrix.chunks_exact(n).zip(rows(&all["expected_A"])) {
        row.iter().zip(&want).for_each(|(a, b)| assert!((a - b).abs() <= 1e-12, "A: {a} {b}"));
    }
    let names: Vec<&str> = all["countries"]
        .as_array()
        .expect("countries")
        .iter()
        .map(|name| name.as_str().expect("a name"))
        .collect();
    let (before, after) = (numbers(&all["p_2008"]), numbers(&all["p_2011"]));
    let values = dependency.market_values(&before).expect("values");
    for case in all["expected_waves"].as_array().expect("waves") {
        let theta = case["theta"].as_f64().expect("a threshold");
        let thresholds: Vec<f64> = values.iter().map(|value| theta * value).collect();
        let costs: Vec<f64> = thresholds.iter().map(|threshold| threshold / 2.0).collect();
        let cascade = dependency.cascade(&after, &thresholds, &costs).expect("a cascade");
        let found: Vec<Vec<&str>> =
            cascade.waves.iter().map(|wave| wave.iter().map(|i| names[*i]).collect()).collect();
        let mut want: Vec<Vec<&str>> = Vec::new();
        for wave in case["waves"].as_array().expect("waves") {
            want.push(
                wave.as_array().expect("a wave").iter().map(|name| name.as_str().expect("a name")).collect(),
            );
        }
        assert_eq!(found, want, "theta {theta}");
        check_residual(&cascade, &matrix, &after, &costs);
    }
}

/// v = A (p - b), from the matrix.
fn check_residual(
    cascade: &keiretsu_methods::crossholdings::Cascade,
    matrix: &[f64],
    assets: &[f64],
    costs: &[f64],
) {
    let failed: Vec<usize> = cascade.waves.iter().flatten().copied().collect();
    let left = |j: usize| if failed.contains(&j) { assets[j] - costs[j] } else { assets[j] };
    for (row, value) in matrix.chunks_exact(assets.len()).zip(&cascade.values) {
        let want: f64 = row.iter().enumerate().map(|(j, a)| a * left(j)).sum();
        assert!((value - want).abs() <= 1e-12, "{value} {want}");
    }
}

#[test]
fn closed_forms_of_cross_holdings_agree() {
    let all = cases("egj");
    for case in all["closed_form_cases"].as_array().expect("cases") {
        let shares = rows(&case["C"]);
        let dependency = Dependency::new(&shares.concat(), shares.len()).expect("holdings");
        let want = rows(&case["expected_A"]).concat();
        let matrix = matrix(&dependency, shares.len());
        matrix.iter().zip(&want).for_each(|(a, b)| assert!((a - b).abs() <= 1e-15, "{a} {b}"));
    }
}

#[test]
fn senseless_holdings_are_refused() {
    let error = |shares: &[f64], n| Dependency::new(shares, n).err();
    assert_eq!(error(&[0.0; 3], 2), Some(HoldingsError::Lengths));
    assert_eq!(error(&[0.0, f64::NAN, 0.0, 0.0], 2), Some(HoldingsError::NotANumber));
    assert_eq!(error(&[0.1, 0.0, 0.0, 0.0], 2), Some(HoldingsError::SelfHolding));
    assert_eq!(error(&[0.0, 1.0, 0.0, 0.0], 2), Some(HoldingsError::FullyHeld));
    let dependency = Dependency::new(&[0.0; 4], 2).expect("holdings");
    assert_eq!(dependency.market_values(&[1.0]), Err(HoldingsError::Lengths));
    assert_eq!(dependency.cascade(&[1.0, 1.0], &[0.0; 2], &[-1.0; 2]), Err(HoldingsError::NotANumber));
}

proptest! {
    #[test]
    fn market_values_sum_to_assets_less_costs(
        shares in prop::collection::vec(0.0..1.0_f64, 36),
        assets in prop::collection::vec(0.1..10.0_f64, 6),
        theta in 0.2..1.2_f64,
    ) {
        let n = 6;
        let mut shares = shares;
        (0..n).for_each(|i| shares[i * n + i] = 0.0);
        for share in &mut shares {
            *share *= 0.19;
        }
        let dependency = Dependency::new(&shares, n).expect("holdings");
        for j in 0..n {
            let column: f64 = (0..n).map(|i| matrix(&dependency, n)[i * n + j]).sum();
            prop_assert!((column - 1.0).abs() <= 1e-12, "column {}", column);
        }
        let values = dependency.market_values(&assets).expect("values");
        let thresholds: Vec<f64> = values.iter().map(|value| theta * value).collect();
        let costs: Vec<f64> = thresholds.iter().map(|threshold| 0.5 * threshold).collect();
        let cascade = dependency.cascade(&assets, &thresholds, &costs).expect("a cascade");
        let lost: f64 = cascade.waves.iter().flatten().map(|i| costs[*i]).sum();
        let (sum, total): (f64, f64) = (cascade.values.iter().sum(), assets.iter().sum());
        prop_assert!((sum - (total - lost)).abs() <= 1e-10 * (1.0 + total), "{} {}", sum, total - lost);
    }
}

fn known(buffers: &[f64]) -> Vec<Option<f64>> {
    buffers.iter().copied().map(Some).collect()
}

/// Exposures of creditors where `owes[i][j]` is what i owes j.
fn exposures(owes: &[Vec<f64>]) -> Vec<CreditExposure> {
    let mut exposures = Vec::new();
    for (debtor, row) in owes.iter().enumerate() {
        for (creditor, amount) in row.iter().enumerate().filter(|(_, amount)| 0.0 < **amount) {
            exposures.push(CreditExposure {
                creditor: creditor as u32,
                debtor: debtor as u32,
                amount: *amount,
            });
        }
    }
    exposures
}

#[test]
fn debtrank_reference_cases_agree() {
    let all = cases("debtrank");
    for case in all["cases"].as_array().expect("cases") {
        match case["id"].as_str().expect("an id") {
            "nrm-6bank-impact" => check_impact(case),
            id if id.starts_with("linear-dr-barucca") => check_linear(case, id),
            // The first needs the draws of R's generator; the second is in `neva.json`.
            "nrm-simdata-b55" | "linear-dr-ring" => {}
            id => panic!("{id}: nothing checks it"),
        }
    }
}

fn check_impact(case: &Value) {
    let given = &case["exposures_liab"];
    let columns = rows(&given["columns"]);
    let order = given["order"].as_array().expect("an order");
    let buffers: Vec<f64> = order
        .iter()
        .map(|name| case["buffer"][name.as_str().expect("a name")].as_f64().expect("capital"))
        .collect();
    let owes: Vec<Vec<f64>> =
        (0..buffers.len()).map(|i| columns.iter().map(|column| column[i]).collect()).collect();
    let all = exposures(&owes);
    assert_eq!(
        Leverage::new(&all, &known(&buffers)).err(),
        Some(DebtRankError::SelfExposure),
        "F owes itself 5"
    );
    let others: Vec<CreditExposure> = all.into_iter().filter(|e| e.creditor != e.debtor).collect();
    for (i, row) in rows(&case["expected_impact_uncapped_rows"]).iter().enumerate() {
        for (j, want) in row.iter().enumerate().filter(|(j, _)| *j != i) {
            // The impact of one party on another alone: the distress of the one where the other is lost.
            let pair = |e: &&CreditExposure| (e.debtor as usize, e.creditor as usize) == (i, j);
            let pair: Vec<CreditExposure> = others.iter().filter(pair).copied().collect();
            let leverage = Leverage::new(&pair, &known(&buffers)).expect("exposures");
            let mut initial = vec![0.0; buffers.len()];
            initial[i] = 1.0;
            let got = leverage.distress(&initial, &vec![1.0; buffers.len()]).expect("distress").distress[j];
            assert!((got - want.min(1.0)).abs() <= 1e-15, "impact of {i} on {j}: {got} {want}");
        }
    }
}

fn check_linear(case: &Value, id: &str) {
    let shock = case["shock_fraction_of_outside_assets"].as_f64().expect("a shock");
    let losses: Vec<f64> = numbers(&case["e0"]).iter().map(|asset| asset * shock).collect();
    let buffers = numbers(&case["equity_before"]);
    let leverage = Leverage::new(&exposures(&rows(&case["L"])), &known(&buffers)).expect("exposures");
    let found = leverage.distress_linear(&losses).expect("distress");
    for (got, want) in found.equity.iter().zip(numbers(&case["expected"]["equity_signed"])) {
        assert!((got - want).abs() <= 1e-12, "{id}: {got} {want}");
    }
}

#[test]
fn distress_runs_from_debtor_to_creditor_along_a_chain() {
    // 2 owes 1, 1 owes 0; half of each creditor's buffer is exposed.
    let chain = [
        CreditExposure { creditor: 1, debtor: 2, amount: 5.0 },
        CreditExposure { creditor: 0, debtor: 1, amount: 5.0 },
    ];
    let leverage = Leverage::new(&chain, &known(&[10.0; 3])).expect("exposures");
    let found = leverage.distress(&[0.0, 0.0, 1.0], &[1.0; 3]).expect("distress");
    assert_eq!(found.distress, [0.25, 0.5, 1.0]);
    assert!((found.debtrank - 0.25).abs() <= 1e-15, "{}", found.debtrank);
    assert_eq!(leverage.distress(&[1.0, 0.0, 0.0], &[1.0; 3]).expect("distress").distress, [1.0, 0.0, 0.0]);
}

/// Distress if the first of some parties fails; each exposure is who loses, by whom, and how much.
fn failure(exposures: &[(u32, u32, f64)], buffers: &[Option<f64>]) -> Distress {
    let exposure = |(creditor, debtor, amount): &(u32, u32, f64)| CreditExposure {
        creditor: *creditor,
        debtor: *debtor,
        amount: *amount,
    };
    let exposures: Vec<CreditExposure> = exposures.iter().map(exposure).collect();
    let leverage = Leverage::new(&exposures, buffers).expect("exposures");
    let initial: Vec<f64> = (0..buffers.len()).map(|i| f64::from(u8::from(i == 0))).collect();
    leverage.distress(&initial, &vec![1.0; buffers.len()]).expect("distress")
}

#[test]
fn a_party_passes_on_what_it_had_lost_when_its_turn_came() {
    // By hand: 1 loses 3/8 = 0.375 by 0; 2 at most 1 x 0.375 by 1; then 1 loses min(1, 10/8) x 0.375 more,
    // 0.75, and has had its turn.
    let found = failure(&[(1, 0, 3.0), (2, 1, 18.0), (1, 2, 10.0)], &known(&[8.0; 3]));
    assert_eq!(found.distress, [1.0, 0.75, 0.375]);
    assert_eq!(found.passed, [1.0, 0.375, 0.375]);
    assert_eq!(found.lost_in, [Some(0), None, None]);
}

#[test]
fn waves_are_distances_along_a_chain() {
    let found = failure(&[(1, 0, 12.0), (2, 1, 12.0), (3, 2, 12.0)], &known(&[8.0; 4]));
    assert_eq!(found.lost_in, [Some(0), Some(1), Some(2), Some(3)]);
}

#[test]
fn shares_that_add_up_to_the_buffer_take_all_of_it() {
    // 1 is hit by 0 through 2, 3 and 4, which lose all: 0.1 + 0.7 + 0.2 falls short of 1 in binary.
    let buffers = known(&[1.0; 5]);
    let all = [(2, 0, 1.0), (3, 0, 1.0), (4, 0, 1.0), (1, 2, 0.7), (1, 3, 0.1), (1, 4, 0.2)];
    assert_eq!(failure(&all, &buffers).lost_in[1], Some(2));
}

#[test]
fn a_party_without_a_known_buffer_uses_up_no_turn_of_another() {
    // 0 hits 1 (unknown) and 2; 3 is a creditor of both, further along 2 x 0.4: 0.5 x 0.4 = 0.2 reaches 3.
    let buffers = [Some(10.0), None, Some(10.0), Some(10.0), Some(10.0)];
    let found = failure(&[(1, 0, 2.0), (2, 0, 5.0), (3, 1, 1.0), (3, 2, 4.0), (4, 3, 5.0)], &buffers);
    assert_eq!(found.distress, [1.0, 0.0, 0.5, 0.2, 0.1]);
    assert!(found.passed[1] <= 0.0, "no share of an unknown buffer is lost");
}

#[test]
fn a_buffer_of_nothing_is_lost_with_the_first_loss() {
    let found = failure(&[(1, 0, 5.0), (2, 1, 1.0)], &[Some(10.0), Some(0.0), Some(4.0)]);
    assert_eq!(found.distress, [1.0, 1.0, 0.25]);
    assert_eq!(failure(&[], &[Some(10.0), Some(0.0)]).distress, [1.0, 0.0]);
}

#[test]
fn ring_amplifies_by_one_over_one_minus_leverage() {
    let ring: Vec<CreditExposure> =
        (0..3).map(|i| CreditExposure { creditor: i, debtor: (i + 1) % 3, amount: 0.5 }).collect();
    let leverage = Leverage::new(&ring, &known(&[1.0; 3])).expect("exposures");
    let found = leverage.distress_linear(&[0.25; 3]).expect("distress");
    found.distress.iter().for_each(|h| assert!((h - 0.5).abs() <= 1e-14, "{h}"));
    // In 2012's form a distressed party passes on once.
    let once = leverage.distress(&[0.25; 3], &[1.0; 3]).expect("distress");
    once.distress.iter().for_each(|h| assert!((h - 0.375).abs() <= 1e-15, "{h}"));
}

#[test]
fn senseless_exposures_are_refused() {
    let exposure = |creditor, debtor, amount| [CreditExposure { creditor, debtor, amount }];
    let error =
        |exposures: &[CreditExposure], buffers: &[f64]| Leverage::new(exposures, &known(buffers)).err();
    assert_eq!(error(&exposure(0, 1, 1.0), &[1.0, -1.0]), Some(DebtRankError::NoBuffer));
    assert_eq!(error(&exposure(0, 2, 1.0), &[1.0, 1.0]), Some(DebtRankError::NoSuchParty));
    assert_eq!(error(&exposure(0, 1, -1.0), &[1.0, 1.0]), Some(DebtRankError::NotAnAmount));
    assert_eq!(error(&[], &[f64::NAN]), Some(DebtRankError::NotAnAmount));
    let leverage = Leverage::new(&[], &known(&[1.0])).expect("no exposures");
    assert_eq!(leverage.distress(&[0.5], &[0.0]).err(), Some(DebtRankError::NoWeight));
    assert_eq!(leverage.distress(&[1.5], &[1.0]).err(), Some(DebtRankError::NotAnAmount));
    assert_eq!(leverage.distress_linear(&[]).err(), Some(DebtRankError::Lengths));
    for buffer in [None, Some(0.0)] {
        let leverage = Leverage::new(&[], &[buffer]).expect("no exposures");
        assert_eq!(leverage.distress_linear(&[0.0]).err(), Some(DebtRankError::NoBuffer));
    }
}

proptest! {
    #[test]
    fn distress_stays_in_bounds_and_grows_with_the_shock(
        amounts in prop::collection::vec(prop_oneof![Just(0.0), 0.0..2.0_f64], 25),
        losses in prop::collection::vec(0.0..1.0_f64, 5),
        more in 0.0..1.0_f64,
    ) {
        let others = |i: usize, row: &[f64]| -> Vec<f64> {
            row.iter().enumerate().map(|(j, x)| if i == j { 0.0 } else { *x }).collect()
        };
        let owes: Vec<Vec<f64>> = amounts.chunks(5).enumerate().map(|(i, row)| others(i, row)).collect();
        let leverage = Leverage::new(&exposures(&owes), &known(&[2.0; 5])).expect("exposures");
        let before = leverage.distress_linear(&losses).expect("distress");
        let mut larger = losses.clone();
        larger[0] += more;
        let after = leverage.distress_linear(&larger).expect("distress");
        let initial: Vec<f64> = losses.iter().map(|loss| loss / 2.0).collect();
        let once = leverage.distress(&initial, &[1.0; 5]).expect("distress");
        for (k, initial) in initial.iter().enumerate() {
            prop_assert!(*initial <= before.distress[k] && before.distress[k] <= 1.0);
            prop_assert!(before.distress[k] <= after.distress[k] + 1e-12);
            // Passing on once never exceeds passing on for ever.
            prop_assert!(once.distress[k] <= before.distress[k] + 1e-12, "{} {}", once.distress[k],
                before.distress[k]);
        }
    }
}
