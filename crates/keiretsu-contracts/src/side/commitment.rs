//! Commitments as worded: who owes whom how much, when and for what.

use jiff::civil::Date;
use keiretsu_model::{ContractRef, PartyRef, Span, Standing};
use keiretsu_program::FlowId;
use keiretsu_values::{Reading, Tag, Value};

use super::Cancelling;

/// What a commitment is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Payments of flows with this tag.
    Flow(Tag),
    /// Service credits: used up, never paid.
    Credits,
    /// Capacity that stays unsold, up to a cap.
    Backstop,
}

impl Purpose {
    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Flow(tag) => tag.name(),
            Self::Credits => "credits",
            Self::Backstop => "backstop",
        }
    }
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
    /// What it is for.
    pub purpose: Purpose,
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
    pub flow: Option<FlowId>,
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
    /// What is said of cancelling it.
    pub cancelling: Cancelling,
    /// Whether it is one of the branches of its contract that exclude each other.
    pub branch: bool,
    /// What of it counts in totals, where it is such a branch.
    pub counted: Option<[Value; 3]>,
    /// Which of the alternatives of the side table it belongs to, where it is one of them.
    pub alternative: Option<usize>,
    /// Who may use it, where it is an option; nobody is named where that is not disclosed.
    pub option_of: Option<Vec<PartyRef>>,
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
    /// The amount in a reading: the sum of its dues and of what is undated.
    pub fn amount(&self, reading: Reading) -> Value {
        match &self.total {
            Some(total) if !self.is_over() => total[reading].clone(),
            _ => self.sum(reading, |_| true).plus(&self.undated(reading)),
        }
    }

    /// What of it is still to fall due.
    pub fn left(&self, reading: Reading) -> Value {
        if !self.dues.iter().any(|due| due.past) {
            return self.amount(reading);
        }
        self.sum(reading, |due| !due.past).plus(&self.undated(reading))
    }

    /// What of it counts in totals: of branches that exclude each other, one.
    pub fn in_totals(&self, reading: Reading) -> Value {
        self.counted.as_ref().map_or_else(|| self.amount(reading), |counted| counted[reading].clone())
    }

    /// What of that is still to fall due.
    pub fn left_in_totals(&self, reading: Reading) -> Value {
        self.counted.as_ref().map_or_else(|| self.left(reading), |counted| counted[reading].clone())
    }

    /// What of it has fallen due.
    pub fn fallen(&self, reading: Reading) -> Value {
        self.sum(reading, |due| due.past)
    }

    /// What of it nothing dates.
    pub fn undated(&self, reading: Reading) -> Value {
        if self.is_over() { Value::exact(0.0) } else { self.undated[reading].clone() }
    }

    /// What of it falls due in each of the periods that have dues, by the period of a day.
    pub fn by_period<P: PartialEq>(&self, reading: Reading, of: impl Fn(Date) -> P) -> Vec<(P, Value)> {
        let mut periods: Vec<P> = self.dues.iter().map(|due| of(due.on)).collect();
        periods.dedup();
        let sum = |period: P| {
            let sum = self.sum(reading, |due| of(due.on) == period);
            (period, sum)
        };
        periods.into_iter().map(sum).collect()
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

    fn sum(&self, reading: Reading, counts: impl Fn(&Due) -> bool) -> Value {
        if self.is_over() {
            return Value::exact(0.0);
        }
        let mine = self.dues.iter().filter(|due| counts(due));
        mine.fold(Value::exact(0.0), |sum, due| sum.plus(&due.amounts[reading]))
    }

    /// Whether flows with a tag pay it.
    pub fn is_for(&self, tag: Tag) -> bool {
        self.purpose == Purpose::Flow(tag)
    }

    /// Whether it is in totals of cash: not what settles in kind, and not what may never be called.
    pub fn is_cash(&self) -> bool {
        self.purpose != Purpose::Credits && !self.is_contingent()
    }

    /// Whether it is owed only if others do not pay or buy: it is no purchase, and in no total of cash.
    pub fn is_contingent(&self) -> bool {
        self.purpose == Purpose::Backstop || self.is_for(Tag::Guarantee)
    }

    /// Whether it buys equity.
    pub fn is_capital(&self) -> bool {
        self.is_for(Tag::Equity)
    }
}
