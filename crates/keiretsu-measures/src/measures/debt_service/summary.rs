//! The cover of each borrower over all periods.

use keiretsu_contracts::side::Commitment;
use keiretsu_model::{ContractRef, PartyRef};
use keiretsu_program::{Month, Probe, Reading, Span, Tag};
use keiretsu_values::{Cell, Set, Table, Total, Value};

use super::borrowers::{Borrower, Paid, register};
use super::lines::{FIXED_CHARGES, Line, Lines, Placed, SERVICE};
use super::losses::StatedLoss;
use super::tables::COVER;
use super::{Asked, number, period};
use crate::Subject;
use crate::present_value::Discounting;

/// One row for each borrower and reading.
pub(super) fn table(asked: &Asked<'_>, placed: &[Placed]) -> Table {
    let mut table = asked.subject.table(&COVER);
    for borrower in &asked.borrowers {
        for reading in asked.query.readings() {
            let row = row(asked, placed, borrower, reading, &mut table);
            table.push(row);
        }
    }
    let discounting = Discounting::of(asked.subject);
    if !table.rows.is_empty() {
        table.note(format!("LLCR and PLCR: {}.", discounting.words()));
    }
    table
}

fn row(
    asked: &Asked<'_>,
    placed: &[Placed],
    borrower: &Borrower<'_>,
    reading: Reading,
    table: &mut Table,
) -> Vec<Cell> {
    let (subject, seen) = (asked.subject, asked.seen);
    let lines = Lines::of(subject, seen, (borrower, placed), reading, asked.span);
    let periods = asked.periods(borrower, reading);
    let dscr: Vec<(usize, Value)> = periods.filter_map(|at| Some((at, lines.dscr(at)?))).collect();
    let lowest = |of: &dyn Fn(usize) -> Option<Value>| asked.lowest(borrower, reading, of);
    let cover = |served| asked.lowest_cover(borrower, placed, (&lines, served), reading);
    let minimum = cover(&SERVICE);
    let outstanding = borrower.outstanding(subject, seen, reading);
    let paid = Paid::of(subject, borrower.party, reading);
    let [llcr, plcr] = life_cover(asked, placed, borrower, reading, &outstanding);
    let value = equity(asked, borrower, reading).map(|equity| equity.plus(&outstanding));
    let ltv = value.as_ref().filter(|_| !outstanding.is_zero()).map(|value| outstanding.divide(value));
    let losses = losses(asked, borrower, reading);
    losses.left_out.iter().for_each(|what| table.leave_out(what));
    let maturity = borrower.last_maturity();
    vec![
        subject.party(borrower.party),
        Cell::text(reading.name()),
        number(minimum.clone()),
        minimum.map_or(Cell::Empty, |minimum| in_period(subject, asked.span, &dscr, &minimum)),
        number(average(&dscr)),
        number(cover(&FIXED_CHARGES)),
        number(lowest(&|at| lines.dscr_forecast(at))),
        Cell::Value(outstanding),
        number(llcr),
        number(plcr),
        number(value),
        number(ltv),
        maturity.map_or(Cell::Empty, |day| Cell::text(day.to_string())),
        paid.last.map_or(Cell::Empty, |day| Cell::text(day.to_string())),
        number(paid.beyond(maturity)),
        number(after_run(subject, borrower, reading)),
        number((!losses.is_empty()).then(|| losses.value())),
    ]
}

fn average(dscr: &[(usize, Value)]) -> Option<Value> {
    let sum = dscr.iter().map(|(_, value)| value.clone()).reduce(|sum, next| sum.plus(&next))?;
    let mean = sum.times(1.0 / dscr.len() as f64);
    // A mean over something unknown is not known.
    let unknown = dscr.iter().find_map(|(_, value)| value.reason());
    Some(match unknown {
        Some(why) => Value::unread(why, mean.set()),
        None => mean,
    })
}

/// The period of the minimum.
fn in_period(subject: &Subject<'_>, span: Span, dscr: &[(usize, Value)], minimum: &Value) -> Cell {
    let least = minimum.amount().and_then(|least| {
        let same = |value: &Value| value.amount().is_some_and(|amount| (amount - least).abs() <= 0.0);
        dscr.iter().find(|(_, value)| same(value))
    });
    least.map_or(Cell::Empty, |(at, _)| period(subject, span, *at))
}

/// LLCR and PLCR, where the model gives a discount rate and something is outstanding.
fn life_cover(
    asked: &Asked<'_>,
    placed: &[Placed],
    borrower: &Borrower<'_>,
    reading: Reading,
    outstanding: &Value,
) -> [Option<Value>; 2] {
    let subject = asked.subject;
    if subject.model.discount.is_none() || outstanding.is_zero() {
        return [None, None];
    }
    let lines = Lines::of(subject, asked.seen, (borrower, placed), reading, Span::Month);
    let months: Vec<Value> =
        (0..subject.program.months as usize).map(|at| lines.value(Line::Contracted, at)).collect();
    let discounting = Discounting::of(subject);
    let worth = |count: usize| discounting.of_months(&months[..count.min(months.len())]);
    let open = |value: Value, why: &str| value.with_unread(why, Set::NOT_NEGATIVE);
    let until = borrower.last_maturity().map(|day| {
        let day = Month::new(i32::from(day.year()), i32::from(day.month()));
        day.since(subject.program.origin).max(0) as usize
    });
    let of_loan = match until {
        Some(count) if count <= months.len() => worth(count),
        Some(_) => open(worth(months.len()), "the run ends before the last maturity"),
        None => open(worth(0), "no maturity is stated"),
    };
    let paid = Paid::of(subject, borrower.party, reading);
    let end = subject.program.month(subject.program.months);
    let beyond = paid.last.is_some_and(|day| end < Month::new(i32::from(day.year()), i32::from(day.month())));
    let all = worth(months.len());
    let of_project = if beyond { open(all, "the run ends before the last contract") } else { all };
    [of_loan, of_project].map(|worth| Some(worth.divide(outstanding)))
}

/// The equity value of a borrower at as-of, where one is stated.
fn equity(asked: &Asked<'_>, borrower: &Borrower<'_>, reading: Reading) -> Option<Value> {
    let equity = borrower.debts.iter().find_map(|debt| debt.equity)?;
    Some(asked.seen.value(reading, register(equity), 0))
}

fn losses(asked: &Asked<'_>, borrower: &Borrower<'_>, reading: Reading) -> Total {
    let mut total = Total::default();
    for debt in &borrower.debts {
        let outstanding = super::borrowers::outstanding(asked.subject, asked.seen, debt, reading);
        if let Some(loss) = StatedLoss::of(asked.subject, asked.seen, debt, reading, &outstanding) {
            total.add(&asked.subject.contract_name(debt.contract), &loss.expected);
        }
    }
    total
}

/// What of the principal as worded falls due after the run, or has no date; none where nothing does.
fn after_run(subject: &Subject<'_>, borrower: &Borrower<'_>, reading: Reading) -> Option<Value> {
    let end = subject.program.month(subject.program.months);
    let mut sum = Total::default();
    let counts = |one: &&Commitment| one.alternative.is_none() || !one.left_in_totals(reading).is_zero();
    for one in subject.standing_by_party().filter(|one| is_owed(subject, one, borrower)).filter(counts) {
        let later = one
            .dues
            .iter()
            .filter(|due| !due.past && end < Month::new(i32::from(due.on.year()), i32::from(due.on.month())));
        let later = later.fold(one.undated(reading), |sum, due| sum.plus(&due.amounts[reading]));
        if !later.is_zero() {
            sum.add(&subject.name(one), &later);
        }
    }
    (!sum.is_empty()).then(|| sum.value())
}

/// Whether a commitment is principal that a borrower has to pay back.
pub(super) fn is_owed(subject: &Subject<'_>, one: &Commitment, borrower: &Borrower<'_>) -> bool {
    let of = |contract: ContractRef, party: PartyRef| {
        borrower.debts.iter().any(|debt| debt.contract == contract)
            && subject.model.group(party) == borrower.party
    };
    one.is_for(Tag::Principal) && of(one.contract, one.from)
}

/// The probes of months that LLCR and PLCR read.
pub(super) fn needs(subject: &Subject<'_>, placed: &[Placed]) -> Vec<Probe> {
    if subject.model.discount.is_none() {
        return vec![];
    }
    placed.iter().map(|placed| placed.probe(Span::Month)).collect()
}
