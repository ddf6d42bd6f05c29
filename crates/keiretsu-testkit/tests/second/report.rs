//! What differs over many texts, by kind, with the smallest text of each kind.

use std::collections::BTreeMap;

use keiretsu_testkit::second::answers::answers;
use keiretsu_testkit::second::compare::{Difference, compare};
use keiretsu_testkit::second::generate::{generate, topic};
use keiretsu_testkit::second::script::Script;
use keiretsu_testkit::second::shrink::shrink;

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
}

/// A difference in one line.
pub fn line(difference: &Difference) -> String {
    let Difference { cell, how, want, got } = difference;
    let set = format!("[{}, {}]{}", want.low, want.high, if want.vague { " vague" } else { "" });
    format!("  {cell}  {how:?}: want {:?} {} {set}, got {:?} {} {:?}", want.read, want.mark(), got.amount, got.mark, got.ends)
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
        let mut kinds: Vec<String> = found.iter().map(|difference| kind(seed, difference)).collect();
        kinds.sort();
        kinds.dedup();
        kinds.into_iter().for_each(|kind| count(&mut self.kinds, kind, seed));
    }

    /// The kinds of difference, and of refusal.
    pub fn kinds(&self) -> Vec<String> {
        let refused = self.refused.iter().map(|(why, (count, seed))| format!("refused: {why} ({count}, seed {seed})"));
        let kinds = self.kinds.iter().map(|(kind, (count, seed))| format!("{kind} ({count} texts, seed {seed})"));
        refused.chain(kinds).collect()
    }

    /// All of it, with the smallest text of each kind.
    pub fn text(&self) -> String {
        let mut text = format!("# Second reading\n\n{} texts read by both.\n\n", self.read);
        text += "## Cells that agree, and that do not\n\n";
        for (what, (agree, differ)) in &self.agree {
            text += &format!("- {what}: {agree}, {differ}\n");
        }
        text += "\n## Kinds\n\n";
        self.kinds().iter().for_each(|kind| text += &format!("- {kind}\n"));
        for (name, (_, seed)) in &self.kinds {
            // What differs in a mixture differs alone, too, unless it says so by being the only one.
            let alone = name.strip_prefix("mixed ").is_some_and(|rest| {
                self.kinds.keys().any(|other| other != name && other.ends_with(rest))
            });
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
            let lines: Vec<String> = found.iter().filter(|difference| kind(*seed, difference) == *name).map(line).collect();
            text += &lines[..lines.len().min(6)].join("\n");
            text += "\n";
        }
        text
    }
}

fn count(into: &mut BTreeMap<String, (usize, u64)>, what: String, seed: u64) {
    into.entry(what).or_insert((0, seed)).0 += 1;
}
