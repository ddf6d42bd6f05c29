//! A table of claims to the skeleton of a model: one row a claim, one source a row.
//!
//! Rows about obligations become contracts, rows about published figures become reports, rows that contradict
//! each other on one subject become claims of one figure. Other rows are listed with the reason. A ledger,
//! `claims.csv`, keeps the outcome of each row, so that a second import adds only new rows.
//!
//! Invariants: every row is in the ledger; an import is whole or not at all ([`ImportLock`]); the resulting
//! model has no errors. Absent: any number that no row gives.

mod amount;
mod cells;
mod clauses;
mod dates;
mod headings;
mod hold;
mod ledger;
mod names;
mod numbers;
mod place;
mod portions;
mod row;
mod rows;
mod spoken;
mod statement;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use keiretsu_model::{Diagnostic, FileError, Files, MemoryFiles, Severity};
use keiretsu_values::{Cell, ColumnSpec, Currency, Table, TableSpec};

use crate::position::Positions;
use crate::{Dates, Folder, Session};
pub use hold::ImportLock;
use ledger::Ledger;
use names::Known;
use row::Row;
use statement::ImportedStatement;

/// The result of an import.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The files to write, whole, by their path in the folder.
    pub files: Vec<(PathBuf, Vec<u8>)>,
    /// How many rows were placed, how many the folder has already, how many could not be placed.
    pub counts: [usize; 3],
    /// The outcome of each new row.
    pub table: Table,
}

/// Why a table of claims cannot be imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportError {
    /// The table has errors, each with its place.
    Table(Vec<String>),
    /// The folder cannot be read or holds something else.
    Folder(String),
    /// The resulting model has errors: a fault of keiretsu.
    Internal(Vec<String>),
}

/// Reads a table of claims and returns the files of the folder with the claims added. Writes nothing.
///
/// # Errors
/// [`ImportError`]; then nothing is to be written.
pub fn claims(bytes: &[u8], folder: &Path) -> Result<Imported, ImportError> {
    let rows = rows::read(bytes).map_err(ImportError::Table)?;
    let mut ledger = Ledger::read(folder).map_err(ImportError::Folder)?;
    let (old, new): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| ledger.has(&row.id));
    let changed = old.iter().filter(|row| !ledger.is_same(row));
    let changed: Vec<(String, String)> = changed
        .map(|row| (row.id.clone(), "changed in the table; change it by hand in the model".to_owned()))
        .collect();
    let known = ledger.known(folder).map_err(ImportError::Folder)?;
    if let Some((row, file)) = Ledger::stranger(&new, folder).map_err(ImportError::Folder)? {
        return Err(ImportError::Folder(format!(
            "{file} has a statement of the row `{}`, which {} does not know; put the ledger back, or remove \
             the statement",
            row.id,
            ledger::FILE
        )));
    }
    let (placed, files) = settled(&new, &known, (&mut ledger, folder))?;
    let counts = [placed.placed(), old.len() - changed.len(), placed.unplaced.len() + changed.len()];
    Ok(Imported { files, counts, table: report(&placed, &changed) })
}

/// Files of the folder with their new text, by path.
type NewFiles = Vec<(PathBuf, Vec<u8>)>;

/// Places rows, without those whose statements the language refuses: these stand nowhere, and the others are
/// placed anew.
fn settled(
    new: &[Row],
    known: &Known,
    (ledger, folder): (&mut Ledger, &Path),
) -> Result<(place::Placed, NewFiles), ImportError> {
    let ids: BTreeSet<&str> = new.iter().map(|row| row.id.as_str()).collect();
    let mut refused: BTreeMap<String, String> = BTreeMap::new();
    loop {
        let rows: Vec<Row> = new.iter().filter(|row| !refused.contains_key(&row.id)).cloned().collect();
        let mut placed = place::all(&rows, &ids, known);
        placed.unplaced.extend(refused.clone());
        let mut kept = ledger.clone();
        kept.add(new, &placed);
        let mut files = texts(&placed, folder).map_err(ImportError::Folder)?;
        files.push((ledger::FILE.into(), kept.bytes()));
        if placed.statements.is_empty() && placed.unplaced.is_empty() {
            files.clear();
        }
        let wrong = verify(folder, &files, &placed)?;
        if wrong.is_empty() {
            *ledger = kept;
            return Ok((placed, files));
        }
        refused.extend(wrong);
    }
}

/// Imported rows.
pub(crate) const IMPORTED: TableSpec = TableSpec::new(
    "import",
    "import",
    "What became of each new row",
    &[&[
        ColumnSpec::text("row", "the row of the imported file"),
        ColumnSpec::text("became", "the statement that it became, or `not placed`"),
        ColumnSpec::text("reason", "the reason where it was not placed, or a part left out"),
    ]],
)
.of_each("row");

/// The outcome of each row: its place in the model, or the reason why it has none.
fn report(placed: &place::Placed, changed: &[(String, String)]) -> Table {
    let mut table = Table::declared(&IMPORTED, Currency::USD);
    for (row, path) in placed.places() {
        let left = placed.left_out.get(row);
        table.push(vec![Cell::text(row), Cell::text(path), left.map_or(Cell::Empty, Cell::text)]);
    }
    for (row, reason) in placed.unplaced.iter().chain(changed) {
        table.push(vec![Cell::text(row), Cell::text("not placed"), Cell::text(reason)]);
    }
    table
}

/// A file of the folder, as the model reads it; none where there is none.
fn there(folder: &Path, name: &str) -> Result<Option<Vec<u8>>, String> {
    let Ok(files) = Folder::at(folder) else { return Ok(None) };
    match files.read(name) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(FileError::Missing) => Ok(None),
        Err(FileError::Unreadable(why)) => Err(format!("{name} cannot be read: {why}")),
        Err(error) => Err(format!("{name} cannot be read: {error:?}")),
    }
}

/// The files of the model with the new statements at their ends.
fn texts(placed: &place::Placed, folder: &Path) -> Result<Vec<(PathBuf, Vec<u8>)>, String> {
    let mut by_file: BTreeMap<&str, Vec<&ImportedStatement>> = BTreeMap::new();
    for statement in &placed.statements {
        by_file.entry(statement.file).or_default().push(statement);
    }
    let mut files = Vec::new();
    let is_new = there(folder, "keiretsu.toml")?.is_none() && !placed.statements.is_empty();
    if is_new {
        files.push(("keiretsu.toml".into(), statement::root(&placed.as_of, statement::FILES).into_bytes()));
    }
    for (file, statements) in by_file {
        let mut text = match there(folder, file)? {
            Some(bytes) => String::from_utf8(bytes).map_err(|_| format!("{file} is not UTF-8 text"))?,
            None => statement::heading(file),
        };
        for statement in statements {
            text.push('\n');
            text.push_str(&statement.text());
        }
        files.push((file.into(), text.into_bytes()));
    }
    // An include of a file that is not there is an error of the model.
    for file in statement::FILES.iter().filter(|_| is_new) {
        let written = files.iter().any(|(path, _)| path == Path::new(file));
        if !written && there(folder, file)?.is_none() {
            files.push(((*file).into(), statement::heading(file).into_bytes()));
        }
    }
    Ok(files)
}

/// The folder as it would be.
fn with(folder: &Path, files: &[(PathBuf, Vec<u8>)]) -> Result<MemoryFiles, String> {
    let mut memory = MemoryFiles::default();
    if folder.exists() {
        let there = Folder::at(folder).map_err(|error| error.to_string())?;
        let unreadable = |path: &str| format!("{path} cannot be read");
        let names = there.list().map_err(|_| unreadable(&folder.display().to_string()))?;
        let is_toml =
            |path: &String| Path::new(path).extension().is_some_and(|extension| extension == "toml");
        for path in names.into_iter().filter(is_toml) {
            let bytes = there.read(&path).map_err(|_| unreadable(&path))?;
            memory.0.insert(path, bytes);
        }
    }
    let new = files.iter().map(|(path, bytes)| (path.display().to_string(), bytes.clone()));
    memory.0.extend(new);
    Ok(memory)
}

/// The model that would come out is read before anything is written: rows whose statements it refuses, and
/// why.
fn verify(
    folder: &Path,
    files: &[(PathBuf, Vec<u8>)],
    placed: &place::Placed,
) -> Result<BTreeMap<String, String>, ImportError> {
    // Where nothing could be placed, only the ledger is written, and there may be no model yet.
    if files.is_empty() || placed.statements.is_empty() {
        return Ok(BTreeMap::new());
    }
    let memory = with(folder, files).map_err(ImportError::Folder)?;
    let session = Session::of(&memory, "keiretsu.toml", Dates::default());
    let errors = session.diagnostics().iter().filter(|finding| finding.severity() == Severity::Error);
    let errors: Vec<&Diagnostic> = errors.collect();
    let wrong: BTreeMap<String, String> =
        errors.iter().flat_map(|error| rows_of(error, &session, placed)).collect();
    if !errors.is_empty() && wrong.is_empty() {
        let words = errors.iter().map(|error| format!("{}: {}", error.code, error.message));
        return Err(ImportError::Internal(words.collect()));
    }
    if !wrong.is_empty() {
        return Ok(wrong);
    }
    // A statement in a file that the root does not include would be written and never read.
    let there = Known::of(session.model());
    let name =
        |statement: &ImportedStatement| statement.path.rsplit('.').next().unwrap_or_default().to_owned();
    let is_there = |statement: &ImportedStatement| {
        statement.path.starts_with("currencies.") || there.taken.contains(&name(statement))
    };
    match placed.statements.iter().find(|statement| !is_there(statement)) {
        None => Ok(BTreeMap::new()),
        Some(statement) => Err(ImportError::Folder(format!(
            "its keiretsu.toml does not include {}; add it to `include`",
            statement.file
        ))),
    }
}

/// The rows of the statement in which an error stands, with its words.
fn rows_of(error: &Diagnostic, session: &Session, placed: &place::Placed) -> Vec<(String, String)> {
    let places = Positions::new(&session.model().document);
    let line = places.of(error.span).line;
    let headers = places.text(error.span.file).lines().take(line).filter_map(|line| line.strip_prefix('['));
    let Some(header) = headers.last().map(|header| header.trim_matches(['[', ']'])) else { return vec![] };
    let is_it = |statement: &&ImportedStatement| {
        header.strip_prefix(&statement.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let rows = placed.statements.iter().find(is_it).map_or(&[][..], |statement| &statement.rows);
    let why = format!("the language refuses it: {}", error.message);
    rows.iter().map(|row| (row.id.clone(), why.clone())).collect()
}
