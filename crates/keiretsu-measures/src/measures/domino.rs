//! If a party fails: what each other party loses, by layer, and who fails next, by three models side by side.
//!
//! Each party (or those named with `--party`) is made to fail in the first month, or in that of `--at`, in
//! the expected reading or another one. *Clearing* runs the model on: what falls due and is not paid, claims
//! for what contracts would still have brought (minimum less resale), the value of holdings in those that
//! fail, less what estates pay, less what guarantors pay; failures follow when cash runs out, month by month
//! (Eisenberg and Noe 2001). Sales beyond a minimum that end are no loss here; they show in who fails.
//! *Cross-holdings* (Elliott, Golub and Jackson 2014): the failing party's own assets are worth nothing,
//! values fall along stakes, and who loses more than its `capital` fails in the next wave, with its
//! `default_costs`; the loss of an owner and of what it owns overlap. `DebtRank` (Battiston and others
//! 2012): each passes on the share of its capital that it has lost, once, along the exposures of `exposure`;
//! a loss ends where the capital does.
//!
//! The models answer different questions. Their losses are alternatives and never summed. A party without
//! `funding` can be made to fail, but not be dragged along in clearing; one without `capital` loses in the
//! other two models but does not fail there.
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! title    = "A lab, its cloud, and the cloud's supplier"
//! as_of    = 2025-12-31
//! horizon  = "4 years"
//!
//! [parties.lab]
//! name    = "Lab"
//! cash    = "$1B"
//! revenue = "$1.2B/yr"
//! value   = "$40B"
//! because = "an example"
//!
//! [parties.cloud]
//! name    = "Cloud"
//! cash    = "$1B"
//! revenue = "$600M/yr"
//! value   = "$100B"
//! capital = "$8B"
//! funding = { keep = "1 month", raise = "1 month", price = "$0", else = "default" }
//! because = "an example"
//!
//! [parties.maker]
//! name    = "Chips"
//!
//! [holdings.cloud-in-lab]
//! owner   = "cloud"
//! issuer  = "lab"
//! stake   = "25%"
//! because = "an example"
//!
//! [holdings.maker-in-cloud]
//! owner   = "maker"
//! issuer  = "cloud"
//! stake   = "10%"
//! because = "an example"
//!
//! [contracts.compute]
//! type    = "supply"
//! buyer   = "lab"
//! seller  = "cloud"
//! from    = "2026-01"
//! until   = "2029-12"
//! minimum = "$100M/month"
//! because = "an example"
//!
//! [contracts.parts]
//! type    = "supply"
//! buyer   = "cloud"
//! seller  = "maker"
//! from    = "2026-01"
//! until   = "2029-12"
//! minimum = "$150M/month"
//! because = "an example"
//! ```
//!
//! By hand, if the lab fails in January 2026. Clearing: the cloud has a claim for 47 months of 0.1, 4.7, and
//! the lab's cash of 1.0 goes to it; its stake of 10 is gone: 13.7. From February on it pays 0.15 and earns
//! 0.05 a month; its cash of 2.0 lasts 20 months. In October 2027 it is 0.1 short and fails: Chips is not
//! paid 0.1, claims 26 months of 0.15, 3.9, and loses a stake of 10: 14.0. Cross-holdings: the cloud loses
//! 25% of 40, more than its capital of 8, and fails; Chips loses 10% of those 10. `DebtRank`: the cloud is
//! exposed with 10 + 0.1 + 4.7, which is more than its capital, so it loses all 8 of that; Chips, exposed
//! with 10 + 0.15 + 47 x 0.15, loses 17.2.
//!
//! ```console
//! $ keiretsu measure model domino --party lab
//! Losses if a party fails in 2026-01, expected reading
//! in $bn, expected reading, as of 2025-12-31
//!
//! fails  loses  unpaid dues  contracts  holdings  recovered  guarantees
//! ─────────────────────────────────────────────────────────────────────
//! Lab    Cloud          -          4.7      10.0        1.0
//! Lab    Chips          0.1        3.9      10.0        -
//!
//! fails  loses  loss: clearing  before guarantees  loss: cross-holdings  loss: DebtRank  capital
//! ──────────────────────────────────────────────────────────────────────────────────────────────
//! Lab    Cloud            13.7                                     10.0             8.0      8.0
//! Lab    Chips            14.0                                      1.0            17.2  unknown
//!
//! Three models with different assumptions; their losses are alternatives and not added up.
//! Without `funding`, clearing drags none of these along: Lab, Chips.
//!
//! left out:
//!   Lab (capital): Chips states no `capital`
//!
//!
//! Who fails, wave by wave
//! expected reading, as of 2025-12-31
//!
//! fails  model           wave  month    who
//! ───────────────────────────────────────────
//! Lab    clearing           2  2027-10  Cloud
//! Lab    cross-holdings     2           Cloud
//! Lab    DebtRank           2           Cloud
//! ```

mod cleared;
mod valued;

use keiretsu_model::PartyRef;
use keiretsu_program::{Probe, Reading, Series};
use keiretsu_values::{Cell, Column, Table, Value};

use self::cleared::{Lens, Loss, Outcome};
use self::valued::{Distress, Groups, Holdings, Spread};
use crate::measures::exposure::pairs;
use crate::{Measure, Query, Runs, Seen, Stopped, Subject};

/// See the module.
pub struct Domino;

const NAME: &str = "domino";

impl Measure for Domino {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "if a party fails: what each other loses and who fails next, by three models"
    }

    fn needs(&self, subject: &Subject<'_>, _: &Query) -> Vec<Probe> {
        pairs::pairs(subject, &Query::default()).iter().flat_map(pairs::Pair::probes).collect()
    }

    fn tables(&self, _: &Subject<'_>, _: &Query, _: &Seen<'_>) -> Vec<Table> {
        vec![]
    }

    fn adapts(
        &self,
        subject: &Subject<'_>,
        query: &Query,
        seen: &Seen<'_>,
        runs: &dyn Runs,
    ) -> Result<Vec<Table>, Stopped> {
        let t = subject.month_asked(query)?;
        let reading = query.reading.unwrap_or(Reading::Expected);
        let groups = Groups::new(subject, reading);
        let world = World {
            subject,
            reading,
            t,
            holdings: Holdings::new(subject, &groups, reading),
            distress: Distress::new(subject, &groups, seen, reading, t),
            groups: &groups,
        };
        let failures = world.failures(query, runs)?;
        Ok(vec![world.losses(&failures), world.order(&failures)])
    }
}

/// What all failures start from.
struct World<'a> {
    subject: &'a Subject<'a>,
    reading: Reading,
    t: u32,
    groups: &'a Groups,
    holdings: Result<Holdings<'a>, String>,
    distress: Distress<'a>,
}

/// One party's failure in each of the models.
struct Failure {
    place: usize,
    cleared: Outcome,
    /// Losses before guarantees, where anybody guarantees anything.
    bare: Option<Outcome>,
    holdings: Result<Spread, String>,
    distress: Result<Spread, String>,
}

impl World<'_> {
    fn failures(&self, query: &Query, runs: &dyn Runs) -> Result<Vec<Failure>, Stopped> {
        let lens = Lens::new(self.subject);
        let base = lens.base(runs, self.reading)?;
        let mut failures = Vec::new();
        for (place, party) in self.groups.all.iter().enumerate() {
            if query.wants(*party) {
                failures.push(self.failure(&lens, runs, &base, (place, *party))?);
            }
        }
        Ok(failures)
    }

    fn failure(
        &self,
        lens: &Lens<'_>,
        runs: &dyn Runs,
        base: &[Series],
        (place, party): (usize, PartyRef),
    ) -> Result<Failure, Stopped> {
        let run = |covered: bool| lens.failure(runs, self.reading, base, (party, self.t), covered);
        Ok(Failure {
            place,
            cleared: run(true)?,
            bare: if lens.has_covers() { Some(run(false)?) } else { None },
            holdings: match &self.holdings {
                Ok(holdings) => holdings.failure(place),
                Err(why) => Err(why.clone()),
            },
            distress: self.distress.failure(place),
        })
    }

    fn title(&self, place: usize) -> Cell {
        Cell::text(self.subject.title(self.groups.all[place]))
    }

    /// One row for each failing party and each other that loses by it in any of the models.
    fn losses(&self, failures: &[Failure]) -> Table {
        let money = |key: &str| self.subject.money(key);
        let columns = vec![
            Column::text("failing").titled("fails"),
            Column::text("party").titled("loses"),
            money("unpaid_dues"),
            money("contracts"),
            money("holdings"),
            money("recovered"),
            money("guarantees"),
            money("clearing").titled("loss: clearing"),
            money("clearing_bare").titled("before guarantees"),
            money("cross_holdings").titled("loss: cross-holdings"),
            money("debtrank").titled("loss: DebtRank"),
            money("capital"),
        ];
        let (month, reading) = (self.subject.program.month(self.t), self.reading.name());
        let title = format!("Losses if a party fails in {month}, {reading} reading");
        let mut table = self.subject.table(NAME, title, columns);
        table.reading = Some(reading.to_owned());
        for failure in failures {
            for place in (0..self.groups.all.len()).filter(|place| *place != failure.place) {
                table.rows.extend(self.row(failure, place));
            }
        }
        self.explained(&mut table, failures);
        table
    }

    fn row(&self, failure: &Failure, place: usize) -> Option<Vec<Cell>> {
        let party = self.groups.all[place].at();
        let loss = failure.cleared.losses[party];
        let bare = failure.bare.as_ref().map(|bare| bare.losses[party].sum());
        let spread = |spread: &Result<Spread, String>| match spread {
            Ok(spread) => Value::exact(rounded(spread.losses[place])),
            Err(why) => Value::unknown(why),
        };
        let (mut holdings, distress) = (spread(&failure.holdings), spread(&failure.distress));
        if self.holdings.as_ref().is_ok_and(|known| known.is_undisclosed(place, failure.place)) {
            holdings = Value::unknown(format!(
                "the stake of {} is undisclosed",
                self.subject.title(self.groups.all[place])
            ));
        }
        let moves = |value: &Value| value.amount().is_some_and(|amount| amount.abs() > 0.0);
        if loss == Loss::default() && !moves(&holdings) && !moves(&distress) && bare.is_none_or(|x| x <= 0.0)
        {
            return None;
        }
        let capital = self.groups.capital[place];
        let held = if self.unvalued(failure, Some(party)).is_empty() || loss.holdings > 0.0 {
            Value::exact(rounded(loss.holdings))
        } else {
            Value::unknown(format!(
                "the value of what {} holds is not known",
                self.subject.title(self.groups.all[place])
            ))
        };
        let mut row = vec![self.title(failure.place), self.title(place)];
        row.extend([loss.dues, loss.contracts].map(|amount| Cell::exact(rounded(amount))));
        row.push(Cell::Value(held));
        row.push(Cell::exact(rounded(loss.recovered)));
        row.push(if bare.is_some() { Cell::exact(rounded(loss.covered)) } else { Cell::Empty });
        row.push(Cell::exact(rounded(loss.sum())));
        row.push(bare.map_or(Cell::Empty, |bare| Cell::exact(rounded(bare))));
        row.push(Cell::Value(holdings));
        row.push(Cell::Value(distress));
        row.push(Cell::Value(capital.map_or_else(
            || Value::unknown(format!("{} states no `capital`", self.subject.title(self.groups.all[place]))),
            Value::exact,
        )));
        Some(row)
    }

    fn explained(&self, table: &mut Table, failures: &[Failure]) {
        table
            .note("Three models with different assumptions; their losses are alternatives and not added up.");
        let fixed = self.groups.all.iter().filter(|party| !self.subject.can_fail(**party));
        let fixed: Vec<String> = fixed.map(|party| self.subject.title(*party)).collect();
        if !fixed.is_empty() {
            table.note(format!(
                "Without `funding`, clearing drags none of these along: {}.",
                fixed.join(", ")
            ));
        }
        let holdings = self.holdings.iter().flat_map(|holdings| &holdings.left_out);
        holdings.chain(&self.distress.left_out).for_each(|what| table.leave_out(what));
        for failure in failures {
            for what in self.unvalued(failure, None) {
                table.leave_out(format!("{what} (clearing): its value is not known"));
            }
        }
    }

    /// Holdings in a party that fails whose value the run does not know: of one owner, or of all.
    fn unvalued(&self, failure: &Failure, owner: Option<usize>) -> Vec<String> {
        let owned = |at: &&usize| {
            let holder = PartyRef(self.subject.program.holdings[**at].owner.0);
            owner.is_none_or(|owner| self.subject.model.group(holder).at() == owner)
        };
        let unknown = failure.cleared.unknown.iter().filter(owned);
        unknown.map(|at| self.subject.side.holdings[*at].name.clone()).collect()
    }

    /// Who fails in which model, wave by wave.
    fn order(&self, failures: &[Failure]) -> Table {
        let columns = vec![
            Column::text("failing").titled("fails"),
            Column::text("model"),
            Column::number("wave", keiretsu_values::Unit::Number { digits: 0 }),
            Column::date("month"),
            Column::text("party").titled("who"),
        ];
        let mut table = self.subject.table(NAME, "Who fails, wave by wave", columns);
        table.reading = Some(self.reading.name().to_owned());
        for failure in failures {
            self.months(failure, &mut table);
            for (model, spread) in [("cross-holdings", &failure.holdings), ("DebtRank", &failure.distress)] {
                let waves = spread.as_ref().map_or(&[][..], |spread| &spread.waves);
                for (wave, parties) in waves.iter().enumerate() {
                    for party in parties {
                        table.push(vec![
                            self.title(failure.place),
                            Cell::text(model),
                            Cell::exact(wave as f64 + 2.0),
                            Cell::Empty,
                            Cell::text(self.subject.title(*party)),
                        ]);
                    }
                }
            }
        }
        if table.rows.is_empty() {
            table.note("Nobody else fails in any of the models.");
        }
        table
    }

    /// In clearing each month with failures is a wave; the first is the failure itself.
    fn months(&self, failure: &Failure, table: &mut Table) {
        let failed = &failure.cleared.failed;
        let others = |at: &usize| *at != failure.place;
        let mut months: Vec<u32> = (0..self.groups.all.len())
            .filter(others)
            .filter_map(|at| failed[self.groups.all[at].at()])
            .collect();
        months.sort_unstable();
        months.dedup();
        for (wave, t) in months.iter().enumerate() {
            for place in (0..self.groups.all.len()).filter(others) {
                if failed[self.groups.all[place].at()] == Some(*t) {
                    table.push(vec![
                        self.title(failure.place),
                        Cell::text("clearing"),
                        Cell::exact(wave as f64 + 2.0),
                        Cell::text(self.subject.program.month(*t).to_string()),
                        self.title(place),
                    ]);
                }
            }
        }
    }
}

/// Less than a unit of money is rounding.
fn rounded(amount: f64) -> f64 {
    if amount.abs() < 0.5 { 0.0 } else { amount }
}
