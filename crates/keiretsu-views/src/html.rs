//! Tables to HTML: a page that needs nothing else, and the parts that a report puts together.
//!
//! The numbers are those of the text format, with their marks. Unknown is a word.

use keiretsu_values::Table;

use crate::sheet::{Printed, Sheet};
use crate::{Format, Style};

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
        grid_and_notes(&sheet, &Cite::nothing())
    )
}

/// A table without its heading, for a chart that has one.
pub fn twin(table: &Table) -> String {
    grid_and_notes(&Sheet::of(table), &Cite::nothing())
}

/// A table without its heading, one column of which names documents: `links` turns them into HTML.
pub fn cited(table: &Table, key: &str, links: &dyn Fn(&str) -> String) -> String {
    grid_and_notes(&Sheet::of(table), &Cite { column: Some(key), links })
}

/// A column of links.
struct Cite<'a> {
    column: Option<&'a str>,
    links: &'a dyn Fn(&str) -> String,
}

impl Cite<'_> {
    fn nothing() -> Self {
        Self { column: None, links: &|words| escaped(words) }
    }
}

fn grid_and_notes(sheet: &Sheet, cite: &Cite<'_>) -> String {
    let mut text = String::new();
    for finding in &sheet.findings {
        text.push_str(&format!("<p class=\"finding\">{}</p>\n", escaped(finding)));
    }
    if !sheet.columns.is_empty() {
        text.push_str(&grid(sheet, cite));
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
fn grid(sheet: &Sheet, cite: &Cite<'_>) -> String {
    let label = escaped(&sheet.title);
    let rows = sheet.columns[0].cells.len();
    let head: String = sheet.columns.iter().map(head).collect();
    let line = |at: usize| -> String {
        let cell = |printed: &Printed| match cite.column {
            Some(key) if key == printed.key => {
                format!("<td>{}</td>", (cite.links)(printed.cells[at].text.trim()))
            }
            _ => cell(printed, at),
        };
        let cells: String = sheet.columns.iter().map(cell).collect();
        format!("<tr>{cells}</tr>\n")
    };
    let lines: String = (0..rows).map(line).collect();
    format!(
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{label}\">\n<table>\n\
         <thead><tr>{head}</tr></thead>\n<tbody>\n{lines}</tbody>\n</table>\n</div>\n"
    )
}

fn head(column: &Printed) -> String {
    let class = if column.numeric { " class=\"n\"" } else { "" };
    format!("<th scope=\"col\"{class}>{}</th>", escaped(&column.heading))
}

fn cell(column: &Printed, at: usize) -> String {
    let text = escaped(column.cells[at].text.trim());
    let class = if column.numeric { " class=\"n\"" } else { "" };
    match text.as_str() {
        "unknown" => format!("<td{class}><span class=\"unknown\">unknown</span></td>"),
        _ => format!("<td{class}>{text}</td>"),
    }
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
