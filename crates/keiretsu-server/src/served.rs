//! A session to the JSON of its model: text, diagnostics, names, and the statements worth moving.

use std::sync::Arc;

use keiretsu::limits::FINDINGS_LISTED_MAX;
use keiretsu::model::Model;
use keiretsu::{OpenError, Session, findings, glossary, measures, outline};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::writing;

/// The model as it is served: what the text says now, and the last text that can be asked.
#[derive(Debug)]
pub struct Served {
    /// The name of the text.
    pub revision: String,
    /// The text as read; none where it could not be.
    pub session: Option<Session>,
    /// The last session without errors.
    pub good: Option<Good>,
    /// The model as JSON: an object.
    pub json: Arc<str>,
    /// The errors and warnings of the text.
    pub diagnostics: Vec<Value>,
}

/// A session that can be asked.
#[derive(Clone, Debug)]
pub struct Good {
    /// The name of its text.
    pub revision: String,
    /// The session.
    pub session: Session,
}

impl Served {
    /// What was opened, after what was served before.
    pub fn new(opened: Result<Session, OpenError>, before: Option<&Self>, may_edit: bool) -> Self {
        let last = before.and_then(|before| before.good.clone());
        let (revision, diagnostics, session) = match opened {
            Ok(session) => (revision(&session), of_text(&session), Some(session)),
            Err(error) => {
                let finding = unread(&error);
                (sum(finding.to_string().as_bytes()), vec![finding], None)
            }
        };
        let fresh = session.clone().filter(|session| !session.has_errors() && session.lowered().is_ok());
        let good = fresh.map(|session| Good { revision: revision.clone(), session }).or(last);
        let is_good = good.as_ref().is_some_and(|good| good.revision == revision);
        let mut model = Map::new();
        let mut put = |key: &str, value: Value| model.insert(key.to_owned(), value);
        put("revision", json!(revision));
        put("ok", json!(is_good));
        put("last_good", json!(good.as_ref().map(|good| &good.revision)));
        put("edit", json!(may_edit));
        put("diagnostics", json!(diagnostics));
        put("files", session.as_ref().map_or(json!([]), |session| files(session.model(), may_edit)));
        if let Some(session) = good.as_ref().map(|good| &good.session).or(session.as_ref()) {
            around(session, &mut put);
        }
        let json = Value::Object(model).to_string().into();
        Self { revision, session, good, json, diagnostics }
    }
}

/// The name of the text of a session.
pub fn revision(session: &Session) -> String {
    format!("{:032x}", session.revision())
}

/// The SHA-256 of bytes, in hexadecimal digits.
pub fn sum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn of_text(session: &Session) -> Vec<Value> {
    let (first, _) = findings::first(session.diagnostics(), FINDINGS_LISTED_MAX);
    findings::json(&session.model().document, &first, str::to_owned)
}

/// A model that cannot be read at all, as a diagnostic.
fn unread(error: &OpenError) -> Value {
    json!({
        "code": "unread", "severity": "error", "file": "", "line": 1, "column": 1, "end_line": 1,
        "end_column": 1, "message": error.to_string(), "label": "", "hint": error.hint(),
    })
}

fn files(model: &Model, may_edit: bool) -> Value {
    let file = |file: &keiretsu::model::SourceFile| {
        json!({
            "path": file.path,
            "text": file.text,
            "sha256": sum(file.text.as_bytes()),
            "editable": may_edit && writing::is_plain(&file.path),
        })
    };
    model.document.files.iter().map(file).collect()
}

/// What a page needs around its tables.
fn around(session: &Session, put: &mut impl FnMut(&str, Value) -> Option<Value>) {
    let model = session.model();
    put("title", json!(model.title));
    put("as_of", json!(model.as_of.to_string()));
    put("currency", json!(model.currency.code()));
    put("horizon", json!(horizon(model.horizon_months)));
    let names = outline::names(model).into_iter();
    let names = names.map(|one| json!({ "name": one.name, "kind": one.kind, "title": one.title }));
    put("names", names.collect());
    let parties = outline::parties(session).into_iter().map(|one| {
        let outline::ListedParty { id, title, role, part_of, kind } = one;
        json!({ "id": id, "title": title, "role": role, "part_of": part_of, "kind": kind })
    });
    put("parties", parties.collect());
    put("questions", questions());
    let scenarios = model.scenarios.iter().map(|one| json!({ "name": one.name, "text": one.text }));
    put("scenarios", scenarios.collect());
    let sliders = outline::movable(session).into_iter().map(|one| {
        json!({
            "place": one.place, "words": one.words, "label": one.label, "kind": one.kind, "unit": one.unit,
            "low": one.low, "base": one.base, "high": one.high, "because": one.because,
            "source": one.source, "standing": one.standing,
        })
    });
    put("sliders", sliders.collect());
    let terms = glossary::terms().map(|[term, means, _]| (term.to_owned(), json!(means)));
    put("terms", Value::Object(terms.collect()));
}

/// `3 years`, `30 months`.
fn horizon(months: u32) -> String {
    match (months / 12, months % 12) {
        (1, 0) => "1 year".to_owned(),
        (years, 0) => format!("{years} years"),
        _ => format!("{months} months"),
    }
}

fn questions() -> Value {
    let question = |measure: &&'static dyn measures::Measure| {
        let title = measure.name().replace('_', " ");
        json!({ "name": measure.name(), "title": title, "line": measure.summary() })
    };
    measures::MEASURES.iter().map(question).collect()
}
