//! Published methods on plain numbers: slices of amounts, days and debts in, plain results out.
//!
//! Parties, firms and flows are indices; money is `f64` in one unit of the caller's choice; rates are
//! fractions per year. One file per method, with the paper and the equation it follows.
//!
//! Invariants: no panic and no NaN for any input, errors are small enums; sums run in a fixed order and the
//! `exp` and `ln` of `keiretsu-maths` make the same bits on every machine; draws are functions of a stated
//! seed.
//!
//! Absent: names, models, I/O, clocks. Callers are listed in `docs/ARCHITECTURE.md`.

pub mod captable;
pub mod choice;
pub mod circularity;
pub mod clearing;
pub mod concentration;
pub mod crossholdings;
pub mod day_count;
pub mod debtrank;
pub mod design_point;
pub mod exposure;
pub mod irr;
pub mod loan;
pub mod network;
pub mod own_money;
pub mod returns;
pub mod sensitivity;

mod dense;
mod max_flow;
mod roots;
