//! Section 8: who defaults, and what his estate pays to whom.

use keiretsu_program::{ClaimId, EstateClaim, PartyId, Target, Unread};

use super::covers::weight;
use super::{Oracle, Payment, Record, net};

/// What a creditor asks of an estate.
#[derive(Clone, Copy)]
struct Claimed {
    creditor: usize,
    amount: f64,
    rank: u8,
    /// Position in the list of claims.
    listed: Option<usize>,
}

impl Oracle<'_> {
    /// Section 5: cash after the final clearing; a party that is short has exactly nothing.
    pub(super) fn after_clearing(&mut self, party: usize, payments: &[Payment], now: &Record) -> f64 {
        let (owed, paid) = (self.paid_by(party, &now.due), self.paid_by(party, &now.paid));
        let after = self.cash[party] + net(payments, party);
        if self.can_be_short(party) && owed > 0.0 {
            // Nearly short, or nearly not.
            let gap = if paid < owed { owed - paid } else { after };
            self.history.closest_money = self.history.closest_money.min(gap.abs());
        }
        if paid < owed { 0.0 } else { after }
    }

    /// The parties that default at the end of this month, in the order of their ids.
    pub(super) fn defaulters(&mut self, t: u32, now: &Record) -> Vec<usize> {
        let mut found = vec![];
        for (party, terms) in self.program.parties.iter().enumerate() {
            let owed = self.paid_by(party, &now.due);
            let missing = owed - self.paid_by(party, &now.paid);
            let forgiven = 1e-6 * owed + 1.0;
            if missing > 0.0 && self.can_be_short(party) {
                self.history.money_gap(missing - forgiven);
            }
            let is_short = self.can_be_short(party) && missing > forgiven;
            self.short[party] = if is_short { self.short[party] + 1 } else { 0 };
            let fails = terms
                .funding
                .is_some_and(|funding| funding.default && is_short && self.short[party] > funding.grace);
            let target = Target::Default(PartyId(party as u32));
            let felled = self.overlays.iter().any(|o| o.target == target && o.from == t);
            if (fails || felled) && !self.defaulted[party] {
                found.push(party);
            }
        }
        found
    }

    /// Settles the estate of a party that has this much cash after the final clearing.
    pub(super) fn settle_estate(
        &mut self,
        party: usize,
        failing: &[usize],
        cash: f64,
        now: &mut Record,
        parts: &[(usize, usize, f64)],
        payments: &mut Vec<Payment>,
    ) {
        let terms = &self.program.parties[party];
        let mut pay = |from: usize, to: usize, amount: f64| {
            payments.push(Payment { from, to, amount });
        };
        let cash = cash.max(0.0); // unknown cash brings nothing
        let (assets, received) =
            terms.default_costs.map_or((1.0, 1.0), |costs| (costs.kept_assets, costs.kept_received));
        let kept = cash * assets;
        pay(party, 0, cash - kept);
        let recovery = received * terms.recovery.map_or(0.0, |reg| now.registers[reg.0 as usize].max(0.0));
        pay(0, party, recovery);
        let mut estate = kept + recovery;
        let claims = self.claims_on(party, failing, now, parts);
        self.report_unread(party, failing, now);
        let mut brought = vec![];
        for rank in 1..=u8::MAX {
            let equals = || claims.iter().filter(|claim| claim.rank == rank);
            let total: f64 = equals().map(|claim| claim.amount).sum();
            let share = if estate < total { estate / total } else { 1.0 };
            equals().for_each(|claim| pay(party, claim.creditor, share * claim.amount));
            brought.extend(equals().filter_map(|claim| Some((claim.listed?, share * claim.amount))));
            estate = (estate - total).max(0.0);
        }
        let mut rest = estate;
        for (holding, &stake) in self.program.holdings.iter().zip(&self.stake) {
            let owner = self.program.parties[holding.owner.at()].purse.at();
            if holding.issuer.at() == party && owner != party && stake > 0.0 {
                pay(party, owner, stake * estate);
                rest -= stake * estate;
            }
        }
        pay(party, 0, rest);
        for (listed, amount) in brought {
            for (index, cover) in self.program.covers.iter().enumerate() {
                let names = cover.claims.iter().any(|one| one.claim.at() == listed);
                let worth = weight(cover, now);
                self.recovered[index] += if names { amount * worth } else { 0.0 };
            }
        }
    }

    fn report_unread(&mut self, party: usize, failing: &[usize], now: &Record) {
        let unknown = |reg: keiretsu_program::Reg| now.registers[reg.0 as usize].is_nan();
        if self.program.parties[party].recovery.is_some_and(unknown) {
            self.history.unread.insert(Unread::Recovery(PartyId(party as u32)));
        }
        for (index, claim) in self.program.claims.iter().enumerate() {
            let (debtor, creditor) = (self.purse(claim.debtor), self.purse(claim.creditor));
            if debtor == party && creditor != party && self.stands(claim, failing) && unknown(claim.amount) {
                self.history.unread.insert(Unread::Claim(ClaimId(index as u32)));
            }
        }
    }

    /// Whether a claim exists: one that lapses does not once its creditor has failed, this month or before.
    fn stands(&self, claim: &EstateClaim, failing: &[usize]) -> bool {
        let creditor = self.purse(claim.creditor);
        !claim.lapses || !(self.defaulted[creditor] || failing.contains(&creditor))
    }

    /// The stated claims and the unpaid dues of the month.
    /// What a call has paid of those is its guarantor's.
    fn claims_on(
        &self,
        party: usize,
        failing: &[usize],
        now: &Record,
        parts: &[(usize, usize, f64)],
    ) -> Vec<Claimed> {
        let stated = self.program.claims.iter().enumerate();
        let stated =
            stated.filter(|(_, claim)| self.purse(claim.debtor) == party && self.stands(claim, failing));
        let stated = stated.map(|(index, claim)| {
            let amount = now.registers[claim.amount.0 as usize].max(0.0);
            Claimed { creditor: self.purse(claim.creditor), amount, rank: claim.rank, listed: Some(index) }
        });
        let unpaid = self.program.flows.iter().enumerate();
        let unpaid = unpaid.filter(|(_, flow)| self.purse(flow.from) == party).map(|(index, flow)| {
            let covered: f64 = parts.iter().filter(|part| part.1 == index).map(|part| part.2).sum();
            let amount = (now.due[index] - now.paid[index] - covered).max(0.0);
            Claimed { creditor: self.purse(flow.to), amount, rank: flow.rank, listed: None }
        });
        let missing = |flow: usize| now.due[flow] - now.paid[flow] > 0.0;
        let taken = parts
            .iter()
            .filter(|&&(_, flow, _)| self.purse(self.program.flows[flow].from) == party && missing(flow));
        let taken = taken.map(|&(cover, flow, amount)| {
            let guarantor = self.program.flows[self.program.covers[cover].call.at()].from;
            Claimed {
                creditor: self.purse(guarantor),
                amount,
                rank: self.program.flows[flow].rank,
                listed: None,
            }
        });
        // Within one purse nobody owes anybody.
        stated.chain(unpaid).chain(taken).filter(|claim| claim.creditor != party).collect()
    }
}
