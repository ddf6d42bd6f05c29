//! The text of a model, read as TOML and no further: what stands at the root, and the tables of contracts.
//!
//! Absent: checks. A text that is not of the generator's making is refused with one word of why.

use std::collections::BTreeMap;

use toml::{Table, Value};

use super::calendar::{self, Day, Month, When};
use super::figure::{self, Figure};

/// Stands for `later` among years.
const LATER: i32 = 9999;

/// What is uncertain, on its central path.
#[derive(Clone, Debug)]
pub struct Factor {
    /// Its level at as-of, per year where it is money per time.
    pub start: f64,
    /// Growth by year.
    pub growth: Vec<(i32, f64)>,
}

/// What happens or does not.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// Nobody knows.
    Unknown,
    /// With this chance by the end of this month.
    Chance(f64, Month),
}

/// A contract: its name, its type and its terms.
#[derive(Clone, Debug)]
pub struct Contract {
    /// Its name.
    pub name: String,
    /// The word of its type.
    pub kind: String,
    /// Its terms.
    pub table: Table,
}

/// The whole text.
#[derive(Clone, Debug)]
pub struct World {
    /// The day it looks from.
    pub as_of: Day,
    /// The first month of the run: the one that holds the day after as-of (decision 0003).
    pub first: Month,
    /// How many months it looks ahead.
    pub months: i32,
    /// Dollars for a euro.
    pub euro: Option<f64>,
    /// Parties by name, with their terms.
    pub parties: BTreeMap<String, Table>,
    /// Factors by name.
    pub factors: BTreeMap<String, Factor>,
    /// Events by name.
    pub events: BTreeMap<String, Event>,
    /// Contracts in the order of their names.
    pub contracts: Vec<Contract>,
    /// Holdings by name.
    pub holdings: BTreeMap<String, Table>,
}

/// What cannot be read.
pub type Refused = String;

impl World {
    /// Reads a text.
    pub fn read(text: &str) -> Result<World, Refused> {
        let root: Table = text.parse().map_err(|error| format!("{error}"))?;
        let as_of = day(root.get("as_of")).ok_or("as_of")?;
        let horizon = root.get("horizon").and_then(Value::as_str).ok_or("horizon")?;
        let mut world = World {
            as_of,
            first: as_of.next().month,
            months: calendar::duration(horizon).ok_or("horizon")?,
            euro: table(&root, "currencies").and_then(|rates| rates.get("EUR")?.as_str()?.parse().ok()),
            parties: entries(&root, "parties").collect(),
            factors: BTreeMap::new(),
            events: BTreeMap::new(),
            contracts: vec![],
            holdings: entries(&root, "holdings").collect(),
        };
        for (name, terms) in entries(&root, "factors") {
            let factor = factor(&terms, &world).ok_or_else(|| format!("factor {name}"))?;
            world.factors.insert(name, factor);
        }
        for (name, terms) in entries(&root, "events") {
            world.events.insert(name, event(&terms).ok_or("event")?);
        }
        for (name, table) in entries(&root, "contracts") {
            let kind = table.get("type").and_then(Value::as_str).ok_or("type")?.to_owned();
            world.contracts.push(Contract { name, kind, table });
        }
        Ok(world)
    }

    /// The last month of the run.
    pub fn last(&self) -> Month {
        self.first + self.months - 1
    }

    /// Whether a dated payment belongs to the past: its last stated day is not after as-of (decision 0003).
    pub fn is_past(&self, when: When) -> bool {
        when.last <= self.as_of
    }

    /// A factor's level in a month on its central path; what it was before as-of is what it is then.
    pub fn level(&self, name: &str, month: Month) -> Option<f64> {
        let factor = self.factors.get(name)?;
        let mut level = factor.start;
        for at in self.first..=month {
            // Yearly growth g multiplies by (1+g)^(1/12) in each month of that year.
            level *= (1.0 + factor.growth_in(calendar::year(at))).powf(1.0 / 12.0);
        }
        Some(level)
    }

    /// Whether both belong to one group: its tables drop what flows inside.
    pub fn is_inside(&self, payer: &str, payee: &str) -> bool {
        self.group(payer) == self.group(payee)
    }

    /// The party that a segment is part of, else the party itself.
    pub fn group<'a>(&'a self, party: &'a str) -> &'a str {
        let parent = self.parties.get(party).and_then(|terms| terms.get("part_of")?.as_str());
        parent.unwrap_or(party)
    }
}

impl Factor {
    /// Growth of a year; `later` is for the years after the last one listed, and none grows that nobody
    /// lists.
    fn growth_in(&self, year: i32) -> f64 {
        let listed = self.growth.iter().filter(|(listed, _)| *listed != LATER);
        if let Some((_, growth)) = listed.clone().find(|(listed, _)| *listed == year) {
            return *growth;
        }
        let last = listed.map(|(listed, _)| *listed).max().unwrap_or(i32::MIN);
        let later = self.growth.iter().find(|(listed, _)| *listed == LATER && last < year);
        later.map_or(0.0, |(_, growth)| *growth)
    }
}

impl Contract {
    /// The words of a term.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.table.get(key)?.as_str()
    }

    /// The words of a term that must be there.
    pub fn must(&self, key: &str) -> Result<&str, Refused> {
        self.text(key).ok_or_else(|| format!("{}: no {key}", self.name))
    }

    /// The contract with its terms of a month: those that its amendments set from then on.
    #[must_use]
    pub fn at(&self, month: Month) -> Contract {
        let mut then = self.clone();
        let list = self.table.get("amendments").and_then(Value::as_array);
        let mut amendments: Vec<&Table> = list.into_iter().flatten().filter_map(Value::as_table).collect();
        amendments.sort_by_key(|amendment| date(amendment.get("on")).map(|on| on.first));
        for amendment in amendments {
            let Some(on) = date(amendment.get("on")) else { continue };
            if on.first.month <= month {
                let set = table(amendment, "set").into_iter().flatten();
                then.table.extend(set.map(|(key, value)| (key.clone(), value.clone())));
            }
        }
        then
    }

    /// A table inside.
    pub fn inner(&self, key: &str) -> Option<&Table> {
        table(&self.table, key)
    }
}

/// A term that is a date.
pub fn date(value: Option<&Value>) -> Option<When> {
    match value? {
        Value::Integer(year) => calendar::when(&year.to_string()),
        Value::Datetime(day) => calendar::when(&day.to_string()),
        Value::String(text) => calendar::when(text),
        _ => None,
    }
}

/// A term that is a figure: words, or words with what is expected.
pub fn figure_of(value: Option<&Value>, world: &World) -> Option<Figure> {
    match value? {
        Value::String(text) => figure::figure(text, world),
        Value::Table(more) => {
            let mut figure = figure::figure(more.get("figure")?.as_str()?, world)?;
            if let Some(expect) = more.get("expect") {
                figure.expect = Some(figure::words(expect.as_str()?, world)?);
            }
            Some(figure)
        }
        _ => None,
    }
}

fn day(value: Option<&Value>) -> Option<Day> {
    Some(date(value)?.first)
}

fn table<'a>(of: &'a Table, key: &str) -> Option<&'a Table> {
    of.get(key)?.as_table()
}

fn entries(root: &Table, key: &str) -> impl Iterator<Item = (String, Table)> {
    let entries = table(root, key).cloned().unwrap_or_default();
    entries.into_iter().filter_map(|(name, value)| Some((name, value.as_table()?.clone())))
}

fn factor(terms: &Table, world: &World) -> Option<Factor> {
    let start = figure::figure(terms.get("start")?.as_str()?, world)?;
    let percent = |value: &Value| figure::amount(value.as_str()?, world);
    let growth = match terms.get("growth") {
        None => vec![],
        Some(Value::Table(years)) => {
            let year = |(key, value): (&String, &Value)| {
                let year = if key == "later" { Some(LATER) } else { key.parse().ok() };
                Some((year?, percent(value)?))
            };
            let mut years: Vec<(i32, f64)> = years.iter().map(year).collect::<Option<_>>()?;
            years.sort_by_key(|(year, _)| *year);
            years
        }
        Some(all) => vec![(LATER, percent(all)?)],
    };
    let figure::Words::Plain(start) = start.words else { return None };
    Some(Factor { start, growth })
}

fn event(terms: &Table) -> Option<Event> {
    let Some(chance) = terms.get("chance") else { return Some(Event::Unknown) };
    let (percent, by) = chance.as_str()?.split_once("% by ")?;
    Some(Event::Chance(percent.parse::<f64>().ok()? / 100.0, calendar::when(by)?.last.month))
}
