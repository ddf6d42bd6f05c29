//! The groups of a web, and the first model that needs no run: values through cross-holdings.

use keiretsu_methods::crossholdings::Dependency;
use keiretsu_model::PartyRef;
use keiretsu_program::Reading;
use keiretsu_values::Value;

use crate::Subject;

/// Stands for a buffer that nothing wears out, and its negative for a threshold that nothing falls below.
const ENDLESS: f64 = 1e100;

/// The result of a model without runs: losses by group, and waves of groups that fail after the first.
#[derive(Clone, Debug)]
pub(super) struct Spread {
    pub losses: Vec<Value>,
    pub waves: Vec<Vec<PartyRef>>,
    /// Groups of which it is not certain whether they fail, as some amount is not.
    pub doubtful: Vec<PartyRef>,
}

/// The groups with their value and capital.
pub(super) struct Groups {
    pub all: Vec<PartyRef>,
    pub capital: Vec<Option<f64>>,
    /// Capital as worded, where any is stated.
    pub stated_capital: Vec<Option<Value>>,
    values: Vec<Option<f64>>,
    /// Groups with a value in vague words.
    vague: Vec<bool>,
    /// The share of its own assets that a failure destroys.
    destroyed: Vec<f64>,
}

impl Groups {
    pub fn new(subject: &Subject<'_>, reading: Reading) -> Self {
        let all = subject.tied();
        let record = |party: &PartyRef| &subject.model.party(*party).record;
        let capital = |party: &PartyRef| {
            let stated = record(party).figure("capital")?;
            Some(subject.model.readings(stated)[reading].clone())
        };
        let stated_capital: Vec<Option<Value>> = all.iter().map(capital).collect();
        let destroyed = |party: &PartyRef| {
            let stated = record(party).table("default_costs")?.figure("assets")?;
            stated.expected().amount()
        };
        let values: Vec<Value> =
            all.iter().map(|party| subject.model.term_at_start(*party, "value")).collect();
        Self {
            capital: stated_capital.iter().map(|stated| stated.as_ref()?.amount()).collect(),
            stated_capital,
            values: values.iter().map(Value::amount).collect(),
            vague: values.iter().map(Value::is_vague).collect(),
            destroyed: all.iter().map(|party| destroyed(party).unwrap_or(0.0)).collect(),
            all,
        }
    }

    /// The place of a group among all.
    pub fn place(&self, party: PartyRef) -> Option<usize> {
        self.all.iter().position(|known| *known == party)
    }
}

/// Elliott, Golub and Jackson: cross-holdings, and the own assets of each.
pub(super) struct Holdings<'a> {
    groups: &'a Groups,
    dependency: Dependency,
    /// The share of each held outside the web.
    outside: Vec<f64>,
    /// Own assets of each, so that values are as stated; nothing where no value is.
    assets: Vec<f64>,
    /// Owner and issuer of each stake, and whether its words are vague.
    stakes: Vec<(usize, usize, bool)>,
    /// Owner and issuer of holdings whose stake is not known.
    undisclosed: Vec<(usize, usize)>,
    /// Holdings with unknown stakes.
    pub left_out: Vec<String>,
}

impl<'a> Holdings<'a> {
    /// From stated stakes and values; why not, where they cannot be so.
    pub fn new(subject: &Subject<'_>, groups: &'a Groups, reading: Reading) -> Result<Self, String> {
        let n = groups.all.len();
        let (mut shares, mut undisclosed, mut left_out) = (vec![0.0; n * n], Vec::new(), Vec::new());
        let mut stakes = Vec::new();
        for holding in &subject.model.holdings {
            let (owner, issuer) = (subject.model.group(holding.owner), subject.model.group(holding.issuer));
            let (Some(owner), Some(issuer)) = (groups.place(owner), groups.place(issuer)) else { continue };
            let stake = holding.record.figure("stake");
            let stake = stake.map(|stake| subject.model.readings(stake)[reading].clone());
            match stake.as_ref().and_then(Value::amount) {
                Some(share) if owner != issuer => {
                    shares[owner * n + issuer] += share;
                    stakes.push((owner, issuer, stake.as_ref().is_some_and(Value::is_vague)));
                }
                Some(_) => {}
                None => {
                    undisclosed.push((owner, issuer));
                    left_out.push(format!("{} (cross-holdings): stake undisclosed", holding.name));
                }
            }
        }
        let dependency = Dependency::new(&shares, n)
            .map_err(|_| "some party is held completely by others in the web".to_owned())?;
        let outside = (0..n).map(|j| 1.0 - (0..n).map(|i| shares[i * n + j]).sum::<f64>()).collect();
        // A stated value is that of the whole party: V = (I - C)^-1 p, so p = (I - C) V.
        let book: Vec<f64> = groups.values.iter().map(|value| value.unwrap_or(0.0)).collect();
        let held = |i: usize| -> f64 { (0..n).map(|j| shares[i * n + j] * book[j]).sum() };
        let assets = (0..n).map(|i| book[i] - held(i)).collect();
        Ok(Self { groups, dependency, outside, assets, stakes, undisclosed, left_out })
    }

    /// Whether a party's stake in another is not known.
    pub fn is_undisclosed(&self, owner: usize, issuer: usize) -> bool {
        self.undisclosed.contains(&(owner, issuer))
    }

    /// The consequences if the own assets of a party become worthless; the reason where they are unknown.
    pub fn failure(&self, party: usize) -> Result<Spread, String> {
        let groups = self.groups;
        if groups.values[party].is_none() {
            return Err("its `value` is not known".to_owned());
        }
        if self.assets[party] < 0.0 {
            return Err("its `value` is less than that of what it holds".to_owned());
        }
        let cannot = |_| "no values follow from these stakes".to_owned();
        let before = self.dependency.market_values(&self.assets).map_err(cannot)?;
        let threshold = |at: usize| match groups.capital[at] {
            // Market values are the part of owners outside the web, and so are thresholds.
            Some(capital) if at != party => before[at] - capital * self.outside[at],
            _ => -ENDLESS,
        };
        let thresholds: Vec<f64> = (0..before.len()).map(threshold).collect();
        let costs: Vec<f64> =
            self.assets.iter().zip(&groups.destroyed).map(|(own, share)| own.max(0.0) * share).collect();
        let mut assets = self.assets.clone();
        assets[party] = 0.0;
        let found = self.dependency.cascade(&assets, &thresholds, &costs).map_err(cannot)?;
        let lost = before.iter().zip(&found.values).zip(&self.outside);
        let lost = lost.map(|((before, after), outside)| Value::exact((before - after) / outside));
        let words = self.vague(party);
        let lost = lost.zip(words).map(|(lost, vague)| if vague { lost.vaguely() } else { lost });
        let waves = found.waves.iter().map(|wave| wave.iter().map(|at| groups.all[*at]).collect());
        Ok(Spread { losses: lost.collect(), waves: waves.collect(), doubtful: vec![] })
    }
    /// Whose loss rests on vague words: on those of a stake on the way to it, or of the value that is lost.
    fn vague(&self, party: usize) -> Vec<bool> {
        let n = self.groups.all.len();
        let (mut reached, mut vague) = (vec![false; n], vec![false; n]);
        reached[party] = true;
        let held = self.stakes.iter().filter(|(owner, _, _)| *owner == party);
        let mut own = held.map(|(_, issuer, is_vague)| *is_vague || self.groups.vague[*issuer]);
        vague[party] = self.groups.vague[party] || own.any(|is_vague| is_vague);
        // No way is longer than through all.
        for _ in 0..n {
            for &(owner, issuer, is_vague) in &self.stakes {
                reached[owner] |= reached[issuer];
                vague[owner] |= reached[issuer] && (is_vague || vague[issuer]);
            }
        }
        vague
    }
}
