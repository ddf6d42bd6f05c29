//! The options of `choice` to columns and formulas.

use keiretsu_values::suggest;

use crate::Request;
use crate::expression::Expression;
use crate::names::Names;
use crate::rows::CsvFile;

/// Something that a formula names: a column, or whether the alternative is one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormulaName {
    /// The number in a column.
    Column(usize),
    /// 1 where the row is of this alternative, else 0.
    Is(u32),
}

/// An attribute.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// As the user wrote it.
    pub name: String,
    /// Its value, over [`Columns::named`].
    pub expression: Expression,
}

/// The definition of clusters.
#[derive(Clone, Debug)]
pub enum Cluster {
    /// By the text in a column.
    Column(usize),
    /// By the value of a formula.
    Formula(Expression),
}

/// The columns that are read of each row.
#[derive(Debug, Default)]
pub struct Columns {
    /// Which choice.
    pub choice: usize,
    /// Which alternative.
    pub alternative: usize,
    /// Whether it was chosen.
    pub chosen: usize,
    /// Attributes.
    pub terms: Vec<Attribute>,
    /// Which of them is affiliation.
    pub affiliated: Option<usize>,
    /// Which of them is the price.
    pub price: Option<usize>,
    /// Clusters.
    pub cluster: Option<Cluster>,
    /// The names in formulas.
    pub named: Vec<FormulaName>,
}

/// Alternatives by name, and the codes that stand for them in the data.
#[derive(Debug, Default)]
pub struct Alternatives {
    /// As they stand in the data.
    pub codes: Names,
    /// Names for codes.
    labels: Vec<(String, String)>,
}

impl Alternatives {
    /// Reads `--alternatives 1=air,2=train`.
    pub fn label(&mut self, request: &Request, sheet: &CsvFile<'_>) {
        for part in request.word("alternatives").into_iter().flat_map(|list| list.split(',')) {
            match part.split_once('=') {
                Some((code, label)) => self.labels.push((label.trim().to_owned(), code.trim().to_owned())),
                None => sheet.faults.push(
                    "--alternatives",
                    format!("`{part}` has no name"),
                    "such as 1=air,2=train",
                ),
            }
        }
        for (label, code) in &self.labels {
            if self.number(code).is_none() {
                let known = self.codes.list().iter().map(String::as_str);
                let message = format!("there is no alternative `{code}` to be called `{label}`");
                sheet.faults.push("--alternatives", message, suggest::advice(code, known));
            }
        }
    }

    /// The number of an alternative, by label or by code.
    fn number(&self, name: &str) -> Option<u32> {
        let code = self.labels.iter().find(|(label, _)| label == name).map_or(name, |(_, code)| code);
        self.codes.list().iter().position(|known| known == code).map(|at| at as u32)
    }

    fn name(&self, number: usize) -> &str {
        let code = self.codes.of(number);
        self.labels.iter().find(|(_, known)| known == code).map_or(code, |(label, _)| label)
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        (0..self.codes.len()).map(|number| self.name(number))
    }
}

impl Columns {
    /// Where the choice, the alternative and whether it was chosen stand.
    pub fn places(request: &Request, sheet: &CsvFile<'_>) -> Option<Self> {
        if sheet.names().len() < 3 {
            let message = format!("there are {} columns", sheet.names().len());
            sheet.faults.push("", message, "give choice, alternative, chosen, and attributes");
            return None;
        }
        let [first, second, third] = by_heading(sheet).unwrap_or([0, 1, 2]);
        let place = |option: &str, usual: usize| match request.word(option) {
            Some(name) => position(option, name, sheet).unwrap_or(usual),
            None => usual,
        };
        let choice = place("choice", first);
        let (alternative, chosen) = (place("alternative", second), place("chosen", third));
        Some(Self { choice, alternative, chosen, ..Self::default() })
    }

    /// Reads attributes, affiliation, price and clusters.
    pub fn formulas(&mut self, request: &Request, sheet: &CsvFile<'_>, alternatives: &Alternatives) {
        self.cluster(request, sheet, alternatives);
        let mut attributes = match request.word("attributes") {
            Some(list) => list.split(',').map(|term| term.trim().to_owned()).collect(),
            None => self.others(sheet),
        };
        let more = request.word("interactions").into_iter().flat_map(|list| list.split(','));
        attributes.extend(more.map(|term| term.trim().to_owned()));
        for term in attributes.iter().filter(|term| !term.is_empty()) {
            self.add("--attributes", term, sheet, alternatives);
        }
        self.constants(request, sheet, alternatives);
        if let Some(term) = request.word("affiliated") {
            self.affiliated = self.find_or_add("--affiliated", term, sheet, alternatives);
        }
        self.price = match request.word("price") {
            Some(term) => self.find_or_add("--price", term, sheet, alternatives),
            None => self.terms.iter().position(|term| term.name.eq_ignore_ascii_case("price")),
        };
        if self.terms.is_empty() {
            sheet.faults.push("--attributes", "there is none", "name at least one attribute");
        }
    }

    /// All columns that have no other part to play.
    fn others(&self, sheet: &CsvFile<'_>) -> Vec<String> {
        let used = [self.choice, self.alternative, self.chosen];
        let free = |at: &usize| {
            !used.contains(at) && !matches!(self.cluster, Some(Cluster::Column(column)) if column == *at)
        };
        (0..sheet.names().len()).filter(free).map(|at| sheet.names()[at].clone()).collect()
    }

    fn constants(&mut self, request: &Request, sheet: &CsvFile<'_>, alternatives: &Alternatives) {
        let Some(base) = request.word("constants") else { return };
        let Some(base) = alternatives.number(base) else {
            let hint = suggest::advice(base, alternatives.names());
            return sheet.faults.push("--constants", format!("there is no alternative `{base}`"), hint);
        };
        for number in (0..alternatives.codes.len()).filter(|number| *number != base as usize) {
            self.named.push(FormulaName::Is(number as u32));
            let expression = Expression::Name(self.named.len() - 1);
            self.terms.push(Attribute { name: alternatives.name(number).to_owned(), expression });
        }
    }

    fn find_or_add(
        &mut self,
        option: &str,
        term: &str,
        sheet: &CsvFile<'_>,
        alternatives: &Alternatives,
    ) -> Option<usize> {
        let term = term.trim();
        if let Some(at) = self.terms.iter().position(|known| known.name.eq_ignore_ascii_case(term)) {
            return Some(at);
        }
        self.add(option, term, sheet, alternatives);
        self.terms.len().checked_sub(1)
    }

    fn add(&mut self, option: &str, term: &str, sheet: &CsvFile<'_>, alternatives: &Alternatives) {
        if self.terms.iter().any(|known| known.name == term) {
            return sheet.faults.push(option, format!("`{term}` is there twice"), "keep one of them");
        }
        match self.expression(term, sheet, alternatives) {
            Ok(expression) => self.terms.push(Attribute { name: term.to_owned(), expression }),
            Err(why) => sheet.faults.push(option, why, ""),
        }
    }

    fn cluster(&mut self, request: &Request, sheet: &CsvFile<'_>, alternatives: &Alternatives) {
        let Some(text) = request.word("cluster") else { return };
        if let Some(at) = sheet.position(text.trim()) {
            self.cluster = Some(Cluster::Column(at));
            return;
        }
        match self.expression(text, sheet, alternatives) {
            Ok(expression) => self.cluster = Some(Cluster::Formula(expression)),
            Err(why) => sheet.faults.push("--cluster", why, ""),
        }
    }

    /// A column of that heading, else a formula.
    fn expression(
        &mut self,
        term: &str,
        sheet: &CsvFile<'_>,
        alternatives: &Alternatives,
    ) -> Result<Expression, String> {
        let named = &mut self.named;
        let mut find = |name: &str| -> Result<usize, String> {
            let column = sheet.position(name).map(FormulaName::Column);
            let found =
                column.or_else(|| alternatives.number(name).map(FormulaName::Is)).ok_or_else(|| {
                    let known = sheet.names().iter().map(String::as_str).chain(alternatives.names());
                    format!("there is no column or alternative `{name}`; {}", suggest::advice(name, known))
                })?;
            named.push(found);
            Ok(named.len() - 1)
        };
        if sheet.position(term).is_some() {
            return find(term).map(Expression::Name);
        }
        Expression::read(term, &mut find)
    }
}

/// Choice, alternative and chosen, if all three are headed so.
fn by_heading(sheet: &CsvFile<'_>) -> Option<[usize; 3]> {
    let choice = ["choice", "choice id", "choice_id", "id"].iter().find_map(|name| sheet.position(name))?;
    Some([choice, sheet.position("alternative")?, sheet.position("chosen")?])
}

fn position(option: &str, name: &str, sheet: &CsvFile<'_>) -> Option<usize> {
    let found = sheet.position(name.trim());
    if found.is_none() {
        let hint = suggest::advice(name, sheet.names().iter().map(String::as_str));
        sheet.faults.push(format!("--{option}"), format!("there is no column `{name}`"), hint);
    }
    found
}
