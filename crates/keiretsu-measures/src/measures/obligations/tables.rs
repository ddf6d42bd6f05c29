//! The tables of `obligations`.

use keiretsu_program::Reading;
use keiretsu_values::{Cell, ColumnSpec, Table, TableSpec, Total};

use super::{Hidden, NAME};
use crate::cancels::{self, Cancels};
use crate::{Seen, Subject};

pub(super) const EACH: TableSpec = TableSpec::new(
    NAME,
    "each",
    "Contingent and hidden obligations",
    &[
        &[
            ColumnSpec::contract("the contract, or the tranche of it, that obliges"),
            ColumnSpec::text("kind", "guarantee, backstop, open tranche, undrawn loan, or another kind"),
            ColumnSpec::party("bearer", "the group that would pay"),
            ColumnSpec::party("in_favour_of", "the group that would be paid").minor(),
            ColumnSpec::text("trigger", "what makes the obligation due"),
            AT_MOST,
            ColumnSpec::money("weighed", "the amount in the expected reading")
                .adds()
                .titled("weighed by its chance"),
            MEAN,
            ColumnSpec::money("standard_error", "standard error of the mean")
                .minor()
                .by("standard deviation over paths / square root of their number")
                .when_filled(),
        ],
        &cancels::COLUMNS,
    ],
)
.of_each("obligation")
.by_size("at_most");

pub(super) const BY_BEARER: TableSpec = TableSpec::new(
    NAME,
    "by_bearer",
    "Contingent and hidden obligations, by bearer",
    &[&[ColumnSpec::party("bearer", "the group that would pay, or `all`")], &SUMS, &cancels::COLUMNS],
)
.of_each("bearer")
.by_size("at_most");

pub(super) const BY_TRIGGER: TableSpec = TableSpec::new(
    NAME,
    "by_trigger",
    "Contingent and hidden obligations, by trigger",
    &[&[ColumnSpec::text("trigger", "what makes the obligations due, or `all`")], &SUMS, &cancels::COLUMNS],
)
.of_each("trigger")
.by_size("at_most");

const SUMS: [ColumnSpec; 3] =
    [AT_MOST, ColumnSpec::money("weighed", "the amount in the expected reading"), MEAN];

const AT_MOST: ColumnSpec =
    ColumnSpec::money("at_most", "the most that can fall due, as worded").adds().titled("amount, headline");
const MEAN: ColumnSpec = ColumnSpec::money("mean", "mean over all paths of what falls due within the run")
    .adds()
    .by("sum over paths / their number")
    .when_filled();

/// Totals by a cell, in the order in which the cells are met, and over all.
pub(super) fn sums(
    subject: &Subject<'_>,
    seen: &Seen<'_>,
    list: &[Hidden<'_>],
    (spec, all): (&TableSpec, Cell),
    of: impl Fn(&Hidden<'_>) -> Cell,
) -> Table {
    let mut table = subject.table(spec);
    table.window.simulation = seen.simulation();
    let mut named: Vec<Cell> = Vec::new();
    for cell in list.iter().map(&of) {
        if !named.contains(&cell) {
            named.push(cell);
        }
    }
    let mut row = |name: &Cell, mine: &dyn Fn(&&Hidden<'_>) -> bool| {
        let mut totals = [Total::default(), Total::default(), Total::default()];
        let mut cancels = Cancels::default();
        let shown = if seen.is_simulated() { totals.len() } else { totals.len() - 1 };
        let mine: Vec<&Hidden<'_>> = list.iter().filter(mine).collect();
        for hidden in &mine {
            let [mean, _] = hidden.simulated(seen);
            let both = mine.iter().any(|other| hidden.excludes(other));
            let most = if both { hidden.most_in_totals() } else { hidden.most() };
            let values = [most, hidden.weighed(subject, seen), mean];
            let name = subject.name(hidden.commitment);
            let (commitment, at) = (hidden.commitment, Reading::Headline);
            if both {
                cancels.add(&name, commitment, at)
            } else {
                cancels.add_alone(&name, commitment, at)
            }
            totals.iter_mut().zip(&values).for_each(|(total, value)| total.add(&name, value));
        }
        let mut cells = vec![name.clone()];
        for total in &totals[..shown] {
            cells.push(Cell::Value(total.value()));
            total.left_out.iter().for_each(|what| table.leave_out(what));
        }
        cells.resize(table.columns.len() - cancels::COLUMNS.len(), Cell::Empty);
        cells.extend(cancels.cells());
        table.push(cells);
    };
    for name in &named {
        row(name, &|hidden| of(hidden) == *name);
    }
    if named.len() > 1 {
        row(&all, &|_| true);
    }
    cancels::shown_where(list.iter().any(Hidden::says), &mut table);
    table
}
