//! The side table of a lowering: from the ids of a program back to names, words and places.
//!
//! Each list stands in the order of the program's list of the same name. The engine never sees it; measures
//! read it to say whose numbers they are. Article-style totals (commitments, coverage) come from here, from
//! terms as worded, never from simulated payments.

use jiff::civil::Date;
use keiretsu_values::{Currency, Value};

use crate::date::When;
use crate::record::Basis;
use crate::{ContractRef, PartyRef, Span, Standing};

/// Everything that a program has no room for.
#[derive(Clone, Debug, Default)]
pub struct SideTable {
    /// What each slot is: `contract.term`, `party.cash`, `factor.start`.
    pub slots: Vec<SlotLabel>,
    /// What each flow is.
    pub flows: Vec<FlowLabel>,
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
    pub take_overs: Vec<u32>,
    /// Commitments as worded, wholes and their slices.
    pub commitments: Vec<Commitment>,
    /// The same by party: a slice is its own party's, and of a whole its named party has the rest. What sums
    /// over parties counts these, each part once.
    pub by_party: Vec<Commitment>,
    /// What is paid ahead of what is delivered; part of the commitments of its contract.
    pub prepayments: Vec<Prepayment>,
    /// Power as contracted.
    pub capacities: Vec<Capacity>,
    /// Totals that a source quotes, beside the sums of the text.
    pub quotes: Vec<Quote>,
    /// What contracts put at risk beside holdings, dues and claims.
    pub exposures: Vec<Exposure>,
    /// What of the flows of wholes is a slice's.
    pub flow_shares: Vec<FlowShare>,
    /// Rights as granted.
    pub rights: Vec<Right>,
    /// Where a register stands for a term that scenarios can change: path and register id.
    pub terms: Vec<(String, u32)>,
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
    /// Position in [`crate::Model::holdings`], if it is one.
    pub holding: Option<u32>,
    /// The contract that buys it, if one does.
    pub contract: Option<ContractRef>,
}

/// An amount that one party owes another, as worded.
#[derive(Clone, Debug, PartialEq)]
pub struct Commitment {
    /// The contract.
    pub contract: ContractRef,
    /// The tranche, if it is one of several.
    pub tranche: Option<String>,
    /// Who owes.
    pub from: PartyRef,
    /// Who is owed.
    pub to: PartyRef,
    /// What it is for: the tag's name in the program.
    pub tag: &'static str,
    /// Where it stands at as-of.
    pub standing: Standing,
    /// What falls due when, from the start of the contract and whatever as-of is, in the order of days.
    pub dues: Vec<Due>,
    /// What nothing dates, in the three readings.
    pub undated: [Value; 3],
    /// What it comes to, where the whole is surer than its dues: use in vague words moves them, not their
    /// sum.
    pub total: Option<[Value; 3]>,
    /// The flow that carries it in the program, if its date depends on the run.
    pub flow: Option<u32>,
    /// The share of that flow which is its own: all of it, but for slices and for wholes that have some.
    pub share: [f64; 3],
    /// How long it runs, in years, where the words say so.
    pub over: Option<f64>,
    /// Whether it is part of another commitment and counts only inside that.
    pub slice: bool,
    /// What makes it due, in the words of the text; none where nothing has to happen first.
    pub trigger: Option<String>,
    /// The last day on which that can happen, where the text says so.
    pub lapse: Option<Date>,
    /// The chances that its condition has held by the horizon and that it ever holds, where it has no last
    /// day and its events decide it.
    pub ever: Option<[f64; 2]>,
    /// Where it stands in the text.
    pub span: Span,
}

/// A part of a commitment that falls due on a day.
#[derive(Clone, Debug, PartialEq)]
pub struct Due {
    /// The day: as stated, else the last one of its month.
    pub on: Date,
    /// Whether as-of has passed it.
    pub past: bool,
    /// In the firm, expected and headline reading; a conditional amount is 0 in the firm one.
    pub amounts: [Value; 3],
}

impl Commitment {
    /// The amount in a reading (0 firm, 1 expected, 2 headline): the sum of its dues and of what is undated.
    pub fn amount(&self, reading: usize) -> Value {
        match &self.total {
            Some(total) if !self.is_over() => total[reading].clone(),
            _ => self.sum(reading, |_| true).plus(&self.undated(reading)),
        }
    }

    /// What of it is still to fall due.
    pub fn left(&self, reading: usize) -> Value {
        if !self.dues.iter().any(|due| due.past) {
            return self.amount(reading);
        }
        self.sum(reading, |due| !due.past).plus(&self.undated(reading))
    }

    /// What of it nothing dates.
    pub fn undated(&self, reading: usize) -> Value {
        if self.is_over() { Value::exact(0.0) } else { self.undated[reading].clone() }
    }

    /// What of it falls due in each calendar year.
    pub fn by_year(&self, reading: usize) -> Vec<(i32, Value)> {
        let mut years: Vec<i32> = self.dues.iter().map(|due| due.on.year().into()).collect();
        years.dedup();
        years
            .into_iter()
            .map(|year| (year, self.sum(reading, |due| i32::from(due.on.year()) == year)))
            .collect()
    }

    /// Whether nothing of it is still to fall due.
    pub fn is_past(&self) -> bool {
        self.dues.iter().all(|due| due.past) && !self.dues.is_empty()
    }

    /// Whether all of it has fallen due without a source that confirms payment.
    pub fn is_unconfirmed(&self) -> bool {
        self.standing == Standing::Binding && self.is_past()
    }

    /// Whether it has lapsed, was terminated or was replaced: it stays visible and counts nowhere.
    pub fn is_over(&self) -> bool {
        self.standing.is_over()
    }

    fn sum(&self, reading: usize, counts: impl Fn(&Due) -> bool) -> Value {
        if self.is_over() {
            return Value::exact(0.0);
        }
        let mine = self.dues.iter().filter(|due| counts(due));
        mine.fold(Value::exact(0.0), |sum, due| sum.plus(&due.amounts[reading]))
    }

    /// Whether it is in totals of cash: not what settles in kind, and not what may never be called.
    pub fn is_cash(&self) -> bool {
        self.tag != "credits" && !self.is_contingent()
    }

    /// Whether it is owed only if others do not pay or buy: it is nobody's purchase, and in no total of cash.
    pub fn is_contingent(&self) -> bool {
        matches!(self.tag, "guarantee" | "backstop")
    }

    /// Whether it is money in somebody's equity.
    pub fn is_capital(&self) -> bool {
        self.tag == "equity"
    }
}

/// What one party would lose, or still has to give, if another failed: a register of the program by month,
/// money, never a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exposure {
    /// The contract.
    pub contract: ContractRef,
    /// Who loses.
    pub creditor: PartyRef,
    /// Whose failure it is.
    pub debtor: PartyRef,
    /// What kind of loss it is.
    pub layer: Layer,
    /// The register.
    pub register: u32,
    /// Why the loss may be larger, where something is not stated.
    pub at_least: Option<String>,
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
    pub flow: u32,
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
    pub unused: Option<u32>,
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
