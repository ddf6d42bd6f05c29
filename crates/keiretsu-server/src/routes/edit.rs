//! `POST /api/edit`: writes a file of the model, if the server may.

use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::post;
use serde_json::{Value, json};

use crate::app::App;
use crate::limits::EDIT_BYTES_MAX;
use crate::openapi;
use crate::refusal::Refusal;
use crate::route::{self, Route, written};
use crate::wire::EditBody;
use crate::writing;

pub static ROUTE: Route = Route {
    method: "post",
    path: "/api/edit",
    says: "Writes a file of the model, with --edit, where the file is as the client has it",
    query: &[],
    body: Some(body),
    gives: ("application/json", "the revision as written, and the files"),
    handler: || post(answer),
};

fn body() -> Value {
    let word = || json!({ "type": "string" });
    let form = |properties: Value| {
        let required: Vec<&String> =
            properties.as_object().into_iter().flat_map(serde_json::Map::keys).collect();
        json!({
            "type": "object",
            "required": required,
            "additionalProperties": false,
            "properties": properties,
        })
    };
    json!({
        "oneOf": [
            form(json!({ "path": word(), "sha256": word(), "text": word() })),
            form(json!({ "path": word(), "sha256": word(), "changes": openapi::changes() })),
            form(json!({ "scenario": form(json!({ "name": word(), "changes": openapi::changes() })) })),
        ],
    })
}

async fn answer(State(app): State<App>, request: Request) -> Result<Response, Refusal> {
    if !app.may_edit {
        let hint = "start it with `keiretsu serve MODEL --edit`";
        return Err(Refusal::new(403, "read-only", "this server writes no files", hint));
    }
    let body: EditBody = route::json(request, EDIT_BYTES_MAX).await?;
    let _files = app.files.lock().await;
    // What the text says now, whatever events are still on their way.
    app.read().await;
    let here = app.clone();
    let wrote = tokio::task::spawn_blocking(move || writing::write(&here, body)).await;
    let wrote = wrote.unwrap_or_else(|_| Err(Refusal::new(500, "internal", "the edit failed", "")));
    app.read().await;
    let revision = app.now().revision.clone();
    let files = wrote.map_err(|refusal| refusal.of(&revision))?;
    let files: Vec<Value> =
        files.into_iter().map(|(path, sha256)| json!({ "path": path, "sha256": sha256 })).collect();
    Ok(written(json!({ "revision": revision, "files": files }).to_string()))
}
