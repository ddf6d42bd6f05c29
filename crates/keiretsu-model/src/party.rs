//! Parties and segments: who they are, what comes from outside, what happens when cash runs short.

use std::collections::BTreeMap;

use keiretsu_values::Dimension;

use crate::formula::Formula;
use crate::names::Kind;
use crate::reader::Reader;
use crate::record::{Basis, Record};
use crate::spec::{BASIS_TERMS, Range, Term, TermKind};
use crate::tree::Node;
use crate::{ContractRef, Diagnostic, EventRef, PartyRef, Span};

/// A party, or a segment of one.
#[derive(Clone, Debug, PartialEq)]
pub struct Party {
    /// The name in the model.
    pub name: String,
    /// Where it is defined.
    pub span: Span,
    /// The name for people.
    pub title: String,
    /// What kind of party it is, in the user's words.
    pub kind: Option<String>,
    /// The party of which it is a segment: payments land here, cash and default are the parent's.
    pub part_of: Option<PartyRef>,
    /// What happens when cash runs short.
    pub funding: Option<Funding>,
    /// The contract in which it stands for all parties that the text does not name; it is no
    /// one of them, so it cannot fail, and holds nothing.
    pub others_in: Option<ContractRef>,
    /// All its terms.
    pub record: Record,
}

/// How a party finds money.
#[derive(Clone, Debug, PartialEq)]
pub struct Funding {
    /// It raises when cash falls below this many months of burn.
    pub keep_months: f64,
    /// It raises up to this many months of burn.
    pub raise_months: f64,
    /// The pre-money value at which it raises.
    pub price: Option<Formula>,
    /// The most that it raises in a month; its price where nothing is stated.
    pub most: Option<Formula>,
    /// The event that must stand for it to raise.
    pub market: Option<EventRef>,
    /// Whether it fails when it stays short.
    pub default: bool,
    /// Months of being short that are forgiven.
    pub grace_months: u32,
}

/// Value may be written as a multiple of a yearly rate: `20x * revenue` is money.
const VALUE: &[Dimension] = &[Dimension::MONEY, Dimension::MONEY_RATE];

static FUNDING_TERMS: &[Term] = &[
    Term::new("keep", TermKind::Duration, "raises when cash falls below so many months of burn").required(),
    Term::new("raise", TermKind::Duration, "raises up to so many months of burn").required(),
    Term::new("price", TermKind::Formula(VALUE), "pre-money value of the whole party"),
    Term::new(
        "most",
        TermKind::Formula(&[Dimension::MONEY]),
        "the most that it raises in a month; default its price, the value before the money",
    ),
    Term::new("market", TermKind::Event, "the event that must stand for it to raise"),
    Term::new("else", TermKind::Choice(&["default", "nothing"]), "what happens when it stays short"),
    Term::new("grace", TermKind::Duration, "how long being short is forgiven"),
    Term::new("because", TermKind::Text, "why we assume it"),
    Term::new("source", TermKind::Sources, "the documents it rests on"),
];

static COST_TERMS: &[Term] = &[
    Term::new("assets", TermKind::Figure(&[Dimension::NUMBER]), "share of own assets lost in default")
        .within(Range::Share),
    Term::new("received", TermKind::Figure(&[Dimension::NUMBER]), "share of receipts lost in default")
        .within(Range::Share),
];

/// The terms of a statement on a failure: of a party, or of one of its loans.
pub static DEFAULT_TERMS: &[Term] = &[
    Term::new("chance", TermKind::Chance, "the chance of a failure: \"2%/yr\", or \"10% by 2028-12\"")
        .within(Range::Share),
    Term::new(
        "recovery",
        TermKind::Figure(&[Dimension::NUMBER]),
        "the share of what is outstanding that its lenders get back",
    )
    .within(Range::Share),
    Term::new("because", TermKind::Text, "why we assume it"),
    Term::new("source", TermKind::Sources, "the documents it rests on"),
];

/// The roles that a party can have in a web.
pub const ROLES: &[&str] =
    &["investor", "lab", "customer", "cloud", "neocloud", "chips", "site", "supplier", "lender", "other"];

/// The terms of a party.
pub static PARTY_TERMS: &[Term] = &[
    Term::new("name", TermKind::Text, "its name for people"),
    Term::new("kind", TermKind::Text, "what it is: cloud, lab, chip maker, lender"),
    Term::new(
        "role",
        TermKind::Choice(ROLES),
        "its role in the web, for layouts; default by its kind, else by what its contracts have it do",
    ),
    Term::new("part_of", TermKind::Party, "the party of which it is a segment"),
    Term::new("cash", TermKind::Figure(&[Dimension::MONEY]), "cash at as-of"),
    Term::new("revenue", TermKind::Formula(&[Dimension::MONEY_RATE]), "revenue from outside the web"),
    Term::new("costs", TermKind::Formula(&[Dimension::MONEY_RATE]), "costs to outside the web"),
    Term::new(
        "reported_revenue",
        TermKind::Figure(&[Dimension::MONEY_RATE]),
        "revenue as published, customers inside the web included",
    ),
    Term::new("reported_backlog", TermKind::Figure(&[Dimension::MONEY]), "contracted revenue as published"),
    Term::new(
        "reported_profit",
        TermKind::Figure(&[Dimension::MONEY_RATE]),
        "net profit as published, gains on stakes included",
    )
    .within(Range::Any),
    Term::new(
        "capital",
        TermKind::Figure(&[Dimension::MONEY]),
        "loss-absorbing capital: losses beyond it are a failure",
    ),
    Term::new("buildable", TermKind::ByYear(&[Dimension::POWER]), "power that it can provide, by year"),
    Term::new("value", TermKind::Formula(VALUE), "equity value of the whole party"),
    Term::new("funding", TermKind::Table(FUNDING_TERMS), "what happens when cash runs short"),
    Term::new("recovery", TermKind::Formula(VALUE), "what its estate brings beside cash when it defaults"),
    Term::new("default_costs", TermKind::Table(COST_TERMS), "what a default destroys"),
    Term::new(
        "default",
        TermKind::Table(DEFAULT_TERMS),
        "a stated chance that it fails and what lenders then get back; no run reads it",
    ),
];

/// Reads all parties; `outside` is the first.
pub(crate) fn read(reader: &mut Reader<'_>) -> Vec<Party> {
    let root = &reader.document.root;
    let entries = root.get(Kind::Party.table()).map_or(&[][..], Node::entries);
    let mut parties = vec![outside()];
    for (key, node) in entries {
        let what = format!("the party `{}`", key.name);
        let mut record = reader.record(node, &[PARTY_TERMS, BASIS_TERMS], &what);
        record.inherit(&Basis::default());
        reader.hide_unknown(&mut record);
        let party = Party {
            name: key.name.clone(),
            span: key.span,
            title: record.text("name").unwrap_or(&key.name).to_owned(),
            kind: record.text("kind").map(str::to_owned),
            part_of: record.party("part_of"),
            funding: record.table("funding").map(funding),
            others_in: None,
            record,
        };
        if key.name == "outside" { parties[0] = party } else { parties.push(party) }
    }
    titles(&mut parties, reader.diagnostics);
    segments(&parties, reader.diagnostics);
    parties
}

/// Tables name parties by their titles: one that is empty, or that another party has too, is shown with the
/// party's own name.
fn titles(parties: &mut [Party], diagnostics: &mut Vec<Diagnostic>) {
    let plain: Vec<String> = parties.iter().map(|party| party.title.trim().to_owned()).collect();
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    let mut shared = vec![false; parties.len()];
    for (at, title) in plain.iter().enumerate() {
        let before = *first.entry(title).or_insert(at);
        if before < at && !title.is_empty() {
            (shared[before], shared[at]) = (true, true);
            let message =
                format!("`{}` has the name \"{title}\", as `{}` has", parties[at].name, parties[before].name);
            diagnostics.push(
                Diagnostic::new("W0603", named_at(&parties[at]), message)
                    .also(named_at(&parties[before]), "the other one")
                    .hint("tables show both with their own names behind it; give them two names"),
            );
        }
    }
    for (party, (title, shared)) in parties.iter_mut().zip(plain.iter().zip(&shared)) {
        if title.is_empty() {
            let message = format!("the name of `{}` is empty", party.name);
            let hint = format!("tables show `{}`; give it a name, or drop `name`", party.name);
            diagnostics.push(Diagnostic::new("W0603", named_at(party), message).hint(hint));
            party.title = party.name.clone();
        } else if *shared && *title != party.name {
            party.title = format!("{title} ({})", party.name);
        }
    }
}

/// Where a party is named: its `name`, else its own key.
fn named_at(party: &Party) -> Span {
    party.record.entry("name").map_or(party.span, |entry| entry.span)
}

fn outside() -> Party {
    Party {
        name: "outside".to_owned(),
        span: Span::default(),
        title: "outside".to_owned(),
        kind: None,
        part_of: None,
        funding: None,
        others_in: None,
        record: Record::default(),
    }
}

/// The party that has what of a contract no named party has.
pub(crate) fn others(contract: ContractRef, name: String, span: Span) -> Party {
    let title = format!("O{}", &name[1..]);
    Party { name, span, title, kind: Some("others".to_owned()), others_in: Some(contract), ..outside() }
}

/// How a party finds money, from its table `funding`.
pub(crate) fn funding(record: &Record) -> Funding {
    let months = |name: &str| record.duration(name).unwrap_or(0.0) * 12.0;
    Funding {
        keep_months: months("keep"),
        raise_months: months("raise"),
        price: record.formula("price").cloned(),
        most: record.formula("most").cloned(),
        market: record.event("market"),
        default: record.text("else") == Some("default"),
        grace_months: months("grace").round() as u32,
    }
}

/// What a segment has none of.
const OF_WHOLES: [&str; 8] =
    ["cash", "funding", "value", "recovery", "default_costs", "default", "capital", "reported_profit"];

/// Segments have one level, and no cash, capital, profit, funding or value of their own; nor has everyone
/// outside, who can always pay.
fn segments(parties: &[Party], diagnostics: &mut Vec<Diagnostic>) {
    for entry in &parties[PartyRef::OUTSIDE.at()].record.entries {
        let words = ["name", "kind"].contains(&entry.name);
        if !words && !BASIS_TERMS.iter().any(|term| term.name == entry.name) {
            let message = format!("`outside` is everyone who is not modelled, and has no `{}`", entry.name);
            diagnostics
                .push(Diagnostic::new("E0603", entry.key, message).hint("give it to a party of its own"));
        }
    }
    for party in &parties[1..] {
        let Some(parent) = party.part_of else { continue };
        let span = party.record.span_of("part_of");
        if parent == PartyRef::OUTSIDE {
            let message = format!("`{}` is part of everyone outside", party.name);
            diagnostics
                .push(Diagnostic::new("E0602", span, message).hint("name the parent, or drop `part_of`"));
            continue;
        }
        if parties[parent.at()].part_of.is_some() || parties[parent.at()].name == party.name {
            let message = format!("`{}` is part of a segment", party.name);
            diagnostics.push(
                Diagnostic::new("E0602", span, message)
                    .hint("a segment belongs to a whole party; name the parent of both"),
            );
        }
        for term in OF_WHOLES {
            if let Some(entry) = party.record.entry(term) {
                let message = format!("the segment `{}` has no `{term}` of its own", party.name);
                diagnostics.push(
                    Diagnostic::new("E0603", entry.key, message)
                        .hint(format!("give it to `{}`", parties[parent.at()].name)),
                );
            }
        }
    }
}
