//! What the terms of a loan say that does not fit together.

use keiretsu_model::record::Record;
use keiretsu_model::{Contract, Diagnostic, Model, suggest};

use super::schedule::fixed_rate;

/// When it is drawn, and that it is due after that.
pub(super) fn when_drawn(contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
    let record = contract.record();
    let revolves = record.text("repayment") == Some("revolving");
    let mut wrong = |span, message: String, hint: &str| {
        diagnostics.push(Diagnostic::new("E0707", span, message).hint(hint));
    };
    let dated = ["drawn", "when", "outstanding"].iter().any(|term| record.has(term));
    if !dated && !revolves && contract.standing.is_none() {
        wrong(
            contract.span,
            format!("nothing says when `{}` is drawn", contract.name),
            "give `drawn`, `when`, `outstanding`, or a `standing` such as \"announced\"",
        );
    }
    if record.has("drawn") && record.has("when") {
        wrong(
            record.span_of("when"),
            format!("`{}` is drawn on a date and on a condition", contract.name),
            "keep one of them; write two loans if a part is drawn already",
        );
    }
    if record.has("before") && !record.has("when") {
        wrong(
            record.span_of("before"),
            format!("`before` of `{}` ends a condition that is not there", contract.name),
            "add `when`, or write the date of the draw as `drawn`",
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
pub(super) fn repayment(model: &Model, record: &Record, diagnostics: &mut Vec<Diagnostic>) {
    let mut wrong = |term: &str, message: &str, hint: &str| {
        diagnostics.push(Diagnostic::new("E0708", record.span_of(term), message).hint(hint));
    };
    let kind = record.text("repayment").unwrap_or("bullet");
    let in_parts = matches!(kind, "annuity" | "linear");
    if in_parts && !record.has("maturity") {
        wrong("repayment", "instalments need the date by which the last one repays it", "give a `maturity`");
    }
    if record.has("grace") && !in_parts {
        wrong("grace", "only instalments can begin later", "write an annuity or a linear loan");
    }
    for term in ["usage", "keeps"] {
        if record.has(term) && kind != "revolving" {
            wrong(term, "only a revolving loan is drawn and repaid as needed", "repayment = \"revolving\"");
        }
    }
    if kind == "revolving" && !record.has("usage") && !record.has("keeps") {
        wrong("repayment", "nothing says what this line stands at", "give `usage`, or `keeps`");
    }
    let past = record.when("drawn").is_some_and(|drawn| drawn.last <= model.as_of);
    let decides = kind == "annuity" || record.text("interest") == Some("added");
    if decides && past && fixed_rate(record).is_none() && !record.has("outstanding") {
        wrong(
            "rate",
            "a rate that moves does not say what is left of a loan drawn in the past",
            "give what is `outstanding` at as-of",
        );
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
    if collateral.has("holding") == collateral.has("value") {
        wrong(collateral.span, "collateral is a `holding` or has a `value`", "give one of the two");
    }
    let share = |term: &str| collateral.figure(term).and_then(|stated| stated.headline().amount());
    if collateral.has("restore_to") && !collateral.has("call_at") {
        wrong(collateral.span_of("restore_to"), "nothing says when the lender calls", "give `call_at`");
    }
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
