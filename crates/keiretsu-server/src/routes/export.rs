//! `GET /api/export`: the tables of a question as a file.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use keiretsu::{Control, Question};
use keiretsu_views::{Format, Style};

use crate::answering::{good, tables};
use crate::app::App;
use crate::jobs::Order;
use crate::refusal::Refusal;
use crate::route::Route;
use crate::wire::ExportQuery;

pub static ROUTE: Route = Route {
    method: "get",
    path: "/api/export",
    says: "The tables of a question as a file, as the command line writes them",
    query: &[("question", "the question, as JSON"), ("format", "csv, json, md, ...")],
    body: None,
    gives: ("application/octet-stream", "the file"),
    handler: || get(answer),
};

async fn answer(
    State(app): State<App>,
    query: Result<Query<ExportQuery>, QueryRejection>,
) -> Result<Response, Refusal> {
    let Query(query) = query?;
    let question: Question = serde_json::from_str(&query.question)
        .map_err(|error| Refusal::invalid(format!("the question cannot be read: {error}"), ""))?;
    let format = format(&query.format)?;
    let good = good(&app)?;
    let ask = question.ask.clone();
    let work = move |control: &Control<'_>| {
        let (tables, _) = tables(&good.session, &question, control)?;
        if format.is_binary() && tables.len() != 1 {
            let what = format!("a {} file holds one table, and these are {}", format.name(), tables.len());
            return Err(Refusal::invalid(what, "take csv, json or md"));
        }
        Ok(format.write(&tables, &Style { wide: true, ..Style::default() }))
    };
    let bytes = app.jobs.run(Order::default(), |_| (), work).await??;
    // Measures have names of letters and `_`; a question that is answered has one.
    let name = format!("attachment; filename=\"{ask}.{}\"", format.extensions()[0]);
    Ok(([(header::CONTENT_TYPE, kind(format.name())), (header::CONTENT_DISPOSITION, &name)], bytes)
        .into_response())
}

/// A format by its name, or by its extension.
fn format(name: &str) -> Result<&'static dyn Format, Refusal> {
    keiretsu_views::by_name(name).or_else(|| keiretsu_views::by_extension(name)).ok_or_else(|| {
        let known: Vec<&str> = keiretsu_views::formats().iter().map(|format| format.name()).collect();
        let hint = format!("take one of {}", known.join(", "));
        Refusal::invalid(format!("there is no format `{name}`"), hint)
    })
}

/// No browser shows a file of answers as a page of this server.
fn kind(format: &str) -> &'static str {
    match format {
        "json" => "application/json",
        "csv" | "csv-raw" => "text/csv; charset=utf-8",
        "parquet" => "application/vnd.apache.parquet",
        _ => "text/plain; charset=utf-8",
    }
}
