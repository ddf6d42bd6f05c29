//! What in a guarantee does not fit together.

use keiretsu_model::{Contract, Diagnostic, Model};

use super::{SPEC, stands_alone};

/// The covered contracts have the beneficiary, and not the guarantor, on one of their sides.
pub(super) fn covered(model: &Model, contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
    let record = contract.record();
    let group = |party: Option<keiretsu_model::PartyRef>| party.map(|party| model.group(party));
    let (guarantor, beneficiary) = (group(contract.obligor), group(contract.obligee));
    for covered in record.contracts("covers") {
        let Some(other) = model.contract(*covered) else { continue };
        let sides = [group(other.obligor), group(other.obligee)];
        let why = if other.spec.keyword == SPEC.keyword {
            "is a guarantee itself"
        } else if !sides.contains(&beneficiary) {
            "owes the beneficiary nothing"
        } else if sides.contains(&guarantor) {
            "has the guarantor on one of its sides"
        } else {
            if !other.spec.leaves_claim {
                diagnostics.push(called_for_nothing(contract, other));
            }
            continue;
        };
        let message = format!("`{}` {why}", other.name);
        diagnostics.push(
            Diagnostic::new("E0721", record.span_of("covers"), message)
                .also(other.span, "this contract")
                .hint("name contracts under which a third party owes the beneficiary"),
        );
    }
}

/// Who is guaranteed is a third party.
pub(super) fn debtor(model: &Model, contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
    let record = contract.record();
    let Some(debtor) = record.party("debtor") else { return };
    let roles = contract.spec.roles().zip([contract.obligor, contract.obligee]);
    for (role, _) in
        roles.filter(|(_, party)| party.map(|party| model.group(party)) == Some(model.group(debtor)))
    {
        let message = format!("`{}` has the same party as {} and as debtor", contract.name, role.name);
        diagnostics.push(
            Diagnostic::new("E0704", record.span_of("debtor"), message)
                .also(record.span_of(role.name), "the same party here")
                .hint("name the party that owes the beneficiary what is guaranteed"),
        );
    }
}

/// A guarantee of what ends with its parties pays what a payer that stands is short of, and no more.
fn called_for_nothing(contract: &Contract, other: &Contract) -> Diagnostic {
    let message =
        format!("once its payer has failed, `{}` calls nothing for `{}`", contract.name, other.name);
    Diagnostic::new("W0722", contract.record().span_of("covers"), message)
        .also(other.span, format!("{} leaves no claim: what is not yet due ends", other.spec.keyword))
        .hint("write what is guaranteed as a loan, a lease or a supply contract")
}

/// Terms that say something only beside others.
pub(super) fn idle_terms(contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
    let record = contract.record();
    let steps_in = record.flag("step_in");
    let covers = !stands_alone(record);
    let idle = [
        ("share", "covers", covers),
        ("cushion", "covers", covers),
        ("step_in", "covers", covers),
        ("step_in_value", "step_in", steps_in),
        ("accelerated", "covers", covers),
        ("value", "guaranteed", record.has("guaranteed")),
        ("on", "guaranteed", record.has("guaranteed")),
    ];
    for (name, beside, is_there) in idle {
        if record.has(name) && !is_there {
            let message = format!("`{name}` says nothing without `{beside}`");
            diagnostics.push(
                Diagnostic::new("W0721", record.span_of(name), message)
                    .hint(format!("give `{beside}`, or drop `{name}`")),
            );
        }
    }
    let beside = [
        (
            "guaranteed",
            "covers",
            "what is missing on these is paid",
            "write the most that is paid as `limit`",
        ),
        ("debtor", "covers", "who owes these is guaranteed", "drop `debtor`"),
        ("debtor", "guaranteed", "what this is worth decides", "drop `debtor`, or write a `limit` instead"),
    ];
    for (name, other, why, hint) in beside {
        if record.has(name) && record.has(other) {
            let message = format!("`{name}` says nothing beside `{other}`");
            diagnostics.push(
                Diagnostic::new("W0721", record.span_of(name), message)
                    .also(record.span_of(other), why)
                    .hint(hint),
            );
        }
    }
    if steps_in && record.contracts("covers").len() > 1 {
        diagnostics.push(
            Diagnostic::new("E0722", record.span_of("step_in"), "step-in is into one contract")
                .also(record.span_of("covers"), "several here")
                .hint("write one guarantee for each contract"),
        );
    }
}
