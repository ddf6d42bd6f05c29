//! One part of a warrant as registers: when it is exercised, for what share, and what that costs.

use keiretsu_model::figure::Said;
use keiretsu_model::record::Record;
use keiretsu_program::{AccountId, Feed, Issue, Op, Reg, Tag};
use keiretsu_values::Set;

use super::{SHARE_PRICE, parts};
use crate::calendar::TermMonths;
use crate::lowering::Lowering;
use crate::side::HoldingLabel;
use crate::terms::Terms;

/// One part on its way to the program.
pub(super) struct Part<'a> {
    pub terms: &'a Terms<'a>,
    pub name: Option<&'a str>,
    pub record: &'a Record,
}

/// What exercise brings and costs.
pub(super) struct Exercise {
    /// Rises by 1 in the month of exercise.
    now: Reg,
    /// The part of the issuer after exercise.
    share: Reg,
    /// What is paid.
    strike: Option<Reg>,
    /// How many shares are issued, where the part is for a number of them.
    shares: Option<Reg>,
}

/// What is paid for a part, and what it is worth: of one share or of the whole, in both alike.
struct Priced {
    strike: Reg,
    worth: Reg,
    /// What is paid for all of it.
    paid: Reg,
}

/// Shares that the parts of one warrant have issued: they are outstanding when the next one is exercised.
pub(super) struct Exercised {
    /// A running sum for each part, at the end of last month.
    before: Vec<AccountId>,
    /// In this month, by parts that stand before.
    now: Reg,
}

impl Exercised {
    pub fn new(lowering: &mut Lowering<'_>, parts: usize) -> Self {
        let before =
            if parts > 1 { (0..parts).map(|_| lowering.program.account(0.0)).collect() } else { vec![] };
        Self { before, now: lowering.program.number(0.0) }
    }

    pub fn add(&mut self, lowering: &mut Lowering<'_>, at: usize, exercise: &Exercise) {
        let (Some(account), Some(shares)) = (self.before.get(at), exercise.shares) else { return };
        let issued = lowering.if_holds(exercise.now, shares);
        lowering.program.feed(*account, Feed::Value(issued));
        self.now = lowering.program.add(self.now, issued);
    }

    /// Beside the shares that were outstanding before any exercise.
    fn beside(&self, lowering: &mut Lowering<'_>, outstanding: Reg) -> Reg {
        if self.before.is_empty() {
            return outstanding;
        }
        let mut sum = lowering.program.add(outstanding, self.now);
        for account in &self.before {
            let before = lowering.program.op(Op::Account(*account));
            sum = lowering.program.add(sum, before);
        }
        sum
    }
}

impl Part<'_> {
    fn figure(&self, lowering: &mut Lowering<'_>, term: &str) -> Option<Reg> {
        let stated = self.record.figure(term)?;
        let basis = self.record.entry(term).map(|entry| entry.basis.clone()).unwrap_or_default();
        let path = match self.name {
            Some(name) => self.terms.path(&format!("tranches.{name}.{term}")),
            None => self.terms.path(term),
        };
        Some(lowering.figure(path, stated, &basis))
    }

    /// The outstanding shares, which link a count and a part; where they are not disclosed and the part is
    /// said, the part stands alone.
    fn linking(&self, lowering: &mut Lowering<'_>) -> Option<Reg> {
        let is_open = |record: &Record, term: &str| {
            record.figure(term).is_none_or(|stated| stated.figure.said == Said::Undisclosed)
        };
        let alone = is_open(self.terms.record, "outstanding") && !is_open(self.record, "share");
        if alone { None } else { lowering.term(self.terms, "outstanding") }
    }

    /// When it is exercised, for what, and what that costs.
    pub fn exercise(&self, lowering: &mut Lowering<'_>, others: &Exercised) -> Option<Exercise> {
        let stated = self.linking(lowering);
        let outstanding = stated.map(|outstanding| others.beside(lowering, outstanding));
        let shares = self.shares(lowering, outstanding);
        let share = match (shares, outstanding) {
            (Some(shares), Some(outstanding)) => of_all(lowering, shares, outstanding),
            _ => match self.figure(lowering, "share") {
                Some(share) => share,
                None => lowering.unread("what part of the issuer it is for is not stated", Set::SHARE),
            },
        };
        let priced = self.strike(lowering, shares, share);
        // What vested before as-of stays vested.
        let had_vested = lowering.dated(self.record, "vests_when").is_some_and(|t| t <= 0);
        let vests = if had_vested { None } else { lowering.latched(self.record, "vests_when") };
        let mut ready = vests.unwrap_or_else(|| lowering.program.number(1.0));
        if let Some(Priced { strike, worth, .. }) = priced {
            let in_money = lowering.program.op(Op::MoreThan(worth, strike));
            ready = lowering.program.op(Op::And(ready, in_money));
        }
        let calendar = lowering.calendar;
        let window = lowering.in_force(self.terms, |lowering, version| {
            let expiry = version.record.when("expiry");
            if version.record.text("exercise") == Some("at expiry") && expiry.is_none() {
                return Some(lowering.unread("nothing says when it expires", Set::SHARE));
            }
            let last = expiry.map_or(i64::MAX / 2, |expiry| calendar.due(&expiry));
            let first = if version.record.text("exercise") == Some("at expiry") { last } else { 1 };
            Some(lowering.active(TermMonths { first, last }))
        })?;
        let when = lowering.program.op(Op::And(window, ready));
        let done = lowering.program.op(Op::Latch { when, lapse: u32::MAX });
        let rise = lowering.program.op(Op::Rise(done));
        // Outside the window nothing is exercised, even if its condition is unknown.
        let now = lowering.if_holds(window, rise);
        let counts = lowering.beyond_firm();
        let now = lowering.if_holds(counts, now);
        if !self.terms.record.flag("net") {
            return Some(Exercise { now, share, strike: priced.map(|priced| priced.paid), shares });
        }
        // Kept back in units: of what it is worth, what is above the strike.
        let mut issued = shares;
        let share = match priced {
            Some(Priced { strike, worth, .. }) => {
                let gain = lowering.program.sub(worth, strike);
                let kept = lowering.program.op(Op::Div(gain, worth));
                issued = shares.map(|shares| lowering.program.mul(shares, kept));
                match (issued, outstanding) {
                    (Some(shares), Some(outstanding)) => of_all(lowering, shares, outstanding),
                    _ => lowering.program.mul(share, kept),
                }
            }
            None => share,
        };
        Some(Exercise { now, share, strike: None, shares: issued })
    }

    /// How many shares it is for: as stated, else of the outstanding shares what the stated part comes to.
    fn shares(&self, lowering: &mut Lowering<'_>, outstanding: Option<Reg>) -> Option<Reg> {
        if let Some(shares) = self.figure(lowering, "shares") {
            return Some(shares);
        }
        let per_share = self.terms.record.figure("strike")?.figure.dimension == SHARE_PRICE;
        let outstanding = outstanding.filter(|_| per_share)?;
        let share = self.figure(lowering, "share")?;
        let others = lowering.not(share);
        let times = lowering.program.op(Op::Div(share, others));
        Some(lowering.program.mul(outstanding, times))
    }

    /// The strike of this part, and the part's worth; `None` where nothing is paid.
    fn strike(&self, lowering: &mut Lowering<'_>, shares: Option<Reg>, share: Reg) -> Option<Priced> {
        let terms = self.terms;
        let each = self.record.figure("shares").and_then(|stated| stated.figure.at);
        let (per_share, strike) = if let Some(each) = each.filter(|_| !terms.record.has("strike")) {
            let number = lowering.program.number(each.amount);
            (true, lowering.converted(number, each.currency))
        } else {
            let stated = terms.record.figure("strike")?;
            (stated.figure.dimension == SHARE_PRICE, lowering.term_in_force(terms, "strike")?)
        };
        let value = lowering.model.party(terms.obligee()).record.formula("value");
        let value = value.map(|value| lowering.formula(value));
        if per_share {
            let outstanding = lowering.term(terms, "outstanding");
            let worth = match (lowering.formula_term(terms, "price"), value, outstanding) {
                (Some(price), ..) => price,
                (None, Some(value), Some(outstanding)) => lowering.program.op(Op::Div(value, outstanding)),
                _ => lowering.unread("what a share is worth is not stated", Set::NOT_NEGATIVE),
            };
            let shares = shares.unwrap_or_else(|| {
                lowering.unread("how many shares it is for is not stated", Set::NOT_NEGATIVE)
            });
            return Some(Priced { strike, worth, paid: lowering.program.mul(strike, shares) });
        }
        let part = self.part_of_whole(lowering, shares.unwrap_or(share));
        let value = match value {
            Some(value) => value,
            None => lowering.unread("what the issuer is worth is not stated", Set::NOT_NEGATIVE),
        };
        let worth = lowering.program.mul(value, share);
        let strike = lowering.program.mul(strike, part);
        Some(Priced { strike, worth, paid: strike })
    }

    /// What part of the whole warrant this one is.
    fn part_of_whole(&self, lowering: &mut Lowering<'_>, mine: Reg) -> Reg {
        if self.name.is_none() {
            return lowering.program.number(1.0);
        }
        let term = if self.record.has("shares") { "shares" } else { "share" };
        let mut all = lowering.program.number(0.0);
        for (name, record) in parts(self.terms.record) {
            let other = Part { terms: self.terms, name, record };
            if let Some(size) = other.figure(lowering, term) {
                all = lowering.program.add(all, size);
            }
        }
        lowering.program.op(Op::Div(mine, all))
    }

    /// The strike in cash, and the units: a share f of the issuer is f given at a value of 1 - f before it.
    pub fn settle(&self, lowering: &mut Lowering<'_>, exercise: &Exercise) {
        let terms = self.terms;
        let due = match exercise.strike {
            Some(strike) => lowering.if_holds(exercise.now, strike),
            None => lowering.program.number(0.0),
        };
        // The strike buys nothing beyond the units, so that the cash goes by a flow of its own.
        lowering.flow(terms, self.name, due, terms.obligee(), Tag::Equity);
        let label =
            HoldingLabel { name: terms.contract.name.clone(), holding: None, contract: Some(terms.id) };
        let Some(holding) = lowering.holding_of(terms.obligor(), terms.obligee(), label, false) else {
            return;
        };
        let given = lowering.if_holds(exercise.now, exercise.share);
        let rest = lowering.not(exercise.share);
        let one = lowering.program.number(1.0);
        // While nothing is exercised, how much it would be decides nothing.
        let pre_money = lowering.program.op(Op::Choose { when: exercise.now, then: rest, otherwise: one });
        let nothing = lowering.program.number(0.0);
        let units = lowering.flow(terms, Some("units"), nothing, terms.obligee(), Tag::Equity);
        lowering.program.flow_mut(units).issue = Some(Issue { holding, pre_money, in_kind: Some(given) });
    }
}

/// `n / (N + n)`.
fn of_all(lowering: &mut Lowering<'_>, shares: Reg, outstanding: Reg) -> Reg {
    let all = lowering.program.add(outstanding, shares);
    lowering.program.op(Op::Div(shares, all))
}
