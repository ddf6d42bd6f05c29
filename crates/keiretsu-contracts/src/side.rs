//! The side table of a lowering: from the ids of a program back to names, words and places.
//!
//! Each list stands in the order of the program's list of the same name. The engine never sees it; measures
//! read the owners of numbers from it. Article-style totals (commitments, coverage) come from here, from
//! terms as worded, never from simulated payments.

mod cancelling;
mod commitment;

use jiff::civil::Date;
use keiretsu_model::record::Basis;
use keiretsu_model::{ContractRef, PartyRef, Span, When};
use keiretsu_program::{FlowId, Reg};
use keiretsu_values::{Currency, Value};

pub use self::cancelling::{Cancellable, Cancelling, Parts};
pub use self::commitment::{Commitment, Due, Purpose};

/// Everything that a program has no room for.
#[derive(Clone, Debug, Default)]
pub struct SideTable {
    /// What each slot is: `contract.term`, `party.cash`, `factor.start`.
    pub slots: Vec<SlotLabel>,
    /// What each flow is.
    pub flows: Vec<FlowLabel>,
    /// The flows that nothing dates: each may fall due in any month.
    pub undated: Vec<FlowId>,
    /// Which holding of the model each holding of the program is.
    pub holdings: Vec<HoldingLabel>,
    /// What each past flow is.
    pub past: Vec<FlowLabel>,
    /// What each past flow was, and may have been.
    pub past_amounts: Vec<Value>,
    /// The contract of each claim of the program.
    pub claims: Vec<ContractRef>,
    /// The contract of each pool of credits of the program.
    pub credits: Vec<ContractRef>,
    /// The contract of each cover of the program.
    pub covers: Vec<ContractRef>,
    /// Registers with the share of a contract that a guarantor takes over if its payer fails.
    pub take_overs: Vec<Reg>,
    /// Commitments as worded, wholes and their slices.
    pub commitments: Vec<Commitment>,
    /// The same by party: a slice is its own party's, and of a whole its named party has the rest. What sums
    /// over parties counts these, each part once.
    pub by_party: Vec<Commitment>,
    /// Contracts of which one is owed, in the order of those of the model that are open.
    pub alternatives: Vec<ContractAlternative>,
    /// What is paid ahead of what is delivered; part of the commitments of its contract.
    pub prepayments: Vec<Prepayment>,
    /// Power as contracted.
    pub capacities: Vec<Capacity>,
    /// Totals that a source quotes, beside the sums of the text.
    pub quotes: Vec<Quote>,
    /// What contracts put at risk beside holdings, dues and claims.
    pub exposures: Vec<Exposure>,
    /// Debts with what is outstanding, and what secures them.
    pub debts: Vec<OpenLoan>,
    /// Leases with when they begin and what renewing them would come to.
    pub leases: Vec<Lease>,
    /// What of the flows of wholes is a slice's.
    pub flow_shares: Vec<FlowShare>,
    /// Rights as granted.
    pub rights: Vec<Right>,
    /// Where a register stands for a term that scenarios can change: path and register.
    pub terms: Vec<(String, Reg)>,
    /// What we assumed while lowering, beyond what the text marks as assumed.
    pub assumptions: Vec<String>,
}

/// What a slot is.
#[derive(Clone, Debug, PartialEq)]
pub struct SlotLabel {
    /// A dotted path.
    pub path: String,
    /// The words of the figure.
    pub words: String,
    /// Where it stands.
    pub span: Span,
    /// What it rests on.
    pub basis: Basis,
    /// The currency of its numbers, where they are amounts that are converted when they are read.
    pub currency: Option<Currency>,
}

impl SlotLabel {
    /// The label of a slot without a figure of the text.
    pub(crate) fn constant() -> Self {
        Self {
            path: String::new(),
            words: String::new(),
            span: Span::default(),
            basis: Basis::default(),
            currency: None,
        }
    }
}

/// What a flow is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowLabel {
    /// The contract, if it belongs to one.
    pub contract: Option<ContractRef>,
    /// The contract and tranche, or the party and term.
    pub name: String,
    /// The day of a past payment, as exact as the words are; the last day of its month for a span of months.
    pub on: Option<Date>,
}

/// What a holding of the program is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoldingLabel {
    /// Its name: a holding of the model, or the contract that buys it.
    pub name: String,
    /// Position in [`keiretsu_model::Model::holdings`], if it is one.
    pub holding: Option<u32>,
    /// The contract that buys it, if one does.
    pub contract: Option<ContractRef>,
}

/// What one party would lose, or still has to give, if another failed: a register of the program by month,
/// money, never a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exposure {
    /// The contract.
    pub contract: ContractRef,
    /// Who loses.
    pub creditor: PartyRef,
    /// The party that fails.
    pub debtor: PartyRef,
    /// What kind of loss it is.
    pub layer: Layer,
    /// The register.
    pub register: Reg,
    /// Why the loss may be larger, where something is not stated.
    pub at_least: Option<String>,
}

/// Several contracts of which one is owed.
#[derive(Clone, Debug, PartialEq)]
pub struct ContractAlternative {
    /// The contracts of each, with several parties in a role as one for each of them.
    pub of: Vec<Vec<ContractRef>>,
    /// What each comes to, in the three readings.
    pub sizes: Vec<[Value; 3]>,
    /// Which one counts in each reading.
    pub counts: [usize; 3],
    /// Which one it is, once that is decided.
    pub chosen: Option<usize>,
    /// Who chooses until when, in words.
    pub words: String,
}

/// A loan, or a note with a maturity, that is paid back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenLoan {
    /// The contract.
    pub contract: ContractRef,
    /// Who lends.
    pub lender: PartyRef,
    /// Who borrows.
    pub borrower: PartyRef,
    /// The register with what is outstanding at the beginning of each month, money.
    pub outstanding: Reg,
    /// The same at as-of, in every month.
    pub now: Reg,
    /// The register with the worth of its collateral at as-of; none where nothing secures it.
    pub worth: Option<Reg>,
    /// The register with the equity value of its borrower at as-of; none where none is stated.
    pub equity: Option<Reg>,
    /// The last day of its maturity; none where the text has none.
    pub maturity: Option<Date>,
}

/// A lease beside its rent.
#[derive(Clone, Debug, PartialEq)]
pub struct Lease {
    /// The contract.
    pub contract: ContractRef,
    /// The day on which it begins; none where nothing dates it yet.
    pub begins: Option<Date>,
    /// The rent of all options to renew that are still to come, as if all were used; none without options.
    pub renewals: Option<Commitment>,
}

/// The layers of an exposure. Layers of one contract never overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// What a contract still owes: the larger of the claim on default and the capacity left stranded.
    Contract,
    /// Capital that is promised without a condition and not yet paid.
    Undelivered,
    /// What would have to be paid for the other party.
    Guarantee,
    /// What stands against all of it.
    Collateral,
}

/// The share of a flow of a whole that is a slice's.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowShare {
    /// The flow of the whole.
    pub flow: FlowId,
    /// The slice.
    pub contract: ContractRef,
    /// Who owes the slice's share.
    pub from: PartyRef,
    /// Who is owed it.
    pub to: PartyRef,
    /// The share in each month of the run, in the three readings.
    pub shares: Vec<[f64; 3]>,
}

/// A total that a source quotes, checked against the tranches that it sums.
#[derive(Clone, Debug, PartialEq)]
pub struct Quote {
    /// The contract.
    pub contract: ContractRef,
    /// The words of the source.
    pub words: String,
    /// The headline sum of the tranches.
    pub sum: Value,
    /// Whether the two agree.
    pub agrees: bool,
}

/// What one party pays another ahead of what that one delivers.
#[derive(Clone, Debug, PartialEq)]
pub struct Prepayment {
    /// The contract.
    pub contract: ContractRef,
    /// Who pays.
    pub from: PartyRef,
    /// Who is paid.
    pub to: PartyRef,
    /// When and how much.
    pub due: Due,
    /// The register with what of it is not yet used, by month; none where it is never run.
    pub unused: Option<Reg>,
}

/// Power that one party makes available to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Capacity {
    /// The contract.
    pub contract: ContractRef,
    /// Who provides.
    pub seller: PartyRef,
    /// Who uses.
    pub buyer: PartyRef,
    /// In the three readings, gigawatts.
    pub power: [Value; 3],
    /// What the power is made of.
    pub of: Option<String>,
    /// The share available at the end of each calendar year.
    pub years: Vec<(i32, f64)>,
    /// What a gigawatt costs to build, money per gigawatt.
    pub build_cost: Option<[Value; 3]>,
    /// The share that another customer could use.
    pub redeployable: Option<[Value; 3]>,
}

/// A right that one party has against another.
#[derive(Clone, Debug, PartialEq)]
pub struct Right {
    /// The contract.
    pub contract: ContractRef,
    /// Who has it.
    pub holder: PartyRef,
    /// Who grants it.
    pub grantor: PartyRef,
    /// What it is, in the words of the model.
    pub kind: String,
    /// From when.
    pub from: Option<When>,
    /// Until when.
    pub until: Option<When>,
    /// To what it applies.
    pub scope: Option<String>,
    /// What the contract rests on.
    pub basis: Basis,
}
