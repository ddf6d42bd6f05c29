//! What other measures say of one party and those it holds a part of: their own numbers, never made again.

use keiretsu_model::PartyRef;
use keiretsu_program::{Probe, Reading};
use keiretsu_values::{Total, Value};

use super::Answer;
use super::side::Side;
use crate::measures::circularity::{self, ComesBack};
use crate::measures::exposure::{self, Peak};
use crate::measures::{debt_service, lock_in, obligations, value_capture};
use crate::{Measure, Query, Seen, SoughtNumber, Subject};

/// The measures that answer.
static MEASURES: [&dyn Measure; 6] = [
    &circularity::Circularity,
    &exposure::Exposure,
    &lock_in::LockIn,
    &value_capture::ValueCapture,
    &debt_service::DebtService,
    &obligations::Obligations,
];

/// The probes of all measures compared.
pub(super) fn needs(subject: &Subject<'_>, parties: &[PartyRef]) -> Vec<Probe> {
    MEASURES.iter().flat_map(|measure| measure.needs(subject, &expected(parties))).collect()
}

/// The probes of exposures alone.
pub(super) fn exposed(subject: &Subject<'_>, parties: &[PartyRef]) -> Vec<Probe> {
    exposure::Exposure.needs(subject, &expected(parties))
}

/// The parties compared, in the expected reading, since discretionary flows of the run count here. Of
/// circularity only the table of parties is read, not the web as a whole.
fn expected(parties: &[PartyRef]) -> Query {
    let table = circularity::PARTIES.name.to_owned();
    let sought = Some(SoughtNumber { table, row: vec![], column: None });
    Query { parties: parties.to_vec(), reading: Some(Reading::Expected), sought, ..Query::default() }
}

/// What is asked of the debts of a party.
#[derive(Clone, Copy, Debug)]
pub(super) enum Credit {
    /// The lowest DSCR.
    Cover,
    /// Adjusted debt.
    Adjusted,
}

/// The answers of several measures, by party.
pub(super) struct Across<'a> {
    subject: &'a Subject<'a>,
    deals: Vec<(PartyRef, PartyRef)>,
    back: Vec<ComesBack>,
    peaks: Vec<Peak>,
    covers: Vec<(PartyRef, [Option<Value>; 2])>,
    captured: Vec<(PartyRef, Vec<(&'static str, Total)>)>,
}

/// The reading that everything is compared in.
const AT: Reading = Reading::Expected;

impl<'a> Across<'a> {
    pub(super) fn of(subject: &'a Subject<'a>, parties: &[PartyRef], seen: &Seen<'_>) -> Self {
        let query = expected(parties);
        let captured = |party: &PartyRef| (*party, value_capture::captured(subject, *party, seen));
        let covers = |party: &PartyRef| {
            let lowest = debt_service::lowest_cover(subject, seen, *party, AT);
            (*party, [lowest, obligations::adjusted_debt(subject, seen, *party, Reading::Headline)])
        };
        Self {
            subject,
            covers: parties.iter().map(covers).collect(),
            deals: lock_in::deals(subject, &query),
            back: circularity::comes_back(subject, &query, seen),
            peaks: peaks(subject, parties, seen),
            captured: parties.iter().map(captured).collect(),
        }
    }

    /// Of all that a party sends, a share that comes back.
    pub(super) fn comes_back(&self, party: PartyRef, share: impl Fn(&ComesBack) -> &Option<Value>) -> Answer {
        let back = self.back.iter().find(|back| back.party == party);
        back.and_then(|back| share(back).clone()).map_or(Answer::Nothing, Answer::Number)
    }

    /// The partners that are contracted to buy from a party.
    fn buyers<'s>(&'s self, side: &'s Side<'_>) -> impl Iterator<Item = PartyRef> + 's {
        let seller = side.party();
        side.partners().iter().copied().filter(move |buyer| self.deals.contains(&(*buyer, seller)))
    }

    /// The party's share in contracted purchases of its partners, and theirs in its sales.
    pub(super) fn dependence(
        &self,
        side: &Side<'_>,
        share: fn(&Subject<'_>, PartyRef, PartyRef, Reading) -> Value,
    ) -> Answer {
        let share = |buyer: PartyRef| (buyer, share(self.subject, buyer, side.party(), AT));
        let shares: Vec<_> = self.buyers(side).map(share).collect();
        side.by_partner(&shares)
    }

    /// Total cost to the partners of leaving.
    pub(super) fn leaving(&self, side: &Side<'_>) -> Total {
        let cost = |buyer| Some(lock_in::leaving(self.subject, buyer, side.party(), AT).cost);
        self.sum(side, self.buyers(side).map(|buyer| (buyer, cost(buyer))))
    }

    /// Capacity built for them that others could not use.
    pub(super) fn stranded(&self, side: &Side<'_>) -> Total {
        let stranded = |buyer| {
            let [.., stranded] = lock_in::built(self.subject, buyer, side.party(), AT)?;
            Some(stranded)
        };
        self.sum(side, self.buyers(side).map(|buyer| (buyer, stranded(buyer))))
    }

    /// The largest loss if the partners failed: the peak over the run.
    pub(super) fn exposed(&self, side: &Side<'_>) -> Total {
        self.exposed_by(side, &self.peaks)
    }

    /// The same by the peaks of another world.
    pub(super) fn exposed_by(&self, side: &Side<'_>, peaks: &[Peak]) -> Total {
        let peak = |debtor: PartyRef| {
            let found = peaks.iter().find(|peak| peak.creditor == side.party() && peak.debtor == debtor);
            (debtor, found.and_then(|peak| peak.peak.clone()))
        };
        self.sum(side, side.partners().iter().copied().map(peak))
    }

    /// A sum over partners; one to which it does not apply adds nothing.
    fn sum(&self, side: &Side<'_>, parts: impl Iterator<Item = (PartyRef, Option<Value>)>) -> Total {
        let mut total = Total::default();
        for (partner, value) in parts {
            if let Some(value) = value {
                let names =
                    format!("{} and {}", self.subject.title(side.party()), self.subject.title(partner));
                total.add(&names, &value);
            }
        }
        total
    }

    /// What contracts bring for each unit of debt service in the worst year, or adjusted debt.
    pub(super) fn credit(&self, party: PartyRef, which: Credit) -> Answer {
        let mine = self.covers.iter().find(|(of, _)| *of == party);
        let value = mine.and_then(|(_, values)| values[which as usize].clone());
        value.map_or(Answer::Nothing, Answer::Number)
    }

    /// The parts of value, in the order of their columns.
    pub(super) fn parts(&self) -> Vec<&'static str> {
        let mut parts = Vec::new();
        for (part, _) in self.captured.iter().flat_map(|(_, parts)| parts) {
            if !parts.contains(part) {
                parts.push(*part);
            }
        }
        parts
    }

    /// A part of the value that a party captures, nominal.
    pub(super) fn captured(&self, party: PartyRef, part: &str) -> Answer {
        let parts = self.captured.iter().filter(|(of, _)| *of == party).flat_map(|(_, parts)| parts);
        let mut found = parts.filter(|(name, _)| *name == part);
        found.next().map_or(Answer::Nothing, |(_, total)| Answer::Number(total.value()))
    }
}

/// The peaks of exposure of parties in a world.
pub(super) fn peaks(subject: &Subject<'_>, parties: &[PartyRef], seen: &Seen<'_>) -> Vec<Peak> {
    exposure::peaks(subject, &expected(parties), seen)
}
