//! Who captures the value: what a strategy brings from its own assets, margins and stakes, and what it leaves
//! to the partner.
//!
//! For each party of `[compare] strategies` (or each one asked for) and reading, nominal over the horizon and
//! as present value:
//!
//! - *own assets*: what is built for own use, at cost: building programmes `for = "own use"`. What own models
//!   and products earn is in no contract of the web, so cost stands for value, and says so.
//! - *supply margin*: what partners pay for supply, times the `margin` of each contract.
//! - *platform margin*: shares of revenue that it receives. A platform of which nobody states what it earns
//!   is unknown.
//! - *stake*: the stake's value at as-of: the mark on paper, else stake times issuer value.
//! - *given away*: service credits used, and shares of revenue paid to others. Whether a stake was bought
//!   above its worth is unknown where the stake is undisclosed.
//! - *left with partners*: the part of the partners' equity value at as-of that others hold.
//!
//! Nominal and present value of what stands at as-of are the same. The parts have different natures (cost,
//! margin, mark), so there is no sum. Present values need the `discount` rate of the model.
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! title    = "A cloud with a stake"
//! as_of    = 2025-12-31
//! horizon  = "1 year"
//! discount = { figure = "10%", because = "an example" }
//!
//! [parties]
//! cloud = { name = "Cloud" }
//! lab   = { name = "Lab", value = "$800M", because = "an example" }
//!
//! [holdings.stake]
//! owner   = "cloud"
//! issuer  = "lab"
//! stake   = "25%"
//! cost    = "$100M"
//! because = "an example"
//!
//! [contracts.compute]
//! type    = "supply"
//! buyer   = "lab"
//! seller  = "cloud"
//! from    = "2026-12"
//! minimum = "$110M/month"
//! margin  = "30%"
//! because = "an example"
//!
//! [compare]
//! strategies = ["cloud"]
//! ```
//!
//! By hand: 30% of 110 is 33; a year later, so 33 / 1.1 = 30. A quarter of 800 is 200, and 600 is left.
//!
//! ```console
//! $ keiretsu measure model value_capture --reading firm
//! Who captures the value
//! as of 2025-12-31
//!
//! Cloud captures most through its stake: $200M (firm), $200M in present value.
//! $600M is left with the partners of Cloud (firm).
//!
//! party  reading  part                nominal  present value
//! ──────────────────────────────────────────────────────────
//! Cloud  firm     supply margin          $33M           $30M
//! Cloud  firm     stake                 $200M          $200M
//! Cloud  firm     left with partners    $600M          $600M
//!
//! Present values at 10% a year, month end, actual/365; over the horizon.
//! Costs, margins and marks on paper differ in kind and are not summed.
//! ```

mod findings;

use keiretsu_contracts::side::{Commitment, Purpose};
use keiretsu_model::PartyRef;
use keiretsu_program::{CreditsId, Flow, FlowId, PartyId, Probe, Quantity, Reading, Span, Tag};
use keiretsu_values::{Cell, ColumnSpec, Finding, Set, Table, TableSpec, Total, Value};

use crate::measures::returns;
use crate::present_value::Discounting;
use crate::{Measure, Query, Seen, Subject, shares};

pub struct ValueCapture;

const NAME: &str = "value_capture";

const CAPTURED: TableSpec = TableSpec::new(
    NAME,
    "captured",
    "Who captures the value",
    &[&[
        ColumnSpec::party("party", "the party that follows the strategy"),
        ColumnSpec::reading(),
        ColumnSpec::text("part", "the part of the value: own assets, margins, stake, given away, left over"),
        ColumnSpec::money("nominal", "the amount over the horizon, or as it stands at as-of"),
        ColumnSpec::money("present", "its present value").titled("present value"),
    ]],
)
.filled_by("contracts with a `margin`, and holdings with a `value`")
.of_each("part");

impl Measure for ValueCapture {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "per strategy: own assets, supply margin, platform margin, stake, given away to the partner"
    }

    fn schema(&self) -> &'static [&'static TableSpec] {
        &[&CAPTURED]
    }

    fn needs(&self, subject: &Subject<'_>, _: &Query) -> Vec<Probe> {
        let flows = (0..subject.program.flows.len() as u32).map(|flow| Quantity::Payment(FlowId(flow)));
        let pools =
            (0..subject.program.credits.len() as u32).map(|pool| Quantity::CreditsUsed(CreditsId(pool)));
        flows.chain(pools).map(month).collect()
    }

    fn tables(&self, subject: &Subject<'_>, query: &Query, seen: &Seen<'_>) -> Vec<Table> {
        let mut table = subject.table(&CAPTURED);
        let discounting = Discounting::of(subject);
        for party in subject.strategies(query) {
            for reading in query.readings() {
                let strategy = Strategy { subject, seen, discounting: &discounting, party, reading };
                for (part, amounts) in strategy.parts(&|part| query.wants_row("part", part)) {
                    amounts.push(subject, party, reading, part, &mut table);
                }
            }
        }
        let words = discounting.words();
        table.note(format!("{}{}; over the horizon.", words[..1].to_uppercase(), &words[1..]));
        table.note("Costs, margins and marks on paper differ in kind and are not summed.");
        vec![table]
    }

    fn findings(&self, tables: &[Table]) -> Vec<Finding> {
        findings::of(tables)
    }
}

fn month(quantity: Quantity) -> Probe {
    Probe { quantity, span: Span::Month }
}

/// Nominal and present amounts, with their omissions.
#[derive(Default)]
struct Amounts {
    nominal: Total,
    present: Total,
}

impl Amounts {
    fn add(&mut self, what: &str, nominal: &Value, present: &Value) {
        self.nominal.add(what, nominal);
        self.present.add(what, present);
    }

    /// Adds amounts at as-of.
    fn add_now(&mut self, what: &str, value: &Value) {
        self.add(what, value, value);
    }

    fn push(&self, subject: &Subject<'_>, party: PartyRef, reading: Reading, part: &str, table: &mut Table) {
        if self.nominal.is_empty() {
            return;
        }
        for what in &self.nominal.left_out {
            table.leave_out(format!("{}, {part}: {what}", subject.title(party)));
        }
        table.push(vec![
            subject.party(party),
            Cell::text(reading.name()),
            Cell::text(part),
            Cell::Value(self.nominal.value()),
            Cell::Value(self.present.value()),
        ]);
    }
}

/// The parts of the value that a party captures in the expected reading, nominal, in the order of the table;
/// only those that apply.
pub(crate) fn captured(
    subject: &Subject<'_>,
    party: PartyRef,
    seen: &Seen<'_>,
) -> Vec<(&'static str, Total)> {
    let discounting = Discounting::of(subject);
    let strategy = Strategy { subject, seen, discounting: &discounting, party, reading: Reading::Expected };
    let parts = strategy.parts(&|_| true).into_iter().map(|(part, amounts)| (part, amounts.nominal));
    parts.filter(|(_, nominal)| !nominal.is_empty()).collect()
}

/// A party in a reading.
struct Strategy<'a> {
    subject: &'a Subject<'a>,
    seen: &'a Seen<'a>,
    discounting: &'a Discounting<'a>,
    party: PartyRef,
    reading: Reading,
}

/// A part of a strategy: its name, and what it comes to.
type Part<'a> = (&'static str, fn(&Strategy<'a>) -> Amounts);

impl<'a> Strategy<'a> {
    /// The parts that are wanted.
    fn parts(&self, wanted: &dyn Fn(&str) -> bool) -> Vec<(&'static str, Amounts)> {
        let all: [Part<'a>; 6] = [
            ("own assets, at cost", Self::own_assets),
            ("supply margin", Self::supply_margin),
            ("platform margin", Self::platform_margin),
            ("stake", |strategy| strategy.stakes().0),
            ("given away", Self::given_away),
            ("left with partners", |strategy| strategy.stakes().1),
        ];
        let wanted = all.into_iter().filter(|(part, _)| wanted(part));
        wanted.map(|(part, amounts)| (part, amounts(self))).collect()
    }

    fn group(&self, party: PartyId) -> PartyRef {
        self.subject.model.group(PartyRef(party.0))
    }

    /// Building for own use, as worded.
    fn own_assets(&self) -> Amounts {
        let mut amounts = Amounts::default();
        let model = self.subject.model;
        let capex = |commitment: &&Commitment| commitment.is_for(Tag::Capex);
        for commitment in self.subject.standing_by_party().filter(capex) {
            let Some(contract) = model.contract(commitment.contract) else { continue };
            let own = contract.record().text("for").is_none_or(|reason| reason == "own use");
            if model.group(commitment.from) == self.party && own {
                let at = self.reading;
                let nominal = commitment.amount(at);
                let present = self.discounting.of_commitment(commitment, at);
                amounts.add(&self.subject.name(commitment), &nominal, &present);
            }
        }
        amounts
    }

    /// Flows of a kind between this party and other groups of the web, with payments by month.
    fn flows(&self, wanted: impl Fn(&Flow) -> bool) -> Vec<(usize, &Flow, Vec<Value>)> {
        let all = self.subject.program.flows.iter().enumerate();
        let all = all.filter(|(at, flow)| wanted(flow) && self.subject.flow_stands(*at));
        all.map(|(at, flow)| (at, flow, self.by_month(Quantity::Payment(FlowId(at as u32))))).collect()
    }

    fn by_month(&self, quantity: Quantity) -> Vec<Value> {
        let months = 0..self.subject.program.months as usize;
        months.map(|at| self.seen.value(self.reading, month(quantity), at)).collect()
    }

    fn sells(&self, flow: &Flow) -> bool {
        self.group(flow.to) == self.party && !self.is_own_or_outside(flow.from)
    }

    fn is_own_or_outside(&self, party: PartyId) -> bool {
        self.group(party) == self.party || self.group(party) == PartyRef::OUTSIDE
    }

    fn supply_margin(&self) -> Amounts {
        let mut amounts = Amounts::default();
        let sold = |flow: &Flow| flow.tag == Tag::Service && self.sells(flow);
        for (at, _, months) in self.flows(sold) {
            let label = &self.subject.side.flows[at];
            let contract = label.contract.and_then(|contract| self.subject.model.contract(contract));
            let margin = match contract.and_then(|contract| contract.record().figure("margin")) {
                Some(stated) => self.subject.model.readings(stated)[self.reading].clone(),
                None => Value::unknown("its margin is not stated"),
            };
            let (nominal, present) = self.money(&months);
            amounts.add(&label.name, &nominal.scaled(&margin), &present.scaled(&margin));
        }
        amounts
    }

    fn money(&self, months: &[Value]) -> (Value, Value) {
        (shares::sum(months), self.discounting.of_months(months))
    }

    fn platform_margin(&self) -> Amounts {
        let mut amounts = Amounts::default();
        for (at, _, months) in self.flows(|flow| flow.tag == Tag::RevenueShare && self.sells(flow)) {
            let (nominal, present) = self.money(&months);
            amounts.add(&self.subject.side.flows[at].name, &nominal, &present);
        }
        let model = self.subject.model;
        let own = model.platforms.iter().filter(|platform| model.group(platform.operator) == self.party);
        for platform in own.filter(|_| amounts.nominal.is_empty()).collect::<Vec<_>>() {
            let unknown = Value::unknown("what it earns is not stated");
            amounts.add(&platform.name, &unknown, &unknown);
        }
        amounts
    }

    /// The value of its stakes, and of the stakes of others in its partners.
    fn stakes(&self) -> (Amounts, Amounts) {
        let (mut held, mut left) = (Amounts::default(), Amounts::default());
        let at = self.reading;
        for (_, issuer) in self.subject.stakes().into_iter().filter(|(owner, _)| *owner == self.party) {
            for stake in returns::stakes(self.subject, self.party, issuer) {
                let Some(mark) = stake.values().into_iter().next() else { continue };
                let value = &mark.value[at];
                let name = self.subject.title(issuer);
                held.add_now(&name, value);
                let share = mark.share[at].clone().within(Set::SHARE);
                // The whole as the mark implies it, else as the model values it.
                let whole = match share.amount() {
                    Some(_) => value.divide(&share),
                    None => self.subject.model.term_at_start(issuer, "value"),
                };
                let others = whole.scaled(&Value::exact(1.0).minus(&share)).within(Set::NOT_NEGATIVE);
                left.add_now(&name, &others);
            }
        }
        (held, left)
    }

    fn given_away(&self) -> Amounts {
        let mut amounts = Amounts::default();
        for (at, pool) in self.subject.program.credits.iter().enumerate() {
            if self.group(pool.grantor) == self.party && !self.is_own_or_outside(pool.recipient) {
                let quantity = Quantity::CreditsUsed(CreditsId(at as u32));
                let (nominal, present) = self.money(&self.by_month(quantity));
                amounts.add("service credits", &nominal, &present);
            }
        }
        let shared = |flow: &Flow| {
            let pays = self.group(flow.from) == self.party && !self.is_own_or_outside(flow.to);
            flow.tag == Tag::RevenueShare && pays
        };
        for (at, _, months) in self.flows(shared) {
            let (nominal, present) = self.money(&months);
            amounts.add(&self.subject.side.flows[at].name, &nominal, &present);
        }
        self.undisclosed(&mut amounts);
        amounts
    }

    /// Possible gifts of undisclosed size: credits of unknown amount, a premium on a stake.
    fn undisclosed(&self, amounts: &mut Amounts) {
        let at = self.reading;
        let mine = |commitment: &&Commitment| {
            commitment.purpose == Purpose::Credits && self.subject.model.group(commitment.from) == self.party
        };
        for commitment in self.subject.standing().filter(mine) {
            let amount = commitment.amount(at);
            if amount.amount().is_none() {
                amounts.add_now(&self.subject.name(commitment), &amount);
            }
        }
        for (_, issuer) in self.subject.stakes().into_iter().filter(|(owner, _)| *owner == self.party) {
            for stake in returns::stakes(self.subject, self.party, issuer) {
                if stake.share[at].amount().is_none() {
                    let unknown = Value::unknown("a premium is unknown, as the stake is undisclosed");
                    amounts.add_now(&self.subject.title(issuer), &unknown);
                }
            }
        }
    }
}
