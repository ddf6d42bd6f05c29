//! Named numbers under each disputed claim: what they would be if another source were believed.
//!
//! Invariant: one claim is believed at a time, all else as the text has it. Absent: claims that move none of
//! the numbers have no row; claims that are true together.

use keiretsu_model::edit;
use keiretsu_values::{Cell, Column, Table, Unit, Value};

use super::names::{Address, Number, resolve};
use super::rests::{self, Other};
use super::world::World;
use crate::show::words::sources;
use crate::{Question, RunTrouble, Runner};

/// How far each of the named numbers moves if another claim is believed: one row for each claim that moves
/// any, two columns for each number.
///
/// # Errors
/// If there is no number of a name (the nearest are in the hint), or the model cannot be run.
pub fn believed(runner: &Runner<'_>, question: &Question<'_>, names: &[String]) -> Result<Table, RunTrouble> {
    let statements = edit::statements(runner.model);
    let mut numbers = Vec::new();
    for name in names {
        let number = resolve(runner, question, &Address::parse(name)?)?;
        let moved = rests::claims(&World::new(runner, question, &number), &statements)?;
        numbers.push((number, moved));
    }
    let mut columns = ["figure", "claim", "source"].map(Column::text).to_vec();
    for (at, (number, _)) in numbers.iter().enumerate() {
        columns.push(Column::text(&format!("answer_{}", at + 1)).titled(&number.name));
        columns.push(Column::number(&format!("change_{}", at + 1), Unit::Share).titled("change"));
    }
    let title = "What answers would be if another claim were believed";
    let mut table = runner.subject().table("believed", title, columns);
    let mut today = vec![Cell::text("as it counts"), Cell::Empty, Cell::Empty];
    for (number, _) in &numbers {
        today.extend([measured(number, &number.value), Cell::Empty]);
    }
    table.push(today);
    for (statement, claim) in
        statements.iter().flat_map(|one| one.claims.iter().map(move |claim| (one, claim)))
    {
        let of = |other: &&Other<'_>| std::ptr::eq(other.claim, claim);
        let moves: Vec<_> = numbers.iter().map(|(_, moved)| moved.iter().find(of)).collect();
        if moves.iter().all(Option::is_none) {
            continue;
        }
        let whose = sources(runner.model, &claim.basis);
        let mut row = vec![Cell::text(&statement.path), Cell::text(&claim.figure.words), Cell::text(whose)];
        for ((number, _), other) in numbers.iter().zip(moves) {
            row.extend(cells(number, other));
        }
        table.push(row);
    }
    if table.rows.len() == 1 {
        table.note("No other claim moves any of these.");
    } else {
        table.note("One claim is believed at a time; claims that move none of these have no row.");
    }
    Ok(table)
}

fn measured(number: &Number, value: &Value) -> Cell {
    Cell::Measured(value.clone(), number.unit)
}

/// The number with the claim, and its movement; empty where it does not move.
fn cells(number: &Number, other: Option<&Other<'_>>) -> [Cell; 2] {
    let Some(other) = other else { return [Cell::Empty, Cell::Empty] };
    let becomes = match &other.becomes {
        Some(value) => measured(number, value),
        None => Cell::text("there is none"),
    };
    [becomes, other.by.map_or(Cell::Empty, |by| Cell::Measured(Value::exact(by), Unit::Share))]
}
