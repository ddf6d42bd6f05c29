//! Columns and a width to blocks: which columns stand in which block, and how wide each is.
//!
//! First headings wrap, then columns of words, the widest first; then the table splits into blocks that
//! repeat the columns that name the rows. Numbers are never narrower than they are.

use crate::sheet::{Printed, Sheet};
use crate::wrap::{longest_word, width, wrap};

/// Spaces between columns.
pub const GAP: usize = 2;
/// Indent of the second and later lines of a cell, to distinguish them from a new row.
pub const HANG: usize = 2;
/// Headings take no more lines than this.
const HEADING_LINES: usize = 4;
/// A column of words is not made narrower than this.
const LEAST_WORDS: usize = 12;
/// A longer word may be broken.
const LONGEST_WORD: usize = 30;

/// Columns side by side: position in the sheet, and width.
pub type Block = Vec<(usize, usize)>;

/// How wide a column would like to be, and how it gives way.
#[derive(Clone, Copy)]
struct Wish {
    /// The width of its widest cell.
    cells: usize,
    /// The narrowest that its cells can be.
    least: usize,
    /// The narrowest that its heading can be on one line, on two, and so on.
    heading: [usize; HEADING_LINES],
}

impl Wish {
    fn of(column: &Printed) -> Self {
        let cells = column.cells.iter().map(|cell| width(&cell.text)).max().unwrap_or(0);
        let words = column.cells.iter().map(|cell| word_room(&cell.text)).max().unwrap_or(0);
        let least = if column.numeric { cells } else { words.clamp(LEAST_WORDS, LONGEST_WORD).min(cells) };
        let heading = std::array::from_fn(|line| narrowest_heading(&column.heading, line + 1));
        Self { cells, least, heading }
    }

    fn narrowest(&self) -> usize {
        self.least.max(self.heading[HEADING_LINES - 1])
    }

    /// The same column, but its cells may not wrap.
    fn unbroken(self) -> Self {
        Self { least: self.cells, ..self }
    }
}

fn narrowest_heading(heading: &str, lines: usize) -> usize {
    let enough = |most: &usize| wrap(heading, *most, 0).len() <= lines;
    (longest_word(heading)..=width(heading)).find(enough).unwrap_or(width(heading))
}

/// The narrowest width in which no word of a cell breaks.
fn word_room(text: &str) -> usize {
    longest_word(text) + if text.contains(' ') { HANG } else { 0 }
}

/// The blocks in which a sheet fits a width: one if it can be, more if it must.
pub fn blocks(sheet: &Sheet, most: usize) -> Vec<Block> {
    let wishes: Vec<Wish> = sheet.columns.iter().map(Wish::of).collect();
    let all: Vec<usize> = (0..wishes.len()).collect();
    if let Some(block) = fitted(&wishes, &all, most) {
        return vec![block];
    }
    let keys = keys_that_fit(&wishes, sheet.keys, most);
    let parts = parts(&wishes, keys, most);
    parts.iter().map(|part| fitted(&wishes, part, most).unwrap_or_else(|| narrowest(&wishes, part))).collect()
}

fn total(widths: impl Iterator<Item = usize>) -> usize {
    widths.map(|width| width + GAP).sum::<usize>().saturating_sub(GAP)
}

/// The widths with which these columns fit side by side, if there are any: with the fewest lines of heading
/// for which all cells keep one line, else with the widest words wrapped.
fn fitted(wishes: &[Wish], columns: &[usize], most: usize) -> Option<Block> {
    let block = |widths: Vec<usize>| Some(columns.iter().copied().zip(widths).collect());
    let mut widths = Vec::new();
    for line in 0..HEADING_LINES {
        widths = columns.iter().map(|at| wishes[*at].cells.max(wishes[*at].heading[line])).collect();
        if total(widths.iter().copied()) <= most {
            return block(widths);
        }
    }
    while most < total(widths.iter().copied()) {
        let can_give = |(at, width): &(&usize, &mut usize)| wishes[**at].narrowest() < **width;
        let (_, widest) =
            columns.iter().zip(&mut widths).filter(can_give).max_by_key(|(_, width)| **width)?;
        *widest -= 1;
    }
    block(widths)
}

fn narrowest(wishes: &[Wish], columns: &[usize]) -> Block {
    columns.iter().map(|at| (*at, wishes[*at].narrowest())).collect()
}

/// The key columns that leave room for the widest other column, but at least one.
fn keys_that_fit(wishes: &[Wish], keys: usize, most: usize) -> usize {
    let widest = wishes[keys..].iter().map(Wish::narrowest).max().unwrap_or(0);
    let fits = |keys: &usize| total(wishes[..*keys].iter().map(Wish::narrowest).chain([widest])) <= most;
    (1..=keys).rev().find(fits).unwrap_or(1)
}

/// The fewest parts, each after the key columns, as even in width as possible; the keys keep one line where
/// that costs no further part.
fn parts(wishes: &[Wish], keys: usize, most: usize) -> Vec<Vec<usize>> {
    let fewest = filled(wishes, keys, most).len();
    let mut roomy = wishes.to_vec();
    roomy[..keys].iter_mut().for_each(|key| *key = key.unbroken());
    let even = |wishes: &[Wish]| {
        (1..=most).map(|most| filled(wishes, keys, most)).find(|parts| parts.len() == fewest)
    };
    even(&roomy).or_else(|| even(wishes)).unwrap_or_else(|| filled(wishes, keys, most))
}

/// Parts filled from the left up to a width, each after the key columns.
fn filled(wishes: &[Wish], keys: usize, most: usize) -> Vec<Vec<usize>> {
    let mut parts: Vec<Vec<usize>> = Vec::new();
    for at in keys..wishes.len() {
        let fits =
            |part: &Vec<usize>| total(part.iter().chain([&at]).map(|at| wishes[*at].narrowest())) <= most;
        match parts.last_mut().filter(|part| fits(part)) {
            Some(part) => part.push(at),
            None => parts.push((0..keys).chain([at]).collect()),
        }
    }
    if parts.is_empty() {
        parts.push((0..keys).collect());
    }
    parts
}
