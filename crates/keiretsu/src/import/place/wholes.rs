//! Sums and parts: what the rows say of each other, so that nothing counts twice.
//!
//! A row that calls itself a part of another one is a slice of it. A row that calls itself a sum of others is
//! a published figure where its parts are in the table, and the whole of which they are slices where they
//! leave something of it. Of two ways to divide one sum the finer one counts.
//!
//! Invariant: slices of a whole are together at most the whole, and no slice has slices.
//! Absent: shares of a sum over several parties that no row divides.

use std::collections::BTreeMap;

use super::becomes::{self, Candidate};
use super::groups;
use super::parts::{
    addends, adding_up, includes, is_addend_of, is_collective, is_linked, is_part_of, is_sum, is_within,
    kind, whole_number,
};
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
    tied.headlines();
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

    /// What nothing says how long it runs, of people in general or of several, is a figure of what they have
    /// in all, and holds contracts of their own; between two parties it is a contract without an end.
    fn open(&mut self) {
        for group in 0..self.groups.len() {
            let in_all = self.candidate(group).is_some_and(|one| one.is_open && one.is_general);
            if self.is_contract(group) && in_all {
                self.publish(group, String::new());
            }
        }
    }

    /// What all have together is of nobody, and holds what each of them has.
    fn collective(&mut self) {
        for group in 0..self.groups.len() {
            if self.is_contract(group) && is_collective(self.row(group)) {
                self.publish(
                    group,
                    "a sum over several parties, some of which have rows of their own".to_owned(),
                );
            }
        }
    }

    /// A headline that adds up rows which it contradicts.
    fn headlines(&mut self) {
        let sums = adding_up(self.rows, &groups::links(self.rows));
        for group in 0..self.groups.len() {
            if self.is_contract(group) && sums.contains(&self.groups[group][0]) {
                self.publish(group, "a sum of the rows that it contradicts".to_owned());
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
            if a == b
                || !self.is_contract(a)
                || !self.is_contract(b)
                || !groups::one_pair(one, two, true, self.people)
            {
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
            let including =
                |other: &usize| self.groups[*other].iter().any(|at| includes(&self.rows[*at], row));
            let among: Vec<usize> = if named {
                (0..self.groups.len()).collect()
            } else {
                (0..self.groups.len()).filter(|other| adding.contains(other) || including(other)).collect()
            };
            let holds = |at: &usize| {
                let whole = &self.rows[*at];
                is_part_of(row, whole) || is_addend_of(row, whole) || includes(whole, row)
            };
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
        let all: Vec<usize> = (0..self.groups.len()).filter(|other| self.divides(*other, whole)).collect();
        // What contradicts the sum is the sum seen otherwise, before it is a part of it.
        let apart: Vec<usize> = all.iter().copied().filter(|part| !is_linked(self.row(*part), row)).collect();
        let parts = if apart.is_empty() { all.clone() } else { apart };
        let amounts: Vec<f64> = parts.iter().map(|part| self.dollars(*part)).collect();
        let sum: f64 = amounts.iter().sum();
        if parts.is_empty() {
            return;
        }
        let why = format!("a sum of other rows, which come to {}", amount::dollars(sum));
        if let Some(chosen) = most.and_then(|most| exactly(&amounts, most)) {
            let kept: Vec<usize> = chosen.iter().map(|at| parts[*at]).collect();
            for part in all.iter().filter(|part| !kept.contains(part)) {
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
            for part in all {
                if parts.contains(&part) {
                    self.ties[part].part_of = Some(whole);
                } else {
                    self.publish(part, format!("says otherwise than the sum `{}`, which counts", row.id));
                }
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
        amount::dollars_of(self.row(group))
            .map_or(0.0, |(low, high)| if low > 0.0 { low } else { high.unwrap_or(0.0) })
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

    #[test]
    fn the_finer_way_to_divide_a_sum_is_taken() {
        // By hand: 1.25 + 2.75 + 4 = 8 = 6.6 + 1.4.
        assert_eq!(exactly(&[6.6, 1.4, 1.25, 2.75, 4.0], 8.0), Some(vec![2, 3, 4]));
        assert_eq!(exactly(&[5.0, 2.0], 8.0), None);
    }
}
