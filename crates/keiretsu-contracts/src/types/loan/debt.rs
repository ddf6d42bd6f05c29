//! A loan as registers: what is outstanding, what is drawn, what interest and principal are due.

use keiretsu_model::record::Record;
use keiretsu_model::side::{FlowLabel, Layer};
use keiretsu_model::{Contract, Standing};
use keiretsu_program::{Claim, Feed, Op, PartyId, Reg, Tag};

use super::schedule::{Repayment, Schedule, outstanding_share};
use crate::lowering::{Lowering, Terms, versions};

/// A loan on its way to the program.
pub(super) struct Debt<'a> {
    pub terms: &'a Terms<'a>,
    pub record: &'a Record,
    pub schedule: Schedule,
    /// The limit or amount.
    amount: Reg,
    /// Outstanding at the end of last month.
    owed: Reg,
    /// A yearly fraction.
    rate: Reg,
    /// The lender's payments so far, and the principal paid back so far.
    drawn: keiretsu_program::AccountId,
    repaid: keiretsu_program::AccountId,
    /// Interest added to the principal so far.
    added: keiretsu_program::AccountId,
}

impl<'a> Debt<'a> {
    pub fn new(lowering: &mut Lowering<'_>, terms: &'a Terms<'a>, standing: Standing) -> Option<Self> {
        let record = terms.record;
        let schedule = Schedule::new(record, &lowering.calendar);
        let amount = amount(lowering, terms, standing)?;
        let opening = opening(lowering, terms, &schedule, amount);
        let [drawn, repaid, added] = [0; 3].map(|_| lowering.program.account(0.0));
        let [lent, back, grown] = [drawn, repaid, added].map(|sum| lowering.program.op(Op::Account(sum)));
        let owed = lowering.program.add(opening, lent);
        let owed = lowering.program.add(owed, grown);
        let owed = lowering.program.sub(owed, back);
        let owed = lowering.positive(owed);
        let rate = rate(lowering, terms)?;
        Some(Self { terms, record, schedule, amount, owed, rate, drawn, repaid, added })
    }

    pub fn lower(&self, lowering: &mut Lowering<'_>) {
        let secured = self.record.has("collateral");
        let rank = Lowering::rank_or(self.terms, if secured { 1 } else { self.terms.contract.spec.rank });
        let broken = self.broken(lowering);
        let ends = self.ends(lowering, broken);
        let draw = self.draw(lowering, ends);
        let flow = lowering.flow(self.terms, None, draw, self.terms.obligee(), Tag::Principal);
        lowering.program.feed(self.drawn, Feed::Payment(flow));
        self.date_commitments(lowering, flow);
        let interest = self.interest(lowering, ends, rank);
        let principal = self.principal(lowering, ends);
        let flow = lowering.flow_back(self.terms, "principal", principal, rank, Tag::Principal);
        lowering.program.feed(self.repaid, Feed::Payment(flow));
        self.fees(lowering, ends, draw, rank);
        self.claim(lowering, principal, interest, rank);
    }

    /// Commitments without dates take them from the flow, once the model is run.
    fn date_commitments(&self, lowering: &mut Lowering<'_>, flow: keiretsu_program::FlowId) {
        let mine = lowering.side.commitments.iter_mut().rev().take_while(|c| c.contract == self.terms.id);
        for commitment in mine.filter(|commitment| commitment.tranche.is_none()) {
            commitment.flow = Some(flow.0);
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
        let matured = lowering.program.curve_of(|t| f64::from(u8::from(schedule.matured(i64::from(t)))));
        let prepaid = lowering.latched(self.record, "prepaid_when");
        [broken, prepaid]
            .into_iter()
            .flatten()
            .fold(matured, |ends, other| lowering.program.op(Op::Or(ends, other)))
    }

    /// What the lender pays out this month; nothing once the loan has ended.
    fn draw(&self, lowering: &mut Lowering<'_>, ends: Reg) -> Reg {
        let (schedule, calendar) = (self.schedule, lowering.calendar);
        let share = if let Some(met) = lowering.latched(self.record, "when") {
            lowering.program.op(Op::Rise(met))
        } else {
            lowering.program.curve_of(|t| schedule.draws(&calendar, i64::from(t)))
        };
        let mut draw = lowering.program.mul(self.amount, share);
        if let Some(target) = self.target(lowering) {
            let more = lowering.program.sub(target, self.owed);
            let more = lowering.positive(more);
            // Nobody is bound to draw.
            let counts = lowering.beyond_firm();
            let more = lowering.if_holds(counts, more);
            draw = lowering.program.add(draw, more);
        }
        let open = lowering.not(ends);
        lowering.if_holds(open, draw)
    }

    /// What a revolving loan should stand at: as `usage` says, or as keeps the borrower's cash at `keeps`.
    fn target(&self, lowering: &mut Lowering<'_>) -> Option<Reg> {
        if self.schedule.repayment != Repayment::Revolving {
            return None;
        }
        let wanted = if self.record.has("usage") {
            lowering.formula_term(self.terms, "usage")?
        } else {
            let keeps = lowering.term(self.terms, "keeps")?;
            let party = PartyId(lowering.model.group(self.terms.obligee()).0);
            let cash = lowering.program.op(Op::Cash(party));
            let missing = lowering.program.sub(keeps, cash);
            lowering.program.add(self.owed, missing)
        };
        let wanted = lowering.positive(wanted);
        Some(lowering.program.min(wanted, self.amount))
    }

    /// Whether interest is added to the principal.
    fn is_added(&self) -> bool {
        self.record.text("interest") == Some("added")
    }

    fn interest_of_month(&self, lowering: &mut Lowering<'_>) -> Reg {
        let yearly = lowering.program.mul(self.owed, self.rate);
        lowering.monthly(yearly)
    }

    /// Interest of the month on what was outstanding at its start, due in months of payment; gives what is
    /// due, and what has accrued and is not yet due.
    fn interest(&self, lowering: &mut Lowering<'_>, ends: Reg, rank: u8) -> [Reg; 2] {
        let month = self.interest_of_month(lowering);
        if self.is_added() {
            lowering.program.feed(self.added, Feed::Value(month));
            return [lowering.program.number(0.0); 2];
        }
        let schedule = self.schedule;
        // Months since the last payment before the run, in which what was outstanding then accrued.
        let drawn = schedule.drawn.map_or(i64::MIN / 2, |when| lowering.calendar.due(&when));
        let before = (0..schedule.every).find(|back| schedule.pays(-back) || drawn == -back).unwrap_or(0);
        let carried = lowering.program.curve_of(|t| if t == 1 { before as f64 } else { 0.0 });
        let carried = lowering.program.mul(month, carried);
        let month = lowering.program.add(month, carried);
        let [accrued, paid] = [0; 2].map(|_| lowering.program.account(0.0));
        lowering.program.feed(accrued, Feed::Value(month));
        let [so_far, back] = [accrued, paid].map(|sum| lowering.program.op(Op::Account(sum)));
        let open = lowering.program.sub(so_far, back);
        let open = lowering.program.add(open, month);
        let pays = lowering.program.curve_of(|t| f64::from(u8::from(schedule.pays(i64::from(t)))));
        let pays = lowering.program.op(Op::Or(pays, ends));
        let due = lowering.if_holds(pays, open);
        let flow = lowering.flow_back(self.terms, "interest", due, rank, Tag::Interest);
        lowering.program.feed(paid, Feed::Payment(flow));
        [due, lowering.program.sub(open, due)]
    }

    /// Principal due: all of it at the end, else the instalment, what a margin call asks for, or what a
    /// revolving loan is above its target.
    fn principal(&self, lowering: &mut Lowering<'_>, ends: Reg) -> Reg {
        let mut due = match self.schedule.repayment {
            Repayment::Bullet => lowering.program.number(0.0),
            Repayment::Revolving => {
                let target = self.target(lowering).unwrap_or(self.owed);
                let above = lowering.program.sub(self.owed, target);
                lowering.positive(above)
            }
            Repayment::Annuity | Repayment::Linear => self.instalment(lowering),
        };
        if let Some(called) = super::collateral::call(lowering, self.terms, self.owed) {
            due = lowering.program.max(due, called);
        }
        let mut all = self.owed;
        if self.is_added() {
            let month = self.interest_of_month(lowering);
            all = lowering.program.add(all, month);
        }
        let due = lowering.program.op(Op::Choose { when: ends, then: all, otherwise: due });
        lowering.program.min(due, all)
    }

    /// What is outstanding, over the instalments left (linear), or over the sum of their growth (annuity):
    /// so every instalment takes missed payments, prepayments and a changed rate into account.
    fn instalment(&self, lowering: &mut Lowering<'_>) -> Reg {
        let schedule = self.schedule;
        let over = match schedule.repayment {
            Repayment::Annuity => self.growth(lowering),
            _ => lowering.program.curve_of(|t| schedule.left(i64::from(t)) as f64),
        };
        let due = lowering.program.op(Op::Div(self.owed, over));
        let falls = lowering.program.curve_of(|t| f64::from(u8::from(schedule.instalment(i64::from(t)))));
        lowering.if_holds(falls, due)
    }

    /// `1 + (1 + r) + ... + (1 + r)^(n - 1)` with n the instalments left and r the rate of a period, bit by
    /// bit from the highest of n: doubling n multiplies the sum by `1 + (1 + r)^n`, one more adds a power.
    fn growth(&self, lowering: &mut Lowering<'_>) -> Reg {
        let schedule = self.schedule;
        let most = schedule.left(0).max(1) as u64;
        let bits = u64::BITS - most.leading_zeros();
        let one = lowering.program.number(1.0);
        let period = lowering.program.number(schedule.every as f64 / 12.0);
        let period = lowering.program.mul(self.rate, period);
        let step = lowering.program.add(one, period);
        let (mut sum, mut power) = (lowering.program.number(0.0), one);
        for bit in (0..bits).rev() {
            let odd = lowering.program.curve_of(|t| (schedule.left(i64::from(t)) >> bit & 1) as f64);
            let grown = lowering.program.add(one, power);
            sum = lowering.program.mul(sum, grown);
            power = lowering.program.mul(power, power);
            let more = lowering.program.mul(odd, power);
            sum = lowering.program.add(sum, more);
            let stepped = lowering.program.mul(power, step);
            power = lowering.program.op(Op::Choose { when: odd, then: stepped, otherwise: power });
        }
        sum
    }

    /// A fee on what is drawn, on what could still be drawn, and on what is prepaid.
    fn fees(&self, lowering: &mut Lowering<'_>, ends: Reg, draw: Reg, rank: u8) {
        let mut parts = Vec::new();
        if let Some(rate) = lowering.term(self.terms, "upfront_fee") {
            parts.push(lowering.program.mul(draw, rate));
        }
        if let Some(rate) = lowering.term(self.terms, "undrawn_fee") {
            let undrawn = self.undrawn(lowering);
            let yearly = lowering.program.mul(undrawn, rate);
            let monthly = lowering.monthly(yearly);
            let open = lowering.not(ends);
            parts.push(lowering.if_holds(open, monthly));
        }
        if let (Some(rate), Some(prepaid)) =
            (lowering.term(self.terms, "prepayment_fee"), lowering.latched(self.record, "prepaid_when"))
        {
            let first = lowering.program.op(Op::Rise(prepaid));
            let on = lowering.if_holds(first, self.owed);
            parts.push(lowering.program.mul(on, rate));
        }
        let Some(sum) = parts.into_iter().reduce(|a, b| lowering.program.add(a, b)) else { return };
        lowering.flow_back(self.terms, "fee", sum, rank, Tag::Fee);
    }

    /// What the lender still stands ready to lend.
    fn undrawn(&self, lowering: &mut Lowering<'_>) -> Reg {
        let used = if self.schedule.repayment == Repayment::Revolving {
            self.owed
        } else {
            let past = self.schedule.drawn.is_some_and(|drawn| lowering.calendar.is_past(&drawn));
            let before = if past { self.amount } else { lowering.program.number(0.0) };
            let so_far = lowering.program.op(Op::Account(self.drawn));
            lowering.program.add(before, so_far)
        };
        let undrawn = lowering.program.sub(self.amount, used);
        lowering.positive(undrawn)
    }

    /// What the lender claims when the borrower defaults: what is outstanding beyond what is due this month.
    fn claim(&self, lowering: &mut Lowering<'_>, principal: Reg, [interest, accrued]: [Reg; 2], rank: u8) {
        let rest = lowering.program.sub(self.owed, principal);
        let amount = lowering.program.add(rest, accrued);
        let mut amount = lowering.positive(amount);
        let debtor = PartyId(lowering.model.group(self.terms.obligee()).0);
        let creditor = PartyId(self.terms.obligor().0);
        let mut of_rank = rank;
        if let Some(worth) = super::collateral::worth(lowering, self.terms) {
            let sold = lowering.program.min(amount, worth);
            self.realise(lowering, sold);
            // What is due this month is secured as well.
            let due = lowering.program.add(principal, interest);
            let all = lowering.program.add(amount, due);
            let off = lowering.program.min(all, worth);
            let pair = [self.terms.obligor(), self.terms.obligee()];
            lowering.exposed(self.terms, Layer::Contract, pair, amount, None);
            lowering.exposed(self.terms, Layer::Collateral, pair, off, None);
            let short = lowering.program.sub(amount, worth);
            amount = lowering.positive(short);
            // Beyond its collateral a secured lender is a creditor like others.
            of_rank = Lowering::rank_or(self.terms, self.terms.contract.spec.rank);
        }
        lowering.claim(self.terms, Claim { debtor, creditor, amount, rank: of_rank, lapses: false });
    }

    /// In the month after a default the lender sells the collateral to outside, up to what it is owed.
    fn realise(&self, lowering: &mut Lowering<'_>, sold: Reg) {
        let debtor = PartyId(lowering.model.group(self.terms.obligee()).0);
        let failed = lowering.program.op(Op::Defaulted(debtor));
        let now = lowering.program.op(Op::Rise(failed));
        let sold = lowering.program.op(Op::Lag { of: sold, months: 1 });
        let brings = lowering.if_holds(now, sold);
        let lender = PartyId(self.terms.obligor().0);
        let flow = lowering.program.flow(brings, PartyId::OUTSIDE, lender, Tag::Estate);
        lowering.program.flow_mut(flow).survives = true;
        let label =
            FlowLabel { contract: Some(self.terms.id), name: self.terms.path("collateral"), on: None };
        lowering.side.flows.push(label);
    }
}

/// The amount, in each reading as its standing has it.
fn amount(lowering: &mut Lowering<'_>, terms: &Terms<'_>, standing: Standing) -> Option<Reg> {
    let stated = terms.record.figure("amount")?;
    let basis = terms.record.entry("amount").map(|entry| entry.basis.clone()).unwrap_or_default();
    let slot = lowering.standing_slot(stated, standing);
    Some(lowering.figure_as(terms.path("amount"), stated, &basis, slot))
}

/// What is outstanding at as-of: as stated, else what the schedule has left of what was drawn.
fn opening(lowering: &mut Lowering<'_>, terms: &Terms<'_>, schedule: &Schedule, amount: Reg) -> Reg {
    if let Some(stated) = lowering.term(terms, "outstanding") {
        return stated;
    }
    let calendar = lowering.calendar;
    let past = schedule.drawn.is_some_and(|drawn| calendar.is_past(&drawn));
    if !past {
        return lowering.program.number(0.0);
    }
    let share = outstanding_share(schedule, terms.record, &calendar).unwrap_or(f64::NAN);
    let share = lowering.program.number(share);
    lowering.program.mul(amount, share)
}

/// The rate with its spread; an amendment of either holds from its month on.
fn rate(lowering: &mut Lowering<'_>, terms: &Terms<'_>) -> Option<Reg> {
    let contract: &Contract = terms.contract;
    let calendar = lowering.calendar;
    let mut blended: Option<Reg> = None;
    for version in versions(terms.id, contract, &calendar) {
        let mut rate = lowering.formula_term(&version, "rate")?;
        if let Some(spread) = lowering.term(&version, "spread") {
            rate = lowering.program.add(rate, spread);
        }
        blended = Some(match blended {
            None => rate,
            Some(before) => {
                let holds = lowering.active(version.window);
                lowering.program.op(Op::Choose { when: holds, then: rate, otherwise: before })
            }
        });
    }
    blended
}
