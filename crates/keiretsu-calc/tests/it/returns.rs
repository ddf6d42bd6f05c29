//! `keiretsu calc irr`: day counts, and which rates count.

use crate::harness::run;

#[test]
fn day_counts_change_the_years() {
    let rows = "2024-01-31,-100\n2025-01-31,110\n";
    for (name, years) in [("act/360", 366.0 / 360.0), ("30/360", 1.0), ("ACTUAL/365", 366.0 / 365.0)] {
        let output = run("irr", "f.csv", rows, &["--day-count", name]).well();
        let want = 1.1_f64.powf(1.0 / years) - 1.0;
        let got = output["roots"][0].as_f64().expect("a rate");
        assert!((got - want).abs() < 1e-12, "{name}: {got} {want}");
    }
    // By hand: 30E+/360 from 31 May to 28 February has 268 days, and from the 31st to itself none.
    let rows = "2025-05-31,-100\n2026-02-28,108\n";
    let output = run("irr", "f.csv", rows, &["--day-count", "30E+/360"]).well();
    let got = output["roots"][0].as_f64().expect("a rate");
    assert!((got - (1.08_f64.powf(360.0 / 268.0) - 1.0)).abs() < 1e-12, "{got}");
    let held = run("irr", "f.csv", "-20\n15\n0\n", &["--nav", "20"]).well();
    assert_eq!((&held["tvpi"], &held["dpi"], &held["rvpi"]), (&1.75.into(), &0.75.into(), &1.into()));
}

/// A rate is the only one among all above -100%, or it is not said to be.
#[test]
fn rates_outside_of_any_window_count() {
    // -210.79 + 411 x - 200 x² is zero for x = 0.985 and 1.07, discounts of a day.
    let two = "2026-03-02,-210.79\n2026-03-03,411\n2026-03-04,-200\n";
    let output = run("irr", "f.csv", two, &[]).well();
    assert_eq!((&output["verdict"], output["roots"].as_array().map(Vec::len)), (&"several".into(), Some(2)));
    let table = run("irr", "f.csv", two, &[]).for_people();
    assert!(table.contains("there are several rates") && table.contains("1.9e-11 above it"), "{table}");
    // x = 0.5 and x = 2 a day: the second rate is 2^-365 above -100%.
    let beyond = "2026-03-02,-1\n2026-03-03,2.5\n2026-03-04,-1\n";
    let output = run("irr", "f.csv", beyond, &[]).well();
    assert_eq!((&output["verdict"], &output["unwritten"]), (&"several".into(), &1.into()));
    let one = run("irr", "f.csv", "-100\n121\n", &[]).for_people();
    assert!(one.contains("there is exactly one rate above -100%"), "{one}");
    let touching = run("irr", "f.csv", "-100\n220\n-121\n", &[]).for_people();
    assert!(touching.contains("touches zero and does not cross it"), "{touching}");
}
