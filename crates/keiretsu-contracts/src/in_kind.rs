//! Units given for something else than cash: the money that prices them goes back in the same month.

use keiretsu_program::{FlowId, PastFlow, Tag};

use crate::lowering::{Lowering, Terms};

impl Lowering<'_> {
    /// The same amount back, for what the units are given for.
    pub fn flow_back(&mut self, of: FlowId, tag: Tag) {
        let flow = self.program.program().flows[of.at()];
        let back = self.program.flow(flow.amount, flow.to, flow.from, tag);
        self.program.flow_mut(back).rank = flow.rank;
        self.program.flow_mut(back).survives = flow.survives;
        let label = self.side.flows[of.at()].clone();
        self.side.flows.push(label);
    }

    /// The same for the payments before the run that were noted last: all of one name.
    pub fn past_back(&mut self, tag: Tag) {
        let Some(last) = self.side.past.last().cloned() else { return };
        let known = self.program.program().past.len();
        let same = self.side.past.iter().rev().take_while(|past| past.name == last.name).count();
        for at in known - same..known {
            let past = self.program.program().past[at];
            self.program.past(PastFlow { from: past.to, to: past.from, tag, ..past });
            let label = self.side.past[at].clone();
            self.side.past.push(label);
        }
    }

    /// Marks the commitment that was noted last as one that no cash fulfils.
    pub fn without_cash(&mut self, terms: &Terms<'_>) {
        if let Some(last) = self.side.commitments.last_mut().filter(|_| terms.current) {
            last.tag = "in kind";
        }
    }
}
