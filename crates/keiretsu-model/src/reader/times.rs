//! Reads what is said of time: dates and spans of dates, durations, and chances by a date.

use keiretsu_values::Dimension;

use super::Reader;
use crate::figure::is_undisclosed;
use crate::record::{Basis, Content};
use crate::tree::{Node, Tree};
use crate::{Diagnostic, date};

impl Reader<'_> {
    /// A date, a month or a year; or a span of them, unless it must be `single`.
    pub fn when(&mut self, node: &Node, what: &str, single: bool) -> Option<date::When> {
        let text = match &node.value {
            Tree::Text(text) | Tree::Date(text) => text.clone(),
            Tree::Integer(year) => year.to_string(),
            _ => return self.wrong_kind(node, what, "a date such as 2026-04-21, \"2026-04\" or 2026"),
        };
        match date::when(&text) {
            // A date that TOML itself refuses has its message already.
            None if text.is_empty() && matches!(node.value, Tree::Date(_)) => None,
            Some(when) if when.single || !single => Some(when),
            Some(_) => {
                let message = format!("`{what}` is one date, not a span of dates");
                self.diagnostics
                    .push(Diagnostic::new("E0401", node.span, message).hint("give the date that matters"));
                None
            }
            None => {
                let message = date::fault(&text);
                self.diagnostics.push(Diagnostic::new("E0401", node.span, message).hint(date::advice(&text)));
                None
            }
        }
    }

    pub(super) fn duration(&mut self, node: &Node, what: &str) -> Option<Content> {
        let text = self.text(node, what)?;
        if is_undisclosed(&text) {
            return Some(Content::Unsaid);
        }
        if let Some((years, words)) = date::duration(&text) {
            Some(Content::Duration(years, words))
        } else {
            let message = format!("`{text}` is not a duration");
            self.diagnostics.push(
                Diagnostic::new("E0404", node.span, message).hint("write \"10 years\" or \"6 months\""),
            );
            None
        }
    }

    pub(super) fn chance(&mut self, node: &Node, what: &str, basis: &mut Basis) -> Option<Content> {
        let Some(text) = node.text() else {
            let stated = self.stated(node, &[Dimension::NUMBER, Dimension::RATE], what, basis)?;
            return Some(Content::Chance(Box::new(stated), None));
        };
        let (figure, by) = match text.split_once(" by ") {
            Some((figure, by)) => (figure, Some(by)),
            None => (text, None),
        };
        let stated = self.words(figure, node.inside().part(0, figure.len()), node.span, what)?;
        self.fits(&stated, &[Dimension::NUMBER, Dimension::RATE], what);
        let by = match by {
            Some(by) => {
                if let Some(when) = date::when(by) {
                    Some(when)
                } else {
                    let span = node.inside().part(text.len() - by.len(), text.len());
                    let message = format!("`{by}` is not a date");
                    self.diagnostics
                        .push(Diagnostic::new("E0401", span, message).hint("write \"70% by 2029-12\""));
                    return None;
                }
            }
            None => None,
        };
        Some(Content::Chance(Box::new(stated), by))
    }
}
