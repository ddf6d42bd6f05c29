//! Tables to HTML: a page that needs nothing else, and the parts that a report puts together.
//!
//! The numbers are those of the text format, with their marks. Unknown is a word.

use keiretsu_values::Table;

use crate::sheet::{Printed, Sheet};
use crate::{Format, Style, machine, people};

/// `--format html`.
pub struct Html;

/// The look of every page: light and dark, phones and paper.
pub const STYLE: &str = include_str!("html/style.css");

impl Format for Html {
    fn name(&self) -> &'static str {
        "html"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["html", "htm"]
    }

    fn write(&self, tables: &[Table], _: &Style) -> Vec<u8> {
        let title = tables.first().map_or("Tables", |table| table.title.as_str());
        let body: String = tables.iter().map(|table| part(table, Heading::Two)).collect();
        page(title, &format!("<main>\n{body}</main>\n")).into_bytes()
    }
}

/// How deep a heading is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heading {
    /// A part of a page.
    Two,
    /// A part of a part.
    Three,
}

/// A whole page around a body.
pub fn page(title: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n",
        escaped(title)
    )
}

/// A table with its heading, its notes and its omissions.
pub fn part(table: &Table, heading: Heading) -> String {
    let sheet = Sheet::of(table);
    let level = if heading == Heading::Two { 2 } else { 3 };
    let subtitle = match sheet.subtitle.as_str() {
        "" => String::new(),
        subtitle => format!("<p class=\"sub\">{}</p>\n", escaped(subtitle)),
    };
    format!(
        "<section>\n<h{level}>{}</h{level}>\n{subtitle}{}</section>\n",
        escaped(&sheet.title),
        linked(table, &NoLinks)
    )
}

/// What the cells of a table lead to, and the names under which links reach its rows.
pub trait Links {
    /// The name of a row on its page.
    fn name(&self, _table: &Table, _row: usize) -> Option<String> {
        None
    }

    /// Where a cell leads: `#name`.
    fn target(&self, _table: &Table, _row: usize, _column: usize) -> Option<String> {
        None
    }

    /// A cell in HTML of its own.
    fn cell(&self, _table: &Table, _row: usize, _column: usize) -> Option<String> {
        None
    }
}

/// A table that leads nowhere.
struct NoLinks;

impl Links for NoLinks {}

/// A table without its heading: what it says first, its rows, notes and omissions.
pub fn linked(table: &Table, links: &dyn Links) -> String {
    let seen = machine::settled(&people::laid_out(table));
    let sheet = Sheet::seen(&seen);
    let mut text = String::new();
    for finding in &sheet.findings {
        text.push_str(&format!("<p class=\"finding\">{}</p>\n", escaped(finding)));
    }
    if !sheet.columns.is_empty() {
        text.push_str(&grid(&seen, &sheet, links));
    }
    for note in &sheet.notes {
        text.push_str(&format!("<p class=\"note\">{}</p>\n", escaped(note)));
    }
    text.push_str(&list("Left out", &sheet.left_out));
    text.push_str(&list("Assumptions", &sheet.assumptions));
    text
}

/// A list that is long in most models, collapsed at first.
fn list(heading: &str, entries: &[String]) -> String {
    if entries.is_empty() {
        return String::new();
    }
    let lines: String = entries.iter().map(|entry| format!("<li>{}</li>\n", escaped(entry))).collect();
    let count = entries.len();
    format!(
        "<details class=\"note\"><summary>{heading} ({count})</summary>\n<ul>\n{lines}</ul>\n</details>\n"
    )
}

/// The grid can be scrolled by keyboard where it is wider than the screen.
fn grid(table: &Table, sheet: &Sheet, links: &dyn Links) -> String {
    let label = escaped(&sheet.title);
    let head: String = sheet.columns.iter().map(head).collect();
    let places: Vec<usize> = people::shown(table).collect();
    let line = |row: usize| -> String {
        let columns = sheet.columns.iter().zip(&places);
        let cells: String = columns.map(|(column, at)| cell(table, column, (row, *at), links)).collect();
        let name = links.name(table, row).map_or(String::new(), |name| format!(" id=\"{}\"", escaped(&name)));
        format!("<tr{name}>{cells}</tr>\n")
    };
    let lines: String = (0..table.rows.len()).map(line).collect();
    format!(
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{label}\">\n<table>\n\
         <thead><tr>{head}</tr></thead>\n<tbody>\n{lines}</tbody>\n</table>\n</div>\n"
    )
}

fn head(column: &Printed) -> String {
    let class = if column.numeric { " class=\"n\"" } else { "" };
    format!("<th scope=\"col\"{class}>{}</th>", escaped(&column.heading))
}

fn cell(table: &Table, column: &Printed, (row, at): (usize, usize), links: &dyn Links) -> String {
    let class = if column.numeric { " class=\"n\"" } else { "" };
    if let Some(html) = links.cell(table, row, at) {
        return format!("<td{class}>{html}</td>");
    }
    let words = &column.cells[row];
    let text = match prose(words.text.trim()) {
        text if words.unknown => format!("<span class=\"unknown\">{text}</span>"),
        text => text,
    };
    match links.target(table, row, at).filter(|_| !text.is_empty()) {
        Some(target) => format!("<td{class}><a href=\"{}\">{text}</a></td>", escaped(&target)),
        None => format!("<td{class}>{text}</td>"),
    }
}

/// Text in which no day and no month is broken over two lines, and ids are where their parts end.
pub fn prose(text: &str) -> String {
    let is_of_day = |letter: char| letter.is_ascii_digit() || letter == '-';
    let mut html = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(is_of_day) {
        let end = rest[at..].find(|letter| !is_of_day(letter)).map_or(rest.len(), |length| at + length);
        html += &breakable(&rest[..at]);
        let run = &rest[at..end];
        html += &if is_day(run) { format!("<span class=\"day\">{run}</span>") } else { escaped(run) };
        rest = &rest[end..];
    }
    html + &breakable(rest)
}

/// Text that may be broken behind `_`, and behind a point with a letter after it.
fn breakable(text: &str) -> String {
    let mut html = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['_', '.']) {
        let (part, after) = rest.split_at(at + 1);
        html += &escaped(part);
        if after.starts_with(char::is_alphabetic) {
            html += "<wbr>";
        }
        rest = after;
    }
    html + &escaped(rest)
}

/// `2026-04` or `2026-04-21`.
fn is_day(run: &str) -> bool {
    let lengths: Vec<usize> = run.split('-').map(str::len).collect();
    matches!(lengths.as_slice(), [4, 2] | [4, 2, 2])
}

/// Text that is text and nothing else in HTML, attributes included.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in crate::visible(text).chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use keiretsu_values::{Cell, Column, Unit, Value};

    use super::*;

    #[test]
    fn days_are_not_broken() {
        assert_eq!(
            prose("until <2031-02-15>, 5-10"),
            "until &lt;<span class=\"day\">2031-02-15</span>&gt;, 5-10"
        );
        assert_eq!(prose("lab_revenue.start. 1.5"), "lab_<wbr>revenue.<wbr>start. 1.5");
        assert_eq!(prose("in 2026-04"), "in <span class=\"day\">2026-04</span>");
    }

    #[test]
    fn words_of_a_model_are_never_markup() {
        let columns = vec![Column::text("party"), Column::number("share", Unit::Share)];
        let mut table = Table::new("x", "A <b> & \"c\"", columns);
        table.push(vec![Cell::text("<script>"), Cell::Value(Value::unknown("undisclosed"))]);
        let page = String::from_utf8(Html.write(&[table], &Style::default())).expect("text");
        assert!(page.contains("A &lt;b&gt; &amp; &quot;c&quot;") && page.contains("&lt;script&gt;"));
        assert!(!page.contains("<script>") && page.contains("class=\"unknown\""));
        assert!(!page.contains("http"), "a page fetches nothing");
    }
}
