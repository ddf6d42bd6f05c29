//! The share of one of several parties in a contract.
//!
//! A party has what is stated of it, or what the shares of the others leave. Each share keeps its words, so
//! that it is a parameter of its own; what all of them leave is made of the same parameters, so that the
//! parts of a whole sum to the whole also where it is not known how large they are.
//!
//! Invariant: in each reading the shares of one role that are stated sum to at most the whole.

use std::sync::Arc;

use keiretsu_values::{Set, Value, Whole};

use crate::figure::Said;
use crate::record::{Basis, Stated};

/// The share of a party: the product of what it, and who is on the other side, have of their roles.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartyShare {
    /// Of each role that has several parties.
    pub roles: Vec<RoleShare>,
}

/// What a party has of a role.
#[derive(Clone, Debug, PartialEq)]
pub struct RoleShare {
    /// What is said of all parties of the role, but of who has the rest.
    pub stated: Vec<StatedShare>,
    /// Which of them is its own; none: what all of them leave.
    pub own: Option<usize>,
    /// Whether the role is that of who owes.
    pub owes: bool,
    /// Who has what all of them leave, where that is not said of it, but follows from a list that names all.
    pub left_to: Option<String>,
}

/// What is said of the share of one party.
#[derive(Clone, Debug, PartialEq)]
pub struct StatedShare {
    /// Its path: `contract.lender.jpm`.
    pub path: String,
    /// The statement, of which the words are shown.
    pub stated: Stated,
    /// What it rests on.
    pub basis: Basis,
    /// What it is in the three readings, as a part of the whole.
    pub values: [Value; 3],
    /// What a run takes of it where nothing is read.
    pub unread_as: f64,
}

impl PartyShare {
    /// What it is in the three readings, each as one of the shares of its whole.
    pub fn values(&self) -> [Value; 3] {
        let (open, exact): (Vec<_>, Vec<_>) = self.roles.iter().partition(|role| role.is_open());
        let exact: f64 = exact.into_iter().filter_map(RoleShare::exact).product();
        if open.is_empty() {
            return [exact; 3].map(Value::exact);
        }
        [0, 1, 2].map(|reading| shared(&open, reading).times(exact))
    }

    /// The part of it that is of one side.
    #[must_use]
    pub fn of_side(&self, owes: bool) -> Self {
        Self { roles: self.roles.iter().filter(|role| role.owes == owes).cloned().collect() }
    }

    /// Its number, where nothing leaves it open.
    pub fn exact(&self) -> Option<f64> {
        self.roles.iter().try_fold(1.0, |product, role| Some(product * role.exact()?))
    }
}

impl RoleShare {
    /// The shares of all parties of the role in a reading, last what all that are stated leave.
    fn all(&self, reading: usize) -> Vec<Value> {
        let rest = Self { own: None, ..self.clone() };
        let stated = self.stated.iter().map(|share| share.values[reading].clone());
        stated.chain([rest.values()[reading].clone()]).collect()
    }

    /// What it is in the three readings.
    pub fn values(&self) -> [Value; 3] {
        match self.own {
            Some(own) => self.stated[own].values.clone(),
            None => [0, 1, 2].map(|reading| {
                let sum =
                    self.stated.iter().fold(Value::exact(0.0), |sum, share| sum.plus(&share.values[reading]));
                let rest = Value::exact(1.0).minus(&sum).within(Set::SHARE);
                match &self.left_to {
                    Some(name) => Value::unread(undisclosed(name), rest.set()),
                    None => rest,
                }
            }),
        }
    }

    /// Whether something leaves the share of a party of the role open.
    fn is_open(&self) -> bool {
        self.stated.iter().any(|share| share.exact().is_none())
    }

    /// Its number, where nothing leaves it open.
    pub fn exact(&self) -> Option<f64> {
        if let Some(own) = self.own {
            return self.stated[own].exact();
        }
        let all = self.stated.iter().map(StatedShare::exact).sum::<Option<f64>>()?;
        Some((1.0 - all).max(0.0))
    }
}

/// The share that several roles are of a whole: of each pair of parties, where two roles are open.
fn shared(roles: &[&RoleShare], reading: usize) -> Value {
    let (mut shares, mut at) = (vec![Value::exact(1.0)], 0);
    for role in roles {
        let own = role.all(reading);
        at = at * own.len() + role.own.unwrap_or(role.stated.len());
        shares = shares.iter().flat_map(|one| own.iter().map(|share| one.scaled(share))).collect();
    }
    let paths = roles.iter().flat_map(|role| &role.stated).map(|share| share.path.as_str());
    let name: Vec<&str> = paths.collect();
    Arc::new(Whole::new(name.join(" "), shares)).share(at)
}

impl StatedShare {
    /// Its number, where nothing leaves it open.
    pub fn exact(&self) -> Option<f64> {
        let value = &self.values[1];
        let same = self.values.iter().all(|other| other == value);
        value.amount().filter(|_| same && value.set().is_point() && !value.is_vague())
    }
}

/// What is said of several shares of one whole, in the three readings: none is more than what the least of
/// the others leaves, and in no reading are they together more than the whole.
pub(crate) fn values(said: &[(Said, Option<Said>)], names: &[&str]) -> Vec<[Value; 3]> {
    let least: f64 = said.iter().map(|(said, _)| low(*said)).sum();
    let mut all: Vec<[Value; 3]> = said
        .iter()
        .zip(names)
        .map(|((said, expect), name)| {
            let most = (1.0 - (least - low(*said))).clamp(0.0, 1.0);
            let within = Set::between(0.0, most);
            let of = |value: Value| match value.amount() {
                Some(_) => value.within(within),
                None => Value::unread(undisclosed(name), within),
            };
            let expected = expect.unwrap_or(*said).expected();
            [of(said.firm()), of(expected), of(said.headline())]
        })
        .collect();
    for reading in 0..3 {
        fit(&mut all, reading);
    }
    all
}

fn undisclosed(name: &str) -> String {
    format!("the share of {name} is not disclosed")
}

/// Lowers what is read of open shares where all together are more than the whole.
fn fit(all: &mut [[Value; 3]], reading: usize) {
    let read = |value: &Value| value.amount().unwrap_or(0.0);
    let sum: f64 = all.iter().map(|values| read(&values[reading])).sum();
    let is_open = |value: &Value| !value.set().is_point() || value.is_vague();
    let open: f64 = all.iter().map(|values| &values[reading]).filter(|value| is_open(value)).map(read).sum();
    // Numbers such as 10% are no sums of powers of two.
    if sum <= 1.0 + 1e-9 || open <= 0.0 {
        return;
    }
    let by = ((1.0 - (sum - open)) / open).max(0.0);
    for values in all.iter_mut() {
        let value = &mut values[reading];
        if is_open(value) && value.amount().is_some() {
            let lower = Value::new(read(value) * by, value.set());
            *value = if value.is_vague() { lower.vaguely() } else { lower };
        }
    }
}

/// The least of a share.
fn low(said: Said) -> f64 {
    said.headline().set().low.max(0.0)
}
