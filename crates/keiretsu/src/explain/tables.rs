//! What was found out about a number, as tables.

use keiretsu_measures::Subject;
use keiretsu_model::edit::{Kind, Statement};
use keiretsu_model::record::{Basis, Content};
use keiretsu_model::{Model, Source, TIERS};
use keiretsu_values::{Cell, Column, Table, Unit, Value};
use keiretsu_views::amount::inline;

use super::names::Number;
use super::rests::{Other, Rest};
use super::weights::Weight;
use crate::Runner;
use crate::show::words;

/// Everything that is known about a number.
pub struct Sheet<'a> {
    pub runner: &'a Runner<'a>,
    pub number: &'a Number,
    pub rests: &'a [Rest<'a>],
    pub weights: &'a [Weight],
    pub claims: &'a [Other<'a>],
}

impl Sheet<'_> {
    /// The tables that have rows, the number itself first.
    pub fn tables(&self) -> Vec<Table> {
        let more = [self.statements(), self.contracts(), self.disputed(), self.assumed(), self.sources()];
        let filled = more.into_iter().filter(|table| !table.rows.is_empty());
        std::iter::once(self.head()).chain(filled).collect()
    }

    fn subject(&self) -> Subject<'_> {
        self.runner.subject()
    }

    fn model(&self) -> &Model {
        self.runner.model
    }

    /// The table of a part of the explanation.
    pub fn table(&self, part: &str, title: &str, columns: Vec<Column>) -> Table {
        let mut table = self.subject().table(&format!("explain_{part}"), title, columns);
        table.window.simulation = self.number.table.window.simulation;
        table
    }

    /// What the number is, and how it is made.
    fn head(&self) -> Table {
        let number = self.number;
        let columns = ["what", "is"].map(Column::text).to_vec();
        let mut table = self.table("number", &number.name, columns);
        let mut rows = Vec::new();
        let mut say = |what: &str, is: Cell| rows.push(vec![Cell::text(what), is]);
        say("table", Cell::text(&number.table.title));
        for (column, key) in number.table.columns.iter().zip(&number.keys).filter(|(_, key)| !key.is_empty())
        {
            say(&column.title, Cell::text(key));
        }
        let column = &number.table.columns[number.column];
        say(&column.title, Cell::Measured(number.value.clone(), number.unit));
        if let Some(formula) = number.measure.formula(&column.key) {
            say("formula", Cell::text(self.symbols(formula)));
            if formula.contains('{') {
                let is = inline(&number.value, number.unit);
                say("with its values", Cell::text(format!("{} = {is}", self.values(formula))));
            }
        }
        if let Some(share) = self.assumed_share() {
            say("moved by assumptions", Cell::Measured(Value::exact(share), Unit::Share));
        }
        if let Some(reason) = number.value.reason() {
            say("unknown because", Cell::text(reason));
        }
        table.rows.extend(rows);
        number.table.notes.iter().for_each(|note| table.note(note.clone()));
        if self.assumed_share().is_some() {
            table.note(MOVED_BY);
        }
        if !number.passed_over.is_empty() {
            table.note(format!("not meant: {}", number.passed_over.join(", ")));
        }
        table
    }

    /// The formula with the headings of columns for their keys.
    fn symbols(&self, formula: &str) -> String {
        self.filled(formula, |at| self.number.table.columns[at].title.clone())
    }

    /// The formula with the values of the row.
    fn values(&self, formula: &str) -> String {
        let number = self.number;
        let row = &number.table.rows[number.row];
        self.filled(formula, |at| match row[at].value() {
            Some(value) => {
                let text = inline(value, super::names::unit_at(&number.table, number.row, at));
                if value.amount().is_some_and(|amount| amount < 0.0) { format!("({text})") } else { text }
            }
            None => "-".to_owned(),
        })
    }

    /// What stands in braces is a column of the same table; what is none keeps its word.
    fn filled(&self, formula: &str, cell: impl Fn(usize) -> String) -> String {
        let mut text = String::new();
        let mut rest = formula;
        while let Some((before, (key, after))) =
            rest.split_once('{').and_then(|(before, inside)| Some((before, inside.split_once('}')?)))
        {
            text += before;
            text += &self.number.table.column(key).map_or_else(|| key.replace('_', " "), &cell);
            rest = after;
        }
        text + rest
    }

    /// Of all movement by a small step of each statement, the part that comes from assumptions.
    fn assumed_share(&self) -> Option<f64> {
        let pull = |rest: &Rest<'_>| rest.by.filter(|_| rest.comparable).map_or(0.0, f64::abs);
        let all: f64 = self.rests.iter().map(pull).sum();
        let ours = self.rests.iter().filter(|rest| is_assumed(rest.statement));
        (all > 0.0).then(|| ours.map(pull).sum::<f64>() / all)
    }

    fn statements(&self) -> Table {
        let columns = vec![
            Column::text("statement"),
            Column::text("words"),
            Column::text("standing"),
            Column::text("source"),
            Column::text("if"),
            Column::text("number_becomes").titled("it becomes"),
            Column::number("moves_by", Unit::Share).titled("moves by"),
        ];
        let mut table = self.table("statements", "The statements that it rests on", columns);
        for rest in self.rests {
            let undisclosed = rest.statement.kind == Kind::Undisclosed;
            table.push(vec![
                Cell::text(&rest.statement.path),
                Cell::text(&rest.statement.words),
                self.standing(rest.statement),
                Cell::text(whose(self.model(), rest.statement)),
                Cell::text(rest.when),
                // Whatever is tried in place of an undisclosed amount says nothing of the number.
                if undisclosed { Cell::text("another number") } else { self.becomes(rest.becomes.as_ref()) },
                moved(rest.by.filter(|_| !undisclosed)),
            ]);
        }
        table.note("each statement alone is different; what is not listed has no part in the number");
        table
    }

    /// The number in another world, in its own unit.
    fn becomes(&self, value: Option<&Value>) -> Cell {
        value.map_or(Cell::text("there is none"), |value| Cell::Measured(value.clone(), self.number.unit))
    }

    /// Where the commitment stands to which a statement belongs.
    fn standing(&self, statement: &Statement<'_>) -> Cell {
        let mut steps = statement.path.split('.');
        let owner = steps.next().unwrap_or("");
        let tranche = steps.next().filter(|step| *step == "tranches").and_then(|_| steps.next());
        let subject = self.subject();
        let of = |commitment: &&keiretsu_contracts::side::Commitment| {
            let contract = subject.model.contract(commitment.contract);
            contract.is_some_and(|contract| contract.name == owner)
                && (tranche.is_none() || commitment.tranche.as_deref() == tranche)
        };
        match subject.side.commitments.iter().find(of) {
            Some(commitment) if commitment.is_unconfirmed() => Cell::text("binding, payment unconfirmed"),
            Some(commitment) => Cell::text(commitment.standing.word()),
            None => Cell::Empty,
        }
    }

    fn contracts(&self) -> Table {
        let columns = vec![
            Column::text("contract"),
            Column::text("type"),
            Column::text("without_it").titled("without it"),
            Column::number("share", Unit::Share).titled("its share"),
        ];
        let mut table = self.table("contracts", "The share of each contract and holding", columns);
        for weight in self.weights {
            table.push(vec![
                Cell::text(&weight.name),
                Cell::text(weight.kind),
                self.becomes(weight.without.as_ref()),
                moved(weight.share),
            ]);
        }
        table.note("its share: what is lost without it; shares need not sum to 100%");
        table
    }

    fn disputed(&self) -> Table {
        let columns = vec![
            Column::text("statement"),
            Column::text("counts").titled("what counts"),
            Column::text("chosen_by").titled("chosen by"),
            Column::text("other_claim").titled("other claim"),
            Column::text("source"),
            Column::text("number_becomes").titled("with it"),
            Column::number("moves_by", Unit::Share).titled("moves by"),
        ];
        let mut table = self.table("claims", "What each disputed claim would change", columns);
        for other in self.claims {
            table.push(vec![
                Cell::text(&other.statement.path),
                Cell::text(&other.statement.words),
                other.statement.chosen_by.map_or(Cell::Empty, Cell::text),
                Cell::text(&other.claim.figure.words),
                Cell::text(sources(self.model(), &other.claim.basis)),
                self.becomes(other.becomes.as_ref()),
                moved(other.by),
            ]);
        }
        table
    }

    fn assumed(&self) -> Table {
        let columns = ["assumption", "words", "because"].map(Column::text).to_vec();
        let mut table = self.table("assumptions", "The assumptions among them", columns);
        for rest in self.rests.iter().filter(|rest| is_assumed(rest.statement)) {
            let because = rest.statement.basis.because.as_ref();
            table.push(vec![
                Cell::text(&rest.statement.path),
                Cell::text(&rest.statement.words),
                because.map_or(Cell::Empty, Cell::text),
            ]);
        }
        for (owner, sentence) in self.sentences() {
            table.push(vec![Cell::text(owner), Cell::text(sentence), Cell::Empty]);
        }
        table
    }

    /// What is assumed in sentences about the contracts without which the number is another one.
    fn sentences(&self) -> Vec<(String, String)> {
        let weighs = |path: &str| {
            let owner = path.split('.').next().unwrap_or("");
            self.weights.iter().any(|weight| weight.name == owner)
        };
        let mut found = Vec::new();
        self.model().entries(&mut |path, entry| {
            if let Content::Texts(texts) = &entry.content
                && entry.name == "assumed"
                && weighs(path)
            {
                let owner = path.rsplit_once('.').map_or(path, |(owner, _)| owner);
                let sentences = texts.iter().filter(|(text, _)| text.contains(' '));
                found.extend(sentences.map(|(text, _)| (owner.to_owned(), text.clone())));
            }
        });
        found
    }

    fn sources(&self) -> Table {
        let columns = ["source", "title", "by", "date", "kind", "quote"].map(Column::text).to_vec();
        let mut table = self.table("sources", "The documents that say so", columns);
        let model = self.model();
        let claims = self.claims.iter().map(|other| &other.claim.basis);
        let stated = self.rests.iter().filter(|rest| !is_assumed(rest.statement));
        for basis in stated.map(|rest| rest.statement.basis).chain(claims) {
            for source in &basis.sources {
                let row = document(&model.sources[source.at()], basis);
                if !table.rows.contains(&row) {
                    table.push(row);
                }
            }
        }
        table
    }
}

const MOVED_BY: &str = "moved by assumptions: of all that a small step of each statement would move (an \
                        amount 1% more, a date a month later, a condition that holds, another ramp), the \
                        part of those that rest on no source; a statement that only a larger step moves, \
                        named in its row, has no part in it";

fn document(source: &Source, basis: &Basis) -> Vec<Cell> {
    let text = |text: Option<&String>| text.map_or(Cell::Empty, Cell::text);
    let quote = match (&basis.quote, &basis.page) {
        (Some(quote), Some(page)) => Some(format!("{quote} ({page})")),
        (quote, page) => quote.clone().or_else(|| page.clone()),
    };
    vec![
        Cell::text(&source.name),
        Cell::text(&source.title),
        text(source.by.as_ref()),
        source.date.map_or(Cell::Empty, |when| Cell::text(when.text())),
        source.tier.and_then(|tier| TIERS.get(tier)).map_or(Cell::Empty, |tier| Cell::text(*tier)),
        text(quote.as_ref()),
    ]
}

/// Whether nobody but us says so.
fn is_assumed(statement: &Statement<'_>) -> bool {
    statement.place.expect || statement.basis.is_assumption()
}

fn whose(model: &Model, statement: &Statement<'_>) -> String {
    if is_assumed(statement) { "assumed".to_owned() } else { sources(model, statement.basis) }
}

fn sources(model: &Model, basis: &Basis) -> String {
    let names = words::sources(model, basis);
    if names.is_empty() { "assumed".to_owned() } else { names }
}

fn moved(by: Option<f64>) -> Cell {
    by.map_or(Cell::Empty, Cell::exact)
}
