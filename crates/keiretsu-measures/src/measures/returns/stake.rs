//! The stakes of one group in another: what was paid, what they are said to be worth, when money moved.
//!
//! A mark is divided by the stake and by the money paid in of its own day. Where one of the two is not known
//! on that day, what rests on it is unknown.

use jiff::civil::Date;
use keiretsu_model::record::Stated;
use keiretsu_model::{Holding, PartyRef, Standing, When};
use keiretsu_values::{Reading, Set, Value};

use crate::Subject;
use crate::capital::{Extent, MoneyIn};

/// A stake: a holding of the model, or one that only contracts state.
#[derive(Clone)]
pub(crate) struct Stake {
    pub name: String,
    pub owner: PartyRef,
    pub issuer: PartyRef,
    /// As it stands at as-of, in the three readings.
    pub share: [Value; 3],
    /// All that was paid in by as-of.
    pub paid_in: [Value; 3],
    /// Distributions in cash, where some are stated.
    realised: Option<[Value; 3]>,
    /// Its stated marks, the one in use first.
    pub marks: Vec<Mark>,
    /// Its value from the modelled value of the issuer.
    modelled: Option<Mark>,
    /// Dated payments into it, positive; `None` where some are undated.
    pub flows: Option<Vec<(Date, [Value; 3])>>,
}

/// The stated value of a stake on a day.
#[derive(Clone)]
pub(crate) struct Mark {
    words: String,
    /// Whether it is made of the issuer's value as modelled, and no mark.
    pub is_modelled: bool,
    pub on: Date,
    pub value: [Value; 3],
    /// The stake on that day.
    pub share: [Value; 3],
    /// Paid-in money by that day.
    pub cost: [Value; 3],
}

impl Stake {
    /// Its name, with the words of a mark where there are several.
    pub fn named(&self, mark: &Mark) -> String {
        if self.marks.len() > 1 { format!("{} at \"{}\"", self.name, mark.words) } else { self.name.clone() }
    }

    /// Its marks, else its value as modelled, else an unknown one.
    pub fn values(&self) -> Vec<Mark> {
        if !self.marks.is_empty() {
            return self.marks.clone();
        }
        let unknown = |why: &str| [(); 3].map(|()| Value::undisclosed(why));
        vec![self.modelled.clone().unwrap_or_else(|| Mark {
            words: String::new(),
            is_modelled: false,
            on: Date::MAX,
            value: unknown("no mark is stated"),
            share: self.share.clone(),
            cost: self.paid_in.clone(),
        })]
    }

    /// Distributions in cash.
    pub fn realised(&self, at: Reading) -> Value {
        let stated = self.realised.as_ref().map(|realised| realised[at].clone());
        stated.unwrap_or_else(|| Value::undisclosed("no distributions are stated"))
    }

    /// Whether distributions are stated.
    pub fn has_realised(&self) -> bool {
        self.realised.is_some()
    }

    /// Distributions and value over the money paid in by the day of the mark; without stated distributions,
    /// value alone.
    pub fn moic(&self, mark: &Mark, at: Reading) -> Value {
        let value = &mark.value[at];
        let all = match &self.realised {
            Some(realised) => realised[at].plus(value),
            None => value.clone(),
        };
        all.divide(&mark.cost[at])
    }

    /// Money paid in after the day of a mark, shown next to the mark at cost.
    pub fn paid_since(&self, mark: &Mark, at: Reading) -> Value {
        match &self.flows {
            Some(flows) => sum(flows.iter().filter(|(on, _)| mark.on < *on), at),
            None => self.paid_in[at].minus(&mark.cost[at]),
        }
    }

    /// Of all marks, the least in the firm reading.
    pub fn lowest(&self) -> Option<&Mark> {
        self.extreme(Reading::Firm, |new, old| new < old)
    }

    /// Of all marks, the greatest in the headline reading.
    pub fn highest(&self) -> Option<&Mark> {
        self.extreme(Reading::Headline, |new, old| new > old)
    }

    fn extreme(&self, at: Reading, better: impl Fn(f64, f64) -> bool) -> Option<&Mark> {
        let known = self.marks.iter().filter_map(|mark| Some((mark, mark.value[at].amount()?)));
        let best = known.reduce(|best, new| if better(new.1, best.1) { new } else { best });
        best.map(|(mark, _)| mark).or(self.marks.first())
    }
}

/// The stakes of one group in another: its holdings, else one that only contracts speak of.
pub(crate) fn stakes(subject: &Subject<'_>, owner: PartyRef, issuer: PartyRef) -> Vec<Stake> {
    let held: Vec<&Holding> = subject.held(owner, issuer).collect();
    if held.is_empty() {
        return vec![by_contract(subject, owner, issuer)];
    }
    let alone = held.len() == 1;
    held.iter().map(|holding| by_holding(subject, holding, alone)).collect()
}

/// A stake of a holding; where it is the only one of the pair, money paid under contracts may be its cost.
pub(super) fn by_holding(subject: &Subject<'_>, holding: &Holding, alone: bool) -> Stake {
    let model = subject.model;
    let (owner, issuer) = (model.group(holding.owner), model.group(holding.issuer));
    let read = |stated: &Stated| model.readings(stated);
    let undisclosed = |why: &str| [(); 3].map(|()| Value::undisclosed(why));
    let share = match holding.record.figure("stake") {
        Some(stated) => read(stated).map(|share| share.within(Set::SHARE)),
        None => [(); 3].map(|()| Value::unread("stake undisclosed", Set::SHARE)),
    };
    let cost = holding.record.figure("cost").map(read);
    let paid_on = holding.record.when("paid");
    let later = paid_on.is_some_and(|when| model.as_of < when.first);
    let by_contracts = if alone { paid(subject, owner, issuer) } else { None };
    let (paid_in, flows) = match (cost, by_contracts) {
        (Some(cost), by_contracts) if is_larger(&cost, by_contracts.as_ref()) => {
            let flows = paid_on.map(|when| vec![(middle(&when), cost.clone())]);
            (if later { [0.0; 3].map(Value::exact) } else { cost }, flows)
        }
        (_, Some(paid)) => (paid, dated(subject, owner, issuer)),
        (_, None) => (undisclosed("cost undisclosed"), None),
    };
    let realised = holding.record.figure("realised").map(read);
    let name = holding.name.clone();
    let mut stake =
        Stake { name, owner, issuer, share, paid_in, realised, marks: vec![], modelled: None, flows };
    stake.marks = marks(subject, holding, &stake);
    if model.party(issuer).record.has("value") {
        let whole = model.term_at_start(issuer, "value");
        stake.modelled = Some(Mark {
            words: String::new(),
            is_modelled: true,
            on: model.as_of,
            value: stake.share.clone().map(|share| share.scaled(&whole)),
            share: stake.share.clone(),
            cost: stake.paid_in.clone(),
        });
    }
    stake
}

/// Whether the stated cost is no less than the money paid under contracts.
fn is_larger(cost: &[Value; 3], paid: Option<&[Value; 3]>) -> bool {
    let Some(paid) = paid else { return true };
    cost[1].amount() >= paid[1].amount()
}

/// Every mark of a holding, the one that is believed first; each with the words that tell it from the others.
fn marks(subject: &Subject<'_>, holding: &Holding, stake: &Stake) -> Vec<Mark> {
    let Some(stated) = holding.record.figure("value") else { return vec![] };
    let as_of = subject.model.as_of;
    let of = |words: &str, value: [Value; 3], on: Option<When>| {
        let on = on.map_or(as_of, |when| when.last);
        let share = share_on(subject, holding, stake, on);
        let cost = Reading::ALL.map(|at| cost_on(stake, on, at));
        Mark { words: words.to_owned(), is_modelled: false, on, value, share, cost }
    };
    let believed = of(&stated.figure.words, subject.model.readings(stated), stated.on);
    let others = stated.others.iter().map(|claim| {
        let said = claim.figure.said;
        let day = claim.on.map_or(as_of, |when| when.last);
        let rate = subject.model.worth_on(claim.figure.currency.unwrap_or(subject.model.currency), day);
        let value = [said.firm(), said.expected(), said.headline()].map(|value| value.scaled(&rate));
        of(&claim.figure.words, value, claim.on)
    });
    std::iter::once(believed).chain(others).collect()
}

/// The stake on a day: as stated for that day or last before it. One without a day of its own stands on every
/// day after which nothing was paid in.
fn share_on(subject: &Subject<'_>, holding: &Holding, stake: &Stake, day: Date) -> [Value; 3] {
    let unknown = |why: &str| [(); 3].map(|()| Value::unread(why, Set::SHARE));
    let Some(stated) = holding.record.figure("stake") else { return stake.share.clone() };
    let own = std::iter::once((stated.on, subject.model.readings(stated)));
    let others = stated.others.iter().map(|claim| {
        let said = claim.figure.said;
        (claim.on, [said.firm(), said.expected(), said.headline()])
    });
    let dated: Vec<(Date, [Value; 3])> =
        own.chain(others).filter_map(|(on, share)| Some((on?.last, share))).collect();
    if let Some((_, share)) = dated.iter().filter(|(on, _)| *on <= day).max_by_key(|(on, _)| *on) {
        return share.clone();
    }
    let moved = stake.flows.iter().flatten().any(|(on, _)| day < *on && *on <= subject.model.as_of);
    if moved || !dated.is_empty() {
        return unknown("the stake on the day of the mark is not stated");
    }
    stake.share.clone()
}

/// Paid-in money by a day.
fn cost_on(stake: &Stake, day: Date, at: Reading) -> Value {
    match &stake.flows {
        Some(flows) if flows.iter().any(|(on, _)| *on <= day) => {
            sum(flows.iter().filter(|(on, _)| *on <= day), at)
        }
        Some(_) => Value::unknown("nothing had been paid in by the day of the mark"),
        None => stake.paid_in[at].clone(),
    }
}

fn sum<'a>(flows: impl Iterator<Item = &'a (Date, [Value; 3])>, at: Reading) -> Value {
    flows.fold(Value::exact(0.0), |sum, (_, amounts)| sum.plus(&amounts[at]))
}

/// Money paid for units under contracts; none where there are none.
fn paid(subject: &Subject<'_>, owner: PartyRef, issuer: PartyRef) -> Option<[Value; 3]> {
    let paid = Reading::ALL.map(|at| {
        let mut total = keiretsu_values::Total::default();
        for commitment in moved(subject, owner, issuer) {
            total.add("", &commitment.amount(at));
        }
        total
    });
    (!paid[0].is_empty()).then(|| paid.map(|total| total.value()))
}

/// Commitments of capital that were paid.
fn moved<'a>(
    subject: &'a Subject<'_>,
    owner: PartyRef,
    issuer: PartyRef,
) -> impl Iterator<Item = &'a keiretsu_contracts::side::Commitment> {
    let all = subject.side.by_party.iter();
    all.filter(move |one| {
        one.standing == Standing::Paid && one.is_capital() && subject.runs(one, owner, issuer)
    })
}

fn by_contract(subject: &Subject<'_>, owner: PartyRef, issuer: PartyRef) -> Stake {
    let named = subject.side.by_party.iter().find(|commitment| {
        let over = matches!(commitment.standing, Standing::Lapsed | Standing::Terminated);
        commitment.is_capital() && !over && subject.runs(commitment, owner, issuer)
    });
    let contract = named.and_then(|commitment| subject.model.contract(commitment.contract));
    let total = |kind| subject.put_in_as(kind, owner, issuer, Extent::Paid).value();
    let all = total(MoneyIn::Equity).plus(&total(MoneyIn::Convertible));
    let paid_in = paid(subject, owner, issuer).unwrap_or_else(|| [all.clone(), all.clone(), all.clone()]);
    Stake {
        name: contract.map_or_else(String::new, |contract| contract.name.clone()),
        owner,
        issuer,
        share: [(); 3].map(|()| Value::unread("stake undisclosed", Set::SHARE)),
        paid_in,
        realised: None,
        marks: vec![],
        modelled: None,
        flows: dated(subject, owner, issuer),
    }
}

/// Payments by day; none where one is undated.
fn dated(subject: &Subject<'_>, owner: PartyRef, issuer: PartyRef) -> Option<Vec<(Date, [Value; 3])>> {
    let mut flows = Vec::new();
    for commitment in moved(subject, owner, issuer) {
        if commitment.dues.is_empty() {
            return None;
        }
        flows.extend(commitment.dues.iter().map(|due| (due.on, due.amounts.clone())));
    }
    (!flows.is_empty()).then_some(flows)
}

/// A stated date as one day: the middle of the days that the words allow.
fn middle(when: &When) -> Date {
    let days = days(when.first, when.last) / 2;
    when.first.checked_add(jiff::Span::new().days(days)).unwrap_or(when.first)
}

pub(super) fn days(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}
