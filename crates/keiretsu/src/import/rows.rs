//! Bytes to rows: the encoding, the header, one id each.

use std::collections::BTreeMap;

use keiretsu_model::suggest;

use super::row::{COLUMNS, Row};
use crate::limits::IMPORT_ROWS_MAX as ROWS_MAX;

/// All rows, or everything that is wrong with the table as a whole.
pub fn read(bytes: &[u8]) -> Result<Vec<Row>, Vec<String>> {
    let text = text(bytes).map_err(|what| vec![what])?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| vec![error.to_string()])?.clone();
    let places = places(&header)?;
    let mut rows = Vec::new();
    let mut wrong = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                wrong.push(error.to_string());
                break;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        if record.len() != header.len() {
            wrong.push(format!("line {line}: {} cells, and the header has {}", record.len(), header.len()));
            continue;
        }
        if rows.len() == ROWS_MAX {
            return Err(vec![format!(
                "more than {ROWS_MAX} rows; import them in several tables and folders"
            )]);
        }
        let cell = |place: &Option<usize>| place.map_or("", |at| &record[at]).to_owned();
        let cells: Vec<String> = places.iter().map(cell).collect();
        rows.push(Row { id: cells[0].trim().to_owned(), line, cells });
    }
    wrong.extend(ids(&rows));
    if rows.is_empty() && wrong.is_empty() {
        wrong.push("the table has no rows".to_owned());
    }
    if wrong.is_empty() { Ok(rows) } else { Err(wrong) }
}

/// UTF-8, with or without a byte order mark.
fn text(bytes: &[u8]) -> Result<&str, String> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err("the file is UTF-16; save it as UTF-8".to_owned());
    }
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].split(|byte| *byte == b'\n').count();
        format!("line {line} is not UTF-8 (another encoding, or several in one file); save it as UTF-8")
    })
}

/// Where each column stands in the file.
fn places(header: &csv::StringRecord) -> Result<Vec<Option<usize>>, Vec<String>> {
    let names: Vec<&str> = header.iter().map(str::trim).collect();
    let mut wrong = Vec::new();
    for (at, name) in names.iter().enumerate() {
        if !COLUMNS.iter().any(|(known, _, _)| *known == *name) {
            let hint = suggest::advice(name, COLUMNS.iter().map(|(known, _, _)| *known));
            // A list of all columns is in the manual.
            let hint = if hint.starts_with("one of") { String::new() } else { format!("; {hint}") };
            wrong.push(format!("line 1: there is no column `{name}`{hint}"));
        } else if names[..at].contains(name) {
            wrong.push(format!("line 1: the column `{name}` is there twice"));
        }
    }
    for (name, needed, what) in COLUMNS {
        if needed && !names.contains(&name) {
            wrong.push(format!("line 1: the column `{name}` is missing: {what}"));
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let place = |(name, _, _): &(&str, bool, &str)| names.iter().position(|there| there == name);
    Ok(COLUMNS.iter().map(place).collect())
}

/// Rows without an id, and ids that several rows have.
fn ids(rows: &[Row]) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut seen: BTreeMap<&str, u64> = BTreeMap::new();
    for row in rows {
        if row.id.is_empty() {
            wrong.push(format!("line {}: the row has no id", row.line));
        } else if let Some(first) = seen.insert(&row.id, row.line) {
            wrong.push(format!("line {}: the id `{}` is that of line {first} too", row.line, row.id));
        }
    }
    wrong
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
        assert!(wrong[0].contains("line 5: 3 cells"));
        assert!(wrong[1].contains("`a` is that of line 2"));
    }

    #[test]
    fn the_header_is_held_against_the_columns() {
        let wrong = read(b"id,kind,payer,payee_or_issuer\n").unwrap_err();
        assert!(wrong[0].contains("no column `payer`"), "{wrong:?}");
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
}
