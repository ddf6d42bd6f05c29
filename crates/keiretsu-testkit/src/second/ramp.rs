//! How a total spreads over the months of its term.
//!
//! DEFINITIONS, "Minimum": a ramp gives shares of the total per calendar year. The shapes of the words are
//! those
//! that the product shows, since no page gives their formula.

use toml::{Table, Value};

use super::calendar::{self, Month};
use super::figure;
use super::world::{Refused, World};

/// How the months of a contract lie: its first month, how many there are.
#[derive(Clone, Copy, Debug)]
pub struct Life {
    /// Its first month.
    pub first: Month,
    /// How many.
    pub months: i32,
}

/// The share of a total that a month of the term has.
pub fn share(ramp: Option<&Value>, life: Life, at: i32, world: &World) -> Result<f64, Refused> {
    let months = f64::from(life.months);
    let (from, to) = (f64::from(at) / months, f64::from(at + 1) / months);
    match ramp {
        None => Ok(1.0 / months),
        Some(Value::String(word)) => match word.as_str() {
            "flat" => Ok(1.0 / months),
            // Months in the proportion 1 to 2 to 3.
            "linear" => Ok(f64::from(at + 1) * 2.0 / (months * (months + 1.0))),
            "s-curve" => Ok(smooth(to) - smooth(from)),
            _ => Err("ramp".to_owned()),
        },
        Some(Value::Table(years)) => Ok(by_year(years, life, life.first + at, world)),
        Some(_) => Err("ramp".to_owned()),
    }
}

/// The smooth step 3x^2 - 2x^3.
fn smooth(x: f64) -> f64 {
    x * x * (3.0 - 2.0 * x)
}

/// Within a listed year even over the months that the term has in it. `rest` gives the years that are not
/// listed equal shares a month, or shares that grow by equal steps a year from the last one listed.
fn by_year(years: &Table, life: Life, month: Month, world: &World) -> f64 {
    let share =
        |year: i32| years.get(&year.to_string()).and_then(|share| figure::amount(share.as_str()?, world));
    let months_in = |year: i32| {
        let months = life.first..life.first + life.months;
        f64::from(months.filter(|month| calendar::year(*month) == year).count() as u32)
    };
    let year = calendar::year(month);
    if let Some(share) = share(year) {
        return share / months_in(year);
    }
    let all = calendar::year(life.first)..=calendar::year(life.first + life.months - 1);
    let open: Vec<i32> = all.clone().filter(|year| share(*year).is_none()).collect();
    let rest = 1.0 - all.filter_map(share).sum::<f64>();
    let whole = |year: i32| months_in(year) / 12.0;
    match years.get("rest").and_then(Value::as_str) {
        Some("flat") => rest / open.iter().map(|year| months_in(*year)).sum::<f64>(),
        Some("linear") => {
            let base = share(open[0] - 1).unwrap_or(0.0);
            let step = |year: i32| f64::from(year - open[0] + 1);
            let level: f64 = open.iter().map(|year| whole(*year) * base).sum();
            let steps: f64 = open.iter().map(|year| whole(*year) * step(*year)).sum();
            let rise = (rest - level) / steps;
            // It rises, or is even: what is left never falls from year to year.
            if 0.0 < rise {
                (base + step(year) * rise) / 12.0
            } else {
                rest / open.iter().map(|year| months_in(*year)).sum::<f64>()
            }
        }
        _ => 0.0,
    }
}
