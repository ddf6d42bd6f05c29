//! `POST /api/cancel`: stops a job of the client.

use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::post;
use serde_json::{Value, json};

use crate::app::App;
use crate::limits::BODY_BYTES_MAX;
use crate::refusal::Refusal;
use crate::route::{self, Route, written};
use crate::wire::CancelBody;

pub static ROUTE: Route = Route {
    method: "post",
    path: "/api/cancel",
    says: "Stops a job of the same client (header X-Client)",
    query: &[],
    body: Some(body),
    gives: ("application/json", "whether there was one"),
    handler: || post(answer),
};

fn body() -> Value {
    json!({
        "type": "object",
        "required": ["id"],
        "additionalProperties": false,
        "properties": { "id": { "type": "string" } },
    })
}

async fn answer(State(app): State<App>, request: Request) -> Result<Response, Refusal> {
    let client = route::client(&request);
    let body: CancelBody = route::json(request, BODY_BYTES_MAX).await?;
    let cancelled = app.jobs.cancel(&client, &body.id);
    Ok(written(json!({ "cancelled": cancelled }).to_string()))
}
