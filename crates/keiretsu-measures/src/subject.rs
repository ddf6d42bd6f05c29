//! What measures speak of: a model, its program, and the side table between them.

use std::collections::{BTreeMap, BTreeSet};

use keiretsu_contracts::side::{Capacity, Commitment, SideTable};
use keiretsu_model::{ContractRef, Model, PartyRef, fingerprint};
use keiretsu_program::{Program, Span};
use keiretsu_values::{Cell, Dimension, Id, Period, Table, TableSpec, Unit, Window};

use crate::Query;

/// A lowered model.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The model.
    pub model: &'a Model,
    /// The program.
    pub program: &'a Program,
    /// The side table of the program's ids.
    pub side: &'a SideTable,
}

impl<'a> Subject<'a> {
    /// Commitments in force. Lapsed, terminated and replaced ones make no supply and no partner.
    pub fn standing(&self) -> impl Iterator<Item = &'a Commitment> {
        self.side.commitments.iter().filter(|commitment| !commitment.is_over())
    }

    /// The same by party, each part once.
    pub fn standing_by_party(&self) -> impl Iterator<Item = &'a Commitment> {
        self.side.by_party.iter().filter(|commitment| !commitment.is_over())
    }

    /// Power as contracted, of contracts that are not over.
    pub fn capacities(&self) -> impl Iterator<Item = &'a Capacity> {
        self.side.capacities.iter().filter(|line| self.stands(line.contract))
    }

    /// Whether a contract is not over.
    pub fn stands(&self, contract: ContractRef) -> bool {
        self.model.contract(contract).is_some_and(|contract| !contract.is_over())
    }

    /// Whether a flow of the program is of a contract that is not over, or of none.
    pub fn flow_stands(&self, flow: usize) -> bool {
        self.side.flows[flow].contract.is_none_or(|contract| self.stands(contract))
    }

    /// The name of a party for people.
    pub fn title(&self, party: PartyRef) -> String {
        self.model.party(party).title.clone()
    }

    /// Whether a party is one of the text, not the others of a contract, who are nobody: these cannot fail,
    /// and hold nothing that they could be compared by.
    pub fn is_named(&self, party: PartyRef) -> bool {
        self.model.party(party).others_in.is_none()
    }

    /// The whole parties, `outside` left out, in the order of the text.
    pub fn groups(&self) -> Vec<PartyRef> {
        let all = (1..self.model.parties.len()).map(|at| PartyRef(at as u32));
        all.filter(|party| self.model.party(*party).part_of.is_none()).collect()
    }

    /// The parties compared: the requested ones, those of the model, or all that hold a stake.
    pub fn strategies(&self, query: &Query) -> Vec<PartyRef> {
        let named = if query.parties.is_empty() { &self.model.strategies } else { &query.parties };
        if !named.is_empty() {
            return named.iter().map(|party| self.model.group(*party)).collect();
        }
        let mut owners: Vec<PartyRef> = self.stakes().iter().map(|(owner, _)| *owner).collect();
        owners.dedup();
        owners.retain(|owner| self.is_named(*owner));
        owners
    }

    /// The groups with a tie to another. Others can neither lose nor pass anything on, so measures of the web
    /// leave them out.
    pub fn tied(&self) -> Vec<PartyRef> {
        self.neighbours().into_keys().collect()
    }

    /// The ties of each group: by a flow, past or to come, a promise, a holding, a claim, an exposure.
    pub fn neighbours(&self) -> BTreeMap<PartyRef, BTreeSet<PartyRef>> {
        let (program, side) = (self.program, self.side);
        let flows = program.flows.iter().enumerate().filter(|(at, _)| self.flow_stands(*at));
        let flows = flows.map(|(_, flow)| (flow.from, flow.to));
        let past = program.past.iter().map(|past| (past.from, past.to));
        let held = program.holdings.iter().map(|holding| (holding.owner, holding.issuer));
        let claims = program.claims.iter().zip(&side.claims).filter(|(_, contract)| self.stands(**contract));
        let claims = claims.map(|(claim, _)| (claim.creditor, claim.debtor));
        let of_program = flows.chain(past).chain(held).chain(claims);
        let of_program = of_program.map(|(one, other)| (PartyRef(one.0), PartyRef(other.0)));
        let promised = self.standing().map(|commitment| (commitment.from, commitment.to));
        let exposed = side.exposures.iter().filter(|exposure| self.stands(exposure.contract));
        let exposed = exposed.map(|exposure| (exposure.creditor, exposure.debtor));
        let stated = self.model.holdings.iter().map(|holding| (holding.owner, holding.issuer));
        let mut neighbours: BTreeMap<PartyRef, BTreeSet<PartyRef>> = BTreeMap::new();
        for (one, other) in of_program.chain(promised).chain(exposed).chain(stated) {
            let (one, other) = (self.model.group(one), self.model.group(other));
            if one != other && one != PartyRef::OUTSIDE && other != PartyRef::OUTSIDE {
                neighbours.entry(one).or_default().insert(other);
                neighbours.entry(other).or_default().insert(one);
            }
        }
        neighbours
    }

    /// The contract of a commitment, and its tranche.
    pub fn name(&self, commitment: &Commitment) -> String {
        let contract = self.model.contract(commitment.contract);
        let name = contract.map_or("", |contract| contract.name.as_str());
        match &commitment.tranche {
            Some(tranche) => format!("{name}.{tranche}"),
            None => name.to_owned(),
        }
    }

    /// An empty table as it is declared, standing where the model stands.
    pub fn table(&self, spec: &TableSpec) -> Table {
        let mut table = Table::declared(spec, self.model.currency);
        table.window = Window {
            as_of: self.model.as_of.to_string(),
            known_on: self.model.known_on.map(|date| date.to_string()),
            model_hash: format!("{:032x}", fingerprint(&self.model.document)),
            simulation: None,
        };
        table
    }

    /// A party as a cell: by its name for machines, by its title for people.
    pub fn party(&self, party: PartyRef) -> Cell {
        let party = self.model.party(party);
        Cell::Id(Id::new(&party.name, &party.title))
    }

    /// The name of a contract.
    pub(crate) fn contract_name(&self, contract: ContractRef) -> String {
        self.model.contract(contract).map_or(String::new(), |contract| contract.name.clone())
    }

    /// A contract as a cell.
    pub fn contract(&self, contract: ContractRef) -> Cell {
        Cell::named(self.model.contract(contract).map_or("", |contract| &contract.name))
    }

    /// A stretch of time that begins with a month of the run, counted from `t = 1`.
    pub fn period(&self, span: Span, first: u32, months: u32) -> Cell {
        let month = self.program.month(first);
        let (year, first, months) = (month.year(), month.of_year() as u8, months as u8);
        Cell::Period(match span {
            Span::Year => Period::Year { year, first, months },
            Span::Quarter => Period::Quarter { year, first, months },
            Span::Month | Span::Whole => Period::Month { year, month: first },
        })
    }

    /// How numbers of a dimension are printed, if there is a unit for them.
    pub fn unit(&self, dimension: Dimension) -> Option<Unit> {
        let currency = self.model.currency;
        match dimension {
            Dimension::MONEY => Some(Unit::Money(currency)),
            Dimension::MONEY_RATE => Some(Unit::MoneyPerYear(currency)),
            Dimension::MONEY_PER_POWER => Some(Unit::MoneyPerPower(currency)),
            Dimension::POWER => Some(Unit::Power),
            _ => None,
        }
    }
}
