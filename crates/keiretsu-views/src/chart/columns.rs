//! A web in columns: parties stand by role, so that money into the web runs one way and what it buys the
//! other, and a loop shows as two colours between the same two boxes.
//!
//! Layers of boxes and of the bends of lines that pass them are ordered by barycentre sweeps (Sugiyama,
//! Tagawa and Toda, 1981, "Methods for Visual Understanding of Hierarchical System Structures") and placed by
//! least squares.

mod order;
mod place;

use self::order::{Layers, Node};
use self::place::Place;
use super::letters;
use super::svg::{Svg, round};
use super::tie::{Family, Tie, TieWeb};
use crate::html::escaped;

/// The width of the drawing; its text is never smaller than on a screen that shows it whole.
pub(super) const WIDTH: f64 = 1120.0;
/// Room for the headings of columns, of two lines at most.
const HEAD: f64 = 38.0;
/// The narrowest box.
const BOX: f64 = 112.0;
/// The widest line.
const LINE: f64 = 14.0;
/// A line of which nothing is known.
const THIN: f64 = 1.2;
/// Between lines at a box.
const PORT_GAP: f64 = 3.0;
/// The length of an arrow head.
const ARROW: f64 = 7.0;
/// Names and totals in a box.
const NAME: (f64, f64) = (12.0, 14.0);
const TOTAL: (f64, f64) = (11.0, 13.0);

/// A box as wide as its column and as high as its words and its lines need.
struct Card {
    name: Vec<String>,
    height: f64,
}

/// Where a line leaves a box or arrives: the tie, at its payer or its payee.
type Port = (usize, bool);

/// Draws a web in columns.
pub fn columns(web: &TieWeb) -> String {
    let layers = Layers::of(web, &|tie| width(web, tie));
    let sheet = Sheet::new(web);
    let heights = |node: &Node| match node {
        Node::Seat(seat) => sheet.cards[*seat].height,
        Node::Bend => 4.0,
    };
    let place = Place::of(&layers, web, &heights);
    let mut svg = Svg::of_links(WIDTH, HEAD + place.height + 8.0, &web.label);
    for (at, head) in web.heads.iter().enumerate() {
        for (line, words) in letters::lines(head, NAME.0, true, sheet.box_width).iter().enumerate() {
            svg.words("head", (sheet.left(at), 12.0 + NAME.1 * line as f64), "start", words);
        }
    }
    let ports = sheet.ports(&place);
    let mut wide_first: Vec<usize> = (0..web.ties.len()).collect();
    wide_first.sort_by(|a, b| web.ties[*b].size().total_cmp(&web.ties[*a].size()).then(a.cmp(b)));
    for at in wide_first {
        let ends = [ports[&(at, false)], ports[&(at, true)]];
        sheet.draw(&mut svg, &web.ties[at], &sheet.route(&layers, &place, at, ends));
    }
    for (seat, card) in sheet.cards.iter().enumerate() {
        sheet.card(&mut svg, seat, card, place.seats[seat] + HEAD);
    }
    svg.finish()
}

/// The width of a line.
fn width(web: &TieWeb, tie: &Tie) -> f64 {
    if tie.size() == 0.0 {
        return THIN;
    }
    let scale = if tie.family == Family::Guarantee { 0.6 } else { 1.0 };
    (LINE * scale * (tie.size() / web.largest()).sqrt()).max(1.4)
}

/// The boxes, and where columns stand.
struct Sheet<'a> {
    web: &'a TieWeb,
    cards: Vec<Card>,
    box_width: f64,
}

impl<'a> Sheet<'a> {
    fn new(web: &'a TieWeb) -> Self {
        let words = web.seats.iter().flat_map(|seat| seat.title.split_whitespace());
        let widest = words.map(|word| letters::width(word, NAME.0, true)).fold(0.0, f64::max);
        let totals = web.seats.iter().flat_map(|seat| &seat.totals);
        let widest = totals.map(|line| letters::width(line, TOTAL.0, false)).fold(widest, f64::max);
        let box_width = BOX.max(widest + 12.0);
        let mut sheet = Self { web, cards: vec![], box_width };
        sheet.cards = (0..web.seats.len()).map(|seat| sheet.sized(seat)).collect();
        sheet
    }

    fn sized(&self, seat: usize) -> Card {
        let Self { web, box_width, .. } = self;
        let name = letters::lines(&web.seats[seat].title, NAME.0, true, box_width - 10.0);
        let words = name.len() as f64 * NAME.1 + web.seats[seat].totals.len() as f64 * TOTAL.1 + 9.0;
        let lines = [false, true].map(|right| {
            let mine = self.at_side(seat, right);
            mine.iter().map(|(tie, _)| width(web, &web.ties[*tie]) + PORT_GAP).sum::<f64>()
        });
        Card { name, height: words.max(lines[0] + 6.0).max(lines[1] + 6.0) }
    }

    /// The ends of lines at a side of a box.
    fn at_side(&self, seat: usize, right: bool) -> Vec<Port> {
        let column = |seat: usize| self.web.seats[seat].column;
        let mut ends = Vec::new();
        for (at, tie) in self.web.ties.iter().enumerate() {
            for (mine, other, arrives) in [(tie.from, tie.to, false), (tie.to, tie.from, true)] {
                // Between boxes of one column a line runs at the right.
                if mine == seat && (column(seat) <= column(other)) == right {
                    ends.push((at, arrives));
                }
            }
        }
        ends
    }

    fn left(&self, column: usize) -> f64 {
        let columns = self.web.heads.len().max(2) as f64;
        column as f64 * (WIDTH - 2.0 - self.box_width) / (columns - 1.0) + 1.0
    }

    /// The height at which each line leaves and arrives: by family, then by its partner's place.
    fn ports(&self, place: &Place) -> std::collections::BTreeMap<Port, f64> {
        let mut ports = std::collections::BTreeMap::new();
        for (seat, card) in self.cards.iter().enumerate() {
            for right in [false, true] {
                let mut ends = self.at_side(seat, right);
                let partner = |(tie, arrives): &Port| {
                    let tie = &self.web.ties[*tie];
                    place.seats[if *arrives { tie.from } else { tie.to }]
                };
                let family = |(tie, _): &Port| self.web.ties[*tie].family;
                ends.sort_by(|a, b| {
                    let by_place = partner(a).total_cmp(&partner(b));
                    family(a).cmp(&family(b)).then(by_place).then(a.cmp(b))
                });
                let widths: Vec<f64> =
                    ends.iter().map(|(tie, _)| width(self.web, &self.web.ties[*tie])).collect();
                let all = widths.iter().sum::<f64>() + PORT_GAP * (ends.len().max(1) - 1) as f64;
                let mut y = HEAD + place.seats[seat] + (card.height - all) / 2.0;
                for (end, width) in ends.into_iter().zip(widths) {
                    ports.insert(end, y + width / 2.0);
                    y += width + PORT_GAP;
                }
            }
        }
        ports
    }

    /// The path of a line from its payer to its payee, and the direction in which it arrives.
    fn route(&self, layers: &Layers, place: &Place, at: usize, [start, end]: [f64; 2]) -> Route {
        let tie = &self.web.ties[at];
        let [from, to] = [tie.from, tie.to].map(|seat| self.web.seats[seat].column);
        let right = |column: usize| self.left(column) + self.box_width;
        let mut path = Path::default();
        if from == to {
            let x = right(from);
            let reach =
                (24.0 + 0.06 * (end - start).abs()).min(self.left(1) - self.left(0) - self.box_width - 4.0);
            path.start(x, start);
            path.curve([x + reach, start, x + reach, end, x + ARROW, end]);
            return Route { path: path.words, tip: (x, end), forward: false };
        }
        let forward = from < to;
        let side =
            |column: usize, leaves: bool| if leaves == forward { right(column) } else { self.left(column) };
        path.start(side(from, true), start);
        for (column, bend) in layers.bends(at, forward) {
            let y = HEAD + place.nodes[bend];
            path.across(side(column, false), y);
            path.line(side(column, true), y);
        }
        let tip = side(to, false);
        path.across(if forward { tip - ARROW } else { tip + ARROW }, end);
        Route { path: path.words, tip: (tip, end), forward }
    }

    fn draw(&self, svg: &mut Svg, tie: &Tie, route: &Route) {
        let width = width(self.web, tie);
        let family = tie.family.class();
        let title = self.web.words(tie);
        let stroke = |width: f64| format!(" stroke-width=\"{}\"", round(width));
        let firm = width * tie.firm_share();
        if tie.size() == 0.0 {
            svg.path(&format!("tie {family} unsaid"), &route.path, &stroke(THIN), &title);
        } else if firm == 0.0 {
            svg.path(&format!("tie {family} pale-line"), &route.path, &stroke(width), "");
            svg.path(&format!("tie {family} dash"), &route.path, &stroke(width.min(1.6)), &title);
        } else {
            svg.path(&format!("tie {family} pale-line"), &route.path, &stroke(width), "");
            svg.path(&format!("tie {family}"), &route.path, &stroke(firm.max(1.2)), &title);
        }
        let (x, y) = route.tip;
        let back = if route.forward { x - ARROW } else { x + ARROW };
        let half = width / 2.0 + 2.2;
        let points = [x, y, back, y - half, back, y + half].map(round);
        let [a, b, c, d, e, f] = points;
        let open = if tie.size() == 0.0 { " open-head" } else { "" };
        svg.raw(&format!("<polygon class=\"{family}-fill{open}\" points=\"{a},{b} {c},{d} {e},{f}\"/>\n"));
    }

    fn card(&self, svg: &mut Svg, seat: usize, card: &Card, top: f64) {
        let party = &self.web.seats[seat];
        let left = self.left(party.column);
        svg.raw(&format!("<a href=\"{}\">\n", escaped(&party.link)));
        svg.rect("box", (left, top), (self.box_width, card.height), " rx=\"3\"", &party.title);
        let words = card.name.len() as f64 * NAME.1 + party.totals.len() as f64 * TOTAL.1;
        let mut y = top + (card.height - words) / 2.0;
        for line in &card.name {
            y += NAME.1;
            svg.words("name", (left + 6.0, y - 3.0), "start", line);
        }
        for line in &party.totals {
            y += TOTAL.1;
            svg.words("total", (left + 6.0, y - 3.0), "start", line);
        }
        svg.raw("</a>\n");
    }
}

/// A line as drawn.
struct Route {
    path: String,
    tip: (f64, f64),
    forward: bool,
}

/// The data of a path under construction.
#[derive(Default)]
struct Path {
    words: String,
    at: (f64, f64),
}

impl Path {
    fn start(&mut self, x: f64, y: f64) {
        self.words = format!("M{} {}", round(x), round(y));
        self.at = (x, y);
    }

    fn line(&mut self, x: f64, y: f64) {
        self.words.push_str(&format!("L{} {}", round(x), round(y)));
        self.at = (x, y);
    }

    /// A curve that leaves and arrives level.
    fn across(&mut self, x: f64, y: f64) {
        let middle = f64::midpoint(self.at.0, x);
        self.curve([middle, self.at.1, middle, y, x, y]);
    }

    fn curve(&mut self, points: [f64; 6]) {
        let [a, b, c, d, x, y] = points.map(round);
        self.words.push_str(&format!("C{a} {b} {c} {d} {x} {y}"));
        self.at = (points[4], points[5]);
    }
}

#[cfg(test)]
mod tests;
