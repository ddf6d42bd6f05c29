//! Rights to cancel and options to extend: who has them, and what does not fit together in them.

use keiretsu_model::record::{Record, Stated};
use keiretsu_model::{Contract, Diagnostic, Model, TermKind, suggest};
use keiretsu_values::Dimension;

use crate::cancelling::{EITHER, able};
use crate::options::NAME;

/// Checks the rights of a contract in all its versions.
pub(super) fn check(model: &Model, contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
    let record = contract.record();
    if let Some(table) = record.table("cancellable") {
        who(model, contract, table, diagnostics);
        share_of_an_end(record, table, diagnostics);
    }
    for (name, _, option) in record.tables(NAME) {
        who(model, contract, option, diagnostics);
        how_much(contract, name, option, diagnostics);
    }
}

/// A right is a party's, by its role or its name.
fn who(model: &Model, contract: &Contract, table: &Record, diagnostics: &mut Vec<Diagnostic>) {
    let Some(name) = table.text("by") else { return };
    if !able(contract, table, |name| model.find_party(name)).is_empty() {
        return;
    }
    let roles = contract.spec.roles().map(|role| role.name);
    let parties = model.parties.iter().map(|party| party.name.as_str());
    let known = roles.chain([EITHER]).chain(parties);
    diagnostics.push(
        Diagnostic::new("E0204", table.span_of("by"), format!("`by` cannot be `{name}`"))
            .hint(suggest::advice(name, known)),
    );
}

/// The run owes an amount when a contract ends; what is then left is no amount of its terms.
fn share_of_an_end(record: &Record, table: &Record, diagnostics: &mut Vec<Diagnostic>) {
    let amount = |fee: &Stated| fee.is_open() || fee.figure.dimension == Dimension::MONEY;
    let is_part = table.figure("fee").is_some_and(|fee| !amount(fee));
    if is_part && record.has("terminated_when") && !record.has("termination_fee") {
        let message = "a part of what is left is no amount that is owed when the contract ends";
        diagnostics.push(
            Diagnostic::new("E0708", table.span_of("fee"), message)
                .also(record.span_of("terminated_when"), "it ends here")
                .hint("write what is then owed as `termination_fee = \"$5B\"`"),
        );
    }
}

/// An option adds an amount, or brings the whole to a total.
fn how_much(contract: &Contract, name: &str, option: &Record, diagnostics: &mut Vec<Diagnostic>) {
    let what = format!("`{}.{name}`", contract.name);
    let mut wrong = |term: &str, message: String, hint: &str| {
        diagnostics.push(Diagnostic::new("E0708", option.span_of(term), message).hint(hint));
    };
    if option.has("amount") && option.has("total") {
        let hint = "keep one of the two: the total is what the contract comes to with the option";
        wrong("total", format!("{what} says what it adds and what it comes to"), hint);
    }
    let rate = option.figure("amount").is_some_and(|one| one.figure.dimension == Dimension::MONEY_RATE);
    if rate && !option.has("until") {
        wrong("amount", format!("nothing says how long {what} runs"), "give `until`, or write an amount");
    }
    let pays = contract.spec.terms.iter().any(|term| match term.kind {
        TermKind::Figure(of) | TermKind::Formula(of) => of.iter().any(|dimension| dimension.money != 0),
        TermKind::Tables(_) => true,
        _ => false,
    });
    if !pays {
        let message = format!("{what} extends nothing: a `{}` moves no money", contract.spec.keyword);
        wrong("amount", message, "write the option as a contract or as a tranche with a condition");
    }
}
