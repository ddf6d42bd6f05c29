//! Dues of conditional commitments beyond the horizon, up to the last day on which their conditions can be
//! met. A commitment is independent of the horizon; only tables of the run end there.

use keiretsu_contracts::side::Commitment;
use keiretsu_measures::Beyond;
use keiretsu_model::Model;
use keiretsu_program::{FlowId, MONTHS_MAX, Probe, Quantity, Reading, RunSpec, Span};

use crate::AskError;
use crate::request::Request;
use crate::runner::Runner;

/// Runs some readings up to the last lapse date, if one lies beyond the horizon.
///
/// # Errors
/// If the model cannot be run as requested.
pub(crate) fn look(
    runner: &Runner<'_>,
    request: &Request,
    readings: &[Reading],
) -> Result<Option<Beyond>, AskError> {
    let origin = runner.lowered.program.origin;
    let last = |commitment: &Commitment| {
        let lapse = commitment.lapse?;
        let month = keiretsu_program::Month::new(i32::from(lapse.year()), i32::from(lapse.month()));
        u32::try_from(month.since(origin)).ok()
    };
    let months = runner.lowered.side.commitments.iter().filter_map(last).max().unwrap_or(0).min(MONTHS_MAX);
    if months <= runner.lowered.program.months {
        return Ok(None);
    }
    if runner.lazy.is_some_and(|runs| !runs.wants_beyond()) {
        return Ok(Some(Beyond::default()));
    }
    let model = Model { horizon_months: months, ..runner.model.clone() };
    let lowered = keiretsu_contracts::lower(&model);
    let longer = Runner { model: &model, lowered: &lowered, kept: None, whole: false, ..*runner };
    let flows: Vec<FlowId> =
        longer.lowered.side.commitments.iter().filter_map(|commitment| commitment.flow).collect();
    let due = |flow: &FlowId| Probe { quantity: Quantity::Due(*flow), span: Span::Month };
    let probes: Vec<Probe> = flows.iter().map(due).collect();
    let run = |reading| {
        if !readings.contains(&reading) {
            return Ok(None);
        }
        let spec = RunSpec { possible: true, ..RunSpec::reading(reading, probes.clone()) };
        longer.once(spec, request, &[]).map(Some)
    };
    let readings = [run(Reading::Firm)?, run(Reading::Expected)?, run(Reading::Headline)?];
    let name = |flow: &FlowId| lowered.side.flows[flow.at()].name.clone();
    let places = flows.iter().map(name).enumerate().map(|(place, name)| (name, place)).collect();
    Ok(Some(Beyond { places, readings, ..Beyond::default() }))
}
