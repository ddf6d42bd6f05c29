//! Columns and a width to a block: which columns stand in it, how wide each is, and which have no room.
//!
//! First headings wrap, then columns of words, the widest first. Where that would make words too narrow to be
//! read, whole columns go: idle ones and minor ones first, then the last ones, never what names the rows nor
//! the main column while another is left. Numbers are never narrower than they are.

use std::collections::BTreeSet;

use keiretsu_values::Weight;

use crate::sheet::Printed;
use crate::wrap::{longest_piece, longest_word, width, wrap};

/// Spaces between columns.
pub const GAP: usize = 2;
/// Indent of the second and later lines of a cell, to distinguish them from a new row.
pub const HANG: usize = 2;
/// Headings take no more lines than this.
const HEADING_LINES: usize = 4;
/// A column of words is not made narrower than this while a minor column is left.
const ROOMY_WORDS: usize = 24;
/// A column of words is never made narrower than this.
const LEAST_WORDS: usize = 12;
/// A longer piece of a word may be broken.
const LONGEST_PIECE: usize = 30;
/// The widest column of words where lines may be as long as they like.
const WIDEST_WORDS: usize = 60;

/// Columns side by side: position in the sheet, and width.
pub type Block = Vec<(usize, usize)>;

/// How wide a column would like to be, and how it gives way.
#[derive(Clone, Copy)]
struct Wish {
    /// The width of its widest cell.
    cells: usize,
    /// The narrowest that its cells can be while a minor column is left.
    roomy: usize,
    /// The narrowest that its cells can be.
    least: usize,
    /// The narrowest that its heading can be on one line, on two, and so on.
    heading: [usize; HEADING_LINES],
}

impl Wish {
    fn of(column: &Printed) -> Self {
        let cells = column.cells.iter().map(|cell| width(&cell.text)).max().unwrap_or(0);
        let piece = column.cells.iter().map(|cell| piece_room(&cell.text)).max().unwrap_or(0);
        let words = |least: usize| {
            if column.numeric { cells } else { piece.clamp(least, LONGEST_PIECE).min(cells) }
        };
        let heading = std::array::from_fn(|line| narrowest_heading(&column.heading, line + 1));
        let roomy = if column.time { LEAST_WORDS } else { ROOMY_WORDS };
        Self { cells, roomy: words(roomy), least: words(LEAST_WORDS), heading }
    }

    fn narrowest(&self, is_roomy: bool) -> usize {
        let cells = if is_roomy { self.roomy } else { self.least };
        cells.max(self.heading[HEADING_LINES - 1])
    }
}

fn narrowest_heading(heading: &str, lines: usize) -> usize {
    let enough = |most: &usize| wrap(heading, *most, 0).len() <= lines;
    (longest_word(heading)..=width(heading)).find(enough).unwrap_or(width(heading))
}

/// The narrowest width in which no piece of a word breaks.
fn piece_room(text: &str) -> usize {
    let piece = longest_piece(text);
    piece + if piece < width(text) { HANG } else { 0 }
}

/// The columns that fit a width, and those that have no room.
pub fn fitted(columns: &[Printed], main: Option<usize>, most: usize) -> (Block, Vec<usize>) {
    let wishes: Vec<Wish> = columns.iter().map(Wish::of).collect();
    let mut kept: BTreeSet<usize> = (0..columns.len()).collect();
    let mut gone = Vec::new();
    let last_kept = main.unwrap_or(0);
    let (first, last) = going(columns, last_kept);
    for (is_roomy, order) in [(true, &first), (false, &last)] {
        let mut order = order.iter();
        let mut gone_here = Vec::new();
        loop {
            if let Some(block) = fit(&wishes, &kept, is_roomy, most) {
                let (block, gone_here) = regained(&wishes, block, gone_here, is_roomy, most);
                gone.extend(gone_here);
                gone.sort_unstable();
                return (block, gone);
            }
            let Some(next) = order.next() else { break };
            kept.remove(next);
            gone_here.push(*next);
        }
        gone.extend(gone_here);
    }
    let width = wishes.get(last_kept).map_or(0, |wish| wish.narrowest(false));
    (columns.first().map(|_| (last_kept, width)).into_iter().collect(), gone)
}

/// The columns that may go while words are roomy, and all that may go in the end: the first to go first.
fn going(columns: &[Printed], last_kept: usize) -> (Vec<usize>, Vec<usize>) {
    let may_go = |at: &usize| !columns[*at].names_rows && *at != last_kept;
    let mut first: Vec<usize> = (0..columns.len()).filter(may_go).collect();
    first.retain(|at| columns[*at].idle || columns[*at].weight == Weight::Minor);
    first.sort_by_key(|at| std::cmp::Reverse((columns[*at].idle, *at)));
    let others = (0..columns.len()).rev().filter(|at| may_go(at) && !first.contains(at));
    let names = (0..columns.len()).rev().filter(|at| columns[*at].names_rows && *at != last_kept);
    let last = others.chain(names).collect();
    (first, last)
}

/// A block with those of the columns without room back in it that fit after all, the last to go first.
fn regained(
    wishes: &[Wish],
    mut block: Block,
    mut gone: Vec<usize>,
    is_roomy: bool,
    most: usize,
) -> (Block, Vec<usize>) {
    for at in gone.clone().into_iter().rev() {
        let more: BTreeSet<usize> = block.iter().map(|(at, _)| *at).chain([at]).collect();
        if let Some(wider) = fit(wishes, &more, is_roomy, most) {
            block = wider;
            gone.retain(|other| *other != at);
        }
    }
    (block, gone)
}

/// All columns, as wide as they like to be.
pub fn unbounded(columns: &[Printed]) -> Block {
    let width = |column: &Printed| {
        let wish = Wish::of(column);
        let cells = if column.numeric { wish.cells } else { wish.cells.min(WIDEST_WORDS.max(wish.least)) };
        cells.max(wish.heading[1])
    };
    columns.iter().map(width).enumerate().collect()
}

fn total(widths: impl Iterator<Item = usize>) -> usize {
    widths.map(|width| width + GAP).sum::<usize>().saturating_sub(GAP)
}

/// The widths with which these columns fit side by side, if there are any: with the fewest lines of heading
/// for which all cells keep one line, else with the widest words wrapped.
fn fit(wishes: &[Wish], columns: &BTreeSet<usize>, is_roomy: bool, most: usize) -> Option<Block> {
    let block = |widths: Vec<usize>| Some(columns.iter().copied().zip(widths).collect());
    let mut widths = Vec::new();
    for line in 0..HEADING_LINES {
        widths = columns.iter().map(|at| wishes[*at].cells.max(wishes[*at].heading[line])).collect();
        if total(widths.iter().copied()) <= most {
            return block(widths);
        }
    }
    while most < total(widths.iter().copied()) {
        let can_give = |(at, width): &(&usize, &mut usize)| wishes[**at].narrowest(is_roomy) < **width;
        let (_, widest) =
            columns.iter().zip(&mut widths).filter(can_give).max_by_key(|(_, width)| **width)?;
        *widest -= 1;
    }
    block(widths)
}
