//! Default and the estate: who fails this month, and who gets what is left.

use keiretsu_maths::lanes::Kernel;
use keiretsu_program::{ClaimId, PartyId, Unread};

use crate::clearing::Clearing;
use crate::cover;
use crate::payments::Payments;
use crate::state::State;
use crate::steps::AnyAbove;

/// A party counts as short if it paid less than it owed by more than this share of what it owed...
const SHORT_SHARE: f64 = 1e-6;
/// ... plus one base unit of money.
const SHORT_AMOUNT: f64 = 1.0;

/// A claim on an estate.
#[derive(Clone, Copy, Debug)]
struct Claimed {
    rank: u8,
    creditor: usize,
    amount: f64,
    /// Its place in the list of claims, if it is one of them.
    listed: Option<usize>,
}

/// Finds who defaults at the end of this month and settles the estates.
pub fn default(state: &mut State<'_>, clearing: &Clearing, payments: &mut Payments, t: u32) {
    let plan = state.plan;
    if plan.layout.purses.iter().all(|rows| rows.defaulted.is_none()) {
        return;
    }
    count_short(state);
    let mut newly: Vec<(usize, usize)> = vec![];
    for purse in 1..plan.purses.len() {
        find_failing(state, purse, t, &mut newly);
    }
    newly.sort_unstable();
    for path in newly.chunk_by(|a, b| a.0 == b.0) {
        let purses: Vec<usize> = path.iter().map(|(_, purse)| *purse).collect();
        let mut estates =
            Estates { state: &mut *state, clearing, payments: &mut *payments, lane: path[0].0, t };
        estates.settle(&purses);
    }
}

/// Short months in a row.
fn count_short(state: &mut State<'_>) {
    let plan = state.plan;
    for funded in &plan.funded {
        let Some(streak) = plan.layout.purses[funded.purse].streak else { continue };
        let (streak, rows) = state.rows.split(streak);
        let (missing, paid) = (rows.row(funded.rows.shortfall), state.posts.paid(funded.purse));
        state.lanes.run(CountShort { streak, missing, paid });
    }
}

/// Paths on which a party defaults this month.
fn find_failing(state: &State<'_>, purse: usize, t: u32, newly: &mut Vec<(usize, usize)>) {
    let plan = state.plan;
    let Some(defaulted) = plan.layout.purses[purse].defaulted else { return };
    let gone = state.rows.row(defaulted);
    let forced = |lane: usize| {
        let mine = |(who, when, world): &(usize, u32, Option<usize>)| {
            (*who, *when) == (purse, t) && world.is_none_or(|world| world == lane)
        };
        plan.forced.iter().any(mine)
    };
    newly.extend((0..gone.len()).filter(|l| gone[*l] < 0.5 && forced(*l)).map(|lane| (lane, purse)));
    let Some(streak) = plan.layout.purses[purse].streak else { return };
    let streak = state.rows.row(streak);
    let limit = plan.program.parties[purse].funding.map_or(0.0, |funding| f64::from(funding.grace));
    if state.lanes.run(AnyAbove { row: streak, limit }) {
        let fails = |lane: &usize| streak[*lane] > limit && gone[*lane] < 0.5 && !forced(*lane);
        newly.extend((0..gone.len()).filter(fails).map(|lane| (lane, purse)));
    }
}

/// The estates of one path in a month.
struct Estates<'s, 'p> {
    state: &'s mut State<'p>,
    /// Calls that have been paid this month.
    clearing: &'s Clearing,
    payments: &'s mut Payments,
    lane: usize,
    t: u32,
}

impl Estates<'_, '_> {
    /// All that fail on a path this month, in the order of parties. What one estate pays to another party
    /// that fails with it comes to that party's cash.
    fn settle(&mut self, newly: &[usize]) {
        let (plan, lane) = (self.state.plan, self.lane);
        let mut left = vec![];
        for &purse in newly {
            let rows = plan.layout.purses[purse];
            let (defaulted, cash) = rows.defaulted.zip(rows.cash).expect("who can default has cash");
            *self.state.rows.cell(defaulted, lane) = 1.0;
            // Cash that is not stated, or unknown, counts as nothing.
            let known = plan.cash_known[purse];
            left.push(if known { self.state.rows.get(cash, lane) } else { 0.0 });
            *self.state.rows.cell(cash, lane) = 0.0;
        }
        for (&purse, &left) in newly.iter().zip(&left) {
            self.settle_one(purse, left);
        }
    }

    fn settle_one(&mut self, purse: usize, left: f64) {
        let party = &self.state.plan.program.parties[purse];
        let (kept, kept_received) =
            party.default_costs.map_or((1.0, 1.0), |costs| (costs.kept_assets, costs.kept_received));
        let recovery = self.recovery(purse) * kept_received;
        // What is overdrawn is lost to outside, as what the default itself costs comes to outside.
        self.transfer_into_estate(purse, recovery + (-left).max(0.0));
        let cash = left.max(0.0);
        let mut pot = cash * kept + recovery;
        let lost = cash - cash * kept;
        let mut claims = self.claims(purse);
        claims.sort_by_key(|claim| claim.rank);
        for rank in claims.chunk_by(|a, b| a.rank == b.rank) {
            let total: f64 = rank.iter().map(|claim| claim.amount).sum();
            let share = if total <= pot { 1.0 } else { pot / total };
            for claim in rank {
                self.transfer(purse, claim.creditor, claim.amount * share);
                if let Some(listed) = claim.listed {
                    cover::recover(self.state, listed, claim.amount * share, self.lane, self.t);
                }
            }
            pot = (pot - total).max(0.0);
        }
        let rest = pot - self.pay_owners(purse, pot);
        self.transfer(purse, 0, rest + lost);
    }

    /// What the estate brings beside cash; nothing, and noted, where it is unknown.
    fn recovery(&mut self, purse: usize) -> f64 {
        let Some(reg) = self.state.plan.program.parties[purse].recovery else { return 0.0 };
        let amount = self.state.register(reg, self.lane, self.t);
        self.state.note_unread(amount, Unread::Recovery(PartyId(purse as u32)), self.lane);
        crate::logic::due(amount)
    }

    /// Claims of the list and the unpaid dues of the month, on all creditors but the party itself.
    fn claims(&mut self, purse: usize) -> Vec<Claimed> {
        let mut claims = self.listed(purse);
        if self.state.short {
            self.unpaid(purse, &mut claims);
        }
        claims
    }

    /// Claims of the list.
    fn listed(&mut self, purse: usize) -> Vec<Claimed> {
        let (plan, lane) = (self.state.plan, self.lane);
        let mut claims = vec![];
        for (at, claim) in plan.program.claims.iter().enumerate() {
            let creditor = plan.purses[claim.creditor.at()];
            if plan.purses[claim.debtor.at()] != purse || creditor == purse {
                continue;
            }
            if claim.lapses && self.state.is_gone(creditor, lane) {
                continue;
            }
            let amount = self.state.register(claim.amount, lane, self.t);
            self.state.note_unread(amount, Unread::Claim(ClaimId(at as u32)), lane);
            if amount > 0.0 {
                claims.push(Claimed { rank: claim.rank, creditor, amount, listed: Some(at) });
            }
        }
        claims
    }

    /// What of the dues of the month was not paid.
    fn unpaid(&self, purse: usize, claims: &mut Vec<Claimed>) {
        let (plan, lane) = (self.state.plan, self.lane);
        for (at, (flow, rows)) in plan.program.flows.iter().zip(&plan.layout.cleared).enumerate() {
            let creditor = plan.purses[flow.to.at()];
            let [due, paid] = [rows.due, rows.paid].map(|row| self.state.rows.get(row, lane));
            let mut unpaid = due - paid;
            if plan.purses[flow.from.at()] != purse || creditor == purse || unpaid <= 0.0 {
                continue;
            }
            // Who has paid on a call has that part of the claim.
            for (_, cover, _, amount) in self.clearing.parts.iter().filter(|p| (p.0, p.2) == (lane, at)) {
                let call = plan.program.covers[*cover].call;
                let creditor = plan.purses[plan.program.flows[call.at()].from.at()];
                claims.push(Claimed { rank: flow.rank, creditor, amount: *amount, listed: None });
                unpaid -= amount;
            }
            claims.push(Claimed { rank: flow.rank, creditor, amount: unpaid.max(0.0), listed: None });
        }
    }

    /// What creditors leave goes to owners by stake; returns how much that is.
    fn pay_owners(&mut self, purse: usize, pot: f64) -> f64 {
        let plan = self.state.plan;
        let mut stakes = vec![];
        for (holding, rows) in plan.program.holdings.iter().zip(&plan.layout.holdings) {
            let owner = plan.purses[holding.owner.at()];
            let stake = self.state.rows.get(rows.stake, self.lane);
            if holding.issuer.at() == purse && owner != purse && stake > 0.0 {
                stakes.push((owner, stake));
            }
        }
        let total: f64 = stakes.iter().map(|(_, stake)| stake).sum();
        let whole = total.max(1.0);
        let mut paid = 0.0;
        for (owner, stake) in stakes {
            self.transfer(purse, owner, pot * stake / whole);
            paid += pot * stake / whole;
        }
        paid.min(pot)
    }

    /// Money that outside adds to an estate; it never becomes cash of the party.
    fn transfer_into_estate(&mut self, purse: usize, amount: f64) {
        if amount > 0.0 {
            self.post(0, purse, amount);
            self.add_cash(0, -amount);
        }
    }

    /// Money that an estate pays; the party's own cash has been set to zero before.
    fn transfer(&mut self, from: usize, to: usize, amount: f64) {
        if amount > 0.0 {
            self.post(from, to, amount);
            self.add_cash(to, amount);
        }
    }

    fn add_cash(&mut self, purse: usize, amount: f64) {
        if let Some(row) = self.state.plan.layout.purses[purse].cash {
            *self.state.rows.cell(row, self.lane) += amount;
        }
    }

    fn post(&mut self, from: usize, to: usize, amount: f64) {
        let purses = &self.state.plan.layout.purses;
        self.state.posts.add(from, to, amount, self.lane);
        if let Some(row) = purses[from].net {
            *self.state.rows.cell(row, self.lane) -= amount;
        }
        if let Some(row) = purses[to].net {
            *self.state.rows.cell(row, self.lane) += amount;
        }
        self.payments.note_estate(self.lane, from, to, amount);
    }
}

/// One more month in a row, or none.
struct CountShort<'a> {
    streak: &'a mut [f64],
    missing: &'a [f64],
    paid: &'a [f64],
}

impl Kernel for CountShort<'_> {
    type Output = ();

    #[expect(clippy::inline_always, reason = "compiled for each instruction set")]
    #[inline(always)]
    fn run(self) {
        for ((streak, missing), paid) in self.streak.iter_mut().zip(self.missing).zip(self.paid) {
            let is_short = *missing > SHORT_SHARE * (paid + missing) + SHORT_AMOUNT;
            *streak = if is_short { *streak + 1.0 } else { 0.0 };
        }
    }
}
