//! Turns payments between parties in one window into how much of a party's money comes back to it.
//!
//! ```
//! use keiretsu_methods::circularity::{Flow, FlowWeb};
//! let flow = |payer, payee, amount| Flow { payer, payee, amount };
//! // 0 pays 1 four; 1 has one more from elsewhere, pays 0 four and keeps one.
//! let web = FlowWeb::new(&[flow(0, 1, 4.0), flow(1, 0, 4.0)], &[1.0, 1.0], &[1.0, 1.0]).unwrap();
//! let back = web.sender(0).unwrap().returned_by(&web.reach().unwrap(), None).unwrap();
//! assert_eq!((back.lower, back.upper), (3.0, 4.0));
//! assert!((back.pro_rata - 3.2).abs() < 1e-15);
//! ```
//!
//! Three numbers, since no accounting order is the true one: the least and the greatest over *all*
//! attributions that neither create nor destroy money, and between them the pro rata one, in which every
//! payment carries the payer's average. With G = F / T by row and N = (I - G)^-1 (Leontief 1951; absorbing
//! chains, Kemeny and Snell 1960), the money of A that returns is `T_A (N_AA - 1) / N_AA`; over all parties
//! this is the cycling index of Finn (1976, J. Theoretical Biology 56). Netting: the greatest circulation
//! within the payments (conservative compression, D'Errico and Roukny 2021, Operations Research 69).
//!
//! Returns of different parties overlap and must not be summed. Static flows count money that came back
//! before it left: use [`dated`] where dates are known, [`monthly`] where only months are. Whether a web is
//! more circular than its parties' totals force: [`null`].
//!
//! Absent: layers of non-cash consideration, commitments (compute each apart), lists of cycles.

pub mod dated;
pub mod monthly;
mod netting;
pub mod null;
mod reach;
mod sender;

use crate::dense::Factors;
pub use sender::Sender;

/// Money paid by one party to another within the window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flow {
    /// The payer.
    pub payer: u32,
    /// The payee.
    pub payee: u32,
    /// Money, not negative.
    pub amount: f64,
}

/// Why circularity cannot be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CircularityError {
    /// An index names no party.
    NoSuchParty,
    /// Lengths do not match.
    Lengths,
    /// An amount is negative, infinite or not a number.
    NotAnAmount,
    /// The party pays itself, so that its returned money has no useful bounds.
    SelfFlow,
    /// Money of the party can neither stay nor leave: receipts and uses differ. Balance the web first.
    Unbalanced,
    /// Some parties pay only each other and have no receipts from elsewhere, so that money has no origin.
    NoOrigin,
    /// A party pays more than it has, by more than rounding.
    Overdrawn,
}

/// Flows among parties and across their border. See [`FlowWeb::new`].
#[derive(Clone, Debug, PartialEq)]
pub struct FlowWeb {
    n: usize,
    /// Row-major: paid by i to j.
    flows: Vec<f64>,
    inflows: Vec<f64>,
    outflows: Vec<f64>,
}

/// The returned part of the money that a party sends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Returned {
    /// Sent to other parties.
    pub sent: f64,
    /// At least this comes back, whatever the order in which money is used.
    pub lower: f64,
    /// Comes back if every payment carries the payer's average.
    pub pro_rata: f64,
    /// At most this comes back.
    pub upper: f64,
}

/// The part of receipts and uses that may differ before a web counts as unbalanced: rounding of long sums.
const BALANCE_TOLERANCE: f64 = 1e-9;

impl FlowWeb {
    /// Flows among `inflows.len()` parties, with receipts from outside, and payments outside or kept money,
    /// of each. Flows of one pair are summed.
    ///
    /// # Errors
    /// [`CircularityError::Lengths`], [`CircularityError::NoSuchParty`], [`CircularityError::NotAnAmount`].
    pub fn new(flows: &[Flow], inflows: &[f64], outflows: &[f64]) -> Result<FlowWeb, CircularityError> {
        let n = inflows.len();
        if outflows.len() != n {
            return Err(CircularityError::Lengths);
        }
        let mut matrix = vec![0.0; n * n];
        for flow in flows {
            if n <= flow.payer.max(flow.payee) as usize {
                return Err(CircularityError::NoSuchParty);
            }
            matrix[flow.payer as usize * n + flow.payee as usize] += flow.amount;
        }
        let amounts = flows.iter().map(|flow| &flow.amount).chain(&matrix).chain(inflows).chain(outflows);
        if amounts.into_iter().any(|x| !x.is_finite() || *x < 0.0) {
            return Err(CircularityError::NotAnAmount);
        }
        Ok(FlowWeb { n, flows: matrix, inflows: inflows.to_vec(), outflows: outflows.to_vec() })
    }

    /// The same web with the unexplained difference added to inflows (uses above receipts) or outflows
    /// (receipts above uses), so that both agree for each party.
    #[must_use]
    pub fn balanced(&self) -> FlowWeb {
        let mut web = self.clone();
        for party in 0..self.n {
            let gap = self.receipts(party) - self.uses(party);
            web.outflows[party] += gap.max(0.0);
            web.inflows[party] += (-gap).max(0.0);
        }
        web
    }

    /// The same web without payments of parties to themselves.
    #[must_use]
    pub fn without_self_flows(&self) -> FlowWeb {
        let mut web = self.clone();
        (0..self.n).for_each(|party| web.flows[party * self.n + party] = 0.0);
        web
    }

    /// The same web of some parties only, in the order given; flows of others are left out.
    #[must_use]
    pub fn of_parties(&self, order: &[usize]) -> FlowWeb {
        let of = |amounts: &[f64]| order.iter().map(|party| amounts[*party]).collect();
        let pairs = order.iter().flat_map(|i| order.iter().map(move |j| (*i, *j)));
        FlowWeb {
            n: order.len(),
            flows: pairs.map(|(i, j)| self.flows[i * self.n + j]).collect(),
            inflows: of(&self.inflows),
            outflows: of(&self.outflows),
        }
    }

    /// Whether a party pays another, or is paid by one.
    pub fn has_dealings(&self, party: usize) -> bool {
        let others = (0..self.n).filter(|other| *other != party);
        others.into_iter().any(|other| 0.0 < self.flow(party, other) || 0.0 < self.flow(other, party))
    }

    /// How many parties there are.
    pub fn parties(&self) -> usize {
        self.n
    }

    /// All that a party receives, from parties and from outside: its throughput T.
    pub fn receipts(&self, party: usize) -> f64 {
        let from_parties: f64 = (0..self.n).map(|payer| self.flow(payer, party)).sum();
        from_parties + self.inflows.get(party).copied().unwrap_or(0.0)
    }

    /// All that a party pays to parties and pays or keeps outside.
    pub fn uses(&self, party: usize) -> f64 {
        let to_parties: f64 = (0..self.n).map(|payee| self.flow(party, payee)).sum();
        to_parties + self.outflows.get(party).copied().unwrap_or(0.0)
    }

    /// Part of all flows between parties that is matched by the reverse flow: sum of `2 min(F_ij, F_ji)` over
    /// sum of F, flows to oneself left out (weighted reciprocity, Squartini et al. 2013, Scientific Reports
    /// 3). 0 if nothing flows.
    pub fn reciprocity(&self) -> f64 {
        let (mut matched, mut total) = (0.0, 0.0);
        for i in 0..self.n {
            for j in 0..i {
                matched += 2.0 * self.flow(i, j).min(self.flow(j, i));
                total += self.flow(i, j) + self.flow(j, i);
            }
        }
        if 0.0 < total { matched / total } else { 0.0 }
    }

    /// `N = (I - G)^-1`, row-major: how often a unit at i visits j, `G_ij = F_ij / T_i`.
    ///
    /// Cost: n³ operations.
    ///
    /// # Errors
    /// [`CircularityError::NoOrigin`].
    pub fn visits(&self) -> Result<Vec<f64>, CircularityError> {
        let mut shares = self.flows.clone();
        for (party, row) in shares.chunks_exact_mut(self.n.max(1)).enumerate() {
            let receipts = self.receipts(party);
            // Who receives nothing passes nothing on; its row is zero unless the web is unbalanced.
            for x in row {
                *x = if 0.0 < receipts { *x / receipts } else { 0.0 };
            }
        }
        let visits = Factors::of_identity_minus(&shares, self.n).ok_or(CircularityError::NoOrigin)?.inverse();
        // Rings that gain money (an unbalanced web) have an inverse without meaning.
        let sensible = (0..self.n).all(|k| 1.0 - 1e-9 <= visits[k * self.n + k]);
        if sensible { Ok(visits) } else { Err(CircularityError::Unbalanced) }
    }

    /// `H`, row-major: `H_ij` is the chance that a unit at i ever comes to j, on the diagonal that it comes
    /// back. With it, the part of a payment from a to b that returns pro rata is `F_ab H_ba`, and the cycling
    /// index is the mean of the diagonal by throughput. Unlike [`FlowWeb::visits`] it exists also where money
    /// runs in a ring that has no way in or out, from which all of it comes back.
    ///
    /// Cost: n³ operations; n⁴ if there is such a ring.
    ///
    /// # Errors
    /// [`CircularityError::Unbalanced`].
    pub fn reach(&self) -> Result<Vec<f64>, CircularityError> {
        let n = self.n;
        match self.visits() {
            Ok(visits) => {
                let own = |j: usize| visits[j * n + j];
                let chance =
                    |i: usize, j: usize| if i == j { 1.0 - 1.0 / own(j) } else { visits[i * n + j] / own(j) };
                Ok((0..n * n).map(|at| chance(at / n, at % n).max(0.0)).collect())
            }
            Err(CircularityError::NoOrigin) => reach::of(self),
            Err(error) => Err(error),
        }
    }

    /// Finn cycling index: part of all throughput that returns to where it was, from 0 to 1.
    ///
    /// # Errors
    /// As [`FlowWeb::visits`].
    pub fn finn_cycling_index(&self) -> Result<f64, CircularityError> {
        let visits = self.visits()?;
        let (mut cycled, mut total) = (0.0, 0.0);
        for party in 0..self.n {
            let (own, receipts) = (visits[party * self.n + party], self.receipts(party));
            cycled += receipts * ((own - 1.0) / own).max(0.0);
            total += receipts;
        }
        Ok(if 0.0 < total { cycled / total } else { 0.0 })
    }

    /// The part of the money `a` sends (to `to` only, if given) that comes back pro rata, with chances from
    /// [`FlowWeb::reach`]. It exists also where bounds do not, in a web that is not quite balanced.
    pub fn pro_rata(&self, reach: &[f64], a: usize, to: Option<usize>) -> f64 {
        let chance = |j: usize| reach.get(j * self.n + a).copied().unwrap_or(0.0);
        (0..self.n).map(|j| self.sent_to(a, to, j) * chance(j)).sum()
    }

    fn sent_to(&self, a: usize, to: Option<usize>, j: usize) -> f64 {
        if to.is_none_or(|to| to == j) { self.flow(a, j) } else { 0.0 }
    }

    /// The flow from one party to another.
    pub fn flow(&self, payer: usize, payee: usize) -> f64 {
        if payer.max(payee) < self.n { self.flows[payer * self.n + payee] } else { 0.0 }
    }
}

/// `x`, moved to the nearer bound if it lies outside by no more than rounding: bounds and conventions come
/// from different sums.
fn within(x: f64, lower: f64, upper: f64, sent: f64) -> f64 {
    let inside = x.max(lower).min(upper);
    if (x - inside).abs() <= BALANCE_TOLERANCE * sent { inside } else { x }
}

/// Least and most that comes back, between 0 and `sent`. A difference of sums within rounding of one of these
/// is that one: of 5 billion a millionth of a dollar is nothing.
fn between(lower: f64, upper: f64, sent: f64) -> [f64; 2] {
    let settled = |x: f64| match BALANCE_TOLERANCE * sent {
        rounding if x <= rounding => 0.0,
        rounding if sent - rounding <= x => sent,
        _ => x,
    };
    let upper = settled(upper);
    [settled(lower).min(upper), upper]
}
