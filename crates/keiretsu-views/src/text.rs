//! Tables to text for a terminal: light rules, numbers set by their points, words wrapped.
//!
//! Order of a table: title, where it stands, findings, one or more blocks of columns, notes, what is left out, what is
//! assumed. Repeated words are not blanked: every row can be found by a search.

use crate::layout::{Block, GAP, HANG, blocks};
use crate::sheet::{Printed, Sheet};
use crate::wrap::{width, wrap};
use crate::{Format, Style};
use keiretsu_values::Table;

/// `--format table`.
pub struct Text;

/// Below this nothing can be laid out; wider lines are written then.
const LEAST_WIDTH: usize = 20;

impl Format for Text {
    fn name(&self) -> &'static str {
        "table"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["txt"]
    }

    fn write(&self, tables: &[Table], style: &Style) -> Vec<u8> {
        let style = Style { width: style.width.max(LEAST_WIDTH), ..*style };
        let pages: Vec<String> = tables.iter().map(|table| page(&Sheet::of(table), style)).collect();
        pages.join("\n\n").into_bytes()
    }
}

#[derive(Clone, Copy)]
enum Ink {
    Plain,
    Bold,
    Dim,
    Yellow,
}

fn paint(text: &str, ink: Ink, style: Style) -> String {
    let code = match ink {
        _ if !style.colour || text.is_empty() => return text.to_owned(),
        Ink::Plain => return text.to_owned(),
        Ink::Bold => 1,
        Ink::Dim => 2,
        Ink::Yellow => 33,
    };
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}

/// Lines of one table, each ended by a line feed.
fn page(sheet: &Sheet, style: Style) -> String {
    let mut lines = paragraph(&sheet.title, 0, Ink::Bold, style);
    if !sheet.subtitle.is_empty() {
        lines.extend(paragraph(&sheet.subtitle, 0, Ink::Dim, style));
    }
    if !sheet.findings.is_empty() {
        lines.push(String::new());
        lines.extend(sheet.findings.iter().flat_map(|finding| paragraph(finding, 0, Ink::Plain, style)));
    }
    for block in blocks(sheet, style.width) {
        lines.push(String::new());
        lines.extend(grid(sheet, &block, style));
    }
    if !sheet.notes.is_empty() {
        lines.push(String::new());
        lines.extend(sheet.notes.iter().flat_map(|note| paragraph(note, 0, Ink::Dim, style)));
    }
    lines.extend(list("left out:", &sheet.left_out, style));
    lines.extend(list("assumptions:", &sheet.assumptions, style));
    lines.into_iter().map(|line| line + "\n").collect()
}

fn paragraph(text: &str, indent: usize, ink: Ink, style: Style) -> Vec<String> {
    let lines = wrap(text, style.width - indent, HANG);
    lines.iter().map(|line| " ".repeat(indent) + &paint(line, ink, style)).collect()
}

fn list(heading: &str, entries: &[String], style: Style) -> Vec<String> {
    if entries.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![String::new(), paint(heading, Ink::Dim, style)];
    lines.extend(entries.iter().flat_map(|entry| paragraph(entry, HANG, Ink::Dim, style)));
    lines
}

/// The heading, the rule below it, and the rows of a block.
fn grid(sheet: &Sheet, block: &Block, style: Style) -> Vec<String> {
    let columns: Vec<&Printed> = block.iter().map(|(at, _)| &sheet.columns[*at]).collect();
    let widths: Vec<usize> = block.iter().map(|(_, width)| *width).collect();
    let mut lines = heading(&columns, &widths);
    let across: usize = widths.iter().map(|width| width + GAP).sum();
    lines.push(paint(&"─".repeat(across.saturating_sub(GAP)), Ink::Dim, style));
    let rows = columns.first().map_or(0, |column| column.cells.len());
    lines.extend((0..rows).flat_map(|row| row_lines(&columns, &widths, row, style)));
    if rows == 0 {
        lines.push(paint("no rows", Ink::Dim, style));
    }
    lines
}

/// Headings stand on the rule: a short one has its empty lines above.
fn heading(columns: &[&Printed], widths: &[usize]) -> Vec<String> {
    let wrapped = |(column, width): (&&Printed, &usize)| wrap(&column.heading, *width, 0);
    let mut cells: Vec<Vec<String>> = columns.iter().zip(widths).map(wrapped).collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    for cell in &mut cells {
        let above = vec![String::new(); height - cell.len()];
        cell.splice(0..0, above);
    }
    let inks = vec![Ink::Plain; columns.len()];
    set(&cells, columns, widths, &inks, Style { width: 0, colour: false })
}

fn row_lines(columns: &[&Printed], widths: &[usize], row: usize, style: Style) -> Vec<String> {
    let wrapped = |(column, width): (&&Printed, &usize)| {
        let text = &column.cells[row].text;
        if column.numeric { vec![text.clone()] } else { wrap(text, *width, HANG) }
    };
    let cells: Vec<Vec<String>> = columns.iter().zip(widths).map(wrapped).collect();
    let ink = |column: &&Printed| if column.cells[row].unknown { Ink::Yellow } else { Ink::Plain };
    let inks: Vec<Ink> = columns.iter().map(ink).collect();
    set(&cells, columns, widths, &inks, style)
}

/// Cells of one or more lines side by side, numbers to the right and words to the left of their column.
fn set(
    cells: &[Vec<String>],
    columns: &[&Printed],
    widths: &[usize],
    inks: &[Ink],
    style: Style,
) -> Vec<String> {
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    let line = |at: usize| {
        let mut line = String::new();
        for (column, cell) in cells.iter().enumerate() {
            let text = cell.get(at).map_or("", String::as_str);
            let fill = " ".repeat(widths[column].saturating_sub(width(text)));
            let text = paint(text, inks[column], style);
            line += &if columns[column].numeric { fill + &text } else { text + &fill };
            line += &" ".repeat(GAP);
        }
        line.trim_end().to_owned()
    };
    (0..height).map(line).collect()
}
