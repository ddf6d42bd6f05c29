//! Which models of a platform are affiliated with who runs it.

use keiretsu_model::{PartyRef, Platform};
use keiretsu_values::{Cell, ColumnSpec, Entity, Table, TableSpec};

use super::NAME;
use crate::{Query, Subject};

pub(super) const OFFERS: TableSpec = TableSpec::new(
    NAME,
    "offers",
    "Models on platforms, and who owns a piece of them",
    &[&[
        ColumnSpec::id("platform", Entity::Platform, "the platform that offers the model"),
        ColumnSpec::party("operator", "the party that runs the platform"),
        ColumnSpec::text("model", "the model on offer, as the platform names it"),
        ColumnSpec::party("maker", "the party that makes the model"),
        ColumnSpec::text("affiliated", "yes where the operator's group holds a part of the maker, else no"),
        ColumnSpec::text("through", "the holding or contract that ties the maker to the operator"),
    ]],
)
.filled_by("`[platforms.NAME]` with `offers`")
.of_each("model");

/// How a model's maker is tied to a platform's operator; none: it is not.
pub(super) fn tie(subject: &Subject<'_>, platform: &Platform, maker: PartyRef) -> Option<String> {
    let model = subject.model;
    let (operator, maker) = (model.group(platform.operator), model.group(maker));
    if operator == maker {
        return Some("its own".to_owned());
    }
    if !subject.stakes().contains(&(operator, maker)) {
        return None;
    }
    let held = subject.held(operator, maker).map(|holding| holding.name.clone()).next();
    let bought = || {
        let mut capital = subject.standing().filter(|commitment| commitment.is_capital());
        let first = capital.find(|commitment| subject.runs(commitment, operator, maker))?;
        Some(model.contract(first.contract)?.name.clone())
    };
    held.or_else(bought)
}

/// One row a model on offer.
pub(super) fn table(subject: &Subject<'_>, query: &Query) -> Table {
    let mut table = subject.table(&OFFERS);
    for platform in &subject.model.platforms {
        let operator = subject.model.group(platform.operator);
        for (name, maker) in &platform.offers {
            let group = subject.model.group(*maker);
            if !query.wants(operator) && !query.wants(group) {
                continue;
            }
            let tie = tie(subject, platform, *maker);
            table.push(vec![
                Cell::named(&platform.name),
                subject.party(platform.operator),
                Cell::text(name),
                subject.party(*maker),
                Cell::text(if tie.is_some() { "yes" } else { "no" }),
                tie.map_or(Cell::Empty, Cell::text),
            ]);
        }
    }
    table.note("`--log FILE` tests a platform's own log: whether affiliated models are chosen more often");
    table
}
