//! Rows to statements: each alone, then those that contradict each other about one thing as claims of one
//! figure, parts as slices of their wholes, sums as published figures, tranches of one deal as one contract.

mod becomes;
mod groups;
mod joined;
mod parts;
mod people;
mod somebody;
mod tiers;
mod wholes;

use std::collections::{BTreeMap, BTreeSet};

use becomes::Candidate;
use people::People;
use wholes::Ties;

use super::amount;
use super::names::Known;
use super::row::Row;
use super::statement::ImportedStatement;

/// The additions of an import.
#[derive(Clone, Debug, Default)]
pub struct Placed {
    /// New statements, in the order of the files and the rows.
    pub statements: Vec<ImportedStatement>,
    /// Rows that stand nowhere, and why.
    pub unplaced: Vec<(String, String)>,
    /// Parts of placed rows that are left out, and why.
    pub left_out: BTreeMap<String, String>,
    /// The latest day of a statement.
    pub as_of: String,
}

impl Placed {
    /// How many rows stand somewhere.
    pub fn placed(&self) -> usize {
        self.places().count()
    }

    /// Each placed row and where it stands.
    pub fn places(&self) -> impl Iterator<Item = (&str, &str)> {
        self.statements.iter().flat_map(ImportedStatement::places)
    }
}

/// Places new rows into a model that has some things already; `table` has the ids of all its new rows.
pub fn all(rows: &[Row], table: &BTreeSet<&str>, known: &Known) -> Placed {
    let mut people = People::new(rows, known);
    let mut placed = Placed { as_of: as_of(rows), ..Placed::default() };
    let mut candidates = each(rows, table, &mut people, &mut placed);
    let groups = groups::of(rows, &candidates, &people);
    let ties = wholes::of(rows, &candidates, &groups, &people);
    publish(rows, &mut candidates, (&groups, &ties), &mut people, &mut placed);
    // A figure that is now published may contradict other published ones.
    let regrouped = regrouped(rows, &candidates, (groups, ties), &people);
    let made = joined::all(rows, candidates, &regrouped, &mut people, &mut placed.left_out);
    placed.statements = used(people.statements(), &made);
    placed.statements.extend(made);
    placed.statements.sort_by_key(|statement| {
        super::statement::FILES.iter().position(|file| *file == statement.file).unwrap_or_default()
    });
    placed
}

/// Each row alone.
fn each(
    rows: &[Row],
    table: &BTreeSet<&str>,
    people: &mut People,
    placed: &mut Placed,
) -> Vec<Option<Candidate>> {
    let new: BTreeSet<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let mut candidates = Vec::new();
    let mut said: BTreeSet<[String; 2]> = BTreeSet::new();
    for row in rows {
        let stranger = row.conflicts().find(|other| !new.contains(other) && people.is_row(other));
        let candidate = match (row.unreadable(), stranger) {
            (Some(reason), _) => Err(reason),
            (None, Some(other)) => {
                Err(format!("says otherwise than `{other}`, which the model has; add it to the claims there"))
            }
            (None, None) => becomes::candidate(row, people).and_then(|candidate| {
                // An amount that cannot be read is none that is undisclosed.
                let unread = amount::of(row, None).err();
                unread.filter(|_| candidate.measure.is_none()).map_or(Ok(candidate), Err)
            }),
        };
        match candidate {
            Ok(candidate) => {
                let unknown = row.conflicts().filter(|other| !table.contains(other) && !people.is_row(other));
                let noted = unknown.fold(candidate, |candidate, other| {
                    candidate.noting(&format!("conflicts_with is `{other}`, which no row has as its id"))
                });
                candidates.push(Some(alike(row, people, &mut said, noted)));
            }
            Err(reason) => {
                placed.unplaced.push((row.id.clone(), reason));
                candidates.push(None);
            }
        }
    }
    candidates
}

/// Says once of two names of which one begins with the other that they are two parties here.
fn alike(row: &Row, people: &People, said: &mut BTreeSet<[String; 2]>, candidate: Candidate) -> Candidate {
    ["payer_or_investor", "payee_or_issuer"].into_iter().fold(candidate, |candidate, column| {
        let cell = row.cell(column);
        let Some(other) = people.perhaps_same(cell) else { return candidate };
        let mut pair = [cell.to_owned(), other.clone()];
        pair.sort();
        if !said.insert(pair) {
            return candidate;
        }
        candidate
            .noting(&format!("`{cell}` and `{other}` are two parties here: if they are one, write one name"))
    })
}

/// Makes published figures of contracts that are none, or that others hold.
fn publish(
    rows: &[Row],
    candidates: &mut [Option<Candidate>],
    (groups, ties): (&[Vec<usize>], &[Ties]),
    people: &mut People,
    placed: &mut Placed,
) {
    for (group, ties) in groups.iter().zip(ties) {
        let Some(why) = &ties.published else { continue };
        for at in group {
            match becomes::as_report(&rows[*at], people) {
                Ok(report) if why.is_empty() => candidates[*at] = Some(report),
                Ok(report) => candidates[*at] = Some(report.noting(why)),
                Err(reason) => {
                    let why = if why.is_empty() { reason } else { format!("{why}; {reason}") };
                    placed.unplaced.push((rows[*at].id.clone(), why));
                    candidates[*at] = None;
                }
            }
        }
    }
}

/// The groups with their ties, those of published figures anew; ties name the group by its first row.
fn regrouped(
    rows: &[Row],
    candidates: &[Option<Candidate>],
    (groups, ties): (Vec<Vec<usize>>, Vec<Ties>),
    people: &People,
) -> Vec<joined::Group> {
    let first = |group: usize| groups[group][0];
    let mut made: Vec<joined::Group> = Vec::new();
    let mut reports: Vec<Option<Candidate>> = vec![None; rows.len()];
    for (group, ties) in groups.iter().zip(&ties) {
        let reported =
            group.iter().any(|at| candidates[*at].as_ref().is_some_and(|one| one.table == "reports"));
        if ties.published.is_some() || reported {
            for at in group {
                reports[*at].clone_from(&candidates[*at]);
            }
        } else {
            let supersedes = ties.supersedes.iter().map(|old| first(*old)).collect();
            let part_of = ties.part_of.map(first);
            made.push(joined::Group { rows: group.clone(), part_of, supersedes });
        }
    }
    let again = groups::of(rows, &reports, people);
    made.extend(again.into_iter().map(|rows| joined::Group { rows, part_of: None, supersedes: vec![] }));
    made.sort_by_key(|group| group.rows.iter().min().copied());
    made
}

/// Parties, sources and events that statements name, with the parties of which they are segments.
fn used(all: Vec<ImportedStatement>, made: &[ImportedStatement]) -> Vec<ImportedStatement> {
    let name =
        |statement: &ImportedStatement| statement.path.rsplit('.').next().unwrap_or_default().to_owned();
    let named: BTreeSet<String> = made.iter().flat_map(ImportedStatement::names).collect();
    let (kept, rest): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|one| one.path.starts_with("currencies.") || named.contains(&name(one)));
    let named: BTreeSet<String> = kept.iter().flat_map(ImportedStatement::names).collect();
    let parents = rest.into_iter().filter(|one| named.contains(&name(one)));
    parents.chain(kept).collect::<Vec<_>>()
}

/// The latest day of publication in the rows. A year alone counts as none.
fn as_of(rows: &[Row]) -> String {
    let said = rows.iter().filter_map(|row| row.when("announced"));
    let days = said.map(|when| if when.first.month() == when.last.month() { when.last } else { when.first });
    days.max().map_or_else(|| "2026-01-01".to_owned(), |day| day.to_string())
}
