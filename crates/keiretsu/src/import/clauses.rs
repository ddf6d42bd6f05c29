//! What of a text speaks of its amount: not the value at which it was invested, and not what it may come to.
//!
//! `$500M at $6.8B` and `€1.7bn at an €11.7bn valuation` are amounts with a value of the issuer behind them.
//! `$3.7bn over ten years, up to $8.7bn with two extensions` is an amount with an option: a range of both
//! would be neither.

use super::spoken;

/// A text in the parts that speak of different things.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clauses {
    /// What is said of the amount itself.
    pub own: String,
    /// What it comes to with an option, in the words of the language, and the words of that.
    pub option: Option<(String, String)>,
}

/// Words of a right to more.
const OPTIONS: [&str; 16] = [
    "extension",
    "extensions",
    "extended",
    "option",
    "options",
    "optional",
    "optionality",
    "renewal",
    "renewals",
    "renewed",
    "expansion",
    "expansions",
    "additional",
    "exercised",
    "upsize",
    "upsized",
];

/// Words behind which stands what an issuer is worth.
const VALUES: [&str; 8] =
    ["valuation", "post", "post-money", "pre-money", "premoney", "postmoney", "equity-value", "value"];

/// The clauses of a text about an amount; `invests` where it is money for a stake.
pub fn of(text: &str, invests: bool) -> Clauses {
    let text = without_value(text, invests);
    match option(&text) {
        Some((at, total)) => {
            let own = text[..at].trim_end_matches(|sign: char| !sign.is_alphanumeric()).to_owned();
            Clauses { own, option: Some((total, text[at..].trim().trim_end_matches(')').to_owned())) }
        }
        None => Clauses { own: text, option: None },
    }
}

/// Where words of an option begin, behind another amount, and what it comes to.
fn option(text: &str) -> Option<(usize, String)> {
    let small = text.to_lowercase();
    let leads = ["up to ", "as much as ", "potentially ", "rising to ", "extendable to "];
    let mut places: Vec<usize> =
        leads.iter().flat_map(|lead| small.match_indices(lead).map(|(at, _)| at)).collect();
    places.sort_unstable();
    // Letters whose small form has another length move all that stands behind them.
    let same = small.len() == text.len();
    places.into_iter().filter(|_| same).find_map(|at| {
        let behind = &text[at..];
        let end = behind.find([';', ')']).unwrap_or(behind.len());
        let clause = &behind[..end];
        let has_option = super::words::list(clause).iter().any(|word| OPTIONS.contains(&word.as_str()));
        let all = spoken::money(clause);
        let [total] = all.as_slice() else { return None };
        let before = spoken::money(&text[..at]);
        let [own] = before.as_slice() else { return None };
        let more = own.numbers().1 < total.numbers().1;
        let words = if total.is_bare() { format!("up to {}", total.words) } else { total.words.clone() };
        (has_option && more).then_some((at, words))
    })
}

/// A text without the value of the issuer.
fn without_value(text: &str, invests: bool) -> String {
    for lead in [" at ", " valuing ", " (at ", ", at "] {
        let Some(at) = text.find(lead) else { continue };
        let behind = &text[at + lead.len()..];
        let end = behind.find([';', ',', ')']).unwrap_or(behind.len());
        let clause = &behind[..end];
        let values = super::words::list(clause).iter().any(|word| VALUES.contains(&word.as_str()));
        let is_money = matches!(spoken::money(clause).as_slice(), [only] if only.numbers().1 >= LEAST_VALUE);
        let first = spoken::money(&text[..at]).len() == 1;
        if is_money && first && (invests || values || lead.contains("valuing")) {
            return format!("{}{}", &text[..at], behind[end..].trim_start_matches(')'));
        }
    }
    text.to_owned()
}

/// No company of which shares are bought for a table of claims is worth less; a share is.
const LEAST_VALUE: f64 = 1e6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_is_told_from_the_amount() {
        for (text, own, total) in [
            (
                "$3.7bn in contract revenue over ten years, up to $8.7bn with two five-year extensions",
                "$3.7bn in contract revenue over ten years",
                Some("up to $8.7bn"),
            ),
            ("$17.4bn, up to $19.4bn with additional capacity", "$17.4bn", Some("up to $19.4bn")),
            ("$7bn (up to about $11bn if options are exercised)", "$7bn", Some("up to about $11bn")),
            ("up to $20 billion with options", "up to $20 billion with options", None),
            ("$5bn, up to $8bn", "$5bn, up to $8bn", None),
        ] {
            let read = of(text, false);
            assert_eq!(
                (read.own.as_str(), read.option.as_ref().map(|(total, _)| total.as_str())),
                (own, total)
            );
        }
    }

    #[test]
    fn the_value_of_an_issuer_is_no_amount() {
        for (text, own) in [
            ("US$500M at US$6.8B", "US$500M"),
            ("EUR 1.7 bn Series C at EUR 11.7bn post", "EUR 1.7 bn Series C"),
            ("$2bn at a $30bn valuation, led by a fund", "$2bn, led by a fund"),
            ("$1bn of shares at $92.50", "$1bn of shares at $92.50"),
        ] {
            assert_eq!(of(text, true).own, own);
        }
        assert_eq!(of("$5bn at $50bn", false).own, "$5bn at $50bn");
    }
}
