//! Formulas of the model to registers of the program.

use keiretsu_model::formula::{ContractReading, Extreme, Formula, Node, Operator, PartyReading};
use keiretsu_model::record::{Basis, Stated};
use keiretsu_model::{ContractRef, PartyRef};
use keiretsu_program::{EventId, Op, PartyId, Reg};

use crate::lowering::{Lowering, Readable};
use crate::terms::versions;

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
            Node::Worded(stated) => self.worded_in(stated),
            Node::Share(share) => self.share(share),
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

    /// A figure in words, under the words themselves where no term gives it a path.
    fn worded_in(&mut self, stated: &Stated) -> Reg {
        self.figure(stated.figure.words.clone(), stated, &Basis::default())
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
            ContractReading::Paid => self.paid_so_far(contract, tranche),
            ContractReading::Funded => {
                let paid = self.paid_so_far(contract, tranche);
                let zero = self.program.number(0.0);
                self.program.op(Op::MoreThan(paid, zero))
            }
        }
    }

    /// What had been paid by the end of last month, by all its parties.
    fn paid_so_far(&mut self, contract: ContractRef, tranche: Option<&str>) -> Reg {
        let mut sum = None;
        for part in self.model.parts(contract) {
            let account = self.paid_account(part, tranche);
            let paid = self.program.op(Op::Account(account));
            sum = Some(sum.map_or(paid, |sum| self.program.add(sum, paid)));
        }
        sum.unwrap_or_else(|| self.program.number(0.0))
    }

    /// What a contract's type reads off it, in the currency of the tables; each of its versions in the months
    /// in which it holds.
    pub(crate) fn readable(&mut self, contract: ContractRef, what: Readable) -> Reg {
        self.read_off(contract, what).unwrap_or_else(|| self.program.number(f64::NAN))
    }

    /// The same; none where the contract has no such thing.
    pub(crate) fn read_off(&mut self, contract: ContractRef, what: Readable) -> Option<Reg> {
        let parts = self.model.parts(contract);
        let read: Vec<Reg> = parts.into_iter().filter_map(|part| self.read_off_one(part, what)).collect();
        read.into_iter().reduce(|sum, part| self.program.add(sum, part))
    }

    fn read_off_one(&mut self, contract: ContractRef, what: Readable) -> Option<Reg> {
        let known = self.model.contract(contract)?;
        let kind = self.type_of(known)?;
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
