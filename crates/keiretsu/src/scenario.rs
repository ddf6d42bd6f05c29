//! Scenarios by name to the overlays of a run.
//!
//! Absent: what a change means. A factor, an event and a default are changed as the program names them, a term
//! of a contract where its register or its slot stands.

use keiretsu_contracts::Lowered;
use keiretsu_model::{How, Model, Scenario, ScenarioChange, Target as Named, suggest};
use keiretsu_program::{Change, EventId, FactorId, Month, Overlay, PartyId, Program, Reg, SlotId, Target};

use crate::RunTrouble;

/// The overlays of the scenarios of these names, in this order.
pub fn overlays(model: &Model, lowered: &Lowered, names: &[String]) -> Result<Vec<Overlay>, RunTrouble> {
    let mut overlays = Vec::new();
    for name in names {
        let scenario = model.scenarios.iter().find(|scenario| scenario.name == *name);
        let scenario = scenario.ok_or_else(|| unknown(model, name))?;
        let window = window(&lowered.program, scenario);
        for change in &scenario.changes {
            let target = target(model, lowered, scenario, change)?;
            let change = amount(model, scenario, change)?;
            overlays.push(Overlay { target, change, from: window.0, until: window.1 });
        }
        for (party, when) in &scenario.defaults {
            let from = index(&lowered.program, when.first).max(1);
            if from <= i64::from(lowered.program.months) {
                let target = Target::Default(PartyId(party.0));
                let until = lowered.program.months;
                overlays.push(Overlay { target, change: Change::Set(1.0), from: from as u32, until });
            }
        }
    }
    Ok(overlays)
}

fn unknown(model: &Model, name: &str) -> RunTrouble {
    let hint = match model.scenarios.len() {
        0 => "the model has no [scenarios]".to_owned(),
        _ => suggest::advice(name, model.scenarios.iter().map(|scenario| scenario.name.as_str())),
    };
    RunTrouble::Asked(format!("there is no scenario `{name}`"), hint)
}

/// The first and the last month index in which a scenario holds.
fn window(program: &Program, scenario: &Scenario) -> (u32, u32) {
    let last = i64::from(program.months);
    let from = scenario.from.map_or(1, |when| index(program, when.first)).clamp(1, last + 1);
    let until = scenario.until.map_or(last, |when| index(program, when.last)).clamp(0, last);
    (from as u32, until as u32)
}

fn index(program: &Program, date: jiff::civil::Date) -> i64 {
    let month = Month::new(i32::from(date.year()), i32::from(date.month()));
    i64::from(month.since(program.origin))
}

fn target(
    model: &Model,
    lowered: &Lowered,
    scenario: &Scenario,
    change: &ScenarioChange,
) -> Result<Target, RunTrouble> {
    let path = match &change.target {
        Named::Factor(factor) => return Ok(Target::Factor(FactorId(factor.0))),
        Named::Event(event) => return Ok(Target::Event(EventId(event.0))),
        Named::Term(contract, term) => {
            let name = model.contract(*contract).map_or("", |contract| contract.name.as_str());
            format!("{name}.{term}")
        }
        Named::Party(party, term) => format!("{}.{term}", model.party(*party).name),
    };
    let side = &lowered.side;
    if let Some((_, register)) = side.terms.iter().find(|(known, _)| *known == path) {
        return Ok(Target::Register(Reg(*register)));
    }
    // A slot holds for the whole run, so it can stand for a term only where the scenario does too.
    let whole = scenario.from.is_none() && scenario.until.is_none();
    let slot = side.slots.iter().position(|slot| slot.path == path);
    match slot {
        Some(slot) if whole => Ok(Target::Slot(SlotId(slot as u32))),
        Some(_) => Err(refused(
            scenario,
            &format!("changes `{path}` for a part of the run only"),
            "drop `from` and `until`, or let the term depend on a factor and change that",
        )),
        None => Err(refused(
            scenario,
            &format!("changes `{path}`, which no single number of the program stands for"),
            "let the term depend on a factor, and change that",
        )),
    }
}

fn amount(model: &Model, scenario: &Scenario, change: &ScenarioChange) -> Result<Change, RunTrouble> {
    let figure = &change.figure;
    let foreign = figure.figure.currency.is_some_and(|currency| currency != model.currency);
    let amount = figure.expected().amount().filter(|_| !foreign);
    let Some(amount) = amount else {
        let words = &figure.figure.words;
        let hint = format!("give an amount in {}", model.currency.code());
        return Err(refused(scenario, &format!("says `{words}`, which cannot be set"), &hint));
    };
    Ok(match change.how {
        How::Set => Change::Set(amount),
        How::Scale => Change::Scale(amount),
        How::Shift => Change::Shift(amount),
    })
}

fn refused(scenario: &Scenario, what: &str, hint: &str) -> RunTrouble {
    RunTrouble::Refused(format!("the scenario `{}` {what}", scenario.name), hint.to_owned())
}
