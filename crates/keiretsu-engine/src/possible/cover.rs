//! What guarantors may be called for.

use keiretsu_program::{Cover, Outstanding, Reg};
use keiretsu_values::Set;

use super::dues::Dues;
use super::range::OpenRange;
use super::{Cell, Pass};

impl Pass<'_> {
    /// What a cover calls in month `t`, where that is open; `short` are the purses that may be short.
    pub fn call(&self, at: usize, t: u32, dues: &Dues, short: &[bool]) -> Option<OpenRange> {
        let cover = &self.program.covers[at];
        if !self.is_open_cover(at, cover, t, dues, short) {
            return None;
        }
        let symbols = &self.symbols;
        let share = self.value(cover.share, t);
        let share = share.within(1.0, symbols);
        let missing = cover.flows.iter().map(|flow| self.missing(flow.at(), t, dues, short));
        let claims = cover.claims.iter().map(|one| self.falls(*one, t));
        let missing = missing.chain(claims).fold(OpenRange::point(0.0), |sum, part| sum.plus(&part));
        let called = share.times(&missing, symbols);
        let called = match cover.limit {
            Some(limit) => {
                let room = self.value(limit, t).minus(&self.drawn_before(at, t)).positive(symbols);
                called.min(&room, symbols)
            }
            None => called,
        };
        // What the beneficiary loses first, or has recovered, leaves less to be called.
        let free = cover.cushion.is_none() && cover.claims.is_empty();
        let called = if free { called } else { called.or(&OpenRange::point(0.0), symbols) };
        Some(if self.stands_still(cover) { called.or(&OpenRange::point(0.0), symbols) } else { called })
    }

    /// Whether what a cover calls rests on something that could not be read.
    pub fn is_dark(&self, at: usize, t: u32) -> bool {
        let cover = &self.program.covers[at];
        let terms = [Some(cover.share), cover.limit, cover.cushion].into_iter().flatten();
        let fell = |one: &&Outstanding| {
            let debtor = self.purse(self.program.claims[one.claim.at()].debtor);
            self.may_fail[debtor] || self.numbers.defaulted(debtor, t - 1)
        };
        let stands = |flow: &&keiretsu_program::FlowId| {
            !self.numbers.defaulted(self.purse(self.program.flows[flow.at()].from), t - 1)
        };
        let covered = cover.flows.iter().filter(stands).map(|flow| self.program.flows[flow.at()].amount);
        let claims = cover.claims.iter().filter(fell).map(|one| one.falls);
        terms.chain(covered).chain(claims).any(|reg| !self.numbers.register(reg.0 as usize, t).is_finite())
    }

    fn drawn_before(&self, at: usize, t: u32) -> OpenRange {
        let known = if t < 2 { 0.0 } else { self.numbers.drawn(at, t - 1) };
        let drawn = self.drawn[at].as_deref().cloned().unwrap_or_else(|| OpenRange::point(known));
        self.grown(&drawn, self.program.covers[at].grows, t)
    }

    /// What was counted in other money, at its worth of this month; an unknown worth changes nothing.
    pub fn grown(&self, sum: &OpenRange, by: Option<Reg>, t: u32) -> OpenRange {
        let by = by.map(|by| self.value(by, t)).filter(|by| by.base.is_finite());
        by.map_or_else(|| sum.clone(), |by| sum.times(&by, &self.symbols))
    }

    /// Whether one of its sides may have failed.
    fn stands_still(&self, cover: &Cover) -> bool {
        let call = &self.program.flows[cover.call.at()];
        [call.from, call.to].into_iter().any(|party| self.may_fail[self.purse(party)])
    }

    fn is_open_cover(&self, at: usize, cover: &Cover, t: u32, dues: &Dues, short: &[bool]) -> bool {
        let call = &self.program.flows[cover.call.at()];
        let gone = |purse: usize| !self.may_fail[purse] && self.numbers.defaulted(purse, t - 1);
        if !call.survives && [call.from, call.to].into_iter().any(|party| gone(self.purse(party))) {
            return false;
        }
        let terms = [Some(cover.share), cover.limit, cover.cushion].into_iter().flatten();
        let open = |cell: &Cell| cell.is_some();
        let terms = terms.map(|reg| self.history[t as usize][reg.0 as usize].clone());
        let flow = |flow: &keiretsu_program::FlowId| {
            let terms = &self.program.flows[flow.at()];
            let payer = self.purse(terms.from);
            short[payer] || self.may_fail[payer] || open(&dues.due[flow.at()])
        };
        let claim = |one: &Outstanding| {
            let debtor = self.purse(self.program.claims[one.claim.at()].debtor);
            gone(debtor) && open(&self.history[t as usize][one.falls.0 as usize])
        };
        let covered = cover.flows.iter().any(flow) || cover.claims.iter().any(claim);
        open(&self.drawn[at]) || terms.into_iter().any(|cell| open(&cell)) || covered
    }

    /// What may be missing on a covered flow.
    fn missing(&self, at: usize, t: u32, dues: &Dues, short: &[bool]) -> OpenRange {
        let flow = &self.program.flows[at];
        let (payer, payee) = (self.purse(flow.from), self.purse(flow.to));
        let gone = |purse: usize| self.numbers.defaulted(purse, t - 1) && !self.may_fail[purse];
        if !flow.survives && (gone(payer) || gone(payee)) {
            return OpenRange::point(0.0);
        }
        let whole = self.value(flow.amount, t).positive(&self.symbols);
        if short[payer] || self.may_fail[payer] {
            let most = self.set(&whole).high;
            return OpenRange::of(0.0, Set { low: 0.0, high: most }).like(&whole);
        }
        let (due, paid) = (self.numbers.due(at, t), self.numbers.paid(at, t));
        // Who is certainly not short pays what is due, whatever that is.
        let open = dues.due[at].is_some();
        OpenRange::point(if open { 0.0 } else { (due - paid).max(0.0) })
    }

    /// What may fall due of a claim on who has failed, or may have.
    fn falls(&self, one: Outstanding, t: u32) -> OpenRange {
        let claim = &self.program.claims[one.claim.at()];
        let (debtor, creditor) = (self.purse(claim.debtor), self.purse(claim.creditor));
        let gone = |purse: usize| self.numbers.defaulted(purse, t - 1);
        let nothing = OpenRange::point(0.0);
        if (gone(creditor) || !gone(debtor)) && !self.may_fail[debtor] && !self.may_fail[creditor] {
            return nothing;
        }
        let whole = self.value(one.falls, t).positive(&self.symbols);
        let open = self.may_fail[debtor] || self.may_fail[creditor];
        if open { whole.or(&nothing, &self.symbols) } else { whole }
    }

    /// What has been drawn after the call of a month, never more than the limit.
    pub fn draw(&mut self, at: usize, t: u32, call: Option<OpenRange>, pays: bool) {
        let cover = &self.program.covers[at];
        let Some(call) = call else { return };
        let paid = if pays { call } else { call.or(&OpenRange::point(0.0), &self.symbols) };
        let drawn = self.drawn_before(at, t).plus(&paid);
        let most = cover.limit.map_or(f64::INFINITY, |limit| self.set(&self.value(limit, t)).high);
        let drawn = drawn.min(&OpenRange::point(most.min(f64::MAX)), &self.symbols);
        self.drawn[at] = super::registers::kept(Some(drawn), self.numbers.drawn(at, t));
    }
}
