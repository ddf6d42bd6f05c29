//! Rights and platforms, which move no money.

use super::{Candidate, People, Sides, contract, dated, term};
use crate::import::row::Row;
use crate::import::statement::text;

/// Words that tell the kind of a right.
const RIGHTS: [(&str, &str); 7] = [
    ("first refusal", "first refusal"),
    ("exclusive", "exclusivity"),
    ("ship first", "exclusivity"),
    ("board", "board"),
    (" ip", "ip licence"),
    ("licen", "ip licence"),
    ("access", "model access"),
];

/// The right that the payer grants.
pub fn right(row: &Row, people: &mut People) -> Result<Candidate, String> {
    let sides = Sides::both(row, people)?;
    let said = row.said();
    let kind = RIGHTS.iter().find(|(word, _)| said.contains(word)).map(|(_, kind)| *kind);
    let Some(kind) = kind else {
        return Err("what kind of right it is cannot be told from its words".to_owned());
    };
    let roles = [("holder", sides.payee.as_str()), ("grantor", sides.payer.as_str())];
    let mut statement = contract(row, people, ("rights.toml", "right"), roles);
    statement.terms.push(("kinds".to_owned(), format!("[{}]", text(kind))));
    statement.terms.extend(dated("from", row.date("start")));
    statement.terms.extend(dated("until", row.date("end")));
    statement.terms.extend((row.cell("status") == "terminated").then(|| term("standing", "terminated")));
    Ok(Candidate::new(statement, &sides, "right"))
}

/// The payee's product on the payer's platform.
pub fn platform(row: &Row, people: &mut People) -> Result<Candidate, String> {
    let sides = Sides::both(row, people)?;
    let mut statement = super::named(row, people, "rights.toml", "platforms");
    let offers = format!("{{ models = {} }}", text(&sides.payee));
    statement.terms.splice(0..0, [term("operator", &sides.payer), ("offers".to_owned(), offers)]);
    Ok(Candidate::new(statement, &sides, "platform"))
}
