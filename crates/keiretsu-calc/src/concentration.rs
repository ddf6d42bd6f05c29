//! `keiretsu calc concentration`: amounts by name to how concentrated they are.

use keiretsu_methods::concentration::{concentration, concentration_ratio};
use keiretsu_values::{Cell, Column, Table, Unit};
use keiretsu_views::grid::rows::Heading;
use serde::Serialize;

use crate::answer::{MethodAnswer, Tabular};
use crate::faults::Faults;
use crate::names::Names;
use crate::record::{JsonObject, NumberRange};
use crate::rows::CsvFile;
use crate::tree::JsonTree;
use crate::{CalcError, Method, Request};

pub static METHOD: Method = Method {
    name: "concentration",
    summary: "How concentrated amounts are: HHI, effective number, CR1 and CR4",
    help: r#"The Herfindahl-Hirschman index of shares in any unit: they are divided by their sum first. Consolidate groups before, since a group that is split looks less concentrated.

JSON in: {"shares": {"a": 3, "b": 1}}, or CSV: id,share.
JSON out: {"hhi", "effective_number", "cr1", "cr4"}: the index from 0 to 10,000; how many equal shares would have it; the fractions that the largest one, and the four largest together, have of all."#,
    example: "\
Examples:
  keiretsu calc concentration shares.json
  keiretsu calc concentration shares.csv --format json",
    options: &[],
    run,
};

#[derive(Serialize)]
struct Concentrated {
    hhi: f64,
    effective_number: f64,
    cr1: f64,
    cr4: f64,
}

fn run(request: &Request) -> Result<Box<dyn MethodAnswer>, CalcError> {
    let faults = Faults::default();
    let shares = read(request, &faults).unwrap_or_default();
    faults.none()?;
    if !shares.iter().any(|share| 0.0 < *share) {
        faults.push("shares", "there is none above zero", "");
    }
    faults.none()?;
    let ratio = |k| concentration_ratio(&shares, k);
    let answer = concentration(&shares).and_then(|all| {
        let (hhi, effective_number) = (all.hhi, all.number_effective);
        Ok(Concentrated { hhi, effective_number, cr1: ratio(1)?, cr4: ratio(4)? })
    });
    answer
        .map(|answer| Box::new(answer) as Box<dyn MethodAnswer>)
        .map_err(|_| CalcError::no_answer("the shares are too small to be divided", "use a smaller unit"))
}

fn read(request: &Request, faults: &Faults) -> Option<Vec<f64>> {
    let source = request.main(faults)?;
    if source.is_json() {
        let tree = JsonTree::read(source, faults)?;
        let root = JsonObject::root(&tree, &["shares"], faults);
        if !root.has("shares") {
            root.need_list("shares");
        }
        // A list of shares without names is understood too.
        if let Some(JsonTree::List(_)) = root.get("shares") {
            return Some(root.numbers("shares", NumberRange::Amount));
        }
        return Some(
            root.amounts("shares", NumberRange::Amount).into_iter().map(|(_, share)| share).collect(),
        );
    }
    let sheet = CsvFile::open(source, None, faults)?;
    let at = sheet.positions(&[Heading::needed("id"), Heading::needed("share")]);
    let (mut names, mut shares) = (Names::default(), Vec::new());
    sheet.each(false, |row| {
        names.add(row.need_name(at[0], "id"), faults, || row.place());
        shares.push(row.need(at[1], "share", NumberRange::Amount));
    });
    Some(shares)
}

impl Tabular for Concentrated {
    fn tables(&self) -> Vec<Table> {
        let columns = vec![
            Column::number("hhi", Unit::Number { digits: 1 }).titled("HHI"),
            Column::number("effective_number", Unit::Number { digits: 2 }),
            Column::number("cr1", Unit::Share).titled("largest"),
            Column::number("cr4", Unit::Share).titled("four largest"),
        ];
        let mut table = Table::new("concentration", "How concentrated the shares are", columns);
        table.push([self.hhi, self.effective_number, self.cr1, self.cr4].map(Cell::exact).to_vec());
        vec![table]
    }
}
