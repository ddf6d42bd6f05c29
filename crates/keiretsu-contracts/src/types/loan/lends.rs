//! What a lender has lent and has still to lend, as worded.
//!
//! Of a revolving loan that is what its amount leaves above what stands at as-of: what has come back can be
//! drawn again. By hand: of a line of 10, drawn in June, of which 4 are outstanding, 4 were lent and 6 can be
//! drawn.

use keiretsu_model::Standing;
use keiretsu_model::record::Stated;
use keiretsu_program::Tag;
use keiretsu_values::{Reading, Set, Value};

use super::revolving;
use super::rhythm::Repayment;
use super::schedule::Schedule;
use crate::commitments::{Promise, nothing};
use crate::lowering::Lowering;
use crate::side::Due;
use crate::terms::Terms;

const DRAWS: &str = "its borrower draws";
const USED: &str = "its use decides what it stands at";
const DRAWN: &str = "nothing says whether the rest was drawn";

/// The commitments of a lender.
struct Lender<'a> {
    terms: &'a Terms<'a>,
    schedule: &'a Schedule<'a>,
    amount: &'a Stated,
    standing: Standing,
}

/// Notes what the lender has lent and has to lend: what the text calls drawn by as-of has moved.
pub(super) fn lends(
    lowering: &mut Lowering<'_>,
    terms: &Terms<'_>,
    schedule: &Schedule<'_>,
    standing: Standing,
) {
    let Some(amount) = terms.record.figure("amount") else { return };
    let lender = Lender { terms, schedule, amount, standing };
    let draws = schedule.draws(standing);
    let binds = matches!(standing, Standing::Paid | Standing::Binding);
    let stated = terms.record.figure("outstanding").filter(|_| binds);
    let outstanding = stated.map(|stated| lowering.readings(stated, Standing::Binding));
    if draws.0.iter().all(|held| held.dated.is_empty()) {
        lender.undated(lowering, outstanding);
        return;
    }
    let moved = binds && is_drawn(terms);
    let to_come = if binds { Standing::Binding } else { standing };
    let before = if moved { Standing::Paid } else { to_come };
    let (past, later): (Vec<_>, Vec<_>) = draws.dues(lowering).into_iter().partition(|due| due.past);
    if binds && lender.revolves() {
        lender.of_line(lowering, [past, later], before, outstanding);
    } else if moved {
        lender.promise(lowering, past, nothing(), before);
        lender.promise(lowering, later, nothing(), to_come);
    } else {
        lender.promise(lowering, past.into_iter().chain(later).collect(), nothing(), to_come);
    }
}

/// What was lent before as-of on dates, as the text has it: no more than what it says is outstanding of a
/// line.
pub(super) fn lent(lowering: &mut Lowering<'_>, terms: &Terms<'_>, schedule: &Schedule<'_>) {
    let draws = schedule.draws(Standing::Binding);
    let outstanding = terms.record.figure("outstanding");
    let revolves = schedule.at(1).repayment == Repayment::Revolving;
    let Some(outstanding) = outstanding.filter(|_| revolves) else {
        draws.past(lowering, terms, None, terms.obligee(), Tag::Principal);
        return;
    };
    let mut dues: Vec<Due> = draws.dues(lowering).into_iter().filter(|due| due.past).collect();
    scale(&mut dues, &lowering.readings(outstanding, Standing::Binding));
    lowering.past_dues(terms, None, [terms.obligor(), terms.obligee()], &dues, Tag::Principal);
}

/// Whether the text says that what was drawn has moved: `drawn` does, unless it is assumed or the text calls
/// the loan binding and no more.
fn is_drawn(terms: &Terms<'_>) -> bool {
    let assumed = terms.record.texts("assumed").iter().any(|(word, _)| word == "drawn");
    match terms.contract.standing {
        Some(standing) => standing == Standing::Paid,
        None => !assumed,
    }
}

/// Lets dues sum to a whole, in the shares that they have of it.
fn scale(dues: &mut [Due], whole: &[Value; 3]) {
    let read = |due: &Due| due.amounts[Reading::Headline].amount();
    let sum: Option<f64> = dues.iter().map(read).sum();
    let equal = 1.0 / dues.len() as f64;
    for due in dues {
        let share = match (read(due), sum) {
            (Some(read), Some(sum)) if 0.0 < sum => read / sum,
            _ => equal,
        };
        due.amounts = Reading::ALL.map(|reading| whole[reading].times(share));
    }
}

/// What one amount leaves of another.
fn above(limit: &[Value; 3], other: &[Value; 3]) -> [Value; 3] {
    Reading::ALL.map(|reading| limit[reading].beyond(&other[reading]).within(Set::NOT_NEGATIVE))
}

impl Lender<'_> {
    fn revolves(&self) -> bool {
        self.schedule.at(1).repayment == Repayment::Revolving
    }

    /// What was lent of a line, what is drawn on dates to come, and what can be drawn beside these. What has
    /// come back was lent, and can be lent again.
    fn of_line(
        &self,
        lowering: &mut Lowering<'_>,
        [mut past, mut later]: [Vec<Due>; 2],
        before: Standing,
        outstanding: Option<[Value; 3]>,
    ) {
        let limit = lowering.readings(self.amount, Standing::Binding);
        if let Some(outstanding) = &outstanding {
            scale(&mut past, outstanding);
        }
        let stands = outstanding.clone().unwrap_or_else(|| self.stands(lowering, &limit));
        let without = outstanding.filter(|_| past.is_empty()).unwrap_or_else(nothing);
        let mut room = above(&limit, &stands);
        for due in &mut later {
            let fits = Reading::ALL.map(|reading| due.amounts[reading].min(&room[reading]));
            room = above(&room, &fits);
            due.amounts = fits;
        }
        let paid = if past.is_empty() { Standing::Paid } else { before };
        self.promise(lowering, past, without, paid);
        self.promise(lowering, later, nothing(), Standing::Binding);
        self.can_be_drawn(lowering, room);
    }

    fn is_over(&self) -> bool {
        self.schedule.at(1).matured(1)
    }

    /// What nothing dates: all of it, or what is not outstanding of it.
    fn undated(&self, lowering: &mut Lowering<'_>, outstanding: Option<[Value; 3]>) {
        let all = lowering.readings(self.amount, self.standing);
        let Some(outstanding) = outstanding else {
            if self.revolves() && self.standing == Standing::Binding {
                self.can_be_drawn(lowering, all);
            } else {
                self.note(lowering, vec![], all, self.standing);
            }
            if self.terms.contract.versions.len() == 1 {
                lowering.ever_met(self.terms, self.terms.record, "when");
            }
            return;
        };
        let room = above(&lowering.readings(self.amount, Standing::Binding), &outstanding);
        self.promise(lowering, vec![], outstanding, Standing::Paid);
        if self.revolves() {
            self.can_be_drawn(lowering, room);
        } else {
            let unsaid = room.map(|room| Value::unread(DRAWN, Set::between(0.0, room.set().high)));
            self.promise(lowering, vec![], unsaid, Standing::Binding);
        }
    }

    /// What stands of a revolving loan at as-of.
    fn stands(&self, lowering: &Lowering<'_>, limit: &[Value; 3]) -> [Value; 3] {
        let draws = self.schedule.draws(self.standing);
        if !self.schedule.is_begun() {
            return nothing();
        }
        match revolving::paid_back(lowering, self.schedule, &draws, None) {
            Some(back) => back.stands,
            None => limit.each_ref().map(|limit| Value::unread(USED, Set::between(0.0, limit.set().high))),
        }
    }

    /// What its borrower may draw, up to its maturity.
    fn can_be_drawn(&self, lowering: &mut Lowering<'_>, room: [Value; 3]) {
        if self.is_over() || room.iter().all(Value::is_zero) {
            return;
        }
        self.note(lowering, vec![], room, Standing::Binding);
        lowering.triggered_by(self.terms, DRAWS, self.terms.record.when("maturity"));
    }

    /// Notes an amount if there is one.
    fn promise(&self, lowering: &mut Lowering<'_>, dues: Vec<Due>, undated: [Value; 3], standing: Standing) {
        let some = |amounts: &[Value; 3]| amounts.iter().any(|value| !value.is_zero());
        if dues.iter().any(|due| some(&due.amounts)) || some(&undated) {
            self.note(lowering, dues, undated, standing);
        }
    }

    fn note(&self, lowering: &mut Lowering<'_>, dues: Vec<Due>, undated: [Value; 3], standing: Standing) {
        let (to, span) = (self.terms.obligee(), self.amount.span);
        let tag = Tag::Principal;
        lowering.promise(self.terms, Promise { tranche: None, to, tag, standing, dues, undated, span });
    }
}

#[cfg(test)]
mod tests {
    use keiretsu_model::Standing;
    use keiretsu_values::Reading;

    use crate::testing::promised;

    /// Standing and amount of each commitment of the lender, in millions; what is not read is its set.
    fn lent(terms: &str) -> Vec<(Standing, [f64; 3])> {
        let text = format!(
            "[contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"b\"\nrate = \"0%\"\n{terms}"
        );
        let mine = |one: &crate::side::Commitment| one.tranche.is_none();
        let shown = |one: crate::side::Commitment| {
            let value = one.amount(Reading::Firm);
            let read = value.amount().unwrap_or(f64::NAN);
            (one.standing, [read, value.set().low, value.set().high].map(|x| x / 1e6))
        };
        promised(&text).into_iter().filter(mine).map(shown).collect()
    }

    /// By hand: of a line of 10 in use with 4, the lender has lent 4 and stands ready to lend 6, whatever
    /// says it.
    #[test]
    fn the_rest_of_a_line_can_still_be_drawn() {
        let line = "amount = \"$10M\"\nrepayment = \"revolving\"\nmaturity = 2030\n";
        let (four, six) = ((Standing::Paid, [4.0; 3]), (Standing::Binding, [6.0; 3]));
        assert_eq!(lent(&format!("{line}drawn = \"2025-06\"\noutstanding = \"$4M\"")), [four, six]);
        assert_eq!(lent(&format!("{line}outstanding = \"$4M\"")), [four, six]);
        // All of it was drawn and 6 came back, which can be drawn again.
        let ten = (Standing::Paid, [10.0; 3]);
        assert_eq!(lent(&format!("{line}drawn = \"2025-06\"\nusage = \"$4M\"")), [ten, six]);
        // Drawn in full, it can be drawn no more; not drawn at all, all of it can be.
        assert_eq!(lent(&format!("{line}drawn = \"2025-06\"\nusage = \"$10M\"")), [ten]);
        assert_eq!(lent(&format!("{line}usage = \"$4M\"")), [(Standing::Binding, [10.0; 3])]);
        // A draw on a date has no more than the room.
        let later = lent(&format!("{line}drawn = \"2026-06\"\noutstanding = \"$4M\""));
        assert_eq!(later, [four, six]);
        // Nothing says what it stands at.
        let open = lent(&format!("{line}drawn = \"2025-06\""));
        assert_eq!((open[0], open[1].0, &open[1].1[1..]), (ten, Standing::Binding, &[0.0, 10.0][..]));
        let matured = "amount = \"$10M\"\nrepayment = \"revolving\"\nmaturity = \"2025-11\"\n";
        assert_eq!(lent(&format!("{matured}drawn = \"2025-06\"\nusage = \"$4M\"")), [ten]);
    }

    #[test]
    fn what_is_not_outstanding_of_another_loan_was_drawn_or_was_not() {
        let found = lent("amount = \"$10M\"\noutstanding = \"$4M\"\nmaturity = 2030");
        assert_eq!(found[0], (Standing::Paid, [4.0; 3]));
        assert_eq!((found[1].0, &found[1].1[1..]), (Standing::Binding, &[0.0, 6.0][..]));
        assert!(found[1].1[0].is_nan());
    }
}
