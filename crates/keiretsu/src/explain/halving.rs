//! Groups of things that may move a number, to those that do: a group that moves nothing is done with, the
//! others are halved.
//!
//! Invariant: each thing found was tried alone. Absent: things that move the number only with others.

use super::world::{Outcome, World};
use crate::AskError;

/// The numbers in the worlds of groups, in their order.
pub(super) type Try<'f, 't, T> = &'f dyn Fn(&[&'t [T]]) -> Result<Vec<Outcome>, AskError>;

/// A group to be tried. If it moves nothing, the other half of what it was split from does.
struct Half<'t, T> {
    group: &'t [T],
    other: Option<&'t [T]>,
}

impl<'t, T> Half<'t, T> {
    fn whole(group: &'t [T]) -> Self {
        Self { group, other: None }
    }

    /// What is to be tried of a group that moves the number.
    fn of(group: &'t [T]) -> Self {
        match group.len() {
            0 | 1 => Self::whole(group),
            more => Self { group: &group[..more / 2], other: Some(&group[more / 2..]) },
        }
    }
}

/// Those that move the number alone, with the number then.
pub(super) fn movers<'t, T>(
    world: &World<'_>,
    groups: impl Iterator<Item = &'t [T]>,
    outcomes: Try<'_, 't, T>,
) -> Result<Vec<(&'t T, Outcome)>, AskError> {
    let mut open: Vec<Half<'t, T>> = groups.map(Half::whole).collect();
    let mut found = Vec::new();
    while !open.is_empty() {
        let groups: Vec<&[T]> = open.iter().map(|half| half.group).collect();
        let mut next = Vec::new();
        for (half, outcome) in open.into_iter().zip(outcomes(&groups)?) {
            if world.moves(&outcome) {
                match half.group {
                    [one] => found.push((one, outcome)),
                    group => next.push(Half::of(group)),
                }
                next.extend(half.other.map(Half::whole));
            } else {
                next.extend(half.other.map(Half::of));
            }
        }
        open = next;
    }
    Ok(found)
}
