//! What is asked of a measure.

use jiff::civil::Date;
use keiretsu_model::{PartyRef, Taken};
use keiretsu_program::{OwnMoney, Quantity, Reading, Span};
use keiretsu_values::{Dimension, Period};

/// A query to a measure: parties, reading, time and formulas.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// Only these parties (groups); empty: all.
    pub parties: Vec<PartyRef>,
    /// Only this reading; `None`: a row for each.
    pub reading: Option<Reading>,
    /// How time is cut, where the measure has time.
    pub by: Option<PeriodLength>,
    /// Date of the hypothetical default, in `exposure` and `domino`; `None`: the first month after as-of.
    pub at: Option<Date>,
    /// Which of a party's money is spent first, where own money is followed.
    pub own_money: OwnMoney,
    /// Requested formulas and conditions, in the words of the model.
    pub watched: Vec<WatchedQuantity>,
    /// Search distance for shocks, in standard deviations from the middle; `None`: the usual one.
    pub within: Option<f64>,
    /// Only this number is read: a measure may leave out others that are work.
    pub sought: Option<SoughtNumber>,
}

/// A number that is sought: its table, its row by the keys of columns, and its column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoughtNumber {
    /// The name of the table.
    pub table: String,
    /// Columns that name the row, with what stands in them.
    pub row: Vec<(String, String)>,
    /// The key of the column, where others need not be filled.
    pub column: Option<String>,
}

impl Query {
    /// The requested readings.
    pub fn readings(&self) -> Vec<Reading> {
        match self.reading {
            Some(reading) => vec![reading],
            None => Reading::ALL.to_vec(),
        }
    }

    /// Whether the table of a name may be read.
    pub fn wants_table(&self, name: &str) -> bool {
        self.sought.as_ref().is_none_or(|sought| sought.table == name)
    }

    /// Whether a row may be read that has a key in a column. What is sought has the same in each world, so
    /// only columns in which changes of figures change nothing decide.
    pub fn wants_row(&self, column: &str, key: &str) -> bool {
        let row = self.sought.iter().flat_map(|sought| &sought.row);
        row.filter(|(known, _)| known == column).all(|(_, wanted)| wanted == key)
    }

    /// The key of the one column that is read.
    pub fn column(&self) -> Option<&str> {
        self.sought.as_ref()?.column.as_deref()
    }

    /// Whether a column may be read.
    pub fn wants_column(&self, key: &str) -> bool {
        self.column().is_none_or(|wanted| wanted == key)
    }

    /// Whether a party is requested; parties of one group count as one.
    pub fn wants(&self, group: PartyRef) -> bool {
        self.parties.is_empty() || self.parties.contains(&group)
    }
}

/// How time is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeriodLength {
    /// Calendar months.
    Month,
    /// Calendar quarters.
    Quarter,
    /// Calendar years.
    Year,
    /// The whole run.
    Total,
}

impl PeriodLength {
    /// The calendar period of a month, as tables call it.
    pub fn label(self, year: i32, month: u8) -> String {
        match self {
            Self::Month => Period::Month { year, month }.label(),
            Self::Quarter => Period::Quarter { year, first: month, months: 1 }.label(),
            Self::Year | Self::Total => Period::Year { year, first: month, months: 1 }.label(),
        }
    }

    /// Whether a calendar period ends with a month of the year.
    pub fn ends_with(self, month: i32) -> bool {
        match self {
            Self::Month => true,
            Self::Quarter => month % 3 == 0,
            Self::Year | Self::Total => month == 12,
        }
    }

    /// The pieces of a run; years where nothing cuts it.
    pub fn span(by: Option<Self>) -> Span {
        match by {
            Some(Self::Month) => Span::Month,
            Some(Self::Quarter) => Span::Quarter,
            None | Some(Self::Year | Self::Total) => Span::Year,
        }
    }

    /// Whether a run is cut into calendar periods.
    pub fn cuts(by: Option<Self>) -> bool {
        !matches!(by, None | Some(Self::Total))
    }
}

/// A quantity watched for a formula or condition of the query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WatchedQuantity {
    /// Its words.
    pub words: String,
    /// The quantity to probe.
    pub quantity: Quantity,
    /// The dimension; `None` for a condition.
    pub dimension: Option<Dimension>,
    /// Which of its months counts.
    pub taken: Taken,
}
