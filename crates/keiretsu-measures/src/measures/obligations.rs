//! What a party may have to pay without owing it today: guarantees, backstops, residual values, leases not
//! begun, tranches that wait for a condition or a date.
//!
//! Contingent obligations (ASC 450-20, ASC 460, IAS 37) and commitments that no balance sheet shows yet, from
//! the terms as worded: what can be due at most, and that weighed by its chance (the expected reading: stated
//! chances and central paths, see `commitments`). With `--paths` the mean of what falls due within the run
//! stands beside it. Totals stand by who bears them and by what triggers them; obligations with one trigger
//! fall due together. What is owed whatever happens for something delivered, as a purchase minimum is, is not
//! here but in `commitments`; what is only announced binds nobody.
//!
//! A lease that guarantees a residual value is renewed, or left and what the asset is worth less is paid:
//! both are rows, and a total over both counts the larger. An option is here where somebody else than its
//! payer may use it. Where some contract says whether it can be cancelled, headline amounts are taken apart
//! by that.
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! title    = "Promises of a cloud"
//! as_of    = 2025-12-31
//! horizon  = "3 years"
//!
//! [parties]
//! cloud = { name = "Cloud" }
//! lab   = { name = "Lab" }
//! maker = { name = "Maker" }
//!
//! [events.milestones]
//! chance  = "60% by 2027-12"
//! because = "an example"
//!
//! [contracts.round]
//! type     = "equity"
//! investor = "cloud"
//! issuer   = "lab"
//! because  = "an example"
//!
//! [contracts.round.tranches]
//! earlier = { amount = "$8B", paid = 2025-06-30 }
//! dated   = { amount = "$5B", on = 2026-06-30 }
//! later   = { amount = "up to $20B", when = "milestones", before = 2027-12-31 }
//!
//! [contracts.stake]
//! type     = "equity"
//! investor = "cloud"
//! issuer   = "maker"
//! because  = "an example"
//! tranches.later = { amount = "$2B", when = "milestones", before = 2027-12-31 }
//! ```
//!
//! By hand: 8 is paid; 5 waits for its date; 60% of 20 is 12 and of 2 is 1.2. The cloud bears 5 + 20 + 2 =
//! 27 at most, 18.2 weighed, of which 22 at most hang on the milestones alone.
//!
//! ```console
//! $ keiretsu measure model obligations
//! Contingent and hidden obligations
//! as of 2025-12-31
//!
//! Cloud may owe Lab ≤$20B on round.later (tranche, conditional), the largest as read of 3 obligations.
//!
//!                                            in favour               amount,  weighed by
//! contract     kind                  bearer  of         trigger     headline  its chance
//! ──────────────────────────────────────────────────────────────────────────────────────
//! round.later  tranche, conditional  Cloud   Lab        milestones     ≤$20B       ≤$12B
//! round.dated  tranche, binding      Cloud   Lab        its date         $5B         $5B
//! stake.later  tranche, conditional  Cloud   Maker      milestones       $2B       $1.2B
//!
//! What is owed whatever happens and for something delivered, as purchase minimums are, is in
//!   `commitments`.
//!
//! Contingent and hidden obligations, by bearer
//! as of 2025-12-31
//!
//! bearer  amount, headline  weighed
//! ─────────────────────────────────
//! Cloud              ≤$27B  ≤$18.2B
//!
//! Contingent and hidden obligations, by trigger
//! as of 2025-12-31
//!
//! trigger     amount, headline  weighed
//! ─────────────────────────────────────
//! all                    ≤$27B  ≤$18.2B
//! milestones             ≤$22B  ≤$13.2B
//! its date                 $5B      $5B
//! $ keiretsu measure model obligations --paths 10000 --party maker
//! Contingent and hidden obligations
//! as of 2025-12-31, 10,000 paths, seed 1
//!
//! Cloud may owe Maker $2B on stake.later (tranche, conditional), the only obligation.
//!
//!                                            in                            weighed
//!                                            favour               amount,   by its          standard
//! contract     kind                  bearer  of      trigger     headline   chance    mean     error
//! ──────────────────────────────────────────────────────────────────────────────────────────────────
//! stake.later  tranche, conditional  Cloud   Maker   milestones       $2B    $1.2B  $1.21B    $9.77M
//!
//! What is owed whatever happens and for something delivered, as purchase minimums are, is in
//!   `commitments`.
//!
//! Contingent and hidden obligations, by bearer
//! as of 2025-12-31, 10,000 paths, seed 1
//!
//! bearer  amount, headline  weighed    mean
//! ─────────────────────────────────────────
//! Cloud                $2B    $1.2B  $1.21B
//!
//! Contingent and hidden obligations, by trigger
//! as of 2025-12-31, 10,000 paths, seed 1
//!
//! trigger     amount, headline  weighed    mean
//! ─────────────────────────────────────────────
//! milestones               $2B    $1.2B  $1.21B
//! ```
//!
//! A guarantee or a backstop counts with its limit; weighed, with what the expected reading calls of it.
//!
//! ```toml
//! # file: backed/keiretsu.toml
//! keiretsu = 1
//! title    = "A guaranteed lease"
//! as_of    = 2025-12-31
//! horizon  = "2 years"
//!
//! [parties]
//! search = { name = "Search" }
//! miner  = { name = "Miner" }
//!
//! [parties.tenant]
//! name    = "Tenant"
//! cash    = "$150M"
//! funding = { keep = "1 month", raise = "1 month", price = "$0", else = "default" }
//! because = "an example"
//!
//! [contracts.lease]
//! type    = "supply"
//! buyer   = "tenant"
//! seller  = "miner"
//! from    = "2026-01"
//! until   = "2027-12"
//! minimum = "$50M/month"
//! because = "an example"
//!
//! [contracts.backing]
//! type        = "guarantee"
//! guarantor   = "search"
//! beneficiary = "miner"
//! covers      = "lease"
//! limit       = "up to $800M"
//! cushion     = "$20M"
//! because     = "an example"
//! ```
//!
//! By hand: the tenant pays three months of 0.05 and fails. Of the other 21 months, 1.05, the miner bears
//! 0.02; of the rest the guarantor pays up to its limit.
//!
//! ```console
//! $ keiretsu measure backed obligations
//! Contingent and hidden obligations
//! as of 2025-12-31
//!
//! Search may owe Miner ≤$800M on backing (guarantee), the only obligation.
//!
//!                              in favour                         amount,  weighed by
//! contract  kind       bearer  of         trigger               headline  its chance
//! ──────────────────────────────────────────────────────────────────────────────────
//! backing   guarantee  Search  Miner      a shortfall on lease    ≤$800M       $800M
//!
//! What is owed whatever happens and for something delivered, as purchase minimums are, is in
//!   `commitments`.
//!
//! Contingent and hidden obligations, by bearer
//! as of 2025-12-31
//!
//! bearer  amount, headline  weighed
//! ─────────────────────────────────
//! Search            ≤$800M    $800M
//!
//! Contingent and hidden obligations, by trigger
//! as of 2025-12-31
//!
//! trigger               amount, headline  weighed
//! ───────────────────────────────────────────────
//! a shortfall on lease            ≤$800M    $800M
//!
//! Adjusted debt
//! as of 2025-12-31
//!
//!                   loans as           leases     leases              adjusted
//! party   reading   modelled     debt   begun  not begun  guarantees      debt
//! ────────────────────────────────────────────────────────────────────────────
//! Search  headline        $0  unknown      $0         $0       $800M    ≥$800M
//! not shown: 1 line on what is left out (--all)
//!
//! Never added over parties: what a tenant owes for a building is what pays the debt of its owner.
//!
//! further tables (--all, or --table NAME): addends (Adjusted debt, addend by addend: 1 addend)
//! ```
//!
//! Adjusted debt stands beside them, party by party and addend by addend; see
//! [adjusted debt](../adjusted-debt.md).

mod addends;
mod adjusted;
mod findings;
mod hidden;
mod tables;

use keiretsu_model::PartyRef;
use keiretsu_program::{FlowId, Probe, Quantity, Reading, Span};
use keiretsu_values::{Cell, Finding, Table, TableSpec, Value};

use self::hidden::{Hidden, hidden};
use self::tables::{ADJUSTED, ALL, BY_BEARER, BY_TRIGGER, EACH, PARTS, sums};
use crate::cancels::{self, Cancels};
use crate::{Measure, Query, Seen, Subject};

pub struct Obligations;

const NAME: &str = "obligations";

impl Measure for Obligations {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "guarantees, backstops, open tranches, loans to be drawn, leases not begun: in all and weighed"
    }

    fn schema(&self) -> &'static [&'static TableSpec] {
        &[&EACH, &BY_BEARER, &BY_TRIGGER, &ADJUSTED, &PARTS]
    }

    fn needs(&self, subject: &Subject<'_>, query: &Query) -> Vec<Probe> {
        let list = hidden(subject, query);
        let dated = list.iter().filter_map(|hidden| hidden.commitment.flow);
        let dated = dated.flat_map(|flow| [due(flow, Span::Month), due(flow, Span::Whole)]);
        dated.chain(adjusted::needs(subject)).collect()
    }

    /// Adjusted debt is in one reading: the headline one, where none is named.
    fn readings(&self, query: &Query) -> Vec<Reading> {
        vec![Reading::Expected, adjusted::reading(query)]
    }

    /// What is outstanding at as-of is the same on all paths.
    fn reads_of_paths(&self, subject: &Subject<'_>, query: &Query) -> Vec<Probe> {
        let dated = hidden(subject, query);
        dated.iter().filter_map(|hidden| hidden.commitment.flow).map(|flow| due(flow, Span::Whole)).collect()
    }

    fn looks_beyond(&self, _: &Query) -> bool {
        true
    }

    fn tables(&self, subject: &Subject<'_>, query: &Query, seen: &Seen<'_>) -> Vec<Table> {
        let list = hidden(subject, query);
        let mut tables = vec![];
        if query.wants_table(EACH.name) {
            tables.push(each(subject, query, seen, &list));
        }
        if query.wants_table(BY_BEARER.name) {
            let bearer = |hidden: &Hidden<'_>| subject.party(hidden.bearer);
            tables.push(sums(subject, seen, &list, (&BY_BEARER, Cell::text(ALL)), bearer));
        }
        if query.wants_table(BY_TRIGGER.name) {
            let trigger = |hidden: &Hidden<'_>| Cell::Text(hidden.trigger(subject));
            tables.push(sums(subject, seen, &list, (&BY_TRIGGER, Cell::text(ALL)), trigger));
        }
        if query.wants_table(ADJUSTED.name) || query.wants_table(PARTS.name) {
            tables.extend(adjusted::tables(subject, query, seen));
        }
        tables
    }

    fn findings(&self, tables: &[Table]) -> Vec<Finding> {
        findings::of(tables)
    }
}

/// The adjusted debt of a group in a reading; none where it has none.
pub(super) fn adjusted_debt(
    subject: &Subject<'_>,
    seen: &Seen<'_>,
    party: PartyRef,
    reading: Reading,
) -> Option<Value> {
    adjusted::of(subject, seen, party, reading)
}

fn due(flow: FlowId, span: Span) -> Probe {
    Probe { quantity: Quantity::Due(flow), span }
}

/// One row for each.
fn each(subject: &Subject<'_>, query: &Query, seen: &Seen<'_>, list: &[Hidden<'_>]) -> Table {
    let mut table = subject.table(&EACH);
    table.window.simulation = seen.simulation();
    let named = list.iter().map(|hidden| (hidden, subject.name(hidden.commitment)));
    for (hidden, name) in named.filter(|(_, name)| query.wants_row("contract", name)) {
        let mut row = vec![
            Cell::named(&name),
            Cell::text(hidden.kind),
            subject.party(hidden.bearer),
            subject.party(subject.model.group(hidden.commitment.to)),
            Cell::text(hidden.trigger(subject)),
            Cell::Value(hidden.most()),
            if query.wants_column("weighed") {
                Cell::Value(hidden.weighed(subject, seen))
            } else {
                Cell::Empty
            },
        ];
        let simulated = seen.is_simulated().then(|| hidden.simulated(seen).map(Cell::Value));
        row.extend(simulated.unwrap_or([Cell::Empty, Cell::Empty]));
        let mut cancels = Cancels::default();
        cancels.add_alone("", hidden.commitment, Reading::Headline);
        row.extend(cancels.cells());
        table.push(row);
    }
    cancels::shown_where(list.iter().any(Hidden::says), &mut table);
    if list.iter().any(|hidden| hidden.commitment.branch) {
        table.note(
            "Of a renewal and the residual value of one lease one falls due: totals count the larger, \
             weighed ones both by their chances.",
        );
    }
    table.note(
        "What is owed whatever happens and for something delivered, as purchase minimums are, is in \
         `commitments`.",
    );
    table
}
