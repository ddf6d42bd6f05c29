//! Rows of a table to those that a screen shows first: readings that say the same as one row, the largest
//! first, totals at the end, rows of nothing counted.

use std::collections::BTreeMap;

use keiretsu_values::{Cell, ColumnKind, Table, Value};

use crate::machine;
use crate::sheet::cell_words;

/// How many groups of nothing are worth a line that counts them.
const FOLDED_LEAST: usize = 2;

/// Rows in the order in which they are shown.
#[derive(Clone, Debug)]
pub struct Rows {
    /// The table with these rows.
    pub table: Table,
    /// How many rows each group has: one thing in its readings.
    pub groups: Vec<usize>,
    /// How many rows behind those of the groups are totals.
    pub totals: usize,
    /// What is counted instead of shown.
    pub folded: Vec<String>,
}

type Row = Vec<Cell>;

impl Rows {
    /// The first groups that have as many rows or a few more, and the totals.
    pub fn of_rows(self, most: usize) -> Self {
        let mut rows = 0;
        let enough = self.groups.iter().position(|group| {
            let is_enough = most <= rows;
            rows += group;
            is_enough
        });
        let groups = enough.unwrap_or(self.groups.len());
        self.first(groups)
    }

    /// The first so many groups, and the totals.
    pub fn first(mut self, groups: usize) -> Self {
        if groups < self.groups.len() {
            let kept: usize = self.groups[..groups].iter().sum();
            let totals = self.table.rows.len() - self.totals;
            self.table.rows.drain(kept..totals);
            self.groups.truncate(groups);
        }
        self
    }
}

/// All rows, sorted, with totals and with readings that say the same as one.
pub fn all(table: &Table) -> Rows {
    let (groups, totals) = parts(table);
    let merged = by_size(table, groups).iter().map(|rows| merged(table, rows)).collect();
    settled(table, merged, merged_totals(table, totals), vec![])
}

/// The rows that say something, sorted, with totals and with readings that say the same as one.
pub fn telling(table: &Table) -> Rows {
    let (groups, totals) = parts(table);
    let groups = by_size(table, groups);
    let (telling, folded) = if table.screen.folds { folded(table, groups) } else { (groups, vec![]) };
    let merged = telling.iter().map(|rows| merged(table, rows)).collect();
    settled(table, merged, merged_totals(table, totals), folded)
}

fn settled(table: &Table, groups: Vec<Vec<Row>>, totals: Vec<Row>, folded: Vec<String>) -> Rows {
    let sizes = groups.iter().map(Vec::len).collect();
    let count = totals.len();
    let rows = groups.into_iter().flatten().chain(totals).collect();
    Rows { table: Table { rows, ..table.clone() }, groups: sizes, totals: count, folded }
}

/// The rows of each thing, and the totals.
fn parts(table: &Table) -> (Vec<Vec<Row>>, Vec<Row>) {
    let keys = key_columns(table);
    let has_versions = !table.versions().is_empty();
    let mut met: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    let (mut groups, mut totals): (Vec<Vec<Row>>, Vec<Row>) = (vec![], vec![]);
    for cells in &table.rows {
        if table.is_total(cells) {
            totals.push(cells.clone());
            continue;
        }
        let name: Vec<String> = keys.iter().map(|at| cells[*at].key().unwrap_or_default()).collect();
        // Without versions, rows of one name are several things of that name.
        let group = match met.get(&name).filter(|_| has_versions) {
            Some(group) => *group,
            None => groups.len(),
        };
        if group == groups.len() {
            met.insert(name, group);
            groups.push(vec![]);
        }
        groups[group].push(cells.clone());
    }
    totals.extend(table.totals());
    (groups, totals)
}

/// The columns that name things, whatever the version. In a table that runs in time a thing is all its times.
fn key_columns(table: &Table) -> Vec<usize> {
    let versions = table.versions();
    let runs = main_columns(table).is_empty();
    let is_time = |at: &usize| runs && table.columns[*at].kind == ColumnKind::Period;
    (0..table.keys()).filter(|at| !versions.contains(at) && !is_time(at)).collect()
}

fn numbers(table: &Table) -> impl Iterator<Item = usize> {
    (0..table.columns.len()).filter(|at| table.columns[*at].kind.is_numbers())
}

/// Groups by the size of the main column, the largest first, those without one last.
fn by_size(table: &Table, mut groups: Vec<Vec<Row>>) -> Vec<Vec<Row>> {
    let mains: Vec<usize> = main_columns(table);
    let size = |rows: &Vec<Row>| {
        let values = rows.iter().flat_map(|row| mains.iter().map(|at| &row[*at]));
        values.filter_map(|cell| machine::amount(cell.value()?)).map(f64::abs).fold(-1.0, f64::max)
    };
    if !mains.is_empty() {
        groups.sort_by(|one, other| size(other).total_cmp(&size(one)));
    }
    groups
}

/// The main column; in a table laid out side by side, all that stand there.
pub fn main_columns(table: &Table) -> Vec<usize> {
    let screen = table.screen;
    let is_spread = screen.pivot.is_some_and(|pivot| table.column(pivot.cell).is_none());
    let main = table.sorted_by.as_deref().or(screen.main);
    match main.map(|main| table.column(main)) {
        Some(Some(main)) => vec![main],
        Some(None) => numbers(table).collect(),
        None if is_spread => numbers(table).collect(),
        None => vec![],
    }
}

/// The groups in which something is known and not zero, and the count of the others.
fn folded(table: &Table, groups: Vec<Vec<Row>>) -> (Vec<Vec<Row>>, Vec<String>) {
    let (telling, idle): (Vec<_>, Vec<_>) = groups.iter().cloned().partition(|rows| {
        let values = || rows.iter().flat_map(|row| numbers(table).filter_map(|at| row[at].value()));
        // Who asks for the largest of a column asks for nothing that has none.
        (values().next().is_none() && table.sorted_by.is_none())
            || values().any(|value| machine::amount(value).is_some() && !value.is_zero())
    });
    if telling.is_empty() || idle.len() < FOLDED_LEAST {
        return (groups, vec![]);
    }
    let mut counts: Vec<(&str, usize)> = vec![];
    for rows in &idle {
        let why = why_idle(table, rows);
        match counts.iter_mut().find(|(word, _)| *word == why) {
            Some((_, count)) => *count += 1,
            None => counts.push((why, 1)),
        }
    }
    let noun = table.screen.noun;
    let told = counts.into_iter().map(|(why, count)| format!("{}: {why}", counted(count, noun)));
    (telling, told.collect())
}

fn why_idle(table: &Table, rows: &[Row]) -> &'static str {
    let values = rows.iter().flat_map(|row| numbers(table).filter_map(|at| row[at].value()));
    let reasons: Vec<&str> = values.filter_map(Value::reason).collect();
    let is_undisclosed = |reason: &&str| reason.contains("undisclosed");
    let has_values = rows.iter().any(|row| numbers(table).any(|at| row[at].value().is_some()));
    match reasons.as_slice() {
        [] if !has_values => "nothing stated",
        [] => "zero",
        reasons if reasons.iter().all(is_undisclosed) => "nothing disclosed",
        _ => "no amount known",
    }
}

/// `1 pair`, `2 pairs`.
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {}", plural(count, noun))
}

/// `pair` of one, `pairs` and `parties` of more. Of several words the first counts.
pub fn plural(count: usize, noun: &str) -> String {
    let (first, rest) = noun.split_at(noun.find(' ').unwrap_or(noun.len()));
    match (count, first.strip_suffix('y')) {
        (1, _) => noun.to_owned(),
        (_, Some(stem)) => format!("{stem}ies{rest}"),
        (_, None) => format!("{first}s{rest}"),
    }
}

/// A version of some rows, and the first rows of those that say the same.
struct Version<'a> {
    rows: Vec<&'a Row>,
    words: Vec<Vec<String>>,
    same: Vec<&'a Row>,
}

/// Versions that say the same as one; a version is one row, or the rows of its times.
fn merged(table: &Table, rows: &[Row]) -> Vec<Row> {
    let versions = table.versions();
    let version = |row: &Row| -> Vec<Cell> { versions.iter().map(|at| row[*at].clone()).collect() };
    let mut blocks: Vec<Vec<&Row>> = vec![];
    for row in rows {
        match blocks.iter_mut().find(|block| version(block[0]) == version(row)) {
            Some(block) => block.push(row),
            None => blocks.push(vec![row]),
        }
    }
    let mut kept: Vec<Version<'_>> = vec![];
    for block in blocks {
        let words: Vec<Vec<String>> = block.iter().map(|row| words(table, row, &versions)).collect();
        match kept.iter_mut().find(|version| version.words == words) {
            Some(version) => version.same.push(block[0]),
            None => kept.push(Version { same: vec![block[0]], rows: block, words }),
        }
    }
    let as_one = |version: Version<'_>| {
        let mut rows: Vec<Row> = version.rows.into_iter().cloned().collect();
        for at in versions.iter().filter(|_| version.same.len() > 1) {
            for row in &mut rows {
                row[*at] = together(table, *at, &version.same);
            }
        }
        rows
    };
    kept.into_iter().flat_map(as_one).collect()
}

/// What several rows have in a column of readings.
fn together(table: &Table, at: usize, rows: &[&Row]) -> Cell {
    let distinct = |rows: &mut dyn Iterator<Item = &Row>| {
        let mut names: Vec<String> = vec![];
        for name in rows.filter_map(|row| row[at].key()) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    };
    let names = distinct(&mut rows.iter().copied());
    let is_all = names.len() > 1 && names.len() == distinct(&mut table.rows.iter()).len();
    Cell::text(if is_all { ALL_READINGS.to_owned() } else { names.join(", ") })
}

/// The reading of a row that says the same in every reading of its table.
const ALL_READINGS: &str = "all readings";

fn merged_totals(table: &Table, totals: Vec<Row>) -> Vec<Row> {
    // A total of a measure may stand for one of several things, each with readings.
    let mut by_name: Vec<Vec<Row>> = vec![];
    let keys = key_columns(table);
    let name =
        |row: &Row| -> Vec<String> { keys.iter().map(|at| row[*at].key().unwrap_or_default()).collect() };
    for row in totals {
        match by_name.iter_mut().find(|rows| name(&rows[0]) == name(&row)) {
            Some(rows) => rows.push(row),
            None => by_name.push(vec![row]),
        }
    }
    by_name.iter().flat_map(|rows| merged(table, rows)).collect()
}

/// What a row says beside its version.
fn words(table: &Table, row: &Row, versions: &[usize]) -> Vec<String> {
    let one = Table { rows: vec![row.clone()], columns: table.columns.clone(), ..Table::default() };
    let columns = (0..table.columns.len()).filter(|at| !versions.contains(at));
    columns.map(|at| cell_words(&one, 0, at)).collect()
}
