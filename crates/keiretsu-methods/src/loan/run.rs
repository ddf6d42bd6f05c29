//! The schedule to events: state transitions and payoffs (ACTUS, the tables of each type).

use super::level::{self, Owed, annuity, year_fraction};
use super::plan::{Due, Kind, Plan};
use super::terms::{Base, Kind as Loan, Penalty, Prepayment, Terms};
use super::time::Time;
use super::{Known, LoanEvent, TermError};

/// The state of a loan after its last event. Amounts have the sign of the role.
struct State<'a> {
    terms: &'a Terms,
    known: &'a Known,
    plan: &'a Plan,
    /// The scheduled day of the last event.
    last: Time,
    notional: f64,
    rate: f64,
    accrued: f64,
    fee: f64,
    /// The base of interest.
    base: f64,
    instalment: f64,
    /// Of interest and of principal.
    multipliers: [f64; 2],
    /// Interest of a called loan, fixed when it was called.
    fixed_interest: f64,
    called: bool,
    performs: bool,
}

/// The events after the status date, up to the end of the loan.
pub(super) fn run(terms: &Terms, known: &Known, plan: &Plan) -> Result<Vec<LoanEvent>, TermError> {
    let mut state = State::at_status(terms, known, plan);
    let mut events = Vec::new();
    let bought = terms.purchase.map(|(at, _)| (at, Kind::Purchase));
    for due in &plan.due {
        if due.at <= terms.status {
            continue;
        }
        if known.until.is_some_and(|until| until < due.at && !state.called) {
            break;
        }
        let payoff = state.apply(due)?;
        // What happened before a purchase shapes the state, and belongs to the seller.
        if bought.is_none_or(|bought| bought <= (due.at, due.kind)) {
            events.push(state.event(due, if state.performs { payoff } else { 0.0 }));
        }
        if matches!(due.kind, Kind::Maturity | Kind::Termination | Kind::Settlement) {
            break;
        }
    }
    Ok(events)
}

/// Clamps a value to bounds, where they are given.
fn bounded(value: f64, high: Option<f64>, low: Option<f64>) -> f64 {
    value.max(low.unwrap_or(f64::NEG_INFINITY)).min(high.unwrap_or(f64::INFINITY))
}

impl<'a> State<'a> {
    fn at_status(terms: &'a Terms, known: &'a Known, plan: &'a Plan) -> Self {
        let mut state = Self {
            terms,
            known,
            plan,
            last: terms.status,
            notional: 0.0,
            rate: 0.0,
            accrued: 0.0,
            fee: 0.0,
            base: 0.0,
            instalment: 0.0,
            multipliers: terms.multipliers,
            fixed_interest: 0.0,
            called: false,
            performs: !terms.defaulted,
        };
        if terms.start <= terms.status {
            state.pay_out();
            state.accrued = state.accrued_at_status();
            state.fee = state.fee_at_status();
            state.first_instalment(terms.status);
        }
        state
    }

    /// As stated; else, of a bullet, from the last interest date before.
    fn accrued_at_status(&self) -> f64 {
        let terms = self.terms;
        let since = self.plan.interest.iter().rfind(|date| **date < terms.status);
        match (terms.accrued, since) {
            (Some(accrued), _) => terms.sign * accrued,
            (None, Some(since)) if terms.kind == Loan::Bullet => {
                self.fraction(*since, terms.status) * self.notional * self.rate
            }
            _ => 0.0,
        }
    }

    fn fee_at_status(&self) -> f64 {
        let terms = self.terms;
        let since = self.plan.fees.iter().rfind(|date| **date < terms.status);
        match (terms.fee_accrued, since) {
            (Some(fee), _) => terms.sign * fee,
            (None, Some(since)) => self.fraction(*since, terms.status) * self.notional * terms.fee_rate,
            _ => 0.0,
        }
    }

    fn fraction(&self, from: Time, to: Time) -> f64 {
        year_fraction(self.terms, from, to, self.plan.maturity)
    }

    /// The principal and the rate of the start.
    fn pay_out(&mut self) {
        let terms = self.terms;
        self.notional = terms.sign * terms.notional;
        self.rate = terms.rate.unwrap_or(0.0);
        self.base = match terms.base {
            Base::Notional => self.notional,
            Base::Initial | Base::Lagged => {
                terms.base_amount.map_or(self.notional, |amount| terms.sign * amount)
            }
        };
    }

    /// The instalment to begin with: as stated, or as it repays the loan.
    fn first_instalment(&mut self, from: Time) {
        let terms = self.terms;
        self.instalment = match (terms.kind, terms.instalment) {
            (Loan::Bullet | Loan::CallMoney, _) => 0.0,
            (_, Some(stated)) => terms.sign * stated,
            (Loan::Linear, None) => level::linear(terms, self.plan, self.notional, from),
            (Loan::Annuity, None) => self.level_payment(self.last, from),
        };
    }

    fn level_payment(&self, now: Time, from: Time) -> f64 {
        let owed = Owed { notional: self.notional, accrued: self.accrued, base: self.base, rate: self.rate };
        annuity(self.terms, self.plan, owed, now, from)
    }

    /// Interest and fees up to a day.
    fn accrue(&mut self, to: Time) {
        let fraction = self.fraction(self.last, to);
        if !self.called {
            self.accrued += fraction * self.rate * self.base;
        }
        if !self.terms.fee_absolute {
            self.fee += fraction * self.terms.fee_rate * self.notional;
        }
        self.last = self.last.max(to);
    }

    fn repay(&mut self, amount: f64) {
        self.notional -= amount;
        if self.terms.base == Base::Notional {
            self.base = self.notional;
        }
    }

    /// No more than is outstanding.
    fn at_most_outstanding(&self, amount: f64) -> f64 {
        let sign = self.terms.sign;
        sign * (sign * amount).min(sign * self.notional)
    }

    /// Applies an event and returns the payment.
    fn apply(&mut self, due: &Due) -> Result<f64, TermError> {
        let at = due.scheduled;
        if due.kind == Kind::Start {
            return Ok(self.start(at));
        }
        let before = self.last;
        self.accrue(at);
        Ok(match due.kind {
            Kind::Redemption => self.redeem(),
            Kind::Prepayment => self.prepay(due)?,
            Kind::Penalty => self.penalty(before, at)?,
            Kind::Interest => self.pay_interest(),
            Kind::Capitalization => {
                let added = std::mem::take(&mut self.accrued);
                self.repay(-added);
                0.0
            }
            Kind::Fee if self.terms.fee_absolute => self.terms.sign * self.terms.fee_rate,
            Kind::Fee => std::mem::take(&mut self.fee),
            Kind::Purchase => {
                let price = self.terms.purchase.map_or(0.0, |(_, price)| price);
                -self.terms.sign * (price + self.accrued)
            }
            Kind::Termination => {
                let price = self.terms.termination.map_or(0.0, |(_, price)| price);
                let paid = self.terms.sign * (price + self.accrued);
                self.close();
                paid
            }
            Kind::Maturity | Kind::Settlement => {
                let paid = self.multipliers[1] * self.notional;
                self.close();
                paid
            }
            _ => {
                self.change(due.kind, at)?;
                0.0
            }
        })
    }

    /// Changes of the state without payment.
    fn change(&mut self, kind: Kind, at: Time) -> Result<(), TermError> {
        match kind {
            Kind::Call => {
                self.called = true;
                // Paid back the same day, it is still accrued; with a notice it is owed from now on.
                if !self.terms.notice.is_zero() {
                    self.fixed_interest = std::mem::take(&mut self.accrued);
                }
            }
            Kind::Default => self.performs = false,
            Kind::FixedReset => self.rate = self.terms.reset_next.unwrap_or(self.rate),
            Kind::Reset => self.reset(at)?,
            Kind::Fixing => self.instalment = self.level_payment(at, at),
            Kind::Scaling => self.scale(at)?,
            Kind::Base => self.base = self.notional,
            _ => {}
        }
        Ok(())
    }

    fn start(&mut self, at: Time) -> f64 {
        let terms = self.terms;
        self.pay_out();
        self.last = at;
        let early = terms.interest.anchor.filter(|anchor| *anchor < at);
        self.accrued = match (terms.accrued, early) {
            (Some(accrued), _) => terms.sign * accrued,
            (None, Some(anchor)) => self.fraction(anchor, at) * self.notional * self.rate,
            (None, None) => 0.0,
        };
        // An instalment on the very day of the start counts.
        self.first_instalment(at.plus_days(-1));
        let premium = if terms.kind == Loan::CallMoney { 0.0 } else { terms.premium };
        -terms.sign * (terms.notional + premium)
    }

    fn redeem(&mut self) -> f64 {
        let repaid = match self.terms.kind {
            Loan::Annuity => self.instalment - self.accrued,
            _ => self.instalment,
        };
        let repaid = self.at_most_outstanding(repaid);
        self.repay(repaid);
        self.multipliers[1] * repaid
    }

    fn pay_interest(&mut self) -> f64 {
        let due = std::mem::take(&mut self.accrued) + std::mem::take(&mut self.fixed_interest);
        self.multipliers[0] * due
    }

    fn prepay(&mut self, due: &Due) -> Result<f64, TermError> {
        let terms = self.terms;
        let amount = match due.amount {
            Some(amount) => amount,
            None => self.known.value(&terms.prepayment_series, due.scheduled)?,
        };
        let paid = self.at_most_outstanding(terms.sign * amount);
        self.repay(paid);
        if terms.prepayment == Prepayment::Amount {
            self.instalment = match terms.kind {
                Loan::Annuity => self.level_payment(due.scheduled, due.scheduled),
                Loan::Linear => level::linear(terms, self.plan, self.notional, due.scheduled),
                _ => 0.0,
            };
        }
        Ok(paid)
    }

    fn penalty(&self, before: Time, at: Time) -> Result<f64, TermError> {
        let terms = self.terms;
        let on_notional = self.fraction(before, at) * self.notional;
        Ok(match terms.penalty {
            Penalty::None => 0.0,
            Penalty::Absolute => terms.sign * terms.penalty_rate,
            Penalty::Nominal => on_notional * terms.penalty_rate,
            Penalty::RateDifference => {
                let market = self.known.value(&terms.reset_series, at)?;
                on_notional * (self.rate - market).max(0.0)
            }
        })
    }

    fn reset(&mut self, at: Time) -> Result<(), TermError> {
        let terms = self.terms;
        let [life_cap, life_floor, period_cap, period_floor] = terms.bounds;
        let market = self.known.value(&terms.reset_series, at)?;
        let target = market * terms.reset_multiplier + terms.reset_spread;
        let step = bounded(target - self.rate, period_cap, period_floor);
        // Without a bound, the target itself: a difference would lose its last digits.
        let stepped = if period_cap.is_none() && period_floor.is_none() { target } else { self.rate + step };
        self.rate = bounded(stepped, life_cap, life_floor);
        Ok(())
    }

    fn scale(&mut self, at: Time) -> Result<(), TermError> {
        let index = self.known.value(&self.terms.scaling_series, at)?;
        let ratio = index / self.terms.scaling_base.unwrap_or(1.0);
        for (multiplier, scales) in self.multipliers.iter_mut().zip(self.terms.scales) {
            if scales {
                *multiplier = ratio;
            }
        }
        Ok(())
    }

    /// Nothing is outstanding any more; the rate stays for the record.
    fn close(&mut self) {
        (self.notional, self.base, self.accrued, self.fee) = (0.0, 0.0, 0.0, 0.0);
    }

    fn event(&self, due: &Due, payoff: f64) -> LoanEvent {
        LoanEvent {
            date: due.at.text(),
            kind: due.kind.name(),
            // Adding zero makes minus zero plain.
            payoff: payoff + 0.0,
            currency: self.terms.currency.clone(),
            notional: self.notional + 0.0,
            rate: self.rate,
            accrued: self.accrued + 0.0,
        }
    }
}
