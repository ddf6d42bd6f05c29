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
//! A lease that guarantees a residual value is renewed, or left and what the asset is worth less is paid: both
//! are rows, and a total over both counts the larger. An option is here where somebody else than its payer may
//! use it. Where some contract says whether it can be cancelled, headline amounts are taken apart by that.
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
//!                                            in favour               amount,  weighed by
//! contract     kind                  bearer  of         trigger     headline  its chance
//! ──────────────────────────────────────────────────────────────────────────────────────
//! round.later  tranche, conditional  Cloud   Lab        milestones     ≤$20B       ≤$12B
//! round.dated  tranche, binding      Cloud   Lab        its date         $5B         $5B
//! stake.later  tranche, conditional  Cloud   Maker      milestones       $2B       $1.2B
//! total                                                                ≤$27B     ≤$18.2B
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
//! total                  ≤$54B
//! $ keiretsu measure model obligations --paths 10000 --party maker
//! Contingent and hidden obligations
//! as of 2025-12-31, 10,000 paths, seed 1
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
//! ```

mod tables;

use keiretsu_contracts::side::{Commitment, Said};
use keiretsu_model::{PartyRef, Standing};
use keiretsu_program::{FlowId, Probe, Quantity, Reading, Span, Tag};
use keiretsu_values::{Cell, Table, TableSpec, Value};

use self::tables::{BY_BEARER, BY_TRIGGER, EACH, sums};
use crate::cancels::{self, Cancels};
use crate::measures::commitments::Weighed;
use crate::{Measure, Query, Seen, Subject};

pub struct Obligations;

const NAME: &str = "obligations";

/// The row of all obligations.
const ALL: &str = "all";

impl Measure for Obligations {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "guarantees, backstops, open tranches, loans to be drawn, leases not begun: in all and weighed"
    }

    fn schema(&self) -> &'static [&'static TableSpec] {
        &[&EACH, &BY_BEARER, &BY_TRIGGER]
    }

    fn needs(&self, subject: &Subject<'_>, query: &Query) -> Vec<Probe> {
        let list = hidden(subject, query);
        let dated = list.iter().filter_map(|hidden| hidden.commitment.flow);
        dated.flat_map(|flow| [due(flow, Span::Month), due(flow, Span::Whole)]).collect()
    }

    fn looks_beyond(&self, _: &Query) -> bool {
        true
    }

    fn tables(&self, subject: &Subject<'_>, query: &Query, seen: &Seen<'_>) -> Vec<Table> {
        let list = hidden(subject, query);
        vec![
            each(subject, seen, &list),
            sums(subject, seen, &list, (&BY_BEARER, Cell::text(ALL)), |hidden| subject.party(hidden.bearer)),
            sums(subject, seen, &list, (&BY_TRIGGER, Cell::text(ALL)), |hidden| {
                Cell::Text(hidden.trigger(subject))
            }),
        ]
    }
}

fn due(flow: FlowId, span: Span) -> Probe {
    Probe { quantity: Quantity::Due(flow), span }
}

/// An obligation that is no debt of today.
struct Hidden<'a> {
    commitment: &'a Commitment,
    kind: &'static str,
    bearer: PartyRef,
}

impl Hidden<'_> {
    /// Its trigger.
    fn trigger(&self, subject: &Subject<'_>) -> String {
        let stated = |term: &str| {
            let record = subject.model.contract(self.commitment.contract)?.record();
            Some(record.entry(term)?.text.trim_matches('"').to_owned())
        };
        match (&self.commitment.trigger, self.commitment.standing) {
            (Some(words), _) => words.clone(),
            (None, Standing::Binding) => "its date".to_owned(),
            _ => stated("when").unwrap_or_else(|| "not stated".to_owned()),
        }
    }

    /// The largest amount due, as worded.
    fn most(&self) -> Value {
        self.commitment.left(Reading::Headline)
    }

    /// Whether the two are branches of one contract.
    fn excludes(&self, other: &Self) -> bool {
        let [one, other] = [self.commitment, other.commitment];
        one.branch && other.branch && one.contract == other.contract && one.tranche != other.tranche
    }

    /// Whether its contract says whether it can be cancelled.
    fn says(&self) -> bool {
        self.commitment.cancelling.said != Said::Nothing
    }

    /// What of that counts in totals.
    fn most_in_totals(&self) -> Value {
        self.commitment.left_in_totals(Reading::Headline)
    }

    /// The expected amount: the amount times its chance in the expected reading.
    fn weighed(&self, subject: &Subject<'_>, seen: &Seen<'_>) -> Value {
        Weighed { seen, subject }.left(self.commitment, Reading::Expected)
    }

    /// Its mean over all paths within the run, with the standard error.
    fn simulated(&self, seen: &Seen<'_>) -> [Value; 2] {
        let unknown = |why: &str| [Value::undisclosed(why), Value::undisclosed(why)];
        let Some(flow) = self.commitment.flow else { return unknown("no flow of the run is its own") };
        match seen.simulated(due(flow, Span::Whole)) {
            Some(series) if !series.mean[0].is_nan() && !seen.is_unknown_on_paths(flow) => {
                let expected = seen.value(Reading::Expected, due(flow, Span::Whole), 0);
                [series.mean[0], series.standard_error[0]].map(|x| crate::over_paths::value(x, &expected))
            }
            _ => unknown(crate::over_paths::UNKNOWN),
        }
    }
}

fn hidden<'a>(subject: &Subject<'a>, query: &Query) -> Vec<Hidden<'a>> {
    let model = subject.model;
    let mut list = Vec::new();
    for commitment in subject.standing_by_party() {
        let (bearer, to) = (model.group(commitment.from), model.group(commitment.to));
        let asked = bearer != to && (query.wants(bearer) || query.wants(to));
        if let Some(kind) = kind(subject, commitment).filter(|_| asked) {
            list.push(Hidden { commitment, kind, bearer });
        }
    }
    list
}

/// The kind of hidden obligation of a commitment, if it is one and some of it is still to come.
fn kind(subject: &Subject<'_>, commitment: &Commitment) -> Option<&'static str> {
    let contract = subject.model.contract(commitment.contract)?;
    let open =
        matches!(commitment.standing, Standing::Binding | Standing::Conditional) && !commitment.is_past();
    if !open {
        return None;
    }
    let keyword = contract.spec.keyword;
    if commitment.branch && commitment.option_of.is_some() {
        return Some("renewal");
    }
    if let Some(by) = &commitment.option_of {
        // What the payer may do and need not is no obligation.
        let group = |party: &PartyRef| subject.model.group(*party);
        let own = !by.is_empty() && by.iter().all(|party| group(party) == group(&commitment.from));
        return (!own).then_some("option");
    }
    match keyword {
        "guarantee" | "backstop" => return Some(keyword),
        "lease" if commitment.tranche.is_some() => return Some("residual value"),
        _ => {}
    }
    let as_of = subject.model.as_of;
    match commitment.standing {
        Standing::Binding if commitment.trigger.is_some() => Some("contingent"),
        Standing::Binding if commitment.is_capital() => Some("tranche, binding"),
        // What is still to be lent; what comes back is a debt.
        Standing::Binding if commitment.is_for(Tag::Principal) && commitment.tranche.is_none() => {
            Some("loan, undrawn")
        }
        Standing::Binding => {
            let begins = contract.record().when("from");
            let later = begins.is_some_and(|when| as_of < when.first);
            (keyword == "lease" && later).then_some("lease not begun")
        }
        _ if commitment.is_capital() => Some("tranche, conditional"),
        _ => Some("conditional"),
    }
}

/// One row for each.
fn each(subject: &Subject<'_>, seen: &Seen<'_>, list: &[Hidden<'_>]) -> Table {
    let mut table = subject.table(&EACH);
    table.window.simulation = seen.simulation();
    for hidden in list {
        let mut row = vec![
            Cell::named(&subject.name(hidden.commitment)),
            Cell::text(hidden.kind),
            subject.party(hidden.bearer),
            subject.party(subject.model.group(hidden.commitment.to)),
            Cell::text(hidden.trigger(subject)),
            Cell::Value(hidden.most()),
            Cell::Value(hidden.weighed(subject, seen)),
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
            "Of a renewal and the residual value of one lease one falls due: totals count the larger, weighed \
             ones both by their chances.",
        );
    }
    table.note(
        "What is owed whatever happens and for something delivered, as purchase minimums are, is in \
         `commitments`.",
    );
    table
}
