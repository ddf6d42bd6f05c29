//! Payments before the run: what fell due by as-of is paid.

use keiretsu_model::PartyRef;
use keiretsu_program::{PartyId, PastFlow, Tag};
use keiretsu_values::Reading;

use crate::calendar::month;
use crate::lowering::Lowering;
use crate::side::{Due, FlowLabel};
use crate::terms::{Terms, ended};

impl Lowering<'_> {
    /// What of some dues fell due by as-of, firm, as payments from one party to another.
    pub fn past_dues(
        &mut self,
        terms: &Terms<'_>,
        tranche: Option<&str>,
        [from, to]: [PartyRef; 2],
        dues: &[Due],
        tag: Tag,
    ) {
        // A slice of a whole moves nothing of its own.
        if self.in_whole(terms.contract) {
            return;
        }
        let (calendar, ended) = (self.calendar, ended(terms.contract, &self.calendar));
        let stood = |due: &&Due| ended.is_none_or(|ended| calendar.t(month(due.on)) < ended);
        let dues: Vec<Due> = dues.iter().filter(stood).cloned().collect();
        self.paid(terms, tranche, [from, to], &dues, tag);
    }

    /// The same, whether or not the contract stood.
    pub(crate) fn paid(
        &mut self,
        terms: &Terms<'_>,
        tranche: Option<&str>,
        [from, to]: [PartyRef; 2],
        dues: &[Due],
        tag: Tag,
    ) {
        let name = match tranche {
            Some(tranche) => format!("{}.{tranche}", terms.contract.name),
            None => terms.contract.name.clone(),
        };
        for due in dues.iter().filter(|due| due.past) {
            // What was paid in the month of as-of but before it belongs to what the run starts from.
            self.program.past(PastFlow {
                month: month(due.on).min(self.calendar.origin),
                amount: due.amounts[Reading::Firm].amount().unwrap_or(f64::NAN),
                from: PartyId(from.0),
                to: PartyId(to.0),
                tag,
            });
            self.side.past.push(FlowLabel { contract: Some(terms.id), name: name.clone(), on: Some(due.on) });
            self.side.past_amounts.push(due.amounts[Reading::Firm].clone());
        }
    }
}
