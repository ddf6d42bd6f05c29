//! Scenarios: states of the world that differ from the base in named ways.

use crate::date::When;
use crate::names::{Kind, Names};
use crate::reader::Reader;
use crate::record::{Basis, Content, Record, Stated};
use crate::spec::{BASIS_TERMS, Term, TermKind};
use crate::tree::Node;
use crate::{Contract, ContractRef, Diagnostic, EventRef, FactorRef, Party, PartyRef, Span, suggest};

/// A state of the world.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// Where it is defined.
    pub span: Span,
    /// What it is, in words.
    pub text: Option<String>,
    /// What differs.
    pub changes: Vec<ScenarioChange>,
    /// Parties that default, and when.
    pub defaults: Vec<(PartyRef, When)>,
    /// From when it holds.
    pub from: Option<When>,
    /// Until when it holds.
    pub until: Option<When>,
}

/// One difference.
#[derive(Clone, Debug, PartialEq)]
pub struct ScenarioChange {
    /// What differs.
    pub target: Target,
    /// How.
    pub how: How,
    /// By how much.
    pub figure: Stated,
    /// Where it stands.
    pub span: Span,
}

/// What a scenario changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A factor's level.
    Factor(FactorRef),
    /// An event.
    Event(EventRef),
    /// A term of a contract, by its dotted path.
    Term(ContractRef, String),
    /// A term of a party.
    Party(PartyRef, String),
}

/// How a scenario changes its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// To this.
    Set,
    /// Times this.
    Scale,
    /// Plus this.
    Shift,
}

/// The terms of a scenario.
pub static SCENARIO_TERMS: &[Term] = &[
    Term::new("set", TermKind::Changes, "targets and what they become"),
    Term::new("scale", TermKind::Changes, "targets and what they are multiplied by"),
    Term::new("shift", TermKind::Changes, "targets and what is added to them"),
    Term::new("force", TermKind::Changes, "events that happen (true) or do not (false)"),
    Term::new("default", TermKind::DateByParty, "parties that default, and when"),
    Term::new("from", TermKind::Date, "from when it holds"),
    Term::new("until", TermKind::Date, "until when it holds"),
];

/// Reads all scenarios.
pub(crate) fn read(
    reader: &mut Reader<'_>,
    contracts: &[Option<Contract>],
    parties: &[Party],
) -> Vec<Scenario> {
    let root = &reader.document.root;
    let mut scenarios = Vec::new();
    for (key, node) in root.get(Kind::Scenario.table()).map_or(&[][..], Node::entries) {
        let what = format!("the scenario `{}`", key.name);
        let mut record = reader.record(node, &[SCENARIO_TERMS, BASIS_TERMS], &what);
        record.inherit(&Basis::default());
        let mut changes = Vec::new();
        for (name, how) in
            [("set", How::Set), ("scale", How::Scale), ("shift", How::Shift), ("force", How::Set)]
        {
            let Some(Content::Changes(list)) = record.entry(name).map(|entry| &entry.content) else {
                continue;
            };
            for change in list {
                let target = target(reader.names, &change.target, contracts, parties);
                match target {
                    Ok(target) => changes.push(ScenarioChange {
                        target,
                        how,
                        figure: change.figure.clone(),
                        span: change.span,
                    }),
                    Err(hint) => {
                        let message = format!("`{}` is nothing that a scenario can change", change.target);
                        reader.diagnostics.push(Diagnostic::new("E0604", change.span, message).hint(hint));
                    }
                }
            }
        }
        scenarios.push(scenario(key.name.clone(), key.span, &record, changes));
    }
    scenarios
}

fn scenario(name: String, span: Span, record: &Record, changes: Vec<ScenarioChange>) -> Scenario {
    let defaults = match record.entry("default").map(|entry| &entry.content) {
        Some(Content::DateByParty(dates)) => dates.clone(),
        _ => vec![],
    };
    Scenario {
        name,
        span,
        text: record.text("text").map(str::to_owned),
        changes,
        defaults,
        from: record.when("from"),
        until: record.when("until"),
    }
}

/// What a target names: a factor, an event, `contract.term` or `party.term`.
fn target(
    names: &Names,
    text: &str,
    contracts: &[Option<Contract>],
    parties: &[Party],
) -> Result<Target, String> {
    if let Some(factor) = names.find(Kind::Factor, text) {
        return Ok(Target::Factor(FactorRef(factor)));
    }
    if let Some(event) = names.find(Kind::Event, text) {
        return Ok(Target::Event(EventRef(event)));
    }
    let Some((name, path)) = text.split_once('.') else {
        let advice = names.advice(text, &[Kind::Factor, Kind::Event]);
        return Err(format!("{advice}; terms are written \"contract.term\""));
    };
    if let Some(contract) = names.find(Kind::Contract, name) {
        let record = contracts[contract as usize].as_ref().map(Contract::record);
        return term(record, path).map(|()| Target::Term(ContractRef(contract), path.to_owned()));
    }
    if let Some(party) = names.find(Kind::Party, name) {
        let party_ref = PartyRef(party);
        let record = parties.get(party_ref.at()).map(|party| &party.record);
        return term(record, path).map(|()| Target::Party(party_ref, path.to_owned()));
    }
    Err(names.advice(name, &[Kind::Contract, Kind::Party]))
}

fn term(record: Option<&Record>, path: &str) -> Result<(), String> {
    // A contract that was not yet known has no terms, and nothing to change.
    let Some(record) = record else { return Ok(()) };
    let mut paths = Vec::new();
    record.walk("", &mut |path, _| paths.push(path.to_owned()));
    if paths.iter().any(|known| known == path) {
        return Ok(());
    }
    Err(suggest::advice(path, paths.iter().map(String::as_str)))
}
