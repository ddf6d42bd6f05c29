//! `POST /api/watch`: the questions that every event of a client answers.

use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::post;
use serde_json::{Value, json};

use crate::app::App;
use crate::limits::BODY_BYTES_MAX;
use crate::openapi;
use crate::refusal::Refusal;
use crate::route::{self, Route, written};
use crate::wire::WatchBody;

pub static ROUTE: Route = Route {
    method: "post",
    path: "/api/watch",
    says: "Replaces the questions that every event of a client answers",
    query: &[],
    body: Some(body),
    gives: ("application/json", "the number of questions"),
    handler: || post(answer),
};

fn body() -> Value {
    json!({
        "type": "object",
        "required": ["client", "questions"],
        "additionalProperties": false,
        "properties": {
            "client": { "type": "string" },
            "questions": { "type": "object", "additionalProperties": openapi::question() },
        },
    })
}

async fn answer(State(app): State<App>, request: Request) -> Result<Response, Refusal> {
    let body: WatchBody = route::json(request, BODY_BYTES_MAX).await?;
    let count = body.questions.len();
    app.clients.watch(&body.client, body.questions)?;
    Ok(written(json!({ "watched": count }).to_string()))
}
