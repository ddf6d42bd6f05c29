//! A model on one page: its numbers are those of the commands beside them, and it fits a screen.

use keiretsu::values::{Finding, Page, Table};
use keiretsu::{Control, PathsRequest, Question, Session};
use keiretsu_views::{Style, finding::sentence, page};

use crate::asked::{example, question, tables};

fn of(session: &Session, question: &Question) -> Page {
    keiretsu::page(session, question, &Control::default()).expect("the page")
}

/// What the commands beside the sections print.
fn said(session: &Session) -> Vec<Table> {
    let total = |ask| Question { by: Some("total".to_owned()), ..question(ask) };
    let measures = ["commitments", "cash", "coverage", "exposure", "domino", "obligations"];
    let mut all: Vec<Table> = measures.iter().flat_map(|ask| tables(session, &total(ask))).collect();
    all.extend(tables(session, &question("rests")));
    all
}

#[test]
fn a_page_fits_a_screen_and_quotes_cells() {
    for session in ["first", "three-clouds", "ai-web"].map(example) {
        let page = of(&session, &Question::default());
        let tables = said(&session);
        for number in page.sections.iter().flat_map(|section| &section.findings).flat_map(Finding::numbers) {
            let cell = tables.iter().find_map(|table| table.at(&number.address));
            assert_eq!(cell, Some(&number.value), "{:?}", number.address);
        }
        for width in [80, 100, 140] {
            let text = page::text(&page, &Style { width, ..Style::default() });
            assert!(text.lines().count() <= page::LINES, "{text}");
            assert!(text.lines().all(|line| line.chars().count() <= width), "{text}");
        }
    }
}

/// A lab with 100 buys 40 a year for two years; both are assumptions.
const LAB: &str = "keiretsu = 1\ntitle = \"Lab\"\nas_of = 2025-12-31\nhorizon = \"2 years\"\n[parties]\n\
    cloud = { name = \"Cloud\" }\nlab = { name = \"Lab\", cash = \"$100M\", because = \"ours\" }\n\
    [contracts.c]\ntype = \"supply\"\nbuyer = \"lab\"\nseller = \"cloud\"\nfrom = \"2026-01\"\n\
    minimum = \"$80M over 2 years\"\nbecause = \"ours\"\n";

fn words(page: &Page, title: &str) -> String {
    let section = page.sections.iter().find(|section| section.title == title).expect("the section");
    section.findings.iter().map(sentence).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_page_says_what_moves_an_answer_most() {
    // By hand: a tenth of the cash is 10, a tenth of the payments 8.
    let page = of(&Session::of_text(LAB), &Question::default());
    assert_eq!(
        words(&page, "What it rests on"),
        "lab.cash (assumption) moves lowest cash of Lab by $10M; c.minimum (assumption) moves lowest cash of \
         Lab by $8M. 0 statements on sources, 3 on assumptions."
    );
    assert_eq!(
        words(&page, "Who is short, and when"),
        "The lowest cash is that of Lab: $20M in 2027-12 (firm). It is not short."
    );
    assert!(page.clone().of_model("mine").sections[0].next.starts_with("keiretsu measure mine "));
}

#[test]
fn a_page_says_in_which_world_it_is_and_who_fails_on_paths() {
    let paths = Some(PathsRequest { seed: 1, count: 20 });
    let asked = Question { paths, ..Question::default() }.with("lab.cash", "$70M");
    let page = of(&Session::of_text(LAB), &asked);
    assert!(page.subtitle.ends_with("with lab.cash = $70M"), "{}", page.subtitle);
    // By hand: 70 - 80 = -10; a lab without `funding` cannot fail.
    assert!(words(&page, "Who is short, and when").contains("-$10M"));
    assert_eq!(
        words(&page, "Who fails on 20 paths"),
        "No party can fail: none states its cash and its `funding`."
    );
}
