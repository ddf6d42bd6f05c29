//! A user's JSON to the terms of a capitalisation table.

use keiretsu_methods::captable::round::Pool;
use keiretsu_methods::captable::rounding::{Direction, Rounding};

use super::convertibles::{self, Converts};
use super::terms::{self, Issue, Preferred, Protected, Warrant};
use crate::Request;
use crate::faults::Faults;
use crate::names::Names;
use crate::record::{JsonObject, NumberRange};
use crate::tree::JsonTree;
use crate::web;

/// Names of the unallocated class.
const UNALLOCATED: [&str; 6] =
    ["pool", "pool_unissued", "pool_unallocated", "pool_available", "unallocated", "unissued"];

/// Everything that is given.
#[derive(Debug, Default)]
pub struct CapTableInput {
    /// Classes before anything converts, with their shares.
    pub classes: Vec<(String, f64)>,
    /// The class of the unallocated pool.
    pub pool: String,
    /// SAFEs and notes.
    pub converts: Vec<Converts>,
    /// The round.
    pub round: Option<Round>,
    /// Warrants.
    pub warrants: Vec<Warrant>,
    /// Classes that are protected, and the issue that they are protected against, if it is not the round.
    pub protected: Vec<Protected>,
    /// See `protected`.
    pub issue: Option<Issue>,
    /// Classes with a preference.
    pub preferences: Vec<Preferred>,
    /// The rounding.
    pub rounding: Rounding,
    /// Proceeds of an exit.
    pub exit: Option<f64>,
}

/// A priced round.
#[derive(Clone, Debug)]
pub struct Round {
    /// The class of its shares.
    pub id: String,
    /// Agreed value before new money.
    pub pre_money: f64,
    /// Paid by new investors.
    pub new_money: f64,
    /// The option pool after the round.
    pub pool: Pool,
}

const KEYS: [&str; 10] = [
    "shares",
    "safes",
    "notes",
    "round",
    "preferences",
    "pool",
    "anti_dilution",
    "rounding",
    "exit",
    "warrants",
];

/// Reads the file of a request.
pub fn read(request: &Request, faults: &Faults) -> Option<CapTableInput> {
    let tree = web::json(request, "this method reads JSON; see --help", faults)?;
    let root = JsonObject::root(&tree, &KEYS, faults);
    let mut given =
        CapTableInput { exit: root.number("exit", NumberRange::Amount), ..CapTableInput::default() };
    if !root.has("shares") {
        root.fault("shares", "is missing", "give shares by class: {\"founders\": 9000000}");
    }
    let classes = root.amounts("shares", NumberRange::Amount);
    given.classes = classes.into_iter().map(|(name, shares)| (name.to_owned(), shares)).collect();
    let named = given.classes.iter().find(|(name, _)| UNALLOCATED.contains(&name.as_str()));
    given.pool = named.map_or_else(|| "pool".to_owned(), |(name, _)| name.clone());
    given.converts = convertibles::read(&root, faults);
    let target = pool(&root, &mut given, faults);
    given.round = round(&root, target, faults);
    given.warrants = terms::warrants(&root);
    (given.issue, given.protected) = terms::protections(&root, faults);
    given.preferences = terms::preferences(&root);
    given.rounding = rounding(&root);
    check_names(&given, faults);
    Some(given)
}

/// Reads `pool`: shares, or an object, with its target if there is one.
fn pool(root: &JsonObject<'_>, given: &mut CapTableInput, faults: &Faults) -> Option<Pool> {
    let known =
        ["unallocated", "unissued", "reserved", "granted", "target_unallocated", "target", "increase"];
    match root.get("pool") {
        None => None,
        Some(JsonTree::Map(_)) => {
            let record = root.record("pool", &known)?;
            let reserved = record.number("reserved", NumberRange::Amount);
            let granted = record.number("granted", NumberRange::Amount).unwrap_or(0.0);
            let plain = record
                .number("unallocated", NumberRange::Amount)
                .or(record.number("unissued", NumberRange::Amount));
            let free = reserved.map_or(plain.unwrap_or(0.0), |reserved| reserved - granted);
            if free < 0.0 {
                record.fault("granted", "is more than what is reserved", "");
            }
            add(given, "pool_granted", granted, faults);
            add_pool(given, free, faults);
            let target = record.number("target_unallocated", NumberRange::Fraction);
            let target =
                target.or(record.number("target", NumberRange::Fraction)).map(Pool::TargetUnallocated);
            target.or(record.number("increase", NumberRange::Amount).map(Pool::Increase))
        }
        Some(_) => {
            // Less than one share is no pool, so that it must be a fraction.
            let number = root.number("pool", NumberRange::Amount)?;
            if 0.0 < number && number < 1.0 {
                return Some(Pool::TargetUnallocated(number));
            }
            add_pool(given, number, faults);
            None
        }
    }
}

fn add_pool(given: &mut CapTableInput, shares: f64, faults: &Faults) {
    let name = given.pool.clone();
    add(given, &name, shares, faults);
}

fn add(given: &mut CapTableInput, name: &str, shares: f64, faults: &Faults) {
    if shares <= 0.0 {
        return;
    }
    if given.classes.iter().any(|(other, _)| other == name) {
        faults.push("pool", format!("`{name}` is among the shares already"), "give it in one place");
    }
    given.classes.push((name.to_owned(), shares));
}

fn round(root: &JsonObject<'_>, target: Option<Pool>, faults: &Faults) -> Option<Round> {
    let known =
        ["id", "name", "pre_money", "post_money", "new_money", "pool_target_unallocated", "pool_increase"];
    let record = root.record("round", &known)?;
    let new_money = record.need("new_money", NumberRange::Amount);
    let pre_money = match record.number("post_money", NumberRange::Positive) {
        Some(post) if !record.has("pre_money") => post - new_money,
        Some(_) => {
            record.fault("post_money", "is given beside pre_money", "keep one of them");
            1.0
        }
        None => record.need("pre_money", NumberRange::Positive),
    };
    if record.has("post_money") && pre_money <= 0.0 {
        record.fault("post_money", "is not above the new money", "");
    }
    let by_target =
        record.number("pool_target_unallocated", NumberRange::Fraction).map(Pool::TargetUnallocated);
    let by_count = record.number("pool_increase", NumberRange::Amount).map(Pool::Increase);
    let ways: Vec<Pool> = [target, by_target, by_count].into_iter().flatten().collect();
    if 1 < ways.len() {
        faults.push("round", "what the pool becomes is said twice", "keep a target or an increase");
    }
    let id = record.name("id").or_else(|| record.name("name"));
    Some(Round {
        id: id.map_or_else(|| "new".to_owned(), std::borrow::Cow::into_owned),
        pre_money,
        new_money,
        pool: ways.first().copied().unwrap_or(Pool::Increase(0.0)),
    })
}

fn rounding(root: &JsonObject<'_>) -> Rounding {
    let words = [
        ("none", None),
        ("down", Some(Direction::Down)),
        ("nearest", Some(Direction::Nearest)),
        ("up", Some(Direction::Up)),
        ("exact", None),
        ("floor", Some(Direction::Down)),
        ("round", Some(Direction::Nearest)),
        ("ceil", Some(Direction::Up)),
        ("ceiling", Some(Direction::Up)),
    ];
    if matches!(root.get("rounding"), Some(JsonTree::Text(_))) {
        let shares = root.one_of("rounding", &words).flatten();
        return Rounding { shares, ..Rounding::default() };
    }
    let known = ["price_decimals", "price", "price_direction", "shares", "pool_multiple", "pool"];
    let Some(record) = root.record("rounding", &known) else { return Rounding::default() };
    let either = |a: &str, b: &str| record.whole(a).or_else(|| record.whole(b));
    let decimals = either("price_decimals", "price");
    let directions: Vec<(&str, Direction)> =
        words.iter().filter_map(|(word, direction)| Some((*word, (*direction)?))).collect();
    let direction = record.one_of("price_direction", &directions);
    if direction.is_some() && decimals.is_none() {
        record.fault("price_decimals", "is missing", "say how many decimals a price has");
    }
    Rounding {
        price_decimals: decimals.map(|decimals| decimals.min(15) as u8),
        price_direction: direction.unwrap_or_default(),
        shares: record.one_of("shares", &words).flatten(),
        pool_multiple: either("pool_multiple", "pool"),
    }
}

/// Each thing that becomes a class of shares needs a name of its own.
fn check_names(given: &CapTableInput, faults: &Faults) {
    let mut names = Names::default();
    for (name, _) in &given.classes {
        names.known(name);
    }
    for one in &given.converts {
        names.add(&one.id, faults, || one.place.clone());
    }
    for one in &given.warrants {
        names.add(&one.id, faults, || one.place.clone());
    }
    if let Some(round) = &given.round {
        names.add(&round.id, faults, || "round.id".to_owned());
    }
    if let Some(issue) = &given.issue {
        names.add(&issue.id, faults, || "anti_dilution.issue.id".to_owned());
    }
    for one in &given.protected {
        names.find(&one.id, "class", faults, || one.place.clone());
    }
    for one in &given.preferences {
        names.find(&one.id, "class", faults, || one.place.clone());
    }
}
