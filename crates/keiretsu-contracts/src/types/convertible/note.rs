//! A convertible as registers: what it comes to with interest, when it converts, what is paid back.

use keiretsu_model::Standing;
use keiretsu_model::record::Record;
use keiretsu_program::{AccountId, EstateClaim, Feed, FlowId, Issue, Op, PartyId, Reg, Tag};
use keiretsu_values::Set;

use crate::calendar::month;
use crate::in_time::Held;
use crate::lowering::Lowering;
use crate::pending::ClaimFalls;
use crate::side::HoldingLabel;
use crate::terms::{Terms, versions};
use crate::tranches::{self, Tranche};

/// A convertible as registers.
pub(super) struct Note {
    /// Principal and interest by the end of this month, whether or not it has converted.
    gross: Reg,
    repaid: AccountId,
    draws: Vec<FlowId>,
    /// Whether it converted before as-of.
    over: bool,
    /// The first month in which dates have something drawn, perhaps before the run.
    begun: i64,
}

impl Note {
    /// The draws, and what they come to with interest.
    pub fn new(lowering: &mut Lowering<'_>, terms: &Terms<'_>) -> Self {
        let calendar = lowering.calendar;
        let versions = versions(terms.id, terms.contract, &calendar);
        let [drawn, interest, repaid] = [0; 3].map(|_| lowering.program.account(0.0));
        let zero = lowering.program.number(0.0);
        let rate = match lowering.term_in_force(terms, "rate") {
            Some(rate) => lowering.monthly(rate),
            None => zero,
        };
        let (mut draws, mut opening, mut accrued) = (Vec::new(), zero, zero);
        let mut begun = i64::MAX;
        for name in tranches::names(&versions) {
            let tranche = Tranche::new(name, &versions);
            if let Some(flow) = tranche.lower(lowering, terms, Tag::Equity) {
                lowering.program.feed(drawn, Feed::Payment(flow));
                draws.push(flow);
            }
            begun = begun.min(first_draw(lowering, &tranche));
            let [paid, earned] = before(lowering, &tranche);
            opening = lowering.program.add(opening, paid);
            accrued = lowering.program.add(accrued, earned);
        }
        let at_start = lowering.at_start(rate);
        let accrued = lowering.program.mul(accrued, at_start);
        let drawn = lowering.paid_on(drawn);
        let earned = lowering.program.op(Op::Account(interest));
        let principal = lowering.program.add(opening, drawn);
        let last = terms.record.when("maturity").map_or(i64::MAX, |when| calendar.due(&when));
        let bears = lowering.program.curve_of(|t| f64::from(u8::from(i64::from(t) <= last)));
        let month = lowering.program.mul(principal, rate);
        let month = lowering.program.mul(month, bears);
        lowering.program.feed(interest, Feed::Value(month));
        let gross =
            [accrued, earned, month].into_iter().fold(principal, |sum, part| lowering.program.add(sum, part));
        let over = converted_before(lowering, &versions);
        Self { gross, repaid, draws, over, begun }
    }

    /// Conversion, repayment and what a default leaves.
    pub fn lower(&self, lowering: &mut Lowering<'_>, terms: &Terms<'_>) {
        let calendar = lowering.calendar;
        let matures = terms.record.when("maturity");
        let maturity = matures.map_or(i64::MAX, |when| calendar.due(&when));
        let matured = lowering.program.curve_of(|t| f64::from(u8::from(maturity <= i64::from(t))));
        let rounds = terms.record.contracts("converts_with").iter();
        let rounds: Vec<FlowId> = rounds.flat_map(|round| lowering.flows_of(*round)).collect();
        if self.over || matures.is_some_and(|when| calendar.is_past(&when)) {
            // What converted or was paid back before as-of does neither again.
            let all = lowering.program.number(1.0);
            self.stop_draws(lowering, all);
            return;
        }
        let mut trigger = trigger(lowering, terms, &rounds);
        if terms.record.text("at_maturity") == Some("converts") {
            trigger = lowering.program.op(Op::Or(trigger, matured));
        }
        let failed = lowering.program.op(Op::Defaulted(PartyId(lowering.model.group(terms.obligee()).0)));
        let sound = lowering.not(failed);
        let paid_back = lowering.paid_on(self.repaid);
        let nothing = lowering.program.number(0.0);
        let repaid = lowering.program.op(Op::MoreThan(paid_back, nothing));
        let unpaid = lowering.not(repaid);
        // Nothing converts while nothing has been drawn.
        let drawn = lowering.program.op(Op::MoreThan(self.gross, nothing));
        let draws = self.draws_now(lowering);
        let draws = lowering.program.op(Op::MoreThan(draws, nothing));
        let drawn = lowering.program.op(Op::Or(drawn, draws));
        let begun = self.begun;
        let begun = lowering.program.curve_of(|t| f64::from(u8::from(begun <= i64::from(t))));
        let drawn = lowering.program.op(Op::Or(begun, drawn));
        let when = [sound, unpaid, drawn]
            .into_iter()
            .fold(trigger, |all, part| lowering.program.op(Op::And(all, part)));
        let converted = lowering.program.op(Op::Latch { when, lapse: u32::MAX });
        let before = lowering.program.op(Op::Lag { of: converted, months: 1 });
        self.stop_draws(lowering, before);
        self.convert(lowering, terms, converted, &rounds);
        let open = lowering.not(converted);
        let owed = lowering.if_holds(open, self.gross);
        let owed = lowering.program.sub(owed, paid_back);
        let owed = lowering.positive(owed);
        let due = lowering.if_holds(matured, owed);
        let rank = Lowering::rank_or(terms, terms.contract.spec.rank);
        let flow = lowering.flow_back(terms, "repayment", due, rank, Tag::Principal);
        lowering.program.feed(self.repaid, Feed::Payment(flow));
        let open_end = comes_to_no_end(terms.record);
        if open_end {
            let any = lowering.any_part(owed);
            let flow = lowering.flow_back(terms, "repayment", any, rank, Tag::Principal);
            lowering.nothing_dates(flow);
        }
        if terms.record.has("maturity") || open_end {
            lowering.note_debt(terms, owed, None);
            let rest = lowering.program.sub(owed, due);
            let draws = self.draws_now(lowering);
            let draws = lowering.if_holds(open, draws);
            let amount = lowering.program.add(rest, draws);
            let debtor = PartyId(lowering.model.group(terms.obligee()).0);
            let creditor = PartyId(terms.obligor().0);
            let claim = lowering.claim(terms, EstateClaim { debtor, creditor, amount, rank, lapses: false });
            // A note of who has failed converts no more; it falls due with its interest.
            if let Some(falls) = lowering.only_in(maturity) {
                let falls = lowering.if_holds(falls, owed);
                let one = lowering.program.number(1.0);
                let bears = lowering.program.op(Op::MoreThan(self.gross, nothing));
                let worth = lowering.program.op(Op::Div(one, self.gross));
                let worth = lowering.program.op(Op::Choose { when: bears, then: worth, otherwise: one });
                lowering.falls(claim, ClaimFalls { whole: falls, net: falls, worth: Some(worth) });
            }
        }
    }

    /// What had converted by the end of last month is not drawn any more.
    fn stop_draws(&self, lowering: &mut Lowering<'_>, before: Reg) {
        let open = lowering.not(before);
        for flow in &self.draws {
            let due = lowering.program.program().flows[flow.at()].amount;
            let due = lowering.if_holds(open, due);
            lowering.program.flow_mut(*flow).amount = due;
        }
    }

    /// What converts this month: principal and interest, and what is drawn in this very month.
    fn converts(&self, lowering: &mut Lowering<'_>) -> Reg {
        let draws = self.draws_now(lowering);
        lowering.program.add(self.gross, draws)
    }

    fn draws_now(&self, lowering: &mut Lowering<'_>) -> Reg {
        let draws: Vec<Reg> =
            self.draws.iter().map(|flow| lowering.program.program().flows[flow.at()].amount).collect();
        let nothing = lowering.program.number(0.0);
        let sum = draws.into_iter().fold(nothing, |sum, draw| lowering.program.add(sum, draw));
        lowering.entered(sum)
    }

    /// The units: as if principal and interest were paid in at the value that makes the share.
    fn convert(&self, lowering: &mut Lowering<'_>, terms: &Terms<'_>, converted: Reg, rounds: &[FlowId]) {
        if !may_convert(terms.record) {
            return;
        }
        let Some(pre_money) = self.pre_money(lowering, terms, rounds) else { return };
        let label =
            HoldingLabel { name: terms.contract.name.clone(), holding: None, contract: Some(terms.id) };
        let Some(holding) = lowering.holding_of(terms.obligor(), terms.obligee(), label, false) else {
            return;
        };
        let rise = lowering.program.op(Op::Rise(converted));
        let amount = self.converts(lowering);
        let given = lowering.if_holds(rise, amount);
        let nothing = lowering.program.number(0.0);
        let flow = lowering.flow(terms, Some("conversion"), nothing, terms.obligee(), Tag::Equity);
        let [pre_money, given] = [pre_money, given].map(|amount| lowering.posted(amount));
        let one = lowering.program.number(1.0);
        // While nothing converts, at which price it would decides nothing.
        let pre_money = lowering.program.op(Op::Choose { when: rise, then: pre_money, otherwise: one });
        lowering.program.flow_mut(flow).issue = Some(Issue { holding, pre_money, in_kind: Some(given) });
    }

    /// The value before conversion at which principal and interest A make the share f: A / f - A. At a price
    /// P with a discount it is (1 - d) P - A, at a post-money cap the cap less A, at a pre-money cap the cap.
    fn pre_money(&self, lowering: &mut Lowering<'_>, terms: &Terms<'_>, rounds: &[FlowId]) -> Option<Reg> {
        let price = if terms.record.has("price") {
            lowering.in_force(terms, |lowering, version| lowering.formula_term(version, "price"))?
        } else {
            price_now(lowering, terms, rounds)
        };
        let amount = self.converts(lowering);
        let price = match lowering.term_in_force(terms, "discount") {
            Some(discount) => {
                let left = lowering.not(discount);
                lowering.program.mul(price, left)
            }
            None => price,
        };
        let at_price = lowering.program.sub(price, amount);
        let Some(cap) = lowering.term_in_force(terms, "cap") else { return Some(at_price) };
        let at_cap = match terms.record.text("cap_basis") {
            Some("pre-money") => cap,
            _ => lowering.program.sub(cap, amount),
        };
        Some(lowering.program.min(at_price, at_cap))
    }
}

/// Whether something says that it converts.
fn may_convert(record: &Record) -> bool {
    let ways = ["converts_with", "converts_when"];
    ways.iter().any(|term| record.has(term)) || record.text("at_maturity") == Some("converts")
}

/// Whether nothing says that it converts or when it is paid back, so that it may be in any month.
fn comes_to_no_end(record: &Record) -> bool {
    !["maturity", "converts_with", "converts_when"].iter().any(|term| record.has(term))
}

/// The price of a tranche of the round whose money falls due this month, else the issuer's value: nobody
/// knows the price of a round that is still to come.
fn price_now(lowering: &mut Lowering<'_>, terms: &Terms<'_>, rounds: &[FlowId]) -> Reg {
    let value = lowering.model.party(terms.obligee()).record.formula("value");
    let priced: Vec<(Reg, Reg)> = rounds
        .iter()
        .map(|flow| lowering.program.program().flows[flow.at()])
        .filter_map(|flow| Some((flow.amount, flow.issue?.pre_money)))
        .collect();
    let otherwise = match value {
        Some(value) => lowering.formula(value),
        None => lowering.unread("nothing says at which price it converts", Set::NOT_NEGATIVE),
    };
    let zero = lowering.program.number(0.0);
    // The first tranche of the text comes last, so that its price counts where several fall due.
    let price = priced.into_iter().rev().fold(otherwise, |otherwise, (due, then)| {
        let when = lowering.program.op(Op::MoreThan(due, zero));
        lowering.program.op(Op::Choose { when, then, otherwise })
    });
    lowering.entered(price)
}

/// The first month in which a tranche is drawn on a date without a condition.
fn first_draw(lowering: &Lowering<'_>, tranche: &Tranche<'_>) -> i64 {
    let binds = |held: &&Held<'_>| matches!(held.standing, Standing::Paid | Standing::Binding);
    let (dues, _) = tranche.dues(lowering);
    let days = dues.0.iter().filter(binds).flat_map(|held| held.dated.shares());
    days.map(|(on, _)| lowering.calendar.t(month(on))).min().unwrap_or(i64::MAX)
}

/// What was paid on a tranche before as-of, and that times the months for which it has borne interest since.
fn before(lowering: &mut Lowering<'_>, tranche: &Tranche<'_>) -> [Reg; 2] {
    let calendar = lowering.calendar;
    let mut sums = [lowering.program.number(0.0); 2];
    let (dues, _) = tranche.dues(lowering);
    for held in &dues.0 {
        let paid: f64 = held.dated.past(&calendar).map(|(_, share)| share).sum();
        if paid <= 0.0 {
            continue;
        }
        // Paid in the month of as-of, it bears interest from the next month on: the run's first month is one
        // too many.
        let months =
            held.dated.past(&calendar).map(|(on, share)| -share * calendar.t(month(on)) as f64).sum();
        let amount = held.amount(lowering);
        for (sum, times) in sums.iter_mut().zip([paid, months]) {
            let part = lowering.times(amount, times);
            *sum = lowering.program.add(*sum, part);
        }
    }
    sums
}

/// Whether it converted before as-of, as far as dates say so: with money of its round, or on a date.
fn converted_before(lowering: &Lowering<'_>, versions: &[Terms<'_>]) -> bool {
    let calendar = lowering.calendar;
    let first_month = |tranche: &Record| {
        let when = tranche.when("paid").or_else(|| tranche.when("on"))?;
        Some(calendar.t(month(if when.single { when.last } else { when.first })))
    };
    versions.iter().filter(|version| version.window.first <= 0).any(|version| {
        let last = version.window.last.min(0);
        let round = version.record.contracts("converts_with").first();
        let of_round = round.and_then(|round| lowering.model.contract(*round));
        let tranches = of_round.map_or(&[][..], |round| round.record().tables("tranches"));
        let paid: Vec<i64> = tranches.iter().filter_map(|(_, _, tranche)| first_month(tranche)).collect();
        let draws = version.record.tables("tranches").iter();
        // Money of the round before the first draw converted nothing.
        let drawn = draws.filter_map(|(_, _, tranche)| first_month(tranche)).min().unwrap_or(i64::MAX);
        let by_date = version.record.formula("converts_when");
        let by_date = by_date.and_then(|formula| lowering.decided_then(formula, last)) == Some(true);
        drawn <= last && (by_date || paid.iter().any(|paid| (drawn..=last).contains(paid)))
    })
}

/// Whether it converts this month: the round is paid for, or the condition holds.
fn trigger(lowering: &mut Lowering<'_>, terms: &Terms<'_>, rounds: &[FlowId]) -> Reg {
    let zero = lowering.program.number(0.0);
    if let Some(met) = lowering.latched(terms.record, "converts_when") {
        return met;
    }
    let mut sum = zero;
    for flow in rounds {
        let due = lowering.program.program().flows[flow.at()].amount;
        sum = lowering.program.add(sum, due);
    }
    lowering.program.op(Op::MoreThan(sum, zero))
}
