//! What differs over many texts, by kind, with the smallest text of each kind.

use std::collections::{BTreeMap, BTreeSet};

use keiretsu_testkit::second::answers::answers;
use keiretsu_testkit::second::compare::{Difference, compare};
use keiretsu_testkit::second::generate::{generate, topic};
use keiretsu_testkit::second::script::Script;
use keiretsu_testkit::second::shrink::shrink;

use super::open::{OPEN, REFUSED};
use super::product;

/// What was found so far.
#[derive(Default)]
pub struct Report {
    /// Texts that both read.
    read: usize,
    /// Texts that the product refuses, by what it says first.
    refused: BTreeMap<String, (usize, u64)>,
    /// Cells that agree and that do not, by topic and measure.
    agree: BTreeMap<String, (usize, usize)>,
    /// By kind: how many texts, and the first of them.
    kinds: BTreeMap<String, (usize, u64)>,
    /// The kinds of difference that are on no list of open ones.
    new: BTreeMap<String, (usize, u64)>,
    /// How many cells each entry of that list covers.
    provoked: BTreeMap<usize, usize>,
}

/// A difference in one line.
pub fn line(difference: &Difference) -> String {
    let Difference { cell, how, want, got } = difference;
    let set = format!("[{}, {}]{}", want.low, want.high, if want.vague { " vague" } else { "" });
    format!(
        "  {cell}  {how:?}: want {:?} {} {set}, got {:?} {} {:?}",
        want.read,
        want.mark(),
        got.amount,
        got.mark,
        got.ends
    )
}

/// The kind of a difference: contract type, measure, whether of the expected reading, how.
fn kind(seed: u64, difference: &Difference) -> String {
    let words: Vec<&str> = difference.cell.split('|').collect();
    let expected = if words.contains(&"expected") { " expected" } else { "" };
    format!("{} {}{expected} {:?}", topic(seed).unwrap_or("mixed"), words[0], difference.how)
}

fn differences(script: &Script) -> Option<(Vec<Difference>, usize)> {
    let text = script.to_string();
    let told = product::answers(&text).ok()?;
    Some(compare(&answers(&text).ok()?, &told))
}

impl Report {
    /// Reads the text of a seed in both ways.
    pub fn add(&mut self, seed: u64) {
        let script = generate(seed);
        let text = script.to_string();
        let want = match answers(&text) {
            Ok(want) => want,
            Err(why) => return count(&mut self.refused, format!("second reading: {why}"), seed),
        };
        let told = match product::answers(&text) {
            Ok(told) => told,
            Err(why) => return count(&mut self.refused, why, seed),
        };
        self.read += 1;
        let (found, _) = compare(&want, &told);
        let topic = topic(seed).unwrap_or("mixed");
        for name in want.keys() {
            let measure = name.split('|').next().unwrap_or_default();
            let cells = self.agree.entry(format!("{topic} {measure}")).or_default();
            if found.iter().any(|difference| difference.cell == *name) { cells.1 += 1 } else { cells.0 += 1 }
        }
        let mut new = BTreeSet::new();
        for difference in &found {
            let open: Vec<usize> = (0..OPEN.len()).filter(|at| OPEN[*at].covers(&text, difference)).collect();
            if open.is_empty() {
                new.insert(kind(seed, difference));
            }
            for at in open {
                *self.provoked.entry(at).or_default() += 1;
            }
        }
        for kind in new {
            count(&mut self.new, kind, seed);
        }
        let mut kinds: Vec<String> = found.iter().map(|difference| kind(seed, difference)).collect();
        kinds.sort();
        kinds.dedup();
        for kind in kinds {
            count(&mut self.kinds, kind, seed);
        }
    }

    /// The kinds of difference, and of refusal, that are on no list.
    pub fn kinds(&self) -> Vec<String> {
        let known = |why: &str| REFUSED.iter().any(|(known, _)| why.contains(known));
        let refused = self.refused.iter().filter(|(why, _)| !known(why));
        let refused =
            refused.map(|(why, (count, seed))| format!("refused: {why} ({count} texts, seed {seed})"));
        let new = self.new.iter().map(|(kind, (count, seed))| format!("{kind} ({count} texts, seed {seed})"));
        refused.chain(new).collect()
    }

    /// The entries of the lists of open ones that no text provokes.
    pub fn stale(&self) -> Vec<String> {
        let open = OPEN.iter().enumerate().filter(|(at, _)| !self.provoked.contains_key(at));
        let open = open.map(|(_, open)| open.reason.to_owned());
        let asked = |known: &str| self.refused.keys().any(|why| why.contains(known));
        let refused = REFUSED.iter().filter(|(known, _)| !asked(known));
        open.chain(refused.map(|(_, reason)| (*reason).to_owned())).collect()
    }

    /// How much agrees.
    pub fn counts(&self) -> String {
        let sum = |pick: fn(&(usize, usize)) -> usize| self.agree.values().map(pick).sum::<usize>();
        let (agree, differ) = (sum(|cells| cells.0), sum(|cells| cells.1));
        format!("{} texts: {agree} cells agree, {differ} differ in ways that are on the list", self.read)
    }

    /// All of it, with the smallest text of each kind.
    pub fn text(&self) -> String {
        let mut text = format!("# Second reading\n\n{} texts read by both.\n\n", self.read);
        text += "## Cells that agree, and that do not\n\n";
        for (what, (agree, differ)) in &self.agree {
            text += &format!("- {what}: {agree}, {differ}\n");
        }
        text += "\n## Refused, or on no list of known ones\n\n";
        self.kinds().iter().for_each(|kind| text += &format!("- {kind}\n"));
        text += "\n## Known\n\n";
        for (at, open) in OPEN.iter().enumerate() {
            text += &format!("- {} ({} cells)\n", open.reason, self.provoked.get(&at).unwrap_or(&0));
        }
        for (name, (_, seed)) in &self.kinds {
            // What differs in a mixture differs alone, too, unless it says so by being the only one.
            let alone = name
                .strip_prefix("mixed ")
                .is_some_and(|rest| self.kinds.keys().any(|other| other != name && other.ends_with(rest)));
            let same = name.replace(" expected", "");
            if alone || (same != *name && self.kinds.contains_key(&same)) {
                continue;
            }
            let script = generate(*seed);
            let has = |found: &[Difference]| found.iter().any(|difference| kind(*seed, difference) == *name);
            let fails = |script: &Script| differences(script).is_some_and(|(found, _)| has(&found));
            let smallest = shrink(&script, &fails);
            text += &format!("\n## {name} (seed {seed})\n\n```toml\n{smallest}```\n\n");
            let (found, _) = differences(&smallest).unwrap_or_default();
            let lines: Vec<String> =
                found.iter().filter(|difference| kind(*seed, difference) == *name).map(line).collect();
            text += &lines[..lines.len().min(6)].join("\n");
            text += "\n";
        }
        text
    }
}

fn count(into: &mut BTreeMap<String, (usize, u64)>, what: String, seed: u64) {
    into.entry(what).or_insert((0, seed)).0 += 1;
}
