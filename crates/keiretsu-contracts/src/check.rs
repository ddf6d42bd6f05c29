//! What terms say that does not fit together, beyond what a single contract type can see.

mod dates;
mod rights;
mod slices;
#[cfg(test)]
mod tests;

use keiretsu_model::formula::{ContractReading, Formula, Node};
use keiretsu_model::record::{Content, Entry};
use keiretsu_model::{
    Contract, ContractRef, Diagnostic, FactorRef, How, Model, PartyRef, Range, Scenario, ScenarioChange,
    Target,
};
use keiretsu_values::Dimension;

use crate::lowering::{ContractType, Types, type_of};

/// Checks every contract by its type, then what stands between them.
pub(crate) fn check(model: &Model, types: Types) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for (id, contract) in model.stated_contracts() {
        if let Some(kind) = type_of(types, contract) {
            by_part(model, id, contract, kind, &mut diagnostics);
        }
        dates::check(model, contract, &mut diagnostics);
        rights::check(model, contract, &mut diagnostics);
        rank(contract, &mut diagnostics);
    }
    slices::check(model, &mut diagnostics);
    model.entries(&mut |_, entry| {
        if let Content::Formula(formula, _) = &entry.content {
            readable(model, formula, &mut diagnostics);
        }
    });
    scenarios(model, &mut diagnostics);
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span.file, diagnostic.span.start, diagnostic.code));
    diagnostics
}

/// What a contract type finds in a contract, or in what each of its parties has of it: what is wrong with
/// several of these is wrong with the whole.
fn by_part(
    model: &Model,
    id: ContractRef,
    whole: &Contract,
    kind: &dyn ContractType,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut found: Vec<Diagnostic> = Vec::new();
    for part in model.parts(id).into_iter().filter_map(|part| model.contract(part)) {
        let mut own = Vec::new();
        kind.check(model, part, &mut own);
        for mut diagnostic in own {
            diagnostic.message =
                diagnostic.message.replace(&format!("`{}`", part.name), &format!("`{}`", whole.name));
            let known = |had: &Diagnostic| had.code == diagnostic.code && had.span == diagnostic.span;
            if !found.iter().any(known) {
                found.push(diagnostic);
            }
        }
    }
    diagnostics.extend(found);
}

/// A formula can read the capacity or the minimum only of a contract that has one.
fn readable(model: &Model, formula: &Formula, diagnostics: &mut Vec<Diagnostic>) {
    formula.walk(&mut |part| {
        let Node::OfContract(reading, contract, _) = &part.node else { return };
        let Some(contract) = model.contract(*contract) else { return };
        let (term, wanted) = match reading {
            ContractReading::Capacity => ("capacity", "a capacity"),
            ContractReading::Minimum => ("minimum", "a minimum"),
            ContractReading::Paid | ContractReading::Funded => return,
        };
        if !contract.record().has(term) {
            let message = format!("`{}` has no {term} to read", contract.name);
            diagnostics.push(
                Diagnostic::new("E0706", part.span, message)
                    .also(contract.span, "this contract")
                    .hint(format!("name a contract with {wanted}, or give it one")),
            );
        }
    });
}

/// A warning for each scenario that changes a factor without a reader.
fn scenarios(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    let read = factors_read(model);
    for scenario in &model.scenarios {
        if scenario.changes.is_empty() && scenario.defaults.is_empty() {
            let message = format!("the scenario `{}` changes nothing", scenario.name);
            diagnostics.push(
                Diagnostic::new("W0801", scenario.span, message)
                    .hint("give `set`, `scale`, `shift` or `default`"),
            );
        }
        dates::scenario(model, scenario, diagnostics);
        failures(model, scenario, diagnostics);
        for change in &scenario.changes {
            if let Target::Factor(factor) = change.target
                && !read[factor.at()]
            {
                let name = &model.factors[factor.at()].name;
                let message = format!("nothing reads `{name}`, so this changes nothing");
                diagnostics.push(
                    Diagnostic::new("W0801", change.span, message)
                        .hint("let a cost, a usage, a value or a condition depend on it"),
                );
            }
            scenario_unit(model, change, diagnostics);
            scenario_term(model, change, diagnostics);
            scenario_range(model, change, diagnostics);
        }
    }
}

/// Everyone outside never defaults, and a segment only with the whole party.
fn failures(model: &Model, scenario: &Scenario, diagnostics: &mut Vec<Diagnostic>) {
    for (party, _) in &scenario.defaults {
        let whole = model.group(*party);
        let name = &model.party(*party).name;
        let (message, hint) = if *party == PartyRef::OUTSIDE {
            (
                "`outside` is everyone who is not modelled, and never defaults".to_owned(),
                "name a party".to_owned(),
            )
        } else if whole != *party {
            (
                format!("the segment `{name}` has no default of its own"),
                format!("name `{}`", model.party(whole).name),
            )
        } else {
            continue;
        };
        diagnostics.push(Diagnostic::new("E0603", scenario.span, message).hint(hint));
    }
}

/// A contract's rank is one of those that a run tells apart.
fn rank(contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
    let record = contract.record();
    if let Some(rank) = record.count("rank").filter(|rank| !(1..=u64::from(u8::MAX)).contains(rank)) {
        let message = format!("a rank of {rank} is none: claims are paid by rank from 1 to {}", u8::MAX);
        diagnostics.push(
            Diagnostic::new("E0307", record.span_of("rank"), message).hint("write rank = 1 for the first"),
        );
    }
}

/// What a target is set or shifted to measures what the target does; what it is scaled by is a plain number.
fn scenario_unit(model: &Model, change: &ScenarioChange, diagnostics: &mut Vec<Diagnostic>) {
    let plain = [Dimension::NUMBER, Dimension::RATE];
    let own =
        |dimension: Dimension| if plain.contains(&dimension) { plain.to_vec() } else { vec![dimension] };
    let wanted = match (change.how, &change.target, entry_of(model, &change.target)) {
        (How::Scale, ..) | (_, Target::Event(_), _) => vec![Dimension::NUMBER],
        (_, Target::Factor(factor), _) => model.factors[factor.at()].dimension.map_or(vec![], own),
        (_, _, Some(Entry { content: Content::Figure(stated), .. })) if !stated.is_open() => {
            own(stated.figure.dimension)
        }
        (_, _, Some(Entry { content: Content::Formula(formula, _), .. })) => {
            model.dimension_of(formula).map_or(vec![], own)
        }
        _ => vec![],
    };
    let has = change.figure.figure.dimension;
    if !wanted.is_empty() && !wanted.contains(&has) && !change.figure.is_open() {
        let message =
            format!("`{}` cannot be changed by {has} here, but by {}", name_of(model, change), wanted[0]);
        diagnostics
            .push(Diagnostic::new("E0302", change.figure.span, message).hint("write a unit that fits"));
    }
}

/// What a scenario makes of a target is still a number that the target may be.
fn scenario_range(model: &Model, change: &ScenarioChange, diagnostics: &mut Vec<Diagnostic>) {
    let by = change.figure.figure.said.numbers().into_iter().flatten();
    let mut wrong = |hint: &str| {
        let words = &change.figure.figure.words;
        let message = format!("`{}` changed by {words} is no number that it can be", name_of(model, change));
        diagnostics.push(Diagnostic::new("E0307", change.figure.span, message).hint(hint));
    };
    if change.how == How::Scale && by.clone().any(|by| by < 0.0) {
        return wrong("to scale is to multiply: 80% takes a fifth off");
    }
    let (range, dimension, base) = match (&change.target, entry_of(model, &change.target)) {
        (Target::Event(_), _) => (Range::Share, Dimension::NUMBER, None),
        (_, Some(Entry { range, content: Content::Figure(stated), .. })) => {
            (*range, stated.figure.dimension, Some(stated))
        }
        (_, Some(Entry { range, content: Content::Formula(formula, _), .. })) => {
            (*range, model.dimension_of(formula).unwrap_or(Dimension::NUMBER), None)
        }
        _ => return,
    };
    let numbers = base.map_or([None; 2], |base| base.figure.said.numbers());
    let base = numbers.into_iter().flatten().reduce(f64::max);
    let becomes = |by: f64| match (change.how, base) {
        (How::Set, _) => Some(by),
        (How::Scale, Some(base)) => Some(base * by),
        (How::Shift, Some(base)) => Some(base + by),
        (How::Scale | How::Shift, None) => None,
    };
    let same_currency = change.figure.figure.currency.is_none_or(|currency| currency == model.currency);
    if same_currency && by.filter_map(becomes).any(|number| !range.holds(dimension, number)) {
        wrong("write a smaller change, or `set` what it becomes");
    }
}

/// The term that a scenario changes.
fn entry_of<'a>(model: &'a Model, target: &Target) -> Option<&'a Entry> {
    let (record, path) = match target {
        Target::Factor(_) | Target::Event(_) => return None,
        Target::Term(contract, path) => (model.contract(*contract)?.record(), path),
        Target::Party(party, path) => (&model.party(*party).record, path),
    };
    let mut entry = None;
    record.walk("", &mut |known, found| {
        if known == path {
            entry = Some(found);
        }
    });
    entry
}

fn name_of(model: &Model, change: &ScenarioChange) -> String {
    match &change.target {
        Target::Factor(factor) => model.factors[factor.at()].name.clone(),
        Target::Event(event) => model.events[event.at()].name.clone(),
        Target::Term(contract, path) => {
            format!("{}.{path}", model.contract(*contract).map_or("", |contract| &contract.name))
        }
        Target::Party(party, path) => format!("{}.{path}", model.party(*party).name),
    }
}

/// A scenario changes figures and formulas; dates, ramps and names make another model.
fn scenario_term(model: &Model, change: &ScenarioChange, diagnostics: &mut Vec<Diagnostic>) {
    let Some(entry) = entry_of(model, &change.target) else { return };
    if !matches!(entry.content, Content::Figure(_) | Content::Formula(..)) {
        let (Target::Term(_, path) | Target::Party(_, path)) = &change.target else { return };
        let message = format!("`{path}` is no amount that a scenario can change");
        diagnostics.push(Diagnostic::new("E0604", change.span, message).hint(
            "change a figure or a formula; for other dates or parties write an amendment or another model",
        ));
    }
}

/// Which factors something reads, directly or through others.
fn factors_read(model: &Model) -> Vec<bool> {
    let mut read = vec![false; model.factors.len()];
    let mark = |formula: &Formula, read: &mut Vec<bool>| {
        formula.walk(&mut |part| {
            if let Node::Factor(FactorRef(at)) = part.node {
                read[at as usize] = true;
            }
        });
    };
    // The formula of another factor counts as a reader.
    model.entries(&mut |_, entry| {
        if let Content::Formula(formula, _) = &entry.content {
            mark(formula, &mut read);
        }
    });
    for (_, entry) in &model.currencies {
        if let Content::Formula(formula, _) = &entry.content {
            mark(formula, &mut read);
        }
    }
    read
}
