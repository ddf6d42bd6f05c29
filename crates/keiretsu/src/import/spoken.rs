//! Amounts in the words of a source, as the language itself reads them.
//!
//! A text is searched for the longest runs of words that are a figure of the language; what people write
//! besides
//! (`$180-190B`, `between $5B and $8B`, `27 billion euros`, `as much as`) is first put into its words.
//!
//! Absent: words that name no number, such as "tens of billions".

use keiretsu_model::figure::{self, Figure, Said};
use keiretsu_values::Dimension;

/// A figure in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Spoken {
    /// The words, as the language has them.
    pub words: String,
    /// What they say.
    pub figure: Figure,
}

impl Spoken {
    /// Its numbers, the lower one first.
    pub fn numbers(&self) -> (f64, f64) {
        let [first, second] = self.figure.said.numbers();
        let first = first.unwrap_or(0.0);
        (first, second.unwrap_or(first))
    }

    /// Whether its words say nothing but a number.
    pub fn is_bare(&self) -> bool {
        matches!(self.figure.said, Said::Exact(_))
    }
}

/// The most words that a figure of a text has.
const LONGEST: usize = 10;

/// All figures of one dimension in a text, from left to right.
pub fn all(text: &str, dimension: Dimension) -> Vec<Spoken> {
    let words = words(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        match longest(&words[at..], dimension) {
            Some((length, spoken)) => {
                at += length;
                found.extend((spoken.figure.dimension == dimension).then_some(spoken));
            }
            None => at += 1,
        }
    }
    found
}

/// All amounts of money in a text.
pub fn money(text: &str) -> Vec<Spoken> {
    all(text, Dimension::MONEY)
}

/// All shares in a text.
pub fn shares(text: &str) -> Vec<Spoken> {
    let text = text.replace(" percent", "%").replace(" per cent", "%");
    let mut found = all(&text, Dimension::NUMBER);
    found.retain(|spoken| spoken.words.contains('%') || figure::is_part(&spoken.words));
    found
}

/// The longest figure at the start of some words, one of a dimension before one of another. The time over
/// which an amount falls, or of which it is the price, is not part of it.
fn longest(words: &[String], dimension: Dimension) -> Option<(usize, Spoken)> {
    let most = if may_begin(words) { words.len().min(LONGEST) } else { 0 };
    let read = |length: usize| {
        let text = words[..length].join(" ");
        let figure = figure::parse(&text).ok()?;
        let plain = figure.over.is_none() && figure.at.is_none() && figure.said != Said::Undisclosed;
        plain.then_some((length, Spoken { words: text, figure }))
    };
    let all: Vec<(usize, Spoken)> = (1..=most).rev().filter_map(read).collect();
    let own = all.iter().find(|(_, spoken)| spoken.figure.dimension == dimension);
    own.or(all.first()).cloned()
}

/// Words with which a figure of the language may begin.
const QUALIFIERS: [&str; 16] = [
    "up",
    "at",
    "no",
    "more",
    "in",
    "about",
    "roughly",
    "nearly",
    "approximately",
    "around",
    "circa",
    "almost",
    "over",
    "above",
    "under",
    "below",
];

/// Whether a figure may begin with the first of some words: a digit, a sign, a code of a currency, a
/// qualifier or a number in words. An article is no part of one, unless it counts: "a billion dollars".
fn may_begin(words: &[String]) -> bool {
    let Some(word) = words.first() else { return false };
    if word == "a" {
        return words.get(1).is_some_and(|next| super::words::magnitude(next).is_some());
    }
    let code = word.len() >= 3 && word.bytes().take(3).all(|letter| letter.is_ascii_uppercase());
    let sign = word.starts_with(|sign: char| sign.is_ascii_digit() || !sign.is_alphanumeric());
    // "A$24bn", "HK$5": a country before its dollars.
    let dollars =
        word.find('$').is_some_and(|at| word[..at].bytes().all(|letter| letter.is_ascii_uppercase()));
    let small = word.to_lowercase();
    code || sign || dollars || QUALIFIERS.contains(&small.as_str()) || figure::begins_number(&small)
}

/// Phrases of people and those of the language.
const PHRASES: [(&[&str], &str); 21] = [
    (&["as", "much", "as"], "up to"),
    (&["as", "many", "as"], "up to"),
    (&["no", "more", "than"], "up to"),
    (&["not", "more", "than"], "up to"),
    (&["a", "maximum", "of"], "up to"),
    (&["maximum", "of"], "up to"),
    (&["a", "minimum", "of"], "at least"),
    (&["minimum", "of"], "at least"),
    (&["no", "less", "than"], "at least"),
    (&["not", "less", "than"], "at least"),
    (&["north", "of"], "more than"),
    (&["upwards", "of"], "more than"),
    (&["close", "to"], "nearly"),
    (&["exceeds"], "more than"),
    (&["exceeding"], "more than"),
    (&["topped"], "more than"),
    (&["tops"], "more than"),
    (&["crossed"], "more than"),
    (&["surpassed"], "more than"),
    (&["some"], "about"),
    (&["estimated"], "about"),
];

/// Currencies by the words behind an amount.
const CURRENCIES: [(&str, &str); 12] = [
    ("dollars", "$"),
    ("dollar", "$"),
    ("usd", "$"),
    ("euros", "\u{20ac}"),
    ("euro", "\u{20ac}"),
    ("eur", "\u{20ac}"),
    ("pounds", "\u{a3}"),
    ("gbp", "\u{a3}"),
    ("yen", "JPY "),
    ("jpy", "JPY "),
    ("yuan", "CNY "),
    ("won", "KRW "),
];

/// The words of a text in the spelling of the language.
fn words(text: &str) -> Vec<String> {
    let text =
        text.replace(['\u{2013}', '\u{2014}', '\u{2212}'], "-").replace("US$", "$").replace("us$", "$");
    let text =
        ["c. ", "ca. ", "c.$", "c.\u{20ac}", "c.\u{a3}"].iter().fold(format!(" {text}"), |text, about| {
            let sign =
                about.trim_start_matches(|letter: char| letter.is_alphabetic() || " .".contains(letter));
            text.replace(&format!(" {about}"), &format!(" circa {sign}"))
        });
    let bare = |word: &str| {
        let word = word.trim_start_matches(['(', '[', '"', '\'', ',', ';', ':']);
        word.trim_end_matches([')', ']', '"', '\'', ',', ';', ':', '.', '!', '?']).to_owned()
    };
    let raw: Vec<String> = text.split_whitespace().map(bare).filter(|word| !word.is_empty()).collect();
    let mut words: Vec<String> = Vec::new();
    let mut at = 0;
    let mut between = false;
    while at < raw.len() {
        let small: Vec<String> = raw[at..].iter().take(3).map(|word| word.to_lowercase()).collect();
        let phrase = PHRASES.iter().find(|(from, _)| {
            small.len() >= from.len() && from.iter().zip(&small).all(|(wanted, word)| wanted == word)
        });
        let next = raw.get(at + 1).map(String::as_str);
        if let Some((from, to)) = phrase {
            words.extend(to.split(' ').map(str::to_owned));
            at += from.len();
        } else if small[0] == "between" {
            between = true;
            at += 1;
        } else if small[0] == "and" && between {
            words.push("to".to_owned());
            between = false;
            at += 1;
        } else if let Some(ends) = ends(&raw[at], next) {
            words.extend(ends.words);
            at += ends.read;
        } else if let Some((read, amount)) = behind(&raw[at..]) {
            words.push(amount);
            at += read;
        } else {
            words.push(raw[at].clone());
            at += 1;
        }
    }
    words
}

struct Ends {
    words: Vec<String>,
    read: usize,
}

/// `$180-190B`, `$20-25 billion`, `38-70%`: both ends in full. `$464B+`: the least.
fn ends(word: &str, next: Option<&str>) -> Option<Ends> {
    let least = word.strip_suffix('+').map(|least| least.trim_start_matches('~'));
    if let Some(least) = least.filter(|least| is_amount(least)) {
        return Some(Ends { words: vec!["more".into(), "than".into(), least.to_owned()], read: 1 });
    }
    let from = word.find(|sign: char| sign.is_ascii_digit())?;
    let (sign, rest) = word.split_at(from);
    let dash = rest.find('-')?;
    let (low, high) = (&rest[..dash], rest[dash + 1..].trim_start_matches(sign));
    let digits = |text: &str| text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (low_digits, high_digits) = (digits(low), digits(high));
    if low_digits == 0
        || high_digits == 0
        || (low_digits != low.len() && low[low_digits..] != high[high_digits..])
    {
        return None;
    }
    let unit = &high[high_digits..];
    let sized =
        next.filter(|next| unit.is_empty() && super::words::magnitude(&next.to_lowercase()).is_some());
    // A bare pair of numbers may be two years.
    if sign.is_empty() && unit.is_empty() && sized.is_none() {
        return None;
    }
    let behind = sized.map_or(String::new(), |size| format!(" {size}"));
    let end = |digits: &str| format!("{sign}{digits}{unit}{behind}");
    let text = format!("{} to {}", end(&low[..low_digits]), end(&high[..high_digits]));
    let read = 1 + usize::from(sized.is_some());
    Some(Ends { words: text.split(' ').map(str::to_owned).collect(), read })
}

/// `27 billion euros`, `27bn euros`: the currency before the amount, as the language has it.
fn behind(words: &[String]) -> Option<(usize, String)> {
    let first = words.first().filter(|word| word.starts_with(|sign: char| sign.is_ascii_digit()))?;
    let sized = words.get(1).filter(|word| super::words::magnitude(&word.to_lowercase()).is_some());
    let read = 1 + usize::from(sized.is_some());
    let name = words.get(read)?.to_lowercase();
    let sign = CURRENCIES.iter().find(|(known, _)| *known == name)?.1;
    let size = sized.map_or(String::new(), |size| format!(" {size}"));
    Some((read + 1, format!("{sign}{first}{size}")))
}

fn is_amount(text: &str) -> bool {
    text.contains(|sign: char| sign.is_ascii_digit()) && figure::parse(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        money(text).into_iter().map(|spoken| spoken.words).collect()
    }

    #[test]
    fn an_amount_keeps_the_words_of_the_press() {
        for (text, expected) in [
            ("another $1.4 billion", &["$1.4 billion"][..]),
            ("reportedly up to $100 billion", &["up to $100 billion"]),
            ("more than $100 billion over the next decade", &["more than $100 billion"]),
            ("as much as $60 billion over five years", &["up to $60 billion"]),
            ("$180-190B", &["$180B to $190B"]),
            ("$20-25 billion", &["$20 billion to $25 billion"]),
            ("between $852 billion and $1 trillion", &["$852 billion to $1 trillion"]),
            ("effective forward book ~$464B+", &["more than $464B"]),
            ("US$106bn", &["$106bn"]),
            ("about 27.3 billion euros", &["about \u{20ac}27.3 billion"]),
            ("$44.2B (cash about $43.2B)", &["$44.2B", "about $43.2B"]),
            ("2025-2030, 5 GW and 3 chips", &[]),
            ("tens of billions of dollars", &[]),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn a_share_keeps_its_words_too() {
        let read = |text| shares(text).into_iter().map(|spoken| spoken.words).collect::<Vec<_>>();
        assert_eq!(read("roughly 50% of gross profit"), ["roughly 50%"]);
        assert_eq!(read("62 percent of revenue"), ["62%"]);
        assert_eq!(read("gross margin 38% to 70%"), ["38% to 70%"]);
    }
}
