//! Dates as people state them: a day, a month, a year, a span of them, a duration.

use jiff::civil::Date;
use keiretsu_values::Dimension;

use crate::lexer::{self, Lexed, Token};
use crate::limits::MAX_YEARS;

mod words;

/// A stated date: everything from its first to its last day is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct When {
    /// The first day that the words allow.
    pub first: Date,
    /// The last day that the words allow.
    pub last: Date,
    /// Whether the words name a single day, month or year rather than a span of them.
    pub single: bool,
}

impl When {
    /// A single day.
    pub fn day(date: Date) -> Self {
        Self { first: date, last: date, single: true }
    }

    /// As exact as it was stated: in ISO 8601 as far as that has a word for it, else in those of the
    /// language.
    pub fn text(&self) -> String {
        let (first, last) = (self.first, self.last);
        if first == last {
            return first.to_string();
        }
        if first.day() == 1 && last == last.last_of_month() {
            if (first.year(), first.month()) == (last.year(), last.month()) {
                return format!("{:04}-{:02}", first.year(), first.month());
            }
            if first.year() == last.year() && first.month() == 1 && last.month() == 12 {
                return format!("{:04}", first.year());
            }
            if let Some(part) = words::part_of_year(self) {
                return part;
            }
            return format!(
                "{:04}-{:02} to {:04}-{:02}",
                first.year(),
                first.month(),
                last.year(),
                last.month()
            );
        }
        format!("{first} to {last}")
    }
}

/// Reads `2032`, `2026-04`, `2026-04-21`, `May 2049`, `Q3 2026`, `mid 2027`, or two of them with `to`.
pub fn when(text: &str) -> Option<When> {
    if let Some((from, to)) = text.split_once(" to ") {
        let (from, to) = (single(from.trim())?, single(to.trim())?);
        return (from.first <= to.last).then_some(When { first: from.first, last: to.last, single: false });
    }
    single(text.trim())
}

/// The month of a word, by its name or at least the first three letters of it.
pub fn month(word: &str) -> Option<i8> {
    words::number(&word.to_lowercase())
}

/// Why words are no date.
pub fn fault(text: &str) -> String {
    let what = if is_reversed(text) { "ends before it starts" } else { "is not a date" };
    format!("`{text}` {what}")
}

/// Whether words are two dates, the later one first.
fn is_reversed(text: &str) -> bool {
    let ends = text.split_once(" to ").map(|(from, to)| (single(from.trim()), single(to.trim())));
    matches!(ends, Some((Some(from), Some(to))) if to.last < from.first)
}

/// Whether words begin with a year that no date of the language has.
fn is_far(text: &str) -> bool {
    let digits = text.split('-').next().unwrap_or_default();
    let year = digits.parse::<i16>().ok().filter(|_| digits.len() == 4);
    year.is_some_and(|year| !(YEARS.0..=YEARS.1).contains(&year))
}

/// The first and the last year of a date.
const YEARS: (i16, i16) = (1900, 2200);

/// What is wrong with digits that are written as a day or a month and are none, such as `2025-13-01`.
pub fn no_day(text: &str) -> Option<&'static str> {
    let parts: Vec<&str> = text.split('-').collect();
    let is_written =
        |part: &&str, digits: usize| part.len() == digits && part.bytes().all(|digit| digit.is_ascii_digit());
    let [year, rest @ ..] = parts.as_slice() else { return None };
    let is_day =
        (1..=2).contains(&rest.len()) && is_written(year, 4) && rest.iter().all(|part| is_written(part, 2));
    if !is_day || is_far(text) || when(text).is_some() {
        return None;
    }
    let is_month = rest[0].parse().is_ok_and(|month: u8| (1..=12).contains(&month));
    Some(if is_month {
        "the month has no such day: days are written 01 to 31, as 2026-04-21"
    } else {
        "months are 01 to 12, written before the day, as 2026-04-21"
    })
}

/// What to write instead of words that are no date.
pub fn advice(text: &str) -> &'static str {
    let lower = text.to_lowercase();
    if is_reversed(text) {
        return "write the earlier date first, as \"2023-09 to 2024-11\"";
    }
    if let Some(hint) = no_day(text) {
        return hint;
    }
    if is_far(text) {
        return "years are those from 1900 to 2200; what has no end leaves it out";
    }
    if ["spring ", "summer ", "autumn ", "fall ", "winter "].iter().any(|season| lower.contains(season)) {
        return "a season is other months in each hemisphere: give its months, as \"2026-06 to 2026-08\" \
                where a span is taken, or the date that matters";
    }
    if lower.contains("fiscal") || lower.split_whitespace().any(|word| word.starts_with("fy")) {
        return "a fiscal year is another one in each company: give its months, as \"2027-06 to 2028-05\" \
                where a span is taken, or the date that matters";
    }
    "write 2026-04-21, \"2026-04\", 2026, \"May 2049\", \"Q3 2026\" or \"2023-09 to 2024-11\""
}

fn single(text: &str) -> Option<When> {
    iso(text).or_else(|| words::single(text))
}

fn iso(text: &str) -> Option<When> {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |at: usize, length: usize| -> Option<i16> {
        let part: &str = parts.get(at)?;
        (part.len() == length && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok())?
    };
    let year = number(0, 4).filter(|year| (YEARS.0..=YEARS.1).contains(year))?;
    match parts.len() {
        1 => Some(When {
            first: Date::new(year, 1, 1).ok()?,
            last: Date::new(year, 12, 31).ok()?,
            single: true,
        }),
        2 => {
            let first = Date::new(year, number(1, 2)? as i8, 1).ok()?;
            Some(When { first, last: first.last_of_month(), single: true })
        }
        3 => Date::new(year, number(1, 2)? as i8, number(2, 2)? as i8).ok().map(When::day),
        _ => None,
    }
}

/// Reads `10 years`, `6 months`, `18 months of burn` (in years; the words behind are the caller's affair).
pub fn duration(text: &str) -> Option<(f64, String)> {
    let tokens = lexer::lex(text);
    let (Lexed { token: Token::Quantity(quantity), end, .. }, _) = tokens.split_first()? else { return None };
    let rest = text[*end..].trim().to_owned();
    (quantity.dimension == Dimension::TIME && quantity.amount > 0.0).then_some((quantity.amount, rest))
}

/// A duration as whole months, if it is one.
pub fn whole_months(years: f64) -> Option<u32> {
    let months = years * 12.0;
    let whole = months.round();
    // Durations are small decimals of years; a millionth of a month is rounding, not meaning.
    ((months - whole).abs() < 1e-6 && (1.0..=12.0 * MAX_YEARS).contains(&whole)).then_some(whole as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_that_are_no_day_are_told_why() {
        for (text, told) in
            [("2025-13-01", "months are"), ("2025-13", "months are"), ("2025-02-30", "no such day")]
        {
            assert!(no_day(text).is_some_and(|hint| hint.contains(told)), "{text}");
            assert!(advice(text).contains(told), "{text}");
        }
        for text in ["2025-12-01", "2025-12", "2025", "9999-01-01", "a-13-01"] {
            assert_eq!(no_day(text), None, "{text}");
        }
    }

    #[test]
    fn dates_are_as_exact_as_stated() {
        for text in ["2032", "2026-04", "2026-04-21", "2023-09 to 2024-11", "Q3 2026", "H1 2027", "mid 2027"]
        {
            assert_eq!(when(text).map(|when| when.text()).as_deref(), Some(text));
        }
        for text in
            ["2026-13", "2026-02-30", "26-01", "tomorrow", "2027 to 2026", "", "fiscal 2028", "Q5 2026"]
        {
            assert_eq!(when(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_date_says_why() {
        assert_eq!(fault("2027 to 2026"), "`2027 to 2026` ends before it starts");
        assert_eq!(fault("2027 to soon"), "`2027 to soon` is not a date");
        for (text, words) in [
            ("2027 to 2026", "earlier date first"),
            ("9999-12", "from 1900 to 2200"),
            ("summer 2026", "hemisphere"),
            ("Q3 FY2027", "fiscal year"),
            ("soon", "write 2026-04-21"),
        ] {
            assert!(advice(text).contains(words), "{text}: {}", advice(text));
        }
    }

    #[test]
    fn durations_are_years() {
        assert_eq!(duration("10 years"), Some((10.0, String::new())));
        assert_eq!(duration("6 months of burn"), Some((0.5, "of burn".into())));
        assert_eq!(duration("$3B"), None);
        assert_eq!(whole_months(0.5), Some(6));
        assert_eq!(whole_months(7.0 / 365.25), None);
    }
}
