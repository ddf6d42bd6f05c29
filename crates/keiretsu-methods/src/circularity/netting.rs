//! Turns flows into the most that can be netted: the greatest circulation within them.
//!
//! What remains after netting has the same net payments as the flows, at the least sum: a flow of least cost,
//! one a unit, from those who pay more than they receive to those who receive more.

use super::FlowWeb;
use crate::max_flow::FlowNetwork;

impl FlowWeb {
    /// The greatest sum of payments that could be cancelled without changing any party's net position, no
    /// payment raised (conservative compression). Flows to oneself are left out.
    pub fn netted(&self) -> f64 {
        let n = self.n;
        let mut network = FlowNetwork::default();
        let (source, sink) = (network.node(), network.node());
        let nodes: Vec<u32> = (0..n).map(|_| network.node()).collect();
        let mut total = 0.0;
        for i in 0..n {
            let mut net = 0.0;
            for j in (0..n).filter(|j| *j != i) {
                net += self.flow(i, j) - self.flow(j, i);
                total += self.flow(i, j);
                if 0.0 < self.flow(i, j) {
                    network.edge(nodes[i], nodes[j], self.flow(i, j), 1);
                }
            }
            network.edge(source, nodes[i], net.max(0.0), 0);
            network.edge(nodes[i], sink, (-net).max(0.0), 0);
        }
        let (_, kept) = network.fill_at_least_cost(source, sink);
        (total - kept).max(0.0)
    }
}
