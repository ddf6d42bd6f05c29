//! Tables to bytes and to files, whole or not at all.
//!
//! A file is written beside its place under a name of its own and then moved there, so that whoever reads it
//! sees the old one or the new one.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use keiretsu_values::Table;
use keiretsu_views::{Format, Style};

/// The format in which a file of this name is written.
pub fn format_of(path: &Path) -> Option<&'static dyn Format> {
    keiretsu_views::by_extension(path.extension()?.to_str()?)
}

/// Tables in the format that the file's extension means, if it means one.
///
/// # Errors
/// If the extension is no format's, a file of the format does not hold that many tables, or the file cannot
/// be written.
pub fn write(tables: &[Table], path: &Path) -> io::Result<()> {
    let format = format_of(path).ok_or_else(|| {
        let extensions: Vec<&str> = keiretsu_views::formats()
            .iter()
            .filter_map(|format| format.extensions().first().copied())
            .collect();
        let message = format!("no format has this extension; known are {}", extensions.join(", "));
        io::Error::new(ErrorKind::InvalidInput, message)
    })?;
    if format.one_table() && tables.len() != 1 {
        let message = format!("a {} file holds one table, and these are {}", format.name(), tables.len());
        return Err(io::Error::new(ErrorKind::InvalidInput, message));
    }
    file(path, &format.write(tables, &Style::default()))
}

/// Writes a file whole, or not at all.
///
/// # Errors
/// If the system refuses; then nothing of that name has changed.
pub fn file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let place = match fs::metadata(path) {
        // A pipe or a device has no whole to keep.
        Ok(facts) if !facts.is_file() && !facts.is_dir() => return fs::write(path, bytes),
        Ok(facts) if facts.is_dir() => return Err(io::Error::new(ErrorKind::IsADirectory, "it is a folder")),
        Ok(_) => path.canonicalize()?,
        Err(_) => path.to_owned(),
    };
    let beside = beside(&place)?;
    let written = write_new(&beside, bytes).and_then(|()| {
        if let Ok(facts) = fs::metadata(&place) {
            fs::set_permissions(&beside, facts.permissions())?;
        }
        fs::rename(&beside, &place)
    });
    if written.is_err() {
        // The trouble that counts is the first one.
        let _ = fs::remove_file(&beside);
    }
    written
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
    let beside = beside(path)?;
    let written = files.iter().try_for_each(|(name, bytes)| {
        let place = beside.join(name);
        place.parent().map_or(Ok(()), fs::create_dir_all)?;
        write_new(&place, bytes)
    });
    let written = written.and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        let _ = fs::remove_dir_all(&beside);
    }
    written
}

/// The list of its files that a folder of results keeps, so that the next run knows them as its own.
const LIST: &str = "files.txt";

/// Whether a run may write its results to this folder: there is none, it is empty, or it holds nothing but
/// the results of an earlier run.
///
/// # Errors
/// If it may not, or the system refuses.
pub fn results_may_go_to(path: &Path) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(facts) if !facts.is_dir() => {
            return Err(io::Error::new(ErrorKind::AlreadyExists, "it exists and is no folder"));
        }
        Ok(_) => {}
        Err(_) => return Ok(()),
    }
    let list = fs::read_to_string(path.join(LIST)).unwrap_or_default();
    for entry in fs::read_dir(path)? {
        let name = entry?.file_name();
        let name = name.to_string_lossy();
        if !list.lines().chain([LIST]).any(|known| known == name) || list.is_empty() {
            let message = format!("it holds {name}, which is no result of a run; name another folder");
            return Err(io::Error::new(ErrorKind::AlreadyExists, message));
        }
    }
    Ok(())
}

/// Writes the results of a run as a folder that appears whole; those of an earlier run make way.
///
/// # Errors
/// As [`results_may_go_to`].
pub fn results(path: &Path, files: &[(PathBuf, Vec<u8>)]) -> io::Result<()> {
    results_may_go_to(path)?;
    let names: Vec<String> = files.iter().map(|(name, _)| name.display().to_string()).collect();
    let mut files = files.to_vec();
    files.push((LIST.into(), (names.join("\n") + "\n").into_bytes()));
    // Links are followed, so that a link stays one.
    let Ok(place) = path.canonicalize() else { return folder(path, &files) };
    let new = beside(&place)?;
    let old = new.with_extension("old");
    folder(&new, &files)?;
    let moved = fs::rename(&place, &old).and_then(|()| {
        // Where the new folder cannot take the place, the old one takes it again.
        fs::rename(&new, &place).inspect_err(|_| drop(fs::rename(&old, &place)))
    });
    // The trouble that counts is the first one.
    let _ = fs::remove_dir_all(if moved.is_ok() { &old } else { &new });
    moved
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(bytes)
}

/// A hidden name beside a path that no other process uses.
fn beside(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "it has no name to write to"))?;
    Ok(path.with_file_name(format!(".{name}.{}.part", std::process::id())))
}
