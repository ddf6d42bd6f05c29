//! The product's answers to random texts against those of the second reading (decision 0019).
//!
//! `SECOND_TEXTS=20000` reads more texts, `SECOND_SEED=17` one alone and prints it, `SECOND_REPORT=FILE` writes
//! what differs by kind, each with its smallest text.

#[path = "second/product.rs"]
mod product;
#[path = "second/report.rs"]
mod report;

use keiretsu_testkit::second::answers::answers;
use keiretsu_testkit::second::compare::compare;
use keiretsu_testkit::second::generate::generate;

/// What is not compared strictly yet, with the reason: the start of a kind of difference.
const OPEN: &[(&str, &str)] = &[];

/// How many texts are read in every run of the tests.
const TEXTS: u64 = 2_000;

fn asked(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn both_readings_of_random_texts_agree() {
    if let Some(seed) = asked("SECOND_SEED") {
        return one(seed);
    }
    let texts = asked("SECOND_TEXTS").unwrap_or(TEXTS);
    let mut report = report::Report::default();
    for seed in 0..texts {
        report.add(seed);
    }
    if let Ok(path) = std::env::var("SECOND_REPORT") {
        std::fs::write(path, report.text()).expect("the report can be written");
    }
    let unknown = report.kinds().into_iter().filter(|kind| OPEN.iter().all(|(open, _)| !kind.starts_with(open)));
    let unknown: Vec<String> = unknown.collect();
    assert!(unknown.is_empty(), "{} kinds of difference:\n{}", unknown.len(), unknown.join("\n"));
}

fn one(seed: u64) {
    let text = generate(seed).to_string();
    println!("{text}");
    let want = answers(&text).expect("the second reading reads what is generated");
    let (found, agree) = compare(&want, &product::answers(&text).expect("the product reads it"));
    found.iter().for_each(|difference| println!("{}", report::line(difference)));
    assert!(found.is_empty(), "{} cells differ, {agree} agree", found.len());
}
