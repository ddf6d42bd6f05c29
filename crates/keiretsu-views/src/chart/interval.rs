//! Intervals on one axis from 0 to 100%: the bounds of all conventions, and the conventions inside.

use super::scale::Scale;
use super::svg::{Svg, round, short};

/// An interval of shares.
#[derive(Clone, Debug)]
pub struct Interval {
    /// The name of its owner.
    pub name: String,
    /// Lower and upper bound, as fractions; none where unknown.
    pub bounds: Option<(f64, f64)>,
    /// Points inside: the name of the convention, and the fraction.
    pub points: Vec<(String, f64)>,
    /// In words, at the right.
    pub words: String,
}

const WIDTH: f64 = 760.0;
const LEFT: f64 = 210.0;
const RIGHT: f64 = 150.0;
const ROW: f64 = 30.0;

/// Draws intervals below each other.
pub fn intervals(label: &str, list: &[Interval]) -> String {
    let height = ROW * list.len() as f64 + 34.0;
    let mut svg = Svg::new(WIDTH, height, label);
    let x = Scale { numbers: (0.0, 1.0), places: (LEFT, WIDTH - RIGHT) };
    for tick in [0.0, 0.25, 0.5, 0.75, 1.0] {
        svg.line("axis", (x.at(tick), 4.0), (x.at(tick), height - 22.0));
        svg.words("soft small", (x.at(tick), height - 8.0), "middle", &format!("{:.0}%", tick * 100.0));
    }
    for (at, interval) in list.iter().enumerate() {
        let y = ROW * (at as f64 + 0.5) + 4.0;
        svg.words("", (LEFT - 10.0, y + 5.0), "end", &short(&interval.name, 30));
        row(&mut svg, interval, x, y);
        svg.words("small", (WIDTH - RIGHT + 10.0, y + 4.0), "start", &interval.words);
    }
    svg.finish()
}

fn row(svg: &mut Svg, interval: &Interval, x: Scale, y: f64) {
    match interval.bounds {
        None => {
            let size = (x.at(1.0) - x.at(0.0), 12.0);
            svg.rect("blank", (x.at(0.0), y - 6.0), size, "", "unknown: anything from nothing to all");
        }
        Some((low, high)) => {
            // An interval of one point is still to be seen.
            let (from, to) = (x.at(low), x.at(high).max(x.at(low) + 2.0));
            let title = format!("from {:.1}% to {:.1}%", low * 100.0, high * 100.0);
            let data = format!("M{} {y}L{} {y}", round(from), round(to));
            svg.path("interval", &data, "", &title);
        }
    }
    for (name, share) in &interval.points {
        svg.circle("point", (x.at(*share), y), 5.0, &format!("{name}: {:.1}%", share * 100.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_interval_is_the_whole_axis_in_outline() {
        let list = [
            Interval {
                name: "A in B".to_owned(),
                bounds: Some((0.2, 0.6)),
                points: vec![("pro rata".to_owned(), 0.4)],
                words: "20% to 60%".to_owned(),
            },
            Interval { name: "C in D".to_owned(), bounds: None, points: vec![], words: "unknown".to_owned() },
        ];
        let svg = intervals("circularity", &list);
        assert!(svg.contains("class=\"blank\"") && svg.contains("from 20.0% to 60.0%"));
        assert_eq!(svg.matches("<circle").count(), 1);
    }
}
