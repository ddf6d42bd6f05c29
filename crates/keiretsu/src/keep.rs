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
/// If the extension is no format's, or the file cannot be written.
pub fn write(tables: &[Table], path: &Path) -> io::Result<()> {
    let format = format_of(path).ok_or_else(|| {
        let extensions: Vec<&str> = keiretsu_views::formats()
            .iter()
            .filter_map(|format| format.extensions().first().copied())
            .collect();
        let message = format!("no format has this extension; known are {}", extensions.join(", "));
        io::Error::new(ErrorKind::InvalidInput, message)
    })?;
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
