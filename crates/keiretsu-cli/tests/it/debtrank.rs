//! `domino` and `calc debtrank` follow distress by one method, and say the same of one web.

use crate::harness::Folder;
use crate::harness::cases::{calc, field};
use serde_json::{Value, json};

/// Exposures as supply contracts of $1M a month, each as many months long: creditor, debtor, months.
fn web(parties: &[(&str, Option<u32>)], exposures: &[(&str, &str, u32)]) -> String {
    let mut text = "keiretsu = 1\nas_of = 2025-12-31\nhorizon = \"2 years\"\n[parties]\n".to_owned();
    for (name, capital) in parties {
        let capital = capital.map(|capital| format!("capital = \"${capital}M\", because = \"example\""));
        text += &format!("{name} = {{ {} }}\n", capital.unwrap_or_default());
    }
    for (creditor, debtor, months) in exposures {
        let (year, month) = (2026 + (months - 1) / 12, (months - 1) % 12 + 1);
        let name = format!("[contracts.{debtor}-{creditor}]");
        let parties = format!("type = \"supply\"\nbuyer = \"{debtor}\"\nseller = \"{creditor}\"");
        let span = format!("from = \"2026-01\"\nuntil = \"{year}-{month:02}\"");
        text += &format!("{name}\n{parties}\n{span}\nminimum = \"$1M/month\"\nbecause = \"example\"\n");
    }
    text
}

type Named = Vec<(String, f64)>;

/// Losses by `DebtRank` in millions, and waves, if `a` fails.
fn domino(web: &str) -> (Named, Named) {
    let folder = Folder::with(web);
    let words = ["measure", ".", "domino", "--party", "a", "--at", "2026-01", "--format", "json"];
    let tables: Value = serde_json::from_str(&folder.run(&words).well()).expect("JSON");
    let of = |table: usize, column: &str, wanted: &dyn Fn(&Value) -> bool| {
        let rows = tables[table]["rows"].as_array().expect("rows").iter().filter(|row| wanted(row));
        let pair = |row: &Value| Some((row["party"].as_str()?.to_owned(), row[column].as_f64()?));
        rows.filter_map(pair).collect::<Vec<_>>()
    };
    let losses = of(0, "debtrank", &|_| true).into_iter().map(|(name, loss)| (name, loss / 1e6)).collect();
    (losses, of(1, "wave", &|row| row["model"] == "DebtRank"))
}

fn named(list: &[(&str, f64)]) -> Named {
    list.iter().map(|(name, number)| ((*name).to_owned(), *number)).collect()
}

#[test]
fn a_circle_loses_in_domino_what_it_loses_in_calc() {
    // By hand: b 3/8 = 0.375; c, owed more than its capital, 1 x 0.375; then b 0.375 + 1 x 0.375 = 0.75.
    let text =
        web(&[("a", None), ("b", Some(8)), ("c", Some(8))], &[("b", "a", 3), ("c", "b", 18), ("b", "c", 10)]);
    assert_eq!(domino(&text).0, named(&[("b", 6.0), ("c", 3.0)]));
    let calculated = calc(
        "debtrank",
        &json!({
            "parties": [{"id": "a", "equity": 1}, {"id": "b", "equity": 8}, {"id": "c", "equity": 8}],
            "exposures": [
                {"holder": "b", "to": "a", "amount": 3},
                {"holder": "c", "to": "b", "amount": 18},
                {"holder": "b", "to": "c", "amount": 10},
            ],
            "shock": {"a": 1}, "variant": "2012",
        }),
    );
    assert_eq!(field(&calculated["parties"], "loss"), [1.0, 0.75, 0.375]);
}

#[test]
fn who_is_reached_through_others_fails_in_a_later_wave() {
    let parties = [("a", None), ("b", Some(8)), ("c", Some(8)), ("d", Some(8))];
    let text = web(&parties, &[("b", "a", 12), ("c", "b", 12), ("d", "c", 12)]);
    let (losses, waves) = domino(&text);
    assert_eq!(losses, named(&[("b", 8.0), ("c", 8.0), ("d", 8.0)]));
    assert_eq!(waves, named(&[("b", 2.0), ("c", 3.0), ("d", 4.0)]));
}

#[test]
fn a_party_that_states_no_capital_passes_nothing_on() {
    // By hand: n loses all 2 that a owes it; c, owed 1 by n and 4 of 10 by b, loses 0.5 x 0.4 = 0.2.
    let parties = [("a", None), ("n", None), ("b", Some(10)), ("c", Some(10)), ("d", Some(10))];
    let exposures = [("n", "a", 2), ("b", "a", 5), ("c", "n", 1), ("c", "b", 4), ("d", "c", 5)];
    let losses = domino(&web(&parties, &exposures)).0;
    assert_eq!(losses, named(&[("n", 2.0), ("b", 5.0), ("c", 2.0), ("d", 1.0)]));
}
