//! The form of a route: what it is called, what goes in and what comes out, and the function that answers.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::app::App;
use crate::limits::BODY_TIME_MAX;
use crate::refusal::Refusal;

/// One route of the API. The router and the description for programs are both made from it.
pub struct Route {
    /// `get` or `post`.
    pub method: &'static str,
    /// Its path.
    pub path: &'static str,
    /// One sentence about it.
    pub says: &'static str,
    /// The words behind the `?`: each with its meaning.
    pub query: &'static [(&'static str, &'static str)],
    /// The schema of its body, if it has one.
    pub body: Option<fn() -> Value>,
    /// What comes back: the type, and the meaning.
    pub gives: (&'static str, &'static str),
    /// The function that answers.
    pub handler: fn() -> MethodRouter<App>,
}

/// A body of JSON up to a size.
///
/// # Errors
/// If it is larger, slower, or something else.
pub async fn json<T: DeserializeOwned>(request: Request, bytes_max: usize) -> Result<T, Refusal> {
    let too_large = || {
        let message = format!("the request is larger than {bytes_max} bytes");
        Refusal::new(413, "too-large", message, "")
    };
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    if length.and_then(|length| length.parse::<usize>().ok()).is_some_and(|length| bytes_max < length) {
        return Err(too_large());
    }
    let body = Limited::new(request.into_body(), bytes_max).collect();
    let body = tokio::time::timeout(BODY_TIME_MAX, body).await;
    let body = body.map_err(|_| Refusal::new(408, "late", "the request took too long to arrive", ""))?;
    let bytes = body.map_err(|error| {
        if error.is::<LengthLimitError>() {
            too_large()
        } else {
            Refusal::invalid("the request broke off", "")
        }
    })?;
    serde_json::from_slice(&bytes.to_bytes())
        .map_err(|error| Refusal::invalid(format!("the request cannot be read: {error}"), ""))
}

/// An answer of JSON that is written already.
pub fn written(json: impl Into<Body>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], json.into()).into_response()
}

/// The name that a page has chosen for itself; empty where it says none.
pub fn client(request: &Request) -> String {
    let name = request.headers().get("x-client").and_then(|name| name.to_str().ok());
    name.unwrap_or_default().to_owned()
}
