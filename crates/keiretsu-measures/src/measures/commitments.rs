//! What has been paid, is owed, depends on something, or is only announced, between each pair of parties.
//!
//! For each commitment of the text: its standing at as-of, and its amount as worded in the three readings.
//! `firm` is paid plus binding; `headline` adds what is conditional and announced, at the cap; `expected`
//! lies between, as `expect` and stated chances say. The same contract is the payer's purchase obligation
//! (ASC 440-10-50) and the payee's remaining performance obligation (ASC 606-10-50-13): both read this table.
//! What fell due without a source that confirms payment is `binding, due, payment unconfirmed`. Lapsed and
//! terminated commitments count nowhere but stay visible; a slice (`part_of`) counts only inside its whole.
//!
//! Where some contract says whether it can be cancelled (`cancellable`), the amounts between pairs are taken
//! apart: what falls away if it is cancelled as soon as it can be, what is not said, and what stands, which
//! is what has fallen due, what falls due within the notice, and the fee. By contract the terms stand in
//! words, with what of the firm amount would stand.
//!
//! Options to extend, and to renew a lease, are conditional. To renew and to leave a lease that guarantees a
//! residual value exclude each other: both have a row by contract, and a total counts the larger in the
//! headline; what is expected of each is weighed by its chance, so it counts both.
//!
//! With `--by year` the amounts fall into the calendar years (quarters, months) of their terms; what
//! depends on a condition falls where the condition holds on the central path of the reading, else in the
//! month of its lapse, else it is undated.
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
//!   round.tranches.later.when = milestones
//! ```
//!
//! A contract that its buyer may end, with an option to extend it, beside one that says nothing of either:
//!
//! ```toml
//! # file: rights/keiretsu.toml
//! keiretsu = 1
//! title    = "What stands only as long as nobody cancels"
//! as_of    = 2025-12-31
//!
//! [parties]
//! lab   = { name = "Lab" }
//! cloud = { name = "Cloud" }
//!
//! [contracts.compute]
//! type        = "supply"
//! buyer       = "lab"
//! seller      = "cloud"
//! from        = "2026-01"
//! until       = "2026-12"
//! minimum     = "$2M/month"
//! cancellable = { by = "buyer", notice = "3 months", fee = "$4M" }
//! because     = "an example"
//!
//! [contracts.compute.options]
//! extension = { by = "buyer", total = "up to $60M", until = "2027-12" }
//!
//! [contracts.storage]
//! type    = "supply"
//! buyer   = "lab"
//! seller  = "cloud"
//! from    = "2026-01"
//! until   = "2026-12"
//! minimum = "$1M/month"
//! because = "an example"
//! ```
//!
//! By hand: of 24, three months are 6, and the fee is 4, so 10 stand and 14 can be cancelled; the option adds
//! at most 60 - 24 = 36.
//!
//! ```console
//! $ keiretsu measure rights commitments --reading firm
//! Commitments between parties
//! as of 2025-12-31
//!
//! Lab has committed $36M to Cloud (firm), the only pair.
//!
//!                                                                         can be   not  cannot
//! payer  payee  reading  paid  binding  conditional  announced  total  cancelled  said      be
//! ────────────────────────────────────────────────────────────────────────────────────────────
//! Lab    Cloud  firm       $0     $36M           $0         $0   $36M       $14M  $12M    $10M
//!
//! Capital, purchases and building; service credits are listed by contract only.
//!
//! Commitments by contract
//! as of 2025-12-31
//!
//!                                                                                              firm if
//! contract           payer  payee  standing     firm  expected  headline  cancelling         cancelled
//! ────────────────────────────────────────────────────────────────────────────────────────────────────
//! compute.extension  Lab    Cloud  conditional    $0   unknown     ≤$36M  by Lab; notice 3          $0
//!                                                                           months; fee $4M
//! compute            Lab    Cloud  binding      $24M      $24M      $24M  by Lab; notice 3        $10M
//!                                                                           months; fee $4M
//! storage            Lab    Cloud  binding      $12M      $12M      $12M  not said
//! not shown: for, due (--wide)
//!
//! left out:
//!   compute.extension (expected): nothing says whether the option is used
//!
//! assumptions:
//!   compute.from = 2026-01
//!   compute.until = 2026-12
//!   compute.minimum = $2M/month
//!   compute.cancellable.notice = 3 months
//!   compute.cancellable.fee = $4M
//!   compute.options.extension.total = up to $60M
//!   compute.options.extension.until = 2027-12
//!   storage.from = 2026-01
//!   storage.until = 2026-12
//!   storage.minimum = $1M/month
//! ```

mod at_due;
mod contracts;
mod findings;
mod tables;
mod weighed;
mod years;

use keiretsu_contracts::side::Commitment;
use keiretsu_model::{PartyRef, Standing};
use keiretsu_program::{FlowId, Probe, Quantity, Reading, Span};
use keiretsu_values::{Cell, Finding, Table, TableSpec, Total};

pub(super) use self::tables::PAIRS;
use self::tables::{CONTRACTS, YEARS};
pub(crate) use self::weighed::Weighed;
use crate::cancels::{self, Cancels};
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
        let by_pair = !PeriodLength::cuts(query.by);
        !by_pair || query.wants_table(CONTRACTS.name) || query.readings().contains(&Reading::Expected)
    }

    fn tables(&self, subject: &Subject<'_>, query: &Query, seen: &Seen<'_>) -> Vec<Table> {
        let wanted = wanted(subject, query, &subject.side.commitments);
        let mut tables = if PeriodLength::cuts(query.by) {
            vec![years::by_period(subject, query, seen, &wanted)]
        } else {
            let weighed = Weighed { seen, subject };
            let pairs = query.wants_table(PAIRS.name).then(|| {
                let by_party = self::wanted(subject, query, &subject.side.by_party);
                pairs(subject, query, &weighed, &by_party)
            });
            let by_contract = query.wants_table(CONTRACTS.name);
            let contracts = by_contract.then(|| contracts::contracts(subject, query, &weighed, &wanted));
            pairs.into_iter().chain(contracts).collect()
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
    from != to
        && (query.wants(from) || query.wants(to))
        && query.wants_row("contract", &subject.name(commitment))
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
    let name = |party: PartyRef| subject.model.party(party).name.as_str();
    keys.retain(|(from, to)| query.wants_row("payer", name(*from)) && query.wants_row("payee", name(*to)));
    let mut said = false;
    for (from, to) in keys {
        for reading in query.readings() {
            let mut row = vec![subject.party(from), subject.party(to), Cell::text(reading.name())];
            let mut total = Total::default();
            let mut cancels = Cancels::default();
            for standing in STANDINGS {
                if is_beside(query, standing) {
                    row.push(Cell::Empty);
                    continue;
                }
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
                    cancels.add_parts(&name, commitment, &weighed.parts(commitment, reading));
                    cancels.add_fallen(&name, commitment, reading);
                }
                row.push(Cell::Value(sum.value()));
                for what in sum.left_out {
                    table.leave_out(what);
                }
            }
            row.push(Cell::Value(total.value()));
            row.extend(cancels.cells());
            said |= cancels.said();
            table.push(row);
        }
    }
    cancels::shown_where(said, &mut table);
    table.note("Capital, purchases and building; service credits are listed by contract only.");
    if wanted.iter().any(|commitment| commitment.is_contingent()) {
        table.note("So are guarantees and backstops, which may never be called.");
    }
    quotes(subject, wanted, &mut table);
    table
}

/// The standings with a column each, in the order of the table.
const STANDINGS: [Standing; 4] =
    [Standing::Paid, Standing::Binding, Standing::Conditional, Standing::Announced];

/// Whether the one column that is read is that of another standing.
fn is_beside(query: &Query, standing: Standing) -> bool {
    let column = |standing: Standing| query.column() == Some(standing.word());
    !column(standing) && STANDINGS.into_iter().any(column)
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
