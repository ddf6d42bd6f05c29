//! `GET /api/model`: what the text says, what is wrong with it, and what a page needs around its tables.

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;

use crate::app::App;
use crate::route::{Route, written};

pub static ROUTE: Route = Route {
    method: "get",
    path: "/api/model",
    says: "The text of the model, its diagnostics and names, and the statements that could be otherwise",
    query: &[],
    body: None,
    gives: ("application/json", "the model"),
    handler: || get(answer),
};

async fn answer(State(app): State<App>) -> Response {
    written(app.now().json.to_string())
}
