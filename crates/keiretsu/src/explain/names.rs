//! Names of numbers: `measure(row, ..., column)` to one cell of one table, and every cell to its name.
//!
//! A row is named by its leading columns of words (those before the first column with a number), in their
//! order; what is not needed to tell rows apart may be left out. A party may be called by its name in the
//! model or by its title. Where a measure has a reading in its rows and none is named, expected is taken. A
//! measure may also be called by one of its columns: `moic(stake)` is `returns(stake, moic)`.

mod fit;
mod row;

use std::collections::{BTreeMap, BTreeSet};

use keiretsu_measures::{MEASURES, Measure, PeriodLength, Query};
use keiretsu_model::suggest;
use keiretsu_program::Reading;
use keiretsu_values::{Cell, ColumnSpec, Table, TableSpec, Unit, Value};

pub(crate) use row::Address;
pub(crate) use row::keys_of;

use self::fit::{Fit, fits, narrowed};
use self::row::Namer;
use crate::AskError;
use crate::request::Request;
use crate::runner::Runner;

/// The names of all numbers.
pub const NUMBERS: TableSpec = TableSpec::new(
    "numbers",
    "numbers",
    "Numbers that can be explained",
    &[&[
        ColumnSpec::text("name", "the address of the number: measure, row and column"),
        ColumnSpec::unit(),
        ColumnSpec::measured("value", "the number"),
    ]],
)
.of_each("number");

/// A number and its address.
#[derive(Clone)]
pub struct Number {
    /// The measure that has it.
    pub measure: &'static dyn Measure,
    /// The question that makes its table.
    pub query: Query,
    /// The table without its other rows.
    pub table: Table,
    /// The keys of its row: the names of things, and words.
    pub keys: Vec<String>,
    /// Which of several rows with the same keys.
    pub ordinal: usize,
    /// Position of its row.
    pub row: usize,
    /// Position of its column.
    pub column: usize,
    /// Its whole name.
    pub name: String,
    /// The value.
    pub value: Value,
    /// In which unit.
    pub unit: Unit,
    /// Whether its row is a total over the others.
    pub is_total: bool,
    /// Other names that fit as well, where one had to be taken.
    pub passed_over: Vec<String>,
    /// All that the rows of its measure name.
    pub beside: BTreeSet<String>,
}

/// All names of the numbers of a measure (of all, without one), with their values.
///
/// # Errors
/// If the model cannot be run.
pub fn listed(
    runner: &Runner<'_>,
    request: &Request,
    measure: Option<&'static dyn Measure>,
) -> Result<Table, AskError> {
    let mut list = runner.subject().table(&NUMBERS);
    for measure in measure.map_or_else(explained, |one| vec![one]) {
        can_be(measure)?;
        let tables = runner.measures(&[measure], request)?.concat();
        for (table, namer) in tables.iter().zip(Namer::all(measure.name(), &tables)) {
            for (row, cells) in table.rows.iter().enumerate() {
                for (column, cell) in cells.iter().enumerate().skip(namer.keys) {
                    let Some(value) = cell.value() else { continue };
                    let unit = table.unit(row, column).map_or(Cell::Empty, Cell::Unit);
                    list.push(vec![Cell::text(namer.name(row, column)), unit, Cell::Value(value.clone())]);
                }
            }
        }
    }
    Ok(list)
}

/// Tables with the totals that a screen shows below their rows.
pub(super) fn with_totals(tables: Vec<Table>) -> Vec<Table> {
    tables.into_iter().map(Table::with_totals).collect()
}

/// The number that an address names.
pub(crate) fn resolve(runner: &Runner<'_>, request: &Request, address: &Address) -> Result<Number, AskError> {
    let measure = keiretsu_measures::by_name(&address.head);
    measure.map_or(Ok(()), can_be)?;
    let measures = measure.map_or_else(explained, |one| vec![one]);
    let column = measure.is_none().then_some(address.head.as_str());
    let mut known = Vec::new();
    for (cut, query) in cuts(&request.query).into_iter().enumerate() {
        // Calendar periods have the columns of the usual cut: a column that is not there is not in them.
        let same_columns = PeriodLength::cuts(query.by);
        if cut > 0 && measure.is_none() && known.is_empty() && same_columns {
            continue;
        }
        let mut found = Vec::new();
        let mut beside: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for measure in &measures {
            let cut_so = request.with(query.clone());
            let tables = runner.measures(&[*measure], &cut_so)?.concat();
            let rows =
                tables.iter().flat_map(|table| (0..table.rows.len()).map(move |row| keys_of(table, row)));
            beside.insert(measure.name(), rows.flatten().collect());
            let tables = if address.is_of_total() { with_totals(tables) } else { tables };
            for (table, namer) in tables.iter().zip(Namer::all(measure.name(), &tables)) {
                found.extend(
                    fits(&namer, table, address, column)
                        .into_iter()
                        .map(|fit| number(*measure, &query, table, &namer, fit)),
                );
                // Names are advised as they are without a cut; by month they are thousands.
                if cut == 0 {
                    known.extend(names(&namer, table, column));
                }
            }
        }
        if !found.is_empty() {
            let number = narrowed(found, address, request.query.reading)?;
            let beside = beside.remove(number.measure.name()).unwrap_or_default();
            return Ok(Number { beside, ..number });
        }
    }
    Err(unknown(address, measure.is_some(), &known))
}

/// All numbers of one column that an address fits: its first word names the first key of a row, the others
/// any later key. Without a reading, expected is meant.
///
/// # Errors
/// If none fits.
pub(crate) fn every(
    runner: &Runner<'_>,
    request: &Request,
    address: &Address,
) -> Result<Vec<Number>, AskError> {
    let one = resolve_first(runner, request, address)?;
    let (measure, query) = (one.measure, one.query.clone());
    let tables = runner.measures(&[measure], &request.with(query.clone()))?.concat();
    let namers = Namer::all(measure.name(), &tables);
    let mut found = Vec::new();
    for (table, namer) in tables.iter().zip(&namers).filter(|(table, _)| table.name == one.table.name) {
        let expected = Reading::Expected.name();
        let read = |fit: &Fit| {
            let reading = table.column("reading").and_then(|at| table.rows[fit.row][at].key());
            fit.reading || reading.is_none_or(|reading| reading == expected)
        };
        let first = address.arguments.first();
        let named = |fit: &Fit| {
            let key = namer.rows[fit.row].first();
            first.zip(key).is_none_or(|(word, key)| key.is_meant_by(word).is_some() || *word == namer.table)
        };
        let fits = fits(namer, table, address, None).into_iter();
        let fits = fits.filter(|fit| fit.column == one.column && read(fit) && named(fit));
        found.extend(fits.map(|fit| number(measure, &query, table, namer, fit).1));
    }
    if found.is_empty() { Err(unknown(address, true, &[one.name])) } else { Ok(found) }
}

/// The first number that an address fits, whatever else it fits.
fn resolve_first(runner: &Runner<'_>, request: &Request, address: &Address) -> Result<Number, AskError> {
    let Some(measure) = keiretsu_measures::by_name(&address.head) else {
        return Err(unknown(address, false, &[]));
    };
    can_be(measure)?;
    let mut known = Vec::new();
    for query in cuts(&request.query) {
        let tables = runner.measures(&[measure], &request.with(query.clone()))?.concat();
        for (table, namer) in tables.iter().zip(Namer::all(measure.name(), &tables)) {
            if let Some(fit) = fits(&namer, table, address, None).into_iter().next() {
                return Ok(number(measure, &query, table, &namer, fit).1);
            }
            known.extend(names(&namer, table, None));
        }
    }
    Err(unknown(address, true, &known))
}

/// The measures whose numbers can be explained.
pub(super) fn explained() -> Vec<&'static dyn Measure> {
    MEASURES.iter().copied().filter(|measure| measure.is_explained()).collect()
}

fn can_be(measure: &'static dyn Measure) -> Result<(), AskError> {
    if measure.is_explained() {
        return Ok(());
    }
    let what = format!("the numbers of `{}` explain other numbers themselves", measure.name());
    Err(AskError::invalid(what, "explain the number that they speak of".to_owned()))
}

/// The lengths of period in which a number is searched; only the requested one, if there is one.
fn cuts(query: &Query) -> Vec<Query> {
    let with = |by| Query { by, ..query.clone() };
    if query.by.is_some() {
        return vec![query.clone()];
    }
    let all = [PeriodLength::Year, PeriodLength::Total, PeriodLength::Quarter, PeriodLength::Month];
    [None].into_iter().chain(all.map(Some)).map(with).collect()
}

fn number(
    measure: &'static dyn Measure,
    query: &Query,
    table: &Table,
    namer: &Namer<'_>,
    fit: Fit,
) -> (Fit, Number) {
    let keys = keys_of(table, fit.row);
    let same = |row: &usize| keys_of(table, *row) == keys;
    let number = Number {
        measure,
        query: query.clone(),
        ordinal: (0..fit.row).filter(same).count(),
        keys,
        row: fit.row,
        column: fit.column,
        name: namer.name(fit.row, fit.column),
        value: table.rows[fit.row][fit.column]
            .value()
            .cloned()
            .unwrap_or_else(|| Value::unknown("no number")),
        unit: table.unit(fit.row, fit.column).unwrap_or(Unit::Number { digits: 2 }),
        is_total: table.is_total(&table.rows[fit.row]),
        table: table.clone(),
        passed_over: vec![],
        beside: BTreeSet::new(),
    };
    (fit, number)
}

/// The names of a table's numbers, only those of a column if one is named.
fn names(namer: &Namer<'_>, table: &Table, column: Option<&str>) -> Vec<String> {
    let mut names = Vec::new();
    for (row, cells) in table.rows.iter().enumerate() {
        for (at, cell) in cells.iter().enumerate().skip(namer.keys) {
            let wanted = column.is_none_or(|column| table.columns[at].key == column);
            if wanted && cell.value().is_some() {
                names.push(namer.name(row, at));
            }
        }
    }
    names
}

fn unknown(address: &Address, is_measure: bool, known: &[String]) -> AskError {
    let what = format!("there is no number `{address}`");
    if !is_measure && known.is_empty() {
        let heads = MEASURES.iter().map(|measure| measure.name());
        let hint =
            format!("{}; `keiretsu explain MODEL --list` lists all", suggest::advice(&address.head, heads));
        return AskError::invalid(what, hint);
    }
    let known: BTreeSet<&str> = known.iter().map(String::as_str).collect();
    let near = suggest::closest(&address.to_string(), known, 5);
    let hint = match near.as_slice() {
        [] => "the measure has no numbers here".to_owned(),
        near => format!("the nearest: {}", near.join(", ")),
    };
    AskError::invalid(what, hint)
}
