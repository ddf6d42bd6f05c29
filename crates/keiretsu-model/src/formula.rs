//! Formulas and conditions: the tree that their text becomes, with every name bound.

use std::sync::Arc;

use crate::date::When;
use crate::lexer::Quantity;
use crate::record::Stated;
use crate::share::PartyShare;
use crate::{ContractRef, EventRef, FactorRef, PartyRef, Span};

/// A formula or condition with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Formula {
    /// What it is.
    pub node: Node,
    /// Its characters.
    pub span: Span,
}

/// A node of a formula.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// An amount with its unit.
    Amount(Quantity),
    /// A figure in words: `about 6.58%`, `6.5% to 7%`.
    Worded(Box<Stated>),
    /// The share of one of several parties; what is of the whole is multiplied by it.
    Share(Arc<PartyShare>),
    /// `undisclosed`: unknown, until an assumption decides it.
    Undisclosed,
    /// `true` or `false`.
    Truth(bool),
    /// A factor's level.
    Factor(FactorRef),
    /// Whether an event has happened or stands.
    Event(EventRef),
    /// A date: holds from its first day on.
    Date(When),
    /// Something read off a party.
    OfParty(PartyReading, PartyRef),
    /// Something read off a contract or one of its tranches.
    OfContract(ContractReading, ContractRef, Option<String>),
    /// `sum of X in next N months`, the months after this one; X is known in advance.
    SumNext(Box<Formula>, u32),
    /// `X[-3 months]`.
    Lag(Box<Formula>, u32),
    /// `-a`.
    Negative(Box<Formula>),
    /// `not a`.
    Not(Box<Formula>),
    /// `a op b`.
    Binary(Operator, Box<Formula>, Box<Formula>),
    /// The least or the greatest of several.
    Extreme(Extreme, Vec<Formula>),
    /// `if a then b else c`.
    If(Box<[Formula; 3]>),
}

/// What can be read off a party.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartyReading {
    /// Cash at the end of last month.
    Cash,
    /// Revenue from outside, a yearly rate.
    Revenue,
    /// Equity value.
    Value,
    /// Whether it had defaulted by the end of last month.
    Defaulted,
}

/// What can be read off a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContractReading {
    /// Power available this month.
    Capacity,
    /// What had been paid by the end of last month.
    Paid,
    /// The minimum that falls in this month, a yearly rate.
    Minimum,
    /// Whether anything had been paid by the end of last month.
    Funded,
}

/// The two-sided operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `or`.
    Or,
    /// `and`.
    And,
    /// `>=`.
    AtLeast,
    /// `<=`.
    AtMost,
    /// `>`.
    MoreThan,
    /// `<`.
    LessThan,
    /// `+`.
    Plus,
    /// `-`.
    Minus,
    /// `*`.
    Times,
    /// `/`.
    Per,
}

/// Least or greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extreme {
    /// `min(...)`.
    Least,
    /// `max(...)`.
    Greatest,
}

impl Formula {
    /// The figure in words that it is, if it is one.
    pub fn worded(&self) -> Option<&Stated> {
        match &self.node {
            Node::Worded(stated) => Some(stated),
            _ => None,
        }
    }

    /// The same of one of several parties.
    pub(crate) fn of(self, share: &Arc<PartyShare>) -> Self {
        let span = self.span;
        let share = Self { node: Node::Share(Arc::clone(share)), span };
        Self { node: Node::Binary(Operator::Times, Box::new(share), Box::new(self)), span }
    }

    /// The share of one of several parties that is meant, and the formula of the whole.
    pub fn shared(&self) -> (Option<&Arc<PartyShare>>, &Self) {
        match &self.node {
            Node::Binary(Operator::Times, share, whole) => match &share.node {
                Node::Share(share) => (Some(share), whole),
                _ => (None, self),
            },
            _ => (None, self),
        }
    }

    /// The formulas directly inside.
    pub fn parts(&self) -> Vec<&Formula> {
        match &self.node {
            Node::SumNext(of, _) | Node::Lag(of, _) | Node::Negative(of) | Node::Not(of) => vec![of],
            Node::Binary(_, a, b) => vec![a, b],
            Node::Extreme(_, list) => list.iter().collect(),
            Node::If(three) => three.iter().collect(),
            _ => vec![],
        }
    }

    /// Calls `visit` on this formula and everything inside, outermost first.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Formula)) {
        visit(self);
        for part in self.parts() {
            part.walk(visit);
        }
    }
}
