//! Checks what must hold between the lists of a program, so that nothing that runs one has to look twice.
//!
//! ```
//! use keiretsu_program::{Builder, Month, PartyId, Tag, verify};
//! let mut program = Builder::new(Month::new(2025, 12), 12);
//! let rent = program.number(5e6);
//! program.flow(rent, PartyId(7), PartyId::OUTSIDE, Tag::Rent);
//! let faults = verify(program.program()).unwrap_err();
//! assert_eq!(faults[0].to_string(), "flow 0: p7 is not one of 1 parties");
//! ```
//!
//! Invariants: every id is in range, every register reads earlier ones only (through formula factors too),
//! every number is finite or, where something may be unknown, NaN. Absent: whether the correlations are those
//! of real random numbers (the Cholesky factor of a run finds out), and what numbers mean: a chance that an
//! overlay lifts above 1 is the run's affair.

mod covers;
mod uncertain;

use std::fmt;
use std::ops::RangeInclusive;

use crate::{
    Copula, EventId, Feed, FlowId, Funding, Month, Op, Party, PartyId, Process, Program, Reg, SlotId,
};

/// The longest run: a hundred years.
pub const MONTHS_MAX: u32 = 1200;

/// Calendar months that a program may name: those with a year of four digits.
const CALENDAR: RangeInclusive<Month> = Month(0)..=Month(119_999);

/// One thing that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Which list: `op`, `flow`, `slot` ...
    pub part: &'static str,
    /// Position in it.
    pub index: usize,
    /// What is wrong with the entry.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}: {}", self.part, self.index, self.what)
    }
}

/// All that does not hold, in the order of the lists.
pub fn verify(program: &Program) -> Result<(), Vec<Fault>> {
    let mut check = Check { program, part: "program", index: 0, faults: vec![] };
    check.time();
    check.parties();
    check.slots();
    check.curves();
    check.factors();
    check.correlations();
    check.events();
    check.ops();
    check.accounts();
    check.flows();
    check.credits();
    check.claims();
    check.covers();
    check.holdings();
    check.past();
    check.wholes();
    if check.faults.is_empty() { Ok(()) } else { Err(check.faults) }
}

/// The entry that is looked at, and what was found so far.
struct Check<'a> {
    program: &'a Program,
    part: &'static str,
    index: usize,
    faults: Vec<Fault>,
}

impl Check<'_> {
    fn at(&mut self, part: &'static str, index: usize) {
        (self.part, self.index) = (part, index);
    }

    fn refuse(&mut self, what: impl Into<String>) {
        self.faults.push(Fault { part: self.part, index: self.index, what: what.into() });
    }

    fn hold(&mut self, holds: bool, what: &str) {
        if !holds {
            self.refuse(what);
        }
    }

    fn range(&mut self, letter: char, id: u32, count: usize, list: &str) -> bool {
        let inside = (id as usize) < count;
        if !inside {
            self.refuse(format!("{letter}{id} is not one of {count} {list}"));
        }
        inside
    }

    fn party(&mut self, id: PartyId) -> bool {
        self.range('p', id.0, self.program.parties.len(), "parties")
    }

    fn slot(&mut self, id: SlotId) -> bool {
        self.range('s', id.0, self.program.slots.len(), "slots")
    }

    fn reg(&mut self, reg: Reg) -> bool {
        self.range('r', reg.0, self.program.ops.len(), "registers")
    }

    fn maybe_reg(&mut self, reg: Option<Reg>) {
        if let Some(reg) = reg {
            self.reg(reg);
        }
    }

    fn event(&mut self, id: EventId) -> bool {
        self.range('e', id.0, self.program.events.len(), "events")
    }

    fn flow(&mut self, id: FlowId) -> bool {
        self.range('w', id.0, self.program.flows.len(), "flows")
    }

    /// The party with the cash that payments move; itself where its purse is out of range.
    fn purse(&self, id: PartyId) -> PartyId {
        self.program.parties.get(id.at()).map_or(id, |party| party.purse)
    }

    fn time(&mut self) {
        let program = self.program;
        let months = program.months;
        if !(1..=MONTHS_MAX).contains(&months) {
            self.refuse(format!("runs {months} months, not 1 to {MONTHS_MAX}"));
        }
        self.hold(CALENDAR.contains(&program.origin), "its origin is not in the years 0 to 9999");
        if let Copula::StudentT { freedom } = program.copula {
            self.hold(2.0 < freedom && freedom.is_finite(), "a t copula has more than 2 degrees of freedom");
        }
    }

    fn parties(&mut self) {
        self.at("party", 0);
        match self.program.parties.first() {
            None => self.refuse("there is no outside"),
            Some(outside) => {
                self.hold(outside.purse == PartyId::OUTSIDE, "outside has its own purse");
                let plain = outside.funding.is_none() && outside.recovery.is_none();
                self.hold(plain && outside.default_costs.is_none(), "outside never runs short");
            }
        }
        for (index, party) in self.program.parties.iter().enumerate() {
            self.at("party", index);
            self.one_party(PartyId(index as u32), party);
        }
    }

    fn one_party(&mut self, id: PartyId, party: &Party) {
        if self.party(party.purse) && party.purse != id {
            self.hold(self.purse(party.purse) == party.purse, "its purse is a segment itself");
            let plain = party.cash.is_none() && party.funding.is_none();
            let plain = plain && party.recovery.is_none() && party.default_costs.is_none();
            self.hold(plain, "a segment has no cash, funding or default of its own");
        }
        if let Some(cash) = party.cash {
            self.slot(cash);
        }
        self.maybe_reg(party.value);
        self.maybe_reg(party.recovery);
        if let Some(Funding { keep, raise, price, most, market, default: _, grace: _ }) = party.funding {
            self.hold(0.0 <= keep && keep.is_finite(), "keeps a negative or infinite number of months");
            self.hold(0.0 <= raise && raise.is_finite(), "raises a negative or infinite number of months");
            self.maybe_reg(price);
            self.maybe_reg(most);
            if let Some(market) = market {
                self.event(market);
            }
        }
        if let Some(costs) = party.default_costs {
            let shares = is_share(costs.kept_assets) && is_share(costs.kept_received);
            self.hold(shares, "a kept share is 0 to 1");
        }
    }

    fn ops(&mut self) {
        for (index, op) in self.program.ops.iter().enumerate() {
            self.at("op", index);
            for reg in op.operands() {
                self.earlier(reg, "reads");
            }
            match *op {
                Op::Slot(slot) => {
                    self.slot(slot);
                }
                Op::Curve(curve) => {
                    self.range('c', curve.0, self.program.curves.len(), "curves");
                }
                Op::Factor(factor) => {
                    if self.range('f', factor.0, self.program.factors.len(), "factors")
                        && let Process::Formula(reg) = self.program.factors[factor.at()].process
                    {
                        self.earlier(reg, "reads, through a formula,");
                    }
                }
                Op::Event(event) => {
                    self.event(event);
                }
                Op::Account(account) => {
                    self.range('a', account.0, self.program.accounts.len(), "accounts");
                }
                Op::Cash(party) | Op::Defaulted(party) => {
                    self.party(party);
                }
                Op::Lag { of: _, months } => self.hold(1 <= months, "a lag is at least a month"),
                _ => {}
            }
        }
    }

    fn earlier(&mut self, reg: Reg, verb: &str) {
        if reg.0 as usize >= self.index {
            self.refuse(format!("{verb} r{}, which is not an earlier register", reg.0));
        }
    }

    fn accounts(&mut self) {
        for (index, account) in self.program.accounts.iter().enumerate() {
            self.at("account", index);
            self.hold(!account.opening.is_infinite(), "its opening is infinite");
            for feed in &account.feeds {
                match *feed {
                    Feed::Value(reg) => self.reg(reg),
                    Feed::Payment(flow) => self.flow(flow),
                };
            }
        }
    }

    fn flows(&mut self) {
        for (index, flow) in self.program.flows.iter().enumerate() {
            self.at("flow", index);
            self.reg(flow.amount);
            self.party(flow.from);
            self.party(flow.to);
            self.hold(1 <= flow.rank, "a rank is at least 1");
            if let Some(issue) = flow.issue {
                self.reg(issue.pre_money);
                if let Some(given) = issue.in_kind {
                    self.reg(given);
                }
                let holdings = self.program.holdings.len();
                if self.range('h', issue.holding.0, holdings, "holdings") {
                    let holding = self.program.holdings[issue.holding.at()];
                    self.hold(holding.issuer == flow.to, "issues units of another party than the payee");
                    let owns = self.purse(holding.owner) == self.purse(flow.from);
                    self.hold(owns, "buys units for another party than the payer");
                }
            }
        }
    }

    fn credits(&mut self) {
        for (index, pool) in self.program.credits.iter().enumerate() {
            self.at("credits", index);
            self.party(pool.grantor);
            self.party(pool.recipient);
            self.reg(pool.grant);
            self.maybe_reg(pool.grows);
            for &flow in &pool.flows {
                self.flow(flow);
            }
        }
    }

    fn claims(&mut self) {
        for (index, claim) in self.program.claims.iter().enumerate() {
            self.at("claim", index);
            self.party(claim.debtor);
            self.party(claim.creditor);
            self.reg(claim.amount);
            self.hold(claim.debtor != PartyId::OUTSIDE, "outside never defaults");
            self.hold(claim.debtor != claim.creditor, "a claim is on somebody else");
            self.hold(1 <= claim.rank, "a rank is at least 1");
        }
    }

    fn holdings(&mut self) {
        for (index, holding) in self.program.holdings.iter().enumerate() {
            self.at("holding", index);
            self.party(holding.owner);
            self.party(holding.issuer);
            self.hold(holding.owner != holding.issuer, "a party holds no units of its own");
            if let Some(stake) = holding.stake {
                self.numbers(stake, is_share, "stake");
            }
            if let Some(mark) = holding.mark {
                self.numbers(mark, at_least_0, "mark");
            }
        }
    }

    fn past(&mut self) {
        for (index, past) in self.program.past.iter().enumerate() {
            self.at("past", index);
            self.party(past.from);
            self.party(past.to);
            let before = CALENDAR.contains(&past.month) && past.month <= self.program.origin;
            self.hold(before, "is not before or at the origin");
            let sane = past.amount.is_nan() || (0.0 <= past.amount && past.amount.is_finite());
            self.hold(sane, "its amount is negative or infinite");
        }
    }

    fn wholes(&mut self) {
        let slots = self.program.slots.len();
        for (index, whole) in self.program.wholes.iter().enumerate() {
            self.at("whole", index);
            for share in whole {
                self.range('s', share.0, slots, "slots");
            }
        }
    }
}

fn at_least_0(x: f64) -> bool {
    0.0 <= x
}

fn is_share(x: f64) -> bool {
    (0.0..=1.0).contains(&x)
}
