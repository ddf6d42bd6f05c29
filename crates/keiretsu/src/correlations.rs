//! Contradictory correlations to a diagnostic with the possible values, or to the nearest possible ones.
//!
//! Factors that hang together by stated correlations are a group; groups do not touch each other, and each is
//! judged by itself.
//! Absent: weights. A pair that is known better than others is moved like the others.

use std::collections::BTreeMap;

use keiretsu_engine::{correlations_are_possible, nearest_correlations};
use keiretsu_model::{Diagnostic, Model, Span};
use keiretsu_program::{Correlation, FactorId, Program};

use crate::limits::NEAREST_FACTORS_MAX;

/// Number of pairs named in a message; further pairs are counted.
const NAMED: usize = 8;
/// Factors tried on all correlations, so that they stay possible after rounding.
const SHRUNK: [f64; 8] = [1.0, 0.995, 0.99, 0.98, 0.96, 0.92, 0.8, 0.5];
/// The same where nothing is rounded but the last bits.
const SHRUNK_BARELY: [f64; 5] = [1.0, 1.0 - 1e-14, 1.0 - 1e-12, 1.0 - 1e-10, 1.0 - 1e-8];
/// Half of the last of two decimals: a lesser change is not shown.
const SHOWN: f64 = 0.005;

/// A pair of factors that correlations are stated or found for.
#[derive(Clone)]
struct Pair {
    /// Places in the group, the first the lower.
    places: (usize, usize),
    /// The stated correlation; 0 if none is stated.
    stated: f64,
    nearest: f64,
    /// Place of the statement.
    span: Option<Span>,
}

impl Pair {
    fn change(&self) -> f64 {
        (self.nearest - self.stated).abs()
    }
}

/// Connected factors, by their index in the model, with their stated correlations.
struct Group {
    factors: Vec<usize>,
    pairs: Vec<Pair>,
}

/// Diagnostics for groups of correlations that contradict each other and are not to be repaired.
pub fn findings(model: &Model) -> Vec<Diagnostic> {
    let wrong = groups(model).into_iter().filter(|group| !group.is_possible(|pair| pair.stated));
    wrong
        .filter_map(
            |group| if group.can_be_repaired() { contradicts(model, &group) } else { group.too_large() },
        )
        .collect()
}

/// Replaces contradictory correlations by the nearest possible ones; a note tells of any replacement.
pub fn repair(model: &Model, program: &mut Program) -> Option<String> {
    if !model.repair_correlations {
        return None;
    }
    let mut changed = Vec::new();
    let mut is_repaired = false;
    let mut all = Vec::new();
    for group in groups(model) {
        let Some(pairs) = group.nearest() else {
            all.extend(group.pairs.iter().map(|pair| group.stands(pair, pair.stated)));
            continue;
        };
        is_repaired = true;
        let possible = |shrunk: &f64| group.are_possible(&pairs, |pair| pair.nearest * shrunk);
        let shrunk = SHRUNK_BARELY.into_iter().find(possible).unwrap_or(0.0);
        let stands = pairs.iter().filter(|pair| pair.span.is_some() || 1e-12 < pair.nearest.abs());
        all.extend(stands.map(|pair| group.stands(pair, pair.nearest * shrunk)));
        let seen = pairs.iter().filter(|pair| SHOWN <= pair.change());
        changed.extend(seen.map(|pair| {
            format!("{} {} (stated {})", group.name(model, pair), two(pair.nearest), two(pair.stated))
        }));
    }
    if !is_repaired {
        return None;
    }
    program.correlations = all;
    let changed = if changed.is_empty() { "by less than 0.01".to_owned() } else { first(changed) };
    Some(format!("correlations were repaired to the nearest possible matrix: {changed}"))
}

/// The diagnostic for a contradictory group with the nearest values to write; none where it is to be
/// repaired.
fn contradicts(model: &Model, group: &Group) -> Option<Diagnostic> {
    let pairs = if model.repair_correlations { None } else { group.nearest() }?;
    let worst =
        pairs.iter().filter(|pair| pair.span.is_some()).max_by(|a, b| a.change().total_cmp(&b.change()));
    let span = worst?.span?;
    let rounded = |shrunk: f64, pair: &Pair| (pair.nearest * shrunk * 100.0).round() / 100.0;
    let possible = |shrunk: &f64| group.are_possible(&pairs, |pair| rounded(*shrunk, pair));
    let shrunk = SHRUNK.into_iter().find(possible).unwrap_or(0.0);
    let changed: Vec<(&Pair, f64)> = pairs
        .iter()
        .map(|pair| (pair, rounded(shrunk, pair)))
        .filter(|(pair, rho)| 1e-9 < (rho - pair.stated).abs())
        .collect();
    let named =
        changed.iter().map(|(pair, rho)| format!("`\"{}\" = {}`", group.name(model, pair), two(*rho)));
    let hint = format!("write {}, or `repair = \"nearest\"`", first(named.collect()));
    Some(Diagnostic::new("E0308", span, MESSAGE).hint(hint))
}

const MESSAGE: &str = "the correlations of the factors contradict each other";

impl Group {
    /// Whether the nearest possible correlations are looked for: the work grows faster than the cube.
    fn can_be_repaired(&self) -> bool {
        self.factors.len() <= NEAREST_FACTORS_MAX
    }

    fn is_possible(&self, rho: impl Fn(&Pair) -> f64) -> bool {
        self.are_possible(&self.pairs, rho)
    }

    fn are_possible(&self, pairs: &[Pair], rho: impl Fn(&Pair) -> f64) -> bool {
        let pairs: Vec<Correlation> = pairs.iter().map(|pair| of(pair.places, rho(pair))).collect();
        correlations_are_possible(self.factors.len(), &pairs)
    }

    /// All pairs of the group with the nearest possible values; none where the stated ones are possible.
    fn nearest(&self) -> Option<Vec<Pair>> {
        let n = self.factors.len();
        let stated: Vec<Correlation> = self.pairs.iter().map(|pair| of(pair.places, pair.stated)).collect();
        let nearest = nearest_correlations(n, &stated)?;
        // Of a pair that is stated twice the last counts, here as in the run.
        let known: BTreeMap<(usize, usize), &Pair> =
            self.pairs.iter().map(|pair| (pair.places, pair)).collect();
        let places = (0..n).flat_map(|a| (a + 1..n).map(move |b| (a, b)));
        let pair = |places: (usize, usize)| {
            let (stated, span) = known.get(&places).map_or((0.0, None), |pair| (pair.stated, pair.span));
            Pair { places, stated, nearest: nearest[places.0 * n + places.1], span }
        };
        Some(places.map(pair).collect())
    }

    /// The diagnostic for a group too large for the nearest values: the factor by which all can be kept.
    fn too_large(&self) -> Option<Diagnostic> {
        let (mut possible, mut not) = (0_u32, 100_u32);
        while possible + 1 < not {
            let middle = u32::midpoint(possible, not);
            let kept = f64::from(middle) / 100.0;
            if self.is_possible(|pair| pair.stated * kept) { possible = middle } else { not = middle }
        }
        let hint = format!(
            "all {} of them times {} are possible; `repair = \"nearest\"` is for at most \
             {NEAREST_FACTORS_MAX} factors that hang together, and these are {}",
            self.pairs.len(),
            two(f64::from(possible) / 100.0),
            self.factors.len()
        );
        Some(Diagnostic::new("E0308", self.pairs.first()?.span?, MESSAGE).hint(hint))
    }

    /// A pair as the program has it.
    fn stands(&self, pair: &Pair, rho: f64) -> Correlation {
        let (a, b) = pair.places;
        of((self.factors[a], self.factors[b]), rho)
    }

    fn name(&self, model: &Model, pair: &Pair) -> String {
        let name = |place: usize| &model.factors[self.factors[place]].name;
        format!("{}, {}", name(pair.places.0), name(pair.places.1))
    }
}

fn of((a, b): (usize, usize), rho: f64) -> Correlation {
    Correlation { a: FactorId(a as u32), b: FactorId(b as u32), rho: rho.clamp(-1.0, 1.0) }
}

/// The groups of a model's factors, by their first factor.
fn groups(model: &Model) -> Vec<Group> {
    // Each factor points to an earlier one of its group, the first to itself.
    let mut earlier: Vec<usize> = (0..model.factors.len()).collect();
    for correlation in &model.correlations {
        let (a, b) = (root(&mut earlier, correlation.a.at()), root(&mut earlier, correlation.b.at()));
        earlier[a.max(b)] = a.min(b);
    }
    let mut groups: BTreeMap<usize, Group> = BTreeMap::new();
    let mut places = vec![0; model.factors.len()];
    for (factor, place) in places.iter_mut().enumerate() {
        let first = root(&mut earlier, factor);
        let group = groups.entry(first).or_insert_with(|| Group { factors: vec![], pairs: vec![] });
        *place = group.factors.len();
        group.factors.push(factor);
    }
    for correlation in &model.correlations {
        let stated = correlation.figure.expected().amount().unwrap_or(0.0);
        let (a, b) = (places[correlation.a.at()], places[correlation.b.at()]);
        let pair =
            Pair { places: (a.min(b), a.max(b)), stated, nearest: stated, span: Some(correlation.span) };
        if let Some(group) = groups.get_mut(&root(&mut earlier, correlation.a.at())) {
            group.pairs.push(pair);
        }
    }
    groups.into_values().filter(|group| !group.pairs.is_empty()).collect()
}

/// The first factor of a group (union-find with path compression).
fn root(earlier: &mut [usize], factor: usize) -> usize {
    let mut first = factor;
    while earlier[first] != first {
        first = earlier[first];
    }
    let mut at = factor;
    while earlier[at] != first {
        at = std::mem::replace(&mut earlier[at], first);
    }
    first
}

fn first(mut words: Vec<String>) -> String {
    let more = words.len().saturating_sub(NAMED);
    words.truncate(NAMED);
    let words = words.join(", ");
    if more > 0 { format!("{words} and {more} more") } else { words }
}

/// Two decimals, without a sign before zero.
fn two(rho: f64) -> String {
    format!("{:.2}", if rho.abs() < SHOWN { 0.0 } else { rho })
}
