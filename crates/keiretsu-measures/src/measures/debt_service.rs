//! DOC
//!
mod borrowers;
mod lines;
mod loans;
mod losses;
mod summary;
mod tables;

use std::collections::BTreeMap;
use std::ops::Range;

use keiretsu_model::ContractRef;
use keiretsu_program::{PartyId, Probe, Quantity, Reading, Span};
use keiretsu_values::{Cell, Table, TableSpec, Value};

use self::borrowers::{Borrower, borrowers};
use self::lines::{Line, Lines, Placed, placed};
use self::tables::{BY_PERIOD, COVER, LOANS, MATURITIES, RECEIPTS};
use crate::{Measure, PeriodLength, Query, Seen, Subject};

pub struct DebtService;

const NAME: &str = "debt_service";

impl Measure for DebtService {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "debt service against contracted cash: DSCR, its minimum, tail, LTV, expected loss, refinancing"
    }

    fn schema(&self) -> &'static [&'static TableSpec] {
        &[&COVER, &BY_PERIOD, &RECEIPTS, &LOANS, &MATURITIES]
    }

    fn needs(&self, subject: &Subject<'_>, query: &Query) -> Vec<Probe> {
        let (borrowers, span) = (borrowers(subject, query), span(query));
        let placed = placed(subject, &borrowers);
        let mut probes: Vec<Probe> = placed.iter().map(|placed| placed.probe(span)).collect();
        probes.extend(summary::needs(subject, &placed));
        for borrower in &borrowers {
            probes.extend(borrower.probes());
            probes.push(cash(borrower, span));
        }
        probes
    }

    /// Distributions of ratios are absent: nothing is read of the paths.
    fn reads_of_paths(&self, _: &Subject<'_>, _: &Query) -> Vec<Probe> {
        vec![]
    }

    fn tables(&self, subject: &Subject<'_>, query: &Query, seen: &Seen<'_>) -> Vec<Table> {
        let asked = Asked { subject, query, seen, borrowers: borrowers(subject, query), span: span(query) };
        let placed = placed(subject, &asked.borrowers);
        vec![
            summary::table(&asked, &placed),
            by_period(&asked, &placed),
            receipts(&asked, &placed),
            loans::table(&asked),
            maturities(&asked, &placed),
        ]
    }
}

/// What is asked, of which borrowers, and what the runs saw.
struct Asked<'a> {
    subject: &'a Subject<'a>,
    query: &'a Query,
    seen: &'a Seen<'a>,
    borrowers: Vec<Borrower<'a>>,
    span: Span,
}

impl Asked<'_> {
    /// The periods until the one in which a borrower fails.
    fn periods(&self, borrower: &Borrower<'_>, reading: Reading) -> Range<usize> {
        let pieces = self.span.pieces(self.subject.program);
        let fails = borrower.fails(self.seen, reading).unwrap_or(u32::MAX);
        0..pieces.iter().filter(|(first, _)| *first <= fails).count()
    }
}

fn span(query: &Query) -> Span {
    if query.by == Some(PeriodLength::Month) { Span::Month } else { Span::Year }
}

fn cash(borrower: &Borrower<'_>, span: Span) -> Probe {
    Probe { quantity: Quantity::Cash(PartyId(borrower.party.0)), span }
}

/// A number where there is one.
fn number(value: Option<Value>) -> Cell {
    value.map_or(Cell::Empty, Cell::Value)
}

fn period(subject: &Subject<'_>, span: Span, at: usize) -> Cell {
    let (first, last) = span.pieces(subject.program)[at];
    subject.period(span, first, last + 1 - first)
}

/// A period in words: a year or a month.
fn period_name(subject: &Subject<'_>, span: Span, at: usize) -> String {
    let month = subject.program.month(span.pieces(subject.program)[at].0);
    if span == Span::Year { month.year().to_string() } else { month.to_string() }
}

fn by_period(asked: &Asked<'_>, placed: &[Placed]) -> Table {
    let subject = asked.subject;
    let mut table = subject.table(&BY_PERIOD);
    let mut forecast = false;
    for borrower in &asked.borrowers {
        for reading in asked.query.readings() {
            let lines = Lines::of(subject, asked.seen, (borrower, placed), reading, asked.span);
            forecast |= lines.has(Line::Revenue) || lines.has(Line::Costs);
            for at in asked.periods(borrower, reading) {
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
fn receipts(asked: &Asked<'_>, placed: &[Placed]) -> Table {
    let (subject, seen) = (asked.subject, asked.seen);
    let mut table = subject.table(&RECEIPTS);
    for borrower in &asked.borrowers {
        let mut by: BTreeMap<(keiretsu_model::PartyRef, ContractRef, &str), Vec<&Placed>> = BTreeMap::new();
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
fn maturities(asked: &Asked<'_>, placed: &[Placed]) -> Table {
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
                let gap = principal.beyond(&cash).max(&Value::exact(0.0));
                table.push(vec![
                    subject.party(borrower.party),
                    Cell::text(reading.name()),
                    period(subject, asked.span, at),
                    Cell::Value(principal),
                    Cell::Value(cash),
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
