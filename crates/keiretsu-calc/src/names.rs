//! Names of a user's data to numbers, and back.

use std::collections::HashMap;

use keiretsu_values::suggest;

use crate::faults::{DataFault, Faults};

/// Names beyond which no nearest one is looked for.
const SEARCHED_MAX: usize = 100_000;

/// Names in the order in which they were met.
#[derive(Clone, Debug, Default)]
pub struct Names {
    list: Vec<String>,
    by_name: HashMap<String, u32>,
}

impl Names {
    /// Adds a name that must be new.
    pub fn add(&mut self, name: &str, faults: &Faults, place: impl FnOnce() -> String) {
        if self.by_name.contains_key(name) {
            let message = format!("`{name}` is there already");
            faults.push_with(|| DataFault { place: place(), message, hint: "give each its own name".into() });
        }
        if name.is_empty() || self.by_name.contains_key(name) {
            // What is missing has been said; it keeps its number, so that lists stay beside each other.
            self.list.push(String::new());
        } else {
            self.known(name);
        }
    }

    /// The number of a name, which is new if it was not met before.
    pub fn known(&mut self, name: &str) -> u32 {
        if let Some(index) = self.by_name.get(name) {
            return *index;
        }
        let index = self.list.len() as u32;
        self.list.push(name.to_owned());
        self.by_name.insert(name.to_owned(), index);
        index
    }

    /// The number of a name that must be known; one that nothing has, and a fault, if it is not.
    pub fn find(&self, name: &str, kind: &str, faults: &Faults, place: impl FnOnce() -> String) -> u32 {
        if let Some(index) = self.by_name.get(name) {
            return *index;
        }
        // What is missing has been said.
        if !name.is_empty() {
            faults.push_with(|| {
                let named = self.list.iter().take(SEARCHED_MAX).map(String::as_str);
                let near = named.filter(|known| !known.is_empty());
                let hint = suggest::advice(name, near);
                DataFault { place: place(), message: format!("there is no {kind} `{name}`"), hint }
            });
        }
        u32::MAX
    }

    /// All names, in order.
    pub fn list(&self) -> &[String] {
        &self.list
    }

    /// A name by its number.
    pub fn of(&self, index: usize) -> &str {
        self.list.get(index).map_or("", String::as_str)
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.list.len()
    }
}
