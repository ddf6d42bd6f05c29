//! Which round of the run takes how much of a stake, and what its owner's own purchases add.

use keiretsu_model::PartyRef;
use keiretsu_program::{FlowId, HoldingId, PartyId, Probe, Quantity, Reading, Reg, Span};
use keiretsu_values::{Cell, ColumnSpec, Entity, Set, Table, TableSpec, Value};

use super::NAME;
use crate::{Query, Seen, Subject};

pub(super) const ROUNDS: TableSpec = TableSpec::new(
    NAME,
    "rounds",
    "Stakes and the rounds of the run",
    &[&[
        ColumnSpec::id("holding", Entity::Holding, "the holding that rounds move"),
        ColumnSpec::reading(),
        ColumnSpec::text("step", "the round, or the day before and after all of them"),
        ColumnSpec::share("change", "what the round adds to the stake")
            .by("the stake after the step less the stake before it"),
        ColumnSpec::share("stake", "the stake after the step").by("the stake after the step"),
    ]],
)
.filled_by("`holdings` with a `stake`, and `equity` contracts")
.of_each("step");

/// The probes: raises and issues of the issuers of all stakes, with their prices.
pub(super) fn needs(subject: &Subject<'_>, query: &Query) -> Vec<Probe> {
    let mut probes = Vec::new();
    for at in held(subject, query) {
        let rounds = Rounds::of(subject, at);
        probes.extend(rounds.raises.iter().flat_map(|(raised, price)| [*raised, *price]));
        probes.extend(rounds.issues.iter().flat_map(|issue| [issue.paid, issue.pre]));
        probes.extend(rounds.issues.iter().filter_map(|issue| issue.given));
        probes.push(stake_at_end(at));
    }
    probes
}

fn held(subject: &Subject<'_>, query: &Query) -> Vec<usize> {
    let group = |party: PartyId| subject.model.group(PartyRef(party.0));
    let all = subject.program.holdings.iter().enumerate();
    let wanted = all.filter(|(_, held)| query.wants(group(held.owner)) || query.wants(group(held.issuer)));
    wanted.map(|(at, _)| at).collect()
}

fn stake_at_end(at: usize) -> Probe {
    Probe { quantity: Quantity::Stake(HoldingId(at as u32)), span: Span::Whole }
}

fn monthly(quantity: Quantity) -> Probe {
    Probe { quantity, span: Span::Month }
}

/// Everything that moves a stake: money raised, shares in kind and shares for cash.
struct Rounds {
    raises: Option<(Probe, Probe)>,
    issues: Vec<Issued>,
}

struct Issued {
    name: String,
    paid: Probe,
    /// Money's worth of units given in kind.
    given: Option<Probe>,
    pre: Probe,
    /// Whether the new units join this stake.
    own: bool,
}

impl Rounds {
    fn of(subject: &Subject<'_>, at: usize) -> Self {
        let program = subject.program;
        let issuer = program.holdings[at].issuer;
        let price = program.parties[issuer.at()].funding.and_then(|funding| funding.price);
        let register = |reg: Reg| monthly(Quantity::Register(reg));
        let issues = program.flows.iter().enumerate().filter_map(|(flow, of)| {
            let issue = of.issue.filter(|issue| program.holdings[issue.holding.at()].issuer == issuer)?;
            Some(Issued {
                name: subject.side.flows[flow].name.clone(),
                paid: monthly(Quantity::Payment(FlowId(flow as u32))),
                given: issue.in_kind.map(register),
                pre: register(issue.pre_money),
                own: issue.holding.at() == at,
            })
        });
        Self {
            raises: price.map(|price| (monthly(Quantity::Raised(issuer)), register(price))),
            issues: issues.collect(),
        }
    }

    /// The change by each round, from a stake at as-of on, the earliest first.
    fn changes(&self, seen: &Seen<'_>, reading: Reading, months: u32, start: f64) -> Vec<(String, f64)> {
        let read = |probe: Probe, t: u32| seen.series(reading, probe).mean[t as usize - 1];
        let mut found: Vec<(String, f64)> = Vec::new();
        let mut stake = start;
        let mut change = |name: &str, by: f64| match found.iter_mut().find(|(known, _)| known == name) {
            Some((_, sum)) => *sum += by,
            None => found.push((name.to_owned(), by)),
        };
        for t in 1..=months {
            let raised = self.raises.map(|(raised, price)| (read(raised, t), read(price, t)));
            if let Some((amount, price)) = raised.filter(|(amount, _)| *amount > 0.0) {
                let taken = stake * amount / (price + amount);
                change("raised from outside", -taken);
                stake -= taken;
            }
            let in_kind = self.issues.iter().filter_map(|issue| Some((issue, issue.given?)));
            let for_cash = self.issues.iter().map(|issue| (issue, issue.paid));
            for (issue, amount) in in_kind.chain(for_cash) {
                let (amount, pre) = (read(amount, t), read(issue.pre, t));
                if amount > 0.0 {
                    let part = amount / (pre + amount);
                    let by = if issue.own { part } else { 0.0 } - stake * part;
                    change(&issue.name, by);
                    stake += by;
                }
            }
        }
        found
    }
}

/// One row for each step of a stake, in each reading; none where no stake moves.
pub(super) fn table(subject: &Subject<'_>, query: &Query, seen: &Seen<'_>) -> Option<Table> {
    let mut table = subject.table(&ROUNDS);
    for at in held(subject, query) {
        let rounds = Rounds::of(subject, at);
        for reading in query.readings() {
            steps(subject, seen, &rounds, (at, reading), &mut table);
        }
    }
    (!table.rows.is_empty()).then_some(table)
}

fn steps(
    subject: &Subject<'_>,
    seen: &Seen<'_>,
    rounds: &Rounds,
    (at, reading): (usize, Reading),
    table: &mut Table,
) {
    let program = subject.program;
    let fed = rounds.issues.iter().any(|issue| issue.own);
    let start = match program.holdings[at].stake {
        Some(slot) => program.slots[slot.at()].read(reading),
        None if fed => 0.0,
        None => f64::NAN,
    };
    let end = seen.series(reading, stake_at_end(at)).mean[0];
    // What is not known has no steps, and what does not move needs none.
    if start.is_nan() || end.is_nan() {
        return;
    }
    let changes = rounds.changes(seen, reading, program.months, start);
    let last = seen.value(reading, stake_at_end(at), 0);
    // Where the end is open, so is every step on the way.
    let open = !last.set().is_point();
    let known = |number: f64, set: Set| if open { Value::new(number, set) } else { Value::exact(number) };
    if changes.is_empty() {
        return;
    }
    let name = &subject.side.holdings[at].name;
    let mut stake = start;
    let mut push = |step: String, change: Cell, stake: Value| {
        table.push(vec![
            Cell::named(name),
            Cell::text(reading.name()),
            Cell::Text(step),
            change,
            Cell::Value(stake),
        ]);
    };
    push("at as-of".to_owned(), Cell::Empty, opening(subject, at, reading, start));
    for (step, change) in changes {
        stake += change;
        let change = known(change, Set::between(-1.0, 1.0));
        push(step, Cell::Value(change), known(stake, Set::SHARE));
    }
    push("at the end of the run".to_owned(), Cell::Empty, last);
}

/// A stake at as-of, with the set that its words leave possible.
fn opening(subject: &Subject<'_>, at: usize, reading: Reading, start: f64) -> Value {
    let slot = subject.program.holdings[at].stake.map(|slot| subject.program.slots[slot.at()]);
    let Some(possible) = slot.map(|slot| slot.possible(reading)) else { return Value::exact(start) };
    let stake = Value::new(start, possible.set);
    if possible.vague { stake.vaguely() } else { stake }
}
