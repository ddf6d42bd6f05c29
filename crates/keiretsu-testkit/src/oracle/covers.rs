//! Section "Covers": who answers for what others do not pay, inside the clearing.

use keiretsu_program::{Cover, CoverId, Outstanding, Unread};

use super::{Oracle, Record};

/// What a cover answers for in a month.
#[derive(Clone, Debug)]
struct Terms {
    share: f64,
    room: f64,
    /// What is left of the cushion.
    cushion: f64,
    /// What claims have brought and has not been kept.
    brought: f64,
}

/// What is called at some payments: by cover the whole, what is kept, and the parts by flow.
#[derive(Clone, Debug, Default)]
struct Called {
    calls: Vec<f64>,
    /// Of the cushion.
    kept: Vec<f64>,
    /// Of what claims have brought.
    used: Vec<f64>,
    /// Cover, flow, amount.
    parts: Vec<(usize, usize, f64)>,
}

impl Oracle<'_> {
    /// The terms of each cover this month; none where it calls and keeps nothing.
    fn terms(&self, index: usize, now: &Record) -> Result<Option<Terms>, Unread> {
        let cover = &self.program.covers[index];
        let read = |reg: keiretsu_program::Reg| now.registers[reg.0 as usize];
        let call = &self.program.flows[cover.call.at()];
        let over = self.defaulted[self.purse(call.from)] || self.defaulted[self.purse(call.to)];
        let share = read(cover.share);
        if over && !call.survives || share <= 0.0 {
            return Ok(None);
        }
        let limit = cover.limit.map_or(f64::INFINITY, read);
        let cushion = cover.cushion.map_or(0.0, read);
        let fallen = cover.claims.iter().filter_map(|one| self.falls(*one, now));
        let mut all = fallen.chain([share]);
        if all.any(|x| !x.is_finite()) || limit.is_nan() || cushion.is_nan() {
            return Err(Unread::Cover(CoverId(index as u32)));
        }
        Ok(Some(Terms {
            share: share.min(1.0),
            room: (limit - self.drawn[index]).max(0.0),
            cushion: (cushion - self.kept[index]).max(0.0),
            brought: (self.recovered[index] / weight(cover, now)).max(0.0),
        }))
    }

    /// Covers that cannot be read this month are reported.
    pub(super) fn report_covers(&mut self, now: &Record) {
        let dark = (0..self.program.covers.len()).filter_map(|index| self.terms(index, now).err());
        let dark: Vec<Unread> = dark.collect();
        self.history.unread.extend(dark);
    }

    /// What would have fallen due this month of a claim, once its debtor alone has failed.
    fn falls(&self, one: Outstanding, now: &Record) -> Option<f64> {
        let claim = &self.program.claims[one.claim.at()];
        let (debtor, creditor) =
            (self.defaulted[self.purse(claim.debtor)], self.defaulted[self.purse(claim.creditor)]);
        let amount = now.registers[one.falls.0 as usize];
        let floored = if amount < 0.0 { 0.0 } else { amount };
        (debtor && !creditor).then_some(floored)
    }

    /// What these payments leave to be called, cover by cover.
    fn called(&self, now: &Record, due: &[f64], paid: &[f64]) -> Called {
        let mut open: Vec<f64> = (0..due.len()).map(|flow| (due[flow] - paid[flow]).max(0.0)).collect();
        // What of each claim no cover has called; unknown until a cover asks.
        let mut open_claims: Vec<Option<f64>> = vec![None; self.program.claims.len()];
        let count = self.program.covers.len();
        let zeros = || vec![0.0; count];
        let mut called = Called { calls: zeros(), kept: zeros(), used: zeros(), parts: vec![] };
        for (index, cover) in self.program.covers.iter().enumerate() {
            let Ok(Some(terms)) = self.terms(index, now) else { continue };
            for one in &cover.claims {
                let fallen = self.falls(*one, now).unwrap_or(0.0);
                open_claims[one.claim.at()].get_or_insert(fallen);
            }
            let of_claim = |one: &Outstanding, open: &[Option<f64>]| open[one.claim.at()].unwrap_or(0.0);
            let flows: f64 = cover.flows.iter().map(|flow| open[flow.at()]).sum();
            let claims = cover.claims.iter().map(|one| of_claim(one, &open_claims));
            let m = claims.fold(flows, |sum, part| sum + part);
            let k = m.min(terms.cushion);
            let u = (m - k).min(terms.brought);
            let c = (terms.share * (m - k - u)).min(terms.room);
            (called.calls[index], called.kept[index], called.used[index]) = (c, k, u);
            for one in cover.claims.iter().filter(|_| c > 0.0) {
                let left = of_claim(one, &open_claims);
                open_claims[one.claim.at()] = Some((left - c * left / m).max(0.0));
            }
            for flow in cover.flows.iter().filter(|_| c > 0.0) {
                let part = c * open[flow.at()] / m;
                called.parts.push((index, flow.at(), part));
                open[flow.at()] = (open[flow.at()] - part).max(0.0);
            }
        }
        called
    }

    /// Sections 5 and 7 with calls: what is due with them, and what is paid.
    pub(super) fn clear_covered(
        &mut self,
        now: &Record,
        due: &[f64],
        raised: &[f64],
    ) -> (Vec<f64>, Vec<f64>) {
        let paid = self.clear(due, raised);
        let called = self.called(now, due, &paid);
        if called.calls.iter().any(|&call| call > 0.0) {
            return self.clear_with_calls(now, due, raised);
        }
        (due.to_vec(), paid)
    }

    /// What is due with calls and what is paid: the greatest solution, by rounds from full payment.
    fn clear_with_calls(&mut self, now: &Record, due: &[f64], raised: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let mut all = due.to_vec();
        let mut paid = due.to_vec();
        // The share paid of each call, and with it of the flow on which it falls due.
        let mut shares = vec![1.0; due.len()];
        for _ in 0..10_000 {
            let called = self.called(now, due, &paid);
            all.copy_from_slice(due);
            for (cover, call) in self.program.covers.iter().zip(&called.calls) {
                all[cover.call.at()] += call;
            }
            let mut received = paid.clone();
            for cover in &self.program.covers {
                received[cover.call.at()] = shares[cover.call.at()] * all[cover.call.at()];
            }
            let next = self.shares(&all, &received, raised);
            let now_paid: Vec<f64> = all.iter().zip(&next).map(|(all, share)| all * share).collect();
            let was = all.iter().zip(&shares).map(|(all, share)| all * share);
            let from = paid.iter().copied().chain(was);
            let to = now_paid.iter().chain(&now_paid);
            let moved = to.zip(from).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            (paid, shares) = (now_paid, next);
            if moved <= 1e-13 * all.iter().copied().fold(0.0, f64::max) {
                return (all, paid);
            }
        }
        self.history.unsettled = true;
        (all, paid)
    }

    /// The share of each flow that its payer can pay from his cash and from what is received.
    fn shares(&self, due: &[f64], received: &[f64], raised: &[f64]) -> Vec<f64> {
        let mut shares = vec![1.0; due.len()];
        for party in (0..self.cash.len()).filter(|&party| self.can_be_short(party)) {
            let mut money = (self.cash[party] + raised[party]).max(0.0) + self.paid_to(party, received);
            for rank in 1..=u8::MAX {
                let mine = |index: &usize| {
                    let flow = &self.program.flows[*index];
                    self.purse(flow.from) == party && self.purse(flow.to) != party && flow.rank == rank
                };
                let mine: Vec<usize> = (0..due.len()).filter(mine).collect();
                let owed: f64 = mine.iter().map(|&index| due[index]).sum();
                let share = if money < owed { money / owed } else { 1.0 };
                for &index in &mine {
                    shares[index] = share;
                }
                money = (money - owed).max(0.0);
            }
        }
        shares
    }

    /// What the final clearing leaves of the covers; returns what was paid on calls, part by part.
    pub(super) fn draw_covers(&mut self, now: &Record, before: &[f64]) -> Vec<(usize, usize, f64)> {
        // What is missing is missing of the dues without calls.
        let called = self.called(now, before, &now.paid);
        let share = |index: usize| {
            let flow = self.program.covers[index].call.at();
            if now.due[flow] > 0.0 { now.paid[flow] / now.due[flow] } else { 1.0 }
        };
        let shares: Vec<f64> = (0..self.program.covers.len()).map(share).collect();
        for (index, share) in shares.iter().enumerate() {
            self.drawn[index] += share * called.calls[index];
            self.kept[index] += called.kept[index];
            let worth = weight(&self.program.covers[index], now);
            self.recovered[index] -= called.used[index] * worth;
        }
        called.parts.into_iter().map(|(cover, flow, part)| (cover, flow, shares[cover] * part)).collect()
    }
}

/// What money of this month is worth on the one day that a cover counts by.
pub(super) fn weight(cover: &Cover, now: &Record) -> f64 {
    cover.worth.map_or(1.0, |reg| now.registers[reg.0 as usize])
}
