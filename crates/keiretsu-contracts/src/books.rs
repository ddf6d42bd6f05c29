//! Books: the currency in which a contract keeps what it owes from month to month, and the border between
//! them and the tables.
//!
//! A loan of EUR 10M is EUR 10M until it is paid back, whatever a euro is worth meanwhile. So while a
//! contract is lowered its registers are in the currency of its main amount. What comes from outside is
//! *entered* in the books at the rate of its month, what goes out (flows, claims, exposures, credits) is
//! *posted* at the rate of its month, each in one place.
//!
//! Invariant: a contract in the currency of the tables, or in one with a rate that never changes, is lowered
//! as if there were no books.
//! Absent: books in several currencies; a contract's other amounts are entered at the rate of their month. A
//! rate that changes within a month holds for all of it in books.

use jiff::civil::Date;
use keiretsu_model::formula::{Formula, Node};
use keiretsu_model::record::{Basis, Content, Record, Stated};
use keiretsu_model::{ContractRef, Standing};
use keiretsu_program::{AccountId, Feed, Op, Reg};
use keiretsu_values::{Currency, Value};

use crate::commitments::worded;
use crate::dated::Dated;
use crate::lowering::Lowering;
use crate::side::Due;

impl Lowering<'_> {
    /// The currency of a contract's books, that of its main amount; `None`: that of the tables, as where it
    /// keeps nothing, or where the rate never changes, so that both come to the same.
    pub(crate) fn books_of(&self, id: ContractRef) -> Option<Currency> {
        let contract = self.model.contract(id)?;
        let record = contract.record();
        let mut kept = contract.spec.terms.iter().filter(|term| term.kept);
        let main = kept.find_map(|term| currency_of(record, term.name))?;
        self.moves(Some(main)).then_some(main)
    }

    /// Lowers something in the currency of some books, then returns to the former one.
    pub(crate) fn in_books<T>(&mut self, books: Option<Currency>, make: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.books, books);
        let made = make(self);
        self.books = before;
        made
    }

    /// An amount of the tables in the books, this month.
    pub(crate) fn entered(&mut self, amount: Reg) -> Reg {
        match self.rate(self.books) {
            Some(rate) => self.program.op(Op::Div(amount, rate)),
            None => amount,
        }
    }

    /// An amount of the books in the currency of the tables, this month.
    pub(crate) fn posted(&mut self, amount: Reg) -> Reg {
        match self.rate(self.books) {
            Some(rate) => self.program.mul(amount, rate),
            None => amount,
        }
    }

    /// A formula in the books, with a register of its own where some scenario changes it.
    pub(crate) fn entered_formula(&mut self, path: String, formula: &Formula) -> Reg {
        if let (Some(share), whole) = formula.shared() {
            let whole = self.entered_formula(path, whole);
            return self.share_of(share, whole);
        }
        let in_books = |currency: Option<Currency>| currency.is_some() && currency == self.books;
        if let Node::Amount(quantity) = &formula.node
            && in_books(quantity.currency)
            && !self.is_target(&path)
        {
            return self.program.number(quantity.amount);
        }
        if let Some(stated) = formula.worded() {
            let reg = self.figure(path.clone(), stated, &Basis::default());
            return self.changeable(path, reg);
        }
        let reg = self.formula(formula);
        let reg = self.changeable(path, reg);
        let is_money = |formula| self.model.dimension_of(formula).is_some_and(|of| of.money != 0);
        if self.books.is_some() && is_money(formula) { self.entered(reg) } else { reg }
    }

    /// What had been paid by the end of last month into an account that grows by payments, in the books: each
    /// payment at the rate of its month.
    pub(crate) fn paid_on(&mut self, account: AccountId) -> Reg {
        let paid = self.program.op(Op::Account(account));
        let Some(rate) = self.rate(self.books) else { return paid };
        if let Some(known) = self.paid_in_books.get(&account) {
            return *known;
        }
        // Payments are known in the month after, so the last one is added to those before it.
        let [paid_before, rate] = [paid, rate].map(|of| self.program.op(Op::Lag { of, months: 1 }));
        let last = self.program.sub(paid, paid_before);
        let last = self.program.op(Op::Div(last, rate));
        let earlier = self.program.account(0.0);
        self.program.feed(earlier, Feed::Value(last));
        let earlier = self.program.op(Op::Account(earlier));
        let sum = self.program.add(earlier, last);
        self.paid_in_books.insert(account, sum);
        sum
    }

    /// What money of the books is worth this month, of what it was worth last month; `None` where that never
    /// changes.
    pub(crate) fn books_growth(&mut self) -> Option<Reg> {
        let rate = self.rate(self.books).filter(|_| self.moves(self.books))?;
        let before = self.program.op(Op::Lag { of: rate, months: 1 });
        Some(self.program.op(Op::Div(rate, before)))
    }

    /// An amount of these books in others, at the rates of a past month.
    pub(crate) fn carried(&mut self, amount: Reg, to: Option<Currency>, t: i64) -> Reg {
        if to == self.books {
            return amount;
        }
        self.then(t, |lowering| {
            let posted = lowering.posted(amount);
            lowering.in_books(to, |lowering| lowering.entered(posted))
        })
    }

    /// What one unit of a currency is in the books on a day; what is in none is no money.
    pub(crate) fn exchange(&self, currency: Option<Currency>, day: Date) -> Value {
        let books = self.books.unwrap_or(self.model.currency);
        match currency {
            Some(currency) if currency != books => {
                self.model.worth_on(currency, day).divide(&self.model.worth_on(books, day))
            }
            _ => Value::exact(1.0),
        }
    }

    /// The three readings of a figure that stands as it does, in the books.
    pub(crate) fn entered_readings(&self, stated: &Stated, standing: Standing) -> [Value; 3] {
        let day = stated.on.map_or(self.model.as_of, |when| when.last);
        stated.exchanged(worded(stated, standing), |currency| Some(self.exchange(currency, day)))
    }

    /// The dues of a figure that stands as it does, in the books.
    pub(crate) fn entered_dues(&self, stated: &Stated, standing: Standing, dated: &Dated) -> Vec<Due> {
        let mut dues = dated.dues(&self.calendar, &worded(stated, standing));
        for due in &mut dues {
            let amounts = due.amounts.clone();
            due.amounts = stated.exchanged(amounts, |currency| Some(self.exchange(currency, due.on)));
        }
        dues
    }

    /// Amounts of the books in the currency of the tables, on a day.
    pub(crate) fn posted_on(&self, amounts: &[Value; 3], day: Date) -> [Value; 3] {
        let rate = self.model.worth_on(self.books.unwrap_or(self.model.currency), day);
        amounts.each_ref().map(|amount| amount.scaled(&rate))
    }

    /// Dues of the books in the currency of the tables, each at the rate of its day.
    pub(crate) fn posted_dues(&self, dues: Vec<Due>) -> Vec<Due> {
        dues.into_iter().map(|due| Due { amounts: self.posted_on(&due.amounts, due.on), ..due }).collect()
    }

    /// The currencies that decide what a record brings in the books: all that it names, where they are not
    /// that of the books alone.
    pub(crate) fn currencies_in(&self, record: &Record) -> Vec<Currency> {
        let mut all: Vec<Currency> = self.books.into_iter().collect();
        record.walk("", &mut |_, entry| match &entry.content {
            Content::Figure(stated) => {
                all.extend([stated.figure.currency, stated.expected_in()].into_iter().flatten());
            }
            Content::Formula(formula, _) => formula.walk(&mut |part| {
                if let Some(stated) = part.worded() {
                    all.extend(stated.figure.currency);
                }
                if let Node::Amount(quantity) = &part.node {
                    all.extend(quantity.currency);
                }
            }),
            _ => {}
        });
        all.retain(|currency| *currency != self.model.currency);
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// The currency of a term, or of the first amount in its tables that has one.
fn currency_of(record: &Record, term: &str) -> Option<Currency> {
    let of_tables =
        || record.tables(term).iter().find_map(|(.., table)| table.figure("amount")?.figure.currency);
    record.figure(term).and_then(|stated| stated.figure.currency).or_else(of_tables)
}

#[cfg(test)]
mod tests;
