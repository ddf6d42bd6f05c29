//! Rows of a flat Parquet file to words, by the crate's record reader.

use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::record::Field;

use super::rows::CsvFault;
use super::{Builder, Grid};

pub fn grid(bytes: Vec<u8>) -> Result<Grid, CsvFault> {
    let wrong = |error: ::parquet::errors::ParquetError| {
        CsvFault::new(None, format!("this is no Parquet file that can be read: {error}"), "")
    };
    let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).map_err(wrong)?;
    let schema = reader.metadata().file_metadata().schema().clone();
    let nested = schema.get_fields().iter().find(|field| !field.is_primitive());
    if let Some(field) = nested {
        let message = format!("the column `{}` has parts; only flat columns are read", field.name());
        return Err(CsvFault::new(None, message, ""));
    }
    let mut builder = Builder::new(schema.get_fields().iter().map(|field| field.name()))?;
    for row in reader.get_row_iter(None).map_err(wrong)? {
        let row = row.map_err(wrong)?;
        let words: Vec<String> = row.get_column_iter().map(|(_, field)| word(field)).collect();
        builder.push(words.iter().map(String::as_str));
    }
    Ok(builder.grid())
}

/// A value as a CSV file would have it.
fn word(field: &Field) -> String {
    match field {
        Field::Null => String::new(),
        Field::Str(text) => text.clone(),
        Field::Double(x) => x.to_string(),
        Field::Float(x) => x.to_string(),
        Field::Bytes(bytes) => String::from_utf8_lossy(bytes.data()).into_owned(),
        other => other.to_string(),
    }
}
