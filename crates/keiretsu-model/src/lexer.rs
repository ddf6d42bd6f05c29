//! Words to tokens: amounts with their units, names, dates and signs, shared by figures and formulas.

mod money;
mod numbers;

use keiretsu_values::{Currency, Dimension};

use self::money::{named, sign};
use self::numbers::{hundredths, magnitude, number, spelt};

/// An amount in base units with what it measures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantity {
    /// In base units.
    pub amount: f64,
    /// Of what.
    pub dimension: Dimension,
    /// Of which currency, if money is in it.
    pub currency: Option<Currency>,
    /// The product of its units in base units, so that "30 to 40 MW" can lend its unit to the 30.
    pub unit_scale: f64,
    /// By what `k`, `M`, `B`, `T` or their words multiply it, where it is written with one.
    pub magnitude: Option<f64>,
    /// Whether a currency stands in front of it, as in `$5` and not in `5 euros`.
    pub is_signed: bool,
}

impl Quantity {
    /// A plain number.
    pub fn plain(amount: f64) -> Self {
        let (dimension, currency) = (Dimension::NUMBER, None);
        Self { amount, dimension, currency, unit_scale: 1.0, magnitude: None, is_signed: false }
    }
}

/// What stands in a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    /// A number with its units, as in `$30B/yr`, `1.5 GW`, `35%`, `6 months`.
    Quantity(Quantity),
    /// A unit alone, as in `/ yr`.
    Unit(Quantity),
    /// `2028`, `2028-12` or `2028-12-31`, if written with at least a month or as a bare year of four digits.
    Date(String),
    /// A name or a word; hyphens inside belong to it.
    Word(String),
    /// `+ - * / ( ) [ ] , . >= <= > < ==` and the like.
    Sign(&'static str),
    /// A character that means nothing here.
    Wrong(char),
}

/// A token with its bytes in the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Lexed {
    /// What it is.
    pub token: Token,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

const SIGNS: [&str; 24] = [
    "=>", ">=", "<=", "!=", "==", "≥", "≤", "–", "—", "−", "+", "-", "*", "/", "(", ")", "[", "]", ",", ".",
    ">", "<", "~", "@",
];

/// Cuts a text into tokens. Never fails: what means nothing is a token of its own.
pub fn lex(text: &str) -> Vec<Lexed> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        }
        let (token, end) = next(text, at, c);
        tokens.push(Lexed { token, start: at, end });
        at = end;
    }
    tokens
}

fn next(text: &str, at: usize, c: char) -> (Token, usize) {
    let rest = &text[at..];
    if let Some(end) = date(rest) {
        return (Token::Date(rest[..end].to_owned()), at + end);
    }
    if let Some((quantity, end)) = quantity(rest) {
        return (Token::Quantity(quantity), at + end);
    }
    if c.is_alphabetic() || c == '_' {
        let end = word(rest);
        let name = &rest[..end];
        return match unit(name) {
            Some(unit) => (Token::Unit(unit), at + end),
            None => (Token::Word(name.to_owned()), at + end),
        };
    }
    match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
        Some(sign) => (Token::Sign(normal(sign)), at + sign.len()),
        None => (Token::Wrong(c), at + c.len_utf8()),
    }
}

fn normal(sign: &'static str) -> &'static str {
    match sign {
        "≥" => ">=",
        "≤" => "<=",
        "–" | "—" | "−" => "-",
        same => same,
    }
}

/// The length of a word: letters, digits, underscores, and hyphens between letters or digits.
fn word(text: &str) -> usize {
    let bytes = text.as_bytes();
    let part =
        |at: usize| bytes.get(at).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_' || *b >= 0x80);
    let mut at = 0;
    while part(at) || (at > 0 && bytes.get(at) == Some(&b'-') && part(at - 1) && part(at + 1)) {
        at += 1;
    }
    at
}

/// The length of a date with at least a month, `2028-12` or `2028-12-31`.
fn date(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let digits = |from: usize, to: usize| (from..to).all(|at| bytes.get(at).is_some_and(u8::is_ascii_digit));
    let month = digits(0, 4) && bytes.get(4) == Some(&b'-') && digits(5, 7);
    let day = month && bytes.get(7) == Some(&b'-') && digits(8, 10);
    let end = if day { 10 } else { 7 };
    let ends = !bytes.get(end).is_some_and(u8::is_ascii_alphanumeric);
    (month && ends).then_some(end)
}

/// A number with its currency, magnitude and units, and its length.
fn quantity(text: &str) -> Option<(Quantity, usize)> {
    let (currency, skipped) = sign(text);
    let digits = number(&text[skipped..]);
    let (number, length) = digits.or_else(|| spelt(text).filter(|_| skipped == 0))?;
    let mut at = skipped + length;
    let mut quantity = Quantity { currency, is_signed: currency.is_some(), ..Quantity::plain(number) };
    let suffix = &text[at..];
    if let Some((parts, length)) = hundredths(suffix) {
        quantity.amount /= parts;
        quantity.unit_scale = 1.0 / parts;
        at += length;
    } else if let Some((scale, length)) = magnitude(suffix) {
        quantity.amount *= scale;
        quantity.magnitude = Some(scale);
        at += length;
    } else if suffix.starts_with(|c: char| c.is_alphabetic())
        && unit(&suffix[..word(suffix)]).is_none()
        && named(suffix).is_none()
    {
        // `3rd`, `5x2`: a number glued to letters that are no unit is no quantity.
        return None;
    }
    if let Some((currency, parts, length)) = named(&text[at..])
        && quantity.currency.is_none_or(|known| known == currency)
    {
        quantity.amount /= parts;
        quantity.currency = Some(currency);
        at += length;
    }
    if quantity.currency.is_some() {
        quantity.dimension = Dimension::MONEY;
    }
    loop {
        let rest = &text[at..];
        let spaces = rest.len() - rest.trim_start().len();
        let after = &rest[spaces..];
        let length = word(after);
        let first = unit(&after[..length]);
        // A unit after the number multiplies; the first one may stand behind a space.
        if let (Some(unit), true) =
            (first, quantity.dimension == Dimension::NUMBER && quantity.currency.is_none())
        {
            quantity = times(quantity, unit, false);
            at += spaces + length;
            continue;
        }
        if let Some((unit, length)) = per(rest) {
            quantity = times(quantity, unit, true);
            at += length;
            continue;
        }
        return Some((quantity, at));
    }
}

/// An amount per unit.
pub fn per_unit(quantity: Quantity, unit: Quantity) -> Quantity {
    times(quantity, unit, true)
}

fn times(quantity: Quantity, unit: Quantity, under: bool) -> Quantity {
    let (scale, dimension) = if under {
        (1.0 / unit.amount, quantity.dimension.per(unit.dimension))
    } else {
        (unit.amount, quantity.dimension.times(unit.dimension))
    };
    // Dividing, not multiplying by a reciprocal, keeps "$600M/month" an exact decimal.
    let amount = if under { quantity.amount / unit.amount } else { quantity.amount * unit.amount };
    Quantity { amount, dimension, unit_scale: quantity.unit_scale * scale, ..quantity }
}

/// `/yr`, `/GW`, ` per month`, ` a year`, ` annually`: the unit and the length of the whole.
fn per(text: &str) -> Option<(Quantity, usize)> {
    let spaces = text.len() - text.trim_start().len();
    let after = &text[spaces..];
    for (words, name) in [
        ("annually", "year"),
        ("yearly", "year"),
        ("per annum", "year"),
        ("quarterly", "quarter"),
        ("monthly", "month"),
    ] {
        if after.starts_with(words) && word(&after[words.len()..]) == 0 && 0 < spaces {
            return unit(name).map(|unit| (unit, spaces + words.len()));
        }
    }
    let skipped = if text.starts_with('/') {
        1
    } else {
        let word = ["per ", "a ", "each "].iter().find(|word| after.starts_with(**word))?;
        spaces + word.len()
    };
    let rest = &text[skipped..];
    let length = word(rest);
    unit(&rest[..length]).map(|unit| (unit, skipped + length))
}

/// The greatest amount with a unit that is read, and the reciprocal of the least above zero: nothing in the
/// world is larger or smaller, and sums and products of a few such amounts neither overflow nor vanish.
const AMOUNT_MAX: f64 = 1e30;

/// The same of plain numbers, which an index of any base may need: far enough from where numbers lose digits.
const PLAIN_MAX: f64 = 1e300;

/// Whether an amount is zero or within what is read.
pub(crate) fn is_readable(amount: f64, dimension: Dimension) -> bool {
    let size = amount.abs();
    let most = if dimension == Dimension::NUMBER { PLAIN_MAX } else { AMOUNT_MAX };
    size <= 0.0 || (1.0 / most..=most).contains(&size)
}

/// What is wrong with an amount that is not read, and what to write.
pub(crate) const UNREADABLE: (&str, &str) = (
    "this number is beyond what is read",
    "an amount that is not zero lies between 1e-30 and 1e30, a plain number between 1e-300 and 1e300",
);

/// A unit by its name, as one of it in base units.
pub fn unit(name: &str) -> Option<Quantity> {
    let (_, amount, dimension) = *UNITS.iter().find(|(word, ..)| *word == name)?;
    Some(Quantity { dimension, unit_scale: amount, ..Quantity::plain(amount) })
}

/// Whether a word is a number: `five`.
pub(crate) fn is_spelt(word: &str) -> bool {
    numbers::is_word(word)
}

/// The words of units, with what one is in the unit of its dimension. An hour is a part of a year of 365.25
/// days, 8,766 hours.
pub const UNITS: &[(&str, f64, Dimension)] = &[
    ("x", 1.0, Dimension::NUMBER),
    ("GW", 1.0, Dimension::POWER),
    ("MW", 1e-3, Dimension::POWER),
    ("kW", 1e-6, Dimension::POWER),
    ("TW", 1e3, Dimension::POWER),
    ("gigawatt", 1.0, Dimension::POWER),
    ("gigawatts", 1.0, Dimension::POWER),
    ("megawatt", 1e-3, Dimension::POWER),
    ("megawatts", 1e-3, Dimension::POWER),
    ("kilowatt", 1e-6, Dimension::POWER),
    ("kilowatts", 1e-6, Dimension::POWER),
    ("terawatt", 1e3, Dimension::POWER),
    ("terawatts", 1e3, Dimension::POWER),
    ("GWh", 1.0 / 8_766.0, Dimension::ENERGY),
    ("MWh", 1e-3 / 8_766.0, Dimension::ENERGY),
    ("decade", 10.0, Dimension::TIME),
    ("decades", 10.0, Dimension::TIME),
    ("yr", 1.0, Dimension::TIME),
    ("year", 1.0, Dimension::TIME),
    ("years", 1.0, Dimension::TIME),
    ("quarter", 0.25, Dimension::TIME),
    ("quarters", 0.25, Dimension::TIME),
    ("month", 1.0 / 12.0, Dimension::TIME),
    ("months", 1.0 / 12.0, Dimension::TIME),
    ("week", 7.0 / 365.25, Dimension::TIME),
    ("weeks", 7.0 / 365.25, Dimension::TIME),
    ("day", 1.0 / 365.25, Dimension::TIME),
    ("days", 1.0 / 365.25, Dimension::TIME),
    ("hour", 1.0 / 8_766.0, Dimension::TIME),
    ("hours", 1.0 / 8_766.0, Dimension::TIME),
    ("chip", 1.0, Dimension::CHIPS),
    ("chips", 1.0, Dimension::CHIPS),
    ("GPU", 1.0, Dimension::CHIPS),
    ("GPUs", 1.0, Dimension::CHIPS),
    ("share", 1.0, Dimension::SHARES),
    ("shares", 1.0, Dimension::SHARES),
    ("token", 1.0, Dimension::TOKENS),
    ("tokens", 1.0, Dimension::TOKENS),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Quantity {
        match lex(text).as_slice() {
            [Lexed { token: Token::Quantity(quantity), .. }] => *quantity,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn amounts_carry_their_units() {
        for (text, amount, dimension) in [
            ("$8B", 8e9, Dimension::MONEY),
            ("$13.8 billion", 13.8e9, Dimension::MONEY),
            ("$1,234,567", 1_234_567.0, Dimension::MONEY),
            ("$600M/month", 7.2e9, Dimension::MONEY_RATE),
            ("$600M per month", 7.2e9, Dimension::MONEY_RATE),
            ("$12B/GW/yr", 12e9, Dimension::MONEY_RATE.per(Dimension::POWER)),
            ("$30B per GW", 30e9, Dimension::MONEY_PER_POWER),
            ("5 GW", 5.0, Dimension::POWER),
            ("250MW", 0.25, Dimension::POWER),
            ("27%", 0.27, Dimension::NUMBER),
            ("2x", 2.0, Dimension::NUMBER),
            ("160M shares", 160e6, Dimension::SHARES),
            ("6 months", 0.5, Dimension::TIME),
            ("10%/yr", 0.1, Dimension::RATE),
            ("CHF 3bn", 3e9, Dimension::MONEY),
            ("1e-3", 1e-3, Dimension::NUMBER),
            ("1.3 billion euros", 1.3e9, Dimension::MONEY),
            ("US$15bn", 15e9, Dimension::MONEY),
            ("$ 8.0bn", 8e9, Dimension::MONEY),
            ("EUR 500 million", 5e8, Dimension::MONEY),
            ("500 million EUR", 5e8, Dimension::MONEY),
            ("RMB 20bn", 20e9, Dimension::MONEY),
            ("2 trn dollars", 2e12, Dimension::MONEY),
            ("$350k", 350e3, Dimension::MONEY),
            ("$7 Billion", 7e9, Dimension::MONEY),
            ("100 billion dollars", 100e9, Dimension::MONEY),
            ("10 billion US dollars", 10e9, Dimension::MONEY),
            ("50 cents", 0.5, Dimension::MONEY),
            ("$1.25 billion a month", 15e9, Dimension::MONEY_RATE),
            ("$15 billion annually", 15e9, Dimension::MONEY_RATE),
            ("13 percent", 0.13, Dimension::NUMBER),
            ("13 per cent", 0.13, Dimension::NUMBER),
            ("425 bp", 0.0425, Dimension::NUMBER),
            ("25 basis points", 0.0025, Dimension::NUMBER),
            ("ten years", 10.0, Dimension::TIME),
            ("one gigawatt", 1.0, Dimension::POWER),
            ("two billion dollars", 2e9, Dimension::MONEY),
            ("300 megawatts", 0.3, Dimension::POWER),
        ] {
            let quantity = one(text);
            assert!((quantity.amount / amount - 1.0).abs() < 1e-12, "{text}: {quantity:?}");
            assert_eq!(quantity.dimension, dimension, "{text}");
        }
    }

    #[test]
    fn names_keep_their_hyphens_and_minus_needs_spaces() {
        let words = |text: &str| lex(text).into_iter().map(|lexed| lexed.token).collect::<Vec<_>>();
        assert_eq!(words("amd-openai"), [Token::Word("amd-openai".into())]);
        assert_eq!(words("a - b"), [Token::Word("a".into()), Token::Sign("-"), Token::Word("b".into())]);
        assert_eq!(words("2028-12-31"), [Token::Date("2028-12-31".into())]);
        assert_eq!(words("§"), [Token::Wrong('§')]);
    }
}
