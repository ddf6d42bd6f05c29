//! A seed, or lists of debts and assets, to times and checks of one clearing of a large network.
//!
//! Timed is the solution, from the network in memory to the payments in memory. Work is counted in debts.

use keiretsu_maths::splitmix::SplitMix;
use keiretsu_methods::clearing::{Cleared, ClearingError, Debt, Network, clear};
use serde_json::{Map, json};

use crate::{Effort, Report, normal, repeated};

/// Debts drawn for each party.
const DEBTS_A_PARTY: usize = 10;
/// The largest residual that passes, as a share of the largest party's debts (the specification's).
const RESIDUAL_MAX: f64 = 1e-10;

/// Who owes whom, and what each has beside.
#[derive(Clone, Debug, PartialEq)]
pub struct Web {
    /// Debts, each pair at most once.
    pub debts: Vec<Debt>,
    /// Outside assets by party.
    pub assets: Vec<f64>,
}

/// The specification's network, from a generator of our own.
pub fn random(parties: usize, seed: u64) -> Web {
    let mut random = SplitMix(seed);
    let drawn = (0..DEBTS_A_PARTY * parties).map(|_| {
        let (debtor, creditor) = (random.below(parties) as u32, random.below(parties) as u32);
        Debt { debtor, creditor, rank: 0, amount: normal(&mut random).exp() }
    });
    let debts = merged(drawn.filter(|debt| debt.debtor != debt.creditor).collect());
    let (due, incoming) = totals(&debts, parties);
    let asset = |at: usize| 0.9 * (due[at] - incoming[at]).max(0.0) + 0.05 * due[at] * random.uniform();
    Web { assets: (0..parties).map(asset).collect(), debts }
}

/// From lines `debtor,creditor,amount` and lines with the assets of party 0, 1, ...; a first line that is no
/// number is a heading.
///
/// # Errors
/// The line that cannot be read.
pub fn parse(debts: &str, assets: &str) -> Result<Web, String> {
    let assets = lines(assets, |line| line.parse().ok(), "assets", "1.5")?;
    let debt = |line: &str| {
        let mut fields = line.split(',').map(str::trim);
        let (debtor, creditor) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
        Some(Debt { debtor, creditor, rank: 0, amount: fields.next()?.parse().ok()? })
    };
    Ok(Web { debts: merged(lines(debts, debt, "debts", "0,1,2.5")?), assets })
}

fn lines<T>(text: &str, read: impl Fn(&str) -> Option<T>, what: &str, such: &str) -> Result<Vec<T>, String> {
    let mut list = vec![];
    for (at, line) in text.lines().map(str::trim).enumerate().filter(|(_, line)| !line.is_empty()) {
        match read(line) {
            Some(one) => list.push(one),
            None if at == 0 => {}
            None => {
                let number = at + 1;
                return Err(format!("line {number} of the {what}: `{line}`; write lines such as {such}"));
            }
        }
    }
    Ok(list)
}

/// Each pair once, with the sum of its debts.
fn merged(mut debts: Vec<Debt>) -> Vec<Debt> {
    debts.sort_by_key(|debt| (debt.debtor, debt.creditor));
    debts.dedup_by(|later, kept| {
        let same = (later.debtor, later.creditor) == (kept.debtor, kept.creditor);
        kept.amount += if same { later.amount } else { 0.0 };
        same
    });
    debts
}

/// What each party owes, and what others owe it.
fn totals(debts: &[Debt], parties: usize) -> (Vec<f64>, Vec<f64>) {
    let (mut due, mut incoming) = (vec![0.0; parties], vec![0.0; parties]);
    for debt in debts {
        due[debt.debtor as usize] += debt.amount;
        incoming[debt.creditor as usize] += debt.amount;
    }
    (due, incoming)
}

/// Clears a network again and again, on one thread, and checks the payments.
///
/// # Errors
/// If the lists make no network.
pub fn run(web: &Web, effort: Effort) -> Result<Report, String> {
    let network = Network::new(web.assets.len(), &web.debts, &[]).map_err(refused)?;
    let solve = || clear(&network, &web.assets, &[]);
    let (mut cleared, times) = repeated(effort, |_| solve().map_err(refused))?;
    let cleared = cleared.swap_remove(0);
    let residual = residual(web, &cleared);
    let mut check = Map::new();
    check.insert("unit".to_owned(), json!("debts"));
    check.insert("runs".to_owned(), json!(effort.runs));
    check.insert("residual".to_owned(), json!(residual));
    check.insert("iterations".to_owned(), json!(cleared.sweeps + cleared.rounds));
    check.insert("sweeps".to_owned(), json!(cleared.sweeps));
    check.insert("linear_systems".to_owned(), json!(cleared.rounds));
    check.insert("greatest".to_owned(), json!(cleared.exact));
    check.insert("defaults".to_owned(), json!(cleared.defaulted.iter().filter(|fails| **fails).count()));
    let sum = |list: &[f64]| list.iter().sum::<f64>();
    check.insert("paid_share".to_owned(), json!(sum(&cleared.paid) / sum(&cleared.due)));
    Ok(Report {
        bench: "m2",
        size: web.assets.len() as u64,
        threads: 1,
        work: web.debts.len() as u64,
        times,
        passed: residual <= RESIDUAL_MAX && cleared.exact,
        check,
    })
}

/// The largest change that one more round, `p = min(due, e + Pi' p)`, would make, as a share of the largest
/// debts of a party; written out here so that the solver does not judge itself.
fn residual(web: &Web, cleared: &Cleared) -> f64 {
    let (due, _) = totals(&web.debts, web.assets.len());
    let mut value = web.assets.clone();
    for debt in &web.debts {
        let debtor = debt.debtor as usize;
        value[debt.creditor as usize] += debt.amount / due[debtor] * cleared.paid[debtor];
    }
    let changes = value.iter().zip(&due).zip(&cleared.paid).map(|((value, due), paid)| {
        let next = value.min(*due);
        (next - paid).abs()
    });
    changes.fold(0.0, f64::max) / due.iter().copied().fold(f64::MIN_POSITIVE, f64::max)
}

fn refused(error: ClearingError) -> String {
    let what = match error {
        ClearingError::NoSuchParty => "a debt names a party that has no line of assets",
        ClearingError::WithItself => "a party owes itself",
        _ => "a debt or an asset is negative or no number",
    };
    format!("{what}; give as many lines of assets as there are parties")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_read_from_lines() {
        let web = parse("debtor,creditor,amount\n0,1,10\n0,1,2\n1,2,8\n", "6\n1\n0\n");
        let web = web.expect("the lines are sound");
        assert_eq!((web.debts.len(), web.assets.len()), (2, 3));
        let report = run(&web, Effort { size: 3, threads: 1, runs: 1, seed: 1 }).expect("it clears");
        assert!(report.passed && report.check["defaults"] == json!(2), "{report:?}");
    }

    #[test]
    fn a_line_that_says_nothing_is_named() {
        let trouble = parse("0,1,10\n0;1;2\n", "6\n1\n").expect_err("semicolons");
        assert!(trouble.contains("line 2"), "{trouble}");
        let web = parse("0,5,10\n", "6\n1\n").expect("readable");
        assert!(run(&web, Effort { size: 2, threads: 1, runs: 1, seed: 1 }).is_err());
    }
}
