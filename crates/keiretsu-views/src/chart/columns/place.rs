//! Heights for the nodes of layers: near their partners, in their order, none over another.

use super::super::tie::TieWeb;
use super::order::{Layers, Node};

/// Between boxes, between groups of boxes, and beside a bend.
const GAP: f64 = 12.0;
const GROUP_GAP: f64 = 30.0;
const BEND_GAP: f64 = 5.0;
/// Rounds of moving towards partners.
const ROUNDS: usize = 60;

/// Where everything stands, from the top of the drawing.
pub struct Place {
    /// The upper edges of boxes.
    pub seats: Vec<f64>,
    /// The middles of all nodes.
    pub nodes: Vec<f64>,
    /// The height of the drawing.
    pub height: f64,
}

impl Place {
    /// The places of nodes of these heights.
    pub fn of(layers: &Layers, web: &TieWeb, height: &dyn Fn(&Node) -> f64) -> Self {
        let heights: Vec<f64> = layers.nodes.iter().map(height).collect();
        let partners = layers.partners();
        let mut middles = vec![0.0; layers.nodes.len()];
        let offsets: Vec<Vec<f64>> =
            layers.order.iter().map(|layer| offsets(layer, layers, web, &heights)).collect();
        for (layer, offsets) in layers.order.iter().zip(&offsets) {
            for (node, offset) in layer.iter().zip(offsets) {
                middles[*node] = *offset;
            }
        }
        for round in 0..ROUNDS {
            let mut columns: Vec<usize> = (0..layers.order.len()).collect();
            if round % 2 == 1 {
                columns.reverse();
            }
            for column in columns {
                settle(&layers.order[column], &offsets[column], &partners, &mut middles);
            }
        }
        let ends = |at: usize, side: f64| middles[at] + side * heights[at] / 2.0;
        let top = (0..middles.len()).map(|at| ends(at, -1.0)).fold(f64::INFINITY, f64::min);
        let bottom = (0..middles.len()).map(|at| ends(at, 1.0)).fold(f64::NEG_INFINITY, f64::max);
        let seats = (0..web.seats.len()).map(|seat| ends(seat, -1.0) - top).collect();
        Self {
            seats,
            nodes: middles.iter().map(|middle| middle - top).collect(),
            height: (bottom - top).max(0.0),
        }
    }
}

/// The least height of each node of a layer below the first.
fn offsets(layer: &[usize], layers: &Layers, web: &TieWeb, heights: &[f64]) -> Vec<f64> {
    let mut offsets = Vec::new();
    let mut y = 0.0;
    for (at, node) in layer.iter().enumerate() {
        if let Some(before) = at.checked_sub(1).map(|before| layer[before]) {
            let gap = match (layers.nodes[before], layers.nodes[*node]) {
                (Node::Seat(a), Node::Seat(b)) if web.seats[a].group != web.seats[b].group => GROUP_GAP,
                (Node::Seat(_), Node::Seat(_)) => GAP,
                _ => BEND_GAP,
            };
            y += heights[before] / 2.0 + gap + heights[*node] / 2.0;
        }
        offsets.push(y);
    }
    offsets
}

/// Moves the nodes of a layer as near to their partners as order and gaps allow: isotonic regression by
/// pooling adjacent violators (Ayer et al., 1955).
fn settle(layer: &[usize], offsets: &[f64], partners: &[Vec<(usize, f64)>], middles: &mut [f64]) {
    // Blocks of nodes that touch: the sum of wanted places, the weight, and how many.
    let mut blocks: Vec<(f64, f64, usize)> = Vec::new();
    for (node, offset) in layer.iter().zip(offsets) {
        let weight: f64 = partners[*node].iter().map(|(_, weight)| weight).sum();
        let sum: f64 = partners[*node].iter().map(|(other, weight)| middles[*other] * weight).sum();
        // What has no partners stays where it is, and gives way.
        let (wanted, weight) = if weight > 0.0 { (sum / weight, weight) } else { (middles[*node], 0.05) };
        blocks.push(((wanted - offset) * weight, weight, 1));
        while let [.., before, last] = blocks.as_slice() {
            if before.0 / before.1 <= last.0 / last.1 {
                break;
            }
            let pooled = (before.0 + last.0, before.1 + last.1, before.2 + last.2);
            blocks.truncate(blocks.len() - 2);
            blocks.push(pooled);
        }
    }
    let mut nodes = layer.iter().zip(offsets);
    for (sum, weight, count) in blocks {
        for (node, offset) in nodes.by_ref().take(count) {
            middles[*node] = sum / weight + offset;
        }
    }
}
