//! Between what and what the money of a group comes back, and by a convention.

use keiretsu_methods::circularity::monthly::Convention;
use keiretsu_model::PartyRef;
use keiretsu_program::{OwnMoney, Reading};
use keiretsu_values::{Set, Value};

use super::flows::Flows;
use crate::{Seen, Subject};

/// The returned part of the money that a group sends.
pub(super) struct Returned {
    pub sent: Value,
    pub lower: Value,
    pub middle: Value,
    pub upper: Value,
}

/// The convention of a question, and its name in tables.
pub(super) fn convention(own_money: OwnMoney) -> (Convention, &'static str) {
    match own_money {
        OwnMoney::ProRata => (Convention::ProRata, "pro rata, dated"),
        OwnMoney::Fifo => (Convention::First, "first in first out, dated"),
        OwnMoney::Lifo => (Convention::Last, "last in first out, dated"),
    }
}

impl Returned {
    /// Of the money that `from` sends, to `to` only if given; none where nothing is sent.
    pub fn of(
        subject: &Subject<'_>,
        flows: &Flows,
        from: PartyRef,
        to: Option<PartyRef>,
        own_money: OwnMoney,
    ) -> Option<Self> {
        let to = to.map(|to| to.0);
        let sent = flows.sent(from.0, to);
        let bounds = flows.web.bounds(from.0, to).ok().filter(|_| !sent.is_zero())?;
        if let Some(why) = not_modelled(subject, flows, from, to) {
            let most = Set::between(0.0, sent.set().high);
            return Some(Self {
                lower: Value::exact(0.0),
                middle: Value::unread(why, most),
                upper: sent.clone(),
                sent,
            });
        }
        let back = flows.web.returned(from.0, to, convention(own_money).0).ok()?;
        // Bounds and conventions come from different sums.
        let slack = 1e-9 * bounds.sent;
        let sum: f64 = back.iter().sum();
        debug_assert!(
            (bounds.lower - slack..=bounds.upper + slack).contains(&sum),
            "{sum} lies outside {bounds:?}"
        );
        let middle = sum.clamp(bounds.lower, bounds.upper);
        if is_open(flows, from.0, to) {
            // Nothing is proved where something on the way may be other than what is read.
            let most = Set::between(0.0, sent.set().high);
            let middle = match sent.open_because() {
                Some(why) => Value::partly(middle, most, why),
                None => Value::new(middle, most),
            };
            return Some(Self { lower: Value::exact(0.0), middle, upper: sent.clone(), sent });
        }
        let [lower, middle, upper] = [bounds.lower, middle, bounds.upper].map(Value::exact);
        Some(Self { sent, lower, middle, upper })
    }

    /// The money sent and the returned part: least, by the convention, and most.
    pub fn amounts(&self) -> [Value; 4] {
        [&self.sent, &self.lower, &self.middle, &self.upper].map(Value::clone)
    }

    /// The same as shares of the money sent.
    pub fn shares(&self) -> [Value; 3] {
        let [lower, middle] = [&self.lower, &self.middle].map(|value| of_sent(value, &self.sent));
        // At most all of what is sent, whatever that is.
        let all_of_it = self.upper == self.sent;
        let upper = if all_of_it { Value::exact(1.0) } else { of_sent(&self.upper, &self.sent) };
        [lower, middle, upper]
    }
}

/// The returned share of the money sent; a range where either is unknown.
fn of_sent(back: &Value, sent: &Value) -> Value {
    let share = back.divide(sent).within(Set::SHARE);
    match sent.open_because().or(back.open_because()) {
        Some(why) => Value::unread(why, share.set()),
        None => share,
    }
}

/// Whether something open lies on a way on which money of a group can come back to it.
pub(super) fn is_open(flows: &Flows, from: u32, to: Option<u32>) -> bool {
    let way = flows.ways_back(from, to);
    !way.is_empty() && way.iter().chain([&from]).any(|party| flows.open[*party as usize])
}

/// The reason for an unknown return: cash of a party between the two is not modelled.
pub(super) fn not_modelled(
    subject: &Subject<'_>,
    flows: &Flows,
    from: PartyRef,
    to: Option<u32>,
) -> Option<String> {
    let between = flows.web.between(from.0, to).ok()?;
    let dark = between.into_iter().filter(|party| flows.unstated[*party as usize]);
    let names: Vec<String> = dark.map(|party| subject.title(PartyRef(party))).collect();
    (!names.is_empty()).then(|| format!("cash flows in between are not modelled: {}", names.join(", ")))
}

/// Flows of unknown amount that start or end at a group, by name.
pub(super) fn left_out(
    subject: &Subject<'_>,
    seen: &Seen<'_>,
    reading: Reading,
    group: PartyRef,
) -> Vec<String> {
    let model = subject.model;
    let touches = |party: keiretsu_program::PartyId| model.group(PartyRef(party.0)) == group;
    let all = seen.run(reading).left_out.iter().filter(|flow| {
        let terms = &subject.program.flows[flow.at()];
        touches(terms.from) || touches(terms.to)
    });
    let name = |flow: &keiretsu_program::FlowId| &subject.side.flows[flow.at()].name;
    all.map(|flow| format!("{} ({}): its amount is unknown", name(flow), reading.name())).collect()
}
