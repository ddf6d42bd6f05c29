//! A web as a matrix: rows pay, columns are paid; the area of a square is its amount.

use super::letters;
use super::svg::{Svg, round};
use super::tie::{Family, TieWeb};
use crate::html::escaped;

const TYPE: f64 = 12.0;

/// Draws a web as a matrix of those who pay and those who are paid, in the order of columns.
pub fn matrix(web: &TieWeb) -> String {
    let sorted = |is_there: &dyn Fn(usize) -> bool| -> Vec<usize> {
        let mut seats: Vec<usize> = (0..web.seats.len()).filter(|seat| is_there(*seat)).collect();
        let size = |seat: usize| -> f64 {
            let mine = web.ties.iter().filter(|tie| tie.from == seat || tie.to == seat);
            mine.map(super::tie::Tie::size).sum()
        };
        let place = |seat: usize| (web.seats[seat].column, web.seats[seat].group);
        seats.sort_by(|a, b| place(*a).cmp(&place(*b)).then(size(*b).total_cmp(&size(*a))).then(a.cmp(b)));
        seats
    };
    let payers = sorted(&|seat| web.ties.iter().any(|tie| tie.from == seat));
    let payees = sorted(&|seat| web.ties.iter().any(|tie| tie.to == seat));
    let sheet = Sheet::of(web, payers, payees);
    let mut svg = sheet.empty();
    sheet.heads(&mut svg);
    sheet.cells(&mut svg);
    svg.finish()
}

struct Sheet<'a> {
    web: &'a TieWeb,
    payers: Vec<usize>,
    payees: Vec<usize>,
    cell: f64,
    left: f64,
    top: f64,
}

impl<'a> Sheet<'a> {
    fn of(web: &'a TieWeb, payers: Vec<usize>, payees: Vec<usize>) -> Self {
        let widest = |seats: &[usize]| {
            let widths = seats.iter().map(|seat| letters::width(&web.seats[*seat].title, TYPE, false));
            widths.fold(60.0, f64::max) + 10.0
        };
        let (left, top) = (widest(&payers), widest(&payees));
        let cell = ((super::columns::WIDTH - left) / payees.len().max(1) as f64).clamp(16.0, 34.0);
        Self { web, payers, payees, cell, left, top }
    }

    fn empty(&self) -> Svg {
        let Self { web, payers, payees, cell, left, top } = self;
        let width = (left + cell * payees.len() as f64 + 2.0).max(super::columns::WIDTH);
        Svg::new(width, top + cell * payers.len() as f64 + 2.0, &format!("{}, as a matrix", web.label))
    }

    fn heads(&self, svg: &mut Svg) {
        for (at, seat) in self.payees.iter().enumerate() {
            let x = self.left + self.cell * (at as f64 + 0.5) + 4.0;
            let title = escaped(&self.web.seats[*seat].title);
            let [x, y] = [x, self.top - 6.0].map(round);
            svg.raw(&format!(
                "<text class=\"axis-name\" transform=\"translate({x} {y}) rotate(-90)\">{title}</text>\n"
            ));
        }
        for (at, seat) in self.payers.iter().enumerate() {
            let y = self.top + self.cell * (at as f64 + 0.5) + 4.0;
            svg.words("axis-name", (self.left - 8.0, y), "end", &self.web.seats[*seat].title);
        }
    }

    fn cells(&self, svg: &mut Svg) {
        for (row, payer) in self.payers.iter().enumerate() {
            for (column, payee) in self.payees.iter().enumerate() {
                let corner = (self.left + self.cell * column as f64, self.top + self.cell * row as f64);
                let ways =
                    |from: usize, to: usize| self.web.ties.iter().any(|tie| (tie.from, tie.to) == (from, to));
                let both = ways(*payer, *payee) && ways(*payee, *payer);
                let class = if both { "cell both" } else { "cell" };
                let side = self.cell - 1.0;
                if payer != payee {
                    svg.rect(class, corner, (side, side), "", "");
                }
                self.glyphs(svg, corner, *payer, *payee);
            }
        }
    }

    /// Side by side, one for each family.
    fn glyphs(&self, svg: &mut Svg, corner: (f64, f64), payer: usize, payee: usize) {
        let mine: Vec<_> = self.web.ties.iter().filter(|tie| (tie.from, tie.to) == (payer, payee)).collect();
        let room = (self.cell - 3.0) / mine.len().max(1) as f64;
        for (at, tie) in mine.iter().enumerate() {
            let share = tie.size() / self.web.largest().max(f64::MIN_POSITIVE);
            let side = ((self.cell - 3.0) * share.sqrt()).max(5.0).min(room.max(5.0));
            let x = corner.0 + 1.0 + room * (at as f64 + 0.5) - side / 2.0;
            let y = corner.1 + (self.cell - 1.0 - side) / 2.0;
            let round = if tie.family == Family::Capital {
                format!(" rx=\"{}\"", round(side / 2.0))
            } else {
                String::new()
            };
            let class = match (tie.size(), tie.firm_share()) {
                (0.0, _) => format!("{}-ring unsaid", tie.family.class()),
                (_, 0.0) => format!("{}-ring", tie.family.class()),
                _ => format!("{}-fill", tie.family.class()),
            };
            let title = self.web.words(tie);
            svg.rect(&class, (x, y), (side, side), &round, &title);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tie::{Seat, Tie};
    use super::*;

    #[test]
    fn a_pair_that_pays_both_ways_stands_out_and_an_unknown_has_a_glyph() {
        let seat = |title: &str| Seat {
            title: title.to_owned(),
            link: "#x".to_owned(),
            column: 0,
            group: 0,
            totals: vec![],
        };
        let tie = |from, to, headline| Tie {
            from,
            to,
            family: Family::Service,
            firm: headline,
            headline,
            words: "w".to_owned(),
        };
        let web = TieWeb {
            label: "web".to_owned(),
            heads: vec!["all".to_owned()],
            seats: vec![seat("A"), seat("B"), seat("C")],
            ties: vec![tie(0, 1, Some(4.0)), tie(1, 0, Some(1.0)), tie(0, 2, None)],
        };
        let svg = matrix(&web);
        assert_eq!(svg.matches("cell both").count(), 2);
        assert_eq!(svg.matches("svc-ring unsaid").count(), 1);
        assert_eq!(svg.matches("svc-fill").count(), 2);
        assert!(!svg.contains("NaN"));
    }
}
