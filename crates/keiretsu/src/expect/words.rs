//! The words of an expectation to what it says.

use jiff::civil::Date;
use keiretsu_model::figure::{self, Figure};
use keiretsu_model::{Model, PartyRef};
use keiretsu_program::Reading;

use crate::explain::names::Address;

/// What to write.
pub const HINT: &str = "write `coverage(amazon, anthropic, firm) >= 7x`, `sum of commitments(lab, headline, \
                        total) = about $1.4T`, or `no default of lab by 2028 in headline`";

/// How a number stands to an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    AtLeast,
    AtMost,
    Above,
    Below,
    Equal,
}

/// Longer signs stand before those that begin them.
const RELATIONS: [(&str, Relation); 7] = [
    (">=", Relation::AtLeast),
    ("<=", Relation::AtMost),
    ("≥", Relation::AtLeast),
    ("≤", Relation::AtMost),
    (">", Relation::Above),
    ("<", Relation::Below),
    ("=", Relation::Equal),
];

/// A number of a table, or a sum of such, beside an amount.
pub struct NumberExpected {
    pub address: Address,
    pub is_sum: bool,
    pub relation: Relation,
    pub figure: Figure,
}

/// No default of one party or of any, by a day, in a reading.
pub struct NoDefault {
    pub party: Option<PartyRef>,
    pub by: Option<Date>,
    pub reading: Reading,
}

/// What an expectation says.
pub enum That {
    Number(Box<NumberExpected>),
    NoDefault(NoDefault),
}

impl That {
    /// Reads the words.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn read(text: &str, model: &Model) -> Result<Self, String> {
        let text = text.trim();
        if let Some(rest) = text.strip_prefix("no default") {
            return no_default(rest, model).map(Self::NoDefault);
        }
        let (at, sign, relation) = relation(text).ok_or_else(|| "it compares no number".to_owned())?;
        let (number, amount) = (text[..at].trim(), text[at + sign.len()..].trim());
        let (number, is_sum) = match number.strip_prefix("sum of ") {
            Some(number) => (number, true),
            None => (number, false),
        };
        let address = Address::parse(number).map_err(|error| error.to_string())?;
        let figure = figure::parse(amount).map_err(|misread| misread.message)?;
        Ok(Self::Number(Box::new(NumberExpected { address, is_sum, relation, figure })))
    }
}

/// The first sign of a relation outside brackets.
fn relation(text: &str) -> Option<(usize, &'static str, Relation)> {
    let mut depth = 0_usize;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => {
                let found = RELATIONS.iter().find(|(sign, _)| text[at..].starts_with(sign));
                if let Some((sign, relation)) = found {
                    return Some((at, sign, *relation));
                }
            }
            _ => {}
        }
    }
    None
}

/// ` of lab by 2028 in headline`, each part at most once.
fn no_default(rest: &str, model: &Model) -> Result<NoDefault, String> {
    let mut said = NoDefault { party: None, by: None, reading: Reading::Expected };
    let mut words = rest.split_whitespace();
    while let Some(word) = words.next() {
        let what = words.next().ok_or_else(|| format!("nothing follows `{word}`"))?;
        match word {
            "of" => {
                let party = model.find_party(what).filter(|party| *party != PartyRef::OUTSIDE);
                let party = party.ok_or_else(|| format!("there is no party `{what}`"))?;
                said.party = Some(model.group(party));
            }
            "by" => said.by = Some(crate::day(what).map_err(|(why, _)| why)?),
            "in" => {
                let reading = Reading::ALL.into_iter().find(|reading| reading.name() == what);
                said.reading = reading.ok_or_else(|| format!("there is no reading `{what}`"))?;
            }
            other => return Err(format!("`{other}` is none of `of`, `by` and `in`")),
        }
    }
    Ok(said)
}
