//! Draws what parties do: cash and funding, holdings, flows, credits, claims, the past, overlays.

use keiretsu_program::{
    AccountId, Change, ClaimId, Cover, Credits, DefaultCosts, EstateClaim, Feed, Flow, FlowId, Funding,
    Holding, Issue, Outstanding, Overlay, PartyId, PastFlow, Reg, Tag, Target,
};

use super::Web;

impl Web {
    pub(super) fn draw_terms(&mut self) {
        for party in self.purses.clone() {
            let size = 2.0 * self.dollars();
            let unknown = if self.random.chance(0.1) { 0.5 } else { 0.0 };
            let cash = self.slot(size, unknown);
            let has_funding = self.random.chance(0.7);
            let funding = Funding {
                keep: self.random.between(0.0, 6.0),
                raise: self.random.between(0.0, 12.0),
                price: self.random.maybe(0.7, &self.money),
                most: self.random.maybe(0.5, &self.money),
                market: self.random.maybe(0.5, &self.events),
                default: self.random.chance(0.8),
                grace: self.random.count(0, 2),
            };
            let costs = DefaultCosts { kept_assets: self.random.unit(), kept_received: self.random.unit() };
            let terms = self.b.party_mut(party);
            terms.cash = self.random.chance(0.9).then_some(cash);
            terms.funding = has_funding.then_some(funding);
            terms.value = self.random.maybe(0.7, &self.money);
            terms.recovery = self.random.maybe(0.5, &self.money);
            terms.default_costs = self.random.chance(0.3).then_some(costs);
        }
    }

    pub(super) fn draw_holdings(&mut self) {
        for issuer in self.purses.clone() {
            for _ in 0..self.random.count(0, 2) {
                let owner = self.anybody();
                if owner == issuer {
                    continue;
                }
                // At most two a party, so that stakes add up to less than one.
                let stake = self.random.chance(0.8).then(|| self.share_slot(0.0, 0.4));
                let mark = self.random.chance(0.3).then(|| self.slot(1e9, 0.05));
                let holding = self.b.holding(Holding { owner, issuer, stake, mark });
                self.fed.push(holding);
            }
        }
    }

    fn anybody(&mut self) -> PartyId {
        if self.random.chance(0.25) { PartyId::OUTSIDE } else { self.random.pick(&self.parties) }
    }

    pub(super) fn draw_flows(&mut self) {
        for _ in 0..self.random.count(3, 14) {
            let (from, to) = (self.anybody(), self.anybody());
            let tag = self.random.pick(&Tag::ALL[..10]);
            let amount = self.random.pick(&self.money);
            let flow = self.b.flow(amount, from, to, tag);
            self.flows.push(flow);
            let issue = self.draw_issue();
            let (rank, survives) = (self.random.count(1, 3) as u8, self.random.chance(0.2));
            let terms = self.b.flow_mut(flow);
            *terms = Flow { rank, survives, ..*terms };
            if let Some((issue, from, to)) = issue {
                *terms = Flow { from, to, issue: Some(issue), ..*terms };
            }
        }
    }

    fn draw_issue(&mut self) -> Option<(Issue, PartyId, PartyId)> {
        let holding = self.random.maybe(0.2, &self.fed)?;
        let pre_money = self.random.pick(&self.money);
        let Holding { owner, issuer, .. } = self.b.program().holdings[holding.at()];
        let in_kind = self.random.maybe(0.3, &self.money);
        Some((Issue { holding, pre_money, in_kind }, owner, issuer))
    }

    pub(super) fn draw_rest(&mut self) {
        for account in 0..self.b.program().accounts.len() as u32 {
            for _ in 0..self.random.count(1, 2) {
                let flow = Feed::Payment(self.random.pick(&self.flows));
                let value = Feed::Value(self.random.pick(&self.money[..3])); // slots
                let feed = if self.random.chance(0.7) { flow } else { value };
                self.b.feed(AccountId(account), feed);
            }
        }
        for _ in 0..self.random.count(0, 2) {
            self.draw_credits();
        }
        for _ in 0..self.random.count(0, 4) {
            let (debtor, creditor) = (self.random.pick(&self.purses), self.anybody());
            let (amount, rank) = (self.random.pick(&self.money), self.random.count(1, 3) as u8);
            if debtor != creditor {
                let lapses = self.random.chance(0.5);
                self.b.claim(EstateClaim { debtor, creditor, amount, rank, lapses });
            }
        }
        for _ in 0..self.random.count(0, 5) {
            let month = self.b.program().origin.plus(-(self.random.count(0, 18) as i32));
            let amount = if self.random.chance(0.1) { f64::NAN } else { self.dollars() };
            let (from, to) = (self.anybody(), self.anybody());
            self.b.past(PastFlow { month, amount, from, to, tag: Tag::Equity });
        }
    }

    /// Guarantees of flows that are there, by somebody who is neither of their ends.
    pub(super) fn draw_covers(&mut self) {
        let plain = self.flows.clone();
        for _ in 0..self.random.count(0, 3) {
            let ends = |web: &Self, flow: FlowId| {
                let purse = |party: PartyId| web.b.program().parties[party.at()].purse;
                let flow = web.b.program().flows[flow.at()];
                (purse(flow.from), purse(flow.to))
            };
            let first = self.random.pick(&plain);
            let (payer, beneficiary) = ends(self, first);
            let guarantor = self.anybody();
            let own = self.b.program().parties[guarantor.at()].purse;
            if payer == beneficiary || own == payer || own == beneficiary {
                continue;
            }
            let fits = |flow: &FlowId| {
                let (from, to) = ends(self, *flow);
                to == beneficiary && from != own && from != to
            };
            let mut flows: Vec<FlowId> = plain.iter().copied().filter(fits).collect();
            flows.truncate(self.random.count(1, 3) as usize);
            self.draw_cover(guarantor, beneficiary, flows);
        }
    }

    fn draw_cover(&mut self, guarantor: PartyId, beneficiary: PartyId, flows: Vec<FlowId>) {
        let own = if self.random.chance(0.2) { self.random.pick(&self.money) } else { self.b.number(0.0) };
        let call = self.b.flow(own, guarantor, beneficiary, Tag::Guarantee);
        self.b.flow_mut(call).rank = self.random.count(1, 3) as u8;
        self.b.flow_mut(call).survives = self.random.chance(0.2);
        let mut claims = vec![];
        for claim in (0..self.b.program().claims.len() as u32).map(ClaimId) {
            if self.random.chance(0.3) {
                claims.push(Outstanding { claim, falls: self.random.pick(&self.money) });
            }
        }
        let worth = self.random.chance(0.2).then(|| self.b.curve_of(|t| 0.99f64.powi(t as i32)));
        let always = self.b.number(1.0);
        let share = match self.random.count(0, 3) {
            0 => self.random.pick(&self.truths),
            1 => self.random.pick(&self.shares),
            _ => always,
        };
        let (limit, cushion) = (self.random.maybe(0.6, &self.money), self.random.maybe(0.3, &self.money));
        let grows = self.draw_growth();
        self.b.cover(Cover { call, flows, share, limit, cushion, claims, worth, grows });
    }

    fn draw_credits(&mut self) {
        let (grantor, recipient) = (self.random.pick(&self.parties), self.random.pick(&self.parties));
        let flows = (0..self.random.count(1, 3)).map(|_| self.random.pick(&self.flows)).collect();
        let ends = self.random.chance(0.5);
        let expiry = if ends { self.random.count(1, self.months) } else { u32::MAX };
        let grant = self.random.pick(&self.money);
        let grows = self.draw_growth();
        self.b.credits(Credits { grantor, recipient, grant, expiry, flows, grows });
    }

    /// What money of another currency is worth, of what it was worth last month.
    fn draw_growth(&mut self) -> Option<Reg> {
        let steps = self.random.chance(0.3);
        steps.then(|| self.b.curve_of(|t| [1.0, 1.25, 0.5][t as usize % 3]))
    }

    pub(super) fn draw_groups(&mut self) -> Vec<Vec<PartyId>> {
        let groups = self.random.count(0, 2);
        (0..groups)
            .map(|_| {
                let mut group: Vec<PartyId> =
                    (0..self.random.count(1, 2)).map(|_| self.random.pick(&self.purses)).collect();
                group.dedup();
                group
            })
            .collect()
    }

    pub(super) fn draw_overlays(&mut self) -> Vec<Overlay> {
        let count = if self.random.chance(0.4) { self.random.count(1, 3) } else { 0 };
        (0..count).filter_map(|_| self.draw_overlay()).collect()
    }

    fn draw_overlay(&mut self) -> Option<Overlay> {
        let from = self.random.count(1, self.months);
        let until = if self.random.chance(0.5) { u32::MAX } else { from + self.random.count(0, 6) };
        let of_money = match self.random.count(0, 2) {
            0 => Change::Set(self.dollars()),
            1 => Change::Scale(self.random.between(0.0, 2.0)),
            _ => Change::Shift(self.dollars()),
        };
        let (target, change) = match self.random.count(0, 4) {
            0 => (Target::Slot(self.random.pick(&self.slots)), of_money),
            1 => {
                let factor = self.random.maybe(1.0, &self.factors)?;
                (Target::Factor(factor), Change::Scale(self.random.between(0.2, 2.0)))
            }
            2 => {
                let event = self.random.pick(&self.events);
                (Target::Event(event), Change::Set(f64::from(self.random.chance(0.5))))
            }
            3 => (Target::Register(self.random.pick(&self.money)), of_money),
            _ => {
                let can_be_short = |party: &&PartyId| {
                    let terms = &self.b.program().parties[party.at()];
                    terms.funding.is_some() && terms.cash.is_some()
                };
                let able: Vec<PartyId> = self.purses.iter().filter(can_be_short).copied().collect();
                (Target::Default(self.random.maybe(1.0, &able)?), Change::Set(1.0))
            }
        };
        Some(Overlay { target, change, from, until })
    }
}
