//! Where each probe finds its number, and when it hands it over.

use keiretsu_program::{FlowId, PartyId, Program, Quantity, Span};

use super::Plan;
use super::layout::MaybeRow;
use crate::rows::Place;

/// Where a probe finds its number at the end of a month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ProbePlace {
    /// Here.
    At(Place),
    /// What was paid on a flow: in another row where a party was short.
    Payment(FlowId),
}

/// A probe.
#[derive(Clone, Debug)]
pub struct ProbePlan {
    /// Where its number is.
    pub source: ProbePlace,
    /// Whether the months of a piece are added up.
    pub adds: bool,
    /// What the piece has seen so far; none where each month is a piece.
    pub sum: MaybeRow,
    /// First and last month of each piece.
    pub pieces: Vec<(u32, u32)>,
}

impl ProbePlan {
    /// The piece that ends in a month.
    pub fn piece_ending(&self, t: u32) -> Option<usize> {
        // Where every month is a piece.
        let month = t as usize - 1;
        if self.pieces.get(month).is_some_and(|piece| piece.1 == t) {
            return Some(month);
        }
        self.pieces.binary_search_by_key(&t, |piece| piece.1).ok()
    }

    /// Whether a piece begins in a month.
    pub fn begins(&self, t: u32) -> bool {
        self.pieces.binary_search_by_key(&t, |piece| piece.0).is_ok()
    }
}

/// All probes, in their order.
pub fn watches(plan: &Plan) -> Vec<ProbePlan> {
    let watch = |(at, probe): (usize, &keiretsu_program::Probe)| ProbePlan {
        source: source(plan, probe.quantity),
        adds: probe.quantity.is_flow(),
        sum: if probe.span == Span::Month { None } else { plan.layout.sums[at] },
        pieces: probe.span.pieces(plan.program),
    };
    plan.spec.probes.iter().enumerate().map(watch).collect()
}

/// Where a quantity is found that is watched.
pub fn source(plan: &Plan, quantity: Quantity) -> ProbePlace {
    let layout = &plan.layout;
    let purse = |party: PartyId| plan.purses[party.at()];
    let funded = |party: PartyId| layout.purses[purse(party)].funded;
    let nothing = Place::Fixed(0.0);
    let row = |row: MaybeRow| row.map_or(nothing, Place::Row);
    let stated = |program: &Program, party: PartyId| program.parties[purse(party)].cash.is_some();
    ProbePlace::At(match quantity {
        Quantity::Due(flow) => row(layout.flows[flow.at()].due),
        Quantity::Payment(flow) => return ProbePlace::Payment(flow),
        Quantity::Net(party) => row(layout.purses[purse(party)].net),
        Quantity::Cash(party) => {
            debug_assert!(layout.purses[purse(party)].cash.is_some() || !stated(plan.program, party));
            row(layout.purses[purse(party)].cash)
        }
        Quantity::Raised(party) => row(funded(party).map(|rows| rows.raised)),
        Quantity::Defaulted(party) => row(layout.purses[purse(party)].defaulted),
        Quantity::Shortfall(party) => row(funded(party).map(|rows| rows.shortfall)),
        Quantity::Factor(factor) => plan.factors[factor.at()].expect("a factor that is read has a place"),
        Quantity::Register(reg) => plan.register(reg),
        Quantity::Value(party) => row(layout.issuers[party.at()].value),
        Quantity::Holding(holding) => row(layout.holdings[holding.at()].value),
        Quantity::Stake(holding) => Place::Row(layout.holdings[holding.at()].stake),
        Quantity::CreditsUsed(pool) => Place::Row(layout.pools[pool.at()].used),
        Quantity::CreditsExpired(pool) => Place::Row(layout.pools[pool.at()].expired),
        Quantity::CreditsLeft(pool) => Place::Row(layout.pools[pool.at()].left),
        Quantity::Exposure(at) => Place::Row(layout.exposures[at as usize].at_risk),
        Quantity::ExposureAtDefault(at) => Place::Row(layout.exposures[at as usize].lost),
        Quantity::Drawn(cover) => Place::Row(layout.covers[cover.at()].drawn),
        Quantity::OwnReceipts { group, party } => {
            Place::Row(layout.groups[group as usize].receipts[purse(party)])
        }
    })
}
