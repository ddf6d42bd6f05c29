//! One import at a time into a folder, and each whole or not at all, wherever the machine stops.
//!
//! The lock is the system's, on a file that names its holder, so that the lock of a dead process is no lock.
//! New files are first written to a folder next to their places, and made durable. The import is decided when
//! that folder gets its final name, in one step: from then on every reader of the model takes the new files
//! ([`crate::Folder`]), and they are moved to their places; moves that a crash prevents are done by the next
//! import. Before that step nothing has changed.
//!
//! Invariants: no file of the model is ever half written; a retry takes nothing twice. Absent: protection of
//! the folder from programs that do not ask for the lock.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};

use super::row::fnv;
use crate::folder::{PENDING, PENDING_LIST, pending};
use crate::system_words;

/// The lock.
const LOCK: &str = ".keiretsu-import.lock";
/// The staging folder, before the import is decided.
const STAGED: &str = ".keiretsu-import.part";

/// The right to import into a folder, for as long as it lives.
#[derive(Debug)]
pub struct ImportLock {
    folder: PathBuf,
    /// Whether the folder was made for it.
    made: bool,
    _lock: File,
}

impl ImportLock {
    /// Takes the lock without waiting, makes the folder if there is none, and completes an interrupted
    /// import.
    ///
    /// # Errors
    /// If another import holds it (with the process), a file has changed under an interrupted import, or the
    /// system refuses.
    pub fn take(folder: &Path) -> io::Result<Self> {
        let made = !folder.exists();
        fs::create_dir_all(folder)?;
        if let (true, Some(parent)) = (made, folder.canonicalize()?.parent()) {
            durable(parent)?;
        }
        let lock = lock(&folder.join(LOCK))?;
        let held = Self { folder: folder.to_owned(), made, _lock: lock };
        held.sweep()?;
        held.finish()?;
        Ok(held)
    }

    /// Writes files into the folder: all, or none.
    ///
    /// # Errors
    /// If the system refuses. Once it is decided, the words of the error say so.
    pub fn write(&self, files: &[(PathBuf, Vec<u8>)]) -> io::Result<()> {
        let staged = self.folder.join(STAGED);
        let ready = self.stage(&staged, files);
        let decided = ready.and_then(|()| fs::rename(&staged, self.folder.join(PENDING)));
        if let Err(error) = decided {
            // The trouble that counts is the first one.
            let _ = fs::remove_dir_all(&staged);
            let what = format!("{}; nothing was changed", system_words(&error));
            return Err(io::Error::new(error.kind(), what));
        }
        durable(&self.folder).and_then(|()| self.finish()).map_err(|error| {
            let why = system_words(&error);
            let what = format!("the rows are taken, but not all files are in place ({why}); import again");
            io::Error::new(error.kind(), what)
        })
    }

    fn stage(&self, staged: &Path, files: &[(PathBuf, Vec<u8>)]) -> io::Result<()> {
        fs::create_dir(staged)?;
        let mut list = String::new();
        for (name, bytes) in files {
            let place = self.folder.join(name);
            let before = fs::metadata(&place).ok();
            if before.as_ref().is_some_and(|facts| facts.permissions().readonly()) {
                let message = format!("{} is read-only", name.display());
                return Err(io::Error::new(ErrorKind::PermissionDenied, message));
            }
            let mut file = OpenOptions::new().write(true).create_new(true).open(staged.join(name))?;
            file.write_all(bytes)?;
            if let Some(facts) = &before {
                file.set_permissions(facts.permissions())?;
            }
            file.sync_all()?;
            list.push_str(&format!("{} {}\n", print(&place)?, name.display()));
        }
        let mut file = File::create_new(staged.join(PENDING_LIST))?;
        file.write_all(list.as_bytes())?;
        file.sync_all()?;
        durable(staged)
    }

    /// Moves the decided files to their places.
    fn finish(&self) -> io::Result<()> {
        let decided = self.folder.join(PENDING);
        if !decided.is_dir() {
            return Ok(());
        }
        let list: Vec<(String, String)> = pending(&self.folder);
        for (before, name) in &list {
            let (from, place) = (decided.join(name), self.folder.join(name));
            if from.exists() && print(&place)? != *before {
                return Err(io::Error::other(format!(
                    "{name} has changed since an import was interrupted; either put it back, or take \
                     {PENDING}/{name} for it and remove it there"
                )));
            }
        }
        for (_, name) in &list {
            let from = decided.join(name);
            if from.exists() {
                // Links are followed, so that a link stays one.
                let place = self.folder.join(name);
                fs::rename(from, place.canonicalize().unwrap_or(place))?;
            }
        }
        durable(&self.folder)?;
        fs::remove_dir_all(&decided)?;
        durable(&self.folder)
    }

    /// Removes files of an import that was interrupted before its decision.
    fn sweep(&self) -> io::Result<()> {
        match fs::remove_dir_all(self.folder.join(STAGED)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

impl Drop for ImportLock {
    fn drop(&mut self) {
        // What cannot be removed is in nobody's way: the lock itself ends with the file.
        let _ = fs::remove_file(self.folder.join(LOCK));
        if self.made {
            // One with anything in it stays.
            let _ = fs::remove_dir(&self.folder);
        }
    }
}

fn lock(path: &Path) -> io::Result<File> {
    loop {
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // Without a name it is locked all the same.
                let _ = file.read_to_string(&mut holder);
                let holder = if holder.trim().is_empty() { "another process" } else { holder.trim() };
                let what = format!("{holder} imports into it right now; import again when it has ended");
                return Err(io::Error::new(ErrorKind::ResourceBusy, what));
            }
            Err(TryLockError::Error(error)) => return Err(error),
        }
        // Its last holder may have removed it between the two steps: then this lock keeps nobody out.
        if is_there(&file, path) {
            file.set_len(0)?;
            file.rewind()?;
            write!(file, "process {}", std::process::id())?;
            return Ok(file);
        }
    }
}

#[cfg(unix)]
fn is_there(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let id = |facts: fs::Metadata| (facts.dev(), facts.ino());
    file.metadata().map(id).ok() == fs::metadata(path).map(id).ok()
}

/// A file that is open cannot be removed there.
#[cfg(not(unix))]
fn is_there(_: &File, _: &Path) -> bool {
    true
}

/// The fingerprint of a file, or that there is none.
fn print(path: &Path) -> io::Result<String> {
    match fs::read(path) {
        Ok(bytes) => Ok(fnv(&bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok("new".to_owned()),
        Err(error) => Err(error),
    }
}

/// Makes the names in a folder last through a loss of power.
fn durable(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Folder;
    use keiretsu_model::Files;

    fn place(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("keiretsu-hold-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder");
        fs::write(path.join("a.toml"), "old").expect("writes");
        path
    }

    /// As if the machine had stopped right after the import was decided.
    fn decided(folder: &Path) {
        let held = ImportLock::take(folder).expect("the lock");
        let files = [("a.toml".into(), b"new".to_vec()), ("b.toml".into(), b"more".to_vec())];
        held.stage(&folder.join(STAGED), &files).expect("stages");
        fs::rename(folder.join(STAGED), folder.join(PENDING)).expect("decides");
    }

    #[test]
    fn what_is_decided_is_what_readers_see_and_the_next_import_puts_in_place() {
        let folder = place("decided");
        decided(&folder);
        let files = Folder::at(&folder).expect("a folder");
        assert_eq!(files.read("a.toml"), Ok(b"new".to_vec()));
        assert_eq!(files.list(), Ok(vec!["a.toml".to_owned(), "b.toml".to_owned()]));
        assert_eq!(fs::read_to_string(folder.join("a.toml")).expect("text"), "old");
        drop(ImportLock::take(&folder).expect("finishes"));
        assert_eq!(fs::read_to_string(folder.join("a.toml")).expect("text"), "new");
        assert_eq!(fs::read_to_string(folder.join("b.toml")).expect("text"), "more");
        assert_eq!(fs::read_dir(&folder).expect("lists").count(), 2, "nothing else stays");
    }

    #[test]
    fn what_the_user_changed_meanwhile_is_never_lost() {
        let folder = place("changed");
        decided(&folder);
        fs::write(folder.join("a.toml"), "mine").expect("writes");
        let refused = ImportLock::take(&folder).expect_err("a change").to_string();
        assert!(refused.contains("a.toml has changed"), "{refused}");
        assert_eq!(fs::read_to_string(folder.join("a.toml")).expect("text"), "mine");
    }

    #[test]
    fn what_was_not_decided_is_swept() {
        let folder = place("staged");
        let held = ImportLock::take(&folder).expect("the lock");
        held.stage(&folder.join(STAGED), &[("a.toml".into(), b"new".to_vec())]).expect("stages");
        drop(held);
        drop(ImportLock::take(&folder).expect("the lock"));
        assert_eq!(fs::read_to_string(folder.join("a.toml")).expect("text"), "old");
        assert_eq!(fs::read_dir(&folder).expect("lists").count(), 1, "nothing else stays");
    }
}
