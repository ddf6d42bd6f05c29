//! `POST /api/ask`: a question in, its tables out, as `keiretsu measure --format json` writes them.

use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::post;
use serde_json::{Value, json};

use crate::answering::{good, reply};
use crate::app::App;
use crate::jobs::Order;
use crate::limits::BODY_BYTES_MAX;
use crate::openapi;
use crate::refusal::Refusal;
use crate::route::{self, Route, written};
use crate::wire::AskBody;

pub static ROUTE: Route = Route {
    method: "post",
    path: "/api/ask",
    says: "Answers a question; a newer one of the same client (header X-Client) and slot cancels it",
    query: &[],
    body: Some(body),
    gives: ("application/json", "revision, question, answer (tables), remarks, and ms that it took"),
    handler: || post(answer),
};

fn body() -> Value {
    json!({
        "type": "object",
        "required": ["question"],
        "additionalProperties": false,
        "properties": {
            "id": { "type": "string", "description": "a name of the job, to cancel it by" },
            "supersedes": { "type": "string", "description": "the slot of which the newest counts" },
            "revision": { "type": "string", "description": "the revision that the client shows" },
            "question": openapi::question(),
        },
    })
}

async fn answer(State(app): State<App>, request: Request) -> Result<Response, Refusal> {
    let client = route::client(&request);
    let body: AskBody = route::json(request, BODY_BYTES_MAX).await?;
    let order = Order { client, id: body.id, slot: body.supersedes };
    Ok(written(reply(&app, &good(&app)?, &body.question, order).await?))
}
