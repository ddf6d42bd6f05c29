//! `keiretsu check`: all diagnostics of a model, then its summary and its assumptions.

use std::path::{Path, PathBuf};

use keiretsu::limits::FINDINGS_LISTED_MAX;
use keiretsu::measures::Subject;
use keiretsu::model::{Diagnostic, Severity};
use keiretsu::show::facts;
use keiretsu::values::{Cell, ColumnSpec, Currency, Table, TableSpec};
use keiretsu::{Position, Positions, Session};
use serde_json::json;

use crate::failure::Failure;
use crate::findings::{self, count, path_from_here};
use crate::shell::{Shell, say};

/// Number of assumptions named by default.
const FIRST_ASSUMPTIONS: usize = 5;

/// Say everything that is wrong with a model, and what it rests on
#[derive(Debug, clap::Args)]
#[command(long_about = LONG, after_help = AFTER)]
pub struct Args {
    /// The folder of the model, or its keiretsu.toml
    #[arg(default_value = ".")]
    model: PathBuf,
    /// List every assumption, not only the first few
    #[arg(long)]
    assumptions: bool,
}

const LONG: &str = "\
Reads all files of a model and says everything that is wrong at once: the line, the characters, what is \
wrong, what to write instead. Errors (E...) keep the model from being run; warnings (W...) do not.

Then it says what the model holds, how many of its statements rest on a source and how many on assumptions, \
where sources disagree, and whose claims are paid first.";

const AFTER: &str = "\
Examples:
  keiretsu check                         the model in this folder
  keiretsu check mine --assumptions      with all assumptions
  keiretsu check mine --format json      findings for an editor or a script, with line and column";

pub fn run(args: &Args, shell: &Shell) -> Result<(), Failure> {
    let session = shell.session(&args.model, shell.global.dates())?;
    let (errors, warnings) = session.counts();
    if shell.wants_text()? {
        let style = if shell.global.output.is_some() { keiretsu_views::Style::default() } else { shell.out };
        let mut text = findings::text(&session, &args.model, style);
        text += &findings::counted(errors, warnings);
        text.push('\n');
        if errors == 0 {
            text += &summary(&session, args, style.width)?;
        }
        shell.result(text.as_bytes())?;
    } else if shell.format()?.name() == "json" {
        shell.result(json(&session, &args.model).as_bytes())?;
    } else {
        shell.tables(&[table(&session, &args.model)])?;
    }
    match errors {
        0 => Ok(()),
        _ => Err(Failure::Errors(String::new())),
    }
}

/// A summary of a model without errors.
fn summary(session: &Session, args: &Args, width: usize) -> Result<String, Failure> {
    let (_, subject) = session.lowered()?;
    let mut lines = vec![String::new()];
    lines.extend(head(&subject));
    lines.push(holds(&subject));
    lines.extend(assumptions(&subject, args));
    lines.extend(undisclosed(&subject, args));
    lines.extend(conflicts(&subject));
    lines.extend(ranks(&subject));
    let line = |line: &String| findings::paragraph(&findings::printable(line), width);
    Ok(lines.iter().map(line).collect())
}

fn head(subject: &Subject<'_>) -> [String; 2] {
    let model = subject.model;
    let program = subject.program;
    let title = if model.title.is_empty() { "A model without a title" } else { model.title.as_str() };
    let until = program.month(program.months);
    let known = model.known_on.map_or(String::new(), |day| format!(", as known on {day}"));
    [title.to_owned(), format!("  looks from {} to {until}{known}", model.as_of)]
}

fn holds(subject: &Subject<'_>) -> String {
    let model = subject.model;
    let segments = model.parties.iter().filter(|party| party.part_of.is_some()).count();
    // `outside` is always there and nobody's.
    let parts = [
        (model.parties.len() - 1 - segments, "party"),
        (segments, "segment"),
        (model.known_contracts().count(), "contract"),
        (model.holdings.len(), "holding"),
        (model.factors.len(), "factor"),
        (model.events.len(), "event"),
        (model.platforms.len(), "platform"),
        (model.products.len(), "product"),
        (model.reports.len(), "report"),
        (model.scenarios.len(), "scenario"),
        (model.sources.len(), "source"),
        (model.document.files.len(), "file"),
    ];
    let words = parts.iter().filter(|(number, _)| *number > 0).map(|(number, word)| count(*number, word));
    format!("  {}", words.collect::<Vec<_>>().join(", "))
}

fn assumptions(subject: &Subject<'_>, args: &Args) -> Vec<String> {
    let (sourced, assumed) = facts::statements(subject.model);
    let all = facts::assumptions(subject);
    let mut lines = vec![
        String::new(),
        format!("{}: {sourced} on a source, {assumed} on assumptions", count(sourced + assumed, "statement")),
    ];
    let shown = if args.assumptions { all.len() } else { all.len().min(FIRST_ASSUMPTIONS) };
    for assumption in &all[..shown] {
        // Why is a matter for those who ask for all of them.
        let because = assumption.because.as_ref().filter(|_| args.assumptions);
        let because = because.map_or(String::new(), |because| format!(", because {because}"));
        lines.push(format!("  {}{because}", assumption.line()));
    }
    if shown < all.len() {
        let rest = all.len() - shown;
        let model = args.model.display();
        lines.push(format!("  and {rest} more: `keiretsu check {model} --assumptions`"));
    }
    lines
}

/// What contracts leave unsaid: a few of it, or all where all assumptions are asked for.
fn undisclosed(subject: &Subject<'_>, args: &Args) -> Vec<String> {
    let all = facts::undisclosed(subject.model);
    if all.is_empty() {
        return vec![];
    }
    let shown = if args.assumptions { all.len() } else { all.len().min(FIRST_ASSUMPTIONS) };
    let more = if shown < all.len() { format!(" and {} more", all.len() - shown) } else { String::new() };
    vec![String::new(), format!("undisclosed: {}{more}", all[..shown].join(", "))]
}

fn conflicts(subject: &Subject<'_>) -> Vec<String> {
    let conflicts = facts::conflicts(subject.model);
    if conflicts.is_empty() {
        return vec![];
    }
    let mut lines =
        vec![String::new(), format!("{} between sources", count(conflicts.len(), "open conflict"))];
    lines.extend(conflicts.iter().map(|conflict| format!("  {}", conflict.line())));
    lines
}

/// Ranks of claims, of the contract types in the model.
fn ranks(subject: &Subject<'_>) -> Vec<String> {
    let ranks = facts::ranks(subject.model);
    if ranks.is_empty() {
        return vec![];
    }
    let words: Vec<String> =
        ranks.iter().map(|(rank, types)| format!("{rank} {}", types.join(", "))).collect();
    vec![String::new(), format!("claims are paid by rank: {}", words.join("; "))]
}

fn json(session: &Session, model: &Path) -> String {
    let places = Positions::new(&session.model().document);
    let finding = |finding: &Diagnostic| {
        let Position { file, line, column, end_line, end_column } = places.of(finding.span);
        json!({
            "code": finding.code,
            "severity": severity(finding),
            "file": path_from_here(model, file).display().to_string(),
            "line": line,
            "column": column,
            "end_line": end_line,
            "end_column": end_column,
            "message": finding.message,
            "label": finding.label,
            "hint": finding.hint,
        })
    };
    let list: Vec<serde_json::Value> = listed(session).into_iter().map(finding).collect();
    format!("{:#}\n", serde_json::Value::Array(list))
}

/// The diagnostics for programs; omissions are printed for people.
fn listed(session: &Session) -> Vec<&Diagnostic> {
    let (listed, more) = findings::first(session.diagnostics(), FINDINGS_LISTED_MAX);
    if !more.is_empty() {
        say(&format!("not listed: {}\n", more.join(", ")));
    }
    listed
}

fn severity(finding: &Diagnostic) -> &'static str {
    match finding.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// The diagnostics. Lines and columns are names of places, not amounts with bounds.
const FINDINGS: TableSpec = TableSpec::new(
    "check",
    "findings",
    "Findings",
    &[&[
        ColumnSpec::text("code", "the code of the finding"),
        ColumnSpec::text("severity", "error or warning"),
        ColumnSpec::text("file", "the file"),
        ColumnSpec::text("line", "the line in it, from 1"),
        ColumnSpec::text("column", "the character in it, from 1"),
        ColumnSpec::text("message", "the fault"),
        ColumnSpec::text("hint", "the way to mend it"),
    ]],
);

/// Findings as a table, for the formats that have nothing better.
fn table(session: &Session, model: &Path) -> Table {
    let places = Positions::new(&session.model().document);
    let mut table = Table::declared(&FINDINGS, Currency::USD);
    for finding in listed(session) {
        let place = places.of(finding.span);
        table.push(vec![
            Cell::text(finding.code),
            Cell::text(severity(finding)),
            Cell::text(path_from_here(model, place.file).display().to_string()),
            Cell::text(place.line.to_string()),
            Cell::text(place.column.to_string()),
            Cell::text(&finding.message),
            Cell::text(&finding.hint),
        ]);
    }
    table
}
