//! A synthetic log gives back the effect of affiliation that it was made with, in every regime that the
//! manual of `neutrality` claims: 95% intervals hold the truth in at least 93 of 100 draws, or there is no
//! interval.
//!
//! `LEVELS=2000 cargo test -p keiretsu-testkit --test platform_log` draws so many logs of each regime and
//! prints the shares; without it few are drawn, and the bound allows for that.

use keiretsu_methods::choice::{Choices, Groups, effect, fit, inference};
use keiretsu_testkit::platform_log::Synthetic;

/// Whether the 95% interval of the weight of affiliation, and of the price it is worth, holds the true one;
/// none where there is no interval.
fn covers(synthetic: Synthetic) -> Option<[bool; 2]> {
    let rows = synthetic.rows();
    let one = |flag: bool| f64::from(u8::from(flag));
    let features: Vec<f64> =
        rows.iter().flat_map(|row| [one(row.affiliated), row.price, row.quality, one(row.default)]).collect();
    let mut starts: Vec<usize> =
        (0..rows.len()).filter(|at| *at == 0 || rows[at - 1].situation != rows[*at].situation).collect();
    let tenants: Vec<u32> = starts.iter().map(|at| rows[*at].tenant).collect();
    starts.push(rows.len());
    let models: Vec<u32> = rows.iter().map(|row| row.model).collect();
    let chosen: Vec<usize> = (0..rows.len()).filter(|at| rows[*at].chosen).collect();
    let choices = Choices { features: &features, features_count: 4, starts: &starts, chosen: &chosen };
    let fit = fit(&choices).expect("weights");
    let groups = Groups { tenants: &tenants, models: &models };
    let inference = inference(&choices, &fit, 0, groups).expect("errors");
    let effect = effect(&fit, &inference, 0, Some(1), Some(2)).expect("an effect");
    let worth = -synthetic.affiliated / synthetic.price;
    let holds = |[low, high]: [f64; 2], truth: f64| low <= truth && truth <= high;
    let weight = holds(effect.weight.interval?, synthetic.affiliated);
    // A chance of 5% or less and an interval that holds no zero say the same.
    let p = inference.p.expect("where there is an interval");
    assert!(!holds(effect.weight.interval?, 0.0) || 0.049 < p, "chance {p}");
    Some([weight, holds(effect.price?.interval?, worth)])
}

fn draws(few: u64) -> u64 {
    std::env::var("LEVELS").ok().and_then(|text| text.parse().ok()).unwrap_or(few)
}

/// The share of draws with an interval, and of these the share that hold the truth.
fn levels(name: &str, few: u64, regime: Synthetic) {
    let draws = draws(few);
    let found: Vec<[bool; 2]> = (0..draws).filter_map(|seed| covers(Synthetic { seed, ..regime })).collect();
    let count = found.len() as f64;
    let share = |at: usize| found.iter().filter(|held| held[at]).count() as f64 / count;
    println!(
        "{name}: intervals in {} of {draws}, weight {:.3}, price {:.3}",
        found.len(),
        share(0),
        share(1)
    );
    if found.is_empty() {
        return;
    }
    // Three standard deviations of the share itself.
    let slack = 3.0 * (0.93_f64 * 0.07 / count).sqrt();
    assert!(0.93 - slack <= share(0), "{name}: {:.3} of {count}", share(0));
    if regime.tastes <= 0.0 || regime.affiliated.abs() <= 0.0 {
        assert!(0.93 - slack <= share(1), "{name}: price {:.3} of {count}", share(1));
    }
}

const NONE: Synthetic = Synthetic {
    seed: 0,
    situations: 1200,
    tenants: 60,
    affiliated: 0.0,
    price: -0.25,
    quality: 0.8,
    default: 1.0,
    models: [30, 30],
    merits: 0.0,
    tastes: 0.0,
    largest: 0.0,
};

#[test]
fn a_plain_log_gives_back_its_effect() {
    for affiliated in [0.0, 0.5] {
        levels("plain", 24, Synthetic { affiliated, situations: 600, models: [4, 4], ..NONE });
        levels("plain, many models", 24, Synthetic { affiliated, situations: 600, ..NONE });
    }
}

#[test]
fn few_tenants_with_tastes_of_their_own() {
    for tenants in [2, 3, 5, 10, 60] {
        levels(&format!("{tenants} tenants"), 24, Synthetic { tenants, tastes: 0.8, ..NONE });
    }
}

#[test]
fn one_tenant_that_prevails() {
    for largest in [0.3, 0.5, 0.8] {
        let name = format!("one of 40 tenants with {largest}");
        levels(&name, 24, Synthetic { tenants: 40, largest, tastes: 0.8, ..NONE });
    }
}

#[test]
fn few_models_with_merits_that_nothing_shows() {
    for models in [[2, 2], [3, 4], [4, 4], [2, 8], [5, 8], [30, 30]] {
        for merits in [0.2, 0.5] {
            levels(&format!("{models:?} models, merits {merits}"), 24, Synthetic { models, merits, ..NONE });
        }
    }
}

#[test]
fn few_models_and_few_tenants() {
    for (tenants, models) in [(10, [5, 8]), (5, [4, 4]), (20, [10, 10])] {
        let regime = Synthetic { tenants, models, merits: 0.5, tastes: 0.8, ..NONE };
        levels(&format!("{tenants} tenants and {models:?} models"), 24, regime);
    }
}

#[test]
fn a_log_says_that_it_is_synthetic() {
    let text = Synthetic { situations: 3, ..Synthetic::default() }.csv();
    assert!(text.starts_with("# synthetic: made by keiretsu-testkit, no platform's data"));
    let chosen = text.lines().skip(2).filter(|line| line.ends_with(",1")).count();
    assert_eq!(chosen, 3, "{text}");
}
