//! The tables of a run to a folder that appears whole, in the place of an earlier run's and of nothing else.
//!
//! The folder has a marker, [`MARKER`]: a line that names its version, a line with sum, size and name for
//! each file, and a line with the sum of the lines before. It proves the folder to be a run's: every entry is
//! a plain file of the list and as the run wrote it. A list alone would prove nothing: names are quickly in
//! one.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::beside::{Beside, sweep};
use super::sum::sum;

/// The file that proves a folder to be a run's.
pub const MARKER: &str = "keiretsu-results.txt";
/// Its first line.
const VERSION: &str = "keiretsu results 1";
/// The longest marker that is read.
const MARKER_BYTES_MAX: u64 = 1 << 20;

/// Writes the results of a run as a folder that appears whole; those of an earlier run make way.
///
/// # Errors
/// As [`results_may_go_to`]; or if the system refuses.
pub fn results(path: &Path, files: &[(PathBuf, Vec<u8>)]) -> io::Result<()> {
    sweep(path);
    results_may_go_to(path)?;
    let mut files = files.to_vec();
    files.push((MARKER.into(), marker(&files).into_bytes()));
    // Links are followed, so that a link stays one.
    let Ok(place) = path.canonicalize() else { return super::folder(path, &files) };
    let new = Beside::folder(&place)?;
    new.fill(&files)?;
    let old = Beside::aside(&place)?;
    // Only now can nobody add to it by its name; and where the new one cannot take the place, it goes back.
    let taken = are_results(old.path()).and_then(|()| new.move_to(&place));
    match taken {
        Ok(()) => removed(old.path()).map_err(|error| {
            let why =
                format!("it is, but the earlier results are still in {}: {error}", old.path().display());
            io::Error::new(error.kind(), why)
        }),
        Err(error) => {
            fs::rename(old.path(), &place)?;
            Err(error)
        }
    }
}

/// Whether a run may write its results to this folder: there is none, it is empty, or it holds nothing but
/// the results of an earlier run, unchanged.
///
/// # Errors
/// If it may not, or the system refuses.
pub fn results_may_go_to(path: &Path) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(facts) if !facts.is_dir() => Err(refused("it exists and is no folder")),
        Ok(facts) if facts.permissions().readonly() => {
            Err(io::Error::new(ErrorKind::PermissionDenied, "it may not be written"))
        }
        Ok(_) => are_results(path),
        Err(_) if fs::symlink_metadata(path).is_ok() => Err(refused("it is a link to nothing")),
        Err(_) => Ok(()),
    }
}

/// Removes a folder of results, and nothing that has come into it since.
pub fn removed(path: &Path) -> io::Result<()> {
    are_results(path)?;
    let known = marked(path).unwrap_or_default();
    // The marker goes last, so that what is left when this is stopped still proves what it is.
    let names = known.keys().filter(|name| *name != MARKER).map(String::as_str);
    for name in names.chain(known.contains_key(MARKER).then_some(MARKER)) {
        match fs::remove_file(path.join(name)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    fs::remove_dir(path)
}

/// An error for a folder with other contents than its marker lists.
fn are_results(path: &Path) -> io::Result<()> {
    let mut names = Vec::new();
    for entry in fs::read_dir(path)? {
        names.push(entry?.file_name());
    }
    names.sort();
    let known = marked(path);
    for name in &names {
        let shown = name.to_string_lossy();
        let facts = fs::symlink_metadata(path.join(name))?;
        let known = known.as_ref().and_then(|known| known.get(name.to_str()?));
        let is_marker = known.is_some() && *name == *MARKER;
        let Some((size, print)) = known.filter(|_| facts.is_file()) else {
            return Err(refused(&format!(
                "it holds {shown}, which is no result of a run; name another folder"
            )));
        };
        if facts.permissions().readonly() {
            return Err(refused(&format!("it holds {shown}, which may not be written")));
        }
        let changed =
            || Ok::<_, io::Error>(facts.len() != *size || sum(&fs::read(path.join(name))?) != *print);
        if !is_marker && changed()? {
            return Err(refused(&format!(
                "it holds {shown}, which has changed since the run wrote it; name another folder"
            )));
        }
    }
    Ok(())
}

fn marker(files: &[(PathBuf, Vec<u8>)]) -> String {
    let line = |(name, bytes): &(PathBuf, Vec<u8>)| {
        format!("{:032x} {} {}\n", sum(bytes), bytes.len(), name.display())
    };
    let lines = format!("{VERSION}\n{}", files.iter().map(line).collect::<String>());
    let end = format!("{:032x} end\n", sum(lines.as_bytes()));
    lines + &end
}

/// Size and sum by name of the files listed in a folder's marker, the marker included; none if it is damaged.
fn marked(path: &Path) -> Option<BTreeMap<String, (u64, u128)>> {
    let path = path.join(MARKER);
    let facts = fs::symlink_metadata(&path).ok()?;
    if !facts.is_file() || MARKER_BYTES_MAX < facts.len() {
        return None;
    }
    let text = fs::read_to_string(path).ok()?;
    let (lines, end) = text.strip_suffix(" end\n")?.rsplit_once('\n')?;
    let lines = text.get(..=lines.len())?;
    if end != format!("{:032x}", sum(lines.as_bytes())) {
        return None;
    }
    let mut list = lines.lines();
    if list.next() != Some(VERSION) {
        return None;
    }
    let mut known = BTreeMap::from([(MARKER.to_owned(), (0, 0))]);
    for line in list {
        let (print, rest) = line.split_once(' ')?;
        let (size, name) = rest.split_once(' ')?;
        known.insert(name.to_owned(), (size.parse().ok()?, u128::from_str_radix(print, 16).ok()?));
    }
    Some(known)
}

fn refused(why: &str) -> io::Error {
    io::Error::new(ErrorKind::AlreadyExists, why)
}
