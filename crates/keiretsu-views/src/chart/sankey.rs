//! A two-column Sankey: payers on the left, payees on the right, each party on both sides, since a Sankey of
//! one kind of node cannot draw a loop.

use super::svg::{Svg, round, short};

/// A payment of one party to another.
#[derive(Clone, Debug)]
pub struct Band {
    /// The payer.
    pub from: String,
    /// The payee.
    pub to: String,
    /// How much, above zero.
    pub amount: f64,
    /// The amount in words.
    pub words: String,
    /// Whether it is money for a stake, drawn in the other colour.
    pub stock: bool,
}

const WIDTH: f64 = 760.0;
/// Room for names on both sides.
const SIDE: f64 = 190.0;
const BAR: f64 = 10.0;
const GAP: f64 = 10.0;
/// Room for a name, so that none covers its neighbour.
const LEAST: f64 = 17.0;
/// Total height of the bands of a side.
const TOTAL: f64 = 300.0;

/// A party on one side.
struct Stop {
    name: String,
    sum: f64,
    top: f64,
    height: f64,
    /// Where the next band begins.
    next: f64,
}

/// Draws the bands; `in_words` writes a party's total paid or received.
pub fn sankey(label: &str, bands: &[Band], in_words: &dyn Fn(f64) -> String) -> String {
    let bands: Vec<&Band> =
        bands.iter().filter(|band| band.amount > 0.0 && band.amount.is_finite()).collect();
    let total: f64 = bands.iter().map(|band| band.amount).sum();
    let mut left = stops(bands.iter().map(|band| (band.from.as_str(), band.amount)), total);
    let mut right = stops(bands.iter().map(|band| (band.to.as_str(), band.amount)), total);
    let bottom = |stops: &[Stop]| stops.last().map_or(0.0, |stop| stop.top + stop.height);
    let height = bottom(&left).max(bottom(&right)) + 34.0;
    let mut svg = Svg::new(WIDTH, height, label);
    svg.words("soft small", (SIDE, 14.0), "end", "pays");
    svg.words("soft small", (WIDTH - SIDE, 14.0), "start", "is paid");
    for at in order(&bands, &left, &right) {
        draw(&mut svg, bands[at], &mut left, &mut right, total);
    }
    for (stops, x, anchor, words) in [
        (&left, SIDE - BAR, "end", SIDE - BAR - 6.0),
        (&right, WIDTH - SIDE, "start", WIDTH - SIDE + BAR + 6.0),
    ] {
        for stop in stops {
            svg.rect("box", (x, stop.top), (BAR, stop.height), "", &stop.name);
            let name = format!("{} {}", short(&stop.name, 18), in_words(stop.sum));
            svg.words("", (words, stop.top + stop.height / 2.0 + 4.5), anchor, &name);
        }
    }
    svg.finish()
}

/// How thick an amount is drawn; a share of the total first, which is finite also where amounts are tiny.
fn thickness(amount: f64, total: f64) -> f64 {
    if total > 0.0 && total.is_finite() { TOTAL * (amount / total) } else { 0.0 }
}

/// The parties of a side, the largest first, one below the other.
fn stops<'a>(sides: impl Iterator<Item = (&'a str, f64)>, total: f64) -> Vec<Stop> {
    let mut stops: Vec<Stop> = Vec::new();
    for (name, amount) in sides {
        match stops.iter_mut().find(|stop| stop.name == name) {
            Some(stop) => stop.sum += amount,
            None => stops.push(Stop { name: name.to_owned(), sum: amount, top: 0.0, height: 0.0, next: 0.0 }),
        }
    }
    stops.sort_by(|a, b| b.sum.total_cmp(&a.sum).then_with(|| a.name.cmp(&b.name)));
    let mut top = 24.0;
    for stop in &mut stops {
        let height = thickness(stop.sum, total);
        stop.height = height.max(LEAST);
        stop.top = top;
        // A band thinner than its name stands in the middle of it.
        stop.next = top + (stop.height - height) / 2.0;
        top += stop.height + GAP;
    }
    stops
}

/// Bands from top to bottom on the right within each party on the left, so that few cross.
fn order(bands: &[&Band], left: &[Stop], right: &[Stop]) -> Vec<usize> {
    let place = |stops: &[Stop], name: &str| stops.iter().position(|stop| stop.name == name).unwrap_or(0);
    let mut order: Vec<usize> = (0..bands.len()).collect();
    order.sort_by_key(|at| (place(left, &bands[*at].from), place(right, &bands[*at].to), *at));
    order
}

fn draw(svg: &mut Svg, band: &Band, left: &mut [Stop], right: &mut [Stop], total: f64) {
    let thick = thickness(band.amount, total);
    let take = |stops: &mut [Stop], name: &str| {
        let stop = stops.iter_mut().find(|stop| stop.name == name);
        stop.map_or(0.0, |stop| {
            let at = stop.next;
            stop.next += thick;
            at + thick / 2.0
        })
    };
    let (y1, y2) = (take(left, &band.from), take(right, &band.to));
    let (x1, x2) = (SIDE, WIDTH - SIDE);
    let middle = f64::midpoint(x1, x2);
    let [y1, y2] = [y1, y2].map(round);
    let data = format!("M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}");
    let class = if band.stock { "stock band" } else { "flow band" };
    let width = format!(" stroke-width=\"{}\"", round(thick.max(1.0)));
    svg.path(class, &data, &width, &format!("{} pays {}: {}", band.from, band.to, band.words));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn band(from: &str, to: &str, amount: f64) -> Band {
        Band { from: from.to_owned(), to: to.to_owned(), amount, words: format!("${amount}"), stock: false }
    }

    #[test]
    fn a_loop_is_two_bands_with_both_parties_on_both_sides() {
        let svg = sankey("cash", &[band("A", "B", 5.0), band("B", "A", 4.0)], &|sum| format!("${sum}"));
        assert!(svg.contains(">A $5<") && svg.contains(">A $4<"));
        assert_eq!(svg.matches("flow band").count(), 2);
        assert_eq!(svg.matches("<rect").count(), 4);
    }

    #[test]
    fn names_never_cover_each_other_and_nothing_is_drawn_of_nothing() {
        let mut bands: Vec<Band> = (0..20).map(|at| band(&format!("p{at}"), "X", 0.01)).collect();
        bands.push(band("big", "X", 1000.0));
        bands.push(band("none", "X", 0.0));
        let all = stops(bands[..21].iter().map(|band| (band.from.as_str(), band.amount)), 1000.2);
        assert!(all.windows(2).all(|pair| pair[1].top - pair[0].top >= LEAST));
        assert!(!sankey("cash", &bands, &|sum| sum.to_string()).contains("none"));
    }

    #[test]
    fn the_smallest_and_the_largest_amounts_have_places() {
        for amount in [5e-324, 1e308] {
            let svg = sankey("cash", &[band("A", "B", amount), band("A", "C", amount)], &|_| String::new());
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        }
    }
}
