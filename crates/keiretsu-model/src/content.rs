//! What a term of a table can say: figures with what else was said, formulas, dates, shares, ramps.

use std::sync::Arc;

use keiretsu_values::{Currency, Dimension, Value};

use crate::date::When;
use crate::figure::{Figure, Said};
use crate::formula::Formula;
use crate::members::Member;
use crate::record::Record;
use crate::share::PartyShare;
use crate::{ContractRef, EventRef, PartyRef, SourceRef, Span};

/// What a statement rests on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Basis {
    /// Documents; none: it is an assumption.
    pub sources: Vec<SourceRef>,
    /// The words of the source.
    pub quote: Option<String>,
    /// Where in the source.
    pub page: Option<String>,
    /// Why we assume it.
    pub because: Option<String>,
    /// Marked as ours, even where the table around it has a source.
    pub assumed: bool,
}

impl Basis {
    /// Takes over what another basis says where this one says nothing.
    pub fn join(&mut self, other: Self) {
        self.sources.extend(
            other.sources.iter().filter(|source| !self.sources.contains(source)).copied().collect::<Vec<_>>(),
        );
        self.because = self.because.take().or(other.because);
        self.quote = self.quote.take().or(other.quote);
        self.page = self.page.take().or(other.page);
    }

    /// Whether nothing but us says so.
    pub fn is_assumption(&self) -> bool {
        self.assumed || self.sources.is_empty()
    }
}

/// A figure as it stands in the model: what is believed, and what else was said.
#[derive(Clone, Debug, PartialEq)]
pub struct Stated {
    /// The figure that is used.
    pub figure: Figure,
    /// Its place.
    pub span: Span,
    /// What an analyst takes it for.
    pub expect: Option<Said>,
    /// In which currency, where that is another than the figure's.
    pub expect_in: Option<Currency>,
    /// The date for which it holds.
    pub on: Option<When>,
    /// What other sources say.
    pub others: Vec<SourceClaim>,
    /// Which rule or name chose the figure that is used, where there are several.
    pub chosen_by: Option<String>,
    /// The share of it that is meant, where it is one of several parties that has it. The other fields are
    /// of the whole.
    pub share: Option<Arc<PartyShare>>,
}

/// One source's figure.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceClaim {
    /// What it says.
    pub figure: Figure,
    /// Its place.
    pub span: Span,
    /// What it rests on.
    pub basis: Basis,
    /// The date for which it holds.
    pub on: Option<When>,
    /// How it differs from the figure that is used, where the text says so: one of
    /// [`CONFLICTS`](crate::CONFLICTS).
    pub kind: Option<&'static str>,
}

impl Stated {
    /// What is certain.
    pub fn firm(&self) -> Value {
        self.figure.said.firm()
    }

    /// The most that is said.
    pub fn headline(&self) -> Value {
        self.figure.said.headline()
    }

    /// What is expected: as the analyst says, else the mean of what it is sampled from.
    pub fn expected(&self) -> Value {
        self.expect.unwrap_or(self.figure.said).expected()
    }

    /// Its three readings at the rates of exchange of their currencies, without a rate as they are; of a part
    /// those of the part.
    pub fn exchanged(
        &self,
        [firm, expected, headline]: [Value; 3],
        rate: impl Fn(Option<Currency>) -> Option<Value>,
    ) -> [Value; 3] {
        let at = |value: Value, rate: &Option<Value>| match rate {
            Some(rate) => value.scaled(rate),
            None => value,
        };
        let said = rate(self.figure.currency);
        let expects = if self.expect_in.is_some() { rate(self.expected_in()) } else { said.clone() };
        self.parts([at(firm, &said), at(expected, &expects), at(headline, &said)])
    }

    /// What of three readings of the whole is meant.
    pub fn parts(&self, [firm, expected, headline]: [Value; 3]) -> [Value; 3] {
        let Some(share) = &self.share else { return [firm, expected, headline] };
        let [low, middle, high] = share.values();
        [firm.scaled(&low), expected.scaled(&middle), headline.scaled(&high)]
    }

    /// What of a term of the whole that is the same in every reading is meant.
    #[must_use]
    pub fn part_of(&self, whole: Value) -> Value {
        match &self.share {
            Some(share) => whole.scaled(&share.values()[2]),
            None => whole,
        }
    }

    /// Takes it for another figure.
    pub(crate) fn expects(&mut self, other: &Figure) {
        self.expect = Some(other.said);
        self.expect_in = other.currency.filter(|currency| self.figure.currency != Some(*currency));
    }

    /// The currency of what is expected.
    pub fn expected_in(&self) -> Option<Currency> {
        self.expect_in.filter(|_| self.expect.is_some()).or(self.figure.currency)
    }

    /// Whether nothing is said and nothing expected, so that not even the unit is known.
    pub fn is_open(&self) -> bool {
        self.expect.is_none() && matches!(self.figure.said, Said::Undisclosed)
    }

    /// What is taken of it if its condition holds: as the analyst says, else as the words do.
    pub fn taken(&self) -> Value {
        self.expect.map_or_else(|| self.figure.said.taken(), Said::expected)
    }

    /// As a term that holds in every reading: a limit, a cap, a cushion.
    pub fn limit(&self) -> Value {
        self.figure.said.limit()
    }

    /// Whether the expected reading rests on a uniform between zero and the cap.
    pub fn guesses(&self) -> bool {
        self.expect.is_none() && matches!(self.figure.said, Said::UpTo { .. })
    }
}

/// What a term says.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Words.
    Text(String),
    /// Several words, each with its place.
    Texts(Vec<(String, Span)>),
    /// True or false.
    Flag(bool),
    /// A whole number.
    Count(u64),
    /// A figure.
    Figure(Box<Stated>),
    /// A formula, and what it may yield; nothing: it is a condition.
    Formula(Box<Formula>, &'static [Dimension]),
    /// A date or a span of dates.
    When(When),
    /// A duration in years, and the words behind it.
    Duration(f64, String),
    /// A chance, and by when.
    Chance(Box<Stated>, Option<When>),
    /// Documents.
    Sources(Vec<SourceRef>),
    /// A party.
    Party(PartyRef),
    /// The parties of a role that has several.
    Members(Vec<Member>),
    /// Contracts.
    Contracts(Vec<ContractRef>),
    /// An event.
    Event(EventRef),
    /// Figures by year, and later.
    ByYear(Vec<(YearKey, Stated)>),
    /// How a total spreads over time.
    Ramp(Ramp),
    /// Shares by party.
    Shares(Vec<(PartyRef, Stated)>),
    /// Parties by name.
    PartyByName(Vec<(String, PartyRef)>),
    /// Shares of parties by year.
    SharesByYear(Vec<(When, Vec<(PartyRef, Stated)>)>),
    /// Changes by target, as written.
    Changes(Vec<Change>),
    /// Dates by party.
    DateByParty(Vec<(PartyRef, When)>),
    /// A table.
    Table(Record),
    /// Tables by name, each with the place of its name.
    Tables(Vec<(String, Span, Record)>),
    /// A date, a duration or words that nobody has disclosed.
    Unsaid,
    /// Something that could not be read and has its message: the term is there, its value is not.
    Misread,
}

impl Content {
    /// Whether it says in which shape or on what an amount falls due.
    pub fn shapes(&self) -> bool {
        match self {
            Self::Ramp(_) => true,
            Self::Formula(_, dimensions) => dimensions.is_empty(),
            _ => false,
        }
    }

    /// Whether it states something about the world, so that it needs a source.
    pub fn states(&self) -> bool {
        if let Self::Members(members) = self {
            return members.iter().any(Member::says_how_much);
        }
        matches!(
            self,
            Self::Figure(_)
                | Self::Formula(..)
                | Self::Chance(..)
                | Self::ByYear(_)
                | Self::Ramp(_)
                | Self::Shares(_)
                | Self::SharesByYear(_)
                | Self::When(_)
                | Self::Duration(..)
        )
    }

    /// The figure in words that a formula is.
    pub fn worded(&self) -> Option<&Stated> {
        match self {
            Self::Formula(formula, _) => formula.worded(),
            _ => None,
        }
    }
}

/// One change of a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What it changes: a factor, an event, or `contract.term`.
    pub target: String,
    /// Its place.
    pub span: Span,
    /// The figure.
    pub figure: Stated,
}

/// A key of figures by year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum YearKey {
    /// In that year, or month.
    At(When),
    /// In all later ones.
    Later,
}

/// How a total spreads over the life of a contract.
#[derive(Clone, Debug, PartialEq)]
pub enum Ramp {
    /// The same every month.
    Flat,
    /// Growing by the same amount every month, from nothing.
    Linear,
    /// The smooth step `3u^2 - 2u^3`, complete at the end or by a date.
    SCurve(Option<When>),
    /// As the contract's capacity comes in.
    WithCapacity,
    /// Shares of the total by calendar year; `rest` says how the others go.
    Shares {
        /// Year and share, a fraction.
        years: Vec<(i16, f64)>,
        /// How what is not listed spreads: flat or linear; none where the shares are the whole.
        rest: Option<Rest>,
    },
}

/// How the years that a ramp does not list share what is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// The same every year.
    Flat,
    /// Growing by the same amount each year from the last listed share.
    Linear,
}
