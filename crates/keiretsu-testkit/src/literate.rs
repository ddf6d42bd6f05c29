//! Turns the manual into a test: every command on a page of `docs/book` is run, and must print what the
//! page says.
//!
//! A page is Markdown. Three things in it are read, in order, in a temporary folder of the page's own:
//!
//! - a fenced block whose info string has `file=PATH` (such as `text file=data.csv`), or a `toml` block whose
//!   first line is `# file: PATH`, writes that file. `repeat=1000` in the info string writes the text so
//!   often, into as many files where the path has `{n}` in it; a block `hex` holds bytes;
//! - a fenced block `console` holds commands, `$ keiretsu check model`, each followed by exactly what it
//!   prints: standard output, then standard error, then `? 1` if it exits with 1. A line `...` stands for
//!   any lines but the exit status. Space at the end of a line, and empty lines at the end of an output, do
//!   not count;
//! - the word `examples/` anywhere: the repository's `examples` are copied into the folder.
//!
//! The commands are `keiretsu`, run without a shell, with `COLUMNS=100` and `NO_COLOR=1`, and `cat FILE`.
//! Words are split at spaces, but for quotes. Commands that are only to be read go into an `sh` block. What
//! runs but need not be read can stand between `<!--` and `-->`.
//!
//! The module doc of a contract type or a measure is a page too, run from the source and copied into the
//! book. `UPDATE=1` rewrites the outputs in place. `PAGE=errors/` runs only pages whose path contains that.
//!
//! Invariant: a page cannot reach another page's files, or write outside its folder by its own doing.
//! Absent: a shell, pipes, redirection. Commands write files with `-o`.

pub mod catalogue;
pub mod command;
pub mod compare;
pub mod generated;
pub mod page;
pub mod terms;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::tidy::{Finding, Workspace, has_extension, root, update_asked};
use command::{Binary, Outcome};
use page::{Block, Page, Step};

/// What runs a command: the folder of the page and the words, to what was printed, or why it could not be
/// run.
pub type Run<'a> = dyn Fn(&Path, &[String]) -> Result<Outcome, String> + Sync + 'a;

/// Runs every page of this repository; with `UPDATE=1`, rewrites those that differ.
pub fn check_manual() -> Vec<Finding> {
    let wanted = std::env::var("PAGE").unwrap_or_default();
    let workspace = Workspace::here();
    let pages: Vec<Page> = pages(&workspace).into_iter().filter(|page| page.path.contains(&wanted)).collect();
    if !pages.iter().any(Page::runs_anything) {
        return pages.iter().flat_map(|page| page.faults.clone()).collect();
    }
    match Binary::build() {
        Ok(binary) => check_all(&pages, &|folder, words| binary.run(folder, words)),
        Err(why) => {
            vec![Finding::new("crates/keiretsu-cli/Cargo.toml", 1, why, "make it build: the manual runs it")]
        }
    }
}

/// The pages that run: the README, the book but for its copies of module docs, and the module docs.
pub fn pages(workspace: &Workspace) -> Vec<Page> {
    let is_of_book = |path: &str| path.starts_with("docs/book/") && has_extension(path, "md");
    let is_page = |path: &str| path == "README.md" || is_of_book(path);
    let written = workspace.files().filter(|(path, text)| is_page(path) && !generated::is_copy(text));
    let written = written.map(|(path, text)| Page::of_markdown(path, text));
    written
        .chain(generated::sources(workspace).map(|source| Page::of_module_doc(source.path, source.text)))
        .collect()
}

/// Runs one page in a folder; findings, and the page as it would be true.
pub fn check_page(page: &Page, folder: &Path, run: &Run<'_>) -> (Vec<Finding>, Page) {
    let mut found = page.faults.clone();
    let mut truths = Vec::new();
    for block in &page.blocks {
        match block {
            Block::File(file) => {
                for (path, bytes) in file.files() {
                    if let Err(error) = write(&folder.join(path), &bytes) {
                        let what = format!("cannot write: {error}");
                        found.push(Finding::new(&page.path, file.line, what, "change its path"));
                    }
                }
            }
            Block::Console(steps) => {
                for step in steps {
                    truths.extend(check_step(page, step, folder, run, &mut found));
                }
            }
        }
    }
    (found, page.with_outputs(&truths))
}

/// Runs one command; what it printed, if that is not what the page says.
fn check_step<'a>(
    page: &Page,
    step: &'a Step,
    folder: &Path,
    run: &Run<'_>,
    found: &mut Vec<Finding>,
) -> Option<(&'a Step, Vec<String>)> {
    let mut fault = |what: String, cure: &str| found.push(Finding::new(&page.path, step.line, what, cure));
    let outcome = match run(folder, &step.words) {
        Ok(outcome) => outcome,
        Err(why) => {
            fault(why, "a page runs `keiretsu ...` and `cat FILE`; show other commands in an `sh` block");
            return None;
        }
    };
    let printed = outcome.lines();
    let edits = compare::align(&step.expected, &printed);
    if edits.iter().all(compare::Edit::is_same) {
        return None;
    }
    if let Some(line) = printed.iter().find(|line| line.starts_with("$ ") || line.starts_with("```")) {
        fault(
            format!("the output line `{line}` cannot stand on a page"),
            "write the output to a file with -o",
        );
        return None;
    }
    let what = format!(
        "`{}` prints something else\n{}",
        step.words.join(" "),
        compare::shown(&edits, &page.path, step.line + 1)
    );
    fault(what, "correct the program; or, if the new output is right, run the test with UPDATE=1");
    Some((step, compare::with_gap_kept(&step.expected, printed)))
}

/// Runs the pages.
fn check_all(pages: &[Page], run: &Run<'_>) -> Vec<Finding> {
    on_all_cores(pages, &|page| check_in_new_folder(page, run)).into_iter().flatten().collect()
}

/// The work done on each item, as many at a time as there are cores; the answers in no order.
pub(crate) fn on_all_cores<'a, T: Sync, A: Send>(
    items: &'a [T],
    work: &(dyn Fn(&'a T) -> A + Sync),
) -> Vec<A> {
    let answers = Mutex::new(Vec::new());
    let next = AtomicUsize::new(0);
    let take = || {
        while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
            let answer = work(item);
            answers.lock().expect("no thread panics while it holds the lock").push(answer);
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads.min(items.len()) {
            scope.spawn(take);
        }
    });
    answers.into_inner().expect("no thread panics while it holds the lock")
}

/// Runs a page in a folder made for it; with `UPDATE=1`, rewrites the page instead of finding that it
/// differs.
fn check_in_new_folder(page: &Page, run: &Run<'_>) -> Vec<Finding> {
    let folder = match TemporaryFolder::new() {
        Ok(folder) => folder,
        Err(error) => {
            return vec![Finding::new(&page.path, 1, format!("no temporary folder: {error}"), "make room")];
        }
    };
    if page.mentions("examples/") {
        let copied = copy_folder(&root().join("examples"), &folder.path.join("examples"));
        if let Err(error) = copied {
            return vec![Finding::new(&page.path, 1, format!("cannot copy examples: {error}"), "make room")];
        }
    }
    let (found, truth) = check_page(page, &folder.path, run);
    if !update_asked() || truth.lines == page.lines {
        return found;
    }
    if let Err(error) = truth.write_over(&root()) {
        return vec![Finding::new(&page.path, 1, format!("cannot rewrite: {error}"), "make it writable")];
    }
    truth.faults
}

/// A folder that is gone when this is dropped.
pub(crate) struct TemporaryFolder {
    pub(crate) path: PathBuf,
}

impl TemporaryFolder {
    pub(crate) fn new() -> io::Result<TemporaryFolder> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("keiretsu-manual-{}-{count}", std::process::id()));
        fs::create_dir_all(&path)?;
        Ok(TemporaryFolder { path })
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        // What cannot be removed is left to the machine's own cleaning of temporary files.
        let _ = fs::remove_dir_all(&self.path);
    }
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::create_dir_all(path.parent().expect("a file lies in the folder of its page"))?;
    fs::write(path, bytes)
}

pub(crate) fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A keiretsu that repeats its words, one a line; `fail` says so on standard error and exits with 1.
    fn echo(_: &Path, words: &[String]) -> Result<Outcome, String> {
        if words[0] != "keiretsu" {
            return Err(format!("`{}` is not run", words[0]));
        }
        let is_failure = words.contains(&"fail".to_string());
        let stderr = if is_failure { "failed\n" } else { "" };
        let stdout = words[1..].join("\n");
        Ok(Outcome { stdout, stderr: stderr.into(), status: i32::from(is_failure) })
    }

    fn findings(text: &str) -> Vec<String> {
        let folder = TemporaryFolder::new().unwrap();
        let (found, _) = check_page(&Page::of_markdown("p.md", text), &folder.path, &echo);
        found.iter().map(|one| format!("{}: {}", one.line, one.what)).collect()
    }

    fn rewritten(text: &str) -> String {
        let folder = TemporaryFolder::new().unwrap();
        let (_, truth) = check_page(&Page::of_markdown("p.md", text), &folder.path, &echo);
        truth.lines.join("\n") + "\n"
    }

    #[test]
    fn a_true_page_is_fine() {
        let page =
            "# P\n\n```console\n$ keiretsu a 'b c'  \na\nb c\n\n$ keiretsu fail\nfail\nfailed\n? 1\n```\n";
        assert_eq!(findings(page), Vec::<String>::new());
        assert_eq!(rewritten(page), page);
    }

    #[test]
    fn a_false_page_shows_the_difference() {
        let page = "```console\n$ keiretsu a b c\na\nx\nc\n```\n";
        let expected = "2: `keiretsu a b c` prints something else\n@@ p.md:3\n a\n-x\n+b\n c";
        assert_eq!(findings(page), [expected]);
        assert_eq!(rewritten(page), "```console\n$ keiretsu a b c\na\nb\nc\n```\n");
    }

    #[test]
    fn the_exit_status_counts() {
        let missing = findings("```console\n$ keiretsu fail\nfail\n...\n```\n");
        assert!(missing[0].ends_with("+? 1"), "{missing:?}");
        let beyond = findings("```console\n$ keiretsu a\na\n? 1\n```\n");
        assert!(beyond[0].ends_with("-? 1"), "{beyond:?}");
    }

    #[test]
    fn a_gap_stands_for_any_lines_and_is_kept() {
        assert_eq!(findings("```console\n$ keiretsu a b c\na\n...\nc\n```\n"), Vec::<String>::new());
        let page = "```console\n$ keiretsu a b c d\nx\n...\ny\n\n$ keiretsu\n```\n";
        assert_eq!(rewritten(page), "```console\n$ keiretsu a b c d\na\n...\nd\n\n$ keiretsu\n```\n");
    }

    #[test]
    fn files_are_written_in_order() {
        let page = Page::of_markdown(
            "p.md",
            "```toml file=m/a.toml\nx = 1\n```\n```console\n$ keiretsu\n```\n```text file=m/a.toml\ny\n```\n",
        );
        let folder = TemporaryFolder::new().unwrap();
        let seen = Mutex::new(String::new());
        let look = |folder: &Path, _: &[String]| {
            *seen.lock().unwrap() = fs::read_to_string(folder.join("m/a.toml")).unwrap();
            Ok(Outcome { stdout: String::new(), stderr: String::new(), status: 0 })
        };
        assert_eq!(check_page(&page, &folder.path, &look).0, []);
        assert_eq!(*seen.lock().unwrap(), "x = 1\n");
        assert_eq!(fs::read_to_string(folder.path.join("m/a.toml")).unwrap(), "y\n");
    }

    #[test]
    fn other_commands_are_refused() {
        assert_eq!(findings("```console\n$ rm -r x\n```\n"), ["2: `rm` is not run"]);
    }

    #[test]
    fn all_pages_run_and_each_finding_is_kept() {
        let pages: Vec<Page> = (0..9)
            .map(|n| Page::of_markdown(&format!("{n}.md"), "```console\n$ keiretsu a\nb\n```\n"))
            .collect();
        let mut paths: Vec<String> = check_all(&pages, &echo).into_iter().map(|one| one.path).collect();
        paths.sort();
        assert_eq!(paths.len(), 9);
        assert_eq!(paths[8], "8.md");
    }

    #[test]
    fn a_temporary_folder_goes_away() {
        let folder = TemporaryFolder::new().unwrap();
        let path = folder.path.clone();
        assert!(path.is_dir());
        drop(folder);
        assert!(!path.exists());
    }
}
