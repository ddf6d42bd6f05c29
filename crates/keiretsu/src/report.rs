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

mod cash;
mod circularity;
mod cites;
mod contracts;
mod exposure;
mod outcomes;
mod sources;
mod strategies;
mod web;

use keiretsu_measures::{Query, Subject};
use keiretsu_program::{PartyId, Probe, Quantity, Reading, Span};
use keiretsu_values::Table;
use keiretsu_views::html::{self, escaped};

use crate::request::{Request, Simulation};
use crate::runner::{Run, Runner};
use crate::{AskError, Control, PathsRequest, Progress, Session};

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
    /// Flows, cash and failures by year.
    run: Run,
    cites: cites::Cites,
}

type Writer = fn(&Material<'_>) -> Result<Option<Part>, AskError>;

/// The parts of a report, in order. A part without anything to show is left out.
static PARTS: &[Writer] = &[
    strategies::part,
    web::part,
    contracts::part,
    cash::part,
    outcomes::part,
    exposure::part,
    circularity::part,
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
        let watch = |done, of| (control.progress)(Progress { done, of }).is_continue();
        let runner = self.runner(self.ready()?, &watch, control);
        html(&runner, Simulation { paths: paths.count, seed: paths.seed })
    }
}

fn html(runner: &Runner<'_>, simulation: Simulation) -> Result<String, AskError> {
    let subject = runner.subject();
    let request = Request { simulation: Some(simulation), ..Request::default() };
    let run = runner.run(probes(&subject), of_parties(&subject), &[Reading::Expected], &request)?;
    let cites = cites::Cites::of(subject.model);
    let material = Material { runner, subject, simulation, run, cites };
    let mut parts = Vec::new();
    for writer in PARTS {
        parts.extend(writer(&material)?);
    }
    Ok(html::page(title(&material), &body(&material, &parts)))
}

fn probes(subject: &Subject<'_>) -> Vec<Probe> {
    let flows = (0..subject.program.flows.len() as u32).map(cash::paid);
    flows.chain(of_parties(subject)).collect()
}

/// Cash and failures of parties by year, of which the fans are made.
fn of_parties(subject: &Subject<'_>) -> Vec<Probe> {
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

fn body(material: &Material<'_>, parts: &[Part]) -> String {
    let model = material.subject.model;
    let known = model.known_on.map_or(String::new(), |day| format!(", as known on {day}"));
    let links: String =
        parts.iter().map(|part| format!("<a href=\"#{}\">{}</a>\n", part.id, part.title)).collect();
    let sections: String = parts.iter().map(section).collect();
    let Simulation { paths, seed, .. } = material.simulation;
    let hash = keiretsu_model::fingerprint(&model.document);
    let version = env!("CARGO_PKG_VERSION");
    format!(
        "<header>\n<h1>{}</h1>\n<p class=\"sub\">as of {}{known}</p>\n\
         <p class=\"lead\">Amounts keep the words of their sources: ~ is about, ≥ at least, ≤ at most. Firm \
         is what is paid or owed without a condition, headline everything announced at its cap. What nobody \
         has disclosed is unknown, and never counted as zero. Numbers in brackets lead to documents.</p>\n\
         <nav aria-label=\"Parts\">\n{links}</nav>\n</header>\n<main>\n{sections}</main>\n\
         <footer><p>Model {hash:032x}; {paths} paths of seed {seed}; keiretsu {version}. The same model, \
         paths and seed give the same page. Nominal, before tax. No advice.</p></footer>\n",
        escaped(title(material)),
        model.as_of,
    )
}

fn section(part: &Part) -> String {
    let lead = match part.lead.as_str() {
        "" => String::new(),
        lead => format!("<p class=\"lead\">{}</p>\n", escaped(lead)),
    };
    format!("<section>\n<h2 id=\"{}\">{}</h2>\n{lead}{}</section>\n", part.id, escaped(part.title), part.body)
}

/// A wide chart with its table below, collapsed at first.
fn figure(chart: &str, table: &str, caption: &str) -> String {
    framed("wide", chart, table, caption)
}

/// The same in a frame of another class.
fn framed(class: &str, chart: &str, table: &str, caption: &str) -> String {
    let caption = match caption {
        "" => String::new(),
        caption => format!("<figcaption>{}</figcaption>\n", escaped(caption)),
    };
    format!(
        "<figure class=\"{class}\" tabindex=\"0\">\n{chart}{caption}</figure>\n\
         <details><summary>The same as a table</summary>\n{table}</details>\n"
    )
}
