//! A lease as registers: when it has begun, when it ends or is renewed, what rent that makes.
//!
//! Where a lease begins on a condition, its age is not known in advance. Everything there is a sum of "has
//! begun" a number of months ago, which is exact for a condition and for a chance.

use std::rc::Rc;

use keiretsu_model::Standing;
use keiretsu_program::{Distribution, Feed, Op, PartyId, Reg, Slot};
use keiretsu_values::{Dimension, Set, Value};

use super::renewal::Branch;
use super::terms::Run;
use crate::calendar::TermMonths;
use crate::decided::decided;
use crate::lowering::Lowering;
use crate::slots::slot_of;

/// How a lease, or a renewal of it, has begun.
#[derive(Clone, Copy)]
enum Begun {
    /// In a month known in advance, perhaps before the run; where a truth is given, only if it holds.
    In(i64, Option<Reg>),
    /// By a register that rises from 0 to 1 within the run.
    By(Reg),
}

/// A lease on its way to registers.
pub(super) struct Months<'a> {
    pub run: &'a Run<'a>,
    begun: Begun,
}

/// What falls due beside the first term, and where the lease is left.
pub(super) struct Renewals {
    /// Rent of what is renewed.
    pub rent: Option<Reg>,
    /// 1 in the month in which the lease ends for good.
    pub left: Reg,
    /// The same where a guaranteed value is then due: in the headline reading not after the last option,
    /// where renewing is the branch that counts.
    pub short: Reg,
    /// Rent of what is renewed that is still to fall, as worth at the end of each month.
    pub still_to_fall: Option<Reg>,
    /// 1 in the months in which it runs, or is still to begin on a date.
    pub stands: Reg,
    /// The last month in which it can end, where a date says when it begins.
    pub last: Option<i64>,
}

/// A stretch of a lease: how it has begun, at which age, for how many months.
#[derive(Clone, Copy)]
struct Stretch {
    begun: Begun,
    age: i64,
    months: i64,
}

impl Stretch {
    /// Its last month, where it is known.
    fn last(self) -> Option<i64> {
        match self.begun {
            Begun::In(first, _) => Some(first + self.months - 1),
            Begun::By(_) => None,
        }
    }
}

impl<'a> Months<'a> {
    pub fn new(lowering: &mut Lowering<'_>, run: &'a Run<'a>) -> Option<Self> {
        let begun = if let Some(first) = run.first {
            Begun::In(first, None)
        } else {
            let met = lowering.latched(run.terms.record, "begins_when")?;
            Begun::By(Self::while_lessee_stands(lowering, run, met))
        };
        Some(Self { run, begun })
    }

    /// A lease does not begin once its lessee has failed, which matters where a guarantee is called for what
    /// would have fallen due.
    fn while_lessee_stands(lowering: &mut Lowering<'_>, run: &Run<'_>, met: Reg) -> Reg {
        if !lowering.is_covered(run.terms.id) {
            return met;
        }
        let failed = lowering.failed(run.terms.obligor());
        let was = lowering.program.op(Op::Lag { of: met, months: 1 });
        let more = lowering.program.sub(met, was);
        let sound = lowering.not(failed);
        let more = lowering.if_holds(sound, more);
        let begun = lowering.program.account(0.0);
        lowering.program.feed(begun, Feed::Value(more));
        let before = lowering.program.op(Op::Account(begun));
        lowering.program.add(before, more)
    }

    /// Whether it had begun a number of months ago, and had not begun a larger number of months ago.
    fn between(lowering: &mut Lowering<'_>, begun: Begun, from: i64, to: i64) -> Reg {
        match begun {
            Begun::In(first, truth) => {
                let active = lowering.active(TermMonths { first: first + from, last: first + to - 1 });
                truth.map_or(active, |truth| lowering.if_holds(active, truth))
            }
            Begun::By(reg) => {
                let [from, to] = [from, to].map(|months| match months {
                    0 => reg,
                    months => lowering.program.op(Op::Lag { of: reg, months: months as u32 }),
                });
                lowering.program.sub(from, to)
            }
        }
    }

    /// Whether it runs in its first term.
    pub fn runs(&self, lowering: &mut Lowering<'_>) -> Reg {
        Self::between(lowering, self.begun, 0, self.run.months)
    }

    fn first_term(&self) -> Stretch {
        Stretch { begun: self.begun, age: 0, months: self.run.months }
    }

    /// How many first years' rent fall in each month of a stretch; rent grows with the years of the lease.
    fn years(&self, lowering: &mut Lowering<'_>, stretch: Stretch) -> Reg {
        let Stretch { begun, age: first, months } = stretch;
        let monthly = matches!(begun, Begun::By(_)) && self.run.escalator_changes();
        let mut sum = lowering.program.number(0.0);
        let mut age = first;
        while age < first + months {
            let ends = if monthly { age + 1 } else { (age / 12 + 1) * 12 }.min(first + months);
            let holds = Self::between(lowering, begun, age - first, ends - first);
            let grown = match begun {
                Begun::In(from, _) => self.run.grown(lowering, Some(from - first), age),
                Begun::By(_) => self.run.grown(lowering, None, age),
            };
            let grown = lowering.times(grown, 1.0 / 12.0);
            // What is not known of it is so in its months only.
            let part = lowering.if_holds(holds, grown);
            sum = lowering.program.add(sum, part);
            age = ends;
        }
        sum
    }

    /// Rent of a first term that begins on a condition.
    pub fn rent_of_first(&self, lowering: &mut Lowering<'_>, standing: Standing) -> Option<Reg> {
        let rent = self.yearly(lowering, standing)?;
        let years = self.years(lowering, self.first_term());
        Some(lowering.program.mul(rent, years))
    }

    /// What is renewed, term by term, and where the lease is left. It is decided in the last month of a term.
    pub fn renewals(&self, lowering: &mut Lowering<'_>, standing: Standing) -> Option<Renewals> {
        let rent = self.yearly(lowering, standing)?;
        let mut now = self.first_term();
        let larger = self.run.larger_branch(lowering, standing);
        let mut left = lowering.program.number(0.0);
        let mut stands = match self.begun {
            Begun::In(first, _) => {
                lowering.active(TermMonths { first: 0, last: first + self.run.months - 1 })
            }
            Begun::By(_) => self.runs(lowering),
        };
        let (mut more, mut still_to_fall): (Option<Reg>, Option<Reg>) = (None, None);
        let mut option = 0;
        loop {
            let ends = Self::between(lowering, now.begun, now.months - 1, now.months);
            let decides = self.run.version_at(now.last());
            let Some(months) = self.run.renewal_months(decides, option) else {
                let avoided = larger == Some(Branch::Renewal);
                let due = if avoided { Self::not_in_headline(lowering, ends) } else { ends };
                let short = lowering.program.add(left, due);
                left = lowering.program.add(left, ends);
                return Some(Renewals { rent: more, left, short, still_to_fall, stands, last: now.last() });
            };
            let (begun, decided, leaves) = self.renewed(lowering, now, ends, larger);
            left = lowering.program.add(left, leaves);
            now = Stretch { begun, age: now.age + now.months, months };
            let goes_on = Self::between(lowering, begun, 0, months);
            stands = lowering.program.add(stands, goes_on);
            let years = self.years(lowering, now);
            let open = self.years_left(lowering, now, decided);
            let [mut due, mut later] = [years, open].map(|years| lowering.program.mul(rent, years));
            if let Some(share) = self.rent_share(lowering) {
                [due, later] = [due, later].map(|rent| lowering.program.mul(rent, share));
            }
            if let Begun::In(first, _) = begun {
                // What is not known of it is so in its months only.
                let mine = lowering.active(TermMonths { first, last: first + months - 1 });
                due = lowering.if_holds(mine, due);
                let bound = lowering.active(TermMonths { first: first - 1, last: first + months - 1 });
                later = lowering.if_holds(bound, later);
            }
            still_to_fall = Some(still_to_fall.map_or(later, |sum| lowering.program.add(sum, later)));
            more = Some(more.map_or(due, |more| lowering.program.add(more, due)));
            option += 1;
        }
    }

    /// How many first years' rent of a term that has been decided on is still to fall after each month, as
    /// worth at its end.
    fn years_left(&self, lowering: &mut Lowering<'_>, now: Stretch, decided: Reg) -> Reg {
        let (run, worths) = (self.run, Rc::clone(&lowering.worths));
        match now.begun {
            Begun::In(first, _) => {
                let mut sum = lowering.program.number(0.0);
                let mut age = now.age;
                while age < now.age + now.months {
                    let ends = ((age / 12 + 1) * 12).min(now.age + now.months);
                    let [from, to] = [age, ends].map(|age| first + age - now.age);
                    let left = lowering.program.curve_of(|t| {
                        let t = i64::from(t);
                        (from.max(t + 1)..to).map(|at| worths.at(t, at)).sum::<f64>() / 12.0
                    });
                    let grown = run.grown(lowering, Some(first - now.age), age);
                    let part = lowering.if_holds(left, grown);
                    sum = lowering.program.add(sum, part);
                    age = ends;
                }
                lowering.if_holds(decided, sum)
            }
            Begun::By(_) => {
                let mut all = lowering.program.number(0.0);
                for age in now.age..now.age + now.months {
                    let grown = run.grown(lowering, Some(0), age);
                    let part = lowering.times(grown, 1.0 / 12.0);
                    all = lowering.program.add(all, part);
                }
                let all = lowering.if_holds(decided, all);
                let falls = self.years(lowering, now);
                let fallen = lowering.program.account(0.0);
                lowering.program.feed(fallen, Feed::Value(falls));
                let fallen = lowering.program.op(Op::Account(fallen));
                let left = lowering.program.sub(all, fallen);
                lowering.program.sub(left, falls)
            }
        }
    }

    /// How the next term begins, whether that has been decided by the end of this month, and what is left of
    /// what ends.
    fn renewed(
        &self,
        lowering: &mut Lowering<'_>,
        now: Stretch,
        ends: Reg,
        larger: Option<Branch>,
    ) -> (Begun, Reg, Reg) {
        if let (Some(decided), Begun::In(first, truth)) = (now.last(), now.begun)
            && decided < 1
        {
            let was = self.was_renewed(lowering, decided);
            let both = truth.map_or(was, |truth| lowering.program.op(Op::And(truth, was)));
            return (Begun::In(first + now.months, Some(both)), both, lowering.program.number(0.0));
        }
        let mut renews = self.renews(lowering);
        if larger == Some(Branch::Residual) {
            renews = Self::not_in_headline(lowering, renews);
        }
        let renewed = lowering.program.op(Op::And(ends, renews));
        let leaves = lowering.program.sub(ends, renewed);
        // A running sum at the end of last month: the next term begins in the month after.
        let so_far = lowering.program.account(0.0);
        lowering.program.feed(so_far, Feed::Value(renewed));
        let before = lowering.program.op(Op::Account(so_far));
        let begun = match now.begun {
            Begun::In(first, _) => Begun::In(first + now.months, Some(before)),
            Begun::By(_) => Begun::By(before),
        };
        let decided = lowering.program.add(before, renewed);
        (begun, decided, leaves)
    }

    /// Whether the lessee renews: nothing in the firm reading, since renewal is a right, and nothing of one
    /// that has failed. The condition reads the end of last month.
    fn renews(&self, lowering: &mut Lowering<'_>) -> Reg {
        let terms = self.run.terms;
        let counts = lowering.beyond_firm();
        let holds = lowering.in_force(&terms, |lowering, version| {
            Some(match version.record.table("renewal").and_then(|table| table.formula("when")) {
                Some(when) => {
                    let of = lowering.formula(when);
                    lowering.program.op(Op::Lag { of, months: 1 })
                }
                None => open(lowering, 1.0),
            })
        });
        let holds = holds.unwrap_or(counts);
        let renews = lowering.program.op(Op::And(counts, holds));
        let lessee = PartyId(lowering.model.group(terms.obligor()).0);
        let failed = lowering.program.op(Op::Defaulted(lessee));
        let sound = lowering.not(failed);
        lowering.program.op(Op::And(sound, renews))
    }

    /// What holds in the other readings.
    fn not_in_headline(lowering: &mut Lowering<'_>, of: Reg) -> Reg {
        let counts = lowering.program.slot(Slot { headline: 0.0, ..Slot::constant(1.0) });
        let counts = lowering.program.read(counts);
        lowering.if_holds(counts, of)
    }

    /// Whether it was renewed before as-of: dates may say so; nothing else does.
    fn was_renewed(&self, lowering: &mut Lowering<'_>, decided_in: i64) -> Reg {
        let version = self.run.version_at(Some(decided_in));
        let when = version.record.table("renewal").and_then(|table| table.formula("when"));
        let calendar = lowering.calendar;
        match when.map(|when| decided(when, &calendar, decided_in - 1)) {
            Some(Some(true)) => lowering.beyond_firm(),
            Some(Some(false)) => lowering.program.number(0.0),
            said => {
                let (name, month) = (&version.contract.name, calendar.month(decided_in));
                lowering.assume(format!("{name}: nothing says whether it was renewed in {month}"));
                open(lowering, if said.is_none() { 1.0 } else { f64::NAN })
            }
        }
    }

    fn rent_share(&self, lowering: &mut Lowering<'_>) -> Option<Reg> {
        let terms = self.run.terms;
        let any = self
            .run
            .versions
            .iter()
            .any(|version| version.record.table("renewal").is_some_and(|table| table.has("rent_share")));
        if !any {
            return None;
        }
        lowering.in_force(&terms, |lowering, version| {
            let share = lowering.term_of(version, "renewal", "rent_share");
            Some(share.unwrap_or_else(|| lowering.program.number(1.0)))
        })
    }

    /// A year's rent at the start of the lease, as the version in force has it.
    pub fn yearly(&self, lowering: &mut Lowering<'_>, standing: Standing) -> Option<Reg> {
        let run = self.run;
        lowering.in_force(&run.terms, |lowering, version| {
            let stated = version.record.figure("rent")?;
            let basis = version.record.entry("rent").map(|entry| entry.basis.clone()).unwrap_or_default();
            let rent = lowering.amount_as(version.path("rent"), stated, &basis, standing);
            let total = stated.figure.dimension == Dimension::MONEY;
            if !total {
                return Some(rent);
            }
            let version = run.versions.iter().find(|own| own.window == version.window)?;
            let years = run.years_reg(lowering, version);
            Some(lowering.program.op(Op::Div(rent, years)))
        })
    }

    /// For a lease that begins on a condition, the years' rent of the first term still to fall after this
    /// month: all of it once begun, less what has fallen.
    pub fn left_of_first(&self, lowering: &mut Lowering<'_>) -> Reg {
        let begun = match self.begun {
            Begun::By(reg) => reg,
            Begun::In(first, _) => lowering.active(TermMonths { first, last: i64::MAX / 2 }),
        };
        let years = self.run.years_reg(lowering, &self.run.terms);
        let all = lowering.if_holds(begun, years);
        let falls = self.years(lowering, self.first_term());
        let fallen = lowering.program.account(0.0);
        lowering.program.feed(fallen, Feed::Value(falls));
        let fallen = lowering.program.op(Op::Account(fallen));
        let left = lowering.program.sub(all, fallen);
        lowering.program.sub(left, falls)
    }
}

/// What nothing decides: an option that the firm reading never takes and the expected one cannot weigh.
fn open(lowering: &mut Lowering<'_>, headline: f64) -> Reg {
    let open = || Value::unread("nothing says whether it is renewed", Set::SHARE);
    let headline = if headline.is_nan() { open() } else { Value::exact(headline) };
    let slot = slot_of([Value::exact(0.0), open(), headline], Distribution::Point(f64::NAN));
    let slot = lowering.program.slot(slot);
    lowering.program.read(slot)
}
