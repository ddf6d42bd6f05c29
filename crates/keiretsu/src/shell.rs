//! Where results and messages go: standard output, standard error, a file; how wide, and in colour or not.

use std::env;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::Path;

use clap::ColorChoice;
use keiretsu::{Project, keep};
use keiretsu_values::Table;
use keiretsu_views::{Format, Style};

use crate::cli::Global;
use crate::failure::Failure;
use crate::findings::{self, count};
use crate::interrupt;

/// Columns where there is no terminal that says.
const WIDTH: usize = 100;

/// The surroundings of a command.
#[derive(Debug)]
pub struct Shell {
    /// The flags of every command.
    pub global: Global,
    /// What standard output can show.
    pub out: Style,
    /// What standard error can show.
    pub err: Style,
    /// Whether standard output is a terminal.
    terminal: bool,
}

impl Shell {
    /// Looks at the terminal and the environment, once.
    pub fn new(global: Global) -> Self {
        let width = width();
        let style = |terminal: bool| Style { width, colour: colour(global.color, terminal) };
        let terminal = io::stdout().is_terminal();
        let (out, err) = (style(terminal), style(io::stderr().is_terminal()));
        Self { global, out, err, terminal }
    }

    /// Opens a model; its errors go to standard error and end the command, its warnings are counted there.
    pub fn open(&self, path: &Path) -> Result<Project, Failure> {
        let project = Project::open(path, self.global.dates())?;
        let (errors, warnings) = project.counts();
        if errors > 0 {
            let text = findings::text(&project, path, self.err);
            say(&text);
            let counted = findings::counted(errors, warnings);
            return Err(Failure::Errors(format!("the model cannot be run: {counted}")));
        }
        if warnings > 0 {
            let counted = findings::counted(errors, warnings);
            say(&format!("{counted}; `keiretsu check {}` shows them\n", path.display()));
        }
        Ok(project)
    }

    /// Writes tables where and how the flags say.
    pub fn tables(&self, tables: &[Table]) -> Result<(), Failure> {
        let style = if self.global.output.is_some() { Style::default() } else { self.out };
        let format = self.format()?;
        if format.one_table() {
            one_table(format.name(), tables.len(), self.global.output.is_none() && self.terminal)?;
        }
        let bytes = format.write(tables, &style);
        self.result(&bytes)
    }

    /// Writes tables for people, and words below them.
    pub fn tables_and_text(&self, tables: &[Table], text: &str) -> Result<(), Failure> {
        let style = if self.global.output.is_some() { Style::default() } else { self.out };
        let mut bytes = self.format()?.write(tables, &style);
        bytes.extend_from_slice(text.as_bytes());
        self.result(&bytes)
    }

    /// Writes a result to the file that the flags name, or to standard output.
    pub fn result(&self, bytes: &[u8]) -> Result<(), Failure> {
        match &self.global.output {
            Some(path) => interrupt::writing(path, || keep::file(path, bytes)),
            None => print(&mut io::stdout().lock(), bytes),
        }
    }

    /// The format that is named, else the one of the output's extension, else a table for people.
    pub fn format(&self) -> Result<&'static dyn Format, Failure> {
        let named = self.global.format.as_deref().and_then(keiretsu_views::by_name);
        match (named, &self.global.output) {
            (Some(format), _) => Ok(format),
            (None, Some(path)) => keep::format_of(path).ok_or_else(|| {
                let known = keiretsu_views::formats().iter().flat_map(|format| format.extensions());
                let known: Vec<String> = known.map(|extension| format!(".{extension}")).collect();
                Failure::usage(
                    format!("the name {} does not say how to write it", path.display()),
                    format!("end it in one of {}, or add `--format`", known.join(" ")),
                )
            }),
            (None, None) => Ok(keiretsu_views::formats()[0]),
        }
    }

    /// Whether results are wanted as JSON: by name, by the output's extension, or because nothing is said and
    /// no person is looking.
    pub fn wants_json(&self) -> Result<bool, Failure> {
        let unsaid = self.global.format.is_none() && self.global.output.is_none();
        Ok(if unsaid { !self.terminal } else { self.format()?.name() == "json" })
    }

    /// Whether results are wanted for people: as text on standard output, or in a text file.
    pub fn wants_text(&self) -> Result<bool, Failure> {
        Ok(self.format()?.name() == keiretsu_views::formats()[0].name())
    }
}

/// A format whose files hold one table (and are for machines) is given one, and not shown to people.
fn one_table(format: &str, tables: usize, to_terminal: bool) -> Result<(), Failure> {
    if tables != 1 {
        let what = format!("a {format} file holds one table, and these are {}", count(tables, "table"));
        let hint = "`keiretsu run MODEL -o DIR` writes a file for each; or name another `--format`";
        return Err(Failure::usage(what, hint));
    }
    if to_terminal {
        let what = format!("{format} is no text, and a terminal cannot show it");
        return Err(Failure::usage(what, format!("write it to a file: -o FILE.{format}")));
    }
    Ok(())
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

/// The width that is asked for, else that of the terminal.
fn width() -> usize {
    let asked = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).filter(|width| *width > 0);
    let terminal = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    asked.or_else(|| terminal().filter(|_| io::stdout().is_terminal())).unwrap_or(WIDTH)
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
        assert!(one_table("parquet", 1, false).is_ok());
        let refused = one_table("parquet", 1, true);
        assert!(matches!(refused, Err(Failure::Usage(_, hint)) if hint.contains("-o FILE.parquet")));
        assert!(matches!(one_table("parquet", 0, false), Err(Failure::Usage(what, _)) if what.contains('0')));
    }
}
