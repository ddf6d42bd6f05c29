//! Contracts that hang on each other in a circle: an error that names every link.
//!
//! Of contracts that are part of each other none is the whole, of contracts that replace each other none is
//! the newest, of guarantees that cover each other there is no last payer. The same holds for every term that
//! names contracts.
//!
//! Invariant: each circle of a term is reported once. Absent: circles through several terms.

use std::collections::BTreeSet;

use crate::record::Content;
use crate::{Contract, ContractRef, Diagnostic, Span};

/// Reports each circle once, at its first link.
pub(crate) fn check(contracts: &[Option<Contract>], diagnostics: &mut Vec<Diagnostic>) {
    let mut terms: BTreeSet<&'static str> = BTreeSet::new();
    for contract in contracts.iter().flatten() {
        let all = contract.versions.iter().flat_map(|version| &version.record.entries);
        terms.extend(
            all.filter(|entry| matches!(entry.content, Content::Contracts(_))).map(|entry| entry.name),
        );
    }
    for term in terms {
        Hanging { contracts, term }.check(diagnostics);
    }
}

/// What one term says hangs on what.
struct Hanging<'a> {
    contracts: &'a [Option<Contract>],
    term: &'static str,
}

/// How far a contract has been followed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    /// At this place of the path.
    OnPath(usize),
    Done,
}

/// A contract on the way, what it names, and how much of that has been followed.
type Link = (usize, Vec<(usize, Span)>, usize);

impl Hanging<'_> {
    /// The contracts that a contract names in any of its versions, with the place.
    fn named(&self, at: usize) -> Vec<(usize, Span)> {
        let versions = self.contracts[at].iter().flat_map(|contract| &contract.versions);
        let mut named: Vec<(usize, Span)> = Vec::new();
        for record in versions.map(|version| &version.record) {
            for ContractRef(other) in record.contracts(self.term) {
                if !named.iter().any(|(known, _)| *known == *other as usize) {
                    named.push((*other as usize, record.span_of(self.term)));
                }
            }
        }
        named
    }

    /// Depth first without recursion, so that a long chain cannot exhaust the stack.
    fn check(&self, diagnostics: &mut Vec<Diagnostic>) {
        let mut state = vec![State::New; self.contracts.len()];
        for start in 0..self.contracts.len() {
            if state[start] != State::New {
                continue;
            }
            state[start] = State::OnPath(0);
            let mut path: Vec<Link> = vec![(start, self.named(start), 0)];
            while let Some((at, named, next)) = path.last_mut() {
                let Some(&(to, _)) = named.get(*next) else {
                    state[*at] = State::Done;
                    path.pop();
                    continue;
                };
                *next += 1;
                match state[to] {
                    State::Done => {}
                    State::OnPath(first) => self.report(&path[first..], diagnostics),
                    State::New => {
                        state[to] = State::OnPath(path.len());
                        path.push((to, self.named(to), 0));
                    }
                }
            }
        }
    }

    fn report(&self, links: &[Link], diagnostics: &mut Vec<Diagnostic>) {
        let name = |at: usize| self.contracts[at].as_ref().map_or("", |contract| &contract.name);
        let mut names: Vec<&str> = links.iter().map(|(at, ..)| name(*at)).collect();
        names.push(names[0]);
        let places: Vec<Span> = links.iter().map(|(_, named, next)| named[*next - 1].1).collect();
        let message = format!("`{}` hangs on itself by `{}`: {}", names[0], self.term, names.join(" -> "));
        let mut diagnostic = Diagnostic::new("E0605", places[0], message)
            .label(format!("names {}", names[1]))
            .hint("take the term out of one of them: the whole, the newest, or the one that stands alone");
        for (place, name) in places.iter().zip(&names[1..]).skip(1) {
            diagnostic = diagnostic.also(*place, format!("names {name}"));
        }
        diagnostics.push(diagnostic);
    }
}
