//! CSV text to rows of cells: the one reader of CSV, for logs, for data of `calc` and for tables of `import`.
//!
//! ```
//! use keiretsu_views::grid::rows::{Heading, Rows};
//! let rows = Rows::open("from;amount\na;1\nb\n".as_bytes(), None).unwrap();
//! let (at, faults) = rows.positions(&[Heading::needed("from"), Heading::needed("amount")]);
//! assert!(faults.is_empty());
//! let mut below = rows.below();
//! assert_eq!(below.next_row().unwrap().unwrap().text(at[1]), "1");
//! let fault = below.next_row().unwrap().unwrap_err();
//! assert_eq!((fault.line, fault.message.as_str()), (Some(3), "this row has 1 cells, the first line has 2"));
//! ```
//!
//! Text is UTF-8; a byte order mark in front, either line end, spaces around cells, quotes and empty lines do
//! not matter. Cells are separated by a comma, semicolon, tab or bar: whichever the line of names has most
//! of. Lines above the names that start with `#` are comments, unless the last of them has as many cells as
//! the line below: then it holds the names. Below the names `#` is a sign like any other, so that no row is
//! lost. Names are told apart whatever their capitals, and each is there once. A row has as many cells as
//! there are names; more are fine where they are empty.
//!
//! Absent: numbers. Cells are words until their reader takes them for more.

use keiretsu_values::suggest;

/// Something wrong with a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CsvFault {
    /// The line, from 1; none for the file as a whole.
    pub line: Option<u64>,
    /// The error.
    pub message: String,
    /// The remedy; may be empty.
    pub hint: String,
}

impl CsvFault {
    /// A fault of a line, or of the file as a whole.
    pub fn new(line: Option<u64>, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { line, message: message.into(), hint: hint.into() }
    }
}

impl std::fmt::Display for CsvFault {
    /// The line and the message, without the hint.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(line) = self.line {
            write!(out, "line {line}: ")?;
        }
        out.write_str(&self.message)
    }
}

/// A column by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heading {
    /// The name; capitals do not matter.
    pub name: &'static str,
    /// Whether the column may be left out.
    pub optional: bool,
}

impl Heading {
    /// A column that must be there.
    pub const fn needed(name: &'static str) -> Self {
        Self { name, optional: false }
    }

    /// A column that may be left out.
    pub const fn optional(name: &'static str) -> Self {
        Self { name, optional: true }
    }
}

/// A CSV file with its names read.
#[derive(Clone, Debug)]
pub struct Rows<'a> {
    /// From the names on.
    text: &'a str,
    /// Lines of comments.
    above: u64,
    /// The line of the names.
    line: u64,
    separator: u8,
    /// The names: the cells of the first line that is no comment.
    pub names: Vec<String>,
    /// The text of the comment right above the names, if there is one.
    pub comment: Option<String>,
}

impl<'a> Rows<'a> {
    /// Reads the names; `separator`: the separator of cells; detected if none.
    ///
    /// # Errors
    /// Bytes that are no UTF-8 text, or a file with nothing in it.
    pub fn open(bytes: &'a [u8], separator: Option<u8>) -> Result<Self, CsvFault> {
        let text = text_of(bytes)?;
        let mut rows = Self::below_comments(text, separator);
        if rows.text.trim().is_empty() {
            return Err(CsvFault::new(None, "there is nothing in it", ""));
        }
        if let Some(Ok(row)) = rows.all().next_row() {
            rows.line = row.line;
            rows.names = row.cells().map(str::to_owned).collect();
        }
        Ok(rows)
    }

    fn below_comments(text: &'a str, separator: Option<u8>) -> Self {
        let is_comment = |line: &&str| line.starts_with('#');
        let mut comments: Vec<&str> = text.split_inclusive('\n').take_while(is_comment).collect();
        let below = text[comments.iter().map(|line| line.len()).sum::<usize>()..].lines();
        let first = below.into_iter().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let separator = separator.unwrap_or_else(|| separator_of(first));
        let cells = |line: &str| 1 + outside_quotes(line).filter(|byte| *byte == separator).count();
        if comments.last().is_some_and(|last| 1 < cells(first) && cells(last) == cells(first)) {
            comments.pop();
        }
        Self {
            text: &text[comments.iter().map(|line| line.len()).sum::<usize>()..],
            above: comments.len() as u64,
            line: 0,
            separator,
            names: Vec::new(),
            comment: comments.last().map(|line| line[1..].trim().to_owned()),
        }
    }

    /// The sign between cells.
    pub fn separator(&self) -> u8 {
        self.separator
    }

    /// The position of a name.
    pub fn position(&self, name: &str) -> Option<usize> {
        let exact = self.names.iter().position(|known| known == name);
        exact.or_else(|| self.names.iter().position(|known| known.eq_ignore_ascii_case(name)))
    }

    /// The position of each column, and a fault for each that is missing, unknown or there twice.
    pub fn positions(&self, headings: &[Heading]) -> (Vec<Option<usize>>, Vec<CsvFault>) {
        let line = Some(self.line);
        let known = || headings.iter().map(|heading| heading.name);
        let mut faults = Vec::new();
        for name in &self.names {
            if !known().any(|heading| heading.eq_ignore_ascii_case(name)) {
                let message = format!("there is no column `{name}` here");
                faults.push(CsvFault::new(line, message, suggest::advice(name, known())));
            }
        }
        let is_known = |fault: &(&str, CsvFault)| known().any(|name| name.eq_ignore_ascii_case(fault.0));
        faults.extend(self.twice().into_iter().filter(is_known).map(|(_, fault)| fault));
        for heading in headings.iter().filter(|heading| !heading.optional) {
            if self.position(heading.name).is_none() {
                let all: Vec<&str> = known().collect();
                let hint = format!("the first line names the columns: {}", all.join(","));
                faults.push(CsvFault::new(line, format!("the column `{}` is missing", heading.name), hint));
            }
        }
        (headings.iter().map(|heading| self.position(heading.name)).collect(), faults)
    }

    /// A fault for each name that is there already; columns without a name are no matter.
    pub fn twice(&self) -> Vec<(&str, CsvFault)> {
        let names = self.names.iter().enumerate().filter(|(_, name)| !name.is_empty());
        names
            .filter(|(at, name)| self.names[..*at].iter().any(|other| other.eq_ignore_ascii_case(name)))
            .map(|(_, name)| (name.as_str(), is_twice(Some(self.line), name)))
            .collect()
    }

    /// The rows below the names.
    pub fn below(&self) -> Reader<'a> {
        let mut reader = self.all();
        // A first line that cannot be read has no names, and is said where they are looked for.
        let _ = reader.next_row();
        reader
    }

    /// All rows, where the first line is one too.
    pub fn all(&self) -> Reader<'a> {
        let csv = ::csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.separator)
            .from_reader(self.text.as_bytes());
        let (text, above, width) = (self.text, self.above, self.names.len());
        Reader { csv, text, above, width, record: ::csv::StringRecord::new(), ended: false }
    }
}

/// A name that two columns have.
pub(super) fn is_twice(line: Option<u64>, name: &str) -> CsvFault {
    CsvFault::new(line, format!("the column `{name}` is there twice"), "keep one of them")
}

/// Reads one row after the other.
pub struct Reader<'a> {
    csv: ::csv::Reader<&'a [u8]>,
    text: &'a str,
    above: u64,
    width: usize,
    record: ::csv::StringRecord,
    ended: bool,
}

impl Reader<'_> {
    /// The next row that is not empty; none at the end.
    ///
    /// # Errors
    /// A row that has not as many cells as there are names. Those after it can be read.
    pub fn next_row(&mut self) -> Option<Result<Row<'_>, CsvFault>> {
        loop {
            match self.csv.read_record(&mut self.record) {
                _ if self.ended => return None,
                Ok(true) if self.record.iter().all(|cell| cell.trim().is_empty()) => {}
                Ok(true) => break,
                Ok(false) => return None,
                Err(error) => {
                    self.ended = true;
                    return Some(Err(CsvFault::new(None, error.to_string(), "")));
                }
            }
        }
        let row = Row { record: &self.record, line: self.line() };
        let is_spare = self.record.iter().skip(self.width).any(|cell| !cell.trim().is_empty());
        if self.width == 0 || self.width <= self.record.len() && !is_spare {
            return Some(Ok(row));
        }
        let message = format!("this row has {} cells, the first line has {}", self.record.len(), self.width);
        let hint = "quote a cell that holds a separator; leave unknown cells empty";
        Some(Err(CsvFault::new(Some(row.line), message, hint)))
    }

    /// The line of the record. Empty lines before it are skipped.
    fn line(&self) -> u64 {
        let Some(place) = self.record.position() else { return self.above + 1 };
        let rest = self.text.as_bytes().get(place.byte() as usize..).unwrap_or_default();
        let ends = rest.iter().take_while(|byte| [b'\n', b'\r'].contains(byte));
        self.above + place.line() + ends.filter(|byte| **byte == b'\n').count() as u64
    }
}

/// A row.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    record: &'a ::csv::StringRecord,
    /// Its line, from 1.
    pub line: u64,
}

impl<'a> Row<'a> {
    /// The text of a cell; empty where the column is left out.
    pub fn text(&self, at: Option<usize>) -> &'a str {
        at.and_then(|at| self.record.get(at)).unwrap_or_default().trim()
    }

    /// The texts of its cells.
    pub fn cells(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.record.iter().map(str::trim)
    }
}

/// The text of a file, without the byte order mark that some programs put in front.
///
/// # Errors
/// The encoding that it has instead, or the first line that is no text.
pub fn text_of(bytes: &[u8]) -> Result<&str, CsvFault> {
    let hint = "save it as UTF-8";
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(CsvFault::new(None, "this is UTF-16 text", hint));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].split(|byte| *byte == b'\n').count();
        CsvFault::new(None, format!("line {line} is not UTF-8 text"), hint)
    })
}

/// The separator of cells: the most frequent of the usual signs in the line, outside of quotes.
fn separator_of(line: &str) -> u8 {
    let count = |sign: &u8| outside_quotes(line).filter(|byte| byte == sign).count();
    // The last of equals wins, which is the comma.
    [b'|', b'\t', b';', b','].into_iter().max_by_key(count).unwrap_or(b',')
}

fn outside_quotes(line: &str) -> impl Iterator<Item = u8> {
    line.split('"').step_by(2).flat_map(str::bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<String> {
        let rows = match Rows::open(text.as_bytes(), None) {
            Ok(rows) => rows,
            Err(fault) => return vec![fault.to_string()],
        };
        let (at, faults) = rows.positions(&[Heading::needed("from"), Heading::needed("amount")]);
        let mut cells = Vec::new();
        let mut below = rows.below();
        while let Some(row) = below.next_row() {
            cells.push(match row {
                Ok(row) => format!("{}={}", row.text(at[0]), row.text(at[1])),
                Err(fault) => fault.to_string(),
            });
        }
        cells.extend(faults.iter().map(CsvFault::to_string));
        cells
    }

    #[test]
    fn separators_line_ends_marks_and_quotes_do_not_matter() {
        for text in [
            "from,amount\na,1\nb,2\n",
            "\u{feff}From;Amount\r\na;1\r\n\r\nb;2",
            "amount\tfrom\n1\ta\n2\tb\n\t\n",
            "\"from\"|\"amount\"\n\"a\"| 1 \n b|\"2\"\n",
            "\n\nfrom,amount\na,1\nb,2\n",
        ] {
            assert_eq!(cells(text), ["a=1", "b=2"], "{text}");
        }
        assert_eq!(cells("from,amount\n\"a, b\",1\n"), ["a, b=1"]);
        assert_eq!(cells("from,amount\na,1,,\n"), ["a=1"], "spare cells that are empty");
    }

    #[test]
    fn comments_stand_above_the_names_and_no_row_is_one() {
        assert_eq!(cells("# made up\n# for a test\nfrom,amount\n#1,2\n"), ["#1=2"]);
        assert_eq!(cells("# a\nfrom,amount\n# b\n")[0], "line 3: this row has 1 cells, the first line has 2");
        let rows = Rows::open(b"# made up\n#  for a test \nfrom,amount\n", None).expect("rows");
        assert_eq!(rows.comment.as_deref(), Some("for a test"));
        // As many cells as the line below: the names, and no row is taken for them.
        assert_eq!(Rows::open(b"#from,amount\na,1\n", None).expect("rows").names, ["#from", "amount"]);
        assert_eq!(cells("# nothing more\n"), ["there is nothing in it"]);
    }

    #[test]
    fn faults_name_their_line() {
        assert_eq!(
            cells("# c\nfrom,amount\na,1,000\nb\n\nd,1\n"),
            [
                "line 3: this row has 3 cells, the first line has 2",
                "line 4: this row has 1 cells, the first line has 2",
                "d=1",
            ]
        );
        assert_eq!(
            cells("from,amout,from\n"),
            [
                "line 1: there is no column `amout` here",
                "line 1: the column `from` is there twice",
                "line 1: the column `amount` is missing",
            ]
        );
        assert_eq!(Rows::open(b"a,b,A,,\n", None).expect("rows").twice().len(), 1);
    }

    #[test]
    fn what_is_no_text_is_named() {
        let wrong = |bytes: &[u8]| Rows::open(bytes, None).expect_err("no text").to_string();
        assert_eq!(wrong(&[0xff, 0xfe, 0x69, 0]), "this is UTF-16 text");
        assert_eq!(wrong(b"a\n\xe9\n"), "line 2 is not UTF-8 text");
        assert_eq!(wrong(b" \n"), "there is nothing in it");
    }
}
