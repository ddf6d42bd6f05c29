//! The second model that needs no run: `DebtRank` along the exposures of a month, against stated capital.
//!
//! It runs along the amounts as read, and beside it over the sets of all amounts: a loss can be no surer than
//! the exposures that bring it.

use keiretsu_methods::debtrank::between::{self, Between, Ends, ExposureRange};
use keiretsu_methods::debtrank::{CreditExposure, Leverage};
use keiretsu_model::PartyRef;
use keiretsu_program::Reading;
use keiretsu_values::{Set, Value};

use super::valued::{Groups, Spread};
use crate::measures::exposure::pairs;
use crate::{Query, Seen, Subject};

/// `DebtRank`: exposures between all groups against the capital of each.
pub(super) struct Distress<'a> {
    groups: &'a Groups,
    exposures: Vec<CreditExposure>,
    leverage: Option<Leverage>,
    /// Possible ranges of exposures, known or not.
    ranges: Vec<ExposureRange>,
    values: Vec<Value>,
    /// Possible range of capital, where an amount is stated.
    capital: Vec<Option<Ends>>,
    /// Exposures that are not known.
    pub left_out: Vec<String>,
}

impl<'a> Distress<'a> {
    /// From the exposures of a month.
    pub fn new(subject: &Subject<'_>, groups: &'a Groups, seen: &Seen<'_>, reading: Reading, t: u32) -> Self {
        let (mut exposures, mut left_out) = (Vec::new(), Vec::new());
        let (mut ranges, mut values) = (Vec::new(), Vec::new());
        for pair in pairs::pairs(subject, &Query::default()) {
            let (layers, net) = pair.total(seen, reading, t);
            for what in layers.iter().flat_map(|(_, total)| &total.left_out) {
                let name = what.split_once(": ").map_or(what.as_str(), |(name, _)| name);
                left_out.push(format!("{name} (DebtRank): its exposure is not known"));
            }
            let places = (groups.place(pair.creditor), groups.place(pair.debtor));
            let (Some(creditor), Some(debtor)) = places else { continue };
            if let Some(amount) = net.amount().filter(|amount| 0.0 < *amount) {
                exposures.push(CreditExposure { creditor: creditor as u32, debtor: debtor as u32, amount });
            }
            ranges.push(ExposureRange { creditor, debtor, amount: ends(&net) });
            values.push(net);
        }
        let leverage = Leverage::new(&exposures, &groups.capital).ok();
        let known =
            |stated: &Option<Value>| stated.as_ref().filter(|value| value.amount().is_some()).map(ends);
        let capital = groups.stated_capital.iter().map(known).collect();
        Self { groups, exposures, leverage, ranges, values, capital, left_out }
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
        let read = |at: usize| match self.groups.capital[at] {
            Some(capital) => capital * found.distress[at],
            None => passed_to(at),
        };
        let between = between::spread(&self.ranges, &self.capital, party);
        let words = self.words(&between, party);
        let last = found.lost_in.iter().flatten().max().copied().unwrap_or(0);
        let failed_in = |step: u32| -> Vec<PartyRef> {
            let failed = (0..n).filter(|at| *at != party && found.lost_in[*at] == Some(step));
            failed.map(|at| self.groups.all[at]).collect()
        };
        let doubtful = (0..n).filter(|at| *at != party && is_doubtful(between.distress[*at]));
        Ok(Spread {
            losses: (0..n).map(|at| loss(read(at), between.losses[at], &words[at])).collect(),
            waves: (1..=last).map(failed_in).collect(),
            doubtful: doubtful.map(|at| self.groups.all[at]).collect(),
        })
    }

    /// What is vague or unread of what reaches each party, wherever on the way it is so.
    fn words(&self, between: &Between, party: usize) -> Vec<Words> {
        let mut words = vec![Words::default(); self.groups.all.len()];
        for _ in 0..words.len() {
            let before = words.clone();
            for (range, value) in self.ranges.iter().zip(&self.values) {
                let reaches = 0.0 < between.passed[range.debtor].high && 0.0 < range.amount.high;
                if reaches && range.creditor != party {
                    let passed = self.passed_on(range.debtor, &before[range.debtor], between, party);
                    let to = &mut words[range.creditor];
                    to.vague |= value.is_vague() || passed.vague;
                    to.unread = to.unread.take().or_else(|| value.open_because().map(str::to_owned));
                    to.unread = to.unread.take().or(passed.unread);
                }
            }
            if words == before {
                break;
            }
        }
        words.into_iter().enumerate().map(|(at, words)| self.lost(at, words, between)).collect()
    }

    /// What is vague or unread of what a party passes on: nothing where it surely has lost all.
    fn passed_on(&self, at: usize, words: &Words, between: &Between, party: usize) -> Words {
        if at == party || 1.0 <= between.passed[at].low {
            return Words::default();
        }
        Words { vague: words.vague || self.has_vague_capital(at), unread: words.unread.clone() }
    }

    /// The same of its loss: capital matters where it may be the cap, and alone where it surely is.
    fn lost(&self, at: usize, words: Words, between: &Between) -> Words {
        let (full, capped) = (1.0 <= between.distress[at].low, 1.0 <= between.distress[at].high);
        let words = if full { Words::default() } else { words };
        Words { vague: words.vague || (capped && self.has_vague_capital(at)), ..words }
    }

    fn has_vague_capital(&self, at: usize) -> bool {
        self.groups.stated_capital[at].as_ref().is_some_and(Value::is_vague)
    }
}

/// What stands behind an amount beside its set.
#[derive(Clone, Debug, Default, PartialEq)]
struct Words {
    vague: bool,
    unread: Option<String>,
}

/// The ends of what cannot be negative.
fn ends(value: &Value) -> Ends {
    let Set { low, high } = value.set();
    Ends { low: low.max(0.0), high: high.max(0.0) }
}

/// A loss as read between the ends of what is possible.
fn loss(read: f64, ends: Ends, words: &Words) -> Value {
    let snapped = |end: f64| if (end - read).abs() <= SAME * read.abs().max(1.0) { read } else { end };
    let set = Set::between(snapped(ends.low), snapped(ends.high));
    let value = match &words.unread {
        Some(why) if !set.is_point() => Value::partly(read, set, why),
        _ => Value::new(read, set),
    };
    if words.vague { value.vaguely() } else { value }
}

/// Whether some of a buffer may be left, or none.
fn is_doubtful(distress: Ends) -> bool {
    distress.low < 1.0 - SAME && 1.0 - SAME <= distress.high
}

/// What differs by less is rounding of the two ways of adding up.
const SAME: f64 = 1e-9;
