//! Currencies as people write them: signs and codes in front of a number, names and codes behind it.
//!
//! Absent: names that several currencies share, such as francs and crowns without a country.

use keiretsu_values::Currency;

use super::{unit, word};

/// Signs in front of a number; the longer before those that they end with.
const SIGNS: [(&str, &str); 16] = [
    ("US$", "USD"),
    ("HK$", "HKD"),
    ("NZ$", "NZD"),
    ("NT$", "TWD"),
    ("AU$", "AUD"),
    ("CA$", "CAD"),
    ("A$", "AUD"),
    ("C$", "CAD"),
    ("S$", "SGD"),
    ("R$", "BRL"),
    ("$", "USD"),
    ("€", "EUR"),
    ("£", "GBP"),
    ("¥", "JPY"),
    ("₩", "KRW"),
    ("₹", "INR"),
];

/// Names behind a number, and how many of them make one unit of the currency.
const NAMES: [(&str, &str, f64); 27] = [
    ("US dollars", "USD", 1.0),
    ("U.S. dollars", "USD", 1.0),
    ("Canadian dollars", "CAD", 1.0),
    ("Australian dollars", "AUD", 1.0),
    ("Singapore dollars", "SGD", 1.0),
    ("Hong Kong dollars", "HKD", 1.0),
    ("dollars", "USD", 1.0),
    ("dollar", "USD", 1.0),
    ("euro cents", "EUR", 100.0),
    ("euros", "EUR", 1.0),
    ("euro", "EUR", 1.0),
    ("cents", "USD", 100.0),
    ("cent", "USD", 100.0),
    ("pounds sterling", "GBP", 1.0),
    ("pounds", "GBP", 1.0),
    ("pence", "GBP", 100.0),
    ("yen", "JPY", 1.0),
    ("yuan", "CNY", 1.0),
    ("renminbi", "CNY", 1.0),
    ("won", "KRW", 1.0),
    ("rupees", "INR", 1.0),
    ("Swiss francs", "CHF", 1.0),
    ("Swedish kronor", "SEK", 1.0),
    ("Norwegian kroner", "NOK", 1.0),
    ("Danish kroner", "DKK", 1.0),
    ("UAE dirhams", "AED", 1.0),
    ("Saudi riyals", "SAR", 1.0),
];

/// Codes that are read behind a number, where other words may stand.
const CODES: [&str; 32] = [
    "AED", "AUD", "BRL", "CAD", "CHF", "CLP", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "IDR", "ILS",
    "INR", "JPY", "KRW", "KWD", "MXN", "MYR", "NOK", "NZD", "PLN", "QAR", "SAR", "SEK", "SGD", "THB", "TWD",
    "USD", "ZAR",
];

/// A currency in front of a number, and the length up to the number.
pub(super) fn sign(text: &str) -> (Option<Currency>, usize) {
    let none = (None, 0);
    let sign = SIGNS.into_iter().find(|(sign, _)| text.starts_with(sign));
    if let Some((sign, code)) = sign {
        let rest = &text[sign.len()..];
        let spaces = usize::from(rest.starts_with(' '));
        let digits = rest[spaces..].starts_with(|c: char| c.is_ascii_digit());
        return if digits { (Currency::new(code), sign.len() + spaces) } else { none };
    }
    let code = match text.get(..3) {
        Some("RMB") => Currency::new("CNY"),
        code => code.and_then(Currency::new),
    };
    // Three bytes in, there may be the middle of a letter.
    let after = text.get(3..).unwrap_or_default();
    let number = after.trim_start_matches(' ');
    if code.is_some() && number.starts_with(|c: char| c.is_ascii_digit()) {
        return (code, text.len() - number.len());
    }
    none
}

/// A currency behind a number, how many of what is named make one unit of it, and the length.
pub(super) fn named(text: &str) -> Option<(Currency, f64, usize)> {
    let spaces = text.len() - text.trim_start_matches(' ').len();
    let rest = &text[spaces..];
    let ends = |name: &str| word(&rest[name.len()..]) == 0;
    if let Some((name, code, parts)) =
        NAMES.into_iter().find(|(name, ..)| 0 < spaces && rest.starts_with(name) && ends(name))
    {
        return Some((Currency::new(code)?, parts, spaces + name.len()));
    }
    let code = &rest[..word(rest)];
    let known = CODES.contains(&code) && unit(code).is_none();
    Some((Currency::new(code).filter(|_| known)?, 1.0, spaces + code.len()))
}
