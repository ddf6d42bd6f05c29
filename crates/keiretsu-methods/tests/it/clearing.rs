//! Clearing vectors against reference cases, by equality and by residual, and by their properties.

use crate::common::{cases, numbers, rows};
use crate::web::{Web, picard, webs};
use keiretsu_methods::clearing::{
    Cleared, ClearingError, Costs, Debt, Holding, Network, OUTSIDE, Workspace, clear, clear_least,
    clear_small, default_waves,
};
use proptest::prelude::*;
use serde_json::Value;

/// Which rank outside debt has, where a case has any.
fn rank_outside(case: &Value) -> u32 {
    let words = case["seniority"].as_str().unwrap_or("pari passu");
    // Inside debts have rank 1, so that outside debt can be before, beside or after them.
    u32::from(!words.contains("senior"))
}

fn web_of(case: &Value) -> Web {
    let mut web = Web { assets: numbers(case.get("e").or(case.get("a")).expect("assets")), ..Web::default() };
    let layers = case.get("L_by_seniority").and_then(Value::as_array).cloned();
    let layers = layers.unwrap_or_else(|| case.get("L").cloned().into_iter().collect());
    for (rank, layer) in layers.iter().enumerate() {
        for (debtor, row) in rows(layer).iter().enumerate() {
            for (creditor, amount) in row.iter().enumerate() {
                web.owe(debtor, creditor as u32, 1 + rank as u32, *amount);
            }
        }
    }
    if let Some(outside) = case.get("external_liabilities") {
        for (debtor, amount) in numbers(outside).iter().enumerate() {
            web.owe(debtor, OUTSIDE, rank_outside(case), *amount);
        }
    }
    if let Some(theta) = case.get("Theta") {
        for (issuer, row) in rows(theta).iter().enumerate() {
            for (holder, share) in row.iter().enumerate().filter(|(_, share)| 0.0 < **share) {
                web.holdings.push(Holding { holder: holder as u32, issuer: issuer as u32, share: *share });
            }
        }
    }
    if let (Some(alpha), Some(beta)) = (case.get("alpha"), case.get("beta")) {
        let kept = |value: &Value| value.as_f64().expect("a fraction");
        web.costs = vec![Costs { assets_kept: kept(alpha), receipts_kept: kept(beta) }];
    }
    web
}

fn paid_by(web: &Web, cleared: &Cleared, counts: impl Fn(&Debt) -> bool) -> Vec<f64> {
    let network = web.network();
    let mut paid = vec![0.0; web.assets.len()];
    for debt in web.debts.iter().filter(|debt| counts(debt)) {
        paid[debt.debtor as usize] += cleared.paid_on(&network, debt);
    }
    paid
}

fn assert_near(got: &[f64], want: &Value, tolerance: f64, what: &str) {
    let want = numbers(want);
    assert_eq!(got.len(), want.len(), "{what}: length");
    for (got, want) in got.iter().zip(&want) {
        assert!((got - want).abs() <= tolerance.max(1e-13) * (1.0 + want.abs()), "{what}: {got} {want}");
    }
}

#[test]
fn reference_cases_agree_and_solve() {
    let all = cases("clearing");
    for case in all["cases"].as_array().expect("cases") {
        let id = case["id"].as_str().expect("an id");
        let web = web_of(case);
        let cleared = web.clear();
        let tolerance = case["tol"].as_f64().unwrap_or(1e-9);
        assert!(cleared.exact, "{id}: exact");
        assert!(web.residual(&cleared) <= 1e-12, "{id}: residual {}", web.residual(&cleared));
        for (key, want) in case["expected"].as_object().expect("expected values") {
            check(&web, &cleared, (key, want), tolerance, id);
        }
        check_small(&web, &cleared, id);
    }
}

fn check(web: &Web, cleared: &Cleared, (key, want): (&str, &Value), tolerance: f64, id: &str) {
    let what = format!("{id} {key}");
    match key {
        "p" | "p_total" | "p_greatest" => assert_near(&cleared.paid, want, tolerance, &what),
        "p_interbank" => {
            assert_near(&paid_by(web, cleared, |debt| debt.creditor != OUTSIDE), want, tolerance, &what);
        }
        "p_senior" => assert_near(&paid_by(web, cleared, |debt| debt.rank == 1), want, tolerance, &what),
        "p_junior" => assert_near(&paid_by(web, cleared, |debt| debt.rank == 2), want, tolerance, &what),
        "equity_signed" => assert_near(&cleared.surplus, want, tolerance, &what),
        "default" => {
            let defaulted: Vec<f64> = cleared.defaulted.iter().map(|d| f64::from(u8::from(*d))).collect();
            assert_near(&defaulted, want, 0.0, &what);
        }
        "all_default" => assert!(cleared.defaulted.iter().all(|d| *d), "{what}"),
        "levels" => check_levels(web, want, &what),
        "iterates" => {
            let iterates = want.as_array().expect("iterates");
            assert_near(&cleared.paid, iterates.last().expect("an iterate"), tolerance, &what);
        }
        "p_formula" => {}
        other => panic!("{id}: nothing checks `{other}`"),
    }
}

fn check_levels(web: &Web, want: &Value, what: &str) {
    let waves = default_waves(&web.network(), &web.assets, &web.costs).expect("waves");
    for (level, members) in want.as_array().expect("levels").iter().enumerate() {
        let members: Vec<usize> = numbers(members).iter().map(|m| *m as usize).collect();
        let found: Vec<usize> = (0..waves.len()).filter(|k| waves[*k] == level as u32 + 1).collect();
        assert_eq!(found, members, "{what}: wave {}", level + 1);
    }
}

fn check_small(web: &Web, cleared: &Cleared, id: &str) {
    if !web.holdings.is_empty() {
        return;
    }
    let network = web.network();
    let mut paid = vec![f64::NAN; web.debts.len()];
    let mut workspace = Workspace::default();
    let outcome =
        clear_small(&mut workspace, &web.debts, &web.assets, &web.costs, &mut paid).expect("payments");
    assert_eq!(outcome.defaults as usize, cleared.defaulted.iter().filter(|d| **d).count(), "{id}");
    for (debt, paid) in web.debts.iter().zip(&paid) {
        assert!((paid - cleared.paid_on(&network, debt)).abs() <= 1e-12, "{id}: small and big differ");
    }
}

#[test]
fn rising_payments_restart_where_they_stop_short_of_a_solution() {
    // Rogers and Veraart (2013), example 3.3: payments rising from zero tend to (1, 1), which is no solution.
    let mut web = Web { assets: vec![1.0, 1.0], ..Web::default() };
    web.owe(0, 1, 0, 2.0);
    web.owe(1, 0, 0, 2.2);
    web.costs = vec![Costs { assets_kept: 0.5, receipts_kept: 0.5 }];
    let least = clear_least(&web.network(), &web.assets, &web.costs).expect("payments");
    assert!(web.residual(&least) <= 1e-12, "a solution is reached: {:?}", least.paid);
    assert!((least.paid[0] - 2.0).abs() <= 1e-12, "{:?}", least.paid);
}

#[test]
fn closed_ring_without_assets_has_two_solutions() {
    let mut web = Web { assets: vec![0.0, 0.0], ..Web::default() };
    web.owe(0, 1, 0, 10.0);
    web.owe(1, 0, 0, 20.0);
    let (greatest, least) = (web.clear(), clear_least(&web.network(), &web.assets, &[]).expect("payments"));
    assert!((greatest.paid[0] - 10.0).abs() <= 1e-12, "{:?}", greatest.paid);
    assert!((greatest.paid[1] - 10.0).abs() <= 1e-12, "{:?}", greatest.paid);
    assert!(least.paid.iter().all(|paid| *paid <= 0.0), "{:?}", least.paid);
}

#[test]
fn long_chain_falls_in_few_sweeps() {
    // Each owes the one before it, so that sweeps in order of indices meet creditors first.
    let parties = 20_000;
    let mut web = Web { assets: vec![0.0; parties], ..Web::default() };
    for party in 1..parties {
        web.owe(party, party as u32 - 1, 0, 1.0);
    }
    web.assets[parties - 1] = 0.25;
    let cleared = web.clear();
    assert!(cleared.exact && cleared.sweeps < 100, "{} sweeps", cleared.sweeps);
    assert!((cleared.paid[1] - 0.25).abs() <= 1e-12, "{}", cleared.paid[1]);
}

#[test]
fn large_nearly_closed_web_settles() {
    // 3,000 parties owe three others as much as they are owed, and a millionth to the outside; a tenth of
    // that is there, so that all default and money goes round some 300,000 times before it is out.
    let parties = 3000_u32;
    let mut web = Web { assets: vec![1e-7; parties as usize], ..Web::default() };
    for debtor in 0..parties {
        for step in [1, 17, 1234] {
            web.owe(debtor as usize, (debtor + step) % parties, 0, 1.0);
        }
        web.owe(debtor as usize, OUTSIDE, 0, 1e-6);
    }
    let cleared = web.clear();
    let outside: f64 = cleared.paid.iter().map(|paid| paid * 1e-6 / (3.0 + 1e-6)).sum();
    let kept: f64 = cleared.surplus.iter().map(|surplus| surplus.max(0.0)).sum();
    let given = 1e-7 * f64::from(parties);
    assert!(cleared.exact, "residual {}, {} sweeps", cleared.residual, cleared.sweeps);
    assert!((outside + kept - given).abs() <= 1e-6 * given, "{outside} and {kept} of {given}");
}

#[test]
fn senseless_input_is_refused() {
    let debt = |debtor, creditor, amount| Debt { debtor, creditor, rank: 0, amount };
    let new = |debt| Network::new(2, &[debt], &[]).err();
    assert_eq!(new(debt(0, 2, 1.0)), Some(ClearingError::NoSuchParty));
    assert_eq!(new(debt(OUTSIDE, 1, 1.0)), Some(ClearingError::NoSuchParty));
    assert_eq!(new(debt(0, 0, 1.0)), Some(ClearingError::WithItself));
    assert_eq!(new(debt(0, 1, -1.0)), Some(ClearingError::NotAnAmount));
    assert_eq!(new(debt(0, 1, f64::NAN)), Some(ClearingError::NotAnAmount));
    let hold = |holder, issuer, share| Holding { holder, issuer, share };
    let over = Network::new(3, &[], &[hold(0, 2, 0.6), hold(1, 2, 0.6)]);
    assert_eq!(over.err(), Some(ClearingError::Overheld));
    let network = Network::new(2, &[debt(0, 1, 1.0)], &[]).expect("a network");
    assert_eq!(clear(&network, &[1.0], &[]).err(), Some(ClearingError::Lengths));
    assert_eq!(clear(&network, &[1.0, -1.0], &[]).err(), Some(ClearingError::NotAnAmount));
    assert_eq!(clear(&network, &[f64::MAX, f64::MAX], &[]).err(), Some(ClearingError::NotAnAmount));
    let gain = Costs { assets_kept: 1.5, receipts_kept: 1.0 };
    assert_eq!(clear(&network, &[1.0, 1.0], &[gain]).err(), Some(ClearingError::NotAnAmount));
    let ring = Network::new(2, &[], &[hold(0, 1, 1.0), hold(1, 0, 1.0)]).expect("a network");
    assert_eq!(clear(&ring, &[1.0, 1.0], &[]).err(), Some(ClearingError::Overheld));
    let small = clear_small(&mut Workspace::default(), &[debt(0, 1, 1.0)], &[1.0, 1.0], &[], &mut []);
    assert_eq!(small.err(), Some(ClearingError::Lengths));
}

#[test]
fn nobody_owes_nothing() {
    let cleared = clear(&Network::new(0, &[], &[]).expect("a network"), &[], &[]).expect("payments");
    assert!(cleared.exact && cleared.paid.is_empty(), "an empty network clears");
}

fn assert_greatest(web: &Web) -> Result<(), TestCaseError> {
    let cleared = web.clear();
    let network = web.network();
    let residual = web.residual(&cleared);
    prop_assert!(residual <= 1e-11, "residual {}", residual);
    for (debt, bound) in web.debts.iter().zip(picard(web, 300)) {
        let paid = cleared.paid_on(&network, debt);
        prop_assert!(0.0 <= paid && paid <= debt.amount, "paid {} of {}", paid, debt.amount);
        // Picard's iterates fall towards the greatest solution, slowly in nearly closed rings.
        prop_assert!(paid <= bound + 1e-9, "paid {} above the bound {}", paid, bound);
    }
    if cleared.exact {
        let bounds = picard(web, 4_000).into_iter().zip(picard(web, 4_100));
        for (debt, (bound, later)) in web.debts.iter().zip(bounds) {
            let paid = cleared.paid_on(&network, debt);
            // Where a hundred more steps still lower it, the limit is not reached.
            let reached = bound - later <= 1e-9;
            prop_assert!(!reached || (paid - bound).abs() <= 1e-6, "paid {}, Picard's limit {}", paid, bound);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn plain_webs_get_their_greatest_solution(web in webs(1, false, false)) {
        assert_greatest(&web)?;
    }

    #[test]
    fn costs_and_ranks_get_their_greatest_solution(web in webs(3, true, false)) {
        assert_greatest(&web)?;
    }

    #[test]
    fn cross_holdings_get_their_greatest_solution(web in webs(2, true, true)) {
        assert_greatest(&web)?;
    }
}

proptest! {
    #[test]
    fn least_is_at_most_greatest(web in webs(2, false, true)) {
        let least = clear_least(&web.network(), &web.assets, &web.costs).expect("payments");
        prop_assert!(web.residual(&least) <= 1e-10, "residual {}", web.residual(&least));
        for (least, greatest) in least.paid.iter().zip(&web.clear().paid) {
            prop_assert!(*least <= greatest + 1e-9, "{} {}", least, greatest);
        }
    }

    #[test]
    fn more_assets_lower_no_payment(web in webs(3, true, true), who in 0..12_usize, gift in 0.0..5.0_f64) {
        let before = web.clear();
        let mut richer = web.clone();
        let who = who % richer.assets.len();
        richer.assets[who] += gift;
        for (before, after) in before.paid.iter().zip(&richer.clear().paid) {
            prop_assert!(*before <= after + 1e-9, "{} {}", before, after);
        }
    }

    #[test]
    fn free_default_is_no_cost(web in webs(3, false, false)) {
        let mut free = web.clone();
        free.costs = vec![Costs::NONE];
        prop_assert_eq!(web.clear(), free.clear());
    }

    #[test]
    fn names_do_not_matter(web in webs(3, true, true)) {
        let n = web.assets.len() as u32;
        let rename = |party: u32| if party == OUTSIDE { OUTSIDE } else { n - 1 - party };
        let mut other = web.clone();
        other.assets.reverse();
        for debt in &mut other.debts {
            (debt.debtor, debt.creditor) = (rename(debt.debtor), rename(debt.creditor));
        }
        for holding in &mut other.holdings {
            (holding.holder, holding.issuer) = (rename(holding.holder), rename(holding.issuer));
        }
        for (a, b) in web.clear().paid.iter().zip(other.clear().paid.iter().rev()) {
            prop_assert!((a - b).abs() <= 1e-9, "{} {}", a, b);
        }
    }

    #[test]
    fn money_is_conserved(web in webs(3, false, false)) {
        let cleared = web.clear();
        let outside: f64 = web.debts.iter().filter(|debt| debt.creditor == OUTSIDE)
            .map(|debt| cleared.paid_on(&web.network(), debt)).sum();
        let equity: f64 = cleared.surplus.iter().map(|surplus| surplus.max(0.0)).sum();
        let assets: f64 = web.assets.iter().sum();
        prop_assert!((equity + outside - assets).abs() <= 1e-10 * (1.0 + assets), "{} {} {}", equity, outside,
            assets);
    }

    #[test]
    fn only_the_order_of_ranks_matters(web in webs(3, true, true)) {
        let mut spread = web.clone();
        spread.debts.iter_mut().for_each(|debt| debt.rank = 7 + 1_000_000 * debt.rank);
        prop_assert_eq!(web.clear(), spread.clear());
    }

    #[test]
    fn small_and_big_agree(web in webs(3, true, false)) {
        let cleared = web.clear();
        let network = web.network();
        let mut workspace = Workspace::default();
        let mut paid = vec![0.0; web.debts.len()];
        for _ in 0..2 {
            clear_small(&mut workspace, &web.debts, &web.assets, &web.costs, &mut paid).expect("payments");
            for (debt, paid) in web.debts.iter().zip(&paid) {
                prop_assert!((paid - cleared.paid_on(&network, debt)).abs() <= 1e-12);
            }
        }
    }

    #[test]
    fn waves_are_the_defaults(web in webs(2, true, true)) {
        let waves = default_waves(&web.network(), &web.assets, &web.costs).expect("waves");
        for (wave, defaulted) in waves.iter().zip(&web.clear().defaulted) {
            prop_assert_eq!(0 < *wave, *defaulted);
        }
    }
}
