//! Edits: the statement alone changes, nothing is written over, and nothing outside of the model.

use std::fs;

use serde_json::{Value, json};

use super::harness::{MODEL, Served, replace};

fn sum(server: &Served, path: &str) -> Value {
    let model = server.get("/api/model").json();
    let files = model["files"].as_array().expect("files");
    files.iter().find(|file| file["path"] == path).map_or(Value::Null, |file| file["sha256"].clone())
}

fn root_sum(server: &Served) -> Value {
    sum(server, "keiretsu.toml")
}

#[test]
fn a_statement_changes_and_its_comments_stay() {
    let server = Served::editing(MODEL);
    let edit = json!({
        "path": "keiretsu.toml",
        "sha256": root_sum(&server),
        "changes": [{ "place": "lab.cash", "words": "$600M" }],
    });
    let reply = server.post("/api/edit", &edit);
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(server.read("keiretsu.toml"), MODEL.replace("$500M", "$600M"));
    let model = server.get("/api/model").json();
    assert_eq!(reply.json()["revision"], model["revision"]);
    assert_eq!(reply.json()["files"][0]["sha256"], model["files"][0]["sha256"]);
    // The same once more is made from a text that is no longer there.
    assert_eq!(server.post("/api/edit", &edit).refused(409), "changed");
}

#[test]
fn a_text_is_written_whole_be_it_broken() {
    let server = Served::editing(MODEL);
    let text = MODEL.replace("$500M", "$500Q");
    let edit = json!({ "path": "keiretsu.toml", "sha256": root_sum(&server), "text": text });
    assert_eq!(server.post("/api/edit", &edit).status, 200);
    assert_eq!(server.read("keiretsu.toml"), text);
    assert_eq!(server.get("/api/model").json()["ok"], false);
    assert_eq!(fs::read_dir(&server.folder).expect("a folder").count(), 1, "nothing is left beside it");
}

#[test]
fn a_scenario_is_added_at_the_end() {
    let server = Served::editing(MODEL);
    let changes = json!([{ "place": "compute.minimum", "words": "$180M over 3 years" }]);
    let edit = json!({ "scenario": { "name": "half", "changes": changes } });
    let reply = server.post("/api/edit", &edit);
    assert_eq!(reply.status, 200, "{}", reply.body);
    let text = server.read("keiretsu.toml");
    assert!(text.starts_with(MODEL) && text[MODEL.len()..].contains("[scenarios.half]"), "{text}");
    assert_eq!(server.get("/api/model").json()["scenarios"][0]["name"], "half");
    assert_eq!(server.post("/api/edit", &edit).refused(409), "taken");
    let odd = json!({ "scenario": { "name": "a]\nb", "changes": changes } });
    assert_eq!(server.post("/api/edit", &odd).refused(400), "invalid");
    let wrong = json!({ "scenario": { "name": "b", "changes": [{ "place": "no.such", "words": "1" }] } });
    assert_eq!(server.post("/api/edit", &wrong).refused(400), "diagnostics");
    assert_eq!(server.read("keiretsu.toml"), text);
}

#[test]
fn without_leave_nothing_is_written() {
    let server = Served::reading(MODEL);
    let edit = json!({ "path": "keiretsu.toml", "sha256": root_sum(&server), "text": "" });
    assert_eq!(server.post("/api/edit", &edit).refused(403), "read-only");
    assert_eq!(server.read("keiretsu.toml"), MODEL);
    assert_eq!(server.get("/api/model").json()["files"][0]["editable"], false);
}

#[test]
fn a_file_that_changed_meanwhile_is_not_written_over() {
    let server = Served::editing(MODEL);
    let edit = json!({ "path": "keiretsu.toml", "sha256": root_sum(&server), "text": "" });
    let theirs = MODEL.replace("$500M", "$1B");
    replace(&server.path("keiretsu.toml"), &theirs);
    assert_eq!(server.post("/api/edit", &edit).refused(409), "changed");
    assert_eq!(server.read("keiretsu.toml"), theirs);
}

#[test]
fn words_that_make_no_sense_are_not_written() {
    let server = Served::editing(MODEL);
    for (place, words) in [("lab.cash", "much"), ("lab.cahs", "$1B"), ("lab.cash", "1\"\nx = \"2")] {
        let changes = json!([{ "place": place, "words": words }]);
        let edit = json!({ "path": "keiretsu.toml", "sha256": root_sum(&server), "changes": changes });
        let reply = server.post("/api/edit", &edit);
        assert_eq!(reply.status, 400, "{place}: {}", reply.body);
    }
    assert_eq!(server.read("keiretsu.toml"), MODEL);
}

#[test]
fn only_files_of_the_model_are_written() {
    let server = Served::editing(MODEL);
    fs::write(server.path("notes.toml"), "mine\n").expect("a file");
    for path in ["notes.toml", "../x.toml", "/etc/passwd", "new.toml", "", "./keiretsu.toml", ".", "a\0b"] {
        let edit = json!({ "path": path, "sha256": root_sum(&server), "text": "" });
        assert_eq!(server.post("/api/edit", &edit).refused(404), "unknown", "{path}");
    }
    assert_eq!(server.read("notes.toml"), "mine\n");
    assert_eq!(server.read("keiretsu.toml"), MODEL);
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link() {
    use std::os::unix::fs::symlink;
    let including =
        MODEL.replace("keiretsu = 1\n", "keiretsu = 1\ninclude = [\"*/more.toml\", \"more.toml\"]\n");
    let server = Served::editing(&including);
    fs::create_dir(server.path("kept")).expect("a folder");
    fs::write(server.path("kept/aside"), "[parties]\nbank = {}\n").expect("a file");
    symlink("kept/aside", server.path("more.toml")).expect("a link");
    let mut events = server.events("page");
    while events.model()["files"].as_array().is_none_or(|files| files.len() < 2) {}
    let edit = json!({ "path": "more.toml", "sha256": sum(&server, "more.toml"), "text": "" });
    assert_eq!(server.post("/api/edit", &edit).refused(403), "forbidden");
    assert_eq!(server.read("kept/aside"), "[parties]\nbank = {}\n");
}
