//! Every scenario against the base: which watched figures move, and by how much.
//!
//! Watched are, at the end of the run: what was paid on each contract, the cash of each party that states it,
//! whether it has defaulted, and what each stake is worth. Base and scenario use the same random numbers, so
//! a difference is never noise of its own. Without `--paths` the numbers are those of the expected reading,
//! with factors on their central paths; with it they are means over paths, with the standard error of the
//! mean. Only figures that move are shown.
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! title    = "Half the revenue"
//! as_of    = 2025-12-31
//! horizon  = "2 years"
//!
//! [parties]
//! cloud = { name = "Cloud" }
//!
//! [parties.lab]
//! name    = "Lab"
//! cash    = "$100M"
//! revenue = "lab_revenue"
//! because = "an example"
//!
//! [factors.lab_revenue]
//! start   = "$60M/yr"
//! because = "an example"
//!
//! [contracts.compute]
//! type    = "supply"
//! buyer   = "lab"
//! seller  = "cloud"
//! usage   = "50% * lab_revenue"
//! because = "an example"
//!
//! [scenarios.miss]
//! text  = "revenue misses by half from 2027 on"
//! scale = { lab_revenue = "50%" }
//! from  = "2027-01"
//! ```
//!
//! By hand: in 2027 the lab earns 30 instead of 60 and pays 15 instead of 30, so it ends with 145 instead of
//! 160.
//!
//! ```console
//! $ keiretsu stress model
//! Scenarios against the base, at the end of the run
//! as of 2025-12-31
//!
//! In the scenario miss, paid on compute falls most: -$15M, from $60M to $45M.
//!
//! scenario  figure            base  stressed  change  change, relative
//! ────────────────────────────────────────────────────────────────────
//! miss      paid on compute   $60M      $45M   -$15M              -25%
//! miss      cash of Lab      $160M     $145M   -$15M            -9.38%
//!
//! Expected reading, factors on their central paths; `--paths 10000` gives means over paths.
//! ```

mod findings;

use keiretsu_program::{FlowId, HoldingId, PartyId, Probe, Quantity, Reading, Span};
use keiretsu_values::{Cell, ColumnSpec, Entity, Finding, Table, TableSpec, Unit, Value};

use crate::{Measure, Query, Seen, Subject, over_paths};

pub struct Stress;

const NAME: &str = "stress";

const MOVED: TableSpec = TableSpec::new(
    NAME,
    "moved",
    "Scenarios against the base, at the end of the run",
    &[&[
        ColumnSpec::id("scenario", Entity::Scenario, "the scenario that is set against the base"),
        ColumnSpec::text("figure", "the figure that moves"),
        ColumnSpec::unit(),
        ColumnSpec::measured("base", "the figure in the base")
            .by("the figure at the end of the run, without the scenario"),
        ColumnSpec::measured("stressed", "the figure in the scenario")
            .by("the same in the scenario, with the same random numbers"),
        ColumnSpec::measured("change", "how much more it is in the scenario").is("{stressed} - {base}"),
        ColumnSpec::share("relative_change", "the change as a part of the base")
            .titled("change, relative")
            .is("{change} / {base}"),
        ColumnSpec::measured("standard_error", "standard error of the change")
            .by("of the change, over paths with the same random numbers")
            .when_filled(),
    ]],
)
.filled_by("scenarios that change an amount, as `[scenarios.NAME]`")
.of_each("figure")
.by_size("relative_change");

impl Measure for Stress {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "every scenario against the base: which figures move, and by how much"
    }

    fn wants_scenarios(&self) -> bool {
        true
    }

    fn is_of_scenarios(&self) -> bool {
        true
    }

    fn schema(&self) -> &'static [&'static TableSpec] {
        &[&MOVED]
    }

    fn needs(&self, subject: &Subject<'_>, query: &Query) -> Vec<Probe> {
        watched(subject, query).iter().map(|watch| watch.probe).collect()
    }

    fn readings(&self, _: &Query) -> Vec<Reading> {
        vec![Reading::Expected]
    }

    fn tables(&self, subject: &Subject<'_>, query: &Query, seen: &Seen<'_>) -> Vec<Table> {
        let mut table = subject.table(&MOVED);
        table.window.simulation = seen.simulation();
        let watched = watched(subject, query);
        for (scenario, stressed) in seen.scenarios() {
            let before = table.rows.len();
            for watch in &watched {
                watch.row(scenario, seen, stressed).into_iter().for_each(|row| table.push(row));
            }
            if table.rows.len() == before {
                table.note(format!("{scenario}: no watched figure moves."));
            }
        }
        table.note(if seen.is_simulated() {
            "Means over paths, with the same random numbers in base and scenario."
        } else {
            "Expected reading, factors on their central paths; `--paths 10000` gives means over paths."
        });
        vec![table]
    }

    fn findings(&self, tables: &[Table]) -> Vec<Finding> {
        findings::of(tables)
    }
}

/// A figure that is watched.
struct Watch {
    name: String,
    unit: Unit,
    probe: Probe,
}

fn watched(subject: &Subject<'_>, query: &Query) -> Vec<Watch> {
    let program = subject.program;
    let money = Unit::Money(subject.model.currency);
    let wants = |party: PartyId| query.wants(subject.model.group(keiretsu_model::PartyRef(party.0)));
    let watch = |name: String, unit: Unit, quantity: Quantity| Watch {
        name,
        unit,
        probe: Probe { quantity, span: Span::Whole },
    };
    let mut list = Vec::new();
    for (at, label) in subject.side.flows.iter().enumerate().filter(|(_, label)| label.contract.is_some()) {
        let flow = &program.flows[at];
        if wants(flow.from) || wants(flow.to) {
            let quantity = Quantity::Payment(FlowId(at as u32));
            list.push(watch(format!("paid on {}", label.name), money, quantity));
        }
    }
    for (at, party) in program.parties.iter().enumerate().filter(|(_, party)| party.cash.is_some()) {
        let id = PartyId(at as u32);
        let title = subject.title(keiretsu_model::PartyRef(id.0));
        if !wants(id) {
            continue;
        }
        list.push(watch(format!("cash of {title}"), money, Quantity::Cash(id)));
        if party.funding.is_some() {
            list.push(watch(format!("raised by {title}"), money, Quantity::Raised(id)));
        }
        // Only these can fail by themselves, but a scenario may fell anybody.
        list.push(watch(format!("{title} has defaulted"), Unit::Share, Quantity::Defaulted(id)));
    }
    for (at, label) in subject.side.holdings.iter().enumerate() {
        let holding = &program.holdings[at];
        if wants(holding.owner) || wants(holding.issuer) {
            list.push(watch(
                format!("value of {}", label.name),
                money,
                Quantity::Holding(HoldingId(at as u32)),
            ));
        }
    }
    list
}

impl Watch {
    /// A row, if the figure moves or stops being known.
    fn row(&self, scenario: &str, base: &Seen<'_>, stressed: &Seen<'_>) -> Option<Vec<Cell>> {
        let (before, _) = self.read(base);
        let (after, error) = self.read(stressed);
        let change = after.beyond(&before);
        match (before.amount(), after.amount()) {
            (None, None) => return None,
            // A millionth of a figure, or less than a dollar, is rounding.
            (Some(a), Some(b)) if (b - a).abs() <= (1e-6 * a.abs()).max(self.least()) => return None,
            _ => {}
        }
        let relative =
            if before.is_zero() { Value::unknown("the base is zero") } else { change.divide(&before) };
        Some(vec![
            Cell::named(scenario),
            Cell::text(&self.name),
            Cell::Unit(self.unit),
            Cell::Value(before),
            Cell::Value(after),
            Cell::Value(change),
            Cell::Value(relative),
            error.map_or(Cell::Empty, Cell::exact),
        ])
    }

    /// The smallest amount that counts as a change.
    fn least(&self) -> f64 {
        if matches!(self.unit, Unit::Money(_)) { 1.0 } else { 1e-9 }
    }

    fn read(&self, seen: &Seen<'_>) -> (Value, Option<f64>) {
        let expected = seen.value(Reading::Expected, self.probe, 0);
        match seen.simulated(self.probe) {
            Some(series) => {
                let mean = over_paths::value(series.mean[0], &expected);
                (mean, series.standard_error.first().copied())
            }
            None => (expected, None),
        }
    }
}
