//! Terms that spread over years or parties: figures by year, ramps, shares, changes of scenarios.

use keiretsu_values::Dimension;

use crate::date::{self, When};
use crate::names::Kind;
use crate::range::Range;
use crate::reader::Reader;
use crate::record::{Basis, Change, Content, Ramp, Rest, Stated, YearKey};
use crate::statements::is_basis;
use crate::tree::{Key, Node, Tree};
use crate::{Diagnostic, PartyRef};

impl Reader<'_> {
    /// A key that is a year or a month.
    fn year(&mut self, key: &Key) -> Option<When> {
        let when = date::when(&key.name);
        if when.is_none() {
            let message = format!("`{}` is not a year", key.name);
            self.diagnostics
                .push(Diagnostic::new("E0401", key.span, message).hint("write 2027, \"2027-06\" or later"));
        }
        when
    }

    pub(crate) fn by_year(
        &mut self,
        node: &Node,
        dimensions: &[Dimension],
        what: &str,
        basis: &mut Basis,
    ) -> Option<Content> {
        let single =
            node.entries().is_empty() || node.get("figure").is_some() || node.get("claims").is_some();
        if single {
            let stated = self.stated(node, dimensions, what, basis)?;
            return Some(Content::ByYear(vec![(YearKey::Later, stated)]));
        }
        let mut years = Vec::new();
        for (key, value) in node.entries() {
            if is_basis(key) {
                self.basis_key(key, value, basis, &[]);
                continue;
            }
            let at = if key.name == "later" { Some(YearKey::Later) } else { self.year(key).map(YearKey::At) };
            let mut own = Basis::default();
            let stated = self.stated(value, dimensions, what, &mut own);
            basis.join(own);
            years.extend(at.zip(stated));
        }
        years.sort_by_key(|(at, _)| *at);
        Some(Content::ByYear(years))
    }

    pub(crate) fn ramp(&mut self, node: &Node, what: &str, basis: &mut Basis) -> Option<Ramp> {
        if let Tree::Table(_) = node.value {
            return self.ramp_by_year(node, what, basis);
        }
        let text = self.text(node, what)?;
        if let Some(rest) = text.strip_prefix("s-curve") {
            let rest = rest.trim();
            if rest.is_empty() {
                return Some(Ramp::SCurve(None));
            }
            if let Some(when) = rest.strip_prefix("by ").and_then(date::when) {
                return Some(Ramp::SCurve(Some(when)));
            }
        }
        match text.as_str() {
            "flat" => Some(Ramp::Flat),
            "linear" => Some(Ramp::Linear),
            "with capacity" => Some(Ramp::WithCapacity),
            _ => {
                let message = format!("`{text}` is not a ramp");
                self.diagnostics.push(Diagnostic::new("E0204", node.span, message).hint(
                    "\"flat\", \"linear\", \"s-curve\", \"s-curve by 2030\", \"with capacity\", \
                     or shares by year: { 2026 = \"3%\", rest = \"linear\" }",
                ));
                None
            }
        }
    }

    fn ramp_by_year(&mut self, node: &Node, what: &str, basis: &mut Basis) -> Option<Ramp> {
        let mut years = Vec::new();
        let mut rest = None;
        for (key, value) in node.entries() {
            if key.name == "rest" {
                rest = match value.text() {
                    Some("flat") => Some(Rest::Flat),
                    Some("linear") => Some(Rest::Linear),
                    _ => {
                        let message = "`rest` is \"flat\" or \"linear\"";
                        self.diagnostics.push(Diagnostic::new("E0204", value.span, message));
                        return None;
                    }
                };
                continue;
            }
            if is_basis(key) {
                self.basis_key(key, value, basis, &[]);
                continue;
            }
            let when = self.year(key)?;
            let stated = self.stated(value, &[Dimension::NUMBER], what, basis)?;
            self.needs_amount(&stated, what);
            let year = when.first.year();
            let share = stated.expected().amount().unwrap_or(0.0);
            if when.text() != year.to_string() {
                let message = format!("a ramp gives shares by calendar year, and `{}` is none", key.name);
                let hint = format!("write {year} = \"30%\" for the whole of {year}");
                self.diagnostics.push(Diagnostic::new("E0702", key.span, message).hint(hint));
                return None;
            }
            if share < 0.0 {
                let message = format!("the share of {year} is negative, and a total never shrinks");
                let hint = "every share is 0% or more, and together they are 100%";
                self.diagnostics.push(Diagnostic::new("E0702", stated.span, message).hint(hint));
                return None;
            }
            years.push((year, share));
        }
        years.sort_by_key(|(year, _)| *year);
        let sum: f64 = years.iter().map(|(_, share)| share).sum();
        // Shares are written in per cent with a few decimals; a millionth is rounding.
        let wrong = sum > 1.0 + 1e-6 || (rest.is_none() && sum < 1.0 - 1e-6);
        if wrong {
            let message = format!("the shares of the ramp sum to {}%, not 100%", round(sum * 100.0));
            self.diagnostics.push(
                Diagnostic::new("E0702", node.span, message).hint(
                    "give every year's share, or `rest = \"linear\"` for the years that are not listed",
                ),
            );
            return None;
        }
        Some(Ramp::Shares { years, rest })
    }

    pub(crate) fn shares(
        &mut self,
        node: &Node,
        what: &str,
        basis: &mut Basis,
    ) -> Option<Vec<(PartyRef, Stated)>> {
        if !matches!(node.value, Tree::Table(_)) {
            return self.wrong_kind(node, what, "shares by party: { nvidia = \"60%\", outside = \"40%\" }");
        }
        let mut shares = Vec::new();
        for (key, value) in node.entries() {
            if is_basis(key) {
                self.basis_key(key, value, basis, &[]);
                continue;
            }
            let party = self.find(Kind::Party, &key.name, key.span).map(PartyRef);
            let mut own = Basis::default();
            let stated = self.stated(value, &[Dimension::NUMBER], what, &mut own);
            basis.join(own);
            if let Some(stated) = &stated {
                Range::Share.check_stated(&key.name, stated, self.diagnostics);
            }
            shares.extend(party.zip(stated));
        }
        let known: f64 = shares.iter().filter_map(|(_, stated)| stated.firm().amount()).sum();
        if known > 1.0 + 1e-6 {
            let message = format!("the shares sum to {}%, more than the whole", round(known * 100.0));
            self.diagnostics
                .push(Diagnostic::new("E0703", node.span, message).hint("shares sum to at most 100%"));
        }
        Some(shares)
    }

    pub(crate) fn party_by_name(&mut self, node: &Node, what: &str) -> Option<Content> {
        if !matches!(node.value, Tree::Table(_)) {
            return self.wrong_kind(node, what, "parties by name: { claude = \"anthropic\" }");
        }
        let mut list = Vec::new();
        for (key, value) in node.entries() {
            list.extend(self.party(value, &key.name).map(|party| (key.name.clone(), party)));
        }
        Some(Content::PartyByName(list))
    }

    pub(crate) fn shares_by_year(&mut self, node: &Node, what: &str, basis: &mut Basis) -> Option<Content> {
        if !matches!(node.value, Tree::Table(_)) {
            return self.wrong_kind(node, what, "shares by year: { 2026 = { openai = \"75%\" } }");
        }
        let mut years = Vec::new();
        for (key, value) in node.entries() {
            if is_basis(key) {
                self.basis_key(key, value, basis, &[]);
                continue;
            }
            let when = self.year(key);
            let shares = self.shares(value, what, basis);
            years.extend(when.zip(shares));
        }
        years.sort_by_key(|(when, _)| *when);
        Some(Content::SharesByYear(years))
    }

    pub(crate) fn changes(&mut self, node: &Node, what: &str, basis: &mut Basis) -> Option<Content> {
        if !matches!(node.value, Tree::Table(_)) {
            return self.wrong_kind(node, what, "changes by target: { compute_price = \"2x\" }");
        }
        let mut changes = Vec::new();
        for (key, value) in node.entries() {
            if is_basis(key) {
                self.basis_key(key, value, basis, &[]);
                continue;
            }
            let figure = match value.value {
                Tree::Flag(flag) => {
                    self.words(if flag { "100%" } else { "0%" }, value.span, value.span, what)
                }
                _ => self.stated(value, EVERY, what, basis),
            };
            changes.extend(figure.map(|figure| Change { target: key.name.clone(), span: key.span, figure }));
        }
        Some(Content::Changes(changes))
    }

    pub(crate) fn date_by_party(&mut self, node: &Node, what: &str) -> Option<Content> {
        if !matches!(node.value, Tree::Table(_)) {
            return self.wrong_kind(node, what, "dates by party: { openai = \"2028-06\" }");
        }
        let mut dates = Vec::new();
        for (key, value) in node.entries() {
            let party = self.find(Kind::Party, &key.name, key.span).map(PartyRef);
            let when = self.when(value, what, true);
            dates.extend(party.zip(when));
        }
        Some(Content::DateByParty(dates))
    }
}

/// Dimensions that a change may have; whether it fits its target is checked where the target is known.
const EVERY: &[Dimension] = &[
    Dimension::NUMBER,
    Dimension::MONEY,
    Dimension::MONEY_RATE,
    Dimension::POWER,
    Dimension::MONEY_PER_POWER,
    Dimension { money: 1, power: -1, time: -1, chips: 0, shares: 0, tokens: 0 },
    Dimension::RATE,
    Dimension::TIME,
    Dimension::CHIPS,
    Dimension::SHARES,
    Dimension::TOKENS,
    Dimension::ENERGY,
];

/// A percentage for a message, without the tail of binary fractions.
fn round(number: f64) -> f64 {
    (number * 1e6).round() / 1e6
}
