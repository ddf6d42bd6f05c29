//! The tables of `obligations`.

use keiretsu_program::Reading;
use keiretsu_values::{Cell, ColumnSpec, Table, TableSpec, Total};

use super::{Hidden, NAME};
use crate::cancels::{self, Cancels};
use crate::{Seen, Subject};

/// The row of all obligations.
pub(super) const ALL: &str = "all";

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
.filled_by("guarantees, backstops, open tranches, options, leases not begun")
.of_each("obligation")
.by_size("at_most");

pub(super) const BY_BEARER: TableSpec = TableSpec::new(
    NAME,
    "by_bearer",
    "Contingent and hidden obligations, by bearer",
    &[&[ColumnSpec::party("bearer", "the group that would pay, or `all`")], &SUMS, &cancels::COLUMNS],
)
.filled_by("guarantees, backstops, options, lines and leases that wait for something")
.of_each("bearer")
.by_size("at_most");

pub(super) const BY_TRIGGER: TableSpec = TableSpec::new(
    NAME,
    "by_trigger",
    "Contingent and hidden obligations, by trigger",
    &[&[ColumnSpec::text("trigger", "what makes the obligations due, or `all`")], &SUMS, &cancels::COLUMNS],
)
.filled_by("guarantees, backstops, options, lines and leases that wait for something")
.of_each("trigger")
.by_size("at_most");

const SUMS: [ColumnSpec; 3] =
    [AT_MOST, ColumnSpec::money("weighed", "the amount in the expected reading"), MEAN];

/// No screen adds it up: of two branches that exclude each other one counts, as the tables of sums have it.
const AT_MOST: ColumnSpec =
    ColumnSpec::money("at_most", "the most that can fall due, as worded").titled("amount, headline");
const MEAN: ColumnSpec = ColumnSpec::money("mean", "mean over all paths of what falls due within the run")
    .by("sum over paths / their number")
    .when_filled();

const DEBTOR: ColumnSpec = ColumnSpec::party("party", "the group that owes");

pub(super) const ADJUSTED: TableSpec = TableSpec::new(
    NAME,
    "adjusted",
    "Adjusted debt",
    &[&[
        DEBTOR,
        ColumnSpec::reading(),
        ColumnSpec::money("debt_reported", "the latest debt that is reported of it, for a day or a month")
            .titled("debt as reported")
            .when_filled(),
        ColumnSpec::money("debt_modelled", "what is outstanding at as-of of its loans in the model")
            .titled("loans as modelled")
            .by("sum over its loans and notes with a maturity")
            .minor(),
        ColumnSpec::money("debt", "its debt: as reported, else as modelled")
            .by("{debt_reported} where there is one, else {debt_modelled}; unknown where neither is"),
        ColumnSpec::money("leases", "rent still to come of leases that have begun, undiscounted")
            .titled("leases begun")
            .by("sum over its leases"),
        ColumnSpec::money("leases_not_begun", "rent of leases that have not begun, undiscounted")
            .titled("leases not begun")
            .by("sum over its leases"),
        ColumnSpec::money("renewals", "rent of all options to renew leases of which it guarantees the value")
            .titled("branch: renewal")
            .by("sum over its leases with a guaranteed residual value")
            .when_filled()
            .minor(),
        ColumnSpec::money("residuals", "residual values that it guarantees, where it does not renew")
            .titled("branch: residual value")
            .by("sum over its leases")
            .when_filled()
            .minor(),
        ColumnSpec::money("branch", "the larger of the two, lease by lease: one excludes the other")
            .titled("larger branch")
            .by("sum over its leases of the larger of renewal and residual value")
            .when_filled(),
        ColumnSpec::money("guarantees", "guarantees and backstops that it gives, at their limits")
            .by("sum over its guarantees and backstops"),
        ColumnSpec::money("adjusted", "adjusted debt")
            .titled("adjusted debt")
            .by("{debt} + {leases} + {leases_not_begun} + {branch} + {guarantees}"),
        ColumnSpec::multiple("to_reported", "adjusted debt for each unit of debt as reported")
            .is("{adjusted} / {debt_reported}")
            .when_filled(),
        ColumnSpec::share("not_begun_share", "leases not begun as a share of debt and leases begun")
            .titled("not begun / debt and leases")
            .is("{leases_not_begun} / ({debt} + {leases})")
            .when_filled()
            .minor(),
        ColumnSpec::money("discounted", "adjusted debt with what is dated at its present value")
            .by("{debt} + the discounted addends of `addends` that count")
            .when_filled()
            .minor(),
    ]],
)
.filled_by("reports of `debt`, loans, leases and guarantees")
.of_each("party")
.by_size("adjusted")
.unfolded();

pub(super) const PARTS: TableSpec = TableSpec::new(
    NAME,
    "addends",
    "Adjusted debt, addend by addend",
    &[&[
        DEBTOR,
        ColumnSpec::reading(),
        ColumnSpec::text(
            "kind",
            "debt as reported, loan, lease begun or not, renewal, residual value, guarantee, backstop",
        ),
        ColumnSpec::text("of", "the contract, or the report"),
        ColumnSpec::money("amount", "what it comes to, undiscounted"),
        ColumnSpec::money("discounted", "its present value, where a start and a schedule are known")
            .by("sum of what falls due / (1 + discount rate) ^ years from as-of")
            .when_filled()
            .minor(),
        ColumnSpec::text("counted", "whether it is in the sum, else why not"),
    ]],
)
.filled_by("`loan`, `lease` and `guarantee` contracts, and reports of `debt`")
.of_each("addend");

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
                cancels.add(&name, commitment, at);
            } else {
                cancels.add_alone(&name, commitment, at);
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
