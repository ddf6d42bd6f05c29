//! Cap tables against reference cases, and their properties.

use crate::common::{cases, number};
use keiretsu_methods::captable::round::{Cap, Closed, Convertible, Pool, RoundTerms, close};
use keiretsu_methods::captable::waterfall::{Class, Participation, distribute};
use keiretsu_methods::captable::{
    CapTableError, Interest, as_converted, full_ratchet_price, note_amount, weighted_average_price,
};
use proptest::prelude::*;
use serde_json::Value;

fn near(got: f64, want: f64, what: &str) {
    assert!((got - want).abs() <= 1e-12 * (1.0 + want.abs()), "{what}: {got} {want}");
}

fn of(value: &Value, key: &str) -> f64 {
    value.get(key).map_or(0.0, number)
}

fn convertible(safe: &Value) -> Convertible {
    Convertible {
        amount: of(safe, "purchase"),
        discount: of(safe, "discount"),
        cap: safe.get("post_money_cap").map_or(Cap::None, |cap| Cap::PostMoney(number(cap))),
    }
}

/// Terms and convertibles of a case; one that extends another takes what it lacks from it.
fn round(all: &[Value], case: &Value) -> (RoundTerms, Vec<Convertible>) {
    let base = case
        .get("extends")
        .map_or(case, |id| all.iter().find(|c| c["id"] == *id).expect("the extended case"));
    let before = base.get("pre_safe_capitalization").unwrap_or(base);
    let counted =
        ["founders", "common", "options_outstanding", "options_promised", "pool_unissued", "pool_reserved"];
    let safes = match (base.get("safes"), base.get("safe")) {
        (Some(safes), _) => safes.as_array().expect("safes").iter().map(convertible).collect(),
        (None, Some(safe)) => vec![convertible(safe)],
        (None, None) => Vec::new(),
    };
    let terms = case.get("round").cloned().unwrap_or_default();
    let pool = terms.get("pool_target_unallocated").map(|target| Pool::TargetUnallocated(number(target)));
    let terms = RoundTerms {
        capitalization: counted.iter().map(|key| of(before, key)).sum(),
        unallocated: of(before, "pool_unissued") + of(before, "pool_reserved") - of(before, "pool_granted"),
        // Without a round, one so large that caps bind.
        pre_money: terms.get("pre_money").map_or(1e9, number),
        new_money: of(&terms, "new_money"),
        pool: pool.unwrap_or(Pool::Increase(of(&terms, "pool_increase"))),
    };
    (terms, safes)
}

fn check_round(closed: &Closed, key: &str, want: &Value, id: &str) {
    let what = format!("{id} {key}");
    match key {
        "company_capitalization" => near(closed.company_capitalization, number(want), &what),
        "fully_diluted" => near(closed.fully_diluted, number(want), &what),
        "price" => near(closed.price, number(want), &what),
        "pool_increase" => near(closed.pool_increase, number(want), &what),
        "new_shares" | "new_money_shares" => near(closed.new_shares, number(want), &what),
        "A" | "safe_shares" | "discount_safe_shares" => near(closed.converted[0], number(want), &what),
        "B" | "capped_safe_shares" => near(closed.converted[1], number(want), &what),
        "ownership" => {
            let parts: f64 = want.as_object().expect("parts").values().map(number).sum();
            near(parts, 1.0, &what);
        }
        other => panic!("{id}: nothing checks `{other}`"),
    }
}

#[test]
fn reference_cases_agree() {
    let file = cases("captable");
    let all = file["cases"].as_array().expect("cases");
    for case in all {
        let id = case["id"].as_str().expect("an id");
        if let Some(note) = case.get("note") {
            check_note(note, case, id);
        } else if case.get("issue").is_some() {
            check_antidilution(case, id);
        } else if id.starts_with("waterfall") {
            check_waterfall(all, case, id);
        } else {
            let (terms, safes) = round(all, case);
            let closed = close(&terms, &safes).expect("a round");
            // Printed values are rounded down to whole shares; exact ones come as fractions.
            let exact = case.get("exact").or(case.get("expected")).expect("expected values");
            for (key, want) in exact.as_object().expect("expected values") {
                check_round(&closed, key, want, id);
            }
            check_round_residual(&terms, &closed, id);
        }
    }
}

fn check_round_residual(terms: &RoundTerms, closed: &Closed, id: &str) {
    let converted: f64 = closed.converted.iter().sum();
    near(closed.company_capitalization, terms.capitalization + converted, id);
    let before = closed.company_capitalization + closed.pool_increase;
    near(before * closed.price, terms.pre_money, id);
    near(closed.new_shares * closed.price, terms.new_money, id);
}

fn check_note(note: &Value, case: &Value, id: &str) {
    assert_eq!(note.get("simple"), Some(&Value::Bool(true)), "{id}: nothing checks other interest");
    let amount = note_amount(of(note, "principal"), of(note, "rate"), of(note, "years"), Interest::Simple);
    near(amount.expect("an amount"), of(&case["expected"], "converting_amount"), id);
}

fn check_antidilution(case: &Value, id: &str) {
    let (a, b, issue) = (&case["series_a"], &case["series_b"], &case["issue"]);
    let outstanding = of(case, "common") + of(a, "shares") + of(b, "shares") + of(case, "options");
    let issued = of(issue, "shares");
    for (series, want) in [(a, &case["expected"]["series_a"]), (b, &case["expected"]["series_b"])] {
        let price = of(series, "price");
        let after =
            weighted_average_price(price, outstanding, issued * of(issue, "price"), issued).expect("a price");
        near(after, of(want, "cp2"), id);
        near(as_converted(of(series, "shares"), price, after).expect("shares"), of(want, "as_converted"), id);
    }
}

fn check_waterfall(all: &[Value], case: &Value, id: &str) {
    let base =
        case.get("same_as").map_or(case, |id| all.iter().find(|c| c["id"] == *id).expect("the base case"));
    let changed = case.get("change").is_some();
    let listed = base["classes"].as_array().expect("classes");
    let class = |class: &Value| {
        let raised = changed && class["id"] == "safe_pref";
        let preference = if raised { 7.0 / 6.0 } else { of(class, "pref_per_share") };
        Class {
            shares: of(class, "shares"),
            preference: preference * of(class, "shares"),
            rank: of(class, "rank") as u32,
            participation: Participation::None,
        }
    };
    let known = case.get("change").is_none_or(|change| change == "safe_pref preference per share is 7/6");
    assert!(known, "{id}: nothing checks this change");
    let classes: Vec<Class> = listed.iter().map(class).collect();
    let paid = distribute(&classes, of(case, "exit")).expect("payments");
    for (class, paid) in listed.iter().zip(&paid) {
        near(*paid, of(&case["expected"], class["id"].as_str().expect("an id")), id);
    }
}

#[test]
fn large_exit_converts_everyone() {
    // METHODS.md, waterfalls: 141 million gives 60, 18, 7 and 56 million.
    let class =
        |shares, preference, rank| Class { shares, preference, rank, participation: Participation::None };
    let classes =
        [class(8e6, 0.0, 9), class(1e6, 1e6, 1), class(18e6 / 7.0, 3e6, 1), class(60e6 / 7.0, 4e6, 0)];
    let paid = distribute(&classes, 141e6).expect("payments");
    for (paid, want) in paid.iter().zip([56e6, 7e6, 18e6, 60e6]) {
        near(*paid, want, "exit of 141 million");
    }
}

#[test]
fn capped_participation_stops_and_then_converts() {
    let common = Class { shares: 50.0, preference: 0.0, rank: 1, participation: Participation::None };
    let capped = Class { shares: 50.0, preference: 10.0, rank: 0, participation: Participation::UpTo(20.0) };
    let preferred = |proceeds| distribute(&[common, capped], proceeds).expect("payments")[1];
    near(preferred(5.0), 5.0, "preference in part");
    near(preferred(20.0), 15.0, "preference and half of the rest");
    near(preferred(35.0), 20.0, "at the cap");
    near(preferred(60.0), 30.0, "converted");
}

#[test]
fn pre_money_cap_counts_shares_before_conversion() {
    let terms = RoundTerms {
        capitalization: 8e6,
        unallocated: 0.0,
        pre_money: 12e6,
        new_money: 0.0,
        pool: Pool::Increase(0.0),
    };
    let note = Convertible { amount: 1e6, discount: 0.2, cap: Cap::PreMoney(4e6) };
    near(close(&terms, &[note]).expect("a round").converted[0], 2e6, "a million at 0.50");
    near(full_ratchet_price(2.0, 0.5).expect("a price"), 0.5, "full ratchet");
    near(note_amount(100.0, 0.1, 2.0, Interest::Compounding).expect("an amount"), 121.0, "compounded");
}

#[test]
fn senseless_terms_are_refused() {
    let terms = RoundTerms {
        capitalization: 1e6,
        unallocated: 0.0,
        pre_money: 1e6,
        new_money: 0.0,
        pool: Pool::Increase(0.0),
    };
    let safe = |amount, discount, cap| [Convertible { amount, discount, cap }];
    let error = |convertibles: &[Convertible]| close(&terms, convertibles).err();
    assert_eq!(error(&safe(1e6, 0.0, Cap::PostMoney(1e6))), Some(CapTableError::CapsTakeAll));
    assert_eq!(error(&safe(2e6, 0.0, Cap::None)), Some(CapTableError::NoPrice));
    assert_eq!(error(&safe(1e5, 1.0, Cap::None)), Some(CapTableError::NotAnAmount));
    assert_eq!(error(&safe(1e5, 0.0, Cap::PostMoney(0.0))), Some(CapTableError::NotAnAmount));
    assert_eq!(error(&safe(f64::NAN, 0.0, Cap::None)), Some(CapTableError::NotAnAmount));
    let preferred = Class { shares: 0.0, preference: 1.0, rank: 0, participation: Participation::None };
    assert_eq!(distribute(&[preferred], 2.0), Err(CapTableError::NobodyTakesTheRest));
    assert_eq!(distribute(&[preferred], -2.0), Err(CapTableError::NotAnAmount));
    assert_eq!(weighted_average_price(1.0, 0.0, 0.0, 0.0), Err(CapTableError::NotAnAmount));
}

fn classes() -> impl Strategy<Value = Vec<Class>> {
    let participation = prop_oneof![
        Just(Participation::None),
        Just(Participation::Full),
        (1.0..4.0_f64).prop_map(Participation::UpTo),
    ];
    let class = (0.1..10.0_f64, 0.0..5.0_f64, 0..3_u32, participation);
    prop::collection::vec(class, 1..7).prop_map(|classes| {
        let mut all =
            vec![Class { shares: 3.0, preference: 0.0, rank: 9, participation: Participation::None }];
        for (shares, preference, rank, participation) in classes {
            let participation = match participation {
                Participation::UpTo(multiple) => Participation::UpTo(multiple * preference),
                other => other,
            };
            all.push(Class { shares, preference, rank, participation });
        }
        all
    })
}

proptest! {
    #[test]
    fn payments_sum_to_the_proceeds_and_rise_with_them(
        classes in classes(),
        proceeds in 0.0..100.0_f64,
        more in 0.0..20.0_f64,
    ) {
        let before = distribute(&classes, proceeds).expect("payments");
        let after = distribute(&classes, proceeds + more).expect("payments");
        prop_assert!((before.iter().sum::<f64>() - proceeds).abs() <= 1e-10 * (1.0 + proceeds));
        for (before, after) in before.iter().zip(&after) {
            prop_assert!(*before <= after + 1e-10, "{} {}", before, after);
        }
    }

    /// No class gains by choosing otherwise: with all others as they are, converting or not.
    #[test]
    fn nobody_regrets(classes in classes(), proceeds in 0.0..100.0_f64) {
        let plain: Vec<Class> =
            classes.iter().map(|class| Class { participation: Participation::None, ..*class }).collect();
        let paid = distribute(&plain, proceeds).expect("payments");
        for (k, class) in plain.iter().enumerate() {
            let mut converted = plain.clone();
            converted[k].preference = 0.0;
            let other = distribute(&converted, proceeds).expect("payments")[k];
            prop_assert!(other <= paid[k] + 1e-9, "{:?}: {} instead of {}", class, other, paid[k]);
        }
    }

    #[test]
    fn rounds_close_at_their_value(
        safes in prop::collection::vec((1.0..50.0_f64, 0.0..0.5_f64, 0..3_u8, 300.0..900.0_f64), 0..6),
        pre_money in 700.0..3000.0_f64,
        target in 0.0..0.2_f64,
    ) {
        let convertibles: Vec<Convertible> = safes.iter().map(|(amount, discount, kind, cap)| {
            let cap = match kind { 0 => Cap::None, 1 => Cap::PostMoney(*cap), _ => Cap::PreMoney(*cap) };
            Convertible { amount: *amount, discount: *discount, cap }
        }).collect();
        let terms = RoundTerms { capitalization: 1000.0, unallocated: 20.0, pre_money, new_money: 100.0,
            pool: Pool::TargetUnallocated(target) };
        let closed = close(&terms, &convertibles).expect("a round");
        let value = (closed.company_capitalization + closed.pool_increase) * closed.price;
        prop_assert!((value - pre_money).abs() <= 1e-9 * pre_money, "{} {}", value, pre_money);
        for (shares, safe) in closed.converted.iter().zip(&convertibles) {
            let worth = shares * closed.price;
            prop_assert!(safe.amount <= worth * (1.0 + 1e-12), "never less than what was paid");
        }
        let unallocated = (20.0 + closed.pool_increase) / closed.fully_diluted;
        prop_assert!(target <= unallocated + 1e-12, "{} {}", target, unallocated);
    }
}

#[test]
fn safes_convert_at_their_caps_without_a_round() {
    use keiretsu_methods::captable::round::at_caps;
    let safe = |amount, cap| Convertible { amount, discount: 0.0, cap };
    let safes = [safe(2e5, Cap::PostMoney(4e6)), safe(8e5, Cap::PostMoney(8e6)), safe(1e5, Cap::None)];
    let (shares, total) = at_caps(10e6, &safes).expect("shares");
    near(total, 200_000_000.0 / 17.0, "with all that converts");
    near(shares[0].expect("capped"), 10_000_000.0 / 17.0, "a twentieth");
    assert_eq!(shares[2], None, "waits for a round");
}

#[test]
fn warrants_buy_back_what_their_strike_pays_for() {
    use keiretsu_methods::captable::treasury_shares;
    near(treasury_shares(1000.0, 2.0, 8.0).expect("shares"), 750.0, "in the money");
    near(treasury_shares(1000.0, 9.0, 8.0).expect("shares"), 0.0, "out of the money");
}
