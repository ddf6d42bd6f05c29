//! Turns the text of a Rust file into its code, its comments and its strings, without parsing Rust.
//!
//! ```
//! use keiretsu_testkit::tidy::source::Source;
//! let source = Source::new("a.rs", "let a = \"fn b() {}\"; // fn c() {}\n");
//! assert_eq!(source.code.trim_end(), "let a = \"         \";");
//! ```
//!
//! Invariant: `code` and `prose` have the bytes of the text, in place, with the rest blanked, so a byte or
//! a line of one is the same byte or line of the others.
//! Absent: macros and conditional compilation other than `cfg(test)`. Text as written is what the rules are
//! about.

use std::ops::Range;

/// A scanned Rust file.
pub struct Source {
    /// Path from the root of the repository.
    pub path: String,
    /// The file as it is.
    pub text: String,
    /// The code: comments and the insides of strings blanked.
    pub code: String,
    /// Code and comments: the insides of strings blanked.
    pub prose: String,
    /// The insides of strings, in order.
    pub strings: Vec<Literal>,
    /// For each line, whether only tests compile it.
    pub in_test: Vec<bool>,
    /// For each line, whether it holds part of a raw string.
    pub in_raw: Vec<bool>,
}

/// The inside of one string.
pub struct Literal {
    /// Line where it opens, from 1.
    pub line: usize,
    /// As written, escapes and all.
    pub text: String,
}

/// What a byte belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Code,
    Comment,
    Text,
    RawText,
}

impl Source {
    /// Scans a file.
    pub fn new(path: &str, text: &str) -> Source {
        let (classes, insides) = classify(text.as_bytes());
        let code = keep(text, &classes, |class| class == Class::Code);
        let starts = line_starts(text);
        let of_line = |at: usize| starts.partition_point(|&start| start <= at);
        let literal = |inside: &Range<usize>| Literal {
            line: of_line(inside.start),
            text: text[inside.clone()].to_string(),
        };
        let mut in_raw = vec![false; starts.len()];
        for inside in insides.iter().filter(|inside| classes.get(inside.start) == Some(&Class::RawText)) {
            in_raw[of_line(inside.start) - 1..of_line(inside.end)].fill(true);
        }
        let mut in_test = vec![is_test_path(path) || code.contains("#![cfg(test)]"); starts.len()];
        for range in test_ranges(&code) {
            in_test[of_line(range.start) - 1..of_line(range.end)].fill(true);
        }
        Source {
            path: path.to_string(),
            text: text.to_string(),
            prose: keep(text, &classes, |class| class == Class::Code || class == Class::Comment),
            strings: insides.iter().map(literal).collect(),
            code,
            in_test,
            in_raw,
        }
    }

    /// Lines of code that ships: number (from 1) and code, without those that only tests compile.
    pub fn shipped(&self) -> impl Iterator<Item = (usize, &str)> {
        let numbered = self.code.lines().enumerate();
        numbered.filter(|(index, _)| !self.in_test[*index]).map(|(index, line)| (index + 1, line))
    }

    /// Strings of code that ships.
    pub fn shipped_strings(&self) -> impl Iterator<Item = &Literal> {
        self.strings.iter().filter(|literal| !self.in_test[literal.line - 1])
    }

    /// The crate that the file belongs to.
    pub fn crate_name(&self) -> Option<&str> {
        self.path.strip_prefix("crates/")?.split('/').next()
    }

    /// Whether the file is part of its crate's `src` folder.
    pub fn is_src(&self) -> bool {
        self.path.split('/').nth(2) == Some("src")
    }
}

/// Whether the path alone says that only tests compile the file.
fn is_test_path(path: &str) -> bool {
    let is_outside_src = |part| part == "tests" || part == "benches";
    path.split('/').any(is_outside_src) || path.ends_with("/tests.rs")
}

/// Byte where each line starts.
fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect()
}

/// The text with every byte blanked whose class is not wanted; line ends stay.
fn keep(text: &str, classes: &[Class], wanted: impl Fn(Class) -> bool) -> String {
    let blank = |(byte, class): (u8, &Class)| if byte == b'\n' || wanted(*class) { byte } else { b' ' };
    let bytes: Vec<u8> = text.bytes().zip(classes).map(blank).collect();
    String::from_utf8(bytes).expect("classes change between characters only")
}

/// The class of each byte, and the ranges of the insides of strings.
fn classify(text: &[u8]) -> (Vec<Class>, Vec<Range<usize>>) {
    let mut classes = vec![Class::Code; text.len()];
    let mut insides = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let starts_word = at == 0 || !is_word(text[at - 1]);
        if rest.starts_with(b"//") || rest.starts_with(b"/*") {
            let end = at + comment_length(rest);
            classes[at..end].fill(Class::Comment);
            at = end;
        } else if let Some((open, inside, close)) = raw_string(rest).filter(|_| starts_word) {
            let range = at + open..at + open + inside;
            classes[range.clone()].fill(Class::RawText);
            at = range.end + close;
            insides.push(range);
        } else if rest[0] == b'"' {
            let range = at + 1..at + 1 + quoted_length(&rest[1..], b'"');
            classes[range.clone()].fill(Class::Text);
            at = range.end + 1;
            insides.push(range);
        } else if let Some(inside) = character(rest) {
            classes[at + 1..at + 1 + inside].fill(Class::Text);
            at += inside + 2;
        } else {
            at += 1;
        }
    }
    (classes, insides)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Bytes of the comment that opens here; block comments nest.
fn comment_length(rest: &[u8]) -> usize {
    if rest.starts_with(b"//") {
        return rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
    }
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        if rest[at..].starts_with(b"/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if rest[at..].starts_with(b"*/") {
            (depth, at) = (depth - 1, at + 2);
        } else {
            at += 1;
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// Bytes of the opening, the inside and the closing of a raw string that opens here.
fn raw_string(rest: &[u8]) -> Option<(usize, usize, usize)> {
    let prefix = rest.iter().take(2).take_while(|&&byte| byte == b'b' || byte == b'c').count();
    if rest.get(prefix) != Some(&b'r') {
        return None;
    }
    let hashes = rest[prefix + 1..].iter().take_while(|&&byte| byte == b'#').count();
    let open = prefix + 1 + hashes + 1;
    if rest.get(open - 1) != Some(&b'"') {
        return None;
    }
    let close = [b"\"".as_slice(), &vec![b'#'; hashes]].concat();
    let body = &rest[open..];
    let inside = body.windows(close.len()).position(|window| window == close).unwrap_or(body.len());
    Some((open, inside, close.len()))
}

/// Bytes up to the closing quote, over escapes.
fn quoted_length(inside: &[u8], quote: u8) -> usize {
    let mut at = 0;
    while at < inside.len() && inside[at] != quote {
        at += if inside[at] == b'\\' { 2 } else { 1 };
    }
    at.min(inside.len())
}

/// Bytes inside the character literal that opens here; none for a lifetime.
fn character(rest: &[u8]) -> Option<usize> {
    if rest[0] != b'\'' || rest.len() < 3 {
        return None;
    }
    if rest[1] == b'\\' {
        return Some(2 + quoted_length(&rest[3..], b'\''));
    }
    let width = rest[2..].iter().take_while(|&&byte| byte & 0xC0 == 0x80).count() + 1;
    (rest.get(1 + width) == Some(&b'\'')).then_some(width)
}

/// Byte ranges of items marked `#[cfg(test)]`, from the mark to the end of the item.
fn test_ranges(code: &str) -> Vec<Range<usize>> {
    let marks = ["#[cfg(test)]", "#[cfg(all(test,"];
    let starts = marks.iter().flat_map(|mark| code.match_indices(mark).map(|(at, _)| at));
    starts.map(|start| start..item_end(code, start).unwrap_or(code.len() - 1)).collect()
}

/// The byte that ends the item: its closing brace, or its semicolon.
fn item_end(code: &str, start: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in code.bytes().enumerate().skip(start) {
        match byte {
            b'{' | b'(' | b'[' => depth += 1,
            b'}' if depth <= 1 => return Some(at),
            b'}' | b')' | b']' => depth = depth.saturating_sub(1),
            b';' if depth == 0 => return Some(at),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_code(text: &str, code: &str) {
        assert_eq!(Source::new("crates/a/src/a.rs", text).code.trim_end(), code);
    }

    #[test]
    fn strings_and_comments_are_blanked() {
        check_code(r#"f("a // b", 'x'); // "c""#, r#"f("      ", ' ');"#);
        check_code(r#"f("a \" b", '"', '\'', b'\\');"#, r#"f("      ", ' ', '  ', b'  ');"#);
        check_code("/* a /* b */ c */ d()", "                  d()");
        check_code("f(r#\"a \" b\"#, br\"c\\\")", "f(r#\"     \"#, br\"  \")");
    }

    #[test]
    fn lifetimes_are_code() {
        check_code("fn f<'a>(x: &'a str, y: 'static) {}", "fn f<'a>(x: &'a str, y: 'static) {}");
        check_code("let s = 'é'; let r = \"…\";", "let s = '  '; let r = \"   \";");
    }

    #[test]
    fn strings_know_their_lines() {
        let source = Source::new("a.rs", "a(\n\"one\",\nr\"two\nthree\")\n");
        let found: Vec<(usize, &str)> = source.strings.iter().map(|s| (s.line, s.text.as_str())).collect();
        assert_eq!(found, [(2, "one"), (3, "two\nthree")]);
        assert_eq!(source.in_raw[..4], [false, false, true, true]);
    }

    #[test]
    fn test_modules_are_not_shipped() {
        let source = Source::new("a.rs", "a();\n#[cfg(test)]\nmod tests {\n  b();\n}\nc();\n");
        let shipped: Vec<usize> = source.shipped().map(|(line, _)| line).collect();
        assert_eq!(shipped, [1, 6]);
        let outside = Source::new("crates/a/tests/b.rs", "a();\n");
        assert_eq!(outside.shipped().count(), 0);
    }
}
