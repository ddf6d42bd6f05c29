//! On how many others each product, platform and party rests: shares, and the effective number of them.
//!
//! *Products*: shares of their suppliers by year, as stated. *Platforms*: the owners of the models on offer;
//! how much each is used is rarely stated, and then no share is made up. *Compute*: what a party is
//! contracted to pay each supplier. *Funding*: the capital that each investor has put into a party (paid and
//! binding). Compute and funding are shares of what the model contains. The effective number is 1 / sum of
//! squared shares, the Hill number of order two: 1 is a single source, and n equal ones give n. A share that
//! is unknown makes the number unknown; its holder is listed. What stated shares leave of a whole is the
//! share of *others*: it is never given to those who are named, and the numbers are then what is certain,
//! taking the others for one.
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! title    = "A second supplier"
//! as_of    = 2026-01-01
//!
//! [sources.article]
//! title = "An article"
//!
//! [parties]
//! vendor = { name = "Vendor" }
//! lab    = { name = "Lab" }
//! other  = { name = "Other lab" }
//!
//! [products.assistant]
//! operator = "vendor"
//! source   = "article"
//! supplied_by = { 2024 = { lab = "100%" }, 2026 = { lab = "75%", other = "25%" } }
//! ```
//!
//! By hand: 1 / (0.75 x 0.75 + 0.25 x 0.25) = 1.6 suppliers.
//!
//! ```console
//! $ keiretsu measure model diversification
//! Suppliers and their effective number
//! as of 2026-01-01
//!
//! assistant (product) rests on Lab 100%: 100% on the largest, an effective number of 1.
//! The broadest is assistant (product): an effective number of 1.6.
//!
//! what     name       operator  year  rests on                largest share  effective number
//! ───────────────────────────────────────────────────────────────────────────────────────────
//! product  assistant  Vendor    2024  Lab 100%                         100%               1.0
//! product  assistant  Vendor    2026  Lab 75%, Other lab 25%            75%               1.6
//!
//! Compute and funding are shares of what this model contains, not of all there is.
//! ```

mod findings;

use keiretsu_model::PartyRef;
use keiretsu_program::{Probe, Reading};
use keiretsu_values::{Cell, ColumnSpec, Finding, Set, Table, TableSpec, Unit, Value};

use crate::capital::Extent;
use crate::{Measure, Query, Seen, Subject, shares};

pub struct Diversification;

const NAME: &str = "diversification";

const SUPPLIERS: TableSpec = TableSpec::new(
    NAME,
    "suppliers",
    "Suppliers and their effective number",
    &[&[
        ColumnSpec::text("what", "product, platform, compute or funding"),
        ColumnSpec::text("name", "the product, the platform, or the party that is supplied or funded"),
        ColumnSpec::party("operator", "the party that sells the product, runs the platform, or is supplied"),
        ColumnSpec::date("year", "the time for which shares are stated"),
        ColumnSpec::text("rests_on", "the suppliers, with their shares"),
        ColumnSpec::share("largest_share", "the largest share of one supplier").by("greatest of the shares"),
        ColumnSpec::number(
            "effective_number",
            Unit::Number { digits: 2 },
            "the number of equal suppliers that would be as concentrated",
        )
        .by("1 / the sum of the squares of the shares"),
    ]],
)
.filled_by("`[products.NAME]`, and contracts that supply or fund a group")
.of_each("mix");

impl Measure for Diversification {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "suppliers of each product, platform and party, and their effective number"
    }

    fn schema(&self) -> &'static [&'static TableSpec] {
        &[&SUPPLIERS]
    }

    fn needs(&self, _: &Subject<'_>, _: &Query) -> Vec<Probe> {
        vec![]
    }

    fn tables(&self, subject: &Subject<'_>, query: &Query, _: &Seen<'_>) -> Vec<Table> {
        let mut table = subject.table(&SUPPLIERS);
        for mix in mixes(subject).iter().filter(|mix| query.wants(subject.model.group(mix.operator))) {
            table.push(mix.row(subject));
        }
        table.note("Compute and funding are shares of what this model contains, not of all there is.");
        vec![table]
    }

    fn findings(&self, tables: &[Table]) -> Vec<Finding> {
        findings::of(tables)
    }
}

/// Shares are written in per cent with a few decimals; a millionth is rounding.
const ROUNDING: f64 = 1e-6;

/// Shares of others in something.
pub(crate) struct Mix {
    pub what: &'static str,
    pub name: String,
    pub operator: PartyRef,
    pub year: String,
    pub shares: Vec<(PartyRef, Value)>,
    /// The share of unnamed others.
    pub others: f64,
}

impl Mix {
    /// The largest share and the effective number, if every share is known. Others are one or many: with them
    /// the largest named share is a lower bound, and so is the number counted with others as one.
    pub fn numbers(&self) -> (Value, Value) {
        let mut parts: Vec<Value> = self.shares.iter().map(|(_, share)| share.clone()).collect();
        if parts.iter().all(Value::is_zero) {
            let nobody = "no share of anybody named is above zero";
            return (Value::unknown(nobody), Value::unknown(nobody));
        }
        let (others, nothing) = (Value::exact(self.others), Value::exact(0.0));
        let many = shares::profile(&parts, &others);
        if others.is_zero() {
            return (many.largest, Value::exact(1.0).divide(&many.squares));
        }
        parts.push(others);
        let one = shares::profile(&parts, &nothing);
        let number = Value::exact(1.0).divide(&one.squares);
        let most = Value::exact(1.0).divide(&many.squares).set();
        let number = match number.amount() {
            Some(read) => Value::new(read, number.set().or(most)),
            None => number,
        };
        let largest = match many.largest.amount() {
            Some(read) => Value::new(read, many.largest.set().or(one.largest.set())),
            None => many.largest,
        };
        (largest, number)
    }

    fn row(&self, subject: &Subject<'_>) -> Vec<Cell> {
        let (largest, number) = self.numbers();
        let named: f64 = self.shares.iter().filter_map(|(_, share)| share.amount()).sum();
        let whole = named + self.others;
        let known = self.shares.iter().all(|(_, share)| share.open_because().is_none());
        let mut parts: Vec<String> = self
            .shares
            .iter()
            .map(|(party, share)| match share.amount() {
                Some(share) if known && whole > 0.0 => {
                    format!("{} {:.0}%", subject.title(*party), 100.0 * share / whole)
                }
                Some(_) => subject.title(*party),
                None if self.what == "platform" => subject.title(*party),
                None => format!("{} unknown", subject.title(*party)),
            })
            .collect();
        if known && self.others > 0.0 {
            parts.push(format!("others {:.0}%", 100.0 * self.others / whole));
        }
        vec![
            Cell::text(self.what),
            Cell::text(&self.name),
            subject.party(self.operator),
            if self.year.is_empty() { Cell::Empty } else { Cell::text(&self.year) },
            Cell::Text(parts.join(", ")),
            Cell::Value(largest),
            Cell::Value(number),
        ]
    }
}

/// Everything that rests on others.
pub(crate) fn mixes(subject: &Subject<'_>) -> Vec<Mix> {
    let mut list = Vec::new();
    for product in &subject.model.products {
        for (when, shares) in &product.supplied_by {
            let shares: Vec<(PartyRef, Value)> =
                shares.iter().map(|(party, stated)| (*party, stated.expected())).collect();
            let named: f64 = shares.iter().filter_map(|(_, share)| share.amount()).sum();
            list.push(Mix {
                what: "product",
                name: product.name.clone(),
                operator: product.operator,
                year: when.text(),
                shares,
                others: if named < 1.0 - ROUNDING { 1.0 - named } else { 0.0 },
            });
        }
    }
    for platform in &subject.model.platforms {
        let mut owners: Vec<PartyRef> = platform.offers.iter().map(|(_, party)| *party).collect();
        owners.sort();
        owners.dedup();
        let share = || Value::unread("shares of use are not stated", Set::SHARE);
        let shares = owners.into_iter().map(|owner| (owner, share())).collect();
        let (name, operator) = (platform.name.clone(), platform.operator);
        list.push(Mix { what: "platform", name, operator, year: String::new(), shares, others: 0.0 });
    }
    for (party, others) in subject.neighbours() {
        let others = || others.iter().copied();
        let compute = others().map(|other| (other, subject.supplied(party, other, Reading::Firm)));
        let funding = others().map(|other| (other, subject.put_in(other, party, Extent::Firm)));
        for (what, shares) in [("compute", compute.collect::<Vec<_>>()), ("funding", funding.collect())] {
            let shares: Vec<(PartyRef, Value)> = shares
                .into_iter()
                .filter(|(_, total)| !total.is_empty() && !total.value().is_zero())
                .map(|(other, total)| (other, total.value()))
                .collect();
            if !shares.is_empty() {
                let name = subject.model.party(party).name.clone();
                list.push(Mix { what, name, operator: party, year: String::new(), shares, others: 0.0 });
            }
        }
    }
    list
}
