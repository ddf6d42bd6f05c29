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
//!                                              Buyer of stakes   Builder
//! ──────────────────────────────────────────────────────────────────────
//! holds a part of                              Lab
//! money put in: paid                           $13.8bn
//! money put in: firm                           $13.8bn
//! money put in: headline                       $13.8bn
//! contracted back                              $250.0bn
//! coverage of firm money                       18.1x
//! coverage of headline money                   18.1x
//! stakes                                       27%
//! lowest mark                                  $135.0bn
//! highest mark                                 ≥$200.0bn
//! MOIC at the lowest mark                      9.8x
//! MOIC at the highest mark                     ≥14.5x
//! issuer's value at the lowest mark            $500.0bn
//! issuer's value at the highest mark           ≥$740.7bn
//! own infrastructure                                            ~$75.0bn
//! rights against partners                      none stated
//! firm money at risk unseen                    $13.8bn
//! of partners' contracted supply, as modelled  100%
//!
//! firm = paid + binding; headline = also conditional and announced, at the cap.
//! Marks are figures on paper, unrealised. Contracted back is nominal and not yet due.
//! ```

use keiretsu_model::PartyRef;
use keiretsu_program::{Probe, Tag};
use keiretsu_values::{Cell, Column, Table, Total, Unit, Value};

use crate::capital::Extent;
use crate::measures::{coverage, diversification, returns, visibility};
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

    fn needs(&self, _: &Subject<'_>, _: &Query) -> Vec<Probe> {
        vec![]
    }

    fn tables(&self, subject: &Subject<'_>, query: &Query, _: &Seen<'_>) -> Vec<Table> {
        let parties = strategies(subject, query);
        let mut columns = vec![Column::text("question").titled("")];
        columns.extend(
            parties
                .iter()
                .map(|party| Column::text(&subject.model.party(*party).name).titled(&subject.title(*party))),
        );
        let mut table = subject.table(NAME, title(subject), columns);
        let sides: Vec<Side<'_>> = parties.iter().map(|party| Side::new(subject, *party)).collect();
        for (question, answer) in QUESTIONS {
            let cells: Vec<Cell> = sides.iter().map(|side| answer(side, &mut table)).collect();
            // A question that says nothing of anybody is not asked.
            if cells.iter().all(|cell| *cell == Cell::Empty) {
                continue;
            }
            let mut row = vec![Cell::text(*question)];
            row.extend(cells);
            table.push(row);
        }
        table.note("firm = paid + binding; headline = also conditional and announced, at the cap.");
        table.note("Marks are figures on paper, unrealised. Contracted back is nominal and not yet due.");
        vec![table]
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

fn strategies(subject: &Subject<'_>, query: &Query) -> Vec<PartyRef> {
    let named = if query.parties.is_empty() { &subject.model.strategies } else { &query.parties };
    if !named.is_empty() {
        return named.iter().map(|party| subject.model.group(*party)).collect();
    }
    let mut owners: Vec<PartyRef> = subject.stakes().iter().map(|(owner, _)| *owner).collect();
    owners.dedup();
    owners
}

/// One party with those in which it has a stake.
struct Side<'a> {
    subject: &'a Subject<'a>,
    party: PartyRef,
    partners: Vec<PartyRef>,
}

type Answer = fn(&Side<'_>, &mut Table) -> Cell;

static QUESTIONS: &[(&str, Answer)] = &[
    ("holds a part of", |side, _| side.partners_named()),
    ("money put in: paid", |side, table| side.put_in(Extent::Paid, table)),
    ("money put in: firm", |side, table| side.put_in(Extent::Firm, table)),
    ("money put in: headline", |side, table| side.put_in(Extent::Headline, table)),
    ("contracted back", |side, table| side.back(table)),
    ("coverage of firm money", |side, _| side.coverage(Extent::Firm)),
    ("coverage of headline money", |side, _| side.coverage(Extent::Headline)),
    ("stakes", |side, _| side.stake()),
    ("lowest mark", |side, _| side.mark(returns::Stake::mark_min)),
    ("highest mark", |side, _| side.mark(returns::Stake::mark_max)),
    ("MOIC at the lowest mark", |side, _| side.moic(0, returns::Stake::mark_min)),
    ("MOIC at the highest mark", |side, _| side.moic(2, returns::Stake::mark_max)),
    ("issuer's value at the lowest mark", |side, _| side.implied(0, returns::Stake::mark_min)),
    ("issuer's value at the highest mark", |side, _| side.implied(2, returns::Stake::mark_max)),
    ("power sold to partners", |side, _| side.power()),
    ("own infrastructure", |side, table| side.own_infrastructure(table)),
    ("service credits granted", |side, table| side.credits(table)),
    ("rights against partners", |side, _| side.rights()),
    ("firm money at risk unseen", |side, table| side.unseen(table)),
    ("of partners' contracted supply, as modelled", |side, _| side.supply_share()),
    ("owners of the models on its platform", |side, _| side.owners()),
    ("effective suppliers of its product", |side, _| side.product_suppliers()),
];

impl<'a> Side<'a> {
    fn new(subject: &'a Subject<'a>, party: PartyRef) -> Self {
        let partners = subject.stakes().into_iter().filter(|(owner, _)| *owner == party);
        Self { subject, party, partners: partners.map(|(_, issuer)| issuer).collect() }
    }

    fn money(&self, value: Value) -> Cell {
        Cell::Measured(value, Unit::Money(self.subject.model.currency))
    }

    fn total(&self, total: &Total, table: &mut Table) -> Cell {
        if total.is_empty() {
            return Cell::Empty;
        }
        for what in &total.left_out {
            table.leave_out(what.clone());
        }
        self.money(total.value())
    }

    fn partners_named(&self) -> Cell {
        let names: Vec<String> = self.partners.iter().map(|partner| self.subject.title(*partner)).collect();
        if names.is_empty() { Cell::Empty } else { Cell::Text(names.join(", ")) }
    }

    fn sum(&self, part: impl Fn(PartyRef) -> Total) -> Total {
        let mut sum = Total::default();
        for partner in &self.partners {
            let part = part(*partner);
            if part.left_out.is_empty() && part.is_empty() {
                continue;
            }
            if let Some(amount) = part.value().amount() {
                sum.add(
                    "",
                    &Value::known(amount, part.value().bound().unwrap_or(keiretsu_values::Bound::Exact)),
                );
            }
            sum.left_out.extend(part.left_out);
        }
        sum
    }

    fn put_in_total(&self, extent: Extent) -> Total {
        self.sum(|partner| self.subject.put_in(self.party, partner, extent))
    }

    fn put_in(&self, extent: Extent, table: &mut Table) -> Cell {
        self.total(&self.put_in_total(extent), table)
    }

    fn back_total(&self, reading: usize) -> Total {
        self.sum(|partner| self.subject.contracted(partner, self.party, reading))
    }

    fn back(&self, table: &mut Table) -> Cell {
        self.total(&self.back_total(0), table)
    }

    fn coverage(&self, extent: Extent) -> Cell {
        let reading = if extent == Extent::Headline { 2 } else { 0 };
        let (back, money) = (self.back_total(reading), self.put_in_total(extent));
        if back.is_empty() {
            return Cell::Empty;
        }
        // A ratio over an incomplete sum would look better than anybody knows.
        let ratio = if money.left_out.is_empty() {
            coverage::ratio(&back.value(), &money.value())
        } else {
            Value::unknown("money put in is partly undisclosed")
        };
        Cell::Measured(ratio, Unit::Multiple)
    }

    fn stakes(&self) -> Vec<returns::Stake> {
        let each =
            self.partners.iter().flat_map(|partner| returns::stakes(self.subject, self.party, *partner));
        each.collect()
    }

    /// One answer for a party with one stake; several are added where adding means something.
    fn over_stakes(&self, unit: Unit, value: impl Fn(&returns::Stake) -> Value, adds: bool) -> Cell {
        let values: Vec<Value> = self.stakes().iter().map(value).collect();
        match values.as_slice() {
            [] => Cell::Empty,
            [one] => Cell::Measured(one.clone(), unit),
            several if adds => {
                let mut total = Total::default();
                for value in several {
                    total.add("stake", value);
                }
                Cell::Measured(total.value(), unit)
            }
            several => match several.iter().find(|value| value.amount().is_some()) {
                Some(known) if several.iter().filter(|value| value.amount().is_some()).count() == 1 => {
                    Cell::Measured(known.clone(), unit)
                }
                _ => Cell::Measured(Value::unknown("differs by stake, or is undisclosed"), unit),
            },
        }
    }

    fn stake(&self) -> Cell {
        self.over_stakes(Unit::Share, |stake| stake.share[0].clone(), false)
    }

    fn mark(&self, mark: fn(&returns::Stake) -> Value) -> Cell {
        self.over_stakes(Unit::Money(self.subject.model.currency), mark, true)
    }

    fn moic(&self, at: usize, mark: fn(&returns::Stake) -> Value) -> Cell {
        let moic = |stake: &returns::Stake| stake.moic(&mark(stake), at);
        self.over_stakes(Unit::Multiple, moic, false)
    }

    fn implied(&self, at: usize, mark: fn(&returns::Stake) -> Value) -> Cell {
        let implied = |stake: &returns::Stake| mark(stake).divide(&stake.share[at]);
        self.over_stakes(Unit::Money(self.subject.model.currency), implied, false)
    }

    fn power(&self) -> Cell {
        let model = self.subject.model;
        let mut total = Total::default();
        for line in &self.subject.side.capacities {
            let sold =
                model.group(line.seller) == self.party && self.partners.contains(&model.group(line.buyer));
            if sold {
                total.add("power", &line.power[2]);
            }
        }
        if total.is_empty() { Cell::Empty } else { Cell::Measured(total.value(), Unit::Power) }
    }

    fn own_infrastructure(&self, table: &mut Table) -> Cell {
        let mine = |tag: &str| tag == Tag::Capex.name();
        self.committed(mine, table)
    }

    fn credits(&self, table: &mut Table) -> Cell {
        self.committed(|tag| tag == "credits", table)
    }

    fn committed(&self, tagged: impl Fn(&str) -> bool, table: &mut Table) -> Cell {
        let mut total = Total::default();
        for commitment in &self.subject.side.commitments {
            if tagged(commitment.tag)
                && self.subject.model.group(commitment.from) == self.party
                && !commitment.slice
            {
                total.add(&self.subject.name(commitment), &commitment.amount(2));
            }
        }
        self.total(&total, table)
    }

    fn rights(&self) -> Cell {
        let lists: Vec<String> = self
            .partners
            .iter()
            .map(|partner| {
                (self.subject.title(*partner), visibility::in_words(self.subject, self.party, *partner))
            })
            .map(|(name, words)| if self.partners.len() == 1 { words } else { format!("{name}: {words}") })
            .collect();
        if lists.is_empty() { Cell::Empty } else { Cell::Text(lists.join("; ")) }
    }

    fn unseen(&self, table: &mut Table) -> Cell {
        let total = self.sum(|partner| {
            let mut unseen = Total::default();
            if visibility::sees(self.subject, self.party, partner) {
                unseen.add("seen", &Value::exact(0.0));
            } else {
                unseen = self.subject.put_in(self.party, partner, Extent::Firm);
            }
            unseen
        });
        self.total(&total, table)
    }

    /// How much of what its partners are contracted to buy they buy from it.
    fn supply_share(&self) -> Cell {
        let mut parts = Vec::new();
        for partner in &self.partners {
            let mut all = Total::default();
            for other in self.subject.groups().into_iter().filter(|other| other != partner) {
                let part = self.subject.contracted(*partner, other, 0);
                if !part.is_empty() {
                    all.add("", &part.value());
                    all.left_out.extend(part.left_out);
                }
            }
            let mine = self.subject.contracted(*partner, self.party, 0);
            if all.is_empty() {
                continue;
            }
            let share = match (mine.is_empty(), all.left_out.is_empty()) {
                (_, false) => Value::unknown("a contract is undisclosed"),
                (true, true) => Value::exact(0.0),
                // Numerator and whole share their bound; a part that is all of it is exactly all.
                (false, true) => match (mine.value().amount(), all.value().amount()) {
                    (Some(part), Some(whole)) if whole > 0.0 => Value::exact(part / whole),
                    _ => Value::unknown("nothing is contracted"),
                },
            };
            parts.push((self.subject.title(*partner), share));
        }
        match parts.as_slice() {
            [] => Cell::Empty,
            [(_, share)] => Cell::Measured(share.clone(), Unit::Share),
            several => Cell::Text(
                several
                    .iter()
                    .map(|(name, share)| match share.amount() {
                        Some(share) => format!("{name} {:.0}%", share * 100.0),
                        None => format!("{name} unknown"),
                    })
                    .collect::<Vec<_>>()
                    .join(", "),
            ),
        }
    }

    /// How many parties own the models that its platform offers.
    fn owners(&self) -> Cell {
        let model = self.subject.model;
        let mixes = diversification::mixes(self.subject);
        let mut mine =
            mixes.iter().filter(|mix| mix.what == "platform" && model.group(mix.operator) == self.party);
        match mine.next() {
            Some(mix) => Cell::Measured(Value::exact(mix.shares.len() as f64), Unit::Number { digits: 0 }),
            None => Cell::Empty,
        }
    }

    /// The effective number of suppliers of its product, in the latest year that is stated.
    fn product_suppliers(&self) -> Cell {
        let model = self.subject.model;
        let mixes = diversification::mixes(self.subject);
        let mine =
            mixes.iter().filter(|mix| mix.what == "product" && model.group(mix.operator) == self.party);
        match mine.max_by(|a, b| a.year.cmp(&b.year)) {
            Some(mix) => Cell::Measured(mix.numbers().1, Unit::Number { digits: 2 }),
            None => Cell::Empty,
        }
    }
}
