//! What has happened is a date: a condition on an event that has happened is one on its day.
//!
//! So whatever is decided by dates, such as what was due, ended or renewed before as-of, is decided by events
//! that have happened too.

use crate::edit::records;
use crate::formula::{Formula, Node};
use crate::record::{Content, Record};
use crate::{Chance, Event, EventRef, Model, Process, Target, When, party};

/// Puts the days of events in place of the events. One that some scenario forces stays an event.
pub(crate) fn dates(model: &mut Model) {
    let changes = model.scenarios.iter().flat_map(|scenario| &scenario.changes);
    let forced: Vec<&Target> = changes.map(|change| &change.target).collect();
    let day = |(at, event): (usize, &Event)| match event.chance {
        Chance::Happened(when) if !forced.contains(&&Target::Event(EventRef(at as u32))) => {
            Some(When::day(when.last))
        }
        _ => None,
    };
    let days: Vec<Option<When>> = model.events.iter().enumerate().map(day).collect();
    if days.iter().any(Option::is_some) {
        records(model, &mut |record| in_record(record, &days));
        for factor in &mut model.factors {
            if let Process::Formula(formula) = &mut factor.process {
                in_formula(formula, &days);
            }
        }
        for party in &mut model.parties {
            party.funding = party.record.table("funding").map(party::funding);
        }
    }
}

fn in_record(record: &mut Record, days: &[Option<When>]) {
    for entry in &mut record.entries {
        match &mut entry.content {
            Content::Formula(formula, _) => in_formula(formula, days),
            Content::Table(record) => in_record(record, days),
            Content::Tables(tables) => tables.iter_mut().for_each(|(_, _, record)| in_record(record, days)),
            _ => {}
        }
    }
}

fn in_formula(formula: &mut Formula, days: &[Option<When>]) {
    match &mut formula.node {
        Node::Event(event) => {
            if let Some(day) = days.get(event.at()).copied().flatten() {
                formula.node = Node::Date(day);
            }
        }
        Node::SumNext(part, _) | Node::Lag(part, _) | Node::Negative(part) | Node::Not(part) => {
            in_formula(part, days);
        }
        Node::Binary(_, a, b) => {
            in_formula(a, days);
            in_formula(b, days);
        }
        Node::Extreme(_, parts) => parts.iter_mut().for_each(|part| in_formula(part, days)),
        Node::If(parts) => parts.iter_mut().for_each(|part| in_formula(part, days)),
        Node::Amount(_)
        | Node::Worded(_)
        | Node::Undisclosed
        | Node::Truth(_)
        | Node::Factor(_)
        | Node::Date(_)
        | Node::OfParty(..)
        | Node::OfContract(..)
        | Node::Share(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::formula::Node;
    use crate::record::Content;
    use crate::{MemoryFiles, Options, open};

    #[test]
    fn a_condition_on_what_has_happened_is_one_on_its_day() {
        let text = "keiretsu = 1\nas_of = 2026-01-01\n[parties]\na = {}\n[events]\n\
                    e = { happened = 2025-08-10 }\nf = { chance = '10%/yr' }\n\
                    [factors.u]\nformula = 'if not e then 1 else 2'\n\
                    [factors.v]\nformula = 'if f then 1 else 2'\n";
        let opened = open(&MemoryFiles::root(text), "keiretsu.toml", &Options::new(&[]));
        assert!(opened.diagnostics.is_empty(), "{:?}", opened.diagnostics);
        let condition = |at: usize| {
            let record = &opened.model.factors[at].record;
            let Some(Content::Formula(formula, _)) = record.entry("formula").map(|entry| &entry.content)
            else {
                panic!("a formula")
            };
            let Node::If(parts) = &formula.node else { panic!("a choice") };
            parts[0].node.clone()
        };
        let Node::Not(event) = condition(0) else { panic!("a denial") };
        assert!(matches!(event.node, Node::Date(day) if day.last.to_string() == "2025-08-10"));
        assert!(matches!(condition(1), Node::Event(_)));
        // What a scenario forces has to stay an event, or the scenario would do nothing.
        let forced = format!("{text}[scenarios.no]\nforce = {{ e = false }}\n");
        let opened = open(&MemoryFiles::root(&forced), "keiretsu.toml", &Options::new(&[]));
        assert!(opened.diagnostics.is_empty(), "{:?}", opened.diagnostics);
        let formula = opened.model.factors[0].record.formula("formula").expect("a formula");
        let mut events = 0;
        formula.walk(&mut |part| events += usize::from(matches!(part.node, Node::Event(_))));
        assert_eq!(events, 1);
    }
}
