//! Turns the classes paid in part into one sparse linear system x = c + W x, with W >= 0.
//!
//! One row a party: its marginal rank class if it is in default (x = the paid share), its equity if not
//! and if there is a holder (x = its value).

use super::network::{NONE, Network};
use super::solve::Solver;

#[derive(Clone, Debug, Default)]
pub(super) struct System {
    /// Row of each class, or `NONE`.
    row_of: Vec<u32>,
    classes: Vec<u32>,
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
    pub(super) fn classes(&self) -> &[u32] {
        &self.classes
    }

    pub(super) fn solution(&self) -> &[f64] {
        &self.x
    }

    /// Reads rows off the present state; its values are the first guess.
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
        for row in 0..self.classes.len() {
            let class = self.classes[row] as usize;
            self.x.push(solver.state[class]);
            self.push_row(network, solver, self.parties[row] as usize, class);
        }
        let end = self.starts[self.classes.len()] as usize;
        self.columns.truncate(end);
        self.weights.truncate(end);
    }

    fn find_rows(&mut self, network: &Network, solver: &Solver) {
        self.row_of.clear();
        self.row_of.resize(network.classes, NONE);
        self.classes.clear();
        self.parties.clear();
        for party in 0..network.parties() {
            let marginal = solver.marginal[party];
            let class = if marginal < network.rank_classes[party + 1] {
                marginal
            } else {
                match network.equity.get(party) {
                    Some(class) if *class != NONE && 0.0 < solver.state[*class as usize] => *class,
                    _ => continue,
                }
            };
            self.row_of[class as usize] = self.classes.len() as u32;
            self.classes.push(class);
            self.parties.push(party as u32);
        }
    }

    fn push_row(&mut self, network: &Network, solver: &Solver, party: usize, class: usize) {
        let in_default = class < network.due.len();
        let (assets_kept, receipts_kept, scale, senior) = if in_default {
            let costs = solver.costs_of(party);
            let senior: f64 = network.due[network.rank_classes[party] as usize..class].iter().sum();
            (costs.assets_kept, costs.receipts_kept, 1.0 / network.due[class], senior)
        } else {
            (1.0, 1.0, 1.0, network.due_total[party])
        };
        let mut receipts = 0.0;
        let mut end = self.starts[self.starts.len() - 1] as usize;
        let range = network.claims[party] as usize..network.claims[party + 1] as usize;
        for (class, weight) in network.claim_class[range.clone()].iter().zip(&network.claim_weight[range]) {
            // Written always and kept if the claim is on a row, since a branch would often be mispredicted.
            let row = self.row_of[*class as usize];
            self.columns[end] = row;
            self.weights[end] = weight * (receipts_kept * scale);
            end += usize::from(row != NONE);
            receipts += if row == NONE { weight * solver.state[*class as usize] } else { 0.0 };
        }
        let value = assets_kept * solver.assets[party] + receipts_kept * receipts;
        self.constants.push((value - senior) * scale);
        self.sizes.push(1.0 / scale);
        self.starts.push(end as u32);
    }
}
