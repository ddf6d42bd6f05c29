//! What ties the parties of a web: commitments by payer, payee and family, and stakes that no payment shows.

use std::collections::BTreeMap;

use keiretsu_contracts::side::Commitment;
use keiretsu_measures::Subject;
use keiretsu_model::{Holding, PartyRef};
use keiretsu_program::Reading;
use keiretsu_values::{Cell, ColumnSpec, Table, TableSpec, Tag, Unit, Value};
use keiretsu_views::amount::inline;
use keiretsu_views::chart::Family;

use super::relation::firm_and_most;

/// What one party owes another, by what it is for.
pub(crate) const TIES: TableSpec = TableSpec::new(
    "report",
    "ties",
    "What ties two parties",
    &[&[
        ColumnSpec::party("payer", "the party that pays or owns"),
        ColumnSpec::party("payee", "the party that is paid or owned"),
        ColumnSpec::text("for", "capital, purchases, or guarantees"),
        ColumnSpec::money("firm", "what is paid or owed without a condition"),
        ColumnSpec::money("headline", "everything announced, at its cap"),
        ColumnSpec::text("stake", "the stake, where one is stated"),
        ColumnSpec::text("contracts", "the contracts and holdings"),
    ]],
);

/// All that one party owes another of a family.
pub(crate) struct Owed {
    pub from: PartyRef,
    pub to: PartyRef,
    pub family: Family,
    /// Firm and headline; none where nothing but a stake ties them.
    pub amounts: Option<[Value; 2]>,
    pub stake: Option<String>,
    pub contracts: Vec<String>,
}

/// What a commitment is for; none for what repays a loan, which is drawn as the loan.
pub(crate) fn family(subject: &Subject<'_>, commitment: &Commitment) -> Option<Family> {
    if commitment.is_contingent() {
        return Some(Family::Guarantee);
    }
    if !commitment.is_for(Tag::Principal) {
        return Some(if commitment.is_capital() { Family::Capital } else { Family::Service });
    }
    let contract = subject.model.contract(commitment.contract)?;
    (contract.obligor == Some(commitment.from)).then_some(Family::Capital)
}

/// The ties of a web, the largest first.
pub(crate) fn ties(subject: &Subject<'_>) -> Vec<Owed> {
    let mut ties = BTreeMap::new();
    for commitment in
        subject.standing_by_party().filter(|commitment| commitment.is_cash() || commitment.is_contingent())
    {
        promised(subject, commitment, &mut ties);
    }
    as_used(subject, &mut ties);
    for holding in &subject.model.holdings {
        held(subject, holding, &mut ties);
    }
    let mut ties: Vec<Owed> = ties.into_values().collect();
    ties.sort_by(|a, b| b.size().total_cmp(&a.size()));
    ties
}

type Ties = BTreeMap<(PartyRef, PartyRef, Family), Owed>;

fn tie(ties: &mut Ties, from: PartyRef, to: PartyRef, family: Family) -> &mut Owed {
    ties.entry((from, to, family)).or_insert_with(|| Owed {
        from,
        to,
        family,
        amounts: None,
        stake: None,
        contracts: vec![],
    })
}

/// The groups of two parties, where a line would run between two parties of the web.
fn inside(subject: &Subject<'_>, from: PartyRef, to: PartyRef) -> Option<(PartyRef, PartyRef)> {
    let (from, to) = (subject.model.group(from), subject.model.group(to));
    (from != PartyRef::OUTSIDE && to != PartyRef::OUTSIDE && from != to).then_some((from, to))
}

fn promised(subject: &Subject<'_>, commitment: &Commitment, ties: &mut Ties) {
    let Some((from, to)) = inside(subject, commitment.from, commitment.to) else { return };
    let Some(family) = family(subject, commitment) else { return };
    let tie = tie(ties, from, to, family);
    let amounts = [Reading::Firm, Reading::Headline].map(|reading| commitment.in_totals(reading));
    tie.amounts = Some(match tie.amounts.take() {
        Some([firm, headline]) => [firm.plus(&amounts[0]), headline.plus(&amounts[1])],
        None => amounts,
    });
    tie.name(subject.name(commitment));
}

/// Contracts that promise no amount tie parties all the same.
fn as_used(subject: &Subject<'_>, ties: &mut Ties) {
    for (reference, contract) in subject.model.known_contracts() {
        let (Some(from), Some(to)) = (contract.obligor, contract.obligee) else { continue };
        let promised = subject.side.commitments.iter().any(|promised| promised.contract == reference);
        if promised || !subject.stands(reference) || contract.spec.keyword == "right" {
            continue;
        }
        let Some((from, to)) = inside(subject, from, to) else { continue };
        let tie = tie(ties, from, to, Family::Service);
        let unknown = Value::unknown("as used");
        tie.amounts = Some(match tie.amounts.take() {
            Some(amounts) => amounts.map(|amount| amount.plus(&unknown)),
            None => [unknown.clone(), unknown],
        });
        tie.name(contract.name.clone());
    }
}

/// A stake is capital: its price where a contract has one, else the stake alone.
fn held(subject: &Subject<'_>, holding: &Holding, ties: &mut Ties) {
    let model = subject.model;
    let Some((owner, issuer)) = inside(subject, holding.owner, holding.issuer) else { return };
    let readings = |term| Some(model.readings(holding.record.figure(term)?));
    let reading = |term| Some(readings(term)?[Reading::Headline as usize].clone());
    let stake = match (reading("stake"), reading("value")) {
        (Some(stake), _) => format!("owns {}", inline(&stake, Unit::Share)),
        (None, Some(value)) => format!("holds {}", inline(&value, Unit::Money(model.currency))),
        (None, None) => "owns a stake".to_owned(),
    };
    let tie = tie(ties, owner, issuer, Family::Capital);
    tie.stake = Some(match tie.stake.take() {
        Some(had) => format!("{had}, {stake}"),
        None => stake,
    });
    // What is paid under a contract and what the stake cost may be one purchase: the larger counts.
    if let Some(cost) = readings("cost") {
        let cost = [Reading::Firm, Reading::Headline].map(|reading| cost[reading as usize].clone());
        tie.amounts = Some(match tie.amounts.take() {
            Some([firm, headline]) => [firm.max(&cost[0]), headline.max(&cost[1])],
            None => cost,
        });
    }
    tie.name(holding.name.clone());
}

impl Owed {
    fn name(&mut self, name: String) {
        if !self.contracts.contains(&name) {
            self.contracts.push(name);
        }
    }

    /// The most of it that is known.
    pub fn size(&self) -> f64 {
        self.amounts.iter().flatten().filter_map(amount).fold(0.0, f64::max)
    }

    /// The amount of a reading: 0 firm, 1 headline.
    pub fn amount(&self, reading: usize) -> Option<f64> {
        amount(&self.amounts.as_ref()?[reading])
    }

    /// Its amount, and the stake that goes with it.
    pub fn words(&self, unit: Unit) -> String {
        let amounts = self.amounts.as_ref().map(|[firm, headline]| firm_and_most(firm, headline, unit));
        let parts: Vec<String> = amounts.into_iter().chain(self.stake.clone()).collect();
        parts.join(", ")
    }
}

fn amount(value: &Value) -> Option<f64> {
    value.amount().filter(|amount| amount.is_finite())
}

/// The word of a family in tables.
pub(crate) fn word(family: Family) -> &'static str {
    match family {
        Family::Capital => "capital",
        Family::Service => "purchases",
        Family::Guarantee => "guarantees",
    }
}

/// The ties as a table.
pub(crate) fn table(subject: &Subject<'_>, ties: &[Owed]) -> Table {
    let mut table = subject.table(&TIES);
    for tie in ties {
        let amounts = match &tie.amounts {
            Some(amounts) => amounts.clone().map(Cell::Value),
            None => [Cell::Empty, Cell::Empty],
        };
        let head = [subject.party(tie.from), subject.party(tie.to), Cell::text(word(tie.family))];
        let stake = tie.stake.as_ref().map_or(Cell::Empty, Cell::text);
        let rest = [stake, Cell::text(tie.contracts.join(", "))];
        table.push(head.into_iter().chain(amounts).chain(rest).collect());
    }
    table
}
