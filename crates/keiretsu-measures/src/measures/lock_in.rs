//! What it would cost either side to leave, and who is held by whom.
//!
//! The buyer's side: what is still contracted and would be owed all the same, plus what moving costs once
//! (`switching_cost` of the supply contract) and service credits that would be lost; as money, and as months
//! of what the buyer pays this supplier on average in the next twelve months. It stands against the share of
//! the buyer's contracted supply that comes from there. The seller's side: what the power for this buyer
//! costs to build, what of it could serve others (`redeployable`), what would be stranded, and how much of
//! that the remaining contract does not cover.
//!
//! Dependence `d` is the share of what one needs that comes from the other: of the buyer's contracted supply,
//! and of the seller's contracted sales; mutual is the smaller of the two, asymmetry the buyer's less the
//! seller's. Shares are of what the model contains; where another contract is undisclosed they are at most
//! that. The present value of what is still contracted spreads it evenly over the months of each calendar
//! year, and needs the `discount` rate of the model.
//!
//! Where some contract says whether it can be cancelled, what a buyer that may cancel need not pay has a
//! column of its own, and what leaving then costs: what falls due within the notice, the fee, and the rest as
//! before.
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! title    = "A lab and its cloud"
//! as_of    = 2025-12-31
//! horizon  = "2 years"
//! discount = { figure = "10%", because = "an example" }
//!
//! [parties]
//! lab   = { name = "Lab" }
//! cloud = { name = "Cloud" }
//! bank  = { name = "Bank" }
//! other = { name = "Other cloud" }
//!
//! [contracts.compute]
//! type     = "supply"
//! buyer    = "lab"
//! seller   = "cloud"
//! from     = "2026-01"
//! minimum  = "$240M over 2 years"
//! usage    = "$10M/month"
//! capacity = { power = "10 MW", build_cost = "$30B per GW", redeployable = "60%" }
//! switching_cost = "$20M"
//! because  = "an example"
//!
//! [contracts.spare]
//! type    = "supply"
//! buyer   = "lab"
//! seller  = "other"
//! minimum = "$60M over 2 years"
//! because = "an example"
//!
//! [contracts.bank]
//! type    = "supply"
//! buyer   = "bank"
//! seller  = "cloud"
//! minimum = "$80M over 2 years"
//! because = "an example"
//! ```
//!
//! By hand: leaving the cloud costs 240 + 20 = 260, or 26 months at 10 a month; 24 payments of 10 lie 12.5
//! months ahead on average, so their present value is about 240 / 1.1^(12.5 / 12) = 217. Ten megawatts cost
//! 300 to build; 40%, 120, would be stranded, which the 240 still due cover. The lab takes 240 / 300 = 80% of
//! its supply there, the cloud 240 / 320 = 75% of its sales: mutual 75%, asymmetry 5 points.
//!
//! ```console
//! $ keiretsu measure model lock_in --reading firm --party lab
//! What it costs the buyer to leave
//! as of 2025-12-31
//!
//! Leaving Cloud would cost Lab $260M (firm), the largest as read of 2 pairs; that is 26 months of
//!   payments.
//! Cloud builds $120M for Lab that could serve no other; payments still due cover it.
//!
//!                              share of       still  present  switching  credits  cost of   months of
//! buyer  seller       reading    supply  contracted    value       cost     lost  leaving       spend
//! ───────────────────────────────────────────────────────────────────────────────────────────────────
//! Lab    Cloud        firm          80%       $240M    $208M       $20M       $0    $260M   26 months
//! Lab    Other cloud  firm          20%        $60M   $52.1M    unknown       $0    ≥$60M  ≥24 months
//!
//! Months of spend: of what is paid on average in the next 12 months.
//! Present values at 10% a year, month end, actual/365.
//!
//! left out:
//!   spare: switching cost is not stated
//!
//! What the seller builds for the buyer
//! as of 2025-12-31
//!
//!                                  build  could serve                 still   stranded
//! seller  buyer  reading    power   cost       others  stranded  contracted  beyond it
//! ────────────────────────────────────────────────────────────────────────────────────
//! Cloud   Lab    firm     0.01 GW  $300M        $180M     $120M       $240M         $0
//!
//! A claim on the remaining contract and stranded capacity are alternatives, never a sum.
//!
//! Who is held by whom: dependence
//! as of 2025-12-31
//!
//! buyer  seller       reading  buyer on seller  seller on buyer  mutual  asymmetry  held more
//! ─────────────────────────────────────────────────────────────────────────────────────────────
//! Lab    Cloud        firm                 80%              75%     75%         5%  Lab
//! Lab    Other cloud  firm                 20%             100%     20%       -80%  Other cloud
//!
//! Shares of contracted supply and of contracted sales, as modelled.
//! ```

mod built;
mod cancelling;
mod findings;
mod held;

pub(crate) use built::built;
pub(crate) use held::{of_sales, of_supply};

use keiretsu_contracts::side::Purpose;
use keiretsu_model::PartyRef;
use keiretsu_program::{FlowId, Probe, Quantity, Reading, Span, Tag};
use keiretsu_values::{Cell, ColumnSpec, Finding, Table, TableSpec, Total, Unit, Value};

use crate::capital::is_trade;
use crate::present_value::Discounting;
use crate::{Measure, Query, Seen, Subject, cancels, shares};

pub struct LockIn;

const NAME: &str = "lock_in";

const LEAVING: TableSpec = TableSpec::new(
    NAME,
    "leaving",
    "What it costs the buyer to leave",
    &[
        &[
            ColumnSpec::party("buyer", "the party that would leave"),
            ColumnSpec::party("seller", "the party that it would leave"),
            ColumnSpec::reading(),
            ColumnSpec::share("share", "share of the buyer's contracted supply that the seller provides")
                .titled("share of supply"),
            ColumnSpec::money("remaining", "contracted payments that have not fallen due")
                .titled("still contracted"),
            ColumnSpec::money("present", "their present value").minor().titled("present value"),
            ColumnSpec::money("switching_cost", "what moving costs once, as stated by the contracts").minor(),
            ColumnSpec::money("credits", "service credits of the seller that the buyer would lose")
                .minor()
                .titled("credits lost"),
            ColumnSpec::money("leaving", "what leaving costs in all")
                .titled("cost of leaving")
                .is("{remaining} + {switching_cost} + {credits}"),
            ColumnSpec::number("months", Unit::Months, "the cost of leaving in months of payments")
                .titled("months of spend")
                .by("{leaving} / average monthly payment of the next 12 months"),
        ],
        &cancelling::COLUMNS,
    ],
)
.filled_by("`supply` contracts")
.of_each("pair")
.by_size("leaving");

/// Months of payments of which the average is taken.
const MONTHS_OF_SPEND: usize = 12;

impl Measure for LockIn {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "what leaving costs the buyer, what is stranded with the seller, who is held by whom"
    }

    fn schema(&self) -> &'static [&'static TableSpec] {
        &[&LEAVING, &built::BUILT, &held::DEPENDENCE]
    }

    fn needs(&self, subject: &Subject<'_>, _: &Query) -> Vec<Probe> {
        (0..subject.program.flows.len() as u32).map(paid).collect()
    }

    fn tables(&self, subject: &Subject<'_>, query: &Query, seen: &Seen<'_>) -> Vec<Table> {
        let deals = deals(subject, query);
        vec![
            buyers(subject, query, seen, &deals),
            built::sellers(subject, query, &deals),
            held::dependence(subject, query, &deals),
        ]
    }

    fn findings(&self, tables: &[Table]) -> Vec<Finding> {
        findings::of(tables)
    }
}

fn paid(flow: u32) -> Probe {
    Probe { quantity: Quantity::Payment(FlowId(flow)), span: Span::Month }
}

/// Buyer and seller of each pair of groups of which one is contracted to pay the other.
pub(crate) fn deals(subject: &Subject<'_>, query: &Query) -> Vec<(PartyRef, PartyRef)> {
    let model = subject.model;
    let trade = subject.standing().filter(|commitment| is_trade(commitment));
    let trade = trade.map(|commitment| (model.group(commitment.from), model.group(commitment.to)));
    let power = subject.capacities();
    let power = power.map(|line| (model.group(line.buyer), model.group(line.seller)));
    let mut pairs: Vec<_> = trade.chain(power).collect();
    pairs.retain(|(buyer, seller)| {
        let within = buyer == seller || *buyer == PartyRef::OUTSIDE || *seller == PartyRef::OUTSIDE;
        !within && (query.wants(*buyer) || query.wants(*seller))
    });
    pairs.sort();
    pairs.dedup();
    pairs
}

fn head(subject: &Subject<'_>, first: PartyRef, second: PartyRef, reading: Reading) -> Vec<Cell> {
    vec![subject.party(first), subject.party(second), Cell::text(reading.name())]
}

fn buyers(subject: &Subject<'_>, query: &Query, seen: &Seen<'_>, deals: &[(PartyRef, PartyRef)]) -> Table {
    let mut table = subject.table(&LEAVING);
    let discounting = Discounting::of(subject);
    for (buyer, seller) in deals {
        for reading in query.readings() {
            let at = reading;
            let whole = leaving(subject, *buyer, *seller, at);
            let by_cancelling = cancelling::cells(subject, (*buyer, *seller), at, &whole);
            let Leaving { remaining, moving, credits, cost } = whole;
            let parts = [&remaining, &moving, &credits];
            parts.iter().flat_map(|part| &part.left_out).for_each(|what| table.leave_out(what.clone()));
            let months = months(subject, seen, reading, *buyer, *seller, &cost);
            let mut row = head(subject, *buyer, *seller, reading);
            row.extend(
                [
                    held::of_supply(subject, *buyer, *seller, at),
                    remaining.value(),
                    present(subject, &discounting, *buyer, *seller, at),
                    moving.value(),
                    credits.value(),
                    cost,
                    months,
                ]
                .map(Cell::Value),
            );
            row.extend(by_cancelling);
            table.push(row);
        }
    }
    cancels::shown_where(deals.iter().any(|pair| cancelling::is_said(subject, *pair)), &mut table);
    table.note(format!("Months of spend: of what is paid on average in the next {MONTHS_OF_SPEND} months."));
    let words = discounting.words();
    table.note(format!("{}{}.", words[..1].to_uppercase(), &words[1..]));
    table
}

/// The cost of leaving a seller, by its parts.
pub(crate) struct Leaving {
    remaining: Total,
    moving: Total,
    credits: Total,
    /// All of it.
    pub(crate) cost: Value,
}

/// The cost to a buyer of leaving a seller.
pub(crate) fn leaving(subject: &Subject<'_>, buyer: PartyRef, seller: PartyRef, at: Reading) -> Leaving {
    let remaining = subject.contracted(buyer, seller, at);
    let (moving, credits) = (moving(subject, buyer, seller, at), credits(subject, buyer, seller, at));
    let cost = shares::sum(&[&remaining, &moving, &credits].map(Total::value));
    Leaving { remaining, moving, credits, cost }
}

/// The one-time switching cost, by the contracts of a buyer with a seller.
fn moving(subject: &Subject<'_>, buyer: PartyRef, seller: PartyRef, at: Reading) -> Total {
    let mut total = Total::default();
    let model = subject.model;
    let mut seen = Vec::new();
    for commitment in subject.standing().filter(|commitment| commitment.is_for(Tag::Service)) {
        if !subject.runs(commitment, buyer, seller) || seen.contains(&commitment.contract) {
            continue;
        }
        seen.push(commitment.contract);
        let Some(contract) = model.contract(commitment.contract) else { continue };
        let cost = match contract.record().figure("switching_cost") {
            Some(stated) => model.readings(stated)[at].clone(),
            None => Value::undisclosed("switching cost is not stated"),
        };
        total.add(&contract.name, &cost);
    }
    total
}

/// Service credits of the seller that the buyer would lose.
fn credits(subject: &Subject<'_>, buyer: PartyRef, seller: PartyRef, at: Reading) -> Total {
    let mut total = Total::default();
    for commitment in subject.standing().filter(|commitment| commitment.purpose == Purpose::Credits) {
        if subject.runs(commitment, seller, buyer) {
            total.add(&subject.name(commitment), &commitment.amount(at));
        }
    }
    total
}

fn present(
    subject: &Subject<'_>,
    discounting: &Discounting<'_>,
    buyer: PartyRef,
    seller: PartyRef,
    at: Reading,
) -> Value {
    let mut total = Total::default();
    let trade = subject.standing_by_party().filter(|commitment| is_trade(commitment));
    for commitment in trade.filter(|commitment| subject.runs(commitment, buyer, seller)) {
        total.add(&subject.name(commitment), &discounting.of_commitment(commitment, at));
    }
    total.value()
}

/// How many months of payments a cost is.
fn months(
    subject: &Subject<'_>,
    seen: &Seen<'_>,
    reading: Reading,
    buyer: PartyRef,
    seller: PartyRef,
    cost: &Value,
) -> Value {
    let model = subject.model;
    let group = |party: keiretsu_program::PartyId| model.group(PartyRef(party.0));
    let mut spend = Value::exact(0.0);
    for (at, flow) in subject.program.flows.iter().enumerate() {
        if group(flow.from) == buyer && group(flow.to) == seller && flow.tag != Tag::Equity {
            spend = spend.plus(&seen.sum(reading, paid(at as u32), MONTHS_OF_SPEND));
        }
    }
    if spend.is_zero() {
        return Value::unknown("nothing is paid in the next months");
    }
    cost.times(MONTHS_OF_SPEND.min(subject.program.months as usize) as f64).divide(&spend)
}
