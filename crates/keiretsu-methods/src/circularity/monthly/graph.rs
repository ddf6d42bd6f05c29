//! The time-expanded graph: greatest flows back, and out.

use super::reach::needed;
use super::{MonthlyWeb, OUTSIDE, is_traced};
use crate::circularity::between;
use crate::max_flow::FlowNetwork;

/// No node.
const NONE: u32 = u32::MAX;

/// Least and most that comes back.
pub(super) fn bounds(web: &MonthlyWeb, a: u32, to: Option<u32>, sent: f64) -> [f64; 2] {
    let graph = Graph::new(web, a, to);
    // What the money can do elsewhere it need not do here: the most that stays away gives the least that
    // comes back.
    let away = graph.gone + graph.network.clone().fill(graph.source, graph.outside);
    let mut network = graph.network;
    between(sent - away, network.fill(graph.source, graph.back), sent)
}

struct Graph {
    network: FlowNetwork,
    source: u32,
    back: u32,
    outside: u32,
    /// Sent to where it cannot come back from.
    gone: f64,
}

impl Graph {
    fn new(web: &MonthlyWeb, a: u32, to: Option<u32>) -> Self {
        let needed = needed(web, a, to);
        let mut network = FlowNetwork::default();
        let (source, back, outside) = (network.node(), network.node(), network.node());
        let node = |needed: &bool, network: &mut FlowNetwork| if *needed { network.node() } else { NONE };
        let nodes: Vec<Vec<u32>> = needed
            .iter()
            .map(|month| month.iter().map(|needed| node(needed, &mut network)).collect())
            .collect();
        let mut graph = Graph { network, source, back, outside, gone: 0.0 };
        for at in 0..web.months.len() {
            let exits = graph.payments(web, at, &nodes[at], a, to);
            graph.carry(web, at, &nodes, &exits);
        }
        graph
    }

    /// Arcs of a month's payments, and each party's possible payments to parties that return nothing.
    fn payments(&mut self, web: &MonthlyWeb, at: usize, nodes: &[u32], a: u32, to: Option<u32>) -> Vec<f64> {
        let mut exits = vec![0.0; web.parties];
        for payment in &web.months[at].payments {
            let node = |party: u32| nodes.get(party as usize).copied().unwrap_or(NONE);
            let (from, into) = (node(payment.payer), node(payment.payee));
            if is_traced(payment, a, to) {
                if into == NONE {
                    self.gone += payment.amount;
                } else {
                    self.network.edge(self.source, into, payment.amount, 0);
                }
            } else if payment.payer != a && payment.payer != OUTSIDE && from != NONE {
                if payment.payee == a {
                    self.network.edge(from, self.back, payment.amount, 0);
                } else if into == NONE {
                    exits[payment.payer as usize] += payment.amount;
                } else {
                    self.network.edge(from, into, payment.amount, 0);
                }
            }
        }
        exits
    }

    /// Arcs to the next month, and out.
    fn carry(&mut self, web: &MonthlyWeb, at: usize, nodes: &[Vec<u32>], exits: &[f64]) {
        let month = &web.months[at];
        for party in (0..web.parties).filter(|party| nodes[at][*party] != NONE) {
            let room_before = if at == 0 { 0.0 } else { web.months[at - 1].room[party] };
            let mut exit = exits[party] + month.leaves(party, room_before);
            match nodes.get(at + 1).map(|next| next[party]).filter(|next| *next != NONE) {
                Some(next) => {
                    self.network.edge(nodes[at][party], next, month.room[party], 0);
                }
                None => exit += month.room[party],
            }
            if 0.0 < exit {
                self.network.edge(nodes[at][party], self.outside, exit, 0);
            }
        }
    }
}
