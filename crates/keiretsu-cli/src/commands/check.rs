//! `keiretsu check`: all diagnostics of a model, then its summary and its assumptions.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use keiretsu::limits::FINDINGS_LISTED_MAX;
use keiretsu::measures::Subject;
use keiretsu::model::Diagnostic;
use keiretsu::show::facts;
use keiretsu::values::{Cell, ColumnSpec, Currency, Table, TableSpec, Unit};
use keiretsu::{Positions, Question, Session, expect, findings};
use keiretsu_views::finding::said;

use crate::failure::Failure;
use crate::findings::{count, counted, paragraph, path_from_here, printable, text_of};
use crate::shell::{Shell, say};

/// Number of assumptions, of what is undisclosed and of conflicts that are named by default; fewer where the
/// screen has no room.
const FIRST: usize = 5;
const FIRST_LEAST: usize = 2;

/// Say everything that is wrong with a model, and what it rests on
#[derive(Debug, clap::Args)]
#[command(long_about = LONG, after_help = AFTER)]
pub struct Args {
    /// The folder of the model, or its keiretsu.toml
    #[arg(default_value = ".")]
    model: PathBuf,
    /// List every assumption, those first that move an answer most, with why; this runs the model
    #[arg(long)]
    assumptions: bool,
}

const LONG: &str = "\
Reads all files of a model and says everything that is wrong at once: the line, the characters, what is \
wrong, what to write instead. Errors (E...) keep the model from being run; warnings (W...) do not.

Then it says what the model holds, how many of its statements rest on a source and how many on assumptions, \
where sources disagree and in what, whose claims are paid first, and what to do next.

What `[expect]` says goes on holding is tested: an expectation that is broken or cannot be read is a \
warning, and the exit status is 1; one that cannot be told, since something is unknown, is a warning too, \
never a pass.";

const AFTER: &str = "\
Examples:
  keiretsu check                         the model in this folder
  keiretsu check mine --assumptions      with all assumptions
  keiretsu check mine --format json      findings for an editor or a script, with line and column";

pub fn run(args: &Args, shell: &Shell) -> Result<(), Failure> {
    let session = shell.session(&args.model, shell.global.dates())?;
    let expected = expected(&session, shell)?;
    let mut diagnostics = session.diagnostics().to_vec();
    diagnostics.extend(expected.iter().flat_map(|table| expect::diagnostics(session.model(), table)));
    let errors = session.counts().0;
    let warnings = diagnostics.len() - errors;
    if shell.wants_text()? {
        let style = if shell.global.output.is_some() { keiretsu_views::Style::default() } else { shell.out };
        let mut text = text_of(&session, &diagnostics, &args.model, style);
        text += &counted(errors, warnings);
        text.push('\n');
        if errors == 0 {
            text += &summary(&session, args, shell, expected.as_ref(), style.width)?;
        }
        shell.result(text.as_bytes())?;
    } else if shell.format()?.name() == "json" {
        shell.result(json(&session, &diagnostics, &args.model).as_bytes())?;
    } else {
        shell.tables(&[table(&session, &diagnostics, &args.model)])?;
    }
    let broken = expected.as_ref().is_some_and(expect::is_broken);
    if errors > 0 || broken { Err(Failure::Errors(String::new())) } else { Ok(()) }
}

/// Whether what the model expects holds, where it expects anything and can be run.
fn expected(session: &Session, shell: &Shell) -> Result<Option<Table>, Failure> {
    if session.has_errors() || session.model().expectations.is_empty() {
        return Ok(None);
    }
    let question = Question { ask: "expect".to_owned(), ..Question::default() };
    Ok(shell.ask(session, &question, None)?.tables().pop())
}

/// A summary of a model without errors.
fn summary(
    session: &Session,
    args: &Args,
    shell: &Shell,
    expected: Option<&Table>,
    width: usize,
) -> Result<String, Failure> {
    let (_, subject) = session.lowered()?;
    let moves = if args.assumptions { moves(session, shell)? } else { BTreeMap::new() };
    let named = |first: usize| {
        let mut lines = vec![String::new()];
        lines.extend(head(&subject));
        lines.push(holds(&subject));
        lines.extend(assumptions(&subject, args, &moves, first));
        lines.extend(undisclosed(&subject, args, first));
        lines.extend(conflicts(&subject, args, if shell.is_screen() { first } else { usize::MAX }));
        lines.extend(expectations(expected));
        lines.extend(ranks(&subject));
        lines.extend(next(&subject, args));
        let line = |line: &String| paragraph(&printable(line), width);
        lines.iter().map(line).collect::<String>()
    };
    // Over the summary stands the line that counts errors.
    let fits = |text: &String| shell.out.lines.is_none_or(|most| text.lines().count() < most);
    let shorter = (FIRST_LEAST..FIRST).rev();
    Ok(Some(named(FIRST))
        .filter(fits)
        .or_else(|| shorter.map(named).find(fits))
        .unwrap_or_else(|| named(FIRST)))
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
    // `outside` is always there and nobody's, and so are the others of a contract.
    let named = model.parties.iter().skip(1).filter(|party| party.others_in.is_none()).count();
    let parts = [
        (named - segments, "party"),
        (segments, "segment"),
        (model.stated_contracts().count(), "contract"),
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

/// The answer that an input moves most, and by how much, in words; by the path of the input.
type Moves = BTreeMap<String, (f64, String)>;

/// What the inputs of the model move.
fn moves(session: &Session, shell: &Shell) -> Result<Moves, Failure> {
    let question = Question { ask: "rests".to_owned(), ..Question::default() };
    let mut moves = Moves::new();
    for table in shell.ask(session, &question, None)?.tables() {
        let columns = ["input", "answer", "moves_by"].map(|key| table.column(key));
        let [Some(input), Some(answer), Some(by)] = columns else { continue };
        for (at, row) in table.rows.iter().enumerate() {
            let (Some(input), Some(answer), Some(value)) =
                (row[input].key(), row[answer].key(), row[by].value())
            else {
                continue;
            };
            let unit = table.unit(at, by).unwrap_or(Unit::Number { digits: 2 });
            let words = format!("moves {answer} by {}", said(value, unit));
            moves.insert(input, (value.amount().unwrap_or(0.0), words));
        }
    }
    Ok(moves)
}

/// The assumptions, those first that move an answer most, where that is known.
fn assumptions(subject: &Subject<'_>, args: &Args, moves: &Moves, first: usize) -> Vec<String> {
    let (sourced, assumed) = facts::statements(subject.model);
    let mut all = facts::assumptions(subject);
    let moved = |what: &str| moves.get(what).map_or(-1.0, |(by, _)| *by);
    all.sort_by(|one, other| moved(&other.what).total_cmp(&moved(&one.what)));
    let mut lines = vec![
        String::new(),
        format!("{}: {sourced} on a source, {assumed} on assumptions", count(sourced + assumed, "statement")),
    ];
    let shown = if args.assumptions { all.len() } else { all.len().min(first) };
    for assumption in &all[..shown] {
        // Why is a matter for those who ask for all of them.
        let because = assumption.because.as_ref().filter(|_| args.assumptions);
        let because = because.map_or(String::new(), |because| format!(", because {because}"));
        let moves = moves.get(&assumption.what).map_or(String::new(), |(_, words)| format!(" {words}"));
        lines.push(format!("  {}{moves}{because}", assumption.line()));
    }
    if shown < all.len() {
        let rest = all.len() - shown;
        let model = args.model.display();
        lines.push(format!("  and {rest} more: `keiretsu check {model} --assumptions`"));
    }
    lines
}

/// What contracts leave unsaid: a few of it, or all where all assumptions are asked for.
fn undisclosed(subject: &Subject<'_>, args: &Args, first: usize) -> Vec<String> {
    let all = facts::undisclosed(subject.model);
    if all.is_empty() {
        return vec![];
    }
    let shown = if args.assumptions { all.len() } else { all.len().min(first) };
    let more = if shown < all.len() { format!(" and {} more", all.len() - shown) } else { String::new() };
    vec![String::new(), format!("undisclosed: {}{more}", all[..shown].join(", "))]
}

/// Where sources disagree; on a screen the first few.
fn conflicts(subject: &Subject<'_>, args: &Args, first: usize) -> Vec<String> {
    let conflicts = facts::conflicts(subject.model);
    if conflicts.is_empty() {
        return vec![];
    }
    let mut lines =
        vec![String::new(), format!("{} between sources", count(conflicts.len(), "open conflict"))];
    lines.extend(conflicts.iter().take(first).map(|conflict| format!("  {}", conflict.line())));
    if first < conflicts.len() {
        let rest = conflicts.len() - first;
        lines.push(format!("  and {rest} more: `keiretsu show {} conflicts`", args.model.display()));
    }
    lines
}

/// How many expectations hold.
fn expectations(expected: Option<&Table>) -> Vec<String> {
    let Some(table) = expected else { return vec![] };
    let outcomes: Vec<String> = table
        .column("outcome")
        .map(|at| table.rows.iter().filter_map(|row| row[at].key()).collect())
        .unwrap_or_default();
    let counted = ["holds", "broken", "cannot be told", "cannot be read"].into_iter().filter_map(|outcome| {
        let number = outcomes.iter().filter(|word| *word == outcome).count();
        let word = if outcome == "holds" && number != 1 { "hold" } else { outcome };
        (0 < number).then(|| format!("{number} {word}"))
    });
    let counted: Vec<String> = counted.collect();
    vec![String::new(), format!("{}: {}", count(outcomes.len(), "expectation"), counted.join(", "))]
}

/// What to do next.
fn next(subject: &Subject<'_>, args: &Args) -> Vec<String> {
    let model = args.model.display();
    let mut steps: Vec<(String, &str)> = Vec::new();
    let mut add = |command: &str, why| steps.push((format!("keiretsu {command}"), why));
    if !args.assumptions && !facts::assumptions(subject).is_empty() {
        add(&format!("check {model} --assumptions"), "which assumptions move an answer most");
    }
    if !facts::conflicts(subject.model).is_empty() {
        add(&format!("show {model} conflicts"), "what sources disagree on");
    }
    add(&format!("run {model}"), "the answers on one page");
    let widest = steps.iter().map(|(command, _)| command.chars().count()).max().unwrap_or(0);
    let line = |(command, why): (String, &str)| format!("  {command:<widest$}   {why}");
    [String::new(), "next:".to_owned()].into_iter().chain(steps.into_iter().map(line)).collect()
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

fn json(session: &Session, diagnostics: &[Diagnostic], model: &Path) -> String {
    let name = |file: &str| path_from_here(model, file).display().to_string();
    let list = findings::json(&session.model().document, &listed(diagnostics), name);
    format!("{:#}\n", serde_json::Value::Array(list))
}

/// The diagnostics for programs; omissions are printed for people.
fn listed(diagnostics: &[Diagnostic]) -> Vec<&Diagnostic> {
    let (listed, more) = findings::first(diagnostics, FINDINGS_LISTED_MAX);
    if !more.is_empty() {
        say(&format!("not listed: {}\n", more.join(", ")));
    }
    listed
}

/// The diagnostics. Lines and columns are names of places, not amounts with bounds.
const FINDINGS: TableSpec = TableSpec::new(
    "check",
    "diagnostics",
    "Errors and warnings",
    &[&[
        ColumnSpec::text("code", "the code of the diagnostic"),
        ColumnSpec::text("severity", "error or warning"),
        ColumnSpec::text("file", "the file"),
        ColumnSpec::text("line", "the line in it, from 1"),
        ColumnSpec::text("column", "the character in it, from 1"),
        ColumnSpec::text("message", "the fault"),
        ColumnSpec::text("hint", "the way to mend it"),
    ]],
)
.of_each("diagnostic");

/// Findings as a table, for the formats that have nothing better.
fn table(session: &Session, diagnostics: &[Diagnostic], model: &Path) -> Table {
    let places = Positions::new(&session.model().document);
    let mut table = Table::declared(&FINDINGS, Currency::USD);
    for finding in listed(diagnostics) {
        let place = places.of(finding.span);
        table.push(vec![
            Cell::text(finding.code),
            Cell::text(findings::severity(finding)),
            Cell::text(path_from_here(model, place.file).display().to_string()),
            Cell::text(place.line.to_string()),
            Cell::text(place.column.to_string()),
            Cell::text(&finding.message),
            Cell::text(&finding.hint),
        ]);
    }
    table
}
