//! A small writer of SVG: elements with classes, in user units of one pixel on a wide screen.

use std::fmt::Write;

use crate::html::escaped;

/// An SVG under construction.
pub struct Svg {
    text: String,
}

impl Svg {
    /// An empty drawing of a size, with a label for readers who cannot see it.
    pub fn new(width: f64, height: f64, label: &str) -> Self {
        Self::with_role(width, height, label, "img")
    }

    /// The same for a drawing with links, which are read one by one.
    pub fn of_links(width: f64, height: f64, label: &str) -> Self {
        Self::with_role(width, height, label, "group")
    }

    fn with_role(width: f64, height: f64, label: &str, role: &str) -> Self {
        let label = escaped(label);
        let size = format!("{} {}", round(width), round(height));
        let text = format!("<svg viewBox=\"0 0 {size}\" role=\"{role}\" aria-label=\"{label}\">\n");
        Self { text }
    }

    /// A path with a class and a tooltip.
    pub fn path(&mut self, class: &str, data: &str, more: &str, title: &str) {
        let title =
            if title.is_empty() { String::new() } else { format!("<title>{}</title>", escaped(title)) };
        let _ = writeln!(self.text, "<path class=\"{class}\" d=\"{data}\"{more}>{title}</path>");
    }

    /// A line.
    pub fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let [x1, y1, x2, y2] = [from.0, from.1, to.0, to.1].map(round);
        let _ =
            writeln!(self.text, "<line class=\"{class}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"/>");
    }

    /// A rectangle: corner, size, how round its corners are.
    pub fn rect(&mut self, class: &str, corner: (f64, f64), size: (f64, f64), more: &str, title: &str) {
        let [x, y, w, h] = [corner.0, corner.1, size.0, size.1].map(round);
        let title =
            if title.is_empty() { String::new() } else { format!("<title>{}</title>", escaped(title)) };
        let _ = writeln!(
            self.text,
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"{more}>{title}</rect>"
        );
    }

    /// Words at a point; `anchor` is start, middle or end.
    pub fn words(&mut self, class: &str, at: (f64, f64), anchor: &str, words: &str) {
        let [x, y] = [at.0, at.1].map(round);
        let words = escaped(words);
        let _ = writeln!(
            self.text,
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{words}</text>"
        );
    }

    /// Anything else.
    pub fn raw(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// The drawing as text.
    pub fn finish(mut self) -> String {
        self.text.push_str("</svg>\n");
        self.text
    }
}

/// To a tenth: enough for any screen, and short. Never "-0".
pub fn round(number: f64) -> f64 {
    let rounded = (number * 10.0).round() / 10.0;
    if rounded == 0.0 { 0.0 } else { rounded }
}
