//! Turns the layers paid in part into one sparse linear system x = c + W x, with W >= 0.
//!
//! One row a party: its marginal tranche if it is in default (x = the paid share), its equity if not and if
//! somebody holds a part (x = its value).

use super::network::{NONE, Network};
use super::solve::Solver;

#[derive(Clone, Debug, Default)]
pub(super) struct System {
    /// Row of each layer, or `NONE`.
    row_of: Vec<u32>,
    layers: Vec<u32>,
    parties: Vec<u32>,
    pub(super) starts: Vec<u32>,
    pub(super) columns: Vec<u32>,
    pub(super) weights: Vec<f64>,
    pub(super) constants: Vec<f64>,
    pub(super) x: Vec<f64>,
    /// Money that x = 1 stands for.
    pub(super) sizes: Vec<f64>,
    /// Dense matrix and right-hand side for small systems and components.
    pub(super) dense: Vec<f64>,
    pub(super) dense_right: Vec<f64>,
    pub(super) members: Vec<u32>,
    /// Place of each row among the members eliminated, or `NONE`.
    pub(super) position: Vec<u32>,
}

impl System {
    pub(super) fn layers(&self) -> &[u32] {
        &self.layers
    }

    pub(super) fn solution(&self) -> &[f64] {
        &self.x
    }

    /// Reads rows off the present state, whose values are the first guess.
    pub(super) fn extract(&mut self, network: &Network, solver: &Solver) {
        self.find_rows(network, solver);
        self.starts.clear();
        self.starts.push(0);
        self.columns.clear();
        self.weights.clear();
        self.constants.clear();
        self.x.clear();
        self.sizes.clear();
        let claims = |party: &u32| network.claims[*party as usize + 1] - network.claims[*party as usize];
        let claims_max = self.parties.iter().map(claims).sum::<u32>() as usize;
        self.columns.resize(claims_max, 0);
        self.weights.resize(claims_max, 0.0);
        for row in 0..self.layers.len() {
            let layer = self.layers[row] as usize;
            self.x.push(solver.state[layer]);
            self.push_row(network, solver, self.parties[row] as usize, layer);
        }
        let end = self.starts[self.layers.len()] as usize;
        self.columns.truncate(end);
        self.weights.truncate(end);
    }

    fn find_rows(&mut self, network: &Network, solver: &Solver) {
        self.row_of.clear();
        self.row_of.resize(network.layers, NONE);
        self.layers.clear();
        self.parties.clear();
        for party in 0..network.parties() {
            let marginal = solver.marginal[party];
            let layer = if marginal < network.tranches[party + 1] {
                marginal
            } else {
                match network.equity.get(party) {
                    Some(layer) if *layer != NONE && 0.0 < solver.state[*layer as usize] => *layer,
                    _ => continue,
                }
            };
            self.row_of[layer as usize] = self.layers.len() as u32;
            self.layers.push(layer);
            self.parties.push(party as u32);
        }
    }

    fn push_row(&mut self, network: &Network, solver: &Solver, party: usize, layer: usize) {
        let in_default = layer < network.due.len();
        let (assets_kept, receipts_kept, scale, senior) = if in_default {
            let costs = solver.costs_of(party);
            let senior: f64 = network.due[network.tranches[party] as usize..layer].iter().sum();
            (costs.assets_kept, costs.receipts_kept, 1.0 / network.due[layer], senior)
        } else {
            (1.0, 1.0, 1.0, network.due_total[party])
        };
        let mut receipts = 0.0;
        let mut end = self.starts[self.starts.len() - 1] as usize;
        let range = network.claims[party] as usize..network.claims[party + 1] as usize;
        for (layer, weight) in network.claim_layer[range.clone()].iter().zip(&network.claim_weight[range]) {
            // Written always and kept if the claim is on a row, since a branch would often be mispredicted.
            let row = self.row_of[*layer as usize];
            self.columns[end] = row;
            self.weights[end] = weight * (receipts_kept * scale);
            end += usize::from(row != NONE);
            receipts += if row == NONE { weight * solver.state[*layer as usize] } else { 0.0 };
        }
        let value = assets_kept * solver.assets[party] + receipts_kept * receipts;
        self.constants.push((value - senior) * scale);
        self.sizes.push(1.0 / scale);
        self.starts.push(end as u32);
    }
}
