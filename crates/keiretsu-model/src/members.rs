//! The parties of a role: one name, several names without shares, or the share of each.
//!
//! `lender = "jpm"`, `lender = ["jpm", "others"]`, `lender = { jpm = "60%", pimco = "$18B", others = "rest"
//! }`. A list without the word `others` names all, so that its parties have the whole together; what stated
//! shares leave is had by others, whether or not the word is there.

use keiretsu_values::Dimension;

use crate::figure::Said;
use crate::limits::MAX_MEMBERS;
use crate::names::Kind;
use crate::reader::Reader;
use crate::record::{Basis, Content, Stated};
use crate::statements::{is_basis, undisclosed};
use crate::tree::{Node, Tree};
use crate::{Diagnostic, PartyRef, Range, Span};

/// The name of all parties that are not named.
pub const OTHERS: &str = "others";
/// The share of who has what the shares of the others leave.
const REST: &str = "rest";

/// One of several parties in a role.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The party; none for all that are not named.
    pub party: Option<PartyRef>,
    /// Its name.
    pub name: String,
    /// Where it is named.
    pub span: Span,
    /// How much it has.
    pub portion: Portion,
    /// Whether it is one of a list that names all of them, so that they have the whole together.
    pub listed: bool,
}

/// How much one of several parties has.
#[derive(Clone, Debug, PartialEq)]
pub enum Portion {
    /// As stated, or undisclosed: a share, or an amount of the kind that the whole is.
    Stated(Box<Stated>),
    /// What the others leave.
    Rest,
}

impl Member {
    /// The statement of how much it has.
    pub fn stated(&self) -> Option<&Stated> {
        match &self.portion {
            Portion::Stated(stated) => Some(stated),
            Portion::Rest => None,
        }
    }

    /// The same, to be changed.
    pub fn stated_mut(&mut self) -> Option<&mut Stated> {
        match &mut self.portion {
            Portion::Stated(stated) => Some(stated),
            Portion::Rest => None,
        }
    }

    /// Whether anything is said about how much it has.
    pub fn says_how_much(&self) -> bool {
        self.stated().is_some_and(|stated| stated.expect.is_some() || stated.figure.said != Said::Undisclosed)
    }
}

/// What a share can be written in: a part of the whole, or an amount of the kind that the whole is.
const MEASURES: &[Dimension] = &[
    Dimension::NUMBER,
    Dimension::MONEY,
    Dimension::MONEY_RATE,
    Dimension::POWER,
    Dimension::SHARES,
    Dimension::CHIPS,
];

impl Reader<'_> {
    /// The parties of a role.
    pub(crate) fn parties(&mut self, node: &Node, what: &str, basis: &mut Basis) -> Option<Content> {
        let members: Vec<Option<Member>> = match &node.value {
            Tree::List(items) => {
                let all = !items.iter().any(|item| item.text() == Some(OTHERS));
                items.iter().map(|item| Some(Member { listed: all, ..self.listed(item, what)? })).collect()
            }
            Tree::Table(entries) => {
                let mut members = Vec::new();
                for (key, value) in entries {
                    if is_basis(key) {
                        self.basis_key(key, value, basis, &[]);
                    } else {
                        members.push(self.member(&key.name, key.span, value, basis));
                    }
                }
                members
            }
            _ => return self.party(node, what).map(Content::Party),
        };
        let members = members.into_iter().collect::<Option<Vec<Member>>>()?;
        self.named_once(&members, what)?;
        self.of_one_whole(&members, node, what)?;
        match members.as_slice() {
            [Member { party: Some(party), portion, .. }] if is_all(portion) => Some(Content::Party(*party)),
            _ => Some(Content::Members(members)),
        }
    }

    fn listed(&mut self, item: &Node, what: &str) -> Option<Member> {
        let name = self.text(item, what)?;
        self.called(&name, item.span, Portion::Stated(Box::new(undisclosed(item.span))))
    }

    fn member(&mut self, name: &str, span: Span, value: &Node, basis: &mut Basis) -> Option<Member> {
        if value.text() == Some(REST) {
            return self.called(name, span, Portion::Rest);
        }
        let mut own = Basis::default();
        let stated = self.stated(value, MEASURES, name, &mut own);
        basis.join(own);
        if let Some(stated) = &stated {
            let range =
                if stated.figure.dimension == Dimension::NUMBER { Range::Share } else { Range::NotNegative };
            range.check_stated(name, stated, self.diagnostics);
            self.idle_words(name, stated);
        }
        self.called(name, span, Portion::Stated(Box::new(stated?)))
    }

    fn called(&mut self, name: &str, span: Span, portion: Portion) -> Option<Member> {
        let party = match name {
            OTHERS => None,
            _ => Some(PartyRef(self.find(Kind::Party, name, span)?)),
        };
        Some(Member { party, name: name.to_owned(), span, portion, listed: false })
    }

    fn named_once(&mut self, members: &[Member], what: &str) -> Option<()> {
        let twice = members.iter().enumerate().find_map(|(at, member)| {
            let first = members[..at].iter().find(|first| first.name == member.name)?;
            Some((first, member))
        });
        if let Some((first, again)) = twice {
            let message = format!("`{}` is named twice as {what}", again.name);
            self.diagnostics.push(
                Diagnostic::new("E0724", again.span, message)
                    .also(first.span, "the first time here")
                    .hint("name each party once, with all that it has"),
            );
            return None;
        }
        if members.iter().all(|member| member.party.is_none()) {
            let span = members.first().map_or(Span::default(), |member| member.span);
            let message = format!("`{what}` names no party");
            let hint = "name at least one, as in [\"jpm\", \"others\"]; who is not modelled is \"outside\"";
            self.diagnostics.push(Diagnostic::new("E0724", span, message).hint(hint));
            return None;
        }
        if let Some(first) = members.get(MAX_MEMBERS) {
            let message = format!("`{what}` has at most {MAX_MEMBERS} parties, not {}", members.len());
            self.diagnostics.push(
                Diagnostic::new("E0724", first.span, message)
                    .hint("name those that the questions are about, and leave the rest to `others`"),
            );
            return None;
        }
        Some(())
    }

    /// One party at most has the rest, and the shares are not more than the whole.
    fn of_one_whole(&mut self, members: &[Member], node: &Node, what: &str) -> Option<()> {
        let mut rests = members.iter().filter(|member| member.portion == Portion::Rest);
        if let (Some(first), Some(second)) = (rests.next(), rests.next()) {
            let message = format!("two parties have the rest as {what}");
            self.diagnostics.push(
                Diagnostic::new("E0724", second.span, message)
                    .also(first.span, "the first one")
                    .hint("give the share of one of them, or \"undisclosed\""),
            );
            return None;
        }
        let shares = members.iter().filter_map(Member::stated);
        let shares = shares.filter(|stated| stated.figure.dimension == Dimension::NUMBER);
        let least: f64 = shares.map(|stated| least(stated.figure.said)).sum();
        if least > 1.0 + 1e-6 {
            let message =
                format!("the shares of `{what}` sum to {}%, more than the whole", round(least * 100.0));
            self.diagnostics
                .push(Diagnostic::new("E0703", node.span, message).hint("shares sum to at most 100%"));
            return None;
        }
        Some(())
    }
}

/// The least that words leave possible; vague ones may be a tenth less.
pub(crate) fn least(said: Said) -> f64 {
    said.ends(0.1).0
}

/// Whether a portion is the whole.
fn is_all(portion: &Portion) -> bool {
    match portion {
        Portion::Rest => true,
        Portion::Stated(stated) => match stated.figure.said {
            Said::Undisclosed => stated.expect.is_none(),
            said => said == Said::Exact(1.0) && stated.figure.dimension == Dimension::NUMBER,
        },
    }
}

fn round(number: f64) -> f64 {
    (number * 1e6).round() / 1e6
}
