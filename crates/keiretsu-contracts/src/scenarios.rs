//! Scenarios of the model to overlays on its program.

use keiretsu_model::{Model, PartyRef, Scenario, ScenarioChange, Target as Named, When};
use keiretsu_program::{Change, EventId, FactorId, Op, Overlay, PartyId, Program, Reg, SlotId, Target};
use keiretsu_values::{Currency, Reading};

use crate::calendar::Calendar;
use crate::lowering::Lowered;

/// What a scenario changes in a lowered model, in the order of its text. A change without `from` and `until`
/// holds for the whole run, from the as-of state on.
pub fn overlays(model: &Model, lowered: &Lowered, scenario: &Scenario) -> Vec<Overlay> {
    let calendar = Calendar::new(model.as_of, model.horizon_months);
    let from = scenario.from.map_or(0, |when| calendar.from(&when).max(0) as u32);
    let until = scenario.until.map_or(calendar.months, |when| calendar.due(&when).max(0) as u32);
    let mut overlays = Vec::new();
    for change in &scenario.changes {
        let targets =
            targets(model, lowered, &change.target, scenario.from.is_some() || scenario.until.is_some());
        overlays.extend(targets.into_iter().map(|(target, currency)| {
            let amount = amount(model, change, currency);
            let change = match change.how {
                keiretsu_model::How::Set => Change::Set(amount),
                keiretsu_model::How::Scale => Change::Scale(amount),
                keiretsu_model::How::Shift => Change::Shift(amount),
            };
            Overlay { target, change, from, until }
        }));
    }
    overlays.extend(scenario.defaults.iter().map(|(party, when)| failure(model, *party, when, &calendar)));
    overlays
}

/// A party that defaults in a month, whatever its cash.
fn failure(model: &Model, party: PartyRef, when: &When, calendar: &Calendar) -> Overlay {
    let month = calendar.due(when).max(1) as u32;
    let party = PartyId(model.group(party).0);
    Overlay { target: Target::Default(party), change: Change::Set(1.0), from: month, until: month }
}

/// The amount of a change, in the currency of what it changes where it is money; `None`: that of the tables.
fn amount(model: &Model, change: &ScenarioChange, currency: Option<Currency>) -> f64 {
    let stated = &change.figure;
    let amount = match currency.filter(|_| stated.expected_in().is_some()) {
        Some(currency) if stated.expected_in() == Some(currency) => stated.expected(),
        Some(currency) => model.readings(stated)[Reading::Expected].divide(&model.worth(currency)),
        None => model.readings(stated)[Reading::Expected].clone(),
    };
    amount.amount().unwrap_or(f64::NAN)
}

/// A part of a program that a scenario changes, and the currency of a parameter in another than that of the
/// tables.
type Place = (Target, Option<Currency>);

fn targets(model: &Model, lowered: &Lowered, target: &Named, timed: bool) -> Vec<Place> {
    match target {
        Named::Factor(factor) => vec![(Target::Factor(FactorId(factor.0)), None)],
        Named::Event(event) => vec![(Target::Event(EventId(event.0)), None)],
        Named::Term(contract, path) => {
            let name = model.contract(*contract).map_or("", |contract| contract.name.as_str());
            by_path(lowered, &format!("{name}.{path}"), timed)
        }
        Named::Party(party, path) => by_path(lowered, &format!("{}.{path}", model.party(*party).name), timed),
    }
}

/// What stands for a term: the registers of its formula, or its parameters; each version of a contract has
/// its own. In a part of the run only the registers that read a parameter can change, not the parameter
/// itself.
fn by_path(lowered: &Lowered, path: &str, timed: bool) -> Vec<Place> {
    let registers = lowered.side.terms.iter().filter(|(known, _)| known == path);
    let registers = registers.map(|(_, register)| (Target::Register(*register), None));
    let labels = lowered.side.slots.iter().enumerate().filter(|(_, label)| label.path == path);
    let slots = labels.filter_map(|(at, _)| {
        let slot = SlotId(at as u32);
        let target = if timed { reader(&lowered.program, slot) } else { Some(Target::Slot(slot)) };
        target.map(|target| (target, lowered.side.slots[at].currency))
    });
    registers.chain(slots).collect()
}

fn reader(program: &Program, slot: SlotId) -> Option<Target> {
    let at = program.ops.iter().position(|op| *op == Op::Slot(slot))?;
    Some(Target::Register(Reg(at as u32)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use keiretsu_model::{MemoryFiles, Options, open};

    #[test]
    fn factors_terms_and_defaults_become_overlays() {
        let text = r#"
keiretsu = 1
as_of = 2025-12-31
[parties]
a = {}
b = {}
[factors.level]
start = "$1M/yr"
[contracts.c]
type = "supply"
buyer = "a"
seller = "b"
usage = "level"
minimum = "$1M/yr"
[contracts.d]
type = "supply"
buyer = "b"
seller = "a"
usage = "level"
[scenarios.s]
scale = { level = "50%", "c.usage" = "2x", "c.minimum" = "3x" }
from = "2026-03"
default = { a = "2026-06" }
"#;
        let specs = crate::specs();
        let opened = open(&MemoryFiles::root(text), "keiretsu.toml", &Options::new(&specs));
        assert!(opened.diagnostics.is_empty(), "{:?}", opened.diagnostics);
        let lowered = crate::lower(&opened.model);
        let overlays = overlays(&opened.model, &lowered, &opened.model.scenarios[0]);
        assert_eq!(overlays.len(), 4);
        assert_eq!(overlays[0].target, Target::Factor(FactorId(0)));
        let Target::Register(usage) = overlays[1].target else { panic!("a register") };
        let program = &lowered.program;
        // The other contract reads the same factor and must not feel what is done to this one.
        let reads = |flow: usize| reads(program, program.flows[flow].amount, usage);
        assert!(reads(0) && !reads(1));
        assert!(matches!(overlays[2].target, Target::Register(_)));
        assert_eq!((overlays[3].target, overlays[3].from), (Target::Default(PartyId(1)), 6));
    }

    #[test]
    fn a_change_is_one_in_the_currency_of_what_it_changes() {
        let text = r#"
keiretsu = 1
as_of = 2025-12-31
[currencies]
EUR = "2"
[parties]
a = { cash = "€1M" }
b = {}
[contracts.c]
type = "supply"
buyer = "a"
seller = "b"
minimum = "€1M/yr"
until = "2026-12"
[scenarios.s]
set = { "c.minimum" = "€3M/yr", "a.cash" = "€3M" }
[scenarios.t]
set = { "c.minimum" = "$3M/yr" }
"#;
        let specs = crate::specs();
        let opened = open(&MemoryFiles::root(text), "keiretsu.toml", &Options::new(&specs));
        assert!(opened.diagnostics.is_empty(), "{:?}", opened.diagnostics);
        let lowered = crate::lower(&opened.model);
        let changes = |at: usize| {
            let overlays = overlays(&opened.model, &lowered, &opened.model.scenarios[at]);
            overlays.into_iter().map(|overlay| overlay.change).collect::<Vec<_>>()
        };
        // The minimum is kept in euros, cash in dollars, at 2 for one.
        assert_eq!(changes(0), [Change::Set(3e6), Change::Set(6e6)]);
        assert_eq!(changes(1), [Change::Set(1.5e6)]);
    }

    fn reads(program: &Program, from: Reg, wanted: Reg) -> bool {
        from == wanted || program.ops[from.0 as usize].operands().any(|part| reads(program, part, wanted))
    }
}
