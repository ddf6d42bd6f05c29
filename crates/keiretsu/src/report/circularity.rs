//! How much of the money comes back: ink only where something is proved.

use keiretsu_measures::Query;
use keiretsu_program::Reading;
use keiretsu_values::{Table, Unit, Value};
use keiretsu_views::amount::inline;
use keiretsu_views::chart::{Track, track};
use keiretsu_views::html::linked;

use super::anchors::Anchors;
use super::relation::{Row, rows};
use super::{Material, Part, counted, with_table};
use crate::AskError;

/// How many rows are drawn of each table.
const DRAWN: usize = 16;
/// Less is no news.
const LEAST: f64 = 0.0005;

/// The pairs and the parties of `circularity`, in the expected reading.
pub(crate) fn part(material: &Material<'_>) -> Result<Option<Part>, AskError> {
    let query = Query { reading: Some(Reading::Expected), ..Query::default() };
    let tables = material.measure("circularity", &query)?;
    let mut body = String::new();
    for (name, what) in [("pairs", ("pair", "pairs")), ("parties", ("party", "parties"))] {
        let sent: Vec<Row<'_>> = rows(&tables, name).into_iter().filter(sends).collect();
        let Some(table) = sent.first().map(|row| row.table) else { continue };
        body.push_str(&drawn(material, table, sent, what));
    }
    if body.is_empty() {
        return Ok(None);
    }
    let lead = "Of the money that one sends another, the share that comes back: no way of telling whose money \
                is spent can leave the bounds, and the mark is pro rata. Expected reading."
        .to_owned();
    let body = format!("{KEY}{body}");
    Ok(Some(Part { id: "circularity", title: "Circularity", lead, body }))
}

const KEY: &str = "<p class=\"key\">\
<span><span class=\"track\"><i class=\"proved\" style=\"--w:0.5\"></i></span>proved to come back</span>\
<span><span class=\"track\"><i class=\"refuted\" style=\"--w:0.5\"></i></span>proved not to</span>\
<span><span class=\"track\"></span>cannot be told</span><span><b></b>pro rata</span></p>\n";

fn sends(row: &Row<'_>) -> bool {
    row.amount("sent").is_some()
}

fn drawn(material: &Material<'_>, table: &Table, sent: Vec<Row<'_>>, what: (&str, &str)) -> String {
    let (mut told, untold): (Vec<Row<'_>>, Vec<Row<'_>>) = sent.into_iter().partition(|row| bounds(*row).says());
    told.sort_by(|a, b| b.amount("sent").unwrap_or(0.0).total_cmp(&a.amount("sent").unwrap_or(0.0)));
    let lines: String = told.iter().take(DRAWN).map(|row| told_line(material, *row)).collect();
    let more = match told.len().saturating_sub(DRAWN) {
        0 => String::new(),
        more => format!("{} more can be told. ", counted(more, what)),
    };
    let note = match untold.len() {
        0 => more,
        many => format!("{more}Of {} it cannot be told: anything from none to all may come back.", counted(many, what)),
    };
    let title = keiretsu_views::html::escaped(&table.title);
    let chart = format!("<h3>{title}</h3>\n{lines}<p class=\"note\">{note}</p>\n");
    with_table(&chart, &linked(table, &material.anchors))
}

fn told_line(material: &Material<'_>, row: Row<'_>) -> String {
    let bounds = bounds(row);
    let ids = ["from", "to", "party"].map(|key| row.id(key));
    let (who, target) = match ids {
        [Some(from), Some(to), _] => {
            (format!("{} to {}", from.title, to.title), material.anchors.tie(&from.name, &to.name))
        }
        [_, _, Some(party)] => (party.title.to_string(), material.anchors.party(&party.name)),
        _ => return String::new(),
    };
    let words = bounds.words();
    format!(
        "<div class=\"told\"><span>{}</span>{}<span class=\"words\">{} of {}</span></div>\n",
        keiretsu_views::html::escaped(&who),
        track(&bounds.track, &words),
        Anchors::linked(&words, target.as_deref()),
        keiretsu_views::html::escaped(&row.words("sent")),
    )
}

struct Bounds {
    track: Track,
}

fn bounds(row: Row<'_>) -> Bounds {
    let low = row.value("lower_share").map_or(0.0, |value| value.set().low);
    let high = row.value("upper_share").map_or(1.0, |value| value.set().high);
    let point = row.value("middle_share").and_then(Value::amount).filter(|share| share.is_finite());
    let is_share = |share: f64, none: f64| if share.is_finite() { share.clamp(0.0, 1.0) } else { none };
    Bounds { track: Track { low: is_share(low, 0.0), high: is_share(high, 1.0), point } }
}

impl Bounds {
    fn says(&self) -> bool {
        LEAST < self.track.low || self.track.high < 1.0 - LEAST
    }

    fn words(&self) -> String {
        let share = |share: f64| inline(&Value::exact(share), Unit::Share);
        let Track { low, high, .. } = self.track;
        match (LEAST < low, high < 1.0 - LEAST) {
            (true, true) if share(low) == share(high) => share(low),
            (true, true) => format!("{} to {}", share(low), share(high)),
            (true, false) => format!("at least {}", share(low)),
            (false, true) if high <= LEAST => "nothing".to_owned(),
            (false, true) => format!("at most {}", share(high)),
            (false, false) => "cannot be told".to_owned(),
        }
    }
}
