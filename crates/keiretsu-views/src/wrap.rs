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

/// The lines of a text broken at spaces, the second and later ones indented by `hang`. A word is broken only
/// where it is wider than a line.
pub fn wrap(text: &str, most: usize, hang: usize) -> Vec<String> {
    if width(text) <= most {
        return vec![text.to_owned()];
    }
    let hang = hang.min(most / 2);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut bare = true;
    let mut next = |line: &mut String, bare: &mut bool| {
        lines.push(std::mem::replace(line, " ".repeat(hang)));
        *bare = true;
    };
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let gap = usize::from(!bare);
        if !bare && most < width(&line) + gap + width(word) {
            next(&mut line, &mut bare);
        }
        if !bare {
            line.push(' ');
        }
        for c in word.chars() {
            if !bare && most < width(&line) + c.width().unwrap_or(0) {
                next(&mut line, &mut bare);
            }
            line.push(c);
            bare = false;
        }
    }
    lines.push(line);
    lines
}

/// The width of the widest word.
pub fn longest_word(text: &str) -> usize {
    text.split(' ').map(width).max().unwrap_or(0)
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
        assert_eq!(wrap("a microsoft-in-openai b", 10, 2), ["a", "  microsof", "  t-in-ope", "  nai b"]);
        assert_eq!(wrap("日本の系列", 4, 0), ["日本", "の系", "列"]);
    }

    #[test]
    fn control_characters_do_not_pass() {
        assert_eq!(one_line("a\u{1b}[31m\r\n b"), "a<U+001B>[31m b");
    }
}
