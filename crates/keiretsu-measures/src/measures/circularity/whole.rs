//! Figures of the whole web, beside what totals alone would force.

use keiretsu_methods::circularity::FlowWeb;
use keiretsu_methods::circularity::null::{p_values, standard_error};
use keiretsu_program::Reading;
use keiretsu_values::{Cell, ColumnSpec, Set, Table, TableSpec, Unit, Value};

use super::NAME;
use super::flows::Flows;
use crate::Subject;

/// Webs drawn for a p-value; fewer where each takes long.
const DRAWS: u32 = 999;
const DRAWS_OF_LARGE: u32 = 199;
const LARGE_PARTIES: usize = 40;
const SEED: u64 = 1;

const CHANCE: Unit = Unit::Number { digits: 3 };

pub(super) const WEB: TableSpec = TableSpec::new(
    NAME,
    "web",
    "The web as a whole, in one window",
    &[&[
        ColumnSpec::reading(),
        ColumnSpec::money("paid", "what all parties pay each other").titled("paid between parties"),
        ColumnSpec::share("reciprocity", "the part of it that two parties pay each other both ways")
            .by("sum over pairs of the lesser of the two flows, times 2 / {paid}"),
        ColumnSpec::number("reciprocity_p", CHANCE, "chance of at least this reciprocity by totals alone")
            .titled("p of reciprocity"),
        ColumnSpec::share("finn", "the part of all throughflow that is cycled (Finn 1976)")
            .titled("Finn cycling index"),
        ColumnSpec::number("finn_p", CHANCE, "chance of at least this cycling index by totals alone")
            .titled("p of Finn index"),
        ColumnSpec::money("netted", "the most that could be netted, no party better or worse off")
            .titled("netted (max circulation)"),
        ColumnSpec::share("netted_share", "the part of what is paid that could be netted")
            .titled("netted, of what is paid")
            .is("{netted} / {paid}"),
    ]],
)
.filled_by("contracts by which parties of the web pay each other");

/// A row for each reading.
pub(super) fn table(subject: &Subject<'_>, all: &[(Reading, Flows)]) -> Table {
    let mut table = subject.table(&WEB);
    let draws = draws(all.iter().filter_map(|(_, flows)| flows.whole.as_ref().ok()));
    for (reading, flows) in all {
        let mut row = vec![Cell::text(reading.name())];
        match &flows.whole {
            Ok(web) => row.extend(figures(subject, web, flows, draws).map(Cell::Value)),
            Err(_) => row.extend([(); 7].map(|()| Cell::Value(Value::unknown("an amount is infinite")))),
        }
        table.push(row);
    }
    table.note(format!(
        "p: share of {draws} webs drawn with the same totals of each party, and the web itself, that are at \
         least as circular (seed {SEED}); about, since another seed gives others: a p of 0.05 has a standard \
         error of {:.3}, one of 0.5 of {:.3}.",
        standard_error(0.05, draws),
        standard_error(0.5, draws)
    ));
    table.note("In one window the order in time is lost: money may count that came back before it left.");
    table
}

fn draws<'a>(webs: impl Iterator<Item = &'a FlowWeb>) -> u32 {
    let dealing = |web: &FlowWeb| (0..web.parties()).filter(|party| web.has_dealings(*party)).count();
    let most = webs.map(dealing).max().unwrap_or(0);
    if LARGE_PARTIES < most { DRAWS_OF_LARGE } else { DRAWS }
}

/// Those of a web that deal with each other, by name, so that the order of the text and idle parties move no
/// draw.
fn by_name(subject: &Subject<'_>, web: &FlowWeb, flows: &Flows) -> FlowWeb {
    // What estates pay goes through a party that the model does not have.
    let name = |party: usize| subject.model.parties.get(party).map_or("", |party| party.name.as_str());
    let placed = flows.places.iter().enumerate().filter_map(|(party, place)| Some((name(party), (*place)?)));
    let mut order: Vec<(&str, usize)> = placed.filter(|(_, place)| web.has_dealings(*place)).collect();
    order.sort_unstable();
    web.of_parties(&order.into_iter().map(|(_, place)| place).collect::<Vec<_>>())
}

fn figures(subject: &Subject<'_>, web: &FlowWeb, flows: &Flows, draws: u32) -> [Value; 7] {
    let n = web.parties();
    let paid: f64 = (0..n).flat_map(|i| (0..n).map(move |j| web.flow(i, j))).sum();
    let reason = "some parties pay only each other";
    let index = |web: &FlowWeb| web.finn_cycling_index().ok();
    let finn = index(web).map_or(Value::unknown(reason), Value::exact);
    let all = |web: &FlowWeb| vec![web.reciprocity(), index(web).unwrap_or(0.0)];
    let found = p_values(&by_name(subject, web, flows), SEED, draws, &all);
    let p = |at: usize| {
        if paid <= 0.0 { Value::unknown("nothing is paid") } else { Value::about(found[at]) }
    };
    let finn_p = if finn.amount().is_some() { p(1) } else { finn.clone() };
    let (netted, reciprocity) = (Value::exact(web.netted()), Value::exact(web.reciprocity()));
    let share = netted.divide(&Value::exact(paid));
    let shares = [reciprocity, p(0), finn, finn_p, share];
    let [reciprocity, p, finn, finn_p, share] = shares.map(|share| opened(flows, &share, Set::SHARE));
    let netted = opened(flows, &netted, Set::between(0.0, flows.paid().set().high));
    [flows.paid(), reciprocity, p, finn, finn_p, netted, share]
}

/// A figure of the whole web; the whole set where some payment is open.
fn opened(flows: &Flows, figure: &Value, set: Set) -> Value {
    if !flows.open.iter().any(|open| *open) {
        return figure.clone();
    }
    let why = flows.paid().open_because().map(str::to_owned);
    match (figure.amount(), why) {
        (Some(_), Some(why)) => Value::unread(why, set),
        (Some(amount), None) => Value::new(amount, set),
        (None, _) => figure.clone(),
    }
}

/// The part of a party's money that returns pro rata in one window, regardless of the order in time.
pub(super) fn pro_rata_static(flows: &Flows, from: usize) -> Value {
    let Ok(web) = &flows.whole else { return Value::unknown("an amount is infinite") };
    match web.visits() {
        Ok(visits) => {
            let n = web.parties();
            let place = flows.places[from];
            let own = place.map_or(1.0, |from| visits[from * n + from]);
            let to = |from: usize| (0..n).filter(move |to| *to != from).map(move |to| (from, to));
            let ways = place.into_iter().flat_map(to);
            let back = ways.map(|(from, to)| web.flow(from, to) * visits[to * n + from] / own);
            opened(
                flows,
                &Value::exact(back.sum()),
                Set::between(0.0, flows.sent(from as u32, None).set().high),
            )
        }
        Err(_) => Value::unknown("some parties pay only each other"),
    }
}
