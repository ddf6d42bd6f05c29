//! Value and multiple of each holding at the end of the horizon, over all paths.

use keiretsu_model::PartyRef;
use keiretsu_program::{HoldingId, Probe, Quantity, Reading, Span, Tag};
use keiretsu_values::{Cell, ColumnSpec, Entity, Table, TableSpec, Unit, Value};

use super::NAME;
use super::stake::by_holding;
use crate::{Query, Seen, Subject, over_paths};

pub(super) const AT_END: TableSpec = TableSpec::new(
    NAME,
    "at_end",
    "Value of stakes at the end, over all paths",
    &[
        &[
            ColumnSpec::id("stake", Entity::Holding, "the holding that is valued").titled("holding"),
            ColumnSpec::text("what", "its value, or that value for each unit of money paid in"),
            ColumnSpec::unit(),
        ],
        &over_paths::MEASURED,
    ],
)
.filled_by("`holdings`, and `equity` contracts");

/// The probes.
pub(super) fn needs(subject: &Subject<'_>, query: &Query) -> Vec<Probe> {
    held(subject, query).into_iter().map(|(at, _)| value_at_end(at)).collect()
}

/// The requested holdings of the program, with their index and their groups.
fn held(subject: &Subject<'_>, query: &Query) -> Vec<(usize, (PartyRef, PartyRef))> {
    let group = |party: keiretsu_program::PartyId| subject.model.group(PartyRef(party.0));
    let all = subject.program.holdings.iter().map(|held| (group(held.owner), group(held.issuer)));
    all.enumerate().filter(|(_, (owner, issuer))| query.wants(*owner) || query.wants(*issuer)).collect()
}

fn value_at_end(at: usize) -> Probe {
    Probe { quantity: Quantity::Holding(HoldingId(at as u32)), span: Span::Whole }
}

/// Value and MOIC of each holding at the end of the horizon.
pub(super) fn over_all_paths(subject: &Subject<'_>, query: &Query, seen: &Seen<'_>) -> Table {
    let mut table = subject.table(&AT_END);
    table.window.simulation = seen.simulation();
    for (at, (owner, issuer)) in held(subject, query) {
        let Some(series) = seen.simulated(value_at_end(at)) else { continue };
        let name = &subject.side.holdings[at].name;
        if !over_paths::is_known(series) {
            table.leave_out(format!("{name}: {}", over_paths::UNKNOWN));
            continue;
        }
        let head = |what, unit| vec![Cell::named(name), Cell::text(what), Cell::Unit(unit)];
        let mut row = head("value", Unit::Money(subject.model.currency));
        let expected = seen.value(Reading::Expected, value_at_end(at), 0);
        row.extend(over_paths::cells(series, &expected, 0, &Value::exact(1.0)));
        table.push(row);
        match paid_in_for_good(subject, at, owner, issuer) {
            Ok((what, paid_in)) => {
                let mut row = head(what, Unit::Multiple);
                let by = Value::exact(1.0).divide(&paid_in);
                row.extend(over_paths::cells(series, &expected, 0, &by));
                table.push(row);
            }
            Err(why) => table.leave_out(format!("{name} (MOIC): {why}")),
        }
    }
    table.note("Where no distributions are stated, MOIC counts the value alone; RVPI always does.");
    table
}

/// The base of the multiple and its name: paid-in money, if it is known and no path can pay in more. Only
/// then is the multiple the value times a constant.
fn paid_in_for_good(
    subject: &Subject<'_>,
    at: usize,
    owner: PartyRef,
    issuer: PartyRef,
) -> Result<(&'static str, Value), &'static str> {
    let model = subject.model;
    let group = |party: keiretsu_program::PartyId| model.group(PartyRef(party.0));
    let mut flows = subject.program.flows.iter().filter(|flow| flow.tag == Tag::Equity);
    if flows.any(|flow| group(flow.from) == owner && group(flow.to) == issuer) {
        return Err("more is still to be paid in");
    }
    let Some(place) = subject.side.holdings[at].holding else { return Err("cost undisclosed") };
    let alone = subject.held(owner, issuer).count() == 1;
    let stake = by_holding(subject, &model.holdings[place as usize], alone);
    let paid_in = stake.paid_in[Reading::Expected].clone();
    let distributes = stake.has_realised() && !stake.realised(Reading::Expected).is_zero();
    if paid_in.amount().is_none_or(|paid_in| paid_in <= 0.0) {
        return Err("cost undisclosed");
    }
    Ok((if distributes { "RVPI" } else { "MOIC" }, paid_in))
}
