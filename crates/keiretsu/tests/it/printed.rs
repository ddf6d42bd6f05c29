//! What is printed can be typed back: numbers of screens, sampled from each measure, are addresses by the
//! words that stand beside and above them.

use std::collections::BTreeSet;

use keiretsu::{Question, Session};
use keiretsu_values::Table;
use keiretsu_views::amount::inline;
use keiretsu_views::{Style, by_name};

use crate::asked::{ask, example, question, tables};

/// Numbers tried of each measure.
const TRIED: usize = 100;

/// A screen as a grid of words: headings, and rows as they stand below each other.
struct Grid {
    headings: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// The first table of a screen, on lines as long as it takes, with the rows that have one line each.
fn grid(table: &Table) -> Option<Grid> {
    let format = by_name("table").expect("the format for people");
    let style = Style { wide: true, lines: Some(1_000), ..Style::default() };
    let text = String::from_utf8(format.write(std::slice::from_ref(table), &style)).expect("text");
    let lines: Vec<Vec<char>> = text.lines().map(|line| line.chars().collect()).collect();
    let rule = lines.iter().position(|line| line.contains(&'─'))?;
    let head = lines[..rule].iter().rposition(Vec::is_empty).map_or(0, |at| at + 1);
    let end =
        lines[rule..].iter().position(|line| line.is_empty() || line.starts_with(&['n', 'o', 't', ' ', 's']));
    let body = &lines[rule + 1..end.map_or(lines.len(), |end| rule + end)];
    let width = lines[rule].len();
    let blank = |at: usize| {
        let all = lines[head..rule].iter().chain(body);
        all.into_iter().all(|line| line.get(at).is_none_or(|sign| *sign == ' '))
    };
    let mut columns: Vec<(usize, usize)> = vec![];
    let mut at = 0;
    while at < width {
        if blank(at) {
            at += 1;
            continue;
        }
        let end = (at..width).find(|end| blank(*end) && blank(end + 1)).unwrap_or(width);
        columns.push((at, end));
        at = end;
    }
    let words = |line: &Vec<char>, (from, to): &(usize, usize)| -> String {
        line.get(*from..(*to).min(line.len()))
            .unwrap_or_default()
            .iter()
            .collect::<String>()
            .trim()
            .to_owned()
    };
    let headings = columns.iter().map(|column| {
        let parts: Vec<String> = lines[head..rule].iter().map(|line| words(line, column)).collect();
        parts.join(" ").trim().to_owned()
    });
    // A line that hangs belongs to the row above, which is then not tried.
    let is_hung = |at: usize| body.get(at).is_some_and(|line| line.starts_with(&[' ']));
    let whole = (0..body.len()).filter(|at| !is_hung(*at) && !is_hung(at + 1));
    let rows = whole.map(|at| columns.iter().map(|column| words(&body[at], column)).collect());
    Some(Grid { headings: headings.collect(), rows: rows.collect() })
}

/// The addresses of the numbers of a screen, and the words printed there.
fn printed(table: &Table) -> Vec<(String, String)> {
    let Some(Grid { headings, rows }) = grid(table) else { return vec![] };
    let keys: BTreeSet<&str> =
        table.columns[..table.keys()].iter().map(|column| column.title.as_str()).collect();
    let is_key = |at: &usize| keys.contains(headings[*at].as_str());
    let mut all = vec![];
    for row in &rows {
        let named: Vec<&str> = (0..headings.len())
            .filter(is_key)
            .map(|at| row[at].as_str())
            .filter(|word| !word.is_empty())
            .collect();
        for at in (0..headings.len()).filter(|at| !is_key(at)) {
            let is_number = row[at] == "unknown" || row[at].contains(|sign: char| sign.is_ascii_digit());
            let is_words =
                table.columns.iter().any(|column| column.title == headings[at] && !column.kind.is_numbers());
            if is_number && !is_words {
                let words = [&named[..], &[headings[at].as_str()]].concat().join(", ");
                all.push((format!("{}({words})", table.measure), row[at].clone()));
            }
        }
    }
    all
}

/// What an address says of its number: the words of the amounts on its sheet.
fn said(session: &Session, address: &str) -> Result<Vec<String>, String> {
    let of = Question { of: vec![address.to_owned()], ..question("number") };
    let answer = ask(session, &of).map_err(|why| format!("{why}: {}", why.hint()))?;
    let table = &answer.tables()[0];
    let amounts = table.rows.iter().enumerate().flat_map(|(row, cells)| {
        (0..cells.len()).filter_map(move |at| Some(inline(cells[at].value()?, table.unit(row, at)?)))
    });
    Ok(amounts.collect())
}

/// The addresses of a measure that are refused, or that lead to another amount of money.
fn refused(session: &Session, measure: &str, tried: &mut usize) -> Vec<String> {
    let answer = tables(session, &question(measure));
    let ranges: Vec<&str> =
        answer.iter().filter_map(|table| table.screen.interval.map(|range| range.title)).collect();
    let all: Vec<(String, String)> = answer.iter().flat_map(printed).collect();
    // A range is two numbers, and is answered with their names.
    let is_range =
        |(address, _): &&(String, String)| ranges.iter().any(|title| address.ends_with(&format!("{title})")));
    let all: Vec<_> = all.iter().filter(|each| !is_range(each)).collect();
    let step = all.len().div_ceil(TRIED).max(1);
    let mut refused = vec![];
    for (address, words) in all.into_iter().step_by(step) {
        *tried += 1;
        match said(session, address) {
            Err(why) => refused.push(format!("{address}: {why}")),
            Ok(amounts) if words.contains('$') && !amounts.contains(words) => {
                refused.push(format!("{address} is printed as {words} and is {amounts:?}"));
            }
            Ok(_) => {}
        }
    }
    refused
}

#[test]
fn what_a_screen_prints_is_an_address() {
    let session = example("three-clouds");
    let explained = keiretsu_measures::MEASURES.iter().filter(|measure| measure.is_explained());
    let (mut tried, mut all) = (0, vec![]);
    for measure in explained.filter(|measure| ask(&session, &question(measure.name())).is_ok()) {
        all.extend(refused(&session, measure.name(), &mut tried));
    }
    assert!(all.is_empty(), "{} of {tried}:\n{}", all.len(), all.join("\n"));
    assert!(300 < tried, "{tried}");
}
