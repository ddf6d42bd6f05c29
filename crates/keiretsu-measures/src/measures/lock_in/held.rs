//! Dependence: the share of what one needs that comes from the other, and who depends more.

use keiretsu_model::PartyRef;
use keiretsu_values::{Bound, Cell, Column, Table, Total, Unit, Value};

use super::{NAME, head};
use crate::{Query, Subject};

/// The share of one part in what a group contracts with all, outside included.
fn share(part: &Total, others: &[Total]) -> Value {
    let mut all = Total::default();
    for total in others.iter().filter(|total| !total.is_empty()) {
        all.add("", &total.value());
        all.left_out.extend(total.left_out.iter().cloned());
    }
    let (Some(amount), Some(sum)) = (part.value().amount(), all.value().amount()) else {
        return Value::unknown("what is contracted is undisclosed");
    };
    if sum <= 0.0 {
        return Value::unknown("nothing is contracted");
    }
    let only = (amount - sum).abs() <= 0.0;
    match (all.left_out.is_empty(), only) {
        (false, _) => Value::known(amount / sum, Bound::AtMost),
        (true, true) => Value::exact(1.0),
        (true, false) => part.value().divide(&all.value()),
    }
}

/// The share of a buyer's contracted supply that a seller provides.
pub(super) fn of_supply(subject: &Subject<'_>, buyer: PartyRef, seller: PartyRef, at: usize) -> Value {
    let all = subject.counterparties(buyer).into_iter().map(|other| subject.contracted(buyer, other, at));
    share(&subject.contracted(buyer, seller, at), &all.collect::<Vec<_>>())
}

/// The share of a seller's contracted sales that a buyer takes.
fn of_sales(subject: &Subject<'_>, buyer: PartyRef, seller: PartyRef, at: usize) -> Value {
    let all = subject.counterparties(seller).into_iter().map(|other| subject.contracted(other, seller, at));
    share(&subject.contracted(buyer, seller, at), &all.collect::<Vec<_>>())
}

/// A row for each pair and reading.
pub(super) fn dependence(subject: &Subject<'_>, query: &Query, deals: &[(PartyRef, PartyRef)]) -> Table {
    let columns = vec![
        Column::text("buyer"),
        Column::text("seller"),
        Column::text("reading"),
        Column::number("buyer_on_seller", Unit::Share).titled("buyer on seller"),
        Column::number("seller_on_buyer", Unit::Share).titled("seller on buyer"),
        Column::number("mutual", Unit::Share),
        Column::number("asymmetry", Unit::Share),
        Column::text("held").titled("held more"),
    ];
    let mut table = subject.table(NAME, "Who is held by whom: dependence", columns);
    for (buyer, seller) in deals {
        for reading in query.readings() {
            let at = reading as usize;
            let (on_seller, on_buyer) =
                (of_supply(subject, *buyer, *seller, at), of_sales(subject, *buyer, *seller, at));
            let asymmetry = on_seller.minus(&on_buyer);
            let held = match held(&asymmetry) {
                Held::Buyer => subject.title(*buyer),
                Held::Seller => subject.title(*seller),
                Held::Both => "both alike".to_owned(),
                Held::Unknown => "unknown".to_owned(),
            };
            let mut row = head(subject, *buyer, *seller, reading);
            let mutual = least(&on_seller, &on_buyer);
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

/// Who depends more, as far as the direction of the mark allows to say it.
fn held(asymmetry: &Value) -> Held {
    let (Some(points), Some(bound)) = (asymmetry.amount(), asymmetry.bound()) else { return Held::Unknown };
    let may_be = |ends: [Bound; 3]| ends.contains(&bound);
    if ALIKE < points && may_be([Bound::Exact, Bound::About, Bound::AtLeast]) {
        Held::Buyer
    } else if points < -ALIKE && may_be([Bound::Exact, Bound::About, Bound::AtMost]) {
        Held::Seller
    } else if points.abs() <= ALIKE && may_be([Bound::Exact, Bound::About, Bound::Exact]) {
        Held::Both
    } else {
        Held::Unknown
    }
}

/// Shares that differ by no more than this count as alike.
const ALIKE: f64 = 0.01;

fn least(a: &Value, b: &Value) -> Value {
    match (a.amount(), b.amount()) {
        (Some(x), Some(y)) => {
            if x <= y {
                a.clone()
            } else {
                b.clone()
            }
        }
        (None, _) => a.clone(),
        (_, None) => b.clone(),
    }
}
