//! Figures of the whole web, beside what totals alone would force.

use keiretsu_methods::circularity::FlowWeb;
use keiretsu_methods::circularity::null::p_values;
use keiretsu_program::Reading;
use keiretsu_values::{Cell, Column, Table, Unit, Value};

use super::NAME;
use super::flows::Flows;
use crate::Subject;

/// Webs drawn for a p-value; fewer where each takes long.
const DRAWS: u32 = 999;
const DRAWS_OF_LARGE: u32 = 199;
const LARGE_PARTIES: usize = 40;
const SEED: u64 = 1;

pub(super) const TITLE: &str = "The web as a whole, in one window";

/// A row for each reading.
pub(super) fn table(subject: &Subject<'_>, all: &[(Reading, Flows)]) -> Table {
    let columns = vec![
        Column::text("reading"),
        subject.money("paid").titled("paid between parties"),
        Column::number("reciprocity", Unit::Share),
        Column::number("reciprocity_p", Unit::Number { digits: 3 }).titled("p of reciprocity"),
        Column::number("finn", Unit::Share).titled("Finn cycling index"),
        Column::number("finn_p", Unit::Number { digits: 3 }).titled("p of Finn index"),
        subject.money("netted").titled("netted (max circulation)"),
        Column::number("netted_share", Unit::Share).titled("netted, of what is paid"),
    ];
    let mut table = subject.table(NAME, TITLE, columns);
    let draws = draws(subject);
    for (reading, flows) in all {
        let mut row = vec![Cell::text(reading.name())];
        match &flows.whole {
            Ok(web) => row.extend(figures(web, draws).map(Cell::Value)),
            Err(_) => row.extend([(); 7].map(|()| Cell::Value(Value::unknown("an amount is infinite")))),
        }
        table.push(row);
    }
    table.note(format!(
        "p: share of {draws} webs drawn with the same totals of each party, and the web itself, that are at \
         least as circular (seed {SEED})."
    ));
    table.note("In one window the order in time is lost: money may count that came back before it left.");
    table
}

fn draws(subject: &Subject<'_>) -> u32 {
    if LARGE_PARTIES < subject.tied().len() { DRAWS_OF_LARGE } else { DRAWS }
}

fn figures(web: &FlowWeb, draws: u32) -> [Value; 7] {
    let n = web.parties();
    let paid: f64 = (0..n).flat_map(|i| (0..n).map(move |j| web.flow(i, j))).sum();
    let reason = "some parties pay only each other";
    let index = |web: &FlowWeb| web.finn_cycling_index().ok();
    let finn = index(web).map_or(Value::unknown(reason), Value::exact);
    let all = |web: &FlowWeb| vec![web.reciprocity(), index(web).unwrap_or(0.0)];
    let found = p_values(web, SEED, draws, &all);
    let p = |at: usize| {
        if paid <= 0.0 { Value::unknown("nothing is paid") } else { Value::exact(found[at]) }
    };
    let finn_p = if finn.amount().is_some() { p(1) } else { finn.clone() };
    let (netted, paid) = (Value::exact(web.netted()), Value::exact(paid));
    let share = netted.divide(&paid);
    [paid, Value::exact(web.reciprocity()), p(0), finn, finn_p, netted, share]
}

/// What of the money that a party sends comes back pro rata in one window, whatever the order in time.
pub(super) fn pro_rata_static(flows: &Flows, from: usize) -> Value {
    let Ok(web) = &flows.whole else { return Value::unknown("an amount is infinite") };
    let Some(from) = flows.places[from] else { return Value::exact(0.0) };
    match web.visits() {
        Ok(visits) => {
            let n = web.parties();
            let own = visits[from * n + from];
            let back =
                (0..n).filter(|to| *to != from).map(|to| web.flow(from, to) * visits[to * n + from] / own);
            Value::exact(back.sum())
        }
        Err(_) => Value::unknown("some parties pay only each other"),
    }
}
