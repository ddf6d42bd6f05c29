//! Bytes to rows: text in one spelling, numbers in plain digits, one id each.
//!
//! The border: every cell is put into Unicode's composed form (NFC) here and nowhere else, so that one name
//! spelt in two ways is one name; and the separators of every number are read by its column.

use std::collections::BTreeMap;

use keiretsu_views::grid::rows::{CsvFault, Heading, Rows};
use unicode_normalization::UnicodeNormalization;

use super::numbers::Notation;
use super::row::{COLUMNS, Row, fingerprint};
use super::{cells, headings};
use crate::limits::IMPORT_ROWS_MAX as ROWS_MAX;

/// Faults that are named; beyond, they are counted.
const NAMED: usize = 20;

/// Columns of numbers that are written in one notation, and whether they hold whole amounts.
const NUMBERS: [(&[&str], bool); 4] = [
    (&["amount_low_usd", "amount_high_usd"], true),
    (&["valuation_usd"], true),
    (&["stake_pct"], false),
    (&["capacity_gw"], false),
];

/// All rows, or everything that is wrong with the table as a whole.
pub fn read(bytes: &[u8]) -> Result<Vec<Row>, Vec<String>> {
    let mut table = Rows::open(bytes, None).map_err(|fault| vec![fault.to_string()])?;
    for name in &mut table.names {
        *name = headings::column(name).map_or_else(|| name.clone(), str::to_owned);
    }
    let headings = COLUMNS.map(|(name, needed, _)| Heading { name, optional: !needed });
    let (places, mut faults) = table.positions(&headings);
    let mut rows = if faults.is_empty() { rows(&table, &places, &mut faults) } else { vec![] };
    if !faults.is_empty() {
        let mut lines: Vec<String> = faults.iter().take(NAMED).map(CsvFault::to_string).collect();
        lines.extend((NAMED < faults.len()).then(|| format!("and {} more", faults.len() - NAMED)));
        return Err(lines);
    }
    cells::plain(&mut rows);
    for (names, whole) in NUMBERS {
        plain_digits(&mut rows, names, whole, table.separator() == b';');
    }
    Ok(rows)
}

fn rows(table: &Rows<'_>, places: &[Option<usize>], faults: &mut Vec<CsvFault>) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut first: BTreeMap<String, u64> = BTreeMap::new();
    let mut reader = table.below();
    while let Some(read) = reader.next_row() {
        if first.len() + faults.len() == ROWS_MAX {
            let what = format!("more than {ROWS_MAX} rows; import them in several tables and folders");
            faults.push(CsvFault::new(None, what, ""));
            return rows;
        }
        let read = match read {
            Ok(read) => read,
            Err(fault) => {
                faults.push(fault);
                continue;
            }
        };
        let cells: Vec<String> = places.iter().map(|place| read.text(*place).nfc().collect()).collect();
        let id = cells[0].clone();
        if id.is_empty() {
            faults.push(CsvFault::new(Some(read.line), "the row has no id", ""));
        } else if let Some(other) = first.get(&id) {
            let what = format!("the id `{id}` is that of line {other} too");
            faults.push(CsvFault::new(Some(read.line), what, ""));
        } else {
            first.insert(id.clone(), read.line);
            rows.push(Row { id, print: fingerprint(&cells), cells, doubt: None });
        }
    }
    if rows.is_empty() && faults.is_empty() {
        faults.push(CsvFault::new(None, "the table has no rows", ""));
    }
    rows
}

/// Writes the numbers of some columns in plain digits with a decimal point; an ambiguous number is marked on
/// its row.
fn plain_digits(rows: &mut [Row], names: &[&str], whole: bool, european: bool) {
    let columns: Vec<usize> =
        COLUMNS.iter().enumerate().filter(|(_, (name, ..))| names.contains(name)).map(|(at, _)| at).collect();
    let cells = rows.iter().flat_map(|row| columns.iter().map(|at| row.cells[*at].as_str()));
    let notation = Notation::of(cells, whole, european);
    for row in rows {
        for at in &columns {
            match notation.plain(&row.cells[*at]) {
                Ok(plain) => row.cells[*at] = plain,
                Err(doubt) => row.doubt = Some(format!("{} is {doubt}", COLUMNS[*at].0)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "id,kind,payer_or_investor,payee_or_issuer\n";

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        let text = format!("{HEAD}a,capex,X,Y\na,capex,X,Y\n,capex,X,Y\nb,capex,X\n");
        let wrong = read(text.as_bytes()).unwrap_err();
        assert_eq!(wrong.len(), 3, "{wrong:?}");
        assert!(wrong[0].contains("`a` is that of line 2"), "{wrong:?}");
        assert!(wrong[2].contains("line 5: this row has 3 cells"), "{wrong:?}");
    }

    #[test]
    fn the_header_is_held_against_the_columns() {
        let wrong = read(b"id,kind,who pays,payee_or_issuer\n").unwrap_err();
        assert!(wrong[0].contains("no column `who pays`"), "{wrong:?}");
        assert!(wrong[1].contains("`payer_or_investor` is missing"));
        assert_eq!(read(HEAD.as_bytes()).unwrap_err(), ["the table has no rows"]);
    }

    #[test]
    fn encodings_are_named() {
        let mixed = [HEAD.as_bytes(), b"a,capex,X,Y\nb,capex,Soci\xe9t\xe9,Y\n"].concat();
        assert!(read(&mixed).unwrap_err()[0].starts_with("line 3 is not UTF-8"));
        assert!(read(&[0xff, 0xfe, 0x69, 0]).unwrap_err()[0].contains("UTF-16"));
        let marked = [&[0xef, 0xbb, 0xbf], HEAD.as_bytes(), b"a,capex,X,Y\r\n"].concat();
        assert_eq!(read(&marked).unwrap()[0].id, "a");
    }

    #[test]
    fn semicolons_and_tabs_separate_cells_too() {
        for sign in [";", "\t"] {
            let text = format!("{HEAD}a,capex,X,Y\n").replace(',', sign);
            assert_eq!(read(text.as_bytes()).unwrap()[0].cell("payee_or_issuer"), "Y");
        }
    }

    #[test]
    fn a_decimal_comma_is_told_from_thousands_by_its_column() {
        let head = "id;kind;payer_or_investor;payee_or_issuer;amount_low_usd;stake_pct\n";
        let rows = read(format!("{head}a;x;X;Y;2.345,67;12,5\nb;x;X;Y;1.500;3\n").as_bytes()).unwrap();
        assert_eq!(
            (rows[0].number("amount_low_usd"), rows[0].number("stake_pct")),
            (Some(2345.67), Some(12.5))
        );
        assert_eq!(rows[1].number("amount_low_usd"), Some(1500.0));
        let rows = read(format!("{head}a;x;X;Y;1.500;3\n").as_bytes()).unwrap();
        assert!(rows[0].doubt.as_ref().is_some_and(|doubt| doubt.contains("amount_low_usd is `1.500`")));
    }

    #[test]
    fn a_name_spelt_in_two_ways_is_one_name() {
        let rows = read(format!("{HEAD}a,x,Cr\u{e9}dit,Y\nb,x,Cre\u{301}dit,Y\n").as_bytes()).unwrap();
        assert_eq!(rows[0].cells[2], rows[1].cells[2]);
    }
}
