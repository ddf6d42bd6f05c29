//! A model to one page that a person can read anywhere: HTML with charts, no network, no script.
//!
//! One file a part, and one line in [`PARTS`]. Every chart stands with its table, every figure with the
//! number of its source.
//!
//! Invariant: the same model, seed and paths give the same bytes. Absent: the meaning of a number.
#![expect(
    clippy::unnecessary_wraps,
    reason = "all parts have one signature, whether they run anything or not"
)]

mod anchors;
mod answer;
mod circularity;
mod cites;
mod exposure;
mod outcomes;
mod pairs;
mod payments;
mod relation;
mod sources;
mod strategies;
mod ties;
mod web;

use keiretsu_measures::{Query, Subject};
use keiretsu_program::{PartyId, Probe, Quantity, Reading, Span};
use keiretsu_values::{Page, Table, Unit};
use keiretsu_views::html::{self, escaped};

use self::anchors::{Anchors, pair};
use self::ties::Owed;
use crate::request::{Request, Simulation};
use crate::runner::{Run, Runner};
use crate::{AskError, Control, PathsRequest, Progress, Question, Session, show};

/// A part of a report.
pub(crate) struct Part {
    /// Where links lead.
    pub id: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// One or two sentences on the content.
    pub lead: String,
    /// Charts and tables.
    pub body: String,
}

/// The material of all parts of a report.
pub(crate) struct Material<'a> {
    runner: &'a Runner<'a>,
    subject: Subject<'a>,
    simulation: Simulation,
    /// Cash and failures by year, over the paths.
    run: Run,
    /// What ties the parties, the largest first.
    ties: Vec<Owed>,
    anchors: Anchors,
}

type Writer = fn(&Material<'_>) -> Result<Option<Part>, AskError>;

/// The parts of a report behind the answer, in order. A part without anything to show is left out.
static PARTS: &[Writer] = &[
    strategies::part,
    web::part,
    payments::part,
    outcomes::part,
    exposure::part,
    circularity::part,
    sources::contracts,
    sources::parties,
    sources::assumptions,
    sources::conflicts,
    sources::figures,
    sources::reports,
    sources::documents,
];

impl Session {
    /// A model as one page: HTML with charts, no network, no script. Fans rest on the paths.
    ///
    /// # Errors
    /// [`AskError`], if the model cannot be run.
    pub fn report(&self, paths: PathsRequest, control: &Control<'_>) -> Result<String, AskError> {
        let page = crate::page(self, &Question::default(), control)?;
        let watch = |done, of| (control.progress)(Progress { done, of }).is_continue();
        let runner = self.runner(self.ready()?, &watch, control);
        html(&runner, &page, Simulation { paths: paths.count, seed: paths.seed })
    }
}

fn html(runner: &Runner<'_>, page: &Page, simulation: Simulation) -> Result<String, AskError> {
    let subject = runner.subject();
    let request = Request { simulation: Some(simulation), ..Request::default() };
    let run = runner.run(probes(&subject), probes(&subject), &[Reading::Expected], &request)?;
    let ties = ties::ties(&subject);
    let anchors = anchors(&subject, &ties);
    let material = Material { runner, subject, simulation, run, ties, anchors };
    let front = [answer::part(page), pairs::part(&material)?];
    let mut parts = Vec::new();
    for writer in PARTS {
        parts.extend(writer(&material)?);
    }
    Ok(html::page(title(&material), &body(&material, page, &front, &parts)))
}

/// The names that links of the page can reach.
fn anchors(subject: &Subject<'_>, ties: &[Owed]) -> Anchors {
    let topics = ["parties", "contracts", "figures"].into_iter().filter_map(show::by_name);
    let tables: Vec<Table> = topics.flat_map(|topic| (topic.tables)(subject)).collect();
    let name = |party| subject.model.party(party).name.clone();
    Anchors::new(subject, &tables, ties.iter().map(|tie| pair(&name(tie.from), &name(tie.to))))
}

/// Cash and failures of parties by year, of which the fans are made.
fn probes(subject: &Subject<'_>) -> Vec<Probe> {
    let parties = subject.groups().into_iter().map(|group| PartyId(group.0));
    let quantities = parties.flat_map(|party| [Quantity::Cash(party), Quantity::Defaulted(party)]);
    quantities.map(|quantity| Probe { quantity, span: Span::Year }).collect()
}

impl Material<'_> {
    /// The tables of a measure in the readings; none if there is no such measure.
    fn measure(&self, name: &str, query: &Query) -> Result<Vec<Table>, AskError> {
        match keiretsu_measures::by_name(name) {
            Some(measure) => {
                let request = Request { query: query.clone(), ..Request::default() };
                Ok(self.runner.measures(&[measure], &request)?.concat())
            }
            None => Ok(vec![]),
        }
    }
}

fn title<'a>(material: &'a Material<'_>) -> &'a str {
    match material.subject.model.title.as_str() {
        "" => "A web of contracts",
        title => title,
    }
}

/// The unit of money of the model.
fn money(material: &Material<'_>) -> Unit {
    Unit::Money(material.subject.model.currency)
}

/// A number of things, in the singular or the plural.
fn counted(number: usize, (one, many): (&str, &str)) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

fn body(material: &Material<'_>, page: &Page, front: &[Option<Part>], parts: &[Part]) -> String {
    let model = material.subject.model;
    let front: Vec<&Part> = front.iter().flatten().collect();
    let link = |part: &&Part| format!("<a href=\"#{}\">{}</a>\n", part.id, part.title);
    let links: String = front.iter().copied().chain(parts).map(|part| link(&part)).collect();
    let front: String = front.into_iter().map(section).collect();
    let sections: String = parts.iter().map(section).collect();
    let Simulation { paths, seed, .. } = material.simulation;
    let hash = keiretsu_model::fingerprint(&model.document);
    let version = env!("CARGO_PKG_VERSION");
    format!(
        "<header>\n<h1>{}</h1>\n<p class=\"sub\">{}</p>\n\
         <nav aria-label=\"Parts\">\n{links}</nav>\n\
         </header>\n<main>\n<div class=\"front\">\n{front}</div>\n\
         <p class=\"note\">Amounts keep the words of their sources: ~ is about, ≥ at least, ≤ at most, ? as \
         read, with no bound. Firm is what is paid or owed without a condition, headline everything \
         announced at its cap. What is not disclosed is unknown, and never counted as zero. A number leads \
         to the contracts behind it, these to their figures, and numbers in brackets to documents.</p>\n\
         {sections}</main>\n\
         <footer><p>Model {hash:032x}; {paths} paths of seed {seed}; keiretsu {version}. The same model, \
         paths and seed give the same page. Nominal, before tax. No advice.</p>\n\
         <p class=\"paper\">Printed without the tables behind the charts; the file has them.</p></footer>\n",
        escaped(title(material)),
        escaped(&page.subtitle),
    )
}

fn section(part: &Part) -> String {
    let lead = match part.lead.as_str() {
        "" => String::new(),
        lead => format!("<p class=\"sub\">{}</p>\n", escaped(lead)),
    };
    format!("<section>\n<h2 id=\"{}\">{}</h2>\n{lead}{}</section>\n", part.id, escaped(part.title), part.body)
}

/// A chart with its table below, collapsed at first, and not on paper.
fn with_table(chart: &str, table: &str) -> String {
    format!("{chart}<details class=\"same\"><summary>The same as a table</summary>\n{table}</details>\n")
}
