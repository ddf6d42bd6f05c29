//! Spans of bytes to places that people and editors know: file, line, column.

use std::cell::OnceCell;

use keiretsu_model::{Document, FileId, Span};

/// A place in the text; lines and columns count from 1, columns in characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position<'a> {
    /// The file, relative to the model's folder.
    pub file: &'a str,
    /// The line of the first character.
    pub line: usize,
    /// Its column.
    pub column: usize,
    /// The line of the place after the last character.
    pub end_line: usize,
    /// Its column.
    pub end_column: usize,
}

/// All places of a text.
#[derive(Debug)]
pub struct Positions<'a> {
    document: &'a Document,
    /// For each file the first byte of each line, counted when it is first needed.
    starts: Vec<OnceCell<Vec<usize>>>,
}

impl<'a> Positions<'a> {
    /// The places of a text.
    pub fn new(document: &'a Document) -> Self {
        Self { document, starts: vec![OnceCell::new(); document.files.len()] }
    }

    /// The place of a span.
    pub fn of(&self, span: Span) -> Position<'a> {
        let (line, column) = self.position(span.file, span.start as usize);
        let (end_line, end_column) = self.position(span.file, span.end as usize);
        Position { file: self.path(span.file), line, column, end_line, end_column }
    }

    /// The text of a file.
    pub fn text(&self, file: FileId) -> &'a str {
        self.document.files.get(file.at()).map_or("", |file| file.text.as_str())
    }

    /// The path of a file, relative to the model's folder.
    pub fn path(&self, file: FileId) -> &'a str {
        self.document.files.get(file.at()).map_or("", |file| file.path.as_str())
    }

    /// The first byte of the line that holds a byte, and the line's number.
    pub fn line_of(&self, file: FileId, byte: usize) -> (usize, usize) {
        let starts = self.lines(file);
        let line = starts.partition_point(|start| *start <= byte).max(1);
        (starts.get(line - 1).copied().unwrap_or(0), line)
    }

    fn position(&self, file: FileId, byte: usize) -> (usize, usize) {
        let text = self.text(file);
        let byte = boundary(text, byte);
        let (start, line) = self.line_of(file, byte);
        (line, text[start..byte].chars().count() + 1)
    }

    fn lines(&self, file: FileId) -> &[usize] {
        let Some(cell) = self.starts.get(file.at()) else { return &[] };
        cell.get_or_init(|| {
            let ends = self.text(file).match_indices('\n').map(|(at, _)| at + 1);
            std::iter::once(0).chain(ends).collect()
        })
    }
}

/// The nearest start of a character at or before a byte, within the text.
pub fn boundary(text: &str, byte: usize) -> usize {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    byte
}

#[cfg(test)]
mod tests {
    use keiretsu_model::{MemoryFiles, Options, open};

    use super::*;

    #[test]
    fn columns_count_characters() {
        let files = MemoryFiles::root("a = \"€\" # b\nb = 1\n");
        let opened = open(&files, "keiretsu.toml", &Options::new(&[]));
        let places = Positions::new(&opened.model.document);
        let file = FileId(0);
        let of = |start, end| {
            let place = places.of(Span::new(file, start, end));
            (place.line, place.column, place.end_line, place.end_column)
        };
        assert_eq!(of(0, 1), (1, 1, 1, 2));
        assert_eq!(of(5, 8), (1, 6, 1, 7), "the euro sign has three bytes");
        assert_eq!(of(6, 8), (1, 6, 1, 7), "inside a character counts as its start");
        assert_eq!(of(14, 15), (2, 1, 2, 2));
        assert_eq!(of(99, 99), (3, 1, 3, 1), "beyond the end is the end");
    }
}
