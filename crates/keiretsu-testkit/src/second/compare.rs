//! Two sets of cells to what differs, named by what kind of difference it is.

use std::collections::BTreeMap;

use super::answers::Cells;
use super::set::{SAME, Set, same};

/// What the product shows in a cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// The amount, if it is known.
    pub amount: Option<f64>,
    /// Its mark; empty for none.
    pub mark: String,
    /// The ends of its set, where the product gives them.
    pub ends: Option<(f64, f64)>,
}

/// How two cells differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// Another amount.
    Amount,
    /// A number where nothing is known.
    KnownOfUnknown,
    /// Nothing where a number is known.
    UnknownOfKnown,
    /// The same amount under another mark.
    Mark,
    /// The same amount in another set.
    Ends,
}

/// A cell that differs.
#[derive(Clone, Debug)]
pub struct Difference {
    /// Its name.
    pub cell: String,
    /// How.
    pub how: How,
    /// What is right by the second reading.
    pub want: Set,
    /// What the product shows.
    pub got: Shown,
}

/// Nothing at all, as shown where there is no row.
fn absent() -> Shown {
    Shown { amount: Some(0.0), mark: "=".to_owned(), ends: None }
}

/// Measures of which the second reading says only some cells.
const IN_PART: [&str; 2] = ["share", "returns"];

/// What differs between the two, and how many cells agree.
pub fn compare(want: &Cells, got: &BTreeMap<String, Shown>) -> (Vec<Difference>, usize) {
    let mut names: Vec<&String> = want.keys().chain(got.keys()).collect();
    names.sort();
    names.dedup();
    let measure = |name: &str| name.split('|').next().unwrap_or_default().to_owned();
    names.retain(|name| want.contains_key(*name) || !IN_PART.contains(&measure(name).as_str()));
    let mut found = vec![];
    for name in &names {
        let want = want.get(*name).copied().unwrap_or_else(Set::nothing);
        let got = got.get(*name).cloned().unwrap_or_else(absent);
        if let Some(how) = how(&want, &got) {
            found.push(Difference { cell: (*name).clone(), how, want, got });
        }
    }
    let agree = names.len() - found.len();
    (found, agree)
}

fn how(want: &Set, got: &Shown) -> Option<How> {
    match (want.read, got.amount) {
        (None, None) => None,
        (None, Some(_)) => Some(How::KnownOfUnknown),
        (Some(_), None) => Some(How::UnknownOfKnown),
        (Some(a), Some(b)) if !same_amount(a, b) => Some(How::Amount),
        _ if want.mark() != got.mark => Some(How::Mark),
        _ => got.ends.and_then(|(low, high)| {
            let agree = |a: f64, b: f64| same(a, b) || same_amount(a, b);
            (!agree(low, want.low) || !agree(high, want.high)).then_some(How::Ends)
        }),
    }
}

/// Amounts agree within a billionth; below a cent they are rounding.
fn same_amount(a: f64, b: f64) -> bool {
    /// A cent.
    const CENT: f64 = 0.01;
    (a - b).abs() <= (SAME * a.abs().max(b.abs())).max(CENT)
}
