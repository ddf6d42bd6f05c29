//! The reference cases, through the formats of `keiretsu calc`: by equality, and by what must hold.

mod harness;

use harness::Folder;
use serde_json::{Map, Value, json};

/// A reference file, `None` outside of CI where it is missing.
fn cases(name: &str) -> Option<String> {
    let path = format!("{}/../../../shared/cases/{name}", env!("CARGO_MANIFEST_DIR"));
    match std::fs::read_to_string(&path) {
        Ok(text) => Some(text),
        Err(error) => {
            let in_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
            assert!(!in_ci, "reference cases are required in CI: {path}: {error}");
            eprintln!("skipped: no {path}");
            None
        }
    }
}

fn file(name: &str) -> Option<Value> {
    cases(name).map(|text| serde_json::from_str(&text).expect("reference cases are JSON"))
}

/// The answer to a JSON file.
fn calc(method: &str, input: &Value) -> Value {
    calc_text(method, "in.json", &input.to_string(), &[])
}

fn calc_text(method: &str, name: &str, text: &str, more: &[&str]) -> Value {
    let folder = Folder::new();
    folder.write(name, text.as_bytes());
    let words = [&["calc", method, name, "--format", "json"], more].concat();
    let out = folder.run(&words).well();
    serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}\n{out}"))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A number, or a fraction in a string.
fn number(value: &Value) -> f64 {
    if let Some(text) = value.as_str() {
        let parts: Vec<f64> = text.split('/').map(|part| part.parse().expect("a number")).collect();
        return parts[0] / parts.get(1).unwrap_or(&1.0);
    }
    value.as_f64().unwrap_or_else(|| panic!("a number, not {value}"))
}

fn numbers(value: &Value) -> Vec<f64> {
    list(value).iter().map(number).collect()
}

fn field(rows: &Value, key: &str) -> Vec<f64> {
    list(rows).iter().map(|row| number(&row[key])).collect()
}

fn near(got: &[f64], want: &[f64], tolerance: f64, what: &str) {
    assert_eq!(got.len(), want.len(), "{what}");
    for (got, want) in got.iter().zip(want) {
        assert!((got - want).abs() <= tolerance * want.abs().max(1.0), "{what}: {got} {want}");
    }
}

/// Entries of a matrix above zero, as `{from, to, amount}` under other names.
fn entries(matrix: &Value, names: [&str; 3], more: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    for (i, row) in list(matrix).iter().enumerate() {
        for (j, amount) in numbers(row).into_iter().enumerate().filter(|(_, amount)| 0.0 < *amount) {
            let mut entry = more.as_object().cloned().unwrap_or_default();
            entry.insert(names[0].into(), json!(i.to_string()));
            entry.insert(names[1].into(), json!(j.to_string()));
            entry.insert(names[2].into(), json!(amount));
            all.push(Value::Object(entry));
        }
    }
    all
}

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
    let Some(all) = file("clearing.json") else { return };
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
    let Some(all) = file("clearing.json") else { return };
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
    let Some(all) = file("clearing.json") else { return };
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
    let Some(all) = file("neva.json") else { return };
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
    let Some(all) = file("debtrank.json") else { return };
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
    let Some(all) = file("debtrank.json") else { return };
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
    let Some(all) = file("egj.json") else { return };
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
        let organisation = |(id, normal): (&&str, &f64)| json!({ "id": id, "threshold": theta * normal, "failure_cost": theta * normal / 2.0 });
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

#[test]
fn finn_cycling_cases_agree() {
    let Some(all) = file("finn_cycling.json") else { return };
    for case in list(&all["cases"]) {
        let id = case["id"].as_str().expect("an id");
        let map = |key: &str| -> Map<String, Value> {
            let amounts = numbers(&case[key]).into_iter().enumerate();
            amounts.map(|(at, amount)| (at.to_string(), json!(amount))).collect()
        };
        let flows = entries(&case["flow"], ["from", "to", "amount"], &json!({}));
        let input = json!({ "flows": flows, "inflow": map("input"), "outflow": map("output") });
        let output = calc("circularity", &input);
        let want = number(&case["expected"]["FCI"]);
        near(&[number(&output["finn_cycling_index"])], &[want], 1e-7, id);
        let through = list(&output["parties"]).iter();
        let by_id = |key: &str, at: usize| {
            let party = through.clone().find(|party| party["id"] == at.to_string()).expect("a party");
            party[key].clone()
        };
        for (at, want) in numbers(&case["expected"]["T"]).into_iter().enumerate() {
            near(&[number(&by_id("throughflow", at))], &[want], 1e-9, id);
        }
        for (at, n) in case["expected"].get("N_diag").map(numbers).unwrap_or_default().into_iter().enumerate()
        {
            near(&[number(&by_id("return_probability", at))], &[(n - 1.0) / n], 1e-9, id);
        }
        check_bounds(case, &by_id, id);
        for row in list(&output["pairs"]).iter().chain(list(&output["parties"])) {
            if row["back_lower"].is_null() {
                assert!(!list(&output["left_out"]).is_empty(), "{id}: null without a reason");
                continue;
            }
            let [low, middle, high, sent] =
                ["back_lower", "back_pro_rata", "back_upper", "sent"].map(|key| number(&row[key]));
            assert!(low <= middle + 1e-9 && middle <= high + 1e-9 && high <= sent + 1e-9, "{id}: {row}");
        }
    }
}

/// Our own bounds that lie beside the cases, where nothing is paid to oneself.
fn check_bounds(case: &Value, by_id: &dyn Fn(&str, usize) -> Value, id: &str) {
    for bound in list(&case["derived_bounds_by_us"]).iter().filter(|bound| bound.is_object()) {
        let at = number(&bound["node"]) as usize;
        let own = number(&case["flow"][at][at]);
        if by_id("back_lower", at).is_null() || 0.0 < own || bound["lower"].is_null() {
            continue;
        }
        for (key, want) in [("back_lower", "lower"), ("back_pro_rata", "pro_rata"), ("back_upper", "upper")] {
            near(&[number(&by_id(key, at))], &[number(&bound[want])], 1e-6, &format!("{id} {at} {key}"));
        }
    }
}

/// Present value of dated flows, scaled by the largest.
fn present_value(flows: &[(String, f64)], rate: f64) -> f64 {
    let day = |text: &str| text.parse::<jiff::civil::Date>().expect("a date");
    let first = flows.iter().map(|(date, _)| day(date)).min().expect("flows");
    let mut value = 0.0;
    let mut size = 0.0_f64;
    for (date, amount) in flows {
        let days = f64::from((day(date) - first).get_days());
        let term = amount * (1.0 + rate).powf(-days / 365.0);
        value += term;
        size = size.max(term.abs());
    }
    value / size
}

#[test]
fn xirr_cases_agree() {
    let Some(all) = file("xirr.json") else { return };
    let samples = list(&all["pyxirr_samples"]["cases"]);
    let seconds = &all["pyxirr_samples"]["second_roots"];
    for case in list(&all["cases"]).iter().chain(samples).filter(|case| case.get("flows").is_some()) {
        let id = case["id"].as_str().unwrap_or_default();
        let flows: Vec<(String, f64)> = list(&case["flows"])
            .iter()
            .map(|flow| (flow[0].as_str().expect("a date").to_owned(), number(&flow[1])))
            .collect();
        let rows: String = flows.iter().map(|(date, amount)| format!("{date},{amount}\n")).collect();
        let output = calc_text("irr", "flows.csv", &format!("date,amount\n{rows}"), &[]);
        let objects: Vec<Value> =
            flows.iter().map(|(date, amount)| json!({ "date": date, "amount": amount })).collect();
        assert_eq!(output, calc("irr", &json!({ "flows": objects })), "{id}: CSV and JSON");
        let roots = numbers(&output["roots"]);
        for root in &roots {
            assert!(present_value(&flows, *root).abs() < 1e-9, "{id}: {root}");
        }
        // The library refuses two flows that do have a root.
        match case["xirr"].as_f64() {
            Some(want) => {
                assert!(roots.iter().any(|root| (root - want).abs() < 1e-7), "{id}: {roots:?} {want}")
            }
            None if ["30-20", "30-45"].contains(&id) => assert_eq!(roots.len(), 1, "{id}"),
            None => assert!(roots.is_empty(), "{id}: {roots:?}"),
        }
        if let Some(second) = seconds.get(id).and_then(Value::as_f64) {
            assert!(roots.iter().any(|root| (root - second).abs() < 1e-7), "{id}: {roots:?} {second}");
        }
        let verdict = ["none", "unique", "several"][roots.len().min(2)];
        assert_eq!(output["verdict"], verdict, "{id}");
    }
}

#[test]
fn periodic_irr_cases_agree() {
    let Some(all) = file("xirr.json") else { return };
    for case in list(&all["cases"]).iter().filter(|case| case.get("periodic").is_some()) {
        let rows: String = numbers(&case["periodic"]).iter().map(|amount| format!("{amount}\n")).collect();
        for text in [format!("amount\n{rows}"), rows.clone()] {
            let output = calc_text("irr", "flows.csv", &text, &[]);
            near(&numbers(&output["roots"]), &numbers(&case["all_irr"]), 1e-12, "roots");
        }
    }
    let fund = &all["private_equity"];
    let flows: Vec<Value> = list(&fund["flows"]).iter().map(|amount| json!({ "amount": amount })).collect();
    let input = json!({ "flows": flows, "nav": fund["nav"], "index": fund["index"] });
    let output = calc("irr", &input);
    for key in ["dpi", "rvpi", "tvpi", "moic", "ks_pme", "direct_alpha", "pme_plus"] {
        near(&[number(&output[key])], &[number(&fund[key])], 1e-12, key);
    }
}

#[test]
fn concentration_cases_agree() {
    let Some(all) = file("concentration.json") else { return };
    for case in list(&all["hhi"]) {
        let shares = numbers(&case["shares_pct"]).into_iter().enumerate();
        let shares: Map<String, Value> = shares.map(|(at, share)| (at.to_string(), json!(share))).collect();
        let output = calc("concentration", &json!({ "shares": shares }));
        near(&[number(&output["hhi"])], &[number(&case["hhi"])], 1e-12, "HHI");
        let effective = case.get("effective_number").map_or(10_000.0 / number(&case["hhi"]), number);
        near(&[number(&output["effective_number"])], &[effective], 1e-12, "effective number");
    }
}

#[test]
fn travel_mode_agrees() {
    let (Some(all), Some(text)) = (file("conditional_logit.json"), cases("travel_mode.csv")) else { return };
    let model =
        ["--alternatives", "1=air,2=train,3=bus,4=car", "--attributes", "gc,ttme,air,hinc*air,train,bus"];
    let run = |more: &[&str]| calc_text("choice", "travel_mode.csv", &text, &[&model, more].concat());
    let plain = run(&[]);
    let column = |output: &Value, key: &str| field(&output["coefficients"], key);
    near(&column(&plain, "estimate"), &numbers(&all["survival_clogit"]["coef"]), 1e-9, "converged");
    for (got, want) in column(&plain, "estimate").iter().zip(numbers(&all["coef"])) {
        assert!((got - want).abs() <= 2e-5 * want.abs(), "printed: {got} {want}");
    }
    for (got, want) in column(&plain, "se").iter().zip(numbers(&all["se"])) {
        assert!((got - want).abs() <= 2e-5 * want.abs(), "standard error: {got} {want}");
    }
    near(&[number(&plain["log_likelihood"])], &[number(&all["survival_clogit"]["loglik"])], 1e-10, "LL");
    assert!(plain["odds_ratio"].is_null() && plain["coefficients"][0]["robust_se"].is_null());
    let own = run(&["--cluster", "individual"]);
    near(&column(&own, "robust_se"), &numbers(&all["robust"]["by_individual"]), 1e-9, "by traveller");
    let thirty = run(&["--cluster", "floor((individual-1)/7)"]);
    if let Some(want) = all["robust"].get("by_cluster") {
        near(&column(&thirty, "robust_se"), &numbers(want), 1e-9, "by clusters");
    }
    let widened = run(&["--cluster", "floor((individual-1)/7)", "--small-sample"]);
    let ratio = column(&widened, "robust_se")[0] / column(&thirty, "robust_se")[0];
    near(&[ratio], &[(30.0_f64 / 29.0).sqrt()], 1e-12, "CR1 of 30 clusters");
    let asked = run(&["--affiliated", "air", "--price", "gc"]);
    let (air, gc) = (column(&plain, "estimate")[2], column(&plain, "estimate")[0]);
    near(&[number(&asked["odds_ratio"])], &[air.exp()], 1e-9, "odds");
    near(&[number(&asked["equivalent_price"])], &[-air / gc], 1e-9, "worth");
    assert!(0.0 < number(&asked["unseen_quality_to_explain"]));
}
