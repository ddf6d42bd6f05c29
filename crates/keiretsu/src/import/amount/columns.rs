//! The columns of dollars of a row, and how they mean their numbers.

use keiretsu_model::figure::Said;

use super::{MULTIPLIED, SAME, dollars, in_magnitude, magnitude, same, spoken};
use crate::import::clauses::Clauses;
use crate::import::row::Row;
use crate::import::spoken::Spoken;
use crate::import::words::{self, Unit};

/// How the columns mean their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// So much.
    Exact,
    /// Roughly so much.
    About,
    /// At most so much.
    UpTo,
    /// At least so much.
    MoreThan,
}

/// The columns of the amount.
pub struct Columns {
    /// The floor.
    pub low: Option<f64>,
    /// The ceiling.
    pub high: Option<f64>,
    /// How they are meant.
    pub how: How,
}

impl Columns {
    /// The columns of a row, if they have an amount.
    pub fn of(row: &Row) -> Option<Self> {
        let (low, high) = (row.signed("amount_low_usd"), row.signed("amount_high_usd"));
        // Cells of nothing but 0 are empty ones, unless the words say nothing too.
        let is_empty = [low, high].into_iter().flatten().all(|end| end == 0.0);
        if is_empty && !says_nothing(row.cell("amount_text")) {
            return None;
        }
        let how = match (row.cell("qualifier"), low, high) {
            (_, None, None) => return None,
            ("up_to", _, Some(_)) => How::UpTo,
            ("more_than", ..) => How::MoreThan,
            (_, Some(low), Some(high)) if low <= 0.0 && 0.0 < high => How::UpTo,
            ("about", ..) => How::About,
            // One end alone is a bound, unless the table or the words call it the amount.
            ("exact", Some(only), None) | ("exact", None, Some(only)) if only > 0.0 => How::Exact,
            ("", Some(only), None) | ("", None, Some(only)) if is_plain(row, only) => How::Exact,
            (_, Some(_), None) => How::MoreThan,
            (_, None, Some(_)) => How::UpTo,
            _ => How::Exact,
        };
        Some(Self { low, high, how })
    }

    /// The columns without what the amount comes to with an option: the amount alone.
    pub fn without(self, clauses: &Clauses, said: &[Spoken]) -> Self {
        let total = clauses.option.iter().flat_map(|(total, _)| spoken(total)).next();
        let (Some(total), [own], Some(low), Some(high)) = (total, said, self.low, self.high) else {
            return self;
        };
        let spans = same(high, total.numbers().1) && (low <= 0.0 || same(low, own.numbers().0));
        if !spans {
            return self;
        }
        let (low, most) = own.numbers();
        Self { low: Some(low), high: Some(most), how: How::Exact }
    }

    /// The one number of the columns; none where they are a range.
    pub fn single(&self) -> Option<f64> {
        match (self.how, self.low, self.high) {
            (How::UpTo, _, high) => high,
            (How::MoreThan, low, high) => low.or(high),
            (_, Some(low), Some(high)) => same(low, high).then_some(low),
            (_, low, high) => low.or(high),
        }
    }

    /// The figure in the words of the language.
    pub fn text(&self) -> String {
        let qualifier = self.qualifier();
        match (self.single(), self.low, self.high) {
            (Some(amount), ..) => format!("{qualifier}{}", dollars(amount)),
            (None, Some(low), Some(high)) => {
                let (_, letter) = magnitude(high);
                format!("{} to {}", in_magnitude(low, letter), in_magnitude(high, letter))
            }
            _ => "undisclosed".to_owned(),
        }
    }

    fn qualifier(&self) -> &'static str {
        match self.how {
            How::Exact => "",
            How::About => "about ",
            How::UpTo => "up to ",
            How::MoreThan => "more than ",
        }
    }

    /// Whether an amount of the words is that of the columns; a loss is said without its sign.
    pub fn has(&self, one: &Spoken) -> bool {
        let (low, high) = one.numbers();
        match (self.single(), self.low, self.high) {
            (Some(amount), ..) => same(low, high) && same(amount.abs(), low.abs()),
            (None, Some(least), Some(most)) => same(least, low) && same(most, high),
            _ => false,
        }
    }

    /// A price over a time which times the months of the row, or of a year, is the amount of the columns.
    pub fn multiplied<'a>(
        &self,
        text: &str,
        one: &'a Spoken,
        months: Option<i32>,
    ) -> Option<(&'a Spoken, Unit)> {
        let (price, all) = (one.numbers().0, self.single()?);
        let per = words::per(text, price)?;
        let each = f64::from(per.months()?);
        let fits = |months: i32| {
            let made = price * f64::from(months) / each;
            (made - all).abs() <= MULTIPLIED * all.abs()
        };
        (months.is_some_and(fits) || fits(12)).then_some((one, per))
    }

    /// Whether the columns are a share, a sum or a multiple of what the words have.
    pub fn made_of(&self, text: &str, said: &[Spoken]) -> bool {
        let Some(all) = self.single() else {
            return said.iter().any(|one| {
                let (low, _) = one.numbers();
                self.low.is_some_and(|end| same(end, low)) || self.high.is_some_and(|end| same(end, low))
            });
        };
        let first = said.first().map_or(0.0, |one| one.numbers().0);
        let part = |part: f64| (part * first - all).abs() <= 2.0 * SAME * all.abs();
        let shares = spoken::shares(text);
        let is_share = shares.iter().any(|share| part(share.numbers().0));
        let counted = words::counts(text).into_iter().any(part);
        let (sum, most) = said
            .iter()
            .fold((0.0, 0.0_f64), |(sum, most), one| (sum + one.numbers().0, most.max(one.numbers().1)));
        is_share || counted || said.len() > 1 && (same(sum, all) || same(most, all))
    }

    /// The words of the press, qualified as the columns say where they say nothing themselves.
    pub fn qualified(&self, one: &Spoken) -> String {
        // "about $14bn" of which the table says that it is a cap is "up to about $14bn".
        let bounds = [How::UpTo, How::MoreThan].contains(&self.how);
        if matches!(one.figure.said, Said::About(_)) && bounds {
            return format!("{}{}", self.qualifier(), one.words);
        }
        if !one.is_bare() {
            return one.words.clone();
        }
        let negative = self.single().is_some_and(|amount| amount < 0.0) && one.numbers().0 > 0.0;
        let sign = if negative { "-" } else { "" };
        format!("{}{sign}{}", self.qualifier(), one.words)
    }
}

/// Whether words say that an amount is 0.
fn says_nothing(text: &str) -> bool {
    matches!(spoken::money(text).as_slice(), [only] if only.numbers() == (0.0, 0.0))
}

/// Whether the words have one number and no other, without a qualifier.
fn is_plain(row: &Row, number: f64) -> bool {
    let own = row.clauses().own;
    matches!(spoken(&own).as_slice(), [one] if one.is_bare() && same(one.numbers().0, number))
}
