//! Shares, rates of interest and power in the words of a source or of a cell.
//!
//! Only plain statements are read: two shares in one text are two statements, and then the words say nothing.

use keiretsu_values::Dimension;

use super::spoken;
use super::words::list;

/// The one share in a text: "62 percent", "about 45%", "38% to 70%", "two-thirds".
pub fn share(text: &str) -> Option<String> {
    if let [only] = spoken::shares(text).as_slice() {
        let within = 0.0 <= only.numbers().0 && only.numbers().1 <= 1.0;
        return within.then(|| only.words.clone());
    }
    let text = text.replace(" percent", "%").replace(" per cent", "%");
    let words = list(&text);
    let mut shares = words.iter().filter_map(|word| part(word));
    // Two shares in one text are two statements.
    let share = shares.next()?;
    shares.next().is_none().then_some(share)
}

fn part(word: &str) -> Option<String> {
    let share = word.trim_start_matches('~').strip_suffix('%')?.parse::<f64>().ok()?;
    (0.0..=100.0).contains(&share).then(|| format!("{share}%"))
}

/// Words before a number that is not exact.
const VAGUE: [&str; 5] = ["about", "roughly", "around", "nearly", "approximately"];

/// A yearly rate of interest: the only percentage in a text that is called interest. A margin over a floating
/// rate is none.
pub fn interest(text: &str) -> Option<String> {
    let text = text.replace(" percent", "%").replace(" per cent", "%");
    let words = list(&text);
    let floats = ["sofr", "libor", "euribor", "over", "above", "spread", "margin", "floating"];
    if words.iter().any(|word| floats.contains(&word.as_str())) {
        return None;
    }
    let mut rates = (0..words.len()).filter_map(|at| borne(&words, at));
    if let Some(rate) = rates.next() {
        return Some(rate).filter(|_| rates.next().is_none());
    }
    alone(&text)
}

/// The highest rate that a percentage alone in its clause is taken for.
const RATE_MAX: f64 = 25.0;

/// The percentage between two commas that is the only one of its text: ", about 6.58%,".
fn alone(text: &str) -> Option<String> {
    let clauses: Vec<Vec<String>> = text.split([',', ';', '(', ')']).map(list).collect();
    let all = clauses.iter().flatten().filter(|word| part(word).is_some()).count();
    let [clause] = clauses
        .iter()
        .filter(|clause| clause.iter().any(|word| part(word).is_some()))
        .collect::<Vec<_>>()[..]
    else {
        return None;
    };
    let (share, before) = clause.split_last()?;
    let about = match before {
        [] => "",
        [word] if VAGUE.contains(&word.as_str()) => "about ",
        _ => return None,
    };
    let others = clauses.iter().any(|other| other != clause && !other.is_empty());
    let number = share.trim_start_matches('~').trim_end_matches('%').parse::<f64>().ok()?;
    let about = if share.starts_with('~') { "about " } else { about };
    (all == 1 && others && number <= RATE_MAX).then(|| part(share).map(|share| format!("{about}{share}")))?
}

/// The percentage at a place, if words around it call it interest.
fn borne(words: &[String], at: usize) -> Option<String> {
    let share = part(&words[at])?;
    let word = |at: Option<usize>| at.and_then(|at| words.get(at)).map_or("", String::as_str);
    let bears = [
        "notes",
        "bonds",
        "coupon",
        "interest",
        "senior",
        "loan",
        "yield",
        "rate",
        "fixed",
        "convertible",
        "secured",
        "unsecured",
        "term",
    ];
    let leads = ["at", "rate", "coupon", "interest", "yield"];
    let about = VAGUE.contains(&word(at.checked_sub(1)));
    let first = if about { at.checked_sub(1) } else { Some(at) };
    let before = |by: usize| word(first.and_then(|first| first.checked_sub(by)));
    let (next, last) = (word(at.checked_add(1)), before(1));
    let led = leads.contains(&last) || last == "of" && leads.contains(&before(2));
    let share = if about { format!("about {share}") } else { share };
    let runs = next.ends_with("-year") || next.ends_with("-month");
    (bears.contains(&next) || runs || led && next != "of").then_some(share)
}

/// How a rent grows each year: "escalating 3%", "rising by 2% a year", "2% annual escalator".
pub fn escalator(text: &str) -> Option<String> {
    let words = list(&text.replace(" percent", "%").replace(" per cent", "%"));
    let grows = [
        "escalating",
        "escalator",
        "escalators",
        "escalates",
        "escalation",
        "rising",
        "increasing",
        "indexed",
    ];
    let is_near = |at: usize| {
        let (from, until) = (at.saturating_sub(3), (at + 4).min(words.len()));
        words[from..until].iter().any(|word| grows.contains(&word.as_str()))
    };
    let mut rates = (0..words.len()).filter(|at| is_near(*at)).filter_map(|at| part(&words[at]));
    rates.next().filter(|_| rates.next().is_none())
}

/// What is added to a floating rate: "about 425 bp over SOFR", "SOFR + 2.5%".
pub fn spread(text: &str) -> Option<String> {
    let words = list(&text.replace('+', " + "));
    let floats = ["sofr", "sonia", "libor", "euribor", "nibor", "stibor", "tibor", "saron"];
    if !words.iter().any(|word| floats.contains(&word.as_str())) {
        return None;
    }
    let mut points = words.iter().enumerate().filter_map(|(at, word)| {
        let next = words.get(at + 1).map_or("", String::as_str);
        let digits = word.trim_end_matches("bps").trim_end_matches("bp");
        let own = digits.len() < word.len() || ["bp", "bps", "basis"].contains(&next);
        digits
            .parse::<f64>()
            .ok()
            .filter(|points| own && (0.0..=5_000.0).contains(points))
            .map(|points| (at, points))
    });
    let basis = points.next().filter(|_| points.next().is_none());
    if let Some((at, points)) = basis {
        let before = at.checked_sub(1).map_or("", |at| words[at].as_str());
        let about = VAGUE.contains(&before);
        return Some(format!("{}{}%", if about { "about " } else { "" }, points / 100.0));
    }
    share(text)
}

/// The one number of shares of a company in a text: "up to 160 million shares".
pub fn shares_in(text: &str) -> Option<String> {
    // An option is over shares, however many: that word is none of their number.
    let text = ["option", "options", "warrant", "warrants", "right", "rights"]
        .iter()
        .fold(text.to_owned(), |text, right| {
            text.replace(&format!("{right} over "), &format!("{right} to "))
        });
    match spoken::all(&text, Dimension::SHARES).as_slice() {
        [only] => Some(only.words.clone()),
        _ => None,
    }
}

/// The one price of a share in a text to which "at" or "strike" leads: "at 1 cent", "strike price of $12.50".
pub fn strike(text: &str) -> Option<String> {
    let words = list(text);
    let mut prices = words.iter().enumerate().filter_map(|(at, word)| {
        let before = |by: usize| at.checked_sub(by).map_or("", |at| words[at].as_str());
        let next = words.get(at + 1).map_or("", String::as_str);
        // A currency in letters stands between the price and what leads to it.
        let by =
            if word.starts_with(|sign: char| sign.is_ascii_digit()) && before(1).len() == 3 { 2 } else { 1 };
        let led = |by| {
            ["at", "strike", "price"].contains(&before(by))
                || before(by) == "of" && ["strike", "price"].contains(&before(by + 1))
        };
        let led = led(1) || led(by);
        let price = match price(word, before(1)) {
            Some(price) => Some(format!("{price}/share")),
            None if ["cent", "cents"].contains(&next) => {
                word.parse::<f64>().ok().map(|cents| format!("${}/share", cents / 100.0))
            }
            None => None,
        };
        price.filter(|_| led && super::words::magnitude(next).is_none())
    });
    prices.next().filter(|_| prices.next().is_none())
}

/// A price in a word, or in a word behind its currency: "$12.50", "US$12.50", "€2.50/share", "2.50" after
/// "EUR".
fn price(word: &str, before: &str) -> Option<String> {
    let word = word.split('/').next().unwrap_or_default();
    let word = word.strip_prefix("US").or(word.strip_prefix("us")).unwrap_or(word);
    let code = before.to_uppercase();
    let is_code = code.len() == 3 && keiretsu_values::Currency::new(&code).is_some();
    let (sign, digits) = match word.strip_prefix(['$', '\u{20ac}', '\u{a3}']) {
        Some(digits) => (word[..word.len() - digits.len()].to_owned(), digits),
        None if is_code => (code + " ", word),
        None => return None,
    };
    digits.parse::<f64>().is_ok().then(|| format!("{sign}{digits}"))
}

/// The last day, month or year of a span in words, as a name has it.
pub fn last_of_span(on: &str) -> &str {
    on.rsplit(" to ").next().unwrap_or(on)
}

/// The one power in a text: "300 megawatts", "up to 5 gigawatts".
pub fn power_in(text: &str) -> Option<String> {
    let text = text.replace(" gigawatts", " GW").replace(" gigawatt", " GW").replace("one GW", "1 GW");
    let text = text.replace(" megawatts", " MW").replace(" megawatt", " MW");
    match spoken::all(&text, Dimension::POWER).as_slice() {
        [only] => Some(only.words.clone()),
        _ => None,
    }
}

/// Whether two figures have one number at their upper end.
pub fn are_one_power(one: &str, other: &str) -> bool {
    let most = |words: &str| {
        let [first, second] = keiretsu_model::figure::parse(words).ok()?.said.numbers();
        second.or(first)
    };
    most(one).zip(most(other)).is_some_and(|(a, b)| (a - b).abs() <= 1e-6 * a.abs())
}

/// Gigawatts of a cell in the words of the language: `5`, `0-5`, `>1`, `up to 5`, `0.2 to 0.4`.
pub fn power(cell: &str) -> Option<String> {
    let cell = cell.trim();
    let cell = cell.strip_suffix("GW").unwrap_or(cell).trim();
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|power| (0.0..=1e6).contains(power));
    let qualified = [
        (">=", "at least"),
        ("≥", "at least"),
        (">", "more than"),
        ("more than", "more than"),
        ("over", "more than"),
        ("at least", "at least"),
        ("<=", "up to"),
        ("≤", "up to"),
        ("<", "up to"),
        ("up to", "up to"),
        ("~", "about"),
        ("about", "about"),
    ];
    for (sign, words) in qualified {
        if let Some(rest) = cell.strip_prefix(sign) {
            return Some(format!("{words} {} GW", number(rest)?));
        }
    }
    let ends = [" to ", "-", "\u{2013}"].iter().find_map(|between| cell.split_once(between));
    match ends {
        Some((low, high)) => {
            let (low, high) = (number(low)?, number(high)?);
            match (low > 0.0, low < high) {
                (true, true) => Some(format!("{low} GW to {high} GW")),
                (false, true) => Some(format!("up to {high} GW")),
                _ => None,
            }
        }
        None => number(cell).map(|power| format!("{power} GW")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_read_from_words() {
        assert_eq!(share("62 percent of revenue").as_deref(), Some("62%"));
        assert_eq!(share("about two-thirds of it").as_deref(), Some("about two-thirds"));
        assert_eq!(share("1/3 of the equity").as_deref(), Some("1/3"));
        assert_eq!(share("38% to 70%").as_deref(), Some("38% to 70%"));
        assert_eq!(share("38% and then 70%"), None);
        assert_eq!(share("two parts"), None);
        assert_eq!(spread("about 425 bp over SOFR").as_deref(), Some("about 4.25%"));
        assert_eq!(spread("SOFR + 2.5%").as_deref(), Some("2.5%"));
        assert_eq!(spread("6.5% notes"), None);
        assert_eq!(power_in("300 megawatts by June").as_deref(), Some("300 MW"));
        assert_eq!(interest("$2 billion of 6.5% notes").as_deref(), Some("6.5%"));
        assert_eq!(interest("4% over SOFR"), None);
        assert_eq!(interest("a loan at 9%").as_deref(), Some("9%"));
        assert_eq!(interest("$27 billion of bonds at about 6.58%").as_deref(), Some("about 6.58%"));
        assert_eq!(interest("roughly 6.58% notes").as_deref(), Some("about 6.58%"));
        assert_eq!(interest("coupon of around 7%").as_deref(), Some("about 7%"));
        assert_eq!(interest("a loan at about 70% of value"), None);
        assert_eq!(
            interest("$27.3 billion of notes, about 6.58%, maturing May 2049").as_deref(),
            Some("about 6.58%")
        );
        assert_eq!(interest("$5 billion, 80%, of the cost"), None);
        assert_eq!(interest("$2bn 1.75% convertible notes, 30% premium").as_deref(), Some("1.75%"));
        assert_eq!(
            shares_in("up to 160 million shares at $0.01").as_deref(),
            Some("up to 160 million shares")
        );
        assert_eq!(shares_in("an option over 75M shares at $250").as_deref(), Some("75M shares"));
        assert_eq!(shares_in("10M shares now and 20M shares later"), None);
        assert_eq!(strike("160M shares at 1 cent").as_deref(), Some("$0.01/share"));
        assert_eq!(strike("75M shares at $250").as_deref(), Some("$250/share"));
        assert_eq!(strike("strike price of $12.50 per share").as_deref(), Some("$12.50/share"));
        assert_eq!(strike("1M shares at \u{20ac}2.50 a share").as_deref(), Some("\u{20ac}2.50/share"));
        assert_eq!(strike("1M shares at \u{a3}0.40").as_deref(), Some("\u{a3}0.40/share"));
        assert_eq!(strike("1M shares at US$12").as_deref(), Some("$12/share"));
        assert_eq!(strike("1M shares at EUR 2.50").as_deref(), Some("EUR 2.50/share"));
        assert_eq!(strike("warrants for 5M shares worth $250"), None);
        assert_eq!(interest("\u{a5}32bn, 1.9% 5-year notes").as_deref(), Some("1.9%"));
        assert_eq!(escalator("15-year lease at $30m a year escalating 3%").as_deref(), Some("3%"));
        assert_eq!(escalator("rent of $2m with a 2.5% annual escalator").as_deref(), Some("2.5%"));
        assert_eq!(escalator("$2m a year for 80% of the site"), None);
        assert_eq!(interest("coupon of 5.25 percent").as_deref(), Some("5.25%"));
        for text in
            ["70% of the price", "a loan at 70% of value", "$7 million, 70% at closing", "about 6.58%"]
        {
            assert_eq!(interest(text), None, "{text}");
        }
    }

    #[test]
    fn power_has_a_way_of_its_own_to_say_more() {
        for (cell, expected) in [
            ("5", Some("5 GW")),
            (">0.3", Some("more than 0.3 GW")),
            ("0-5", Some("up to 5 GW")),
            ("0.2-0.4", Some("0.2 GW to 0.4 GW")),
            ("0.2 to 0.4 GW", Some("0.2 GW to 0.4 GW")),
            ("~2", Some("about 2 GW")),
            ("5-2", None),
            ("-1", None),
            ("some", None),
            ("300 MW", None),
        ] {
            assert_eq!(power(cell).as_deref(), expected, "{cell}");
        }
    }
}
