//! Every answer of both examples fits one screen, at three widths, and names what it does not show.

use keiretsu::{Question, Session, show};
use keiretsu_values::Table;
use keiretsu_views::{Style, by_name, sort};

use crate::asked::{ask, example, question, tables};

/// The questions that can be asked of a model without more words.
fn questions(session: &Session) -> Vec<Question> {
    let by = |by: &str, ask: &str| Question { by: Some(by.to_owned()), ..question(ask) };
    let of = |ask: &str, of: &str| Question { of: vec![of.to_owned()], ..question(ask) };
    let measures = keiretsu_measures::MEASURES.iter().map(|measure| measure.name());
    let mut all: Vec<Question> = measures.filter(|name| *name != "reverse").map(question).collect();
    all.extend(show::TOPICS.iter().map(|topic| of("show", topic.name)));
    all.extend([by("year", "commitments"), by("total", "cash"), by("month", "cash"), by("year", "exposure")]);
    all.extend([question("run"), question("show"), of("numbers", "coverage")]);
    all.push(of("explain", "coverage(amazon, anthropic, firm)"));
    all.retain(|question| ask(session, question).is_ok());
    assert!(keiretsu_measures::MEASURES.len() + show::TOPICS.len() < all.len(), "few could be asked");
    all
}

fn text(tables: &[Table], style: Style) -> String {
    let format = by_name("table").expect("the format for people");
    String::from_utf8(format.write(tables, &style)).expect("text")
}

#[track_caller]
fn check(name: &str) {
    let session = example(name);
    for question in questions(&session) {
        let tables = tables(&session, &question);
        for width in [80, 100, 140] {
            for most in [24, 40] {
                let screen = text(&tables, Style { width, lines: Some(most), ..Style::default() });
                let at = || format!("{question:?} at {width} x {most}:\n{screen}");
                assert!(screen.lines().count() <= most, "{} lines, {}", screen.lines().count(), at());
                let widest = screen.lines().map(|line| line.chars().count()).max().unwrap_or(0);
                assert!(widest <= width, "{widest} columns, {}", at());
                // A title may be wrapped.
                let flat = screen.split_whitespace().collect::<Vec<_>>().join(" ");
                for table in &tables {
                    let title = table.title.split_whitespace().collect::<Vec<_>>().join(" ");
                    let named = flat.contains(&format!("{} (", table.name));
                    assert!(named || flat.contains(&title), "`{title}` is neither shown nor named, {}", at());
                }
            }
        }
    }
}

#[test]
fn every_answer_of_three_clouds_fits_a_screen() {
    check("three-clouds");
}

#[test]
fn every_answer_of_the_deal_web_fits_a_screen() {
    check("ai-web");
}

/// What a screen leaves out of a table is in the table that `--all` and `--wide` show: each row, readings
/// that say the same as one.
#[test]
fn all_and_wide_show_every_row_and_every_column() {
    let session = example("ai-web");
    for name in ["exposure", "commitments", "returns"] {
        let tables = tables(&session, &question(name));
        let whole = text(&tables[..1], Style { wide: true, ..Style::default() });
        assert!(!whole.contains("not shown"), "{whole}");
        let rule = whole.lines().position(|line| line.starts_with('─')).expect("a rule");
        let rows = whole.lines().skip(rule + 1).take_while(|line| !line.is_empty());
        let rows = rows.filter(|line| !line.starts_with(' ') && !line.starts_with("total"));
        let rows: Vec<&str> = rows.collect();
        let told: usize = rows.iter().map(|line| readings_of(line)).sum();
        assert_eq!(told, tables[0].rows.len(), "{name}");
    }
}

/// How many rows of the table a line of text stands for.
fn readings_of(line: &str) -> usize {
    let words = line.split("  ").map(str::trim).find(|word| is_reading(word));
    words.map_or(1, |word| if word == "all readings" { 3 } else { word.split(", ").count() })
}

fn is_reading(word: &str) -> bool {
    let word = word.trim();
    word == "all readings"
        || word.split(", ").all(|name| ["paid", "firm", "expected", "headline"].contains(&name))
}

/// What is asked for is shown: a column that the layout hides, and another where nothing of the usual is
/// known.
#[test]
fn a_column_by_which_rows_are_sorted_is_shown() {
    let session = Session::of_text(
        "keiretsu = 1\nas_of = 2026-01-01\nhorizon = \"15 years\"\n[parties]\n\
         a = { revenue = \"$60M/yr\" }\nb = {}\n\
         [contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\nfrom = \"2026-01\"\n\
         until = \"2030-12\"\nminimum = \"$12M/yr\"\n",
    );
    let screen = |sorted: Option<&str>| {
        let mut all = tables(&session, &question("cash"));
        if let Some(column) = sorted {
            assert!(sort(&mut all[0], column));
        }
        text(&all, Style { width: 80, lines: Some(24), ..Style::default() })
    };
    // No cash is stated, so net stands in its place.
    assert!(screen(None).starts_with("Cash received and paid: net\n"), "{}", screen(None));
    let by_revenue = screen(Some("revenue"));
    assert!(by_revenue.starts_with("Cash received and paid: revenue\n"), "{by_revenue}");
    assert!(by_revenue.contains("$60M"), "{by_revenue}");
}
