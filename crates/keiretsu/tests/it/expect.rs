//! What a model expects: it holds, is broken, cannot be told, or cannot be read.

use keiretsu::{Session, expect};

use crate::asked::{question, tables};

/// A cloud puts 13 into a lab, which is to pay it more than 100; the lab pays 40 to a maker, exactly.
const WEB: &str = "keiretsu = 1\nas_of = 2026-01-01\nhorizon = \"3 years\"\n[sources.s]\ntitle = \
                   \"S\"\n[parties]\n\
    cloud = { name = \"Cloud\" }\nmaker = { name = \"Maker\" }\nlab = { name = \"Lab\" }\n\
    [holdings.h]\nowner = \"cloud\"\nissuer = \"lab\"\nstake = \"27%\"\ncost = \"$13B\"\nsource = \"s\"\n\
    [contracts.c]\ntype = \"supply\"\nbuyer = \"lab\"\nseller = \"cloud\"\nfrom = \"2026-01\"\n\
    minimum = \"more than $100B over 10 years\"\nsource = \"s\"\n\
    [contracts.m]\ntype = \"supply\"\nbuyer = \"lab\"\nseller = \"maker\"\nfrom = \"2026-01\"\n\
    minimum = \"$40B over 10 years\"\nsource = \"s\"\n";

/// The outcome of an expectation in a web, and why.
#[track_caller]
fn of(web: &str, that: &str) -> (String, String) {
    let session = Session::of_text(&format!("{web}[expect.e]\nthat = '{that}'\nbecause = \"ours\"\n"));
    assert!(!session.has_errors(), "{:?}", session.diagnostics());
    let table = &tables(&session, &question("expect"))[0];
    let codes: Vec<&str> =
        expect::diagnostics(session.model(), table).iter().map(|warning| warning.code).collect();
    let word = |key: &str| table.column(key).and_then(|at| table.rows[0][at].key()).expect("a word");
    let outcome = word("outcome");
    let code = match outcome.as_str() {
        "broken" => vec!["W0901"],
        "cannot be told" => vec!["W0902"],
        "cannot be read" => vec!["W0903"],
        _ => vec![],
    };
    assert_eq!(codes, code);
    assert_eq!(expect::is_broken(table), matches!(outcome.as_str(), "broken" | "cannot be read"));
    (outcome, word("why"))
}

#[track_caller]
fn is(that: &str, outcome: &str) {
    let (found, why) = of(WEB, that);
    assert_eq!(found, outcome, "{that}: {why}");
}

#[test]
fn what_is_possible_decides() {
    // By hand: 100 / 13 = 7.69, or more.
    is("coverage(cloud, lab, firm) >= 7x", "holds");
    is("coverage(Cloud, Lab, firm) >= 8x", "cannot be told");
    is("coverage(cloud, lab, firm) <= 7x", "broken");
    is("coverage(cloud, lab, firm) = about 7.7x", "cannot be told");
    is("commitments(lab, maker, firm, total) = $40B", "holds");
    is("commitments(lab, maker, firm, total) = about $43B", "holds");
    is("commitments(lab, maker, firm, total) = about $60B", "broken");
    is("commitments(lab, maker, firm, total) = $30B to $50B", "holds");
    is("commitments(lab, maker, firm, total) > $40B", "broken");
}

#[test]
fn a_sum_is_of_the_rows_whose_first_key_is_named() {
    // By hand: 100 or more and 40 are 140 or more; what the cloud paid the lab is another payer's.
    is("sum of commitments(lab, firm, total) >= $140B", "holds");
    is("sum of commitments(lab, firm, total) <= $139B", "broken");
    is("sum of commitments(lab, firm, total) <= $200B", "cannot be told");
    assert!(of(WEB, "sum of commitments(lab, firm, total) >= $140B").1.ends_with("(2 numbers)"));
}

/// A party, a reading and a measure in words; the source of the amount may stand behind it.
#[test]
fn a_sum_is_told_in_words() {
    // By hand: 100 or more and 40; the least is 140, so about $140B cannot be told, and 100 cannot be.
    is("sum of lab commitments >= $140B", "holds");
    is("sum of Lab firm commitments >= $140B by s", "holds");
    is("sum of lab commitments = about $100B by s", "broken");
    is("sum of lab commitments = about $140B", "cannot be told");
    is("sum of lob commitments >= $140B", "cannot be read");
    is("sum of lab commitments >= $140B by t", "cannot be read");
}

/// Two numbers that are about the same amount are the same: 38 is within 10% of 40, whatever it may be.
#[test]
fn about_counts_once() {
    let about = WEB.replace("\"$40B over", "\"about $38B over");
    assert_eq!(of(&about, "commitments(lab, maker, firm, total) = about $40B").0, "holds");
    assert_eq!(of(&about, "commitments(lab, maker, firm, total) = about $43B").0, "broken");
    assert_eq!(of(&about, "commitments(lab, maker, firm, total) = $38B").0, "cannot be told");
}

#[test]
fn words_that_say_nothing_are_told() {
    for that in [
        "coverage(cloud, lob, firm) >= 7x",
        "coverage(cloud, lab, firm) >= $7B",
        "coverage(cloud, lab, firm)",
        "all is well",
        "no default of lob",
        "no default before 2028",
        "no default in firn",
        "nothing(at all) >= 1x",
    ] {
        is(that, "cannot be read");
    }
}

#[test]
fn a_default_is_told_by_its_month_and_reading() {
    // By hand: 5 pay for two months of 2 (24 a year), so the third is short.
    let failing = "keiretsu = 1\nas_of = 2025-12-31\nhorizon = \"2 years\"\n[parties.lab]\nname = \"Lab\"\n\
        cash = \"$5M\"\ncosts = \"$24M/yr\"\nbecause = \"a test\"\n\
        funding = { keep = \"1 month of burn\", raise = \"1 month of burn\", else = \"default\" }\n";
    assert_eq!(of(failing, "no default").0, "broken");
    assert_eq!(of(failing, "no default of lab by 2026-02").0, "holds");
    let (outcome, why) = of(failing, "no default by 2026-12 in headline");
    assert_eq!((outcome.as_str(), why.as_str()), ("broken", "Lab fails in 2026-03"));
    // A party without `funding` cannot fail in the model, whatever it would do.
    assert_eq!(of(WEB, "no default").0, "cannot be told");
}
