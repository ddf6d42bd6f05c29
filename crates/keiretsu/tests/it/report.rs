//! The report: whole, alone, the same twice, and every link leads somewhere.

use keiretsu::{Control, PathsRequest, Session};

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
    let parts = [
        "answer",
        "pairs",
        "strategies",
        "web",
        "payments",
        "outcomes",
        "exposure",
        "circularity",
        "contracts",
        "parties",
        "assumptions",
        "figures",
        "sources",
    ];
    for part in parts {
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
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count);
}

#[test]
fn every_chart_has_a_table_and_every_element_an_end() {
    let page = page("three-clouds");
    let is_chart =
        |part: &&str| ["<figure", "class=\"line\"", "class=\"track\""].iter().any(|mark| part.contains(mark));
    for part in page.split("<section>").filter(is_chart) {
        assert!(part.contains("The same as a table"), "{part}");
    }
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

/// A web of a lab and many clouds, each of which it pays another amount.
fn large(clouds: usize) -> String {
    let mut text =
        "keiretsu = 1\ntitle = \"Many\"\nas_of = 2025-12-31\nhorizon = \"3 years\"\n[parties]\nlab = {}\n"
            .to_owned();
    text += &(0..clouds).map(|at| format!("cloud{at} = {{}}\n")).collect::<String>();
    for at in 0..clouds {
        text += &format!(
            "[contracts.compute{at}]\ntype = \"supply\"\nbuyer = \"lab\"\nseller = \"cloud{at}\"\n\
             from = \"2026-01\"\n\
             minimum = \"${}M over 3 years\"\nbecause = \"an example\"\n",
            at + 1
        );
    }
    text
}

#[test]
fn a_web_of_a_hundred_parties_draws_the_largest_and_says_what_it_leaves_out() {
    let session = Session::of_text(&large(100));
    let page = session.report(PathsRequest { seed: 1, count: 10 }, &Control::default()).expect("a page");
    // Of 100 lines of $1M to $100M the 60 largest are those of $41M and more.
    assert!(page.contains("40 lines under $41M or of unknown amount are not drawn here"));
    let drawing =
        page.split("<figure class=\"broad\">").nth(1).and_then(|rest| rest.split("</figure>").next());
    assert_eq!(drawing.expect("a drawing").matches("class=\"tie svc\"").count(), 60);
}

#[test]
fn bars_are_as_long_as_their_numbers_and_unknown_has_no_length() {
    let session = Session::of_text(
        "keiretsu = 1\ntitle = \"Two\"\nas_of = 2025-12-31\nhorizon = \"3 years\"\n\
         [parties]\nlab = {}\ncloud = {}\nmill = {}\n\
         [contracts.stake]\ntype = \"equity\"\n\
         investor = \"cloud\"\nissuer = \"lab\"\nbecause = \"an example\"\n\
         tranches.first = { amount = \"$1B\", on = 2025-06-30, standing = \"paid\" }\n\
         [contracts.compute]\ntype = \"supply\"\nbuyer = \"lab\"\nseller = \"cloud\"\nfrom = \"2026-01\"\n\
         minimum = \"$4B over 2 years\"\nbecause = \"an example\"\n\
         [contracts.power]\ntype = \"supply\"\nbuyer = \"lab\"\nseller = \"mill\"\nfrom = \"2026-01\"\n\
         minimum = \"undisclosed\"\nbecause = \"an example\"\n",
    );
    assert!(session.diagnostics().is_empty(), "{:?}", session.diagnostics());
    let page = session.report(PathsRequest { seed: 1, count: 10 }, &Control::default()).expect("a page");
    let part = |name: &str| {
        let rest = page.split(&format!("<h2 id=\"{name}\">")).nth(1).expect("the part").to_owned();
        rest.split("</section>").next().unwrap_or_default().to_owned()
    };
    // By hand: $1B in and $4B back are 1/4 and all of the longest bar; 4 back for 1 in is 4x.
    let pairs = part("pairs");
    assert!(
        pairs.contains("class=\"cap\" style=\"--w:0.25\"") && pairs.contains("class=\"svc\" style=\"--w:1\"")
    );
    assert!(pairs.contains(">4x</a>"), "{pairs}");
    // By hand: $2B a year to the cloud, and an open box for what the mill is owed.
    let payments = part("payments");
    assert!(payments.contains("class=\"s1\" style=\"--w:1\" title=\"cloud: $2B\""), "{payments}");
    assert!(payments.contains("class=\"s2 open\""), "{payments}");
}
