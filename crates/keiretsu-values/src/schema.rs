//! The schema of a table: its columns as a measure declares them once, before there is any data.

use crate::{Column, ColumnFormula, ColumnKind, Currency, Entity, Shown, Unit, Weight};

/// The unit of a declared column; money is in the currency of the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitSpec {
    /// Amounts of money.
    Money,
    /// Amounts of money per gigawatt.
    MoneyPerPower,
    /// A unit that is the same for every model.
    Fixed(Unit),
}

impl UnitSpec {
    /// The unit in a model of this currency.
    pub fn of(self, currency: Currency) -> Unit {
        match self {
            Self::Money => Unit::Money(currency),
            Self::MoneyPerPower => Unit::MoneyPerPower(currency),
            Self::Fixed(unit) => unit,
        }
    }
}

/// The kind of a declared column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum KindSpec {
    Plain(ColumnKind),
    Number(UnitSpec),
}

/// A declared column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnSpec {
    /// The key in JSON, CSV and Parquet, in snake case; unique in its table.
    pub key: &'static str,
    title: Option<&'static str>,
    kind: KindSpec,
    /// Its meaning in one sentence.
    pub meaning: &'static str,
    /// How its numbers are made.
    pub formula: ColumnFormula,
    shown: Shown,
    weight: Weight,
    adds: bool,
}

impl ColumnSpec {
    const fn new(key: &'static str, kind: KindSpec, meaning: &'static str) -> Self {
        Self {
            key,
            title: None,
            kind,
            meaning,
            formula: ColumnFormula::None,
            shown: Shown::Always,
            weight: Weight::Usual,
            adds: false,
        }
    }

    /// Words.
    pub const fn text(key: &'static str, meaning: &'static str) -> Self {
        Self::new(key, KindSpec::Plain(ColumnKind::Text), meaning)
    }

    /// An ISO 8601 date, month or year.
    pub const fn date(key: &'static str, meaning: &'static str) -> Self {
        Self::new(key, KindSpec::Plain(ColumnKind::Date), meaning)
    }

    /// A party.
    pub const fn party(key: &'static str, meaning: &'static str) -> Self {
        Self::id(key, Entity::Party, meaning)
    }

    /// A contract, or a tranche of one.
    pub const fn contract(meaning: &'static str) -> Self {
        Self::id("contract", Entity::Contract, meaning)
    }

    /// A thing of the model.
    pub const fn id(key: &'static str, entity: Entity, meaning: &'static str) -> Self {
        Self::new(key, KindSpec::Plain(ColumnKind::Id(entity)), meaning)
    }

    /// The reading of the row: firm, expected or headline.
    pub const fn reading() -> Self {
        Self::new("reading", KindSpec::Plain(ColumnKind::Reading), "firm, expected or headline")
    }

    /// A stretch of time.
    pub const fn period(key: &'static str, meaning: &'static str) -> Self {
        Self::new(key, KindSpec::Plain(ColumnKind::Period), meaning)
    }

    /// Numbers in one unit.
    pub const fn number(key: &'static str, unit: Unit, meaning: &'static str) -> Self {
        Self::in_unit(key, UnitSpec::Fixed(unit), meaning)
    }

    /// Numbers in one unit, which may hang on the currency of the model.
    pub const fn in_unit(key: &'static str, unit: UnitSpec, meaning: &'static str) -> Self {
        Self::new(key, KindSpec::Number(unit), meaning)
    }

    /// Amounts in the currency of the model.
    pub const fn money(key: &'static str, meaning: &'static str) -> Self {
        Self::in_unit(key, UnitSpec::Money, meaning)
    }

    /// Fractions of a whole.
    pub const fn share(key: &'static str, meaning: &'static str) -> Self {
        Self::number(key, Unit::Share, meaning)
    }

    /// Multiples.
    pub const fn multiple(key: &'static str, meaning: &'static str) -> Self {
        Self::number(key, Unit::Multiple, meaning)
    }

    /// Numbers in the unit that the row's own column of units names.
    pub const fn measured(key: &'static str, meaning: &'static str) -> Self {
        Self::new(key, KindSpec::Plain(ColumnKind::Measured), meaning)
    }

    /// The unit of the row's measured columns.
    pub const fn unit() -> Self {
        Self::new("unit", KindSpec::Plain(ColumnKind::Unit), "the unit of the row's numbers")
    }

    /// The same column under another heading.
    #[must_use]
    pub const fn titled(mut self, title: &'static str) -> Self {
        self.title = Some(title);
        self
    }

    /// With arithmetic over columns of the same row in braces, checked by a test.
    #[must_use]
    pub const fn is(mut self, arithmetic: &'static str) -> Self {
        self.formula = ColumnFormula::Arithmetic(arithmetic);
        self
    }

    /// With words that say how its numbers are made.
    #[must_use]
    pub const fn by(mut self, words: &'static str) -> Self {
        self.formula = ColumnFormula::Words(words);
        self
    }

    /// Shown to people only where some row has something in it.
    #[must_use]
    pub const fn when_filled(mut self) -> Self {
        self.shown = Shown::WhenFilled;
        self
    }

    /// Shown to people only where they ask for it, in a table of its own.
    #[must_use]
    pub const fn when_asked(mut self) -> Self {
        self.shown = Shown::WhenAsked;
        self
    }

    /// Shown to people in the place of the empty cells of another column.
    #[must_use]
    pub const fn instead_of(mut self, key: &'static str) -> Self {
        self.shown = Shown::InsteadOf(key);
        self
    }

    /// One of the first to go where there is no room for all.
    #[must_use]
    pub const fn minor(mut self) -> Self {
        self.weight = Weight::Minor;
        self
    }

    /// Numbers of which the sum over all rows of a reading means something: no row is a part of another.
    #[must_use]
    pub const fn adds(mut self) -> Self {
        self.adds = true;
        self
    }

    /// The column in a model of this currency.
    pub fn column(&self, currency: Currency) -> Column {
        let kind = match self.kind {
            KindSpec::Plain(kind) => kind,
            KindSpec::Number(unit) => ColumnKind::Number(unit.of(currency)),
        };
        let mut column = Column::new(self.key, kind);
        if let Some(title) = self.title {
            title.clone_into(&mut column.title);
        }
        let Self { formula, shown, weight, adds, .. } = *self;
        Column { formula, shown, weight, adds, ..column }
    }
}

/// How people see a relation laid out: the things of one column side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pivot {
    /// The key of the column that runs across.
    pub across: &'static str,
    /// The key of the column of numbers that fills the cells.
    pub cell: &'static str,
}

/// Two columns that people see as one range on a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndPair {
    /// The key of the column of the least.
    pub low: &'static str,
    /// The key of the column of the most.
    pub high: &'static str,
    /// The heading of the range.
    pub title: &'static str,
}

/// What of a table is shown where there is room for one screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Screen {
    /// The word for one of its rows, whatever the readings of it.
    pub noun: &'static str,
    /// The column by whose size rows are sorted, largest first; none: rows stay in their order.
    pub main: Option<&'static str>,
    /// The columns by which rows are versions of one thing; none: the reading.
    pub versions: &'static [&'static str],
    /// Whether rows of nothing but zero and unknown are counted instead of shown.
    pub folds: bool,
    /// The things of one column side by side, where the whole table has them below each other.
    pub pivot: Option<Pivot>,
    /// The column of that pivot where nothing can be read of its own.
    pub pivot_else: Option<&'static str>,
    /// Two columns seen as one.
    pub interval: Option<EndPair>,
    /// The column of words that stand over the rows that have them, once.
    pub heads: Option<&'static str>,
    /// The statements of a model that would give it rows.
    pub filled_by: &'static str,
}

impl Screen {
    /// Rows in their order, each shown.
    pub const PLAIN: Self = Self {
        noun: "row",
        main: None,
        versions: &[],
        folds: false,
        pivot: None,
        pivot_else: None,
        interval: None,
        heads: None,
        filled_by: "",
    };
}

impl Default for Screen {
    fn default() -> Self {
        Self::PLAIN
    }
}

/// A declared table: a relation with keys and columns that do not hang on data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableSpec {
    /// The measure that makes it.
    pub measure: &'static str,
    /// Its name, unique in its measure.
    pub name: &'static str,
    /// One line for people.
    pub title: &'static str,
    /// Its columns, in lists that follow each other.
    pub columns: &'static [&'static [ColumnSpec]],
    /// How people see it, where not as it stands.
    pub pivot: Option<Pivot>,
    /// What of it fits on a screen.
    pub screen: Screen,
}

impl TableSpec {
    /// A table of a measure.
    pub const fn new(
        measure: &'static str,
        name: &'static str,
        title: &'static str,
        columns: &'static [&'static [ColumnSpec]],
    ) -> Self {
        Self { measure, name, title, columns, pivot: None, screen: Screen::PLAIN }
    }

    /// The same with the things of one column side by side for people.
    #[must_use]
    pub const fn across(mut self, across: &'static str, cell: &'static str) -> Self {
        self.pivot = Some(Pivot { across, cell });
        self
    }

    /// The same with a word for one of its rows.
    #[must_use]
    pub const fn of_each(mut self, noun: &'static str) -> Self {
        self.screen.noun = noun;
        self
    }

    /// The same with the statements of a model that would give it rows, for those who see none.
    #[must_use]
    pub const fn filled_by(mut self, statements: &'static str) -> Self {
        self.screen.filled_by = statements;
        self
    }

    /// The same with its rows by size on a screen, the largest of a column first; rows of nothing are
    /// counted.
    #[must_use]
    pub const fn by_size(mut self, main: &'static str) -> Self {
        self.screen.main = Some(main);
        self.screen.folds = true;
        self
    }

    /// The same with rows that are versions of one thing by these columns, as of a reading.
    #[must_use]
    pub const fn in_versions(mut self, columns: &'static [&'static str]) -> Self {
        self.screen.versions = columns;
        self
    }

    /// The same, and on a screen each row is shown, whatever its numbers: its words count.
    #[must_use]
    pub const fn unfolded(mut self) -> Self {
        self.screen.folds = false;
        self
    }

    /// The same with the things of one column side by side on a screen.
    #[must_use]
    pub const fn at_a_glance(mut self, across: &'static str, cell: &'static str) -> Self {
        self.screen.pivot = Some(Pivot { across, cell });
        self.screen.folds = true;
        self
    }

    /// The same with another column in that place where nothing can be read of the first.
    #[must_use]
    pub const fn else_at_a_glance(mut self, cell: &'static str) -> Self {
        self.screen.pivot_else = Some(cell);
        self
    }

    /// The same with the words of a column over the rows that have them, once, on a screen.
    #[must_use]
    pub const fn under_heads(mut self, column: &'static str) -> Self {
        self.screen.heads = Some(column);
        self
    }

    /// The same with two columns seen as one range on a screen.
    #[must_use]
    pub const fn as_range(mut self, low: &'static str, high: &'static str, title: &'static str) -> Self {
        self.screen.interval = Some(EndPair { low, high, title });
        self
    }

    /// Its columns in their order.
    pub fn columns(&self) -> impl Iterator<Item = &'static ColumnSpec> {
        self.columns.iter().flat_map(|columns| columns.iter())
    }
}
