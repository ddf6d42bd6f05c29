//! The stakes of one group in another: what was paid, what they are said to be worth, when money moved.

use jiff::civil::Date;
use keiretsu_model::{Holding, PartyRef, When};
use keiretsu_values::Value;

use crate::Subject;
use crate::capital::Extent;

/// A stake: a holding of the model, or what contracts alone say about one.
#[derive(Clone)]
pub(crate) struct Stake {
    pub name: String,
    pub owner: PartyRef,
    pub issuer: PartyRef,
    /// In the three readings.
    pub share: [Value; 3],
    pub paid_in: [Value; 3],
    pub realised: [Value; 3],
    /// What it is said to be worth: at least one, the one that is believed first.
    pub marks: Vec<Mark>,
    /// Dated payments into it, positive; `None` where some are undated.
    pub flows: Option<Vec<(Date, Value)>>,
}

/// What a stake is said to be worth.
#[derive(Clone)]
pub(crate) struct Mark {
    words: String,
    pub value: [Value; 3],
}

impl Stake {
    /// Its name, with the words of a mark where there are several.
    pub fn named(&self, mark: &Mark) -> String {
        if self.marks.len() > 1 { format!("{} at \"{}\"", self.name, mark.words) } else { self.name.clone() }
    }

    /// Distributions and value over what was paid in; where no distributions are stated, value alone counts.
    pub fn moic(&self, value: &Value, at: usize) -> Value {
        self.realised[at].plus(value).divide(&self.paid_in[at])
    }

    /// Of all marks, the least in the firm reading.
    pub fn mark_min(&self) -> Value {
        self.extreme(|mark| &mark.value[0], |new, old| new < old)
    }

    /// Of all marks, the greatest in the headline reading.
    pub fn mark_max(&self) -> Value {
        self.extreme(|mark| &mark.value[2], |new, old| new > old)
    }

    fn extreme(&self, of: impl Fn(&Mark) -> &Value, better: impl Fn(f64, f64) -> bool) -> Value {
        let mut best = of(&self.marks[0]);
        for value in self.marks.iter().map(of) {
            match (value.amount(), best.amount()) {
                (Some(new), Some(old)) if better(new, old) => best = value,
                (Some(_), None) => best = value,
                _ => {}
            }
        }
        best.clone()
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

/// A holding; where it alone is held and states no cost, what contracts say was paid is its cost.
pub(super) fn by_holding(subject: &Subject<'_>, holding: &Holding, alone: bool) -> Stake {
    let model = subject.model;
    let (owner, issuer) = (model.group(holding.owner), model.group(holding.issuer));
    let all = |term: &str, why: &str| match holding.record.figure(term) {
        Some(stated) => model.readings(stated),
        None => [(); 3].map(|()| Value::unknown(why)),
    };
    let share = all("stake", "stake undisclosed");
    let by_contracts = !holding.record.has("cost") && alone;
    let (paid_in, flows) = if by_contracts {
        (paid(subject, owner, issuer), dated(subject, owner, issuer))
    } else {
        let cost = all("cost", "cost undisclosed");
        let flows = holding.record.when("paid").map(|when| vec![(middle(&when), cost[0].clone())]);
        (cost, flows)
    };
    let mut marks = marks(subject, holding);
    if marks.is_empty() {
        let whole = model.term_at_start(issuer, "value");
        marks.push(Mark { words: String::new(), value: share.clone().map(|share| share.scaled(&whole)) });
    }
    let realised = all("realised", NO_DISTRIBUTIONS);
    Stake { name: holding.name.clone(), owner, issuer, share, paid_in, realised, marks, flows }
}

/// Every mark of a holding, the one that is believed first; each with the words that tell it from the others.
fn marks(subject: &Subject<'_>, holding: &Holding) -> Vec<Mark> {
    let Some(stated) = holding.record.figure("value") else { return vec![] };
    let believed = Mark { words: stated.figure.words.clone(), value: subject.model.readings(stated) };
    let others = stated.others.iter().map(|claim| Mark {
        words: claim.figure.words.clone(),
        value: [claim.figure.said.firm(), claim.figure.said.expected(), claim.figure.said.headline()],
    });
    std::iter::once(believed).chain(others).collect()
}

/// What contracts say was paid, the same in every reading.
fn paid(subject: &Subject<'_>, owner: PartyRef, issuer: PartyRef) -> [Value; 3] {
    let total = subject.put_in(owner, issuer, Extent::Paid).value();
    [total.clone(), total.clone(), total]
}

const NO_DISTRIBUTIONS: &str = "no distributions are stated";

fn by_contract(subject: &Subject<'_>, owner: PartyRef, issuer: PartyRef) -> Stake {
    let unknown = |why: &str| [(); 3].map(|()| Value::unknown(why));
    let names: Vec<String> = subject
        .side
        .commitments
        .iter()
        .filter(|commitment| commitment.is_capital() && subject.runs(commitment, owner, issuer))
        .filter_map(|commitment| subject.model.contract(commitment.contract))
        .map(|contract| contract.name.clone())
        .collect();
    Stake {
        name: names.first().cloned().unwrap_or_default(),
        owner,
        issuer,
        share: unknown("stake undisclosed"),
        paid_in: paid(subject, owner, issuer),
        realised: unknown(NO_DISTRIBUTIONS),
        marks: vec![Mark { words: String::new(), value: unknown("no mark is stated") }],
        flows: dated(subject, owner, issuer),
    }
}

/// What was paid, month by month; a span of time is spread evenly over its months.
fn dated(subject: &Subject<'_>, owner: PartyRef, issuer: PartyRef) -> Option<Vec<(Date, Value)>> {
    let model = subject.model;
    let mine = subject.program.past.iter().zip(&subject.side.past).filter(|(past, _)| {
        model.group(PartyRef(past.from.0)) == owner && model.group(PartyRef(past.to.0)) == issuer
    });
    let flows: Vec<(Date, Value)> =
        mine.filter_map(|(past, label)| Some((label.on?, Value::exact(past.amount)))).collect();
    (!flows.is_empty()).then_some(flows)
}

/// A stated date as one day: the middle of what the words allow.
fn middle(when: &When) -> Date {
    let days = days(when.first, when.last) / 2;
    when.first.checked_add(jiff::Span::new().days(days)).unwrap_or(when.first)
}

pub(super) fn days(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}
