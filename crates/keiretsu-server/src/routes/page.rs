//! Every other address: the built page and its parts, out of the binary. No path reaches the disk.

use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use crate::refusal::Refusal;

/// What `npm run build` in the folder `page` has made.
#[derive(RustEmbed)]
#[folder = "dist/"]
struct Built;

const UNBUILT: &str = "The page is not built. In crates/keiretsu-server/page: npm ci && npm run build\n";

/// The page, or one of its parts.
pub async fn answer(request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    if ![Method::GET, Method::HEAD].contains(request.method()) || path.starts_with("api/") {
        let hint = "see /api/openapi.json";
        return Refusal::new(404, "unknown", "there is no such address", hint).into_response();
    }
    // Addresses of the page itself have no dot in their last part.
    let is_part = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    let name = if is_part { path } else { "index.html" };
    let Some(file) = Built::get(name) else {
        return match name {
            "index.html" => (StatusCode::NOT_FOUND, UNBUILT).into_response(),
            _ => Refusal::new(404, "unknown", "there is no such file", "").into_response(),
        };
    };
    let tag = file.metadata.sha256_hash().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let tag = format!("\"{tag}\"");
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|known| known.to_str().ok());
    let headers = [
        (header::CONTENT_TYPE, kind(name)),
        (header::CACHE_CONTROL, "no-cache"),
        (header::ETAG, tag.as_str()),
    ];
    if known == Some(tag.as_str()) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, file.data.into_owned()).into_response()
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}
