//! Questions over HTTP: answers, refusals, cancellation, files, and the description of it all.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use serde_json::{Value, json};

use super::harness::{MODEL, PATIENCE, Reply, Served, cash, lowest};

fn ask(server: &Served, question: &Value) -> Reply {
    server.post("/api/ask", &json!({ "question": question }))
}

#[test]
fn a_question_has_the_answer_of_the_text() {
    let server = Served::reading(MODEL);
    let model = server.get("/api/model").json();
    assert_eq!((&model["ok"], &model["title"]), (&json!(true), &json!("A lab buys compute")));
    let reply = ask(&server, &cash()).json();
    // By hand: 500 - 360 = 140 million.
    assert!((lowest(&reply) - 140e6).abs() < 1.0, "{reply}");
    assert_eq!(reply["revision"], model["revision"]);
    assert_eq!(reply["question"], cash());
}

#[test]
fn a_statement_in_other_words_changes_the_answer_and_not_the_model() {
    let server = Served::reading(MODEL);
    let mut question = cash();
    question["changes"] = json!([{ "place": "lab.cash", "words": "$600M" }]);
    let reply = ask(&server, &question).json();
    // By hand: 600 - 360 = 240 million.
    assert!((lowest(&reply) - 240e6).abs() < 1.0, "{reply}");
    assert_eq!(reply["revision"], server.get("/api/model").json()["revision"]);
    assert!((lowest(&ask(&server, &cash()).json()) - 140e6).abs() < 1.0);
}

#[test]
fn a_question_that_makes_no_sense_is_answered_with_a_hint() {
    let server = Served::reading(MODEL);
    let reply = ask(&server, &json!({ "ask": "cahs" }));
    assert_eq!(reply.refused(400), "invalid");
    assert!(
        reply.json()["error"]["hint"].as_str().is_some_and(|hint| hint.contains("cash")),
        "{}",
        reply.body
    );
    let reply =
        ask(&server, &json!({ "ask": "cash", "changes": [{ "place": "lab.cash", "words": "much" }] }));
    assert_eq!(reply.refused(400), "diagnostics");
    assert_eq!(reply.json()["error"]["diagnostics"][0]["file"], "keiretsu.toml");
    for body in ["", "{", "[]", r#"{"question":{"ask":"cash","what":1}}"#, r#"{"q":1}"#] {
        let reply = server.send("POST", "/api/ask", &[("Content-Type", "application/json")], body.as_bytes());
        assert_eq!(reply.refused(400), "invalid", "{body}");
    }
}

#[test]
fn a_model_with_errors_answers_with_them() {
    let server = Served::reading(&MODEL.replace("$500M", "$500Q"));
    let model = server.get("/api/model").json();
    assert_eq!((&model["ok"], &model["last_good"]), (&json!(false), &Value::Null));
    assert_eq!(model["diagnostics"][0]["severity"], "error");
    let reply = ask(&server, &cash());
    assert_eq!(reply.refused(409), "diagnostics");
    assert_eq!(reply.json()["error"]["diagnostics"], model["diagnostics"]);
}

#[test]
fn a_newer_question_of_a_slot_stops_the_older_one() {
    let server = Served::reading(UNCERTAIN);
    let long =
        json!({ "question": { "ask": "run", "paths": { "count": 1_000_000_000 } }, "supersedes": "a" });
    let headers = [("Content-Type", "application/json"), ("X-Client", "page")];
    let send = |body: &Value| server.send("POST", "/api/ask", &headers, body.to_string().as_bytes());
    std::thread::scope(|scope| {
        let older = scope.spawn(|| send(&long));
        std::thread::sleep(std::time::Duration::from_millis(300));
        let newer = send(&json!({ "question": cash(), "supersedes": "a" }));
        assert_eq!(newer.status, 200, "{}", newer.body);
        assert_eq!(older.join().expect("an answer").refused(409), "superseded");
    });
}

#[test]
fn a_thousand_cancelled_jobs_leave_the_threads_free() {
    let server = Served::reading(UNCERTAIN);
    let (next, stopped) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let begun = Instant::now();
    let work = || {
        while let at @ 0..1_000 = next.fetch_add(1, Ordering::Relaxed) {
            let id = format!("job-{at}");
            let body = json!({
                "id": id,
                "question": { "ask": "run", "paths": { "count": 900_000_000, "seed": at } },
            });
            let headers = [("Content-Type", "application/json"), ("X-Client", "page")];
            std::thread::scope(|scope| {
                let asked =
                    scope.spawn(|| server.send("POST", "/api/ask", &headers, body.to_string().as_bytes()));
                // It may not have arrived yet.
                while !asked.is_finished() {
                    let cancel = json!({ "id": id }).to_string();
                    server.send("POST", "/api/cancel", &headers, cancel.as_bytes());
                }
                assert_eq!(asked.join().expect("an answer").refused(409), "cancelled");
            });
            stopped.fetch_add(1, Ordering::Relaxed);
        }
    };
    std::thread::scope(|scope| (0..8).for_each(|_| drop(scope.spawn(work))));
    assert_eq!(stopped.load(Ordering::Relaxed), 1_000);
    assert_eq!(ask(&server, &cash()).status, 200);
    assert!(begun.elapsed() < 3 * PATIENCE, "{:?}", begun.elapsed());
}

#[test]
fn a_client_that_goes_away_frees_its_thread() {
    use std::io::Write;
    let server = Served::reading(UNCERTAIN);
    let body = json!({ "question": { "ask": "run", "paths": { "count": 1_000_000_000 } } }).to_string();
    for _ in 0..20 {
        let mut socket = server.connect();
        let head = format!(
            "POST /api/ask HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            server.host(),
            body.len()
        );
        socket.write_all(head.as_bytes()).expect("the request is sent");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let begun = Instant::now();
    assert_eq!(ask(&server, &cash()).status, 200);
    assert!(begun.elapsed() < PATIENCE / 2);
}

#[test]
fn tables_come_as_files() {
    let server = Served::reading(MODEL);
    let question = "%7B%22ask%22%3A%22commitments%22%7D";
    for (format, kind, start) in
        [("csv", "text/csv", "payer,"), ("json", "application/json", "["), ("md", "text/plain", "### ")]
    {
        let reply = server.get(&format!("/api/export?question={question}&format={format}"));
        assert_eq!(reply.status, 200, "{}", reply.body);
        assert!(reply.head.contains(&format!("content-type: {kind}")), "{}", reply.head);
        assert!(reply.head.contains("content-disposition: attachment"), "{}", reply.head);
        assert!(reply.body.starts_with(start), "{format}: {}", &reply.body[..40]);
    }
    assert_eq!(server.get(&format!("/api/export?question={question}&format=exe")).refused(400), "invalid");
    assert_eq!(server.get("/api/export?question=%7B&format=csv").refused(400), "invalid");
    assert_eq!(server.get("/api/export").refused(400), "invalid");
}

#[test]
fn the_description_has_every_route_and_no_other() {
    let server = Served::editing(MODEL);
    let document = server.get("/api/openapi.json").json();
    let paths = document["paths"].as_object().expect("paths");
    assert_eq!(paths.len(), 8);
    for (path, methods) in paths {
        for method in ["get", "post", "put", "delete"] {
            // An empty request is refused by a route that is there; only what is not there is not allowed.
            let kind = [("Content-Type", "application/json")];
            if (path.as_str(), method) == ("/api/events", "get") {
                server.events("page").close();
                continue;
            }
            let reply = server.send(&method.to_uppercase(), path, &kind, b"{");
            let is_there = methods.get(method).is_some();
            assert_eq!(reply.status != 405, is_there, "{method} {path}: {}", reply.status);
            assert_ne!(reply.status, 404, "{method} {path}");
        }
    }
    assert_eq!(server.get("/api/other").refused(404), "unknown");
}

/// The same with a factor, so that paths differ.
const UNCERTAIN: &str = r#"keiretsu = 1
title = "A lab buys compute"
as_of = 2025-12-31
horizon = "3 years"

[parties]
lab = { name = "The lab", cash = "$500M", revenue = "demand", because = "an example" }
cloud = { name = "The cloud" }

[factors.demand]
start = "$1M/year"
volatility = "30%"
because = "an example"

[contracts.compute]
type = "supply"
buyer = "lab"
seller = "cloud"
from = "2026-01"
minimum = "$360M over 3 years"
because = "an example"
"#;
