//! The smallest text that still fails: contracts, terms and figures taken away while it does.

use super::script::{Script, Section, Value, bare};

/// Takes away what is not needed for `fails` to stay true.
pub fn shrink(script: &Script, fails: &dyn Fn(&Script) -> bool) -> Script {
    let mut best = script.clone();
    // Each round tries all steps on what the last one left; a round without a success is the last.
    loop {
        let mut moved = false;
        let mut at = 0;
        while let Some(smaller) = steps(&best).into_iter().nth(at) {
            if fails(&smaller) {
                best = smaller;
                moved = true;
            } else {
                at += 1;
            }
        }
        if !moved {
            return best;
        }
    }
}

/// All texts that are one step simpler.
fn steps(script: &Script) -> Vec<Script> {
    let mut all = vec![];
    for (at, section) in script.sections.iter().enumerate() {
        if !section.head.is_empty() {
            let mut smaller = script.clone();
            smaller.sections.remove(at);
            all.push(smaller);
        }
        for lines in fewer_lines(section) {
            let mut smaller = script.clone();
            smaller.sections[at].lines = lines;
            all.push(smaller);
        }
    }
    all
}

fn fewer_lines(section: &Section) -> Vec<Vec<(String, Value)>> {
    let mut all = vec![];
    for (at, (_, value)) in section.lines.iter().enumerate() {
        let mut without = section.lines.clone();
        without.remove(at);
        all.push(without);
        for simpler in simpler(value) {
            let mut with = section.lines.clone();
            with[at].1 = simpler;
            all.push(with);
        }
    }
    all
}

fn simpler(value: &Value) -> Vec<Value> {
    match value {
        Value::Table(terms) => {
            let mut all = vec![];
            for (at, (_, value)) in terms.iter().enumerate() {
                let mut without = terms.clone();
                without.remove(at);
                all.push(Value::Table(without));
                for simpler in simpler(value) {
                    let mut with = terms.clone();
                    with[at].1 = simpler;
                    all.push(Value::Table(with));
                }
            }
            all
        }
        Value::Word(word) => simpler_word(word).into_iter().map(bare).collect(),
    }
}

/// Words without their qualifier, with a rounder amount.
fn simpler_word(word: &str) -> Vec<String> {
    let mut all = vec![];
    for qualifier in ["about ", "up to ", "more than "] {
        if word.contains(qualifier) {
            all.push(word.replace(qualifier, ""));
        }
    }
    if let Some((start, rest)) = word.split_once('M').filter(|_| !word.contains('[')) {
        for round in ["\"$1", "\"$12"] {
            if start.starts_with("\"$") && start != round && start != "\"$1" {
                all.push(format!("{round}M{rest}"));
            }
        }
    }
    if word.contains('€') {
        all.push(word.replace('€', "$"));
    }
    all
}
