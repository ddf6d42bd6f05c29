//! Counts and lists about a model that both tables and summaries read.

use std::collections::{BTreeMap, BTreeSet};

use keiretsu_measures::Subject;
use keiretsu_model::record::{Basis, Content, Entry, SourceClaim, Stated};
use keiretsu_model::{Model, Span, conflict_kind};

use super::words;

/// A statement without a source.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedAssumption {
    /// The assumption: a dotted path, or a sentence.
    pub what: String,
    /// Its words, if it is a term.
    pub words: String,
    /// Why.
    pub because: Option<String>,
    /// Its place; `None` for an assumption of the lowering.
    pub span: Option<Span>,
}

impl ListedAssumption {
    /// In one line, without why.
    pub fn line(&self) -> String {
        match self.words.as_str() {
            "" => self.what.clone(),
            words => format!("{} = {words}", self.what),
        }
    }
}

/// All assumptions: those that the text marks or leaves without a source, then those of the lowering.
pub fn assumptions(subject: &Subject<'_>) -> Vec<ListedAssumption> {
    let model = subject.model;
    // Figures in tables of their own read better in their words than as they are written.
    let mut worded = BTreeMap::new();
    model.entries(&mut |_, entry| {
        if let Content::Figure(stated) = &entry.content {
            worded.insert(entry.span, words::figure(model, stated));
        }
    });
    let of_text = model.assumptions().into_iter().map(|assumption| ListedAssumption {
        what: assumption.what,
        words: worded.get(&assumption.span).cloned().unwrap_or(assumption.words),
        because: assumption.because,
        span: Some(assumption.span),
    });
    let of_lowering = subject.side.assumptions.iter().map(|what| ListedAssumption {
        what: what.clone(),
        words: String::new(),
        because: None,
        span: None,
    });
    of_text.chain(of_lowering).collect()
}

/// What contracts leave unsaid and is undisclosed for that, by path.
pub fn undisclosed(model: &Model) -> Vec<String> {
    let mut all = Vec::new();
    model.unsaid(&mut |path, _| all.push(path.to_owned()));
    all
}

/// How many statements of a model rest on a source, and how many on assumptions.
pub fn statements(model: &Model) -> (usize, usize) {
    let assumed = model.assumptions();
    let ours: BTreeSet<Span> = assumed.iter().map(|assumption| assumption.span).collect();
    let correlations = model.correlations.iter().map(|correlation| &correlation.basis);
    let beside = correlations.chain(model.discount.iter().map(|(_, basis)| basis));
    let beside = beside.chain(model.currencies.iter().map(|(_, entry)| &entry.basis));
    let mut sourced = beside.filter(|basis| !basis.is_assumption()).count();
    model.entries(&mut |_, entry| {
        sourced += usize::from(is_statement(entry) && !ours.contains(&entry.span));
    });
    (sourced, assumed.len())
}

/// Whether a term is a statement about the world and needs a source.
fn is_statement(entry: &Entry) -> bool {
    entry.content.states() && entry.name != "known"
}

/// A figure on which sources disagree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Its dotted path.
    pub path: String,
    /// The words in use, and their source.
    pub used: (String, String),
    /// The reason for their choice: a source, or a rule.
    pub chosen_by: String,
    /// What others say.
    pub others: Vec<OtherClaim>,
}

/// What another source says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherClaim {
    /// Its words.
    pub words: String,
    /// Its sources.
    pub source: String,
    /// The kind of the difference.
    pub kind: &'static str,
    /// How it differs: the kind, with dates where these differ.
    pub differs: String,
}

impl Conflict {
    /// In one line.
    pub fn line(&self) -> String {
        let said = |(words, whose): &(String, String)| {
            if whose.is_empty() { format!("\"{words}\"") } else { format!("\"{words}\" ({whose})") }
        };
        let others = self.others.iter().map(|other| {
            format!("{} [{}]", said(&(other.words.clone(), other.source.clone())), other.differs)
        });
        let others: Vec<String> = others.collect();
        format!("{}: {} counts, not {}", self.path, said(&self.used), others.join(" or "))
    }
}

/// Where sources disagree, in the order of the text.
pub fn conflicts(model: &Model) -> Vec<Conflict> {
    let mut list = Vec::new();
    model.entries(&mut |path, entry| {
        for (key, stated) in words::stated(entry) {
            if stated.others.is_empty() {
                continue;
            }
            let other = |claim: &SourceClaim| OtherClaim {
                words: claim.figure.words.clone(),
                source: words::sources(model, &claim.basis),
                kind: conflict_kind(model, stated, &entry.basis, claim),
                differs: differs(model, stated, &entry.basis, claim),
            };
            list.push(Conflict {
                path: format!("{path}{key}"),
                used: (stated.figure.words.clone(), words::sources(model, &entry.basis)),
                chosen_by: stated.chosen_by.clone().unwrap_or_default(),
                others: stated.others.iter().map(other).collect(),
            });
        }
    });
    list.extend(keiretsu_contracts::said_twice(model).iter().filter_map(|paths| said_twice(model, paths)));
    list
}

/// How a claim differs from the figure that counts: the kind, and where they are of other days, these; of
/// figures without a day, those of their documents.
fn differs(model: &Model, used: &Stated, basis: &Basis, other: &SourceClaim) -> String {
    let kind = conflict_kind(model, used, basis, other);
    if let (Some(one), Some(two)) = (used.on, other.on)
        && one != two
    {
        return format!("{kind}: of {}, not of {}", one.text(), two.text());
    }
    let document = |basis: &Basis| {
        let dates = basis.sources.iter().filter_map(|source| model.sources[source.at()].date);
        dates.max_by_key(|when| when.last).map(|when| when.text())
    };
    match (document(basis), document(&other.basis)) {
        (Some(one), Some(two)) if kind == "time" && one != two => {
            format!("{kind}: a document of {one}, not of {two}")
        }
        _ => kind.to_owned(),
    }
}

/// Two terms that say one number in two ways.
fn said_twice(model: &Model, [used, other]: &[String; 2]) -> Option<Conflict> {
    let mut said: BTreeMap<String, (String, String)> = BTreeMap::new();
    model.entries(&mut |path, entry| {
        if path == used || path == other {
            let words = (entry.text.clone(), words::sources(model, &entry.basis));
            said.insert(path.to_owned(), words);
        }
    });
    let (words, source) = said.remove(other)?;
    Some(Conflict {
        path: used.clone(),
        used: said.remove(used)?,
        chosen_by: "outstanding shares".to_owned(),
        others: vec![OtherClaim {
            words,
            source,
            kind: "dilution view",
            differs: "dilution view".to_owned(),
        }],
    })
}

/// The contract types of a model by the rank of their claims, the first paid first. Rights have none.
pub fn ranks(model: &Model) -> Vec<(u8, Vec<&'static str>)> {
    let mut ranks: BTreeMap<u8, Vec<&'static str>> = BTreeMap::new();
    for (_, contract) in model.stated_contracts() {
        let (rank, name) = if contract.record().has("collateral") {
            (1, "loan with collateral")
        } else {
            (contract.spec.rank, contract.spec.keyword)
        };
        let types = ranks.entry(rank).or_default();
        if !types.contains(&name) && name != "right" {
            types.push(name);
        }
    }
    ranks.into_iter().filter(|(_, types)| !types.is_empty()).collect()
}
