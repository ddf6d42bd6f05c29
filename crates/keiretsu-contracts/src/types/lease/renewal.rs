//! Options to renew as a commitment. Where a residual value is guaranteed they are one of two branches, since
//! whoever renews does not pay the shortfall of that day.

use keiretsu_model::{Standing, When};
use keiretsu_program::FlowId;

use super::branches::NAME;
use super::terms::Run;
use crate::lowering::Lowering;

impl Run<'_> {
    /// Notes as a commitment what renewing costs, as far as it is still to come: what is past of options in
    /// use is nobody's choice any more. What is expected of it is what the run makes due.
    pub fn promise_renewal(&self, lowering: &mut Lowering<'_>, standing: Standing, flow: Option<FlowId>) {
        let Some(mut renewals) = self.renewals(lowering, standing).filter(|_| self.terms.current) else {
            return;
        };
        let had = renewals.dues.len();
        renewals.dues.retain(|due| !due.past);
        if 0 < had && renewals.dues.is_empty() {
            return;
        }
        let last = renewals.dues.last().map(|due| When::day(due.on));
        renewals.option_of = Some(vec![self.terms.obligor()]);
        lowering.side.commitments.push(renewals);
        self.mark_branch(lowering);
        let Some(flow) = flow else { return };
        let when = self.terms.record.table(NAME).and_then(|table| table.entry("when"));
        let words = when.map_or("the lessee renews", |entry| entry.text.as_str());
        lowering.triggered_by(&self.terms, words, last);
        lowering.dated_by(&self.terms, flow);
    }

    /// Marks what has just been promised as one of two branches, where the lease has both.
    pub fn mark_branch(&self, lowering: &mut Lowering<'_>) {
        let both = self.terms.record.has(NAME) && self.terms.record.has("residual");
        if let Some(last) = lowering.side.commitments.last_mut().filter(|_| both) {
            last.branch = true;
        }
    }
}
