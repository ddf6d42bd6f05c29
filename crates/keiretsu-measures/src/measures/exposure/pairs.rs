//! Who is exposed to whom by what: the holdings, flows and registers of each pair of groups.

use std::collections::BTreeMap;

use jiff::civil::Date;
use keiretsu_contracts::side::{Exposure, Layer};
use keiretsu_model::{ContractRef, PartyRef};
use keiretsu_program::{FlowId, HoldingId, PartyId, Probe, Quantity, Reading, Span, Tag};
use keiretsu_values::{Set, Total, Value};

use crate::{Query, Seen, Subject};

/// The layers of a table, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Holding,
    Receivable,
    Of(Layer),
}

impl Kind {
    /// The layers, and last the collateral against them.
    pub const ALL: [Self; 6] = [
        Self::Holding,
        Self::Receivable,
        Self::Of(Layer::Undelivered),
        Self::Of(Layer::Contract),
        Self::Of(Layer::Guarantee),
        Self::Of(Layer::Collateral),
    ];

    /// Its word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Holding => "holding",
            Self::Receivable => "receivable",
            Self::Of(Layer::Undelivered) => "undelivered",
            Self::Of(Layer::Contract) => "contract",
            Self::Of(Layer::Guarantee) => "guarantee",
            Self::Of(Layer::Collateral) => "collateral",
        }
    }

    /// Whether it lowers the exposure.
    pub fn is_against(self) -> bool {
        self == Self::Of(Layer::Collateral)
    }
}

/// One thing that would be lost.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub kind: Kind,
    pub quantity: Quantity,
    /// The holding, contract or flow.
    pub name: String,
    /// Why it may be more.
    pub at_least: Option<String>,
    /// The contract of a claim or a guarantee.
    pub contract: Option<ContractRef>,
    /// The counted share, by month and reading; none for all.
    pub shares: Option<Vec<[f64; 3]>>,
}

impl Part {
    pub fn probe(&self) -> Probe {
        Probe { quantity: self.quantity, span: Span::Month }
    }

    /// The value in a reading and month.
    pub fn value(&self, seen: &Seen<'_>, reading: Reading, t: u32) -> Value {
        let value = seen.value(reading, self.probe(), t as usize - 1);
        let value = match &self.shares {
            Some(shares) => value.times(shares[t as usize - 1][reading]),
            None => value,
        };
        // Nothing is left of what has run out, whatever the words.
        if value.is_zero() {
            return value;
        }
        let value = match value.amount() {
            Some(_) => value,
            None => Value::unread(self.why_unread(), value.set().within(Set::NOT_NEGATIVE)),
        };
        match &self.at_least {
            Some(why) if value.amount().is_some_and(|amount| amount <= 0.0) => {
                Value::unread(why, value.set())
            }
            _ => value,
        }
    }

    fn why_unread(&self) -> &'static str {
        match self.kind {
            Kind::Holding => "neither a mark nor stake and value of the issuer are known",
            _ => "it rests on something undisclosed",
        }
    }
}

/// Everything that one group would lose by another, in the order of the text.
pub(crate) struct Pair {
    pub creditor: PartyRef,
    pub debtor: PartyRef,
    pub parts: Vec<Part>,
}

impl Pair {
    /// The month in which the other party fails in a reading, if it does: nothing is exposed after it.
    pub fn fails(&self, seen: &Seen<'_>, reading: Reading) -> Option<u32> {
        let failed = seen.series(reading, self.failure()).mean.iter().position(|failed| *failed > 0.5)?;
        Some(failed as u32 + 1)
    }

    fn failure(&self) -> Probe {
        Probe { quantity: Quantity::Defaulted(PartyId(self.debtor.0)), span: Span::Month }
    }

    /// The probes.
    pub fn probes(&self) -> Vec<Probe> {
        let parts = self.parts.iter().map(Part::probe);
        parts.chain(std::iter::once(self.failure())).collect()
    }

    /// Exposure in a reading and month, by layer and in total, less collateral.
    pub fn total(&self, seen: &Seen<'_>, reading: Reading, t: u32) -> (Vec<(Kind, Total)>, Value) {
        let mut layers: Vec<(Kind, Total)> =
            Kind::ALL.into_iter().map(|kind| (kind, Total::default())).collect();
        let (mut sum, mut against) = (Total::default(), Total::default());
        for part in &self.parts {
            let value = part.value(seen, reading, t);
            for (_, total) in layers.iter_mut().filter(|(kind, _)| *kind == part.kind) {
                total.add(&part.name, &value);
            }
            if part.kind.is_against() { &mut against } else { &mut sum }.add(&part.name, &value);
        }
        let net = sum.value().minus(&against.value()).max(&Value::exact(0.0));
        (layers, net)
    }
}

impl Pair {
    /// Whether some contract with the other party says whether it can be cancelled.
    pub fn says_of_cancelling(&self, subject: &Subject<'_>) -> bool {
        subject.contracted_cancels(self.debtor, self.creditor, Reading::Headline).said()
    }

    /// What contracts with the other party would leave only as long as nobody cancels them: of each no more
    /// than what of it falls away of what is still to come, and nothing of a value guaranteed at its end.
    pub fn cancellable(&self, subject: &Subject<'_>, seen: &Seen<'_>, reading: Reading, t: u32) -> Value {
        let month = subject.program.month(t);
        let end = Date::constant(month.year() as i16, month.of_year() as i8, 1).last_of_month();
        let mut sum = Total::default();
        for part in self.parts.iter().filter(|part| part.kind == Kind::Of(Layer::Contract)) {
            let (mut falls, mut stays) = (Value::exact(0.0), Value::exact(0.0));
            let mine = subject.standing_by_party().filter(|one| {
                Some(one.contract) == part.contract && subject.runs(one, self.debtor, self.creditor)
            });
            for one in mine {
                if one.cancelling.stays {
                    // A failure is claimed as the asset is worth, whatever the reading.
                    stays = stays.plus(&one.left(Reading::Headline));
                } else if !one.counted.as_ref().is_some_and(|counted| counted[reading].is_zero()) {
                    falls = falls.plus(&one.cancellable_after(reading, end));
                }
            }
            if !falls.is_zero() {
                let value = part.value(seen, reading, t).minus(&stays).max(&Value::exact(0.0));
                sum.add(&part.name, &falls.min(&value));
            }
        }
        sum.value()
    }
}

/// The pairs of groups of which one is exposed to the other.
pub(crate) fn pairs(subject: &Subject<'_>, query: &Query) -> Vec<Pair> {
    let mut found: BTreeMap<(PartyRef, PartyRef), Vec<Part>> = BTreeMap::new();
    let model = subject.model;
    let group = |party: PartyId| model.group(PartyRef(party.0));
    let mut add = |creditor: PartyRef, debtor: PartyRef, part: Part| {
        let inside = creditor != debtor && creditor != PartyRef::OUTSIDE && debtor != PartyRef::OUTSIDE;
        if inside && (query.wants(creditor) || query.wants(debtor)) {
            found.entry((creditor, debtor)).or_default().push(part);
        }
    };
    for (at, (holding, label)) in subject.program.holdings.iter().zip(&subject.side.holdings).enumerate() {
        let quantity = Quantity::Holding(HoldingId(at as u32));
        let part = Part {
            kind: Kind::Holding,
            quantity,
            name: label.name.clone(),
            at_least: None,
            contract: None,
            shares: None,
        };
        add(group(holding.owner), group(holding.issuer), part);
    }
    for (at, (flow, label)) in subject.program.flows.iter().zip(&subject.side.flows).enumerate() {
        // Capital that is due is not owed for anything delivered.
        if flow.tag != Tag::Equity && subject.flow_stands(at) {
            let quantity = Quantity::Due(FlowId(at as u32));
            let name = label.name.clone();
            let part =
                Part { kind: Kind::Receivable, quantity, name, at_least: None, contract: None, shares: None };
            let mut rest = vec![[1.0; 3]; subject.program.months as usize];
            let slices = subject.side.flow_shares.iter().filter(|sliced| sliced.flow.at() == at);
            let mut whole = true;
            for sliced in slices {
                whole = false;
                for (rest, own) in rest.iter_mut().zip(&sliced.shares) {
                    *rest = Reading::ALL.map(|reading| (rest[reading] - own[reading]).max(0.0));
                }
                let own = Part { shares: Some(sliced.shares.clone()), ..part.clone() };
                add(model.group(sliced.to), model.group(sliced.from), own);
            }
            let shares = (!whole).then_some(rest);
            add(group(flow.to), group(flow.from), Part { shares, ..part });
        }
    }
    for exposure in subject.side.exposures.iter().filter(|exposure| subject.stands(exposure.contract)) {
        add(model.group(exposure.creditor), model.group(exposure.debtor), part_of(subject, exposure));
    }
    found.into_iter().map(|((creditor, debtor), parts)| Pair { creditor, debtor, parts }).collect()
}

fn part_of(subject: &Subject<'_>, exposure: &Exposure) -> Part {
    let name = subject.model.contract(exposure.contract).map_or("", |contract| contract.name.as_str());
    Part {
        kind: Kind::Of(exposure.layer),
        quantity: Quantity::Register(exposure.register),
        name: name.to_owned(),
        at_least: exposure.at_least.clone(),
        contract: Some(exposure.contract),
        shares: None,
    }
}
