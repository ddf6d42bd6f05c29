//! Factors, correlations and events: what moves by itself, with its central path and its process.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use keiretsu_values::Dimension;

use crate::date::When;
use crate::formula::Formula;
use crate::names::Kind;
use crate::reader::Reader;
use crate::record::{Basis, Content, Record, Stated};
use crate::spec::{BASIS_TERMS, Range, Term, TermKind};
use crate::tree::{Key, Node};
use crate::{Diagnostic, FactorRef, Span, suggest};

/// An uncertain quantity.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    /// Its name.
    pub name: String,
    /// Where it is defined.
    pub span: Span,
    /// What it measures; `None` for a formula until its units are checked.
    pub dimension: Option<Dimension>,
    /// How it moves.
    pub process: Process,
    /// All its terms.
    pub record: Record,
}

/// How a factor moves around its central path.
#[derive(Clone, Debug, PartialEq)]
pub enum Process {
    /// Not at all.
    Constant,
    /// On its central path.
    Path,
    /// Geometric Brownian motion.
    Geometric,
    /// Log-normal, pulled back to its central path.
    MeanReverting,
    /// Geometric, with jumps.
    Jump,
    /// A formula of others.
    Formula(Box<Formula>),
}

/// A correlation of two factors.
#[derive(Clone, Debug, PartialEq)]
pub struct Correlation {
    /// One of them.
    pub a: FactorRef,
    /// The other.
    pub b: FactorRef,
    /// Between -1 and 1.
    pub figure: Stated,
    /// What it rests on.
    pub basis: Basis,
    /// Where it stands.
    pub span: Span,
}

/// Something that happens or not.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its name.
    pub name: String,
    /// Where it is defined.
    pub span: Span,
    /// What is said about its chance.
    pub chance: Chance,
    /// All its terms.
    pub record: Record,
}

/// What is said about the chance of an event.
#[derive(Clone, Debug, PartialEq)]
pub enum Chance {
    /// A probability by a date (by the horizon, where none is given).
    By(Stated, Option<When>),
    /// A probability per year.
    PerYear(Stated),
    /// Stands or not, and changes.
    TwoState {
        /// Whether it stands now.
        now: bool,
        /// Yearly chance to end.
        shuts: Box<Stated>,
        /// Yearly chance to come back.
        reopens: Box<Stated>,
    },
    /// It has happened.
    Happened(When),
    /// Nothing is known.
    Unknown,
}

/// What a factor may measure.
const ANY: &[Dimension] = &[
    Dimension::NUMBER,
    Dimension::MONEY,
    Dimension::MONEY_RATE,
    Dimension::MONEY_PER_POWER,
    Dimension { money: 1, power: -1, time: -1, chips: 0, shares: 0, tokens: 0 },
    Dimension { money: 1, power: 0, time: 0, chips: -1, shares: 0, tokens: 0 },
    Dimension { money: 1, power: 0, time: 0, chips: 0, shares: -1, tokens: 0 },
    Dimension { money: 1, power: 0, time: 0, chips: 0, shares: 0, tokens: -1 },
    Dimension { money: 0, power: 0, time: -1, chips: 0, shares: 0, tokens: 1 },
    Dimension::POWER,
    Dimension::ENERGY,
    Dimension::RATE,
    Dimension::TIME,
    Dimension::CHIPS,
    Dimension::SHARES,
    Dimension::TOKENS,
];
const PLAIN: &[Dimension] = &[Dimension::NUMBER];
const YEARLY: &[Dimension] = &[Dimension::NUMBER, Dimension::RATE];

static JUMP_TERMS: &[Term] = &[
    Term::new("rate", TermKind::Figure(YEARLY), "expected jumps a year").required(),
    Term::new("mean", TermKind::Figure(PLAIN), "mean relative size: -20% is a fall by a fifth")
        .within(Range::Change)
        .required(),
    Term::new("spread", TermKind::Figure(PLAIN), "standard deviation of the logarithm of a jump"),
];

/// The terms of a factor.
pub static FACTOR_TERMS: &[Term] = &[
    Term::new("start", TermKind::Figure(ANY), "its level at as-of").within(Range::Any),
    Term::new("growth", TermKind::ByYear(YEARLY), "central growth by year").within(Range::Change),
    Term::new("path", TermKind::ByYear(ANY), "central levels by year or month, interpolated")
        .within(Range::Any),
    Term::new("formula", TermKind::Formula(ANY), "its level as a formula of others").within(Range::Any),
    Term::new(
        "process",
        TermKind::Choice(&["constant", "path", "gbm", "mean-reverting", "jump"]),
        "how it moves around its central path",
    ),
    Term::new("volatility", TermKind::Figure(YEARLY), "yearly standard deviation of its logarithm")
        .within(Range::Positive),
    Term::new("half_life", TermKind::Duration, "time in which half of a deviation has gone"),
    Term::new("jump", TermKind::Table(JUMP_TERMS), "sudden moves"),
];

/// The terms of an event.
pub static EVENT_TERMS: &[Term] = &[
    Term::new("chance", TermKind::Chance, "how likely, and by when: \"70% by 2029-12\"").within(Range::Share),
    Term::new("hazard", TermKind::Figure(YEARLY), "yearly chance: \"10%/yr\"").within(Range::Share),
    Term::new("now", TermKind::Choice(&["open", "shut", "on", "off"]), "whether it stands at as-of"),
    Term::new("shuts", TermKind::Figure(YEARLY), "yearly chance to end while it stands").within(Range::Share),
    Term::new("reopens", TermKind::Figure(YEARLY), "yearly chance to stand again").within(Range::Share),
    Term::new("happened", TermKind::Date, "when it happened"),
];

/// Reads all factors.
pub(crate) fn read(reader: &mut Reader<'_>) -> Vec<Factor> {
    let root = &reader.document.root;
    let entries = root.get(Kind::Factor.table()).map_or(&[][..], Node::entries);
    entries.iter().map(|(key, node)| factor(reader, key, node)).collect()
}

fn factor(reader: &mut Reader<'_>, key: &Key, node: &Node) -> Factor {
    let what = format!("the factor `{}`", key.name);
    let mut record = reader.record(node, &[FACTOR_TERMS, BASIS_TERMS], &what);
    record.inherit(&Basis::default());
    reader.hide_unknown(&mut record);
    let process = process(&record);
    let start = record.figure("start").or(record.by_year("path").first().map(|(_, stated)| stated));
    let dimension = match process {
        Process::Formula(_) => None,
        // A figure that is not given has no unit of its own, and fits anywhere.
        _ => start.filter(|stated| !stated.is_open()).map(|stated| stated.figure.dimension),
    };
    let levels = ["start", "path", "formula"];
    if !levels.iter().any(|term| record.has(term)) && !node.entries().is_empty() {
        let message = format!("{what} has no level");
        reader.diagnostics.push(
            Diagnostic::new("E0202", key.span, message)
                .hint("give `start`, a `path` by year, or a `formula`"),
        );
    }
    one_level(&record, &what, reader.diagnostics);
    needs(&record, &process, &what, reader.diagnostics);
    levels_above_zero(&record, &process, &what, reader.diagnostics);
    for (_, stated) in record.by_year("growth").iter().chain(record.by_year("path")) {
        reader.needs_amount(stated, "growth or path");
    }
    Factor { name: key.name.clone(), span: key.span, dimension, process, record }
}

/// A level is said once: a path says it for as-of too, and a formula says all of it.
fn one_level(record: &Record, what: &str, diagnostics: &mut Vec<Diagnostic>) {
    let pairs = [("formula", "path"), ("formula", "start"), ("path", "start"), ("formula", "growth")];
    for (first, second) in pairs.into_iter().chain([("path", "growth")]) {
        if record.has(first) && record.has(second) {
            let message = format!("{what} has a `{first}` and a `{second}`, and one level");
            diagnostics.push(
                Diagnostic::new("E0708", record.span_of(second), message)
                    .also(record.span_of(first), "its level is here")
                    .hint("keep one of the two; a level of as-of can be a day of the path"),
            );
        }
    }
}

/// The process that is named, or that the terms imply.
fn process(record: &Record) -> Process {
    if let Some(formula) = record.formula("formula") {
        return Process::Formula(Box::new(formula.clone()));
    }
    match record.text("process") {
        Some("constant") => Process::Constant,
        Some("path") => Process::Path,
        Some("gbm") => Process::Geometric,
        Some("mean-reverting") => Process::MeanReverting,
        Some("jump") => Process::Jump,
        _ if record.has("jump") => Process::Jump,
        _ if record.has("half_life") => Process::MeanReverting,
        _ if record.has("volatility") => Process::Geometric,
        _ if record.has("growth") || record.has("path") => Process::Path,
        _ => Process::Constant,
    }
}

fn needs(record: &Record, process: &Process, what: &str, diagnostics: &mut Vec<Diagnostic>) {
    let wanted: &[&str] = match process {
        Process::Geometric => &["volatility"],
        Process::MeanReverting => &["volatility", "half_life"],
        Process::Jump => &["volatility", "jump"],
        _ => &[],
    };
    for term in wanted.iter().filter(|term| !record.has(term)) {
        let message = format!("{what} needs `{term}` for its process");
        diagnostics.push(Diagnostic::new("E0202", record.span, message).hint(match *term {
            "volatility" => "volatility = \"30%\"",
            "half_life" => "half_life = \"2 years\"",
            _ => "jump = { rate = \"0.5/yr\", mean = \"-20%\", spread = \"10%\" }",
        }));
    }
}

/// What moves by its logarithm is above zero.
fn levels_above_zero(record: &Record, process: &Process, what: &str, diagnostics: &mut Vec<Diagnostic>) {
    if !matches!(process, Process::Geometric | Process::MeanReverting | Process::Jump) {
        return;
    }
    let path = record.by_year("path").iter().map(|(_, stated)| stated);
    for stated in record.figure("start").into_iter().chain(path) {
        if stated.figure.said.numbers().into_iter().flatten().any(|level| level <= 0.0) {
            let message =
                format!("{what} moves by its logarithm, and a level of {} has none", stated.figure.words);
            diagnostics.push(
                Diagnostic::new("E0307", stated.span, message)
                    .hint("give levels above zero, or leave out `volatility`, `half_life` and `jump`"),
            );
        }
    }
}

/// Reads all correlations, and the copula and repair that stand with them.
pub(crate) fn read_correlations(reader: &mut Reader<'_>) -> (Vec<Correlation>, Option<f64>, bool) {
    let mut list: Vec<Correlation> = Vec::new();
    // Where each pair of factors was met first, the lower factor before.
    let mut met = BTreeMap::new();
    let (mut freedom, mut repair) = (None, false);
    let root = &reader.document.root;
    for (key, node) in root.get("correlations").map_or(&[][..], Node::entries) {
        match key.name.as_str() {
            "copula" | "repair" if node.text().is_none() => {
                reader.wrong_kind::<()>(node, &key.name, "text in quotes");
            }
            "copula" if node.text() == Some("gaussian") => {}
            "copula" if node.text() == Some("student-t") => freedom = freedom.or(Some(4.0)),
            "copula" => choice(reader, node, "copula", &["gaussian", "student-t"]),
            "repair" if node.text() == Some("nearest") => repair = true,
            "repair" => choice(reader, node, "repair", &["nearest"]),
            "freedom" => {
                let stated = reader.stated(node, PLAIN, "freedom", &mut Basis::default());
                let amount = stated.and_then(|stated| stated.firm().amount());
                if amount.is_some_and(|amount| amount <= 2.0) {
                    reader.diagnostics.push(
                        Diagnostic::new(
                            "E0307",
                            node.span,
                            "a t copula needs more than 2 degrees of freedom",
                        )
                        .hint("write freedom = 4"),
                    );
                }
                freedom = amount.filter(|amount| *amount > 2.0).or(freedom);
            }
            _ => {
                let Some(new) = correlation(reader, key, node) else { continue };
                match met.entry((new.a.min(new.b), new.a.max(new.b))) {
                    Entry::Vacant(place) => {
                        place.insert(new.span);
                        list.push(new);
                    }
                    Entry::Occupied(had) => reader.diagnostics.push(
                        Diagnostic::new("E0107", key.span, format!("`{}` is defined twice", key.name))
                            .label("again here")
                            .also(*had.get(), "first here")
                            .hint("keep one of them; the order of the two factors does not matter"),
                    ),
                }
            }
        }
    }
    (list, freedom, repair)
}

fn choice(reader: &mut Reader<'_>, node: &Node, what: &str, words: &[&str]) {
    let text = node.text().unwrap_or_default();
    let hint = suggest::advice(text, words.iter().copied());
    let message = format!("`{what}` cannot be `{text}`");
    reader.diagnostics.push(Diagnostic::new("E0204", node.span, message).hint(hint));
}

fn correlation(reader: &mut Reader<'_>, key: &Key, node: &Node) -> Option<Correlation> {
    let Some((a, b)) = key.name.split_once(',') else {
        let message = format!("`{}` does not name two factors", key.name);
        let hint = "write \"anthropic_revenue, openai_revenue\" = \"60%\"";
        reader.diagnostics.push(Diagnostic::new("E0601", key.span, message).hint(hint));
        return None;
    };
    let a = reader.find(Kind::Factor, a.trim(), key.span).map(FactorRef);
    let b = reader.find(Kind::Factor, b.trim(), key.span).map(FactorRef);
    let mut basis = Basis::default();
    let figure = reader.stated(node, PLAIN, "correlation", &mut basis)?;
    let (a, b) = (a?, b?);
    reader.needs_amount(&figure, "correlation");
    let outside = figure.expected().amount().is_some_and(|rho| !(-1.0..=1.0).contains(&rho));
    if outside || a == b {
        let message =
            if outside { "a correlation is between -100% and 100%" } else { "a factor moves with itself" };
        reader
            .diagnostics
            .push(Diagnostic::new("E0307", node.span, message).hint("write two factors and, say, \"60%\""));
        return None;
    }
    Some(Correlation { a, b, figure, basis, span: key.span })
}

/// Reads all events.
pub(crate) fn read_events(reader: &mut Reader<'_>) -> Vec<Event> {
    let root = &reader.document.root;
    let entries = root.get(Kind::Event.table()).map_or(&[][..], Node::entries);
    let mut events = Vec::new();
    for (key, node) in entries {
        let what = format!("the event `{}`", key.name);
        let mut record = reader.record(node, &[EVENT_TERMS, BASIS_TERMS], &what);
        record.inherit(&Basis::default());
        reader.hide_unknown(&mut record);
        let chance = chance(&record, reader.diagnostics);
        events.push(Event { name: key.name.clone(), span: key.span, chance, record });
    }
    events
}

fn chance(record: &Record, diagnostics: &mut Vec<Diagnostic>) -> Chance {
    if let Some(when) = record.when("happened") {
        return Chance::Happened(when);
    }
    if let (Some(shuts), Some(reopens)) = (record.figure("shuts"), record.figure("reopens")) {
        let now = matches!(record.text("now"), Some("open" | "on"));
        return Chance::TwoState { now, shuts: Box::new(shuts.clone()), reopens: Box::new(reopens.clone()) };
    }
    if record.has("shuts") != record.has("reopens") {
        let message = "an event that ends and comes back needs both `shuts` and `reopens`";
        diagnostics.push(
            Diagnostic::new("E0202", record.span, message).hint("shuts = \"10%/yr\", reopens = \"50%/yr\""),
        );
    }
    if let Some(hazard) = record.figure("hazard") {
        return Chance::PerYear(hazard.clone());
    }
    match record.entry("chance").map(|entry| &entry.content) {
        // "10%/yr" is one each year, whatever it is called.
        Some(Content::Chance(stated, None)) if stated.figure.dimension == Dimension::RATE => {
            Chance::PerYear((**stated).clone())
        }
        Some(Content::Chance(stated, by)) => Chance::By((**stated).clone(), *by),
        _ => Chance::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use crate::{MemoryFiles, Options, open};

    #[test]
    fn a_pair_is_correlated_once_in_either_order() {
        let text = "keiretsu = 1\nas_of = 2026-01-01\n[factors]\na = { start = 1 }\nb = { start = 1 }\n\
                    [correlations]\n\"a, b\" = \"10%\"\n\"b, a\" = \"20%\"\n";
        let opened = open(&MemoryFiles::root(text), "keiretsu.toml", &Options::new(&[]));
        let codes: Vec<&str> = opened.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
        assert_eq!(codes, ["E0107"]);
    }

    #[test]
    fn an_undisclosed_growth_is_refused_and_an_expected_one_is_not() {
        for (growth, codes) in [("\"undisclosed\"", &["E0202"][..]), ("{ expect = \"20%\" }", &[])] {
            let text = format!(
                "keiretsu = 1\nas_of = 2026-01-01\n[factors.a]\nstart = 1\n\
                 growth = {{ 2026 = {growth} }}\n"
            );
            let opened = open(&MemoryFiles::root(&text), "keiretsu.toml", &Options::new(&[]));
            assert_eq!(
                opened.diagnostics.iter().map(|diagnostic| diagnostic.code).collect::<Vec<_>>(),
                codes
            );
        }
    }

    #[test]
    fn a_level_is_said_once() {
        let levels = ["start = 1", "path = { 2026 = 1 }", "formula = '1'"];
        for (first, second) in [(0, 1), (0, 2), (1, 2)] {
            let (first, second) = (levels[first], levels[second]);
            let text = format!("keiretsu = 1\nas_of = 2026-01-01\n[factors.a]\n{first}\n{second}\n");
            let opened = open(&MemoryFiles::root(&text), "keiretsu.toml", &Options::new(&[]));
            assert_eq!(
                opened.diagnostics.iter().map(|diagnostic| diagnostic.code).collect::<Vec<_>>(),
                ["E0708"],
                "{text}"
            );
        }
    }
}
