//! One row of a table of claims.

use keiretsu_model::{When, date};

/// The columns of a table of claims: name, whether it must be there, what it holds.
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

/// A claim as it stands in the table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Its name.
    pub id: String,
    /// Its line in the file, from 1.
    pub line: u64,
    /// All cells, in the order of [`COLUMNS`].
    pub cells: Vec<String>,
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

    /// What a spreadsheet would compute and a date or number that cannot be read.
    pub fn unreadable(&self) -> Option<String> {
        let formula = COLUMNS.iter().find(|(name, _, _)| self.cell(name).starts_with(['=', '@']));
        if let Some((name, _, _)) = formula {
            return Some(format!("{name} is the formula of a spreadsheet, not a value"));
        }
        for name in ["amount_low_usd", "amount_high_usd", "stake_pct", "valuation_usd"] {
            if !self.cell(name).is_empty() && self.number(name).is_none() {
                return Some(format!("{name} is `{}`, not a number", self.cell(name)));
            }
        }
        for name in ["announced", "start", "end"] {
            if !self.cell(name).is_empty() && self.when(name).is_none() {
                return Some(format!("{name} is `{}`, not a date", self.cell(name)));
            }
        }
        match (self.number("amount_low_usd"), self.number("amount_high_usd")) {
            (Some(low), Some(high)) if high < low => Some("the floor is above the ceiling".to_owned()),
            _ => None,
        }
    }

    /// A number that is finite and not negative.
    pub fn number(&self, column: &str) -> Option<f64> {
        let number = self.cell(column).replace([',', '_'], "").parse::<f64>().ok();
        number.filter(|number| number.is_finite() && *number >= 0.0)
    }

    /// The figure in the words of the language: money.
    pub fn money(&self) -> String {
        let (low, high) = (self.number("amount_low_usd"), self.number("amount_high_usd"));
        match (self.cell("qualifier"), low, high) {
            ("undisclosed", _, _) | (_, None, None) => "undisclosed".to_owned(),
            ("up_to", _, Some(high)) => format!("up to {}", dollars(high)),
            ("more_than", Some(low), _) | (_, Some(low), None) => format!("more than {}", dollars(low)),
            ("about", Some(low), Some(high)) if same(low, high) => format!("about {}", dollars(low)),
            (_, Some(low), Some(high)) if same(low, high) => dollars(low),
            (_, Some(low), Some(high)) if low > 0.0 => format!("{} to {}", dollars(low), dollars(high)),
            (_, _, Some(high)) => format!("up to {}", dollars(high)),
        }
    }

    /// Gigawatts in the words of the language, if the row has them.
    pub fn power(&self) -> Option<String> {
        let cell = self.cell("capacity_gw");
        let number = |text: &str| text.trim().parse::<f64>().ok().filter(|power| power.is_finite());
        if let Some(more) = cell.strip_prefix('>') {
            return Some(format!("more than {} GW", number(more)?));
        }
        match cell.split_once('-') {
            Some((low, high)) if number(low)? == 0.0 => Some(format!("up to {} GW", number(high)?)),
            Some((low, high)) => Some(format!("{} GW to {} GW", number(low)?, number(high)?)),
            None => Some(format!("{}{} GW", self.about(), number(cell)?)),
        }
    }

    /// Per cent in the words of the language, if the row has them.
    pub fn stake(&self) -> Option<String> {
        self.number("stake_pct").map(|share| format!("{}{share}%", self.about()))
    }

    /// Per cent as the words of the source give it, where no column does.
    pub fn share_in_words(&self) -> Option<String> {
        let words = self.cell("amount_text").replace(" percent", "%").replace(" per cent", "%");
        let mut shares = words.split_whitespace().filter_map(|word| {
            let digits = word.trim_start_matches('~').split('%').next()?;
            let share = digits.parse::<f64>().ok().filter(|share| (0.0..=100.0).contains(share))?;
            word.contains('%').then_some(share)
        });
        // Two shares in one text are two statements.
        let share = shares.next()?;
        shares.next().is_none().then(|| format!("{}{share}%", self.about()))
    }

    fn about(&self) -> &'static str {
        match self.cell("qualifier") {
            "about" => "about ",
            "up_to" => "up to ",
            "more_than" => "more than ",
            _ => "",
        }
    }

    /// The rows that say otherwise.
    pub fn conflicts(&self) -> impl Iterator<Item = &str> {
        self.cell("conflicts_with").split(';').map(str::trim).filter(|id| !id.is_empty())
    }
}

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= 0.5
}

/// Dollars in the largest unit that keeps them exact.
pub fn dollars(amount: f64) -> String {
    let units = [(1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K")];
    let fits = |(size, _): &(f64, &str)| amount >= *size;
    let Some((size, letter)) = units.into_iter().find(fits).filter(|(_, letter)| *letter != "K") else {
        return format!("${amount}");
    };
    // Beyond six digits the words would be longer than the number.
    let scaled = format!("{:.9}", amount / size);
    let short = scaled.trim_end_matches('0').trim_end_matches('.');
    if letter == "T" { format!("${}B", amount / 1e9) } else { format!("${short}{letter}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[(&str, &str)]) -> Row {
        let cell = |(name, _, _): &(&str, bool, &str)| {
            let found = cells.iter().find(|(column, _)| column == name);
            found.map_or(String::new(), |(_, cell)| (*cell).to_owned())
        };
        Row { id: "x".to_owned(), line: 2, cells: COLUMNS.iter().map(cell).collect() }
    }

    #[test]
    fn dollars_keep_every_digit() {
        assert_eq!(dollars(6_600_000_000.0), "$6.6B");
        assert_eq!(dollars(1_400_000_000_000.0), "$1400B");
        assert_eq!(dollars(860_000_000.0), "$860M");
        assert_eq!(dollars(350_000.0), "$350000");
        assert_eq!(dollars(123_456_789.0), "$123.456789M");
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
        assert_eq!(row(&[("capacity_gw", "0-5")]).power().unwrap(), "up to 5 GW");
        assert_eq!(row(&[("capacity_gw", ">1")]).power().unwrap(), "more than 1 GW");
    }

    #[test]
    fn a_share_is_read_from_words_where_it_is_one() {
        let share = |words| row(&[("amount_text", words)]).share_in_words();
        assert_eq!(share("about 45% of backlog").unwrap(), "45%");
        assert_eq!(share("62 percent of revenue").unwrap(), "62%");
        assert_eq!(share("38% to 70%"), None);
        assert_eq!(share("two thirds"), None);
    }

    #[test]
    fn a_spreadsheet_formula_is_no_value() {
        assert!(row(&[("amount_low_usd", "=1+1")]).unreadable().unwrap().contains("formula"));
        assert!(row(&[("amount_low_usd", "ten")]).unreadable().unwrap().contains("not a number"));
        assert!(row(&[("start", "soon")]).unreadable().unwrap().contains("not a date"));
        assert!(row(&[("amount_low_usd", "5"), ("amount_high_usd", "5")]).unreadable().is_none());
    }
}
