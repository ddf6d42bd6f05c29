//! What a row says of other rows: that it is a sum of them, or a part of one.
//!
//! Absent: who divides what; that is for [`super::wholes`].

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::import::amount;
use crate::import::row::Row;

/// Words of a sum of other rows.
const SUMS: [&str; 19] = [
    "aggregate",
    "cumulative",
    "sum of",
    "do not add to them",
    "do not add to the parts",
    "round total",
    "combined total",
    "total of the",
    "adds the",
    "sum over",
    "all tranches together",
    "incl. the earlier",
    "including the earlier",
    "includes the earlier",
    "incl. earlier",
    "including earlier",
    "incl. the previous",
    "including the previous",
    "including previous",
];

/// Whether a row says that it is a sum of others.
pub fn is_sum(row: &Row) -> bool {
    let capital =
        ["equity_tranche", "convertible", "service_commitment", "debt", "lease", "guarantee", "capex"];
    if !capital.contains(&row.cell("kind")) {
        return false;
    }
    let said = row.said();
    let starts = |column: &str| row.cell(column).to_lowercase().starts_with("total ");
    SUMS.iter().any(|word| said.contains(word)) || starts("condition") || is_collective(row)
}

/// Whether one side of a row is all there are: "(all investors)", "A, B (sum)".
pub fn is_collective(row: &Row) -> bool {
    ["payer_or_investor", "payee_or_issuer"].iter().any(|side| {
        let cell = row.cell(side).to_lowercase();
        cell.starts_with("(all")
            || cell.starts_with("all ")
            || cell.contains("(sum")
            || cell.contains("(total")
    })
}

/// Words before the number of a whole.
const PARTS: [&str; 9] = [
    "part of the",
    "part of a",
    "part of an",
    "part of",
    "slice of the",
    "tranche of the",
    "do not add to the",
    "included in the",
    "within the",
];

/// The number of the whole of which a row says that it is a part, and how exactly it is written.
pub fn whole_number(row: &Row) -> Option<(f64, bool)> {
    let said = row.said();
    PARTS.iter().find_map(|lead| {
        let behind = found(&said, lead)?;
        let digits = |word: &str| {
            let word = word.trim_start_matches(|sign: char| "$\u{20ac}\u{a3}~".contains(sign));
            let end = word.find(|sign: char| !(sign.is_ascii_digit() || sign == '.')).unwrap_or(word.len());
            let number = word[..end].trim_end_matches('.').parse::<f64>().ok()?;
            Some((number, word[end..].trim_end_matches([';', ',', ')']).to_owned()))
        };
        // At most two words stand between: "part of the additional 4", "1 of the $110B round".
        let words: Vec<&str> = said[behind..].split_whitespace().take(4).collect();
        let (at, (number, unit)) =
            words.iter().take(3).enumerate().find_map(|(at, word)| Some((at, digits(word)?)))?;
        let next = words.get(at + 1).copied().unwrap_or("");
        let size = crate::import::words::magnitude(&unit).or(crate::import::words::magnitude(next));
        Some((number * size.unwrap_or(1.0), size.is_some()))
    })
}

/// Where the words behind a lead begin: "part of the", also "part 2 of the".
fn found(said: &str, lead: &str) -> Option<usize> {
    if let Some(at) = said.find(&format!("{lead} ")) {
        return Some(at + lead.len());
    }
    let (first, rest) = lead.split_once(' ').filter(|(first, _)| ["part", "tranche"].contains(first))?;
    let at = said.find(&format!("{first} "))? + first.len() + 1;
    let count = said[at..].split(' ').next().filter(|word| word.parse::<u8>().is_ok())?;
    let behind = at + count.len() + 1;
    said.get(behind..)?.starts_with(&format!("{rest} ")).then_some(behind + rest.len())
}

/// Whether a row says that it is a part of another, of one kind of money and one payer or payee.
pub fn is_part_of(row: &Row, whole: &Row) -> bool {
    let Some((number, sized)) = whole_number(row) else { return false };
    let Some((low, high)) = amount::dollars_of(whole) else { return false };
    let equal = |amount: f64| {
        let scale = [1.0, 1e3, 1e6, 1e9, 1e12];
        let scales = if sized { &scale[..1] } else { &scale[..] };
        scales.iter().any(|scale| (amount - number * scale).abs() <= 0.004 * amount.abs())
    };
    let side = |row: &Row, column: &str| row.cell(column).to_lowercase();
    let shares = ["payer_or_investor", "payee_or_issuer"]
        .iter()
        .any(|column| side(row, column) == side(whole, column));
    row.id != whole.id && shares && kind(row) == kind(whole) && (equal(low) || high.is_some_and(equal))
}

/// Whether a row says of another, by the name of its payer and its number, that it is in it: "includes Lab's
/// 1.3".
pub fn includes(whole: &Row, row: &Row) -> bool {
    let said = whole.said();
    let payer = row.cell("payer_or_investor").to_lowercase();
    let Some(first) = payer.split(' ').next().filter(|first| 1 < first.len()) else { return false };
    let Some((low, _)) = amount::dollars_of(row) else { return false };
    let one_issuer = whole.cell("payee_or_issuer").eq_ignore_ascii_case(row.cell("payee_or_issuer"));
    let names = ["includes ", "including ", "incl. ", "incl "].iter().any(|lead| {
        said.match_indices(lead).any(|(at, _)| {
            let words: Vec<&str> = said[at + lead.len()..].split_whitespace().take(4).collect();
            let named = words.iter().position(|word| word.trim_end_matches("'s") == first);
            named.is_some_and(|named| words[named + 1..].iter().any(|word| is_number_of(word, low)))
        })
    });
    whole.id != row.id && one_issuer && kind(row) == kind(whole) && names
}

/// Whether a word is an amount, in whatever magnitude.
fn is_number_of(word: &str, amount: f64) -> bool {
    let digits = word.trim_matches(|sign: char| !(sign.is_ascii_digit() || sign == '.'));
    let number = digits.trim_end_matches('.').parse::<f64>().unwrap_or(0.0);
    [1.0, 1e6, 1e9, 1e12]
        .iter()
        .any(|scale| 0.0 < number && (number * scale - amount).abs() <= 0.004 * amount)
}

/// Whether one of two rows says that the other says otherwise.
pub fn is_linked(row: &Row, other: &Row) -> bool {
    row.conflicts().any(|id| id == other.id) || other.conflicts().any(|id| id == row.id)
}

/// The rows that are the sum of rows which they contradict: a headline that adds up tranches.
pub fn adding_up(rows: &[Row], links: &[(usize, usize)]) -> BTreeSet<usize> {
    let mut linked: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (at, other) in links {
        linked.entry(*at).or_default().insert(*other);
        linked.entry(*other).or_default().insert(*at);
    }
    let most = |row: &Row| amount::dollars_of(row).map(|(low, high)| high.unwrap_or(low));
    let pair = |row: &Row| ["payer_or_investor", "payee_or_issuer"].map(|side| row.cell(side).to_owned());
    let adds = |(at, others): &(usize, BTreeSet<usize>)| {
        let row = &rows[*at];
        let kin: Vec<f64> = others
            .iter()
            .filter(|other| pair(&rows[**other]) == pair(row) && kind(&rows[**other]) == kind(row))
            .filter_map(|other| most(&rows[*other]))
            .collect();
        let sum: f64 = kin.iter().sum();
        kin.len() > 1 && most(row).is_some_and(|all| (sum - all).abs() <= 0.01 * all)
    };
    linked.into_iter().filter(adds).map(|(at, _)| at).collect()
}

/// Whether two rows that name each other, of which one is a sum, speak of that: they are near each other, or
/// the other is only said.
pub fn are_one_sum(row: &Row, other: &Row) -> bool {
    if [row, other].iter().any(|row| !is_sum(row) && row.cell("status") == "announced") {
        return true;
    }
    let amount = |row: &Row| amount::dollars_of(row).map(|(low, high)| high.unwrap_or(low));
    amount(row).zip(amount(other)).is_some_and(|(a, b)| (a - b).abs() <= 0.05 * a.abs().max(b.abs()))
}

/// The numbers of a sum that a row writes out: "first 7.5 + additional 22.5", "10 + 11".
pub fn addends(row: &Row) -> Vec<f64> {
    let said = row.said();
    let words: Vec<&str> = said.split(|sign: char| sign.is_whitespace() || "();,".contains(sign)).collect();
    if !words.contains(&"+") {
        return vec![];
    }
    let number = |word: &&str| word.trim_start_matches('$').trim_end_matches("bn").parse::<f64>().ok();
    words.iter().filter_map(number).collect()
}

/// Whether a row is one of the numbers that another one adds up to itself.
pub fn is_addend_of(row: &Row, whole: &Row) -> bool {
    let numbers = addends(whole);
    let (Some((own, _)), Some((all, _))) = (amount::dollars_of(row), amount::dollars_of(whole)) else {
        return false;
    };
    let pair = ["payer_or_investor", "payee_or_issuer"].iter().all(|side| row.cell(side) == whole.cell(side));
    // The scale is that in which the others add up to the whole.
    let adds = |scale: f64| {
        let has = |amount: f64| numbers.iter().any(|number| (number * scale - amount).abs() <= 1e-6 * amount);
        let rest = numbers.iter().any(|number| (number * scale + own - all).abs() <= 0.01 * all);
        has(own) && rest
    };
    row.id != whole.id && pair && kind(row) == kind(whole) && [1.0, 1e3, 1e6, 1e9].into_iter().any(adds)
}

/// Kinds of money that add up.
pub fn kind(row: &Row) -> &str {
    match row.cell("kind") {
        "convertible" => "equity_tranche",
        kind => kind,
    }
}

/// The time in which the money of a row falls.
fn window(row: &Row) -> Option<(Date, Date)> {
    let (start, end) = (row.when("start"), row.when("end"));
    let first = start.or(end).or(row.when("announced"))?;
    Some((first.first, end.or(start).or(row.when("announced")).unwrap_or(first).last))
}

/// Whether money of a row falls in the time of another, where both say when.
pub fn is_within(row: &Row, whole: &Row) -> bool {
    if whole.when("start").is_none() && whole.when("end").is_none() {
        // A sum as of a day holds what was before.
        let said = whole.when("announced").map(|when| when.last);
        let before = row.when("announced").zip(said).is_some_and(|(own, said)| own.last <= said);
        return before || window(row).zip(said).is_none_or(|(own, said)| own.0 <= said);
    }
    match (window(row), window(whole)) {
        (Some(own), Some(all)) => all.0 <= own.1 && own.0 <= all.1,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::row::row;

    #[test]
    fn a_whole_names_what_it_includes() {
        let made = |payer: &'static str, words: &'static str, remark: &'static str| {
            let mut made = row(&[
                ("kind", "equity_tranche"),
                ("payer_or_investor", payer),
                ("payee_or_issuer", "Lab"),
                ("amount_text", words),
                ("condition", remark),
            ]);
            made.id = payer.to_owned();
            made
        };
        let round = made("Fab, Fund", "\u{20ac}1.7bn", "includes Fab's 1.3");
        assert!(includes(&round, &made("Fab", "\u{20ac}1.3 billion", "")));
        assert!(!includes(&round, &made("Fab", "\u{20ac}1.1 billion", "")));
        assert!(!includes(&round, &made("Fund", "\u{20ac}1.3 billion", "")));
    }

    #[test]
    fn a_part_names_its_whole_by_its_number() {
        let whole = |amount: &'static str| {
            let mut row = row(&[
                ("kind", "service_commitment"),
                ("payer_or_investor", "A"),
                ("amount_low_usd", amount),
                ("amount_high_usd", amount),
            ]);
            row.id = "whole".to_owned();
            row
        };
        let part = |words: &'static str| {
            row(&[("kind", "service_commitment"), ("payer_or_investor", "A"), ("condition", words)])
        };
        for words in [
            "third step, part of the 22.4",
            "part 2 of the 22.4",
            "part of the $22.4B order",
            "part of the additional 22.4",
        ] {
            assert!(is_part_of(&part(words), &whole("22400000000")), "{words}");
        }
        assert!(is_part_of(&part("part of the 22.4"), &whole("22400000")));
        assert!(!is_part_of(&part("part of the $22.4B order"), &whole("22400000")));
        assert!(!is_part_of(&part("part already converted"), &whole("22400000000")));
        assert!(is_part_of(&part("do not add to the 22.4"), &whole("22400000000")));
        assert!(!is_part_of(&part("do not add to them"), &whole("22400000000")));
    }
}
