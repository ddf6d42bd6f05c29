//! Which numbers a term may be, beyond its unit: a sign that makes no sense is an error at its place.
//!
//! Invariants: an amount of something (money, power, shares, time) is never negative but where a term may be
//! any number; the narrower ranges are of plain numbers and yearly rates.
//! Absent: what a run makes of a formula; only numbers that stand in the text are looked at.

use keiretsu_values::Dimension;

use crate::figure::Said;
use crate::formula::{Extreme, Formula, Node, Operator};
use crate::record::{Content, Stated};
use crate::{Diagnostic, Span};

/// Which numbers a term may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Range {
    /// Nothing below zero.
    #[default]
    NotNegative,
    /// Above zero.
    Positive,
    /// A share of a whole: 0% to 100%.
    Share,
    /// A share that leaves something: 0% to less than 100%.
    PartOnly,
    /// A change or a rate for a year: above -100%, which leaves nothing, and small enough that a hundred
    /// years of it are still a number.
    Change,
    /// At most the whole: a margin, which may be a loss of any size.
    AtMostWhole,
    /// Any number.
    Any,
}

/// The largest change of a year: a hundredfold in each of a hundred years is 1e200.
const CHANGE_MAX: f64 = 100.0;

impl Range {
    /// Whether a number is in it.
    pub fn holds(self, dimension: Dimension, number: f64) -> bool {
        let plain = matches!(dimension, Dimension::NUMBER | Dimension::RATE);
        match self {
            Self::Any => true,
            Self::Positive => 0.0 < number,
            Self::Share if plain => (0.0..=1.0).contains(&number),
            Self::PartOnly if plain => (0.0..1.0).contains(&number),
            Self::Change if plain => -1.0 < number && number <= CHANGE_MAX,
            Self::AtMostWhole if plain => number <= 1.0,
            _ => 0.0 <= number,
        }
    }

    /// What is wrong with a number that is not in it, and what to write.
    fn words(self, dimension: Dimension) -> (&'static str, &'static str) {
        let plain = matches!(dimension, Dimension::NUMBER | Dimension::RATE);
        match self {
            Self::Positive => ("is not above zero", "write a number above zero"),
            Self::Share if plain => ("is no share of a whole", "a share is between 0% and 100%"),
            Self::PartOnly if plain => ("is no part of a whole", "write 0% to less than 100%"),
            Self::Change if plain => {
                ("is no yearly change", "it is above -100%, which leaves nothing, and at most 10,000%")
            }
            Self::AtMostWhole if plain => ("is more than the whole", "write at most 100%"),
            _ if dimension == Dimension::MONEY || dimension == Dimension::MONEY_RATE => (
                "is negative, and it cannot be",
                "write the amount without a sign; who pays whom is said by the roles of the parties",
            ),
            _ => ("is negative, and it cannot be", "write it without a sign"),
        }
    }

    /// The numbers of a figure that are not in it, and of what else was said about it.
    pub(crate) fn check_stated(self, what: &str, stated: &Stated, diagnostics: &mut Vec<Diagnostic>) {
        let dimension = stated.figure.dimension;
        let said = [Some(stated.figure.said), stated.expect];
        if said.into_iter().flatten().any(|said| !self.holds_said(dimension, said)) {
            diagnostics.push(self.finding(what, dimension, &stated.figure.words, stated.span));
        }
        for claim in &stated.others {
            if !self.holds_said(claim.figure.dimension, claim.figure.said) {
                diagnostics.push(self.finding(what, claim.figure.dimension, &claim.figure.words, claim.span));
            }
        }
    }

    fn holds_said(self, dimension: Dimension, said: Said) -> bool {
        said.numbers().into_iter().flatten().all(|number| self.holds(dimension, number))
    }

    fn finding(self, what: &str, dimension: Dimension, words: &str, span: Span) -> Diagnostic {
        let (wrong, hint) = self.words(dimension);
        Diagnostic::new("E0307", span, format!("`{what}` of {words} {wrong}")).hint(hint)
    }

    /// Reports what a term says that is not in it.
    pub(crate) fn check(self, what: &str, words: &str, content: &Content, diagnostics: &mut Vec<Diagnostic>) {
        match content {
            Content::Figure(stated) | Content::Chance(stated, _) => {
                self.check_stated(what, stated, diagnostics);
            }
            Content::ByYear(years) => {
                for (_, stated) in years {
                    self.check_stated(what, stated, diagnostics);
                }
            }
            Content::Formula(formula, wanted) => {
                if let Some(stated) = formula.worded() {
                    self.check_stated(what, stated, diagnostics);
                }
                let Some(dimension) = wanted.first() else { return };
                let number = constant(formula).filter(|number| number.is_finite());
                if number.is_some_and(|number| !self.holds(*dimension, number)) {
                    diagnostics.push(self.finding(what, *dimension, words, formula.span));
                }
            }
            _ => {}
        }
    }
}

/// What a formula of numbers alone comes to.
fn constant(formula: &Formula) -> Option<f64> {
    match &formula.node {
        Node::Amount(quantity) => Some(quantity.amount),
        Node::Negative(of) | Node::Lag(of, _) => {
            let sign = if matches!(formula.node, Node::Lag(..)) { 1.0 } else { -1.0 };
            constant(of).map(|number| sign * number)
        }
        Node::Binary(operator, a, b) => {
            let (a, b) = (constant(a)?, constant(b)?);
            match operator {
                Operator::Plus => Some(a + b),
                Operator::Minus => Some(a - b),
                Operator::Times => Some(a * b),
                Operator::Per => Some(a / b),
                _ => None,
            }
        }
        Node::Extreme(extreme, list) => {
            let numbers: Option<Vec<f64>> = list.iter().map(constant).collect();
            let pick = if *extreme == Extreme::Least { f64::min } else { f64::max };
            numbers?.into_iter().reduce(pick)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_numbers_have_narrow_ranges_and_amounts_a_sign() {
        let (plain, money) = (Dimension::NUMBER, Dimension::MONEY);
        for (range, inside, outside) in [
            (Range::NotNegative, &[0.0, 5.0][..], &[-1e-9][..]),
            (Range::Positive, &[1e-9], &[0.0]),
            (Range::Share, &[0.0, 1.0], &[-0.1, 1.1]),
            (Range::PartOnly, &[0.0, 0.9], &[1.0]),
            (Range::Change, &[-0.9, 3.0], &[-1.0, -2.0, 1e200]),
            (Range::AtMostWhole, &[-3.0, 1.0], &[1.1]),
            (Range::Any, &[-3.0, 3.0], &[]),
        ] {
            assert!(inside.iter().all(|number| range.holds(plain, *number)), "{range:?}");
            assert!(outside.iter().all(|number| !range.holds(plain, *number)), "{range:?}");
        }
        assert!(Range::Share.holds(money, 5e9) && !Range::Change.holds(money, -0.5));
    }
}
