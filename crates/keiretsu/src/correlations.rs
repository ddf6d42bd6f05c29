//! Correlations that contradict each other to a finding that says what is possible, or to the nearest ones.
//!
//! Absent: weights. A pair that is known better than others is moved like the others.

use keiretsu_engine::nearest_correlations;
use keiretsu_model::{Diagnostic, Model, Span};
use keiretsu_program::{Correlation, FactorId, Program};

/// Pairs that are named in a message; what is beyond them is counted.
const NAMED: usize = 8;
/// What is left of all correlations when they are rounded and must stay possible.
const SHRUNK: [f64; 8] = [1.0, 0.995, 0.99, 0.98, 0.96, 0.92, 0.8, 0.5];
/// The same where nothing is rounded but the last bits.
const SHRUNK_BARELY: [f64; 5] = [1.0, 1.0 - 1e-14, 1.0 - 1e-12, 1.0 - 1e-10, 1.0 - 1e-8];
/// Half of the last of two decimals: a lesser change is not shown.
const SHOWN: f64 = 0.005;

/// A pair of factors that correlations are stated or found for.
struct Pair {
    a: usize,
    b: usize,
    /// As the model says; 0 where it says nothing.
    stated: f64,
    nearest: f64,
    /// Where the model says so.
    span: Option<Span>,
}

impl Pair {
    fn change(&self) -> f64 {
        (self.nearest - self.stated).abs()
    }

    fn name(&self, model: &Model) -> String {
        format!("{}, {}", model.factors[self.a].name, model.factors[self.b].name)
    }

    fn of(&self, rho: f64) -> Correlation {
        Correlation { a: FactorId(self.a as u32), b: FactorId(self.b as u32), rho: rho.clamp(-1.0, 1.0) }
    }
}

/// What is wrong with a model's correlations, if they contradict each other and are not to be repaired.
pub fn finding(model: &Model) -> Option<Diagnostic> {
    if model.repair_correlations {
        return None;
    }
    let pairs = contradiction(model)?;
    let worst =
        pairs.iter().filter(|pair| pair.span.is_some()).max_by(|a, b| a.change().total_cmp(&b.change()));
    let span = worst?.span?;
    let rounded = |shrunk: f64, pair: &Pair| (pair.nearest * shrunk * 100.0).round() / 100.0;
    let possible = |shrunk: &f64| is_possible(model, &pairs, |pair| rounded(*shrunk, pair));
    let shrunk = SHRUNK.into_iter().find(possible).unwrap_or(0.0);
    let changed: Vec<(&Pair, f64)> = pairs
        .iter()
        .map(|pair| (pair, rounded(shrunk, pair)))
        .filter(|(pair, rho)| 1e-9 < (rho - pair.stated).abs())
        .collect();
    let named = changed.iter().map(|(pair, rho)| format!("`\"{}\" = {}`", pair.name(model), two(*rho)));
    let hint = format!("write {}, or `repair = \"nearest\"`", first(named.collect()));
    let message = "the correlations of the factors contradict each other";
    Some(Diagnostic::new("E0308", span, message).hint(hint))
}

/// Puts the nearest possible correlations in the place of those that contradict each other; says so, where
/// anything had to change.
pub fn repair(model: &Model, program: &mut Program) -> Option<String> {
    if !model.repair_correlations {
        return None;
    }
    let mut pairs = contradiction(model)?;
    let possible = |shrunk: &f64| is_possible(model, &pairs, |pair| pair.nearest * shrunk);
    let shrunk = SHRUNK_BARELY.into_iter().find(possible).unwrap_or(0.0);
    let stands = pairs.iter().filter(|pair| pair.span.is_some() || 1e-12 < pair.nearest.abs());
    program.correlations = stands.map(|pair| pair.of(pair.nearest * shrunk)).collect();
    pairs.retain(|pair| SHOWN <= pair.change());
    let words =
        |pair: &Pair| format!("{} {} (stated {})", pair.name(model), two(pair.nearest), two(pair.stated));
    let changed: Vec<String> = pairs.iter().map(words).collect();
    let changed = if changed.is_empty() { "by less than 0.01".to_owned() } else { first(changed) };
    Some(format!("correlations were repaired to the nearest possible matrix: {changed}"))
}

/// All pairs of the factors that are correlated with any, with the nearest possible values; none where the
/// stated ones are possible.
fn contradiction(model: &Model) -> Option<Vec<Pair>> {
    let stated: Vec<Pair> = model
        .correlations
        .iter()
        .map(|correlation| {
            let rho = correlation.figure.expected().amount().unwrap_or(0.0);
            let (a, b) = (correlation.a.at(), correlation.b.at());
            Pair { a: a.min(b), b: a.max(b), stated: rho, nearest: rho, span: Some(correlation.span) }
        })
        .collect();
    let n = model.factors.len();
    let nearest =
        nearest_correlations(n, &stated.iter().map(|pair| pair.of(pair.stated)).collect::<Vec<_>>())?;
    let is_in_one = |at: usize| stated.iter().any(|pair| pair.a == at || pair.b == at);
    let within: Vec<usize> = (0..n).filter(|at| is_in_one(*at)).collect();
    let mut pairs = vec![];
    for (at, a) in within.iter().copied().enumerate() {
        for b in within[at + 1..].iter().copied() {
            let known = stated.iter().rfind(|pair| (pair.a, pair.b) == (a, b));
            let (rho, span) = known.map_or((0.0, None), |pair| (pair.stated, pair.span));
            pairs.push(Pair { a, b, stated: rho, nearest: nearest[a * n + b], span });
        }
    }
    Some(pairs)
}

fn is_possible(model: &Model, pairs: &[Pair], rho: impl Fn(&Pair) -> f64) -> bool {
    let pairs: Vec<Correlation> = pairs.iter().map(|pair| pair.of(rho(pair))).collect();
    nearest_correlations(model.factors.len(), &pairs).is_none()
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
