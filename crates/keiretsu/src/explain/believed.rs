//! Named numbers under each disputed claim: their values with another source in use.
//!
//! Invariant: one claim is believed at a time, all else as the text has it. Absent: claims that move none of
//! the numbers have no row; claims that are true together.

use keiretsu_model::edit;
use keiretsu_values::{Cell, ColumnSpec, Table, TableSpec};

use super::names::{Address, Number, resolve};
use super::rests::{self, Other};
use super::world::World;
use crate::AskError;
use crate::request::Request;
use crate::runner::Runner;
use crate::show::words::sources;

/// Named numbers under each disputed claim.
pub const BELIEVED: TableSpec = TableSpec::new(
    "believed",
    "believed",
    "What answers would be if another claim were believed",
    &[&[
        ColumnSpec::text("figure", "the disputed statement"),
        ColumnSpec::text("claim", "the words of another source"),
        ColumnSpec::text("source", "that source"),
        ColumnSpec::text("number", "the number that moves"),
        ColumnSpec::unit(),
        ColumnSpec::measured("becomes", "the number if that claim is believed"),
        ColumnSpec::text("becomes_words", "its state where there is no number").instead_of("becomes"),
        ColumnSpec::share("change", "the movement as a part of the number"),
    ]],
);

/// How far each of the named numbers moves if another claim is believed: one row for each claim and number
/// that it moves.
///
/// # Errors
/// If there is no number of a name (the nearest are in the hint), or the model cannot be run.
pub fn believed(runner: &Runner<'_>, request: &Request, names: &[String]) -> Result<Table, AskError> {
    let statements = edit::statements(runner.model);
    let mut numbers = Vec::new();
    for name in names {
        let number = resolve(runner, request, &Address::parse(name)?)?;
        let moved = rests::claims(&World::new(runner, request, &number), &statements)?;
        numbers.push((number, moved));
    }
    let mut table = runner.subject().table(&BELIEVED);
    for (number, _) in &numbers {
        let head = vec![Cell::text("as it counts"), Cell::Empty, Cell::Empty];
        table.push(row(head, number, [Cell::Value(number.value.clone()), Cell::Empty, Cell::Empty]));
    }
    for (statement, claim) in
        statements.iter().flat_map(|one| one.claims.iter().map(move |claim| (one, claim)))
    {
        let of = |other: &&Other<'_>| std::ptr::eq(other.claim, claim);
        for (number, moved) in &numbers {
            let Some(other) = moved.iter().find(of) else { continue };
            let says = sources(runner.model, &claim.basis);
            let head = vec![Cell::text(&statement.path), Cell::text(&claim.figure.words), Cell::text(says)];
            table.push(row(head, number, cells(other)));
        }
    }
    if table.rows.len() == numbers.len() {
        table.note("No other claim moves any of these.");
    } else {
        table.note("One claim is believed at a time; a number that a claim does not move has no row.");
    }
    Ok(table)
}

/// A row about a number: its new value, the reason where there is none, and its movement.
fn row(head: Vec<Cell>, number: &Number, cells: [Cell; 3]) -> Vec<Cell> {
    let number = [Cell::text(&number.name), Cell::Unit(number.unit)];
    head.into_iter().chain(number).chain(cells).collect()
}

fn cells(other: &Other<'_>) -> [Cell; 3] {
    let change = other.by.map_or(Cell::Empty, Cell::exact);
    match &other.becomes {
        Some(value) => [Cell::Value(value.clone()), Cell::Empty, change],
        None => [Cell::Empty, Cell::text("there is none"), change],
    }
}
