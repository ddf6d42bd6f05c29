//! The registry of questions: every measure by its name, and questions of more than one measure.

use keiretsu_measures::measures::rests;
use keiretsu_measures::{MEASURES, Measure, Subject};
use keiretsu_model::{Model, suggest};
use keiretsu_values::{Cell, ColumnSpec, Currency, Table, TableSpec};

use crate::answer::AnswerPart;
use crate::measure_runs::MeasureRuns;
use crate::request::Request;
use crate::resolved::Faults;
use crate::runner::Runner;
use crate::{AskError, Question, expect, explain, show};

/// The kind of a question.
#[derive(Clone, Copy)]
pub(crate) enum Ask {
    /// One measure.
    Measure(&'static dyn Measure),
    /// Something made of several, or of the text.
    Other(&'static Other),
}

/// A question that is not a measure.
pub(crate) struct Other {
    name: &'static str,
    /// Whether `of` is formulas and conditions.
    watches: bool,
    answer: fn(&Runner<'_>, &Request) -> Result<Vec<AnswerPart>, AskError>,
}

static OTHERS: [Other; 11] = [
    Other { name: "run", watches: true, answer: run },
    Other { name: "all", watches: true, answer: all },
    Other { name: "show", watches: false, answer: shown },
    Other { name: "explain", watches: false, answer: explained },
    Other { name: "most", watches: false, answer: most },
    Other { name: "number", watches: false, answer: number },
    Other { name: "numbers", watches: false, answer: numbers },
    Other { name: "believed", watches: false, answer: believed },
    Other { name: "rests", watches: false, answer: rests },
    Other { name: "from", watches: false, answer: moved_by },
    Other { name: "expect", watches: false, answer: expected },
];

/// The question of a name.
///
/// # Errors
/// If nothing has the name.
pub(crate) fn find(name: &str) -> Result<Ask, (String, String)> {
    if let Some(other) = OTHERS.iter().find(|other| other.name == name) {
        return Ok(Ask::Other(other));
    }
    keiretsu_measures::by_name(name).map(Ask::Measure).ok_or_else(|| unknown_measure(name))
}

/// The error for an unknown measure, with the nearest names.
fn unknown_measure(name: &str) -> (String, String) {
    let known: Vec<&str> = MEASURES.iter().map(|measure| measure.name()).collect();
    if name.is_empty() {
        return ("no measure is named".to_owned(), format!("name one of: {}", known.join(", ")));
    }
    (format!("there is no measure `{name}`"), suggest::advice(name, known))
}

/// Every measure and its summary.
pub(crate) const MEASURES_LISTED: TableSpec = TableSpec::new(
    "measures",
    "measures",
    "What can be asked of a model",
    &[&[
        ColumnSpec::text("measure", "the name of the measure"),
        ColumnSpec::text("what_it_says", "its answer in one line"),
    ]],
)
.of_each("measure");

/// The table of all measures.
pub fn listed_measures() -> Table {
    let mut table = Table::declared(&MEASURES_LISTED, Currency::USD);
    for measure in MEASURES {
        table.push(vec![Cell::text(measure.name()), Cell::text(measure.summary())]);
    }
    table
}

/// Adds an error for each name in a question that the model does not have.
pub(crate) fn check(model: &Model, question: &Question, ask: Option<Ask>, faults: &mut Faults) {
    for name in question.scenarios.iter().chain(&question.against) {
        if !model.scenarios.iter().any(|scenario| scenario.name == *name) {
            let (what, hint) = crate::scenario::unknown(model, name);
            faults.note(what, hint);
        }
    }
    if let Some(Ask::Measure(measure)) = ask {
        if measure.is_of_scenarios() && model.scenarios.is_empty() {
            let hint = "add one: [scenarios.half] with scale = { name-of-a-factor = \"50%\" }";
            faults.note("the model has no [scenarios]".to_owned(), hint.to_owned());
        }
        if measure.is_of_watched() && question.of.is_empty() {
            let hint = "name one in the words of the model: --of 'defaulted(party)'";
            let what = format!("`{}` is of a condition or a formula", measure.name());
            faults.note(what, hint.to_owned());
        }
    }
    if let Some(paths) =
        question.paths.filter(|paths| !(1..=keiretsu_engine::PATHS_MAX).contains(&paths.count))
    {
        let what = format!("{} paths cannot be run", paths.count);
        faults.note(what, "give a number from 1 to 1000000000, such as 10000".to_owned());
    }
}

impl Ask {
    /// Whether `of` is formulas and conditions.
    pub fn watches(self) -> bool {
        match self {
            Self::Measure(_) => true,
            Self::Other(other) => other.watches,
        }
    }

    /// The parts of the answer, and remarks on the question.
    pub fn answer(
        self,
        runner: &Runner<'_>,
        request: &Request,
    ) -> Result<(Vec<AnswerPart>, Vec<String>), AskError> {
        let measure = match self {
            Self::Other(other) => return Ok(((other.answer)(runner, request)?, vec![])),
            Self::Measure(measure) => measure,
        };
        let parts = measured(runner, request, &[measure])?;
        let over_paths = |table: &Table| table.window.simulation.is_some();
        let idle =
            request.simulation.is_some() && !parts.iter().flat_map(|part| &part.tables).any(over_paths);
        let name = measure.name();
        let remark =
            || format!("`{name}` shows no distribution, so --paths changes nothing; `keiretsu run` does");
        Ok((parts, idle.then(remark).into_iter().collect()))
    }
}

/// The parts of several measures, from the same runs.
fn measured(
    runner: &Runner<'_>,
    request: &Request,
    measures: &[&'static dyn Measure],
) -> Result<Vec<AnswerPart>, AskError> {
    let lists = runner.measures(measures, request)?;
    let part = |(measure, mut tables): (&&'static dyn Measure, Vec<Table>)| {
        tell(&runner.subject(), *measure, &mut tables);
        AnswerPart { name: measure.name().to_owned(), tables }
    };
    Ok(measures.iter().zip(lists).map(part).collect())
}

/// Puts the findings of a measure over the first of its tables; an empty one where it has none.
fn tell(subject: &Subject<'_>, measure: &dyn Measure, tables: &mut Vec<Table>) {
    let findings = measure.findings(tables);
    if tables.is_empty() {
        tables.extend(measure.schema().first().map(|spec| subject.table(spec)));
    }
    if let Some(first) = tables.first_mut() {
        first.findings = findings;
    }
}

/// Cash and coverage, the tables to read first.
fn run(runner: &Runner<'_>, request: &Request) -> Result<Vec<AnswerPart>, AskError> {
    let first = |measure: &&'static dyn Measure| ["cash", "coverage"].contains(&measure.name());
    summed_up(runner, request, &MEASURES.iter().copied().filter(first).collect::<Vec<_>>())
}

/// Every measure.
fn all(runner: &Runner<'_>, request: &Request) -> Result<Vec<AnswerPart>, AskError> {
    summed_up(runner, request, MEASURES)
}

/// Measures, and the distribution of every party over the paths.
fn summed_up(
    runner: &Runner<'_>,
    request: &Request,
    measures: &[&'static dyn Measure],
) -> Result<Vec<AnswerPart>, AskError> {
    let mut parts = measured(runner, request, measures)?;
    if request.simulation.is_some() {
        // What `cash` says of the paths is in the distribution, of every party.
        for part in parts.iter_mut().filter(|part| part.name == "cash") {
            part.tables.retain(|table| table.window.simulation.is_none());
        }
        parts.push(AnswerPart { name: "distribution".to_owned(), tables: runner.distribution(request)? });
    }
    Ok(parts)
}

/// Topics of the text; parties and contracts where none is named.
fn shown(runner: &Runner<'_>, request: &Request) -> Result<Vec<AnswerPart>, AskError> {
    let usual = ["parties".to_owned(), "contracts".to_owned()];
    let names = if request.of.is_empty() { &usual[..] } else { &request.of };
    let subject = runner.subject();
    let part = |name: &String| {
        let topic = show::by_name(name).ok_or_else(|| {
            let hint = suggest::advice(name, show::TOPICS.iter().map(|topic| topic.name));
            AskError::invalid(format!("there is nothing to show under `{name}`"), hint)
        })?;
        Ok(AnswerPart { name: name.clone(), tables: (topic.tables)(&subject) })
    };
    names.iter().map(part).collect()
}

/// Everything that a number rests on.
fn explained(runner: &Runner<'_>, request: &Request) -> Result<Vec<AnswerPart>, AskError> {
    let tables = explain::explain(runner, request, named(request)?)?;
    Ok(vec![AnswerPart { name: "explain".to_owned(), tables }])
}

/// A number with the statements that move it most.
fn most(runner: &Runner<'_>, request: &Request) -> Result<Vec<AnswerPart>, AskError> {
    let tables = explain::most(runner, request, named(request)?)?;
    Ok(vec![AnswerPart { name: "most".to_owned(), tables }])
}

/// The number itself, its formula and operands: the first step of an explanation, at once.
fn number(runner: &Runner<'_>, request: &Request) -> Result<Vec<AnswerPart>, AskError> {
    let tables = explain::number(runner, request, named(request)?)?;
    Ok(vec![AnswerPart { name: "number".to_owned(), tables }])
}

fn named(request: &Request) -> Result<&str, AskError> {
    if let [number] = request.of.as_slice() {
        return Ok(number);
    }
    let hint = "name one, such as 'coverage(amazon, anthropic)'; `--list` lists all";
    Err(AskError::invalid("no number is named", hint))
}

fn numbers(runner: &Runner<'_>, request: &Request) -> Result<Vec<AnswerPart>, AskError> {
    let named = |name: &String| {
        keiretsu_measures::by_name(name).ok_or_else(|| {
            let (what, hint) = unknown_measure(name);
            AskError::invalid(what, hint)
        })
    };
    let measure = request.of.first().map(named).transpose()?;
    let tables = vec![explain::listed(runner, request, measure)?];
    Ok(vec![AnswerPart { name: "numbers".to_owned(), tables }])
}

fn believed(runner: &Runner<'_>, request: &Request) -> Result<Vec<AnswerPart>, AskError> {
    let tables = vec![explain::believed(runner, request, &request.of)?];
    Ok(vec![AnswerPart { name: "believed".to_owned(), tables }])
}

/// What a statement moves.
fn moved_by(runner: &Runner<'_>, request: &Request) -> Result<Vec<AnswerPart>, AskError> {
    let [statement] = request.of.as_slice() else {
        return Err(AskError::invalid("no statement is named", "name one, such as lab.cash"));
    };
    let tables = vec![explain::from(runner, request, statement)?];
    Ok(vec![AnswerPart { name: "from".to_owned(), tables }])
}

/// Whether what the model expects holds.
fn expected(runner: &Runner<'_>, request: &Request) -> Result<Vec<AnswerPart>, AskError> {
    let tables = vec![expect::tested(runner, request)?];
    Ok(vec![AnswerPart { name: "expect".to_owned(), tables }])
}

/// What the answers of the model rest on.
fn rests(runner: &Runner<'_>, request: &Request) -> Result<Vec<AnswerPart>, AskError> {
    let table = rests::table(&runner.subject(), &MeasureRuns::new(runner, request));
    let tables = vec![table.map_err(crate::measure_runs::refused)?];
    Ok(vec![AnswerPart { name: "rests".to_owned(), tables }])
}
