//! What holdings say together: of one issuer there is one whole, and a party outside a circle of owners owns
//! it.
//!
//! Invariant: a sum is of the least that the words leave possible, so what is only about so is not refused.
//! Absent: units that contracts issue later; a run dilutes for those.

use std::collections::{BTreeMap, BTreeSet};

use crate::date::When;
use crate::record::Stated;
use crate::{Diagnostic, Holding, Model, PartyRef};

/// Stakes are written in per cent with a few decimals; a millionth is rounding.
const ROUNDING: f64 = 1e-6;

/// Checks all holdings of a model together.
pub(crate) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    wholes(model, diagnostics);
    rings(model, diagnostics);
    for holding in &model.holdings {
        paid_ahead(model, holding, diagnostics);
    }
}

/// Stakes of one day, with their holdings and the least that each can be.
type Stakes<'a> = Vec<(&'a Holding, &'a Stated, f64)>;

/// The stakes in each issuer by the day for which they are stated; without one they hold at as-of.
fn stakes(model: &Model) -> BTreeMap<(PartyRef, Option<When>), Stakes<'_>> {
    let mut stakes: BTreeMap<_, Stakes<'_>> = BTreeMap::new();
    for holding in &model.holdings {
        let Some(stake) = holding.record.figure("stake") else { continue };
        let (least, _) = stake.figure.said.ends(model.about);
        let on = stake.on.filter(|on| on.last != model.as_of);
        stakes.entry((holding.issuer, on)).or_default().push((holding, stake, least));
    }
    stakes
}

/// Holdings of one issuer at one date are at most the whole; where they are shares of different units, the
/// sum only warns.
fn wholes(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    for ((issuer, on), list) in stakes(model) {
        let sum: f64 = list.iter().map(|(.., least)| least).sum();
        let [.., (last, stake, _)] = list.as_slice() else { continue };
        if sum <= 1.0 + ROUNDING || list.len() < 2 {
            continue;
        }
        let basis = |holding: &Holding| holding.record.text("basis").unwrap_or("issued").to_owned();
        let one_basis = list.iter().all(|(holding, ..)| basis(holding) == basis(last));
        let (code, hint) = if one_basis {
            (
                "E0703",
                "correct a stake, date the stakes with `on`, or say of which units they are with `basis`",
            )
        } else {
            ("W0703", "they are shares of different units; give all on one `basis`")
        };
        let percent = (sum * 1e8).round() / 1e6;
        let day = on.map_or(String::new(), |on| format!(" on {}", on.text()));
        let issuer = &model.party(issuer).name;
        let message = format!("the holdings of `{issuer}`{day} sum to {percent}%, more than the whole");
        let mut diagnostic = Diagnostic::new(code, stake.span, message).hint(hint);
        for (holding, stake, _) in &list[..list.len() - 1] {
            diagnostic = diagnostic.also(stake.span, format!("`{}`", holding.name));
        }
        diagnostics.push(diagnostic);
    }
}

/// The greatest set of parties that its own members hold whole: those of whom others hold a part are struck
/// out, until none is left to strike out.
fn ring(model: &Model) -> BTreeSet<PartyRef> {
    // What parties that may be in the ring hold of each, and who holds which part of whom.
    let mut inside: BTreeMap<PartyRef, f64> = BTreeMap::new();
    let mut owned: BTreeMap<PartyRef, Vec<(PartyRef, f64)>> = BTreeMap::new();
    for ((issuer, _), list) in stakes(model) {
        for (holding, _, least) in list {
            *inside.entry(issuer).or_default() += least;
            owned.entry(holding.owner).or_default().push((issuer, least));
        }
    }
    let strangers = owned.keys().filter(|owner| !inside.contains_key(owner));
    let mut struck: Vec<PartyRef> = strangers.copied().collect();
    struck.extend(inside.iter().filter(|(_, sum)| **sum < 1.0 - ROUNDING).map(|(party, _)| *party));
    let mut ring: BTreeSet<PartyRef> = inside.keys().copied().collect();
    for party in &struck {
        ring.remove(party);
    }
    while let Some(owner) = struck.pop() {
        for (issuer, part) in owned.get(&owner).into_iter().flatten() {
            let Some(sum) = inside.get_mut(issuer) else { continue };
            *sum -= part;
            if *sum < 1.0 - ROUNDING && ring.remove(issuer) {
                struck.push(*issuer);
            }
        }
    }
    ring
}

/// Parties that own each other whole, without an owner outside the ring.
fn rings(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    let held = ring(model);
    let inside = |holding: &&Holding| held.contains(&holding.owner) && held.contains(&holding.issuer);
    let ring: Vec<&Holding> = model.holdings.iter().filter(inside).collect();
    let [first, rest @ ..] = ring.as_slice() else { return };
    let names: Vec<String> = held.iter().map(|party| format!("`{}`", model.party(*party).name)).collect();
    let message =
        format!("{} own each other whole, so nobody outside owns anything of them", names.join(" and "));
    let mut diagnostic = Diagnostic::new("W0704", first.record.span_of("stake"), message)
        .hint("correct a stake; what others hold is the rest");
    for holding in rest {
        diagnostic = diagnostic.also(holding.record.span_of("stake"), format!("`{}`", holding.name));
    }
    diagnostics.push(diagnostic);
}

/// What is paid after as-of has earned nothing yet.
fn paid_ahead(model: &Model, holding: &Holding, diagnostics: &mut Vec<Diagnostic>) {
    let Some(paid) = holding.record.when("paid").filter(|paid| model.as_of < paid.first) else { return };
    let message = format!(
        "`{}` is paid in {}, after the day the model looks from, {}",
        holding.name,
        paid.text(),
        model.as_of
    );
    diagnostics.push(
        Diagnostic::new("W0705", holding.record.span_of("paid"), message)
            .hint("what is still to be paid is an equity contract with a tranche `on` that date"),
    );
}
