//! Random tranches of equity.

use super::super::dice::Dice;
use super::super::script::{Section, Value, quoted};
use super::{Setting, terms};

/// Writes the terms of a contract.
pub fn write(section: &mut Section, dice: &mut Dice, setting: &mut Setting) {
    terms::pair(section, "investor", "issuer", dice);
    for number in 1..=dice.from(1, 3) {
        let tranche = tranche(dice, setting);
        section.put(format!("tranches.t{number}"), Value::Table(tranche));
    }
    terms::common(section, "equity", dice, setting);
}

/// A tranche of capital.
pub fn tranche(dice: &mut Dice, setting: &mut Setting) -> Vec<(String, Value)> {
    let mut tranche = vec![];
    let mut put = |key: &str, value: Value| tranche.push((key.to_owned(), value));
    put("amount", terms::figure(dice, setting, 60, ""));
    match dice.from(1, 10) {
        1..=2 => put("paid", terms::date_or_span(dice)),
        3..=5 => put("on", terms::date_or_span(dice)),
        6 => {
            put("standing", quoted("announced"));
            match dice.from(1, 4) {
                1 => put("on", terms::date_or_span(dice)),
                2 => {
                    put("when", quoted(terms::condition(dice, setting)));
                    put("before", terms::date(dice));
                }
                _ => {}
            }
        }
        7 => {
            put("when", quoted(terms::condition(dice, setting)));
            put("met", terms::date(dice));
        }
        _ => {
            put("when", quoted(terms::condition(dice, setting)));
            put("before", terms::date(dice));
        }
    }
    tranche
}
