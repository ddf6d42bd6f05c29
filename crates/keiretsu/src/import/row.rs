//! One row of a table of claims: its cells, and the figures in them in the words of the language.

use keiretsu_model::{When, date};

use super::{clauses, portions};

/// The columns of a table of claims: name, whether required, content.
pub const COLUMNS: [(&str, bool, &str); 21] = [
    ("id", true, "a name for the row, each once"),
    ("kind", true, "what it is about: see the mapping"),
    ("payer_or_investor", true, "who pays, invests, provides or grants"),
    ("payee_or_issuer", true, "who is paid, invested in, served or granted to"),
    ("amount_low_usd", false, "whole dollars; the floor"),
    ("amount_high_usd", false, "whole dollars; the ceiling"),
    ("amount_text", false, "the words of the source"),
    ("qualifier", false, "exact, about, up_to, more_than, range or undisclosed"),
    ("currency", false, "of the words; the amounts are dollars"),
    ("status", false, "paid, firm, conditional, announced or terminated"),
    ("announced", false, "when it was said"),
    ("start", false, "when it starts"),
    ("end", false, "when it ends"),
    ("condition", false, "on what it hangs, or a remark"),
    ("capacity_gw", false, "gigawatts: 5, 0-5 or >1"),
    ("stake_pct", false, "per cent of the issuer"),
    ("valuation_usd", false, "whole dollars; of the whole issuer"),
    ("conflicts_with", false, "ids of rows that say otherwise, between semicolons"),
    ("source_title", false, "the document"),
    ("source_url", false, "where it can be read"),
    ("confidence", false, "high, medium or low"),
];

/// The qualifiers.
pub const QUALIFIERS: [&str; 6] = ["exact", "about", "up_to", "more_than", "range", "undisclosed"];
/// The statuses.
pub const STATUSES: [&str; 5] = ["paid", "firm", "conditional", "announced", "terminated"];

/// A claim as it stands in the table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Its name.
    pub id: String,
    /// All cells, in the order of [`COLUMNS`]; numbers in plain digits.
    pub cells: Vec<String>,
    /// The fingerprint of the cells as they were written.
    pub print: String,
    /// A number that may be two.
    pub doubt: Option<String>,
}

/// The fingerprint of cells: enough to see that a row has changed.
pub fn fingerprint(cells: &[String]) -> String {
    let bytes: Vec<u8> = cells.iter().flat_map(|cell| cell.trim().bytes().chain([0x1f])).collect();
    fnv(&bytes)
}

/// FNV-1a, 64 bits.
pub fn fnv(bytes: &[u8]) -> String {
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

impl Row {
    /// A cell, without space around it.
    pub fn cell(&self, column: &str) -> &str {
        let at = COLUMNS.iter().position(|(name, _, _)| *name == column);
        at.and_then(|at| self.cells.get(at)).map_or("", |cell| cell.trim())
    }

    /// Writes a cell.
    pub fn put(&mut self, column: &str, cell: String) {
        let at = COLUMNS.iter().position(|(name, _, _)| *name == column);
        if let Some(there) = at.and_then(|at| self.cells.get_mut(at)) {
            *there = cell;
        }
    }

    /// What its words say of its amount, and apart from that what it may come to.
    pub fn clauses(&self) -> clauses::Clauses {
        let invests = ["equity_tranche", "convertible"].contains(&self.cell("kind"));
        clauses::of(self.cell("amount_text"), invests)
    }

    /// A date or a span, if the cell holds one.
    pub fn when(&self, column: &str) -> Option<When> {
        date::when(self.cell(column))
    }

    /// The words of a date, if the cell holds one.
    pub fn date(&self, column: &str) -> Option<String> {
        self.when(column).map(|_| self.cell(column).to_owned())
    }

    /// The words of the source and the remark, in small letters.
    pub fn said(&self) -> String {
        format!("{} {}", self.cell("amount_text"), self.cell("condition")).to_lowercase()
    }

    /// Errors of a row: spreadsheet formulas, unreadable dates and numbers, contradictions.
    pub fn unreadable(&self) -> Option<String> {
        let formula = COLUMNS.iter().find(|(name, _, _)| self.cell(name).starts_with(['=', '@']));
        if let Some((name, _, _)) = formula {
            return Some(format!("{name} is the formula of a spreadsheet, not a value"));
        }
        if let Some(doubt) = &self.doubt {
            return Some(doubt.clone());
        }
        for (name, known) in [("qualifier", &QUALIFIERS[..]), ("status", &STATUSES[..])] {
            let cell = self.cell(name);
            if !cell.is_empty() && !known.contains(&cell) {
                return Some(format!("{name} is `{cell}`, none of {}", known.join(", ")));
            }
        }
        for name in ["amount_low_usd", "amount_high_usd", "stake_pct", "valuation_usd"] {
            let cell = self.cell(name);
            let negative = self.signed(name).is_some_and(|number| number < 0.0) && !self.may_be_negative();
            if negative {
                return Some(format!("{name} is `{cell}`, and a `{}` is not negative", self.cell("kind")));
            }
            if !cell.is_empty() && self.signed(name).is_none() {
                return Some(format!("{name} is `{cell}`, not a number"));
            }
            let size = self.signed(name).map_or(0.0, f64::abs);
            if size > MOST || 0.0 < size && size < LEAST && name != "stake_pct" {
                return Some(format!("{name} is `{cell}`, no amount of money"));
            }
        }
        if self.number("stake_pct").is_some_and(|share| share > 100.0) {
            return Some(format!("stake_pct is `{}`, more than the whole", self.cell("stake_pct")));
        }
        let power = self.cell("capacity_gw");
        if !power.is_empty() && portions::power(power).is_none() {
            return Some(format!("capacity_gw is `{power}`, no gigawatts such as 5, 0-5 or >1"));
        }
        self.wrong_dates().or(match (self.signed("amount_low_usd"), self.signed("amount_high_usd")) {
            (Some(low), Some(high)) if high < low => Some("the floor is above the ceiling".to_owned()),
            (Some(low), Some(high)) if low < 0.0 && low < high => {
                Some("a range below nothing has no mean that its ends decide: write it by hand".to_owned())
            }
            _ => None,
        })
    }

    fn wrong_dates(&self) -> Option<String> {
        for name in ["announced", "start", "end"] {
            if !self.cell(name).is_empty() && self.when(name).is_none() {
                return Some(format!("{name} is `{}`, not a date", self.cell(name)));
            }
            if self.when(name).is_some_and(|when| !when.single) {
                return Some(format!("{name} is `{}`: a span has a `start` and an `end`", self.cell(name)));
            }
        }
        let (start, end) = (self.when("start")?, self.when("end")?);
        (end.last < start.first).then(|| "it ends before it starts".to_owned())
    }

    /// Whether its amount may be below nothing: a gain that is a loss, a burn that is none.
    fn may_be_negative(&self) -> bool {
        ["valuation_mark", "cash_burn_mark"].contains(&self.cell("kind"))
    }

    /// A number that is finite and not negative.
    pub fn number(&self, column: &str) -> Option<f64> {
        self.signed(column).filter(|number| *number >= 0.0)
    }

    /// A number, be it negative.
    pub fn signed(&self, column: &str) -> Option<f64> {
        let cell = self.cell(column);
        let cell = if column == "stake_pct" { cell.trim_end_matches('%').trim_end() } else { cell };
        cell.replace('\u{2212}', "-").parse::<f64>().ok().filter(|number| number.is_finite())
    }

    /// Whether the row says how much money, in columns or in words.
    pub fn has_money(&self) -> bool {
        super::amount::is_said(self)
    }

    /// Gigawatts in the words of the language, if the row has them: 0 is none. The qualifier is that of the
    /// amount.
    pub fn power(&self) -> Option<String> {
        portions::power(self.cell("capacity_gw")).filter(|words| words != "0 GW")
    }

    /// Per cent in the words of the language, if the row has them. The qualifier is that of the amount.
    pub fn stake(&self) -> Option<String> {
        self.number("stake_pct").map(|share| format!("{share}%"))
    }

    /// The one share in the words of the source, which is the amount of a row that has no other.
    pub fn share_in_words(&self) -> Option<String> {
        let words = self.cell("amount_text");
        if self.has_money() {
            return None;
        }
        let share = portions::share(words)?;
        if !share.starts_with(|sign: char| sign.is_ascii_digit()) || share.contains(" to ") {
            return Some(share);
        }
        let qualifier = match self.cell("qualifier") {
            "about" => "about ",
            "up_to" => "up to ",
            "more_than" => "more than ",
            _ => "",
        };
        Some(format!("{qualifier}{share}"))
    }

    /// Whether a share in words is that of its column, or the column is empty.
    pub fn has_share(&self, words: &str) -> bool {
        let said = keiretsu_model::figure::parse(words).ok().and_then(|figure| figure.said.numbers()[0]);
        self.number("stake_pct")
            .is_none_or(|stated| said.is_some_and(|said| (said * 100.0 - stated).abs() < 0.05))
    }

    /// The rows that say otherwise.
    pub fn conflicts(&self) -> impl Iterator<Item = &str> {
        self.cell("conflicts_with").split(';').map(str::trim).filter(|id| !id.is_empty())
    }
}

/// More dollars than there are.
const MOST: f64 = 1e17;
/// A cent.
const LEAST: f64 = 0.01;

/// A row of some cells, for tests.
#[cfg(test)]
pub fn row(cells: &[(&str, &str)]) -> Row {
    let cell = |(name, _, _): &(&str, bool, &str)| {
        let found = cells.iter().find(|(column, _)| column == name);
        found.map_or(String::new(), |(_, cell)| (*cell).to_owned())
    };
    Row { id: "x".to_owned(), cells: COLUMNS.iter().map(cell).collect(), ..Row::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_qualifier_is_of_the_amount_alone() {
        for qualifier in ["about", "up_to", "more_than", "range", "undisclosed"] {
            let row = row(&[("qualifier", qualifier), ("capacity_gw", "0.4"), ("stake_pct", "7")]);
            assert_eq!((row.power().unwrap(), row.stake().unwrap()), ("0.4 GW".to_owned(), "7%".to_owned()));
        }
    }

    #[test]
    fn no_gigawatts_are_an_empty_cell() {
        for cell in ["0", "0.0", "0 GW"] {
            let row = row(&[("capacity_gw", cell)]);
            assert_eq!((row.power(), row.unreadable()), (None, None), "{cell}");
        }
    }

    #[test]
    fn a_share_is_the_amount_of_a_row_without_money() {
        let share = |words| row(&[("amount_text", words), ("qualifier", "about")]).share_in_words();
        assert_eq!(share("45% of backlog").unwrap(), "about 45%");
        let money = row(&[("amount_text", "45% of $2"), ("amount_low_usd", "2"), ("amount_high_usd", "2")]);
        assert_eq!(money.share_in_words(), None);
    }

    #[test]
    fn what_cannot_be_is_named() {
        let why = |cells: &[(&str, &str)]| row(cells).unreadable().unwrap_or_default();
        assert!(why(&[("amount_low_usd", "=1+1")]).contains("formula"));
        assert!(why(&[("amount_low_usd", "ten")]).contains("not a number"));
        assert!(why(&[("amount_low_usd", "-5"), ("kind", "debt")]).contains("not negative"));
        assert_eq!(why(&[("amount_low_usd", "-5"), ("kind", "valuation_mark")]), "");
        assert!(why(&[("amount_low_usd", "1e300")]).contains("no amount of money"));
        assert!(why(&[("amount_low_usd", "1e-320")]).contains("no amount of money"));
        assert!(why(&[("stake_pct", "125")]).contains("more than the whole"));
        assert!(why(&[("capacity_gw", "much")]).contains("no gigawatts"));
        assert!(why(&[("start", "soon")]).contains("not a date"));
        assert!(why(&[("start", "2030"), ("end", "2029")]).contains("ends before it starts"));
        assert_eq!(why(&[("amount_low_usd", "5"), ("amount_high_usd", "5")]), "");
    }
}
