//! The list of a model's statements, in the order of the text.

use std::collections::BTreeSet;

use super::{Kind, Place, Statement};
use crate::figure::Said;
use crate::record::{Basis, Content, Entry, Record, Stated, YearKey};
use crate::{Model, Span};

/// Everything that a model states in amounts, formulas, conditions, dates and ramps; each place once.
pub fn statements(model: &Model) -> Vec<Statement<'_>> {
    let mut list = List { model, seen: BTreeSet::new(), statements: vec![] };
    model.entries(&mut |path, entry| list.entry(path, entry));
    for (_, contract) in model.stated_contracts() {
        for version in contract.versions.iter().rev().skip(1) {
            list.record(&contract.name, &version.record);
        }
    }
    for (currency, entry) in &model.currencies {
        list.entry(&format!("currencies.{}", currency.code()), entry);
    }
    if let Some((stated, basis)) = &model.discount {
        list.stated("discount", stated, basis);
    }
    let name = |factor: crate::FactorRef| model.factors[factor.at()].name.as_str();
    for correlation in &model.correlations {
        let path = format!("correlation of {} and {}", name(correlation.a), name(correlation.b));
        list.stated(&path, &correlation.figure, &correlation.basis);
    }
    list.statements
}

/// The places of the statements of which no program is made: those of reports, platforms, products and
/// alternatives.
pub fn beside_the_program(model: &Model) -> BTreeSet<Place> {
    let mut list = List { model, seen: BTreeSet::new(), statements: vec![] };
    let reports = model.reports.iter().map(|report| (&report.name, &report.record));
    let platforms = model.platforms.iter().map(|platform| (&platform.name, &platform.record));
    let products = model.products.iter().map(|product| (&product.name, &product.record));
    let alternatives = model.alternatives.iter().map(|one| (&one.name, &one.record));
    for (name, record) in reports.chain(platforms).chain(products).chain(alternatives) {
        list.record(name, record);
    }
    list.seen
}

struct List<'a> {
    model: &'a Model,
    seen: BTreeSet<Place>,
    statements: Vec<Statement<'a>>,
}

impl<'a> List<'a> {
    fn record(&mut self, path: &str, record: &'a Record) {
        record.walk(path, &mut |path, entry| self.entry(path, entry));
    }

    fn entry(&mut self, path: &str, entry: &'a Entry) {
        let basis = &entry.basis;
        match &entry.content {
            Content::Figure(stated) | Content::Chance(stated, None) => self.stated(path, stated, basis),
            Content::Chance(stated, Some(by)) => {
                let before = self.statements.len();
                self.stated(path, stated, basis);
                for statement in &mut self.statements[before..] {
                    statement.words = format!("{} by {}", statement.words, by.text());
                }
            }
            Content::ByYear(years) => {
                for (key, stated) in years {
                    self.stated(&format!("{path}.{}", year(*key)), stated, basis);
                }
            }
            Content::Shares(shares) => {
                for (party, stated) in shares {
                    self.stated(&format!("{path}.{}", self.model.party(*party).name), stated, basis);
                }
            }
            Content::Members(members) => {
                for member in members {
                    if let Some(stated) = member.stated() {
                        self.stated(&format!("{path}.{}", member.name), stated, basis);
                    }
                }
            }
            Content::SharesByYear(years) => {
                for (when, shares) in years {
                    for (party, stated) in shares {
                        let party = &self.model.party(*party).name;
                        self.stated(&format!("{path}.{}.{party}", when.text()), stated, basis);
                    }
                }
            }
            Content::Formula(formula, wanted) => {
                if let Some(stated) = formula.worded() {
                    return self.stated(path, stated, basis);
                }
                let kind = if wanted.is_empty() { Kind::Condition } else { Kind::Formula };
                self.add(path, self.text(formula.span, &entry.text), formula.span, kind, basis);
            }
            Content::When(when) if entry.name != "known" => {
                self.add(path, when.text(), entry.span, Kind::Date, basis);
            }
            Content::Duration(..) => self.add(path, entry.text.clone(), entry.span, Kind::Duration, basis),
            Content::Ramp(_) => self.add(path, entry.text.clone(), entry.span, Kind::Ramp, basis),
            _ => {}
        }
    }

    /// The characters of a formula; what its entry says where they are not at hand.
    fn text(&self, span: Span, instead: &str) -> String {
        let file = self.model.document.files.get(span.file.at());
        let text = file.and_then(|file| file.text.get(span.start as usize..span.end as usize));
        text.filter(|text| !text.is_empty()).unwrap_or(instead).trim_matches('"').to_owned()
    }

    fn stated(&mut self, path: &str, stated: &'a Stated, basis: &'a Basis) {
        let undisclosed = stated.figure.said == Said::Undisclosed;
        let kind = if undisclosed { Kind::Undisclosed } else { Kind::Figure };
        let place = Place { span: stated.span, expect: false };
        if self.seen.insert(place) {
            let (path, words) = (path.to_owned(), stated.figure.words.clone());
            let chosen_by = stated.chosen_by.as_deref();
            self.statements.push(Statement {
                path,
                words,
                place,
                kind,
                basis,
                claims: &stated.others,
                chosen_by,
            });
        }
        let place = Place { expect: true, ..place };
        if stated.expect.is_some() && self.seen.insert(place) {
            let words = "what an analyst expects".to_owned();
            let path = format!("{path} (expect)");
            let kind = Kind::Figure;
            self.statements.push(Statement { path, words, place, kind, basis, claims: &[], chosen_by: None });
        }
    }

    fn add(&mut self, path: &str, words: String, span: Span, kind: Kind, basis: &'a Basis) {
        let place = Place { span, expect: false };
        if self.seen.insert(place) {
            let path = path.to_owned();
            self.statements.push(Statement { path, words, place, kind, basis, claims: &[], chosen_by: None });
        }
    }
}

fn year(key: YearKey) -> String {
    match key {
        YearKey::At(when) => when.text(),
        YearKey::Later => "later".to_owned(),
    }
}
