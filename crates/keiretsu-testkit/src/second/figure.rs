//! Words of figures to sets in each reading: the table of LANGUAGE, read anew.
//!
//! Absent: every way to write an amount that the generator does not use.

use super::calendar;
use super::set::Set;
use super::world::World;

/// The three readings, in the order in which they stand everywhere.
pub const READINGS: [&str; 3] = ["firm", "expected", "headline"];

/// Firm.
pub const FIRM: usize = 0;
/// Expected.
pub const EXPECTED: usize = 1;
/// Headline.
pub const HEADLINE: usize = 2;

/// How the words qualify an amount.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Words {
    /// `X`.
    Plain(f64),
    /// `about X`.
    About(f64),
    /// `up to X`.
    UpTo(f64),
    /// `more than X`.
    MoreThan(f64),
    /// `A to B`.
    Range(f64, f64),
    /// `undisclosed`.
    Undisclosed,
}

/// Over what time an amount is: at once, per so many months, or a total over so many months.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    /// An amount.
    Once,
    /// An amount per so many months.
    Months(i32),
    /// A total over so many months.
    Over(i32),
}

/// A figure: its words, what it is expected to be, and over what time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// Its words.
    pub words: Words,
    /// The words of `expect`.
    pub expect: Option<Words>,
    /// Over what time.
    pub per: Per,
}

/// The mean of the lognormal with 5% below `a` and 5% above `b` (DEFINITIONS, "Expected").
pub fn mean_of_range(a: f64, b: f64) -> f64 {
    /// The 95% quantile of a normal.
    const Z95: f64 = 1.644_853_626_951_472_7;
    let sigma = (b / a).ln() / (2.0 * Z95);
    (a * b).sqrt() * (sigma * sigma / 2.0).exp()
}

impl Words {
    /// What a reading takes, and what the words leave possible.
    pub fn read(self, reading: usize) -> Set {
        let between =
            |read: f64, low: f64, high: f64| Set { read: Some(read), unread: false, low, high, vague: false };
        match self {
            Words::Plain(x) => Set::exact(x),
            Words::About(x) => Set { vague: true, ..Set::exact(x) },
            Words::UpTo(x) => match reading {
                FIRM => between(0.0, 0.0, x),
                EXPECTED => between(x / 2.0, 0.0, x),
                _ => between(x, 0.0, x),
            },
            Words::MoreThan(x) => between(x, x, f64::INFINITY),
            Words::Range(a, b) => match reading {
                FIRM => between(a, a, b),
                EXPECTED => between(mean_of_range(a, b), a, b),
                _ => between(b, a, b),
            },
            Words::Undisclosed => Set::undisclosed(),
        }
    }
}

impl Figure {
    /// What a reading takes of what is owed for sure.
    pub fn read(&self, reading: usize) -> Set {
        match self.expect {
            // What is expected is an assumption, with its own words.
            Some(expect) if reading == EXPECTED => expect.read(EXPECTED),
            _ => self.words.read(reading),
        }
    }

    /// The amount as a limit, which is a term: it holds in every reading, whatever its words.
    pub fn as_term(&self) -> Option<f64> {
        self.words.read(HEADLINE).read
    }

    /// What is taken if a condition holds: the cap in the headline reading, and what is expected, else all.
    pub fn taken(&self, reading: usize) -> Set {
        match (reading, self.expect, self.words) {
            (FIRM, _, _) => Set::nothing(),
            (EXPECTED, None, Words::UpTo(x)) => Set { low: 0.0, ..Set::exact(x) },
            _ => self.read(reading),
        }
    }
}

/// Reads the text of a figure.
pub fn figure(text: &str, world: &World) -> Option<Figure> {
    if text == "undisclosed" {
        return Some(Figure { words: Words::Undisclosed, expect: None, per: Per::Once });
    }
    let (text, per) = split_per(text)?;
    let words = words(text, world)?;
    Some(Figure { words, expect: None, per })
}

fn split_per(text: &str) -> Option<(&str, Per)> {
    if let Some((amount, over)) = text.split_once(" over ") {
        return Some((amount, Per::Over(calendar::duration(over)?)));
    }
    for (end, months) in
        [("/month", 1), (" per month", 1), (" per quarter", 3), ("/yr", 12), (" per year", 12)]
    {
        if let Some(amount) = text.strip_suffix(end) {
            return Some((amount, Per::Months(months)));
        }
    }
    Some((text, Per::Once))
}

/// Reads `about $3M` and the like, without its time.
pub fn words(text: &str, world: &World) -> Option<Words> {
    let plain = |text: &str| amount(text, world);
    for (start, made) in [
        ("about ", Words::About as fn(f64) -> Words),
        ("up to ", Words::UpTo),
        ("more than ", Words::MoreThan),
    ] {
        if let Some(rest) = text.strip_prefix(start) {
            return plain(rest).map(made);
        }
    }
    if let Some((a, b)) = text.split_once(" to ") {
        return Some(Words::Range(plain(a)?, plain(b)?));
    }
    plain(text).map(Words::Plain)
}

/// Reads `$3M`, `€1.5B`, `20%`, `0.5 GW`.
pub fn amount(text: &str, world: &World) -> Option<f64> {
    if let Some(percent) = text.strip_suffix('%') {
        return Some(percent.parse::<f64>().ok()? / 100.0);
    }
    if let Some(power) = text.strip_suffix(" GW") {
        return power.parse().ok();
    }
    let (rate, text) = match text.strip_prefix('€') {
        Some(text) => (world.euro?, text),
        None => (1.0, text.strip_prefix('$')?),
    };
    let (digits, scale) = match text.strip_suffix('M') {
        Some(digits) => (digits, 1e6),
        None => (text.strip_suffix('B').unwrap_or(text), if text.ends_with('B') { 1e9 } else { 1.0 }),
    };
    Some(digits.parse::<f64>().ok()? * scale * rate)
}
