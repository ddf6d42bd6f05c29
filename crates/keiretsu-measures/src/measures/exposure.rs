//! What each party would lose if another failed, before recovery: holdings, bills, promises, contracts.
//!
//! Of each pair of groups, in a month: the value of holdings in the other party; what it owes this month and
//! has not yet paid (`receivable`); capital promised to it without a condition and not yet paid
//! (`undelivered`); what contracts with it would leave (`contract`); what would have to be paid for it
//! (`guarantee`); less `collateral`, and not below zero. A supply contract counts with the larger of two,
//! never both: the claim on default, which is the present value of the minimum still to fall less what can
//! be resold, and the stranded capacity, which is the power available times its build cost times the share
//! that nobody else could use. What is lost is not yet what is gone: the estate may pay a part (see
//! `domino`).
//!
//! `--by year` shows the end of each year, `--at` another month than the first. With `--paths`: expected
//! exposure (EE) and its running maximum (effective EE), potential future exposure (PFE, a quantile over
//! paths) and expected shortfall (the mean beyond it: Rockafellar and Uryasev 2002), exact up to 100,000
//! paths; EPE, the mean of EE over time (Basel Framework CRE50); and the wrong-way factor, exposure where the
//! other party fails over exposure at the same dates where it still stands, both from the same paths.
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! title    = "What a cloud has in a lab"
//! as_of    = 2025-12-31
//! horizon  = "4 years"
//!
//! [parties]
//! cloud = { name = "Cloud" }
//! lab   = { name = "Lab", value = "$40B", because = "an example" }
//!
//! [holdings.cloud-in-lab]
//! owner   = "cloud"
//! issuer  = "lab"
//! stake   = "25%"
//! because = "an example"
//!
//! [contracts.round]
//! type     = "equity"
//! investor = "cloud"
//! issuer   = "lab"
//! because  = "an example"
//! tranches.second = { amount = "$5B", on = 2026-06-30 }
//!
//! [contracts.compute]
//! type     = "supply"
//! buyer    = "lab"
//! seller   = "cloud"
//! from     = "2026-01"
//! until    = "2029-12"
//! minimum  = "$250M/month"
//! capacity = { power = "1 GW", build_cost = "$30B per GW", redeployable = "60%" }
//! because  = "an example"
//! ```
//!
//! By hand, in January 2026: 25% of 40 is 10; 0.25 is due; 5 is promised; 47 months of 0.25 are still to
//! fall, of which 40% cannot be resold: 4.7, but 40% of a gigawatt for 30 is stranded: 12. In all 10 + 0.25
//! + 5 + 12 = 27.25.
//!
//! ```console
//! $ keiretsu measure model exposure --reading firm
//! Exposure in 2026-01, before recovery
//! in $bn, as of 2025-12-31
//!
//! exposed  to   reading  holding  receivable  undelivered  contract
//! ─────────────────────────────────────────────────────────────────
//! Cloud    Lab  firm        10.0        0.25          5.0      12.0
//!
//! exposed  guarantee  collateral  exposure  peak  in
//! ───────────────────────────────────────────────────────
//! Cloud                               27.2  27.2  2026-01
//!
//! Contract: the larger of the claim on default and the stranded capacity, not both; no `discount` is
//!   stated, so claims are nominal.
//! ```
//!
//! A failure that takes the value along is the wrong way round for whoever lends against that value; for an
//! owner it means that less is lost than yesterday's mark says. Here a crash halves the value of the lab,
//! which then fails in the same month:
//!
//! ```toml
//! # file: risky/keiretsu.toml
//! keiretsu = 1
//! title    = "A lab that may fail"
//! as_of    = 2025-12-31
//! horizon  = "1 year"
//!
//! [parties]
//! cloud = { name = "Cloud" }
//!
//! [parties.lab]
//! name    = "Lab"
//! cash    = "$1B"
//! costs   = "if crash then $60B/yr else $0/yr"
//! value   = "if crash then $20B else $40B"
//! funding = { keep = "1 month", raise = "1 month", price = "$0", else = "default" }
//! because = "an example"
//!
//! [events.crash]
//! chance  = "20% by 2026-12"
//! because = "an example"
//!
//! [holdings.cloud-in-lab]
//! owner   = "cloud"
//! issuer  = "lab"
//! stake   = "25%"
//! because = "an example"
//! ```
//!
//! By hand: 80% by December still stand, with a stake worth 10; of the others those that fail in December (a
//! month's chance is 1 - 0.8^(1/12) = 1.84%, of the 81.5% left: 1.5%) still count with 5, so EE is 8.08. The
//! exposure at default is 5; at the same dates it is on average 10 - 1.84% x 5 = 9.91; the factor 0.50.
//!
//! ```console
//! $ keiretsu measure risky exposure --reading expected --by year --paths 10000
//! Exposure over time, before recovery
//! in $, as of 2025-12-31
//!
//! exposed  to  reading  end of  holding  receivable  undelivered
//! ──────────────────────────────────────────────────────────────
//! no rows
//!
//! exposed  contract  guarantee  collateral  exposure
//! ──────────────────────────────────────────────────
//! no rows
//!
//! Lab fails in 2026-05 in the expected reading; exposure ends there.
//! Contract: the larger of the claim on default and the stranded capacity, not both; no `discount` is
//!   stated, so claims are nominal.
//!
//!
//! Exposure over all paths
//! in $bn, as of 2025-12-31, 10,000 paths, seed 1
//!
//!                                            effective               expected   expected
//!                        expected  standard   expected   PFE   PFE  shortfall  shortfall
//! exposed  to   end of   exposure     error   exposure   95%   99%        95%        99%
//! ──────────────────────────────────────────────────────────────────────────────────────
//! Cloud    Lab  2026-12       8.1    0.0387       9.91  10.0  10.0       10.0       10.0
//!
//! Just before the failures of the month; nothing on paths on which the other party has failed.
//!
//!
//! Exposure when the other party fails
//! as of 2025-12-31, 10,000 paths, seed 1
//!
//!               EPE,  effective   chance of   exposure at    standard  exposure at the  wrong way
//! exposed  to    $bn   EPE, $bn  default, %  default, $bn  error, $bn  same dates, $bn  factor, x
//! ───────────────────────────────────────────────────────────────────────────────────────────────
//! Cloud    Lab  8.99       9.91        19.7           5.0       0.101             9.91        0.5
//!
//! EPE is the mean over all months. The wrong-way factor divides the exposure at default by the
//!   exposure at the same dates on all paths on which the other party still stands.
//! ```

use keiretsu_program::{Probe, Reading};
use keiretsu_values::{Cell, Column, Table, Value};

use self::pairs::{Kind, Pair};
use crate::{Measure, Period, Query, Runs, Seen, Stopped, Subject};

mod over_all;
pub(crate) mod pairs;

/// See the module.
pub struct Exposure;

const NAME: &str = "exposure";

impl Measure for Exposure {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "what each party would lose if another failed, over time; EE, PFE, shortfall, wrong-way factor"
    }

    fn needs(&self, subject: &Subject<'_>, query: &Query) -> Vec<Probe> {
        pairs::pairs(subject, query).iter().flat_map(Pair::probes).collect()
    }

    fn tables(&self, subject: &Subject<'_>, query: &Query, seen: &Seen<'_>) -> Vec<Table> {
        let pairs = pairs::pairs(subject, query);
        let mut table = match query.by {
            None | Some(Period::Total) => at_once(subject, query, seen, &pairs),
            Some(Period::Year | Period::Month) => over_time(subject, query, seen, &pairs),
        };
        failures(subject, query, seen, &pairs, &mut table);
        for part in pairs.iter().flat_map(|pair| &pair.parts) {
            if let Some(why) = &part.at_least {
                table.leave_out(format!("{} (contract): {why}", part.name));
            }
        }
        table.note(match subject.model.discount {
            Some(_) => "Contract: the larger of the claim on default and the stranded capacity, not both.",
            None => {
                "Contract: the larger of the claim on default and the stranded capacity, not both; no \
                 `discount` is stated, so claims are nominal."
            }
        });
        vec![table]
    }

    fn adapts(
        &self,
        subject: &Subject<'_>,
        query: &Query,
        seen: &Seen<'_>,
        runs: &dyn Runs,
    ) -> Result<Vec<Table>, Stopped> {
        subject.month_asked(query)?;
        over_all::tables(subject, query, seen, runs, &pairs::pairs(subject, query))
    }
}

/// Says which party fails when in which reading: its rows end there.
fn failures(subject: &Subject<'_>, query: &Query, seen: &Seen<'_>, pairs: &[Pair], table: &mut Table) {
    for pair in pairs {
        for reading in query.readings() {
            if let Some(t) = pair.fails(seen, reading) {
                let (who, when) = (subject.title(pair.debtor), subject.program.month(t));
                let reading = reading.name();
                table.note(format!("{who} fails in {when} in the {reading} reading; exposure ends there."));
            }
        }
    }
}

/// The last month in which a pair is looked at in a reading: the one before the failure, if there is one.
fn last_month(subject: &Subject<'_>, pair: &Pair, seen: &Seen<'_>, reading: Reading) -> u32 {
    pair.fails(seen, reading).map_or(subject.program.months, |failed| failed - 1)
}

fn names(subject: &Subject<'_>, pair: &Pair, reading: Reading) -> Vec<Cell> {
    let (creditor, debtor) = (subject.title(pair.creditor), subject.title(pair.debtor));
    vec![Cell::text(creditor), Cell::text(debtor), Cell::text(reading.name())]
}

fn name_columns() -> Vec<Column> {
    vec![
        Column::text("creditor").titled("exposed"),
        Column::text("debtor").titled("to"),
        Column::text("reading"),
    ]
}

/// One row for each pair and reading: in the month asked for, with the greatest of all months beside it.
fn at_once(subject: &Subject<'_>, query: &Query, seen: &Seen<'_>, pairs: &[Pair]) -> Table {
    let t = subject.month_asked(query).unwrap_or(1);
    let mut columns = name_columns();
    columns.extend(Kind::ALL.map(|kind| subject.money(kind.word())));
    columns.extend([subject.money("exposure"), subject.money("peak"), Column::date("peak_at").titled("in")]);
    let title = format!("Exposure in {}, before recovery", subject.program.month(t));
    let mut table = subject.table(NAME, title, columns);
    for pair in pairs {
        for reading in query.readings() {
            if last_month(subject, pair, seen, reading) < t {
                continue;
            }
            let mut row = names(subject, pair, reading);
            let peak = peak(subject, pair, seen, reading);
            let empty = row_of(&mut row, &mut table, pair, seen, reading, t);
            if empty && peak.0.is_zero() {
                continue;
            }
            row.extend([Cell::Value(peak.0), Cell::text(peak.1)]);
            table.push(row);
        }
    }
    table
}

/// One row for each pair, reading, and year or month, at its end.
fn over_time(subject: &Subject<'_>, query: &Query, seen: &Seen<'_>, pairs: &[Pair]) -> Table {
    let mut columns = name_columns();
    columns.push(Column::date("at").titled("end of"));
    columns.extend(Kind::ALL.map(|kind| subject.money(kind.word())));
    columns.push(subject.money("exposure"));
    let mut table = subject.table(NAME, "Exposure over time, before recovery", columns);
    let last = subject.program.months;
    let monthly = query.by == Some(Period::Month);
    let ends = |t: &u32| monthly || *t == last || subject.program.month(*t).of_year() == 12;
    for pair in pairs {
        for reading in query.readings() {
            for t in (1..=last_month(subject, pair, seen, reading)).filter(ends) {
                let mut row = names(subject, pair, reading);
                row.push(Cell::text(subject.program.month(t).to_string()));
                if !row_of(&mut row, &mut table, pair, seen, reading, t) {
                    table.push(row);
                }
            }
        }
    }
    table
}

/// The layers and their sum; whether there is nothing in them at all.
fn row_of(
    row: &mut Vec<Cell>,
    table: &mut Table,
    pair: &Pair,
    seen: &Seen<'_>,
    reading: Reading,
    t: u32,
) -> bool {
    let (layers, net) = pair.total(seen, reading, t);
    let mut empty = net.is_zero();
    for (kind, total) in layers {
        empty &= total.left_out.is_empty();
        // What is unknown altogether says so itself.
        for what in total.left_out.iter().filter(|_| total.value().amount().is_some()) {
            let (name, why) = what.split_once(": ").unwrap_or((what, ""));
            table.leave_out(format!("{name} ({}): {why}", kind.word()));
        }
        row.push(if total.is_empty() { Cell::Empty } else { Cell::Value(total.value()) });
    }
    row.push(Cell::Value(net));
    empty
}

/// The greatest exposure of all months, and the first month in which it is reached.
fn peak(subject: &Subject<'_>, pair: &Pair, seen: &Seen<'_>, reading: Reading) -> (Value, String) {
    let mut best = (Value::unknown("nothing of it is known"), String::new());
    for t in 1..=last_month(subject, pair, seen, reading) {
        let (_, value) = pair.total(seen, reading, t);
        let Some(amount) = value.amount() else { continue };
        // Rounding makes no new peak.
        if best.0.amount().is_none_or(|most| most + 1e-9 * most.abs() < amount) {
            best = (value, subject.program.month(t).to_string());
        }
    }
    best
}
