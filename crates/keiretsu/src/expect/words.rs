//! The words of an expectation to what it says.

use jiff::civil::Date;
use keiretsu_model::figure::{self, Figure};
use keiretsu_model::{Model, Party, PartyRef, suggest};
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
        let amount = without_source(amount, model);
        let address = match in_words(number, model) {
            Some(address) => address,
            None => Address::parse(number).map_err(|error| error.to_string())?,
        };
        let figure = figure::parse(amount).map_err(|misread| misread.message)?;
        Ok(Self::Number(Box::new(NumberExpected { address, is_sum, relation, figure })))
    }
}

/// The amount without its source, as in `about $1.4T by press`.
fn without_source<'a>(amount: &'a str, model: &Model) -> &'a str {
    let is_source = |name: &str| model.sources.iter().any(|source| source.name == name.trim());
    match amount.rsplit_once(" by ") {
        Some((amount, name)) if is_source(name) => amount,
        _ => amount,
    }
}

/// `openai headline commitments` is `commitments(openai, headline, total)`: a party, perhaps a reading, a
/// measure, of which the main column is meant.
fn in_words(text: &str, model: &Model) -> Option<Address> {
    let (named, measure) = text.rsplit_once(' ')?;
    let measure = keiretsu_measures::by_name(measure)?;
    let column = measure.schema().first().and_then(|table| table.screen.main)?;
    let reading =
        Reading::ALL.iter().map(|reading| reading.name()).find(|name| named.ends_with(&format!(" {name}")));
    let party = reading.map_or(named, |reading| named[..named.len() - reading.len()].trim());
    let is_party = |known: &&Party| known.name == party || known.title.eq_ignore_ascii_case(party);
    let party = model.parties.iter().find(is_party)?;
    let words = [Some(party.name.as_str()), reading, Some(column)].into_iter().flatten();
    Address::parse(&format!("{}({})", measure.name(), words.collect::<Vec<_>>().join(", "))).ok()
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
                let known = || model.parties.iter().skip(1).map(|party| party.name.as_str());
                let party = party.ok_or_else(|| {
                    format!("there is no party `{what}`; {}", suggest::advice(what, known()))
                })?;
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
