//! Terms in the words of a source, outside the columns: duration, period, share.
//!
//! Only plain statements are read. Two durations or two shares in one text are two statements, and then the
//! words say nothing here.

/// The unit of which an amount is the price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A day.
    Day,
    /// A week.
    Week,
    /// A month.
    Month,
    /// A quarter.
    Quarter,
    /// A year.
    Year,
    /// Something that is counted, such as a gigawatt.
    Thing,
}

impl Unit {
    /// The unit as written after an amount; none where the language has no such amount.
    pub fn behind(self) -> Option<&'static str> {
        match self {
            Self::Day => Some(" per day"),
            Self::Week => Some(" per week"),
            Self::Month => Some(" per month"),
            Self::Quarter => Some(" per quarter"),
            Self::Year => Some(" per year"),
            Self::Thing => None,
        }
    }

    /// Its months, where it has any.
    pub fn months(self) -> Option<i32> {
        match self {
            Self::Month => Some(1),
            Self::Quarter => Some(3),
            Self::Year => Some(12),
            Self::Day | Self::Week | Self::Thing => None,
        }
    }
}

/// Words of a text, small, without the signs around them.
pub fn list(text: &str) -> Vec<String> {
    let text = text.to_lowercase();
    text.split_whitespace().map(bare).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn bare(word: &str) -> &str {
    word.trim_matches(|sign: char| !sign.is_alphanumeric() && !"$%~\u{20ac}\u{a3}".contains(sign))
}

const NUMBERS: [&str; 21] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];

fn number(word: &str) -> Option<f64> {
    let at = NUMBERS.iter().position(|name| *name == word).map(|at| at as f64);
    at.or_else(|| word.parse::<f64>().ok().filter(|number| number.is_finite()))
}

/// The longest term that words are taken for: a century.
const MONTHS_MAX: f64 = 1_200.0;

/// The months of a unit of time.
fn unit(word: &str) -> Option<f64> {
    match word {
        "month" | "months" | "mo" => Some(1.0),
        "quarter" | "quarters" => Some(3.0),
        "year" | "years" | "yr" | "yrs" => Some(12.0),
        "decade" => Some(120.0),
        _ => None,
    }
}

/// How long something runs, in whole months: "over five years", "for 12 years", "15-year lease".
pub fn months(text: &str) -> Option<i32> {
    let words = list(text);
    let mut found: Vec<i32> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let months = match word.split_once('-') {
            Some((count, length)) => number(count).zip(unit(length)),
            None if unit(word).is_some() => spoken(&words[..at]).zip(unit(word)),
            None => None,
        };
        if let Some((count, length)) =
            months.filter(|(count, length)| (1.0..=MONTHS_MAX).contains(&(count * length)))
        {
            found.push((count * length).round() as i32);
        }
    }
    found.extend(text.split([',', ';', '(', ')']).filter_map(alone));
    found.sort_unstable();
    found.dedup();
    // Two lengths are two statements: "15 to 19 years", "two years plus one".
    found.first().copied().filter(|_| found.len() == 1)
}

/// The length of a clause that says nothing else: "about five years", "4 yrs", "10 years initial term".
fn alone(clause: &str) -> Option<i32> {
    let words = list(clause);
    let rest: Vec<&str> =
        words.iter().map(String::as_str).skip_while(|word| BETWEEN.contains(word)).collect();
    let [count, length, behind @ ..] = rest.as_slice() else { return None };
    let terms = ["term", "tenor", "initial", "total", "in", "deal", "contract"];
    if !behind.iter().all(|word| terms.contains(word)) {
        return None;
    }
    let months = number(count)? * unit(length)?;
    (1.0..=MONTHS_MAX).contains(&months).then_some(months.round() as i32)
}

/// Whether words say how long something runs, and not only what it is: "over ten years", not "a ten-year
/// lease", which may be another contract.
pub fn runs(text: &str) -> bool {
    let words = list(text);
    let led = |at: usize| unit(&words[at]).is_some() && spoken(&words[..at]).is_some();
    (0..words.len()).any(led) || text.split([',', ';', '(', ')']).any(|clause| alone(clause).is_some())
}

/// Words between "over" and a count.
const BETWEEN: [&str; 12] = [
    "the",
    "course",
    "of",
    "next",
    "coming",
    "about",
    "roughly",
    "around",
    "approximately",
    "nearly",
    "some",
    "a",
];

/// The count before a unit of time, where "over", "for" or the like stands before it.
fn spoken(before: &[String]) -> Option<f64> {
    let (last, rest) = before.split_last()?;
    match number(last) {
        Some(count) => leads(rest).then_some(count),
        // "over the next decade", "over a year".
        None => leads(before).then_some(1.0),
    }
}

/// Whether words end in one that opens a term.
fn leads(words: &[String]) -> bool {
    let last = words.iter().rev().find(|word| !BETWEEN.contains(&word.as_str()));
    last.is_some_and(|word| ["over", "for", "across", "during", "within"].contains(&word.as_str()))
}

/// The amounts in words: where each stands, and how much it is.
fn amounts(words: &[String]) -> impl Iterator<Item = (usize, f64)> + '_ {
    words.iter().enumerate().filter_map(|(at, word)| {
        let digits = word.trim_start_matches(|sign: char| !sign.is_ascii_digit()).replace(',', "");
        let end = digits.find(|sign: char| !(sign.is_ascii_digit() || sign == '.')).unwrap_or(digits.len());
        let (number, behind) = (digits[..end].parse::<f64>().ok()?, &digits[end..]);
        let next = words.get(at + 1).map_or("", String::as_str);
        Some((at, number * magnitude(behind).or(magnitude(next)).unwrap_or(1.0)))
    })
}

/// Counts of things in a text, in digits or in words: "two loans", "12 ships".
pub fn counts(text: &str) -> Vec<f64> {
    let part = |word: &String| match word.as_str() {
        "half" => Some(0.5),
        "third" => Some(1.0 / 3.0),
        "two-thirds" => Some(2.0 / 3.0),
        "quarter" => Some(0.25),
        "three-quarters" => Some(0.75),
        _ => number(word),
    };
    let counts = list(text).iter().filter_map(part).collect::<Vec<_>>();
    counts.into_iter().filter(|count| (0.25..=10_000.0).contains(count)).collect()
}

/// What a word of magnitude is worth.
pub fn magnitude(word: &str) -> Option<f64> {
    match word {
        "bn" | "b" | "billion" | "billions" => Some(1e9),
        "m" | "mn" | "million" | "millions" => Some(1e6),
        "t" | "tn" | "trillion" => Some(1e12),
        "k" | "thousand" => Some(1e3),
        _ => None,
    }
}

/// The unit of which an amount of a text is the price: "$5 billion a month",
/// "$5 million per gigawatt", "annual rent of $5 million".
pub fn per(text: &str, amount: f64) -> Option<Unit> {
    let words = list(text);
    // Half of the last digit that people print of an amount.
    let is_it = |(_, found): &(usize, f64)| (found - amount.abs()).abs() <= 0.005 * amount.abs();
    let (at, _) = amounts(&words).find(is_it)?;
    let mut follows = words[at + 1..].iter().map(String::as_str).skip_while(|word| magnitude(word).is_some());
    if follows.next() == Some("for") && ["every", "each"].contains(&follows.next().unwrap_or_default()) {
        return Some(Unit::Thing);
    }
    let end =
        words[at + 1..].iter().position(|word| begins_anew(word)).map_or(words.len(), |end| at + 1 + end);
    behind(&words[at + 1..end]).or_else(|| before(&words[..at]))
}

/// Whether the text after a word is about something other than the amount before it.
fn begins_anew(word: &str) -> bool {
    let apart = ["over", "for", "across", "during", "through", "until", "by", "from", "and"];
    apart.contains(&word) || word.contains(|sign: char| sign.is_ascii_digit())
}

/// A unit among the words after an amount. A price per gigawatt and year is one per gigawatt.
fn behind(words: &[String]) -> Option<Unit> {
    let mut found = None;
    for (at, word) in words.iter().enumerate() {
        let next = words.get(at + 1).map_or("", String::as_str);
        found = match (word.as_str(), next) {
            ("per" | "a" | "each" | "every", "day") | ("daily", _) => found.or(Some(Unit::Day)),
            ("per" | "a" | "each" | "every", "week") | ("weekly", _) => found.or(Some(Unit::Week)),
            ("per" | "a" | "each" | "every", "month") | ("monthly", _) => found.or(Some(Unit::Month)),
            ("per" | "a" | "each" | "every", "quarter") | ("quarterly", _) => found.or(Some(Unit::Quarter)),
            ("per" | "a" | "each" | "every", "year" | "annum")
            | ("annually" | "annual" | "yearly" | "annualized" | "annualised" | "run-rate", _) => {
                found.or(Some(Unit::Year))
            }
            // "Class A share": a kind of share, and no price of one.
            ("a", "share") if 0 < at && ["class", "series"].contains(&words[at - 1].as_str()) => found,
            ("per", _) | ("each" | "apiece", "") | ("a", "share" | "unit" | "piece") => {
                return Some(Unit::Thing);
            }
            _ => found,
        };
    }
    found
}

/// A unit among the words before an amount, where they are about repeated payments.
fn before(words: &[String]) -> Option<Unit> {
    let paid =
        ["rent", "payment", "payments", "fee", "fees", "revenue", "spend", "spending", "cost", "costs"];
    words.iter().enumerate().find_map(|(at, word)| {
        let next = words.get(at + 1).map_or("", String::as_str);
        match word.as_str() {
            "annualized" | "annualised" | "run-rate" => Some(Unit::Year),
            "annual" | "yearly" if paid.contains(&next) => Some(Unit::Year),
            "monthly" if paid.contains(&next) => Some(Unit::Month),
            _ => None,
        }
    })
}

/// Whether words have an amount of money, in whatever notation: a number with a currency and a magnitude, or
/// with a currency and as many digits as no price of a share has.
pub fn has_money(text: &str) -> bool {
    let words: Vec<String> = text.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let is_number = |word: &&String| word.contains(|sign: char| sign.is_ascii_digit());
    (0..words.len()).filter(|at| is_number(&&words[*at])).any(|at| {
        let next = |by: usize| words.get(at + by).map_or("", |word| letters(word));
        // Behind the last digit: of "a$24bn" the size, and not the country.
        let own = words[at].rsplit(|sign: char| !sign.is_alphabetic()).find(|part| !part.is_empty());
        let own = own.unwrap_or_default();
        let sized = MAGNITUDES.contains(&own) || MAGNITUDES.contains(&next(1));
        let behind = if MAGNITUDES.contains(&next(1)) { next(2) } else { next(1) };
        let before = at.checked_sub(1).map_or("", |at| letters(&words[at]));
        let in_currency = words[at].contains(CURRENCY_SIGNS)
            || [own, before, behind].into_iter().any(|word| CURRENCY_NAMES.contains(&word));
        let digits = words[at].chars().filter(char::is_ascii_digit).count();
        in_currency && (sized || DIGITS_OF_NO_PRICE <= digits)
    })
}

/// A word without its digits and signs at both ends.
fn letters(word: &str) -> &str {
    word.trim_matches(|sign: char| !sign.is_alphabetic())
}

const CURRENCY_SIGNS: [char; 4] = ['$', '\u{20ac}', '\u{a3}', '\u{a5}'];
const CURRENCY_NAMES: [&str; 10] =
    ["usd", "us", "eur", "gbp", "jpy", "dollar", "dollars", "euro", "euros", "pounds"];
const MAGNITUDES: [&str; 14] = [
    "k",
    "m",
    "mn",
    "mio",
    "b",
    "bn",
    "mrd",
    "t",
    "tn",
    "thousand",
    "million",
    "billion",
    "trillion",
    "milliards",
];
const DIGITS_OF_NO_PRICE: usize = 5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_read_where_it_is_one() {
        for (text, expected) in [
            ("$300 million over four years", Some(48)),
            ("over about five years", Some(60)),
            ("more than $100 billion over the next decade", Some(120)),
            ("1.7 GW for 12 years", Some(144)),
            ("15-year lease for the entire campus", Some(180)),
            ("over 84 months", Some(84)),
            ("$300bn, about five years", Some(60)),
            ("SOFR+250bps, 4 yrs", Some(48)),
            ("closed five years ago", None),
            ("over the course of four years", Some(48)),
            ("$248 billion over 15 to 19 years", None),
            ("two years plus one", None),
            ("$5 billion a year", None),
            ("in 2026", None),
            ("a five-year and a ten-year part", None),
        ] {
            assert_eq!(months(text), expected, "{text}");
        }
    }

    #[test]
    fn the_unit_of_a_price_is_named() {
        for (text, amount, expected) in [
            ("$1.25 billion a month through May 2029", 1.25e9, Some(Unit::Month)),
            ("$1,250 million per month", 1.25e9, Some(Unit::Month)),
            ("around $500 million annually", 5e8, Some(Unit::Year)),
            ("above $60 billion a year", 6e10, Some(Unit::Year)),
            ("annual rent of $60 million", 6e7, Some(Unit::Year)),
            ("$75 million a year over four years", 7.5e7, Some(Unit::Year)),
            ("$200 million per gigawatt annually", 2e8, Some(Unit::Thing)),
            ("$10bn for every $35bn of chips", 1e10, Some(Unit::Thing)),
            // The total comes first, or is somebody's multiplication.
            ("$300 million over four years, $75 million a year", 3e8, None),
            ("$75 million a year over four years", 3e8, None),
            ("$30 billion", 3e10, None),
            ("$1bn class A share offering", 1e9, None),
            ("the annual report has $30 billion", 3e10, None),
        ] {
            assert_eq!(per(text, amount), expected, "{text}");
        }
    }

    #[test]
    fn money_is_told_from_prices_and_things() {
        for text in
            ["\u{20ac}1,5 billion", "$1,500 million", "1.5 billion euros", "EUR 2 bn", "$5B", "$500,000"]
        {
            assert!(has_money(text), "{text}");
        }
        for text in ["up to 160 million shares at $0.01", "1 million chips", "6 GW", "tens of billions", ""] {
            assert!(!has_money(text), "{text}");
        }
    }
}
