//! A path to a text that is read and checked.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use keiretsu_model::{
    Diagnostic, Document, FileId, Files, Model, Opened, Options, Severity, Span, open, open_document,
};

use crate::error::system_words;
use crate::{Folder, OpenError, correlations, input};

/// The file that makes a folder a model.
const ROOT: &str = "keiretsu.toml";

/// The as-of date and the known-on date of a model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dates {
    /// The day it looks from, instead of its own.
    pub as_of: Option<Date>,
    /// The known-on date: news after this day is not used.
    pub known_on: Option<Date>,
}

/// A model as far as its text could be read, and everything that is wrong with it.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    pub model: Model,
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a folder with a `keiretsu.toml`, or such a file.
///
/// # Errors
/// If there is none, or it cannot be read. Errors inside its text are diagnostics.
pub(crate) fn path(path: &Path, dates: Dates) -> Result<Reading, OpenError> {
    let (folder, root) = locate(path)?;
    let unreadable = |error| OpenError::Unreadable(folder.join(&root), system_words(&error));
    // A root that exists and cannot be read is the system's affair, not the text's.
    input::is_plain(&folder.join(&root)).map_err(unreadable)?;
    fs::File::open(folder.join(&root)).map_err(unreadable)?;
    let folder = Folder::at(&folder).map_err(unreadable)?;
    Ok(files(&folder, &root, dates))
}

/// Reads a model from any files.
pub(crate) fn files(files: &dyn Files, root: &str, dates: Dates) -> Reading {
    let specs = keiretsu_contracts::specs();
    let options = Options { specs: &specs, as_of: dates.as_of, known_on: dates.known_on };
    checked(open(files, root, &options))
}

/// The same from a text that has been read.
pub(crate) fn document(document: &Document, dates: Dates) -> Reading {
    let specs = keiretsu_contracts::specs();
    let options = Options { specs: &specs, as_of: dates.as_of, known_on: dates.known_on };
    checked(open_document(document, Vec::new(), &options))
}

fn checked(opened: Opened) -> Reading {
    let mut diagnostics = opened.diagnostics;
    let consequences = Regions::of(&opened.model).with_errors(&diagnostics);
    let checked = keiretsu_contracts::check(&opened.model);
    diagnostics.extend(checked.into_iter().filter(|finding| !consequences.contains(finding.span)));
    diagnostics.extend(correlations::findings(&opened.model));
    diagnostics.sort_by_key(|finding| (finding.span.file, finding.span.start, finding.code));
    diagnostics.dedup();
    Reading { model: opened.model, diagnostics }
}

/// The folder of a model and the name of its root file.
fn locate(path: &Path) -> Result<(PathBuf, String), OpenError> {
    let facts = fs::metadata(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => OpenError::Missing(path.to_owned()),
        _ => OpenError::Unreadable(path.to_owned(), system_words(&error)),
    })?;
    if facts.is_dir() {
        return match fs::symlink_metadata(path.join(ROOT)) {
            Ok(_) => Ok((path.to_owned(), ROOT.to_owned())),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                Err(OpenError::NoModel(path.to_owned(), models_below(path)))
            }
            Err(error) => Err(OpenError::Unreadable(path.join(ROOT), system_words(&error))),
        };
    }
    let name = path.file_name().and_then(|name| name.to_str());
    let Some(name) = name.filter(|_| facts.is_file()) else {
        return Err(OpenError::Unreadable(path.to_owned(), "it is no plain file".to_owned()));
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    Ok((folder.unwrap_or(Path::new(".")).to_owned(), name.to_owned()))
}

/// The first few folders of a folder that hold a model.
fn models_below(folder: &Path) -> Vec<PathBuf> {
    const LOOKED_AT: usize = 200;
    let entries = fs::read_dir(folder).into_iter().flatten().take(LOOKED_AT).flatten();
    let mut models: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| path.join(ROOT).is_file()).collect();
    models.sort();
    models.truncate(5);
    models
}

/// Regions of text from one definition to the next. A check of a definition that cannot be read as written
/// waits until it can: its diagnostics would be consequences, not causes.
struct Regions {
    starts: BTreeMap<FileId, Vec<u32>>,
}

impl Regions {
    fn of(model: &Model) -> Self {
        let mut starts: BTreeMap<FileId, Vec<u32>> = BTreeMap::new();
        let contracts = model.stated_contracts().map(|(_, contract)| contract.span);
        let parties = model.parties.iter().map(|party| party.span);
        let factors = model.factors.iter().map(|factor| factor.span);
        let scenarios = model.scenarios.iter().map(|scenario| scenario.span);
        let events = model.events.iter().map(|event| event.span);
        let holdings = model.holdings.iter().map(|holding| holding.span);
        let products = model.products.iter().map(|product| product.span);
        let others = events.chain(holdings).chain(products);
        for span in contracts.chain(parties).chain(factors).chain(scenarios).chain(others) {
            starts.entry(span.file).or_default().push(span.start);
        }
        for list in starts.values_mut() {
            list.sort_unstable();
        }
        Self { starts }
    }

    fn region(&self, span: Span) -> (FileId, usize) {
        let starts = self.starts.get(&span.file).map_or(&[][..], Vec::as_slice);
        (span.file, starts.partition_point(|start| *start <= span.start))
    }

    fn with_errors(self, diagnostics: &[Diagnostic]) -> Wrong {
        let errors = diagnostics.iter().filter(|finding| finding.severity() == Severity::Error);
        let wrong = errors.map(|finding| self.region(finding.span)).collect();
        Wrong { regions: self, wrong }
    }
}

/// The regions in which something could not be read.
struct Wrong {
    regions: Regions,
    wrong: BTreeSet<(FileId, usize)>,
}

impl Wrong {
    fn contains(&self, span: Span) -> bool {
        self.wrong.contains(&self.regions.region(span))
    }
}
