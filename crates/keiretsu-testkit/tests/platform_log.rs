//! A synthetic log gives back the effect of affiliation that it was made with.

use keiretsu_methods::choice::{Choices, SmallSample, covariance_robust, effect, fit};
use keiretsu_testkit::platform_log::Synthetic;

/// Whether the 95% interval of the weight of affiliation, and of the price it is worth, holds the true one.
fn covers(synthetic: Synthetic) -> [bool; 2] {
    let rows = synthetic.rows();
    let one = |flag: bool| f64::from(u8::from(flag));
    let features: Vec<f64> = rows
        .iter()
        .flat_map(|row| [one(row.affiliated()), row.price, row.quality, one(row.default)])
        .collect();
    let mut starts: Vec<usize> =
        (0..rows.len()).filter(|at| *at == 0 || rows[at - 1].situation != rows[*at].situation).collect();
    let tenants: Vec<u32> = starts.iter().map(|at| rows[*at].tenant).collect();
    starts.push(rows.len());
    let chosen: Vec<usize> = (0..rows.len()).filter(|at| rows[*at].chosen).collect();
    let choices = Choices { features: &features, features_count: 4, starts: &starts, chosen: &chosen };
    let fit = fit(&choices).expect("weights");
    let robust = covariance_robust(&choices, &fit, &tenants, SmallSample::Cr1).expect("a sandwich");
    let effect = effect(&fit, &robust, 0, Some(1), Some(2)).expect("an effect");
    let price = effect.price.expect("a price");
    let worth = -synthetic.affiliated / synthetic.price;
    let holds = |low: f64, high: f64, truth: f64| low <= truth && truth <= high;
    [holds(effect.weight.low, effect.weight.high, synthetic.affiliated), holds(price.low, price.high, worth)]
}

/// Of 200 draws, 190 are expected in the interval with a standard deviation of 3.1; robust errors of 60
/// clusters are a little too small. The band is three deviations below and above.
#[test]
fn the_known_effect_comes_back_in_95_of_100_draws() {
    for affiliated in [0.0, 0.5] {
        let draws = (0..200).map(|seed| covers(Synthetic { seed, affiliated, ..Synthetic::default() }));
        let held = draws.fold([0, 0], |sum, held| [sum[0] + u32::from(held[0]), sum[1] + u32::from(held[1])]);
        for count in held {
            assert!((181..=199).contains(&count), "{count} of 200 at {affiliated}");
        }
    }
}

#[test]
fn a_log_says_that_it_is_synthetic() {
    let text = Synthetic { situations: 3, ..Synthetic::default() }.csv();
    assert!(text.starts_with("# synthetic: made by keiretsu-testkit, no platform's data"));
    let chosen = text.lines().skip(2).filter(|line| line.ends_with(",1")).count();
    assert_eq!(chosen, 3, "{text}");
}
