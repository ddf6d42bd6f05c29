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
mod years;

use keiretsu_contracts::side::{Commitment, Said};
use keiretsu_model::{PartyRef, Standing};
use keiretsu_program::{FlowId, Probe, Quantity, Reading, Span};
use keiretsu_values::{Cell, ColumnSpec, Table, TableSpec, Total};

pub(crate) use self::weighed::Weighed;
use crate::cancels::{self, Cancels};
use crate::{Measure, PeriodLength, Query, Seen, Subject};

pub struct Commitments;

pub(super) const NAME: &str = "commitments";

pub(super) const PAIRS: TableSpec = TableSpec::new(
    NAME,
    "pairs",
    "Commitments between parties",
    &[
        &[
            ColumnSpec::party("payer", "the group that pays"),
            ColumnSpec::party("payee", "the group that is paid"),
            ColumnSpec::reading(),
            ColumnSpec::money("paid", "amounts that a source says were paid").by(OF_STANDING),
            ColumnSpec::money("binding", "amounts that are owed").by(OF_STANDING),
            ColumnSpec::money("conditional", "amounts that are owed if a condition holds").by(OF_STANDING),
            ColumnSpec::money("announced", "amounts that are only announced").by(OF_STANDING),
            ColumnSpec::money("total", "all that the payer has committed to the payee")
                .is("{paid} + {binding} + {conditional} + {announced}"),
        ],
        &cancels::COLUMNS,
    ],
);

const OF_STANDING: &str = "sum of the amounts with this standing, as worded, read as the reading says";

const CONTRACTS: TableSpec = TableSpec::new(
    NAME,
    "contracts",
    "Commitments by contract",
    &[&[
        ColumnSpec::contract("the contract, or the tranche of it, that commits"),
        ColumnSpec::party("payer", "the party that pays"),
        ColumnSpec::party("payee", "the party that is paid"),
        ColumnSpec::text("kind", "what is paid for").titled("for"),
        ColumnSpec::text("standing", STANDING),
        ColumnSpec::text("due", "the calendar years in which it falls due, or what it waits for"),
        ColumnSpec::money("firm", "the amount in the firm reading")
            .by("the amount if it is paid or binding, else 0"),
        ColumnSpec::money("expected", "the amount in the expected reading").by(EXPECTED),
        ColumnSpec::money("headline", "the amount in the headline reading")
            .by("the most that the words say, whatever the condition"),
        ColumnSpec::text(
            "cancelling",
            "what is said of cancelling it: who can, on which notice, at which fee",
        )
        .titled("cancelling")
        .when_filled(),
        ColumnSpec::money("stands", "what would stand of the firm amount if it were cancelled today")
            .titled("firm if cancelled")
            .by("what has fallen due, what falls due within the notice, and the fee")
            .when_filled(),
    ]],
);

const STANDING: &str = "paid, binding, conditional, announced, lapsed or terminated at as-of";
const EXPECTED: &str = "the chance of its condition x what is expected of the amount";

/// Amounts that fall due in no year.
const UNDATED: &str = "undated";

impl Measure for Commitments {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "paid, binding, conditional, announced: between each pair, by contract and by year"
    }

    fn schema(&self) -> &'static [&'static TableSpec] {
        &[&PAIRS, &CONTRACTS, &years::YEARS, &at_due::AT_DUE]
    }

    fn needs(&self, subject: &Subject<'_>, _: &Query) -> Vec<Probe> {
        let by_month = subject.side.commitments.iter().filter_map(|commitment| commitment.flow.map(due));
        by_month.chain(at_due::needs(subject)).collect()
    }

    fn looks_beyond(&self, query: &Query) -> bool {
        // Between pairs only the expected reading weighs.
        let by_pair = !matches!(query.by, Some(PeriodLength::Year | PeriodLength::Month));
        !by_pair || query.wants_table(CONTRACTS.name) || query.readings().contains(&Reading::Expected)
    }

    fn tables(&self, subject: &Subject<'_>, query: &Query, seen: &Seen<'_>) -> Vec<Table> {
        let wanted = wanted(subject, query, &subject.side.commitments);
        let mut tables = if let Some(PeriodLength::Year | PeriodLength::Month) = query.by {
            vec![years::by_year(subject, query, seen, &wanted)]
        } else {
            let weighed = Weighed { seen, subject };
            let by_party = self::wanted(subject, query, &subject.side.by_party);
            let pairs = pairs(subject, query, &weighed, &by_party);
            let by_contract = query.wants_table(CONTRACTS.name);
            let contracts = by_contract.then(|| contracts(subject, &weighed, &wanted));
            [pairs].into_iter().chain(contracts).collect()
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
    list.iter().filter(|commitment| is_requested(subject, query, commitment)).collect()
}

fn is_requested(subject: &Subject<'_>, query: &Query, commitment: &Commitment) -> bool {
    let (from, to) = (subject.model.group(commitment.from), subject.model.group(commitment.to));
    from != to && (query.wants(from) || query.wants(to))
}

/// One row for each pair of groups and reading.
fn pairs(subject: &Subject<'_>, query: &Query, weighed: &Weighed<'_>, wanted: &[&Commitment]) -> Table {
    let mut table = subject.table(&PAIRS);
    let mut keys: Vec<(PartyRef, PartyRef)> = Vec::new();
    for commitment in wanted.iter().filter(|commitment| counts(commitment)) {
        let key = (subject.model.group(commitment.from), subject.model.group(commitment.to));
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    for (from, to) in keys {
        for reading in query.readings() {
            let mut row = vec![subject.party(from), subject.party(to), Cell::text(reading.name())];
            let mut total = Total::default();
            let mut cancels = Cancels::default();
            for standing in [Standing::Paid, Standing::Binding, Standing::Conditional, Standing::Announced] {
                let mut sum = Total::default();
                let mine = wanted.iter().filter(|commitment| {
                    commitment.standing == standing
                        && subject.runs(commitment, from, to)
                        && counts(commitment)
                });
                for commitment in mine {
                    let (name, amount) = (subject.name(commitment), weighed.in_totals(commitment, reading));
                    sum.add(&name, &amount);
                    total.add(&name, &amount);
                    cancels.add_parts(&name, &weighed.parts(commitment, reading));
                    cancels.add_fallen(&name, &commitment.fallen(reading));
                }
                row.push(Cell::Value(sum.value()));
                for what in sum.left_out {
                    table.leave_out(what);
                }
            }
            row.push(Cell::Value(total.value()));
            row.extend(cancels.cells(subject));
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

/// Notes on the agreement of quoted totals with the sums.
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
    let mut table = subject.table(&CONTRACTS);
    for commitment in wanted {
        let mut row = vec![
            Cell::named(&subject.name(commitment)),
            subject.party(commitment.from),
            subject.party(commitment.to),
            Cell::text(commitment.purpose.name()),
            Cell::text(standing(commitment)),
            Cell::text(when(commitment)),
        ];
        row.extend(Reading::ALL.map(|reading| Cell::Value(weighed.amount(commitment, reading))));
        row.extend(cancelling(subject, commitment));
        table.push(row);
        if commitment.branch {
            table.note(format!(
                "{} is one of two branches that exclude each other: totals count the larger, expected both.",
                subject.name(commitment)
            ));
        }
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

/// What is said of cancelling it, and what of its firm amount stands all the same.
fn cancelling(subject: &Subject<'_>, commitment: &Commitment) -> [Cell; 2] {
    if !subject.says_of_cancelling() {
        return [Cell::Empty, Cell::Empty];
    }
    let words =
        if commitment.cancelling.said == Said::Nothing { "not said" } else { &commitment.cancelling.words };
    let stands = match commitment.cancelling.said {
        Said::Can => commitment.fallen(Reading::Firm).plus(&commitment.bound_to(Reading::Firm)),
        Said::Never => commitment.amount(Reading::Firm),
        _ => return [Cell::text(words), Cell::Empty],
    };
    [Cell::text(words), Cell::Value(stands)]
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
        _ => UNDATED.to_owned(),
    }
}

/// Assumptions behind the amounts.
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
