//! Values as sets: laws of their arithmetic on random members, and the marks that they show.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

/// Small whole amounts, so that sums are exact in every order.
fn whole() -> impl Strategy<Value = f64> {
    (-20i32..=20).prop_map(f64::from)
}

fn any_value() -> impl Strategy<Value = super::Value> {
    (whole(), whole(), whole(), 0..6u8, any::<bool>()).prop_map(|(a, b, c, kind, vague)| {
        let value = match kind {
            0 => super::Value::exact(a),
            1 => super::Value::at_least(a),
            2 => super::Value::at_most(a),
            3 => super::Value::new(a, Set::between(b, c)),
            4 => super::Value::undisclosed("undisclosed"),
            _ => super::Value::unread("a share", Set::between(b, c)),
        };
        if vague { value.vaguely() } else { value }
    })
}

/// A finite member of a set, by where it stands between its ends.
fn member(set: Set, at: f64) -> f64 {
    let (low, high) = (set.low.max(-1e3), set.high.min(1e3));
    (low + (high - low) * at).clamp(low.min(high), high)
}

fn near(set: Set, x: f64) -> bool {
    let slack = 1e-9 * x.abs().max(1.0);
    set.low - slack <= x && x <= set.high + slack
}

proptest! {
    #[test]
    fn sums_and_products_are_commutative(a in any_value(), b in any_value()) {
        prop_assert_eq!(a.plus(&b), b.plus(&a));
        prop_assert_eq!(a.scaled(&b), b.scaled(&a));
        prop_assert_eq!(a.max(&b), b.max(&a));
    }

    #[test]
    fn sums_are_associative(a in any_value(), b in any_value(), c in any_value()) {
        prop_assert_eq!(a.plus(&b).plus(&c), a.plus(&b.plus(&c)));
    }

    #[test]
    fn a_sum_is_the_same_in_every_order(parts in vec(any_value(), 0..7), by in any::<u64>()) {
        let sum = |parts: &[super::Value]| {
            let mut total = Total::default();
            for part in parts {
                total.add("part", part);
            }
            (total.value(), total.value().bound())
        };
        let mut turned = parts.clone();
        if !turned.is_empty() {
            let places = turned.len();
            turned.rotate_left(by as usize % places);
            turned.reverse();
        }
        prop_assert_eq!(sum(&parts), sum(&turned));
    }

    #[test]
    fn members_give_members(a in any_value(), b in any_value(), at in 0.0..=1.0f64, bt in 0.0..=1.0f64) {
        let (x, y) = (member(a.set(), at), member(b.set(), bt));
        prop_assert!(near(a.plus(&b).set(), x + y));
        prop_assert!(near(a.minus(&b).set(), x - y));
        prop_assert!(near(a.scaled(&b).set(), x * y));
        prop_assert!(near(a.max(&b).set(), x.max(y)));
        prop_assert!(near(a.min(&b).set(), x.min(y)));
        if 1e-9 < y.abs() {
            prop_assert!(near(a.divide(&b).set(), x / y), "{x} / {y} in {:?}", a.divide(&b).set());
        }
        if 0.0 <= a.set().low && 0.0 <= b.set().low && 0.0 < x + y {
            prop_assert!(near(a.share_beside(&b).set(), x / (x + y)));
        }
    }

    #[test]
    fn what_is_read_is_possible(a in any_value(), b in any_value()) {
        for value in [a.plus(&b), a.minus(&b), a.scaled(&b), a.divide(&b), a.max(&b), a.min(&b)] {
            if let Some(amount) = value.amount() {
                prop_assert!(near(value.set(), amount), "{value:?}");
            }
            prop_assert_eq!(value.amount().is_none(), value.bound().is_none());
            prop_assert_eq!(value.amount().is_none(), value.reason().is_some());
        }
    }

    #[test]
    fn a_mark_says_nothing_false(a in any_value(), at in 0.0..=1.0f64) {
        let x = member(a.set(), at);
        match (a.amount(), a.bound()) {
            (Some(amount), Some(Bound::Exact | Bound::About)) => prop_assert!((x - amount).abs() < 1e-9),
            (Some(amount), Some(Bound::AtLeast | Bound::AboutAtLeast)) => prop_assert!(amount <= x + 1e-9),
            (Some(amount), Some(Bound::AtMost | Bound::AboutAtMost)) => prop_assert!(x <= amount + 1e-9),
            _ => {}
        }
    }
}

#[test]
fn marks_stand_where_the_amount_stands_in_its_set() {
    let mark = |value: super::Value| value.bound().map(Bound::mark);
    assert_eq!(mark(super::Value::exact(8.0)), Some("="));
    assert_eq!(mark(super::Value::about(33.0)), Some("~"));
    assert_eq!(mark(super::Value::at_most(20.0)), Some("≤"));
    assert_eq!(mark(super::Value::at_least(100.0)), Some("≥"));
    assert_eq!(mark(super::Value::at_least(5.0).plus(&super::Value::about(3.0))), Some("≳"));
    assert_eq!(mark(super::Value::new(165.0, Set::between(135.0, 200.0))), Some("?"));
    assert_eq!(mark(super::Value::undisclosed("undisclosed")), None);
}

#[test]
fn what_is_undisclosed_opens_a_sum_and_is_never_zero() {
    let secret = super::Value::undisclosed("undisclosed");
    let known = super::Value::exact(8.0).plus(&secret);
    assert_eq!((known.amount(), known.bound()), (Some(8.0), Some(Bound::AtLeast)));
    assert_eq!(super::Value::exact(0.0).plus(&secret).amount(), None, "nothing of it can be read");
    let cash = super::Value::exact(100.0).minus(&secret);
    assert_eq!((cash.amount(), cash.bound()), (Some(100.0), Some(Bound::AtMost)));
    assert_eq!(secret.minus(&secret).amount(), None);
    assert!(secret.times(0.0).is_zero(), "nothing of it is nothing");
}

#[test]
fn ratios_of_what_is_partly_unknown_keep_the_end_that_is_proved() {
    let put_in = super::Value::exact(20.0).plus(&super::Value::undisclosed("undisclosed"));
    // 24 over at least 20 is at most 1.2.
    let coverage = super::Value::exact(24.0).divide(&put_in);
    assert_eq!((coverage.amount(), coverage.bound()), (Some(1.2), Some(Bound::AtMost)));
    assert_eq!(super::Value::exact(1.0).divide(&super::Value::exact(0.0)).amount(), None);
    // 24 beside at least 24 is at most a half.
    let rest = super::Value::exact(24.0).plus(&super::Value::undisclosed("undisclosed"));
    let share = super::Value::exact(24.0).share_beside(&rest);
    assert_eq!((share.amount(), share.bound()), (Some(0.5), Some(Bound::AtMost)));
}

#[test]
fn a_limit_is_never_exceeded_by_what_it_caps() {
    let rent = super::Value::undisclosed("undisclosed");
    assert_eq!(rent.min(&super::Value::exact(14.0)).set(), Set::between(0.0, 14.0));
    let rent = super::Value::at_least(30.0);
    assert_eq!(rent.min(&super::Value::exact(14.0)), super::Value::exact(14.0));
}

#[test]
fn a_total_names_what_it_could_not_read() {
    let mut total = Total::default();
    assert!(total.value().is_zero() && total.is_empty());
    total.add("fund", &super::Value::undisclosed("undisclosed"));
    assert_eq!(total.value().amount(), None);
    total.add("stake", &super::Value::exact(5.0));
    assert_eq!(total.value().bound(), Some(Bound::AtLeast));
    assert_eq!(total.left_out, ["fund: undisclosed"]);
}

#[test]
fn zero_has_no_sign() {
    let zero = super::Value::exact;
    let nothing = [zero(-0.0), zero(0.0).times(-1.0), zero(2.0).times(-0.0)];
    for value in nothing {
        assert!(value.amount().is_some_and(f64::is_sign_positive), "{value:?}");
        assert!(value.set().low.is_sign_positive() && value.set().high.is_sign_positive(), "{value:?}");
    }
}

#[test]
fn zero_has_no_mark_and_a_difference_needs_both() {
    let about = Value::about(33.0);
    assert_eq!(about.minus(&about).bound(), Some(Bound::Exact));
    assert_eq!(about.minus(&Value::exact(0.0)).bound(), Some(Bound::About));
    // A sum over an unknown part goes on: at least 10; a difference has no number, but its set.
    let secret = Value::undisclosed("secret");
    assert_eq!(Value::exact(10.0).plus(&secret).amount(), Some(10.0));
    for (one, other) in [(Value::exact(10.0), &secret), (secret.clone(), &Value::exact(10.0))] {
        assert_eq!((one.beyond(other).amount(), one.beyond(other).reason()), (None, Some("secret")));
    }
    assert_eq!(Value::exact(10.0).beyond(&secret).set(), Set { low: f64::NEG_INFINITY, high: 10.0 });
    assert_eq!(Value::exact(10.0).beyond(&Value::exact(4.0)), Value::exact(6.0));
}

/// The shares of a whole from the least and the most of each but the last, which has the rest.
fn shares(stated: &[(f64, f64)]) -> Vec<super::Value> {
    let [low, high] =
        [0, 1].map(|end| stated.iter().map(|set| if end == 0 { set.0 } else { set.1 }).sum::<f64>());
    let of = |(low, high): &(f64, f64)| super::Value::unread("a share", Set::between(*low, *high));
    let rest = super::Value::new(1.0 - low, Set::between((1.0 - high).max(0.0), 1.0 - low));
    let sets: Vec<super::Value> = stated.iter().map(of).chain([rest]).collect();
    let whole = std::sync::Arc::new(Whole::new("whole", sets));
    (0..=stated.len()).map(|at| whole.share(at)).collect()
}

#[test]
fn parts_of_a_whole_sum_to_the_whole_and_no_part_does() {
    // By hand: shares from 0 to 1 each, together 1; two of three are from 0 to 1 together as well.
    let parts: Vec<super::Value> = shares(&[(0.0, 1.0), (0.0, 1.0)])
        .iter()
        .map(|share| super::Value::exact(10.0).scaled(share))
        .collect();
    let mut total = Total::default();
    for part in &parts {
        total.add("part", part);
    }
    assert_eq!((total.value(), total.left_out), (super::Value::exact(10.0), vec![]));
    assert_eq!(parts[0].plus(&parts[1]).set(), Set::between(0.0, 10.0));
    // By hand: 10% to 20% of 12, and the rest.
    let parts = shares(&[(0.1, 0.2)]);
    let about = super::Value::at_least(12.0);
    assert_eq!(about.scaled(&parts[0]).plus(&about.scaled(&parts[1])), about);
    // By hand: twice one part, and the rest once, is 12 to 24 of a whole of which nothing is known.
    let parts = shares(&[(0.0, 1.0)]);
    let twice = parts[0].times(24.0).plus(&parts[1].times(12.0));
    assert_eq!(twice.set(), Set::between(12.0, 24.0));
}

proptest! {
    #[test]
    fn a_sum_of_parts_holds_what_shares_that_sum_to_one_make_of_it(
        weights in vec(0.0..1.0f64, 3), spread in vec((0.0..1.0f64, 0.0..1.0f64), 2),
        amounts in vec(any_value(), 6), at in vec(0.0..1.0f64, 6), by in vec(-3i32..=3, 6),
    ) {
        let all: f64 = weights.iter().sum::<f64>() + 1e-6;
        let real: Vec<f64> = weights.iter().map(|weight| weight / all).collect();
        let stated: Vec<(f64, f64)> = (0..2)
            .map(|at| (real[at] * spread[at].0, real[at] + (1.0 - real[at]) * spread[at].1))
            .collect();
        let low: f64 = stated.iter().map(|set| set.0).sum();
        let most = |set: &(f64, f64)| (set.0, set.1.min(1.0 - low + set.0));
        let stated: Vec<(f64, f64)> = stated.iter().map(most).collect();
        let parts = shares(&stated);
        let rest = 1.0 - real[0] - real[1];
        let (mut sum, mut plain, mut truth) = (super::Value::exact(0.0), Set::point(0.0), 0.0);
        for (number, amount) in amounts.iter().enumerate() {
            let (share, factor) = (&parts[number % 3], f64::from(by[number]));
            let part = amount.scaled(share).times(factor);
            sum = sum.plus(&part);
            plain = plain.plus(part.set());
            truth += factor * member(amount.set(), at[number]) * [real[0], real[1], rest][number % 3];
        }
        prop_assert!(near(sum.set(), truth), "{truth} in {:?}", sum.set());
        let slack = |x: f64| if x.is_finite() { 1e-9 * (1.0 + x.abs()) } else { 0.0 };
        prop_assert!(plain.low - slack(plain.low) <= sum.set().low);
        prop_assert!(sum.set().high <= plain.high + slack(plain.high));
    }
}
