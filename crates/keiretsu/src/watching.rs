//! Formulas of a question to probes of a run, without a change of the model's text.
//!
//! Invariant: the program is the one of the model, with registers of the formulas after its own, so every
//! number that does not read them stays as it is.

use keiretsu_measures::WatchedQuantity;
use keiretsu_model::formula::{Node, PartyReading};
use keiretsu_model::{Diagnostic, Model, Watched};
use keiretsu_program::{PartyId, Quantity, Reg};

use crate::resolved::Faults;

/// Formulas and conditions in the words of a model, in their order: `defaulted(lab)`, `cash(lab) < $0`,
/// `lowest cash(lab)`; or all errors in the words at once, with the characters marked.
pub(crate) fn formulas(model: &Model, words: &[String], faults: &mut Faults) -> Vec<Watched> {
    let mut watched = Vec::new();
    for text in words {
        match model.watched(text) {
            Ok(one) => watched.push(one),
            Err(diagnostics) => {
                for finding in diagnostics {
                    faults.note(marked(text, &finding), finding.hint.clone());
                }
            }
        }
    }
    watched
}

/// The probe of a watched formula. A register reads cash and defaults of the end of last month; requested
/// alone, they are those of this month's end.
pub(crate) fn watch(model: &Model, watched: &Watched, register: Reg) -> WatchedQuantity {
    let quantity = match watched.formula.node {
        Node::OfParty(PartyReading::Cash, party) => Quantity::Cash(PartyId(model.group(party).0)),
        Node::OfParty(PartyReading::Defaulted, party) => Quantity::Defaulted(PartyId(model.group(party).0)),
        _ => Quantity::Register(register),
    };
    WatchedQuantity {
        words: watched.words.clone(),
        quantity,
        dimension: watched.dimension,
        taken: watched.taken,
    }
}

/// A message, the words that it is about, and a line of marks below them.
fn marked(words: &str, finding: &Diagnostic) -> String {
    // A tab or a line break would push the marks aside.
    let line: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let before = columns(words, 0, finding.span.start);
    let marked = columns(words, finding.span.start, finding.span.end).max(1);
    let marks = format!("{}{}", " ".repeat(before), "^".repeat(marked));
    let label = if finding.label.is_empty() { String::new() } else { format!(" {}", finding.label) };
    format!("{}\n  {line}\n  {marks}{label}", finding.message)
}

fn columns(words: &str, from: u32, to: u32) -> usize {
    words.get(from as usize..to as usize).map_or(0, |part| part.chars().count())
}

#[cfg(test)]
mod tests {
    use keiretsu_program::{Probe, Reading, RunSpec, Span};

    use crate::session::lowered;
    use crate::{AskError, Control, Question, Session};

    const LAB: &str = r#"
keiretsu = 1
as_of = 2025-12-31
horizon = "3 months"
[parties.lab]
cash = "$5M"
costs = "$24M/yr"
because = "a test"
"#;

    fn session() -> Session {
        Session::of_text(LAB)
    }

    /// What is seen of formulas at the ends of three months.
    #[track_caller]
    fn seen(session: &Session, words: &[&str]) -> Vec<Vec<f64>> {
        let words: Vec<String> = words.iter().map(|words| (*words).to_owned()).collect();
        let mut faults = super::Faults::default();
        let formulas = super::formulas(session.model(), &words, &mut faults);
        let nodes: Vec<_> = formulas.iter().map(|one| &one.formula).collect();
        let (lowered, registers, _) = lowered(session.model(), &nodes).expect("the words are right");
        let watches = formulas.iter().zip(registers);
        let watches = watches.map(|(one, register)| super::watch(session.model(), one, register));
        let probes = watches.map(|watch| Probe { quantity: watch.quantity, span: Span::Month }).collect();
        let spec = RunSpec::reading(Reading::Expected, probes);
        let run = keiretsu_engine::run(&lowered.program, &spec, 1).expect("it runs");
        run.series.iter().map(|series| series.mean.clone()).collect()
    }

    #[track_caller]
    fn close(is: &[f64], should: [f64; 3]) {
        assert!(is.iter().zip(should).all(|(a, b)| (a - b).abs() < 1e-3), "{is:?} {should:?}");
    }

    #[test]
    fn a_formula_is_watched_month_by_month() {
        // Spends 2 a month: 3, 1, -1 at the ends of the months; a formula reads the end of the month before.
        let seen = seen(&session(), &["cash(lab)", "cash(lab) < $2M", "cash(lab) + $1M"]);
        close(&seen[0], [3e6, 1e6, -1e6]);
        close(&seen[1], [0.0, 0.0, 1.0]);
        close(&seen[2], [6e6, 4e6, 2e6]);
    }

    #[test]
    fn a_failure_is_seen_in_its_own_month() {
        let funding =
            "funding = { keep = \"1 month of burn\", raise = \"1 month of burn\", else = \"default\" }\n";
        // 5 pay for two months of 2, so that the third is short; inside a formula it is read a month later.
        let seen =
            seen(&Session::of_text(&format!("{LAB}{funding}")), &["defaulted(lab)", "not defaulted(lab)"]);
        close(&seen[0], [0.0, 0.0, 1.0]);
        close(&seen[1], [1.0, 1.0, 1.0]);
    }

    #[test]
    fn everything_wrong_is_told_at_once_with_marks() {
        let of = ["cash(lob)", "cash(lab) < 5 GW"].map(str::to_owned).to_vec();
        let question = Question { of, reading: Some("firn".into()), ..Question::of("stress", ["lub"]) };
        let error = session().ask(&question, &Control::default()).expect_err("wrong");
        let AskError::InvalidRequest { what, .. } = error else { panic!("{error}") };
        assert!(what.contains("  cash(lob)\n       ^^^"), "{what}");
        assert!(what.contains("5 GW\n              ^^^^ this is power"), "{what}");
        for word in ["there is no party `lub`", "there is no reading `firn`", "no [scenarios]"] {
            assert!(what.contains(word), "{what}");
        }
        assert!(what.contains("help: did you mean `lab`?"), "{what}");
    }
}
