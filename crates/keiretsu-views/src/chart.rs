//! Charts on plain numbers and names: bars as HTML, whose text keeps its size on every screen, and drawings
//! as SVG. Colours and type come from the page's style, so that a chart is right in light and dark and on
//! paper. A chart never stands without its table.
//!
//! Invariants: the same input gives the same bytes; an unknown is drawn as unknown, or listed as left out,
//! and never as zero; no name is cut.

mod bar;
mod columns;
mod fan;
mod letters;
mod matrix;
mod scale;
mod svg;
mod tie;
mod track;

pub use bar::{Line, Segment, line};
pub use columns::columns;
pub use fan::{Fan, fan};
pub use matrix::matrix;
pub use tie::{Family, Seat, Tie, TieWeb};
pub use track::{Track, track};
