//! Cells as spreadsheets hold them, to those of a table of claims: dates, amounts with a magnitude,
//! words that say that a cell is empty.
//!
//! `7.1 billion` is 7100000000, `14/08/2025` is 2025-08-14 since no month is a fourteenth. `9/11/2025`
//! is what the other dates of the table say; where none says it, the row is refused.

use keiretsu_model::date;
use keiretsu_model::figure::{self, Said};
use keiretsu_values::{Currency, Dimension};

use super::row::{QUALIFIERS, Row, STATUSES};

/// Columns of dates.
const DATES: [&str; 3] = ["announced", "start", "end"];
/// Columns of whole dollars.
const MONEY: [&str; 3] = ["amount_low_usd", "amount_high_usd", "valuation_usd"];
/// Columns of one word of a list.
const LISTED: [&str; 4] = ["kind", "qualifier", "status", "confidence"];
/// What people write in a cell of which they know nothing.
const EMPTY: [&str; 9] = ["n/a", "na", "tbd", "tba", "-", "\u{2013}", "\u{2014}", "?", "unknown"];

/// Puts the cells of all rows into the form of a table of claims.
pub fn plain(rows: &mut [Row]) {
    let order = Order::of(rows);
    for row in rows {
        for column in LISTED {
            let word = row.cell(column).to_lowercase().replace([' ', '-'], "_");
            if is_listed(column, &word) {
                row.put(column, word);
            }
        }
        for column in DATES.into_iter().chain(MONEY).chain(["stake_pct", "capacity_gw"]) {
            if EMPTY.contains(&row.cell(column).to_lowercase().as_str()) {
                row.put(column, String::new());
            }
        }
        for column in DATES {
            match order.day(row.cell(column)) {
                Ok(day) => row.put(column, day),
                Err(why) => row.doubt = Some(format!("{column} is `{}`, {why}", row.cell(column))),
            }
        }
        for column in MONEY {
            if let Some(digits) = sized(row, column) {
                row.put(column, digits);
            }
        }
    }
}

/// Whether a word is one of those that a column takes; which kinds there are, the mapping says.
fn is_listed(column: &str, word: &str) -> bool {
    match column {
        "qualifier" => QUALIFIERS.contains(&word),
        "status" => STATUSES.contains(&word),
        _ => true,
    }
}

/// Whether the day or the month comes first in dates of three numbers, as far as the table tells.
struct Order {
    day_first: bool,
    month_first: bool,
}

impl Order {
    fn of(rows: &[Row]) -> Self {
        let cells = rows.iter().flat_map(|row| DATES.map(|column| row.cell(column)));
        let triples: Vec<(u8, u8, u16)> = cells.filter_map(numbers).collect();
        Self {
            day_first: triples.iter().any(|(first, second, _)| 12 < *first && *second <= 12),
            month_first: triples.iter().any(|(first, second, _)| *first <= 12 && 12 < *second),
        }
    }

    /// A cell as a date of the language; what is none stays as it is.
    fn day(&self, cell: &str) -> Result<String, &'static str> {
        // A day with the hour of a spreadsheet behind it.
        let dated = cell.split(['T', ' ']).next().filter(|day| day.len() == 10 && cell.contains(':'));
        let cell = dated.unwrap_or(cell);
        if date::when(cell).is_some() {
            return Ok(cell.to_owned());
        }
        let Some((first, second, year)) = numbers(cell) else { return Ok(cell.to_owned()) };
        let (day, month) = match (12 < first, 12 < second) {
            _ if first == second => (first, second),
            (true, false) => (first, second),
            (false, true) => (second, first),
            (true, true) => return Ok(cell.to_owned()),
            // Points stand between days, months and years only where the day comes first.
            _ if cell.contains('.') => (first, second),
            _ => match (self.day_first, self.month_first) {
                (true, false) => (first, second),
                (false, true) => (second, first),
                _ => return Err("of which the first number may be the day or the month: write 2025-11-09"),
            },
        };
        Ok(format!("{year:04}-{month:02}-{day:02}"))
    }
}

/// Two numbers and a year between strokes, points or hyphens.
fn numbers(cell: &str) -> Option<(u8, u8, u16)> {
    let sign = ['/', '.', '-'].into_iter().find(|sign| cell.matches(*sign).count() == 2)?;
    let mut parts = cell.split(sign).map(str::trim);
    let (first, second, year) = (parts.next()?, parts.next()?, parts.next()?);
    let year = match year.len() {
        4 => year.parse::<u16>().ok()?,
        2 => 2000 + year.parse::<u16>().ok()?,
        _ => return None,
    };
    let short = |text: &str| text.parse::<u8>().ok().filter(|number| (1..=31).contains(number));
    Some((short(first)?, short(second)?, year))
}

/// The digits of `$2.6bn` in a column of dollars. What else the cell says of the amount is its qualifier, if
/// that is empty; where it is another one, the cell stays as it is.
fn sized(row: &mut Row, column: &str) -> Option<String> {
    let cell = row.cell(column);
    let written = cell.contains(|sign: char| sign.is_alphabetic() || "$~>+<".contains(sign));
    // A comma, or a point before three digits, is for the notation of the column to tell.
    let told = cell
        .split_once('.')
        .is_some_and(|(_, behind)| behind.chars().take_while(char::is_ascii_digit).count() == 3);
    if !written || told || cell.contains(',') {
        return None;
    }
    let figure = figure::parse(cell).ok()?;
    let dollars = figure.dimension == Dimension::MONEY && figure.currency == Some(Currency::USD);
    let plain = figure.dimension == Dimension::NUMBER && !cell.contains('%');
    let bare = figure.over.is_none() && figure.at.is_none();
    let (how, number) = match figure.said {
        Said::Exact(number) => ("", number),
        Said::About(number) => ("about", number),
        Said::UpTo { most, about: false } => ("up_to", most),
        Said::AtLeast { least, about: false } => ("more_than", least),
        _ => return None,
    };
    let stated = row.cell("qualifier").to_owned();
    let fits = how.is_empty() || column == "valuation_usd" || stated.is_empty() || stated == how;
    if !(dollars || plain) || !bare || !fits {
        return None;
    }
    if stated.is_empty() && column != "valuation_usd" {
        row.put("qualifier", how.to_owned());
    }
    Some(format!("{number}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::row::row;

    fn cell(cells: &[(&str, &str)], column: &str) -> String {
        let mut rows = [row(cells)];
        plain(&mut rows);
        rows[0].cell(column).to_owned()
    }

    #[test]
    fn dollars_may_have_a_magnitude() {
        for (written, digits, how) in [
            ("2.6bn", "2600000000", ""),
            ("7.1 billion", "7100000000", ""),
            ("US$ 5bn", "5000000000", ""),
            ("~$230M", "230000000", "about"),
            ("$5bn+", "5000000000", "more_than"),
            ("2345", "2345", ""),
            ("\u{20ac}5bn", "\u{20ac}5bn", ""),
            ("2.600bn", "2.600bn", ""),
        ] {
            let cells = [("amount_low_usd", written)];
            assert_eq!(cell(&cells, "amount_low_usd"), digits, "{written}");
            assert_eq!(cell(&cells, "qualifier"), how, "{written}");
        }
        // A qualifier of the table is never put aside.
        assert_eq!(cell(&[("amount_low_usd", "~$5bn"), ("qualifier", "exact")], "amount_low_usd"), "~$5bn");
    }

    #[test]
    fn the_day_is_told_from_the_month_by_the_table() {
        let read = |cells: [&str; 2]| {
            let mut rows = cells.map(|cell| row(&[("announced", cell)]));
            plain(&mut rows);
            (rows[0].cell("announced").to_owned(), rows[0].doubt.is_some())
        };
        for (cells, expected) in [
            (["14/08/2025", ""], ("2025-08-14", false)),
            (["8/14/25", ""], ("2025-08-14", false)),
            (["9/11/2025", "14/08/2025"], ("2025-11-09", false)),
            (["9/11/2025", "8/14/2025"], ("2025-09-11", false)),
            (["9/11/2025", ""], ("9/11/2025", true)),
            (["9.11.2025", ""], ("2025-11-09", false)),
            (["9/9/2025", ""], ("2025-09-09", false)),
            (["2025-08-14 00:00:00", ""], ("2025-08-14", false)),
            (["TBD", ""], ("", false)),
            (["soon", ""], ("soon", false)),
        ] {
            let (day, doubt) = expected;
            assert_eq!(read(cells), (day.to_owned(), doubt), "{cells:?}");
        }
    }

    #[test]
    fn words_of_a_list_may_have_capitals() {
        assert_eq!(cell(&[("status", "Firm")], "status"), "firm");
        assert_eq!(cell(&[("qualifier", "Up to")], "qualifier"), "up_to");
        assert_eq!(cell(&[("kind", "Service commitment")], "kind"), "service_commitment");
    }
}
