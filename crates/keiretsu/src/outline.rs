//! A session to what a screen needs around its tables: names, parties, and the statements worth moving.
//!
//! ```
//! let session = keiretsu::Session::of_text(
//!     r#"
//! keiretsu = 1
//! title = "A lab"
//! as_of = 2025-12-31
//! [parties]
//! lab = { name = "The lab", cash = "$500M to $700M", because = "an example" }
//! "#,
//! );
//! let movable = keiretsu::outline::movable(&session);
//! assert_eq!((movable[0].place.as_str(), movable[0].words.as_str()), ("lab.cash", "$500M to $700M"));
//! assert_eq!((movable[0].low, movable[0].high), (Some(500e6), Some(700e6)));
//! assert_eq!(movable[0].label, "The lab: cash");
//! ```
//!
//! Absent: numbers of answers.

use std::collections::BTreeMap;

use keiretsu_model::edit::{Kind, Statement, statements};
use keiretsu_model::record::Stated;
use keiretsu_model::{Model, PartyRef, Span};
use keiretsu_values::Set;

use crate::Session;
use crate::show::words;

/// A name of the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedThing {
    /// Its name in the text.
    pub name: String,
    /// The word for its kind: party, contract, factor ...
    pub kind: &'static str,
    /// Its title for people; the name where it has none.
    pub title: String,
}

/// A party, as layouts need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedParty {
    /// Its name in the text.
    pub id: String,
    /// Its title for people.
    pub title: String,
    /// Its role in the web; none where the model cannot be run.
    pub role: Option<&'static str>,
    /// The party that it is a segment of.
    pub part_of: Option<String>,
    /// Its kind as stated.
    pub kind: Option<String>,
}

/// A statement that could well be otherwise: it is a range, sources disagree on it, or it is ours.
#[derive(Clone, Debug, PartialEq)]
pub struct MovableStatement {
    /// Its dotted path, as changes of questions take it.
    pub place: String,
    /// Its words.
    pub words: String,
    /// Its path for people.
    pub label: String,
    /// The word for its kind: figure, formula, condition, date ...
    pub kind: &'static str,
    /// The unit of its amounts; empty where it has none that tables know.
    pub unit: String,
    /// The least that it can be, if there is one.
    pub low: Option<f64>,
    /// What it is in the expected reading.
    pub base: Option<f64>,
    /// The most that it can be, if there is one.
    pub high: Option<f64>,
    /// Why it is assumed, if it is.
    pub because: Option<String>,
    /// The names of its sources; none for an assumption.
    pub source: Option<String>,
    /// What makes it movable: `a range`, `disputed`, `undisclosed`.
    pub standing: Option<&'static str>,
}

/// Everything that has a name, in the order of the kinds.
pub fn names(model: &Model) -> Vec<NamedThing> {
    let mut names = Vec::new();
    let mut add = |name: &str, kind: &'static str, title: &str| {
        names.push(NamedThing { name: name.to_owned(), kind, title: title.to_owned() });
    };
    model.parties.iter().skip(1).for_each(|party| add(&party.name, "party", &party.title));
    for (_, contract) in model.stated_contracts() {
        add(&contract.name, "contract", &contract.name);
    }
    model.holdings.iter().for_each(|holding| add(&holding.name, "holding", &holding.name));
    model.factors.iter().for_each(|factor| add(&factor.name, "factor", &factor.name));
    model.events.iter().for_each(|event| add(&event.name, "event", &event.name));
    for scenario in &model.scenarios {
        add(&scenario.name, "scenario", scenario.text.as_ref().unwrap_or(&scenario.name));
    }
    model.sources.iter().for_each(|source| add(&source.name, "source", &source.title));
    names
}

/// The parties of the text, without those that stand for others.
pub fn parties(session: &Session) -> Vec<ListedParty> {
    let model = session.model();
    let lowered = session.lowered().ok();
    let listed = |at: usize| {
        let party = &model.parties[at];
        ListedParty {
            id: party.name.clone(),
            title: party.title.clone(),
            role: lowered.as_ref().map(|(_, subject)| keiretsu_measures::role(subject, PartyRef(at as u32))),
            part_of: party.part_of.map(|whole| model.party(whole).name.clone()),
            kind: party.kind.clone(),
        }
    };
    (0..model.parties.len()).map(listed).collect()
}

/// The statements that could well be otherwise, in the order of the text.
pub fn movable(session: &Session) -> Vec<MovableStatement> {
    let model = session.model();
    let mut stated: BTreeMap<Span, &Stated> = BTreeMap::new();
    model.entries(&mut |_, entry| {
        stated.extend(words::stated(entry).into_iter().map(|(_, stated)| (stated.span, stated)));
    });
    let titles: BTreeMap<String, String> =
        names(model).into_iter().map(|thing| (thing.name, thing.title)).collect();
    let statement = |statement: &Statement<'_>| {
        movable_of(model, statement, stated.get(&statement.place.span).copied(), &titles)
    };
    let all = statements(model);
    all.iter().filter(|statement| !statement.place.expect).filter_map(statement).collect()
}

fn movable_of(
    model: &Model,
    statement: &Statement<'_>,
    stated: Option<&Stated>,
    titles: &BTreeMap<String, String>,
) -> Option<MovableStatement> {
    let spread = stated.map(|stated| spread(model, stated));
    let standing = if !statement.claims.is_empty() {
        Some("disputed")
    } else if statement.kind == Kind::Undisclosed {
        Some("undisclosed")
    } else {
        spread.as_ref().filter(|spread| spread.low != spread.high).map(|_| "a range")
    };
    let is_ours = statement.basis.is_assumption();
    if standing.is_none() && !is_ours {
        return None;
    }
    let spread = spread.unwrap_or_default();
    let (head, term) = statement.path.split_once('.').unwrap_or((&statement.path, ""));
    let title = titles.get(head).map_or(head, String::as_str);
    let term = term.replace(['.', '_'], " ");
    let source = words::sources(model, statement.basis);
    Some(MovableStatement {
        place: statement.path.clone(),
        words: statement.words.clone(),
        label: if term.is_empty() { title.to_owned() } else { format!("{title}: {term}") },
        kind: kind(statement.kind),
        unit: spread.unit,
        low: spread.low,
        base: spread.base,
        high: spread.high,
        because: statement.basis.because.clone().filter(|_| is_ours),
        source: Some(source).filter(|source| !source.is_empty()),
        standing,
    })
}

/// The amounts that a figure can be.
#[derive(Default)]
struct Spread {
    unit: String,
    low: Option<f64>,
    base: Option<f64>,
    high: Option<f64>,
}

/// The ends of what its words allow, and what is read.
fn spread(model: &Model, stated: &Stated) -> Spread {
    let (unit, scale) = words::unit(model, stated)
        .map_or((String::new(), 1.0), |(unit, scale)| (keiretsu_views::unit_name(unit), scale));
    let expected = stated.expected();
    let Set { low, high } = expected.set();
    let finite = |amount: f64| Some(amount * scale).filter(|amount| amount.is_finite());
    Spread { unit, low: finite(low), base: expected.amount().and_then(finite), high: finite(high) }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Figure => "figure",
        Kind::Undisclosed => "undisclosed",
        Kind::Formula => "formula",
        Kind::Condition => "condition",
        Kind::Date => "date",
        Kind::Duration => "duration",
        Kind::Ramp => "ramp",
    }
}
