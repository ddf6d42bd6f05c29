//! Terms of a guarantee that say something only beside others.

use keiretsu_model::{Contract, Diagnostic};

/// Terms that say something only beside others.
pub(super) fn check(contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
    let record = contract.record();
    let steps_in = record.flag("step_in");
    let covers = !super::stands_alone(record);
    let idle = [
        ("share", "covers", covers),
        ("cushion", "covers", covers),
        ("step_in", "covers", covers),
        ("before", "when", record.has("when")),
        ("fee_payer", "fee", record.has("fee")),
        ("step_in_value", "step_in", steps_in),
        ("accelerated", "covers", covers),
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
    if steps_in && record.contracts("covers").len() > 1 {
        diagnostics.push(
            Diagnostic::new("E0722", record.span_of("step_in"), "step-in is into one contract")
                .also(record.span_of("covers"), "several here")
                .hint("write one guarantee for each contract"),
        );
    }
}
