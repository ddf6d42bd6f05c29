//! Design points whose place is known, and searches that have to wait.

use super::*;

type Answer = Result<bool, ()>;

fn found(start: &[f64], mut happens: impl FnMut(&[f64]) -> Answer) -> DesignPoint {
    mildest(start, &Search::default(), &mut happens).expect("no error").expect("it happens")
}

#[test]
fn a_plane_is_met_at_its_foot() {
    // l / |a| = 6 / 3, at l a / |a|².
    let best = found(&[0.0, 0.0, 1.0], |x| Ok(x[0] - 2.0 * x[1] + 2.0 * x[2] >= 6.0));
    assert!((best.distance - 2.0).abs() < 1e-6, "{best:?}");
    for (x, should) in best.point.iter().zip([2.0 / 3.0, -4.0 / 3.0, 4.0 / 3.0]) {
        assert!((x - should).abs() < 1e-4, "{best:?}");
    }
}

#[test]
fn a_bent_boundary_is_followed_downhill() {
    // Outside the ellipse x²/9 + y²/4 = 1 the nearest point is (0, 2).
    let best = found(&[2.0, 1.0], |x| Ok(x[0] * x[0] / 9.0 + x[1] * x[1] / 4.0 >= 1.0));
    assert!((best.distance - 2.0).abs() < 1e-3, "{best:?}");
}

#[test]
fn plausibility_is_the_tail_of_chi_squared() {
    // SciPy, scipy.stats.chi2.sf(distance**2, count).
    let known = [
        (2.0, 0, 1.0),
        (2.0, 1, 0.045_500_263_896_358_57),
        (2.0, 2, 0.135_335_283_236_612_7),
        (1.5, 3, 0.522_167_189_535_391_4),
        (3.0, 5, 0.109_064_157_949_772_5),
        (3.0, 6, 0.173_578_070_910_336_02),
        (0.0, 4, 1.0),
    ];
    for (distance, count, should) in known {
        let is = plausibility(distance, count);
        assert!((is - should).abs() < 1e-12, "{distance} {count}: {is}");
    }
}

#[test]
fn a_search_that_had_to_wait_finds_the_same() {
    let mut inside = |x: &[f64]| Ok(x[0] * x[0] / 9.0 + x[1] * x[1] / 4.0 >= 1.0);
    let at_once = mildest(&[2.0, 1.0], &Search::default(), &mut inside);
    // Knows an answer only when it is asked for the second time.
    let mut heard = std::collections::BTreeSet::new();
    let mut later = |x: &[f64]| {
        let point: Vec<u64> = x.iter().map(|x| x.to_bits()).collect();
        if heard.insert(point) { Err(()) } else { inside(x) }
    };
    let mut search = Mildest::new(&[2.0, 1.0], &Search::default());
    let mut waits = 0;
    let in_the_end = loop {
        match search.go(&mut later) {
            Err(()) => waits += 1,
            found => break found,
        }
    };
    assert!(10 < waits, "it had to wait");
    assert_eq!(in_the_end, at_once);
}

#[test]
fn out_of_reach_is_said() {
    let never = mildest(&[1.0, 1.0], &Search::default(), &mut |_: &[f64]| Answer::Ok(false));
    assert_eq!(never, Ok(None));
    let error = mildest(&[1.0], &Search::default(), &mut |_: &[f64]| Err::<bool, u8>(3));
    assert_eq!(error, Err(3));
}
