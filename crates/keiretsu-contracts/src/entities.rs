//! Parties and holdings of the model to those of the program, position by position.

use keiretsu_model::record::Record;
use keiretsu_model::{Party, PartyRef};
use keiretsu_program::{DefaultCosts, Funding, Holding, HoldingId, PartyId, Reg, SlotId, Tag};

use crate::lowering::Lowering;
use crate::side::HoldingLabel;

impl Lowering<'_> {
    /// All parties, with their revenue from outside and their costs to it.
    pub(crate) fn parties(&mut self) {
        let model = self.model;
        for _ in 1..model.parties.len() {
            self.program.party();
        }
        for (at, party) in model.parties.iter().enumerate().skip(1) {
            let id = PartyId(at as u32);
            self.party(id, party);
            for (term, tag) in [("revenue", Tag::Revenue), ("costs", Tag::Costs)] {
                let Some(yearly) = self.named_formula(&party.name, &party.record, term) else { continue };
                let yearly = self.changeable(format!("{}.{term}", party.name), yearly);
                let amount = self.monthly(yearly);
                let (from, to) = match tag {
                    Tag::Revenue => (PartyId::OUTSIDE, id),
                    _ => (id, PartyId::OUTSIDE),
                };
                self.party_flow(amount, from, to, tag, format!("{}.{term}", party.name));
            }
        }
    }

    fn party(&mut self, id: PartyId, party: &Party) {
        let record = &party.record;
        let cash = self.named_slot(&party.name, record, "cash");
        let value = self.named_formula(&party.name, record, "value");
        let value = value.map(|value| self.changeable(format!("{}.value", party.name), value));
        let recovery = self.named_formula(&party.name, record, "recovery");
        let price = party.funding.as_ref().and_then(|funding| funding.price.as_ref());
        let price = price.map(|formula| self.formula(formula)).or(value);
        let most = party.funding.as_ref().and_then(|funding| funding.most.as_ref());
        let most = most.map(|formula| self.formula(formula));
        let funding = party.funding.as_ref().map(|funding| Funding {
            keep: funding.keep_months,
            raise: funding.raise_months,
            price,
            // No market pays more in a month than all of it is worth, unless the text says so.
            most: most.or(price),
            market: funding.market.map(|event| keiretsu_program::EventId(event.0)),
            default: funding.default,
            grace: funding.grace_months,
        });
        let kept = |costs: &Record, name: &str| {
            1.0 - costs.figure(name).and_then(|stated| stated.expected().amount()).unwrap_or(0.0)
        };
        let default_costs = record.table("default_costs").map(|costs| DefaultCosts {
            kept_assets: kept(costs, "assets"),
            kept_received: kept(costs, "received"),
        });
        let purse = party.part_of.map_or(id, |parent| PartyId(parent.0));
        *self.program.party_mut(id) =
            keiretsu_program::Party { purse, cash, value, funding, recovery, default_costs };
    }

    fn named_slot(&mut self, owner: &str, record: &Record, term: &str) -> Option<SlotId> {
        let entry = record.entry(term)?;
        let stated = record.figure(term)?;
        let slot = self.slot_on(stated, stated.on.map_or(self.model.as_of, |when| when.last));
        Some(self.slot(format!("{owner}.{term}"), stated, &entry.basis, slot))
    }

    /// The register of a formula of a record. A figure alone is under the name of its term, with its basis.
    fn named_formula(&mut self, owner: &str, record: &Record, term: &str) -> Option<Reg> {
        let entry = record.entry(term)?;
        let formula = record.formula(term)?;
        Some(match formula.worded() {
            Some(stated) => self
                .in_books(None, |lowering| lowering.figure(format!("{owner}.{term}"), stated, &entry.basis)),
            None => self.formula(formula),
        })
    }

    /// All holdings of the model.
    pub(crate) fn holdings(&mut self) {
        let model = self.model;
        for (at, holding) in model.holdings.iter().enumerate() {
            let stake = self.named_slot(&holding.name, &holding.record, "stake");
            let mark = self.named_slot(&holding.name, &holding.record, "value");
            self.program.holding(Holding {
                owner: PartyId(holding.owner.0),
                issuer: PartyId(holding.issuer.0),
                stake,
                mark,
            });
            self.side.holdings.push(HoldingLabel {
                name: holding.name.clone(),
                holding: Some(at as u32),
                contract: None,
            });
        }
    }

    /// The holding that new units of an issuer join: the owner's only one in it, or a new one.
    /// `None` where the owner already holds an unknown part, so that new units alone would mislead.
    pub(crate) fn holding_of(
        &mut self,
        owner: PartyRef,
        issuer: PartyRef,
        label: HoldingLabel,
        holds_already: bool,
    ) -> Option<HoldingId> {
        let model = self.model;
        let mine = |holding: &Holding| {
            model.group(PartyRef(holding.owner.0)) == model.group(owner) && holding.issuer.0 == issuer.0
        };
        let program = self.program.program();
        let mut fitting = program.holdings.iter().enumerate().filter(|(_, holding)| mine(holding));
        match (fitting.next(), fitting.next()) {
            (Some((at, _)), None) => Some(HoldingId(at as u32)),
            (None, _) if !holds_already => {
                self.side.holdings.push(label);
                Some(self.program.holding(Holding {
                    owner: PartyId(owner.0),
                    issuer: PartyId(issuer.0),
                    stake: None,
                    mark: None,
                }))
            }
            _ => None,
        }
    }

    /// A yearly rate as the amount of one month.
    pub fn monthly(&mut self, yearly: Reg) -> Reg {
        let twelfth = self.program.number(1.0 / 12.0);
        self.program.mul(yearly, twelfth)
    }
}
