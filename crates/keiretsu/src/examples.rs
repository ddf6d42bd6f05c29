//! Models to start from: the examples of the repository, and a small one of two parties.

/// A model with its files.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// Its name.
    pub name: &'static str,
    /// The path of each file, and its bytes.
    pub files: &'static [(&'static str, &'static [u8])],
}

/// The default of `keiretsu new`.
pub static STARTER: Example =
    Example { name: "starter", files: &[("keiretsu.toml", include_bytes!("starter.toml"))] };

static EXAMPLES: &[Example] = include!(concat!(env!("OUT_DIR"), "/examples.rs"));

/// All examples; the starter is the first.
pub fn all() -> impl Iterator<Item = &'static Example> {
    std::iter::once(&STARTER).chain(EXAMPLES)
}

/// An example by its name.
pub fn by_name(name: &str) -> Option<&'static Example> {
    all().find(|example| example.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use keiretsu_model::MemoryFiles;

    use super::*;
    use crate::{Dates, Session};

    #[test]
    fn every_example_is_a_model_without_errors() {
        for example in all() {
            let files: BTreeMap<String, Vec<u8>> =
                example.files.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec())).collect();
            let session = Session::of(&MemoryFiles(files), "keiretsu.toml", Dates::default());
            assert!(!session.has_errors(), "{}: {:#?}", example.name, session.diagnostics());
        }
        let starter = std::str::from_utf8(STARTER.files[0].1).expect("text");
        assert!(Session::of_text(starter).diagnostics().is_empty());
    }
}
