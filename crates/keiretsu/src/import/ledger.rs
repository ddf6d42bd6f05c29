//! The ledger of an import: the outcome of each row, so that none is taken twice.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use keiretsu_views::grid::rows::Rows;

use super::names::Known;
use super::place::Placed;
use super::row::Row;
use super::statement::{FILES, row_line};
use crate::{Dates, Session};

/// The name of the file.
pub const FILE: &str = "claims.csv";

/// Rows by id: a fingerprint of their cells, and their outcome.
#[derive(Clone, Debug, Default)]
pub struct Ledger(BTreeMap<String, (String, String)>);

impl Ledger {
    /// The ledger of a folder; an empty one where there is none.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let Some(bytes) = super::there(folder, FILE)? else { return Ok(Self::default()) };
        let wrong = || format!("{FILE} is not the ledger of an import");
        let lines = Rows::open(&bytes, None).ok().filter(|lines| lines.names == HEADER).ok_or_else(wrong)?;
        let mut rows = BTreeMap::new();
        let mut below = lines.below();
        while let Some(row) = below.next_row() {
            let row = row.map_err(|_| wrong())?;
            let [id, print, became] = [0, 1, 2].map(|at| row.text(Some(at)).to_owned());
            rows.insert(id, (print, became));
        }
        Ok(Self(rows))
    }

    /// Whether a row of this id was taken before.
    pub fn has(&self, id: &str) -> bool {
        self.0.contains_key(id)
    }

    /// Whether the row is unchanged since its import.
    pub fn is_same(&self, row: &Row) -> bool {
        self.0.get(&row.id).is_some_and(|(print, _)| *print == row.print)
    }

    /// Enters new rows.
    pub fn add(&mut self, rows: &[Row], placed: &Placed) {
        let places: BTreeMap<&str, &str> = placed.places().collect();
        let reasons: BTreeMap<&str, &str> =
            placed.unplaced.iter().map(|(row, reason)| (row.as_str(), reason.as_str())).collect();
        for row in rows {
            let became = match (places.get(row.id.as_str()), reasons.get(row.id.as_str())) {
                (Some(path), _) => (*path).to_owned(),
                (None, reason) => format!("not placed: {}", reason.unwrap_or(&"")),
            };
            self.0.insert(row.id.clone(), (row.print.clone(), became));
        }
    }

    /// The ledger as a file.
    pub fn bytes(&self) -> Vec<u8> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let lines = self.0.iter().map(|(id, (print, became))| [id.as_str(), print, became]);
        for line in std::iter::once(HEADER).chain(lines) {
            writer.write_record(line).expect("a write to memory does not fail");
        }
        writer.into_inner().unwrap_or_default()
    }

    /// The names in the model of a folder; none where there is no model.
    pub fn known(&self, folder: &Path) -> Result<Known, String> {
        if super::there(folder, "keiretsu.toml")?.is_none() {
            return Ok(Known::default());
        }
        let session = Session::open(folder, Dates::default()).map_err(|error| error.to_string())?;
        let rows = self.0.keys().cloned().collect();
        Ok(Known { rows, ..Known::of(session.model()) })
    }

    /// A statement that was made of a new row, of which the ledger does not know: it was lost.
    pub fn stranger<'a>(rows: &'a [Row], folder: &Path) -> Result<Option<(&'a Row, &'static str)>, String> {
        for file in FILES {
            let Some(bytes) = super::there(folder, file)? else { continue };
            let text = String::from_utf8_lossy(&bytes);
            let lines: BTreeSet<&str> = text.lines().filter(|line| line.starts_with("# row ")).collect();
            let is_there = |row: &&Row| {
                ["", "high", "medium", "low"]
                    .iter()
                    .any(|sure| lines.contains(row_line(&row.id, sure).as_str()))
            };
            if let Some(row) = rows.iter().find(is_there) {
                return Ok(Some((row, file)));
            }
        }
        Ok(None)
    }
}

const HEADER: [&str; 3] = ["row", "fingerprint", "became"];
