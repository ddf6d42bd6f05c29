//! Payments to returned money: over the whole time at once, or in the order of their months.

use keiretsu_methods::circularity::dated::{Payment, opening_least, returned};
use keiretsu_methods::circularity::{CircularityError, FlowWeb, Sender};

use super::given::CircularityInput;
use super::{Back, Circular, Pair, Party};

/// All results on the payments.
pub fn trace(given: &CircularityInput) -> Result<Circular, CircularityError> {
    let web = FlowWeb::new(&given.flows, &given.inflow, &given.outflow)?;
    let web = if given.balance { web.balanced() } else { web };
    let mut out = Circular::default();
    let reach = match web.reach() {
        Ok(reach) => Some(reach),
        Err(CircularityError::Unbalanced) => {
            out.left_out.push(unbalanced(given, &web));
            None
        }
        Err(error) => return Err(error),
    };
    let traced = Traced::new(given, &web, reach.as_deref())?;
    fill(given, &web, reach.as_deref(), &traced, &mut out)?;
    if out.left_out.is_empty() && lacks_bounds(&out) {
        out.left_out.push(unbalanced(given, &web));
    }
    totals(given, &web, reach.as_deref(), &mut out);
    Ok(out)
}

fn fill(
    given: &CircularityInput,
    web: &FlowWeb,
    reach: Option<&[f64]>,
    traced: &Traced<'_>,
    out: &mut Circular,
) -> Result<(), CircularityError> {
    let n = given.names.len();
    let mut sent = vec![0.0; n * n];
    for flow in &given.flows {
        sent[flow.payer as usize * n + flow.payee as usize] += flow.amount;
    }
    for (from, id) in given.names.list().iter().enumerate() {
        let mut sender = traced.sender(from)?;
        for to in (0..n).filter(|to| *to != from && 0.0 < sent[from * n + to]) {
            let back = sender.back(Some(to), sent[from * n + to])?;
            out.pairs.push(Pair { from: id.clone(), to: given.names.of(to).to_owned(), back });
        }
        let all: f64 = (0..n).filter(|to| *to != from).map(|to| sent[from * n + to]).sum();
        out.parties.push(Party {
            id: id.clone(),
            throughflow: web.receipts(from),
            return_probability: reach.map(|reach| reach[from * n + from]),
            back: sender.back(None, all)?,
        });
    }
    Ok(())
}

/// Results on the whole. Payments to oneself are circulations of their own.
fn totals(given: &CircularityInput, web: &FlowWeb, reach: Option<&[f64]>, out: &mut Circular) {
    let n = given.names.len();
    let total: f64 = given.flows.iter().map(|flow| flow.amount).sum();
    let own = given.flows.iter().filter(|flow| flow.payer == flow.payee);
    let own: f64 = own.map(|flow| flow.amount).sum();
    out.reciprocity = if 0.0 < total { web.reciprocity() * ((total - own) / total) } else { 0.0 };
    out.max_circulation = web.netted() + own;
    out.finn_cycling_index = reach.map(|reach| {
        let through: f64 = (0..n).map(|party| web.receipts(party)).sum();
        let back: f64 = (0..n).map(|party| web.receipts(party) * reach[party * n + party]).sum();
        if 0.0 < through { back / through } else { 0.0 }
    });
}

/// The error for an unbalanced web, with the party of the largest difference.
fn unbalanced(given: &CircularityInput, web: &FlowWeb) -> String {
    let gap = |party: usize| (web.receipts(party) - web.uses(party)).abs();
    let worst = (0..given.names.len()).max_by(|a, b| gap(*a).total_cmp(&gap(*b))).unwrap_or(0);
    format!(
        "receipts and uses do not balance: {} receives {} and uses {}; give `inflow` and `outflow`, or \
         \"balance\": true",
        given.names.of(worst),
        web.receipts(worst),
        web.uses(worst)
    )
}

/// The method of tracing money back.
enum Traced<'a> {
    /// Over the whole time at once.
    Whole { web: FlowWeb, reach: Option<&'a [f64]> },
    /// In the order of months.
    ByMonth { opening: Vec<f64>, payments: Vec<Payment> },
}

impl<'a> Traced<'a> {
    fn new(
        given: &CircularityInput,
        web: &FlowWeb,
        reach: Option<&'a [f64]>,
    ) -> Result<Self, CircularityError> {
        if !given.dated {
            return Ok(Self::Whole { web: web.without_self_flows(), reach });
        }
        let others = given.flows.iter().filter(|flow| flow.payer != flow.payee);
        let payment = |flow: &keiretsu_methods::circularity::Flow| Payment {
            payer: flow.payer,
            payee: flow.payee,
            amount: flow.amount,
        };
        let payments: Vec<Payment> = others.map(payment).collect();
        // What is paid before it is received was there before.
        let least = opening_least(given.names.len(), &payments)?;
        let opening = least.iter().zip(&given.inflow).map(|(least, inflow)| least.max(*inflow)).collect();
        Ok(Self::ByMonth { opening, payments })
    }

    /// Results on one party's money.
    fn sender(&self, from: usize) -> Result<OfOne<'_>, CircularityError> {
        let ways = match self {
            Self::Whole { web, .. } => Some(web.sender(from)?),
            Self::ByMonth { .. } => None,
        };
        Ok(OfOne { traced: self, from, ways })
    }
}

/// One party's money, with its ways where these are the same for all that it pays.
struct OfOne<'a> {
    traced: &'a Traced<'a>,
    from: usize,
    ways: Option<Sender<'a>>,
}

impl OfOne<'_> {
    fn back(&mut self, to: Option<usize>, sent: f64) -> Result<Back, CircularityError> {
        let back = |lower, pro_rata, upper| Back {
            sent,
            back_lower: lower,
            back_pro_rata: pro_rata,
            back_upper: upper,
        };
        match (self.traced, &mut self.ways) {
            (Traced::Whole { web, reach: Some(reach) }, Some(ways)) => match ways.returned_by(reach, to) {
                Ok(found) => Ok(back(Some(found.lower), Some(found.pro_rata), Some(found.upper))),
                Err(CircularityError::Unbalanced) => {
                    Ok(back(None, Some(web.pro_rata(reach, self.from, to)), None))
                }
                Err(error) => Err(error),
            },
            (Traced::ByMonth { opening, payments }, _) => {
                let found = returned(opening, payments, self.from as u32, to.map(|to| to as u32))?;
                Ok(back(Some(found.lower), Some(found.pro_rata), Some(found.upper)))
            }
            (Traced::Whole { .. }, _) => Ok(back(None, None, None)),
        }
    }
}

/// Whether some bound is missing.
fn lacks_bounds(out: &Circular) -> bool {
    out.parties.iter().any(|party| party.back.back_lower.is_none())
        || out.pairs.iter().any(|pair| pair.back.back_lower.is_none())
}
