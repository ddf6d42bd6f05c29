//! A party of a web to the ways that its money can take, which are found once for all that it pays.

use super::{BALANCE_TOLERANCE, CircularityError, FlowWeb, Returned, between, within};
use crate::max_flow::FlowNetwork;

/// Money sent by a party, and the flows it can take. See [`FlowWeb::sender`].
#[derive(Clone, Debug)]
pub struct Sender<'a> {
    web: &'a FlowWeb,
    a: usize,
    network: FlowNetwork,
    /// Of each edge, before anything flows.
    capacities: Vec<f64>,
    source: u32,
    back: u32,
    outside: u32,
    /// The edge of its payment to each party, if there is one.
    first: Vec<Option<u32>>,
}

impl FlowWeb {
    /// The sender `a`, for questions on its returned money.
    ///
    /// Cost: n² operations.
    ///
    /// # Errors
    /// [`CircularityError::NoSuchParty`], [`CircularityError::SelfFlow`].
    pub fn sender(&self, a: usize) -> Result<Sender<'_>, CircularityError> {
        if self.n <= a {
            return Err(CircularityError::NoSuchParty);
        }
        if 0.0 < self.flow(a, a) {
            return Err(CircularityError::SelfFlow);
        }
        let mut network = FlowNetwork::default();
        let (source, back, outside) = (network.node(), network.node(), network.node());
        let nodes: Vec<u32> = (0..self.n).map(|_| network.node()).collect();
        let mut first = vec![None; self.n];
        let mut edge =
            |from: u32, to: u32, capacity: f64| (0.0 < capacity).then(|| network.edge(from, to, capacity, 0));
        for j in (0..self.n).filter(|j| *j != a) {
            first[j] = edge(source, nodes[j], self.flow(a, j));
            edge(nodes[j], back, self.flow(j, a));
            edge(nodes[j], outside, self.outflows[j]);
            for k in (0..self.n).filter(|k| *k != a && *k != j) {
                edge(nodes[j], nodes[k], self.flow(j, k));
            }
        }
        let capacities = network.capacities();
        Ok(Sender { web: self, a, network, capacities, source, back, outside, first })
    }
}

impl Sender<'_> {
    /// Least and most of the money sent (to `to` only, if given) that comes back.
    ///
    /// Cost: two greatest flows.
    ///
    /// # Errors
    /// [`CircularityError::NoSuchParty`], [`CircularityError::SelfFlow`], [`CircularityError::Unbalanced`].
    pub fn bounds(&mut self, to: Option<usize>) -> Result<[f64; 2], CircularityError> {
        if to.is_some_and(|to| self.web.n <= to) {
            return Err(CircularityError::NoSuchParty);
        }
        if to == Some(self.a) {
            return Err(CircularityError::SelfFlow);
        }
        let sent = self.sent(to);
        // Once money has reached a sink no augmenting path takes it back, so the preferred way goes first.
        self.restart(to);
        let most_back = self.network.fill(self.source, self.back);
        let anywhere = most_back + self.network.fill(self.source, self.outside);
        if anywhere < sent * (1.0 - BALANCE_TOLERANCE) {
            return Err(CircularityError::Unbalanced);
        }
        self.restart(to);
        let most_out = self.network.fill(self.source, self.outside);
        Ok(between(sent - most_out, most_back, sent))
    }

    /// The part of the money sent (to `to` only, if given) that comes back, with chances from
    /// [`FlowWeb::reach`].
    ///
    /// # Errors
    /// As [`Sender::bounds`]; [`CircularityError::Lengths`] unless `reach` is of this web.
    pub fn returned_by(&mut self, reach: &[f64], to: Option<usize>) -> Result<Returned, CircularityError> {
        if reach.len() != self.web.n * self.web.n {
            return Err(CircularityError::Lengths);
        }
        let [lower, upper] = self.bounds(to)?;
        let sent = self.sent(to);
        let pro_rata = self.web.pro_rata(reach, self.a, to);
        Ok(Returned { sent, lower, pro_rata: within(pro_rata, lower, upper, sent), upper })
    }

    fn sent(&self, to: Option<usize>) -> f64 {
        (0..self.web.n).map(|j| self.web.sent_to(self.a, to, j)).sum()
    }

    /// The state before any flow, with only the questioned payments sent.
    fn restart(&mut self, to: Option<usize>) {
        let mut capacities = self.capacities.clone();
        let others = self.first.iter().enumerate().filter(|(j, _)| to.is_some_and(|to| to != *j));
        for edge in others.filter_map(|(_, edge)| *edge) {
            capacities[edge as usize] = 0.0;
        }
        self.network.restart(capacities);
    }
}
