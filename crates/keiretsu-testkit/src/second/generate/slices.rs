//! A whole and a slice of it: equity, a loan, or a purchase.

use super::super::calendar::month_text;
use super::super::dice::Dice;
use super::super::script::{Section, Value, quoted};
use super::{Setting, terms};

/// The two contracts.
pub fn write(dice: &mut Dice, setting: &Setting) -> Vec<Section> {
    let (month, kind) = (terms::month(dice), dice.from(1, 3));
    let whole = dice.from(10, 40);
    let part = dice.from(1, whole - 1);
    let contract = |name: &str, party: &str, amount: i32| {
        let mut section = Section::new(format!("contracts.{name}"));
        let money = quoted(format!("${amount}M"));
        match kind {
            1 => {
                section.put("type", quoted("equity"));
                section.put("investor", quoted(party));
                section.put("issuer", quoted("c"));
                let on = if month < setting.as_of.month { "paid" } else { "on" };
                let terms = [("amount".to_owned(), money), (on.to_owned(), quoted(month_text(month)))];
                section.put("tranches.t", Value::Table(terms.into()));
            }
            2 => {
                section.put("type", quoted("loan"));
                section.put("lender", quoted(party));
                section.put("borrower", quoted("c"));
                section.put("amount", money);
                section.put("rate", quoted("5%"));
                section.put("drawn", quoted(month_text(month)));
                section.put("maturity", quoted(month_text(month + 24)));
            }
            _ => {
                section.put("type", quoted("supply"));
                section.put("buyer", quoted(party));
                section.put("seller", quoted("c"));
                section.put("from", quoted(month_text(month)));
                section.put("minimum", quoted(format!("${amount}M over 2 years")));
            }
        }
        section.put("because", quoted("an example"));
        section
    };
    let mut slice = contract("part", "b", part);
    slice.put("part_of", quoted("whole"));
    vec![contract("whole", "a", whole), slice]
}
