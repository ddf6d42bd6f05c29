//! Each loan against the contracts of its borrower, its collateral and a stated chance of default.

use keiretsu_contracts::side::OpenLoan;
use keiretsu_program::Reading;
use keiretsu_values::{Cell, Table, Value};

use super::borrowers::{Borrower, Paid, outstanding, register};
use super::losses::StatedLoss;
use super::tables::LOANS;
use super::{Asked, number};
use crate::Subject;

/// One row for each loan and reading.
pub(super) fn table(asked: &Asked<'_>) -> Table {
    let mut table = asked.subject.table(&LOANS);
    for borrower in &asked.borrowers {
        for debt in &borrower.debts {
            for reading in asked.query.readings() {
                let row = row(asked, borrower, debt, reading, &mut table);
                table.push(row);
            }
        }
    }
    if table.rows.iter().any(|row| matches!(row.last(), Some(Cell::Value(_)))) {
        table.note(
            "A stated chance of default moves nothing in the run; what the run makes fail is in `domino`.",
        );
    }
    table
}

fn row(
    asked: &Asked<'_>,
    borrower: &Borrower<'_>,
    debt: &OpenLoan,
    reading: Reading,
    table: &mut Table,
) -> Vec<Cell> {
    let (subject, seen) = (asked.subject, asked.seen);
    let owed = outstanding(subject, seen, debt, reading);
    if let Some(why) = owed.reason() {
        table.leave_out(why);
    }
    let paid = Paid::of(subject, borrower.party, reading);
    let worth = debt.worth.map(|worth| seen.value(reading, register(worth), 0));
    let worth = worth.map(|worth| worth.named(&subject.contract_name(debt.contract)));
    let ltv = worth.as_ref().filter(|_| !owed.is_zero()).map(|worth| owed.divide(worth));
    let mut row = vec![
        subject.party(borrower.party),
        subject.contract(debt.contract),
        subject.party(subject.model.group(debt.lender)),
        Cell::text(reading.name()),
        Cell::Value(owed.clone()),
        debt.maturity.map_or(Cell::Empty, |day| Cell::text(day.to_string())),
        paid.last.map_or(Cell::Empty, |day| Cell::text(day.to_string())),
        number(paid.beyond(debt.maturity)),
    ];
    let [valued_on, valued_as] = match &worth {
        Some(_) => valued(subject, debt).map(Cell::Text),
        None => [Cell::Empty, Cell::Empty],
    };
    row.extend([number(worth), valued_on, valued_as, number(ltv)]);
    row.extend(match StatedLoss::of(subject, seen, debt, reading, &owed) {
        Some(loss) => loss_cells(loss, table),
        None => [(); 5].map(|()| Cell::Empty),
    });
    row
}

fn loss_cells(loss: StatedLoss, table: &mut Table) -> [Cell; 5] {
    for part in [&loss.recovered, &loss.chance] {
        if let Some(why) = part.reason() {
            table.leave_out(why);
        }
    }
    let StatedLoss { chance, span, recovered, given_default, expected } = loss;
    let [chance, recovered, given_default, expected] =
        [chance, recovered, given_default, expected].map(|value: Value| Cell::Value(value));
    [chance, Cell::Text(span), recovered, given_default, expected]
}

/// The day for which the worth of collateral holds, and what it is: a mark of a holding, or a formula.
fn valued(subject: &Subject<'_>, debt: &OpenLoan) -> [String; 2] {
    let model = subject.model;
    let table = model.contract(debt.contract).and_then(|contract| contract.record().table("collateral"));
    let held = table.and_then(|table| table.text("holding"));
    let holding = held.and_then(|name| model.holdings.iter().find(|holding| holding.name == name));
    let mark = holding.and_then(|holding| holding.record.figure("value"));
    match mark {
        Some(mark) => [mark.on.map_or(model.as_of, |on| on.last).to_string(), "mark, unrealised".to_owned()],
        None => [model.as_of.to_string(), "as modelled".to_owned()],
    }
}
