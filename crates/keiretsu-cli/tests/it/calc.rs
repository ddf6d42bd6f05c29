//! `keiretsu calc`: where data comes from, how answers are written, and what is said of data that is wrong.

use std::io::Write;
use std::process::Stdio;

use crate::harness::{Done, Folder, command};
use serde_json::Value;

const DEBTS: &str = r#"{"parties": [{"id": "a", "assets": 6}, {"id": "b", "assets": 1,
    "outside_debt": 8, "outside_rank": 1}], "debts": [{"from": "a", "to": "b", "amount": 10}]}"#;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn run(method: &str, name: &str, text: &str, more: &[&str]) -> Done {
    let folder = Folder::new();
    folder.write(name, text.as_bytes());
    folder.run(&[&["calc", method, name], more].concat())
}

/// Everything that is said of wrong data, which ends with status 2.
fn said(method: &str, name: &str, text: &str, more: &[&str]) -> String {
    let done = run(method, name, text, more);
    assert_eq!((done.status, done.out.as_str()), (2, ""), "{}", done.err);
    assert!(!done.err.contains("panicked"), "{}", done.err);
    done.err
}

fn holds(text: &str, all: &[&str]) {
    for said in all {
        assert!(text.contains(said), "no `{said}` in:\n{text}");
    }
}

#[test]
fn an_answer_is_json_for_machines_and_a_table_for_people() {
    let folder = Folder::new();
    folder.write("debts.json", DEBTS.as_bytes());
    let plain = folder.run(&["calc", "clear", "debts.json"]).well();
    let keys: Vec<String> = json(&plain).as_object().expect("an object").keys().cloned().collect();
    assert_eq!(keys, ["parties", "residual", "rounds", "solution"]);
    let first = &json(&plain)["parties"][0];
    let keys: Vec<String> = first.as_object().expect("an object").keys().cloned().collect();
    let all = ["id", "paid", "owed", "paid_outside", "recovery", "equity", "defaulted", "wave"];
    assert_eq!(keys, all);
    assert_eq!((&first["paid"], &first["recovery"], &first["wave"]), (&6.into(), &0.6.into(), &1.into()));
    assert_eq!(folder.run(&["calc", "clear", "debts.json", "--format", "json"]).well(), plain);
    let table = folder.run(&["calc", "clear", "debts.json", "--format", "table"]).well();
    holds(&table, &["Who can pay how much", "the greatest solution (proven)"]);
    holds(&folder.run(&["calc", "clear", "debts.json", "--format", "csv"]).well(), &["id,paid,"]);
    holds(&folder.run(&["calc", "clear", "debts.json", "--format", "markdown"]).well(), &["| id  | paid |"]);
    folder.run(&["calc", "clear", "debts.json", "-o", "out.json"]).well();
    assert_eq!(folder.read("out.json"), plain);
    folder.run(&["calc", "clear", "debts.json", "-o", "out.csv"]).well();
    assert!(folder.read("out.csv").starts_with("id,paid,"));
}

#[test]
fn data_comes_from_standard_input_too() {
    let folder = Folder::new();
    let mut process = command(&folder.path, &["calc", "clear", "-"]);
    let mut child = process
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("keiretsu");
    child.stdin.take().expect("a pipe").write_all(DEBTS.as_bytes()).expect("written");
    let done = Done::of(&child.wait_with_output().expect("an end"));
    assert_eq!(json(&done.well())["parties"][1]["paid_outside"], 7);
}

#[test]
fn files_and_words_that_are_not_there() {
    let folder = Folder::new();
    folder.run(&["calc", "clear", "none.json"]).failed(3, "none.json cannot be read");
    folder.run(&["calc", "clear"]).failed(2, "no file is named");
    folder.run(&["calc", "cler", "a.json"]).failed(2, "'clear'");
    folder.run(&["calc"]).failed(2, "captable");
    for method in keiretsu_calc::METHODS {
        let help = folder.run(&["calc", method.name, "--help"]).well();
        holds(&help, &["out: {", "keiretsu calc"]);
        assert!(help.contains(method.summary), "{help}");
        folder.write("empty", b" \n");
        folder.run(&["calc", method.name, "empty"]).failed(2, "there is nothing in it");
        folder.write("half.json", b"{\"parties\": [");
        let status = folder.run(&["calc", method.name, "half.json"]);
        assert!(status.err.contains("this is not JSON") || method.name == "choice", "{}", status.err);
        assert_eq!(status.status, 2);
    }
}

#[test]
fn clear_reads_csv_as_spreadsheets_write_it() {
    let folder = Folder::new();
    folder.write("edges.csv", "\u{feff}From;To;Amount\r\na;b;10\r\n\r\n".as_bytes());
    folder.write("parties.csv", b"outside_rank\tid\toutside_debt\tassets\n\ta\t\t6\n1\tb\t8\t1\n");
    let words = ["calc", "clear", "--debts", "edges.csv", "--parties", "parties.csv"];
    let rows = json(&folder.run(&words).well());
    folder.write("debts.json", DEBTS.as_bytes());
    assert_eq!(rows, json(&folder.run(&["calc", "clear", "debts.json"]).well()));
    folder.write("holdings.csv", b"owner,issuer,share\na,b,0.5\n");
    let more = [&words[..], &["--holdings", "holdings.csv", "--costs", "0.5,0.5", "--solution", "least"]];
    let costly = json(&folder.run(&more.concat()).well());
    assert_eq!((&costly["parties"][0]["paid"], &costly["solution"]), (&3.into(), &"least".into()));
    folder.run(&words[..4]).failed(2, "debts and parties are two files");
    folder.run(&[&words[..], &["--costs", "2"]].concat()).failed(2, "no pair of fractions");
    folder.run(&[&words[..], &["debts.json"]].concat()).failed(2, "name one or the other");
}

#[test]
fn all_that_is_wrong_with_debts_is_said_at_once() {
    let text = r#"{"parties": [{"id": "a", "assets": -10}, {"id": "b", "assets": 10, "outside_debt": 2},
        {"id": "b", "assets": "x%"}, {"idd": "q"}, {"id": "c", "assets": 1e3, "assets": 2}, 7],
        "debts": [{"from": "a", "to": "z", "amount": -1}, {"from": "a", "to": "a", "amount": 3, "rank": 1},
        {"from": "b", "to": "a"}], "holdings": [{"owner": "a", "issuer": "a", "share": 2}], "solutoin": "x"}"#;
    let text = said("clear", "d.json", text, &[]);
    holds(
        &text,
        &[
            "solutoin: is not known here\n  help: did you mean `solution`?",
            "parties[0].assets: -10 is negative\n  help: write what is owed net as `outside_debt`",
            "parties[1].outside_rank: outside_debt is given without outside_rank",
            "parties[2].id: `b` is there already",
            "parties[2].assets: `x%` is not a number",
            "parties[3].idd: is not known here\n  help: did you mean `id`?",
            "parties[3].id: is missing",
            "parties[4].assets: is given twice",
            "parties[5]: this is a number, not an object",
            "debts[0].to: there is no party `z`",
            "debts[0].amount: -1 is negative",
            "debts[1]: `a` owes itself",
            "debts[1]: this debt has a rank, and those before have none",
            "debts[2].amount: is missing",
            "holdings[0].share: 2 is no fraction",
            "holdings[0].issuer: a party cannot hold a share of itself",
        ],
    );
    assert_eq!(text.matches("owes itself").count(), 1, "an unknown party is not the first one:\n{text}");
}

#[test]
fn faults_of_csv_name_their_lines_and_are_counted() {
    let folder = Folder::new();
    folder.write("edges.csv", b"from,to,amount,rank\na,b,nan,1\na,q,1,x\nb,a,1,\na,a,2,1\n\"a,b,1,1\n");
    folder.write("parties.csv", b"id,asets\na,1\nb,2\n");
    let words = ["calc", "clear", "--debts", "edges.csv", "--parties", "parties.csv"];
    let done = folder.run(&words);
    holds(
        &done.err,
        &[
            "parties.csv line 1: there is no column `asets` here\n  help: did you mean `assets`?",
            "parties.csv line 1: the column `assets` is missing",
            "edges.csv line 2: amount `nan` is not a number",
            "edges.csv line 3: there is no party `q`",
            "edges.csv line 3: rank `x` is not a number",
            "edges.csv line 4: this debt has no rank, and others have one",
            "edges.csv line 5: `a` owes itself",
        ],
    );
    done.failed(2, "the data cannot be used");
    let many: String = "a,a,-1\n".repeat(1000);
    folder.write("edges.csv", format!("from,to,amount\n{many}").as_bytes());
    folder.write("parties.csv", b"id,assets\na,1\n");
    let done = folder.run(&words);
    assert!(done.err.lines().count() < 60, "{}", done.err);
    done.failed(2, "the data cannot be used: 2000 errors");
}

#[test]
fn bytes_that_are_no_text_are_named() {
    let folder = Folder::new();
    folder.write("a.csv", b"date,amount\n2026-01-01,\xE9\n");
    folder.run(&["calc", "irr", "a.csv"]).failed(2, "line 2 is not UTF-8");
    folder.write("a.csv", b"\xFF\xFEd\0");
    folder.run(&["calc", "irr", "a.csv"]).failed(2, "this is UTF-16 text");
    for wrong in ["{\"shares\": NaN}", "{\"shares\": {\"a\": 1e999}}", "{\"shares\": {\"a\": }}"] {
        said("concentration", "a.json", wrong, &[]);
    }
    let deep = "[".repeat(100_000);
    said("concentration", "a.json", &deep, &[]);
}

#[test]
fn other_methods_say_what_is_wrong() {
    holds(
        &said(
            "debtrank",
            "d.json",
            r#"{"parties": [{"id": "a", "equity": 0}, {"id": "b", "equity": 1, "weight": 2}], "shock": {"a": 2, "c": 0.1},
            "exposures": [{"holder": "a", "to": "a", "amount": 1}]}"#,
            &[],
        ),
        &[
            "parties[0].equity: 0 is not above zero",
            "parties[0].weight: is missing, and other parties have one",
            "exposures[0].to: a party cannot be exposed to itself",
            "shock.a: 2 is no fraction",
            "shock.c: there is no party `c`",
            "variant: is missing",
        ],
    );
    holds(
        &said(
            "crossholdings",
            "c.json",
            r#"{"organisations": [{"id": "a", "threshold": 1}], "holdings": [{"owner": "a", "issuer": "a", "share": 0.1},
            {"owner": "b", "issuer": "a", "share": 1}], "assets": [{"id": "x", "price": -1}],
            "owned": [{"organisation": "a", "asset": "x", "share": 1}, {"organisation": "a", "asset": "x", "share": 1}]}"#,
            &[],
        ),
        &[
            "organisations[0].failure_cost: is missing",
            "holdings[0].issuer: an organisation cannot hold a share of itself",
            "holdings[1].owner: there is no organisation `b`",
            "assets[0].price: -1 is negative",
            "owned: 2 of `x` is owned, more than all of it",
        ],
    );
    holds(
        &said("irr", "f.csv", "date,amount\n2026-13-01,1\n,2\n2026-01-01,$5\n", &["--day-count", "act/356"]),
        &[
            "f.csv line 2: `2026-13-01` is not a date",
            "f.csv line 3: the date is missing",
            "f.csv line 4: amount `$5` is not a number",
            "--day-count: `act/356` is not known\n  help: did you mean `act/365`?",
        ],
    );
    holds(
        &said(
            "irr",
            "f.json",
            r#"{"flows": [{"date": "2026-01-01", "amount": 1}, {"amount": 2}], "index": [1]}"#,
            &[],
        ),
        &["index: has 1 levels for 2 flows"],
    );
    holds(
        &said(
            "network",
            "n.json",
            r#"{"parties": [{"id": "a", "assets": 1}], "debts": [], "valuation": "merton"}"#,
            &[],
        ),
        &["parties[0].sigma: is missing", "parties[0].recovery: is missing"],
    );
    run("irr", "f.csv", "0\n0\n", &[]).failed(1, "every rate would do");
}

#[test]
fn choices_that_are_wrong_are_named() {
    let rows = "id,mode,chosen,price,own\n1,a,1,2,0\n1,b,1,3,1\n2,a,0,1,0\n2,a,x,,0\n";
    holds(
        &said("choice", "c.csv", rows, &[]),
        &[
            "c.csv line 5: `a` is there twice in one choice",
            "c.csv line 5: chosen is `x`",
            "c.csv line 5: price is missing",
            "choice 1: 2 alternatives are chosen",
            "choice 2: 0 alternatives are chosen",
        ],
    );
    let text = said(
        "choice",
        "c.csv",
        rows,
        &["--attributes", "prise,own*", "--cluster", "user", "--chosen", "chose"],
    );
    holds(
        &text,
        &[
            "--chosen: there is no column `chose`\n  help: did you mean `chosen`?",
            "--cluster: there is no column or alternative `user`",
            "--attributes: there is no column or alternative `prise`; did you mean `price`?",
            "--attributes: the formula ends early",
        ],
    );
    let sure = "id,mode,chosen,price\n1,a,1,2\n1,b,0,3\n2,a,1,1\n2,b,0,3\n";
    run("choice", "c.csv", sure, &[]).failed(1, "tells every choice");
    let same = "id,mode,chosen,price\n1,a,1,2\n1,b,0,2\n";
    run("choice", "c.csv", same, &[]).failed(1, "is the same for all alternatives");
    run("choice", "c.json", "{}", &[]).failed(2, "this method reads CSV");
}

#[test]
fn circularity_reads_months_loops_and_gaps() {
    let row = |text: &str, more: &[&str]| json(&run("circularity", "flows.json", text, more).well());
    // A closed ring: all comes back, whether or not there is a way in or out.
    let ring = row(
        r#"{"flows": [{"from": "a", "to": "b", "amount": 4}, {"from": "b", "to": "a", "amount": 4}]}"#,
        &[],
    );
    assert_eq!((&ring["pairs"][0]["back_lower"], &ring["finn_cycling_index"]), (&4.into(), &1.into()));
    assert_eq!((&ring["reciprocity"], &ring["max_circulation"]), (&1.into(), &8.into()));
    // The same payments by month: what came back before it left does not count.
    let dated = row(
        r#"{"flows": [{"from": "a", "to": "b", "amount": 4, "month": "2026-03"},
            {"from": "b", "to": "a", "amount": 4, "month": "2026-01"}]}"#,
        &[],
    );
    assert_eq!((&dated["pairs"][0]["from"], &dated["pairs"][0]["back_upper"]), (&"a".into(), &0.into()));
    assert_eq!(dated["pairs"][1]["back_upper"], 4);
    // What does not balance is null, and says why; unless it is to be balanced.
    let flows = r#"[{"from": "a", "to": "b", "amount": 10}, {"from": "b", "to": "a", "amount": 4}]"#;
    let open = row(&format!("{{\"flows\": {flows}}}"), &[]);
    assert!(open["pairs"][0]["back_lower"].is_null(), "{open}");
    assert!(open["left_out"][0].as_str().is_some_and(|why| why.contains("\"balance\": true")), "{open}");
    let balanced = row(&format!("{{\"flows\": {flows}, \"balance\": true}}"), &[]);
    let pair = &balanced["pairs"][0];
    assert_eq!(
        (&pair["back_lower"], &pair["back_pro_rata"], &pair["back_upper"]),
        (&4.into(), &4.into(), &4.into())
    );
    assert!(balanced.get("left_out").is_none());
    // What is paid to oneself goes through, and is no pair.
    let own = row(
        r#"{"flows": [{"from": "a", "to": "a", "amount": 1}], "inflow": {"a": 1}, "outflow": {"a": 1}}"#,
        &[],
    );
    assert_eq!(
        (&own["parties"][0]["throughflow"], &own["parties"][0]["return_probability"]),
        (&2.into(), &0.5.into())
    );
    assert_eq!((&own["max_circulation"], own["pairs"].as_array().map(Vec::len)), (&1.into(), Some(0)));
    let rows = run("circularity", "f.csv", "from,to,amount\na,b,10\nb,a,4\n", &["--balance"]).well();
    assert_eq!(json(&rows), balanced);
    let half = r#"{"flows": [{"from": "a", "to": "b", "amount": 1, "month": 1}, {"from": "a", "to": "b", "amount": 1}]}"#;
    holds(
        &said("circularity", "f.json", half, &[]),
        &["flows[1].month: is missing, and other flows have one"],
    );
}
