//! The chart that shows the argument: what an investor puts into a partner, above what is contracted back.

use keiretsu_measures::Query;
use keiretsu_values::{Table, Value};
use keiretsu_views::chart::{Line, Segment, line};
use keiretsu_views::html::linked;

use super::anchors::Anchors;
use super::relation::{Row, firm_and_most, rows};
use super::{Material, Part, money, with_table};
use crate::AskError;

/// How many pairs are drawn.
const DRAWN: usize = 8;

/// Money in above money back, for the pairs with both, the largest first.
pub(crate) fn part(material: &Material<'_>) -> Result<Option<Part>, AskError> {
    let tables = material.measure("coverage", &Query::default())?;
    let Some(table) = tables.first() else { return Ok(None) };
    let pairs = pairs(&tables);
    let (mut both, rest): (Vec<&Pair<'_>>, Vec<&Pair<'_>>) = pairs.iter().partition(|pair| pair.is_both());
    both.sort_by(|a, b| b.largest().total_cmp(&a.largest()));
    if both.is_empty() {
        return Ok(None);
    }
    let longest = both.iter().map(|pair| pair.largest()).fold(0.0, f64::max);
    let drawn: String = both.iter().take(DRAWN).map(|pair| pair.drawn(material, longest)).collect();
    let body = format!("{KEY}<div>\n{drawn}</div>\n<p class=\"note\">{}</p>\n", rest_in_words(&both, &rest));
    let lead = "Money put in above what is contracted back and not yet due, all bars on one scale; the \
                multiple is of the firm money of this pair alone.";
    let body = with_table(&body, &linked(table, &material.anchors));
    Ok(Some(Part { id: "pairs", title: "What comes back", lead: lead.to_owned(), body }))
}

const KEY: &str = "<p class=\"key\"><span><i class=\"cap\"></i>put in, firm</span>\
<span><i class=\"cap hatch\"></i>put in, conditional or announced</span>\
<span><i class=\"svc\"></i>contracted back</span>\
<span><i class=\"svc hatch\"></i>beyond what is proved</span>\
<span><i class=\"open\"></i>unknown</span></p>\n";

/// An investor and its partner: the rows of the firm and of the headline reading of what was put in.
struct Pair<'t> {
    firm: Row<'t>,
    headline: Row<'t>,
}

fn pairs(tables: &[Table]) -> Vec<Pair<'_>> {
    let all = rows(tables, "coverage");
    let same = |a: &Row<'_>, b: &Row<'_>| ["investor", "party"].iter().all(|key| a.id(key) == b.id(key));
    let (firm, rest): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|row| row.word("put_in_reading") == "firm");
    let headline: Vec<Row<'_>> =
        rest.into_iter().filter(|row| row.word("put_in_reading") == "headline").collect();
    let mut pairs = Vec::new();
    for firm in firm {
        let most = headline.iter().find(|row| same(row, &firm));
        pairs.extend(most.map(|headline| Pair { firm, headline: *headline }));
    }
    pairs
}

impl Pair<'_> {
    /// Whether money goes both ways, known or not.
    fn is_both(&self) -> bool {
        let goes = |row: Row<'_>, key: &str| row.value(key).is_some_and(|value| !value.is_zero());
        (goes(self.firm, "put_in") || goes(self.headline, "put_in")) && goes(self.firm, "back")
    }

    fn largest(&self) -> f64 {
        let amounts = [self.firm.amount("put_in"), self.headline.amount("put_in"), self.firm.amount("back")];
        amounts.into_iter().flatten().fold(0.0, f64::max)
    }

    fn drawn(&self, material: &Material<'_>, longest: f64) -> String {
        let unit = money(material);
        let names = ["investor", "party"].map(|key| self.firm.id(key));
        let [investor, partner] = names.map(|id| id.map_or(String::new(), |id| id.title.to_string()));
        let target = match names {
            [Some(investor), Some(partner)] => material.anchors.tie(&investor.name, &partner.name),
            _ => None,
        };
        let value = |row: Row<'_>, key: &str| row.value(key).cloned().unwrap_or(Value::exact(0.0));
        let (firm, most) = (value(self.firm, "put_in"), value(self.headline, "put_in"));
        let back = value(self.firm, "back");
        let put_in = format!("in {}", firm_and_most(&firm, &most, unit));
        let proved = back.set().low.max(0.0);
        let proved = Value::exact(if proved.is_finite() { proved } else { 0.0 });
        let backs = format!("back {}", self.firm.words("back"));
        let bars = [("cap", &firm, &most, put_in), ("svc", &proved, &back, backs)]
            .map(|(class, firm, most, words)| {
                let words = Anchors::linked(&words, target.as_deref());
                line(&Line { segments: segments(class, firm, most, longest), tick: None, words })
            })
            .concat();
        let multiple = match self.firm.words("coverage") {
            words if words == "unknown" => "<span class=\"unknown\">cannot be told</span>".to_owned(),
            words => Anchors::linked(&words, target.as_deref()),
        };
        let who = keiretsu_views::html::escaped(&format!("{investor} in {partner}"));
        format!(
            "<div class=\"pair\"><div class=\"who\">{who}</div>\n<div class=\"bars\">\n{bars}</div>\n\
             <div class=\"multiple\">{multiple}</div></div>\n"
        )
    }
}

/// What is firm as ink, what it may come to as hatching, what is unknown as an open box.
pub(super) fn segments(class: &str, firm: &Value, most: &Value, longest: f64) -> Vec<Segment> {
    let known =
        |value: &Value| value.amount().filter(|amount| amount.is_finite()).map(|amount| amount.max(0.0));
    let (firm, most) = (known(firm), known(most));
    let mut segments = Vec::new();
    let solid = firm.unwrap_or(0.0);
    if 0.0 < solid {
        segments.push(Segment::new(solid / longest, class, "firm"));
    }
    match (firm, most) {
        (_, Some(most)) if solid < most => {
            segments.push(Segment::new((most - solid) / longest, &format!("{class} hatch"), "not firm"));
        }
        (None, _) | (_, None) => segments.push(Segment::unknown(class, "unknown")),
        _ if solid == 0.0 => segments.push(Segment::new(0.0, "zero", "nothing")),
        _ => {}
    }
    segments
}

fn rest_in_words(both: &[&Pair<'_>], rest: &[&Pair<'_>]) -> String {
    let more = both.len().saturating_sub(DRAWN);
    let more =
        if more == 0 { String::new() } else { format!("{more} more pairs with both are in the table. ") };
    let hidden =
        rest.iter().filter(|pair| pair.firm.value("back").is_some_and(|back| back.amount().is_none()));
    let hidden = hidden.count();
    let nothing = rest.len() - hidden;
    let nothing = match nothing {
        0 => String::new(),
        1 => "For 1 pair nothing is contracted back. ".to_owned(),
        _ => format!("For {nothing} pairs nothing is contracted back. "),
    };
    let hidden = if hidden == 0 { String::new() } else { format!("Of {hidden} it is not disclosed.") };
    format!("{more}{nothing}{hidden}")
}
