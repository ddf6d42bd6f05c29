//! The statement of a row, by its kind: the mapping of the manual.

mod capital;
mod debt;
mod published;
mod rights;
mod time;
mod trade;

use super::people::{Found, People};
use crate::import::row::Row;
use crate::import::statement::{ImportedStatement, text};
use published::Seen;

/// A row as a statement of its own, with the keys that decide whether another row has the same subject.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The statement without its figure.
    pub statement: ImportedStatement,
    /// The term of its figure; none where it has no figure.
    pub figure: Option<&'static str>,
    /// The figure in words.
    pub words: String,
    /// The payer, investor or reporter, and the other party.
    pub pair: (String, String),
    /// The type of a contract or report.
    subject: String,
    /// The measure: figures of one measure can be claims of one figure.
    measure: Measure,
    /// Columns that it uses besides the amount.
    holds: Vec<&'static str>,
    /// Parts of the row that the statement leaves out.
    notes: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Measure {
    Money,
    Power,
    Share,
    Nothing,
}

type Terms = Vec<(String, String)>;

impl Candidate {
    fn new(mut statement: ImportedStatement, sides: &Sides, subject: &str) -> Self {
        let last = ["text", "known", "assumed"];
        statement.terms.sort_by_key(|(key, _)| last.iter().position(|name| name == key).map(|at| at + 1));
        Self {
            statement,
            figure: None,
            words: String::new(),
            pair: (sides.payer.clone(), sides.payee.clone()),
            subject: subject.to_owned(),
            measure: Measure::Nothing,
            holds: vec![],
            notes: sides.notes.clone(),
        }
    }

    fn figure(self, term: &'static str, words: String, measure: Measure) -> Self {
        Self { figure: Some(term), words, measure, ..self }
    }

    fn holding(self, columns: &[&'static str]) -> Self {
        Self { holds: columns.to_vec(), ..self }
    }

    /// Whether it is a contract.
    pub fn is_contract(&self) -> bool {
        self.statement.path.starts_with("contracts.")
    }

    /// Whether both speak of one figure, whichever way the money runs.
    pub fn speaks_of(&self, other: &Self) -> bool {
        let pair = self.pair == other.pair || (&self.pair.0, &self.pair.1) == (&other.pair.1, &other.pair.0);
        let same = self.subject == other.subject && self.measure == other.measure;
        pair && same && self.measure != Measure::Nothing
    }

    /// Parts of the row that the statement leaves out.
    pub fn left_out(&self, row: &Row) -> Vec<String> {
        let mut out = self.notes.clone();
        let money = self.measure != Measure::Money && row.has_money() && !self.holds.contains(&"amount");
        let kind = if self.is_contract() { "a contract" } else { "a report" };
        let place = format!("has no place in {kind} of {}", self.subject);
        out.extend(money.then(|| format!("{} {place}", row.money())));
        for column in ["capacity_gw", "stake_pct", "valuation_usd"] {
            let said_twice = row.cell(column) == row.cell("amount_low_usd");
            if !row.cell(column).is_empty() && !self.holds.contains(&column) && !said_twice {
                out.push(format!("{column} {} {place}", row.cell(column)));
            }
        }
        if !["", "USD"].contains(&row.cell("currency")) {
            out.push(format!(
                "its words are in {}, the dollars are those of the table",
                row.cell("currency")
            ));
        }
        out
    }

    /// Its terms, other than the figure, that the statement it joins lacks or states otherwise.
    pub fn besides(&self, first: &Self) -> Option<String> {
        if self.pair != first.pair {
            return None;
        }
        let others = self.statement.terms.iter().filter(|(key, value)| {
            let own = ["type", "text", "known", "assumed", "standing"].contains(&key.as_str());
            !own && !first.statement.terms.iter().any(|(name, there)| name == key && there == value)
        });
        let others: Vec<String> = others.map(|(key, value)| format!("{key} = {value}")).collect();
        (!others.is_empty())
            .then(|| format!("of this claim beside others {} is not placed", others.join(", ")))
    }
}

/// The statement of a row, or the reason why there is none.
pub fn candidate(row: &Row, people: &mut People) -> Result<Candidate, String> {
    match row.cell("kind") {
        "equity_tranche" => capital::equity(row, people),
        "convertible" => capital::convertible(row, people),
        "warrant" => capital::warrant(row, people),
        "debt" => debt::loan(row, people),
        "lease" => debt::lease(row, people),
        "guarantee" | "backstop" => debt::guarantee(row, people),
        "service_commitment" => trade::supply(row, people),
        "capacity" => trade::capacity(row, people),
        "capex" => trade::capex(row, people),
        "credits" => trade::credits(row, people),
        "revenue_share" => trade::revenue_share(row, people),
        "access_right" => rights::right(row, people),
        "platform_offering" => rights::platform(row, people),
        "rpo_mark" => published::report(row, people, "backlog", Seen::ByPayee),
        "revenue_mark" => published::report(row, people, "revenue", Seen::Alone),
        "cash_burn_mark" => published::report(row, people, "burn", Seen::Alone),
        "valuation_mark" => published::mark(row, people),
        "" => Err("the row has no kind".to_owned()),
        other => Err(format!("the kind `{other}` is not known")),
    }
}

/// The two parties of a row, as the model names them.
struct Sides {
    payer: String,
    payee: String,
    /// Which of the two are several parties in one cell.
    several: [bool; 2],
    notes: Vec<String>,
}

const OUTSIDE: &str = "outside";

impl Sides {
    fn of(row: &Row, people: &mut People) -> Result<Self, String> {
        let cells = [row.cell("payer_or_investor"), row.cell("payee_or_issuer")];
        let found = cells.map(|cell| people.find(cell));
        let several = [0, 1].map(|at| found[at] == Found::Several);
        let [payer, payee] = found.map(|found| match found {
            Found::Party(name) => name,
            Found::Nobody | Found::Several => OUTSIDE.to_owned(),
        });
        if payer == payee && payer != OUTSIDE {
            return Err("payer and payee are the same".to_owned());
        }
        let many = cells.iter().zip(several).filter(|(_, several)| *several).map(|(cell, _)| cell);
        let notes =
            many.map(|cell| format!("`{cell}` are several parties, whose shares the row does not give"));
        Ok(Self { payer, payee, several, notes: notes.collect() })
    }

    /// Fails where a side is several parties: there is no such contract or figure of theirs.
    fn single(row: &Row, people: &mut People) -> Result<Self, String> {
        let sides = Self::of(row, people)?;
        match sides.notes.first() {
            Some(_) => Err(sides.why_not()),
            None => Ok(sides),
        }
    }

    /// One side at least is a party.
    fn some(row: &Row, people: &mut People) -> Result<Self, String> {
        let sides = Self::of(row, people)?;
        if sides.payer == OUTSIDE && sides.payee == OUTSIDE { Err(sides.why_not()) } else { Ok(sides) }
    }

    /// Both sides are parties.
    fn both(row: &Row, people: &mut People) -> Result<Self, String> {
        let sides = Self::single(row, people)?;
        if sides.payer == OUTSIDE || sides.payee == OUTSIDE {
            return Err(
                "one side is nobody in particular: no contract, and no figure of one party".to_owned()
            );
        }
        Ok(sides)
    }

    fn why_not(&self) -> String {
        match self.notes.first() {
            Some(note) => format!("{note}; give each a row"),
            None => "a figure of nobody in particular".to_owned(),
        }
    }

    /// The roles filled by `outside` because the cell names several parties.
    fn assumed(&self, roles: [&'static str; 2]) -> Vec<&'static str> {
        roles.into_iter().zip(self.several).filter(|(_, several)| *several).map(|(role, _)| role).collect()
    }
}

/// A contract of a row: its type, its two roles, and the common terms.
fn contract(
    row: &Row,
    people: &mut People,
    (file, keyword): (&'static str, &str),
    roles: [(&'static str, &str); 2],
) -> ImportedStatement {
    let mut statement = named(row, people, file, "contracts");
    let terms = [("type", keyword), roles[0], roles[1]];
    statement.terms.splice(0..0, terms.map(|(key, value)| term(key, value)));
    statement
}

fn named(row: &Row, people: &mut People, file: &'static str, table: &str) -> ImportedStatement {
    let path = format!("{table}.{}", people.name(&row.id));
    let mut statement = ImportedStatement { file, path, ..ImportedStatement::default() };
    let condition = row.cell("condition");
    if !condition.is_empty() {
        statement.terms.push(term("text", condition));
    }
    if let Some(known) = row.when("announced").filter(|when| when.single) {
        statement.terms.push(term("known", &known.text()));
    }
    statement
}

fn term(key: &str, value: &str) -> (String, String) {
    (key.to_owned(), text(value))
}

/// A term if there is a date for it.
fn dated(key: &str, date: Option<String>) -> Option<(String, String)> {
    date.map(|date| term(key, &date))
}

/// Terms that are the importer's and not the source's.
fn assumed(list: &[&str]) -> Option<(String, String)> {
    let list: Vec<String> = list.iter().map(|name| text(name)).collect();
    (!list.is_empty()).then(|| ("assumed".to_owned(), format!("[{}]", list.join(", "))))
}

fn standing(row: &Row) -> Option<(String, String)> {
    let status = row.cell("status");
    ["conditional", "announced", "terminated"].contains(&status).then(|| term("standing", status))
}
