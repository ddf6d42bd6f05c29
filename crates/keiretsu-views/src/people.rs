//! A relation to the table that people see: things side by side, words in the place of numbers, no empty
//! columns.
//!
//! Programs get the relation itself, with columns that do not depend on its rows.

use std::collections::BTreeSet;

use keiretsu_values::{Bound, Cell, Column, ColumnKind, EndPair, Pivot, Shown, Table, Unit, Value};

use crate::amount::{high_end, inline, low_end, unmarked};
use crate::machine;

/// The table as people see it. Its cells may be words in columns of numbers, and columns of units stay for
/// the printer of the numbers.
pub fn laid_out(table: &Table) -> Table {
    let mut seen = table.clone();
    stand_in(&mut seen);
    if let Some(pivot) = table.pivot {
        seen = spread(&seen, pivot);
    }
    let is_hidden = |(at, column): &(usize, &Column)| match column.shown {
        Shown::WhenFilled => seen.rows.iter().all(|row| row[*at] == Cell::Empty),
        shown => shown == Shown::WhenAsked && seen.sorted_by.as_ref() != Some(&column.key),
    };
    let hidden: Vec<usize> = seen.columns.iter().enumerate().filter(is_hidden).map(|(at, _)| at).collect();
    remove(&mut seen, &hidden);
    seen
}

/// The table as a screen shows it, and the headings of the columns that it has no room for by its layout.
pub fn on_screen(table: &Table) -> (Table, Vec<String>) {
    let screen = table.screen;
    let pivot = screen.pivot.filter(|pivot| table.column(pivot.across).is_some());
    let Some((pivot, cell)) = pivot.and_then(|pivot| Some((pivot, glance(table, pivot)?))) else {
        let mut seen = laid_out(table);
        let is_sorted = |range: &EndPair| {
            table.sorted_by.as_deref().is_some_and(|key| [range.low, range.high].contains(&key))
        };
        if let Some(interval) = screen.interval.filter(|range| !is_sorted(range)) {
            as_one(&mut seen, interval);
        }
        return (seen, vec![]);
    };
    let mut narrow = table.clone();
    narrow.title = format!("{}: {}", table.title, table.columns[cell].title);
    let beside = |(at, column): &(usize, &Column)| {
        column.kind.is_numbers() && *at != cell && column.key != pivot.across
    };
    let gone: Vec<usize> = table.columns.iter().enumerate().filter(beside).map(|(at, _)| at).collect();
    let names = gone.iter().map(|at| table.columns[*at].title.clone()).collect();
    pivot.cell.clone_into(&mut narrow.columns[cell].key);
    remove(&mut narrow, &gone);
    (laid_out(&Table { pivot: Some(pivot), ..narrow }), names)
}

/// The column that stands side by side on a screen: that by which rows are sorted, where one is asked for;
/// else another than usual, where nothing can be read of the usual one.
fn glance(table: &Table, pivot: Pivot) -> Option<usize> {
    let numbers = |key: &str| table.column(key).filter(|at| table.columns[*at].kind.is_numbers());
    let is_read =
        |at: &usize| machine::cells(table, *at).any(|cell| cell.value().and_then(machine::amount).is_some());
    let sorted = table.sorted_by.as_deref().and_then(numbers);
    let usual = || numbers(pivot.cell).filter(is_read);
    let other = || table.screen.pivot_else.and_then(numbers).filter(is_read);
    sorted.or_else(usual).or_else(other).or_else(|| numbers(pivot.cell))
}

/// Two columns of ends as one of words, in the place of the first.
fn as_one(table: &mut Table, interval: EndPair) {
    let (Some(low), Some(high)) = (table.column(interval.low), table.column(interval.high)) else { return };
    for at in 0..table.rows.len() {
        let words = range(table, at, low, high);
        table.rows[at][low] = words.map_or(Cell::Empty, Cell::Text);
    }
    let column = &mut table.columns[low];
    *column = Column { formula: column.formula, ..Column::text(&column.key).titled(interval.title) };
    remove(table, &[high]);
}

/// What two ends say in words; none where there is no such range.
fn range(table: &Table, row: usize, low: usize, high: usize) -> Option<String> {
    let unit = table.unit(row, low)?;
    let end = |at: usize| table.rows[row][at].value();
    Some(between(end(low)?, end(high)?, unit))
}

/// What the least and the most that is possible say in words: `at most 3.1%`, `$10B to $20B`, or that it
/// cannot be told. None and all of a share say nothing.
pub fn between(least: &Value, most: &Value, unit: Unit) -> String {
    let [bottom, top] = [least.set().low, most.set().high];
    let says = [0.0 < bottom || unit != Unit::Share, top < 1.0 || unit != Unit::Share];
    let [known_low, known_high] = [least, most].map(|value| machine::amount(value).is_some());
    if known_low && known_high && unmarked(&inline(least, unit)) == unmarked(&inline(most, unit)) {
        return inline(if says[0] { least } else { most }, unit);
    }
    let (low, high) = (outward(least, unit, low_end), outward(most, unit, high_end));
    match (known_low && says[0], known_high && says[1]) {
        (false, false) => "cannot be told".to_owned(),
        (false, true) => format!("at most {}", unmarked(&high)),
        (true, false) => format!("at least {}", unmarked(&low)),
        (true, true) => format!("{low} to {}", unmarked(&high)),
    }
}

/// The end of a range: as read with its mark, rounded outward.
fn outward(end: &Value, unit: Unit, rounded: fn(f64, Unit) -> String) -> String {
    match (machine::amount(end), end.bound()) {
        (Some(amount), Some(Bound::Exact)) => rounded(amount, unit),
        _ => inline(end, unit),
    }
}

/// Puts the words of columns that stand in for others into their empty cells.
fn stand_in(table: &mut Table) {
    let mut gone = Vec::new();
    for (from, column) in table.columns.iter().enumerate() {
        let Shown::InsteadOf(key) = column.shown else { continue };
        let Some(into) = table.column(key) else { continue };
        for row in &mut table.rows {
            if row[into] == Cell::Empty {
                row[into] = std::mem::replace(&mut row[from], Cell::Empty);
            }
        }
        gone.push(from);
    }
    remove(table, &gone);
}

/// One row for each set of other columns, and a column for each thing that runs across.
fn spread(table: &Table, pivot: Pivot) -> Table {
    let (Some(across), Some(cell)) = (table.column(pivot.across), table.column(pivot.cell)) else {
        return table.clone();
    };
    let mut things = table.across.clone();
    for row in &table.rows {
        if !things.contains(&row[across]) {
            things.push(row[across].clone());
        }
    }
    let is_kept = |at: &usize| ![across, cell].contains(at) && table.columns[*at].kind != ColumnKind::Unit;
    let kept: Vec<usize> = (0..table.columns.len()).filter(is_kept).collect();
    let mut grid = Grid::new(kept.len(), things.len());
    for (at, row) in table.rows.iter().enumerate() {
        let head: Vec<Cell> = kept.iter().map(|at| row[*at].clone()).collect();
        let thing = things.iter().position(|thing| *thing == row[across]).unwrap_or(0);
        grid.put(head, thing, row[cell].clone(), table.unit(at, cell));
    }
    let mut columns: Vec<Column> = kept.iter().map(|at| table.columns[*at].clone()).collect();
    let keys = keys(&things, &columns);
    // Quantities side by side have a unit each; things side by side have that of their row.
    let of_column = table.columns[across].kind == ColumnKind::Text;
    let kind = table.columns[cell].kind;
    columns.extend(things.iter().enumerate().map(|(at, thing)| Column {
        key: keys[at].clone(),
        title: thing.label().unwrap_or_default(),
        kind: grid.unit_of_column(at).filter(|_| of_column).map_or(kind, ColumnKind::Number),
        ..table.columns[cell].clone()
    }));
    let mut rows = grid.rows;
    if columns.iter().any(|column| column.kind == ColumnKind::Measured) {
        columns.push(Column::new("unit", ColumnKind::Unit));
        for (row, units) in rows.iter_mut().zip(&grid.units) {
            row.push(units.iter().flatten().next().map_or(Cell::Empty, |unit| Cell::Unit(*unit)));
        }
    }
    Table { columns, rows, pivot: None, across: vec![], ..table.clone() }
}

/// The keys of things that run across: their names, and `_` behind those that another column has, or that end
/// like what stands beside another.
fn keys(things: &[Cell], columns: &[Column]) -> Vec<String> {
    let beside =
        |key: &str| ["", "_bound", "_low", "_high", "_state", "_reason"].map(|end| format!("{key}{end}"));
    let mut used: BTreeSet<String> = columns
        .iter()
        .flat_map(|column| std::iter::once(column.key.clone()).chain(crate::schema::beside(column)))
        .collect();
    used.insert("unit".to_owned());
    let mut keys = Vec::new();
    for thing in things {
        let mut key = thing.key().unwrap_or_default().replace(' ', "_");
        while beside(&key).iter().any(|key| used.contains(key)) {
            key.push('_');
        }
        used.extend(beside(&key));
        keys.push(key);
    }
    keys
}

/// Rows of heads and things side by side, with the unit of each number.
struct Grid {
    heads: usize,
    things: usize,
    rows: Vec<Vec<Cell>>,
    units: Vec<Vec<Option<Unit>>>,
}

impl Grid {
    fn new(heads: usize, things: usize) -> Self {
        Self { heads, things, rows: vec![], units: vec![] }
    }

    fn put(&mut self, head: Vec<Cell>, thing: usize, cell: Cell, unit: Option<Unit>) {
        let free = |row: &Vec<Cell>| row[self.heads + thing] == Cell::Empty;
        // Two numbers of one place are two rows: none is lost.
        let at = self.rows.iter().rposition(|row| row[..self.heads] == head[..] && free(row));
        let at = at.unwrap_or_else(|| {
            let mut row = head;
            row.resize(self.heads + self.things, Cell::Empty);
            self.rows.push(row);
            self.units.push(vec![None; self.things]);
            self.rows.len() - 1
        });
        self.units[at][thing] = unit.filter(|_| cell != Cell::Empty);
        self.rows[at][self.heads + thing] = cell;
    }

    /// The one unit of all numbers of a column.
    fn unit_of_column(&self, thing: usize) -> Option<Unit> {
        let mut units = self.units.iter().filter_map(|units| units[thing]);
        let first = units.next()?;
        units.all(|unit| unit == first).then_some(first)
    }
}

fn remove(table: &mut Table, gone: &[usize]) {
    for at in gone.iter().rev() {
        table.columns.remove(*at);
        table.rows.iter_mut().for_each(|row| {
            row.remove(*at);
        });
    }
}

/// Takes the column of heads out of a table: the words that stand over each row.
pub fn take_heads(table: &mut Table) -> Vec<String> {
    let Some(at) = table.screen.heads.and_then(|key| table.column(key)) else { return vec![] };
    let heads = table.rows.iter().map(|row| row[at].label().unwrap_or_default()).collect();
    remove(table, &[at]);
    heads
}

/// The columns that people see: all but those of units, which stand with the numbers.
pub fn shown(table: &Table) -> impl Iterator<Item = usize> {
    (0..table.columns.len()).filter(|at| table.columns[*at].kind != ColumnKind::Unit)
}
