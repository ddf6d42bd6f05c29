//! What a failure costs each party, read off two runs: with it, and without.
//!
//! Every layer is a difference between the two, in money of the month of the failure. Only what the failing
//! party leaves by failing earlier counts in full, also where it would have failed by itself later.
//! Invariant: what is due is either paid, or lost once: as a due, or as a part of a claim. A call stands for
//! what it covers, so that an unpaid one is no loss of its own.

use keiretsu_model::{ContractRef, PartyRef};
use keiretsu_program::{EstateClaim, PartyId, Reading, Tag};
use keiretsu_values::{Set, Value};

use super::cleared::{COVERS, Lens, Months};
use super::loss::Loss;
use super::parts::Parts;
use crate::present_value::Discounting;

/// A failure and what it does: losses by group, and who fails in which month.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    pub losses: Vec<Loss>,
    /// The month in which a group fails.
    pub failed: Vec<Option<u32>>,
    /// Holdings in those that fail whose value is not known.
    pub unknown: Vec<usize>,
}

impl Outcome {
    /// No losses of so many parties.
    pub fn nothing(parties: usize) -> Self {
        Self { losses: vec![Loss::default(); parties], failed: vec![None; parties], unknown: vec![] }
    }
}

/// The two runs of a failure.
pub(super) struct Pair<'a> {
    pub lens: &'a Lens<'a>,
    pub base: &'a Months,
    pub run: &'a Months,
    /// Who is made to fail, and when.
    party: usize,
    pub first: u32,
    pub reading: Reading,
    /// In which month each group fails in each of the runs.
    pub base_failed: Vec<Option<u32>>,
    pub run_failed: Vec<Option<u32>>,
    /// What money of each month is worth in the month of the failure.
    worth: Vec<f64>,
    pub parts: Parts,
}

impl<'a> Lens<'a> {
    /// The losses of a failure.
    pub fn outcome(
        &'a self,
        (base, run): (&'a Months, &'a Months),
        (party, first): (PartyRef, u32),
        reading: Reading,
    ) -> Outcome {
        let parties = self.subject.program.parties.len();
        let all = |months: &Months| (0..parties).map(|at| self.fails(months, at)).collect::<Vec<_>>();
        let pair = Pair {
            lens: self,
            base,
            run,
            party: party.at(),
            first,
            reading,
            base_failed: all(base),
            run_failed: all(run),
            worth: self.worths(first),
            parts: Parts::new(self.subject, reading),
        };
        pair.outcome()
    }

    /// What money of each month is worth in another.
    fn worths(&self, first: u32) -> Vec<f64> {
        let (program, present) = (self.subject.program, Discounting::of(self.subject));
        let worth = |t| present.between(program.month(first), program.month(t));
        (0..=program.months).map(worth).collect()
    }
}

/// One amount that a party has lost.
pub(super) struct Lost {
    pub party: usize,
    /// The month in which it has, if an estate may pay for it.
    pub month: u32,
    pub contract: Option<ContractRef>,
    pub amount: Value,
    is_due: bool,
}

impl Pair<'_> {
    fn outcome(&self) -> Outcome {
        let program = self.lens.subject.program;
        let mut losses = vec![Loss::default(); program.parties.len()];
        let lost = self.lost();
        for one in &lost {
            for (party, share) in self.parts.of(one.contract, one.party) {
                let loss = &mut losses[party];
                let layer = if one.is_due { &mut loss.dues } else { &mut loss.contracts };
                *layer = layer.plus(&one.amount.times(share));
            }
        }
        for one in lost.iter().filter(|one| one.amount.set().low < 0.0) {
            losses[one.party].may_gain = true;
        }
        let unknown = self.hold(&mut losses);
        self.recover(&lost, &mut losses);
        self.cover(&mut losses);
        Outcome { losses, failed: (0..program.parties.len()).map(|at| self.newly(at)).collect(), unknown }
    }

    /// What holdings in those that fail lose; those of which the value is not known.
    fn hold(&self, losses: &mut [Loss]) -> Vec<usize> {
        let program = self.lens.subject.program;
        let mut unknown = vec![];
        for (at, holding) in program.holdings.iter().enumerate() {
            let (owner, issuer) = (self.lens.group(holding.owner), self.lens.group(holding.issuer));
            let Some(t) = self.newly(issuer).filter(|_| owner != issuer) else { continue };
            let place = self.lens.held(at);
            let before = self.base.value(place, t);
            let before = match before.reason() {
                Some(_) => {
                    unknown.push(at);
                    let holder = self.lens.subject.title(PartyRef(owner as u32));
                    let why = format!("the value of what {holder} holds is not known");
                    Value::unread(why, before.set())
                }
                None => before,
            };
            // Nobody holds less than nothing.
            let fell = before.minus(&self.run.value(place, t)).within(Set::NOT_NEGATIVE);
            losses[owner].holdings = losses[owner].holdings.plus(&fell.times(self.worth(t)));
            losses[owner].may_gain |= self.is_worth_more_failed(holding.issuer, t);
        }
        unknown
    }

    /// The month in which a party fails that it would not have failed by without the failure.
    fn newly(&self, party: usize) -> Option<u32> {
        let now = self.run_failed[party]?;
        self.base_failed[party].is_none_or(|before| now < before).then_some(now)
    }

    /// Whether a party is the one that is made to fail, and would have failed later or never.
    pub fn is_struck(&self, party: usize) -> bool {
        party == self.party && self.newly(party).is_some()
    }

    /// What money of a month is worth in the month of the failure.
    pub fn worth(&self, t: u32) -> f64 {
        self.worth[t as usize]
    }

    /// Everything that fell due and was not paid, and all claims, beyond those of the base.
    fn lost(&self) -> Vec<Lost> {
        let (program, side) = (self.lens.subject.program, self.lens.subject.side);
        let calls = |at: usize| program.covers.iter().any(|cover| cover.call.at() == at);
        let mut lost = vec![];
        for (at, flow) in program.flows.iter().enumerate().filter(|(at, _)| !calls(*at)) {
            let (payer, party) = (self.lens.group(flow.from), self.lens.group(flow.to));
            if payer != party {
                let contract = side.flows[at].contract;
                lost.extend(self.unpaid(at, payer).into_iter().map(|(month, amount)| Lost {
                    party,
                    month,
                    contract,
                    amount,
                    is_due: true,
                }));
            }
        }
        for (at, claim) in program.claims.iter().enumerate() {
            if !self.is_of_cover(side.claims[at]) {
                let place = self.lens.claim(at);
                lost.extend(self.claimed(claim, place, side.claims[at]));
            }
        }
        for line in &side.prepayments {
            let Some(amount) = line.unused else { continue };
            let contract = self.lens.subject.model.contract(line.contract);
            let goes_on = contract.is_none_or(|contract| contract.record().flag("survives"));
            if let Some(place) = self.lens.unused(amount).filter(|_| !goes_on) {
                let (debtor, creditor) = (PartyId(line.to.0), PartyId(line.from.0));
                let claim = EstateClaim { debtor, creditor, amount, rank: 1, lapses: true };
                lost.extend(self.claimed(&claim, place, line.contract));
            }
        }
        lost
    }

    /// By month, what more was not paid of a flow.
    fn unpaid(&self, at: usize, payer: usize) -> Vec<(u32, Value)> {
        let months = self.first..=self.lens.subject.program.months;
        let more = months.map(|t| {
            let (run, base) = (self.missing(self.run, at, t), self.missing(self.base, at, t));
            let more = if self.is_struck(payer) {
                run
            } else if run == base {
                Value::exact(0.0)
            } else {
                run.minus(&base)
            };
            (t, more.times(self.worth(t)))
        });
        more.filter(|(_, more)| !more.is_zero()).collect()
    }

    /// What was not paid of a flow in a month.
    pub fn missing(&self, months: &Months, at: usize, t: u32) -> Value {
        let (due, paid) = (months.value(at, t), months.value(self.lens.paid(at), t));
        // Who is not short pays all of it, whatever it is.
        if due == paid { Value::exact(0.0) } else { due.minus(&paid).max(&Value::exact(0.0)) }
    }

    /// A claim of the run, less one of the base.
    fn claimed(&self, claim: &EstateClaim, place: usize, contract: ContractRef) -> Vec<Lost> {
        let (debtor, party) = (self.lens.group(claim.debtor), self.lens.group(claim.creditor));
        let stands = |failed: &[Option<u32>]| {
            let t = failed[debtor].filter(|_| debtor != party)?;
            (!claim.lapses || failed[party].is_none_or(|gone| t < gone)).then_some(t)
        };
        let now = stands(&self.run_failed);
        let before = stands(&self.base_failed).filter(|_| !self.is_struck(debtor));
        if now == before && now.is_some_and(|t| self.run.value(place, t) == self.base.value(place, t)) {
            return vec![];
        }
        let of = |months: &Months, t: u32, sign: f64| {
            let amount = months.value(place, t).max(&Value::exact(0.0)).times(sign * self.worth(t));
            Lost { party, month: t, contract: Some(contract), amount, is_due: false }
        };
        let now = now.map(|t| of(self.run, t, 1.0));
        now.into_iter().chain(before.map(|t| of(self.base, t, -1.0))).collect()
    }

    fn is_of_cover(&self, contract: ContractRef) -> bool {
        let known = self.lens.subject.model.contract(contract);
        known.is_some_and(|known| COVERS.contains(&known.spec.keyword))
    }

    /// What is paid for others: off the loss of who is paid, and a loss of who pays.
    fn cover(&self, losses: &mut [Loss]) {
        let (program, side) = (self.lens.subject.program, self.lens.subject.side);
        for (at, flow) in program.flows.iter().enumerate().filter(|(at, _)| self.lens.covers[*at]) {
            let (payer, payee) = (self.lens.group(flow.from), self.lens.group(flow.to));
            if payer == payee {
                continue;
            }
            let paid = self.paid_more(at);
            losses[payer].covered = losses[payer].covered.minus(&paid);
            losses[payer].may_gain |= paid.set().low < 0.0;
            // Who is paid by one that has stepped in has no claim left that this could be taken off.
            if flow.tag == Tag::Guarantee || flow.from == PartyId::OUTSIDE || !self.is_guarantee(at) {
                let whole = self.covered_contract(side.flows[at].contract);
                for (holder, share) in self.parts.of(whole, payee) {
                    losses[holder].covered = losses[holder].covered.plus(&paid.times(share));
                }
            }
        }
        losses.iter_mut().for_each(Loss::without_gain);
    }

    /// The additional payment on a flow.
    fn paid_more(&self, at: usize) -> Value {
        let program = self.lens.subject.program;
        let cover = program.covers.iter().position(|cover| cover.call.at() == at);
        let struck = cover.is_some_and(|cover| {
            let mut payers = program.covers[cover].flows.iter().map(|flow| program.flows[flow.at()].from);
            payers.all(|payer| self.is_struck(self.lens.group(payer)))
        });
        let place = self.lens.paid(at);
        let mut sum = Value::exact(0.0);
        for t in self.first..=program.months {
            let (run, base) = (self.run.value(place, t), self.base.value(place, t));
            let more = if struck {
                run
            } else if run == base {
                Value::exact(0.0)
            } else {
                run.minus(&base)
            };
            sum = sum.plus(&more.times(self.worth(t)));
        }
        match cover {
            // In all no more than the limit.
            Some(cover) if sum.open_because().is_some() || !sum.set().is_point() => {
                let most = self.run.value(self.lens.drawn(cover), program.months).set().high;
                let read = sum.amount().unwrap_or(0.0);
                sum.within(Set::between(read.min(0.0), most.max(read)))
            }
            _ => sum,
        }
    }

    fn is_guarantee(&self, at: usize) -> bool {
        let contract = self.lens.subject.side.flows[at].contract;
        let known = contract.and_then(|contract| self.lens.subject.model.contract(contract));
        known.is_some_and(|known| known.spec.keyword == COVERS[0])
    }

    /// The one contract that a guarantee covers.
    fn covered_contract(&self, guarantee: Option<ContractRef>) -> Option<ContractRef> {
        let known = self.lens.subject.model.contract(guarantee?)?;
        let covered = known.record().contracts("covers");
        if covered.len() == 1 { covered.first().copied() } else { None }
    }
}
