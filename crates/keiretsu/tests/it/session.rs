//! Sessions: one model asked by many, with statements in other words, and questions as JSON.

use std::ops::ControlFlow;
use std::sync::Barrier;

use keiretsu::{AskError, Control, Dates, PathsRequest, Progress, Question, Session, StatementChange};
use keiretsu_model::MemoryFiles;
use keiretsu_program::{
    Change as Assignment, Overlay, OwnMoney, PartyId, Probe, Quantity, Reading, RunSpec, Span, Target,
};
use keiretsu_values::{Cell, Table, Value};

use crate::asked::{ask, example, key, question, tables};

/// A lab that pays a cloud $10M a month out of sales that grow in 2027.
const LAB: &str = r#"
keiretsu = 1
title = "A lab buys compute"
as_of = 2025-12-31
horizon = "3 years"
[parties]
lab = { cash = "$500M", revenue = "sales", because = "an example" }
cloud = { cash = "$1B", because = "an example" }
[factors.sales]
start = "$60M/yr"
growth = { 2027 = "50%", later = "0%" }
volatility = "20%"
because = "an example"
[contracts.compute]
type = "supply"
buyer = "lab"
seller = "cloud"
from = "2026-01"
until = "2028-12"
minimum = "$10M/month"
because = "an example"
[contracts.round]
type = "equity"
investor = "cloud"
issuer = "lab"
tranches.first = { amount = "$50M", on = 2026-06-30 }
because = "an example"
[scenarios.half]
scale = { sales = "50%" }
[compare]
strategies = ["cloud", "lab"]
"#;

fn amount(table: &Table, row: &[&str], column: &str) -> Option<f64> {
    let has = |cells: &&Vec<Cell>| row.iter().all(|word| cells.iter().any(|cell| key(cell) == *word));
    let found = table.rows.iter().find(has).unwrap_or_else(|| panic!("no {row:?} in {table:?}"));
    found[table.column(column).expect(column)].value().and_then(Value::amount)
}

fn total(session: &Session, asked: &Question) -> Option<f64> {
    amount(&tables(session, asked)[0], &["lab", "cloud", "firm"], "total")
}

fn lowest(session: &Session, asked: &Question) -> Option<f64> {
    let asked = Question { by: Some("total".into()), ..asked.clone() };
    amount(&tables(session, &asked)[0], &["lab", "firm"], "lowest_cash")
}

fn some(count: u64) -> PathsRequest {
    PathsRequest { seed: 1, count }
}

/// Numbers with the names of the things that they are of, a line each; words and reasons may hold titles.
fn numbers(tables: &[Table]) -> Vec<String> {
    let said = |cell: &Cell| match cell {
        Cell::Id(id) => id.name.to_string(),
        Cell::Value(value) => format!("{:?} {:?} {:?}", value.amount(), value.bound(), value.set()),
        Cell::Unit(unit) => format!("{unit:?}"),
        _ => String::new(),
    };
    let line = |table: &Table, row: &Vec<Cell>| {
        format!("{} {}: {}", table.measure, table.name, row.iter().map(said).collect::<Vec<_>>().join(" | "))
    };
    tables.iter().flat_map(|table| table.rows.iter().map(move |row| line(table, row))).collect()
}

#[test]
fn parties_of_one_title_have_the_numbers_of_parties_of_two() {
    let titled = |one: &str, other: &str| {
        let text = LAB.replace("lab = { cash", &format!("lab = {{ name = \"{one}\", cash"));
        text.replace("cloud = { cash", &format!("cloud = {{ name = \"{other}\", cash"))
    };
    let (same, apart) = (titled("Twin", "Twin"), titled("Twin L", "Twin C"));
    let [one, two] = [&same, &apart].map(|text| Session::of_text(text));
    let explained = |of: &str| Question { of: vec![of.to_owned()], ..question("explain") };
    for asked in [
        question("compare"),
        question("circularity"),
        question("coverage"),
        question("cash"),
        Question { paths: Some(some(20)), ..question("cash") },
        explained("coverage(cloud, lab, firm)"),
        explained("cash(lab, firm, 2027)"),
        explained("lowest_cash(cloud, firm)"),
    ] {
        let [one, two] = [&one, &two].map(|session| numbers(&tables(session, &asked)));
        assert_eq!(one.len(), two.len(), "{asked:?}");
        for (one, two) in one.iter().zip(two) {
            assert_eq!(*one, two, "{asked:?}");
        }
    }
    let moved = |text: &str| {
        let more = text.replace("$10M/month", "$12M/month").replace("$500M", "$400M");
        let [old, new] = [text, &more].map(Session::of_text);
        numbers(&keiretsu::diff(&old, &new, &Control::default()).expect("a difference").tables())
    };
    assert_eq!(moved(&same), moved(&apart));
}

#[test]
fn a_question_that_was_asked_runs_nothing() {
    let session = Session::of_text(LAB);
    for asked in [
        question("cash"),
        question("commitments"),
        question("compare"),
        question("stress"),
        Question { paths: Some(some(50)), ..question("run") },
        Question { of: vec!["cash(lab) < $100M".into()], paths: Some(some(50)), ..question("cash") },
        Question { scenarios: vec!["half".into()], ..question("cash") },
        question("cash").with("lab.cash", "$600M"),
        Question { as_of: Some("2026-03".into()), ..question("cash") },
    ] {
        let before = session.runs();
        let first = ask(&session, &asked).expect("an answer");
        let runs = session.runs();
        assert_eq!(ask(&session.clone(), &asked).expect("an answer"), first);
        assert_eq!(session.runs(), runs, "{asked:?} was run again");
        assert!(before < runs || asked.ask != "cash", "{asked:?} is another run than those before");
    }
}

#[test]
fn one_thread_is_cancelled_and_the_other_is_not() {
    let session = Session::of_text(LAB);
    let long = Question { paths: Some(some(2_000_000)), ..question("run") };
    let other = Question { paths: Some(some(200)), ..question("cash") };
    let gate = Barrier::new(2);
    let stop = |_: Progress| ControlFlow::Break(());
    std::thread::scope(|scope| {
        let cancelled = scope.spawn(|| {
            gate.wait();
            session.ask(&long, &Control { progress: &stop, ..Control::default() })
        });
        let answered = scope.spawn(|| {
            gate.wait();
            ask(&session, &other)
        });
        assert_eq!(cancelled.join().expect("no panic"), Err(AskError::Interrupted));
        let fresh = ask(&Session::of_text(LAB), &other);
        assert_eq!(answered.join().expect("no panic"), fresh);
    });
    // What was stopped left nothing half done.
    let short = Question { paths: Some(some(300)), ..question("run") };
    let stopped = session.ask(&short, &Control { progress: &stop, ..Control::default() });
    assert!(matches!(&stopped, Err(AskError::Interrupted)) || stopped == ask(&session, &short));
    assert_eq!(ask(&session, &short), ask(&Session::of_text(LAB), &short));
}

#[test]
fn a_run_may_be_asked_for_by_its_specification() {
    let session = Session::of_text(LAB);
    let (_, subject) = session.lowered().expect("a program");
    let lab = subject.model.find_party("lab").expect("a party");
    let probe = Probe { quantity: Quantity::Cash(PartyId(lab.0)), span: Span::Whole };
    let cash = |scenarios: &[String]| {
        let spec = RunSpec::reading(Reading::Expected, vec![probe]);
        let seen = session.run(spec, scenarios, &Control::default());
        seen.map(|seen| seen.series[0].mean[0])
    };
    let base = cash(&[]).expect("a run");
    let half = cash(&["half".to_owned()]).expect("a run");
    // By hand: sales of 60, 90 and 90 a year are 240, of which half is lost.
    assert!(half < base && (base - half - 120e6).abs() < 10e6, "{base} {half}");
    let error = cash(&["haf".to_owned()]).expect_err("no such scenario");
    assert!(error.hint().contains("half"), "{error:?}");
}

#[test]
fn a_run_keeps_what_its_specification_says() {
    let session = Session::of_text(LAB);
    let party = |name: &str| PartyId(session.model().find_party(name).expect("a party").0);
    let (lab, cloud) = (party("lab"), party("cloud"));
    let (program, _) = session.lowered().expect("a program");
    let probes = |quantity| vec![Probe { quantity, span: Span::Year }];
    let struck = Overlay { target: Target::Default(lab), change: Assignment::Set(1.0), from: 1, until: 1 };
    let paid = RunSpec::reading(Reading::Firm, probes(Quantity::Net(cloud)));
    let fails = RunSpec { overlays: vec![struck], ..paid.clone() };
    let followed = RunSpec::reading(Reading::Firm, probes(Quantity::OwnReceipts { group: 0, party: cloud }));
    let own = |convention| RunSpec { own_money: vec![vec![cloud]], convention, ..followed.clone() };
    let engine = |spec: &RunSpec| keiretsu_engine::run(program, spec, 1).expect("a run").series;
    let [first, last] = [OwnMoney::Fifo, OwnMoney::Lifo].map(own);
    assert_ne!(engine(&first), engine(&last), "the conventions differ here");
    assert_ne!(engine(&fails), engine(&paid), "the failure moves what is paid");
    for spec in [paid, fails, first, last] {
        let seen = session.run(spec.clone(), &[], &Control::default()).expect("a run");
        assert_eq!(seen.series, engine(&spec), "{spec:?}");
    }
}

#[test]
fn a_statement_takes_other_words() {
    let session = Session::of_text(LAB);
    let (commitments, cash) = (question("commitments"), question("cash"));
    // By hand: 36 months of 10, then of 12, then 24 months of 10.
    assert_eq!(total(&session, &commitments), Some(360e6));
    assert_eq!(total(&session, &commitments.clone().with("compute.minimum", "$12M/month")), Some(432e6));
    assert_eq!(total(&session, &commitments.clone().with("compute.until", "2027-12")), Some(240e6));
    // Of two changes of one place the later one counts.
    let twice = commitments.with("compute.minimum", "$99M/month").with("compute.minimum", "$12M/month");
    assert_eq!(total(&session, &twice), Some(432e6));
    // 100 more cash is 100 more at the lowest point.
    let [now, more] =
        [cash.clone(), cash.clone().with("lab.cash", "$600M")].map(|asked| lowest(&session, &asked));
    assert!(now.zip(more).is_some_and(|(now, more)| (more - now - 100e6).abs() < 1e-3), "{now:?} {more:?}");
    assert_eq!(lowest(&session, &cash.clone().with("lab.cash", "undisclosed")), None);
    // A year of growth, and a date that stands without quotes, are those of the text.
    for (place, words, was, is) in [
        ("sales.growth.2027", "80%", "2027 = \"50%\"", "2027 = \"80%\""),
        ("sales.growth.later", "10%", "later = \"0%\"", "later = \"10%\""),
        ("round.tranches.first.on", "2027-03-31", "2026-06-30", "2027-03-31"),
        ("lab.cash", "about $400M", "$500M", "about $400M"),
    ] {
        let asked = Question { by: Some("year".into()), ..cash.clone() };
        let other = Session::of_text(&LAB.replace(was, is));
        assert!(!other.has_errors() && LAB.contains(was), "{was}");
        let changed = tables(&session, &asked.clone().with(place, words));
        assert_ne!(changed[0].rows, tables(&session, &asked)[0].rows, "{place} moves nothing");
        assert_eq!(changed[0].rows, tables(&other, &asked)[0].rows, "{place}");
    }
}

#[test]
fn a_change_that_makes_no_sense_is_told_like_a_slip_in_the_text() {
    let session = Session::of_text(LAB);
    let change =
        |place: &str, words: &str| StatementChange { place: place.to_owned(), words: words.to_owned() };
    let unknown = ask(&session, &question("cash").with("lab.csh", "$1M").with("sales.strt", "$1M/yr"));
    let Err(AskError::InvalidRequest { what, .. }) = unknown else { panic!("{unknown:?}") };
    for word in ["`lab.csh`", "`sales.strt`", "`lab.cash`", "`sales.start`"] {
        assert!(what.contains(word), "no {word} in {what}");
    }
    for words in ["lots", "5 GW", "\" because = \"x", "$1M\n[parties.x]", ""] {
        let changed = session.with(&[change("lab.cash", words)]).expect("a session with diagnostics");
        assert!(changed.has_errors(), "{words:?}");
        assert_eq!(changed.model().parties.len(), session.model().parties.len(), "{words:?} is one value");
        assert_eq!(changed.ask(&question("cash"), &Control::default()), Err(AskError::Diagnostics));
        assert_eq!(ask(&session, &question("cash").with("lab.cash", words)), Err(AskError::Diagnostics));
    }
    assert!(!session.has_errors() && ask(&session, &question("cash")).is_ok(), "the session is as it was");
}

#[test]
fn every_figure_that_is_shown_can_be_changed() {
    let starter = Session::of_text(include_str!("../../src/starter.toml"));
    for session in [Session::of_text(LAB), starter, example("first"), example("three-clouds")] {
        let shown = tables(&session, &Question { of: vec!["figures".into()], ..question("show") });
        let program = keiretsu_program::fingerprint(session.lowered().expect("a program").0);
        let mut refused = vec![];
        for row in &shown[0].rows {
            let (place, words) = (key(&row[0]), key(&row[1]));
            match session.with(&[StatementChange { place: place.clone(), words: words.clone() }]) {
                // The same words are the same program.
                Ok(same) => match same.lowered() {
                    Ok((lowered, _)) if keiretsu_program::fingerprint(lowered) == program => {}
                    _ => refused.push(format!("{place} = {words:?}: {:?}", same.diagnostics())),
                },
                Err(why) => refused.push(format!("{place}: {why}: {}", why.hint())),
            }
        }
        assert!(refused.is_empty() && !shown[0].rows.is_empty(), "{refused:#?}");
    }
}

#[test]
fn a_question_is_the_same_as_json() {
    let words = |word: &str| vec![word.to_owned()];
    let whole = Question {
        ask: "cash".into(),
        parties: words("lab"),
        reading: Some("firm".into()),
        by: Some("year".into()),
        at: Some("2026-03".into()),
        as_of: Some("2026-01-31".into()),
        known_on: Some("2026".into()),
        scenarios: words("half"),
        against: words("half"),
        changes: vec![StatementChange { place: "lab.cash".into(), words: "about \"$8B\"".into() }],
        paths: Some(some(100)),
        own_money: Some("fifo".into()),
        of: words("cash(lab)"),
        within: Some(2.5),
        path: Some("expected".into()),
    };
    for asked in [whole, question("cash"), Question::default()] {
        let text = serde_json::to_string(&asked).expect("JSON");
        assert_eq!(serde_json::from_str::<Question>(&text).expect("a question"), asked, "{text}");
    }
    assert_eq!(serde_json::to_string(&question("cash")).expect("JSON"), r#"{"ask":"cash"}"#);
    let seeded: Question = serde_json::from_str(r#"{"ask":"run","paths":{"count":10}}"#).expect("a question");
    assert_eq!(seeded.paths, Some(some(10)));
    for unknown in [
        r#"{"ask":"cash","party":["lab"]}"#,
        r#"{"ask":"cash","paths":{"count":1,"threads":2}}"#,
        r#"{"ask":"cash","changes":[{"place":"lab.cash","words":"$1M","text":"$1M"}]}"#,
        r#"{"ask":"cash","changes":[{"place":"lab.cash"}]}"#,
        r#"{"ask":"cash","parties":"lab"}"#,
    ] {
        assert!(serde_json::from_str::<Question>(unknown).is_err(), "{unknown}");
    }
}

/// Everything that can be asked by name.
fn asks() -> Vec<Question> {
    let others = ["run", "all", "show", "explain", "number", "numbers", "believed", "", "nothing"];
    let measures = keiretsu_measures::MEASURES.iter().map(|measure| measure.name());
    measures.chain(others).map(question).collect()
}

#[test]
fn a_model_with_errors_answers_nothing_and_breaks_nothing() {
    let spec = || RunSpec::reading(Reading::Firm, vec![]);
    let silent = Control::default();
    let good = Session::of_text(LAB);
    for text in [
        "",
        "keiretsu = 1",
        "keiretsu = 2\n",
        "[[[",
        "keiretsu = 1\nas_of = 2025-12-31\ninclude = [\"none.toml\"]\n",
        &LAB.replace("$500M", "$5OOM"),
        &LAB.replace("\"cloud\"", "\"clowd\""),
        &LAB.replace("as_of", "as_off"),
        &LAB.replace("[scenarios.half]", "[scenarios]\nhalf = 1\n[x]"),
        &LAB.replace("type = \"supply\"", "type = \"suply\""),
    ] {
        let session = Session::of_text(text);
        if !session.has_errors() {
            assert!(session.lowered().is_ok(), "{text}");
            continue;
        }
        for asked in asks() {
            let party = Question { parties: vec!["lab".into()], paths: Some(some(5)), ..asked.clone() };
            let of =
                Question { of: vec!["cash(lab)".into()], scenarios: vec!["half".into()], ..asked.clone() };
            for asked in [&asked, &party, &of] {
                assert_eq!(ask(&session, asked), Err(AskError::Diagnostics), "{asked:?}\n{text}");
            }
        }
        assert!(matches!(session.lowered(), Err(AskError::Diagnostics)));
        assert_eq!(session.run(spec(), &[], &silent).err(), Some(AskError::Diagnostics));
        let report = session.report(some(5), &silent);
        assert_eq!(report, Err(AskError::Diagnostics));
        for (old, new) in [(&session, &good), (&good, &session), (&session, &session)] {
            assert_eq!(keiretsu::diff(old, new, &silent), Err(AskError::Diagnostics));
        }
        let day = keiretsu::day("2026-06-30").expect("a day");
        let later = session.at(Dates { as_of: Some(day), known_on: Some(day) });
        assert!(matches!(ask(&later, &question("cash")), Err(AskError::Diagnostics) | Ok(_)));
    }
    let broken = MemoryFiles([("keiretsu.toml".to_owned(), b"keiretsu = \xFF".to_vec())].into());
    for files in [broken, MemoryFiles::default()] {
        let session = Session::of(&files, "keiretsu.toml", Dates::default());
        assert!(session.has_errors());
        assert_eq!(ask(&session, &question("cash")), Err(AskError::Diagnostics));
        assert!(session.with(&[StatementChange { place: "lab.cash".into(), words: "$1M".into() }]).is_err());
    }
}

#[test]
fn a_session_is_shared_between_threads() {
    fn is_shared<T: Clone + Send + Sync + 'static>(_: &T) {}
    is_shared(&Session::of_text(LAB));
}
