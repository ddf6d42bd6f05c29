//! Copies of a model in which some statements are different.

use std::collections::BTreeMap;

use jiff::ToSpan;

use super::{Change, Place};
use crate::document::{Document, SourceFile};
use crate::figure::Said;
use crate::formula::{Formula, Node, Operator};
use crate::lexer::Quantity;
use crate::members::Member;
use crate::party;
use crate::record::{Content, Entry, Ramp, Record, Stated};
use crate::tree::{Node as TreeNode, Tree};
use crate::{Chance, ContractRef, Holding, Model, Process, Span, When, syndicate};

/// A copy of a model in which these statements are different. It has no text and is only to be run; whether
/// it makes sense is for whoever runs it to find out.
pub fn edited(model: &Model, changes: &[(Place, Change)]) -> Model {
    let mut copy = light(model);
    let edit = Edit { changes: changes.iter().copied().collect() };
    records(&mut copy, &mut |record| edit.record(record));
    for party in &mut copy.parties {
        party.funding = party.record.table("funding").map(party::funding);
    }
    for factor in &mut copy.factors {
        if let Process::Formula(formula) = &mut factor.process {
            edit.formula(formula);
        }
    }
    for event in &mut copy.events {
        edit.chance(&mut event.chance);
    }
    for product in &mut copy.products {
        let shares = product.supplied_by.iter_mut().flat_map(|(_, shares)| shares);
        shares.for_each(|(_, stated)| edit.stated(stated));
    }
    copy.currencies.iter_mut().for_each(|(_, entry)| edit.entry(entry));
    copy.correlations.iter_mut().for_each(|correlation| edit.stated(&mut correlation.figure));
    if let Some((stated, _)) = &mut copy.discount {
        edit.stated(stated);
    }
    syndicate::expand(&mut copy);
    copy
}

/// A copy of a model as if some contracts and holdings had never been heard of.
pub fn without(model: &Model, contracts: &[ContractRef], holdings: &[&str]) -> Model {
    let mut copy = light(model);
    for contract in contracts.iter().flat_map(|contract| model.parts(*contract)).chain(contracts.to_vec()) {
        copy.contracts[contract.at()] = None;
    }
    copy.holdings.retain(|holding: &Holding| !holdings.contains(&holding.name.as_str()));
    copy
}

/// A copy without its text, which nothing that runs reads.
fn light(model: &Model) -> Model {
    let empty = |file: &SourceFile| SourceFile { path: file.path.clone(), text: String::new() };
    let document = Document {
        files: model.document.files.iter().map(empty).collect(),
        root: TreeNode { span: Span::default(), value: Tree::Table(vec![]) },
    };
    Model {
        document,
        title: model.title.clone(),
        currencies: model.currencies.clone(),
        discount: model.discount.clone(),
        sources: model.sources.clone(),
        parties: model.parties.clone(),
        factors: model.factors.clone(),
        correlations: model.correlations.clone(),
        events: model.events.clone(),
        contracts: model.contracts.clone(),
        holdings: model.holdings.clone(),
        alternatives: model.alternatives.clone(),
        platforms: model.platforms.clone(),
        products: model.products.clone(),
        reports: model.reports.clone(),
        scenarios: model.scenarios.clone(),
        expectations: model.expectations.clone(),
        strategies: model.strategies.clone(),
        ..*model
    }
}

/// Visits the record of everything that a model lists.
pub(crate) fn records(model: &mut Model, visit: &mut impl FnMut(&mut Record)) {
    model.parties.iter_mut().for_each(|party| visit(&mut party.record));
    model.factors.iter_mut().for_each(|factor| visit(&mut factor.record));
    model.events.iter_mut().for_each(|event| visit(&mut event.record));
    for contract in model.contracts.iter_mut().flatten() {
        contract.versions.iter_mut().for_each(|version| visit(&mut version.record));
    }
    model.holdings.iter_mut().for_each(|holding| visit(&mut holding.record));
    model.alternatives.iter_mut().for_each(|alternative| visit(&mut alternative.record));
    model.platforms.iter_mut().for_each(|platform| visit(&mut platform.record));
    model.products.iter_mut().for_each(|product| visit(&mut product.record));
    model.reports.iter_mut().for_each(|report| visit(&mut report.record));
}

struct Edit {
    changes: BTreeMap<Place, Change>,
}

impl Edit {
    fn at(&self, span: Span) -> Option<Change> {
        self.changes.get(&Place { span, expect: false }).copied()
    }

    fn record(&self, record: &mut Record) {
        record.entries.iter_mut().for_each(|entry| self.entry(entry));
    }

    fn entry(&self, entry: &mut Entry) {
        let change = self.at(entry.span);
        match &mut entry.content {
            Content::Figure(stated) | Content::Chance(stated, _) => self.stated(stated),
            Content::ByYear(years) => years.iter_mut().for_each(|(_, stated)| self.stated(stated)),
            Content::Shares(shares) => shares.iter_mut().for_each(|(_, stated)| self.stated(stated)),
            Content::Members(members) => {
                members.iter_mut().filter_map(Member::stated_mut).for_each(|stated| self.stated(stated));
            }
            Content::SharesByYear(years) => {
                let shares = years.iter_mut().flat_map(|(_, shares)| shares);
                shares.for_each(|(_, stated)| self.stated(stated));
            }
            Content::Formula(formula, _) => self.formula(formula),
            Content::Table(record) => self.record(record),
            Content::Tables(tables) => tables.iter_mut().for_each(|(_, _, record)| self.record(record)),
            Content::When(when) => {
                if let Some(Change::Later(months)) = change {
                    later(when, months);
                }
            }
            Content::Duration(years, _) => {
                if let Some(Change::Scale(by)) = change {
                    *years *= by;
                }
            }
            Content::Ramp(ramp) if change == Some(Change::Otherwise) => {
                *ramp = if *ramp == Ramp::Flat { Ramp::Linear } else { Ramp::Flat };
            }
            _ => {}
        }
    }

    fn stated(&self, stated: &mut Stated) {
        let expect = self.changes.get(&Place { span: stated.span, expect: true });
        if let (Some(Change::Scale(by)), Some(said)) = (expect, &mut stated.expect) {
            *said = scaled(*said, *by);
        }
        match self.at(stated.span) {
            Some(Change::Scale(by)) => stated.figure.said = scaled(stated.figure.said, by),
            Some(Change::Known(amount)) if stated.figure.said == Said::Undisclosed => {
                stated.figure.said = Said::Exact(amount);
            }
            Some(Change::Claim(at)) => {
                if let Some(claim) = stated.others.get(at) {
                    // An `expect` belongs to the figure beside which it stands.
                    (stated.figure, stated.expect) = (claim.figure.clone(), None);
                }
            }
            _ => {}
        }
    }

    fn formula(&self, formula: &mut Formula) {
        if let Node::Worded(stated) = &mut formula.node {
            return self.stated(stated);
        }
        match self.at(formula.span) {
            Some(Change::Scale(by)) => {
                let span = formula.span;
                let amount = Quantity::plain(by);
                let by = Box::new(Formula { node: Node::Amount(amount), span });
                let node = Node::Binary(Operator::Times, by, Box::new(formula.clone()));
                *formula = Formula { node, span };
            }
            Some(Change::Holds(holds)) => formula.node = Node::Truth(holds),
            _ => {}
        }
    }

    fn chance(&self, chance: &mut Chance) {
        match chance {
            Chance::By(stated, _) | Chance::PerYear(stated) => self.stated(stated),
            Chance::TwoState { shuts, reopens, .. } => {
                self.stated(shuts);
                self.stated(reopens);
            }
            Chance::Happened(_) | Chance::Unknown => {}
        }
    }
}

pub(crate) fn scaled(said: Said, by: f64) -> Said {
    match said {
        Said::Exact(x) => Said::Exact(x * by),
        Said::About(x) => Said::About(x * by),
        Said::UpTo { most, about } => Said::UpTo { most: most * by, about },
        Said::AtLeast { least, about } => Said::AtLeast { least: least * by, about },
        Said::Range { low, high, open, about } => Said::Range { low: low * by, high: high * by, open, about },
        Said::Undisclosed => Said::Undisclosed,
    }
}

/// Beyond the last year of the calendar nothing moves.
fn later(when: &mut When, months: i32) {
    let first = when.first.checked_add(i64::from(months).months());
    let last = when.last.checked_add(i64::from(months).months());
    if let (Ok(first), Ok(last)) = (first, last) {
        let whole = when.last == when.last.last_of_month();
        (when.first, when.last) = (first, if whole { last.last_of_month() } else { last });
    }
}
