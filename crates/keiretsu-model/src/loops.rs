//! Formulas that depend on themselves in the same month: an error that names every link.

use crate::formula::{Formula, Node, PartyReading};
use crate::limits::MAX_CHAIN;
use crate::{Diagnostic, Factor, Party, Process};

/// A quantity that a formula defines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quantity {
    Factor(usize),
    Revenue(usize),
    Value(usize),
}

/// Reports each loop once. Lags, cash, payments and defaults read earlier months and break a loop.
pub(crate) fn check(factors: &[Factor], parties: &[Party], diagnostics: &mut Vec<Diagnostic>) {
    let web = Web { factors, parties };
    let count = factors.len() + 2 * parties.len();
    let mut state = vec![State::New; count];
    for start in 0..count {
        web.visit(start, &mut state, diagnostics);
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Done,
}

/// A quantity on the way, what it reads, and how much of that has been followed.
type Link<'a> = (usize, Vec<(usize, &'a Formula)>, usize);

struct Web<'a> {
    factors: &'a [Factor],
    parties: &'a [Party],
}

impl Web<'_> {
    fn quantity(&self, at: usize) -> Quantity {
        let (factors, parties) = (self.factors.len(), self.parties.len());
        match at {
            at if at < factors => Quantity::Factor(at),
            at if at < factors + parties => Quantity::Revenue(at - factors),
            at => Quantity::Value(at - factors - parties),
        }
    }

    fn position(&self, quantity: Quantity) -> usize {
        match quantity {
            Quantity::Factor(at) => at,
            Quantity::Revenue(at) => self.factors.len() + at,
            Quantity::Value(at) => self.factors.len() + self.parties.len() + at,
        }
    }

    fn name(&self, quantity: Quantity) -> String {
        match quantity {
            Quantity::Factor(at) => self.factors[at].name.clone(),
            Quantity::Revenue(at) => format!("revenue({})", self.parties[at].name),
            Quantity::Value(at) => format!("value({})", self.parties[at].name),
        }
    }

    fn formula(&self, quantity: Quantity) -> Option<&Formula> {
        match quantity {
            Quantity::Factor(at) => match &self.factors[at].process {
                Process::Formula(formula) => Some(formula),
                _ => None,
            },
            Quantity::Revenue(at) => self.parties[at].record.formula("revenue"),
            Quantity::Value(at) => self.parties[at].record.formula("value"),
        }
    }

    /// What a quantity reads in the same month, with the place that reads it.
    fn reads(&self, at: usize) -> Vec<(usize, &Formula)> {
        let mut reads = Vec::new();
        let mut stack: Vec<&Formula> = self.formula(self.quantity(at)).into_iter().collect();
        while let Some(formula) = stack.pop() {
            match &formula.node {
                Node::Lag(..) => continue,
                Node::Factor(factor) => reads.push((self.position(Quantity::Factor(factor.at())), formula)),
                Node::OfParty(PartyReading::Revenue, party) => {
                    reads.push((self.position(Quantity::Revenue(party.at())), formula));
                }
                Node::OfParty(PartyReading::Value, party) => {
                    reads.push((self.position(Quantity::Value(party.at())), formula));
                }
                _ => {}
            }
            stack.extend(formula.parts().into_iter().rev());
        }
        reads
    }

    /// Depth first without recursion, so that a long chain cannot exhaust the stack.
    fn visit(&self, start: usize, state: &mut [State], diagnostics: &mut Vec<Diagnostic>) {
        if state[start] != State::New {
            return;
        }
        state[start] = State::Open;
        let mut path = vec![(start, self.reads(start), 0)];
        while let Some((at, reads, next)) = path.last_mut() {
            let Some(&(to, _)) = reads.get(*next) else {
                state[*at] = State::Done;
                path.pop();
                continue;
            };
            *next += 1;
            match state[to] {
                State::Done => {}
                State::New => {
                    if path.len() >= MAX_CHAIN {
                        let (at, reads, next) = &path[path.len() - 1];
                        let message = format!(
                            "`{}` rests on a chain of more than {MAX_CHAIN} formulas",
                            self.name(self.quantity(*at))
                        );
                        diagnostics.push(Diagnostic::new("E0506", reads[*next - 1].1.span, message));
                        return;
                    }
                    state[to] = State::Open;
                    path.push((to, self.reads(to), 0));
                }
                State::Open => {
                    let first = path.iter().position(|(at, ..)| *at == to).unwrap_or(0);
                    self.report(&path[first..], diagnostics);
                }
            }
        }
    }

    fn report(&self, links: &[Link<'_>], diagnostics: &mut Vec<Diagnostic>) {
        let mut names: Vec<String> = links.iter().map(|(at, ..)| self.name(self.quantity(*at))).collect();
        names.push(names[0].clone());
        let spans: Vec<_> = links.iter().map(|(_, reads, next)| reads[*next - 1].1.span).collect();
        let message = format!("{} depends on itself in the same month: {}", names[0], names.join(" -> "));
        let mut diagnostic = Diagnostic::new("E0504", spans[0], message)
            .label(format!("reads {}", names[1]))
            .hint(format!("read an earlier month somewhere in the loop: {}[-1 month]", names[1]));
        for (span, name) in spans.iter().zip(&names[1..]).skip(1).map(|(span, _)| span).zip(&names[2..]) {
            diagnostic = diagnostic.also(*span, format!("reads {name}"));
        }
        diagnostics.push(diagnostic);
    }
}
