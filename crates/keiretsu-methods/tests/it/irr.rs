//! Internal rates of return against reference cases, by equality and by residual, and by their properties.

use crate::common::{cases, numbers};
use jiff::civil::{Date, date};
use keiretsu_methods::irr::{Irr, IrrError, Proof, Verdict, irr, xirr};
use keiretsu_methods::returns::{direct_alpha, multiples, pme_kaplan_schoar, pme_plus};
use proptest::prelude::*;
use serde_json::Value;

/// Days since 1970-01-01 of an ISO date.
fn day(iso: &str) -> i64 {
    let day: Date = iso[..10].parse().expect("an ISO date");
    date(1970, 1, 1).duration_until(day).as_hours() / 24
}

fn flows(case: &Value) -> (Vec<i64>, Vec<f64>) {
    let flows = case["flows"].as_array().expect("flows");
    flows.iter().map(|f| (day(f[0].as_str().expect("a date")), f[1].as_f64().expect("an amount"))).unzip()
}

/// Present value at `day` of dated flows at a yearly rate, Actual/365 Fixed, by definition.
fn xnpv(rate: f64, day: i64, days: &[i64], amounts: &[f64]) -> f64 {
    let years = |d: &i64| (d - day) as f64 / 365.0;
    days.iter().zip(amounts).map(|(d, amount)| amount * (-rate.ln_1p() * years(d)).exp()).sum()
}

/// What rounding the rate itself to a number leaves of the present value: 1 + r is known to one part in 2^52.
fn rounding(rate: f64, days: &[i64]) -> f64 {
    let span = days.iter().max().expect("flows") - days.iter().min().expect("flows");
    1e-12 + f64::EPSILON / (1.0 + rate) * span as f64 / 365.0
}

/// Present value at a rate over the sum of absolute present values, both at the first (or last) day.
fn residual(rate: f64, days: &[i64], amounts: &[f64]) -> f64 {
    let day = if 0.0 <= rate { days.iter().min() } else { days.iter().max() };
    let sizes: Vec<f64> = amounts.iter().map(|amount| amount.abs()).collect();
    let day = *day.expect("flows");
    xnpv(rate, day, days, amounts).abs() / xnpv(rate, day, days, &sizes)
}

fn assert_solves(found: &Irr, days: &[i64], amounts: &[f64], id: &str) {
    for rate in &found.rates {
        let residual = residual(*rate, days, amounts);
        assert!(residual <= rounding(*rate, days), "{id}: residual {residual} at {rate}");
    }
    assert!(found.rates.is_sorted(), "{id}: rates ascend");
    assert!(found.rates.len() <= found.sign_changes, "{id}: Descartes' bound");
}

fn assert_holds(found: &Irr, want: f64, tolerance: f64, id: &str) {
    let near = |rate: &f64| (rate - want).abs() <= tolerance * (1.0 + want.abs());
    assert!(found.rates.iter().any(near), "{id}: {want} is not among {:?}", found.rates);
}

#[test]
fn reference_cases_solve_and_agree() {
    let all = cases("xirr");
    for case in all["cases"].as_array().expect("cases") {
        let id = case["id"].as_str().expect("an id");
        if let Some(amounts) = case.get("periodic").map(numbers) {
            let found = irr(&amounts).expect("rates");
            let want = numbers(&case["all_irr"]);
            assert_eq!(found.rates.len(), want.len(), "{id}");
            for want in &want {
                assert_holds(&found, *want, 1e-13, id);
            }
            continue;
        }
        let (days, amounts) = flows(case);
        let days = case.get("days").map_or(days, |d| numbers(d).iter().map(|d| *d as i64).collect());
        let found = xirr(&days, &amounts).expect("rates");
        assert_solves(&found, &days, &amounts, id);
        if case.get("day_count").is_none() {
            assert_holds(&found, case["xirr"].as_f64().expect("a rate"), 1e-9, id);
        }
        if let Some(want) = case.get("xnpv_at_9pct").and_then(Value::as_f64) {
            let value = xnpv(0.09, days[0], &days, &amounts);
            assert!((value - want).abs() <= 1e-9 * want, "{id}: {value} {want}");
        }
    }
}

#[test]
fn pyxirr_samples_solve_and_agree() {
    let all = cases("xirr");
    let samples = &all["pyxirr_samples"];
    for case in samples["cases"].as_array().expect("cases") {
        let id = case["id"].as_str().expect("an id");
        let (days, amounts) = flows(case);
        let found = xirr(&days, &amounts).expect("rates");
        assert_solves(&found, &days, &amounts, id);
        if let Some(want) = case["xirr"].as_f64() {
            assert_holds(&found, want, 1e-8, id);
        } else if let Some(roots) = case.get("roots_found_by_us") {
            // The library refuses these, though they have a root near -100 %.
            for want in numbers(roots) {
                assert_holds(&found, want, 1e-9, id);
            }
        } else if id != "30-45" {
            assert_eq!(found.verdict, Verdict::NoRate, "{id}: {:?}", found.rates);
        }
        if let Some(second) = samples["second_roots"].get(id).and_then(Value::as_f64) {
            assert_holds(&found, second, 1e-9, id);
            assert_eq!(found.verdict, Verdict::SeveralRates, "{id}");
        }
    }
}

#[test]
fn private_equity_multiples_agree() {
    let all = cases("xirr");
    let case = &all["private_equity"];
    let (amounts, index) = (numbers(&case["flows"]), numbers(&case["index"]));
    let nav = case["nav"].as_f64().expect("a value");
    let near = |got: f64, key: &str| {
        let want = case[key].as_f64().expect("a number");
        assert!((got - want).abs() <= 1e-12, "{key}: {got} {want}");
    };
    let found = multiples(&amounts, nav).expect("multiples");
    near(found.dpi, "dpi");
    near(found.rvpi, "rvpi");
    near(found.tvpi, "tvpi");
    near(found.moic, "moic");
    near(pme_kaplan_schoar(&amounts, nav, &index).expect("a ratio"), "ks_pme");
    near(direct_alpha(&amounts, nav, &index).expect("rates").rates[0], "direct_alpha");
    near(pme_plus(&amounts, nav, &index).expect("rates").rates[0], "pme_plus");
}

#[test]
fn a_rate_just_above_total_loss_is_found() {
    // -210.79 + 411 x - 200 x² is zero for x = 0.985 and 1.07; over a day each, 1 + r = x^-365.
    let found = xirr(&[0, 1, 2], &[-210.79, 411.0, -200.0]).expect("rates");
    assert_eq!(found.verdict, Verdict::SeveralRates);
    assert_holds(&found, 0.985_f64.powi(-365) - 1.0, 1e-9, "large");
    assert!((1.0 + found.rates[0] - 1.88e-11).abs() < 1e-13, "{:e}", 1.0 + found.rates[0]);
    assert_solves(&found, &[0, 1, 2], &[-210.79, 411.0, -200.0], "near total loss");
}

#[test]
fn rates_that_no_number_holds_count_in_the_verdict() {
    // x = 0.5 and x = 2 a day: 1 + r = 2^365 and 2^-365, 10^110 and 10^-110.
    let found = xirr(&[0, 1, 2], &[-1.0, 2.5, -1.0]).expect("rates");
    assert_eq!((found.verdict, found.unwritten, found.rates.len()), (Verdict::SeveralRates, 1, 1));
    assert_holds(&found, 2.0_f64.powi(365), 1e-9, "2^365");
    // All but a billionth of a billionth is lost in a day.
    let lost = xirr(&[0, 1], &[-1.0, 1e-18]).expect("rates");
    assert_eq!((lost.verdict, lost.unwritten, lost.proof), (Verdict::OneRate, 1, Proof::Descartes));
}

#[test]
fn what_cancels_to_rounding_on_one_day_is_no_flow() {
    // 0.3 - 0.1 - 0.2 is -2.8e-17 in binary; taken for a payment it would be a second rate.
    let found = xirr(&[0, 365, 730, 730, 730], &[-100.0, 110.0, 0.3, -0.1, -0.2]).expect("rates");
    assert_eq!((found.verdict, found.sign_changes), (Verdict::OneRate, 1));
    assert_holds(&found, 0.1, 1e-12, "10%");
}

#[test]
fn touching_rate_is_one_rate() {
    let found = irr(&[-100.0, 220.0, -121.0]).expect("rates");
    assert_eq!((found.verdict, found.touching), (Verdict::OneRate, 1));
    assert!((found.rates[0] - 0.1).abs() <= 1e-7, "a double root keeps half of the digits");
    assert_eq!(found.proof, Proof::Isolation);
}

#[test]
fn norstrom_settles_several_sign_changes() {
    let found = irr(&[-100.0, 30.0, -10.0, 200.0]).expect("rates");
    assert_eq!((found.verdict, found.sign_changes), (Verdict::OneRate, 3));
    assert_eq!((found.sign_changes_cumulative, found.proof), (1, Proof::Norstrom));
}

#[test]
fn many_exact_roots_are_all_found() {
    // Product of (x - a) for a = 0.9, 0.8, ... 0.3: seven rates 1/a - 1.
    let roots: Vec<f64> = (0..7).map(|k| 0.9 - 0.1 * f64::from(k)).collect();
    let mut amounts = vec![1.0];
    for a in &roots {
        amounts.push(0.0);
        for i in (0..amounts.len()).rev() {
            amounts[i] = if i == 0 { 0.0 } else { amounts[i - 1] } - a * amounts[i];
        }
    }
    let found = irr(&amounts).expect("rates");
    assert_eq!(found.rates.len(), 7, "{:?}", found.rates);
    for a in &roots {
        assert_holds(&found, 1.0 / a - 1.0, 1e-9, "product");
    }
}

#[test]
fn senseless_flows_are_refused() {
    assert_eq!(irr(&[]), Err(IrrError::Empty));
    assert_eq!(irr(&[0.0, 0.0]), Err(IrrError::AllZero));
    assert_eq!(xirr(&[3, 3], &[1.0, -1.0]), Err(IrrError::AllZero));
    assert_eq!(irr(&[1.0, f64::NAN]), Err(IrrError::NotFinite));
    assert_eq!(xirr(&[1], &[1.0, 2.0]), Err(IrrError::Lengths));
    assert_eq!(multiples(&[5.0], 1.0), Err(IrrError::NothingPaidIn));
    assert_eq!(pme_kaplan_schoar(&[-1.0, 2.0], 0.0, &[1.0]), Err(IrrError::Lengths));
    assert_eq!(pme_kaplan_schoar(&[-1.0], 0.0, &[0.0]), Err(IrrError::NothingPaidIn));
}

#[test]
fn one_sign_has_no_rate() {
    let found = irr(&[-5.0, -1.0, -2.0]).expect("no rate, but no error");
    assert_eq!((found.verdict, found.proof), (Verdict::NoRate, Proof::Descartes));
}

fn series() -> impl Strategy<Value = Vec<(i32, f64)>> {
    prop::collection::vec((0..15_000_i32, -100.0..100.0_f64), 2..25)
}

proptest! {
    #[test]
    fn present_value_is_zero_at_every_rate(flows in series()) {
        let (days, amounts): (Vec<i64>, Vec<f64>) = flows.iter().map(|f| (i64::from(f.0), f.1)).unzip();
        let found = xirr(&days, &amounts).expect("rates");
        for rate in &found.rates {
            let residual = residual(*rate, &days, &amounts);
            prop_assert!(residual <= 10.0 * rounding(*rate, &days), "residual {} at {}", residual, rate);
        }
        prop_assert!(found.rates.len() <= found.sign_changes);
    }

    #[test]
    fn no_rate_is_missed_on_a_fine_grid(flows in series()) {
        let (days, amounts): (Vec<i64>, Vec<f64>) = flows.iter().map(|f| (i64::from(f.0), f.1)).unzip();
        let found = xirr(&days, &amounts).expect("rates");
        let last = *days.iter().max().expect("flows");
        let rates: Vec<f64> = (0..=2000).map(|k| (f64::from(k) * 0.0138 - 13.81).exp_m1()).collect();
        let values: Vec<f64> =
            rates.iter().map(|rate| xnpv(*rate, last, &days, &amounts)).collect();
        for k in 1..rates.len() {
            if values[k] * values[k - 1] < 0.0 {
                let inside = |rate: &&f64| rates[k - 1] <= **rate && **rate <= rates[k];
                prop_assert!(found.rates.iter().any(|rate| inside(&rate)), "between {} and {}",
                    rates[k - 1], rates[k]);
            }
        }
    }

    #[test]
    fn amounts_scale_and_days_shift_without_effect(flows in series(), shift in -20_000..20_000_i64) {
        let (days, amounts): (Vec<i64>, Vec<f64>) = flows.iter().map(|f| (i64::from(f.0), f.1)).unzip();
        let moved: Vec<i64> = days.iter().rev().map(|day| day + shift).collect();
        let doubled: Vec<f64> = amounts.iter().rev().map(|amount| -2.0 * amount).collect();
        let (a, b) = (xirr(&days, &amounts).expect("rates"), xirr(&moved, &doubled).expect("rates"));
        // Flows of one day are summed in the order given, so the last bits may differ.
        prop_assert_eq!(a.rates.len(), b.rates.len());
        for (a, b) in a.rates.iter().zip(&b.rates) {
            prop_assert!((a - b).abs() <= 1e-6 * (1.0 + a.abs()), "{} {}", a, b);
        }
    }
}
