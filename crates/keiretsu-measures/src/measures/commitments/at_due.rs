//! What falls due by the end of the horizon where a run decides it, over all paths.

use keiretsu_contracts::side::Commitment;
use keiretsu_program::{FlowId, Probe, Quantity, Reading, Span};
use keiretsu_values::{Cell, ColumnSpec, Table, TableSpec, Unit, Value};

use super::tables::EXPECTED;
use super::{NAME, Weighed};
use crate::{Seen, Subject, over_paths};

pub(super) const AT_DUE: TableSpec = TableSpec::new(
    NAME,
    "at_due",
    "What falls due within the horizon, over all paths",
    &[
        &[
            ColumnSpec::contract("the contract, or the tranche of it, that commits"),
            ColumnSpec::party("payer", "the party that pays").minor(),
            ColumnSpec::party("payee", "the party that is paid").minor(),
            ColumnSpec::unit(),
            ColumnSpec::money(
                "expected",
                "the amount in the expected reading, with factors on central paths",
            )
            .titled("expected (central)")
            .by(EXPECTED),
        ],
        &over_paths::MEASURED,
    ],
)
.filled_by("contracts with amounts between two groups, as `[contracts.NAME]`")
.of_each("commitment")
.by_size("mean");

/// The probes.
pub(super) fn needs(subject: &Subject<'_>) -> Vec<Probe> {
    subject.side.commitments.iter().filter_map(|commitment| commitment.flow.map(due)).collect()
}

fn due(flow: FlowId) -> Probe {
    Probe { quantity: Quantity::Due(flow), span: Span::Whole }
}

/// A row for each commitment whose condition the run decides; none where there is none.
pub(super) fn over_all_paths(
    subject: &Subject<'_>,
    seen: &Seen<'_>,
    wanted: &[&Commitment],
) -> Option<Table> {
    let money = Unit::Money(subject.model.currency);
    let mut table = subject.table(&AT_DUE);
    table.window.simulation = seen.simulation();
    let weighed = Weighed { seen, subject };
    for commitment in wanted {
        let Some(flow) = commitment.flow else { continue };
        let Some(series) = seen.simulated(due(flow)) else { continue };
        let name = subject.name(commitment);
        if !over_paths::is_known(series) || seen.is_unknown_on_paths(flow) {
            table.leave_out(format!("{name}: {}", over_paths::UNKNOWN));
            continue;
        }
        let mut row = vec![Cell::named(&name)];
        row.extend([commitment.from, commitment.to].map(|party| subject.party(party)));
        row.push(Cell::Unit(money));
        row.push(Cell::Value(weighed.amount(commitment, Reading::Expected)));
        let expected = seen.value(Reading::Expected, due(flow), 0);
        row.extend(over_paths::cells(series, &expected, 0, &Value::exact(1.0)));
        table.push(row);
    }
    table.note("Expected (central): factors on their central paths, stated chances as weights.");
    (!table.rows.is_empty() || !table.left_out.is_empty()).then_some(table)
}
