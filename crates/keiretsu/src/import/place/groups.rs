//! Rows on one subject: which are claims of one figure, and which of them counts.
//!
//! Rows belong together by their own words (`conflicts_with`), or as several documents on one deal: the same
//! parties, kind and start. What was paid or agreed counts before what ended, that before what was only said;
//! then the surer row, then the later one.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::becomes::{Candidate, OUTSIDE};
use super::parts::{adding_up, are_one_sum, is_part_of, is_sum};
use super::people::{CONFIDENCES, People};
use crate::import::row::Row;

/// Rows on the same subject, the one in use first. A row joins only if it contradicts the first itself; one
/// that contradicts two subjects joins one of them and leaves the other alone.
pub fn of(rows: &[Row], candidates: &[Option<Candidate>], people: &People) -> Vec<Vec<usize>> {
    let against = against(rows, candidates, people);
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
    let mut groups = gathered(groups, rows, candidates, (&against, people));
    groups.sort_by_key(|group| group.iter().min().copied());
    groups
}

/// What is only said, and contradicts a claim in one other group, is a claim there too.
fn gathered(
    groups: Vec<Vec<usize>>,
    rows: &[Row],
    candidates: &[Option<Candidate>],
    (against, people): (&[BTreeSet<usize>], &People),
) -> Vec<Vec<usize>> {
    let (alone, mut rest): (Vec<_>, Vec<_>) = groups
        .into_iter()
        .partition(|group| group.len() == 1 && rows[group[0]].cell("status") == "announced");
    for group in alone {
        let at = group[0];
        let home = rest.iter().position(|other| other.iter().any(|member| against[at].contains(member)));
        let first = home.and_then(|home| candidates[rest[home][0]].as_ref());
        let fits = first.zip(candidates[at].as_ref()).is_some_and(|(a, b)| speak_of_one(a, b, true, people));
        match home.filter(|_| fits) {
            Some(home) => rest[home].push(at),
            None => rest.push(group),
        }
    }
    rest
}

/// The order of claims.
pub fn weight(row: &Row) -> (usize, usize, Reverse<Option<Date>>) {
    let status = match row.cell("status") {
        "paid" | "firm" | "conditional" => 0,
        "terminated" => 1,
        _ => 2,
    };
    let sure = CONFIDENCES.iter().position(|word| *word == row.cell("confidence")).unwrap_or(3);
    (status, sure, Reverse(row.when("announced").map(|when| when.last)))
}

/// For each row those that contradict it: by its own words, or as another source on the same deal.
fn against(rows: &[Row], candidates: &[Option<Candidate>], people: &People) -> Vec<BTreeSet<usize>> {
    let mut against: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); rows.len()];
    let links = links(rows);
    let sums = adding_up(rows, &links);
    let mut join = |at: usize, other: usize, linked: bool| {
        if sums.contains(&at) || sums.contains(&other) {
            return;
        }
        if let (Some(a), Some(b)) = (&candidates[at], &candidates[other])
            && at != other
            && speak_of_one(a, b, linked, people)
            && !replaces(&rows[at], &rows[other])
            && (is_sum(&rows[at]) == is_sum(&rows[other]) || linked && are_one_sum(&rows[at], &rows[other]))
            && !(is_part_of(&rows[at], &rows[other]) || is_part_of(&rows[other], &rows[at]))
        {
            against[at].insert(other);
            against[other].insert(at);
        }
    };
    for (at, other) in links {
        join(at, other, true);
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
            let other = |first: &usize| {
                let ends = [rows[*first].cell("end"), rows[*at].cell("end")];
                let one_end = ends[0] == ends[1] || ends.contains(&"");
                one_end && source(&rows[*first]) != source(&rows[*at])
            };
            if let Some(first) = first.filter(other) {
                join(first, *at, false);
            }
        }
    }
    against
}

/// Pairs of rows that name each other, by their places.
pub fn links(rows: &[Row]) -> Vec<(usize, usize)> {
    let place: BTreeMap<&str, usize> =
        rows.iter().enumerate().map(|(at, row)| (row.id.as_str(), at)).collect();
    let named = rows.iter().enumerate();
    named
        .flat_map(|(at, row)| {
            row.conflicts().filter_map(|id| place.get(id)).map(move |other| (at, *other)).collect::<Vec<_>>()
        })
        .collect()
}

/// What lives and what has ended are two contracts, of which one replaced the other.
pub fn replaces(row: &Row, other: &Row) -> bool {
    let status = [row.cell("status"), other.cell("status")];
    let lives = |status: &str| ["paid", "firm", "conditional"].contains(&status);
    lives(status[0]) && status[1] == "terminated" || lives(status[1]) && status[0] == "terminated"
}

/// Kinds of money for one another: a purchase that is reported as an investment is one deal seen twice.
const KINDRED: [&str; 8] =
    ["equity", "convertible", "supply", "loan", "capex", "lease", "guarantee", "backstop"];
/// Amounts of one deal differ by less, if they are reported as two things.
const NEAR: f64 = 1.5;

/// Whether both speak of one figure, whichever way the money runs. Those that name each other may be of
/// kindred types, and one may not name its other party.
fn speak_of_one(a: &Candidate, b: &Candidate, linked: bool, people: &People) -> bool {
    if a.figure.is_none() || b.figure.is_none() || a.table != b.table {
        return false;
    }
    let open = a.measure.is_none() || b.measure.is_none();
    let one_measure =
        a.measure == b.measure || open && (a.subject == b.subject || a.is_money() && b.is_money());
    if !one_measure || !one_pair(a, b, linked && a.is_contract(), people) {
        return false;
    }
    if a.subject == b.subject {
        return a.figure == b.figure;
    }
    let kindred = KINDRED.contains(&a.subject.as_str()) && KINDRED.contains(&b.subject.as_str());
    linked && kindred && a.is_money() && (are_capital(a, b) || are_near(a, b))
}

/// Whether the parties are the same, in whatever direction; `open` where one side may be nobody.
pub fn one_pair(a: &Candidate, b: &Candidate, open: bool, people: &People) -> bool {
    let same =
        |x: &str, y: &str| people.group(x) == people.group(y) || open && (x == OUTSIDE || y == OUTSIDE);
    let along = same(&a.pair.0, &b.pair.0) && same(&a.pair.1, &b.pair.1);
    let reversed = same(&a.pair.0, &b.pair.1) && same(&a.pair.1, &b.pair.0);
    let exact = a.pair == b.pair || (&a.pair.0, &a.pair.1) == (&b.pair.1, &b.pair.0);
    if a.is_contract() { along || reversed } else { exact }
}

fn are_capital(a: &Candidate, b: &Candidate) -> bool {
    [a, b].iter().all(|one| ["equity", "convertible"].contains(&one.subject.as_str()))
}

fn are_near(a: &Candidate, b: &Candidate) -> bool {
    let amount = |one: &Candidate| {
        let figure = keiretsu_model::figure::parse(one.claims.first()?).ok()?;
        figure.said.numbers()[0]
    };
    match (amount(a), amount(b)) {
        (Some(a), Some(b)) => a > 0.0 && b > 0.0 && (a / b).max(b / a) < NEAR,
        _ => true,
    }
}

/// The common ground of two sources on one deal: kind, parties, start, and whether it is conditional.
fn deal(row: &Row) -> Vec<&str> {
    let conditional = if row.cell("status") == "conditional" { "conditional" } else { "" };
    let cells = ["kind", "payer_or_investor", "payee_or_issuer", "start"].map(|name| row.cell(name));
    cells.into_iter().chain([conditional]).collect()
}

fn source(row: &Row) -> [&str; 2] {
    [row.cell("source_title"), row.cell("source_url")]
}

/// How a claim differs from the first, where the rows themselves say so.
pub fn difference(
    first: (&Row, &Candidate),
    other: (&Row, &Candidate),
    people: &People,
) -> Option<&'static str> {
    let group = |candidate: &Candidate| {
        [&candidate.pair.0, &candidate.pair.1].map(|name| people.group(name).to_owned())
    };
    let (a, b) = (group(first.1), group(other.1));
    if a != b && a[0] == b[1] && a[1] == b[0] {
        return Some("direction");
    }
    let kin = |candidate: &Candidate| match candidate.subject.as_str() {
        "backstop" => "guarantee".to_owned(),
        "convertible" => "equity".to_owned(),
        subject => subject.to_owned(),
    };
    if kin(first.1) != kin(other.1) {
        return Some("same number, different thing");
    }
    let basis = |candidate: &Candidate| {
        candidate.statement.terms.iter().find(|(key, _)| key == "basis").map(|(_, value)| value.clone())
    };
    let bases = [basis(first.1), basis(other.1)];
    if bases[0] != bases[1] && first.1.subject != "stake" {
        let estimate = bases.iter().any(|basis| basis.as_deref() == Some("\"estimate\""));
        return Some(if estimate { "estimate against disclosure" } else { "basis" });
    }
    let has = |row: &Row, words: &[&str]| words.iter().any(|word| row.said().contains(word));
    let differs = |words: &[&str]| has(first.0, words) != has(other.0, words);
    if first.1.subject == "stake" && differs(&["dilut", "excluding", "as-converted", "before the round"]) {
        return Some("dilution view");
    }
    let bases: [&[&str]; 5] = [
        &["pre-money"],
        &["gross"],
        &["net of", "net revenue"],
        &["finance lease", "cash basis"],
        &["accrual"],
    ];
    if bases.iter().any(|words| differs(words)) {
        return Some("basis");
    }
    differs(&["estimate", "forecast", "analyst"]).then_some("estimate against disclosure")
}
