//! Conditional logit against the travel mode data, and refusals.

use crate::common::files::read;
use crate::common::{cases, number, numbers};
use keiretsu_methods::choice::{
    ChoiceError, Choices, Groups, Inference, SmallSample, Unidentified, Unknown, count, covariance_robust,
    critical, effect, fit, inference, standard_errors, unidentified,
};
use proptest::prelude::*;

/// Greene's travel mode data: gc, ttme, air, hinc x air, train, bus by traveller and mode; the rows chosen.
fn travel_mode() -> (Vec<f64>, Vec<usize>, Vec<usize>) {
    let text = read("travel_mode.csv");
    let mut lines = text.lines();
    let header: Vec<&str> =
        lines.next().expect("a header").split(';').map(|name| name.trim_matches('"')).collect();
    let column = |name: &str| header.iter().position(|h| *h == name).expect("a column");
    let columns = ["mode", "choice", "gc", "ttme", "hinc"].map(column);
    let (mut features, mut chosen, mut rows) = (Vec::new(), Vec::new(), 0);
    for line in lines.filter(|line| !line.is_empty()) {
        let cells: Vec<f64> =
            line.split(';').map(|cell| cell.trim_matches('"').parse().expect("a number")).collect();
        let [mode, choice, gc, ttme, hinc] = columns.map(|column| cells[column]);
        let is = |m: f64| if (mode - m).abs() < 0.5 { 1.0 } else { 0.0 };
        features.extend([gc, ttme, is(1.0), hinc * is(1.0), is(2.0), is(3.0)]);
        if 0.5 < choice {
            chosen.push(rows);
        }
        rows += 1;
    }
    (features, chosen, (0..=rows).step_by(4).collect())
}

#[test]
fn travel_mode_agrees() {
    let all = cases("conditional_logit");
    let (features, chosen, starts) = travel_mode();
    let choices = Choices { features: &features, features_count: 6, starts: &starts, chosen: &chosen };
    let found = fit(&choices).expect("weights");
    let near = |got: f64, want: f64, tolerance: f64, what: &str| {
        assert!((got - want).abs() <= tolerance * want.abs(), "{what}: {got} {want}");
    };
    for (got, want) in found.weights.iter().zip(numbers(&all["coef"])) {
        near(*got, want, 2e-5, "weight");
    }
    for (got, want) in found.weights.iter().zip(numbers(&all["survival_clogit"]["coef"])) {
        near(*got, want, 1e-9, "weight, converged");
    }
    near(found.log_likelihood, number(&all["survival_clogit"]["loglik"]), 1e-11, "log likelihood");
    near(found.log_likelihood_equal, number(&all["ll_equal_shares"]), 1e-11, "log likelihood, equal shares");
    for (got, want) in standard_errors(&found.covariance, 6).iter().zip(numbers(&all["se"])) {
        near(*got, want, 2e-5, "standard error");
    }
    let robust = &all["robust"];
    let travellers: Vec<u32> = (0..chosen.len() as u32).collect();
    let thirties: Vec<u32> = travellers.iter().map(|traveller| traveller / 7).collect();
    for (key, clusters) in [("by_individual", travellers), ("by_cluster", thirties)] {
        let Some(want) = robust.get(key) else { continue };
        let covariance =
            covariance_robust(&choices, &found, &clusters, SmallSample::None).expect("a sandwich");
        for (got, want) in standard_errors(&covariance, 6).iter().zip(numbers(want)) {
            near(*got, want, 1e-8, key);
        }
    }
}

#[test]
fn senseless_choices_are_refused() {
    let choices = |features: &'static [f64], starts: &'static [usize], chosen: &'static [usize]| {
        fit(&Choices { features, features_count: 1, starts, chosen }).err()
    };
    assert_eq!(choices(&[], &[0], &[]), Some(ChoiceError::Empty));
    assert_eq!(choices(&[1.0, 2.0], &[0, 2], &[2]), Some(ChoiceError::Lengths));
    assert_eq!(choices(&[1.0, 2.0], &[0, 3], &[0]), Some(ChoiceError::Lengths));
    assert_eq!(choices(&[1.0, f64::NAN], &[0, 2], &[0]), Some(ChoiceError::NotFinite));
    assert_eq!(choices(&[1.0, 1.0], &[0, 2], &[0]), Some(ChoiceError::NotIdentified));
    assert_eq!(choices(&[1.0, 2.0, 0.0, 5.0], &[0, 2, 4], &[1, 3]), Some(ChoiceError::Separated));
    let data =
        Choices { features: &[1.0, 2.0, 0.0, 5.0], features_count: 1, starts: &[0, 2, 4], chosen: &[0, 3] };
    let found = fit(&data).expect("weights");
    let few = covariance_robust(&data, &found, &[7, 7], SmallSample::Cr1);
    assert_eq!(few.err(), Some(ChoiceError::TooFewClusters));
}

/// Four situations with an affiliated alternative at an equal price, chosen in three; four of equal
/// affiliation, in which the cheaper one is chosen three times.
fn two_by_two() -> ([f64; 32], [usize; 9], [usize; 8]) {
    let (mut features, mut chosen) = ([0.0; 32], [0; 8]);
    for situation in 0..8 {
        let feature = usize::from(situation >= 4);
        features[situation * 4 + feature] = 1.0;
        let first = (situation % 4 == 0) == (feature == 0);
        chosen[situation] = 2 * situation + usize::from(first);
    }
    (features, std::array::from_fn(|n| 2 * n), chosen)
}

#[test]
fn an_effect_of_two_by_two_is_known_by_hand() {
    let (features, starts, chosen) = two_by_two();
    let choices = Choices { features: &features, features_count: 2, starts: &starts, chosen: &chosen };
    assert_eq!(unidentified(&choices), None);
    let found = fit(&choices).expect("weights");
    let inference = Inference {
        covariance: found.covariance.clone(),
        degrees: 1.0,
        p: None,
        tenants: count(&[1.0, 1.0]),
        sides: None,
        reassigned: false,
        unknown: None,
    };
    let effect = effect(&found, &inference, 0, Some(1), Some(1)).expect("an effect");
    // Odds of 3 to 1 each way; each weight has information 4 x 3/4 x 1/4.
    let (ln3, error) = (3.0_f64.ln(), (1.0_f64 / 0.75).sqrt());
    let near = |got: f64, want: f64| assert!((got - want).abs() < 1e-9, "{got} {want}");
    near(effect.weight.value, ln3);
    near(effect.weight.standard_error.expect("an error"), error);
    // The 97.5% point of t with one degree of freedom, tan(0.475 pi).
    near(effect.weight.interval.expect("an interval")[1], ln3 + error * (0.475 * std::f64::consts::PI).tan());
    near(effect.odds_ratio, 3.0);
    let price = effect.price.expect("a price");
    near(price.value, 1.0);
    // The two weights are independent and equal in size: the variance of their ratio is 2 v / b squared.
    near(price.standard_error.expect("an error"), (2.0 * error * error / (ln3 * ln3)).sqrt());
    near(effect.quality.expect("a quality").value, -1.0);
    near(effect.unseen, ln3);
    near(effect.unseen_to_doubt.expect("a doubt"), 0.0);
}

#[test]
fn clusters_of_unlike_size_count_by_their_effective_number() {
    let near = |got: f64, want: f64| assert!((got - want).abs() < 1e-9, "{got} {want}");
    // By hand: one with 78 situations and 39 with 2: 156² / (78² + 39 x 4).
    near(count(&[&[78.0][..], &[2.0; 39]].concat()).effective, 156.0 * 156.0 / (6084.0 + 156.0));
    near(count(&[3.0; 40]).effective, 40.0);
    // Table of t: 97.5% points.
    near((critical(1.0) * 1000.0).round(), 12_706.0);
    near((critical(4.0) * 1000.0).round(), 2776.0);
    near((critical(1e9) * 1000.0).round(), 1960.0);
}

/// Pairs of an affiliated and another model, at equal prices: who is chosen by tenant and pair of models.
fn pairs(tenants: u32, models: u32, affiliated_wins: impl Fn(u32, u32, u32) -> bool) -> (Inference, f64) {
    pairs_of(tenants, models, |tenant| tenant, affiliated_wins)
}

fn pairs_of(
    tenants: u32,
    models: u32,
    named: impl Fn(u32) -> u32,
    affiliated_wins: impl Fn(u32, u32, u32) -> bool,
) -> (Inference, f64) {
    let (mut features, mut starts, mut chosen) = (vec![], vec![0], vec![]);
    let (mut by_tenant, mut by_model) = (vec![], vec![]);
    for tenant in 0..tenants {
        for own in 0..models {
            for other in 0..models {
                chosen.push(starts[starts.len() - 1] + usize::from(!affiliated_wins(tenant, own, other)));
                features.extend([1.0, 0.0]);
                by_model.extend([own, models + other]);
                by_tenant.push(named(tenant));
                starts.push(by_model.len());
            }
        }
    }
    let choices = Choices { features: &features, features_count: 1, starts: &starts, chosen: &chosen };
    let found = fit(&choices).expect("weights");
    let groups = Groups { tenants: &by_tenant, models: &by_model };
    (inference(&choices, &found, 0, groups).expect("errors"), found.weights[0])
}

/// By hand: two tenants of four situations each, of which the affiliated one takes three and one: without
/// either the odds are 1 to 3 or 3 to 1. The weight is 0 with information 8 / 4; leaving out one tenant with
/// a score of 1 moves it by 1 / (4 / 4) = 1, and the variance is 1/2 x (1 + 1) = 1.
#[test]
fn the_variance_by_tenants_is_a_jackknife() {
    let (found, weight) = pairs(2, 2, |tenant, own, other| (own == 0 && other == 0) == (tenant == 1));
    assert!(weight.abs() < 1e-12, "{weight}");
    assert!((found.covariance[0] - 1.0).abs() < 1e-9, "{:?}", found.covariance);
    assert!((found.degrees - 1.0).abs() < 1e-9, "two tenants of like size");
    assert_eq!((found.unknown, found.p), (Some(Unknown::FewModels), None), "six ways to reassign 2 of 4");
}

#[test]
fn merits_of_few_models_widen_the_interval() {
    // Affiliated 0 and other 0 and 1 are better than the rest; beside them choices alternate.
    let plain = pairs(20, 5, |tenant, own, other| (tenant + own + other).is_multiple_of(2));
    let merits = |tenant: u32, own: u32, other: u32| match (own == 0, other < 2) {
        (true, false) => true,
        (false, true) => false,
        _ => (tenant + own + other).is_multiple_of(2),
    };
    let apart = pairs(20, 5, merits);
    let error = |found: &Inference| found.covariance[0].sqrt();
    assert_eq!((plain.0.unknown, apart.0.unknown), (None, None));
    assert!(3.0 * error(&plain.0) < error(&apart.0), "{} {}", error(&plain.0), error(&apart.0));
    assert!(0.3 < apart.0.p.expect("a chance"), "{:?}", apart.0.p);
}

/// By hand: of 50 blocks of situations 49 are one tenant's, so that two count as 2500 / (49² + 1) = 1.04.
#[test]
fn where_one_tenant_makes_nearly_all_choices_there_is_no_interval() {
    let wins = |tenant: u32, own: u32, other: u32| (tenant + own * other).is_multiple_of(3);
    let (found, _) = pairs_of(50, 5, |tenant| tenant / 49, wins);
    assert!((found.tenants.effective - 2500.0 / 2402.0).abs() < 1e-9, "{:?}", found.tenants);
    assert_eq!((found.unknown, found.p), (Some(Unknown::FewTenants), None));
    assert_eq!(pairs(50, 5, wins).0.unknown, None);
}

#[test]
fn features_without_a_weight_of_their_own_are_named() {
    let starts = [0, 2, 4, 6];
    let choices = |features: &'static [f64]| {
        unidentified(&Choices { features, features_count: 3, starts: &starts, chosen: &[0, 2, 4] })
    };
    let constant = [1.0, 7.0, 0.0, 2.0, 7.0, 1.0, 1.0, 9.0, 0.0, 3.0, 9.0, 5.0, 1.0, 8.0, 0.0, 4.0, 8.0, 7.0];
    let leaked: &'static [f64] = Box::leak(Box::new(constant));
    assert_eq!(choices(leaked), Some(Unidentified::Constant { feature: 1 }));
    // The third is twice the first less the second.
    let sums: Vec<f64> = [(1.0, 7.0), (2.0, 3.0), (1.0, 9.0), (3.0, 4.0), (1.0, 8.0), (4.0, 8.5)]
        .iter()
        .flat_map(|(a, b)| [*a, *b, 2.0 * a - b])
        .collect();
    let dependent = choices(Box::leak(sums.into_boxed_slice()));
    assert_eq!(dependent, Some(Unidentified::Dependent { feature: 2, on: vec![0, 1] }));
}

proptest! {
    /// At the optimum observed and expected features agree, and shifting all alternatives of a situation by
    /// the same amount changes nothing.
    #[test]
    fn only_differences_within_a_situation_count(
        features in prop::collection::vec(-3.0..3.0_f64, 60 * 2),
        picks in prop::collection::vec(0..3_usize, 20),
        shift in -5.0..5.0_f64,
    ) {
        let starts: Vec<usize> = (0..=60).step_by(3).collect();
        let chosen: Vec<usize> = picks.iter().enumerate().map(|(n, pick)| 3 * n + pick).collect();
        let choices = Choices { features: &features, features_count: 2, starts: &starts, chosen: &chosen };
        let moved: Vec<f64> = features.iter().enumerate()
            .map(|(k, x)| if k < 6 { x + shift } else { *x }).collect();
        let moved = Choices { features: &moved, ..choices };
        match (fit(&choices), fit(&moved)) {
            (Ok(a), Ok(b)) => {
                for (a, b) in a.weights.iter().zip(&b.weights) {
                    prop_assert!((a - b).abs() <= 1e-8 * (1.0 + a.abs()), "{} {}", a, b);
                }
                prop_assert!(a.log_likelihood_equal <= a.log_likelihood + 1e-9);
            }
            (a, b) => prop_assert_eq!(a.err(), b.err()),
        }
    }
}

#[test]
fn chances_and_spreads_are_those_of_the_definition() {
    use keiretsu_methods::choice::{p_value, utility_spread};
    let near = |got: f64, want: f64| assert!((got - want).abs() < 1e-12, "{got} {want}");
    // The 97.5 % point of the normal distribution, 1.959963984540054.
    near(p_value(1.959_963_984_540_054), 0.05);
    near(p_value(0.0), 1.0);
    // Three pairs that differ by (1, 2) and three that differ by (1, -4).
    let features = [[1.0, 2.0, 0.0, 0.0].repeat(3), [1.0, 0.0, 0.0, 4.0].repeat(3)].concat();
    let starts: Vec<usize> = (0..=12).step_by(2).collect();
    let data =
        Choices { features: &features, features_count: 2, starts: &starts, chosen: &[0, 2, 5, 7, 9, 10] };
    let found = fit(&data).expect("weights");
    // By the second feature alone, alternatives lie 1 or 2 units around their mean.
    let spread = utility_spread(&data, &found, &[0]).expect("a spread");
    near(spread, found.weights[1].abs() * 2.5_f64.sqrt());
    assert_eq!(utility_spread(&data, &found, &[0, 1]), None, "nothing seen");
}
