//! The lowering: a model on its way to a program, and what each contract type does for it.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use keiretsu_model::record::{Basis, Stated};
use keiretsu_model::{Contract, ContractRef, ContractSpec, Diagnostic, Model, Span, Target};
use keiretsu_program::{AccountId, Builder, Program, Reg, Slot, SlotId};
use keiretsu_values::{Currency, Value};

use crate::calendar::{Calendar, Worths};
use crate::pending::Pending;
use crate::side::{SideTable, SlotLabel};
use crate::slots::{Bits, bits};
use crate::terms::Terms;

/// A contract type: its terms, its checks, and what it owes when.
pub trait ContractType: Sync {
    /// Its keyword, roles and terms.
    fn spec(&self) -> &'static ContractSpec;

    /// What the declared terms cannot say: what does not fit together.
    fn check(&self, model: &Model, contract: &Contract, diagnostics: &mut Vec<Diagnostic>);

    /// The paths of terms that say one number in two ways and contradict each other, the one that is used
    /// first.
    fn said_twice(&self, _: &Model, _: &Contract) -> Vec<[String; 2]> {
        vec![]
    }

    /// What it owes when, and what it commits to.
    fn lower(&self, lowering: &mut Lowering<'_>, terms: &Terms<'_>);

    /// What one party puts at risk with the other beside dues: into `side.exposures`. Called with all
    /// versions when all contracts are lowered, so that no parameter of theirs moves. Claims enter by
    /// themselves.
    fn expose(&self, _: &mut Lowering<'_>, _: &[Terms<'_>]) {}

    /// What fell due in cash from a month up to as-of: the run of the contract from its start at its stated
    /// terms, in the books of who asks. `None` where nothing of the kind falls due.
    fn fell_due(&self, _: &mut Lowering<'_>, _: &[Terms<'_>], _: i64) -> Option<Reg> {
        None
    }

    /// What conditions may read off it, by month; `None` where it has no such thing.
    fn read(&self, _: &mut Lowering<'_>, _: &Terms<'_>, _: Readable) -> Option<Reg> {
        None
    }

    /// The power of a version in a month before the run, where numbers and dates decide it.
    fn power_then(&self, _: &Lowering<'_>, _: &Terms<'_>, _: i64) -> Option<Value> {
        None
    }
}

/// What can be read off a contract beyond what was paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readable {
    /// Power available this month.
    Capacity,
    /// The minimum that falls in this month, a yearly rate.
    Minimum,
    /// The minimum that falls in a number of months after this one, money.
    MinimumNext(u32),
    /// What a default would leave of it, as far as it falls after this month and up to a month of the run,
    /// money.
    LeftUntil(i64),
}

/// The contract types that are known.
pub type Types = &'static [&'static dyn ContractType];

/// The contract type of a contract.
pub(crate) fn type_of(types: Types, contract: &Contract) -> Option<&'static dyn ContractType> {
    types.iter().copied().find(|known| known.spec().keyword == contract.spec.keyword)
}

/// A lowered model.
#[derive(Clone, Debug)]
pub struct Lowered {
    /// What is run.
    pub program: Program,
    /// What its ids stand for.
    pub side: SideTable,
}

/// A model on its way to a program.
pub struct Lowering<'a> {
    /// The model.
    pub model: &'a Model,
    /// The program so far.
    pub program: Builder,
    /// The side table so far.
    pub side: SideTable,
    /// Days to months.
    pub calendar: Calendar,
    /// What money is worth at the rate of the model.
    pub(crate) worths: Rc<Worths>,
    /// The contract types, for what one contract reads off another.
    types: Types,
    /// The currency in which registers are made; none: that of the tables.
    pub(crate) books: Option<Currency>,
    /// The past month of which formulas and rates of exchange are made, if it is one.
    pub(crate) past_month: Option<i64>,
    /// By account of payments, what was paid in the books.
    pub(crate) paid_in_books: BTreeMap<AccountId, Reg>,
    pub(crate) accounts: BTreeMap<(ContractRef, Option<String>), AccountId>,
    /// Whether each factor has its process; one with a formula gets it when it is first read.
    pub(crate) factors_done: Vec<bool>,
    /// What needs all flows and claims.
    pub(crate) pending: Pending,
    /// What needs the flows of other contracts.
    waiting: Vec<(ContractRef, Waiting)>,
    /// The terms that some scenario changes, by path.
    targets: BTreeSet<String>,
    /// Parameters so far: by path, place and readings.
    slots: BTreeMap<(String, Span, Bits), SlotId>,
}

/// A part of the lowering that needs what other contracts have made.
pub(crate) type Waiting = Box<dyn FnOnce(&mut Lowering<'_>)>;

impl<'a> Lowering<'a> {
    pub(crate) fn new(model: &'a Model, types: Types) -> Self {
        let calendar = Calendar::new(model.as_of, model.horizon_months);
        Self {
            model,
            program: Builder::new(calendar.origin, calendar.months),
            side: SideTable::default(),
            calendar,
            worths: Rc::new(Worths::new(calendar, yearly_rate(model))),
            types,
            books: None,
            past_month: None,
            paid_in_books: BTreeMap::new(),
            accounts: BTreeMap::new(),
            factors_done: vec![false; model.factors.len()],
            pending: Pending::default(),
            waiting: Vec::new(),
            targets: targets(model),
            slots: BTreeMap::new(),
        }
    }

    pub(crate) fn finish(mut self) -> Lowered {
        self.side.slots.resize_with(self.program.program().slots.len(), SlotLabel::constant);
        Lowered { program: self.program.finish(), side: self.side }
    }

    /// The contract type of a contract.
    pub(crate) fn type_of(&self, contract: &Contract) -> Option<&'static dyn ContractType> {
        type_of(self.types, contract)
    }

    pub(crate) fn contract_name(&self, contract: ContractRef) -> String {
        self.model.contract(contract).map_or_else(String::new, |contract| contract.name.clone())
    }

    /// A slot for a figure of the text; the same figure read the same way is one parameter, however often it
    /// is used.
    pub fn slot(&mut self, path: String, stated: &Stated, basis: &Basis, slot: Slot) -> SlotId {
        let key = (path, stated.span, bits(&slot));
        if let Some(known) = self.slots.get(&key) {
            return *known;
        }
        self.side.slots.resize_with(self.program.program().slots.len(), SlotLabel::constant);
        self.side.slots.push(SlotLabel {
            path: key.0.clone(),
            words: stated.figure.words.clone(),
            span: stated.span,
            basis: basis.clone(),
            currency: None,
        });
        let id = self.program.slot(slot);
        self.slots.insert(key, id);
        id
    }

    /// A register that stands for a term alone, so that a scenario can change it and nothing else.
    pub fn changeable(&mut self, path: String, reg: Reg) -> Reg {
        if self.past_month.is_some() || !self.is_target(&path) {
            return reg;
        }
        let nothing = self.program.slot(Slot::constant(0.0));
        let nothing = self.program.read(nothing);
        let own = self.program.add(reg, nothing);
        self.side.terms.push((path, own));
        own
    }

    /// Whether some scenario changes a term.
    pub(crate) fn is_target(&self, path: &str) -> bool {
        self.targets.contains(path)
    }

    /// Does this for a contract once every contract has its flows.
    pub(crate) fn later(&mut self, id: ContractRef, part: impl FnOnce(&mut Lowering<'_>) + 'static) {
        self.waiting.push((id, Box::new(part)));
    }

    /// What waits for the flows of other contracts.
    pub(crate) fn take_waiting(&mut self) -> Vec<(ContractRef, Waiting)> {
        std::mem::take(&mut self.waiting)
    }

    /// Something that lowering had to assume.
    pub fn assume(&mut self, what: String) {
        if !self.side.assumptions.contains(&what) {
            self.side.assumptions.push(what);
        }
    }
}

/// The paths of all terms that scenarios change.
fn targets(model: &Model) -> BTreeSet<String> {
    let changes = model.scenarios.iter().flat_map(|scenario| &scenario.changes);
    let path = |target: &Target| match target {
        Target::Factor(_) | Target::Event(_) => None,
        Target::Term(contract, path) => Some(format!("{}.{path}", model.contract(*contract)?.name)),
        Target::Party(party, path) => Some(format!("{}.{path}", model.party(*party).name)),
    };
    changes.filter_map(|change| path(&change.target)).collect()
}

/// The yearly rate at which claims are discounted; zero where the model gives none.
fn yearly_rate(model: &Model) -> f64 {
    model.discount.as_ref().and_then(|(stated, _)| stated.expected().amount()).unwrap_or(0.0)
}
