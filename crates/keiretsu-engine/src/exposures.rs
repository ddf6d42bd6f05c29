//! What would be lost if a party failed this month, path by path, and what is lost where it does.

use keiretsu_program::Quantity;

use crate::rows::Place;
use crate::stakes::holding_of;
use crate::state::State;

/// Exposures just before the defaults of the month: nothing to a party that has failed before.
pub fn expose(state: &mut State<'_>, t: u32) {
    let plan = state.plan;
    for (exposure, rows) in plan.spec.exposures.iter().zip(&plan.layout.exposures) {
        for lane in 0..state.width() {
            let amount = |part: &Quantity| part_of(state, *part, lane, t);
            let sum: f64 = exposure.parts.iter().map(amount).sum();
            let net = sum - exposure.less.iter().map(amount).sum::<f64>();
            // Unknown stays unknown.
            let lost = if net <= 0.0 || state.is_gone(exposure.debtor.at(), lane) { 0.0 } else { net };
            *state.rows.cell(rows.at_risk, lane) = lost;
        }
    }
}

/// The same on paths on which the party failed this month, else nothing.
pub fn expose_defaulted(state: &mut State<'_>) {
    let plan = state.plan;
    for (exposure, rows) in plan.spec.exposures.iter().zip(&plan.layout.exposures) {
        for lane in 0..state.width() {
            let gone = state.is_gone(exposure.debtor.at(), lane);
            *state.rows.cell(rows.lost, lane) = if gone { state.rows.get(rows.at_risk, lane) } else { 0.0 };
        }
    }
}

fn part_of(state: &State<'_>, part: Quantity, lane: usize, t: u32) -> f64 {
    let plan = state.plan;
    match part {
        Quantity::Due(flow) => {
            plan.layout.flows[flow.at()].due.map_or(0.0, |row| state.arg(Place::Row(row), t).at(lane))
        }
        Quantity::Register(reg) => state.register(reg, lane, t),
        Quantity::Holding(holding) => holding_of(state, holding.at(), lane, t),
        _ => unreachable!("checked before the run"),
    }
}
