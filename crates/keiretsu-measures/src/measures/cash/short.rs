//! When a party is first short of cash and by how much, as far as what is known decides it.

use keiretsu_values::{Set, Value};

/// Below one unit of money a party is not short, but sums are rounded (`docs/MONTH.md`, section 8).
const SHORT: f64 = 1.0;

/// Cash at the end of each month, and the amount left unpaid in it.
pub(super) struct Months {
    pub cash: Vec<Value>,
    pub unpaid: Vec<Value>,
}

/// The first month in which a party is short.
pub(super) enum First {
    Never,
    In(usize),
    Unknown,
}

impl Months {
    /// The least of the cash of all months.
    pub fn lowest(&self) -> Value {
        let all = self.cash.iter().cloned();
        all.reduce(|least, cash| least.min(&cash)).unwrap_or_else(|| Value::unknown("no month is run"))
    }

    /// The month in which cash is lowest, where none of the others may be lower.
    pub fn lowest_in(&self, lowest: &Value) -> Option<usize> {
        let least = lowest.amount()?;
        let read = |value: &Value| value.amount().is_some_and(|cash| cash <= least);
        let at = self.cash.iter().position(read)?;
        let others = self.cash.iter().enumerate().filter(|(other, _)| *other != at);
        let most = self.cash[at].set().high;
        let certain = |other: &Value| most <= other.set().low || other.set().is_point();
        let sure = self.cash[at].set().is_point() && others.clone().all(|(_, other)| certain(other));
        // Cash that is open by one and the same amount in all months is lowest where it reads lowest.
        (sure || self.cash.iter().all(|cash| cash.open_because().is_none())).then_some(at)
    }

    /// The first month in which cash is below zero or something is unpaid, and the months until then.
    pub fn first_short(&self) -> (First, Option<Value>) {
        let may = self.first(|cash, unpaid| cash.low < -SHORT || SHORT < unpaid.high);
        let must = self.first(|cash, unpaid| cash.high < -SHORT || SHORT < unpaid.low);
        let read = (0..self.cash.len()).find(|at| self.is_short(*at));
        match (may, must) {
            (None, _) if self.is_known() => (First::Never, None),
            (Some(at), Some(same)) if at == same => (First::In(at), Some(Value::exact(at as f64))),
            _ => {
                let ends = [may, must].map(|at| at.map_or(f64::INFINITY, |at| at as f64));
                let set = Set { low: if may.is_some() { ends[0] } else { 0.0 }, high: ends[1] };
                let runway = match read.filter(|_| self.is_known()) {
                    Some(at) => Value::new(at as f64, set),
                    None => Value::unread("cash is not known well enough", set),
                };
                (First::Unknown, Some(runway))
            }
        }
    }

    /// The gap at the end of the first short year: unpaid by then, or cash below zero.
    pub fn gap(&self, year: impl Fn(usize) -> i32) -> Value {
        match self.first_short().0 {
            First::Never => Value::exact(0.0),
            First::Unknown => Value::undisclosed("the first month that is short is not known"),
            First::In(at) => {
                let of_year = || (at..self.cash.len()).take_while(|later| year(*later) == year(at));
                let unpaid = of_year().fold(Value::exact(0.0), |sum, at| sum.plus(&self.unpaid[at]));
                let end = self.cash[of_year().last().unwrap_or(at)].times(-1.0);
                unpaid.max(&end)
            }
        }
    }

    fn is_known(&self) -> bool {
        self.cash.iter().all(|cash| cash.amount().is_some() && cash.open_because().is_none())
    }

    fn is_short(&self, at: usize) -> bool {
        let below = self.cash[at].amount().is_some_and(|cash| cash < -SHORT);
        below || self.unpaid[at].amount().is_some_and(|unpaid| SHORT < unpaid)
    }

    fn first(&self, short: impl Fn(Set, Set) -> bool) -> Option<usize> {
        (0..self.cash.len()).find(|at| short(self.cash[*at].set(), self.unpaid[*at].set()))
    }
}
