//! Bytes to files and folders, whole or not at all, and never over files of others.
//!
//! A file or folder is made next to its place under a hidden name, and is on the disk before it is moved
//! there, as its parent folder is after: a reader at any moment, and after a loss of power too, finds the old
//! one or the new one. Leftovers of a killed process are swept by the next that writes there.
//!
//! Invariants: nothing takes the place of a file that keiretsu did not write as a result, or that has changed
//! since, unless the user says so ([`Rights`]); of an input or of a file that may not be written, never.
//! A run's folder takes the place of an earlier run's and of nothing else ([`results`]).
//! Absent: the files of a model that `import` keeps; those change by steps of their own.

mod beside;
mod results;
mod stamp;
mod sum;

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use beside::Beside;
pub use results::{MARKER, results, results_may_go_to};

/// Which files a result may replace.
#[derive(Clone, Debug, Default)]
pub struct Rights {
    /// Whether the user wants files replaced that are no results.
    pub force: bool,
    /// The files read; they are never replaced.
    pub inputs: Vec<PathBuf>,
}

impl Rights {
    /// Whether a result may be written to this place.
    ///
    /// # Errors
    /// If it may not, with the reason.
    pub fn may_write(&self, path: &Path) -> io::Result<()> {
        let refused = |why: &str| Err(io::Error::new(ErrorKind::AlreadyExists, why));
        let Ok(facts) = fs::metadata(path) else {
            return match fs::symlink_metadata(path) {
                Ok(_) => refused("it is a link to nothing"),
                Err(_) => Ok(()),
            };
        };
        if facts.is_dir() {
            return Err(io::Error::new(ErrorKind::IsADirectory, "it is a folder"));
        }
        if self.inputs.iter().any(|input| same_file(input, path)) {
            return refused("it is what the answer is read from");
        }
        if facts.is_file() && facts.permissions().readonly() {
            return Err(io::Error::new(ErrorKind::PermissionDenied, "it may not be written"));
        }
        if facts.is_file() && !self.force && !stamp::is_result(path)? {
            return refused(
                "it is there already, and no unchanged result of keiretsu; `--force` replaces it",
            );
        }
        Ok(())
    }
}

/// Whether a result goes to a pipe or a device, which has no whole to keep.
pub fn is_stream(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|facts| !facts.is_file() && !facts.is_dir())
}

/// Writes results, each whole, and none if one cannot be written.
///
/// # Errors
/// If the rights do not suffice or the system refuses; then nothing of these names has changed, unless the
/// system refuses between two moves.
pub fn result_files(files: &[(PathBuf, Vec<u8>)], rights: &Rights) -> io::Result<()> {
    files.iter().try_for_each(|(path, _)| rights.may_write(path))?;
    let made = files.iter().map(|(path, bytes)| {
        let made = made_beside(path, bytes)?;
        stamp::put(&made.file, bytes)?;
        Ok(made)
    });
    made.collect::<io::Result<Vec<_>>>()?.into_iter().try_for_each(Made::place)
}

/// Writes a file whole, or not at all, in the place of whatever file has its name.
///
/// # Errors
/// If the system refuses; then nothing of that name has changed.
pub fn file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    made_beside(path, bytes)?.place()
}

/// Writes the files of a folder; a folder that does not exist yet appears whole, files of one that does are
/// each replaced whole.
///
/// # Errors
/// If the system refuses.
pub fn folder(path: &Path, files: &[(PathBuf, Vec<u8>)]) -> io::Result<()> {
    if path.is_dir() {
        return files.iter().try_for_each(|(name, bytes)| {
            let place = path.join(name);
            place.parent().map_or(Ok(()), fs::create_dir_all)?;
            file(&place, bytes)
        });
    }
    if fs::symlink_metadata(path).is_ok() {
        return Err(io::Error::new(ErrorKind::AlreadyExists, "it exists and is no folder"));
    }
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        fs::create_dir_all(parent)?;
    }
    let beside = Beside::folder(path)?;
    beside.fill(files)?;
    beside.move_to(path)
}

/// A file that is complete and on the disk, and not yet in its place.
struct Made {
    beside: Beside,
    file: fs::File,
    place: PathBuf,
}

impl Made {
    fn place(self) -> io::Result<()> {
        self.file.sync_all()?;
        self.beside.move_to(&self.place)
    }
}

fn made_beside(path: &Path, bytes: &[u8]) -> io::Result<Made> {
    let place = match fs::metadata(path) {
        Ok(facts) if facts.is_dir() => return Err(io::Error::new(ErrorKind::IsADirectory, "it is a folder")),
        // Links are followed, so that a link stays one.
        Ok(_) => path.canonicalize()?,
        Err(_) => path.to_owned(),
    };
    let (beside, mut file) = Beside::file(&place)?;
    io::Write::write_all(&mut file, bytes)?;
    if let Ok(facts) = fs::metadata(&place) {
        file.set_permissions(facts.permissions())?;
    }
    Ok(Made { beside, file, place })
}

/// Whether two paths lead to one file, by links of either kind too.
fn same_file(a: &Path, b: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let number = |path: &Path| fs::metadata(path).map(|facts| (facts.dev(), facts.ino())).ok();
        number(a).is_some_and(|a| number(b) == Some(a))
    }
    #[cfg(not(unix))]
    {
        a.canonicalize().is_ok_and(|a| b.canonicalize().is_ok_and(|b| a == b))
    }
}
