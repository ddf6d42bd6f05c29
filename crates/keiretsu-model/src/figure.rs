//! Figures: what is said about a number, word by word, and what each reading takes it for.
//!
//! ```
//! use keiretsu_model::figure;
//! let figure = figure::parse("more than $100B over 10 years").unwrap();
//! assert_eq!(figure.over, Some(10.0));
//! assert_eq!(figure.said.firm().amount(), Some(100e9));
//! ```

use keiretsu_maths::exp::exp;
use keiretsu_maths::ln::{ln, ln_1p};
use keiretsu_values::{Currency, Dimension, Distribution, Set, Value};

#[cfg(test)]
mod spellings;
mod vocabulary;
mod words;

use self::words::{Words, misread};
use crate::lexer::{self, Quantity};
use crate::limits::MAX_WORDS;

/// What the words say about the amount, in base units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Said {
    /// `X`.
    Exact(f64),
    /// `about X`, `roughly X`, `nearly X`.
    About(f64),
    /// `up to X`, `at most X`, `up to about X`.
    UpTo {
        /// The cap.
        most: f64,
        /// Whether the cap is only roughly so.
        about: bool,
    },
    /// `more than X`, `over X`, `at least X`, `at least about X`.
    AtLeast {
        /// The floor.
        least: f64,
        /// Whether the floor is only roughly so.
        about: bool,
    },
    /// `A to B`, or `A to more than B` (open).
    Range {
        /// The lower end.
        low: f64,
        /// The upper end.
        high: f64,
        /// Whether the upper end is itself a lower bound.
        open: bool,
        /// Whether the ends are only roughly so.
        about: bool,
    },
    /// `undisclosed`.
    Undisclosed,
}

/// The 95% point of the standard normal: ranges are read as 5% and 95%.
const Z95: f64 = 1.644_853_626_951_472_7;

impl Said {
    /// What is certain: the low end of what the words leave possible, but nothing of an "up to".
    pub fn firm(self) -> Value {
        match self {
            Self::Exact(x) => Value::exact(x),
            Self::About(x) => Value::about(x),
            Self::UpTo { most, about } => vague_if(about, Value::new(0.0, Set::between(0.0, most))),
            Self::AtLeast { least, about } => vague_if(about, Value::at_least(least)),
            Self::Range { low, .. } => self.in_range(low),
            Self::Undisclosed => Value::undisclosed("undisclosed"),
        }
    }

    /// The cap, or the most that is said.
    pub fn headline(self) -> Value {
        match self {
            Self::UpTo { most, about } => vague_if(about, Value::at_most(most)),
            Self::Range { high, .. } => self.in_range(high),
            other => other.firm(),
        }
    }

    /// The mean of what it is sampled from.
    pub fn expected(self) -> Value {
        match self {
            Self::UpTo { most, about } => vague_if(about, Value::new(most / 2.0, Set::between(0.0, most))),
            Self::Range { low, high, .. } => {
                let (mu, sigma) = lognormal(low, high);
                self.in_range(exp(mu + sigma * sigma / 2.0))
            }
            other => other.firm(),
        }
    }

    /// What is taken of a conditional amount if its condition holds: all of an "up to", else what is
    /// expected.
    pub fn taken(self) -> Value {
        match self {
            Self::UpTo { .. } => self.headline(),
            other => other.expected(),
        }
    }

    /// What holds in every reading of a term that is itself a limit: "up to $14M" is a limit of $14M.
    pub fn limit(self) -> Value {
        match self {
            Self::UpTo { most, about } => vague_if(about, Value::exact(most)),
            other => other.headline(),
        }
    }

    /// An amount as read in what a range leaves possible.
    fn in_range(self, read: f64) -> Value {
        let Self::Range { low, high, open, about } = self else { return Value::exact(read) };
        vague_if(about, Value::new(read, Set::between(low, if open { f64::INFINITY } else { high })))
    }

    /// What it is sampled from; `about` is the tolerance of "about", a fraction.
    pub fn sampled(self, about: f64) -> Distribution {
        match self {
            Self::About(x) if x > 0.0 => {
                // Mean X, so that the expected reading and the simulation agree, and 95% below X (1 + about):
                // -s^2 / 2 + Z s = ln(1 + about).
                let sigma = Z95 - (Z95 * Z95 - 2.0 * ln_1p(about)).max(0.0).sqrt();
                Distribution::Lognormal { mu: ln(x) - sigma * sigma / 2.0, sigma }
            }
            Self::Exact(x) | Self::AtLeast { least: x, .. } | Self::About(x) => Distribution::Point(x),
            Self::UpTo { most, .. } => Distribution::Uniform { low: 0.0, high: most },
            Self::Range { low, high, .. } => {
                let (mu, sigma) = lognormal(low, high);
                Distribution::Lognormal { mu, sigma }
            }
            Self::Undisclosed => Distribution::Point(f64::NAN),
        }
    }

    /// The numbers that the words give.
    pub fn numbers(self) -> [Option<f64>; 2] {
        match self {
            Self::Exact(x) | Self::About(x) | Self::UpTo { most: x, .. } | Self::AtLeast { least: x, .. } => {
                [Some(x), None]
            }
            Self::Range { low, high, .. } => [Some(low), Some(high)],
            Self::Undisclosed => [None, None],
        }
    }

    /// The least and the most that the words leave possible for what is not negative; `about` is the
    /// tolerance of "about", a fraction.
    pub fn ends(self, about: f64) -> (f64, f64) {
        let value = self.headline();
        let (low, high) = (value.set().low.max(0.0), value.set().high);
        if value.is_vague() { (low / (1.0 + about), high * (1.0 + about)) } else { (low, high) }
    }

    /// Whether the lower end of a range leaves no log-normal through both ends, or a cap lies below zero.
    pub fn touches_zero(self) -> bool {
        match self {
            Self::Range { low, .. } => low <= 0.0,
            Self::UpTo { most, .. } => most < 0.0,
            _ => false,
        }
    }
}

fn vague_if(about: bool, value: Value) -> Value {
    if about { value.vaguely() } else { value }
}

/// `A to B`; where both are the same, that amount.
fn range(low: f64, high: f64, open: bool, about: bool) -> Said {
    match (low < high, open, about) {
        (true, ..) => Said::Range { low, high, open, about },
        (false, true, _) => Said::AtLeast { least: low, about },
        (false, false, true) => Said::About(low),
        (false, false, false) => Said::Exact(low),
    }
}

/// Parameters of the log-normal with 5% and 95% at the two ends.
fn lognormal(low: f64, high: f64) -> (f64, f64) {
    (f64::midpoint(ln(low), ln(high)), (ln(high) - ln(low)) / (2.0 * Z95))
}

/// A figure as parsed from its words, without its source.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// The words as written.
    pub words: String,
    /// What they say.
    pub said: Said,
    /// Of what.
    pub dimension: Dimension,
    /// In which currency.
    pub currency: Option<Currency>,
    /// `over 10 years`: the time in which the whole amount falls, in years.
    pub over: Option<f64>,
    /// `at $0.01`: the price of each, for shares.
    pub at: Option<Quantity>,
    /// Whether it is a share "of what is left", or a time "of rent".
    pub of_rest: bool,
}

impl Figure {
    /// Words of which nothing is known.
    fn undisclosed(words: &str) -> Self {
        Self {
            words: words.to_owned(),
            said: Said::Undisclosed,
            dimension: Dimension::NUMBER,
            currency: None,
            over: None,
            at: None,
            of_rest: false,
        }
    }

    /// Whether it is money per time, and the words do not say for how long.
    pub fn is_endless_rate(&self) -> bool {
        self.dimension == Dimension::MONEY_RATE && self.over.is_none()
    }
}

/// Why words are no figure; offsets are bytes of the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Misread {
    /// First byte of what is wrong.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub hint: String,
}

const EXAMPLES: &str = "write \"$8B\", \"about 5 GW\", \"up to $20B\", \"more than $100B over 10 years\", \
                        \"$135B to $200B\", \"27%\" or \"undisclosed\"";

/// Words of what nobody says.
const UNDISCLOSED: [&str; 5] = ["undisclosed", "unknown", "not disclosed", "n/a", "not available"];

/// Whether words say that something is undisclosed.
pub fn is_undisclosed(text: &str) -> bool {
    UNDISCLOSED.iter().any(|words| words.eq_ignore_ascii_case(text.trim()))
}

/// Whether a figure is written as a part of a whole: `1/3`, `about two-thirds`.
pub fn is_part(text: &str) -> bool {
    let small = text.to_lowercase();
    let spelt =
        vocabulary::PARTS.iter().any(|(part, _)| small == *part || small.ends_with(&format!(" {part}")));
    let plain = |figure: Figure| figure.dimension == Dimension::NUMBER;
    (spelt || small.contains('/')) && parse(text).is_ok_and(plain)
}

/// Whether a number in words may begin with a word in small letters: `half a billion`, `two-thirds`.
pub fn begins_number(word: &str) -> bool {
    let part = vocabulary::PARTS.iter().any(|(part, _)| part.split(' ').next() == Some(word));
    part || lexer::is_spelt(word)
}

/// Reads a figure.
///
/// # Errors
/// With the characters that are not understood and what to write instead.
pub fn parse(text: &str) -> Result<Figure, Misread> {
    if text.len() > MAX_WORDS {
        return Err(misread(0, MAX_WORDS, format!("a figure has at most {MAX_WORDS} characters"), EXAMPLES));
    }
    // "double-digit billions (=> $10B to $99B)": as said, and in brackets as read.
    if let (Some(open), true) = (text.find("(=>"), text.trim_end().ends_with(')')) {
        let from = open + 3;
        let inner = &text[from..text.trim_end().len() - 1];
        let read = parse(inner).map_err(|error| Misread {
            start: error.start + from,
            end: error.end + from,
            ..error
        })?;
        return Ok(Figure { words: text.to_owned(), ..read });
    }
    if is_undisclosed(text) {
        return Ok(Figure::undisclosed(text));
    }
    let tokens = lexer::lex(text);
    let mut words = Words { tokens: &tokens, at: 0, length: text.len() };
    let figure = words.figure(text)?;
    words.end()?;
    Ok(figure)
}

/// Whether the words are a range with a dash glued to both ends: "$40B-$50B".
pub(crate) fn is_hyphenated(text: &str) -> bool {
    let glued = |at: usize, dash: &str| {
        let (before, after) = (&text[..at], &text[at + dash.len()..]);
        !before.ends_with(char::is_whitespace) && !after.starts_with(char::is_whitespace)
    };
    text.match_indices(DASHES).any(|(at, dash)| glued(at, dash)) && parse(text).is_ok()
}

/// What stands between the ends of a range, beside "to".
const DASHES: [char; 3] = ['-', '–', '—'];

#[cfg(test)]
mod tests {
    use super::*;

    fn readings(text: &str) -> String {
        let said = parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}")).said;
        let show = |value: Value| match (value.amount(), value.bound()) {
            (Some(amount), Some(bound)) => format!("{}{:.3}", bound.mark(), amount / 1e9),
            _ => "unknown".into(),
        };
        format!("{} {} {}", show(said.firm()), show(said.expected()), show(said.headline()))
    }

    #[test]
    fn words_decide_the_three_readings() {
        for (text, expected) in [
            ("$8B", "=8.000 =8.000 =8.000"),
            ("about $33B", "~33.000 ~33.000 ~33.000"),
            ("roughly $33 billion", "~33.000 ~33.000 ~33.000"),
            ("up to $20B", "≥0.000 ?10.000 ≤20.000"),
            // The cap itself is only roughly so.
            ("up to about $20B", "≳0.000 ?10.000 ≲20.000"),
            ("up to ~$20B", "≳0.000 ?10.000 ≲20.000"),
            ("at least roughly $20B", "≳20.000 ≳20.000 ≳20.000"),
            ("half a billion dollars", "=0.500 =0.500 =0.500"),
            ("more than half a billion dollars", "≥0.500 ≥0.500 ≥0.500"),
            ("more than $100B over 10 years", "≥100.000 ≥100.000 ≥100.000"),
            // A log-normal with 5% and 95% at the ends has mean exp(mu + sigma^2/2), not the middle.
            ("$10B to $99B", "≥10.000 ?40.112 ≤99.000"),
            ("$135B to more than $200B", "≥135.000 ?165.494 ?200.000"),
            ("roughly $135B to over $200B", "≳135.000 ?165.494 ?200.000"),
            ("double-digit billions (=> $10B to $99B)", "≥10.000 ?40.112 ≤99.000"),
            ("undisclosed", "unknown unknown unknown"),
            ("$12B / month", "=144.000 =144.000 =144.000"),
        ] {
            assert_eq!(readings(text), expected, "{text}");
        }
    }

    #[test]
    fn a_range_may_lend_its_unit() {
        let figure = parse("$30B to $40B per GW").expect("a figure");
        assert_eq!(figure.said, Said::Range { low: 30e9, high: 40e9, open: false, about: false });
        assert_eq!(figure.dimension, Dimension::MONEY_PER_POWER);
        assert_eq!(
            parse("10 to 20 MW").map(|f| f.said).ok(),
            Some(Said::Range { low: 0.01, high: 0.02, open: false, about: false })
        );
        assert!(parse("160M shares at $0.01").is_ok_and(|figure| figure.at.is_some()));
    }

    #[test]
    fn what_is_not_understood_is_underlined() {
        for (text, wrong) in [
            ("lots of money", "lots of money"),
            ("$8B or so", "or so"),
            ("$5 to $10B", "$5 to $10B"),
            ("$9B to $8B", "$9B to $8B"),
            ("$9B to 8 GW", "$9B to 8 GW"),
            ("", ""),
            ("$8B over $3B", "$3B"),
        ] {
            let error = parse(text).expect_err(text);
            assert_eq!(&text[error.start..error.end], wrong, "{text}");
            assert!(!error.hint.is_empty());
        }
    }

    #[test]
    fn about_has_its_mean_where_it_says() {
        let Distribution::Lognormal { mu, sigma } = Said::About(33.0).sampled(0.1) else {
            panic!("log-normal")
        };
        assert!((exp(mu + sigma * sigma / 2.0) - 33.0).abs() < 1e-12);
        assert!((exp(mu + Z95 * sigma) - 36.3).abs() < 1e-12, "95% lie below 33 and a tenth");
    }
}
