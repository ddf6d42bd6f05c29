//! Conditions to chances, month by month: in a reading on central paths, and as expected.
//!
//! Every condition that the generator writes stays met once it holds (events that happen once, days,
//! levels of
//! factors that never fall), so the chance that it holds is the chance that it has held.
//!
//! Absent: conditions that stop to hold, `not`, cash, payments.

use super::calendar::{self, Month};
use super::figure::{self, EXPECTED};
use super::world::{Event, World};

/// Comparisons of levels allow for rounding (DEFINITIONS, "Levels").
const LEVEL: f64 = 1e-12;

/// The chance that a condition has held by the end of a month; nothing where that is not known.
pub fn chance(text: &str, month: Month, reading: usize, world: &World) -> Result<Option<f64>, String> {
    // An event is itself: `e and e` is `e` (DEFINITIONS, "Expected of a condition").
    let twice = text.split_once(" or ").or(text.split_once(" and ")).filter(|(a, b)| a == b);
    if let Some((once, _)) = twice {
        return chance(once, month, reading, world);
    }
    if let Some((a, b)) = text.split_once(" or ") {
        let (a, b) = (chance(a, month, reading, world)?, chance(b, month, reading, world)?);
        return Ok(match (a, b) {
            (Some(a), Some(b)) => Some(a + b - a * b),
            // Unknown or true is true.
            (a, b) => a.or(b).filter(|known| 1.0 <= *known),
        });
    }
    if let Some((a, b)) = text.split_once(" and ") {
        let (a, b) = (chance(a, month, reading, world)?, chance(b, month, reading, world)?);
        return Ok(match (a, b) {
            (Some(a), Some(b)) => Some(a * b),
            // Unknown and false is false.
            (a, b) => a.or(b).filter(|known| *known <= 0.0),
        });
    }
    if let Some((name, level)) = text.split_once(" >= ") {
        let level = figure::figure(level, world).ok_or("level")?.read(EXPECTED).read.ok_or("level")?;
        let now = world.level(name, month).ok_or_else(|| format!("factor {name}"))?;
        return Ok(Some(f64::from(u8::from(level <= now * (1.0 + LEVEL)))));
    }
    if let Some(when) = calendar::when(text) {
        // A date with a month holds from then on.
        return Ok(Some(f64::from(u8::from(when.first.month <= month))));
    }
    match world.events.get(text) {
        Some(Event::Chance(chance, by)) if reading == EXPECTED => Ok(Some(fired(*chance, *by, month, world))),
        Some(_) => Ok(if month < world.first { Some(0.0) } else { None }),
        None => Err(format!("condition {text}")),
    }
}

/// In which months a condition may first hold up to its lapse, each with its chance; nothing where it is not
/// known whether it will. What is not known before it is certain counts in the month in which it is.
pub fn first_passage(text: &str, lapse: Month, world: &World) -> Result<Option<Vec<(Month, f64)>>, String> {
    let mut had = 0.0;
    let mut all = vec![];
    for month in world.first..=lapse {
        if let Some(now) = chance(text, month, EXPECTED, world)?.filter(|now| had < *now) {
            all.push((month, now - had));
            had = now;
        }
    }
    Ok(chance(text, lapse, EXPECTED, world)?.map(|_| all))
}

/// The month in which a condition first holds for certain in a reading, up to its lapse.
pub fn first_month(text: &str, lapse: Month, reading: usize, world: &World) -> Result<Option<Month>, String> {
    for month in world.first..=lapse {
        if chance(text, month, reading, world)? == Some(1.0) {
            return Ok(Some(month));
        }
    }
    Ok(None)
}

/// An event with chance `p` by month `by` has happened by `month` with `1 - (1 - p)^(t / by)` (MONTH, 2).
fn fired(chance: f64, by: Month, month: Month, world: &World) -> f64 {
    let since = |month: Month| f64::from((month - world.first + 1).max(0));
    1.0 - (1.0 - chance).powf(since(month) / since(by))
}
