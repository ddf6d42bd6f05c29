//! The root's own terms: version, title, dates, currencies, tolerances.

use jiff::civil::Date;
use keiretsu_values::{Currency, Dimension};

use crate::limits::MAX_MONTHS;
use crate::range::Range;
use crate::reader::Reader;
use crate::record::{Basis, Entry, Stated};
use crate::tree::{Node, Tree};
use crate::{Diagnostic, Options, currency, date, suggest};

/// Tables and terms of the root.
const ROOT: [&str; 24] = [
    "keiretsu",
    "title",
    "text",
    "as_of",
    "horizon",
    "currency",
    "currencies",
    "discount",
    "include",
    "readings",
    "sources",
    "parties",
    "factors",
    "correlations",
    "events",
    "contracts",
    "alternatives",
    "holdings",
    "platforms",
    "products",
    "reports",
    "scenarios",
    "expect",
    "compare",
];

/// The root's own terms.
pub(crate) struct Head {
    pub title: String,
    pub as_of: Date,
    pub horizon_months: u32,
    pub currency: Currency,
    pub currencies: Vec<(Currency, Entry)>,
    pub discount: Option<(Stated, Basis)>,
    pub about: f64,
}

/// Reads the root's own terms.
pub(crate) fn read(reader: &mut Reader<'_>, options: &Options<'_>) -> Head {
    let root = reader.document.root.clone();
    for (key, _) in root.entries() {
        if !ROOT.contains(&key.name.as_str()) {
            let message = format!("a model has no table or term `{}`", key.name);
            let hint = suggest::advice(&key.name, ROOT);
            reader.diagnostics.push(Diagnostic::new("E0201", key.span, message).hint(hint));
        }
    }
    version(reader, &root);
    let text = |reader: &mut Reader<'_>, name: &str| root.get(name).and_then(|node| reader.text(node, name));
    let title = text(reader, "title").unwrap_or_default();
    let as_of = as_of(reader, &root, options);
    let horizon_months = horizon(reader, &root, as_of);
    let code = text(reader, "currency").unwrap_or_else(|| "USD".to_owned());
    let place = root.get("currency").map_or(root.span, |node| node.span);
    let own = currency::code(reader, &code, place).unwrap_or(Currency::USD);
    let currencies = currency::read(reader, &root, own);
    let about = about(reader, &root);
    let plain = &[Dimension::NUMBER, Dimension::RATE];
    let discount = root.get("discount").and_then(|node| {
        let mut basis = Basis::default();
        let stated = reader.stated(node, plain, "discount", &mut basis)?;
        Range::Change.check_stated("discount", &stated, reader.diagnostics);
        Some((stated, basis))
    });
    Head { title, as_of, horizon_months, currency: own, currencies, discount, about }
}

fn version(reader: &mut Reader<'_>, root: &Node) {
    // A root that could not be read at all has its own message already.
    if root.entries().is_empty() && !reader.diagnostics.is_empty() {
        return;
    }
    match root.get("keiretsu").map(|node| (&node.value, node.span)) {
        Some((Tree::Integer(1), _)) => {}
        Some((_, span)) => reader.diagnostics.push(
            Diagnostic::new("E0205", span, "this version of the model language is not known")
                .hint("write keiretsu = 1"),
        ),
        None => reader.diagnostics.push(
            Diagnostic::new("E0202", root.span, "a model starts with its language version")
                .hint("write keiretsu = 1 as the first line of keiretsu.toml"),
        ),
    }
}

fn as_of(reader: &mut Reader<'_>, root: &Node, options: &Options<'_>) -> Date {
    let stated = root.get("as_of").and_then(|node| reader.when(node, "as_of", true));
    if root.get("as_of").is_none() && !root.entries().is_empty() {
        reader.diagnostics.push(
            Diagnostic::new("E0202", root.span, "a model needs the day it looks from")
                .hint("as_of = 2026-04-21"),
        );
    }
    options.as_of.or(stated.map(|when| when.last)).unwrap_or(Date::constant(2026, 1, 1))
}

/// Months from as-of to the horizon; ten years where none is given.
fn horizon(reader: &mut Reader<'_>, root: &Node, as_of: Date) -> u32 {
    let Some(node) = root.get("horizon") else { return 120 };
    let text = reader.written(node);
    let months = match date::duration(&text) {
        Some((years, _)) => date::whole_months(years).map(i64::from),
        None => match reader.when(node, "horizon", true) {
            Some(when) => Some(
                (i64::from(when.last.year()) - i64::from(as_of.year())) * 12 + i64::from(when.last.month())
                    - i64::from(as_of.month()),
            ),
            None => return 120,
        },
    };
    match months {
        Some(months) if (1..=i64::from(MAX_MONTHS)).contains(&months) => months as u32,
        Some(months) if months < 1 => {
            reader.diagnostics.push(
                Diagnostic::new("E0403", node.span, "the horizon lies before the day the model looks from")
                    .hint("write \"10 years\", or a later date"),
            );
            120
        }
        _ => {
            let message = format!("the horizon is a whole number of months, at most {MAX_MONTHS}");
            reader.diagnostics.push(Diagnostic::new("E0403", node.span, message).hint("write \"10 years\""));
            120
        }
    }
}

fn about(reader: &mut Reader<'_>, root: &Node) -> f64 {
    let Some(node) = root.get("readings").and_then(|node| node.get("about")) else { return 0.1 };
    let stated = reader.stated(node, &[Dimension::NUMBER], "about", &mut Basis::default());
    match stated.and_then(|stated| stated.firm().amount()) {
        Some(about) if about > 0.0 && about < 1.0 => about,
        _ => {
            reader.diagnostics.push(
                Diagnostic::new("E0307", node.span, "the tolerance of \"about\" is between 0% and 100%")
                    .hint("about = \"10%\""),
            );
            0.1
        }
    }
}
