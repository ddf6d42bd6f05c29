//! Cap tables through the format of `keiretsu calc captable`: the reference cases, and each documented field.

use crate::harness::Done;
use serde_json::{Value, json};

fn run(input: &Value) -> Done {
    crate::harness::run("captable", "in.json", &input.to_string(), &[])
}

fn captable(input: &Value) -> Value {
    run(input).well()
}

fn number(value: &Value) -> f64 {
    if let Some((above, below)) = value.as_str().and_then(|text| text.split_once('/')) {
        return above.parse::<f64>().expect("a number") / below.parse::<f64>().expect("a number");
    }
    value.as_str().map_or_else(|| value.as_f64().expect("a number"), |text| text.parse().expect("a number"))
}

fn near(got: &Value, want: f64, what: &str) {
    let got = number(got);
    assert!((got - want).abs() <= 1e-12 * want.abs().max(1.0), "{what}: {got} {want}");
}

fn case(id: &str) -> Value {
    let all = crate::harness::file("captable.json");
    let found = all["cases"].as_array().expect("cases").iter().find(|case| case["id"] == id).cloned();
    found.unwrap_or_else(|| panic!("no case {id}"))
}

/// What must hold of every table: parts sum to the whole, and a payout to the exit.
fn check(output: &Value) {
    let sum = |key: &str| output[key].as_object().map(|map| map.values().map(number).sum::<f64>());
    near(&output["fully_diluted"], sum("shares").expect("shares"), "shares sum");
    near(&json!(sum("ownership").expect("ownership")), 1.0, "ownership sums");
}

#[test]
fn safes_convert_as_in_the_guide() {
    let reference = case("yc-appendix2-ex1-conversion");
    let mut input = json!({ "shares": reference["pre_safe_capitalization"], "safes": reference["safes"] });
    let output = captable(&input);
    check(&output);
    near(&output["company_capitalization"], number(&reference["exact"]["company_capitalization"]), "B");
    for id in ["A", "B"] {
        near(&output["shares"][id], number(&reference["exact"][id]), id);
    }
    input["rounding"] = json!("down");
    let output = captable(&input);
    for id in ["A", "B"] {
        near(&output["shares"][id], number(&reference["expected"][id]), id);
    }
    near(&output["company_capitalization"], number(&reference["expected"]["company_capitalization"]), "B");
    let round = case("yc-appendix2-ex1-target-pool");
    input["rounding"] = Value::Null;
    input["round"] = round["round"].clone();
    let output = captable(&input);
    check(&output);
    near(&output["prices"]["round"], number(&round["exact"]["price"]), "price");
    near(&output["pool_increase"], number(&round["exact"]["pool_increase"]), "pool");
    near(&output["fully_diluted"], number(&round["exact"]["fully_diluted"]), "all");
    // As the guide prints it.
    input["rounding"] = json!({ "price_decimals": 4, "shares": "down", "pool_multiple": 1000 });
    let output = captable(&input);
    near(&output["prices"]["round"], 1.1144, "printed price");
    near(&output["new_shares"], 4_486_719.0, "printed shares");
}

#[test]
fn rounds_of_the_cases_agree() {
    let ep1 = case("safe-pool-target-ep1");
    let mut safe = ep1["safe"].clone();
    safe["id"] = json!("safe");
    let mut round = ep1["round"].clone();
    round["id"] = json!("series_a");
    let pool = json!({ "reserved": ep1["pool_reserved"], "granted": ep1["pool_granted"] });
    let input =
        json!({ "shares": { "founders": ep1["common"] }, "pool": pool, "safes": [safe], "round": round });
    let output = captable(&input);
    check(&output);
    let exact = &ep1["exact"];
    near(&output["prices"]["round"], number(&exact["price"]), "price");
    near(&output["pool_increase"], number(&exact["pool_increase"]), "pool");
    near(&output["new_shares"], number(&exact["new_money_shares"]), "new shares");
    for id in ["founders", "safe", "series_a"] {
        near(&output["ownership"][id], number(&exact["ownership"][id]), id);
    }
    let esop = number(&output["ownership"]["pool"]) + number(&output["ownership"]["pool_granted"]);
    near(&json!(esop), number(&exact["ownership"]["esop"]), "esop");

    let do2 = case("safe-discount-plus-cap-do2");
    let mut safes = do2["safes"].clone();
    safes[0]["id"] = json!("discount");
    safes[1]["id"] = json!("capped");
    let input = json!({ "shares": { "founders": do2["common"] }, "safes": safes, "round": do2["round"] });
    let output = captable(&input);
    check(&output);
    near(&output["shares"]["capped"], number(&do2["exact"]["capped_safe_shares"]), "capped");
    for id in ["founders", "capped", "discount", "new"] {
        near(&output["ownership"][id], number(&do2["exact"]["ownership"][id]), id);
    }

    let whole = case("safe-pool-round-integers");
    let shares = json!({ "founders": whole["founders"] });
    let input = json!({ "shares": shares, "safes": [whole["safe"]], "round": whole["round"] });
    let output = captable(&input);
    for key in ["company_capitalization", "new_shares", "fully_diluted"] {
        near(&output[key], number(&whole["expected"][key]), key);
    }
    near(&output["shares"]["safe_1"], number(&whole["expected"]["safe_shares"]), "a SAFE without a name");
    near(&output["shares"]["pool"], 1e6, "pool");
}

#[test]
fn notes_accrue_and_convert() {
    let reference = case("note-interest");
    let mut note = reference["note"].clone();
    note["id"] = json!("note");
    note["discount"] = json!(0.2);
    let round = json!({ "pre_money": 8e6, "new_money": 2e6 });
    let input = json!({ "shares": { "founders": 8e6 }, "notes": [note], "round": round });
    let output = captable(&input);
    check(&output);
    near(&output["converting_amounts"]["note"], number(&reference["expected"]["converting_amount"]), "note");
    // The note takes 525,000 / 0.8 of the 8 million that the company is worth before new money.
    near(&output["prices"]["round"], (8e6 - 525_000.0 / 0.8) / 8e6, "price");
    near(&output["prices"]["note"], 0.8 * number(&output["prices"]["round"]), "a fifth off");
    let dated = |more: Value| {
        let mut note = json!({ "id": "n", "principal": 100, "rate": 0.1, "pre_money_cap": 1e6,
                               "from": "2024-01-01", "to": "2026-01-01" });
        note.as_object_mut().expect("a note").extend(more.as_object().expect("more").clone());
        captable(&json!({ "shares": { "founders": 1e6 }, "notes": [note] }))
    };
    near(&dated(json!({ "day_count": "act/act" }))["converting_amounts"]["n"], 120.0, "simple");
    let compounding = dated(json!({ "day_count": "30/360", "compounding": true }));
    near(&compounding["converting_amounts"]["n"], 121.0, "compounding");
    near(&compounding["shares"]["n"], 121.0, "at one dollar, the cap over the shares before");
    near(&dated(json!({}))["converting_amounts"]["n"], 100.0 + 10.0 * 731.0 / 365.0, "act/365");
}

#[test]
fn protections_agree_with_the_case() {
    let gust = case("antidilution-gust");
    let shares = json!({ "common": gust["common"], "series_a": gust["series_a"]["shares"],
                         "series_b": gust["series_b"]["shares"], "options": gust["options"] });
    let protected = |kind: &str| {
        json!([{ "id": "series_a", "price": gust["series_a"]["price"], "kind": kind },
               { "id": "series_b", "price": gust["series_b"]["price"], "kind": kind }])
    };
    let run = |kind: &str| {
        let protection = json!({ "issue": gust["issue"], "protected": protected(kind) });
        let output = captable(&json!({ "shares": shares, "anti_dilution": protection }));
        check(&output);
        output
    };
    let broad = run("broad");
    for id in ["series_a", "series_b"] {
        near(&broad["prices"][id], number(&gust["expected"][id]["cp2"]), id);
        near(&broad["shares"][id], number(&gust["expected"][id]["as_converted"]), id);
    }
    near(&broad["anti_dilution"][0]["as_converted"], 2_812_500.0, "as printed");
    // Without the million options: A = 6 million, (6 + 1) / (6 + 2).
    near(&run("narrow-based")["prices"]["series_a"], 7.0 / 8.0, "narrow");
    let ratchet = run("full_ratchet");
    near(&ratchet["prices"]["series_b"], 0.5, "the new price");
    near(&ratchet["shares"]["series_b"], 8e6, "four for one");
    // Against a round, without saying the issue again.
    let round = json!({ "pre_money": 3.5e6, "new_money": 1e6 });
    let protection = json!([{ "id": "series_a", "price": 1, "kind": "broad" }]);
    let output = captable(&json!({ "shares": shares, "round": round, "anti_dilution": protection }));
    near(&output["prices"]["round"], 0.5, "half");
    near(&output["prices"]["series_a"], 8.0 / 9.0, "the same issue");
}

#[test]
fn waterfalls_agree_with_the_cases() {
    let base = case("waterfall-mr-x1");
    let classes = base["classes"].as_array().expect("classes");
    let shares: serde_json::Map<String, Value> = classes
        .iter()
        .map(|class| (class["id"].as_str().expect("an id").to_owned(), class["shares"].clone()))
        .collect();
    let preferences = |safe: &Value| -> Vec<Value> {
        let preferred = classes.iter().filter(|class| class.get("pref_per_share").is_some());
        let preference = |class: &Value| {
            let per_share = if class["id"] == "safe_pref" { safe } else { &class["pref_per_share"] };
            json!({ "id": class["id"], "pref_per_share": per_share, "rank": class["rank"] })
        };
        preferred.map(preference).collect()
    };
    for (id, safe) in [("waterfall-mr-x1", json!(1)), ("waterfall-mr-x3", json!("7/6"))] {
        let reference = case(id);
        let input = json!({ "shares": shares, "preferences": preferences(&safe), "exit": reference["exit"] });
        let output = captable(&input);
        check(&output);
        for (class, want) in reference["expected"].as_object().expect("payouts") {
            near(&output["payouts"][class], number(want), &format!("{id} {class}"));
        }
    }
    let input = json!({ "shares": shares, "preferences": preferences(&json!(1)), "exit": 141e6 });
    let output = captable(&input);
    for (class, want) in [("series_b", 60e6), ("series_a", 18e6), ("safe_pref", 7e6), ("common", 56e6)] {
        near(&output["payouts"][class], want, class);
    }
}

#[test]
fn participation_and_its_caps() {
    let run = |preferred: Value, exit: f64| {
        let mut one = json!({ "id": "a", "preference": 10 });
        one.as_object_mut().expect("a preference").extend(preferred.as_object().expect("more").clone());
        let shares = json!({ "common": 50, "a": 50, "pool": 900 });
        captable(&json!({ "shares": shares, "preferences": [one], "exit": exit }))["payouts"]["a"].clone()
    };
    near(&run(json!({ "participation": "none" }), 15.0), 10.0, "its preference");
    near(&run(json!({ "participation": "full" }), 20.0), 15.0, "and half of the rest");
    near(&run(json!({ "participating": true }), 100.0), 55.0, "without end");
    near(&run(json!({ "participation": "capped", "cap": 20 }), 35.0), 20.0, "up to the cap");
    near(&run(json!({ "participating": true, "cap_multiple": 2 }), 35.0), 20.0, "twice the preference");
    near(&run(json!({ "cap_multiple": 2 }), 60.0), 30.0, "converted");
    near(&run(json!({ "cap_per_share": 0.4 }), 35.0), 20.0, "by share");
    near(&run(json!({ "preference": null, "multiple": 1, "price": 0.2 }), 15.0), 10.0, "once the price");
}

#[test]
fn warrants_count_as_they_say() {
    let run = |method: &str| {
        let warrant = json!({ "id": "w", "shares": 1000, "strike": 1, "method": method });
        let round = json!({ "pre_money": 40_000, "new_money": 0 });
        captable(&json!({ "shares": { "founders": 10_000 }, "warrants": [warrant], "round": round }))
    };
    near(&run("treasury")["shares"]["w"], 750.0, "a quarter pays for the strike");
    near(&run("as-exercised")["prices"]["round"], 40.0 / 11.0, "counted before the round");
}

#[test]
fn what_cannot_be_is_refused() {
    let safe = json!({ "id": "s", "purchase": 1e6, "post_money_cap": 1e6 });
    run(&json!({ "shares": { "f": 1 }, "safes": [safe] })).has_no_answer("the whole company");
    let output = captable(&json!({ "shares": { "f": 1 }, "safes": [{ "id": "s", "purchase": 1 }] }));
    assert_eq!(output["left_out"][0], "s has no cap, and converts only in a round");
    let wrong = json!({ "shares": { "f": -1, "g": "x" }, "safes": [{ "id": "f", "purchas": 1,
                        "discount": 1 }],
                        "round": { "pre_money": 0 }, "preferences": [{ "id": "q", "rank": 1 }, { "id": "f" }],
                        "anti_dilution": { "protected": [{ "id": "f", "price": 1, "kind": "brod" }] } });
    run(&wrong).is_unreadable(&[
        "shares.f: -1 is negative",
        "shares.g: `x` is not a number",
        "safes[0].purchas: is not known here",
        "did you mean `purchase`?",
        "safes[0].discount: is the whole price",
        "safes[0].id: `f` is there already",
        "round.pre_money: 0 is not above zero",
        "round.new_money: is missing",
        "preferences[0].id: there is no class `q`",
        "preferences[1].rank: is missing, and other classes have one",
        "preferences[1].preference: is missing",
        "anti_dilution.protected[0].kind: `brod` is not known",
        "did you mean `broad`?",
    ]);
}

/// By hand: principal and simple interest, 2,000,000 x (1 + 2 x 5%), come before the shares.
#[test]
fn paper_that_has_not_converted_is_owed_at_an_exit_with_its_rank() {
    let note = json!({ "id": "n", "principal": 2e6, "rate": 0.05, "years": 2, "discount": 0.2 });
    let shares = json!({ "f": 8e6 });
    let input =
        |rights: Value| json!({ "shares": shares, "notes": [note], "preferences": rights, "exit": 5e6 });
    let output = captable(&input(json!([{ "id": "n", "multiple": 1, "rank": 1 }])));
    near(&output["payouts"]["n"], 2.2e6, "principal and interest");
    near(&output["payouts"]["f"], 2.8e6, "the rest");
    let output = captable(&input(json!([{ "id": "n", "multiple": 1.5, "price": 9 }])));
    near(&output["payouts"]["n"], 3.3e6, "a price has no shares to be multiplied by");
    // By hand: 1,100,000 of rank 1, then 900,000 of the 1,500,000 of rank 2.
    let input = json!({
        "shares": { "f": 8e6 },
        "safes": [{ "id": "s", "purchase": 1.5e6 }, { "id": "u", "purchase": 1.1e6, "discount": 0.2 }],
        "preferences": [{ "id": "s", "multiple": 1, "rank": 2 }, { "id": "u", "multiple": 1, "rank": 1 }],
        "exit": 2e6,
    });
    let output = captable(&input);
    near(&output["payouts"]["u"], 1.1e6, "first");
    near(&output["payouts"]["s"], 0.9e6, "second");
    near(&output["payouts"]["f"], 0.0, "nothing is left");
}

#[test]
fn payouts_are_unknown_while_nobody_says_what_unconverted_paper_is_owed() {
    let mut input = json!({
        "shares": { "f": 8e6 }, "safes": [{ "id": "s", "purchase": 1.5e6, "discount": 0.2 }], "exit": 4e6,
    });
    let output = captable(&input);
    assert_eq!(output["payouts"], Value::Null);
    assert!(output["left_out"].to_string().contains("`preferences` of s"), "{}", output["left_out"]);
    input["preferences"] = json!([{ "id": "s", "per_share": 1 }]);
    run(&input).has_no_answer("has not converted");
}

/// By hand: a tenth of the company at 7,001,000 after 9,000,000 shares is 0.70010 a share: 7,001,000 x (1 -
/// 700,000 / 7,001,000) / 9,000,000 = 0.700111.
#[test]
fn price_decimals_are_those_of_conversion_prices_too() {
    let shares = |rounding: Value| {
        let input = json!({
            "shares": { "f": 9e6 },
            "safes": [{ "id": "s", "purchase": 700_000, "post_money_cap": 7_001_000 }],
            "round": { "pre_money": 20e6, "new_money": 3e6 },
            "rounding": rounding,
        });
        let output = captable(&input);
        (number(&output["prices"]["s"]), number(&output["shares"]["s"]))
    };
    assert_eq!(shares(json!({ "price_decimals": 3, "shares": "down" })), (0.7, 1_000_000.0));
    let up = json!({ "price_decimals": 3, "price_direction": "up", "shares": "down" });
    assert_eq!(shares(up), (0.701, 998_573.0));
    let (price, exact) = shares(Value::Null);
    assert!((price - 6_301_000.0 / 9e6).abs() < 1e-12 && (exact - 700_000.0 / price).abs() < 1e-6);
}
