//! The weight of affiliation with errors two-way, by cluster and by alternative, as in `measure neutrality`.

use keiretsu_methods::choice::{ChoiceError, Choices, Fit, Groups, Inference, Unknown, critical, inference};
use serde::Serialize;

use super::data::Data;

/// How well the weight is known.
#[derive(Serialize)]
pub struct Affiliation {
    /// The weight.
    pub estimate: f64,
    /// Ends of its interval at 95%; none where it is unknown.
    pub low: Option<f64>,
    /// See `low`.
    pub high: Option<f64>,
    /// Chance of so much without any effect.
    pub p: Option<f64>,
    /// Degrees of freedom of t.
    pub degrees: Option<f64>,
    #[serde(skip)]
    found: Inference,
}

impl Affiliation {
    /// Choices without clusters are taken as independent.
    ///
    /// # Errors
    /// Those of the method.
    pub fn new(choices: &Choices<'_>, fit: &Fit, feature: usize, data: &Data) -> Result<Self, ChoiceError> {
        let each: Vec<u32> = (0..data.chosen.len() as u32).collect();
        let tenants = data.clusters.as_deref().unwrap_or(&each);
        let found = inference(choices, fit, feature, Groups { tenants, models: &data.alternatives })?;
        let (estimate, k) = (fit.weights[feature], data.names.len());
        let error = found.covariance[feature * (k + 1)].max(0.0).sqrt();
        let half = found.unknown.is_none().then(|| critical(found.degrees) * error);
        Ok(Self {
            estimate,
            low: half.map(|half| estimate - half),
            high: half.map(|half| estimate + half),
            p: found.p,
            degrees: half.map(|_| found.degrees),
            found,
        })
    }

    /// Why there is no interval.
    pub fn why_unknown(&self) -> &'static str {
        match self.found.unknown {
            Some(Unknown::FewTenants) => "too few clusters",
            Some(Unknown::FewModels) => "too few alternatives",
            None => "",
        }
    }

    /// Assumptions of the answer, and alternatives that it cannot exclude.
    pub fn notes(&self, data: &Data) -> Vec<String> {
        let mut notes = Vec::new();
        if data.clusters.is_none() {
            notes.push(
                "without --cluster choices are taken as independent: that some choosers simply prefer \
                 affiliated alternatives is not allowed for"
                    .to_owned(),
            );
        }
        if let Some([affiliated, other]) = self.found.sides {
            let sides = format!("{} affiliated and {} other alternatives", affiliated.number, other.number);
            match self.found.unknown {
                Some(Unknown::FewModels) => {
                    let what = "their own merits cannot be told from affiliation: no interval";
                    notes.push(format!("with {sides} {what}"));
                }
                None if self.found.reassigned => notes.push(format!(
                    "with {sides} the interval also holds what their own merits would explain, by \
                     reassigning affiliation among them"
                )),
                _ => {}
            }
        }
        if !data.names.iter().any(|name| name.eq_ignore_ascii_case("position")) {
            notes.push(
                "no attribute `position`: better places of affiliated alternatives are not told from \
                 affiliation"
                    .to_owned(),
            );
        }
        notes
    }
}
