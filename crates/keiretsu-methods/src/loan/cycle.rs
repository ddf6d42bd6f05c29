//! Cycle strings such as `P1ML0` to lists of dates (ACTUS, Schedule and End Of Month Shift Convention).
//!
//! Every date is the anchor plus a whole number of cycles, so that short months leave no trace in later ones.
//! `L1` keeps a short last stub, `L0` joins it to the cycle before.

use super::time::Time;

/// A length of time in months and days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period {
    pub months: i32,
    pub days: i32,
}

/// A period that repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cycle {
    pub period: Period,
    /// Whether a last cycle that is cut short is joined to the one before.
    pub long_stub: bool,
}

/// Whether dates that start at the end of a month stay at the end of months.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EndOfMonth {
    /// The same day of the month.
    SameDay,
    /// The last day of the month.
    EndOfMonth,
}

/// Whether the end is one of the dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ends {
    With,
    Without,
}

impl Period {
    /// `P1M`, `P2W`, `P1Y6M`, `P0D`; also quarters and half years.
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = text.strip_prefix('P').filter(|rest| !rest.is_empty())?;
        let mut period = Self { months: 0, days: 0 };
        while !rest.is_empty() {
            let end = rest.find(|c: char| !c.is_ascii_digit())?;
            let count: i32 = rest[..end].parse().ok().filter(|count| *count <= 99_999)?;
            match rest[end..].chars().next()? {
                'D' => period.days += count,
                'W' => period.days += 7 * count,
                'M' => period.months += count,
                'Q' => period.months += 3 * count,
                'H' => period.months += 6 * count,
                'Y' => period.months += 12 * count,
                _ => return None,
            }
            rest = &rest[end + 1..];
        }
        Some(period)
    }

    pub fn is_zero(self) -> bool {
        self.months == 0 && self.days == 0
    }

    /// About how many days it has, for bounds.
    pub fn about_days(self) -> i64 {
        i64::from(self.months) * 30 + i64::from(self.days)
    }

    /// A time a number of periods later.
    pub fn after(self, from: Time, times: i32) -> Time {
        from.plus_months(self.months.saturating_mul(times)).plus_days(self.days.saturating_mul(times))
    }
}

impl Cycle {
    /// `P1ML0`: a period and its stub; a period alone has a short stub.
    pub fn parse(text: &str) -> Option<Self> {
        let (period, stub) = text.split_once('L').unwrap_or((text, "1"));
        let long_stub = match stub {
            "0" => true,
            "1" => false,
            _ => return None,
        };
        Period::parse(period).filter(|period| !period.is_zero()).map(|period| Self { period, long_stub })
    }

    /// The anchor plus a number of cycles, at the end of the month where the convention has it.
    pub fn at(self, anchor: Time, times: i32, end_of_month: EndOfMonth) -> Time {
        let plain = self.period.after(anchor, times);
        let to_end = end_of_month == EndOfMonth::EndOfMonth
            && self.period.days == 0
            && times != 0
            && anchor.is_last_of_month();
        if to_end { plain.last_of_month() } else { plain }
    }
}

/// The dates from an anchor to an end. Without a cycle: the anchor alone, and the end if it is wanted.
pub(super) fn schedule(
    anchor: Time,
    cycle: Option<Cycle>,
    end: Time,
    end_of_month: EndOfMonth,
    ends: Ends,
) -> Vec<Time> {
    let mut dates = Vec::new();
    if let Some(cycle) = cycle {
        let mut times = 0;
        let mut next = anchor;
        while next < end {
            dates.push(next);
            times += 1;
            next = cycle.at(anchor, times, end_of_month);
        }
        // Whether the last cycle ends at the end; the anchor itself is never dropped.
        if cycle.long_stub && next != end && dates.len() > 1 {
            dates.pop();
        }
    } else if anchor < end {
        dates.push(anchor);
    }
    if ends == Ends::With {
        dates.push(end);
    }
    dates
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn dates(anchor: &str, cycle: &str, end: &str, end_of_month: EndOfMonth) -> String {
        let time = |text| Time::parse(text).expect("a time");
        let cycle = Cycle::parse(cycle);
        let list = schedule(time(anchor), cycle, time(end), end_of_month, Ends::With);
        list.iter().map(|time| time.text()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_same_day_and_the_end_of_months() {
        let same = dates("2013-02-28", "P1ML1", "2013-05-15", EndOfMonth::SameDay);
        assert_eq!(same, "2013-02-28 2013-03-28 2013-04-28 2013-05-15");
        let end = dates("2013-02-28", "P1ML1", "2013-05-15", EndOfMonth::EndOfMonth);
        assert_eq!(end, "2013-02-28 2013-03-31 2013-04-30 2013-05-15");
        let clamped = dates("2013-01-31", "P1ML1", "2013-04-01", EndOfMonth::SameDay);
        assert_eq!(clamped, "2013-01-31 2013-02-28 2013-03-31 2013-04-01");
    }

    #[test]
    fn a_long_stub_joins_the_cycle_before() {
        let long = dates("2013-01-01", "P1ML0", "2013-03-15", EndOfMonth::SameDay);
        assert_eq!(long, "2013-01-01 2013-02-01 2013-03-15");
        let whole = dates("2013-01-01", "P1ML0", "2013-03-01", EndOfMonth::SameDay);
        assert_eq!(whole, "2013-01-01 2013-02-01 2013-03-01");
    }

    #[test]
    fn words_that_are_no_cycle() {
        for wrong in ["1M", "P", "PM", "P1X", "P1ML2", "P0DL1"] {
            assert_eq!(Cycle::parse(wrong), None, "{wrong}");
        }
        assert_eq!(Period::parse("P1Y6M"), Some(Period { months: 18, days: 0 }));
    }

    proptest! {
        #[test]
        fn dates_rise_and_end_at_the_end(day in 0..20_000i32, months in 1..13i32, span in 1..4000i32,
                                         long_stub: bool) {
            let epoch = Time::midnight(jiff::civil::date(1970, 1, 1));
            let (anchor, end) = (epoch.plus_days(day), epoch.plus_days(day + span));
            let cycle = Cycle { period: Period { months, days: 0 }, long_stub };
            let list = schedule(anchor, Some(cycle), end, EndOfMonth::EndOfMonth, Ends::With);
            prop_assert!(list.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert_eq!(list.last(), Some(&end));
        }
    }
}
