//! Logs of platforms: what they say, and what they cannot say.

use keiretsu::Session;
use keiretsu::platform_log::{Mapping, log};
use keiretsu_measures::measures::neutrality::{LogRequest, tested};
use keiretsu_values::{Table, Value};
use keiretsu_views::grid::Grid;

use crate::asked::key;

const WEB: &str = r#"
keiretsu = 1
title    = "A shop of models"
as_of    = 2026-01-01
[parties]
shop  = {}
counter = { part_of = "shop" }
lab   = {}
other = {}
[contracts.round]
type     = "equity"
investor = "shop"
issuer   = "lab"
because  = "an example"
tranches.first = { amount = "$1B", on = 2025-01-01 }
[platforms.one]
operator = "counter"
offers   = { own = "shop", large = "lab", small = "other", tiny = "other" }
because  = "an example"
"#;

fn ask(web: &str, text: &str, asked: &LogRequest, mapping: &Mapping) -> Result<Vec<Table>, String> {
    let session = Session::of_text(web);
    let (_, subject) = session.lowered().expect("a model without errors");
    let said = |(what, hint): (String, String)| format!("{what}: {hint}");
    let grid = Grid::of_csv(text.as_bytes()).expect("a grid");
    let log = log(&grid, mapping).map_err(said)?;
    tested(&subject, &log, asked).map_err(said)
}

/// Pairs of models, the first of each chosen: `large>small` at prices 1 and 1, or `large:1>small:2`.
fn csv(pairs: &[&str]) -> String {
    let mut text = "situation,tenant,model,price,chosen\n".to_owned();
    for (at, pair) in pairs.iter().enumerate() {
        for (chosen, model) in pair.split('>').enumerate() {
            let (name, price) = model.split_once(':').unwrap_or((model, "1"));
            let cells = [&at.to_string(), &format!("t{}", at % 4), name, price, ["1", "0"][chosen.min(1)]];
            text += &(cells.join(",") + "\n");
        }
    }
    text
}

/// Three of four times the affiliated one at one price; three of four times the cheaper one of its kind.
const PAIRS: [&str; 8] = [
    "large>small",
    "own>tiny",
    "own>small",
    "tiny>large",
    "small:1>tiny:2",
    "tiny:1>small:2",
    "own:2>large:1",
    "large:1>own:2",
];

fn cell(table: &Table, what: &str) -> f64 {
    let row = table.rows.iter().position(|row| key(&row[1]) == what).expect(what);
    amount(table, row, "value").expect("a number")
}

fn amount(table: &Table, row: usize, column: &str) -> Option<f64> {
    table.rows[row][table.column(column).expect(column)].value().and_then(Value::amount)
}

#[test]
fn odds_and_price_are_those_by_hand() {
    let tables = ask(WEB, &csv(&PAIRS), &LogRequest::default(), &Mapping::default()).expect("a test");
    assert!((cell(&tables[0], "odds ratio") - 3.0).abs() < 1e-9);
    assert!((cell(&tables[0], "price advantage that it is worth") - 1.0).abs() < 1e-9);
    assert!((cell(&tables[0], "unseen odds that would explain it") - 3.0).abs() < 1e-9);
}

/// What a log says of affiliation counts before what the text says; columns may have other names.
#[test]
fn columns_are_found_under_other_names_and_the_log_counts_first() {
    let mut text = csv(&PAIRS).replace("model,price", "name,usd");
    text = text.replace("chosen\n", "chosen,mine\n");
    let mine = |line: &str| {
        let flag = u8::from(!(line.contains("large") || line.contains("own")));
        format!("{line},{flag}\n")
    };
    let (head, rows) = text.split_once('\n').expect("lines");
    let text = format!("{head}\n{}", rows.lines().map(mine).collect::<String>());
    let named = [("model", "name"), ("price", "usd"), ("affiliated", "mine")];
    let columns = named.map(|(what, name)| (what.to_owned(), name.to_owned())).to_vec();
    let mapping = Mapping { columns, features: vec![] };
    let tables = ask(WEB, &text, &LogRequest::default(), &mapping).expect("a test");
    assert!((cell(&tables[0], "odds ratio") - 1.0 / 3.0).abs() < 1e-9);
    let wrong = Mapping { columns: vec![("model".to_owned(), "nam".to_owned())], features: vec![] };
    let what = ask(WEB, &text, &LogRequest::default(), &wrong).expect_err("no such column");
    assert!(what.contains("no column `nam`: did you mean `name`?"), "{what}");
}

#[test]
fn what_the_data_cannot_tell_is_an_error() {
    let plain = LogRequest::default();
    let effects = LogRequest { model_effects: true, ..LogRequest::default() };
    let elsewhere = LogRequest { platform: Some("on".to_owned()), ..LogRequest::default() };
    let always = ["large>small", "own>tiny", "large>tiny", "own>small"];
    let one = ["large>small", "tiny>large", "large>tiny", "small:1>tiny:2", "tiny:2>small:1"];
    let priced = ["large:1>small:2", "tiny:2>own:1", "small:2>large:1", "own:1>tiny:2"];
    let flat: Vec<&str> = PAIRS[..4].to_vec();
    for (pairs, asked, wrong) in [
        (&PAIRS[..], &effects, "affiliation is constant for each model"),
        (&PAIRS[..], &elsewhere, "no platform `on`: did you mean `one`?"),
        (&PAIRS[4..], &plain, "no situation shows an affiliated model beside another"),
        (&always[..], &plain, "`price` is the same for all models"),
        (&one[..], &plain, "only `large` is affiliated"),
        (&priced[..], &plain, "`price` says nothing beside `affiliated`"),
        (&flat[..], &plain, "`price` is the same for all models"),
        (&["large>small", "own>big"][..], &plain, "does not offer `big`, which the log shows"),
    ] {
        let what = ask(WEB, &csv(pairs), asked, &Mapping::default()).expect_err(wrong);
        assert!(what.contains(wrong), "{wrong}: {what}");
    }
    let without_price = csv(&always).replace("price", "fare");
    let what = ask(WEB, &without_price, &plain, &Mapping::default()).expect_err("separation");
    assert!(what.contains("an affiliated model is chosen every time"), "{what}");
    let mut alone = csv(&PAIRS);
    for tenant in ["t1", "t2", "t3"] {
        alone = alone.replace(tenant, "t0");
    }
    let what = ask(WEB, &alone, &plain, &Mapping::default()).expect_err("one tenant");
    assert!(what.contains("all choices are one tenant's"), "{what}");
}

/// A log of so many tenants with eight models a side: who is chosen goes by a pattern that favours nobody.
fn eight_a_side(tenants: usize, choices_of: impl Fn(usize) -> usize) -> String {
    let mut text = "situation,tenant,model,affiliated,price,chosen\n".to_owned();
    let mut situation = 0_usize;
    for tenant in 0..tenants {
        for _ in 0..choices_of(tenant) {
            let (own, other) = (situation % 8, situation / 8 % 8);
            // Multiplied so that no model, price or tenant goes with what is chosen.
            let first = (situation * 2_654_435_761) >> 7 & 1;
            let prices = [1 + situation % 3, 1 + situation / 3 % 3];
            text += &format!("{situation},t{tenant},a{own},1,{},{first}\n", prices[0]);
            text += &format!("{situation},t{tenant},o{other},0,{},{}\n", prices[1], 1 - first);
            situation += 1;
        }
    }
    text
}

#[test]
fn intervals_say_on_how_many_tenants_they_rest() {
    let said = |text: &str| {
        let tables = ask(WEB, text, &LogRequest::default(), &Mapping::default()).expect("a test");
        (tables[0].notes.join("\n"), amount(&tables[0], 0, "low"))
    };
    let (notes, low) = said(&eight_a_side(40, |_| 8));
    assert!(!notes.contains("too narrow") && notes.contains("own merits") && low.is_some(), "{notes}");
    // By hand: 39 tenants of 4 and one of 156: 312² / (156² + 39 x 16) = 3.9.
    let (notes, low) = said(&eight_a_side(40, |tenant| if tenant == 0 { 156 } else { 4 }));
    assert!(notes.contains("40 tenants count as 3.9 of like size") && low.is_some(), "{notes}");
    // By hand: 400² / (396² + 4²) = 1.02: as good as one tenant.
    let (notes, low) = said(&eight_a_side(2, |tenant| if tenant == 0 { 396 } else { 4 }));
    assert!(notes.contains("too narrow, and there are none") && low.is_none(), "{notes}");
}

#[test]
fn a_log_says_what_it_cannot_tell_from_affiliation() {
    let plain = eight_a_side(40, |_| 8);
    let notes = |text: &str| {
        let tables = ask(WEB, text, &LogRequest::default(), &Mapping::default()).expect("a test");
        let placed = tables[0].rows.iter().filter(|row| key(&row[0]) == "price, position").count();
        (tables[0].notes.join("\n"), placed)
    };
    assert!(notes(&plain).0.contains("the log has no `position`"));
    let placed: String = plain
        .lines()
        .enumerate()
        .map(
            |(at, line)| {
                if at == 0 { format!("{line},position\n") } else { format!("{line},{}\n", at * 7 % 5) }
            },
        )
        .collect();
    let (said, rows) = notes(&placed);
    assert!(!said.contains("`position`"), "{said}");
    assert!(0 < rows && notes(&plain).1 == 0, "once without, once beside the position");
    let few = csv(&PAIRS);
    let tables = ask(WEB, &few, &LogRequest::default(), &Mapping::default()).expect("a test");
    assert!(tables[0].notes.join("\n").contains("own merits"), "{:?}", tables[0].notes);
    assert_eq!(amount(&tables[0], 0, "low"), None, "six ways to reassign two of four");
}
