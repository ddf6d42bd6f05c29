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
//! as of 2026-04-21
//!
//! Cloud has committed $13B to Lab (firm), the only pair; at the headline ≤$33B.
//! Most that is not firm: Cloud to Lab, ≤$20B on conditions and $0 announced.
//!
//! payer  payee  reading   paid  binding  conditional  announced  total
//! ────────────────────────────────────────────────────────────────────
//! Cloud  Lab    firm       $8B      $5B           $0         $0   $13B
//! Cloud  Lab    expected   $8B      $5B      unknown         $0  ≥$13B
//! Cloud  Lab    headline   $8B      $5B        ≤$20B         $0  ≤$33B
//!
//! Capital, purchases and building; service credits are listed by contract only.
//!
//! left out:
//!   round.later: the chance of its condition is not known
//!
//! Commitments by contract
//! as of 2026-04-21
//!
//! contract          payer  payee  for     standing                           firm  expected  headline
//! ───────────────────────────────────────────────────────────────────────────────────────────────────
//! round.later       Cloud  Lab    equity  conditional                          $0   unknown     ≤$20B
//! round.earlier     Cloud  Lab    equity  paid                                $8B       $8B       $8B
//! round.at-signing  Cloud  Lab    equity  binding, due, payment unconfirmed   $5B       $5B       $5B
//! not shown: due (--wide)
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
mod findings;
mod tables;
mod weighed;

use std::collections::{BTreeMap, BTreeSet};

use keiretsu_contracts::side::Commitment;
use keiretsu_model::{PartyRef, Standing};
use keiretsu_program::{FlowId, Probe, Quantity, Reading, Span};
use keiretsu_values::{Cell, Finding, Table, TableSpec, Total, Value};

pub(super) use self::tables::PAIRS;
use self::tables::{CONTRACTS, YEARS};
pub(crate) use self::weighed::Weighed;
use crate::{Measure, PeriodLength, Query, Seen, Subject};

pub struct Commitments;

pub(super) const NAME: &str = "commitments";

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
        &[&PAIRS, &CONTRACTS, &YEARS, &at_due::AT_DUE]
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
            vec![by_year(subject, query, seen, &wanted)]
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

    fn findings(&self, tables: &[Table]) -> Vec<Finding> {
        findings::of(tables)
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
            for standing in [Standing::Paid, Standing::Binding, Standing::Conditional, Standing::Announced] {
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

/// One row for each commitment, reading and calendar year, and one for undated amounts.
fn by_year(subject: &Subject<'_>, query: &Query, seen: &Seen<'_>, wanted: &[&Commitment]) -> Table {
    let weighed = Weighed { seen, subject };
    let mut all: Vec<YearsOf> = Vec::new();
    for commitment in wanted.iter().filter(|commitment| counts(commitment) && !commitment.slice) {
        for reading in query.readings() {
            let (years, undated) = weighed.years(commitment, reading);
            let head = vec![
                Cell::named(&subject.name(commitment)),
                subject.party(commitment.from),
                subject.party(commitment.to),
                Cell::text(standing(commitment)),
                Cell::text(reading.name()),
            ];
            // What a contract says of the past and of the time to come may stand alike: it is one row.
            match all.iter_mut().find(|had| had.head == head) {
                Some(had) => had.add(years, &undated),
                None => all.push(YearsOf { head, years: years.into_iter().collect(), undated }),
            }
        }
    }
    let years: BTreeSet<i32> = all.iter().flat_map(|one| one.years.keys().copied()).collect();
    let mut table = subject.table(&YEARS);
    table.across = years.iter().map(|year| Cell::text(year.to_string())).collect();
    table.across.push(Cell::text(UNDATED));
    for YearsOf { head, years: mine, undated } in all {
        let nothing = Value::exact(0.0);
        let dated = years.iter().map(|year| (year.to_string(), mine.get(year).unwrap_or(&nothing)));
        for (year, amount) in dated.chain([(UNDATED.to_owned(), &undated)]) {
            let row = head.iter().cloned().chain([Cell::Text(year), Cell::Value(amount.clone())]);
            table.push(row.collect());
        }
    }
    table.note("Factors follow their central paths.");
    table
}

/// Dues of a commitment in a reading, by year.
struct YearsOf {
    /// The cells that name it.
    head: Vec<Cell>,
    years: BTreeMap<i32, Value>,
    undated: Value,
}

impl YearsOf {
    fn add(&mut self, years: Vec<(i32, Value)>, undated: &Value) {
        for (year, amount) in years {
            let sum = self.years.entry(year).or_insert(Value::exact(0.0));
            *sum = sum.plus(&amount);
        }
        self.undated = self.undated.plus(undated);
    }
}
