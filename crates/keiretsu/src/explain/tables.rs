//! The explanation of a number, as tables.

use keiretsu_measures::Subject;
use keiretsu_model::edit::{Kind, Statement};
use keiretsu_model::record::{Basis, Content};
use keiretsu_model::{Model, Source, TIERS};
use keiretsu_values::{Cell, Table, TableSpec, Unit, Value};
use keiretsu_views::amount::inline;

use super::declared::{ASSUMPTIONS, CLAIMS, CONTRACTS, NUMBER, SOURCES, STATEMENTS};
use super::most::{Most, Together};
use super::names::Number;
use super::rests::{Influence, Other};
use super::weights::Weight;
use crate::runner::Runner;
use crate::show::words;

/// Everything that is known about a number.
pub struct Sheet<'a> {
    pub runner: &'a Runner<'a>,
    pub number: &'a Number,
    pub rests: &'a [Influence<'a>],
    pub weights: &'a [Weight],
    pub claims: &'a [Other<'a>],
    /// What was found where only the statements that move it most were looked for.
    pub most: Option<&'a Most<'a>>,
}

impl Sheet<'_> {
    /// The tables that have rows, the number itself first.
    pub fn tables(&self) -> Vec<Table> {
        let more = [self.statements(), self.contracts(), self.disputed(), self.assumed(), self.sources()];
        let filled = more.into_iter().filter(|table| !table.rows.is_empty());
        std::iter::once(self.head()).chain(filled).collect()
    }

    /// The number, what moves it most, and the documents that say so.
    pub fn first(&self) -> Vec<Table> {
        let sources = Some(self.sources()).filter(|table| !table.rows.is_empty());
        [self.head(), self.statements()].into_iter().chain(sources).collect()
    }

    fn subject(&self) -> Subject<'_> {
        self.runner.subject()
    }

    fn model(&self) -> &Model {
        self.runner.model
    }

    /// The table of a part of the explanation.
    pub fn table(&self, spec: &TableSpec) -> Table {
        let mut table = self.subject().table(spec);
        table.window.simulation = self.number.table.window.simulation;
        table
    }

    /// The number, its meaning and its formula.
    fn head(&self) -> Table {
        let (number, whole) = (self.number, self.most.is_none());
        let mut table = self.table(&NUMBER);
        table.title.clone_from(&number.name);
        let empty = || (Cell::Empty, Cell::Empty);
        let mut say = |what: &str, (unit, is): (Cell, Cell), words: Cell| {
            table.push(vec![Cell::text(what), unit, is, words]);
        };
        let measured = |value: &Value, unit| (Cell::Unit(unit), Cell::Value(value.clone()));
        say("table", empty(), Cell::text(&number.table.title));
        let keys = number.table.columns.iter().zip(&number.table.rows[number.row]).take(number.keys.len());
        for (column, cell) in keys.filter(|(_, cell)| **cell != Cell::Empty) {
            let heading = if column.title.is_empty() { &column.key } else { &column.title };
            say(heading, empty(), Cell::text(cell.label().unwrap_or_default()));
        }
        let column = &number.table.columns[number.column];
        say(&column.title, measured(&number.value, number.unit), Cell::Empty);
        let formula = column.formula.text();
        if !formula.is_empty() {
            say("formula", empty(), Cell::text(self.symbols(formula)));
            if formula.contains('{') {
                let is = inline(&number.value, number.unit);
                say("with its values", empty(), Cell::text(format!("{} = {is}", self.values(formula))));
            }
        }
        if let Some(share) = self.assumed_share().filter(|_| whole) {
            say("moved by assumptions", measured(&Value::exact(share), Unit::Share), Cell::Empty);
        }
        if let Some(reason) = number.value.reason() {
            say("unknown because", empty(), Cell::text(reason));
        }
        number.table.notes.iter().for_each(|note| table.note(note.clone()));
        if whole && self.assumed_share().is_some() {
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
                let unit = number.table.unit(number.row, at).unwrap_or(Unit::Number { digits: 2 });
                let text = inline(value, unit);
                if value.amount().is_some_and(|amount| amount < 0.0) { format!("({text})") } else { text }
            }
            None => "-".to_owned(),
        })
    }

    /// The formula with each `{column}` replaced by its cell; a word that is no column stays.
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
        let pull = |rest: &Influence<'_>| rest.by.filter(|_| rest.comparable).map_or(0.0, f64::abs);
        let all: f64 = self.rests.iter().map(pull).sum();
        let ours = self.rests.iter().filter(|rest| is_assumed(rest.statement));
        (all > 0.0).then(|| ours.map(pull).sum::<f64>() / all)
    }

    fn statements(&self) -> Table {
        let mut table = self.table(&STATEMENTS);
        for rest in self.rests {
            let undisclosed = rest.statement.kind == Kind::Undisclosed;
            let mut row = vec![
                Cell::text(&rest.statement.path),
                Cell::text(&rest.statement.words),
                self.standing(rest.statement),
                Cell::text(whose(self.model(), rest.statement)),
                Cell::text(rest.when),
            ];
            // Whatever is tried in place of an undisclosed amount says nothing of the number.
            row.extend(if undisclosed {
                [Cell::Empty, Cell::Empty, Cell::text("another number")]
            } else {
                self.becomes(rest.becomes.as_ref())
            });
            row.push(moved(rest.by.filter(|_| !undisclosed)));
            table.push(row);
        }
        table.note(self.listed());
        table
    }

    /// What the list of statements has, and what it has not.
    fn listed(&self) -> String {
        let Some(most) = self.most else {
            return format!("{ALONE}; what is not listed has no part in the number");
        };
        let together = match most.together {
            Together::Still => "do not move it".to_owned(),
            Together::By(by) => format!("move it by {}", inline(&Value::exact(by), Unit::Share)),
            Together::Another => "make it another number, or unknown".to_owned(),
        };
        let mut text = format!(
            "{ALONE}, the largest movement first; the {} others, all a little different at once, together \
             {together}",
            most.others
        );
        match most.undisclosed {
            0 => {}
            1 => text += "; 1 undisclosed amount was not tried",
            more => text += &format!("; {more} undisclosed amounts were not tried"),
        }
        text + "; --all tries each of them, and larger steps, contracts and disputed claims"
    }

    /// The number in another world: its unit, the number, or words where there is none.
    fn becomes(&self, value: Option<&Value>) -> [Cell; 3] {
        match value {
            Some(value) => [Cell::Unit(self.number.unit), Cell::Value(value.clone()), Cell::Empty],
            None => [Cell::Empty, Cell::Empty, Cell::text("there is none")],
        }
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
        let mut table = self.table(&CONTRACTS);
        for weight in self.weights {
            let mut row = vec![Cell::text(&weight.name), Cell::text(weight.kind)];
            row.extend(self.becomes(weight.without.as_ref()));
            row.push(moved(weight.share));
            table.push(row);
        }
        table.note("its share: what is lost without it; shares need not sum to 100%");
        table
    }

    fn disputed(&self) -> Table {
        let mut table = self.table(&CLAIMS);
        for other in self.claims {
            let mut row = vec![
                Cell::text(&other.statement.path),
                Cell::text(&other.statement.words),
                other.statement.chosen_by.map_or(Cell::Empty, Cell::text),
                Cell::text(&other.claim.figure.words),
                Cell::text(sources(self.model(), &other.claim.basis)),
            ];
            row.extend(self.becomes(other.becomes.as_ref()));
            row.push(moved(other.by));
            table.push(row);
        }
        table
    }

    fn assumed(&self) -> Table {
        let mut table = self.table(&ASSUMPTIONS);
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

    /// Assumptions stated as sentences, of the contracts that the number depends on.
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
        let mut table = self.table(&SOURCES);
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

const ALONE: &str = "each statement alone is different";

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

/// Whether the statement is an assumption, without a source.
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
