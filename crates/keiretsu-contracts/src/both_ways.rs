//! What contracts that pay in both directions share: obligations and commitments of the obligee, conditions
//! that stay met, and truths as switches.

use keiretsu_model::formula::Formula;
use keiretsu_model::record::Record;
use keiretsu_model::side::FlowLabel;
use keiretsu_model::{PartyRef, Standing};
use keiretsu_program::{FlowId, Op, PartyId, Reg, Slot, Tag};

use crate::commitments::Promise;
use crate::formulas::first_held;
use crate::lowering::{Lowering, Terms};

impl Lowering<'_> {
    /// An obligation of the obligee: what a borrower pays back, with a name of its own behind the contract's.
    ///
    /// It outlives a default of the obligor, since a debt stays due when its creditor fails; with a default
    /// of the obligee it ends, and its claim takes over, unless it survives that too.
    pub(crate) fn flow_back(
        &mut self,
        terms: &Terms<'_>,
        part: &str,
        amount: Reg,
        rank: u8,
        tag: Tag,
    ) -> FlowId {
        let debtor = terms.obligee();
        let mut amount = self.posted(amount);
        if !terms.record.flag("survives") {
            let failed = self.failed(debtor);
            let stands = self.not(failed);
            amount = self.program.mul(amount, stands);
        }
        let id = self.program.flow(amount, PartyId(debtor.0), PartyId(terms.obligor().0), tag);
        let flow = self.program.flow_mut(id);
        flow.rank = rank;
        flow.survives = true;
        let name = terms.path(part);
        self.side.flows.push(FlowLabel { contract: Some(terms.id), name, on: None });
        id
    }

    /// A commitment of the obligee to the obligor.
    pub(crate) fn promise_back(&mut self, terms: &Terms<'_>, promise: Promise<'_>) {
        let (from, to): (PartyRef, PartyRef) = (terms.obligee(), terms.obligor());
        self.promise(terms, promise);
        if let Some(last) = self.side.commitments.last_mut().filter(|_| terms.current) {
            (last.from, last.to) = (from, to);
        }
    }

    /// The rank of a contract's claims: as stated, else as given.
    pub(crate) fn rank_or(terms: &Terms<'_>, otherwise: u8) -> u8 {
        terms.record.count("rank").map_or(otherwise, |rank| rank.clamp(1, 255) as u8)
    }

    /// A condition of a record that stays met, and can be met up to its `before`.
    pub(crate) fn latched(&mut self, record: &Record, term: &str) -> Option<Reg> {
        let condition = record.formula(term)?;
        let lapse = match record.when("before").map(|before| self.calendar.due(&before)) {
            // A lapse beyond the run never comes.
            Some(due) if due <= i64::from(self.calendar.months) => due.max(0) as u32,
            _ => u32::MAX,
        };
        Some(self.has_held(condition, lapse))
    }

    /// Whether a condition has held; in the firm reading only where dates decide it, or a source says that
    /// the contract binds.
    pub(crate) fn firmly_held(&mut self, terms: &Terms<'_>, condition: &Formula, lapse: u32) -> Reg {
        let held = self.has_held(condition, lapse);
        let binds = matches!(terms.contract.standing, Some(Standing::Paid | Standing::Binding));
        if binds || first_held(condition, &self.calendar).is_some() {
            return held;
        }
        let counts = self.beyond_firm();
        self.if_holds(counts, held)
    }

    /// 1 in the expected and headline readings and on paths, 0 in the firm one.
    pub(crate) fn beyond_firm(&mut self) -> Reg {
        let counts = self.program.slot(Slot { firm: 0.0, ..Slot::constant(1.0) });
        self.program.read(counts)
    }

    /// What is positive of a register.
    pub(crate) fn positive(&mut self, reg: Reg) -> Reg {
        let zero = self.program.number(0.0);
        self.program.max(reg, zero)
    }

    /// `1 - truth`.
    pub(crate) fn not(&mut self, truth: Reg) -> Reg {
        self.program.op(Op::Not(truth))
    }

    /// A truth times an amount; nothing where the truth is 0, even if the amount is unknown.
    pub(crate) fn if_holds(&mut self, truth: Reg, amount: Reg) -> Reg {
        let zero = self.program.number(0.0);
        self.program.op(Op::Choose { when: truth, then: amount, otherwise: zero })
    }

    /// A figure of a table inside the record, with its path.
    pub(crate) fn term_of(&mut self, terms: &Terms<'_>, table: &str, name: &str) -> Option<Reg> {
        let record = terms.record.table(table)?;
        let stated = record.figure(name)?;
        let basis = record.entry(name).map(|entry| entry.basis.clone()).unwrap_or_default();
        Some(self.figure(terms.path(&format!("{table}.{name}")), stated, &basis))
    }
}
