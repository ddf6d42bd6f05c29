//! Cash of each group by kind and piece of time.

use std::collections::BTreeMap;

use keiretsu_model::PartyRef;
use keiretsu_program::{FlowId, Reading, Span, Tag};
use keiretsu_values::{Set, Value};

use super::{SHOWN, paid};
use crate::{Seen, Subject};

/// Receipts less payments of each group, by kind and period; one pass over the flows.
pub(super) struct ByTag {
    pieces: usize,
    sums: BTreeMap<(PartyRef, Tag), Vec<Value>>,
}

impl ByTag {
    pub fn of(subject: &Subject<'_>, seen: &Seen<'_>, reading: Reading, span: Span) -> Self {
        let model = subject.model;
        let pieces = span.pieces(subject.program).len();
        let mut by = Self { pieces, sums: BTreeMap::new() };
        for (at, flow) in subject.program.flows.iter().enumerate() {
            let (from, to) = (model.group(PartyRef(flow.from.0)), model.group(PartyRef(flow.to.0)));
            if from == to {
                continue;
            }
            for piece in 0..pieces {
                let amount = seen.value(reading, paid(FlowId(at as u32), span), piece);
                let amount = amount.named(&subject.side.flows[at].name);
                if !amount.is_zero() {
                    by.add(from, flow.tag, piece, &amount.times(-1.0));
                    by.add(to, flow.tag, piece, &amount);
                }
            }
        }
        by
    }

    fn add(&mut self, party: PartyRef, tag: Tag, piece: usize, amount: &Value) {
        let nothing = || vec![Value::exact(0.0); self.pieces];
        let sum = &mut self.sums.entry((party, tag)).or_insert_with(nothing)[piece];
        *sum = sum.plus(amount);
    }

    pub fn sum(&self, party: PartyRef, tag: Tag, piece: usize) -> Value {
        self.sums.get(&(party, tag)).map_or(Value::exact(0.0), |sums| sums[piece].clone())
    }

    /// The rest without a column of its own: other kinds, raised money and estates.
    pub fn other(&self, party: PartyRef, piece: usize, net: &Value, raised: &Value) -> Value {
        let sum = |tags: &mut dyn Iterator<Item = Tag>| {
            tags.fold(Value::exact(0.0), |sum, tag| sum.plus(&self.sum(party, tag, piece)))
        };
        let all = sum(&mut Tag::ALL.into_iter()).plus(raised);
        let other = sum(&mut Tag::ALL.into_iter().filter(|tag| !SHOWN.contains(tag))).plus(raised);
        other.plus(&beyond(net, &all))
    }
}

/// The rest of a net amount beyond its known parts; certain only where it exceeds their possible range.
fn beyond(net: &Value, known: &Value) -> Value {
    let scale = net.amount().unwrap_or(0.0);
    let read = without_rounding(scale - known.amount().unwrap_or(0.0), scale);
    let (net, known) = (net.set(), known.set());
    let end = |outer: f64, inner: f64| {
        if outer.is_finite() && inner.is_finite() { without_rounding(outer - inner, outer) } else { outer }
    };
    let slack = 1e-9 * scale.abs().max(1.0);
    let low = if known.low + read <= net.low + slack { read } else { end(net.low, known.low) };
    let high = if net.high <= known.high + read + slack { read } else { end(net.high, known.high) };
    Value::new(read, Set::between(low, high))
}

/// A difference of equal sums is zero, whatever the order of summation left.
fn without_rounding(difference: f64, scale: f64) -> f64 {
    if difference.abs() <= 1e-9 * scale.abs().max(1.0) { 0.0 } else { difference }
}
