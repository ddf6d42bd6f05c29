//! The statement of a row, by its kind: the mapping of the manual.

mod capital;
mod conditions;
mod debt;
mod published;
mod rights;
mod time;
mod trade;

use keiretsu_model::figure;
use keiretsu_values::{Currency, Dimension};

use super::people::{Found, People};
use crate::import::amount::Amount;
use crate::import::row::Row;
use crate::import::statement::{Below, ImportedStatement, Terms, text};
use published::Seen;
pub use published::is_estimate;

/// A row as a statement of its own, with the keys that decide whether another row has the same subject.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The statement without its figure and its place.
    pub statement: ImportedStatement,
    /// The table that it belongs to: `contracts`, `holdings`, `reports`, `platforms`.
    pub table: &'static str,
    /// The name that says what it is.
    pub stem: String,
    /// The term of its figure; none where it has no figure.
    pub figure: Option<&'static str>,
    /// What is said, in the words of the language; the first counts.
    pub claims: Vec<String>,
    /// The payer, investor or reporter, and the other party.
    pub pair: (String, String),
    /// The type of a contract, or of what a report is.
    pub subject: String,
    /// Of what its figure is; none where nothing is disclosed.
    pub measure: Option<Dimension>,
    /// The currency of its words, and its dollars.
    pub exchange: Option<(Currency, Option<f64>)>,
    /// Whether nothing says how long it runs.
    pub is_open: bool,
    /// Whether a side is people in general, or several parties.
    pub is_general: bool,
    /// The day or span for which a report holds.
    pub on: Option<String>,
    /// Columns that it uses besides the amount.
    holds: Vec<&'static str>,
    /// Parts of the row that the statement leaves out.
    notes: Vec<String>,
}

/// Undisclosed, in the words of the language.
pub const UNDISCLOSED: &str = "undisclosed";

impl Candidate {
    fn new(mut statement: ImportedStatement, table: &'static str, sides: &Sides, subject: &str) -> Self {
        let last = ["text", "known", "assumed"];
        statement.terms.sort_by_key(|(key, _)| last.iter().position(|name| name == key).map(|at| at + 1));
        Self {
            statement,
            table,
            stem: subject.to_owned(),
            figure: None,
            claims: vec![],
            pair: sides.pair(),
            subject: subject.to_owned(),
            measure: None,
            exchange: None,
            is_open: false,
            is_general: sides.is_nobody(0) || sides.is_nobody(1) || sides.many.is_some(),
            on: None,
            holds: vec![],
            notes: sides.notes.clone(),
        }
    }

    /// With its figure; all claims of one are of one dimension.
    fn figure(mut self, term: &'static str, mut claims: Vec<String>) -> Self {
        let of = |words: &String| figure::parse(words).ok().map(|figure| figure.dimension);
        let first = claims.first().and_then(of);
        claims.retain(|words| of(words) == first);
        let disclosed = claims.first().is_some_and(|words| words != UNDISCLOSED);
        self.measure = first.filter(|_| disclosed);
        Self { figure: Some(term), claims, ..self }
    }

    /// With the amount of a row as its figure, with words behind.
    fn amount(mut self, term: &'static str, amount: Option<&Amount>, behind: &str) -> Self {
        let Some(amount) = amount else { return self.figure(term, vec![UNDISCLOSED.to_owned()]) };
        self.notes.extend(amount.note.clone());
        self.exchange = amount.exchange;
        if let Some((total, words)) = &amount.option {
            let more = format!("{{ more = {{ total = {}, text = {} }} }}", text(total), text(words));
            self.statement.terms.push(("options".to_owned(), more));
        }
        let claims = amount.with(behind);
        // What the language cannot read with these words stands in the columns as well.
        self.figure(term, claims).holding(&["amount"])
    }

    fn named(self, stem: String) -> Self {
        Self { stem, ..self }
    }

    /// With a note of what of the row it leaves out, or why it is what it is.
    pub fn noting(mut self, why: &str) -> Self {
        self.notes.push(why.to_owned());
        self
    }

    fn holding(mut self, columns: &[&'static str]) -> Self {
        self.holds.extend(columns);
        self
    }

    /// Whether it is a contract.
    pub fn is_contract(&self) -> bool {
        self.table == "contracts"
    }

    /// Whether its figure is money, in all or over time, or undisclosed.
    pub fn is_money(&self) -> bool {
        let money = [Dimension::MONEY, Dimension::MONEY_RATE];
        self.figure.is_some() && self.measure.is_none_or(|measure| money.contains(&measure))
    }

    /// Parts of the row that the statement leaves out.
    pub fn left_out(&self, row: &Row) -> Vec<String> {
        let mut out = self.notes.clone();
        let kind = if self.is_contract() { "a contract" } else { "a report" };
        let place = format!("has no place in {kind} of {}", self.subject);
        let money = row.has_money() && !self.holds.contains(&"amount");
        out.extend(money.then(|| format!("the amount `{}` {place}", row.cell("amount_text"))));
        for column in ["capacity_gw", "stake_pct", "valuation_usd"] {
            let said_twice = row.cell(column) == row.cell("amount_low_usd");
            let is_zero = row.signed(column) == Some(0.0);
            if !row.cell(column).is_empty() && !is_zero && !self.holds.contains(&column) && !said_twice {
                out.push(format!("{column} {} {place}", row.cell(column)));
            }
        }
        if !["", "USD"].contains(&row.cell("currency")) && self.exchange.is_none() {
            let currency = row.cell("currency");
            out.push(format!("its words are in {currency}, the dollars are those of the table"));
        }
        out
    }

    /// Its terms, other than the figure, that the statement it joins lacks or states otherwise.
    pub fn besides(&self, first: &Self) -> Option<String> {
        if self.pair != first.pair || self.subject != first.subject {
            return None;
        }
        let others = self.statement.terms.iter().filter(|(key, value)| {
            // Its day, its basis and figures of its own stand with the claim or beside it.
            let own = ["type", "text", "known", "assumed", "standing", "on", "basis", "cap", "spread"]
                .contains(&key.as_str());
            let linked = key.contains("when");
            !own && !linked
                && !first.statement.terms.iter().any(|(name, there)| name == key && there == value)
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
        "rpo_mark" => published::backlog(row, people),
        "revenue_mark" => published::revenue(row, people),
        "cash_burn_mark" => published::burn(row, people),
        "valuation_mark" => published::mark(row, people),
        "" => Err("the row has no kind".to_owned()),
        other => Err(format!("the kind `{other}` is not known")),
    }
}

/// The same row as a published figure, which counts in no total.
pub fn as_report(row: &Row, people: &mut People) -> Result<Candidate, String> {
    match row.cell("kind") {
        "equity_tranche" | "convertible" | "credits" => {
            published::report(row, people, "funding", Seen::ByPayee)
        }
        "debt" => published::report(row, people, "debt", Seen::ByPayee),
        "capex" => published::report(row, people, "capex", Seen::ByPayer),
        "revenue_share" => published::report(row, people, "revenue", Seen::ByPayee),
        _ => published::report(row, people, "commitments", Seen::ByPayer),
    }
}

/// The two parties of a row, as the model names them.
struct Sides {
    payer: String,
    payee: String,
    /// The parties of a side that has several, as the language lists them.
    several: [Option<Vec<String>>; 2],
    /// Why a figure of several parties is none of one.
    many: Option<String>,
    notes: Vec<String>,
}

/// Everyone who is not modelled.
pub const OUTSIDE: &str = "outside";
/// Parties of a syndicate that are not named.
const OTHERS: &str = "others";

impl Sides {
    fn of(row: &Row, people: &mut People) -> Result<Self, String> {
        let cells = [row.cell("payer_or_investor"), row.cell("payee_or_issuer")];
        let builds = row.cell("kind") == "capex";
        let payee = if builds { people.find_supplier(cells[1]) } else { people.find(cells[1]) };
        let found = [people.find(cells[0]), payee];
        let several = found.each_ref().map(|found| match found {
            Found::Several(titles, others) => {
                Some(listed(titles, *others, people)).filter(|list| list.iter().any(|name| name != OTHERS))
            }
            Found::Party(_) | Found::Nobody => None,
        });
        let [payer, payee] = found.map(|found| match found {
            Found::Party(name) => name,
            Found::Nobody | Found::Several(..) => OUTSIDE.to_owned(),
        });
        let holds = |list: &Option<Vec<String>>, name: &str| {
            list.as_ref().is_some_and(|list| list.iter().any(|own| own == name))
        };
        let both = |list: &Vec<String>| list.iter().any(|name| name != OTHERS && holds(&several[1], name));
        let circle =
            holds(&several[0], &payee) || holds(&several[1], &payer) || several[0].as_ref().is_some_and(both);
        if payer == payee && payer != OUTSIDE || circle {
            return Err("payer and payee are the same".to_owned());
        }
        let many = cells.iter().zip(&several).find(|(_, several)| several.is_some());
        let many =
            many.map(|(cell, _)| format!("`{cell}` are several parties, whose shares the row does not give"));
        Ok(Self { payer, payee, several, many, notes: vec![] })
    }

    /// The party or the parties of a role, as the language has them.
    fn role(&self, at: usize) -> String {
        match &self.several[at] {
            None => text([&self.payer, &self.payee][at]),
            Some(list) => {
                let list: Vec<String> = list.iter().map(|name| text(name)).collect();
                format!("[{}]", list.join(", "))
            }
        }
    }

    /// Whether a side is nobody in particular.
    fn is_nobody(&self, at: usize) -> bool {
        self.several[at].is_none() && [&self.payer, &self.payee][at] == OUTSIDE
    }

    /// A key of both sides, by which rows of one pair are known.
    fn pair(&self) -> (String, String) {
        let side =
            |at: usize, name: &str| self.several[at].as_ref().map_or(name.to_owned(), |list| list.join(" "));
        (side(0, &self.payer), side(1, &self.payee))
    }

    /// The other way round.
    fn swap(&mut self) {
        std::mem::swap(&mut self.payer, &mut self.payee);
        self.several.swap(0, 1);
    }

    /// Fails where a side is several parties: there is no such figure of theirs.
    fn single(row: &Row, people: &mut People) -> Result<Self, String> {
        let sides = Self::of(row, people)?;
        if sides.many.is_some() { Err(sides.why_not()) } else { Ok(sides) }
    }

    /// One side at least is a party, or several.
    fn some(row: &Row, people: &mut People) -> Result<Self, String> {
        let sides = Self::of(row, people)?;
        if sides.is_nobody(0) && sides.is_nobody(1) { Err(sides.why_not()) } else { Ok(sides) }
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
        match &self.many {
            Some(many) => format!("{many}; give each a row"),
            None => "a figure of nobody in particular".to_owned(),
        }
    }

    /// A name of words and the two parties: `lab-on-cloud`; without a party what stands for it.
    fn stem(&self, between: &str, without: [&str; 2]) -> String {
        let name = |at: usize, name: &str| match &self.several[at] {
            Some(list) => format!("{}-and-others", list.first().map_or(OTHERS, |first| short(first))),
            None => short(name).to_owned(),
        };
        let (payer, payee) = (name(0, &self.payer), name(1, &self.payee));
        match (self.is_nobody(0), self.is_nobody(1)) {
            (true, _) => format!("{payee}-{}", without[0]),
            (_, true) => format!("{payer}-{}", without[1]),
            _ => format!("{payer}-{between}-{payee}"),
        }
    }
}

/// The parties of a role that has several, each once; `others`, if there are some who are not named.
fn listed(titles: &[String], others: bool, people: &mut People) -> Vec<String> {
    let mut list: Vec<String> = Vec::new();
    let mut others = others;
    for title in titles {
        match people.find(title) {
            Found::Party(name) if !list.contains(&name) => list.push(name),
            Found::Party(_) => {}
            Found::Nobody | Found::Several(..) => others = true,
        }
    }
    list.extend(others.then(|| OTHERS.to_owned()));
    list
}

/// A name of a party in a name of something else.
fn short(name: &str) -> &str {
    const MOST: usize = 26;
    if name.len() <= MOST {
        return name;
    }
    name[..MOST].rfind('-').map_or(&name[..MOST], |end| &name[..end])
}

/// A contract of a row: its type, its two roles, and the common terms.
fn contract(
    row: &Row,
    (file, keyword): (&'static str, &str),
    roles: [(&'static str, String); 2],
) -> ImportedStatement {
    let mut statement = stated(row, file);
    let roles = roles.map(|(role, value)| (role.to_owned(), value));
    statement.terms.splice(0..0, std::iter::once(term("type", keyword)).chain(roles));
    statement
}

fn stated(row: &Row, file: &'static str) -> ImportedStatement {
    let mut statement = ImportedStatement { file, ..ImportedStatement::default() };
    let condition = row.cell("condition");
    if !condition.is_empty() {
        statement.terms.push(term("text", condition));
    }
    if let Some(known) = row.when("announced").filter(|when| when.single) {
        statement.terms.push(term("known", &known.text()));
    }
    statement
}

fn below(name: &str, terms: Terms) -> Vec<Below> {
    vec![Below { name: name.to_owned(), terms, figure: None }]
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
