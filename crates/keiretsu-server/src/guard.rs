//! Who may ask: pages of this server on this machine, and elsewhere those that know its token.
//!
//! A page of another site can make a browser send requests here, and by DNS rebinding even under a name of
//! its own. So the `Host` of a request is a name of this server, and the `Origin`, where a browser says one,
//! too; what changes or asks something is JSON, which no form of another site can send.

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::refusal::Refusal;

/// The name of the cookie that holds the token, without the port: browsers share cookies between ports.
const COOKIE: &str = "keiretsu_token";
/// Everything from here, nothing inline, no frames, no forms.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
                      connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";
const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// The names of a server, and its token where it is reached from elsewhere.
#[derive(Debug)]
pub struct Guard {
    port: u16,
    /// The name it listens under, where that is not this machine alone.
    host: Option<String>,
    token: Option<String>,
}

impl Guard {
    /// Of a server for this machine alone.
    pub fn local(port: u16) -> Self {
        Self { port, host: None, token: None }
    }

    /// Of a server that others reach under a name or an address.
    ///
    /// # Errors
    /// If the system gives no random numbers.
    pub fn open(port: u16, host: &str) -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes)?;
        let token = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { port, host: Some(host.to_owned()), token: Some(token) })
    }

    /// The token, if one is wanted.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Whether this is a name of the server: `127.0.0.1:8000`. Addresses that are no names cannot be rebound.
    fn is_own(&self, authority: &str) -> bool {
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, port.parse().ok()),
            _ => (authority, Some(80)),
        };
        let host = host.to_ascii_lowercase();
        let is_local = ["127.0.0.1", "localhost", "[::1]"].contains(&host.as_str());
        let is_open = self.host.as_ref().is_some_and(|own| {
            let bare = host.trim_start_matches('[').trim_end_matches(']');
            host == own.to_ascii_lowercase() || bare.parse::<std::net::IpAddr>().is_ok()
        });
        port == Some(self.port) && (is_local || is_open)
    }

    /// Refuses what does not come from a page of this server.
    fn check(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<(), Refusal> {
        let forbidden = |message: &str, hint: &str| Err(Refusal::new(403, "forbidden", message, hint));
        let word = |name: HeaderName| headers.get(name).map(|word| word.to_str().unwrap_or("?"));
        let named = uri.authority().map(Authority::as_str);
        let hosts: Vec<&str> = word(header::HOST).into_iter().chain(named).collect();
        if hosts.is_empty() || !hosts.iter().all(|host| self.is_own(host)) {
            return forbidden("the request is for another host", "use the address that the server printed");
        }
        let is_own_origin = |origin: &str| origin.strip_prefix("http://").is_some_and(|own| self.is_own(own));
        if word(header::ORIGIN).is_some_and(|origin| !is_own_origin(origin)) {
            return forbidden("the request comes from another site", "");
        }
        let is_api = uri.path().starts_with("/api/");
        let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
        if is_api && site.is_some_and(|site| site != b"same-origin" && site != b"none") {
            return forbidden("the request comes from another site", "");
        }
        let is_json =
            |kind: &str| kind.split(';').next().is_some_and(|kind| kind.trim() == "application/json");
        if method == Method::POST && !word(header::CONTENT_TYPE).is_some_and(is_json) {
            let hint = "send it as application/json";
            return Err(Refusal::invalid("the request is no JSON", hint));
        }
        Ok(())
    }

    /// Whether the request knows the token, where one is wanted.
    fn knows(&self, headers: &HeaderMap) -> bool {
        let Some(token) = &self.token else { return true };
        let bearer = headers.get(header::AUTHORIZATION).and_then(|word| word.to_str().ok());
        let bearer = bearer.and_then(|word| word.strip_prefix("Bearer "));
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|word| word.to_str().ok());
        let cookies = cookies.flat_map(|all| all.split(';')).filter_map(|one| one.trim().split_once('='));
        let own = cookies.filter(|(name, _)| *name == self.cookie()).map(|(_, word)| word);
        bearer.into_iter().chain(own).any(|word| same(word, token))
    }

    fn cookie(&self) -> String {
        format!("{COOKIE}_{}", self.port)
    }

    /// The answer to `/?token=...`, where the token is right: the page, with a cookie, and without the token
    /// in its address.
    fn welcome(&self, uri: &Uri) -> Option<Response> {
        let token = self.token.as_ref()?;
        let said = uri.query()?.split('&').find_map(|word| word.strip_prefix("token="))?;
        if !same(said, token) {
            return None;
        }
        let cookie = format!("{}={token}; HttpOnly; SameSite=Strict; Path=/", self.cookie());
        let place = [(header::SET_COOKIE, cookie.as_str()), (header::LOCATION, "/")];
        Some((axum::http::StatusCode::SEE_OTHER, place).into_response())
    }
}

/// Whether two words are the same, in a time that does not tell how much of them is: sums are compared, of
/// which a guesser knows neither.
fn same(one: &str, other: &str) -> bool {
    let (one, other) = (Sha256::digest(one), Sha256::digest(other));
    one.iter().zip(other.iter()).fold(0, |found, (a, b)| found | (a ^ b)) == 0
}

/// Lets a request through, or refuses it; every answer says what a browser may do with it.
pub async fn guarded(State(app): State<App>, request: Request, next: Next) -> Response {
    let guard = &app.guard;
    let (uri, headers) = (request.uri(), request.headers());
    let mut response = match guard.check(request.method(), uri, headers) {
        Err(refusal) => refusal.into_response(),
        Ok(()) if guard.knows(headers) => next.run(request).await,
        Ok(()) => guard.welcome(uri).unwrap_or_else(|| {
            let hint = "open the address with the token that the server printed when it began";
            Refusal::new(403, "forbidden", "the request knows no token", hint).into_response()
        }),
    };
    for (name, words) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(words));
    }
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_own() {
        let guard = Guard::local(8000);
        let own = |host: &str| guard.is_own(host);
        assert!(own("127.0.0.1:8000") && own("LOCALHOST:8000") && own("[::1]:8000"));
        for other in ["127.0.0.1", "127.0.0.1:80", "evil.example:8000", "localhost.evil.example:8000", ""] {
            assert!(!own(other), "{other}");
        }
        assert!(!own("127.0.0.1:8000@evil.example") && !own("10.0.0.1:8000"));
    }

    #[test]
    fn elsewhere_addresses_and_the_own_name_are_own_and_no_other_name() {
        let guard = Guard::open(8000, "desk.lan").expect("random numbers");
        assert!(guard.is_own("10.0.0.1:8000") && guard.is_own("desk.lan:8000"));
        assert!(!guard.is_own("evil.example:8000"));
        assert_eq!(guard.token().map(str::len), Some(32));
    }

    #[test]
    fn words_are_the_same_or_not() {
        assert!(same("abc", "abc") && !same("abc", "abd") && !same("abc", "ab"));
    }
}
