//! `keiretsu calc captable`: shares, convertibles, a round, preferences and protections to shares, ownership,
//! prices and payouts.

mod convertibles;
mod given;
mod solve;
mod terms;

use keiretsu_values::{Cell, Column, Table, Unit};
use serde::Serialize;
use serde::ser::Serializer;

use crate::answer::{MethodAnswer, Tabular};
use crate::faults::Faults;
use crate::{CalcError, Method, Request};

pub static METHOD: Method = Method {
    name: "captable",
    summary: "Who owns what after SAFEs, notes and a round, and who gets what at an exit",
    help: r#"Works out a capitalisation table: what SAFEs and notes convert into, the price of a round, the pool, what protections against dilution add, and who receives what of an exit.

JSON in, all but "shares" optional:
  {"shares": {"founders": 9250000, "options": 650000, "pool": 100000},
   "safes": [{"id", "purchase", "post_money_cap"?, "pre_money_cap"?, "discount"?}],
   "notes": [{"id", "principal", "rate"?, "years"? or "from", "to", "day_count"?, "compounding"?,
              "post_money_cap"?, "pre_money_cap"?, "discount"?}],
   "round": {"id"?, "pre_money", "new_money", "pool_target_unallocated"?, "pool_increase"?},
   "pool": {"unallocated"?, "target_unallocated"?, "increase"?},
   "warrants": [{"id", "shares", "strike", "method": "treasury" or "as-exercised", "price"?}],
   "anti_dilution": {"issue"?: {"id"?, "shares", "price"}, "protected": [{"id", "price",
              "kind": "broad", "narrow" or "full-ratchet", "outstanding"?}]},
   "preferences": [{"id", "preference" or "per_share" or "multiple", "rank"?,
              "participation"?: "none", "full" or "capped", "cap"? or "cap_multiple"?}],
   "rounding": {"price_decimals"?, "price_direction"?: "nearest", "up" or "down",
                "shares"?: "down", "nearest", "up" or "none", "pool_multiple"?},
   "exit": 6000000}

The class "pool" (or pool_unissued, pool_unallocated) is the unallocated pool. A cap is post-money if it counts all that converts, pre-money if it does not. A SAFE or note takes whichever of cap and discount gives more shares. Without a round they convert at their caps, and what has none is owed at an exit what "preferences" says. Rank 0 or 1 is paid first. Nothing is rounded unless "rounding" says so; price_decimals are those of every price at which shares are issued, of SAFEs and notes too. The unallocated pool receives nothing at an exit.

JSON out: {"shares", "ownership", "prices", "payouts" (each by name), "fully_diluted", "company_capitalization", "pool_increase", "new_shares", "converting_amounts", "anti_dilution"}; shares are as converted to common."#,
    example: "\
Examples:
  keiretsu calc captable series-a.json
  keiretsu calc captable series-a.json --format json",
    options: &[],
    run,
};

/// Numbers by name, in order.
#[derive(Clone, Debug, Default)]
struct Amounts(Vec<(String, f64)>);

impl Serialize for Amounts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, amount)| (name, amount)))
    }
}

impl Amounts {
    fn add(&mut self, name: &str, amount: f64) {
        match self.0.iter_mut().find(|(other, _)| other == name) {
            Some((_, had)) => *had += amount,
            None => self.0.push((name.to_owned(), amount)),
        }
    }

    fn set(&mut self, name: &str, amount: f64) {
        self.0.retain(|(other, _)| other != name);
        self.0.push((name.to_owned(), amount));
    }

    fn of(&self, name: &str) -> Option<f64> {
        self.0.iter().find(|(other, _)| other == name).map(|(_, amount)| *amount)
    }
}

/// The answer.
#[derive(Debug, Default, Serialize)]
struct CapTable {
    shares: Amounts,
    ownership: Amounts,
    prices: Amounts,
    payouts: Option<Amounts>,
    fully_diluted: f64,
    company_capitalization: f64,
    pool_increase: f64,
    new_shares: f64,
    converting_amounts: Amounts,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    anti_dilution: Vec<Adjusted>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    left_out: Vec<String>,
    /// Classes that would convert in a round.
    #[serde(skip)]
    unconverted: Vec<String>,
}

/// A class after protection of its conversion price.
#[derive(Clone, Debug, Serialize)]
struct Adjusted {
    id: String,
    price_before: f64,
    price_after: f64,
    as_converted: f64,
}

fn run(request: &Request) -> Result<Box<dyn MethodAnswer>, CalcError> {
    let faults = Faults::default();
    let given = given::read(request, &faults);
    faults.none()?;
    let given = given.unwrap_or_default();
    Ok(Box::new(solve::solve(&given)?))
}

impl Tabular for CapTable {
    fn tables(&self) -> Vec<Table> {
        let mut columns = vec![
            Column::text("id"),
            Column::number("shares", Unit::Number { digits: 0 }),
            Column::number("ownership", Unit::Share),
            Column::number("price", Unit::Number { digits: 4 }),
        ];
        let payouts = self.payouts.as_ref();
        if payouts.is_some() {
            columns.push(Column::number("payout", Unit::Number { digits: 2 }));
        }
        let mut table = Table::new("captable", "Who owns what, as converted to common", columns);
        let cell = |amounts: &Amounts, id: &str| amounts.of(id).map_or(Cell::Empty, Cell::exact);
        for (id, shares) in &self.shares.0 {
            let mut row = vec![Cell::text(id), Cell::exact(*shares)];
            row.extend([cell(&self.ownership, id), cell(&self.prices, id)]);
            row.extend(payouts.map(|payouts| cell(payouts, id)));
            table.push(row);
        }
        for id in &self.unconverted {
            let mut row = vec![Cell::text(id), Cell::Empty, Cell::Empty, Cell::Empty];
            row.extend(payouts.map(|payouts| cell(payouts, id)));
            table.push(row);
        }
        if let Some(price) = self.prices.of("round") {
            table.note(format!("price of the round: {price}; new shares: {}", self.new_shares));
        }
        table.note(format!("fully diluted: {} shares", self.fully_diluted));
        for (id, amount) in &self.converting_amounts.0 {
            table.note(format!("{id} converts {amount}"));
        }
        for one in &self.anti_dilution {
            let Adjusted { id, price_before, price_after, as_converted } = one;
            let prices = format!("conversion price from {price_before} to {price_after}");
            table.note(format!("{id}: {prices}, {as_converted} shares as converted"));
        }
        self.left_out.iter().for_each(|what| table.leave_out(what));
        vec![table]
    }
}
