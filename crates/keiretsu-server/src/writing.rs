//! Edits to the files of a model: only those that the model consists of, each whole, and never one that is
//! not what the edit was made from.
//!
//! Between the look at a file and its move into place another program may still write it; that time is
//! well below a millisecond.

use std::fs;
use std::path::{Component, Path, PathBuf};

use keiretsu::model::{Files, MemoryFiles};
use keiretsu::{Session, StatementChange, output};

use crate::answering::with_errors;
use crate::app::App;
use crate::refusal::Refusal;
use crate::served::sum;
use crate::wire::{ChangesEdit, EditBody, NewScenario, TextEdit};

/// Whether a path of the model can be one of a file below its folder.
pub fn is_plain(path: &str) -> bool {
    !path.is_empty() && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}

/// Writes an edit; the files written, with their sums.
///
/// # Errors
/// If it makes no sense, or a file is not as the client has it; then nothing is written.
pub fn write(app: &App, edit: EditBody) -> Result<Vec<(String, String)>, Refusal> {
    let served = app.now();
    let session = served.session.as_ref().ok_or_else(|| {
        Refusal::new(409, "unread", "the model cannot be read", "").with(served.diagnostics.clone())
    })?;
    let files = match edit {
        EditBody::Text(TextEdit { path, sha256, text }) => {
            expect(session, &path, &sha256)?;
            vec![(path, text)]
        }
        EditBody::Changes(ChangesEdit { path, sha256, changes }) => {
            expect(session, &path, &sha256)?;
            changed(session, &path, &changes)?
        }
        EditBody::Scenario(scenario) => vec![with_scenario(session, &scenario.scenario)?],
    };
    let folder = folder(&app.model)?;
    let places: Vec<PathBuf> =
        files.iter().map(|(path, _)| place(session, &folder, path)).collect::<Result<_, _>>()?;
    for (place, (path, text)) in places.iter().zip(&files) {
        output::file(place, text.as_bytes()).map_err(|error| {
            let what = format!("{path} cannot be written: {}", keiretsu::system_words(&error));
            Refusal::new(503, "unwritten", what, "")
        })?;
    }
    Ok(files.into_iter().map(|(path, text)| (path, sum(text.as_bytes()))).collect())
}

/// Statements in other words: the texts of the files that hold them, if they can be run.
fn changed(
    session: &Session,
    path: &str,
    changes: &[StatementChange],
) -> Result<Vec<(String, String)>, Refusal> {
    let files = session.rewritten(changes)?;
    if let Some((other, _)) = files.iter().find(|(other, _)| other != path) {
        let what = format!("a statement stands in {other}, not in {path}");
        return Err(Refusal::invalid(what, format!("edit {other}")));
    }
    if !session.has_errors() {
        stays_whole(session, &files)?;
    }
    Ok(files)
}

/// A scenario, appended to the root file.
fn with_scenario(session: &Session, scenario: &NewScenario) -> Result<(String, String), Refusal> {
    let NewScenario { name, changes } = scenario;
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    if name.is_empty() || 100 < name.len() || !name.chars().all(is_letter) {
        return Err(Refusal::invalid(format!("`{name}` is no name"), "use letters, digits, `-` and `_`"));
    }
    let model = session.model();
    if model.scenarios.iter().any(|known| known.name == *name) {
        return Err(Refusal::new(
            409,
            "taken",
            format!("there is a scenario `{name}` already"),
            "name it otherwise",
        ));
    }
    if changes.is_empty() {
        return Err(Refusal::invalid("the scenario changes nothing", "move a statement first"));
    }
    let Some(root) = model.document.files.first() else {
        return Err(Refusal::new(409, "unread", "the model has no file", ""));
    };
    let set = changes
        .iter()
        .map(|StatementChange { place, words }| format!("{} = {}", quoted(place), quoted(words)));
    let set = set.collect::<Vec<_>>().join(", ");
    let gap = if root.text.ends_with('\n') { "\n" } else { "\n\n" };
    let table = format!("{gap}[scenarios.{name}]\nset = {{ {set} }}\nbecause = \"tried on the page\"\n");
    let file = (root.path.clone(), root.text.clone() + &table);
    stays_whole(session, std::slice::from_ref(&file))?;
    Ok(file)
}

/// A basic string of TOML, which has the escapes of JSON.
fn quoted(words: &str) -> String {
    serde_json::Value::from(words).to_string().replace('\u{7f}', "\\u007F")
}

/// Refuses texts that would break a model without errors.
fn stays_whole(session: &Session, files: &[(String, String)]) -> Result<(), Refusal> {
    let document = &session.model().document;
    let text = |path: &String, before: &String| {
        let new = files.iter().find(|(other, _)| other == path);
        new.map_or(before, |(_, text)| text).clone().into_bytes()
    };
    let texts = document.files.iter().map(|file| (file.path.clone(), text(&file.path, &file.text)));
    let all = MemoryFiles(texts.collect());
    let root = document.files.first().map_or("keiretsu.toml", |file| file.path.as_str());
    let after = Session::of(&all as &dyn Files, root, session.dates());
    if after.has_errors() { Err(with_errors(&after)) } else { Ok(()) }
}

/// Refuses an edit of a file that is not as the client has it.
fn expect(session: &Session, path: &str, sha256: &str) -> Result<(), Refusal> {
    if sum(text_of(session, path)?.as_bytes()) == sha256 {
        return Ok(());
    }
    let what = format!("{path} has changed meanwhile");
    Err(Refusal::new(409, "changed", what, "look at the new text, and edit that"))
}

/// The text of a file of the model.
fn text_of<'a>(session: &'a Session, path: &str) -> Result<&'a str, Refusal> {
    let file = session.model().document.files.iter().find(|file| file.path == path);
    file.map(|file| file.text.as_str()).ok_or_else(|| {
        Refusal::new(
            404,
            "unknown",
            format!("the model has no file `{path}`"),
            "only its own files are edited",
        )
    })
}

/// The folder of the model, without links.
fn folder(model: &Path) -> Result<PathBuf, Refusal> {
    let unread = |_| Refusal::new(409, "unread", "the folder of the model cannot be read", "");
    let whole = model.canonicalize().map_err(unread)?;
    Ok(if whole.is_dir() { whole } else { whole.parent().unwrap_or(Path::new("/")).to_owned() })
}

/// Where a file of the model lies, if it is a plain file below the folder, reached through no link, and on
/// the disk what the session has read.
fn place(session: &Session, folder: &Path, path: &str) -> Result<PathBuf, Refusal> {
    let refused = |why: &str| Err(Refusal::new(403, "forbidden", format!("{path} {why}"), ""));
    if !is_plain(path) {
        return refused("lies outside the model");
    }
    let mut place = folder.to_owned();
    for part in Path::new(path).components() {
        place.push(part);
        match fs::symlink_metadata(&place) {
            Ok(facts) if facts.is_symlink() => return refused("is reached through a link"),
            Ok(_) => {}
            Err(_) => return refused("is not there"),
        }
    }
    let bytes = keiretsu::input::read(&place, keiretsu::model::limits::MAX_FILE_BYTES);
    match bytes {
        Ok(bytes) if bytes == text_of(session, path)?.as_bytes() => Ok(place),
        Ok(_) => {
            let what = format!("{path} has changed meanwhile");
            Err(Refusal::new(409, "changed", what, "look at the new text, and edit that"))
        }
        Err(_) => refused("cannot be read"),
    }
}
