//! `[currencies]`: what one unit of another currency is worth, and what that rests on.
//!
//! ```toml
//! [currencies]
//! EUR = { 2025-09 = "$1.17", 2026-03 = "$1.09", source = "central-bank" }
//! GBP = "about $1.30"
//! JPY = "yen_rate"
//! ```
//!
//! A figure holds at all times. Of dated figures each holds from its date until the next, the first one also
//! before its own. A formula follows its factors.
//! Invariant: a rate is above zero, and the currency of the tables has none.
//! Absent: which payment is converted when; that is the affair of who reads a rate.

use jiff::civil::Date;
use keiretsu_values::{Currency, Dimension, Value};

use crate::reader::Reader;
use crate::record::{Basis, Content, Entry, Stated, YearKey};
use crate::tree::{Key, Node, Tree};
use crate::{Diagnostic, Model, Range, Span, TermKind, figure};

/// A rate is a plain number, or an amount in the currency of the tables.
const RATE: &[Dimension] = &[Dimension::NUMBER, Dimension::MONEY];
const PLAIN: &[Dimension] = &[Dimension::NUMBER];
/// The greatest rate, and the reciprocal of the least: amounts times a rate stay amounts.
const WORTH_MAX: f64 = 1e12;

/// A currency by its code.
pub(crate) fn code(reader: &mut Reader<'_>, code: &str, span: Span) -> Option<Currency> {
    let currency = Currency::new(code);
    if currency.is_none() {
        let message = format!("`{code}` is not a currency code");
        let hint = "three capitals as in ISO 4217: USD, EUR";
        reader.diagnostics.push(Diagnostic::new("E0305", span, message).hint(hint));
    }
    currency
}

/// What other currencies are worth in the currency of the tables, `own`.
pub(crate) fn read(reader: &mut Reader<'_>, root: &Node, own: Currency) -> Vec<(Currency, Entry)> {
    let mut list = Vec::new();
    for (key, node) in root.get("currencies").map_or(&[][..], Node::entries) {
        let Some(currency) = code(reader, &key.name, key.span) else { continue };
        if currency == own {
            let message = format!("the tables are in {}, and one {0} is worth one {0}", own.code());
            let hint = "leave it out; `currency` says in what the tables are";
            reader.diagnostics.push(Diagnostic::new("E0305", key.span, message).hint(hint));
            continue;
        }
        list.push((currency, worth(reader, key, node, own)));
    }
    list
}

fn worth(reader: &mut Reader<'_>, key: &Key, node: &Node, own: Currency) -> Entry {
    let what = key.name.as_str();
    let mut basis = Basis::default();
    let figure = ["figure", "expect", "claims"].iter().any(|term| node.get(term).is_some());
    let in_words = node.text().is_some_and(|text| figure::parse(text).is_ok());
    let content = match &node.value {
        Tree::Text(_) if !in_words => reader.content(node, what, TermKind::Formula(PLAIN), &mut basis),
        Tree::Table(_) if node.get("formula").is_some() => {
            reader.content(node, what, TermKind::Formula(PLAIN), &mut basis)
        }
        Tree::Table(_) if !figure => reader.content(node, what, TermKind::ByYear(RATE), &mut basis),
        _ => reader.content(node, what, TermKind::Figure(RATE), &mut basis),
    };
    let content =
        content.filter(|content| fits(reader, what, node, content, own)).unwrap_or(Content::Misread);
    let text = reader.written(node);
    Range::Positive.check(what, &text, &content, reader.diagnostics);
    let (range, sharing) = (Range::Positive, crate::Sharing::Whole);
    Entry { name: "rate", key: key.span, span: node.span, text, range, adds: false, sharing, content, basis }
}

/// Whether rates are dated where there are several, and in the currency of the tables.
fn fits(reader: &mut Reader<'_>, what: &str, node: &Node, content: &Content, own: Currency) -> bool {
    let before = reader.errors();
    let stated: Vec<&Stated> = match content {
        Content::Figure(stated) => vec![stated],
        Content::ByYear(rates) => {
            let undated = rates.iter().any(|(key, _)| *key == YearKey::Later);
            if undated || rates.is_empty() {
                let message = format!("the worth of a {what} has no date, or no figure");
                let hint = format!(
                    "write {what} = {{ 2025-09 = \"1.17\", source = \"...\" }}, or {what} = \"1.17\""
                );
                reader.diagnostics.push(Diagnostic::new("E0305", node.span, message).hint(hint));
            }
            rates.iter().map(|(_, stated)| stated).collect()
        }
        _ => vec![],
    };
    for stated in stated {
        reader.idle_words(what, stated);
        let worth = stated.expected().amount().map_or(1.0, f64::abs);
        if worth > 0.0 && !(1.0 / WORTH_MAX..=WORTH_MAX).contains(&worth) {
            let message = format!("no currency is worth {} of another", stated.figure.words);
            let hint = "a rate lies between 1e-12 and 1e12";
            reader.diagnostics.push(Diagnostic::new("E0307", stated.span, message).hint(hint));
        }
        if let Some(other) = stated.figure.currency.filter(|other| *other != own) {
            let message = format!(
                "the worth of a {what} is given in {}, and the tables are in {}",
                other.code(),
                own.code()
            );
            let hint = "a rate is in the currency of the tables";
            reader.diagnostics.push(Diagnostic::new("E0305", stated.span, message).hint(hint));
        }
    }
    reader.errors() == before
}

impl Model {
    /// What one unit of a currency is worth on a day, in model currency: of dated rates the last that was
    /// stated by then, else the first.
    pub fn worth_on(&self, currency: Currency, day: Date) -> Value {
        if currency == self.currency {
            return Value::exact(1.0);
        }
        let entry = self.currencies.iter().find(|(known, _)| *known == currency);
        match entry.map(|(_, entry)| &entry.content) {
            Some(Content::Formula(formula, _)) => self.at_start(formula),
            Some(Content::Figure(stated)) => stated.expected(),
            Some(Content::ByYear(rates)) => {
                let stated = rate_on(rates, day).map(Stated::expected);
                stated.unwrap_or_else(|| Value::unknown("no rate is stated"))
            }
            _ => Value::unknown(format!("the worth of a {} is not given", currency.code())),
        }
    }
}

/// The rate that holds on a day: the last one stated by then, else the first.
fn rate_on(rates: &[(YearKey, Stated)], day: Date) -> Option<&Stated> {
    let by_then = |key: &YearKey| matches!(key, YearKey::At(when) if when.first <= day);
    let last = rates.iter().rev().find(|(key, _)| by_then(key)).or(rates.first());
    last.map(|(_, stated)| stated)
}

#[cfg(test)]
mod tests {
    use crate::{MemoryFiles, Opened, Options, open};
    use jiff::civil::Date;
    use keiretsu_values::Currency;

    fn opened(rate: &str) -> Opened {
        let text = format!(
            "keiretsu = 1\nas_of = 2026-06-30\n[sources.bank]\ntitle = 'A'\n[currencies]\nEUR = {rate}\n\
             [factors.f]\nstart = 2\n[parties]\na = {{ cash = \"€2M\" }}\n"
        );
        open(&MemoryFiles::root(&text), "keiretsu.toml", &Options::new(&[]))
    }

    fn worth(rate: &str, day: Date) -> Option<f64> {
        let opened = opened(rate);
        assert!(opened.diagnostics.is_empty(), "{rate}: {:?}", opened.diagnostics);
        opened.model.worth_on(Currency::new("EUR").expect("a code"), day).amount()
    }

    #[test]
    fn the_last_rate_that_was_stated_holds_on() {
        let rates = "{ 2025-09 = \"$1.17\", 2026-03-15 = 1.09, source = \"bank\" }";
        for (day, rate) in [
            (Date::constant(2024, 1, 1), 1.17),
            (Date::constant(2025, 9, 1), 1.17),
            (Date::constant(2026, 3, 14), 1.17),
            (Date::constant(2026, 3, 15), 1.09),
            (Date::constant(2030, 1, 1), 1.09),
        ] {
            assert_eq!(worth(rates, day), Some(rate), "{day}");
        }
    }

    #[test]
    fn a_rate_is_a_figure_or_a_formula() {
        let day = Date::constant(2026, 1, 1);
        for rate in ["1.25", "\"1.25\"", "\"about $1.25\"", "{ figure = \"1.25\", source = \"bank\" }"] {
            assert_eq!(worth(rate, day), Some(1.25), "{rate}");
        }
        assert_eq!(worth("\"f\"", day), Some(2.0));
        assert_eq!(worth("{ formula = \"f / 4\", because = \"a peg\" }", day), Some(0.5));
    }

    #[test]
    fn a_rate_that_makes_no_sense_has_one_message() {
        for (rate, code) in [
            ("0", "E0307"),
            ("\"-2\"", "E0307"),
            ("\"1e308\"", "E0301"),
            ("\"1e290\"", "E0307"),
            ("\"£2\"", "E0305"),
            ("{ later = \"2\" }", "E0305"),
            ("{ }", "E0202"),
            ("\"5 GW\"", "E0302"),
            ("\"franc\"", "E0601"),
            ("[1]", "E0203"),
        ] {
            let codes: Vec<&str> =
                opened(rate).diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
            assert_eq!(codes, [code], "{rate}");
        }
        let text = "keiretsu = 1\nas_of = 2026-06-30\ncurrencies = { USD = 3 }\n";
        let diagnostics = open(&MemoryFiles::root(text), "keiretsu.toml", &Options::new(&[])).diagnostics;
        assert_eq!(diagnostics.iter().map(|diagnostic| diagnostic.code).collect::<Vec<_>>(), ["E0305"]);
    }

    #[test]
    fn a_rate_without_a_source_is_an_assumption() {
        let what = |rate: &str| -> Vec<String> {
            let all = opened(rate).model.assumptions();
            all.into_iter().map(|one| format!("{} {}", one.what, one.words)).collect()
        };
        assert!(what("\"1.17\"").contains(&"currencies.EUR 1.17".to_owned()));
        let sourced = what("{ figure = \"1.17\", source = \"bank\" }");
        assert!(sourced.iter().all(|one| !one.contains("EUR")), "{sourced:?}");
    }
}
