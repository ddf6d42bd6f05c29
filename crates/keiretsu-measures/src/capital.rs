//! Money put in and money contracted back, pair by pair, from terms as worded: what several measures share.

use std::collections::BTreeSet;

use keiretsu_contracts::side::Commitment;
use keiretsu_model::{Holding, PartyRef, Standing};
use keiretsu_program::{Reading, Tag};
use keiretsu_values::{Total, Value};

use crate::Subject;
use crate::cancels::Cancels;

/// The counted part of a promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Paid, by a source.
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

    /// Its reading.
    pub fn reading(self) -> Reading {
        match self {
            Self::Paid | Self::Firm => Reading::Firm,
            Self::Headline => Reading::Headline,
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

/// The kinds of money that one party puts into another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MoneyIn {
    /// Equity, and the cost of holdings.
    Equity,
    /// Notes and SAFEs.
    Convertible,
    /// Loans that are drawn.
    Loan,
    /// Prepayments: payment ahead of delivery.
    Prepayment,
}

impl MoneyIn {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Equity, Self::Convertible, Self::Loan, Self::Prepayment];
}

impl Subject<'_> {
    /// Whether a commitment runs from one group to another.
    pub(crate) fn runs(&self, commitment: &Commitment, from: PartyRef, to: PartyRef) -> bool {
        self.model.group(commitment.from) == from && self.model.group(commitment.to) == to
    }

    /// Counterparties of a group by promise, in either direction; `outside` too.
    pub(crate) fn counterparties(&self, party: PartyRef) -> BTreeSet<PartyRef> {
        let ends = self.standing().map(|commitment| (commitment.from, commitment.to));
        let ends = ends.map(|(from, to)| (self.model.group(from), self.model.group(to)));
        let other = |(from, to): (PartyRef, PartyRef)| match (from == party, to == party) {
            (true, false) => Some(to),
            (false, true) => Some(from),
            _ => None,
        };
        ends.filter_map(other).collect()
    }

    /// Money that one group has put, or has promised to put, into another: of every kind.
    pub(crate) fn put_in(&self, investor: PartyRef, issuer: PartyRef, extent: Extent) -> Total {
        let mut total = Total::default();
        for kind in MoneyIn::ALL {
            total.append(self.put_in_as(kind, investor, issuer, extent));
        }
        total
    }

    /// The same of one kind.
    pub(crate) fn put_in_as(
        &self,
        kind: MoneyIn,
        investor: PartyRef,
        issuer: PartyRef,
        extent: Extent,
    ) -> Total {
        let reading = extent.reading();
        self.put_in_at(kind, investor, issuer, extent, reading, |commitment| commitment.amount(reading))
    }

    /// The same with amounts that are weighed, costs in a reading.
    pub(crate) fn put_in_at(
        &self,
        kind: MoneyIn,
        investor: PartyRef,
        issuer: PartyRef,
        extent: Extent,
        reading: Reading,
        amount: impl Fn(&Commitment) -> Value,
    ) -> Total {
        if kind == MoneyIn::Prepayment {
            return self.prepaid(investor, issuer, extent, reading);
        }
        let mut paid = Total::default();
        let mut open = Total::default();
        for commitment in self.standing_by_party().filter(|commitment| self.is_put_in(kind, commitment)) {
            if self.runs(commitment, investor, issuer) && extent.counts(commitment.standing) {
                let moved = commitment.standing == Standing::Paid;
                let part = if moved { &mut paid } else { &mut open };
                part.add(&self.name(commitment), &amount(commitment));
            }
        }
        if kind == MoneyIn::Equity {
            paid = self.purchased(paid, investor, issuer, reading);
        }
        paid.append(open);
        paid
    }

    /// The cost of holdings: paid tranches may be the same purchase as a holding with a cost; then the larger
    /// counts.
    fn purchased(&self, paid: Total, investor: PartyRef, issuer: PartyRef, reading: Reading) -> Total {
        let mut costs = Total::default();
        for holding in self.held(investor, issuer) {
            match holding.record.figure("cost") {
                Some(stated) => costs.add(&holding.name, &self.model.readings(stated)[reading]),
                None if paid.is_empty() => {
                    costs.add(&holding.name, &Value::undisclosed("cost undisclosed"));
                }
                None => {}
            }
        }
        match (costs.is_empty(), paid.is_empty()) {
            (true, _) => paid,
            (false, true) => costs,
            (false, false) => {
                let mut larger = Total::default();
                larger.add("", &paid.value().max(&costs.value()));
                larger
            }
        }
    }

    /// Whether paid tranches and the cost of a holding of one pair are taken for one purchase.
    pub(crate) fn is_one_purchase(&self, investor: PartyRef, issuer: PartyRef) -> bool {
        let paid = self.side.by_party.iter().any(|commitment| {
            commitment.standing == Standing::Paid
                && self.is_put_in(MoneyIn::Equity, commitment)
                && self.runs(commitment, investor, issuer)
        });
        paid && self.held(investor, issuer).any(|holding| holding.record.has("cost"))
    }

    fn prepaid(&self, buyer: PartyRef, seller: PartyRef, extent: Extent, reading: Reading) -> Total {
        let mut total = Total::default();
        for paid in &self.side.prepayments {
            let runs = self.model.group(paid.from) == buyer && self.model.group(paid.to) == seller;
            if runs && (paid.due.past || extent != Extent::Paid) {
                let name = self.model.contract(paid.contract).map_or("", |contract| contract.name.as_str());
                total.add(&format!("{name}.prepayment"), &paid.due.amounts[reading]);
            }
        }
        total
    }

    /// Whether a commitment is money put in of a kind; for a loan, the lender's payments.
    fn is_put_in(&self, kind: MoneyIn, commitment: &Commitment) -> bool {
        let keyword = self.model.contract(commitment.contract).map_or("", |contract| contract.spec.keyword);
        match kind {
            MoneyIn::Equity => commitment.is_capital() && keyword != "convertible",
            MoneyIn::Convertible => commitment.is_capital() && keyword == "convertible",
            MoneyIn::Loan => {
                commitment.is_for(Tag::Principal) && commitment.tranche.is_none() && is_drawn(commitment)
            }
            MoneyIn::Prepayment => false,
        }
    }

    /// The holdings of one group in another.
    pub(crate) fn held(&self, owner: PartyRef, issuer: PartyRef) -> impl Iterator<Item = &Holding> {
        let model = self.model;
        model.holdings.iter().filter(move |holding| {
            model.group(holding.owner) == owner && model.group(holding.issuer) == issuer
        })
    }

    /// Contracted payments of one group to another for service, rent, building or a share of revenue, not yet
    /// due. Capital and service credits are layers of their own.
    pub(crate) fn contracted(&self, payer: PartyRef, payee: PartyRef, reading: Reading) -> Total {
        self.still_due(payer, payee, reading, is_trade)
    }

    /// The same for deliveries to the payer alone: a share of its revenue is no purchase.
    pub(crate) fn supplied(&self, payer: PartyRef, payee: PartyRef, reading: Reading) -> Total {
        self.still_due(payer, payee, reading, is_supply)
    }

    fn still_due(
        &self,
        payer: PartyRef,
        payee: PartyRef,
        reading: Reading,
        counts: fn(&Commitment) -> bool,
    ) -> Total {
        let mut total = Total::default();
        for commitment in self.still_due_each(payer, payee, reading, counts) {
            total.add(&self.name(commitment), &commitment.left_in_totals(reading));
        }
        total
    }

    /// What of contracted payments stands only as long as nobody cancels.
    pub(crate) fn contracted_cancels(&self, payer: PartyRef, payee: PartyRef, reading: Reading) -> Cancels {
        let mut cancels = Cancels::default();
        for commitment in self.still_due_each(payer, payee, reading, is_trade) {
            cancels.add(&self.name(commitment), commitment, reading);
        }
        cancels
    }

    /// The same for deliveries to the payer.
    pub(crate) fn supplied_cancels(&self, payer: PartyRef, payee: PartyRef, reading: Reading) -> Cancels {
        let mut cancels = Cancels::default();
        for commitment in self.still_due_each(payer, payee, reading, is_supply) {
            cancels.add(&self.name(commitment), commitment, reading);
        }
        cancels
    }

    /// The commitments of one group to another that count in a reading.
    pub(crate) fn still_due_each(
        &self,
        payer: PartyRef,
        payee: PartyRef,
        reading: Reading,
        counts: fn(&Commitment) -> bool,
    ) -> impl Iterator<Item = &Commitment> {
        let mine = self
            .standing_by_party()
            .filter(move |commitment| counts(commitment) && self.runs(commitment, payer, payee));
        mine.filter(move |commitment| match commitment.standing {
            Standing::Paid | Standing::Lapsed | Standing::Terminated => false,
            Standing::Binding => true,
            Standing::Conditional | Standing::Announced => reading > Reading::Firm,
        })
    }

    /// The pairs of groups where one holds, or has promised to buy, a part of the other, in the order of the
    /// text.
    pub(crate) fn stakes(&self) -> Vec<(PartyRef, PartyRef)> {
        let capital = |commitment: &Commitment| {
            self.is_put_in(MoneyIn::Equity, commitment) || self.is_put_in(MoneyIn::Convertible, commitment)
        };
        self.pairs(capital, [])
    }

    /// The pairs of groups where one has put money into the other, in the order of the text.
    pub(crate) fn funded(&self) -> Vec<(PartyRef, PartyRef)> {
        let put_in =
            |commitment: &Commitment| MoneyIn::ALL.into_iter().any(|kind| self.is_put_in(kind, commitment));
        let prepaid = self.side.prepayments.iter().map(|paid| (paid.from, paid.to));
        self.pairs(put_in, prepaid)
    }

    /// Payer and payee of commitments that are not over, owner and issuer of holdings, and more pairs.
    fn pairs(
        &self,
        counts: impl Fn(&Commitment) -> bool,
        more: impl IntoIterator<Item = (PartyRef, PartyRef)>,
    ) -> Vec<(PartyRef, PartyRef)> {
        let commitments = self.standing_by_party().filter(|one| counts(one)).map(|one| (one.from, one.to));
        let held = self.model.holdings.iter().map(|holding| (holding.owner, holding.issuer));
        let mut pairs: Vec<(PartyRef, PartyRef)> = commitments
            .chain(held)
            .chain(more)
            .map(|(from, to)| (self.model.group(from), self.model.group(to)))
            .filter(|(from, to)| from != to)
            .collect();
        pairs.sort();
        pairs.dedup();
        pairs
    }
}

/// Whether a loan is drawn, or will be on a day: an undrawn line is an obligation and no money put in.
fn is_drawn(commitment: &Commitment) -> bool {
    !commitment.dues.is_empty() || commitment.standing == Standing::Paid
}

/// Whether a commitment pays for something delivered: no capital, no principal of a loan, no credits, no fee
/// for an end.
pub(crate) fn is_trade(commitment: &Commitment) -> bool {
    let no_sale = [Tag::Principal, Tag::Fee].iter().any(|tag| commitment.is_for(*tag));
    !commitment.is_capital() && commitment.is_cash() && !no_sale
}

/// Whether a commitment pays for something delivered to the payer.
pub(crate) fn is_supply(commitment: &Commitment) -> bool {
    is_trade(commitment) && !commitment.is_for(Tag::RevenueShare)
}
