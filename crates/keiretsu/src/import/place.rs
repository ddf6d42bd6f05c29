//! Rows to statements: each alone, then those that contradict each other about one thing as claims of one
//! figure.

mod becomes;
mod people;

use std::collections::{BTreeMap, BTreeSet};

use becomes::Candidate;
use people::People;

use super::names::Known;
use super::row::Row;
use super::statement::{ImportedClaim, ImportedFigure, ImportedStatement, text};

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

/// Places new rows into a model that has some things already.
pub fn all(rows: &[Row], known: &Known) -> Placed {
    let mut people = People::new(rows, known);
    let mut placed = Placed { as_of: as_of(rows), ..Placed::default() };
    let mut candidates: Vec<Option<Candidate>> = Vec::new();
    let new: BTreeSet<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    for row in rows {
        let stranger = row.conflicts().find(|other| !new.contains(other) && people.is_row(other));
        let candidate = match (row.unreadable(), stranger) {
            (Some(reason), _) => Err(reason),
            (None, Some(other)) => {
                Err(format!("says otherwise than `{other}`, which the model has; add it to the claims there"))
            }
            (None, None) => becomes::candidate(row, &mut people).and_then(|candidate| {
                let unread = row.dollars_only_in_words().filter(|_| candidate.words == UNREAD);
                unread.map_or(Ok(candidate), Err)
            }),
        };
        match candidate {
            Ok(candidate) => candidates.push(Some(candidate)),
            Err(reason) => {
                placed.unplaced.push((row.id.clone(), reason));
                candidates.push(None);
            }
        }
    }
    let mut statements = people.statements();
    for group in groups(rows, &candidates) {
        let group = group.into_iter().filter_map(|at| candidates[at].take().map(|candidate| (at, candidate)));
        statements.push(joined(rows, group.collect(), &people.sources, &mut placed.left_out));
    }
    statements.sort_by_key(|statement| {
        super::statement::FILES.iter().position(|file| *file == statement.file).unwrap_or_default()
    });
    placed.statements = statements;
    placed
}

/// The figure of a row that has none.
const UNREAD: &str = "undisclosed";

/// The latest day of publication in the rows. A year alone counts as none.
fn as_of(rows: &[Row]) -> String {
    let said = rows.iter().filter_map(|row| row.when("announced"));
    let days = said.map(|when| if when.first.month() == when.last.month() { when.last } else { when.first });
    days.max().map_or_else(|| "2026-01-01".to_owned(), |day| day.to_string())
}

/// Rows on the same subject, the one in use first. A row joins only if it contradicts the first itself; one
/// that contradicts two subjects joins one of them and leaves the other alone.
fn groups(rows: &[Row], candidates: &[Option<Candidate>]) -> Vec<Vec<usize>> {
    let against = against(rows, candidates);
    let mut order: Vec<usize> = (0..rows.len()).filter(|at| candidates[*at].is_some()).collect();
    order.sort_by_key(|at| (weight(&rows[*at]), *at));
    let mut taken = BTreeSet::new();
    let mut groups = Vec::new();
    for at in order {
        if taken.insert(at) {
            let mut group = vec![at];
            group.extend(against[at].iter().copied().filter(|other| taken.insert(*other)));
            groups.push(group);
        }
    }
    groups.sort_by_key(|group| group.iter().min().copied());
    groups
}

/// For each row those that contradict it: by its own words, or as another source on the same deal.
fn against(rows: &[Row], candidates: &[Option<Candidate>]) -> Vec<BTreeSet<usize>> {
    let place: BTreeMap<&str, usize> =
        rows.iter().enumerate().map(|(at, row)| (row.id.as_str(), at)).collect();
    let mut against: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); rows.len()];
    let mut join = |at: usize, other: usize| {
        if let (Some(a), Some(b)) = (&candidates[at], &candidates[other])
            && at != other
            && a.speaks_of(b)
        {
            against[at].insert(other);
            against[other].insert(at);
        }
    };
    for (at, row) in rows.iter().enumerate() {
        for other in row.conflicts().filter_map(|id| place.get(id)) {
            join(at, *other);
        }
    }
    let mut deals: BTreeMap<Vec<&str>, Vec<usize>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        let is_contract = candidates[at].as_ref().is_some_and(Candidate::is_contract);
        if is_contract && !row.cell("start").is_empty() && !source(row)[0].is_empty() {
            deals.entry(deal(row)).or_default().push(at);
        }
    }
    for deal in deals.values() {
        let first = deal.iter().copied().min_by_key(|at| (weight(&rows[*at]), *at));
        for at in deal {
            if let Some(first) = first.filter(|first| source(&rows[*first]) != source(&rows[*at])) {
                join(first, *at);
            }
        }
    }
    against
}

/// The common ground of two sources on one deal: kind, parties, dates, and whether it is conditional.
fn deal(row: &Row) -> Vec<&str> {
    let conditional = if row.cell("status") == "conditional" { "conditional" } else { "" };
    let cells = ["kind", "payer_or_investor", "payee_or_issuer", "start", "end"].map(|name| row.cell(name));
    cells.into_iter().chain([conditional]).collect()
}

fn source(row: &Row) -> [&str; 2] {
    [row.cell("source_title"), row.cell("source_url")]
}

/// The order of claims: binding before announced, the better source first.
fn weight(row: &Row) -> (bool, usize) {
    let sure = ["high", "medium", "low"].iter().position(|word| *word == row.cell("confidence"));
    (row.cell("status") == "terminated", sure.unwrap_or(3))
}

/// The statement of the first of a group, with the claims of the others.
fn joined(
    rows: &[Row],
    group: Vec<(usize, Candidate)>,
    sources: &BTreeMap<usize, String>,
    left_out: &mut BTreeMap<String, String>,
) -> ImportedStatement {
    let mut members = group.into_iter();
    let Some((at, first)) = members.next() else { return ImportedStatement::default() };
    let claim = |at: usize, candidate: &Candidate, conflict| ImportedClaim {
        words: candidate.words.clone(),
        source: sources.get(&at).cloned(),
        quote: rows[at].cell("amount_text").to_owned(),
        conflict,
    };
    let mut claims = vec![claim(at, &first, None)];
    let mut ids = vec![rows[at].id.clone()];
    note(left_out, &rows[at], first.left_out(&rows[at]));
    for (other_at, other) in members {
        claims.push(claim(other_at, &other, (other.pair != first.pair).then_some("direction")));
        ids.push(rows[other_at].id.clone());
        note(
            left_out,
            &rows[other_at],
            other.left_out(&rows[other_at]).into_iter().chain(other.besides(&first)),
        );
    }
    let mut statement = first.statement;
    let apart = rows[at].conflicts().filter(|id| !ids.iter().any(|own| own == id));
    statement.remarks.extend(apart.map(|id| format!("the row {id} says otherwise")));
    let out = ids.iter().filter_map(|id| left_out.get(id).map(|words| format!("of the row {id}: {words}")));
    statement.remarks.extend(out);
    if let Some(term) = first.figure {
        statement.figure = Some(ImportedFigure { term, claims });
    } else {
        let claim = &claims[0];
        statement.terms.extend(claim.source.iter().map(|source| ("source".to_owned(), text(source))));
        if !claim.quote.is_empty() {
            statement.terms.push(("quote".to_owned(), text(&claim.quote)));
        }
    }
    statement.rows = ids;
    statement
}

fn note(left_out: &mut BTreeMap<String, String>, row: &Row, words: impl IntoIterator<Item = String>) {
    let words: Vec<String> = words.into_iter().collect();
    if !words.is_empty() {
        left_out.insert(row.id.clone(), words.join("; "));
    }
}
