//! Which models of a platform are affiliated with who runs it.

use keiretsu_model::{PartyRef, Platform};
use keiretsu_values::{Cell, Column, Table};

use super::NAME;
use crate::{Query, Subject};

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
    let columns = ["platform", "operator", "model", "maker", "affiliated", "through"].map(Column::text);
    let mut table =
        subject.table(NAME, "Models on platforms, and who owns a piece of them", columns.to_vec());
    for platform in &subject.model.platforms {
        let operator = subject.model.group(platform.operator);
        for (name, maker) in &platform.offers {
            let group = subject.model.group(*maker);
            if !query.wants(operator) && !query.wants(group) {
                continue;
            }
            let tie = tie(subject, platform, *maker);
            table.push(vec![
                Cell::text(&platform.name),
                Cell::text(subject.title(platform.operator)),
                Cell::text(name),
                Cell::text(subject.title(*maker)),
                Cell::text(if tie.is_some() { "yes" } else { "no" }),
                tie.map_or(Cell::Empty, Cell::text),
            ]);
        }
    }
    table.note("`--log FILE` tests a platform's own log: whether affiliated models are chosen more often");
    table
}
