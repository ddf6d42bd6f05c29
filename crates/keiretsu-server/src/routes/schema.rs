//! `GET /api/openapi.json`: the routes, for programs.

use axum::response::Response;
use axum::routing::get;

use crate::openapi;
use crate::route::{Route, written};

pub static ROUTE: Route = Route {
    method: "get",
    path: "/api/openapi.json",
    says: "This description",
    query: &[],
    body: None,
    gives: ("application/json", "an OpenAPI document"),
    handler: || get(answer),
};

async fn answer() -> Response {
    written(format!("{:#}\n", openapi::document()))
}
