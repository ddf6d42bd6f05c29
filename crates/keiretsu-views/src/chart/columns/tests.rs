//! Boxes, crossings and lines of a web in columns.

use super::super::tie::{Seat, Tie};
use super::*;

fn seat(title: &str, column: usize, group: usize) -> Seat {
    Seat { title: title.to_owned(), link: "#x".to_owned(), column, group, totals: vec!["gets $1".to_owned()] }
}

fn tie(from: usize, to: usize, family: Family, firm: f64, headline: Option<f64>) -> Tie {
    Tie { from, to, family, firm: Some(firm), headline, words: "$1".to_owned() }
}

/// A web of `count` parties in four columns, tied at random by a fixed rule.
fn web(count: usize) -> TieWeb {
    let seats = (0..count).map(|at| seat(&format!("Party number {at}"), at % 4, at % 8 / 4)).collect();
    let ties = (0..count * 2)
        .map(|at| (at * 7 % count, (at * 5 + at / count + 1) % count))
        .filter(|(from, to)| from != to)
        .map(|(from, to)| tie(from, to, Family::Service, 1.0, Some(1.0 + from as f64)));
    TieWeb { label: "web".to_owned(), heads: vec!["head".to_owned(); 4], seats, ties: ties.collect() }
}

fn numbers(svg: &str, class: &str, key: &str) -> Vec<f64> {
    let lines = svg.lines().filter(|line| line.contains(&format!("class=\"{class}\"")));
    let number = |line: &str| line.split(&format!(" {key}=\"")).nth(1)?.split('"').next()?.parse().ok();
    lines.filter_map(number).collect()
}

#[test]
fn no_box_covers_another_and_none_leaves_the_drawing() {
    for count in [2, 9, 44] {
        let svg = columns(&web(count));
        let [x, y, w, h] = ["x", "y", "width", "height"].map(|key| numbers(&svg, "box", key));
        assert_eq!(x.len(), count);
        let size =
            svg.split("viewBox=\"0 0 ").nth(1).and_then(|rest| rest.split('"').next()).expect("a size");
        let height: f64 = size.split(' ').nth(1).and_then(|height| height.parse().ok()).expect("a height");
        for at in 0..count {
            assert!(0.0 <= x[at] && x[at] + w[at] <= WIDTH && HEAD - 0.1 <= y[at] && y[at] + h[at] <= height);
            for other in 0..at {
                let beside = x[at] + w[at] <= x[other] || x[other] + w[other] <= x[at];
                let below = y[at] + h[at] <= y[other] || y[other] + h[other] <= y[at];
                assert!(beside || below, "{count}: {at} covers {other}");
            }
        }
    }
}

#[test]
fn a_crossing_that_an_order_avoids_is_avoided() {
    let seats = [("A", 0), ("B", 0), ("C", 1), ("D", 1)].map(|(title, column)| seat(title, column, 0));
    let ties = [(0, 3), (1, 2)].map(|(from, to)| tie(from, to, Family::Service, 1.0, Some(1.0)));
    let web = TieWeb {
        label: "web".to_owned(),
        heads: vec!["left".to_owned(), "right".to_owned()],
        seats: seats.to_vec(),
        ties: ties.to_vec(),
    };
    let y = numbers(&columns(&web), "box", "y");
    // A pays D and B pays C: A stands above B where D stands above C.
    assert_eq!(y[0] < y[1], y[3] < y[2]);
}

#[test]
fn what_is_unknown_is_a_dotted_line_and_what_is_conditional_a_dashed_one() {
    let mut web = web(2);
    web.ties = vec![
        Tie { firm: None, headline: None, ..tie(0, 1, Family::Capital, 0.0, None) },
        tie(1, 0, Family::Service, 0.0, Some(5.0)),
        tie(0, 1, Family::Guarantee, 2.0, Some(5.0)),
    ];
    let svg = columns(&web);
    assert_eq!(svg.matches("tie cap unsaid").count(), 1);
    assert_eq!(svg.matches("tie svc dash").count(), 1);
    assert_eq!(svg.matches("class=\"tie gua\"").count(), 1);
    assert!(!svg.contains("NaN") && svg.contains("<title>Party number 1 to Party number 0: $1</title>"));
}
