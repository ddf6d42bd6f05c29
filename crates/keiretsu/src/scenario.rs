//! Scenarios by name to the overlays of a run.

use keiretsu_contracts::Lowered;
use keiretsu_model::{Model, suggest};
use keiretsu_program::Overlay;

use crate::AskError;

/// The overlays of the scenarios of these names, later ones on top.
///
/// # Errors
/// If the model has no scenario of one of the names.
pub(crate) fn overlays(model: &Model, lowered: &Lowered, names: &[String]) -> Result<Vec<Overlay>, AskError> {
    let mut overlays = Vec::new();
    for name in names {
        let scenario = model.scenarios.iter().find(|scenario| scenario.name == *name);
        let scenario = scenario.ok_or_else(|| {
            let (what, hint) = unknown(model, name);
            AskError::invalid(what, hint)
        })?;
        overlays.extend(keiretsu_contracts::overlays(model, lowered, scenario));
    }
    Ok(overlays)
}

/// The error for an unknown scenario, with the nearest names.
pub(crate) fn unknown(model: &Model, name: &str) -> (String, String) {
    let hint = match model.scenarios.len() {
        0 => "the model has no [scenarios]".to_owned(),
        _ => suggest::advice(name, model.scenarios.iter().map(|scenario| scenario.name.as_str())),
    };
    (format!("there is no scenario `{name}`"), hint)
}
