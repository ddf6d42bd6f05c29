//! What has been paid, is owed, depends on something, or is only announced, between each pair of parties.
//!
//! For each commitment of the text: its standing at as-of, and its amount as worded in the three readings.
//! `firm` is paid plus binding; `headline` adds what is conditional and announced, at the cap; `expected`
//! lies between, as `expect` and stated chances say. The same contract is the payer's purchase obligation
//! (ASC 440-10-50) and the payee's remaining performance obligation (ASC 606-10-50-13): both read this table.
//! What fell due without a source that confirms payment is `binding, due, payment unconfirmed`. Lapsed and
//! terminated commitments count nowhere but stay visible; a slice (`part_of`) counts only inside its whole.
//!
//! With `--by year` the amounts fall into the calendar years of their terms; what depends on a condition
//! falls where the condition holds on the central path of the reading, else in the month of its lapse, else
//! it is undated.
//!
//! With `--paths` a third table shows what falls due within the horizon of each amount whose condition the
//! run decides, over all paths, beside the expected reading on central paths.
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! title    = "Paid, binding, conditional"
//! as_of    = 2026-04-21
//!
//! [sources.release]
//! title = "Press release"
//!
//! [parties]
//! cloud = { name = "Cloud" }
//! lab   = { name = "Lab" }
//!
//! [events]
//! milestones = { text = "commercial milestones, not public" }
//!
//! [contracts.round]
//! type     = "equity"
//! investor = "cloud"
//! issuer   = "lab"
//! source   = "release"
//!
//! [contracts.round.tranches]
//! earlier    = { amount = "$8B", paid = "2023-09 to 2024-11" }
//! at-signing = { amount = "$5B", on = 2026-04-20 }
//! later      = { amount = "up to $20B", when = "milestones", before = 2030-12-31 }
//! ```
//!
//! By hand: firm 8 + 5 = 13, headline 8 + 5 + 20 = 33; nothing says how likely the milestones are, so the
//! expected amount of the last tranche is unknown.
//!
//! ```console
//! $ keiretsu measure model commitments
//! Commitments between parties
//! in $bn, as of 2026-04-21
//!
//! payer  payee  reading   paid  binding  conditional  announced  total
//! ────────────────────────────────────────────────────────────────────
//! Cloud  Lab    firm       8.0      5.0          -            -   13.0
//! Cloud  Lab    expected   8.0      5.0      unknown          -  ≥13.0
//! Cloud  Lab    headline   8.0      5.0        ≤20.0          -  ≤33.0
//!
//! Capital, purchases and building; service credits are listed by contract only.
//!
//! left out:
//!   round.later: the chance of its condition is not known
//!
//!
//! Commitments by contract
//! in $bn, as of 2026-04-21
//!
//! contract          payer  payee  for     standing          due               firm  expected  headline
//! ────────────────────────────────────────────────────────────────────────────────────────────────────
//! round.earlier     Cloud  Lab    equity  paid              2023 to 2024       8.0       8.0       8.0
//! round.at-signing  Cloud  Lab    equity  binding, due,     2026               5.0       5.0       5.0
//!                                           payment
//!                                           unconfirmed
//! round.later       Cloud  Lab    equity  conditional       when its           -     unknown     ≤20.0
//!                                                             condition
//!                                                             holds
//!
//! left out:
//!   round.later (expected): the chance of its condition is not known
//!
//! assumptions:
//!   round.tranches.earlier.paid = 2023-09 to 2024-11
//!   round.tranches.at-signing.on = 2026-04-20
//!   round.tranches.later.when = milestones
//!   round.tranches.later.before = 2030-12-31
//! ```

mod at_due;
mod weighed;

use keiretsu_contracts::side::Commitment;
use keiretsu_model::{PartyRef, Standing};
use keiretsu_program::{FlowId, Probe, Quantity, Reading, Span};
use keiretsu_values::{Cell, Column, Table, Total, Value};

pub(crate) use self::weighed::Weighed;
use crate::{Measure, Period, Query, Seen, Subject};

/// See the module.
pub struct Commitments;

const NAME: &str = "commitments";

impl Measure for Commitments {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "paid, binding, conditional, announced: between each pair, by contract and by year"
    }

    fn formula(&self, column: &str) -> Option<&'static str> {
        Some(match column {
            "paid" | "binding" | "conditional" | "announced" => {
                "sum of the amounts with this standing, as worded, read as the reading says"
            }
            "total" => "{paid} + {binding} + {conditional} + {announced}",
            "firm" => "the amount if it is paid or binding, else 0",
            "expected" => "the chance of its condition x what is expected of the amount",
            "headline" => "the most that the words say, whatever the condition",
            "undated" => "what falls in no year because its condition has no date",
            year if year.parse::<i32>().is_ok() => "the amount x the share of it that falls in the year",
            _ => return crate::over_paths::formula(column),
        })
    }

    fn needs(&self, subject: &Subject<'_>, _: &Query) -> Vec<Probe> {
        let by_month = subject.side.commitments.iter().filter_map(|commitment| commitment.flow.map(due));
        by_month.chain(at_due::needs(subject)).collect()
    }

    fn looks_beyond(&self) -> bool {
        true
    }

    fn tables(&self, subject: &Subject<'_>, query: &Query, seen: &Seen<'_>) -> Vec<Table> {
        let wanted = wanted(subject, query, &subject.side.commitments);
        let mut tables = match query.by {
            Some(Period::Year | Period::Month) => vec![by_year(subject, query, seen, &wanted)],
            _ => vec![
                pairs(
                    subject,
                    query,
                    &Weighed { seen, subject },
                    &self::wanted(subject, query, &subject.side.by_party),
                ),
                contracts(subject, &Weighed { seen, subject }, &wanted),
            ],
        };
        if seen.is_simulated() {
            tables.extend(at_due::over_all_paths(subject, seen, &wanted));
        }
        tables
    }
}

fn due(flow: FlowId) -> Probe {
    Probe { quantity: Quantity::Due(flow), span: Span::Month }
}

fn wanted<'a>(subject: &Subject<'_>, query: &Query, list: &'a [Commitment]) -> Vec<&'a Commitment> {
    list.iter().filter(|commitment| asked(subject, query, commitment)).collect()
}

fn asked(subject: &Subject<'_>, query: &Query, commitment: &Commitment) -> bool {
    let (from, to) = (subject.model.group(commitment.from), subject.model.group(commitment.to));
    from != to && (query.wants(from) || query.wants(to))
}

/// One row for each pair of groups and reading.
fn pairs(subject: &Subject<'_>, query: &Query, weighed: &Weighed<'_>, wanted: &[&Commitment]) -> Table {
    let mut columns = vec![Column::text("payer"), Column::text("payee"), Column::text("reading")];
    let shown = [Standing::Paid, Standing::Binding, Standing::Conditional, Standing::Announced];
    columns.extend(shown.iter().map(|standing| subject.money(standing.word())));
    columns.push(subject.money("total"));
    let mut table = subject.table(NAME, "Commitments between parties", columns);
    let mut keys: Vec<(PartyRef, PartyRef)> = Vec::new();
    for commitment in wanted.iter().filter(|commitment| counts(commitment)) {
        let key = (subject.model.group(commitment.from), subject.model.group(commitment.to));
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    for (from, to) in keys {
        for reading in query.readings() {
            let mut row = vec![
                Cell::text(subject.title(from)),
                Cell::text(subject.title(to)),
                Cell::text(reading.name()),
            ];
            let mut total = Total::default();
            for standing in shown {
                let mut sum = Total::default();
                let mine = wanted.iter().filter(|commitment| {
                    commitment.standing == standing
                        && subject.runs(commitment, from, to)
                        && counts(commitment)
                });
                for commitment in mine {
                    let amount = weighed.amount(commitment, reading);
                    sum.add(&subject.name(commitment), &amount);
                    total.add(&subject.name(commitment), &amount);
                }
                row.push(Cell::Value(sum.value()));
                for what in sum.left_out {
                    table.leave_out(what);
                }
            }
            row.push(Cell::Value(total.value()));
            table.push(row);
        }
    }
    table.note("Capital, purchases and building; service credits are listed by contract only.");
    if wanted.iter().any(|commitment| commitment.is_contingent()) {
        table.note("So are guarantees and backstops, which may never be called.");
    }
    quotes(subject, wanted, &mut table);
    table
}

/// Says whether totals that sources quote agree with the sums.
fn quotes(subject: &Subject<'_>, wanted: &[&Commitment], table: &mut Table) {
    for quote in &subject.side.quotes {
        if !wanted.iter().any(|commitment| commitment.contract == quote.contract) {
            continue;
        }
        let name = subject.model.contract(quote.contract).map_or("", |contract| contract.name.as_str());
        let verdict = if quote.agrees { "agrees with" } else { "does not agree with" };
        table
            .note(format!("{name}: the quoted total \"{}\" {verdict} the sum of its tranches.", quote.words));
    }
}

/// Whether a commitment counts in totals of cash.
fn counts(commitment: &Commitment) -> bool {
    commitment.is_cash()
}

/// One row for each commitment.
fn contracts(subject: &Subject<'_>, weighed: &Weighed<'_>, wanted: &[&Commitment]) -> Table {
    let columns = vec![
        Column::text("contract"),
        Column::text("payer"),
        Column::text("payee"),
        Column::text("kind").titled("for"),
        Column::text("standing"),
        Column::text("due"),
        subject.money("firm"),
        subject.money("expected"),
        subject.money("headline"),
    ];
    let mut table = subject.table(NAME, "Commitments by contract", columns);
    for commitment in wanted {
        let mut row = vec![
            Cell::text(subject.name(commitment)),
            Cell::text(subject.title(commitment.from)),
            Cell::text(subject.title(commitment.to)),
            Cell::text(commitment.purpose.name()),
            Cell::text(standing(commitment)),
            Cell::text(when(commitment)),
        ];
        row.extend(Reading::ALL.map(|reading| Cell::Value(weighed.amount(commitment, reading))));
        table.push(row);
        if commitment.slice {
            table.note(format!(
                "{} is part of another commitment and counts only inside it.",
                subject.name(commitment)
            ));
        }
    }
    assumptions(subject, wanted, &mut table);
    table
}

fn standing(commitment: &Commitment) -> String {
    let word = commitment.standing.word();
    if commitment.is_unconfirmed() { format!("{word}, due, payment unconfirmed") } else { word.to_owned() }
}

/// When it falls due, in words.
fn when(commitment: &Commitment) -> String {
    let years = [commitment.dues.first(), commitment.dues.last()].map(|due| due.map(|due| due.on.year()));
    match years {
        [Some(first), Some(last)] if first == last => first.to_string(),
        [Some(first), Some(last)] => format!("{first} to {last}"),
        _ if commitment.standing == Standing::Conditional => "when its condition holds".to_owned(),
        _ => "undated".to_owned(),
    }
}

/// What the amounts rest on that no source says.
fn assumptions(subject: &Subject<'_>, wanted: &[&Commitment], table: &mut Table) {
    let names: Vec<&str> = wanted
        .iter()
        .filter_map(|commitment| subject.model.contract(commitment.contract))
        .map(|contract| contract.name.as_str())
        .collect();
    for assumption in subject.model.assumptions() {
        let owner = assumption.what.split(['.', ':']).next().unwrap_or_default();
        if names.contains(&owner) {
            let words =
                if assumption.words.is_empty() { String::new() } else { format!(" = {}", assumption.words) };
            table.assumptions.push(format!("{}{words}", assumption.what));
        }
    }
    table.assumptions.extend(subject.side.assumptions.iter().cloned());
}

/// One row for each commitment and reading, one column for each calendar year, what is undated apart.
fn by_year(subject: &Subject<'_>, query: &Query, seen: &Seen<'_>, wanted: &[&Commitment]) -> Table {
    let weighed = Weighed { seen, subject };
    let mut rows = Vec::new();
    for commitment in wanted.iter().filter(|commitment| counts(commitment) && !commitment.slice) {
        for reading in query.readings() {
            rows.push((commitment, reading, weighed.years(commitment, reading)));
        }
    }
    let mut all: Vec<i32> =
        rows.iter().flat_map(|(_, _, (years, _))| years.iter().map(|(year, _)| *year)).collect();
    all.sort_unstable();
    all.dedup();
    let mut columns = vec![
        Column::text("contract"),
        Column::text("payer"),
        Column::text("payee"),
        Column::text("standing"),
        Column::text("reading"),
    ];
    columns.extend(all.iter().map(|year| subject.money(&year.to_string())));
    columns.push(subject.money("undated"));
    let mut table = subject.table(NAME, "Commitments by calendar year in which they fall due", columns);
    for (commitment, reading, (years, undated)) in rows {
        let mut row = vec![
            Cell::text(subject.name(commitment)),
            Cell::text(subject.title(commitment.from)),
            Cell::text(subject.title(commitment.to)),
            Cell::text(standing(commitment)),
            Cell::text(reading.name()),
        ];
        row.extend(all.iter().map(|year| {
            let mine = years.iter().find(|(known, _)| known == year);
            Cell::Value(mine.map_or(Value::exact(0.0), |(_, value)| value.clone()))
        }));
        row.push(Cell::Value(undated));
        table.push(row);
    }
    table.note("Factors follow their central paths.");
    table
}
