//! Influences on a number: statements that move it when they are different.
//!
//! Statements are tried in groups, each of a group by its own amount, so that they do not cancel. Groups are
//! halved down to single statements, which are then tried alone. Statements without effect in small steps are
//! tried with larger ones.

use keiretsu_model::edit::{Change, Kind, Place, Statement};
use keiretsu_model::record::SourceClaim;

use super::halving;
use super::world::{Outcome, World};
use crate::AskError;

/// A statement that moves the number.
pub struct Influence<'a> {
    pub statement: &'a Statement<'a>,
    /// The difference tried: "1% more".
    pub when: &'static str,
    /// The number then.
    pub becomes: Outcome,
    /// The movement as a share of the number.
    pub by: Option<f64>,
    /// Whether it was tried with the small step that all share, so that movements can be compared.
    pub comparable: bool,
}

impl<'a> Influence<'a> {
    /// What the number becomes with the difference of a round.
    pub fn new(
        world: &World<'_>,
        statement: &'a Statement<'a>,
        when: &'static str,
        becomes: Outcome,
        round: usize,
    ) -> Self {
        let comparable = round == 0 && statement.kind != Kind::Undisclosed;
        Self { statement, when, by: world.relative(&becomes), becomes, comparable }
    }
}

/// A claim of another source, and the number under it.
pub struct Other<'a> {
    pub statement: &'a Statement<'a>,
    pub claim: &'a SourceClaim,
    pub becomes: Outcome,
    pub by: Option<f64>,
}

/// How many statements are tried together at first: most of a model has no part in a number.
const TOGETHER: usize = 64;

/// A difference to try, and its words.
pub(super) type Trial = (Change, &'static str);

/// All statements that move the number, in the order of the text.
pub fn found<'a>(world: &World<'_>, statements: &'a [Statement<'a>]) -> Result<Vec<Influence<'a>>, AskError> {
    let mut found: Vec<(usize, Influence<'a>)> = Vec::new();
    for round in 0..ROUNDS {
        let open = |at: &usize| !found.iter().any(|(known, _)| known == at);
        let trials: Vec<(usize, Trial)> = (0..statements.len())
            .filter(open)
            .filter_map(|at| Some((at, trial(&statements[at], round)?)))
            .collect();
        let movers = movers(world, statements, &trials, round > 0)?;
        found.extend(
            movers.into_iter().map(|(at, when, becomes)| {
                (at, Influence::new(world, &statements[at], when, becomes, round))
            }),
        );
    }
    found.sort_by_key(|(at, _)| *at);
    Ok(found.into_iter().map(|(_, rest)| rest).collect())
}

/// Small steps, then two rounds of larger ones.
pub(super) const ROUNDS: usize = 3;

/// The difference tried with a statement in a round.
pub(super) fn trial(statement: &Statement<'_>, round: usize) -> Option<Trial> {
    let steps: &[Trial] = match statement.kind {
        Kind::Figure | Kind::Formula => &[
            (Change::Scale(1.01), "1% more"),
            (Change::Scale(2.0), "doubled"),
            (Change::Scale(0.5), "halved"),
        ],
        Kind::Duration => &[
            (Change::Scale(1.1), "a tenth longer"),
            (Change::Scale(2.0), "twice as long"),
            (Change::Scale(0.5), "half as long"),
        ],
        Kind::Date => &[
            (Change::Later(1), "a month later"),
            (Change::Later(12), "a year later"),
            (Change::Later(-12), "a year earlier"),
        ],
        Kind::Condition => &[(Change::Holds(true), "it holds"), (Change::Holds(false), "it never holds")],
        Kind::Ramp => &[(Change::Otherwise, "spread otherwise")],
        // What it is does not matter, only whether it counts: as money, and as a share.
        Kind::Undisclosed => &[(Change::Known(1e9), "disclosed"), (Change::Known(0.1), "disclosed")],
    };
    steps.get(round).copied()
}

type Mover = (usize, &'static str, Outcome);

/// Those of the trials that move the number, alone. Few do where those of smaller steps are known: then all
/// are tried together at first.
fn movers(
    world: &World<'_>,
    statements: &[Statement<'_>],
    trials: &[(usize, Trial)],
    few: bool,
) -> Result<Vec<Mover>, AskError> {
    let outcomes = |groups: &[&[(usize, Trial)]]| {
        let lists: Vec<_> = groups.iter().map(|group| changes(statements, group)).collect();
        world.changed(&lists)
    };
    if few && !outcomes(&[trials])?.iter().any(|outcome| world.moves(outcome)) {
        return Ok(vec![]);
    }
    let found = halving::movers(world, trials.chunks(TOGETHER), &outcomes)?.into_iter();
    // A world that cannot be run says nothing.
    let found = found.filter(|(_, outcome)| outcome.is_some());
    Ok(found.map(|((at, (_, when)), outcome)| (*at, *when, outcome)).collect())
}

/// The changes of a group: each by its own amount where there are several.
pub(super) fn changes(statements: &[Statement<'_>], group: &[(usize, Trial)]) -> Vec<(Place, Change)> {
    let change = |(place, (at, (change, _))): (usize, &(usize, Trial))| {
        let change = match *change {
            Change::Scale(by) if group.len() > 1 => {
                // Steps that are no ratio of each other's: multiples of the golden section's part.
                let part = (place as f64 * 0.618_033_988_749_894_9).fract();
                Change::Scale(1.0 + (by - 1.0) * (1.0 + part))
            }
            other => other,
        };
        (statements[*at].place, change)
    };
    group.iter().enumerate().map(change).collect()
}

/// Unused claims on the statements, and the number under each; only those that move the number.
pub fn claims<'a>(world: &World<'_>, statements: &'a [Statement<'a>]) -> Result<Vec<Other<'a>>, AskError> {
    let numbered = |statement: &'a Statement<'a>| {
        statement.claims.iter().enumerate().map(move |(at, claim)| (statement, at, claim))
    };
    let mut all: Vec<Said<'a>> = statements.iter().flat_map(numbered).collect();
    // Of one statement a world has one claim.
    all.sort_by_key(|(_, at, _)| *at);
    let apart = all.chunk_by(|a, b| a.1 == b.1).flat_map(|chunk| chunk.chunks(TOGETHER));
    let outcomes = |groups: &[&[Said<'a>]]| {
        let list = |group: &&[Said<'a>]| {
            group.iter().map(|(statement, at, _)| (statement.place, Change::Claim(*at))).collect::<Vec<_>>()
        };
        world.changed(&groups.iter().map(list).collect::<Vec<_>>())
    };
    let mut moved = halving::movers(world, apart, &outcomes)?;
    // In the order of the text.
    moved.sort_by_key(|((statement, at, _), _)| {
        (statements.iter().position(|known| known.place == statement.place), *at)
    });
    let other = |(&(statement, _, claim), becomes): (&Said<'a>, Outcome)| {
        let by = world.relative(&becomes);
        Other { statement, claim, becomes, by }
    };
    Ok(moved.into_iter().map(other).collect())
}

/// A statement, and another source's claim of it by its position.
type Said<'a> = (&'a Statement<'a>, usize, &'a SourceClaim);
