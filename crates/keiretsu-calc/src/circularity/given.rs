//! Payments of a user's JSON or CSV, with the month of each if they have one.

use std::collections::BTreeSet;

use jiff::civil::Date;
use keiretsu_methods::circularity::Flow;
use keiretsu_views::grid::rows::Heading;

use crate::Request;
use crate::faults::{DataFault, Faults};
use crate::limits::{CIRCULARITY_DATED_WORK_MAX, CIRCULARITY_PARTIES_MAX, CIRCULARITY_WORK_MAX};
use crate::names::Names;
use crate::record::{JsonObject, NumberRange};
use crate::rows::{CsvFile, CsvRow};
use crate::source::InputFile;
use crate::tree::JsonTree;

/// Payments as given.
#[derive(Debug, Default)]
pub struct CircularityInput {
    /// Parties in the order in which they are met.
    pub names: Names,
    /// Payments; those of months in their order.
    pub flows: Vec<Flow>,
    /// Whether payments have months.
    pub dated: bool,
    /// Received from outside.
    pub inflow: Vec<f64>,
    /// Paid or kept outside.
    pub outflow: Vec<f64>,
    /// Whether the unexplained difference is added.
    pub balance: bool,
    months: Vec<Option<i64>>,
}

/// Reads the file of a request.
pub fn read(request: &Request, faults: &Faults) -> Option<CircularityInput> {
    let source = request.main(faults)?;
    let mut given = CircularityInput::default();
    let (mut inflow, mut outflow) = (Vec::new(), Vec::new());
    if source.is_json() {
        let tree = JsonTree::read(source, faults)?;
        let root = JsonObject::root(&tree, &["flows", "inflow", "outflow", "balance"], faults);
        given.records(&root, faults);
        let mut amounts = |key: &str| -> Vec<(u32, f64)> {
            let amounts = root.amounts(key, NumberRange::Amount);
            amounts.into_iter().map(|(name, amount)| (given.names.known(name), amount)).collect()
        };
        (inflow, outflow) = (amounts("inflow"), amounts("outflow"));
        given.balance = root.flag("balance").unwrap_or(false) || request.words.contains_key("balance");
    } else {
        given.rows(source, faults);
        given.balance = request.words.contains_key("balance");
    }
    let n = given.names.len();
    if CIRCULARITY_PARTIES_MAX < n {
        let what = format!("{n} parties are too many; {CIRCULARITY_PARTIES_MAX} at most");
        faults.push(&source.name, what, "group them");
        return None;
    }
    if given.flows.is_empty() && faults.count() == 0 {
        faults.push("flows", "there are none", "");
    }
    given.inflow = spread(&inflow, n);
    given.outflow = spread(&outflow, n);
    given.order(faults);
    let pairs: BTreeSet<(u32, u32)> = given.flows.iter().map(|flow| (flow.payer, flow.payee)).collect();
    let work = pairs.len() * given.flows.len();
    let most = if given.dated { CIRCULARITY_DATED_WORK_MAX } else { CIRCULARITY_WORK_MAX };
    if most < work {
        let what = format!(
            "{} pairs that pay times {} payments is {work}; {most} at most",
            pairs.len(),
            given.flows.len()
        );
        faults.push(&source.name, what, "sum payments of a month, or group parties");
        return None;
    }
    Some(given)
}

fn spread(amounts: &[(u32, f64)], n: usize) -> Vec<f64> {
    let mut list = vec![0.0; n];
    for (party, amount) in amounts {
        list[*party as usize] += amount;
    }
    list
}

impl CircularityInput {
    fn records(&mut self, root: &JsonObject<'_>, faults: &Faults) {
        for record in root.need_records("flows", &["from", "to", "amount", "month"]) {
            let payer = self.names.known(&record.need_name("from"));
            let payee = self.names.known(&record.need_name("to"));
            let amount = record.need("amount", NumberRange::Amount);
            self.flows.push(Flow { payer, payee, amount });
            let text = record.name("month");
            self.months.push(text.and_then(|text| month(&text, faults, || record.place_of("month"))));
        }
    }

    fn rows(&mut self, source: &InputFile, faults: &Faults) {
        let Some(sheet) = CsvFile::open(source, None, faults) else { return };
        let at = sheet.positions(&[
            Heading::needed("from"),
            Heading::needed("to"),
            Heading::needed("amount"),
            Heading::optional("month"),
        ]);
        sheet.each(false, |row: &CsvRow<'_>| {
            let payer = self.names.known(row.need_name(at[0], "from"));
            let payee = self.names.known(row.need_name(at[1], "to"));
            let amount = row.need(at[2], "amount", NumberRange::Amount);
            self.flows.push(Flow { payer, payee, amount });
            let text = row.text(at[3]);
            self.months.push(if text.is_empty() { None } else { month(text, faults, || row.place()) });
        });
    }

    /// Puts payments in the order of their months, those of a month as given.
    fn order(&mut self, faults: &Faults) {
        let dated = self.months.iter().flatten().count();
        if dated == 0 || faults.count() != 0 {
            return;
        }
        if let Some(at) = self.months.iter().position(Option::is_none) {
            let place = format!("flows[{at}].month");
            faults.push(place, "is missing, and other flows have one", "give all flows a month, or none");
            return;
        }
        let mut order: Vec<usize> = (0..self.flows.len()).collect();
        order.sort_by_key(|at| self.months[*at]);
        self.flows = order.iter().map(|at| self.flows[*at]).collect();
        self.dated = true;
    }
}

/// A month as a number that grows with time: `2026-03`, a day in it, or a plain number.
fn month(text: &str, faults: &Faults, place: impl FnOnce() -> String) -> Option<i64> {
    if let Ok(number) = text.parse::<i64>() {
        return Some(number);
    }
    let first = format!("{text}-01");
    let day = text.parse::<Date>().or_else(|_| first.parse::<Date>());
    let number = day.ok().map(|day| i64::from(day.year()) * 12 + i64::from(day.month()) - 1);
    if number.is_none() {
        faults.push_with(|| DataFault {
            place: place(),
            message: format!("`{text}` is not a month"),
            hint: "write year and month: 2026-03".to_owned(),
        });
    }
    number
}
