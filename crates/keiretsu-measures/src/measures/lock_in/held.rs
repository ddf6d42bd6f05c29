//! Dependence: the share of what one needs that comes from the other, and who depends more.

use keiretsu_model::PartyRef;
use keiretsu_values::{Cell, ColumnSpec, Reading, Set, Table, TableSpec, Total, Value};

use super::{NAME, head};
use crate::{Query, Subject, shares};

pub(super) const DEPENDENCE: TableSpec = TableSpec::new(
    NAME,
    "dependence",
    "Who is held by whom: dependence",
    &[&[
        ColumnSpec::party("buyer", "the party that is supplied"),
        ColumnSpec::party("seller", "the party that supplies"),
        ColumnSpec::reading(),
        ColumnSpec::share(
            "buyer_on_seller",
            "share of the buyer's contracted supply that the seller provides",
        )
        .titled("buyer on seller"),
        ColumnSpec::share("seller_on_buyer", "share of the seller's contracted sales that the buyer takes")
            .titled("seller on buyer"),
        ColumnSpec::share("mutual", "the lesser of the two dependences")
            .by("the lesser of {buyer_on_seller} and {seller_on_buyer}"),
        ColumnSpec::share("asymmetry", "how much more the buyer depends on the seller")
            .is("{buyer_on_seller} - {seller_on_buyer}"),
        ColumnSpec::text("held", "the party that depends more").titled("held more"),
    ]],
)
.filled_by("`supply` contracts")
.of_each("pair")
.by_size("mutual");

/// The share of one part in what a group contracts with all, outside included.
fn share(part: &Total, others: &[Value]) -> Value {
    shares::share(&part.value(), &shares::sum(others))
}

/// The share of a buyer's contracted supply that a seller provides.
pub(crate) fn of_supply(subject: &Subject<'_>, buyer: PartyRef, seller: PartyRef, at: Reading) -> Value {
    let others = subject.counterparties(buyer).into_iter().filter(|other| *other != seller);
    let others: Vec<Value> = others.map(|other| subject.supplied(buyer, other, at).value()).collect();
    share(&subject.supplied(buyer, seller, at), &others)
}

/// The share of a seller's contracted sales that a buyer takes.
pub(crate) fn of_sales(subject: &Subject<'_>, buyer: PartyRef, seller: PartyRef, at: Reading) -> Value {
    let others = subject.counterparties(seller).into_iter().filter(|other| *other != buyer);
    let others: Vec<Value> = others.map(|other| subject.supplied(other, seller, at).value()).collect();
    share(&subject.supplied(buyer, seller, at), &others)
}

/// A row for each pair and reading.
pub(super) fn dependence(subject: &Subject<'_>, query: &Query, deals: &[(PartyRef, PartyRef)]) -> Table {
    let mut table = subject.table(&DEPENDENCE);
    for (buyer, seller) in deals {
        for reading in query.readings() {
            let at = reading;
            let (on_seller, on_buyer) =
                (of_supply(subject, *buyer, *seller, at), of_sales(subject, *buyer, *seller, at));
            // A share that is not known has bounds all the same, and they may say who is held more.
            let held = match held(on_seller.minus(&on_buyer).set()) {
                Held::Buyer => subject.title(*buyer),
                Held::Seller => subject.title(*seller),
                Held::Both => "both alike".to_owned(),
                Held::Unknown => "unknown".to_owned(),
            };
            let mut row = head(subject, *buyer, *seller, reading);
            let (mutual, asymmetry) = (on_seller.min(&on_buyer), on_seller.beyond(&on_buyer));
            row.extend([on_seller, on_buyer, mutual, asymmetry].map(Cell::Value));
            row.push(Cell::Text(held));
            table.push(row);
        }
    }
    table.note("Shares of contracted supply and of contracted sales, as modelled.");
    table
}

enum Held {
    Buyer,
    Seller,
    Both,
    Unknown,
}

/// The more dependent side, where the possible ranges decide it.
fn held(Set { low, high }: Set) -> Held {
    if ALIKE < low {
        Held::Buyer
    } else if high < -ALIKE {
        Held::Seller
    } else if -ALIKE <= low && high <= ALIKE {
        Held::Both
    } else {
        Held::Unknown
    }
}

/// Shares that differ by no more than this count as alike.
const ALIKE: f64 = 0.01;
