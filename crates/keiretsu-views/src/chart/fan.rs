//! A fan chart: the middle half and the middle nine tenths of a quantity by year, its median and its mean.

use super::scale::Scale;
use super::svg::{Svg, round};

/// One fan.
#[derive(Clone, Debug)]
pub struct Fan {
    /// The content, for readers who cannot see it.
    pub label: String,
    /// The years or months, in order.
    pub times: Vec<String>,
    /// For each time the 5, 25, 50, 75 and 95% quantiles.
    pub quantiles: Vec<[f64; 5]>,
    /// For each time the mean.
    pub mean: Vec<f64>,
    /// The unit in words: `$B`.
    pub unit: String,
    /// The divisor of numbers before they are written.
    pub per: f64,
}

/// The narrowest place that a fan has on a page: it grows, and its text is never smaller than this.
const SIZE: (f64, f64) = (330.0, 210.0);
/// Left, right, top, bottom.
const MARGIN: (f64, f64, f64, f64) = (44.0, 22.0, 18.0, 26.0);

/// Draws a fan.
pub fn fan(fan: &Fan) -> String {
    let mut svg = Svg::new(SIZE.0, SIZE.1, &fan.label);
    let all = fan.quantiles.iter().flatten().chain(&fan.mean).copied().filter(|number| number.is_finite());
    let (low, high) = all.fold((0.0f64, 0.0f64), |(low, high), number| (low.min(number), high.max(number)));
    let last = fan.times.len().saturating_sub(1).max(1) as f64;
    let x = Scale { numbers: (0.0, last), places: (MARGIN.0, SIZE.0 - MARGIN.1) };
    let y = Scale { numbers: (low, high), places: (SIZE.1 - MARGIN.3, MARGIN.2) };
    axes(&mut svg, fan, x, y);
    let edge = |quantile: usize| -> Vec<(f64, f64)> {
        fan.quantiles.iter().enumerate().map(|(at, all)| (x.at(at as f64), y.at(all[quantile]))).collect()
    };
    svg.path("fan-outer", &area(&edge(4), &edge(0)), "", "from 5% to 95% of the paths");
    svg.path("fan-inner", &area(&edge(3), &edge(1)), "", "from 25% to 75% of the paths");
    svg.path("fan-line", &polyline(&edge(2)), "", "median");
    let mean: Vec<(f64, f64)> =
        fan.mean.iter().enumerate().map(|(at, mean)| (x.at(at as f64), y.at(*mean))).collect();
    svg.path("mean", &polyline(&mean), "", "mean");
    svg.finish()
}

fn axes(svg: &mut Svg, fan: &Fan, x: Scale, y: Scale) {
    for tick in y.ticks(5) {
        let at = y.at(tick);
        let class = if tick.abs() < 1e-12 { "zero" } else { "axis" };
        svg.line(class, (MARGIN.0, at), (SIZE.0 - MARGIN.1, at));
        svg.words("soft small", (MARGIN.0 - 6.0, at + 4.0), "end", &number(tick / fan.per));
    }
    svg.words("soft small", (4.0, 11.0), "start", &fan.unit);
    let every = fan.times.len().div_ceil(6).max(1);
    for (at, time) in fan.times.iter().enumerate().step_by(every) {
        svg.words("soft small", (x.at(at as f64), SIZE.1 - 8.0), "middle", time);
    }
}

/// Three digits and no more.
fn number(number: f64) -> String {
    let size = number.abs();
    let digits = if size >= 100.0 || size.fract() == 0.0 {
        0
    } else if size >= 1.0 {
        1
    } else {
        2
    };
    format!("{number:.digits$}").replace('-', "−")
}

fn polyline(points: &[(f64, f64)]) -> String {
    // A point that is unknown breaks the line.
    let mut text = String::new();
    let mut pen = "M";
    for (x, y) in points {
        if y.is_finite() {
            text.push_str(&format!("{pen}{} {}", round(*x), round(*y)));
            pen = "L";
        } else {
            pen = "M";
        }
    }
    text
}

fn area(upper: &[(f64, f64)], lower: &[(f64, f64)]) -> String {
    let known = |points: &[(f64, f64)]| -> Vec<(f64, f64)> {
        points.iter().copied().filter(|(_, y)| y.is_finite()).collect()
    };
    let mut edge = known(upper);
    edge.extend(known(lower).into_iter().rev());
    if edge.is_empty() { String::new() } else { polyline(&edge) + "Z" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fan_stands_on_its_axis_and_breaks_where_nothing_is_known() {
        let shown = Fan {
            label: "cash".to_owned(),
            times: ["2026", "2027", "2028"].map(str::to_owned).to_vec(),
            quantiles: vec![[1.0, 2.0, 3.0, 4.0, 5.0], [f64::NAN; 5], [-1.0, 0.0, 1.0, 2.0, 3.0]],
            mean: vec![3.0, f64::NAN, 1.0],
            unit: "$B".to_owned(),
            per: 1.0,
        };
        let svg = fan(&shown);
        assert!(svg.contains("class=\"zero\"") && !svg.contains("NaN"));
        assert_eq!(svg.matches("fan-line").count(), 1);
        assert_eq!(number(-2.5), "−2.5");
    }
}
