//! Formulas of the command line to what a run watches, without a change of the model's text.
//!
//! Invariant: the program is the one of the model, with registers of the formulas behind its own, so every
//! number that does not read them stays as it is.

use keiretsu_measures::Watch;
use keiretsu_model::formula::{Formula, Node, PartyReading};
use keiretsu_model::{Diagnostic, Model, Watched};
use keiretsu_program::{PartyId, Quantity, Reg};

use crate::{Project, RunTrouble, Runner};

impl Project {
    /// What answers questions about this model and watches formulas or conditions in its words, in their
    /// order: `defaulted(lab)`, `cash(lab) < $0`, `lowest cash(lab)`.
    ///
    /// # Errors
    /// What is wrong with the words, all at once with the characters marked; else as [`Self::lower`].
    pub fn runner_watching(&self, words: &[&str]) -> Result<(Runner<'_>, Vec<Watch>), RunTrouble> {
        if self.has_errors() {
            return Err(RunTrouble::Errors);
        }
        let mut watched = Vec::new();
        let mut wrong = Vec::new();
        for text in words {
            match self.model.watched(text) {
                Ok(one) => watched.push(one),
                Err(found) => wrong.extend(found.into_iter().map(|finding| (*text, finding))),
            }
        }
        if !wrong.is_empty() {
            return Err(refused(&wrong));
        }
        let formulas: Vec<&Formula> = watched.iter().map(|one| &one.formula).collect();
        let (lowered, registers, repaired) = self.lowered(&formulas)?;
        let watches = watched.iter().zip(registers).map(|(one, register)| watch(&self.model, one, register));
        let watches = watches.collect();
        Ok((Runner { model: &self.model, lowered, repaired, watch: |_, _| true }, watches))
    }
}

/// What to probe. A register reads cash and defaults of the end of last month; asked for alone, they are
/// those of this month's end.
fn watch(model: &Model, watched: &Watched, register: Reg) -> Watch {
    let quantity = match watched.formula.node {
        Node::OfParty(PartyReading::Cash, party) => Quantity::Cash(PartyId(model.group(party).0)),
        Node::OfParty(PartyReading::Defaulted, party) => Quantity::Defaulted(PartyId(model.group(party).0)),
        _ => Quantity::Register(register),
    };
    Watch { words: watched.words.clone(), quantity, dimension: watched.dimension, taken: watched.taken }
}

/// All findings as one message, each with its words and a line of marks below them.
fn refused(wrong: &[(&str, Diagnostic)]) -> RunTrouble {
    let told = |(words, finding): &(&str, Diagnostic)| {
        // A tab or a line break would push the marks aside.
        let line: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let before = columns(words, 0, finding.span.start);
        let marked = columns(words, finding.span.start, finding.span.end).max(1);
        let marks = format!("{}{}", " ".repeat(before), "^".repeat(marked));
        let label = if finding.label.is_empty() { String::new() } else { format!(" {}", finding.label) };
        format!("{}\n  {line}\n  {marks}{label}", finding.message)
    };
    let messages: Vec<String> = wrong.iter().map(told).collect();
    let mut hints: Vec<&str> = Vec::new();
    for (_, finding) in wrong {
        if !finding.hint.is_empty() && !hints.contains(&finding.hint.as_str()) {
            hints.push(&finding.hint);
        }
    }
    RunTrouble::Asked(messages.join("\n"), hints.join("; "))
}

fn columns(words: &str, from: u32, to: u32) -> usize {
    words.get(from as usize..to as usize).map_or(0, |part| part.chars().count())
}

#[cfg(test)]
mod tests {
    use keiretsu_model::MemoryFiles;
    use keiretsu_program::{Probe, Reading, Span};

    use super::*;
    use crate::{Dates, Question};

    fn project() -> Project {
        let text = r#"
keiretsu = 1
as_of = 2025-12-31
horizon = "3 months"
[parties]
lab = { cash = "$5M", costs = "$24M/yr", because = "a test" }
"#;
        Project::of(&MemoryFiles::root(text), "keiretsu.toml", Dates::default())
    }

    #[test]
    fn a_formula_is_watched_month_by_month() {
        let project = project();
        let words = ["cash(lab)", "cash(lab) < $2M", "cash(lab) + $1M"];
        let (runner, watches) = project.runner_watching(&words).expect("the words are right");
        let probe = |watch: &Watch| Probe { quantity: watch.quantity, span: Span::Month };
        let probes: Vec<Probe> = watches.iter().map(probe).collect();
        let query = keiretsu_measures::Query::default();
        let question = Question { query: &query, simulation: None, scenarios: &[], against: &[] };
        let run = runner.run(probes.clone(), &Reading::ALL, &question).expect("it runs");
        let series = |at: usize| run.seen().series(Reading::Expected, probes[at]).mean.clone();
        // Spends 2 a month: 3, 1, -1 at the ends of the months; a formula reads the end of the month before.
        let close = |is: Vec<f64>, should: [f64; 3]| {
            assert!(is.iter().zip(should).all(|(a, b)| (a - b).abs() < 1e-3), "{is:?} {should:?}");
        };
        close(series(0), [3e6, 1e6, -1e6]);
        close(series(1), [0.0, 0.0, 1.0]);
        close(series(2), [6e6, 4e6, 2e6]);
    }

    #[test]
    fn everything_wrong_is_told_at_once_with_marks() {
        let trouble = project().runner_watching(&["cash(lob)", "cash(lab) < 5 GW"]).expect_err("wrong");
        let text = trouble.to_string();
        assert!(text.contains("  cash(lob)\n       ^^^"), "{text}");
        assert!(text.contains("5 GW\n              ^^^^ this is power"), "{text}");
        assert!(trouble.hint().contains("`lab`"), "{}", trouble.hint());
    }
}
