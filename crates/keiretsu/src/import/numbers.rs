//! Numbers as people write them to plain digits: the column decides which sign separates the decimals.
//!
//! `2.345,67`, `7,00` and `3,000,000` are unambiguous. `7,000` may be seven or seven thousand: then the other
//! numbers of its column decide, or else the meaning of the column.
//!
//! Absent: a guess. A number that stays ambiguous is refused with its row.

/// How the numbers of some columns are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notation {
    /// The sign before decimals, as far as the numbers tell.
    told: Told,
    /// Whether the numbers are whole, so that a lone sign before three digits groups them.
    whole: bool,
    /// Whether the table is of a place where commas are decimal: its cells are parted by semicolons.
    european: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    Nothing,
    Comma,
    Point,
    Both,
}

/// Reading of one number by itself.
#[derive(Clone, Debug, PartialEq)]
enum Form {
    /// Digits alone.
    Plain,
    /// A lone sign that can only stand before decimals: `7,00`.
    Lone(char),
    /// Signs that cannot be taken otherwise; this one stands before decimals: `2.345,67`, `3,000,000`.
    Sure(char),
    /// A lone sign before three digits: `7,000`.
    Either(char),
    /// No number.
    Other,
}

impl Notation {
    /// The notation of columns from their cells.
    pub fn of<'a>(cells: impl Iterator<Item = &'a str>, whole: bool, european: bool) -> Self {
        let (mut comma, mut point) = (false, false);
        for number in cells.flat_map(numbers) {
            if let Form::Lone(sign) | Form::Sure(sign) = form(&ungrouped(number)) {
                comma |= sign == ',';
                point |= sign == '.';
            }
        }
        let told = match (comma, point) {
            (false, false) => Told::Nothing,
            (true, false) => Told::Comma,
            (false, true) => Told::Point,
            (true, true) => Told::Both,
        };
        Self { told, whole, european }
    }

    /// A cell with each of its numbers in plain digits and a decimal point.
    ///
    /// # Errors
    /// The cell and why it may mean two numbers.
    pub fn plain(self, cell: &str) -> Result<String, String> {
        let mut text = String::new();
        let mut at = 0;
        for number in numbers(cell) {
            let start = number.as_ptr() as usize - cell.as_ptr() as usize;
            text.push_str(&cell[at..start]);
            text.push_str(&self.one(&ungrouped(number)).map_err(|why| format!("`{cell}`, {why}"))?);
            at = start + number.len();
        }
        text.push_str(&cell[at..]);
        Ok(text)
    }

    fn one(self, number: &str) -> Result<String, &'static str> {
        let decimal = match form(number) {
            Form::Plain | Form::Other => return Ok(number.to_owned()),
            Form::Lone(_) | Form::Either(_) if self.told == Told::Both => {
                return Err("and its column has both decimal commas and decimal points");
            }
            Form::Sure(sign) | Form::Lone(sign) => sign,
            Form::Either(sign) => self.either(sign).ok_or(
                "which may have three decimals or be thousands, and no other number of its column tells",
            )?,
        };
        Ok(number
            .chars()
            .filter_map(|sign| match sign {
                ',' | '.' if sign == decimal => Some('.'),
                ',' | '.' => None,
                other => Some(other),
            })
            .collect())
    }

    /// The decimal sign where a lone sign stands before three digits.
    fn either(self, sign: char) -> Option<char> {
        match self.told {
            Told::Comma => Some(','),
            Told::Point => Some('.'),
            Told::Nothing if !self.european && self.whole == (sign == ',') => Some('.'),
            Told::Nothing | Told::Both => None,
        }
    }
}

/// The numbers in a cell: digits with the signs between them.
fn numbers(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(|sign: char| !(sign.is_ascii_digit() || matches!(sign, ',' | '.') || is_group(sign)))
        .map(|piece| piece.trim_matches(|sign: char| !sign.is_ascii_digit() && sign != '.'))
        .filter(|piece| piece.contains(|sign: char| sign.is_ascii_digit()))
}

/// Signs that part thousands and nothing else.
fn is_group(sign: char) -> bool {
    matches!(sign, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '\u{2019}' | '_')
}

/// A number without the signs that only part thousands, if all of them do.
fn ungrouped(number: &str) -> String {
    let whole = number.split([',', '.']).next().unwrap_or_default();
    let groups: Vec<&str> = whole.split(is_group).collect();
    let grouped = groups.iter().skip(1).all(|group| group.len() == 3);
    if grouped && !number[whole.len()..].contains(is_group) {
        number.replace(is_group, "")
    } else {
        number.to_owned()
    }
}

fn form(number: &str) -> Form {
    if number.contains(is_group) {
        return Form::Other;
    }
    let count = |sign| number.matches(sign).count();
    let other = |sign| if sign == ',' { '.' } else { ',' };
    let groups = |text: &str, sign: char| {
        let mut parts = text.split(sign);
        let first = parts.next().map_or(0, str::len);
        (1..=3).contains(&first) && parts.all(|part| part.len() == 3)
    };
    match (count(','), count('.')) {
        (0, 0) => Form::Plain,
        (0, 1) | (1, 0) => lone(number),
        (_, 0) | (0, _) => {
            let sign = if count(',') > 0 { ',' } else { '.' };
            if groups(number, sign) { Form::Sure(other(sign)) } else { Form::Other }
        }
        _ => {
            let last = if number.rfind(',') < number.rfind('.') { '.' } else { ',' };
            let whole = number.split(last).next().unwrap_or_default();
            if count(last) == 1 && groups(whole, other(last)) { Form::Sure(last) } else { Form::Other }
        }
    }
}

/// Reading of a lone sign: before three digits it may separate thousands.
fn lone(number: &str) -> Form {
    let sign = if number.contains(',') { ',' } else { '.' };
    let (whole, rest) = number.split_once(sign).unwrap_or_default();
    let thousands = rest.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0');
    if thousands { Form::Either(sign) } else { Form::Lone(sign) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(cells: &[&str], whole: bool) -> Vec<String> {
        let notation = Notation::of(cells.iter().copied(), whole, false);
        cells.iter().map(|cell| notation.plain(cell).unwrap_or_else(|_| "?".to_owned())).collect()
    }

    #[test]
    fn a_comma_that_is_before_no_three_digits_is_decimal() {
        assert_eq!(column(&["7,00", "2.345,67", "4000000"], true), ["7.00", "2345.67", "4000000"]);
        assert_eq!(column(&["12,5", "0,125"], false), ["12.5", "0.125"]);
    }

    #[test]
    fn groups_of_three_are_thousands() {
        assert_eq!(column(&["3,000,000", "7,000"], true), ["3000000", "7000"]);
        assert_eq!(column(&["3.000.000", "7.000"], true), ["3000000", "7000"]);
        let thin = "1\u{202f}500\u{a0}000,5";
        assert_eq!(column(&[thin, "3'000'000", "3_000"], true), ["1500000.5", "3000000", "3000"]);
    }

    #[test]
    fn a_lone_sign_before_three_digits_is_what_the_column_says() {
        assert_eq!(column(&["7,000", "7,5"], true), ["7.000", "7.5"]);
        assert_eq!(column(&["7,000", "7.5"], true), ["7000", "7.5"]);
        assert_eq!(column(&["7,000"], true), ["7000"]);
        // A share of seven thousand per cent is none, but neither is 7.000 how a share is written.
        assert_eq!(column(&["7,000"], false), ["?"]);
        assert_eq!(column(&["1.125"], false), ["1.125"]);
        assert_eq!(column(&["1.500"], true), ["?"]);
    }

    #[test]
    fn a_column_of_both_notations_is_in_doubt() {
        assert_eq!(column(&["7,00", "7.00", "1,234.5"], true), ["?", "?", "1234.5"]);
    }

    #[test]
    fn what_is_no_number_stays_as_it_is() {
        assert_eq!(column(&["ten", "1,2,3", "1 2", "7e9", "-3"], true), ["ten", "1,2,3", "1 2", "7e9", "-3"]);
        assert_eq!(column(&[">0,3", "0,2-0,4"], false), [">0.3", "0.2-0.4"]);
    }
}
