//! What the terms of a loan say that does not fit together.

use keiretsu_model::record::Record;
use keiretsu_model::{Contract, Diagnostic, Model, suggest};

/// When it is drawn, and that it is due after that.
pub(super) fn when_drawn(contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
    let record = contract.record();
    let mut wrong = |span, message: String, hint: &str| {
        diagnostics.push(Diagnostic::new("E0707", span, message).hint(hint));
    };
    if record.has("drawn") && record.has("when") {
        wrong(
            record.span_of(if record.has("before") { "before" } else { "when" }),
            format!("`{}` is drawn on a date and on a condition", contract.name),
            "keep one of them; write two loans if a part is drawn already",
        );
    }
    if let (Some(drawn), Some(maturity)) = (record.when("drawn"), record.when("maturity"))
        && maturity.last < drawn.last
    {
        diagnostics.push(
            Diagnostic::new("E0402", record.span_of("maturity"), "it is due before it is drawn")
                .also(record.span_of("drawn"), "the draw")
                .hint("give a later `maturity`"),
        );
    }
}

/// How it comes back, and what that needs.
pub(super) fn repayment(record: &Record, diagnostics: &mut Vec<Diagnostic>) {
    let mut wrong = |term: &str, message: &str, hint: &str| {
        diagnostics.push(Diagnostic::new("E0708", record.span_of(term), message).hint(hint));
    };
    // What the text does not say contradicts nothing.
    let Some(kind) = record.text("repayment") else { return };
    let in_parts = matches!(kind, "annuity" | "linear");
    if record.has("grace") && !in_parts {
        wrong("grace", "only instalments can begin later", "write an annuity or a linear loan");
    }
    for term in ["usage", "keeps"] {
        if record.has(term) && kind != "revolving" {
            wrong(term, "only a revolving loan is drawn and repaid as needed", "repayment = \"revolving\"");
        }
    }
}

/// What secures it, and when the lender may call.
pub(super) fn secured(model: &Model, collateral: &Record, diagnostics: &mut Vec<Diagnostic>) {
    if let Some(name) = collateral.text("holding")
        && !model.holdings.iter().any(|holding| holding.name == name)
    {
        let names = model.holdings.iter().map(|holding| holding.name.as_str());
        diagnostics.push(
            Diagnostic::new("E0601", collateral.span_of("holding"), format!("there is no holding `{name}`"))
                .hint(suggest::advice(name, names)),
        );
    }
    let mut wrong = |span, message: &str, hint: &str| {
        diagnostics.push(Diagnostic::new("E0708", span, message).hint(hint));
    };
    if collateral.has("holding") && collateral.has("value") {
        wrong(collateral.span, "collateral is a `holding` or has a `value`", "give one of the two");
    }
    let share = |term: &str| collateral.figure(term).and_then(|stated| stated.headline().amount());
    if let (Some(call), Some(restore)) = (share("call_at"), share("restore_to"))
        && call < restore
    {
        wrong(
            collateral.span_of("restore_to"),
            "a call restores less than it asks for",
            "`restore_to` is at most `call_at`",
        );
    }
}
