//! Each command on a small model: what it prints, where, and with which exit status.

use std::process::Stdio;

use crate::harness::{Done, Folder, SMALL, command};
use serde_json::Value;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[test]
fn a_new_model_is_well_and_nothing_is_overwritten() {
    let folder = Folder::new();
    folder.run(&["new", "mine"]).well();
    let checked = folder.run(&["check", "mine"]).well();
    assert!(checked.starts_with("0 errors, 0 warnings\n"), "{checked}");
    folder.run(&["new", "mine"]).failed(3, "not empty");
    folder.run(&["new", "other", "--example", "strater"]).failed(2, "did you mean `starter`?");
    assert_eq!(folder.names(""), ["mine"]);
}

#[test]
fn new_fills_an_empty_folder() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path.join("mine")).expect("a folder");
    folder.run(&["new", "mine"]).well();
    assert_eq!(folder.names("mine"), ["keiretsu.toml"]);
}

#[test]
fn check_says_what_a_model_holds_and_rests_on() {
    let text = Folder::with(SMALL).run(&["check"]).well();
    for said in [
        "0 errors, 0 warnings",
        "A lab buys compute",
        "2 parties, 1 contract, 1 source, 1 file",
        "compute.margin = 30%",
        "1 open conflict between sources",
        "\"$360M over 3 years\" (paper) counts, not \"$400M over 3 years\"",
        "claims are paid by rank: 2 supply",
    ] {
        assert!(text.contains(said), "no `{said}` in:\n{text}");
    }
    assert!(!text.contains("because usual"));
    let text = Folder::with(SMALL).run(&["check", "--assumptions"]).well();
    assert!(text.contains("because usual"), "{text}");
}

#[test]
fn check_underlines_all_errors_of_a_model() {
    let wrong = SMALL.replace("$400M", "$4OOM").replace("seller", "seler");
    let done = Folder::with(&wrong).run(&["check"]);
    assert_eq!((done.status, done.err.as_str()), (1, ""));
    for said in ["error[E0301]", "keiretsu.toml:21:17", "^^^^", "error[E0202]", "did you mean `seller`?"] {
        assert!(done.out.contains(said), "no `{said}` in:\n{}", done.out);
    }
}

#[test]
fn findings_for_machines_have_lines_and_columns_in_characters() {
    let folder = Folder::with(&SMALL.replace("[parties]", "[parties]\n\"ü\" = { nme = \"Ü\" }"));
    let done = folder.run(&["check", "--format", "json"]);
    assert_eq!(done.status, 1);
    let findings = json(&done.out);
    let first = &findings[0];
    assert_eq!(first["code"], "E0201");
    assert_eq!(first["severity"], "error");
    assert_eq!(first["file"], "keiretsu.toml");
    assert_eq!((&first["line"], &first["column"], &first["end_column"]), (&11.into(), &9.into(), &12.into()));
    assert_eq!(first["hint"], "did you mean `name`?");
    let text = Folder::with(SMALL).run(&["check", "--format", "json"]).well();
    assert_eq!(json(&text), Value::Array(vec![]));
    let text = folder.run(&["check", "--format", "csv"]);
    let lines: Vec<&str> = text.out.lines().collect();
    assert_eq!(lines[0], "code,severity,file,line,column,message,hint");
    assert!(lines[1].starts_with("E0201,error,keiretsu.toml,11,9,"), "{}", lines[1]);
}

#[test]
fn other_commands_say_errors_on_standard_error() {
    let done = Folder::with(&SMALL.replace("seller", "seler")).run(&["measure", "cash"]);
    assert_eq!(done.out, "");
    done.failed(1, "the model cannot be run: 2 errors, 0 warnings");
}

#[test]
fn every_topic_is_shown_in_every_format() {
    let folder = Folder::with(SMALL);
    for topic in keiretsu::show::TOPICS {
        assert!(folder.run(&["show", ".", topic.name]).well().lines().count() > 3, "{}", topic.name);
        let tables = json(&folder.run(&["show", ".", topic.name, "--format", "json"]).well());
        assert!(tables.is_object() || tables.as_array().is_some_and(|tables| !tables.is_empty()));
        folder.run(&["show", topic.name, "--format", "csv"]).well();
        folder.run(&["show", topic.name, "--format", "markdown"]).well();
    }
    folder.run(&["show", ".", "figure"]).failed(2, "did you mean `figures`?");
}

#[test]
fn every_measure_answers_in_every_format() {
    let folder = Folder::with(SMALL);
    folder.run(&["measure", "stress"]).failed(2, "the model has no [scenarios]");
    let scenario = "[factors.need]\nstart = \"$8M/month\"\n[scenarios.more]\nscale = { need = \"200%\" }\n";
    let folder = Folder::with(&format!("{SMALL}{scenario}"));
    let list = folder.run(&["measure", "--list"]).well();
    for measure in keiretsu::measures::MEASURES {
        assert!(list.contains(measure.name()));
        // Asks for an event, and for something that moves; it has tests of its own.
        if measure.name() == "reverse" {
            continue;
        }
        folder.run(&["measure", ".", measure.name()]).well();
        json(&folder.run(&["measure", measure.name(), "--format", "json"]).well());
    }
}

#[test]
fn a_measure_is_asked_about_parties_readings_and_time() {
    let folder = Folder::with(SMALL);
    let words = ["measure", ".", "cash", "--party", "Lab", "--reading", "firm", "--by", "year"];
    let text = folder.run(&words).well();
    assert!(text.contains("Lab") && !text.contains("Cloud") && !text.contains("headline"), "{text}");
    folder.run(&["measure", ".", "csh"]).failed(2, "did you mean `cash`?");
    folder.run(&["measure", ".", "cash", "--party", "lap"]).failed(2, "did you mean `lab`?");
    folder.run(&["measure", ".", "cash", "--reading", "frim"]).failed(2, "'firm'");
    folder.run(&["measure", ".", "cash", "--paths", "0"]).failed(2, "--paths");
    folder.run(&["measure", "."]).failed(2, "no measure is named");
    folder.run(&["measure", ".", "cash", "--scenario", "x"]).failed(2, "no scenario `x`");
}

#[test]
fn a_run_is_the_same_for_any_number_of_threads() {
    let folder = Folder::with(&SMALL.replace("about $100M", "$90M to $110M"));
    let run = |threads: &str| {
        let words = ["run", ".", "--paths", "500", "--seed", "7", "--threads", threads, "--format", "json"];
        folder.run(&words).well()
    };
    let one = run("1");
    assert_eq!(one, run("3"));
    let tables = json(&one);
    let table = tables.as_array().and_then(|tables| tables.last()).expect("tables");
    assert_eq!(
        (&table["measure"], &table["seed"], &table["paths"]),
        (&"distribution".into(), &7.into(), &500.into())
    );
    assert!(table["rows"][0]["standard_error"].is_number(), "{}", table["rows"][0]);
}

#[test]
fn a_measure_shows_the_distribution_beside_the_readings() {
    let text = SMALL.replace("about $100M", "$90M to $110M")
        + "[factors.worth]\nstart = \"$1B\"\nprocess = \"gbm\"\nvolatility = \"20%/yr\"
[holdings.stake]\nowner = \"cloud\"\nissuer = \"lab\"\nstake = \"20%\"\nvalue = \"$150M\"
cost = \"$50M\"\nsource = \"paper\"\n";
    let folder = Folder::with(&text);
    let ask = |name: &str| json(&folder.run(&["measure", name, "--paths", "200", "--format", "json"]).well());
    let cash = ask("cash");
    assert_eq!((&cash[0]["paths"], &cash[1]["paths"]), (&Value::Null, &200.into()));
    let row = &cash[1]["rows"][3];
    assert_eq!(
        (&row["party"], &row["what"], &row["time"]),
        (&"Lab".into(), &"cash at end".into(), &"2026".into())
    );
    let number = |name: &str| row[name].as_f64().expect(name);
    assert!(number("q05") < number("q50") && number("q50") < number("q95"), "{row}");
    assert!(0.0 < number("standard_error"), "{row}");
    let returns = ask("returns");
    let rows = returns[1]["rows"].as_array().expect("rows");
    assert_eq!((&rows[0]["what"], rows[0]["mean"].as_f64()), (&"value".into(), Some(150e6)));
    assert_eq!((&rows[1]["what"], rows[1]["mean"].as_f64()), (&"MOIC".into(), Some(3.0)));
    assert!(folder.run(&["measure", "cash", "--format", "json"]).well().starts_with('{'), "one table");
}

#[test]
fn a_run_writes_a_folder_of_tables() {
    let folder = Folder::with(SMALL);
    folder.run(&["run", "-o", "out", "--paths", "100"]).well();
    let names = folder.names("out");
    for name in ["cash.parquet", "distribution.parquet", "keiretsu-results.txt"] {
        assert!(names.contains(&name.to_owned()), "{name} of {names:?}");
    }
    let bytes = std::fs::read(folder.path.join("out/cash.parquet")).expect("a file");
    assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
    folder.run(&["run", "-o", "out", "--format", "csv"]).well();
    let names = folder.names("out");
    assert!(names.contains(&"cash.csv".to_owned()) && !names.contains(&"cash.parquet".to_owned()));
    folder.run(&["run", "-o", "out", "--format", "json"]).well();
    json(&folder.read("out/cash.json"));
    folder.write("out/mine.txt", b"mine");
    folder.run(&["run", "-o", "out"]).failed(3, "mine.txt, which is no result of a run");
    json(&folder.read("out/cash.json"));
    folder.write("other/mine.txt", b"mine");
    folder.run(&["run", "-o", "other"]).failed(3, "no result of a run");
    std::fs::remove_dir_all(folder.path.join("other")).expect("a folder");
    std::fs::create_dir(folder.path.join("empty")).expect("a folder");
    folder.run(&["run", "-o", "empty"]).well();
    std::fs::remove_dir_all(folder.path.join("empty")).expect("a folder");
    assert_eq!(folder.names(""), ["keiretsu.toml", "out"], "nothing is left beside");
}

#[test]
fn a_parquet_file_holds_one_table() {
    let folder = Folder::with(SMALL);
    folder.run(&["run", "--format", "parquet"]).failed(2, "a parquet file holds one table, and these are");
    folder.run(&["show", "figures", "-o", "figures.parquet"]).well();
    assert_eq!(folder.names(""), ["figures.parquet", "keiretsu.toml"]);
    assert!(folder.run(&["--help"]).well().contains(".parquet"));
}

#[test]
fn scenarios_change_a_run() {
    let scenario =
        "[factors.need]\nstart = \"$8M/month\"\n[scenarios]\nmore = { scale = { need = \"200%\" } }\n";
    let usage = SMALL.replace("margin =", "usage = \"need\"\nmargin =");
    let folder = Folder::with(&format!("{usage}{scenario}"));
    let words = ["measure", ".", "cash", "--party", "lab", "--reading", "headline", "--format", "csv"];
    let base = folder.run(&words).well();
    let more = folder.run(&[&words[..], &["--scenario", "more"]].concat()).well();
    assert!(base.contains("-120000000") && more.contains("-192000000"), "{base}\n{more}");
}

const MOVING: &str = "[factors]
a = { start = \"$1M/month\", process = \"gbm\", volatility = \"20%/yr\" }
b = { start = \"$1M/month\", process = \"gbm\", volatility = \"20%/yr\" }
c = { start = \"$1M/month\", process = \"gbm\", volatility = \"20%/yr\" }
[correlations]
\"a, b\" = \"90%\"
\"b, c\" = \"90%\"
\"c, a\" = -0.5
";

#[test]
fn correlations_that_contradict_each_other_are_found_and_can_be_repaired() {
    let usage = SMALL.replace("margin =", "usage = \"a + b + c\"\nmargin =");
    let folder = Folder::with(&format!("{usage}{MOVING}"));
    let done = folder.run(&["check"]);
    assert_eq!(done.status, 1, "{}", done.out);
    for said in ["error[E0308]", "\"a, b\" = 0.", "\"a, c\" = ", "or `repair = \"nearest\"`", "^^^^^^"] {
        assert!(done.out.contains(said), "no `{said}` in:\n{}", done.out);
    }
    folder.run(&["measure", "cash", "--paths", "100"]).failed(1, "E0308");
    // What the hint says can be written.
    let findings = json(&folder.run(&["check", "--format", "json"]).out);
    let hint = findings[0]["hint"].as_str().expect("a hint");
    let written: Vec<&str> = hint.split('`').filter(|part| part.starts_with('"')).collect();
    assert_eq!(written.len(), 3, "{hint}");
    let (head, _) = MOVING.split_once("\"a, b\"").expect("correlations");
    Folder::with(&format!("{usage}{head}{}\n", written.join("\n"))).run(&["check"]).well();
    let repaired = Folder::with(&format!("{usage}{MOVING}repair = \"nearest\"\n"));
    repaired.run(&["check"]).well();
    let text = repaired.run(&["run", ".", "--paths", "100", "--all"]).well();
    let note = "correlations were repaired to the nearest possible matrix: a, b 0.";
    assert!(text.contains(note), "{text}");
    assert!(!repaired.run(&["run", ".", "--all"]).well().contains("repaired"));
}

#[test]
fn stress_sets_scenarios_against_the_base() {
    let half = "[scenarios]\nhalf = { scale = { need = \"50%\" } }\nsame = { scale = { need = \"100%\" } }\n";
    let usage = SMALL.replace("margin =", "usage = \"need\"\nmargin =");
    let folder = Folder::with(&format!("{usage}[factors.need]\nstart = \"$20M/month\"\n{half}"));
    let text = folder.run(&["stress"]).well();
    assert!(text.contains("half") && text.contains("-50"), "{text}");
    let text = folder.run(&["stress", ".", "same", "--paths", "100"]).well();
    assert!(!text.contains("half") && text.contains("same: no watched figure moves"), "{text}");
    folder.run(&["stress", ".", "haf"]).failed(2, "did you mean `half`?");
    Folder::with(SMALL).run(&["stress"]).failed(2, "the model has no [scenarios]");
}

#[test]
fn compare_sets_parties_side_by_side() {
    let folder = Folder::with(SMALL);
    assert!(folder.run(&["compare", ".", "lab", "cloud"]).well().contains("Cloud"));
    folder.run(&["compare", ".", "clod"]).failed(2, "did you mean `cloud`?");
}

#[test]
fn a_program_is_printed_with_names() {
    let text = Folder::with(SMALL).run(&["program"]).well();
    assert!(text.contains("p1(lab) -> p2(cloud)") && text.contains("(compute.minimum)"), "{text}");
}

#[test]
fn dates_look_from_elsewhere() {
    let folder = Folder::with(SMALL);
    let text = folder.run(&["show", "parties", "--as-of", "2026-06"]).well();
    assert!(text.contains("as of 2026-06-30"), "{text}");
    let text = folder.run(&["show", "figures", "--known-on", "2025-01"]).well();
    assert!(text.contains("known on 2025-01-31") && !text.contains("$360M"), "{text}");
    folder.run(&["check", "--as-of", "tomorrow"]).failed(2, "write 2026-04-21, 2026-04 or 2026");
}

#[test]
fn results_go_to_a_file_whole() {
    let folder = Folder::with(SMALL);
    folder.run(&["show", ".", "figures", "-o", "figures.json"]).well();
    json(&folder.read("figures.json"));
    folder.run(&["show", ".", "figures", "-o", "figures.csv"]).well();
    assert!(folder.read("figures.csv").starts_with("figure,"));
    folder.run(&["check", "-o", "check.txt"]).well();
    assert!(folder.read("check.txt").starts_with("0 errors"));
    folder.run(&["show", ".", "figures", "-o", "figures.pdf"]).failed(2, ".csv");
    folder.run(&["show", ".", "figures", "-o", "none/figures.csv"]).failed(3, "no such file or directory");
    folder.run(&["show", ".", "figures", "-o", ".", "--format", "csv"]).failed(3, "it is a folder");
    let names = ["check.txt", "figures.csv", "figures.json", "keiretsu.toml"];
    assert_eq!(folder.names(""), names, "nothing is left beside");
}

#[test]
fn shells_and_manuals_get_their_words() {
    let folder = Folder::new();
    for shell in ["bash", "zsh", "fish"] {
        assert!(folder.run(&["completions", shell]).well().contains("measure"), "{shell}");
    }
    assert!(folder.run(&["man"]).well().contains(".TH keiretsu 1"));
    folder.run(&["man", "--dir", "pages"]).well();
    assert!(folder.read("pages/keiretsu-check.1").contains(".TH keiretsu-check 1"));
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_stops_soon_and_writes_nothing() {
    use std::process::Command;
    use std::thread::sleep;
    use std::time::{Duration, Instant};
    let folder = Folder::with(&SMALL.replace("about $100M", "$90M to $110M"));
    let words = ["run", "-o", "out", "--paths", "1000000000"];
    let child = command(&folder.path, &words).stderr(Stdio::piped()).spawn().expect("keiretsu runs");
    sleep(Duration::from_millis(500));
    let asked = Instant::now();
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("a signal");
    let done = Done::of(&child.wait_with_output().expect("keiretsu ends"));
    // A debug build on a machine full of other tests is given more than its second.
    assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
    done.failed(4, "interrupted; nothing was written");
    assert_eq!(folder.names(""), ["keiretsu.toml"]);
}

#[test]
fn help_teaches_with_an_example() {
    let folder = Folder::new();
    for name in [
        "new",
        "check",
        "show",
        "measure",
        "compare",
        "stress",
        "run",
        "report",
        "import",
        "calc",
        "program",
        "schema",
        "completions",
        "man",
    ] {
        let help = folder.run(&[name, "--help"]).well();
        assert!(help.contains("Example"), "{name}\n{help}");
    }
    let help = folder.run(&["--help"]).well();
    assert!(help.contains("Exit status") && help.contains("interrupted."), "{help}");
    folder.run(&["chek"]).failed(2, "'check'");
    folder.run(&[]).failed(2, "Usage");
}

#[test]
fn a_reader_that_leaves_is_no_failure() {
    let folder = Folder::with(SMALL);
    let mut child = command(&folder.path, &["program"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("keiretsu runs");
    drop(child.stdout.take());
    let done = Done::of(&child.wait_with_output().expect("keiretsu ends"));
    assert_eq!((done.status, done.err.as_str()), (0, ""));
}

#[test]
fn colour_is_for_those_who_ask() {
    let folder = Folder::with(&SMALL.replace("seller", "seler"));
    assert!(!folder.run(&["check"]).out.contains('\u{1b}'));
    assert!(folder.run(&["check", "--color", "always"]).out.contains("\u{1b}["));
}
