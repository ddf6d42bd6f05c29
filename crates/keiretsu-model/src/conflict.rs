//! Conflicts: how two claims about one figure differ, as far as it can be seen, or as the text says.

use std::mem::discriminant;

use jiff::civil::Date;

use crate::Model;
use crate::record::{Basis, SourceClaim, Stated};

/// The kinds of conflict between two claims.
pub const CONFLICTS: [&str; 10] = [
    "qualifier",
    "direction",
    "scale",
    "basis",
    "time",
    "dilution view",
    "press against filing",
    "estimate against disclosure",
    "same number, different thing",
    "amount",
];

/// Amounts that differ by less are the same number in other words.
const SAME: f64 = 0.02;
/// Amounts that differ by more are a slip of scale: billions for millions, a total for a yearly rate.
const SLIP: f64 = 4.5;
/// Documents that appeared this many days apart speak of different times.
const APART_DAYS: i32 = 45;

/// How a claim differs from the figure that counts: what the text says, else what can be seen. `basis` is
/// what the figure that counts rests on.
pub fn kind(model: &Model, used: &Stated, basis: &Basis, other: &SourceClaim) -> &'static str {
    if let Some(stated) = other.kind {
        return stated;
    }
    let words = discriminant(&used.figure.said) != discriminant(&other.figure.said);
    let amounts = (used.figure.said.headline().amount(), other.figure.said.headline().amount());
    let ratio = match amounts {
        (Some(a), Some(b)) if a > 0.0 && b > 0.0 => Some((a / b).max(b / a)),
        _ => None,
    };
    let same = ratio.is_some_and(|ratio| ratio < 1.0 + SAME);
    match ratio {
        _ if same && words => "qualifier",
        Some(ratio) if ratio > SLIP => "scale",
        _ => by_documents(model, used, basis, other).unwrap_or(if words { "qualifier" } else { "amount" }),
    }
}

/// What the documents behind two claims say of their difference.
fn by_documents(model: &Model, used: &Stated, basis: &Basis, other: &SourceClaim) -> Option<&'static str> {
    let holds = (used.on.map(|when| when.last), other.on.map(|when| when.last));
    if let (Some(a), Some(b)) = holds
        && a != b
    {
        return Some("time");
    }
    let tiers = [best_tier(model, basis)?, best_tier(model, &other.basis)?];
    let has = |tier: &str| tiers.contains(&tier);
    let disclosed = has("filing") || has("company");
    if disclosed && has("analyst") {
        return Some("estimate against disclosure");
    }
    if disclosed && (has("press") || has("seed")) {
        return Some("press against filing");
    }
    let apart = latest(model, basis)?.since(latest(model, &other.basis)?).ok()?.get_days().abs();
    (apart > APART_DAYS).then_some("time")
}

fn best_tier(model: &Model, basis: &Basis) -> Option<&'static str> {
    let tiers = basis.sources.iter().filter_map(|source| model.sources[source.at()].tier);
    tiers.min().map(|tier| crate::TIERS[tier])
}

fn latest(model: &Model, basis: &Basis) -> Option<Date> {
    let dates = basis.sources.iter().filter_map(|source| model.sources[source.at()].date);
    dates.map(|when| when.last).max()
}
