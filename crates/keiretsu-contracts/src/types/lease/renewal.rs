//! Options to renew as a commitment. Where a residual value is guaranteed they are one of two branches, since
//! whoever renews does not pay the shortfall of that day.

use keiretsu_model::{Standing, When};
use keiretsu_program::FlowId;
use keiretsu_values::{Reading, Value};

use super::branches::NAME;
use super::terms::Run;
use crate::calendar::last_of;
use crate::lowering::Lowering;

/// The two ways out of a lease that guarantees a value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Branch {
    Renewal,
    Residual,
}

impl Run<'_> {
    /// The branch that counts in the headline reading: the larger as read. `None` where there is one.
    pub fn larger_branch(&self, lowering: &Lowering<'_>, standing: Standing) -> Option<Branch> {
        if !self.terms.record.has("residual") {
            return None;
        }
        let renewals = self.renewals(lowering, standing)?;
        let due = self.residual_on(lowering).or(self.last_renewed(self.first.unwrap_or(1)));
        let day = due.map_or(lowering.model.as_of, |due| last_of(lowering.calendar.month(due)));
        let read = |value: Value| value.amount().unwrap_or(0.0);
        let residual = read(self.most(lowering, day));
        // All of them, so that it is the same branch seen from every day.
        let larger = residual <= read(renewals.amount(Reading::Headline));
        Some(if larger { Branch::Renewal } else { Branch::Residual })
    }

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
