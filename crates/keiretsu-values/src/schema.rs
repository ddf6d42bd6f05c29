//! The schema of a table: its columns as a measure declares them once, before there is any data.

use crate::{Column, ColumnFormula, ColumnKind, Currency, Entity, Shown, Unit};

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
}

impl ColumnSpec {
    const fn new(key: &'static str, kind: KindSpec, meaning: &'static str) -> Self {
        Self { key, title: None, kind, meaning, formula: ColumnFormula::None, shown: Shown::Always }
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

    /// Shown to people in the place of the empty cells of another column.
    #[must_use]
    pub const fn instead_of(mut self, key: &'static str) -> Self {
        self.shown = Shown::InsteadOf(key);
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
        Column { formula: self.formula, shown: self.shown, ..column }
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
}

impl TableSpec {
    /// A table of a measure.
    pub const fn new(
        measure: &'static str,
        name: &'static str,
        title: &'static str,
        columns: &'static [&'static [ColumnSpec]],
    ) -> Self {
        Self { measure, name, title, columns, pivot: None }
    }

    /// The same with the things of one column side by side for people.
    #[must_use]
    pub const fn across(mut self, across: &'static str, cell: &'static str) -> Self {
        self.pivot = Some(Pivot { across, cell });
        self
    }

    /// Its columns in their order.
    pub fn columns(&self) -> impl Iterator<Item = &'static ColumnSpec> {
        self.columns.iter().flat_map(|columns| columns.iter())
    }
}
