//! A place to a hidden one next to it, in which its replacement is made.
//!
//! The writer of a file or folder holds a lock on it. So an unlocked one was left by a killed process, and is
//! swept at the next write into the same folder: half-made files and folders go, and a run's folder that was
//! moved aside, without a successor, goes back to its place.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::results;

/// Endings of hidden names: of files in progress, and of files moved aside.
const PART: &str = "keiretsu-part";
const OLD: &str = "keiretsu-old";
/// Limit of entries in a folder that is searched for leftovers.
const LOOKED_AT: usize = 10_000;

/// A hidden file or folder next to its place; it is removed on drop unless it has been moved.
pub struct Beside {
    path: PathBuf,
    /// Held while it is made; none where the system has no locks.
    _lock: Option<File>,
    moved: bool,
}

impl Beside {
    /// An empty file next to a place.
    pub fn file(place: &Path) -> io::Result<(Self, File)> {
        sweep(place);
        loop {
            let path = hidden(place, PART)?;
            let file = OpenOptions::new().write(true).create_new(true).open(&path)?;
            // Between its making and its lock it may have been taken for left.
            if holds(&file, &path) {
                return Ok((Self { path, _lock: None, moved: false }, file));
            }
        }
    }

    /// An empty folder next to a place.
    pub fn folder(place: &Path) -> io::Result<Self> {
        sweep(place);
        loop {
            let path = hidden(place, PART)?;
            fs::create_dir(&path)?;
            // Where a folder cannot be opened, nobody can lock it and take it for left.
            let lock = File::open(&path).ok();
            if lock.as_ref().map_or(path.is_dir(), |lock| holds(lock, &path)) {
                return Ok(Self { path, _lock: lock, moved: false });
            }
        }
    }

    /// Moves the present file or folder of a place aside.
    pub fn aside(place: &Path) -> io::Result<Self> {
        let path = hidden(place, OLD)?;
        let lock = File::open(place).ok().filter(|lock| lock.lock().is_ok());
        fs::rename(place, &path)?;
        Ok(Self { path, _lock: lock, moved: true })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Puts files into the folder, all on the disk.
    pub fn fill(&self, files: &[(PathBuf, Vec<u8>)]) -> io::Result<()> {
        let mut folders = std::collections::BTreeSet::from([self.path.clone()]);
        for (name, bytes) in files {
            let place = self.path.join(name);
            if let Some(folder) = place.parent() {
                fs::create_dir_all(folder)?;
                let inside = folder.ancestors().take_while(|folder| folder.starts_with(&self.path));
                folders.extend(inside.map(Path::to_owned));
            }
            let mut file = OpenOptions::new().write(true).create_new(true).open(&place)?;
            file.write_all(bytes)?;
            file.sync_all()?;
        }
        folders.iter().try_for_each(|folder| synced(folder))
    }

    /// Moves it to a place.
    pub fn move_to(mut self, place: &Path) -> io::Result<()> {
        fs::rename(&self.path, place)?;
        self.moved = true;
        synced(parent(place))
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if !self.moved {
            // The trouble that counts is the first one.
            let _ = removed(&self.path);
        }
    }
}

/// Removes the leftovers of killed processes next to a place. A failed removal is no error.
pub fn sweep(place: &Path) {
    let entries = fs::read_dir(parent(place)).into_iter().flatten().take(LOOKED_AT).flatten();
    for path in entries.map(|entry| entry.path()) {
        let is = |end: &str| path.extension() == Some(OsStr::new(end)) && is_hidden(&path);
        if !is(PART) && !is(OLD) {
            continue;
        }
        // A pipe would have to be waited for.
        let is_plain = path.symlink_metadata().is_ok_and(|facts| facts.is_file() || facts.is_dir());
        let Some(lock) = is_plain.then(|| File::open(&path).ok()).flatten() else { continue };
        if lock.try_lock().is_err() {
            continue;
        }
        let _ = if is(OLD) { back_or_gone(&path) } else { removed(&path) };
    }
}

/// A run's folder that was moved aside goes back where nothing has taken its place.
fn back_or_gone(path: &Path) -> io::Result<()> {
    let name = path.file_stem().and_then(|stem| Path::new(stem).file_stem()).and_then(OsStr::to_str);
    let place = path.with_file_name(name.unwrap_or_default().trim_start_matches('.'));
    match fs::symlink_metadata(&place) {
        Err(error) if error.kind() == ErrorKind::NotFound => fs::rename(path, place),
        _ => results::removed(path),
    }
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().and_then(OsStr::to_str).is_some_and(|name| name.starts_with('.'))
}

fn removed(path: &Path) -> io::Result<()> {
    if fs::symlink_metadata(path)?.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }
}

/// Locks a new file or folder; returns whether it still exists. On a system without locks nothing counts as a
/// leftover.
fn holds(lock: &File, path: &Path) -> bool {
    let _ = lock.lock();
    path.symlink_metadata().is_ok()
}

/// An unused hidden name next to a path.
fn hidden(path: &Path, end: &str) -> io::Result<PathBuf> {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let name = path.file_name().and_then(OsStr::to_str);
    let name = name.ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "it has no name to write to"))?;
    let (process, number) = (std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    Ok(path.with_file_name(format!(".{name}.{process}-{number}.{end}")))
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Sees to it that the names in a folder outlast a loss of power.
fn synced(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        match File::open(folder)?.sync_all() {
            // Some file systems have nothing of the kind for folders.
            Err(error) if error.kind() == ErrorKind::InvalidInput => {}
            done => return done,
        }
    }
    Ok(())
}
