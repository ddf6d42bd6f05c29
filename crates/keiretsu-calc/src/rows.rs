//! Rows of a user's CSV to names and numbers, with a fault for everything that is not as it should be.
//!
//! The form of the file (encoding, separators, comments, names) is that of `keiretsu_views::grid::rows`.

use keiretsu_views::grid::rows::{self, Heading, Rows};

use crate::faults::{DataFault, Faults};
use crate::record::{NumberRange, number_hint, number_of};
use crate::source::InputFile;

/// A CSV file with its names read.
#[derive(Debug)]
pub struct CsvFile<'a> {
    source: &'a InputFile,
    rows: Rows<'a>,
    /// Where faults go.
    pub faults: &'a Faults,
}

impl<'a> CsvFile<'a> {
    /// Reads the names; `separator`: the separator of cells; detected if none.
    pub fn open(source: &'a InputFile, separator: Option<u8>, faults: &'a Faults) -> Option<Self> {
        let text = source.text(faults)?;
        match Rows::open(text.as_bytes(), separator) {
            Ok(rows) => Some(Self { source, rows, faults }),
            Err(fault) => {
                faults.push_with(|| placed(source, fault));
                None
            }
        }
    }

    /// The names of its columns.
    pub fn names(&self) -> &[String] {
        &self.rows.names
    }

    /// The position of a name; capitals do not matter.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.rows.position(name)
    }

    /// Where each column stands. Those that are missing, unknown or there twice are faults.
    pub fn positions(&self, headings: &[Heading]) -> Vec<Option<usize>> {
        let (positions, faults) = self.rows.positions(headings);
        for fault in faults {
            self.fault(fault);
        }
        positions
    }

    /// Names that are there twice are faults.
    pub fn names_once(&self) {
        for (_, fault) in self.rows.twice() {
            self.fault(fault);
        }
    }

    fn fault(&self, fault: rows::CsvFault) {
        self.faults.push_with(|| placed(self.source, fault));
    }

    /// Shows each row below the names; with `whole`, the first line too.
    pub fn each(&self, whole: bool, mut show: impl FnMut(&CsvRow<'_>)) {
        let mut reader = if whole { self.rows.all() } else { self.rows.below() };
        while let Some(row) = reader.next_row() {
            match row {
                Ok(row) => show(&CsvRow { row, sheet: self }),
                Err(fault) => self.fault(fault),
            }
        }
    }
}

/// A fault of a file as one of the data.
fn placed(source: &InputFile, fault: rows::CsvFault) -> DataFault {
    let place = fault.line.map_or_else(|| source.name.clone(), |line| source.line(line).into_owned());
    DataFault { place, message: fault.message, hint: fault.hint }
}

/// One row.
#[derive(Debug)]
pub struct CsvRow<'a> {
    row: rows::Row<'a>,
    sheet: &'a CsvFile<'a>,
}

impl CsvRow<'_> {
    /// The text of a cell; empty where the column is left out.
    pub fn text(&self, at: Option<usize>) -> &str {
        self.row.text(at)
    }

    /// Where it stands.
    pub fn place(&self) -> String {
        self.sheet.source.line(self.row.line).into_owned()
    }

    /// Something is wrong with it.
    pub fn fault(&self, message: &str, hint: &str) {
        let fault = || DataFault { place: self.place(), message: message.to_owned(), hint: hint.to_owned() };
        self.sheet.faults.push_with(fault);
    }

    /// A number, if there is one in this cell.
    pub fn number(&self, at: Option<usize>, name: &str, range: NumberRange) -> Option<f64> {
        let text = self.text(at);
        if text.is_empty() {
            return None;
        }
        let Some(number) = number_of(text) else {
            self.fault(&format!("{name} `{text}` is not a number"), number_hint(text));
            return None;
        };
        match range.refuses(number) {
            None => Some(number),
            Some((what, hint)) => {
                self.fault(&format!("{name} {number} {what}"), hint);
                None
            }
        }
    }

    /// A number that must be there, where its column is.
    pub fn need(&self, at: Option<usize>, name: &str, range: NumberRange) -> f64 {
        if at.is_some() && self.text(at).is_empty() {
            self.fault(&format!("{name} is missing"), "");
        }
        self.number(at, name, range).unwrap_or(0.0)
    }

    /// A whole number, if there is one in this cell.
    pub fn whole(&self, at: Option<usize>, name: &str) -> Option<u32> {
        let number = self.number(at, name, NumberRange::Amount)?;
        if number.fract().abs() <= 0.0 && number < f64::from(u32::MAX) {
            return Some(number as u32);
        }
        self.fault(&format!("{name} {number} is no whole number"), "give 1, 2, 3 ...");
        None
    }

    /// A name that must be there, where its column is.
    pub fn need_name(&self, at: Option<usize>, name: &str) -> &str {
        let text = self.text(at);
        if at.is_some() && text.is_empty() {
            self.fault(&format!("{name} is missing"), "");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_name_their_file_and_line() {
        let text = "# made up\nfrom,amount\nb\nc,x\n\nd,-1\ne,nan\nf,\n";
        let source = InputFile { name: "a.csv".into(), bytes: text.into() };
        let faults = Faults::default();
        let sheet = CsvFile::open(&source, None, &faults).expect("a sheet");
        let at = sheet.positions(&[Heading::needed("from"), Heading::needed("amount")]);
        sheet.each(false, |row| {
            row.need(at[1], "amount", NumberRange::Amount);
        });
        let Err(crate::CalcError::InvalidData(list, _)) = faults.none() else { panic!("no faults") };
        let said: Vec<String> =
            list.into_iter().map(|fault| format!("{}: {}", fault.place, fault.message)).collect();
        assert_eq!(
            said,
            [
                "a.csv line 3: this row has 1 cells, the first line has 2",
                "a.csv line 4: amount `x` is not a number",
                "a.csv line 6: amount -1 is negative",
                "a.csv line 7: amount `nan` is not a number",
                "a.csv line 8: amount is missing",
            ]
        );
    }
}
