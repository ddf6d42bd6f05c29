//! How much of the money that a party sends comes back to it: between proved bounds, and by a convention.
//!
//! Money has no colour, so no single number is the true one. For each pair of groups, and for each group over
//! all it pays: what is sent; the least and the most of it that comes back, over *every* attribution that
//! neither creates nor destroys money; and between them what comes back if every payment carries the payer's
//! average (`pro rata, dated`; `--own-money fifo` or `lifo` for other orders). Money cannot come back in an
//! earlier month than it left; within a month the order is not known. Flows are those of the run, month by
//! month, with past payments on their dates; all cash between groups counts, whatever it is for. Each figure
//! stands as an amount and as a share of what is sent, so shares are at most 1.
//!
//! Coverage (contracted back / put in) stands beside under its own name: it may exceed 1 and is no
//! circularity. Shares of different parties overlap and are never summed.
//!
//! Where the money passes through a party whose cash nobody states, the cash flows in between are not
//! modelled: the answer is unknown, with 0 and the amount sent as its only bounds. Between past payments and
//! as-of a party may have spent anything, unless they explain its cash to the last dollar; so past money
//! raises the upper bound and proves nothing below it. A stake with a `cost` and a day on which it was
//! `paid` is a past payment on that day (the last, if only a month or year is stated), unless a paid
//! tranche of the same pair may be the same purchase.
//!
//! `pro rata, static` takes all flows as one window (Leontief 1951; G = F / T, N = 1 / (1 - G)): another
//! number with another name. So are the figures of the whole web: reciprocity (Squartini et al. 2013), the
//! cycling index of Finn (1976), and what could be netted (greatest circulation; D'Errico and Roukny 2021),
//! each beside its chance in webs drawn with the same totals of each party (Besag and Clifford 1989).
//! Service credits are a layer of their own and never netted with cash; so is equity given in kind, warrants
//! above all, which stands beside what its recipient is contracted to pay.
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! title    = "A cloud pays a lab, which pays the cloud"
//! as_of    = 2025-12-31
//! horizon  = "1 year"
//!
//! [parties]
//! cloud = { name = "Cloud" }
//! lab   = { name = "Lab", cash = "$30M", because = "an example" }
//!
//! [contracts.round]
//! type     = "equity"
//! investor = "cloud"
//! issuer   = "lab"
//! because  = "an example"
//! tranches.only = { amount = "$10M", on = 2026-01-31 }
//!
//! [contracts.compute]
//! type    = "supply"
//! buyer   = "lab"
//! seller  = "cloud"
//! from    = "2026-03"
//! minimum = "$36M over 3 months"
//! because = "an example"
//! ```
//!
//! By hand: the lab has 30 of its own and 10 of the cloud's, pays 36 and keeps 4. At best for the cloud all
//! 10 are among the 36; at worst the 4 that stay are the cloud's, and 6 come back; on average a quarter of
//! 36, so 9. First in first out spends the lab's 30 first, then 6 of the cloud's. In one window Finn's index
//! is 1 - 1 / N = 36/40 x 10/36 = 25%; reciprocity is 2 x 10 / 46 = 43%.
//!
//! ```console
//! $ keiretsu measure model circularity --reading firm
//! Of what one sends another, how much comes back
//! as of 2025-12-31
//!
//! Of the $10M from Cloud to Lab, at least 60% is proved to come back (firm), 90% by the convention of
//!   the question.
//! Of $46M that parties pay each other, 43.5% is paid both ways by two of them (firm).
//!
//!                               back  back pro  back                  pro        coverage
//!                                 at     rata,    at                rata,     (contracted
//! from   to     reading  sent  least     dated  most  comes back    dated  back / put in)
//! ───────────────────────────────────────────────────────────────────────────────────────
//! Lab    Cloud  firm     $36M     $0        $0    $0  0%               0%
//! Cloud  Lab    firm     $10M    $6M       $9M  $10M  at least 60%    90%            3.6x
//!
//! Bounds hold for every way of telling whose money is spent; shares are of what is sent.
//! Past payments stand on their dates. Factors follow their central paths.
//!
//! Of all that a party sends into the web, how much comes back
//! as of 2025-12-31
//!
//!                       back at     back pro  back at                pro rata,  pro rata,
//! party  reading  sent    least  rata, dated     most  comes back        dated     static
//! ───────────────────────────────────────────────────────────────────────────────────────
//! Lab    firm     $36M       $0           $0       $0  0%                   0%       $10M
//! Cloud  firm     $10M      $6M          $9M     $10M  at least 60%        90%        $9M
//!
//! Shares of different parties overlap and must not be summed.
//!
//! Own money in revenue after as-of, pro rata, dated
//! as of 2025-12-31
//!
//!                  own money  revenue from      all  own, of revenue  own, of all
//! party  reading  in revenue       the web  revenue     from the web      revenue
//! ───────────────────────────────────────────────────────────────────────────────
//! Cloud  firm            $9M          $36M    ≥$36M              25%         ≤25%
//!
//! Where a party states no revenue, all of it is at least what is modelled.
//!
//! further tables (--all, or --table NAME): web (The web as a whole, in one window: 1 row)
//! $ keiretsu measure model circularity --reading firm --own-money fifo --party cloud
//! Of what one sends another, how much comes back
//! as of 2025-12-31
//!
//! Of the $10M from Cloud to Lab, at least 60% is proved to come back (firm), 60% by the convention of
//!   the question.
//! Of $46M that parties pay each other, 43.5% is paid both ways by two of them (firm).
//!
//!                               back  back first  back                  first in        coverage
//!                                 at    in first    at                first out,     (contracted
//! from   to     reading  sent  least  out, dated  most  comes back         dated  back / put in)
//! ──────────────────────────────────────────────────────────────────────────────────────────────
//! Lab    Cloud  firm     $36M     $0          $0    $0  0%                    0%
//! Cloud  Lab    firm     $10M    $6M         $6M  $10M  at least 60%         60%            3.6x
//!
//! Bounds hold for every way of telling whose money is spent; shares are of what is sent.
//! Past payments stand on their dates. Factors follow their central paths.
//!
//! Of all that a party sends into the web, how much comes back
//! as of 2025-12-31
//!
//!                       back at     back first in  back at                first in first  pro rata,
//! party  reading  sent    least  first out, dated     most  comes back        out, dated     static
//! ─────────────────────────────────────────────────────────────────────────────────────────────────
//! Cloud  firm     $10M      $6M               $6M     $10M  at least 60%             60%        $9M
//!
//! Shares of different parties overlap and must not be summed.
//!
//! Own money in revenue after as-of, first in first out, dated
//! as of 2025-12-31
//!
//!                  own money  revenue from      all  own, of revenue  own, of all
//! party  reading  in revenue       the web  revenue     from the web      revenue
//! ───────────────────────────────────────────────────────────────────────────────
//! Cloud  firm            $6M          $36M    ≥$36M            16.7%       ≤16.7%
//!
//! Where a party states no revenue, all of it is at least what is modelled.
//!
//! further tables (--all, or --table NAME): web (The web as a whole, in one window: 1 row)
//! ```

mod bounds;
mod findings;
mod flows;
mod in_kind;
mod layers;
mod own;
mod parties;
mod purchases;
mod whole;

use std::collections::BTreeSet;

use keiretsu_model::PartyRef;
use keiretsu_program::{Probe, Reading};
use keiretsu_values::{Cell, ColumnSpec, Finding, Table, TableSpec};

use self::bounds::{Returned, convention};
use self::flows::Flows;
pub(crate) use self::parties::{ComesBack, PARTIES, comes_back};
use crate::capital::Extent;
use crate::measures::coverage;
use crate::{Measure, Query, Seen, Subject};

pub struct Circularity;

const NAME: &str = "circularity";

/// Money sent and returned, as amounts and as shares.
const RETURNED: [ColumnSpec; 7] = [
    ColumnSpec::money("sent", "what is sent in all, past payments included"),
    ColumnSpec::money("lower", "the least of it that comes back, whoever's money is spent")
        .minor()
        .titled("back at least"),
    ColumnSpec::money("middle", "what of it comes back by the convention of the question")
        .minor()
        .titled("back pro rata, dated"),
    ColumnSpec::money("upper", "the most of it that comes back, whoever's money is spent")
        .minor()
        .titled("back at most"),
    ColumnSpec::share("lower_share", "the least of it that comes back, as a share")
        .titled("at least")
        .is("{lower} / {sent}"),
    ColumnSpec::share("middle_share", "what of it comes back by the convention, as a share")
        .titled("pro rata, dated")
        .is("{middle} / {sent}"),
    ColumnSpec::share("upper_share", "the most of it that comes back, as a share")
        .titled("at most")
        .by("{upper} / {sent}; all of it where that is the most, known or not"),
];

const PAIRS: TableSpec = TableSpec::new(
    NAME,
    "pairs",
    "Of what one sends another, how much comes back",
    &[
        &[
            ColumnSpec::party("from", "the party that sends, and gets back"),
            ColumnSpec::party("to", "the party that it sends to"),
            ColumnSpec::reading(),
        ],
        &RETURNED,
        &[ColumnSpec::multiple("coverage", "contracted payments back for each unit of money put in")
            .titled("coverage (contracted back / put in)")
            .by("contracted back / put in, in the firm and the headline reading")],
    ],
)
.filled_by("payments of one group to another")
.of_each("pair")
.by_size("sent")
.as_range("lower_share", "upper_share", "comes back");

impl Measure for Circularity {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "of the money a party sends, how much comes back: proved bounds, pro rata, own money in revenue"
    }

    fn schema(&self) -> &'static [&'static TableSpec] {
        &[&PAIRS, &PARTIES, &own::REVENUE, &whole::WEB, &layers::CREDITS, &in_kind::IN_KIND, &own::OVER_PATHS]
    }

    fn needs(&self, subject: &Subject<'_>, _: &Query) -> Vec<Probe> {
        [flows::needs(subject), layers::needs(subject), in_kind::needs(subject)].concat()
    }

    fn needs_of_paths(&self, subject: &Subject<'_>, query: &Query) -> Vec<Probe> {
        own::needs(subject, query)
    }

    fn tables(&self, subject: &Subject<'_>, query: &Query, seen: &Seen<'_>) -> Vec<Table> {
        let all = readings(subject, query, seen);
        let mut tables = vec![];
        if query.wants_table(PAIRS.name) {
            tables.push(pairs(subject, query, seen, &all));
        }
        if query.wants_table(PARTIES.name) {
            tables.push(parties::table(subject, query, &all));
        }
        if query.wants_table(own::REVENUE.name) {
            tables.push(own::table(subject, query, &all));
        }
        tables.extend(query.wants_table(whole::WEB.name).then(|| whole::table(subject, &all)));
        tables.extend(layers::table(subject, query, seen));
        tables.extend(in_kind::table(subject, query, seen));
        if let Some((_, flows)) = all.last().filter(|_| seen.is_simulated()) {
            tables.push(own::over_all_paths(subject, query, seen, flows));
        }
        tables
    }

    fn findings(&self, tables: &[Table]) -> Vec<Finding> {
        findings::of(tables)
    }
}

/// The flows of each requested reading.
fn readings(subject: &Subject<'_>, query: &Query, seen: &Seen<'_>) -> Vec<(Reading, Flows)> {
    let flows = |reading| Some((reading, Flows::of(subject, seen, reading).ok()?));
    query.readings().into_iter().filter_map(flows).collect()
}

/// An empty table with the convention of the question over the returned money.
fn headed(subject: &Subject<'_>, query: &Query, spec: &TableSpec) -> Table {
    let mut table = subject.table(spec);
    let words = convention(query.own_money).1;
    for column in &mut table.columns {
        match column.key.as_str() {
            "middle" => column.title = format!("back {words}"),
            "middle_share" => words.clone_into(&mut column.title),
            _ => {}
        }
    }
    table
}

/// A row for each pair of groups that pays, and reading.
fn pairs(subject: &Subject<'_>, query: &Query, seen: &Seen<'_>, all: &[(Reading, Flows)]) -> Table {
    let mut table = headed(subject, query, &PAIRS);
    let pairs: BTreeSet<(u32, u32)> = all.iter().flat_map(|(_, flows)| flows.pairs()).collect();
    let groups = subject.tied();
    let is_group = |party: u32| groups.binary_search(&PartyRef(party)).is_ok();
    let pairs = pairs.into_iter().filter(|(from, to)| is_group(*from) && is_group(*to));
    let wants = |column: &str, party: PartyRef| query.wants_row(column, &subject.model.party(party).name);
    let pairs = pairs.map(|(from, to)| (PartyRef(from), PartyRef(to)));
    for (from, to) in pairs.filter(|(from, to)| wants("from", *from) && wants("to", *to)) {
        for (reading, flows) in all.iter().filter(|_| query.wants(from) || query.wants(to)) {
            let Some(back) = Returned::of(subject, flows, from, Some(to), query.own_money) else {
                continue;
            };
            let mut row = vec![subject.party(from), subject.party(to), Cell::text(reading.name())];
            row.extend(back.amounts().into_iter().chain(back.shares()).map(Cell::Value));
            row.push(covered(subject, from, to, *reading));
            table.push(row);
        }
    }
    for group in groups.iter().filter(|group| query.wants(**group)) {
        for (reading, _) in all {
            for what in bounds::left_out(subject, seen, *reading, *group) {
                table.leave_out(what);
            }
        }
    }
    undated(subject, query, &mut table);
    table.note("Bounds hold for every way of telling whose money is spent; shares are of what is sent.");
    table.note("Past payments stand on their dates. Factors follow their central paths.");
    table
}

/// Contracted payments back over money put in, both in the reading of the row; readings of terms are two.
fn covered(subject: &Subject<'_>, from: PartyRef, to: PartyRef, reading: Reading) -> Cell {
    let extent = match reading {
        Reading::Firm => Extent::Firm,
        Reading::Headline => Extent::Headline,
        Reading::Expected => return Cell::Empty,
    };
    let put_in = subject.put_in(from, to, extent);
    if put_in.is_empty() || put_in.value().is_zero() {
        return Cell::Empty;
    }
    let back = subject.contracted(to, from, reading);
    Cell::Value(coverage::ratio(&back.value(), &put_in.value()))
}

/// Names stakes without a dated cost, which is missing from the money sent.
fn undated(subject: &Subject<'_>, query: &Query, table: &mut Table) {
    let model = subject.model;
    for holding in &model.holdings {
        let (owner, issuer) = (model.group(holding.owner), model.group(holding.issuer));
        let paid = subject.put_in(owner, issuer, Extent::Paid);
        let by_contract = subject.program.past.iter().any(|past| {
            model.group(PartyRef(past.from.0)) == owner && model.group(PartyRef(past.to.0)) == issuer
        });
        let dated = by_contract || purchases::is_dated(subject, holding);
        if !dated && !paid.value().is_zero() && (query.wants(owner) || query.wants(issuer)) {
            table.leave_out(format!("{}: its cost is in no dated flow", holding.name));
        }
    }
}
