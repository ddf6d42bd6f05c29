//! Rows that may be of one stake, and names that may be of one party.

use super::{People, single_spaced};
use crate::import::place::somebody::{is_nobody, plain_name};
use crate::import::row::Row;

impl People {
    /// Whether a stake is said of nobody else: no other row and nothing of the model has one of the holder in
    /// the issuer, or pays for one.
    pub fn is_only_stake(&self, row: &Row, holder: &str, issuer: &str) -> bool {
        let [id, mine, of] = stake_of(row);
        let pair = (holder.to_owned(), issuer.to_owned());
        let other = |[other, holder, issuer]: &[String; 3]| {
            *other != id && *issuer == of && (holder.contains(&mine) || mine.contains(holder.as_str()))
        };
        !self.known.stakes.contains(&pair) && !self.stakes.iter().any(other)
    }

    /// Another name of the table that this one begins with, or that begins with it: perhaps the same party.
    pub fn perhaps_same(&self, cell: &str) -> Option<String> {
        let cell = single_spaced(cell);
        let title = self.spellings.get(&plain_name(&cell)).unwrap_or(&cell);
        let begins =
            |one: &str, other: &str| one.strip_prefix(other).is_some_and(|rest| rest.starts_with(' '));
        let mut all = self.spellings.values().chain(self.known.parties.keys());
        let other = all.find(|other| {
            let plain = plain_name(other) != plain_name(title) && !is_nobody(other) && !other.contains('(');
            plain && (begins(title, other) || begins(other, title))
        })?;
        (!is_nobody(title) && !title.contains(['(', ','])).then(|| other.clone())
    }
}

/// Whether a row pays for a stake, or says one.
pub(super) fn is_of_stake(row: &Row) -> bool {
    let kind = row.cell("kind");
    ["equity_tranche", "convertible"].contains(&kind)
        || kind == "valuation_mark" && (row.stake().is_some() || row.share_in_words().is_some())
}

/// A row, who holds or pays, and in whom, in plain letters.
pub(super) fn stake_of(row: &Row) -> [String; 3] {
    let plain = |column: &str| plain_name(row.cell(column).split(" (").next().unwrap_or_default());
    [row.id.clone(), plain("payer_or_investor"), plain("payee_or_issuer")]
}
