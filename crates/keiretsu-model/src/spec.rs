//! What a table of the model may hold: terms with their kinds, declared once and used for reading, checking,
//! the JSON Schema and the manual.

use keiretsu_values::Dimension;

pub(crate) use crate::range::Range;

/// A term: one key of a table.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of a term by itself")]
pub struct Term {
    /// The key.
    pub name: &'static str,
    /// What its value may be.
    pub kind: TermKind,
    /// Which numbers it may be.
    pub range: Range,
    /// Whether slices of a contract add up in it to at most what the whole says: how much is bought, lent,
    /// let, granted.
    pub adds: bool,
    /// Whether "over 10 years", "at $0.01" and "of what is left" mean something in it.
    pub spans: bool,
    /// Whether its amount is kept from month to month: money outstanding, a limit, what is left of one.
    pub kept: bool,
    /// What of it each of several parties in one role has.
    pub sharing: Sharing,
    /// Whether it must be there.
    pub required: bool,
    /// Where it is undisclosed if the text says nothing of it.
    pub unsaid: Unsaid,
    /// One line for people.
    pub help: &'static str,
}

impl Term {
    /// A term that may be left out.
    pub const fn new(name: &'static str, kind: TermKind, help: &'static str) -> Self {
        Self {
            name,
            kind,
            range: Range::NotNegative,
            adds: false,
            spans: false,
            kept: false,
            sharing: Sharing::Parts,
            required: false,
            unsaid: Unsaid::Never,
            help,
        }
    }

    /// The term of the parties that a contract is between.
    pub const fn role(name: &'static str, help: &'static str) -> Self {
        Self::new(name, TermKind::Parties, help).required()
    }

    /// The same term, as one of which several parties in one role have another part.
    #[must_use]
    pub const fn shared(self, sharing: Sharing) -> Self {
        Self { sharing, ..self }
    }

    /// The same term with other numbers that it may be.
    #[must_use]
    pub const fn within(self, range: Range) -> Self {
        Self { range, ..self }
    }

    /// The same term, as one that says how much the whole is.
    #[must_use]
    pub const fn adding(self) -> Self {
        Self { adds: true, ..self }
    }

    /// The same term, as one that says over which time it falls.
    #[must_use]
    pub const fn spanning(self) -> Self {
        Self { spans: true, ..self }
    }

    /// The same term, as an amount that is kept from month to month.
    #[must_use]
    pub const fn kept(self) -> Self {
        Self { kept: true, ..self }
    }

    /// The same term, required.
    #[must_use]
    pub const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// The same term, undisclosed where the text says nothing of it.
    #[must_use]
    pub const fn undisclosed(self) -> Self {
        Self { unsaid: Unsaid::Always, ..self }
    }

    /// The same term, undisclosed where the text says nothing of it nor of any of these.
    #[must_use]
    pub const fn undisclosed_unless(self, others: &'static [&'static str]) -> Self {
        Self { unsaid: Unsaid::Unless(others), ..self }
    }

    /// The same term, undisclosed where the text says one of these, which mean nothing without it.
    #[must_use]
    pub const fn undisclosed_with(self, others: &'static [&'static str]) -> Self {
        Self { unsaid: Unsaid::With(others), ..self }
    }
}

/// Where a term of which the text says nothing is there all the same, as something undisclosed.
#[derive(Clone, Copy, Debug)]
pub enum Unsaid {
    /// Nowhere: that it is not said is that it is not there.
    Never,
    /// Wherever its table is.
    Always,
    /// Where none of these is said instead.
    Unless(&'static [&'static str]),
    /// Where one of these is said.
    With(&'static [&'static str]),
}

impl Unsaid {
    /// Whether a table leaves it undisclosed, though nothing in the table speaks of it.
    pub(crate) fn is_open(self, says: impl Fn(&str) -> bool) -> bool {
        match self {
            Self::Never | Self::With(_) => false,
            Self::Always => true,
            Self::Unless(others) => !others.iter().any(|other| says(other)),
        }
    }

    /// Whether something that a table says means that it is there.
    pub(crate) fn is_meant(self, says: impl Fn(&str) -> bool) -> bool {
        matches!(self, Self::With(others) if others.iter().any(|other| says(other)))
    }
}

/// What of a term each of several parties in one role has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    /// Its share of an amount, and all of what is no amount: a rate, a date, a name.
    Parts,
    /// All of it, though it may be an amount: a price of the whole, a level.
    Whole,
    /// Of an amount, its share where the role is that of who is owed, else all of it.
    Owed,
}

/// What the value of a term may be.
#[derive(Clone, Copy, Debug)]
pub enum TermKind {
    /// Words without meaning for the run.
    Text,
    /// A list of words.
    Texts,
    /// One of some words.
    Choice(&'static [&'static str]),
    /// True or false.
    Flag,
    /// A whole number that is not negative.
    Count,
    /// A figure in words, of one of these dimensions.
    Figure(&'static [Dimension]),
    /// A formula that yields one of these dimensions.
    Formula(&'static [Dimension]),
    /// A formula that holds or not.
    Condition,
    /// A day, a month or a year.
    Date,
    /// A day, a month, a year, or `A to B`.
    Period,
    /// A duration such as `10 years`, with or without words behind it.
    Duration,
    /// A chance with an optional date: `70% by 2029-12`.
    Chance,
    /// Names of documents.
    Sources,
    /// The name of a party.
    Party,
    /// The parties of a role: one name, several, or the share of each by name.
    Parties,
    /// The name of a contract.
    Contract,
    /// Names of contracts.
    Contracts,
    /// The name of an event.
    Event,
    /// Figures by year, and `later`: `{ 2026 = "100%", later = "20%" }`, or one figure for all years.
    ByYear(&'static [Dimension]),
    /// How a total spreads over time: `flat`, `linear`, `s-curve [by 2030]`, `with capacity`, or shares by
    /// year.
    Ramp,
    /// Shares by name of a party: `{ nvidia = "60%", outside = "40%" }`.
    Shares,
    /// Parties by a name: `{ claude = "anthropic" }`.
    PartyByName,
    /// Shares of parties by year: `{ 2026 = { openai = "75%", anthropic = "25%" } }`.
    SharesByYear,
    /// Changes by target: `{ compute_price = "2x" }`.
    Changes,
    /// Dates by name of a party: `{ openai = "2028-06" }`.
    DateByParty,
    /// A table with these terms.
    Table(&'static [Term]),
    /// A table with these terms, true or false, or one of some words.
    TableOr(&'static [Term], &'static [&'static str]),
    /// Tables by a name of the user's, each with these terms.
    Tables(&'static [Term]),
}

/// The declaration of a contract type.
#[derive(Clone, Copy, Debug)]
pub struct ContractSpec {
    /// The value of `type`.
    pub keyword: &'static str,
    /// The role that owes, as a term: `buyer`.
    pub obligor: Term,
    /// The role that is owed: `seller`; none where several are.
    pub obligee: Option<Term>,
    /// What else may stand in it. The first kept amount that has a currency gives that of its books.
    pub terms: &'static [Term],
    /// The default rank of its claims; 1 is paid first.
    pub rank: u8,
    /// Whether the failure of a party leaves the other a claim, which guarantees of it are called for.
    pub leaves_claim: bool,
    /// One line for people.
    pub summary: &'static str,
}

impl ContractSpec {
    /// The terms of its roles.
    pub fn roles(&'static self) -> impl Iterator<Item = &'static Term> {
        std::iter::once(&self.obligor).chain(&self.obligee)
    }

    /// The lists of terms that a contract may have.
    pub(crate) fn lists(&'static self) -> Vec<&'static [Term]> {
        let roles = self.roles().map(std::slice::from_ref);
        [CONTRACT_TERMS, BASIS_TERMS, self.terms].into_iter().chain(roles).collect()
    }
}

/// Terms that every contract may have.
pub static CONTRACT_TERMS: &[Term] = &[
    Term::new("type", TermKind::Text, "the contract type").required(),
    Term::new(
        "standing",
        TermKind::Choice(&["paid", "binding", "conditional", "announced", "lapsed", "terminated"]),
        "where it stands; derived where the terms say it",
    ),
    Term::new("rank", TermKind::Count, "which claims are paid first: 1 before 2"),
    Term::new("part_of", TermKind::Contract, "the contract of which this is a slice"),
    Term::new("supersedes", TermKind::Contracts, "the contracts that this one replaces"),
    Term::new("contingent_on", TermKind::Contract, "the contract with which this one falls"),
    Term::new(
        "terminated_when",
        TermKind::Condition,
        "once this has held the contract ends and nothing more falls due",
    ),
    Term::new(
        "termination_fee",
        TermKind::Figure(&[Dimension::MONEY]),
        "what its obligor owes when it is terminated so; default the `fee` of `cancellable`",
    ),
    Term::new(
        "cancellable",
        TermKind::TableOr(CANCELLABLE_TERMS, &["undisclosed"]),
        "whether it can be ended for convenience, and on which terms: a table, `true`, `false` or \
         \"undisclosed\"",
    ),
    Term::new(
        "options",
        TermKind::Tables(OPTION_TERMS),
        "rights to extend or enlarge it, by name: conditional until they are used",
    ),
    Term::new("survives", TermKind::Flag, "whether it goes on after a default of either party"),
];

/// Terms of a right to end a contract for convenience.
pub static CANCELLABLE_TERMS: &[Term] = &[
    Term::new("by", TermKind::Text, "who can: a role of the contract, a party, or \"either\""),
    Term::new("notice", TermKind::Figure(&[Dimension::TIME]), "how long before it ends that has to be said"),
    Term::new(
        "fee",
        TermKind::Figure(&[Dimension::MONEY, Dimension::NUMBER, Dimension::TIME]),
        "what is then owed: an amount, a share such as \"20% of what is left\", or \"12 months of rent\"",
    )
    .spanning(),
    Term::new("from", TermKind::Date, "the first day on which notice can be given"),
    Term::new("until", TermKind::Date, "the last day on which notice can be given"),
];

/// Terms of a right to extend or enlarge a contract.
pub static OPTION_TERMS: &[Term] = &[
    Term::new("by", TermKind::Text, "who may use it: a role of the contract, a party, or \"either\""),
    Term::new(
        "amount",
        TermKind::Figure(&[Dimension::MONEY, Dimension::MONEY_RATE]),
        "what it adds: an amount, or one per time from `from` to `until`",
    ),
    Term::new("total", TermKind::Figure(&[Dimension::MONEY]), "what the contract comes to with it"),
    Term::new("from", TermKind::Date, "when what it adds begins to fall due"),
    Term::new("until", TermKind::Date, "when what it adds ends"),
    Term::new("when", TermKind::Condition, "the condition on which it is used"),
    Term::new("before", TermKind::Date, "the last day on which it can be used"),
    Term::new("used", TermKind::Date, "when a source says that it was used"),
];

const TEXT: Term = Term::new("text", TermKind::Text, "what it is, in words");
const SOURCE: Term = Term::new("source", TermKind::Sources, "the documents it rests on");
const QUOTE: Term = Term::new("quote", TermKind::Text, "the words of the source");
const PAGE: Term = Term::new("page", TermKind::Text, "where in the source");
const BECAUSE: Term = Term::new("because", TermKind::Text, "why we assume it");
const ASSUMED: Term = Term::new(
    "assumed",
    TermKind::Texts,
    "terms, and statements about it, that are ours and not the source's",
);

/// Terms of a table that may say what it rests on.
pub static BASIS_TERMS: &[Term] = &[
    TEXT,
    SOURCE,
    QUOTE,
    PAGE,
    BECAUSE,
    ASSUMED,
    Term::new("known", TermKind::Date, "when it became known; default the source's date"),
];

/// The same of a table inside another one, which became known with it.
pub static INNER_BASIS_TERMS: &[Term] = &[TEXT, SOURCE, QUOTE, PAGE, BECAUSE, ASSUMED];
