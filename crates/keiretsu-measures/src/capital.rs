//! Money put in and money contracted back, pair by pair, from terms as worded: what several measures share.

use keiretsu_model::side::Commitment;
use keiretsu_model::{Holding, PartyRef, Standing};
use keiretsu_values::{Total, Value};

use crate::Subject;

/// How much of what was promised is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// What a source says was paid.
    Paid,
    /// Paid and binding.
    Firm,
    /// Also conditional and announced, at the cap.
    Headline,
}

impl Extent {
    /// All of them, the smallest first.
    pub const ALL: [Self; 3] = [Self::Paid, Self::Firm, Self::Headline];

    /// Its word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::Firm => "firm",
            Self::Headline => "headline",
        }
    }

    /// The position of its reading.
    pub fn reading(self) -> usize {
        match self {
            Self::Paid | Self::Firm => 0,
            Self::Headline => 2,
        }
    }

    fn counts(self, standing: Standing) -> bool {
        match standing {
            Standing::Paid => true,
            Standing::Binding => self != Self::Paid,
            Standing::Conditional | Standing::Announced => self == Self::Headline,
            Standing::Lapsed | Standing::Terminated => false,
        }
    }
}

impl Subject<'_> {
    /// Whether a commitment runs from one group to another.
    pub(crate) fn runs(&self, commitment: &Commitment, from: PartyRef, to: PartyRef) -> bool {
        self.model.group(commitment.from) == from && self.model.group(commitment.to) == to
    }

    /// Money that one group has put, or has promised to put, into another.
    pub(crate) fn put_in(&self, investor: PartyRef, issuer: PartyRef, extent: Extent) -> Total {
        let reading = extent.reading();
        self.put_in_at(investor, issuer, extent, reading, |commitment| commitment.amount(reading))
    }

    /// The same with amounts that somebody weighs, costs in a reading.
    pub(crate) fn put_in_at(
        &self,
        investor: PartyRef,
        issuer: PartyRef,
        extent: Extent,
        reading: usize,
        amount: impl Fn(&Commitment) -> Value,
    ) -> Total {
        let mut total = Total::default();
        let capital = self.side.by_party.iter().filter(|commitment| commitment.is_capital());
        let mut contracts = false;
        for commitment in capital.filter(|commitment| self.runs(commitment, investor, issuer)) {
            contracts = true;
            if extent.counts(commitment.standing) {
                total.add(&self.name(commitment), &amount(commitment));
            }
        }
        // A holding's cost is the money put in where no contract says more.
        if !contracts {
            for holding in self.held(investor, issuer) {
                let cost = match holding.record.figure("cost") {
                    Some(stated) => self.model.readings(stated)[reading].clone(),
                    None => Value::unknown("cost undisclosed"),
                };
                total.add(&holding.name, &cost);
            }
        }
        total
    }

    /// The holdings of one group in another.
    pub(crate) fn held(&self, owner: PartyRef, issuer: PartyRef) -> impl Iterator<Item = &Holding> {
        let model = self.model;
        model.holdings.iter().filter(move |holding| {
            model.group(holding.owner) == owner && model.group(holding.issuer) == issuer
        })
    }

    /// What one group is contracted to pay another for service, rent, building or a share of revenue, and has
    /// not yet fallen due. Capital and service credits are layers of their own.
    pub(crate) fn contracted(&self, payer: PartyRef, payee: PartyRef, reading: usize) -> Total {
        let mut total = Total::default();
        for commitment in self.side.by_party.iter().filter(|commitment| is_trade(commitment)) {
            let runs = self.runs(commitment, payer, payee);
            let counted = match commitment.standing {
                Standing::Paid | Standing::Lapsed | Standing::Terminated => false,
                Standing::Binding => true,
                Standing::Conditional | Standing::Announced => reading > 0,
            };
            if runs && counted {
                total.add(&self.name(commitment), &commitment.left(reading));
            }
        }
        total
    }

    /// The pairs of groups where one has put money into the other or holds a part of it, in the order of the
    /// text.
    pub(crate) fn stakes(&self) -> Vec<(PartyRef, PartyRef)> {
        let mut pairs = Vec::new();
        let model = self.model;
        let capital = self.side.commitments.iter().filter(|commitment| commitment.is_capital());
        let contracts = capital.map(|commitment| (model.group(commitment.from), model.group(commitment.to)));
        let held = model.holdings.iter();
        let held = held.map(|holding| (model.group(holding.owner), model.group(holding.issuer)));
        for pair in contracts.chain(held) {
            if !pairs.contains(&pair) {
                pairs.push(pair);
            }
        }
        pairs.sort();
        pairs
    }
}

/// Whether a commitment pays for something delivered: no capital, no principal of a loan, no credits.
pub(crate) fn is_trade(commitment: &Commitment) -> bool {
    !commitment.is_capital() && commitment.is_cash() && commitment.tag != "principal"
}
