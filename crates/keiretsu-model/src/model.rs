//! The model: everything that the text says, bound and checked, ready to be lowered.

use jiff::civil::Date;
use keiretsu_values::{Currency, Dimension, Value};

use crate::document::Document;
use crate::formula::{Formula, Node, Operator, PartyReading};
use crate::record::{Basis, Content, Entry, Record, Stated};
use crate::units::{self, Yields};
use crate::{
    Alternative, Contract, ContractRef, Correlation, Event, Expectation, Factor, FactorRef, Holding, Party,
    PartyRef, Platform, Process, Product, Report, Scenario, Source, SourceRef, Span,
};

/// A model.
#[derive(Clone, Debug)]
pub struct Model {
    /// Its text.
    pub document: Document,
    /// Its title.
    pub title: String,
    /// The day it looks from.
    pub as_of: Date,
    /// The last day of which news counts, if it was limited.
    pub known_on: Option<Date>,
    /// How many months it looks ahead.
    pub horizon_months: u32,
    /// The currency of its tables.
    pub currency: Currency,
    /// What one unit of another currency is worth: a formula for each.
    pub currencies: Vec<(Currency, Entry)>,
    /// Yearly rate of present values, if one is given, and what it rests on.
    pub discount: Option<(Stated, Basis)>,
    /// The tolerance of "about", a fraction.
    pub about: f64,
    /// Documents.
    pub sources: Vec<Source>,
    /// Parties; `outside` is the first.
    pub parties: Vec<Party>,
    /// Factors.
    pub factors: Vec<Factor>,
    /// Correlations of factors.
    pub correlations: Vec<Correlation>,
    /// Degrees of freedom of a t copula, if there is one.
    pub copula_freedom: Option<f64>,
    /// Whether an impossible correlation matrix is replaced by the nearest possible one.
    pub repair_correlations: bool,
    /// Events.
    pub events: Vec<Event>,
    /// Contracts; `None` stands for one that was not yet known.
    pub contracts: Vec<Option<Contract>>,
    /// Holdings.
    pub holdings: Vec<Holding>,
    /// Contracts of which one is owed.
    pub alternatives: Vec<Alternative>,
    /// Platforms.
    pub platforms: Vec<Platform>,
    /// Products.
    pub products: Vec<Product>,
    /// Published figures that are no contracts.
    pub reports: Vec<Report>,
    /// Scenarios.
    pub scenarios: Vec<Scenario>,
    /// What goes on holding.
    pub expectations: Vec<Expectation>,
    /// The parties that `compare` sets side by side.
    pub strategies: Vec<PartyRef>,
}

/// An assumption: a statement without a source.
#[derive(Clone, Debug, PartialEq)]
pub struct Assumption {
    /// What is assumed: a dotted path, or a sentence.
    pub what: String,
    /// The words.
    pub words: String,
    /// Why.
    pub because: Option<String>,
    /// Where it stands.
    pub span: Span,
}

impl Model {
    /// A party.
    pub fn party(&self, party: PartyRef) -> &Party {
        &self.parties[party.at()]
    }

    /// A contract that was known.
    pub fn contract(&self, contract: ContractRef) -> Option<&Contract> {
        self.contracts[contract.at()].as_ref()
    }

    /// All contracts that were known and are run, in the order of the text: one with several parties in a
    /// role as one for each of them.
    pub fn known_contracts(&self) -> impl Iterator<Item = (ContractRef, &Contract)> {
        self.numbered().filter(|(_, contract)| contract.parts.is_empty())
    }

    /// All contracts that were known as the text states them.
    pub fn stated_contracts(&self) -> impl Iterator<Item = (ContractRef, &Contract)> {
        self.numbered().filter(|(_, contract)| contract.part.is_none())
    }

    fn numbered(&self) -> impl Iterator<Item = (ContractRef, &Contract)> {
        let numbered = self.contracts.iter().enumerate();
        numbered.filter_map(|(at, contract)| Some((ContractRef(at as u32), contract.as_ref()?)))
    }

    /// A contract as it is run: one for each of its parties where a role has several, else itself.
    pub fn parts(&self, contract: ContractRef) -> Vec<ContractRef> {
        match self.contract(contract) {
            Some(known) if !known.parts.is_empty() => known.parts.clone(),
            _ => vec![contract],
        }
    }

    /// The contract of the text that one is, or is a part of.
    pub fn stated(&self, contract: ContractRef) -> ContractRef {
        self.contract(contract).and_then(|known| known.part.as_ref()).map_or(contract, |part| part.whole)
    }

    /// The whole party that a segment belongs to, or the party itself.
    pub fn group(&self, party: PartyRef) -> PartyRef {
        self.party(party).part_of.unwrap_or(party)
    }

    /// The firm, expected and headline amounts of a figure, in model currency on its own date, else at as-of.
    pub fn readings(&self, stated: &Stated) -> [Value; 3] {
        self.readings_on(stated, stated.on.map_or(self.as_of, |when| when.last))
    }

    /// The firm, expected and headline amounts of a figure, in model currency at the rate of a day.
    pub fn readings_on(&self, stated: &Stated, day: Date) -> [Value; 3] {
        let all = [stated.firm(), stated.expected(), stated.headline()];
        let rate = |currency: Option<Currency>| {
            currency.filter(|currency| *currency != self.currency).map(|other| self.worth_on(other, day))
        };
        stated.exchanged(all, rate)
    }

    /// What one unit of a currency is worth at as-of, in model currency.
    pub fn worth(&self, currency: Currency) -> Value {
        self.worth_on(currency, self.as_of)
    }

    /// What a formula measures; `None` for a condition or where nothing is known.
    pub fn dimension_of(&self, formula: &Formula) -> Option<Dimension> {
        let dimension = |factor: FactorRef| self.factors[factor.at()].dimension;
        match units::check(formula, &dimension, &mut Vec::new()) {
            Yields::Amount(dimension) => Some(dimension),
            Yields::Truth | Yields::Anything => None,
        }
    }

    /// What a formula is worth at as-of, with factors at their start; unknown where it reads what a run
    /// decides.
    pub fn at_start(&self, formula: &Formula) -> Value {
        let of = |part: &Formula| self.at_start(part);
        match &formula.node {
            Node::Amount(quantity) => {
                Value::exact(quantity.amount).scaled(&self.worth(quantity.currency.unwrap_or(self.currency)))
            }
            Node::Worded(stated) => self.readings_on(stated, self.as_of)[1].clone(),
            Node::Factor(factor) => {
                let factor = &self.factors[factor.at()];
                match (&factor.process, factor.record.figure("start")) {
                    (Process::Formula(formula), _) => of(formula),
                    (_, Some(stated)) => self.readings_on(stated, self.as_of)[1].clone(),
                    (_, None) => Value::unknown(format!("`{}` has no start", factor.name)),
                }
            }
            Node::OfParty(PartyReading::Revenue, party) => self.term_at_start(*party, "revenue"),
            Node::OfParty(PartyReading::Value, party) => self.term_at_start(*party, "value"),
            Node::Share(share) => share.values()[1].clone(),
            Node::Lag(part, _) => of(part),
            Node::Negative(part) => of(part).times(-1.0),
            Node::Binary(Operator::Plus, a, b) => of(a).plus(&of(b)),
            Node::Binary(Operator::Minus, a, b) => of(a).minus(&of(b)),
            Node::Binary(Operator::Times, a, b) => of(a).scaled(&of(b)),
            Node::Binary(Operator::Per, a, b) => of(a).divide(&of(b)),
            _ => Value::unknown("only a run decides it"),
        }
    }

    /// What a formula of a party is worth at as-of.
    pub fn term_at_start(&self, party: PartyRef, term: &str) -> Value {
        match self.party(party).record.formula(term) {
            Some(formula) => self.at_start(formula),
            None => Value::unknown(format!("`{}` has no `{term}`", self.party(party).name)),
        }
    }

    /// A party by its name.
    pub fn find_party(&self, name: &str) -> Option<PartyRef> {
        self.parties.iter().position(|party| party.name == name).map(|at| PartyRef(at as u32))
    }

    /// The sources of a basis, by name.
    pub fn source_names(&self, basis: &Basis) -> Vec<&str> {
        basis.sources.iter().map(|source: &SourceRef| self.sources[source.at()].name.as_str()).collect()
    }

    /// Calls `visit` on every table of the model that holds statements, with its path.
    pub fn records<'a>(&'a self, visit: &mut impl FnMut(&str, &'a Record)) {
        for party in &self.parties {
            visit(&party.name, &party.record);
        }
        for factor in &self.factors {
            visit(&factor.name, &factor.record);
        }
        for event in &self.events {
            visit(&event.name, &event.record);
        }
        for (_, contract) in self.stated_contracts() {
            visit(&contract.name, contract.record());
        }
        for holding in &self.holdings {
            visit(&holding.name, &holding.record);
        }
        for alternative in &self.alternatives {
            visit(&alternative.name, &alternative.record);
        }
        for platform in &self.platforms {
            visit(&platform.name, &platform.record);
        }
        for product in &self.products {
            visit(&product.name, &product.record);
        }
        for report in &self.reports {
            visit(&report.name, &report.record);
        }
    }

    /// Calls `visit` on every statement with its path, `party.cash`, `contract.tranches.first.amount`.
    pub fn entries<'a>(&'a self, visit: &mut impl FnMut(&str, &'a Entry)) {
        self.records(&mut |path, record| record.walk(path, visit));
    }

    /// Calls `visit` on everything that a contract leaves unsaid and that is therefore undisclosed, and on
    /// every date or duration that is said to be, with its path.
    pub fn unsaid<'a>(&'a self, visit: &mut impl FnMut(&str, &'a Entry)) {
        self.records(&mut |path, record| record.walk_unsaid(path, visit));
    }

    /// All assumptions, in the order of the text.
    pub fn assumptions(&self) -> Vec<Assumption> {
        let mut list = Vec::new();
        self.entries(&mut |path, entry| {
            if let Content::Texts(texts) = &entry.content
                && entry.name == "assumed"
            {
                let sentences = texts.iter().filter(|(text, _)| text.contains(' '));
                let owner = path.rsplit_once('.').map_or(path, |(owner, _)| owner);
                list.extend(sentences.map(|(text, span)| Assumption {
                    what: format!("{owner}: {text}"),
                    words: String::new(),
                    because: None,
                    span: *span,
                }));
            } else if entry.content.states() || entry.basis.assumed {
                list.extend(assumed(path, entry));
            }
        });
        let name = |factor: FactorRef| self.factors[factor.at()].name.as_str();
        for correlation in self.correlations.iter().filter(|correlation| correlation.basis.is_assumption()) {
            list.push(Assumption {
                what: format!("correlation of {} and {}", name(correlation.a), name(correlation.b)),
                words: correlation.figure.figure.words.clone(),
                because: correlation.basis.because.clone(),
                span: correlation.span,
            });
        }
        for (currency, entry) in self.currencies.iter().filter(|(_, entry)| entry.basis.is_assumption()) {
            list.push(Assumption {
                what: format!("currencies.{}", currency.code()),
                words: entry.text.clone(),
                because: entry.basis.because.clone(),
                span: entry.span,
            });
        }
        if let Some((stated, basis)) = self.discount.as_ref().filter(|(_, basis)| basis.is_assumption()) {
            list.push(Assumption {
                what: "discount".to_owned(),
                words: stated.figure.words.clone(),
                because: basis.because.clone(),
                span: stated.span,
            });
        }
        list
    }
}

fn assumed(path: &str, entry: &Entry) -> Option<Assumption> {
    if entry.name == "known" {
        return None;
    }
    let expected = match &entry.content {
        Content::Figure(stated) => stated.expect.is_some(),
        content => content.worded().is_some_and(|stated| stated.expect.is_some()),
    };
    if !entry.basis.is_assumption() && !expected {
        return None;
    }
    Some(Assumption {
        what: path.to_owned(),
        words: entry.text.clone(),
        because: entry.basis.because.clone(),
        span: entry.span,
    })
}
