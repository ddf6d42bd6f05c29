//! What is fuzzed, and what must hold of any input: one table, which `cargo fuzz` runs and the tests replay.
//!
//! `cargo +nightly fuzz run NAME fuzz/corpus/NAME fuzz/seeds/NAME` looks for inputs that break a property;
//! what it finds becomes a file of `fuzz/seeds/NAME` when it is mended.
//! `cargo test -p keiretsu --test it fuzz::` replays all seeds.
//!
//! Invariant: a target is a function of its input alone; it writes nothing.

use keiretsu::{AskError, Control, Dates, Question, Session, import};
use keiretsu_calc::{CalcError, InputFile, METHODS, Request};
use keiretsu_measures::MEASURES;
use keiretsu_model::{MemoryFiles, figure};
use keiretsu_program::{from_bytes, to_bytes, verify};
use keiretsu_views::Style;

/// Something that is fed with any bytes.
pub struct Target {
    /// Its name, and that of its folder of seeds.
    pub name: &'static str,
    /// What it feeds.
    pub component: &'static str,
    /// What must hold.
    pub property: &'static str,
    /// Panics where it does not.
    pub run: fn(&[u8]),
}

/// All targets.
pub static TARGETS: [Target; 6] = [
    Target {
        name: "figures",
        component: "keiretsu_model::figure::parse",
        property: "parse(x) = Ok(f) ⇒ every reading of f lies in its set; parse(x) = Err(m) ⇒ m lies in x",
        run: figures,
    },
    Target {
        name: "formulas",
        component: "formulas and conditions in the words of a model (`--of`)",
        property: "read(x) = Ok ⇒ the program verifies and the run returns",
        run: formulas,
    },
    Target {
        name: "models",
        component: "sessions, questions, measures, JSON",
        property: "check accepts ⇒ lower verifies ⇒ run returns ∧ every table is JSON that reads back",
        run: models,
    },
    Target {
        name: "programs",
        component: "keiretsu_program::from_bytes",
        property: "from_bytes(x) = Ok(p) ⇒ from_bytes(to_bytes(p)) = p ∧ to_bytes(p) = x; verify(p) returns",
        run: programs,
    },
    Target {
        name: "claims",
        component: "keiretsu::import::claims into an empty folder",
        property: "import(x) = Ok(files) ⇒ check(files) has no error",
        run: claims,
    },
    Target {
        name: "calc",
        component: "all methods of keiretsu-calc; the first byte says which",
        property: "run(x) = Ok(a) ⇒ json(a) parses and has no NaN; run(x) = Err ⇒ there is a reason",
        run: calc,
    },
];

fn figures(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match figure::parse(text) {
        Ok(figure) => {
            for value in [figure.said.firm(), figure.said.headline()] {
                let set = value.set();
                assert!(set.low <= set.high, "{text:?}: the set of {value:?} is empty");
                if let Some(amount) = value.amount() {
                    assert!(
                        set.low <= amount && amount <= set.high,
                        "{text:?}: {value:?} lies outside its set"
                    );
                }
            }
        }
        Err(wrong) => assert!(wrong.start <= wrong.end && wrong.end <= text.len(), "{text:?}: {wrong:?}"),
    }
}

/// What formulas may speak of.
const SPOKEN_OF: &str = r#"keiretsu = 1
title = "t"
as_of = 2025-12-31
horizon = "18 months"
[parties]
lab = { cash = "$1B", revenue = "need", value = "$9B" }
cloud = { cash = "$1B" }
[factors.need]
start = "$10M/month"
growth = "10%/yr"
[events.ipo]
chance = "20%/yr"
[contracts.compute]
type = "supply"
buyer = "lab"
seller = "cloud"
from = "2026-01"
minimum = "$360M over 3 years"
"#;

fn formulas(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let of = vec![text.to_owned()];
    answered(&Session::of_text(SPOKEN_OF), &Question { of, ..Question::of("cash", [""; 0]) });
}

fn models(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let session = Session::of_text(text);
    if session.has_errors() || returned(session.lowered()).is_none() {
        return;
    }
    for measure in MEASURES.iter().filter(|measure| !SLOW.contains(&measure.name())) {
        answered(&session, &Question::of(measure.name(), [""; 0]));
    }
}

/// Measures that make many runs.
const SLOW: [&str; 4] = ["sensitivity", "stress", "reverse", "compare"];

/// Asks, and reads the answer back.
fn answered(session: &Session, question: &Question) {
    let Some(answer) = returned(session.ask(question, &Control::default())) else { return };
    let tables = answer.tables();
    for format in keiretsu_views::formats().iter().filter(|format| !format.is_binary()) {
        let bytes = format.write(&tables, &Style::default());
        let text = String::from_utf8(bytes).expect("text is UTF-8");
        if format.name() == "json" {
            serde_json::from_str::<serde_json::Value>(&text).expect("JSON reads back");
        }
        assert!(!text.contains("NaN"), "{}: {text}", question.ask);
    }
}

/// What came of it; a mistake of ours is never seen.
fn returned<T>(asked: Result<T, AskError>) -> Option<T> {
    match asked {
        Ok(found) => Some(found),
        Err(AskError::Internal(what)) => panic!("our mistake: {what}"),
        Err(_) => None,
    }
}

fn programs(bytes: &[u8]) {
    let Ok(program) = from_bytes(bytes) else { return };
    assert_eq!(to_bytes(&program), bytes, "bytes come back");
    assert_eq!(from_bytes(&to_bytes(&program)).as_ref(), Ok(&program), "and so does the program");
    let _ = verify(&program);
}

fn claims(bytes: &[u8]) {
    let nowhere = std::path::Path::new("/nonexistent/keiretsu-fuzz");
    match import::claims(bytes, nowhere) {
        Ok(imported) => {
            let mut files = MemoryFiles::default();
            files
                .0
                .extend(imported.files.into_iter().map(|(path, bytes)| (path.display().to_string(), bytes)));
            if files.0.contains_key("keiretsu.toml") {
                let session = Session::of(&files, "keiretsu.toml", Dates::default());
                assert!(!session.has_errors(), "{:?}", session.diagnostics());
            }
        }
        Err(import::ImportError::Internal(lines)) => panic!("our mistake: {lines:?}"),
        Err(_) => {}
    }
}

fn calc(bytes: &[u8]) {
    let Some((first, bytes)) = bytes.split_first() else { return };
    let method = METHODS[usize::from(*first) % METHODS.len()];
    let name = if bytes.first().is_some_and(|byte| b"{[".contains(byte)) { "a.json" } else { "a.csv" };
    let file = InputFile { name: name.to_owned(), bytes: bytes.to_vec() };
    match (method.run)(&Request::of(file)) {
        Ok(answer) => {
            let json = String::from_utf8(answer.json()).expect("text is UTF-8");
            serde_json::from_str::<serde_json::Value>(&json).expect("JSON reads back");
            assert!(!json.contains("NaN"), "{json}");
            let _ = answer.tables();
        }
        Err(CalcError::InvalidData(faults, all)) => {
            assert!(0 < all && !faults.is_empty(), "a refusal without a fault");
        }
        Err(CalcError::NoAnswer(why, _)) => assert!(!why.is_empty(), "a refusal without a reason"),
    }
}

/// Feeds a target.
pub fn of(name: &str, bytes: &[u8]) {
    let target = TARGETS.iter().find(|target| target.name == name).expect("a target of the table");
    (target.run)(bytes);
}
