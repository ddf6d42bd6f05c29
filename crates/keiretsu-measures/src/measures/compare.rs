//! Parties side by side: money at risk, money coming back, stakes, power, control, and on whom they rest.
//!
//! Each row asks one question of every party; its numbers come from the measures of the same name and carry
//! their bound marks. Money put in and contracted back is summed over the parties in which it has a stake.
//! `firm` is paid plus binding, `headline` adds what is conditional or announced, at the cap. Ratios name the
//! reading of the money put in. Without names on the command line the parties are those of `[compare]
//! strategies`, else all that hold a stake.
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! title    = "Two strategies"
//! as_of    = 2026-01-01
//!
//! [sources.article]
//! title = "An article"
//!
//! [parties]
//! buyer   = { name = "Buyer of stakes" }
//! builder = { name = "Builder" }
//! lab     = { name = "Lab" }
//!
//! [holdings.stake]
//! owner  = "buyer"
//! issuer = "lab"
//! stake  = "27%"
//! cost   = "$13.8B"
//! value  = "$135B to more than $200B"
//! source = "article"
//!
//! [contracts.cloud]
//! type    = "supply"
//! buyer   = "lab"
//! seller  = "buyer"
//! minimum = "$250B over 10 years"
//! source  = "article"
//!
//! [contracts.own]
//! type     = "capex"
//! spender  = "builder"
//! amount   = "about $75B"
//! standing = "announced"
//! source   = "article"
//!
//! [compare]
//! strategies = ["buyer", "builder"]
//! ```
//!
//! By hand: 250 / 13.8 = 18.1; 135 / 13.8 = 9.8 and 200 / 13.8 = 14.5 or more; 135 / 27% = 500, 200 / 27% =
//! 741.
//!
//! ```console
//! $ keiretsu compare model
//! Two strategies: strategies side by side
//! as of 2026-01-01
//!
//!                                                  Buyer of stakes  Builder
//! ─────────────────────────────────────────────────────────────────────────
//! holds a part of                                  Lab
//! money put in: paid                               $13.8B
//! money put in: firm                               $13.8B
//! money put in: headline                           $13.8B
//! contracted back                                  $250B
//! coverage of firm money                           18.1x
//! coverage of headline money                       18.1x
//! stakes                                           27%
//! lowest mark                                      ≥$135B
//! highest mark                                     ?$200B
//! MOIC at the lowest mark                          ≥9.8x
//! MOIC at the highest mark                         ?14.5x
//! issuer's value at the lowest mark                ≥$500B
//! issuer's value at the highest mark               ?$741B
//! own infrastructure                                                  ~$75B
//! rights against partners                          none stated
//! firm money at risk unseen                        $13.8B
//! of partners' contracted supply, as modelled      100%
//! partners depend on it: of their supply           100%
//! it depends on partners: of its contracted sales  100%
//! what it costs partners to leave                  ≥$250B
//! exposure to partners, peak                       ?$415B
//! value: supply margin                             unknown
//! value: stake                                     ?$165B
//! value: left with partners                        ?$447B
//! value: own assets, at cost                                        unknown
//!
//! firm = paid + binding; headline = also conditional and announced, at the cap.
//! Marks are figures on paper, unrealised. Contracted back is nominal and not yet due.
//! From `comes back` on: the expected reading, on central paths; see those measures.
//! ? as read: it may be more and it may be less
//!
//! left out:
//!   value: supply margin (Buyer of stakes): cloud: its margin is not stated
//!   value: own assets, at cost (Builder): own: announced, and no `expect` says what to make of it
//! ```

mod across;
mod risks;
mod side;

use keiretsu_program::{Probe, Reading};
use keiretsu_values::{Cell, ColumnSpec, Table, TableSpec, Unit, UnitSpec, Value};

use self::across::Across;
use self::side::Side;
use crate::cancels::Cancels;
use crate::capital::Extent;
use crate::measures::{lock_in, returns};
use crate::{Measure, Query, Seen, Subject};

pub struct Compare;

const NAME: &str = "compare";

const SIDES: TableSpec = TableSpec::new(
    NAME,
    "sides",
    "Strategies side by side",
    &[&[
        ColumnSpec::text("question", "the question that is asked of every party").titled(""),
        ColumnSpec::party("party", "the party that answers"),
        ColumnSpec::unit(),
        ColumnSpec::measured("value", "its answer as a number")
            .by("as the measure says that the row is named after: coverage, returns, capacity, visibility"),
        ColumnSpec::text("words", "its answer where it is no number").instead_of("value"),
    ]],
)
.of_each("question")
.across("party", "value");

impl Measure for Compare {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "parties side by side: money in, money back, stakes, power, control, dependence"
    }

    fn schema(&self) -> &'static [&'static TableSpec] {
        &[&SIDES, &risks::RISKS]
    }

    fn needs(&self, subject: &Subject<'_>, query: &Query) -> Vec<Probe> {
        [across::needs(subject, &subject.strategies(query)), risks::needs(subject)].concat()
    }

    fn wants_scenarios(&self) -> bool {
        true
    }

    fn needs_of_scenarios(&self, subject: &Subject<'_>, query: &Query) -> Vec<Probe> {
        [across::exposed(subject, &subject.strategies(query)), risks::needs(subject)].concat()
    }

    fn readings(&self, _: &Query) -> Vec<Reading> {
        Reading::ALL.to_vec()
    }

    fn tables(&self, subject: &Subject<'_>, query: &Query, seen: &Seen<'_>) -> Vec<Table> {
        let parties = subject.strategies(query);
        let mut table = subject.table(&SIDES);
        if !subject.model.title.is_empty() {
            table.title = format!("{}: strategies side by side", subject.model.title);
        }
        table.across = parties.iter().map(|party| subject.party(*party)).collect();
        let sides: Vec<Side<'_>> = parties.iter().map(|party| Side::new(subject, *party)).collect();
        let across = Across::of(subject, &parties, seen);
        for (question, unit, answer) in QUESTIONS {
            let answers: Vec<Answer> = sides.iter().map(|side| answer(side, &across, &mut table)).collect();
            ask(&mut table, question, unit.map(|unit| unit.of(subject.model.currency)), answers);
        }
        for part in across.parts() {
            let answers = sides.iter().map(|side| across.captured(side.party(), part)).collect();
            ask(&mut table, &format!("value: {part}"), Some(Unit::Money(subject.model.currency)), answers);
        }
        table.note("firm = paid + binding; headline = also conditional and announced, at the cap.");
        table.note("Marks are figures on paper, unrealised. Contracted back is nominal and not yet due.");
        table.note("From `comes back` on: the expected reading, on central paths; see those measures.");
        let risks = risks::table(subject, &sides, seen, &across);
        std::iter::once(table).chain(risks).collect()
    }
}

/// The answer for one party.
#[derive(Clone, Debug, PartialEq)]
enum Answer {
    /// The question does not apply to it.
    Nothing,
    /// Words.
    Words(String),
    /// A number in the unit of the question.
    Number(Value),
}

/// A row for each party; a question that applies to no party is left out.
fn ask(table: &mut Table, question: &str, unit: Option<Unit>, answers: Vec<Answer>) {
    if answers.iter().all(|answer| *answer == Answer::Nothing) {
        return;
    }
    for (party, answer) in table.across.clone().into_iter().zip(answers) {
        let [value, words] = match answer {
            Answer::Nothing => [Cell::Empty, Cell::Empty],
            Answer::Words(words) => [Cell::Empty, Cell::Text(words)],
            Answer::Number(value) => [Cell::Value(value), Cell::Empty],
        };
        table.push(vec![Cell::text(question), party, unit.map_or(Cell::Empty, Cell::Unit), value, words]);
    }
}

/// A question, the unit of its answers where they are numbers, and the function that answers it.
type Question = (&'static str, Option<UnitSpec>, fn(&Side<'_>, &Across, &mut Table) -> Answer);

const MONEY: Option<UnitSpec> = Some(UnitSpec::Money);
const SHARE: Option<UnitSpec> = Some(UnitSpec::Fixed(Unit::Share));
const MULTIPLE: Option<UnitSpec> = Some(UnitSpec::Fixed(Unit::Multiple));
const POWER: Option<UnitSpec> = Some(UnitSpec::Fixed(Unit::Power));
const COUNT: Option<UnitSpec> = Some(UnitSpec::Fixed(Unit::Number { digits: 0 }));
const EFFECTIVE: Option<UnitSpec> = Some(UnitSpec::Fixed(Unit::Number { digits: 2 }));

static QUESTIONS: &[Question] = &[
    ("holds a part of", None, |side, _, _| side.partners_named()),
    ("money put in: paid", MONEY, |side, _, table| side.put_in(Extent::Paid, table)),
    ("money put in: firm", MONEY, |side, _, table| side.put_in(Extent::Firm, table)),
    ("money put in: headline", MONEY, |side, _, table| side.put_in(Extent::Headline, table)),
    ("contracted back", MONEY, |side, _, table| side.back(table)),
    ("contracted back: can be cancelled", MONEY, |side, _, _| side.back_cancels(Cancels::cancellable)),
    ("contracted back: not said", MONEY, |side, _, _| side.back_cancels(Cancels::unsaid)),
    ("coverage of firm money", MULTIPLE, |side, _, _| side.coverage(Extent::Firm)),
    ("coverage of headline money", MULTIPLE, |side, _, _| side.coverage(Extent::Headline)),
    ("coverage of firm money if cancelled", MULTIPLE, |side, _, _| side.coverage_if_cancelled()),
    ("stakes", SHARE, |side, _, _| side.stake()),
    ("lowest mark", MONEY, |side, _, _| side.mark(returns::Stake::lowest, Reading::Firm)),
    ("highest mark", MONEY, |side, _, _| side.mark(returns::Stake::highest, Reading::Headline)),
    ("MOIC at the lowest mark", MULTIPLE, |side, _, _| side.moic(returns::Stake::lowest, Reading::Firm)),
    ("MOIC at the highest mark", MULTIPLE, |side, _, _| {
        side.moic(returns::Stake::highest, Reading::Headline)
    }),
    ("issuer's value at the lowest mark", MONEY, |side, _, _| {
        side.implied(returns::Stake::lowest, Reading::Firm)
    }),
    ("issuer's value at the highest mark", MONEY, |side, _, _| {
        side.implied(returns::Stake::highest, Reading::Headline)
    }),
    ("power sold to partners", POWER, |side, _, _| side.power()),
    ("own infrastructure", MONEY, |side, _, table| side.own_infrastructure(table)),
    ("service credits granted", MONEY, |side, _, table| side.credits(table)),
    ("rights against partners", None, |side, _, _| side.rights()),
    ("firm money at risk unseen", MONEY, |side, _, table| side.unseen(table)),
    ("of partners' contracted supply, as modelled", SHARE, |side, _, _| side.supply_share()),
    ("owners of the models on its platform", COUNT, |side, _, _| side.owners()),
    ("effective suppliers of its product", EFFECTIVE, |side, _, _| side.product_suppliers()),
    ("comes back of all it sends: at least", SHARE, |side, across, _| {
        across.comes_back(side.party(), |back| &back.lower_share)
    }),
    ("comes back of all it sends: pro rata", SHARE, |side, across, _| {
        across.comes_back(side.party(), |back| &back.middle_share)
    }),
    ("comes back of all it sends: at most", SHARE, |side, across, _| {
        across.comes_back(side.party(), |back| &back.upper_share)
    }),
    ("partners depend on it: of their supply", SHARE, |side, across, _| {
        across.dependence(side, lock_in::of_supply)
    }),
    ("it depends on partners: of its contracted sales", SHARE, |side, across, _| {
        across.dependence(side, lock_in::of_sales)
    }),
    ("what it costs partners to leave", MONEY, |side, across, table| {
        side::total(&across.leaving(side), table)
    }),
    ("capacity that strands if they do", MONEY, |side, across, table| {
        side::total(&across.stranded(side), table)
    }),
    ("exposure to partners, peak", MONEY, |side, across, table| side::total(&across.exposed(side), table)),
    ("neutrality of its platform", MULTIPLE, |side, _, _| side.neutrality()),
];
