//! Terms as worded, for cells that quote the text.

use keiretsu_model::record::{Basis, Content, Entry, Record, Stated, YearKey};
use keiretsu_model::{Model, RoleShare};
use keiretsu_values::{Cell, Currency, Dimension, Unit, Value};
use keiretsu_views::amount::inline;

/// A figure in its words, with the analyst's `expect`.
pub fn figure(model: &Model, stated: &Stated) -> String {
    let words = &part_of(stated);
    match (stated.expect, unit_in(model, stated, stated.expected_in())) {
        (Some(expect), Some((unit, scale))) => {
            format!("{words} (expect {})", inline(&expect.expected().times(scale), unit))
        }
        _ => words.clone(),
    }
}

/// The words of a figure, or of a part of it.
fn part_of(stated: &Stated) -> String {
    let whole = &stated.figure.words;
    let Some(share) = &stated.share else { return whole.clone() };
    let of = |role: &RoleShare| match role.own.map(|own| &role.stated[own].stated) {
        None if role.left_to.is_some() => "an undisclosed share".to_owned(),
        None => "the rest".to_owned(),
        Some(own) if own.is_open() => "an undisclosed share".to_owned(),
        Some(own) => own.figure.words.clone(),
    };
    let shares = share.roles.iter().map(of).chain([whole.clone()]);
    shares.collect::<Vec<_>>().join(" of ")
}

/// The value of a term in its words.
pub fn entry(model: &Model, entry: &Entry) -> String {
    match &entry.content {
        Content::Figure(stated) => figure(model, stated),
        Content::When(when) => when.text(),
        Content::Texts(texts) => texts.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>().join(", "),
        _ => entry.text.clone(),
    }
}

/// A term of a record in its words, or nothing.
pub fn term(model: &Model, record: &Record, name: &str) -> Cell {
    record.entry(name).map_or(Cell::Empty, |found| Cell::text(entry(model, found)))
}

/// The figures of an entry, each with its key within it.
pub fn stated(entry: &Entry) -> Vec<(String, &Stated)> {
    match &entry.content {
        Content::Figure(stated) | Content::Chance(stated, _) => vec![(String::new(), stated)],
        Content::ByYear(years) => {
            years.iter().map(|(key, stated)| (format!(".{}", year(*key)), stated)).collect()
        }
        content => content.worded().map(|stated| (String::new(), stated)).into_iter().collect(),
    }
}

fn year(key: YearKey) -> String {
    match key {
        YearKey::At(when) => when.text(),
        YearKey::Later => "later".to_owned(),
    }
}

/// The unit in which a figure is printed, and the factor from base units; none where no unit of tables fits.
pub fn unit(model: &Model, stated: &Stated) -> Option<(Unit, f64)> {
    unit_in(model, stated, stated.figure.currency)
}

fn unit_in(model: &Model, stated: &Stated, currency: Option<Currency>) -> Option<(Unit, f64)> {
    let figure = &stated.figure;
    let currency = currency.unwrap_or(model.currency);
    Some(match figure.dimension {
        Dimension::MONEY => (Unit::Money(currency), 1.0),
        Dimension::MONEY_RATE => (Unit::MoneyPerYear(currency), 1.0),
        Dimension::MONEY_PER_POWER => (Unit::MoneyPerPower(currency), 1.0),
        Dimension::POWER => (Unit::Power, 1.0),
        Dimension::TIME => (Unit::Months, 12.0),
        Dimension::NUMBER | Dimension::RATE if figure.words.contains('%') => (Unit::Share, 1.0),
        Dimension::NUMBER if figure.words.trim_end().ends_with('x') => (Unit::Multiple, 1.0),
        dimension if dimension.money == 0 => (Unit::Number { digits: 4 }, 1.0),
        _ => return None,
    })
}

/// One reading of a figure as a number, and its words where no unit of tables fits.
pub fn reading(model: &Model, stated: &Stated, value: &Value) -> [Cell; 2] {
    match (unit(model, stated), value.amount()) {
        (None, Some(_)) => [Cell::Empty, Cell::text(&stated.figure.words)],
        (None, None) => [Cell::Value(value.clone()), Cell::Empty],
        (Some((_, scale)), _) => [Cell::Value(value.times(scale)), Cell::Empty],
    }
}

/// The sources of a statement by name.
pub fn sources(model: &Model, basis: &Basis) -> String {
    if basis.assumed { String::new() } else { model.source_names(basis).join(", ") }
}
