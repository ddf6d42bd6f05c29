//! The obligations that are no debt of today, each with its kind, its bearer and its trigger.

use jiff::civil::Date;
use keiretsu_contracts::side::{Cancellable, Commitment};
use keiretsu_model::{PartyRef, Standing};
use keiretsu_program::{Reading, Span, Tag};
use keiretsu_values::Value;

use super::due;
use crate::measures::commitments::Weighed;
use crate::{Query, Seen, Subject};

/// An obligation that is no debt of today.
pub(super) struct Hidden<'a> {
    pub commitment: &'a Commitment,
    pub kind: &'static str,
    pub bearer: PartyRef,
}

impl Hidden<'_> {
    /// Its trigger.
    pub fn trigger(&self, subject: &Subject<'_>) -> String {
        let stated = |term: &str| {
            let record = subject.model.contract(self.commitment.contract)?.record();
            Some(record.entry(term)?.text.trim_matches('"').to_owned())
        };
        match (&self.commitment.trigger, self.commitment.standing) {
            (Some(words), _) => words.clone(),
            (None, Standing::Binding) => "its date".to_owned(),
            _ => stated("when").unwrap_or_else(|| "not stated".to_owned()),
        }
    }

    /// The largest amount due, as worded.
    pub fn most(&self) -> Value {
        self.commitment.left(Reading::Headline)
    }

    /// Whether the two are branches of one contract, or alternatives to each other.
    pub fn excludes(&self, other: &Self) -> bool {
        let [one, other] = [self.commitment, other.commitment];
        if one.alternative.is_some() && one.alternative == other.alternative {
            return one.contract != other.contract;
        }
        one.branch && other.branch && one.contract == other.contract && one.tranche != other.tranche
    }

    /// Whether its contract says whether it can be cancelled.
    pub fn says(&self) -> bool {
        self.commitment.cancelling.said != Cancellable::Nothing
    }

    /// What of the largest amount counts in totals.
    pub fn most_in_totals(&self) -> Value {
        self.commitment.left_in_totals(Reading::Headline)
    }

    /// The expected amount: the amount times its chance in the expected reading.
    pub fn weighed(&self, subject: &Subject<'_>, seen: &Seen<'_>) -> Value {
        Weighed { seen, subject }.left(self.commitment, Reading::Expected)
    }

    /// Its mean over all paths within the run, with the standard error.
    pub fn simulated(&self, seen: &Seen<'_>) -> [Value; 2] {
        let unknown = |why: &str| [Value::undisclosed(why), Value::undisclosed(why)];
        let Some(flow) = self.commitment.flow else { return unknown("no flow of the run is its own") };
        match seen.simulated(due(flow, Span::Whole)) {
            Some(series) if !series.mean[0].is_nan() && !seen.is_unknown_on_paths(flow) => {
                let expected = seen.value(Reading::Expected, due(flow, Span::Whole), 0);
                [series.mean[0], series.standard_error[0]].map(|x| crate::over_paths::value(x, &expected))
            }
            _ => unknown(crate::over_paths::UNKNOWN),
        }
    }
}

/// Those that are asked for.
pub(super) fn hidden<'a>(subject: &Subject<'a>, query: &Query) -> Vec<Hidden<'a>> {
    let model = subject.model;
    let mut list = Vec::new();
    for commitment in subject.standing_by_party() {
        let (bearer, to) = (model.group(commitment.from), model.group(commitment.to));
        let asked = bearer != to && (query.wants(bearer) || query.wants(to));
        if let Some(kind) = kind(subject, commitment).filter(|_| asked) {
            list.push(Hidden { commitment, kind, bearer });
        }
    }
    list
}

/// The kind of hidden obligation of a commitment, if it is one and some of it is still to come.
fn kind(subject: &Subject<'_>, commitment: &Commitment) -> Option<&'static str> {
    let contract = subject.model.contract(commitment.contract)?;
    let open =
        matches!(commitment.standing, Standing::Binding | Standing::Conditional) && !commitment.is_past();
    if !open {
        return None;
    }
    if commitment.alternative.is_some() && commitment.option_of.is_none() {
        let owes = Some(subject.model.group(commitment.from))
            == contract.obligor.map(|one| subject.model.group(one));
        return owes.then_some("alternative");
    }
    let keyword = contract.spec.keyword;
    if commitment.branch && commitment.option_of.is_some() {
        return Some("renewal");
    }
    if let Some(by) = &commitment.option_of {
        // What the payer may do and need not is no obligation.
        let group = |party: &PartyRef| subject.model.group(*party);
        let own = !by.is_empty() && by.iter().all(|party| group(party) == group(&commitment.from));
        return (!own).then_some("option");
    }
    match keyword {
        "guarantee" | "backstop" => return Some(keyword),
        "lease" if commitment.tranche.is_some() => return Some("residual value"),
        _ => {}
    }
    let as_of = subject.model.as_of;
    match commitment.standing {
        Standing::Binding if commitment.is_capital() => Some("tranche, binding"),
        // What is still to be lent; what comes back is a debt.
        Standing::Binding if commitment.is_for(Tag::Principal) && commitment.tranche.is_none() => {
            Some("loan, undrawn")
        }
        Standing::Binding if commitment.trigger.is_some() => Some("contingent"),
        Standing::Binding => {
            let later = begins(subject, commitment).is_some_and(|begins| as_of < begins);
            (keyword == "lease" && later).then_some("lease not begun")
        }
        _ if commitment.is_capital() => Some("tranche, conditional"),
        _ => Some("conditional"),
    }
}

/// The day on which the lease of a commitment begins, where something dates it.
pub(super) fn begins(subject: &Subject<'_>, commitment: &Commitment) -> Option<Date> {
    let noted = subject.side.leases.iter().find(|lease| lease.contract == commitment.contract);
    let stated = || Some(subject.model.contract(commitment.contract)?.record().when("from")?.first);
    noted.map_or_else(stated, |lease| lease.begins)
}
