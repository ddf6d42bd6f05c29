//! A statement to the numbers that it moves, the largest movement first: an explanation the other way round.
//!
//! Invariants: the step is the one that `explain` tries with such a statement, and each number is that of the
//! measure's own table in both worlds. Absent: numbers of measures that explain
//! others, or that set scenarios beside the base.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use keiretsu_measures::Measure;
use keiretsu_model::edit::{Statement, edited, statements};
use keiretsu_model::suggest;
use keiretsu_program::Reading;
use keiretsu_values::{Cell, ColumnSpec, Finding, Table, TableSpec, Unit, Value};

use super::names::{explained, keys_of};
use super::rests::{ROUNDS, trial};
use crate::AskError;
use crate::request::Request;
use crate::runner::Runner;
use crate::session::lowered;

/// The numbers that a statement moves.
pub const FROM: TableSpec = TableSpec::new(
    "explain_from",
    "from",
    "What a statement moves, the most first",
    &[&[
        ColumnSpec::text("number", "the address of the number: measure, row and column"),
        ColumnSpec::unit(),
        ColumnSpec::measured("is", "the number as it is"),
        ColumnSpec::measured("becomes", "the number with the difference"),
        ColumnSpec::text("becomes_words", "its state where there is no number").instead_of("becomes"),
        ColumnSpec::share("moves_by", "the movement as a part of the number").by("({becomes} - {is}) / {is}"),
    ]],
)
.of_each("number");

/// Movements below this part of a number are rounding.
const STILL: f64 = 1e-9;
/// Names of statements that are near a misspelt one.
const NEAR: usize = 5;

/// Numbers by their addresses, each with its unit.
type Numbers = BTreeMap<String, (Value, Unit)>;

/// The table of what a statement moves.
///
/// # Errors
/// If the model has no such statement (the hint has the nearest), or cannot be run.
pub(crate) fn from(runner: &Runner<'_>, request: &Request, path: &str) -> Result<Table, AskError> {
    let all = statements(runner.model);
    let statement = all.iter().find(|statement| statement.path == path).ok_or_else(|| unknown(path, &all))?;
    // In one reading a number is said once.
    let reading = request.query.reading.or(Some(Reading::Expected));
    let request = &request.with(keiretsu_measures::Query { reading, ..request.query.clone() });
    let is = numbers(runner, request)?;
    let mut table = runner.subject().table(&FROM);
    table.title = format!("What {} = {} moves, the most first", statement.path, statement.words);
    for round in 0..ROUNDS {
        let Some((change, when)) = trial(statement, round) else { break };
        let Some(becomes) = changed(runner, request, statement, change)? else { continue };
        let moved = moved(&is, &becomes);
        if !moved.is_empty() {
            fill(&mut table, moved, when);
            return Ok(table);
        }
    }
    table.findings = vec![Finding::text("No number moves, whatever is tried with the statement.")];
    Ok(table)
}

fn unknown(path: &str, all: &[Statement<'_>]) -> AskError {
    let near = suggest::closest(path, all.iter().map(|statement| statement.path.as_str()), NEAR);
    let hint = match near.as_slice() {
        [] => "`keiretsu show MODEL figures` lists them".to_owned(),
        near => format!("the nearest: {}", near.join(", ")),
    };
    AskError::invalid(format!("the model has no statement `{path}`"), hint)
}

/// Every number that can be explained, by its address.
fn numbers(runner: &Runner<'_>, request: &Request) -> Result<Numbers, AskError> {
    // Measures that set scenarios beside the base say again what others say of each world.
    let is_asked = |measure: &&dyn Measure| !measure.is_of_watched() && !measure.wants_scenarios();
    let measures: Vec<&dyn Measure> =
        explained().into_iter().map(|measure| measure as &dyn Measure).filter(is_asked).collect();
    let mut numbers = Numbers::new();
    for table in runner.measures(&measures, request)?.iter().flatten() {
        let mut met: BTreeMap<Vec<String>, usize> = BTreeMap::new();
        for (row, cells) in table.rows.iter().enumerate() {
            let keys = keys_of(table, row);
            let ordinal = met.entry(keys.clone()).or_default();
            *ordinal += 1;
            for (column, cell) in cells.iter().enumerate() {
                let Some(value) = cell.value() else { continue };
                let unit = table.unit(row, column).unwrap_or(Unit::Number { digits: 2 });
                numbers.insert(name(table, &keys, column, *ordinal), (value.clone(), unit));
            }
        }
    }
    Ok(numbers)
}

/// The address of a number, as `explain` reads it.
fn name(table: &Table, keys: &[String], column: usize, ordinal: usize) -> String {
    let keys = keys.iter().map(String::as_str).filter(|key| !key.is_empty());
    let mut words: Vec<&str> = [table.name].into_iter().chain(keys).collect();
    words.push(&table.columns[column].key);
    let ordinal = (1 < ordinal).then(|| format!("#{ordinal}"));
    words.extend(ordinal.as_deref());
    format!("{}({})", table.measure, words.join(", "))
}

/// The numbers where the statement is different; none where that makes no model.
fn changed(
    runner: &Runner<'_>,
    request: &Request,
    statement: &Statement<'_>,
    change: keiretsu_model::edit::Change,
) -> Result<Option<Numbers>, AskError> {
    let model = edited(runner.model, &[(statement.place, change)]);
    let Ok((lowered, _, repaired)) = lowered(&model, &[]) else { return Ok(None) };
    let threads = NonZeroUsize::MIN;
    let world = Runner {
        model: &model,
        lowered: &lowered,
        repaired: repaired.as_deref(),
        kept: None,
        threads,
        ..*runner
    };
    match numbers(&world, request) {
        Ok(numbers) => Ok(Some(numbers)),
        Err(AskError::Interrupted) => Err(AskError::Interrupted),
        Err(_) => Ok(None),
    }
}

/// A number that moves.
struct Moved {
    name: String,
    unit: Unit,
    is: Value,
    becomes: Option<Value>,
    by: Option<f64>,
}

impl Moved {
    /// How much it moves, as a part of itself, then in its own unit.
    fn size(&self) -> (f64, f64) {
        let amount = |value: Option<&Value>| value.and_then(Value::amount);
        let apart =
            amount(self.becomes.as_ref()).zip(self.is.amount()).map(|(becomes, is)| (becomes - is).abs());
        // Steps of per cent are no news behind the third digit.
        let part = self.by.map_or(-1.0, |by| (by.abs() * 1e3).round());
        (part, apart.unwrap_or(0.0))
    }
}

/// The numbers that differ, the largest movement first.
fn moved(is: &Numbers, becomes: &Numbers) -> Vec<Moved> {
    let mut moved: Vec<Moved> = Vec::new();
    for (name, (value, unit)) in is {
        let other = becomes.get(name).map(|(value, _)| value);
        let amounts = (value.amount(), other.and_then(Value::amount));
        let by = match amounts {
            (Some(was), Some(now)) if STILL * was.abs().max(now.abs()) < (now - was).abs() => {
                (0.0 < was.abs()).then(|| (now - was) / was.abs())
            }
            (Some(_), Some(_)) if value.bound() == other.and_then(Value::bound) => continue,
            (None, None) if other.is_some() => continue,
            _ => None,
        };
        moved.push(Moved { name: name.clone(), unit: *unit, is: value.clone(), becomes: other.cloned(), by });
    }
    moved.sort_by(|one, other| {
        let ((a, b), (c, d)) = (one.size(), other.size());
        c.total_cmp(&a).then(d.total_cmp(&b))
    });
    moved
}

fn fill(table: &mut Table, moved: Vec<Moved>, when: &str) {
    let count = moved.len();
    for Moved { name, unit, is, becomes, by } in moved {
        let [becomes, words] = match becomes {
            Some(value) => [Cell::Value(value), Cell::Empty],
            None => [Cell::Empty, Cell::text("there is none")],
        };
        let by = by.map_or(Cell::Empty, Cell::exact);
        table.push(vec![Cell::text(name), Cell::Unit(unit), Cell::Value(is), becomes, words, by]);
    }
    let rest =
        if count == 1 { "no other number moves.".to_owned() } else { format!("{} more move.", count - 1) };
    table.findings = vec![Finding::of_row(
        table,
        0,
        &format!("If {when}, {{number}} moves most, from {{is}} to {{becomes}}; {rest}"),
    )];
    table.note(format!("Tried: {when}. In one reading; `--reading` names another."));
}
