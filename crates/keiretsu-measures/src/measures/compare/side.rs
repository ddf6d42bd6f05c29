//! One party of a comparison: its answer to each question.

use keiretsu_contracts::side::Purpose;
use keiretsu_model::PartyRef;
use keiretsu_program::{Reading, Tag};
use keiretsu_values::{Table, Total, Value};

use super::Answer;
use crate::cancels::Cancels;
use crate::capital::Extent;
use crate::measures::{coverage, diversification, returns, visibility};
use crate::{Subject, shares};

/// One party with those in which it has a stake.
pub(super) struct Side<'a> {
    subject: &'a Subject<'a>,
    party: PartyRef,
    partners: Vec<PartyRef>,
}

/// Which of the marks of a stake is meant.
type MarkOf = fn(&returns::Stake) -> Option<&returns::Mark>;

impl<'a> Side<'a> {
    pub(super) fn new(subject: &'a Subject<'a>, party: PartyRef) -> Self {
        let partners = subject.stakes().into_iter().filter(|(owner, _)| *owner == party);
        Self { subject, party, partners: partners.map(|(_, issuer)| issuer).collect() }
    }

    /// The party.
    pub(super) fn party(&self) -> PartyRef {
        self.party
    }

    /// In whom it has a stake.
    pub(super) fn partners(&self) -> &[PartyRef] {
        &self.partners
    }

    /// Whether a platform treats the models of partners like others is in its own log, and nowhere else.
    pub(super) fn neutrality(&self) -> Answer {
        let model = self.subject.model;
        let mine = |platform: &&keiretsu_model::Platform| model.group(platform.operator) == self.party;
        let partner = |platform: &keiretsu_model::Platform| {
            platform.offers.iter().any(|(_, owner)| self.partners.contains(&model.group(*owner)))
        };
        if !model.platforms.iter().filter(mine).any(partner) {
            return Answer::Nothing;
        }
        let why = "only the platform's log can tell (`measure neutrality --log`)";
        Answer::Number(Value::unknown(why))
    }

    pub(super) fn partners_named(&self) -> Answer {
        let names: Vec<String> = self.partners.iter().map(|partner| self.subject.title(*partner)).collect();
        if names.is_empty() { Answer::Nothing } else { Answer::Words(names.join(", ")) }
    }

    fn sum(&self, part: impl Fn(PartyRef) -> Total) -> Total {
        let mut sum = Total::default();
        for partner in &self.partners {
            sum.append(part(*partner));
        }
        sum
    }

    fn put_in_total(&self, extent: Extent) -> Total {
        self.sum(|partner| self.subject.put_in(self.party, partner, extent))
    }

    pub(super) fn put_in(&self, extent: Extent, table: &mut Table) -> Answer {
        total(&self.put_in_total(extent), table)
    }

    fn back_total(&self, reading: Reading) -> Total {
        self.sum(|partner| self.subject.contracted(partner, self.party, reading))
    }

    pub(super) fn back(&self, table: &mut Table) -> Answer {
        total(&self.back_total(Reading::Firm), table)
    }

    /// What can be cancelled of what is contracted back, where some contract says whether it can be.
    fn back_by_cancelling(&self) -> Option<Cancels> {
        let mut cancels = Cancels::default();
        for partner in &self.partners {
            cancels.append(self.subject.contracted_cancels(*partner, self.party, Reading::Firm));
        }
        cancels.said().then_some(cancels)
    }

    pub(super) fn back_cancels(&self, part: fn(&Cancels) -> Value) -> Answer {
        self.back_by_cancelling().map_or(Answer::Nothing, |cancels| Answer::Number(part(&cancels)))
    }

    pub(super) fn coverage_if_cancelled(&self) -> Answer {
        let money = self.put_in_total(Extent::Firm).value();
        let back = self.back_by_cancelling();
        back.map_or(Answer::Nothing, |back| Answer::Number(coverage::ratio(&back.standing(), &money)))
    }

    pub(super) fn coverage(&self, extent: Extent) -> Answer {
        let reading = if extent == Extent::Headline { Reading::Headline } else { Reading::Firm };
        let (back, money) = (self.back_total(reading), self.put_in_total(extent));
        if back.is_empty() {
            return Answer::Nothing;
        }
        Answer::Number(coverage::ratio(&back.value(), &money.value()))
    }

    fn stakes(&self) -> Vec<returns::Stake> {
        let each =
            self.partners.iter().flat_map(|partner| returns::stakes(self.subject, self.party, *partner));
        each.collect()
    }

    /// One answer for a party with one stake; several are added where adding means something.
    fn over_stakes(&self, value: impl Fn(&returns::Stake) -> Value, adds: bool) -> Answer {
        let values: Vec<Value> = self.stakes().iter().map(value).collect();
        match values.as_slice() {
            [] => Answer::Nothing,
            [one] => Answer::Number(one.clone()),
            several if adds => {
                let mut total = Total::default();
                for value in several {
                    total.add("stake", value);
                }
                Answer::Number(total.value())
            }
            several => match several.iter().find(|value| value.amount().is_some()) {
                Some(known) if several.iter().filter(|value| value.amount().is_some()).count() == 1 => {
                    Answer::Number(known.clone())
                }
                _ => Answer::Number(Value::unknown("differs by stake, or is undisclosed")),
            },
        }
    }

    /// Whether its stakes are valued by marks or by the value of the issuer as modelled.
    pub(super) fn stakes_are(&self) -> Answer {
        let stakes = self.stakes();
        let values = stakes.iter().filter_map(|stake| stake.values().into_iter().next());
        let known = values.filter(|mark| mark.value[Reading::Expected].amount().is_some());
        let modelled: Vec<bool> = known.map(|mark| mark.is_modelled).collect();
        match (modelled.contains(&false), modelled.contains(&true)) {
            (false, false) => Answer::Nothing,
            (true, false) => Answer::Words("marks, unrealised".to_owned()),
            (false, true) => Answer::Words("as modelled, no mark".to_owned()),
            (true, true) => Answer::Words("marks and as modelled".to_owned()),
        }
    }

    pub(super) fn stake(&self) -> Answer {
        self.over_stakes(|stake| stake.share[Reading::Firm].clone(), false)
    }

    pub(super) fn mark(&self, mark: MarkOf, at: Reading) -> Answer {
        self.over_marks(mark, |_, mark| mark.value[at].clone(), true)
    }

    pub(super) fn moic(&self, mark: MarkOf, at: Reading) -> Answer {
        self.over_marks(mark, |stake, mark| stake.moic(mark, at), false)
    }

    pub(super) fn implied(&self, mark: MarkOf, at: Reading) -> Answer {
        let implied = |_: &returns::Stake, mark: &returns::Mark| mark.value[at].divide(&mark.share[at]);
        self.over_marks(mark, implied, false)
    }

    fn over_marks(
        &self,
        mark: MarkOf,
        value: impl Fn(&returns::Stake, &returns::Mark) -> Value,
        adds: bool,
    ) -> Answer {
        let of = |stake: &returns::Stake| match mark(stake) {
            Some(mark) => value(stake, mark),
            None => Value::undisclosed("no mark is stated"),
        };
        self.over_stakes(of, adds)
    }

    pub(super) fn power(&self) -> Answer {
        let model = self.subject.model;
        let mut total = Total::default();
        for line in self.subject.capacities() {
            let sold =
                model.group(line.seller) == self.party && self.partners.contains(&model.group(line.buyer));
            if sold {
                total.add("power", &line.power[Reading::Headline]);
            }
        }
        if total.is_empty() { Answer::Nothing } else { Answer::Number(total.value()) }
    }

    pub(super) fn own_infrastructure(&self, table: &mut Table) -> Answer {
        self.committed(|purpose| purpose == Purpose::Flow(Tag::Capex), table)
    }

    pub(super) fn credits(&self, table: &mut Table) -> Answer {
        self.committed(|purpose| purpose == Purpose::Credits, table)
    }

    fn committed(&self, counts: impl Fn(Purpose) -> bool, table: &mut Table) -> Answer {
        let mut total = Total::default();
        for commitment in self.subject.standing_by_party() {
            if counts(commitment.purpose) && self.subject.model.group(commitment.from) == self.party {
                total.add(&self.subject.name(commitment), &commitment.amount(Reading::Headline));
            }
        }
        self::total(&total, table)
    }

    pub(super) fn rights(&self) -> Answer {
        let lists: Vec<String> = self
            .partners
            .iter()
            .map(|partner| {
                (self.subject.title(*partner), visibility::in_words(self.subject, self.party, *partner))
            })
            .map(|(name, words)| if self.partners.len() == 1 { words } else { format!("{name}: {words}") })
            .collect();
        if lists.is_empty() { Answer::Nothing } else { Answer::Words(lists.join("; ")) }
    }

    pub(super) fn unseen(&self, table: &mut Table) -> Answer {
        let total = self.sum(|partner| {
            let mut unseen = Total::default();
            if visibility::sees(self.subject, self.party, partner) {
                unseen.add("seen", &Value::exact(0.0));
            } else {
                unseen = self.subject.put_in(self.party, partner, Extent::Firm);
            }
            unseen
        });
        self::total(&total, table)
    }

    /// The party's share of the contracted purchases of its partners.
    pub(super) fn supply_share(&self) -> Answer {
        let mut parts = Vec::new();
        for partner in &self.partners {
            let others = self.subject.counterparties(*partner).into_iter();
            let others = others.filter(|other| *other != PartyRef::OUTSIDE && *other != self.party);
            let bought = |other: PartyRef| self.subject.supplied(*partner, other, Reading::Firm);
            let others: Vec<Total> = others.map(bought).collect();
            let mine = bought(self.party);
            if mine.is_empty() && others.iter().all(Total::is_empty) {
                continue;
            }
            let others: Vec<Value> = others.iter().map(Total::value).collect();
            let share = shares::share(&mine.value(), &shares::sum(&others));
            parts.push((*partner, share));
        }
        self.by_partner(&parts)
    }

    /// A share for one partner; for several, words that name each.
    pub(super) fn by_partner(&self, shares: &[(PartyRef, Value)]) -> Answer {
        match shares {
            [] => Answer::Nothing,
            [(_, share)] => Answer::Number(share.clone()),
            several => {
                let words = several.iter().map(|(partner, share)| match share.amount() {
                    Some(share) => format!("{} {:.0}%", self.subject.title(*partner), share * 100.0),
                    None => format!("{} unknown", self.subject.title(*partner)),
                });
                Answer::Words(words.collect::<Vec<_>>().join(", "))
            }
        }
    }

    /// How many parties own the models that its platform offers.
    pub(super) fn owners(&self) -> Answer {
        let model = self.subject.model;
        let mixes = diversification::mixes(self.subject);
        let mut mine =
            mixes.iter().filter(|mix| mix.what == "platform" && model.group(mix.operator) == self.party);
        match mine.next() {
            Some(mix) => Answer::Number(Value::exact(mix.shares.len() as f64)),
            None => Answer::Nothing,
        }
    }

    /// The effective number of suppliers of its product, in the latest year that is stated.
    pub(super) fn product_suppliers(&self) -> Answer {
        let model = self.subject.model;
        let mixes = diversification::mixes(self.subject);
        let mine =
            mixes.iter().filter(|mix| mix.what == "product" && model.group(mix.operator) == self.party);
        match mine.max_by(|a, b| a.year.cmp(&b.year)) {
            Some(mix) => Answer::Number(mix.numbers().1),
            None => Answer::Nothing,
        }
    }
}

/// A sum, with what it leaves out named in the table.
pub(super) fn total(total: &Total, table: &mut Table) -> Answer {
    if total.is_empty() {
        return Answer::Nothing;
    }
    for what in &total.left_out {
        table.leave_out(what.clone());
    }
    Answer::Number(total.value())
}
