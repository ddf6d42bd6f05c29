//! Commitments as worded: what both sides of a contract owe and are owed, before anything is simulated.

use keiretsu_model::record::Stated;
use keiretsu_model::side::Commitment;
use keiretsu_model::{Contract, PartyRef, Span, Standing, When};
use keiretsu_program::{Claim, PartyId, Tag};
use keiretsu_values::{Bound, Value};

use crate::calendar::month;
use crate::lowering::{Lowering, Terms};

/// A commitment to be filled in by its contract type.
pub struct Promise<'a> {
    /// The tranche, if it is one of several.
    pub tranche: Option<&'a str>,
    /// Who is owed.
    pub to: PartyRef,
    /// What it is for.
    pub tag: Tag,
    /// Where it stands.
    pub standing: Standing,
    /// The three readings.
    pub amounts: [Value; 3],
    /// How it falls over calendar years; empty: undated.
    pub years: Vec<(i32, f64)>,
    /// The share that fell due by as-of.
    pub past: f64,
    /// Whether what fell due by as-of is confirmed.
    pub unconfirmed: bool,
    /// Where it stands in the text.
    pub span: Span,
}

impl Lowering<'_> {
    /// Notes a commitment of the version that is in force at as-of.
    pub fn promise(&mut self, terms: &Terms<'_>, promise: Promise<'_>) {
        if !terms.current {
            return;
        }
        self.side.commitments.push(Commitment {
            contract: terms.id,
            tranche: promise.tranche.map(str::to_owned),
            from: terms.obligor(),
            to: promise.to,
            tag: promise.tag.name(),
            standing: promise.standing,
            unconfirmed: promise.unconfirmed,
            amounts: promise.amounts,
            years: promise.years,
            past: promise.past,
            flow: None,
            over: None,
            slice: false,
            trigger: None,
            span: promise.span,
        });
    }

    /// Notes the flow that will date a commitment once the model is run.
    pub fn dated_by(&mut self, terms: &Terms<'_>, flow: keiretsu_program::FlowId) {
        if let Some(last) = self.side.commitments.last_mut().filter(|_| terms.current) {
            last.flow = Some(flow.0);
        }
    }

    /// Notes what has to happen before a commitment is due, in the words of a term.
    pub fn triggered_by(&mut self, terms: &Terms<'_>, words: &str) {
        if let Some(last) = self.side.commitments.last_mut().filter(|_| terms.current) {
            last.trigger = Some(words.trim().trim_matches('"').to_owned());
        }
    }

    /// What the default of one party leaves the other; nothing of its own for a slice, and nothing where
    /// everyone outside owes it, who never defaults.
    pub fn claim(&mut self, terms: &Terms<'_>, claim: Claim) {
        if !self.in_whole(terms.contract) && claim.debtor != PartyId::OUTSIDE {
            self.program.claim(claim);
        }
    }

    /// Whether a contract is a slice of one that was known: then the whole is paid, and the slice only says
    /// what is in it.
    pub fn in_whole(&self, contract: &Contract) -> bool {
        contract.record().contracts("part_of").iter().any(|whole| self.model.contract(*whole).is_some())
    }

    /// Marks commitments that are part of others, so that totals count them once.
    pub(crate) fn slices(&mut self) {
        let mut commitments = std::mem::take(&mut self.side.commitments);
        for commitment in &mut commitments {
            let contract = self.model.contract(commitment.contract);
            commitment.slice = contract.is_some_and(|contract| self.in_whole(contract));
        }
        self.side.commitments = commitments;
    }

    /// The three readings of a figure that stands as it does, in model currency.
    pub fn readings(&self, stated: &Stated, standing: Standing) -> [Value; 3] {
        let [firm, expected, headline] = self.model.readings(stated);
        let rate = self.model.worth(stated.figure.currency.unwrap_or(self.model.currency));
        match standing {
            Standing::Paid | Standing::Binding => [firm, expected, headline],
            Standing::Conditional => [Value::exact(0.0), Self::taken(stated).scaled(&rate), headline],
            Standing::Announced => [Value::exact(0.0), Self::announced(stated).scaled(&rate), headline],
            Standing::Lapsed | Standing::Terminated => [0.0; 3].map(Value::exact),
        }
    }

    /// What is taken of a conditional amount if its condition holds: as expected, else all of it.
    pub fn taken(stated: &Stated) -> Value {
        match (stated.expect, stated.headline()) {
            (Some(expect), _) => expect.expected(),
            (None, Value::Known { amount, .. }) => Value::known(amount, Bound::About),
            (None, unknown @ Value::Unknown { .. }) => unknown,
        }
    }

    /// What is expected of something announced: nothing decides it but an analyst.
    fn announced(stated: &Stated) -> Value {
        match stated.expect {
            Some(expect) => expect.expected(),
            None => Value::unknown("announced, and no `expect` says what to make of it"),
        }
    }
}

/// How an amount that falls over a stated time spreads over calendar years.
pub fn years_of(when: &When) -> Vec<(i32, f64)> {
    let (first, last) = (month(when.first), month(when.last));
    let count = f64::from(last.since(first) + 1);
    (first.year()..=last.year())
        .map(|year| {
            let from = first.max(keiretsu_program::Month::new(year, 1));
            let to = last.min(keiretsu_program::Month::new(year, 12));
            (year, f64::from(to.since(from) + 1) / count)
        })
        .collect()
}
