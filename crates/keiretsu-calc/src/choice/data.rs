//! Rows of a user's CSV to choices, each with its alternatives together.

use std::collections::{HashMap, HashSet};

use super::columns::{Alternatives, Cluster, Columns, FormulaName};
use crate::Request;
use crate::faults::Faults;
use crate::names::Names;
use crate::record::NumberRange;
use crate::rows::{CsvFile, CsvRow};

/// Choices, ready to be fitted.
#[derive(Debug, Default)]
pub struct Data {
    /// Attributes.
    pub names: Vec<String>,
    /// Row-major, alternatives x attributes.
    pub features: Vec<f64>,
    /// First alternative of each choice, and their number.
    pub starts: Vec<usize>,
    /// The alternative chosen in each choice.
    pub chosen: Vec<usize>,
    /// Which alternative each row is, by number.
    pub alternatives: Vec<u32>,
    /// The cluster of each choice, if there are clusters.
    pub clusters: Option<Vec<u32>>,
    /// Which attribute is affiliation.
    pub affiliated: Option<usize>,
    /// Which attribute is the price.
    pub price: Option<usize>,
    /// Whether robust errors are widened.
    pub small_sample: bool,
}

/// Rows as they are met.
#[derive(Default)]
struct Rows {
    choices: Names,
    clusters: Names,
    choice: Vec<u32>,
    alternative: Vec<u32>,
    chosen: Vec<bool>,
    cluster: Vec<u32>,
    features: Vec<f64>,
    /// Choice and alternative of each row, to find those that are there twice.
    seen: HashSet<(u32, u32)>,
}

/// Reads the file of a request.
pub fn read(request: &Request, faults: &Faults) -> Option<Data> {
    let source = request.main(faults)?;
    if source.is_json() {
        faults.push(&source.name, "this is JSON", "this method reads CSV; see --help");
        return None;
    }
    let delimiter = request.word("delimiter").map(|word| sign(word, faults));
    let sheet = CsvFile::open(source, delimiter, faults)?;
    sheet.names_once();
    let mut columns = Columns::places(request, &sheet)?;
    let mut alternatives = Alternatives::default();
    sheet.each(false, |row| {
        alternatives.codes.known(row.text(Some(columns.alternative)));
    });
    // Rows that cannot be read are named in the second pass, which must not name them again.
    let found = faults.count();
    alternatives.label(request, &sheet);
    columns.formulas(request, &sheet, &alternatives);
    if found != faults.count() || found != 0 {
        return None;
    }
    let mut rows = Rows::default();
    sheet.each(false, |row| rows.add(row, &columns, &alternatives, &sheet));
    if rows.choice.is_empty() && faults.count() == 0 {
        faults.push(&source.name, "there is no row below the first", "");
    }
    let data = rows.grouped(&columns, faults);
    Some(Data { small_sample: request.words.contains_key("small-sample"), ..data })
}

fn sign(word: &str, faults: &Faults) -> u8 {
    match word {
        "tab" | "\\t" => b'\t',
        word if word.len() == 1 => word.as_bytes()[0],
        _ => {
            faults.push("--delimiter", format!("`{word}` is no single sign"), "such as ; or tab");
            b','
        }
    }
}

impl Rows {
    fn add(&mut self, row: &CsvRow<'_>, columns: &Columns, alternatives: &Alternatives, sheet: &CsvFile<'_>) {
        let choice = self.choices.known(row.need_name(Some(columns.choice), "the choice"));
        let code = row.need_name(Some(columns.alternative), "the alternative");
        let alternative =
            alternatives.codes.list().iter().position(|known| known == code).unwrap_or(0) as u32;
        if !self.seen.insert((choice, alternative)) {
            row.fault(&format!("`{code}` is there twice in one choice"), "give each alternative one row");
        }
        let chosen = row.text(Some(columns.chosen)).to_lowercase();
        let is_chosen = ["1", "1.0", "true", "yes"].contains(&chosen.as_str());
        if !is_chosen && !["0", "0.0", "false", "no"].contains(&chosen.as_str()) {
            row.fault(&format!("chosen is `{chosen}`"), "write 1 or 0; --chosen names the column");
        }
        let mut values: HashMap<usize, f64> = HashMap::new();
        for named in &columns.named {
            if let FormulaName::Column(at) = named {
                let name = &sheet.names()[*at];
                values.entry(*at).or_insert_with(|| row.need(Some(*at), name, NumberRange::Any));
            }
        }
        let value = |name: usize| match columns.named[name] {
            FormulaName::Column(at) => values.get(&at).copied().unwrap_or(0.0),
            FormulaName::Is(number) => f64::from(u8::from(number == alternative)),
        };
        for term in &columns.terms {
            let number = term.expression.value(&value);
            if !number.is_finite() {
                row.fault(&format!("{} is not a finite number", term.name), "");
            }
            self.features.push(number);
        }
        let cluster = match &columns.cluster {
            None => 0,
            Some(Cluster::Column(at)) => self.clusters.known(row.need_name(Some(*at), "the cluster")),
            Some(Cluster::Formula(formula)) => {
                let number = formula.value(&value);
                if !number.is_finite() {
                    row.fault("the cluster is not a finite number", "leave out rows without a cluster");
                }
                self.clusters.known(&number.to_string())
            }
        };
        self.choice.push(choice);
        self.alternative.push(alternative);
        self.chosen.push(is_chosen);
        self.cluster.push(cluster);
    }

    /// The alternatives of each choice together, in the order in which choices are met.
    fn grouped(self, columns: &Columns, faults: &Faults) -> Data {
        let mut starts = vec![0; self.choices.len() + 1];
        self.choice.iter().for_each(|choice| starts[*choice as usize + 1] += 1);
        (0..self.choices.len()).for_each(|at| starts[at + 1] += starts[at]);
        let mut order: Vec<usize> = (0..self.choice.len()).collect();
        order.sort_by_key(|row| self.choice[*row]);
        let width = columns.terms.len();
        let features = order.iter().flat_map(|row| &self.features[row * width..(row + 1) * width]).copied();
        let mut chosen = Vec::with_capacity(self.choices.len());
        let mut clusters = Vec::with_capacity(self.choices.len());
        for (pair, name) in starts.windows(2).zip(self.choices.list()) {
            let members = &order[pair[0]..pair[1]];
            let taken: Vec<usize> = (pair[0]..pair[1]).filter(|at| self.chosen[order[*at]]).collect();
            if taken.len() != 1 {
                let message = format!("{} alternatives are chosen", taken.len());
                faults.push(format!("choice {name}"), message, "exactly one must be");
            }
            if members.iter().any(|row| self.cluster[*row] != self.cluster[members[0]]) {
                faults.push(format!("choice {name}"), "lies in several clusters", "a choice has one cluster");
            }
            chosen.push(taken.first().copied().unwrap_or(0));
            clusters.push(self.cluster[members[0]]);
        }
        Data {
            names: columns.terms.iter().map(|term| term.name.clone()).collect(),
            features: features.collect(),
            starts,
            chosen,
            alternatives: order.iter().map(|row| self.alternative[*row]).collect(),
            clusters: columns.cluster.is_some().then_some(clusters),
            affiliated: columns.affiliated,
            price: columns.price,
            small_sample: false,
        }
    }
}
