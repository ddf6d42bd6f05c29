//! What estates pay, and what of it is open: as much as what they hold, and as what is claimed of them.

use keiretsu_program::{PartyId, Possible, Quantity, Slot};
use keiretsu_values::{Set, Value};

use super::cleared::Months;
use super::loss::Loss;
use super::losses::{Lost, Pair};

/// The estates that are settled in a month of a run.
struct Estates {
    /// What there is in all.
    pot: Value,
    /// What each group claims.
    claims: Vec<Value>,
    /// Groups with a stake in those that fail.
    holders: Vec<bool>,
    /// Groups with one that nobody discloses.
    secret: Vec<bool>,
    /// Whether some of these stakes is open.
    open_stake: bool,
    /// Whether it is one estate.
    single: bool,
}

impl Estates {
    /// What a group gets of it, if a run has it get an amount.
    fn paid(&self, party: usize, read: f64) -> Value {
        let claimed: Set = self.claims.iter().map(Value::set).fold(Set::point(0.0), Set::plus);
        let (pot, own) = (self.pot.set(), &self.claims[party]);
        let all_known = self.claims.iter().all(|claim| claim.set().is_point());
        // Nothing is left for stakes where the claims take all.
        let is_known = pot.is_point() && all_known && (!self.open_stake || pot.high <= claimed.low);
        let vague = self.pot.is_vague() || self.claims.iter().any(Value::is_vague);
        let amount = if is_known {
            Value::exact(read)
        } else {
            let most = if self.holders[party] { pot.high } else { pot.high.min(own.set().high) };
            let alone = self.single && claimed == own.set();
            let least = if alone { pot.low.min(own.set().low) } else { 0.0 };
            let set = Set::between(least.min(most), most);
            let secret = self.secret[party].then_some("the stake is undisclosed");
            match own.open_because().or(secret) {
                Some(why) => Value::partly(read, set, why),
                None => Value::new(read, set),
            }
        };
        if vague { amount.vaguely() } else { amount }
    }
}

impl Pair<'_> {
    /// What estates pay, to each party and to those who hold a part of what it claims.
    pub fn recover(&self, lost: &[Lost], losses: &mut [Loss]) {
        let months = [(self.run, &self.run_failed, false), (self.base, &self.base_failed, true)];
        for t in self.first..=self.lens.subject.program.months {
            let [run, base] = months.map(|(months, failed, is_base)| {
                let counts = |at: &usize| failed[*at] == Some(t) && !(is_base && self.is_struck(*at));
                let failing: Vec<usize> = (0..failed.len()).filter(counts).collect();
                self.estates_pay(months, &failing, t)
            });
            let both = run.into_iter().zip(base).enumerate();
            for (party, (run, base)) in both.filter(|(_, (run, base))| run != base) {
                let amount = run.minus(&base).times(self.worth(t));
                for (holder, share) in self.shares_in(lost, party, t) {
                    losses[holder].recovered = losses[holder].recovered.plus(&amount.times(share));
                }
            }
        }
    }

    /// Whose what an estate pays to a party is: as its losses of the month are.
    fn shares_in(&self, lost: &[Lost], party: usize, t: u32) -> Vec<(usize, f64)> {
        let amount = |one: &Lost| one.amount.amount().unwrap_or(0.0).max(0.0);
        let mine: Vec<&Lost> = lost.iter().filter(|one| one.party == party && one.month == t).collect();
        let total: f64 = mine.iter().map(|one| amount(one)).sum();
        if total <= 0.0 {
            return vec![(party, 1.0)];
        }
        let parts = mine.iter().flat_map(|one| {
            let own = amount(one) / total;
            self.parts.of(one.contract, party).into_iter().map(move |(holder, share)| (holder, share * own))
        });
        parts.collect()
    }

    /// What estates of those that fail in a month pay to each group.
    fn estates_pay(&self, months: &Months, failing: &[usize], t: u32) -> Vec<Value> {
        if failing.is_empty() {
            return vec![Value::exact(0.0); self.lens.subject.program.parties.len()];
        }
        let brought = self.brought(months, failing, t);
        let estates = self.estates(months, failing, t, &brought);
        brought.iter().enumerate().map(|(party, read)| estates.paid(party, read.max(0.0))).collect()
    }

    /// Whether a party may leave more to those who hold it than it was worth.
    pub fn is_worth_more_failed(&self, issuer: PartyId, t: u32) -> bool {
        let failing = [self.lens.group(issuer)];
        let pot = self.estates(self.run, &failing, t, &self.brought(self.run, &failing, t)).pot.set();
        let worth = self.lens.beside(Quantity::Value(issuer)).map(|place| self.base.value(place, t).set());
        worth.is_none_or(|worth| worth.low < pot.high)
    }

    fn estates(&self, months: &Months, failing: &[usize], t: u32, brought: &[f64]) -> Estates {
        let program = self.lens.subject.program;
        let mut estates = Estates {
            pot: self.pot(months, failing, t, brought),
            claims: self.claims(months, failing, t),
            holders: vec![false; program.parties.len()],
            secret: vec![false; program.parties.len()],
            open_stake: false,
            single: failing.len() == 1,
        };
        let fed =
            |at: usize| program.flows.iter().any(|flow| flow.issue.is_some_and(|i| i.holding.at() == at));
        for (at, holding) in program.holdings.iter().enumerate() {
            if failing.contains(&self.lens.group(holding.issuer)) {
                let owner = self.lens.group(holding.owner);
                let stake = holding.stake.map(|slot| &program.slots[slot.at()]);
                estates.holders[owner] = true;
                estates.secret[owner] |= stake.map_or(!fed(at), |stake| stake.read(self.reading).is_nan());
                let is_open = |stake: &Slot| !stake.possible(self.reading).is_only();
                estates.open_stake |= stake.map_or(!fed(at), is_open);
            }
        }
        estates
    }

    /// What those that fail leave: what the run has them pay, as open as their cash, what moves it in the
    /// month, and what their assets bring.
    fn pot(&self, months: &Months, failing: &[usize], t: u32, brought: &[f64]) -> Value {
        let (lens, program) = (self.lens, self.lens.subject.program);
        let received: f64 = brought.iter().map(|read| read.max(0.0)).sum();
        let left: f64 = failing.iter().map(|at| (-brought[*at]).max(0.0)).sum();
        let assets = failing.iter().filter_map(|at| program.parties[*at].recovery);
        let assets = assets.filter_map(|reg| lens.beside(Quantity::Register(reg)));
        let assets: Vec<Value> = assets.map(|place| months.value(place, t)).collect();
        let left = left + assets.iter().filter_map(Value::amount).sum::<f64>();
        let flows = program.flows.iter().enumerate();
        let of_failing = |id: PartyId| {
            failing.iter().any(|at| program.parties[id.at()].purse == program.parties[*at].purse)
        };
        let moved = flows.filter(|(_, flow)| of_failing(flow.from) != of_failing(flow.to));
        let moved = moved.map(|(at, flow)| {
            months.value(lens.paid(at), t).times(if of_failing(flow.from) { -1.0 } else { 1.0 })
        });
        let raised = failing.iter().map(|at| months.value(lens.raised(*at), t));
        let cash = failing.iter().map(|at| self.cash_before(months, *at, t));
        let parts: Vec<Value> = moved.chain(raised).chain(cash).chain(assets).collect();
        let away = |part: &Value| part.set().plus(Set::point(-part.amount().unwrap_or(0.0)));
        let set = parts.iter().map(away).fold(Set::point(left), Set::plus);
        let pot = Value::new(left.max(received), set.max(Set::point(0.0)));
        if parts.iter().any(Value::is_vague) { pot.vaguely() } else { pot }
    }

    /// Cash of a party before a month.
    fn cash_before(&self, months: &Months, party: usize, t: u32) -> Value {
        let program = self.lens.subject.program;
        if let Some(place) = self.lens.beside(Quantity::Cash(PartyId(party as u32))).filter(|_| 1 < t) {
            return months.value(place, t - 1);
        }
        let Some(slot) = program.parties[party].cash.map(|slot| &program.slots[slot.at()]) else {
            return Value::exact(0.0);
        };
        let (Possible { set, vague }, read) = (slot.possible(self.reading), slot.read(self.reading));
        let cash = if read.is_nan() { Value::unread("undisclosed", set) } else { Value::new(read, set) };
        if vague { cash.vaguely() } else { cash }
    }

    /// What each group claims of those that fail in a month: dues of the month, and what was to come.
    fn claims(&self, months: &Months, failing: &[usize], t: u32) -> Vec<Value> {
        let (lens, program, side) = (self.lens, self.lens.subject.program, self.lens.subject.side);
        let mut claims = vec![Value::exact(0.0); program.parties.len()];
        let mut add = |debtor: PartyId, creditor: PartyId, amount: &dyn Fn() -> Value| {
            let (debtor, creditor) = (lens.group(debtor), lens.group(creditor));
            if debtor != creditor && failing.contains(&debtor) {
                claims[creditor] = claims[creditor].plus(&amount().max(&Value::exact(0.0)));
            }
        };
        for (at, claim) in program.claims.iter().enumerate() {
            add(claim.debtor, claim.creditor, &|| months.value(lens.claim(at), t));
        }
        for line in &side.prepayments {
            if let Some(place) = line.unused.and_then(|amount| lens.unused(amount)) {
                add(PartyId(line.to.0), PartyId(line.from.0), &|| months.value(place, t));
            }
        }
        for (at, flow) in program.flows.iter().enumerate() {
            add(flow.from, flow.to, &|| self.missing(months, at, t));
        }
        claims
    }

    /// What comes to each party in a month beside payments on flows and what it raises: from estates; what
    /// leaves by its own estate is below zero.
    fn brought(&self, run: &Months, failing: &[usize], t: u32) -> Vec<f64> {
        let program = self.lens.subject.program;
        let purse = |id: PartyId| program.parties[id.at()].purse.at();
        let mut known = vec![0.0; program.parties.len()];
        let heirs = self.lens.heirs(failing);
        for party in &heirs {
            known[*party] = run.at(self.lens.raised(*party), t);
        }
        let mut size = known.clone();
        for (at, flow) in program.flows.iter().enumerate() {
            let paid = run.at(self.lens.paid(at), t);
            for (party, sign) in [(purse(flow.to), 1.0), (purse(flow.from), -1.0)] {
                known[party] += sign * paid;
                size[party] += paid;
            }
        }
        let rest = |party: usize| {
            let rest = run.at(self.lens.net(party), t) - known[party];
            // Less than rounding is nothing.
            if rest.abs() <= 1e-9 * size[party] + 1e-6 { 0.0 } else { rest }
        };
        let mut brought = vec![0.0; program.parties.len()];
        for party in heirs {
            brought[party] = rest(party);
        }
        brought
    }
}
