//! Default and the estate: who fails this month, and who gets what is left.

use keiretsu_maths::lanes::Kernel;
use keiretsu_program::{ClaimId, PartyId, Unread};

use crate::steps::AnyAbove;
use crate::work::Work;

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

impl Work<'_> {
    /// Finds who defaults at the end of this month and settles the estates.
    pub fn default(&mut self, t: u32) {
        let plan = self.plan;
        if plan.layout.defaulted.iter().all(Option::is_none) {
            return;
        }
        self.count_short();
        let mut newly: Vec<(usize, usize)> = vec![];
        for purse in 1..plan.purses.len() {
            self.find_failing(purse, t, &mut newly);
        }
        newly.sort_unstable();
        for path in newly.chunk_by(|a, b| a.0 == b.0) {
            let purses: Vec<usize> = path.iter().map(|(_, purse)| *purse).collect();
            self.settle_estates(&purses, path[0].0, t);
        }
    }

    /// Short months in a row.
    fn count_short(&mut self) {
        let plan = self.plan;
        for funded in &plan.funded {
            let Some(streak) = plan.layout.streak[funded.purse] else { continue };
            let shortfall = plan.layout.shortfall[funded.purse].expect("a funded purse has a shortfall");
            let (streak, rows) = self.rows.split(streak);
            let (missing, paid) = (rows.row(shortfall), self.posts.row(funded.purse));
            self.lanes.run(CountShort { streak, missing, paid });
        }
    }

    /// Paths on which a party defaults this month.
    fn find_failing(&self, purse: usize, t: u32, newly: &mut Vec<(usize, usize)>) {
        let plan = self.plan;
        let Some(defaulted) = plan.layout.defaulted[purse] else { return };
        let gone = self.rows.row(defaulted);
        let forced = |lane: usize| {
            let mine = |(who, when, world): &(usize, u32, Option<usize>)| {
                (*who, *when) == (purse, t) && world.is_none_or(|world| world == lane)
            };
            plan.forced.iter().any(mine)
        };
        newly.extend((0..gone.len()).filter(|l| gone[*l] < 0.5 && forced(*l)).map(|lane| (lane, purse)));
        let Some(streak) = plan.layout.streak[purse] else { return };
        let streak = self.rows.row(streak);
        let limit = plan.program.parties[purse].funding.map_or(0.0, |funding| f64::from(funding.grace));
        if self.lanes.run(AnyAbove { row: streak, limit }) {
            let fails = |lane: &usize| streak[*lane] > limit && gone[*lane] < 0.5 && !forced(*lane);
            newly.extend((0..gone.len()).filter(fails).map(|lane| (lane, purse)));
        }
    }

    /// All that fail on a path this month, in the order of parties. What one estate pays to another party
    /// that fails with it comes to that party's cash.
    fn settle_estates(&mut self, newly: &[usize], lane: usize, t: u32) {
        let plan = self.plan;
        let mut left = vec![];
        for &purse in newly {
            let row = plan.layout.defaulted[purse].expect("it can default");
            *self.rows.cell(row, lane) = 1.0;
            // Cash that is not stated, or unknown, counts as nothing.
            let cash = plan.layout.cash[purse].expect("who can default has cash");
            let known = plan.cash_known[purse];
            left.push(if known { self.rows.get(cash, lane) } else { 0.0 });
            *self.rows.cell(cash, lane) = 0.0;
        }
        for (&purse, &left) in newly.iter().zip(&left) {
            self.settle_estate(purse, left, lane, t);
        }
    }

    fn settle_estate(&mut self, purse: usize, left: f64, lane: usize, t: u32) {
        let plan = self.plan;
        let party = &plan.program.parties[purse];
        let (kept, kept_received) =
            party.default_costs.map_or((1.0, 1.0), |costs| (costs.kept_assets, costs.kept_received));
        let recovery = self.recovery(purse, lane, t) * kept_received;
        // What is overdrawn is lost to outside, as what the default itself costs comes to outside.
        self.transfer_into_estate(purse, recovery + (-left).max(0.0), lane);
        let cash = left.max(0.0);
        let mut pot = cash * kept + recovery;
        let lost = cash - cash * kept;
        let mut claims = self.claims(purse, lane, t);
        claims.sort_by_key(|claim| claim.rank);
        for rank in claims.chunk_by(|a, b| a.rank == b.rank) {
            let total: f64 = rank.iter().map(|claim| claim.amount).sum();
            let share = if total <= pot { 1.0 } else { pot / total };
            for claim in rank {
                self.transfer(purse, claim.creditor, claim.amount * share, lane);
                if let Some(listed) = claim.listed {
                    self.recover(listed, claim.amount * share, lane, t);
                }
            }
            pot = (pot - total).max(0.0);
        }
        let rest = pot - self.pay_owners(purse, pot, lane);
        self.transfer(purse, 0, rest + lost, lane);
    }

    /// What the estate brings beside cash; nothing, and noted, where it is unknown.
    fn recovery(&mut self, purse: usize, lane: usize, t: u32) -> f64 {
        let plan = self.plan;
        let Some(reg) = plan.program.parties[purse].recovery else { return 0.0 };
        let amount = self.arg(plan.register(reg), t).at(lane);
        self.note_unread(amount, Unread::Recovery(PartyId(purse as u32)), lane);
        crate::logic::due(amount)
    }

    /// Notes what was unknown when it was asked for, on a path that somebody looks at.
    pub fn note_unread(&mut self, amount: f64, what: Unread, lane: usize) {
        if amount.is_nan() && self.wanted.contains(&lane) {
            self.unread.insert(what);
        }
    }

    /// Claims of the list and the unpaid dues of the month, on everybody but the party itself.
    fn claims(&mut self, purse: usize, lane: usize, t: u32) -> Vec<Claimed> {
        let plan = self.plan;
        let mut claims = vec![];
        for (at, claim) in plan.program.claims.iter().enumerate() {
            let creditor = plan.purses[claim.creditor.at()];
            if plan.purses[claim.debtor.at()] != purse || creditor == purse {
                continue;
            }
            if claim.lapses && self.is_gone(creditor, lane) {
                continue;
            }
            let amount = self.arg(plan.register(claim.amount), t).at(lane);
            self.note_unread(amount, Unread::Claim(ClaimId(at as u32)), lane);
            if amount > 0.0 {
                claims.push(Claimed { rank: claim.rank, creditor, amount, listed: Some(at) });
            }
        }
        if self.short {
            for (at, flow) in plan.program.flows.iter().enumerate() {
                let creditor = plan.purses[flow.to.at()];
                let due = plan.layout.due[at].expect("who can default keeps flows");
                let mut unpaid = self.rows.get(due, lane) - self.rows.get(self.paid(at), lane);
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
        claims
    }

    /// What creditors leave goes to owners by stake; returns how much that is.
    fn pay_owners(&mut self, purse: usize, pot: f64, lane: usize) -> f64 {
        let plan = self.plan;
        let mut stakes = vec![];
        for (at, holding) in plan.program.holdings.iter().enumerate() {
            let owner = plan.purses[holding.owner.at()];
            let stake = self.rows.get(plan.layout.stakes[at].expect("every holding has a stake"), lane);
            if holding.issuer.at() == purse && owner != purse && stake > 0.0 {
                stakes.push((owner, stake));
            }
        }
        let total: f64 = stakes.iter().map(|(_, stake)| stake).sum();
        let whole = total.max(1.0);
        let mut paid = 0.0;
        for (owner, stake) in stakes {
            self.transfer(purse, owner, pot * stake / whole, lane);
            paid += pot * stake / whole;
        }
        paid.min(pot)
    }

    /// Money that outside adds to an estate; it never becomes cash of the party.
    fn transfer_into_estate(&mut self, purse: usize, amount: f64, lane: usize) {
        if amount > 0.0 {
            self.post_estate(0, purse, amount, lane);
            self.add_cash(0, -amount, lane);
        }
    }

    /// Money that an estate pays; the party's own cash has been set to zero before.
    fn transfer(&mut self, from: usize, to: usize, amount: f64, lane: usize) {
        if amount > 0.0 {
            self.post_estate(from, to, amount, lane);
            self.add_cash(to, amount, lane);
        }
    }

    fn add_cash(&mut self, purse: usize, amount: f64, lane: usize) {
        if let Some(row) = self.plan.layout.cash[purse] {
            *self.rows.cell(row, lane) += amount;
        }
    }

    fn post_estate(&mut self, from: usize, to: usize, amount: f64, lane: usize) {
        let plan = self.plan;
        let count = plan.purses.len();
        *self.posts.cell(from, lane) += amount;
        *self.posts.cell(count + to, lane) += amount;
        if let Some(row) = plan.layout.net[from] {
            *self.rows.cell(row, lane) -= amount;
        }
        if let Some(row) = plan.layout.net[to] {
            *self.rows.cell(row, lane) += amount;
        }
        self.own.note_estate(lane, from, to, amount);
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
