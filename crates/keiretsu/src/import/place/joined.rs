//! Groups of rows to statements: the first says the terms, all of them the figure, and each its name.

use std::collections::{BTreeMap, BTreeSet};

use super::becomes::Candidate;
use super::groups;
use super::people::People;
use crate::import::row::Row;
use crate::import::statement::{ImportedClaim, ImportedFigure, ImportedRow, ImportedStatement, text};

/// Rows on one subject, the one that counts first.
pub struct Group {
    /// Their places in the table.
    pub rows: Vec<usize>,
    /// The first row of the group of which this is a slice.
    pub part_of: Option<usize>,
    /// The first rows of the groups that it replaces.
    pub supersedes: Vec<usize>,
}

/// The statements of all groups.
pub fn all(
    rows: &[Row],
    candidates: Vec<Option<Candidate>>,
    groups: &[Group],
    people: &mut People,
    left_out: &mut BTreeMap<String, String>,
) -> Vec<ImportedStatement> {
    let deals = deals(rows, &candidates, groups);
    let mut names: BTreeMap<usize, String> = BTreeMap::new();
    for deal in &deals {
        let at = groups[deal[0]].rows[0];
        let Some(first) = &candidates[at] else { continue };
        let name = people.name(&wishes(first, &rows[at]));
        for group in deal {
            names.insert(groups[*group].rows[0], name.clone());
        }
    }
    let mut candidates = candidates;
    let mut statements = Vec::new();
    for deal in &deals {
        let mut whole: Option<ImportedStatement> = None;
        for group in deal {
            let group = &groups[*group];
            let Some(name) = names.get(&group.rows[0]) else { continue };
            let members = group.rows.iter().filter_map(|at| candidates[*at].take().map(|one| (*at, one)));
            let mut one = joined(rows, &members.collect::<Vec<_>>(), name, people, left_out);
            ties(&mut one, group, &names);
            match &mut whole {
                None => whole = Some(one),
                Some(whole) => add(whole, one),
            }
        }
        statements.extend(whole);
    }
    statements
}

/// Groups by deal: tranches between the same two parties that were announced together are one contract.
fn deals(rows: &[Row], candidates: &[Option<Candidate>], groups: &[Group]) -> Vec<Vec<usize>> {
    let mut deals: Vec<Vec<usize>> = Vec::new();
    let mut known: BTreeMap<(String, String, String, String), usize> = BTreeMap::new();
    let replaced: BTreeSet<usize> =
        groups.iter().flat_map(|group| group.supersedes.iter().copied()).collect();
    let wholes: BTreeSet<usize> = groups.iter().filter_map(|group| group.part_of).collect();
    for (at, group) in groups.iter().enumerate() {
        let row = group.rows[0];
        let Some(first) = &candidates[row] else { continue };
        let said = rows[row].cell("announced");
        let in_tranches =
            first.statement.below.first().is_some_and(|below| below.name.starts_with("tranches."));
        let tied = group.part_of.is_some() || wholes.contains(&row) || replaced.contains(&row);
        let open = in_tranches && !tied && !said.is_empty() && rows[row].cell("status") != "terminated";
        let key = (first.subject.clone(), first.pair.0.clone(), first.pair.1.clone(), said.to_owned());
        if let Some(deal) = known.get(&key).filter(|_| open) {
            deals[*deal].push(at);
            continue;
        }
        if open {
            known.insert(key, deals.len());
        }
        deals.push(vec![at]);
    }
    deals
}

/// Names for a statement: a contract has the id of its first row, so that it is found again; what is no
/// contract is named by what it is.
fn wishes(first: &Candidate, row: &Row) -> Vec<String> {
    if first.is_contract() { vec![row.id.clone(), first.stem.clone()] } else { vec![first.stem.clone()] }
}

/// Adds the tranches of another statement of the same deal.
fn add(whole: &mut ImportedStatement, mut other: ImportedStatement) {
    for below in &mut other.below {
        let stem = below.name.clone();
        let mut next = 2;
        while whole.below.iter().any(|known| known.name == below.name) {
            below.name = format!("{stem}-{next}");
            next += 1;
        }
        for row in &mut other.rows {
            row.place = format!("{}.{}", whole.path, below.name);
        }
    }
    for (key, value) in other.terms {
        match whole.terms.iter_mut().find(|(known, _)| *known == key) {
            // What is said of the one tranche stands in it.
            Some((_, there)) if key == "text" && *there != value => {}
            Some(_) => {}
            None => whole.terms.push((key, value)),
        }
    }
    for row in &mut whole.rows {
        if row.place == whole.path && whole.below.len() == 1 {
            row.place = format!("{}.{}", whole.path, whole.below[0].name);
        }
    }
    whole.terms.retain(|(key, _)| key != "text");
    whole.below.extend(other.below);
    whole.remarks.extend(other.remarks);
    whole.rows.extend(other.rows);
}

/// What a statement is to others.
fn ties(statement: &mut ImportedStatement, group: &Group, names: &BTreeMap<usize, String>) {
    let whole = group.part_of.and_then(|whole| names.get(&whole));
    let old: Vec<String> =
        group.supersedes.iter().filter_map(|old| names.get(old)).map(|name| text(name)).collect();
    let at = statement.terms.iter().position(|(key, _)| ["text", "known", "assumed"].contains(&key.as_str()));
    let at = at.unwrap_or(statement.terms.len());
    let part = whole.map(|whole| ("part_of".to_owned(), text(whole)));
    let replaced = (!old.is_empty()).then(|| ("supersedes".to_owned(), format!("[{}]", old.join(", "))));
    statement.terms.splice(at..at, part.into_iter().chain(replaced));
}

/// The statement of the first of a group, with the claims of the others.
fn joined(
    rows: &[Row],
    group: &[(usize, Candidate)],
    name: &str,
    people: &mut People,
    left_out: &mut BTreeMap<String, String>,
) -> ImportedStatement {
    let Some((at, first)) = group.first().cloned() else { return ImportedStatement::default() };
    let mut statement = first.statement.clone();
    statement.path = format!("{}.{name}", first.table);
    let mut claims = Vec::new();
    for (member, (row, candidate)) in group.iter().enumerate() {
        let row = &rows[*row];
        let conflict =
            (member > 0).then(|| groups::difference((&rows[at], &first), (row, candidate), people)).flatten();
        claims.extend(claims_of(row, (candidate, &first), conflict, people));
        let besides = candidate.besides(&first).filter(|_| member > 0);
        note(left_out, row, candidate.left_out(row).into_iter().chain(besides));
        if let Some(exchange) = candidate.exchange {
            people.exchange(row, exchange);
        }
        let (id, confidence) = (row.id.clone(), row.cell("confidence").to_owned());
        statement.rows.push(ImportedRow { id, confidence, place: statement.path.clone() });
    }
    for (row, candidate) in group.iter().skip(1) {
        let source = people.sources.get(&rows[*row].id);
        statement.terms.extend(beside(&first, candidate, source));
    }
    let apart = rows[at].conflicts().filter(|id| !statement.rows.iter().any(|own| own.id == *id));
    let apart: Vec<String> = apart.map(|id| format!("the row {id} says otherwise")).collect();
    statement.remarks.extend(apart);
    let out = statement
        .rows
        .iter()
        .filter_map(|row| left_out.get(&row.id).map(|words| format!("of the row {}: {words}", row.id)));
    let out: Vec<String> = out.collect();
    statement.remarks.extend(out);
    if let Some(term) = first.figure {
        let figure = Some(ImportedFigure { term, claims });
        match statement.below.first_mut() {
            Some(below) => below.figure = figure,
            None => statement.figure = figure,
        }
    } else {
        let source = people.sources.get(&rows[at].id);
        statement.terms.extend(source.map(|source| ("source".to_owned(), text(source))));
        let quote = rows[at].cell("amount_text");
        statement.terms.extend((!quote.is_empty()).then(|| ("quote".to_owned(), text(quote))));
    }
    statement
}

/// Figures besides the one of the group, which only another claim has: each with its own source.
const BESIDE: [&str; 2] = ["cap", "spread"];

fn beside(first: &Candidate, other: &Candidate, source: Option<&String>) -> Vec<(String, String)> {
    let has = |key: &str| first.statement.terms.iter().any(|(known, _)| known == key);
    let own = other.statement.terms.iter().filter(|(key, _)| BESIDE.contains(&key.as_str()) && !has(key));
    let cited = |value: &String| match source {
        Some(source) => format!("{{ figure = {value}, source = {} }}", text(source)),
        None => value.clone(),
    };
    own.filter(|_| first.subject == other.subject).map(|(key, value)| (key.clone(), cited(value))).collect()
}

/// What a row claims of the figure of its group.
fn claims_of(
    row: &Row,
    (candidate, first): (&Candidate, &Candidate),
    conflict: Option<&'static str>,
    people: &People,
) -> Vec<ImportedClaim> {
    let other_day = candidate.on.clone().filter(|_| candidate.on != first.on);
    let words = aligned(candidate, first);
    let claim = |words: String| ImportedClaim {
        words,
        source: people.sources.get(&row.id).cloned(),
        quote: row.cell("amount_text").to_owned(),
        conflict,
        on: other_day.clone(),
        known: row.when("announced").filter(|when| when.single).map(|when| when.text()),
    };
    words.into_iter().map(claim).collect()
}

/// The claims of a row of another type as the first has them: a total of a purchase falls over its time.
fn aligned(candidate: &Candidate, first: &Candidate) -> Vec<String> {
    if candidate.subject == first.subject && !candidate.is_open {
        return candidate.claims.clone();
    }
    let bare = |words: &String| words.split(" over ").next().unwrap_or(words).to_owned();
    let over =
        first.claims.first().and_then(|words| words.split_once(" over ")).map(|(_, over)| over.to_owned());
    let behind = over.map_or(String::new(), |over| format!(" over {over}"));
    let with = |words: &String| {
        if words == super::becomes::UNDISCLOSED { words.clone() } else { bare(words) + &behind }
    };
    candidate.claims.iter().map(with).collect()
}

fn note(left_out: &mut BTreeMap<String, String>, row: &Row, words: impl IntoIterator<Item = String>) {
    let words: Vec<String> = words.into_iter().collect();
    if !words.is_empty() {
        left_out.insert(row.id.clone(), words.join("; "));
    }
}
