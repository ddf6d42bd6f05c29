//! A heat map: a number for each pair, darker where it is larger, hatched where it is unknown.

use super::svg::{Svg, short};

/// A heat map.
#[derive(Clone, Debug)]
pub struct Heat {
    /// The content, for readers who cannot see it.
    pub label: String,
    /// The names of the rows.
    pub rows: Vec<String>,
    /// The names of the columns.
    pub columns: Vec<String>,
    /// Row by row: nothing, or the number (none if unknown) and its words.
    pub cells: Vec<Option<(Option<f64>, String)>>,
}

const LEFT: f64 = 130.0;
const TOP: f64 = 96.0;
const WIDTH: f64 = 76.0;
const HEIGHT: f64 = 30.0;

/// Draws a heat map.
pub fn heat(heat: &Heat) -> String {
    let columns = heat.columns.len();
    let size = (LEFT + WIDTH * columns as f64 + 20.0, TOP + HEIGHT * heat.rows.len() as f64 + 8.0);
    let mut svg = Svg::new(size.0, size.1, &heat.label);
    for (at, name) in heat.columns.iter().enumerate() {
        let (x, y) = (LEFT + WIDTH * (at as f64 + 0.5) - 4.0, TOP - 10.0);
        let name = crate::html::escaped(&short(name, 18));
        svg.raw(&format!("<text transform=\"translate({x} {y}) rotate(-32)\">{name}</text>\n"));
    }
    let known = heat.cells.iter().flatten().filter_map(|(number, _)| *number);
    let most = known.fold(0.0f64, |most, number| most.max(number.abs()));
    for (row, name) in heat.rows.iter().enumerate() {
        let y = TOP + HEIGHT * row as f64;
        svg.words("", (LEFT - 10.0, y + 20.0), "end", &short(name, 18));
        for column in 0..columns {
            let corner = (LEFT + WIDTH * column as f64 + 1.0, y + 1.0);
            if let Some((number, words)) = &heat.cells[row * columns + column] {
                let title = format!("{name} to {}: {words}", heat.columns[column]);
                cell(&mut svg, corner, *number, most, words, &title);
            }
        }
    }
    svg.finish()
}

fn cell(svg: &mut Svg, corner: (f64, f64), number: Option<f64>, most: f64, words: &str, title: &str) {
    let size = (WIDTH - 2.0, HEIGHT - 2.0);
    let Some(number) = number else {
        svg.rect("blank", corner, size, "", title);
        svg.words("soft small", (corner.0 + size.0 / 2.0, corner.1 + 18.0), "middle", "unknown");
        return;
    };
    // The square root tells small sums from nothing; beyond half, words stay readable on the shade.
    let shade = if most > 0.0 { 0.06 + 0.5 * (number.abs() / most).sqrt() } else { 0.0 };
    let fill = format!(" style=\"fill:rgba(var(--shade),{shade:.2})\"");
    svg.rect("", corner, size, &fill, title);
    svg.words("small", (corner.0 + size.0 / 2.0, corner.1 + 18.0), "middle", words);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_is_drawn_as_unknown_and_nothing_as_nothing() {
        let shown = Heat {
            label: "exposure".to_owned(),
            rows: vec!["A".to_owned()],
            columns: vec!["B".to_owned(), "C".to_owned(), "D".to_owned()],
            cells: vec![Some((Some(5.0), "$5".to_owned())), Some((None, "unknown".to_owned())), None],
        };
        let svg = heat(&shown);
        assert_eq!(svg.matches("<rect").count(), 2);
        assert_eq!(svg.matches(">unknown<").count(), 1);
    }
}
