//! Outcomes of the paths: a fan of cash for each party with known cash.

use keiretsu_measures::over_paths;
use keiretsu_model::PartyRef;
use keiretsu_program::{PartyId, Probe, Quantity, Series, Span};
use keiretsu_values::{Cell, ColumnSpec, TableSpec, Unit, Value};
use keiretsu_views::amount::inline;
use keiretsu_views::chart::{self, Fan};
use keiretsu_views::html::{escaped, linked};

use super::{Material, Part, with_table};
use crate::AskError;

/// A fan for each party with something uncertain in its cash.
pub(crate) fn part(material: &Material<'_>) -> Result<Option<Part>, AskError> {
    let fans: String =
        material.subject.groups().into_iter().filter_map(|party| drawn(material, party)).collect();
    if fans.is_empty() {
        return Ok(None);
    }
    let body = format!("{LEGEND}<div class=\"grid\">\n{fans}</div>\n");
    let lead = format!(
        "Cash at the end of each year over {} simulated paths, where it is known and not certain.",
        material.simulation.paths
    );
    Ok(Some(Part { id: "outcomes", title: "Outcomes", lead, body }))
}

const LEGEND: &str = "<p class=\"key\">\
<span><svg viewBox=\"0 0 34 12\" aria-hidden=\"true\">\
<rect class=\"fan-outer\" width=\"34\" height=\"12\"/></svg>\
5% to 95%</span>\
<span><svg viewBox=\"0 0 34 12\" aria-hidden=\"true\">\
<rect class=\"fan-outer\" width=\"34\" height=\"12\"/>\
<rect class=\"fan-inner\" width=\"34\" height=\"12\"/></svg>25% to 75%</span>\
<span><svg viewBox=\"0 0 34 12\" aria-hidden=\"true\">\
<path class=\"fan-line\" d=\"M0 6H34\"/></svg>median</span>\
<span><svg viewBox=\"0 0 34 12\" aria-hidden=\"true\">\
<path class=\"mean\" d=\"M0 6H34\"/></svg>mean</span></p>\n";

fn series<'a>(material: &'a Material<'_>, quantity: Quantity) -> Option<&'a Series> {
    let seen = material.run.seen();
    let probe = Probe { quantity, span: Span::Year };
    seen.simulated(probe)
}

fn drawn(material: &Material<'_>, party: PartyRef) -> Option<String> {
    let subject = &material.subject;
    // Without cash at as-of only its changes are known.
    subject.model.party(party).record.figure("cash")?;
    let cash = series(material, Quantity::Cash(PartyId(party.0)))?;
    let times: Vec<String> = subject.program.years().map(|year| year.to_string()).collect();
    let quantiles: Vec<[f64; 5]> =
        (0..times.len()).map(|at| std::array::from_fn(|quantile| cash.quantiles[quantile][at])).collect();
    let spread = quantiles.iter().any(|all| (all[4] - all[0]).abs() > 1e-6 * all[4].abs().max(1.0));
    if !spread {
        return None;
    }
    let title = subject.title(party);
    let largest = quantiles.iter().flatten().fold(0.0f64, |most, number| most.max(number.abs()));
    let (per, letter) = if largest >= 1e9 { (1e9, "B") } else { (1e6, "M") };
    let unit = format!("{}{letter}", currency_sign(material));
    let label = format!("Cash of {title}: median and quantiles by year");
    let fan = Fan { label, times, quantiles, mean: cash.mean.clone(), unit, per };
    let failed = series(material, Quantity::Defaulted(PartyId(party.0)));
    let failed = failed.and_then(|series| series.mean.last().copied()).filter(|chance| *chance > 0.0);
    let caption = failed.map_or(String::new(), |chance| {
        format!("It has failed on {} of the paths by the end.", inline(&Value::exact(chance), Unit::Share))
    });
    let caption = match caption.as_str() {
        "" => String::new(),
        caption => format!("<figcaption>{}</figcaption>\n", escaped(caption)),
    };
    let drawn = format!("<figure>\n{}{caption}</figure>\n", chart::fan(&fan));
    let chart = with_table(&drawn, &linked(&table(material, &fan), &material.anchors));
    Some(format!("<div>\n<h3>{}</h3>\n{chart}</div>\n", escaped(&title)))
}

fn currency_sign(material: &Material<'_>) -> String {
    let unit = Unit::Money(material.subject.model.currency);
    let words = inline(&Value::exact(0.0), unit);
    words.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '.').to_owned()
}

/// The numbers of a fan.
pub(crate) const FAN: TableSpec = TableSpec::new(
    "report",
    "fan",
    "Cash of a party over all paths",
    &[&[ColumnSpec::date("time", "the calendar year at the end of which it is")], &over_paths::MONEY],
);

fn table(material: &Material<'_>, fan: &Fan) -> keiretsu_values::Table {
    let subject = &material.subject;
    let mut table = subject.table(&FAN);
    table.title.clone_from(&fan.label);
    table.window.simulation = Some((material.simulation.seed, material.simulation.paths));
    for (at, time) in fan.times.iter().enumerate() {
        let number = |amount: f64| {
            let known = amount.is_finite();
            Cell::Value(if known { Value::exact(amount) } else { Value::unknown("unknown on some path") })
        };
        let mut row = vec![Cell::text(time), number(fan.mean[at]), Cell::Empty];
        row.extend(fan.quantiles[at].map(number));
        table.push(row);
    }
    table
}
