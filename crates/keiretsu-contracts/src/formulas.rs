//! Formulas of the model to registers of the program.

use keiretsu_model::formula::{ContractReading, Extreme, Formula, Node, Operator, PartyReading};
use keiretsu_model::{ContractRef, PartyRef};
use keiretsu_program::{EventId, Op, PartyId, Reg};

use crate::Readable;
use crate::calendar::Calendar;
use crate::lowering::{Lowering, kind_of, versions};

impl Lowering<'_> {
    /// The register of a formula, in base units and the currency of the tables.
    pub fn formula(&mut self, formula: &Formula) -> Reg {
        self.in_books(None, |lowering| lowering.in_tables(formula))
    }

    fn in_tables(&mut self, formula: &Formula) -> Reg {
        match &formula.node {
            Node::Amount(quantity) => {
                let number = self.program.number(quantity.amount);
                self.converted(number, quantity.currency)
            }
            Node::Undisclosed => self.program.number(f64::NAN),
            Node::Truth(truth) => self.program.number(f64::from(u8::from(*truth))),
            Node::Factor(factor) => match self.past_month {
                Some(t) => self.factor_then(*factor, t),
                None => self.factor_now(*factor),
            },
            Node::Event(event) => self.program.op(Op::Event(EventId(event.0))),
            Node::Date(when) => {
                let (from, then) = (self.calendar.from(when), self.past_month);
                self.program.curve_of(|t| f64::from(u8::from(from <= then.unwrap_or(i64::from(t)))))
            }
            Node::OfParty(reading, party) => self.of_party(*reading, *party),
            Node::OfContract(ContractReading::Capacity, contract, _) if self.past_month.is_some() => {
                self.power_of_past(*contract)
            }
            Node::OfContract(reading, contract, tranche) => {
                self.now(|lowering| lowering.of_contract(*reading, *contract, tranche.as_deref()))
            }
            Node::SumNext(of, months) => match &of.node {
                Node::OfContract(ContractReading::Minimum, contract, _) => {
                    self.now(|lowering| lowering.readable(*contract, Readable::MinimumNext(*months)))
                }
                _ => self.program.number(f64::NAN),
            },
            Node::Lag(of, months) => self.lagged(of, *months),
            Node::Negative(of) => {
                let zero = self.program.number(0.0);
                let of = self.formula(of);
                self.program.sub(zero, of)
            }
            Node::Not(of) => {
                let of = self.formula(of);
                self.program.op(Op::Not(of))
            }
            Node::Binary(operator, a, b) => {
                let (a, b) = (self.formula(a), self.formula(b));
                self.program.op(binary(*operator, a, b))
            }
            Node::Extreme(extreme, list) => {
                let mut regs = list.iter().map(|part| self.formula(part)).collect::<Vec<_>>().into_iter();
                // The parser never makes an empty list.
                let first = regs.next().unwrap_or_else(|| self.program.number(f64::NAN));
                regs.fold(first, |so_far, next| match extreme {
                    Extreme::Least => self.program.min(so_far, next),
                    Extreme::Greatest => self.program.max(so_far, next),
                })
            }
            Node::If(three) => {
                let [when, then, otherwise] = three.each_ref().map(|part| self.formula(part));
                self.program.op(Op::Choose { when, then, otherwise })
            }
        }
    }

    /// The power of a contract in the past month of which formulas are made, else as it stands at as-of.
    fn power_of_past(&mut self, contract: ContractRef) -> Reg {
        let power = self.past_month.and_then(|t| self.power_then(contract, t)?.amount());
        match power {
            Some(power) => self.program.number(power),
            None => self.now(|lowering| lowering.readable(contract, Readable::Capacity)),
        }
    }

    fn of_party(&mut self, reading: PartyReading, party: PartyRef) -> Reg {
        let model = self.model;
        let record = &model.party(party).record;
        match reading {
            PartyReading::Cash => self.program.op(Op::Cash(PartyId(model.group(party).0))),
            PartyReading::Defaulted => self.program.op(Op::Defaulted(PartyId(model.group(party).0))),
            PartyReading::Revenue => self.optional(record.formula("revenue")),
            PartyReading::Value => self.optional(record.formula("value")),
        }
    }

    fn optional(&mut self, formula: Option<&Formula>) -> Reg {
        match formula {
            Some(formula) => self.formula(formula),
            None => self.program.number(f64::NAN),
        }
    }

    fn of_contract(&mut self, reading: ContractReading, contract: ContractRef, tranche: Option<&str>) -> Reg {
        match reading {
            ContractReading::Capacity => self.readable(contract, Readable::Capacity),
            ContractReading::Minimum => self.readable(contract, Readable::Minimum),
            ContractReading::Paid => {
                let account = self.paid_account(contract, tranche);
                self.program.op(Op::Account(account))
            }
            ContractReading::Funded => {
                let account = self.paid_account(contract, tranche);
                let paid = self.program.op(Op::Account(account));
                let zero = self.program.number(0.0);
                self.program.op(Op::MoreThan(paid, zero))
            }
        }
    }

    /// What a contract's type reads off it, in the currency of the tables; each of its versions in the months
    /// in which it holds.
    pub(crate) fn readable(&mut self, contract: ContractRef, what: Readable) -> Reg {
        self.read_off(contract, what).unwrap_or_else(|| self.program.number(f64::NAN))
    }

    /// The same; none where the contract has no such thing.
    pub(crate) fn read_off(&mut self, contract: ContractRef, what: Readable) -> Option<Reg> {
        let known = self.model.contract(contract)?;
        let kind = kind_of(known)?;
        let calendar = self.calendar;
        let mut sum: Option<Reg> = None;
        for terms in versions(contract, known, &calendar) {
            let Some(reg) = kind.read(self, &terms, what) else { continue };
            sum = Some(match sum {
                Some(sum) => self.program.add(sum, reg),
                None => reg,
            });
        }
        sum
    }
}

/// Whether a condition holds in a month before the run, as far as dates and nothing else decide it.
pub(crate) fn decided(formula: &Formula, calendar: &Calendar, t: i64) -> Option<bool> {
    decided_by(formula, calendar, t, &|_, _| None)
}

/// The same where `other` says what else decides it.
pub(crate) fn decided_by(
    formula: &Formula,
    calendar: &Calendar,
    t: i64,
    other: &dyn Fn(&Formula, i64) -> Option<bool>,
) -> Option<bool> {
    let of = |part: &Formula| decided_by(part, calendar, t, other);
    match &formula.node {
        Node::Truth(truth) => Some(*truth),
        Node::Date(when) => Some(calendar.from(when) <= t),
        Node::Not(part) => of(part).map(|holds| !holds),
        Node::Binary(Operator::And, a, b) => match (of(a), of(b)) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        },
        Node::Binary(Operator::Or, a, b) => match (of(a), of(b)) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        },
        Node::Lag(part, months) => decided_by(part, calendar, t - i64::from(*months), other),
        _ => other(formula, t),
    }
}

/// The month in which a condition first holds, whatever its lapse, where dates and nothing else decide it.
pub(crate) fn first_held(formula: &Formula, calendar: &Calendar) -> Option<i64> {
    let mut months = Vec::new();
    changes(formula, 0, calendar, &mut months);
    months.sort_unstable();
    let before = months.first()? - 1;
    // What has always held began on no date.
    if decided(formula, calendar, before)? {
        return None;
    }
    for t in months {
        if decided(formula, calendar, t)? {
            return Some(t);
        }
    }
    None
}

/// The months in which a condition of dates may change.
pub(crate) fn changes(formula: &Formula, later: i64, calendar: &Calendar, months: &mut Vec<i64>) {
    match &formula.node {
        Node::Date(when) => months.push(calendar.from(when) + later),
        Node::Not(part) => changes(part, later, calendar, months),
        Node::Lag(part, lag) => changes(part, later + i64::from(*lag), calendar, months),
        Node::Binary(_, a, b) => {
            changes(a, later, calendar, months);
            changes(b, later, calendar, months);
        }
        _ => {}
    }
}

fn binary(operator: Operator, a: Reg, b: Reg) -> Op {
    match operator {
        Operator::Or => Op::Or(a, b),
        Operator::And => Op::And(a, b),
        Operator::AtLeast => Op::AtLeast(a, b),
        Operator::AtMost => Op::AtLeast(b, a),
        Operator::MoreThan => Op::MoreThan(a, b),
        Operator::LessThan => Op::MoreThan(b, a),
        Operator::Plus => Op::Add(a, b),
        Operator::Minus => Op::Sub(a, b),
        Operator::Times => Op::Mul(a, b),
        Operator::Per => Op::Div(a, b),
    }
}
