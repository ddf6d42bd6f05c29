//! Layers of boxes and bends, in an order with few crossings.

use super::super::tie::{Tie, TieWeb};

/// Sweeps of barycentres; the best order is kept.
const SWEEPS: usize = 30;
/// Rounds of swaps of neighbours.
const ROUNDS: usize = 8;

/// A thing in a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Node {
    /// A party.
    Seat(usize),
    /// A line on its way.
    Bend,
}

/// A line between neighbouring layers, from the left one, with its weight.
struct Edge {
    left: usize,
    right: usize,
    weight: f64,
}

/// Nodes by layer, and the lines between layers.
pub struct Layers {
    /// All nodes: the parties first, in their order.
    pub nodes: Vec<Node>,
    /// The nodes of each layer, from the top.
    pub order: Vec<Vec<usize>>,
    /// Of each tie its nodes from the left to the right; none where both parties stand in one layer.
    chains: Vec<Vec<usize>>,
    /// For each layer but the last the lines to the next.
    edges: Vec<Vec<Edge>>,
    /// The group of each node inside of its layer; bends have none.
    groups: Vec<Option<usize>>,
    /// The layer of each node.
    layer_of: Vec<usize>,
}

impl Layers {
    /// The layers of a web, in order.
    pub fn of(web: &TieWeb, width: &dyn Fn(&Tie) -> f64) -> Self {
        let count = web.heads.len();
        let mut layers = Self {
            nodes: (0..web.seats.len()).map(Node::Seat).collect(),
            order: vec![vec![]; count],
            chains: vec![],
            edges: (1..count.max(1)).map(|_| vec![]).collect(),
            groups: web.seats.iter().map(|seat| Some(seat.group)).collect(),
            layer_of: web.seats.iter().map(|seat| seat.column).collect(),
        };
        let mut seats: Vec<usize> = (0..web.seats.len()).collect();
        seats.sort_by_key(|seat| (web.seats[*seat].group, *seat));
        for seat in seats {
            layers.order[web.seats[seat].column].push(seat);
        }
        for tie in &web.ties {
            layers.chain(web, tie, width(tie));
        }
        layers.sort();
        layers
    }

    fn chain(&mut self, web: &TieWeb, tie: &Tie, weight: f64) {
        let mut ends = [tie.from, tie.to];
        ends.sort_by_key(|seat| web.seats[*seat].column);
        let [left, right] = ends;
        let columns = web.seats[left].column..web.seats[right].column;
        let mut chain = vec![];
        if !columns.is_empty() {
            chain.push(left);
            for column in columns.clone().skip(1) {
                let bend = self.nodes.len();
                self.nodes.push(Node::Bend);
                self.groups.push(None);
                self.layer_of.push(column);
                self.order[column].push(bend);
                chain.push(bend);
            }
            chain.push(right);
            for (pair, column) in chain.windows(2).zip(columns) {
                self.edges[column].push(Edge { left: pair[0], right: pair[1], weight });
            }
        }
        self.chains.push(chain);
    }

    /// The bends of a tie on its way from its payer, each with its column.
    pub fn bends(&self, tie: usize, forward: bool) -> Vec<(usize, usize)> {
        let chain = &self.chains[tie];
        let inner = chain.iter().skip(1).take(chain.len().saturating_sub(2));
        let mut bends: Vec<(usize, usize)> = inner.map(|bend| (self.layer_of[*bend], *bend)).collect();
        if !forward {
            bends.reverse();
        }
        bends
    }

    /// The nodes that lines tie to a node, with their weights.
    pub fn partners(&self) -> Vec<Vec<(usize, f64)>> {
        let mut partners = vec![vec![]; self.nodes.len()];
        for edge in self.edges.iter().flatten() {
            partners[edge.left].push((edge.right, edge.weight));
            partners[edge.right].push((edge.left, edge.weight));
        }
        partners
    }

    fn sort(&mut self) {
        let partners = self.partners();
        let mut best = (self.crossings(), self.order.clone());
        for sweep in 0..SWEEPS {
            let mut columns: Vec<usize> = (0..self.order.len()).collect();
            if sweep % 2 == 1 {
                columns.reverse();
            }
            for column in columns {
                self.by_barycentre(column, &partners);
            }
            let crossings = self.crossings();
            if crossings < best.0 {
                best = (crossings, self.order.clone());
            }
        }
        self.order = best.1;
        for _ in 0..ROUNDS {
            if !self.swap_neighbours() {
                break;
            }
        }
    }

    fn by_barycentre(&mut self, column: usize, partners: &[Vec<(usize, f64)>]) {
        let place = self.places();
        let centre = |node: usize| {
            let weight: f64 = partners[node].iter().map(|(_, weight)| weight).sum();
            let sum: f64 = partners[node].iter().map(|(other, weight)| place[*other] * weight).sum();
            if weight > 0.0 { sum / weight } else { place[node] }
        };
        let mut layer = self.order[column].clone();
        layer.sort_by(|a, b| centre(*a).total_cmp(&centre(*b)).then(a.cmp(b)));
        self.order[column] = self.grouped(layer);
    }

    /// The layer with its parties by group; bends stay where they are.
    fn grouped(&self, layer: Vec<usize>) -> Vec<usize> {
        let mut seats: Vec<usize> =
            layer.iter().copied().filter(|node| self.groups[*node].is_some()).collect();
        seats.sort_by_key(|seat| self.groups[*seat]);
        let mut seats = seats.into_iter();
        let next =
            |node: usize| if self.groups[node].is_some() { seats.next().unwrap_or(node) } else { node };
        layer.into_iter().map(next).collect()
    }

    /// Where each node stands in its layer, from 0 to 1.
    fn places(&self) -> Vec<f64> {
        let mut places = vec![0.0; self.nodes.len()];
        for layer in &self.order {
            for (at, node) in layer.iter().enumerate() {
                places[*node] = (at as f64 + 0.5) / layer.len() as f64;
            }
        }
        places
    }

    /// The weighted crossings of lines between neighbouring layers.
    fn crossings(&self) -> f64 {
        let places = self.places();
        self.edges.iter().map(|edges| crossings(edges, &places)).sum()
    }

    fn around(&self, column: usize, places: &[f64]) -> f64 {
        let before = column.checked_sub(1).map_or(0.0, |before| crossings(&self.edges[before], places));
        before + self.edges.get(column).map_or(0.0, |after| crossings(after, places))
    }

    /// Swaps neighbours where that leaves fewer crossings; whether any were.
    fn swap_neighbours(&mut self) -> bool {
        let mut swapped = false;
        let mut places = self.places();
        for column in 0..self.order.len() {
            for at in 1..self.order[column].len() {
                let (a, b) = (self.order[column][at - 1], self.order[column][at]);
                let apart = self.groups[a].zip(self.groups[b]).is_some_and(|(a, b)| a != b);
                if apart {
                    continue;
                }
                let before = self.around(column, &places);
                places.swap(a, b);
                if self.around(column, &places) + 1e-9 < before {
                    self.order[column].swap(at - 1, at);
                    swapped = true;
                } else {
                    places.swap(a, b);
                }
            }
        }
        swapped
    }
}

fn crossings(edges: &[Edge], places: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (at, one) in edges.iter().enumerate() {
        for other in &edges[..at] {
            let left = places[one.left] - places[other.left];
            let right = places[one.right] - places[other.right];
            if left * right < 0.0 {
                sum += one.weight.min(other.weight).sqrt();
            }
        }
    }
    sum
}
