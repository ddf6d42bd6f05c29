//! A loan as registers: what is outstanding, what is drawn, what interest and principal are due.

use keiretsu_model::Standing;
use keiretsu_model::record::Record;
use keiretsu_program::{Feed, FlowId, Op, PartyId, Reg, Tag};
use keiretsu_values::Set;

use super::opening::opening;
use super::owed::rate;
use super::rhythm::{Repayment, Rhythm};
use super::schedule::Schedule;
use crate::calendar::TermMonths;
use crate::in_time::Dues;
use crate::lowering::Lowering;
use crate::side::Commitment;
use crate::terms::Terms;

/// A loan on its way to the program.
#[derive(Clone, Copy)]
pub(super) struct Debt<'a> {
    pub terms: &'a Terms<'a>,
    pub record: &'a Record,
    pub schedule: &'a Schedule<'a>,
    pub standing: Standing,
    /// The limit or amount.
    pub amount: Reg,
    /// Outstanding at the end of last month.
    pub owed: Reg,
    /// A yearly fraction.
    pub rate: Reg,
    /// The same as far as it is known, for what grows by it: what nobody states is at least nothing.
    least: Reg,
    /// The lender's payments so far, and the principal paid back so far.
    pub drawn: keiretsu_program::AccountId,
    repaid: keiretsu_program::AccountId,
    /// Interest added to the principal so far.
    added: keiretsu_program::AccountId,
    /// Interest that had accrued at as-of since the last payment.
    accrued: Reg,
    /// What was drawn in the first month before as-of, which comes back from the next.
    late: Reg,
}

impl<'a> Debt<'a> {
    pub fn new(
        lowering: &mut Lowering<'_>,
        terms: &'a Terms<'a>,
        schedule: &'a Schedule<'a>,
        standing: Standing,
    ) -> Option<Self> {
        let record = terms.record;
        let amount = lowering.in_force(terms, |lowering, version| {
            let stated = version.record.figure("amount")?;
            let basis = version.record.entry("amount").map(|entry| entry.basis.clone()).unwrap_or_default();
            Some(lowering.amount_as(version.path("amount"), stated, &basis, standing))
        })?;
        let rate = rate(lowering, terms)?;
        let least = if schedule.is_rate_open() {
            let none = lowering.program.number(0.0);
            lowering.or_more(none)
        } else {
            rate
        };
        let stood = opening(lowering, terms, schedule, standing, least);
        let [drawn, repaid, added] = [0; 3].map(|_| lowering.program.account(0.0));
        let [lent, back] = [drawn, repaid].map(|sum| lowering.paid_on(sum));
        let grown = lowering.program.op(Op::Account(added));
        let owed = lowering.program.add(stood.owed, lent);
        let owed = lowering.program.add(owed, grown);
        let owed = lowering.program.sub(owed, back);
        let owed = lowering.positive(owed);
        let owed = until_maturity(lowering, record, schedule, owed);
        // What may have come back by then stands at most.
        let owed = if schedule.comes_back_some_time() { lowering.perhaps_still(owed, 2) } else { owed };
        let (accrued, late) = (stood.accrued, stood.late);
        Some(Self {
            terms,
            record,
            schedule,
            standing,
            amount,
            owed,
            rate,
            least,
            drawn,
            repaid,
            added,
            accrued,
            late,
        })
    }

    /// The same loan where it stands at another amount.
    pub fn standing_at(&self, owed: Reg, accrued: Reg) -> Self {
        Self { owed, accrued, ..*self }
    }

    pub fn lower(&self, lowering: &mut Lowering<'_>) {
        let secured = self.record.has("collateral");
        let rank = Lowering::rank_or(self.terms, if secured { 1 } else { self.terms.contract.spec.rank });
        let broken = self.broken(lowering);
        let ends = self.ends(lowering, broken);
        let draw = self.draw(lowering, ends);
        let flow = self.lends(lowering, draw);
        self.date_commitments(lowering, flow);
        let interest = self.interest(lowering, ends, rank);
        let principal = self.principal(lowering, ends);
        self.pays_back(lowering, principal, rank);
        self.fees(lowering, ends, draw, rank);
        let worth = if self.record.flag("survives") {
            super::collateral::worth(lowering, self.terms)
        } else {
            self.claim(lowering, [draw, principal], interest, rank)
        };
        lowering.note_debt(self.terms, self.owed, worth);
    }

    /// What is drawn, as a flow; what may be drawn in any month has no account, since all of it stands
    /// already.
    fn lends(&self, lowering: &mut Lowering<'_>, draw: Reg) -> FlowId {
        let (terms, to) = (self.terms, self.terms.obligee());
        if !self.schedule.is_drawn_some_time() || self.standing != Standing::Binding {
            let flow = lowering.flow(terms, None, draw, to, Tag::Principal);
            lowering.program.feed(self.drawn, Feed::Payment(flow));
            return flow;
        }
        let paid = terms.contract.standing == Some(Standing::Paid);
        let due = if paid { draw } else { lowering.any_part(self.amount) };
        let flow = lowering.flow(terms, None, due, to, Tag::Principal);
        if !paid {
            lowering.nothing_dates(flow);
        }
        flow
    }

    /// What comes back, as a flow; what may come back in any month has no account, since what stands is all
    /// that can.
    fn pays_back(&self, lowering: &mut Lowering<'_>, principal: Reg, rank: u8) {
        if self.schedule.comes_back_some_time() {
            let any = lowering.any_part(self.owed);
            let flow = lowering.flow_back(self.terms, "principal", any, rank, Tag::Principal);
            lowering.nothing_dates(flow);
        }
        let flow = lowering.flow_back(self.terms, "principal", principal, rank, Tag::Principal);
        lowering.program.feed(self.repaid, Feed::Payment(flow));
    }

    /// Commitments without dates take them from the flow, once the model is run.
    fn date_commitments(&self, lowering: &mut Lowering<'_>, flow: FlowId) {
        let mine = lowering.side.commitments.iter_mut().rev().take_while(|c| c.contract == self.terms.id);
        let open = |commitment: &Commitment| commitment.tranche.is_none() && commitment.dues.is_empty();
        for commitment in mine.filter(|commitment| open(commitment)) {
            commitment.flow = Some(flow);
        }
    }

    /// Whether a covenant has been broken while something was outstanding.
    fn broken(&self, lowering: &mut Lowering<'_>) -> Option<Reg> {
        let mut broken: Option<Reg> = None;
        for (_, _, covenant) in self.record.tables("covenants") {
            let Some(requires) = covenant.formula("requires") else { continue };
            let holds = lowering.formula(requires);
            let fails = lowering.not(holds);
            broken = Some(match broken {
                Some(others) => lowering.program.op(Op::Or(others, fails)),
                None => fails,
            });
        }
        let zero = lowering.program.number(0.0);
        let outstanding = lowering.program.op(Op::MoreThan(self.owed, zero));
        let when = lowering.program.op(Op::And(broken?, outstanding));
        Some(lowering.program.op(Op::Latch { when, lapse: u32::MAX }))
    }

    /// Whether everything is due: at maturity, after a broken covenant, or when it is prepaid.
    fn ends(&self, lowering: &mut Lowering<'_>, broken: Option<Reg>) -> Reg {
        let schedule = self.schedule;
        let matured = lowering
            .program
            .curve_of(|t| f64::from(u8::from(schedule.at(i64::from(t)).matured(i64::from(t)))));
        let prepaid = lowering.latched(self.record, "prepaid_when");
        [broken, prepaid]
            .into_iter()
            .flatten()
            .fold(matured, |ends, other| lowering.program.op(Op::Or(ends, other)))
    }

    /// What the lender pays out this month; nothing once the loan has ended.
    fn draw(&self, lowering: &mut Lowering<'_>, ends: Reg) -> Reg {
        let dated = self.schedule.draws(self.standing);
        let waits = dated.0.iter().all(|held| held.dated.is_empty());
        let met = if waits { lowering.latched(self.record, "when") } else { None };
        let mut draw = match met {
            Some(met) => {
                let share = lowering.program.op(Op::Rise(met));
                lowering.program.mul(self.amount, share)
            }
            None => dated.reg(lowering),
        };
        if let Some(target) = self.target(lowering) {
            let drawn = lowering.program.add(self.owed, draw);
            let more = lowering.program.sub(target, drawn);
            let more = lowering.positive(more);
            // A draw is a right.
            let counts = lowering.beyond_firm();
            let mut more = lowering.if_holds(counts, more);
            if let Some(available) = self.available(lowering, &dated, met) {
                more = lowering.if_holds(available, more);
            }
            draw = lowering.program.add(draw, more);
            let room = lowering.program.sub(self.amount, self.owed);
            let room = lowering.positive(room);
            let within = lowering.program.min(draw, room);
            draw = self.where_revolving(lowering, within, draw);
        }
        let open = lowering.not(ends);
        lowering.if_holds(open, draw)
    }

    /// 1 once a line can be drawn on: from its first draw on, or from when its condition has held. `None` for
    /// one that is in use, or of which nothing says when it can.
    fn available(&self, lowering: &mut Lowering<'_>, dated: &Dues<'_>, met: Option<Reg>) -> Option<Reg> {
        if met.is_some() || self.record.has("outstanding") {
            return met;
        }
        let first = self.schedule.first_draw(dated)?;
        Some(lowering.active(TermMonths { first, last: i64::MAX / 2 }))
    }

    /// One register in the months in which the loan revolves, another in the others.
    pub fn where_revolving(&self, lowering: &mut Lowering<'_>, then: Reg, otherwise: Reg) -> Reg {
        if self.schedule.rhythms().all(|rhythm| rhythm.repayment == Repayment::Revolving) {
            return then;
        }
        let when = self.mask(lowering, |rhythm| rhythm.repayment == Repayment::Revolving);
        lowering.program.op(Op::Choose { when, then, otherwise })
    }

    /// 1 in the months in which the rhythm in force is such a one.
    pub fn mask(&self, lowering: &mut Lowering<'_>, is_such: impl Fn(&Rhythm) -> bool) -> Reg {
        let schedule = self.schedule;
        lowering.program.curve_of(|t| f64::from(u8::from(is_such(schedule.at(i64::from(t))))))
    }

    /// What a revolving loan should stand at: as `usage` says, or as keeps the borrower's cash at `keeps`.
    fn target(&self, lowering: &mut Lowering<'_>) -> Option<Reg> {
        if self.schedule.rhythms().all(|rhythm| rhythm.repayment != Repayment::Revolving) {
            return None;
        }
        let wanted = lowering.in_force(self.terms, |lowering, version| {
            if version.record.has("usage") {
                return lowering.formula_term(version, "usage");
            }
            let Some(keeps) = lowering.term(version, "keeps") else {
                return Some(lowering.unread("nothing says what it stands at", Set::NOT_NEGATIVE));
            };
            let party = PartyId(lowering.model.group(version.obligee()).0);
            let cash = lowering.program.op(Op::Cash(party));
            let cash = lowering.entered(cash);
            let missing = lowering.program.sub(keeps, cash);
            let missing = lowering.own_share(version, missing);
            Some(lowering.program.add(self.owed, missing))
        })?;
        let wanted = lowering.positive(wanted);
        let within = lowering.program.min(wanted, self.amount);
        Some(self.where_revolving(lowering, within, self.owed))
    }

    /// Interest of the month on what was outstanding at its start, with what had accrued at as-of in the
    /// first.
    pub fn interest_of_month(&self, lowering: &mut Lowering<'_>) -> Reg {
        self.interest_at(lowering, self.rate)
    }

    fn interest_at(&self, lowering: &mut Lowering<'_>, rate: Reg) -> Reg {
        let yearly = lowering.program.mul(self.owed, rate);
        let mut month = lowering.monthly(yearly);
        if self.schedule.is_rate_open() {
            month = self.while_owed(lowering, month);
        }
        let first = lowering.program.curve_of(|t| f64::from(u8::from(t == 1)));
        let carried = lowering.if_holds(first, self.accrued);
        lowering.program.add(month, carried)
    }

    /// What of the interest of a month is added to the principal; `None` where none ever is.
    pub fn added_of_month(&self, lowering: &mut Lowering<'_>) -> Option<Reg> {
        if self.schedule.rhythms().all(|rhythm| !rhythm.added) {
            return None;
        }
        let month = self.interest_at(lowering, self.least);
        let added = self.mask(lowering, |rhythm| rhythm.added);
        Some(lowering.if_holds(added, month))
    }

    /// Interest of the month on what was outstanding at its start, due in months of payment; gives what is
    /// due, and what has accrued and is not yet due.
    fn interest(&self, lowering: &mut Lowering<'_>, ends: Reg, rank: u8) -> [Reg; 2] {
        if let Some(added) = self.added_of_month(lowering) {
            lowering.program.feed(self.added, Feed::Value(added));
        }
        if self.schedule.rhythms().all(|rhythm| rhythm.added) {
            return [lowering.program.number(0.0); 2];
        }
        let mut month = self.interest_of_month(lowering);
        if self.schedule.rhythms().any(|rhythm| rhythm.added) {
            let paid = self.mask(lowering, |rhythm| !rhythm.added);
            month = lowering.if_holds(paid, month);
        }
        let schedule = self.schedule;
        let [accrued, paid] = [0; 2].map(|_| lowering.program.account(0.0));
        lowering.program.feed(accrued, Feed::Value(month));
        let so_far = lowering.program.op(Op::Account(accrued));
        let back = lowering.paid_on(paid);
        let open = lowering.program.sub(so_far, back);
        let open = lowering.program.add(open, month);
        let pays = |t: u32| f64::from(u8::from(schedule.at(i64::from(t)).pays(i64::from(t))));
        let pays = lowering.program.curve_of(pays);
        let pays = lowering.program.op(Op::Or(pays, ends));
        let due = lowering.if_holds(pays, open);
        let due = until_maturity(lowering, self.record, schedule, due);
        let flow = lowering.flow_back(self.terms, "interest", due, rank, Tag::Interest);
        lowering.program.feed(paid, Feed::Payment(flow));
        if schedule.is_rate_open() {
            // A claim is at least the principal.
            let none = lowering.program.number(0.0);
            let accrued = lowering.or_more(none);
            return [due, self.while_owed(lowering, accrued)];
        }
        [due, lowering.program.sub(open, due)]
    }

    /// Something unknown of a loan, while any of it stands.
    fn while_owed(&self, lowering: &mut Lowering<'_>, of: Reg) -> Reg {
        let nothing = lowering.program.number(0.0);
        let stands = lowering.program.op(Op::MoreThan(self.owed, nothing));
        let of = lowering.if_holds(stands, of);
        until_maturity(lowering, self.record, self.schedule, of)
    }

    /// Principal due: all of it at the end, else the instalment, what a margin call asks for, or what a
    /// revolving loan is above its target.
    fn principal(&self, lowering: &mut Lowering<'_>, ends: Reg) -> Reg {
        let mut due = self.instalments(lowering);
        if let Some(target) = self.target(lowering) {
            let first = lowering.program.curve_of(|t| f64::from(u8::from(t == 1)));
            let late = lowering.if_holds(first, self.late);
            let above = lowering.program.sub(self.owed, target);
            let above = lowering.program.sub(above, late);
            let above = lowering.positive(above);
            due = self.where_revolving(lowering, above, due);
        }
        if let Some(called) = super::collateral::call(lowering, self.terms, self.owed) {
            let called = self.while_owed(lowering, called);
            due = lowering.program.max(due, called);
        }
        let all = match self.added_of_month(lowering) {
            Some(added) => lowering.program.add(self.owed, added),
            None => self.owed,
        };
        let due = lowering.program.op(Op::Choose { when: ends, then: all, otherwise: due });
        lowering.program.min(due, all)
    }
}

/// An unknown amount is nothing once it has matured.
fn until_maturity(lowering: &mut Lowering<'_>, record: &Record, schedule: &Schedule<'_>, of: Reg) -> Reg {
    let stated = ["amount", "outstanding"].into_iter().filter_map(|term| record.figure(term));
    let rate = record.formula("rate").and_then(|rate| rate.worded());
    let undisclosed = stated.into_iter().chain(rate).any(|stated| stated.headline().amount().is_none());
    let Some(last) = schedule.last_maturity().filter(|_| undisclosed) else { return of };
    let open = lowering.active(TermMonths { first: 0, last });
    lowering.if_holds(open, of)
}
