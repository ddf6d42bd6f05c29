//! What sensitivity says first: the input that moves the answer most, and the one that explains most of it.

use keiretsu_values::{Finding, Table};

use super::tables::{EFFECTS, TORNADO, VARIANCE};
use crate::telling::{Picked, or_else};

pub(super) fn of(tables: &[Table]) -> Vec<Finding> {
    let tornado = Picked::of(tables, TORNADO.name);
    let swing = |row: &crate::telling::PickedRow<'_>| {
        let swing = (row.amount("at_high")? - row.amount("at_low")?).abs();
        (0.0 < swing).then_some(swing)
    };
    let widest = tornado.most(swing).map(|row| {
        row.say(
            "{input} alone moves {answer} most: {at_low} at its lower end, {at_base} now, {at_high} at \
                 its upper.",
        )
    });
    let effects = Picked::of(tables, EFFECTS.name)
        .readable("effect")
        .largest("effect")
        .map(|row| row.say("{input} explains {effect} of the variance of {answer}, correlations counted."));
    let variance = Picked::of(tables, VARIANCE.name).readable("total").largest("total");
    let variance = variance
        .filter(|_| effects.is_none())
        .map(|row| row.say("{input} has {total} of the variance of {answer}, with its interactions."));
    let unknown = tornado
        .unknown("at_base")
        .first()
        .filter(|_| widest.is_none())
        .map(|row| row.say("{answer} is {at_base}, so nothing is seen to move it."));
    or_else([widest, effects, variance, unknown], "No input of the model moves the answer.")
}
