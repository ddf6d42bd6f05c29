//! One row of a table of claims: its cells, and the figures in them in the words of the language.

use keiretsu_model::{When, date};

use super::words::{self, Unit};

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
const QUALIFIERS: [&str; 6] = ["exact", "about", "up_to", "more_than", "range", "undisclosed"];
/// The statuses.
const STATUSES: [&str; 5] = ["paid", "firm", "conditional", "announced", "terminated"];

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
        if !power.is_empty() && self.power().is_none() {
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

    fn signed(&self, column: &str) -> Option<f64> {
        let cell = self.cell(column);
        let cell = if column == "stake_pct" { cell.trim_end_matches('%').trim_end() } else { cell };
        cell.replace('\u{2212}', "-").parse::<f64>().ok().filter(|number| number.is_finite())
    }

    /// Whether the row has dollars.
    pub fn has_money(&self) -> bool {
        let there = |column| self.signed(column).is_some();
        self.cell("qualifier") != "undisclosed" && (there("amount_low_usd") || there("amount_high_usd"))
    }

    /// Why no amount is taken from a row without dollars that has some in its words: which currency and
    /// which decimal sign they are in is for its reader to say.
    pub fn dollars_only_in_words(&self) -> Option<String> {
        let words = self.cell("amount_text");
        let silent = self.has_money() || self.cell("qualifier") == "undisclosed" || !words::has_money(words);
        (!silent).then(|| {
            format!(
                "amount_text is `{words}`, and amount_low_usd and amount_high_usd are empty: write whole \
                 dollars there, or the qualifier undisclosed"
            )
        })
    }

    /// The figure in the words of the language: money, in all.
    pub fn money(&self) -> String {
        self.money_per("")
    }

    /// Money with a unit after each amount, as in `$5B/yr`.
    pub fn money_per(&self, unit: &str) -> String {
        let (low, high) = (self.signed("amount_low_usd"), self.signed("amount_high_usd"));
        let dollars = |amount| format!("{}{unit}", dollars(amount));
        match (self.cell("qualifier"), low, high) {
            ("undisclosed", _, _) | (_, None, None) => "undisclosed".to_owned(),
            ("up_to", _, Some(high)) => format!("up to {}", dollars(high)),
            ("more_than", Some(low), _) | (_, Some(low), None) => format!("more than {}", dollars(low)),
            ("about", Some(low), Some(high)) if same(low, high) => format!("about {}", dollars(low)),
            (_, Some(low), Some(high)) if same(low, high) => dollars(low),
            (_, Some(low), Some(high)) if low > 0.0 => {
                let (_, letter) = magnitude(high);
                format!("{} to {}", in_magnitude(low, letter) + unit, in_magnitude(high, letter) + unit)
            }
            (_, _, Some(high)) => format!("up to {}", dollars(high)),
        }
    }

    /// The unit of time or of power of which the amount is the price, where the words say that it is one.
    ///
    /// The words decide only where their number is the amount: "$1.25 billion a month" next to 45 billions is
    /// an explanation of the 45.
    pub fn amount_is_per(&self) -> Option<Unit> {
        let amount = self.signed("amount_high_usd").or(self.signed("amount_low_usd"))?;
        words::per(self.cell("amount_text"), amount)
    }

    /// Gigawatts in the words of the language, if the row has them. The qualifier is that of the amount.
    pub fn power(&self) -> Option<String> {
        words::power(self.cell("capacity_gw"))
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
        let share = words::share(words)?;
        let qualifier = match self.cell("qualifier") {
            "about" => "about ",
            "up_to" => "up to ",
            "more_than" => "more than ",
            _ => "",
        };
        Some(format!("{qualifier}{share}"))
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

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= 0.5
}

/// Dollars in the largest unit that keeps them exact.
pub fn dollars(amount: f64) -> String {
    in_magnitude(amount, magnitude(amount).1)
}

/// The size and the letter in which an amount is written.
fn magnitude(amount: f64) -> (f64, &'static str) {
    let sizes = [(1e9, "B"), (1e6, "M")];
    sizes.into_iter().find(|(size, _)| amount.abs() >= *size).unwrap_or((1.0, ""))
}

/// Dollars in a magnitude; both ends of a range have the same.
fn in_magnitude(amount: f64, letter: &str) -> String {
    let size = match letter {
        "B" => 1e9,
        "M" => 1e6,
        _ => 1.0,
    };
    let sign = if amount < 0.0 { "-" } else { "" };
    // Cents of a billion: no number of the table has more digits.
    let scaled = format!("{:.11}", amount.abs() / size);
    format!("{sign}${}{letter}", scaled.trim_end_matches('0').trim_end_matches('.'))
}

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
    fn dollars_keep_every_digit() {
        assert_eq!(dollars(6_600_000_000.0), "$6.6B");
        assert_eq!(dollars(1_400_000_000_000.0), "$1400B");
        assert_eq!(dollars(860_000_000.0), "$860M");
        assert_eq!(dollars(350_000.0), "$350000");
        assert_eq!(dollars(123_456_789.0), "$123.456789M");
        assert_eq!(dollars(-3_100_000_000.0), "-$3.1B");
    }

    #[test]
    fn words_follow_the_qualifier() {
        let money = |low, high, qualifier| {
            row(&[("amount_low_usd", low), ("amount_high_usd", high), ("qualifier", qualifier)]).money()
        };
        assert_eq!(money("0", "20000000000", "up_to"), "up to $20B");
        assert_eq!(money("100000000000", "", "more_than"), "more than $100B");
        assert_eq!(money("10000000000", "99000000000", "range"), "$10B to $99B");
        assert_eq!(money("8000000000", "8000000000", "about"), "about $8B");
        assert_eq!(money("", "", "exact"), "undisclosed");
        // Ends of one magnitude: "$500000 to $2M" would leave the first in doubt.
        assert_eq!(money("500000", "2000000", "range"), "$0.5M to $2M");
    }

    #[test]
    fn the_qualifier_is_of_the_amount_alone() {
        for qualifier in ["about", "up_to", "more_than", "range", "undisclosed"] {
            let row = row(&[("qualifier", qualifier), ("capacity_gw", "0.4"), ("stake_pct", "7")]);
            assert_eq!((row.power().unwrap(), row.stake().unwrap()), ("0.4 GW".to_owned(), "7%".to_owned()));
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

    #[test]
    fn an_amount_per_time_is_one_where_the_words_have_its_number() {
        let per = |words, amount| {
            row(&[("amount_text", words), ("amount_low_usd", amount), ("amount_high_usd", amount)])
                .amount_is_per()
        };
        assert_eq!(per("$1.25 billion a month", "1250000000"), Some(Unit::Month));
        assert_eq!(per("roughly $15 billion annually", "15000000000"), Some(Unit::Year));
        // The observers' multiplication is a total.
        assert_eq!(per("$1.25 billion a month through 2029", "45000000000"), None);
    }
}
