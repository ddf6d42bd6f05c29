//! Reference cases of clearing, valuation, `DebtRank` and cross-holdings, through the formats of `keiretsu
//! calc`: by equality, and by what must hold.

use crate::harness::{calc, entries, field, file, list, near, number, numbers};
use serde_json::{Value, json};

/// A clearing case in the format of `calc clear`.
fn clearing(case: &Value) -> Value {
    let senior = case["seniority"].as_str().is_some_and(|words| words.contains("senior"));
    let party = |(at, assets): (usize, f64)| {
        let mut party = json!({ "id": at.to_string(), "assets": assets });
        if let Some(debt) = case["external_liabilities"].get(at) {
            party["outside_debt"] = debt.clone();
            party["outside_rank"] = json!(1);
        }
        party
    };
    let names = ["from", "to", "amount"];
    let debts = match case.get("L_by_seniority") {
        Some(ranks) => list(ranks)
            .iter()
            .enumerate()
            .flat_map(|(at, matrix)| entries(matrix, names, &json!({ "rank": at + 1 })))
            .collect(),
        None if senior => entries(&case["L"], names, &json!({ "rank": 2 })),
        None => entries(&case["L"], names, &json!({})),
    };
    let parties: Vec<Value> = numbers(&case["e"]).into_iter().enumerate().map(party).collect();
    let mut input = json!({ "parties": parties, "debts": debts });
    if case.get("alpha").is_some() {
        input["default_costs"] = json!({ "assets": case["alpha"], "received": case["beta"] });
    }
    if let Some(theta) = case.get("Theta") {
        input["holdings"] = json!(entries(theta, ["issuer", "owner", "share"], &json!({})));
    }
    input
}

/// Largest difference between what a party pays and what the definition gives, with one rank and no holdings.
fn clearing_residual(input: &Value, output: &Value) -> f64 {
    let (parties, debts) = (list(&input["parties"]), list(&input["debts"]));
    let (paid, owed) = (field(&output["parties"], "paid"), field(&output["parties"], "owed"));
    let costs = |key: &str| input["default_costs"].get(key).map_or(1.0, number);
    let mut worst = 0.0_f64;
    for (at, party) in parties.iter().enumerate() {
        let to_me = debts.iter().filter(|debt| debt["to"] == party["id"]);
        let share = |debt: &Value| {
            let from = parties.iter().position(|other| other["id"] == debt["from"]).expect("a debtor");
            number(&debt["amount"]) * paid[from] / owed[from]
        };
        let received: f64 = to_me.map(share).sum();
        let assets = number(&party["assets"]);
        let can = owed[at] * (1.0 - 1e-11) <= assets + received;
        let value = costs("assets") * assets + costs("received") * received;
        let pays = if can { owed[at] } else { value.clamp(0.0, owed[at]) };
        worst = worst.max((paid[at] - pays).abs());
    }
    worst
}

#[test]
fn clearing_cases_agree() {
    let all = file("clearing.json");
    for case in list(&all["cases"]) {
        let id = case["id"].as_str().expect("an id");
        let input = clearing(case);
        let output = calc("clear", &input);
        let parties = &output["parties"];
        let tolerance = case["tol"].as_f64().unwrap_or(0.0).max(1e-12);
        let exact = case.get("exact").and_then(Value::as_object).cloned().unwrap_or_default();
        for (key, want) in case["expected"].as_object().into_iter().flatten().chain(&exact) {
            check_clearing(parties, key, want, tolerance, id);
        }
        if case.get("L").is_some() && input["debts"][0].get("rank").is_none() {
            assert!(clearing_residual(&input, &output) < 1e-11, "{id}");
        }
        let residual = number(&output["residual"]);
        assert!(residual < 1e-11, "{id}: {residual}");
        assert_eq!(output["solution"], "greatest");
    }
}

fn check_clearing(parties: &Value, key: &str, want: &Value, tolerance: f64, id: &str) {
    let paid = field(parties, "paid");
    let what = format!("{id} {key}");
    match key {
        "p" | "p_total" | "p_greatest" => near(&paid, &numbers(want), tolerance, &what),
        "p_interbank" => {
            let outside = field(parties, "paid_outside");
            let within: Vec<f64> = paid.iter().zip(outside).map(|(paid, outside)| paid - outside).collect();
            near(&within, &numbers(want), tolerance, &what);
        }
        "equity_signed" => near(&field(parties, "equity"), &numbers(want), tolerance, &what),
        "default" => {
            let got: Vec<bool> = list(parties).iter().map(|party| party["defaulted"] == true).collect();
            let want: Vec<bool> = numbers(want).iter().map(|default| 0.5 < *default).collect();
            assert_eq!(got, want, "{what}");
        }
        "all_default" => assert!(list(parties).iter().all(|party| party["defaulted"] == true), "{what}"),
        "levels" => {
            for (wave, members) in list(want).iter().enumerate() {
                for member in numbers(members) {
                    assert_eq!(parties[member as usize]["wave"], json!(wave + 1), "{what}");
                }
            }
        }
        // Payments by rank and iterates are not part of the answer; the sum by rank is.
        "p_senior" | "p_junior" | "iterates" | "p_formula" => {}
        other => panic!("{id}: nothing checks `{other}`"),
    }
}

#[test]
fn ranked_payments_sum_to_the_reference() {
    let all = file("clearing.json");
    for case in list(&all["cases"]).iter().filter(|case| case.get("L_by_seniority").is_some()) {
        let output = calc("clear", &clearing(case));
        let want: Vec<f64> = numbers(&case["expected"]["p_senior"])
            .iter()
            .zip(numbers(&case["expected"]["p_junior"]))
            .map(|(senior, junior)| senior + junior)
            .collect();
        near(&field(&output["parties"], "paid"), &want, 1e-9, "both ranks");
    }
}

#[test]
fn the_least_solution_lies_below_and_is_one() {
    let all = file("clearing.json");
    for case in list(&all["cases"]).iter().filter(|case| case.get("L").is_some()) {
        let mut input = clearing(case);
        let greatest = calc("clear", &input);
        input["solution"] = json!("least");
        let least = calc("clear", &input);
        assert_eq!(least["solution"], "least");
        let pairs = field(&least["parties"], "paid").into_iter().zip(field(&greatest["parties"], "paid"));
        assert!(pairs.into_iter().all(|(least, greatest)| least <= greatest + 1e-12));
        assert!(number(&least["residual"]) < 1e-9, "{}", least["residual"]);
    }
}

#[test]
fn neva_cases_agree() {
    let all = file("neva.json");
    for case in list(&all["cases"]) {
        let method = case["method"].as_str().expect("a method");
        let shock = number(&case["shock_fraction_of_equity"]);
        let equity = numbers(&case["equity0"]);
        let outside = [9.0, 4.0, 2.0];
        let party = |at: usize| {
            let assets = [10.0, 5.0, 3.0][at] - shock * equity[at];
            let mut party = json!({ "id": at.to_string(), "assets": assets, "outside_debt": outside[at] });
            party["outside_rank"] = json!(1);
            if let Some(sigma) = case.get("sigma_asset") {
                party["sigma"] = sigma[at].clone();
                party["recovery"] = case["kw"]["recovery_rate"][at].clone();
            }
            if method == "linear_dr" {
                party["equity_before"] = json!(equity[at]);
            }
            party
        };
        let debt = |from: &str, to: &str| json!({ "from": from, "to": to, "amount": 0.5 });
        // A holds a claim on B, B on C, C on A.
        let debts = [debt("1", "0"), debt("2", "1"), debt("0", "2")];
        let parties = [party(0), party(1), party(2)];
        let output = calc("network", &json!({ "parties": parties, "debts": debts, "valuation": method }));
        near(&field(&output["parties"], "equity"), &numbers(&case["final"]), 1e-9, method);
        near(&field(&output["parties"], "equity_first"), &numbers(&case["first_round"]), 1e-9, method);
        near(&numbers(&output["equities"][1]), &numbers(&case["first_round"]), 1e-9, method);
        let last = list(&output["equities"]).last().expect("rounds");
        near(&numbers(last), &field(&output["parties"], "equity"), 0.0, method);
    }
}

#[test]
fn linear_debtrank_case_agrees_as_a_valuation() {
    let all = file("debtrank.json");
    let case = list(&all["cases"]).iter().find(|case| case["id"] == "linear-dr-barucca-ex4-s05");
    let case = case.expect("the case");
    let kept = 1.0 - number(&case["shock_fraction_of_outside_assets"]);
    let (assets, outside) = (numbers(&case["e0"]), numbers(&case["external_liabilities"]));
    let before = numbers(&case["equity_before"]);
    let party = |at: usize| {
        json!({ "id": at.to_string(), "assets": kept * assets[at], "outside_debt": outside[at],
                "outside_rank": 1, "equity_before": before[at] })
    };
    let debts = entries(&case["L"], ["from", "to", "amount"], &json!({}));
    let parties = [party(0), party(1), party(2)];
    let input = json!({ "parties": parties, "debts": debts, "valuation": "linear-debtrank" });
    let output = calc("network", &input);
    near(&field(&output["parties"], "equity"), &numbers(&case["expected"]["equity_signed"]), 1e-12, "equity");
}

#[test]
fn debtrank_impacts_are_the_published_ones() {
    let all = file("debtrank.json");
    let case = &list(&all["cases"])[0];
    let order: Vec<&str> = list(&case["exposures_liab"]["order"]).iter().filter_map(Value::as_str).collect();
    let parties: Vec<Value> =
        order.iter().map(|id| json!({ "id": id, "equity": case["buffer"][*id], "weight": 1 })).collect();
    let columns: Vec<Vec<f64>> = list(&case["exposures_liab"]["columns"]).iter().map(numbers).collect();
    let mut exposures = Vec::new();
    for (holder, column) in order.iter().zip(&columns) {
        // Party F owes itself, which is refused.
        for (to, amount) in order.iter().zip(column).filter(|(to, amount)| *to != holder && 0.0 < **amount) {
            exposures.push(json!({ "holder": holder, "to": to, "amount": amount }));
        }
    }
    let rows: Vec<Vec<f64>> = list(&case["expected_impact_uncapped_rows"]).iter().map(numbers).collect();
    for (from, shocked) in order.iter().enumerate() {
        // With one debtor in distress and none of its creditors a debtor, the loss is the capped impact.
        for (to, id) in order.iter().enumerate().filter(|(to, _)| *to != from) {
            let direct = |exposure: &&Value| exposure["to"] == *shocked && exposure["holder"] == *id;
            let direct: Vec<&Value> = exposures.iter().filter(direct).collect();
            let input = json!({ "parties": parties, "exposures": direct,
                                "shock": { *shocked: 1 }, "variant": "2012" });
            let output = calc("debtrank", &input);
            let loss = number(&output["parties"][to]["loss"]);
            near(&[loss], &[rows[from][to].min(1.0)], 1e-12, "impact");
            near(&[number(&output["impact"])], &[loss / 6.0], 1e-12, "weights of one");
        }
    }
    for variant in ["2012", "linear"] {
        let input = json!({ "parties": parties, "exposures": exposures,
                            "shock": { "B": 1 }, "variant": variant });
        let output = calc("debtrank", &input);
        // B hits C (1.5, so all of it) and F (0.2), C all of E, and F no more of C.
        near(&field(&output["parties"], "loss"), &[0.0, 1.0, 1.0, 1.0, 0.2, 0.0], 1e-12, variant);
    }
}

#[test]
fn elliott_golub_jackson_waves_agree() {
    let all = file("egj.json");
    let names: Vec<&str> = list(&all["countries"]).iter().filter_map(Value::as_str).collect();
    let claims: Vec<Vec<f64>> = list(&all["claims"]).iter().map(numbers).collect();
    let part = number(&all["crossheld_fraction"]);
    let mut holdings = Vec::new();
    for (j, issuer) in names.iter().enumerate() {
        let all_claims: f64 = claims[j].iter().sum();
        for (i, owner) in names.iter().enumerate().filter(|(i, _)| 0.0 < claims[j][*i]) {
            let share = part * claims[j][i] / all_claims;
            holdings.push(json!({ "owner": owner, "issuer": issuer, "share": share }));
        }
    }
    let matrix: Vec<Vec<f64>> = list(&all["expected_A"]).iter().map(numbers).collect();
    let before = numbers(&all["p_2008"]);
    let normal: Vec<f64> =
        matrix.iter().map(|row| row.iter().zip(&before).map(|(a, p)| a * p).sum()).collect();
    let prices = numbers(&all["p_2011"]);
    for expected in list(&all["expected_waves"]) {
        let theta = number(&expected["theta"]);
        let organisation = |(id, normal): (&&str, &f64)| {
            let threshold = theta * normal;
            json!({ "id": id, "threshold": threshold, "failure_cost": threshold / 2.0 })
        };
        let assets: Vec<Value> =
            names.iter().zip(&prices).map(|(id, price)| json!({ "id": id, "price": price })).collect();
        let owned: Vec<Value> =
            names.iter().map(|id| json!({ "organisation": id, "asset": id, "share": 1 })).collect();
        let input = json!({ "organisations": names.iter().zip(&normal).map(organisation).collect::<Vec<_>>(),
                            "holdings": holdings, "assets": assets, "owned": owned });
        let output = calc("crossholdings", &input);
        assert_eq!(output["waves"], expected["waves"], "theta {theta}");
        let costs = list(&output["organisations"]).iter().zip(&normal);
        let costs = costs.filter(|(one, _)| one["failed"] == true).map(|(_, normal)| theta * normal / 2.0);
        let left = prices.iter().sum::<f64>() - costs.sum::<f64>();
        let worth: f64 = field(&output["organisations"], "market_value").iter().sum();
        near(&[worth], &[left], 1e-12, "market values sum to what assets are worth");
    }
}
