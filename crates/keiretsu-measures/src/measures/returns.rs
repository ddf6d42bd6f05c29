//! What each stake cost, what it is said to be worth, and the return that this makes: on paper unless
//! realised.
//!
//! MOIC = (cash distributions + value) / paid-in; DPI counts only the cash, RVPI only the value. Supply
//! revenue is no return on a stake and is left out. The value is the stated mark, else the stake times the
//! value of the issuer. XIRR is every rate at which the dated flows and the value at as-of have present value
//! zero (actual/365, from the first flow); it is unknown where payments are undated, and says so when there
//! are several. The implied value of the issuer is the mark divided by the stake. Where several sources give
//! a mark, each has its own rows, the one that is believed first. A mark is a figure on paper: it is labelled
//! unrealised in every reading. TVPI is DPI + RVPI and unknown where one of them is.
//!
//! A holding that states the share on the day it was `bought` has a bridge from cost to mark: what the
//! growth of the issuer brought at that share, and what later rounds took. `fair_value`, what the units were
//! worth that day, gives the premium: consideration given less fair value received (what an investor that is
//! also a supplier or a customer may pay for more than units). The part realised is the cash of all value.
//! The last table follows the stake through the rounds of the run.
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! title    = "A stake and its mark"
//! as_of    = 2026-01-01
//!
//! [sources.article]
//! title = "An article"
//!
//! [parties]
//! cloud = { name = "Cloud" }
//! lab   = { name = "Lab" }
//!
//! [holdings.cloud-in-lab]
//! owner  = "cloud"
//! issuer = "lab"
//! stake  = "25%"
//! cost   = "$10B"
//! paid   = 2025-01-01
//! value  = "$12B to more than $15B"
//! source = "article"
//! ```
//!
//! By hand: 12 / 10 = 1.2 and 15 / 10 = 1.5 or more; over the 365 days of 2025 the yearly rates are 20% and
//! 50%; the implied value of the issuer is 12 / 25% = 48, and 60 or more.
//!
//! ```console
//! $ keiretsu measure model returns
//! Returns on stakes, before tax, nominal
//! as of 2026-01-01
//!
//! Cloud holds ≥$12B of Lab (mark, unrealised, 2026-01-01, firm) for $10B paid in: MOIC ≥1.2x.
//!
//! holding       owner  issuer  reading   stake  paid in    value  which is            MOIC    XIRR
//! ────────────────────────────────────────────────────────────────────────────────────────────────
//! cloud-in-lab  Cloud  Lab     firm        25%     $10B    ≥$12B  mark, unrealised   ≥1.2x    ≥20%
//! cloud-in-lab  Cloud  Lab     expected    25%     $10B  ?$13.4B  mark, unrealised  ?1.34x  ?34.5%
//! cloud-in-lab  Cloud  Lab     headline    25%     $10B    ?$15B  mark, unrealised   ?1.5x    ?50%
//! not shown: realised, of, paid in since, at cost, DPI, RVPI and 3 more columns (--wide)
//!
//! Multiples, rates and the implied value take the stake and the money of the day of the mark.
//! Where no distributions are stated, MOIC counts the mark alone.
//! ? as read: it may be more and it may be less
//!
//! left out:
//!   cloud-in-lab (realised, DPI): no distributions are stated
//! ```
//!
//! ```toml
//! # file: rounds/keiretsu.toml
//! keiretsu = 1
//! title    = "A stake and the rounds around it"
//! as_of    = 2025-12-31
//! horizon  = "1 year"
//!
//! [parties]
//! cloud = { name = "Cloud" }
//! fund  = { name = "Fund" }
//! lab   = { name = "Lab", value = "$48B", because = "an example" }
//!
//! [holdings.cloud-in-lab]
//! owner      = "cloud"
//! issuer     = "lab"
//! bought     = "30%"
//! stake      = "25%"
//! cost       = "$9B"
//! fair_value = "$8B"
//! value      = "$12B"
//! realised   = "$3B"
//! because    = "an example"
//!
//! [contracts.round]
//! type     = "equity"
//! investor = "fund"
//! issuer   = "lab"
//! because  = "an example"
//! tranches.first = { amount = "$12B", on = 2026-06-30 }
//! ```
//!
//! By hand: at 9 / 30% = 30 bought and at 12 / 25% = 48 marked, the issuer grew by 18, of which 30% is 5.4;
//! five points of 48 went to later rounds, 2.4; 9 + 5.4 - 2.4 = 12. For 9 it got 8, so 1 is a premium. DPI 3
//! / 9, RVPI 12 / 9, together 15 / 9; 3 of 15 is in cash. The fund's 12 on 48 takes a fifth of every stake:
//! 25% becomes 20%.
//!
//! ```console
//! $ keiretsu measure rounds returns --reading firm
//! Returns on stakes, before tax, nominal
//! as of 2025-12-31
//!
//! Cloud holds $12B of Lab (mark, unrealised, 2025-12-31, firm) for $9B paid in: MOIC 1.67x.
//! For 1 of 2 values of stakes no multiple can be told: mark, cost or stake is unknown.
//!
//! holding       owner  issuer  reading    stake  paid in    value  which is             MOIC     XIRR
//! ───────────────────────────────────────────────────────────────────────────────────────────────────
//! cloud-in-lab  Cloud  Lab     firm         25%      $9B     $12B  mark, unrealised    1.67x  unknown
//! round         Fund   Lab     firm     unknown       $0  unknown                    unknown  unknown
//! not shown: 5 lines on what is left out (--all); realised, of, paid in since, at cost, DPI, RVPI and
//!   3 more columns (--wide)
//!
//! Multiples, rates and the implied value take the stake and the money of the day of the mark.
//! Where no distributions are stated, MOIC counts the mark alone.
//!
//! From cost to value
//! as of 2025-12-31
//!
//!                              growth                           stake on
//!                              at the                            the day               fair
//!                               stake                    stake    of the  diluted     value  premium
//! holding       reading  cost  bought  dilution  value  bought      mark       by  received     paid
//! ──────────────────────────────────────────────────────────────────────────────────────────────────
//! cloud-in-lab  firm      $9B   $5.4B    -$2.4B   $12B     30%       25%    16.7%       $8B      $1B
//! not shown: part realised (--wide)
//!
//! Cost + growth of the issuer's value at the stake bought - what dilution took, at today's value =
//!   mark.
//!
//! Stakes and the rounds of the run
//! as of 2025-12-31
//!
//! holding       reading  step                   change  stake
//! ───────────────────────────────────────────────────────────
//! cloud-in-lab  firm     at as-of                         25%
//! cloud-in-lab  firm     round.first               -5%    20%
//! cloud-in-lab  firm     at the end of the run            20%
//! round         firm     at as-of                          0%
//! not shown: 2 more steps (--all)
//! ```

mod at_end;
mod bridge;
mod dilution;
mod findings;
mod rate;
mod stake;

use keiretsu_program::{Probe, Reading};
use keiretsu_values::{Cell, ColumnSpec, Entity, Finding, Table, TableSpec};

pub(crate) use self::stake::{Mark, Stake, stakes};
use crate::{Measure, Query, Seen, Subject};

pub struct Returns;

const NAME: &str = "returns";

/// A holding, or one of its marks.
pub(crate) const HOLDING: ColumnSpec =
    ColumnSpec::id("holding", Entity::Holding, "the holding, with the words of its mark if it has several");

const STAKES: TableSpec = TableSpec::new(
    NAME,
    "stakes",
    "Returns on stakes, before tax, nominal",
    &[&[
        ColumnSpec::id("stake", Entity::Holding, "the holding, with the words of its mark if it has several")
            .titled("holding"),
        ColumnSpec::party("owner", "the party that holds the stake").minor(),
        ColumnSpec::party("issuer", "the party that the stake is a part of").minor(),
        ColumnSpec::reading(),
        ColumnSpec::share("share", "the part of the issuer that is held")
            .titled("stake")
            .by("the stake as stated"),
        ColumnSpec::money("paid_in", "what was paid in by as-of")
            .by("its cost as stated, or what contracts say was paid where that is larger"),
        ColumnSpec::money("realised", "distributions in cash by as-of")
            .minor()
            .by("distributions in cash, as stated"),
        ColumnSpec::money("value", "the worth of the stake on the day of its mark")
            .by("the mark as stated, else the stake x the value of the issuer"),
        ColumnSpec::text("basis", "whether the value is a mark or modelled").titled("which is"),
        ColumnSpec::date("on", "the day of the value").minor().titled("of"),
        ColumnSpec::money("paid_since", "what was paid in since that day")
            .minor()
            .titled("paid in since, at cost")
            .by("what was paid in after the day of the mark, at cost"),
        ColumnSpec::multiple("moic", "value and distributions for each unit of money paid in")
            .titled("MOIC")
            .by("({value} + what was realised, where that is stated) / what had been paid in by its day"),
        ColumnSpec::multiple("dpi", "distributions for each unit of money paid in")
            .minor()
            .titled("DPI")
            .by("{realised} / what had been paid in by the day of the mark"),
        ColumnSpec::multiple("rvpi", "value for each unit of money paid in")
            .minor()
            .titled("RVPI")
            .by("{value} / what had been paid in by its day"),
        ColumnSpec::multiple("tvpi", "value and distributions, both known, for each unit of money paid in")
            .minor()
            .titled("TVPI")
            .is("{dpi} + {rvpi}"),
        ColumnSpec::share("xirr", "the yearly rate of return from the first payment to the mark")
            .titled("XIRR")
            .by("the yearly rate at which the dated payments and the mark have present value zero"),
        ColumnSpec::text("verdict", "whether one rate, several or none makes the present value zero")
            .minor()
            .titled("roots of XIRR"),
        ColumnSpec::money("implied_value", "the worth of the whole issuer by the mark")
            .minor()
            .titled("implied value of issuer")
            .by("{value} / the stake of its day"),
    ]],
)
.filled_by("`[holdings.NAME]`, and `equity` that is paid")
.of_each("stake")
.by_size("value");

impl Measure for Returns {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "cost, mark, MOIC, DPI, RVPI, TVPI, XIRR with all roots, dilution, premium paid: per stake"
    }

    fn schema(&self) -> &'static [&'static TableSpec] {
        &[&STAKES, &bridge::BRIDGE, &dilution::ROUNDS, &at_end::AT_END]
    }

    fn needs(&self, subject: &Subject<'_>, query: &Query) -> Vec<Probe> {
        dilution::needs(subject, query)
    }

    fn needs_of_paths(&self, subject: &Subject<'_>, query: &Query) -> Vec<Probe> {
        at_end::needs(subject, query)
    }

    fn tables(&self, subject: &Subject<'_>, query: &Query, seen: &Seen<'_>) -> Vec<Table> {
        let mut table = subject.table(&STAKES);
        for (owner, issuer) in subject.stakes() {
            if !query.wants(owner) && !query.wants(issuer) {
                continue;
            }
            for stake in stakes(subject, owner, issuer) {
                for mark in &stake.values() {
                    for reading in query.readings() {
                        table.push(row(subject, &stake, mark, reading));
                    }
                }
            }
        }
        table.note(
            "Multiples, rates and the implied value take the stake and the money of the day of the mark.",
        );
        table.note("Where no distributions are stated, MOIC counts the mark alone.");
        let mut tables = vec![table];
        tables.extend(bridge::table(subject, query));
        tables.extend(dilution::table(subject, query, seen));
        if seen.is_simulated() {
            tables.push(at_end::over_all_paths(subject, query, seen));
        }
        tables
    }

    fn findings(&self, tables: &[Table]) -> Vec<Finding> {
        findings::of(tables)
    }
}

fn row(subject: &Subject<'_>, stake: &Stake, mark: &Mark, reading: Reading) -> Vec<Cell> {
    let at = reading;
    let (paid_in, value, realised) = (&stake.paid_in[at], &mark.value[at], &stake.realised(at));
    let cost = &mark.cost[at];
    let (rate, verdict) = rate::xirr(stake, mark, at);
    let basis = if mark.is_modelled { "as modelled" } else { "mark, unrealised" };
    let of_value = |words: &str| if value.amount().is_some() { Cell::text(words) } else { Cell::Empty };
    vec![
        Cell::named(&stake.named(mark)),
        subject.party(stake.owner),
        subject.party(stake.issuer),
        Cell::text(reading.name()),
        Cell::Value(stake.share[at].clone()),
        Cell::Value(paid_in.clone()),
        Cell::Value(realised.clone()),
        Cell::Value(value.clone()),
        of_value(basis),
        of_value(&mark.on.to_string()),
        Cell::Value(stake.paid_since(mark, at)),
        Cell::Value(stake.moic(mark, at)),
        Cell::Value(realised.divide(cost)),
        Cell::Value(value.divide(cost)),
        Cell::Value(realised.plus(value).divide(cost)),
        Cell::Value(rate),
        verdict.map_or(Cell::Empty, Cell::Text),
        Cell::Value(value.divide(&mark.share[at])),
    ]
}
