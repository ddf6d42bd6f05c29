//! Diagnostics as programs read them: each with its code, its place, its words and the remedy.

use std::collections::BTreeMap;

use keiretsu_model::{Diagnostic, Document, Severity};
use serde_json::{Value, json};

use crate::{Position, Positions};

/// The first findings of each code, in their order, and how many more there are.
pub fn first(diagnostics: &[Diagnostic], most: usize) -> (Vec<&Diagnostic>, Vec<String>) {
    let mut met: BTreeMap<&str, usize> = BTreeMap::new();
    let mut shown = Vec::new();
    for finding in diagnostics {
        let met = met.entry(finding.code).or_default();
        *met += 1;
        if *met <= most {
            shown.push(finding);
        }
    }
    let more = met.iter().filter(|(_, met)| most < **met);
    (shown, more.map(|(code, met)| format!("{} more of {code}", met - most)).collect())
}

/// The word of a severity.
pub fn severity(finding: &Diagnostic) -> &'static str {
    match finding.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// Diagnostics of a text as JSON, its files under names of the caller's.
pub fn json(document: &Document, diagnostics: &[&Diagnostic], name: impl Fn(&str) -> String) -> Vec<Value> {
    let places = Positions::new(document);
    let finding = |finding: &&Diagnostic| {
        let Position { file, line, column, end_line, end_column } = places.of(finding.span);
        json!({
            "code": finding.code,
            "severity": severity(finding),
            "file": name(file),
            "line": line,
            "column": column,
            "end_line": end_line,
            "end_column": end_column,
            "message": finding.message,
            "label": finding.label,
            "hint": finding.hint,
        })
    };
    diagnostics.iter().map(finding).collect()
}

#[cfg(test)]
mod tests {
    use keiretsu_model::Span;

    use super::*;

    #[test]
    fn many_findings_of_one_code_are_counted() {
        let finding = |code| Diagnostic::new(code, Span::default(), "");
        let found = [finding("E0201"), finding("E0301"), finding("E0201"), finding("E0201")];
        let (shown, more) = first(&found, 2);
        assert_eq!(shown.iter().map(|finding| finding.code).collect::<Vec<_>>(), ["E0201", "E0301", "E0201"]);
        assert_eq!(more, ["1 more of E0201"]);
    }
}
