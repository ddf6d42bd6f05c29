//! Supply from text: a minimum in all or per period, usage that burns it down, a prepayment, amendments.
//!
//! One loop over the months of the whole life, from the first day of the contract: what was used and billed
//! before as-of follows from the terms (DEFINITIONS, "The past is past"). The loop runs three times: with the
//! minimum as read, at the low and at the high end of its set.

use super::calendar::{self, Month};
use super::dues::{Due, For, Row, Standing, bill};
use super::figure::{self, EXPECTED, FIRM, Per};
use super::ramp;
use super::set::Set;
use super::world::{Contract, Refused, World, date, figure_of};

/// Which of the three numbers of a set a loop takes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Read,
    Low,
    High,
}

/// Stands for an open end in a loop.
const OPEN: f64 = 1e24;

impl End {
    fn of(self, set: Set) -> f64 {
        match self {
            End::Read => set.read.unwrap_or(0.0),
            End::Low => set.low,
            End::High => set.high.min(OPEN),
        }
    }
}

/// What of the usage counts.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Usage {
    /// All of it.
    All,
    /// None above the minimum (DEFINITIONS, "Readings").
    UpToMinimum,
    /// None: what is committed is the minimum, due as it is billed.
    None,
}

/// A contract, how its months lie, and what of it is asked.
struct Loop<'a> {
    contract: &'a Contract,
    world: &'a World,
    life: ramp::Life,
    reading: usize,
    usage: Usage,
    end: End,
}

/// The one row of a contract.
pub fn rows(contract: &Contract, world: &World) -> Result<Vec<Row>, Refused> {
    let standing = match contract.text("standing") {
        Some("announced") => Standing::Announced,
        Some("terminated" | "lapsed") => Standing::Gone,
        _ => Standing::Binding,
    };
    let mut dues: [Vec<Due>; 3] = Default::default();
    let mut owed: [Vec<Due>; 3] = Default::default();
    for reading in 0..3 {
        if standing == Standing::Announced && reading == FIRM {
            continue;
        }
        let counts = if reading == FIRM { Usage::UpToMinimum } else { Usage::All };
        dues[reading] = dues_of(contract, reading, counts, world)?;
        owed[reading] = dues_of(contract, reading, Usage::None, world)?;
        if standing == Standing::Announced && reading == EXPECTED {
            // Nothing says how likely a plan is.
            dues[reading]
                .iter_mut()
                .chain(&mut owed[reading])
                .for_each(|due| due.amount = due.amount.perhaps());
        }
    }
    let mut row =
        Row::of(contract, (contract.must("buyer")?, contract.must("seller")?), For::Service, standing, dues);
    if contract.table.contains_key("prepayment") {
        // The prepayment is the first of the dues.
        row.prepaid = [0, 1, 2].map(|reading| row.dues[reading].iter().take(1).copied().collect());
    }
    row.owed = owed;
    Ok(vec![row])
}

fn life(contract: &Contract, world: &World) -> Result<ramp::Life, Refused> {
    let from = date(contract.table.get("from")).ok_or("from")?.first;
    let minimum = figure_of(contract.table.get("minimum"), world);
    if let Some(until) = date(contract.table.get("until")) {
        return Ok(ramp::Life { first: from.month, months: calendar::months_of_term(from, until.last) });
    }
    match minimum.map(|minimum| minimum.per) {
        Some(Per::Over(months)) => Ok(ramp::Life { first: from.month, months }),
        // Without an end it goes on as far as the model looks.
        _ => Ok(ramp::Life { first: from.month, months: world.last() - from.month + 1 }),
    }
}

/// What falls due: bills, less what was prepaid, and the prepayment itself.
fn dues_of(contract: &Contract, reading: usize, usage: Usage, world: &World) -> Result<Vec<Due>, Refused> {
    let life = life(contract, world)?;
    let minimum = figure_of(contract.table.get("minimum"), world);
    if minimum.is_none() && contract.table.contains_key("amendments") {
        return Err("amended from nothing".to_owned());
    }
    let of = |end: End| Loop { contract, world, life, reading, usage, end }.dues();
    let (read, low, high) = (of(End::Read)?, of(End::Low)?, of(End::High)?);
    let words = minimum.map_or(Set::nothing(), |minimum| minimum.read(reading));
    if words.read.is_none() {
        // Nothing says how much, nor in which of its months.
        let months = life.first..life.first + life.months;
        return Ok(months.map(|month| bill(month, Set::undisclosed(), world)).collect());
    }
    let due = |at: usize| {
        let (month, past, amount) = read[at];
        let (low, high) = (low[at].2, high[at].2);
        let high = if high < OPEN / 1e9 { high } else { f64::INFINITY };
        let vague = words.vague && 0.0 < amount;
        Due { month: Some(month), past, amount: Set { read: Some(amount), unread: false, low, high, vague } }
    };
    Ok((0..read.len()).map(due).collect())
}

/// A month, whether what falls due in it is past, and how much.
type Bill = (Month, bool, f64);

impl Loop<'_> {
    fn dues(&self) -> Result<Vec<Bill>, Refused> {
        let world = self.world;
        let bills = self.bills()?.into_iter().map(|(month, amount)| (month, month < world.first, amount));
        let Some(prepayment) = self.contract.table.get("prepayment") else { return Ok(bills.collect()) };
        let paid = self.prepayment(prepayment)?;
        // As a start, a year or a month means its first day.
        let from = date(self.contract.table.get("from")).ok_or("from")?;
        let on = match date(self.contract.table.get("prepaid")) {
            Some(prepaid) => prepaid,
            None => calendar::When { first: from.first, last: from.first },
        };
        let mut dues = vec![(on.last.month, world.is_past(on), paid)];
        let mut left = paid;
        for (month, past, amount) in bills {
            // It counts before cash against what is billed from its own month on.
            let used = if on.last.month <= month { left.min(amount) } else { 0.0 };
            left -= used;
            dues.push((month, past, amount - used));
        }
        Ok(dues)
    }

    fn prepayment(&self, text: &toml::Value) -> Result<f64, Refused> {
        let stated = figure_of(Some(text), self.world).ok_or("prepayment")?.read(self.reading);
        let is_share = text.as_str().is_some_and(|text| text.ends_with('%'));
        let total = figure_of(self.contract.table.get("minimum"), self.world).ok_or("minimum")?;
        let stated = stated.read.ok_or("prepayment")?;
        Ok(if is_share { stated * self.end.of(total.read(self.reading)) } else { stated })
    }

    /// What is billed in each month, before any prepayment.
    fn bills(&self) -> Result<Vec<(Month, f64)>, Refused> {
        let ramp::Life { first, months } = self.life;
        let Some(minimum) = figure_of(self.contract.table.get("minimum"), self.world) else {
            let all = self.usage == Usage::All;
            let usage = |at: i32| Ok((first + at, if all { self.usage(first + at)? } else { 0.0 }));
            return (0..months).map(usage).collect();
        };
        // A total is settled at each contract year's end, a minimum per period at the end of each.
        let period = if let Per::Months(months) = minimum.per { months } else { 12 };
        let carries = !matches!(minimum.per, Per::Months(_))
            || self.contract.table.get("carry").and_then(toml::Value::as_bool) == Some(true);
        let mut bills = vec![];
        // The minimum up to the end of this period, and what has been billed: in all, or within the period.
        let (mut target, mut billed) = (0.0, 0.0);
        for at in 0..months {
            if at % period == 0 {
                if !carries {
                    (target, billed) = (0.0, 0.0);
                }
                for within in at..(at + period).min(months) {
                    target += self.accrual(within)?;
                }
            }
            let left = f64::max(target - billed, 0.0);
            let used = self.usage(first + at)?;
            let used = match self.usage {
                Usage::All => used,
                Usage::UpToMinimum => used.min(left),
                Usage::None => 0.0,
            };
            let ends = (at + 1) % period == 0 || at + 1 == months;
            let amount = if ends { used.max(left) } else { used };
            billed += amount;
            bills.push((first + at, amount));
        }
        Ok(bills)
    }

    /// What a month adds to the minimum, by the terms of that month.
    fn accrual(&self, at: i32) -> Result<f64, Refused> {
        let then = self.contract.at(self.life.first + at);
        let minimum = figure_of(then.table.get("minimum"), self.world).ok_or("minimum")?;
        let amount = self.end.of(minimum.read(self.reading));
        Ok(match minimum.per {
            Per::Months(months) => amount / f64::from(months),
            Per::Once | Per::Over(_) => {
                amount * ramp::share(then.table.get("ramp"), self.life, at, self.world)?
            }
        })
    }

    /// What would be bought anyway in a month: an amount per time, or a share of a factor.
    fn usage(&self, month: Month) -> Result<f64, Refused> {
        let then = self.contract.at(month);
        let Some(text) = then.text("usage") else { return Ok(0.0) };
        if let Some((share, factor)) = text.split_once(" * ") {
            let share = figure::amount(share, self.world).ok_or("usage")?;
            return Ok(share * self.world.level(factor, month).ok_or("usage")? / 12.0);
        }
        let usage = figure::figure(text, self.world).ok_or("usage")?;
        let Per::Months(months) = usage.per else { return Err("usage".to_owned()) };
        Ok(usage.read(EXPECTED).read.ok_or("usage")? / f64::from(months))
    }
}
