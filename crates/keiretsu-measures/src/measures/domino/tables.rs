//! Losses by layer and model, and who fails when, as tables.

use keiretsu_model::PartyRef;
use keiretsu_values::{Cell, Column, Table, Value};

use super::valued::Spread;
use super::{Failure, NAME, World};

impl World<'_> {
    /// One row for each failing party and each other that loses by it in any of the models.
    pub(super) fn losses(&self, failures: &[Failure]) -> Table {
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
        let loss = &failure.cleared.losses[party];
        let bare = failure.bare.as_ref().map(|bare| bare.losses[party].sum());
        let spread = |spread: &Result<Spread, String>| match spread {
            Ok(spread) => whole(&spread.losses[place]),
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
        let lost_bare = bare.as_ref().is_some_and(|bare| bare.amount().is_none_or(|amount| amount > 0.0));
        let distressed = failure.distress.is_ok() && !distress.is_zero();
        if loss.is_nothing() && !moves(&holdings) && !distressed && !lost_bare {
            return None;
        }
        let some = loss.holdings.amount().is_some_and(|amount| amount > 0.0);
        let held = if self.unvalued(failure, Some(party)).is_empty() || some {
            whole(&loss.holdings)
        } else {
            Value::unknown(format!(
                "the value of what {} holds is not known",
                self.subject.title(self.groups.all[place])
            ))
        };
        let mut row = vec![self.title(failure.place), self.title(place)];
        row.extend([&loss.dues, &loss.contracts].map(|amount| Cell::Value(whole(amount))));
        row.push(Cell::Value(held));
        row.push(Cell::Value(whole(&loss.recovered)));
        row.push(if bare.is_some() { Cell::Value(whole(&loss.covered)) } else { Cell::Empty });
        row.push(Cell::Value(whole(&loss.sum())));
        row.push(bare.map_or(Cell::Empty, |bare| Cell::Value(whole(&bare))));
        row.push(Cell::Value(holdings));
        row.push(Cell::Value(distress));
        row.push(Cell::Value(self.groups.stated_capital[place].clone().unwrap_or_else(|| {
            Value::unknown(format!("{} states no `capital`", self.subject.title(self.groups.all[place])))
        })));
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
    pub(super) fn order(&self, failures: &[Failure]) -> Table {
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
                self.doubts(failure, (model, spread), &mut table);
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

    /// Who may fail or not, as amounts are open.
    fn doubts(&self, failure: &Failure, (model, spread): (&str, &Result<Spread, String>), table: &mut Table) {
        let doubtful = spread.iter().flat_map(|spread| &spread.doubtful);
        let doubtful: Vec<String> = doubtful.map(|party| self.subject.title(*party)).collect();
        if !doubtful.is_empty() {
            let first = self.subject.title(self.groups.all[failure.place]);
            let who = doubtful.join(", ");
            table.note(format!("If {first} fails, {model} leaves open whether these do: {who}."));
        }
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

/// An amount without what is rounding.
fn whole(value: &Value) -> Value {
    match value.amount() {
        Some(amount) if amount.abs() < 0.5 && value.set().is_point() => Value::exact(0.0),
        _ => value.clone(),
    }
}
