//! What formats for machines share: settled amounts, unit names, which columns hold numbers.
//!
//! Sums of f64 are right to about 15 digits of the largest amount in them, and what stands behind says
//! nothing: 100 - 10 - 1.1 - 2.2 - 0.7 billion is 86 and not 86.00000000000002. So amounts are settled before
//! they are written: to 15 digits of their own, and amounts of money, which are sums of each other along a
//! column, to the 15th digit of the largest in it. A share below `SHARE_MIN` of its whole is nothing. Zero
//! has no sign.

use keiretsu_values::{Bound, Cell, Column, Kind, Table, Unit, Value};

/// The unit of a bare number in a column of words.
const BARE: Unit = Unit::Number { digits: 2 };

/// Digits that say something.
const DIGITS: usize = 15;
/// What differences of shares leave over: a few of the smallest steps of f64 below 1.
const SHARE_MIN: f64 = 1e-15;

/// The table with its amounts settled.
pub fn settled(table: &Table) -> Table {
    let mut table = table.clone();
    for at in 0..table.columns.len() {
        let unit = column_kind_unit(&table.columns[at]);
        let largest = cells(&table, at).filter_map(|cell| match cell {
            Cell::Value(value) => amount(value).map(f64::abs),
            _ => None,
        });
        let largest = largest.fold(0.0, f64::max);
        for row in &mut table.rows {
            match &mut row[at] {
                Cell::Value(value) => *value = settled_value(value, unit.unwrap_or(BARE), largest),
                Cell::Measured(value, unit) => *value = settled_value(value, *unit, 0.0),
                Cell::Empty | Cell::Text(_) => {}
            }
        }
    }
    table
}

fn settled_value(value: &Value, unit: Unit, largest: f64) -> Value {
    value.rounded(|number| match unit {
        Unit::Money(_) | Unit::MoneyPerYear(_) | Unit::MoneyPerPower(_) => decimal(at_place(number, largest)),
        Unit::Share if number.abs() < SHARE_MIN => 0.0,
        _ => decimal(number),
    })
}

/// The amount rounded to the 15th digit of the largest beside it, if that is behind the point.
fn at_place(amount: f64, largest: f64) -> f64 {
    let behind = DIGITS as f64 - 1.0 - largest.log10().floor();
    if !(0.0..300.0).contains(&behind) {
        return amount;
    }
    format!("{amount:.*}", behind as usize).parse().unwrap_or(amount)
}

/// The number of 15 digits nearest to this one, and no negative zero.
pub fn decimal(number: f64) -> f64 {
    let nearest = format!("{number:.*e}", DIGITS - 1).parse().unwrap_or(number);
    // Above the largest number of 15 digits there is no finite one.
    let nearest = if f64::is_finite(nearest) { nearest } else { number };
    nearest + 0.0
}

/// The amount, if it is known and finite.
pub fn amount(value: &Value) -> Option<f64> {
    value.amount().filter(|amount| amount.is_finite())
}

/// The bound mark that stands beside an amount; none for no bound and for an unknown amount.
pub fn bound(value: &Value) -> Option<&'static str> {
    amount(value)?;
    value.bound().filter(|bound| *bound != Bound::Open).map(Bound::mark)
}

/// The least and the most that is possible; none where it is open.
pub fn ends(value: &Value) -> [Option<f64>; 2] {
    let set = value.set();
    [set.low, set.high].map(|end| Some(end).filter(|end| end.is_finite()))
}

/// The name of a unit, in base units.
pub fn unit_name(unit: Unit) -> String {
    match unit {
        Unit::Money(currency) => currency.code().to_owned(),
        Unit::MoneyPerYear(currency) => format!("{}/yr", currency.code()),
        Unit::MoneyPerPower(currency) => format!("{}/GW", currency.code()),
        Unit::Share => "fraction".into(),
        Unit::Multiple => "x".into(),
        Unit::Power => "GW".into(),
        Unit::Months => "months".into(),
        Unit::Number { .. } => "number".into(),
    }
}

/// The unit that a cell's number is in, if it has one.
pub fn cell_unit(column: &Column, cell: &Cell) -> Option<Unit> {
    match cell {
        Cell::Empty | Cell::Text(_) => None,
        Cell::Measured(_, unit) => Some(*unit),
        Cell::Value(_) => Some(column_kind_unit(column).unwrap_or(BARE)),
    }
}

/// The unit that a column says for its numbers.
pub fn column_kind_unit(column: &Column) -> Option<Unit> {
    match column.kind {
        Kind::Number(unit) => Some(unit),
        Kind::Text | Kind::Date => None,
    }
}

/// The cells of a column.
pub fn cells(table: &Table, at: usize) -> impl Iterator<Item = &Cell> {
    table.rows.iter().map(move |row| &row[at])
}

/// Whether a column carries numbers, by its kind or by what it holds.
pub fn has_numbers(table: &Table, at: usize) -> bool {
    column_kind_unit(&table.columns[at]).is_some() || cells(table, at).any(|cell| cell.value().is_some())
}

/// Whether cells of a column have units of their own.
pub fn has_own_units(table: &Table, at: usize) -> bool {
    cells(table, at).any(|cell| matches!(cell, Cell::Measured(..)))
}

/// What stands beside a column: the keys of its siblings.
pub struct Siblings {
    /// Where its cells have units of their own.
    pub unit: Option<String>,
    /// Where it carries numbers.
    pub bound: Option<String>,
    /// The least and the most that is possible, where it carries numbers.
    pub ends: Option<[String; 2]>,
}

/// The siblings of each column.
pub fn siblings(table: &Table) -> Vec<Siblings> {
    let of = |(at, column): (usize, &Column)| {
        let named = |what: &str| format!("{}_{what}", column.key);
        let numbers = has_numbers(table, at);
        Siblings {
            unit: has_own_units(table, at).then(|| named("unit")),
            bound: numbers.then(|| named("bound")),
            ends: numbers.then(|| ["low", "high"].map(named)),
        }
    };
    table.columns.iter().enumerate().map(of).collect()
}

/// The units of a column's numbers, by name, each once.
pub fn unit_names(table: &Table, at: usize) -> Vec<String> {
    let column = &table.columns[at];
    let mut units: Vec<Unit> = cells(table, at).filter_map(|cell| cell_unit(column, cell)).collect();
    if units.is_empty() {
        units.extend(column_kind_unit(column));
    }
    let mut names: Vec<String> = units.into_iter().map(unit_name).collect();
    names.sort();
    names.dedup();
    names
}
