//! The report: whole, alone, the same twice, and every link leads somewhere.

use keiretsu::{Control, PathsRequest};

use crate::asked::example;

fn page(name: &str) -> String {
    example(name).report(PathsRequest { seed: 1, count: 300 }, &Control::default()).expect("a page")
}

/// What stands in quotes after each occurrence of a key.
fn quoted<'a>(page: &'a str, key: &str) -> Vec<&'a str> {
    page.split(key).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn a_page_needs_nothing_but_itself() {
    let page = page("three-clouds");
    assert!(!page.contains("<script") && !page.contains("<link") && !page.contains("@import"));
    assert!(quoted(&page, "src=\"").is_empty(), "nothing is fetched");
    assert!(
        ![">inf", "\"inf", " inf", "NaN"].iter().any(|none| page.contains(&format!("{none}<"))),
        "no number that is none"
    );
    for part in ["strategies", "web", "contracts", "cash", "outcomes", "assumptions", "figures", "sources"] {
        assert!(page.contains(&format!("id=\"{part}\"")), "{part}");
    }
}

#[test]
fn every_link_leads_somewhere_and_every_name_is_there_once() {
    let page = page("three-clouds");
    let mut ids = quoted(&page, "id=\"");
    let links = quoted(&page, "href=\"#");
    assert!(links.len() > 20);
    for link in links {
        assert!(ids.contains(&link), "#{link}");
    }
    // The two drawings of the web have arrows of their own.
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count);
}

#[test]
fn every_chart_has_a_table_and_every_element_an_end() {
    let page = page("three-clouds");
    let figures = page.matches("<figure").count();
    let tables = page.matches("The same as a table").count();
    // The two drawings of the web share the table of contracts below them.
    assert_eq!(figures, tables + 2);
    for name in ["section", "figure", "details", "table", "div", "svg", "p", "td", "th", "text", "path"] {
        let starts = page.matches(&format!("<{name} ")).count() + page.matches(&format!("<{name}>")).count();
        let ends = page.matches(&format!("</{name}>")).count();
        let start = format!("<{name} ");
        let alone = page.split(start.as_str()).skip(1);
        let alone = alone.filter(|rest| rest.split('>').next().is_some_and(|tag| tag.ends_with('/'))).count();
        assert_eq!(starts, ends + alone, "{name}");
    }
}

#[test]
fn the_same_model_gives_the_same_page_and_a_small_one_a_page_too() {
    assert_eq!(page("first"), page("first"));
    assert!(!page("first").contains("id=\"strategies\""), "what has nothing to show is left out");
}
