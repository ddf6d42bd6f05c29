//! Dates in words: months by name, quarters, halves, and thirds of a year that people call early, mid and
//! late.
//!
//! Absent: fiscal years and seasons, which are other months for each company and hemisphere.

use jiff::civil::Date;

use super::When;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Parts of a year by their first and last month, in the word that is shown first.
const PARTS: [(&str, i8, i8); 9] = [
    ("Q1", 1, 3),
    ("Q2", 4, 6),
    ("Q3", 7, 9),
    ("Q4", 10, 12),
    ("H1", 1, 6),
    ("H2", 7, 12),
    ("early", 1, 4),
    ("mid", 5, 8),
    ("late", 9, 12),
];

/// Other words for the same parts.
const OTHERS: [(&str, &str); 12] = [
    ("first quarter of", "Q1"),
    ("second quarter of", "Q2"),
    ("third quarter of", "Q3"),
    ("fourth quarter of", "Q4"),
    ("first half of", "H1"),
    ("second half of", "H2"),
    ("1h", "H1"),
    ("2h", "H2"),
    ("1q", "Q1"),
    ("2q", "Q2"),
    ("3q", "Q3"),
    ("4q", "Q4"),
];

/// `May 2049`, `5 May 2049`, `May 5, 2049`, `Q3 2026`, `2026 Q3`, `early 2026`, `end of 2026`.
pub(super) fn single(text: &str) -> Option<When> {
    let text = text.strip_prefix("the ").unwrap_or(text);
    let spaced = spaced(text);
    let text = spaced.as_deref().unwrap_or(text);
    if let Some(short) = in_short(text) {
        return Some(short);
    }
    let (rest, year) = match text.rsplit_once([' ', '-']) {
        Some((rest, last)) if year(last).is_some() => (rest, year(last)?),
        _ => {
            let (first, rest) = text.split_once(' ')?;
            (rest, year(first)?)
        }
    };
    let rest = rest.trim().trim_end_matches(',').to_lowercase();
    if ["end", "end of", "the end of", "year-end"].contains(&rest.as_str()) {
        return months(year, 12, 12);
    }
    let named =
        OTHERS.into_iter().find(|(words, _)| *words == rest).map_or(rest.clone(), |(_, part)| part.into());
    let part = PARTS.into_iter().find(|(name, ..)| name.eq_ignore_ascii_case(&named));
    if let Some((_, first, last)) = part {
        return months(year, first, last);
    }
    let words: Vec<&str> = rest.split_whitespace().collect();
    match words.as_slice() {
        [month] => months(year, number(month)?, number(month)?),
        [day, month] if number(month).is_some() => on(year, number(month)?, day),
        [month, day] => on(year, number(month)?, day),
        _ => None,
    }
}

/// `18-Aug-2025`, `2025-Q4`, `2025Q4`, `Q4/2025` with spaces between the parts; none where letters and digits
/// are not parted so.
fn spaced(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split(['-', '/', ' ']).filter(|part| !part.is_empty()).collect();
    let quarter = |part: &str| PARTS.iter().take(6).any(|(name, ..)| name.eq_ignore_ascii_case(part));
    match parts.as_slice() {
        [one] => {
            let (year, part) = one.split_at_checked(4)?;
            (self::year(year).is_some() && quarter(part)).then(|| format!("{part} {year}"))
        }
        [first, second] if quarter(first) || quarter(second) => Some(format!("{first} {second}")),
        [day, month, year] if text.contains(['-', '/']) && number(&month.to_lowercase()).is_some() => {
            let digits = day.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| format!("{day} {month} {year}"))
        }
        _ => None,
    }
}

/// `3Q26`, `1H2027`: a part of a year and the year in one word.
fn in_short(text: &str) -> Option<When> {
    let (part, digits) = text.split_at_checked(2)?;
    let named = OTHERS.into_iter().find(|(words, _)| words.eq_ignore_ascii_case(part))?.1;
    let (_, first, last) = PARTS.into_iter().find(|(name, ..)| *name == named)?;
    let full = if digits.len() == 2 { format!("20{digits}") } else { digits.to_owned() };
    months(year(&full)?, first, last)
}

/// The word for a part of a year that was stated as one.
pub(super) fn part_of_year(when: &When) -> Option<String> {
    let year = when.first.year();
    let same = |first: i8, last: i8| months(year, first, last) == Some(*when);
    let (name, ..) = PARTS.into_iter().find(|(_, first, last)| same(*first, *last))?;
    Some(format!("{name} {year:04}"))
}

fn year(text: &str) -> Option<i16> {
    let digits = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|year| digits && (super::YEARS.0..=super::YEARS.1).contains(year))
}

/// A month by its name or the first letters of it, at least three.
pub(super) fn number(text: &str) -> Option<i8> {
    let letters = text.trim_end_matches('.');
    let is_meant = |month: &&str| 3 <= letters.len() && month.starts_with(letters);
    MONTHS.iter().position(is_meant).and_then(|at| i8::try_from(at + 1).ok())
}

fn on(year: i16, month: i8, day: &str) -> Option<When> {
    let digits = day.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == ',');
    let ordinal = ["", "st", "nd", "rd", "th"].contains(&day[digits.len()..].trim_end_matches(','));
    Date::new(year, month, digits.parse().ok().filter(|_| ordinal)?).ok().map(When::day)
}

fn months(year: i16, first: i8, last: i8) -> Option<When> {
    let first = Date::new(year, first, 1).ok()?;
    let last = Date::new(year, last, 1).ok()?.last_of_month();
    Some(When { first, last, single: true })
}

#[cfg(test)]
mod tests {
    use super::super::when;

    #[test]
    fn dates_in_words_are_days_and_parts_of_a_year() {
        for (words, first, last) in [
            ("May 2049", "2049-05-01", "2049-05-31"),
            ("Sept. 2026", "2026-09-01", "2026-09-30"),
            ("5 May 2049", "2049-05-05", "2049-05-05"),
            ("May 5, 2049", "2049-05-05", "2049-05-05"),
            ("May 5th, 2049", "2049-05-05", "2049-05-05"),
            ("Q3 2026", "2026-07-01", "2026-09-30"),
            ("2026 Q3", "2026-07-01", "2026-09-30"),
            ("third quarter of 2026", "2026-07-01", "2026-09-30"),
            ("H1 2027", "2027-01-01", "2027-06-30"),
            ("second half of 2027", "2027-07-01", "2027-12-31"),
            ("early 2026", "2026-01-01", "2026-04-30"),
            ("mid-2026", "2026-05-01", "2026-08-31"),
            ("3Q26", "2026-07-01", "2026-09-30"),
            ("1H2027", "2027-01-01", "2027-06-30"),
            ("late 2026", "2026-09-01", "2026-12-31"),
            ("18-Aug-2025", "2025-08-18", "2025-08-18"),
            ("2025-Q4", "2025-10-01", "2025-12-31"),
            ("2025Q4", "2025-10-01", "2025-12-31"),
            ("Q4/2025", "2025-10-01", "2025-12-31"),
            ("H1-2026", "2026-01-01", "2026-06-30"),
            ("end of 2026", "2026-12-01", "2026-12-31"),
            ("Q1 2026 to May 2027", "2026-01-01", "2027-05-31"),
        ] {
            let read = when(words).map(|when| (when.first.to_string(), when.last.to_string()));
            assert_eq!(read, Some((first.into(), last.into())), "{words}");
        }
        for words in [
            "Q0 2026",
            "5Q26",
            "3Q263",
            "Q3 FY2027",
            "31 June 2026",
            "summer 2026",
            "FY2028",
            "May",
            "2026 2027",
            "the 2026",
            "5 5 2026",
        ] {
            assert_eq!(when(words), None, "{words}");
        }
    }
}
