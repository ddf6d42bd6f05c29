//! Sums and parts: what the rows say of each other, so that nothing counts twice.
//!
//! A row that calls itself a part of another one is a slice of it. A row that calls itself a sum of others is
//! a published figure where its parts are in the table, and the whole of which they are slices where they
//! leave something of it. Of two ways to divide one sum the finer one counts.
//!
//! Invariant: slices of a whole are together at most the whole, and no slice has slices.
//! Absent: shares of a sum over several parties that no row divides.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::becomes::{self, Candidate};
use super::groups;
use super::people::People;
use crate::import::amount;
use crate::import::row::Row;

/// What is to be done with the rows of a group besides their own statement.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ties {
    /// The group of which it is a slice.
    pub part_of: Option<usize>,
    /// The groups that it replaces.
    pub supersedes: Vec<usize>,
    /// Why it is a published figure, and no contract.
    pub published: Option<String>,
}

/// Words of a sum of other rows.
const SUMS: [&str; 11] = [
    "aggregate", "cumulative", "sum of", "do not add to them", "do not add to the parts", "round total",
    "combined total", "total of the", "adds the", "sum over", "all tranches together",
];

/// Whether a row says that it is a sum of others.
pub fn is_sum(row: &Row) -> bool {
    let capital = ["equity_tranche", "convertible", "service_commitment", "debt", "lease", "guarantee", "capex"];
    if !capital.contains(&row.cell("kind")) {
        return false;
    }
    let said = row.said();
    let starts = |column: &str| row.cell(column).to_lowercase().starts_with("total ");
    SUMS.iter().any(|word| said.contains(word)) || starts("condition") || is_collective(row)
}

/// Whether one side of a row is all there are: "(all investors)", "A, B (sum)".
fn is_collective(row: &Row) -> bool {
    ["payer_or_investor", "payee_or_issuer"].iter().any(|side| {
        let cell = row.cell(side).to_lowercase();
        cell.starts_with("(all") || cell.starts_with("all ") || cell.contains("(sum") || cell.contains("(total")
    })
}

/// Words before the number of a whole.
const PARTS: [&str; 9] = [
    "part of the", "part of a", "part of an", "part of", "slice of the", "tranche of the", "do not add to the",
    "included in the", "within the",
];

/// The number of the whole of which a row says that it is a part, and how exactly it is written.
fn whole_number(row: &Row) -> Option<(f64, bool)> {
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
        let (at, (number, unit)) = words.iter().take(3).enumerate().find_map(|(at, word)| Some((at, digits(word)?)))?;
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
    let shares = ["payer_or_investor", "payee_or_issuer"].iter().any(|column| side(row, column) == side(whole, column));
    row.id != whole.id && shares && kind(row) == kind(whole) && (equal(low) || high.is_some_and(equal))
}

/// Whether one of two rows says that the other says otherwise.
fn is_linked(row: &Row, other: &Row) -> bool {
    row.conflicts().any(|id| id == other.id) || other.conflicts().any(|id| id == row.id)
}

/// Whether two rows are near each other, as a sum and its rounded form are.
pub fn are_one_sum(row: &Row, other: &Row) -> bool {
    let amount = |row: &Row| amount::dollars_of(row).map(|(low, high)| high.unwrap_or(low));
    amount(row).zip(amount(other)).is_some_and(|(a, b)| (a - b).abs() <= 0.05 * a.abs().max(b.abs()))
}

/// The numbers of a sum that a row writes out: "first 7.5 + additional 22.5", "10 + 11".
fn addends(row: &Row) -> Vec<f64> {
    let said = row.said();
    let words: Vec<&str> = said.split(|sign: char| sign.is_whitespace() || "();,".contains(sign)).collect();
    if !words.contains(&"+") {
        return vec![];
    }
    let number = |word: &&str| word.trim_start_matches('$').trim_end_matches("bn").parse::<f64>().ok();
    words.iter().filter_map(number).collect()
}

/// Whether a row is one of the numbers that another one adds up to itself.
fn is_addend_of(row: &Row, whole: &Row) -> bool {
    let numbers = addends(whole);
    let (Some((own, _)), Some((all, _))) = (amount::dollars_of(row), amount::dollars_of(whole)) else { return false };
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
fn kind(row: &Row) -> &str {
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
fn is_within(row: &Row, whole: &Row) -> bool {
    if whole.when("start").is_none() && whole.when("end").is_none() {
        // A sum as of a day holds what was before.
        let said = whole.when("announced").map(|when| when.last);
        return window(row).zip(said).is_none_or(|(own, said)| own.0 <= said);
    }
    match (window(row), window(whole)) {
        (Some(own), Some(all)) => all.0 <= own.1 && own.0 <= all.1,
        _ => true,
    }
}

/// The ties of groups of rows; the first of each counts.
pub fn of(
    rows: &[Row],
    candidates: &[Option<Candidate>],
    groups: &[Vec<usize>],
    people: &People,
) -> Vec<Ties> {
    let mut tied = Tied { rows, candidates, groups, people, ties: vec![Ties::default(); groups.len()] };
    tied.estimates();
    tied.open();
    tied.collective();
    tied.rivals();
    tied.parts();
    tied.sums();
    tied.fits();
    tied.ties
}

struct Tied<'a> {
    rows: &'a [Row],
    candidates: &'a [Option<Candidate>],
    groups: &'a [Vec<usize>],
    people: &'a People,
    ties: Vec<Ties>,
}

/// Amounts that differ by less are one sum, printed with fewer digits.
const SUM: f64 = 0.02;
/// The most parts of which all ways to add them up are tried.
const TRIED: usize = 14;

impl<'a> Tied<'a> {
    fn row(&self, group: usize) -> &'a Row {
        &self.rows[self.groups[group][0]]
    }

    fn candidate(&self, group: usize) -> Option<&'a Candidate> {
        self.candidates[self.groups[group][0]].as_ref()
    }

    fn is_contract(&self, group: usize) -> bool {
        let contract = self.candidate(group).is_some_and(|one| one.is_contract() && one.is_money());
        contract && self.ties[group].published.is_none()
    }

    fn publish(&mut self, group: usize, why: String) {
        if self.ties[group].published.is_none() {
            self.ties[group] = Ties { published: Some(why), ..Ties::default() };
        }
    }

    /// An estimate that no contract contradicts is none itself.
    fn estimates(&mut self) {
        for group in 0..self.groups.len() {
            let alone = self.groups[group].iter().all(|at| becomes::is_estimate(&self.rows[*at]));
            if alone && self.is_contract(group) {
                self.publish(group, "an estimate, and no contract".to_owned());
            }
        }
    }

    /// What nothing says how long it runs is a figure of a promise, unless another row says it.
    fn open(&mut self) {
        for group in 0..self.groups.len() {
            if self.is_contract(group) && self.candidate(group).is_some_and(|one| one.is_open) {
                self.publish(group, String::new());
            }
        }
    }

    /// What all have together is of nobody, and holds what each of them has.
    fn collective(&mut self) {
        for group in 0..self.groups.len() {
            if self.is_contract(group) && is_collective(self.row(group)) {
                self.publish(group, "a sum over several parties, some of which have rows of their own".to_owned());
            }
        }
    }

    /// Rows that name each other and are no claims of one figure: the surer one counts. What lives replaces
    /// what ended.
    fn rivals(&mut self) {
        let all = self.groups.iter().enumerate();
        let place: BTreeMap<usize, usize> =
            all.flat_map(|(group, rows)| rows.iter().map(move |at| (*at, group))).collect();
        for (at, other) in groups::links(self.rows) {
            let (Some(&a), Some(&b)) = (place.get(&at), place.get(&other)) else { continue };
            let (Some(one), Some(two)) = (self.candidate(a), self.candidate(b)) else { continue };
            if a == b || !self.is_contract(a) || !self.is_contract(b) || !groups::one_pair(one, two, true, self.people) {
                continue;
            }
            let (row, rival) = (self.row(a), self.row(b));
            if groups::replaces(row, rival) {
                let (new, old) = if row.cell("status") == "terminated" { (b, a) } else { (a, b) };
                if !self.ties[new].supersedes.contains(&old) {
                    self.ties[new].supersedes.push(old);
                }
                continue;
            }
            let kin = kind(row) == kind(rival) && row.cell("kind") != "capacity";
            let tied = is_sum(row) || is_sum(rival) || is_part_of(row, rival) || is_part_of(rival, row);
            if kin && !tied && one.subject == two.subject && one.measure != two.measure {
                let (weak, strong) =
                    if groups::weight(row) <= groups::weight(rival) { (rival, row) } else { (row, rival) };
                let which = if weak.id == row.id { a } else { b };
                self.publish(which, format!("says otherwise than `{}`, which counts", strong.id));
            }
        }
    }

    /// Slices by the words of a row.
    fn parts(&mut self) {
        let adds = |group: &usize| self.groups[*group].iter().any(|at| !addends(&self.rows[*at]).is_empty());
        let adding: Vec<usize> = (0..self.groups.len()).filter(adds).collect();
        for group in 0..self.groups.len() {
            let row = self.row(group);
            if !self.is_contract(group) {
                continue;
            }
            let named = whole_number(row).is_some();
            let among: Vec<usize> = if named { (0..self.groups.len()).collect() } else { adding.clone() };
            let holds = |at: &usize| is_part_of(row, &self.rows[*at]) || is_addend_of(row, &self.rows[*at]);
            let whole = among.into_iter().find(|other| {
                *other != group && self.is_contract(*other) && self.groups[*other].iter().any(holds)
            });
            self.ties[group].part_of = whole;
        }
        // No slice has slices.
        for group in 0..self.groups.len() {
            let above = self.ties[group].part_of.and_then(|whole| self.ties[whole].part_of);
            if above.is_some() {
                self.publish(group, "a part of a part".to_owned());
            }
        }
    }

    /// Sums by their own words, and what divides them.
    fn sums(&mut self) {
        for group in 0..self.groups.len() {
            if self.is_contract(group) && is_sum(self.row(group)) && self.ties[group].part_of.is_none() {
                self.sum(group);
            }
        }
    }

    fn sum(&mut self, whole: usize) {
        let row = self.row(whole);
        let Some((least, most)) = amount::dollars_of(row) else { return };
        let parts: Vec<usize> = (0..self.groups.len()).filter(|other| self.divides(*other, whole)).collect();
        let amounts: Vec<f64> = parts.iter().map(|part| self.dollars(*part)).collect();
        let sum: f64 = amounts.iter().sum();
        if parts.is_empty() {
            return;
        }
        let why = format!("a sum of other rows, which come to {}", amount::dollars(sum));
        if let Some(chosen) = exactly(&amounts, most.unwrap_or(least)) {
            let rest = parts.iter().enumerate().filter(|(at, _)| !chosen.contains(at));
            for (_, part) in rest {
                let within = format!("its money is in the sum `{}`, which other rows divide", row.id);
                self.publish(*part, within);
            }
            let kept: f64 = chosen.iter().map(|at| amounts[*at]).sum();
            self.publish(whole, format!("a sum of other rows, which come to {}", amount::dollars(kept)));
            self.free(whole);
        } else if least <= sum * (1.0 + SUM) {
            self.publish(whole, why);
            self.free(whole);
        } else if parts.iter().all(|part| self.row(*part).cell("status") == row.cell("status")) {
            for part in parts {
                self.ties[part].part_of = Some(whole);
            }
        } else {
            self.publish(whole, why);
            self.free(whole);
        }
    }

    /// Slices of what is no contract stand by themselves.
    fn free(&mut self, whole: usize) {
        for ties in &mut self.ties {
            if ties.part_of == Some(whole) {
                ties.part_of = None;
            }
        }
    }

    fn dollars(&self, group: usize) -> f64 {
        amount::dollars_of(self.row(group)).map_or(0.0, |(low, high)| if low > 0.0 { low } else { high.unwrap_or(0.0) })
    }

    /// Whether a group divides a sum: the same parties and kind, in its time, and not a part of another part.
    fn divides(&self, group: usize, whole: usize) -> bool {
        let (Some(one), Some(all)) = (self.candidate(group), self.candidate(whole)) else { return false };
        let (row, sum) = (self.row(group), self.row(whole));
        let pair = |candidate: &Candidate| {
            [&candidate.pair.0, &candidate.pair.1].map(|name| self.people.group(name).to_owned())
        };
        let elsewhere = self.ties[group].part_of.is_some_and(|other| other != whole);
        group != whole
            && self.is_contract(group)
            && !elsewhere
            && !is_sum(row)
            && !is_linked(row, sum)
            && kind(row) == kind(sum)
            && pair(one) == pair(all)
            && ["paid", "firm", "conditional"].contains(&row.cell("status"))
            && is_within(row, sum)
            && self.dollars(group) > 0.0
    }

    /// Slices that are more than their whole are published figures.
    fn fits(&mut self) {
        let mut used = vec![0.0; self.groups.len()];
        for group in 0..self.groups.len() {
            let Some(whole) = self.ties[group].part_of else { continue };
            let most = amount::dollars_of(self.row(whole)).map_or(Some(0.0), |(_, most)| most);
            let sum = used[whole] + self.dollars(group);
            if !self.is_contract(whole) {
                self.ties[group].part_of = None;
            } else if most.is_some_and(|most| most * (1.0 + 1e-9) < sum) {
                let id = self.row(whole).id.clone();
                self.publish(group, format!("with other parts it is more than `{id}`, of which it is one"));
            } else {
                used[whole] = sum;
            }
        }
    }
}

/// The parts that are a sum exactly, as many as possible; none where no choice of them is.
fn exactly(amounts: &[f64], sum: f64) -> Option<Vec<usize>> {
    if TRIED < amounts.len() {
        return None;
    }
    let chosen = |choice: u32| (0..amounts.len()).filter(move |at| choice & (1 << at) != 0);
    let fits = |choice: &u32| {
        let made: f64 = chosen(*choice).map(|at| amounts[at]).sum();
        (made - sum).abs() <= SUM / 4.0 * sum.abs()
    };
    let best = (1..1_u32 << amounts.len()).filter(fits).max_by_key(|choice| choice.count_ones())?;
    Some(chosen(best).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::row::row;

    #[test]
    fn a_part_names_its_whole_by_its_number() {
        let whole = |amount: &'static str| {
            let mut row = row(&[("kind", "service_commitment"), ("payer_or_investor", "A"), ("amount_low_usd", amount), ("amount_high_usd", amount)]);
            row.id = "whole".to_owned();
            row
        };
        let part = |words: &'static str| {
            row(&[("kind", "service_commitment"), ("payer_or_investor", "A"), ("condition", words)])
        };
        for words in ["third step, part of the 22.4", "part 2 of the 22.4", "part of the $22.4B order", "part of the additional 22.4"] {
            assert!(is_part_of(&part(words), &whole("22400000000")), "{words}");
        }
        assert!(is_part_of(&part("part of the 22.4"), &whole("22400000")));
        assert!(!is_part_of(&part("part of the $22.4B order"), &whole("22400000")));
        assert!(!is_part_of(&part("part already converted"), &whole("22400000000")));
        assert!(is_part_of(&part("do not add to the 22.4"), &whole("22400000000")));
        assert!(!is_part_of(&part("do not add to them"), &whole("22400000000")));
    }

    #[test]
    fn the_finer_way_to_divide_a_sum_is_taken() {
        // By hand: 1.25 + 2.75 + 4 = 8 = 6.6 + 1.4.
        assert_eq!(exactly(&[6.6, 1.4, 1.25, 2.75, 4.0], 8.0), Some(vec![2, 3, 4]));
        assert_eq!(exactly(&[5.0, 2.0], 8.0), None);
    }
}
