//! Spellings of figures: all that people write for one amount are one figure; printed and read again it is
//! the same; and no words whatever end in a panic.

use keiretsu_maths::splitmix::SplitMix;
use keiretsu_values::Dimension;

use super::{Figure, Said, parse};

fn read(text: &str) -> Figure {
    parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

/// Figures are alike but for their words, up to the rounding of a decimal.
fn alike(a: &Figure, b: &Figure) -> bool {
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-12 * a.abs().max(b.abs());
    let numbers = |said: Said| said.numbers().map(|number| number.unwrap_or(-1.0));
    let same = numbers(a.said).into_iter().zip(numbers(b.said)).all(|(a, b)| near(a, b));
    let open = |said| matches!(said, Said::Range { open: true, .. });
    let about = |said| {
        matches!(
            said,
            Said::Range { about: true, .. }
                | Said::UpTo { about: true, .. }
                | Said::AtLeast { about: true, .. }
        )
    };
    same && std::mem::discriminant(&a.said) == std::mem::discriminant(&b.said)
        && (open(a.said), about(a.said)) == (open(b.said), about(b.said))
        && (a.dimension, a.currency, a.over) == (b.dimension, b.currency, b.over)
        && a.at.map(|at| at.amount) == b.at.map(|at| at.amount)
}

#[test]
fn what_nobody_says_has_several_words() {
    for words in ["undisclosed", "unknown", "not disclosed", "n/a", "N/A", "Not disclosed"] {
        assert_eq!(read(words).said, Said::Undisclosed, "{words}");
    }
    assert!(parse("undisclosed $5B").is_err());
}

#[test]
fn what_people_write_for_one_amount_is_one_figure() {
    for (plain, others) in [
        ("€1.3B", &["1.3 billion euros", "€1.3bn", "EUR 1.3 billion", "1.3bn EUR", "€ 1.3 billion"][..]),
        (
            "$15B",
            &["US$15bn", "$15bn", "$15.0bn", "15 billion dollars", "a $15 billion", "15 billion US dollars"],
        ),
        (
            "about $27.3B",
            &["roughly 27.3 billion dollars", "~$27.3B", "some $27.3bn", "close to $27.3 billion"],
        ),
        ("$9.7B", &["$9.7bn", "$9.7 billion", "$9,700M", "$9,700 mn", "9.7 bln USD"]),
        (
            "$40B to $50B",
            &[
                "$40B-$50B",
                "$40-50 billion",
                "$40–50bn",
                "between $40 billion and $50 billion",
                "from $40B to $50B",
                "40 to 50 billion dollars",
            ],
        ),
        (
            "more than $100B over 10 years",
            &[
                "more than 100 billion dollars over ten years",
                "over $100 billion over the next decade",
                "in excess of $100bn over 10 years",
                "$100B or more over a decade",
                "at least $100B over the next ten years",
                "$100B+ over 10 years",
            ],
        ),
        (
            "up to $20B",
            &[
                "as much as $20 billion",
                "no more than $20bn",
                "less than $20B",
                "$20B or less",
                "a maximum of $20B",
            ],
        ),
        (
            "up to about $5B",
            &["up to ~$5bn", "as much as roughly $5 billion", "at most about 5 billion dollars"],
        ),
        ("$500M", &["half a billion dollars", "$0.5bn", "half a billion US dollars"]),
        ("about $1B", &["about a billion dollars"]),
        ("1/3", &["one third", "one-third", "a third"]),
        ("2/3", &["two thirds", "two-thirds"]),
        ("about 1/3", &["roughly one third", "about a third"]),
        ("50%", &["half", "one-half"]),
        ("$1.25B/month", &["$1.25 billion a month", "$1.25bn per month", "1.25 billion dollars monthly"]),
        ("$15B/yr", &["$15 billion annually", "$15bn a year", "$15bn per annum", "$15B / yr"]),
        ("$1.1T", &["$1.1 trillion", "$1.1tn", "$1.1trn"]),
        ("$350k", &["$350,000", "350 thousand dollars", "$350 thousand"]),
        ("$0.01/share", &["1 cent per share", "$0.01 a share", "1 cent a share"]),
        ("160M shares at $0.01", &["160 million shares at 1 cent", "160 mn shares @ $0.01"]),
        ("about 6.58%", &["roughly 6.58 percent", "about 6.58 per cent", "around 658 bp"]),
        ("6.5% to 7%", &["6.5%-7%", "6.5-7%", "between 6.5% and 7%", "650 to 700 basis points"]),
        ("300 MW", &["300 megawatts", "300 MW", "0.3 gigawatts"]),
        ("1 GW", &["one gigawatt", "1,000 MW", "1 gigawatt"]),
        ("$300B over 5 years", &["$300 billion over about five years", "$300bn over 5 years"]),
        ("$248B", &["$248 billion over 15 to 19 years", "$248bn over 15-19 years"]),
    ] {
        for other in others {
            assert!(alike(&read(plain), &read(other)), "{plain} is not {other}: {:?}", read(other));
        }
    }
}

#[test]
fn what_may_mean_two_things_is_refused() {
    for text in [
        "$5 to $10B",
        "between $5B",
        "5 francs",
        "a lot",
        "$5B euros",
        "fifty percent",
        "$5B over SOFR",
        "$8B - $9B",
        "ten",
        "one",
        "$9B-$8B",
        "up to $5B or more",
        "$-5",
        "5 x 3",
    ] {
        assert!(parse(text).is_err(), "{text}: {:?}", parse(text));
    }
    assert_eq!(read("€5M").currency.map(|currency| currency.code().to_owned()).as_deref(), Some("EUR"));
    assert_eq!(read("5M").dimension, Dimension::NUMBER);
}

/// A figure in the words of the language.
fn printed(figure: &Figure) -> String {
    let unit = match figure.dimension {
        Dimension::MONEY => "",
        Dimension::MONEY_RATE => "/yr",
        Dimension::MONEY_PER_POWER => " per GW",
        Dimension::POWER => " GW",
        Dimension::SHARES => " shares",
        _ => "x",
    };
    let sign = figure.currency.map_or(String::new(), |currency| currency.sign());
    let amount = |x: f64| format!("{sign}{x}{unit}");
    let said = match figure.said {
        Said::Exact(x) => amount(x),
        Said::About(x) => format!("about {}", amount(x)),
        Said::UpTo { most, about: false } => format!("up to {}", amount(most)),
        Said::UpTo { most, about: true } => format!("up to about {}", amount(most)),
        Said::AtLeast { least, about: false } => format!("more than {}", amount(least)),
        Said::AtLeast { least, about: true } => format!("more than about {}", amount(least)),
        Said::Range { low, high, open, about } => {
            let (about, open) = (if about { "about " } else { "" }, if open { "more than " } else { "" });
            format!("{about}{} to {open}{}", amount(low), amount(high))
        }
        Said::Undisclosed => return "undisclosed".to_owned(),
    };
    let over = figure.over.map_or(String::new(), |years| format!(" over {years} years"));
    let at = figure.at.map_or(String::new(), |at| format!(" at ${}", at.amount));
    format!("{said}{over}{at}")
}

fn pick<'a>(draws: &mut SplitMix, list: &[&'a str]) -> &'a str {
    list[draws.below(list.len())]
}

/// A number as people write one, above zero and rising with its place in a range.
fn amount(draws: &mut SplitMix, more: usize) -> String {
    let whole = 1 + draws.below(400) + 400 * more;
    if draws.below(2) == 0 { whole.to_string() } else { format!("{whole}.{}", draws.below(99)) }
}

fn money(draws: &mut SplitMix, number: &str) -> String {
    let scale = ["", "k", "M", " mn", "bn", " billion", "B", "T", " trn"];
    let scale = pick(draws, &scale);
    match draws.below(4) {
        0 => format!("{}{number}{scale}", pick(draws, &["$", "€", "£", "US$", "CHF ", "EUR ", "C$"])),
        1 => format!("{number}{scale} {}", pick(draws, &["dollars", "euros", "yen", "GBP", "US dollars"])),
        2 => format!("{number}{scale}{}", pick(draws, &[" GW", " shares", "x"])),
        _ => format!("${number}{scale}{}", pick(draws, &["/yr", " a month", " per GW", " annually"])),
    }
}

#[test]
fn a_figure_that_is_printed_is_read_as_the_same() {
    let qualifiers = ["", "about ", "roughly ", "up to ", "as much as ", "more than ", "in excess of ", "~"];
    let mut draws = SplitMix(42);
    let mut read_so_far = 0;
    for _ in 0..20_000 {
        let first = amount(&mut draws, 0);
        let text = match draws.below(3) {
            0 => format!("{}{}", pick(&mut draws, &qualifiers), money(&mut draws, &first)),
            1 => {
                let (mut one, mut other) = (draws, draws);
                let low = money(&mut one, &first);
                let last = amount(&mut other, 1);
                format!("{low} to {}", money(&mut draws, &last))
            }
            _ => format!("{} over {} years", money(&mut draws, &first), 1 + draws.below(30)),
        };
        let Ok(figure) = parse(&text) else { continue };
        read_so_far += 1;
        let again = printed(&figure);
        assert!(alike(&figure, &read(&again)), "{text}: {figure:?} is printed {again}");
    }
    assert!(10_000 < read_so_far, "{read_so_far} were read");
}

/// Words, signs and letters of figures, and some that are none.
const WORDS: &[&str] = &[
    "$",
    "€",
    "US$",
    "5",
    "1,000",
    "1e9",
    "10%",
    "bn",
    "billion",
    "euros",
    "dollars",
    "cents",
    "to",
    "and",
    "between",
    "from",
    "over",
    "up to",
    "about",
    "more than",
    "or more",
    "+",
    "-",
    "–",
    "~",
    ">",
    "ten",
    "years",
    "a",
    "the",
    "next decade",
    "per",
    "GW",
    "/yr",
    "at",
    "@",
    "shares",
    "undisclosed",
    "(=>",
    ")",
    "é",
    "٣",
    "🜁",
    "\u{0}",
    " ",
    "  ",
    "2026-09",
    "Q3 2026",
    "May",
    "x",
    "%",
    "bp",
    "per cent",
    ".",
    ",",
];

#[test]
fn no_words_end_in_a_panic_and_what_is_wrong_has_its_place() {
    let mut draws = SplitMix(7);
    for _ in 0..50_000 {
        let mut text = String::new();
        for _ in 0..draws.below(8) {
            text += pick(&mut draws, WORDS);
            if draws.below(2) == 0 {
                text.push(' ');
            }
        }
        let _ = crate::date::when(&text);
        let _ = crate::date::duration(&text);
        let _ = super::is_hyphenated(&text);
        if let Err(error) = parse(&text) {
            assert!(error.start <= error.end && error.end <= text.len(), "{text:?}: {error:?}");
            assert!(text.is_char_boundary(error.start) && text.is_char_boundary(error.end), "{text:?}");
            assert!(!error.message.is_empty(), "{text:?}");
        }
    }
}
