//! Where in which file something stands.

/// Position in [`crate::Document::files`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

impl FileId {
    /// As an index into the list of files.
    pub fn at(self) -> usize {
        self.0 as usize
    }
}

/// A range of bytes of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Which file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span of a file.
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        Self { file, start: start as u32, end: end as u32 }
    }

    /// A part of this span, in bytes from its start.
    #[must_use]
    pub fn part(self, start: usize, end: usize) -> Self {
        let clip = |at: usize| (self.start + at as u32).min(self.end);
        Self { file: self.file, start: clip(start), end: clip(end).max(clip(start)) }
    }
}
