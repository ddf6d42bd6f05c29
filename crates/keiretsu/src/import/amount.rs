//! The amount of a row: its columns and its words, held against each other.
//!
//! Where both have one number, the words of the press are the figure, with the qualifier of the columns if
//! they have none of their own. A price over a time whose multiplication the columns are is the price. Where
//! the two differ, both are claims, and the columns count.
//!
//! Invariant: no number that neither columns nor words have, and no qualifier of another figure.

mod columns;
mod short;

use keiretsu_model::figure::Said;
use keiretsu_values::Currency;

use super::clauses::Clauses;
use super::row::Row;
use super::spoken::{self, Spoken};
use super::words::{self, Unit};
use columns::{Columns, How};

/// What a row says of how much.
#[derive(Clone, Debug, PartialEq)]
pub struct Amount {
    /// Figures in the words of the language, the one that counts first.
    pub claims: Vec<String>,
    /// Of what unit it is the price.
    pub per: Option<Unit>,
    /// What of the row it leaves out.
    pub note: Option<String>,
    /// The currency of its words, and the dollars that the row has for one unit.
    pub exchange: Option<(Currency, Option<f64>)>,
    /// What it comes to with an option, in the words of the language, and the words of the source.
    pub option: Option<(String, String)>,
}

/// Money below this is the price of a share or a thing.
const LEAST_AMOUNT: f64 = 10_000.0;
/// Half of the last digit that people print of an amount.
const SAME: f64 = 0.006;
/// A multiplication of months takes whole months, and people round what comes out.
const MULTIPLIED: f64 = 0.06;
/// What one unit of a currency may be worth in dollars.
const WORTH: (f64, f64) = (1e-6, 10.0);

/// The amount of a row, if it has one; `months` are those of its time.
///
/// # Errors
/// Why its words cannot be told apart.
pub fn of(row: &Row, months: Option<i32>) -> Result<Option<Amount>, String> {
    let paid = Paid::ByTime(months.or_else(|| words::months(row.cell("amount_text"))));
    Ok(read(row, paid)?.map(Amount::compact))
}

/// The amount of a row in all: what is not paid by the year is no price, however its words put it.
///
/// # Errors
/// Why its words cannot be told apart.
pub fn in_all(row: &Row) -> Result<Option<Amount>, String> {
    Ok(read(row, Paid::InAll)?.map(Amount::compact))
}

/// How an amount may be paid.
#[derive(Clone, Copy)]
enum Paid {
    /// In all: it is no price of a time.
    InAll,
    /// Perhaps by the time, over so many months.
    ByTime(Option<i32>),
}

/// The amount of a row.
fn read(row: &Row, paid: Paid) -> Result<Option<Amount>, String> {
    if row.cell("qualifier") == "undisclosed" {
        return Ok(None);
    }
    let clauses = row.clauses();
    let option = clauses.option.clone();
    let of_words = of_clause(row, &clauses, paid)?;
    Ok(of_words.map(|amount| Amount { option, ..amount }))
}

/// The amount of a row, of which these words speak.
fn of_clause(row: &Row, clauses: &Clauses, paid: Paid) -> Result<Option<Amount>, String> {
    let text = clauses.own.as_str();
    let said = spoken(text);
    let Some(columns) = Columns::of(row).map(|columns| columns.without(clauses, &said)) else {
        return in_words(row, text, &said);
    };
    let mut abroad = said.iter().filter_map(|one| Some((one, foreign(row, one)?)));
    if let (Some((one, currency)), None) = (abroad.next(), abroad.next())
        && (said.len() == 1 || Currency::new(row.cell("currency")) == Some(currency))
    {
        return self::abroad(row, &columns, one, currency).map(Some);
    }
    if let Some(found) = said.iter().find(|one| columns.has(one)) {
        return Ok(Some(agreed(text, &columns, found)));
    }
    let multiplied = match paid {
        Paid::InAll => None,
        Paid::ByTime(months) => said.iter().find_map(|one| columns.multiplied(text, one, months)),
    };
    if let Some((price, per)) = multiplied {
        let note = format!("{} of the table is a multiplication of its price over time", columns.text());
        return Ok(Some(Amount {
            per: Some(per),
            note: Some(note),
            ..Amount::plain(columns.qualified(price))
        }));
    }
    let mut amount = Amount::plain(columns.text());
    amount.per = columns.single().and_then(|all| words::per(text, all));
    if let [only] = said.as_slice()
        && !columns.made_of(text, &said)
    {
        amount.note = Some(format!("its words say {}, its columns {}", only.words, columns.text()));
        amount.claims.push(only.words.clone());
    }
    Ok(Some(amount))
}

/// Whether a row says how much, in its columns or in its words.
pub fn is_said(row: &Row) -> bool {
    row.cell("qualifier") != "undisclosed"
        && (Columns::of(row).is_some() || !spoken(&row.clauses().own).is_empty())
}

/// The dollars of a row, the least and the most; an open end is none.
pub fn dollars_of(row: &Row) -> Option<(f64, Option<f64>)> {
    if row.cell("qualifier") == "undisclosed" {
        return None;
    }
    if let Some(columns) = Columns::of(row) {
        let least = columns.low.or(columns.high)?;
        return Some((least, columns.high.filter(|_| columns.how != How::MoreThan)));
    }
    match spoken(&row.clauses().own).as_slice() {
        [only] => Some((only.numbers().0, Some(only.numbers().1))),
        _ => None,
    }
}

fn spoken(text: &str) -> Vec<Spoken> {
    let mut said = spoken::money(text);
    said.retain(|one| one.numbers().1.abs() >= LEAST_AMOUNT);
    said
}

impl Amount {
    fn plain(words: String) -> Self {
        Self { claims: vec![words], per: None, note: None, exchange: None, option: None }
    }

    /// The same with dollars in the short form of the language: `$600M` for `$600 million`.
    fn compact(mut self) -> Self {
        for words in self.claims.iter_mut().chain(self.option.as_mut().map(|(total, _)| total)) {
            let short = short::words(words);
            if short::is_same(&short, words) {
                *words = short;
            }
        }
        self
    }

    /// The figures with words behind each, such as a time.
    pub fn with(&self, behind: &str) -> Vec<String> {
        self.claims.iter().map(|words| format!("{words}{behind}")).collect()
    }
}

/// One number in columns and words.
fn agreed(text: &str, columns: &Columns, one: &Spoken) -> Amount {
    let mut amount = Amount::plain(columns.qualified(one));
    amount.per = words::per(text, one.numbers().0);
    let against = match one.figure.said {
        Said::UpTo { .. } => columns.how == How::MoreThan,
        Said::AtLeast { .. } => columns.how == How::UpTo,
        _ => false,
    };
    if against {
        amount.note = Some(format!("its words say {}, its columns {}", one.words, columns.text()));
        amount.claims.push(columns.text());
    }
    amount
}

/// The currency of words other than dollars.
fn foreign(row: &Row, one: &Spoken) -> Option<Currency> {
    let stated = Currency::new(row.cell("currency")).filter(|stated| *stated != Currency::USD);
    let own = one.figure.currency.filter(|own| *own != Currency::USD)?;
    stated.is_none_or(|stated| stated == own).then_some(own)
}

/// An amount in another currency, of which the columns are the dollars at the time.
fn abroad(row: &Row, columns: &Columns, one: &Spoken, currency: Currency) -> Result<Amount, String> {
    let (low, high) = one.numbers();
    let dollars = columns.single().or(columns.high).unwrap_or(0.0);
    let rate = dollars / if columns.single().is_some() { low } else { high };
    let unconverted = same(dollars, low) || same(dollars, high);
    if !unconverted && !(WORTH.0..=WORTH.1).contains(&rate) {
        return Err(format!(
            "its words say {}, and its columns {}: no rate is like that",
            one.words,
            columns.text()
        ));
    }
    let mut amount = Amount::plain(columns.qualified(one));
    amount.per = words::per(row.cell("amount_text"), low);
    amount.exchange = Some((currency, (!unconverted).then_some(rate)));
    Ok(amount)
}

/// An amount that only the words have.
fn in_words(row: &Row, text: &str, said: &[Spoken]) -> Result<Option<Amount>, String> {
    let doubt = |why: &str| {
        Err(format!(
            "amount_text is `{text}`, {why}, and amount_low_usd and amount_high_usd are empty: write whole \
             dollars there, or the qualifier undisclosed"
        ))
    };
    match said {
        [] if words::has_money(text) => doubt("which cannot be read"),
        [] => Ok(None),
        _ if has_comma_in_doubt(text) => doubt("of which the comma may be decimal"),
        [only] => {
            let qualifier = match row.cell("qualifier") {
                "about" => "about ",
                "up_to" => "up to ",
                "more_than" => "more than ",
                _ => "",
            };
            let vague = matches!(only.figure.said, Said::About(_)) && qualifier != "about ";
            let qualifier = if only.is_bare() || vague { qualifier } else { "" };
            let mut amount = Amount::plain(format!("{qualifier}{}", only.words));
            amount.per = words::per(text, only.numbers().0);
            amount.exchange = foreign(row, only).map(|currency| (currency, None));
            Ok(Some(amount))
        }
        _ => doubt("which has several amounts"),
    }
}

/// Whether a comma between two digits may be decimal: it is one of thousands where two of them part groups of
/// three, where three zeros follow it, and where another number of the text has a decimal point.
fn has_comma_in_doubt(text: &str) -> bool {
    let pieces = text.split(|sign: char| !(sign.is_ascii_digit() || sign == ',' || sign == '.'));
    let numbers: Vec<&str> = pieces.map(|piece| piece.trim_matches([',', '.'])).collect();
    let has_point = numbers.iter().any(|number| number.contains('.'));
    numbers.iter().filter(|number| number.contains(',')).any(|number| {
        let groups: Vec<&str> = number.split('.').next().unwrap_or_default().split(',').skip(1).collect();
        let thousands = groups.iter().all(|group| group.len() == 3);
        let told = 1 < groups.len() || groups.first() == Some(&"000") || has_point;
        !(thousands && told)
    })
}

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= SAME * a.abs().max(b.abs())
}

/// Dollars in the largest unit that keeps them exact.
pub fn dollars(amount: f64) -> String {
    in_magnitude(amount, magnitude(amount).1)
}

/// The size and the letter in which an amount is written.
fn magnitude(amount: f64) -> (f64, &'static str) {
    let sizes = [(1e9, "B"), (1e6, "M")];
    sizes.into_iter().find(|(size, _)| amount.abs() >= *size).unwrap_or((1.0, ""))
}

/// Dollars in a magnitude; both ends of a range have the same.
fn in_magnitude(amount: f64, letter: &str) -> String {
    let size = match letter {
        "B" => 1e9,
        "M" => 1e6,
        _ => 1.0,
    };
    let sign = if amount < 0.0 { "-" } else { "" };
    // Cents of a billion: no number of the table has more digits.
    let scaled = format!("{:.11}", amount.abs() / size);
    format!("{sign}${}{letter}", scaled.trim_end_matches('0').trim_end_matches('.'))
}

#[cfg(test)]
mod tests;
