//! Shares of a whole, and how concentrated they are, from values that may be open.

use keiretsu_values::{Set, Value};

/// The share of a part in a whole, given the rest. Where a part of the whole is unknown there is no number as
/// read, only the possible range.
pub(crate) fn share(part: &Value, rest: &Value) -> Value {
    let whole = part.plus(rest);
    if whole.is_zero() {
        return Value::unread("there is nothing to share", Set::SHARE);
    }
    if rest.is_zero() {
        // A part that is everything is all of it, whatever it comes to; it may be nothing if it is not known.
        return part.reason().map_or(Value::exact(1.0), |why| Value::unread(why, Set::SHARE));
    }
    let share = part.share_beside(rest);
    match whole.open_because() {
        Some(why) => Value::unread(why, share.set()),
        None => share,
    }
}

/// The sum of some values.
pub(crate) fn sum<'a>(values: impl IntoIterator<Item = &'a Value>) -> Value {
    values.into_iter().fold(Value::exact(0.0), |sum, value| sum.plus(value))
}

/// Concentration of a whole, from its parts.
pub(crate) struct Profile {
    /// The greatest share.
    pub largest: Value,
    /// The sum of the squares of all shares (Herfindahl and Hirschman).
    pub squares: Value,
}

/// From parts, none negative, and the part from outside, which is in the whole with unknown counterparties.
pub(crate) fn profile(parts: &[Value], outside: &Value) -> Profile {
    let rest = |at: usize| {
        let others = parts.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, part)| part);
        sum(others).plus(outside)
    };
    let shares: Vec<Value> = parts.iter().enumerate().map(|(at, part)| share(part, &rest(at))).collect();
    let largest = shares.iter().cloned().reduce(|most, share| most.max(&share));
    let read: f64 = shares.iter().filter_map(Value::amount).map(|share| share * share).sum();
    let set = squares(parts, outside, &shares);
    let vague = shares.iter().any(Value::is_vague);
    let why = shares.iter().find_map(Value::open_because);
    let squares = match why {
        Some(why) => Value::unread(why, set),
        None => Value::new(read, set),
    };
    Profile {
        largest: largest.unwrap_or_else(|| Value::unread("there is nothing to share", Set::SHARE)),
        squares: if vague { squares.vaguely() } else { squares },
    }
}

/// The possible range of the sum of squares.
fn squares(parts: &[Value], outside: &Value, shares: &[Value]) -> Set {
    let within = shares.iter().map(Value::set);
    let low: f64 = within.clone().map(|share| share.low * share.low).sum();
    let high: f64 = within.map(|share| share.high * share.high).sum();
    let mut open = parts.iter().enumerate().filter(|(_, part)| !part.set().is_point());
    let set = match (open.next(), open.next()) {
        (Some((at, part)), None) if outside.set().is_point() => of_one(parts, outside, at, part.set()),
        (None, _) => Set { low, high },
        _ => {
            // Equal parts of what is named are the least concentrated.
            let named = sum(parts);
            let named = if outside.is_zero() { 1.0 } else { named.share_beside(outside).set().low };
            Set { low: low.max(named * named / parts.len() as f64), high: high.min(1.0) }
        }
    };
    // What lies outside may come from many, or from one.
    let beyond = if outside.is_zero() { 0.0 } else { outside.share_beside(&sum(parts)).set().high };
    Set { low: set.low, high: (set.high + beyond * beyond).min(1.0).max(set.low) }
}

/// Where one part alone is open: the sum of squares falls up to where the part is as large as the others are
/// by their own weights, and rises from there.
fn of_one(parts: &[Value], outside: &Value, at: usize, part: Set) -> Set {
    let others = parts.iter().enumerate().filter(|(other, _)| *other != at);
    let others: Vec<f64> = others.map(|(_, other)| other.set().low).collect();
    let all = others.iter().sum::<f64>() + outside.set().low;
    let square: f64 = others.iter().map(|other| other * other).sum();
    let value = |x: f64| {
        if x.is_infinite() || all <= 0.0 { 1.0 } else { (x * x + square) / ((x + all) * (x + all)) }
    };
    let least = if all > 0.0 { (square / all).clamp(part.low.max(0.0), part.high) } else { part.low };
    let ends = [value(part.low.max(0.0)), value(part.high)];
    Set { low: value(least), high: ends[0].max(ends[1]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_open_part_keeps_the_end_that_is_proved() {
        // At least 36 beside 12: shares of 3/4 and 1/4, 0.5625 + 0.0625 = 0.625; the more, the closer to 1.
        let found = profile(&[Value::at_least(36.0), Value::exact(12.0)], &Value::exact(0.0));
        assert_eq!(found.squares.set(), Set { low: 0.625, high: 1.0 });
        assert_eq!(found.largest.set(), Set { low: 0.75, high: 1.0 });
    }

    #[test]
    fn nothing_is_read_beside_something_undisclosed() {
        let found = profile(&[Value::undisclosed("secret"), Value::exact(12.0)], &Value::exact(0.0));
        assert_eq!((found.squares.amount(), found.largest.amount()), (None, None));
        assert_eq!(share(&Value::undisclosed("secret"), &Value::exact(0.0)).amount(), None);
        assert_eq!(share(&Value::at_least(6.0), &Value::exact(0.0)), Value::exact(1.0));
    }

    #[test]
    fn what_lies_outside_may_be_one_or_many() {
        // 30 and 30 of 100: 0.18, and 0.34 if the other 40 are one.
        let found = profile(&[Value::exact(30.0), Value::exact(30.0)], &Value::exact(40.0));
        assert!((found.squares.set().low - 0.18).abs() < 1e-12);
        assert!((found.squares.set().high - 0.34).abs() < 1e-12);
    }
}
