//! JSON, as `m1_params.py` prints it, to the parameters of M1; the standard ones are built in.
//!
//! Invariants: every index is within its list, every number is finite, nobody pays himself. `L` is not read:
//! it follows from `C`. Sizes (`D`, `K`, `J`) and `dt` may be left out; where they are given they must fit.

use serde_json::{Map, Value};

/// The most months that are run: what the language takes as a horizon.
const MONTHS_MAX: u64 = 1200;
/// The most of anything else; far beyond it the text of the model would be too large.
const COUNT_MAX: u64 = 20_000;
/// What two ways of writing the same number may differ by.
const ROUNDING: f64 = 1e-9;

/// What the web of M1 is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Params {
    /// `T`.
    pub months: u32,
    /// `P`.
    pub parties: usize,
    /// What moves.
    pub drivers: Vec<Driver>,
    /// `C`, row by row.
    pub correlation: Vec<Vec<f64>>,
    /// Take-or-pay contracts.
    pub contracts: Vec<Contract>,
    /// Conditional capital.
    pub tranches: Vec<Tranche>,
}

/// A geometric Brownian motion that starts at 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Driver {
    /// Continuous, per year.
    pub drift: f64,
    /// Per square root of a year.
    pub volatility: f64,
}

/// Pays `max(minimum, usage x_u rate x_p)` each month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contract {
    /// Driver of the usage.
    pub usage_driver: usize,
    /// Driver of the price.
    pub price_driver: usize,
    /// Usage at 1.
    pub usage: f64,
    /// Price at 1.
    pub rate: f64,
    /// Owed in any case.
    pub minimum: f64,
    /// Who pays.
    pub payer: usize,
    /// Who is paid.
    pub payee: usize,
}

/// Pays once, in the first month in which its driver is at or above its barrier.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tranche {
    /// What is looked at.
    pub driver: usize,
    /// From where on it is due.
    pub barrier: f64,
    /// How much.
    pub amount: f64,
    /// Who pays.
    pub payer: usize,
    /// Who is paid.
    pub payee: usize,
}

impl Params {
    /// Those of the specification.
    pub fn standard() -> Self {
        let (parties, drivers) = (12, 20);
        let driver = |d: usize| Driver { drift: 0.05 - 0.002 * d as f64, volatility: 0.10 + 0.02 * d as f64 };
        let correlation =
            |i: usize| (0..drivers).map(|j| 0.3 + 0.7 * (-(i.abs_diff(j) as f64) / 5.0).exp()).collect();
        let contract = |k: usize| {
            let (usage, rate) = (1.0 + 0.1 * (k % 7) as f64, 2.0 + 0.25 * (k % 5) as f64);
            let (payer, payee) = (k % parties, (5 * k + 3) % parties);
            Contract {
                usage_driver: 10 + (7 * k) % 10,
                price_driver: k % 10,
                usage,
                rate,
                minimum: 0.9 * usage * rate,
                payer,
                payee: if payee == payer { (payer + 1) % parties } else { payee },
            }
        };
        let tranche = |j: usize| Tranche {
            driver: 3 * j,
            barrier: 1.10 + 0.05 * j as f64,
            amount: 50.0 + 10.0 * j as f64,
            payer: j,
            payee: 11 - j,
        };
        Self {
            months: 120,
            parties,
            drivers: (0..drivers).map(driver).collect(),
            correlation: (0..drivers).map(correlation).collect(),
            contracts: (0..50).map(contract).collect(),
            tranches: (0..6).map(tranche).collect(),
        }
    }

    /// Those of a JSON text.
    ///
    /// # Errors
    /// What does not fit, and what to write.
    pub fn parse(text: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(text).map_err(|error| asked(&format!("no JSON: {error}")))?;
        let table = value.as_object().ok_or_else(|| asked("no JSON object"))?;
        let read = Reader { table };
        let drivers = read.drivers()?;
        let params = Self {
            months: read.count("T", 1, MONTHS_MAX)? as u32,
            parties: read.count("P", 2, COUNT_MAX)? as usize,
            correlation: read.correlation(drivers.len())?,
            contracts: read.contracts(drivers.len())?,
            tranches: read.tranches(drivers.len())?,
            drivers,
        };
        read.fits("D", params.drivers.len() as f64)?;
        read.fits("K", params.contracts.len() as f64)?;
        read.fits("J", params.tranches.len() as f64)?;
        read.fits("dt", 1.0 / 12.0)?;
        Ok(params)
    }
}

fn asked(what: &str) -> String {
    format!("the parameters: {what}; `python m1_params.py` prints some that fit")
}

/// The object that parameters are read from.
struct Reader<'a> {
    table: &'a Map<String, Value>,
}

impl Reader<'_> {
    fn get(&self, name: &str) -> Result<&Value, String> {
        self.table.get(name).ok_or_else(|| asked(&format!("`{name}` is missing")))
    }

    fn count(&self, name: &str, least: u64, most: u64) -> Result<u64, String> {
        let count = self.get(name)?.as_u64().filter(|count| (least..=most).contains(count));
        count.ok_or_else(|| asked(&format!("`{name}` is no whole number from {least} to {most}")))
    }

    fn fits(&self, name: &str, wanted: f64) -> Result<(), String> {
        let Some(value) = self.table.get(name) else { return Ok(()) };
        match value.as_f64() {
            Some(number) if (number - wanted).abs() <= ROUNDING => Ok(()),
            _ => Err(asked(&format!("`{name}` is {value} where {wanted} is needed"))),
        }
    }

    /// A list of numbers within a range, of the same length as the others of its kind.
    fn numbers(&self, name: &str, count: Option<usize>, least: f64) -> Result<Vec<f64>, String> {
        numbers(name, self.get(name)?, count, least)
    }

    /// A list of positions below `limit`.
    fn places(&self, name: &str, count: usize, limit: usize) -> Result<Vec<usize>, String> {
        let value = self.get(name)?;
        let list = value.as_array().filter(|list| list.len() == count);
        let list = list.ok_or_else(|| asked(&format!("`{name}` is no list of {count} numbers")))?;
        let place = |(at, value): (usize, &Value)| {
            let place = value.as_u64().filter(|place| *place < limit as u64).map(|place| place as usize);
            place.ok_or_else(|| asked(&format!("`{name}[{at}]` is {value}; it must be below {limit}")))
        };
        list.iter().enumerate().map(place).collect()
    }

    fn drivers(&self) -> Result<Vec<Driver>, String> {
        let drift = self.numbers("mu", None, f64::MIN)?;
        let volatility = self.numbers("sigma", Some(drift.len()), 0.0)?;
        let driver = |(drift, volatility)| Driver { drift, volatility };
        Ok(drift.into_iter().zip(volatility).map(driver).collect())
    }

    fn correlation(&self, count: usize) -> Result<Vec<Vec<f64>>, String> {
        let rows = self.get("C")?.as_array().filter(|rows| rows.len() == count);
        let rows = rows.ok_or_else(|| asked(&format!("`C` is no list of {count} rows")))?;
        let rows = rows.iter().map(|row| numbers("C", row, Some(count), -1.0 - ROUNDING));
        let rows = rows.collect::<Result<Vec<Vec<f64>>, String>>()?;
        for (i, row) in rows.iter().enumerate() {
            for (j, value) in row.iter().enumerate() {
                let sound = if i == j { (value - 1.0).abs() <= ROUNDING } else { *value <= 1.0 };
                if !sound || ROUNDING < (value - rows[j][i]).abs() {
                    return Err(asked(&format!(
                        "`C[{i}][{j}]` is {value}: no correlation, or not symmetric"
                    )));
                }
            }
        }
        Ok(rows)
    }

    /// Payers and payees, none of whom pays himself.
    fn sides(&self, prefix: &str, count: usize) -> Result<Vec<(usize, usize)>, String> {
        let parties = self.count("P", 2, COUNT_MAX)? as usize;
        let payers = self.places(&format!("{prefix}payer"), count, parties)?;
        let payees = self.places(&format!("{prefix}payee"), count, parties)?;
        match payers.iter().zip(&payees).position(|(payer, payee)| payer == payee) {
            Some(at) => Err(asked(&format!("`{prefix}payer[{at}]` pays himself"))),
            None => Ok(payers.into_iter().zip(payees).collect()),
        }
    }

    fn contracts(&self, drivers: usize) -> Result<Vec<Contract>, String> {
        let usage = self.numbers("U", None, 0.0)?;
        let count = usage.len();
        let (rate, minimum) = (self.numbers("R", Some(count), 0.0)?, self.numbers("M", Some(count), 0.0)?);
        let usage_driver = self.places("usage_driver", count, drivers)?;
        let price_driver = self.places("price_driver", count, drivers)?;
        let sides = self.sides("", count)?;
        let contract = |k: usize| Contract {
            usage_driver: usage_driver[k],
            price_driver: price_driver[k],
            usage: usage[k],
            rate: rate[k],
            minimum: minimum[k],
            payer: sides[k].0,
            payee: sides[k].1,
        };
        Ok((0..count).map(contract).collect())
    }

    fn tranches(&self, drivers: usize) -> Result<Vec<Tranche>, String> {
        if !self.table.contains_key("tr_amount") {
            return Ok(vec![]);
        }
        let amount = self.table.get("tr_amount").and_then(Value::as_array).map_or(0, Vec::len);
        if amount == 0 {
            return Ok(vec![]);
        }
        let amount = self.numbers("tr_amount", None, 0.0)?;
        let barrier = self.numbers("tr_barrier", Some(amount.len()), 0.0)?;
        let driver = self.places("tr_driver", amount.len(), drivers)?;
        let sides = self.sides("tr_", amount.len())?;
        let tranche = |j: usize| Tranche {
            driver: driver[j],
            barrier: barrier[j],
            amount: amount[j],
            payer: sides[j].0,
            payee: sides[j].1,
        };
        Ok((0..amount.len()).map(tranche).collect())
    }
}

fn numbers(name: &str, value: &Value, count: Option<usize>, least: f64) -> Result<Vec<f64>, String> {
    let fits = |list: &&Vec<Value>| count.map_or(1..=COUNT_MAX as usize, |n| n..=n).contains(&list.len());
    let words = count.map_or("at least one number".to_owned(), |count| format!("{count} numbers"));
    let list = value.as_array().filter(fits);
    let list = list.ok_or_else(|| asked(&format!("`{name}` is no list of {words}")))?;
    let number = |(at, value): (usize, &Value)| {
        let number = value.as_f64().filter(|number| number.is_finite() && least <= *number);
        number.ok_or_else(|| asked(&format!("`{name}[{at}]` is {value}, which is no number that fits")))
    };
    list.iter().enumerate().map(number).collect()
}
