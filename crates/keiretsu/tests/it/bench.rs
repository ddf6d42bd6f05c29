//! `keiretsu bench`: its JSON, its checks, other parameters than the standard ones, and what is refused.

use crate::harness::Folder;
use serde_json::{Value, json};

/// Three drivers, one of which nothing reads and one of which does not vary, four contracts, three parties.
fn small() -> Value {
    json!({
        "T": 18, "D": 3, "K": 4, "J": 1, "P": 3, "dt": 1.0 / 12.0,
        "mu": [0.04, -0.02, 0.01], "sigma": [0.2, 0.3, 0.0],
        "C": [[1.0, -0.4, 0.0], [-0.4, 1.0, 0.0], [0.0, 0.0, 1.0]],
        "usage_driver": [0, 1, 0, 0], "price_driver": [1, 1, 0, 0],
        "U": [1.5, 2.0, 0.3, 1e-6], "R": [2.0, 1.0, 7.0, 3.0], "M": [2.5, 0.0, 2.2, 1e9],
        "payer": [0, 1, 2, 0], "payee": [1, 2, 0, 2],
        "tr_driver": [0], "tr_barrier": [1.25], "tr_amount": [12.5], "tr_payer": [2], "tr_payee": [1],
    })
}

fn report(text: &str) -> Value {
    let report: Value = serde_json::from_str(text).expect("the report is JSON");
    let names: Vec<&String> = report.as_object().expect("an object").keys().collect();
    let wanted = ["bench", "paths", "threads", "work", "wall_s", "cpu_s", "per_cpu_s", "check"];
    assert_eq!(names, wanted, "{text}");
    assert_eq!(report["check"]["passed"], true, "{text}");
    assert!(report["per_cpu_s"].as_f64().is_some_and(|rate| rate > 0.0), "{text}");
    report
}

#[test]
fn the_standard_web_agrees_with_its_closed_forms() {
    let folder = Folder::new();
    let report = report(&folder.run(&["bench", "m1", "--paths", "2000", "--threads", "2"]).well());
    assert_eq!(
        (&report["bench"], &report["paths"], &report["threads"]),
        (&json!("m1"), &json!(2000), &json!(2))
    );
    assert_eq!(report["work"], 2000 * 120 * 50);
    let check = &report["check"];
    assert_eq!(check["exact"]["quantile_error"], 0.0);
    assert!(check["contract_means"]["compared"].as_u64().is_some_and(|count| count > 500), "{check}");
    assert!(check["contract_means"]["rms_z"].as_f64().is_some_and(|z| 0.1 < z && z < 3.0), "{check}");
}

#[test]
fn any_other_web_runs_too() {
    let folder = Folder::new();
    folder.write("web.json", small().to_string().as_bytes());
    let words = ["bench", "m1", "--paths", "3000", "--runs", "1", "--params", "web.json", "-o", "out.json"];
    folder.run(&words).well();
    let report = report(&folder.read("out.json"));
    assert_eq!(report["work"], 3000 * 18 * 4);
    // Two contracts vary in all of the 18 months.
    assert!(report["check"]["contract_means"]["compared"].as_u64().is_some_and(|count| count >= 36));
}

#[test]
fn webs_with_funding_and_with_own_money_have_names_of_their_own() {
    let folder = Folder::new();
    let mut web = small();
    // Owes 1e9 a month, has nothing like it and, as every other party, cannot raise it.
    web["payer"][3] = json!(1);
    folder.write("web.json", web.to_string().as_bytes());
    let words = ["bench", "m1", "--paths", "600", "--runs", "1", "--params", "web.json", "--with"];
    let with = |what: &str| report(&folder.run(&[&words[..], &[what]].concat()).well());
    let funding = with("funding");
    assert_eq!(funding["bench"], "m1-funding");
    let failures = funding["check"]["failures"]["a_path"].as_f64();
    assert!(failures.is_some_and(|failures| (1.0..=3.0).contains(&failures)), "{funding}");
    let own = with("own-money");
    assert_eq!(own["bench"], "m1-own-money");
    assert!(own["check"]["own_money"]["received"].as_f64().is_some_and(|own| 0.0 < own), "{own}");
    folder.write("reference.json", b"{}");
    folder.run(&["bench", "m1", "--with", "funding", "--reference", "reference.json"]).failed(2, "");
}

#[test]
fn a_reference_of_another_web_is_seen() {
    let folder = Folder::new();
    folder.write("web.json", small().to_string().as_bytes());
    let cube = |value: f64| json!([[value; 3]; 3].map(|_| vec![[value; 3]; 18]));
    let reference = json!({"paths": 1000, "q": cube(5.0), "se1": cube(1.0)});
    folder.write("reference.json", reference.to_string().as_bytes());
    let words = ["bench", "m1", "--paths", "500", "--params", "web.json", "--reference", "reference.json"];
    let done = folder.run(&words);
    assert!(done.out.contains("share_z_above_4"), "{}", done.out);
    done.failed(1, "a check failed");
    let words = ["bench", "m1", "--paths", "500", "--reference", "reference.json"];
    folder.run(&words).failed(2, "another size");
}

#[test]
fn parameters_that_do_not_fit_are_refused() {
    let folder = Folder::new();
    let refuses = |change: &dyn Fn(&mut Value), said: &str| {
        let mut web = small();
        change(&mut web);
        folder.write("web.json", web.to_string().as_bytes());
        folder.run(&["bench", "m1", "--paths", "100", "--params", "web.json"]).failed(2, said);
    };
    refuses(&|web| web["payee"][0] = json!(0), "`payer[0]` pays himself");
    refuses(&|web| web["payee"][0] = json!(3), "`payee[0]` is 3");
    refuses(&|web| web["sigma"] = json!([0.1]), "`sigma`");
    refuses(&|web| web["M"][2] = json!(-1), "`M[2]`");
    refuses(&|web| web["C"][0][1] = json!(0.9), "`C[0][1]`");
    refuses(&|web| web["D"] = json!(4), "`D` is 4");
    refuses(&|web| web["dt"] = json!(1.0), "`dt` is 1");
    refuses(&|web| web["T"] = json!(0), "`T`");
    refuses(&|web| web["mu"] = json!("all"), "`mu`");
    refuses(
        &|web| web["C"] = json!([[1.0, 0.9, 0.9], [0.9, 1.0, -0.9], [0.9, -0.9, 1.0]]),
        "correlations of the factors contradict each other",
    );
    folder.write("web.json", b"{\"T\": 12");
    folder.run(&["bench", "m1", "--params", "web.json"]).failed(2, "no JSON");
    folder.run(&["bench", "m1", "--params", "absent.json"]).failed(3, "absent.json cannot be read");
}

#[test]
fn no_paths_are_no_bench() {
    let folder = Folder::new();
    for bench in ["m1", "m2", "m3"] {
        folder.run(&["bench", bench, "--paths", "0"]).failed(2, "0");
        folder.run(&["bench", bench, "--threads", "0"]).failed(2, "0");
    }
    folder.run(&["bench", "m4"]).failed(2, "m4");
}

#[test]
fn clearing_and_rates_are_checked() {
    let folder = Folder::new();
    let cleared = report(&folder.run(&["bench", "m2", "--paths", "2000", "--runs", "1"]).well());
    assert!(cleared["check"]["residual"].as_f64().is_some_and(|residual| residual <= 1e-10), "{cleared}");
    let rates = report(&folder.run(&["bench", "m3", "--paths", "1000", "--threads", "2"]).well());
    assert_eq!((&rates["work"], &rates["threads"]), (&json!(1000), &json!(2)));
    folder.write("debts.csv", b"debtor,creditor,amount\n0,1,10\n1,2,8\n");
    folder.write("assets.csv", b"6\n1\n0\n");
    let words = ["bench", "m2", "--debts", "debts.csv", "--assets", "assets.csv"];
    assert_eq!(report(&folder.run(&words).well())["check"]["defaults"], 2);
}

#[test]
fn every_bench_shows_an_example() {
    let folder = Folder::new();
    for bench in ["m1", "m2", "m3"] {
        let example = format!("keiretsu bench {bench}");
        assert!(folder.run(&["bench", "--help"]).well().contains(&example), "{bench}");
        let help = folder.run(&["bench", bench, "--help"]).well();
        assert!(help.contains("Example") && help.contains(&format!("{example} --")), "{help}");
    }
}
