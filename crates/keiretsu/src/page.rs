//! A model on one page: who pays whom, who is short, what comes back, what breaks, and what it all rests on.
//!
//! ```
//! use keiretsu::{Control, Question, Session};
//! let session = Session::of_text(
//!     r#"
//! keiretsu = 1
//! title = "A lab buys compute"
//! as_of = 2025-12-31
//! horizon = "3 years"
//! [parties]
//! lab = { name = "The lab" }
//! cloud = { name = "The cloud" }
//! [contracts.compute]
//! type = "supply"
//! buyer = "lab"
//! seller = "cloud"
//! from = "2026-01"
//! minimum = "$360M over 3 years"
//! because = "an example"
//! "#,
//! );
//! let page = keiretsu::page(&session, &Question::default(), &Control::default())?;
//! assert_eq!(page.title, "A lab buys compute");
//! assert_eq!(page.sections[0].title, "Who pays whom");
//! # Ok::<(), keiretsu::AskError>(())
//! ```
//!
//! Invariant: every number on the page is a cell of a table that the command beside it prints. Absent: the
//! layout.

use keiretsu_measures::{Subject, page as sections};
use keiretsu_values::{Finding, Page, PageSection, Table};

use crate::show::facts;
use crate::{AskError, Control, Question, Session};

/// The page of a model, in the scenarios, with the changes and from the dates of a question.
///
/// # Errors
/// [`AskError`].
pub fn page(session: &Session, question: &Question, control: &Control<'_>) -> Result<Page, AskError> {
    let about = session.about(question)?;
    let mut all = Vec::new();
    let mut tables = Vec::new();
    for measure in sections::MEASURES {
        let by = Some("total".to_owned());
        let asked = Question { ask: measure.to_owned(), by, paths: None, ..question.clone() };
        let own = session.ask(&asked, control)?.tables();
        all.push(sections::section(measure, &own));
        tables.extend(own);
    }
    if question.paths.is_some() {
        all.extend(failing(session, question, control)?);
    }
    let asked = Question { ask: "rests".to_owned(), paths: None, ..question.clone() };
    let rests = session.ask(&asked, control)?.tables();
    let (_, subject) = about.lowered()?;
    all.push(resting(&subject, &rests));
    all.push(PageSection {
        title: "What is unknown, and leaves most open".to_owned(),
        findings: vec![sections::unknown(&tables)],
        next: "keiretsu show MODEL figures".to_owned(),
    });
    let title = if subject.model.title.is_empty() { "A model without a title" } else { &subject.model.title };
    Ok(Page { title: title.to_owned(), subtitle: subtitle(&subject, question), sections: all })
}

/// Where the model stands in time, how large it is, and what differs from its text.
fn subtitle(subject: &Subject<'_>, question: &Question) -> String {
    let model = subject.model;
    let until = subject.program.month(subject.program.months);
    let known = model.known_on.map_or(String::new(), |day| format!(", as known on {day}"));
    let parties = subject.groups().len();
    let contracts = model.known_contracts().count();
    let holdings = model.holdings.len();
    let counted =
        |number: usize, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
    let mut words = format!(
        "as of {}, to {until}{known}; {}, {}, {}",
        model.as_of,
        counted(parties, "party", "parties"),
        counted(contracts, "contract", "contracts"),
        counted(holdings, "holding", "holdings")
    );
    if !question.scenarios.is_empty() {
        words += &format!("; in the scenario {}", question.scenarios.join(" and "));
    }
    for change in &question.changes {
        words += &format!("; with {} = {}", change.place, change.words);
    }
    words
}

/// Who fails on paths.
fn failing(
    session: &Session,
    question: &Question,
    control: &Control<'_>,
) -> Result<Option<PageSection>, AskError> {
    let asked = Question { ask: "run".to_owned(), ..question.clone() };
    let tables = session.ask(&asked, control)?.tables();
    let Some(paths) = question.paths else { return Ok(None) };
    Ok(Some(PageSection {
        title: format!("Who fails on {} paths", paths.count),
        findings: vec![sections::failures(&tables)],
        next: format!("keiretsu run MODEL --paths {} --seed {} --all", paths.count, paths.seed),
    }))
}

/// What the answers rest on: how many statements, and those that move an answer most.
fn resting(subject: &Subject<'_>, rests: &[Table]) -> PageSection {
    let (sourced, assumed) = facts::statements(subject.model);
    let conflicts = facts::conflicts(subject.model).len();
    let conflicts = match conflicts {
        0 => String::new(),
        1 => "; sources disagree on 1 figure".to_owned(),
        several => format!("; sources disagree on {several} figures"),
    };
    let counts = format!("{sourced} statements on sources, {assumed} on assumptions{conflicts}.");
    let moved = rests.first().and_then(sections::rests);
    PageSection {
        title: "What it rests on".to_owned(),
        findings: moved.into_iter().chain([Finding::text(counts)]).collect(),
        next: "keiretsu check MODEL --assumptions".to_owned(),
    }
}
