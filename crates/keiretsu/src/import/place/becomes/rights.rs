//! Rights and platforms, which move no money.

use super::capital::only;
use super::{Candidate, People, Sides, contract, dated, term};
use crate::import::names::slug;
use crate::import::row::Row;
use crate::import::statement::text;

/// Words that tell the kind of a right.
const RIGHTS: [(&str, &str); 13] = [
    ("first refusal", "first refusal"),
    ("observer", "observer"),
    ("exclusiv", "exclusivity"),
    ("ship first", "exclusivity"),
    ("first look", "first refusal"),
    ("board", "board"),
    ("veto", "veto"),
    ("information right", "information"),
    ("own only up to", "other"),
    (" ip", "ip licence"),
    ("licen", "ip licence"),
    ("naming right", "other"),
    ("access", "model access"),
];

/// The right that the payer grants.
pub fn right(row: &Row, people: &mut People) -> Result<Candidate, String> {
    let sides = Sides::both(row, people)?;
    // What the source says comes before the remark.
    let (words, said) = (format!(" {}", row.cell("amount_text").to_lowercase()), row.said());
    let of = |text: &str| RIGHTS.iter().find(|(word, _)| text.contains(word)).map(|(_, kind)| *kind);
    let kind = of(&words).or_else(|| of(&said)).unwrap_or("other");
    let roles = [("holder", sides.role(1)), ("grantor", sides.role(0))];
    let mut statement = contract(row, ("rights.toml", "right"), roles);
    statement.terms.push(("kinds".to_owned(), only(kind)));
    statement.terms.extend((kind == "other").then(|| term("scope", row.cell("amount_text"))));
    statement.terms.extend(dated("from", row.date("start")));
    statement
        .terms
        .extend(dated("until", row.date("end").or(crate::import::dates::until(row.cell("amount_text")))));
    statement.terms.extend((row.cell("status") == "terminated").then(|| term("standing", "terminated")));
    let noun = if kind == "other" { "right" } else { kind };
    let stem = format!("{}-{}-of-{}", super::short(&sides.payee), slug(noun), super::short(&sides.payer));
    Ok(Candidate::new(statement, "contracts", &sides, "right").named(stem))
}

/// The payee's product on the payer's platform.
pub fn platform(row: &Row, people: &mut People) -> Result<Candidate, String> {
    let sides = Sides::both(row, people)?;
    let mut statement = super::stated(row, "rights.toml");
    let offers = format!("{{ {} = {} }}", sides.payee, text(&sides.payee));
    statement.terms.splice(0..0, [term("operator", &sides.payer), ("offers".to_owned(), offers)]);
    let stem = format!("{}-at-{}", super::short(&sides.payee), super::short(&sides.payer));
    Ok(Candidate::new(statement, "platforms", &sides, "platform").named(stem))
}
