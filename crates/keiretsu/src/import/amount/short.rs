//! Dollars in the short form of the language: `$600M` for `$600 million`.

use keiretsu_model::figure;

/// Words with the magnitude of dollars by its letter.
pub fn words(words: &str) -> String {
    let mut short: Vec<String> = vec![];
    for word in words.split(' ') {
        let letter = match word {
            "million" | "mn" => "M",
            "billion" | "bn" => "B",
            "trillion" | "tn" => "T",
            _ => "",
        };
        if letter.is_empty() {
            short.push(joined(word));
            continue;
        }
        match short.last_mut().filter(|last| last.contains('$')) {
            Some(last) => {
                *last = last.replace("US$", "$");
                last.push_str(letter);
            }
            None => short.push(word.to_owned()),
        }
    }
    short.join(" ")
}

/// `$5bn`, in one word, as `$5B`.
fn joined(word: &str) -> String {
    let sizes =
        [("million", "M"), ("billion", "B"), ("trillion", "T"), ("mn", "M"), ("bn", "B"), ("tn", "T")];
    let sized = sizes.into_iter().find_map(|(name, letter)| Some((word.strip_suffix(name)?, letter)));
    match sized.filter(|(amount, _)| amount.contains('$')) {
        Some((amount, letter)) => format!("{}{letter}", amount.replace("US$", "$")),
        None => word.to_owned(),
    }
}

/// Whether two wordings are one figure.
pub fn is_same(one: &str, other: &str) -> bool {
    match (figure::parse(one), figure::parse(other)) {
        (Ok(one), Ok(other)) => one.said == other.said && one.currency == other.currency,
        _ => false,
    }
}
