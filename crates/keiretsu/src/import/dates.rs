//! Dates in the words of a source: "through 2032", "from May 2027", "met on 2026-01-15".
//!
//! Only what words lead to is read; two different dates are two statements, and then there is none.

use super::words::list;

/// Words between "through" and a year.
const BEFORE_YEAR: [&str; 10] = ["the", "end", "of", "in", "mid", "early", "late", "fiscal", "year", "at"];

/// Words that lead to an end.
const UNTIL: [&str; 12] = [
    "through", "until", "till", "thru", "by", "to", "into", "due", "maturing", "matures", "expiring",
    "ending",
];

/// When something ends, in its words: "through 2032", "until the end of 2031", "through May 2029".
pub fn until(text: &str) -> Option<String> {
    after(text, &UNTIL, 1)
}

/// When something starts: "from 2027", "starting in May 2026".
pub fn from(text: &str) -> Option<String> {
    after(text, &["from", "starting", "beginning", "since", "starts", "begins", "between"], 0)
}

/// The one year or month behind words that lead to it, or at a side of `2026-2030`.
fn after(text: &str, leads: &[&str], side: usize) -> Option<String> {
    let text = text.replace(['\u{2013}', '\u{2014}'], "-");
    let words = list(&text);
    let mut found: Vec<String> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if let Some((first, last)) = word.split_once('-')
            && let (Some(first), Some(last)) = (year(first), year(last))
            && first < last
        {
            found.push([first, last][side].to_string());
        }
        if !leads.contains(&word.as_str()) {
            continue;
        }
        let mut rest = words[at + 1..].iter().skip_while(|word| BEFORE_YEAR.contains(&word.as_str()));
        let Some(next) = rest.next() else { continue };
        let month = keiretsu_model::date::month(next);
        match (year(next), month) {
            (Some(year), _) => found.push(year.to_string()),
            (None, Some(month)) => {
                // "Dec 14, 2031": the day stands between.
                let next = rest.next().map_or("", String::as_str);
                let day = next.parse::<i8>().ok().filter(|day| (1..=31).contains(day));
                let last = if day.is_some() { rest.next().map_or("", String::as_str) } else { next };
                let text = |year: u16| match day {
                    Some(day) => format!("{year}-{month:02}-{day:02}"),
                    None => format!("{year}-{month:02}"),
                };
                found.extend(year(last).map(text));
            }
            (None, None) => {}
        }
    }
    found.dedup();
    // Two dates are two statements.
    found.first().filter(|_| found.len() == 1).cloned()
}

/// The day or month right behind one of some phrases: "met on 2025-10-28".
pub fn dated_after(text: &str, phrases: &[&str]) -> Option<String> {
    let small = text.to_lowercase();
    phrases.iter().find_map(|phrase| {
        let at = small.find(&format!("{phrase} "))? + phrase.len() + 1;
        let word =
            small.get(at..)?.split_whitespace().next()?.trim_matches(|sign: char| !sign.is_ascii_digit());
        keiretsu_model::date::when(word).map(|when| when.text())
    })
}

fn year(word: &str) -> Option<u16> {
    let whole = word.len() == 4 && word.bytes().all(|digit| digit.is_ascii_digit());
    word.parse().ok().filter(|year| whole && (1990..=2150).contains(year))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_is_read_where_words_lead_to_it() {
        for (text, first, last) in [
            ("$14.2 billion through 2031", None, Some("2031")),
            ("$1.25 billion a month through May 2029", None, Some("2029-05")),
            ("through Dec 14, 2031", None, Some("2031-12-14")),
            ("until the end of 2031", None, Some("2031")),
            ("from 2027 to 2032", Some("2027"), Some("2032")),
            ("6 GW over 2026-2030", Some("2026"), Some("2030")),
            ("through 2030 or through 2032", None, None),
            ("$2000 by ship", None, None),
        ] {
            assert_eq!((from(text).as_deref(), until(text).as_deref()), (first, last), "{text}");
        }
    }
}
