//! Losses by layer and model, and who fails when, as tables.

use keiretsu_program::Span;
use keiretsu_values::{Cell, ColumnSpec, Table, TableSpec, Unit, Value};

use super::valued::Spread;
use super::{Failure, NAME, World};

pub(super) const LOSSES: TableSpec = TableSpec::new(
    NAME,
    "losses",
    "Losses if a party fails",
    &[&[
        ColumnSpec::party("failing", "the party that is made to fail").titled("fails"),
        ColumnSpec::party("party", "the party that loses by it").titled("loses"),
        ColumnSpec::money("unpaid_dues", "what falls due to the party and is not paid, in clearing").minor(),
        ColumnSpec::money("contracts", "its claims for what contracts would still have brought, in clearing"),
        ColumnSpec::money("holdings", "what its holdings lose, in clearing"),
        ColumnSpec::money("recovered", "what estates pay it, in clearing").minor(),
        ColumnSpec::money("guarantees", "what guarantors pay it less what it pays as one, in clearing")
            .minor(),
        ColumnSpec::money("clearing", "its loss in clearing").titled("loss: clearing").by(
            "{unpaid_dues} + {contracts} + {holdings} - {recovered} - {guarantees}, of those that are known",
        ),
        ColumnSpec::money("clearing_bare", "its loss in clearing in a run in which no guarantor pays")
            .minor()
            .titled("before guarantees"),
        ColumnSpec::money("cross_holdings", "its loss through cross-holdings").titled("loss: cross-holdings"),
        ColumnSpec::money("debtrank", "its loss by DebtRank").titled("loss: DebtRank"),
        ColumnSpec::money("capital", "what it can lose before it fails, as stated"),
    ]],
)
.filled_by("holdings and contracts with parties that can fail")
.of_each("pair")
.by_size("clearing");

/// The columns of the models without runs, and of what is stated.
pub(super) const BESIDE_CLEARING: [&str; 3] = ["cross_holdings", "debtrank", "capital"];

/// The word of the model with runs.
pub(super) const CLEARING: &str = "clearing";

pub(super) const WAVES: TableSpec = TableSpec::new(
    NAME,
    "waves",
    "Who fails, wave by wave",
    &[&[
        ColumnSpec::party("failing", "the party that is made to fail").titled("fails"),
        ColumnSpec::text("model", "clearing, cross-holdings or DebtRank"),
        ColumnSpec::number("wave", Unit::Number { digits: 0 }, "its wave; the failure itself is wave 1"),
        ColumnSpec::period("month", "the month in which the party fails, in clearing"),
        ColumnSpec::party("party", "the party that is dragged along").titled("who"),
    ]],
)
.filled_by("parties with `funding` or `capital` that a failure brings down")
.of_each("failure");

impl World<'_> {
    /// One row for each failing party and each other that loses by it in any of the models.
    pub(super) fn losses(&self, failures: &[Failure]) -> Table {
        let (month, reading) = (self.subject.program.month(self.t), self.reading.name());
        let mut table = self.subject.table(&LOSSES);
        table.title = format!("Losses if a party fails in {month}, {reading} reading");
        table.reading = Some(reading.to_owned());
        for failure in failures {
            for place in (0..self.groups.all.len()).filter(|place| *place != failure.place) {
                self.row(failure, place).into_iter().for_each(|row| table.push(row));
            }
        }
        self.explained(&mut table, failures);
        table
    }

    /// What a party loses through cross-holdings, and by `DebtRank`.
    fn beside(&self, failure: &Failure, place: usize) -> [Value; 2] {
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
        [holdings, distress]
    }

    /// Whether a party loses by a failure in one of the models without runs.
    pub(super) fn loses_beside(&self, failure: &Failure, place: usize) -> bool {
        let [holdings, distress] = self.beside(failure, place);
        let moves = holdings.amount().is_some_and(|amount| amount.abs() > 0.0);
        moves || (failure.distress.is_ok() && !distress.is_zero())
    }

    fn row(&self, failure: &Failure, place: usize) -> Option<Vec<Cell>> {
        let party = self.groups.all[place].at();
        let loss = &failure.cleared.losses[party];
        let bare = failure.bare.as_ref().map(|bare| bare.losses[party].sum());
        let lost_bare = bare.as_ref().is_some_and(|bare| bare.amount().is_none_or(|amount| amount > 0.0));
        if loss.is_nothing() && !lost_bare && !self.loses_beside(failure, place) {
            return None;
        }
        let [holdings, distress] = self.beside(failure, place);
        let mut row = vec![self.party(failure.place), self.party(place)];
        row.extend([&loss.dues, &loss.contracts].map(|amount| Cell::Value(whole(amount))));
        row.extend([&loss.holdings, &loss.recovered].map(|amount| Cell::Value(whole(amount))));
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
        let named = self.groups.all.iter().filter(|party| self.subject.is_named(**party));
        let fixed = named.filter(|party| !self.subject.can_fail(**party));
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
            for what in self.unvalued(failure) {
                table.leave_out(format!("{what} (clearing): its value is not known"));
            }
        }
    }

    /// Holdings in those that fail of which the run does not know the value.
    fn unvalued(&self, failure: &Failure) -> Vec<String> {
        let unknown = failure.cleared.unknown.iter();
        unknown.map(|at| self.subject.side.holdings[*at].name.clone()).collect()
    }

    /// Failures by model and wave.
    pub(super) fn order(&self, failures: &[Failure]) -> Table {
        let mut table = self.subject.table(&WAVES);
        table.reading = Some(self.reading.name().to_owned());
        for failure in failures {
            self.months(failure, &mut table);
            for (model, spread) in [("cross-holdings", &failure.holdings), ("DebtRank", &failure.distress)] {
                self.doubts(failure, (model, spread), &mut table);
                let waves = spread.as_ref().map_or(&[][..], |spread| &spread.waves);
                for (wave, parties) in waves.iter().enumerate() {
                    for party in parties {
                        table.push(vec![
                            self.party(failure.place),
                            Cell::text(model),
                            Cell::exact(wave as f64 + 2.0),
                            Cell::Empty,
                            self.subject.party(*party),
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

    /// Parties that may fail or not, since amounts are open.
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
                        self.party(failure.place),
                        Cell::text(CLEARING),
                        Cell::exact(wave as f64 + 2.0),
                        self.subject.period(Span::Month, *t, 1),
                        self.party(place),
                    ]);
                }
            }
        }
    }
}

/// An amount without its rounding.
fn whole(value: &Value) -> Value {
    match value.amount() {
        Some(amount) if amount.abs() < 0.5 && value.set().is_point() => Value::exact(0.0),
        _ => value.clone(),
    }
}
