//! Contracts with several parties in a role: the share of each as registers, and what the parts of one whole
//! have to do with each other.
//!
//! The model has a contract for each party; it is lowered like any other, with its share in each amount.
//! Nothing here knows what a contract type does.
//!
//! Invariant: what the shares leave is made of the same parameters as the shares, so that in a run the parts
//! sum to the whole also where it is not known how large they are.

use keiretsu_model::record::Stated;
use keiretsu_model::{PartyShare, RoleShare, StatedShare};
use keiretsu_program::{Distribution, FlowId, Op, Reg, SlotId};
use keiretsu_values::{Reading, Value};

use crate::lowering::Lowering;
use crate::slots::slot_of;
use crate::terms::Terms;

impl Lowering<'_> {
    /// What of an amount of the whole a figure means.
    pub(crate) fn part_of(&mut self, stated: &Stated, whole: Reg) -> Reg {
        match &stated.share {
            Some(share) => self.share_of(share, whole),
            None => whole,
        }
    }

    /// A share of an amount.
    pub(crate) fn share_of(&mut self, share: &PartyShare, whole: Reg) -> Reg {
        if let Some(exact) = share.exact() {
            return self.times(whole, exact);
        }
        let share = self.share(share);
        self.program.mul(whole, share)
    }

    /// The share that the contract is of what all its parties have, of an amount that no term states.
    pub(crate) fn own_share(&mut self, terms: &Terms<'_>, whole: Reg) -> Reg {
        match terms.share() {
            Some(share) => self.share_of(share, whole),
            None => whole,
        }
    }

    /// A share as a register.
    pub(crate) fn share(&mut self, share: &PartyShare) -> Reg {
        if let Some(exact) = share.exact() {
            return self.program.number(exact);
        }
        let mut product: Option<Reg> = None;
        for role in &share.roles {
            let own = self.role_share(role);
            product = Some(product.map_or(own, |product| self.program.mul(product, own)));
        }
        product.unwrap_or_else(|| self.program.number(1.0))
    }

    fn role_share(&mut self, role: &RoleShare) -> Reg {
        if let Some(own) = role.own {
            let own = self.stated_share(&role.stated[own]);
            return self.program.read(own);
        }
        let shares: Vec<SlotId> = role.stated.iter().map(|other| self.stated_share(other)).collect();
        let mut left = self.program.number(1.0);
        for share in &shares {
            let share = self.program.read(*share);
            left = self.program.sub(left, share);
        }
        self.program.whole(shares);
        left
    }

    /// A share that is stated, as a parameter. Of one that is undisclosed nothing is read: others have it, or
    /// parties that have the whole together have equal parts of it.
    fn stated_share(&mut self, share: &StatedShare) -> SlotId {
        if let Some(exact) = share.exact() {
            return self.program.constant(exact);
        }
        let readings = share.values.each_ref().map(|value| match value.amount() {
            Some(_) => value.clone(),
            None => Value::new(share.unread_as, value.set()),
        });
        if let Some((role, _)) = share.path.rsplit_once('.').filter(|_| 0.0 < share.unread_as) {
            self.assume(format!("{role}: who has how much is not disclosed, and a run takes equal parts"));
        }
        let drawn = readings[Reading::Expected].amount().unwrap_or(share.unread_as);
        let slot = slot_of(readings, Distribution::Point(drawn));
        self.slot(share.path.clone(), &share.stated, &share.basis, slot)
    }

    /// The share of what is missing that one of several guarantors pays, of what those before it have left:
    /// covers answer one after the other, and each of these pays its share of the whole.
    ///
    /// By hand: of 100 missing the first of 60% and 40% pays 60, and the second all of the 40 that are left.
    pub(crate) fn share_beside(&mut self, terms: &Terms<'_>, whole: Reg) -> Reg {
        let Some(own) = terms.share().map(|share| share.of_side(true)).filter(|own| !own.roles.is_empty())
        else {
            return whole;
        };
        let before = self.before(terms);
        let own = self.share_of(&own, whole);
        let taken = self.program.mul(before, whole);
        let one = self.program.number(1.0);
        let left = self.program.sub(one, taken);
        self.program.op(Op::Div(own, left))
    }

    /// The shares of the parties before one of them, on the same side and with the same other party.
    fn before(&mut self, terms: &Terms<'_>) -> Reg {
        let model = self.model;
        let mut sum = self.program.number(0.0);
        let Some(part) = &terms.contract.part else { return sum };
        let at = part
            .shares
            .iter()
            .position(|share| terms.share().is_some_and(|own| std::ptr::eq(&raw const **share, own)));
        let all = model.contract(part.whole).map_or(&[][..], |whole| &whole.parts);
        let earlier =
            all.iter().take_while(|other| **other != terms.id).filter_map(|other| model.contract(*other));
        for other in earlier.filter(|other| other.obligee == terms.contract.obligee) {
            let shares = other.part.as_ref().map(|part| &part.shares);
            let Some(share) = shares.zip(at).and_then(|(shares, at)| shares.get(at)) else { continue };
            let share = self.share(&share.of_side(true));
            sum = self.program.add(sum, share);
        }
        sum
    }

    /// Says of what a party of an undisclosed share puts at risk that nothing can be read of it.
    pub(crate) fn unread_exposures(&mut self) {
        for at in 0..self.side.exposures.len() {
            let contract = self.model.contract(self.side.exposures[at].contract);
            let shares = contract.and_then(|contract| contract.part.as_ref()).map(|part| &part.shares);
            let values = shares.and_then(|shares| shares.last()).map(|share| share.values());
            let why = values.and_then(|values| values[Reading::Headline].reason().map(str::to_owned));
            self.side.exposures[at].at_least = self.side.exposures[at].at_least.take().or(why);
        }
    }

    /// Lets the investors of one round pay one price: what one of them pays in a month comes before the money
    /// of the next, so that together they dilute as one investor would.
    pub(crate) fn join_rounds(&mut self) {
        let model = self.model;
        for (_, whole) in model.stated_contracts().filter(|(_, contract)| !contract.parts.is_empty()) {
            let mut paid: Vec<(String, Reg)> = Vec::new();
            let issues: Vec<_> = whole.parts.iter().flat_map(|part| self.issues_of(*part)).collect();
            for (name, flow) in issues {
                let known = self.program.flow_mut(flow);
                let (amount, issue) = (known.amount, known.issue);
                let Some(mut issue) = issue.filter(|issue| issue.in_kind.is_none()) else { continue };
                match paid.iter_mut().find(|(tranche, _)| *tranche == name) {
                    Some((_, before)) => {
                        issue.pre_money = self.program.add(issue.pre_money, *before);
                        *before = self.program.add(*before, amount);
                    }
                    None => paid.push((name, amount)),
                }
                self.program.flow_mut(flow).issue = Some(issue);
            }
        }
    }

    /// The flows of a part that issue units, by tranche.
    fn issues_of(&self, part: keiretsu_model::ContractRef) -> Vec<(String, FlowId)> {
        let name = self.contract_name(part);
        let flows = self.side.flows.iter().zip(&self.program.program().flows).enumerate();
        let mine = flows.filter(|(_, (label, flow))| label.contract == Some(part) && flow.issue.is_some());
        mine.map(|(at, (label, _))| {
            (label.name.strip_prefix(&name).unwrap_or_default().to_owned(), FlowId(at as u32))
        })
        .collect()
    }
}

#[cfg(test)]
mod tests;
