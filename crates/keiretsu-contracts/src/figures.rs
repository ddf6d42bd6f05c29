//! Figures of a record to registers in the currency of the books.

use keiretsu_model::Standing;
use keiretsu_model::record::{Basis, Stated};
use keiretsu_program::{Distribution, Op, Reg, Slot};
use keiretsu_values::{Set, Value};

use crate::commitments::worded;
use crate::lowering::Lowering;
use crate::slots::{NO_LIMIT, plain_slot, sampled, slot_of, steady};
use crate::terms::{Terms, versions};

impl Lowering<'_> {
    /// A register with a figure, in the currency of the books; each reading as its words say.
    pub fn figure(&mut self, path: String, stated: &Stated, basis: &Basis) -> Reg {
        let slot = plain_slot(stated, self.model.about);
        self.figure_as(path, stated, basis, slot)
    }

    /// A register with a figure of given readings.
    pub fn figure_as(&mut self, path: String, stated: &Stated, basis: &Basis, slot: Slot) -> Reg {
        let slot = self.slot(path, stated, basis, slot);
        self.side.slots[slot.at()].currency = stated.figure.currency;
        let reg = self.program.read(slot);
        let said = self.converted(reg, stated.figure.currency);
        if stated.expected_in() == stated.figure.currency {
            return self.part_of(stated, said);
        }
        let expects = self.converted(reg, stated.expected_in());
        let is_expected = Slot { expected: 1.0, sampled: Distribution::Point(1.0), ..Slot::constant(0.0) };
        let is_expected = self.program.slot(is_expected);
        let when = self.program.read(is_expected);
        let whole = self.program.op(Op::Choose { when, then: expects, otherwise: said });
        self.part_of(stated, whole)
    }

    /// A figure of the record, with its path.
    pub fn term(&mut self, terms: &Terms<'_>, name: &str) -> Option<Reg> {
        let entry = terms.record.entry(name)?;
        let stated = terms.record.figure(name)?;
        Some(self.figure(terms.path(name), stated, &entry.basis))
    }

    /// A formula of the record, with a register of its own where some scenario changes it.
    pub fn formula_term(&mut self, terms: &Terms<'_>, name: &str) -> Option<Reg> {
        Some(self.entered_formula(terms.path(name), terms.record.formula(name)?))
    }

    /// A figure of a table inside the record, with its path.
    pub(crate) fn term_of(&mut self, terms: &Terms<'_>, table: &str, name: &str) -> Option<Reg> {
        let record = terms.record.table(table)?;
        let stated = record.figure(name)?;
        let basis = record.entry(name).map(|entry| entry.basis.clone()).unwrap_or_default();
        Some(self.figure(terms.path(&format!("{table}.{name}")), stated, &basis))
    }

    /// An amount, in each reading as its standing has it.
    pub(crate) fn amount_as(
        &mut self,
        path: String,
        stated: &Stated,
        basis: &Basis,
        standing: Standing,
    ) -> Reg {
        let slot = slot_as(stated, standing, self.model.about);
        self.figure_as(path, stated, basis, slot)
    }

    /// A limit in its time: whatever its words, it is a term that holds in every reading. `None` where no
    /// version states one; a version without one has none to reach.
    pub(crate) fn limit_in_force(&mut self, terms: &Terms<'_>, name: &str) -> Option<Reg> {
        let calendar = self.calendar;
        let all = versions(terms.id, terms.contract, &calendar);
        if !all.iter().any(|version| version.record.has(name)) {
            return None;
        }
        self.in_force(terms, |lowering, version| {
            let Some(stated) = version.record.figure(name) else {
                return Some(lowering.program.number(NO_LIMIT));
            };
            let basis = version.record.entry(name).map(|entry| entry.basis.clone()).unwrap_or_default();
            Some(lowering.limit(version.path(name), stated, &basis))
        })
    }

    /// A register with a limit, which is the same in every reading. One that is undisclosed is read as if it
    /// were never reached, and may be anything.
    pub(crate) fn limit(&mut self, path: String, stated: &Stated, basis: &Basis) -> Reg {
        let most = stated.limit();
        let most = if most.amount().is_none() { Value::new(NO_LIMIT, Set::NOT_NEGATIVE) } else { most };
        // A term of the text, whatever is expected of it.
        let slot = self.slot(path, stated, basis, steady(&most));
        self.side.slots[slot.at()].currency = stated.figure.currency;
        let limit = self.program.read(slot);
        let limit = self.converted(limit, stated.figure.currency);
        self.part_of(stated, limit)
    }

    /// A figure in its time.
    pub(crate) fn term_in_force(&mut self, terms: &Terms<'_>, name: &str) -> Option<Reg> {
        self.in_force(terms, |lowering, version| lowering.term(version, name))
    }
}

/// The readings of an amount as its standing has it.
pub(crate) fn slot_as(stated: &Stated, standing: Standing, about: f64) -> Slot {
    let drawn = |otherwise: f64| match stated.expect {
        Some(_) => sampled(stated, about),
        None => Distribution::Point(otherwise),
    };
    match standing {
        Standing::Conditional => {
            let taken = stated.taken().amount().unwrap_or(f64::NAN);
            slot_of(worded(stated, standing), drawn(taken))
        }
        Standing::Announced => slot_of(worded(stated, standing), drawn(f64::NAN)),
        _ => plain_slot(stated, about),
    }
}
