//! The web of deals: parties, and a line for each contract and holding. Money for stakes has one colour,
//! money for service another; what hangs on a condition is dashed. Parallel lines get lanes of their own.
//!
//! Two drawings of the same web: a ring for wide screens, a column with arcs for phones.

use std::collections::BTreeMap;
use std::f64::consts::TAU;

use super::svg::{Svg, round, short};

/// The kind of link of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// Capital and holdings: a stock.
    Stock,
    /// Service, building, rent, shares of revenue: a flow.
    Flow,
}

/// A line of the web.
#[derive(Clone, Debug)]
pub struct Link {
    /// Position of the party from which the money runs.
    pub from: usize,
    /// Position of the party to which it runs.
    pub to: usize,
    /// The kind of link.
    pub kind: LinkKind,
    /// Whether it hangs on a condition, or is only announced.
    pub dashed: bool,
    /// Its size, to choose the labelled ones; none if unknown.
    pub amount: Option<f64>,
    /// The amount in words.
    pub words: String,
    /// The name of the contract.
    pub name: String,
}

/// Number of the largest lines that have their amounts next to them.
const LABELS: usize = 18;
const LANE: f64 = 26.0;

/// Draws the web as a ring.
pub fn web(label: &str, parties: &[String], links: &[Link]) -> String {
    let count = parties.len().max(1) as f64;
    let radii = ((count * 26.0).clamp(330.0, 470.0), (count * 19.0).clamp(215.0, 400.0));
    let size = (radii.0 * 2.0 + 190.0, radii.1 * 2.0 + 70.0);
    let mut svg = Svg::new(size.0, size.1, label);
    svg.raw(ARROWS);
    let seat = seats(parties.len(), links);
    let ring = ring(parties.len(), (size.0 / 2.0, size.1 / 2.0), radii);
    let place = |party: usize| ring[seat[party]];
    let lanes = lanes(links);
    let labelled = labelled(links);
    let mut labels = Vec::new();
    for (at, link) in links.iter().enumerate().filter(|(_, link)| link.from != link.to) {
        let (a, b) = (place(link.from), place(link.to));
        let middle = bent(a, b, (size.0 / 2.0, size.1 / 2.0), lanes[at], link.from < link.to);
        let (start, end) = (outside(a, middle), outside(b, middle));
        edge(&mut svg, link, start, middle, end);
        if labelled[at] {
            labels.push((on_curve(start, middle, end, 0.5), link.words.clone()));
        }
    }
    for (at, words) in apart(labels) {
        svg.words("small halo", at, "middle", &words);
    }
    for (party, name) in parties.iter().enumerate() {
        node(&mut svg, place(party), name);
    }
    svg.finish()
}

const ARROWS: &str = "<defs>\
<marker id=\"stock-end\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" \
markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"stock-fill\" d=\"M0 0L8 4L0 8Z\"/></marker>\
<marker id=\"flow-end\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" \
markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"flow-fill\" d=\"M0 0L8 4L0 8Z\"/></marker>\
</defs>\n";

/// Places on an ellipse, from the top on, in steps of boxes: where the line runs flat a box takes its width,
/// where it is steep its height, so that no box covers its neighbour.
fn ring(count: usize, centre: Point, radii: (f64, f64)) -> Vec<Point> {
    const STEPS: usize = 3600;
    let at = |step: usize| {
        let angle = TAU * (step as f64 / STEPS as f64 - 0.25);
        (centre.0 + radii.0 * angle.cos(), centre.1 + radii.1 * angle.sin())
    };
    let boxes = |a: Point, b: Point| ((b.0 - a.0).abs() / 136.0).max((b.1 - a.1).abs() / 40.0);
    let mut passed = vec![0.0];
    for step in 0..STEPS {
        passed.push(passed[step] + boxes(at(step), at(step + 1)));
    }
    let each = passed[STEPS] / count.max(1) as f64;
    let step = |party: usize| passed.partition_point(|passed| *passed < party as f64 * each);
    (0..count).map(|party| at(step(party))).collect()
}

/// Seats on the ring: partners near each other. Each round moves every party to the mean of its partners,
/// seen from the busiest, and sorts; few rounds settle it, and ties keep the order of the text.
fn seats(count: usize, links: &[Link]) -> Vec<usize> {
    let mut weight = BTreeMap::new();
    for link in links {
        *weight.entry((link.from, link.to)).or_insert(0.0) += 1.0;
        *weight.entry((link.to, link.from)).or_insert(0.0) += 1.0;
    }
    let pull = |a: usize, b: usize| weight.get(&(a, b)).copied().unwrap_or(0.0f64);
    let mut order: Vec<usize> = Vec::new();
    let degree = |party: usize| (0..count).map(|other| pull(party, other)).sum::<f64>();
    let mut left: Vec<usize> = (0..count).collect();
    left.sort_by(|a, b| degree(*b).total_cmp(&degree(*a)).then(a.cmp(b)));
    // The busiest first; then always the party that is tied most to those that sit, on the better side.
    for _ in 0..count {
        let tied = |party: usize| order.iter().map(|seated| pull(party, *seated)).sum::<f64>();
        let next = (0..left.len()).max_by(|a, b| tied(left[*a]).total_cmp(&tied(left[*b])).then(b.cmp(a)));
        let party = left.remove(next.unwrap_or(0));
        let half = order.len() / 2;
        let front: f64 = order[..half].iter().map(|seated| pull(party, *seated)).sum();
        let back: f64 = order[half..].iter().map(|seated| pull(party, *seated)).sum();
        if front > back { order.insert(0, party) } else { order.push(party) }
    }
    let mut seat = vec![0; count];
    order.iter().enumerate().for_each(|(at, party)| seat[*party] = at);
    seat
}

/// For each line its lane among those of the same two parties: -1, 0, 1 around the middle.
fn lanes(links: &[Link]) -> Vec<f64> {
    let pair = |link: &Link| (link.from.min(link.to), link.from.max(link.to));
    let mut count: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for link in links {
        *count.entry(pair(link)).or_default() += 1;
    }
    let mut next: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let lane = |link: &Link| {
        let at = next.entry(pair(link)).or_default();
        *at += 1;
        *at as f64 - 1.0 - (count[&pair(link)] as f64 - 1.0) / 2.0
    };
    links.iter().map(lane).collect()
}

fn labelled(links: &[Link]) -> Vec<bool> {
    let mut order: Vec<usize> = (0..links.len()).collect();
    let size = |at: usize| links[at].amount.unwrap_or(0.0);
    order.sort_by(|a, b| size(*b).total_cmp(&size(*a)).then(a.cmp(b)));
    let mut labelled = vec![false; links.len()];
    order.into_iter().take(LABELS).for_each(|at| labelled[at] = true);
    labelled
}

type Point = (f64, f64);

/// The control point of a line: its middle, drawn to the centre of the ring, and aside by its lane.
fn bent(a: Point, b: Point, centre: Point, lane: f64, forth: bool) -> Point {
    let middle = (f64::midpoint(a.0, b.0), f64::midpoint(a.1, b.1));
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let length = dx.hypot(dy).max(1.0);
    // Both directions of a pair are pushed to the same side by the same lane.
    let side = if forth { 1.0 } else { -1.0 };
    let push = lane * LANE * 2.0 * side;
    let drawn = (middle.0 + (centre.0 - middle.0) * 0.35, middle.1 + (centre.1 - middle.1) * 0.35);
    (drawn.0 - dy / length * push, drawn.1 + dx / length * push)
}

/// Where a line leaves the box of a party on its way to a point.
fn outside(box_at: Point, towards: Point) -> Point {
    let (dx, dy) = (towards.0 - box_at.0, towards.1 - box_at.1);
    let reach = (66.0 / dx.abs().max(1e-9)).min(18.0 / dy.abs().max(1e-9)).min(1.0);
    (box_at.0 + dx * reach, box_at.1 + dy * reach)
}

fn on_curve(a: Point, control: Point, b: Point, t: f64) -> Point {
    let (u, w) = (1.0 - t, 2.0 * t * (1.0 - t));
    (u * u * a.0 + w * control.0 + t * t * b.0, u * u * a.1 + w * control.1 + t * t * b.1)
}

/// Labels moved down until none covers another.
fn apart(mut labels: Vec<(Point, String)>) -> Vec<(Point, String)> {
    labels.sort_by(|a, b| a.0.1.total_cmp(&b.0.1).then(a.0.0.total_cmp(&b.0.0)));
    for at in 1..labels.len() {
        for before in 0..at {
            let (near, words) = (labels[before].0, labels[before].1.chars().count() as f64);
            let reach = 3.6 * (words + labels[at].1.chars().count() as f64);
            if (labels[at].0.0 - near.0).abs() < reach && (labels[at].0.1 - near.1).abs() < 14.0 {
                labels[at].0.1 = near.1 + 14.0;
            }
        }
    }
    labels
}

fn class(link: &Link) -> (&'static str, &'static str) {
    match (link.kind, link.dashed) {
        (LinkKind::Stock, false) => ("stock edge", "stock-end"),
        (LinkKind::Stock, true) => ("stock edge dashed", "stock-end"),
        (LinkKind::Flow, false) => ("flow edge", "flow-end"),
        (LinkKind::Flow, true) => ("flow edge dashed", "flow-end"),
    }
}

fn edge(svg: &mut Svg, link: &Link, start: Point, middle: Point, end: Point) {
    let [x1, y1, x, y, x2, y2] = [start.0, start.1, middle.0, middle.1, end.0, end.1].map(round);
    let (class, arrow) = class(link);
    let more = format!(" stroke-width=\"1.8\" marker-end=\"url(#{arrow})\"");
    let title = format!("{}: {}", link.name, link.words);
    svg.path(class, &format!("M{x1} {y1}Q{x} {y} {x2} {y2}"), &more, &title);
}

fn node(svg: &mut Svg, at: Point, name: &str) {
    svg.rect("box", (at.0 - 64.0, at.1 - 16.0), (128.0, 32.0), " rx=\"6\"", name);
    svg.words("", (at.0, at.1 + 4.5), "middle", &short(name, 18));
}

/// Draws the web as a column of parties with arcs at their right, for narrow screens.
pub fn arcs(label: &str, parties: &[String], links: &[Link]) -> String {
    const ROW: f64 = 44.0;
    const WIDTH: f64 = 390.0;
    const LEFT: f64 = 150.0;
    let mut svg = Svg::new(WIDTH, ROW * parties.len() as f64 + 8.0, label);
    svg.raw(&ARROWS.replace("-end", "-arc"));
    let seat = seats(parties.len(), links);
    let y = |party: usize| ROW * (seat[party] as f64 + 0.5) + 4.0;
    // Lines that meet at a party arrive side by side.
    let mut met = vec![0usize; parties.len()];
    let mut degree = vec![0usize; parties.len()];
    for party in links.iter().flat_map(|link| [link.from, link.to]) {
        degree[party] += 1;
    }
    let mut port = |party: usize| {
        met[party] += 1;
        let share = met[party] as f64 / (degree[party] as f64 + 1.0) - 0.5;
        y(party) + share * (ROW - 12.0)
    };
    let far = parties.len().max(2) as f64 - 1.0;
    for link in links.iter().filter(|link| link.from != link.to) {
        let (from, to) = (port(link.from), port(link.to));
        let apart = (seat[link.from] as f64 - seat[link.to] as f64).abs();
        let reach = LEFT + 30.0 + (WIDTH - LEFT - 40.0) * 1.28 * (apart / far).sqrt();
        let (class, arrow) = class(link);
        let more = format!(" stroke-width=\"1.5\" marker-end=\"url(#{})\"", arrow.replace("-end", "-arc"));
        let [from, to, reach] = [from, to, reach].map(round);
        let data = format!("M{LEFT} {from}C{reach} {from} {reach} {to} {LEFT} {to}");
        svg.path(class, &data, &more, &format!("{}: {}", link.name, link.words));
    }
    for (party, name) in parties.iter().enumerate() {
        svg.rect("box", (2.0, y(party) - 16.0), (LEFT - 2.0, 32.0), " rx=\"6\"", name);
        svg.words("", (10.0, y(party) + 4.5), "start", &short(name, 19));
    }
    svg.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(from: usize, to: usize, kind: LinkKind, dashed: bool) -> Link {
        Link { from, to, kind, dashed, amount: Some(1.0), words: "$1".to_owned(), name: "deal".to_owned() }
    }

    #[test]
    fn parallel_lines_have_lanes_of_their_own() {
        let links: Vec<Link> = (0..3).map(|at| link(at % 2, 1 - at % 2, LinkKind::Flow, false)).collect();
        assert_eq!(lanes(&links), [-1.0, 0.0, 1.0]);
        let svg = web("web", &["A".to_owned(), "B".to_owned()], &links);
        let mut curves: Vec<&str> = svg.lines().filter(|line| line.contains("flow edge")).collect();
        curves.sort_unstable();
        curves.dedup();
        assert_eq!(curves.len(), 3, "no two lines lie on each other");
    }

    #[test]
    fn what_hangs_on_a_condition_is_dashed_and_stocks_are_not_flows() {
        let links = [link(0, 1, LinkKind::Stock, true), link(1, 0, LinkKind::Flow, false)];
        for svg in
            [web("web", &["A".into(), "B".into()], &links), arcs("web", &["A".into(), "B".into()], &links)]
        {
            assert!(svg.contains("stock edge dashed") && svg.contains("class=\"flow edge\""));
            assert!(svg.contains("<title>deal: $1</title>") && !svg.contains("NaN"));
        }
    }

    #[test]
    fn no_box_of_a_ring_covers_its_neighbour() {
        for count in [2, 7, 20, 40] {
            let count_of = count as f64;
            let radii = ((count_of * 26.0).clamp(330.0, 470.0), (count_of * 19.0).clamp(215.0, 400.0));
            let places = ring(count, (600.0, 500.0), radii);
            for (at, a) in places.iter().enumerate() {
                for b in &places[..at] {
                    assert!((a.0 - b.0).abs() > 126.0 || (a.1 - b.1).abs() > 32.0, "{count}: {a:?} {b:?}");
                }
            }
        }
    }

    #[test]
    fn every_party_has_a_seat_of_its_own() {
        let links: Vec<Link> = (1..9).map(|at| link(at, at * 5 % 9, LinkKind::Flow, false)).collect();
        let mut seats = seats(9, &links);
        seats.sort_unstable();
        assert_eq!(seats, (0..9).collect::<Vec<_>>());
    }
}
