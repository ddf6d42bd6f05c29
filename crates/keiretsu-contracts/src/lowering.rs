//! The lowering: what all contract types share while a model becomes a program.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use keiretsu_model::record::{Basis, Record, Stated};
use keiretsu_model::side::{FlowLabel, SideTable, SlotLabel};
use keiretsu_model::{Contract, ContractRef, Model, PartyRef, Span, Standing, Target};
use keiretsu_program::{
    AccountId, Builder, Credits, Distribution, FlowId, Op, PartyId, Reg, Slot, SlotId, Tag,
};
use keiretsu_values::Currency;

use crate::calendar::{Calendar, Worths, month};
use crate::claims::FallsByClaim;
use crate::covers::{Handed, Promised};
use crate::formulas::first_held;
use crate::ramps::TermMonths;
use crate::slots::plain_slot;
use crate::types::TYPES;
use crate::{ContractType, Lowered};

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
    /// The currency in which registers are made; none: that of the tables.
    pub(crate) books: Option<Currency>,
    /// The past month of which formulas and rates of exchange are made, if it is one.
    pub(crate) past_month: Option<i64>,
    /// By account of payments, what was paid in the books.
    pub(crate) paid_in_books: BTreeMap<AccountId, Reg>,
    pub(crate) accounts: BTreeMap<(ContractRef, Option<String>), AccountId>,
    /// Whether each factor has its process; one with a formula gets it when it is first read.
    pub(crate) factors_done: Vec<bool>,
    pub(crate) pools: Vec<(Credits, Vec<ContractRef>, bool)>,
    pub(crate) covers: BTreeMap<ContractRef, Promised>,
    pub(crate) falls: FallsByClaim,
    /// What a failure would leave of each covered loan, principal and accrued interest, in its books.
    pub(crate) lent: BTreeMap<ContractRef, [Reg; 2]>,
    /// On which calls of guarantees fall due that cover no contract.
    pub(crate) alone: BTreeMap<ContractRef, FlowId>,
    /// Claims that guarantors may take a share of.
    pub(crate) handed: Vec<Handed>,
    /// What waits until all contracts are known.
    waiting: Vec<(ContractRef, Waiting)>,
    /// The terms that some scenario changes, by path.
    targets: BTreeSet<String>,
    /// Parameters so far: by path, place and readings.
    slots: BTreeMap<(String, Span, SlotBits), SlotId>,
}

/// All numbers of a parameter, as bits: unknown is equal to unknown.
type SlotBits = [u64; 16];

fn bits_of(slot: &Slot) -> SlotBits {
    let bits = |number: f64| if number.is_nan() { f64::NAN.to_bits() } else { number.to_bits() };
    let (kind, a, b) = match slot.sampled {
        Distribution::Point(value) => (0, value, 0.0),
        Distribution::Lognormal { mu, sigma } => (1, mu, sigma),
        Distribution::Uniform { low, high } => (2, low, high),
    };
    let possible = |reading: usize| match slot.possible[reading] {
        None => [0; 3],
        Some(possible) => {
            [1 + u64::from(possible.vague), bits(possible.set.low), bits(possible.set.high)]
        }
    };
    let [firm, expected, headline] = [0, 1, 2].map(possible);
    let read = [bits(slot.firm), bits(slot.expected), bits(slot.headline), kind, bits(a), bits(b)];
    let mut all = [0; 16];
    let parts = read.into_iter().chain(firm).chain(expected).chain(headline);
    all.iter_mut().zip(parts).for_each(|(all, part)| *all = part);
    all
}

/// A part of the lowering that needs what other contracts have made.
type Waiting = Box<dyn FnOnce(&mut Lowering<'_>)>;

/// One version of a contract, with the months in which it holds.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    /// Which contract.
    pub id: ContractRef,
    /// The contract.
    pub contract: &'a Contract,
    /// The terms of this version.
    pub record: &'a Record,
    /// The month indices in which this version holds.
    pub window: TermMonths,
    /// Whether it is the version in force at as-of, which is the one that commitments speak of.
    pub current: bool,
}

impl Terms<'_> {
    /// The dotted path of a term.
    pub fn path(&self, term: &str) -> String {
        format!("{}.{term}", self.contract.name)
    }

    /// Where the contract stands: as stated, else as its terms say; superseded contracts are terminated.
    pub fn standing(&self, derived: Standing) -> Standing {
        if self.contract.superseded_by.is_some() {
            return Standing::Terminated;
        }
        self.contract.standing.unwrap_or(derived)
    }

    /// Where a part of the contract stands that says so itself: as it says, unless the whole is over.
    pub fn standing_of(&self, stated: Option<Standing>, derived: Standing) -> Standing {
        match self.standing(derived) {
            over @ (Standing::Lapsed | Standing::Terminated) => over,
            whole => stated.unwrap_or(whole),
        }
    }

    /// The obligor; checks have made sure that there is one.
    pub fn obligor(&self) -> PartyRef {
        self.contract.obligor.unwrap_or(PartyRef::OUTSIDE)
    }

    /// The obligee, or outside where there are several.
    pub fn obligee(&self) -> PartyRef {
        self.contract.obligee.unwrap_or(PartyRef::OUTSIDE)
    }
}

impl<'a> Lowering<'a> {
    pub(crate) fn new(model: &'a Model) -> Self {
        let calendar = Calendar::new(model.as_of, model.horizon_months);
        Self {
            model,
            program: Builder::new(calendar.origin, calendar.months),
            side: SideTable::default(),
            calendar,
            worths: Rc::new(Worths::new(calendar, yearly_rate(model))),
            books: None,
            past_month: None,
            paid_in_books: BTreeMap::new(),
            accounts: BTreeMap::new(),
            factors_done: vec![false; model.factors.len()],
            pools: Vec::new(),
            covers: BTreeMap::new(),
            falls: FallsByClaim::new(),
            lent: BTreeMap::new(),
            alone: BTreeMap::new(),
            handed: Vec::new(),
            waiting: Vec::new(),
            targets: targets(model),
            slots: BTreeMap::new(),
        }
    }

    pub(crate) fn run(&mut self) {
        self.factors();
        self.parties();
        self.holdings();
        let model = self.model;
        for (id, contract) in model.known_contracts() {
            let Some(kind) = kind_of(contract) else { continue };
            for terms in versions(id, contract, &self.calendar) {
                self.in_books(self.books_of(id), |lowering| kind.lower(lowering, &terms));
                self.label(id);
            }
        }
        for (id, part) in std::mem::take(&mut self.waiting) {
            self.in_books(self.books_of(id), part);
            self.label(id);
        }
        self.end_contracts();
        self.still_slices();
        let slices = self.slice_commitments();
        self.make_covers();
        self.exposures();
        self.slice_exposures(&slices);
        self.hand_claims_over();
    }

    /// Whose the claims and pools are that a contract has just added.
    fn label(&mut self, id: ContractRef) {
        self.side.claims.resize(self.program.program().claims.len(), id);
        self.side.credits.resize(self.pools.len(), id);
    }

    pub(crate) fn finish(mut self) -> Lowered {
        self.fill_pools();
        self.feed_accounts();
        self.side.slots.resize_with(self.program.program().slots.len(), SlotLabel::constant);
        Lowered { program: self.program.finish(), side: self.side }
    }

    pub(crate) fn contract_name(&self, contract: ContractRef) -> String {
        self.model.contract(contract).map_or_else(String::new, |contract| contract.name.clone())
    }

    /// A slot for a figure of the text; the same figure read the same way is one parameter, however often it
    /// is used.
    pub fn slot(&mut self, path: String, stated: &Stated, basis: &Basis, slot: Slot) -> SlotId {
        let key = (path, stated.span, bits_of(&slot));
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

    /// A register with a figure, in the currency of the books; each reading as its words say.
    pub fn figure(&mut self, path: String, stated: &Stated, basis: &Basis) -> Reg {
        let slot = plain_slot(stated, self.model.about);
        self.figure_as(path, stated, basis, slot)
    }

    /// A register with a figure whose readings are given.
    pub fn figure_as(&mut self, path: String, stated: &Stated, basis: &Basis, slot: Slot) -> Reg {
        let slot = self.slot(path, stated, basis, slot);
        self.side.slots[slot.at()].currency = stated.figure.currency;
        let reg = self.program.read(slot);
        let said = self.converted(reg, stated.figure.currency);
        if stated.expected_in() == stated.figure.currency {
            return said;
        }
        let expects = self.converted(reg, stated.expected_in());
        let is_expected = Slot { expected: 1.0, sampled: Distribution::Point(1.0), ..Slot::constant(0.0) };
        let is_expected = self.program.slot(is_expected);
        let when = self.program.read(is_expected);
        self.program.op(Op::Choose { when, then: expects, otherwise: said })
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

    /// A register that stands for a term alone, so that a scenario can change it and nothing else.
    pub fn changeable(&mut self, path: String, reg: Reg) -> Reg {
        if self.past_month.is_some() || !self.is_target(&path) {
            return reg;
        }
        let nothing = self.program.slot(Slot::constant(0.0));
        let nothing = self.program.read(nothing);
        let own = self.program.add(reg, nothing);
        self.side.terms.push((path, own.0));
        own
    }

    /// Whether some scenario changes a term.
    pub(crate) fn is_target(&self, path: &str) -> bool {
        self.targets.contains(path)
    }

    /// The value of a register at as-of: a lag longer than the run reaches it in every month.
    pub fn at_start(&mut self, of: Reg) -> Reg {
        let months = self.calendar.months.max(1);
        self.program.op(Op::Lag { of, months })
    }

    /// The yearly rate at which claims are discounted; zero where the model gives none.
    pub fn yearly_rate(&self) -> f64 {
        yearly_rate(self.model)
    }

    /// What money in a month that `when` gives for each is worth at the end of that month.
    pub fn discount_curve(&mut self, when: impl Fn(i64) -> i64) -> Reg {
        let worths = Rc::clone(&self.worths);
        self.program.curve_of(|t| worths.at(i64::from(t), when(i64::from(t))))
    }

    /// 1 in the months of a term, else 0.
    pub fn active(&mut self, term: TermMonths) -> Reg {
        self.program.curve_of(|t| f64::from(term.first <= i64::from(t) && i64::from(t) <= term.last))
    }

    /// 1 in one month, else 0; `None` if it is not run.
    pub fn only_in(&mut self, month: i64) -> Option<Reg> {
        (1..=i64::from(self.calendar.months))
            .contains(&month)
            .then(|| self.active(TermMonths { first: month, last: month }))
    }

    /// An obligation of a contract; its amount is one of the books.
    pub fn flow(
        &mut self,
        terms: &Terms<'_>,
        tranche: Option<&str>,
        amount: Reg,
        to: PartyRef,
        tag: Tag,
    ) -> FlowId {
        let amount = self.posted(amount);
        let id = self.program.flow(amount, PartyId(terms.obligor().0), PartyId(to.0), tag);
        let flow = self.program.flow_mut(id);
        flow.rank =
            terms.record.count("rank").map_or(terms.contract.spec.rank, |rank| rank.clamp(1, 255) as u8);
        flow.survives = terms.record.flag("survives");
        let name = match tranche {
            Some(tranche) => format!("{}.{tranche}", terms.contract.name),
            None => terms.contract.name.clone(),
        };
        self.side.flows.push(FlowLabel { contract: Some(terms.id), name, on: None });
        id
    }

    /// A flow that belongs to a party, such as its revenue from outside.
    pub fn party_flow(&mut self, amount: Reg, from: PartyId, to: PartyId, tag: Tag, name: String) {
        self.program.flow(amount, from, to, tag);
        self.side.flows.push(FlowLabel { contract: None, name, on: None });
    }

    /// Does this for a contract once every contract has its flows.
    pub(crate) fn later(&mut self, id: ContractRef, part: impl FnOnce(&mut Lowering<'_>) + 'static) {
        self.waiting.push((id, Box::new(part)));
    }

    /// The flows of a contract's obligor, once all contracts are lowered.
    pub(crate) fn flows_of(&self, contract: ContractRef) -> Vec<FlowId> {
        let obligor = self.model.contract(contract).and_then(|contract| contract.obligor);
        let flows = &self.program.program().flows;
        let mine = self.side.flows.iter().zip(flows).enumerate().filter(|(_, (label, flow))| {
            label.contract == Some(contract) && obligor.is_none_or(|obligor| flow.from.0 == obligor.0)
        });
        mine.map(|(at, _)| FlowId(at as u32)).collect()
    }

    /// Something that lowering had to assume.
    pub fn assume(&mut self, what: String) {
        if !self.side.assumptions.contains(&what) {
            self.side.assumptions.push(what);
        }
    }
}

/// The yearly rate at which claims are discounted; zero where the model gives none.
fn yearly_rate(model: &Model) -> f64 {
    model.discount.as_ref().and_then(|(stated, _)| stated.expected().amount()).unwrap_or(0.0)
}

/// A label for slots that no figure of the text stands behind.
trait Unnamed {
    fn constant() -> Self;
}

impl Unnamed for SlotLabel {
    fn constant() -> Self {
        Self {
            path: String::new(),
            words: String::new(),
            span: Span::default(),
            basis: Basis::default(),
            currency: None,
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

/// The contract type of a contract.
pub(crate) fn kind_of(contract: &Contract) -> Option<&'static dyn ContractType> {
    TYPES.iter().copied().find(|kind| kind.spec().keyword == contract.spec.keyword)
}

/// The month in which a contract is terminated by a date that its right to terminate names.
pub(crate) fn ended(contract: &Contract, calendar: &Calendar) -> Option<i64> {
    first_held(contract.record().formula("terminated_when")?, calendar)
}

/// The versions of a contract with the months in which each holds, none after its end: an amendment holds
/// from the month of its date on, and what was due before stays due as it was.
pub(crate) fn versions<'a>(id: ContractRef, contract: &'a Contract, calendar: &Calendar) -> Vec<Terms<'a>> {
    let starts: Vec<i64> = contract
        .versions
        .iter()
        .map(|version| version.from.map_or(i64::MIN / 2, |date| calendar.t(month(date))))
        .collect();
    let now =
        contract.versions.iter().rposition(|version| version.from.is_none_or(|from| from <= calendar.as_of));
    let end = ended(contract, calendar).map_or(i64::MAX / 2, |ended| ended - 1);
    let window = |at: usize| TermMonths {
        first: starts[at],
        last: starts.get(at + 1).map_or(end, |next| (next - 1).min(end)),
    };
    contract
        .versions
        .iter()
        .enumerate()
        .map(|(at, version)| Terms {
            id,
            contract,
            record: &version.record,
            window: window(at),
            current: Some(at) == now,
        })
        .collect()
}
