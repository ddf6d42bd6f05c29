//! A folder on disk as the model's door to the outside.
//!
//! Invariants: nothing outside the folder is read, whatever links point to; no file is read before its size
//! is known to be within the limit, and only plain files are read at all.
//! Absent: writing.

use std::fs::{self, DirEntry, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Component, Path, PathBuf};

use keiretsu_model::limits::MAX_FILE_BYTES;
use keiretsu_model::{FileError, Files};

use crate::limits::FOLDER_ENTRIES_MAX as MAX_ENTRIES;

/// Folders that are never looked into: builds put thousands of files there.
const NEVER: &str = "target";

/// The files of an import that is decided and not all in place: they are those of the model.
pub(crate) const PENDING: &str = ".keiretsu-import";
/// Names of the staged files, each with the fingerprint of the file it replaces.
pub(crate) const PENDING_LIST: &str = "files";

/// Files that an import has decided on and not yet moved: the fingerprint each replaces, and its name.
pub(crate) fn pending(folder: &Path) -> Vec<(String, String)> {
    let list = fs::read_to_string(folder.join(PENDING).join(PENDING_LIST)).unwrap_or_default();
    list.lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(print, name)| (print.into(), name.into()))
        .collect()
}

/// A folder of model files.
#[derive(Clone, Debug)]
pub struct Folder {
    /// With all links resolved.
    root: PathBuf,
    /// The files of an import that are not in place yet.
    pending: Vec<String>,
}

impl Folder {
    /// The folder at a path.
    ///
    /// # Errors
    /// If there is none.
    pub fn at(path: &Path) -> io::Result<Self> {
        let root = path.canonicalize()?;
        let pending = pending(&root).into_iter().map(|(_, name)| name).collect();
        Ok(Self { root, pending })
    }

    /// Where a path of the model lies, links resolved, if that is inside the folder.
    fn resolve(&self, path: &str) -> Result<PathBuf, FileError> {
        let relative = Path::new(path);
        let plain = |part| matches!(part, Component::Normal(_) | Component::CurDir);
        if !relative.components().all(plain) {
            return Err(FileError::Outside);
        }
        let resolved = self.root.join(relative).canonicalize().map_err(|error| unreadable(&error))?;
        if resolved.starts_with(&self.root) { Ok(resolved) } else { Err(FileError::Outside) }
    }
}

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        let waiting = self.pending.iter().any(|name| name == path);
        // One that is gone from there is in its place by now.
        let resolved = match waiting.then(|| self.resolve(&format!("{PENDING}/{path}"))) {
            Some(Ok(resolved)) => resolved,
            _ => self.resolve(path)?,
        };
        let facts = fs::metadata(&resolved).map_err(|error| unreadable(&error))?;
        if !facts.is_file() {
            let what = if facts.is_dir() { "it is a folder" } else { "it is no plain file" };
            return Err(FileError::Unreadable(what.to_owned()));
        }
        if MAX_FILE_BYTES < facts.len() {
            return Err(FileError::TooLarge);
        }
        let file = File::open(&resolved).map_err(|error| unreadable(&error))?;
        let mut bytes = Vec::with_capacity(facts.len() as usize);
        // One byte beyond the limit tells a file that has grown since.
        file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
        if MAX_FILE_BYTES < bytes.len() as u64 { Err(FileError::TooLarge) } else { Ok(bytes) }
    }

    fn list(&self) -> Result<Vec<String>, FileError> {
        let mut files = Vec::new();
        let mut folders = vec![(self.root.clone(), String::new())];
        let mut seen = 0;
        while let Some((folder, prefix)) = folders.pop() {
            for entry in fs::read_dir(&folder).map_err(|error| unreadable(&error))? {
                let entry = entry.map_err(|error| unreadable(&error))?;
                seen += 1;
                if MAX_ENTRIES < seen {
                    let why = format!("the folder holds more than {MAX_ENTRIES} files");
                    return Err(FileError::Unreadable(why));
                }
                match kind(&entry) {
                    Entry::File(name) => files.push(prefix.clone() + &name),
                    Entry::Folder(name) => folders.push((entry.path(), format!("{prefix}{name}/"))),
                    Entry::Other => {}
                }
            }
        }
        files.extend(self.pending.iter().cloned());
        files.sort();
        files.dedup();
        Ok(files)
    }
}

enum Entry {
    File(String),
    Folder(String),
    Other,
}

/// The kind of an entry. Linked folders are not followed, so a listing always ends; linked files are listed,
/// and the reading decides whether they lie inside.
fn kind(entry: &DirEntry) -> Entry {
    let Ok(name) = entry.file_name().into_string() else { return Entry::Other };
    let Ok(kind) = entry.file_type() else { return Entry::Other };
    match (kind.is_dir(), kind.is_file() || kind.is_symlink()) {
        _ if name.starts_with('.') => Entry::Other,
        (true, _) if name == NEVER => Entry::Other,
        (true, _) => Entry::Folder(name),
        (false, true) => Entry::File(name),
        (false, false) => Entry::Other,
    }
}

fn unreadable(error: &io::Error) -> FileError {
    match error.kind() {
        ErrorKind::NotFound => FileError::Missing,
        _ => FileError::Unreadable(crate::error::system_words(error)),
    }
}
