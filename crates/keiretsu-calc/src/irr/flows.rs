//! Flows of a user's CSV or JSON, in order of time, with years by a day count.

use jiff::civil::Date;
use keiretsu_methods::day_count::DayCount;
use keiretsu_values::suggest;
use keiretsu_views::grid::rows::Heading;

use crate::Request;
use crate::days::{date, day_counts, parsed};
use crate::faults::Faults;
use crate::record::{JsonObject, NumberRange, number_hint, number_of, one_of};
use crate::rows::{CsvFile, CsvRow};
use crate::source::InputFile;
use crate::tree::JsonTree;

/// Flows in order of time.
#[derive(Debug, Default)]
pub struct Flows {
    /// Positive when received.
    pub amounts: Vec<f64>,
    /// Years since the first; none: equal periods.
    pub years: Option<Vec<f64>>,
    /// Still held, on the day of the last flow.
    pub nav: f64,
    /// A level for each flow.
    pub index: Option<Vec<f64>>,
}

/// As given: in any order.
#[derive(Default)]
struct Given {
    amounts: Vec<f64>,
    dates: Vec<Option<Date>>,
    index: Option<Vec<f64>>,
}

/// Reads the file of a request.
pub fn read(request: &Request, faults: &Faults) -> Option<Flows> {
    let source = request.main(faults)?;
    let (given, nav, count) = if source.is_json() {
        for name in ["nav", "day-count"].into_iter().filter(|name| request.words.contains_key(name)) {
            faults.push(format!("--{name}"), "goes with CSV", "write it into the JSON file");
        }
        of_json(&JsonTree::read(source, faults)?, faults)
    } else {
        let nav = request.word("nav").map_or(0.0, |text| word_amount(text, faults));
        let count = request.word("day-count").map_or(DayCount::Actual365, |text| word_count(text, faults));
        (of_csv(source, faults)?, nav, count)
    };
    let dated = given.dates.iter().flatten().count();
    if given.amounts.is_empty() && faults.count() == 0 {
        faults.push(&source.name, "there is no flow in it", "");
    }
    if dated != 0 && dated != given.dates.len() && faults.count() == 0 {
        let at = given.dates.iter().position(Option::is_none).unwrap_or(0);
        let message = format!("flow {} has no date, and others have one", at + 1);
        faults.push(&source.name, message, "give all a date, or none for equal periods");
    }
    Some(in_order(given, nav, count))
}

fn of_json(tree: &JsonTree, faults: &Faults) -> (Given, f64, DayCount) {
    let wrapped;
    let tree = match tree {
        // A bare list of flows is understood too.
        JsonTree::List(_) => {
            wrapped = JsonTree::Map(vec![("flows".to_owned(), tree.clone())]);
            &wrapped
        }
        other => other,
    };
    let root = JsonObject::root(tree, &["flows", "day_count", "nav", "index"], faults);
    let mut given = Given::default();
    for (at, flow) in root.need_list("flows").iter().enumerate() {
        if matches!(flow, JsonTree::Number(_)) {
            given.dates.push(None);
            continue;
        }
        let record = JsonObject::new(flow, format!("flows[{at}]"), &["date", "amount"], faults);
        given.amounts.push(record.need("amount", NumberRange::Any));
        let text = record.name("date");
        given.dates.push(text.and_then(|text| date(&text, faults, || record.place_of("date"))));
    }
    if given.amounts.is_empty() {
        given.amounts = root.numbers("flows", NumberRange::Any);
    } else if given.amounts.len() != given.dates.len() {
        root.fault("flows", "holds numbers beside objects", "write all as {\"date\", \"amount\"}");
    }
    let nav = root.number("nav", NumberRange::Amount).unwrap_or(0.0);
    let count = root.one_of("day_count", &day_counts()).unwrap_or(DayCount::Actual365);
    if root.has("index") {
        let index = root.numbers("index", NumberRange::Positive);
        if index.len() != given.amounts.len() {
            let message = format!("has {} levels for {} flows", index.len(), given.amounts.len());
            root.fault("index", &message, "give the level of the index on the day of each flow");
        }
        given.index = Some(index);
    }
    (given, nav, count)
}

fn of_csv(source: &InputFile, faults: &Faults) -> Option<Given> {
    let sheet = CsvFile::open(source, None, faults)?;
    let width = sheet.names().len();
    // Without headings, the first line is a flow.
    let bare = sheet.names().iter().all(|cell| number_of(cell).is_some() || parsed(cell).is_some());
    let (when, amount) = match (bare, width) {
        (true, 1) => (None, Some(0)),
        (true, 2) => (Some(0), Some(1)),
        (true, _) => {
            let message = format!("there are {width} columns without headings");
            faults.push(&*source.line(1), message, "the first line names them: date,amount");
            return None;
        }
        (false, _) => {
            let at = sheet.positions(&[Heading::optional("date"), Heading::needed("amount")]);
            (at[0], at[1])
        }
    };
    let mut given = Given::default();
    sheet.each(bare, |row: &CsvRow<'_>| {
        given.amounts.push(row.need(amount, "amount", NumberRange::Any));
        let text = row.text(when);
        if when.is_some() && text.is_empty() {
            row.fault("the date is missing", "give all a date, or leave out the column");
        }
        given.dates.push(if text.is_empty() { None } else { date(text, faults, || row.place()) });
    });
    Some(given)
}

fn word_amount(text: &str, faults: &Faults) -> f64 {
    let nav = number_of(text).filter(|nav| NumberRange::Amount.refuses(*nav).is_none());
    if nav.is_none() {
        faults.push("--nav", format!("`{text}` is no amount"), number_hint(text));
    }
    nav.unwrap_or(0.0)
}

fn word_count(text: &str, faults: &Faults) -> DayCount {
    let known = day_counts();
    one_of(text, &known).unwrap_or_else(|| {
        let hint = suggest::advice(text, known.iter().map(|(name, _)| *name));
        faults.push("--day-count", format!("`{text}` is not known"), hint);
        DayCount::Actual365
    })
}

/// Dated flows by day, those of a day as given; with years since the first.
fn in_order(given: Given, nav: f64, count: DayCount) -> Flows {
    let dates: Option<Vec<Date>> = given.dates.iter().copied().collect();
    let Some(dates) = dates.filter(|dates| !dates.is_empty()) else {
        return Flows { amounts: given.amounts, years: None, nav, index: given.index };
    };
    let mut order: Vec<usize> = (0..dates.len()).collect();
    order.sort_by_key(|at| dates[*at]);
    let first = dates[order[0]];
    let sorted = |list: &[f64]| order.iter().filter_map(|at| list.get(*at).copied()).collect();
    Flows {
        amounts: sorted(&given.amounts),
        years: Some(order.iter().map(|at| count.years(first, dates[*at])).collect()),
        nav,
        index: given.index.map(|index| sorted(&index)),
    }
}
