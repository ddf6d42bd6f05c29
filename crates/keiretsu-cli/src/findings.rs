//! Diagnostics for people: the line, the characters underlined, the error, the remedy.

use std::path::{Component, Path, PathBuf};

use annotate_snippets::{AnnotationKind, Element, Group, Level, Renderer, Snippet};
use keiretsu::findings::first;
use keiretsu::limits::FINDINGS_SHOWN_MAX;
use keiretsu::model::{Diagnostic, Severity, Span};
use keiretsu::{Positions, Session};
use keiretsu_views::{Style, wrap};

/// Distance in bytes beyond which two positions are shown as two pieces of text: the lines between are folded
/// anyway, and need no search.
const NEAR: usize = 4_000;
/// Bytes of a long line that are read on either side of a place.
const LINE: usize = 10_000;
/// How much further in the later lines of a paragraph stand.
const HANG: usize = 2;

/// All findings of a model as text.
pub fn text(session: &Session, model: &Path, style: Style) -> String {
    text_of(session, session.diagnostics(), model, style)
}

/// These findings of a model as text.
pub fn text_of(session: &Session, diagnostics: &[Diagnostic], model: &Path, style: Style) -> String {
    let places = Positions::new(&session.model().document);
    let renderer = if style.colour { Renderer::styled() } else { Renderer::plain() }.term_width(style.width);
    let (shown, more) = first(diagnostics, FINDINGS_SHOWN_MAX);
    let mut text = String::new();
    for finding in shown {
        let rendered = renderer.render(&[report(finding, &places, model, style.width)]);
        // The renderer shows commands to a terminal as signs, and knows not all that is hidden.
        let is_hidden =
            |letter: char| !['\n', '\u{1b}'].contains(&letter) && keiretsu_views::is_hidden(letter);
        text += &rendered.replace(is_hidden, "\u{FFFD}");
        text += "\n\n";
    }
    if !more.is_empty() {
        text += &format!("not shown: {}\n\n", more.join(", "));
    }
    text
}

/// `2 errors, 1 warning`.
pub fn counted(errors: usize, warnings: usize) -> String {
    format!("{}, {}", count(errors, "error"), count(warnings, "warning"))
}

/// `1 party` is `count(1, "party")`, two are `2 parties`.
pub fn count(number: usize, word: &str) -> String {
    match (number, word.strip_suffix('y')) {
        (1, _) => format!("1 {word}"),
        (_, Some(stem)) => format!("{number} {stem}ies"),
        (_, None) => format!("{number} {word}s"),
    }
}

/// The path of a model's file as the user would name it from here.
pub fn path_from_here(model: &Path, file: &str) -> PathBuf {
    let folder = if model.is_dir() { model } else { model.parent().unwrap_or(Path::new("")) };
    let path = folder.join(file);
    path.components().filter(|part| *part != Component::CurDir).collect()
}

/// Words in which nothing is hidden, and nothing that a terminal would obey.
pub fn printable(text: &str) -> String {
    keiretsu_views::visible(text)
}

/// A line of text in lines of at most a width, those after the first indented.
pub fn paragraph(line: &str, width: usize) -> String {
    let words = line.trim_start();
    let indent = " ".repeat(line.len() - words.len());
    let lines = wrap(words, width.saturating_sub(indent.len()).max(20), HANG);
    lines.into_iter().map(|line| format!("{indent}{line}\n")).collect()
}

/// Text in lines of at most a width.
fn wrapped(text: &str, width: usize) -> String {
    wrap(text, width.max(20), 0).join("\n")
}

fn report<'a>(finding: &'a Diagnostic, places: &Positions<'a>, model: &Path, width: usize) -> Group<'a> {
    let level = match finding.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    // What stands before the words: `warning[W0801]: `, and `    = help: ` below a line number.
    let message = wrapped(&printable(&finding.message), width.saturating_sub(16));
    let mut group = Group::with_title(level.primary_title(message).id(finding.code));
    for piece in pieces(finding, places) {
        group = group.element(snippet(&piece, places, model));
    }
    if !finding.hint.is_empty() {
        let hint = wrapped(&printable(&finding.hint), width.saturating_sub(13));
        group = group.element(Element::from(Level::HELP.message(hint)));
    }
    group
}

/// Positions that are shown in one stretch of text.
struct Piece<'a> {
    /// Each with its words; the first place of the finding is marked as such.
    spans: Vec<(Span, &'a str, AnnotationKind)>,
}

fn pieces<'a>(finding: &'a Diagnostic, places: &Positions<'_>) -> Vec<Piece<'a>> {
    let first = (finding.span, finding.label.as_str(), AnnotationKind::Primary);
    let mut pieces = vec![Piece { spans: vec![first] }];
    for (span, label) in &finding.others {
        let added = (*span, label.as_str(), AnnotationKind::Context);
        let near = |piece: &&mut Piece<'_>| {
            let start = piece.spans[0].0;
            start.file == span.file && start.start.abs_diff(span.start) as usize <= NEAR
        };
        // A place without words in an empty file has nothing to show.
        match pieces.iter_mut().find(near) {
            Some(piece) => piece.spans.push(added),
            None if places.text(span.file).is_empty() => {}
            None => pieces.push(Piece { spans: vec![added] }),
        }
    }
    pieces
}

fn snippet<'a>(
    piece: &Piece<'a>,
    places: &Positions<'a>,
    model: &Path,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let file = piece.spans[0].0.file;
    let text = places.text(file);
    let clip = |byte: u32| keiretsu::boundary(text, byte as usize);
    let first = piece.spans.iter().map(|(span, ..)| clip(span.start)).min().unwrap_or(0);
    let last = piece.spans.iter().map(|(span, ..)| clip(span.end)).max().unwrap_or(0).max(first);
    let (mut from, line) = places.line_of(file, first);
    if LINE < first - from {
        from = keiretsu::boundary(text, first - LINE);
    }
    let rest = &text[last..];
    let end = rest.find('\n').unwrap_or(rest.len()).min(LINE);
    let until = keiretsu::boundary(text, last + end);
    let path = path_from_here(model, places.path(file));
    let mut snippet =
        Snippet::source(&text[from..until]).line_start(line).path(printable(&path.display().to_string()));
    for (span, label, kind) in &piece.spans {
        let (start, end) = (clip(span.start), clip(span.end));
        let label = (!label.is_empty()).then(|| printable(label));
        snippet = snippet.annotation(kind.span(start - from..end.max(start) - from).label(label));
    }
    snippet
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted() {
        assert_eq!(counted(1, 2), "1 error, 2 warnings");
        assert_eq!(count(0, "party"), "0 parties");
    }

    #[test]
    fn no_line_of_a_paragraph_is_wider_than_its_width() {
        let path = "a-contract-of-many-words.tranches.at-signing";
        assert_eq!(
            paragraph(&format!("  {path} = about $5B"), 30),
            "  a-contract-of-many-words.\n    tranches.at-signing =\n    about $5B\n"
        );
    }

    #[test]
    fn a_terminal_is_not_commanded() {
        assert_eq!(printable("a\u{1b}[31mb\n"), "a<U+001B>[31mb\n");
    }

    #[test]
    fn files_are_named_from_here() {
        assert_eq!(path_from_here(Path::new("."), "a/b.toml"), Path::new("a/b.toml"));
        assert_eq!(path_from_here(Path::new("m/keiretsu.toml"), "a.toml"), Path::new("m/a.toml"));
    }
}
