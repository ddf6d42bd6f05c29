//! The second model that needs no run: `DebtRank` along the exposures of a month, against stated capital.

use keiretsu_methods::debtrank::{Exposure, Leverage};
use keiretsu_model::PartyRef;
use keiretsu_program::Reading;

use super::valued::{Groups, Spread};
use crate::measures::exposure::pairs;
use crate::{Query, Seen, Subject};

/// `DebtRank`: exposures between all groups, against what each can lose.
pub(super) struct Distress<'a> {
    groups: &'a Groups,
    exposures: Vec<Exposure>,
    leverage: Option<Leverage>,
    /// Exposures that are not known.
    pub left_out: Vec<String>,
}

impl<'a> Distress<'a> {
    /// From the exposures of a month.
    pub fn new(subject: &Subject<'_>, groups: &'a Groups, seen: &Seen<'_>, reading: Reading, t: u32) -> Self {
        let (mut exposures, mut left_out) = (Vec::new(), Vec::new());
        for pair in pairs::pairs(subject, &Query::default()) {
            let (layers, net) = pair.total(seen, reading, t);
            for what in layers.iter().flat_map(|(_, total)| &total.left_out) {
                let name = what.split_once(": ").map_or(what.as_str(), |(name, _)| name);
                left_out.push(format!("{name} (DebtRank): its exposure is not known"));
            }
            let places = (groups.place(pair.creditor), groups.place(pair.debtor));
            if let ((Some(creditor), Some(debtor)), Some(amount)) = (places, net.amount())
                && amount > 0.0
            {
                exposures.push(Exposure { creditor: creditor as u32, debtor: debtor as u32, amount });
            }
        }
        let leverage = Leverage::new(&exposures, &groups.capital).ok();
        Self { groups, exposures, leverage, left_out }
    }

    /// What follows if a party is in full distress. Who states no capital loses what its debtors pass on, of
    /// all that they owe it, and passes nothing on.
    pub fn failure(&self, party: usize) -> Result<Spread, String> {
        let n = self.groups.all.len();
        let unknown = || "its distress cannot be followed".to_owned();
        let initial: Vec<f64> = (0..n).map(|at| f64::from(u8::from(at == party))).collect();
        let leverage = self.leverage.as_ref().ok_or_else(unknown)?;
        let found = leverage.distress(&initial, &vec![1.0; n]).map_err(|_| unknown())?;
        let exposed = |at: usize| self.exposures.iter().filter(move |known| known.creditor as usize == at);
        let passed_to = |at| -> f64 {
            exposed(at).map(|exposure| exposure.amount * found.passed[exposure.debtor as usize]).sum()
        };
        let loss = |at: usize| match self.groups.capital[at] {
            Some(capital) => capital * found.distress[at],
            None => passed_to(at),
        };
        let last = found.lost_in.iter().flatten().max().copied().unwrap_or(0);
        let failed_in = |step: u32| -> Vec<PartyRef> {
            let failed = (0..n).filter(|at| *at != party && found.lost_in[*at] == Some(step));
            failed.map(|at| self.groups.all[at]).collect()
        };
        Ok(Spread { losses: (0..n).map(loss).collect(), waves: (1..=last).map(failed_in).collect() })
    }
}
