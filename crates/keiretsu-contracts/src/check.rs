//! What terms say that does not fit together, beyond what a single contract type can see.

use keiretsu_model::formula::{ContractReading, Formula, Node};
use keiretsu_model::record::{Content, Record};
use keiretsu_model::{Diagnostic, FactorRef, How, Model, Target};
use keiretsu_values::Dimension;

use crate::lowering::kind_of;

/// Checks every contract by its type, then what stands between them.
pub(crate) fn check(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (_, contract) in model.known_contracts() {
        if let Some(kind) = kind_of(contract) {
            kind.check(model, contract, &mut found);
        }
        slices(model, contract.record(), &mut found);
    }
    model.entries(&mut |_, entry| {
        if let Content::Formula(formula, _) = &entry.content {
            readable(model, formula, &mut found);
        }
    });
    scenarios(model, &mut found);
    found.sort_by_key(|diagnostic| (diagnostic.span.file, diagnostic.span.start, diagnostic.code));
    found
}

/// A formula can read the capacity or the minimum only of a contract that has one.
fn readable(model: &Model, formula: &Formula, found: &mut Vec<Diagnostic>) {
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
            found.push(
                Diagnostic::new("E0706", part.span, message)
                    .also(contract.span, "this contract")
                    .hint(format!("name a contract with {wanted}, or give it one")),
            );
        }
    });
}

/// A slice is not larger than the whole of which it is a part.
fn slices(model: &Model, record: &Record, found: &mut Vec<Diagnostic>) {
    let Some(whole) = record.contracts("part_of").first().and_then(|whole| model.contract(*whole)) else {
        return;
    };
    let amount = |record: &Record| {
        let stated = record.figure("minimum").or_else(|| record.figure("amount"))?;
        let money = stated.figure.dimension == Dimension::MONEY;
        if money { stated.headline().amount() } else { None }
    };
    let (Some(slice), Some(all)) = (amount(record), amount(whole.record())) else { return };
    if slice > all {
        let message = format!("this slice is larger than `{}`, of which it is a part", whole.name);
        found.push(
            Diagnostic::new("E0710", record.span_of("part_of"), message)
                .also(whole.span, "the whole")
                .hint("correct one of the two amounts, or drop `part_of`"),
        );
    }
}

/// A scenario that changes what nobody reads changes nothing, and says so.
fn scenarios(model: &Model, found: &mut Vec<Diagnostic>) {
    let read = factors_read(model);
    for scenario in &model.scenarios {
        if scenario.changes.is_empty() && scenario.defaults.is_empty() {
            let message = format!("the scenario `{}` changes nothing", scenario.name);
            found.push(
                Diagnostic::new("W0801", scenario.span, message)
                    .hint("give `set`, `scale`, `shift` or `default`"),
            );
        }
        for change in &scenario.changes {
            if let Target::Factor(factor) = change.target
                && !read[factor.at()]
            {
                let name = &model.factors[factor.at()].name;
                let message = format!("nothing reads `{name}`, so this changes nothing");
                found.push(
                    Diagnostic::new("W0801", change.span, message)
                        .hint("let a cost, a usage, a value or a condition depend on it"),
                );
            }
            scenario_unit(model, change, found);
            scenario_term(model, change, found);
        }
    }
}

/// What a factor is set or shifted to measures what the factor does; what it is scaled by is a plain number.
fn scenario_unit(model: &Model, change: &keiretsu_model::ScenarioChange, found: &mut Vec<Diagnostic>) {
    let Target::Factor(factor) = change.target else { return };
    let wanted = match change.how {
        How::Scale => Some(Dimension::NUMBER),
        How::Set | How::Shift => model.factors[factor.at()].dimension,
    };
    let has = change.figure.figure.dimension;
    if let Some(wanted) = wanted
        && wanted != has
    {
        let name = &model.factors[factor.at()].name;
        let message = format!("`{name}` cannot be changed by {has} here, but by {wanted}");
        found.push(Diagnostic::new("E0302", change.figure.span, message).hint("write a unit that fits"));
    }
}

/// A scenario changes figures and formulas; dates, ramps and names make another model.
fn scenario_term(model: &Model, change: &keiretsu_model::ScenarioChange, found: &mut Vec<Diagnostic>) {
    let (record, path) = match &change.target {
        Target::Factor(_) | Target::Event(_) => return,
        Target::Term(contract, path) => {
            (model.contract(*contract).map(keiretsu_model::Contract::record), path)
        }
        Target::Party(party, path) => (Some(&model.party(*party).record), path),
    };
    let mut changeable = true;
    if let Some(record) = record {
        record.walk("", &mut |known, entry| {
            if known == path {
                changeable = matches!(entry.content, Content::Figure(_) | Content::Formula(..));
            }
        });
    }
    if !changeable {
        let message = format!("`{path}` is no amount that a scenario can change");
        found.push(Diagnostic::new("E0604", change.span, message).hint(
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
    // Another factor's formula reads too: what it feeds is somebody's concern.
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
