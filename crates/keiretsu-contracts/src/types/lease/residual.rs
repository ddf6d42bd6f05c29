//! The residual value that a lessee guarantees: what the asset is worth less when the lease is left.

use jiff::civil::Date;
use keiretsu_model::figure::Said;
use keiretsu_model::formula::{Formula, Node};
use keiretsu_model::record::{Record, Stated};
use keiretsu_model::{Standing, When};
use keiretsu_program::{Feed, FlowId, Op, Reg, Slot, Tag};
use keiretsu_values::{Reading, Set, Value};

use super::months::Renewals;
use super::terms::Run;
use crate::calendar::{TermMonths, last_of};
use crate::commitments::{Promise, nothing};
use crate::decided::decided;
use crate::figures::slot_as;
use crate::lowering::Lowering;
use crate::side::Due;
use crate::slots::steady;
use crate::then::value_then;

/// The tranche under which it stands.
const NAME: &str = "residual";

impl Run<'_> {
    /// The shortfall as a flow and as a commitment; gives what a default would leave of it, and what of that
    /// would then fall due.
    pub fn residual(
        &self,
        lowering: &mut Lowering<'_>,
        standing: Standing,
        ends: &Renewals,
    ) -> Option<(Reg, Reg)> {
        let short = self.shortfall(lowering, standing)?;
        let (due_now, open) = if let Some(on) = self.residual_on(lowering) {
            // On a day of its own it is due if the lease has been left by then.
            let account = lowering.program.account(0.0);
            lowering.program.feed(account, Feed::Value(ends.short));
            let before = lowering.program.op(Op::Account(account));
            let left = lowering.program.add(before, ends.short);
            let then = lowering.active(TermMonths { first: on, last: on });
            let waits = lowering.active(TermMonths { first: 0, last: on - 1 });
            (lowering.if_holds(then, left), waits)
        } else {
            (ends.short, lowering.program.sub(ends.stands, ends.left))
        };
        let due = lowering.if_holds(due_now, short);
        let flow = lowering.flow(&self.terms, Some(NAME), due, self.terms.obligee(), Tag::Rent);
        let last = self.residual_on(lowering).or(ends.last);
        self.promise_residual(lowering, standing, Some((flow, last)));
        let left = lowering.if_holds(open, short);
        // What the asset was worth at the failure decides both.
        let stood = lowering.since_failure(self.terms.obligor(), left);
        let falls = lowering.if_holds(due_now, stood);
        let ends_once = self.renewal_months(self.version_at(None), 0).is_none();
        let due = self.residual_on(lowering).or(ends.last.filter(|_| ends_once));
        let left = match due {
            Some(due) => {
                let worth = lowering.discount_curve(|t| due.max(t));
                lowering.program.mul(left, worth)
            }
            None => left,
        };
        Some((left, falls))
    }

    /// The month of a stated day.
    pub fn residual_on(&self, lowering: &Lowering<'_>) -> Option<i64> {
        let table = self.terms.record.table(NAME)?;
        table.when("on").map(|on| lowering.calendar.due(&on))
    }

    /// What the asset is worth less than guaranteed, up to the cap, month by month.
    fn shortfall(&self, lowering: &mut Lowering<'_>, standing: Standing) -> Option<Reg> {
        lowering.in_force(&self.terms, |lowering, version| {
            let table = version.record.table(NAME)?;
            let figure = |lowering: &mut Lowering<'_>, term: &str| {
                let stated = table.figure(term)?;
                let basis = table.entry(term).map(|entry| entry.basis.clone()).unwrap_or_default();
                let slot = limit(stated, standing, lowering.model.about);
                Some(lowering.figure_as(version.path(&format!("{NAME}.{term}")), stated, &basis, slot))
            };
            let guaranteed = figure(lowering, "guaranteed")?;
            let short = if let Some(value) = table.formula("value") {
                let value = lowering.entered_formula(version.path("residual.value"), value);
                let short = lowering.program.sub(guaranteed, value);
                lowering.positive(short)
            } else {
                // Of a value that nobody states all that is guaranteed may be missing, or nothing.
                let share = Value::unread("what its asset is worth is not stated", Set::SHARE);
                let share = lowering.program.slot(steady(&share));
                let share = lowering.program.read(share);
                lowering.program.mul(guaranteed, share)
            };
            Some(match figure(lowering, "cap") {
                Some(cap) => lowering.program.min(short, cap),
                None => short,
            })
        })
    }

    /// The commitment: conditional, since what the asset is worth decides. What is expected of it is what the
    /// run makes due, by the last month in which the lease can end.
    pub fn promise_residual(
        &self,
        lowering: &mut Lowering<'_>,
        standing: Standing,
        flow: Option<(FlowId, Option<i64>)>,
    ) {
        if self.promise_past_shortfall(lowering, standing) {
            return;
        }
        let table = self.terms.record.table(NAME);
        let Some(guaranteed) = table.and_then(|table| table.figure("guaranteed")) else { return };
        let last = flow.and_then(|(_, last)| last).map(|last| last_of(lowering.calendar.month(last)));
        let most = self.most(lowering, last.unwrap_or(lowering.model.as_of));
        let conditional = match standing {
            Standing::Binding => Standing::Conditional,
            other => other,
        };
        let promise = Promise {
            tranche: Some(NAME),
            to: self.terms.obligee(),
            tag: Tag::Rent,
            standing: conditional,
            dues: vec![],
            undated: [Value::exact(0.0), Value::exact(0.0), most],
            span: guaranteed.span,
        };
        lowering.promise(&self.terms, promise);
        if let Some(promised) = lowering.side.commitments.last_mut() {
            // Whoever ends the lease early leaves it, and owes the shortfall.
            promised.cancelling.stays = true;
        }
        self.mark_branch(lowering);
        let Some((flow, last)) = flow else { return };
        let calendar = lowering.calendar;
        let last = last.map(|last| When::day(last_of(calendar.month(last))));
        lowering.triggered_by(&self.terms, "its asset is worth less than guaranteed", last);
        lowering.dated_by(&self.terms, flow);
    }

    /// Notes what was due of a lease that was left before as-of; whether that is so.
    fn promise_past_shortfall(&self, lowering: &mut Lowering<'_>, standing: Standing) -> bool {
        let Some(due) = self.left_before().map(|left| self.residual_on(lowering).unwrap_or(left)) else {
            return false;
        };
        let Some(table) = self.version_at(Some(due)).record.table(NAME).filter(|_| due < 1) else {
            return false;
        };
        let name = &self.terms.contract.name;
        lowering.assume(format!("{name}: its asset was worth what its terms say when it was left"));
        let zero = Value::exact(0.0);
        let on = last_of(lowering.calendar.month(due));
        let most = self.most(lowering, on);
        let short = match table.formula("value").and_then(|value| value_then(value, lowering, due)) {
            Some(value) => {
                let short =
                    money(lowering, table, "guaranteed", on).map(|most| most.minus(&value).max(&zero));
                let short = short.unwrap_or(zero);
                money(lowering, table, "cap", on).map_or(short.clone(), |cap| short.min(&cap))
            }
            None => Value::unread("what its asset was worth is not known", most.set()),
        };
        let dues = vec![Due { on, past: true, amounts: [0; 3].map(|_| short.clone()) }];
        let pair = [self.terms.obligor(), self.terms.obligee()];
        if standing == Standing::Binding {
            lowering.past_dues(&self.terms, Some(NAME), pair, &dues, Tag::Rent);
        }
        let promise = Promise {
            tranche: Some(NAME),
            to: self.terms.obligee(),
            tag: Tag::Rent,
            standing,
            dues,
            undated: nothing(),
            span: table.span_of("guaranteed"),
        };
        lowering.promise(&self.terms, promise);
        true
    }

    /// The month before as-of in which the lease was left, where dates say so.
    pub fn left_before(&self) -> Option<i64> {
        let mut end = self.term()?.last;
        let mut option = 0;
        while end < 1 {
            let version = self.version_at(Some(end));
            let Some(months) = self.renewal_months(version, option) else { return Some(end) };
            let when = version.record.table("renewal")?.formula("when")?;
            if !decided(when, &self.calendar, end - 1)? {
                return Some(end);
            }
            (end, option) = (end + months, option + 1);
        }
        None
    }

    /// The most that can be due of it on a day: all that is guaranteed, less a realised value that is a
    /// number, up to the cap.
    pub fn most(&self, lowering: &Lowering<'_>, day: Date) -> Value {
        let table = self.terms.record.table(NAME);
        let money = |term: &str| money(lowering, table?, term, day);
        let Some(guaranteed) = money("guaranteed") else { return Value::exact(0.0) };
        let value = table.and_then(|table| table.formula("value")).map(Formula::shared);
        let short = match value.map(|(share, whole)| (share, &whole.node)) {
            Some((share, Node::Amount(value))) => {
                let rate = lowering.model.worth_on(value.currency.unwrap_or(lowering.model.currency), day);
                let own = share.map_or(Value::exact(1.0), |share| share.values()[Reading::Headline].clone());
                guaranteed
                    .minus(&Value::exact(value.amount).scaled(&rate).scaled(&own))
                    .max(&Value::exact(0.0))
            }
            _ => guaranteed.amount().map_or(guaranteed, Value::at_most),
        };
        match money("cap") {
            Some(cap) => short.min(&cap),
            None => short,
        }
    }
}

/// A limit is a term: "up to" says the same in every reading.
fn limit(stated: &Stated, standing: Standing, about: f64) -> Slot {
    let slot = slot_as(stated, standing, about);
    let Said::UpTo { most, .. } = stated.figure.said else { return slot };
    match standing {
        Standing::Conditional => Slot { firm: 0.0, ..Slot::constant(most) },
        Standing::Announced => slot,
        _ => Slot::constant(most),
    }
}

/// A limit of the table, in model currency on a day.
fn money(lowering: &Lowering<'_>, table: &Record, term: &str, day: Date) -> Option<Value> {
    let stated = table.figure(term)?;
    let currency = stated.figure.currency.unwrap_or(lowering.model.currency);
    Some(stated.part_of(stated_most(stated)).scaled(&lowering.model.worth_on(currency, day)))
}

fn stated_most(stated: &Stated) -> Value {
    match stated.figure.said {
        limit @ Said::UpTo { .. } => limit.limit(),
        _ => stated.headline(),
    }
}
