//! Each borrower period by period: what falls due, who owes it, and the cash that there is for principal.

use std::collections::BTreeMap;

use keiretsu_model::{ContractRef, PartyRef};
use keiretsu_program::Reading;
use keiretsu_values::{Cell, Table, Value};

use super::borrowers::Borrower;
use super::lines::{Line, Lines, Placed};
use super::tables::{BY_PERIOD, MATURITIES, RECEIPTS};
use super::{Asked, cash, number, period};

/// Debt service of each borrower against what contracts bring, period by period.
pub(super) fn by_period(asked: &Asked<'_>, placed: &[Placed]) -> Table {
    let subject = asked.subject;
    let mut table = subject.table(&BY_PERIOD);
    let mut forecast = false;
    for borrower in &asked.borrowers {
        for reading in asked.query.readings() {
            let lines = Lines::of(subject, asked.seen, (borrower, placed), reading, asked.span);
            forecast |= lines.has(Line::Revenue) || lines.has(Line::Costs);
            for at in asked.periods(borrower, reading).filter(|at| !lines.is_idle(*at)) {
                lines.left_out(at).for_each(|what| table.leave_out(what));
                let head = [subject.party(borrower.party), Cell::text(reading.name())];
                let time = [period(subject, asked.span, at)];
                table.push(head.into_iter().chain(time).chain(cells(&lines, at)).collect());
            }
            if let Some(t) = borrower.fails(asked.seen, reading) {
                let (who, when) = (subject.title(borrower.party), subject.program.month(t));
                let reading = reading.name();
                table.note(format!("{who} fails in {when} in the {reading} reading; its rows end there."));
            }
        }
    }
    table.note("Contracted is what falls due, whether or not it is paid; what is paid is in `cash`.");
    if forecast {
        table.note("Revenue and costs are forecasts: firm counts what is owed, and is no downside.");
    }
    table
}

/// The numbers of a period, in the order of the columns.
fn cells(lines: &Lines, at: usize) -> Vec<Cell> {
    let sum = |line: Line| Cell::Value(lines.value(line, at));
    let stated = |line: Line| if lines.has(line) { sum(line) } else { Cell::Empty };
    vec![
        sum(Line::Contracted),
        sum(Line::Interest),
        sum(Line::Principal),
        stated(Line::Fees),
        Cell::Value(lines.service(at)),
        number(lines.dscr(at)),
        sum(Line::Rent),
        number(lines.fixed_charge_cover(at)),
        sum(Line::Paid),
        stated(Line::Revenue),
        stated(Line::Costs),
        number(lines.cfads(at)),
        number(lines.dscr_forecast(at)),
    ]
}

/// What each counterparty owes the borrowers, contract by contract.
pub(super) fn receipts(asked: &Asked<'_>, placed: &[Placed]) -> Table {
    let (subject, seen) = (asked.subject, asked.seen);
    let mut table = subject.table(&RECEIPTS);
    for borrower in &asked.borrowers {
        let mut by: BTreeMap<(PartyRef, ContractRef, &str), Vec<&Placed>> = BTreeMap::new();
        let mine = placed.iter().filter(|one| one.party == borrower.party && one.line == Line::Contracted);
        for (one, contract) in mine.filter_map(|one| Some((one, one.contract?))) {
            let kind = subject.program.flows[one.flow.at()].tag.name();
            by.entry((one.other, contract, kind)).or_default().push(one);
        }
        for ((other, contract, kind), flows) in by {
            for reading in asked.query.readings() {
                for at in asked.periods(borrower, reading) {
                    let each = flows.iter().map(|flow| seen.value(reading, flow.probe(asked.span), at));
                    let amount = each.fold(Value::exact(0.0), |sum, part| sum.plus(&part));
                    if amount.is_zero() {
                        continue;
                    }
                    table.push(vec![
                        subject.party(borrower.party),
                        subject.party(other),
                        subject.contract(contract),
                        Cell::text(kind),
                        Cell::text(reading.name()),
                        period(subject, asked.span, at),
                        Cell::Value(amount),
                    ]);
                }
            }
        }
    }
    table
}

/// Principal of each period beside the cash at its beginning.
pub(super) fn maturities(asked: &Asked<'_>, placed: &[Placed]) -> Table {
    let subject = asked.subject;
    let mut table = subject.table(&MATURITIES);
    for borrower in &asked.borrowers {
        for reading in asked.query.readings() {
            let lines = Lines::of(subject, asked.seen, (borrower, placed), reading, asked.span);
            for at in asked.periods(borrower, reading) {
                let principal = lines.value(Line::Principal, at);
                if principal.is_zero() {
                    continue;
                }
                let cash = cash_before(asked, borrower, reading, at);
                let brought = lines.left_for_principal(at);
                let gap = principal.beyond(&cash).beyond(&brought).max(&Value::exact(0.0));
                table.push(vec![
                    subject.party(borrower.party),
                    Cell::text(reading.name()),
                    period(subject, asked.span, at),
                    Cell::Value(principal),
                    Cell::Value(cash),
                    Cell::Value(brought),
                    Cell::Value(gap),
                ]);
            }
        }
    }
    table
}

/// Cash at the end of the period before; at first as stated.
fn cash_before(asked: &Asked<'_>, borrower: &Borrower<'_>, reading: Reading, at: usize) -> Value {
    let model = asked.subject.model;
    let Some(stated) = model.party(borrower.party).record.figure("cash") else {
        let title = asked.subject.title(borrower.party);
        return Value::unknown("cash at as-of is not stated").named(&title);
    };
    match at.checked_sub(1) {
        Some(before) => asked.seen.value(reading, cash(borrower, asked.span), before),
        None => model.readings(stated)[reading].clone(),
    }
}
