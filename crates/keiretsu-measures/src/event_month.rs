//! The month in which something is supposed to happen.

use keiretsu_program::Month;

use crate::{Query, RunsError, Subject};

impl Subject<'_> {
    /// The month index of the requested day; the first month where there is none.
    ///
    /// # Errors
    /// [`RunsError::Refused`] where that month is not run.
    pub(crate) fn requested_month(&self, query: &Query) -> Result<u32, RunsError> {
        let Some(day) = query.at else { return Ok(1) };
        let month = Month::new(i32::from(day.year()), i32::from(day.month()));
        self.program.index(month).ok_or_else(|| {
            let (first, last) = (self.program.month(1), self.program.month(self.program.months));
            RunsError::Refused(
                format!("{month} is not among the months that are run"),
                format!("give a day from {first} to {last}, or a longer `horizon`"),
            )
        })
    }

    /// Whether the scenario or policy of a party lets it fail in a run.
    pub(crate) fn can_fail(&self, party: keiretsu_model::PartyRef) -> bool {
        self.program.parties[party.at()].funding.is_some_and(|funding| funding.default)
    }
}
