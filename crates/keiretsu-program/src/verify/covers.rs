//! Covers: who pays, who is paid, and what is covered.

use super::Check;
use crate::{Cover, FlowId};

impl Check<'_> {
    pub(super) fn covers(&mut self) {
        let program = self.program;
        for (index, cover) in program.covers.iter().enumerate() {
            self.at("cover", index);
            self.reg(cover.share);
            self.maybe_reg(cover.limit);
            self.maybe_reg(cover.cushion);
            self.maybe_reg(cover.worth);
            self.maybe_reg(cover.grows);
            for (at, outstanding) in cover.claims.iter().enumerate() {
                self.range('#', outstanding.claim.0, program.claims.len(), "claims");
                self.reg(outstanding.falls);
                let twice = cover.claims[..at].iter().any(|other| other.claim == outstanding.claim);
                self.hold(!twice, "names a claim twice");
            }
            let mut found = true;
            for &flow in cover.flows.iter().chain([&cover.call]) {
                found &= self.flow(flow);
            }
            let twice = program.covers[..index].iter().any(|other| other.call == cover.call);
            self.hold(!twice, "its call is the call of another cover");
            if found {
                self.covered(cover);
            }
        }
    }

    /// Who pays whom, once all flows exist.
    fn covered(&mut self, cover: &Cover) {
        let program = self.program;
        let ends = |flow: FlowId| {
            let flow = &program.flows[flow.at()];
            (self.purse(flow.from), self.purse(flow.to))
        };
        let (guarantor, beneficiary) = ends(cover.call);
        let payers: Vec<_> = cover.flows.iter().map(|&flow| ends(flow)).collect();
        self.hold(guarantor != beneficiary, "its guarantor is its beneficiary");
        for (at, (&flow, (from, to))) in cover.flows.iter().zip(payers).enumerate() {
            self.hold(to == beneficiary, "covers a flow to another than its beneficiary");
            self.hold(from != guarantor, "covers what its guarantor owes himself");
            self.hold(from != to, "covers a flow within one purse");
            self.hold(!cover.flows[..at].contains(&flow), "covers a flow twice");
            let is_call = program.covers.iter().any(|other| other.call == flow);
            self.hold(!is_call, "covers the call of a cover");
        }
    }
}
