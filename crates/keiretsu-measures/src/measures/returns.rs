//! What each stake cost, what it is said to be worth, and the return that this makes: on paper unless
//! realised.
//!
//! MOIC = (cash distributions + value) / paid-in; DPI counts only the cash, RVPI only the value. Supply
//! revenue is no return on a stake and is left out. The value is the stated mark, else the stake times the
//! value of the issuer. XIRR is every rate at which the dated flows and the value at as-of have present value
//! zero (actual/365, from the first flow); it is unknown where payments are undated, and says so when there
//! are several. The implied value of the issuer is the mark divided by the stake. Where several sources give
//! a mark, each has its own rows, the one that is believed first. A mark is a figure on paper: it is labelled
//! unrealised in every reading.
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! title    = "A stake and its mark"
//! as_of    = 2026-01-01
//!
//! [sources.article]
//! title = "An article"
//!
//! [parties]
//! cloud = { name = "Cloud" }
//! lab   = { name = "Lab" }
//!
//! [holdings.cloud-in-lab]
//! owner  = "cloud"
//! issuer = "lab"
//! stake  = "25%"
//! cost   = "$10B"
//! paid   = 2025-01-01
//! value  = "$12B to more than $15B"
//! source = "article"
//! ```
//!
//! By hand: 12 / 10 = 1.2 and 15 / 10 = 1.5 or more; over the 365 days of 2025 the yearly rates are 20% and
//! 50%; the implied value of the issuer is 12 / 25% = 48, and 60 or more.
//!
//! ```console
//! $ keiretsu measure model returns
//! Returns on stakes, before tax, nominal
//! as of 2026-01-01
//!
//! holding       owner  issuer  reading   stake, %  paid in, $bn  realised, $bn  mark, unrealised, $bn
//! ───────────────────────────────────────────────────────────────────────────────────────────────────
//! cloud-in-lab  Cloud  Lab     firm            25          10.0        unknown                   12.0
//! cloud-in-lab  Cloud  Lab     expected        25          10.0        unknown                  ~13.4
//! cloud-in-lab  Cloud  Lab     headline        25          10.0        unknown                  ≥15.0
//!
//!                                        MOIC,           XIRR,  roots     implied value
//! holding       owner  issuer  reading       x   DPI, x      %  of XIRR  of issuer, $bn
//! ─────────────────────────────────────────────────────────────────────────────────────
//! cloud-in-lab  Cloud  Lab     firm       1.2   unknown   20.0  unique             48.0
//! cloud-in-lab  Cloud  Lab     expected  ~1.34  unknown  ~34.5  unique            ~53.8
//! cloud-in-lab  Cloud  Lab     headline  ≥1.5   unknown  ≥50.0  unique            ≥60.0
//!
//! Where no distributions are stated, MOIC counts the mark alone.
//!
//! left out:
//!   cloud-in-lab (realised, DPI): no distributions are stated
//! ```

mod at_end;

use jiff::civil::Date;
use keiretsu_methods::irr;
use keiretsu_model::{Holding, PartyRef, When};
use keiretsu_program::{Probe, Reading};
use keiretsu_values::{Cell, Column, Table, Unit, Value};

use crate::capital::Extent;
use crate::{Measure, Query, Seen, Subject};

/// See the module.
pub struct Returns;

const NAME: &str = "returns";

impl Measure for Returns {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "cost, mark, MOIC, DPI, XIRR with all roots, implied value: per stake, on paper unless realised"
    }

    fn formula(&self, column: &str) -> Option<&'static str> {
        Some(match column {
            "share" => "the stake as stated",
            "paid_in" => "its cost as stated, else the capital that contracts say was paid",
            "realised" => "distributions in cash, as stated",
            "value" => "the mark as stated, else the stake x the value of the issuer",
            "moic" => "({value} + what was realised, where that is stated) / {paid_in}",
            "dpi" => "{realised} / {paid_in}",
            "xirr" => "the yearly rate at which the dated payments and the mark have present value zero",
            "implied_value" => "{value} / {share}",
            _ => return crate::over_paths::formula(column),
        })
    }

    fn needs(&self, subject: &Subject<'_>, query: &Query) -> Vec<Probe> {
        at_end::needs(subject, query)
    }

    fn tables(&self, subject: &Subject<'_>, query: &Query, seen: &Seen<'_>) -> Vec<Table> {
        let columns = vec![
            Column::text("stake").titled("holding"),
            Column::text("owner"),
            Column::text("issuer"),
            Column::text("reading"),
            Column::number("share", Unit::Share).titled("stake"),
            subject.money("paid_in"),
            subject.money("realised"),
            subject.money("value").titled("mark, unrealised"),
            Column::number("moic", Unit::Multiple).titled("MOIC"),
            Column::number("dpi", Unit::Multiple).titled("DPI"),
            Column::number("xirr", Unit::Share).titled("XIRR"),
            Column::text("verdict").titled("roots of XIRR"),
            subject.money("implied_value").titled("implied value of issuer"),
        ];
        let mut table = subject.table(NAME, "Returns on stakes, before tax, nominal", columns);
        for (owner, issuer) in subject.stakes() {
            if !query.wants(owner) && !query.wants(issuer) {
                continue;
            }
            for stake in stakes(subject, owner, issuer) {
                for mark in &stake.marks {
                    for reading in query.readings() {
                        table.push(row(subject, &stake, mark, reading));
                    }
                }
            }
        }
        table.note("Where no distributions are stated, MOIC counts the mark alone.");
        let mut tables = vec![table];
        if seen.is_simulated() {
            tables.push(at_end::over_all_paths(subject, query, seen));
        }
        tables
    }
}

/// A stake: a holding of the model, or what contracts alone say about one.
#[derive(Clone)]
pub(crate) struct Stake {
    name: String,
    owner: PartyRef,
    issuer: PartyRef,
    /// In the three readings.
    pub share: [Value; 3],
    pub paid_in: [Value; 3],
    pub realised: [Value; 3],
    /// What it is said to be worth: at least one, the one that is believed first.
    pub marks: Vec<Mark>,
    /// Dated payments into it, positive; `None` where some are undated.
    flows: Option<Vec<(Date, Value)>>,
}

/// What a stake is said to be worth.
#[derive(Clone)]
pub(crate) struct Mark {
    words: String,
    pub value: [Value; 3],
}

impl Stake {
    /// Distributions and value over what was paid in; where no distributions are stated, value alone counts.
    pub fn moic(&self, value: &Value, at: usize) -> Value {
        let realised = match &self.realised[at] {
            Value::Unknown { .. } => Value::exact(0.0),
            known @ Value::Known { .. } => known.clone(),
        };
        realised.plus(value).divide(&self.paid_in[at])
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
fn by_holding(subject: &Subject<'_>, holding: &Holding, alone: bool) -> Stake {
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

fn days(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

fn row(subject: &Subject<'_>, stake: &Stake, mark: &Mark, reading: Reading) -> Vec<Cell> {
    let at = reading as usize;
    let (paid_in, value, realised) = (&stake.paid_in[at], &mark.value[at], &stake.realised[at]);
    let (rate, verdict) = xirr(subject, stake, mark, at);
    vec![
        Cell::text(if stake.marks.len() > 1 {
            format!("{} at \"{}\"", stake.name, mark.words)
        } else {
            stake.name.clone()
        }),
        Cell::text(subject.title(stake.owner)),
        Cell::text(subject.title(stake.issuer)),
        Cell::text(reading.name()),
        Cell::Value(stake.share[at].clone()),
        Cell::Value(paid_in.clone()),
        Cell::Value(realised.clone()),
        Cell::Value(value.clone()),
        Cell::Value(stake.moic(value, at)),
        Cell::Value(realised.divide(paid_in)),
        Cell::Value(rate),
        Cell::Text(verdict),
        Cell::Value(value.divide(&stake.share[at])),
    ]
}

/// The rate, where there is one, and what the roots are.
fn xirr(subject: &Subject<'_>, stake: &Stake, mark: &Mark, at: usize) -> (Value, String) {
    let unknown = |why: &str| (Value::unknown(why), String::new());
    let Some(flows) = &stake.flows else { return unknown("payments are undated") };
    let Some(value) = mark.value[at].amount() else { return unknown("no value is stated") };
    if stake.realised[at].amount().is_some_and(|amount| amount > 0.0) {
        return unknown("distributions are undated");
    }
    let first = flows.iter().map(|(date, _)| *date).min().unwrap_or(subject.model.as_of);
    let mut dated = Vec::new();
    for (date, amount) in flows {
        let Some(amount) = amount.amount() else { return unknown("a payment is undisclosed") };
        dated.push((days(first, *date), -amount));
    }
    dated.push((days(first, subject.model.as_of), value));
    let bound = mark.value[at].bound().unwrap_or(keiretsu_values::Bound::Exact);
    rate_of(&dated, bound)
}

fn rate_of(flows: &[(i64, f64)], bound: keiretsu_values::Bound) -> (Value, String) {
    let (days, amounts): (Vec<i64>, Vec<f64>) = flows.iter().copied().unzip();
    let Ok(found) = irr::xirr(&days, &amounts) else {
        return (Value::unknown("the flows have no rate"), "none".to_owned());
    };
    match found.rates.as_slice() {
        [only] => (Value::known(*only, bound), "unique".to_owned()),
        [] => (Value::unknown("no rate makes the present value zero"), "none".to_owned()),
        several => {
            let list: Vec<String> = several.iter().map(|root| format!("{:.1}%", root * 100.0)).collect();
            (Value::unknown("several rates fit"), format!("several: {}", list.join(", ")))
        }
    }
}
