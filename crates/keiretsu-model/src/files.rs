//! The one door to the outside: where the text of a model comes from.

use std::collections::BTreeMap;

use crate::limits::MAX_FILE_BYTES;

/// Why a file could not be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileError {
    /// There is none of that name.
    Missing,
    /// It lies outside the model's folder.
    Outside,
    /// It is larger than [`MAX_FILE_BYTES`].
    TooLarge,
    /// The system says why.
    Unreadable(String),
}

/// A folder of model files. Paths are relative to the folder, with `/`.
pub trait Files {
    /// The bytes of a file.
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError>;
    /// All files of the folder, sorted.
    fn list(&self) -> Result<Vec<String>, FileError>;
}

/// A folder in memory, for tests and for text that is not on a disk.
#[derive(Clone, Debug, Default)]
pub struct MemoryFiles(pub BTreeMap<String, Vec<u8>>);

impl MemoryFiles {
    /// A folder with one file, `keiretsu.toml`.
    pub fn root(text: &str) -> Self {
        Self(BTreeMap::from([("keiretsu.toml".to_owned(), text.as_bytes().to_vec())]))
    }

    /// With another file.
    #[must_use]
    pub fn with(mut self, path: &str, text: &str) -> Self {
        self.0.insert(path.to_owned(), text.as_bytes().to_vec());
        self
    }
}

impl Files for MemoryFiles {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        match self.0.get(path) {
            Some(bytes) if bytes.len() as u64 > MAX_FILE_BYTES => Err(FileError::TooLarge),
            Some(bytes) => Ok(bytes.clone()),
            None => Err(FileError::Missing),
        }
    }

    fn list(&self) -> Result<Vec<String>, FileError> {
        Ok(self.0.keys().cloned().collect())
    }
}
