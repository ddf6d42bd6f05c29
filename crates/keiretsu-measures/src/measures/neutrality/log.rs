//! A platform's log as typed columns: rows are models shown, in blocks of one situation each.

/// The role of a feature in the test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The price.
    Price,
    /// How good it is.
    Quality,
    /// Display, as decided by the platform.
    Shown,
    /// In which place it was shown.
    Position,
    /// Anything else.
    Other,
}

/// A column of numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Feature {
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// One for each row, finite.
    pub values: Vec<f64>,
}

/// A log, whole and in order: each situation has two rows or more, and one of them is chosen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Log {
    /// The names of the models.
    pub models: Vec<String>,
    /// The model of each row.
    pub model: Vec<usize>,
    /// The first row of each situation, and the number of rows.
    pub starts: Vec<usize>,
    /// The row chosen in each situation.
    pub chosen: Vec<usize>,
    /// The tenant of each situation, by number.
    pub tenants: Vec<u32>,
    /// Affiliation of each row, if the log has it.
    pub affiliated: Option<Vec<bool>>,
    /// Prices, qualities, and others.
    pub features: Vec<Feature>,
    /// Situations of which only one model was available: they say nothing, and are in no number.
    pub alone: usize,
}

impl Log {
    /// How many different tenants chose.
    pub fn tenant_count(&self) -> usize {
        let distinct: std::collections::BTreeSet<u32> = self.tenants.iter().copied().collect();
        distinct.len()
    }
}
