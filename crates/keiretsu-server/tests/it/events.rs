//! Events: text, diagnostics and answers of one revision together, whatever way a file is written.

use std::fs;
use std::io::Write;
use std::time::Duration;

use serde_json::{Value, json};

use super::harness::{MODEL, Served, cash, lowest, replace};

/// A server, and a client that watches the cash of the lab and has had its first event.
fn watched() -> (Served, super::harness::Events, Value) {
    let server = Served::reading(MODEL);
    let watch = json!({ "client": "page", "questions": { "cash": cash() } });
    assert_eq!(server.post("/api/watch", &watch).json()["watched"], 1);
    let mut events = server.events("page");
    let first = events.model();
    (server, events, first)
}

/// Asserts that an event has answers of its own revision.
fn is_one(event: &Value) {
    assert_eq!(event["answers"]["cash"]["revision"], event["last_good"], "{event}");
}

#[test]
fn a_saved_file_is_an_event_with_its_answers() {
    let (server, mut events, first) = watched();
    is_one(&first);
    assert!((lowest(&first["answers"]["cash"]) - 140e6).abs() < 1.0);
    let path = server.path("keiretsu.toml");
    // In place, and by a move, as editors do.
    fs::write(&path, MODEL.replace("$500M", "$600M")).expect("a file");
    let second = events.model();
    is_one(&second);
    assert_ne!(second["revision"], first["revision"]);
    assert!((lowest(&second["answers"]["cash"]) - 240e6).abs() < 1.0, "600 - 360");
    replace(&path, &MODEL.replace("$500M", "$700M"));
    let third = events.model();
    is_one(&third);
    assert!((lowest(&third["answers"]["cash"]) - 340e6).abs() < 1.0, "700 - 360");
}

#[test]
fn a_broken_text_keeps_the_last_answers_and_says_what_is_wrong() {
    let (server, mut events, first) = watched();
    let path = server.path("keiretsu.toml");
    replace(&path, &MODEL.replace("$500M", "$500Q"));
    let broken = events.model();
    is_one(&broken);
    assert_eq!((&broken["ok"], &broken["last_good"]), (&json!(false), &first["revision"]));
    assert_eq!(broken["diagnostics"][0]["line"], 7, "{}", broken["diagnostics"]);
    assert!(broken["files"][0]["text"].as_str().is_some_and(|text| text.contains("$500Q")));
    assert!((lowest(&broken["answers"]["cash"]) - 140e6).abs() < 1.0);
    let reply = server.post("/api/ask", &json!({ "question": cash() })).json();
    assert_eq!(reply["revision"], first["revision"]);
    replace(&path, MODEL);
    let mended = events.model();
    assert_eq!((&mended["ok"], &mended["revision"]), (&json!(true), &first["revision"]));
}

#[test]
fn files_that_are_included_are_watched_in_their_folders_too() {
    let (server, mut events, _) = watched();
    fs::create_dir(server.path("deals")).expect("a folder");
    fs::write(server.path("deals/more.toml"), "[parties]\nbank = {}\n").expect("a file");
    replace(
        &server.path("keiretsu.toml"),
        &MODEL.replace("keiretsu = 1\n", "keiretsu = 1\ninclude = [\"deals/*.toml\"]\n"),
    );
    let included = events.model();
    assert_eq!(included["files"].as_array().map(Vec::len), Some(2), "{}", included["diagnostics"]);
    replace(&server.path("deals/more.toml"), "[parties]\nbank = {}\nfund = {}\n");
    let names = events.model()["names"].to_string();
    assert!(names.contains("fund"), "{names}");
}

#[test]
fn a_file_outside_of_the_folder_is_not_read() {
    let server = Served::reading(MODEL);
    let outside = server.folder.with_extension("outside.toml");
    fs::write(&outside, "[parties]\nsecret = {}\n").expect("a file");
    let name = outside.file_name().expect("a name").to_string_lossy().into_owned();
    let including =
        |path: &str| MODEL.replace("keiretsu = 1\n", &format!("keiretsu = 1\ninclude = [\"{path}\"]\n"));
    let mut events = server.events("page");
    events.model();
    replace(&server.path("keiretsu.toml"), &including(&format!("../{name}")));
    let event = events.model();
    assert_eq!(event["ok"], false);
    assert!(!event.to_string().contains("secret"));
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&outside, server.path("link.toml")).expect("a link");
        replace(&server.path("keiretsu.toml"), &including("link.toml"));
        let event = events.model();
        assert_eq!(event["ok"], false);
        assert!(!event.to_string().contains("secret"));
    }
    fs::remove_file(outside).expect("it goes");
}

#[test]
fn a_folder_that_goes_and_comes_back_is_served_again() {
    let (server, mut events, first) = watched();
    let away = server.folder.with_extension("away");
    fs::rename(&server.folder, &away).expect("it moves");
    let gone = events.model();
    assert_eq!((&gone["ok"], &gone["last_good"]), (&json!(false), &first["revision"]));
    fs::create_dir(&server.folder).expect("a folder");
    fs::write(server.path("keiretsu.toml"), MODEL.replace("$500M", "$600M")).expect("a file");
    // In between the folder is there and the file is not.
    let back = (0..5).map(|_| events.model()).find(|event| event["ok"] == true).expect("it comes back");
    assert!((lowest(&back["answers"]["cash"]) - 240e6).abs() < 1.0);
    // And is watched again.
    replace(&server.path("keiretsu.toml"), &MODEL.replace("$500M", "$700M"));
    assert!((lowest(&events.model()["answers"]["cash"]) - 340e6).abs() < 1.0);
    fs::remove_dir_all(away).expect("it goes");
}

#[test]
fn two_hundred_clients_have_every_event_and_slow_ones_hold_nobody_up() {
    let server = Served::reading(MODEL);
    // These never read: what they miss is not kept for them.
    let slow: Vec<_> = (0..50).map(|at| server.events(&format!("slow-{at}"))).collect();
    let mut clients: Vec<_> = (0..200).map(|at| server.events(&format!("client-{at}"))).collect();
    for client in &mut clients {
        client.model();
    }
    for step in 0..5 {
        let cash = format!("${}M", 600 + step);
        let expected = MODEL.replace("$500M", &cash);
        replace(&server.path("keiretsu.toml"), &expected);
        for client in &mut clients {
            let event = client.model();
            assert_eq!(event["files"][0]["text"].as_str(), Some(expected.as_str()));
        }
    }
    assert_eq!(server.get("/api/model").status, 200);
    drop(slow);
}

#[test]
fn a_client_has_one_stream_and_progress_of_its_jobs() {
    let server = Served::reading(MODEL);
    let mut older = server.events("page");
    older.model();
    let mut newer = server.events("page");
    newer.model();
    assert_eq!(older.next("model"), None, "the older stream ends");
    let body = json!({ "id": "slow", "question": { "ask": "run", "paths": { "count": 200_000_000 } } });
    let headers = [("Content-Type", "application/json"), ("X-Client", "page")];
    std::thread::scope(|scope| {
        scope.spawn(|| server.send("POST", "/api/ask", &headers, body.to_string().as_bytes()));
        let progress = newer.next("progress").expect("the stream goes on");
        assert_eq!(progress["id"], "slow");
        let total = progress["total"].as_u64().expect("a number");
        assert!(progress["done"].as_u64().expect("a number") <= total, "{progress}");
        server.send("POST", "/api/cancel", &headers, br#"{"id":"slow"}"#);
    });
}

#[test]
fn open_streams_idle_sockets_and_running_jobs_end_within_a_second() {
    let mut server = Served::reading(MODEL);
    let mut streams: Vec<_> = (0..2).map(|at| server.events(&format!("page-{at}"))).collect();
    for stream in &mut streams {
        stream.model();
    }
    let mut idle = server.connect();
    let head = format!("GET /api/model HTTP/1.1\r\nHost: {}\r\n\r\n", server.host());
    idle.write_all(head.as_bytes()).expect("the request is sent");
    let silent = server.connect();
    let mut busy = server.connect();
    let body = r#"{"question":{"ask":"run","paths":{"count":1000000000}}}"#;
    let head = format!(
        "POST /api/ask HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        server.host(),
        body.len()
    );
    busy.write_all(head.as_bytes()).expect("the request is sent");
    std::thread::sleep(Duration::from_millis(200));
    let took = server.end();
    assert!(took < Duration::from_secs(1), "{took:?}");
    assert_eq!(streams[0].next("model"), None);
    drop((silent, busy));
}
