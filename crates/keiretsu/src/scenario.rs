//! Scenarios by name to the overlays of a run.

use keiretsu_contracts::Lowered;
use keiretsu_model::{Model, suggest};
use keiretsu_program::Overlay;

use crate::RunTrouble;

/// The overlays of the scenarios of these names, later ones on top.
///
/// # Errors
/// If the model has no scenario of one of the names.
pub fn overlays(model: &Model, lowered: &Lowered, names: &[String]) -> Result<Vec<Overlay>, RunTrouble> {
    let mut overlays = Vec::new();
    for name in names {
        let scenario = model.scenarios.iter().find(|scenario| scenario.name == *name);
        let scenario = scenario.ok_or_else(|| unknown(model, name))?;
        overlays.extend(keiretsu_contracts::overlays(model, lowered, scenario));
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
