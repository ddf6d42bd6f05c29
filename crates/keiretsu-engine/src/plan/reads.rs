//! What anything reads of the outcome of a month, found in one pass over the program and the probes.

use keiretsu_program::{Feed, Op, Program, Quantity, RunSpec};

use super::kinds::Kinds;

/// Whether something reads each of these.
pub struct Reads {
    /// Accounts.
    pub accounts: Vec<bool>,
    /// Cash of purses, by registers and probes.
    pub cash: Vec<bool>,
    /// Net cash of purses.
    pub net: Vec<bool>,
    /// What is due or paid on flows.
    pub flows: Vec<bool>,
    /// Flows that credits settle.
    pub credited: Vec<bool>,
    /// Values of parties.
    pub values: Vec<bool>,
    /// Values of holdings.
    pub holdings: Vec<bool>,
    /// Values of parties at as-of, to which marks are rebased.
    pub value_starts: Vec<bool>,
}

impl Reads {
    /// Looks at a program and a run of it.
    pub fn new(program: &Program, spec: &RunSpec, kinds: &Kinds) -> Self {
        let parties = vec![false; program.parties.len()];
        let mut reads = Self {
            accounts: vec![false; program.accounts.len()],
            cash: parties.clone(),
            net: parties.clone(),
            flows: vec![false; program.flows.len()],
            credited: vec![false; program.flows.len()],
            values: parties.clone(),
            holdings: vec![false; program.holdings.len()],
            value_starts: parties,
        };
        for (op, _) in program.ops.iter().zip(&kinds.needed).filter(|(_, needed)| **needed) {
            match *op {
                Op::Account(account) => reads.accounts[account.at()] = true,
                Op::Cash(party) => reads.cash[program.parties[party.at()].purse.at()] = true,
                _ => {}
            }
        }
        for feed in program.accounts.iter().flat_map(|account| &account.feeds) {
            if let Feed::Payment(flow) = feed {
                reads.flows[flow.at()] = true;
            }
        }
        for (flow, read) in program.flows.iter().zip(&mut reads.flows) {
            *read |= flow.issue.is_some();
        }
        for flow in program.credits.iter().flat_map(|pool| &pool.flows) {
            reads.credited[flow.at()] = true;
        }
        for quantity in spec.quantities() {
            reads.probe(program, quantity);
        }
        reads
    }

    fn probe(&mut self, program: &Program, quantity: Quantity) {
        let purse = |party: keiretsu_program::PartyId| program.parties[party.at()].purse.at();
        match quantity {
            Quantity::Due(flow) | Quantity::Payment(flow) => self.flows[flow.at()] = true,
            Quantity::Net(party) => self.net[purse(party)] = true,
            Quantity::Cash(party) => self.cash[purse(party)] = true,
            Quantity::Value(party) => self.values[party.at()] = true,
            Quantity::Holding(id) => {
                let holding = &program.holdings[id.at()];
                self.holdings[id.at()] = true;
                let issuer = holding.issuer.at();
                self.value_starts[issuer] |=
                    holding.mark.is_some() && program.parties[issuer].value.is_some();
            }
            _ => {}
        }
    }
}
