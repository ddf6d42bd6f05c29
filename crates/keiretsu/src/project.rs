//! A path to a model that is read and checked.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use keiretsu_contracts::Lowered;
use keiretsu_model::formula::Formula;
use keiretsu_model::{
    Diagnostic, Document, FileId, Files, Model, Opened, Options, Severity, Span, has_errors, open,
    open_document,
};
use keiretsu_program::Reg;

use crate::trouble::system_words;
use crate::{Folder, OpenTrouble, RunTrouble, Runner, correlations, input};

/// The file that makes a folder a model.
const ROOT: &str = "keiretsu.toml";

/// From when, and with what knowledge, a model is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dates {
    /// The day it looks from, instead of its own.
    pub as_of: Option<Date>,
    /// The last day whose news counts.
    pub known_on: Option<Date>,
}

/// A model as read, with everything that was found.
#[derive(Clone, Debug)]
pub struct Project {
    /// What the text says, as far as it could be read.
    pub model: Model,
    /// Errors and warnings of the text and of its contracts, in the order of the text.
    pub found: Vec<Diagnostic>,
}

impl Project {
    /// Opens a folder with a `keiretsu.toml`, or such a file.
    ///
    /// # Errors
    /// If there is none, or it cannot be read. What is wrong inside is in `found`.
    pub fn open(path: &Path, dates: Dates) -> Result<Self, OpenTrouble> {
        let (folder, root) = locate(path)?;
        let unreadable = |error| OpenTrouble::Unreadable(folder.join(&root), system_words(&error));
        // A root that exists and cannot be read is the system's affair, not the text's.
        input::is_plain(&folder.join(&root)).map_err(unreadable)?;
        fs::File::open(folder.join(&root)).map_err(unreadable)?;
        let files = Folder::at(&folder).map_err(unreadable)?;
        Ok(Self::of(&files, &root, dates))
    }

    /// Opens a model from any files.
    pub fn of(files: &dyn Files, root: &str, dates: Dates) -> Self {
        let specs = keiretsu_contracts::specs();
        let options = Options { specs: &specs, as_of: dates.as_of, known_on: dates.known_on };
        Self::checked(open(files, root, &options))
    }

    /// The same from a text that has been read.
    pub fn of_document(document: &Document, dates: Dates) -> Self {
        let specs = keiretsu_contracts::specs();
        let options = Options { specs: &specs, as_of: dates.as_of, known_on: dates.known_on };
        Self::checked(open_document(document, Vec::new(), &options))
    }

    fn checked(opened: Opened) -> Self {
        let mut found = opened.diagnostics;
        let consequences = Regions::of(&opened.model).with_errors(&found);
        let checked = keiretsu_contracts::check(&opened.model);
        found.extend(checked.into_iter().filter(|finding| !consequences.contains(finding.span)));
        found.extend(correlations::findings(&opened.model));
        found.sort_by_key(|finding| (finding.span.file, finding.span.start, finding.code));
        found.dedup();
        Self { model: opened.model, found }
    }

    /// Whether the model cannot be run.
    pub fn has_errors(&self) -> bool {
        has_errors(&self.found)
    }

    /// How many errors and how many warnings were found.
    pub fn counts(&self) -> (usize, usize) {
        let errors = self.found.iter().filter(|finding| finding.severity() == Severity::Error).count();
        (errors, self.found.len() - errors)
    }

    /// The program of a model without errors, and what its ids stand for.
    ///
    /// # Errors
    /// If the model has errors, or lowering breaks a rule of programs.
    pub fn lower(&self) -> Result<Lowered, RunTrouble> {
        Ok(self.lowered(&[])?.0)
    }

    /// The same with formulas that are not in the text, a register for each; and what had to be repaired.
    pub(crate) fn lowered(
        &self,
        formulas: &[&Formula],
    ) -> Result<(Lowered, Vec<Reg>, Option<String>), RunTrouble> {
        if self.has_errors() {
            return Err(RunTrouble::Errors);
        }
        lowered(&self.model, formulas)
    }

    /// What answers questions about this model.
    ///
    /// # Errors
    /// As [`Self::lower`].
    pub fn runner(&self) -> Result<Runner<'_>, RunTrouble> {
        let (lowered, _, repaired) = self.lowered(&[])?;
        Ok(Runner { model: &self.model, lowered, repaired, watch: |_, _| true })
    }
}

/// The program of a model, a register for each formula that is not in its text, and what had to be repaired;
/// the model has no errors.
pub(crate) fn lowered(
    model: &Model,
    formulas: &[&Formula],
) -> Result<(Lowered, Vec<Reg>, Option<String>), RunTrouble> {
    let (mut lowered, watched) = keiretsu_contracts::lower_watching(model, formulas);
    let repaired = correlations::repair(model, &mut lowered.program);
    match keiretsu_program::verify(&lowered.program) {
        Ok(()) => Ok((lowered, watched, repaired)),
        Err(faults) => {
            let first = faults.first().map(ToString::to_string).unwrap_or_default();
            Err(RunTrouble::Ours(first))
        }
    }
}

/// The folder of a model and the name of its root file.
fn locate(path: &Path) -> Result<(PathBuf, String), OpenTrouble> {
    let facts = fs::metadata(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => OpenTrouble::Missing(path.to_owned()),
        _ => OpenTrouble::Unreadable(path.to_owned(), system_words(&error)),
    })?;
    if facts.is_dir() {
        return match fs::symlink_metadata(path.join(ROOT)) {
            Ok(_) => Ok((path.to_owned(), ROOT.to_owned())),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                Err(OpenTrouble::NoModel(path.to_owned(), models_below(path)))
            }
            Err(error) => Err(OpenTrouble::Unreadable(path.join(ROOT), system_words(&error))),
        };
    }
    let name = path.file_name().and_then(|name| name.to_str());
    let Some(name) = name.filter(|_| facts.is_file()) else {
        return Err(OpenTrouble::Unreadable(path.to_owned(), "it is no plain file".to_owned()));
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

/// Stretches of text from one definition to the next, so that a check of a definition that could not be read
/// as written is left for when it can: what it says would be a consequence, not a cause.
struct Regions {
    starts: BTreeMap<FileId, Vec<u32>>,
}

impl Regions {
    fn of(model: &Model) -> Self {
        let mut starts: BTreeMap<FileId, Vec<u32>> = BTreeMap::new();
        let contracts = model.known_contracts().map(|(_, contract)| contract.span);
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

    fn with_errors(self, found: &[Diagnostic]) -> Wrong {
        let errors = found.iter().filter(|finding| finding.severity() == Severity::Error);
        let wrong = errors.map(|finding| self.region(finding.span)).collect();
        Wrong { regions: self, wrong }
    }
}

/// The regions in which something could not be read.
struct Wrong {
    regions: Regions,
    wrong: std::collections::BTreeSet<(FileId, usize)>,
}

impl Wrong {
    fn contains(&self, span: Span) -> bool {
        self.wrong.contains(&self.regions.region(span))
    }
}
