//! Turns a program into every number of every month: slowly, obviously, in the order of `docs/MONTH.md`.
//!
//! ```
//! use keiretsu_program::{Builder, Month, PartyId, Quantity, Reading, Tag};
//! use keiretsu_testkit::oracle::{World, interpret};
//! let mut b = Builder::new(Month::new(2025, 12), 2);
//! let shop = b.party();
//! let sales = b.number(5.0);
//! b.flow(sales, PartyId::OUTSIDE, shop, Tag::Revenue);
//! let history = interpret(b.program(), World::Reading(Reading::Firm), &[], &[]);
//! assert_eq!(history.months[2].read(Quantity::Cash(shop)), 10.0);
//! ```
//!
//! Written from `docs/MONTH.md` and the doc comments of `keiretsu-program`, never from the engine. Sections
//! of the page are named where they are followed.
//! Invariant: every number is a plain sum or product in the order of the page; nothing is shared or cached.
//! Absent: speed, random numbers (a path is given its draws), quantiles, first-in-first-out own money.

mod clearing;
mod covers;
mod dues;
mod estate;
mod own_money;
mod record;
mod registers;
mod stakes;

use keiretsu_program::{Change, Feed, Overlay, PartyId, Process, Program, Reading, SlotId, Target};

pub use record::{Draws, History, Record, World};

/// A payment of the month between two purses.
#[derive(Clone, Copy, Debug)]
struct Payment {
    from: usize,
    to: usize,
    amount: f64,
}

/// All that a month hands to the next.
struct Oracle<'a> {
    program: &'a Program,
    world: World<'a>,
    overlays: &'a [Overlay],
    groups: &'a [Vec<PartyId>],
    /// Slots as this run reads them.
    slots: Vec<f64>,
    /// Central path of each factor so far.
    central: Vec<f64>,
    /// Level of each factor (its deviation `z` where mean-reverting), without overlays.
    level: Vec<f64>,
    /// State or chance of each event, without overlays.
    event: Vec<f64>,
    /// `L(t - 1)` at the position of each latch, without overlays.
    latch: Vec<f64>,
    account: Vec<f64>,
    credits: Vec<f64>,
    /// Of each cover: paid on calls, lost first by the beneficiary, brought by listed claims and not yet
    /// kept.
    drawn: Vec<f64>,
    kept: Vec<f64>,
    recovered: Vec<f64>,
    cash: Vec<f64>,
    stake: Vec<f64>,
    /// Product of all dilutions of each holding since as-of.
    dilution: Vec<f64>,
    /// What each holding has bought: a stake, or what was paid where its issuer has no value.
    bought: Vec<f64>,
    /// Net outflow of each party in the months from 1 on.
    outflow: Vec<Vec<f64>>,
    /// Short months in a row.
    short: Vec<u32>,
    defaulted: Vec<bool>,
    /// Own-money fraction by group and party.
    own: Vec<Vec<f64>>,
    history: History,
}

/// Every month of a program in a world, `t = 0..=T`, with these overlays and own-money groups.
pub fn interpret(program: &Program, world: World, overlays: &[Overlay], groups: &[Vec<PartyId>]) -> History {
    let mut oracle = Oracle::new(program, world, overlays, groups);
    oracle.past();
    for t in 0..=program.months {
        oracle.month(t);
    }
    oracle.history
}

impl<'a> Oracle<'a> {
    fn new(p: &'a Program, world: World<'a>, overlays: &'a [Overlay], groups: &'a [Vec<PartyId>]) -> Self {
        let zeros = |count: usize| vec![0.0; count];
        let mut oracle = Self {
            program: p,
            world,
            overlays,
            groups,
            slots: vec![],
            central: zeros(p.factors.len()),
            level: zeros(p.factors.len()),
            event: zeros(p.events.len()),
            latch: zeros(p.ops.len()),
            account: p.accounts.iter().map(|account| account.opening).collect(),
            credits: zeros(p.credits.len()),
            drawn: zeros(p.covers.len()),
            kept: zeros(p.covers.len()),
            recovered: zeros(p.covers.len()),
            cash: vec![],
            stake: vec![],
            dilution: vec![1.0; p.holdings.len()],
            bought: vec![0.0; p.holdings.len()],
            outflow: vec![],
            short: vec![0; p.parties.len()],
            defaulted: vec![false; p.parties.len()],
            own: vec![zeros(p.parties.len()); groups.len()],
            history: History::default(),
        };
        oracle.slots = (0..p.slots.len()).map(|slot| oracle.opening_slot(slot)).collect();
        let cash = |party: &keiretsu_program::Party| party.cash.map_or(0.0, |slot| oracle.slots[slot.at()]);
        oracle.cash = p.parties.iter().map(cash).collect();
        oracle.stake = (0..p.holdings.len()).map(|holding| oracle.opening_stake(holding)).collect();
        oracle
    }

    fn opening_slot(&self, index: usize) -> f64 {
        let value = match self.world {
            World::Reading(reading) => self.program.slots[index].read(reading),
            World::Path(draws) => draws.slots[index],
        };
        let target = Target::Slot(SlotId(index as u32));
        self.overlays.iter().filter(|overlay| overlay.target == target).fold(value, changed)
    }

    /// Section 9: without a stated stake it is unknown, or zero if some issue feeds it.
    fn opening_stake(&self, index: usize) -> f64 {
        let fed = |flow: &keiretsu_program::Flow| flow.issue.is_some_and(|i| i.holding.at() == index);
        match self.program.holdings[index].stake {
            Some(slot) => self.slots[slot.at()],
            None if self.program.flows.iter().any(fed) => 0.0,
            None => f64::NAN,
        }
    }

    /// The value that others read in month `t`.
    fn overlaid(&self, target: Target, t: u32, value: f64) -> f64 {
        let applies = |o: &&Overlay| o.target == target && (o.from..=o.until).contains(&t);
        self.overlays.iter().filter(applies).fold(value, changed)
    }

    fn purse(&self, id: PartyId) -> usize {
        self.program.parties[id.at()].purse.at()
    }

    fn month(&mut self, t: u32) {
        let mut now = Record::blank(self.program, self.groups.len());
        now.factors = self.factors(t);
        now.events = self.events(t);
        self.registers(t, &mut now);
        self.formulas(t, &mut now);
        if 1 <= t {
            self.post(t, &mut now);
        }
        self.close(&mut now);
        self.history.failed |= self.world.is_path() && now.overflows();
        self.history.months.push(now);
    }

    /// Sections 4 to 10: everything that moves money.
    fn post(&mut self, t: u32, now: &mut Record) {
        self.dues(now);
        self.use_credits(t, now);
        let nothing = vec![0.0; self.program.parties.len()];
        self.report_covers(now);
        let before = now.due.clone();
        let (due, first) = self.clear_covered(now, &before, &nothing);
        now.due = due; // raising sees what is due with the calls of the first clearing
        now.raised = self.raise(now, &first);
        (now.due, now.paid) = self.clear_covered(now, &before, &now.raised);
        let parts = self.draw_covers(now, &before);
        let mut payments = self.payments(now);
        let defaulters = self.defaulters(t, now);
        self.issue(now);
        let parties = 0..self.cash.len();
        let after: Vec<f64> = parties.map(|p| self.after_clearing(p, &payments, now)).collect();
        let cleared = payments.len();
        for &party in &defaulters {
            self.settle_estate(party, &defaulters, after[party], now, &parts, &mut payments);
        }
        self.feed_accounts(now);
        self.follow_own_money(&payments, now);
        for (party, after) in after.iter().enumerate() {
            now.net[party] = net(&payments, self.program.parties[party].purse.at());
            self.cash[party] = after + net(&payments[cleared..], party);
        }
        for party in defaulters {
            self.defaulted[party] = true;
            // Its cash is zero, but for what other estates of this month brought.
            let brought = payments[cleared..].iter().filter(|x| x.to == party && x.from != 0);
            self.cash[party] = brought.map(|x| x.amount).fold(0.0, |a, b| a + b);
        }
    }

    /// Section 6: what each party raises, from the first clearing.
    fn raise(&mut self, now: &Record, first: &[f64]) -> Vec<f64> {
        let parties = self.program.parties.len();
        let owed: Vec<f64> = (0..parties).map(|party| self.paid_by(party, &now.due)).collect();
        let received: Vec<f64> = (0..parties).map(|party| self.paid_to(party, first)).collect();
        self.outflow.push((0..parties).map(|party| owed[party] - received[party]).collect());
        let recent = &self.outflow[self.outflow.len().saturating_sub(3)..];
        let mut raised = vec![0.0; parties];
        for (party, raises) in raised.iter_mut().enumerate() {
            let Some(funding) = self.program.parties[party].funding else { continue };
            if !self.can_be_short(party) || self.defaulted[party] || self.world.is(Reading::Firm) {
                continue;
            }
            let mean = recent.iter().map(|month| month[party]).sum::<f64>() / recent.len() as f64;
            let burn = mean.max(0.0);
            let after = self.cash[party] + received[party] - owed[party];
            let price = funding.price.map_or(f64::NAN, |reg| now.registers[reg.0 as usize]);
            let most = funding.most.map_or(f64::INFINITY, |reg| now.registers[reg.0 as usize]);
            let market = funding.market.is_none_or(|event| now.events[event.at()] >= 0.5);
            let asks = after < 0.0 || after < funding.keep * burn;
            if market && price > 0.0 && (owed[party] > 0.0 || received[party] > 0.0) {
                self.history.money_gap(after);
                self.history.money_gap(after - funding.keep * burn);
            }
            if asks && market && price > 0.0 && most > 0.0 {
                *raises = (funding.raise * burn - after).max(0.0).min(most);
            }
        }
        raised
    }

    /// Section 5: whether it pays only what it has.
    fn can_be_short(&self, party: usize) -> bool {
        let terms = &self.program.parties[party];
        terms.funding.is_some() && terms.cash.is_some_and(|slot| !self.slots[slot.at()].is_nan())
    }

    /// Sections 5 and 7: what is paid on each flow, with this much raised by each party.
    fn clear(&mut self, due: &[f64], raised: &[f64]) -> Vec<f64> {
        let flows = self.program.flows.iter().zip(due);
        let debts: Vec<clearing::Debt> = flows
            .map(|(flow, &due)| {
                let (from, to) = (self.purse(flow.from), self.purse(flow.to));
                let amount = if from == to { 0.0 } else { due };
                clearing::Debt { from, to, amount, rank: flow.rank }
            })
            .collect();
        let has = |party| self.can_be_short(party).then(|| (self.cash[party] + raised[party]).max(0.0));
        let cash: Vec<Option<f64>> = (0..self.cash.len()).map(has).collect();
        let (paid, exact) = clearing::clear(&debts, &cash);
        self.history.unsettled |= !exact;
        // Flows between two parties of one purse are paid in full.
        (0..due.len()).map(|i| if debts[i].from == debts[i].to { due[i] } else { paid[i] }).collect()
    }

    /// What a purse pays to other purses.
    fn paid_by(&self, party: usize, amounts: &[f64]) -> f64 {
        let flows = self.program.flows.iter().zip(amounts);
        let out = flows.filter(|(flow, _)| self.purse(flow.from) == party && self.purse(flow.to) != party);
        out.map(|(_, amount)| amount).sum()
    }

    /// What a purse receives from other purses.
    fn paid_to(&self, party: usize, amounts: &[f64]) -> f64 {
        let flows = self.program.flows.iter().zip(amounts);
        let out = flows.filter(|(flow, _)| self.purse(flow.to) == party && self.purse(flow.from) != party);
        out.map(|(_, amount)| amount).sum()
    }

    /// The payments of the final clearing and what was raised.
    fn payments(&self, now: &Record) -> Vec<Payment> {
        let flows = self.program.flows.iter().zip(&now.paid).map(|(flow, &amount)| {
            let (from, to) = (self.purse(flow.from), self.purse(flow.to));
            Payment { from, to, amount }
        });
        let raises = now.raised.iter().enumerate();
        let raises = raises.map(|(to, &amount)| Payment { from: 0, to, amount });
        flows.chain(raises).filter(|payment| payment.from != payment.to).collect()
    }

    /// Section 10: accounts take their feeds.
    fn feed_accounts(&mut self, now: &Record) {
        for (account, terms) in self.account.iter_mut().zip(&self.program.accounts) {
            for feed in &terms.feeds {
                *account += match *feed {
                    Feed::Value(reg) => now.registers[reg.0 as usize],
                    Feed::Payment(flow) => now.paid[flow.at()] + now.settled[flow.at()],
                };
            }
        }
    }

    /// Section 11 and the state at the end of the month.
    fn close(&mut self, now: &mut Record) {
        for (index, party) in self.program.parties.iter().enumerate() {
            let purse = party.purse.at();
            now.cash[index] = self.cash[purse];
            now.raised[index] = now.raised[purse];
            now.shortfall[index] = self.paid_by(purse, &now.due) - self.paid_by(purse, &now.paid);
            now.defaulted[index] = f64::from(self.defaulted[purse]);
            let value = party.value.map_or(f64::NAN, |reg| now.registers[reg.0 as usize]);
            now.value[index] = if self.defaulted[purse] { 0.0 } else { value };
        }
        now.left.clone_from(&self.credits);
        now.drawn.clone_from(&self.drawn);
        now.stake.clone_from(&self.stake);
        for index in 0..self.program.holdings.len() {
            now.holding[index] = self.worth(index, now);
        }
    }

    fn worth(&self, index: usize, now: &Record) -> f64 {
        let holding = &self.program.holdings[index];
        let issuer = holding.issuer.at();
        let value = now.value[issuer];
        if self.defaulted[self.purse(holding.issuer)] {
            return 0.0;
        }
        let Some(mark) = holding.mark.map(|slot| self.slots[slot.at()]) else {
            return self.stake[index] * value;
        };
        if self.program.parties[issuer].value.is_none() {
            return mark + self.bought[index];
        }
        let base = self.history.months.first().map_or(value, |as_of| as_of.value[issuer]);
        mark * registers::divide(value, base) * self.dilution[index] + self.bought[index] * value
    }
}

/// What a party receives less what it pays.
fn net(payments: &[Payment], party: usize) -> f64 {
    let received: f64 = payments.iter().filter(|x| x.to == party).map(|x| x.amount).sum();
    let paid: f64 = payments.iter().filter(|x| x.from == party).map(|x| x.amount).sum();
    received - paid
}

fn changed(value: f64, overlay: &Overlay) -> f64 {
    match overlay.change {
        Change::Set(to) => to,
        Change::Scale(by) => value * by,
        Change::Shift(by) => value + by,
    }
}
