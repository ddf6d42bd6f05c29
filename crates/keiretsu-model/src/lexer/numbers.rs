//! Numbers as people write them: digits, magnitudes, hundredths, and a few in words.

use super::{unit, word};

/// A decimal number: digits with `,` or `_` between thousands, and a fraction.
pub(super) fn number(text: &str) -> Option<(f64, usize)> {
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
pub(super) fn magnitude(text: &str) -> Option<(f64, usize)> {
    let spaces = text.len() - text.trim_start_matches(' ').len();
    let rest = &text[spaces..];
    let length = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
    let name = &rest[..length];
    let scale = match name.to_ascii_lowercase().as_str() {
        "k" | "thousand" => 1e3,
        "m" | "mn" | "mln" | "million" => 1e6,
        "b" | "bn" | "bln" | "billion" => 1e9,
        "t" | "tn" | "trn" | "trillion" => 1e12,
        _ => return None,
    };
    (spaces == 0 || length > 1 || matches!(name, "B" | "M" | "T")).then_some((scale, spaces + length))
}

/// `%` or its words, or hundredths of one: how many make a whole, and the length.
pub(super) fn hundredths(text: &str) -> Option<(f64, usize)> {
    if text.starts_with('%') {
        return Some((100.0, 1));
    }
    let spaces = text.len() - text.trim_start_matches(' ').len();
    let rest = &text[spaces..];
    let words = [
        ("percent", 100.0),
        ("per cent", 100.0),
        ("pct", 100.0),
        ("basis points", 10_000.0),
        ("basis point", 10_000.0),
        ("bps", 10_000.0),
        ("bp", 10_000.0),
    ];
    let (name, parts) = words.into_iter().find(|(name, _)| rest.starts_with(name))?;
    (word(&rest[name.len()..]) == 0).then_some((parts, spaces + name.len()))
}

/// Numbers that are read in words.
const WORDS: [(&str, f64); 15] = [
    ("one", 1.0),
    ("two", 2.0),
    ("three", 3.0),
    ("four", 4.0),
    ("five", 5.0),
    ("six", 6.0),
    ("seven", 7.0),
    ("eight", 8.0),
    ("nine", 9.0),
    ("ten", 10.0),
    ("eleven", 11.0),
    ("twelve", 12.0),
    ("fifteen", 15.0),
    ("twenty", 20.0),
    ("thirty", 30.0),
];

/// Whether a word is a number.
pub(super) fn is_word(name: &str) -> bool {
    WORDS.iter().any(|(known, _)| *known == name)
}

/// A number in words, where a magnitude or a unit follows it, so that it can be nothing else.
pub(super) fn spelt(text: &str) -> Option<(f64, usize)> {
    if let Some(number) = with_article(text) {
        return Some(number);
    }
    let length = word(text);
    let (_, number) = WORDS.into_iter().find(|(name, _)| *name == &text[..length])?;
    let rest = text[length..].strip_prefix(' ')?;
    let next = &rest[..word(rest)];
    let counts = 1 < next.len() && (magnitude(&format!(" {next}")).is_some() || unit(next).is_some());
    counts.then_some((number, length))
}

/// `half a billion`, `a million`: what an article makes of the magnitude behind it.
fn with_article(text: &str) -> Option<(f64, usize)> {
    let articles = [("half a", 0.5), ("half an", 0.5), ("a", 1.0)];
    let (article, number) = articles.into_iter().find(|(article, _)| {
        text.strip_prefix(article).is_some_and(|rest| {
            let next = rest.strip_prefix(' ').map_or("", |rest| &rest[..word(rest)]);
            3 < next.len() && magnitude(&format!(" {next}")).is_some()
        })
    })?;
    Some((number, article.len()))
}
