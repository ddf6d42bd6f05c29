//! Turns a network of capacities into a greatest flow, of least cost where edges have costs.
//!
//! Dinic (1970, Soviet Math. Doklady 11): blocking flows in layered networks; with costs the primal-dual
//! method of Ford and Fulkerson (1962): greatest flows over edges of zero reduced cost, then Dijkstra's
//! distances. Costs are small integers, so there are at most as many rounds as there are different path
//! costs.
//!
//! Invariant: 0 <= flow <= capacity, exactly. Capacities are any non-negative numbers; a rest below
//! `SLACK_MIN` of the largest counts as used up, so that rounding opens no paths.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Capacity below which an edge is full; see the invariant of the module.
const SLACK_MIN: f64 = 1e-13;

/// A flow network under construction and in use. Edge e and its reverse are 2k and 2k + 1.
#[derive(Clone, Debug, Default)]
pub(crate) struct FlowNetwork {
    edges_of: Vec<Vec<u32>>,
    to: Vec<u32>,
    left: Vec<f64>,
    cost: Vec<i64>,
    potential: Vec<i64>,
    level: Vec<u32>,
    next: Vec<u32>,
    slack: f64,
}

const UNSEEN: u32 = u32::MAX;

impl FlowNetwork {
    pub(crate) fn node(&mut self) -> u32 {
        self.edges_of.push(Vec::new());
        self.potential.push(0);
        self.edges_of.len() as u32 - 1
    }

    /// Adds an edge; its number is for `flow`.
    pub(crate) fn edge(&mut self, from: u32, to: u32, capacity: f64, cost: i64) -> u32 {
        let edge = self.to.len() as u32;
        self.edges_of[from as usize].push(edge);
        self.edges_of[to as usize].push(edge + 1);
        self.to.extend([to, from]);
        self.left.extend([capacity, 0.0]);
        self.cost.extend([cost, -cost]);
        self.slack = self.slack.max(SLACK_MIN * capacity);
        edge
    }

    /// Residual capacity of each edge and its reverse; at first its capacity and zero.
    pub(crate) fn capacities(&self) -> Vec<f64> {
        self.left.clone()
    }

    /// Takes back all that flows, with these capacities of the edges.
    pub(crate) fn restart(&mut self, capacities: Vec<f64>) {
        self.slack = SLACK_MIN * capacities.iter().fold(0.0_f64, |most, capacity| most.max(*capacity));
        self.left = capacities;
    }

    /// Sends as much as possible from `source` to `sink`, in addition to present flows; returns the amount.
    pub(crate) fn fill(&mut self, source: u32, sink: u32) -> f64 {
        let mut sent = 0.0;
        while self.find_levels(source, sink) {
            self.next.clear();
            self.next.resize(self.edges_of.len(), 0);
            while let Some(pushed) = self.augment(source, sink) {
                sent += pushed;
            }
        }
        sent
    }

    /// As `fill`, by least cost; amount and cost.
    pub(crate) fn fill_at_least_cost(&mut self, source: u32, sink: u32) -> (f64, f64) {
        let (mut sent, mut cost) = (0.0, 0.0);
        while self.update_potentials(source, sink) {
            let price = self.potential[sink as usize] - self.potential[source as usize];
            let pushed = self.fill(source, sink);
            sent += pushed;
            cost += pushed * price as f64;
        }
        (sent, cost)
    }

    fn open(&self, from: usize, edge: usize) -> bool {
        let to = self.to[edge] as usize;
        self.slack < self.left[edge] && self.cost[edge] + self.potential[from] == self.potential[to]
    }

    /// Distances in edges from the source, over open edges, up to that of the sink; whether it is reached.
    fn find_levels(&mut self, source: u32, sink: u32) -> bool {
        self.level.clear();
        self.level.resize(self.edges_of.len(), UNSEEN);
        self.level[source as usize] = 0;
        let mut queue = vec![source];
        let mut head = 0;
        while let Some(node) = queue.get(head).map(|node| *node as usize) {
            head += 1;
            for edge in &self.edges_of[node] {
                let to = self.to[*edge as usize] as usize;
                if self.level[to] == UNSEEN && self.open(node, *edge as usize) {
                    self.level[to] = self.level[node] + 1;
                    if to == sink as usize {
                        return true;
                    }
                    queue.push(to as u32);
                }
            }
        }
        false
    }

    /// Pushes along one path of the layered network, found depth first; none if there is no more.
    fn augment(&mut self, source: u32, sink: u32) -> Option<f64> {
        let mut path: Vec<u32> = Vec::new();
        let mut node = source as usize;
        while node != sink as usize {
            if let Some(edge) = self.advance(node) {
                path.push(edge);
                node = self.to[edge as usize] as usize;
            } else {
                // A dead end: step back and pass over the edge that led here.
                let edge = path.pop()?;
                node = self.to[edge as usize ^ 1] as usize;
                self.next[node] += 1;
            }
        }
        let pushed = path.iter().fold(f64::INFINITY, |least, edge| least.min(self.left[*edge as usize]));
        for edge in path {
            self.left[edge as usize] -= pushed;
            self.left[edge as usize ^ 1] += pushed;
        }
        Some(pushed)
    }

    /// The next open edge of a node to the next level.
    fn advance(&mut self, node: usize) -> Option<u32> {
        while let Some(edge) = self.edges_of[node].get(self.next[node] as usize) {
            let to = self.to[*edge as usize] as usize;
            if self.level[to] == self.level[node] + 1 && self.open(node, *edge as usize) {
                return Some(*edge);
            }
            self.next[node] += 1;
        }
        None
    }

    /// Shortest distances by reduced cost become potentials; whether the sink is reached.
    fn update_potentials(&mut self, source: u32, sink: u32) -> bool {
        let mut distance = vec![i64::MAX; self.edges_of.len()];
        distance[source as usize] = 0;
        let mut heap = BinaryHeap::from([(Reverse(0), source)]);
        while let Some((Reverse(here), node)) = heap.pop() {
            let node = node as usize;
            if distance[node] < here {
                continue;
            }
            for edge in self.edges_of[node].iter().map(|edge| *edge as usize) {
                let to = self.to[edge] as usize;
                let there = here + self.cost[edge] + self.potential[node] - self.potential[to];
                if self.slack < self.left[edge] && there < distance[to] {
                    distance[to] = there;
                    heap.push((Reverse(there), to as u32));
                }
            }
        }
        let reach = distance[sink as usize];
        if reach == i64::MAX {
            return false;
        }
        // Beyond the sink all potentials rise alike, which keeps reduced costs non-negative.
        self.potential.iter_mut().zip(distance).for_each(|(potential, d)| *potential += d.min(reach));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::FlowNetwork;

    #[test]
    fn least_cost_flow_prefers_the_cheap_path_and_reroutes() {
        let mut network = FlowNetwork::default();
        let [s, a, b, t] = std::array::from_fn(|_| network.node());
        network.edge(s, a, 2.0, 1);
        network.edge(s, b, 1.0, 2);
        network.edge(a, b, 1.0, 0);
        network.edge(a, t, 1.0, 3);
        network.edge(b, t, 2.0, 1);
        let (sent, cost) = network.fill_at_least_cost(s, t);
        assert!((sent - 3.0).abs() < 1e-15, "{sent}");
        assert!((cost - 9.0).abs() < 1e-15, "{cost}: 2 via a-b, 4 via a, 3 via b");
    }
}
