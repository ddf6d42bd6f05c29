//! Coverage: what is contracted to come back, divided by the money put in.
//!
//! DEFINITIONS, "Money put in": equity, convertibles, loans and prepayments, each its own column; an equity
//! contract never hides the stated cost of a holding of the same pair, only paid tranches may be the same
//! purchase.

use std::collections::BTreeMap;

use super::super::dues::Row;
use super::super::dues::{For, Standing};
use super::super::figure::{FIRM, HEADLINE, READINGS};
use super::super::set::{Set, sum};
use super::super::world::{World, date, figure_of};
use super::{Cells, slices};

/// The columns of money put in.
pub const KINDS: [&str; 4] = ["equity", "convertibles", "loans", "prepayments"];

/// Money put into a party by another: what is paid, what is owed, what else there is, by column.
#[derive(Clone, Debug, Default)]
pub struct PutIn {
    paid: [Vec<Set>; 4],
    owed: [Vec<Set>; 4],
    else_: [Vec<Set>; 4],
    held: Vec<Set>,
}

impl PutIn {
    /// What a column comes to: paid alone, with what is owed, or with all.
    pub fn column(&self, column: usize, upto: &str) -> Set {
        let paid = sum(self.paid[column].iter().copied());
        let held = sum(self.held.iter().copied());
        let larger = if column == 0 && !self.held.is_empty() { paid.larger(held) } else { paid };
        let owed = sum(self.owed[column].iter().copied());
        let more = sum(self.else_[column].iter().copied());
        match upto {
            "paid" => larger,
            "firm" => larger.plus(owed),
            _ => larger.plus(owed).plus(more),
        }
    }

    /// All columns together.
    pub fn all(&self, upto: &str) -> Set {
        sum((0..KINDS.len()).map(|column| self.column(column, upto)))
    }
}

/// Who put money into whom, in the words of a reading.
pub fn put_in(rows: &[Row], reading: usize, world: &World) -> BTreeMap<(String, String), PutIn> {
    let mut pairs: BTreeMap<(String, String), PutIn> = BTreeMap::new();
    for part in slices::parts(rows, world) {
        let row = part.row;
        let column = match (row.purpose, row.kind.as_str()) {
            (For::Capital, "convertible") => 1,
            (For::Capital, _) => 0,
            (For::Lending, _) => 2,
            (For::Service, _) if row.prepaid.iter().any(|dues| !dues.is_empty()) => 3,
            _ => continue,
        };
        let pair = pairs.entry((part.payer.to_owned(), part.payee.to_owned())).or_default();
        let amounts: Vec<Set> = if column == 3 {
            row.prepaid[reading].iter().map(|due| due.amount).collect()
        } else {
            vec![row.commitment(reading)]
        };
        let is_past = column == 3 && row.prepaid[reading].iter().all(|due| due.past);
        let list = match row.standing {
            Standing::Paid => &mut pair.paid,
            Standing::Binding if is_past => &mut pair.paid,
            Standing::Binding => &mut pair.owed,
            _ => &mut pair.else_,
        };
        list[column].extend(amounts.into_iter().map(|amount| part.signed(amount)));
    }
    for holding in world.holdings.values() {
        let name = |key: &str| holding.get(key).and_then(toml::Value::as_str).unwrap_or_default();
        let (owner, issuer) = (world.group(name("owner")), world.group(name("issuer")));
        let bought = date(holding.get("paid")).is_none_or(|paid| world.is_past(paid));
        let cost = figure_of(holding.get("cost"), world).filter(|_| bought && owner != issuer);
        if let Some(cost) = cost {
            let pair = pairs.entry((owner.to_owned(), issuer.to_owned())).or_default();
            pair.held.push(cost.read(reading));
        }
    }
    pairs
}

/// Fills in the cells of `coverage`.
pub fn fill(rows: &[Row], world: &World, cells: &mut Cells) {
    for (upto, reading) in [("paid", FIRM), ("firm", FIRM), ("headline", HEADLINE)] {
        for ((investor, party), pair) in put_in(rows, reading, world) {
            let back = back(rows, reading, (&party, &investor), world);
            let line = format!("coverage|{investor}|{party}|{upto}");
            for (column, name) in KINDS.iter().enumerate() {
                cells.insert(format!("{line}|{name}"), pair.column(column, upto));
            }
            cells.insert(format!("{line}|put_in"), pair.all(upto));
            cells.insert(format!("{line}|back"), back);
            cells.insert(format!("{line}|coverage"), back.over(pair.all(upto)));
        }
    }
    assert_eq!(READINGS[HEADLINE], "headline", "the last reading");
}

/// Contracted payments still due from one to another; neither capital nor money lent counts as back.
fn back(rows: &[Row], reading: usize, (payer, payee): (&str, &str), world: &World) -> Set {
    let parts = slices::parts(rows, world);
    let of_pair = parts.iter().filter(|part| part.payer == payer && part.payee == payee);
    let counts = of_pair
        .filter(|part| matches!(part.row.purpose, For::Service | For::Building | For::Rent | For::Sharing));
    sum(counts.map(|part| part.signed(part.row.to_come(reading))))
}
