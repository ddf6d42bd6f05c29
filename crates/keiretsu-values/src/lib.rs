//! Words for answers: a value with its bound mark, its unit, and the table that carries values to a view.
//!
//! ```
//! use keiretsu_values::{Bound, Value};
//! let back = Value::known(100e9, Bound::AtLeast);
//! let put_in = Value::exact(13e9);
//! let coverage = back.divide(&put_in);
//! assert_eq!(coverage.bound(), Some(Bound::AtLeast));
//! ```
//!
//! Invariants: a known amount is finite; an unknown amount carries its reason and is never zero.
//! Absent: figures as worded (`keiretsu-model`), rendering (`keiretsu-views`).

pub mod bound;
pub mod table;
pub mod unit;
pub mod value;

pub use bound::Bound;
pub use table::{Cell, Column, Kind, Table, Window};
pub use unit::{Currency, Dimension, Unit};
pub use value::{Total, Value};
