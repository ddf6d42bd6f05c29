//! A track from none to all: ink only where something is proved.
//!
//! What is proved to be so is solid from the left, what is proved not to be so is hatched from the right, and
//! what cannot be told is empty: "0 to 100%" looks like nothing, not like all.

use crate::html::escaped;

/// A share of which bounds are proved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Track {
    /// The share is at least this.
    pub low: f64,
    /// The share is at most this.
    pub high: f64,
    /// The share by a convention, where there is one.
    pub point: Option<f64>,
}

/// Less of a track is less than a pixel, and no news.
const LEAST: f64 = 0.0005;

impl Track {
    /// Whether anything is proved.
    pub fn says(&self) -> bool {
        LEAST < self.low || self.high < 1.0 - LEAST
    }

    /// Whether it is proved that nothing is there.
    pub fn is_nothing(&self) -> bool {
        self.high <= LEAST
    }
}

/// Draws a track; `title` says in words what it shows.
pub fn track(track: &Track, title: &str) -> String {
    let share = |share: f64| format!("{:.4}", share.clamp(0.0, 1.0));
    let low = track.low.clamp(0.0, 1.0);
    let rest = 1.0 - track.high.clamp(low, 1.0);
    let mut ink = String::new();
    if LEAST < low {
        ink.push_str(&format!("<i class=\"proved\" style=\"--w:{}\"></i>", share(low)));
    }
    if LEAST < rest {
        ink.push_str(&format!("<i class=\"refuted\" style=\"--w:{}\"></i>", share(rest)));
    }
    let point = track.point.filter(|point| (0.0..=1.0).contains(point));
    if let Some(point) = point {
        ink.push_str(&format!("<b style=\"--w:{}\"></b>", share(point)));
    }
    format!("<span class=\"track\" role=\"img\" aria-label=\"{}\">{ink}</span>", escaped(title))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_drawn_where_nothing_is_proved() {
        let empty = track(&Track { low: 0.0, high: 1.0, point: None }, "cannot be told");
        assert!(!empty.contains("<i") && !empty.contains("<b"), "{empty}");
        let told = track(&Track { low: 0.25, high: 0.5, point: Some(0.3) }, "25% to 50%");
        assert!(told.contains("\"proved\" style=\"--w:0.2500\"") && told.contains("--w:0.5000"), "{told}");
        assert!(told.contains("<b style=\"--w:0.3000\">"), "{told}");
    }
}
