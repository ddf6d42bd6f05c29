//! Slices against their whole: what is part of another contract is not larger than it, and all its slices
//! together are not either.
//!
//! Compared are the terms that say how much ([`Term::adds`](keiretsu_model::Term)), summed over tranches, by
//! what they measure. An amount per time is also compared as a total where its time is known. A slice is too
//! large only where the least that its words leave possible is more than the most of the whole.
//!
//! Invariant: what is terminated, lapsed or superseded is no slice. Absent: which day of the year a slice
//! falls on; slices of one year may be consecutive, so rates are never summed, only totals.

use std::collections::BTreeMap;

use keiretsu_model::record::{Content, Record, Stated};
use keiretsu_model::{Contract, ContractRef, Diagnostic, Model, Standing};
use keiretsu_values::Dimension;

use crate::calendar::month;

/// Numbers are written with a few digits; a millionth of a whole is rounding.
const ROUNDING: f64 = 1e-6;

/// The least and the most of what something comes to, by what it measures.
type Sizes = Vec<(Dimension, f64, f64)>;

/// Checks all slices of a model.
pub(super) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    let mut parts: BTreeMap<ContractRef, Vec<&Contract>> = BTreeMap::new();
    for (id, slice) in model.stated_contracts().filter(|(_, slice)| stands(model, slice)) {
        let whole = slice.record().contracts("part_of").first().map(|whole| model.stated(*whole));
        if let Some(whole) = whole.filter(|whole| *whole != id) {
            parts.entry(whole).or_default().push(slice);
        }
    }
    for (whole, slices) in parts {
        let Some(whole) = model.contract(whole) else { continue };
        let years = years(whole.record());
        let all = sizes(model, whole.record(), years);
        let parts: Vec<(&Contract, Sizes)> =
            slices.iter().map(|slice| (*slice, sizes(model, slice.record(), years))).collect();
        let large: Vec<&(&Contract, Sizes)> =
            parts.iter().filter(|(_, part)| excess(part, &all).is_some()).collect();
        for (slice, _) in &large {
            let message = format!("this slice is larger than `{}`, of which it is a part", whole.name);
            diagnostics.push(larger(slice, whole, message));
        }
        if large.is_empty() {
            together(whole, &all, &parts, diagnostics);
        }
    }
}

/// Whether a contract counts anywhere.
fn stands(model: &Model, slice: &Contract) -> bool {
    let over = matches!(slice.standing, Some(Standing::Lapsed | Standing::Terminated));
    !over && slice.superseded_by.is_none_or(|by| model.contract(by).is_none())
}

/// All slices that say how much they are, against the whole.
fn together(whole: &Contract, all: &Sizes, parts: &[(&Contract, Sizes)], diagnostics: &mut Vec<Diagnostic>) {
    let mut sum: Sizes = Vec::new();
    for (dimension, least, _) in parts.iter().flat_map(|(_, part)| part) {
        if *dimension != Dimension::MONEY_RATE {
            add(&mut sum, *dimension, *least, f64::INFINITY);
        }
    }
    let Some(dimension) = excess(&sum, all) else { return };
    let has = |part: &Sizes| part.iter().any(|(known, ..)| *known == dimension);
    let mut large = parts.iter().filter(|(_, part)| has(part)).map(|(slice, _)| *slice);
    let Some(last) = large.next_back() else { return };
    let message = format!("the slices of `{}` are together larger than it", whole.name);
    let diagnostic = larger(last, whole, message);
    diagnostics.push(large.fold(diagnostic, |so_far, slice| so_far.also(slice.span, "another slice")));
}

fn larger(slice: &Contract, whole: &Contract, message: String) -> Diagnostic {
    Diagnostic::new("E0710", slice.record().span_of("part_of"), message)
        .also(whole.span, "the whole")
        .hint("correct one of the amounts, or drop `part_of`")
}

/// In what the least of a part is more than the most of the whole.
fn excess(part: &Sizes, all: &Sizes) -> Option<Dimension> {
    let larger = |(dimension, least, _): &&(Dimension, f64, f64)| {
        all.iter().any(|(known, _, most)| known == dimension && most * (1.0 + ROUNDING) < *least)
    };
    part.iter().find(larger).map(|(dimension, ..)| *dimension)
}

/// How much a contract is; `around` are the years of the whole, for a slice that does not say its own.
fn sizes(model: &Model, record: &Record, around: Option<f64>) -> Sizes {
    let mut sizes = Sizes::new();
    record.walk("", &mut |_, entry| {
        let Content::Figure(stated) = &entry.content else { return };
        if entry.adds {
            let (least, most) = ends(model, stated);
            add(&mut sizes, stated.figure.dimension, least, most);
        }
    });
    let rate = sizes.iter().find(|(dimension, ..)| *dimension == Dimension::MONEY_RATE).copied();
    if let (Some((_, least, most)), Some(years)) = (rate, years(record).or(around)) {
        add(&mut sizes, Dimension::MONEY, least * years, most * years);
    }
    sizes
}

fn add(sizes: &mut Sizes, dimension: Dimension, least: f64, most: f64) {
    match sizes.iter_mut().find(|(known, ..)| *known == dimension) {
        Some(known) => {
            known.1 += least;
            known.2 += most;
        }
        None => sizes.push((dimension, least, most)),
    }
}

/// The least and the most of a figure, in model currency.
fn ends(model: &Model, stated: &Stated) -> (f64, f64) {
    let (least, most) = stated.figure.said.ends(model.about);
    match stated.figure.currency.filter(|currency| *currency != model.currency) {
        None => (least, most),
        Some(currency) => match model.worth(currency).amount() {
            Some(worth) => (least * worth, most * worth),
            None => (0.0, f64::INFINITY),
        },
    }
}

/// For how many years a contract runs, where its words say so.
fn years(record: &Record) -> Option<f64> {
    if let Some(years) = record.duration("term") {
        return Some(years);
    }
    let over = record.entries.iter().find_map(|entry| match &entry.content {
        Content::Figure(stated) if entry.adds => stated.figure.over,
        _ => None,
    });
    let (from, until) = (record.when("from"), record.when("until"));
    let dated = from.zip(until).map(|(from, until)| month(until.last).since(month(from.first)) + 1);
    over.or(dated.map(|months| f64::from(months) / 12.0))
}
