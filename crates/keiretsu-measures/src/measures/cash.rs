//! Each party's cash: what comes in and goes out by kind, when it first runs short, and by how much.
//!
//! For each calendar year and reading: receipts and payments by kind, their sum (`net`), and cash at the end
//! of the year. Money is received (positive) or paid (negative) by the party; flows inside a group cancel. In
//! a reading nobody raises money in the firm case; a party without `funding` pays everything and its cash may
//! fall below zero: that gap is what it would have to find. Amounts that are unknown are left out and named,
//! and so is what is committed and in no month because nothing dates it.
//!
//! What a backstop, a guarantee or a residual value is called for is paid in every reading as the run makes
//! it; `commitments` has nothing of it in the firm reading, as nothing is owed before it is called. A note
//! names such contracts where the table holds payments of them.
//!
//! The summary (`--by total`) gives the lowest point of cash, the first month in which it is below zero or in
//! which something stays unpaid, the gap then and at its widest (the funding need), and the runway: months
//! until then. A party that can fail does not fall below zero: its gap is what it leaves unpaid. Cash that
//! nobody states is unknown, and so is everything that rests on it; the flows are shown all the same.
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! title    = "A lab that runs out of money"
//! as_of    = 2025-12-31
//! horizon  = "2 years"
//!
//! [parties]
//! cloud = { name = "Cloud" }
//!
//! [parties.lab]
//! name    = "Lab"
//! cash    = "$100M"
//! revenue = "$60M/yr"
//! because = "an example"
//!
//! [contracts.compute]
//! type    = "supply"
//! buyer   = "lab"
//! seller  = "cloud"
//! minimum = "$10M/month"
//! because = "an example"
//! ```
//!
//! By hand: 60 in and 120 out a year leave 40 at the end of 2026 and -20 at the end of 2027; 5 a month are
//! lost, so cash of 100 is below zero in the 21st month, 2027-09.
//!
//! ```console
//! $ keiretsu measure model cash --party lab --reading firm
//! Cash received and paid
//! as of 2025-12-31
//!
//! Short of cash: Lab, -$20M at the end of 2027 (firm).
//! The most that goes out in one period, net: Lab in 2026, -$60M (firm).
//!
//! party  reading  time  revenue  service  capex  equity  other    net  cash at end
//! ────────────────────────────────────────────────────────────────────────────────
//! Lab    firm     2026     $60M   -$120M     $0      $0     $0  -$60M         $40M
//! Lab    firm     2027     $60M   -$120M     $0      $0     $0  -$60M        -$20M
//!
//! Received is positive, paid negative. Other: raised, fees, interest, shares of revenue.
//! Revenue and costs that the text does not state are in no number: net and cash are without them.
//! Factors follow their central paths in all readings.
//! Revenue and costs are forecasts: firm counts what is owed, and is no downside.
//! $ keiretsu measure model cash --party lab --reading firm --by total
//! When cash runs short
//! as of 2025-12-31
//!
//! Lab is short first, in 2027-09 (firm): $20M is missing by the end of that year.
//! The lowest cash is that of Lab: -$20M in 2027-12 (firm).
//!
//!                  cash  lowest  lowest   first                  gap in  funding
//! party  reading    now    cash  in       short       runway  that year     need  raised
//! ──────────────────────────────────────────────────────────────────────────────────────
//! Lab    firm     $100M   -$20M  2027-12  2027-09  20 months       $20M     $20M      $0
//!
//! Factors follow their central paths in all readings.
//! Revenue and costs are forecasts: firm counts what is owed, and is no downside.
//! ```

mod by_tag;
mod findings;
mod notes;
mod short;
mod tables;

use keiretsu_model::PartyRef;
use keiretsu_program::{FlowId, PartyId, Probe, Quantity, Reading, Span, Tag};
use keiretsu_values::{Cell, Finding, Table, TableSpec, Value};

use self::by_tag::ByTag;
use self::short::{First, Months};
pub(super) use self::tables::SHORT;
use self::tables::{BY_PERIOD, OVER_PATHS};
use crate::{Measure, PeriodLength, Query, Seen, Subject, over_paths, unread};

pub struct Cash;

const NAME: &str = "cash";

impl Measure for Cash {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "cash by year and kind; the first month short, the gap, the funding need"
    }

    fn schema(&self) -> &'static [&'static TableSpec] {
        &[&BY_PERIOD, &SHORT, &OVER_PATHS]
    }

    fn needs(&self, subject: &Subject<'_>, query: &Query) -> Vec<Probe> {
        let span = span(query);
        let flows = 0..subject.program.flows.len() as u32;
        let mut probes: Vec<Probe> = flows.map(|flow| paid(FlowId(flow), span)).collect();
        for party in parties(subject, query) {
            let whose = id(party);
            let of = [Quantity::Cash, Quantity::Net, Quantity::Raised, Quantity::Shortfall];
            probes.extend(of.map(|of| Probe { quantity: of(whose), span }));
            probes.extend(notes::needs(subject, whose));
            probes.extend(watched(party).map(|(_, quantity)| Probe { quantity, span: span_of_paths(query) }));
        }
        probes
    }

    fn reads_of_paths(&self, subject: &Subject<'_>, query: &Query) -> Vec<Probe> {
        let span = span_of_paths(query);
        let all = parties(subject, query).into_iter().flat_map(watched);
        all.map(|(_, quantity)| Probe { quantity, span }).collect()
    }

    fn tables(&self, subject: &Subject<'_>, query: &Query, seen: &Seen<'_>) -> Vec<Table> {
        let mut table = match query.by {
            Some(PeriodLength::Total) => summary(subject, query, seen),
            _ => by_period(subject, query, seen),
        };
        left_out(subject, query, seen, &mut table);
        table.note("Factors follow their central paths in all readings.");
        notes::add(subject, seen, query, &mut table);
        let mut tables = vec![table];
        if seen.is_simulated() {
            tables.push(over_all_paths(subject, query, seen));
        }
        tables
    }

    fn findings(&self, tables: &[Table]) -> Vec<Finding> {
        findings::of(tables)
    }
}

fn span(query: &Query) -> Span {
    match query.by {
        Some(PeriodLength::Total) => Span::Month,
        by => PeriodLength::span(by),
    }
}

/// Distributions are by year, since that of a total has no date.
fn span_of_paths(query: &Query) -> Span {
    PeriodLength::span(query.by)
}

/// The probes of a party on all paths.
fn watched(party: PartyRef) -> [(&'static str, Quantity); 2] {
    [("net", Quantity::Net(id(party))), ("cash at end", Quantity::Cash(id(party)))]
}

fn over_all_paths(subject: &Subject<'_>, query: &Query, seen: &Seen<'_>) -> Table {
    let span = span_of_paths(query);
    let mut table = subject.table(&OVER_PATHS);
    table.window.simulation = seen.simulation();
    for party in parties(subject, query) {
        for (what, quantity) in watched(party) {
            let Some(series) = seen.simulated(Probe { quantity, span }) else { continue };
            let title = subject.title(party);
            if matches!(quantity, Quantity::Cash(_)) && !states_cash(subject, party) {
                table.leave_out(format!("{title}, {what}: {NOT_STATED}"));
                continue;
            }
            // What is unknown in every year is said once, in what is left out.
            if !over_paths::is_known(series) {
                table.leave_out(format!("{title}, {what}: {}", over_paths::UNKNOWN));
                continue;
            }
            for (at, (first, last)) in span.pieces(subject.program).into_iter().enumerate() {
                let time = subject.period(span, first, last + 1 - first);
                let mut row = vec![subject.party(party), Cell::text(what), time];
                let expected = seen.value(Reading::Expected, Probe { quantity, span }, at);
                row.extend(over_paths::cells(series, &expected, at, &Value::exact(1.0)));
                table.push(row);
            }
        }
    }
    table
}

fn paid(flow: FlowId, span: Span) -> Probe {
    Probe { quantity: Quantity::Payment(flow), span }
}

fn id(party: PartyRef) -> keiretsu_program::PartyId {
    keiretsu_program::PartyId(party.0)
}

/// The requested groups; by default those with a flow.
fn parties(subject: &Subject<'_>, query: &Query) -> Vec<PartyRef> {
    let model = subject.model;
    let mut touched = vec![false; model.parties.len()];
    for party in subject.program.flows.iter().flat_map(|flow| [flow.from, flow.to]) {
        touched[model.group(PartyRef(party.0)).at()] = true;
    }
    subject
        .groups()
        .into_iter()
        .filter(|group| query.wants(*group))
        .filter(|group| !query.parties.is_empty() || touched[group.at()])
        .collect()
}

/// The kinds of flow that stand in a column of their own, in the order of the columns.
const SHOWN: [Tag; 5] = [Tag::Revenue, Tag::Costs, Tag::Service, Tag::Capex, Tag::Equity];

fn by_period(subject: &Subject<'_>, query: &Query, seen: &Seen<'_>) -> Table {
    let span = span(query);
    let mut table = subject.table(&BY_PERIOD);
    let pieces = span.pieces(subject.program);
    let by_tag: Vec<(Reading, ByTag)> = query
        .readings()
        .into_iter()
        .map(|reading| (reading, ByTag::of(subject, seen, reading, span)))
        .collect();
    for party in parties(subject, query) {
        for (reading, by_tag) in &by_tag {
            let reading = *reading;
            let probe = Probe { quantity: Quantity::Net(id(party)), span };
            let balance = balance(subject, seen, reading, party, span);
            for (at, (first, last)) in pieces.iter().enumerate() {
                let time = subject.period(span, *first, last + 1 - first);
                let mut row = vec![subject.party(party), Cell::text(reading.name()), time];
                let net = seen.value(reading, probe, at);
                row.extend(SHOWN.map(|tag| kind(subject, by_tag, party, (tag, at))));
                let raised = Probe { quantity: Quantity::Raised(id(party)), span };
                let raised = seen.value(reading, raised, at);
                row.push(Cell::Value(by_tag.other(party, at, &net, &raised)));
                row.push(Cell::Value(net));
                row.push(Cell::Value(balance[at].clone()));
                table.push(row);
            }
        }
    }
    table.note("Received is positive, paid negative. Other: raised, fees, interest, shares of revenue.");
    if table.rows.iter().flatten().any(|cell| *cell == Cell::Empty) {
        table.note(
            "Revenue and costs that the text does not state are in no number: net and cash are without them.",
        );
    }
    if !subject.program.covers.is_empty() {
        table.note("Other holds what guarantors pay, too.");
    }
    table
}

/// The cash of one kind. Of a forecast that no party of the group states nothing can be said, not even $0.
fn kind(subject: &Subject<'_>, by_tag: &ByTag, party: PartyRef, (tag, piece): (Tag, usize)) -> Cell {
    let sum = by_tag.sum(party, tag, piece);
    match forecast(tag) {
        Some(term) if sum.is_zero() && !states(subject, party, term) => Cell::Empty,
        _ => Cell::Value(sum),
    }
}

/// The term of a party that a kind of cash is forecast by.
fn forecast(tag: Tag) -> Option<&'static str> {
    [(Tag::Revenue, "revenue"), (Tag::Costs, "costs")]
        .into_iter()
        .find(|(of, _)| *of == tag)
        .map(|(_, term)| term)
}

/// Whether a party of a group states a term.
fn states(subject: &Subject<'_>, group: PartyRef, term: &str) -> bool {
    let model = subject.model;
    let parties = model.parties.iter().enumerate();
    let mut members = parties.filter(|(at, _)| model.group(PartyRef(*at as u32)) == group);
    members.any(|(_, party)| party.record.has(term))
}

/// Why nothing is known of a party's cash.
const NOT_STATED: &str = "cash at as-of is not stated";

fn states_cash(subject: &Subject<'_>, party: PartyRef) -> bool {
    subject.model.party(party).record.has("cash")
}

/// Cash at the end of each period; unknown where cash at as-of is not stated.
fn balance(
    subject: &Subject<'_>,
    seen: &Seen<'_>,
    reading: Reading,
    party: PartyRef,
    span: Span,
) -> Vec<Value> {
    let probe = Probe { quantity: Quantity::Cash(id(party)), span };
    let pieces = span.pieces(subject.program).len();
    if !states_cash(subject, party) {
        return vec![Value::unknown(NOT_STATED); pieces];
    }
    (0..pieces).map(|piece| seen.value(reading, probe, piece)).collect()
}

fn summary(subject: &Subject<'_>, query: &Query, seen: &Seen<'_>) -> Table {
    let mut table = subject.table(&SHORT);
    for party in parties(subject, query) {
        // Nothing can be said of cash that nobody states; a party that was asked for by name gets its row all
        // the same.
        if query.parties.is_empty() && !states_cash(subject, party) {
            table.leave_out(format!("{}: {NOT_STATED}", subject.title(party)));
            continue;
        }
        for reading in query.readings() {
            table.push(summary_row(subject, seen, party, reading));
        }
    }
    table
}

fn summary_row(subject: &Subject<'_>, seen: &Seen<'_>, party: PartyRef, reading: Reading) -> Vec<Cell> {
    let program = subject.program;
    let balance = balance(subject, seen, reading, party, Span::Month);
    let raised = Probe { quantity: Quantity::Raised(id(party)), span: Span::Month };
    let raised = seen.sum(reading, raised, balance.len());
    let mut row = vec![subject.party(party), Cell::text(reading.name())];
    let now = subject
        .model
        .party(party)
        .record
        .figure("cash")
        .map(|stated| subject.model.readings(stated)[reading].clone());
    row.push(Cell::Value(now.unwrap_or_else(|| Value::unknown(NOT_STATED))));
    let shortfall = Probe { quantity: Quantity::Shortfall(id(party)), span: Span::Month };
    let unpaid = (0..balance.len()).map(|at| seen.value(reading, shortfall, at)).collect();
    let months = Months { cash: balance, unpaid };
    let name = |at: usize| program.month(at as u32 + 1).to_string();
    let lowest = months.lowest();
    let unknown = || Cell::text("unknown");
    let gap = months.gap(|at| program.month(at as u32 + 1).year());
    row.push(Cell::Value(lowest.clone()));
    row.push(months.lowest_in(&lowest).map_or_else(unknown, |at| Cell::text(name(at))));
    let (first, runway) = months.first_short();
    row.push(match first {
        First::Never => Cell::Empty,
        First::In(at) => Cell::text(name(at)),
        First::Unknown => unknown(),
    });
    row.push(runway.map_or(Cell::Empty, Cell::Value));
    row.push(Cell::Value(gap.clone()));
    row.push(Cell::Value(lowest.times(-1.0).max(&gap)));
    row.push(Cell::Value(raised));
    row
}

/// Names the flows whose amounts are unknown and therefore in no number.
fn left_out(subject: &Subject<'_>, query: &Query, seen: &Seen<'_>, table: &mut Table) {
    for reading in query.readings() {
        for flow in &seen.run(reading).left_out {
            let label = &subject.side.flows[flow.at()];
            let sides = subject.program.flows[flow.at()];
            let asked = |party: PartyId| query.wants(subject.model.group(PartyRef(party.0)));
            if !subject.side.undated.contains(flow) {
                table.leave_out(format!("{} ({}): its amount is unknown", label.name, reading.name()));
            } else if asked(sides.from) || asked(sides.to) {
                table.leave_out(format!("{}: nothing dates it", label.name));
            }
        }
        for unread in &seen.run(reading).unread {
            table.leave_out(format!("{} ({})", unread::words(subject, unread), reading.name()));
        }
    }
}
