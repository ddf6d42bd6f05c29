//! Charts as SVG, on plain numbers and names. Colours and type come from the page's style, so that a chart is
//! right in light and dark and on paper. Every mark has a `<title>`; a chart never stands without its table.
//!
//! Invariants: the same input gives the same bytes; an unknown is drawn as unknown, or listed as left out,
//! and never as zero.

mod fan;
mod heat;
mod interval;
mod sankey;
mod scale;
mod svg;
mod web;

pub use fan::{Fan, fan};
pub use heat::{Heat, heat};
pub use interval::{Interval, intervals};
pub use sankey::{Band, sankey};
pub use web::{Link, LinkKind, arcs, web};
