//! What a row becomes, by its kind. The mapping of the manual, one function a line.

use super::People;
use crate::import::row::Row;
use crate::import::statement::{Statement, text};

/// A row as a statement of its own, and what decides whether another row speaks of the same thing.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The statement without its figure.
    pub statement: Statement,
    /// The term of its figure; none where it has no figure.
    pub figure: Option<&'static str>,
    /// The figure in words.
    pub words: String,
    /// Who pays, invests or reports, and whom it concerns.
    pub pair: (String, String),
    /// What is measured: figures of one measure can be claims of one figure.
    measure: Measure,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Measure {
    Money,
    /// A total over a time, which only rows with a term of years have.
    MoneyOver,
    Power,
    Share,
    Nothing,
}

impl Candidate {
    /// Whether both speak of one figure, whichever way the money runs.
    pub fn speaks_of(&self, other: &Self) -> bool {
        let swapped = (other.pair.1.clone(), other.pair.0.clone());
        let pair = self.pair == other.pair || self.pair == swapped;
        pair && self.measure == other.measure && self.measure != Measure::Nothing
    }
}

type Terms = Vec<(String, String)>;

/// What a row becomes, or why it becomes nothing.
pub fn candidate(row: &Row, people: &mut People) -> Result<Candidate, String> {
    match row.cell("kind") {
        "equity_tranche" | "convertible" => equity(row, people),
        "service_commitment" => supply(row, people),
        "capacity" => capacity(row, people),
        "capex" => capex(row, people),
        "credits" => credits(row, people),
        "access_right" => right(row, people),
        "platform_offering" => platform(row, people),
        "rpo_mark" => report(row, people, "backlog", Seen::ByPayee),
        "revenue_mark" => report(row, people, "revenue", Seen::Alone),
        "cash_burn_mark" => report(row, people, "burn", Seen::Alone),
        "debt" => report(row, people, "debt", Seen::ByPayee),
        "lease" | "guarantee" => report(row, people, "commitments", Seen::ByPayer),
        "valuation_mark" => mark(row, people),
        "warrant" => stake(row, people),
        "revenue_share" => Err("a share of revenue needs a base: write the contract by hand".to_owned()),
        "" => Err("the row has no kind".to_owned()),
        other => Err(format!("the kind `{other}` is not known")),
    }
}

/// Payer and payee as parties of the model.
fn parties(row: &Row, people: &mut People) -> Result<(String, String), String> {
    let pair = (people.party(row.cell("payer_or_investor"))?, people.party(row.cell("payee_or_issuer"))?);
    if pair.0 == pair.1 { Err("payer and payee are the same".to_owned()) } else { Ok(pair) }
}

fn named(row: &Row, people: &mut People, file: &'static str, table: &str, terms: Terms) -> Statement {
    let path = format!("{table}.{}", people.name(&row.id));
    let mut statement = Statement { file, path, terms, ..Statement::default() };
    let condition = row.cell("condition");
    if !condition.is_empty() {
        statement.terms.push(("text".to_owned(), text(condition)));
    }
    if let Some(known) = row.when("announced").filter(|when| when.single) {
        statement.terms.push(("known".to_owned(), text(&known.text())));
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

fn needs_both(pair: &(String, String)) -> Result<(), String> {
    if pair.0 == "outside" || pair.1 == "outside" {
        return Err("one side is nobody in particular: no contract, and no figure of one party".to_owned());
    }
    Ok(())
}

/// Money for a stake: a contract of one tranche.
fn equity(row: &Row, people: &mut People) -> Result<Candidate, String> {
    let pair = parties(row, people)?;
    let terms = vec![term("type", "equity"), term("investor", &pair.0), term("issuer", &pair.1)];
    let mut statement = named(row, people, "capital.toml", "contracts", terms);
    let paid = row.date("start").or(row.date("end")).or(row.date("announced"));
    let mut tranche = match row.cell("status") {
        "paid" => dated("paid", paid).into_iter().collect::<Terms>(),
        "firm" => dated("on", paid).into_iter().collect(),
        "conditional" => {
            let when = term("when", &people.event(row));
            let before = row.when("end").map(|when| term("before", &when.last.to_string()));
            std::iter::once(when).chain(before).collect()
        }
        "terminated" => vec![term("standing", "terminated")],
        _ => vec![],
    };
    if tranche.is_empty() {
        tranche.push(term("standing", "announced"));
    }
    statement.below = Some(("tranches.main".to_owned(), tranche));
    Ok(Candidate { statement, figure: Some("amount"), words: row.money(), pair, measure: Measure::Money })
}

/// The mean length of a month.
const DAYS_OF_MONTH: f64 = 30.436_875;

/// A purchase over years; without a term of years, a figure of what was promised.
fn supply(row: &Row, people: &mut People) -> Result<Candidate, String> {
    let start = row.when("start").or(row.when("announced"));
    let months = start.zip(row.when("end")).map(|(start, end)| {
        let days = end.last.since(start.first).map_or(0, |span| span.get_days());
        (f64::from(days) / DAYS_OF_MONTH).round() as i32
    });
    let Some(months) = months.filter(|months| *months >= 1) else {
        return report(row, people, "commitments", Seen::ByPayer);
    };
    let pair = parties(row, people)?;
    let mut terms = vec![term("type", "supply"), term("buyer", &pair.0), term("seller", &pair.1)];
    terms.extend(start.map(|start| term("from", &start.first.to_string())));
    terms.extend(standing(row));
    let mut statement = named(row, people, "compute.toml", "contracts", terms);
    if let Some(power) = row.power() {
        statement.below = None;
        statement.terms.push(("capacity".to_owned(), format!("{{ power = {} }}", text(&power))));
    }
    let money = row.money();
    let words = if money == "undisclosed" { money } else { format!("{money} over {months} months") };
    statement.terms.push(("assumed".to_owned(), "[\"minimum is take-or-pay\"]".to_owned()));
    Ok(Candidate { statement, figure: Some("minimum"), words, pair, measure: Measure::MoneyOver })
}

fn standing(row: &Row) -> Option<(String, String)> {
    let status = row.cell("status");
    ["conditional", "announced", "terminated"].contains(&status).then(|| term("standing", status))
}

/// Power without a price: a purchase of nothing but power.
fn capacity(row: &Row, people: &mut People) -> Result<Candidate, String> {
    let pair = parties(row, people)?;
    needs_both(&pair)?;
    let Some(words) = row.power() else { return Err("the row has no gigawatts".to_owned()) };
    let mut terms = vec![term("type", "supply"), term("buyer", &pair.1), term("seller", &pair.0)];
    terms.extend(dated("from", row.when("start").map(|when| when.first.to_string())));
    terms.extend(dated("until", row.when("end").map(|when| when.last.to_string())));
    terms.extend(standing(row));
    let mut statement = named(row, people, "compute.toml", "contracts", terms);
    statement.below = Some(("capacity".to_owned(), vec![]));
    Ok(Candidate { statement, figure: Some("power"), words, pair, measure: Measure::Power })
}

/// Building for a named supplier is a contract, building in general a figure.
fn capex(row: &Row, people: &mut People) -> Result<Candidate, String> {
    let pair = parties(row, people)?;
    if pair.1 == "outside" || pair.0 == "outside" {
        return report(row, people, "capex", Seen::ByPayer);
    }
    let suppliers = format!("{{ {} = \"100%\" }}", pair.1);
    let mut terms =
        vec![term("type", "capex"), term("spender", &pair.0), ("suppliers".to_owned(), suppliers)];
    terms.extend(dated("from", row.when("start").map(|when| when.first.to_string())));
    terms.extend(dated("until", row.when("end").map(|when| when.last.to_string())));
    terms.extend(standing(row));
    let statement = named(row, people, "compute.toml", "contracts", terms);
    Ok(Candidate { statement, figure: Some("amount"), words: row.money(), pair, measure: Measure::Money })
}

fn credits(row: &Row, people: &mut People) -> Result<Candidate, String> {
    let pair = parties(row, people)?;
    let mut terms = vec![term("type", "credits"), term("grantor", &pair.0), term("recipient", &pair.1)];
    terms.extend(dated("on", row.date("start").or(row.date("announced"))));
    terms.extend(standing(row));
    let statement = named(row, people, "capital.toml", "contracts", terms);
    Ok(Candidate { statement, figure: Some("amount"), words: row.money(), pair, measure: Measure::Money })
}

/// Words that tell the kind of a right.
const RIGHTS: [(&str, &str); 7] = [
    ("first refusal", "first refusal"),
    ("exclusive", "exclusivity"),
    ("ship first", "exclusivity"),
    ("board", "board"),
    (" ip", "ip licence"),
    ("licen", "ip licence"),
    ("access", "model access"),
];

fn right(row: &Row, people: &mut People) -> Result<Candidate, String> {
    let pair = parties(row, people)?;
    needs_both(&pair)?;
    let said = format!("{} {}", row.cell("amount_text"), row.cell("condition")).to_lowercase();
    let kind = RIGHTS.iter().find(|(word, _)| said.contains(word)).map(|(_, kind)| *kind);
    let Some(kind) = kind else {
        return Err("what kind of right it is cannot be told from its words".to_owned());
    };
    let kinds = format!("[{}]", text(kind));
    let mut terms = vec![term("type", "right"), term("holder", &pair.1), term("grantor", &pair.0)];
    terms.push(("kinds".to_owned(), kinds));
    terms.extend(dated("from", row.when("start").map(|when| when.first.to_string())));
    terms.extend(dated("until", row.when("end").map(|when| when.last.to_string())));
    terms.extend((row.cell("status") == "terminated").then(|| term("standing", "terminated")));
    let statement = named(row, people, "rights.toml", "contracts", terms);
    Ok(Candidate { statement, figure: None, words: String::new(), pair, measure: Measure::Nothing })
}

fn platform(row: &Row, people: &mut People) -> Result<Candidate, String> {
    let pair = parties(row, people)?;
    needs_both(&pair)?;
    let offers = format!("{{ models = {} }}", text(&pair.1));
    let terms = vec![term("operator", &pair.0), ("offers".to_owned(), offers)];
    let statement = named(row, people, "rights.toml", "platforms", terms);
    Ok(Candidate { statement, figure: None, words: String::new(), pair, measure: Measure::Nothing })
}

/// Whose figure a report is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    /// The payee's, of which the payer is a part: a customer's share of a backlog, a lender's of a debt.
    ByPayee,
    /// The payer's, of which the payee is a part.
    ByPayer,
    /// That of whoever is named.
    Alone,
}

fn report(row: &Row, people: &mut People, of: &str, seen: Seen) -> Result<Candidate, String> {
    let (payer, payee) = parties(row, people)?;
    let (party, counterparty) = match seen {
        Seen::ByPayee => (payee, payer),
        Seen::ByPayer => (payer, payee),
        Seen::Alone if payer == "outside" => (payee, payer),
        Seen::Alone => (payer, "outside".to_owned()),
    };
    let (words, measure) = match (row.money().as_str(), row.power()) {
        ("undisclosed", Some(power)) => (power, Measure::Power),
        ("undisclosed", None) => match row.share_in_words() {
            Some(share) => (share, Measure::Share),
            None => return Err("the row has no amount".to_owned()),
        },
        (money, _) => (money.to_owned(), Measure::Money),
    };
    published(row, people, of, (party, counterparty), words, measure)
}

/// A stake, a gain, the value of a holding or of a whole party.
fn mark(row: &Row, people: &mut People) -> Result<Candidate, String> {
    let (holder, issuer) = parties(row, people)?;
    let money = row.money();
    if money == "undisclosed" {
        return stake(row, people);
    }
    if holder == "outside" {
        return published(row, people, "value", (issuer, holder), money, Measure::Money);
    }
    let said = format!("{} {}", row.cell("condition"), row.cell("amount_text")).to_lowercase();
    let gain = ["gain", "income", "profit", "loss", " hit"].iter().any(|word| said.contains(word));
    let of = if gain { "gain" } else { "value" };
    published(row, people, of, (holder, issuer), money, Measure::Money)
}

/// A part of an issuer; of a warrant, the part that it comes to.
fn stake(row: &Row, people: &mut People) -> Result<Candidate, String> {
    let (one, other) = parties(row, people)?;
    // A warrant is granted by its issuer.
    let pair = if row.cell("kind") == "warrant" { (other, one) } else { (one, other) };
    needs_both(&pair)?;
    let Some(words) = row.stake().or(row.share_in_words()) else {
        return Err("the row has neither an amount nor a share".to_owned());
    };
    published(row, people, "stake", pair, words, Measure::Share)
}

fn published(
    row: &Row,
    people: &mut People,
    of: &str,
    pair: (String, String),
    words: String,
    measure: Measure,
) -> Result<Candidate, String> {
    if pair.0 == "outside" {
        return Err("a figure of nobody in particular".to_owned());
    }
    let day = row.date("end").or(row.date("start")).or(row.date("announced"));
    let Some(day) = day else { return Err("no date says for when the figure holds".to_owned()) };
    let span = match (row.when("start"), row.when("end")) {
        (Some(start), Some(end)) if start.first < end.last => {
            format!("{} to {}", row.cell("start"), row.cell("end"))
        }
        _ => day,
    };
    let mut terms = vec![term("party", &pair.0), term("of", of), term("on", &span)];
    if pair.1 != "outside" {
        terms.push(term("counterparty", &pair.1));
    }
    let statement = named(row, people, "reports.toml", "reports", terms);
    Ok(Candidate { statement, figure: Some("figure"), words, pair, measure })
}
