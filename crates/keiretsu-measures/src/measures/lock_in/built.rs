//! Capacity that a seller builds for a buyer: the cost of it, the part that could serve others, and the rest.

use keiretsu_model::PartyRef;
use keiretsu_program::Reading;
use keiretsu_values::{Cell, ColumnSpec, Set, Table, TableSpec, Total, Unit, Value};

use super::{NAME, head};
use crate::{Query, Subject};

pub(super) const BUILT: TableSpec = TableSpec::new(
    NAME,
    "built",
    "What the seller builds for the buyer",
    &[&[
        ColumnSpec::party("seller", "the party that builds"),
        ColumnSpec::party("buyer", "the party that it builds for"),
        ColumnSpec::reading(),
        ColumnSpec::number("power", Unit::Power, "power contracted"),
        ColumnSpec::money("build_cost", "what building it costs").by("{power} x build cost per gigawatt"),
        ColumnSpec::money("resold", "the part that could serve others")
            .minor()
            .titled("could serve others")
            .by("{build_cost} x the redeployable share"),
        ColumnSpec::money("stranded", "the part that could not").is("{build_cost} - {resold}"),
        ColumnSpec::money("remaining", "contracted payments of the buyer that have not fallen due")
            .titled("still contracted"),
        ColumnSpec::money("uncovered", "stranded cost that the remaining payments do not cover")
            .titled("stranded beyond it")
            .by("max(0, {stranded} - {remaining})"),
    ]],
)
.filled_by("`supply` contracts of which the `capacity` has a `build_cost`")
.of_each("pair")
.by_size("build_cost");

/// Capacity built by a seller for a buyer: power, cost, redeployable part and stranded part; none without
/// contracted power.
pub(crate) fn built(
    subject: &Subject<'_>,
    buyer: PartyRef,
    seller: PartyRef,
    at: Reading,
) -> Option<[Value; 4]> {
    let model = subject.model;
    let mut sums = [Total::default(), Total::default(), Total::default(), Total::default()];
    for line in subject.capacities() {
        if model.group(line.buyer) != buyer || model.group(line.seller) != seller {
            continue;
        }
        let name = model.contract(line.contract).map_or("", |contract| contract.name.as_str());
        let pick = |values: &Option<[Value; 3]>, set: Set, why: &str| {
            values.as_ref().map_or_else(|| Value::unread(why, set), |values| values[at].clone())
        };
        let build = pick(&line.build_cost, Set::NOT_NEGATIVE, "build cost not stated");
        let build = build.scaled(&line.power[at]);
        let kept = pick(&line.redeployable, Set::SHARE, "redeployable share not stated");
        let lost = Value::exact(1.0).beyond(&kept);
        let parts = [line.power[at].clone(), build.clone(), build.scaled(&kept), build.scaled(&lost)];
        sums.iter_mut().zip(parts).for_each(|(sum, part)| sum.add(name, &part));
    }
    (!sums[0].is_empty()).then(|| sums.map(|sum| sum.value()))
}

pub(super) fn sellers(subject: &Subject<'_>, query: &Query, deals: &[(PartyRef, PartyRef)]) -> Table {
    let mut table = subject.table(&BUILT);
    for (buyer, seller) in deals {
        for reading in query.readings() {
            let at = reading;
            let Some(sums) = built(subject, *buyer, *seller, at) else { continue };
            let remaining = subject.contracted(*buyer, *seller, at).value();
            let uncovered = sums[3].beyond(&remaining).max(&Value::exact(0.0));
            let mut row = head(subject, *seller, *buyer, reading);
            row.extend(sums.into_iter().chain([remaining, uncovered]).map(Cell::Value));
            table.push(row);
        }
    }
    table.note("A claim on the remaining contract and stranded capacity are alternatives, never a sum.");
    table
}
