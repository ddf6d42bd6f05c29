//! `keiretsu-bench`: its JSON, its checks, other parameters than the standard ones, and what is refused.

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::{Value, json};

/// A folder that goes away with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("keiretsu-bench-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.0.join(name), text).expect("a file");
    }

    fn run(&self, words: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keiretsu-bench"));
        command.args(words).current_dir(&self.0).output().expect("it runs")
    }

    fn report(&self, words: &[&str]) -> Value {
        let output = self.run(words);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        report(&String::from_utf8_lossy(&output.stdout))
    }

    fn fails(&self, status: i32, words: &[&str], said: &str) {
        let output = self.run(words);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(status), "{errors}");
        assert!(errors.contains(said), "no `{said}` in {errors}");
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

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
    let folder = Folder::new("standard");
    let report = folder.report(&["m1", "--paths", "2000", "--threads", "2", "--runs", "2"]);
    let head = [&report["bench"], &report["paths"], &report["threads"], &report["work"]];
    assert_eq!(head, [&json!("m1"), &json!(2000), &json!(2), &json!(2000 * 120 * 50)]);
    let check = &report["check"];
    assert_eq!(check["exact"]["quantile_error"], 0.0);
    assert!(check["contract_means"]["compared"].as_u64().is_some_and(|count| count > 500), "{check}");
    assert!(check["contract_means"]["rms_z"].as_f64().is_some_and(|z| 0.1 < z && z < 3.0), "{check}");
}

#[test]
fn any_other_web_runs_too() {
    let folder = Folder::new("other");
    folder.write("web.json", &small().to_string());
    let report = folder.report(&["m1", "--paths", "3000", "--runs", "1", "--params", "web.json"]);
    assert_eq!(report["work"], 3000 * 18 * 4);
    // Two contracts vary in all of the 18 months.
    assert!(report["check"]["contract_means"]["compared"].as_u64().is_some_and(|count| count >= 36));
}

#[test]
fn webs_with_funding_and_with_own_money_have_names_of_their_own() {
    let folder = Folder::new("with");
    let mut web = small();
    // Owes 1e9 a month, has nothing like it and, as every other party, cannot raise it.
    web["payer"][3] = json!(1);
    folder.write("web.json", &web.to_string());
    let words = ["m1", "--paths", "600", "--runs", "1", "--params", "web.json", "--with"];
    let funding = folder.report(&[&words[..], &["funding"]].concat());
    assert_eq!(funding["bench"], "m1-funding");
    let failures = funding["check"]["failures"]["a_path"].as_f64();
    assert!(failures.is_some_and(|failures| (1.0..=3.0).contains(&failures)), "{funding}");
    let own = folder.report(&[&words[..], &["own-money"]].concat());
    assert_eq!(own["bench"], "m1-own-money");
    assert!(own["check"]["own_money"]["received"].as_f64().is_some_and(|own| 0.0 < own), "{own}");
    folder.write("reference.json", "{}");
    folder.fails(2, &["m1", "--with", "funding", "--reference", "reference.json"], "`paths` is missing");
}

#[test]
fn a_reference_of_another_web_is_seen() {
    let folder = Folder::new("reference");
    folder.write("web.json", &small().to_string());
    let cube = |value: f64| json!([[value; 3]; 3].map(|_| vec![[value; 3]; 18]));
    let reference = json!({"paths": 1000, "q": cube(5.0), "se1": cube(1.0)});
    folder.write("reference.json", &reference.to_string());
    let words = ["m1", "--paths", "500", "--params", "web.json", "--reference", "reference.json"];
    let output = folder.run(&words);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("share_z_above_4"), "{output:?}");
    folder.fails(2, &["m1", "--paths", "500", "--reference", "reference.json"], "another size");
}

#[test]
fn parameters_that_do_not_fit_are_refused() {
    let folder = Folder::new("refused");
    let refuses = |name: &str, value: Value, said: &str| {
        let mut web = small();
        web[name] = value;
        folder.write("web.json", &web.to_string());
        folder.fails(2, &["m1", "--paths", "100", "--params", "web.json"], said);
    };
    refuses("payee", json!([0, 2, 0, 2]), "`payer[0]` pays himself");
    refuses("payee", json!([3, 2, 0, 2]), "`payee[0]` is 3");
    refuses("sigma", json!([0.1]), "`sigma`");
    refuses("M", json!([2.5, 0.0, -1.0, 1e9]), "`M[2]`");
    refuses("C", json!([[1.0, 0.9, 0.0], [-0.4, 1.0, 0.0], [0.0, 0.0, 1.0]]), "`C[0][1]`");
    refuses("D", json!(4), "`D` is 4");
    refuses("dt", json!(1.0), "`dt` is 1");
    refuses("T", json!(0), "`T`");
    refuses("mu", json!("all"), "`mu`");
    refuses("C", json!([[1.0, 0.9, 0.9], [0.9, 1.0, -0.9], [0.9, -0.9, 1.0]]), "Correlation");
    folder.write("web.json", "{\"T\": 12");
    folder.fails(2, &["m1", "--params", "web.json"], "no JSON");
    folder.fails(2, &["m1", "--params", "absent.json"], "absent.json cannot be read");
    folder.fails(2, &["m1", "--paths", "0"], "0");
    folder.fails(2, &["m2", "--threads", "0"], "0");
}

#[test]
fn clearing_and_rates_are_checked() {
    let folder = Folder::new("clearing");
    let cleared = folder.report(&["m2", "--parties", "2000", "--runs", "1"]);
    assert!(cleared["check"]["residual"].as_f64().is_some_and(|residual| residual <= 1e-10), "{cleared}");
    let rates = folder.report(&["m3", "--series", "200", "--threads", "2", "--runs", "1"]);
    assert_eq!((&rates["work"], &rates["threads"]), (&json!(200), &json!(2)));
    folder.write("debts.csv", "debtor,creditor,amount\n0,1,10\n1,2,8\n");
    folder.write("assets.csv", "6\n1\n0\n");
    let lists = folder.report(&["m2", "--debts", "debts.csv", "--assets", "assets.csv"]);
    assert_eq!(lists["check"]["defaults"], 2);
}
