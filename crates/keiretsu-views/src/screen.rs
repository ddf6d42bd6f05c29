//! Tables to one screen: what matters of each, and the names and counts of the rest.
//!
//! A table opens with its title, its place in time and its findings; its rows follow, the largest first.
//! Lines go to the first table before the next, to rows before lists of what is left out and assumed.
//! Whatever has no room is counted or named, with the option that shows it.
//!
//! Invariants: no line is wider than the screen, no more lines than it has; nothing is left out unsaid.

mod rows;

use keiretsu_values::Table;

use crate::layout::{HANG, fitted, unbounded};
use crate::sheet::Sheet;
use crate::text::{Ink, grid_head, paint, paragraph, row_lines};
use crate::{Style, machine, people};
use rows::{Rows, counted, main_columns, plural};

/// Rows of the first table that later tables make room for, and rows that a later table needs to be shown.
const FIRST_LEAST: usize = 8;
const LATER_LEAST: usize = 3;
/// The part of the screen that notes may take before all but the first rows.
const NOTES_PART: usize = 3;
/// Columns without room are given by name up to this many.
const NAMED: usize = 5;

/// The lines of tables on one screen.
pub fn lines(tables: &[Table], style: Style, most: usize) -> Vec<String> {
    let parts: Vec<Part> = tables.iter().map(|table| Part::new(table, style, Some(most))).collect();
    if style.top.is_some() {
        let allowed = parts.iter().map(every_row).collect();
        return Page { parts: &parts, allowed, terse: false, style }.lines();
    }
    let least = parts.iter().enumerate().map(|(at, part)| least(at, part, most)).collect();
    let mut page = Page { parts: &parts, allowed: least, terse: false, style };
    while page.allowed.len() > 1 && !page.fits(most) {
        page.allowed.pop();
    }
    while !page.fits(most) && page.shorten() {}
    for take in [Allowed::more_rows, Allowed::more_notes, Allowed::more_left_out, Allowed::more_assumed] {
        for at in 0..page.allowed.len() {
            page.grow(at, take, most);
        }
    }
    page.lines()
}

/// The lines of a table with every row, each list whole.
pub fn whole(table: &Table, style: Style) -> Vec<String> {
    let part = Part::new(table, style, None);
    let allowed = Allowed { groups: part.groups.len(), notes: true, left_out: true, assumed: true };
    part.lines(&allowed, style)
}

/// What has to be shown of a part for it to be worth its place.
fn least(at: usize, part: &Part, most: usize) -> Allowed {
    let groups = if at == 0 { FIRST_LEAST } else { LATER_LEAST };
    let notes = part.notes.iter().map(Vec::len).sum::<usize>() <= most / NOTES_PART;
    Allowed { groups: groups.min(part.groups.len()), notes, left_out: false, assumed: false }
}

/// As many rows as were asked for; who asks for rows has not asked for lists.
fn every_row(part: &Part) -> Allowed {
    Allowed { groups: part.groups.len(), notes: true, left_out: false, assumed: false }
}

/// Parts of which the first are shown, each as far as it is allowed.
struct Page<'a> {
    parts: &'a [Part],
    allowed: Vec<Allowed>,
    /// Whether tables without room are named without their titles.
    terse: bool,
    style: Style,
}

impl Page<'_> {
    fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (part, allowed) in self.parts.iter().zip(&self.allowed) {
            if !lines.is_empty() {
                lines.push(String::new());
            }
            lines.extend(part.lines(allowed, self.style));
        }
        let others = self.parts[self.allowed.len()..].iter();
        let others: Vec<String> = others.map(|part| part.called(self.terse)).collect();
        if !others.is_empty() {
            let also = format!("further tables (--all, or --table NAME): {}", others.join("; "));
            lines.push(String::new());
            lines.extend(paragraph(&also, 0, Ink::Dim, self.style));
        }
        lines
    }

    fn fits(&self, most: usize) -> bool {
        self.lines().len() <= most
    }

    /// Takes something away: titles of tables that are not shown, then of the last part that has anything to
    /// give.
    fn shorten(&mut self) -> bool {
        if !std::mem::replace(&mut self.terse, true) {
            return true;
        }
        for allowed in self.allowed.iter_mut().rev() {
            if std::mem::replace(&mut allowed.notes, false) {
                return true;
            }
            if allowed.groups > 0 {
                allowed.groups -= 1;
                return true;
            }
        }
        false
    }

    /// Allows a part as much more as there is room for.
    fn grow(&mut self, at: usize, take: fn(&mut Allowed, &Part) -> bool, most: usize) {
        loop {
            let before = self.allowed[at];
            if !take(&mut self.allowed[at], &self.parts[at]) {
                return;
            }
            if self.fits(most) {
                continue;
            }
            // With the last rows goes the line that counts them.
            while take(&mut self.allowed[at], &self.parts[at]) {}
            if !self.fits(most) {
                self.allowed[at] = before;
            }
            return;
        }
    }
}

/// What of a part is shown.
#[derive(Clone, Copy, Debug)]
struct Allowed {
    groups: usize,
    notes: bool,
    left_out: bool,
    assumed: bool,
}

impl Allowed {
    fn more_notes(&mut self, _: &Part) -> bool {
        !std::mem::replace(&mut self.notes, true)
    }

    fn more_rows(&mut self, part: &Part) -> bool {
        let more = self.groups < part.groups.len();
        self.groups += usize::from(more);
        more
    }

    fn more_left_out(&mut self, _: &Part) -> bool {
        !std::mem::replace(&mut self.left_out, true)
    }

    fn more_assumed(&mut self, _: &Part) -> bool {
        !std::mem::replace(&mut self.assumed, true)
    }
}

/// A table in lines, before it is known how many of them have room.
struct Part {
    noun: &'static str,
    name: &'static str,
    title: String,
    head: Vec<String>,
    /// The headings and the rule.
    grid: Vec<String>,
    /// The lines of the rows of each thing, of as many as may have room.
    groups: Vec<Vec<String>>,
    /// How many things there are.
    count: usize,
    filled_by: &'static str,
    totals: Vec<String>,
    /// The lines of each entry.
    notes: Vec<Vec<String>>,
    left_out: Vec<Vec<String>>,
    assumed: Vec<Vec<String>>,
    /// What of the rows is counted instead of shown.
    folded: Vec<String>,
    /// The headings of columns that its layout has no place for.
    aside: Vec<String>,
    /// The headings of columns without room.
    hidden: Vec<String>,
}

impl Part {
    /// A table laid out for at most so many lines of rows, or whole.
    fn new(table: &Table, style: Style, most: Option<usize>) -> Self {
        let whole = Sheet::of(table);
        let (all, aside) = match most {
            Some(most) => on_screen(table, style, most),
            None => (rows::all(&machine::settled(&people::laid_out(table))), vec![]),
        };
        let count = all.groups.len();
        let Rows { table: mut shown, groups, totals, folded } = match (style.top, most) {
            (Some(top), _) => all.first(top),
            (None, Some(most)) => all.of_rows(most),
            (None, None) => all,
        };
        // In another order rows do not stand together by their heads.
        let heads = if table.sorted_by.is_none() { people::take_heads(&mut shown) } else { vec![] };
        let under = if heads.is_empty() { 0 } else { HANG };
        let sheet = Sheet::seen(&shown);
        let (block, gone) = if style.wide {
            (unbounded(&sheet.columns), vec![])
        } else {
            fitted(&sheet.columns, main_column(&shown), style.width - under)
        };
        let indented = |lines: Vec<String>| lines.into_iter().map(move |line| " ".repeat(under) + &line);
        let mut row = 0;
        let mut next = |count: usize| -> Vec<String> {
            row += count;
            let mut lines = Vec::new();
            for row in row - count..row {
                let is_new = |head: &&String| row == 0 || heads[row - 1] != **head;
                lines.extend(heads.get(row).filter(is_new).map(|head| paint(head, Ink::Bold, style)));
                lines.extend(indented(row_lines(&sheet.columns, &block, row, style)));
            }
            lines
        };
        let groups: Vec<Vec<String>> = groups.into_iter().map(&mut next).collect();
        let totals = next(totals);
        let entries = |list: &[String], indent: usize| -> Vec<Vec<String>> {
            list.iter().map(|entry| paragraph(entry, indent, Ink::Dim, style)).collect()
        };
        Self {
            noun: table.screen.noun,
            filled_by: table.screen.filled_by,
            name: table.name,
            head: head(&sheet, style),
            grid: grid_over(under, grid_head(&sheet.columns, &block, style), style),
            groups,
            count,
            totals,
            notes: entries(&whole.notes, 0),
            left_out: entries(&whole.left_out, HANG),
            assumed: entries(&whole.assumptions, HANG),
            folded,
            hidden: gone.iter().map(|at| sheet.columns[*at].heading.clone()).collect(),
            aside,
            title: sheet.title,
        }
    }

    fn lines(&self, allowed: &Allowed, style: Style) -> Vec<String> {
        let mut lines = self.head.clone();
        lines.push(String::new());
        let is_empty = self.count == 0 && self.totals.is_empty();
        lines.extend(self.grid.iter().filter(|_| !is_empty).cloned());
        lines.extend(self.groups[..allowed.groups].iter().flatten().cloned());
        lines.extend(self.totals.iter().cloned());
        if is_empty {
            let filled = match self.filled_by {
                "" => "no rows".to_owned(),
                statements => format!("no rows; what would fill it: {statements}"),
            };
            lines.extend(paragraph(&filled, 0, Ink::Dim, style));
        }
        let rest = self.rest(allowed);
        if !rest.is_empty() {
            lines.extend(paragraph(&format!("not shown: {rest}"), 0, Ink::Dim, style));
        }
        let mut list = |heading: &str, entries: &[Vec<String>], is_allowed: bool| {
            if is_allowed && !entries.is_empty() {
                lines.push(String::new());
                lines.extend((!heading.is_empty()).then(|| paint(heading, Ink::Dim, style)));
                lines.extend(entries.iter().flatten().cloned());
            }
        };
        list("", &self.notes, allowed.notes);
        list("left out:", &self.left_out, allowed.left_out);
        list("assumptions:", &self.assumed, allowed.assumed);
        lines
    }

    /// What has no room, and the option that shows it.
    fn rest(&self, allowed: &Allowed) -> String {
        let more = self.count - allowed.groups;
        let mut rows: Vec<String> = Vec::new();
        rows.extend((more > 0).then(|| format!("{more} more {}", plural(more, self.noun))));
        rows.extend(self.folded.iter().cloned());
        let mut count = |entries: &[Vec<String>], is_allowed: bool, word: &str| {
            let many = entries.len();
            rows.extend((!is_allowed && many > 0).then(|| format!("{many} {}", plural(many, word))));
        };
        count(&self.notes, allowed.notes, "note");
        count(&self.left_out, allowed.left_out, "line on what is left out");
        count(&self.assumed, allowed.assumed, "assumption");
        rows.extend((!self.aside.is_empty()).then(|| named(&self.aside)));
        let mut said = Vec::new();
        said.extend((!rows.is_empty()).then(|| format!("{} (--all)", rows.join("; "))));
        said.extend((!self.hidden.is_empty()).then(|| format!("{} (--wide)", named(&self.hidden))));
        said.join("; ")
    }

    /// The table by its name and title, or its name alone, where nothing of it is shown.
    fn called(&self, is_terse: bool) -> String {
        let (name, title) = (self.name, &self.title);
        let title = if is_terse { String::new() } else { format!("{title}: ") };
        format!("{name} ({title}{})", counted(self.count, self.noun))
    }
}

/// Headings over rows that stand so far in under heads, which the rule is over too.
fn grid_over(under: usize, mut lines: Vec<String>, style: Style) -> Vec<String> {
    let rule = lines.pop();
    let mut grid: Vec<String> = lines.into_iter().map(|line| " ".repeat(under) + &line).collect();
    grid.extend(rule.map(|rule| paint(&"─".repeat(under), Ink::Dim, style) + &rule));
    grid
}

/// The rows of a screen: at a glance where the table has no room as it stands; and the headings of what its
/// layout has no place for.
fn on_screen(table: &Table, style: Style, most: usize) -> (Rows, Vec<String>) {
    if table.screen.pivot.is_some() {
        let rows = rows::telling(&machine::settled(&people::laid_out(table)));
        let fits = || {
            let columns = Sheet::seen(&rows.table).columns;
            let (_, gone) = fitted(&columns, main_column(&rows.table), style.width);
            style.wide || gone.iter().all(|at| columns[*at].idle)
        };
        if rows.table.rows.len() <= most / 2 && fits() {
            return (rows, vec![]);
        }
    }
    let (seen, aside) = people::on_screen(table);
    (rows::telling(&machine::settled(&seen)), aside)
}

/// Title, place in time, and what the table says first.
fn head(sheet: &Sheet, style: Style) -> Vec<String> {
    let mut lines = paragraph(&sheet.title, 0, Ink::Bold, style);
    if !sheet.subtitle.is_empty() {
        lines.extend(paragraph(&sheet.subtitle, 0, Ink::Dim, style));
    }
    if !sheet.findings.is_empty() {
        lines.push(String::new());
        lines.extend(sheet.findings.iter().flat_map(|finding| paragraph(finding, 0, Ink::Plain, style)));
    }
    lines
}

/// The position among the columns that people see of the one main column.
fn main_column(table: &Table) -> Option<usize> {
    let [main] = main_columns(table)[..] else { return None };
    people::shown(table).position(|at| at == main)
}

/// The first few names of several, in their order, and the count of the others.
fn named(headings: &[String]) -> String {
    match headings.len() {
        count if count <= NAMED + 1 => headings.join(", "),
        count => format!("{} and {} more columns", headings[..NAMED].join(", "), count - NAMED),
    }
}
