//! Tables to text for a terminal: light rules, numbers to the right, words wrapped.
//!
//! Order of a table: title, its place in time, what it says first, its rows, what is not shown of it, notes,
//! what is left out, what is assumed. Repeated words are not blanked: every row can be found by a search.

use crate::layout::{Block, GAP, HANG};
use crate::sheet::Printed;
use crate::wrap::{width, wrap};
use crate::{Format, Style, screen};
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
        let ended = |lines: Vec<String>| lines.into_iter().map(|line| line + "\n").collect::<String>();
        if let Some(most) = style.lines {
            return ended(screen::lines(tables, style, most)).into_bytes();
        }
        let pages: Vec<String> = tables.iter().map(|table| ended(screen::whole(table, style))).collect();
        pages.join("\n\n").into_bytes()
    }
}

#[derive(Clone, Copy)]
pub enum Ink {
    Plain,
    Bold,
    Dim,
    Yellow,
}

pub fn paint(text: &str, ink: Ink, style: Style) -> String {
    let code = match ink {
        _ if !style.colour || text.is_empty() => return text.to_owned(),
        Ink::Plain => return text.to_owned(),
        Ink::Bold => 1,
        Ink::Dim => 2,
        Ink::Yellow => 33,
    };
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}

/// A text in lines, none wider than the screen.
pub fn paragraph(text: &str, indent: usize, ink: Ink, style: Style) -> Vec<String> {
    let lines = wrap(text, style.width - indent, HANG);
    lines.iter().map(|line| " ".repeat(indent) + &paint(line, ink, style)).collect()
}

/// The headings of a block and the rule below them.
pub fn grid_head(columns: &[Printed], block: &Block, style: Style) -> Vec<String> {
    if block.is_empty() {
        return vec![];
    }
    let mut lines = heading(columns, block);
    let across: usize = block.iter().map(|(_, width)| width + GAP).sum();
    lines.push(paint(&"─".repeat(across.saturating_sub(GAP)), Ink::Dim, style));
    lines
}

/// Headings stand on the rule: a short one has its empty lines above.
fn heading(columns: &[Printed], block: &Block) -> Vec<String> {
    let wrapped = |(at, width): &(usize, usize)| wrap(&columns[*at].heading, *width, 0);
    let mut cells: Vec<Vec<String>> = block.iter().map(wrapped).collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    for cell in &mut cells {
        let above = vec![String::new(); height - cell.len()];
        cell.splice(0..0, above);
    }
    let inks = vec![Ink::Plain; block.len()];
    set(&cells, columns, block, &inks, Style { colour: false, ..Style::default() })
}

/// The lines of a row.
pub fn row_lines(columns: &[Printed], block: &Block, row: usize, style: Style) -> Vec<String> {
    let wrapped = |(at, width): &(usize, usize)| {
        let text = &columns[*at].cells[row].text;
        if columns[*at].numeric { vec![text.clone()] } else { wrap(text, *width, HANG) }
    };
    let cells: Vec<Vec<String>> = block.iter().map(wrapped).collect();
    let ink = |at: usize| if columns[at].cells[row].unknown { Ink::Yellow } else { Ink::Plain };
    let inks: Vec<Ink> = block.iter().map(|(at, _)| ink(*at)).collect();
    set(&cells, columns, block, &inks, style)
}

/// Cells of one or more lines side by side, numbers to the right and words to the left of their column.
fn set(cells: &[Vec<String>], columns: &[Printed], block: &Block, inks: &[Ink], style: Style) -> Vec<String> {
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    let line = |at: usize| {
        let mut line = String::new();
        for (place, (column, most)) in block.iter().enumerate() {
            let text = cells[place].get(at).map_or("", String::as_str);
            let fill = " ".repeat(most.saturating_sub(width(text)));
            let text = paint(text, inks[place], style);
            line += &if columns[*column].numeric { fill + &text } else { text + &fill };
            line += &" ".repeat(GAP);
        }
        line.trim_end().to_owned()
    };
    (0..height).map(line).collect()
}
