//! Who holds how much of whom, and what it is worth.

use crate::rows::Place;
use crate::state::State;

/// Stakes at as-of: as stated; nothing where issues will feed them; else unknown.
pub fn open(state: &mut State<'_>) {
    let plan = state.plan;
    let program = plan.program;
    let fed = |at: usize| program.flows.iter().any(|flow| flow.issue.is_some_and(|i| i.holding.at() == at));
    for (at, holding) in program.holdings.iter().enumerate() {
        let row = plan.layout.holdings[at].stake;
        let place = match holding.stake {
            Some(slot) => plan.slots[slot.at()],
            None if fed(at) => Place::Fixed(0.0),
            None => Place::Fixed(f64::NAN),
        };
        state.set(row, place, 0);
    }
    for row in plan.layout.issuers.iter().filter_map(|rows| rows.dilution) {
        state.rows.row_mut(row).fill(1.0);
    }
}

/// Values at as-of, which marks are rebased to.
pub fn open_values(state: &mut State<'_>) {
    let plan = state.plan;
    for (party, rows) in plan.program.parties.iter().zip(&plan.layout.issuers) {
        if let (Some(row), Some(value)) = (rows.value_start, party.value) {
            state.set(row, plan.register(value), 0);
        }
    }
}

/// Dilutes all stakes in an issuer for what it raised.
pub fn dilute_for(state: &mut State<'_>, issuer: usize, raised: usize, price: Place, t: u32) {
    for lane in 0..state.width() {
        let amount = state.rows.get(raised, lane);
        if amount > 0.0 {
            let price = state.arg(price, t).at(lane);
            dilute(state, issuer, price / (price + amount), lane);
        }
    }
}

fn dilute(state: &mut State<'_>, issuer: usize, by: f64, lane: usize) {
    let plan = state.plan;
    // What was bought of an issuer without a value is kept at cost.
    let valued = plan.program.parties[issuer].value.is_some();
    let holdings = plan.program.holdings.iter().zip(&plan.layout.holdings);
    for (_, rows) in holdings.filter(|(holding, _)| holding.issuer.at() == issuer) {
        *state.rows.cell(rows.stake, lane) *= by;
        if let Some(bought) = rows.bought.filter(|_| valued) {
            *state.rows.cell(bought, lane) *= by;
        }
    }
    if let Some(row) = plan.layout.issuers[issuer].dilution {
        *state.rows.cell(row, lane) *= by;
    }
}

/// Units of this month: those given in kind, then those that payments bought, each in the order of flows.
pub fn issue(state: &mut State<'_>, t: u32) {
    issue_in_kind(state, t);
    let plan = state.plan;
    for (at, flow) in plan.program.flows.iter().enumerate() {
        let Some(issue) = flow.issue else { continue };
        let paid = state.paid(at);
        let pre = plan.register(issue.pre_money);
        let issuer = plan.program.holdings[issue.holding.at()].issuer.at();
        for lane in 0..state.width() {
            let amount = state.rows.get(paid, lane);
            if amount > 0.0 {
                let pre = state.arg(pre, t).at(lane);
                let is_priced = pre > 0.0;
                let by = if is_priced { pre / (pre + amount) } else { f64::NAN };
                dilute(state, issuer, by, lane);
                add_units(state, issue.holding.at(), pre, amount, lane);
            }
        }
    }
}

/// New units of a holding; beside a mark they are remembered apart, at cost where the issuer has no
/// value.
fn add_units(state: &mut State<'_>, holding: usize, pre: f64, amount: f64, lane: usize) {
    let plan = state.plan;
    let part = amount / (pre + amount);
    let rows = plan.layout.holdings[holding];
    *state.rows.cell(rows.stake, lane) += part;
    if let Some(bought) = rows.bought {
        let issuer = plan.program.holdings[holding].issuer.at();
        let valued = plan.program.parties[issuer].value.is_some();
        *state.rows.cell(bought, lane) += if valued { part } else { amount };
    }
}

fn issue_in_kind(state: &mut State<'_>, t: u32) {
    let plan = state.plan;
    for issue in plan.program.flows.iter().filter_map(|flow| flow.issue) {
        let Some(given) = issue.in_kind else { continue };
        let (given, pre) = (plan.register(given), plan.register(issue.pre_money));
        let issuer = plan.program.holdings[issue.holding.at()].issuer.at();
        for lane in 0..state.width() {
            let (given, pre) = (state.arg(given, t).at(lane), state.arg(pre, t).at(lane));
            if given <= 0.0 {
                continue;
            }
            // An unknown gift makes every stake unknown, as an unknown price does.
            let is_priced = pre > 0.0 && !given.is_nan();
            let by = if is_priced { pre / (pre + given) } else { f64::NAN };
            dilute(state, issuer, by, lane);
            add_units(state, issue.holding.at(), pre, given, lane);
        }
    }
}

/// Values of parties and holdings that are watched.
pub fn value(state: &mut State<'_>, t: u32) {
    let plan = state.plan;
    for (at, rows) in plan.layout.issuers.iter().enumerate() {
        if let Some(row) = rows.value {
            for lane in 0..state.width() {
                *state.rows.cell(row, lane) = value_of(state, at, lane, t);
            }
        }
    }
    for (at, rows) in plan.layout.holdings.iter().enumerate() {
        if let Some(row) = rows.value {
            for lane in 0..state.width() {
                *state.rows.cell(row, lane) = holding_of(state, at, lane, t);
            }
        }
    }
}

/// Equity value of a party; nothing once it has defaulted.
fn value_of(state: &State<'_>, party: usize, lane: usize, t: u32) -> f64 {
    if state.is_gone(party, lane) {
        return 0.0;
    }
    let value = state.plan.program.parties[party].value;
    value.map_or(f64::NAN, |reg| state.register(reg, lane, t))
}

/// Value of a holding: its mark moved with the issuer's value and diluted, and what was bought since;
/// else its stake in that value.
pub fn holding_of(state: &State<'_>, at: usize, lane: usize, t: u32) -> f64 {
    let plan = state.plan;
    let holding = &plan.program.holdings[at];
    let issuer = holding.issuer.at();
    if state.is_gone(issuer, lane) {
        return 0.0;
    }
    let rows = plan.layout.holdings[at];
    let value = value_of(state, issuer, lane, t);
    let Some(mark) = holding.mark else {
        return state.rows.get(rows.stake, lane) * value;
    };
    let mark = state.arg(plan.slots[mark.at()], t).at(lane);
    let bought = rows.bought.map_or(0.0, |row| state.rows.get(row, lane));
    let Some(start) = plan.layout.issuers[issuer].value_start else { return mark + bought };
    let start = state.rows.get(start, lane);
    let dilution = plan.layout.issuers[issuer].dilution.expect("an issuer that is held has a dilution");
    crate::logic::quotient(mark * value, start) * state.rows.get(dilution, lane) + bought * value
}
