//! Words from outside the text, such as a flag of the command line, to a formula in the words of a model.
//!
//! The grammar and the names are those of the model's own conditions: `defaulted(lab)`, `cash(lab) < $0`,
//! `min(cash(a), cash(b))`. An amount may begin with `lowest` or `highest`, over the months of a run.
//!
//! ```
//! use keiretsu_model::{MemoryFiles, Options, open};
//! let text = "keiretsu = 1\nas_of = 2025-12-31\n[parties]\nlab = { cash = \"$5M\" }";
//! let model = open(&MemoryFiles::root(text), "keiretsu.toml", &Options::new(&[])).model;
//! let watched = model.watched("lowest cash(lab)").unwrap();
//! assert_eq!(watched.words, "lowest cash(lab)");
//! assert!(model.watched("cash(lob)").unwrap_err()[0].hint.contains("lab"));
//! ```
//!
//! Invariants: the model stays as it is; places of errors are bytes of the words. Absent: what it is worth.

use keiretsu_values::Dimension;

use crate::formula::{Formula, Node};
use crate::names::Names;
use crate::units::{self, Yields};
use crate::{Diagnostic, FactorRef, FileId, Model, Span, open, parser};

/// A formula or condition that is watched beside the model.
#[derive(Clone, Debug, PartialEq)]
pub struct Watched {
    /// Its words.
    pub words: String,
    /// What it says.
    pub formula: Formula,
    /// What it measures; `None` for a condition.
    pub dimension: Option<Dimension>,
    /// Which of a run's months counts.
    pub taken: Taken,
}

/// Which of the numbers that something has over the months of a run counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Taken {
    /// The last one.
    #[default]
    AtEnd,
    /// The lowest one.
    Lowest,
    /// The highest one; of a condition, whether it ever holds.
    Highest,
}

impl Model {
    /// Reads a formula or condition in the words of this model, without being part of it.
    ///
    /// # Errors
    /// Everything that is wrong with the words; spans are bytes of them, in no file of the model.
    pub fn watched(&self, words: &str) -> Result<Watched, Vec<Diagnostic>> {
        let whole = Span::new(FileId(u32::MAX), 0, words.len());
        let (taken, from) = taken(words);
        let names = Names::collect(&self.document.root, &mut Vec::new());
        let inside = Span::new(whole.file, from, words.len());
        let formula = parser::parse(&words[from..], inside, &names).map_err(|(code, misread)| {
            let place = inside.part(misread.start, misread.end);
            vec![Diagnostic::new(code, place, misread.message).hint(misread.hint)]
        })?;
        let mut diagnostics = Vec::new();
        let dimension = |factor: FactorRef| self.factors[factor.at()].dimension;
        let yields = units::check(&formula, &dimension, &mut diagnostics);
        formula.walk(&mut |part| {
            if let Node::Amount(quantity) = &part.node {
                diagnostics.extend(open::unknown_currency(self, quantity.currency, part.span));
            }
        });
        if yields == Yields::Truth && taken != Taken::AtEnd {
            let place = Span::new(whole.file, 0, from);
            let hint = "leave the word out: of a condition, it is watched whether it ever holds";
            diagnostics
                .push(Diagnostic::new("E0505", place, "a condition has no lowest or highest").hint(hint));
        }
        if !diagnostics.is_empty() {
            return Err(diagnostics);
        }
        let (dimension, taken) = match yields {
            Yields::Truth => (None, Taken::Highest),
            Yields::Amount(dimension) => (Some(dimension), taken),
            Yields::Anything => (Some(Dimension::NUMBER), taken),
        };
        Ok(Watched { words: words.trim().to_owned(), formula, dimension, taken })
    }
}

/// Which months count, and where the formula begins.
fn taken(words: &str) -> (Taken, usize) {
    let start = words.len() - words.trim_start().len();
    for (word, taken) in [("lowest", Taken::Lowest), ("highest", Taken::Highest)] {
        // A factor may be called so; then it is followed by an operator or by nothing.
        let rest = words[start..].strip_prefix(word);
        if let Some(rest) = rest.filter(|rest| rest.starts_with(' '))
            && rest.trim_start().starts_with(|letter: char| letter.is_alphabetic() || letter == '(')
        {
            return (taken, words.len() - rest.trim_start().len());
        }
    }
    (Taken::AtEnd, start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MemoryFiles, Options};

    fn model() -> Model {
        let text = r#"
keiretsu = 1
as_of = 2025-12-31
[parties]
lab = { cash = "$5M" }
[factors.level]
start = "$1M/yr"
[events.door]
now = "open"
shuts = "10%/yr"
reopens = "10%/yr"
"#;
        open::open(&MemoryFiles::root(text), "keiretsu.toml", &Options::new(&[])).model
    }

    #[track_caller]
    fn refused(words: &str, code: &str, part: &str) {
        let diagnostics = model().watched(words).expect_err("it is wrong");
        assert_eq!(diagnostics[0].code, code, "{diagnostics:?}");
        let (start, end) = (diagnostics[0].span.start as usize, diagnostics[0].span.end as usize);
        assert_eq!(&words[start..end], part, "{diagnostics:?}");
    }

    #[test]
    fn conditions_and_amounts_are_told_apart() {
        let condition = model().watched("cash(lab) < $0 and not door").expect("it is right");
        assert_eq!((condition.dimension, condition.taken), (None, Taken::Highest));
        let amount = model().watched(" lowest cash(lab) ").expect("it is right");
        assert_eq!((amount.dimension, amount.taken), (Some(Dimension::MONEY), Taken::Lowest));
        assert_eq!(amount.words, "lowest cash(lab)");
        let end = model().watched("level * 2 years").expect("it is right");
        assert_eq!((end.dimension, end.taken), (Some(Dimension::MONEY), Taken::AtEnd));
    }

    #[test]
    fn what_is_wrong_has_its_place() {
        refused("defaulted(lob)", "E0601", "lob");
        refused("lowest  cash(lob)", "E0601", "lob");
        refused("cash(lab) < 5 GW", "E0502", "5 GW");
        refused("cash(lab) < EUR 5", "E0305", "EUR 5");
        refused("highest defaulted(lab)", "E0505", "highest ");
        refused("cash(lab) <", "E0501", "");
        refused("", "E0501", "");
    }
}
