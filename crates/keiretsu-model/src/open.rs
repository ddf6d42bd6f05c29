//! Files to a checked model: the one entry to this crate.

use std::collections::BTreeMap;

use jiff::civil::Date;
use keiretsu_values::{Currency, Dimension};

use crate::document::{self, Document};
use crate::files::Files;
use crate::names::{Kind, Names};
use crate::reader::Reader;
use crate::record::{Content, Entry};
use crate::{
    Chance, Contract, ContractRef, ContractSpec, Diagnostic, Factor, FactorRef, FileId, Model, PartyRef,
    Process, Span, Standing, alternatives, circles, contract, expectation, factor, head, holdings, loops,
    party, report, scenario, source, syndicate, units, web,
};

/// How a model is opened.
#[derive(Clone, Debug)]
pub struct Options<'a> {
    /// The contract types that are known.
    pub specs: &'a [&'static ContractSpec],
    /// The day to look from, instead of the model's.
    pub as_of: Option<Date>,
    /// The last day of which news counts.
    pub known_on: Option<Date>,
}

impl<'a> Options<'a> {
    /// The model's own dates, with these contract types.
    pub fn new(specs: &'a [&'static ContractSpec]) -> Self {
        Self { specs, as_of: None, known_on: None }
    }
}

/// A model and everything that was found while reading it.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The model, as far as it could be read.
    pub model: Model,
    /// Errors and warnings, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Opens a model: reads all files, binds all names, checks all units. Everything found is reported at once.
pub fn open(files: &dyn Files, root: &str, options: &Options<'_>) -> Opened {
    let mut diagnostics = Vec::new();
    let document = document::load(files, root, &mut diagnostics);
    open_document(&document, diagnostics, options)
}

/// The same from a text that has been read, with what was found so far.
pub fn open_document(document: &Document, mut diagnostics: Vec<Diagnostic>, options: &Options<'_>) -> Opened {
    let names = Names::collect(&document.root, &mut diagnostics);
    let sources = source::read(document, &names, &mut diagnostics);
    let dates: Vec<Option<Date>> = sources.iter().map(|source| source.date.map(|when| when.last)).collect();
    let tiers: Vec<usize> = sources.iter().map(|source| source.tier.unwrap_or(usize::MAX)).collect();
    let mut reader = Reader {
        document,
        names: &names,
        source_dates: &dates,
        source_tiers: &tiers,
        known_on: options.known_on,
        diagnostics: &mut diagnostics,
    };
    let head = head::read(&mut reader, options);
    let parties = party::read(&mut reader);
    let factors = factor::read(&mut reader);
    let (correlations, copula_freedom, repair_correlations) = factor::read_correlations(&mut reader);
    let events = factor::read_events(&mut reader);
    let contracts = contract::read(&mut reader, options.specs);
    let holdings = web::read_holdings(&mut reader);
    let alternatives = alternatives::read(&mut reader);
    let platforms = web::read_platforms(&mut reader);
    let products = web::read_products(&mut reader);
    let reports = report::read(&mut reader);
    let scenarios = scenario::read(&mut reader, &contracts, &parties);
    let expectations = expectation::read(&mut reader);
    let strategies = strategies(&mut reader);
    let mut model = Model {
        document: document.clone(),
        title: head.title,
        as_of: head.as_of,
        known_on: options.known_on,
        horizon_months: head.horizon_months,
        currency: head.currency,
        currencies: head.currencies,
        discount: head.discount,
        about: head.about,
        sources,
        parties,
        factors,
        correlations,
        copula_freedom,
        repair_correlations,
        events,
        contracts,
        holdings,
        alternatives,
        platforms,
        products,
        reports,
        scenarios,
        expectations,
        strategies,
    };
    finish(&mut model, &mut diagnostics);
    syndicate::expand(&mut model);
    Opened { model, diagnostics }
}

/// What can only be checked once everything is read.
fn finish(model: &mut Model, diagnostics: &mut Vec<Diagnostic>) {
    crate::settled::dates(model);
    supersede(model);
    fall(model);
    alternatives::check(&model.alternatives, &model.contracts, diagnostics);
    circles::check(&model.contracts, diagnostics);
    syndicate::check(model, diagnostics);
    holdings::check(model, diagnostics);
    chances(model, diagnostics);
    loops::check(&model.factors, &model.parties, diagnostics);
    dimensions(&mut model.factors);
    check_units(model, diagnostics);
    check_currencies(model, diagnostics);
    drop_consequences(diagnostics);
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span.file, diagnostic.span.start, diagnostic.code));
    diagnostics.dedup();
}

/// What is no TOML has its message; the text that was read in its place is no statement.
fn drop_consequences(diagnostics: &mut Vec<Diagnostic>) {
    let errors =
        diagnostics.iter().filter(|diagnostic| diagnostic.code == "E0106").map(|diagnostic| diagnostic.span);
    let broken: BTreeMap<(FileId, u32), u32> =
        errors.map(|span| ((span.file, span.start), span.end)).collect();
    let inside = |span: Span| {
        let before = broken.range(..=(span.file, span.start)).next_back();
        before.is_some_and(|((file, _), end)| *file == span.file && span.start < span.end && span.end <= *end)
    };
    diagnostics.retain(|diagnostic| diagnostic.code == "E0106" || !inside(diagnostic.span));
}

/// A chance by a day that is past says nothing about the future; one without a day means another pace with
/// each horizon.
fn chances(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    for event in &model.events {
        let Chance::By(stated, by) = &event.chance else { continue };
        let Some(by) = by else {
            let message =
                format!("nothing says by when `{}` has its chance; it is by the horizon", event.name);
            diagnostics.push(
                Diagnostic::new("W0602", stated.span, message).hint(
                    "write the day with it, as in \"70% by 2029-12\", or a chance each year, \"10%/yr\"",
                ),
            );
            continue;
        };
        if by.last <= model.as_of {
            let message = format!(
                "`{}` has a chance by {}, which is past on {}: by then it happened, or it did not",
                event.name,
                by.text(),
                model.as_of
            );
            diagnostics.push(
                Diagnostic::new("W0601", stated.span, message)
                    .hint("write `happened = 2026-02-15`, or a chance by a later day"),
            );
        }
    }
}

fn strategies(reader: &mut Reader<'_>) -> Vec<PartyRef> {
    let Some(node) = reader.document.root.get("compare").and_then(|node| node.get("strategies")) else {
        return vec![];
    };
    let names = reader.texts(node, "strategies").unwrap_or_default();
    names.iter().filter_map(|(name, span)| reader.find(Kind::Party, name, *span)).map(PartyRef).collect()
}

fn supersede(model: &mut Model) {
    let replaced: Vec<(ContractRef, ContractRef)> = model
        .known_contracts()
        .flat_map(|(new, contract)| {
            contract.record().contracts("supersedes").iter().map(move |old| (*old, new))
        })
        .collect();
    for (old, new) in replaced {
        if let Some(contract) = &mut model.contracts[old.at()] {
            contract.superseded_by = Some(new);
        }
    }
    supersede_slices(model);
}

/// A slice of a contract that was replaced is replaced with it.
fn supersede_slices(model: &mut Model) {
    loop {
        let replaced = model.known_contracts().find_map(|(id, contract)| {
            let mut wholes = contract.record().contracts("part_of").iter();
            let new = wholes.find_map(|whole| model.contract(*whole)?.superseded_by)?;
            (contract.superseded_by.is_none() && new != id).then_some((id, new))
        });
        let Some((slice, new)) = replaced else { return };
        if let Some(contract) = &mut model.contracts[slice.at()] {
            contract.superseded_by = Some(new);
        }
    }
}

/// What is contingent on a contract that has lapsed or was terminated is terminated with it.
fn fall(model: &mut Model) {
    let over = |model: &Model, contract: ContractRef| {
        let standing = model.contract(contract).and_then(|contract| contract.standing);
        matches!(standing, Some(Standing::Lapsed | Standing::Terminated))
    };
    loop {
        let hangs = |contract: &Contract| contract.record().contracts("contingent_on").first().copied();
        let falls = model.known_contracts().find(|(id, contract)| {
            !over(model, *id) && hangs(contract).is_some_and(|other| over(model, other))
        });
        let Some((id, _)) = falls else { return };
        if let Some(contract) = &mut model.contracts[id.at()] {
            contract.standing = Some(Standing::Terminated);
        }
    }
}

/// Gives formula factors the dimension that their formula yields, in as many rounds as they depend on others.
fn dimensions(factors: &mut [Factor]) {
    loop {
        let known: Vec<Option<Dimension>> = factors.iter().map(|factor| factor.dimension).collect();
        let mut changed = false;
        for factor in factors.iter_mut().filter(|factor| factor.dimension.is_none()) {
            let Process::Formula(formula) = &factor.process else { continue };
            let yields = units::check(formula, &|other: FactorRef| known[other.at()], &mut Vec::new());
            if let units::Yields::Amount(dimension) = yields {
                factor.dimension = Some(dimension);
                changed = true;
            }
        }
        if !changed {
            return;
        }
    }
}

fn check_units(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    let dimension = |factor: FactorRef| model.factors[factor.at()].dimension;
    let mut check = |entry: &Entry| {
        let Content::Formula(formula, wanted) = &entry.content else { return };
        // Of a figure in words that was looked at where it was read.
        if formula.worded().is_some() {
            return;
        }
        let before = diagnostics.len();
        let yields = units::check(formula, &dimension, diagnostics);
        if diagnostics.len() > before {
            return;
        }
        let name = entry.name;
        let fits = match yields {
            units::Yields::Anything => true,
            units::Yields::Truth => wanted.is_empty(),
            units::Yields::Amount(dimension) => wanted.contains(&dimension),
        };
        if !fits {
            let wanted = match wanted.first() {
                None => "a condition".to_owned(),
                Some(first) => first.to_string(),
            };
            let code =
                if yields == units::Yields::Truth || wanted == "a condition" { "E0505" } else { "E0502" };
            diagnostics.push(
                Diagnostic::new(code, formula.span, format!("`{name}` is {wanted}, this is {yields}"))
                    .hint(unit_hint(&wanted)),
            );
        }
    };
    model.entries(&mut |_, entry| check(entry));
    for (_, entry) in &model.currencies {
        check(entry);
    }
    // Earlier versions of amended contracts run too, until their amendment.
    for (_, contract) in model.known_contracts() {
        for version in &contract.versions[..contract.versions.len() - 1] {
            version.record.walk("", &mut |_, entry| check(entry));
        }
    }
}

fn unit_hint(wanted: &str) -> &'static str {
    match wanted {
        "a condition" => "compare it with something: `>= $60B/yr`",
        "money/time" => "give an amount per time, such as `$3B/yr` or `10% * revenue`",
        "money" => "give an amount, such as `$3B`",
        _ => "",
    }
}

/// A currency of which nothing says what it is worth.
pub(crate) fn unknown_currency(model: &Model, currency: Option<Currency>, span: Span) -> Option<Diagnostic> {
    let known = |currency: Currency| {
        currency == model.currency || model.currencies.iter().any(|(other, _)| *other == currency)
    };
    let currency = currency.filter(|currency| !known(*currency))?;
    let message = format!("the model says nothing about the worth of a {}", currency.code());
    Some(Diagnostic::new("E0305", span, message).hint(format!(
        "add `[currencies]` with {} = \"1.10\" ({} for one {})",
        currency.code(),
        model.currency.code(),
        currency.code()
    )))
}

fn check_currencies(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    let mut report = |currency, span| diagnostics.extend(unknown_currency(model, currency, span));
    model.entries(&mut |_, entry| match &entry.content {
        Content::Figure(stated) | Content::Chance(stated, _) => report(stated.figure.currency, stated.span),
        Content::ByYear(years) => {
            for (_, stated) in years {
                report(stated.figure.currency, stated.span);
            }
        }
        Content::Formula(formula, _) => formula.walk(&mut |part| {
            if let crate::formula::Node::Amount(quantity) = &part.node {
                report(quantity.currency, part.span);
            }
            if let Some(stated) = part.worded() {
                report(stated.figure.currency, stated.span);
            }
        }),
        _ => {}
    });
}

/// A fingerprint of the text: FNV-1a with 128 bits over paths and contents. For telling models apart, not for
/// security.
pub fn fingerprint(document: &Document) -> u128 {
    let mut hash: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    let mut eat = |bytes: &[u8]| {
        for byte in bytes {
            hash ^= u128::from(*byte);
            hash = hash.wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    };
    for file in &document.files {
        eat(file.path.as_bytes());
        eat(&[0]);
        eat(file.text.as_bytes());
        eat(&[0]);
    }
    hash
}
