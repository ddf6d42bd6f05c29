//! A line of words to lines of at most a width.

use crate::visible;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns of the terminal that a text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The text on one line: runs of white space become one space, and a hidden character is printed as its
/// number, so that no model can move the cursor, break a row or turn its words around.
pub fn one_line(text: &str) -> String {
    visible(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The lines of a text broken at spaces, the second and later ones indented by `hang`. A word that is wider
/// than a line is broken behind its points, strokes and slashes, as ids have them, and elsewhere only where a
/// piece is wider than a line.
pub fn wrap(text: &str, most: usize, hang: usize) -> Vec<String> {
    if width(text) <= most {
        return vec![text.to_owned()];
    }
    let hang = hang.min(most / 2);
    let mut lines = Lines { done: Vec::new(), line: String::new(), bare: true, most, hang };
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let gap = usize::from(!lines.bare);
        let fits = width(&lines.line) + gap + width(word) <= most;
        if !fits && !lines.bare {
            lines.next();
        }
        if !lines.bare {
            lines.line.push(' ');
        }
        for piece in pieces(word) {
            lines.put(piece);
        }
    }
    lines.done.push(lines.line);
    lines.done
}

struct Lines {
    done: Vec<String>,
    line: String,
    /// Whether nothing but its indent is in the line.
    bare: bool,
    most: usize,
    hang: usize,
}

impl Lines {
    fn next(&mut self) {
        self.done.push(std::mem::replace(&mut self.line, " ".repeat(self.hang)));
        self.bare = true;
    }

    /// Puts a piece of a word behind the one before it, on the next line where there is no room.
    fn put(&mut self, piece: &str) {
        if !self.bare && self.most < width(&self.line) + width(piece) {
            self.next();
        }
        for c in piece.chars() {
            if !self.bare && self.most < width(&self.line) + c.width().unwrap_or(0) {
                self.next();
            }
            self.line.push(c);
            self.bare = false;
        }
    }
}

/// A word in the pieces between which it may be broken; each keeps the sign at its end.
fn pieces(word: &str) -> impl Iterator<Item = &str> {
    word.split_inclusive(['.', '-', '/', '_'])
}

/// The width of the widest word.
pub fn longest_word(text: &str) -> usize {
    text.split(' ').map(width).max().unwrap_or(0)
}

/// The width of the widest piece of a word.
pub fn longest_piece(text: &str) -> usize {
    text.split(' ').flat_map(pieces).map(width).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_spaces_and_hang() {
        assert_eq!(wrap("payments are undated", 12, 2), ["payments are", "  undated"]);
        assert_eq!(wrap("payments are undated", 11, 2), ["payments", "  are", "  undated"]);
        assert_eq!(wrap("", 10, 2), [""]);
    }

    #[test]
    fn only_a_word_wider_than_a_line_is_broken() {
        assert_eq!(wrap("a transsubstantiation b", 10, 2), ["a", "  transsub", "  stantiat", "  ion b"]);
        assert_eq!(wrap("日本の系列", 4, 0), ["日本", "の系", "列"]);
    }

    #[test]
    fn ids_are_broken_behind_their_points_and_strokes() {
        let id = "amazon-in-anthropic.conditional";
        assert_eq!(wrap(id, 20, 2), ["amazon-in-anthropic.", "  conditional"]);
        assert_eq!(wrap(id, 13, 2), ["amazon-in-", "  anthropic.", "  conditional"]);
        assert_eq!(wrap("of amazon-in-openai", 16, 2), ["of", "  amazon-in-", "  openai"]);
    }

    #[test]
    fn control_characters_do_not_pass() {
        assert_eq!(one_line("a\u{1b}[31m\r\n b"), "a<U+001B>[31m b");
    }
}
