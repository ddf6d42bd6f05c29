//! Power contracted from each provider: how much, from when, at what price, and what would be left stranded.
//!
//! For each deal: the power as worded in the three readings, the contracted minimum per gigawatt and per
//! gigawatt and year (the price that the deal implies), the cost of building, and the part of that cost that
//! nobody else could use (`stranded`: build cost times the share that is not redeployable). With `--by year`:
//! power available at the end of each year from each provider, against what it says it can build
//! (`buildable`); what is promised beyond that is sold twice.
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! title    = "Five gigawatts"
//! as_of    = 2025-12-31
//! horizon  = "4 years"
//!
//! [parties]
//! lab = { name = "Lab" }
//!
//! [parties.cloud]
//! name      = "Cloud"
//! buildable = { 2026 = "1 GW", 2027 = "3 GW", later = "4 GW" }
//! because   = "an example"
//!
//! [contracts.compute]
//! type     = "supply"
//! buyer    = "lab"
//! seller   = "cloud"
//! from     = "2026-01"
//! minimum  = "$40B over 4 years"
//! capacity = { power = "5 GW", ramp = "linear", build_cost = "$30B per GW", redeployable = "60%" }
//! because  = "an example"
//! ```
//!
//! By hand: 40 / 5 is $8B per GW, $2B per GW and year; 5 x 30 x 40% = 60 is stranded. A linear ramp over
//! four years gives 1.25, 2.5, 3.75 and 5 GW at their ends, against 1, 3, 4 and 4.
//!
//! ```console
//! $ keiretsu measure model capacity --reading firm
//! Power contracted, by deal
//! as of 2025-12-31
//!
//! Cloud is to provide 5 GW to Lab (firm), the only deal.
//! compute pays most for power: $8B/GW, $2B/GW a year (firm).
//!
//!                                               contracted  implied  implied per  build
//! contract  provider  user  of  reading  power     minimum   per GW  GW and year   cost  stranded
//! ───────────────────────────────────────────────────────────────────────────────────────────────
//! compute   Cloud     Lab       firm      5 GW        $40B   $8B/GW       $2B/GW  $150B      $60B
//!
//! Implied prices divide the contracted minimum by the power: service, energy and chips together.
//! $ keiretsu measure model capacity --reading firm --by year
//! Power at the end of each year, by provider
//! as of 2025-12-31
//!
//! Cloud has sold 1 GW more for 2029 than can be built by then (firm).
//!
//! provider  reading  year  contracted  buildable  sold twice
//! ──────────────────────────────────────────────────────────
//! Cloud     firm     2026     1.25 GW       1 GW     0.25 GW
//! Cloud     firm     2027      2.5 GW       3 GW        0 GW
//! Cloud     firm     2028     3.75 GW       4 GW        0 GW
//! Cloud     firm     2029        5 GW       4 GW        1 GW
//! ```

mod findings;

use keiretsu_contracts::side::Capacity as Line;
use keiretsu_model::PartyRef;
use keiretsu_model::record::{Stated, YearKey};
use keiretsu_program::{Probe, Reading, Span};
use keiretsu_values::{Cell, ColumnSpec, Finding, Set, Table, TableSpec, Total, Unit, UnitSpec, Value};

use crate::{Measure, PeriodLength, Query, Seen, Subject};

pub struct Capacity;

const NAME: &str = "capacity";

const BY_DEAL: TableSpec = TableSpec::new(
    NAME,
    "by_deal",
    "Power contracted, by deal",
    &[&[
        ColumnSpec::contract("the contract of the deal"),
        ColumnSpec::party("provider", "the party that provides the power"),
        ColumnSpec::party("user", "the party that uses it"),
        ColumnSpec::text("of", "the part of the deal, where its power is stated by parts").minor(),
        ColumnSpec::reading(),
        ColumnSpec::number("power", Unit::Power, "power contracted")
            .by("power as worded, read as the reading says"),
        ColumnSpec::money("minimum", "the contracted minimum of the deal")
            .titled("contracted minimum")
            .by("the contracted minimum of the deal"),
        ColumnSpec::in_unit("per_gw", UnitSpec::MoneyPerPower, "the price of power that the deal implies")
            .titled("implied per GW")
            .is("{minimum} / {power}"),
        ColumnSpec::in_unit("per_gw_year", UnitSpec::MoneyPerPower, "the same for each year of the minimum")
            .minor()
            .titled("implied per GW and year")
            .by("{per_gw} / the years over which the minimum falls"),
        ColumnSpec::money("build_cost", "what building the power costs")
            .by("{power} x what a gigawatt costs to build"),
        ColumnSpec::money("stranded", "the part of the build cost that nobody else could use")
            .by("{build_cost} x (1 - the share that another customer could use)"),
    ]],
)
.filled_by("contracts with `capacity`")
.of_each("deal")
.by_size("power");

const BY_YEAR: TableSpec = TableSpec::new(
    NAME,
    "by_year",
    "Power at the end of each year, by provider",
    &[&[
        ColumnSpec::party("provider", "the group that provides the power"),
        ColumnSpec::reading(),
        ColumnSpec::period("year", "the calendar year, as far as it is run"),
        ColumnSpec::number("contracted", Unit::Power, "power contracted for the end of the year")
            .by("sum over deals of their power x the share available at the end of the year"),
        ColumnSpec::number("buildable", Unit::Power, "power that the provider can build by then")
            .by("what the provider says it can build"),
        ColumnSpec::number("sold_twice", Unit::Power, "power contracted beyond what can be built")
            .by("{contracted} - {buildable}, where that is positive"),
    ]],
)
.filled_by("contracts with a `capacity`")
.of_each("provider")
.at_a_glance("year", "contracted");

impl Measure for Capacity {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "gigawatts contracted and buildable, implied price, build cost, what would be stranded"
    }

    fn schema(&self) -> &'static [&'static TableSpec] {
        &[&BY_DEAL, &BY_YEAR]
    }

    fn needs(&self, _: &Subject<'_>, _: &Query) -> Vec<Probe> {
        vec![]
    }

    fn tables(&self, subject: &Subject<'_>, query: &Query, _: &Seen<'_>) -> Vec<Table> {
        let lines: Vec<&Line> = subject
            .capacities()
            .filter(|line| {
                query.wants(subject.model.group(line.seller)) || query.wants(subject.model.group(line.buyer))
            })
            .collect();
        if PeriodLength::cuts(query.by) {
            vec![by_year(subject, query, &lines)]
        } else {
            vec![by_deal(subject, query, &lines)]
        }
    }

    fn findings(&self, tables: &[Table]) -> Vec<Finding> {
        findings::of(tables)
    }
}

fn by_deal(subject: &Subject<'_>, query: &Query, lines: &[&Line]) -> Table {
    let mut table = subject.table(&BY_DEAL);
    for line in lines {
        for reading in query.readings() {
            let at = reading;
            let (minimum, years) = minimum(subject, line, at);
            let power = &line.power[at];
            let per_gw =
                if power.is_zero() { Value::unknown("no power is firm") } else { minimum.divide(power) };
            let build = pick(line.build_cost.as_ref(), at, Set::NOT_NEGATIVE, "build cost not stated");
            let build = build.scaled(power);
            let kept = pick(line.redeployable.as_ref(), at, Set::SHARE, "redeployable share not stated");
            let stranded = build.scaled(&Value::exact(1.0).beyond(&kept));
            table.push(vec![
                subject.contract(line.contract),
                subject.party(line.seller),
                subject.party(line.buyer),
                Cell::text(line.of.clone().unwrap_or_default()),
                Cell::text(reading.name()),
                Cell::Value(power.clone()),
                Cell::Value(minimum),
                Cell::Value(per_gw.clone()),
                Cell::Value(match years {
                    Some(years) => per_gw.times(1.0 / years),
                    None => Value::undisclosed("the time of the minimum is not stated"),
                }),
                Cell::Value(build),
                Cell::Value(stranded),
            ]);
        }
    }
    table.note(
        "Implied prices divide the contracted minimum by the power: service, energy and chips together.",
    );
    table
}

fn pick(values: Option<&[Value; 3]>, at: Reading, set: Set, why: &str) -> Value {
    values.map_or_else(|| Value::unread(why, set), |values| values[at].clone())
}

/// The contracted minimum of a deal and the years over which it falls.
fn minimum(subject: &Subject<'_>, line: &Line, at: Reading) -> (Value, Option<f64>) {
    let mine = subject.standing().find(|commitment| commitment.contract == line.contract);
    match mine {
        Some(commitment) => (commitment.amount(at), commitment.over),
        None => (Value::undisclosed("no minimum is stated"), None),
    }
}

fn by_year(subject: &Subject<'_>, query: &Query, lines: &[&Line]) -> Table {
    let mut table = subject.table(&BY_YEAR);
    let mut providers: Vec<PartyRef> = lines.iter().map(|line| subject.model.group(line.seller)).collect();
    providers.sort();
    providers.dedup();
    let pieces = Span::Year.pieces(subject.program);
    for provider in providers {
        for reading in query.readings() {
            for (first, last) in &pieces {
                let year = subject.program.month(*first).year();
                let mut contracted = Total::default();
                for line in lines.iter().filter(|line| subject.model.group(line.seller) == provider) {
                    let share =
                        line.years.iter().find(|(known, _)| *known == year).map_or(0.0, |(_, share)| *share);
                    contracted.add("power", &line.power[reading].times(share));
                }
                let contracted = contracted.value();
                let buildable = buildable(subject, provider, year, reading);
                let twice = contracted.beyond(&buildable).max(&Value::exact(0.0));
                table.push(vec![
                    subject.party(provider),
                    Cell::text(reading.name()),
                    subject.period(Span::Year, *first, last + 1 - first),
                    Cell::Value(contracted),
                    Cell::Value(buildable),
                    Cell::Value(twice),
                ]);
            }
        }
    }
    table
}

/// The stated capacity of a provider by a year: of that year, else `later` after the last listed one.
fn buildable(subject: &Subject<'_>, provider: PartyRef, year: i32, reading: Reading) -> Value {
    let read = |stated: &Stated| subject.model.readings(stated)[reading].clone();
    let mut last = i32::MIN;
    let mut later = None;
    for (key, stated) in subject.model.party(provider).record.by_year("buildable") {
        match key {
            YearKey::At(when) if i32::from(when.first.year()) == year => return read(stated),
            YearKey::At(when) => last = last.max(i32::from(when.first.year())),
            YearKey::Later => later = Some(read(stated)),
        }
    }
    match later {
        Some(value) if year > last => value,
        _ => Value::undisclosed("what can be built is not stated"),
    }
}
