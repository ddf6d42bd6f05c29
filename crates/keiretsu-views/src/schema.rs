//! A declared column to the words and keys that every machine format has for it.

use keiretsu_values::Column;

pub use crate::machine::{kind_name, unit_name};

/// The keys of a column's siblings.
pub fn beside(column: &Column) -> Vec<String> {
    let siblings = crate::machine::siblings_of(column);
    let numbers = siblings.numbers.map(|names| {
        let [low, high] = names.ends;
        vec![names.bound, low, high, names.state]
    });
    siblings.id.into_iter().chain(siblings.months).chain(numbers.into_iter().flatten()).collect()
}
