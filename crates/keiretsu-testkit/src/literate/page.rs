//! Turns the text of a page into files to write and commands to run, with their lines; and back, with other
//! outputs.
//!
//! ```
//! use keiretsu_testkit::literate::page::Page;
//! let page = Page::of_markdown("a.md", "```console\n$ keiretsu check\nfine\n```\n");
//! assert!(page.runs_anything());
//! ```
//!
//! Invariant: a page with unchanged outputs writes back to the same bytes.
//! Absent: Markdown beyond fenced blocks that start at the margin.

use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Component, Path};

use crate::tidy::Finding;

/// A page of the manual.
#[derive(Clone)]
pub struct Page {
    /// Path of the file that holds it.
    pub path: String,
    /// Its lines, without the margin.
    pub lines: Vec<String>,
    /// What is to be done, in order.
    pub blocks: Vec<Block>,
    /// What cannot be read.
    pub faults: Vec<Finding>,
    /// What stands before each line in the file: nothing, or `//!` in a module doc.
    margin: &'static str,
}

/// A fenced block that does something.
#[derive(Clone)]
pub enum Block {
    /// Writes a file, or several of the same text.
    File(FileBlock),
    /// Runs commands.
    Console(Vec<Step>),
}

/// A fenced block that is a file.
#[derive(Clone)]
pub struct FileBlock {
    /// Path inside the page's folder; with `{n}` in it, there is one file for each repetition, in whose text
    /// `{n}` stands for the number too.
    pub path: String,
    /// The text of the block.
    pub text: String,
    /// How often the text is written.
    pub repeat: usize,
    /// Whether the text is bytes in hexadecimal.
    pub is_hex: bool,
    /// Line of the fence, from 1.
    pub line: usize,
}

impl FileBlock {
    /// What to write, by path. Large files exist only here, never on the page.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        if self.path.contains("{n}") {
            let numbered = |text: &str, n: usize| text.replace("{n}", &n.to_string());
            let file = |n: usize| (numbered(&self.path, n), numbered(&self.text, n).into_bytes());
            return (1..=self.repeat).map(file).collect();
        }
        let bytes = if self.is_hex { hex(&self.text) } else { self.text.clone().into_bytes() };
        vec![(self.path.clone(), bytes.repeat(self.repeat))]
    }
}

/// A command and what the page says that it prints.
#[derive(Clone)]
pub struct Step {
    /// Line of the command, from 1.
    pub line: usize,
    /// The command, split.
    pub words: Vec<String>,
    /// The lines it prints, the exit status last.
    pub expected: Vec<String>,
    /// Where they stand in the page's lines.
    range: Range<usize>,
}

impl Page {
    /// Reads a Markdown file.
    pub fn of_markdown(path: &str, text: &str) -> Page {
        Page::new(path, text.lines().map(str::to_string).collect(), "")
    }

    /// Reads the module doc at the top of a Rust file.
    pub fn of_module_doc(path: &str, text: &str) -> Page {
        let doc = text.lines().map_while(|line| line.strip_prefix("//!"));
        Page::new(path, doc.map(|line| line.strip_prefix(' ').unwrap_or(line).to_string()).collect(), "//!")
    }

    /// Whether there is a command on the page.
    pub fn runs_anything(&self) -> bool {
        self.steps().next().is_some()
    }

    /// Every command.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.blocks.iter().flat_map(|block| match block {
            Block::Console(steps) => steps.as_slice(),
            Block::File(_) => &[],
        })
    }

    /// Whether some line holds this text.
    pub fn mentions(&self, text: &str) -> bool {
        self.lines.iter().any(|line| line.contains(text))
    }

    /// The page with other outputs for some steps.
    #[must_use]
    pub fn with_outputs(&self, outputs: &[(&Step, Vec<String>)]) -> Page {
        let mut lines = self.lines.clone();
        let mut by_place: Vec<_> = outputs.iter().collect();
        by_place.sort_by_key(|(step, _)| std::cmp::Reverse(step.range.start));
        for (step, output) in by_place {
            lines.splice(step.range.clone(), output.iter().cloned());
        }
        Page::new(&self.path, lines, self.margin)
    }

    /// Writes the page into its file; a module doc over the old one.
    pub fn write_over(&self, root: &Path) -> io::Result<()> {
        let path = root.join(&self.path);
        let rest = if self.margin.is_empty() {
            String::new()
        } else {
            after_module_doc(&fs::read_to_string(&path)?)
        };
        let space = if self.margin.is_empty() { "" } else { " " };
        let line = |line: &String| format!("{}\n", format!("{}{space}{line}", self.margin).trim_end());
        fs::write(path, self.lines.iter().map(line).collect::<String>() + &rest)
    }

    fn new(path: &str, lines: Vec<String>, margin: &'static str) -> Page {
        let mut page = Page { path: path.to_string(), lines, blocks: Vec::new(), faults: Vec::new(), margin };
        let mut at = 0;
        while at < page.lines.len() {
            let fence = fence(&page.lines[at]);
            let end = match fence {
                0 => at,
                _ => page.lines[at + 1..]
                    .iter()
                    .position(|line| closes(line, fence))
                    .map_or(page.lines.len(), |n| at + 1 + n),
            };
            if 0 < fence {
                page.read_block(at, end, fence);
            } else if page.lines[at].trim_start().starts_with("```console") {
                page.fault(at, "indented block, which is not run", "start the fence at the margin");
            }
            at = end + 1;
        }
        page
    }

    /// Reads the fenced block between two lines.
    fn read_block(&mut self, open: usize, close: usize, fence: usize) {
        if close == self.lines.len() {
            self.fault(open, "block without an end", "close the fence");
            return;
        }
        let info = self.lines[open][fence..].trim().to_string();
        if let Some(path) = file_of(&info, &self.lines[open + 1]).map(str::to_string) {
            if is_inside(&path) {
                let text: String =
                    self.lines[open + 1..close].iter().flat_map(|line| [line.as_str(), "\n"]).collect();
                let is_hex = info.starts_with("hex ");
                let number = |word: &str| word.strip_prefix("repeat=")?.parse().ok();
                let repeat = info.split(' ').find_map(number).unwrap_or(1);
                self.blocks.push(Block::File(FileBlock { path, text, repeat, is_hex, line: open + 1 }));
            } else {
                self.fault(open, "file outside the page's folder", "give a relative path without `..`");
            }
        } else if info == "console" {
            self.read_console(open + 1, close);
        }
    }

    /// Reads the commands between two lines.
    fn read_console(&mut self, start: usize, end: usize) {
        let prompts: Vec<usize> = (start..end).filter(|&at| self.lines[at].starts_with("$ ")).collect();
        if prompts.first() != Some(&start) {
            self.fault(start - 1, "block that does not open with a command", "write `$ keiretsu ...` first");
        }
        let mut steps = Vec::new();
        for (index, &prompt) in prompts.iter().enumerate() {
            let next = prompts.get(index + 1).copied().unwrap_or(end);
            let is_blank = |line: &&String| line.trim().is_empty();
            let blank = self.lines[prompt + 1..next].iter().rev().take_while(is_blank).count();
            let range = prompt + 1..next - blank;
            let expected = self.lines[range.clone()].iter().map(|line| line.trim_end().to_string()).collect();
            match split(&self.lines[prompt][2..]) {
                Some(words) => steps.push(Step { line: prompt + 1, words, expected, range }),
                None => {
                    self.fault(prompt, "no command, or a quote without its end", "write it as for a shell");
                }
            }
        }
        self.blocks.push(Block::Console(steps));
    }

    fn fault(&mut self, index: usize, what: &str, cure: &str) {
        self.faults.push(Finding::new(&self.path, index + 1, what, cure));
    }
}

/// The file that a block writes: named in its info string, or in a comment on the first line of a `toml` or
/// `csv` block, since rustdoc takes `=` in the info string of a module doc amiss.
fn file_of<'a>(info: &'a str, first: &'a str) -> Option<&'a str> {
    let named = info.split(' ').find_map(|word| word.strip_prefix("file="));
    let commented = || first.strip_prefix("# file: ").map(str::trim);
    named.or_else(|| if matches!(info, "toml" | "csv") { commented() } else { None })
}

/// Bytes from pairs of hexadecimal digits; anything else stands between them.
fn hex(text: &str) -> Vec<u8> {
    text.split_whitespace().filter_map(|pair| u8::from_str_radix(pair, 16).ok()).collect()
}

/// The text behind the module doc.
fn after_module_doc(text: &str) -> String {
    text.split_inclusive('\n').skip_while(|line| line.starts_with("//!")).collect()
}

/// Backticks of the fence that the line opens; 0 if it opens none.
fn fence(line: &str) -> usize {
    let ticks = line.bytes().take_while(|&byte| byte == b'`').count();
    if 3 <= ticks && !line[ticks..].contains('`') { ticks } else { 0 }
}

fn closes(line: &str, fence: usize) -> bool {
    let line = line.trim_end();
    fence <= line.len() && line.bytes().all(|byte| byte == b'`')
}

/// Whether a path stays inside the folder that it is joined to.
pub(crate) fn is_inside(path: &str) -> bool {
    let mut parts = Path::new(path).components();
    !path.is_empty() && parts.all(|part| matches!(part, Component::Normal(_)))
}

/// The words of a command, as a shell without variables and escapes would split them.
fn split(command: &str) -> Option<Vec<String>> {
    let mut words: Vec<String> = Vec::new();
    let mut quote = None;
    let mut in_word = false;
    for letter in command.trim_end().chars() {
        let starts_word = !in_word && (quote.is_some() || letter != ' ');
        if starts_word {
            words.push(String::new());
            in_word = true;
        }
        match (quote, letter) {
            (None, ' ') => in_word = false,
            (None, '\'' | '"') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            _ => words.last_mut().expect("a word was started").push(letter),
        }
    }
    (quote.is_none() && !words.is_empty()).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<String> {
        let page = Page::of_markdown("p.md", text);
        page.faults.iter().map(|fault| format!("{}: {}", fault.line, fault.what)).collect()
    }

    #[test]
    fn words_are_split_as_in_a_shell() {
        let check = |command, words: &[&str]| assert_eq!(split(command).unwrap(), words);
        check(
            "keiretsu explain . 'moic(a in b)' --by \"year\"",
            &["keiretsu", "explain", ".", "moic(a in b)", "--by", "year"],
        );
        check("a  b='c d'e ''  ", &["a", "b=c de", ""]);
        assert_eq!(split("a 'b"), None);
        assert_eq!(split(""), None);
    }

    #[test]
    fn steps_know_what_they_print() {
        let page =
            Page::of_markdown("p.md", "```console\n$ keiretsu a\nx  \n\ny\n\n$ keiretsu b\n? 2\n```\n");
        let steps: Vec<_> = page.steps().map(|step| (step.line, step.expected.join("|"))).collect();
        assert_eq!(steps, [(2, "x||y".to_string()), (7, "? 2".to_string())]);
    }

    #[test]
    fn other_blocks_do_nothing() {
        let page = "```sh\n$ rm\n```\n````text\n```console\n$ keiretsu\n```\n````\n`code`\n";
        assert!(!Page::of_markdown("p.md", page).runs_anything());
        assert_eq!(faults(page), Vec::<String>::new());
    }

    #[test]
    fn what_cannot_be_read_is_found() {
        assert_eq!(faults("a\n```console\n$ keiretsu\n"), ["2: block without an end"]);
        assert_eq!(faults("```console\nx\n```\n"), ["1: block that does not open with a command"]);
        assert_eq!(faults("```console\n$ a 'b\n```\n"), ["2: no command, or a quote without its end"]);
        assert_eq!(faults("- a\n  ```console\n  $ a\n  ```\n"), ["2: indented block, which is not run"]);
    }

    #[test]
    fn files_stay_inside() {
        let outside = ["1: file outside the page's folder"];
        assert_eq!(faults("```toml file=../a.toml\n```\n"), outside);
        assert_eq!(faults("```toml file=/a.toml\n```\n"), outside);
        assert_eq!(faults("```toml file=a/b.toml\n```\n"), Vec::<String>::new());
    }

    #[test]
    fn a_comment_names_the_file_of_a_toml_block() {
        let written = |text: &str| -> Vec<(String, String)> {
            let files = Page::of_markdown("p.md", text).blocks.into_iter().filter_map(|block| match block {
                Block::File(file) => Some((file.path, file.text)),
                Block::Console(_) => None,
            });
            files.collect()
        };
        let page = "```toml\n# file: m/a.toml\nx = 1\n```\n";
        assert_eq!(written(page), [("m/a.toml".to_string(), "# file: m/a.toml\nx = 1\n".to_string())]);
        assert_eq!(
            written("```sh\n# file: a.sh\n```\n```toml\nx = 1\n# file: a.toml\n```\n```toml\n```\n"),
            []
        );
        assert_eq!(faults("```toml\n# file: ../a.toml\n```\n"), ["1: file outside the page's folder"]);
    }

    #[test]
    fn a_file_may_be_repeated_or_bytes() {
        let files = |text: &str| match &Page::of_markdown("p.md", text).blocks[0] {
            Block::File(file) => file.files(),
            Block::Console(_) => vec![],
        };
        let named = |path: &str, bytes: &[u8]| (path.to_string(), bytes.to_vec());
        assert_eq!(files("```text file=a repeat=3\nx\n```\n"), [named("a", b"x\nx\nx\n")]);
        assert_eq!(files("```text file=a{n} repeat=2\nx\n```\n"), [named("a1", b"x\n"), named("a2", b"x\n")]);
        assert_eq!(files("```text file=a{n} repeat=1\nx{n}\n```\n"), [named("a1", b"x1\n")]);
        assert_eq!(files("```hex file=a\n61 e9\n```\n"), [named("a", &[0x61, 0xE9])]);
    }

    #[test]
    fn a_module_doc_is_a_page_and_is_written_back() {
        let root = crate::literate::TemporaryFolder::new().unwrap();
        let text = "//! A.\n//!\n//! ```console\n//! $ keiretsu a\n//! x\n//! ```\n\npub struct A;\n";
        fs::write(root.path.join("a.rs"), text).unwrap();
        let page = Page::of_module_doc("a.rs", text);
        let step = page.steps().next().unwrap();
        assert_eq!((step.line, step.expected[0].as_str()), (4, "x"));
        page.with_outputs(&[(step, vec!["y".into(), String::new(), "z".into()])])
            .write_over(&root.path)
            .unwrap();
        let written = fs::read_to_string(root.path.join("a.rs")).unwrap();
        assert_eq!(written, text.replace("//! x\n", "//! y\n//!\n//! z\n"));
    }
}
