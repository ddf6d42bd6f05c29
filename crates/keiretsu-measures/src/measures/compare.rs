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
//!                                                  Buyer of stakes   Builder
//! ──────────────────────────────────────────────────────────────────────────
//! holds a part of                                  Lab
//! money put in: paid                               $13.8bn
//! money put in: firm                               $13.8bn
//! money put in: headline                           $13.8bn
//! contracted back                                  $250.0bn
//! coverage of firm money                           18.1x
//! coverage of headline money                       18.1x
//! stakes                                           27%
//! lowest mark                                      ≥$135.0bn
//! highest mark                                     ?$200.0bn
//! MOIC at the lowest mark                          ≥9.8x
//! MOIC at the highest mark                         ?14.5x
//! issuer's value at the lowest mark                ≥$500.0bn
//! issuer's value at the highest mark               ?$740.7bn
//! own infrastructure                                                ~$75.0bn
//! rights against partners                          none stated
//! firm money at risk unseen                        $13.8bn
//! of partners' contracted supply, as modelled      100%
//! partners depend on it: of their supply           100%
//! it depends on partners: of its contracted sales  100%
//! what it costs partners to leave                  ≥$250.0bn
//! exposure to partners, peak                       ?$415.5bn
//! value: supply margin                             unknown
//! value: stake                                     ?$165.5bn
//! value: left with partners                        ?$447.4bn
//! value: own assets, at cost                                         unknown
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

use keiretsu_model::PartyRef;
use keiretsu_program::{Probe, Reading};
use keiretsu_values::{Cell, Column, Table};

use self::across::Across;
use self::side::Side;
use crate::capital::Extent;
use crate::measures::returns;
use crate::{Measure, Query, Seen, Subject};

/// See the module.
pub struct Compare;

const NAME: &str = "compare";

impl Measure for Compare {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "parties side by side: money in, money back, stakes, power, control, dependence"
    }

    fn formula(&self, _: &str) -> Option<&'static str> {
        Some("as the measure says that the row is named after: coverage, returns, capacity, visibility")
    }

    fn needs(&self, subject: &Subject<'_>, query: &Query) -> Vec<Probe> {
        [across::needs(subject, &strategies(subject, query)), risks::needs(subject)].concat()
    }

    fn needs_of_paths(&self, subject: &Subject<'_>, query: &Query) -> Vec<Probe> {
        across::needs_of_paths(subject, &strategies(subject, query))
    }

    fn wants_scenarios(&self) -> bool {
        true
    }

    fn needs_of_scenarios(&self, subject: &Subject<'_>, query: &Query) -> Vec<Probe> {
        [across::exposed(subject, &strategies(subject, query)), risks::needs(subject)].concat()
    }

    fn readings(&self, _: &Query) -> Vec<Reading> {
        Reading::ALL.to_vec()
    }

    fn tables(&self, subject: &Subject<'_>, query: &Query, seen: &Seen<'_>) -> Vec<Table> {
        let parties = strategies(subject, query);
        let name =
            |party: &PartyRef| Column::text(&subject.model.party(*party).name).titled(&subject.title(*party));
        let names: Vec<Column> = parties.iter().map(name).collect();
        let mut columns = vec![Column::text("question").titled("")];
        columns.extend(names.clone());
        let mut table = subject.table(NAME, title(subject), columns);
        let sides: Vec<Side<'_>> = parties.iter().map(|party| Side::new(subject, *party)).collect();
        for (question, answer) in QUESTIONS {
            let cells: Vec<Cell> = sides.iter().map(|side| answer(side, &mut table)).collect();
            ask(&mut table, question, cells);
        }
        let across = Across::of(subject, &parties, seen);
        for (question, answer) in LOOKED_UP {
            let cells: Vec<Cell> = sides.iter().map(|side| answer(side, &across, &mut table)).collect();
            ask(&mut table, question, cells);
        }
        for part in across.parts() {
            let captured = |side: &Side<'_>| across.captured(&subject.title(side.party()), &part);
            let cell = |side: &Side<'_>| captured(side).map_or(Cell::Empty, |value| side.money(value));
            let cells = sides.iter().map(cell).collect();
            ask(&mut table, &format!("value: {part}"), cells);
        }
        table.note("firm = paid + binding; headline = also conditional and announced, at the cap.");
        table.note("Marks are figures on paper, unrealised. Contracted back is nominal and not yet due.");
        table.note("From `comes back` on: the expected reading, on central paths; see those measures.");
        let risks = risks::table(subject, names, &sides, seen, &across);
        std::iter::once(table).chain(risks).collect()
    }
}

/// A row for a question; one that says nothing of anybody is not asked.
fn ask(table: &mut Table, question: &str, cells: Vec<Cell>) {
    if cells.iter().any(|cell| *cell != Cell::Empty) {
        let mut row = vec![Cell::text(question)];
        row.extend(cells);
        table.push(row);
    }
}

fn title(subject: &Subject<'_>) -> String {
    let title = &subject.model.title;
    if title.is_empty() {
        "Strategies side by side".to_owned()
    } else {
        format!("{title}: strategies side by side")
    }
}

/// The parties set side by side: those asked for, those of the model, or all that hold a stake.
pub(crate) fn strategies(subject: &Subject<'_>, query: &Query) -> Vec<PartyRef> {
    let named = if query.parties.is_empty() { &subject.model.strategies } else { &query.parties };
    if !named.is_empty() {
        return named.iter().map(|party| subject.model.group(*party)).collect();
    }
    let mut owners: Vec<PartyRef> = subject.stakes().iter().map(|(owner, _)| *owner).collect();
    owners.dedup();
    owners
}

type Answer = fn(&Side<'_>, &mut Table) -> Cell;
type LookedUp = fn(&Side<'_>, &Across, &mut Table) -> Cell;

static QUESTIONS: &[(&str, Answer)] = &[
    ("holds a part of", |side, _| side.partners_named()),
    ("money put in: paid", |side, table| side.put_in(Extent::Paid, table)),
    ("money put in: firm", |side, table| side.put_in(Extent::Firm, table)),
    ("money put in: headline", |side, table| side.put_in(Extent::Headline, table)),
    ("contracted back", |side, table| side.back(table)),
    ("coverage of firm money", |side, _| side.coverage(Extent::Firm)),
    ("coverage of headline money", |side, _| side.coverage(Extent::Headline)),
    ("stakes", |side, _| side.stake()),
    ("lowest mark", |side, _| side.mark(returns::Stake::lowest, Reading::Firm)),
    ("highest mark", |side, _| side.mark(returns::Stake::highest, Reading::Headline)),
    ("MOIC at the lowest mark", |side, _| side.moic(returns::Stake::lowest, Reading::Firm)),
    ("MOIC at the highest mark", |side, _| side.moic(returns::Stake::highest, Reading::Headline)),
    ("issuer's value at the lowest mark", |side, _| side.implied(returns::Stake::lowest, Reading::Firm)),
    ("issuer's value at the highest mark", |side, _| {
        side.implied(returns::Stake::highest, Reading::Headline)
    }),
    ("power sold to partners", |side, _| side.power()),
    ("own infrastructure", |side, table| side.own_infrastructure(table)),
    ("service credits granted", |side, table| side.credits(table)),
    ("rights against partners", |side, _| side.rights()),
    ("firm money at risk unseen", |side, table| side.unseen(table)),
    ("of partners' contracted supply, as modelled", |side, _| side.supply_share()),
    ("owners of the models on its platform", |side, _| side.owners()),
    ("effective suppliers of its product", |side, _| side.product_suppliers()),
];

/// What other measures answer.
static LOOKED_UP: &[(&str, LookedUp)] = &[
    ("comes back of all it sends: at least", |side, across, _| comes_back(side, across, "lower_share")),
    ("comes back of all it sends: pro rata", |side, across, _| comes_back(side, across, "middle_share")),
    ("comes back of all it sends: at most", |side, across, _| comes_back(side, across, "upper_share")),
    ("partners depend on it: of their supply", |side, across, _| {
        across.dependence(&side.title(), &side.partner_titles(), "buyer_on_seller")
    }),
    ("it depends on partners: of its contracted sales", |side, across, _| {
        across.dependence(&side.title(), &side.partner_titles(), "seller_on_buyer")
    }),
    ("what it costs partners to leave", |side, across, table| {
        side.total(&across.leaving(&side.title(), &side.partner_titles()), table)
    }),
    ("capacity that strands if they do", |side, across, table| {
        side.total(&across.stranded(&side.title(), &side.partner_titles()), table)
    }),
    ("exposure to partners, peak", |side, across, table| {
        side.total(&across.exposed(&side.title(), &side.partner_titles()), table)
    }),
    ("neutrality of its platform", |side, _, _| side.neutrality()),
];

fn comes_back(side: &Side<'_>, across: &Across, column: &str) -> Cell {
    across.comes_back(&side.title(), column)
}
