//! Two versions of a model to the changes of text and answers, and the contribution of each change.
//!
//! Causes come from models with some of the changes made: the text of one version with parts of the other,
//! opened, lowered and run like any other.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use keiretsu_maths::splitmix::SplitMix;
use keiretsu_measures::Subject;
use keiretsu_measures::measures::changes::{self, AnswerPair, WatchedAnswer};
use keiretsu_methods::sensitivity::{shapley, shapley_by_orders};
use keiretsu_model::record::Content;
use keiretsu_model::{Model, TextChange, mixed};
use keiretsu_values::{Cell, Table};

use crate::answer::AnswerPart;
use crate::{Answer, AskError, Control, Positions, Progress, Question, Session, reading};

/// Largest number of changes of which all subsets are run.
const EXACT_MAX: usize = 10;
/// Approximate number of models run beyond that limit.
const RUNS: usize = 1_000;
/// Key of the orders that are drawn.
const SEED: u64 = 1;

/// The tables of a difference between two versions of a model: the text, the answers, the causes.
///
/// Progress is in models that have been run.
///
/// # Errors
/// [`AskError::Diagnostics`] if one of them has errors; else if one cannot be run, or the work was stopped.
pub fn diff(old: &Session, new: &Session, control: &Control<'_>) -> Result<Answer, AskError> {
    let list = keiretsu_model::changes(&old.model().document, &new.model().document);
    let pairs = changes::pairs(&answers(old, control)?, &answers(new, control)?);
    let (_, subject) = new.lowered()?;
    let mut tables = vec![text_table(&subject, old, new, &list), changes::moved_table(&subject, &pairs)];
    let moved: Vec<&AnswerPair> =
        pairs.iter().filter(|pair| pair.moved() && pair.change().is_some()).collect();
    if moved.is_empty() {
        tables[1].note("No answer moved: commitments, coverage and lowest cash are as they were.");
    } else {
        let mut causes = Causes::new(old, new, list, &moved, control);
        let (names, values) = causes.values()?;
        let mut table = changes::causes_table(&subject, &moved, &names, &values);
        table.note(causes.note(names.len()));
        tables.push(table);
    }
    tables[0].findings = changes::summary(&tables);
    Ok(Answer {
        revision: new.revision(),
        parts: vec![AnswerPart { name: changes::NAME.to_owned(), tables }],
        remarks: vec![],
    })
}

/// The watched answers of a model.
fn answers(session: &Session, control: &Control<'_>) -> Result<Vec<WatchedAnswer>, AskError> {
    // Cash is summed up, with its lowest month, only for the whole run.
    let question = |ask: &&str| Question { by: Some("total".to_owned()), ..Question::of(ask, [""; 0]) };
    let mut all = Vec::new();
    for question in changes::ANSWERS.iter().map(question) {
        all.extend(changes::answers(&session.ask(&question, control)?.tables()));
    }
    Ok(all)
}

/// Changed words of the text, and statements that became known or unknown.
fn text_table(subject: &Subject<'_>, old: &Session, new: &Session, list: &[TextChange]) -> Table {
    let mut table = subject.table(&changes::TEXT);
    let words = |words: &Option<String>| words.as_ref().map_or(Cell::Empty, Cell::text);
    for change in list {
        let version = if change.new.is_some() { new } else { old };
        let place = Positions::new(&version.model().document).of(change.span);
        table.push(vec![
            Cell::text(change.name()),
            words(&change.old),
            words(&change.new),
            Cell::text(&change.sources[0]),
            Cell::text(&change.sources[1]),
            Cell::text(format!("{}:{}", place.file, place.line)),
        ]);
    }
    if old.dates() != new.dates() {
        by_the_date(&mut table, &believed(old.model()), &believed(new.model()), list);
    }
    table
}

/// Words and sources of each term, by the name of its table and the path in it.
type Beliefs = BTreeMap<(String, String), (String, String)>;

/// Statements that became known or unknown; a table that is new or gone is one row.
fn by_the_date(table: &mut Table, before: &Beliefs, now: &Beliefs, list: &[TextChange]) {
    let keys: BTreeSet<&(String, String)> = before.keys().chain(now.keys()).collect();
    let count = |side: &Beliefs, name: &str| side.keys().filter(|(known, _)| known == name).count();
    let mut push = |what: String, sides: [Option<&(String, String)>; 2]| {
        let words = sides.map(|side| side.map_or(Cell::Empty, |side| Cell::text(&side.0)));
        let sources = sides.map(|side| side.map_or(Cell::Empty, |side| Cell::text(&side.1)));
        let cells = [Cell::text(what)].into_iter().chain(words).chain(sources);
        table.push(cells.chain([Cell::text("by the date")]).collect());
    };
    let mut whole: BTreeSet<&str> = BTreeSet::new();
    for key in keys {
        let (name, path) = key;
        let sides = [before.get(key), now.get(key)];
        let counts = [count(before, name), count(now, name)];
        if counts.contains(&0) {
            if whole.insert(name) {
                let source =
                    sides.into_iter().flatten().map(|side| side.1.clone()).next().unwrap_or_default();
                let told = |count: usize| (format!("{count} terms"), source.clone());
                let told = counts.map(|count| (0 < count).then(|| told(count)));
                push(name.clone(), told.each_ref().map(Option::as_ref));
            }
            continue;
        }
        let what = format!("{name}.{path}");
        let listed = list.iter().any(|change| change.name().ends_with(&what));
        if sides[0].map(|side| &side.0) != sides[1].map(|side| &side.0) && !listed {
            push(what, sides);
        }
    }
}

/// The claims in use in a model at its dates.
fn believed(model: &Model) -> Beliefs {
    let mut all = BTreeMap::new();
    model.records(&mut |name, record| {
        record.walk("", &mut |path, entry| {
            let words = match &entry.content {
                Content::Figure(stated) => stated.figure.words.clone(),
                Content::Table(_) | Content::Tables(_) => return,
                _ => entry.text.clone(),
            };
            let sources = model.source_names(&entry.basis).join(", ");
            all.insert((name.to_owned(), path.to_owned()), (words, sources));
        });
    });
    all
}

/// The search for causes: each cause is a set of changes that are made together.
struct Causes<'a> {
    old: &'a Session,
    new: &'a Session,
    list: Vec<TextChange>,
    moved: Vec<String>,
    control: &'a Control<'a>,
    /// Answers by the changes that are made; the last flag is the dates.
    known: BTreeMap<Vec<bool>, Option<Vec<f64>>>,
    /// How many models are expected to be run.
    expected: usize,
    orders: usize,
}

impl<'a> Causes<'a> {
    fn new(
        old: &'a Session,
        new: &'a Session,
        list: Vec<TextChange>,
        moved: &[&AnswerPair],
        control: &'a Control<'a>,
    ) -> Self {
        let moved = moved.iter().map(|pair| pair.key.clone()).collect();
        let known = BTreeMap::new();
        Self { old, new, list, moved, control, known, expected: 0, orders: 0 }
    }

    /// The causes by name, and the contribution of each to every answer that moved.
    fn values(&mut self) -> Result<(Vec<String>, Vec<Vec<f64>>), AskError> {
        let groups = self.groups()?;
        let names = groups.iter().map(|group| self.name(group)).collect();
        let count = groups.len();
        if count <= EXACT_MAX {
            self.expected = self.known.len() + (1 << count);
            let mut worths = Vec::with_capacity(1 << count);
            for subset in 0..1_u32 << count {
                let taken: Vec<bool> = (0..count).map(|at| subset >> at & 1 == 1).collect();
                worths.push(self.worth(&groups, &taken)?);
            }
            let value = |at: usize| {
                let values = shapley(count, |subset| worths[subset as usize][at]);
                values.unwrap_or_else(|_| vec![f64::NAN; count])
            };
            return Ok((names, (0..self.moved.len()).map(value).collect()));
        }
        let orders = orders(count, (RUNS / count).max(2));
        self.orders = orders.len();
        self.expected = self.known.len() + orders.len() * count;
        let values = shapley_by_orders(&orders, |taken| self.worth(&groups, taken))?;
        Ok((names, values))
    }

    fn note(&self, count: usize) -> String {
        match (count, self.orders) {
            (1, _) => "One change moves these answers.".to_owned(),
            (_, 0) => format!("Shapley values of {count} changes, exact over all orders."),
            (_, orders) => {
                format!("Shapley values of {count} changes, estimated from {orders} orders (seed {SEED}).")
            }
        }
    }

    /// The changes that move anything, those that only make sense together as one.
    fn groups(&mut self) -> Result<Vec<Vec<usize>>, AskError> {
        let count = self.list.len() + 1;
        let movers: Vec<usize> = (0..count).filter(|at| self.is_mover(*at)).collect();
        self.expected = 2 * movers.len() + 2;
        let all = |flag: bool| -> Vec<bool> { (0..count).map(|at| flag && movers.contains(&at)).collect() };
        let (none, whole) = (self.run(all(false))?, self.run(all(true))?);
        let (mut single, mut together) = (Vec::new(), Vec::new());
        for at in &movers {
            let flipped = |mut flags: Vec<bool>| {
                flags[*at] = !flags[*at];
                flags
            };
            let (first, last) = (self.run(flipped(all(false)))?, self.run(flipped(all(true)))?);
            match (&first, &last) {
                (Some(_), Some(_))
                    if alike(first.as_ref(), none.as_ref()) && alike(last.as_ref(), whole.as_ref()) =>
                {
                    together.push((*at, false));
                }
                (Some(_), Some(_)) => single.push(vec![*at]),
                _ => together.push((*at, true)),
            }
        }
        let bundle: Vec<usize> = together.iter().filter(|(_, needed)| *needed).map(|(at, _)| *at).collect();
        if !bundle.is_empty() {
            single.push(bundle);
        }
        // What moves nothing, neither first nor last, is made together with the first cause.
        let idle = together.iter().filter(|(_, needed)| !needed).map(|(at, _)| *at);
        if let Some(first) = single.first_mut() {
            first.extend(idle);
        }
        Ok(single)
    }

    fn is_mover(&self, at: usize) -> bool {
        match self.list.get(at) {
            Some(change) => change.moves,
            None => self.old.dates() != self.new.dates(),
        }
    }

    fn name(&self, group: &[usize]) -> String {
        let name = |at: &usize| {
            let change = self.list.get(*at);
            change.map_or_else(|| "the date from which it is looked".to_owned(), TextChange::name)
        };
        // Those that came along idly are not named: the first is the cause, or all of a bundle are.
        let needed = group.iter().filter(|at| !self.idle(**at));
        needed.map(name).collect::<Vec<_>>().join(" with ")
    }

    /// Whether a change leaves all answers as they were, made alone and made last.
    fn idle(&self, at: usize) -> bool {
        let none = vec![false; self.list.len() + 1];
        let whole: Vec<bool> = (0..none.len()).map(|at| self.is_mover(at)).collect();
        let known = |flags: &Vec<bool>| self.known.get(flags).and_then(Option::as_ref);
        let same_without = |flags: Vec<bool>| {
            let mut flipped = flags.clone();
            flipped[at] = !flipped[at];
            alike(known(&flipped), known(&flags))
        };
        same_without(none) && same_without(whole)
    }

    fn worth(&mut self, groups: &[Vec<usize>], taken: &[bool]) -> Result<Vec<f64>, AskError> {
        let mut flags = vec![false; self.list.len() + 1];
        for (group, taken) in groups.iter().zip(taken) {
            for at in group {
                flags[*at] = *taken;
            }
        }
        let unknown = vec![f64::NAN; self.moved.len()];
        Ok(self.run(flags)?.unwrap_or(unknown))
    }

    /// The answers with some changes made; `None` where that makes no model.
    fn run(&mut self, flags: Vec<bool>) -> Result<Option<Vec<f64>>, AskError> {
        if let Some(known) = self.known.get(&flags) {
            return Ok(known.clone());
        }
        let done = self.known.len() as u32;
        let progress = Progress { done, of: (self.expected as u32).max(done + 2) };
        if (self.control.progress)(progress).is_break() {
            return Err(AskError::Interrupted);
        }
        let texts = [self.old, self.new].map(|session| &session.model().document);
        let text = mixed(texts[0], texts[1], &self.list, &flags);
        let dates = if flags.last() == Some(&true) { self.new.dates() } else { self.old.dates() };
        let session = Session::new(reading::document(&text, dates), dates, Arc::default());
        let silent = Control::silent(self.control.threads);
        let found = if session.has_errors() { None } else { Some(answers(&session, &silent)?) };
        let amount = |key: &String, found: &[WatchedAnswer]| {
            let answer = found.iter().find(|answer| answer.key == *key);
            answer.and_then(|answer| answer.value.amount()).unwrap_or(f64::NAN)
        };
        let found = found.map(|found| self.moved.iter().map(|key| amount(key, &found)).collect::<Vec<_>>());
        self.known.insert(flags, found.clone());
        Ok(found)
    }
}

impl Drop for Causes<'_> {
    /// The work is over, however it ended.
    fn drop(&mut self) {
        let _ = (self.control.progress)(Progress { done: 1, of: 1 });
    }
}

/// Equal up to rounding, unknown equal to unknown.
fn alike(a: Option<&Vec<f64>>, b: Option<&Vec<f64>>) -> bool {
    let near =
        |(a, b): (&f64, &f64)| (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-12 * a.abs().max(b.abs());
    match (a, b) {
        (Some(a), Some(b)) => a.iter().zip(b).all(near),
        _ => false,
    }
}

/// Orders drawn from a fixed seed, each with its reverse (which halves the error of sums of pairs).
fn orders(count: usize, wanted: usize) -> Vec<Vec<usize>> {
    let mut random = SplitMix(SEED);
    let mut orders = Vec::new();
    while orders.len() < wanted {
        let mut order: Vec<usize> = (0..count).collect();
        for at in (1..count).rev() {
            order.swap(at, random.below(at + 1));
        }
        let reversed = order.iter().rev().copied().collect();
        orders.push(order);
        orders.push(reversed);
    }
    orders
}
