//! A bar as a line of HTML: parts side by side from the left, then its number in words.
//!
//! The words take the room that they need and the bar the rest, so that neither is ever cut or covered. Where
//! bars have marks, the words of all stand in a column of their own.

use crate::html::escaped;

/// A part of a bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// Its length, as a share of the longest bar of the chart; an unknown one has none, and is an open box of
    /// a fixed width.
    pub share: Option<f64>,
    /// Its classes of colour and pattern: `cap`, `svc hatch`.
    pub class: String,
    /// What it is, for readers who point at it.
    pub title: String,
}

/// A bar.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// Its parts, from the left.
    pub segments: Vec<Segment>,
    /// Where a mark stands on it, as a share of the longest bar, and what the mark is.
    pub tick: Option<(f64, String)>,
    /// Its number in words, as HTML.
    pub words: String,
}

impl Segment {
    /// A part of a known length.
    pub fn new(share: f64, class: &str, title: &str) -> Self {
        Self { share: Some(share.clamp(0.0, 1.0)), class: class.to_owned(), title: title.to_owned() }
    }

    /// A part of an unknown length.
    pub fn unknown(class: &str, title: &str) -> Self {
        Self { share: None, class: class.to_owned(), title: title.to_owned() }
    }
}

/// Draws a bar.
pub fn line(bar: &Line) -> String {
    let segments: String = bar.segments.iter().map(segment).collect();
    let tick = bar.tick.as_ref().map_or(String::new(), |(share, title)| {
        format!("<b style=\"--w:{}\" title=\"{}\"></b>", share_of(*share), escaped(title))
    });
    let words = &bar.words;
    format!(
        "<span class=\"line\"><span class=\"ink\">{segments}{tick}</span>\
         <span class=\"words\">{words}</span></span>\n"
    )
}

fn segment(segment: &Segment) -> String {
    let Segment { share, class, title } = segment;
    let title = escaped(title);
    match share {
        Some(share) => {
            format!("<i class=\"{class}\" style=\"--w:{}\" title=\"{title}\"></i>", share_of(*share))
        }
        None => format!("<i class=\"{class} open\" title=\"{title}\"></i>"),
    }
}

/// To a ten-thousandth: less than a pixel on any screen.
fn share_of(share: f64) -> String {
    let words = format!("{:.4}", share.clamp(0.0, 1.0));
    words.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_part_has_no_length_and_a_known_one_its_share() {
        let segments = vec![Segment::new(0.25, "cap", "paid"), Segment::unknown("svc", "undisclosed")];
        let html = line(&Line { segments, tick: Some((2.0, "peak".to_owned())), words: "≥$1B".to_owned() });
        assert!(html.contains("<i class=\"cap\" style=\"--w:0.25\" title=\"paid\"></i>"), "{html}");
        assert!(html.contains("<i class=\"svc open\" title=\"undisclosed\"></i>"), "{html}");
        assert!(html.contains("<b style=\"--w:1\" title=\"peak\"></b>"), "a mark stays on the page: {html}");
    }
}
