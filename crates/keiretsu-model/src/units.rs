//! Checks the units of formulas: what each node measures, and where two sides do not fit.

use keiretsu_values::Dimension;

use crate::formula::{ContractReading, Formula, Node, Operator, PartyReading};
use crate::{Diagnostic, FactorRef};

/// What a formula yields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Yields {
    /// A truth: it holds or not.
    Truth,
    /// An amount of a dimension.
    Amount(Dimension),
    /// Nothing is known, so it fits anywhere.
    Anything,
}

impl std::fmt::Display for Yields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Truth => f.write_str("a condition"),
            Self::Amount(dimension) => dimension.fmt(f),
            Self::Anything => f.write_str("unknown"),
        }
    }
}

/// What a formula yields, reporting every place where units do not fit.
///
/// `factor` gives the dimension of a factor, if it is known.
pub fn check(
    formula: &Formula,
    factor: &dyn Fn(FactorRef) -> Option<Dimension>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Yields {
    let mut sub = |part: &Formula| check(part, factor, diagnostics);
    match &formula.node {
        Node::Amount(quantity) => Yields::Amount(quantity.dimension),
        Node::Worded(stated) if stated.is_open() => Yields::Anything,
        Node::Worded(stated) => Yields::Amount(stated.figure.dimension),
        Node::Share(_) => Yields::Amount(Dimension::NUMBER),
        Node::Undisclosed => Yields::Anything,
        Node::Truth(_) | Node::Event(_) | Node::Date(_) => Yields::Truth,
        Node::Factor(reference) => factor(*reference).map_or(Yields::Anything, Yields::Amount),
        Node::OfParty(reading, _) => match reading {
            PartyReading::Cash | PartyReading::Value => Yields::Amount(Dimension::MONEY),
            PartyReading::Revenue => Yields::Amount(Dimension::MONEY_RATE),
            PartyReading::Defaulted => Yields::Truth,
        },
        Node::OfContract(reading, ..) => match reading {
            ContractReading::Capacity => Yields::Amount(Dimension::POWER),
            ContractReading::Paid => Yields::Amount(Dimension::MONEY),
            ContractReading::Minimum => Yields::Amount(Dimension::MONEY_RATE),
            ContractReading::Funded => Yields::Truth,
        },
        // A sum over months of a yearly rate is an amount.
        Node::SumNext(of, _) => match sub(of) {
            Yields::Amount(dimension) => Yields::Amount(dimension.times(Dimension::TIME)),
            other => other,
        },
        Node::Lag(of, _) => sub(of),
        Node::Negative(of) => {
            let yields = sub(of);
            want_amount(of, yields, diagnostics)
        }
        Node::Not(of) => {
            let yields = sub(of);
            want_truth(of, yields, diagnostics)
        }
        Node::Binary(operator, a, b) => {
            let (p, q) = (sub(a), sub(b));
            binary(*operator, (a, p), (b, q), formula, diagnostics)
        }
        Node::Extreme(_, list) => {
            let mut yields = list.iter().map(&mut sub).collect::<Vec<_>>().into_iter();
            let mut whole = yields.next().unwrap_or(Yields::Anything);
            for (part, next) in list[1..].iter().zip(yields) {
                whole = same((&list[0], whole), (part, next), formula, diagnostics);
            }
            whole
        }
        Node::If(three) => {
            let yields = three.each_ref().map(&mut sub);
            want_truth(&three[0], yields[0], diagnostics);
            same((&three[1], yields[1]), (&three[2], yields[2]), formula, diagnostics)
        }
    }
}

type Side<'a> = (&'a Formula, Yields);

fn binary(
    operator: Operator,
    a: Side<'_>,
    b: Side<'_>,
    whole: &Formula,
    diagnostics: &mut Vec<Diagnostic>,
) -> Yields {
    match operator {
        Operator::Or | Operator::And => {
            want_truth(a.0, a.1, diagnostics);
            want_truth(b.0, b.1, diagnostics)
        }
        Operator::AtLeast | Operator::AtMost | Operator::MoreThan | Operator::LessThan => {
            want_amount(a.0, a.1, diagnostics);
            want_amount(b.0, b.1, diagnostics);
            same(a, b, whole, diagnostics);
            Yields::Truth
        }
        Operator::Plus | Operator::Minus => {
            want_amount(a.0, a.1, diagnostics);
            want_amount(b.0, b.1, diagnostics);
            same(a, b, whole, diagnostics)
        }
        Operator::Times | Operator::Per => {
            want_amount(a.0, a.1, diagnostics);
            want_amount(b.0, b.1, diagnostics);
            match (a.1, b.1) {
                (Yields::Amount(p), Yields::Amount(q)) if operator == Operator::Times => {
                    Yields::Amount(p.times(q))
                }
                (Yields::Amount(p), Yields::Amount(q)) => Yields::Amount(p.per(q)),
                _ => Yields::Anything,
            }
        }
    }
}

/// Both sides must measure the same; a wrong pair is reported once, with both places.
fn same(a: Side<'_>, b: Side<'_>, whole: &Formula, diagnostics: &mut Vec<Diagnostic>) -> Yields {
    match (a.1, b.1) {
        (Yields::Anything, other) | (other, Yields::Anything) => other,
        (p, q) if p == q => p,
        (Yields::Amount(p), Yields::Amount(q)) => {
            diagnostics.push(
                Diagnostic::new("E0502", b.0.span, format!("{q} does not go with {p}"))
                    .label(format!("this is {q}"))
                    .also(a.0.span, format!("this is {p}"))
                    .hint("both sides of a comparison, a sum or a choice must be in the same unit"),
            );
            Yields::Amount(p)
        }
        // One is a truth: already reported where amounts or truths are wanted.
        (p, _) => {
            if matches!(whole.node, Node::Extreme(..) | Node::If(_)) {
                let message = "a condition does not go with an amount";
                diagnostics.push(Diagnostic::new("E0505", b.0.span, message).also(a.0.span, "the other one"));
            }
            p
        }
    }
}

fn want_truth(part: &Formula, yields: Yields, diagnostics: &mut Vec<Diagnostic>) -> Yields {
    if let Yields::Amount(dimension) = yields {
        let hint = match part.node {
            Node::Amount(quantity) if (1900.0..2200.0).contains(&quantity.amount) => {
                "to say \"from then on\", write a date with a month, such as 2028-01"
            }
            _ => "compare it with something: `>= $60B/yr`",
        };
        diagnostics.push(
            Diagnostic::new("E0505", part.span, "a condition is expected here")
                .label(format!("this is {dimension}"))
                .hint(hint),
        );
    }
    Yields::Truth
}

fn want_amount(part: &Formula, yields: Yields, diagnostics: &mut Vec<Diagnostic>) -> Yields {
    if yields == Yields::Truth {
        diagnostics.push(
            Diagnostic::new("E0505", part.span, "an amount is expected here")
                .label("this is a condition")
                .hint("choose an amount by it: `if condition then $1B else $0`"),
        );
        return Yields::Anything;
    }
    yields
}
