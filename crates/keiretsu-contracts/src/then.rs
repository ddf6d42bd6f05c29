//! Formulas as they stood in months before the run: a date says so itself, a factor with a path had the level
//! that its path states, and all else is taken as it stands at as-of.
//!
//! Absent: the past of a factor that follows its own past, which begins at as-of.

use keiretsu_model::formula::{ContractReading, Extreme, Formula, Node, Operator, PartyReading};
use keiretsu_model::record::Record;
use keiretsu_model::{FactorRef, PartyRef, Process};
use keiretsu_program::{Op, Reg};
use keiretsu_values::{Reading, Value};

use crate::calendar::{TermMonths, last_of};
use crate::lowering::Lowering;

impl<'a> Lowering<'a> {
    /// What is made of the formulas of a past month, at the rates of exchange that held then.
    pub(crate) fn then<T>(&mut self, t: i64, make: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.past_month.replace(t);
        let made = make(self);
        self.past_month = before;
        made
    }

    /// What is made as of as-of, within what is made of a past month.
    pub(crate) fn now<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.past_month.take();
        let made = make(self);
        self.past_month = before;
        made
    }

    /// The sum over past months of what is made for each of the terms of a record; made once where no formula
    /// speaks of the past and no rate of exchange has changed.
    pub(crate) fn sum_before(
        &mut self,
        months: &[i64],
        record: &Record,
        formulas: &[&str],
        make: impl Fn(&mut Self) -> Option<Reg>,
    ) -> Option<Reg> {
        let formulas = formulas.iter().filter_map(|term| record.formula(term));
        let speaks = formulas.into_iter().any(|formula| self.speaks_of_past(formula));
        let currencies = self.currencies_in(record);
        if !speaks && currencies.is_empty() {
            let month = make(self)?;
            let sum = self.times(month, months.len() as f64);
            return Some(self.at_start(sum));
        }
        let (first, last) = (*months.first()?, *months.last()?);
        let alike: Vec<TermMonths> = if speaks {
            months.iter().map(|t| TermMonths { first: *t, last: *t }).collect()
        } else {
            self.stretches(&currencies, TermMonths { first, last })
        };
        let mut sum: Option<Reg> = None;
        for stretch in alike {
            let count = months.iter().filter(|t| stretch.holds(**t)).count();
            let month = self.then(stretch.last, &make)?;
            let part = self.times(month, count as f64);
            sum = Some(sum.map_or(part, |sum| self.program.add(sum, part)));
        }
        Some(self.at_start(sum?))
    }

    /// Whether a formula may say something else of a past month than of as-of.
    pub(crate) fn speaks_of_past(&self, formula: &Formula) -> bool {
        match &formula.node {
            Node::Date(_) | Node::OfContract(ContractReading::Capacity, ..) => true,
            Node::Factor(factor) => match self.past_formula(*factor) {
                Some(inner) => self.speaks_of_past(inner),
                None => !self.model.factors[factor.at()].record.by_year("path").is_empty(),
            },
            Node::OfParty(reading, party) => {
                self.party_formula(*reading, *party).is_some_and(|inner| self.speaks_of_past(inner))
            }
            _ => formula.parts().into_iter().any(|part| self.speaks_of_past(part)),
        }
    }

    /// A lag with what its formula says of the months before the run.
    pub(crate) fn lagged(&mut self, of: &Formula, months: u32) -> Reg {
        if let Some(t) = self.past_month {
            return self.then(t - i64::from(months), |lowering| lowering.formula(of));
        }
        let reg = self.formula(of);
        let mut lagged = self.program.op(Op::Lag { of: reg, months });
        if !self.speaks_of_past(of) {
            return lagged;
        }
        for t in 0..i64::from(months.min(self.calendar.months + 1)) {
            let past = self.then(t - i64::from(months), |lowering| lowering.formula(of));
            let when = self.active(TermMonths { first: t, last: t });
            lagged = self.program.op(Op::Choose { when, then: past, otherwise: lagged });
        }
        lagged
    }

    /// The formula that a factor followed in the past too; none where it follows its own past.
    pub(crate) fn past_formula(&self, factor: FactorRef) -> Option<&'a Formula> {
        match &self.model.factors[factor.at()].process {
            Process::Formula(formula) => Some(formula.as_ref()).filter(|formula| !lags(formula)),
            _ => None,
        }
    }

    fn party_formula(&self, reading: PartyReading, party: PartyRef) -> Option<&'a Formula> {
        let term = match reading {
            PartyReading::Revenue => "revenue",
            PartyReading::Value => "value",
            PartyReading::Cash | PartyReading::Defaulted => return None,
        };
        self.model.party(party).record.formula(term).filter(|formula| !lags(formula))
    }
}

/// An amount in a month, in model currency, where numbers and dates and nothing else decide it; in a past
/// month also the levels of factors, as their paths state them, else as they stand at as-of.
pub(crate) fn value_then(formula: &Formula, lowering: &Lowering<'_>, t: i64) -> Option<Value> {
    let of = |part: &Formula| value_then(part, lowering, t);
    match &formula.node {
        Node::Amount(amount) => {
            let day = last_of(lowering.calendar.month(t));
            let rate = amount.currency.map(|currency| lowering.model.worth_on(currency, day));
            let value = Value::exact(amount.amount);
            Some(rate.map_or(value.clone(), |rate| value.scaled(&rate)))
        }
        Node::Worded(stated) => {
            let day = last_of(lowering.calendar.month(t));
            let [firm, expected, headline] = lowering.model.readings_on(stated, day);
            (firm == expected && expected == headline && firm.amount().is_some()).then_some(firm)
        }
        Node::Share(share) => Some(share.values()[Reading::Expected].clone()),
        Node::Factor(factor) if t <= 0 => match lowering.past_formula(*factor) {
            Some(inner) => of(inner),
            None => lowering.level_then(*factor, t),
        },
        Node::OfContract(ContractReading::Capacity, contract, _) if t <= 0 => {
            lowering.power_then(*contract, t)
        }
        Node::If(three) => {
            let [when, then, otherwise] = three.as_ref();
            if lowering.decided_then(when, t)? { of(then) } else { of(otherwise) }
        }
        Node::Extreme(extreme, list) => {
            let mut values = list.iter().map(of).collect::<Option<Vec<_>>>()?.into_iter();
            let first = values.next()?;
            Some(values.fold(first, |so_far, next| match extreme {
                Extreme::Least => so_far.min(&next),
                Extreme::Greatest => so_far.max(&next),
            }))
        }
        Node::Binary(operator, a, b) => {
            let (a, b) = (of(a)?, of(b)?);
            match operator {
                Operator::Plus => Some(a.plus(&b)),
                Operator::Minus => Some(a.minus(&b)),
                Operator::Times => Some(a.scaled(&b)),
                Operator::Per => Some(a.divide(&b)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The same in the books.
pub(crate) fn entered_then(formula: &Formula, lowering: &Lowering<'_>, t: i64) -> Option<Value> {
    let Some(books) = lowering.books else { return value_then(formula, lowering, t) };
    if let (Some(share), whole) = formula.shared() {
        return Some(entered_then(whole, lowering, t)?.scaled(&share.values()[Reading::Expected]));
    }
    match &formula.node {
        Node::Amount(amount) if amount.currency == Some(books) => Some(Value::exact(amount.amount)),
        _ => {
            let day = last_of(lowering.calendar.month(t));
            Some(value_then(formula, lowering, t)?.divide(&lowering.model.worth_on(books, day)))
        }
    }
}

/// Whether a formula reads the past of anything.
fn lags(formula: &Formula) -> bool {
    let mut found = false;
    formula.walk(&mut |part| found |= matches!(part.node, Node::Lag(..)));
    found
}

#[cfg(test)]
mod tests {
    use crate::testing::check;

    const PATH: &str = "[factors.f]\n\
        path = { 2025-10 = '$12M/yr', 2025-11 = '$24M/yr', 2025-12 = '$36M/yr', later = '$36M/yr' }\n";

    #[test]
    fn use_before_as_of_is_that_of_its_path() {
        // By hand: 1, 2 and 3 were used in October, November and December of a quarter's 10 that ends in
        // January: 3 a month from November on counts 2 + 3, January uses 3, so that 2 are short.
        let text = format!(
            "{PATH}[contracts.c]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\nfrom = \"2025-11\"\n\
             until = \"2026-01\"\nusage = \"f\"\nminimum = \"$10M/quarter\""
        );
        check(&text, "expected", "2026-01  a -> b  $5.0M  service");
    }

    #[test]
    fn a_lag_reads_the_path_before_the_run() {
        // By hand: January reads 1 of October, February 2 of November, March 3.
        let text = format!(
            "{PATH}[contracts.c]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\nfrom = \"2026-01\"\n\
             until = \"2026-03\"\nusage = \"f[-3 months]\""
        );
        check(
            &text,
            "expected",
            "2026-01  a -> b  $1.0M  service\n2026-02  a -> b  $2.0M  service\n\
             2026-03  a -> b  $3.0M  service",
        );
    }

    #[test]
    fn shares_of_a_path_count_towards_a_cap() {
        // By hand: 1 + 2 + 3 of 7 were shared by December, which leaves 1.
        let text = format!(
            "{PATH}[contracts.c]\ntype = \"revenue_share\"\npayer = \"a\"\npayee = \"b\"\n\
             from = \"2025-10\"\nrate = \"100%\"\nbase = \"f\"\ncap = \"$7M\""
        );
        check(&text, "expected", "2026-01  a -> b  $1.0M  revenue share");
    }
}
