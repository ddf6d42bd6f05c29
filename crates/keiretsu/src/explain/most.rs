//! The statements that move a number most, of as many as can be tried at once: those of the contracts and
//! parties that its row names first, and of these the largest amounts.
//!
//! Invariants: each statement is tried alone, with a small step; the limit counts work and not time. How far
//! the others move the number together is tried as well, so that nothing is passed over in silence.
//! Absent: larger steps.

use std::collections::BTreeSet;

use keiretsu_measures::Subject;
use keiretsu_model::edit::{Kind, Statement};
use keiretsu_model::{PartyRef, figure};
use keiretsu_values::Dimension;

use super::names::Number;
use super::rests::{Influence, Trial, changes, trial};
use super::world::World;
use crate::AskError;

/// What moves a number most.
pub struct Most<'a> {
    /// Those that were found, the most first.
    pub found: Vec<Influence<'a>>,
    /// How many others there are, and what all of them do to the number at once.
    pub others: usize,
    pub together: Together,
    /// How many undisclosed amounts were not tried: what is tried in their place says nothing of how far they
    /// move the number.
    pub undisclosed: usize,
}

/// What statements that are all a little different do to a number.
pub enum Together {
    /// It stays.
    Still,
    /// It moves by a share of itself.
    By(f64),
    /// It is another, or unknown, with no share to tell how far.
    Another,
}

/// The statements that move a number most, in about `worlds` trials.
///
/// # Errors
/// If the control interrupts the work.
pub fn found<'a>(
    world: &World<'_>,
    subject: &Subject<'_>,
    statements: &'a [Statement<'a>],
    worlds: usize,
) -> Result<Most<'a>, AskError> {
    let ranks = Order::new(subject, world.number, statements).ranks(statements);
    let mut places: Vec<usize> = (0..statements.len()).collect();
    places.sort_by(|a, b| ranks[*b].total_cmp(&ranks[*a]));
    let all: Vec<(usize, Trial)> =
        places.into_iter().filter_map(|at| Some((at, trial(&statements[at], 0)?))).collect();
    let (tried, others) = all.split_at(worlds.saturating_sub(1).min(all.len()));
    let is_told = |(at, _): &&(usize, Trial)| statements[*at].kind != Kind::Undisclosed;
    let (others, dark): (Vec<_>, Vec<_>) = others.iter().partition(is_told);
    let groups = tried.chunks(1).chain([&others[..]]);
    let mut outcomes = world.changed(&groups.map(|group| changes(statements, group)).collect::<Vec<_>>())?;
    let moved = outcomes.pop().flatten();
    let moving = tried.iter().zip(outcomes).filter(|(_, becomes)| becomes.is_some() && world.moves(becomes));
    let mut found: Vec<Influence<'a>> = moving
        .map(|((at, (_, when)), becomes)| Influence::new(world, &statements[*at], when, becomes, 0))
        .collect();
    found.sort_by(|a, b| pull(b).total_cmp(&pull(a)));
    let together = match world.relative(&moved) {
        _ if !world.moves(&moved) => Together::Still,
        Some(by) => Together::By(by),
        None => Together::Another,
    };
    Ok(Most { found, others: others.len(), together, undisclosed: dark.len() })
}

/// How far a statement moves the number; what makes it unknown goes first, what is undisclosed last.
fn pull(one: &Influence<'_>) -> f64 {
    if one.comparable { one.by.map_or(f64::INFINITY, f64::abs) } else { 0.0 }
}

/// What is tried first.
#[derive(Default)]
struct Order<'a> {
    /// Names of contracts and holdings with one side, and with both, among the parties of the row; of all of
    /// it, and of the parties themselves.
    near: BTreeSet<&'a str>,
    between: BTreeSet<&'a str>,
    named: BTreeSet<&'a str>,
    /// Names of those that other rows of the measure name.
    beside: BTreeSet<&'a str>,
    /// Words of the statements of all these, in which factors stand.
    words: Vec<&'a str>,
}

impl<'a> Order<'a> {
    fn new(subject: &Subject<'a>, number: &'a Number, statements: &'a [Statement<'a>]) -> Self {
        let (model, keys) = (subject.model, &number.keys);
        let is_named = |party: PartyRef| keys.contains(&model.party(model.group(party)).name);
        let commitments = subject
            .side
            .commitments
            .iter()
            .filter_map(|one| Some((model.contract(one.contract)?.name.as_str(), [one.from, one.to])));
        let holdings = model.holdings.iter().map(|one| (one.name.as_str(), [one.owner, one.issuer]));
        let mut order = Self::default();
        for (name, sides) in commitments.chain(holdings) {
            if number.beside.contains(name) {
                order.beside.insert(name);
            }
            let sides = sides.into_iter().filter(|party| is_named(*party)).count();
            if 0 < sides {
                order.near.insert(name);
            }
            if sides == 2 {
                order.between.insert(name);
            }
        }
        order.named.extend(keys.iter().map(String::as_str));
        let known = |path: &str| order.named.contains(path) || order.near.contains(path);
        let near = statements.iter().filter(|statement| known(owner(statement)));
        order.words = near.map(|statement| statement.words.as_str()).collect();
        order
    }

    /// The more, the earlier: whose a statement is, then how large it is beside the largest of these.
    fn ranks(&self, statements: &[Statement<'_>]) -> Vec<f64> {
        let all: Vec<_> = statements.iter().map(|one| (self.nearness(one), size(one))).collect();
        let mut largest = [0.0_f64; NEARNESS];
        for (near, size) in &all {
            largest[*near] = largest[*near].max(size.unwrap_or_default());
        }
        let part = |(near, size): (usize, Option<f64>)| size.map(|size| size / largest[near].max(1.0));
        let rank = |(one, (near, size)): (&Statement<'_>, (usize, Option<f64>))| {
            near as f64 + part((near, size)).unwrap_or_else(|| usual(one.kind)) * BELOW_ONE
        };
        statements.iter().zip(all).map(rank).collect()
    }

    fn nearness(&self, statement: &Statement<'_>) -> usize {
        let owner = owner(statement);
        let spoken = || self.words.iter().any(|words| words.contains(owner));
        match owner {
            _ if statement.kind == Kind::Undisclosed => 0,
            _ if self.between.contains(owner) => 6,
            _ if self.named.contains(owner) => 5,
            _ if self.near.contains(owner) => 4,
            _ if self.beside.contains(owner) => 3,
            _ if spoken() => 2,
            _ => 1,
        }
    }
}

/// How many kinds of nearness there are; of one kind, sizes tell apart.
const NEARNESS: usize = 7;
const BELOW_ONE: f64 = 0.99;

/// The first step of a path: a party, a contract, a factor.
fn owner<'s>(statement: &'s Statement<'_>) -> &'s str {
    statement.path.split('.').next().unwrap_or_default()
}

/// The amount of money of a statement; none where it is another thing.
fn size(statement: &Statement<'_>) -> Option<f64> {
    let figure = figure::parse(&statement.words).ok()?;
    let money = [Dimension::MONEY, Dimension::MONEY_RATE].contains(&figure.dimension);
    money.then(|| figure.said.numbers().into_iter().flatten().fold(0.0, f64::max))
}

/// Where what is no amount of money stands among amounts, the largest of which is 1.
fn usual(kind: Kind) -> f64 {
    match kind {
        Kind::Figure | Kind::Formula => 0.5,
        Kind::Condition => 0.3,
        Kind::Duration => 0.2,
        Kind::Date | Kind::Ramp => 0.1,
        Kind::Undisclosed => 0.0,
    }
}
