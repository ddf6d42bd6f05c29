//! Everything in a model that has a date, in order.

use keiretsu_measures::Subject;
use keiretsu_model::record::{Content, Record};
use keiretsu_model::{Model, When};
use keiretsu_values::{Cell, ColumnSpec, Table, TableSpec};

use super::words;

/// Something with a date.
struct Dated {
    when: When,
    what: String,
    term: String,
    words: String,
}

/// Everything with a date.
pub(crate) const TIMELINE: TableSpec = TableSpec::new(
    "timeline",
    "timeline",
    "Timeline",
    &[&[
        ColumnSpec::date("date", "the date or span of dates"),
        ColumnSpec::text("side", "past, or ahead of as-of").titled(""),
        ColumnSpec::text("what", "the contract, party or event"),
        ColumnSpec::text("term", "the term that has the date"),
        ColumnSpec::text("words", "its words in the text"),
    ]],
)
.of_each("event");

/// One row a date; a span of dates stands at its first day.
pub fn tables(subject: &Subject<'_>) -> Vec<Table> {
    let model = subject.model;
    let mut table = subject.table(&TIMELINE);
    let mut list = Vec::new();
    model.records(&mut |path, record| collect(model, path, record, &mut list));
    amendments(model, &mut list);
    list.sort_by_key(|dated| (dated.when.first, dated.when.last));
    for dated in list {
        let side = if dated.when.last <= model.as_of { "past" } else { "ahead" };
        table.push(vec![
            Cell::text(dated.when.text()),
            Cell::text(side),
            Cell::text(dated.what),
            Cell::text(dated.term),
            if dated.words.is_empty() { Cell::Empty } else { Cell::text(dated.words) },
        ]);
    }
    vec![table]
}

fn collect(model: &Model, path: &str, record: &Record, list: &mut Vec<Dated>) {
    let mut push = |when: &When, term: String, words: String| {
        list.push(Dated { when: *when, what: path.to_owned(), term, words });
    };
    for entry in &record.entries {
        match &entry.content {
            Content::When(when) if entry.name != "known" => {
                push(when, entry.name.to_owned(), main_words(model, record));
            }
            Content::Figure(stated) => {
                if let Some(on) = &stated.on {
                    push(on, format!("{} on", entry.name), words::figure(model, stated));
                }
            }
            Content::Chance(_, Some(by)) => push(by, "chance by".to_owned(), entry.text.clone()),
            _ => {}
        }
    }
    for entry in &record.entries {
        match &entry.content {
            Content::Table(inner) => collect(model, &format!("{path}.{}", entry.name), inner, list),
            Content::Tables(tables) => {
                for (name, _, inner) in tables {
                    collect(model, &format!("{path}.{name}"), inner, list);
                }
            }
            _ => {}
        }
    }
}

/// The first figure of a record in its words, as the subject of the date.
fn main_words(model: &Model, record: &Record) -> String {
    let figure = record.entries.iter().find_map(|entry| match &entry.content {
        Content::Figure(stated) => Some(words::figure(model, stated)),
        _ => None,
    });
    figure.unwrap_or_default()
}

fn amendments(model: &Model, list: &mut Vec<Dated>) {
    for (_, contract) in model.stated_contracts() {
        for pair in contract.versions.windows(2) {
            let Some(from) = pair[1].from else { continue };
            let changed = pair[1].record.entries.iter().filter(|entry| {
                pair[0].record.entry(entry.name).is_none_or(|before| before.text != entry.text)
            });
            let words: Vec<String> =
                changed.map(|entry| format!("{} {}", entry.name, words::entry(model, entry))).collect();
            list.push(Dated {
                when: When::day(from),
                what: contract.name.clone(),
                term: "amended".to_owned(),
                words: words.join("; "),
            });
        }
    }
}
