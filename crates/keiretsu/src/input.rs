//! A file or standard input to its bytes, within a limit that is known before anything is read.
//!
//! Only plain files are read: a pipe may have no writer and a device no end. Standard input may be a pipe; it
//! is read up to its limit and no further.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// The bytes of a plain file, up to a limit.
///
/// # Errors
/// If it is no plain file, if it is larger, or if the system refuses.
pub fn read(path: &Path, bytes_max: u64) -> io::Result<Vec<u8>> {
    if bytes_max < is_plain(path)?.len() {
        return Err(too_large(bytes_max));
    }
    limited(File::open(path)?, bytes_max)
}

/// The system's metadata of a plain file.
///
/// # Errors
/// If it is none, or the system refuses.
pub fn is_plain(path: &Path) -> io::Result<Metadata> {
    let facts = fs::metadata(path)?;
    match (facts.is_file(), facts.is_dir()) {
        (true, _) => Ok(facts),
        (_, true) => Err(io::Error::new(ErrorKind::InvalidInput, "it is a folder")),
        _ => Err(io::Error::new(ErrorKind::InvalidInput, "it is no plain file")),
    }
}

/// The bytes of standard input, up to a limit.
///
/// # Errors
/// If they are more, or the system refuses.
pub fn standard(bytes_max: u64) -> io::Result<Vec<u8>> {
    limited(io::stdin().lock(), bytes_max)
}

fn limited(from: impl Read, bytes_max: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // One byte beyond the limit tells that there is more.
    from.take(bytes_max + 1).read_to_end(&mut bytes)?;
    if bytes_max < bytes.len() as u64 { Err(too_large(bytes_max)) } else { Ok(bytes) }
}

fn too_large(bytes_max: u64) -> io::Error {
    let size = crate::limits::bytes(bytes_max);
    io::Error::new(ErrorKind::FileTooLarge, format!("it is larger than the {size} that are read"))
}
