//! CSV text to rows of named cells, whatever stands between them.
//!
//! Cells are separated by a comma, semicolon, tab or bar: whichever the first line has most of. A byte order
//! mark, either line end, quotes and empty lines do not matter.

use keiretsu_model::suggest;
use keiretsu_views::grid::separator_of;

use super::faults::{Fault, Faults};
use super::record::{Range, number_hint, number_of};
use super::source::Source;

/// A column that a method reads.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its heading.
    pub name: &'static str,
    /// Whether it may be left out.
    pub optional: bool,
}

/// A column that must be there.
pub const fn column(name: &'static str) -> Column {
    Column { name, optional: false }
}

/// A column that may be left out.
pub const fn optional(name: &'static str) -> Column {
    Column { name, optional: true }
}

/// A CSV file whose first line has been read.
#[derive(Debug)]
pub struct Sheet<'a> {
    source: &'a Source,
    text: &'a str,
    delimiter: u8,
    /// The cells of the first line.
    pub header: Vec<String>,
    /// Where faults go.
    pub faults: &'a Faults,
}

impl<'a> Sheet<'a> {
    /// Reads the first line; `delimiter`: what separates cells, if it is not to be found out.
    pub fn open(source: &'a Source, delimiter: Option<u8>, faults: &'a Faults) -> Option<Self> {
        let text = source.text(faults)?;
        let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let delimiter = delimiter.unwrap_or_else(|| separator_of(first));
        let mut sheet = Self { source, text, delimiter, header: Vec::new(), faults };
        let mut record = csv::StringRecord::new();
        if let Ok(true) = sheet.reader().read_record(&mut record) {
            sheet.header = record.iter().map(|cell| cell.trim().to_owned()).collect();
        }
        Some(sheet)
    }

    fn reader(&self) -> csv::Reader<&'a [u8]> {
        csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.delimiter)
            .from_reader(self.text.as_bytes())
    }

    /// What separates its cells.
    pub fn separator(&self) -> u8 {
        self.delimiter
    }

    /// The position of a heading; capitals do not matter.
    pub fn position(&self, name: &str) -> Option<usize> {
        let exact = self.header.iter().position(|cell| cell == name);
        exact.or_else(|| self.header.iter().position(|cell| cell.eq_ignore_ascii_case(name)))
    }

    /// Where each column stands. Those that are missing, unknown or there twice are faults.
    pub fn positions(&self, columns: &[Column]) -> Vec<Option<usize>> {
        let names = || columns.iter().map(|column| column.name);
        let line = self.source.line(1);
        for (at, cell) in self.header.iter().enumerate() {
            if !names().any(|name| name.eq_ignore_ascii_case(cell)) {
                let hint = suggest::advice(cell, names());
                self.faults.push(&*line, format!("there is no column `{cell}` here"), hint);
            } else if self.header[..at].iter().any(|other| other.eq_ignore_ascii_case(cell)) {
                self.faults.push(&*line, format!("the column `{cell}` is there twice"), "keep one of them");
            }
        }
        for column in columns.iter().filter(|column| !column.optional) {
            if self.position(column.name).is_none() {
                let all: Vec<&str> = names().collect();
                let hint = format!("the first line names the columns: {}", all.join(","));
                self.faults.push(&*line, format!("the column `{}` is missing", column.name), hint);
            }
        }
        columns.iter().map(|column| self.position(column.name)).collect()
    }

    /// Shows each row below the first line; with `whole`, the first line too.
    pub fn each(&self, whole: bool, mut show: impl FnMut(&Row<'_>)) {
        let mut reader = self.reader();
        let mut record = csv::StringRecord::new();
        let mut first = true;
        let width = self.header.len();
        loop {
            match reader.read_record(&mut record) {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => return self.faults.push(&self.source.name, error.to_string(), ""),
            }
            if std::mem::take(&mut first) && !whole || record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            let row = Row { record: &record, sheet: self };
            let spare = record.iter().skip(width).any(|cell| !cell.trim().is_empty());
            if spare || record.len() < width {
                let message = format!("this row has {} cells, the first line has {width}", record.len());
                row.fault(&message, "quote a cell that holds a separator; leave unknown cells empty");
            } else {
                show(&row);
            }
        }
    }
}

/// One row.
#[derive(Debug)]
pub struct Row<'a> {
    record: &'a csv::StringRecord,
    sheet: &'a Sheet<'a>,
}

impl Row<'_> {
    /// The text of a cell; empty where the column is left out.
    pub fn text(&self, at: Option<usize>) -> &str {
        at.and_then(|at| self.record.get(at)).unwrap_or_default().trim()
    }

    /// Where it stands.
    pub fn place(&self) -> String {
        let (at, line) = self.record.position().map_or((0, 0), |place| (place.byte() as usize, place.line()));
        // Empty lines in front belong to what is read, and have to be passed.
        let rest = self.sheet.text.as_bytes().get(at..).unwrap_or_default();
        let ends = rest.iter().take_while(|byte| [b'\n', b'\r'].contains(byte));
        let passed = ends.filter(|byte| **byte == b'\n').count() as u64;
        self.sheet.source.line(line + passed).into_owned()
    }

    /// Something is wrong with it.
    pub fn fault(&self, message: &str, hint: &str) {
        let fault = || Fault { place: self.place(), message: message.to_owned(), hint: hint.to_owned() };
        self.sheet.faults.push_with(fault);
    }

    /// A number, if there is one in this cell.
    pub fn number(&self, at: Option<usize>, name: &str, range: Range) -> Option<f64> {
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
    pub fn need(&self, at: Option<usize>, name: &str, range: Range) -> f64 {
        if at.is_some() && self.text(at).is_empty() {
            self.fault(&format!("{name} is missing"), "");
        }
        self.number(at, name, range).unwrap_or(0.0)
    }

    /// A whole number, if there is one in this cell.
    pub fn whole(&self, at: Option<usize>, name: &str) -> Option<u32> {
        let number = self.number(at, name, Range::Amount)?;
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

    fn cells(text: &str) -> Vec<String> {
        let source = Source { name: "a.csv".into(), bytes: text.as_bytes().to_vec() };
        let faults = Faults::default();
        let sheet = Sheet::open(&source, None, &faults).expect("a sheet");
        let at = sheet.positions(&[column("from"), column("amount")]);
        let mut cells = Vec::new();
        sheet.each(false, |row| {
            cells.push(format!("{}={}", row.text(at[0]), row.need(at[1], "amount", Range::Amount)));
        });
        if let Err(super::super::Refusal::Unreadable(list, _)) = faults.none() {
            cells.extend(list.into_iter().map(|fault| format!("{}: {}", fault.place, fault.message)));
        }
        cells
    }

    #[test]
    fn separators_line_ends_marks_and_quotes_do_not_matter() {
        for text in [
            "from,amount\na,1\nb,2\n",
            "\u{feff}From;Amount\r\na;1\r\n\r\nb;2",
            "amount\tfrom\n1\ta\n2\tb\n\t\n",
            "\"from\"|\"amount\"\n\"a\"| 1 \n'b|\"2\"\n",
        ] {
            assert_eq!(
                cells(text).iter().map(|cell| cell.replace('\'', "")).collect::<Vec<_>>(),
                ["a=1", "b=2"]
            );
        }
        assert_eq!(cells("from,amount\n\"a, b\",1\n"), ["a, b=1"]);
    }

    #[test]
    fn faults_name_their_line() {
        assert_eq!(
            cells("from,amount\na,1,000\nb\nc,x\n\nd,-1\ne,nan\nf,\n")[3..],
            [
                "f=0",
                "a.csv line 2: this row has 3 cells, the first line has 2",
                "a.csv line 3: this row has 1 cells, the first line has 2",
                "a.csv line 4: amount `x` is not a number",
                "a.csv line 6: amount -1 is negative",
                "a.csv line 7: amount `nan` is not a number",
                "a.csv line 8: amount is missing",
            ]
        );
        assert_eq!(
            cells("from,amout,from\n"),
            [
                "a.csv line 1: there is no column `amout` here",
                "a.csv line 1: the column `from` is there twice",
                "a.csv line 1: the column `amount` is missing",
            ]
        );
    }
}
