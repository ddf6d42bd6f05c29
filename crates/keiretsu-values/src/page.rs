//! One page on a model: what it is, and of each question the first sentences and where to read on.

use crate::Finding;

/// A page of at most a screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The title of the model.
    pub title: String,
    /// Where it stands in time, and how large it is.
    pub subtitle: String,
    /// Its parts, the most asked first.
    pub sections: Vec<PageSection>,
}

/// A part of a page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PageSection {
    /// The question that it answers, in a few words.
    pub title: String,
    /// Its sentences, the one that matters most first.
    pub findings: Vec<Finding>,
    /// The command that says more, with `MODEL` where the model stands.
    pub next: String,
}

impl Page {
    /// The same with the name of the model in its commands.
    #[must_use]
    pub fn of_model(mut self, name: &str) -> Self {
        for section in &mut self.sections {
            section.next = section.next.replace("MODEL", name);
        }
        self
    }
}
