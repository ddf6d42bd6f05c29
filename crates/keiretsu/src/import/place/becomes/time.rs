//! From when, and how long: the dates of a row held against its words.

use jiff::ToSpan;
use jiff::civil::Date;
use keiretsu_model::{When, date};

use super::{Terms, term};
use crate::import::row::Row;
use crate::import::{dates, words};

/// The mean length of a month.
const DAYS_OF_MONTH: f64 = 30.436_875;

/// The dates and term of a contract, as far as the row has them.
pub struct Time {
    /// When it starts, in the words of the row.
    pub from: Option<String>,
    /// Whether that day is only the day of the announcement.
    pub from_announced: bool,
    /// Its whole months.
    pub months: Option<i32>,
    /// When it ends.
    pub until: Option<String>,
}

impl Time {
    /// The time of a row.
    ///
    /// # Errors
    /// If the words of the row contradict its dates.
    pub fn of(row: &Row) -> Result<Self, String> {
        let own = row.clauses().own;
        let words = own.as_str();
        let told = |column: &str, said: Option<String>| row.date(column).or(said);
        let stated = told("start", dates::from(words));
        let from = stated.clone().or(row.date("announced"));
        let start = from.as_deref().and_then(date::when);
        let until = told("end", dates::until(words));
        let end = until.as_deref().and_then(date::when);
        let end = end.filter(|end| start.is_none_or(|start| start.first <= end.last));
        let until = until.filter(|_| end.is_some());
        let is_dated = stated.is_some() && end.is_some();
        let said = words::months(words).or(words::months(row.cell("condition")).filter(|_| !is_dated));
        let dates = start.zip(end).map(|(start, end)| span(start, end));
        if let (Some((least, most)), Some(said), Some(_)) = (dates, said, &stated)
            && !(least - 1 <= said && said <= most + 1)
        {
            return Err(format!("`start` to `end` are {most} months, and its words say {said}"));
        }
        let by_words = start.zip(said).and_then(|(start, months)| last_day(start.first, months));
        // A year as an end leaves open what the words decide.
        let vague = end.is_none_or(|end| end.first != end.last);
        Ok(Self {
            from_announced: stated.is_none() && start.is_some(),
            from,
            months: said.or(dates.map(|(_, most)| most)).filter(|months| *months >= 1),
            until: by_words.filter(|_| vague && stated.is_some()).map(|day| day.to_string()).or(until),
        })
    }

    /// The terms `from` and `until`.
    pub fn terms(&self) -> Terms {
        let from = self.from.iter().map(|from| term("from", from));
        from.chain(self.until.iter().map(|until| term("until", until))).collect()
    }

    /// When it starts, where the row says so.
    pub fn stated_from(&self) -> Option<String> {
        self.from.clone().filter(|_| !self.from_announced)
    }

    /// `from`, where it is the importer's.
    pub fn assumed(&self) -> Option<&'static str> {
        self.from_announced.then_some("from")
    }
}

/// The last year that a date of the language has.
const YEAR_MAX: i16 = 2200;

/// The fewest and the most months that two dates in words may have between them.
fn span(start: When, end: When) -> (i32, i32) {
    let months = |from: Date, to: Date| {
        let days = to.since(from).map_or(0, |span| span.get_days());
        (f64::from(days) / DAYS_OF_MONTH).round() as i32
    };
    (months(start.last, end.first), months(start.first, end.last))
}

/// The last day of a term.
fn last_day(first: Date, months: i32) -> Option<Date> {
    let last = first.checked_add(months.months()).and_then(Date::yesterday).ok();
    last.filter(|last| last.year() <= YEAR_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::row::row;

    fn months(start: &str, end: &str, words: &str) -> Result<Option<i32>, String> {
        let row = row(&[("start", start), ("end", end), ("amount_text", words)]);
        Time::of(&row).map(|time| time.months)
    }

    #[test]
    fn the_words_decide_what_years_leave_open() {
        // From some day of 2026 to some day of 2030 are between 36 and 60 months.
        assert_eq!(months("2026", "2030", "over four years"), Ok(Some(48)));
        assert_eq!(months("2026", "2030", ""), Ok(Some(60)));
        assert_eq!(months("2026-03-02", "2030-03-01", "over four years"), Ok(Some(48)));
        assert_eq!(months("2026-03-02", "", "over four years"), Ok(Some(48)));
    }

    #[test]
    fn words_against_the_dates_are_a_contradiction() {
        let why = months("2026-03-02", "2031-03-01", "over four years").unwrap_err();
        assert_eq!(why, "`start` to `end` are 60 months, and its words say 48");
        assert!(months("2026", "2030", "over seven years").is_err());
    }

    #[test]
    fn the_end_follows_the_words_where_it_is_vague() {
        let row = row(&[("start", "2027"), ("end", "2032"), ("amount_text", "5 GW over five years")]);
        assert_eq!(Time::of(&row).unwrap().until.as_deref(), Some("2031-12-31"));
    }
}
