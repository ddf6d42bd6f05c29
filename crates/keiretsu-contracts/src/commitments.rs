//! Commitments as worded: what both sides of a contract owe and are owed, before anything is simulated.

use jiff::civil::Date;
use keiretsu_model::record::Stated;
use keiretsu_model::{PartyRef, Span, Standing, When};
use keiretsu_program::{Op, Reg, Tag};
use keiretsu_values::Value;

use crate::branches::count_one;
use crate::calendar::month;
use crate::dated::Dated;
use crate::lowering::Lowering;
use crate::side::{Cancelling, Commitment, Due, Purpose};
use crate::terms::{Terms, ended};

/// A commitment to be filled in by its contract type.
#[derive(Clone, Debug)]
pub struct Promise<'a> {
    /// The tranche, if it is one of several.
    pub tranche: Option<&'a str>,
    /// Who is owed.
    pub to: PartyRef,
    /// What it is for.
    pub tag: Tag,
    /// Where it stands.
    pub standing: Standing,
    /// What falls due when, from the start of the contract.
    pub dues: Vec<Due>,
    /// What nothing dates, in the three readings.
    pub undated: [Value; 3],
    /// Where it stands in the text.
    pub span: Span,
}

/// Nothing, in the three readings.
pub fn nothing() -> [Value; 3] {
    [0.0; 3].map(Value::exact)
}

impl Lowering<'_> {
    /// Notes what is left of all commitments, of wholes and by party, if somebody cancels, and which of
    /// branches counts.
    pub(crate) fn finish_commitments(&mut self) {
        let mut all = std::mem::take(&mut self.side.commitments);
        let mut by_party = std::mem::take(&mut self.side.by_party);
        for list in [&mut all, &mut by_party] {
            self.note_cancelling(list);
            count_one(list);
            crate::alternatives::count_one(&self.side.alternatives, list);
        }
        (self.side.commitments, self.side.by_party) = (all, by_party);
    }

    /// The share of a dated amount that falls due in each month of the run.
    pub fn share_due(&mut self, dated: &Dated) -> Reg {
        let calendar = self.calendar;
        let curve = self.program.curve(dated.by_months(&calendar));
        self.program.op(Op::Curve(curve))
    }

    /// Notes a commitment of the version that is in force at as-of.
    pub fn promise(&mut self, terms: &Terms<'_>, mut promise: Promise<'_>) {
        if !terms.current {
            return;
        }
        let calendar = self.calendar;
        if let Some(ended) = ended(terms.contract, &calendar) {
            promise.dues.retain(|due| calendar.t(month(due.on)) < ended);
        }
        self.side.commitments.push(Commitment {
            contract: terms.id,
            tranche: promise.tranche.map(str::to_owned),
            from: terms.obligor(),
            to: promise.to,
            purpose: Purpose::Flow(promise.tag),
            standing: promise.standing,
            dues: promise.dues,
            undated: promise.undated,
            flow: None,
            share: [1.0; 3],
            over: None,
            total: None,
            slice: false,
            cancelling: Cancelling::default(),
            branch: false,
            counted: None,
            alternative: None,
            option_of: None,
            trigger: None,
            lapse: None,
            ever: None,
            span: promise.span,
        });
    }

    /// A commitment of the obligee to the obligor.
    pub(crate) fn promise_back(&mut self, terms: &Terms<'_>, promise: Promise<'_>) {
        let (from, to): (PartyRef, PartyRef) = (terms.obligee(), terms.obligor());
        self.promise(terms, promise);
        if let Some(last) = self.side.commitments.last_mut().filter(|_| terms.current) {
            (last.from, last.to) = (from, to);
        }
    }

    /// Notes the flow that will date a commitment once the model is run.
    pub fn dated_by(&mut self, terms: &Terms<'_>, flow: keiretsu_program::FlowId) {
        if let Some(last) = self.side.commitments.last_mut().filter(|_| terms.current) {
            last.flow = Some(flow);
        }
    }

    /// Notes what has to happen before a commitment is due, in the words of a term, and by when.
    pub fn triggered_by(&mut self, terms: &Terms<'_>, words: &str, before: Option<When>) {
        if let Some(last) = self.side.commitments.last_mut().filter(|_| terms.current) {
            last.trigger = Some(words.trim().trim_matches('"').to_owned());
            last.lapse = before.map(|when| when.last);
        }
    }

    /// The three readings of a figure that stands as it does, in model currency.
    pub fn readings(&self, stated: &Stated, standing: Standing) -> [Value; 3] {
        self.readings_on(stated, standing, stated.on.map_or(self.model.as_of, |when| when.last))
    }

    /// The same at the rate of exchange of a day.
    pub fn readings_on(&self, stated: &Stated, standing: Standing, day: Date) -> [Value; 3] {
        let own = self.model.currency;
        let rate = |currency: Option<_>| Some(self.model.worth_on(currency.unwrap_or(own), day));
        stated.exchanged(worded(stated, standing), rate)
    }

    /// The dues of a figure that stands as it does, each at the rate of exchange of its day.
    pub fn dues_of(&self, stated: &Stated, standing: Standing, dated: &Dated) -> Vec<Due> {
        dated.dues_at(&self.calendar, |day| self.readings_on(stated, standing, day))
    }
}

/// The three readings of a figure that stands as it does, in the currency of its words.
pub(crate) fn worded(stated: &Stated, standing: Standing) -> [Value; 3] {
    let headline = stated.headline();
    match standing {
        Standing::Paid | Standing::Binding => [stated.firm(), stated.expected(), headline],
        Standing::Conditional => [Value::exact(0.0), stated.taken(), headline],
        Standing::Announced => [Value::exact(0.0), announced(stated), headline],
        Standing::Lapsed | Standing::Terminated => [0.0; 3].map(Value::exact),
    }
}

/// What is expected of something announced: nothing decides it but an analyst.
fn announced(stated: &Stated) -> Value {
    match stated.expect {
        Some(expect) => expect.expected(),
        None => Value::undisclosed("announced, and no `expect` says what to make of it"),
    }
}
