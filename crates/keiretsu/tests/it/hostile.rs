//! Models of the manual with random slips in them: each is refused with a place, or it runs and every measure
//! answers; nobody ever sees a panic, or a program that breaks its own rules.
//!
//! Half of the slips are values that make no sense anywhere, half move words of the model to where they do
//! not belong. `HOSTILE=1000` makes more of them for each model.

use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use keiretsu::{AskError, Question, Session};
use keiretsu_maths::splitmix::SplitMix;
use keiretsu_measures::MEASURES;

use crate::asked::{ask, question};

/// Values that a term of some kind cannot have, or hardly.
const VALUES: &[&str] = &[
    "\"-$2B\"",
    "\"$0\"",
    "\"-0\"",
    "\"1e-320\"",
    "\"1e308\"",
    "\"1e200\"",
    "\"$8M to $8M\"",
    "\"$9M to $8M\"",
    "\"up to $0\"",
    "\"up to -$5B\"",
    "\"more than $1B\"",
    "\"undisclosed\"",
    "\"about $5M\"",
    "\"-100%\"",
    "\"-250%\"",
    "\"0%\"",
    "\"100%\"",
    "\"140%\"",
    "\"$1B/yr\"",
    "\"-$1B/month\"",
    "\"$24M over 2 years\"",
    "\"$24M over -2 years\"",
    "\"€5M\"",
    "\"5 GW\"",
    "\"-1 GW\"",
    "\"160M shares at $0.01\"",
    "\"0 shares\"",
    "\"outside\"",
    "\"\"",
    "\"2020-01\"",
    "\"2199-12\"",
    "2020",
    "2026-06",
    "1999-12-31",
    "\"2030 to 2031\"",
    "\"1 month\"",
    "\"1000 years\"",
    "\"50% by 2020-01\"",
    "\"cash(outside) > $0\"",
    "\"defaulted(outside)\"",
    "\"true\"",
    "\"false\"",
    "\"$1 / $0\"",
    "\"$1 / 0\"",
    "\"with capacity\"",
    "\"s-curve by 2100\"",
    "{ 2020 = \"100%\" }",
    "{ 2026 = \"150%\", 2027 = \"-50%\" }",
    "{ outside = \"0%\" }",
    "{}",
    "[]",
    "true",
    "-1",
    "0",
    "1e-320",
    "9007199254740993",
    "inf",
    "nan",
    "{ figure = \"$1M\", expect = \"-$1M\" }",
    "{ expect = \"$1M\" }",
    "{ claims = [] }",
    "\"a\"",
    "\"lab\"",
    "\"cloud\"",
];

/// Lines that say something where nothing was said.
const LINES: &[&str] = &[
    "standing = \"announced\"",
    "standing = \"terminated\"",
    "standing = \"paid\"",
    "standing = \"lapsed\"",
    "survives = true",
    "rank = 0",
    "rank = 9999",
    "terminated_when = \"true\"",
    "termination_fee = \"$1M\"",
    "from = 2020",
    "until = 2020",
    "until = 2150",
    "before = 2020",
    "part_of = \"c\"",
    "cash = \"-$1M\"",
    "discount = \"-100%\"",
    "discount = \"-99.9%\"",
    "horizon = \"1 month\"",
    "horizon = \"100 years\"",
    "currency = \"EUR\"",
    "value = \"$0\"",
    "volatility = \"0%\"",
    "volatility = \"900%\"",
    "process = \"gbm\"",
];

fn pick<'a, T: ?Sized>(draws: &mut SplitMix, list: &[&'a T]) -> &'a T {
    list[draws.below(list.len())]
}

/// The models of the manual, with the name of their page.
fn models() -> Vec<(String, String)> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/book")];
    let mut models = Vec::new();
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(folder).expect("the manual is a folder of folders");
        for path in entries.map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "md") {
                let text = std::fs::read_to_string(&path).expect("a page is text");
                let name = path.file_stem().expect("a page has a name").to_string_lossy().into_owned();
                let blocks = text.split("```toml\n# file: model/keiretsu.toml\n").skip(1);
                let blocks = blocks.filter_map(|block| block.split("```").next());
                models.extend(blocks.map(|block| (name.clone(), block.to_owned())));
            }
        }
    }
    models.sort();
    models
}

/// A model with one to three slips.
fn slipped(text: &str, draws: &mut SplitMix) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for _ in 0..=draws.below(3) {
        let stated: Vec<usize> = (1..lines.len()).filter(|at| lines[*at].contains(" = ")).collect();
        let (Some(&at), Some(&other)) =
            (stated.get(draws.below(stated.len())), stated.get(draws.below(stated.len())))
        else {
            break;
        };
        let (key, value) = halves(&lines[at]);
        match draws.below(8) {
            0..=2 => lines[at] = format!("{key} = {}", pick(draws, VALUES)),
            3 => lines[at] = format!("{key} = {}", halves(&lines[other]).1),
            4 => lines[at] = inside(&lines[at], draws),
            5 => lines.insert(at + 1, pick(draws, LINES).to_owned()),
            6 => {
                lines.remove(at);
            }
            _ => lines[other] = format!("{} = {value}", halves(&lines[other]).0),
        }
    }
    lines.join("\n")
}

fn halves(line: &str) -> (String, String) {
    let (key, value) = line.split_once(" = ").unwrap_or((line, ""));
    (key.to_owned(), value.to_owned())
}

/// A line with one of its quoted texts replaced.
fn inside(line: &str, draws: &mut SplitMix) -> String {
    let parts: Vec<&str> = line.split('"').collect();
    let quoted = parts.len() / 2;
    let at = 2 * draws.below(quoted) + 1;
    let mut whole = String::new();
    for (number, part) in parts.iter().enumerate() {
        let value = pick(draws, VALUES).trim_matches('"');
        let part = if number == at && !value.contains('"') { value } else { part };
        let quote = if number == 0 { "" } else { "\"" };
        let _ = write!(whole, "{quote}{part}");
    }
    whole
}

/// What happens to a model that nobody should see; none if all is well.
fn mishap(text: &str) -> Option<String> {
    let answered = catch_unwind(AssertUnwindSafe(|| {
        let session = Session::of_text(text);
        if session.has_errors() {
            return None;
        }
        if let Some(mistake) = ours(session.lowered()) {
            return Some(mistake);
        }
        let measured = MEASURES.iter().find_map(|measure| {
            let mistake = ours(ask(&session, &question(measure.name())))?;
            Some(format!("{}: {mistake}", measure.name()))
        });
        measured.or_else(|| {
            session.model().scenarios.iter().find_map(|scenario| {
                let cash = Question { scenarios: vec![scenario.name.clone()], ..question("cash") };
                let mistake = ours(ask(&session, &cash))?;
                Some(format!("the scenario {}: {mistake}", scenario.name))
            })
        })
    }));
    answered.unwrap_or_else(|_| Some("a panic".to_owned()))
}

/// What is said to be our mistake.
fn ours<T>(answer: Result<T, AskError>) -> Option<String> {
    match answer {
        Err(AskError::Internal(what)) => Some(what),
        _ => None,
    }
}

#[test]
fn no_slip_ends_in_a_mistake_of_ours() {
    let each = std::env::var("HOSTILE").ok().and_then(|count| count.parse().ok()).unwrap_or(12);
    let models = models();
    assert!(models.len() > 50, "the pages of the manual have models");
    let mut mishaps = Vec::new();
    for (number, (page, text)) in models.iter().enumerate() {
        for seed in 0..each {
            let slipped = slipped(text, &mut SplitMix((number as u64) << 32 | seed));
            if let Some(what) = mishap(&slipped) {
                mishaps.push(format!("{page}, seed {seed}: {what}\n{slipped}\n"));
            }
        }
    }
    let first = mishaps.iter().take(5).cloned().collect::<Vec<_>>().join("\n");
    assert!(mishaps.is_empty(), "{} mishaps, the first ones:\n{first}", mishaps.len());
}
