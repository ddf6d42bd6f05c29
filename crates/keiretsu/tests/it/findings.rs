//! What each measure says first: sentences whose numbers are the cells at their addresses, in any model.

use keiretsu::{AskError, PathsRequest, Question, Session};
use keiretsu_measures::MEASURES;
use keiretsu_values::{Cell, Finding, Table};
use keiretsu_views::finding::{named, sentence};

use crate::asked::{ask, example, question, tables};

/// Longer sentences are not read.
const LETTERS: usize = 330;

/// The findings of an answer, after a look at each: one to three sentences over the first table, none over
/// the others, each number the one in its cell.
#[track_caller]
fn checked(tables: &[Table], what: &str) -> Vec<Finding> {
    let findings = tables.first().map(|table| table.findings.clone()).unwrap_or_default();
    assert!((1..=3).contains(&findings.len()), "{what} says {} things", findings.len());
    assert!(tables[1..].iter().all(|table| table.findings.is_empty()), "{what} says it twice");
    for finding in &findings {
        let words = sentence(finding);
        assert!(words.ends_with('.') && !words.contains(['{', '}']), "{what}: {words}");
        assert!(words.chars().count() <= LETTERS, "{what}: {words}");
        for number in finding.numbers() {
            let cell = tables.iter().find_map(|table| table.at(&number.address));
            assert_eq!(cell, Some(&number.value), "{what}: {words}");
        }
    }
    findings
}

fn asked(session: &Session, question: &Question) -> Vec<Finding> {
    let what = format!("{}, {:?}, {:?}", question.ask, question.by, question.reading);
    checked(&tables(session, question), &what)
}

/// Every measure of which a model can be asked without more words.
fn measures() -> impl Iterator<Item = &'static str> {
    MEASURES.iter().filter(|measure| !measure.is_of_watched()).map(|measure| measure.name())
}

#[test]
fn each_measure_says_what_its_tables_say() {
    for session in ["three-clouds", "ai-web"].map(example) {
        for measure in measures() {
            asked(&session, &question(measure));
        }
        // By hand: one of these takes a shock in each of them.
        let conditions = ["cash(openai) < $100B", "cash(openai) < $0", "defaulted(openai)"];
        let of = |condition: &str| Question { of: vec![condition.to_owned()], ..question("reverse") };
        let reversed = conditions.iter().filter(|condition| ask(&session, &of(condition)).is_ok());
        let told: Vec<Finding> = reversed.flat_map(|condition| asked(&session, &of(condition))).collect();
        assert!(!told.is_empty());
    }
}

#[test]
fn each_measure_says_so_in_every_cut_and_reading() {
    let session = example("three-clouds");
    for measure in measures().filter(|measure| *measure != "sensitivity") {
        for by in ["month", "year", "total"] {
            for reading in ["firm", "headline"] {
                let (by, reading) = (Some(by.to_owned()), Some(reading.to_owned()));
                asked(&session, &Question { by, reading, ..question(measure) });
            }
        }
        let paths = Some(PathsRequest { seed: 1, count: 50 });
        asked(&session, &Question { paths, ..question(measure) });
    }
}

#[test]
fn a_number_of_a_finding_is_explained_by_its_address() {
    let session = example("three-clouds");
    let explained = MEASURES.iter().filter(|measure| measure.is_explained()).map(|measure| measure.name());
    for measure in explained.filter(|name| measures().any(|measure| measure == *name)) {
        let findings = asked(&session, &question(measure));
        for number in findings.iter().flat_map(Finding::numbers) {
            let of = vec![named(&number.address)];
            let table = &tables(&session, &Question { of, ..question("number") })[0];
            let is = |row: &Vec<Cell>| row.iter().any(|cell| cell.value() == Some(&number.value));
            assert!(table.rows.iter().any(is), "{}: {table:?}", named(&number.address));
        }
    }
}

const EMPTY: &str = "keiretsu = 1\nas_of = 2025-12-31\nhorizon = \"3 years\"\n[parties]\na = {}\nb = {}\n";

#[test]
fn a_model_without_contracts_says_that_there_is_nothing() {
    let session = Session::of_text(EMPTY);
    for measure in measures() {
        match ask(&session, &question(measure)) {
            Ok(answer) => {
                for finding in checked(&answer.tables(), measure) {
                    assert_eq!(finding.numbers().count(), 0, "{measure}: {}", sentence(&finding));
                }
            }
            // Of scenarios, and of the cash of a party that states none.
            Err(AskError::InvalidRequest { .. } | AskError::Refused { .. }) => {}
            Err(why) => panic!("{measure}: {why}"),
        }
    }
}

#[test]
fn what_is_undisclosed_is_said_to_be_unknown() {
    let session = Session::of_text(&format!(
        "{EMPTY}[contracts.e]\ntype = \"equity\"\ninvestor = \"a\"\nissuer = \"b\"\n\
         tranches.one = {{ amount = \"undisclosed\", on = \"2026-06\" }}\nsource = \"s\"\n\
         [contracts.s]\ntype = \"supply\"\nbuyer = \"b\"\nseller = \"a\"\nfrom = \"2026-01\"\n\
         minimum = \"undisclosed\"\nuntil = \"2027-12\"\nsource = \"s\"\n\
         [holdings.h]\nowner = \"a\"\nissuer = \"b\"\nstake = \"undisclosed\"\nsource = \"s\"\n\
         [sources.s]\ntitle = \"S\"\n"
    ));
    assert!(!session.has_errors(), "{:?}", session.diagnostics());
    for measure in measures() {
        let Ok(answer) = ask(&session, &question(measure)) else { continue };
        let all = checked(&answer.tables(), measure);
        for number in all.iter().flat_map(Finding::numbers) {
            let said = number.value.amount();
            assert!(said.is_none_or(|amount| amount.abs() <= 1.0), "{measure}: {number:?}");
        }
    }
    let words = |measure: &str| {
        let all = tables(&session, &question(measure));
        all[0].findings.iter().map(sentence).collect::<Vec<_>>().join(" ")
    };
    assert!(words("commitments").contains("nothing is disclosed"), "{}", words("commitments"));
    assert!(words("coverage").contains("coverage is unknown"), "{}", words("coverage"));
    assert!(words("exposure").contains("cannot be told"), "{}", words("exposure"));
}

#[test]
fn a_finding_names_the_worst_first_and_counts_what_it_cannot_read() {
    // 250 / 13 = 19.2 on what is known of one pair; of the other nothing is known.
    let session = Session::of_text(
        "keiretsu = 1\nas_of = 2025-12-31\n[sources.s]\ntitle = \"S\"\n[parties]\n\
         cloud = { name = \"Cloud\" }\nlab = { name = \"Lab\" }\nfund = { name = \"Fund\" }\n\
         [holdings.h]\nowner = \"cloud\"\nissuer = \"lab\"\nstake = \"27%\"\ncost = \"$13B\"\nsource = \
                                 \"s\"\n\
         [holdings.f]\nowner = \"fund\"\nissuer = \"lab\"\nstake = \"undisclosed\"\ncost = \"undisclosed\"\n\
         source = \"s\"\n\
         [contracts.c]\ntype = \"supply\"\nbuyer = \"lab\"\nseller = \"cloud\"\nfrom = \"2026-01\"\n\
         minimum = \"more than $250B over 10 years\"\nsource = \"s\"\n",
    );
    let told: Vec<String> = asked(&session, &question("coverage")).iter().map(sentence).collect();
    assert_eq!(
        told,
        [
            "Cloud put $13B into Lab (firm) and is owed ≥$250B back: ≥19.2x of it.",
            "For 1 of 2 pairs coverage is unknown: Fund in Lab, put in unknown, back $0.",
        ]
    );
}
