//! A web of ties between parties, as drawings need it: who stands where, who pays whom, how much of it firm.

/// What money is for, as colours and shapes tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Capital: equity and loans.
    Capital,
    /// Purchases and rent.
    Service,
    /// Guarantees and backstops.
    Guarantee,
}

impl Family {
    /// Its class in the style.
    pub fn class(self) -> &'static str {
        match self {
            Self::Capital => "cap",
            Self::Service => "svc",
            Self::Guarantee => "gua",
        }
    }
}

/// A party in a drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct Seat {
    /// Its title.
    pub title: String,
    /// Where a click leads.
    pub link: String,
    /// The column that it stands in, from the left.
    pub column: usize,
    /// The group inside of the column, from the top.
    pub group: usize,
    /// What it gets and pays in all, in words.
    pub totals: Vec<String>,
}

/// All that one party owes another of a family.
#[derive(Clone, Debug, PartialEq)]
pub struct Tie {
    /// The payer's seat.
    pub from: usize,
    /// The payee's seat.
    pub to: usize,
    /// What it is for.
    pub family: Family,
    /// What is paid or owed without a condition; none where it is unknown.
    pub firm: Option<f64>,
    /// Everything announced, at its cap; none where it is unknown.
    pub headline: Option<f64>,
    /// The amount in words.
    pub words: String,
}

impl Tie {
    /// What it comes to at most, where anything is known.
    pub fn size(&self) -> f64 {
        self.headline.unwrap_or(0.0).max(self.firm.unwrap_or(0.0)).max(0.0)
    }

    /// The share of the size that is firm.
    pub fn firm_share(&self) -> f64 {
        match self.size() {
            0.0 => 0.0,
            size => self.firm.unwrap_or(0.0).clamp(0.0, size) / size,
        }
    }
}

/// Parties and ties.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TieWeb {
    /// The content, for readers who cannot see it.
    pub label: String,
    /// The headings of the columns.
    pub heads: Vec<String>,
    /// The parties.
    pub seats: Vec<Seat>,
    /// The ties.
    pub ties: Vec<Tie>,
}

impl TieWeb {
    /// A tie in words: who, whom, how much.
    pub fn words(&self, tie: &Tie) -> String {
        format!("{} to {}: {}", self.seats[tie.from].title, self.seats[tie.to].title, tie.words)
    }

    /// The largest tie; 0 where none is known.
    pub fn largest(&self) -> f64 {
        self.ties.iter().map(Tie::size).fold(0.0, f64::max)
    }
}
