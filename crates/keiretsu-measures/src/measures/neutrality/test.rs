//! The test: what the data can tell, then a conditional logit with and without how models were shown.

use keiretsu_methods::choice::{
    ChoiceError, Choices, Effect, Fit, Groups, Inference, Unidentified, effect, fit, inference, unidentified,
};
use keiretsu_model::{PartyRef, Platform, suggest};
use keiretsu_values::Table;

use super::log::{Log, Role};
use super::{offers, tables};
use crate::Subject;

/// A request to the test of a log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogRequest {
    /// The platform of the log; none: the only one of the model.
    pub platform: Option<String>,
    /// Whether each model has a weight of its own.
    pub model_effects: bool,
}

/// The error, and the remedy.
pub(super) type Wrong = (String, String);

/// One fit.
pub(super) struct Specification {
    /// The columns next to affiliation.
    pub beside: String,
    pub names: Vec<String>,
    pub fit: Fit,
    pub inference: Inference,
    pub effect: Effect,
}

/// The tables of a log.
///
/// # Errors
/// What the data cannot decide, and the reason.
pub fn tested(
    subject: &Subject<'_>,
    log: &Log,
    request: &LogRequest,
) -> Result<Vec<Table>, (String, String)> {
    let affiliated = affiliation(subject, log, request)?;
    differs(log, &affiliated)?;
    several(log, &affiliated, request)?;
    if log.tenant_count() < 2 {
        return Err((
            "all choices are one tenant's, so nothing says how much they would vary".to_owned(),
            "give a `tenant` column that tells choosers apart (`--column tenant=NAME`)".to_owned(),
        ));
    }
    let shown = log.features.iter().any(|feature| is_shown(feature.role));
    let mut found = vec![specification(log, &affiliated, request, false)?];
    if shown {
        found.push(specification(log, &affiliated, request, true)?);
    }
    Ok(tables::all(subject, log, &affiliated, &found))
}

/// Whether the platform decides it, and not the maker of the model.
fn is_shown(role: Role) -> bool {
    matches!(role, Role::Shown | Role::Position)
}

/// Affiliation of each row: of the log, else of the model.
fn affiliation(subject: &Subject<'_>, log: &Log, request: &LogRequest) -> Result<Vec<bool>, Wrong> {
    if let Some(affiliated) = &log.affiliated {
        return Ok(affiliated.clone());
    }
    let platform = platform(subject, request)?;
    let of = |name: &String| {
        let named = platform.offers.iter().find(|(known, _)| known == name);
        // A platform that offers models of outside makers says so with one line for all of them.
        let outside = || platform.offers.iter().find(|(_, maker)| *maker == PartyRef::OUTSIDE);
        let (_, maker) = named.or_else(outside).ok_or_else(|| {
            let hint = suggest::advice(name, platform.offers.iter().map(|(name, _)| name.as_str()));
            (format!("the platform `{}` does not offer `{name}`, which the log shows", platform.name), hint)
        })?;
        Ok(offers::tie(subject, platform, *maker).is_some())
    };
    let by_model = log.models.iter().map(of).collect::<Result<Vec<bool>, Wrong>>()?;
    Ok(log.model.iter().map(|model| by_model[*model]).collect())
}

fn platform<'a>(subject: &Subject<'a>, request: &LogRequest) -> Result<&'a Platform, Wrong> {
    let all = &subject.model.platforms;
    let names = || all.iter().map(|platform| platform.name.as_str());
    match (&request.platform, all.as_slice()) {
        (Some(name), _) => all
            .iter()
            .find(|platform| platform.name == *name)
            .ok_or_else(|| (format!("the model has no platform `{name}`"), suggest::advice(name, names()))),
        (None, [only]) => Ok(only),
        (None, []) => Err((
            "nothing says which models are affiliated".to_owned(),
            "give the log a column `affiliated`, or the model a `[platforms.NAME]` with its offers"
                .to_owned(),
        )),
        (None, _) => Err((
            format!("the model has {} platforms", all.len()),
            format!("say whose log it is: --platform {}", names().collect::<Vec<_>>().join(" or ")),
        )),
    }
}

fn differs(log: &Log, affiliated: &[bool]) -> Result<(), Wrong> {
    let mixed = |pair: &[usize]| {
        let rows = &affiliated[pair[0]..pair[1]];
        rows.contains(&true) && rows.contains(&false)
    };
    if log.starts.windows(2).any(mixed) {
        return Ok(());
    }
    let what = "no situation shows an affiliated model beside another, so nothing is compared";
    Err((what.to_owned(), "give a log of situations in which both could be chosen".to_owned()))
}

/// An error where the only affiliated model is so throughout: its affiliation and its merits are inseparable.
fn several(log: &Log, affiliated: &[bool], request: &LogRequest) -> Result<(), Wrong> {
    let mut seen = vec![[false; 2]; log.models.len()];
    for (model, affiliated) in log.model.iter().zip(affiliated) {
        seen[*model][usize::from(*affiliated)] = true;
    }
    if seen.iter().any(|[other, own]| *other && *own) {
        return Ok(());
    }
    if request.model_effects {
        return Err((
            "affiliation is constant for each model, so beside a weight for each model it has none"
                .to_owned(),
            "leave out --model-effects, or give a log in which it changes: before and after a stake"
                .to_owned(),
        ));
    }
    for (side, word) in [(1, "affiliated"), (0, "not affiliated")] {
        let mut models = (0..seen.len()).filter(|model| seen[*model][side]);
        if let (Some(only), None) = (models.next(), models.next()) {
            return Err((
                format!("only `{}` is {word}: its own merits cannot be told from that", log.models[only]),
                "give a log with several such models, or of a time before and after the stake, with a column \
                 `affiliated`"
                    .to_owned(),
            ));
        }
    }
    Ok(())
}

/// Fits affiliation together with prices, qualities and others, and with display if requested.
fn specification(
    log: &Log,
    affiliated: &[bool],
    request: &LogRequest,
    shown: bool,
) -> Result<Specification, Wrong> {
    let used = log.features.iter().filter(|feature| shown || !is_shown(feature.role));
    let used: Vec<_> = used.collect();
    let mut names = vec!["affiliated".to_owned()];
    names.extend(used.iter().map(|feature| feature.name.clone()));
    let effects = if request.model_effects { 1..log.models.len() } else { 0..0 };
    names.extend(effects.clone().map(|model| format!("model {}", log.models[model])));
    let mut features = Vec::with_capacity(names.len() * log.model.len());
    for (row, affiliated) in affiliated.iter().enumerate() {
        features.push(f64::from(u8::from(*affiliated)));
        features.extend(used.iter().map(|feature| feature.values[row]));
        features.extend(effects.clone().map(|model| f64::from(u8::from(log.model[row] == model))));
    }
    let choices = Choices {
        features: &features,
        features_count: names.len(),
        starts: &log.starts,
        chosen: &log.chosen,
    };
    if let Some(why) = unidentified(&choices) {
        return Err(no_weight(&why, &names));
    }
    let fit = fit(&choices).map_err(|error| not_fitted(error, log, affiliated))?;
    let models: Vec<u32> = log.model.iter().map(|model| *model as u32).collect();
    let groups = Groups { tenants: &log.tenants, models: &models };
    let inference =
        inference(&choices, &fit, 0, groups).map_err(|error| not_fitted(error, log, affiliated))?;
    let role = |role| used.iter().position(|feature| feature.role == role).map(|at| at + 1);
    let effect = effect(&fit, &inference, 0, role(Role::Price), role(Role::Quality));
    let effect = effect.ok_or_else(|| not_fitted(ChoiceError::NotFinite, log, affiliated))?;
    let beside: Vec<&str> = used.iter().map(|feature| feature.name.as_str()).collect();
    let beside = if beside.is_empty() { "nothing".to_owned() } else { beside.join(", ") };
    Ok(Specification { beside, names, fit, inference, effect })
}

fn no_weight(why: &Unidentified, names: &[String]) -> Wrong {
    match why {
        Unidentified::Constant { feature } => (
            format!(
                "`{}` is the same for all models of every situation, so it has no weight",
                names[*feature]
            ),
            "leave that column out, or give a log in which it differs".to_owned(),
        ),
        Unidentified::Dependent { feature, on } => {
            let others: Vec<String> = on.iter().map(|other| format!("`{}`", names[*other])).collect();
            let what = format!(
                "`{}` says nothing beside {}: it is made of them",
                names[*feature],
                others.join(", ")
            );
            (what, "leave one of them out".to_owned())
        }
    }
}

fn not_fitted(error: ChoiceError, log: &Log, affiliated: &[bool]) -> Wrong {
    let what = match error {
        ChoiceError::Separated => {
            let chosen = log.chosen.iter().filter(|row| affiliated[**row]).count();
            let always = if chosen == log.chosen.len() {
                ": an affiliated model is chosen every time"
            } else if chosen == 0 {
                ": an affiliated model is never chosen"
            } else {
                ""
            };
            format!("the columns predict every choice, so that weights grow without end{always}")
        }
        ChoiceError::TooFewClusters => "there are fewer than two tenants".to_owned(),
        ChoiceError::Empty => "no situation is left in which two models could be chosen".to_owned(),
        _ => format!("the choices cannot be fitted ({error:?})"),
    };
    (what, "give a longer log, or fewer columns".to_owned())
}
