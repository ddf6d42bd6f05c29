//! Typed terms to the schedule: events, their days and order (ACTUS, Contract Schedule).

use super::Known;
use super::cycle::{Cycle, Ends, schedule};
use super::level;
use super::terms::{Cyclic, Kind as Loan, Prepayment, Terms};
use super::time::Time;

/// Event types in the order in which they take place within a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// IED: the principal is paid out.
    Start,
    /// FP.
    Fee,
    /// XD: the lender calls.
    Call,
    /// PR: an instalment.
    Redemption,
    /// PY.
    Penalty,
    /// PP.
    Prepayment,
    /// IP.
    Interest,
    /// IPCI: interest is added to the principal.
    Capitalization,
    /// CE: the borrower has defaulted.
    Default,
    /// RRF: a rate that is known.
    FixedReset,
    /// RR.
    Reset,
    /// PRF: the level payment is fixed anew.
    Fixing,
    /// PRD.
    Purchase,
    /// TD.
    Termination,
    /// SC.
    Scaling,
    /// IPCB: the base of interest is fixed anew.
    Base,
    /// MD.
    Maturity,
    /// STD: a called loan is paid back.
    Settlement,
}

impl Kind {
    /// The ACTUS short name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Start => "IED",
            Self::Fee => "FP",
            Self::Call => "XD",
            Self::Redemption => "PR",
            Self::Penalty => "PY",
            Self::Prepayment => "PP",
            Self::Interest => "IP",
            Self::Capitalization => "IPCI",
            Self::Default => "CE",
            Self::FixedReset => "RRF",
            Self::Reset => "RR",
            Self::Fixing => "PRF",
            Self::Purchase => "PRD",
            Self::Termination => "TD",
            Self::Scaling => "SC",
            Self::Base => "IPCB",
            Self::Maturity => "MD",
            Self::Settlement => "STD",
        }
    }

    /// An event type that may be observed.
    pub fn observed(name: &str) -> Option<Self> {
        [Self::Call, Self::Prepayment, Self::Default].into_iter().find(|kind| kind.name() == name)
    }
}

/// An event to come.
#[derive(Clone, Copy, Debug)]
pub(super) struct Due {
    /// The day it happens.
    pub at: Time,
    pub kind: Kind,
    /// The day for which it was scheduled.
    pub scheduled: Time,
    /// The amount of an observed prepayment.
    pub amount: Option<f64>,
}

/// The schedule.
pub(super) struct Plan {
    /// In the order in which they take place.
    pub due: Vec<Due>,
    /// The day of repayment; unknown for a call loan that is not called.
    pub maturity: Option<Time>,
    /// The days of instalments, and the day by which the principal is to be repaid as the last.
    pub instalments: Vec<Time>,
    /// The days on which interest is paid.
    pub interest: Vec<Time>,
    pub fees: Vec<Time>,
}

/// The last day that is reckoned with where nothing ends a loan: a hundred years.
const OPEN_MONTHS: i32 = 1200;

impl Plan {
    pub fn new(terms: &Terms, known: &Known) -> Self {
        let maturity = level::maturity(terms, known);
        let open = known.until.unwrap_or(terms.start.plus_months(OPEN_MONTHS));
        let mut plan = Self {
            due: Vec::new(),
            maturity,
            instalments: Vec::new(),
            interest: Vec::new(),
            fees: Vec::new(),
        };
        let end = maturity.unwrap_or(open);
        plan.principal(terms, end);
        plan.capital(terms, known, end);
        plan.interest(terms, end);
        plan.resets(terms, end);
        plan.options(terms, known, end);
        plan.due.sort_by_key(|due| (due.at, due.kind));
        // Nothing happens before the loan is paid out, but a purchase or what is observed.
        plan.due.retain(|due| (terms.start, Kind::Start) <= (due.at, due.kind));
        plan
    }

    fn add(&mut self, terms: &Terms, kind: Kind, scheduled: Time) {
        self.due.push(Due { at: terms.convention.shifted(scheduled), kind, scheduled, amount: None });
    }

    /// An event that takes place on its day, business day or not.
    fn fixed(&mut self, kind: Kind, at: Time, amount: Option<f64>) {
        self.due.push(Due { at, kind, scheduled: at, amount });
    }

    fn cyclic(&mut self, terms: &Terms, kind: Kind, cyclic: Cyclic, end: Time, ends: Ends) -> Vec<Time> {
        let dates = dates(terms, cyclic, end, ends);
        for date in &dates {
            self.add(terms, kind, *date);
        }
        dates
    }

    fn principal(&mut self, terms: &Terms, end: Time) {
        self.fixed(Kind::Start, terms.start, None);
        if !matches!(terms.kind, Loan::Linear | Loan::Annuity) {
            return;
        }
        self.cyclic(terms, Kind::Redemption, terms.principal, end, Ends::Without);
        let repaid_by = terms.amortization.unwrap_or(end);
        self.instalments = dates(terms, terms.principal, repaid_by, Ends::With);
        let first = first_instalment(terms);
        let before = first.plus_days(-1);
        if terms.kind == Loan::Annuity && terms.instalment.is_none() && terms.start <= before {
            self.fixed(Kind::Fixing, before, None);
        }
    }

    /// Repayments of principal, purchase and sale of the loan.
    fn capital(&mut self, terms: &Terms, known: &Known, end: Time) {
        let called = call_of(terms, known).filter(|_| terms.kind == Loan::CallMoney);
        if let Some(call) = called {
            let back = terms.notice.after(call, 1);
            self.fixed(Kind::Call, call, None);
            self.add(terms, Kind::Settlement, back);
            if terms.rate.is_some() {
                self.add(terms, Kind::Interest, back);
            }
        } else if self.maturity.is_some() {
            self.add(terms, Kind::Maturity, end);
        }
        if let Some((at, _)) = terms.purchase {
            self.fixed(Kind::Purchase, at, None);
        }
        if let Some((at, _)) = terms.termination {
            self.fixed(Kind::Termination, at, None);
        }
        if terms.base == super::terms::Base::Lagged {
            self.cyclic(terms, Kind::Base, terms.base_dates, end, Ends::Without);
        }
    }

    fn interest(&mut self, terms: &Terms, end: Time) {
        if terms.rate.is_none() {
            return;
        }
        if terms.kind == Loan::CallMoney {
            self.cyclic(terms, Kind::Capitalization, terms.interest, end, Ends::Without);
            let called = self.due.iter().any(|due| due.kind == Kind::Call);
            if self.maturity.is_some() && !called {
                self.add(terms, Kind::Interest, end);
            }
            return;
        }
        let mut list = dates(terms, terms.interest, end, Ends::With);
        if terms.kind == Loan::Annuity {
            // An annuity pays its interest with every instalment.
            list.extend(dates(terms, terms.principal, end, Ends::With));
        }
        let capitalised = terms.capitalization_end;
        list.extend(capitalised);
        list.sort_unstable();
        list.dedup();
        for date in list {
            let kind = match capitalised {
                Some(last) if date <= last => Kind::Capitalization,
                _ => Kind::Interest,
            };
            self.interest.push(date);
            self.add(terms, kind, date);
        }
    }

    fn resets(&mut self, terms: &Terms, end: Time) {
        let dates = dates(terms, terms.reset, end, Ends::Without);
        let next = dates.iter().position(|date| terms.status < *date).filter(|_| terms.reset_next.is_some());
        for (at, date) in dates.iter().enumerate() {
            self.add(terms, if Some(at) == next { Kind::FixedReset } else { Kind::Reset }, *date);
            if terms.kind == Loan::Annuity {
                self.add(terms, Kind::Fixing, *date);
            }
        }
        if terms.scales.contains(&true) {
            self.cyclic(terms, Kind::Scaling, terms.scaling, end, Ends::Without);
        }
        if terms.fee_rate.abs() > 0.0 {
            self.fees = self.cyclic(terms, Kind::Fee, terms.fee, end, Ends::With);
        }
    }

    fn options(&mut self, terms: &Terms, known: &Known, end: Time) {
        let mut prepaid = Vec::new();
        if terms.prepayment != Prepayment::None && !terms.prepayment_series.is_empty() {
            prepaid = self.cyclic(terms, Kind::Prepayment, terms.option, end, Ends::Without);
        }
        for (at, kind, amount) in &known.events {
            if *kind == Kind::Prepayment {
                prepaid.push(*at);
            }
            if *kind != Kind::Call {
                self.fixed(*kind, *at, Some(*amount));
            }
        }
        if terms.penalty != super::terms::Penalty::None {
            for date in prepaid {
                self.add(terms, Kind::Penalty, date);
            }
        }
    }
}

/// The dates of an anchor and a cycle: from the anchor, else one cycle after the start; neither: the end.
pub(super) fn dates(terms: &Terms, cyclic: Cyclic, end: Time, ends: Ends) -> Vec<Time> {
    let Some(anchor) = anchor(terms, cyclic) else {
        return if ends == Ends::With { vec![end] } else { Vec::new() };
    };
    schedule(anchor, cyclic.cycle, end, terms.end_of_month, ends)
}

fn anchor(terms: &Terms, Cyclic { anchor, cycle }: Cyclic) -> Option<Time> {
    let after_start = |cycle: Cycle| cycle.at(terms.start, 1, terms.end_of_month);
    anchor.or_else(|| cycle.map(after_start))
}

/// The first day of an instalment.
pub(super) fn first_instalment(terms: &Terms) -> Time {
    anchor(terms, terms.principal).unwrap_or(terms.start)
}

/// When the lender calls, as observed: the first call after the status date.
pub(super) fn call_of(terms: &Terms, known: &Known) -> Option<Time> {
    let calls = known.events.iter().filter(|(at, kind, _)| *kind == Kind::Call && terms.status < *at);
    let call = calls.map(|(at, ..)| *at).min()?;
    terms.maturity.is_none_or(|maturity| call < maturity).then_some(call)
}
