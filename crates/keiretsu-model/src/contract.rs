//! Contracts: who owes whom what, in the terms of their type, as they stand and as amended.

use std::sync::Arc;

use jiff::civil::Date;

use crate::names::Kind;
use crate::reader::Reader;
use crate::record::{Basis, Record};
use crate::share::PartyShare;
use crate::spec::{ContractSpec, Term, TermKind};
use crate::tree::{Key, Node, Tree};
use crate::{ContractRef, Diagnostic, PartyRef, Span, suggest, trade};

/// A contract.
#[derive(Clone, Debug)]
pub struct Contract {
    /// Its name.
    pub name: String,
    /// Where it is defined.
    pub span: Span,
    /// What its type declares.
    pub spec: &'static ContractSpec,
    /// Who owes, if it is one party.
    pub obligor: Option<PartyRef>,
    /// Who is owed, if it is one party.
    pub obligee: Option<PartyRef>,
    /// Where it stands, where the text says so.
    pub standing: Option<Standing>,
    /// Its terms, first as signed, then as amended, each from its date on.
    pub versions: Vec<Version>,
    /// What the whole rests on.
    pub basis: Basis,
    /// The contract that replaces it, if one does.
    pub superseded_by: Option<ContractRef>,
    /// What is run in its place, where a role has several parties: a contract for each of them.
    pub parts: Vec<ContractRef>,
    /// Of which contract of the text it is the part of one party, and which part.
    pub part: Option<ContractPart>,
}

/// Of which contract of the text another one is a part.
#[derive(Clone, Debug, PartialEq)]
pub struct ContractPart {
    /// The contract of the text.
    pub whole: ContractRef,
    /// Its name.
    pub name: String,
    /// The share in each version.
    pub shares: Vec<Arc<PartyShare>>,
}

/// The terms of a contract from a date on.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// From when; `None`: from the start.
    pub from: Option<Date>,
    /// All terms.
    pub record: Record,
}

/// Where a contract or a tranche stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// A source says that money moved.
    Paid,
    /// Owed without an unmet condition.
    Binding,
    /// Owed once a condition holds.
    Conditional,
    /// Said, but not owed: a letter of intent, a plan.
    Announced,
    /// Its condition was not met in time.
    Lapsed,
    /// Ended before it was fulfilled.
    Terminated,
}

impl Standing {
    /// All standings, in the order in which tables print them.
    pub const ALL: [Self; 6] =
        [Self::Paid, Self::Binding, Self::Conditional, Self::Announced, Self::Lapsed, Self::Terminated];

    /// Its word in the language.
    pub fn word(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::Binding => "binding",
            Self::Conditional => "conditional",
            Self::Announced => "announced",
            Self::Lapsed => "lapsed",
            Self::Terminated => "terminated",
        }
    }

    /// The standing of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.word() == word)
    }
}

impl Standing {
    /// Whether nothing follows from it any more.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Lapsed | Self::Terminated)
    }
}

impl Contract {
    /// Whether it has lapsed, was terminated or was replaced: it stays visible and counts nowhere.
    pub fn is_over(&self) -> bool {
        self.superseded_by.is_some() || self.standing.is_some_and(Standing::is_over)
    }

    /// Its name in the text.
    pub fn stated_name(&self) -> &str {
        self.part.as_ref().map_or(&self.name, |part| &part.name)
    }

    /// The terms as last amended.
    pub fn record(&self) -> &Record {
        &self.versions[self.versions.len() - 1].record
    }
}

static AMENDMENTS: &[Term] =
    &[Term::new("amendments", TermKind::Texts, "changes of its terms from a date on")];

/// Reads all contracts. One that was not yet known keeps its place but has no terms to run.
pub(crate) fn read(reader: &mut Reader<'_>, specs: &[&'static ContractSpec]) -> Vec<Option<Contract>> {
    let root = &reader.document.root;
    let entries = root.get(Kind::Contract.table()).map_or(&[][..], Node::entries);
    entries.iter().map(|(key, node)| contract(reader, specs, key, node)).collect()
}

fn contract(
    reader: &mut Reader<'_>,
    specs: &[&'static ContractSpec],
    key: &Key,
    node: &Node,
) -> Option<Contract> {
    let spec = spec_of(reader, specs, key, node)?;
    let what = format!("the {} contract `{}`", spec.keyword, key.name);
    let lists = spec.lists();
    // Amendments are read apart: their `set` has the terms of the contract itself.
    let (amendments, rest): (Vec<_>, Vec<_>) =
        node.entries().iter().cloned().partition(|(key, _)| key.name == AMENDMENTS[0].name);
    let plain = Node { span: node.span, value: Tree::Table(rest) };
    let mut signed = reader.record(&plain, &lists, &what);
    signed.inherit(&Basis::default());
    let known = signed.when("known").map(|when| when.last);
    if !reader.is_known(signed.sources(), known) {
        return None;
    }
    let basis = Basis {
        sources: signed.sources().to_vec(),
        because: signed.text("because").map(str::to_owned),
        quote: signed.text("quote").map(str::to_owned),
        page: signed.text("page").map(str::to_owned),
        assumed: false,
    };
    let standing = signed.text("standing").and_then(Standing::parse);
    let owes = spec.obligor.name;
    let obligor = signed.party(owes);
    let obligee = spec.obligee.and_then(|role| signed.party(role.name));
    if obligor.is_some() && obligor == obligee {
        let role = spec.obligee.unwrap_or(spec.obligor).name;
        let message = format!("`{}` has the same party as {owes} and as {role}", key.name);
        reader.diagnostics.push(
            Diagnostic::new("E0704", signed.span_of(role), message)
                .also(signed.span_of(owes), "the same party here")
                .hint("name two parties, or segments of one"),
        );
    }
    let mut versions = vec![Version { from: None, record: signed }];
    for (_, node) in &amendments {
        amend(reader, node, spec, &what, &mut versions);
    }
    checked_assumptions(reader, &versions[0].record, &lists);
    Some(Contract {
        name: key.name.clone(),
        span: key.span,
        spec,
        obligor,
        obligee,
        standing,
        versions,
        basis,
        superseded_by: None,
        parts: vec![],
        part: None,
    })
}

fn spec_of(
    reader: &mut Reader<'_>,
    specs: &[&'static ContractSpec],
    key: &Key,
    node: &Node,
) -> Option<&'static ContractSpec> {
    let known = || specs.iter().map(|spec| spec.keyword);
    let Some(value) = node.get("type") else {
        let message = format!("the contract `{}` has no `type`", key.name);
        let hint = format!("one of: {}", known().collect::<Vec<_>>().join(", "));
        reader.diagnostics.push(Diagnostic::new("E0202", key.span, message).hint(hint));
        return None;
    };
    let name = reader.text(value, "type")?;
    let spec = specs.iter().find(|spec| spec.keyword == name);
    if spec.is_none() {
        let message = format!("there is no contract type `{name}`");
        let hint = match trade::contract_type(&name) {
            Some(meant) => format!("write `type = \"{meant}\"`"),
            None => suggest::advice(&name, known()),
        };
        reader.diagnostics.push(Diagnostic::new("E0701", value.span, message).hint(hint));
    }
    spec.copied()
}

/// `amendments = [{ on = 2025-10-28, set = { ... }, source = "..." }]`: each makes a further version.
fn amend(
    reader: &mut Reader<'_>,
    node: &Node,
    spec: &'static ContractSpec,
    what: &str,
    versions: &mut Vec<Version>,
) {
    let Tree::List(items) = &node.value else {
        let wanted = "a list of `{ on = 2025-10-28, set = { ... } }`";
        reader.wrong_kind::<()>(node, "amendments", wanted);
        return;
    };
    let mut dated: Vec<(Date, Record)> = Vec::new();
    for item in items {
        let mut basis = Basis::default();
        let (mut on, mut known, mut set) = (None, None, None);
        for (key, value) in item.entries() {
            match key.name.as_str() {
                "on" => on = reader.when(value, "on", true),
                "known" => known = reader.when(value, "known", true),
                "set" => set = Some(reader.part(value, &spec.lists(), what)),
                _ => {
                    reader.basis_key(key, value, &mut basis, &["on", "set", "known"]);
                }
            }
        }
        let (Some(on), Some(mut set)) = (on, set) else {
            let message = "an amendment needs `on` and `set`";
            let hint = "{ on = 2025-10-28, set = { minimum = \"$250B over 10 years\" }, source = \"...\" }";
            reader.diagnostics.push(Diagnostic::new("E0202", item.span, message).hint(hint));
            continue;
        };
        refuse_fixed(reader, &set, &versions[0].record, spec);
        if reader.is_known(&basis.sources, known.map(|when| when.last)) {
            set.inherit(&basis);
            dated.push((on.first, set));
        }
    }
    dated.sort_by_key(|(on, _)| *on);
    for (on, set) in dated {
        let record = versions[versions.len() - 1].record.with(&set);
        versions.push(Version { from: Some(on), record });
    }
}

/// Who owes whom, and what a contract is to others, are the same in all its versions; but who has which share
/// of a role that has several parties may change.
fn refuse_fixed(reader: &mut Reader<'_>, set: &Record, signed: &Record, spec: &'static ContractSpec) {
    let is_shared = |role: &str| signed.members(role).is_some() || set.members(role).is_some();
    let roles = spec.roles().map(|role| role.name).filter(|role| !is_shared(role));
    for name in roles.chain(["standing", "part_of", "supersedes"]).filter(|name| set.has(name)) {
        let message = format!("an amendment cannot change `{name}`: it is the same over the whole contract");
        reader.diagnostics.push(
            Diagnostic::new("E0708", set.span_of(name), message)
                .hint("end this contract by `terminated_when`, or write another one that `supersedes` it"),
        );
    }
}

/// An entry of `assumed` is a term of the contract, or a sentence.
fn checked_assumptions(reader: &mut Reader<'_>, record: &Record, lists: &[&'static [Term]]) {
    check_assumed(reader, record, lists);
    for (_, _, tranche) in record.tables("tranches") {
        let terms = lists.iter().flat_map(|list| list.iter()).find(|term| term.name == "tranches");
        if let Some(Term { kind: TermKind::Tables(terms), .. }) = terms {
            check_assumed(reader, tranche, &[terms]);
        }
    }
}

fn check_assumed(reader: &mut Reader<'_>, record: &Record, lists: &[&'static [Term]]) {
    for (text, span) in record.texts("assumed") {
        if text.contains(' ') {
            continue;
        }
        let mut there = false;
        record.walk("", &mut |path, _| there |= path == text);
        if !there {
            let names = lists.iter().flat_map(|list| list.iter()).map(|term| term.name);
            let names: Vec<&str> = names.filter(|name| record.has(name)).collect();
            let message = format!("`assumed` names `{text}`, which this contract does not have");
            reader.diagnostics.push(
                Diagnostic::new("E0705", *span, message).hint(suggest::advice(text, names.iter().copied())),
            );
        }
    }
}
