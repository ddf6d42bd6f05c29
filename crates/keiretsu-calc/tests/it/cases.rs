//! Reference cases of circularity, returns, concentration and choice, through the formats of `keiretsu calc`:
//! by equality, and by what must hold.

use crate::harness::files::read;
use crate::harness::{calc, entries, field, file, list, near, number, numbers, run};
use serde_json::{Map, Value, json};

#[test]
fn finn_cycling_cases_agree() {
    let all = file("finn_cycling.json");
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
            let party = through.clone().find(|party| party["id"] == json!(at.to_string())).expect("a party");
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
    let all = file("xirr.json");
    let samples = list(&all["pyxirr_samples"]["cases"]);
    let seconds = &all["pyxirr_samples"]["second_roots"];
    for case in list(&all["cases"]).iter().chain(samples).filter(|case| case.get("flows").is_some()) {
        let id = case["id"].as_str().unwrap_or_default();
        let flows: Vec<(String, f64)> = list(&case["flows"])
            .iter()
            .map(|flow| (flow[0].as_str().expect("a date").to_owned(), number(&flow[1])))
            .collect();
        let rows: String =
            flows.iter().flat_map(|(date, amount)| [date.clone(), format!(",{amount}\n")]).collect();
        let output = run("irr", "flows.csv", &format!("date,amount\n{rows}"), &[]).well();
        let objects: Vec<Value> =
            flows.iter().map(|(date, amount)| json!({ "date": date, "amount": amount })).collect();
        assert_eq!(output, calc("irr", &json!({ "flows": objects })), "{id}: CSV and JSON");
        let roots = numbers(&output["roots"]);
        for root in &roots {
            // A rate near -100% is known to one part in 2^52 of one, not of its distance from there.
            let known = 1e-9 + 1e3 * f64::EPSILON / (1.0 + root);
            assert!(present_value(&flows, *root).abs() < known, "{id}: {root}");
        }
        // The library refuses two flows that do have a root.
        match case["xirr"].as_f64() {
            Some(want) => {
                assert!(roots.iter().any(|root| (root - want).abs() < 1e-7), "{id}: {roots:?} {want}");
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
    let all = file("xirr.json");
    for case in list(&all["cases"]).iter().filter(|case| case.get("periodic").is_some()) {
        let rows: String =
            numbers(&case["periodic"]).iter().flat_map(|amount| [amount.to_string(), "\n".into()]).collect();
        for text in [format!("amount\n{rows}"), rows.clone()] {
            let output = run("irr", "flows.csv", &text, &[]).well();
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
    let all = file("concentration.json");
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
    let (all, text) = (file("conditional_logit.json"), read("travel_mode.csv"));
    let model =
        ["--alternatives", "1=air,2=train,3=bus,4=car", "--attributes", "gc,ttme,air,hinc*air,train,bus"];
    let run = |more: &[&str]| run("choice", "travel_mode.csv", &text, &[&model, more].concat()).well();
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
