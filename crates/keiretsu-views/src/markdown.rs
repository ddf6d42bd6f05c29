//! Tables to Markdown, as GitHub reads it: the numbers of the text format, without a width.

use crate::sheet::{Printed, Sheet};
use crate::wrap::width;
use crate::{Format, Style};
use keiretsu_values::Table;

/// `--format markdown`.
pub struct Markdown;

impl Format for Markdown {
    fn name(&self) -> &'static str {
        "markdown"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["md", "markdown"]
    }

    fn write(&self, tables: &[Table], _: &Style) -> Vec<u8> {
        let pages: Vec<String> = tables.iter().map(|table| page(&Sheet::of(table))).collect();
        pages.join("\n").into_bytes()
    }
}

fn page(sheet: &Sheet) -> String {
    let mut parts = vec![format!("### {}", prose(&sheet.title))];
    parts.extend((!sheet.subtitle.is_empty()).then(|| prose(&sheet.subtitle)));
    parts.extend(sheet.findings.iter().map(|finding| prose(finding)));
    if !sheet.columns.is_empty() {
        parts.push(grid(&sheet.columns));
    }
    parts.extend(sheet.notes.iter().map(|note| prose(note)));
    parts.extend(list("Left out:", &sheet.left_out));
    parts.extend(list("Assumptions:", &sheet.assumptions));
    parts.join("\n\n") + "\n"
}

fn list(heading: &str, entries: &[String]) -> Option<String> {
    let lines: Vec<String> = entries.iter().map(|entry| format!("\n- {}", prose(entry))).collect();
    (!lines.is_empty()).then(|| format!("{heading}\n{}", lines.concat()))
}

fn grid(columns: &[Printed]) -> String {
    let strips: Vec<Vec<String>> = columns.iter().map(strip).collect();
    let rows = strips[0].len();
    let line = |row: usize| {
        let cells: Vec<&str> = strips.iter().map(|strip| strip[row].as_str()).collect();
        format!("| {} |", cells.join(" | "))
    };
    (0..rows).map(line).collect::<Vec<_>>().join("\n")
}

/// A column top to bottom, all of one width: heading, the line that sets its side, cells.
fn strip(column: &Printed) -> Vec<String> {
    let mut cells = vec![escaped(&column.heading, IN_CELLS)];
    cells.extend(column.cells.iter().map(|cell| escaped(cell.text.trim_end(), IN_CELLS)));
    let most = cells.iter().map(|cell| width(cell)).max().unwrap_or(0).max(3);
    let side = if column.numeric { format!("{}:", "-".repeat(most - 1)) } else { "-".repeat(most) };
    let mut strip: Vec<String> = cells.iter().map(|cell| filled(cell, most, column.numeric)).collect();
    strip.insert(1, side);
    strip
}

fn filled(cell: &str, most: usize, numeric: bool) -> String {
    let fill = " ".repeat(most - width(cell));
    if numeric { fill + cell } else { cell.to_owned() + &fill }
}

const IN_CELLS: &[char] = &['\\', '|', '<', '*', '`', '['];
/// In a paragraph two `$` would be a formula and two `~` a deletion.
const IN_PROSE: &[char] = &['\\', '|', '<', '*', '`', '[', '$', '~', '#', '>'];

pub fn prose(text: &str) -> String {
    escaped(text, IN_PROSE)
}

fn escaped(text: &str, special: &[char]) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        if special.contains(&c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
