//! Gains and losses on paper by accounting class, their share of the holder's profit, and what the next round
//! of the issuer would undo.
//!
//! The gain is the mark less what was paid in. What of it is in profits depends on how the holder accounts
//! for the stake (`accounting`): at fair value all of it (ASC 321 with a readily determined price, ASC 825;
//! IFRS 9); by the equity method (ASC 323, IAS 28) or at cost a gain is not, until units are sold, while a
//! loss below cost is, as an impairment. Equity-method carrying amounts also move with the issuer's own
//! profit, which is not modelled: cost stands for them. The profit is the holder's `reported_profit` of a
//! year, else what `[reports]` say of its last whole year, beside gains that may be of several years.
//!
//! The second table prices the issuer's next round: flat (as the mark), at half of that, and at the issuer's
//! `value` in the model if it has one (negative where that would be a gain).
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! title    = "Three stakes in three classes"
//! as_of    = 2025-12-31
//!
//! [parties]
//! cloud = { name = "Cloud", reported_profit = "$50B/yr", because = "an example" }
//! lab   = { name = "Lab", value = "$60B", because = "an example" }
//! maker = { name = "Maker" }
//! fund  = { name = "Fund" }
//!
//! [holdings.cloud-in-lab]
//! owner      = "cloud"
//! issuer     = "lab"
//! stake      = "20%"
//! cost       = "$10B"
//! value      = "$15B"
//! accounting = "fair value"
//! because    = "an example"
//!
//! [holdings.cloud-in-maker]
//! owner      = "cloud"
//! issuer     = "maker"
//! stake      = "30%"
//! cost       = "$4B"
//! value      = "$6B"
//! accounting = "equity method"
//! because    = "an example"
//!
//! [holdings.cloud-in-fund]
//! owner      = "cloud"
//! issuer     = "fund"
//! cost       = "$2B"
//! value      = "$2B"
//! accounting = "cost"
//! because    = "an example"
//! ```
//!
//! By hand: 15 - 10 = 5 is in profits, 10% of 50; 6 - 4 = 2 is not. At half price the first mark loses 7.5,
//! 15% of a year's profit; the second falls to 3, 1 below cost; the third to 1, also 1 below. At the value
//! of the model, 20% of 60 is 12: 3 less than the mark.
//!
//! ```console
//! $ keiretsu measure model marks --reading firm
//! Gains on paper, by accounting class
//! as of 2025-12-31
//!
//! Cloud gains $5B on paper, unrealised: cloud-in-lab cost $10B and is marked $15B (firm).
//! $5B of gains on cloud-in-lab is in the profits of Cloud, 10% of a year's.
//! At half price, the profits of its holder would lose $7.5B on cloud-in-lab.
//!
//!                                                                   gain    of it   holder's        in
//!                                                           mark,     on       in  profit in   profits
//! holding         owner  accounting     reading  cost  unrealised  paper  profits     a year  ÷ profit
//! ────────────────────────────────────────────────────────────────────────────────────────────────────
//! cloud-in-lab    Cloud  fair value     firm     $10B        $15B    $5B      $5B       $50B       10%
//! cloud-in-maker  Cloud  equity method  firm      $4B         $6B    $2B       $0       $50B        0%
//! cloud-in-fund   Cloud  cost           firm      $2B         $2B     $0       $0       $50B        0%
//!
//! Gains since the purchase, beside one year's profit; before tax.
//!
//! What the next round would do to the marks
//! as of 2025-12-31
//!
//!                                                                   mark  change of  lost in  lost ÷
//! holding         accounting     reading  next round               after   the mark  profits  profit
//! ──────────────────────────────────────────────────────────────────────────────────────────────────
//! cloud-in-lab    fair value     firm     half price               $7.5B     -$7.5B    $7.5B     15%
//! cloud-in-lab    fair value     firm     at the issuer's `value`   $12B       -$3B      $3B      6%
//! cloud-in-maker  equity method  firm     half price                 $3B       -$3B      $1B      2%
//! cloud-in-fund   cost           firm     half price                 $1B       -$1B      $1B      2%
//! cloud-in-lab    fair value     firm     flat                      $15B         $0       $0      0%
//! cloud-in-maker  equity method  firm     flat                       $6B         $0       $0      0%
//! cloud-in-fund   cost           firm     flat                       $2B         $0       $0      0%
//!
//! A flat round is priced as the mark is. Fair value loses what the mark loses; the equity method and
//!   cost lose what is then missing to cost, less what is missing already.
//! ```

mod findings;
mod tables;

use keiretsu_model::{Holding, Report};
use keiretsu_program::{Probe, Reading};
use keiretsu_values::{Cell, Dimension, Finding, Table, TableSpec, Value};

use self::tables::{GAINS, ROUNDS};
use crate::measures::returns::{Mark, Stake, stakes};
use crate::{Measure, Query, Seen, Subject};

pub struct Marks;

const NAME: &str = "marks";

impl Measure for Marks {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "gains on paper by accounting class, their share of profit, what a lower round would undo"
    }

    fn schema(&self) -> &'static [&'static TableSpec] {
        &[&GAINS, &ROUNDS]
    }

    fn needs(&self, _: &Subject<'_>, _: &Query) -> Vec<Probe> {
        vec![]
    }

    fn tables(&self, subject: &Subject<'_>, query: &Query, _: &Seen<'_>) -> Vec<Table> {
        let held = held(subject, query);
        vec![gains(subject, query, &held), rounds(subject, query, &held)]
    }

    fn findings(&self, tables: &[Table]) -> Vec<Finding> {
        findings::of(tables)
    }
}

/// How a holder accounts for a stake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    FairValue,
    EquityMethod,
    Cost,
    NotStated,
}

impl Class {
    fn of(holding: Option<&Holding>) -> Self {
        match holding.and_then(|holding| holding.record.text("accounting")) {
            Some("fair value") => Self::FairValue,
            Some("equity method") => Self::EquityMethod,
            Some("cost") => Self::Cost,
            _ => Self::NotStated,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::FairValue => "fair value",
            Self::EquityMethod => "equity method",
            Self::Cost => "cost",
            Self::NotStated => "not stated",
        }
    }

    /// The part of a gain on paper that is in the holder's profit.
    fn in_profit(self, gain: &Value) -> Value {
        match self {
            Self::FairValue => gain.clone(),
            // A gain waits for a sale; a loss does not (impairment).
            Self::EquityMethod | Self::Cost => match gain.amount() {
                Some(amount) if amount < 0.0 => gain.clone(),
                Some(_) => Value::exact(0.0),
                None => gain.clone(),
            },
            Self::NotStated => Value::unknown(NO_CLASS),
        }
    }

    /// The loss of profit by a change of the mark.
    fn lost(self, cost: &Value, mark: &Value, after: &Value, change: &Value) -> Value {
        match self {
            Self::FairValue if change.is_zero() => Value::exact(0.0),
            Self::FairValue => change.times(-1.0),
            Self::EquityMethod | Self::Cost => {
                // A mark below cost has been lost already; a round gains nothing of what is carried at cost.
                let carried = cost.min(mark);
                let lost = carried.beyond(after);
                lost.max(&Value::exact(0.0))
            }
            Self::NotStated => Value::unknown(NO_CLASS),
        }
    }
}

const NO_CLASS: &str = "no accounting class is stated";

/// A stake with one of its marks.
struct Held {
    stake: Stake,
    mark: Mark,
    class: Class,
}

impl Held {
    fn name(&self) -> String {
        self.stake.named(&self.mark)
    }
}

fn held(subject: &Subject<'_>, query: &Query) -> Vec<Held> {
    let mut list = Vec::new();
    for (owner, issuer) in subject.stakes() {
        if !query.wants(owner) && !query.wants(issuer) {
            continue;
        }
        for stake in stakes(subject, owner, issuer) {
            let holding = subject.model.holdings.iter().find(|holding| holding.name == stake.name);
            let class = Class::of(holding);
            let marks = if stake.marks.is_empty() { unmarked(&stake) } else { stake.marks.clone() };
            list.extend(marks.into_iter().map(|mark| Held { stake: stake.clone(), mark, class }));
        }
    }
    list
}

/// A stake without a mark has none, whatever its issuer's value is as modelled.
fn unmarked(stake: &Stake) -> Vec<Mark> {
    stake.values().into_iter().filter(|mark| !mark.is_modelled).collect()
}

/// A year's profit of a stake's owner: as the party states it, else its last report of a year.
fn profit(subject: &Subject<'_>, held: &Held, reading: Reading) -> Value {
    let owner = held.stake.owner;
    let stated = subject.model.party(owner).record.figure("reported_profit");
    let reports = subject.model.reports.iter().filter(|report| {
        report.party == owner && report.of == "profit" && report.counterparty.is_none() && of_a_year(report)
    });
    let last = reports.max_by_key(|report| report.on.last).and_then(Report::figure);
    match stated.or(last) {
        Some(stated) => subject.model.readings(stated)[reading].clone(),
        None => Value::unknown("no profit of a year is stated"),
    }
}

/// Whether a report is of a whole year, or per year.
fn of_a_year(report: &Report) -> bool {
    let rate = report.figure().is_some_and(|stated| stated.figure.dimension == Dimension::MONEY_RATE);
    let days = report.on.first.until(report.on.last).map_or(0, |span| span.get_days());
    rate || (360..=371).contains(&days)
}

/// A part of a year's profit; of a loss there is none.
fn share(part: &Value, profit: &Value) -> Value {
    match profit.amount() {
        Some(amount) if amount <= 0.0 => Value::unknown("its holder makes no profit"),
        _ => part.divide(profit),
    }
}

/// One row for each mark and reading.
fn gains(subject: &Subject<'_>, query: &Query, list: &[Held]) -> Table {
    let mut table = subject.table(&GAINS);
    for held in list {
        for reading in query.readings() {
            let at = reading;
            let (cost, mark) = (&held.mark.cost[at], &held.mark.value[at]);
            let gain = mark.beyond(cost);
            let (in_profit, profit) = (held.class.in_profit(&gain), profit(subject, held, reading));
            table.push(vec![
                Cell::named(&held.name()),
                subject.party(held.stake.owner),
                Cell::text(held.class.word()),
                Cell::text(reading.name()),
                Cell::Value(cost.clone()),
                Cell::Value(mark.clone()),
                Cell::Value(gain),
                Cell::Value(in_profit.clone()),
                Cell::Value(profit.clone()),
                Cell::Value(share(&in_profit, &profit)),
            ]);
        }
    }
    table.note("Gains since the purchase, beside one year's profit; before tax.");
    table
}

/// A future round, and the mark after it.
#[derive(Clone, Copy)]
enum Round {
    Flat,
    Half,
    AtValue,
}

impl Round {
    const ALL: [Self; 3] = [Self::Flat, Self::Half, Self::AtValue];

    fn word(self) -> &'static str {
        match self {
            Self::Flat => "flat",
            Self::Half => "half price",
            Self::AtValue => "at the issuer's `value`",
        }
    }

    /// The mark after it, and how much it moves.
    fn applied(self, subject: &Subject<'_>, held: &Held, at: Reading) -> (Value, Value) {
        let mark = &held.mark.value[at];
        let share = match self {
            Self::Flat => 1.0,
            Self::Half => 0.5,
            Self::AtValue => {
                let whole = subject.model.term_at_start(held.stake.issuer, "value");
                let after = held.stake.share[at].scaled(&whole);
                let change = after.beyond(mark);
                return (after, change);
            }
        };
        // A share of the mark, not the difference of two: the bound of the mark is that of its change.
        (mark.times(share), if share < 1.0 { mark.times(share - 1.0) } else { Value::exact(0.0) })
    }
}

/// One row for each mark, reading and round.
fn rounds(subject: &Subject<'_>, query: &Query, list: &[Held]) -> Table {
    let mut table = subject.table(&ROUNDS);
    for held in list {
        if held.mark.value.iter().all(|mark| mark.amount().is_none()) {
            table.leave_out(format!("{}: no mark is known", held.name()));
            continue;
        }
        let has_value = subject.model.party(held.stake.issuer).record.has("value");
        for reading in query.readings() {
            let at = reading;
            let cost = &held.mark.cost[at];
            for round in Round::ALL.into_iter().filter(|round| has_value || !matches!(round, Round::AtValue))
            {
                let (after, change) = round.applied(subject, held, at);
                let lost = held.class.lost(cost, &held.mark.value[at], &after, &change);
                let part = share(&lost, &profit(subject, held, reading));
                table.push(vec![
                    Cell::named(&held.name()),
                    Cell::text(held.class.word()),
                    Cell::text(reading.name()),
                    Cell::text(round.word()),
                    Cell::Value(after.clone()),
                    Cell::Value(change),
                    Cell::Value(lost),
                    Cell::Value(part),
                ]);
            }
        }
    }
    table.note(
        "A flat round is priced as the mark is. Fair value loses what the mark loses; the equity method and \
         cost lose what is then missing to cost, less what is missing already.",
    );
    table
}
