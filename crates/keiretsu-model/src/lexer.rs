//! Words to tokens: amounts with their units, names, dates and signs, shared by figures and formulas.

use keiretsu_values::{Currency, Dimension};

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
    /// Whether it was written with `k`, `M`, `B`, `T` or their words.
    pub magnitude: bool,
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

const SIGNS: [&str; 20] =
    ["=>", ">=", "<=", "!=", "==", "≥", "≤", "+", "-", "*", "/", "(", ")", "[", "]", ",", ".", ">", "<", "~"];

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
    let (currency, skipped) = currency(text);
    let (number, digits) = number(&text[skipped..])?;
    let mut at = skipped + digits;
    let mut quantity = Quantity {
        amount: number,
        dimension: if currency.is_some() { Dimension::MONEY } else { Dimension::NUMBER },
        currency,
        unit_scale: 1.0,
        magnitude: false,
    };
    let suffix = &text[at..];
    if suffix.starts_with('%') {
        quantity.amount /= 100.0;
        quantity.unit_scale = 0.01;
        at += 1;
    } else if let Some((scale, length)) = magnitude(suffix) {
        quantity.amount *= scale;
        quantity.magnitude = true;
        at += length;
    } else if suffix.starts_with(|c: char| c.is_alphabetic()) && unit(&suffix[..word(suffix)]).is_none() {
        // `3rd`, `5x2`: a number glued to letters that are no unit is no quantity.
        return None;
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

/// `/yr`, `/GW`, ` per month`, ` a year`: the unit and the length of the whole.
fn per(text: &str) -> Option<(Quantity, usize)> {
    let skipped = if text.starts_with('/') {
        1
    } else {
        let spaces = text.len() - text.trim_start().len();
        let word = ["per ", "a ", "each "].iter().find(|word| text[spaces..].starts_with(**word))?;
        spaces + word.len()
    };
    let rest = &text[skipped..];
    let length = word(rest);
    unit(&rest[..length]).map(|unit| (unit, skipped + length))
}

fn currency(text: &str) -> (Option<Currency>, usize) {
    for (sign, code) in [("$", "USD"), ("€", "EUR"), ("£", "GBP"), ("¥", "JPY")] {
        if text.starts_with(sign) {
            return (Currency::new(code), sign.len());
        }
    }
    let code = text.get(..3).and_then(Currency::new);
    // Three bytes in, there may be the middle of a letter.
    let glued = text.get(3..).unwrap_or_default();
    let digits = glued.trim_start_matches(' ').starts_with(|c: char| c.is_ascii_digit());
    match code {
        Some(code) if digits && !glued.starts_with(|c: char| c.is_alphabetic()) => {
            (Some(code), text.len() - glued.trim_start_matches(' ').len())
        }
        _ => (None, 0),
    }
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

/// A decimal number: digits with `,` or `_` between thousands, and a fraction.
fn number(text: &str) -> Option<(f64, usize)> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    if !digit(0) {
        return None;
    }
    let mut at = 0;
    while digit(at)
        || (matches!(bytes.get(at), Some(b',' | b'_')) && (1..=3).all(|n| digit(at + n)) && !digit(at + 4))
    {
        at += 1;
    }
    if bytes.get(at) == Some(&b'.') && digit(at + 1) {
        at += 1;
        while digit(at) {
            at += 1;
        }
    }
    let exponent = matches!(bytes.get(at), Some(b'e' | b'E'))
        && (digit(at + 1) || (matches!(bytes.get(at + 1), Some(b'-' | b'+')) && digit(at + 2)));
    if exponent {
        at += 2;
        while digit(at) {
            at += 1;
        }
    }
    let plain: String = text[..at].chars().filter(|c| *c != ',' && *c != '_').collect();
    plain.parse().ok().map(|number| (number, at))
}

/// `k`, `M`, `B`, `T` glued to the number, or `million`, `bn` and so on behind a space.
fn magnitude(text: &str) -> Option<(f64, usize)> {
    let spaces = text.len() - text.trim_start_matches(' ').len();
    let rest = &text[spaces..];
    let length = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
    let name = &rest[..length];
    let scale = match name {
        "k" | "K" | "thousand" => 1e3,
        "M" | "m" | "mn" | "million" => 1e6,
        "B" | "b" | "bn" | "billion" => 1e9,
        "T" | "t" | "tn" | "trillion" => 1e12,
        _ => return None,
    };
    (spaces == 0 || length > 1 || name == "B" || name == "M" || name == "T")
        .then_some((scale, spaces + length))
}

/// A unit by its name, as one of it in base units.
pub fn unit(name: &str) -> Option<Quantity> {
    let (_, amount, dimension) = *UNITS.iter().find(|(word, ..)| *word == name)?;
    Some(Quantity { amount, dimension, currency: None, unit_scale: amount, magnitude: false })
}

/// The words of units, with what one is in the unit of its dimension. An hour is a part of a year of 365.25
/// days, 8,766 hours.
pub const UNITS: &[(&str, f64, Dimension)] = &[
    ("x", 1.0, Dimension::NUMBER),
    ("GW", 1.0, Dimension::POWER),
    ("MW", 1e-3, Dimension::POWER),
    ("kW", 1e-6, Dimension::POWER),
    ("TW", 1e3, Dimension::POWER),
    ("GWh", 1.0 / 8_766.0, Dimension::ENERGY),
    ("MWh", 1e-3 / 8_766.0, Dimension::ENERGY),
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
