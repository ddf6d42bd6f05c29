//! Turns files into findings about words that must not land: unfinished work, switched-off tests, one
//! machine's paths.
//!
//! ```
//! use keiretsu_testkit::tidy::{Workspace, words};
//! let workspace = Workspace::of(&[("crates/a/src/lib.rs", "//! A.\nfn fee() { todo!() }\n")]);
//! assert_eq!(words::banned(&workspace)[0].line, 2);
//! ```
//!
//! Absent: words in strings of Rust code and in Markdown, where they may be spoken about.

use super::source::Source;
use super::{Finding, Workspace, find_word, has_extension};

/// Marks of unfinished work, in code and in comments.
const UNFINISHED: [(&str, &str); 3] = [
    ("TODO", "do it, or file an issue and write its number behind: TODO(#12)"),
    ("FIXME", "fix it, or file an issue and write TODO(#12)"),
    ("XXX", "say in words what is wrong, and fix it"),
];

/// What code must not say.
const BANNED: [(&str, &str); 5] = [
    ("todo!", "write it; what is not offered yet is a diagnostic, not a panic"),
    ("unimplemented!", "write it; what is not offered yet is a diagnostic, not a panic"),
    ("#[ignore", "make the test fast and reliable, or delete it"),
    (
        "should_panic",
        "test the value that is refused, or move the check into a constructor that returns Result",
    ),
    ("mod prelude", "import each name from where it lives"),
];

/// Words that must not land.
pub fn banned(workspace: &Workspace) -> Vec<Finding> {
    let mut found = Vec::new();
    for source in workspace.rust() {
        unfinished(&source.path, &source.prose, &mut found);
        for (index, line) in source.code.lines().enumerate() {
            let hits = BANNED.iter().filter(|(word, _)| line.contains(word));
            found.extend(
                hits.map(|(word, cure)| Finding::new(&source.path, index + 1, format!("`{word}`"), *cure)),
            );
        }
        for (index, line) in source.text.lines().enumerate().filter(|(_, line)| skips_doc_test(line)) {
            let what = format!("example that does not run: `{}`", line.trim());
            let cure = "make it run, or mark it `text` if it is no Rust";
            found.push(Finding::new(&source.path, index + 1, what, cure));
        }
    }
    let scripts = |path: &str| ["sh", "py", "ts", "js", "svelte"].iter().any(|ext| has_extension(path, ext));
    for (path, text) in workspace.files().filter(|(path, _)| scripts(path) && !path.contains("/dist/")) {
        unfinished(path, text, &mut found);
    }
    found
}

/// Files whose name says nothing: `utils.rs`, `prelude.rs`, and `mod.rs` with code in it.
pub fn file_names(workspace: &Workspace) -> Vec<Finding> {
    let mut found = Vec::new();
    for source in workspace.rust().filter(Source::is_src) {
        let name = source.path.rsplit('/').next().unwrap_or_default();
        let line_of_code = || source.shipped().find(|(_, line)| is_more_than_a_list(line)).map(|(at, _)| at);
        let cure = "name the file as the one idea in it";
        if ["utils.rs", "util.rs", "helpers.rs", "misc.rs", "common.rs", "prelude.rs"].contains(&name) {
            found.push(Finding::new(&source.path, 1, format!("file name `{name}` says nothing"), cure));
        } else if let Some(line) = (name == "mod.rs").then(line_of_code).flatten() {
            found.push(Finding::new(&source.path, line, "code in `mod.rs`", cure));
        }
    }
    found
}

/// Absolute paths of one machine, in any text file.
pub fn machine_paths(workspace: &Workspace) -> Vec<Finding> {
    // Put together here, so that this file does not hold what it looks for.
    let paths = ["work", "root", "home"].map(|folder| format!("/{folder}/"));
    let mut found = Vec::new();
    for (path, text) in workspace.files().filter(|(path, _)| !path.contains("/dist/")) {
        for (index, line) in text.lines().enumerate() {
            let hits = paths.iter().filter(|wanted| has_absolute(line, wanted));
            found.extend(hits.map(|hit| {
                let what = format!("absolute path `{hit}...` of one machine");
                Finding::new(path, index + 1, what, "write it relative to the repository or to a variable")
            }));
        }
    }
    found
}

fn unfinished(path: &str, prose: &str, found: &mut Vec<Finding>) {
    for (index, line) in prose.lines().enumerate() {
        let hits = UNFINISHED.iter().filter(|(word, _)| {
            find_word(line, word).is_some_and(|at| *word != "TODO" || !has_issue(&line[at + word.len()..]))
        });
        found.extend(hits.map(|(word, cure)| Finding::new(path, index + 1, format!("`{word}`"), *cure)));
    }
}

/// Whether an issue number follows at once: `(#12)`, ` #12`.
fn has_issue(after: &str) -> bool {
    let number = after.trim_start_matches(['(', ' ']).strip_prefix('#');
    number.is_some_and(|number| number.starts_with(|c: char| c.is_ascii_digit()))
}

/// Whether the line opens an example in a doc comment that rustdoc would not run.
fn skips_doc_test(line: &str) -> bool {
    let doc = line.trim_start();
    let fence = doc.strip_prefix("//!").or_else(|| doc.strip_prefix("///"));
    let info = fence.and_then(|doc| doc.trim_start().strip_prefix("```"));
    info.is_some_and(|info| info.split([',', ' ']).any(|word| word == "ignore" || word == "should_panic"))
}

/// Whether a line of `mod.rs` is more than a list of modules and names.
fn is_more_than_a_list(line: &str) -> bool {
    let words = line.trim();
    let lists = ["mod ", "pub mod ", "pub(crate) mod ", "use ", "pub use ", "pub(crate) use ", "#", "}"];
    let is_name_in_list = words.ends_with(',') || words.ends_with("};");
    !words.is_empty() && !is_name_in_list && !lists.iter().any(|list| words.starts_with(list))
}

/// Whether the path stands in the line from the root, not as the middle of a longer one.
fn has_absolute(line: &str, path: &str) -> bool {
    let continues = |c: char| c.is_alphanumeric() || ".-_~})]>*$".contains(c);
    let mut places = line.match_indices(path);
    places.any(|(at, _)| !line[..at].chars().next_back().is_some_and(continues))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rule: fn(&Workspace) -> Vec<Finding>, path: &str, text: &str, expected: &[(usize, &str)]) {
        let found = rule(&Workspace::of(&[(path, text)]));
        let found: Vec<(usize, &str)> = found.iter().map(|one| (one.line, one.what.as_str())).collect();
        assert_eq!(found, expected, "{text}");
    }

    fn check_rust(text: &str, expected: &[(usize, &str)]) {
        check(banned, "crates/a/src/a.rs", text, expected);
    }

    #[test]
    fn unfinished_work_is_found() {
        check_rust("// TODO later\n", &[(1, "`TODO`")]);
        check_rust("a();\n// FIXME\n/* XXX */\n", &[(2, "`FIXME`"), (3, "`XXX`")]);
        check_rust("todo!()\nunimplemented!()\n", &[(1, "`todo!`"), (2, "`unimplemented!`")]);
        check(banned, "web/a.ts", "// FIXME\n", &[(1, "`FIXME`")]);
    }

    #[test]
    fn an_issue_number_makes_a_reminder_fine() {
        check_rust("// TODO(#12) later\n// TODO #3: sooner\n", &[]);
    }

    #[test]
    fn words_in_strings_and_names_are_fine() {
        check_rust("f(\"TODO\"); let methodtodo = 1; // the XXXL size\n", &[]);
    }

    #[test]
    fn tests_cannot_be_switched_off() {
        check_rust("#[ignore = \"slow\"]\n#[should_panic]\n", &[(1, "`#[ignore`"), (2, "`should_panic`")]);
        check_rust("/// ```ignore\n/// ```text\n", &[(1, "example that does not run: `/// ```ignore`")]);
    }

    #[test]
    fn file_names_say_something() {
        check(file_names, "crates/a/src/utils.rs", "//! A.\n", &[(1, "file name `utils.rs` says nothing")]);
        check(file_names, "crates/a/src/b/mod.rs", "//! B.\npub mod c;\npub use c::{\n    D,\n};\n", &[]);
        check(file_names, "crates/a/src/b/mod.rs", "//! B.\nfn c() {}\n", &[(2, "code in `mod.rs`")]);
    }

    #[test]
    fn paths_of_a_machine_are_found() {
        let [work, home] = ["work", "home"].map(|folder| format!("/{folder}/"));
        let what = format!("absolute path `{home}...` of one machine");
        check(machine_paths, "a.md", &format!("see {home}ann/x\n"), &[(1, &what)]);
        check(machine_paths, "a.md", &format!("file://{home}ann\n"), &[(1, &what)]);
        check(machine_paths, "a.md", &format!("https://a.org{home}x ..{work}y $X{work}\n"), &[]);
    }
}
