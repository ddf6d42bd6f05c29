//! Changed statements to the files of a model with them.
//!
//! The words take the place of the statement's own characters, and the model is read again: so everything
//! that follows from the text follows the change (errors, units, worded totals, the program), and a change
//! that makes no sense is answered like a mistake in the text. Reading and lowering a web of a hundred
//! contracts takes some 10 ms (decision 0035).

use keiretsu_model::edit::{Statement, statements};
use keiretsu_model::{Document, MemoryFiles, Model, Span, suggest};

use crate::question::StatementChange;
use crate::resolved::Faults;

/// The files of the model with these statements in other words.
pub(crate) fn files(model: &Model, changes: &[StatementChange], faults: &mut Faults) -> MemoryFiles {
    let known = statements(model);
    let mut edits: Vec<(Span, String)> = Vec::new();
    for change in changes {
        let words = quoted(&change.words);
        let edit = if let Some(edit) = unsaid(model, &change.place, &words) {
            edit
        } else {
            let Some(span) = faults.take(place(&known, &change.place)) else { continue };
            // A statement may be a part of its value: what stands inside the quotes.
            (model.document.value_at(span).unwrap_or(span), words)
        };
        // Of two changes of one place the later one counts.
        edits.retain(|(other, had)| {
            *other != edit.0 || (other.start == other.end && term(had) != term(&edit.1))
        });
        edits.push(edit);
    }
    edits.sort_by_key(|(span, _)| (span.file, std::cmp::Reverse(span.start)));
    let mut texts: Vec<String> = model.document.files.iter().map(|file| file.text.clone()).collect();
    for (span, words) in edits {
        if let Some(text) = texts.get_mut(span.file.at()) {
            text.replace_range(span.start as usize..span.end as usize, &words);
        }
    }
    let paths = model.document.files.iter().map(|file| file.path.clone());
    MemoryFiles(paths.zip(texts).map(|(path, text)| (path, text.into_bytes())).collect())
}

/// The name of the root file.
pub(crate) fn root(document: &Document) -> &str {
    document.files.first().map_or("keiretsu.toml", |file| &file.path)
}

/// The edit that says what the text leaves unsaid: a line below the header of its table, or the first term
/// within its braces.
fn unsaid(model: &Model, place: &str, words: &str) -> Option<(Span, String)> {
    let mut found = None;
    model.unsaid(&mut |path, entry| {
        if path == place && found.is_none() {
            found = Some((entry.span, entry.key == entry.span));
        }
    });
    let (span, left_out) = found?;
    if !left_out {
        return Some((span, words.to_owned()));
    }
    // What stands for tables of which none is given is written as the one that stands for them.
    let whole = place.find(".undisclosed.").and_then(|at| place[..at].rfind('.'));
    let key = &place[whole.or_else(|| place.rfind('.'))? + 1..];
    let table = model.document.files.get(span.file.at())?.text.get(span.start as usize..span.end as usize)?;
    let after = |at: u32| Span { start: at, end: at, ..span };
    match table.chars().next()? {
        '[' => Some((after(span.end), format!("\n{key} = {words}"))),
        '{' => Some((after(span.start + 1), format!(" {key} = {words},"))),
        _ => None,
    }
}

/// The key of a term that an edit adds.
fn term(edit: &str) -> &str {
    edit.split('=').next().unwrap_or_default().trim()
}

fn place(known: &[Statement<'_>], path: &str) -> Result<Span, (String, String)> {
    let found = known.iter().find(|statement| statement.path == path && !statement.place.expect);
    found.map(|statement| statement.place.span).ok_or_else(|| {
        let paths = known.iter().filter(|statement| !statement.place.expect);
        let hint = suggest::advice(path, paths.map(|statement| statement.path.as_str()));
        (format!("the model states nothing under `{path}`"), hint)
    })
}

/// What a reader must know of changes that another source overrules: where sources disagree, a rule chooses
/// again once one of them has other words.
pub(crate) fn overruled(model: &Model, changes: &[StatementChange]) -> Vec<String> {
    let known = statements(model);
    let counts = |change: &&StatementChange| {
        let found = known.iter().find(|statement| statement.path == change.place && !statement.place.expect);
        found.filter(|statement| !statement.claims.is_empty() && statement.words != change.words.trim())
    };
    let said = |change: &StatementChange| {
        let statement = counts(&change)?;
        let (place, words) = (&change.place, &statement.words);
        Some(format!("`{place}` is \"{words}\" all the same: another source counts there"))
    };
    changes.iter().filter_map(said).collect()
}

/// A basic string of TOML.
fn quoted(words: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in words.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            letter if letter.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(letter))),
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}
