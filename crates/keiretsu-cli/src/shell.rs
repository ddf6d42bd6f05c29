//! Where results and messages go: standard output, standard error, a file; how wide, and in colour or not.

use std::cell::RefCell;
use std::env;
use std::fs::OpenOptions;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::ColorChoice;
use keiretsu::limits::TABLE_ROWS_MAX;
use keiretsu::output::{self, Rights};
use keiretsu::values::{Page, Table, suggest};
use keiretsu::{Answer, Dates, Question, Session, input};
use keiretsu_views::{Format, Style};

use crate::cli::{Global, Layout};
use crate::failure::Failure;
use crate::findings::{self, count, path_from_here, printable};
use crate::{interrupt, progress};

/// Columns without a terminal.
const WIDTH: usize = 100;
/// On a narrower terminal lines are as long as here.
const WIDTH_LEAST: usize = 40;
/// The least and the most lines of a screen; the most without a terminal.
const LINES: [usize; 2] = [24, 40];

/// The surroundings of a command.
#[derive(Debug)]
pub struct Shell {
    /// The flags of every command.
    pub global: Global,
    /// Capabilities of standard output.
    pub out: Style,
    /// Capabilities of standard error.
    pub err: Style,
    /// Whether standard output is a terminal.
    terminal: bool,
    /// The files read, which no result may replace.
    inputs: RefCell<Vec<PathBuf>>,
}

impl Shell {
    /// Looks at the terminal and the environment, once.
    pub fn new(global: Global) -> Self {
        let layout = &global.layout;
        let width = layout.width.map_or_else(width, usize::from);
        let style = |terminal: bool| Style {
            width,
            lines: lines(layout),
            top: layout.top.map(|top| top as usize),
            wide: layout.wide,
            colour: colour(global.color, terminal),
        };
        let terminal = io::stdout().is_terminal();
        let (out, err) = (style(terminal), style(io::stderr().is_terminal()));
        Self { global, out, err, terminal, inputs: RefCell::default() }
    }

    /// Opens a model; its errors go to standard error and end the command, its warnings are counted there.
    pub fn open(&self, path: &Path) -> Result<Session, Failure> {
        let session = self.session(path, self.global.dates())?;
        let (errors, warnings) = session.counts();
        if errors > 0 {
            let text = findings::text(&session, path, self.err);
            say(&text);
            let counted = findings::counted(errors, warnings);
            return Err(Failure::Errors(format!("the model cannot be run: {counted}")));
        }
        if warnings > 0 {
            let counted = findings::counted(errors, warnings);
            say(&printable(&format!("{counted}; `keiretsu check {}` shows them\n", path.display())));
        }
        Ok(session)
    }

    /// Opens a model, whatever is wrong in it.
    pub fn session(&self, path: &Path, dates: Dates) -> Result<Session, Failure> {
        let session = Session::open(path, dates)?;
        let files = session.model().document.files.iter();
        self.inputs.borrow_mut().extend(files.map(|file| path_from_here(path, &file.path)));
        match &self.global.output {
            // Better said now than after a long run; a folder is for the command to judge.
            Some(place) if !place.is_dir() => self.may_write(place)?,
            _ => {}
        }
        Ok(session)
    }

    /// Asks a model, with a bar on a terminal; remarks on the question go to standard error.
    pub fn ask(
        &self,
        session: &Session,
        question: &Question,
        threads: Option<u16>,
    ) -> Result<Answer, Failure> {
        self.can_be_asked(session, question)?;
        let answer = session.ask(question, &progress::control(threads))?;
        answer.remarks.iter().for_each(|remark| say(&printable(&format!("{remark}\n"))));
        Ok(answer)
    }

    /// The page of a model, with a bar on a terminal.
    pub fn page(
        &self,
        session: &Session,
        question: &Question,
        threads: Option<u16>,
    ) -> Result<Page, Failure> {
        self.can_be_asked(session, question)?;
        Ok(keiretsu::page(session, question, &progress::control(threads))?)
    }

    /// Refuses a question that makes no model of its changes; their errors go to standard error.
    fn can_be_asked(&self, session: &Session, question: &Question) -> Result<(), Failure> {
        let asked = session.about(question)?;
        let (errors, warnings) = asked.counts();
        if errors > 0 {
            say(&findings::text(&asked, Path::new("."), self.err));
            let counted = findings::counted(errors, warnings);
            return Err(Failure::Errors(format!("the model so changed cannot be run: {counted}")));
        }
        Ok(())
    }

    /// Reads a file named by the user, up to a limit in bytes, or standard input where it is `-`; and its
    /// name for messages.
    pub fn read_or_input(&self, path: &Path, bytes_max: u64) -> Result<(String, Vec<u8>), Failure> {
        if path == Path::new("-") {
            let name = "standard input".to_owned();
            let bytes = input::standard(bytes_max);
            let bytes = bytes.map_err(|error| Failure::reading(Path::new(&name), &error))?;
            return Ok((name, bytes));
        }
        Ok((path.display().to_string(), self.read(path, bytes_max)?))
    }

    /// Reads a file named by the user, up to a limit in bytes.
    pub fn read(&self, path: &Path, bytes_max: u64) -> Result<Vec<u8>, Failure> {
        let bytes = input::read(path, bytes_max).map_err(|error| Failure::reading(path, &error))?;
        self.inputs.borrow_mut().push(path.to_owned());
        Ok(bytes)
    }

    /// Refuses a place that results may not be written to.
    pub fn may_write(&self, place: &Path) -> Result<(), Failure> {
        self.rights().may_write(place).map_err(|error| Failure::writing(place, &error))
    }

    fn rights(&self) -> Rights {
        Rights { force: self.global.force, inputs: self.inputs.borrow().clone() }
    }

    /// Writes tables where and how the flags say.
    pub fn tables(&self, tables: &[Table]) -> Result<(), Failure> {
        let rows: usize = tables.iter().map(|table| table.rows.len()).sum();
        if TABLE_ROWS_MAX < rows {
            let what = format!("the answer has {rows} rows, and at most {TABLE_ROWS_MAX} are written");
            return Err(Failure::usage(what, "ask for one party or reading, or by year"));
        }
        let tables = &self.wanted(tables)?[..];
        let format = self.format()?;
        let Some(path) = &self.global.output else {
            if format.is_binary() {
                on_screen(format.name(), tables.len(), self.terminal)?;
            }
            return self.result(&format.write(tables, &self.out));
        };
        if !format.one_table() || tables.len() == 1 {
            return self.result(&format.write(tables, &self.in_files()));
        }
        let named = |(number, bytes)| (numbered(path, number), bytes);
        let files: Vec<(PathBuf, Vec<u8>)> = keiretsu_views::parts(format, tables).map(named).collect();
        if files.is_empty() {
            return Err(Failure::usage("there is no table to write", "write it as text: -o FILE.txt"));
        }
        self.write(&files)?;
        let names: Vec<String> = files.iter().map(|(path, _)| path.display().to_string()).collect();
        let wrote = format!("a {} file holds one table: wrote {}\n", format.name(), names.join(", "));
        say(&printable(&wrote));
        Ok(())
    }

    /// The table that is named, else all; sorted as the flags say.
    fn wanted(&self, tables: &[Table]) -> Result<Vec<Table>, Failure> {
        let layout = &self.global.layout;
        let is_wanted = |table: &&Table| layout.table.as_deref().is_none_or(|name| name == table.name);
        let mut wanted: Vec<Table> = tables.iter().filter(is_wanted).cloned().collect();
        if let Some(name) = layout.table.as_ref().filter(|_| wanted.is_empty()) {
            let what = format!("the answer has no table `{name}`");
            return Err(Failure::usage(what, suggest::advice(name, tables.iter().map(|table| table.name))));
        }
        let Some(column) = &layout.sort else { return Ok(wanted) };
        let sorted: Vec<bool> = wanted.iter_mut().map(|table| keiretsu_views::sort(table, column)).collect();
        if !sorted.contains(&true) {
            let numbers = wanted.iter().flat_map(keiretsu_views::sortable);
            let what = format!("the answer has no column of numbers `{column}`");
            return Err(Failure::usage(what, suggest::advice(column, numbers)));
        }
        Ok(wanted)
    }

    /// A file is whole, unless so many rows are asked for.
    fn in_files(&self) -> Style {
        Style {
            lines: self.out.lines.filter(|_| self.out.top.is_some()),
            colour: false,
            wide: true,
            ..self.out
        }
    }

    /// Writes tables for people, and words below them.
    pub fn tables_and_text(&self, tables: &[Table], text: &str) -> Result<(), Failure> {
        let style = self.style();
        // The words have their room first.
        let lines = style.lines.map(|most| most.saturating_sub(text.lines().count()).max(LINES[0] / 2));
        let mut bytes = self.format()?.write(tables, &Style { lines, ..style });
        bytes.extend_from_slice(text.as_bytes());
        self.result(&bytes)
    }

    /// Writes words, and tables for people below them.
    pub fn tables_below(&self, text: &str, tables: &[Table]) -> Result<(), Failure> {
        let tables = if tables.is_empty() { vec![] } else { self.format()?.write(tables, &self.style()) };
        self.result(&[text.as_bytes(), &tables].concat())
    }

    /// Whether one screen is to hold what is written.
    pub fn is_screen(&self) -> bool {
        self.style().lines.is_some()
    }

    /// Whether a screen of text is wanted, and nothing beyond it.
    pub fn is_first_screen(&self) -> Result<bool, Failure> {
        let layout = &self.global.layout;
        let more = layout.top.is_some() || layout.table.is_some() || layout.sort.is_some();
        Ok(self.is_screen() && !more && self.wants_text()?)
    }

    fn style(&self) -> Style {
        if self.global.output.is_some() { self.in_files() } else { self.out }
    }

    /// Writes a result to the file that the flags name, or to standard output.
    pub fn result(&self, bytes: &[u8]) -> Result<(), Failure> {
        match &self.global.output {
            Some(path) => self.write(&[(path.clone(), bytes.to_vec())]),
            None => print(&mut io::stdout().lock(), bytes),
        }
    }

    /// Writes results, each whole or not at all, but for those that go to a pipe or a device.
    pub fn write(&self, files: &[(PathBuf, Vec<u8>)]) -> Result<(), Failure> {
        let (streams, files): (Vec<_>, Vec<_>) =
            files.iter().cloned().partition(|(path, _)| output::is_stream(path));
        // So that a refusal names the file that it is about.
        streams.iter().chain(&files).try_for_each(|(path, _)| self.may_write(path))?;
        for (path, bytes) in streams {
            let opened = OpenOptions::new().write(true).open(&path);
            let mut stream = opened.map_err(|error| Failure::writing(&path, &error))?;
            print(&mut stream, &bytes)?;
        }
        match files.first() {
            Some((path, _)) => interrupt::writing(path, || output::result_files(&files, &self.rights())),
            None => Ok(()),
        }
    }

    /// The format that is named, else the one of the output's extension, else a table for people.
    pub fn format(&self) -> Result<&'static dyn Format, Failure> {
        let named = self.global.format.as_deref().and_then(keiretsu_views::by_name);
        match (named, &self.global.output) {
            (Some(format), _) => Ok(format),
            (None, Some(path)) => format_of(path).ok_or_else(|| {
                let known = keiretsu_views::formats().iter().flat_map(|format| format.extensions());
                let mut known: Vec<String> = known.map(|extension| format!(".{extension}")).collect();
                known.dedup();
                Failure::usage(
                    format!("the name {} does not say how to write it", path.display()),
                    format!("end it in one of {}, or add `--format`", known.join(" ")),
                )
            }),
            (None, None) => Ok(keiretsu_views::formats()[0]),
        }
    }

    /// Whether results are JSON: by name, by the output's extension, or by default where no terminal shows
    /// them.
    pub fn wants_json(&self) -> Result<bool, Failure> {
        let unsaid = self.global.format.is_none() && self.global.output.is_none();
        Ok(if unsaid { !self.terminal } else { self.format()?.name() == "json" })
    }

    /// Whether results are wanted for people: as text on standard output, or in a text file.
    pub fn wants_text(&self) -> Result<bool, Failure> {
        Ok(self.format()?.name() == keiretsu_views::formats()[0].name())
    }
}

/// A format that is no text is given one table, and not shown to people.
fn on_screen(format: &str, tables: usize, terminal: bool) -> Result<(), Failure> {
    if tables != 1 {
        let what = format!("a {format} file holds one table, and these are {}", count(tables, "table"));
        return Err(Failure::usage(what, format!("write a file for each: -o FILE.{format}")));
    }
    if terminal {
        let what = format!("{format} is no text, and a terminal cannot show it");
        return Err(Failure::usage(what, format!("write it to a file: -o FILE.{format}")));
    }
    Ok(())
}

/// The format that the extension of a name means.
fn format_of(path: &Path) -> Option<&'static dyn Format> {
    keiretsu_views::by_extension(path.extension()?.to_str()?)
}

/// The second file of a name `x.csv` is `x-2.csv`.
fn numbered(path: &Path, number: usize) -> PathBuf {
    if number == 1 {
        return path.to_owned();
    }
    let part = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    let (stem, extension) = (part(path.file_stem()), part(path.extension()));
    let dot = if extension.is_empty() { "" } else { "." };
    path.with_file_name(format!("{stem}-{number}{dot}{extension}"))
}

/// Writes words to standard output, whatever file results go to.
pub fn announce(words: &str) -> Result<(), Failure> {
    print(&mut io::stdout().lock(), words.as_bytes())
}

/// Writes a message to standard error.
pub fn say(text: &str) {
    // Where even that is closed there is nobody left to tell.
    let _ = print(&mut io::stderr().lock(), text.as_bytes());
}

fn print(to: &mut dyn Write, bytes: &[u8]) -> Result<(), Failure> {
    let written = to.write_all(bytes).and_then(|()| to.flush());
    written.map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => Failure::Unread,
        _ => Failure::writing(Path::new("standard output"), &error),
    })
}

/// The requested width, else that of the terminal.
fn width() -> usize {
    let asked = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).filter(|width| *width > 0);
    let terminal = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    asked.or_else(|| terminal().filter(|_| io::stdout().is_terminal())).unwrap_or(WIDTH).max(WIDTH_LEAST)
}

/// The lines of one screen, with one to spare for the next command; none where all is wanted.
fn lines(layout: &Layout) -> Option<usize> {
    let [least, most] = LINES;
    if layout.all {
        return None;
    }
    if layout.top.is_some() {
        return Some(usize::MAX);
    }
    let terminal = terminal_size::terminal_size().filter(|_| io::stdout().is_terminal());
    Some(terminal.map_or(most, |(_, height)| usize::from(height.0).saturating_sub(1).clamp(least, most)))
}

fn colour(choice: ColorChoice, terminal: bool) -> bool {
    // A variable that is set but empty counts as not set (no-color.org).
    let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => terminal && !refused && !dumb,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_not_shown_on_a_terminal() {
        assert!(on_screen("parquet", 1, false).is_ok());
        let refused = on_screen("parquet", 1, true);
        assert!(matches!(refused, Err(Failure::Usage(_, hint)) if hint.contains("-o FILE.parquet")));
        assert!(matches!(on_screen("parquet", 0, false), Err(Failure::Usage(what, _)) if what.contains('0')));
    }

    #[test]
    fn later_tables_have_numbers_in_their_names() {
        assert_eq!(numbered(Path::new("a/x.csv"), 1), Path::new("a/x.csv"));
        assert_eq!(numbered(Path::new("a/x.csv"), 2), Path::new("a/x-2.csv"));
        assert_eq!(numbered(Path::new("x"), 3), Path::new("x-3"));
    }
}
