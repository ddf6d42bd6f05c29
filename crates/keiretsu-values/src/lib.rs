//! Words for answers: a value with its possible range, its unit, the table of values for a view, the findings
//! made from it, and the names nearest to a misspelt one.
//!
//! ```
//! use keiretsu_values::{Bound, Value};
//! let back = Value::at_least(100e9);
//! let put_in = Value::exact(13e9);
//! let coverage = back.divide(&put_in);
//! assert_eq!(coverage.bound(), Some(Bound::AtLeast));
//! ```
//!
//! Invariants: an amount as read is finite and possible; an unknown one carries its reason and is never zero.
//! Absent: figures as worded (`keiretsu-model`), rendering (`keiretsu-views`).

pub mod bound;
mod distribution;
pub mod entity;
pub mod finding;
pub mod formula;
mod id;
mod page;
mod reading;
pub mod schema;
pub mod set;
pub mod suggest;
pub mod table;
mod tag;
mod totals;
pub mod unit;
pub mod value;

pub use bound::Bound;
pub use distribution::Distribution;
pub use entity::{Entity, Id, Period};
pub use finding::{CellAddress, Finding, FindingNumber, FindingPart};
pub use formula::{ColumnFormula, Expr};
pub use page::{Page, PageSection};
pub use reading::Reading;
pub use schema::{ColumnSpec, EndPair, Pivot, Screen, TableSpec, UnitSpec};
pub use set::Set;
pub use table::{Cell, Column, ColumnKind, Shown, Table, Weight, Window};
pub use tag::Tag;
pub use totals::{TOTAL, proved_end};
pub use unit::{Currency, Dimension, Unit};
pub use value::{Total, Value, Whole};
