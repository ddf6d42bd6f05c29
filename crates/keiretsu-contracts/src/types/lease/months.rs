//! A lease as registers: when it has begun, when it ends or is renewed, what rent that makes.
//!
//! Where a lease begins on a condition, its age is not known in advance. Everything here is therefore a sum
//! of "has begun" so many months ago, which is exact for a date, for a condition, and for a chance.

use keiretsu_model::{Standing, date};
use keiretsu_program::{Distribution, Feed, Op, Reg};
use keiretsu_values::Dimension;

use crate::lowering::{Lowering, Terms, versions, undecided};

/// How a lease, or a renewal of it, has begun.
#[derive(Clone, Copy)]
enum Begun {
    /// In a month known in advance, perhaps before the run.
    In(i64),
    /// By a register that rises from 0 to 1 within the run.
    By(Reg),
}

/// The months of a lease.
pub(super) struct Months<'a> {
    pub terms: &'a Terms<'a>,
    begun: Begun,
    /// Months of the first term.
    pub term: i64,
    /// How rent grows each year.
    escalator: f64,
}

/// Months of the first term, as its words have them.
pub(super) fn term_months(terms: &Terms<'_>) -> i64 {
    terms.record.duration("term").and_then(date::whole_months).map_or(1, i64::from).max(1)
}

/// What a year's rent has grown by, each year of the lease.
pub(super) fn escalator(terms: &Terms<'_>) -> f64 {
    let stated = terms.record.figure("escalator");
    1.0 + stated.and_then(|stated| stated.expected().amount()).unwrap_or(0.0)
}

impl<'a> Months<'a> {
    pub fn new(lowering: &mut Lowering<'_>, terms: &'a Terms<'a>) -> Option<Self> {
        let record = terms.record;
        let begun = match record.when("from") {
            Some(from) => Begun::In(lowering.calendar.from(&from)),
            None => Begun::By(lowering.latched(record, "begins_when")?),
        };
        Some(Self { terms, begun, term: term_months(terms), escalator: escalator(terms) })
    }

    /// Whether it had begun so many months ago.
    fn since(lowering: &mut Lowering<'_>, begun: Begun, months: i64) -> Reg {
        match begun {
            Begun::In(first) => {
                lowering.program.curve_of(|t| f64::from(u8::from(first + months <= i64::from(t))))
            }
            Begun::By(reg) if months == 0 => reg,
            Begun::By(of) => lowering.program.op(Op::Lag { of, months: months as u32 }),
        }
    }

    /// Whether it runs in its first term.
    pub fn runs(&self, lowering: &mut Lowering<'_>) -> Reg {
        let begun = Self::since(lowering, self.begun, 0);
        let over = Self::since(lowering, self.begun, self.term);
        lowering.program.sub(begun, over)
    }

    /// How many years' rent falls each month of a term, growing from its first year on.
    fn years(&self, lowering: &mut Lowering<'_>, begun: Begun, months: i64, before: i64) -> Reg {
        let mut sum = lowering.program.number(0.0);
        for year in 0..(months + 11) / 12 {
            let from = Self::since(lowering, begun, 12 * year);
            let to = Self::since(lowering, begun, (12 * (year + 1)).min(months));
            let holds = lowering.program.sub(from, to);
            let grown = self.escalator.powi(((before + 12 * year) / 12) as i32);
            let grown = lowering.program.number(grown / 12.0);
            let part = lowering.program.mul(holds, grown);
            sum = lowering.program.add(sum, part);
        }
        sum
    }

    /// Rent of the first term, and of what is renewed; and where the lease is left, month by month.
    pub fn rent(&self, lowering: &mut Lowering<'_>, standing: Standing) -> Option<(Reg, Reg)> {
        let rent = yearly(lowering, self.terms, standing, self.term)?;
        let first = self.years(lowering, self.begun, self.term, 0);
        let mut due = lowering.program.mul(rent, first);
        let mut ended = Self::since(lowering, self.begun, self.term);
        let mut left = lowering.program.number(0.0);
        let renewal = self.terms.record.table("renewal");
        let length = renewal.and_then(|table| table.duration("term")).and_then(date::whole_months);
        let options = renewal.map_or(0, |table| table.count("options").unwrap_or(1)).min(50) as i64;
        for option in 0..options {
            let months = length.map_or(self.term, i64::from).max(1);
            let ends = lowering.program.op(Op::Rise(ended));
            let renewed = self.renewed(lowering, ends)?;
            let leaves = lowering.program.sub(ends, renewed);
            left = lowering.program.add(left, leaves);
            let so_far = lowering.program.account(0.0);
            lowering.program.feed(so_far, Feed::Value(renewed));
            let before = lowering.program.op(Op::Account(so_far));
            let begun = Begun::By(lowering.program.add(before, renewed));
            let years = self.years(lowering, begun, months, self.term + option * months);
            let more = lowering.program.mul(rent, years);
            let more = match lowering.term_of(self.terms, "renewal", "rent_share") {
                Some(share) => lowering.program.mul(more, share),
                None => more,
            };
            due = lowering.program.add(due, more);
            ended = Self::since(lowering, begun, months);
        }
        let ends = lowering.program.op(Op::Rise(ended));
        let left = lowering.program.add(left, ends);
        Some((due, left))
    }

    /// Of what ends this month, what is renewed: nothing in the firm reading, since nobody has to renew.
    fn renewed(&self, lowering: &mut Lowering<'_>, ends: Reg) -> Option<Reg> {
        let when = self.terms.record.table("renewal")?.formula("when");
        let renews = if let Some(when) = when {
            let counts = lowering.beyond_firm();
            let holds = lowering.formula(when);
            lowering.program.op(Op::And(counts, holds))
        } else {
            let slot = lowering.program.slot(undecided(Distribution::Point(f64::NAN)));
            lowering.program.read(slot)
        };
        Some(lowering.program.op(Op::And(ends, renews)))
    }

    /// For a lease that begins on a condition, the years' rent of the first term still to fall after this
    /// month: all of it once begun, less what has fallen.
    pub fn left_of_first(&self, lowering: &mut Lowering<'_>) -> Reg {
        let begun = Self::since(lowering, self.begun, 0);
        let all = lowering.program.number(years_of_rent(self.escalator, self.term));
        let all = lowering.program.mul(begun, all);
        let falls = self.years(lowering, self.begun, self.term, 0);
        let fallen = lowering.program.account(0.0);
        lowering.program.feed(fallen, Feed::Value(falls));
        let fallen = lowering.program.op(Op::Account(fallen));
        let left = lowering.program.sub(all, fallen);
        lowering.program.sub(left, falls)
    }

    /// For a lease that begins on a date, the years' rent still to fall after each month and up to the last one
    /// that counts, at a yearly rate.
    pub fn still_to_fall(&self, calendar_months: u32, rate: f64, until: i64) -> Option<Vec<f64>> {
        let Begun::In(first) = self.begun else { return None };
        let a_month = (1.0 + rate).powf(-1.0 / 12.0);
        let mut left = vec![0.0; calendar_months as usize + 1];
        let mut after = 0.0;
        let last = first + self.term - 1;
        for t in (0..last.max(i64::from(calendar_months))).rev() {
            let age = t + 1 - first;
            let falls =
                if (0..self.term).contains(&age) && t < until { self.escalator.powi((age / 12) as i32) } else { 0.0 };
            after = (falls / 12.0 + after) * a_month;
            if let Some(left) = left.get_mut(t as usize) {
                *left = after;
            }
        }
        Some(left)
    }
}

/// A year's rent at the start, in each reading as its standing has it; an amendment holds from its month.
pub(super) fn yearly(
    lowering: &mut Lowering<'_>,
    terms: &Terms<'_>,
    standing: Standing,
    term: i64,
) -> Option<Reg> {
    let calendar = lowering.calendar;
    let mut blended: Option<Reg> = None;
    for version in versions(terms.id, terms.contract, &calendar) {
        let stated = version.record.figure("rent")?;
        let basis = version.record.entry("rent").map(|entry| entry.basis.clone()).unwrap_or_default();
        let slot = lowering.standing_slot(stated, standing);
        let mut rent = lowering.figure_as(version.path("rent"), stated, &basis, slot);
        if stated.figure.dimension == Dimension::MONEY {
            let years = lowering.program.number(1.0 / years_of_rent(escalator(terms), term));
            rent = lowering.program.mul(rent, years);
        }
        blended = Some(match blended {
            None => rent,
            Some(before) => {
                let holds = lowering.active(version.window);
                lowering.program.op(Op::Choose { when: holds, then: rent, otherwise: before })
            }
        });
    }
    blended
}

/// How many first years' rent a whole term brings.
pub(super) fn years_of_rent(escalator: f64, term: i64) -> f64 {
    (0..term).map(|month| escalator.powi((month / 12) as i32) / 12.0).sum()
}
