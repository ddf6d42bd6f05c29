//! The common part of formats for machines: settled amounts, unit names, siblings of columns.
//!
//! Sums of f64 are right to about 15 digits of the largest amount in them, and what stands behind says
//! nothing: 100 - 10 - 1.1 - 2.2 - 0.7 billion is 86 and not 86.00000000000002. So amounts are settled before
//! they are written: to 15 digits of their own, and amounts of money, which are sums of each other along a
//! column, to the 15th digit of the largest in it. A share below `SHARE_MIN` of its whole is nothing. Zero
//! has no sign.

use keiretsu_values::{Bound, Cell, Column, ColumnKind, Table, Unit, Value};

/// The unit of a bare number in a column of words.
const BARE: Unit = Unit::Number { digits: 2 };

/// Digits that say something.
const DIGITS: usize = 15;
/// Rounding of differences of shares: a few of the smallest steps of f64 below 1.
const SHARE_MIN: f64 = 1e-15;

/// The table with its amounts settled.
pub fn settled(table: &Table) -> Table {
    let mut settled = table.clone();
    for (at, column) in table.columns.iter().enumerate() {
        let largest = match column.kind {
            ColumnKind::Number(_) => amounts(table, at).map(f64::abs).fold(0.0, f64::max),
            // Numbers of different units are no sums of each other.
            _ => 0.0,
        };
        for (number, row) in settled.rows.iter_mut().enumerate() {
            if let Cell::Value(value) = &mut row[at] {
                *value = settled_value(value, table.unit(number, at).unwrap_or(BARE), largest);
            }
        }
    }
    settled
}

/// The known amounts of a column.
pub fn amounts(table: &Table, at: usize) -> impl Iterator<Item = f64> {
    cells(table, at).filter_map(|cell| amount(cell.value()?))
}

fn settled_value(value: &Value, unit: Unit, largest: f64) -> Value {
    value.rounded(|number| match unit {
        Unit::Money(_) | Unit::MoneyPerYear(_) | Unit::MoneyPerPower(_) => decimal(at_place(number, largest)),
        Unit::Share if number.abs() < SHARE_MIN => 0.0,
        _ => decimal(number),
    })
}

/// The amount rounded to the 15th digit of the largest of its column, if that digit is after the point.
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

/// The bound mark of an amount; none for no bound and for an unknown amount.
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

/// The unit of a column's numbers.
pub fn column_unit(column: &Column) -> Option<Unit> {
    if let ColumnKind::Number(unit) = column.kind { Some(unit) } else { None }
}

/// The cells of a column.
pub fn cells(table: &Table, at: usize) -> impl Iterator<Item = &Cell> {
    table.rows.iter().map(move |row| &row[at])
}

/// The keys of a column's siblings, which depend on its kind alone.
pub struct Siblings {
    /// The names of things, where the column itself has their titles.
    pub id: Option<String>,
    /// The number of months of a stretch of time.
    pub months: Option<String>,
    /// Where it carries numbers.
    pub numbers: Option<Numbers>,
}

/// The keys of the siblings of a column of numbers.
pub struct Numbers {
    /// The bound mark.
    pub bound: String,
    /// The least and the most that is possible.
    pub ends: [String; 2],
    /// Known, unknown, or does not apply.
    pub state: String,
}

/// The siblings of each column.
pub fn siblings(table: &Table) -> Vec<Siblings> {
    table.columns.iter().map(siblings_of).collect()
}

/// The siblings of a column.
pub fn siblings_of(column: &Column) -> Siblings {
    let named = |what: &str| format!("{}_{what}", column.key);
    Siblings {
        id: matches!(column.kind, ColumnKind::Id(entity) if entity.has_titles()).then(|| named("id")),
        months: (column.kind == ColumnKind::Period).then(|| named("months")),
        numbers: column.kind.is_numbers().then(|| Numbers {
            bound: named("bound"),
            ends: ["low", "high"].map(named),
            state: named("state"),
        }),
    }
}

/// The state of a cell of numbers: `known` (zero too), `unknown`, or `none` where nothing applies.
pub fn state(cell: &Cell) -> &'static str {
    match cell.value() {
        Some(value) if amount(value).is_some() => "known",
        Some(_) => "unknown",
        None => "none",
    }
}

/// The name of a thing, where a cell names one.
pub fn id(cell: &Cell) -> Option<&str> {
    if let Cell::Id(id) = cell { Some(&id.name) } else { None }
}

/// How many months a cell's stretch of time has.
pub fn months(cell: &Cell) -> Option<f64> {
    if let Cell::Period(period) = cell { Some(period.months().into()) } else { None }
}

/// The words of a cell: titles of things, ISO 8601 stretches of time, names of units; none for numbers and
/// where it is empty.
pub fn words(cell: &Cell) -> Option<String> {
    match cell {
        Cell::Empty => None,
        Cell::Unit(unit) => Some(unit_name(*unit)),
        Cell::Period(period) => Some(period.label()),
        _ => cell.label(),
    }
}

/// The name of the unit of a column of numbers in one unit; a list for what several columns have.
pub fn unit_names(table: &Table, at: usize) -> Vec<String> {
    column_unit(&table.columns[at]).map(unit_name).into_iter().collect()
}

/// The word of a column's kind in schemas.
pub fn kind_name(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Text => "text",
        ColumnKind::Date => "date",
        ColumnKind::Id(entity) => entity.word(),
        ColumnKind::Reading => "reading",
        ColumnKind::Period => "period",
        ColumnKind::Number(_) | ColumnKind::Measured => "number",
        ColumnKind::Unit => "unit",
    }
}
